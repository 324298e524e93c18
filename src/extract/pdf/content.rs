//! Is the content of a page all there? The parser passes over streams that it cannot unpack, and
//! takes of damaged ones what it can get, without a word.

use super::objects::{Dictionary, resolve};
use super::quiet;
use flate2::{Decompress, FlushDecompress, Status};
use pdf_oxide::PdfDocument;
use pdf_oxide::object::Object;

/// Bytes of a packed stream that cannot unpack to what the parser refuses (256 MiB): deflate makes
/// at most 1,032 bytes of one.
const HARMLESS: usize = 250 << 10;

/// Why a part of a page's content cannot be unpacked, or not to its end.
pub fn problem(document: &PdfDocument, page: usize, has_text: bool) -> Option<String> {
    // The parser keeps the keys of what is encrypted to itself.
    if document.is_encrypted() {
        return None;
    }
    let Some(Ok(Object::Dictionary(page))) = quiet(|| document.get_page(page)) else { return None };
    let streams = match resolve(document, page.get("Contents")?)? {
        Object::Array(items) => {
            items.iter().filter_map(|item| resolve(document, item)).collect::<Vec<_>>()
        }
        stream => vec![stream],
    };
    streams.iter().find_map(|stream| {
        let Object::Stream { dict, data } = stream else { return None };
        let deflated = is_deflated(document, dict).then(|| Deflated::of(data));
        let damaged = match deflated {
            Some(Deflated::BreaksOff) => Some("it is damaged, and breaks off"),
            Some(Deflated::Wrong) => Some("it is damaged, parts of it may be missing or wrong"),
            _ => None,
        };
        if let Some(damaged) = damaged {
            return Some(damaged.to_owned());
        }
        let is_doubtful = matches!(deflated, Some(Deflated::Unchecked { .. }));
        if has_text && data.len() < HARMLESS && !is_doubtful {
            return None;
        }
        match (quiet(|| stream.decode_stream_data()), deflated) {
            (Some(Ok(content)), Some(Deflated::Unchecked { bytes })) if content.len() < bytes => {
                Some("it is damaged, and parts of it are missing".to_owned())
            }
            (Some(Ok(_)), _) => None,
            (Some(Err(error)), _) => Some(error.to_string()),
            (None, _) => Some("it is damaged beyond what the PDF parser survives".to_owned()),
        }
    })
}

/// Whether the bytes of a stream are deflated and nothing else. Those with parameters are too: a
/// predictor comes after unpacking.
fn is_deflated(document: &PdfDocument, dict: &Dictionary) -> bool {
    let Some(filter) = dict.get("Filter").and_then(|filter| resolve(document, filter)) else {
        return false;
    };
    let is_name = |object: &Object| matches!(object, Object::Name(name) if name == "FlateDecode");
    match &filter {
        Object::Array(filters) => matches!(filters.as_slice(), [only] if is_name(only)),
        filter => is_name(filter),
    }
}

/// What becomes of deflated bytes.
#[derive(Debug, PartialEq, Eq)]
enum Deflated {
    /// All blocks and their checksum are there.
    Whole,
    /// All blocks are there and no checksum: lengths that leave it out are no rare thing.
    Unchecked { bytes: usize },
    /// The checksum is that of other bytes.
    Wrong,
    /// They end, or make no sense, before the last block is over.
    BreaksOff,
    /// No zlib stream, or a larger one than the parser unpacks.
    Unknown,
}

impl Deflated {
    fn of(data: &[u8]) -> Deflated {
        let Some((made, _, is_over)) = inflated(data, true) else { return Deflated::Unknown };
        match (is_over, made) {
            (true, _) => return Deflated::Whole,
            (false, 0) => return Deflated::Unknown,
            (false, _) => {}
        }
        // Without the header and the checksum around the blocks.
        let blocks = data.get(2..).unwrap_or_default();
        match inflated(blocks, false) {
            Some((_, read, true)) if blocks.len() >= read + 4 => Deflated::Wrong,
            Some((bytes, _, true)) => Deflated::Unchecked { bytes },
            Some((_, _, false)) => Deflated::BreaksOff,
            None => Deflated::Unknown,
        }
    }
}

/// Most bytes that are unpacked, as in the parser.
const MOST: usize = 256 << 20;

/// Bytes that come out of how many, and whether the end was reached; `None` when they are too many.
fn inflated(data: &[u8], is_zlib: bool) -> Option<(usize, usize, bool)> {
    let mut inflate = Decompress::new(is_zlib);
    let mut scratch = vec![0; 64 << 10];
    loop {
        let before = (inflate.total_in(), inflate.total_out());
        let read = usize::try_from(before.0).ok()?.min(data.len());
        let status = inflate.decompress(&data[read..], &mut scratch, FlushDecompress::None);
        let made = usize::try_from(inflate.total_out()).ok().filter(|made| *made < MOST)?;
        let read = usize::try_from(inflate.total_in()).ok()?;
        match status {
            Ok(Status::StreamEnd) => return Some((made, read, true)),
            Ok(_) if (inflate.total_in(), inflate.total_out()) != before => {}
            Ok(_) | Err(_) => return Some((made, read, false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_breaks_off_is_told_from_what_is_whole() {
        let text: String = (0..4000).map(|n| format!("({n}) Tj\n")).collect();
        let mut packed =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(Deflated::of(&packed), Deflated::Whole);
        // Line ends of the file behind it.
        assert_eq!(Deflated::of(&[packed.as_slice(), b"\r\n"].concat()), Deflated::Whole);
        for cut in 1..=4 {
            let unchecked = Deflated::Unchecked { bytes: text.len() };
            assert_eq!(Deflated::of(&packed[..packed.len() - cut]), unchecked, "{cut}");
        }
        let mut other = packed.clone();
        *other.last_mut().unwrap() ^= 1;
        assert_eq!(Deflated::of(&other), Deflated::Wrong);
        for half in [packed.len() / 2, packed.len() - 40] {
            assert_eq!(Deflated::of(&packed[..half]), Deflated::BreaksOff);
        }
        let mut other = packed;
        other[1000..1012].fill(0xff);
        assert!(matches!(Deflated::of(&other), Deflated::Wrong | Deflated::BreaksOff));
        assert_eq!(Deflated::of(b"no zlib at all"), Deflated::Unknown);
        assert_eq!(Deflated::of(b""), Deflated::Unknown);
    }
}
