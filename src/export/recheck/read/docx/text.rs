//! The text of a part of a Word document, paragraph by paragraph, as it is to be seen.

use super::numbering::Lists;
use super::styles::{Styles, attribute, is_on};
use super::unreadable;
use crate::export::recheck::read::BadReport;
use crate::text::entities;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{HashMap, HashSet};

/// What stands for whatever a field shows.
pub const FIELD: &str = "{field}";

#[derive(Clone, Debug, Default)]
pub struct Paragraph {
    /// Of a heading.
    pub level: Option<u8>,
    /// It is a quote, code, an item of a list, a lower heading, and begins a table, row or cell.
    pub shape: String,
    /// Level and number of the list that it is an item of.
    list: (String, String),
    /// All that is to be seen, numbers of footnotes too.
    pub seen: String,
    /// Without numbers of footnotes.
    pub bare: String,
    /// Without what fields show.
    pub unfielded: String,
    /// Id of the footnote that it belongs to.
    pub footnote: Option<String>,
}

/// The text of a part.
pub struct Text<'a> {
    styles: &'a Styles,
    pub paragraphs: Vec<Paragraph>,
    /// Ids of footnotes in the order in which the text refers to them.
    pub footnotes: Vec<String>,
    lists: Lists,
    /// It stands above or below every page, where numbers of pages are.
    is_margin: bool,
    /// Styles that something is written in.
    pub named: HashSet<String>,
    /// Which footnote a bookmark stands at, by the order in which they come.
    bookmarks: HashMap<String, usize>,
    /// What fields say that show the number of a footnote: its bookmark, and the number.
    repeated: Vec<(String, String)>,
}

/// Where the reader stands.
#[derive(Default)]
struct At {
    open: Vec<Paragraph>,
    /// Properties of the run.
    is_hidden: bool,
    is_struck: bool,
    /// It is the number of a footnote, or what stands between two of them.
    is_mark: bool,
    /// They are raised or lowered.
    is_raised: bool,
    /// Bookmarks that came since the last footnote.
    bookmarks: Vec<String>,
    /// What begins with the next paragraph: a table, a row, a cell.
    pending: String,
    /// White space at the edges of a text counts.
    is_kept: bool,
    /// Open fields: what they do, and whether their result is shown by now.
    fields: Vec<(String, bool)>,
    footnote: Option<String>,
    /// What stands between two tags.
    letters: String,
}

impl<'a> Text<'a> {
    pub fn new(styles: &'a Styles, lists: &Lists) -> Text<'a> {
        Text {
            styles,
            paragraphs: Vec::new(),
            footnotes: Vec::new(),
            lists: lists.clone(),
            is_margin: false,
            named: HashSet::new(),
            bookmarks: HashMap::new(),
            repeated: Vec::new(),
        }
    }

    /// Of what stands above or below every page.
    pub fn margin(styles: &'a Styles, lists: &Lists) -> Text<'a> {
        Text { is_margin: true, ..Text::new(styles, lists) }
    }

    pub fn read(&mut self, text: &str) -> Result<(), BadReport> {
        let mut reader = Reader::from_str(text);
        let mut at = At::default();
        loop {
            match reader.read_event().map_err(|e| unreadable(&e))? {
                Event::Eof => return Ok(()),
                Event::Start(tag) => self.start(&tag, &mut at, false),
                Event::Empty(tag) => self.start(&tag, &mut at, true),
                Event::End(tag) => self.end(tag.local_name().as_ref(), &mut at),
                Event::Text(piece) => at.letters.push_str(&entities::decode(&piece)),
                Event::CData(piece) => at.letters.push_str(&piece),
                Event::GeneralRef(name) => {
                    at.letters.push_str(&entities::decode(&format!("&{};", &*name)));
                }
                _ => {}
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, at: &mut At, is_empty: bool) {
        let sign = |at: &mut At, text: &str| see(at, text, text);
        at.letters.clear();
        match tag.local_name().as_ref() {
            "p" => {
                let (footnote, shape) = (at.footnote.clone(), std::mem::take(&mut at.pending));
                let paragraph = Paragraph { footnote, shape, ..Paragraph::default() };
                match is_empty {
                    true => self.paragraphs.push(paragraph),
                    false => at.open.push(paragraph),
                }
            }
            "pStyle" => {
                let style = attribute(tag, "val");
                if let Some(open) = at.open.last_mut() {
                    open.level = self.styles.headings.get(&style).copied();
                    open.shape.push_str(self.styles.shapes.get(&style).copied().unwrap_or(""));
                    if let Some(level @ 3..) = open.level {
                        open.shape.push_str(&format!("heading {level}"));
                    }
                }
                self.named.insert(style);
            }
            "ilvl" | "numId" => {
                if let Some(open) = at.open.last_mut() {
                    let of = match tag.local_name().as_ref() {
                        "ilvl" => &mut open.list.0,
                        _ => &mut open.list.1,
                    };
                    *of = attribute(tag, "val");
                }
            }
            // Cells tell what stands beside what.
            name @ ("tbl" | "tr" | "tc") => at.pending.push_str(&format!("{name} ")),
            "r" => {
                (at.is_hidden, at.is_struck) = (false, false);
                (at.is_mark, at.is_raised) = (false, false);
            }
            "rStyle" => {
                let style = attribute(tag, "val");
                at.is_hidden |= self.styles.hidden.contains(&style);
                at.is_mark = self.styles.marks.contains(&style);
                at.is_raised |= self.styles.raised.contains(&style);
                self.named.insert(style);
            }
            "vanish" => at.is_hidden = is_on(tag),
            "strike" | "dstrike" => at.is_struck |= is_on(tag),
            "vertAlign" => at.is_raised = attribute(tag, "val") != "baseline",
            "t" => at.is_kept = attribute(tag, "space") == "preserve",
            // Of the next footnote, whether it stands in it or behind it.
            "bookmarkStart" => at.bookmarks.push(attribute(tag, "name")),
            "tab" => sign(at, "\t"),
            "br" | "cr" => sign(at, "\n"),
            "noBreakHyphen" => sign(at, "-"),
            "sym" => sign(at, &format!("{{{}}}", attribute(tag, "char"))),
            // A report has no pictures.
            "drawing" | "pict" | "object" => sign(at, "{picture}"),
            "footnote" if !is_empty => {
                let is_own = !matches!(
                    attribute(tag, "type").as_str(),
                    "separator" | "continuationSeparator" | "continuationNotice"
                );
                at.footnote = is_own.then(|| attribute(tag, "id"));
            }
            "footnoteReference" => {
                self.footnotes.push(attribute(tag, "id"));
                let number = self.footnotes.len();
                for name in at.bookmarks.drain(..) {
                    self.bookmarks.entry(name).or_insert(number);
                }
                see(at, &format!("[^{number}]"), "");
            }
            "endnoteReference" => sign(at, "{endnote}"),
            "fldChar" => match attribute(tag, "fldCharType").as_str() {
                "begin" => at.fields.push((String::new(), false)),
                "separate" => {
                    if let Some(field) = at.fields.last_mut() {
                        field.1 = true;
                    }
                }
                _ => self.end_of_field(at),
            },
            // Another document in its place.
            "altChunk" | "subDoc" => self
                .paragraphs
                .push(Paragraph { seen: "{document}".to_owned(), ..Paragraph::default() }),
            "fldSimple" if !is_empty => {
                at.fields.push((attribute(tag, "instr"), true));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str, at: &mut At) {
        match name {
            "p" => {
                // A field that goes on hides what comes.
                at.fields.iter_mut().for_each(|field| field.0.clear());
                while !at.fields.is_empty() {
                    self.end_of_field(at);
                }
                let mut paragraph = at.open.pop();
                if let Some(own) = &mut paragraph
                    && let Some(item) = self.lists.item(&own.list.1, &own.list.0)
                {
                    own.shape.push_str(&item);
                }
                self.paragraphs.extend(paragraph);
            }
            "t" => self.put(at),
            "instrText" => {
                let letters = std::mem::take(&mut at.letters);
                if let Some((instruction, _)) = at.fields.last_mut() {
                    instruction.push_str(&letters);
                }
            }
            "tbl" => at.pending.push_str("end "),
            "footnote" => at.footnote = None,
            "fldSimple" => self.end_of_field(at),
            _ => {}
        }
        at.letters.clear();
    }

    /// What a field will show is known of numbers of footnotes and pages alone.
    fn end_of_field(&mut self, at: &mut At) {
        if let Some((does, _)) = at.fields.pop()
            && repeats(&does).is_none()
            && !(self.is_margin && does.split_whitespace().next() == Some("PAGE"))
        {
            see(at, FIELD, "");
        }
    }

    /// Text as it comes.
    fn put(&mut self, at: &mut At) {
        if at.is_hidden {
            return;
        }
        let letters = std::mem::take(&mut at.letters);
        let text = if at.is_kept { letters.as_str() } else { letters.trim() };
        let repeated = at.fields.last().map(|(does, is_shown)| (repeats(does), *is_shown));
        match repeated {
            // A field that shows the number of a footnote that was referred to before.
            Some((Some(bookmark), true)) => {
                self.repeated.push((bookmark.to_owned(), text.to_owned()));
                see(at, &format!("[^{text}]"), "");
            }
            Some((None, true)) | None if at.is_raised && !matches!(text.trim(), "" | ",") => {
                see(at, &format!("^{{{text}}}"), text);
            }
            Some((None, true)) | None if at.is_struck => see(at, &format!("~~{text}~~"), text),
            Some((None, true)) | None if at.is_mark => see(at, text, ""),
            Some((None, true)) | None => see(at, text, text),
            // What a field does is not to be seen.
            Some((_, false)) => see(at, FIELD, ""),
        }
    }

    /// What says another number than that of the footnote that it leads to.
    pub fn astray(&self) -> Vec<String> {
        let is_right = |(bookmark, number): &&(String, String)| {
            self.bookmarks.get(bookmark).is_some_and(|own| own.to_string() == number.trim())
        };
        let astray = self.repeated.iter().filter(|own| !is_right(own));
        astray.map(|(bookmark, number)| format!("[{number}] that leads to {bookmark}")).collect()
    }

    pub fn by_footnote(&self) -> HashMap<&str, Vec<&Paragraph>> {
        let mut by_id: HashMap<&str, Vec<&Paragraph>> = HashMap::new();
        for paragraph in &self.paragraphs {
            if let Some(id) = &paragraph.footnote {
                by_id.entry(id).or_default().push(paragraph);
            }
        }
        by_id
    }
}

/// The bookmark whose footnote a field shows the number of.
fn repeats(does: &str) -> Option<&str> {
    let mut words = does.split_whitespace();
    let bookmark = words.next().filter(|word| *word == "NOTEREF").and_then(|_| words.next())?;
    words.all(|word| matches!(word, "\\f" | "\\h")).then_some(bookmark)
}

fn see(at: &mut At, seen: &str, bare: &str) {
    let in_field = !at.fields.is_empty();
    if let Some(open) = at.open.last_mut() {
        open.seen.push_str(seen);
        open.bare.push_str(bare);
        if !in_field {
            open.unfielded.push_str(bare);
        }
    }
}
