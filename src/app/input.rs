//! One line of input: the search line, the palette, a filter.
//!
//! Its own small thing and not the text area of the faces: it lives on a floor that knows no
//! terminal, and it moves by grapheme cluster.

use super::key::{Code, Key};
use crate::text::{sanitise, width};
use unicode_segmentation::UnicodeSegmentation;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    text: String,
    /// Byte offset; always at a cluster's border.
    cursor: usize,
    /// The text is only offered: the first character that is typed takes its place.
    is_offered: bool,
}

impl Input {
    pub fn new(text: &str) -> Self {
        Input { text: text.to_owned(), cursor: text.len(), is_offered: false }
    }

    /// A line with a text that may be taken: whoever types another one need not delete it first,
    /// whoever moves in it or deletes some of it keeps the rest.
    pub fn offering(text: &str) -> Self {
        Input { is_offered: true, ..Input::new(text) }
    }

    /// What is typed stands before what is there.
    pub fn to_start(&mut self) {
        self.cursor = 0;
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn set(&mut self, text: &str) {
        *self = Input::new(text);
    }

    /// Types `text`; line ends become spaces, other controls are left out.
    pub fn insert(&mut self, text: &str) {
        let clean: String = text
            .chars()
            .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
            .filter(|c| !c.is_control())
            .collect();
        if std::mem::take(&mut self.is_offered) {
            self.text.clear();
            self.cursor = 0;
        }
        self.text.insert_str(self.cursor, &clean);
        self.cursor += clean.len();
    }

    /// Whether the key meant something to the line.
    pub fn key(&mut self, key: Key) -> bool {
        if let Some(c) = key.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        self.is_offered = false;
        match (key.code, key.ctrl || key.alt) {
            (Code::Backspace, false) | (Code::Char('h'), true) => {
                self.remove(self.before(), self.cursor)
            }
            (Code::Delete, false) | (Code::Char('d'), true) => {
                self.remove(self.cursor, self.after())
            }
            (Code::Backspace, true) | (Code::Char('w'), true) => {
                self.remove(self.word_before(), self.cursor);
            }
            (Code::Char('u'), true) => self.remove(0, self.cursor),
            (Code::Char('k'), true) => self.remove(self.cursor, self.text.len()),
            (Code::Left, false) | (Code::Char('b'), true) => self.cursor = self.before(),
            (Code::Right, false) | (Code::Char('f'), true) => self.cursor = self.after(),
            (Code::Left, true) => self.cursor = self.word_before(),
            (Code::Right, true) => self.cursor = self.word_after(),
            (Code::Home, _) | (Code::Char('a'), true) => self.cursor = 0,
            (Code::End, _) | (Code::Char('e'), true) => self.cursor = self.text.len(),
            _ => return false,
        }
        true
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.cursor + self.text[self.cursor..].graphemes(true).next().map_or(0, str::len)
    }

    fn word_before(&self) -> usize {
        let head = self.text[..self.cursor].trim_end();
        head.split_word_bound_indices().next_back().map_or(0, |(at, _)| at)
    }

    fn word_after(&self) -> usize {
        let tail = &self.text[self.cursor..];
        let blank = tail.len() - tail.trim_start().len();
        let word = tail[blank..].split_word_bounds().next().map_or(0, str::len);
        self.cursor + blank + word
    }

    /// The part that is shown in `cells`, with the column of the cursor in it.
    pub fn view(&self, cells: usize) -> (String, usize) {
        let head = sanitise::line(&self.text[..self.cursor]);
        let tail = sanitise::line(&self.text[self.cursor..]);
        // One cell is kept for the cursor itself.
        let (head, column) = width::suffix(&head, cells.saturating_sub(1));
        let (tail, _) = width::prefix(&tail, cells.saturating_sub(column));
        (format!("{head}{tail}"), column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_offered_gives_way_to_what_is_typed() {
        let check = |keys: &[Code], expected: &str| {
            let mut input = Input::offering("wxid_7tj5");
            for code in keys {
                input.key(Key { code: *code, ctrl: false, alt: false, shift: false });
            }
            assert_eq!(input.text(), expected);
        };
        check(&[], "wxid_7tj5");
        check(&[Code::Char('陆'), Code::Char('知')], "陆知");
        check(&[Code::Backspace, Code::Char('6')], "wxid_7tj6");
        check(&[Code::Home, Code::Char('x')], "xwxid_7tj5");
    }

    fn press(input: &mut Input, keys: &str) {
        for key in keys.split_whitespace() {
            assert!(input.key(key.parse().unwrap()), "{key}");
        }
    }

    #[track_caller]
    fn check(start: &str, keys: &str, text: &str, column: usize) {
        let mut input = Input::new(start);
        press(&mut input, keys);
        assert_eq!((input.text(), input.view(40).1), (text, column));
    }

    #[test]
    fn editing() {
        check("", "合 同", "合同", 4);
        check("合同", "left x", "合x同", 3);
        check("合同", "backspace", "合", 2);
        check("ab👨\u{200d}👩\u{200d}👧", "backspace", "ab", 2);
        check("one two", "ctrl-w", "one ", 4);
        check("one two", "ctrl-left x", "one xtwo", 5);
        check("one two", "ctrl-u", "", 0);
        check("one", "home delete", "ne", 0);
        check("one", "ctrl-a ctrl-k", "", 0);
    }

    #[test]
    fn pasted_controls_do_not_get_in() {
        let mut input = Input::default();
        input.insert("a\nb\x1b[0m");
        assert_eq!(input.text(), "a b[0m");
    }

    proptest! {
        #[test]
        fn the_cursor_stays_inside(
            start in ".{0,20}",
            keys in prop::collection::vec(0..8_usize, 0..20),
            cells in 1_usize..30,
        ) {
            let mut input = Input::new(&start);
            for key in keys {
                let pool = ["left", "right", "backspace", "delete", "合", "ctrl-w", "home", "ctrl-right"];
                input.key(pool[key].parse().unwrap());
                prop_assert!(input.text.is_char_boundary(input.cursor));
                let (shown, column) = input.view(cells);
                prop_assert!(column < cells);
                prop_assert!(width::of(&shown) <= cells);
            }
        }
    }
}
