//! Going on to what is not read, in a list, in results or in a conversation.

use crate::app::App;
use crate::app::data::{Purpose, Request};
use crate::app::history::Open;
use crate::app::reader::{Goal, Reader};
use crate::app::view::{Pane, View};
use crate::case::{NextUnread, Walk};
use crate::model::ItemId;

impl App {
    /// Goes to the next thing that is not read, in the list or conversation that one is in.
    pub(in crate::app) fn can_seek_unread(&self) -> bool {
        match (self.view, self.focus) {
            (View::Search, Pane::Results | Pane::Facets) | (View::Documents, _) => true,
            (View::Chats, Pane::List) if !self.is_inside() => self.chats.current().is_some(),
            _ => self.is_chat(),
        }
    }

    pub(in crate::app) fn next_unread(&mut self) {
        let (walk, from) = match (self.view, self.focus) {
            (View::Search, Pane::Results | Pane::Facets) => {
                let walk = Walk::Found(self.search.query.clone(), self.search.sort);
                (walk, Some(self.search.results.cursor))
            }
            (View::Documents, _) => {
                (Walk::Documents(self.filter.clone()), Some(self.documents.cursor))
            }
            (View::Chats, Pane::List) if !self.is_inside() => match self.chats.current() {
                Some(row) => (Walk::Messages(row.id), None),
                None => return,
            },
            _ => match &self.reader {
                Reader::Chat(chat) => (Walk::Messages(chat.row.id), Some(chat.cursor)),
                _ => return,
            },
        };
        // Inside of a page set its other pages come first.
        let here = match (&walk, self.open) {
            (Walk::Documents(_), Some(Open::Document(id)))
                if self.focus != Pane::List || self.is_in_parts() =>
            {
                Some(self.set_page_here().map_or(id, |page| page.id).into())
            }
            _ => None,
        };
        self.asked.remove(&Purpose::Unread);
        self.ask(Purpose::Unread, Request::Unread { walk, from, here });
    }

    /// It is known where the next unread thing is.
    pub(in crate::app) fn unread_found(&mut self, walk: &Walk, next: Option<NextUnread>) {
        let Some(NextUnread { row, unfolded, item, is_from_start }) = next else {
            return self.say("all of this is read or irrelevant", false);
        };
        match (walk, item) {
            (Walk::Documents(filter), ItemId::Document(id)) if *filter == self.filter => {
                let is_inside = row == self.documents.cursor && self.is_in_parts();
                if !unfolded.is_empty() {
                    let mut filter = self.filter.clone();
                    filter.folded.retain(|path| !unfolded.contains(path));
                    self.set_filter(filter);
                }
                self.documents.go(row);
                if self.focus == Pane::List && !is_inside {
                    self.inside_of = None;
                    self.moved();
                } else {
                    self.inside_of = self.inside_of.map(|_| id);
                    if let Some(parts) = &mut self.parts {
                        parts.go_to_page(id);
                    }
                    self.open(Open::Document(id), Goal::Start);
                    self.follow_margin();
                }
                self.say_from_start(is_from_start);
            }
            (Walk::Messages(id), _) => {
                if self.focus == Pane::List {
                    self.depart();
                    self.focus = Pane::Reader;
                }
                self.open(Open::Conversation(*id), Goal::At(row));
                self.follow_margin();
                self.say_from_start(is_from_start);
            }
            (Walk::Found(query, _), _) if *query == self.search.query => {
                self.search.results.go(row);
                self.moved();
                self.say_from_start(is_from_start);
            }
            _ => {}
        }
    }

    fn say_from_start(&mut self, is_from_start: bool) {
        if is_from_start {
            self.say("the first unread one from the start: none came after", false);
        }
    }
}
