//! HTML: what a reader sees, and what was hidden from him.
//!
//! One line for each block; tables that hold data keep their rows; addresses of links, comments
//! and hidden text follow at the end in parts of their own. There is no tree, so a hundred
//! thousand nested elements are as good as one.

mod aside;
mod elements;
mod meta;
mod render;
mod tables;
mod tokens;

pub use aside::Aside;

use super::encoding;
use super::{Input, Out, Stop};

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let declared = declared(input.head());
    let decoded = encoding::decode(&input.bytes()?, declared.as_deref());
    out.encoding(&decoded.encoding)?;
    write(&decoded.text, out)?;
    if lacks_its_end(&decoded.text) {
        out.warn("the page is not closed at its end: it may be cut off")?;
    }
    decoded.warnings.into_iter().try_for_each(|warning| out.warn(warning))
}

/// Writes decoded HTML: for mail bodies, books and other containers of it.
///
/// # Errors
/// The limits or the sink of `out`.
pub fn write(html: &str, out: &mut Out) -> Result<(), Stop> {
    render::render(html, out)
}

/// A page that opens as one and is never closed. Both tags may be left out, but whoever writes the
/// first also writes the last.
fn lacks_its_end(html: &str) -> bool {
    let bytes = html.as_bytes();
    let has = |tag: &str| {
        html.match_indices('<').any(|(at, _)| {
            bytes.get(at..at + tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag.as_bytes()))
        })
    };
    (has("<html") || has("<body")) && !has("</html") && !has("</body")
}

/// The charset that a page names in its head.
fn declared(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&head[..head.len().min(8192)]).to_ascii_lowercase();
    let at = head.find("<meta").and_then(|at| Some(at + head[at..].find("charset")?));
    let xml = || head.starts_with("<?xml").then(|| head.find("encoding")).flatten();
    let rest = &head[at.or_else(xml)?..];
    let value = rest[..rest.find('>').unwrap_or(rest.len())].split_once('=')?.1;
    let value = value.trim_start_matches(['"', '\'', ' ']);
    let end =
        value.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')));
    let label = &value[..end.unwrap_or(value.len())];
    (!label.is_empty()).then(|| label.to_owned())
}

#[cfg(test)]
mod tests;
