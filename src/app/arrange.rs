//! The panes at the size of the screen: each gets its room, and makes its lines for it.

use super::App;
use super::data::Details;
use super::layout::Layout;
use super::reader::Reader;
use super::view::Pane;
use super::{margin, overview, search};
use crate::model::ItemId;

impl App {
    /// Lays the panes out again and tells them their sizes.
    pub(super) fn arrange(&mut self) {
        self.end_rows();
        // An answer may come after the view it was asked in was left.
        if !self.view.panes().contains(&self.focus) {
            self.focus = self.view.first_focus();
        }
        let (width, height) = self.size;
        self.layout = Layout::new(width, height, self.view, self.focus, self.is_folded);
        if self.is_zoomed {
            self.layout.zoom(self.focus);
        }
        self.widen();
        for (pane, area) in self.layout.panes.clone() {
            let (width, height) = (usize::from(area.width), usize::from(area.height));
            if self.editor_pane() == Some(pane) {
                self.resize_editor(width, height);
                continue;
            }
            match pane {
                Pane::List => {
                    let rows = self.listing().rows();
                    self.list_mut().resize(height / rows);
                }
                Pane::Results => self.search.results.resize(height / search::ROWS),
                Pane::Reader | Pane::Preview => {
                    let query = self.marking().to_owned();
                    self.reader.set_query(&query);
                    self.reader.resize(width, height);
                }
                Pane::Margin => self.margin_lines(width),
                Pane::Facets => {
                    self.search.set_facets(width, &self.worklists);
                    self.search.facets.show_cursor(height);
                }
                Pane::Counts | Pane::Activity | Pane::Todo => {
                    self.overview_lines(pane, width);
                }
            }
        }
    }

    /// Makes the margin's lines for its width.
    fn margin_lines(&mut self, width: usize) {
        let beside = margin::Beside {
            sources: self.status.as_ref().map_or(&[], |status| &status.sources),
            cell: self.cell.as_ref(),
            present: self.present.as_ref().filter(|(item, ..)| Some(*item) == self.margin_of),
        };
        // The sign of the cursor takes the first cell.
        let width = width.saturating_sub(1);
        let written = self.writing.as_ref().filter(|_| self.editor_pane() == Some(Pane::Reader));
        let lines = match (&self.reader, &self.details) {
            // Beside a note that is written stands what is known of it, and of nothing else.
            (reader, _) if written.is_some_and(|writing| !writing.is_of(reader)) => {
                written.map_or_else(Vec::new, |writing| writing.margin(width))
            }
            (Reader::Page(page), _) => page.margin(width),
            (_, Some(details)) if self.margin_is_current(details) => {
                margin::lines(details, &self.made, beside, width)
            }
            _ => Vec::new(),
        };
        self.reach_margin();
        self.margin.set(lines);
    }

    fn margin_is_current(&self, details: &Details) -> bool {
        // What is known about the conversation stays while the cursor walks over its messages.
        match (details, self.margin_of) {
            (Details::Document(document), Some(ItemId::Document(id))) => document.row.id == id,
            (
                Details::Conversation(_) | Details::Message(..),
                Some(ItemId::Message(_) | ItemId::Conversation(_)),
            ) => true,
            _ => false,
        }
    }

    /// Makes the lines of a column of the overview.
    fn overview_lines(&mut self, pane: Pane, width: usize) {
        let Some(status) = &self.status else { return };
        let (column, lines) = match pane {
            Pane::Counts => (0, overview::counts(status, width)),
            Pane::Activity => {
                let busiest = &self.busiest.rows()[..self.busiest.rows().len().min(12)];
                (1, overview::activity(status, busiest, width))
            }
            _ => {
                let is_catching_up = self.search.is_catching_up;
                let (lists, people) = (&self.worklists, &self.readers);
                (2, overview::todo(status, lists, people, is_catching_up, width))
            }
        };
        self.overview[column].set(lines);
    }
}
