//! WordprocessingML: one walk for bodies, headers, notes and comments, of `.docx` parts and of
//! the flat XML of Word 2003, which uses the same names.
//!
//! Content controls, smart tags and other wrappers are passed through; text that stands twice (the
//! fallback of a drawing) is taken once; deleted text, text boxes and equations leave the flow.

mod finish;
mod symbols;

pub use symbols::{address_in, symbol_char};

use super::numbering::Numbering;
use super::package::Relation;
use crate::extract::office::pull::{Node, Tag, Xml};
use crate::extract::office::readings::Readings;
use crate::extract::office::story::Story;
use crate::extract::{Out, Stop};
use crate::model::PartKind;
use std::collections::HashMap;
use symbols::symbol;

/// Walks the parts of one document.
#[derive(Default)]
pub struct Word {
    pub numbering: Numbering,
    /// Addresses that the text links to, with the text that links.
    pub links: Vec<(String, String)>,
    /// Files that stand in the XML itself, as base64 (Word 2003).
    pub embedded: Vec<(String, String)>,
    /// What stands above words.
    pub readings: Readings,
    /// The reading of the word that follows.
    reading: String,
    author: Vec<String>,
    contexts: Vec<Context>,
    paragraphs: Vec<Paragraph>,
    boxes: Vec<Box>,
    fields: Vec<Field>,
    /// A body was found, so this is a document at all.
    pub has_body: bool,
    /// Characters of text seen, to tell an empty choice from one that said something.
    seen: u64,
}

/// What to do when an element ends.
enum Context {
    Other,
    Body,
    Paragraph,
    Text,
    Deleted,
    Instruction,
    Table,
    Row,
    Cell,
    Box(PartKind, String),
    DeletedRun,
    Hyperlink(String, usize),
    Field,
    Math(usize),
    /// A word under its reading, and where it begins.
    Ruby(usize),
    Alternate {
        before: u64,
    },
}

#[derive(Default)]
struct Paragraph {
    text: String,
    deleted: String,
    style: String,
    list: Option<String>,
    level: Option<usize>,
    span: u32,
    equations: Vec<String>,
}

/// Text outside the flow being collected: a text box, a header, a note.
#[derive(Default)]
struct Box {
    lines: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Default)]
struct Row {
    cells: Vec<String>,
    cell: String,
}

#[derive(Default)]
struct Field {
    instruction: String,
    /// Past the separator: what follows is the result that Word showed last.
    result: bool,
    start: usize,
}

impl Word {
    /// Walks one part. `story` takes what stands in the flow.
    pub fn walk(
        &mut self,
        text: &str,
        nesting: u32,
        relations: &HashMap<&str, &Relation>,
        story: &mut Story,
        out: &mut Out,
    ) -> Result<Option<String>, Stop> {
        let mut xml = Xml::new(text, nesting);
        self.contexts.clear();
        self.paragraphs.clear();
        self.boxes.clear();
        self.fields.clear();
        self.author.clear();
        while let Some(node) = xml.next() {
            match node {
                Node::Start(tag) => self.start(&tag, &mut xml, relations, story),
                Node::End(_) => {
                    let context = self.contexts.pop();
                    self.end(context, story, out)?;
                }
                Node::Text(text) => self.text(&text),
            }
        }
        // A part that breaks off still gives what was open.
        while let Some(context) = self.contexts.pop() {
            self.end(Some(context), story, out)?;
        }
        Ok(xml.broken)
    }

    fn start(
        &mut self,
        tag: &Tag,
        xml: &mut Xml,
        relations: &HashMap<&str, &Relation>,
        story: &mut Story,
    ) {
        let name = tag.name();
        // DrawingML and equations reuse short names; WordprocessingML's own have no such prefix.
        let drawing = matches!(tag.prefix(), "a" | "wp" | "pic" | "m" | "v" | "o" | "w10");
        let context = match name {
            "p" if !drawing => {
                self.paragraphs.push(Paragraph::default());
                Context::Paragraph
            }
            // A drawing's own paragraphs stand beside the one that holds the drawing.
            "p" if tag.prefix() == "a" => Context::Math(self.paragraph_len()),
            "t" => Context::Text,
            "delText" => Context::Deleted,
            "instrText" | "delInstrText" => Context::Instruction,
            "tbl" if !drawing => {
                match self.boxes.last_mut() {
                    Some(inside) => inside.rows.push(Row::default()),
                    None => story.table_start(),
                }
                Context::Table
            }
            "tr" if !drawing => Context::Row,
            "tc" if !drawing => {
                match self.boxes.last_mut() {
                    Some(inside) => {
                        if let Some(row) = inside.rows.last_mut() {
                            row.cell.clear();
                        }
                    }
                    None => story.cell_start(),
                }
                // The span is read before the cell's paragraphs, and kept for its end.
                self.paragraphs.push(Paragraph { span: 1, ..Paragraph::default() });
                Context::Cell
            }
            "gridSpan" => {
                if let Some(cell) = self.paragraphs.last_mut() {
                    cell.span = tag.number("val").unwrap_or(1);
                }
                Context::Other
            }
            "txbxContent" => self.open_box(PartKind::TextBox, String::new()),
            "hdr" => self.open_box(PartKind::Header, String::new()),
            "ftr" => self.open_box(PartKind::Footer, String::new()),
            "footnote" | "endnote" => {
                if tag.attr("type").is_some_and(|t| t.to_lowercase().contains("separator")) {
                    return xml.skip();
                }
                self.open_box(PartKind::Footnote, tag.attr("id").unwrap_or_default())
            }
            "comment" => self.open_comment(tag),
            "annotation" => match tag.attr("type").as_deref() {
                Some("Word.Comment") => self.open_comment(tag),
                Some("Word.Deletion") => {
                    self.author.push(tag.attr("author").unwrap_or_default());
                    Context::DeletedRun
                }
                _ => Context::Other,
            },
            "del" | "moveFrom" if !drawing => {
                self.author.push(tag.attr("author").unwrap_or_default());
                Context::DeletedRun
            }
            "hyperlink" if !drawing => {
                let id = tag.attr_prefixed("id").unwrap_or_default();
                let target = tag
                    .attr("dest")
                    .or_else(|| relations.get(id.as_str()).map(|r| r.target.clone()))
                    .unwrap_or_default();
                Context::Hyperlink(target, self.paragraph_len())
            }
            "hlink" => {
                Context::Hyperlink(tag.attr("dest").unwrap_or_default(), self.paragraph_len())
            }
            "fldSimple" => {
                let instruction = tag.attr("instr").unwrap_or_default();
                let start = self.paragraph_len();
                self.fields.push(Field { instruction, result: true, start });
                Context::Field
            }
            "fldChar" => {
                match tag.attr("fldCharType").as_deref() {
                    Some("begin") => {
                        let start = self.paragraph_len();
                        self.fields.push(Field { start, ..Field::default() });
                    }
                    Some("separate") => {
                        let start = self.paragraph_len();
                        if let Some(field) = self.fields.last_mut() {
                            field.result = true;
                            field.start = start;
                        }
                    }
                    _ => self.close_field(),
                }
                Context::Other
            }
            // Drop-down and text fields of old forms keep their choices in the field's head.
            "listEntry" | "listItem" => {
                let shown = tag.attr("displayText").or(tag.attr("val")).unwrap_or_default();
                self.choice(&shown);
                Context::Other
            }
            // A tab stop in a paragraph's properties has a position; a tab in the text has none.
            "tab" | "ptab" if !drawing && tag.attr("pos").is_none() => self.push("\t"),
            "br" | "cr" if !drawing => self.push("\n"),
            "noBreakHyphen" => self.push("\u{2011}"),
            "softHyphen" => self.push("\u{ad}"),
            "sym" if !drawing => self.push(&symbol(tag)),
            "r" if tag.prefix() == "m" => Context::Other,
            "oMath" => Context::Math(self.paragraph_len()),
            "pStyle" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.style = tag.attr("val").unwrap_or_default();
                }
                Context::Other
            }
            "numId" | "ilfo" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.list = tag.attr("val");
                }
                Context::Other
            }
            "ilvl" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.level = tag.number("val");
                }
                Context::Other
            }
            "docPr" | "cNvPr" => {
                // The description of a picture is what its author wants it to say.
                for description in [tag.attr("descr"), tag.attr("title")].into_iter().flatten() {
                    if let Some(paragraph) = self.paragraphs.last_mut()
                        && !paragraph.equations.contains(&description)
                    {
                        paragraph.equations.push(description);
                    }
                }
                Context::Other
            }
            "textpath" => {
                // WordArt keeps its text in an attribute.
                let text = tag.attr("string").unwrap_or_default();
                self.seen += text.len() as u64;
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.equations.push(text);
                }
                Context::Other
            }
            "AlternateContent" => Context::Alternate { before: self.seen },
            "Choice" | "Fallback" => {
                if let Some(Context::Alternate { before }) = self.contexts.last()
                    && *before != self.seen
                {
                    return xml.skip();
                }
                Context::Other
            }
            "rt" => {
                self.reading = xml.text_inside();
                return;
            }
            "rubyBase" => Context::Ruby(self.paragraph_len()),
            // Properties hold old ones.
            "rPrChange"
            | "pPrChange"
            | "tblPrChange"
            | "tcPrChange"
            | "sectPrChange"
            | "docSuppData"
            | "DocumentProperties"
            | "CustomDocumentProperties"
            | "styles"
            | "lists"
            | "fonts"
            | "sdtPr" => {
                if name == "sdtPr" {
                    return self.control(xml);
                }
                return xml.skip();
            }
            "binData" => {
                let name = tag.attr("name").unwrap_or_default();
                let data = xml.text_inside();
                self.embedded.push((name, data));
                return;
            }
            "body" => {
                self.has_body = true;
                Context::Body
            }
            _ => Context::Other,
        };
        self.contexts.push(context);
    }

    /// Choices of a content control; its placeholder and shown value stand in its content.
    fn control(&mut self, xml: &mut Xml) {
        let outside = xml.depth().saturating_sub(1);
        while xml.depth() > outside {
            match xml.next() {
                Some(Node::Start(tag)) if tag.name() == "listItem" => {
                    let shown = tag.attr("displayText").or(tag.attr("value")).unwrap_or_default();
                    self.choice(&shown);
                }
                Some(_) => {}
                None => break,
            }
        }
    }

    fn choice(&mut self, shown: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut()
            && !shown.is_empty()
        {
            paragraph.equations.push(shown.to_owned());
        }
    }

    fn open_box(&mut self, kind: PartKind, label: String) -> Context {
        self.boxes.push(Box::default());
        Context::Box(kind, label)
    }

    /// Who wrote it and when is a line of the comment, so that both are found.
    fn open_comment(&mut self, tag: &Tag) -> Context {
        let author = tag.attr("author").unwrap_or_default();
        let head = [Some(author.clone()), tag.attr("date").or(tag.attr("createdate"))];
        let head: Vec<String> = head.into_iter().flatten().filter(|s| !s.is_empty()).collect();
        self.boxes.push(Box { lines: vec![head.join(", ")], rows: Vec::new() });
        Context::Box(PartKind::Comment, author)
    }

    fn paragraph_len(&self) -> usize {
        self.paragraphs.last().map_or(0, |p| p.text.len())
    }

    fn push(&mut self, text: &str) -> Context {
        self.append(text);
        Context::Other
    }

    fn append(&mut self, text: &str) {
        if self.fields.last().is_some_and(|field| !field.result) {
            return;
        }
        self.seen += text.len() as u64;
        let deleted = !self.author.is_empty();
        if let Some(paragraph) = self.paragraphs.last_mut() {
            if deleted {
                paragraph.deleted.push_str(text);
            } else {
                paragraph.text.push_str(text);
            }
        }
    }

    fn text(&mut self, text: &str) {
        match self.contexts.last() {
            Some(Context::Text) => self.append(text),
            Some(Context::Deleted) => {
                self.seen += text.len() as u64;
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.deleted.push_str(text);
                }
            }
            Some(Context::Instruction) => {
                if let Some(field) = self.fields.last_mut() {
                    field.instruction.push_str(text);
                }
            }
            _ => {}
        }
    }

    fn close_field(&mut self) {
        let Some(field) = self.fields.pop() else { return };
        let shown = self
            .paragraphs
            .last()
            .and_then(|p| p.text.get(field.start..))
            .unwrap_or_default()
            .to_owned();
        if let Some(target) = address_in(&field.instruction) {
            self.links.push((target, shown));
        }
    }
}
