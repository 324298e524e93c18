//! Hits of the index become rows that can be shown: where it is, who said it, and the words
//! around.

use super::Titles;
use super::compile::Wanted;
use super::texts::{Found, UnitText};
use crate::case::units;
use crate::case::{Case, CaseError};
use crate::index::{Field, Fields, Hit as IndexHit, Unit};
use crate::model::document::{Part, table_name};
use crate::model::view::{Hit, Snippet, part_name};
use crate::model::{ItemId, PartKind, VariantKind, Wrap};

/// Ranges that a hit lists; it counts all.
const MOST_RANGES: usize = 1000;
/// What stands in the place of the path of what was removed.
const REMOVED: &str = "not in the case any more";
/// Bytes of a snippet before its first occurrence, and in all.
const BEFORE: usize = 120;
const SNIPPET: usize = 480;

impl Case {
    /// The row of one hit. `wanted` is what to mark; `snippets`: read the texts for it. What was
    /// removed and has not left the index yet has a row too, so that rows and counts agree.
    pub(super) fn hit(
        &self,
        hit: &IndexHit,
        wanted: &[Wanted],
        snippets: bool,
        titles: &mut Titles,
    ) -> Result<Hit, CaseError> {
        match self.hit_there(hit, wanted, snippets, titles) {
            Err(error) if error.is_no_such_item() => {
                Ok(Hit { path: REMOVED.to_owned(), ..Hit::of(hit.unit.item()) })
            }
            row => row,
        }
    }

    fn hit_there(
        &self,
        hit: &IndexHit,
        wanted: &[Wanted],
        snippets: bool,
        titles: &mut Titles,
    ) -> Result<Hit, CaseError> {
        let item = hit.unit.item();
        let mut row = match item {
            ItemId::Message(id) => {
                let message = self.store.found_message(id)?;
                let exports = self.exports_of(id, message.conversation, titles)?;
                Hit {
                    exports,
                    path: self.title(message.conversation, titles)?,
                    date: message.time,
                    sender: message.sender,
                    owner: message.account.and_then(|one| titles.owners.of_account(&one).cloned()),
                    conversation: Some(message.conversation),
                    read: message.marks.iter().any(|name| name == "read"),
                    starred: message.marks.iter().any(|name| name == "starred"),
                    irrelevant: message.marks.iter().any(|name| name == "irrelevant"),
                    ..Hit::of(item)
                }
            }
            ItemId::Document(id) => {
                let document = self.store.document_row(id)?;
                Hit {
                    path: document.path,
                    date: document.date,
                    read: document.read,
                    starred: document.starred,
                    irrelevant: document.irrelevant,
                    ..Hit::of(item)
                }
            }
            _ => Hit::of(item),
        };
        if !snippets {
            return Ok(row);
        }
        // Without words any text will do to show what it is.
        let fields = if hit.fields.is_empty() { Fields::TEXTS } else { hit.fields };
        let mut best: Option<(UnitText, Vec<Found>)> = None;
        for text in self.unit_texts(hit.unit, fields)? {
            let found = text.find(wanted);
            row.occurrences += found.len() as u64;
            let better = match &best {
                None => true,
                Some((_, before)) => before.is_empty() && !found.is_empty(),
            };
            if better {
                best = Some((text, found));
            }
        }
        match best {
            Some((text, found)) if !found.is_empty() || !hit.fields.contains(Field::Name) => {
                fill(&mut row, &text, &found);
            }
            _ if hit.fields.contains(Field::Name) => self.name_hit(&mut row, hit.unit, wanted)?,
            _ => {}
        }
        Ok(row)
    }
}

impl Case {
    /// Only a name was hit: it is shown in the place of a text, and the locator says which it is.
    /// It has no byte ranges, because it stands in no text.
    fn name_hit(&self, row: &mut Hit, unit: Unit, wanted: &[Wanted]) -> Result<(), CaseError> {
        for (what, name) in units::names(&self.store, unit)? {
            let end = name.len() as u64;
            let text = UnitText {
                field: Field::Name,
                parts: vec![Part::whole(&name, Wrap::Lines)],
                text: name,
            };
            let found = text.find(wanted);
            if !found.is_empty() {
                row.occurrences += found.len() as u64;
                if row.locator.is_empty() {
                    row.locator = what.replace('_', " ");
                    row.snippet = snippet(&text.text, (0, end), &found);
                }
            }
        }
        Ok(())
    }
}

fn fill(row: &mut Hit, text: &UnitText, found: &[Found]) {
    row.variant = text.field.variant().unwrap_or(VariantKind::Original);
    row.ranges = found.iter().take(MOST_RANGES).map(|f| (f.range.start, f.range.end)).collect();
    let first = found.first();
    let number = first.map_or(0, |found| found.part);
    let part = text.parts.get(number);
    if let (Some(part), Some(first)) = (part, first) {
        row.locator = match part.kind {
            PartKind::Table if part.label.is_empty() => table_name(&text.parts, number),
            kind => part_name(kind, &part.label),
        };
        if matches!(part.kind, PartKind::Sheet | PartKind::Table) {
            let before = text.slice(part.start..first.range.start).unwrap_or_default();
            let line = before.bytes().filter(|byte| *byte == b'\n').count() as u64;
            row.locator += &format!(" row {}", u64::from(part.origin.0.max(1)) + line);
            row.locator = row.locator.trim_start().to_owned();
        }
    }
    let bounds = part.map_or((0, text.text.len() as u64), |part| (part.start, part.end));
    row.snippet = snippet(&text.text, bounds, found);
}

/// The words around the first occurrence, within its part.
fn snippet(text: &str, (from, to): (u64, u64), found: &[Found]) -> Snippet {
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
    let (from, to) = (place(from), place(to));
    let first = found.first().map_or(from, |found| place(found.range.start));
    let mut start = first.saturating_sub(BEFORE).clamp(from, to.max(from));
    while !text.is_char_boundary(start) {
        start += 1;
    }
    // Better begin with a word or a line than with its rest.
    if start > from
        && let Some(at) = text.get(start..first).and_then(|before| before.rfind('\n'))
    {
        start += at + 1;
    }
    let mut end = (start + SNIPPET).min(to).max(start);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for found in found {
        let (a, b) = (place(found.range.start), place(found.range.end).min(end));
        if a < start || a >= end || b <= a {
            continue;
        }
        let (a, b) = (a - start, b - start);
        match marks.last_mut() {
            // Overlapping finds are one mark.
            Some(last) if a < last.1 => last.1 = last.1.max(b),
            _ => marks.push((a, b)),
        }
    }
    let shown = text.get(start..end).unwrap_or_default().to_owned();
    Snippet { text: shown, start: start as u64, marks }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(ranges: &[(u64, u64)]) -> Vec<Found> {
        ranges.iter().map(|(a, b)| Found { part: 0, range: *a..*b }).collect()
    }

    #[test]
    fn snippets_stay_in_their_part_and_at_characters() {
        let text = format!("{}\n公司和公司", "甲".repeat(100));
        let at = text.find('公').unwrap() as u64;
        let cut =
            snippet(&text, (0, text.len() as u64), &found(&[(at, at + 6), (at + 9, at + 15)]));
        assert_eq!(cut.text, "公司和公司");
        assert_eq!((cut.start, cut.marks), (at, vec![(0, 6), (9, 15)]));
        let cut = snippet(&text, (3, 9), &[]);
        assert_eq!((cut.text.as_str(), cut.start), ("甲甲", 3));
        let long = "甲".repeat(1000);
        let cut = snippet(&long, (0, 3000), &found(&[(1500, 1506), (1503, 1509)]));
        assert_eq!(cut.marks, [(120, 129)]);
        assert!(cut.text.len() <= SNIPPET && cut.text.starts_with('甲'));
    }
}
