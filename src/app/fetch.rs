//! What is asked of the case: whatever is shown and not at hand.

use super::App;
use super::data::{self, Purpose, Request};
use super::event::Effect;
use super::listing::Listing;
use super::reader::Reader;
use super::view::{Pane, View};
use crate::case::ConversationFilter;

impl App {
    /// Asks the case, unless that was the last thing asked for this purpose.
    pub(super) fn ask(&mut self, purpose: Purpose, request: Request) {
        if self.asked.get(&purpose) == Some(&request) {
            return;
        }
        self.asked.insert(purpose, request.clone());
        self.is_asked(purpose);
        self.effects.push(Effect::Ask(purpose, request));
    }

    /// Asks for whatever is shown and not at hand.
    pub(super) fn fetch(&mut self) {
        self.fetch_worklists();
        self.fetch_holds();
        self.fetch_named();
        match self.view {
            View::Documents => {
                if let Some(range) = self.documents.wanted() {
                    let filter = self.filter.clone();
                    self.ask(Purpose::List, Request::Documents { filter, range });
                }
                self.follow_part();
            }
            View::Overview => {
                if let Some(range) = self.busiest.wanted() {
                    let filter = ConversationFilter::default();
                    self.ask(Purpose::List, Request::Conversations { filter, range });
                }
                self.fetch_sessions();
            }
            View::Chats => {
                if let Some(range) = self.chats.wanted() {
                    let filter = self.chat_filter.clone();
                    self.ask(Purpose::List, Request::Conversations { filter, range });
                }
                self.fetch_sessions();
            }
            View::Entities => {
                if let Some(range) = self.people.wanted() {
                    let (sort, wanted) = (self.people_sort, self.people_filter.clone());
                    self.ask(Purpose::List, Request::People { sort, wanted, range });
                }
            }
            View::Notes => {
                if let Some(range) = self.notes.wanted() {
                    let filter = self.note_filter.clone();
                    self.ask(Purpose::List, Request::Notes { filter, range });
                }
            }
            View::Timeline => {
                if self.days.wanted().is_some() {
                    self.ask(Purpose::List, Request::Days);
                }
            }
            View::Search => {
                if let Some(range) = self.search.wanted()
                    && !self.search.query.is_empty()
                    && self.search.failure.is_none()
                {
                    let (query, options) = (self.search.query.clone(), self.search.options(range));
                    self.ask(Purpose::Search, Request::Search { query, options });
                }
            }
        }
        if self.goal.is_some() {
            // What is on its way comes with a window of its own.
            return;
        }
        let query = self.marking().to_owned();
        match &self.reader {
            Reader::Empty => {}
            Reader::Page(page) => {
                if let Some(id) = page.unchecked() {
                    self.ask(Purpose::Hold, Request::Hold(id));
                }
            }
            Reader::Text(text) => {
                for (purpose, request) in text.wants(&query) {
                    self.ask(purpose, request);
                }
            }
            Reader::Chat(chat) => {
                let unmarked = (chat.marked_by != query).then(|| chat.window());
                if let Some(range) = chat.wanted().or(unmarked) {
                    let id = chat.row.id;
                    let at = data::Around::Range(range);
                    self.ask(Purpose::Reader, Request::Conversation { id, at, query });
                }
            }
        }
    }

    /// Nobody types: what nearly would have been found may be looked for.
    pub(super) fn look_beside(&mut self) {
        if std::mem::take(&mut self.search.wants_misses) && !self.search.query.is_empty() {
            let query = self.search.query.clone();
            self.asked.remove(&Purpose::NearMisses);
            self.ask(Purpose::NearMisses, Request::NearMisses { query });
        }
    }

    /// Counts the worklists where they are shown.
    fn fetch_worklists(&mut self) {
        if matches!(self.view, View::Overview | View::Search)
            && !self.search.is_typing
            && std::mem::take(&mut self.worklists_are_stale)
        {
            self.asked.remove(&Purpose::Worklists);
            self.ask(Purpose::Worklists, Request::Worklists);
        }
        if self.view == View::Overview && std::mem::take(&mut self.readers_are_stale) {
            self.asked.remove(&Purpose::Readers);
            self.ask(Purpose::Readers, Request::Readers);
        }
    }

    /// Sessions of the open conversation and what the list says of those on the screen.
    fn fetch_sessions(&mut self) {
        let Reader::Chat(chat) = &self.reader else { return };
        let id = chat.row.id;
        let query = self.marking().to_owned();
        let Some(sessions) = self.sessions.as_mut().filter(|sessions| sessions.id == id) else {
            return self.ask(Purpose::Sessions, Request::Sessions(id));
        };
        if sessions.query != query {
            sessions.forget(&query);
        }
        if self.focus != Pane::List
            && !chat.is_going()
            && let Some(at) = Some(sessions.at(chat.cursor)).filter(|at| *at != sessions.cursor)
        {
            sessions.go(at);
        }
        if self.listing() != Listing::Sessions {
            return;
        }
        let Some(sessions) = &self.sessions else { return };
        let Some(range) = sessions.wanted() else { return };
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (first, query) = (range.start, sessions.query.clone());
        let sessions = sessions.spans[place(range.start)..place(range.end)].to_vec();
        let request = Request::SessionRows { id, first, sessions, query };
        self.ask(Purpose::SessionRows, request);
    }
}
