//! What is read: texts, conversations and pages, and what is known of them.

use crate::app::App;
use crate::app::data::{Details, Marked, NextHit, Purpose, Request, Rows};
use crate::app::history::Open;
use crate::app::made::Made;
use crate::app::pages::{Page, PageId, PageReader};
use crate::app::reader::chat::ChatReader;
use crate::app::reader::grid::Grid;
use crate::app::reader::text::TextReader;
use crate::app::reader::{Goal, Reader};
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::case::{ConversationRow, Document, Slice};
use crate::model::{ConversationId, DocumentId, ItemId, MessageId};
use std::ops::Range;

impl App {
    pub(super) fn text_of(&mut self, id: DocumentId) -> Option<&mut TextReader> {
        match &mut self.reader {
            Reader::Text(text) if text.document.row.id == id => Some(text),
            _ => None,
        }
    }

    pub(super) fn chat_of(&mut self, id: ConversationId) -> Option<&mut ChatReader> {
        match &mut self.reader {
            Reader::Chat(chat) if chat.row.id == id => Some(chat),
            _ => None,
        }
    }

    pub(super) fn take_document(
        &mut self,
        document: Document,
        variant: usize,
        slice: Option<Slice>,
    ) {
        let id = document.row.id;
        if self.open != Some(Open::Document(id)) {
            return;
        }
        let goal = self.goal.take().unwrap_or(Goal::Start);
        for purpose in [
            Purpose::Occurrences,
            Purpose::Table,
            Purpose::Order,
            Purpose::Figures,
            Purpose::Anchors,
            Purpose::Watched,
        ] {
            self.asked.remove(&purpose);
        }
        let mut text = TextReader::new(document, variant, slice, goal);
        text.show_passage(self.passage.filter(|(of, _)| *of == id).map(|(_, at)| at));
        self.reader = Reader::Text(Box::new(text));
        self.view_table_as_left();
        self.list_parts();
        if self.focus == Pane::Margin {
            // Who went there before it was known wants to know who is named in this text.
            self.margin_of = None;
        }
        self.follow_margin();
    }

    pub(super) fn take_table(&mut self, id: DocumentId, table: u64, rows: Rows) {
        if !rows.rows.is_empty() {
            // The same rows may be gone to again.
            self.asked.remove(&Purpose::Table);
        }
        if let Some(grid) = self.grid_of(id, table) {
            let is_sought = rows.found.is_none() && grid.is_seeking();
            grid.take_rows(rows);
            if is_sought {
                self.say("that row is not among those that the filter leaves", false);
            }
            self.follow_margin();
        }
    }

    /// It is known where the next message is that says what is sought, and how many do.
    pub(super) fn take_next_message(
        &mut self,
        id: ConversationId,
        query: &str,
        next: Option<NextHit>,
        total: u64,
    ) {
        let is_current = query == self.marking();
        let Some(chat) = self.chat_of(id).filter(|_| is_current) else { return };
        match next {
            Some(next) => {
                chat.found = Some((next.number, total));
                chat.go(Goal::At(next.position));
                self.follow_margin();
            }
            None if total == 0 => {
                chat.found = Some((None, 0));
                // While it is typed that stands beside it.
                if !self.is_finding() {
                    self.say_last(false, 0);
                }
            }
            None => {
                let held = chat.found.and_then(|(number, _)| number);
                chat.found = Some((held, total));
                let request = self.asked.get(&Purpose::Occurrences);
                let is_backwards =
                    matches!(request, Some(Request::NextMessage { is_backwards: true, .. }));
                self.say_last(is_backwards, total);
            }
        }
    }

    pub(super) fn take_details(&mut self, details: Details, made: Made) {
        self.made = made;
        if let (Details::Document(document), Reader::Text(text)) = (&details, &mut self.reader)
            && document.row.id == text.document.row.id
        {
            text.document.row = document.row.clone();
            text.document.page_set.clone_from(&document.page_set);
            if let Some(parts) = &mut self.parts {
                parts.set_pages(&document.page_set);
            }
        }
        // The same thing once more: its marks may have changed, the place has not.
        let is_other = self.details.as_ref().is_none_or(|before| before.item() != details.item());
        self.details = Some(details);
        if is_other {
            self.margin.cursor = 0;
            self.margin.top = 0;
        }
    }

    pub(super) fn take_conversation(
        &mut self,
        row: ConversationRow,
        range: Range<u64>,
        messages: Vec<Marked>,
    ) {
        if self.open != Some(Open::Conversation(row.id)) {
            return;
        }
        match (&mut self.reader, self.goal.take()) {
            (Reader::Chat(chat), None) if chat.row.id == row.id => {
                chat.set_row(row);
                chat.set_messages(range, messages);
            }
            (_, goal) => {
                let goal = goal.unwrap_or(Goal::Start);
                let mut chat = ChatReader::new(row, range, messages, goal);
                if let Some(known) = self.sessions.as_ref().filter(|known| known.id == chat.row.id)
                {
                    chat.set_sessions(known.spans.clone());
                }
                self.reader = Reader::Chat(Box::new(chat));
                // Who went to the margin before it was there wants what it is about.
                self.margin_of = None;
                // It reaches its place once it has its size: before that the cursor is nowhere.
                self.arrange();
                self.count_hits_left();
            }
        }
        self.follow_margin();
    }

    /// It is known where a message stands: shown beside the results, or gone to.
    pub(super) fn located(&mut self, id: MessageId, conversation: ConversationId, position: u64) {
        let Some((_, is_gone_to)) = self.sought.take_if(|sought| sought.0 == id) else { return };
        if is_gone_to {
            self.go_to(Target::Conversation { id: conversation, position: Some(position) });
        } else if self.view == View::Search
            && self.search.current().is_some_and(|hit| hit.item == ItemId::Message(id))
        {
            self.open(Open::Conversation(conversation), Goal::At(position));
        }
    }

    pub(super) fn take_page(&mut self, page: Page, made: Made) {
        let id = page.id();
        if let (Page::Entity(dossier), Some(Open::Page(PageId::Entity(asked)))) = (&page, self.open)
            && dossier.merged.iter().any(|merged| merged.id == asked)
        {
            // The number of what was merged leads to what it is now.
            self.open = Some(Open::Page(id));
            self.goal.get_or_insert(Goal::Start);
            self.say(format!("{asked} is {} now", dossier.row.entity.id), false);
            self.settle_list(false);
        }
        if self.open != Some(Open::Page(id)) {
            return;
        }
        let mut page = page;
        if let Page::Note(note) = &mut page {
            note.take_holds(&self.holds);
        }
        match (&mut self.reader, self.goal.take()) {
            (Reader::Page(reader), None) if reader.id() == id => reader.renew(page, made),
            (_, goal) => {
                let reader = PageReader::new(page, made, goal.unwrap_or(Goal::Start));
                self.reader = Reader::Page(Box::new(reader));
                (self.margin.cursor, self.margin.top) = (0, 0);
            }
        }
        if let PageId::Entity(id) = id {
            self.asked.remove(&Purpose::Mentions);
            self.ask(Purpose::Mentions, Request::Mentions(id));
        }
        self.asked.remove(&Purpose::Hold);
    }

    /// The grid that an answer is for.
    pub(super) fn grid_of(&mut self, id: DocumentId, table: u64) -> Option<&mut Grid> {
        match &mut self.reader {
            Reader::Text(text) if text.document.row.id == id => {
                text.grid_mut().filter(|grid| grid.table.start == table)
            }
            _ => None,
        }
    }
}
