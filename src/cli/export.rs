//! `export` and `check`.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::target::{self, Bytes};
use super::{add, counted, progress, read, write_signed};
use crate::export::{
    self, BadSheet, CheckError, ExportError, Format, Options, Parts, Profile, Refused, Withheld,
};
use crate::ingest;
use crate::model::review::ReviewState;
use crate::model::{NoteId, Sha256};
use serde::Serialize;
use std::fs::File;
use std::io;
use std::path::Path;

/// `export --json`.
#[derive(Debug, Serialize)]
struct Exported {
    file: String,
    format: &'static str,
    bytes: usize,
    /// Questions, findings, events, entities and notes.
    entries: usize,
    /// Sentences that claim something, and those of them that cite nothing.
    claims: usize,
    uncited: usize,
    footnotes: usize,
    /// Footnotes that do not hold in the case.
    failing: usize,
    /// Key that it is sealed with, as people compare it.
    key: String,
    /// Whom the profile protects: `entity` (`E9`, not of literals), `name`, `names`, `instead`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    protected: Vec<export::Whom>,
    /// Literals of the profile for which nothing in the report is masked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unused: Vec<String>,
    /// Those that stand nowhere in it and for which something is masked all the same: `literal`,
    /// `searches` (footnotes), `parts` (notes, entities and footnotes).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unwritten: Vec<export::Unwritten>,
    /// What stands beside masked names and may say them in another way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    beside: Vec<String>,
    exhibits: usize,
    /// Exhibits that are not given, with the reason.
    withheld: Vec<Withheld>,
    /// What texts name and the case has not, in words.
    unresolved: Vec<String>,
}

/// Lines of what stands beside masked names.
const BESIDE: usize = 12;

pub fn export(args: &args::Export, out: &mut Out<'_>) -> Result<Code, Failure> {
    let options = options(args)?;
    let case = read(&args.at.case)?;
    let cancel = add::interrupt_tidily()?;
    let worker = add::options()?.worker;
    let passwords = match &args.passwords {
        Some(path) => add::passwords(path)?,
        None => Vec::new(),
    };
    let originals = |content: &Sha256| -> Result<File, String> {
        let id = case.document_with(content).map_err(|error| error.to_string())?;
        let id = id.ok_or_else(|| "the case has not this evidence".to_owned())?;
        let original = ingest::original(&case, id, &worker, &passwords);
        Ok(original.map_err(|error| error.to_string())?.file)
    };
    target::refuse_terminal(&args.output, Bytes::Raw, out)?;
    let written = progress::steps(|step| -> Result<_, Failure> {
        if !target::is_stdout(&args.output) {
            let write = export::write(&case, &options, &args.output, &originals, step, &cancel);
            return Ok(write?);
        }
        // A report is whole or not there at all, in a stream too.
        let folder = tempfile::tempdir().map_err(unkept)?;
        let file = folder.path().join(format!("report.{}", options.format.word()));
        let written = export::write(&case, &options, &file, &originals, step, &cancel)?;
        io::copy(&mut File::open(&file).map_err(unkept)?, out.raw())?;
        Ok(written)
    })?;
    target::tell(&args.output, out)?;
    // What the report names and cannot show is no small thing: it stands in it, and here.
    let is_whole = written.withheld.is_empty() && written.unresolved.is_empty();
    let code = if is_whole { Code::Done } else { Code::Incomplete };
    if args.json {
        out.json(&Exported {
            file: args.output.display().to_string(),
            format: options.format.word(),
            bytes: written.bytes,
            entries: written.entries,
            claims: written.claims,
            uncited: written.uncited,
            footnotes: written.footnotes,
            failing: written.failing,
            key: written.key,
            protected: written.whom,
            unused: written.noticed.unused,
            unwritten: written.noticed.unwritten,
            beside: written.noticed.beside,
            exhibits: written.exhibits,
            withheld: written.withheld,
            unresolved: written.unresolved,
        })?;
        return Ok(code);
    }
    let count = |number: usize, one: &str, many: &str| counted(number as u64, one, many);
    out.line_of(Style::Plain, &args.output.display().to_string())?;
    out.say(&format!(
        ": {}, {}, {}\n",
        count(written.entries, "entry", "entries"),
        count(written.claims, "claim", "claims"),
        count(written.footnotes, "footnote", "footnotes"),
    ))?;
    out.say(&format!("sealed with the key {}\n", written.key))?;
    // For whoever writes it: a number in a profile may be somebody else in this copy of the case.
    for own in &written.whom {
        out.say("protected: ")?;
        out.line_of(Style::Plain, &own.words())?;
        out.say("\n")?;
    }
    for literal in &written.noticed.unused {
        out.say_in(Style::Warn, "! ")?;
        let words = format!("“{literal}” stands nowhere in the report: nothing was masked for it");
        out.line_of(Style::Plain, &words)?;
        out.say("\n")?;
    }
    for own in &written.noticed.unwritten {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Plain, &own.words())?;
        out.say("\n")?;
    }
    let beside = &written.noticed.beside;
    if !beside.is_empty() {
        out.say_in(Style::Warn, "! ")?;
        out.say("look whether these say who is masked beside them:\n")?;
    }
    for words in beside.iter().take(BESIDE) {
        out.line_of(Style::Plain, &format!("    {words}"))?;
        out.say("\n")?;
    }
    if beside.len() > BESIDE {
        let more = counted((beside.len() - BESIDE) as u64, "other", "others");
        out.say(&format!("    and {more}: --json lists all\n"))?;
    }
    if let Some(folder) = &args.exhibits {
        out.line_of(Style::Plain, &folder.display().to_string())?;
        out.say(&format!(": {}\n", count(written.exhibits, "exhibit", "exhibits")))?;
    }
    for held in &written.withheld {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Plain, &format!("{} is withheld: {}", held.path, held.why))?;
        out.say("\n")?;
    }
    for words in &written.unresolved {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Plain, words)?;
        out.say("\n")?;
    }
    if let Some(sheet) = &args.check_sheet {
        out.line_of(Style::Plain, &sheet.display().to_string())?;
        out.say(": the check sheet\n")?;
    }
    if written.uncited > 0 {
        out.say_in(Style::Warn, "! ")?;
        let claims = count(written.uncited, "claim cites", "claims cite");
        out.say(&format!("{claims} nothing\n"))?;
    }
    if written.failing > 0 {
        out.say_in(Style::Warn, "! ")?;
        let footnotes = count(written.failing, "footnote does", "footnotes do");
        out.say(&format!("{footnotes} not hold; the report says which\n"))?;
    }
    Ok(code)
}

/// A report on its way to standard output lies in a folder for temporary files.
fn unkept(error: io::Error) -> Failure {
    Failure::io("write a temporary file in", &std::env::temp_dir(), &error)
}

fn options(args: &args::Export) -> Result<Options, Failure> {
    let format = match args.format {
        Some(args::ReportFormat::Md) => Format::Markdown,
        Some(args::ReportFormat::Html) => Format::Html,
        Some(args::ReportFormat::Docx) => Format::Docx,
        Some(args::ReportFormat::Csv) => Format::Csv,
        Some(args::ReportFormat::Json) => Format::Json,
        None => format_of(&args.output)?,
    };
    let date = match &args.date {
        None => jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string(),
        Some(text) => text
            .parse::<jiff::civil::Date>()
            .map_err(|_| Failure::usage(format!("{text:?} is no day")).hint("write 2024-03-05"))?
            .to_string(),
    };
    let mut notes = None;
    if let Some(names) = &args.notes {
        let mut ids: Vec<NoteId> = Vec::new();
        for name in names {
            ids.push(name.trim().parse().map_err(|_| {
                Failure::usage(format!("{name:?} is not a note"))
                    .hint("notes have numbers like N4: --notes N1,N3")
            })?);
        }
        notes = Some(ids);
    }
    let mut options = Options::new(format, date);
    options.parts =
        Parts { notes, findings: args.findings, timeline: args.timeline, entities: args.entities };
    options.all_dates = args.all_dates;
    options.title.clone_from(&args.title);
    options.authors = !args.no_authors;
    options.profile = args.redact.as_deref().map(profile).transpose()?;
    options.exhibits.clone_from(&args.exhibits);
    options.sheet.clone_from(&args.check_sheet);
    options.force = args.force;
    Ok(options)
}

fn format_of(output: &Path) -> Result<Format, Failure> {
    Format::of(output).ok_or_else(|| {
        let what = format!("{} does not say which format is meant", output.display());
        Failure::usage(what).hint("add --format md, html, docx, csv or json")
    })
}

fn profile(path: &Path) -> Result<Profile, Failure> {
    if path.as_os_str().to_string_lossy().trim().is_empty() {
        return Err(Failure::usage("--redact names no profile: what is given is empty")
            .hint("give the file that says what to mask: --redact PROFILE.toml"));
    }
    let text = crate::files::text_at_most(path, Profile::MOST)
        .map_err(|error| Failure::io("read the profile in", path, &error))?;
    Profile::parse(&text).map_err(|error| Failure::from(ExportError::from(error)))
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Failure {
        match error {
            ExportError::Case(error) => error.into(),
            error => {
                let failure = Failure::new(error.to_string());
                match error.hint() {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            }
        }
    }
}

/// `check --json`.
#[derive(Debug, Serialize)]
struct Checked {
    taken: Vec<Taken>,
    refused: Vec<Refused>,
    /// Reviews that the case had already.
    known: usize,
    /// Rows that nobody filled in.
    empty: usize,
    /// Rows that the sheet had when it was made and has no more.
    missing: usize,
}

#[derive(Debug, Serialize)]
struct Taken {
    #[serde(flatten)]
    place: export::SheetPlace,
    #[serde(flatten)]
    review: ReviewState,
}

pub fn check(args: &args::Check, out: &mut Out<'_>) -> Result<Code, Failure> {
    let bytes = crate::files::read_at_most(&args.sheet, export::MOST_SHEET)
        .map_err(|error| Failure::io("read", &args.sheet, &error))?;
    let profile = args.redact.as_deref().map(profile).transpose()?;
    let cancel = add::interrupt_tidily()?;
    let case = write_signed(&args.at.case)?;
    let checked = progress::steps(|step| {
        export::check(&case, &bytes, profile, &|a, b, c| step(a, b, c), &cancel)
    })
    .map_err(|error| match error {
        CheckError::Export(error) => Failure::from(error),
        CheckError::Sheet(error) => {
            let failure = Failure::new(format!("{}: {error}", args.sheet.display()));
            match error {
                BadSheet::Workbook => failure,
                _ => failure.hint(
                    "make one with: casebook export CASE -o report.md --check-sheet sheet.csv",
                ),
            }
        }
    })?;
    let refused = checked.refused.len() as u64;
    let checked = Checked {
        taken: checked.taken.into_iter().map(|(place, review)| Taken { place, review }).collect(),
        refused: checked.refused,
        known: checked.known,
        empty: checked.empty,
        missing: checked.missing,
    };
    if args.json {
        out.json(&checked)?;
    } else {
        for taken in &checked.taken {
            out.say_in(Style::Strong, &format!("{:<7} ", taken.place.words()))?;
            out.line_of(Style::Plain, &taken.review.said())?;
            out.say("\n")?;
        }
        for refused in &checked.refused {
            let place = &refused.place;
            out.say_in(Style::Warn, &format!("row {} (line {}): ", place.row, place.line))?;
            let said = format!("{} not taken: {}", place.words(), refused.why);
            out.line_of(Style::Plain, &said)?;
            out.say("\n")?;
        }
        let count = |number: usize, one: &str, many: &str| counted(number as u64, one, many);
        if checked.missing > 0 {
            out.say_in(Style::Warn, "! ")?;
            let rows = count(checked.missing, "row is", "rows are");
            out.say(&format!("{rows} missing: the sheet had more when it was made\n"))?;
        }
        // What looks like a check and is none shall not be found out later.
        if checked.taken.iter().any(|taken| taken.review.taken_in_by_author) {
            out.say_in(Style::Warn, "! ")?;
            out.say(
                "what the key of an author signs is no check: whoever checked takes the sheet in \
                 (`casebook check`) with a key of their own, and hands it over as a bundle\n",
            )?;
        }
        out.say(&format!(
            "{} taken, {} not, {} known already, {} not filled in\n",
            count(checked.taken.len(), "review", "reviews"),
            refused,
            checked.known,
            count(checked.empty, "row", "rows"),
        ))?;
    }
    Ok(if refused > 0 || checked.missing > 0 { Code::Incomplete } else { Code::Done })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_file_says_the_format() {
        assert_eq!(format_of(Path::new("报告.DOCX")).unwrap(), Format::Docx);
        assert_eq!(format_of(Path::new("a.md")).unwrap(), Format::Markdown);
        assert_eq!(format_of(Path::new("a.pdf")).unwrap_err().code, Code::Usage);
    }
}
