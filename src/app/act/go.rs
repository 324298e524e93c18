//! Going somewhere and coming back.

use crate::app::App;
use crate::app::data::{Act, Around, At, Purpose, Request, Which, groups};
use crate::app::event::Effect;
use crate::app::history::{Open, Place};
use crate::app::listing::Listing;
use crate::app::pages::{PageId, target_of};
use crate::app::reader::{Anchor, Goal, Reader};
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::case::{
    DocumentFilter, Hit, Lacking, Listed, MOST_READ, Shape, TimelineRow, day_of, day_text,
};
use crate::model::{ConversationId, ItemId};
use std::ops::Range;

impl App {
    /// Where one is, to come back to.
    pub(in crate::app) fn place(&self) -> Place {
        let list = match self.view {
            View::Search => (self.search.results.cursor, self.search.results.top),
            _ => self.list().place(),
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
            inside: self.inside,
            filter: self.filter.clone(),
            query: self.search.query.clone(),
            reader,
            which: match self.open {
                Some(Open::Document(id)) => self.chosen.get(&id).copied(),
                _ => None,
            },
            links: match self.view {
                View::Overview => [0, 1, 2].map(|column: usize| self.overview[column].cursor),
                View::Search => [self.search.facets.cursor, 0, 0],
                _ => [self.margin.cursor, 0, 0],
            },
        }
    }

    /// Remembers where one is before going on.
    pub(in crate::app) fn depart(&mut self) {
        let place = self.place();
        self.places.insert(place.view, place.clone());
        self.history.leave(place);
    }

    pub(in crate::app) fn arrive(&mut self, place: Place) {
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
            View::Chats | View::Entities | View::Notes | View::Timeline => {
                self.inside = place.inside;
                self.list_mut().set_place(place.list);
            }
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
            if let Open::Document(id) = open {
                self.choose_text(id, place.which.unwrap_or_default());
            }
            self.open(open, goal);
        }
        self.follow_margin();
    }

    pub(in crate::app) fn go_back(&mut self) {
        let here = self.place();
        if let Some(place) = self.history.back(here) {
            self.arrive(place);
        }
    }

    pub(in crate::app) fn go_forward(&mut self) {
        let here = self.place();
        if let Some(place) = self.history.forward(here) {
            self.arrive(place);
        }
    }

    /// To a section, as one left it.
    pub(in crate::app) fn visit(&mut self, view: View) {
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

    pub(in crate::app) fn go_to(&mut self, target: Target) {
        match target {
            Target::Section(view) => self.visit(view),
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
            Target::Text { id, variant } => {
                self.depart();
                self.choose_text(id, Which::Id(variant));
                self.focus = Pane::Reader;
                self.open(Open::Document(id), Goal::Start);
            }
            Target::Conversation { id, position } => {
                self.depart();
                self.view = View::Chats;
                self.focus = Pane::Reader;
                self.inside = true;
                self.show_in_list(ItemId::Conversation(id));
                self.open(Open::Conversation(id), position.map_or(Goal::Start, Goal::At));
                self.follow_margin();
            }
            Target::ConversationDay { id, day } => {
                self.locate_clock(id, i64::from(day) * 86_400..(i64::from(day) + 1) * 86_400);
            }
            Target::Page(page) => {
                self.depart();
                self.view = match page {
                    PageId::Account(_) | PageId::Entity(_) => View::Entities,
                    PageId::Note(_) | PageId::Anchor(_) | PageId::Export => View::Notes,
                    PageId::Day(_) => View::Timeline,
                    PageId::Clock(..) => View::Documents,
                };
                self.focus = Pane::Reader;
                self.open(Open::Page(page), Goal::Start);
                self.show_page_in_list();
                self.follow_margin();
            }
            Target::Passage(id) => {
                self.asked.remove(&Purpose::Locate);
                self.ask(Purpose::Locate, Request::Passage(id));
            }
            Target::Message(id) => {
                self.asked.remove(&Purpose::Locate);
                self.ask(Purpose::Locate, Request::Locate(id));
            }
            Target::Zone { export, offset } => self.ask_zone(export, Act::Zone { export, offset }),
            Target::ZoneAlike { like, offset } => {
                self.ask_zone(like, Act::ZoneAlike { like, offset });
            }
            Target::Export(change) => self.change_export(change),
            Target::Skipped => {
                self.asked.remove(&Purpose::Locate);
                self.ask(Purpose::Locate, Request::Skipped);
            }
            Target::Search(query) => {
                self.depart();
                self.run_query(&query);
            }
            Target::Worklist { query, .. } => {
                self.depart();
                self.run_query(&crate::case::unread(&query));
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

    pub(in crate::app) fn run_query(&mut self, query: &str) {
        self.view = View::Search;
        self.focus = Pane::Results;
        self.search.is_typing = false;
        self.search.input.set(query);
        self.query_changed();
    }

    /// Moves the list's cursor to what was opened from elsewhere, where that is known.
    pub(in crate::app) fn show_in_list(&mut self, item: ItemId) {
        match item {
            ItemId::Document(id) => {
                let filter = self.filter.clone();
                self.asked.remove(&Purpose::Row);
                self.ask(Purpose::Row, Request::RowOf { filter, id });
            }
            ItemId::Conversation(id) => {
                if let Some(at) = self.chats.rows().iter().position(|row| row.id == id) {
                    self.chats.go(self.chats.start() + at as u64);
                }
            }
            _ => {}
        }
    }

    /// Goes to where a time is reached in a conversation: seconds on the clock of the evidence.
    pub(in crate::app) fn locate_clock(&mut self, id: ConversationId, clock: Range<i64>) {
        self.asked.remove(&Purpose::Locate);
        self.ask(Purpose::Locate, Request::LocateClock { id, clock });
    }

    /// It is known where a time is reached, and on which day that was said.
    pub(in crate::app) fn clock_located(
        &mut self,
        id: ConversationId,
        position: u64,
        clock: &Range<i64>,
        found: Option<&str>,
    ) {
        self.go_to(Target::Conversation { id, position: Some(position) });
        let wanted = day_text(day_of(clock.start));
        match found {
            None => self.say(format!("nothing was said on {wanted} or later"), false),
            Some(day) if *day > *day_text(day_of(clock.end - 1)) => {
                self.say(format!("nothing was said on {wanted}; next is {day}"), false);
            }
            Some(_) => {}
        }
    }

    /// The item under the cursor of the list.
    pub(in crate::app) fn list_item(&self) -> Option<ItemId> {
        match self.listing() {
            Listing::Documents => {
                let entry = self.documents.current();
                entry.and_then(|entry| entry.document()).map(|row| row.id.into())
            }
            Listing::Chats => self.chats.current().map(|row| ItemId::Conversation(row.id)),
            Listing::Sessions => match &self.reader {
                Reader::Chat(chat) => chat.current().map(|message| message.id.into()),
                _ => None,
            },
            Listing::People => match self.people.current()? {
                Listed::Entity(row) => Some(ItemId::Entity(row.entity.id)),
                Listed::Account { row, .. } => Some(ItemId::Participant(row.id())),
                Listed::Rest(_) => None,
            },
            Listing::Notes => self.notes.current().and_then(|entry| entry.row.id).map(ItemId::Note),
            Listing::Days => match self.days.current()? {
                TimelineRow::Event(event) => Some(ItemId::Note(event.id)),
                TimelineRow::Day(_) => None,
            },
        }
    }

    /// What the cursor of the list opens.
    fn list_open(&self) -> Option<(Open, Goal)> {
        Some(match self.listing() {
            Listing::Documents => {
                let id = self.documents.current()?.document()?.id;
                // Those whose zone is only assumed are listed to have it set.
                let is_zone = self.filter.lacking == Some(Lacking::Zone);
                if is_zone && !self.documents.is_known() {
                    // The rows are those of the list before, whose clocks nobody asked about.
                    return None;
                }
                let open = if is_zone { Open::Page(PageId::clock(id)) } else { Open::Document(id) };
                (open, Goal::Start)
            }
            Listing::Chats => (Open::Conversation(self.chats.current()?.id), Goal::Start),
            Listing::Sessions => {
                let sessions = self.sessions.as_ref()?;
                let start = sessions.start()?;
                let anchor = Anchor { block: start, row: 0 };
                (Open::Conversation(sessions.id), Goal::Anchor(anchor, start))
            }
            Listing::People => {
                let page = match self.people.current()? {
                    Listed::Entity(row) => PageId::Entity(row.entity.id),
                    Listed::Account { row, .. } => PageId::Account(row.id()),
                    Listed::Rest(_) => return None,
                };
                (Open::Page(page), Goal::Start)
            }
            Listing::Notes => {
                (Open::Page(PageId::Note(self.notes.current()?.row.id?)), Goal::Start)
            }
            Listing::Days => match self.days.current()? {
                TimelineRow::Day(row) => (Open::Page(PageId::Day(row.day)), Goal::Start),
                TimelineRow::Event(event) => (Open::Page(PageId::Note(event.id)), Goal::Start),
            },
        })
    }

    /// Out of a conversation: the list shows all of them again.
    pub(in crate::app) fn go_outside(&mut self) {
        self.inside = false;
        if let Some(Open::Conversation(id)) = self.open {
            self.show_in_list(ItemId::Conversation(id));
        }
        self.follow_margin();
    }

    /// Moves the list's cursor to the page that was opened, where it is at hand.
    pub(in crate::app) fn show_page_in_list(&mut self) {
        let at = match self.open {
            Some(Open::Page(PageId::Account(id))) => self
                .people
                .find(|entry| matches!(entry, Listed::Account { row, .. } if row.id() == id)),
            Some(Open::Page(PageId::Entity(id))) => self
                .people
                .find(|entry| matches!(entry, Listed::Entity(row) if row.entity.id == id)),
            Some(Open::Page(PageId::Note(id))) if self.view == View::Timeline => {
                self.days.find(|row| matches!(row, TimelineRow::Event(event) if event.id == id))
            }
            Some(Open::Page(PageId::Note(id))) => self.notes.find(|entry| entry.row.id == Some(id)),
            Some(Open::Page(PageId::Day(day))) => {
                self.days.find(|row| matches!(row, TimelineRow::Day(row) if row.day == day))
            }
            Some(Open::Page(PageId::Clock(id, _))) => {
                return self.show_in_list(ItemId::Document(id));
            }
            _ => None,
        };
        if let Some(at) = at {
            self.list_mut().go(at);
        }
    }

    /// Shows something in the reader.
    pub(in crate::app) fn open(&mut self, open: Open, goal: Goal) {
        if self.open == Some(open) && self.goal.is_none() && self.reader_holds(open) {
            self.effects.push(Effect::Cancel(Purpose::Reader));
            self.asked.remove(&Purpose::Reader);
            self.reader.go(goal);
            return;
        }
        if self.find.as_ref().is_some_and(|find| find.of != open) {
            self.find = None;
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
                let which = self.chosen.get(&id).copied().unwrap_or_default();
                Request::Document { id, at, which }
            }
            Open::Page(PageId::Export) => Request::Preview(self.export_form()),
            Open::Page(page) => Request::Page(page),
            Open::Conversation(id) => {
                let at = match goal {
                    Goal::Start => Around::Range(groups(0, 0)),
                    Goal::End => Around::End,
                    Goal::At(position) => Around::Range(groups(position, position)),
                    Goal::Anchor(anchor, _) => Around::Range(groups(anchor.block, anchor.block)),
                };
                Request::Conversation { id, at, query: self.marking().to_owned() }
            }
        };
        self.ask(Purpose::Reader, request);
    }

    pub(in crate::app) fn reader_holds(&self, open: Open) -> bool {
        match (&self.reader, open) {
            (Reader::Text(text), Open::Document(id)) => {
                let which = self.chosen.get(&id).copied().unwrap_or_default();
                text.document.row.id == id && text.is(which)
            }
            (Reader::Chat(chat), Open::Conversation(id)) => chat.row.id == id,
            (Reader::Page(page), Open::Page(id)) => page.id() == id,
            _ => false,
        }
    }

    /// The reader and the margin follow the cursor.
    pub(in crate::app) fn follow(&mut self) {
        self.note_cell();
        match (self.view, self.focus) {
            (_, Pane::List) => {
                let is_walking = self.listing() == Listing::Sessions;
                match self.list_open() {
                    // Another session of the same conversation.
                    Some((open, goal)) if is_walking => self.open(open, goal),
                    Some((open, goal)) => self.preview(open, goal),
                    // Nothing is under the cursor: nothing is shown of what was.
                    None if self.listing() == Listing::Documents && self.documents.is_known() => {
                        self.close_reader();
                    }
                    None => {}
                }
            }
            (View::Search, Pane::Results) => self.preview_hit(),
            _ => {}
        }
        self.follow_margin();
    }

    pub(in crate::app) fn preview(&mut self, open: Open, goal: Goal) {
        if self.open != Some(open) {
            self.open(open, goal);
        }
    }

    /// A list of what is in the folder under the cursor.
    fn folder_here(&self) -> Option<DocumentFilter> {
        if self.listing() != Listing::Documents {
            return None;
        }
        match &self.documents.current()?.shape {
            Shape::Folder { path, .. } => {
                let separator = if path.contains('!') { "" } else { "/" };
                let path = format!("{path}{separator}");
                (self.filter.path != path).then(|| DocumentFilter { path, ..self.filter.clone() })
            }
            _ => None,
        }
    }

    /// The margin tells about the cell that the cursor rests on: every step stays cheap.
    pub(in crate::app) fn note_cell(&mut self) {
        self.cell = self.grid().map(|grid| {
            let sheet = grid.sheet();
            let sign = if sheet.is_empty() { "" } else { "!" };
            (format!("{sheet}{sign}{}", grid.address()), grid.cell().to_owned())
        });
    }

    fn close_reader(&mut self) {
        if self.open.take().is_some() {
            self.goal = None;
            self.reader = Reader::Empty;
            self.margin_of = None;
            self.effects.push(Effect::Cancel(Purpose::Reader));
            self.asked.remove(&Purpose::Reader);
        }
    }

    pub(in crate::app) fn preview_hit(&mut self) {
        let Some(hit) = self.search.results.current() else { return };
        match (hit.item, hit.conversation) {
            (ItemId::Document(id), _) => {
                let (goal, variant) = (first_of(hit).map_or(Goal::Start, Goal::At), hit.variant);
                self.choose_text(id, Which::Kind(variant));
                self.open(Open::Document(id), goal);
            }
            (ItemId::Note(id), _) => self.open(Open::Page(PageId::Note(id)), Goal::Start),
            (ItemId::Message(id), Some(_)) => {
                self.asked.remove(&Purpose::Locate);
                self.ask(Purpose::Locate, Request::Locate(id));
            }
            _ => {}
        }
    }

    /// The margin is about what the cursor is on.
    pub(in crate::app) fn follow_margin(&mut self) {
        if !self.view.panes().contains(&Pane::Margin) {
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
            // It says itself what there is to say.
            (_, Some(Open::Page(_)) | None) => return,
        };
        if self.focus != Pane::Margin || self.margin_of.is_none() {
            self.margin_of = Some(item);
            self.ask(Purpose::Margin, Request::Details(item));
            self.ask_present(item);
        }
    }

    /// Asks who is named in what is read.
    pub(in crate::app) fn ask_present(&mut self, item: ItemId) {
        let (variant, around) = match &self.reader {
            Reader::Text(text) if ItemId::Document(text.document.row.id) == item => {
                // The same stretch as long as one stays in it.
                let around = match text.total() > MOST_READ {
                    true => text.top() / (MOST_READ / 4) * (MOST_READ / 4),
                    false => 0,
                };
                (text.variant().map(|variant| variant.id), around)
            }
            _ => (None, 0),
        };
        self.ask(Purpose::Present, Request::Present { item, variant, around });
    }

    pub(in crate::app) fn can_open(&self) -> bool {
        match self.focus {
            Pane::List if self.view == View::Notes => self.notes.current().is_some(),
            Pane::List => self.folder_here().is_some() || self.list_open().is_some(),
            Pane::Results => self.search.results.current().is_some(),
            _ => false,
        }
    }

    pub(in crate::app) fn open_current(&mut self) {
        match self.focus {
            Pane::List if self.view == View::Notes && self.list_open().is_none() => {
                // A draft of a new note is nothing to read yet.
                self.edit_note();
            }
            Pane::List => {
                if let Some(filter) = self.folder_here() {
                    return self.go_to(Target::Documents(filter));
                }
                if let Some((open, goal)) = self.list_open() {
                    self.depart();
                    if self.listing() == Listing::Chats {
                        self.inside = true;
                    }
                    self.preview(open, goal);
                    self.focus = Pane::Reader;
                    self.follow_margin();
                }
            }
            Pane::Results => {
                let Some(hit) = self.search.results.current() else { return };
                let target = match hit.item {
                    ItemId::Document(id) => {
                        let (at, variant) = (first_of(hit), hit.variant);
                        self.choose_text(id, Which::Kind(variant));
                        Target::Document { id, at }
                    }
                    item => match target_of(item) {
                        Some(target) => target,
                        None => return,
                    },
                };
                self.find = None;
                self.opening = true;
                self.go_to(target);
            }
            _ => {}
        }
    }

    pub(in crate::app) fn follow_link(&mut self) {
        if let Some(target) = self.links().and_then(|links| links.link().cloned()) {
            self.opening = true;
            self.go_to(target);
        }
    }
}

/// Byte offset of the first occurrence of a hit.
fn first_of(hit: &Hit) -> Option<u64> {
    hit.ranges.first().map(|range| range.0)
}
