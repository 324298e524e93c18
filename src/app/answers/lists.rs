//! Rows of the lists, and where the cursor then stands.

use crate::app::App;
use crate::app::data::Purpose;
use crate::app::history::Open;
use crate::app::listing::Rows;
use crate::app::reader::Reader;
use crate::app::sessions::SessionList;
use crate::app::view::Pane;
use crate::case::{
    ConversationFilter, ConversationRow, DocumentEntry, Listed, NoteEntry, Session, TimelineRow,
    Who,
};
use crate::model::{ConversationId, ItemId};
use std::ops::Range;
use std::sync::Arc;

impl App {
    pub(super) fn take_documents(
        &mut self,
        range: Range<u64>,
        rows: Vec<DocumentEntry>,
        total: u64,
        documents: u64,
    ) {
        self.documents.set(range, rows, total);
        self.documents_listed = documents;
        self.find_first_hit();
        self.follow();
    }

    pub(super) fn take_chats(
        &mut self,
        filter: &ConversationFilter,
        range: Range<u64>,
        rows: Vec<ConversationRow>,
        total: u64,
    ) {
        if *filter == ConversationFilter::default() && range.start == 0 {
            self.busiest.set(range.clone(), rows.clone(), total);
        }
        if *filter == self.chat_filter {
            let is_new = !self.chats.is_known();
            self.chats.set(range, rows, total);
            self.find_kept();
            self.settle_list(is_new);
            self.follow();
        }
    }

    pub(super) fn take_people(&mut self, range: Range<u64>, rows: Vec<Listed>, who: Who) {
        let is_new = !self.people.is_known();
        self.people.set(range, rows, who.rows);
        self.who = who;
        // Names may be others now.
        self.asked.remove(&Purpose::Named);
        self.find_kept();
        let wanted = self.new_entity.take();
        if let Some(at) = self
            .people
            .find(|entry| matches!(entry, Listed::Entity(row) if Some(row.entity.id) == wanted))
        {
            self.people.go(at);
        }
        self.settle_list(is_new);
        self.follow();
    }

    pub(super) fn take_days(&mut self, days: Vec<TimelineRow>) {
        let busy = days.iter().map(|row| match row {
            TimelineRow::Day(day) => day.documents + day.messages,
            TimelineRow::Event(_) => 0,
        });
        self.busiest_day = busy.max().unwrap_or(0);
        let is_new = !self.days.is_known();
        self.all_days = days;
        self.cut_days();
        self.settle_list(is_new);
        self.follow();
    }

    /// Notes come and go above the cursor: it stays on its own, or goes to the one just made.
    pub(super) fn take_notes(&mut self, range: Range<u64>, rows: Vec<NoteEntry>, total: u64) {
        let name = |entry: &NoteEntry| (entry.row.id, entry.row.draft);
        let is_same_list =
            std::mem::replace(&mut self.listed_notes, self.note_filter.clone()) == self.note_filter;
        let here = self.notes.current().map(name).filter(|_| is_same_list);
        let is_new = !self.notes.is_known();
        self.notes.set(range, rows, total);
        let new = self.new_note.take().map(|id| (Some(id), None));
        let found =
            new.into_iter().chain(here).find_map(|it| self.notes.find(|row| name(row) == it));
        if let Some(at) = found {
            self.notes.go(at);
        }
        self.settle_list(is_new);
        self.follow();
    }

    pub(super) fn take_sessions(&mut self, id: ConversationId, sessions: Arc<[Session]>) {
        // Where it is not read any more, they are asked for again when it is.
        self.asked.remove(&Purpose::Sessions);
        if let Reader::Chat(chat) = &self.reader
            && chat.row.id == id
        {
            // Where other evidence came, what the list says of its rows stands.
            let known = self.sessions.as_ref().filter(|known| known.id == id);
            if known.is_none_or(|known| known.spans != sessions) {
                let mut list = SessionList::new(id, sessions.clone());
                list.forget(self.marking());
                list.go(list.at(chat.cursor));
                let is_it = |left: &mut (Open, _)| left.0 == Open::Conversation(id);
                let left = self.inside_left.take_if(is_it);
                if let Some((_, place)) = left {
                    list.set_place(place);
                }
                self.sessions = Some(list);
                self.lags |= left.is_some() && self.focus == Pane::List && self.is_inside();
                // The same rows may be wanted once more.
                self.asked.remove(&Purpose::SessionRows);
            }
            if let Reader::Chat(chat) = &mut self.reader {
                chat.set_sessions(sessions);
            }
        }
    }

    /// The cursor of the list stands on what was opened from elsewhere. In a list that was there
    /// before, whoever has its keys is where they want to be.
    pub(super) fn settle_list(&mut self, is_new: bool) {
        let is_free = match self.focus {
            Pane::Reader | Pane::Margin => true,
            Pane::List => is_new,
            _ => false,
        };
        if self.lags || !is_free || self.editor_pane() == Some(Pane::Reader) {
            return;
        }
        match self.open {
            Some(Open::Conversation(id)) => self.show_in_list(ItemId::Conversation(id)),
            _ => self.show_page_in_list(),
        }
    }
}
