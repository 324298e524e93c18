//! What is done while reading, in the lists and in the search.

use super::several::ALONE;
use super::spots::Turn;
use crate::app::choice::Choice;
use crate::app::data::{Act, Around, Purpose, Request};
use crate::app::history::Open;
use crate::app::input::Input;
use crate::app::layers::{Layer, Prompt};
use crate::app::overview::number;
use crate::app::pages::{Page, PageId};
use crate::app::reader::Reader;
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::app::{App, lists};
use crate::case::{
    AccountSort, ConversationFilter, ConversationSort, DocumentFilter, DocumentSort, Listed,
    NoteFilter, SearchSort,
};
use crate::model::{DocumentId, ItemId, PartKind, Sha256};
use crate::text::quantity::grouped_count;

impl App {
    /// A conversation is read; none is while something else is on its way to the reader.
    pub(in crate::app) fn is_chat(&self) -> bool {
        let is_open = |id| self.open == Some(Open::Conversation(id));
        matches!(&self.reader, Reader::Chat(chat) if is_open(chat.row.id))
    }

    /// It is known which document a message sent along.
    pub(in crate::app) fn media_found(
        &mut self,
        name: &str,
        size: Option<u64>,
        document: Option<(DocumentId, u64)>,
    ) {
        match document {
            Some((id, found)) => {
                self.go_to(Target::Document { id, at: None });
                if let Some(said) = size.filter(|said| *said != found) {
                    let (found, said) = (grouped_count(found), grouped_count(said));
                    let text = format!(
                        "{id} has this name and {found} bytes; the export says {said}: it may be another file"
                    );
                    self.say(text, true);
                }
            }
            None => self.say(format!("{name} is not in the case"), false),
        }
    }

    pub(in crate::app) fn toggle_raw(&mut self) {
        if let Reader::Chat(chat) = &mut self.reader {
            chat.toggle_raw();
        }
    }

    pub(in crate::app) fn next_session(&mut self, is_backwards: bool) {
        if let Reader::Chat(chat) = &mut self.reader {
            chat.next_session(is_backwards);
        }
        self.moved();
    }

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

    pub(in crate::app) fn has_parts(&self) -> bool {
        match &self.reader {
            Reader::Text(text) => text.parts().len() > 1 || text.document.page_set.len() > 1,
            Reader::Chat(_) => true,
            Reader::Empty | Reader::Page(_) => false,
        }
    }

    pub(in crate::app) fn has_pages(&self) -> bool {
        let is_page = |kind| matches!(kind, PartKind::Page | PartKind::Slide | PartKind::Sheet);
        matches!(&self.reader, Reader::Text(text) if text.document.page_set.len() > 1
            || text.parts().iter().any(|part| is_page(part.kind)))
    }

    /// The pages that one reads or chooses from.
    pub(in crate::app) fn can_go_to_page(&self) -> bool {
        self.acting_pane() != Pane::List && self.has_pages()
    }

    /// What comes next: a page, a sheet, a day.
    pub(in crate::app) fn part_hint(&self, hint: &str) -> String {
        format!("{hint} {}", self.part_word())
    }

    /// What `]` and `[` go over, in a word.
    fn part_word(&self) -> &'static str {
        let Reader::Text(text) = &self.reader else { return "day" };
        let has = |kind| text.parts().iter().any(|part| part.kind == kind);
        let kinds =
            [(PartKind::Sheet, "sheet"), (PartKind::Slide, "slide"), (PartKind::Page, "page")];
        match kinds.iter().find(|(kind, _)| has(*kind)) {
            Some((_, word)) => word,
            None if text.document.page_set.len() > 1 => "page",
            None => "part",
        }
    }

    pub(in crate::app) fn next_part(&mut self, is_backwards: bool) {
        let word = self.part_word();
        match &mut self.reader {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => {
                // Pages of a set are documents of their own.
                let next = text.next_of_set(is_backwards);
                if !text.next_part(is_backwards) {
                    if let Some(id) = next {
                        return self.go_to(Target::Document { id, at: None });
                    }
                    let side = if is_backwards { "before" } else { "after" };
                    self.say(format!("no {word} {side} this one"), false);
                }
            }
            Reader::Chat(chat) => chat.next_day(is_backwards),
        }
        self.moved();
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

    /// What was typed into the filter of the list that is shown.
    pub(in crate::app) fn filter_list(&mut self, typed: String) {
        match self.view {
            View::Entities => self.filter_people(typed),
            View::Timeline => {
                self.day_filter = typed;
                self.days.go(0);
                if self.days.is_known() {
                    self.cut_days();
                }
            }
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
        self.people_sort = match self.people_sort {
            AccountSort::Messages => AccountSort::Name,
            AccountSort::Name => AccountSort::First,
            AccountSort::First => AccountSort::Last,
            AccountSort::Last => AccountSort::Messages,
        };
        self.people.forget();
        self.people.go(0);
        self.moved();
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

    pub(in crate::app) fn can_edit(&self) -> bool {
        self.is_search() || self.has_note() || (self.can_write && self.is_on_anchor())
    }

    pub(in crate::app) fn edit_here(&mut self) {
        if self.is_on_anchor() {
            return self.edit_anchor();
        }
        if self.has_note() {
            if self.has_several() {
                return self.say(ALONE, false);
            }
            return self.edit_note();
        }
        self.edit_query();
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

    /// The worklist under the cursor.
    fn worklist_here(&self) -> Option<Sha256> {
        match self.links()?.link()? {
            Target::Worklist { search, .. } => Some(*search),
            _ => None,
        }
    }

    pub(in crate::app) fn can_delete(&self) -> bool {
        self.can_write
            && (self.has_note()
                || self.worklist_here().is_some()
                || self.is_on_anchor()
                || self.can_delete_entity())
    }

    pub(in crate::app) fn delete_here(&mut self) {
        if self.delete_several() {
            return;
        }
        match self.worklist_here() {
            Some(search) => self.act(Act::DropSearch(search)),
            None if self.is_on_anchor() => self.drop_anchor(),
            None if self.can_delete_entity() => self.delete_entity(),
            None => self.delete_note(),
        }
    }

    /// What stands here although somebody deleted it.
    fn kept_here(&self) -> Option<ItemId> {
        let is_in_list = self.focus == Pane::List;
        let page = match &self.reader {
            Reader::Page(page) if self.focus == Pane::Reader => Some(&page.page),
            _ => None,
        };
        if let Some((_, cited)) = self.citation_here() {
            return cited.kept.as_ref().map(|_| ItemId::Anchor(cited.id));
        }
        match (page, self.view) {
            (Some(Page::Anchor(page)), _) => {
                page.view.kept.as_ref().map(|_| ItemId::Anchor(page.view.id))
            }
            (Some(Page::Note(note)), _) => {
                let note = &note.view.note;
                note.fields.kept.as_ref().map(|_| ItemId::Note(note.id))
            }
            (Some(Page::Entity(dossier)), _) => {
                let entity = &dossier.row.entity;
                entity.fields.kept.as_ref().map(|_| ItemId::Entity(entity.id))
            }
            (None, View::Notes) if is_in_list => {
                let entry = self.notes.current().filter(|entry| entry.kept.is_some())?;
                entry.row.id.map(ItemId::Note)
            }
            (None, View::Entities) if is_in_list => match self.people.current() {
                Some(Listed::Entity(row)) if row.entity.fields.kept.is_some() => {
                    Some(ItemId::Entity(row.entity.id))
                }
                _ => None,
            },
            _ => None,
        }
    }

    pub(in crate::app) fn can_keep(&self) -> bool {
        self.can_write && self.kept_here().is_some()
    }

    pub(in crate::app) fn keep_here(&mut self) {
        if let Some(item) = self.kept_here() {
            self.act(Act::Keep(item));
        }
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
