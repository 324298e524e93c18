//! Copies of what a report cites, for whoever is to check it without the leak: the file, or the
//! record of a chat that a message stands in. Where a record names people and rooms by ids, the
//! files go along that say what these are called: without them nobody sees who said it.
//!
//! An original cannot be redacted. One that holds a protected name, or that nobody can look through
//! for it, is withheld, as is one that cannot be had; the index lists it with the reason, and the
//! others are copied.

mod name;

use super::ExportError;
use super::inert::cell;
use super::locator::{Place, Spot};
use super::out::PendingFolder;
use super::report::{Report, Source};
use super::scan;
use crate::case::CaseError;
use crate::model::Sha256;
pub(super) use name::is_copy;
use name::name_of;
use sha2::Digest;
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Columns of the index of exhibits, as documented in `assets/EXPORT.md`.
pub const COLUMNS: [&str; 14] = [
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
    "withheld",
    "role",
];
pub const INDEX: &str = "index.csv";
/// `sha256sum -c SHA256SUMS` checks the copies.
pub const SUMS: &str = "SHA256SUMS";

/// Gets the original with a hash: open at its start, its bytes checked.
pub type Originals<'a> = &'a dyn Fn(&Sha256) -> Result<File, String>;

/// What a copy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Cited,
    /// It says what accounts and channels are called that cited messages name by ids.
    Names,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Role::Cited => "cited",
            Role::Names => "names",
        }
    }
}

/// What is to be copied.
struct Exhibit<'a> {
    role: Role,
    content: Sha256,
    /// Bytes of the record in the original.
    span: Option<(u64, u64)>,
    path: &'a str,
    containers: &'a [Sha256],
    footnotes: Vec<usize>,
    places: Vec<String>,
    locators: Vec<String>,
}

/// An exhibit that is not in the folder.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Withheld {
    /// Where it lay, as the report says it.
    pub path: String,
    pub footnotes: Vec<usize>,
    pub why: String,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub exhibits: usize,
    pub bytes: u64,
    pub withheld: Vec<Withheld>,
}

/// What became of one exhibit.
struct Given {
    /// Name, SHA-256 and bytes of the copy; empty where there is none.
    copy: [String; 3],
    /// Why there is none.
    why: Option<String>,
}

/// Bytes of the longest record that is read for what it says.
const MOST_READ: u64 = 8 << 20;

/// What a look at a copy needs to know of it.
pub struct Copy<'a> {
    pub content: Sha256,
    /// Whether it is the whole file.
    pub is_whole: bool,
    pub name: &'a str,
    pub file: &'a Path,
}

/// Says why a copy must not be given away, if so.
pub type Screen<'a> = &'a mut dyn FnMut(&Copy<'_>) -> Result<Option<String>, ExportError>;

/// Copies what the report cites, with an index, and notes in its footnotes whether the records that are
/// given say what is quoted of them.
///
/// # Errors
/// The disk does not take the copies, or it was stopped.
pub fn write(
    report: &mut Report,
    originals: Originals<'_>,
    folder: &PendingFolder,
    screen: Screen<'_>,
    progress: super::Progress<'_>,
    cancel: &AtomicBool,
) -> Result<Written, ExportError> {
    let mut written = Written::default();
    let mut sums = String::new();
    let mut open = Open::default();
    let all = exhibits(report);
    let count = all.len() as u64;
    let mut given: Vec<Given> = Vec::new();
    let mut says: Vec<(usize, bool)> = Vec::new();
    for (at, exhibit) in all.into_iter().enumerate() {
        if cancel.load(Relaxed) {
            return Err(ExportError::Case(CaseError::Cancelled));
        }
        progress(&format!("exhibits: {}", exhibit.path), at as u64 + 1, count);
        let name = name_of(at + 1, exhibit.path, exhibit.span);
        let copied = match open.get(&exhibit.content, originals) {
            Ok(original) => copy_part(original, exhibit.span, folder, &name)?,
            Err(why) => Err(why),
        };
        let file = folder.path().join(&name);
        let why = match &copied {
            Ok(_) => {
                let (content, is_whole) = (exhibit.content, exhibit.span.is_none());
                screen(&Copy { content, is_whole, name: &name, file: &file })?
            }
            Err(why) => Some(why.clone()),
        };
        let mut copy = [String::new(), String::new(), String::new()];
        match (copied, &why) {
            (Ok((sha256, bytes)), None) => {
                written.exhibits += 1;
                written.bytes += bytes;
                sums.push_str(&format!("{sha256}  {name}\n"));
                if exhibit.span.is_some() && bytes <= MOST_READ {
                    let record = std::fs::read(&file).map_err(|e| ExportError::io(&file, e))?;
                    for number in &exhibit.footnotes {
                        let spot = report.footnote(*number).map(|own| &own.locator.spot);
                        if let Some(Spot::Passage(place)) = spot {
                            says.push((*number, scan::says(&record, &place.quote)));
                        }
                    }
                }
                copy = [name, sha256.to_string(), bytes.to_string()];
            }
            (copied, _) => {
                if copied.is_ok() {
                    std::fs::remove_file(&file).map_err(|e| ExportError::io(&file, e))?;
                }
                written.withheld.push(Withheld {
                    path: exhibit.path.to_owned(),
                    footnotes: exhibit.footnotes.clone(),
                    why: why.clone().unwrap_or_default(),
                });
            }
        }
        given.push(Given { copy, why });
    }
    for footnote in &mut report.footnotes {
        let said = says.iter().find(|(number, _)| *number == footnote.number);
        if let (Some((_, says)), Spot::Passage(place)) = (said, &mut footnote.locator.spot) {
            place.record_says = Some(*says);
        }
    }
    let index = index_of(report, given)?;
    for (name, bytes) in [(INDEX, index.as_slice()), (SUMS, sums.as_bytes())] {
        folder
            .create(name)?
            .write_all(bytes)
            .map_err(|error| ExportError::io(&folder.path().join(name), error))?;
    }
    Ok(written)
}

/// The index of the exhibits of a report, with what became of each.
fn index_of(report: &Report, given: Vec<Given>) -> Result<Vec<u8>, ExportError> {
    let mut index = csv::Writer::from_writer(super::csv::BOM.to_vec());
    let failed = |error: csv::Error| ExportError::Format(error.to_string());
    index.write_record(COLUMNS).map_err(failed)?;
    for (at, (exhibit, Given { copy, why })) in exhibits(report).into_iter().zip(given).enumerate()
    {
        let span = |pick: fn((u64, u64)) -> u64| {
            exhibit.span.map(|span| pick(span).to_string()).unwrap_or_default()
        };
        let joined =
            |hashes: &[Sha256]| hashes.iter().map(Sha256::to_string).collect::<Vec<_>>().join(" ");
        let numbers: Vec<String> = exhibit.footnotes.iter().map(usize::to_string).collect();
        let [file, sha256, bytes] = copy;
        let row = [
            (at + 1).to_string(),
            file,
            sha256,
            bytes,
            exhibit.path.to_owned(),
            exhibit.content.to_string(),
            joined(exhibit.containers),
            span(|(start, _)| start),
            span(|(_, end)| end),
            numbers.join(" "),
            exhibit.places.join("\n"),
            exhibit.locators.join("\n"),
            why.unwrap_or_default(),
            exhibit.role.word().to_owned(),
        ];
        index.write_record(row.iter().map(|text| cell(text).into_owned())).map_err(failed)?;
    }
    index.into_inner().map_err(|error| ExportError::Format(error.to_string()))
}

/// Originals that are open, the last one first: many records of one chat are cited.
#[derive(Default)]
struct Open(Vec<(Sha256, File)>);

impl Open {
    const MOST: usize = 16;

    fn get(&mut self, content: &Sha256, originals: Originals<'_>) -> Result<&mut File, String> {
        let known = self.0.iter().position(|(known, _)| known == content);
        let original = match known {
            Some(at) => self.0.remove(at).1,
            None => originals(content)?,
        };
        self.0.truncate(Self::MOST - 1);
        self.0.insert(0, (*content, original));
        Ok(&mut self.0[0].1)
    }
}

/// One for each file or record that a footnote names, then one for each file that names accounts
/// and channels in these.
fn exhibits(report: &Report) -> Vec<Exhibit<'_>> {
    let mut all = All::default();
    let passages = report.footnotes.iter().filter_map(|footnote| {
        match (&footnote.source, &footnote.locator.spot) {
            (
                Source::Passage { path, sha256, file, containers, place, .. },
                Spot::Passage(spot),
            ) => Some((footnote, path, *sha256, file, containers, place, span_of(spot))),
            _ => None,
        }
    });
    let passages: Vec<_> = passages.collect();
    for (footnote, path, content, _, containers, place, span) in &passages {
        let exhibit = all.at(Role::Cited, *content, *span, path, containers);
        exhibit.footnotes.push(footnote.number);
        exhibit.places.push((*place).clone());
        exhibit.locators.push(footnote.locator.line());
    }
    for (footnote, _, _, file, ..) in &passages {
        for list in &file.lists {
            let exhibit = all.at(Role::Names, list.sha256, None, &list.path, &list.containers);
            // Cited itself too: that it is needed for this footnote is said all the same.
            if !exhibit.footnotes.contains(&footnote.number) {
                exhibit.footnotes.push(footnote.number);
            }
        }
    }
    all.exhibits
}

/// Exhibits in their order, each once.
#[derive(Default)]
struct All<'a> {
    exhibits: Vec<Exhibit<'a>>,
    known: HashMap<(Sha256, Option<(u64, u64)>), usize>,
}

impl<'a> All<'a> {
    fn at(
        &mut self,
        role: Role,
        content: Sha256,
        span: Option<(u64, u64)>,
        path: &'a str,
        containers: &'a [Sha256],
    ) -> &mut Exhibit<'a> {
        let exhibits = &mut self.exhibits;
        let at = *self.known.entry((content, span)).or_insert_with(|| {
            exhibits.push(Exhibit {
                role,
                content,
                span,
                path,
                containers,
                footnotes: Vec::new(),
                places: Vec::new(),
                locators: Vec::new(),
            });
            exhibits.len() - 1
        });
        &mut exhibits[at]
    }
}

fn span_of(place: &Place) -> Option<(u64, u64)> {
    place.record.and_then(|record| record.span).filter(|(start, end)| start < end)
}

/// Copies a file, or a part of it. Gives SHA-256 and bytes of the copy, or why the original cannot
/// be read: nothing is left of the copy then.
///
/// # Errors
/// The disk does not take the copy.
fn copy_part(
    from: &mut File,
    span: Option<(u64, u64)>,
    folder: &PendingFolder,
    name: &str,
) -> Result<Result<(Sha256, u64), String>, ExportError> {
    let file = folder.path().join(name);
    let mut to = folder.create(name)?;
    let copied = copy_bytes(from, span, &mut to).map_err(|error| ExportError::io(&file, error))?;
    if copied.is_err() {
        std::fs::remove_file(&file).map_err(|error| ExportError::io(&file, error))?;
    }
    Ok(copied)
}

/// The outer error is that of the copy, the inner one that of the original.
fn copy_bytes(
    from: &mut File,
    span: Option<(u64, u64)>,
    to: &mut File,
) -> std::io::Result<Result<(Sha256, u64), String>> {
    let (start, wanted) = span.map_or((0, u64::MAX), |(start, end)| (start, end - start));
    if let Err(error) = from.seek(SeekFrom::Start(start)) {
        return Ok(Err(error.to_string()));
    }
    let mut left = wanted;
    let mut part = from.take(left);
    let (mut hash, mut bytes) = (sha2::Sha256::new(), 0u64);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = match part.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Ok(Err(error.to_string())),
        };
        hash.update(&buffer[..count]);
        to.write_all(&buffer[..count])?;
        bytes += count as u64;
        left -= count as u64;
    }
    if wanted != u64::MAX && left > 0 {
        return Ok(Err("the record ends beyond the file".to_owned()));
    }
    to.sync_all()?;
    Ok(Ok((Sha256(hash.finalize().into()), bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::out::PendingFolder;
    use crate::export::testing;

    #[test]
    fn records_and_files_are_copied_with_their_hashes() {
        let dir = tempfile::tempdir().unwrap();
        let folder = PendingFolder::new(&dir.path().join("exhibits")).unwrap();
        let mut report = testing::report();
        let whole: Vec<u8> = (0..10_000u32).flat_map(u32::to_le_bytes).collect();
        let originals = |_: &Sha256| {
            let mut file = tempfile::tempfile().map_err(|error| error.to_string())?;
            file.write_all(&whole).and_then(|()| file.rewind()).map_err(|e| e.to_string())?;
            Ok(file)
        };
        let never = AtomicBool::new(false);
        let open: Screen<'_> = &mut |_| Ok(None);
        let written =
            write(&mut report, &originals, &folder, open, crate::export::SILENT, &never).unwrap();
        // The number of footnote 3 stands on no file.
        assert_eq!(written.exhibits, 3);
        let record =
            std::fs::read(folder.path().join("001-微信_沈_陆.record-at-8122.html")).unwrap();
        assert_eq!(record, whole[8_122..8_390]);
        let sums = std::fs::read_to_string(folder.path().join(SUMS)).unwrap();
        assert!(sums.starts_with(&Sha256::of(&record).to_string()), "{sums}");
        let index = std::fs::read_to_string(folder.path().join(INDEX)).unwrap();
        assert!(index.contains("归档/备份.zip!内部/台账.xlsx"), "{index}");
        // Whether it says the quote is noted of the record, and of no whole file.
        let noted: Vec<Option<bool>> = (report.footnotes.iter())
            .filter_map(|footnote| match &footnote.locator.spot {
                Spot::Passage(place) => Some(place.record_says),
                _ => None,
            })
            .collect();
        assert_eq!(noted[0], Some(false));
        assert!(noted[1..].iter().all(Option::is_none), "{noted:?}");
        assert!(index.contains("record_says"), "{index}");
    }

    #[test]
    fn what_is_withheld_is_listed_and_the_rest_is_copied() {
        let dir = tempfile::tempdir().unwrap();
        let folder = PendingFolder::new(&dir.path().join("exhibits")).unwrap();
        let mut report = testing::report();
        let fetched = std::cell::RefCell::new(std::collections::HashSet::new());
        let originals = |content: &Sha256| {
            if *content == Sha256([4; 32]) {
                return Err("it is not there".to_owned());
            }
            let mut file = tempfile::tempfile().map_err(|error| error.to_string())?;
            assert!(fetched.borrow_mut().insert(*content), "each is fetched once");
            file.write_all(b"short").and_then(|()| file.rewind()).map_err(|e| e.to_string())?;
            Ok(file)
        };
        let never = AtomicBool::new(false);
        let mut asked = 0;
        let screen: Screen<'_> = &mut |copy| {
            asked += 1;
            assert!(copy.file.exists() && copy.is_whole);
            Ok(Some("it holds a protected name".to_owned()))
        };
        let written =
            write(&mut report, &originals, &folder, screen, crate::export::SILENT, &never).unwrap();
        let why: Vec<&str> = written.withheld.iter().map(|held| held.why.as_str()).collect();
        assert_eq!(
            why,
            ["the record ends beyond the file", "it is not there", "it holds a protected name"]
        );
        assert_eq!((written.exhibits, asked), (0, 1));
        let mut names: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, [SUMS, INDEX], "no copy is left");
        let index = std::fs::read_to_string(folder.path().join(INDEX)).unwrap();
        assert_eq!(index.matches("it is not there").count(), 1, "{index}");
        let stopped = AtomicBool::new(true);
        let folder = PendingFolder::new(&dir.path().join("other")).unwrap();
        let open: Screen<'_> = &mut |_| Ok(None);
        let error = write(&mut report, &originals, &folder, open, crate::export::SILENT, &stopped)
            .unwrap_err();
        assert!(matches!(error, ExportError::Case(CaseError::Cancelled)), "{error}");
    }
}
