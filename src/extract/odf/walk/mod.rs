//! One walk for content and styles of every kind of OpenDocument.

mod finish;

use super::sheet::CellValue;
use crate::extract::office::pull::{Node, Tag, Xml};
use crate::extract::office::readings::Readings;
use crate::extract::office::story::{Story, write_lines};
use crate::extract::sheet::Grid;
use crate::extract::{Out, Stop};
use crate::model::PartKind;
use std::collections::HashSet;
use std::ops::Range;

/// State of the walk, kept over the parts of one document.
#[derive(Default)]
pub struct Walk {
    pub links: Vec<(String, String)>,
    pub sheets: Vec<String>,
    /// Pictures of flat documents, as base64.
    pub pictures: Vec<String>,
    /// What stands above words.
    pub readings: Readings,
    /// Where the last word stands that a reading may follow for.
    ruby: Range<usize>,
    /// Path of the embedded object being read.
    pub object: Option<String>,
    hidden_styles: HashSet<String>,
    contexts: Vec<Context>,
    paragraphs: Vec<String>,
    boxes: Vec<Collected>,
    grid: Option<GridState>,
    slides: u32,
    style: String,
    author: String,
    date: String,
    /// Inside a body or a header, where paragraphs are text of the document.
    live: u32,
}

#[derive(Default)]
struct Collected {
    lines: Vec<String>,
    cells: Vec<String>,
    cell: Option<String>,
    /// A field was left out of it.
    fields: bool,
}

struct GridState {
    grid: Grid,
    row: u32,
    column: u32,
    repeat_row: u32,
    cells: Vec<(u32, u32, String)>,
    value: CellValue,
    text: Option<String>,
}

enum Context {
    Other,
    Live,
    Paragraph,
    Link(String, usize),
    Box(PartKind, String),
    Comment,
    Table,
    Row,
    Cell(u32),
    Sheet,
    SheetRow,
    SheetCell,
    Slide,
    Description,
    Changed,
    /// A word under its reading, and where it begins.
    Ruby(usize),
}

impl Walk {
    /// Reads one part. Returns why it broke off, if it did.
    pub fn read(
        &mut self,
        text: &str,
        nesting: u32,
        out: &mut Out,
    ) -> Result<Option<String>, Stop> {
        let mut xml = Xml::new(text, nesting);
        let kind = if self.object.is_some() { PartKind::TextBox } else { PartKind::Body };
        let mut story = Story::new(kind, self.object.clone().unwrap_or_default());
        self.contexts.clear();
        self.paragraphs.clear();
        self.boxes.clear();
        self.live = 0;
        while let Some(node) = xml.next() {
            match node {
                Node::Start(tag) => self.start(&tag, &mut xml, &mut story, out)?,
                Node::End(_) => {
                    if let Some(context) = self.contexts.pop() {
                        self.end(context, &mut story, out)?;
                    }
                }
                Node::Text(text) => self.text(&text),
            }
        }
        while let Some(context) = self.contexts.pop() {
            self.end(context, &mut story, out)?;
        }
        story.finish(out)?;
        Ok(xml.broken)
    }

    fn start(
        &mut self,
        tag: &Tag,
        xml: &mut Xml,
        story: &mut Story,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let context = match (tag.prefix(), tag.name()) {
            ("style", "style") => {
                self.style = tag.attr("name").unwrap_or_default();
                Context::Other
            }
            ("style", "table-properties" | "drawing-page-properties") => {
                if tag.attr("display").as_deref() == Some("false")
                    || tag.attr("visibility").as_deref() == Some("hidden")
                {
                    self.hidden_styles.insert(self.style.clone());
                }
                Context::Other
            }
            ("office", "body" | "spreadsheet") => self.live(),
            ("ooo", "source-code") => {
                let source = xml.text_inside();
                let lines: Vec<String> = source.lines().map(str::to_owned).collect();
                return write_lines(out, PartKind::TextBox, "macro", &lines);
            }
            ("office", "binary-data") => {
                let data = xml.text_inside();
                self.pictures.push(data);
                return Ok(());
            }
            ("style", "header" | "header-left" | "header-first") => {
                self.live += 1;
                self.open(PartKind::Header, "")
            }
            ("style", "footer" | "footer-left" | "footer-first") => {
                self.live += 1;
                self.open(PartKind::Footer, "")
            }
            ("style", "master-page") if self.live == 0 => {
                self.live += 1;
                self.open(PartKind::Header, "master")
            }
            // Prompts of templates.
            ("draw", "frame" | "custom-shape")
                if tag.attr("placeholder").as_deref() == Some("true") =>
            {
                xml.skip();
                return Ok(());
            }
            ("presentation", "notes") if self.live > 0 => {
                let label = self.slides.to_string();
                // The notes of a master are prompts.
                if self.slides == 0 {
                    xml.skip();
                    return Ok(());
                }
                self.open(PartKind::Notes, &label)
            }
            ("presentation", "footer-decl" | "header-decl" | "date-time-decl") => {
                let text = xml.text_inside();
                if !text.trim().is_empty() {
                    write_lines(out, PartKind::Footer, "", &[text])?;
                    story.interrupted();
                }
                return Ok(());
            }
            ("draw", "page") if self.live > 0 => self.slide(tag, out)?,
            ("text", "p" | "h") => {
                self.paragraphs.push(String::new());
                Context::Paragraph
            }
            ("text", "s") => {
                let count = tag.number::<usize>("c").unwrap_or(1).min(200);
                self.append(&" ".repeat(count));
                Context::Other
            }
            ("text", "tab") => self.push("\t"),
            ("text", "line-break") => self.push("\n"),
            ("text" | "draw", "a") => {
                let start = self.paragraphs.last().map_or(0, String::len);
                Context::Link(tag.attr("href").unwrap_or_default(), start)
            }
            // Numbers of pages and names of sheets stand in the file as they were last drawn.
            ("text", "sheet-name" | "page-number" | "page-count") => {
                if let Some(inside) = self.boxes.last_mut() {
                    inside.fields = true;
                }
                xml.skip();
                return Ok(());
            }
            ("text", "ruby-base") => Context::Ruby(self.paragraphs.last().map_or(0, String::len)),
            ("text", "ruby-text") => {
                let reading = xml.text_inside();
                let place = std::mem::take(&mut self.ruby);
                let word = self.paragraphs.last().and_then(|p| p.get(place.clone()));
                self.readings.add(word.unwrap_or_default(), &reading, place);
                return Ok(());
            }
            ("text", "note-citation") | ("office", "change-info") => {
                if tag.name() == "change-info" {
                    self.change_info(xml);
                } else {
                    xml.skip();
                }
                return Ok(());
            }
            ("text", "note" | "footnote" | "endnote") => self.open(PartKind::Footnote, ""),
            ("text", "deletion") => {
                self.author.clear();
                self.open(PartKind::Deleted, "")
            }
            ("text", "tracked-changes") => Context::Changed,
            ("office", "annotation") => {
                self.author = tag.attr("author").unwrap_or_default();
                self.date = tag.attr("create-date").unwrap_or_default();
                self.boxes.push(Collected::default());
                Context::Comment
            }
            ("dc", "creator") => {
                self.author = xml.text_inside();
                return Ok(());
            }
            ("dc", "date") => {
                self.date = xml.text_inside();
                return Ok(());
            }
            ("draw", "text-box") if self.slides == 0 && self.grid.is_none() => {
                self.open(PartKind::TextBox, "")
            }
            ("svg", "title" | "desc") => {
                self.paragraphs.push(String::new());
                Context::Description
            }
            ("math" | "", "annotation") => {
                let text = xml.text_inside();
                self.paragraph(text, story, out)?;
                return Ok(());
            }
            ("math", _) | ("", "math") => Context::Other,
            ("table", "table") => self.table(tag, story),
            ("table", "table-row") => self.row(tag),
            ("table", "table-cell" | "covered-table-cell") => self.cell(tag, story),
            ("table", "tracked-changes") => {
                xml.skip();
                return Ok(());
            }
            ("form", _) => {
                for name in ["label", "current-value", "value"] {
                    if let Some(text) = tag.attr(name).filter(|t| !t.trim().is_empty()) {
                        story.beside(PartKind::TextBox, "form", vec![text]);
                        break;
                    }
                }
                Context::Other
            }
            ("draw", "image" | "object" | "plugin") => {
                if let Some(target) = tag.attr("href").filter(|t| t.contains("://")) {
                    self.links.push((target, "image".to_owned()));
                }
                Context::Other
            }
            _ => Context::Other,
        };
        self.contexts.push(context);
        Ok(())
    }

    fn live(&mut self) -> Context {
        self.live += 1;
        Context::Live
    }

    fn open(&mut self, kind: PartKind, label: &str) -> Context {
        self.boxes.push(Collected::default());
        Context::Box(kind, label.to_owned())
    }

    fn slide(&mut self, tag: &Tag, out: &mut Out) -> Result<Context, Stop> {
        self.slides += 1;
        let style = tag.attr("style-name").unwrap_or_default();
        let label = self.slides.to_string();
        let wrap = crate::model::Wrap::Lines;
        if self.hidden_styles.contains(&style) {
            out.hidden_part(PartKind::Slide, label, wrap)?;
        } else {
            out.labelled_part(PartKind::Slide, label, wrap)?;
        }
        // Shapes of a slide are collected: its tables follow its text.
        self.boxes.push(Collected::default());
        Ok(Context::Slide)
    }

    fn change_info(&mut self, xml: &mut Xml) {
        let outside = xml.depth().saturating_sub(1);
        while xml.depth() > outside {
            match xml.next() {
                Some(Node::Start(tag)) if tag.name() == "creator" => {
                    self.author = xml.text_inside();
                }
                Some(_) => {}
                None => break,
            }
        }
    }

    fn table(&mut self, tag: &Tag, story: &mut Story) -> Context {
        let style = tag.attr("style-name").unwrap_or_default();
        let is_sheet = self.grid.is_none()
            && self.boxes.is_empty()
            && self.object.is_none()
            && !story.in_table()
            && self.contexts.iter().filter(|c| matches!(c, Context::Live)).count() == 2;
        if is_sheet {
            let name = tag.attr("name").unwrap_or_default();
            let hidden = self.hidden_styles.contains(&style);
            self.sheets.push(name.clone());
            self.grid = Some(GridState {
                grid: Grid::new(&name, hidden),
                row: 0,
                column: 0,
                repeat_row: 1,
                cells: Vec::new(),
                value: CellValue::default(),
                text: None,
            });
            return Context::Sheet;
        }
        if self.boxes.is_empty() {
            story.table_start();
        }
        Context::Table
    }

    fn row(&mut self, tag: &Tag) -> Context {
        let Some(state) = self.grid.as_mut() else { return Context::Row };
        state.repeat_row = tag.number("number-rows-repeated").unwrap_or(1).max(1);
        state.column = 0;
        state.cells.clear();
        Context::SheetRow
    }

    fn cell(&mut self, tag: &Tag, story: &mut Story) -> Context {
        let repeated = tag.number("number-columns-repeated").unwrap_or(1).max(1);
        if let Some(state) = self.grid.as_mut() {
            state.value = CellValue::of(tag);
            state.value.repeated = repeated;
            state.text = Some(String::new());
            return Context::SheetCell;
        }
        match self.boxes.last_mut() {
            Some(inside) => inside.cell = Some(String::new()),
            None => story.cell_start(),
        }
        Context::Cell(repeated)
    }

    fn push(&mut self, text: &str) -> Context {
        self.append(text);
        Context::Other
    }

    fn append(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.push_str(text);
        }
    }

    fn text(&mut self, text: &str) {
        if self.paragraphs.is_empty() {
            return;
        }
        if !text.contains(['\n', '\r', '\t']) {
            return self.append(text);
        }
        // Line ends of the file are spaces of the text.
        let spaced = text.replace(['\n', '\r', '\t'], " ");
        self.append(&spaced);
    }
}
