//! Footnotes out of a report that was written, whatever its format.

use super::Noted;
use super::shown::Body;
use crate::export::inert::from_cell;
use crate::export::locator::{BadLocator, Locator, Said};
use crate::export::{docx, markdown};
use crate::text::entities;
use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

/// Why a file is no report that can be checked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadReport {
    #[error("it is no report of Casebook: no footnote in it has a locator")]
    NoLocators,
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

/// All footnotes of a report, by number.
///
/// # Errors
/// It is none, or it is damaged.
pub fn footnotes(bytes: &[u8]) -> Result<Vec<Noted>, BadReport> {
    // Tables and programs have no lists of evidence but the footnotes themselves.
    let mut for_people = true;
    let (mut all, body) = if bytes.starts_with(b"PK\x03\x04") {
        of_docx(bytes)?
    } else {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| BadReport::Unreadable("it is not UTF-8".to_owned()))?;
        let text = text.trim_start_matches('\u{feff}');
        match text.trim_start().get(..1) {
            Some("{") => {
                for_people = false;
                of_json(text)?
            }
            Some("<") => of_html(text),
            _ if text.lines().next().is_some_and(|first| first.contains("locator")) => {
                for_people = false;
                of_csv(text)?
            }
            _ => of_markdown(text),
        }
    };
    if all.is_empty() {
        return Err(BadReport::NoLocators);
    }
    let mut body = Body::new(&body);
    for noted in &mut all {
        let Ok(locator) = &noted.locator else { continue };
        if let (true, None, Some(listed)) = (for_people, &noted.amiss, &locator.listed)
            && !body.has(listed)
        {
            noted.amiss = Some(format!("the report lists it otherwise now: it was {listed}"));
        }
        if let (None, Some(said)) = (&noted.amiss, body.lacks(&locator.says)) {
            let words = "the report words what it is cited for otherwise now: it was";
            noted.amiss = Some(format!("{words} “{}” ({})", said.sentence, said.claim));
        }
    }
    all.extend(gone(&all));
    all.sort_by_key(|noted| noted.number);
    Ok(all)
}

/// Footnotes that the others know of and that are not there.
fn gone(all: &[Noted]) -> Vec<Noted> {
    let count = all.iter().filter_map(|noted| noted.locator.as_ref().ok()?.of).max().unwrap_or(0);
    let last = all.iter().map(|noted| noted.number).max().unwrap_or(0);
    let there: HashSet<usize> = all.iter().map(|noted| noted.number).collect();
    // A locator may claim any number.
    let missing = (1..=count.max(last)).filter(|number| !there.contains(number)).take(MOST_GONE);
    missing
        .map(|number| Noted {
            number,
            locator: Err(BadLocator::Gone),
            shown: String::new(),
            amiss: None,
        })
        .collect()
}

/// Footnotes that are missed one by one.
const MOST_GONE: usize = 10_000;

fn noted(number: usize, line: &str, shown: String) -> Noted {
    let locator = Locator::parse(line);
    let amiss = locator
        .as_ref()
        .ok()
        .filter(|locator| locator.n != number)
        .map(|locator| format!("its locator is that of footnote {}", locator.n));
    Noted { number, locator, shown, amiss }
}

/// Footnotes, and the text beside them.
type Parts = (Vec<Noted>, String);

fn of_html(text: &str) -> Parts {
    const OPEN: &str = " data-locator=\"";
    let mut all = Vec::new();
    let (body, notes) = text.split_once("<section id=\"notes\">").unwrap_or((text, text));
    // The numbers of footnotes are no part of a sentence.
    let mut sentences = String::with_capacity(body.len());
    for (at, piece) in body.split("<sup id=\"ref-").enumerate() {
        let piece = if at == 0 { piece } else { piece.split_once("</sup>").map_or("", |(_, p)| p) };
        sentences.push_str(piece);
    }
    for item in notes.split("<li id=\"fn-").skip(1) {
        let item = item.split("</li>").next().unwrap_or(item);
        let number = item.split('"').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        let Some((_, rest)) = item.split_once(OPEN) else { continue };
        let (line, rest) = rest.split_once('"').unwrap_or((rest, ""));
        let shown = rest.split_once('>').map_or("", |(_, inner)| inner);
        all.push(noted(number, &entities::decode(line), without_tags(shown)));
    }
    (all, without_tags(&sentences))
}

fn without_tags(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    for (at, piece) in markup.split('<').enumerate() {
        let plain = if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, p)| p) };
        text.push_str(plain);
    }
    entities::decode(&text).into_owned()
}

fn of_markdown(text: &str) -> Parts {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let options =
        Options::ENABLE_FOOTNOTES | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut all = Vec::new();
    let mut body = String::new();
    let mut open: Option<(usize, Option<String>, String)> = None;
    for event in Parser::new_ext(text, options) {
        let into = match &mut open {
            Some((_, _, shown)) => shown,
            None => &mut body,
        };
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => {
                open = Some((name.parse().unwrap_or(0), None, String::new()));
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((number, Some(line), shown)) = open.take() {
                    all.push(noted(number, &line, shown));
                }
            }
            Event::Text(part) => into.push_str(&part),
            Event::Code(code) => match (code.strip_prefix(markdown::LOCATOR), &mut open) {
                (Some(locator), Some((_, line, _))) => *line = Some(locator.to_owned()),
                (_, Some((_, _, shown))) => shown.push_str(&code),
                (_, None) => body.push_str(&code),
            },
            Event::SoftBreak | Event::HardBreak | Event::End(_) => into.push('\n'),
            _ => {}
        }
    }
    (all, body)
}

/// A text of Markdown without its marks, those of footnotes among them.
fn plain_of(markdown: &str) -> String {
    let mut text = of_markdown(markdown).1;
    while let Some((from, to)) = text.find("[^").and_then(|from| {
        let length = text[from..].find(']')?;
        Some((from, from + length + 1))
    }) {
        text.replace_range(from..to, "");
    }
    text
}

fn of_json(text: &str) -> Result<Parts, BadReport> {
    let root: serde_json::Value =
        serde_json::from_str(text).map_err(|error| BadReport::Unreadable(error.to_string()))?;
    let notes = root.get("footnotes").and_then(|notes| notes.as_array());
    let mut all = Vec::new();
    for note in notes.into_iter().flatten() {
        let Some(locator) = note.get("locator") else { continue };
        let number = note.get("number").and_then(serde_json::Value::as_u64).unwrap_or(0);
        let mut shown = String::new();
        for (name, value) in note.as_object().into_iter().flatten() {
            if name != "locator" {
                strings(value, &mut shown);
            }
        }
        let number = usize::try_from(number).unwrap_or(0);
        all.push(noted(number, &locator.to_string(), shown));
    }
    let mut body = String::new();
    let entries = root["sections"].as_array().into_iter().flatten();
    for entry in entries.flat_map(|section| section["entries"].as_array().into_iter().flatten()) {
        let mut claims = String::new();
        for claim in entry["claims"].as_array().into_iter().flatten() {
            strings(&claim["sentence"], &mut claims);
        }
        // A claim is said twice here, in itself and in the text: both must be what was written.
        let mut texts = String::new();
        strings(&entry["title"], &mut texts);
        for fact in entry["facts"].as_array().into_iter().flatten() {
            strings(&fact["label"], &mut texts);
            strings(&fact["value"], &mut texts);
        }
        for text in entry["texts"].as_array().into_iter().flatten() {
            texts.push_str(&plain_of(text.as_str().unwrap_or_default()));
        }
        let texts = Body::new(&texts);
        claims.lines().filter(|claim| texts.has(claim)).for_each(|claim| {
            body.push_str(claim);
            body.push('\n');
        });
    }
    Ok((all, body))
}

/// The texts of a footnote, the quote with what stands around it in the other formats.
fn strings(value: &serde_json::Value, into: &mut String) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                if name == "quote" {
                    into.push_str("quote:");
                }
                strings(value, into);
                if name == "quote" {
                    into.push_str("state:");
                }
            }
        }
        serde_json::Value::String(text) => {
            into.push_str(text);
            into.push('\n');
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| strings(value, into)),
        _ => {}
    }
}

fn of_csv(text: &str) -> Result<Parts, BadReport> {
    let unreadable = |error: csv::Error| BadReport::Unreadable(error.to_string());
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let (Some(number), Some(locator)) = (column("footnote"), column("locator")) else {
        return Ok(Parts::default());
    };
    let evidence =
        ["file", "sha256", "containers", "place", "quote", "translation", "number", "ids"];
    let mut all: Vec<Noted> = Vec::new();
    let mut by_number: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut body = String::new();
    // Which claim each row is about.
    let mut rows: HashSet<(usize, String)> = HashSet::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let cell = |at: usize| from_cell(record.get(at).unwrap_or_default());
        let of = |name: &str| column(name).map(cell).unwrap_or_default();
        let (claim, sentence) = (of("claim"), of("sentence"));
        body.push_str(sentence);
        body.push('\n');
        let Ok(number) = cell(number).parse() else { continue };
        rows.insert((number, claim.to_owned()));
        let mut shown = String::new();
        for name in evidence {
            match name {
                "quote" => shown.push_str(&format!("quote:{}state:", of(name))),
                _ => shown.push_str(of(name)),
            }
            shown.push('\n');
        }
        let mut found = noted(number, cell(locator), shown);
        let is_said = |said: &Said| {
            said.claim == claim && Body::new(sentence).lacks(std::slice::from_ref(said)).is_none()
        };
        if let Ok(Locator { says, .. }) = &found.locator
            && !claim.is_empty()
            && !says.is_empty()
            && !says.iter().any(is_said)
        {
            found.amiss = Some(format!("it was not cited for {claim} “{sentence}”"));
        }
        // A footnote has a row for each sentence that it stands behind.
        let known = by_number.entry(number).or_default();
        if !known.iter().any(|at| all[*at] == found) {
            known.push(all.len());
            all.push(found);
        }
    }
    for noted in &mut all {
        let Ok(Locator { says, .. }) = &noted.locator else { continue };
        let is_gone = |said: &&Said| !rows.contains(&(noted.number, said.claim.clone()));
        if let (None, Some(said)) = (&noted.amiss, says.iter().find(is_gone)) {
            noted.amiss =
                Some(format!("it was cited for {} too, and has no row for it", said.claim));
        }
    }
    Ok((all, body))
}

fn of_docx(bytes: &[u8]) -> Result<Parts, BadReport> {
    let unreadable = |error: &dyn std::fmt::Display| BadReport::Unreadable(error.to_string());
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let mut part = |name: &str| -> Result<String, BadReport> {
        let Ok(file) = zip.by_name(name) else { return Err(BadReport::NoLocators) };
        let mut text = String::new();
        file.take(MOST_PART).read_to_string(&mut text).map_err(|e| unreadable(&e))?;
        Ok(text)
    };
    let locators = part(docx::LOCATORS)?;
    let footnotes = part(docx::FOOTNOTES)?;
    let document = part(docx::DOCUMENT)?;
    // Separators are footnotes with a type of their own.
    let mut by_id: HashMap<usize, &str> = HashMap::new();
    for item in footnotes.split("<w:footnote ").skip(1) {
        let Some((attributes, inner)) = item.split_once('>') else { continue };
        let id = attributes.split_once("w:id=\"").and_then(|(_, rest)| rest.split_once('"'));
        if let Some(id) = id.and_then(|(id, _)| id.parse().ok()) {
            by_id.insert(id, inner.split("</w:footnote>").next().unwrap_or_default());
        }
    }
    let mut all = Vec::new();
    for item in locators.split("<footnote ").skip(1) {
        let Some((attributes, rest)) = item.split_once('>') else { continue };
        let number: usize =
            attributes.split('"').nth(1).and_then(|number| number.parse().ok()).unwrap_or(0);
        let line = rest.split('<').next().unwrap_or_default();
        let shown = by_id.get(&(number + 1)).copied().unwrap_or_default();
        let shown = lines_of(shown);
        all.push(noted(number, &entities::decode(line), without_tags(&shown)));
    }
    // Fields show the number of a footnote that was referred to before.
    let mut body = String::with_capacity(document.len());
    for (at, piece) in document.split("<w:fldChar w:fldCharType=\"begin\"/>").enumerate() {
        const END: &str = "<w:fldChar w:fldCharType=\"end\"/>";
        let piece = if at == 0 { piece } else { piece.split_once(END).map_or("", |(_, p)| p) };
        body.push_str(piece);
    }
    Ok((all, without_tags(&lines_of(&body))))
}

/// Line ends and tabs of a document as such.
fn lines_of(markup: &str) -> String {
    markup.replace("<w:br/>", "\n").replace("<w:tab/>", "\t").replace("</w:p>", "\n")
}

/// Bytes of a part of a document that are read.
const MOST_PART: u64 = 1 << 30;
