//! Going over the occurrences in what is read, and taking their marks off.

use super::spots::Turn;
use crate::app::App;
use crate::app::data::{Around, Purpose, Request};
use crate::app::history::Open;
use crate::app::overview::number;
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};

impl App {
    pub(in crate::app) fn next_hit(&mut self, is_backwards: bool) {
        let query = self.marking().to_owned();
        let goes_round = self.turn.is_some() && self.turn == self.turn_here(is_backwards);
        self.turn = None;
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => self.say("no occurrence here", false),
            Reader::Text(text) => {
                if text.hits().is_none() {
                    self.say("still searching this text", false);
                } else if goes_round {
                    text.outermost_hit(is_backwards);
                    self.say_round(is_backwards);
                } else if !text.next_hit(is_backwards) {
                    let many = text.hits().map_or(0, |hits| hits.ranges.len());
                    self.say_last(is_backwards, many as u64);
                }
            }
            Reader::Chat(chat) => {
                let (id, total) = (chat.row.id, chat.row.messages);
                let (from, is_inclusive) = match (goes_round, is_backwards) {
                    (false, _) => (chat.cursor, false),
                    (true, false) => (0, true),
                    (true, true) => (total, false),
                };
                self.asked.remove(&Purpose::Occurrences);
                let request = Request::NextMessage { id, query, from, is_backwards, is_inclusive };
                self.ask(Purpose::Occurrences, request);
                if goes_round {
                    self.say_round(is_backwards);
                }
            }
        }
        self.moved();
    }

    /// Asks which of the occurrences in a conversation one stands on.
    pub(in crate::app) fn count_hits(&mut self) {
        if let Reader::Chat(chat) = &self.reader {
            let (id, query, position) = (chat.row.id, self.marking().to_owned(), chat.cursor);
            self.ask(Purpose::Occurrences, Request::HitHere { id, query, position });
        }
    }

    /// Where one is, as far as going round the occurrences is concerned.
    fn turn_here(&self, is_backwards: bool) -> Option<Turn> {
        let at = match &self.reader {
            Reader::Empty | Reader::Page(_) => return None,
            Reader::Text(text) => text.looked_at(),
            Reader::Chat(chat) => chat.cursor,
        };
        Some(Turn { of: self.open?, query: self.marking().to_owned(), is_backwards, at })
    }

    /// Says that none comes after this one of so many, or before it; the same key then goes round.
    pub(in crate::app) fn say_last(&mut self, is_backwards: bool, many: u64) {
        if many == 0 {
            return self.say("no occurrence here", false);
        }
        self.turn = self.turn_here(is_backwards);
        let (side, command, end) = match is_backwards {
            true => ("before", "previous-hit", "last"),
            false => ("after", "next-hit", "first"),
        };
        let key = self.first_key(command);
        let many = number(many);
        self.say(
            format!("no occurrence {side} this ({many} in all) · {key} goes to the {end}"),
            false,
        );
    }

    fn say_round(&mut self, is_backwards: bool) {
        let side = if is_backwards { "end" } else { "start" };
        self.say(format!("on from the {side}"), false);
    }

    /// Nothing is said of a next occurrence where it is known that there is none.
    pub(in crate::app) fn next_hit_hint(&self, hint: &str) -> String {
        let has_none = match &self.reader {
            Reader::Empty | Reader::Page(_) => true,
            Reader::Text(text) => text.hits().is_none_or(|hits| hits.ranges.is_empty()),
            Reader::Chat(chat) => chat.has_no_hits(),
        };
        if has_none { String::new() } else { hint.to_owned() }
    }

    /// How marks are taken off is said where they are seen.
    pub(in crate::app) fn marks_hint(&self, hint: &str) -> String {
        match self.focus {
            Pane::Reader | Pane::Preview => self.next_hit_hint(hint),
            _ => String::new(),
        }
    }

    pub(in crate::app) fn clear_marks(&mut self) {
        self.find = None;
        match self.view {
            // The list is what was found: it stays.
            View::Search => self.search.is_unmarked = true,
            _ => {
                self.search.query.clear();
                self.search.restart();
            }
        }
        self.forget_marks();
    }

    /// The readers mark something else now.
    pub(in crate::app) fn forget_marks(&mut self) {
        self.asked.remove(&Purpose::Occurrences);
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => text.forget_hits(),
            Reader::Chat(chat) => {
                chat.found = None;
                // The marks come with the messages: those at hand are asked for once more. One
                // goes nowhere by that, and may be on the way to an occurrence.
                let (id, range) = (chat.row.id, chat.window());
                if self.open != Some(Open::Conversation(id)) {
                    return;
                }
                match self.goal {
                    Some(goal) => {
                        self.open = None;
                        self.open(Open::Conversation(id), goal);
                    }
                    None => {
                        let (at, query) = (Around::Range(range), self.marking().to_owned());
                        self.asked.remove(&Purpose::Reader);
                        self.ask(Purpose::Reader, Request::Conversation { id, at, query });
                    }
                }
            }
        }
    }
}
