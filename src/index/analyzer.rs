//! The tokens of `text::token` as tantivy takes them, and the measure of how much text waits.
//!
//! A value is one piece of text behind a [`Head`] that says how it is to be read. Tantivy lays
//! the values of a field one behind the other with a gap of one position; every token claims to
//! be so long that the next value begins at a multiple of 4 and [`BORDER`] ordinals further,
//! because positions carry turns in their last two bits.
//!
//! The text of a unit that is too large for one document of tantivy is cut anywhere, and its
//! tokens are those of the whole: what is under way at a cut (a word, a separator, the normal
//! form of a line end) is carried over to the value that goes on, and so are positions. This
//! works because one thread takes all documents in their order.

use super::unit::Field;
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
/// The same for positions of a whole unit.
const LAST_POSITION: u32 = u32::MAX - 64;

/// How a value is to be read: its first letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) wrap: Wrap,
    /// Of values of a unit that is cut.
    pub(super) cut: Option<Stretch>,
}

/// Which stretch of a field of a cut unit a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) field: Field,
    pub(super) place: Place,
    /// It goes on with the piece that was cut.
    pub(super) continues: bool,
    /// Its piece is cut behind it.
    pub(super) is_cut: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// First of the field in the unit.
    First,
    /// First of the field in this document, but not in the unit.
    Next,
    /// Behind another value of the field in the same document.
    Behind,
}

impl Head {
    pub(super) const LEN: usize = 4;

    pub(super) fn letters(self) -> String {
        let wrap = match self.wrap {
            Wrap::Flow => 'F',
            Wrap::Lines => 'L',
        };
        let Some(cut) = self.cut else { return format!("{wrap}---") };
        let place = match cut.place {
            Place::First => 'f',
            Place::Next => 'n',
            Place::Behind => 'b',
        };
        let ends = match (cut.continues, cut.is_cut) {
            (false, false) => 'w',
            (false, true) => 'h',
            (true, true) => 'm',
            (true, false) => 't',
        };
        format!("{wrap}{}{place}{ends}", cut.field as u8)
    }

    fn read(letters: &[u8]) -> Head {
        let letter = |at: usize| letters.get(at).copied().unwrap_or(b'-');
        let wrap = if letter(0) == b'F' { Wrap::Flow } else { Wrap::Lines };
        let field = Field::ALL.get(usize::from(letter(1).wrapping_sub(b'0')));
        let cut = field.map(|field| Stretch {
            field: *field,
            place: match letter(2) {
                b'f' => Place::First,
                b'n' => Place::Next,
                _ => Place::Behind,
            },
            continues: matches!(letter(3), b'm' | b't'),
            is_cut: matches!(letter(3), b'h' | b'm'),
        });
        Head { wrap, cut }
    }
}

/// What goes from one document of a cut unit to the next: by field.
type Carried = [Carry; Field::ALL.len()];

#[derive(Default)]
struct Carry {
    /// Where the piece under way begins, and where the next one will: positions.
    base: u32,
    next: u32,
    /// The highest ordinal of the piece.
    last: u32,
    under_way: Option<(Normalizer, Cutter)>,
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
pub(super) struct Analyzer {
    waiting: Arc<Waiting>,
    carried: Arc<Mutex<Carried>>,
}

impl Analyzer {
    pub(super) fn new(waiting: Arc<Waiting>) -> Analyzer {
        Analyzer { waiting, carried: Arc::default() }
    }
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> Stream<'a> {
        let head = Head::read(value.as_bytes());
        let mut stream = Stream {
            waiting: &self.waiting,
            carried: &self.carried,
            cut: head.cut,
            bytes: value.len(),
            rest: value.get(Head::LEN..).unwrap_or_default(),
            normalizer: Normalizer::new(Mode::Text(head.wrap)),
            cutter: Cutter::default(),
            ready: Ready::default(),
            next: 0,
            ended: false,
            last: 0,
            last_here: None,
            base: 0,
            offset: 0,
            token: Token::default(),
        };
        if let Some(cut) = head.cut {
            stream.take_up(cut);
        }
        stream
    }
}

pub(super) struct Stream<'a> {
    waiting: &'a Waiting,
    carried: &'a Mutex<Carried>,
    cut: Option<Stretch>,
    bytes: usize,
    rest: &'a str,
    normalizer: Normalizer,
    cutter: Cutter,
    ready: Ready,
    next: usize,
    ended: bool,
    /// The highest ordinal of the piece, and that of this value.
    last: u32,
    last_here: Option<u32>,
    /// Where the piece begins in a cut unit.
    base: u32,
    /// What is added to positions: all that tantivy does not.
    offset: u32,
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
    fn take_up(&mut self, cut: Stretch) {
        let mut carried = self.carried.lock().unwrap_or_else(PoisonError::into_inner);
        let carry = &mut carried[cut.field as usize];
        if cut.place == Place::First {
            *carry = Carry::default();
        }
        self.base = if cut.continues { carry.base } else { carry.next };
        if cut.place != Place::Behind {
            self.offset = self.base;
        }
        if let Some((normalizer, cutter)) = carry.under_way.take().filter(|_| cut.continues) {
            (self.normalizer, self.cutter, self.last) = (normalizer, cutter, carry.last);
        }
    }

    fn hand_on(&mut self, cut: Stretch) {
        let mut carried = self.carried.lock().unwrap_or_else(PoisonError::into_inner);
        let carry = &mut carried[cut.field as usize];
        (carry.base, carry.last) = (self.base, self.last);
        carry.next = self.base.saturating_add((self.last + BORDER) << 2).min(LAST_POSITION & !3);
        if cut.is_cut {
            let fresh = Normalizer::new(Mode::Text(Wrap::Flow));
            let normalizer = std::mem::replace(&mut self.normalizer, fresh);
            carry.under_way = Some((normalizer, std::mem::take(&mut self.cutter)));
        }
    }

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
            let mut highest = self.last_here;
            let mut take = |token: crate::text::token::Token| {
                ready.terms.push_str(token.term);
                let ordinal = token.ordinal.min(LAST_ORDINAL);
                ready.tokens.push((ready.terms.len(), ordinal, token.turn));
                highest = highest.max(Some(ordinal));
            };
            if !self.rest.is_empty() {
                let (step, rest) =
                    self.rest.split_at(self.rest.ceil_char_boundary(STEP.min(self.rest.len())));
                self.normalizer.feed(step, &mut |c| cutter.push(c, &mut take));
                self.rest = rest;
            } else {
                self.ended = true;
                if !self.cut.is_some_and(|cut| cut.is_cut) {
                    self.normalizer.finish(&mut |c| cutter.push(c, &mut take));
                    cutter.finish(&mut take);
                    // The next value is laid behind the last token of this one, and must not lie
                    // off its multiple of 4, nor in the piece that ends here.
                    if highest.is_none_or(|highest| highest < self.last) {
                        ready.terms.push('\u{4}');
                        ready.tokens.push((ready.terms.len(), self.last, 0));
                    }
                }
            }
            self.last_here = highest;
            self.last = self.last.max(highest.unwrap_or(0));
            if let (true, Some(cut)) = (self.ended, self.cut) {
                self.hand_on(cut);
            }
        }
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
        let position = self.offset.saturating_add(ordinal << 2 | u32::from(turn));
        self.token.position = position.min(LAST_POSITION) as usize;
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
