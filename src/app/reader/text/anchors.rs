//! Highlights, citations and watched names in the text that is read.

use super::TextReader;
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

    /// The occurrence that one stands on, as a selection, while it is in sight.
    pub fn hit_selection(&self) -> Option<Selection> {
        let (top, bottom) = self.seen();
        let (start, end) = self.here().filter(|here| here.0 < bottom && top < here.1)?;
        let variant = Some(self.variant()?.id);
        Some(Selection { item: self.document.row.id.into(), variant, range: start..end })
    }

    /// Bytes of the cell, the caret, the occurrence or the passage that one stands on.
    fn standing(&self) -> Option<(u64, u64)> {
        match self.grid() {
            Some(grid) => grid.cell_range().map(|cell| (cell.start, cell.end)),
            None => self.caret_at().map(|at| (at, at + 1)).or(self.here()).or(self.anchors.passage),
        }
    }

    /// The shortest anchor around where one stands.
    pub fn anchor_under(&self) -> Option<&AnchorView> {
        let (start, end) = self.standing()?;
        let around = self.anchors_here().filter(|(_, at)| at.start < end && start < at.end);
        around.min_by_key(|(_, at)| at.end - at.start).map(|(view, _)| view)
    }

    /// The anchor that is meant: the one where one stands; else the first one on the screen.
    pub fn anchor_here(&self) -> Option<&AnchorView> {
        if self.standing().is_some() {
            return self.anchor_under();
        }
        let (top, bottom) = self.seen();
        let mut seen = self.anchors_here().filter(|(_, at)| at.start < bottom && top < at.end);
        seen.next().map(|(view, _)| view)
    }
}
