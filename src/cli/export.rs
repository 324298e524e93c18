//! `export`, `check`, and `verify --report`.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::{add, counted, progress, quoted, read, write};
use crate::case::{Case, CaseError};
use crate::export::recheck::{self, Noted, Reread, Verdict};
use crate::export::{
    self, CheckError, ExportError, Format, Options, Parts, Place, Profile, Refused, Spot,
};
use crate::ingest::{self, Folder, NotRead};
use crate::model::{NoteId, Sha256, VariantKind};
use serde::Serialize;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
    exhibits: usize,
}

pub fn export(args: &args::Export, out: &mut Out<'_>) -> Result<Code, Failure> {
    let options = options(args)?;
    let case = read(&args.at.case)?;
    let cancel = add::interrupt()?;
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
    let written = export::write(&case, &options, &args.output, &originals, &cancel)?;
    if args.json {
        out.json(&Exported {
            file: args.output.display().to_string(),
            format: name_of(options.format),
            bytes: written.bytes,
            entries: written.entries,
            claims: written.claims,
            uncited: written.uncited,
            footnotes: written.footnotes,
            failing: written.failing,
            exhibits: written.exhibits,
        })?;
        return Ok(Code::Done);
    }
    let count = |number: usize, one: &str, many: &str| counted(number as u64, one, many);
    out.line_of(Style::Plain, &args.output.display().to_string())?;
    out.say(&format!(
        ": {}, {}, {}\n",
        count(written.entries, "entry", "entries"),
        count(written.claims, "claim", "claims"),
        count(written.footnotes, "footnote", "footnotes"),
    ))?;
    if let Some(folder) = &args.exhibits {
        out.line_of(Style::Plain, &folder.display().to_string())?;
        out.say(&format!(": {}\n", count(written.exhibits, "exhibit", "exhibits")))?;
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
    Ok(Code::Done)
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
    options.title.clone_from(&args.title);
    options.authors = !args.no_authors;
    options.profile = args.redact.as_deref().map(profile).transpose()?;
    options.exhibits.clone_from(&args.exhibits);
    options.sheet.clone_from(&args.check_sheet);
    options.force = args.force;
    Ok(options)
}

fn format_of(output: &Path) -> Result<Format, Failure> {
    let suffix = output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    Ok(match suffix.as_str() {
        "md" | "markdown" => Format::Markdown,
        "html" | "htm" => Format::Html,
        "docx" => Format::Docx,
        "csv" => Format::Csv,
        "json" => Format::Json,
        _ => {
            let what = format!("{} does not say which format is meant", output.display());
            return Err(Failure::usage(what).hint("add --format md, html, docx, csv or json"));
        }
    })
}

fn name_of(format: Format) -> &'static str {
    match format {
        Format::Markdown => "md",
        Format::Html => "html",
        Format::Docx => "docx",
        Format::Csv => "csv",
        Format::Json => "json",
    }
}

fn profile(path: &Path) -> Result<Profile, Failure> {
    let text = std::fs::read_to_string(path)
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
}

#[derive(Debug, Serialize)]
struct Taken {
    claim: String,
    role: String,
    by: String,
    verdict: String,
    comment: String,
}

pub fn check(args: &args::Check, out: &mut Out<'_>) -> Result<Code, Failure> {
    let bytes =
        std::fs::read(&args.sheet).map_err(|error| Failure::io("read", &args.sheet, &error))?;
    let profile = args.redact.as_deref().map(profile).transpose()?;
    let case = write(&args.at.case)?;
    let cancel = add::interrupt()?;
    let (checked, _) =
        export::check(&case, &bytes, profile, &cancel).map_err(|error| match error {
            CheckError::Export(error) => Failure::from(error),
            CheckError::Sheet(error) => Failure::new(format!("{}: {error}", args.sheet.display()))
                .hint("make one with: casebook export CASE -o report.md --check-sheet sheet.csv"),
        })?;
    let refused = checked.refused.len() as u64;
    let checked = Checked {
        taken: checked
            .taken
            .into_iter()
            .map(|(claim, review)| Taken {
                claim,
                role: review.role,
                by: review.by,
                verdict: review.verdict,
                comment: review.comment,
            })
            .collect(),
        refused: checked.refused,
        known: checked.known,
        empty: checked.empty,
    };
    if args.json {
        out.json(&checked)?;
    } else {
        for taken in &checked.taken {
            let said = format!("{} {}: {}", taken.role, taken.by, taken.verdict);
            out.say_in(Style::Strong, &format!("{:<8}", taken.claim))?;
            out.line_of(Style::Plain, &said)?;
            out.say("\n")?;
        }
        for refused in &checked.refused {
            out.say_in(Style::Warn, &format!("line {}: ", refused.line))?;
            out.line_of(Style::Plain, &format!("{} not taken: {}", refused.claim, refused.why))?;
            out.say("\n")?;
        }
        let count = |number: usize, one: &str, many: &str| counted(number as u64, one, many);
        out.say(&format!(
            "{} taken, {} not, {} known already, {} not filled in\n",
            count(checked.taken.len(), "review", "reviews"),
            refused,
            checked.known,
            count(checked.empty, "row", "rows"),
        ))?;
    }
    Ok(if refused > 0 { Code::Incomplete } else { Code::Done })
}

/// `verify --report --json`.
#[derive(Debug, Serialize)]
struct Report {
    /// No footnote fails.
    holds: bool,
    failing: u64,
    unchecked: u64,
    footnotes: Vec<Footnote>,
    /// Files of the folder that could not be looked at: (path, reason).
    skipped: Vec<(String, String)>,
}

#[derive(Debug, Serialize)]
struct Footnote {
    number: usize,
    /// Path in the leak; empty for a number.
    file: String,
    fails: bool,
    #[serde(flatten)]
    verdict: Verdict,
}

pub fn verify(args: &args::Verify, report: &Path, out: &mut Out<'_>) -> Result<Code, Failure> {
    let bytes = std::fs::read(report).map_err(|error| Failure::io("read", report, &error))?;
    let notes = recheck::footnotes(&bytes).map_err(|error| {
        Failure::new(format!("{}: {error}", report.display()))
            .hint("reports are written by: casebook export CASE -o report.html")
    })?;
    let cancel = add::interrupt()?;
    let (verdicts, skipped) = match (&args.folder, &args.case) {
        (Some(folder), _) => in_folder(args, folder, &notes, &cancel)?,
        (None, Some(case)) => (in_case(&read(case)?, &notes, &cancel)?, Vec::new()),
        (None, None) => {
            let hint = format!("casebook verify --report {} CASE", quoted(report));
            return Err(Failure::usage("what is the report to be checked against?").hint(hint));
        }
    };
    let footnotes: Vec<Footnote> = notes
        .iter()
        .zip(verdicts)
        .map(|(noted, verdict)| Footnote {
            number: noted.number,
            file: file_of(noted),
            fails: verdict.fails(),
            verdict,
        })
        .collect();
    let of = |fits: &dyn Fn(&Footnote) -> bool| footnotes.iter().filter(|n| fits(n)).count() as u64;
    let failing = of(&|note| note.fails);
    let unchecked = of(&|note| matches!(note.verdict, Verdict::Unchecked { .. }));
    let report = Report { holds: failing == 0, failing, unchecked, footnotes, skipped };
    match args.json {
        true => out.json(&report)?,
        false => print(&report, out)?,
    }
    Ok(if failing > 0 { Code::Damaged } else { Code::Done })
}

fn file_of(noted: &Noted) -> String {
    match noted.locator.as_ref().map(|locator| &locator.spot) {
        Ok(Spot::Passage(place)) => place.path.clone(),
        _ => String::new(),
    }
}

fn in_case(
    case: &Case,
    notes: &[Noted],
    cancel: &Arc<AtomicBool>,
) -> Result<Vec<Verdict>, Failure> {
    let verdicts: Result<Vec<Verdict>, CaseError> =
        notes.iter().map(|noted| recheck::in_case(noted, case, cancel)).collect();
    Ok(verdicts?)
}

type Skipped = Vec<(String, String)>;

fn in_folder(
    args: &args::Verify,
    folder: &Path,
    notes: &[Noted],
    cancel: &Arc<AtomicBool>,
) -> Result<(Vec<Verdict>, Skipped), Failure> {
    let worker = add::options()?.worker;
    let passwords = match &args.passwords {
        Some(path) => add::passwords(path)?,
        None => Vec::new(),
    };
    progress::steps(|step| {
        let mut originals = Folder::open(folder, &worker, &passwords, step, cancel)?;
        let mut failed = None;
        let mut verdicts: Vec<(usize, Verdict)> = Vec::new();
        // Footnotes of one file one after the other, so that it is read once.
        let mut order: Vec<usize> = (0..notes.len()).collect();
        order.sort_by_key(|at| content_of(&notes[*at]));
        for (done, at) in order.into_iter().enumerate() {
            step(&file_of(&notes[at]), done as u64, notes.len() as u64);
            let verdict = recheck::in_originals(&notes[at], &mut |place| {
                reread(&mut originals, place).unwrap_or_else(|error| {
                    failed.get_or_insert(error);
                    Err(Verdict::Unchecked { why: String::new() })
                })
            });
            verdicts.push((at, verdict));
            if let Some(error) = failed.take() {
                return Err(Failure::from(error));
            }
        }
        verdicts.sort_by_key(|(at, _)| *at);
        let skipped = std::mem::take(&mut originals.skipped);
        Ok((verdicts.into_iter().map(|(_, verdict)| verdict).collect(), skipped))
    })
}

fn content_of(noted: &Noted) -> Option<Sha256> {
    match noted.locator.as_ref().map(|locator| &locator.spot) {
        Ok(Spot::Passage(place)) => Some(place.content),
        _ => None,
    }
}

/// Reads the file of a footnote again; the outer error is that nothing can be read at all.
fn reread(folder: &mut Folder, place: &Place) -> Result<Result<Reread, Verdict>, CaseError> {
    if place.variant != VariantKind::Original {
        let why = format!("the quote is of the {}, which only a case has", place.variant.name());
        return Ok(Err(Verdict::Unchecked { why }));
    }
    let read = match folder.reread(&place.content, &place.containers, &place.path) {
        Ok(read) => read,
        Err(NotRead::Case(error)) => return Err(error),
        Err(NotRead::Missing) => {
            return Ok(Err(Verdict::Missing { why: NotRead::Missing.to_string() }));
        }
        Err(NotRead::NotInside(why)) => {
            return Ok(Err(Verdict::Missing { why: NotRead::NotInside(why).to_string() }));
        }
        // The bytes are there; a document that is cited as such needs no more.
        Err(NotRead::Unreadable(_)) if place.quote.iter().all(String::is_empty) => {
            return Ok(Ok(Reread::Bytes));
        }
        Err(error @ NotRead::Unreadable(_)) => {
            return Ok(Err(Verdict::Broken { why: error.to_string() }));
        }
    };
    Ok(Ok(match place.record {
        Some(record) => match read.messages.get(&record.ordinal) {
            Some(text) => Reread::Text(text.clone()),
            None => {
                let why = format!("the export has no record {}", record.ordinal + 1);
                return Ok(Err(Verdict::Broken { why }));
            }
        },
        None => read.text.clone().map_or(Reread::Bytes, Reread::Text),
    }))
}

fn print(report: &Report, out: &mut Out<'_>) -> Result<(), Failure> {
    for note in &report.footnotes {
        let style = if note.fails { Style::Warn } else { Style::Plain };
        out.say(&format!("{:>5}  ", format!("[{}]", note.number)))?;
        out.say_in(style, &format!("{:<12}", note.verdict.word()))?;
        let why = note.verdict.why();
        let said = match (why, note.file.as_str()) {
            ("", file) => file.to_owned(),
            (why, "") => why.to_owned(),
            (why, file) => format!("{file}: {why}"),
        };
        out.line_of(Style::Plain, &said)?;
        out.say("\n")?;
    }
    for (path, reason) in &report.skipped {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Plain, &format!("{path} was not looked at: {reason}"))?;
        out.say("\n")?;
    }
    let all = counted(report.footnotes.len() as u64, "footnote", "footnotes");
    let mut result = match report.failing {
        0 => format!("{all}, none fails"),
        failing => format!("{all}, {}", counted(failing, "fails", "fail")),
    };
    if report.unchecked > 0 {
        result.push_str(&format!(", {} not checked", report.unchecked));
    }
    out.say_in(Style::Strong, &result)?;
    Ok(out.say("\n")?)
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
