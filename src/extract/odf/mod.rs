//! OpenDocument: texts, sheets, slides and drawings, zipped or flat.

mod locked;
mod sheet;
#[cfg(test)]
mod tests;
mod walk;

use super::office::children::embedded;
use super::office::pull::{Node, Xml, decode};
use super::office::story::write_lines;
use super::office::zipped::Parts;
use super::ooxml::write_links;
use super::sheet::write_sheet_names;
use super::{Input, Key, Out, Stop};
use crate::model::PartKind;
use locked::Locked;
use walk::Walk;

/// `.odt`, `.ods`, `.odp`, `.odg` and their templates.
pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let nesting = input.limits.nesting;
    let (limits, passwords) = (input.limits, input.passwords);
    let mut parts = Parts::open(input)?;
    if let Some(manifest) = parts.xml("META-INF/manifest.xml")?
        && let Some(locked) = Locked::of(&manifest, nesting)
    {
        parts = locked.open(parts, passwords, limits, out)?;
    }
    if let Some(meta) = parts.xml("meta.xml")? {
        metadata(&meta, nesting, out)?;
    }
    let mut walk = Walk::default();
    let broken = match parts.xml("content.xml")? {
        Some(content) => walk.read(&content, nesting, out)?,
        // A template may be nothing but styles.
        None if !parts.has("content.xml") && parts.has("styles.xml") => None,
        None => {
            parts.end(out)?;
            return Err(Stop::failed("its content cannot be read"));
        }
    };
    if let Some(styles) = parts.xml("styles.xml")? {
        walk.read(&styles, nesting, out)?;
    }
    objects(&mut parts, &mut walk, nesting, out)?;
    macros(&mut parts, nesting, out)?;
    write_sheet_names(out, &walk.sheets)?;
    walk.readings.write(out)?;
    write_links(out, &walk.links)?;
    pictures(&mut parts, out)?;
    parts.end(out)?;
    broken.map_or(Ok(()), |why| Err(Stop::Failed(format!("its content is damaged: {why}"))))
}

/// `.fodt`, `.fods`, `.fodp`: everything in one XML file.
pub fn flat(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let text = decode(&input.bytes()?);
    let nesting = input.limits.nesting;
    metadata(&text, nesting, out)?;
    let mut walk = Walk::default();
    let broken = walk.read(&text, nesting, out)?;
    write_sheet_names(out, &walk.sheets)?;
    walk.readings.write(out)?;
    write_links(out, &walk.links)?;
    for (at, data) in walk.pictures.iter().enumerate() {
        embedded(
            out,
            &format!("picture{}", at + 1),
            at as u64,
            &super::mail::transfer::base64(data.as_bytes()),
        )?;
    }
    broken.map_or(Ok(()), |why| Err(Stop::Failed(format!("the XML is damaged: {why}"))))
}

/// Embedded objects are folders with a content of their own: charts, formulas, whole sheets.
fn objects(parts: &mut Parts, walk: &mut Walk, nesting: u32, out: &mut Out) -> Result<(), Stop> {
    let names: Vec<String> = parts
        .names()
        .iter()
        .filter(|name| name.ends_with("/content.xml") && !name.starts_with("META-INF"))
        .cloned()
        .collect();
    for name in names {
        if let Some(content) = parts.xml(&name)? {
            walk.object = Some(name.trim_end_matches("/content.xml").to_owned());
            walk.read(&content, nesting, out)?;
        }
    }
    walk.object = None;
    Ok(())
}

/// Macros are text that does something: worth reading.
fn macros(parts: &mut Parts, nesting: u32, out: &mut Out) -> Result<(), Stop> {
    let names: Vec<String> = parts
        .names()
        .iter()
        .filter(|name| {
            (name.starts_with("Basic/") && name.ends_with(".xml"))
                || name.starts_with("Scripts/")
                || (name.starts_with("Dialogs/") && name.ends_with(".xml"))
        })
        .filter(|name| !name.ends_with('/'))
        .cloned()
        .collect();
    for name in names {
        let Some(text) = parts.xml(&name)? else { continue };
        let source = if name.ends_with(".xml") { module_text(&text, nesting) } else { text };
        if !source.trim().is_empty() {
            let lines: Vec<String> = source.lines().map(str::to_owned).collect();
            write_lines(out, PartKind::TextBox, &format!("macro {name}"), &lines)?;
        }
    }
    Ok(())
}

fn module_text(text: &str, nesting: u32) -> String {
    let mut xml = Xml::new(text, nesting);
    let mut source = String::new();
    while let Some(node) = xml.next() {
        if let Node::Text(more) = node {
            source.push_str(&more);
        }
    }
    source
}

fn pictures(parts: &mut Parts, out: &mut Out) -> Result<(), Stop> {
    let names: Vec<String> = parts.names().to_vec();
    for name in names {
        let top = name.split('/').next().unwrap_or_default();
        // Objects without a folder are OLE files or their replacement pictures.
        let single = name.starts_with("Object ") && !name.contains('/');
        if (!matches!(top, "Pictures" | "media" | "Media") && !single) || name.ends_with('/') {
            continue;
        }
        if let (Some(ordinal), Some(bytes)) = (parts.ordinal(&name), parts.read(&name)?) {
            embedded(out, &name, ordinal, &bytes)?;
        }
    }
    Ok(())
}

fn metadata(text: &str, nesting: u32, out: &mut Out) -> Result<(), Stop> {
    let mut xml = Xml::new(text, nesting);
    let mut inside = false;
    while let Some(node) = xml.next() {
        let tag = match node {
            Node::Start(tag) => tag,
            Node::End(tag) if tag.name() == "meta" => return Ok(()),
            _ => continue,
        };
        let key = match tag.name() {
            "meta" => {
                inside = true;
                continue;
            }
            "body" => return Ok(()),
            _ if !inside => continue,
            "generator" => Key::Application,
            "title" => Key::Title,
            "description" => Key::Description,
            "subject" => Key::Subject,
            "keyword" | "keywords" => Key::Keywords,
            "initial-creator" => Key::Author,
            "creator" => Key::LastModifiedBy,
            "creation-date" => Key::Created,
            "date" => Key::Modified,
            "print-date" => Key::Printed,
            "printed-by" => Key::Other("printed_by".to_owned()),
            "editing-cycles" => Key::Other("revision".to_owned()),
            "language" => Key::Other("language".to_owned()),
            "document-statistic" => {
                if let Some(pages) = tag.attr("page-count") {
                    out.meta(Key::Pages, &pages)?;
                }
                continue;
            }
            "user-defined" => Key::Other(tag.attr("name").unwrap_or_default()),
            _ => continue,
        };
        out.meta(key, &xml.text_inside())?;
    }
    Ok(())
}
