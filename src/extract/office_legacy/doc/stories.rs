//! The stories of a Word document, written out.

use super::super::{int, short};
use super::fib::{Fib, Table};
use super::lists;
use super::pieces::{Pieces, Placed};
use super::properties::{Paragraph, Ranges, Run, paragraphs, runs};
use crate::extract::office::codepage;
use crate::extract::office::story::{Story, write_comment, write_lines};
use crate::extract::ooxml::{Numbering, address_in, symbol_char, write_links};
use crate::extract::{Out, Stop};
use crate::model::PartKind;

struct Document<'a> {
    main: &'a [u8],
    pieces: Pieces,
    paragraphs: Ranges<Paragraph>,
    runs: Ranges<Run>,
    numbering: Numbering,
    revisers: Vec<String>,
    links: Vec<(String, String)>,
    /// What was deleted from notes, headers, comments and boxes.
    deleted: Story,
    is_old: bool,
}

pub fn write(main: &[u8], table: &[u8], fib: &Fib, out: &mut Out) -> Result<(), Stop> {
    let mut document = Document {
        main,
        pieces: Pieces::read(main, table, fib),
        paragraphs: paragraphs(main, table, fib),
        runs: runs(main, table, fib),
        numbering: lists::read(table, fib),
        revisers: fib.table(table, Table::Revisers).map(string_table).unwrap_or_default(),
        links: Vec::new(),
        deleted: Story::new(PartKind::Body, ""),
        is_old: fib.is_old(),
    };
    let [text, footnotes, headers, macros, comments, endnotes, boxes, header_boxes] = fib.lengths;
    let mut start = 0u32;
    let mut story = |length: u32| {
        let range = (start, start.saturating_add(length));
        start = range.1;
        range
    };
    let text = story(text);
    let footnotes = story(footnotes);
    let headers = story(headers);
    story(macros);
    let comments = story(comments);
    let endnotes = story(endnotes);
    let boxes = story(boxes);
    let header_boxes = story(header_boxes);
    document.body(text, out)?;
    document.headers(headers, fib.table(table, Table::Headers), out)?;
    for (kind, range) in [
        (PartKind::Footnote, footnotes),
        (PartKind::Footnote, endnotes),
        (PartKind::TextBox, boxes),
        (PartKind::TextBox, header_boxes),
    ] {
        let lines = document.lines(range);
        if !lines.is_empty() {
            write_lines(out, kind, "", &lines)?;
        }
    }
    document.comments(comments, table, fib, out)?;
    document.deleted.finish(out)?;
    // The last ten who saved it, and where: gold for attribution.
    let saved = fib.table(table, Table::SavedBy).map(string_table).unwrap_or_default();
    let saved: Vec<String> = saved.chunks(2).map(|pair| pair.join("\t")).collect();
    if !saved.is_empty() {
        write_lines(out, PartKind::Body, "saved by", &saved)?;
    }
    write_links(out, &document.links)
}

impl Document<'_> {
    fn body(&mut self, range: (u32, u32), out: &mut Out) -> Result<(), Stop> {
        let mut story = Story::new(PartKind::Body, "");
        let characters = self.pieces.characters(self.main, range.0, range.1);
        let mut reader = Text::default();
        let mut after_cell = false;
        for placed in &characters {
            let Some(end) = reader.take(placed, &self.runs, &self.revisers, &mut story) else {
                after_cell = after_cell && reader.text.is_empty();
                continue;
            };
            let paragraph = self.paragraphs.at(placed.offset).cloned().unwrap_or_default();
            let text = self.finished(&mut reader, &paragraph);
            match end {
                End::Cell if self.is_old => {
                    // No properties are read there: two marks in a row end the row.
                    if after_cell {
                        story.row_end(out)?;
                        after_cell = false;
                        continue;
                    }
                    open_table(&mut story);
                    story.paragraph(out, &text)?;
                    story.cell_end(1);
                    after_cell = true;
                }
                End::Cell if paragraph.row_end => story.row_end(out)?,
                End::Cell => {
                    open_table(&mut story);
                    story.paragraph(out, &text)?;
                    story.cell_end(1);
                }
                End::Paragraph => {
                    let in_table = paragraph.in_table || (self.is_old && after_cell);
                    if !in_table && story.in_table() {
                        story.table_end(out)?;
                    }
                    if in_table && paragraph.depth > 1 && paragraph.inner_row {
                        continue;
                    }
                    if in_table {
                        open_table(&mut story);
                    }
                    story.paragraph(out, &text)?;
                }
            }
            after_cell = after_cell && matches!(end, End::Cell);
        }
        reader.flush_deleted(&self.revisers, &mut story);
        let rest = std::mem::take(&mut reader.text);
        self.links.append(&mut reader.links);
        story.paragraph(out, &rest)?;
        story.finish(out)
    }

    fn finished(&mut self, reader: &mut Text, paragraph: &Paragraph) -> String {
        let mut text = std::mem::take(&mut reader.text);
        for field in &mut reader.fields {
            field.start = 0;
        }
        self.links.append(&mut reader.links);
        if !text.trim().is_empty() {
            let list = paragraph.list.map(|list| list.to_string());
            let level = paragraph.level.map(usize::from);
            let number = self.numbering.next(list.as_deref(), level, &paragraph.style.to_string());
            if let Some(number) = number {
                text.insert_str(0, &format!("{number} "));
            }
        }
        text
    }

    /// A story beside the body as lines; rows of tables are lines with tabs.
    fn lines(&mut self, range: (u32, u32)) -> Vec<String> {
        let characters = self.pieces.characters(self.main, range.0, range.1);
        let mut reader = Text::default();
        let mut lines = Vec::new();
        let mut row = String::new();
        for placed in &characters {
            let end = reader.take(placed, &self.runs, &self.revisers, &mut self.deleted);
            let Some(end) = end else { continue };
            let paragraph = self.paragraphs.at(placed.offset).cloned().unwrap_or_default();
            let text = self.finished(&mut reader, &paragraph);
            match end {
                End::Cell if paragraph.row_end => lines.push(std::mem::take(&mut row)),
                End::Cell => {
                    row.push_str(&text);
                    row.push('\t');
                }
                End::Paragraph if paragraph.in_table => {
                    row.push_str(&text);
                    row.push(' ');
                }
                End::Paragraph => lines.push(text),
            }
        }
        reader.flush_deleted(&self.revisers, &mut self.deleted);
        lines.push(row);
        lines.push(reader.text);
        lines.retain(|line| !line.trim().is_empty());
        lines
    }

    /// Headers and footers come in sixes for each section, after the separators of notes.
    fn headers(
        &mut self,
        range: (u32, u32),
        places: Option<&[u8]>,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let mut written: Vec<Vec<String>> = Vec::new();
        let count = places.map_or(0, |plc| (plc.len() / 4).saturating_sub(1));
        if count == 0 {
            let lines = self.lines(range);
            return if lines.is_empty() {
                Ok(())
            } else {
                write_lines(out, PartKind::Header, "", &lines)
            };
        }
        let at = |index: usize| places.and_then(|plc| int(plc, 4 * index)).unwrap_or(0);
        for story in 6..count {
            let start = range.0.saturating_add(at(story));
            let end = range.0.saturating_add(at(story + 1)).min(range.1);
            if start >= end {
                continue;
            }
            let lines = self.lines((start, end));
            if lines.is_empty() || written.contains(&lines) {
                continue;
            }
            let kind = match (story - 6) % 6 {
                0 | 1 | 4 => PartKind::Header,
                _ => PartKind::Footer,
            };
            write_lines(out, kind, "", &lines)?;
            written.push(lines);
        }
        Ok(())
    }

    fn comments(
        &mut self,
        range: (u32, u32),
        table: &[u8],
        fib: &Fib,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let texts = fib.table(table, Table::CommentTexts).unwrap_or_default();
        let refs = fib.table(table, Table::CommentRefs).unwrap_or_default();
        let authors = fib.table(table, Table::CommentAuthors).map(strings).unwrap_or_default();
        let count = refs.len().saturating_sub(4) / 34;
        if count == 0 {
            let lines = self.lines(range);
            return write_comment(out, "", "", &lines.join("\n"));
        }
        for comment in 0..count {
            let place = |at: usize| int(texts, 4 * at).unwrap_or(0);
            let start = range.0.saturating_add(place(comment));
            let end = range.0.saturating_add(place(comment + 1)).min(range.1);
            let author = short(refs, 4 * (count + 1) + 30 * comment + 20).unwrap_or(0);
            let author = authors.get(usize::from(author)).cloned().unwrap_or_default();
            let lines = self.lines((start, end));
            write_comment(out, &author, "", &lines.join("\n"))?;
        }
        Ok(())
    }
}

fn open_table(story: &mut Story) {
    if !story.in_table() {
        story.table_start();
    }
}

/// What ends a stretch of text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Paragraph,
    Cell,
}

#[derive(Default)]
struct FieldText {
    instruction: String,
    result: bool,
    start: usize,
}

/// Characters becoming a paragraph.
#[derive(Default)]
struct Text {
    text: String,
    deleted: String,
    reviser: u16,
    fields: Vec<FieldText>,
    links: Vec<(String, String)>,
}

/// Fields nest in tables of contents; deeper is damage.
const DEEPEST_FIELD: usize = 64;

impl Text {
    /// Takes a character; says what it ends.
    fn take(
        &mut self,
        placed: &Placed,
        runs: &Ranges<Run>,
        revisers: &[String],
        story: &mut Story,
    ) -> Option<End> {
        let run = runs.at(placed.offset);
        let character = match placed.character {
            '\r' | '\u{c}' | '\u{e}' => {
                self.flush_deleted(revisers, story);
                return Some(End::Paragraph);
            }
            '\u{7}' => {
                self.flush_deleted(revisers, story);
                return Some(End::Cell);
            }
            '\u{13}' => {
                if self.fields.len() < DEEPEST_FIELD {
                    let start = self.text.len();
                    self.fields.push(FieldText { start, ..FieldText::default() });
                }
                return None;
            }
            '\u{14}' => {
                let start = self.text.len();
                if let Some(field) = self.fields.last_mut() {
                    field.result = true;
                    field.start = start;
                }
                return None;
            }
            '\u{15}' => {
                if let Some(field) = self.fields.pop()
                    && let Some(address) = address_in(&field.instruction)
                {
                    let shown = self.text.get(field.start..).unwrap_or_default().to_owned();
                    self.links.push((address, shown));
                }
                return None;
            }
            '\u{b}' => '\n',
            '\u{1e}' => '\u{2011}',
            '\u{1f}' => '\u{ad}',
            '(' if run.is_some_and(|r| r.symbol.is_some()) => {
                symbol_char(u32::from(run.and_then(|r| r.symbol).unwrap_or(0)), "")?
            }
            '\t' => '\t',
            c @ '\u{f000}'..='\u{f0ff}' => symbol_char(u32::from(c), "")?,
            c if c.is_control() => return None,
            c => c,
        };
        if let Some(field) = self.fields.iter_mut().find(|field| !field.result) {
            field.instruction.push(character);
            return None;
        }
        match run {
            Some(run) if run.deleted => {
                self.reviser = run.reviser;
                self.deleted.push(character);
            }
            _ => self.text.push(character),
        }
        None
    }

    fn flush_deleted(&mut self, revisers: &[String], story: &mut Story) {
        if !self.deleted.is_empty() {
            let text = std::mem::take(&mut self.deleted);
            let who = revisers.get(usize::from(self.reviser)).map_or("", String::as_str);
            story.deleted(who, &text);
        }
    }
}

/// Strings one after the other, each with its length.
fn strings(bytes: &[u8]) -> Vec<String> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(count) = short(bytes, at) {
        let Some(raw) = bytes.get(at + 2..at + 2 + 2 * usize::from(count)) else { break };
        all.push(codepage::utf16(raw));
        at += 2 + raw.len();
    }
    all
}

/// A string table: a mark of wide characters, a count, the size of extra data, strings.
fn string_table(bytes: &[u8]) -> Vec<String> {
    if short(bytes, 0) != Some(0xffff) {
        return Vec::new();
    }
    let extra = usize::from(short(bytes, 4).unwrap_or(0));
    let mut all = Vec::new();
    let mut at = 6;
    while let Some(count) = short(bytes, at) {
        let Some(raw) = bytes.get(at + 2..at + 2 + 2 * usize::from(count)) else { break };
        all.push(codepage::utf16(raw));
        at += 2 + raw.len() + extra;
    }
    all
}
