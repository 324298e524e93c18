//! The rows of what is written, and those of them that are on the screen.

use super::TextArea;
use super::places::Place;
use crate::app::line::{Line, Role};
use crate::app::reader::compose::{self, Hits};
use crate::app::reader::{Anchor, Blocks, back, caret, forward, settle};
use crate::text::wrap::{self, Measure};
use std::cmp::Ordering;
use std::ops::Range;

impl TextArea {
    pub fn resize(&mut self, width: usize, height: usize) {
        if (width, height) != (self.width, self.height) {
            (self.width, self.height) = (width.max(1), height.max(1));
            self.top = Anchor { row: 0, ..self.top };
            self.show_caret();
        }
    }

    pub(super) fn measure(&self) -> Measure {
        // The caret behind the last character has a cell of its own.
        Measure::text(self.width.saturating_sub(1).max(1))
    }

    pub(super) fn line_of(&self, anchor: Anchor) -> &str {
        self.buffer.line(number(anchor.block))
    }

    fn rows(&self, block: u64) -> wrap::Rows<'_> {
        let line = self.buffer.line(number(block));
        wrap::rows(line, 0..line.len(), self.measure())
    }

    pub(super) fn anchor_of(&self, place: Place) -> Anchor {
        let block = place.line as u64;
        let row = self.rows(block).take_while(|row| row.range.end <= place.at).count();
        Anchor { block, row: row.min(self.height(block).saturating_sub(1)) }
    }

    /// Bytes of a row in its line.
    pub(super) fn row(&self, anchor: Anchor) -> Range<usize> {
        let end = self.line_of(anchor).len();
        self.rows(anchor.block).nth(anchor.row).map_or(end..end, |row| row.range)
    }

    /// Brings the caret onto the screen. The column that it kept is forgotten.
    pub(super) fn show_caret(&mut self) {
        self.column = None;
        // What was the top may be beyond the end by now.
        self.top.block = self.top.block.min(self.buffer.end().line as u64);
        self.top.row = self.top.row.min(self.height(self.top.block).saturating_sub(1));
        let here = self.anchor_of(self.buffer.caret());
        if here < self.top {
            self.top = here;
        } else {
            let least = back(self, here, self.height.saturating_sub(1)).0;
            self.top = self.top.max(least);
        }
        self.top = settle(self, self.top, self.height);
    }

    /// The rows that are on the screen.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::with_capacity(self.height);
        let selected = self.buffer.selected();
        let mut block = Some(self.top.block);
        let mut skip = self.top.row;
        while let Some(at) = block
            && lines.len() < self.height
        {
            let text = self.buffer.line(number(at));
            let selected = selected.as_ref().map(|range| {
                let within = |place: Place| match place.line.cmp(&number(at)) {
                    Ordering::Less => 0,
                    Ordering::Equal => place.at as u64,
                    Ordering::Greater => text.len() as u64,
                };
                (within(range.start), within(range.end))
            });
            let hits = Hits { selected, ..Hits::default() };
            let rows = self.rows(at).skip(skip).take(self.height - lines.len());
            lines.extend(
                rows.map(|row| compose::row(text, &row, self.measure(), 0, hits, Role::Text)),
            );
            skip = 0;
            block = self.next(at);
        }
        lines
    }

    /// Column and row of the caret in the pane.
    pub fn place(&self) -> (usize, usize) {
        let caret = self.buffer.caret();
        let here = self.anchor_of(caret);
        let column = caret::column(self.line_of(here), self.row(here), self.measure(), caret.at);
        let mut anchor = self.top;
        let mut rows = 0;
        while anchor < here && rows < self.height {
            anchor = forward(self, anchor, 1).0;
            rows += 1;
        }
        (column.min(self.width.saturating_sub(1)), rows)
    }
}

/// The line of the buffer that a block is.
pub(super) fn number(block: u64) -> usize {
    usize::try_from(block).unwrap_or(usize::MAX)
}

impl Blocks for TextArea {
    fn height(&self, block: u64) -> usize {
        self.rows(block).count().max(1)
    }

    fn next(&self, block: u64) -> Option<u64> {
        (block < self.buffer.end().line as u64).then_some(block + 1)
    }

    fn prev(&self, block: u64) -> Option<u64> {
        block.checked_sub(1)
    }
}
