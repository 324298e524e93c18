//! The text of a document, read through a window of it.

mod anchors;
mod blocks;
mod going;
mod hits;
mod parts;
mod rows;
mod select;
mod tables;

pub use rows::{sheets, variant_name};
pub use select::Step;

use super::grid::Grid;
use super::{Anchor, Goal, forward};
use crate::app::data::{Occurrences, Which};
use crate::app::selection::Caret;
use crate::case::{Document, Slice, Variant};
use crate::model::PartKind;
use crate::model::document::Part;
use crate::text::wrap;
use anchors::Anchors;

/// Bytes around the screen that must be at hand, so that stretches of text begin and end at the
/// same place whatever window they are seen through.
const MARGIN: u64 = 3 * wrap::SEGMENT as u64;

#[derive(Clone, Debug)]
pub struct TextReader {
    pub document: Document,
    /// Which of its texts is read.
    variant: usize,
    pub(super) slice: Slice,
    pub anchor: Anchor,
    goal: Option<Goal>,
    /// Occurrences of what is searched in the whole text.
    hits: Option<Occurrences>,
    /// What is searched.
    pub(super) query: String,
    pub(super) here: Option<(u64, u64)>,
    /// Where an occurrence shall be, while it is not known where they are.
    sought: Option<u64>,
    /// The first occurrence is gone to as soon as it is known.
    seeks_first: bool,
    pub(super) width: usize,
    pub height: usize,
    /// Tables are shown as grids.
    as_grid: bool,
    grid: Option<Box<Grid>>,
    /// The selection that is being made.
    pub(super) caret: Option<Caret>,
    /// Character and line where it began.
    pub(super) anchored: [(u64, u64); 2],
    /// Where somebody clicked or selected last.
    pub(super) pointed: Option<u64>,
    /// The line, page or part that was gone to: it need not be at the top of the screen.
    pub(super) spot: Option<u64>,
    anchors: Anchors,
}

impl TextReader {
    pub fn new(document: Document, variant: usize, slice: Option<Slice>, goal: Goal) -> Self {
        let slice = slice.unwrap_or(Slice { start: 0, line: 0, text: String::new() });
        let mut reader = TextReader {
            document,
            variant,
            slice,
            anchor: Anchor::default(),
            goal: None,
            hits: None,
            query: String::new(),
            here: None,
            sought: None,
            seeks_first: false,
            width: 0,
            height: 1,
            as_grid: false,
            grid: None,
            caret: None,
            anchored: [(0, 0); 2],
            pointed: None,
            spot: None,
            anchors: Anchors::default(),
        };
        // Sheets are tables from end to end; tables between words are read with them.
        reader.as_grid = reader.parts().first().is_some_and(|part| part.kind == PartKind::Sheet);
        if !reader.goes_to_grid(goal) {
            reader.goal = Some(goal);
        }
        reader
    }

    pub fn variant(&self) -> Option<&Variant> {
        self.document.variants.get(self.variant)
    }

    /// Whether it is this text that is read.
    pub fn is(&self, which: Which) -> bool {
        which.of(&self.document.variants) == self.variant
    }

    /// Whether one reads a sheet or table.
    pub fn is_sheet(&self) -> bool {
        if self.grid.is_some() {
            return true;
        }
        let kind = self.part_at(self.top()).map(|part| part.kind);
        matches!(kind, Some(PartKind::Sheet | PartKind::Table))
    }

    /// The text after the one that is read, where there are several.
    pub fn next_variant(&self) -> Option<&Variant> {
        let variants = &self.document.variants;
        let next = (self.variant + 1) % variants.len().max(1);
        variants.get(next).filter(|_| variants.len() > 1)
    }

    /// Bytes of the whole text.
    pub fn total(&self) -> u64 {
        self.variant().map_or(0, |variant| variant.bytes)
    }

    pub fn parts(&self) -> &[Part] {
        self.variant().map_or(&[], |variant| &variant.parts)
    }

    fn slice_end(&self) -> u64 {
        self.slice.start + self.slice.text.len() as u64
    }

    /// Another window has come.
    pub fn set_slice(&mut self, slice: Slice) {
        self.slice = slice;
        self.reach_goal();
    }

    /// Byte offset of the first character that is shown.
    pub fn top(&self) -> u64 {
        if let Some(grid) = &self.grid {
            return grid.current().map_or(grid.table.start, |row| row.start);
        }
        self.offset_of(self.anchor)
    }

    /// Byte offset of where one is: what was gone to as long as it is in sight, or else the first
    /// character that is shown.
    pub fn position(&self) -> u64 {
        let spot = if self.spot_row().is_some() { self.spot } else { None };
        spot.unwrap_or_else(|| self.top())
    }

    /// Byte offset of what one looks at: the cursor of a selection, or the occurrence or line that
    /// was gone to, as long as it is in sight.
    pub fn looked_at(&self) -> u64 {
        if self.grid.is_some() || self.spot_row().is_some() || !self.has(self.top()) {
            return self.position();
        }
        let at = self.caret.as_ref().map(|caret| caret.at).or(self.here.map(|here| here.0));
        let (top, bottom) = self.seen();
        at.filter(|at| (top..bottom).contains(at)).unwrap_or(top)
    }

    /// The row of the screen that was gone to.
    pub fn spot_row(&self) -> Option<usize> {
        let spot = self.spot.filter(|at| self.grid.is_none() && self.has(*at))?;
        let there = self.anchor_at(spot);
        let mut at = self.anchor;
        for row in 0..self.height {
            if at == there {
                return Some(row);
            }
            let (next, gone) = forward(self, at, 1);
            if gone == 0 {
                return None;
            }
            at = next;
        }
        None
    }

    /// Goes to a byte offset and marks its line: it begins the screen where the text goes on far
    /// enough below it.
    pub fn go_to_spot(&mut self, offset: u64) {
        self.go(Goal::Anchor(Anchor { block: offset, row: 0 }, offset + 1));
    }

    /// Bytes that are on the screen; none while they are not at hand.
    pub fn on_screen(&self) -> Vec<(u64, u64)> {
        if let Some(grid) = &self.grid {
            return grid.on_screen();
        }
        let top = self.top();
        if self.total() == 0 || !self.has(top) {
            return Vec::new();
        }
        let (below, rows) = forward(self, self.anchor, self.height);
        let is_end = rows < self.height;
        let end = if is_end { self.total() } else { self.offset_of(below) };
        if top < end { vec![(top, end)] } else { Vec::new() }
    }
}

/// A text as requests name it: its parts may be many, and nobody who answers needs them.
pub fn without_parts(variant: &Variant) -> Variant {
    Variant {
        id: variant.id,
        kind: variant.kind,
        language: variant.language.clone(),
        tool: variant.tool.clone(),
        encoding: variant.encoding.clone(),
        bytes: variant.bytes,
        lines: variant.lines,
        sha256: variant.sha256,
        parts: Vec::new(),
    }
}
