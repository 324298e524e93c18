//! From tokens to stories.

mod finish;

use super::lexer::{Lexer, Token};
use super::words::{character, is_known, is_silent};
use crate::extract::office::codepage;
use crate::extract::office::story::Story;
use crate::extract::ooxml::write_links;
use crate::extract::{Out, Stop};
use crate::model::PartKind;
use std::collections::HashMap;

/// What the text of a group is.
#[derive(Clone, PartialEq, Eq)]
enum Place {
    Text,
    Nowhere,
    FontTable,
    /// Metadata; the word that names it.
    Info(String),
    Date(String),
    PropertyName,
    PropertyValue,
    Instruction,
    Picture,
    Object,
    Author,
}

/// What a group inherits and gives back.
#[derive(Clone)]
struct State {
    place: Place,
    /// Bytes that stand in for each `\u`.
    substitutes: usize,
    font: i32,
    deleted: bool,
    in_table: bool,
    /// The group opened a box, a field or a buffer that its end closes.
    closes: Closes,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Closes {
    Nothing,
    Box(PartKind),
    Field,
    Buffer,
}

/// Text being collected: the story itself is the first.
#[derive(Default)]
struct Target {
    lines: Vec<String>,
    line: String,
}

pub struct Reader {
    story: Story,
    state: State,
    stack: Vec<State>,
    /// Groups beyond the limit of nesting: counted, not kept.
    too_deep: usize,
    deepest: usize,
    targets: Vec<Target>,
    bytes: Vec<u8>,
    high: Option<u16>,
    skip: usize,
    starred: bool,
    /// Nothing but a star came since the group was opened: here a word may name a destination.
    first: bool,
    page: u32,
    default_font: i32,
    fonts: HashMap<i32, Option<u32>>,
    /// The name of the font that is being listed, as far as it was read.
    font_name: String,
    buffer: String,
    dates: [i32; 6],
    property: String,
    author: String,
    deleted: String,
    fields: Vec<(String, usize)>,
    links: Vec<(String, String)>,
    picture: Option<&'static str>,
    pictures: u64,
    /// Where in the line a text begins that stands there twice.
    variant: usize,
}

impl Reader {
    pub fn new(nesting: u32) -> Self {
        Reader {
            story: Story::new(PartKind::Body, ""),
            state: State {
                place: Place::Text,
                substitutes: 1,
                font: -1,
                deleted: false,
                in_table: false,
                closes: Closes::Nothing,
            },
            stack: Vec::new(),
            too_deep: 0,
            deepest: nesting as usize * 16,
            targets: vec![Target::default()],
            bytes: Vec::new(),
            high: None,
            skip: 0,
            starred: false,
            first: false,
            page: 1252,
            default_font: -1,
            fonts: HashMap::new(),
            font_name: String::new(),
            buffer: String::new(),
            dates: [0; 6],
            property: String::new(),
            author: String::new(),
            deleted: String::new(),
            fields: Vec::new(),
            links: Vec::new(),
            picture: None,
            pictures: 0,
            variant: 0,
        }
    }

    pub fn read(mut self, source: &[u8], out: &mut Out) -> Result<(), Stop> {
        let mut lexer = Lexer::new(source);
        let mut open = 0usize;
        while let Some(token) = lexer.next() {
            match token {
                Token::Open => {
                    self.flush_bytes();
                    self.skip = 0;
                    self.first = true;
                    open += 1;
                    if self.stack.len() >= self.deepest {
                        self.too_deep += 1;
                    } else {
                        self.stack.push(self.state.clone());
                        self.state.closes = Closes::Nothing;
                    }
                }
                Token::Close => {
                    self.flush_bytes();
                    self.skip = 0;
                    self.starred = false;
                    self.first = false;
                    open = open.saturating_sub(1);
                    if self.too_deep > 0 {
                        self.too_deep -= 1;
                    } else {
                        self.close(out)?;
                    }
                    if open == 0 {
                        break;
                    }
                }
                Token::Word("bin", count) => {
                    lexer.pass(usize::try_from(count.unwrap_or(0)).unwrap_or(0));
                }
                Token::Word(word, number) => self.word(word, number, out)?,
                Token::Symbol(symbol) => self.symbol(symbol),
                Token::Byte(byte) => self.byte(byte),
            }
        }
        self.flush_bytes();
        self.lose_half();
        while !self.stack.is_empty() {
            self.close(out)?;
        }
        self.paragraph(out)?;
        self.story.finish(out)?;
        write_links(out, &self.links)?;
        if open > 0 {
            return Err(Stop::failed("the file ends in the middle; what came before was read"));
        }
        Ok(())
    }

    fn page_of_font(&self) -> u32 {
        let font = if self.state.font < 0 { self.default_font } else { self.state.font };
        match self.fonts.get(&font).copied().flatten() {
            // "Western" is also what programs write that know nothing of character sets.
            Some(1252) if matches!(self.page, 932 | 936 | 949 | 950) => {
                let encoding = codepage::encoding(self.page);
                if encoding.decode_without_bom_handling(&self.bytes).1 { 1252 } else { self.page }
            }
            Some(page) => page,
            None => self.page,
        }
    }

    fn flush_bytes(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let text = if self.bytes.is_ascii() {
            String::from_utf8_lossy(&self.bytes).into_owned()
        } else {
            codepage::decode(&self.bytes, self.page_of_font())
        };
        self.bytes.clear();
        self.push(&text);
    }

    fn byte(&mut self, byte: u8) {
        self.starred = false;
        self.first = false;
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.bytes.push(byte);
    }

    fn unicode(&mut self, number: i32) {
        let unit = number as u16;
        if !self.bytes.is_empty() {
            self.flush_bytes();
        }
        match (self.high.take(), unit) {
            (Some(high), low @ 0xdc00..=0xdfff) => {
                let text = String::from_utf16_lossy(&[high, low]);
                self.push(&text);
            }
            (lost, unit) => {
                self.high = lost;
                match unit {
                    0xd800..=0xdbff => {
                        self.lose_half();
                        self.high = Some(unit);
                    }
                    // Symbol fonts live in a private area; their codes are bytes.
                    unit => self.push(&String::from_utf16_lossy(&[unit])),
                }
            }
        }
        self.skip = self.state.substitutes;
    }

    /// The first half of a character above U+FFFF waits for the second one, whatever stands between
    /// them that is no text: LibreOffice writes `\uc1` there.
    fn push(&mut self, text: &str) {
        if !text.is_empty() {
            self.lose_half();
        }
        match self.state.place {
            Place::Text if self.state.deleted => self.deleted.push_str(text),
            Place::Text => {
                if let Some(target) = self.targets.last_mut() {
                    target.line.push_str(text);
                }
            }
            Place::Instruction => {
                if let Some((instruction, _)) = self.fields.last_mut() {
                    instruction.push_str(text);
                }
            }
            Place::FontTable => self.font_name(text),
            Place::Nowhere | Place::Date(_) => {}
            _ => self.buffer.push_str(text),
        }
    }

    /// What waited for its second half never got it.
    fn lose_half(&mut self) {
        if self.high.take().is_some() {
            self.push("\u{fffd}");
        }
    }

    /// Fonts of Windows before Unicode say in their names what they write: `Arial CYR`.
    fn font_name(&mut self, text: &str) {
        self.font_name.push_str(text);
        let Some(end) = self.font_name.find(';') else { return };
        let page = match self.font_name[..end].trim_end().rsplit(' ').next() {
            Some("CE") => 1250,
            Some("Cyr" | "CYR") => 1251,
            Some("Greek" | "GREEK") => 1253,
            Some("Tur" | "TUR") => 1254,
            Some("Baltic" | "BALTIC") => 1257,
            _ => 1252,
        };
        self.font_name.clear();
        if page != 1252 && matches!(self.fonts.get(&self.state.font), Some(None | Some(1252))) {
            self.fonts.insert(self.state.font, Some(page));
        }
    }

    fn symbol(&mut self, symbol: u8) {
        if symbol == b'*' {
            self.starred = true;
            return;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.flush_bytes();
        match symbol {
            b'~' => self.push("\u{a0}"),
            b'-' => self.push("\u{ad}"),
            b'_' => self.push("\u{2011}"),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>, out: &mut Out) -> Result<(), Stop> {
        let starred = std::mem::take(&mut self.starred);
        let first = std::mem::take(&mut self.first);
        if word == "u" {
            if let Some(number) = number {
                self.unicode(number);
            }
            return Ok(());
        }
        if self.skip > 0 && character(word).is_some() {
            self.skip -= 1;
            return Ok(());
        }
        self.flush_bytes();
        if let Some(text) = character(word) {
            self.push(text);
            return Ok(());
        }
        if (first && is_silent(word)) || (starred && !is_known(word)) {
            self.state.place = Place::Nowhere;
            return Ok(());
        }
        match word {
            "uc" => self.state.substitutes = number.unwrap_or(1).clamp(0, 16) as usize,
            "ansicpg" => self.page = number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1252),
            "mac" => self.page = 10000,
            "pc" => self.page = 437,
            "pca" => self.page = 850,
            "deff" => self.default_font = number.unwrap_or(-1),
            "f" => {
                self.state.font = number.unwrap_or(-1);
                if self.state.place == Place::FontTable {
                    self.font_name.clear();
                    self.fonts.insert(self.state.font, None);
                }
            }
            "fcharset" | "cpg" if self.state.place == Place::FontTable => {
                let number = number.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
                let page = if word == "cpg" { Some(number) } else { codepage::of_charset(number) };
                self.fonts.insert(self.state.font, page);
            }
            "plain" => self.state.deleted = false,
            "deleted" => self.state.deleted = number != Some(0),
            _ => self.structure(word, number, out)?,
        }
        Ok(())
    }

    fn structure(&mut self, word: &str, number: Option<i32>, out: &mut Out) -> Result<(), Stop> {
        let in_text = self.state.place == Place::Text;
        match word {
            "par" | "sect" | "page" | "column" if in_text => self.paragraph(out)?,
            "pard" => self.state.in_table = false,
            "intbl" => self.state.in_table = true,
            "cell" | "nestcell" if in_text => self.cell(word == "nestcell", out)?,
            "row" if in_text && self.targets.len() == 1 => self.story.row_end(out)?,
            "nestrow" if in_text => self.push("\n"),
            "fonttbl" => self.state.place = Place::FontTable,
            "upr" => self.variant = self.targets.last().map_or(0, |t| t.line.len()),
            "ud" => self.unicode_variant(),
            "title" | "subject" | "author" | "operator" | "manager" | "company" | "category"
            | "keywords" | "doccomm" | "comment" | "hlinkbase" => {
                self.buffer.clear();
                self.state.place = Place::Info(word.to_owned());
                self.state.closes = Closes::Buffer;
            }
            "creatim" | "revtim" | "printim" => {
                self.dates = [0; 6];
                self.state.place = Place::Date(word.to_owned());
                self.state.closes = Closes::Buffer;
            }
            "info" => self.state.place = Place::Nowhere,
            "yr" | "mo" | "dy" | "hr" | "min" | "sec" => {
                let at = ["yr", "mo", "dy", "hr", "min", "sec"].iter().position(|w| *w == word);
                self.dates[at.unwrap_or(0)] = number.unwrap_or(0);
            }
            "propname" | "staticval" => {
                self.buffer.clear();
                self.state.place =
                    if word == "propname" { Place::PropertyName } else { Place::PropertyValue };
                self.state.closes = Closes::Buffer;
            }
            "userprops" => self.state.place = Place::Nowhere,
            "header" | "headerl" | "headerr" | "headerf" => self.open(PartKind::Header),
            "footer" | "footerl" | "footerr" | "footerf" => self.open(PartKind::Footer),
            "footnote" => self.open(PartKind::Footnote),
            "annotation" => self.open(PartKind::Comment),
            "shptxt" | "dptxbxtext" => self.open(PartKind::TextBox),
            "atnauthor" => {
                self.buffer.clear();
                self.state.place = Place::Author;
                self.state.closes = Closes::Buffer;
            }
            "atnid" | "atndate" => self.state.place = Place::Nowhere,
            "field" => {
                let start = self.targets.last().map_or(0, |t| t.line.len());
                self.fields.push((String::new(), start));
                self.state.closes = Closes::Field;
            }
            "fldinst" => self.state.place = Place::Instruction,
            "fldrslt" if self.state.place == Place::Instruction => self.state.place = Place::Text,
            "pict" => {
                self.buffer.clear();
                self.picture = None;
                self.state.place = Place::Picture;
                self.state.closes = Closes::Buffer;
            }
            "pngblip" => self.picture = Some("png"),
            "jpegblip" => self.picture = Some("jpg"),
            "emfblip" => self.picture = Some("emf"),
            "wmetafile" => self.picture = Some("wmf"),
            "objdata" => {
                self.buffer.clear();
                self.state.place = Place::Object;
                self.state.closes = Closes::Buffer;
            }
            _ => {}
        }
        Ok(())
    }

    /// `{\upr{ansi}{\*\ud{unicode}}}`: the second replaces what the first wrote.
    fn unicode_variant(&mut self) {
        self.buffer.clear();
        let start = self.variant;
        if let Some(target) = self.targets.last_mut()
            && target.line.is_char_boundary(start.min(target.line.len()))
        {
            target.line.truncate(start);
        }
    }

    fn open(&mut self, kind: PartKind) {
        self.targets.push(Target::default());
        self.state.place = Place::Text;
        self.state.in_table = false;
        self.state.closes = Closes::Box(kind);
    }

    fn cell(&mut self, nested: bool, out: &mut Out) -> Result<(), Stop> {
        if nested || self.targets.len() > 1 {
            self.push("\t");
            return Ok(());
        }
        if !self.story.in_table() {
            self.story.table_start();
        }
        let line = self.take_line();
        self.story.paragraph(out, &line)?;
        self.story.cell_end(1);
        Ok(())
    }

    fn take_line(&mut self) -> String {
        self.targets.last_mut().map(|t| std::mem::take(&mut t.line)).unwrap_or_default()
    }

    fn paragraph(&mut self, out: &mut Out) -> Result<(), Stop> {
        self.lose_half();
        if !self.deleted.is_empty() {
            let deleted = std::mem::take(&mut self.deleted);
            self.story.deleted("", &deleted);
        }
        let line = self.take_line();
        for field in &mut self.fields {
            field.1 = 0;
        }
        if self.targets.len() > 1 {
            if let Some(target) = self.targets.last_mut() {
                target.lines.push(line);
            }
            return Ok(());
        }
        match (self.state.in_table, self.story.in_table()) {
            (true, false) if !line.trim().is_empty() => self.story.table_start(),
            (false, true) => self.story.table_end(out)?,
            _ => {}
        }
        self.story.paragraph(out, &line)
    }
}
