//! Which paragraphs are worth reading for a phrase.

use super::fold;
use super::phrase::{Phrase, What};
use super::token::LONGEST_WORD;
use std::borrow::Cow;

/// What every paragraph has in which one of some phrases stands: its characters. Asked before a
/// paragraph is cut into tokens, which takes several times as long.
#[derive(Default)]
pub struct Sieve {
    /// Distinct, each with its bit.
    chars: Vec<char>,
    /// For each phrase the bits of its characters.
    phrases: Vec<u64>,
    /// Whether a character may be one of them, by its low bits.
    may_be: [u64; 4],
}

impl Sieve {
    /// None where a phrase can stand anywhere, or there are too many characters.
    pub fn of<'a>(phrases: impl Iterator<Item = &'a Phrase>) -> Option<Self> {
        let mut sieve = Sieve::default();
        for phrase in phrases {
            let mut bits = 0;
            for slot in &phrase.slots {
                for c in needed(&slot.what).chars() {
                    bits |= 1u64.checked_shl(sieve.bit(c))?;
                }
            }
            if bits == 0 {
                return None;
            }
            sieve.phrases.push(bits);
        }
        Some(sieve)
    }

    fn bit(&mut self, c: char) -> u32 {
        let at = self.chars.iter().position(|own| *own == c).unwrap_or_else(|| {
            self.chars.push(c);
            self.may_be[c as usize >> 6 & 3] |= 1 << (c as u32 & 63);
            self.chars.len() - 1
        });
        at as u32
    }

    pub fn lets_through(&self, paragraph: &str) -> bool {
        let mut seen = 0u64;
        let mut before = 0;
        for c in paragraph.chars() {
            let entry = fold::entry(c);
            // It may become anything: read it.
            if entry.is_long() || entry.attaches() {
                return true;
            }
            let c = entry.char();
            if self.may_be[c as usize >> 6 & 3] & 1 << (c as u32 & 63) == 0 {
                continue;
            }
            if let Some(at) = self.chars.iter().position(|own| *own == c) {
                seen |= 1 << at;
            }
            if seen != before {
                if self.phrases.iter().any(|bits| seen & bits == *bits) {
                    return true;
                }
                before = seen;
            }
        }
        false
    }
}

/// Characters of the normal form without which this does not stand anywhere.
fn needed(what: &What) -> Cow<'_, str> {
    match what {
        What::Term(_) | What::SeparatorStarts(_) | What::SeparatorEnds(_)
            if what.is_separator() =>
        {
            Cow::Borrowed("")
        }
        // The rest of a longer one is a hash.
        What::Term(term) | What::Word(term) if term.len() < LONGEST_WORD => Cow::Borrowed(term),
        What::Prefix(text) => Cow::Borrowed(text),
        What::Char(c) | What::First(c) | What::Second(c) => Cow::Owned(c.to_string()),
        _ => Cow::Borrowed(""),
    }
}
