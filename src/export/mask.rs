//! Finds protected names in texts, in whatever way they are written, and puts something else there.
//!
//! Texts are compared by their *skeleton*: the normal form of the search (full width, case,
//! traditional and simplified characters, invisible characters), without white space beside
//! characters of scripts that are written without it, and with every other stretch of white space
//! and signs between words as one gap: `Anna_Petrova.docx` names Anna Petrova. Names of letters
//! are found at the edges of words only: `lin` is not in `line`.
//!
//! A name is also found where its parts are written together (`annapetrova@`), cut (`Pet-rova`) or
//! spelled out (`A n n a`, `沈·若·岚`), as far as that says something: the fewer letters a name has,
//! the closer it must be written (see [`Mask::loosely`]). Tags of markup and short numbers
//! (`陆[[M580]]知行`) that stand in a text are looked at as signs and as nothing. Marks of tone and
//! accents do not count: `Lù Zhīxíng` is Lu Zhixing.
//!
//! Numbers of some length (of a telephone, an identity card, an account) are compared digit by
//! digit: what stands between the digits does not matter, nor whether they are Han ones, nor the
//! code of the country before them.

use super::pattern::Pattern;
use super::profile::BLACK;
use super::scan::BORDER;
use crate::model::note::short_numbers;
use crate::text::fold::Class;
use crate::text::normal::{Mode, normalize};
use std::collections::HashMap;
use std::ops::Range;
use unicode_normalization::char::decompose_canonical;

/// A stretch of signs or white space in a skeleton.
const GAP: char = '\u{0}';

/// A name that must not be seen, and what stands instead of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    pub name: String,
    pub instead: String,
}

/// What stands between two letters, from what parts them least on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Blank,
    /// A sign of emphasis, or between the parts of a name: `*`, `·`.
    Mark,
    /// It joins words: `-`, `.`, `/`.
    Joiner,
    /// It parts them: `，`.
    Sign,
    /// Another paragraph or cell.
    Border,
}

impl Gap {
    fn of(ch: char) -> Gap {
        match ch {
            BORDER => Gap::Border,
            '*' | '_' | '`' | '~' | '·' | '・' | '･' | '‧' | '•' => Gap::Mark,
            '-' | '.' | '/' | '|' | '+' | '\\' | '‐' | '‑' => Gap::Joiner,
            _ => Gap::Sign,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Letter {
    ch: char,
    class: Class,
    /// Where it is one.
    gap: Gap,
    start: usize,
    end: usize,
}

impl Letter {
    fn is_gap(&self) -> bool {
        self.ch == GAP
    }
}

/// What a text is compared by.
fn skeleton(text: &str) -> Vec<Letter> {
    let normal = normalize(text, Mode::Query);
    let mut letters: Vec<Letter> = Vec::with_capacity(normal.chars.len());
    // White space between a Gram character and whatever follows is no gap.
    let mut blank: Option<Letter> = None;
    for c in normal.chars {
        let (start, end) = (c.start, c.end);
        if is_accent(c.ch) {
            if let Some(last) = letters.last_mut().filter(|last| last.class == Class::Word) {
                last.end = end;
            }
            continue;
        }
        let letter = Letter { ch: plain(c.ch), class: c.class, gap: Gap::Blank, start, end };
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
                let sign = text[start..].chars().next().unwrap_or(c.ch);
                let gap = Gap::of(sign).min(Gap::of(c.ch));
                let gap = if sign == BORDER { Gap::Border } else { gap };
                match letters.last_mut() {
                    Some(last) if last.is_gap() => last.gap = last.gap.max(gap),
                    Some(_) => letters.push(Letter { ch: GAP, gap, ..letter }),
                    None => {}
                }
            }
        }
    }
    letters
}

/// A mark that stands over or under the letter before it.
fn is_accent(ch: char) -> bool {
    matches!(ch, '\u{300}'..='\u{36f}')
}

/// A Latin letter without its accents.
fn plain(ch: char) -> char {
    if ch.is_ascii() || !ch.is_alphabetic() {
        return ch;
    }
    let mut first = None;
    decompose_canonical(ch, |part| {
        first.get_or_insert(part);
    });
    first.filter(char::is_ascii_alphabetic).map_or(ch, |first| first.to_ascii_lowercase())
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

/// A name as texts are searched for it.
#[derive(Clone, Debug)]
struct Name {
    letters: Vec<Letter>,
    /// Letters that are no gaps.
    count: usize,
    /// It is of several words.
    has_parts: bool,
    /// It is made of digits alone, which are compared as numbers.
    is_number: bool,
    protected: Protected,
}

/// A set of protected names.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    names: Vec<Name>,
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
            let mut letters = skeleton(&protected.name);
            while letters.last().is_some_and(Letter::is_gap) {
                letters.pop();
            }
            let is_same = |known: &Name| {
                known.letters.iter().map(|own| own.ch).eq(letters.iter().map(|own| own.ch))
            };
            if letters.is_empty() || mask.names.iter().any(is_same) {
                continue;
            }
            let own = || letters.iter().filter(|letter| !letter.is_gap());
            let digits: Vec<Option<u8>> = own().map(|letter| digit(letter.ch)).collect();
            let (count, is_number) = (digits.len(), digits.iter().all(Option::is_some));
            if digits.len() >= DIGITS
                && let Some(digits) = digits.into_iter().collect::<Option<Vec<u8>>>()
            {
                mask.numbers.push((digits, protected.clone()));
            }
            let has_parts = letters.len() > count;
            mask.names.push(Name { letters, count, has_parts, is_number, protected });
        }
        mask.names.sort_by_key(|name| std::cmp::Reverse(name.letters.len()));
        for (at, name) in mask.names.iter().enumerate() {
            mask.by_first.entry(name.letters[0].ch).or_default().push(at);
        }
        mask
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All protected names in a text, from left to right, the longest at each place.
    pub fn find(&self, text: &str) -> Vec<Found<'_>> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut found = self.find_in(&skeleton(text));
        if let Some(letters) = without(text, holes(text)) {
            found.extend(self.find_in(&letters));
            found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
            let mut end = 0;
            found.retain(|found| {
                let is_free = found.range.start >= end;
                end = end.max(found.range.end);
                is_free
            });
        }
        found
    }

    fn find_in(&self, letters: &[Letter]) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        let numbers = self.numbers_in(letters);
        let mut at = 0;
        while at < letters.len() {
            let names = self.by_first.get(&letters[at].ch).map_or(&[][..], Vec::as_slice);
            let names = names.iter().filter_map(|&name| {
                let name = &self.names[name];
                let length = name.exactly(letters, at).or_else(|| name.loosely(letters, at))?;
                Some((length, &name.protected))
            });
            let number = numbers.get(&at).copied();
            match names.chain(number).max_by_key(|(length, _)| *length) {
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

    /// Whether a search would find a protected name by a pattern that gives it away: `陆知*`,
    /// `陆之行~1`, `/陆.行/`. What finds anything at all gives nothing away but is no loss either.
    pub fn is_sought(&self, pattern: &Pattern<'_>) -> bool {
        self.names.iter().any(|name| pattern.finds(&name.protected.name))
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

impl Name {
    /// Letters of the text from `at` on that are this name as it stands in the profile.
    fn exactly(&self, letters: &[Letter], at: usize) -> Option<usize> {
        let here = letters.get(at..at + self.letters.len())?;
        let is_same = here.iter().map(|own| own.ch).eq(self.letters.iter().map(|own| own.ch));
        (is_same && self.has_edges(letters, at, here.len(), false)).then_some(here.len())
    }

    /// The same where it is written together, cut or spelled out. Han characters may have a sign of
    /// emphasis or `·` between them, from three on also what joins words, or whatever sign there is
    /// between all of them. Words may be written together from four letters on, be spelled with
    /// gaps from three on, and be cut anywhere from six on.
    fn loosely(&self, letters: &[Letter], at: usize) -> Option<usize> {
        if self.is_number {
            return None;
        }
        let (mut han, mut inner) = (None, None);
        let (mut pairs, mut gapped, mut is_joined) = (0, 0, false);
        let mut wanted = self.letters.iter();
        let mut last = wanted.next().filter(|own| own.ch == letters[at].ch)?;
        let mut end = at;
        while let Some(mut next) = wanted.next() {
            let is_break = next.is_gap();
            if is_break {
                next = wanted.next()?;
            }
            let gap = letters.get(end + 1).filter(|own| own.is_gap()).map(|own| own.gap);
            end += 1 + usize::from(gap.is_some());
            if letters.get(end)?.ch != next.ch || gap == Some(Gap::Border) {
                return None;
            }
            pairs += 1;
            gapped += usize::from(gap.is_some());
            match (last.class, next.class) {
                (Class::Gram, Class::Gram) => han = han.max(gap),
                _ if is_break => is_joined |= gap.is_none(),
                _ => inner = inner.max(gap),
            }
            last = next;
        }
        let (count, is_spelled) = (self.count, pairs > 0 && gapped == pairs);
        let most_han = match count {
            0..=2 => Gap::Mark,
            _ if is_spelled => Gap::Sign,
            _ => Gap::Joiner,
        };
        let most_inner = match count {
            5.. if is_spelled => Some(Gap::Sign),
            3.. if is_spelled => Some(Gap::Joiner),
            6.. => Some(Gap::Joiner),
            _ => None,
        };
        let fits = han <= Some(most_han)
            && (inner.is_none() || inner <= most_inner)
            && (!is_joined || count >= 4);
        let length = end + 1 - at;
        (fits && self.has_edges(letters, at, length, gapped == 0)).then_some(length)
    }

    /// Words end at the edge of a word: `lin` is not in `line`, nor in `lin01`. Digits may stand
    /// beside a longer one, anything beside a long one of several words that are written together.
    fn has_edges(&self, letters: &[Letter], at: usize, length: usize, is_together: bool) -> bool {
        if is_together && self.has_parts && self.count >= 8 {
            return true;
        }
        let is_edge = |own: Option<&Letter>, beside: Option<&Letter>| match (own, beside) {
            (Some(own), Some(beside)) => {
                let is_joined = own.class == Class::Word && beside.class == Class::Word;
                let is_number = beside.ch.is_ascii_digit() && !own.ch.is_ascii_digit();
                !is_joined || (is_number && self.count >= 6)
            }
            _ => true,
        };
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        is_edge(letters.get(at), before)
            && is_edge(letters.get(at + length - 1), letters.get(at + length))
    }
}

/// Bytes of a tag; what is longer is none.
const TAG: usize = 200;

/// Tags and short numbers in a text, in its order: `<b>`, `[[M580]]`, `M580`.
fn holes(text: &str) -> Vec<Range<usize>> {
    let mut holes: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices('<') {
        let inner = &text[at + 1..];
        let name = inner.strip_prefix('/').unwrap_or(inner);
        let length = inner.find(['<', '>']).filter(|end| inner[*end..].starts_with('>'));
        if let Some(length) = length
            && length <= TAG
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            holes.push(at..at + length + 2);
        }
    }
    for (range, _) in short_numbers(text) {
        let before = text[..range.start].trim_end_matches(['[', '\\']).len();
        let after = text[range.end..].trim_start_matches([']', '\\']).len();
        holes.push(before..text.len() - after);
    }
    holes.sort_unstable_by_key(|hole| hole.start);
    holes
}

/// What a text is compared by when these parts of it are nothing; `None` without any.
fn without(text: &str, holes: Vec<Range<usize>>) -> Option<Vec<Letter>> {
    let mut plain = String::new();
    // Where pieces of it stand in the text: (in it, in the text).
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for hole in holes {
        if hole.start >= from {
            pieces.push((plain.len(), from));
            plain.push_str(&text[from..hole.start]);
            from = hole.end;
        }
    }
    if from == 0 {
        return None;
    }
    pieces.push((plain.len(), from));
    plain.push_str(&text[from..]);
    let mut letters = skeleton(&plain);
    for letter in &mut letters {
        let piece = pieces.partition_point(|(start, _)| *start <= letter.start) - 1;
        let (start, in_text) = pieces[piece];
        let by = in_text - start;
        (letter.start, letter.end) = (letter.start + by, letter.end + by);
    }
    Some(letters)
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
    fn names_are_found_written_together_cut_or_spelled() {
        let shen = |text: &str, expected: &str| check(&["Shen Ruolan"], text, expected);
        shen("shenruolan@example.org, ShenRuolan", "▇@example.org, ▇");
        shen("shenruolan1985@example.org mrshenruolan", "▇1985@example.org mr▇");
        shen("S h e n  R u o l a n; s.h.e.n.r.u.o.l.a.n", "▇; ▇");
        shen("Shen Ruo-lan, Shen Ruo Lan", "▇, ▇");
        shen("<b>Shen</b> <i>Ruolan</i>", "<b>▇</i>");
        shen("Sh<span class=\"x\">en</span>Ruolan <shen.ruolan@example.org>", "▇ <▇@example.org>");
        shen("RuolanShen, Ruolan, she nru olanda", "RuolanShen, Ruolan, she nru olanda");
        let han = |text: &str, expected: &str| check(&["沈若岚"], text, expected);
        han("沈·若·岚 沈**若**岚 沈-若岚 沈_若_岚", "▇ ▇ ▇ ▇");
        han("沈，若，岚", "▇");
        han("沈若，岚 沈。若岚", "沈若，岚 沈。若岚");
        han("<b>沈</b>若岚", "<b>▇");
        check(&["李四"], "李·四 **李**四 李/四 李-四", "▇ **▇ 李/四 李-四");
        // A reference of a note in the middle of it.
        han("陆沈[[M580]]若岚 沈M580若岚 沈若[[A7]]岚", "陆▇ ▇ ▇");
        shen("Shen [[D12]] Ruolan, Shen[[E9]]Ruolan", "▇, ▇");
        han("沈[[M580]]若 岚岚", "▇岚");
        // Tones and accents, composed or not.
        check(&["Lu Zhixing"], "Lù Zhīxíng, LǓ ZHĪXÍNG, Lu\u{300} Zhi\u{304}xing", "▇, ▇, ▇");
        check(&["Lǚ Zhīxíng"], "lu zhixing Lü Zhi-xing", "▇ ▇");
        // The shorter a name, the closer it must be written.
        check(&["Li"], "L i, Li, line, li2", "L i, ▇, line, li2");
        check(&["Lin"], "L i n / a, l, i, n / Lin7", "▇ / a, l, i, n / Lin7");
        check(&["Li Na"], "lina, L i  N a, l, i, n, a, linas", "▇, ▇, l, i, n, a, linas");
        check(&["Li X"], "lix li-x", "lix ▇");
        check(&["petrova"], "petrova85 pet-rova petrovas", "▇85 ▇ petrovas");
        check(&["wxid_q7"], "wxid_q72 wxid_q7 wxidq7", "wxid_q72 ▇ ▇");
        check(&["1234-5"], "1 2 3 4 5, 12345", "1 2 3 4 5, 12345");
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
        /// A name is found however its parts are written, and nothing else of the text is lost.
        #[test]
        fn a_name_is_found_in_whatever_form(
            form in 0..9_usize,
            before in "[ 林。]{0,3}",
            after in "[ 林。]{0,3}",
        ) {
            let (name, han) = ("Shen Ruolan", "沈若岚");
            let spelled = |text: &str, by: &str| {
                text.chars().map(String::from).collect::<Vec<_>>().join(by)
            };
            let planted = match form {
                0 => name.to_lowercase().replace(' ', ""),
                1 => name.replace(' ', ""),
                2 => spelled(name, " "),
                3 => spelled(&name.replace(' ', ""), "."),
                4 => "<b>Shen</b> <i>Ruolan</i>".to_owned(),
                5 => spelled(han, " "),
                6 => spelled(han, "·"),
                7 => spelled(han, "，"),
                _ => spelled(han, "</b><b>"),
            };
            let mask = mask(&[name, han]);
            let text = format!("{before}{planted}{after}");
            let masked = mask.apply(&text).unwrap_or_else(|| text.clone());
            prop_assert!(masked.contains('▇'), "{text:?}");
            prop_assert!(mask.find(&masked).is_empty(), "{masked:?}");
            prop_assert!(masked.starts_with(&before) && masked.ends_with(&after), "{masked:?}");
        }

        /// What was masked is not found again, whatever was left together.
        #[test]
        fn nothing_is_left(text in "[李四a-c ,\u{200b}李1一-]{0,30}", name in "[李四a-c]{1,3}|[1一]{6,7}") {
            let mask = mask(&[&name]);
            let masked = mask.apply(&text).unwrap_or(text);
            prop_assert!(mask.find(&masked).is_empty(), "{masked:?}");
        }
    }
}
