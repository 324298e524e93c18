//! Latency of queries in process: parse to exact count, top 50 with snippets, and facets.
//!
//!     cargo bench --bench latency -- CASE QUERIES.tsv
//!
//! `QUERIES.tsv` has lines of kind, tab, query (`queries.py` writes them). Prints a Markdown table
//! with a row for each kind, and the slowest queries. Not a timed test: it never fails for being
//! slow.

use casebook::case::{Access, Case, SearchOptions, SearchSort};
use casebook::query::Query;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Hits of a page.
const PAGE: u64 = 50;

/// Times each query runs; the middle one counts, so that the machine's noise does not.
const ROUNDS: usize = 3;

struct Timing {
    kind: String,
    query: String,
    took: Duration,
    total: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [case, queries] = arguments.as_slice() else {
        return Err("usage: cargo bench --bench latency -- CASE QUERIES.tsv".into());
    };
    let case = Case::open(Path::new(case), Access::Read)?;
    let queries = std::fs::read_to_string(queries)?;
    let options = SearchOptions {
        sort: SearchSort::Relevance,
        range: 0..PAGE,
        facets: true,
        snippets: true,
        occurrences: None,
    };
    let run = |query: &str| -> Result<u64, Box<dyn std::error::Error>> {
        let cancel = AtomicBool::new(false);
        Ok(case.search(&Query::parse(query)?, &options, &cancel)?.total)
    };
    let cold = Instant::now();
    run("公司")?;
    let cold = cold.elapsed();
    let mut timings = Vec::new();
    for line in queries.lines() {
        let (kind, query) = line.split_once('\t').ok_or("a line without a tab")?;
        let kind = match kind.split(':').next() {
            // By length, because that decides how the index is asked.
            Some("han") => format!("Han, {} characters", query.chars().count()),
            kind => kind.unwrap_or_default().to_owned(),
        };
        let mut rounds = Vec::with_capacity(ROUNDS);
        let mut total = 0;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            total = run(query)?;
            rounds.push(start.elapsed());
        }
        rounds.sort();
        timings.push(Timing { kind, query: query.to_owned(), took: rounds[ROUNDS / 2], total });
    }
    print(&mut timings, cold);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "printing is what it is for")]
fn print(timings: &mut [Timing], cold: Duration) {
    timings.sort_by_key(|timing| timing.took);
    let mut kinds: Vec<&str> = timings.iter().map(|timing| timing.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    println!("first query after opening: {:.1} ms\n", millis(cold));
    println!("| queries | number | median ms | p99 ms | worst ms |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for kind in kinds.into_iter().map(Some).chain([None]) {
        let of_kind: Vec<Duration> = timings
            .iter()
            .filter(|timing| kind.is_none_or(|kind| timing.kind == kind))
            .map(|timing| timing.took)
            .collect();
        let at = |share: f64| {
            let last = of_kind.len().saturating_sub(1);
            // Nearest rank.
            let rank = (of_kind.len() as f64 * share).ceil() as usize;
            of_kind.get(rank.saturating_sub(1).min(last)).map_or(0.0, |took| millis(*took))
        };
        let name = kind.unwrap_or("**all**");
        let (median, p99, worst) = (at(0.5), at(0.99), at(1.0));
        println!("| {name} | {} | {median:.2} | {p99:.2} | {worst:.2} |", of_kind.len());
    }
    println!("\nslowest:");
    for timing in timings.iter().rev().take(12) {
        println!("  {:8.2} ms  {:8} hits  {}", millis(timing.took), timing.total, timing.query);
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
