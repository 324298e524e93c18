//! Cells of a grid that are selected together: a rectangle from where it began to the cell that
//! the cursor is on. Every row of it is one stretch of the text.

use super::Grid;
use std::ops::Range;

/// Where a selection of cells began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub place: u64,
    pub column: usize,
    /// Whole rows.
    pub by_row: bool,
}

impl Grid {
    pub fn is_selecting(&self) -> bool {
        self.block.is_some()
    }

    pub fn start_block(&mut self, by_row: bool) {
        self.block = Some(Block { place: self.place, column: self.column, by_row });
    }

    pub fn stop_block(&mut self) {
        self.block = None;
    }

    pub fn toggle_rows(&mut self) {
        if let Some(block) = &mut self.block {
            block.by_row = !block.by_row;
        }
    }

    pub fn swap_block(&mut self) {
        if let Some(block) = &mut self.block {
            std::mem::swap(&mut block.place, &mut self.place);
            std::mem::swap(&mut block.column, &mut self.column);
        }
        self.show_cursor();
    }

    /// Places and columns that are selected.
    fn block_range(&self) -> Option<(Range<u64>, Range<usize>)> {
        let block = self.block?;
        let columns = match block.by_row {
            true => 0..self.columns,
            false => block.column.min(self.column)..block.column.max(self.column) + 1,
        };
        Some((block.place.min(self.place)..block.place.max(self.place) + 1, columns))
    }

    pub(super) fn is_in_block(&self, place: u64, column: usize) -> bool {
        self.block_range()
            .is_some_and(|(places, columns)| places.contains(&place) && columns.contains(&column))
    }

    /// Byte ranges in the text of what is selected, one for every row that has something there;
    /// `None` when some of the rows are not at hand.
    pub fn selected_ranges(&self) -> Option<Vec<Range<u64>>> {
        let (places, columns) = self.block_range()?;
        let mut ranges = Vec::new();
        for place in places {
            let row = self.get(place)?;
            let last = row.cells().count().min(columns.end).checked_sub(1);
            let (Some(first), Some(last)) =
                (row.cell(columns.start), last.and_then(|last| row.cell(last)))
            else {
                continue;
            };
            if first.start < last.end {
                ranges.push(row.start + first.start as u64..row.start + last.end as u64);
            }
        }
        Some(ranges)
    }
}
