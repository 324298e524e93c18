//! What was seen: the rule by which something that stood on the screen counts as such.
//!
//! Seen is not read. It is what stood in the reader, without moving and with nothing over it, for
//! as long as somebody who skims needs for what was new in it: a second at least, [`PACE`] cells
//! a second, and never more than [`MOST`]. So a key that is held down sees nothing, a page that
//! is scrolled by a line needs a second for that line, and a long page needs several. A message
//! counts when its last row is on the screen; of a text, the bytes that are. It is kept by the
//! variant that was shown: who saw a translation has not seen the original.
//!
//! Nothing ticks: one timer runs after the screen moved, until it has been seen. What was seen is
//! gathered and written now and then, and whenever another thing is opened or one leaves.

use super::App;
use super::data::Act;
use super::event::Effect;
use super::history::Open;
use super::reader::{Anchor, Reader};
use super::view::Pane;
use crate::case::{Sight, add_range};
use crate::model::{MessageId, VariantKind};
use std::collections::HashSet;
use std::time::Duration;

/// Cells that somebody who skims takes in, a second.
const PACE: u64 = 120;

/// The shortest and the longest time that a screen needs.
const LEAST: Duration = Duration::from_secs(1);
const MOST: Duration = Duration::from_secs(8);

/// Sights that are gathered before they are written.
const BATCH: usize = 100;

/// Times that a screen was seen before what is gathered is written, however little it is.
const TIMES: usize = 6;

/// What is on the screen, as far as moving it changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    open: Open,
    variant: VariantKind,
    anchor: Anchor,
    size: (usize, usize),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    shown: Option<Shown>,
    /// What `messages` and `bytes` are of.
    of: Option<(Open, VariantKind)>,
    /// For how long what is shown has stood, by the timers that ran out.
    stood: Duration,
    /// The timer that runs.
    runs: Duration,
    /// What was seen already.
    messages: HashSet<MessageId>,
    bytes: Vec<(u64, u64)>,
    waiting: Vec<Sight>,
    times: usize,
}

impl App {
    /// What the reader shows, when it is on the screen as a whole and nothing is over it.
    fn shown(&self) -> Option<Shown> {
        let pane = self
            .layout
            .panes
            .iter()
            .find(|(pane, _)| matches!(pane, Pane::Reader | Pane::Preview))?;
        if !self.layers.is_empty() || self.goal.is_some() || !self.can_write {
            return None;
        }
        let open = self.open.filter(|open| self.reader_holds(*open))?;
        let (variant, anchor) = match &self.reader {
            // Notes and pages about accounts and days are no evidence.
            Reader::Empty | Reader::Page(_) => return None,
            Reader::Text(text) => (text.variant()?.kind, text.view_anchor()),
            Reader::Chat(chat) => (VariantKind::Original, chat.anchor),
        };
        let size = (usize::from(pane.1.width), usize::from(pane.1.height));
        Some(Shown { open, variant, anchor, size })
    }

    /// After every event: starts the timer when the screen moved.
    pub(super) fn watch_screen(&mut self) {
        let shown = self.shown();
        if shown == self.seen.shown {
            return;
        }
        // What lies over the text for a moment does not make it another one.
        let of = shown.map(|shown| (shown.open, shown.variant));
        if of.is_some() && of != self.seen.of {
            self.seen.of = of;
            self.note_seen();
            self.seen.messages.clear();
            self.seen.bytes.clear();
        }
        self.seen.shown = shown;
        self.seen.stood = Duration::ZERO;
        if shown.is_some() {
            self.dwell(LEAST);
        }
    }

    fn dwell(&mut self, time: Duration) {
        self.seen.runs = time;
        self.effects.push(Effect::Dwell(time));
    }

    /// The timer ran out: is that enough for what is new here?
    pub(super) fn dwelt(&mut self) {
        let shown = self.shown();
        if shown.is_none() || shown != self.seen.shown {
            return;
        }
        self.seen.stood += self.seen.runs;
        let (sights, cells) = self.new_sights();
        if sights.is_empty() {
            return;
        }
        let needed = Duration::from_millis(cells.saturating_mul(1000) / PACE).clamp(LEAST, MOST);
        if let Some(missing) = needed.checked_sub(self.seen.stood).filter(|left| !left.is_zero()) {
            return self.dwell(missing);
        }
        for sight in &sights {
            match sight {
                Sight::Message(id, _) => {
                    self.seen.messages.insert(*id);
                }
                Sight::Text(_, _, range) => add_range(&mut self.seen.bytes, *range),
            }
        }
        self.seen.waiting.extend(sights);
        self.seen.times += 1;
        if self.seen.waiting.len() >= BATCH || self.seen.times >= TIMES {
            self.note_seen();
        }
    }

    /// What is on the screen and was not seen yet, and how many cells that is.
    fn new_sights(&self) -> (Vec<Sight>, u64) {
        match &self.reader {
            Reader::Empty | Reader::Page(_) => (Vec::new(), 0),
            Reader::Text(text) => {
                let Some(variant) = text.variant() else { return (Vec::new(), 0) };
                let (mut all, mut fresh) = (0, 0);
                let mut sights = Vec::new();
                for range in text.on_screen() {
                    let length = range.1 - range.0;
                    let missing = length.saturating_sub(self.known_of(range));
                    (all, fresh) = (all + length, fresh + missing);
                    if missing > 0 {
                        sights.push(Sight::Text(text.document.row.id, variant.kind, range));
                    }
                }
                let cells: usize = text.lines().iter().map(|line| line.width()).sum();
                (sights, (cells as u64 * fresh).checked_div(all).unwrap_or(0))
            }
            Reader::Chat(chat) => {
                let mut cells = 0;
                let mut sights = Vec::new();
                for (message, width) in chat.on_screen() {
                    if !self.seen.messages.contains(&message) {
                        cells += width as u64;
                        sights.push(Sight::Message(message, VariantKind::Original));
                    }
                }
                (sights, cells)
            }
        }
    }

    /// Bytes of a range that were seen already.
    fn known_of(&self, (from, to): (u64, u64)) -> u64 {
        let parts = self.seen.bytes.iter();
        parts.map(|seen| seen.1.min(to).saturating_sub(seen.0.max(from))).sum()
    }

    /// Writes what was gathered.
    pub(in crate::app) fn note_seen(&mut self) {
        self.seen.times = 0;
        let waiting = std::mem::take(&mut self.seen.waiting);
        if !waiting.is_empty() {
            self.act(Act::See(waiting.into()));
        }
    }
}
