//! A protected name, and where it stands in what a text is compared by.

use super::Protected;
use super::number::digit;
use super::skeleton::{Gap, Letter};
use crate::text::fold::{self, Class};

/// A name as texts are searched for it.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub letters: Vec<Letter>,
    /// Letters that are no gaps.
    pub count: usize,
    /// It is of several words.
    has_parts: bool,
    /// Its words stand in another order than in the profile.
    pub is_turned: bool,
    /// It is made of digits alone, which are compared as numbers (`number.rs`).
    is_number: bool,
    pub protected: Protected,
}

/// What may stand between words whose order is another one: `Ruolan Shen`, `Ruolan, Shen`.
fn joins_turned(gap: Gap) -> bool {
    gap <= Gap::Joiner || gap == Gap::Sign
}

/// Letters and digits of a handle behind the word before it, for them to be one alone.
const HANDLE: usize = 8;

/// A name as it may be written: as it is, with its words in another order, a handle alone.
pub(super) fn forms(name: &str) -> Vec<String> {
    let mut forms = vec![name.to_owned()];
    let words: Vec<&str> = name.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_letter = |c: char| {
        matches!(c, '.' | '-' | '\'' | '’')
            || (c.is_alphabetic() && fold::class(fold::entry(c).char()) == Class::Word)
    };
    if words.len() > 1 && words.iter().all(|word| word.chars().all(is_letter)) {
        let turned = |by: usize| {
            let (first, last) = words.split_at(by);
            [last, first].concat().join(" ")
        };
        forms.extend([turned(1), turned(words.len() - 1)]);
    }
    if let Some((word, handle)) = name.split_once('_')
        && word.chars().all(|c| c.is_ascii_alphabetic())
        && handle.len() >= HANDLE
        && handle.chars().all(|c| c.is_ascii_alphanumeric())
        && handle.contains(|c: char| c.is_ascii_digit())
        && handle.contains(|c: char| c.is_ascii_alphabetic())
    {
        forms.push(handle.to_owned());
    }
    forms
}

impl Name {
    pub fn new(mut letters: Vec<Letter>, is_turned: bool, protected: Protected) -> Name {
        while letters.last().is_some_and(Letter::is_gap) {
            letters.pop();
        }
        let own = || letters.iter().filter(|letter| !letter.is_gap());
        let (count, is_number) = (own().count(), own().all(|own| digit(own.ch).is_some()));
        let has_parts = letters.len() > count;
        Name { letters, count, has_parts, is_turned, is_number, protected }
    }

    /// What tells it from other names.
    pub fn written(&self) -> String {
        self.letters.iter().map(|own| own.ch).collect()
    }

    /// Letters of the text from `at` on that are this name as it stands in the profile.
    pub fn exactly(&self, letters: &[Letter], at: usize) -> Option<usize> {
        let here = letters.get(at..at + self.letters.len())?;
        let is_same = here.iter().map(|own| own.ch).eq(self.letters.iter().map(|own| own.ch));
        if self.is_turned && here.iter().any(|own| own.is_gap() && !joins_turned(own.gap)) {
            return None;
        }
        (is_same && self.has_edges(letters, at, here.len(), false)).then_some(here.len())
    }

    /// The same where it is written together, cut or spelled out. Han characters may have between
    /// them what does not end a sentence or a part of it, from three on also whatever sign there is,
    /// if it is between all of them. Words may be written together from four letters on, be spelled with
    /// gaps from three on, and be cut anywhere from six on.
    pub fn loosely(&self, letters: &[Letter], at: usize) -> Option<usize> {
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
            if self.is_turned && gap.is_some_and(|gap| !joins_turned(gap)) {
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
        // Of two characters the mark of a list stands between two names more often than in one.
        let most_han = match count {
            3.. if is_spelled => Gap::Sign,
            3.. => Gap::Pause,
            _ => Gap::Bracket,
        };
        let most_inner = match count {
            5.. if is_spelled => Some(Gap::Sign),
            3.. if is_spelled => Some(Gap::Bracket),
            6.. => Some(Gap::Bracket),
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
