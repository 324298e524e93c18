//! Words that are cited from the command line, `D17:12.5`: where they stand in a text.

use super::error::Failure;
use crate::case::{At, Case, Variant};
use crate::model::{ItemId, PartKind, VariantKind};
use std::ops::Range;

/// Where words were found.
pub struct Occurrence {
    pub at: At,
    /// How often they stand there.
    of: usize,
    /// The cell that is cited, where they are a part of it.
    cell: Option<String>,
}

impl Occurrence {
    /// What whoever cites it may not know.
    pub fn remark(&self, item: ItemId, quote: &str) -> Option<String> {
        let cell = self.cell.as_ref().map(|cell| format!("the whole cell is cited: {cell:?}"));
        let first = (self.of > 1)
            .then(|| format!("{item} says {quote:?} {} times: the first is cited", self.of));
        let said: Vec<String> = first.into_iter().chain(cell).collect();
        (!said.is_empty()).then(|| said.join(", "))
    }
}

/// Bytes of a cell that is cited as a whole: more is a text of its own.
const CELL: usize = 400;

/// Where words first stand in the original text of something. In a table cells that say just that
/// come before those that say more, and of these the whole is cited: `12.5` is another number than
/// `12.5000`.
pub fn find(case: &Case, item: ItemId, quote: &str) -> Result<Occurrence, Failure> {
    let none = || {
        Failure::usage(format!("{item} does not say {quote:?}"))
            .hint(format!("`casebook show CASE {item}` prints it"))
    };
    if quote.is_empty() {
        return Err(none());
    }
    let (text, tables, variant) = match item {
        ItemId::Document(id) => {
            let variants = case.document(id)?.variants;
            let variant = variants.iter().find(|own| own.kind == VariantKind::Original);
            let variant = variant.or(variants.first()).ok_or_else(none)?;
            (case.text(variant, 0..variant.bytes)?.text, tables(variant), Some(variant.id))
        }
        ItemId::Message(id) => (case.message(id)?.text, Vec::new(), None),
        _ => return Err(none()),
    };
    let (range, of, is_part) = occurrence(&text, &tables, quote).ok_or_else(none)?;
    let cell = is_part.then(|| text[range.clone()].to_owned());
    let at = At { item, variant, start: range.start as u64, end: range.end as u64 };
    Ok(Occurrence { at, of, cell })
}

/// The tables of a text, as ranges of its bytes.
fn tables(variant: &Variant) -> Vec<Range<usize>> {
    let ends = variant.parts.iter().skip(1).map(|part| part.start).chain([variant.bytes]);
    let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    let parts = variant.parts.iter().zip(ends);
    parts
        .filter(|(part, _)| matches!(part.kind, PartKind::Sheet | PartKind::Table))
        .map(|(part, end)| index(part.start)..index(end))
        .collect()
}

/// The range to cite for a quote, how often the quote stands in the text, and whether it is only a
/// part of what is cited.
fn occurrence(
    text: &str,
    tables: &[Range<usize>],
    quote: &str,
) -> Option<(Range<usize>, usize, bool)> {
    let is_edge = |c: char| matches!(c, '\t' | '\n');
    let cell = |start: usize| -> Option<Range<usize>> {
        let table = tables.iter().find(|table| table.contains(&start))?;
        let end = start + quote.len();
        let (last, before) = (table.end.min(text.len()), text.get(table.start..start)?);
        let from = before.rfind(is_edge).map_or(table.start, |at| table.start + at + 1);
        let after = text.get(end..last.max(end))?;
        let to = after.find(is_edge).map_or(last.max(end), |at| end + at);
        (!quote.contains(is_edge)).then_some(from..to)
    };
    let all: Vec<usize> = text.match_indices(quote).map(|(at, _)| at).collect();
    let exact: Vec<usize> = all
        .iter()
        .copied()
        .filter(|at| cell(*at).is_some_and(|cell| cell == (*at..at + quote.len())))
        .collect();
    if let Some(first) = exact.first() {
        return Some((*first..first + quote.len(), exact.len(), false));
    }
    let first = *all.first()?;
    let own = first..first + quote.len();
    match cell(first).filter(|cell| cell.len() <= CELL) {
        Some(cell) => Some((cell, all.len(), true)),
        None => Some((own, all.len(), false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_cited_whole_and_one_that_says_just_that_first() {
        let table = "a\t12.5000\t12.5\n12.5\tx 12.5 y\n";
        let check = |text: &str,
                     in_table: bool,
                     quote: &str,
                     expected: Option<(&str, usize, usize, bool)>| {
            let all = 0..text.len();
            let tables = if in_table { std::slice::from_ref(&all) } else { &[] };
            let found = occurrence(text, tables, quote);
            let found =
                found.map(|(range, of, is_part)| (&text[range.clone()], range.start, of, is_part));
            assert_eq!(found, expected, "{quote:?} in {text:?}");
        };
        check(table, true, "12.5", Some(("12.5", 10, 2, false)));
        check(table, true, "12.50", Some(("12.5000", 2, 1, true)));
        check(table, true, "y", Some(("x 12.5 y", 20, 1, true)));
        check(table, true, "12.5\n12.5", Some(("12.5\n12.5", 10, 1, false)));
        check(table, true, "7", None);
        check(table, false, "12.5", Some(("12.5", 2, 4, false)));
        // What holds a text of its own is not quoted as a whole.
        let long = format!("{}金额{}", "字".repeat(100), "字".repeat(100));
        check(&long, true, "金额", Some(("金额", 300, 1, false)));
    }
}
