//! Copies of what a report cites, for whoever is to check it without the leak: the file, or the
//! record of a chat that a message stands in.

use super::ExportError;
use super::inert::cell;
use super::locator::{Place, Spot};
use super::out::PendingFolder;
use super::report::{Report, Source};
use crate::model::Sha256;
use sha2::Digest;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

/// Columns of the index of exhibits, as documented in `assets/EXPORT.md`.
pub const COLUMNS: [&str; 12] = [
    "exhibit",
    "file",
    "sha256",
    "bytes",
    "from_path",
    "from_sha256",
    "containers",
    "span_start",
    "span_end",
    "footnotes",
    "places",
    "locators",
];
pub const INDEX: &str = "index.csv";
/// `sha256sum -c SHA256SUMS` checks the copies.
pub const SUMS: &str = "SHA256SUMS";

/// Gets the original with a hash: open at its start, its bytes checked.
pub type Originals<'a> = &'a dyn Fn(&Sha256) -> Result<File, String>;

/// What is to be copied.
struct Exhibit<'a> {
    content: Sha256,
    /// Bytes of the record in the original.
    span: Option<(u64, u64)>,
    path: &'a str,
    containers: &'a [Sha256],
    footnotes: Vec<usize>,
    places: Vec<String>,
    locators: Vec<String>,
}

/// How many were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub exhibits: usize,
    pub bytes: u64,
}

/// Copies what the report cites, with an index.
///
/// # Errors
/// An original cannot be had (nothing is kept then), or the disk does not take the copies.
pub fn write(
    report: &Report,
    originals: Originals<'_>,
    folder: &PendingFolder,
) -> Result<Written, ExportError> {
    let mut written = Written::default();
    let mut index = csv::Writer::from_writer(super::csv::BOM.to_vec());
    let failed = |error: csv::Error| ExportError::Format(error.to_string());
    index.write_record(COLUMNS).map_err(failed)?;
    let mut sums = String::new();
    for (at, exhibit) in exhibits(report).into_iter().enumerate() {
        let name = name_of(at + 1, &exhibit);
        let mut original = originals(&exhibit.content)
            .map_err(|why| ExportError::NoOriginal { path: exhibit.path.to_owned(), why })?;
        let mut copy = folder.create(&name)?;
        let (sha256, bytes) =
            copy_part(&mut original, exhibit.span, &mut copy).map_err(|error| {
                ExportError::NoOriginal { path: exhibit.path.to_owned(), why: error.to_string() }
            })?;
        written.exhibits += 1;
        written.bytes += bytes;
        sums.push_str(&format!("{sha256}  {name}\n"));
        let span = |pick: fn((u64, u64)) -> u64| {
            exhibit.span.map(|span| pick(span).to_string()).unwrap_or_default()
        };
        let joined =
            |hashes: &[Sha256]| hashes.iter().map(Sha256::to_string).collect::<Vec<_>>().join(" ");
        let numbers: Vec<String> = exhibit.footnotes.iter().map(usize::to_string).collect();
        let row = [
            (at + 1).to_string(),
            name,
            sha256.to_string(),
            bytes.to_string(),
            exhibit.path.to_owned(),
            exhibit.content.to_string(),
            joined(exhibit.containers),
            span(|(start, _)| start),
            span(|(_, end)| end),
            numbers.join(" "),
            exhibit.places.join("\n"),
            exhibit.locators.join("\n"),
        ];
        index.write_record(row.iter().map(|text| cell(text).into_owned())).map_err(failed)?;
    }
    let index = index.into_inner().map_err(|error| ExportError::Format(error.to_string()))?;
    for (name, bytes) in [(INDEX, index.as_slice()), (SUMS, sums.as_bytes())] {
        folder
            .create(name)?
            .write_all(bytes)
            .map_err(|error| ExportError::io(&folder.path().join(name), error))?;
    }
    Ok(written)
}

/// One for each file or record that a footnote names.
fn exhibits(report: &Report) -> Vec<Exhibit<'_>> {
    let mut all: Vec<Exhibit<'_>> = Vec::new();
    for footnote in &report.footnotes {
        let (content, span, path, containers, place): (_, _, &str, &[Sha256], _) =
            match (&footnote.source, &footnote.locator.spot) {
                (Source::Passage { path, sha256, containers, place, .. }, Spot::Passage(spot)) => {
                    (*sha256, span_of(spot), path, containers, place.clone())
                }
                _ => continue,
            };
        let known = all.iter().position(|known| known.content == content && known.span == span);
        let at = known.unwrap_or_else(|| {
            all.push(Exhibit {
                content,
                span,
                path,
                containers,
                footnotes: Vec::new(),
                places: Vec::new(),
                locators: Vec::new(),
            });
            all.len() - 1
        });
        all[at].footnotes.push(footnote.number);
        all[at].places.push(place);
        all[at].locators.push(footnote.locator.line());
    }
    all
}

fn span_of(place: &Place) -> Option<(u64, u64)> {
    place.record.and_then(|record| record.span).filter(|(start, end)| start < end)
}

/// Copies a file, or a part of it. Gives SHA-256 and bytes of the copy.
fn copy_part(
    from: &mut File,
    span: Option<(u64, u64)>,
    to: &mut File,
) -> std::io::Result<(Sha256, u64)> {
    let mut left = u64::MAX;
    if let Some((start, end)) = span {
        from.seek(SeekFrom::Start(start))?;
        left = end - start;
    }
    let wanted = left;
    let mut part = from.take(left);
    let (mut hash, mut bytes) = (sha2::Sha256::new(), 0u64);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = match part.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&buffer[..count]);
        to.write_all(&buffer[..count])?;
        bytes += count as u64;
        left -= count as u64;
    }
    if wanted != u64::MAX && left > 0 {
        return Err(std::io::Error::other("the record ends beyond the file"));
    }
    to.sync_all()?;
    Ok((Sha256(hash.finalize().into()), bytes))
}

/// Bytes of a name: what every file system takes, the number and a suffix included.
const LONGEST: usize = 120;

/// `003-合同.docx`, `004-chat.record-41.html`: letters, digits, `.`, `-` and `_` alone, so that
/// no name climbs out of the folder, hides, or means something to a shell or to Windows.
fn name_of(number: usize, exhibit: &Exhibit<'_>) -> String {
    let last = exhibit.path.rsplit(['/', '!', '\\']).next().unwrap_or_default();
    let (stem, suffix) = match last.rsplit_once('.') {
        Some((stem, suffix))
            if (1..=8).contains(&suffix.len())
                && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            (stem, format!(".{suffix}"))
        }
        _ => (last, String::new()),
    };
    let record = match exhibit.span {
        Some((start, _)) => format!(".record-at-{start}"),
        None => String::new(),
    };
    let mut safe = String::new();
    for c in stem.chars() {
        let plain = (c.is_alphanumeric()
            && crate::text::fold::class(c) != crate::text::fold::Class::Other)
            || matches!(c, '-' | '_' | '.');
        safe.push(if plain { c } else { '_' });
        if safe.len() > LONGEST - record.len() - suffix.len() - 8 {
            safe.pop();
            break;
        }
    }
    format!("{number:03}-{}{record}{suffix}", safe.trim_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::out::PendingFolder;
    use crate::export::testing;

    fn name(path: &str, span: Option<(u64, u64)>) -> String {
        let exhibit = Exhibit {
            content: Sha256([0; 32]),
            span,
            path,
            containers: &[],
            footnotes: Vec::new(),
            places: Vec::new(),
            locators: Vec::new(),
        };
        name_of(7, &exhibit)
    }

    #[test]
    fn names_are_safe() {
        let check = |path: &str, expected: &str| assert_eq!(name(path, None), expected, "{path:?}");
        check("归档/合同.docx", "007-合同.docx");
        check("a.zip!../../etc/passwd", "007-passwd");
        check("a\\..\\b.txt", "007-b.txt");
        check("con.txt", "007-con.txt");
        check("-rf $(x) `y`;\u{202e}\u{1b}.txt", "007--rf___x___y____.txt");
        check("...", "007-");
        check("", "007-");
        assert_eq!(name("a/chat.html", Some((81, 90))), "007-chat.record-at-81.html");
        let long = name(&format!("{}.docx", "长".repeat(200)), Some((u64::MAX, 0)));
        assert!(long.len() <= LONGEST && long.ends_with(".docx"), "{long}");
    }

    #[test]
    fn records_and_files_are_copied_with_their_hashes() {
        let dir = tempfile::tempdir().unwrap();
        let folder = PendingFolder::new(&dir.path().join("exhibits")).unwrap();
        let report = testing::report();
        let whole: Vec<u8> = (0..10_000u32).flat_map(u32::to_le_bytes).collect();
        let originals = |_: &Sha256| {
            let mut file = tempfile::tempfile().map_err(|error| error.to_string())?;
            file.write_all(&whole).and_then(|()| file.rewind()).map_err(|e| e.to_string())?;
            Ok(file)
        };
        let written = write(&report, &originals, &folder).unwrap();
        // The number of footnote 3 stands on no file.
        assert_eq!(written.exhibits, 3);
        let record =
            std::fs::read(folder.path().join("001-微信_沈_陆.record-at-8122.html")).unwrap();
        assert_eq!(record, whole[8_122..8_390]);
        let sums = std::fs::read_to_string(folder.path().join(SUMS)).unwrap();
        assert!(sums.starts_with(&Sha256::of(&record).to_string()), "{sums}");
        let index = std::fs::read_to_string(folder.path().join(INDEX)).unwrap();
        assert!(index.contains("归档/备份.zip!内部/台账.xlsx"), "{index}");
        let gone = |_: &Sha256| Err("it is not there".to_owned());
        let folder = PendingFolder::new(&dir.path().join("other")).unwrap();
        let error = write(&report, &gone, &folder).unwrap_err();
        assert!(error.to_string().contains("it is not there"), "{error}");
    }
}
