//! Where in a text the needles stand, in bytes of the original: the same tokens and the same
//! walk as in the index, so that what is marked is what was found.

use super::needle::Needle;
use super::normal::{Mode, Normalizer, normalize};
use super::phrase::{Finder, Phrase, Span, What, near};
use super::sieve::Sieve;
use super::token::{Kind, Token, Tokenizer};
use crate::model::Wrap;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// A text cut into tokens, of which those are kept that some needles need.
pub struct Marked<'a> {
    text: &'a str,
    wrap: Wrap,
    /// Paragraphs without a needle were left out: ordinals on their two sides tell no distance.
    has_gaps: bool,
    wanted: Wanted<'a>,
    terms: HashMap<String, Term>,
    /// Ordinal and byte range of every word and character, ascending.
    places: Vec<(u32, usize, usize)>,
    /// Ordinal and byte range of every separator that is not white space alone, ascending.
    separators: Vec<(u32, usize, usize)>,
}

/// Positions of one term.
type Term = Vec<u32>;

/// The terms that needles ask for. Most texts have thousands of others.
#[derive(Default)]
struct Wanted<'a> {
    /// Sorted.
    terms: Vec<Cow<'a, str>>,
    /// Whether a term may be one of them, by a look at its bytes.
    may_be: [u64; 4],
    others: Vec<&'a What>,
}

impl<'a> Wanted<'a> {
    fn of(phrases: impl Iterator<Item = &'a Phrase>) -> Self {
        let mut wanted = Wanted::default();
        for slot in phrases.flat_map(|phrase| &phrase.slots) {
            match slot.what.term() {
                Some(term) => wanted.terms.push(Cow::Borrowed(term)),
                None => wanted.others.push(&slot.what),
            }
            wanted.terms.extend(slot.what.joined().map(Cow::Owned));
        }
        wanted.terms.sort_unstable();
        wanted.terms.dedup();
        for term in &wanted.terms {
            let look = look(term);
            wanted.may_be[look >> 6] |= 1 << (look & 63);
        }
        wanted
    }

    fn has(&self, term: &str) -> bool {
        let look = look(term);
        self.may_be[look >> 6] & 1 << (look & 63) != 0
            && self.terms.binary_search_by(|own| own.as_ref().cmp(term)).is_ok()
            || self.others.iter().any(|what| what.matches(term))
    }
}

/// A number below 256 that differs for most terms that differ.
fn look(term: &str) -> usize {
    let bytes = term.as_bytes();
    let at = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let (first, middle, last) = (at(0), at(bytes.len() / 2), at(bytes.len().saturating_sub(1)));
    usize::from(first ^ middle.rotate_left(3) ^ last.rotate_left(5) ^ bytes.len() as u8)
}

impl<'a> Marked<'a> {
    /// Can then be asked where any of `needles` stands, and no others; not how far apart.
    pub fn new(text: &'a str, wrap: Wrap, needles: impl IntoIterator<Item = &'a Needle>) -> Self {
        let needles: Vec<&Needle> = needles.into_iter().collect();
        let sieve = Sieve::of(needles.iter().flat_map(|needle| needle.phrases()));
        Marked::read(text, wrap, &needles, sieve.as_ref())
    }

    /// Can be asked for distances between `needles` too.
    pub fn whole(text: &'a str, wrap: Wrap, needles: impl IntoIterator<Item = &'a Needle>) -> Self {
        let needles: Vec<&Needle> = needles.into_iter().collect();
        Marked::read(text, wrap, &needles, None)
    }

    /// With a sieve only the paragraphs that it lets through.
    fn read(text: &'a str, wrap: Wrap, needles: &[&'a Needle], sieve: Option<&Sieve>) -> Self {
        let mut marked = Marked {
            text,
            wrap,
            has_gaps: sieve.is_some(),
            wanted: Wanted::of(needles.iter().flat_map(|needle| needle.phrases())),
            terms: HashMap::new(),
            places: Vec::new(),
            separators: Vec::new(),
        };
        let (mut normalizer, mut tokenizer) =
            (Normalizer::new(Mode::Text(wrap)), Tokenizer::default());
        let mut take = |token: Token| marked.take(token);
        // Both are borders whatever stands around them, and nothing is found across a border.
        let border = match wrap {
            Wrap::Lines => "\n",
            Wrap::Flow => "\n\n",
        };
        let mut rest = text;
        while !rest.is_empty() {
            let end =
                sieve.and_then(|_| rest.find(border)).map_or(rest.len(), |at| at + border.len());
            let (paragraph, after) = rest.split_at(end);
            rest = after;
            if sieve.is_some_and(|sieve| !sieve.lets_through(paragraph)) {
                normalizer.skip(paragraph.len());
                continue;
            }
            normalizer.feed(paragraph, &mut |c| tokenizer.push(c, &mut take));
            normalizer.finish(&mut |c| tokenizer.push(c, &mut take));
            tokenizer.finish(&mut take);
        }
        marked
    }

    fn take(&mut self, token: Token) {
        if self.wanted.has(token.term) {
            match self.terms.get_mut(token.term) {
                Some(positions) => positions.push(token.position()),
                None => {
                    self.terms.insert(token.term.to_owned(), vec![token.position()]);
                }
            }
        }
        let end = match token.kind {
            Kind::Two { first_end } => first_end,
            Kind::Word | Kind::One => token.end,
            Kind::Separator => {
                if self.separators.last().is_none_or(|last| last.0 < token.ordinal) {
                    self.separators.push((token.ordinal, token.start, token.end));
                }
                return;
            }
            Kind::Joined | Kind::JoinedEnd => return,
        };
        if self.places.last().is_none_or(|last| last.0 < token.ordinal) {
            self.places.push((token.ordinal, token.start, end));
        }
    }

    /// Byte ranges where a needle stands, ascending and distinct. They may overlap.
    pub fn find(&self, needle: &Needle) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        for phrase in needle.phrases() {
            for span in self.spans(phrase) {
                self.ranges(phrase, span, &mut ranges);
            }
        }
        tidy(ranges)
    }

    /// Byte ranges of all occurrences that make two groups of needles near to each other.
    pub fn find_near(&self, left: &[Needle], right: &[Needle], within: u32) -> Vec<Range<usize>> {
        debug_assert!(!self.has_gaps, "distances need the whole text");
        let all = |needles: &[Needle]| -> Vec<(Span, Vec<Range<usize>>)> {
            let phrases = needles.iter().flat_map(Needle::phrases);
            phrases
                .flat_map(|phrase| {
                    self.spans(phrase).into_iter().map(move |span| {
                        let mut ranges = Vec::new();
                        self.ranges(phrase, span, &mut ranges);
                        (span, ranges)
                    })
                })
                .collect()
        };
        let (mut left, mut right) = (all(left), all(right));
        left.sort_by_key(|found| found.0);
        right.sort_by_key(|found| found.0);
        let mut ranges = Vec::new();
        for (a, b) in [(&left, &right), (&right, &left)] {
            let longest = b.iter().map(|found| found.0.last - found.0.first).max().unwrap_or(0);
            for (span, own) in a {
                let reach = within.saturating_add(longest);
                let from =
                    b.partition_point(|other| other.0.first < span.first.saturating_sub(reach));
                let mut others = b[from..]
                    .iter()
                    .take_while(|other| other.0.first <= span.last.saturating_add(within));
                if others.any(|other| near(*span, other.0, within)) {
                    ranges.extend(own.iter().cloned());
                }
            }
        }
        tidy(ranges)
    }

    fn spans(&self, phrase: &Phrase) -> Vec<Span> {
        let mut finder = Finder::new(phrase);
        for (slot, list) in phrase.slots.iter().zip(&mut finder.lists) {
            let joins = slot.what.joined().and_then(|term| self.terms.get(&term));
            list.joins = joins.cloned().unwrap_or_default();
            list.positions = self.positions(&slot.what);
        }
        finder.find(phrase);
        finder.found
    }

    fn positions(&self, what: &What) -> Vec<u32> {
        if let Some(term) = what.term() {
            return self.terms.get(term).cloned().unwrap_or_default();
        }
        let matching = self.terms.iter().filter(|(term, _)| what.matches(term));
        let mut positions: Vec<u32> = matching.flat_map(|(_, p)| p.iter().copied()).collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    fn ranges(&self, phrase: &Phrase, span: Span, into: &mut Vec<Range<usize>>) {
        let (head, tail) = match phrase.slots.as_slice() {
            [only] if matches!(only.what, What::SeparatorHas(_)) => {
                return self.inside(&only.what, span.first, into);
            }
            [] => return,
            [head, .., tail] => (&head.what, &tail.what),
            [only] => (&only.what, &only.what),
        };
        let (Some(first), Some(last)) =
            (place(&self.places, span.first), place(&self.places, span.last))
        else {
            return;
        };
        let (mut start, mut end) = (first.0, last.1);
        if let What::SeparatorEnds(text) = head
            && let Some(at) = span.first.checked_sub(1).and_then(|o| place(&self.separators, o))
        {
            start = self.edge(at, text, true).start;
        }
        if let What::SeparatorStarts(text) = tail
            && let Some(at) = place(&self.separators, span.last)
        {
            end = self.edge(at, text, false).end;
        }
        into.push(start..end);
    }

    /// The part of a separator that is `text`, at its end or at its beginning. Line ends in it
    /// may stand for a blank or for nothing.
    fn edge(&self, (start, end): (usize, usize), text: &str, at_end: bool) -> Range<usize> {
        let mut normal = normalize(&self.text[start..end], Mode::Text(self.wrap)).chars;
        let mut wanted: Vec<char> = text.chars().collect();
        if at_end {
            normal.reverse();
            wanted.reverse();
        }
        let mut rest = normal.iter();
        let mut part: Option<Range<usize>> = None;
        for c in wanted.into_iter().filter(|c| *c != ' ') {
            if let Some(found) = rest.by_ref().find(|normal| normal.ch == c) {
                let part = part.get_or_insert(found.start..found.end);
                *part = part.start.min(found.start)..part.end.max(found.end);
            }
        }
        let part = part.map_or(start..end, |part| start + part.start..start + part.end);
        if at_end { part.start..end } else { start..part.end }
    }

    /// All places of a text of punctuation alone inside one separator.
    fn inside(&self, what: &What, ordinal: u32, into: &mut Vec<Range<usize>>) {
        let (What::SeparatorHas(text), Some((start, end))) =
            (what, place(&self.separators, ordinal))
        else {
            return;
        };
        let normal = normalize(&self.text[start..end], Mode::Text(self.wrap));
        let before = into.len();
        for (at, found) in normal.text.match_indices(text.as_str()) {
            let first = normal.text[..at].chars().count();
            let last = first + found.chars().count() - 1;
            into.push(start + normal.chars[first].start..start + normal.chars[last].end);
        }
        if into.len() == before {
            // It stands there in another reading of a line end.
            into.push(start..end);
        }
    }
}

fn place(places: &[(u32, usize, usize)], ordinal: u32) -> Option<(usize, usize)> {
    let at = places.binary_search_by_key(&ordinal, |place| place.0).ok()?;
    Some((places[at].1, places[at].2))
}

fn tidy(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup();
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::slice::from_ref;

    fn marks(text: &str, ranges: Vec<Range<usize>>) -> Vec<&str> {
        ranges.into_iter().map(|range| &text[range]).collect()
    }

    fn check(text: &str, needle: &str, expected: &[&str]) {
        let needle = Needle::literal(needle).unwrap();
        let found = Marked::new(text, Wrap::Flow, [&needle]).find(&needle);
        assert_eq!(marks(text, found), expected, "{text:?}");
    }

    #[test]
    fn literals() {
        check("安洵信息，ａnxun 安洵", "安洵", &["安洵", "安洵"]);
        check("公\n司 公  司", "公司", &["公\n司"]);
        check("公\n司 公  司", "公 司", &["公  司"]);
        check("第1期 第12期 第 1期", "第1期", &["第1期"]);
        check("第\n1期", "第1期", &["第\n1期"]);
        check("第\n1期", "第 1期", &["第\n1期"]);
        check("公司法 2，公司 2", "公司 2", &["公司 2"]);
        check("公司2，公 2", "公 2", &["公 2"]);
        check("a.b@c.d a.b c a,b@c", "a.b@c", &["a.b@c"]);
        check("C++, c", "c++", &["C++"]);
        check("（（公司））", "（公司）", &["（公司）"]);
        check("！！？", "！", &["！", "！"]);
        check("ﾊﾞｯｸﾞ", "グ", &["ｸﾞ"]);
        check("ｶ\u{ff9e}\u{e48}\u{e48}", "\u{e48}", &["\u{e48}", "\u{e48}"]);
        check("百公里公", "公", &["公", "公"]);
        check("e\u{301}te\u{301}", "été", &["e\u{301}te\u{301}"]);
    }

    proptest! {
        #[test]
        fn leaving_paragraphs_out_loses_nothing(
            text in "[公司国國１1aÉeｂ的\u{301}\u{1112}\u{1161}한ﬁ…，. \n-]{0,60}",
            needles in proptest::collection::vec("[公司国国1aéeb的한ﬁ…，. -]{1,4}", 1..4),
            lines: bool,
        ) {
            let wrap = if lines { Wrap::Lines } else { Wrap::Flow };
            let needles: Vec<Needle> = needles
                .iter()
                .flat_map(|text| [Needle::literal(text), Needle::prefix(text), Needle::fuzzy(text, 1)])
                .flatten()
                .collect();
            for some in [&needles[..], &needles[..needles.len().min(1)]] {
                let (sieved, whole) = (Marked::new(&text, wrap, some), Marked::whole(&text, wrap, some));
                for needle in some {
                    prop_assert_eq!(sieved.find(needle), whole.find(needle), "{:?}", needle);
                }
            }
        }
    }

    #[test]
    fn words_broken_over_lines() {
        let text = "for exam-\nple code and well-\nknown";
        for needle in ["example", "for example", "example code", "for example code", "exam-ple"] {
            let needle = Needle::literal(needle).unwrap();
            let found = Marked::new(text, Wrap::Flow, [&needle]).find(&needle);
            assert_eq!(found.len(), 1, "{needle:?}");
        }
        check(text, "example", &["exam-\nple"]);
        check(text, "well-known", &["well-\nknown"]);
        check(text, "example-example", &[]);
        check(text, "for ple", &[]);
        check("한국\n사람 한\n국", "한국사람", &["한국\n사람"]);
        check("한국\n사람 한\n국", "한국 사람", &["한국\n사람"]);
        check("한국, 사람", "한국 사람", &[]);
        check("한\n국", "한국", &["한\n국"]);
    }

    #[test]
    fn prefixes_fuzzy_near() {
        let text = "Pay the payment, 安洵信息 安询信息 names";
        let find = |needle: Option<Needle>| {
            let needle = needle.unwrap();
            marks(text, Marked::new(text, Wrap::Flow, [&needle]).find(&needle))
        };
        assert_eq!(find(Needle::prefix("pay")), ["Pay", "payment"]);
        assert_eq!(find(Needle::prefix("the p")), ["the payment"]);
        assert_eq!(find(Needle::fuzzy("name", 1)), ["names"]);
        assert_eq!(find(Needle::fuzzy("安洵信息", 1)), ["安洵信息", "安询信息"]);
        let near = |a: &str, b: &str, within| {
            let (a, b) = (Needle::literal(a).unwrap(), Needle::literal(b).unwrap());
            let marked = Marked::whole(text, Wrap::Flow, [&a, &b]);
            marks(text, marked.find_near(from_ref(&a), from_ref(&b), within))
        };
        assert_eq!(near("payment", "pay", 2), ["Pay", "payment"]);
        assert_eq!(near("payment", "pay", 1), [""; 0]);
        assert_eq!(near("洵", "names", 7), ["洵", "names"]);
        assert_eq!(near("洵", "names", 6), [""; 0]);
    }
}
