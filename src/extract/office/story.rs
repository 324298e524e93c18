//! The order in which the paragraphs, tables and boxes of one story go out.
//!
//! A *story* is a stretch of text with a place of its own: the body, a header, a footnote, a
//! slide. Paragraphs are lines of its part; a table becomes a part of rows; what stands beside
//! the flow (text boxes, deleted text) waits until the paragraph or table around it is complete.

use crate::extract::{Out, Stop};
use crate::model::{PartKind, Wrap};

/// Writes one story. Tables may nest; the inner one becomes lines of the outer cell.
pub struct Story {
    kind: PartKind,
    label: String,
    /// Which part is being written.
    now: Now,
    tables: Vec<Table>,
    beside: Vec<(PartKind, String, Vec<String>)>,
    /// Deleted text goes to the end of the story, so that it does not tear the rest apart.
    deleted: Vec<(String, Vec<String>)>,
}

#[derive(PartialEq, Eq)]
enum Now {
    Nothing,
    Own,
    Table,
}

#[derive(Default)]
struct Table {
    cells: Vec<String>,
    cell: String,
    in_cell: bool,
}

/// Cells that one cell may span; more would only be padding.
const MOST_SPAN: u32 = 64;

impl Story {
    pub fn new(kind: PartKind, label: impl Into<String>) -> Self {
        Story {
            kind,
            label: label.into(),
            now: Now::Nothing,
            tables: Vec::new(),
            beside: Vec::new(),
            deleted: Vec::new(),
        }
    }

    /// Begins the story's part now, so that it stands even where nothing is in it.
    pub fn begin(&mut self, out: &mut Out) -> Result<(), Stop> {
        if self.now == Now::Own {
            return Ok(());
        }
        self.now = Now::Own;
        out.labelled_part(self.kind, self.label.clone(), Wrap::Lines)
    }

    pub fn in_table(&self) -> bool {
        !self.tables.is_empty()
    }

    /// A paragraph; blank ones are left out.
    pub fn paragraph(&mut self, out: &mut Out, text: &str) -> Result<(), Stop> {
        let text = text.trim_matches(|c: char| c == '\n' || c == '\r' || c == ' ');
        if text.trim().is_empty() {
            return self.flush_beside(out);
        }
        if let Some(table) = self.tables.last_mut() {
            if !table.cell.is_empty() {
                table.cell.push('\n');
            }
            table.cell.push_str(text);
            return Ok(());
        }
        self.begin(out)?;
        out.line(text)?;
        self.flush_beside(out)
    }

    pub fn table_start(&mut self) {
        self.tables.push(Table::default());
    }

    pub fn cell_start(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.in_cell = true;
            table.cell.clear();
        }
    }

    /// Ends a cell that is `span` columns wide.
    pub fn cell_end(&mut self, span: u32) {
        if let Some(table) = self.tables.last_mut() {
            let cell = std::mem::take(&mut table.cell);
            table.cells.push(cell);
            for _ in 1..span.min(MOST_SPAN) {
                table.cells.push(String::new());
            }
            table.in_cell = false;
        }
    }

    pub fn row_end(&mut self, out: &mut Out) -> Result<(), Stop> {
        let depth = self.tables.len();
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        if !table.cell.is_empty() {
            let cell = std::mem::take(&mut table.cell);
            table.cells.push(cell);
        }
        let cells = std::mem::take(&mut table.cells);
        if cells.iter().all(String::is_empty) {
            return Ok(());
        }
        if depth > 1 {
            let line = cells.join(" ");
            // The borrow of the inner table ends here; the outer one takes the line.
            let outer = &mut self.tables[depth - 2];
            if !outer.cell.is_empty() {
                outer.cell.push('\n');
            }
            outer.cell.push_str(line.trim());
            return Ok(());
        }
        if self.now != Now::Table {
            self.now = Now::Table;
            out.labelled_part(PartKind::Table, self.label.clone(), Wrap::Lines)?;
        }
        out.row(&cells)
    }

    pub fn table_end(&mut self, out: &mut Out) -> Result<(), Stop> {
        self.row_end(out)?;
        self.tables.pop();
        if self.tables.is_empty() {
            // The next paragraph or table begins a part of its own.
            if self.now == Now::Table {
                self.now = Now::Nothing;
            }
            self.flush_beside(out)?;
        }
        Ok(())
    }

    /// Text that stands beside the flow; it goes out after the paragraph or table it stands in.
    pub fn beside(&mut self, kind: PartKind, label: &str, lines: Vec<String>) {
        if lines.iter().any(|line| !line.trim().is_empty()) {
            self.beside.push((kind, label.to_owned(), lines));
        }
    }

    /// Text that was deleted with change tracking on.
    pub fn deleted(&mut self, author: &str, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        match self.deleted.iter_mut().find(|(by, _)| by == author) {
            Some((_, lines)) => lines.push(text.to_owned()),
            None => self.deleted.push((author.to_owned(), vec![text.to_owned()])),
        }
    }

    /// Somebody else began a part: the next paragraph begins one of its own.
    pub fn interrupted(&mut self) {
        self.now = Now::Nothing;
    }

    fn flush_beside(&mut self, out: &mut Out) -> Result<(), Stop> {
        if !self.tables.is_empty() {
            return Ok(());
        }
        for (kind, label, lines) in std::mem::take(&mut self.beside) {
            self.now = Now::Nothing;
            write_lines(out, kind, &label, &lines)?;
        }
        Ok(())
    }

    /// Ends the story: what was open or waiting goes out.
    pub fn finish(&mut self, out: &mut Out) -> Result<(), Stop> {
        while !self.tables.is_empty() {
            self.table_end(out)?;
        }
        self.flush_beside(out)?;
        for (author, lines) in std::mem::take(&mut self.deleted) {
            write_lines(out, PartKind::Deleted, &author, &lines)?;
        }
        self.now = Now::Nothing;
        Ok(())
    }
}

/// A part of lines.
pub fn write_lines(
    out: &mut Out,
    kind: PartKind,
    label: &str,
    lines: &[String],
) -> Result<(), Stop> {
    out.labelled_part(kind, label, Wrap::Lines)?;
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        out.line(line)?;
    }
    Ok(())
}

/// A comment. Who wrote it and when stands in its text too, so that both are found.
pub fn write_comment(out: &mut Out, author: &str, date: &str, text: &str) -> Result<(), Stop> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let comma = if author.is_empty() || date.is_empty() { "" } else { ", " };
    let head = format!("{author}{comma}{date}");
    write_lines(out, PartKind::Comment, author, &[head, text.trim().to_owned()])
}
