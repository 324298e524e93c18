//! Selecting in a conversation: whole messages, or text inside of one.

use super::chat::ChatReader;
use super::text::Step;
use super::{Anchor, Blocks, back, caret};
use crate::app::selection::{Caret, Selected, Selection};
use crate::case::AnchorView;
use crate::text::wrap::{self, Measure};
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selecting {
    /// Messages from this position to the cursor.
    Messages(u64),
    /// Text inside of the message at this position.
    Text(u64, Caret),
}

impl ChatReader {
    pub fn is_selecting(&self) -> bool {
        self.selecting.is_some()
    }

    pub fn is_selecting_messages(&self) -> bool {
        matches!(self.selecting, Some(Selecting::Messages(_)))
    }

    /// Begins to select messages, or text in the message under the cursor where it has any.
    pub fn start_selecting(&mut self, whole_messages: bool) -> bool {
        let Some(marked) = self.get(self.cursor) else { return false };
        let first = marked.marks.first().copied();
        let (id, has_text) = (marked.message.id, !marked.message.text.trim().is_empty());
        self.selecting = Some(if whole_messages || !has_text {
            Selecting::Messages(self.cursor)
        } else {
            self.unfolded.insert(id);
            let mut caret = Caret::new(first.map_or(0, |mark| mark.0 as u64));
            if let Some((start, end)) = first {
                let last = caret::before(&self.message_text(self.cursor), end).max(start);
                caret.at = last as u64;
            }
            Selecting::Text(self.cursor, caret)
        });
        true
    }

    pub fn stop_selecting(&mut self) {
        self.selecting = None;
    }

    /// Where the caret stands: the message and the byte of its text. `None` where no text of one is
    /// being selected.
    pub fn caret(&self) -> Option<(u64, u64)> {
        match self.selecting {
            Some(Selecting::Text(position, caret)) => Some((position, caret.at)),
            _ => None,
        }
    }

    /// A selection of text ends with its message: nothing is selected that is not seen.
    pub(super) fn leave_text(&mut self) {
        if self.caret().is_some_and(|(position, _)| position != self.cursor) {
            self.selecting = None;
        }
    }

    pub fn restart_selection(&mut self) {
        self.selecting = match self.selecting {
            Some(Selecting::Messages(_)) => Some(Selecting::Messages(self.cursor)),
            Some(Selecting::Text(position, caret)) => {
                Some(Selecting::Text(position, Caret::new(caret.at)))
            }
            None => None,
        };
    }

    /// From text to whole messages and back.
    pub fn toggle_lines(&mut self) {
        match self.selecting {
            Some(Selecting::Text(position, _)) => {
                self.selecting = Some(Selecting::Messages(position));
            }
            Some(Selecting::Messages(_)) => {
                self.start_selecting(false);
            }
            None => {}
        }
    }

    pub fn swap_ends(&mut self) {
        match &mut self.selecting {
            Some(Selecting::Messages(from)) => {
                std::mem::swap(from, &mut self.cursor);
                self.show_cursor();
            }
            Some(Selecting::Text(_, caret)) => caret.swap(),
            None => {}
        }
    }

    fn message_text(&self, position: u64) -> String {
        self.get(position).map_or_else(String::new, |marked| marked.message.text.clone())
    }

    /// Positions of the messages that are selected.
    pub fn selected_messages(&self) -> Option<Range<u64>> {
        let Some(Selecting::Messages(from)) = self.selecting else { return None };
        // What is folded into one row is selected with it.
        let end = |position: u64| self.next(position).unwrap_or(position + 1);
        Some(from.min(self.cursor)..end(from.max(self.cursor)))
    }

    /// Bytes of the message at this position that are selected, and the caret.
    pub(super) fn selected_text(&self, position: u64) -> Option<(Range<u64>, u64)> {
        let Some(Selecting::Text(here, caret)) = self.selecting else { return None };
        if here != position {
            return None;
        }
        let text = self.message_text(position);
        let (first, last) = caret.ends();
        let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
        Some((first..caret::after(&text, at(last)) as u64, caret.at))
    }

    pub fn selection(&self) -> Option<Selected> {
        match self.selecting? {
            Selecting::Messages(_) => {
                self.selected_messages().map(|range| Selected::Messages(self.row.id, range))
            }
            Selecting::Text(position, _) => {
                let (range, _) = self.selected_text(position)?;
                let item = self.get(position)?.message.id.into();
                let selection = Selection { item, variant: None, range };
                (!selection.range.is_empty()).then_some(Selected::Text(selection))
            }
        }
    }

    /// Anchors of the messages that are at hand.
    pub fn anchor_views(&self) -> impl Iterator<Item = &AnchorView> {
        self.messages().iter().flat_map(|marked| &marked.anchors)
    }

    /// The anchor that is meant in the message under the cursor: the shortest one around the
    /// caret, else the first.
    pub fn anchor_here(&self) -> Option<&AnchorView> {
        let anchors = &self.get(self.cursor)?.anchors;
        let caret = self.selected_text(self.cursor).map(|(_, caret)| caret);
        let around = anchors.iter().filter(|view| {
            view.at.is_some_and(|at| caret.is_none_or(|on| at.start <= on && on < at.end))
        });
        match caret {
            Some(_) => around.min_by_key(|view| view.at.map_or(0, |at| at.end - at.start)),
            None => around.into_iter().next(),
        }
    }

    /// What was highlighted in a message, each meaning once.
    pub(super) fn meanings(&self, position: u64) -> Vec<String> {
        let mut meanings: Vec<String> = Vec::new();
        for view in self.get(position).map_or(&[][..], |marked| &marked.anchors) {
            if !view.meaning.is_empty() && !meanings.contains(&view.meaning) {
                meanings.push(view.meaning.clone());
            }
        }
        meanings
    }

    fn text_measure(&self) -> Measure {
        Measure::text(self.width.saturating_sub(self.indent()).max(1))
    }

    pub fn step_caret(&mut self, step: Step) {
        let Some(Selecting::Text(position, mut caret)) = self.selecting else { return };
        let text = self.message_text(position);
        let trimmed = text.trim_end_matches(['\n', '\r']).len();
        let at = step.take(&text, usize::try_from(caret.at).unwrap_or(0).min(text.len()));
        if at < trimmed {
            (caret.at, caret.column) = (at as u64, None);
            self.selecting = Some(Selecting::Text(position, caret));
            self.show_caret();
        }
    }

    /// Rows of a message's text.
    fn rows_of(text: &str, measure: Measure) -> Vec<Range<usize>> {
        let mut rows = Vec::new();
        let mut start = 0;
        while start < text.len() {
            let end = wrap::segment_end(text, 0, start);
            rows.extend(wrap::rows(text, start..end, measure).map(|row| row.range));
            start = end;
        }
        rows
    }

    /// Rows down in the message, or up when negative. `false` when no text is being selected.
    pub(super) fn move_caret(&mut self, by: i64) -> bool {
        let Some(Selecting::Text(position, mut caret)) = self.selecting else { return false };
        let text = self.message_text(position);
        let text = text.trim_end_matches(['\n', '\r']);
        let measure = self.text_measure();
        let rows = Self::rows_of(text, measure);
        let at = usize::try_from(caret.at).unwrap_or(0);
        let row = rows.iter().position(|row| at < row.end).unwrap_or(0);
        let Some(here) = rows.get(row).cloned() else { return true };
        let column = caret.column.unwrap_or_else(|| caret::column(text, here, measure, at));
        let by = isize::try_from(by).unwrap_or(0);
        let next = row.saturating_add_signed(by).min(rows.len() - 1);
        caret.at = caret::at_column(text, rows[next].clone(), measure, column) as u64;
        caret.column = Some(column);
        self.selecting = Some(Selecting::Text(position, caret));
        self.show_caret();
        true
    }

    /// Scrolls so that the row of the caret is seen.
    fn show_caret(&mut self) {
        let Some(Selecting::Text(position, caret)) = self.selecting else { return };
        let text = self.message_text(position);
        let rows = Self::rows_of(text.trim_end_matches(['\n', '\r']), self.text_measure());
        let at = usize::try_from(caret.at).unwrap_or(0);
        let row = rows.iter().position(|row| at < row.end).unwrap_or(0);
        // What stands above the text: the day, a quote, media.
        let above = self.height(position).saturating_sub(rows.len());
        let here = Anchor { block: position, row: above + row };
        if here < self.anchor {
            self.anchor = here;
        }
        let least = back(self, here, self.height.saturating_sub(1)).0;
        self.anchor = self.anchor.max(least);
    }

    /// The message at a row of the pane.
    pub fn point(&mut self, y: usize, is_start: bool) {
        let (there, gone) = super::forward(self, self.anchor, y);
        if gone < y {
            return;
        }
        if is_start {
            self.selecting = None;
        } else if self.selecting.is_none() && there.block != self.cursor {
            self.selecting = Some(Selecting::Messages(self.cursor));
        }
        if !matches!(self.selecting, Some(Selecting::Text(..))) {
            self.cursor = there.block;
        }
    }
}
