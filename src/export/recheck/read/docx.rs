//! Reads a report that is a Word document, also after a word processor saved it anew: styles and
//! parts may have other names then.

use super::numbering::Lists;
use super::{BadReport, Found, noted, of_footnote, package};
use crate::export::docx;
use crate::export::seal::stretch::{HEAD, entry_name};
use crate::export::wording;
use crate::text::entities;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

/// Bytes of a part of a document that are read.
const MOST_PART: u64 = 1 << 30;

pub fn read(bytes: &[u8]) -> Result<Found, BadReport> {
    let mut parts = Parts::open(bytes)?;
    let (locators, seals) = for_programs(&mut parts)?;
    // What a word processor shows is what the relationships name, whatever it is called.
    let mut relations = package::relations(&parts.text("_rels/.rels")?.unwrap_or_default(), "");
    let of = |relations: &[package::Relation], kind: &str| {
        let of_kind = relations.iter().find(|relation| relation.kind == kind);
        of_kind.map(|relation| relation.part.clone())
    };
    let main = of(&relations, "officeDocument").ok_or(BadReport::NoLocators)?;
    let (folder, own) = package::around(&main);
    relations.extend(package::relations(&parts.text(&own)?.unwrap_or_default(), folder));
    let document = parts.text(&main)?.ok_or(BadReport::NoLocators)?;
    let mut part = |kind: &str| -> Result<String, BadReport> {
        match of(&relations, kind) {
            Some(name) => Ok(parts.text(&name)?.unwrap_or_default()),
            None => Ok(String::new()),
        }
    };
    let (style_text, numbering) = (part("styles")?, part("numbering")?);
    let (footnotes, core) = (part("footnotes")?, part("core-properties")?);
    let mut styles = Styles::read(&style_text)?;
    styles.lists = Lists::read(&numbering);
    let mut found = Found { has_lists: true, seal: seals, ..Found::default() };
    let mut text = Text::new(&styles);
    text.read(&document)?;
    body(&text, &mut found);
    let mut notes = Text::new(&styles);
    notes.read(&footnotes)?;
    let by_id = notes.by_footnote();
    for (at, id) in text.footnotes.iter().enumerate() {
        let number = at + 1;
        let mut shown = String::new();
        found.stretches.open(of_footnote(number));
        for paragraph in by_id.get(id.as_str()).into_iter().flatten() {
            shown.push_str(&paragraph.bare);
            shown.push('\n');
            if !paragraph.shape.is_empty() {
                found.stretches.mark(&paragraph.shape);
            }
            found.stretches.text(&paragraph.seen);
            found.stretches.line();
        }
        let line = locators.get(&number);
        if let Some(line) = line {
            found.stretches.text(line);
            found.notes.push(noted(number, line, shown));
        }
    }
    // Locators whose footnote is gone from the text.
    let mut left: Vec<_> =
        locators.iter().filter(|(number, _)| **number > text.footnotes.len()).collect();
    left.sort();
    for (number, line) in left {
        found.notes.push(noted(*number, line, String::new()));
    }
    let mut strange = package::strange(&relations);
    if package::has_doubles(bytes, &parts.names()) {
        strange.push("second member of one name".to_owned());
    }
    let day = package::property(&core, "created");
    let day = day.get(..10).unwrap_or(&day);
    if !day.is_empty() && !found.body.contains(day) {
        strange.push(format!("created {day:?} in the properties"));
    }
    if [&document, &footnotes, &style_text].into_iter().any(|part| package::blinds(part)) {
        strange.push("text in a colour or size that nobody can read".to_owned());
    }
    if package::hides(&style_text) {
        strange.push("style that hides text".to_owned());
    }
    if package::has_words(&numbering) {
        strange.push("list that puts words before its items".to_owned());
    }
    let seen = bare(&found.body);
    for name in ["title", "creator"] {
        let said = package::property(&core, name);
        if said != "Casebook" && !seen.contains(&bare(&said)) {
            strange.push(format!("{name} {said:?} in the properties"));
        }
    }
    // Each is a part that was not sealed.
    for what in strange {
        found.stretches.open(what.as_str());
        found.stretches.text(&what);
    }
    relations.retain(|relation| ["header", "footer", "endnotes"].contains(&relation.kind.as_str()));
    relations.sort_by(|a, b| (&a.kind, &a.part).cmp(&(&b.kind, &b.part)));
    for package::Relation { kind, part, .. } in relations {
        let mut margin = Text::new(&styles);
        margin.read(&parts.text(&part)?.unwrap_or_default())?;
        found.stretches.open(kind);
        for paragraph in margin.paragraphs {
            // Numbers of pages are nobody's words.
            found.stretches.text(&paragraph.unfielded);
            found.stretches.line();
        }
    }
    Ok(found)
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Locators by footnote, and seals.
fn for_programs(parts: &mut Parts<'_>) -> Result<(HashMap<usize, String>, Vec<String>), BadReport> {
    let mut locators = HashMap::new();
    let mut seals = Vec::new();
    for name in parts.names() {
        if !name.starts_with("customXml/item") {
            continue;
        }
        let text = parts.text(&name)?.unwrap_or_default();
        if !text.contains(docx::NAMESPACE) {
            continue;
        }
        for item in text.split("<footnote ").skip(1) {
            let Some((attributes, rest)) = item.split_once('>') else { continue };
            let number = attributes.split('"').nth(1).and_then(|number| number.parse().ok());
            let line = entities::decode(rest.split('<').next().unwrap_or_default()).into_owned();
            locators.insert(number.unwrap_or(0), line);
        }
        for item in text.split("<seal>").skip(1) {
            seals.push(entities::decode(item.split('<').next().unwrap_or_default()).into_owned());
        }
    }
    Ok((locators, seals))
}

/// Paragraphs as stretches and as text.
fn body(text: &Text<'_>, found: &mut Found) {
    found.stretches.open(HEAD);
    let mut in_seal = false;
    for paragraph in &text.paragraphs {
        let heading = paragraph.seen.trim();
        if paragraph.level == Some(1) && heading == wording::SEAL {
            in_seal = true;
            continue;
        }
        if let Some(level @ (1 | 2)) = paragraph.level {
            in_seal = false;
            found.stretches.open(if level == 1 { heading.to_owned() } else { entry_name(heading) });
        }
        if in_seal {
            found.seal_shown.text(&paragraph.seen);
            found.seal_shown.line();
            continue;
        }
        if !paragraph.shape.is_empty() {
            found.stretches.mark(&paragraph.shape);
        }
        found.stretches.text(&paragraph.seen);
        found.stretches.line();
        found.body.push_str(&paragraph.bare);
        found.body.push('\n');
    }
}

struct Parts<'a> {
    zip: zip::ZipArchive<Cursor<&'a [u8]>>,
}

impl Parts<'_> {
    fn open(bytes: &[u8]) -> Result<Parts<'_>, BadReport> {
        let zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
        Ok(Parts { zip })
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .zip
            .file_names()
            .filter_map(|name| name.ok().map(std::borrow::Cow::into_owned))
            .collect();
        names.sort();
        names
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, BadReport> {
        let Ok(file) = self.zip.by_name(name) else { return Ok(None) };
        let mut text = String::new();
        file.take(MOST_PART).read_to_string(&mut text).map_err(|e| unreadable(&e))?;
        Ok(Some(text))
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> BadReport {
    BadReport::Unreadable(error.to_string())
}

/// What styles are by their names, and which of them nobody sees.
#[derive(Default)]
struct Styles {
    headings: HashMap<String, u8>,
    /// Those of quotes and of code.
    shapes: HashMap<String, &'static str>,
    lists: Lists,
    hidden: HashSet<String>,
    /// Numbers of footnotes.
    marks: HashSet<String>,
}

impl Styles {
    fn read(text: &str) -> Result<Styles, BadReport> {
        let mut styles = Styles::default();
        let mut reader = Reader::from_str(text);
        let mut id = String::new();
        loop {
            match reader.read_event().map_err(|e| unreadable(&e))? {
                Event::Eof => return Ok(styles),
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "style" => id = attribute(&tag, "styleId"),
                    "name" => {
                        let name = attribute(&tag, "val").to_lowercase();
                        let level = name.strip_prefix("heading ").and_then(|n| n.parse().ok());
                        styles.headings.extend(level.map(|level| (id.clone(), level)));
                        let shape = [("quot", "quote"), ("code", "code"), ("preformat", "code")];
                        let shape = shape.into_iter().find(|(part, _)| name.contains(part));
                        styles.shapes.extend(shape.map(|(_, shape)| (id.clone(), shape)));
                        if name == "footnote reference" {
                            styles.marks.insert(id.clone());
                        }
                    }
                    "vanish" if is_on(&tag) => {
                        styles.hidden.insert(id.clone());
                    }
                    _ => {}
                },
                _ => {}
            }
        }
    }
}

pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == name);
    found.map(|a| entities::decode(&a.value).into_owned()).unwrap_or_default()
}

/// A property that may be written to say that it is off.
pub(super) fn is_on(tag: &BytesStart<'_>) -> bool {
    !matches!(attribute(tag, "val").as_str(), "0" | "false" | "off")
}

#[derive(Clone, Debug, Default)]
struct Paragraph {
    /// Of a heading.
    level: Option<u8>,
    /// It is a quote, code, an item of a list.
    shape: String,
    /// Level and number of the list that it is an item of.
    list: (String, String),
    /// All that is to be seen, numbers of footnotes too.
    seen: String,
    /// Without numbers of footnotes.
    bare: String,
    /// Without what fields show.
    unfielded: String,
    /// Id of the footnote that it belongs to.
    footnote: Option<String>,
}

/// The text of a part.
struct Text<'a> {
    styles: &'a Styles,
    paragraphs: Vec<Paragraph>,
    /// Ids of footnotes in the order in which the text refers to them.
    footnotes: Vec<String>,
    lists: Lists,
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
    /// Open fields: what they do, and whether their result is shown by now.
    fields: Vec<(String, bool)>,
    footnote: Option<String>,
    in_text: bool,
    in_instruction: bool,
}

impl<'a> Text<'a> {
    fn new(styles: &'a Styles) -> Text<'a> {
        let lists = styles.lists.clone();
        Text { styles, paragraphs: Vec::new(), footnotes: Vec::new(), lists }
    }

    fn read(&mut self, text: &str) -> Result<(), BadReport> {
        let mut reader = Reader::from_str(text);
        let mut at = At::default();
        loop {
            match reader.read_event().map_err(|e| unreadable(&e))? {
                Event::Eof => return Ok(()),
                Event::Start(tag) => self.start(&tag, &mut at, false),
                Event::Empty(tag) => self.start(&tag, &mut at, true),
                Event::End(tag) => self.end(tag.local_name().as_ref(), &mut at),
                Event::Text(piece) => {
                    put(&mut at, &entities::decode(&piece));
                }
                Event::CData(piece) => put(&mut at, &piece),
                Event::GeneralRef(name) => {
                    put(&mut at, &entities::decode(&format!("&{};", &*name)));
                }
                _ => {}
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, at: &mut At, is_empty: bool) {
        let sign = |at: &mut At, text: &str| see(at, text, text);
        match tag.local_name().as_ref() {
            "p" => {
                let paragraph = Paragraph { footnote: at.footnote.clone(), ..Paragraph::default() };
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
                }
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
            "r" => (at.is_hidden, at.is_struck, at.is_mark) = (false, false, false),
            "rStyle" => {
                let style = attribute(tag, "val");
                at.is_hidden |= self.styles.hidden.contains(&style);
                at.is_mark = self.styles.marks.contains(&style);
            }
            "vanish" => at.is_hidden = is_on(tag),
            "strike" | "dstrike" => at.is_struck |= is_on(tag),
            "t" => at.in_text = !is_empty,
            "instrText" => at.in_instruction = !is_empty,
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
                _ => end_of_field(at),
            },
            // Another document in its place.
            "altChunk" | "subDoc" => self
                .paragraphs
                .push(Paragraph { seen: "{document}".to_owned(), ..Paragraph::default() }),
            "fldSimple" if !is_empty => at.fields.push((attribute(tag, "instr"), true)),
            _ => {}
        }
    }

    fn end(&mut self, name: &str, at: &mut At) {
        match name {
            "p" => {
                let mut paragraph = at.open.pop();
                if let Some(own) = &mut paragraph
                    && let Some(item) = self.lists.item(&own.list.1, &own.list.0)
                {
                    own.shape.push_str(&item);
                }
                self.paragraphs.extend(paragraph);
            }
            "t" => at.in_text = false,
            "instrText" => at.in_instruction = false,
            "footnote" => at.footnote = None,
            "fldSimple" => end_of_field(at),
            _ => {}
        }
    }

    fn by_footnote(&self) -> HashMap<&str, Vec<&Paragraph>> {
        let mut by_id: HashMap<&str, Vec<&Paragraph>> = HashMap::new();
        for paragraph in &self.paragraphs {
            if let Some(id) = &paragraph.footnote {
                by_id.entry(id).or_default().push(paragraph);
            }
        }
        by_id
    }
}

/// What a field will show is known of numbers of footnotes and pages alone.
fn end_of_field(at: &mut At) {
    if let Some((does, _)) = at.fields.pop()
        && !does.contains("REF ")
        && !does.contains("PAGE")
    {
        see(at, "{field}", "");
    }
}

/// Text as it comes.
fn put(at: &mut At, text: &str) {
    if at.in_instruction {
        if let Some((instruction, _)) = at.fields.last_mut() {
            instruction.push_str(text);
        }
    } else if at.in_text && !at.is_hidden {
        // A field that shows the number of a footnote that was referred to before.
        let is_mark = at.fields.iter().any(|(does, _)| does.contains("REF "));
        match is_mark {
            true => see(at, &format!("[^{text}]"), ""),
            false if at.is_mark => see(at, text, ""),
            false if at.is_struck => see(at, &format!("~~{text}~~"), text),
            false => see(at, text, text),
        }
    }
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
