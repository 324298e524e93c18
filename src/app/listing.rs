//! Which list the list column shows, and walking over it whatever it lists.

use super::App;
use super::paged::Paged;
use super::part_list::PartList;
use super::sessions::{self, SessionList};
use super::view::View;

/// What the list column lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    Documents,
    Chats,
    /// Pages or sheets of the open document.
    Parts,
    /// Sessions of the open conversation.
    Sessions,
    /// Entities and accounts.
    People,
    Notes,
    Days,
}

impl Listing {
    /// Rows of the screen that one entry takes.
    pub fn rows(self) -> usize {
        match self {
            Listing::Documents | Listing::Parts | Listing::Days => 1,
            Listing::Sessions => sessions::ROWS,
            Listing::Chats | Listing::People | Listing::Notes => 2,
        }
    }
}

/// A list with a cursor.
pub trait Rows {
    /// Cursor and first entry that is shown.
    fn place(&self) -> (u64, u64);
    fn set_place(&mut self, place: (u64, u64));
    fn go(&mut self, entry: u64);
    /// Entries that there is room for.
    fn resize(&mut self, height: usize);
    /// It is known that there are none.
    fn is_empty(&self) -> bool;
    /// How many there are is known.
    fn is_known(&self) -> bool;
    /// What the cursor is on is known, or that it is on nothing.
    fn is_settled(&self) -> bool;

    fn step(&mut self, by: i64) {
        self.go(self.place().0.saturating_add_signed(by));
    }
}

impl<T> Rows for Paged<T> {
    fn place(&self) -> (u64, u64) {
        (self.cursor, self.top)
    }

    fn set_place(&mut self, place: (u64, u64)) {
        (self.cursor, self.top) = place;
    }

    fn go(&mut self, entry: u64) {
        Paged::go(self, entry);
    }

    fn resize(&mut self, height: usize) {
        Paged::resize(self, height);
    }

    fn is_empty(&self) -> bool {
        Rows::is_known(self) && self.total() == Some(0)
    }

    fn is_known(&self) -> bool {
        Paged::is_known(self)
    }

    fn is_settled(&self) -> bool {
        Rows::is_known(self) && (self.total() == Some(0) || self.current().is_some())
    }
}

impl Rows for SessionList {
    fn place(&self) -> (u64, u64) {
        (self.cursor, self.top)
    }

    fn set_place(&mut self, place: (u64, u64)) {
        (self.cursor, self.top) = place;
    }

    fn go(&mut self, entry: u64) {
        SessionList::go(self, entry);
    }

    fn resize(&mut self, height: usize) {
        SessionList::resize(self, height * sessions::ROWS);
    }

    fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    fn is_known(&self) -> bool {
        true
    }

    fn is_settled(&self) -> bool {
        true
    }
}

impl Rows for PartList {
    fn place(&self) -> (u64, u64) {
        (self.cursor, self.top)
    }

    fn set_place(&mut self, place: (u64, u64)) {
        (self.cursor, self.top) = place;
    }

    fn go(&mut self, entry: u64) {
        PartList::go(self, entry);
    }

    fn resize(&mut self, height: usize) {
        PartList::resize(self, height);
    }

    fn is_empty(&self) -> bool {
        false
    }

    fn is_known(&self) -> bool {
        true
    }

    fn is_settled(&self) -> bool {
        true
    }
}

impl App {
    pub fn listing(&self) -> Listing {
        match self.view {
            View::Documents if self.is_in_parts() => Listing::Parts,
            View::Overview | View::Documents | View::Search => Listing::Documents,
            View::Chats if self.is_inside() => Listing::Sessions,
            View::Chats => Listing::Chats,
            View::Entities => Listing::People,
            View::Notes => Listing::Notes,
            View::Timeline => Listing::Days,
        }
    }

    /// The list column shows the sessions of the open conversation.
    pub fn is_inside(&self) -> bool {
        self.view == View::Chats && self.inside && self.sessions.is_some()
    }

    pub(in crate::app) fn list(&self) -> &dyn Rows {
        if let (Listing::Parts, Some(parts)) = (self.listing(), &self.parts) {
            return parts;
        }
        match (self.listing(), &self.sessions) {
            (Listing::Sessions, Some(sessions)) => sessions,
            (Listing::Chats | Listing::Sessions, _) => &self.chats,
            (Listing::People, _) => &self.people,
            (Listing::Notes, _) => &self.notes,
            (Listing::Days, _) => &self.days,
            (Listing::Documents | Listing::Parts, _) => &self.documents,
        }
    }

    pub(in crate::app) fn list_mut(&mut self) -> &mut dyn Rows {
        let listing = self.listing();
        match (listing, &mut self.sessions) {
            (Listing::Parts, _) if self.parts.is_some() => match &mut self.parts {
                Some(parts) => parts,
                None => &mut self.documents,
            },
            (Listing::Sessions, Some(sessions)) => sessions,
            (Listing::Chats | Listing::Sessions, _) => &mut self.chats,
            (Listing::People, _) => &mut self.people,
            (Listing::Notes, _) => &mut self.notes,
            (Listing::Days, _) => &mut self.days,
            (Listing::Documents | Listing::Parts, _) => &mut self.documents,
        }
    }
}
