//! What the end of an element does: paragraphs, cells, rows and boxes go out.

use super::{Box, Context, Word};
use crate::extract::office::story::{Story, write_lines};
use crate::extract::{Out, Stop};
use crate::model::PartKind;

impl Word {
    pub(super) fn end(
        &mut self,
        context: Option<Context>,
        story: &mut Story,
        out: &mut Out,
    ) -> Result<(), Stop> {
        match context {
            Some(Context::Paragraph) => self.end_paragraph(story, out),
            Some(Context::Cell) => {
                let span = self.paragraphs.pop().map_or(1, |cell| cell.span.max(1));
                match self.boxes.last_mut() {
                    Some(inside) => {
                        if let Some(row) = inside.rows.last_mut() {
                            let cell = std::mem::take(&mut row.cell);
                            row.cells.push(cell);
                        }
                    }
                    None => story.cell_end(span),
                }
                Ok(())
            }
            Some(Context::Row) => match self.boxes.last_mut() {
                Some(inside) => {
                    if let Some(row) = inside.rows.last_mut() {
                        let line = std::mem::take(&mut row.cells).join("\t");
                        inside.lines.push(line);
                    }
                    Ok(())
                }
                None => story.row_end(out),
            },
            Some(Context::Table) => match self.boxes.last_mut() {
                Some(inside) => {
                    inside.rows.pop();
                    Ok(())
                }
                None => story.table_end(out),
            },
            Some(Context::Box(kind, label)) => {
                let lines = self.boxes.pop().map(|inside| inside.lines).unwrap_or_default();
                if self.paragraphs.is_empty() && !story.in_table() {
                    if lines.iter().any(|line| !line.trim().is_empty()) {
                        write_lines(out, kind, &label, &lines)?;
                    }
                } else {
                    story.beside(kind, &label, lines);
                }
                Ok(())
            }
            Some(Context::DeletedRun) => {
                if let Some(author) = self.author.pop()
                    && let Some(paragraph) = self.paragraphs.last_mut()
                {
                    let text = std::mem::take(&mut paragraph.deleted);
                    story.deleted(&author, &text);
                }
                Ok(())
            }
            Some(Context::Hyperlink(target, start)) => {
                let shown = self.paragraphs.last().and_then(|p| p.text.get(start..));
                if !target.is_empty() {
                    let shown = shown.unwrap_or_default().to_owned();
                    self.links.push((target, shown));
                }
                Ok(())
            }
            Some(Context::Field) => {
                self.close_field();
                Ok(())
            }
            Some(Context::Math(start)) => {
                if let Some(paragraph) = self.paragraphs.last_mut()
                    && paragraph.text.is_char_boundary(start.min(paragraph.text.len()))
                {
                    let equation = paragraph.text.split_off(start.min(paragraph.text.len()));
                    if !equation.trim().is_empty() {
                        paragraph.equations.push(equation);
                    }
                }
                Ok(())
            }
            Some(Context::Ruby(start)) => {
                let reading = std::mem::take(&mut self.reading);
                if let Some(paragraph) = self.paragraphs.last() {
                    let word = paragraph.text.get(start..).unwrap_or_default();
                    self.readings.add(word, &reading, start..start + word.len());
                }
                Ok(())
            }
            Some(Context::Body) => story.finish(out),
            _ => Ok(()),
        }
    }

    fn end_paragraph(&mut self, story: &mut Story, out: &mut Out) -> Result<(), Stop> {
        let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
        self.readings.close();
        let mut text = paragraph.text;
        story.deleted("", &paragraph.deleted);
        if !text.trim().is_empty()
            && let Some(number) =
                self.numbering.next(paragraph.list.as_deref(), paragraph.level, &paragraph.style)
        {
            text.insert_str(0, &format!("{number} "));
        }
        match self.boxes.last_mut() {
            Some(inside) => {
                inside_box(inside, &text);
                for equation in &paragraph.equations {
                    inside_box(inside, equation);
                }
                Ok(())
            }
            None => {
                story.beside(PartKind::TextBox, "", paragraph.equations);
                story.paragraph(out, &text)
            }
        }
    }
}

fn inside_box(inside: &mut Box, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    match inside.rows.last_mut() {
        Some(row) => {
            if !row.cell.is_empty() {
                row.cell.push(' ');
            }
            row.cell.push_str(text);
        }
        None => inside.lines.push(text.to_owned()),
    }
}
