//! Text in the shapes of a slide, in their order; tables as rows.

use super::super::{int, short};
use super::records::{Record, records};
use crate::extract::office::codepage;

/// What stands on one slide.
#[derive(Default)]
pub struct Shapes {
    pub lines: Vec<String>,
    pub tables: Vec<Vec<Vec<String>>>,
    pub has_pictures: bool,
}

const DRAWING: u16 = 1036;
const GROUP: u16 = 0xf003;
const SHAPE: u16 = 0xf004;
const OPTIONS: u16 = 0xf00b;
const TERTIARY: u16 = 0xf122;
const TEXT_BOX: u16 = 0xf00d;
const CHILD_ANCHOR: u16 = 0xf00f;
const CLIENT_DATA: u16 = 0xf011;
const PLACEHOLDER: u16 = 3011;
const OUTLINE_REF: u16 = 3998;

const DEEPEST: u32 = 24;

/// Text of a text record, with line ends.
pub fn text_of(record: &Record) -> Option<String> {
    let text = match record.kind {
        4000 => codepage::utf16(record.body),
        4008 => record.body.iter().map(|&b| char::from(b)).collect(),
        _ => return None,
    };
    Some(text.replace(['\r', '\u{b}'], "\n").replace('\0', ""))
}

impl Shapes {
    /// `placeholders`: also the text of placeholders, which in masters is only a prompt.
    pub fn read(slide: &[u8], outline: &[String], placeholders: bool) -> Shapes {
        let mut shapes = Shapes::default();
        for drawing in records(slide).filter(|r| r.kind == DRAWING) {
            shapes.container(drawing.body, outline, placeholders, DEEPEST);
        }
        shapes
    }

    pub fn all_lines(mut self) -> Vec<String> {
        for table in &self.tables {
            self.lines.extend(table.iter().map(|row| row.join("\t")));
        }
        self.lines
    }

    fn container(&mut self, bytes: &[u8], outline: &[String], placeholders: bool, deepest: u32) {
        for found in records(bytes) {
            match found.kind {
                GROUP if is_table(found.body) => self.table(found.body, outline),
                SHAPE => {
                    let shape = Shape::read(found.body, outline);
                    self.has_pictures |= shape.is_picture;
                    // Footers of a master are what it says on every slide.
                    let prompt = shape.placeholder.is_some_and(|kind| !matches!(kind, 9 | 10));
                    if placeholders || !prompt {
                        self.add(&shape.text);
                    }
                }
                _ if found.is_container && deepest > 0 => {
                    self.container(found.body, outline, placeholders, deepest - 1);
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, text: &str) {
        // A lone star stands for a number or date that is drawn in its place.
        self.lines.extend(
            text.lines().filter(|l| !l.trim().is_empty() && l.trim() != "*").map(str::to_owned),
        );
    }

    /// The cells of a table are shapes with places; rows are those with the same top.
    fn table(&mut self, bytes: &[u8], outline: &[String]) {
        let mut cells: Vec<(u32, u32, String)> = Vec::new();
        for found in records(bytes).filter(|r| r.kind == SHAPE) {
            let shape = Shape::read(found.body, outline);
            if let Some((left, top)) = shape.place
                && shape.has_text
            {
                cells.push((top, left, shape.text));
            }
        }
        // Coordinates are signed; this order keeps that of the signs.
        cells.sort_by_key(|(top, left, _)| (*top as i32, *left as i32));
        let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
        for (top, _, text) in cells {
            match rows.last_mut() {
                Some((last, row)) if *last == top => row.push(text),
                _ => rows.push((top, vec![text])),
            }
        }
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .map(|(_, row)| row)
            .filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))
            .collect();
        if !rows.is_empty() {
            self.tables.push(rows);
        }
    }
}

#[derive(Default)]
struct Shape {
    text: String,
    has_text: bool,
    place: Option<(u32, u32)>,
    placeholder: Option<u8>,
    is_picture: bool,
}

impl Shape {
    fn read(bytes: &[u8], outline: &[String]) -> Shape {
        let mut shape = Shape::default();
        for found in records(bytes) {
            match found.kind {
                TEXT_BOX => {
                    for inner in records(found.body) {
                        if let Some(text) = text_of(&inner) {
                            shape.text.push_str(&text);
                        } else if inner.kind == OUTLINE_REF
                            && let Some(text) =
                                int(inner.body, 0).and_then(|at| outline.get(at as usize))
                        {
                            shape.text.push_str(text);
                        }
                    }
                    shape.has_text = true;
                }
                CHILD_ANCHOR => shape.place = int(found.body, 0).zip(int(found.body, 4)),
                CLIENT_DATA => {
                    shape.placeholder = records(found.body)
                        .find(|r| r.kind == PLACEHOLDER)
                        .and_then(|r| r.body.get(4).copied());
                }
                OPTIONS => {
                    for (id, text) in texts(&found) {
                        // WordArt, or the description of a picture.
                        if matches!(id, 0xc0 | 0x381) && !text.trim().is_empty() {
                            shape.text.push_str(&text);
                        }
                        shape.is_picture |= id == 0x104;
                    }
                    shape.is_picture |= properties(&found).any(|(id, _, _)| id == 0x104);
                }
                _ => {}
            }
        }
        shape
    }
}

/// Number, whether data follows the list, and value of each property.
fn properties<'a>(record: &Record<'a>) -> impl Iterator<Item = (u16, bool, u32)> + use<'a> {
    let body = record.body;
    (0..usize::from(record.instance)).map_while(move |at| {
        let id = short(body, 6 * at)?;
        Some((id & 0x3fff, id & 0x8000 != 0, int(body, 6 * at + 2)?))
    })
}

/// The properties that hold text.
fn texts(record: &Record) -> Vec<(u16, String)> {
    let mut at = 6 * usize::from(record.instance);
    let mut all = Vec::new();
    for (id, has_data, value) in properties(record) {
        if !has_data {
            continue;
        }
        let Some(data) = record.body.get(at..at.saturating_add(value as usize)) else { break };
        at += data.len();
        if matches!(id, 0xc0 | 0x381) {
            all.push((id, codepage::utf16(data).trim_end_matches('\0').to_owned()));
        }
    }
    all
}

/// A group whose first shape says that it is a table.
fn is_table(group: &[u8]) -> bool {
    records(group).find(|r| r.kind == SHAPE).is_some_and(|first| {
        records(first.body)
            .filter(|r| r.kind == TERTIARY)
            .any(|r| properties(&r).any(|(id, _, value)| id == 0x39f && value & 1 != 0))
    })
}
