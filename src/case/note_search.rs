//! `kind:note`: notes are searched in memory, by the same tokens as the index has, because the
//! index holds evidence only. What was written at the same time is one text.

use super::search::{needle, side};
use super::{Case, CaseError};
use crate::model::board::NoteEntry;
use crate::model::review::without_key;
use crate::model::view::{Hit, Snippet};
use crate::model::{ItemId, NoteId, Wrap, tag, time};
use crate::query::{
    DateValue, ErrorKind, Field, Filter, Has, Kind, Node, Query, QueryError, Span, UnitKind, Value,
};
use crate::text::highlight::Marked;
use crate::text::normal::{Mode, normalize};
use std::collections::BTreeMap;

/// Bytes before the first occurrence that a snippet begins with, and of a snippet.
const BEFORE: usize = 60;
const SNIPPET: usize = 300;

/// Whether a query asks for notes: `kind:note` is all of it, or one of the things that must be so.
pub(in crate::case) fn asks_for_notes(query: &Query) -> bool {
    let is_it = |node: &Node| {
        matches!(&node.kind, Kind::Filter(filter)
            if filter.values == [Value::Kind(UnitKind::Note)])
    };
    match query.root() {
        Some(Node { kind: Kind::And(parts), .. }) => parts.iter().any(is_it),
        Some(root) => is_it(root),
        None => false,
    }
}

impl Case {
    /// Notes that a query finds, the one that was changed last first.
    ///
    /// # Errors
    /// A condition that notes cannot meet, as `size:`.
    pub(super) fn find_notes(&self, query: &Query) -> Result<Vec<Hit>, CaseError> {
        let mut texts: BTreeMap<NoteId, String> = BTreeMap::new();
        for (id, text) in self.store.all_note_texts()? {
            let own = texts.entry(id).or_default();
            if !own.is_empty() {
                own.push_str("\n\n");
            }
            own.push_str(&text);
        }
        let mut hits = Vec::new();
        for (id, entry) in self.all_notes()? {
            let Some(text) = texts.get(&id) else { continue };
            let note = Searched { query, entry: &entry, text };
            let mut ranges = Vec::new();
            let fits = match query.root() {
                Some(root) => note.fits(root, true, &mut ranges)?,
                None => true,
            };
            if fits {
                hits.push(hit(id, &entry, text, ranges));
            }
        }
        hits.sort_by(|a, b| b.date.cmp(&a.date));
        Ok(hits)
    }

    /// How many notes a query without `kind:` finds beside its evidence; nothing where it asks for
    /// what notes have not.
    pub(super) fn count_notes(&self, query: &Query) -> Result<u64, CaseError> {
        match self.find_notes(query) {
            Ok(hits) => Ok(hits.len() as u64),
            Err(CaseError::Query(_)) => Ok(0),
            Err(error) => Err(error),
        }
    }
}

struct Searched<'a> {
    query: &'a Query,
    entry: &'a NoteEntry,
    text: &'a str,
}

impl Searched<'_> {
    /// Whether the note is so. Where words stand that are wanted goes into `ranges`.
    fn fits(
        &self,
        node: &Node,
        wanted: bool,
        ranges: &mut Vec<(usize, usize)>,
    ) -> Result<bool, CaseError> {
        let found: Vec<std::ops::Range<usize>> = match &node.kind {
            Kind::Text(_) | Kind::Prefix(_) | Kind::Fuzzy { .. } => {
                let needle = needle(self.query.text(), node)?;
                Marked::new(self.text, Wrap::Flow, [&needle]).find(&needle)
            }
            Kind::Near { left, right, distance } => {
                let (left, right) =
                    (side(self.query.text(), left)?, side(self.query.text(), right)?);
                let marked = Marked::whole(self.text, Wrap::Flow, left.iter().chain(&right));
                marked.find_near(&left, &right, *distance)
            }
            Kind::Regex(regex) => {
                let machine =
                    regex.compile().map_err(|error| CaseError::Index(error.to_string()))?;
                let found = machine.find_iter(self.text).map(|found| found.range());
                found.filter(|range| !range.is_empty()).collect()
            }
            Kind::Filter(filter) => return self.meets(filter, node.span),
            Kind::Not(inner) => return Ok(!self.fits(inner, !wanted, ranges)?),
            Kind::And(parts) => {
                let mut all = true;
                for part in parts {
                    all &= self.fits(part, wanted, ranges)?;
                }
                return Ok(all);
            }
            Kind::Or(parts) => {
                let mut any = false;
                for part in parts {
                    any |= self.fits(part, wanted, ranges)?;
                }
                return Ok(any);
            }
        };
        if wanted {
            ranges.extend(found.iter().map(|range| (range.start, range.end)));
        }
        Ok(!found.is_empty())
    }

    fn meets(&self, filter: &Filter, span: Span) -> Result<bool, CaseError> {
        for value in &filter.values {
            let is_so = match value {
                Value::Kind(kind) => *kind == UnitKind::Note,
                Value::Has(Has::Note) => true,
                Value::Has(_) => false,
                Value::Date(date) => self.is_of(*date),
                Value::Text(text) => self.is_named(filter.field, text, false, span)?,
                Value::Pattern(text) => self.is_named(filter.field, text, true, span)?,
                _ => return Err(self.refuse(filter.field, span)),
            };
            if is_so {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// By when an event was, or when a note was changed last.
    fn is_of(&self, date: DateValue) -> bool {
        let span = match &self.entry.when {
            Some(when) => when.span(),
            None => {
                let changed = self.entry.row.changed.div_euclid(1000);
                (changed, changed)
            }
        };
        date.clock().is_some_and(|(from, until)| from <= span.1 && span.0 < until)
    }

    fn is_named(
        &self,
        field: Field,
        typed: &str,
        is_prefix: bool,
        span: Span,
    ) -> Result<bool, CaseError> {
        let fold = |text: &str| normalize(text, Mode::Query).text;
        let typed = fold(typed.trim_end_matches('*'));
        let is_it = |name: &str| match is_prefix {
            true => fold(name).starts_with(&typed),
            false => fold(name) == typed,
        };
        match field {
            Field::Tag => Ok(self.entry.tags.iter().any(|own| tag::spaces(own).any(is_it))),
            Field::From => {
                let author = &self.entry.row.author;
                Ok(is_it(author) || is_it(without_key(author)))
            }
            field => Err(self.refuse(field, span)),
        }
    }

    fn refuse(&self, field: Field, span: Span) -> CaseError {
        let why = format!("notes have no {}:; they have tag:, from: and date:", field.name());
        QueryError::new(ErrorKind::Unanswerable(why), span, self.query.text()).into()
    }
}

fn hit(id: NoteId, entry: &NoteEntry, text: &str, mut ranges: Vec<(usize, usize)>) -> Hit {
    ranges.sort_unstable();
    ranges.dedup();
    let first = ranges.first().map_or(0, |range| range.0);
    let mut start = first.saturating_sub(BEFORE);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (start + SNIPPET).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let marks = ranges.iter().filter(|range| range.0 >= start && range.1 <= end);
    let marks = marks.map(|range| (range.0 - start, range.1 - start)).collect();
    Hit {
        path: super::board::title(&entry.row),
        locator: match entry.row.kind {
            crate::model::finding::NoteKind::Finding => {
                format!("finding, {}", entry.standing_words())
            }
            kind => kind.word().to_owned(),
        },
        snippet: Snippet { text: text[start..end].to_owned(), start: start as u64, marks },
        occurrences: ranges.len() as u64,
        ranges: ranges.into_iter().map(|(from, to)| (from as u64, to as u64)).collect(),
        date: Some(time::clock_text_at(entry.row.changed.div_euclid(1000), 0)),
        sender: Some(entry.row.author.clone()),
        ..Hit::of(ItemId::Note(id))
    }
}

#[cfg(test)]
mod tests;
