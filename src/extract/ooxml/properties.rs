//! Who wrote it, with what, when: the properties of a package.

use super::package::Package;
use crate::extract::office::pull::{Node, Xml};
use crate::extract::{Key, Out, Stop};

/// Sends core, extended and custom properties.
pub fn properties(package: &mut Package, out: &mut Out) -> Result<(), Stop> {
    let mut names: Vec<String> = package
        .relations("")?
        .into_iter()
        .filter(|r| !r.external && r.kind.ends_with("roperties"))
        .map(|r| r.target)
        .collect();
    for usual in ["docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"] {
        if !names.iter().any(|name| name.eq_ignore_ascii_case(usual)) {
            names.push(usual.to_owned());
        }
    }
    for name in names {
        if let Some(text) = package.parts.xml(&name)? {
            read(&text, package.nesting(), out)?;
        }
    }
    Ok(())
}

/// Reads one part of properties, of any of the three kinds, or the properties of a flat document.
pub fn read(text: &str, nesting: u32, out: &mut Out) -> Result<(), Stop> {
    let mut xml = Xml::new(text, nesting);
    while let Some(node) = xml.next() {
        let Node::Start(tag) = node else { continue };
        if tag.name() == "property" {
            let name = tag.attr("name").unwrap_or_default();
            let value = xml.text_inside();
            if !name.is_empty() {
                out.meta(Key::Other(name), &value)?;
            }
        } else if let Some(key) = key(tag.name()) {
            let value = xml.text_inside();
            let value = if matches!(key, Key::Created | Key::Modified | Key::Printed) {
                date(&value)
            } else {
                value
            };
            out.meta(key, &value)?;
        }
    }
    Ok(())
}

/// A date as it stands, if it is RFC 3339 at all. Word writes 1601-01-01 for "never".
fn date(value: &str) -> String {
    let value = value.trim();
    let plausible = value.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && !value.starts_with("1601-01-01");
    if plausible { value.to_owned() } else { String::new() }
}

/// Local names of all three parts; they do not collide.
pub fn key(name: &str) -> Option<Key> {
    Some(match name {
        "title" | "Title" => Key::Title,
        "subject" | "Subject" => Key::Subject,
        "creator" | "Author" => Key::Author,
        "lastModifiedBy" | "LastAuthor" => Key::LastModifiedBy,
        "Company" => Key::Company,
        "Manager" => Key::Manager,
        "Application" => Key::Application,
        "keywords" | "Keywords" => Key::Keywords,
        "description" | "Description" => Key::Description,
        "created" | "Created" => Key::Created,
        "modified" | "LastSaved" => Key::Modified,
        "lastPrinted" | "LastPrinted" => Key::Printed,
        "Pages" => Key::Pages,
        "category" | "Category" => Key::Other("category".to_owned()),
        "contentStatus" => Key::Other("status".to_owned()),
        "revision" | "Revision" => Key::Other("revision".to_owned()),
        "version" => Key::Other("version".to_owned()),
        "identifier" => Key::Other("identifier".to_owned()),
        "language" => Key::Other("language".to_owned()),
        "Template" => Key::Other("template".to_owned()),
        "TotalTime" => Key::Other("editing_minutes".to_owned()),
        "AppVersion" => Key::Other("application_version".to_owned()),
        "HyperlinkBase" => Key::Other("hyperlink_base".to_owned()),
        _ => return None,
    })
}
