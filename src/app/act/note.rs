//! What is done with notes: what one is, where it stands, what its citations do; tags.

use crate::app::App;
use crate::app::choice::Choice;
use crate::app::data::{Act, Purpose, Request};
use crate::app::listing::Listing;
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::case::{
    Citation, Cited, Draft, Listed, NoteField, NoteFilter, NoteKind, Stance, TimelineRow,
};
use crate::model::disagreed::Slot;
use crate::model::{ItemId, NoteId};
use std::sync::Arc;

impl App {
    /// The note that the cursor is on, in whatever column; no draft.
    pub(in crate::app) fn note_at(&self) -> Option<NoteId> {
        match (self.focus, self.listing()) {
            (Pane::List, Listing::Notes) => self.notes.current().and_then(|entry| entry.row.id),
            (Pane::List, Listing::Days) => match self.days.current() {
                Some(TimelineRow::Event(event)) => Some(event.id),
                _ => None,
            },
            (Pane::Reader | Pane::Margin, _) => match &self.reader {
                Reader::Page(page) => page.note().map(|view| view.note.id),
                _ => None,
            },
            _ => None,
        }
    }

    pub(in crate::app) fn is_on_note(&self) -> bool {
        self.note_at().is_some()
    }

    fn kind_here(&self) -> Option<NoteKind> {
        self.note_at().and_then(|id| self.kind_at(id))
    }

    pub(in crate::app) fn is_on_finding(&self) -> bool {
        self.kind_here() == Some(NoteKind::Finding)
    }

    /// On something that claims something.
    pub(in crate::app) fn is_on_claim(&self) -> bool {
        self.kind_here().is_some_and(NoteKind::claims)
    }

    pub(in crate::app) fn can_answer(&self) -> bool {
        self.is_on_note() && self.kind_here() != Some(NoteKind::Question)
    }

    /// An event that has no date stands in no timeline.
    pub(in crate::app) fn date_hint(&self, hint: &str) -> String {
        let listed = |id| self.notes.rows().iter().find(|entry| entry.row.id == Some(id));
        let is_undated = self.note_at().filter(|_| self.kind_here() == Some(NoteKind::Event));
        let is_undated = is_undated.is_some_and(|id| match self.fields_at(id) {
            Some(fields) => fields.when.is_none(),
            None => listed(id).is_some_and(|entry| entry.when.is_none()),
        });
        if is_undated { hint.to_owned() } else { String::new() }
    }

    pub(in crate::app) fn choose_of_note(&mut self, choice: fn(NoteId) -> Choice) {
        if let Some(id) = self.note_at() {
            self.open_choice(choice(id));
        }
    }

    /// What the line under the cursor is about.
    fn line_about(&self) -> Option<ItemId> {
        let links = self.links()?;
        links.lines.get(links.cursor).and_then(|line| line.about)
    }

    /// The citation under the cursor, and the note that cites it.
    pub(super) fn citation_here(&self) -> Option<(NoteId, Cited)> {
        let Reader::Page(page) = &self.reader else { return None };
        let note = &page.note()?.note;
        let Some(ItemId::Anchor(id)) = self.line_about() else { return None };
        let cited = note.citations.iter().find(|cited| cited.id == id)?;
        Some((note.id, cited.clone()))
    }

    pub(in crate::app) fn is_on_citation(&self) -> bool {
        self.citation_here().is_some()
    }

    /// On a citation of something that claims something.
    pub(in crate::app) fn is_on_evidence(&self) -> bool {
        self.citation_here()
            .is_some_and(|(note, _)| self.kind_at(note).is_some_and(NoteKind::claims))
    }

    pub(in crate::app) fn set_stance(&mut self, stance: Stance) {
        if let Some((note, cited)) = self.citation_here() {
            // To say again what stands settles what two said differently.
            let slot = Slot::Citation(cited.citation.anchor);
            let is_agreed = self.fields_at(note).is_none_or(|own| own.disagreed(slot).is_none());
            if cited.citation.stance == stance && is_agreed {
                return self.say(format!("{} {} it already", cited.id, stance.word()), false);
            }
            let set = NoteField::Cite(Citation { stance, ..cited.citation });
            self.act(Act::SetNote { note, set });
        }
    }

    /// On a citation of a number.
    pub(in crate::app) fn is_on_count(&self) -> bool {
        self.citation_here().is_some_and(|(_, cited)| cited.is_count)
    }

    pub(in crate::app) fn recount(&mut self) {
        if let Some((_, cited)) = self.citation_here() {
            self.act(Act::CountAgain(cited.id));
        }
    }

    pub(in crate::app) fn choose_stance(&mut self) {
        if let Some((note, cited)) = self.citation_here() {
            self.open_choice(Choice::Stance(note, cited.citation));
        }
    }

    pub(in crate::app) fn choose_grade(&mut self) {
        if let Some((note, cited)) = self.citation_here() {
            self.open_choice(Choice::Grade(note, cited.citation));
        }
    }

    /// Begins a note of a kind that names what the cursor is on.
    pub(in crate::app) fn write_as(&mut self, kind: NoteKind) {
        if self.writing.is_some() {
            self.finish_note();
        }
        let Some(named) = self.named_for_note() else { return };
        self.begin_writing(Draft { text: named, kind, ..Draft::default() });
    }

    /// Which notes are listed from now on.
    pub(in crate::app) fn show_notes(&mut self, filter: NoteFilter) {
        self.note_filter = filter;
        self.notes.forget();
        self.asked.remove(&Purpose::List);
        self.notes.go(0);
        self.moved();
    }

    pub(in crate::app) fn is_notes(&self) -> bool {
        self.view == View::Notes
    }

    // Tags.

    /// What a tag would be given to, with the tags that it carries.
    fn tag_subject(&self) -> Option<(Vec<ItemId>, Vec<String>)> {
        if let Some(item @ (ItemId::Anchor(_) | ItemId::Entity(_))) = self.line_about() {
            return Some((vec![item], Vec::new()));
        }
        if self.is_notes() && self.selected_rows().is_some() {
            return Some((self.several_items()?.unwrap_or_default(), Vec::new()));
        }
        if let Some(id) = self.note_at() {
            let listed = self.notes.rows().iter().find(|entry| entry.row.id == Some(id));
            let mut tags = listed.map_or_else(Vec::new, |entry| entry.tags.clone());
            if let Reader::Page(page) = &self.reader
                && let Some(view) = page.note().filter(|view| view.note.id == id)
            {
                tags.clone_from(&view.note.fields.tags);
            }
            return Some((vec![ItemId::Note(id)], tags));
        }
        if let (Pane::Reader | Pane::Margin, Reader::Page(page)) = (self.focus, &self.reader)
            && let Some(item @ (ItemId::Anchor(_) | ItemId::Entity(_))) = page.id().item()
        {
            let carried = match item {
                ItemId::Anchor(id) => page.anchor_view(id).map(|view| view.tags.clone()),
                _ => None,
            };
            return Some((vec![item], carried.unwrap_or_default()));
        }
        if let (Pane::List, Some(Listed::Entity(row))) = (self.focus, self.people.current())
            && self.listing() == Listing::People
        {
            return Some((vec![ItemId::Entity(row.entity.id)], row.entity.fields.tags.clone()));
        }
        self.evidence_here()
    }

    pub(in crate::app) fn can_tag(&self) -> bool {
        self.tag_subject().is_some() || self.can_mark_all()
    }

    pub(in crate::app) fn tag_here(&mut self) {
        if let (true, Some(Err(why))) = (self.is_notes(), self.several_items()) {
            return self.say(why, false);
        }
        match self.tag_subject() {
            Some((items, carried)) => {
                let items: Arc<[ItemId]> = items.into();
                self.open_choice(Choice::Tag { items, carried });
            }
            // What is selected, or a conversation of the list, is tagged after a question.
            None => self.tag_all(),
        }
    }

    pub(in crate::app) fn tag_all(&mut self) {
        if let Some((scope, of)) = self.all_here() {
            self.open_choice(Choice::TagAll { scope, of });
        }
    }

    /// Asks for what is shown of citations and not known.
    pub(in crate::app) fn fetch_holds(&mut self) {
        let mut wanted = Vec::new();
        let mut want = |id| {
            if !self.holds.contains_key(&id) && !wanted.contains(&id) {
                wanted.push(id);
            }
        };
        if let Reader::Page(page) = &self.reader
            && let Some(view) = page.note()
        {
            let cited = view.note.citations.iter().filter(|cited| cited.line.is_some());
            cited.for_each(|cited| want(cited.id));
        }
        if self.view == View::Notes {
            let shown = self.notes.rows().iter().flat_map(|entry| &entry.cited);
            shown.filter(|cited| !cited.is_gone).for_each(|cited| want(cited.anchor));
        }
        if !wanted.is_empty() {
            self.ask(Purpose::Holds, Request::Holds(wanted));
        }
    }

    /// The evidence changed: whatever held may not hold any more.
    pub(in crate::app) fn forget_holds(&mut self) {
        self.holds.clear();
        self.asked.remove(&Purpose::Holds);
    }
}
