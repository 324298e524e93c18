//! What attributes say about an element or the page.

use super::tokens::Tag;
use crate::extract::Key;

/// Whether a browser shows nothing of the element.
pub(super) fn is_hidden(tag: &Tag) -> bool {
    if tag.attributes.len() < 6 {
        return false;
    }
    let style = tag.attribute("style").map(|style| {
        style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase()
    });
    style.is_some_and(|style| {
        style.contains("display:none")
            || style.contains("visibility:hidden")
            || style.contains("font-size:0;")
    }) || tag.attribute("hidden").is_some_and(|value| value != "until-found" && value != "false")
}

/// What a `meta` element of this name (in lower case) is here.
pub(super) fn meta_key(name: &str) -> Option<Key> {
    Some(match name {
        "author" | "dc.creator" | "article:author" => Key::Author,
        "keywords" | "news_keywords" => Key::Keywords,
        "description" | "dc.description" => Key::Description,
        "generator" | "progid" => Key::Application,
        "date" | "dc.date" | "dcterms.created" | "created" | "article:published_time" => {
            Key::Created
        }
        "last-modified" | "dcterms.modified" | "article:modified_time" => Key::Modified,
        "dc.title" => Key::Title,
        "copyright" | "dc.rights" | "publisher" | "dc.publisher" => Key::Other(name.to_owned()),
        _ => return None,
    })
}
