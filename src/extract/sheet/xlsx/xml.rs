//! The parts of a workbook that are XML: its list of sheets, styles, strings and cells.

use super::super::{Grid, Styles, parse_cell, plain_header, truth};
use super::{Around, Book, SheetEntry, Strings, add_lines};
use crate::extract::office::pull::{Node, Xml};
use crate::extract::office::readings::Readings;
use crate::extract::{Out, Stop};

/// Values of attributes with these names, each once.
pub(super) fn attributes(text: &str, nesting: u32, names: &[&str]) -> Vec<String> {
    let mut xml = Xml::new(text, nesting);
    let mut lines: Vec<String> = Vec::new();
    while let Some(node) = xml.next() {
        let Node::Start(tag) = node else { continue };
        for value in names.iter().filter_map(|name| tag.attr(name)) {
            if !value.is_empty() && !lines.contains(&value) {
                lines.push(value);
            }
        }
    }
    lines
}

pub(super) fn read_workbook(text: &str, nesting: u32, book: &mut Book) {
    let mut xml = Xml::new(text, nesting);
    while let Some(node) = xml.next() {
        let Node::Start(tag) = node else { continue };
        match tag.name() {
            "workbookPr" => {
                book.styles.since_1904 = tag.attr("date1904").is_some() && tag.is_on("date1904");
            }
            "sheet" => book.sheets.push(SheetEntry {
                name: tag.attr("name").unwrap_or_default(),
                hidden: tag.attr("state").is_some_and(|state| state != "visible"),
                relation: tag.attr_prefixed("id").unwrap_or_default(),
            }),
            _ => {}
        }
    }
}

pub(super) fn read_styles(text: &str, nesting: u32, styles: &mut Styles) {
    let mut xml = Xml::new(text, nesting);
    let mut in_cells = false;
    while let Some(node) = xml.next() {
        match node {
            Node::Start(tag) => match tag.name() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.attr("formatCode"))
                    {
                        styles.define(id, &code);
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => styles.add_style(tag.number("numFmtId").unwrap_or(0)),
                _ => {}
            },
            Node::End(tag) if tag.name() == "cellXfs" => in_cells = false,
            _ => {}
        }
    }
}

pub(super) fn read_strings(
    text: &str,
    nesting: u32,
    strings: &mut Strings,
    readings: &mut Readings,
) {
    let mut xml = Xml::new(text, nesting);
    while let Some(node) = xml.next() {
        if let Node::Start(tag) = node
            && tag.name() == "si"
        {
            strings.push(&read_rich_text(&mut xml, readings));
        }
    }
}

/// Text of the runs inside the element that was just begun, without phonetic guides.
pub(super) fn rich_text(xml: &mut Xml) -> String {
    read_rich_text(xml, &mut Readings::default())
}

/// The same; what phonetic guides say of the text goes to `readings`.
fn read_rich_text(xml: &mut Xml, readings: &mut Readings) -> String {
    let mut above = String::new();
    let outside = xml.depth().saturating_sub(1);
    let mut text = String::new();
    let mut in_text = false;
    while xml.depth() > outside {
        match xml.next() {
            Some(Node::Start(tag)) => match tag.name() {
                "rPh" => above.push_str(xml.text_inside().trim()),
                "t" => in_text = true,
                _ => {}
            },
            Some(Node::End(_)) => in_text = false,
            Some(Node::Text(more)) if in_text => text.push_str(&more),
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    let text = unescape(&text);
    readings.of_cell(&text, &unescape(&above));
    text
}

/// `_x000D_` is how characters that XML forbids are written.
fn unescape(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let code = rest
            .get(2..7)
            .filter(|code| code.ends_with('_'))
            .and_then(|code| u32::from_str_radix(&code[..4], 16).ok())
            .and_then(char::from_u32);
        match code {
            Some(character) => {
                if character != '\r' {
                    plain.push(character);
                }
                rest = &rest[7..];
            }
            None => {
                plain.push_str("_x");
                rest = &rest[2..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// A cell being read.
#[derive(Default)]
struct Cell {
    row: u32,
    column: u32,
    kind: String,
    style: usize,
    value: Option<String>,
    formula: String,
}

pub(super) fn read_sheet(
    text: &str,
    nesting: u32,
    book: &mut Book,
    grid: &mut Grid,
    around: &mut Around,
    out: &mut Out,
) -> Result<Option<String>, Stop> {
    let mut xml = Xml::new(text, nesting);
    let mut cell = Cell::default();
    while let Some(node) = xml.next() {
        match node {
            Node::Start(tag) => match tag.name() {
                "row" => {
                    cell.row = tag.number("r").unwrap_or(cell.row.saturating_add(1));
                    cell.column = 0;
                }
                "c" => {
                    let place = tag.attr("r").and_then(|name| parse_cell(&name));
                    let (row, column) = place.unwrap_or((cell.row, cell.column.saturating_add(1)));
                    cell = Cell {
                        row,
                        column,
                        kind: tag.attr("t").unwrap_or_default(),
                        style: tag.number("s").unwrap_or(0),
                        ..Cell::default()
                    };
                }
                "v" => cell.value = Some(xml.text_inside()),
                "f" => cell.formula = xml.text_inside(),
                "is" => cell.value = Some(read_rich_text(&mut xml, &mut book.readings)),
                "hyperlink" => {
                    let place = tag.attr("ref").unwrap_or_default();
                    let address = tag.attr_prefixed("id").or_else(|| tag.attr("location"));
                    if let Some(address) = address {
                        around.links.push((place, address));
                    }
                }
                "oddHeader" | "evenHeader" | "firstHeader" => {
                    add_lines(&mut around.headers, plain_header(&xml.text_inside()));
                }
                "oddFooter" | "evenFooter" | "firstFooter" => {
                    add_lines(&mut around.footers, plain_header(&xml.text_inside()));
                }
                _ => {}
            },
            Node::End(tag) if tag.name() == "c" => {
                let shown = show(&cell, book);
                grid.cell(out, cell.row, cell.column, shown)?;
            }
            _ => {}
        }
    }
    Ok(xml.broken)
}

fn show(cell: &Cell, book: &mut Book) -> String {
    let Some(value) = &cell.value else {
        // A formula that was never computed is all there is.
        return if cell.formula.is_empty() { String::new() } else { format!("={}", cell.formula) };
    };
    match cell.kind.as_str() {
        "s" => value
            .trim()
            .parse()
            .map_or_else(|_| value.clone(), |at| book.strings.get(at).to_owned()),
        "str" | "inlineStr" => unescape(value),
        "b" => truth(value.trim() == "1").to_owned(),
        "e" | "d" => value.clone(),
        _ => match value.trim().parse::<f64>() {
            Ok(number) => book.styles.show(number, cell.style),
            Err(_) => value.clone(),
        },
    }
}
