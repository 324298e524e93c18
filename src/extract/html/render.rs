//! Tags and text become lines, rows and metadata.

use super::aside::Aside;
use super::elements::{ACTING, BLOCKS, SAYING, SPACED, VOID};
use super::meta::{is_hidden, meta_key};
use super::tables::survey;
use super::tokens::{Tag, Token, Tokens};
use crate::extract::text::{is_joint, words};
use crate::extract::{Key, Out, Stop};
use crate::model::{PartKind, Wrap};
use crate::text::entities;

/// A row has at most this many cells; the rest of the text goes into the last one.
const MOST_CELLS: usize = 4096;

/// A line without an end is handed on at this length.
const LONG_LINE: usize = 32 * 1024;

pub(super) fn render(html: &str, out: &mut Out) -> Result<(), Stop> {
    let tables = survey(html);
    let mut page = Page::new(out, tables);
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => page.text(text)?,
            Token::Open(tag) => page.open(&tag)?,
            Token::Close(name) => page.close(&name)?,
            Token::Comment(text) => page.comment(text),
        }
    }
    page.finish()
}

/// Where text goes.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Body,
    Cell,
    Title,
    /// What programs read, kept apart: pages hide addresses, keys and texts there.
    Script,
    /// A style sheet: to nobody.
    Nowhere,
}

/// Small characters above a word that say how it is read.
#[derive(Default)]
struct Ruby {
    /// Where the word begins in the line.
    start: usize,
    reading: String,
    /// What comes stands above the word.
    is_above: bool,
}

struct Page<'a, 'b> {
    out: &'a mut Out<'b>,
    tables: Vec<bool>,
    /// Tables begun so far.
    begun: usize,
    place: Place,
    /// The current line; in a cell, the current cell.
    line: String,
    /// White space is waiting to become one space.
    gap: bool,
    /// There is a line end in it, which is nothing between two Han characters.
    gap_ends_line: bool,
    /// Text stands in the body's part since the last empty line.
    has_text: bool,
    /// A body part is open.
    in_body: bool,
    /// A table that holds data is open.
    in_data: bool,
    row: Vec<String>,
    /// Columns of the current cell.
    span: usize,
    pre: usize,
    title: String,
    links: Aside,
    comments: Aside,
    hidden: Aside,
    attributes: Aside,
    scripts: Aside,
    /// What stands above the characters of a word, and where the word begins in the line.
    ruby: Option<Ruby>,
    readings: Aside,
    /// The element that hides what is in it, and how many of the same name are open inside.
    hiding: Option<(String, usize)>,
}

impl<'a, 'b> Page<'a, 'b> {
    fn new(out: &'a mut Out<'b>, tables: Vec<bool>) -> Self {
        Page {
            out,
            tables,
            begun: 0,
            place: Place::Body,
            line: String::new(),
            gap: false,
            gap_ends_line: false,
            has_text: false,
            in_body: false,
            in_data: false,
            row: Vec::new(),
            span: 1,
            pre: 0,
            title: String::new(),
            links: Aside::default(),
            comments: Aside::default(),
            hidden: Aside::default(),
            attributes: Aside::default(),
            scripts: Aside::default(),
            ruby: None,
            readings: Aside::default(),
            hiding: None,
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Stop> {
        if self.place == Place::Script {
            text.lines().for_each(|line| self.scripts.push(line));
            return Ok(());
        }
        let text = entities::decode(text);
        if self.place == Place::Nowhere {
            return Ok(());
        }
        if let Some(ruby) = &mut self.ruby
            && ruby.is_above
        {
            // Brackets are for those who see the reading in the line.
            ruby.reading.push_str(text.trim().trim_matches(['(', ')', '（', '）', '【', '】']));
            return Ok(());
        }
        if self.place == Place::Title {
            self.title.push_str(&text);
            return Ok(());
        }
        if self.hiding.is_some() {
            self.hidden.push(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            return Ok(());
        }
        if self.pre > 0 {
            for (number, line) in text.split('\n').enumerate() {
                if number > 0 {
                    self.end_line(true)?;
                }
                self.line.push_str(line.trim_end_matches('\r'));
            }
            return Ok(());
        }
        for (blank, word) in words(&text) {
            self.gap |= blank.is_some();
            self.gap_ends_line |= matches!(blank, Some(b'\n' | b'\r'));
            if word.is_empty() {
                continue;
            }
            // As CSS has it, so that a Chinese word broken in the source is one word.
            let is_nothing = self.gap_ends_line && is_joint(&self.line, word);
            if self.gap && !is_nothing && !self.line.is_empty() && !self.line.ends_with('\n') {
                self.line.push(' ');
            }
            self.gap = false;
            self.gap_ends_line = false;
            self.gap_ends_line = false;
            self.line.push_str(word);
        }
        if self.place == Place::Body && self.line.len() > LONG_LINE {
            self.body_part()?;
            self.has_text = true;
            let line = std::mem::take(&mut self.line);
            self.out.text(&line)?;
            // A non-empty line must stay one: the next word wants its space.
            if std::mem::take(&mut self.gap) {
                self.out.text(" ")?;
            }
        }
        Ok(())
    }

    fn body_part(&mut self) -> Result<(), Stop> {
        if !std::mem::replace(&mut self.in_body, true) {
            self.out.part(PartKind::Body, Wrap::Lines)?;
        }
        Ok(())
    }

    /// Ends the current line. Empty lines are kept in preformatted text only.
    fn end_line(&mut self, keep_empty: bool) -> Result<(), Stop> {
        self.gap = false;
        self.gap_ends_line = false;
        if self.place == Place::Cell {
            if !self.line.is_empty() && !self.line.ends_with('\n') {
                self.line.push('\n');
            }
            return Ok(());
        }
        if self.line.is_empty() && !(keep_empty && self.has_text) {
            return Ok(());
        }
        self.body_part()?;
        let line = std::mem::take(&mut self.line);
        self.has_text = true;
        self.out.line(line.trim_end())
    }

    fn empty_line(&mut self) -> Result<(), Stop> {
        self.end_line(false)?;
        if self.place == Place::Body && std::mem::take(&mut self.has_text) && self.in_body {
            self.out.text("\n")?;
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag) -> Result<(), Stop> {
        let name = &*tag.name;
        if let Some((element, depth)) = &mut self.hiding {
            if element == name && !tag.is_empty {
                *depth += 1;
            }
            return Ok(());
        }
        if !tag.is_empty && !VOID.contains(&name) && is_hidden(tag) {
            self.hiding = Some((name.to_owned(), 1));
            return Ok(());
        }
        self.note(tag)?;
        match name {
            "script" if !tag.is_empty => self.place = Place::Script,
            "style" if !tag.is_empty => self.place = Place::Nowhere,
            "ruby" => {
                self.end_ruby();
                self.ruby = Some(Ruby { start: self.line.len(), ..Ruby::default() });
            }
            "rt" | "rp" | "rb" => {
                if let Some(ruby) = &mut self.ruby {
                    ruby.is_above = name != "rb";
                }
            }
            "title" if !tag.is_empty && self.place == Place::Body => self.place = Place::Title,
            "table" => self.open_table()?,
            "tr" if self.place == Place::Cell => self.end_row()?,
            "td" | "th" if self.place == Place::Cell => self.begin_cell(tag),
            "pre" | "xmp" | "textarea" => {
                self.empty_line()?;
                self.pre += 1;
            }
            "br" => self.end_line(true)?,
            _ if SPACED.contains(&name) => self.empty_line()?,
            _ if BLOCKS.contains(&name) => self.end_line(false)?,
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Stop> {
        if let Some((element, depth)) = &mut self.hiding {
            if element == name {
                *depth -= 1;
                if *depth == 0 {
                    self.hiding = None;
                }
            }
            return Ok(());
        }
        match name {
            "ruby" => self.end_ruby(),
            "rt" | "rp" => {
                if let Some(ruby) = &mut self.ruby {
                    ruby.is_above = false;
                }
            }
            "script" | "style" if matches!(self.place, Place::Script | Place::Nowhere) => {
                self.place = if self.in_data { Place::Cell } else { Place::Body };
            }
            "title" if self.place == Place::Title => {
                self.place = Place::Body;
                self.end_title()?;
            }
            "table" => self.close_table()?,
            "tr" if self.place == Place::Cell => self.end_row()?,
            "td" | "th" if self.place == Place::Cell => {}
            "pre" | "xmp" | "textarea" => {
                self.pre = self.pre.saturating_sub(1);
                self.empty_line()?;
            }
            _ if SPACED.contains(&name) => self.empty_line()?,
            _ if BLOCKS.contains(&name) => self.end_line(false)?,
            _ => {}
        }
        Ok(())
    }

    fn open_table(&mut self) -> Result<(), Stop> {
        self.empty_line()?;
        let is_data = self.tables.get(self.begun).copied().unwrap_or(false);
        self.begun += 1;
        if is_data {
            self.out.part(PartKind::Table, Wrap::Lines)?;
            self.in_body = false;
            self.has_text = false;
            self.in_data = true;
            self.place = Place::Cell;
        }
        Ok(())
    }

    fn close_table(&mut self) -> Result<(), Stop> {
        if std::mem::take(&mut self.in_data) {
            self.end_row()?;
            self.place = Place::Body;
        }
        self.empty_line()
    }

    fn begin_cell(&mut self, tag: &Tag) {
        if !self.row.is_empty() || !self.line.trim().is_empty() {
            self.end_cell();
        }
        let span = tag.attribute("colspan").and_then(|span| span.trim().parse().ok());
        self.span = span.unwrap_or(1).clamp(1, 50);
        if self.row.len() < MOST_CELLS {
            self.row.push(String::new());
        }
    }

    fn end_cell(&mut self) {
        let text = std::mem::take(&mut self.line);
        let text = text.trim();
        match self.row.last_mut() {
            Some(cell) if cell.is_empty() => cell.push_str(text),
            Some(cell) => {
                cell.push(' ');
                cell.push_str(text);
            }
            None => self.row.push(text.to_owned()),
        }
        // A cell over several columns stands in the first of them.
        let span = std::mem::replace(&mut self.span, 1);
        if self.row.len() + span <= MOST_CELLS {
            self.row.extend(std::iter::repeat_n(String::new(), span - 1));
        }
        self.gap = false;
        self.gap_ends_line = false;
    }

    fn end_row(&mut self) -> Result<(), Stop> {
        if !self.row.is_empty() || !self.line.trim().is_empty() {
            self.end_cell();
            let row = std::mem::take(&mut self.row);
            if row.iter().any(|cell| !cell.is_empty()) {
                self.out.row(&row)?;
            }
        }
        self.line.clear();
        Ok(())
    }

    fn end_title(&mut self) -> Result<(), Stop> {
        let title = std::mem::take(&mut self.title);
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() {
            return Ok(());
        }
        self.out.meta(Key::Title, &title)?;
        self.out.part(PartKind::Header, Wrap::Lines)?;
        self.in_body = false;
        self.out.line(&title)
    }

    /// What attributes say: addresses, texts of images and fields, metadata.
    fn note(&mut self, tag: &Tag) -> Result<(), Stop> {
        let value = |name: &str| tag.attribute(name).map(|value| entities::decode(value.trim()));
        for (name, value) in tag.attributes() {
            let name = name.to_ascii_lowercase();
            if SAYING.contains(&name.as_str()) || name.starts_with("data-") {
                let said = entities::decode(value);
                let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
                if words.chars().filter(|c| c.is_alphanumeric()).count() > 1 {
                    self.attributes.push(&words);
                }
            }
        }
        for name in ACTING {
            if let Some(act) = value(name) {
                self.scripts.push(&act);
            }
        }
        match &*tag.name {
            "a" | "area" | "link" => {
                let is_style = value("rel").is_some_and(|rel| {
                    !matches!(
                        rel.to_ascii_lowercase().as_str(),
                        "" | "canonical" | "alternate" | "nofollow"
                    )
                });
                if let Some(href) = value("href").filter(|_| &*tag.name != "link" || !is_style) {
                    self.link(&href);
                }
            }
            "iframe" | "frame" | "embed" | "video" | "audio" | "source" => {
                self.link(&value("src").unwrap_or_default());
                // A page in an attribute: its words, without its layout.
                for token in Tokens::new(&value("srcdoc").unwrap_or_default()) {
                    match token {
                        Token::Text(text) => self.text(text)?,
                        Token::Open(_) | Token::Close(_) => self.text(" ")?,
                        Token::Comment(_) => {}
                    }
                }
            }
            "form" => self.link(&value("action").unwrap_or_default()),
            "img" => {
                let alt = value("alt").or_else(|| value("title")).unwrap_or_default();
                let words = alt.split_whitespace().collect::<Vec<_>>().join(" ");
                if !words.is_empty() {
                    self.text(&format!(" {} ", words.replace('&', "&amp;")))?;
                }
                self.link(&value("src").unwrap_or_default());
            }
            "input" => {
                let kind = value("type").unwrap_or_default().to_ascii_lowercase();
                let text = value("value").unwrap_or_default();
                match kind.as_str() {
                    "hidden" => self.hidden.push(&text),
                    "checkbox" | "radio" | "password" => {}
                    _ => self.text(&format!(" {} ", text.replace('&', "&amp;")))?,
                }
            }
            "meta" => {
                let name = value("name").or_else(|| value("property")).unwrap_or_default();
                let content = value("content").unwrap_or_default();
                if let Some(key) = meta_key(&name.to_ascii_lowercase()) {
                    self.out.meta(key, &content)?;
                }
                // `0; url=https://example.org/`
                let leads =
                    value("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh"));
                if let Some((_, address)) = content.split_once('=').filter(|_| leads) {
                    self.link(address.trim_matches([' ', '\'', '"']));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What stood above a word, with the word, so that the word itself is in one piece.
    fn end_ruby(&mut self) {
        let Some(ruby) = self.ruby.take() else { return };
        let word = self.line.get(ruby.start..).unwrap_or_default().trim();
        if !ruby.reading.is_empty() {
            self.readings.push(format!("{word} {}", ruby.reading).trim());
        }
    }

    fn link(&mut self, address: &str) {
        let lower = address.get(..11).unwrap_or(address).to_ascii_lowercase();
        if lower.starts_with("javascript:") {
            self.scripts.push(&address[11..]);
        } else if !lower.starts_with('#') && !lower.starts_with("data:") {
            self.links.push(address);
        }
    }

    fn comment(&mut self, text: &str) {
        let text = text.trim();
        // Conditions for old browsers, and marks that programs leave.
        let is_read = matches!(self.place, Place::Script | Place::Nowhere);
        if !text.starts_with('[') && !text.ends_with("[endif]") && !is_read {
            self.comments.push(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }

    fn finish(mut self) -> Result<(), Stop> {
        match self.place {
            Place::Cell => self.end_row()?,
            Place::Title => {
                self.end_title()?;
            }
            Place::Body | Place::Script | Place::Nowhere => self.end_line(false)?,
        }
        self.end_ruby();
        self.readings.write(PartKind::Comment, "readings", self.out)?;
        self.links.write(PartKind::Footnote, "links", self.out)?;
        self.comments.write(PartKind::Comment, "HTML comments", self.out)?;
        if !self.hidden.is_empty() {
            self.out.warn("contains text that a browser does not show")?;
            self.hidden.write_hidden("hidden text", self.out)?;
        }
        if !self.attributes.is_empty() {
            self.attributes.write_hidden("attributes", self.out)?;
        }
        if !self.scripts.is_empty() {
            self.scripts.write_hidden("scripts", self.out)?;
        }
        Ok(())
    }
}
