//! The package: parts and the relationships between them.

use crate::extract::mail::transfer::base64;
use crate::extract::office::pull::{Node, Xml, decode};
use crate::extract::office::zipped::Parts;
use crate::extract::{Input, Out, Stop};
use std::collections::{HashMap, HashSet};

/// An open package.
pub struct Package<'f> {
    pub parts: Parts<'f>,
    nesting: u32,
}

/// A relationship from one part to another, or to something outside.
#[derive(Clone, Debug)]
pub struct Relation {
    pub id: String,
    /// Last segment of the type: `header`, `image`, `hyperlink`.
    pub kind: String,
    /// Name of the part, or the address outside.
    pub target: String,
    pub external: bool,
}

impl<'f> Package<'f> {
    pub fn open(input: &'f mut Input) -> Result<Self, Stop> {
        super::refuse_ole(input)?;
        let nesting = input.limits.nesting;
        Ok(Package { parts: Parts::open(input)?, nesting })
    }

    pub fn from_parts(parts: Parts<'f>, nesting: u32) -> Self {
        Package { parts, nesting }
    }

    pub fn nesting(&self) -> u32 {
        self.nesting
    }

    /// Relationships of a part; of the package itself for an empty name.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Stop> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let name = format!("{folder}{slash}_rels/{file}.rels");
        let Some(text) = self.parts.xml(&name)? else { return Ok(Vec::new()) };
        let mut xml = Xml::new(&text, self.nesting);
        let mut relations = Vec::new();
        while let Some(node) = xml.next() {
            let Node::Start(tag) = node else { continue };
            if tag.name() != "Relationship" {
                continue;
            }
            let target = tag.attr("Target").unwrap_or_default();
            let external =
                tag.attr("TargetMode").is_some_and(|m| m.eq_ignore_ascii_case("external"));
            let kind = tag.attr("Type").unwrap_or_default();
            relations.push(Relation {
                id: tag.attr("Id").unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target: if external { target } else { resolve(folder, &target) },
                external,
            });
        }
        Ok(relations)
    }

    /// The main part: by relationship, else by its usual name.
    pub fn main(&mut self, usual: &[&str]) -> Result<String, Stop> {
        let root = self.relations("")?;
        if let Some(main) = root
            .iter()
            .find(|r| r.kind == "officeDocument" && !r.external && self.parts.has(&r.target))
        {
            return Ok(main.target.clone());
        }
        usual
            .iter()
            .find(|name| self.parts.has(name))
            .map(|name| (*name).to_owned())
            .ok_or_else(|| Stop::failed("the main part of the document is missing"))
    }

    /// The end of every reading: says which parts were damaged, fails where the directory was.
    pub fn warn_of_damage(&mut self, out: &mut Out) -> Result<(), Stop> {
        self.parts.end(out)
    }

    /// Sends images, embedded documents and media as children. `seen` keeps what was sent.
    pub fn send_embedded(
        &mut self,
        out: &mut Out,
        relations: &[Relation],
        seen: &mut HashSet<String>,
    ) -> Result<(), Stop> {
        for relation in relations.iter().filter(|r| !r.external) {
            if relation.kind == "vbaProject" && seen.insert(relation.target.to_lowercase()) {
                if let Some(bytes) = self.parts.read(&relation.target)? {
                    crate::extract::office::vba::write_project(bytes, out)?;
                }
                continue;
            }
            if !is_embedded(&relation.kind) || !seen.insert(relation.target.to_lowercase()) {
                continue;
            }
            let Some(ordinal) = self.parts.ordinal(&relation.target) else { continue };
            let Some(bytes) = self.parts.read(&relation.target)? else { continue };
            crate::extract::office::children::embedded(out, &relation.target, ordinal, &bytes)?;
        }
        Ok(())
    }
}

/// Relationships whose target is a file of its own.
fn is_embedded(kind: &str) -> bool {
    matches!(
        kind,
        "image" | "oleObject" | "package" | "aFChunk" | "video" | "audio" | "media" | "subDocument"
    )
}

/// By id; ids are looked up often in one part.
pub fn by_id(relations: &[Relation]) -> HashMap<&str, &Relation> {
    relations.iter().map(|r| (r.id.as_str(), r)).collect()
}

/// A target relative to the folder of its source; absolute ones begin with a slash.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let target = target.split('#').next().unwrap_or_default();
    let mut path: Vec<&str> = Vec::new();
    if !target.starts_with('/') {
        path.extend(folder.split('/').filter(|s| !s.is_empty()));
    }
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path.join("/")
}

/// The parts of a flat package (`pkg:package`), each as bytes of its own.
pub fn flat_parts(bytes: &[u8], nesting: u32) -> Vec<(String, Vec<u8>)> {
    let text = decode(bytes);
    let mut xml = Xml::new(&text, nesting);
    let mut parts = Vec::new();
    let mut name = String::new();
    while let Some(node) = xml.next() {
        let Node::Start(tag) = node else { continue };
        match tag.name() {
            "part" => name = tag.attr("name").unwrap_or_default(),
            "xmlData" => {
                let start = xml.position();
                let outside = xml.depth().saturating_sub(1);
                let mut end = start;
                while xml.depth() > outside {
                    end = xml.position();
                    if xml.next().is_none() {
                        break;
                    }
                }
                let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
                if let Some(inside) = text.get(range) {
                    parts.push((name.clone(), inside.as_bytes().to_vec()));
                }
            }
            "binaryData" => parts.push((name.clone(), base64(xml.text_inside().as_bytes()))),
            _ => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_resolve_inside_the_package() {
        let check = |folder: &str, target: &str, expected: &str| {
            assert_eq!(resolve(folder, target), expected);
        };
        check("word", "media/image1.png", "word/media/image1.png");
        check("ppt/slides", "../notesSlides/notesSlide1.xml", "ppt/notesSlides/notesSlide1.xml");
        check("word", "/customXml/item1.xml", "customXml/item1.xml");
        check("word", "..\\..\\..\\x.xml", "x.xml");
    }
}
