//! Footnotes of a report that was written, read back to be checked: against a case, or against a
//! folder that holds nothing but originals.
//!
//! The locators say what to check. That a report shows what its locators say is checked too: a
//! quote that somebody changed in the text does not pass because its locator was left alone.

use super::inert::{from_cell, visible};
use super::locator::{BadLocator, Locator, Place, Spot, fits};
use super::scan::entities;
use super::{docx, markdown};
use crate::case::{Case, CaseError};
use crate::model::anchor::{Anchor, Counted};
use crate::model::{Hold, Sha256};
use std::io::{Cursor, Read};
use std::sync::atomic::AtomicBool;

/// A footnote as it stands in a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    pub number: usize,
    pub locator: Result<Locator, BadLocator>,
    /// All that it says to a reader.
    pub shown: String,
}

/// How a footnote stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    Holds,
    /// The text is another one now; the quote stands elsewhere in it.
    Moved,
    /// The number is the same, over other documents or messages.
    OtherBasis,
    /// It cannot be checked here; nothing is said against it.
    Unchecked {
        why: String,
    },
    /// The number is another one.
    Changed {
        now: String,
    },
    /// The evidence is there and does not say it.
    Broken {
        why: String,
    },
    /// The evidence is not there.
    Missing {
        why: String,
    },
}

impl Verdict {
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Moved => "moved",
            Verdict::OtherBasis => "other basis",
            Verdict::Unchecked { .. } => "not checked",
            Verdict::Changed { .. } => "changed",
            Verdict::Broken { .. } => "broken",
            Verdict::Missing { .. } => "missing",
        }
    }

    /// What is to be said beside the word.
    pub fn why(&self) -> &str {
        match self {
            Verdict::Holds => "",
            Verdict::Moved => "the text was made anew, and the quote stands elsewhere in it",
            Verdict::OtherBasis => "the number is the same, over other documents or messages",
            Verdict::Changed { now } => now,
            Verdict::Unchecked { why } | Verdict::Broken { why } | Verdict::Missing { why } => why,
        }
    }

    /// The report does not prove what it says here.
    pub fn fails(&self) -> bool {
        matches!(self, Verdict::Changed { .. } | Verdict::Broken { .. } | Verdict::Missing { .. })
    }

    fn broken(why: impl Into<String>) -> Verdict {
        Verdict::Broken { why: why.into() }
    }
}

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

/// Whether a footnote shows what its locator says: hash and quote, or number.
pub fn shows(noted: &Noted, locator: &Locator) -> Result<(), String> {
    let shown = squeezed(&noted.shown);
    let has = |text: &str| shown.contains(&squeezed(text));
    match &locator.spot {
        Spot::Passage(place) => {
            if !has(&place.content.to_string()) {
                return Err("the report shows another SHA-256 than its locator".to_owned());
            }
            let pieces: Vec<String> = place.quote.iter().map(|piece| squeezed(piece)).collect();
            match pieces.iter().all(String::is_empty) || shows_quote(&shown, &pieces) {
                true => Ok(()),
                false => Err("the report shows another quote than its locator".to_owned()),
            }
        }
        Spot::Count(count) => {
            // Figures are shown as they stand in the anchor, before what they are of.
            let said = match &count.of {
                Counted::Search { query, .. } => [format!("{} hit", count.number), query.clone()],
                Counted::Column { name, .. } => [format!("{}:", count.number), name.clone()],
            };
            match said.iter().all(|text| has(text)) {
                true => Ok(()),
                false => Err("the report shows another number than its locator".to_owned()),
            }
        }
        Spot::Redacted { number, .. } => match has(number) {
            true => Ok(()),
            false => Err("the report shows another number than its locator".to_owned()),
        },
    }
}

/// Whether these pieces are all that stands between the label of the quote and the line behind it.
fn shows_quote(shown: &str, pieces: &[String]) -> bool {
    const LABELS: [&str; 4] =
        ["quote:", "quote(ocr):", "quote(translation):", "quote(transcript):"];
    const ENDS: [&str; 2] = ["translation(", "state:"];
    LABELS.iter().flat_map(|label| shown.match_indices(label)).any(|(at, label)| {
        let rest = &shown[at + label.len()..];
        let mut ends = ENDS.iter().flat_map(|end| rest.match_indices(end));
        ends.any(|(end, _)| fits(pieces, &rest[..end]))
    })
}

/// A text without its white space, as it is shown.
fn squeezed(text: &str) -> String {
    visible(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Checks a footnote in a case.
///
/// # Errors
/// The case cannot be read.
pub fn in_case(noted: &Noted, case: &Case, cancel: &AtomicBool) -> Result<Verdict, CaseError> {
    let locator = match checked(noted) {
        Ok(locator) => locator,
        Err(verdict) => return Ok(verdict),
    };
    let anchor = match &locator.spot {
        Spot::Passage(place) => match place.passage() {
            Some(passage) => Anchor::Passage(Box::new(passage)),
            None => {
                let range = place.start..place.end;
                let quoted = match (&place.target, &place.text, place.record) {
                    (Some(target), Some(text), _) => case.quoted(target, text, range)?,
                    (_, _, Some(record)) => {
                        case.quoted_record(&place.content, record.ordinal, range)?
                    }
                    _ => None,
                };
                return Ok(match quoted {
                    Some(quoted) if place.fits(&quoted) => Verdict::Holds,
                    Some(_) => Verdict::broken("another text stands at its place"),
                    None => Verdict::Missing {
                        why: "the case has not the text that the redacted quote was taken from"
                            .to_owned(),
                    },
                });
            }
        },
        Spot::Count(count) => Anchor::Count(count.clone()),
        Spot::Redacted { .. } => return Ok(redacted()),
    };
    Ok(match case.hold(&anchor, cancel)? {
        Hold::Holds => Verdict::Holds,
        Hold::Moved { .. } => Verdict::Moved,
        Hold::OtherBasis => Verdict::OtherBasis,
        Hold::Changed { now } => Verdict::Changed { now },
        Hold::Broken { why } => Verdict::Broken { why },
        Hold::Absent => Verdict::Missing { why: "the case has not this evidence".to_owned() },
    })
}

fn redacted() -> Verdict {
    Verdict::Unchecked { why: "what was searched for is redacted".to_owned() }
}

fn checked(noted: &Noted) -> Result<&Locator, Verdict> {
    let locator = noted
        .locator
        .as_ref()
        .map_err(|error| Verdict::broken(format!("its locator is unusable: {error}")))?;
    shows(noted, locator).map_err(Verdict::broken)?;
    Ok(locator)
}

/// What an original says when it is read again.
pub enum Reread {
    /// The whole text that the quote was taken from.
    Text(String),
    /// The bytes are there; there is no text to compare.
    Bytes,
}

/// Checks a footnote against originals. `reread` finds the file by its hash and reads it again, or
/// says why it cannot.
pub fn in_originals(
    noted: &Noted,
    reread: &mut dyn FnMut(&Place) -> Result<Reread, Verdict>,
) -> Verdict {
    let locator = match checked(noted) {
        Ok(locator) => locator,
        Err(verdict) => return verdict,
    };
    match &locator.spot {
        Spot::Redacted { .. } => redacted(),
        Spot::Count(_) => Verdict::Unchecked {
            why: "a number is counted in a case, not in a folder of originals".to_owned(),
        },
        Spot::Passage(place) => match reread(place) {
            Err(verdict) => verdict,
            Ok(Reread::Text(text)) => judge(place, &text),
            Ok(Reread::Bytes) if place.quote.iter().all(String::is_empty) => Verdict::Holds,
            Ok(Reread::Bytes) => Verdict::broken("reading it again gives no text"),
        },
    }
}

/// Whether a quote stands in a text.
fn judge(place: &Place, text: &str) -> Verdict {
    if place.quote.iter().all(String::is_empty) && place.quote.len() < 2 {
        return Verdict::Holds;
    }
    let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    // Without a hash a record of a file that has the right one.
    let same_text = place.text.is_none_or(|known| Sha256::of(text.as_bytes()) == known);
    let there = text.get(index(place.start)..index(place.end));
    if same_text {
        return match there.is_some_and(|there| place.fits(there)) {
            true => Verdict::Holds,
            false => Verdict::broken("another text stands at its place"),
        };
    }
    let [quote] = place.quote.as_slice() else {
        return Verdict::Unchecked {
            why: "the text was made by another version, and the quote is redacted".to_owned(),
        };
    };
    let with_context = format!("{}{quote}{}", place.before, place.after);
    match (text.matches(quote.as_str()).count(), text.matches(&with_context).count()) {
        (1, _) | (_, 1) => Verdict::Moved,
        (0, _) => Verdict::broken("the quote does not stand in it"),
        _ => Verdict::broken(
            "the quote stands in several places, and nowhere with what stood around it",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::report::Report;
    use crate::export::{csv, html, json, testing};

    fn formats(report: &Report) -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("md", markdown::write(report).into_bytes()),
            ("html", html::write(report).into_bytes()),
            ("docx", docx::write(report).unwrap()),
            ("csv", csv::write(report).unwrap()),
            ("json", json::write(report).unwrap().into_bytes()),
        ]
    }

    #[test]
    fn every_format_gives_its_footnotes_back() {
        let report = testing::report();
        for (format, bytes) in formats(&report) {
            let read = footnotes(&bytes).unwrap();
            assert_eq!(read.len(), report.footnotes.len(), "{format}");
            for (noted, footnote) in read.iter().zip(&report.footnotes) {
                assert_eq!(noted.locator.as_ref(), Ok(&footnote.locator), "{format}");
                assert_eq!(shows(noted, &footnote.locator), Ok(()), "{format}: {}", noted.shown);
            }
        }
    }

    #[test]
    fn a_changed_report_is_found_out() {
        let report = testing::report();
        let mut changed = report.clone();
        for footnote in &mut changed.footnotes {
            match &mut footnote.source {
                // Longer: what was there still stands in it.
                crate::export::report::Source::Passage { quote, .. } => quote.push('！'),
                crate::export::report::Source::Count { said, .. } => {
                    *said = said.replacen('0', "5", 1);
                }
            }
        }
        for (format, bytes) in formats(&changed) {
            for noted in footnotes(&bytes).unwrap() {
                let verdict = in_originals(&noted, &mut |_| panic!("it is found out before"));
                assert!(matches!(verdict, Verdict::Broken { .. }), "{format} {}", noted.number);
            }
        }
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for bytes in [&b""[..], b"# nothing", b"{}", b"<p>x</p>", b"a,b\n1,2"] {
            assert_eq!(footnotes(bytes), Err(BadReport::NoLocators), "{bytes:?}");
        }
        assert!(matches!(footnotes(b"PK\x03\x04x"), Err(BadReport::Unreadable(_))));
        assert!(matches!(footnotes(b"\xff\xff"), Err(BadReport::Unreadable(_))));
    }

    #[test]
    fn quotes_are_judged_on_the_text() {
        let text = "甲付款三十万。乙付款三十万。";
        let quote = "付款三十万";
        let at = text.rfind(quote).unwrap();
        let good = Place {
            text: Some(Sha256::of(text.as_bytes())),
            start: at as u64,
            end: (at + quote.len()) as u64,
            before: "乙".to_owned(),
            after: "。".to_owned(),
            ..testing::place(quote)
        };
        let check = |place: &Place, text: &str, word: &str| {
            assert_eq!(judge(place, text).word(), word, "{text}");
        };
        check(&good, text, "holds");
        check(&good, &format!("新\n{text}"), "moved");
        check(&good, "甲付款三十万", "moved");
        check(&good, "甲付款三十万。丙付款三十万。", "broken");
        check(&good, "付款二十万", "broken");
        check(&Place { start: 0, ..good.clone() }, text, "broken");
        let holes = Place { quote: vec!["付".to_owned(), "三十万".to_owned()], ..good.clone() };
        check(&holes, text, "holds");
        check(&holes, "付款三十万", "not checked");
    }
}
