//! Work becomes a report: what analysts wrote, with footnotes that can be checked by somebody who
//! has nothing but the report and the evidence.
//!
//! - `report/` what a report says: plain data · `locator.rs` what a footnote points at, for a
//!   program · `numbering.rs` numbers them · `wording.rs` the words that all formats share · `prose/` notes (Markdown) as
//!   sentences with footnotes · `limits.rs` what it cannot know
//! - `gather/` makes it from a case
//! - `inert.rs` makes texts of a leak harmless · `markdown.rs`, `html.rs`, `docx/`, `csv.rs`,
//!   `json.rs` write it · `exhibits.rs` copies what it cites · `sheet/` the check sheet, out and
//!   back
//! - `preview.rs` what would be written
//! - `profile.rs` what a redaction protects · `mask/` finds it in texts, `alike.rs` in letters and
//!   digits of other scripts, `pattern.rs` in searches · `redact.rs` takes it
//!   out of a report · `scan/` looks for it in what was written · `screen.rs` in copies of originals ·
//!   `left.rs` says where it stands
//! - `recheck/` reads a report back and checks its footnotes · `seal/` says whether every word of
//!   it is as it was written, and by whom
//! - `out.rs` files that appear when they are complete · `error.rs` why there is no report

mod alike;
mod csv;
mod docx;
mod error;
mod exhibits;
mod gather;
mod html;
mod inert;
mod json;
mod left;
mod limits;
mod locator;
mod markdown;
mod mask;
mod noticed;
mod numbering;
mod out;
mod pattern;
mod preview;
mod profile;
mod prose;
pub mod recheck;
mod redact;
mod report;
mod scan;
mod screen;
pub mod seal;
mod sheet;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod wording;

pub use error::{CheckError, ExportError};
pub use exhibits::{Originals, Withheld};
pub use locator::{Place, Spot};
pub use noticed::{Noticed, Unwritten};
pub use preview::{Preview, preview};
pub use profile::{BadProfile, Profile, Whom};
pub use sheet::{BadSheet, Place as SheetPlace, Refused};

use crate::case::{Case, CaseError};
use crate::model::NoteId;
use crate::model::finding::{NoteField, NoteKind};
use crate::model::review::{Review, ReviewState};
use crate::text::tally::counted;
use error::EXHIBITS;
use mask::Mask;
use profile::Known;
use report::Report;
use std::collections::{BTreeSet, HashMap, hash_map};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Markdown,
    Html,
    Docx,
    Csv,
    Json,
}

impl Format {
    pub const ALL: [Format; 5] =
        [Format::Markdown, Format::Html, Format::Docx, Format::Csv, Format::Json];

    /// Its name, which is also how files of it end.
    pub fn word(self) -> &'static str {
        match self {
            Format::Markdown => "md",
            Format::Html => "html",
            Format::Docx => "docx",
            Format::Csv => "csv",
            Format::Json => "json",
        }
    }

    /// What the name of a file says.
    pub fn of(file: &Path) -> Option<Format> {
        let ending = file.extension()?.to_string_lossy().to_lowercase();
        match ending.as_str() {
            "markdown" => Some(Format::Markdown),
            "htm" => Some(Format::Html),
            ending => Format::ALL.into_iter().find(|format| format.word() == ending),
        }
    }
}

/// What is in a report; nothing chosen is all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// These notes, whatever they are.
    pub notes: Option<Vec<NoteId>>,
    /// Questions and findings.
    pub findings: bool,
    pub timeline: bool,
    pub entities: bool,
}

impl Parts {
    fn all(&self) -> bool {
        self.notes.is_none() && !self.findings && !self.timeline && !self.entities
    }

    fn wants(&self, kind: NoteKind) -> bool {
        self.all()
            || match kind {
                NoteKind::Question | NoteKind::Finding => self.findings,
                NoteKind::Event => self.timeline,
                NoteKind::Note => false,
            }
    }

    fn wants_entities(&self) -> bool {
        self.all() || self.entities
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub format: Format,
    pub parts: Parts,
    /// The name of the case when not given.
    pub title: Option<String>,
    /// `2024-03-05`
    pub date: String,
    /// Whether the timeline has every day of the evidence, and not only dates of what is cited.
    pub all_dates: bool,
    /// Whether it says who wrote what.
    pub authors: bool,
    pub profile: Option<Profile>,
    /// Folder for copies of what is cited.
    pub exhibits: Option<PathBuf>,
    /// File for the check sheet.
    pub sheet: Option<PathBuf>,
    /// Existing files are replaced.
    pub force: bool,
}

impl Options {
    pub fn new(format: Format, date: String) -> Options {
        Options {
            format,
            parts: Parts::default(),
            title: None,
            date,
            all_dates: false,
            authors: true,
            profile: None,
            exhibits: None,
            sheet: None,
            force: false,
        }
    }
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub entries: usize,
    pub footnotes: usize,
    /// Footnotes that did not hold.
    pub failing: usize,
    /// Sentences that claim something, and of them those without a citation.
    pub claims: usize,
    pub uncited: usize,
    pub exhibits: usize,
    /// Exhibits that are not given, with the reason.
    pub withheld: Vec<Withheld>,
    /// What texts name and the case has not, a line each that names the note.
    pub unresolved: Vec<String>,
    /// Whom the profile protects. Not for whoever reads the report.
    pub whom: Vec<Whom>,
    /// What is to be looked at before it goes out. Not for whoever reads the report.
    pub noticed: Noticed,
    /// Bytes of the report.
    pub bytes: usize,
    /// Key that it is sealed with, as people compare it.
    pub key: String,
}

/// Hears what is being done, how much of it is, and of how much (0: not known).
pub type Progress<'a> = &'a dyn Fn(&str, u64, u64);

/// For those who do not want to hear of it.
pub const SILENT: Progress<'_> = &|_, _, _| {};

/// Writes a report, with its exhibits and check sheet where they are asked for. Everything appears
/// at the end, or nothing.
///
/// # Errors
/// Nothing is left behind. A protected name that would still be in the report, the sheet or the
/// index of exhibits is an error; an exhibit that cannot be given is in the answer.
pub fn write(
    case: &Case,
    options: &Options,
    output: &Path,
    originals: Originals<'_>,
    progress: Progress<'_>,
    cancel: &AtomicBool,
) -> Result<Written, ExportError> {
    out::check_file(output, options.force)?;
    if let Some(sheet) = &options.sheet {
        out::check_file(sheet, options.force)?;
    }
    if let Some(folder) = &options.exhibits {
        out::check_folder(folder)?;
    }
    let (mask, whom) = mask_of(case, options)?;
    check_names(&mask, options, output)?;
    let (mut report, mut noticed) = make(case, options, &mask, progress, cancel)?;
    let masks: Vec<String> = whom.iter().map(|own| own.instead.clone()).collect();
    noticed.beside = noticed::beside(&report, &masks);
    if report.sections.is_empty() {
        return Err(ExportError::Nothing);
    }
    let mut copied = exhibits::Written::default();
    let mut folder = None;
    let mut seen = Vec::new();
    if let Some(target) = &options.exhibits {
        let pending = out::PendingFolder::new(target)?;
        let screen: exhibits::Screen<'_> = &mut |copy| screen::screen(case, &mask, copy);
        let masked = |content: &crate::model::Sha256| {
            originals(content).map_err(|why| mask.apply(&why).unwrap_or(why))
        };
        copied = exhibits::write(&mut report, &masked, &pending, screen, progress, cancel)?;
        for name in [exhibits::INDEX, exhibits::SUMS] {
            let path = pending.path().join(name);
            let bytes = std::fs::read(&path).map_err(|error| ExportError::io(&path, error))?;
            seen.push(scan::scan(&format!("{EXHIBITS}{name}"), &bytes, &mask));
        }
        if !copied.withheld.is_empty() {
            report.limits.push(format!(
                "{} of {} could not be given with this report; {} says which and why.",
                copied.withheld.len(),
                counted((copied.exhibits + copied.withheld.len()) as u64, "exhibit", "exhibits"),
                exhibits::INDEX,
            ));
        }
        folder = Some(pending);
    }
    let format = |error: &dyn std::fmt::Display| ExportError::Format(error.to_string());
    progress("writing the report", 0, 0);
    let seal = seal_of(case, &report, options, &mask)?;
    let key = seal.fingerprint();
    report.seal = Some(seal);
    let bytes = written(&report, options.format)?;
    let mut texts = vec![(output, bytes)];
    if let Some(target) = &options.sheet {
        texts.push((target, sheet::write(&report).map_err(|e| format(&e))?));
    }
    // Looked through before the disk sees them: what is not fit to be seen is never written.
    if !mask.is_empty() {
        progress("looking for protected names", 0, 0);
        seen.extend(texts.iter().map(|(path, bytes)| scan::scan(&name_of(path), bytes, &mask)));
        // Formats write the same in their own ways: what one of them would say a name with, none has.
        let others = Format::ALL.into_iter().filter(|other| *other != options.format);
        for other in others {
            if seen.iter().any(|own| !own.left.is_empty()) {
                break;
            }
            let name = format!("{}, as {}", name_of(output), other.word());
            seen.push(scan::scan(&name, &written(&report, other)?, &mask));
        }
    }
    let mut left: Vec<scan::Left> = seen.into_iter().flat_map(|seen| seen.left).collect();
    if !left.is_empty() {
        left::locate(&mut left, &report, &mask);
        return Err(ExportError::Left(left));
    }
    let mut files = Vec::new();
    for (path, bytes) in &texts {
        files.push(out::Pending::write(path, bytes, options.force)?);
    }
    // A name that somebody took meanwhile stops what comes after it.
    if let Some(folder) = folder {
        folder.keep()?;
    }
    files.into_iter().try_for_each(out::Pending::keep)?;
    Ok(Written {
        exhibits: copied.exhibits,
        withheld: copied.withheld,
        whom,
        noticed,
        bytes: texts[0].1.len(),
        key,
        ..preview::counted(&report)
    })
}

fn written(report: &Report, format: Format) -> Result<Vec<u8>, ExportError> {
    let failed = |error: &dyn std::fmt::Display| ExportError::Format(error.to_string());
    Ok(match format {
        Format::Markdown => markdown::write(report).into_bytes(),
        Format::Html => html::write(report).into_bytes(),
        Format::Docx => docx::write(report).map_err(|e| failed(&e))?,
        Format::Csv => csv::write(report).map_err(|e| failed(&e))?,
        Format::Json => json::write(report).map_err(|e| failed(&e))?.into_bytes(),
    })
}

/// Seals what a finished report says, as whoever checks it will read it.
fn seal_of(
    case: &Case,
    report: &Report,
    options: &Options,
    mask: &Mask,
) -> Result<seal::Seal, ExportError> {
    let stretches = recheck::stretches(&written(report, options.format)?)
        .map_err(|error| ExportError::Format(error.to_string()))?;
    let author = |name: String| match options.authors {
        true => mask.apply(&name).unwrap_or(name),
        false => String::new(),
    };
    Ok(seal::Seal::sign(case, options.format.word(), &author, &stretches)?)
}

/// Whether a report may be written there.
///
/// # Errors
/// It exists already, is a folder, or its folder does not exist.
pub fn check_output(output: &Path) -> Result<(), ExportError> {
    out::check_file(output, false)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether the names that the user gave say what the report must not.
fn check_names(mask: &Mask, options: &Options, output: &Path) -> Result<(), ExportError> {
    let names = [
        ("-o", Some(output)),
        ("--check-sheet", options.sheet.as_deref()),
        ("--exhibits", options.exhibits.as_deref()),
    ];
    for (option, path) in names {
        let name = path.map(name_of).unwrap_or_default();
        if let Some(left) = scan::scan(&name, b"", mask).left.into_iter().next() {
            return Err(ExportError::Name { name, protected: left.name, option });
        }
    }
    Ok(())
}

/// The report with its redaction: without what `mask` protects.
fn make(
    case: &Case,
    options: &Options,
    mask: &Mask,
    progress: Progress<'_>,
    cancel: &AtomicBool,
) -> Result<(Report, Noticed), ExportError> {
    let mut report = gather::gather(case, options, progress, cancel)?;
    let mut noticed = Noticed::default();
    if let Some(profile) = &options.profile {
        let text = written(&report, Format::Json)?;
        let text = String::from_utf8_lossy(&text);
        (noticed.unused, noticed.unwritten) = noticed::literals(&report, &text, profile);
        redact::redact(&mut report, mask, &profile.name);
    }
    report.cut_titles();
    report.bind();
    Ok((report, noticed))
}

/// Attributes of an account that name whoever uses it.
const NAMING: [&str; 7] = ["name", "email", "phone", "username", "remark", "alias", "nickname"];

/// What must not be in a report.
fn mask_of(case: &Case, options: &Options) -> Result<(Mask, Vec<Whom>), ExportError> {
    let Some(profile) = &options.profile else { return Ok(Default::default()) };
    let mut entities = case.entities()?;
    // Who was deleted is named still where a note names them.
    entities.extend(case.deleted_entities()?);
    let mut known = Vec::new();
    for entity in &entities {
        let handles = entity.fields.accounts.iter().map(|account| account.handle.clone());
        let mut accounts: Vec<String> = handles.collect();
        for id in &entity.participants {
            let account = case.account(*id)?;
            accounts.push(account.row.account.name);
            let naming = account.attributes.into_iter();
            let naming = naming.filter(|(key, _)| NAMING.contains(&key.to_lowercase().as_str()));
            accounts.extend(naming.map(|(_, value)| value));
        }
        known.push(Known { entity, accounts });
    }
    Ok(profile.protect(&known)?)
}

/// Bytes of a check sheet.
pub const MOST_SHEET: u64 = 256 << 20;

/// What a check sheet that came back did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// Reviews that stand in the journal now, and where they stood.
    pub taken: Vec<(SheetPlace, ReviewState)>,
    pub refused: Vec<Refused>,
    /// Reviews that the case had already.
    pub known: usize,
    /// Rows that nobody filled in.
    pub empty: usize,
    /// Rows that the sheet had when it was made and has no more.
    pub missing: usize,
}

/// Takes a filled check sheet into the journal. `profile` is that of the sheet, if it was redacted.
///
/// # Errors
/// It is no sheet, the case cannot be written, or `cancel` was set: then nothing was taken. Rows that
/// are not taken are in the answer.
pub fn check(
    case: &Case,
    sheet: &[u8],
    profile: Option<Profile>,
    progress: Progress<'_>,
    cancel: &AtomicBool,
) -> Result<Checked, CheckError> {
    let mut options = Options::new(Format::Csv, String::new());
    let report = make(case, &options, &Mask::default(), progress, cancel)?.0;
    options.profile = profile;
    let shown = match &options.profile {
        Some(_) => make(case, &options, &mask_of(case, &options)?.0, progress, cancel)?.0,
        None => report.clone(),
    };
    let goes_on = |what: &str, done: u64, all: u64| {
        if done.is_multiple_of(EACH) {
            progress(what, done, all);
        }
        !cancel.load(Ordering::Relaxed)
    };
    let signer = case.signer().map_err(ExportError::from)?.key;
    let read = sheet::read(sheet, &report, &shown, &signer, |row| match goes_on("rows", row, 0) {
        true => Ok(()),
        false => Err(CheckError::Export(CaseError::Cancelled.into())),
    })?;
    let mut checked = Checked {
        refused: read.refused,
        known: read.known,
        empty: read.empty,
        missing: read.missing,
        ..Checked::default()
    };
    let mut claims: Vec<(NoteId, SheetPlace, Review)> = Vec::new();
    let mut before: HashMap<NoteId, Vec<Review>> = HashMap::new();
    for taken in read.taken {
        match taken.entry.parse() {
            Ok(note) => {
                let said = match before.entry(note) {
                    hash_map::Entry::Occupied(known) => known.into_mut(),
                    hash_map::Entry::Vacant(new) => {
                        new.insert(case.reviews_by(note, &signer).map_err(ExportError::Case)?)
                    }
                };
                match taken.taken_back(said) {
                    Some(why) => checked.refused.push(Refused { place: taken.place, why }),
                    None => claims.push((note, taken.place, taken.review)),
                }
            }
            Err(_) => {
                let why =
                    "reviews of entities are not kept yet: review the note that says it".to_owned();
                checked.refused.push(Refused { place: taken.place, why });
            }
        }
    }
    let sets = claims.iter().map(|(note, _, review)| (*note, NoteField::Review(review.clone())));
    let all = claims.len() as u64;
    case.set_notes(sets.collect(), &mut |done| goes_on("reviews", done, all))
        .map_err(ExportError::Case)?;
    type Said = (NoteId, String, String, String);
    let mut now: HashMap<Said, ReviewState> = HashMap::new();
    let notes: BTreeSet<NoteId> = claims.iter().map(|(note, ..)| *note).collect();
    for note in notes {
        // What another key said in the same name of the same sentence stands beside it.
        let own = case.note(note).map_err(ExportError::Case)?.reviews().into_iter();
        for own in own.filter(|own| own.key == signer) {
            let said = (note, own.sentence.clone(), own.role.clone(), own.name.clone());
            now.insert(said, own);
        }
    }
    for (note, place, review) in claims {
        let now = now.get(&(note, review.sentence, review.role, review.by));
        checked.taken.extend(now.map(|now| (place, now.clone())));
    }
    Ok(checked)
}

/// Rows between two words about how far it is.
const EACH: u64 = 64;
