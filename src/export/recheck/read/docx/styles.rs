//! Styles of a Word document: what they are by their names, and what they do to letters.

use super::unreadable;
use crate::export::recheck::read::BadReport;
use crate::text::entities;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{HashMap, HashSet};

/// What styles are by their names, and which of them nobody sees.
#[derive(Default)]
pub struct Styles {
    pub headings: HashMap<String, u8>,
    /// Those of quotes and of code.
    pub shapes: HashMap<String, &'static str>,
    pub hidden: HashSet<String>,
    /// Numbers of footnotes.
    pub marks: HashSet<String>,
    /// Letters are raised or lowered, as numbers of footnotes are.
    pub raised: HashSet<String>,
    /// What each is a variety of.
    based_on: HashMap<String, String>,
    /// Those that hold where nothing is said.
    defaults: Vec<String>,
}

impl Styles {
    pub fn read(text: &str) -> Result<Styles, BadReport> {
        let mut styles = Styles::default();
        let mut reader = Reader::from_str(text);
        let mut id = String::new();
        loop {
            match reader.read_event().map_err(|e| unreadable(&e))? {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => styles.element(&tag, &mut id),
                _ => {}
            }
        }
        // What a style does, its varieties do.
        for own in [&mut styles.raised, &mut styles.hidden] {
            let does = own.clone();
            own.extend(
                styles
                    .based_on
                    .keys()
                    .filter(|id| chain(&styles.based_on, id).any(|own| does.contains(own)))
                    .cloned(),
            );
        }
        Ok(styles)
    }

    fn element(&mut self, tag: &BytesStart<'_>, id: &mut String) {
        let value = attribute(tag, "val");
        match tag.local_name().as_ref() {
            "style" => {
                *id = attribute(tag, "styleId");
                if matches!(attribute(tag, "default").as_str(), "1" | "true" | "on") {
                    self.defaults.push(id.clone());
                }
            }
            "name" => {
                let name = value.to_lowercase();
                let level = name.strip_prefix("heading ").and_then(|n| n.parse().ok());
                self.headings.extend(level.map(|level| (id.clone(), level)));
                let shape = [("quot", "quote"), ("code", "code"), ("preformat", "code")];
                let shape = shape.into_iter().find(|(part, _)| name.contains(part));
                self.shapes.extend(shape.map(|(_, shape)| (id.clone(), shape)));
                if name == "footnote reference" {
                    self.marks.insert(id.clone());
                }
            }
            "basedOn" => {
                self.based_on.insert(id.clone(), value);
            }
            "vanish" if is_on(tag) => {
                self.hidden.insert(id.clone());
            }
            // What strikes letters out is in no style: see `allowed`.
            "vertAlign" if value != "baseline" => {
                self.raised.insert(id.clone());
            }
            _ => {}
        }
    }

    /// Of these styles all that have a part in how they look, with those that hold everywhere.
    pub fn in_use(&self, named: &HashSet<String>) -> HashSet<String> {
        let named = named.iter().chain(&self.defaults);
        named.flat_map(|id| chain(&self.based_on, id)).map(str::to_owned).collect()
    }
}

/// A style and what it is a variety of, as far as that leads.
fn chain<'a>(
    based_on: &'a HashMap<String, String>,
    id: &'a str,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let next = |id: &&'a str| based_on.get(*id).map(String::as_str);
    std::iter::successors(Some(id), next).take(MOST_BASED)
}

/// Styles in a row of which each is a variety of the next; more go in a circle.
const MOST_BASED: usize = 32;

pub fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == name);
    found.map(|a| entities::decode(&a.value).into_owned()).unwrap_or_default()
}

/// A property that may be written to say that it is off.
pub fn is_on(tag: &BytesStart<'_>) -> bool {
    !matches!(attribute(tag, "val").as_str(), "0" | "false" | "off")
}
