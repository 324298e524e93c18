//! The text of a document, read through a window of it.

use super::grid::{Grid, Spot};
use super::text_anchors::Anchors;
use super::{Anchor, Blocks, Goal, back, forward, settle};
use crate::app::data::{Occurrences, Purpose, Request, TEXT_WINDOW, Which};
use crate::app::selection::Caret;
use crate::case::{Document, Slice, Variant, part_name};
use crate::model::document::{Part, SHEET_NAMES};
use crate::model::{DocumentId, PartKind};
use crate::text::wrap::{self, Measure};
use std::ops::Range;

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
    pub(super) anchors: Anchors,
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
        self.here = None;
    }

    /// What is marked; `None` while that is not known.
    pub fn hits(&self) -> Option<&Occurrences> {
        self.hits.as_ref()
    }

    pub(super) fn hit_ranges(&self) -> &[(u64, u64)] {
        self.hits.as_ref().map_or(&[], |hits| &hits.ranges)
    }

    /// To the first occurrence at or after `offset`, or the first of all.
    fn first_hit(&mut self, offset: u64) {
        let after = self.hit_ranges().partition_point(|hit| hit.0 < offset);
        let found = self.hit_ranges().get(after).or(self.hit_ranges().first()).copied();
        if let Some(hit) = found {
            self.here = Some(hit);
            self.go(Goal::At(hit.0));
        }
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

    fn reach_goal(&mut self) {
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
        if self.spot.is_some() || matches!(goal, Goal::Start | Goal::End) {
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

    /// Where an occurrence begins at what was gone to, that is what one stands on.
    fn spot_is_hit(&mut self) {
        let Some(spot) = self.spot else { return };
        self.here = self.hit_at(spot).filter(|hit| hit.0 == spot);
        if self.here.is_some() {
            self.spot = None;
        }
    }

    /// The occurrence that one stands on: in a grid, one in the cell.
    pub(super) fn here(&self) -> Option<(u64, u64)> {
        let Some(grid) = &self.grid else { return self.here };
        let cell = grid.cell_range()?;
        let gone_to = self.here.filter(|here| here.0 < cell.end && cell.start < here.1);
        gone_to.or_else(|| {
            let first = self.hit_ranges().partition_point(|hit| hit.1 <= cell.start);
            self.hit_ranges().get(first).copied().filter(|hit| hit.0 < cell.end)
        })
    }

    /// The occurrence that holds the byte at `offset`.
    fn hit_at(&self, offset: u64) -> Option<(u64, u64)> {
        let after = self.hit_ranges().partition_point(|hit| hit.1 <= offset);
        self.hit_ranges().get(after).filter(|hit| hit.0 <= offset).copied()
    }

    /// Whether the text at `offset` is at hand, with enough around it.
    fn has(&self, offset: u64) -> bool {
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
    pub(super) fn seen(&self) -> (u64, u64) {
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
                let here = self.here.map(|here| here.0).filter(|at| (top..bottom).contains(at));
                Goal::Anchor(self.anchor, spot.or(here).map_or(0, |at| at + 1))
            }
        }
    }

    pub fn grid(&self) -> Option<&Grid> {
        self.grid.as_deref()
    }

    pub fn grid_mut(&mut self) -> Option<&mut Grid> {
        self.grid.as_deref_mut()
    }

    /// The table that holds `offset`, by its number among the parts.
    fn table_at(&self, offset: u64) -> Option<usize> {
        let after = self.parts().partition_point(|part| part.start <= offset);
        let number = after.checked_sub(1)?;
        let is_table = matches!(self.parts()[number].kind, PartKind::Sheet | PartKind::Table);
        is_table.then_some(number)
    }

    pub fn has_table(&self) -> bool {
        let is_table = |part: &Part| matches!(part.kind, PartKind::Sheet | PartKind::Table);
        self.grid.is_some() || self.parts().iter().any(is_table)
    }

    /// From the text to a grid of the first table on the screen, or back. `false` when there is
    /// no table.
    pub fn toggle_grid(&mut self) -> bool {
        let top = self.top();
        self.caret = None;
        if self.grid.take().is_some() {
            self.as_grid = false;
            self.go(Goal::Anchor(Anchor { block: top, row: 0 }, 0));
            return true;
        }
        let bottom = self.offset_of(forward(self, self.anchor, self.height).0);
        let starts = self.parts().iter().map(|part| part.start);
        let mut offsets = starts.filter(|start| (top..=bottom).contains(start));
        let offset = match self.table_at(top) {
            Some(_) => Some(top),
            None => offsets.find(|offset| self.table_at(*offset).is_some()),
        };
        let Some(offset) = offset else { return false };
        self.as_grid = true;
        self.goes_to_grid(Goal::Anchor(Anchor { block: offset, row: 0 }, 0))
    }

    /// Goes there in a grid, if what stands there is shown as one.
    fn goes_to_grid(&mut self, goal: Goal) -> bool {
        if !self.as_grid {
            return false;
        }
        let spot = match goal {
            Goal::Start => Spot::Place(0),
            Goal::End => Spot::End,
            Goal::At(offset) => Spot::Offset(offset),
            Goal::Anchor(anchor, column) => {
                Spot::Row(anchor.block, usize::try_from(column).unwrap_or(0))
            }
        };
        let offset = match (goal, &self.grid) {
            (Goal::Start | Goal::End, Some(grid)) => grid.table.start,
            (Goal::Start, None) => 0,
            (Goal::End, None) => self.total(),
            (Goal::At(offset), _) => offset,
            (Goal::Anchor(anchor, _), _) => anchor.block,
        };
        let here = if matches!(goal, Goal::At(_)) { self.hit_at(offset) } else { None };
        match self.table_at(offset) {
            Some(number) => self.open_table(number, spot),
            None => {
                self.grid = None;
                return false;
            }
        }
        self.here = match goal {
            // Whoever goes elsewhere stands on no occurrence any more.
            Goal::Start | Goal::End => None,
            _ => here.or(self.here),
        };
        self.sought = match goal {
            Goal::At(offset) => Some(offset).filter(|_| self.hits.is_none()),
            _ => None,
        };
        self.goal = None;
        true
    }

    /// Shows a table as a grid.
    pub fn open_table(&mut self, number: usize, spot: Spot) {
        match &mut self.grid {
            Some(grid) if grid.number == number => grid.go(spot),
            _ => {
                let size = (self.width, self.height);
                let Some(grid) = Grid::new(self.parts(), number, spot, size) else { return };
                self.as_grid = true;
                self.grid = Some(Box::new(grid));
            }
        }
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

    /// To the next part (page, sheet), or the one before. `false` when there is none: a text then
    /// shows its end, or its start; a table stays.
    pub fn next_part(&mut self, is_backwards: bool) -> bool {
        let top = self.part_start();
        let mut starts = self.parts().iter().map(|part| part.start);
        let found = if is_backwards {
            starts.filter(|start| *start < top).max()
        } else {
            // Behind the last sheet only their names are listed: that is no sheet.
            let names = self.sheet_names().filter(|_| self.grid.is_some()).map(|part| part.start);
            starts.find(|start| *start > top && names != Some(*start))
        };
        match (found, is_backwards) {
            (Some(start), _) => self.show_part(start),
            (None, _) if self.grid.is_some() => {}
            (None, true) => self.go(Goal::Start),
            (None, false) => self.go(Goal::End),
        }
        found.is_some()
    }

    /// Where one is, as far as parts go: at the start of the table, or in the text.
    pub fn part_start(&self) -> u64 {
        match &self.grid {
            Some(grid) => grid.table.start,
            None => self.position(),
        }
    }

    /// Goes to where a part begins: to a table in the same column as before.
    pub fn show_part(&mut self, start: u64) {
        match self.as_grid && self.table_at(start).is_some() {
            true => self.go(Goal::Anchor(Anchor { block: start, row: 0 }, 0)),
            false => self.go_to_spot(start),
        }
    }

    /// Where the names of all sheets are listed, behind these.
    pub fn sheet_names(&self) -> Option<&Part> {
        let is_list = |part: &&Part| part.kind == PartKind::Body && part.label == SHEET_NAMES;
        self.parts().last().filter(is_list)
    }

    /// The page after this one, or before it, where the document is a page of a set.
    pub fn next_of_set(&self, is_backwards: bool) -> Option<DocumentId> {
        let pages = &self.document.page_set;
        let here = pages.iter().position(|page| page.id == self.document.row.id)?;
        let next = here.checked_add_signed(if is_backwards { -1 } else { 1 })?;
        Some(pages.get(next)?.id)
    }

    /// The page that the title counts as this one, where the document is a page of a set.
    pub fn page_of_set(&self, label: &str) -> Option<DocumentId> {
        let number: usize = label.trim().parse().ok()?;
        Some(self.document.page_set.get(number.checked_sub(1)?)?.id)
    }

    /// The part that holds `offset`.
    pub(super) fn part_at(&self, offset: u64) -> Option<&Part> {
        let after = self.parts().partition_point(|part| part.start <= offset);
        self.parts().get(after.checked_sub(1)?)
    }

    /// The stretch between two starts of parts that holds `offset`, as far as it is at hand: its
    /// text, the offset of that, and whether it ends where the stretch ends.
    fn region(&self, offset: u64) -> (&str, u64, bool) {
        let after = self.parts().partition_point(|part| part.start <= offset);
        let start = after.checked_sub(1).map_or(0, |at| self.parts()[at].start);
        let end = self.parts().get(after).map_or(self.total(), |part| part.start);
        let low = start.max(self.slice.start);
        let high = end.min(self.slice_end()).max(low);
        let cut =
            |at: u64| usize::try_from(at.saturating_sub(self.slice.start)).unwrap_or(usize::MAX);
        // Parts begin at characters; a wrong one shows nothing rather than panics.
        let text = self.slice.text.get(cut(low)..cut(high)).unwrap_or("");
        (text, low, high == end)
    }

    /// Byte range of the block that starts at `block`, in its region.
    pub(super) fn block_range(&self, block: u64) -> (&str, u64, Range<usize>, bool) {
        let (text, base, is_whole) = self.region(block);
        let start = usize::try_from(block.saturating_sub(base)).unwrap_or(0).min(text.len());
        let end = wrap::segment_end(text, base, start);
        (text, base, start..end, is_whole || end < text.len())
    }

    pub(super) fn measure(&self, block: u64) -> Measure {
        match self.part_at(block).map(|part| part.kind) {
            Some(PartKind::Sheet | PartKind::Table) => Measure::table(self.width),
            _ => Measure::text(self.width),
        }
    }

    /// Parts with a name that begin with this block: each has a row of its own.
    pub(super) fn rules(&self, block: u64) -> impl Iterator<Item = &Part> {
        let first = self.parts().partition_point(|part| part.start < block);
        let here = self.parts()[first..].iter().take_while(move |part| part.start == block);
        here.filter(|part| !part_name(part.kind, &part.label).is_empty())
    }

    pub(super) fn anchor_at(&self, offset: u64) -> Anchor {
        let total = self.total();
        let offset = offset.min(total);
        let (text, base, _) = self.region(offset);
        let at = usize::try_from(offset.saturating_sub(base)).unwrap_or(0).min(text.len());
        let mut start = wrap::segment_start(text, base, at);
        if start == text.len() && start > 0 {
            // The very end belongs to the last line.
            start = wrap::segment_start(text, base, start - 1);
        }
        let block = base + start as u64;
        let (_, _, range, _) = self.block_range(block);
        let rows = wrap::rows(text, range, self.measure(block));
        let row = rows.take_while(|row| row.range.end <= at).count();
        let most = self.height(block).saturating_sub(1);
        Anchor { block, row: (self.rules(block).count() + row).min(most) }
    }

    fn offset_of(&self, anchor: Anchor) -> u64 {
        let (text, base, range, _) = self.block_range(anchor.block);
        let Some(row) = anchor.row.checked_sub(self.rules(anchor.block).count()) else {
            return anchor.block;
        };
        let mut rows = wrap::rows(text, range, self.measure(anchor.block));
        rows.nth(row).map_or(anchor.block, |row| base + row.range.start as u64)
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

impl Blocks for TextReader {
    fn height(&self, block: u64) -> usize {
        let (text, _, range, _) = self.block_range(block);
        let rules = self.rules(block).count();
        // An empty part has its rule and no row of text.
        let rows = if range.is_empty() && rules > 0 {
            0
        } else {
            wrap::rows(text, range, self.measure(block)).count()
        };
        (rules + rows).max(1)
    }

    fn next(&self, block: u64) -> Option<u64> {
        let (_, base, range, is_whole) = self.block_range(block);
        let next = base + range.end as u64;
        if !is_whole || next <= block {
            return None;
        }
        if next == self.total() {
            // Pages without text at the end have nothing but their rules.
            return self.parts().last().filter(|part| part.start == next).map(|_| next);
        }
        // What begins after the end of what is at hand, or goes on beyond it, is not yet there.
        (next < self.slice_end() && self.block_range(next).3).then_some(next)
    }

    fn prev(&self, block: u64) -> Option<u64> {
        let before = block.checked_sub(1).filter(|at| *at >= self.slice.start)?;
        let (text, base, _) = self.region(before);
        let mut at = usize::try_from(before - base).ok()?;
        while !text.is_char_boundary(at) {
            at = at.checked_sub(1)?;
        }
        let start = wrap::segment_start(text, base, at);
        let is_first = base == 0 || self.parts().iter().any(|part| part.start == base);
        // A stretch that began before what is at hand would begin elsewhere through another window.
        (start > 0 || is_first).then_some(base + start as u64)
    }
}
