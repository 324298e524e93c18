//! Reads a report that is a table.

use super::{BadReport, Found, Noted, noted};
use crate::export::csv::{SEAL, delimiter};
use crate::export::inert::from_cell;
use crate::export::locator::{Locator, Said};
use crate::export::recheck::shown::Body;
use std::collections::{HashMap, HashSet};

/// Columns that show the evidence.
const EVIDENCE: [&str; 8] =
    ["file", "sha256", "containers", "place", "quote", "translation", "number", "ids"];

pub fn read(text: &str) -> Result<Found, BadReport> {
    let unreadable = |error: csv::Error| BadReport::Unreadable(error.to_string());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let mut found = Found { in_any_order: true, ..Found::default() };
    let (Some(number), Some(locator)) = (column("footnote"), column("locator")) else {
        return Ok(found);
    };
    let mut by_number: HashMap<usize, Vec<usize>> = HashMap::new();
    // Which claim each row is about.
    let mut rows: HashSet<(usize, String)> = HashSet::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let cell = |at: usize| from_cell(record.get(at).unwrap_or_default());
        let of = |name: &str| column(name).map(cell).unwrap_or_default();
        let (claim, sentence) = (of("claim"), of("sentence"));
        if of("kind") == SEAL {
            found.seal.push(cell(locator).to_owned());
            found.seal_shown.text(sentence);
            // Nothing but the seal stands in this row.
            let own = ["section", "kind", "sentence", "locator"];
            let is_more = |at: usize| !own.contains(&headers.get(at).unwrap_or_default());
            (0..record.len())
                .filter(|at| is_more(*at))
                .for_each(|at| found.seal_shown.text(cell(at)));
            continue;
        }
        let name = [of("entry"), claim].into_iter().rev().find(|name| !name.is_empty());
        let footnote = match cell(number) {
            "" => String::new(),
            number => super::of_footnote(number),
        };
        found.stretches.open(format!("{} {footnote}", name.unwrap_or_default()).trim().to_owned());
        for at in 0..record.len() {
            if !cell(at).is_empty() {
                found.stretches.text(&format!("{}=", headers.get(at).unwrap_or_default()));
                found.stretches.text(cell(at));
                found.stretches.line();
            }
        }
        found.body.push_str(sentence);
        found.body.push('\n');
        let Ok(number) = cell(number).parse() else { continue };
        rows.insert((number, claim.to_owned()));
        let mut shown = String::new();
        for name in EVIDENCE {
            match name {
                "quote" => shown.push_str(&format!("quote:{}state:", of(name))),
                _ => shown.push_str(of(name)),
            }
            shown.push('\n');
        }
        let mut note = noted(number, cell(locator), shown);
        let body = Body::new(sentence);
        let is_said = |said: &Said| said.claim == claim && body.has(&said.sentence);
        if let Ok(Locator { says, .. }) = &note.locator
            && !claim.is_empty()
            && !says.is_empty()
            && !says.iter().any(is_said)
        {
            note.amiss = Some(format!("it was not cited for {claim} “{sentence}”"));
        }
        // A footnote has a row for each sentence that it stands behind.
        let known = by_number.entry(number).or_default();
        if !known.iter().any(|at| found.notes[*at] == note) {
            known.push(found.notes.len());
            found.notes.push(note);
        }
    }
    missed(&mut found.notes, &rows);
    Ok(found)
}

/// Rows that a footnote had and has no more.
fn missed(notes: &mut [Noted], rows: &HashSet<(usize, String)>) {
    for noted in notes {
        let Ok(Locator { says, .. }) = &noted.locator else { continue };
        let is_gone = |said: &&Said| !rows.contains(&(noted.number, said.claim.clone()));
        if let (None, Some(said)) = (&noted.amiss, says.iter().find(is_gone)) {
            noted.amiss =
                Some(format!("it was cited for {} too, and has no row for it", said.claim));
        }
    }
}
