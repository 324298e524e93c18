//! Highlights, citations and watched names in the text that is read.

use super::text::TextReader;
use crate::app::selection::Selection;
use crate::case::{AnchorView, add_range};
use std::ops::Range;

/// Anchors of the document that is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Anchors {
    pub views: Vec<AnchorView>,
    /// Where they stand in the text that is read: sorted, not overlapping.
    pub marked: Vec<(u64, u64)>,
    /// The passage that was gone to.
    pub passage: Option<(u64, u64)>,
    /// Where names of watched entities stand: sorted, not overlapping.
    pub watched: Vec<(u64, u64)>,
}

impl TextReader {
    pub fn set_anchors(&mut self, views: Vec<AnchorView>) {
        self.anchors.views = views;
        let mut marked = Vec::new();
        self.anchors_here().for_each(|(_, range)| add_range(&mut marked, (range.start, range.end)));
        self.anchors.marked = marked;
    }

    /// Shows a passage as the one that was gone to, or none any more.
    pub fn show_passage(&mut self, passage: Option<(u64, u64)>) {
        self.anchors.passage = passage;
    }

    pub fn set_watched(&mut self, watched: Vec<(u64, u64)>) {
        self.anchors.watched = watched;
    }

    pub fn anchor_views(&self) -> &[AnchorView] {
        &self.anchors.views
    }

    /// Anchors in the text that is read, with where they stand.
    fn anchors_here(&self) -> impl Iterator<Item = (&AnchorView, Range<u64>)> {
        let variant = self.variant().map(|variant| variant.id);
        self.anchors.views.iter().filter_map(move |view| {
            let at = view.at.filter(|at| at.variant.is_some() && at.variant == variant)?;
            (at.start < at.end).then_some((view, at.start..at.end))
        })
    }

    /// The occurrence that one stands on, as a selection.
    pub fn hit_selection(&self) -> Option<Selection> {
        let (start, end) = self.here?;
        let variant = Some(self.variant()?.id);
        Some(Selection { item: self.document.row.id.into(), variant, range: start..end })
    }

    /// The anchor that is meant: the shortest one around the cell, the caret, the occurrence or
    /// the passage that one stands on; else the first one on the screen.
    pub fn anchor_here(&self) -> Option<&AnchorView> {
        let on = match self.grid() {
            Some(grid) => grid.cell_range().map(|cell| (cell.start, cell.end)),
            None => self.caret_at().map(|at| (at, at + 1)).or(self.here).or(self.anchors.passage),
        };
        if let Some((start, end)) = on {
            let around = self.anchors_here().filter(|(_, at)| at.start < end && start < at.end);
            return around.min_by_key(|(_, at)| at.end - at.start).map(|(view, _)| view);
        }
        let (top, bottom) = self.seen();
        let mut seen = self.anchors_here().filter(|(_, at)| at.start < bottom && top < at.end);
        seen.next().map(|(view, _)| view)
    }
}
