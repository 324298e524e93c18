//! Finds protected names in texts, in whatever way they are written, and puts something else there.
//!
//! Texts are compared by their *skeleton*: the normal form of the search (full width, case,
//! traditional and simplified characters, invisible characters), without white space beside
//! characters of scripts that are written without it, and with every other stretch of white space
//! and signs between words as one gap: `Anna_Petrova.docx` names Anna Petrova. Names of letters
//! are found at the edges of words only: `lin` is not in `line`.

use crate::text::fold::Class;
use crate::text::normal::{Mode, normalize};
use std::collections::HashMap;
use std::ops::Range;

/// A stretch of signs or white space in a skeleton.
const GAP: char = '\u{0}';

/// A name that must not be seen, and what stands instead of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    pub name: String,
    pub instead: String,
}

#[derive(Clone, Copy, Debug)]
struct Letter {
    ch: char,
    class: Class,
    start: usize,
    end: usize,
}

/// What a text is compared by.
fn skeleton(text: &str) -> Vec<Letter> {
    let normal = normalize(text, Mode::Query);
    let mut letters: Vec<Letter> = Vec::with_capacity(normal.chars.len());
    // White space between a Gram character and whatever follows is no gap.
    let mut blank: Option<Letter> = None;
    for c in normal.chars {
        let letter = Letter { ch: c.ch, class: c.class, start: c.start, end: c.end };
        match c.class {
            Class::Gram | Class::Word => {
                if let Some(blank) = blank.take()
                    && c.class == Class::Word
                    && letters.last().is_some_and(|last| last.class == Class::Word)
                {
                    letters.push(blank);
                }
                letters.push(letter);
            }
            Class::Blank => blank = Some(Letter { ch: GAP, class: Class::Blank, ..letter }),
            Class::Other => {
                blank = None;
                if letters.last().is_some_and(|last| last.ch != GAP) {
                    letters.push(Letter { ch: GAP, class: Class::Other, ..letter });
                }
            }
        }
    }
    letters
}

/// A set of protected names.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    names: Vec<(Vec<char>, Protected)>,
    /// Names by their first character, the longest first.
    by_first: HashMap<char, Vec<usize>>,
}

/// Where a protected name stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub protected: &'a Protected,
}

impl Mask {
    /// Names without a letter or digit protect nothing and are left out.
    pub fn new(protected: impl IntoIterator<Item = Protected>) -> Mask {
        let mut mask = Mask::default();
        for protected in protected {
            let mut letters: Vec<char> =
                skeleton(&protected.name).into_iter().map(|letter| letter.ch).collect();
            while letters.last() == Some(&GAP) {
                letters.pop();
            }
            if letters.is_empty() || mask.names.iter().any(|(known, _)| *known == letters) {
                continue;
            }
            mask.names.push((letters, protected));
        }
        mask.names.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        for (at, (letters, _)) in mask.names.iter().enumerate() {
            mask.by_first.entry(letters[0]).or_default().push(at);
        }
        mask
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All protected names in a text, from left to right, the longest at each place.
    pub fn find(&self, text: &str) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        let letters = skeleton(text);
        let mut at = 0;
        while at < letters.len() {
            let names = self.by_first.get(&letters[at].ch).map_or(&[][..], Vec::as_slice);
            let fits = names.iter().find_map(|&name| {
                let (wanted, protected) = &self.names[name];
                let here = letters.get(at..at + wanted.len())?;
                let same = here.iter().map(|letter| letter.ch).eq(wanted.iter().copied());
                (same && at_edges(&letters, at, wanted.len())).then_some((wanted.len(), protected))
            });
            match fits {
                Some((length, protected)) => {
                    let range = letters[at].start..letters[at + length - 1].end;
                    found.push(Found { range, protected });
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    /// The text with something else instead of what is protected.
    pub fn apply(&self, text: &str) -> Option<String> {
        let found = self.find(text);
        if found.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for found in found {
            out.push_str(&text[from..found.range.start]);
            out.push_str(&found.protected.instead);
            from = found.range.end;
        }
        out.push_str(&text[from..]);
        Some(out)
    }

    /// What stands between protected names.
    pub fn pieces(&self, text: &str) -> Vec<String> {
        let mut pieces = Vec::new();
        let mut from = 0;
        for found in self.find(text) {
            pieces.push(text[from..found.range.start].to_owned());
            from = found.range.end;
        }
        pieces.push(text[from..].to_owned());
        pieces
    }
}

/// Names of letters and digits end at the edge of a word.
fn at_edges(letters: &[Letter], at: usize, length: usize) -> bool {
    let is_word = |letter: Option<&Letter>| letter.is_some_and(|l| l.class == Class::Word);
    let before = at.checked_sub(1).and_then(|before| letters.get(before));
    let joined_before = is_word(letters.get(at)) && is_word(before);
    let joined_after = is_word(letters.get(at + length - 1)) && is_word(letters.get(at + length));
    !joined_before && !joined_after
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask(names: &[&str]) -> Mask {
        Mask::new(
            names
                .iter()
                .map(|&name| Protected { name: name.to_owned(), instead: "▇".to_owned() }),
        )
    }

    #[track_caller]
    fn check(names: &[&str], text: &str, expected: &str) {
        assert_eq!(mask(names).apply(text).unwrap_or(text.to_owned()), expected, "{text:?}");
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        check(&["沈若岚"], "我是沈若岚。", "我是▇。");
        check(&["沈若岚"], "沈若嵐、沈 若 岚、沈\n若岚、沈\u{200b}若岚", "▇、▇、▇、▇");
        check(&["国际"], "國際", "▇");
        check(&["Lan S."], "LAN  S. / Ｌａｎ＿Ｓ", "▇. / ▇");
        check(&["Anna Petrova"], "Anna_Petrova.docx anna-petrova", "▇.docx ▇");
        check(&["lin"], "line Lin lin01 a_lin_b 林lin林", "line ▇ lin01 a_▇_b 林▇林");
        check(&["wxid_q7m2kd81xv3b22"], "wxid_q7m2kd81xv3b22_3_12.png", "▇_3_12.png");
        check(&["13900002217"], "139000022170 １３９００００２２１７", "139000022170 ▇");
        // A sign between two characters is something else than nothing.
        check(&["李四"], "姓李，四川人", "姓李，四川人");
        check(&["a@b.example"], "to: A@B.EXAMPLE", "to: ▇");
    }

    #[test]
    fn the_longest_name_wins() {
        check(&["若岚", "沈若岚"], "沈若岚和若岚", "▇和▇");
        check(&["张三", "三十"], "张三十", "▇十");
    }

    #[test]
    fn names_without_letters_protect_nothing() {
        assert!(mask(&["", " ", "。", "--"]).is_empty());
    }

    #[test]
    fn pieces_are_what_is_left() {
        assert_eq!(mask(&["李四"]).pieces("李四给王五李四"), ["", "给王五", ""]);
        assert_eq!(mask(&["李四"]).pieces("王五"), ["王五"]);
    }

    proptest! {
        /// What was masked is not found again, whatever was left together.
        #[test]
        fn nothing_is_left(text in "[李四a-c ,\u{200b}李]{0,30}", name in "[李四a-c]{1,3}") {
            let mask = mask(&[&name]);
            let masked = mask.apply(&text).unwrap_or(text);
            prop_assert!(mask.find(&masked).is_empty(), "{masked:?}");
        }
    }
}
