//! Occurrences of a query in texts and messages.

use crate::app::data::{Failure, GROUP, Marked, NextHit, Occurrences};
use crate::app::marks::Marks;
use crate::case::{AnchorView, Case, Message, SearchOptions, SearchSort, Variant};
use crate::jobs::Cancel;
use crate::model::{ConversationId, ItemId, Wrap};
use crate::query::Query;
use std::collections::HashMap;
use std::ops::Range;

/// Messages of a range with one more before it, so that the first one's day and sender can be
/// compared.
pub(super) fn messages(
    case: &Case,
    id: ConversationId,
    range: &Range<u64>,
    query: &str,
) -> Result<Vec<Marked>, Failure> {
    let range = range.start.saturating_sub(1)..range.end.min(range.start + 8 * GROUP);
    let (marks, watched) = (marks_of(case, query), marks_of(case, WATCHED));
    let rows = case.messages(id, range)?;
    let ids: Vec<_> = rows.iter().map(|message| message.id).collect();
    let mut anchors: HashMap<ItemId, Vec<AnchorView>> = HashMap::new();
    for view in case.anchors_of_messages(&ids)? {
        if let Some(at) = view.at {
            anchors.entry(at.item).or_default().push(view);
        }
    }
    let find = |marks: &Marks, text: &str| match marks.is_empty() {
        true => Vec::new(),
        false => marks.find(text, Wrap::Lines),
    };
    let wide = |(start, end): (usize, usize)| (start as u64, end as u64);
    let marked = |message: Message| Marked {
        marks: find(&marks, &message.text),
        watched: find(&watched, &message.text).into_iter().map(wide).collect(),
        anchors: anchors.remove(&message.id.into()).unwrap_or_default(),
        message,
    };
    Ok(rows.into_iter().map(marked).collect())
}

/// What a query asks for in texts, with the names of the entities in it.
fn marks_of(case: &Case, query: &str) -> Marks {
    Marks::of(query, &|filter| case.names_sought(filter))
}

/// The query whose occurrences are the names of watched entities.
pub(super) const WATCHED: &str = "watch:yes";

/// Bytes of text that are looked at in one go; cancelled between two.
const STRETCH: u64 = 512 * 1024;

/// How far two stretches overlap, so that nothing falls between them.
const OVERLAP: u64 = 4 * 1024;

/// Occurrences that are marked in one text; that there are more is said.
pub const MOST_MARKS: usize = 20_000;

pub(super) fn occurrences(
    case: &Case,
    variant: &Variant,
    query: &str,
    range: Range<u64>,
    cancel: &Cancel,
) -> Result<Occurrences, Failure> {
    let marks = marks_of(case, query);
    if marks.is_empty() {
        return Ok(Occurrences::default());
    }
    let mut found: Vec<(u64, u64)> = Vec::new();
    let (mut at, last) = (range.start, range.end.min(variant.bytes));
    while at < last && found.len() <= MOST_MARKS {
        if cancel.is_set() {
            return Err(Failure::new("stopped"));
        }
        let slice = case.text(variant, at..(at + STRETCH + OVERLAP).min(last))?;
        let end = slice.start + slice.text.len() as u64;
        if end <= at {
            break;
        }
        let first = variant.parts.partition_point(|part| part.end <= slice.start);
        let parts = variant.parts[first..].iter().take_while(|part| part.start < end);
        let mut regions: Vec<(u64, u64, Wrap)> =
            parts.map(|part| (part.start.max(slice.start), part.end.min(end), part.wrap)).collect();
        if variant.parts.is_empty() {
            regions.push((slice.start, end, Wrap::Flow));
        }
        for (from, to, wrap) in regions {
            let cut = |at: u64| usize::try_from(at - slice.start).unwrap_or(usize::MAX);
            let Some(text) = slice.text.get(cut(from)..cut(to)) else { continue };
            let ranges = marks.find(text, wrap).into_iter();
            found.extend(ranges.map(|(a, b)| (from + a as u64, from + b as u64)));
        }
        at += STRETCH;
    }
    found.sort_unstable();
    // What stands in an overlap was found twice, or cut by the end of the first stretch.
    found.dedup_by(|next, last| {
        let is_same = next.0 < last.1;
        last.1 = if is_same { last.1.max(next.1) } else { last.1 };
        is_same
    });
    let is_cut = found.len() > MOST_MARKS;
    found.truncate(MOST_MARKS);
    Ok(Occurrences { ranges: found, is_cut })
}

/// Hits of a conversation that are located one by one; where there are more, the next one is near.
const FEW: u64 = 2_000;

/// Where the search for the next message begins.
#[derive(Clone, Copy)]
pub(super) struct Start {
    pub position: u64,
    pub is_backwards: bool,
    pub is_inclusive: bool,
}

impl Start {
    /// The first occurrence of a new search may stand before the place where one reads.
    fn goes_round(self) -> bool {
        self.is_inclusive && !self.is_backwards
    }

    /// Which of these places, in order, comes next.
    fn next_of(self, positions: &[u64]) -> Option<usize> {
        let at = match self.is_backwards {
            true => positions.iter().rposition(|position| self.is_ahead(*position)),
            false => positions.iter().position(|position| self.is_ahead(*position)),
        };
        at.or_else(|| (self.goes_round() && !positions.is_empty()).then_some(0))
    }

    fn is_ahead(self, position: u64) -> bool {
        match position.cmp(&self.position) {
            std::cmp::Ordering::Equal => self.is_inclusive,
            order => order.is_lt() == self.is_backwards,
        }
    }
}

pub(super) fn next_message(
    case: &Case,
    id: ConversationId,
    query: &str,
    from: Start,
    cancel: &Cancel,
) -> Result<(Option<NextHit>, u64), Failure> {
    let here = Query::parse(&format!("({query}) in:{id}"))?;
    let options = SearchOptions {
        sort: SearchSort::Date,
        range: 0..FEW,
        facets: false,
        snippets: false,
        occurrences: None,
    };
    let found = case.search(&here, &options, cancel.flag())?;
    if found.total <= FEW {
        let hits = found.hits.into_iter().filter_map(|hit| match hit.item {
            ItemId::Message(id) => Some(id),
            _ => None,
        });
        let positions = case.positions_in(id, &hits.collect())?;
        let at = from.next_of(&positions);
        let next = at.map(|at| NextHit { position: positions[at], number: Some(at as u64 + 1) });
        return Ok((next, found.total));
    }
    let total = found.total;
    let marks = marks_of(case, query);
    let last = case.conversation(id)?.messages;
    // Positions before `at` (or from it on) are still to be looked at.
    let mut at = from.position + u64::from(from.is_inclusive == from.is_backwards);
    let mut goes_round = from.goes_round() && from.position > 0;
    while !cancel.is_set() {
        let range = if from.is_backwards { at.saturating_sub(GROUP)..at } else { at..at + GROUP };
        if range.is_empty() || range.start >= last {
            if !std::mem::take(&mut goes_round) {
                return Ok((None, total));
            }
            at = 0;
            continue;
        }
        let rows = case.messages(id, range.clone())?;
        let mut hits = rows.iter().filter(|row| !marks.find(&row.text, Wrap::Lines).is_empty());
        let hit = if from.is_backwards { hits.next_back() } else { hits.next() };
        if let Some(hit) = hit {
            return Ok((Some(NextHit { position: hit.position, number: None }), total));
        }
        at = if from.is_backwards { range.start } else { range.end };
    }
    Err(Failure::new("stopped"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_search_goes_round_and_the_next_occurrence_does_not() {
        let next = |position, is_backwards, is_inclusive, positions: &[u64]| {
            Start { position, is_backwards, is_inclusive }.next_of(positions)
        };
        assert_eq!(next(5, false, true, &[2, 5, 9]), Some(1));
        assert_eq!(next(10, false, true, &[2, 5, 9]), Some(0));
        assert_eq!(next(10, false, true, &[]), None);
        assert_eq!(next(5, false, false, &[2, 5, 9]), Some(2));
        assert_eq!(next(9, false, false, &[2, 5, 9]), None);
        assert_eq!(next(5, true, false, &[2, 5, 9]), Some(0));
        assert_eq!(next(2, true, false, &[2, 5, 9]), None);
    }
}
