//! The tokens of `text::token` as tantivy takes them, and the measure of how much text waits.
//!
//! A value is one piece of text behind one letter that says how its lines are to be read.
//! Tantivy lays the values of a field one behind the other with a gap of one position; every
//! token claims to be so long that the next value begins at a multiple of 4 and
//! [`BORDER`] ordinals further, because positions carry turns in their last two bits.

use crate::model::Wrap;
use crate::text::normal::{Mode, Normalizer};
use crate::text::token::{BORDER, Tokenizer as Cutter};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Bytes that are cut into tokens at a time.
const STEP: usize = 8 << 10;
/// Ordinals beyond this are not told apart; no text within the limits reaches it.
const LAST_ORDINAL: u32 = (1 << 30) - (1 << 26);

/// The value for a piece of text.
pub(super) fn value(wrap: Wrap, text: &str) -> String {
    let mut value = String::with_capacity(text.len() + 1);
    value.push(match wrap {
        Wrap::Flow => 'F',
        Wrap::Lines => 'L',
    });
    value.push_str(text);
    value
}

/// Bytes that were handed to the writer and are not yet cut. The writer's own queue counts
/// documents, whatever their size.
#[derive(Default)]
pub(super) struct Waiting {
    bytes: Mutex<usize>,
    changed: Condvar,
}

/// More than this waits only if a single unit is larger.
const MOST_WAITING: usize = 16 << 20;

impl Waiting {
    pub(super) fn add(&self, bytes: usize) {
        let mut waiting = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut patience = 600;
        while *waiting > 0 && *waiting + bytes > MOST_WAITING && patience > 0 {
            let before = *waiting;
            waiting = self
                .changed
                .wait_timeout(waiting, Duration::from_millis(100))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            // The thread at the other end may have died; the next call to it says so.
            patience = if *waiting == before { patience - 1 } else { 600 };
        }
        *waiting += bytes;
    }

    fn done(&self, bytes: usize) {
        let mut waiting = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = waiting.saturating_sub(bytes);
        self.changed.notify_all();
    }
}

#[derive(Clone)]
pub(super) struct Analyzer(pub(super) Arc<Waiting>);

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> Stream<'a> {
        let wrap = if value.starts_with('F') { Wrap::Flow } else { Wrap::Lines };
        Stream {
            waiting: &self.0,
            bytes: value.len(),
            rest: value.get(1..).unwrap_or_default(),
            normalizer: Normalizer::new(Mode::Text(wrap)),
            cutter: Cutter::default(),
            ready: Ready::default(),
            next: 0,
            ended: false,
            any: false,
            token: Token::default(),
        }
    }
}

pub(super) struct Stream<'a> {
    waiting: &'a Waiting,
    bytes: usize,
    rest: &'a str,
    normalizer: Normalizer,
    cutter: Cutter,
    ready: Ready,
    next: usize,
    ended: bool,
    any: bool,
    token: Token,
}

/// Tokens that are cut and not yet taken: their terms one behind the other, and for each the end
/// of its term and its position.
#[derive(Default)]
struct Ready {
    terms: String,
    tokens: Vec<(usize, u32, u8)>,
}

impl Stream<'_> {
    /// Cuts the next stretch; false when there is nothing left.
    fn fill(&mut self) -> bool {
        self.ready.terms.clear();
        self.ready.tokens.clear();
        self.next = 0;
        while self.ready.tokens.is_empty() {
            if self.ended {
                return false;
            }
            let (cutter, ready) = (&mut self.cutter, &mut self.ready);
            let mut take = |token: crate::text::token::Token| {
                ready.terms.push_str(token.term);
                let ordinal = token.ordinal.min(LAST_ORDINAL);
                ready.tokens.push((ready.terms.len(), ordinal, token.turn));
            };
            if self.rest.is_empty() {
                self.normalizer.finish(&mut |c| cutter.push(c, &mut take));
                cutter.finish(&mut take);
                self.ended = true;
                // A value without tokens would shift the next one off its multiple of 4.
                if !self.any && ready.tokens.is_empty() {
                    ready.terms.push('\u{4}');
                    ready.tokens.push((1, 0, 0));
                }
            } else {
                let (step, rest) =
                    self.rest.split_at(self.rest.ceil_char_boundary(STEP.min(self.rest.len())));
                self.normalizer.feed(step, &mut |c| cutter.push(c, &mut take));
                self.rest = rest;
            }
        }
        self.any = true;
        true
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if self.next == self.ready.tokens.len() && !self.fill() {
            return false;
        }
        let start = match self.next {
            0 => 0,
            next => self.ready.tokens[next - 1].0,
        };
        let (end, ordinal, turn) = self.ready.tokens[self.next];
        self.next += 1;
        self.token.text.clear();
        self.token.text.push_str(&self.ready.terms[start..end]);
        self.token.position = (ordinal as usize) << 2 | usize::from(turn);
        self.token.position_length = ((BORDER as usize) << 2) - usize::from(turn) - 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        self.waiting.done(self.bytes);
    }
}
