//! The line of the search, its results and the queries that are kept.

use crate::app::App;
use crate::app::data::{Act, Purpose};
use crate::app::input::Input;
use crate::app::layers::{Layer, Prompt};
use crate::app::view::{Pane, View};
use crate::case::SearchSort;

impl App {
    pub(in crate::app) fn start_search(&mut self) {
        self.search.is_fresh = self.view != View::Search;
        if self.search.is_fresh {
            self.depart();
            self.view = View::Search;
            // What one comes from may show the same document at another place.
            self.previewed = None;
        }
        self.focus = Pane::Results;
        self.search.input.set("");
        self.search.is_typing = true;
    }

    pub(in crate::app) fn edit_query(&mut self) {
        self.search.is_fresh = false;
        self.focus = Pane::Results;
        self.search.is_typing = true;
    }

    pub(in crate::app) fn query_changed(&mut self) {
        self.search.is_fresh = false;
        if self.search.accept() {
            self.asked.remove(&Purpose::Search);
            self.cancel(Purpose::Search);
            self.cancel(Purpose::NearMisses);
            self.find = None;
            self.stop_rows();
            self.forget_marks();
        }
        // Where it is the query of before, something else may have been read meanwhile.
        self.moved();
    }

    /// The query before, or the result above.
    pub(in crate::app) fn up_while_typing(&mut self) {
        if self.search.is_recalling() { self.recall(false) } else { self.step(-1) }
    }

    /// The query after, or the result below.
    pub(in crate::app) fn down_while_typing(&mut self) {
        let is_empty = self.search.input.text().is_empty();
        if self.search.is_recalling() && !is_empty { self.recall(true) } else { self.step(1) }
    }

    pub(in crate::app) fn recall(&mut self, is_newer: bool) {
        self.search.recall(is_newer);
        self.query_changed();
    }

    pub(in crate::app) fn can_save_search(&self) -> bool {
        self.is_search() && self.has_query() && self.search.failure.is_none()
    }

    pub(in crate::app) fn start_saving_search(&mut self) {
        self.layers.push(Layer::Prompt { what: Prompt::SaveSearch, input: Input::default() });
    }

    pub(in crate::app) fn save_search(&mut self, name: &str) {
        let query = self.search.query.clone();
        let name = if name.trim().is_empty() { query.clone() } else { name.trim().to_owned() };
        self.act(Act::SaveSearch { name, query });
    }

    /// The query is used: it can be brought back from now on.
    fn remember_query(&mut self) {
        if !self.search.query.is_empty() && self.search.failure.is_none() {
            self.search.remember();
            if self.can_write {
                self.act(Act::Remember(self.search.query.clone()));
            }
        }
    }

    pub(in crate::app) fn stop_typing(&mut self) {
        if self.search.is_blank() {
            return self.cancel_typing();
        }
        self.remember_query();
        self.search.is_typing = false;
        self.focus = Pane::Results;
        self.follow();
    }

    pub(in crate::app) fn cancel_typing(&mut self) {
        self.search.is_typing = false;
        if self.search.query.is_empty() || std::mem::take(&mut self.search.is_fresh) {
            // Nothing was asked: one is where one was, whatever was searched for before.
            self.go_back();
        }
        self.search.input.set(&self.search.query.clone());
    }

    pub(in crate::app) fn focus_facets(&mut self) {
        self.search.is_typing = false;
        self.focus = Pane::Facets;
    }

    pub(in crate::app) fn take_suggestion(&mut self) {
        if let Some(better) =
            self.search.failure.as_ref().and_then(|failure| failure.suggestion.clone())
        {
            self.search.input.set(&better);
            self.query_changed();
        }
    }

    pub(in crate::app) fn next_result_sort(&mut self) {
        let (sort, name) = match self.search.sort {
            SearchSort::Relevance => (SearchSort::Date, "oldest first"),
            SearchSort::Date => (SearchSort::DateDescending, "newest first"),
            SearchSort::DateDescending => (SearchSort::Relevance, "by relevance"),
        };
        self.search.sort = sort;
        self.search.restart();
        self.asked.remove(&Purpose::Search);
        self.say(name, false);
    }
}
