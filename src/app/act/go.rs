//! Going somewhere: to a section, along a link, to what the cursor is on.

use super::follow::first_of;
use crate::app::App;
use crate::app::data::{Act, Purpose, Request, Which};
use crate::app::event::Effect;
use crate::app::history::Open;
use crate::app::listing::Listing;
use crate::app::pages::{PageId, target_of};
use crate::app::reader::{Goal, Reader};
use crate::app::target::Target;
use crate::app::view::{Pane, View};
use crate::case::{Listed, Shape, TimelineRow, day_of, day_text};
use crate::model::{ConversationId, ItemId};
use std::ops::Range;

impl App {
    /// To a section, as one left it.
    pub(in crate::app) fn visit(&mut self, view: View) {
        self.layers.clear();
        if view == self.view {
            // Where one is inside of something, its section is outside of it.
            self.follow();
            if view == View::Chats && self.inside || self.is_in_parts() {
                self.go_outside();
            }
            self.focus = view.first_focus();
            return;
        }
        self.depart();
        if view == View::Overview {
            // It counts what was seen: also of what one comes from.
            self.note_seen();
        }
        match self.places.get(&view).cloned() {
            Some(place) => self.arrive(place),
            None => {
                self.view = view;
                self.focus = view.first_focus();
                self.close_reader();
                self.goal = None;
                self.reader = Reader::Empty;
                self.lags = self.focus == self.leading_pane();
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
                // What was shown before is not gone on with.
                self.close_reader();
                self.set_filter(filter);
                self.documents.go(0);
                self.lags = true;
                self.follow();
            }
            Target::Document { id, at } => {
                self.depart();
                self.view = View::Documents;
                self.focus = Pane::Reader;
                self.inside_of = Some(id);
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
            Target::Passage(id) => self.ask_where(Request::Passage(id)),
            Target::Named(item) => self.ask_where(Request::Named(item)),
            Target::Message(id) => {
                self.ask_where(Request::Locate(id));
                self.sought = Some((id, true));
            }
            Target::Media { message, name, size } => {
                self.ask_where(Request::Media { message, name, size });
            }
            Target::Zone { export, offset } => self.ask_zone(export, Act::Zone { export, offset }),
            Target::ZoneAlike { like, offset } => {
                self.ask_zone(like, Act::ZoneAlike { like, offset });
            }
            Target::Export(change) => self.change_export(change),
            Target::Owner(account) => self.ask_owner_of(account),
            Target::Skipped => self.ask_where(Request::Skipped),
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
            Target::Facet(head) => self.search.toggle_facet(head),
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
                self.row_of = None;
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
        self.ask_where(Request::LocateClock { id, clock });
    }

    /// Asks where something stands; what was asked before is not waited for any more.
    pub(in crate::app) fn ask_where(&mut self, request: Request) {
        self.sought = None;
        self.asked.remove(&Purpose::Locate);
        self.ask(Purpose::Locate, request);
        self.effects.push(Effect::Rest);
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
            Some(day) if *day < *wanted => {
                self.say(
                    format!("nothing was said on {wanted} or later; the last is {day}"),
                    false,
                );
            }
            Some(_) => {}
        }
    }

    /// Out of a conversation or document: the list shows all of them again.
    pub(in crate::app) fn go_outside(&mut self) {
        self.follow_now();
        self.stop_rows();
        self.inside_of = None;
        if self.view == View::Documents {
            return self.follow_margin();
        }
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

    /// The path of the folder under the cursor.
    fn folder_here(&self) -> Option<&str> {
        if self.listing() != Listing::Documents {
            return None;
        }
        match &self.documents.current()?.shape {
            Shape::Folder { path, .. } => Some(path),
            _ => None,
        }
    }

    /// What enter does with a folder.
    pub(in crate::app) fn open_hint(&self, hint: &str) -> String {
        let folder = if self.focus == Pane::List { self.folder_here() } else { None };
        match folder {
            Some(path) if self.filter.folded.iter().any(|own| own == path) => "unfold".to_owned(),
            Some(_) => "fold".to_owned(),
            None => hint.to_owned(),
        }
    }

    /// Shows what is in the folder under the cursor, or nothing of it. `false` on none.
    fn toggle_folder(&mut self) -> bool {
        let Some(path) = self.folder_here().map(str::to_owned) else { return false };
        let mut filter = self.filter.clone();
        match filter.folded.iter().position(|own| *own == path) {
            Some(at) => drop(filter.folded.remove(at)),
            None => filter.folded.push(path),
        }
        self.set_filter(filter);
        self.moved();
        true
    }

    pub(in crate::app) fn can_open(&self) -> bool {
        match self.focus {
            Pane::List if self.view == View::Notes => self.notes.current().is_some(),
            Pane::List => self.folder_here().is_some() || self.list_open().is_some(),
            Pane::Results => self.search.current().is_some(),
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
                if self.toggle_folder() {
                    return;
                }
                if let Some((open, goal)) = self.list_open() {
                    self.depart();
                    match self.listing() {
                        // Another session of the same conversation.
                        Listing::Sessions => self.walk_to_session(goal),
                        Listing::Parts => self.walk_to_part(),
                        listing => {
                            self.inside |= listing == Listing::Chats;
                            if let (Listing::Documents, Open::Document(id)) = (listing, open) {
                                self.inside_of = Some(id);
                            }
                            self.preview(open, goal);
                        }
                    }
                    self.focus = Pane::Reader;
                    self.follow_margin();
                }
            }
            Pane::Results => {
                let Some(hit) = self.search.current() else { return };
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
                self.go_to(target);
            }
            _ => {}
        }
    }

    pub(in crate::app) fn follow_link(&mut self) {
        if let Some(target) = self.links().and_then(|links| links.link().cloned()) {
            self.go_to(target);
        }
    }
}
