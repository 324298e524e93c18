//! What is under the cursor, and the reader and the margin that follow it.

use crate::app::App;
use crate::app::data::{Around, At, Purpose, Request, Which, groups};
use crate::app::event::Effect;
use crate::app::history::Open;
use crate::app::listing::Listing;
use crate::app::pages::PageId;
use crate::app::reader::{Anchor, Goal, Reader};
use crate::app::view::{Pane, View};
use crate::case::{Hit, Lacking, Listed, MOST_READ, TimelineRow};
use crate::model::ItemId;

impl App {
    /// The item under the cursor of the list.
    pub(in crate::app) fn list_item(&self) -> Option<ItemId> {
        match self.listing() {
            Listing::Documents => {
                let entry = self.documents.current();
                entry.and_then(|entry| entry.document()).map(|row| row.id.into())
            }
            Listing::Parts => self.parts.as_ref().map(|parts| parts.read().into()),
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
    pub(in crate::app) fn list_open(&self) -> Option<(Open, Goal)> {
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
            Listing::Parts => (Open::Document(self.parts.as_ref()?.read()), Goal::Start),
            Listing::Chats => (Open::Conversation(self.chats.current()?.id), Goal::Start),
            Listing::Sessions => {
                let sessions = self.sessions.as_ref()?;
                if self.open != Some(Open::Conversation(sessions.id)) {
                    // Those of the conversation before are listed until the others are known.
                    return None;
                }
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

    /// Shows something in the reader.
    pub(in crate::app) fn open(&mut self, open: Open, goal: Goal) {
        if self.open == Some(open) && self.goal.is_none() && self.reader_holds(open) {
            // What it is read again for comes, wherever in it one goes.
            if !self.is_renewing() {
                self.cancel(Purpose::Reader);
                self.asked.remove(&Purpose::Reader);
            }
            self.reader.go(goal);
            return;
        }
        if self.find.as_ref().is_some_and(|find| find.of != open) {
            self.find = None;
        }
        if self.table_left.as_ref().is_some_and(|(id, _)| open != Open::Document(*id)) {
            self.table_left = None;
        }
        if self.open != Some(open) {
            (self.margin_left, self.is_hit_left) = (None, false);
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
        // Where it takes long, that is said.
        self.effects.push(Effect::Rest);
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

    /// The pane whose cursor says what the reader shows.
    pub(in crate::app) fn leading_pane(&self) -> Pane {
        if self.view == View::Search { Pane::Results } else { Pane::List }
    }

    /// To another session of the conversation; in the one that is read, one stays where one is.
    pub(in crate::app) fn walk_to_session(&mut self, goal: Goal) {
        let Some(sessions) = &self.sessions else { return };
        let id = sessions.id;
        let is_there = match (self.goal, &self.reader) {
            // Where one comes back to counts as read, also before it is there.
            (Some(goal), _) if self.open == Some(Open::Conversation(id)) => {
                sessions.of_goal(goal) == sessions.cursor
            }
            (None, Reader::Chat(chat)) if chat.row.id == id => {
                sessions.at(chat.heading()) == sessions.cursor
            }
            _ => false,
        };
        if !is_there {
            self.open(Open::Conversation(id), goal);
        }
    }

    /// The reader and the margin follow the cursor: of the list, as long as the reader lags
    /// behind it, also when one has left the list already.
    pub(in crate::app) fn follow(&mut self) {
        let leading = if self.lags { self.leading_pane() } else { self.focus };
        match (self.view, leading) {
            // Its rows are those of the list before, or not there, or the cursor is on its way.
            (_, Pane::List) if !self.list().is_settled() || self.row_of.is_some() => {}
            (_, Pane::List) => {
                let is_walking = self.listing() == Listing::Sessions;
                match self.list_open() {
                    Some(_) if self.listing() == Listing::Parts => self.walk_to_part(),
                    Some((_, goal)) if is_walking => self.walk_to_session(goal),
                    Some((open, goal)) => self.preview(open, goal),
                    // They are those of the conversation before until the others are known.
                    None if is_walking => {}
                    // Nothing is under the cursor that can be read: nothing is shown of what was.
                    None => self.close_reader(),
                }
            }
            (View::Search, Pane::Results) => self.preview_hit(),
            _ => {}
        }
        // What the cursor is on is known only once its row is at hand.
        let lagged = self.lags;
        self.lags &= match self.view {
            View::Search => !self.search.is_settled(),
            _ => !self.list().is_settled(),
        };
        if lagged && !self.lags && self.focus == Pane::Margin {
            // Who went to it before the row was there meant what is beside it now.
            self.margin_of = None;
        }
        self.follow_margin();
    }

    /// Before the list becomes another one: who types ahead finds what somebody finds who waits.
    pub(in crate::app) fn follow_now(&mut self) {
        if self.lags {
            self.follow();
        }
    }

    pub(in crate::app) fn preview(&mut self, open: Open, goal: Goal) {
        if self.open != Some(open) {
            self.open(open, goal);
        }
    }

    /// The margin tells about the cell that the cursor rests on: every step stays cheap.
    pub(in crate::app) fn note_cell(&mut self) {
        let grid = match &self.reader {
            Reader::Text(text) if self.focus != self.leading_pane() => text.grid(),
            _ => None,
        };
        // Where a filter leaves no row there is no cell.
        self.cell = grid.filter(|grid| grid.current().is_some()).map(|grid| {
            let sheet = grid.sheet();
            let sign = if sheet.is_empty() { "" } else { "!" };
            (format!("{sheet}{sign}{}", grid.address()), grid.cell().to_owned())
        });
    }

    pub(in crate::app) fn close_reader(&mut self) {
        if self.open.take().is_some() {
            self.goal = None;
            self.reader = Reader::Empty;
            self.margin_of = None;
            self.cancel(Purpose::Reader);
            self.asked.remove(&Purpose::Reader);
        }
    }

    pub(in crate::app) fn preview_hit(&mut self) {
        let Some(hit) = self.search.current() else {
            // Nothing was found: nothing is shown of what was found before.
            if self.search.is_without_hits() && !self.search.is_of_before() {
                self.close_reader();
            }
            return;
        };
        let (item, conversation) = (hit.item, hit.conversation);
        let is_open = match item {
            ItemId::Document(id) => self.open == Some(Open::Document(id)),
            ItemId::Note(id) => self.open == Some(Open::Page(PageId::Note(id))),
            _ => self.open == conversation.map(Open::Conversation),
        };
        // Who went on in it from there finds it so.
        let previewed = Some((item, self.search.query.clone()));
        if std::mem::replace(&mut self.previewed, previewed.clone()) == previewed && is_open {
            return;
        }
        let Some(hit) = self.search.current() else { return };
        match (item, conversation) {
            (ItemId::Document(id), _) => {
                let (goal, variant) = (first_of(hit).map_or(Goal::Start, Goal::At), hit.variant);
                self.choose_text(id, Which::Kind(variant));
                self.open(Open::Document(id), goal);
            }
            (ItemId::Note(id), _) => self.open(Open::Page(PageId::Note(id)), Goal::Start),
            // What somebody goes to is not given up for what is only shown.
            (ItemId::Message(id), Some(_)) if self.sought.is_none_or(|sought| !sought.1) => {
                self.ask_where(Request::Locate(id));
                self.sought = Some((id, false));
            }
            _ => {}
        }
    }

    /// The margin is about what the cursor is on.
    pub(in crate::app) fn follow_margin(&mut self) {
        self.note_cell();
        if !self.view.panes().contains(&Pane::Margin) {
            return;
        }
        // Who goes to it finds there what it is about where they come from, however quickly.
        let from = if self.focus == Pane::Margin { self.followed } else { self.focus };
        let item = match (&self.reader, self.open) {
            (Reader::Chat(chat), Some(Open::Conversation(id))) if chat.row.id == id => {
                match chat.current().filter(|_| from != Pane::List) {
                    Some(message) => ItemId::Message(message.id),
                    None => ItemId::Conversation(id),
                }
            }
            (_, Some(Open::Conversation(id))) => ItemId::Conversation(id),
            (_, Some(Open::Document(id))) => ItemId::Document(id),
            // It says itself what there is to say.
            (_, Some(Open::Page(_)) | None) => return,
        };
        if self.focus != Pane::Margin || !self.was_in_margin || self.margin_of.is_none() {
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
}

/// Byte offset of the first occurrence of a hit.
pub(super) fn first_of(hit: &Hit) -> Option<u64> {
    hit.ranges.first().map(|range| range.0)
}
