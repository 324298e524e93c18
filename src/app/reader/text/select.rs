//! A caret in a text: it selects from where it began to the character that it is on.

use super::super::caret;
use super::super::{Anchor, back, forward};
use super::TextReader;
use crate::app::selection::{Caret, Selected, Selection};
use crate::text::wrap::{self, Measure};
use std::ops::Range;

/// A step of the caret that is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Left,
    Right,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
}

impl Step {
    /// Where it leads from `at` in `text`.
    pub fn take(self, text: &str, at: usize) -> usize {
        match self {
            Step::Left => caret::before(text, at),
            Step::Right => caret::after(text, at),
            Step::WordLeft => caret::word_before(text, at),
            Step::WordRight => caret::word_after(text, at),
            Step::LineStart => caret::line(text, at).start,
            Step::LineEnd => {
                let line = caret::line(text, at);
                if line.is_empty() { line.start } else { caret::before(text, line.end) }
            }
        }
    }
}

impl TextReader {
    pub fn is_selecting(&self) -> bool {
        match self.grid() {
            Some(grid) => grid.is_selecting(),
            None => self.caret.is_some(),
        }
    }

    fn local(&self, offset: u64) -> usize {
        let at = usize::try_from(offset.saturating_sub(self.slice.start)).unwrap_or(usize::MAX);
        let mut at = at.min(self.slice.text.len());
        while !self.slice.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn global(&self, at: usize) -> u64 {
        self.slice.start + at as u64
    }

    /// Begins to select: at the occurrence that one stands on, where somebody clicked, or at the
    /// first character on the screen; in a grid, at the cell.
    pub fn start_selecting(&mut self, by_line: bool) -> bool {
        self.show_passage(None);
        if let Some(grid) = self.grid_mut() {
            grid.start_block(by_line);
            return grid.is_known();
        }
        if self.slice.text.is_empty() {
            return false;
        }
        let (top, bottom) = self.seen();
        let is_seen = |offset: u64| (top..bottom).contains(&offset);
        if let Some(hit) = self.here().filter(|hit| is_seen(hit.0)) {
            let last = caret::before(&self.slice.text, self.local(hit.1));
            let mut caret = Caret::new(hit.0);
            caret.at = self.global(last).max(hit.0);
            caret.by_line = by_line;
            self.caret = Some(caret);
        } else {
            let start = self.pointed.filter(|at| is_seen(*at));
            let start = start.unwrap_or_else(|| self.position());
            let start = self.global(self.local(start));
            self.caret = Some(Caret { by_line, ..Caret::new(start) });
        }
        self.fix_anchor();
        true
    }

    pub fn stop_selecting(&mut self) {
        if let Some(grid) = self.grid_mut() {
            grid.stop_block();
        }
        if let Some(caret) = self.caret.take() {
            self.pointed = Some(caret.at);
        }
    }

    /// The selection begins anew at the caret.
    pub fn restart_selection(&mut self) {
        if let Some(grid) = self.grid_mut() {
            return grid.start_block(false);
        }
        if let Some(caret) = &mut self.caret {
            *caret = Caret::new(caret.at);
        }
        self.fix_anchor();
    }

    pub fn toggle_lines(&mut self) {
        if let Some(grid) = self.grid_mut() {
            return grid.toggle_rows();
        }
        if let Some(caret) = &mut self.caret {
            caret.by_line = !caret.by_line;
        }
    }

    pub fn swap_ends(&mut self) {
        if let Some(grid) = self.grid_mut() {
            return grid.swap_block();
        }
        if let Some(caret) = &mut self.caret {
            caret.swap();
        }
        self.fix_anchor();
        self.show_caret();
    }

    /// Remembers the character and the line where the selection began: they may scroll out of
    /// what is at hand.
    fn fix_anchor(&mut self) {
        let Some(caret) = self.caret else { return };
        let at = self.local(caret.anchor);
        let text = &self.slice.text;
        let line = caret::line(text, at);
        self.anchored = [
            (self.global(at), self.global(caret::after(text, at))),
            (self.global(line.start), self.global(line.end)),
        ];
    }

    /// The selection as far as it is at hand, or the text on the screen, or of the cell.
    pub fn words_here(&self) -> String {
        if let Some(grid) = self.grid() {
            return grid.cell().to_owned();
        }
        let (start, end) = match self.selected() {
            Some(range) => (range.start, range.end),
            None => self.seen(),
        };
        let cut = self.local(start)..self.local(end).max(self.local(start));
        self.slice.text[cut].to_owned()
    }

    /// What is selected, in bytes of the whole text.
    pub fn selected(&self) -> Option<Range<u64>> {
        let caret = self.caret?;
        let text = &self.slice.text;
        let at = self.local(caret.at);
        let (anchored, here) = if caret.by_line {
            (self.anchored[1], caret::line(text, at))
        } else {
            (self.anchored[0], at..caret::after(text, at))
        };
        Some(anchored.0.min(self.global(here.start))..anchored.1.max(self.global(here.end)))
    }

    /// The cells of a grid that are selected.
    pub fn selected_cells(&self) -> Option<Selected> {
        let variant = Some(self.variant()?.id);
        let item = self.document.row.id.into();
        let ranges = self.grid()?.selected_ranges()?.into_iter();
        Some(Selected::Cells(ranges.map(|range| Selection { item, variant, range }).collect()))
    }

    pub fn selection(&self) -> Option<Selection> {
        let range = self.selected().filter(|range| !range.is_empty())?;
        let variant = Some(self.variant()?.id);
        Some(Selection { item: self.document.row.id.into(), variant, range })
    }

    pub fn caret_at(&self) -> Option<u64> {
        self.caret.map(|caret| caret.at)
    }

    pub fn step_caret(&mut self, step: Step) {
        if let Some(grid) = self.grid_mut() {
            return grid.step_column(match step {
                Step::Left | Step::WordLeft => -1,
                Step::Right | Step::WordRight => 1,
                Step::LineStart => -1_000_000,
                Step::LineEnd => 1_000_000,
            });
        }
        let Some(caret) = self.caret else { return };
        let at = step.take(&self.slice.text, self.local(caret.at));
        self.put_caret(self.global(at));
    }

    pub(super) fn put_caret(&mut self, offset: u64) {
        let offset = self.global(self.local(offset));
        if let Some(caret) = &mut self.caret {
            (caret.at, caret.column) = (offset, None);
            self.show_caret();
        }
    }

    /// Byte range of a row in its stretch of text; `None` for the rule above a part.
    fn row_of(&self, anchor: Anchor) -> Option<(&str, u64, Range<usize>, Measure)> {
        let row = anchor.row.checked_sub(self.rules(anchor.block).count())?;
        let (text, base, range, _) = self.block_range(anchor.block);
        let measure = self.measure(anchor.block);
        let row = wrap::rows(text, range, measure).nth(row)?;
        Some((text, base, row.range, measure))
    }

    /// Rows down, or up when negative.
    pub(super) fn move_caret(&mut self, by: i64) {
        let Some(mut caret) = self.caret else { return };
        let mut anchor = self.anchor_at(caret.at);
        let column = caret.column.unwrap_or_else(|| {
            self.row_of(anchor).map_or(0, |(text, base, row, measure)| {
                let at = usize::try_from(caret.at.saturating_sub(base)).unwrap_or(0);
                caret::column(text, row, measure, at)
            })
        });
        let mut left = by.unsigned_abs();
        while left > 0 {
            let (next, gone) =
                if by > 0 { forward(self, anchor, 1) } else { back(self, anchor, 1) };
            if gone == 0 {
                break;
            }
            anchor = next;
            if let Some((text, base, row, measure)) = self.row_of(anchor) {
                caret.at = base + caret::at_column(text, row, measure, column) as u64;
                left -= 1;
            }
        }
        caret.column = Some(column);
        self.caret = Some(caret);
        self.show_caret();
    }

    fn show_caret(&mut self) {
        let Some(caret) = self.caret else { return };
        let here = self.anchor_at(caret.at);
        if here < self.anchor {
            self.anchor = here;
            return;
        }
        let least = back(self, here, self.height.saturating_sub(1)).0;
        if self.anchor < least {
            self.anchor = least;
        }
    }

    /// The character at a cell of the pane.
    pub fn point(&self, x: usize, y: usize) -> Option<u64> {
        let (anchor, gone) = forward(self, self.anchor, y);
        if gone < y {
            return None;
        }
        let (text, base, row, measure) = self.row_of(anchor)?;
        Some(base + caret::at_column(text, row, measure, x) as u64)
    }

    /// Somebody pressed the button there, or moved on with it pressed.
    pub fn drag(&mut self, x: usize, y: usize, is_start: bool) {
        let Some(offset) = self.point(x, y) else { return };
        if is_start {
            self.caret = None;
            self.spot = None;
            self.pointed = Some(offset);
            return;
        }
        if self.caret.is_none() {
            self.caret = Some(Caret::new(self.pointed.unwrap_or(offset)));
            self.fix_anchor();
        }
        self.put_caret(offset);
    }
}
