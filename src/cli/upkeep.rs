//! `new`, `verify`, `reindex`, `extract`, `remove`, `relink`.

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::target::{self, Bytes, EVERYBODY};
use super::{
    add, anchors, counted, current, grouped, json, opening, progress, quoted, read, verify_report,
    write,
};
use crate::case::{Case, Damage, Lack, Older};
use crate::ingest;
use crate::model::DocumentId;
use serde::Serialize;
use std::io;
use std::path::Path;

pub fn new(args: &args::New, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = Case::create(&args.at.case)?;
    if args.json {
        out.json(&json::New { case: case.folder().display().to_string() })?;
        return Ok(Code::Done);
    }
    out.line_of(Style::Plain, &format!("created {}", case.folder().display()))?;
    out.say("\n")?;
    out.line_of(Style::Dim, &format!("next: casebook add {} PATH...", quoted(&args.at.case)))?;
    out.say("\n")?;
    Ok(Code::Done)
}

/// `extract --json`.
#[derive(Debug, Serialize)]
struct Extracted {
    id: String,
    file: String,
    /// Bytes.
    size: u64,
    /// Of what was written; it is the hash that the case knows.
    sha256: String,
}

pub fn extract(args: &args::Extract, out: &mut Out<'_>) -> Result<Code, Failure> {
    let id: DocumentId = args.document.parse().map_err(|_| {
        Failure::usage(format!("{:?} is not a document", args.document))
            .hint("documents have numbers like D17: casebook documents CASE")
    })?;
    let case = read(&args.at.case)?;
    let options = add::options()?;
    let passwords = match &args.passwords {
        Some(path) => add::passwords(path)?,
        None => Vec::new(),
    };
    let mut original = ingest::original(&case, id, &options.worker, &passwords)?;
    let path = &args.output;
    // Never over an existing file: it could be evidence.
    target::write(path, EVERYBODY, Bytes::Raw, out, |into| {
        io::copy(&mut original.file, into).map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => error.into(),
            _ => Failure::io("write", path, &error),
        })
    })?;
    target::tell(path, out)?;
    let sha256 = original.sha256.to_string();
    if args.json {
        let file = path.display().to_string();
        out.json(&Extracted { id: id.to_string(), file, size: original.size, sha256 })?;
    } else {
        out.line_of(Style::Plain, &format!("{sha256}  {}", path.display()))?;
        out.say("\n")?;
    }
    Ok(Code::Done)
}

/// `remove --json`.
#[derive(Debug, Serialize)]
struct RemovedSource {
    source: String,
    path: String,
    /// Documents and messages that lay in no other source.
    documents: u64,
    messages: u64,
}

pub fn remove(args: &args::Remove, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = write(&args.at.case)?;
    let source = case.find_source(&args.source)?;
    let going = case.would_remove(source.id)?;
    if !args.yes {
        let what = format!(
            "{} {}: {} and {} lie in no other source and go with it",
            source.id,
            source.path,
            counted(going.documents, "document", "documents"),
            counted(going.messages, "message", "messages")
        );
        if !out.can_ask() {
            return Err(Failure::usage(what).hint("to remove it without being asked: --yes"));
        }
        out.line_of(Style::Plain, &what)?;
        out.say("\n")?;
        if !out.ask("remove?")? {
            return Ok(Code::Done);
        }
    }
    let removed = case.remove_source(source.id)?;
    if args.json {
        out.json(&RemovedSource {
            source: source.id.to_string(),
            path: source.path,
            documents: removed.documents,
            messages: removed.messages,
        })?;
    } else {
        out.say(&format!(
            "removed {}, {}, {}\n",
            source.id,
            counted(removed.documents, "document", "documents"),
            counted(removed.messages, "message", "messages")
        ))?;
    }
    Ok(Code::Done)
}

/// `relink --json`.
#[derive(Debug, Serialize)]
struct RelinkedSource {
    source: String,
    /// Where it lies now.
    path: String,
    files: u64,
    /// Files that are not there.
    missing: u64,
}

pub fn relink(args: &args::Relink, out: &mut Out<'_>) -> Result<Code, Failure> {
    let case = write(&args.at.case)?;
    let source = case.find_source(&args.old)?;
    let relinked = case.relink_source(source.id, &args.new)?;
    let path = case.find_source(&source.id.to_string())?.path;
    if args.json {
        out.json(&RelinkedSource {
            source: source.id.to_string(),
            path,
            files: relinked.files,
            missing: relinked.missing,
        })?;
    } else {
        let there = relinked.files - relinked.missing;
        out.line_of(Style::Plain, &format!("{} lies at {path}", source.id))?;
        out.say(&format!(": {} of {} files are there\n", grouped(there), grouped(relinked.files)))?;
        out.line_of(
            Style::Dim,
            &format!("to check their hashes: casebook verify {}", quoted(&args.at.case)),
        )?;
        out.say("\n")?;
    }
    Ok(if relinked.missing > 0 { Code::Incomplete } else { Code::Done })
}

/// `reindex --json`.
#[derive(Debug, Serialize)]
struct Reindexed {
    /// Documents and messages in the index.
    units: u64,
}

pub fn reindex(args: &args::Reindex, out: &mut Out<'_>) -> Result<Code, Failure> {
    add::step_back();
    let case = write(&args.at.case)?;
    let cancel = add::interrupt()?;
    let units = opening::indexing(Lack::Whole("is made from the case"), &args.at.case, |tell| {
        case.reindex_telling(&cancel, tell)
    })?;
    if args.json {
        out.json(&Reindexed { units })?;
    } else {
        let what = counted(units, "document or message", "documents and messages");
        out.say(&format!("the index is made again: {what}\n"))?;
    }
    Ok(Code::Done)
}

/// `verify --json`.
#[derive(Debug, Serialize)]
struct Verified {
    /// Files whose bytes were hashed.
    originals: u64,
    /// Documents that were extracted again and compared.
    extracted: u64,
    /// Documents whose bytes were not reached: `D6 a.zip!b.txt`.
    unreached: Vec<String>,
    /// Documents read by another version of their extractor, so that nothing could be compared.
    other_version: u64,
    /// Documents of the case that an older version of the readers read: `add --reread`.
    older_readers: u64,
    /// Of them: read again, and no better for it.
    older_tried: u64,
    /// Of them: the original is gone, changed or away, and the case has no copy.
    older_lost: u64,
    /// Files that have other bytes now than the case read, and lie nowhere else as they were.
    replaced: Vec<String>,
    /// Stored texts and messages that were checked.
    stored: u64,
    operations: u64,
    anchors: anchors::Checked,
    /// Nothing is wrong, and everything was looked at.
    whole: bool,
    /// Ctrl-C stopped it before the end.
    stopped: bool,
    /// What could not be looked at now, and why.
    remarks: Vec<String>,
    damage: Vec<Damage>,
}

/// Documents that could not be reached and are named on the screen.
const UNREACHED: usize = 20;

pub fn verify(args: &args::Verify, out: &mut Out<'_>) -> Result<Code, Failure> {
    if let Some(report) = &args.report {
        return verify_report::verify(args, report, out);
    }
    let Some(case) = &args.case else {
        return Err(Failure::usage("which case?").hint("casebook verify CASE"));
    };
    let cancel = add::interrupt()?;
    let case = match read(case)? {
        // As for any other verb that needs it. What is damaged is not made again before it is told.
        opened if opened.is_index_behind().unwrap_or(false) => {
            drop(opened);
            match current(case, &cancel) {
                Err(failure) if failure.code != Code::Interrupted => read(case)?,
                caught => caught?,
            }
        }
        opened => opened,
    };
    let passwords = match &args.passwords {
        Some(path) => add::passwords(path)?,
        None => Vec::new(),
    };
    let worker = add::options()?.worker;
    let report = progress::steps(|step| ingest::verify(&case, &worker, &passwords, step, &cancel))?;
    let older = case.read_by_older()?;
    let verified = Verified {
        originals: report.originals,
        extracted: report.extracted,
        whole: report.damage.is_empty()
            && report.unreached.is_empty()
            && report.remarks.is_empty()
            && !report.stopped,
        remarks: report.remarks,
        unreached: report.unreached,
        other_version: report.other_version,
        older_readers: older.documents,
        older_tried: older.tried,
        older_lost: older.lost,
        stored: report.stored,
        operations: report.operations,
        stopped: report.stopped,
        damage: report.damage,
        anchors: anchors::check(&case, &report.read, &cancel)?,
        replaced: report.read.replaced.into_values().collect(),
    };
    if args.json {
        out.json(&verified)?;
    } else {
        print_verified(&verified, older, case.folder(), out)?;
    }
    Ok(match &verified {
        verified if !verified.damage.is_empty() => Code::Damaged,
        verified if verified.stopped => Code::Interrupted,
        _ => Code::Done,
    })
}

fn print_verified(
    verified: &Verified,
    older: Older,
    case: &Path,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    out.say(&format!(
        "{} hashed, {} extracted again, {} and {} checked\n",
        counted(verified.originals, "file", "files"),
        counted(verified.extracted, "document", "documents"),
        counted(verified.stored, "stored text or message", "stored texts and messages"),
        counted(verified.operations, "operation", "operations"),
    ))?;
    anchors::print_checked(&verified.anchors, out)?;
    for damage in &verified.damage {
        out.say_in(Style::Warn, &format!("{:<9} ", damage.what))?;
        out.line_of(Style::Plain, &format!("{}: {}", damage.name, damage.problem))?;
        out.say("\n")?;
    }
    for remark in &verified.remarks {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Plain, remark)?;
        out.say("\n")?;
    }
    if verified.other_version > 0 {
        let documents = counted(verified.other_version, "document was", "documents were");
        out.say_in(Style::Warn, "! ")?;
        out.say(&format!("{documents} read by another version of Casebook and not compared\n"))?;
    }
    if older.documents > 0 {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Plain, &add::older_words(older, case))?;
        out.say("\n")?;
    }
    for name in &verified.replaced {
        out.say_in(Style::Warn, "changed   ")?;
        let since =
            "the file has other bytes now; the case holds content that its source no longer has";
        out.line_of(Style::Plain, &format!("{name}: {since}"))?;
        out.say("\n")?;
    }
    if !verified.unreached.is_empty() {
        let documents = counted(verified.unreached.len() as u64, "document", "documents");
        out.say_in(Style::Warn, "! ")?;
        out.say(&format!(
            "{documents} could not be reached and extracted again (--passwords FILE opens what is locked):\n"
        ))?;
        for name in verified.unreached.iter().take(UNREACHED) {
            out.say("    ")?;
            out.line_of(Style::Plain, name)?;
            out.say("\n")?;
        }
        if verified.unreached.len() > UNREACHED {
            out.say("    ... --json lists all\n")?;
        }
    }
    let result = match verified.damage.len() as u64 {
        0 if verified.stopped => "stopped before the end; nothing is wrong so far".to_owned(),
        0 if !verified.replaced.is_empty() => {
            let files = counted(verified.replaced.len() as u64, "file", "files");
            format!("{files} changed since; nothing else is wrong in what was checked")
        }
        0 if !verified.unreached.is_empty() || !verified.remarks.is_empty() => {
            "nothing is wrong in what was checked".to_owned()
        }
        0 => "nothing is wrong".to_owned(),
        wrong => counted(wrong, "thing is wrong", "things are wrong"),
    };
    out.say_in(Style::Strong, &result)?;
    Ok(out.say("\n")?)
}
