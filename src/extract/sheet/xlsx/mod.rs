//! `.xlsx` and `.xlsb`: the workbook, its sheets, and what hangs on them. The two differ only in
//! how workbook, strings, styles and cells are written (XML here, `xlsb.rs` for the records).

mod xml;

use super::{Grid, Styles, cell_name, write_sheet_names, xlsb};
use crate::extract::office::pull::{Node, Xml, decode};
use crate::extract::office::readings::Readings;
use crate::extract::office::story::{write_comment, write_lines};
use crate::extract::ooxml::{Package, Relation, drawing_lines, properties, write_links};
use crate::extract::{Input, Out, Stop};
use crate::model::PartKind;
use std::collections::{HashMap, HashSet};
use xml::{attributes, read_sheet, read_strings, read_styles, read_workbook, rich_text};

/// `.xlsx`, `.xlsm`, `.xltx`, `.xlsb`: the parts themselves say which they are.
pub fn xlsx(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut package = Package::open(input)?;
    read(&mut package, out)
}

/// One sheet as the workbook lists it.
pub struct SheetEntry {
    pub name: String,
    pub hidden: bool,
    pub relation: String,
}

/// What all sheets share.
#[derive(Default)]
pub struct Book {
    pub sheets: Vec<SheetEntry>,
    pub strings: Strings,
    pub styles: Styles,
    /// What stands above words in cells.
    pub readings: Readings,
}

/// Shared strings in one block: a large table has millions.
#[derive(Default)]
pub struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    pub fn get(&self, at: usize) -> &str {
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.text.get(start.unwrap_or(0)..end).unwrap_or("")
    }
}

/// What a sheet part holds beside its cells.
#[derive(Default)]
pub struct Around {
    pub headers: Vec<String>,
    pub footers: Vec<String>,
    /// Cell and relationship, or address, of links.
    pub links: Vec<(String, String)>,
}

fn read(package: &mut Package, out: &mut Out) -> Result<(), Stop> {
    properties(package, out)?;
    let main = package.main(&["xl/workbook.xml", "xl/workbook.bin"])?;
    let relations = package.relations(&main)?;
    let Some(workbook) = package.parts.read(&main)? else {
        package.warn_of_damage(out)?;
        return Err(Stop::failed("the workbook cannot be read"));
    };
    let nesting = package.nesting();
    let mut book = Book::default();
    let binary = is_binary(&workbook);
    if binary {
        xlsb::workbook(&workbook, &mut book);
    } else {
        read_workbook(&decode(&workbook), nesting, &mut book);
    }
    for relation in &relations {
        let kind = relation.kind.as_str();
        if !matches!(kind, "sharedStrings" | "styles") {
            continue;
        }
        let Some(bytes) = package.parts.read(&relation.target)? else { continue };
        match (kind, is_binary(&bytes)) {
            ("styles", true) => xlsb::styles(&bytes, &mut book.styles),
            ("styles", false) => read_styles(&decode(&bytes), nesting, &mut book.styles),
            (_, true) => xlsb::strings(&bytes, &mut book),
            (_, false) => {
                let Book { strings, readings, .. } = &mut book;
                read_strings(&decode(&bytes), nesting, strings, readings);
            }
        }
    }
    if book.sheets.is_empty() {
        // The workbook is damaged: take the sheets as the relationships name them.
        for relation in relations.iter().filter(|r| r.kind.to_lowercase().ends_with("sheet")) {
            let name = relation.target.rsplit('/').next().unwrap_or_default().to_owned();
            book.sheets.push(SheetEntry { name, hidden: false, relation: relation.id.clone() });
        }
    }
    let names: Vec<String> = book.sheets.iter().map(|s| s.name.clone()).collect();
    let mut reader = Reader {
        book,
        broken: false,
        persons: HashMap::new(),
        links: Vec::new(),
        seen: HashSet::new(),
        children: HashSet::new(),
    };
    reader.beside(package, out, &relations)?;
    for at in 0..reader.book.sheets.len() {
        let id = &reader.book.sheets[at].relation;
        let Some(relation) = relations.iter().find(|r| &r.id == id && !r.external) else {
            continue;
        };
        reader.sheet(package, out, at, &relation.target)?;
    }
    package.send_embedded(out, &relations, &mut reader.children)?;
    write_sheet_names(out, &names)?;
    reader.book.readings.write(out)?;
    write_links(out, &reader.links)?;
    package.warn_of_damage(out)?;
    if reader.broken && !out.non_blank {
        return Err(Stop::failed("its sheets are damaged and nothing could be read from them"));
    }
    Ok(())
}

/// XML begins with a mark or a bracket, records with neither.
fn is_binary(bytes: &[u8]) -> bool {
    let start = bytes.iter().take(4).copied().find(|b| !b.is_ascii_whitespace() && *b != 0);
    !matches!(start, Some(b'<' | 0xef | 0xff | 0xfe) | None)
}

struct Reader {
    book: Book,
    /// A sheet was damaged.
    broken: bool,
    persons: HashMap<String, String>,
    links: Vec<(String, String)>,
    seen: HashSet<String>,
    children: HashSet<String>,
}

impl Reader {
    /// What hangs on the workbook itself: names of people, sources of data, linked workbooks.
    fn beside(
        &mut self,
        package: &mut Package,
        out: &mut Out,
        relations: &[Relation],
    ) -> Result<(), Stop> {
        let nesting = package.nesting();
        for relation in relations.iter().filter(|r| !r.external) {
            match relation.kind.as_str() {
                "person" => {
                    if let Some(text) = package.parts.xml(&relation.target)? {
                        let mut xml = Xml::new(&text, nesting);
                        while let Some(node) = xml.next() {
                            if let Node::Start(tag) = node
                                && tag.name() == "person"
                                && let (Some(id), Some(name)) =
                                    (tag.attr("id"), tag.attr("displayName"))
                            {
                                self.persons.insert(id, name);
                            }
                        }
                    }
                }
                "connections" => {
                    if let Some(text) = package.parts.xml(&relation.target)? {
                        let lines = attributes(
                            &text,
                            nesting,
                            &["connection", "command", "url", "sourceFile", "odcFile"],
                        );
                        if !lines.is_empty() {
                            write_lines(out, PartKind::Body, "connections", &lines)?;
                        }
                    }
                }
                "externalLink" => {
                    for link in package.relations(&relation.target)? {
                        if link.external {
                            self.links.push((link.target, String::new()));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn sheet(
        &mut self,
        package: &mut Package,
        out: &mut Out,
        at: usize,
        target: &str,
    ) -> Result<(), Stop> {
        let relations = package.relations(target)?;
        let entry = &self.book.sheets[at];
        let (name, hidden) = (entry.name.clone(), entry.hidden);
        let mut grid = Grid::new(&name, hidden);
        let mut around = Around::default();
        if let Some(bytes) = package.parts.read(target)? {
            let broken = if is_binary(&bytes) {
                xlsb::sheet(&bytes, &mut self.book, &mut grid, &mut around, out)?
            } else {
                let text = decode(&bytes);
                drop(bytes);
                read_sheet(&text, package.nesting(), &mut self.book, &mut grid, &mut around, out)?
            };
            if let Some(why) = broken {
                self.broken = true;
                out.warn(format!("sheet {name} is damaged and was read up to the damage: {why}"))?;
            }
        } else {
            self.broken = true;
            out.warn(format!("sheet {name} cannot be read"))?;
        }
        grid.finish(out)?;
        if !around.headers.is_empty() {
            write_lines(out, PartKind::Header, &name, &around.headers)?;
        }
        if !around.footers.is_empty() {
            write_lines(out, PartKind::Footer, &name, &around.footers)?;
        }
        for (cell, address) in around.links {
            let target = relations
                .iter()
                .find(|r| r.id == address)
                .map_or_else(|| address.clone(), |r| r.target.clone());
            self.links.push((target, format!("{name}!{cell}")));
        }
        self.below(package, out, &relations, &name)
    }

    /// Comments, drawings, charts and files of a sheet.
    fn below(
        &mut self,
        package: &mut Package,
        out: &mut Out,
        relations: &[Relation],
        sheet: &str,
    ) -> Result<(), Stop> {
        // Threaded comments repeat themselves as plain ones for older programs.
        let threaded = relations.iter().any(|r| r.kind == "threadedComment");
        for relation in relations {
            if relation.external {
                if relation.kind != "hyperlink" {
                    self.links.push((relation.target.clone(), relation.kind.clone()));
                }
                continue;
            }
            let kind = relation.kind.as_str();
            let known = [
                "comments",
                "threadedComment",
                "drawing",
                "chart",
                "chartEx",
                "diagramData",
                "chartUserShapes",
                "queryTable",
            ];
            if !known.contains(&kind) || !self.seen.insert(relation.target.to_lowercase()) {
                continue;
            }
            let Some(bytes) = package.parts.read(&relation.target)? else { continue };
            let nesting = package.nesting();
            match kind {
                "comments" if threaded => {}
                "comments" if is_binary(&bytes) => {
                    for (cell, author, text) in xlsb::comments(&bytes) {
                        write_comment(out, &author, &format!("{sheet}!{cell}"), &text)?;
                    }
                }
                "comments" => self.comments(&decode(&bytes), nesting, sheet, out)?,
                "threadedComment" => self.threads(&decode(&bytes), nesting, sheet, out)?,
                "queryTable" => {}
                _ => {
                    let lines = drawing_lines(&decode(&bytes), nesting);
                    if !lines.is_empty() {
                        write_lines(out, PartKind::TextBox, sheet, &lines)?;
                    }
                }
            }
            let deeper = package.relations(&relation.target)?;
            self.below(package, out, &deeper, sheet)?;
        }
        package.send_embedded(out, relations, &mut self.children)
    }

    fn comments(
        &mut self,
        text: &str,
        nesting: u32,
        sheet: &str,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let mut xml = Xml::new(text, nesting);
        let mut authors = Vec::new();
        let (mut cell, mut author) = (String::new(), String::new());
        while let Some(node) = xml.next() {
            let Node::Start(tag) = node else { continue };
            match tag.name() {
                "author" => authors.push(xml.text_inside()),
                "comment" => {
                    cell = tag.attr("ref").unwrap_or_default();
                    let id: usize = tag.number("authorId").unwrap_or(usize::MAX);
                    author = authors.get(id).cloned().unwrap_or_default();
                }
                "text" => {
                    let text = rich_text(&mut xml);
                    write_comment(out, &author, &format!("{sheet}!{cell}"), &text)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn threads(&self, text: &str, nesting: u32, sheet: &str, out: &mut Out) -> Result<(), Stop> {
        let mut xml = Xml::new(text, nesting);
        let (mut head, mut author) = (String::new(), String::new());
        while let Some(node) = xml.next() {
            let Node::Start(tag) = node else { continue };
            match tag.name() {
                "threadedComment" => {
                    let cell = tag.attr("ref").unwrap_or_default();
                    let date = tag.attr("dT").unwrap_or_default();
                    head = format!("{sheet}!{cell} {date}");
                    let id = tag.attr("personId").unwrap_or_default();
                    author = self.persons.get(&id).cloned().unwrap_or_default();
                }
                "text" => {
                    let text = xml.text_inside();
                    write_comment(out, &author, &head, &text)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Adds lines that are not there yet: odd and even pages mostly agree.
pub fn add_lines(lines: &mut Vec<String>, more: Vec<String>) {
    for line in more {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
}

/// `Sheet1!B7` for places that come as numbers from 0.
pub fn place(row: u32, column: u32) -> String {
    cell_name(row.saturating_add(1), column.saturating_add(1))
}
