//! PowerPoint: slide by slide, each with its tables, notes and comments.
//!
//! Layouts and masters hold prompts ("Click to edit"), not evidence: only what is no placeholder
//! is taken from them, once.

use super::docx::write_links;
use super::package::{Package, Relation, by_id};
use super::{drawing, properties};
use crate::extract::office::pull::{Node, Tag, Xml};
use crate::extract::office::story::{write_comment, write_lines};
use crate::extract::{Input, Out, Stop};
use crate::model::{PartKind, Wrap};
use std::collections::{HashMap, HashSet};

/// `.pptx`, `.pptm`, `.ppsx`, `.potx`.
pub fn pptx(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut package = Package::open(input)?;
    read(&mut package, out)
}

/// Reads an open package as slides.
pub fn read(package: &mut Package, out: &mut Out) -> Result<(), Stop> {
    properties(package, out)?;
    let main = package.main(&["ppt/presentation.xml"])?;
    let relations = package.relations(&main)?;
    let mut reader = Reader::default();
    for relation in relations.iter().filter(|r| r.kind == "commentAuthors" || r.kind == "authors") {
        if let Some(text) = package.parts.xml(&relation.target)? {
            reader.read_authors(&text, package.nesting());
        }
    }
    for name in slide_order(package, &main, &relations)? {
        reader.number += 1;
        reader.slide(package, out, &name)?;
    }
    if reader.number == 0 {
        package.warn_of_damage(out)?;
        return Err(Stop::Empty("no slides".to_owned()));
    }
    reader.masters(package, out)?;
    package.send_embedded(out, &relations, &mut reader.children)?;
    write_links(out, &reader.links)?;
    package.warn_of_damage(out)
}

/// Slides in the order of the show; slides that no list names come last.
fn slide_order(
    package: &mut Package,
    main: &str,
    relations: &[Relation],
) -> Result<Vec<String>, Stop> {
    let mut names: Vec<String> = Vec::new();
    if let Some(text) = package.parts.xml(main)? {
        let ids = by_id(relations);
        let mut xml = Xml::new(&text, package.nesting());
        while let Some(node) = xml.next() {
            let Node::Start(tag) = node else { continue };
            if tag.name() == "sldId"
                && let Some(slide) =
                    tag.attr_prefixed("id").and_then(|id| ids.get(id.as_str()).copied())
                && !names.contains(&slide.target)
            {
                names.push(slide.target.clone());
            }
        }
    }
    let mut others: Vec<String> = relations
        .iter()
        .filter(|r| r.kind == "slide" && !r.external)
        .map(|r| r.target.clone())
        .chain(package.parts.names().iter().map(|name| name.replace('\\', "/")).filter(|name| {
            let lower = name.to_lowercase();
            lower.starts_with("ppt/slides/slide") && lower.ends_with(".xml")
        }))
        .filter(|name| !names.iter().any(|known| known.eq_ignore_ascii_case(name)))
        .collect();
    others.sort_by_key(|name| (name.len(), name.clone()));
    others.dedup();
    names.extend(others);
    Ok(names)
}

#[derive(Default)]
struct Reader {
    number: usize,
    links: Vec<(String, String)>,
    authors: HashMap<String, String>,
    layouts: Vec<String>,
    seen: HashSet<String>,
    children: HashSet<String>,
}

impl Reader {
    fn read_authors(&mut self, text: &str, nesting: u32) {
        let mut xml = Xml::new(text, nesting);
        while let Some(node) = xml.next() {
            if let Node::Start(tag) = node
                && matches!(tag.name(), "cmAuthor" | "author")
                && let (Some(id), Some(name)) = (tag.attr("id"), tag.attr("name"))
            {
                self.authors.insert(id, name);
            }
        }
    }

    fn slide(&mut self, package: &mut Package, out: &mut Out, name: &str) -> Result<(), Stop> {
        let label = self.number.to_string();
        let relations = package.relations(name)?;
        self.seen.insert(name.to_lowercase());
        let Some(text) = package.parts.xml(name)? else {
            return out.warn(format!("slide {label} cannot be read"));
        };
        let shapes = Shapes::read(&text, package.nesting(), &relations, true);
        if shapes.hidden {
            out.hidden_part(PartKind::Slide, label.clone(), Wrap::Lines)?;
        } else {
            out.labelled_part(PartKind::Slide, label.clone(), Wrap::Lines)?;
        }
        for line in &shapes.lines {
            out.line(line)?;
        }
        for table in &shapes.tables {
            out.labelled_part(PartKind::Table, label.clone(), Wrap::Lines)?;
            for row in table {
                out.row(row)?;
            }
        }
        if let Some(why) = &shapes.broken {
            out.warn(format!("slide {label} is damaged: {why}"))?;
        }
        let nothing = shapes.lines.is_empty() && shapes.tables.is_empty();
        self.links.extend(shapes.links);
        let wrote = self.around(package, out, &relations, &label)?;
        let pictures = relations.iter().any(|r| r.kind == "image");
        if nothing && !wrote && pictures {
            out.page_without_text(label)?;
        }
        Ok(())
    }

    /// Notes, comments, charts, diagrams and files of a slide. Returns whether there was a text
    /// that belongs to the face of the slide.
    fn around(
        &mut self,
        package: &mut Package,
        out: &mut Out,
        relations: &[Relation],
        label: &str,
    ) -> Result<bool, Stop> {
        let mut wrote = false;
        for relation in relations {
            if relation.external {
                if relation.kind != "hyperlink" {
                    self.links.push((relation.target.clone(), relation.kind.clone()));
                }
                continue;
            }
            let kind = relation.kind.as_str();
            if kind == "slideLayout" {
                self.layouts.push(relation.target.clone());
            }
            let known = ["chart", "chartEx", "diagramData", "notesSlide", "comments", "comment"];
            if !known.contains(&kind) || !self.seen.insert(relation.target.to_lowercase()) {
                continue;
            }
            let Some(text) = package.parts.xml(&relation.target)? else { continue };
            let below = package.relations(&relation.target)?;
            match kind {
                "notesSlide" => {
                    let notes = Shapes::read(&text, package.nesting(), &below, true);
                    let mut lines = notes.lines;
                    // The number of the slide stands in a placeholder of its own.
                    lines.retain(|line| line.trim() != label);
                    lines.extend(notes.tables.iter().flatten().map(|row| row.join("\t")));
                    if !lines.is_empty() {
                        write_lines(out, PartKind::Notes, label, &lines)?;
                    }
                    self.links.extend(notes.links);
                }
                "comments" | "comment" => self.comments(&text, package.nesting(), out)?,
                _ => {
                    let lines = drawing::lines(&text, package.nesting());
                    if !lines.is_empty() {
                        wrote = true;
                        write_lines(out, PartKind::TextBox, label, &lines)?;
                    }
                }
            }
            package.send_embedded(out, &below, &mut self.children)?;
        }
        package.send_embedded(out, relations, &mut self.children)?;
        Ok(wrote)
    }

    fn comments(&mut self, text: &str, nesting: u32, out: &mut Out) -> Result<(), Stop> {
        let mut xml = Xml::new(text, nesting);
        let mut author = String::new();
        let mut date = String::new();
        while let Some(node) = xml.next() {
            let Node::Start(tag) = node else { continue };
            match tag.name() {
                "cm" | "reply" => {
                    let id = tag.attr("authorId").unwrap_or_default();
                    author = self.authors.get(&id).cloned().unwrap_or_default();
                    date = tag.attr("dt").or(tag.attr("created")).unwrap_or_default();
                }
                "text" | "txBody" => {
                    let text = xml.text_inside();
                    write_comment(out, &author, &date, &text)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What layouts and masters show on every slide, beside their prompts.
    fn masters(&mut self, package: &mut Package, out: &mut Out) -> Result<(), Stop> {
        let mut names = std::mem::take(&mut self.layouts);
        let mut lines: Vec<String> = Vec::new();
        let mut at = 0;
        while at < names.len() {
            let name = names[at].clone();
            at += 1;
            if !self.seen.insert(name.to_lowercase()) {
                continue;
            }
            let Some(text) = package.parts.xml(&name)? else { continue };
            let relations = package.relations(&name)?;
            let shapes = Shapes::read(&text, package.nesting(), &relations, false);
            for line in shapes.lines {
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
            self.links.extend(shapes.links);
            package.send_embedded(out, &relations, &mut self.children)?;
            names.extend(
                relations.into_iter().filter(|r| r.kind == "slideMaster").map(|r| r.target),
            );
        }
        if lines.is_empty() {
            return Ok(());
        }
        write_lines(out, PartKind::Header, "master", &lines)
    }
}

/// What stands in the shapes of one slide.
#[derive(Default)]
struct Shapes {
    lines: Vec<String>,
    tables: Vec<Vec<Vec<String>>>,
    links: Vec<(String, String)>,
    hidden: bool,
    broken: Option<String>,
}

/// A shape being read: where its lines begin and whether it is to be kept.
struct Shape {
    depth: u32,
    lines: usize,
    placeholder: bool,
    counted: bool,
}

impl Shapes {
    /// `placeholders`: also the text of placeholders, which in masters is only a prompt.
    fn read(text: &str, nesting: u32, relations: &[Relation], placeholders: bool) -> Shapes {
        let ids = by_id(relations);
        let mut xml = Xml::new(text, nesting);
        let mut all = Shapes::default();
        let mut shapes: Vec<Shape> = Vec::new();
        let mut line = String::new();
        let mut row: Option<Vec<String>> = None;
        let mut cell: Option<String> = None;
        let mut in_text = false;
        let mut choices: Vec<usize> = Vec::new();
        let mut link: Option<String> = None;
        while let Some(node) = xml.next() {
            match node {
                Node::Start(tag) => match tag.name() {
                    "sld" => all.hidden = tag.attr("show").is_some() && !tag.is_on("show"),
                    "sp" | "graphicFrame" | "pic" | "cxnSp" => shapes.push(Shape {
                        depth: xml.depth(),
                        lines: all.lines.len(),
                        placeholder: false,
                        counted: false,
                    }),
                    "ph" => {
                        if let Some(shape) = shapes.last_mut() {
                            // Footers of a master are what it says on every slide.
                            let kind = tag.attr("type").unwrap_or_default();
                            shape.placeholder = !matches!(kind.as_str(), "ftr" | "hdr");
                            shape.counted = kind == "sldNum";
                        }
                    }
                    "cNvPr" => describe(&tag, &mut all),
                    "hlinkClick" | "hlinkMouseOver" => {
                        if let Some(id) = tag.attr_prefixed("id")
                            && let Some(relation) = ids.get(id.as_str())
                            && relation.external
                        {
                            link = Some(relation.target.clone());
                        }
                    }
                    "tbl" => all.tables.push(Vec::new()),
                    "tr" => row = Some(Vec::new()),
                    "tc" => cell = Some(String::new()),
                    "t" => in_text = true,
                    "br" => line.push('\n'),
                    "tab" if tag.attr("pos").is_none() => line.push('\t'),
                    "AlternateContent" => choices.push(all.size()),
                    "Choice" | "Fallback" if choices.last().is_some_and(|&n| n != all.size()) => {
                        xml.skip();
                    }
                    _ => {}
                },
                Node::Text(text) if in_text => {
                    line.push_str(&text);
                    if let Some(target) = link.take() {
                        all.links.push((target, text.into_owned()));
                    }
                }
                Node::Text(_) => {}
                Node::End(tag) => match tag.name() {
                    "t" => in_text = false,
                    "r" => {
                        if let Some(target) = link.take() {
                            all.links.push((target, String::new()));
                        }
                    }
                    "p" => {
                        let text = std::mem::take(&mut line);
                        match cell.as_mut() {
                            Some(cell) if !text.trim().is_empty() => {
                                if !cell.is_empty() {
                                    cell.push('\n');
                                }
                                cell.push_str(&text);
                            }
                            Some(_) => {}
                            None if text.trim().is_empty() => {}
                            None => all.lines.push(text),
                        }
                    }
                    "tc" => {
                        if let (Some(row), Some(cell)) = (row.as_mut(), cell.take()) {
                            row.push(cell);
                        }
                    }
                    "tr" => {
                        if let (Some(table), Some(row)) = (all.tables.last_mut(), row.take())
                            && row.iter().any(|cell| !cell.is_empty())
                        {
                            table.push(row);
                        }
                    }
                    "AlternateContent" => {
                        choices.pop();
                    }
                    "sp" | "graphicFrame" | "pic" | "cxnSp" => {
                        if let Some(target) = link.take() {
                            all.links.push((target, String::new()));
                        }
                        if shapes.last().is_some_and(|s| s.depth == xml.depth() + 1)
                            && let Some(shape) = shapes.pop()
                            && ((shape.placeholder && !placeholders) || shape.counted)
                        {
                            all.lines.truncate(shape.lines);
                        }
                    }
                    _ => {}
                },
            }
        }
        all.tables.retain(|table| !table.is_empty());
        all.broken = xml.broken;
        all
    }

    fn size(&self) -> usize {
        self.lines.len() + self.tables.iter().map(Vec::len).sum::<usize>()
    }
}

/// The alternative text of a picture, where somebody wrote one.
fn describe(tag: &Tag, all: &mut Shapes) {
    if let Some(description) = tag.attr("descr")
        && !description.trim().is_empty()
        && !all.lines.contains(&description)
    {
        all.lines.push(description);
    }
}
