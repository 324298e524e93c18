//! Rows of a table as they stand: by windows for a screen, all of them for whoever goes over them.

use crate::case::{Case, CaseError};
use crate::model::document::Part;
use crate::model::view::Variant;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Bytes of text that a window of rows may have.
pub(super) const WINDOW: u64 = 1 << 20;

/// Bytes of one row that are read for a screen.
pub(super) const LONGEST_ROW: usize = 256 * 1024;

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// From 0, in the part.
    pub number: u64,
    /// Byte offset of its first cell in the text.
    pub start: u64,
    /// Its cells with tabs between them, without the line end.
    pub text: String,
    /// Only the beginning of a very long row.
    pub is_cut: bool,
}

impl TableRow {
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.text.split('\t')
    }

    /// Byte range of a cell (from 0) in `text`.
    pub fn cell(&self, column: usize) -> Option<Range<usize>> {
        let mut start = 0;
        for (number, cell) in self.cells().enumerate() {
            if number == column {
                return Some(start..start + cell.len());
            }
            start += cell.len() + 1;
        }
        None
    }
}

/// Some rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSlice {
    /// Rows of the whole table.
    pub total: u64,
    pub rows: Vec<TableRow>,
}

impl Case {
    /// Rows `rows` of a table, at most 1 MiB of them.
    pub fn table_rows(
        &self,
        variant: &Variant,
        table: &Part,
        rows: Range<u64>,
    ) -> Result<TableSlice, CaseError> {
        let (first, total) = self.table_lines(variant, table)?;
        let end = rows.end.min(total);
        if rows.start >= end {
            return Ok(TableSlice { total, rows: Vec::new() });
        }
        let start = match rows.start {
            0 => table.start,
            row => self.line_start(variant, first + row)?,
        };
        let slice = self.text(variant, start..table.end.min(start + WINDOW))?;
        let is_all = slice.start + slice.text.len() as u64 >= table.end;
        let mut found = Vec::new();
        let mut at = slice.start;
        for (line, number) in slice.text.split_inclusive('\n').zip(rows.start..end) {
            // The last line of a window may go on behind it.
            if line.ends_with('\n') || is_all || found.is_empty() {
                found.push(row(number, at, line));
            }
            at += line.len() as u64;
        }
        Ok(TableSlice { total, rows: found })
    }

    /// Number of the row that holds byte `offset` of the text.
    pub fn table_row_at(
        &self,
        variant: &Variant,
        table: &Part,
        offset: u64,
    ) -> Result<u64, CaseError> {
        let first = self.line_at(variant, table.start)?;
        let line = self.line_at(variant, offset.clamp(table.start, table.end))?;
        Ok(line.saturating_sub(first))
    }

    /// Number of the first line of a table, and how many rows it has.
    fn table_lines(&self, variant: &Variant, table: &Part) -> Result<(u64, u64), CaseError> {
        let first = self.line_at(variant, table.start)?;
        if table.end <= table.start {
            return Ok((first, 0));
        }
        // The line end that closes the table begins no further row.
        let last = self.line_at(variant, table.end - 1)?;
        Ok((first, last - first + 1))
    }

    /// Calls `each` with number, byte offset and text of every row of a table.
    pub(super) fn each_row(
        &self,
        variant: &Variant,
        table: &Part,
        cancel: &AtomicBool,
        mut each: impl FnMut(u64, u64, &str),
    ) -> Result<(), CaseError> {
        let mut number = 0;
        let mut begun = String::new();
        let mut at = table.start;
        while at < table.end {
            if cancel.load(Relaxed) {
                return Err(CaseError::Cancelled);
            }
            let Some(chunk) = self.store.chunk_at(variant.id, at)? else { break };
            let cut = |at: u64| usize::try_from(at.saturating_sub(chunk.start)).unwrap_or(0);
            let here = cut(at)..cut(table.end).min(chunk.text.len());
            let Some(text) = chunk.text.get(here).filter(|text| !text.is_empty()) else { break };
            for line in text.split_inclusive('\n') {
                let start = at - begun.len() as u64;
                at += line.len() as u64;
                match (line.strip_suffix('\n'), begun.is_empty()) {
                    (Some(line), true) => each(number, start, line),
                    (Some(line), false) => {
                        begun.push_str(line);
                        each(number, start, &begun);
                        begun.clear();
                    }
                    (None, _) => {
                        begun.push_str(line);
                        continue;
                    }
                }
                number += 1;
            }
        }
        if !begun.is_empty() {
            each(number, at - begun.len() as u64, &begun);
        }
        Ok(())
    }
}

pub(super) fn row(number: u64, start: u64, line: &str) -> TableRow {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let mut end = line.len().min(LONGEST_ROW);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    TableRow { number, start, text: line[..end].to_owned(), is_cut: end < line.len() }
}

pub(super) fn cell(line: &str, column: usize) -> &str {
    line.split('\t').nth(column).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_know_their_bytes() {
        let row = row(0, 10, "a\t合同\t\tb\n");
        assert_eq!(row.cell(1), Some(2..8));
        assert_eq!(row.cell(2), Some(9..9));
        assert_eq!((row.cell(3), row.cell(4)), (Some(10..11), None));
    }
}
