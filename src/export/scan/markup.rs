//! Markup taken apart: what a reader sees of it, and what stands in its tags.

use crate::text::entities;

/// Between paragraphs stands what no name goes across.
pub const BORDER: char = '\u{1a}';

/// Markup without its tags.
pub struct TakenApart {
    /// What stands in one paragraph, put together.
    pub joined: String,
    /// Every tag is a border.
    pub apart: String,
    /// Values of attributes, comments, instructions, with a border between them.
    pub attributes: String,
}

/// Elements that begin and end a paragraph, cell or page: of HTML, of Word, Excel, PowerPoint and
/// OpenDocument. What is none of them stands within a line, whatever it is: an element that nobody
/// knows parts no word. The reader of HTML has a list of its own (`extract/html/elements.rs`): this one
/// would miss what that one misses, if they were one.
const BLOCK: [&str; 66] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "c",
    "caption",
    "center",
    "comment",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "document",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "footnote",
    "endnote",
    "form",
    "frame",
    "frameset",
    "ftr",
    "h",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hdr",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "list-item",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "row",
    "script",
    "section",
    "si",
    "style",
    "summary",
    "table",
    "table-cell",
    "tbl",
    "tc",
    "td",
    "th",
    "title",
    "tr",
];
/// What stands over or beside the letters of a line and is read for itself.
const BESIDE: [&str; 4] = ["rt", "rp", "rPh", "phoneticPr"];

pub fn take_apart(text: &str) -> TakenApart {
    let mut taken =
        TakenApart { joined: String::new(), apart: String::new(), attributes: String::new() };
    // Fields of Word: what they compute is shown, as the number of a footnote is.
    let mut in_field = false;
    let mut is_beside = false;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        let plain = entities::decode(before);
        if !in_field && !is_beside {
            taken.joined.push_str(&plain);
        }
        taken.apart.push_str(&plain);
        let end = match tag.strip_prefix("<!--") {
            Some(comment) => comment.find("-->").map_or(tag.len(), |at| at + 4 + 3),
            None => end_of_tag(tag),
        };
        let (tag, after) = tag.split_at(end);
        let inner = tag.trim_start_matches(['<', '/']).trim_end_matches(['>', '/']);
        let name = inner.split([' ', '\n', '\t', '\r']).next().unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default();
        if inner.len() > name.len() || tag.starts_with("<!") || tag.starts_with("<?") {
            for value in values(inner) {
                taken.attributes.push_str(&value);
                taken.attributes.push(BORDER);
            }
        }
        if local == "fldChar" {
            in_field = !inner.contains("\"end\"");
        }
        let is_end = tag.starts_with("</");
        if BESIDE.contains(&local) && !tag.ends_with("/>") {
            is_beside = !is_end;
        } else if BLOCK.contains(&local) {
            is_beside = false;
        }
        if matches!(local, "br" | "tab") {
            taken.joined.push('\n');
        } else if BLOCK.contains(&local) {
            taken.joined.push(BORDER);
        }
        taken.apart.push(BORDER);
        rest = after;
    }
    let plain = entities::decode(rest);
    taken.joined.push_str(&plain);
    taken.apart.push_str(&plain);
    taken
}

/// Bytes of a tag; a `>` in a quoted value does not end it.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices().skip(1) {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// Quoted values of a tag; of a comment or instruction all of it.
fn values(inner: &str) -> Vec<String> {
    let mut values = Vec::new();
    if inner.starts_with(['!', '?']) {
        values.push(entities::decode(inner).into_owned());
    }
    let mut rest = inner;
    while let Some(at) = rest.find(['"', '\'']) {
        let quote = if rest[at..].starts_with('"') { '"' } else { '\'' };
        let from = &rest[at + 1..];
        let end = from.find(quote).unwrap_or(from.len());
        values.push(entities::decode(&from[..end]).into_owned());
        rest = from.get(end + 1..).unwrap_or_default();
    }
    values
}
