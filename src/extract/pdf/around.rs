//! What a PDF holds beside its pages: properties, comments, links, form fields, bookmarks,
//! attached files.

use super::objects::{Dictionary, date, dictionary, resolve, text, text_string};
use super::quiet;
use crate::extract::office::children::attached;
use crate::extract::office::pull::{Node, Xml, decode};
use crate::extract::office::story::{write_comment, write_lines};
use crate::extract::ooxml::write_links;
use crate::extract::{Key, Out, Stop};
use crate::model::PartKind;
use pdf_oxide::PdfDocument;
use pdf_oxide::object::{Object, ObjectRef};
use std::collections::HashSet;

/// What was met on the pages and goes out after them.
#[derive(Default)]
pub struct Seen {
    links: Vec<(String, String)>,
    fields: Vec<String>,
    /// File specifications of attachments.
    files: Vec<Object>,
}

/// Sends the properties of the document.
pub fn metadata(document: &PdfDocument, out: &mut Out) -> Result<(), Stop> {
    let trailer = document.trailer().as_dict().cloned().unwrap_or_default();
    let info = dictionary(document, &trailer, "Info").unwrap_or_default();
    let mut keys: Vec<&String> = info.keys().collect();
    keys.sort();
    for name in keys {
        let Some(value) = text(document, &info, name) else { continue };
        let (key, value) = match name.as_str() {
            "Title" => (Key::Title, value),
            "Author" => (Key::Author, value),
            "Subject" => (Key::Subject, value),
            "Keywords" => (Key::Keywords, value),
            "Creator" => (Key::Application, value),
            "Producer" => (Key::Other("producer".to_owned()), value),
            "CreationDate" => (Key::Created, date(&value)),
            "ModDate" => (Key::Modified, date(&value)),
            "Company" => (Key::Company, value),
            "Manager" => (Key::Manager, value),
            "Trapped" => continue,
            other => (Key::Other(other.to_owned()), value),
        };
        out.meta(key, &value)?;
    }
    if let Some(Ok(Some(xmp))) =
        quiet(|| pdf_oxide::extractors::xmp::XmpExtractor::extract(document))
    {
        // What the older properties do not say.
        let lacks = |name: &str| !info.contains_key(name);
        if let Some(title) = xmp.dc_title.filter(|_| lacks("Title")) {
            out.meta(Key::Title, &title)?;
        }
        if lacks("Author") {
            out.meta(Key::Author, &xmp.dc_creator.join(", "))?;
        }
        if let Some(tool) = xmp.xmp_creator_tool.filter(|_| lacks("Creator")) {
            out.meta(Key::Application, &tool)?;
        }
        if let Some(created) = xmp.xmp_create_date.filter(|_| lacks("CreationDate")) {
            out.meta(Key::Created, &created)?;
        }
        if let Some(modified) = xmp.xmp_modify_date.filter(|_| lacks("ModDate")) {
            out.meta(Key::Modified, &modified)?;
        }
        if let Some(description) = xmp.dc_description.filter(|_| lacks("Subject")) {
            out.meta(Key::Description, &description)?;
        }
    }
    Ok(())
}

/// Annotations of one page; a page with more is hostile.
const MOST_ANNOTATIONS: usize = 10_000;

/// Writes the comments of a page; keeps links, fields and files.
pub fn annotations(
    document: &PdfDocument,
    page: usize,
    seen: &mut Seen,
    out: &mut Out,
) -> Result<(), Stop> {
    let Some(Ok(Object::Dictionary(page))) = quiet(|| document.get_page(page)) else {
        return Ok(());
    };
    let Some(Object::Array(all)) = page.get("Annots").and_then(|a| resolve(document, a)) else {
        return Ok(());
    };
    for annotation in all.iter().take(MOST_ANNOTATIONS) {
        let Some(Object::Dictionary(annotation)) = resolve(document, annotation) else { continue };
        let kind = text(document, &annotation, "Subtype").unwrap_or_default();
        match kind.as_str() {
            "Link" => link(document, &annotation, seen),
            // Fields are read from the form, with their names.
            "Widget" | "Popup" => {}
            _ => {
                if kind == "FileAttachment"
                    && let Some(file) = annotation.get("FS")
                {
                    seen.files.push(file.clone());
                }
                let author = text(document, &annotation, "T").unwrap_or_default();
                let when = text(document, &annotation, "M").map(|d| date(&d)).unwrap_or_default();
                let what = text(document, &annotation, "Contents").unwrap_or_default();
                write_comment(out, &author, &when, &what)?;
                link(document, &annotation, seen);
            }
        }
    }
    Ok(())
}

fn link(document: &PdfDocument, annotation: &Dictionary, seen: &mut Seen) {
    let Some(action) = dictionary(document, annotation, "A") else { return };
    let address = text(document, &action, "URI").or_else(|| match action.get("F") {
        Some(file) => match resolve(document, file)? {
            Object::String(name) => Some(text_string(&name)),
            Object::Dictionary(file) => {
                text(document, &file, "UF").or_else(|| text(document, &file, "F"))
            }
            _ => None,
        },
        None => text(document, &action, "JS"),
    });
    if let Some(address) = address {
        let shown = text(document, annotation, "Contents").unwrap_or_default();
        seen.links.push((address, shown));
    }
}

/// Writes what was kept, and what hangs on the document itself.
pub fn write(document: &PdfDocument, mut seen: Seen, out: &mut Out) -> Result<(), Stop> {
    let catalog = match quiet(|| document.catalog()) {
        Some(Ok(Object::Dictionary(catalog))) => catalog,
        _ => Dictionary::new(),
    };
    let form = dictionary(document, &catalog, "AcroForm").unwrap_or_default();
    if let Some(Object::Array(fields)) = form.get("Fields").and_then(|f| resolve(document, f)) {
        let mut walk = Walk::default();
        read_fields(document, &fields, "", &mut walk, &mut seen.fields);
    }
    if !seen.fields.is_empty() {
        write_lines(out, PartKind::TextBox, "form", &seen.fields)?;
    }
    let dynamic = dynamic_form(document, &form);
    if !dynamic.is_empty() {
        write_lines(out, PartKind::TextBox, "form", &dynamic)?;
    }
    let mut titles = Vec::new();
    if let Some(first) = dictionary(document, &catalog, "Outlines")
        .and_then(|outlines| outlines.get("First").cloned())
    {
        bookmarks(document, first, &mut Walk::default(), &mut titles);
    }
    if !titles.is_empty() {
        write_lines(out, PartKind::TextBox, "bookmarks", &titles)?;
    }
    files(document, &catalog, seen.files, out)?;
    write_links(out, &seen.links)
}

/// Keeps a walk over objects that refer to each other finite.
#[derive(Default)]
struct Walk {
    visited: HashSet<ObjectRef>,
    depth: u32,
    steps: u32,
}

const DEEPEST: u32 = 64;
const MOST_STEPS: u32 = 200_000;

impl Walk {
    /// `false` when this object was visited or the walk has gone on too long.
    fn enter(&mut self, object: &Object) -> bool {
        self.steps += 1;
        let fresh = object.as_reference().is_none_or(|reference| self.visited.insert(reference));
        fresh && self.depth < DEEPEST && self.steps < MOST_STEPS
    }
}

fn read_fields(
    document: &PdfDocument,
    fields: &[Object],
    parent: &str,
    walk: &mut Walk,
    lines: &mut Vec<String>,
) {
    for object in fields {
        if !walk.enter(object) {
            continue;
        }
        let Some(Object::Dictionary(field)) = resolve(document, object) else { continue };
        let own = text(document, &field, "T").unwrap_or_default();
        let dot = if parent.is_empty() || own.is_empty() { "" } else { "." };
        let name = format!("{parent}{dot}{own}");
        let kind = text(document, &field, "FT").unwrap_or_default();
        let value = text(document, &field, "V").filter(|v| !v.trim().is_empty() && v != "Off");
        if let Some(value) = value
            && kind != "Sig"
        {
            let value = value.trim().replace('\n', " ");
            lines.push(if name.is_empty() { value } else { format!("{name}: {value}") });
        }
        // Those of buttons are only what is sent for them.
        let choices = choices(document, &field);
        if kind != "Btn" && !choices.is_empty() {
            lines.push(format!("{name} (to choose from): {}", choices.join(" · ")));
        }
        if let Some(Object::Array(kids)) = field.get("Kids").and_then(|k| resolve(document, k)) {
            walk.depth += 1;
            read_fields(document, &kids, &name, walk, lines);
            walk.depth -= 1;
        }
    }
}

/// Choices of a field that are listed.
const MOST_CHOICES: usize = 1000;

/// What a list offers, as it is shown (ISO 32000-1, 12.7.4.4).
fn choices(document: &PdfDocument, field: &Dictionary) -> Vec<String> {
    let Some(Object::Array(all)) = field.get("Opt").and_then(|opt| resolve(document, opt)) else {
        return Vec::new();
    };
    let shown = |choice: &Object| {
        let text = match resolve(document, choice)? {
            Object::String(text) => text_string(&text),
            // What is sent, and what is shown for it.
            Object::Array(pair) => match resolve(document, pair.last()?)? {
                Object::String(text) => text_string(&text),
                _ => return None,
            },
            _ => return None,
        };
        let text = text.trim().replace('\n', " ");
        (!text.is_empty()).then_some(text)
    };
    all.iter().take(MOST_CHOICES).filter_map(shown).collect()
}

/// Texts of a dynamic (XFA) form: its pages say only "please wait".
fn dynamic_form(document: &PdfDocument, form: &Dictionary) -> Vec<String> {
    let packets = match form.get("XFA").and_then(|xfa| resolve(document, xfa)) {
        Some(Object::Array(packets)) => packets,
        Some(stream @ Object::Stream { .. }) => vec![stream],
        _ => return Vec::new(),
    };
    let mut whole = Vec::new();
    for packet in &packets {
        if let Some(stream @ Object::Stream { .. }) = resolve(document, packet)
            && let Some(Ok(bytes)) = quiet(|| stream.decode_stream_data())
        {
            whole.extend(bytes);
        }
    }
    let source = decode(&whole);
    let mut xml = Xml::new(&source, 64);
    let mut lines: Vec<String> = Vec::new();
    let (mut template, mut data) = (0u32, 0u32);
    let mut line = String::new();
    while let Some(node) = xml.next() {
        match node {
            Node::Start(tag) => match tag.name() {
                "template" => template = xml.depth(),
                "data" => data = xml.depth(),
                "script" | "config" | "xmpmeta" | "localeSet" | "stylesheet" => xml.skip(),
                "text" | "exData" if template > 0 => {
                    let text = xml.text_inside();
                    if !text.trim().is_empty() {
                        lines.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
                    }
                }
                _ => {}
            },
            Node::Text(text) if data > 0 => line.push_str(&text),
            Node::Text(_) => {}
            Node::End(tag) => {
                if !line.trim().is_empty() {
                    let value = line.split_whitespace().collect::<Vec<_>>().join(" ");
                    lines.push(format!("{}: {value}", tag.name()));
                }
                line.clear();
                match tag.name() {
                    "template" if xml.depth() < template => template = 0,
                    "data" if xml.depth() < data => data = 0,
                    _ => {}
                }
            }
        }
    }
    lines
}

fn bookmarks(document: &PdfDocument, first: Object, walk: &mut Walk, titles: &mut Vec<String>) {
    let mut next = Some(first);
    while let Some(object) = next.take() {
        if !walk.enter(&object) {
            return;
        }
        let Some(Object::Dictionary(item)) = resolve(document, &object) else { return };
        if let Some(title) = text(document, &item, "Title") {
            titles.push(title);
        }
        if let Some(first) = item.get("First") {
            walk.depth += 1;
            bookmarks(document, first.clone(), walk, titles);
            walk.depth -= 1;
        }
        next = item.get("Next").cloned();
    }
}

/// Sends attached files: of the document, of its comments, and associated ones.
fn files(
    document: &PdfDocument,
    catalog: &Dictionary,
    mut specifications: Vec<Object>,
    out: &mut Out,
) -> Result<(), Stop> {
    if document.is_encrypted() {
        // Streams are decrypted on the parser's own paths only.
        let all = quiet(|| document.extract_embedded_files()).and_then(Result::ok);
        for (at, (name, bytes)) in all.unwrap_or_default().iter().enumerate() {
            attached(out, name, at as u64, bytes)?;
        }
        return Ok(());
    }
    if let Some(tree) =
        dictionary(document, catalog, "Names").and_then(|names| names.get("EmbeddedFiles").cloned())
    {
        name_tree(document, &tree, &mut Walk::default(), &mut specifications);
    }
    if let Some(Object::Array(associated)) = catalog.get("AF").and_then(|a| resolve(document, a)) {
        specifications.extend(associated);
    }
    let mut sent: HashSet<ObjectRef> = HashSet::new();
    let mut ordinal = 0;
    for specification in specifications {
        let Some(Object::Dictionary(file)) = resolve(document, &specification) else { continue };
        let name = ["UF", "F", "Unix", "DOS", "Desc"]
            .iter()
            .find_map(|key| text(document, &file, key).filter(|name| !name.trim().is_empty()))
            .unwrap_or_else(|| "attachment".to_owned());
        let Some(embedded) = dictionary(document, &file, "EF") else { continue };
        let Some(stream) =
            ["UF", "F", "Unix", "DOS"].iter().find_map(|key| embedded.get(*key)?.as_reference())
        else {
            continue;
        };
        if !sent.insert(stream) {
            continue;
        }
        let bytes = content(document, stream);
        match bytes {
            Some(bytes) => attached(out, &name, ordinal, &bytes)?,
            None => out.warn(format!("the attached file {name} cannot be read"))?,
        }
        ordinal += 1;
    }
    Ok(())
}

/// The decoded bytes of a stream.
fn content(document: &PdfDocument, stream: ObjectRef) -> Option<Vec<u8>> {
    let object = quiet(|| document.load_object(stream)).and_then(Result::ok)?;
    quiet(|| object.decode_stream_data()).and_then(Result::ok)
}

fn name_tree(document: &PdfDocument, node: &Object, walk: &mut Walk, found: &mut Vec<Object>) {
    if !walk.enter(node) {
        return;
    }
    let Some(Object::Dictionary(node)) = resolve(document, node) else { return };
    if let Some(Object::Array(names)) = node.get("Names").and_then(|n| resolve(document, n)) {
        found.extend(names.into_iter().skip(1).step_by(2));
    }
    if let Some(Object::Array(kids)) = node.get("Kids").and_then(|k| resolve(document, k)) {
        walk.depth += 1;
        for kid in &kids {
            name_tree(document, kid, walk, found);
        }
        walk.depth -= 1;
    }
}
