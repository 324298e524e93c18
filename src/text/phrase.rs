//! Phrases: slots at ordinals, and the walk that finds them in lists of positions. The index
//! brings the positions from its postings, the highlighter from the tokens of one text; both
//! run this walk.

use super::fold::{self, Class};
use super::token::{JOIN, SEPARATOR};

/// What may stand at a place of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// This term: a bigram, a character at a border of its run, a separator.
    Term(String),
    /// This word, or the word in two halves over a line end.
    Word(String),
    /// A word that begins so.
    Prefix(String),
    /// A word at most so many edits away.
    Fuzzy(String, u8),
    /// This character, anywhere in its run.
    Char(char),
    /// Two neighbouring characters, the first of them this one.
    First(char),
    /// Two neighbouring characters, the second of them this one.
    Second(char),
    /// A separator that begins so.
    SeparatorStarts(String),
    /// A separator that ends so.
    SeparatorEnds(String),
    /// A separator with this in it.
    SeparatorHas(String),
}

impl What {
    /// Whether it is one term of the index, and which.
    pub fn term(&self) -> Option<&str> {
        match self {
            What::Term(term) | What::Word(term) => Some(term),
            _ => None,
        }
    }

    pub fn is_separator(&self) -> bool {
        match self {
            What::Term(term) => term.starts_with(SEPARATOR),
            What::SeparatorStarts(_) | What::SeparatorEnds(_) | What::SeparatorHas(_) => true,
            _ => false,
        }
    }

    /// Whether a term of the index is meant.
    pub fn matches(&self, term: &str) -> bool {
        let separator = || term.strip_prefix(SEPARATOR);
        match self {
            What::Term(own) | What::Word(own) => own == term,
            What::Prefix(own) => term.starts_with(own.as_str()),
            What::Fuzzy(own, most) => is_word(term) && within(own, term, *most),
            What::Char(own) => term.starts_with(*own),
            What::First(own) => {
                let mut chars = term.chars();
                chars.next() == Some(*own) && chars.next().is_some()
            }
            What::Second(own) => {
                let mut chars = term.chars();
                chars.next().is_some_and(|c| fold::class(c) == Class::Gram)
                    && chars.next() == Some(*own)
            }
            What::SeparatorStarts(own) => separator().is_some_and(|s| s.starts_with(own.as_str())),
            What::SeparatorEnds(own) => separator().is_some_and(|s| s.ends_with(own.as_str())),
            What::SeparatorHas(own) => separator().is_some_and(|s| s.contains(own.as_str())),
        }
    }

    /// The term that marks the second half of this word where it is broken over a line.
    pub fn joined(&self) -> Option<String> {
        match self {
            What::Word(word) => Some(format!("{JOIN}{word}")),
            _ => None,
        }
    }
}

fn is_word(term: &str) -> bool {
    term.chars().next().is_some_and(|c| fold::class(c) == Class::Word)
}

/// Whether two words are at most `most` insertions, deletions and replacements apart.
pub fn within(a: &str, b: &str, most: u8) -> bool {
    let most = usize::from(most);
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().take(a.len() + most + 1).collect();
    if a.len().abs_diff(b.len()) > most {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        let mut least = row[0];
        for (j, y) in b.iter().enumerate() {
            let replaced = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
            least = least.min(row[j + 1]);
        }
        if least > most {
            return false;
        }
    }
    row[b.len()] <= most
}

/// One place of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Relative to the first slot.
    pub ordinal: u32,
    /// Which differences of turns to the slot before are allowed: bit n for n. Of the first slot
    /// nothing is asked.
    pub turns: u8,
    pub what: What,
}

/// Slots in order of their ordinals; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    pub slots: Vec<Slot>,
    /// Ordinals of the first and of the last run, relative to the first slot; both 0 when the
    /// phrase is a separator alone.
    pub first: u32,
    pub last: u32,
}

/// Where the tokens of one slot stand in one text: positions in ascending order, and those of
/// the second halves of the word where it is broken.
#[derive(Clone, Debug, Default)]
pub struct List {
    pub positions: Vec<u32>,
    pub joins: Vec<u32>,
}

/// A phrase found: ordinals of its first and last run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub first: u32,
    pub last: u32,
}

/// Finds phrases in lists of positions; kept over many texts, so that nothing is allocated for
/// each.
#[derive(Debug, Default)]
pub struct Finder {
    /// One for each slot of the phrase; filled by the caller.
    pub lists: Vec<List>,
    /// What the last call found, ascending.
    pub found: Vec<Span>,
    /// Where each list was read last: places are asked for in rising order, but for broken words.
    at: Vec<usize>,
}

impl Finder {
    pub fn new(phrase: &Phrase) -> Finder {
        let slots = phrase.slots.len();
        Finder { lists: vec![List::default(); slots], found: Vec::new(), at: vec![0; slots] }
    }

    /// Finds all places of the phrase that this was made for.
    pub fn find(&mut self, phrase: &Phrase) {
        self.found.clear();
        self.at.fill(0);
        // Ordinals of a broken word count double, so the way back to the start is not known then.
        let joined = self.lists.iter().any(|list| !list.joins.is_empty());
        let shortest = || (0..self.lists.len()).min_by_key(|i| self.lists[*i].positions.len());
        let Some(anchor) = (if joined { Some(0) } else { shortest() }) else { return };
        for i in 0..self.lists[anchor].positions.len() {
            let ordinal = self.lists[anchor].positions[i] >> 2;
            let Some(start) = ordinal.checked_sub(phrase.slots[anchor].ordinal) else { continue };
            if let Some(last) = self.walk(phrase, start) {
                self.found.push(Span { first: start + phrase.first, last });
            }
        }
        self.found.dedup();
    }

    /// Follows the phrase from where its ordinal 0 lies, to the ordinal of its last run.
    fn walk(&mut self, phrase: &Phrase, mut start: u32) -> Option<u32> {
        let mut turn = 0;
        for (i, slot) in phrase.slots.iter().enumerate() {
            let ordinal = start.checked_add(slot.ordinal)?;
            let position = seek(&mut self.at[i], &self.lists[i].positions, ordinal)?;
            let own = position & 3;
            if i > 0 && slot.turns & 1 << (own.wrapping_sub(turn) & 3) == 0 {
                return None;
            }
            turn = own;
            // A joined word stands at the ordinal of its first half; the text goes on after the
            // second.
            if let Some(half) = of_ordinal(&self.lists[i].joins, ordinal + 1) {
                start += 1;
                turn = half & 3;
            }
        }
        Some(start + phrase.last)
    }
}

/// The position with this ordinal; `at` moves forward.
fn seek(at: &mut usize, positions: &[u32], ordinal: u32) -> Option<u32> {
    if *at > 0 && positions[*at - 1] >> 2 >= ordinal {
        return of_ordinal(positions, ordinal);
    }
    let mut step = 1;
    while *at + step < positions.len() && positions[*at + step] >> 2 < ordinal {
        *at += step;
        step *= 2;
    }
    let end = (*at + step + 1).min(positions.len());
    *at += positions[*at..end].partition_point(|p| p >> 2 < ordinal);
    positions.get(*at).copied().filter(|p| p >> 2 == ordinal)
}

fn of_ordinal(positions: &[u32], ordinal: u32) -> Option<u32> {
    let at = positions.partition_point(|p| p >> 2 < ordinal);
    positions.get(at).copied().filter(|p| p >> 2 == ordinal)
}

/// Whether two places are at most `within` words apart, in either order; touching is 1. One and
/// the same place is not near itself.
pub fn near(a: Span, b: Span, within: u32) -> bool {
    if a == b {
        return false;
    }
    let (left, right) = if a.first <= b.first { (a, b) } else { (b, a) };
    right.first.saturating_sub(left.last) <= within
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slow_distance(a: &[char], b: &[char]) -> usize {
        match (a, b) {
            ([], rest) | (rest, []) => rest.len(),
            ([x, a_rest @ ..], [y, b_rest @ ..]) => (slow_distance(a_rest, b_rest)
                + usize::from(x != y))
            .min(slow_distance(a_rest, b) + 1)
            .min(slow_distance(a, b_rest) + 1),
        }
    }

    proptest! {
        #[test]
        fn edit_distance(a in "[ab]{0,5}", b in "[ab]{0,6}", most in 1u8..3) {
            let chars = |s: &str| s.chars().collect::<Vec<_>>();
            let expected = slow_distance(&chars(&a), &chars(&b)) <= usize::from(most);
            prop_assert_eq!(within(&a, &b, most), expected);
        }

        #[test]
        fn seeking_finds_what_is_there(
            ordinals in proptest::collection::btree_set(0u32..60, 1..30),
            asked in proptest::collection::vec(0u32..64, 1..30),
        ) {
            let positions: Vec<u32> = ordinals.iter().map(|o| o << 2 | (o % 4)).collect();
            let mut at = 0;
            for ordinal in asked {
                let expected = ordinals.contains(&ordinal).then_some(ordinal << 2 | (ordinal % 4));
                prop_assert_eq!(seek(&mut at, &positions, ordinal), expected);
            }
        }
    }
}
