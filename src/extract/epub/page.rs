//! One chapter: XHTML as paragraphs and rows.

use crate::extract::office::pull::{Node, Tag, Xml};
use crate::extract::office::readings::Readings;
use crate::extract::office::story::Story;
use crate::extract::{Out, Stop};
use crate::model::PartKind;

/// Elements that end a paragraph.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "dt"
            | "dd"
            | "pre"
            | "blockquote"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "aside"
            | "figure"
            | "figcaption"
            | "caption"
            | "ul"
            | "ol"
            | "dl"
            | "body"
            | "hr"
            | "address"
            | "main"
            | "nav"
            | "center"
            | "text"
    )
}

pub(super) fn write_page(
    text: &str,
    nesting: u32,
    links: &mut Vec<(String, String)>,
    readings: &mut Readings,
    out: &mut Out,
) -> Result<(), Stop> {
    let mut page = Page::default();
    let mut xml = Xml::new(text, nesting);
    xml.html = true;
    let mut story = Story::new(PartKind::Body, "");
    while let Some(node) = xml.next() {
        match node {
            Node::Start(tag) => {
                if matches!(tag.name(), "head" | "script" | "style" | "rt" | "rp") {
                    match tag.name() {
                        "head" => story = Story::new(PartKind::Body, title(&mut xml)),
                        "rt" => page.reading(&xml.text_inside()),
                        _ => xml.skip(),
                    }
                    continue;
                }
                page.start(&tag, &mut story, out)?;
            }
            Node::Text(text) => page.text(&text),
            Node::End(tag) if tag.name() == "ruby" => page.end_ruby(readings),
            Node::End(tag) => {
                if is_block(tag.name()) {
                    readings.close();
                }
                page.end(tag.name(), &mut story, links, out)?;
            }
        }
    }
    page.flush(&mut story, out)?;
    story.finish(out)?;
    match xml.broken {
        Some(why) => out.warn(format!("a chapter is damaged and was read up to the damage: {why}")),
        None => Ok(()),
    }
}

/// The title in a head, and the end of the head.
fn title(xml: &mut Xml) -> String {
    let outside = xml.depth().saturating_sub(1);
    let mut title = String::new();
    while xml.depth() > outside {
        match xml.next() {
            Some(Node::Start(tag)) if tag.name() == "title" => title = xml.text_inside(),
            Some(_) => {}
            None => break,
        }
    }
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page being read.
#[derive(Default)]
struct Page {
    line: String,
    preformatted: u32,
    link: Option<(String, usize)>,
    /// Where a word begins that has its reading above it, and the reading.
    ruby: Option<(usize, String)>,
}

impl Page {
    fn start(&mut self, tag: &Tag, story: &mut Story, out: &mut Out) -> Result<(), Stop> {
        match tag.name() {
            "br" => self.line.push('\n'),
            "ruby" => self.ruby = Some((self.line.len(), String::new())),
            "img" | "image" => {
                if let Some(alternative) = tag.attr("alt").filter(|alt| !alt.trim().is_empty()) {
                    self.text(&format!(" {alternative} "));
                }
            }
            "a" => {
                let target = tag.attr("href").filter(|href| href.contains(':'));
                self.link = target.map(|target| (target, self.line.len()));
            }
            "table" => {
                self.flush(story, out)?;
                story.table_start();
            }
            "td" | "th" => {
                self.line.clear();
                story.cell_start();
            }
            "pre" => {
                self.flush(story, out)?;
                self.preformatted += 1;
            }
            name if is_block(name) => self.flush(story, out)?,
            _ => {}
        }
        Ok(())
    }

    fn end(
        &mut self,
        name: &str,
        story: &mut Story,
        links: &mut Vec<(String, String)>,
        out: &mut Out,
    ) -> Result<(), Stop> {
        match name {
            "a" => {
                if let Some((target, start)) = self.link.take() {
                    let shown = self.line.get(start..).unwrap_or_default();
                    links.push((target, shown.to_owned()));
                }
            }
            "td" | "th" => {
                self.flush(story, out)?;
                story.cell_end(1);
            }
            "tr" => {
                self.flush(story, out)?;
                story.row_end(out)?;
            }
            "table" => story.table_end(out)?,
            _ if is_block(name) => {
                self.flush(story, out)?;
                if name == "pre" {
                    self.preformatted = self.preformatted.saturating_sub(1);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn reading(&mut self, text: &str) {
        if let Some((_, reading)) = &mut self.ruby {
            reading.push_str(text.trim());
        }
    }

    fn end_ruby(&mut self, readings: &mut Readings) {
        let Some((start, reading)) = self.ruby.take() else { return };
        let word = self.line.get(start..).unwrap_or_default();
        readings.add(word, &reading, start..start + word.len());
    }

    fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            self.line.push_str(text);
            return;
        }
        // White space of the source is one space.
        for c in text.chars() {
            let space = c.is_whitespace() && c != '\u{a0}' && c != '\u{3000}';
            if !space {
                self.line.push(c);
            } else if !self.line.ends_with([' ', '\n']) {
                self.line.push(' ');
            }
        }
    }

    fn flush(&mut self, story: &mut Story, out: &mut Out) -> Result<(), Stop> {
        let line = std::mem::take(&mut self.line);
        self.link = None;
        if line.trim().is_empty() {
            return Ok(());
        }
        story.paragraph(out, line.trim())
    }
}
