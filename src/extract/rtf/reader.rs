//! From tokens to stories.

use super::lexer::{Lexer, Token};
use super::words::{character, is_known, is_silent};
use crate::extract::office::children::embedded;
use crate::extract::office::codepage;
use crate::extract::office::ole::ole10;
use crate::extract::office::story::{Story, write_comment, write_lines};
use crate::extract::ooxml::{address_in, write_links};
use crate::extract::{Key, Out, Stop};
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
    buffer: String,
    dates: [i32; 6],
    property: String,
    author: String,
    deleted: String,
    fields: Vec<(String, usize)>,
    links: Vec<(String, String)>,
    picture: Option<&'static str>,
    pictures: u64,
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
            buffer: String::new(),
            dates: [0; 6],
            property: String::new(),
            author: String::new(),
            deleted: String::new(),
            fields: Vec::new(),
            links: Vec::new(),
            picture: None,
            pictures: 0,
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
        if let Some(high) = self.high.take() {
            let lost = String::from_utf16_lossy(&[high]);
            self.push(&lost);
        }
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
        if self.high.is_some() {
            self.flush_bytes();
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
            (None, high @ 0xd800..=0xdbff) => self.high = Some(high),
            (lost, unit) => {
                let mut units: Vec<u16> = lost.into_iter().collect();
                // Symbol fonts live in a private area; their codes are bytes.
                units.push(unit);
                let text = String::from_utf16_lossy(&units);
                self.push(&text);
            }
        }
        self.skip = self.state.substitutes;
    }

    fn push(&mut self, text: &str) {
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
            Place::Nowhere | Place::FontTable | Place::Date(_) => {}
            _ => self.buffer.push_str(text),
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
            "upr" => {}
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
        // Both write into the same buffer or line; the first began where the group did, which
        // is not recorded for lines, so only the longest common case is undone: metadata.
        if matches!(self.state.place, Place::Info(_)) {
            self.buffer.clear();
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

    fn close(&mut self, out: &mut Out) -> Result<(), Stop> {
        let Some(outer) = self.stack.pop() else { return Ok(()) };
        let state = std::mem::replace(&mut self.state, outer);
        match state.closes {
            Closes::Nothing => {}
            Closes::Box(kind) => {
                let mut target = self.targets.pop().unwrap_or_default();
                if self.targets.is_empty() {
                    self.targets.push(Target::default());
                }
                target.lines.push(target.line);
                self.write_box(kind, target.lines, out)?;
            }
            Closes::Field => {
                if let Some((instruction, start)) = self.fields.pop()
                    && let Some(address) = address_in(&instruction)
                {
                    let shown = self.targets.last().and_then(|t| t.line.get(start..));
                    self.links.push((address, shown.unwrap_or_default().to_owned()));
                }
            }
            Closes::Buffer => {
                let text = std::mem::take(&mut self.buffer);
                self.buffered(&state.place, text, out)?;
            }
        }
        Ok(())
    }

    fn write_box(&mut self, kind: PartKind, lines: Vec<String>, out: &mut Out) -> Result<(), Stop> {
        let full = lines.iter().any(|line| !line.trim().is_empty());
        if !full {
            return Ok(());
        }
        let middle = self.targets.last().is_some_and(|t| !t.line.is_empty())
            || self.story.in_table()
            || self.targets.len() > 1;
        if kind == PartKind::Comment {
            let author = std::mem::take(&mut self.author);
            if !middle {
                return write_comment(out, &author, "", &lines.join("\n"));
            }
            let mut with_head = vec![author.clone()];
            with_head.extend(lines);
            self.story.beside(kind, &author, with_head);
        } else if middle {
            self.story.beside(kind, "", lines);
        } else {
            write_lines(out, kind, "", &lines)?;
            self.story.interrupted();
        }
        Ok(())
    }

    fn buffered(&mut self, place: &Place, text: String, out: &mut Out) -> Result<(), Stop> {
        match place {
            Place::Info(word) => {
                let key = match word.as_str() {
                    "title" => Key::Title,
                    "subject" => Key::Subject,
                    "author" => Key::Author,
                    "operator" => Key::LastModifiedBy,
                    "manager" => Key::Manager,
                    "company" => Key::Company,
                    "keywords" => Key::Keywords,
                    "doccomm" | "comment" => Key::Description,
                    other => Key::Other(other.to_owned()),
                };
                out.meta(key, &text)
            }
            Place::Date(word) => {
                let [year, month, day, hour, minute, second] = self.dates;
                let plausible = (1970..=9999).contains(&year)
                    && (1..=12).contains(&month)
                    && (1..=31).contains(&day);
                if !plausible {
                    return Ok(());
                }
                let key = match word.as_str() {
                    "creatim" => Key::Created,
                    "revtim" => Key::Modified,
                    _ => Key::Printed,
                };
                let value =
                    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
                out.meta(key, &value)
            }
            Place::PropertyName => {
                self.property = text;
                Ok(())
            }
            Place::PropertyValue => {
                let name = std::mem::take(&mut self.property);
                if name.is_empty() { Ok(()) } else { out.meta(Key::Other(name), &text) }
            }
            Place::Author => {
                self.author = text;
                Ok(())
            }
            Place::Picture => {
                let kind = self.picture.take().unwrap_or("bin");
                let bytes = hex(&text);
                let ordinal = self.pictures;
                self.pictures += 1;
                embedded(out, &format!("image{}.{kind}", ordinal + 1), ordinal, &bytes)
            }
            Place::Object => {
                let ordinal = self.pictures;
                self.pictures += 1;
                match object(&hex(&text)) {
                    Some((name, bytes)) => embedded(out, &name, ordinal, &bytes),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.bytes().filter_map(|b| char::from(b).to_digit(16).map(|d| d as u8)).collect();
    digits.as_chunks::<2>().0.iter().map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// The file in an `\objdata`: class, topic and item names, then the data.
fn object(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    let int = |at: usize| -> Option<usize> {
        Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize)
    };
    let mut at = 8;
    let mut class = String::new();
    for number in 0..3 {
        let length = int(at)?;
        let name = bytes.get(at + 4..(at + 4).checked_add(length)?)?;
        if number == 0 {
            class = String::from_utf8_lossy(name).trim_end_matches('\0').to_owned();
        }
        at += 4 + length;
    }
    let size = int(at)?;
    let end = (at + 4).checked_add(size)?.min(bytes.len());
    let data = bytes.get(at + 4..end)?;
    if class == "Package" {
        let mut with_size = (data.len() as u32).to_le_bytes().to_vec();
        with_size.extend(data);
        return ole10(&with_size);
    }
    Some((class, data.to_vec()))
}
