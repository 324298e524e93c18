//! Word documents: the body, then everything that stands around it.

use super::package::{Package, Relation, by_id, flat_parts};
use super::word::Word;
use super::{drawing, properties};
use crate::extract::mail::transfer::base64;
use crate::extract::office::children::embedded;
use crate::extract::office::pull::decode;
use crate::extract::office::story::{Story, write_lines};
use crate::extract::office::zipped::Parts;
use crate::extract::{Input, Out, Stop};
use crate::model::PartKind;
use std::collections::{HashMap, HashSet};

/// `.docx`, `.docm`, `.dotx`, `.dotm`.
pub fn docx(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut package = Package::open(input)?;
    read(&mut package, out)
}

/// The same in one XML file (`pkg:package`). It may hold slides or sheets instead.
pub fn flat_opc(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let parts = flat_parts(&input.bytes()?, input.limits.nesting);
    if parts.is_empty() {
        return Err(Stop::failed("no parts in the flat package"));
    }
    let names: Vec<&String> = parts.iter().map(|(name, _)| name).collect();
    let slides = names.iter().any(|name| name.to_lowercase().ends_with("presentation.xml"));
    let mut package =
        Package::from_parts(Parts::from_memory(parts, input.limits), input.limits.nesting);
    if slides { super::pptx::read(&mut package, out) } else { read(&mut package, out) }
}

/// Word 2003 XML (`w:wordDocument`).
pub fn wordml(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let text = decode(&input.bytes()?);
    let nesting = input.limits.nesting;
    if let Some(start) = text.find("<o:DocumentProperties")
        && let Some(end) = text.find("</o:DocumentProperties>")
        && start < end
    {
        super::properties::read(&text[start..end], nesting, out)?;
    }
    let mut word = Word::default();
    word.numbering.define(&text, nesting);
    let mut story = Story::new(PartKind::Body, "");
    let broken = word.walk(&text, nesting, &HashMap::new(), &mut story, out)?;
    story.finish(out)?;
    word.readings.write(out)?;
    write_links(out, &word.links)?;
    for (at, (name, data)) in word.embedded.iter().enumerate() {
        let name = name.rsplit("//").next().unwrap_or("image");
        embedded(out, name, at as u64, &base64(data.as_bytes()))?;
    }
    broken.map_or(Ok(()), |why| Err(Stop::Failed(format!("the XML is damaged: {why}"))))
}

fn read(package: &mut Package, out: &mut Out) -> Result<(), Stop> {
    properties(package, out)?;
    let main = package.main(&["word/document.xml", "word/document2.xml"])?;
    let mut reader =
        Reader { word: Word::default(), seen: HashSet::new(), children: HashSet::new() };
    let relations = package.relations(&main)?;
    for relation in &relations {
        let nesting = package.nesting();
        match relation.kind.as_str() {
            "numbering" => {
                if let Some(text) = package.parts.xml(&relation.target)? {
                    reader.word.numbering.define(&text, nesting);
                }
            }
            "styles" => {
                if let Some(text) = package.parts.xml(&relation.target)? {
                    reader.word.numbering.styles(&text, nesting);
                }
            }
            _ => {}
        }
    }
    reader.part(package, out, &main, "officeDocument")?;
    // Headers before footers before notes, whatever the order of the relationships.
    reader.around(package, out, &relations)?;
    reader.word.readings.write(out)?;
    write_links(out, &reader.word.links)?;
    package.warn_of_damage(out)
}

struct Reader {
    word: Word,
    seen: HashSet<String>,
    children: HashSet<String>,
}

/// Kinds of parts with text, in the order in which they are written.
const ORDER: [&str; 11] = [
    "header",
    "footer",
    "footnotes",
    "endnotes",
    "comments",
    "chart",
    "diagramData",
    "chartUserShapes",
    "attachedTemplate",
    "settings",
    "glossaryDocument",
];

impl Reader {
    fn part(
        &mut self,
        package: &mut Package,
        out: &mut Out,
        name: &str,
        kind: &str,
    ) -> Result<(), Stop> {
        if !self.seen.insert(name.to_lowercase()) {
            return Ok(());
        }
        let relations = package.relations(name)?;
        self.outside(&relations);
        let Some(text) = package.parts.xml(name)? else {
            if kind == "officeDocument" {
                package.warn_of_damage(out)?;
                return Err(Stop::failed("the body of the document cannot be read"));
            }
            return Ok(());
        };
        match kind {
            "chart" | "diagramData" | "chartUserShapes" => {
                let lines = drawing::lines(&text, package.nesting());
                if !lines.is_empty() {
                    let label = if kind == "diagramData" { "diagram" } else { "chart" };
                    write_lines(out, PartKind::TextBox, label, &lines)?;
                }
            }
            "settings" | "attachedTemplate" => {}
            _ => {
                let ids = by_id(&relations);
                let label = if kind == "glossaryDocument" { "building blocks" } else { "" };
                let mut story = Story::new(PartKind::Body, label);
                let broken = self.word.walk(&text, package.nesting(), &ids, &mut story, out)?;
                story.finish(out)?;
                if kind == "officeDocument" && !self.word.has_body {
                    return Err(Stop::failed("the main part holds no document"));
                }
                if let Some(why) = broken {
                    out.warn(format!("{name} is damaged and was read up to the damage: {why}"))?;
                }
            }
        }
        package.send_embedded(out, &relations, &mut self.children)?;
        if kind != "officeDocument" {
            self.around(package, out, &relations)?;
        }
        Ok(())
    }

    fn around(
        &mut self,
        package: &mut Package,
        out: &mut Out,
        relations: &[Relation],
    ) -> Result<(), Stop> {
        for kind in ORDER {
            let mut targets: Vec<&Relation> =
                relations.iter().filter(|r| !r.external && r.kind == kind).collect();
            targets.sort_by_key(|r| (r.target.len(), r.target.clone()));
            for relation in targets {
                self.part(package, out, &relation.target, kind)?;
            }
        }
        Ok(())
    }

    /// Addresses outside that no text links to: linked pictures, templates, frames.
    fn outside(&mut self, relations: &[Relation]) {
        for relation in relations.iter().filter(|r| r.external) {
            if relation.kind != "hyperlink" {
                self.word.links.push((relation.target.clone(), relation.kind.clone()));
            }
        }
        // A link may stand where the walk does not look (a picture); its address is kept.
        for relation in relations.iter().filter(|r| r.external && r.kind == "hyperlink") {
            self.word.links.push((relation.target.clone(), String::new()));
        }
    }
}

/// Where links lead, as a part of its own at the end, so that no sentence is torn: one line a
/// link, the text that links before its address. Addresses that were read already are left out.
pub fn write_links(out: &mut Out, links: &[(String, String)]) -> Result<(), Stop> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut lines: Vec<(String, &str)> = Vec::new();
    for (target, shown) in links {
        let target = target.trim();
        let shown = shown.trim();
        if target.is_empty() || target.starts_with('#') {
            continue;
        }
        match seen.get(target) {
            Some(&at) if lines[at].0.is_empty() => lines[at].0 = shown.to_owned(),
            Some(_) => {}
            None => {
                seen.insert(target, lines.len());
                lines.push((shown.to_owned(), target));
            }
        }
    }
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(shown, target)| {
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            if shown.is_empty() || shown == target {
                target.to_owned()
            } else {
                format!("{shown} → {target}")
            }
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    write_lines(out, PartKind::Body, "links", &lines)
}
