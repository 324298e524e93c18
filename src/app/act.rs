//! What commands do.

use super::commands::Context;
use super::data::{Around, At, Purpose, Request, groups};
use super::event::Effect;
use super::history::{Open, Place};
use super::input::Input;
use super::layers::{self, Layer};
use super::line::{Line, Links};
use super::reader::{Goal, Reader};
use super::target::Target;
use super::view::{Pane, View};
use super::{App, lists, search};
use crate::case::{DocumentFilter, Hit, SearchSort};
use crate::model::ItemId;

impl App {
    // Conditions.

    pub(super) fn is_documents(&self) -> bool {
        self.view == View::Documents
    }

    pub(super) fn is_search(&self) -> bool {
        self.view == View::Search
    }

    pub(super) fn is_filtered(&self) -> bool {
        self.is_documents() && self.filter != DocumentFilter::default()
    }

    pub(super) fn has_query(&self) -> bool {
        !self.search.query.is_empty()
    }

    pub(super) fn has_link(&self) -> bool {
        self.links().is_some_and(|links| links.link().is_some())
    }

    pub(super) fn has_suggestion(&self) -> bool {
        self.search.failure.as_ref().is_some_and(|failure| failure.suggestion.is_some())
    }

    pub(super) fn can_unfold(&self) -> bool {
        matches!(&self.reader, Reader::Chat(chat) if chat.is_folded())
    }

    pub(super) fn can_go_back(&self) -> bool {
        self.history.can_go_back()
    }

    pub(super) fn can_go_forward(&self) -> bool {
        self.history.can_go_forward()
    }

    pub(super) fn can_toggle_margin(&self) -> bool {
        self.view.panes().contains(&Pane::Margin) && self.size.0 < 120
    }

    /// The lines that the focus walks over, if it does.
    fn links(&self) -> Option<&Links> {
        match self.focus {
            Pane::Margin => Some(&self.margin),
            Pane::Facets => Some(&self.search.facets),
            Pane::Counts => Some(&self.overview[0]),
            Pane::Activity => Some(&self.overview[1]),
            Pane::Todo => Some(&self.overview[2]),
            _ => None,
        }
    }

    fn links_mut(&mut self) -> Option<&mut Links> {
        match self.focus {
            Pane::Margin => Some(&mut self.margin),
            Pane::Facets => Some(&mut self.search.facets),
            Pane::Counts => Some(&mut self.overview[0]),
            Pane::Activity => Some(&mut self.overview[1]),
            Pane::Todo => Some(&mut self.overview[2]),
            _ => None,
        }
    }

    // Moving.

    pub(super) fn step(&mut self, by: i64) {
        let height = self.focus_height();
        match self.focus {
            Pane::List if self.view == View::Chats => self.chats.step(by),
            Pane::List => self.documents.step(by),
            Pane::Results => self.search.results.step(by),
            Pane::Reader | Pane::Preview => self.reader.step(by),
            _ => {
                if let Some(links) = self.links_mut() {
                    links.step(by, height);
                }
            }
        }
        self.moved();
    }

    /// A screen (or `1/part` of it) down or up.
    pub(super) fn page(&mut self, sign: i64, part: i64) {
        let height = i64::try_from(self.focus_height()).unwrap_or(1);
        let by = match (part, self.focus) {
            // Something of the page before stays in sight.
            (1, Pane::Reader | Pane::Preview) => (height - 2).max(1),
            _ => (height / part).max(1),
        };
        match self.focus {
            Pane::Reader | Pane::Preview => self.reader.scroll(sign * by),
            Pane::Results => {
                self.search.results.step(sign * (by / search::ROWS as i64).max(1));
            }
            _ => return self.step(sign * by),
        }
        self.moved();
    }

    pub(super) fn go_start(&mut self) {
        match self.focus {
            Pane::List if self.view == View::Chats => self.chats.go(0),
            Pane::List => self.documents.go(0),
            Pane::Results => self.search.results.go(0),
            Pane::Reader | Pane::Preview => self.reader.go(Goal::Start),
            _ => self.step(-100_000),
        }
        self.moved();
    }

    pub(super) fn go_end(&mut self) {
        match self.focus {
            Pane::List if self.view == View::Chats => self.chats.go(u64::MAX),
            Pane::List => self.documents.go(u64::MAX),
            Pane::Results => self.search.results.go(u64::MAX),
            Pane::Reader | Pane::Preview => self.reader.go(Goal::End),
            _ => self.step(100_000),
        }
        self.moved();
    }

    fn focus_height(&self) -> usize {
        self.layout.pane(self.focus).map_or(1, |area| usize::from(area.height))
    }

    /// Something else is under the cursor: what stands beside it follows after a rest.
    fn moved(&mut self) {
        self.effects.push(Effect::Rest);
    }

    pub(super) fn next_pane(&mut self, by: i64) {
        let panes = self.view.panes();
        let at = panes.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        let count = i64::try_from(panes.len()).unwrap_or(1);
        let next = (i64::try_from(at).unwrap_or(0) + by).rem_euclid(count);
        self.focus = panes[usize::try_from(next).unwrap_or(0)];
        self.follow();
    }

    /// One column out; from the outermost, back to where one came from.
    pub(super) fn leave(&mut self) {
        match self.focus {
            Pane::Reader => self.focus = Pane::List,
            Pane::Margin => self.focus = Pane::Reader,
            Pane::Preview | Pane::Facets => self.focus = Pane::Results,
            Pane::Results => self.go_back(),
            Pane::List | Pane::Counts | Pane::Activity | Pane::Todo => {}
        }
    }

    pub(super) fn toggle_margin(&mut self) {
        self.focus = if self.focus == Pane::Margin { Pane::Reader } else { Pane::Margin };
        self.follow();
    }

    // Going somewhere.

    /// Where one is, to come back to.
    fn place(&self) -> Place {
        let list = match self.view {
            View::Documents | View::Overview => (self.documents.cursor, self.documents.top),
            View::Chats => (self.chats.cursor, self.chats.top),
            View::Search => (self.search.results.cursor, self.search.results.top),
        };
        let reader = match (self.open, self.goal) {
            (Some(open), Some(goal)) => Some((open, goal)),
            (Some(open), None) => self.reader.place().map(|goal| (open, goal)),
            (None, _) => None,
        };
        Place {
            view: self.view,
            focus: self.focus,
            list,
            filter: self.filter.clone(),
            query: self.search.query.clone(),
            reader,
            links: match self.view {
                View::Overview => [0, 1, 2].map(|column: usize| self.overview[column].cursor),
                View::Search => [self.search.facets.cursor, 0, 0],
                _ => [self.margin.cursor, 0, 0],
            },
        }
    }

    /// Remembers where one is before going on.
    fn depart(&mut self) {
        let place = self.place();
        self.places.insert(place.view, place.clone());
        self.history.leave(place);
    }

    fn arrive(&mut self, place: Place) {
        let here = self.place();
        self.places.insert(here.view, here);
        self.view = place.view;
        self.focus = place.focus;
        self.search.is_typing = false;
        // Marks stay when one leaves the search, until it is another one.
        if place.view == View::Search && self.search.query != place.query {
            self.search.query.clone_from(&place.query);
            self.search.input.set(&place.query);
            self.search.restart();
            self.asked.remove(&Purpose::Search);
            self.forget_marks();
        }
        match place.view {
            View::Documents => {
                self.set_filter(place.filter);
                (self.documents.cursor, self.documents.top) = place.list;
            }
            View::Chats => (self.chats.cursor, self.chats.top) = place.list,
            View::Search => {
                (self.search.results.cursor, self.search.results.top) = place.list;
                self.search.facets.cursor = place.links[0];
            }
            View::Overview => {
                for (links, cursor) in self.overview.iter_mut().zip(place.links) {
                    links.cursor = cursor;
                }
            }
        }
        if let Some((open, goal)) = place.reader {
            self.open(open, goal);
        }
        self.follow_margin();
    }

    pub(super) fn go_back(&mut self) {
        let here = self.place();
        if let Some(place) = self.history.back(here) {
            self.arrive(place);
        }
    }

    pub(super) fn go_forward(&mut self) {
        let here = self.place();
        if let Some(place) = self.history.forward(here) {
            self.arrive(place);
        }
    }

    /// To a section, as one left it.
    pub(super) fn visit(&mut self, view: View) {
        self.layers.clear();
        if view == self.view {
            self.focus = view.first_focus();
            return;
        }
        self.depart();
        match self.places.get(&view).cloned() {
            Some(place) => self.arrive(place),
            None => {
                self.view = view;
                self.focus = view.first_focus();
                self.open = None;
                self.goal = None;
                self.reader = Reader::Empty;
                self.follow();
            }
        }
    }

    pub(super) fn go_to(&mut self, target: Target) {
        match target {
            Target::Overview => self.visit(View::Overview),
            Target::Chats => self.visit(View::Chats),
            Target::Documents(filter) => {
                self.depart();
                self.view = View::Documents;
                self.focus = Pane::List;
                self.set_filter(filter);
                self.documents.go(0);
                self.follow();
            }
            Target::Document { id, at } => {
                self.depart();
                self.view = View::Documents;
                self.focus = Pane::Reader;
                self.show_in_list(ItemId::Document(id));
                self.open(Open::Document(id), at.map_or(Goal::Start, Goal::At));
                self.follow_margin();
            }
            Target::Conversation { id, position } => {
                self.depart();
                self.view = View::Chats;
                self.focus = Pane::Reader;
                self.show_in_list(ItemId::Conversation(id));
                self.open(Open::Conversation(id), position.map_or(Goal::Start, Goal::At));
                self.follow_margin();
            }
            Target::Message(id) => {
                self.asked.remove(&Purpose::Locate);
                self.ask(Purpose::Locate, Request::Locate(id));
            }
            Target::Search(query) => {
                self.depart();
                self.run_query(&query);
            }
            Target::Narrow(filter) => {
                let query = self.search.narrow(&filter);
                self.depart();
                self.run_query(&query);
            }
            Target::Replace { from, to } => {
                let query = self.search.query.replacen(&from, &to, 1);
                self.depart();
                self.run_query(&query);
            }
        }
    }

    fn run_query(&mut self, query: &str) {
        self.view = View::Search;
        self.focus = Pane::Results;
        self.search.is_typing = false;
        self.search.input.set(query);
        self.query_changed();
    }

    /// Moves the list's cursor to what was opened from elsewhere, where that is known.
    fn show_in_list(&mut self, item: ItemId) {
        match item {
            ItemId::Document(id) => {
                if self.filter != DocumentFilter::default() {
                    self.set_filter(DocumentFilter::default());
                }
                // Numbers are given in the order of the list; the answer puts it right.
                self.documents.go(u64::try_from(id.0 - 1).unwrap_or(0));
            }
            ItemId::Conversation(id) => {
                if let Some(at) = self.chats.rows().iter().position(|row| row.id == id) {
                    self.chats.go(self.chats.start() + at as u64);
                }
            }
            _ => {}
        }
    }

    /// Shows something in the reader.
    pub(super) fn open(&mut self, open: Open, goal: Goal) {
        if self.open == Some(open) && self.goal.is_none() && self.reader_holds(open) {
            self.effects.push(Effect::Cancel(Purpose::Reader));
            self.asked.remove(&Purpose::Reader);
            self.reader.go(goal);
            return;
        }
        self.open = Some(open);
        self.goal = Some(goal);
        self.asked.remove(&Purpose::Reader);
        let request = match open {
            Open::Document(id) => {
                let at = match goal {
                    Goal::Start => At::Offset(0),
                    Goal::End => At::End,
                    Goal::At(offset) => At::Offset(offset),
                    Goal::Anchor(anchor, _) => At::Offset(anchor.block),
                };
                Request::Document { id, at }
            }
            Open::Conversation(id) => {
                let at = match goal {
                    Goal::Start => Around::Range(groups(0, 0)),
                    Goal::End => Around::End,
                    Goal::At(position) => Around::Range(groups(position, position)),
                    Goal::Anchor(anchor, _) => Around::Range(groups(anchor.block, anchor.block)),
                };
                Request::Conversation { id, at, query: self.search.query.clone() }
            }
        };
        self.ask(Purpose::Reader, request);
    }

    fn reader_holds(&self, open: Open) -> bool {
        match (&self.reader, open) {
            (Reader::Text(text), Open::Document(id)) => text.document.row.id == id,
            (Reader::Chat(chat), Open::Conversation(id)) => chat.row.id == id,
            _ => false,
        }
    }

    /// The reader and the margin follow the cursor.
    pub(super) fn follow(&mut self) {
        match (self.view, self.focus) {
            (View::Documents, Pane::List) => {
                if let Some(id) = self.documents.current().map(|row| row.id) {
                    self.preview(Open::Document(id), Goal::Start);
                }
            }
            (View::Chats, Pane::List) => {
                if let Some(id) = self.chats.current().map(|row| row.id) {
                    self.preview(Open::Conversation(id), Goal::Start);
                }
            }
            (View::Search, Pane::Results) => self.preview_hit(),
            _ => {}
        }
        self.follow_margin();
    }

    fn preview(&mut self, open: Open, goal: Goal) {
        if self.open != Some(open) {
            self.open(open, goal);
        }
    }

    fn preview_hit(&mut self) {
        let Some(hit) = self.search.results.current() else { return };
        match (hit.item, hit.conversation) {
            (ItemId::Document(id), _) => {
                let goal = first_of(hit).map_or(Goal::Start, Goal::At);
                self.open(Open::Document(id), goal);
            }
            (ItemId::Message(id), Some(_)) => {
                self.asked.remove(&Purpose::Locate);
                self.ask(Purpose::Locate, Request::Locate(id));
            }
            _ => {}
        }
    }

    /// The margin is about what the cursor is on.
    pub(super) fn follow_margin(&mut self) {
        if !matches!(self.view, View::Documents | View::Chats) {
            return;
        }
        let item = match (&self.reader, self.open) {
            (Reader::Chat(chat), Some(Open::Conversation(id))) if chat.row.id == id => {
                match chat.current().filter(|_| self.focus != Pane::List) {
                    Some(message) => ItemId::Message(message.id),
                    None => ItemId::Conversation(id),
                }
            }
            (_, Some(Open::Conversation(id))) => ItemId::Conversation(id),
            (_, Some(Open::Document(id))) => ItemId::Document(id),
            (_, None) => return,
        };
        if self.focus != Pane::Margin || self.margin_of.is_none() {
            self.margin_of = Some(item);
            self.ask(Purpose::Margin, Request::Details(item));
        }
    }

    pub(super) fn open_current(&mut self) {
        match self.focus {
            Pane::List => {
                let open = match self.view {
                    View::Chats => self.chats.current().map(|row| Open::Conversation(row.id)),
                    _ => self.documents.current().map(|row| Open::Document(row.id)),
                };
                if let Some(open) = open {
                    self.depart();
                    self.preview(open, Goal::Start);
                    self.focus = Pane::Reader;
                    self.follow_margin();
                }
            }
            Pane::Results => {
                let Some(hit) = self.search.results.current() else { return };
                let target = match hit.item {
                    ItemId::Document(id) => Target::Document { id, at: first_of(hit) },
                    ItemId::Message(id) => Target::Message(id),
                    ItemId::Conversation(id) => Target::Conversation { id, position: None },
                    ItemId::Participant(_) | ItemId::Source(_) => return,
                };
                self.opening = true;
                self.go_to(target);
            }
            _ => {}
        }
    }

    pub(super) fn follow_link(&mut self) {
        if let Some(target) = self.links().and_then(|links| links.link().cloned()) {
            self.opening = true;
            self.go_to(target);
        }
    }

    // While reading.

    pub(super) fn unfold(&mut self) {
        if let Reader::Chat(chat) = &mut self.reader {
            chat.unfold();
        }
    }

    pub(super) fn next_hit(&mut self, is_backwards: bool) {
        let query = self.search.query.clone();
        match &mut self.reader {
            Reader::Empty => {}
            Reader::Text(text) => {
                if !text.next_hit(is_backwards) {
                    let many = text.hits().len();
                    let side = if is_backwards { "before" } else { "after" };
                    self.say(format!("no occurrence {side} this ({many} in all)"), false);
                }
            }
            Reader::Chat(chat) => {
                let (id, from) = (chat.row.id, chat.cursor);
                self.asked.remove(&Purpose::Occurrences);
                let request = Request::NextMessage { id, query, from, is_backwards };
                self.ask(Purpose::Occurrences, request);
            }
        }
        self.moved();
    }

    pub(super) fn next_part(&mut self, is_backwards: bool) {
        match &mut self.reader {
            Reader::Empty => {}
            Reader::Text(text) => text.next_part(is_backwards),
            Reader::Chat(chat) => chat.next_day(is_backwards),
        }
        self.moved();
    }

    pub(super) fn clear_marks(&mut self) {
        self.search.query.clear();
        self.search.restart();
        self.forget_marks();
    }

    /// The readers mark something else now.
    fn forget_marks(&mut self) {
        self.asked.remove(&Purpose::Occurrences);
        match &mut self.reader {
            Reader::Empty => {}
            Reader::Text(text) => text.set_hits(Vec::new()),
            Reader::Chat(chat) => {
                // The marks come with the messages.
                let place = Goal::Anchor(chat.anchor, chat.cursor);
                let id = chat.row.id;
                if self.open == Some(Open::Conversation(id)) {
                    self.open = None;
                    self.open(Open::Conversation(id), place);
                }
            }
        }
    }

    // The list.

    pub(super) fn start_filter(&mut self) {
        let before = self.filter.path.clone();
        self.layers.push(Layer::Filter { input: Input::new(&before), before });
    }

    pub(super) fn clear_filter(&mut self) {
        self.set_filter(DocumentFilter::default());
        self.moved();
    }

    pub(super) fn next_sort(&mut self) {
        let mut filter = self.filter.clone();
        lists::next_sort(&mut filter);
        self.say(format!("sorted by {}", lists::sort_name(filter.sort)), false);
        self.set_filter(filter);
        self.documents.go(0);
        self.moved();
    }

    pub(super) fn set_filter(&mut self, filter: DocumentFilter) {
        if self.filter != filter {
            self.filter = filter;
            self.documents.forget();
            self.asked.remove(&Purpose::List);
        }
    }

    // The search.

    pub(super) fn start_search(&mut self) {
        if self.view != View::Search {
            self.depart();
            self.view = View::Search;
        }
        self.focus = Pane::Results;
        self.search.input.set("");
        self.search.is_typing = true;
    }

    pub(super) fn edit_query(&mut self) {
        self.focus = Pane::Results;
        self.search.is_typing = true;
    }

    pub(super) fn query_changed(&mut self) {
        if self.search.accept() {
            self.asked.remove(&Purpose::Search);
            self.effects.push(Effect::Cancel(Purpose::Search));
            self.effects.push(Effect::Cancel(Purpose::NearMisses));
            self.forget_marks();
            self.moved();
        }
    }

    pub(super) fn stop_typing(&mut self) {
        self.search.is_typing = false;
        self.focus = Pane::Results;
        self.follow();
    }

    pub(super) fn cancel_typing(&mut self) {
        self.search.is_typing = false;
        if self.search.query.is_empty() {
            self.go_back();
        }
        self.search.input.set(&self.search.query.clone());
    }

    pub(super) fn to_facets(&mut self) {
        self.search.is_typing = false;
        self.focus = Pane::Facets;
    }

    pub(super) fn take_suggestion(&mut self) {
        if let Some(better) =
            self.search.failure.as_ref().and_then(|failure| failure.suggestion.clone())
        {
            self.search.input.set(&better);
            self.query_changed();
        }
    }

    pub(super) fn next_result_sort(&mut self) {
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

    // What lies over the desk.

    pub(super) fn open_help(&mut self) {
        let contexts = self.desk_contexts();
        self.layers.push(Layer::Help { filter: Input::default(), top: 0, contexts });
    }

    pub(super) fn open_palette(&mut self) {
        let contexts = self.desk_contexts();
        self.layers.push(Layer::Palette { input: Input::default(), cursor: 0, contexts });
    }

    pub(super) fn close_layer(&mut self) {
        self.layers.pop();
    }

    pub(super) fn scroll_layer(&mut self, by: i64) {
        let most = match self.layers.last() {
            Some(Layer::Help { filter, contexts, .. }) => self.help_lines(filter.text(), contexts).len(),
            Some(Layer::Palette { input, contexts, .. }) => layers::palette(input.text(), contexts).len(),
            _ => 0,
        };
        let by = isize::try_from(by).unwrap_or(0);
        if let Some(Layer::Help { top: at, .. } | Layer::Palette { cursor: at, .. }) = self.layers.last_mut() {
            *at = at.saturating_add_signed(by).min(most.saturating_sub(1));
        }
    }

    /// Lines of the help for these contexts.
    pub fn help_lines(&self, filter: &str, contexts: &[Context]) -> Vec<Line> {
        layers::help_lines(filter, contexts, &self.keymap, |command| (command.when)(self))
    }

    /// What was typed into a layer changed.
    pub(super) fn layer_changed(&mut self) {
        match self.layers.last_mut() {
            Some(Layer::Help { top, .. }) => *top = 0,
            Some(Layer::Palette { cursor, .. }) => *cursor = 0,
            Some(Layer::Filter { input, .. }) => {
                let path = input.text().to_owned();
                self.set_filter(DocumentFilter { path, ..self.filter.clone() });
                self.documents.go(0);
                self.moved();
            }
            None => {}
        }
    }

    pub(super) fn drop_filter(&mut self) {
        if let Some(Layer::Filter { before, .. }) = self.layers.pop() {
            self.set_filter(DocumentFilter { path: before, ..self.filter.clone() });
        }
    }

    pub(super) fn run_from_palette(&mut self) {
        let Some(Layer::Palette { input, cursor, contexts }) = self.layers.pop() else { return };
        if let Ok(item) = input.text().trim().parse::<ItemId>() {
            let target = match item {
                ItemId::Document(id) => Target::Document { id, at: None },
                ItemId::Message(id) => Target::Message(id),
                ItemId::Conversation(id) => Target::Conversation { id, position: None },
                ItemId::Participant(_) | ItemId::Source(_) => {
                    return self.say(format!("{item} cannot be opened yet"), false);
                }
            };
            self.opening = true;
            return self.go_to(target);
        }
        match layers::palette(input.text(), &contexts).get(cursor) {
            Some(command) if (command.when)(self) => (command.run)(self),
            Some(command) => self.say(format!("{} means nothing here now", command.name), false),
            None => self.say("no such command", false),
        }
    }

    // Everything else.

    pub(super) fn copy_id(&mut self) {
        let id = match self.focus {
            Pane::Results => self.search.results.current().map(|hit| hit.item.to_string()),
            Pane::List if self.view == View::Chats => {
                self.chats.current().map(|row| row.id.to_string())
            }
            Pane::List => self.documents.current().map(|row| row.id.to_string()),
            _ => match &self.reader {
                Reader::Chat(chat) => chat.current().map(|message| message.id.to_string()),
                Reader::Text(text) => Some(text.document.row.id.to_string()),
                Reader::Empty => None,
            },
        };
        if let Some(id) = id {
            self.say(format!("copied {id}"), false);
            self.effects.push(Effect::Copy(id));
        }
    }

    pub(super) fn refresh(&mut self) {
        self.asked.clear();
        self.ask(Purpose::Status, Request::Status);
        self.documents.forget();
        self.chats.forget();
        self.search.results.forget();
        self.effects.push(Effect::Redraw);
    }

    pub(super) fn suspend(&mut self) {
        self.effects.push(Effect::Suspend);
    }

    pub(super) fn quit(&mut self) {
        self.effects.push(Effect::Quit);
    }

    // The mouse.

    pub(super) fn click(&mut self, x: u16, y: u16) {
        if !self.layers.is_empty() {
            return self.close_layer();
        }
        if let Some(tabs) = self.layout.tabs.filter(|tabs| tabs.contains(x, y)) {
            return self.click_tab(usize::from(x - tabs.x), usize::from(tabs.width));
        }
        let Some((pane, area)) = self.layout.pane_at(x, y) else { return };
        self.search.is_typing = false;
        self.focus = pane;
        let row = u64::from(y - area.y);
        match pane {
            Pane::List if self.view == View::Chats => self.chats.go(self.chats.top + row),
            Pane::List => self.documents.go(self.documents.top + row),
            Pane::Results => {
                self.search.results.go(self.search.results.top + row / search::ROWS as u64);
            }
            Pane::Reader | Pane::Preview => {}
            _ => {
                if let Some(links) = self.links_mut() {
                    let at = links.top + usize::from(y - area.y);
                    if links.lines.get(at).is_some_and(|line| line.is_stop) {
                        links.cursor = at;
                    }
                }
            }
        }
        self.moved();
    }

    fn click_tab(&mut self, column: usize, cells: usize) {
        let mut end = 0;
        let mut tab = None;
        for span in self.tabs(cells).spans {
            let digit = span.text().get(..1).and_then(|digit| digit.parse::<usize>().ok());
            if let Some(digit) = digit {
                tab = Some(digit);
            }
            end += span.width();
            if column < end {
                break;
            }
        }
        if column < end
            && let Some(view) = tab.and_then(|tab| View::TABS.get(tab))
        {
            self.visit(*view);
        }
    }

    pub(super) fn wheel(&mut self, x: u16, y: u16, by: i64) {
        let Some((pane, _)) = self.layout.pane_at(x, y) else { return };
        let focus = std::mem::replace(&mut self.focus, pane);
        match pane {
            Pane::Reader | Pane::Preview => self.reader.scroll(by),
            _ => self.step(by),
        }
        // In the list the cursor went along, so it has the focus; elsewhere one only looked.
        self.focus = if self.layout.pane(focus).is_some() { focus } else { pane };
    }
}

/// Byte offset of the first occurrence of a hit.
fn first_of(hit: &Hit) -> Option<u64> {
    hit.ranges.first().map(|range| range.0)
}
