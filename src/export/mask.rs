//! Finds protected names in texts, in whatever way they are written, and puts something else there.
//!
//! Texts are compared by their *skeleton*: the normal form of the search (full width, case,
//! traditional and simplified characters, invisible characters), without white space beside
//! characters of scripts that are written without it, and with every other stretch of white space
//! and signs between words as one gap: `Anna_Petrova.docx` names Anna Petrova. Names of letters
//! are found at the edges of words only: `lin` is not in `line`.
//!
//! Numbers of some length (of a telephone, an identity card, an account) are compared digit by
//! digit: what stands between the digits does not matter, nor whether they are Han ones, nor the
//! code of the country before them.

use super::profile::BLACK;
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
            // What was masked already is no gap that a name or number goes across.
            Class::Other if BLACK.contains(c.ch) => letters.push(letter),
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

/// Digits that a name must have, and nothing else, to be compared digit by digit.
const DIGITS: usize = 6;

/// The code of the country, which may stand right before a number.
const COUNTRY: [&[u8]; 2] = [&[8, 6], &[0, 0, 8, 6]];

/// The digit that a character of a skeleton is, also where numbers are written out.
fn digit(ch: char) -> Option<u8> {
    const HAN: [&str; 10] = [
        "〇零○",
        "一壹幺弌",
        "二贰貳弐",
        "三叁參参",
        "四肆",
        "五伍",
        "六陆陸",
        "七柒漆",
        "八捌",
        "九玖",
    ];
    match ch.to_digit(10) {
        Some(digit) => u8::try_from(digit).ok(),
        None => HAN.iter().position(|own| own.contains(ch)).and_then(|at| u8::try_from(at).ok()),
    }
}

/// A set of protected names.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    names: Vec<(Vec<char>, Protected)>,
    /// Names by their first character, the longest first.
    by_first: HashMap<char, Vec<usize>>,
    /// Names that are numbers.
    numbers: Vec<(Vec<u8>, Protected)>,
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
        let mut all = Vec::new();
        for protected in protected {
            // A domain in both of its forms.
            let other = super::scan::domains(&protected.name)
                .map(|name| Protected { name, instead: protected.instead.clone() });
            all.extend(std::iter::once(protected).chain(other));
        }
        for protected in all {
            let mut letters: Vec<char> =
                skeleton(&protected.name).into_iter().map(|letter| letter.ch).collect();
            while letters.last() == Some(&GAP) {
                letters.pop();
            }
            if letters.is_empty() || mask.names.iter().any(|(known, _)| *known == letters) {
                continue;
            }
            let digits: Vec<Option<u8>> =
                letters.iter().filter(|ch| **ch != GAP).map(|ch| digit(*ch)).collect();
            if digits.len() >= DIGITS
                && let Some(digits) = digits.into_iter().collect::<Option<Vec<u8>>>()
            {
                mask.numbers.push((digits, protected.clone()));
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
        let numbers = self.numbers_in(&letters);
        let mut at = 0;
        while at < letters.len() {
            let names = self.by_first.get(&letters[at].ch).map_or(&[][..], Vec::as_slice);
            let name = names.iter().find_map(|&name| {
                let (wanted, protected) = &self.names[name];
                let here = letters.get(at..at + wanted.len())?;
                let same = here.iter().map(|letter| letter.ch).eq(wanted.iter().copied());
                (same && at_edges(&letters, at, wanted.len())).then_some((wanted.len(), protected))
            });
            let number = numbers.get(&at).copied();
            match name.into_iter().chain(number).max_by_key(|(length, _)| *length) {
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

    /// Numbers, by the position of their first letter: length in letters, and which.
    fn numbers_in(&self, letters: &[Letter]) -> HashMap<usize, (usize, &Protected)> {
        let mut found = HashMap::new();
        if self.numbers.is_empty() {
            return found;
        }
        // Digits with at most one gap between them.
        let mut run: Vec<(u8, usize)> = Vec::new();
        for at in 0..=letters.len() {
            let letter = letters.get(at).map(|letter| letter.ch);
            if let Some(digit) = letter.and_then(digit) {
                run.push((digit, at));
            } else if letter != Some(GAP) {
                for (wanted, protected) in &self.numbers {
                    number_in(&run, wanted, &mut |start, length| {
                        found.insert(start, (length, protected));
                    });
                }
                run.clear();
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

/// Where a number stands in a run of digits: (first letter, letters). It does not begin or end
/// within another number, but a code of a country may stand before it.
fn number_in(run: &[(u8, usize)], wanted: &[u8], each: &mut dyn FnMut(usize, usize)) {
    for at in 0..(run.len() + 1).saturating_sub(wanted.len()) {
        let here = &run[at..at + wanted.len()];
        if !here.iter().map(|(digit, _)| *digit).eq(wanted.iter().copied()) {
            continue;
        }
        // Digits that stand right beside it, without a gap.
        let mut from = at;
        while from > 0 && run[from - 1].1 + 1 == run[from].1 {
            from -= 1;
        }
        let before: Vec<u8> = run[from..at].iter().map(|(digit, _)| *digit).collect();
        let (last, next) = (here[here.len() - 1].1, run.get(at + wanted.len()));
        let ends = next.is_none_or(|(_, next)| *next > last + 1);
        if ends && (before.is_empty() || COUNTRY.contains(&before.as_slice())) {
            each(here[0].1, last + 1 - here[0].1);
        }
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
        check(&["139-0000-2217"], "13900002217", "▇");
        check(&["13900002217"], "+86 139 0000 2217 / 8613900002217", "+86 ▇ / 86▇");
        check(&["13900002217"], "电话一三九〇〇〇〇二二一七。tel13900002217", "电话▇。tel▇");
        check(&["13900002217"], "1 3 9 0 0 0 0 2 2 1 7 8", "▇ 8");
        check(&["12345"], "1 2 3 4 5", "1 2 3 4 5");
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
        fn nothing_is_left(text in "[李四a-c ,\u{200b}李1一-]{0,30}", name in "[李四a-c]{1,3}|[1一]{6,7}") {
            let mask = mask(&[&name]);
            let masked = mask.apply(&text).unwrap_or(text);
            prop_assert!(mask.find(&masked).is_empty(), "{masked:?}");
        }
    }
}
