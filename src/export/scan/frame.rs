//! What containers say outside of what they contain: names of members and files, comments and fields
//! of programs, in whatever encoding.

use flate2::bufread::GzDecoder;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Bytes of a zip file that belong to no member's content.
pub(super) fn of_zip(bytes: &[u8], zip: &mut ZipArchive<Cursor<&[u8]>>) -> Vec<u8> {
    let mut contents: Vec<(usize, usize)> = Vec::new();
    for at in 0..zip.len() {
        let Ok(file) = zip.by_index_raw(at) else { continue };
        let Some(start) = file.data_start() else { continue };
        let end = start.saturating_add(file.compressed_size());
        let cut = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        contents.push((cut(start), cut(end)));
    }
    contents.sort_unstable();
    let (mut around, mut from) = (Vec::new(), 0);
    for (start, end) in contents {
        around.extend_from_slice(bytes.get(from..start).unwrap_or_default());
        around.push(b'\n');
        from = from.max(end);
    }
    around.extend_from_slice(&bytes[from..]);
    around
}

/// Heads of the members of a gzip file (it may have several, one behind the other), and what stands
/// behind the last one. Nothing where one does not unpack, or they come to more than `most` bytes.
pub(super) fn of_gzip(bytes: &[u8], most: u64) -> Option<Vec<u8>> {
    let (mut around, mut rest, mut room) = (Vec::new(), bytes, most);
    while rest.starts_with(b"\x1f\x8b") {
        let mut member = GzDecoder::new(rest);
        let count = std::io::copy(&mut (&mut member).take(room + 1), &mut std::io::sink()).ok()?;
        room = room.checked_sub(count)?;
        if let Some(head) = member.header() {
            for field in [head.filename(), head.comment(), head.extra()].into_iter().flatten() {
                around.extend_from_slice(field);
                around.push(b'\n');
            }
        }
        rest = member.into_inner();
    }
    around.extend_from_slice(rest);
    Some(around)
}

/// Whether a PDF holds what it was before it was saved again: what was taken out of it then is in it
/// still, and readers show the last state alone. One that is laid out for the web ends twice.
pub(super) fn has_earlier_states(bytes: &[u8]) -> bool {
    let is_linear = bytes[..bytes.len().min(2048)].windows(11).any(|w| w == b"/Linearized");
    let ends = bytes.windows(9).filter(|window| *window == b"startxref").count();
    bytes.starts_with(b"%PDF-") && ends > 1 + usize::from(is_linear)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_stands_around_members_is_seen() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("name.txt", options).unwrap();
        zip.write_all(b"content").unwrap();
        zip.set_comment("remark").unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        let mut zip = ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
        let around = String::from_utf8_lossy(&of_zip(&bytes, &mut zip)).into_owned();
        assert!(around.contains("name.txt") && around.contains("remark"), "{around}");
        assert!(!around.contains("content"));
    }

    #[test]
    fn heads_of_all_members_of_gzip_are_seen() {
        let member = |name: &str| {
            let build = flate2::GzBuilder::new().filename(name).comment("remark");
            let mut out = build.write(Vec::new(), flate2::Compression::fast());
            out.write_all(&[b'x'; 100]).unwrap();
            out.finish().unwrap()
        };
        let bytes = [member("one"), member("two"), b"behind".to_vec()].concat();
        assert_eq!(of_gzip(&bytes, 200).unwrap(), b"one\nremark\ntwo\nremark\nbehind");
        assert_eq!(of_gzip(&bytes, 199), None);
    }

    #[test]
    fn a_file_that_was_saved_again_holds_what_it_was() {
        let once = b"%PDF-1.4\nstartxref\n9\n%%EOF\n".as_slice();
        assert!(!has_earlier_states(once));
        assert!(has_earlier_states(&[once, b"startxref\n20\n%%EOF"].concat()));
        let linear =
            b"%PDF-1.4\n1 0 obj<</Linearized 1>>\nstartxref\n0\n%%EOF\nstartxref\n9\n%%EOF\n";
        assert!(!has_earlier_states(linear));
    }
}
