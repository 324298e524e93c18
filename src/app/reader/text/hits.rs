//! Occurrences of what is searched, in the text that is read.

use super::super::Goal;
use super::TextReader;
use crate::app::data::Occurrences;

impl TextReader {
    pub fn set_hits(&mut self, hits: Occurrences) {
        self.here = self.here.filter(|here| hits.ranges.binary_search(here).is_ok());
        self.hits = Some(hits);
        // What was gone to before it was known as an occurrence.
        if let Some(offset) = self.sought.take().filter(|_| self.here.is_none()) {
            self.here = self.hit_at(offset);
        }
        if self.here.is_none() {
            self.spot_is_hit();
        }
        if std::mem::take(&mut self.seeks_first) {
            self.first_hit(self.top());
        }
    }

    /// Goes to the first occurrence from here on, as soon as it is known where they are.
    pub fn seek_first(&mut self) {
        self.seeks_first = true;
    }

    /// It goes to the first occurrence once that is known.
    pub fn is_seeking_first(&self) -> bool {
        self.seeks_first
    }

    /// The words that what is marked was searched by: the title tells them.
    pub fn set_query(&mut self, query: &str) {
        if self.query != query {
            query.clone_into(&mut self.query);
        }
    }

    /// Something else is searched.
    pub fn forget_hits(&mut self) {
        self.seeks_first = false;
        self.hits = None;
        // Where it is one of what is searched then, one stands on it still.
        self.sought = self.here.take().map(|here| here.0).or(self.sought);
    }

    /// What is marked; `None` while that is not known.
    pub fn hits(&self) -> Option<&Occurrences> {
        self.hits.as_ref()
    }

    pub(in crate::app::reader) fn hit_ranges(&self) -> &[(u64, u64)] {
        self.hits.as_ref().map_or(&[], |hits| &hits.ranges)
    }

    /// To the first occurrence at or after `offset`, or the first of all.
    pub(super) fn first_hit(&mut self, offset: u64) {
        let after = self.hit_ranges().partition_point(|hit| hit.0 < offset);
        let found = self.hit_ranges().get(after).or(self.hit_ranges().first()).copied();
        if let Some(hit) = found {
            self.here = Some(hit);
            self.go(Goal::At(hit.0));
        }
    }

    /// Where an occurrence begins at what was gone to, that is what one stands on.
    pub(super) fn spot_is_hit(&mut self) {
        let Some(spot) = self.spot else { return };
        self.here = self.hit_at(spot).filter(|hit| hit.0 == spot);
        if self.here.is_some() {
            self.spot = None;
        }
    }

    /// The occurrence that one stands on: in a grid, one in the cell.
    pub(in crate::app::reader) fn here(&self) -> Option<(u64, u64)> {
        let Some(grid) = &self.grid else { return self.here };
        let cell = grid.cell_range()?;
        let gone_to = self.here.filter(|here| here.0 < cell.end && cell.start < here.1);
        gone_to.or_else(|| {
            let first = self.hit_ranges().partition_point(|hit| hit.1 <= cell.start);
            self.hit_ranges().get(first).copied().filter(|hit| hit.0 < cell.end)
        })
    }

    /// The occurrence that holds the byte at `offset`.
    pub(super) fn hit_at(&self, offset: u64) -> Option<(u64, u64)> {
        let after = self.hit_ranges().partition_point(|hit| hit.1 <= offset);
        self.hit_ranges().get(after).filter(|hit| hit.0 <= offset).copied()
    }

    /// To the next occurrence, or the one before. `false` when there is none.
    pub fn next_hit(&mut self, is_backwards: bool) -> bool {
        let (top, bottom) = match self.grid.as_ref().and_then(|grid| grid.cell_range()) {
            Some(cell) => (cell.start, cell.end),
            None if self.spot_row().is_some() => (self.position(), self.position()),
            None => self.seen(),
        };
        let from = self.here().map(|here| here.0).filter(|at| (top..bottom).contains(at));
        let after = match (from, is_backwards) {
            (Some(from), false) => self.hit_ranges().partition_point(|hit| hit.0 <= from),
            (None, false) => self.hit_ranges().partition_point(|hit| hit.0 < top),
            (Some(from), true) => self.hit_ranges().partition_point(|hit| hit.0 < from),
            (None, true) => self.hit_ranges().partition_point(|hit| hit.0 < bottom),
        };
        let found = if is_backwards { after.checked_sub(1) } else { Some(after) };
        let Some(hit) = found.and_then(|at| self.hit_ranges().get(at)).copied() else {
            return false;
        };
        self.here = Some(hit);
        self.show_passage(None);
        self.go(Goal::At(hit.0));
        true
    }

    /// To the first occurrence of all, or the last.
    pub fn outermost_hit(&mut self, is_last: bool) {
        let hits = self.hit_ranges();
        if let Some(hit) = if is_last { hits.last() } else { hits.first() }.copied() {
            self.here = Some(hit);
            self.show_passage(None);
            self.go(Goal::At(hit.0));
        }
    }
}
