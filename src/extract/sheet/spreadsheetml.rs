//! Excel 2003 XML (`Workbook` of `urn:schemas-microsoft-com:office:spreadsheet`).

use super::{Grid, cell_name, plain_header, truth, write_sheet_names};
use crate::extract::office::numfmt::NumberFormat;
use crate::extract::office::pull::{Node, Tag, Xml, decode};
use crate::extract::office::story::{write_comment, write_lines};
use crate::extract::ooxml::{property_key, write_links};
use crate::extract::{Input, Out, Stop};
use crate::model::PartKind;
use std::collections::HashMap;

pub fn spreadsheetml(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let text = decode(&input.bytes()?);
    let mut xml = Xml::new(&text, input.limits.nesting);
    let mut book = Book::default();
    while let Some(node) = xml.next() {
        match node {
            Node::Start(tag) => book.start(&tag, &mut xml, out)?,
            Node::End(tag) if tag.name() == "Worksheet" => book.end_sheet(out)?,
            _ => {}
        }
    }
    book.end_sheet(out)?;
    write_sheet_names(out, &book.names)?;
    write_links(out, &book.links)?;
    xml.broken.map_or(Ok(()), |why| Err(Stop::Failed(format!("the XML is damaged: {why}"))))
}

#[derive(Default)]
struct Book {
    names: Vec<String>,
    grid: Option<Grid>,
    row: u32,
    column: u32,
    style: String,
    /// The style being defined.
    defining: String,
    formats: HashMap<String, NumberFormat>,
    author: String,
    comments: Vec<(String, String, String)>,
    headers: Vec<(PartKind, Vec<String>)>,
    links: Vec<(String, String)>,
}

impl Book {
    fn start(&mut self, tag: &Tag, xml: &mut Xml, out: &mut Out) -> Result<(), Stop> {
        match tag.name() {
            "DocumentProperties" | "CustomDocumentProperties" => {}
            "Style" => self.defining = tag.attr("ID").unwrap_or_default(),
            "NumberFormat" => {
                if let Some(code) = tag.attr("Format") {
                    self.formats.insert(self.defining.clone(), NumberFormat::new(named(&code)));
                }
            }
            "Worksheet" => {
                self.end_sheet(out)?;
                let name = tag.attr("Name").unwrap_or_default();
                self.grid = Some(Grid::new(&name, false));
                self.names.push(name);
                (self.row, self.column) = (0, 0);
            }
            "Row" => {
                self.row = tag.number("Index").unwrap_or(self.row.saturating_add(1));
                self.column = 0;
            }
            "Cell" => {
                self.column = tag.number("Index").unwrap_or(self.column.saturating_add(1));
                self.style = tag.attr("StyleID").unwrap_or_default();
                if let Some(target) = tag.attr("HRef") {
                    self.links.push((target, cell_name(self.row, self.column)));
                }
            }
            "Comment" => self.author = tag.attr("Author").unwrap_or_default(),
            "Data" => {
                let kind = tag.attr("Type");
                let text = xml.text_inside();
                match kind.as_deref() {
                    None => {
                        let cell = cell_name(self.row, self.column);
                        self.comments.push((self.author.clone(), cell, text));
                    }
                    Some(kind) => {
                        let shown = self.show(kind, text);
                        if let Some(grid) = self.grid.as_mut() {
                            grid.cell(out, self.row, self.column, shown)?;
                        }
                    }
                }
            }
            "Header" | "Footer" => {
                let kind = if tag.name() == "Header" { PartKind::Header } else { PartKind::Footer };
                let lines = plain_header(&tag.attr("Data").unwrap_or_default());
                if !lines.is_empty() {
                    self.headers.push((kind, lines));
                }
            }
            name if self.names.is_empty() => {
                if let Some(key) = property_key(name) {
                    let value = xml.text_inside();
                    out.meta(key, &value)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn show(&self, kind: &str, text: String) -> String {
        match kind {
            "Boolean" => truth(text.trim() == "1").to_owned(),
            "DateTime" => {
                let text = text.trim().trim_end_matches(".000").trim_end_matches("T00:00:00");
                text.replace('T', " ")
            }
            "Number" => match (text.trim().parse(), self.formats.get(&self.style)) {
                (Ok(number), Some(format)) => format.show(number, false),
                _ => text,
            },
            _ => text,
        }
    }

    fn end_sheet(&mut self, out: &mut Out) -> Result<(), Stop> {
        let Some(grid) = self.grid.take() else { return Ok(()) };
        grid.finish(out)?;
        let name = self.names.last().cloned().unwrap_or_default();
        for (author, cell, text) in std::mem::take(&mut self.comments) {
            write_comment(out, &author, &format!("{name}!{cell}"), &text)?;
        }
        for (kind, lines) in std::mem::take(&mut self.headers) {
            write_lines(out, kind, &name, &lines)?;
        }
        Ok(())
    }
}

/// Formats that have a name instead of a code.
fn named(code: &str) -> &str {
    match code {
        "Fixed" => "0.00",
        "Standard" => "#,##0.00",
        "Currency" => "\"$\"#,##0.00",
        "Percent" => "0.00%",
        "Scientific" => "0.00E+00",
        "General Date" => "m/d/yy h:mm",
        "Short Date" => "m/d/yy",
        "Medium Date" => "d-mmm-yy",
        "Long Date" => "dddd, mmmm d, yyyy",
        "Short Time" => "h:mm",
        "Medium Time" => "h:mm AM/PM",
        "Long Time" => "h:mm:ss AM/PM",
        other => other,
    }
}
