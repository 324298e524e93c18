//! Reads a report that is a Word document, also after a word processor saved it anew: styles and
//! parts may have other names then.

mod allowed;
mod numbering;
mod package;
mod styles;
mod text;

use super::{BadReport, Found, noted, of_footnote};
use crate::export::docx;
use crate::export::seal::stretch::{HEAD, entry_name};
use crate::export::wording;
use crate::text::entities;
use numbering::Lists;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use styles::Styles;
use text::Text;

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
    let (settings, fonts) = (part("settings")?, part("fontTable")?);
    // Word 2010 has a second one.
    let more_styles = part("stylesWithEffects")?;
    let styles = Styles::read(&style_text)?;
    let lists = Lists::read(&numbering);
    let mut found = Found { has_lists: true, seal: seals, ..Found::default() };
    let mut text = Text::new(&styles, &lists);
    text.read(&document)?;
    body(&text, &mut found);
    let mut notes = Text::new(&styles, &lists);
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
    strange.extend(properties(&core, &found.body));
    strange.extend(text.astray());
    // Lines above the footnotes have no words.
    let above = notes.paragraphs.iter().filter(|own| own.footnote.is_none());
    let above: String = above.map(|own| own.seen.as_str()).collect();
    if !above.trim().is_empty() {
        strange.push(format!("{:?} above the footnotes", above.trim()));
    }
    let mut named = text.named;
    named.extend(notes.named);
    relations.retain(|relation| ["header", "footer", "endnotes"].contains(&relation.kind.as_str()));
    relations.sort_by(|a, b| (&a.kind, &a.part).cmp(&(&b.kind, &b.part)));
    for package::Relation { kind, part, .. } in relations {
        let mut margin = Text::margin(&styles, &lists);
        let content = parts.text(&part)?.unwrap_or_default();
        margin.read(&content)?;
        strange.extend(allowed::strange(&content, None));
        named.extend(margin.named);
        found.stretches.open(kind);
        for paragraph in margin.paragraphs {
            // Numbers of pages are nobody's words.
            found.stretches.text(&paragraph.unfielded);
            found.stretches.line();
            if paragraph.seen.contains(text::FIELD) {
                strange.push("field above or below the text".to_owned());
            }
        }
    }
    for part in [&document, &footnotes, &numbering, &settings, &fonts] {
        strange.extend(allowed::strange(part, None));
    }
    let in_use = styles.in_use(&named);
    for part in [&style_text, &more_styles] {
        strange.extend(allowed::strange(part, Some(&in_use)));
    }
    // Each is a part that was not sealed.
    strange.sort();
    strange.dedup();
    for what in strange {
        found.stretches.open(what.as_str());
        found.stretches.text(&what);
    }
    Ok(found)
}

/// Properties that say what the text does not.
fn properties(core: &str, body: &str) -> Vec<String> {
    let mut strange = Vec::new();
    let day = package::property(core, "created");
    let day = day.get(..10).unwrap_or(&day);
    if !day.is_empty() && !body.contains(day) {
        strange.push(format!("created {day:?} in the properties"));
    }
    let seen = bare(body);
    for name in ["title", "creator"] {
        let said = package::property(core, name);
        if said != "Casebook" && !seen.contains(&bare(&said)) {
            strange.push(format!("{name} {said:?} in the properties"));
        }
    }
    for name in ["subject", "description", "keywords", "category", "contentStatus"] {
        let said = package::property(core, name);
        if !said.trim().is_empty() {
            strange.push(format!("{name} {said:?} in the properties"));
        }
    }
    strange
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
