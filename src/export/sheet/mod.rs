//! The check sheet: a table with one row for each sentence that claims something, for a second
//! person and a lawyer to fill in; and what comes back in it.
//!
//! A row is taken only when its sentence and all its quotes still stand as they were checked: the
//! column `key` begins with a hash over them. Behind it stand digests of the other cells as they were
//! shown to whoever checks, so that nobody signs for a quote that was changed in the sheet, and which
//! row of how many it is, so that a sheet that lost some is noticed. A redacted sheet has keys of the redacted texts (a hash of
//! what was masked would give short names away) and says so, so it is read back with the same profile.
//! The column `thing` says which note it is in every copy of the case: short numbers are of one copy. The column
//! `basis` says what else of the note was shown (its whole text, status, citations): it goes into
//! the journal with the review, which counts as long as the note is still that.

mod read;
mod standing;

pub use read::{BadSheet, Place, Refused, read};

use super::inert::cell;
use super::report::{Claim, Entry, Kind, Report, Source};
use super::wording;
use crate::model::Sha256;
use crate::model::review::{ReviewState, without_numbers};

/// The columns, as documented in `assets/EXPORT.md`. Those to be filled in come before the last three.
pub const COLUMNS: [&str; 25] = [
    "claim",
    "kind",
    "title",
    "sentence",
    "author",
    "status",
    "confidence",
    "likelihood",
    "date",
    "stance",
    "grade",
    "quotes",
    "translations",
    "sources",
    "state",
    "reviews",
    "checker",
    "checker_verdict",
    "checker_comment",
    "lawyer",
    "lawyer_verdict",
    "lawyer_comment",
    "key",
    "basis",
    "thing",
];

/// Cells that say what there is to check. Not the date, which spreadsheets write in their own way
/// and which `basis` covers, and not the sentence, which is compared with the one that stands.
const SHOWN: [&str; 14] = [
    "kind",
    "title",
    "author",
    "status",
    "confidence",
    "likelihood",
    "stance",
    "grade",
    "quotes",
    "translations",
    "sources",
    "state",
    "reviews",
    "basis",
];

/// Hexadecimal digits of a digest of a cell: enough to notice a change, nobody is kept out by it.
const DIGITS: usize = 8;

/// The sheet of a report.
///
/// # Errors
/// A record cannot be written, which in memory always can.
pub fn write(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer(super::csv::BOM.to_vec());
    out.write_record(COLUMNS)?;
    let claims: Vec<(&Entry, Claim, Vec<&ReviewState>)> = report
        .entries()
        .filter(|entry| is_reviewed(entry))
        .flat_map(|entry| entry.reviewed().into_iter().map(move |(claim, own)| (entry, claim, own)))
        .collect();
    for (number, (entry, claim, reviews)) in claims.iter().enumerate() {
        let mut row = row(report, entry, claim, reviews);
        let shown = |name: &str| {
            let at = COLUMNS.iter().position(|column| *column == name);
            at.map(|at| row[at].clone()).unwrap_or_default()
        };
        let key = Key {
            claim: key(report, entry, claim),
            shown: digests(&shown),
            row: number + 1,
            of: claims.len(),
            is_redacted: report.redacted.is_some(),
        };
        row[KEY] = key.to_string();
        out.write_record(row.iter().map(|text| cell(text).into_owned()))?;
    }
    out.into_inner().map_err(|error| error.into_error().into())
}

/// What is said of entities is reviewed with the notes that say it; dates are nobody's claims.
fn is_reviewed(entry: &Entry) -> bool {
    !matches!(entry.kind, Kind::Entity | Kind::Evidence)
}

fn row(report: &Report, entry: &Entry, claim: &Claim, reviews: &[&ReviewState]) -> Vec<String> {
    let (mut stances, mut grades) = (Vec::new(), Vec::new());
    let (mut quotes, mut translations) = (Vec::new(), Vec::new());
    let (mut sources, mut states) = (Vec::new(), Vec::new());
    for number in &claim.cites {
        let Some(footnote) = report.footnote(*number) else { continue };
        // The same sign before what belongs together in each column.
        let listed = |text: &str| format!("[{number}] {text}");
        if let Some(said) = entry.said_of(*number) {
            stances.push(listed(said.stance_word()));
            if !said.grades().is_empty() {
                grades.push(listed(&wording::graded(said)));
            }
        }
        match &footnote.source {
            Source::Passage { path, sha256, place, quote, translation, .. } => {
                quotes.push(listed(quote));
                if let Some(translation) = translation {
                    translations
                        .push(listed(&format!("{} ({})", translation.text, translation.state)));
                }
                sources.push(listed(&format!("{path}, {place}, SHA-256 {sha256}")));
            }
            Source::Count { said, .. } => quotes.push(listed(said)),
        }
        states.push(listed(&wording::state(footnote)));
    }
    let has_whole = || entry.claims().iter().any(|own| own.is_whole() && !own.cites.is_empty());
    if claim.cites.is_empty() && !claim.is_whole() && has_whole() {
        states.push(wording::in_row(&entry.id));
    }
    let fact = |label: &str| entry.fact(label).to_owned();
    let joined = |texts: Vec<String>| texts.join("\n");
    let mut row = vec![
        claim.id.clone(),
        entry.kind.word().to_owned(),
        entry.title.clone(),
        claim.text.clone(),
        entry.authors.join(", "),
        fact("status"),
        fact("confidence"),
        fact("likelihood"),
        fact("date"),
        joined(stances),
        joined(grades),
        joined(quotes),
        joined(translations),
        joined(sources),
        joined(states),
        told(reviews),
    ];
    row.resize(KEY + 1, String::new());
    row.push(entry.basis.map(|basis| basis.to_string()).unwrap_or_default());
    row.push(entry.thing.to_string());
    row
}

/// What was said of a sentence until now.
fn told(reviews: &[&ReviewState]) -> String {
    let said: Vec<String> = reviews.iter().map(|own| own.said()).collect();
    said.join("\n")
}

/// Where the key stands among the columns; it is made last, of the others.
const KEY: usize = COLUMNS.len() - 3;

/// What the column `key` says.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    /// Of the sentence with all that is cited for it.
    claim: String,
    /// Of the cells of [`SHOWN`].
    shown: Vec<String>,
    /// From 1.
    row: usize,
    /// Rows of the whole sheet.
    of: usize,
    /// The texts are those that a profile left.
    is_redacted: bool,
}

/// Last word of the key of a redacted sheet.
const REDACTED: &str = "redacted";

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}/{}", self.claim, self.shown.concat(), self.row, self.of)?;
        if self.is_redacted { write!(f, " {REDACTED}") } else { Ok(()) }
    }
}

impl Key {
    /// `None` where it was changed, or is of an older version.
    fn read(text: &str) -> Option<Key> {
        let mut words = text.split_whitespace();
        let (claim, shown, place) = (words.next()?, words.next()?, words.next()?);
        let (row, of) = place.split_once('/')?;
        let is_whole = shown.len() == SHOWN.len() * DIGITS && shown.is_ascii();
        let cut = |at: usize| shown[at * DIGITS..(at + 1) * DIGITS].to_owned();
        let (row, of) = (row.parse().ok()?, of.parse().ok()?);
        is_whole.then(|| Key {
            claim: claim.to_owned(),
            shown: (0..SHOWN.len()).map(cut).collect(),
            row,
            of,
            is_redacted: words.next() == Some(REDACTED),
        })
    }
}

/// Digests of cells as a spreadsheet leaves them alone: white space is its own.
fn digests(field: &dyn Fn(&str) -> String) -> Vec<String> {
    let digest = |name: &&str| {
        let digest = Sha256::of(words(&field(name)).join(" ").as_bytes());
        digest.to_string()[..DIGITS].to_owned()
    };
    SHOWN.iter().map(digest).collect()
}

/// Names a sentence with all that is cited for it, the same in every copy of a case.
fn key(report: &Report, entry: &Entry, claim: &Claim) -> String {
    key_of(&without_numbers(&claim.text), report, entry, claim)
}

/// The same as older versions have it, for which a sentence names things by the numbers of one copy.
fn older_key(report: &Report, entry: &Entry, claim: &Claim) -> String {
    key_of(&claim.text, report, entry, claim)
}

fn key_of(sentence: &str, report: &Report, entry: &Entry, claim: &Claim) -> String {
    let mut said = format!("{}\n{sentence}", entry.thing);
    for number in &claim.cites {
        let Some(footnote) = report.footnote(*number) else { continue };
        let (source, quote) = match &footnote.source {
            Source::Passage { sha256, quote, .. } => (*sha256, quote.as_str()),
            Source::Count { ids, said, .. } => (*ids, said.as_str()),
        };
        let stance = entry.said_of(*number).map(|said| said.stance.word()).unwrap_or_default();
        said.push_str(&format!("\n{stance} {source} {quote}"));
    }
    Sha256::of(said.as_bytes()).to_string()[..32].to_owned()
}

fn words(text: &str) -> Vec<String> {
    let shown = super::inert::visible(text).into_owned();
    shown.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
