//! Stretches of a text that are wrapped by themselves, whatever window they are seen through.

use super::super::{Anchor, Blocks};
use super::TextReader;
use crate::case::part_name;
use crate::model::PartKind;
use crate::model::document::Part;
use crate::text::wrap::{self, Measure};
use std::ops::Range;

impl TextReader {
    /// The stretch between two starts of parts that holds `offset`, as far as it is at hand: its
    /// text, the offset of that, and whether it ends where the stretch ends.
    pub(super) fn region(&self, offset: u64) -> (&str, u64, bool) {
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
    pub(in crate::app::reader) fn block_range(
        &self,
        block: u64,
    ) -> (&str, u64, Range<usize>, bool) {
        let (text, base, is_whole) = self.region(block);
        let start = usize::try_from(block.saturating_sub(base)).unwrap_or(0).min(text.len());
        let end = wrap::segment_end(text, base, start);
        (text, base, start..end, is_whole || end < text.len())
    }

    pub(in crate::app::reader) fn measure(&self, block: u64) -> Measure {
        match self.part_at(block).map(|part| part.kind) {
            Some(PartKind::Sheet | PartKind::Table) => Measure::table(self.width),
            _ => Measure::text(self.width),
        }
    }

    /// Parts with a name that begin with this block: each has a row of its own.
    pub(in crate::app::reader) fn rules(&self, block: u64) -> impl Iterator<Item = &Part> {
        let first = self.parts().partition_point(|part| part.start < block);
        let here = self.parts()[first..].iter().take_while(move |part| part.start == block);
        here.filter(|part| !part_name(part.kind, &part.label).is_empty())
    }

    pub(in crate::app::reader) fn anchor_at(&self, offset: u64) -> Anchor {
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

    pub(super) fn offset_of(&self, anchor: Anchor) -> u64 {
        let (text, base, range, _) = self.block_range(anchor.block);
        let Some(row) = anchor.row.checked_sub(self.rules(anchor.block).count()) else {
            return anchor.block;
        };
        let mut rows = wrap::rows(text, range, self.measure(anchor.block));
        rows.nth(row).map_or(anchor.block, |row| base + row.range.start as u64)
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
