//! Pages, sheets and other parts of a text, and the pages of a set.

use super::super::{Anchor, Goal};
use super::TextReader;
use crate::model::document::{Part, SHEET_NAMES};
use crate::model::{DocumentId, PartKind};

impl TextReader {
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
    pub(in crate::app::reader) fn part_at(&self, offset: u64) -> Option<&Part> {
        let after = self.parts().partition_point(|part| part.start <= offset);
        self.parts().get(after.checked_sub(1)?)
    }
}
