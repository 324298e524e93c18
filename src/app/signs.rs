//! How marks look, the same in every list, result and reader: `●` read, `★` starred,
//! `✗` irrelevant.

use super::data::Mark;
use super::line::{Line, Role};
use crate::case::{DocumentRow, Hit, Message};

/// What is marked on one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    pub read: bool,
    pub starred: bool,
    pub irrelevant: bool,
}

/// Cells that [`Signs::push`] takes.
pub const CELLS: usize = 2;

impl Signs {
    pub fn has(self, mark: Mark) -> bool {
        match mark {
            Mark::Read => self.read,
            Mark::Irrelevant => self.irrelevant,
            Mark::Starred => self.starred,
        }
    }

    pub fn set(&mut self, mark: Mark, on: bool) {
        match mark {
            Mark::Read => self.read = on,
            Mark::Irrelevant => self.irrelevant = on,
            Mark::Starred => self.starred = on,
        }
    }

    /// Nobody has to read it any more.
    pub fn is_done(self) -> bool {
        self.read || self.irrelevant
    }

    fn star(self) -> (&'static str, Role) {
        if self.starred { ("★", Role::Here) } else { (" ", Role::Text) }
    }

    fn done(self) -> (&'static str, Role) {
        match (self.irrelevant, self.read) {
            (true, _) => ("✗", Role::Dim),
            (_, true) => ("●", Role::Dim),
            _ => (" ", Role::Text),
        }
    }

    /// The one sign that matters most, for where there is one cell.
    pub fn one(self) -> (&'static str, Role) {
        if self.starred { self.star() } else { self.done() }
    }

    /// Appends two cells: the star, then whether it is read.
    pub fn push(self, line: &mut Line) {
        for (sign, role) in [self.star(), self.done()] {
            line.push(sign, role);
        }
    }

    /// The signs that are there, without room for those that are not.
    pub fn short(self) -> String {
        [self.star().0, self.done().0].concat().trim().to_owned()
    }
}

impl From<&DocumentRow> for Signs {
    fn from(row: &DocumentRow) -> Signs {
        Signs { read: row.read, starred: row.starred, irrelevant: row.irrelevant }
    }
}

impl From<&Message> for Signs {
    fn from(message: &Message) -> Signs {
        Signs { read: message.read, starred: message.starred, irrelevant: message.irrelevant }
    }
}

impl From<&Hit> for Signs {
    fn from(hit: &Hit) -> Signs {
        Signs { read: hit.read, starred: hit.starred, irrelevant: hit.irrelevant }
    }
}

/// Something that shows marks.
pub trait Signed {
    fn signs(&self) -> Signs;
    fn set_signs(&mut self, signs: Signs);

    fn put(&mut self, mark: Mark, on: bool) {
        let mut signs = self.signs();
        signs.set(mark, on);
        self.set_signs(signs);
    }
}

macro_rules! signed {
    ($($row:ty),*) => {
        $(impl Signed for $row {
            fn signs(&self) -> Signs {
                Signs::from(self)
            }

            fn set_signs(&mut self, signs: Signs) {
                self.read = signs.read;
                self.starred = signs.starred;
                self.irrelevant = signs.irrelevant;
            }
        })*
    };
}

// The same three flags in three kinds of rows.
signed!(DocumentRow, Message, Hit);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_has_its_sign_and_its_place() {
        let show = |read, starred, irrelevant| {
            let mut line = Line::new();
            Signs { read, starred, irrelevant }.push(&mut line);
            line.plain()
        };
        assert_eq!(show(false, false, false), "  ");
        assert_eq!(show(true, false, false), " ●");
        assert_eq!(show(true, true, false), "★●");
        assert_eq!(show(true, false, true), " ✗");
        assert_eq!(Signs { read: true, starred: true, irrelevant: false }.one().0, "★");
    }
}
