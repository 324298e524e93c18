//! Getting somewhere in a text: goals that may lie outside of what is at hand, the window to ask for,
//! rows up and down.

use super::super::{Anchor, Blocks, Goal, back, forward, settle};
use super::{MARGIN, TextReader, without_parts};
use crate::app::data::{Purpose, Request, TEXT_WINDOW};
use std::ops::Range;

impl TextReader {
    /// Changes whenever something else is on the screen.
    pub fn view_anchor(&self) -> Anchor {
        match &self.grid {
            Some(grid) => Anchor { block: grid.top, row: grid.left },
            None => self.anchor,
        }
    }

    pub fn resize(&mut self, width: usize, height: usize) {
        if (width, height) == (self.width, self.height) {
            return;
        }
        if let Some(grid) = &mut self.grid {
            grid.resize(width, height);
        }
        let top = self.offset_of(self.anchor);
        (self.width, self.height) = (width.max(1), height.max(1));
        if self.goal.is_some() {
            self.reach_goal();
        } else if self.has(top) {
            self.anchor = settle(self, self.anchor_at(top), self.height);
        }
    }

    pub fn go(&mut self, goal: Goal) {
        if self.goes_to_grid(goal) {
            return;
        }
        self.goal = Some(goal);
        self.reach_goal();
    }

    /// Whether it is on its way somewhere that is not at hand.
    pub fn is_going(&self) -> bool {
        self.goal.is_some()
    }

    pub fn give_up(&mut self) {
        self.goal = None;
    }

    /// What it needs to know to show itself, with what `query` finds marked.
    pub fn wants(&self, query: &str) -> Vec<(Purpose, Request)> {
        let Some(variant) = self.variant() else { return Vec::new() };
        let id = self.document.row.id;
        let mut wants = match &self.grid {
            Some(grid) => grid.wants(id, variant),
            None => Vec::new(),
        };
        wants.push((Purpose::Anchors, Request::Anchors(id)));
        // Of a text, what is at hand; rows of a table come from all over it.
        let range = match &self.grid {
            Some(_) => 0..variant.bytes,
            None => self.slice.start..self.slice_end(),
        };
        wants.push((Purpose::Watched, Request::Watched { id, variant: variant.id, range }));
        if let Some(range) = self.wanted() {
            let variant = without_parts(variant);
            wants.push((Purpose::Reader, Request::Text { id, variant, range }));
        }
        if !query.is_empty() {
            let request = Request::Occurrences { id, variant: variant.id, query: query.to_owned() };
            wants.push((Purpose::Occurrences, request));
        }
        wants
    }

    /// The window that should be asked for, when what is shown (or shall be) is not all at hand.
    pub fn wanted(&self) -> Option<Range<u64>> {
        if self.grid.is_some() {
            return None;
        }
        self.variant()?;
        let total = self.total();
        let around = match self.goal {
            Some(Goal::Start) => 0,
            Some(Goal::End) => total,
            Some(Goal::At(offset)) => offset.min(total),
            Some(Goal::Anchor(anchor, _)) => anchor.block.min(total),
            None => {
                let top = self.anchor.block;
                let (bottom, _) = forward(self, self.anchor, self.height);
                let is_short =
                    |at: u64, edge: u64, end: u64| at != end && at.abs_diff(edge) < MARGIN;
                let is_in = !is_short(self.slice.start, top, 0)
                    && !is_short(self.slice_end(), bottom.block, total);
                if is_in {
                    return None;
                }
                top
            }
        };
        let start = around.saturating_sub(TEXT_WINDOW / 2);
        Some(start..(start + TEXT_WINDOW).min(total.max(around)))
    }

    pub(super) fn reach_goal(&mut self) {
        let Some(goal) = self.goal else { return };
        let offset = match goal {
            Goal::Start => 0,
            Goal::End => self.total(),
            Goal::At(offset) => offset,
            Goal::Anchor(anchor, _) => anchor.block,
        }
        .min(self.total());
        if !self.has(offset) {
            return;
        }
        self.goal = None;
        self.spot = match goal {
            Goal::Anchor(_, spot) => spot.checked_sub(1),
            Goal::Start | Goal::End | Goal::At(_) => None,
        };
        if !matches!(goal, Goal::At(_)) {
            // Whoever goes elsewhere stands on no occurrence any more, unless one begins there.
            (self.here, self.pointed, self.sought) = (None, None, None);
            self.spot_is_hit();
        }
        let there = self.anchor_at(offset);
        self.anchor = match goal {
            Goal::Anchor(anchor, _) if there.block == anchor.block => anchor,
            Goal::At(_) => {
                self.here = self.hit_at(offset);
                self.sought = Some(offset).filter(|_| self.hits.is_none());
                let (bottom, below) = forward(self, self.anchor, self.height.saturating_sub(1));
                let is_seen = self.anchor <= there && there <= bottom && below > 0;
                if is_seen { self.anchor } else { back(self, there, self.height / 3).0 }
            }
            _ => there,
        };
        self.anchor = settle(self, self.anchor, self.height);
        // Wherever one goes while selecting, the selection reaches there.
        self.put_caret(offset);
    }

    /// Whether the text at `offset` is at hand, with enough around it.
    pub(super) fn has(&self, offset: u64) -> bool {
        let (start, end) = (self.slice.start, self.slice_end());
        let (low, high) = (offset.saturating_sub(MARGIN), (offset + MARGIN).min(self.total()));
        start <= low && high <= end
    }

    pub fn step(&mut self, by: i64) {
        match &mut self.grid {
            Some(grid) => grid.step(by),
            None => self.scroll(by),
        }
    }

    pub fn scroll(&mut self, by: i64) {
        if let Some(grid) = &mut self.grid {
            return grid.scroll(by);
        }
        if self.is_selecting() {
            return self.move_caret(by);
        }
        let rows = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        let moved =
            if by >= 0 { forward(self, self.anchor, rows) } else { back(self, self.anchor, rows) };
        self.anchor = settle(self, moved.0, self.height);
    }

    /// Byte offsets of the first character on the screen and behind its last row.
    pub(in crate::app::reader) fn seen(&self) -> (u64, u64) {
        let (bottom, _) = forward(self, self.anchor, self.height);
        let (_, base, range, _) = self.block_range(bottom.block);
        let after = Anchor { row: bottom.row + 1, ..bottom };
        let is_inside = after.row < self.height(bottom.block);
        let end = if is_inside { self.offset_of(after) } else { base + range.end as u64 };
        (self.offset_of(self.anchor), end)
    }

    /// Where it stands, to come back to.
    pub fn place(&self) -> Goal {
        match (&self.grid, self.goal) {
            (Some(grid), _) => grid.heading().unwrap_or_else(|| {
                Goal::Anchor(Anchor { block: self.top(), row: 0 }, grid.column as u64)
            }),
            (None, Some(goal)) => goal,
            (None, None) => {
                let spot = self.spot.filter(|_| self.spot_row().is_some());
                // An occurrence that one stands on is come back to as well.
                let (top, bottom) = if self.has(self.top()) { self.seen() } else { (0, 0) };
                let here = self.here.map(|here| here.0).or(self.sought);
                let here = here.filter(|at| (top..bottom).contains(at));
                Goal::Anchor(self.anchor, spot.or(here).map_or(0, |at| at + 1))
            }
        }
    }
}
