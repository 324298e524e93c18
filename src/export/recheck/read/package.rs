//! The package of a Word document: which parts a word processor shows, by the relationships, and
//! what no report that was sealed has in it.

use super::docx::{attribute, is_on};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::HashSet;

/// Relationships of the package and of the document that add nothing to what is read beside the
/// text, as the last words of their types.
const QUIET: [&str; 12] = [
    "core-properties",
    "extended-properties",
    "custom-properties",
    "officeDocument",
    "styles",
    "stylesWithEffects",
    "settings",
    "webSettings",
    "fontTable",
    "theme",
    "customXml",
    "numbering",
];

/// Those that are read as text, and comments, which are the word processor's.
const READ: [&str; 9] = [
    "footnotes",
    "endnotes",
    "header",
    "footer",
    "comments",
    "commentsExtended",
    "commentsIds",
    "people",
    "thumbnail",
];

/// A relationship.
pub struct Relation {
    /// The last word of its type: `footnotes`.
    pub kind: String,
    /// Name of the part in the package.
    pub part: String,
    is_external: bool,
}

/// Relationships that a part of relationships says, of a part in the folder `folder`.
pub fn relations(text: &str, folder: &str) -> Vec<Relation> {
    let mut found = Vec::new();
    let mut reader = Reader::from_str(text);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag)
                if tag.local_name().as_ref() == "Relationship" =>
            {
                let kind = attribute(&tag, "Type");
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let is_external = attribute(&tag, "TargetMode").eq_ignore_ascii_case("external");
                let part = resolved(folder, &attribute(&tag, "Target"));
                found.push(Relation { kind, part, is_external });
            }
            _ => {}
        }
    }
    found
}

/// `word` and `../customXml/item1.xml`: `customXml/item1.xml`.
fn resolved(folder: &str, target: &str) -> String {
    let whole = match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Folder of a part, and the part with its relationships.
pub fn around(part: &str) -> (&str, String) {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    (folder, resolved(folder, &format!("_rels/{name}.rels")))
}

/// What these relationships bring in that no report has.
pub fn strange(relations: &[Relation]) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for relation in relations {
        let Relation { kind, part, is_external } = relation;
        let is_known = QUIET.contains(&kind.as_str()) || READ.contains(&kind.as_str());
        if !is_known || *is_external {
            found.push(format!("{kind} {part}"));
        }
        let is_one = ["officeDocument", "footnotes", "styles", "numbering", "core-properties"];
        if is_one.contains(&kind.as_str()) && !seen.insert(kind) {
            found.push(format!("second {kind} {part}"));
        }
    }
    found
}

/// Names of members that are there twice, by what the end of the archive says of their number too:
/// which of the two is shown depends on the program.
pub fn has_doubles(bytes: &[u8], names: &[String]) -> bool {
    let lower: HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06");
    let said = end.and_then(|end| bytes.get(end + 10..end + 12));
    let said = said.map_or(0, |said| usize::from(u16::from_le_bytes([said[0], said[1]])));
    lower.len() != names.len() || said != names.len()
}

/// Whether a style hides what is written in it. Reports have none that does.
pub fn hides(styles: &str) -> bool {
    any(styles, &|name, _, is_on| is_on && matches!(name, "vanish" | "webHidden" | "specVanish"))
}

/// Whether letters are written that nobody reads: so light that they are paper, so dark on a dark
/// ground that they are a bar, smaller than 4 points.
pub fn blinds(part: &str) -> bool {
    let mut reader = Reader::from_str(part);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return false,
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let value = attribute(&tag, "val");
                let is_blind = match tag.local_name().as_ref() {
                    "color" => lightness(&value).is_some_and(|light| light > 0xc0),
                    "highlight" => matches!(value.as_str(), "black" | "darkBlue" | "darkRed"),
                    "shd" => lightness(&attribute(&tag, "fill")).is_some_and(|light| light < 0x80),
                    "sz" | "szCs" => value.parse::<u32>().is_ok_and(|halves| halves < 8),
                    _ => false,
                };
                if is_blind {
                    return true;
                }
            }
            Ok(_) => {}
        }
    }
}

/// Of a colour `RRGGBB`, 0 to 255; none for `auto`.
fn lightness(colour: &str) -> Option<u32> {
    let value = u32::from_str_radix(colour, 16).ok().filter(|_| colour.len() == 6)?;
    let [_, red, green, blue] = value.to_be_bytes().map(u32::from);
    Some((red * 3 + green * 6 + blue) / 10)
}

/// Whether lists say words before their items: a report has bullets and numbers.
pub fn has_words(numbering: &str) -> bool {
    let is_word = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() > 1;
    any(numbering, &|name, value, _| name == "lvlText" && is_word(value))
}

fn any(text: &str, fits: &dyn Fn(&str, &str, bool) -> bool) -> bool {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return false,
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let value = attribute(&tag, "val");
                if fits(tag.local_name().as_ref(), &value, is_on(&tag)) {
                    return true;
                }
            }
            Ok(_) => {}
        }
    }
}

/// What an element of the properties says: `title` and `creator`.
pub fn property(core: &str, name: &str) -> String {
    let mut reader = Reader::from_str(core);
    let mut text = String::new();
    let mut is_in = false;
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) if tag.local_name().as_ref() == name => is_in = true,
            Event::End(tag) if tag.local_name().as_ref() == name => is_in = false,
            Event::Text(piece) if is_in => text.push_str(&crate::text::entities::decode(&piece)),
            Event::CData(piece) if is_in => text.push_str(&piece),
            Event::GeneralRef(name) if is_in => {
                text.push_str(&crate::text::entities::decode(&format!("&{};", &*name)));
            }
            _ => {}
        }
    }
    text
}
