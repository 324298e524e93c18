//! The normal form: what a text is to a search. Characters are folded one by one (`text::fold`)
//! and composed, so that NFC and NFD agree; white space and line ends become what they mean.
//!
//! The normal form of a text consists of folded characters and of
//!
//! - one space for a stretch of white space;
//! - [`HARD`] where nothing may be found across: in [`Wrap::Lines`] a line end or a tab, in
//!   [`Wrap::Flow`] an empty line, a form feed or a paragraph separator;
//! - nothing at all for a line end in running text between two characters that are written
//!   without spaces (a word broken over two lines is one word), or after a soft hyphen;
//! - [`SOFT`] for a line end in running text that may be either (between Han and Latin, inside
//!   Hangul), [`HYPHENATED`] for one after the hyphen of a broken word.
//!
//! Every normal character knows the bytes of the original it came from. The form is stable: the
//! normal form of a normal form is itself.

use super::fold::{self, Class, HARD, HYPHENATED, SOFT};
use crate::model::Wrap;
use unicode_normalization::UnicodeNormalization;

/// Characters of the longest cluster: what attaches beyond them stands alone. No writing comes
/// near to it, but a file of nothing else would be one cluster.
const MOST_ATTACHED: usize = 1024;

/// How white space is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Text(Wrap),
    /// What a person typed: every white space is a blank.
    Query,
}

/// One character of the normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NormalChar {
    pub ch: char,
    pub class: Class,
    /// Bytes of the original it came from. Characters that came from the same place (a ligature,
    /// a composed cluster) share their range.
    pub start: usize,
    pub end: usize,
}

/// A text in normal form.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Normal {
    pub text: String,
    pub chars: Vec<NormalChar>,
}

/// A name as it is compared: full width, traditional characters and case make no difference.
pub fn folded(text: &str) -> String {
    normalize(text, Mode::Query).text
}

/// The normal form of a whole text.
pub fn normalize(text: &str, mode: Mode) -> Normal {
    let mut normal = Normal { text: String::with_capacity(text.len()), chars: Vec::new() };
    let mut sink = |c: NormalChar| {
        normal.text.push(c.ch);
        normal.chars.push(c);
    };
    let mut normalizer = Normalizer::new(mode);
    normalizer.feed(text, &mut sink);
    normalizer.finish(&mut sink);
    normal
}

/// Makes the normal form of a text that comes in pieces.
pub struct Normalizer {
    mode: Mode,
    /// Bytes fed so far.
    at: usize,
    /// A starter that waits for what may attach to it.
    waiting: Option<Waiting>,
    /// Decomposed text of the cluster, once something attached; empty for a lone character.
    cluster: String,
    /// Byte ranges of the characters of the cluster.
    ranges: Vec<(usize, usize)>,
    long: String,
    blank: Option<Blank>,
    /// The last two characters that went out, the last one first.
    last: Option<Seen>,
    before_last: Option<Seen>,
    /// Where the last soft hyphen ended.
    soft_hyphen: usize,
}

#[derive(Clone, Copy)]
struct Waiting {
    ch: char,
    class: Class,
    width: Width,
    start: usize,
    end: usize,
}

#[derive(Clone, Copy)]
struct Blank {
    start: usize,
    end: usize,
    lines: u32,
    hard: bool,
    after_return: bool,
}

#[derive(Clone, Copy)]
struct Seen {
    ch: char,
    class: Class,
    width: Width,
}

#[derive(Clone, Copy, PartialEq)]
enum Width {
    Wide,
    Ambiguous,
    Narrow,
    /// Narrow, and what a word is broken with.
    Hyphen,
}

fn width(entry: fold::Entry) -> Width {
    match (entry.is_wide(), entry.is_ambiguous()) {
        (true, _) => Width::Wide,
        (_, true) => Width::Ambiguous,
        _ if entry.is_hyphen() => Width::Hyphen,
        _ => Width::Narrow,
    }
}

/// Letters from A to Z and digits at the beginning.
fn plain(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

impl Normalizer {
    pub fn new(mode: Mode) -> Self {
        Normalizer {
            mode,
            at: 0,
            waiting: None,
            cluster: String::new(),
            ranges: Vec::new(),
            long: String::new(),
            blank: None,
            last: None,
            before_last: None,
            soft_hyphen: usize::MAX,
        }
    }

    /// Takes the next stretch of the text; `sink` gets what is settled.
    pub fn feed(&mut self, text: &str, sink: &mut impl FnMut(NormalChar)) {
        let base = self.at;
        let mut offset = 0;
        while let Some(c) = text[offset..].chars().next() {
            let plain = plain(&text.as_bytes()[offset..]);
            if plain > 1 {
                // None of them attaches to the one before, so all but the last are settled.
                self.settled(&text[offset..offset + plain - 1], base + offset, sink);
                offset += plain - 1;
                continue;
            }
            let start = base + offset;
            let end = start + c.len_utf8();
            offset += c.len_utf8();
            let entry = fold::entry(c);
            let width = width(entry);
            if !entry.is_long() {
                let next = Waiting { ch: entry.char(), class: entry.class(), width, start, end };
                self.one(next, entry.attaches(), sink);
                continue;
            }
            if c == '\u{ad}' {
                self.soft_hyphen = end;
            }
            let mut long = std::mem::take(&mut self.long);
            long.clear();
            fold::fold_slow(c, &mut long);
            for ch in long.chars() {
                let attaches = fold::entry(ch).attaches();
                self.one(Waiting { ch, class: fold::class(ch), width, start, end }, attaches, sink);
            }
            self.long = long;
        }
        self.at = base + text.len();
    }

    /// Takes plain letters and digits to which nothing attaches.
    fn settled(&mut self, text: &str, at: usize, sink: &mut impl FnMut(NormalChar)) {
        self.flush(sink);
        for (start, byte) in (at..).zip(text.bytes()) {
            let (ch, class, width) =
                (char::from(byte.to_ascii_lowercase()), Class::Word, Width::Narrow);
            self.put(Waiting { ch, class, width, start, end: start + 1 }, sink);
        }
    }

    /// Ends the text.
    pub fn finish(&mut self, sink: &mut impl FnMut(NormalChar)) {
        self.flush(sink);
        self.blank = None;
    }

    /// Leaves so many bytes of the text out. To be asked at the end of a stretch only.
    pub fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    fn one(&mut self, next: Waiting, attaches: bool, sink: &mut impl FnMut(NormalChar)) {
        match &mut self.waiting {
            Some(waiting) if attaches && self.ranges.len() < MOST_ATTACHED => {
                if self.cluster.is_empty() {
                    self.cluster.push(waiting.ch);
                    self.ranges.push((waiting.start, waiting.end));
                }
                self.cluster.push(next.ch);
                self.ranges.push((next.start, next.end));
                waiting.end = next.end;
            }
            _ => {
                self.flush(sink);
                self.waiting = Some(next);
            }
        }
    }

    fn flush(&mut self, sink: &mut impl FnMut(NormalChar)) {
        let Some(waiting) = self.waiting.take() else { return };
        if self.cluster.is_empty() {
            self.put(waiting, sink);
            return;
        }
        let cluster = std::mem::take(&mut self.cluster);
        let ranges = std::mem::take(&mut self.ranges);
        // What neither composed nor changed places keeps its own bytes: all of it, or the end.
        let composed: Vec<char> = cluster.nfc().collect();
        let alike = |(a, b): &(char, &char)| a == *b;
        let own = cluster.chars().rev().zip(composed.iter().rev()).take_while(alike).count();
        // The others share the bytes that they came from.
        let shared = match ranges.len() - own {
            0 => (waiting.start, waiting.start),
            others => (ranges[0].0, ranges[others - 1].1),
        };
        for (i, ch) in composed.iter().copied().enumerate() {
            let width = if i == 0 { waiting.width } else { width(fold::entry(ch)) };
            let from_end = composed.len() - i;
            let (start, end) =
                if from_end <= own { ranges[ranges.len() - from_end] } else { shared };
            self.put(Waiting { ch, class: fold::class(ch), width, start, end }, sink);
        }
        (self.cluster, self.ranges) = (cluster, ranges);
        self.cluster.clear();
        self.ranges.clear();
    }

    #[inline]
    fn put(&mut self, c: Waiting, sink: &mut impl FnMut(NormalChar)) {
        if c.class == Class::Blank || c.ch == HARD {
            self.blank(c);
            return;
        }
        let seen = Seen { ch: c.ch, class: c.class, width: c.width };
        if let (Some(blank), Some(last)) = (self.blank.take(), self.last)
            && let Some(ch) = self.means(blank, last, seen)
        {
            let class = if ch == ' ' { Class::Blank } else { Class::Other };
            sink(NormalChar { ch, class, start: blank.start, end: blank.end });
        }
        sink(NormalChar { ch: c.ch, class: c.class, start: c.start, end: c.end });
        self.before_last = self.last;
        self.last = Some(seen);
    }

    fn blank(&mut self, c: Waiting) {
        let blank = self.blank.get_or_insert(Blank {
            start: c.start,
            end: c.end,
            lines: 0,
            hard: false,
            after_return: false,
        });
        blank.end = c.end;
        let after_return = std::mem::replace(&mut blank.after_return, c.ch == '\r');
        match c.ch {
            HARD | '\u{c}' | '\u{2029}' => blank.hard = true,
            '\t' => blank.hard |= self.mode == Mode::Text(Wrap::Lines),
            '\n' if after_return => {}
            '\n' | '\r' | '\u{b}' | '\u{85}' => {
                blank.lines += 1;
                blank.hard |= self.mode == Mode::Text(Wrap::Lines);
            }
            // A line end inside a cell.
            '\u{2028}' => blank.lines += u32::from(self.mode == Mode::Text(Wrap::Flow)),
            _ => {}
        }
    }

    /// What a stretch of white space means between two characters.
    fn means(&self, blank: Blank, last: Seen, next: Seen) -> Option<char> {
        if blank.hard && self.mode != Mode::Query {
            return Some(HARD);
        }
        if self.mode != Mode::Text(Wrap::Flow) || blank.lines == 0 {
            return Some(' ');
        }
        if blank.lines > 1 {
            return Some(HARD);
        }
        // Joined, a mark would compose with what it was never written on.
        if fold::entry(next.ch).attaches() {
            return Some(' ');
        }
        if last.class == Class::Word && next.class == Class::Word {
            return (self.soft_hyphen != blank.start).then_some(' ');
        }
        let letter = |seen: Seen| seen.class == Class::Word && seen.ch.is_alphabetic();
        if (last.ch, last.width) == ('-', Width::Hyphen)
            && self.before_last.is_some_and(letter)
            && letter(next)
        {
            return Some(HYPHENATED);
        }
        use Width::{Ambiguous, Wide};
        match (last.width, next.width) {
            (Wide, Wide | Ambiguous) | (Ambiguous, Wide) => None,
            (Wide, _) | (_, Wide) => Some(SOFT),
            // Hangul is the one script of this class that is not wide.
            _ if last.class == Class::Gram || next.class == Class::Gram => Some(SOFT),
            _ => Some(' '),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_taken_for_plain_is_plain() {
        for c in ('\0'..'\u{80}').filter(char::is_ascii_alphanumeric) {
            let entry = fold::entry(c);
            assert_eq!((entry.char(), entry.class()), (c.to_ascii_lowercase(), Class::Word));
            assert!(width(entry) == Width::Narrow && !entry.is_long() && !entry.attaches());
        }
    }

    const FLOW: Mode = Mode::Text(Wrap::Flow);
    const LINES: Mode = Mode::Text(Wrap::Lines);

    fn check(mode: Mode, text: &str, expected: &str) {
        let shown: String = normalize(text, mode)
            .text
            .chars()
            .map(|c| match c {
                HARD => '|',
                SOFT => '?',
                HYPHENATED => '~',
                c => c,
            })
            .collect();
        assert_eq!(shown, expected, "{text:?} in {mode:?}");
    }

    #[test]
    fn characters() {
        check(LINES, "ＡＢＣ　國際 e\u{301}É", "abc 国际 éé");
        check(LINES, "ﾊﾞｯｸﾞ ㄱㅏ 각", "バッグ 가 각");
        check(LINES, "zero\u{200b}width\u{ad}", "zerowidth");
        check(LINES, "e\u{200d}\u{301}", "é");
        check(LINES, "¨ a ¨", "\u{308} a \u{308}");
        check(LINES, "O’Neil 公司——名称 a\u{2011}b", "o'neil 公司--名称 a-b");
        check(LINES, "مُحَمَّد مـحمد", "محمد محمد");
    }

    #[test]
    fn lines() {
        check(LINES, "a\tb\r\nc\u{2028}d", "a|b|c d");
        check(LINES, "  a \n\n b ", "a|b");
        check(FLOW, "公司\n名称", "公司名称");
        check(FLOW, "公司 \r\n  名称", "公司名称");
        check(FLOW, "公司\n\n名称", "公司|名称");
        check(FLOW, "公司 名称", "公司 名称");
        check(FLOW, "公司，\n“名称”\n好", "公司,“名称”好");
        check(FLOW, "第\n1\n期", "第?1?期");
        check(FLOW, "한\n국", "한?국");
        check(FLOW, "foo\nbar,\nbaz\n公", "foo bar, baz?公");
        check(FLOW, "exam-\nple 2020-\n21 soft\u{ad}\nhyphen", "exam-~ple 2020- 21 softhyphen");
        check(FLOW, "ex\u{2010}\nam so—\nit was 公司—\n名称", "ex-~am so- it was 公司-名称");
        check(FLOW, "a\u{c}b\u{2029}c\td", "a|b|c d");
        check(Mode::Query, "a\n\n公\t司", "a 公 司");
    }

    #[test]
    fn offsets() {
        let normal = normalize("Ａe\u{301} 　國", LINES);
        let ranges: Vec<_> = normal.chars.iter().map(|c| (c.ch, c.start, c.end)).collect();
        assert_eq!(ranges, [('a', 0, 3), ('é', 3, 6), (' ', 6, 10), ('国', 10, 13)]);
        // Marks behind what composed are places of their own.
        let normal = normalize("e\u{301}\u{e48}\u{e48}", LINES);
        let ranges: Vec<_> = normal.chars.iter().map(|c| (c.ch, c.start, c.end)).collect();
        assert_eq!(ranges, [('é', 0, 3), ('\u{e48}', 3, 6), ('\u{e48}', 6, 9)]);
    }

    fn any_text() -> impl Strategy<Value = String> {
        let char = prop_oneof![
            4 => any::<char>(),
            4 => "[a-cX-Z0-2]".prop_map(|s| s.chars().next().unwrap()),
            4 => "[公司國１aÉ가\u{1161}\u{11a8}ᄀㄱㅏ]".prop_map(|s| s.chars().next().unwrap()),
            2 => "[\u{301}\u{327}\u{3099}ﾊﾞ\u{200d}\u{ad}¨ﬁ㎏-]".prop_map(|s| s.chars().next().unwrap()),
            2 => "[ \n\t\r\u{c}\u{2028}\u{1c}\u{1d}\u{1e}]".prop_map(|s| s.chars().next().unwrap()),
        ];
        proptest::collection::vec(char, 0..40).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn normal_form_is_stable(text in any_text(), flow: bool) {
            let mode = if flow { FLOW } else { LINES };
            let once = normalize(&text, mode).text;
            prop_assert_eq!(&normalize(&once, mode).text, &once);
            // Decomposed text is the same text.
            let nfd: String = text.nfd().collect();
            prop_assert_eq!(&normalize(&nfd, mode).text, &once);
        }

        #[test]
        fn parts_of_a_normal_form_are_normal(text in any_text(), from in 0usize..40, len in 1usize..40) {
            let normal = normalize(&text, LINES).text;
            let part: String = normal.chars().skip(from).take(len).collect();
            let part = part.trim_matches([' ', HARD]);
            prop_assert_eq!(normalize(part, LINES).text, part);
        }

        #[test]
        fn pieces_make_the_whole(text in any_text(), at in 0usize..60) {
            let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let mut chars = Vec::new();
            let mut sink = |c| chars.push(c);
            let mut normalizer = Normalizer::new(FLOW);
            normalizer.feed(&text[..at], &mut sink);
            normalizer.feed(&text[at..], &mut sink);
            normalizer.finish(&mut sink);
            prop_assert_eq!(chars, normalize(&text, FLOW).chars);
        }

        #[test]
        fn characters_make_the_whole(text in any_text(), flow: bool) {
            let mode = if flow { FLOW } else { LINES };
            let mut chars = Vec::new();
            let mut sink = |c| chars.push(c);
            let mut normalizer = Normalizer::new(mode);
            text.split_inclusive(|_| true).for_each(|one| normalizer.feed(one, &mut sink));
            normalizer.finish(&mut sink);
            prop_assert_eq!(chars, normalize(&text, mode).chars);
        }
    }
}
