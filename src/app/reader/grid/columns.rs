//! Columns: how wide they are, what they are called, which are on the screen.

use super::{Grid, MEASURED, WIDEST};
use crate::case::{TableRow, column_letters};
use crate::text::{quantity, sanitise, width};

impl Grid {
    pub(super) fn measure(&mut self, row: &TableRow) {
        let is_header = Some(row.number) == self.header_number();
        for (column, cell) in row.cells().enumerate() {
            if column >= self.widths.len() {
                self.widths.push(0);
                self.filled.push((0, 0));
            }
            let mut end = cell.len().min(MEASURED);
            while !cell.is_char_boundary(end) {
                end -= 1;
            }
            let mut wide = width::of(&sanitise::line(&cell[..end]));
            if is_header {
                // Its letter stands before the name.
                wide += column_letters(self.table.origin.1 + column as u32).len() + 1;
            } else if !cell.trim().is_empty() && self.filled[column].0 < 10_000 {
                self.filled[column].0 += 1;
                self.filled[column].1 += u32::from(quantity::read(cell).is_some());
            }
            self.widths[column] = self.widths[column].max(wide);
        }
        self.columns = self.columns.max(self.widths.len());
    }

    /// Name of a column: what the header says, or its letters.
    pub fn column_name(&self, column: usize) -> String {
        let named = self.header().and_then(|row| row.text.get(row.cell(column)?));
        match named.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => self.letters(column),
        }
    }

    pub fn letters(&self, column: usize) -> String {
        column_letters(self.table.origin.1.max(1).saturating_add(column as u32))
    }

    /// Whether most of a column's cells are amounts: they stand at its right.
    pub fn is_numeric(&self, column: usize) -> bool {
        self.filled.get(column).is_some_and(|(filled, numbers)| *numbers * 2 > *filled)
    }

    pub fn step_column(&mut self, by: i64) {
        let last = i64::try_from(self.columns).unwrap_or(1) - 1;
        let column =
            i64::try_from(self.column).unwrap_or(0).saturating_add(by).clamp(0, last.max(0));
        self.column = usize::try_from(column).unwrap_or(0);
        self.show_cursor();
    }

    /// Cells that a column would take.
    pub(super) fn natural(&self, column: usize) -> usize {
        self.widths.get(column).copied().unwrap_or(0).clamp(3, 4 * WIDEST)
    }

    /// Cells before the first column: the cursor and the number of the row.
    pub fn gutter(&self) -> usize {
        let most = u64::from(self.table.origin.0) + self.total.unwrap_or(0);
        most.to_string().len().max(2) + 2
    }

    /// Columns that are seen, with the cells they take. Only the last one may be cut.
    pub fn spans(&self) -> Vec<(usize, usize)> {
        let room = self.width.saturating_sub(self.gutter());
        let mut taken = 0;
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for column in self.left..self.columns {
            let wide = self.natural(column).min(WIDEST);
            if taken + wide > room {
                // What is left shows the beginning of the next one, if it is worth it.
                let rest = room.saturating_sub(taken);
                if spans.is_empty() || (rest >= 6 && column != self.column) {
                    spans.push((column, rest.max(1)));
                }
                return spans;
            }
            spans.push((column, wide));
            taken += wide + 1;
        }
        // Room that is left goes to those that want more.
        let mut rest = room.saturating_sub(taken);
        for (column, wide) in &mut spans {
            let more = self.natural(*column).saturating_sub(*wide).min(rest);
            *wide += more;
            rest -= more;
        }
        spans
    }
}
