//! What the journal costs when it is long: an act, an undo, an opening, taking in what somebody
//! else did, and checking whether anchors hold.
//!
//!     cargo bench --bench journal [-- OPERATIONS]
//!
//! Makes small cases in a temporary folder and works in them. Prints a Markdown table.

use casebook::case::{Access, Anchor, At, Author, Case, CaseError, Draft, Hold};
use casebook::ingest::{AddOptions, Progress, add};
use casebook::model::{DocumentId, ItemId};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Documents that are marked again and again.
const DOCUMENTS: i64 = 200;

/// Acts that are undone and timed.
const UNDONE: i64 = 50;

/// Operations that come in a bundle.
const MERGED: i64 = 10_000;

/// Anchors whose hold is checked.
const ANCHORS: i64 = 10_000;

/// Bytes of a line of a document.
const LINE: u64 = 40;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo adds `--bench`.
    let operations: i64 = match std::env::args().skip(1).find(|argument| argument != "--bench") {
        Some(number) => number.parse()?,
        None => 100_000,
    };
    let dir = tempfile::tempdir()?;
    let leak = dir.path().join("leak");
    std::fs::create_dir(&leak)?;
    for number in 0..DOCUMENTS {
        let line = format!("document {number:03}");
        let text: String = (0..200).map(|n| format!("{line:<30} {n:>8}\n")).collect();
        std::fs::write(leak.join(format!("{number}.txt")), text)?;
    }
    let case = ingest(&dir.path().join("bench.case"), &leak, ("lin", 7))?;
    let other = ingest(&dir.path().join("other.case"), &leak, ("mara", 8))?;

    let acts = timed(operations, |number| act(&case, number))?;
    let undos = timed(UNDONE, |_| case.undo().map(drop))?;
    let opens = timed(20, |_| Case::open(case.folder(), Access::Write).map(drop))?;
    // Another sitting takes back what this one did, the last first.
    let again = Case::open(case.folder(), Access::Write)?;
    again.set_author(Author::with_key("lin", [7; 32]))?;
    let earlier = timed(UNDONE, |_| again.undo().map(drop))?;
    timed(MERGED, |number| act(&other, number))?;
    let mut bundle = Vec::new();
    let writes = timed(1, |_| {
        bundle.clear();
        other.write_bundle("", &mut bundle).map(drop)
    })?;
    // A bundle changes a case once: it is shown, which takes as long, and then taken in.
    let reads = timed(3, |_| case.read_bundle(bundle.as_slice()).map(drop))?;
    let read = case.read_bundle(bundle.as_slice())?;
    let shows = timed(3, |_| case.would_merge(&read).map(drop))?;
    let merges = timed(1, |_| {
        let read = case.read_bundle(bundle.as_slice())?;
        case.merge(&read).map(drop)
    })?;

    let anchors = timed(ANCHORS, |number| anchor(&case, number))?;
    let never = AtomicBool::new(false);
    let holds = timed(3, |_| {
        let mut held = 0;
        case.check_anchors(&never, &mut |_, hold| {
            held += i64::from(hold == Hold::Holds);
            true
        })?;
        assert_eq!(held, ANCHORS, "all hold");
        Ok::<_, CaseError>(())
    })?;
    let title = format!("with {operations} operations");
    print(
        &title,
        &[
            ("an act", acts),
            ("undo", undos),
            ("undo in another sitting", earlier),
            ("open", opens),
            ("write a bundle of 10,000", writes),
            ("check a bundle of 10,000: lines, hashes, signatures", reads),
            ("show what it changes", shows),
            ("check it and take it in", merges),
            ("make an anchor", anchors),
            ("check whether 10,000 anchors hold", holds),
        ],
    );
    Ok(())
}

fn ingest(
    folder: &Path,
    leak: &Path,
    author: (&str, u8),
) -> Result<Case, Box<dyn std::error::Error>> {
    let case = Case::create(folder)?;
    let mut options = AddOptions::new()?;
    // The worker is the program itself, which this is not.
    options.worker = env!("CARGO_BIN_EXE_casebook").into();
    let cancel = Arc::new(AtomicBool::new(false));
    add(&case, &[leak.to_owned()], &options, &Progress::default(), &cancel)?;
    case.set_author(Author::with_key(author.0, [author.1; 32]))?;
    Ok(case)
}

/// Mostly marks; one in ten writes a note.
fn act(case: &Case, number: i64) -> Result<(), CaseError> {
    let document = number % DOCUMENTS + 1;
    if number % 10 == 9 {
        let text = format!("note {number} on D{document}");
        return case.save_note(&Draft { text, ..Draft::default() }).map(drop);
    }
    let name = if number % 2 == 0 { "read" } else { "starred" };
    case.mark(&[ItemId::Document(DocumentId(document))], name, number % 3 > 0).map(drop)
}

/// A highlight on one line of a document.
fn anchor(case: &Case, number: i64) -> Result<(), CaseError> {
    let id = DocumentId(number % DOCUMENTS + 1);
    let variant = case.document(id)?.variants[0].id;
    let start = number as u64 / DOCUMENTS as u64 * LINE;
    let at = At { item: id.into(), variant: Some(variant), start, end: start + LINE - 1 };
    let passage = Anchor::Passage(Box::new(case.passage(at)?));
    case.add_anchor(passage, "payment", "").map(drop)
}

fn timed<E>(times: i64, mut work: impl FnMut(i64) -> Result<(), E>) -> Result<Vec<Duration>, E> {
    let mut took = Vec::new();
    for number in 0..times {
        let begun = Instant::now();
        work(number)?;
        took.push(begun.elapsed());
    }
    took.sort();
    Ok(took)
}

#[expect(clippy::print_stdout, reason = "printing is what it is for")]
fn print(title: &str, rows: &[(&str, Vec<Duration>)]) {
    println!("| {title} | median ms | worst ms |");
    println!("| --- | ---: | ---: |");
    for (what, took) in rows {
        let millis = |time: Option<&Duration>| time.map_or(0.0, |t| t.as_secs_f64() * 1000.0);
        let (median, worst) = (millis(took.get(took.len() / 2)), millis(took.last()));
        println!("| {what} | {median:.2} | {worst:.2} |");
    }
}
