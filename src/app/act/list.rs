//! How lists are cut, sorted and shown, and where their cursor then stands.

use crate::app::choice::Choice;
use crate::app::data::Purpose;
use crate::app::history::Open;
use crate::app::input::Input;
use crate::app::layers::Layer;
use crate::app::pages::PageId;
use crate::app::view::View;
use crate::app::{App, lists};
use crate::case::{
    AccountSort, ConversationFilter, ConversationSort, DocumentFilter, DocumentSort, Listed,
    NoteFilter,
};
use crate::model::ItemId;

impl App {
    pub(in crate::app) fn start_filter(&mut self) {
        if self.is_notes() {
            return self.open_choice(Choice::Shown);
        }
        self.follow_now();
        let before = match self.view {
            View::Entities => self.people_filter.clone(),
            View::Timeline => self.day_filter.clone(),
            View::Chats => self.chat_filter.wanted.clone(),
            _ => lists::filter_text(&self.filter),
        };
        let place = self.list().place();
        let folded = self.filter.folded.clone();
        self.layers.push(Layer::Filter { input: Input::new(&before), before, place, folded });
    }

    /// What was typed into the filter of the list that is shown.
    pub(in crate::app) fn filter_list(&mut self, typed: String) {
        match self.view {
            View::Entities => self.filter_people(typed),
            View::Timeline => self.filter_days(typed),
            View::Chats => {
                let sort = self.chat_filter.sort;
                self.filter_chats(ConversationFilter { wanted: typed, sort });
            }
            _ => {
                // Nothing that is found is in a folder that is closed.
                let folded = Vec::new();
                let filter = lists::with_typed(&self.filter, &typed);
                self.set_filter(DocumentFilter { folded, ..filter });
                if self.filter.tree {
                    self.seeks_hit = true;
                    self.documents.go(0);
                }
            }
        }
    }

    /// Only those in whose names this stands.
    pub(in crate::app) fn filter_people(&mut self, wanted: String) {
        if self.people_filter != wanted {
            self.people_filter = wanted;
            self.kept = None;
            self.people.forget();
            self.people.go(0);
            self.asked.remove(&Purpose::List);
        }
    }

    /// Cuts the list of conversations, or sorts it otherwise.
    pub(in crate::app) fn filter_chats(&mut self, filter: ConversationFilter) {
        if self.chat_filter != filter {
            self.chat_filter = filter;
            self.kept = None;
            self.chats.forget();
            self.chats.go(0);
            self.asked.remove(&Purpose::List);
        }
    }

    /// Only the notes of a kind, or with a word.
    pub(in crate::app) fn filter_notes(&mut self, filter: NoteFilter) {
        if self.note_filter != filter {
            self.note_filter = filter;
            self.notes.forget();
            self.notes.go(0);
            self.asked.remove(&Purpose::List);
        }
    }

    /// Only the rows of the timeline that say this.
    pub(in crate::app) fn filter_days(&mut self, wanted: String) {
        if self.day_filter != wanted {
            self.day_filter = wanted;
            self.days.go(0);
            if self.days.is_known() {
                self.cut_days();
            }
        }
    }

    pub(in crate::app) fn set_filter(&mut self, mut filter: DocumentFilter) {
        if !filter.tree {
            filter.folded.clear();
        }
        if self.filter != filter {
            self.filter = filter;
            self.row_of = None;
            self.stop_rows();
            self.documents.forget();
            self.asked.remove(&Purpose::List);
        }
    }

    /// Shows all of the list again; the cursor stays on what it is on.
    pub(in crate::app) fn clear_filter(&mut self) {
        self.follow_now();
        if self.is_notes() {
            return self.show_notes(NoteFilter::default());
        }
        if self.view == View::Entities || self.is_chats() {
            let here = self.list_open().map(|(open, _)| open);
            self.filter_list(String::new());
            self.kept = here;
            return self.moved();
        }
        if self.is_timeline() {
            let here = self.days.current().cloned();
            self.filter_list(String::new());
            if let Some(at) = self.days.find(|row| Some(row) == here.as_ref()) {
                self.days.go(at);
            }
            return self.moved();
        }
        // Of a folder the first document in it.
        let here = self.documents.current().map(|entry| entry.row.id);
        self.set_filter(DocumentFilter { tree: self.filter.tree, ..DocumentFilter::default() });
        if let Some(id) = here {
            self.show_in_list(ItemId::Document(id));
            self.row_of = Some(id);
        }
        self.moved();
    }

    /// Rows came: goes to what the cursor was on under the filter, or on to the rows after these.
    pub(in crate::app) fn find_kept(&mut self) {
        let Some(kept) = self.kept else { return };
        let (at, end, total) = match kept {
            Open::Conversation(id) if self.is_chats() => {
                let end = self.chats.start() + self.chats.rows().len() as u64;
                (self.chats.find(|row| row.id == id), end, self.chats.total())
            }
            Open::Page(id) if self.view == View::Entities => {
                let is_it = |entry: &Listed| match entry {
                    Listed::Entity(row) => id == PageId::Entity(row.entity.id),
                    Listed::Account { row, .. } => id == PageId::Account(row.id()),
                    Listed::Rest(_) => false,
                };
                let end = self.people.start() + self.people.rows().len() as u64;
                (self.people.find(is_it), end, self.people.total())
            }
            _ => return self.kept = None,
        };
        // Its row is not known beforehand: those that come next are asked for until it is there.
        let is_further = at.is_none() && total.is_some_and(|total| end < total);
        if !is_further {
            self.kept = None;
        }
        self.list_mut().go(at.unwrap_or(if is_further { end } else { 0 }));
    }

    /// In a tree the first rows are folders: the cursor goes to what was found in them.
    pub(in crate::app) fn find_first_hit(&mut self) {
        let is_wanted =
            std::mem::take(&mut self.seeks_hit) && !lists::filter_text(&self.filter).is_empty();
        if is_wanted
            && self.documents.cursor == 0
            && let Some(first) = self.documents.find(|entry| entry.document().is_some())
        {
            self.documents.go(first);
        }
    }

    pub(in crate::app) fn next_sort(&mut self) {
        self.follow_now();
        if self.view == View::Entities {
            return self.next_account_sort();
        }
        if self.is_chats() {
            let sort = match self.chat_filter.sort {
                ConversationSort::Messages => ConversationSort::Last,
                ConversationSort::Last => ConversationSort::Title,
                ConversationSort::Title => ConversationSort::Unread,
                ConversationSort::Unread => ConversationSort::Messages,
            };
            self.filter_chats(ConversationFilter { sort, ..self.chat_filter.clone() });
            return self.moved();
        }
        let mut filter = self.filter.clone();
        lists::next_sort(&mut filter);
        // Only paths make a tree.
        filter.tree = false;
        self.say(format!("sorted by {}", lists::sort_name(filter.sort)), false);
        self.set_filter(filter);
        self.documents.go(0);
        self.moved();
    }

    fn next_account_sort(&mut self) {
        self.sort_people(match self.people_sort {
            AccountSort::Messages => AccountSort::Name,
            AccountSort::Name => AccountSort::First,
            AccountSort::First => AccountSort::Last,
            AccountSort::Last => AccountSort::Messages,
        });
        self.moved();
    }

    pub(in crate::app) fn sort_people(&mut self, sort: AccountSort) {
        if self.people_sort != sort {
            self.people_sort = sort;
            self.people.forget();
            self.people.go(0);
        }
    }

    /// Least first, or greatest first.
    pub(in crate::app) fn reverse_sort(&mut self) {
        self.follow_now();
        let filter = self.filter.clone();
        let descending = !filter.descending;
        self.set_filter(DocumentFilter { descending, tree: false, ..filter });
        self.documents.go(0);
        self.moved();
    }

    /// Folders with what is in them, or a list.
    pub(in crate::app) fn toggle_tree(&mut self) {
        self.follow_now();
        // Of a folder the first document in it.
        let here = self.documents.current().map(|entry| entry.row.id);
        let tree = !self.filter.tree;
        let (sort, descending) = (DocumentSort::default(), false);
        self.set_filter(DocumentFilter { tree, sort, descending, ..self.filter.clone() });
        self.documents.go(0);
        if let Some(id) = here {
            self.show_in_list(ItemId::Document(id));
            self.row_of = Some(id);
        }
        self.moved();
    }
}
