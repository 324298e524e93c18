//! Marking what the cursor is on, or all of something.

use crate::app::App;
use crate::app::data::{Act, Counted, Label, Mark, Purpose, Request};
use crate::app::layers::{Layer, Yes};
use crate::app::overview::{count, number};
use crate::app::pages::Page;
use crate::app::pages::clock::{question, question_alike};
use crate::app::reader::Reader;
use crate::app::signs::{Signed, Signs};
use crate::app::view::{Pane, View};
use crate::case::{MOST_AT_ONCE, Scope, SetPage, Shape, Walk, ZoneStatus};
use crate::model::{DocumentId, ItemId};
use std::ops::Range;

/// What a mark would be set on.
struct Here {
    items: Vec<ItemId>,
    /// As the hint line names it.
    name: &'static str,
    signs: Signs,
}

/// Rows of a list as places among what is at hand of it.
fn rows_of(rows: Range<u64>) -> Range<usize> {
    let at = |row: u64| usize::try_from(row).unwrap_or(usize::MAX);
    at(rows.start)..at(rows.end)
}

impl App {
    /// The page under the cursor of the list, where its pages are documents of their own.
    pub(in crate::app) fn set_page_here(&self) -> Option<&SetPage> {
        let is_list = self.focus == Pane::List && self.is_in_parts();
        self.parts.as_ref().filter(|_| is_list)?.page()
    }

    /// The list shows pages that are documents of their own.
    pub(in crate::app) fn is_in_pages(&self) -> bool {
        self.set_page_here().is_some()
    }

    /// The document or messages that the cursor is on.
    fn here(&self) -> Option<Here> {
        let one = |item: ItemId, name, signs| Here { items: vec![item], name, signs };
        if self.selected_rows().is_some() {
            // What is selected is marked as one, after a question.
            return None;
        }
        if let Some(page) = self.set_page_here() {
            return Some(one(page.id.into(), "page", page.into()));
        }
        match self.acting_pane() {
            Pane::List if self.view == View::Documents => {
                let entry = self.documents.current()?;
                let row = entry.document()?;
                let items = entry.documents().into_iter().map(ItemId::Document).collect();
                let name = match entry.shape {
                    Shape::Pages(_) => "page set",
                    _ => "document",
                };
                Some(Here { items, name, signs: row.into() })
            }
            Pane::Results => {
                let hit = self.search.current()?;
                let name = match hit.item {
                    ItemId::Document(_) => "document",
                    ItemId::Message(_) => "message",
                    _ => return None,
                };
                Some(one(hit.item, name, hit.into()))
            }
            Pane::Reader | Pane::Preview => match &self.reader {
                Reader::Empty | Reader::Page(_) => None,
                Reader::Text(text) => {
                    let row = &text.document.row;
                    let name = if text.document.page_set.len() > 1 { "page" } else { "document" };
                    Some(one(row.id.into(), name, row.into()))
                }
                // What is selected is marked as one, after a question.
                Reader::Chat(chat) if chat.is_selecting_messages() => None,
                Reader::Chat(chat) => {
                    let messages = chat.under_cursor();
                    let first = messages.first()?;
                    Some(Here {
                        items: messages.iter().map(|message| message.id.into()).collect(),
                        name: if messages.len() == 1 { "message" } else { "messages" },
                        signs: (*first).into(),
                    })
                }
            },
            _ => None,
        }
    }

    /// The same with the tags that are known of it.
    pub(in crate::app) fn evidence_here(&self) -> Option<(Vec<ItemId>, Vec<String>)> {
        let items = self.here()?.items;
        if let Some(page) = self.set_page_here() {
            return Some((items, page.tags.clone()));
        }
        let tags = match (self.acting_pane(), &self.reader) {
            (Pane::List, _) => self.documents.current().map(|entry| &entry.row.tags),
            (Pane::Reader | Pane::Preview, Reader::Text(text)) => Some(&text.document.row.tags),
            (Pane::Reader | Pane::Preview, Reader::Chat(chat)) => {
                chat.current().map(|message| &message.tags)
            }
            _ => None,
        };
        Some((items, tags.cloned().unwrap_or_default()))
    }

    /// All that a bulk act would be about, and that in words.
    pub(in crate::app) fn all_here(&self) -> Option<(Scope, String)> {
        if let (Some(parts), true) = (&self.parts, self.is_in_pages()) {
            let pages = parts.pages();
            let all =
                |pages: &[SetPage]| Scope::Items(pages.iter().map(|page| page.id.into()).collect());
            return Some(match self.selected_rows().and_then(|rows| pages.get(rows_of(rows))) {
                Some(pages) => (all(pages), "that are selected".to_owned()),
                None => (all(pages), "that are the pages of this set".to_owned()),
            });
        }
        if let Some(rows) = self.selected_rows().filter(|_| !self.is_notes()) {
            let walk = match self.focus {
                Pane::Results => Walk::Found(self.search.query.clone(), self.search.sort),
                _ => Walk::Documents(self.filter.clone()),
            };
            return Some((Scope::Rows(walk, rows), "that are selected".to_owned()));
        }
        match self.acting_pane() {
            Pane::List if self.view == View::Documents => {
                let words = match crate::app::lists::filter_words(&self.filter).as_str() {
                    "" => "of this case".to_owned(),
                    words => format!("in the list ({words})"),
                };
                Some((Scope::Documents(self.filter.clone()), words))
            }
            Pane::List if self.is_inside() => {
                let sessions = self.sessions.as_ref()?;
                let (session, _) = sessions.get(sessions.cursor)?;
                let words = format!("in session {} of {}", sessions.cursor + 1, sessions.id);
                Some((Scope::Messages(sessions.id, session.start..session.end()), words))
            }
            Pane::List if self.view == View::Chats => {
                let row = self.chats.current()?;
                let words = format!("in {} {}", row.id, row.title);
                Some((Scope::Messages(row.id, 0..row.messages), words))
            }
            Pane::Results if !self.search.query.is_empty() => {
                let query = self.search.query.clone();
                let words = format!("that {query} finds");
                Some((Scope::Found(query), words))
            }
            Pane::Reader | Pane::Preview => match &self.reader {
                Reader::Chat(chat) if chat.is_selecting_messages() => {
                    let range = chat.selected_messages()?;
                    let words = format!("selected in {}", chat.row.id);
                    Some((Scope::Messages(chat.row.id, range), words))
                }
                Reader::Chat(chat) => {
                    let words = format!("in {} {}", chat.row.id, chat.row.title);
                    Some((Scope::Messages(chat.row.id, 0..chat.row.messages), words))
                }
                _ => None,
            },
            _ => None,
        }
    }

    pub(in crate::app) fn can_mark(&self) -> bool {
        // A conversation of a list is marked as a whole, after a question.
        let is_evidence = self.selected_rows().is_some() && !self.is_notes();
        let is_evidence = is_evidence || self.selected_messages().is_some();
        self.here().is_some() || self.is_chat_list() || is_evidence
    }

    pub(in crate::app) fn can_mark_all(&self) -> bool {
        self.all_here().is_some()
    }

    fn is_chat_list(&self) -> bool {
        self.focus == Pane::List && self.view == View::Chats && self.chats.current().is_some()
    }

    /// `read message`. Whether the mark is on already is seen by its sign: a hint that changed
    /// with every row would be sent with every row.
    pub(in crate::app) fn mark_hint(&self, hint: &str) -> String {
        match self.here() {
            Some(here) => format!("{hint} {}", here.name),
            None if self.selected_rows().is_some() || self.selected_messages().is_some() => {
                format!("{hint} selection")
            }
            None if self.is_inside() => format!("{hint} session"),
            None => format!("{hint} conversation"),
        }
    }

    /// Sets the mark on what the cursor is on, or takes it off.
    pub(in crate::app) fn mark_here(&mut self, mark: Mark) {
        let Some(here) = self.here() else { return self.mark_all(mark) };
        let on = !here.signs.has(mark);
        self.show_mark(&here.items, mark, on);
        self.act(Act::Mark { items: here.items.into(), mark, on });
    }

    /// Asks how much it is; the question comes with the answer.
    pub(in crate::app) fn mark_all(&mut self, mark: Mark) {
        if let Some((scope, of)) = self.all_here() {
            self.asked.remove(&Purpose::Count);
            let label = Label::Mark(mark);
            self.ask(Purpose::Count, Request::Count { scope, label, of });
        }
    }

    /// It is known what a bulk act would mark: asks whether it shall.
    pub(in crate::app) fn counted(&mut self, counted: Counted) {
        let Counted { items, label, of, documents, messages, marked } = counted;
        let total = items.len() as u64;
        if total == 0 {
            return self.say("there is nothing to mark", false);
        }
        if items.len() > MOST_AT_ONCE {
            let most = number(MOST_AT_ONCE as u64);
            return self.say(format!("more than {most} at once: narrow the list first"), true);
        }
        let parts: Vec<String> =
            [(documents, "document", "documents"), (messages, "message", "messages")]
                .into_iter()
                .filter(|(amount, _, _)| *amount > 0)
                .map(|(amount, one, many)| count(amount, one, many))
                .collect();
        let on = marked < total;
        let parts = parts.join(" and ");
        let question = match (&label, on) {
            (Label::Mark(mark), true) => format!("Mark {parts} {of} as {}?", mark.name()),
            (Label::Mark(mark), false) => format!("Mark {parts} {of} as not {}?", mark.name()),
            (Label::Tag(name), true) => format!("Tag {parts} {of} #{name}?"),
            (Label::Tag(name), false) => format!("Take #{name} off {parts} {of}?"),
        };
        let mut lines = vec![question];
        match marked {
            0 => {}
            _ if on => lines.push(format!("{} of them are so already.", number(marked))),
            _ => lines.push("All of them are so now.".to_owned()),
        }
        lines.push(format!("It is one act: {} takes it back.", self.first_key("undo")));
        let act = match label {
            Label::Mark(mark) => Act::Mark { items, mark, on },
            Label::Tag(name) => Act::Tag { items, name, on },
        };
        self.layers.push(Layer::Confirm { lines, yes: Yes::Act(Box::new(act)) });
    }

    /// Asks before an export, or all that are like it, are read in another zone; its page is in
    /// the reader.
    pub(in crate::app) fn ask_zone(&mut self, export: DocumentId, act: Act) {
        let Reader::Page(page) = &self.reader else { return };
        let Page::Clock(clock, _) = &page.page else { return };
        if clock.id != export {
            return;
        }
        if !self.can_write {
            return self.say("this case is read-only: no zone can be set", true);
        }
        let mut lines = match &act {
            Act::Zone { offset, .. }
                if *offset == Some(clock.zone) && clock.status == ZoneStatus::Set =>
            {
                return self.say("it is read so already", false);
            }
            Act::Zone { offset, .. } => question(clock, *offset),
            _ => question_alike(clock),
        };
        lines.push(format!("It is one act: {} takes it back.", self.first_key("undo")));
        self.layers.push(Layer::Confirm { lines, yes: Yes::Act(Box::new(act)) });
    }

    pub(in crate::app) fn confirm(&mut self) {
        match self.layers.pop() {
            Some(Layer::Confirm { yes: Yes::Act(act), .. }) => {
                // Until it is done, which takes a moment for very many.
                self.say("writing…", false);
                self.show_marks_of(&act);
                self.selection_is_done();
                self.act(*act);
            }
            Some(Layer::Confirm { yes: Yes::Outside(id), .. }) => self.copy_out(id),
            Some(Layer::Confirm { yes: Yes::Replace, .. }) => self.write_report(true),
            Some(Layer::Confirm { yes: Yes::Edit { note, sitting }, .. }) => {
                self.open_note(note, sitting, true);
            }
            _ => {}
        }
    }

    /// What was read before a mark was written lacks it.
    pub(in crate::app) fn show_marks_again(&mut self) {
        let is_mark = |act: &&Act| matches!(act, Act::Mark { .. });
        for act in self.acts().filter(is_mark).cloned().collect::<Vec<_>>() {
            self.show_marks_of(&act);
        }
    }

    /// Shows what an act marks, where it is at hand.
    pub(in crate::app) fn show_marks_of(&mut self, act: &Act) {
        if let Act::Mark { items, mark, on } = act {
            self.show_mark(items, *mark, *on);
        }
    }

    /// Shows a mark before it is written.
    fn show_mark(&mut self, items: &[ItemId], mark: Mark, on: bool) {
        let put_on_pages = |pages: &mut [SetPage]| {
            for page in pages.iter_mut().filter(|page| items.contains(&page.id.into())) {
                page.put(mark, on);
            }
        };
        for entry in self.documents.rows_mut() {
            match &mut entry.shape {
                Shape::Pages(pages) => {
                    put_on_pages(pages);
                    entry.sum_up();
                }
                _ if items.contains(&entry.row.id.into()) => entry.row.put(mark, on),
                _ => {}
            }
        }
        if let Some(parts) = &mut self.parts {
            put_on_pages(parts.pages_mut());
        }
        for hit in self.search.results.rows_mut() {
            if items.contains(&hit.item) {
                hit.put(mark, on);
            }
        }
        let (mut done, mut conversation) = (0, None);
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => {
                if items.contains(&ItemId::Document(text.document.row.id)) {
                    text.document.row.put(mark, on);
                }
                put_on_pages(&mut text.document.page_set);
            }
            Reader::Chat(chat) => {
                conversation = Some(chat.row.id);
                for message in chat.messages_mut() {
                    if items.contains(&ItemId::Message(message.id)) {
                        let before = message.signs().is_done();
                        message.put(mark, on);
                        done += i64::from(message.signs().is_done()) - i64::from(before);
                    }
                }
                chat.row.unread = chat.row.unread.saturating_add_signed(-done);
            }
        }
        for row in self.chats.rows_mut() {
            if Some(row.id) == conversation {
                row.unread = row.unread.saturating_add_signed(-done);
            }
        }
    }
}
