//! A report as a table: one row for each claim and citation. The columns are documented in
//! `assets/EXPORT.md`, which a test holds against this list.

use super::inert::{cell, one_line};
use super::report::{Entry, Footnote, Report, Source};
use super::wording;
use crate::model::Sha256;
use std::collections::HashSet;

/// The columns, in order. Columns may be added at the end; none goes or changes its meaning.
pub const COLUMNS: [&str; 24] = [
    "section",
    "entry",
    "kind",
    "title",
    "status",
    "claim",
    "sentence",
    "stance",
    "grade",
    "footnote",
    "anchor",
    "state",
    "file",
    "sha256",
    "containers",
    "place",
    "quote",
    "translation",
    "number",
    "ids",
    "locator",
    "also_at",
    "remarks",
    "reviews",
];

/// `kind` of the last row, whose `locator` is the seal.
pub const SEAL: &str = "seal";

/// What the columns of a table are separated by: spreadsheets write what their language has.
pub fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: &u8| first.bytes().filter(|byte| byte == sign).count();
    [b',', b';', b'\t'].into_iter().max_by_key(count).unwrap_or(b',')
}

/// The whole report. With a byte order mark, so that spreadsheets read it as UTF-8.
///
/// # Errors
/// A record cannot be written, which in memory always can.
pub fn write(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer(BOM.to_vec());
    out.write_record(COLUMNS)?;
    let mut written = HashSet::new();
    for section in &report.sections {
        for entry in &section.entries {
            let reviewed = entry.reviewed();
            let has_whole = reviewed.iter().any(|(claim, _)| claim.is_whole());
            for (claim, reviews) in reviewed {
                let reviews: Vec<String> = reviews.iter().map(|own| own.said()).collect();
                let said = [section.title, &claim.id, &claim.text, &reviews.join("\n")];
                if claim.cites.is_empty() {
                    let nothing =
                        if has_whole { wording::AS_A_WHOLE } else { wording::CITES_NOTHING };
                    out.write_record(row(said, Some(entry), Err(nothing), &report.date))?;
                }
                for number in &claim.cites {
                    let footnote = report.footnote(*number).ok_or(wording::CITES_NOTHING);
                    out.write_record(row(said, Some(entry), footnote, &report.date))?;
                    written.insert(*number);
                }
            }
        }
    }
    // What is cited by a heading or the like is cited all the same.
    for footnote in report.footnotes.iter().filter(|note| !written.contains(&note.number)) {
        out.write_record(row(["", "", "", ""], None, Ok(footnote), &report.date))?;
    }
    if let Some(seal) = &report.seal {
        let mut row = vec![String::new(); COLUMNS.len()];
        let words = one_line(&seal.words()).into_owned();
        for (column, text) in [
            ("section", wording::SEAL.to_owned()),
            ("kind", SEAL.to_owned()),
            ("sentence", words),
            ("locator", seal.line()),
        ] {
            if let Some(at) = COLUMNS.iter().position(|known| *known == column) {
                row[at] = cell(&text).into_owned();
            }
        }
        out.write_record(row)?;
    }
    out.into_inner().map_err(|error| error.into_error().into())
}

/// Tells spreadsheets that the table is UTF-8.
pub const BOM: &[u8] = "\u{feff}".as_bytes();

fn row(
    [section, claim, sentence, reviews]: [&str; 4],
    entry: Option<&Entry>,
    footnote: Result<&Footnote, &str>,
    date: &str,
) -> Vec<String> {
    let of_entry = |of: fn(&Entry) -> String| entry.map(of).unwrap_or_default();
    let mut row: Vec<String> = vec![
        section.to_owned(),
        of_entry(|entry| entry.id.clone()),
        of_entry(|entry| entry.kind.word().to_owned()),
        of_entry(|entry| entry.title.clone()),
        of_entry(|entry| entry.fact("status").to_owned()),
        claim.to_owned(),
        sentence.to_owned(),
    ];
    match footnote {
        Ok(footnote) => {
            let said = entry.and_then(|entry| entry.said_of(footnote.number));
            row.push(said.map(|said| said.stance_word().to_owned()).unwrap_or_default());
            row.push(said.map(|said| said.grade_words()).unwrap_or_default());
            row.push(footnote.number.to_string());
            row.push(footnote.id.clone());
            row.push(format!("{} ({date})", wording::state(footnote)));
            row.extend(source(&footnote.source));
            row.push(footnote.locator.line());
            let file = match &footnote.source {
                Source::Passage { file, .. } => Some(file),
                Source::Count { .. } => None,
            };
            row.push(file.map(|file| file.also_at.join("\n")).unwrap_or_default());
            let lost =
                file.and_then(|file| file.lost).map(|lost| format!("original: {}", lost.words()));
            let remarks = file.iter().flat_map(|file| file.remarks.iter().cloned());
            row.push(lost.into_iter().chain(remarks).collect::<Vec<_>>().join("\n"));
        }
        // Stance, grade, footnote, anchor; then whether it holds.
        Err(why) => {
            row.resize(row.len() + 4, String::new());
            row.push(why.to_owned());
            row.resize(COLUMNS.len() - 1, String::new());
        }
    }
    row.push(reviews.to_owned());
    row.into_iter().map(|text| cell(&text).into_owned()).collect()
}

/// Columns `file` to `ids`.
fn source(source: &Source) -> [String; 8] {
    let empty = String::new;
    match source {
        Source::Passage { path, sha256, file, containers, place, quote, translation, .. } => [
            path.clone(),
            if file.has_no_bytes { empty() } else { sha256.to_string() },
            joined(containers),
            place.clone(),
            quote.clone(),
            translation.as_ref().map(|t| format!("{} ({})", t.text, t.state)).unwrap_or_default(),
            empty(),
            empty(),
        ],
        Source::Count { said, ids, .. } => {
            [empty(), empty(), empty(), empty(), empty(), empty(), said.clone(), ids.to_string()]
        }
    }
}

fn joined(containers: &[Sha256]) -> String {
    containers.iter().map(Sha256::to_string).collect::<Vec<_>>().join(" ")
}
