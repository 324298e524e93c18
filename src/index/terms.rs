//! From a place of a phrase to the terms of the dictionary that may stand there.

use crate::text::phrase::What;
use crate::text::token::SEPARATOR;
use std::io;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::termdict::TermDictionary;
use tantivy::{InvertedIndexReader, Term};
use tantivy_fst::Automaton;

/// Calls `sink` with every term of a field that `what` means.
pub(super) fn expand(
    index: &InvertedIndexReader,
    what: &What,
    sink: &mut dyn FnMut(&str, &TermInfo),
) -> io::Result<()> {
    let terms = index.terms();
    match what {
        What::Term(term) | What::Word(term) => {
            if let Some(info) = terms.get(term)? {
                sink(term, &info);
            }
            Ok(())
        }
        What::Prefix(prefix) => with_prefix(terms, prefix, what, sink),
        What::Char(c) | What::First(c) => {
            with_prefix(terms, c.encode_utf8(&mut [0; 4]), what, sink)
        }
        What::Second(c) => with_automaton(terms, SecondIs::new(*c), what, sink),
        What::Fuzzy(word, most) => {
            let term = Term::from_field_text(tantivy::schema::Field::from_field_id(0), word);
            let automaton =
                FuzzyTermQuery::new(term, *most, false).automaton().map_err(io::Error::other)?;
            with_automaton(terms, Words(automaton), what, sink)
        }
        What::SeparatorStarts(text) => {
            with_prefix(terms, &format!("{SEPARATOR}{text}"), what, sink)
        }
        What::SeparatorEnds(_) | What::SeparatorHas(_) => {
            with_prefix(terms, &SEPARATOR.to_string(), what, sink)
        }
    }
}

fn with_prefix(
    terms: &TermDictionary,
    prefix: &str,
    what: &What,
    sink: &mut dyn FnMut(&str, &TermInfo),
) -> io::Result<()> {
    let mut end = prefix.as_bytes().to_vec();
    if let Some(last) = end.last_mut() {
        // Bytes of UTF-8 are below 0xff.
        *last += 1;
    }
    let mut stream = terms.range().ge(prefix).lt(end).into_stream()?;
    while let Some((term, info)) = stream.next() {
        if let Some(term) = std::str::from_utf8(term).ok().filter(|term| what.matches(term)) {
            sink(term, info);
        }
    }
    Ok(())
}

fn with_automaton<A: Automaton>(
    terms: &TermDictionary,
    automaton: A,
    what: &What,
    sink: &mut dyn FnMut(&str, &TermInfo),
) -> io::Result<()>
where
    A::State: Clone,
{
    let mut stream = terms.search(automaton).into_stream()?;
    while let Some((term, info)) = stream.next() {
        if let Some(term) = std::str::from_utf8(term).ok().filter(|term| what.matches(term)) {
            sink(term, info);
        }
    }
    Ok(())
}

/// What another automaton accepts, of terms that are words: the bigrams are most of a dictionary,
/// and all of them begin with a character that could be one that was replaced.
struct Words<A>(A);

impl<A: Automaton> Automaton for Words<A>
where
    A::State: Clone,
{
    /// The state of the other automaton, if it is not lost, and whether a byte was read.
    type State = (Option<A::State>, bool);

    fn start(&self) -> Self::State {
        (Some(self.0.start()), false)
    }

    fn is_match(&self, (state, _): &Self::State) -> bool {
        state.as_ref().is_some_and(|state| self.0.is_match(state))
    }

    fn can_match(&self, (state, _): &Self::State) -> bool {
        state.as_ref().is_some_and(|state| self.0.can_match(state))
    }

    fn accept(&self, (state, begun): &Self::State, byte: u8) -> Self::State {
        // Markers; U+3000 to U+9FFF; U+B000 to U+DFFF: no word begins with them but eight
        // circled numbers.
        let is_other = matches!(byte, 0..0x20 | 0xe3..=0xe9 | 0xeb..=0xed);
        let lost = !begun && is_other;
        let next = state.as_ref().filter(|_| !lost).map(|state| self.0.accept(state, byte));
        (next, true)
    }
}

/// Accepts two characters, the second of which is known: the dictionary is entered by every
/// first character, but left at once where the second does not follow.
struct SecondIs {
    bytes: Vec<u8>,
}

/// States: how many bytes of the first character are missing (4 before the first byte), then
/// from `MATCHED` on how many bytes of the second one were seen.
const START: u8 = 4;
const MATCHED: u8 = 8;
const DEAD: u8 = u8::MAX;

impl SecondIs {
    fn new(c: char) -> SecondIs {
        SecondIs { bytes: c.encode_utf8(&mut [0; 4]).as_bytes().to_vec() }
    }
}

impl Automaton for SecondIs {
    type State = u8;

    fn start(&self) -> u8 {
        START
    }

    fn is_match(&self, state: &u8) -> bool {
        usize::from(*state) == usize::from(MATCHED) + self.bytes.len()
    }

    fn can_match(&self, state: &u8) -> bool {
        *state != DEAD
    }

    fn accept(&self, state: &u8, byte: u8) -> u8 {
        match *state {
            START => match byte {
                0..0x80 => MATCHED,
                0xc0..0xe0 => 1,
                0xe0..0xf0 => 2,
                0xf0.. => 3,
                _ => DEAD,
            },
            1 => MATCHED,
            2 | 3 => state - 1,
            seen => match self.bytes.get(usize::from(seen.wrapping_sub(MATCHED))) {
                Some(expected) if *expected == byte => seen + 1,
                _ => DEAD,
            },
        }
    }
}
