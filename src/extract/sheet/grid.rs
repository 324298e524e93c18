//! Cells on their way out: sparse in the file, rows in the text.

use crate::extract::{Out, Stop};

/// Writes the cells of one sheet, which come row by row. A large hole between rows begins a new
/// part of the same name instead of many empty lines, so that one far-off cell costs nothing.
pub struct Grid {
    name: String,
    hidden: bool,
    /// Row and column of the first cell of the part being written, once it is.
    origin: Option<(u32, u32)>,
    /// The row that the next line stands for.
    next_row: u32,
    /// Rows that wait until the leftmost column is known.
    waiting: Vec<Row>,
    row: Row,
    /// Nothing was written yet, not even the name.
    fresh: bool,
}

#[derive(Default)]
struct Row {
    number: u32,
    cells: Vec<(u32, String)>,
}

/// Rows looked at before the leftmost column is settled.
const LOOK_AHEAD: usize = 1000;
/// Empty rows that are written as empty lines.
const MOST_EMPTY_ROWS: u32 = 50;
/// Columns that a sheet can have in any format.
const MOST_COLUMNS: u32 = 16_384;

impl Grid {
    pub fn new(name: &str, hidden: bool) -> Self {
        Grid {
            name: name.to_owned(),
            hidden,
            origin: None,
            next_row: 1,
            waiting: Vec::new(),
            row: Row::default(),
            fresh: true,
        }
    }

    /// A cell; row and column from 1. Empty cells are passed over.
    pub fn cell(&mut self, out: &mut Out, row: u32, column: u32, text: String) -> Result<(), Stop> {
        if text.is_empty() || column > MOST_COLUMNS {
            return Ok(());
        }
        if row != self.row.number {
            self.end_row(out)?;
            self.row.number = row;
        }
        self.row.cells.push((column, text));
        Ok(())
    }

    fn end_row(&mut self, out: &mut Out) -> Result<(), Stop> {
        let mut row = std::mem::take(&mut self.row);
        if row.cells.is_empty() {
            return Ok(());
        }
        row.cells.sort_by_key(|(column, _)| *column);
        self.waiting.push(row);
        if self.origin.is_some() || self.waiting.len() >= LOOK_AHEAD {
            self.write_waiting(out)?;
        }
        Ok(())
    }

    fn write_waiting(&mut self, out: &mut Out) -> Result<(), Stop> {
        let rows = std::mem::take(&mut self.waiting);
        for at in 0..rows.len() {
            let row = &rows[at];
            let first = row.cells.first().map_or(1, |(column, _)| *column);
            let fits = self.origin.is_some_and(|(_, left)| {
                first >= left
                    && row.number >= self.next_row
                    && row.number - self.next_row <= MOST_EMPTY_ROWS
            });
            if !fits {
                // As far left as the rows reach that will share the part.
                let left = rows[at..]
                    .windows(2)
                    .take_while(|pair| {
                        pair[1].number > pair[0].number
                            && pair[1].number - pair[0].number <= MOST_EMPTY_ROWS
                    })
                    .filter_map(|pair| pair[1].cells.first().map(|(column, _)| *column))
                    .fold(first, u32::min);
                // Once settled in the middle of a sheet, leave room for what is still to come.
                let left = if rows.len() == 1 && !self.fresh { 1 } else { left };
                out.sheet(&self.name, self.hidden, (row.number, left))?;
                self.fresh = false;
                self.origin = Some((row.number, left));
                self.next_row = row.number;
            }
            for _ in self.next_row..row.number {
                out.text("\n")?;
            }
            let left = self.origin.map_or(1, |(_, left)| left);
            let width = row.cells.last().map_or(0, |(column, _)| column + 1 - left);
            let mut line = vec![""; width as usize];
            for (column, text) in &row.cells {
                line[(column - left) as usize] = text;
            }
            out.row(&line)?;
            self.next_row = row.number.saturating_add(1);
        }
        Ok(())
    }

    /// All cells were given. A sheet without any still begins its part.
    pub fn finish(mut self, out: &mut Out) -> Result<(), Stop> {
        self.end_row(out)?;
        self.write_waiting(out)?;
        if self.fresh {
            out.sheet(&self.name, self.hidden, (1, 1))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Limits, Record, collect::Collected};

    fn check(cells: &[(u32, u32, &str)], expected: &[((u32, u32), &str)]) {
        let mut all = Collected::default();
        let mut sink = |record: Record| {
            all.take(record);
            Ok(())
        };
        let mut out = Out::new(&mut sink, Limits::default());
        let mut grid = Grid::new("S", false);
        for (row, column, text) in cells {
            grid.cell(&mut out, *row, *column, (*text).to_owned()).unwrap();
        }
        grid.finish(&mut out).unwrap();
        out.finish().unwrap();
        let seen: Vec<_> = all.parts.iter().map(|p| (p.origin, all.part_text(p))).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn rows_keep_their_places() {
        check(&[(2, 3, "c"), (2, 2, "b"), (4, 4, "d")], &[((2, 2), "b\tc\n\n\t\td\n")]);
        check(&[], &[((1, 1), "")]);
        check(&[(1, 1, "a\tb\nc")], &[((1, 1), "a b\u{2028}c\n")]);
    }

    #[test]
    fn a_far_cell_begins_a_part_of_its_own() {
        check(
            &[(1, 1, "a"), (1_048_576, 16_384, "z")],
            &[((1, 1), "a\n"), ((1_048_576, 16_384), "z\n")],
        );
        check(&[(5, 1, "a"), (2, 1, "b")], &[((5, 1), "a\n"), ((2, 1), "b\n")]);
    }
}
