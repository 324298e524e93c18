//! Footnotes out of a report that was written, whatever its format.

use super::Noted;
use crate::export::inert::from_cell;
use crate::export::locator::Locator;
use crate::export::scan::entities;
use crate::export::{docx, markdown};
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
    let mut noted = if bytes.starts_with(b"PK\x03\x04") {
        of_docx(bytes)?
    } else {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| BadReport::Unreadable("it is not UTF-8".to_owned()))?;
        let text = text.trim_start_matches('\u{feff}');
        match text.trim_start().get(..1) {
            Some("{") => of_json(text)?,
            Some("<") => of_html(text),
            _ if text.lines().next().is_some_and(|first| first.contains("locator")) => {
                of_csv(text)?
            }
            _ => of_markdown(text),
        }
    };
    if noted.is_empty() {
        return Err(BadReport::NoLocators);
    }
    noted.sort_by_key(|noted| noted.number);
    Ok(noted)
}

fn noted(number: usize, line: &str, shown: String) -> Noted {
    Noted { number, locator: Locator::parse(line), shown }
}

fn of_html(text: &str) -> Vec<Noted> {
    const OPEN: &str = " data-locator=\"";
    let mut all = Vec::new();
    for item in text.split("<li id=\"fn-").skip(1) {
        let item = item.split("</li>").next().unwrap_or(item);
        let number = item.split('"').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        let Some((_, rest)) = item.split_once(OPEN) else { continue };
        let (line, rest) = rest.split_once('"').unwrap_or((rest, ""));
        let shown = rest.split_once('>').map_or("", |(_, inner)| inner);
        all.push(noted(number, &entities(line), without_tags(shown)));
    }
    all
}

fn without_tags(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    for (at, piece) in markup.split('<').enumerate() {
        let plain = if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, p)| p) };
        text.push_str(plain);
    }
    entities(&text)
}

fn of_markdown(text: &str) -> Vec<Noted> {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let mut all = Vec::new();
    let mut open: Option<(usize, Option<String>, String)> = None;
    for event in Parser::new_ext(text, Options::ENABLE_FOOTNOTES) {
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => {
                open = Some((name.parse().unwrap_or(0), None, String::new()));
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((number, Some(line), shown)) = open.take() {
                    all.push(noted(number, &line, shown));
                }
            }
            Event::Text(part) => {
                if let Some((_, _, shown)) = &mut open {
                    shown.push_str(&part);
                }
            }
            Event::Code(code) => {
                let Some((_, line, shown)) = &mut open else { continue };
                match code.strip_prefix(markdown::LOCATOR) {
                    Some(locator) => *line = Some(locator.to_owned()),
                    None => shown.push_str(&code),
                }
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => {
                if let Some((_, _, shown)) = &mut open {
                    shown.push('\n');
                }
            }
            _ => {}
        }
    }
    all
}

fn of_json(text: &str) -> Result<Vec<Noted>, BadReport> {
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
    Ok(all)
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

fn of_csv(text: &str) -> Result<Vec<Noted>, BadReport> {
    let unreadable = |error: csv::Error| BadReport::Unreadable(error.to_string());
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let (Some(number), Some(locator)) = (column("footnote"), column("locator")) else {
        return Ok(Vec::new());
    };
    let evidence =
        ["file", "sha256", "containers", "place", "quote", "translation", "number", "ids"];
    let mut all: Vec<Noted> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let cell = |at: usize| from_cell(record.get(at).unwrap_or_default());
        let Ok(number) = cell(number).parse() else { continue };
        let mut shown = String::new();
        for name in evidence {
            let text = column(name).map(cell).unwrap_or_default();
            match name {
                "quote" => shown.push_str(&format!("quote:{text}state:")),
                _ => shown.push_str(text),
            }
            shown.push('\n');
        }
        let found = noted(number, cell(locator), shown);
        // A footnote has a row for each sentence that it stands behind.
        if !all.contains(&found) {
            all.push(found);
        }
    }
    Ok(all)
}

fn of_docx(bytes: &[u8]) -> Result<Vec<Noted>, BadReport> {
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
    let mut all = Vec::new();
    for item in locators.split("<footnote ").skip(1) {
        let Some((attributes, rest)) = item.split_once('>') else { continue };
        let number: usize =
            attributes.split('"').nth(1).and_then(|number| number.parse().ok()).unwrap_or(0);
        let line = rest.split('<').next().unwrap_or_default();
        let open = format!("<w:footnote w:id=\"{}\"", number + 1);
        // Where a word processor gave its footnotes other ids, their order is the same.
        let shown = match footnotes.split_once(&open) {
            Some((_, rest)) => rest.split("</w:footnote>").next().unwrap_or_default(),
            None => "",
        };
        let shown = shown.split_once('>').map_or("", |(_, inner)| inner);
        let shown =
            shown.replace("<w:br/>", "\n").replace("<w:tab/>", "\t").replace("</w:p>", "\n");
        all.push(noted(number, &entities(line), without_tags(&shown)));
    }
    Ok(all)
}

/// Bytes of a part of a document that are read.
const MOST_PART: u64 = 1 << 30;
