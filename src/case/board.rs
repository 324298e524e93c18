//! Notes as they hang together: the grouped list, the page of a note with what stands around it,
//! events, conflicts. There are thousands of notes, not millions: all are read at once.
//!
//! What is a conflict here is decided by what can be read off without understanding a sentence:
//!
//! - Two claims that answer the same question with dates that cannot both be right, doubts
//!   (`2021-03?`) allowed for. Events under one question are a course of things, so two of them
//!   differ only where they rest on the same evidence.
//! - A claim that supports itself by an anchor which another one counts against itself.
//! - An event that rests on evidence which is older than it. What is younger speaks of the past, as
//!   people do.
//!
//! What is refuted is decided, and conflicts with nothing.

use super::{Case, CaseError};
use crate::model::board::{
    CitedAs, Conflict, EventRow, NoteEntry, NoteFilter, NoteView, TimelineRow,
};
use crate::model::finding::{Citation, NoteFields, NoteKind, Stance, Standing};
use crate::model::note::NoteRow;
use crate::model::review::Basis;
use crate::model::{NoteId, Sha256};
use crate::store::{LinkedAnchor, NoteHead, StoreError};
use crate::text::normal::folded;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

impl Case {
    /// All notes and one's own drafts, as they are listed: questions with what answers to them,
    /// then findings, events (by their time), notes and drafts (the last one first).
    pub fn note_entries(&self, filter: NoteFilter) -> Result<Vec<NoteEntry>, CaseError> {
        let wanted = folded(&filter.wanted);
        let mut taken = Vec::new();
        for entry in self.all_notes()?.into_values() {
            if filter.takes(&entry) && self.says(&entry, &wanted)? {
                taken.push(entry);
            }
        }
        let mut entries = arranged(taken);
        if filter.kind.is_none() && filter.standing.is_none() && !filter.unchecked {
            let drafts = self.drafts()?.into_iter();
            let drafts = drafts.filter(|draft| folded(&draft.text).contains(&wanted));
            entries.extend(drafts.map(|draft| NoteEntry::plain(super::notes::row_of(draft))));
        }
        Ok(entries)
    }

    /// Whether a note says this, which is folded: in its title as it is read, its text or a tag.
    fn says(&self, entry: &NoteEntry, wanted: &str) -> Result<bool, CaseError> {
        let has = |text: &str| folded(text).contains(wanted);
        if wanted.is_empty() || entry.tags.iter().any(|tag| has(tag)) {
            return Ok(true);
        }
        let Some(id) = entry.row.id else { return Ok(has(&entry.row.title)) };
        Ok(self.store.note_texts(id)?.iter().any(|own| has(&own.text))
            || has(&self.readable(&entry.row.title)?))
    }

    /// Rows `range` of [`Case::note_entries`], and how many there are.
    pub fn note_page(
        &self,
        filter: NoteFilter,
        range: Range<u64>,
    ) -> Result<(u64, Vec<NoteEntry>), CaseError> {
        let all = self.note_entries(filter)?;
        let total = all.len() as u64;
        let at = |row: u64| usize::try_from(row.min(total)).unwrap_or(usize::MAX);
        let range = at(range.start)..at(range.end.max(range.start));
        let mut page: Vec<NoteEntry> =
            all.into_iter().skip(range.start).take(range.len()).collect();
        for entry in &mut page {
            entry.row.title = self.readable(&entry.row.title)?;
        }
        Ok((total, page))
    }

    /// A note with what stands around it.
    pub fn note_view(&self, id: NoteId) -> Result<NoteView, CaseError> {
        let note = self.note(id)?;
        let mut all = self.all_notes()?;
        let entry = all.get(&id);
        let question = entry.and_then(|entry| entry.question);
        let question = question.and_then(|id| all.get(&id).map(|asked| (id, title(&asked.row))));
        let question = question.map(|(id, asked)| Ok::<_, CaseError>((id, self.readable(&asked)?)));
        let question = question.transpose()?;
        let conflicts = entry.map_or_else(Vec::new, |entry| entry.conflicts.clone());
        all.retain(|_, entry| entry.question == Some(id));
        let mut answers: Vec<NoteEntry> = all.into_values().collect();
        answers.sort_by_key(|entry| (entry.row.kind, entry.row.id));
        for entry in &mut answers {
            entry.row.title = self.readable(&entry.row.title)?;
        }
        Ok(NoteView { note, question, answers, conflicts })
    }

    /// Events that say when they were, the earliest first.
    pub fn events(&self) -> Result<Vec<EventRow>, CaseError> {
        let mut events: Vec<EventRow> = self
            .all_notes()?
            .into_values()
            .filter(|entry| entry.row.kind == NoteKind::Event)
            .filter_map(|entry| {
                Some(EventRow {
                    id: entry.row.id?,
                    title: title(&entry.row),
                    when: entry.when?,
                    cited: entry.cited.len() as u64,
                    conflicts: entry.conflicts,
                })
            })
            .collect();
        events.sort_by_key(|event| (event.when.span(), event.id));
        for event in &mut events {
            event.title = self.readable(&event.title)?;
        }
        Ok(events)
    }

    /// The days of the evidence, and events where their time begins.
    pub fn timeline(&self) -> Result<Vec<TimelineRow>, CaseError> {
        Ok(TimelineRow::merged(self.days()?, self.events()?))
    }

    /// All notes by number, with their conflicts, without drafts.
    pub(in crate::case) fn all_notes(&self) -> Result<BTreeMap<NoteId, NoteEntry>, CaseError> {
        let mut linked: HashMap<NoteId, Vec<LinkedAnchor>> = HashMap::new();
        for anchor in self.store.linked_anchors()? {
            linked.entry(anchor.note).or_default().push(anchor);
        }
        let heads = self.store.note_heads()?;
        let ids: HashMap<Sha256, NoteId> =
            heads.iter().filter_map(|head| Some((head.operation, head.row.id?))).collect();
        let mut all = BTreeMap::new();
        for head in heads {
            let Some(id) = head.row.id else { continue };
            let mut fields: NoteFields = serde_json::from_str(&head.fields)
                .map_err(|error| StoreError::Damaged(format!("{id}: {error}")))?;
            self.name_writers(&mut fields)?;
            let linked = linked.remove(&id).unwrap_or_default();
            let mut entry = entry_of(&head, fields, linked, &ids);
            entry.row.author = self.signed_name(&head.row.author, &head.key)?;
            all.insert(id, entry);
        }
        let answered: Vec<NoteId> = all.values().filter_map(|entry| entry.question).collect();
        for question in answered {
            if let Some(entry) = all.get_mut(&question) {
                entry.answers += 1;
            }
        }
        find_conflicts(&mut all);
        Ok(all)
    }
}

fn entry_of(
    head: &NoteHead,
    fields: NoteFields,
    linked: Vec<LinkedAnchor>,
    ids: &HashMap<Sha256, NoteId>,
) -> NoteEntry {
    let said = |link: &LinkedAnchor| {
        let said = fields.citations.iter().find(|said| said.anchor == link.operation);
        said.copied().unwrap_or(Citation::of(link.operation))
    };
    let there = linked.iter().filter(|link| link.is_there).map(said);
    let now = Basis::of(head.texts.iter().copied(), &fields, there);
    let mut writers = head.authors.clone();
    writers.extend(fields.writers.iter().cloned());
    // One place counts once, however many marked it; in the order of citing.
    let mut places = HashSet::new();
    let order: HashMap<Sha256, usize> =
        fields.citations.iter().enumerate().map(|(at, own)| (own.anchor, at)).collect();
    let mut linked: Vec<(&LinkedAnchor, Stance)> =
        linked.iter().map(|link| (link, said(link).stance)).collect();
    linked.sort_by_key(|(link, _)| (order.get(&link.operation).copied(), link.anchor));
    linked.retain(|(link, stance)| {
        !link.is_there || link.place.is_none_or(|place| places.insert((place, *stance)))
    });
    let cited = linked.into_iter().map(|(link, stance)| CitedAs {
        anchor: link.anchor,
        operation: link.operation,
        stance,
        is_count: link.is_count,
        is_gone: !link.is_there,
        clock: link.clock,
    });
    NoteEntry {
        operation: Some(head.operation),
        is_answer: false,
        question: fields.question.and_then(|question| ids.get(&question).copied()),
        answers: 0,
        cited: cited.collect(),
        when: fields.when,
        tags: fields.tags,
        reviews: fields.reviews.iter().map(|own| own.state(&now, &writers)).collect(),
        conflicts: Vec::new(),
        disagreed: fields.disagreed,
        kept: fields.kept,
        row: head.row.clone(),
    }
}

/// The title of a note without the marks of a heading.
pub fn title(row: &NoteRow) -> String {
    row.title.trim().trim_start_matches(['#', ' ']).to_owned()
}

fn arranged(taken: Vec<NoteEntry>) -> Vec<NoteEntry> {
    let (questions, mut rest): (Vec<_>, Vec<_>) =
        taken.into_iter().partition(|entry| entry.row.kind == NoteKind::Question);
    rest.sort_by_key(|entry| {
        let span = entry.when.as_ref().map(|when| when.span());
        let is_event = entry.row.kind == NoteKind::Event;
        // Notes have no order of their own: the one that was changed last comes first.
        let latest = match entry.row.kind {
            NoteKind::Note => -entry.row.changed,
            _ => 0,
        };
        let kind = match entry.row.kind {
            NoteKind::Finding | NoteKind::Question => 0,
            NoteKind::Event => 1,
            NoteKind::Note => 2,
        };
        (kind, latest, span.filter(|_| is_event), entry.row.id)
    });
    let mut arranged = Vec::with_capacity(questions.len() + rest.len());
    for question in questions {
        let id = question.row.id;
        arranged.push(question);
        let (answers, others): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|entry| entry.question == id && id.is_some());
        rest = others;
        arranged.extend(answers.into_iter().map(|answer| NoteEntry { is_answer: true, ..answer }));
    }
    arranged.extend(rest);
    arranged
}

/// Both are events, which may well follow each other.
fn is_course(one: &NoteEntry, other: &NoteEntry) -> bool {
    one.row.kind == NoteKind::Event && other.row.kind == NoteKind::Event
}

/// One anchor supports both.
fn rest_on_one(one: &NoteEntry, other: &NoteEntry) -> bool {
    let supports = |entry: &NoteEntry, anchor| {
        let mut cited = entry.cited.iter();
        cited.any(|cited| cited.stance == Stance::Supports && cited.anchor == anchor)
    };
    one.cited.iter().any(|cited| supports(one, cited.anchor) && supports(other, cited.anchor))
}

fn find_conflicts(all: &mut BTreeMap<NoteId, NoteEntry>) {
    let mut found: Vec<(NoteId, Conflict)> = Vec::new();
    let mut dated: BTreeMap<NoteId, Vec<NoteId>> = BTreeMap::new();
    let mut cites: BTreeMap<crate::model::AnchorId, Vec<(NoteId, Stance)>> = BTreeMap::new();
    let stands = |entry: &NoteEntry| {
        let is_refuted =
            entry.row.kind == NoteKind::Finding && entry.row.standing == Standing::Refuted;
        entry.is_claim() && !is_refuted
    };
    for (id, entry) in all.iter().filter(|(_, entry)| stands(entry)) {
        if let (Some(question), Some(_)) = (entry.question, &entry.when) {
            dated.entry(question).or_default().push(*id);
        }
        for cited in &entry.cited {
            cites.entry(cited.anchor).or_default().push((*id, cited.stance));
        }
        let Some(when) = entry.when.as_ref().filter(|_| entry.row.kind == NoteKind::Event) else {
            continue;
        };
        let (first, _) = when.reach();
        for cited in entry.cited.iter().filter(|cited| cited.stance == Stance::Supports) {
            if let Some(clock) = cited.clock.filter(|clock| *clock < first) {
                found.push((*id, Conflict::EarlierEvidence { anchor: cited.anchor, clock }));
            }
        }
    }
    for ids in dated.values() {
        for id in ids {
            for other in ids.iter().filter(|other| *other != id) {
                let (own, theirs) = (&all[id], &all[other]);
                let (Some(at), Some(when)) = (&own.when, &theirs.when) else { continue };
                let ((first, last), (from, to)) = (at.reach(), when.reach());
                if (last < from || to < first)
                    && (!is_course(own, theirs) || rest_on_one(own, theirs))
                {
                    found.push((*id, Conflict::OtherTime { note: *other, when: when.clone() }));
                }
            }
        }
    }
    for (anchor, by) in &cites {
        for (id, stance) in by {
            let opposite = match stance {
                Stance::Supports => Stance::Contradicts,
                Stance::Contradicts => Stance::Supports,
                Stance::Context => continue,
            };
            for (note, _) in by.iter().filter(|(note, said)| note != id && *said == opposite) {
                found.push((*id, Conflict::OtherStance { note: *note, anchor: *anchor }));
            }
        }
    }
    for (id, conflict) in found {
        if let Some(entry) = all.get_mut(&id) {
            entry.conflicts.push(conflict);
        }
    }
}

#[cfg(test)]
mod tests;
