//! How marks look, the same in every list, result and reader: `●` read, `★` starred,
//! `✗` irrelevant.

use super::data::Mark;
use super::line::{Line, Role};
use super::overview::number;
use crate::case::{DocumentRow, Hit, Message, SetPage};
use crate::model::State;

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

impl From<&SetPage> for Signs {
    fn from(page: &SetPage) -> Signs {
        Signs { read: page.read, starred: page.starred, irrelevant: page.irrelevant }
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

/// How many of the pages of a set are marked, for where that is not all or none of them:
/// ` ●3 ✗1 ★2`.
pub fn of_pages(pages: &[SetPage]) -> String {
    let counted = |sign: &str, is_marked: fn(&SetPage) -> bool| {
        let many = pages.iter().filter(|page| is_marked(page)).count();
        let is_some = many > 0 && many < pages.len();
        if is_some { format!(" {sign}{}", number(many as u64)) } else { String::new() }
    };
    [
        counted("●", |page| page.read && !page.irrelevant),
        counted("✗", |page| page.irrelevant),
        counted("★", |page| page.starred),
    ]
    .concat()
}

/// What the state of a document is, where there is more to say than that it was read.
pub fn state(state: State) -> (&'static str, Role) {
    match state {
        state if state.is_unreadable() => ("!", Role::Bad),
        State::NoText => ("◌", Role::Warn),
        State::Empty => ("∅", Role::Dim),
        _ => (" ", Role::Text),
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

// The same three flags in four kinds of rows.
signed!(DocumentRow, SetPage, Message, Hit);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_says_how_many_of_its_pages_are_marked_unless_all_are() {
        let check = |marks: &[(bool, bool, bool)], expected: &str| {
            let page = |(read, irrelevant, starred): &(bool, bool, bool)| SetPage {
                read: *read,
                irrelevant: *irrelevant,
                starred: *starred,
                ..crate::model::testing::set_page(1)
            };
            assert_eq!(of_pages(&marks.iter().map(page).collect::<Vec<_>>()), expected);
        };
        let (none, read, both) = ((false, false, false), (true, false, false), (true, true, false));
        check(&[none, none], "");
        check(&[read, none, read], " ●2");
        check(&[read, both, (false, false, true)], " ●1 ✗1 ★1");
        check(&[read, read], "");
    }

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
