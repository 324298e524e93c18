//! `verify --report`: the footnotes of a report against a case or a folder of originals.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::{add, counted, progress, quoted, read};
use crate::case::{Case, CaseError};
use crate::export::recheck::{self, Noted, Reread, Verdict};
use crate::export::{Place, Spot};
use crate::ingest::{Folder, NotRead};
use crate::model::{Sha256, VariantKind};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
