//! What the journal costs when it is long: an act, an undo, an opening.
//!
//!     cargo bench --bench journal [-- OPERATIONS]
//!
//! Makes a small case in a temporary folder and works in it. Prints a Markdown table.

use casebook::case::{Access, Author, Case};
use casebook::ingest::{AddOptions, Progress, add};
use casebook::model::{DocumentId, ItemId};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Documents that are marked again and again.
const DOCUMENTS: i64 = 200;

/// Acts that are undone and timed.
const UNDONE: usize = 50;

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
        std::fs::write(leak.join(format!("{number}.txt")), format!("document {number}"))?;
    }
    let case = Case::create(&dir.path().join("bench.case"))?;
    let mut options = AddOptions::new()?;
    // The worker is the program itself, which this is not.
    options.worker = env!("CARGO_BIN_EXE_casebook").into();
    add(&case, &[leak], &options, &Progress::default(), &Arc::new(AtomicBool::new(false)))?;
    case.set_author(Author::with_key("lin", [7; 32]))?;

    let acts = timed(operations, |number| {
        let item = ItemId::Document(DocumentId(number % DOCUMENTS + 1));
        let name = if number % 2 == 0 { "read" } else { "starred" };
        case.mark(&[item], name, number % 3 > 0).map(drop)
    })?;
    let undos = timed(UNDONE as i64, |_| case.undo().map(drop))?;
    let opens = timed(20, |_| Case::open(case.folder(), Access::Write).map(drop))?;
    print(operations, &[("mark one document", acts), ("undo", undos), ("open", opens)]);
    Ok(())
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
fn print(operations: i64, rows: &[(&str, Vec<Duration>)]) {
    println!("| with {operations} operations | median ms | worst ms |");
    println!("| --- | ---: | ---: |");
    for (what, took) in rows {
        let millis = |time: Option<&Duration>| time.map_or(0.0, |t| t.as_secs_f64() * 1000.0);
        let (median, worst) = (millis(took.get(took.len() / 2)), millis(took.last()));
        println!("| {what} | {median:.2} | {worst:.2} |");
    }
}
