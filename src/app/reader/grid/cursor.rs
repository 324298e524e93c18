//! The cell that the cursor is on.

use super::{Grid, Spot, WIDEST};
use crate::case::{TableRow, column_letters};
use std::ops::Range;

impl Grid {
    /// Byte range in the text of the cell that the cursor is on.
    pub fn cell_range(&self) -> Option<Range<u64>> {
        let row = self.current()?;
        let end = row.text.len();
        let cell = row.cell(self.column).unwrap_or(end..end);
        Some(row.start + cell.start as u64..row.start + cell.end as u64)
    }

    /// What stands in the cell that the cursor is on.
    pub fn cell(&self) -> &str {
        let cell = self.current().and_then(|row| row.text.get(row.cell(self.column)?));
        cell.unwrap_or("")
    }

    /// Number of a row as the sheet counts it.
    pub fn row_number(&self, row: &TableRow) -> u64 {
        u64::from(self.table.origin.0.max(1)) + row.number
    }

    /// `D9`
    pub fn address(&self) -> String {
        let row = self.current().map_or(0, |row| self.row_number(row));
        format!("{}{row}", self.letters(self.column))
    }

    /// Name of the table before the address of a cell: `付款`, `table 3`.
    pub fn sheet(&self) -> &str {
        &self.name
    }

    /// The place in the table of a cell that is named as in a sheet, from 1.
    /// Says which there are where that is none of them.
    pub fn go_to_cell(&mut self, column: u32, row: u64) -> Option<String> {
        let (first_row, first_column) = (self.table.origin.0.max(1), self.table.origin.1.max(1));
        let number = row.saturating_sub(u64::from(first_row));
        self.go(Spot::Number(number, column.saturating_sub(first_column) as usize));
        let last_row = self.total?.max(1) + u64::from(first_row) - 1;
        let last_column = first_column + (self.columns.max(1) as u32 - 1);
        if !(u64::from(first_row)..=last_row).contains(&row) {
            return Some(format!("the rows here run from {first_row} to {last_row}"));
        }
        (!(first_column..=last_column).contains(&column)).then(|| {
            let (first, last) = (column_letters(first_column), column_letters(last_column));
            format!("the columns here run from {first} to {last}")
        })
    }

    pub fn step(&mut self, by: i64) {
        self.dropped = None;
        self.place = self.place.saturating_add_signed(by).min(self.count().saturating_sub(1));
        self.spot = None;
        self.show_cursor();
    }

    pub fn scroll(&mut self, by: i64) {
        let most = self.count().saturating_sub(self.visible());
        self.top = self.top.saturating_add_signed(by).min(most);
        self.step(by);
    }

    /// To the cell at a place of the pane.
    pub fn point(&mut self, x: usize, y: usize) {
        let Some(row) = (y as u64).checked_sub(2).filter(|row| *row < self.visible()) else {
            return;
        };
        let mut start = self.gutter();
        for (column, wide) in self.spans() {
            if x >= start && x <= start + wide {
                self.column = column;
            }
            start += wide + 1;
        }
        self.place = self.top + row;
        self.spot = None;
        self.show_cursor();
    }

    pub(in crate::app::reader) fn show_cursor(&mut self) {
        self.place = self.place.min(self.count().saturating_sub(1));
        let visible = self.visible();
        if self.place < self.top {
            self.top = self.place;
        } else if self.place >= self.top + visible {
            self.top = self.place + 1 - visible;
        }
        self.top = self.top.min(self.count().saturating_sub(visible));
        self.left = self.left.min(self.column);
        while self.left < self.column && !self.spans().iter().any(|span| span.0 == self.column) {
            self.left += 1;
        }
        // Nothing stays hidden on the left that there is room for.
        while self.left > 0 {
            self.left -= 1;
            if !self.shows_the_last() {
                self.left += 1;
                break;
            }
        }
    }

    /// Whether all columns from the first one that is seen are seen whole.
    pub(super) fn shows_the_last(&self) -> bool {
        self.spans().last().is_some_and(|(column, wide)| {
            column + 1 == self.columns && *wide >= self.natural(*column).min(WIDEST)
        })
    }
}
