//! A report that was written, read back whatever its format: its footnotes, what it says stretch by
//! stretch, its seal.

mod csv;
mod docx;
mod html;
mod json;
mod markdown;
mod numbering;
mod package;

use super::Noted;
use super::shown::Body;
use crate::export::locator::{BadLocator, Locator};
use crate::export::seal::Sealed;
use crate::export::seal::stretch::{Canon, Stretch, Stretches};
use std::collections::HashSet;

/// Why a file is no report that can be checked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadReport {
    #[error("it is no report of Casebook: no footnote in it has a locator")]
    NoLocators,
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

/// What is in a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// Its footnotes, by number.
    pub notes: Vec<Noted>,
    pub sealed: Sealed,
}

/// What the reader of a format finds.
#[derive(Default)]
struct Found {
    notes: Vec<Noted>,
    /// The text beside the footnotes, without their marks.
    body: String,
    stretches: Stretches,
    /// The seal for programs, and what is said of it. More than one is none.
    seal: Vec<String>,
    seal_shown: Canon,
    /// Lists of evidence are for people; tables and programs have the footnotes themselves.
    has_lists: bool,
    /// Rows of a table may be sorted.
    in_any_order: bool,
}

/// Reads a report.
///
/// # Errors
/// It is none, or it is damaged.
pub fn read(bytes: &[u8]) -> Result<Read, BadReport> {
    let found = found(bytes)?;
    if found.notes.is_empty() && found.seal.is_empty() {
        return Err(BadReport::NoLocators);
    }
    let seal = match found.seal.as_slice() {
        [] => None,
        [seal] => Some(seal.as_str()),
        _ => Some("more than one"),
    };
    let stretches = in_order(found.stretches, found.in_any_order);
    let sealed = Sealed::check(seal, found.seal_shown.as_str(), &stretches);
    let mut notes = found.notes;
    // What is sealed says what it said when its locators were made.
    if !sealed.holds() {
        against_text(&mut notes, &Body::new(&found.body), found.has_lists);
    }
    notes.extend(gone(&notes));
    notes.sort_by_key(|noted| noted.number);
    Ok(Read { notes, sealed })
}

/// What is to be sealed of a report that was written without a seal.
///
/// # Errors
/// It does not read back.
pub fn stretches(bytes: &[u8]) -> Result<Vec<Stretch>, BadReport> {
    let found = found(bytes)?;
    Ok(in_order(found.stretches, found.in_any_order))
}

fn found(bytes: &[u8]) -> Result<Found, BadReport> {
    if bytes.starts_with(b"PK\x03\x04") {
        return docx::read(bytes);
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| BadReport::Unreadable("it is not UTF-8".to_owned()))?;
    let text = text.trim_start_matches('\u{feff}');
    match text.trim_start().get(..1) {
        Some("{") => json::read(text),
        Some("<") => Ok(html::read(text)),
        _ if text.lines().next().is_some_and(|first| first.contains("locator")) => csv::read(text),
        _ => Ok(markdown::read(text)),
    }
}

fn in_order(stretches: Stretches, in_any_order: bool) -> Vec<Stretch> {
    let mut stretches = stretches.done();
    if in_any_order {
        stretches.sort_by(|a, b| (&a.name, a.text.as_str()).cmp(&(&b.name, b.text.as_str())));
    }
    stretches
}

/// Whether the text says what the footnotes are cited for as it was written.
fn against_text(notes: &mut [Noted], body: &Body, has_lists: bool) {
    let mut sentences = body.sentences();
    for noted in notes {
        let Ok(locator) = &noted.locator else { continue };
        if let (true, None, Some(listed)) = (has_lists, &noted.amiss, &locator.listed)
            && !body.has(listed)
        {
            noted.amiss = Some(format!("the report lists it otherwise now: it was {listed}"));
        }
        if let (None, Some(said)) = (&noted.amiss, sentences.lacks(&locator.says)) {
            let words = "the report words what it is cited for otherwise now: it was";
            noted.amiss = Some(format!("{words} “{}” ({})", said.sentence, said.claim));
        }
    }
}

/// Footnotes that the others know of and that are not there.
fn gone(all: &[Noted]) -> Vec<Noted> {
    let count = all.iter().filter_map(|noted| noted.locator.as_ref().ok()?.of).max().unwrap_or(0);
    let last = all.iter().map(|noted| noted.number).max().unwrap_or(0);
    let there: HashSet<usize> = all.iter().map(|noted| noted.number).collect();
    // A locator may claim any number.
    let missing = (1..=count.max(last)).filter(|number| !there.contains(number)).take(MOST_GONE);
    missing
        .map(|number| Noted {
            number,
            locator: Err(BadLocator::Gone),
            shown: String::new(),
            amiss: None,
        })
        .collect()
}

/// Footnotes that are missed one by one.
const MOST_GONE: usize = 10_000;

fn noted(number: usize, line: &str, shown: String) -> Noted {
    let locator = Locator::parse(line);
    let amiss = locator
        .as_ref()
        .ok()
        .filter(|locator| locator.n != number)
        .map(|locator| format!("its locator is that of footnote {}", locator.n));
    Noted { number, locator, shown, amiss }
}

/// Name of the stretch of a footnote.
fn of_footnote(number: impl std::fmt::Display) -> String {
    format!("[{number}]")
}
