//! `verify --report`: the seal of a report, and its footnotes against a case or a folder of
//! originals.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::{add, counted, progress, quoted, read};
use crate::case::{Case, CaseError};
use crate::export::recheck::{self, Noted, Reread, Verdict};
use crate::export::seal::{Change, Sealed};
use crate::export::{Place, Spot};
use crate::ingest::{Folder, NotRead, Told};
use crate::model::{Sha256, VariantKind};
use crate::text::width;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// `verify --report --json`.
#[derive(Debug, Serialize)]
struct Report {
    /// The seal holds and no footnote fails.
    holds: bool,
    seal: Seal,
    failing: u64,
    unchecked: u64,
    /// Numbers that are the same, counted in something else.
    other_basis: u64,
    /// Files that are called otherwise than the report says.
    other_name: u64,
    footnotes: Vec<Footnote>,
    /// Files of the folder that could not be looked at: (path, reason).
    skipped: Vec<(String, String)>,
}

/// How the seal stands, and whose it is.
#[derive(Debug, Default, Serialize)]
struct Seal {
    holds: bool,
    /// What is wrong with it, a sentence each.
    why: Vec<String>,
    /// What became of parts of the report since it was sealed.
    changes: Vec<Change>,
    /// Who made it, by their own word; empty in a report without names.
    author: String,
    /// Public key, and as people compare it.
    key: String,
    fingerprint: String,
    /// Names that this key writes under in the case.
    writes_as: Vec<String>,
    /// There is a case, and nobody writes in it with this key.
    is_strange: bool,
    /// What is to be said beside it.
    said: String,
}

#[derive(Debug, Serialize)]
struct Footnote {
    number: usize,
    /// Path in the leak; empty for a number.
    file: String,
    /// A number, and what was counted; empty for a passage.
    count: String,
    fails: bool,
    #[serde(flatten)]
    verdict: Verdict,
}

pub fn verify(args: &args::Verify, report: &Path, out: &mut Out<'_>) -> Result<Code, Failure> {
    let bytes = crate::files::read_at_most(report, recheck::MOST)
        .map_err(|error| Failure::io("read", report, &error))?;
    let recheck::Read { notes, sealed } = recheck::read(&bytes).map_err(|error| {
        Failure::new(format!("{}: {error}", report.display()))
            .hint("reports are written by: casebook export CASE -o report.html")
    })?;
    let cancel = add::interrupt()?;
    let (verdicts, skipped, seal) = match (&args.folder, &args.case) {
        (Some(folder), _) => {
            let (verdicts, skipped) = in_folder(args, folder, &notes, &cancel)?;
            (verdicts, skipped, seal(&sealed, None)?)
        }
        (None, Some(case)) => {
            let case = read(case)?;
            (in_case(&case, &notes, &cancel)?, Vec::new(), seal(&sealed, Some(&case))?)
        }
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
            count: count_of(noted),
            fails: verdict.fails(),
            verdict,
        })
        .collect();
    let of = |fits: &dyn Fn(&Footnote) -> bool| footnotes.iter().filter(|n| fits(n)).count() as u64;
    let failing = of(&|note| note.fails);
    let unchecked = of(&|note| matches!(note.verdict, Verdict::Unchecked { .. }));
    let other_basis = of(&|note| matches!(note.verdict, Verdict::OtherBasis { .. }));
    let other_name = of(&|note| matches!(note.verdict, Verdict::OtherName { .. }));
    let holds = failing == 0 && seal.holds;
    let report =
        Report { holds, seal, failing, unchecked, other_basis, other_name, footnotes, skipped };
    match args.json {
        true => out.json(&report)?,
        false => print(&report, out)?,
    }
    Ok(if holds { Code::Done } else { Code::Damaged })
}

/// Judges the seal; with a case it is known who writes with its key.
fn seal(sealed: &Sealed, case: Option<&Case>) -> Result<Seal, Failure> {
    let mut told = Seal { holds: sealed.holds(), ..Seal::default() };
    let (seal, is_signed, is_shown) = match sealed {
        Sealed::Not => {
            let why = "not sealed: nobody can tell whether its text is as it was written";
            told.why.push(why.to_owned());
            return Ok(told);
        }
        Sealed::Unreadable(why) => {
            told.why.push(format!("its seal is unusable: {why}"));
            return Ok(told);
        }
        Sealed::By { seal, is_signed, is_shown, changes } => {
            told.changes.clone_from(changes);
            (seal, *is_signed, *is_shown)
        }
    };
    told.author.clone_from(&seal.author);
    told.key.clone_from(&seal.key);
    told.fingerprint = seal.fingerprint();
    if !is_signed {
        told.why.push("the signature of the seal does not fit".to_owned());
    }
    if !is_shown {
        told.why.push("the report says something else of its seal than the seal itself".to_owned());
    }
    if !told.changes.is_empty() {
        let parts = counted(told.changes.len() as u64, "part is", "parts are");
        told.why.push(format!("{parts} not as sealed"));
    }
    let Some(case) = case else {
        told.said = "compare the key with what the author tells you by another way".to_owned();
        return Ok(told);
    };
    let writers = case.writers()?;
    let mut names: Vec<String> =
        writers.iter().filter(|w| w.key == seal.key).map(|w| w.name.clone()).collect();
    names.sort();
    let has_namesake =
        !seal.author.is_empty() && writers.iter().any(|writer| writer.name == seal.author);
    if !names.is_empty() {
        told.said = format!("writes in this case as {}", names.join(", "));
    } else if has_namesake {
        let why = format!("{} writes in this case with another key", seal.author);
        told.why.push(why);
        told.holds = false;
    } else {
        told.is_strange = true;
        told.said = "nobody writes in this case with this key: ask the author for it".to_owned();
    }
    told.writes_as = names;
    Ok(told)
}

fn file_of(noted: &Noted) -> String {
    match noted.locator.as_ref().map(|locator| &locator.spot) {
        Ok(Spot::Passage(place)) => place.path.clone(),
        _ => String::new(),
    }
}

fn count_of(noted: &Noted) -> String {
    match noted.locator.as_ref().map(|locator| &locator.spot) {
        Ok(Spot::Count(count)) => count.words(),
        _ => String::new(),
    }
}

fn in_case(
    case: &Case,
    notes: &[Noted],
    cancel: &Arc<AtomicBool>,
) -> Result<Vec<Verdict>, Failure> {
    let mut quoting = case.quoting();
    progress::steps(|step| {
        in_their_order(notes, |done, noted| {
            step(&file_of(noted), done, notes.len() as u64);
            Ok(recheck::in_case(noted, &mut quoting, cancel)?)
        })
    })
}

/// Footnotes of one file one after the other, so that it is read once; verdicts as they stand.
fn in_their_order(
    notes: &[Noted],
    mut judge: impl FnMut(u64, &Noted) -> Result<Verdict, Failure>,
) -> Result<Vec<Verdict>, Failure> {
    let mut order: Vec<usize> = (0..notes.len()).collect();
    order.sort_by_key(|at| content_of(&notes[*at]));
    let mut verdicts = Vec::with_capacity(notes.len());
    for (done, at) in order.into_iter().enumerate() {
        verdicts.push((at, judge(done as u64, &notes[at])?));
    }
    verdicts.sort_by_key(|(at, _)| *at);
    Ok(verdicts.into_iter().map(|(_, verdict)| verdict).collect())
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
        let verdicts = in_their_order(notes, |done, noted| {
            step(&file_of(noted), done, notes.len() as u64);
            let (mut failed, mut other) = (None, None);
            let verdict = recheck::in_originals(noted, &mut |place| {
                let read = reread(&mut originals, place).unwrap_or_else(|error| {
                    failed.get_or_insert(error);
                    Err(Verdict::Unchecked { why: String::new() })
                });
                other = read.as_ref().ok().and_then(|(_, name)| recheck::other_name(place, name));
                read.map(|(read, _)| read)
            });
            match (failed, verdict) {
                (Some(error), _) => Err(Failure::from(error)),
                (None, Verdict::Holds) => Ok(other.unwrap_or(Verdict::Holds)),
                (None, verdict) => Ok(verdict),
            }
        })?;
        let skipped = std::mem::take(&mut originals.skipped);
        Ok((verdicts, skipped))
    })
}

fn content_of(noted: &Noted) -> Option<Sha256> {
    match noted.locator.as_ref().map(|locator| &locator.spot) {
        Ok(Spot::Passage(place)) => Some(place.content),
        _ => None,
    }
}

/// Reads the file of a footnote again, and gives what it is called in the folder; the outer error is
/// that nothing can be read at all.
fn reread(
    folder: &mut Folder,
    place: &Place,
) -> Result<Result<(Reread, String), Verdict>, CaseError> {
    if place.variant != VariantKind::Original {
        let why = format!("the quote is of the {}, which only a case has", place.variant.name());
        return Ok(Err(Verdict::Unchecked { why }));
    }
    let read = match folder.reread(&place.content, &place.containers, &place.path) {
        Ok(read) => read,
        Err(NotRead::Case(error)) => return Err(error),
        Err(NotRead::Missing) => {
            if let Some((start, end)) = place.record.and_then(|record| record.span)
                && let Some(verdict) = recheck::of_cuts(place, &folder.cut(start, end)?)
            {
                return Ok(Err(verdict));
            }
            if folder.has(&place.path) {
                let now = "at this path lies a file with another SHA-256".to_owned();
                return Ok(Err(Verdict::Changed { now }));
            }
            return Ok(Err(Verdict::Missing { why: NotRead::Missing.to_string() }));
        }
        Err(NotRead::NotInside(why)) => {
            return Ok(Err(Verdict::Missing { why: NotRead::NotInside(why).to_string() }));
        }
        // The bytes are there; a document that is cited as such needs no more.
        Err(NotRead::Unreadable(_) | NotRead::Locked)
            if place.quote.iter().all(String::is_empty) =>
        {
            return Ok(Ok((Reread::Bytes, String::new())));
        }
        Err(error @ (NotRead::Locked | NotRead::LockedInside)) => {
            return Ok(Err(Verdict::Unchecked { why: error.to_string() }));
        }
        Err(error @ NotRead::Unreadable(_)) => {
            return Ok(Err(Verdict::Broken { why: error.to_string() }));
        }
    };
    let found_as = read.found_as.clone();
    let Some(record) = place.record else {
        return Ok(Ok((read.text.clone().map_or(Reread::Bytes, Reread::Text), found_as)));
    };
    let Some(Told { text, sender, raw_time }) = read.messages.get(&record.ordinal).cloned() else {
        let why = format!("the export has no record {}", record.ordinal + 1);
        return Ok(Err(Verdict::Broken { why }));
    };
    if let Some(verdict) = recheck::other_writer(place, sender.as_deref(), &raw_time) {
        return Ok(Err(verdict));
    }
    let is_it = |text: &str| place.text == Some(Sha256::of(text.as_bytes()));
    if !read.is_part || is_it(&text) {
        return Ok(Ok((Reread::Text(text), found_as)));
    }
    match folder.named(&text, &place.containers, &is_it) {
        Ok(named) if named.nameless && !is_it(&named.text) => {
            let why =
                "it mentions accounts that users.json of its package names, and no file here does"
                    .to_owned();
            Ok(Err(Verdict::Missing { why }))
        }
        Ok(named) => Ok(Ok((Reread::Text(named.text), found_as))),
        Err(NotRead::Case(error)) => Err(error),
        Err(error) => Ok(Err(Verdict::Unchecked { why: error.to_string() })),
    }
}

fn print_seal(seal: &Seal, out: &mut Out<'_>) -> Result<(), Failure> {
    let (style, word) = match (seal.holds, seal.is_strange, seal.key.is_empty()) {
        // Whoever changes a report can seal it again, but not with a key that the case knows.
        (true, true, _) => (Style::Warn, "strange key"),
        (true, false, _) => (Style::Plain, "holds"),
        (false, _, true) => (Style::Warn, "missing"),
        (false, _, false) => (Style::Warn, "broken"),
    };
    out.say(" seal  ")?;
    out.say_in(style, &width::column(word, 12))?;
    let by = match seal.author.is_empty() {
        true => "key".to_owned(),
        false => format!("{}, key", seal.author),
    };
    let mut said = Vec::new();
    if !seal.key.is_empty() {
        said.push(format!("{by} {}", seal.fingerprint));
    }
    said.extend(seal.why.iter().cloned());
    said.extend((!seal.said.is_empty()).then(|| seal.said.clone()));
    out.line_of(Style::Plain, &said.join("; "))?;
    out.say("\n")?;
    for change in &seal.changes {
        out.say("       ")?;
        out.line_of(Style::Warn, &format!("{} {}", change.part, change.became.words()))?;
        out.say("\n")?;
    }
    Ok(())
}

fn print(report: &Report, out: &mut Out<'_>) -> Result<(), Failure> {
    print_seal(&report.seal, out)?;
    for note in &report.footnotes {
        let is_other =
            matches!(note.verdict, Verdict::OtherBasis { .. } | Verdict::OtherName { .. });
        let style = if note.fails || is_other { Style::Warn } else { Style::Plain };
        out.say(&format!("{:>5}  ", format!("[{}]", note.number)))?;
        out.say_in(style, &width::column(note.verdict.word(), 12))?;
        let why = note.verdict.why();
        let of = if note.file.is_empty() { &note.count } else { &note.file };
        let said = match (why, of.as_str()) {
            ("", of) => of.to_owned(),
            (why, "") => why.to_owned(),
            (why, of) => format!("{of}: {why}"),
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
    match report.other_basis {
        0 => {}
        1 => result.push_str(", 1 number was counted in other evidence"),
        many => result.push_str(&format!(", {many} numbers were counted in other evidence")),
    }
    match report.other_name {
        0 => {}
        1 => result.push_str(", 1 file has another name here"),
        many => result.push_str(&format!(", {many} files have other names here")),
    }
    if report.unchecked > 0 {
        result.push_str(&format!(", {} not checked", report.unchecked));
    }
    if !report.seal.holds {
        result.push_str("; the seal does not hold");
    }
    out.say_in(Style::Strong, &result)?;
    Ok(out.say("\n")?)
}
