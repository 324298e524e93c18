//! Tokens with positions: one function for the index, the query and the highlighter.
//!
//! A normal form is cut into *runs*: stretches of [`Class::Gram`] (scripts written without
//! spaces) and of [`Class::Word`]; what stands between two runs is a *separator*. Every word
//! and every character of a gram run has an ordinal, its place in the text counted in words and
//! characters. Tokens are
//!
//! - for a word run: the word;
//! - for a gram run: every two neighbouring characters, at the ordinal of the first, and the
//!   first and the last character alone, so that a part of a run that ends at its border is
//!   found;
//! - for a separator with anything but white space in it: its text, marked, at the ordinal of
//!   the run before it (before the first run: one less than the first run's);
//! - for a word broken by a hyphen over two lines: also the joined word, at the first half, and,
//!   marked, at the second half.
//!
//! A position is `ordinal * 4 + turn`. The turn changes at every separator by what it is: 0
//! nothing (Han beside Latin), 1 white space, 2 a line end that may be nothing or white space,
//! 3 anything else. Two tokens at neighbouring ordinals therefore know what stands between them
//! from the difference of their turns modulo 4.
//!
//! Why this is exact. Take a phrase whose tokens cover every ordinal from its first to its last
//! (bigrams cover two). Tokens found at the right ordinals leave no ordinal in which something
//! unseen could stand. Between two covered neighbours there is at most one separator; its kind
//! is the difference of the turns, which cannot alias, because exactly one step lies between
//! them; its text, when it has one, is a token of its own. Inside a bigram there is none by
//! construction (but for line ends inside Hangul, which add 2). A border of cells, rows,
//! paragraphs adds [`BORDER`] ordinals, so no phrase spans it.
//!
//! The alternative of fixed gaps of different width between runs was tried on paper and fails:
//! `公 2` with a gap of 4 after the unigram `公` also finds `公司2`, whose runs are one closer and
//! one character longer.

use super::fold::{Class, HARD, HYPHENATED, SOFT};
use super::normal::NormalChar;

/// By how many words a border (cell, row, paragraph, end of a part) counts in distances. The
/// least that keeps neighbours of a border from being neighbours: every bit of a position costs
/// the index of a table a twentieth of its size.
pub const BORDER: u32 = 2;

/// First character of the term of a separator.
pub const SEPARATOR: char = '\u{3}';
/// First character of the term that marks the second half of a broken word.
pub const JOIN: char = '\u{2}';

/// Bytes of the longest word that is its own term; of a longer one the term keeps this much and
/// a hash of the whole.
pub const LONGEST_WORD: usize = 200;
/// Characters that are kept of each end of a long separator.
pub const SEPARATOR_ENDS: usize = 32;
/// Bytes of a word or separator that are kept while it grows: of a file that is one word of
/// hundreds of megabytes, the beginning and a hash.
const MOST_KEPT: usize = 64 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    /// A character alone: the first or the last of its run.
    One,
    /// Two neighbouring characters; the first one ends at this byte of the original.
    Two {
        first_end: usize,
    },
    Separator,
    /// The joined form of a broken word.
    Joined,
    /// The same at the second half.
    JoinedEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub term: &'a str,
    pub ordinal: u32,
    /// 0 to 3.
    pub turn: u8,
    /// Bytes of the original.
    pub start: usize,
    pub end: usize,
}

impl Token<'_> {
    pub fn position(&self) -> u32 {
        self.ordinal << 2 | u32::from(self.turn)
    }
}

/// Cuts normal characters into tokens.
pub struct Tokenizer {
    /// Of the last word or character that was placed.
    ordinal: u32,
    turn: u8,
    run: Run,
    word: Word,
    separator: String,
    separator_start: usize,
    separator_end: usize,
    /// The run before the separator.
    before: Run,
    before_word: Word,
    /// The current word is the second half of a broken one.
    joins: bool,
    term: String,
}

#[derive(Clone, Copy)]
enum Run {
    None,
    Gram { len: usize, last: char, start: usize, end: usize, turn: u8 },
    Word { start: usize, end: usize, turn: u8 },
}

impl Default for Tokenizer {
    fn default() -> Self {
        Tokenizer {
            ordinal: 0,
            turn: 0,
            run: Run::None,
            word: Word::default(),
            separator: String::new(),
            separator_start: 0,
            separator_end: 0,
            before: Run::None,
            before_word: Word::default(),
            joins: false,
            term: String::new(),
        }
    }
}

impl Tokenizer {
    pub fn push(&mut self, c: NormalChar, sink: &mut impl FnMut(Token)) {
        match (c.class, &mut self.run) {
            (Class::Gram, Run::Gram { len, last, start, end, turn }) => {
                self.term.clear();
                self.term.push(*last);
                self.term.push(c.ch);
                sink(Token {
                    kind: Kind::Two { first_end: *end },
                    term: &self.term,
                    ordinal: self.ordinal,
                    turn: *turn,
                    start: *start,
                    end: c.end,
                });
                self.ordinal = self.ordinal.saturating_add(1);
                (*len, *last, *start, *end) = (*len + 1, c.ch, c.start, c.end);
            }
            (Class::Gram, _) => self.begin_gram(c, sink),
            (Class::Word, Run::Word { end, .. }) => {
                self.word.push(c.ch);
                *end = c.end;
            }
            (Class::Word, _) => {
                self.end_run(sink);
                let broken = self.separator.strip_suffix(HYPHENATED) == Some("-");
                self.joins = broken && matches!(self.before, Run::Word { .. });
                self.begin(sink);
                self.word.push(c.ch);
                self.run = Run::Word { start: c.start, end: c.end, turn: self.turn };
            }
            (Class::Blank | Class::Other, _) => {
                self.end_run(sink);
                if c.ch == HARD {
                    self.hard(sink);
                } else {
                    if self.separator.is_empty() {
                        self.separator_start = c.start;
                    }
                    if self.separator.len() >= MOST_KEPT {
                        shorten(&mut self.separator);
                    }
                    self.separator.push(c.ch);
                    self.separator_end = c.end;
                }
            }
        }
    }

    /// Ends the text.
    pub fn finish(&mut self, sink: &mut impl FnMut(Token)) {
        self.end_run(sink);
        self.hard(sink);
    }

    fn begin_gram(&mut self, c: NormalChar, sink: &mut impl FnMut(Token)) {
        self.end_run(sink);
        if let (Run::Gram { last, start, end, turn, .. }, SOFT_ALONE) =
            (self.before, self.separator.as_str())
        {
            self.term.clear();
            self.term.push(last);
            self.term.push(c.ch);
            let kind = Kind::Two { first_end: end };
            let (term, ordinal) = (self.term.as_str(), self.ordinal);
            sink(Token { kind, term, ordinal, turn, start, end: c.end });
        }
        self.begin(sink);
        self.run = Run::Gram { len: 1, last: c.ch, start: c.start, end: c.end, turn: self.turn };
        self.one(c.ch, c.start, c.end, sink);
    }

    fn one(&mut self, ch: char, start: usize, end: usize, sink: &mut impl FnMut(Token)) {
        self.term.clear();
        self.term.push(ch);
        let (ordinal, turn) = (self.ordinal, self.turn);
        sink(Token { kind: Kind::One, term: &self.term, ordinal, turn, start, end });
    }

    /// Puts the separator before a new run, and the run's ordinal and turn.
    fn begin(&mut self, sink: &mut impl FnMut(Token)) {
        let turn = turn_of(&self.separator);
        if turn == 3 {
            self.put_separator(sink);
        }
        self.turn = (self.turn + turn) & 3;
        self.ordinal = self.ordinal.saturating_add(1);
        self.separator.clear();
    }

    fn put_separator(&mut self, sink: &mut impl FnMut(Token)) {
        let (ordinal, turn) = (self.ordinal, self.turn);
        let (start, end) = (self.separator_start, self.separator_end);
        let term = &mut self.term;
        readings(&self.separator, |reading| {
            separator_term(reading, term);
            sink(Token { kind: Kind::Separator, term, ordinal, turn, start, end });
        });
    }

    fn end_run(&mut self, sink: &mut impl FnMut(Token)) {
        let run = std::mem::replace(&mut self.run, Run::None);
        match run {
            Run::None => return,
            Run::Gram { len, last, start, end, .. } => {
                if len > 1 {
                    self.one(last, start, end, sink);
                }
            }
            Run::Word { start, end, turn } => {
                let ordinal = self.ordinal;
                self.word.term(&mut self.term);
                let term = &self.term;
                sink(Token { kind: Kind::Word, term, ordinal, turn, start, end });
                if let (true, Run::Word { start, turn: before_turn, .. }) =
                    (self.joins, self.before)
                    && self.before_word.join(&self.word)
                {
                    self.before_word.term(&mut self.term);
                    let before = ordinal.saturating_sub(1);
                    let (term, turn_before) = (&self.term, before_turn);
                    sink(Token {
                        kind: Kind::Joined,
                        term,
                        ordinal: before,
                        turn: turn_before,
                        start,
                        end,
                    });
                    self.term.insert(0, JOIN);
                    let term = &self.term;
                    sink(Token { kind: Kind::JoinedEnd, term, ordinal, turn, start, end });
                }
                self.joins = false;
                std::mem::swap(&mut self.word, &mut self.before_word);
                self.word.clear();
            }
        }
        self.before = run;
    }

    fn hard(&mut self, sink: &mut impl FnMut(Token)) {
        if turn_of(&self.separator) == 3 {
            self.put_separator(sink);
        }
        self.separator.clear();
        self.before = Run::None;
        self.ordinal = self.ordinal.saturating_add(BORDER);
    }
}

/// A word as it grows.
#[derive(Default)]
struct Word {
    /// All of it, or what came after the last that went into the hash.
    kept: String,
    /// Of a very long one.
    long: Option<Box<LongWord>>,
}

struct LongWord {
    head: String,
    hash: blake3::Hasher,
}

impl Word {
    fn push(&mut self, c: char) {
        if self.kept.len() >= MOST_KEPT {
            let long = self.long.get_or_insert_with(|| {
                let head = head_of(&self.kept).to_owned();
                Box::new(LongWord { head, hash: blake3::Hasher::new() })
            });
            long.hash.update(self.kept.as_bytes());
            self.kept.clear();
        }
        self.kept.push(c);
    }

    fn clear(&mut self) {
        self.kept.clear();
        self.long = None;
    }

    /// Appends the other half of a broken word; `false` where one of them is too long for any.
    fn join(&mut self, other: &Word) -> bool {
        let is_word = self.long.is_none() && other.long.is_none();
        if is_word {
            self.kept.push_str(&other.kept);
        }
        is_word
    }

    fn term(&self, term: &mut String) {
        match &self.long {
            None => word_term(&self.kept, term),
            Some(long) => {
                let mut hash = long.hash.clone();
                hash.update(self.kept.as_bytes());
                hashed_term(&long.head, &hash.finalize(), term);
            }
        }
    }
}

/// Puts a hash for the middle of a separator that grows beyond measure.
fn shorten(separator: &mut String) {
    let at = |quarters: usize| separator.floor_char_boundary(MOST_KEPT / 4 * quarters);
    let middle = at(1)..at(3);
    let hash = blake3::hash(separator[middle.clone()].as_bytes()).to_hex();
    separator.replace_range(middle, &hash);
}

const SOFT_ALONE: &str = "\u{1d}";

/// How a separator turns: see the head comment.
pub fn turn_of(separator: &str) -> u8 {
    let mut turn = 0;
    for c in separator.chars() {
        turn = turn.max(match c {
            ' ' => 1,
            SOFT | HYPHENATED => 2,
            _ => return 3,
        });
    }
    turn
}

/// Everything that a separator may be read as: its line ends as nothing or as a blank.
fn readings(separator: &str, mut sink: impl FnMut(&str)) {
    let is_line = |c: char| matches!(c, SOFT | HYPHENATED);
    let lines = separator.chars().filter(|c| is_line(*c)).count();
    if lines == 0 {
        return sink(separator);
    }
    // More than three in one separator: the further ones are blanks.
    for choice in 0..1u32 << lines.min(3) {
        let mut seen = 0;
        let mut reading = String::with_capacity(separator.len());
        for c in separator.chars() {
            if !is_line(c) {
                reading.push(c);
                continue;
            }
            if seen >= 3 || choice & 1 << seen != 0 {
                reading.push(' ');
            }
            seen += 1;
        }
        sink(&reading);
    }
}

/// The term of a separator: marked, and shortened in the middle when it is long.
pub fn separator_term(text: &str, term: &mut String) {
    term.clear();
    term.push(SEPARATOR);
    if text.len() <= 2 * SEPARATOR_ENDS || text.chars().count() <= 2 * SEPARATOR_ENDS {
        term.push_str(text);
        return;
    }
    let digest = blake3::hash(text.as_bytes()).to_hex();
    term.extend(text.chars().take(SEPARATOR_ENDS));
    term.push(HARD);
    term.push_str(&digest[..16]);
    term.push(HARD);
    let tail = text.char_indices().rev().nth(SEPARATOR_ENDS - 1).map_or(0, |(at, _)| at);
    term.push_str(&text[tail..]);
}

/// The term of a word: itself, or its beginning and a hash when it is very long.
pub fn word_term(word: &str, term: &mut String) {
    if word.len() <= LONGEST_WORD {
        term.clear();
        term.push_str(word);
        return;
    }
    hashed_term(head_of(word), &blake3::hash(word.as_bytes()), term);
}

fn head_of(word: &str) -> &str {
    &word[..word.floor_char_boundary(LONGEST_WORD)]
}

fn hashed_term(head: &str, hash: &blake3::Hash, term: &mut String) {
    term.clear();
    term.push_str(head);
    term.push(HARD);
    term.push_str(&hash.to_hex()[..16]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Wrap;
    use crate::text::normal::{Mode, Normalizer, normalize};
    use crate::text::phrase::What;

    fn check(text: &str, expected: &str) {
        let mut shown = Vec::new();
        let mut sink = |t: Token| {
            shown.push(format!("{}@{}.{}", t.term, t.ordinal, t.turn));
        };
        let mut tokenizer = Tokenizer::default();
        for c in normalize(text, Mode::Text(Wrap::Flow)).chars {
            tokenizer.push(c, &mut sink);
        }
        tokenizer.finish(&mut sink);
        let shown = shown.join(" ").replace(SEPARATOR, "'").replace(JOIN, "+");
        assert_eq!(shown, expected, "{text:?}");
    }

    #[test]
    fn runs_and_separators() {
        check("第1期", "第@1.0 1@2.0 期@3.0");
        check("公司 名", "公@1.0 公司@1.0 司@2.0 名@3.1");
        check("v2.0", "v2@1.0 '.@1.0 0@2.3");
        check("（公）", "'(@0.0 公@1.3 ')@1.3");
        check("a\n\nb", "a@1.0 b@4.0");
        check("公\na,\n b", "公@1.0 a@2.2 ', @2.2 b@3.1");
        check("한\n국", "한@1.0 한국@1.0 국@2.2");
        check("exam-\nple x", "exam@1.0 '-@1.0 '- @1.0 ple@2.3 example@1.0 +example@2.3 x@3.0");
        check("好,\n好", "好@1.0 ',@1.0 ', @1.0 好@2.3");
    }

    #[test]
    fn long_terms_are_shortened_and_still_distinct() {
        let mut terms = std::collections::HashSet::new();
        for tail in ["a", "b"] {
            let mut term = String::new();
            word_term(&format!("{}{tail}", "字x".repeat(500)), &mut term);
            assert!(term.len() < 250);
            terms.insert(term.clone());
            separator_term(&format!("{}{tail}{}", "-".repeat(500), "=".repeat(500)), &mut term);
            assert!(term.len() < 250);
            terms.insert(term);
        }
        assert_eq!(terms.len(), 4);
    }

    #[test]
    fn of_what_grows_beyond_measure_a_hash_is_kept() {
        let terms = |text: &str| {
            let mut terms = Vec::new();
            let mut sink = |token: Token| terms.push(token.term.to_owned());
            let mut tokenizer = Tokenizer::default();
            let mut normalizer = Normalizer::new(Mode::Text(Wrap::Lines));
            normalizer.feed(text, &mut |c| tokenizer.push(c, &mut sink));
            assert!(tokenizer.word.kept.len() <= MOST_KEPT + 4);
            assert!(tokenizer.separator.len() <= MOST_KEPT + 4);
            normalizer.finish(&mut |c| tokenizer.push(c, &mut sink));
            tokenizer.finish(&mut sink);
            terms
        };
        for len in [MOST_KEPT - 1, MOST_KEPT, MOST_KEPT + 1, 5 * MOST_KEPT / 2] {
            let word = "xyz".repeat(len / 3);
            let mut term = String::new();
            word_term(&word, &mut term);
            assert_eq!(terms(&word), [term], "a word of {len} bytes is looked up as any other");
        }
        let dashes = |in_the_middle: &str| {
            let half = "-".repeat(MOST_KEPT);
            terms(&format!("a(.{half}{in_the_middle}{half}.)b"))
        };
        let (one, other) = (dashes("-"), dashes("="));
        assert_ne!(one[1], other[1]);
        let needle = What::SeparatorStarts("(.-".to_owned());
        assert!(needle.matches(&one[1]) && one[1].ends_with("-.)") && one[1].len() < 250);
    }
}
