//! What the end of an element does: paragraphs, cells, rows and boxes go out.

use super::super::sheet::shown;
use super::{Context, Walk};
use crate::extract::office::story::{Story, write_comment, write_lines};
use crate::extract::{Out, Stop};
use crate::model::PartKind;

/// Rows and cells that a file may repeat with content in them; the rest says nothing new.
const MOST_REPEATS: u32 = 100;

impl Walk {
    pub(super) fn end(
        &mut self,
        context: Context,
        story: &mut Story,
        out: &mut Out,
    ) -> Result<(), Stop> {
        match context {
            Context::Other | Context::Changed => Ok(()),
            Context::Live => {
                self.live = self.live.saturating_sub(1);
                Ok(())
            }
            Context::Paragraph | Context::Description => {
                let text = self.paragraphs.pop().unwrap_or_default();
                self.readings.close();
                if matches!(context, Context::Description) && !self.paragraphs.is_empty() {
                    story.beside(PartKind::TextBox, "", vec![text]);
                    return Ok(());
                }
                self.paragraph(text, story, out)
            }
            Context::Ruby(start) => {
                self.ruby = start..self.paragraphs.last().map_or(start, String::len);
                Ok(())
            }
            Context::Link(target, start) => {
                let shown = self.paragraphs.last().and_then(|p| p.get(start..));
                if !target.is_empty() {
                    self.links.push((target, shown.unwrap_or_default().to_owned()));
                }
                Ok(())
            }
            Context::Box(kind, label) => {
                let inside = self.boxes.pop().unwrap_or_default();
                let mut lines = inside.lines;
                if matches!(kind, PartKind::Header | PartKind::Footer) {
                    self.live = self.live.saturating_sub(1);
                    // "Page 1 of 9" and sheet names are put there by the program, not a person.
                    let words = |line: &String| {
                        line.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).count()
                    };
                    if inside.fields && lines.iter().map(words).sum::<usize>() <= 1 {
                        lines.clear();
                    }
                }
                self.write_box(kind, &label, lines, story, out)
            }
            Context::Comment => {
                let lines = self.boxes.pop().unwrap_or_default().lines;
                let author = std::mem::take(&mut self.author);
                let date = std::mem::take(&mut self.date);
                if self.is_inside(story) {
                    let mut all = vec![format!("{author}, {date}")];
                    all.extend(lines);
                    story.beside(PartKind::Comment, &author, all);
                    return Ok(());
                }
                story.interrupted();
                write_comment(out, &author, &date, &lines.join("\n"))
            }
            Context::Slide => {
                let lines = self.boxes.pop().unwrap_or_default().lines;
                for line in lines {
                    out.line(&line)?;
                }
                story.interrupted();
                story.paragraph(out, "")
            }
            Context::Table => {
                if self.boxes.is_empty() {
                    story.table_end(out)
                } else {
                    Ok(())
                }
            }
            Context::Row => match self.boxes.last_mut() {
                Some(inside) => {
                    let line = std::mem::take(&mut inside.cells).join("\t");
                    if !line.trim().is_empty() {
                        inside.lines.push(line);
                    }
                    Ok(())
                }
                None => story.row_end(out),
            },
            Context::Cell(repeated) => {
                match self.boxes.last_mut() {
                    Some(inside) => {
                        let cell = inside.cell.take().unwrap_or_default();
                        inside.cells.push(cell);
                    }
                    None => story.cell_end(repeated),
                }
                Ok(())
            }
            Context::SheetCell => {
                self.end_sheet_cell();
                Ok(())
            }
            Context::SheetRow => self.end_sheet_row(out),
            Context::Sheet => {
                if let Some(state) = self.grid.take() {
                    state.grid.finish(out)?;
                    story.interrupted();
                    story.paragraph(out, "")?;
                }
                Ok(())
            }
        }
    }

    /// In the middle of something that a part of its own would tear.
    fn is_inside(&self, story: &Story) -> bool {
        !self.paragraphs.is_empty()
            || !self.boxes.is_empty()
            || self.grid.is_some()
            || story.in_table()
    }

    pub(super) fn paragraph(
        &mut self,
        text: String,
        story: &mut Story,
        out: &mut Out,
    ) -> Result<(), Stop> {
        if self.live == 0 && self.object.is_none() {
            return Ok(());
        }
        if let Some(inside) = self.boxes.last_mut() {
            match inside.cell.as_mut() {
                Some(cell) => {
                    if !cell.is_empty() && !text.is_empty() {
                        cell.push(' ');
                    }
                    cell.push_str(&text);
                }
                None if text.trim().is_empty() => {}
                None => inside.lines.push(text),
            }
            return Ok(());
        }
        if let Some(state) = self.grid.as_mut() {
            match state.text.as_mut() {
                Some(cell) => {
                    if !cell.is_empty() {
                        cell.push('\n');
                    }
                    cell.push_str(&text);
                }
                None => story.beside(PartKind::TextBox, "", vec![text]),
            }
            return Ok(());
        }
        story.paragraph(out, &text)
    }

    fn write_box(
        &mut self,
        kind: PartKind,
        label: &str,
        lines: Vec<String>,
        story: &mut Story,
        out: &mut Out,
    ) -> Result<(), Stop> {
        // Headers that nobody wrote show fields without a value.
        let says = |line: &String| line.contains(|c: char| c.is_alphanumeric());
        if !lines.iter().any(says) {
            return Ok(());
        }
        if kind == PartKind::Deleted {
            story.deleted(&self.author, &lines.join("\n"));
            return Ok(());
        }
        if self.is_inside(story) {
            story.beside(kind, label, lines);
            return Ok(());
        }
        story.interrupted();
        write_lines(out, kind, label, &lines)
    }

    fn end_sheet_cell(&mut self) {
        let Some(state) = self.grid.as_mut() else { return };
        let Some(text) = state.text.take() else { return };
        let shown = shown(&state.value, &text);
        let repeated = state.value.repeated;
        if !shown.is_empty() {
            for at in 0..repeated.min(MOST_REPEATS) {
                let column = state.column.saturating_add(at).saturating_add(1);
                state.cells.push((0, column, shown.clone()));
            }
        }
        state.column = state.column.saturating_add(repeated);
    }

    fn end_sheet_row(&mut self, out: &mut Out) -> Result<(), Stop> {
        let Some(state) = self.grid.as_mut() else { return Ok(()) };
        let repeated = state.repeat_row;
        if !state.cells.is_empty() {
            for at in 0..repeated.min(MOST_REPEATS) {
                for (_, column, text) in &state.cells {
                    let row = state.row.saturating_add(at).saturating_add(1);
                    state.grid.cell(out, row, *column, text.clone())?;
                }
            }
            if repeated > MOST_REPEATS {
                out.warn(format!("a row is repeated {repeated} times; {MOST_REPEATS} are shown"))?;
            }
        }
        state.row = state.row.saturating_add(repeated);
        Ok(())
    }
}
