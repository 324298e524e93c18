//! Characters of symbol fonts, and addresses in field instructions.

use crate::extract::office::pull::Tag;
use crate::extract::ooxml::drawing::symbol_font;

/// A character of a symbol font. Those have no meaning beyond their picture but for the few that
/// stand for themselves in every document.
pub(super) fn symbol(tag: &Tag) -> String {
    let code = tag.attr("char").and_then(|c| u32::from_str_radix(c.trim(), 16).ok()).unwrap_or(0);
    symbol_char(code, &tag.attr("font").unwrap_or_default()).map(String::from).unwrap_or_default()
}

/// The meaning of a code in a symbol font.
pub fn symbol_char(code: u32, font: &str) -> Option<char> {
    let low = if (0xf000..0xf100).contains(&code) { code - 0xf000 } else { code };
    let wingdings = font.to_lowercase().starts_with("wingdings");
    match (low, wingdings) {
        (0xfe | 0x52, true) => Some('☑'),
        (0xa8 | 0x6f | 0x71, true) => Some('☐'),
        (0xfc, true) => Some('✓'),
        (0xfb | 0xfd, true) => Some('✗'),
        (0xe0 | 0xe8, true) => Some('→'),
        (_, true) => Some('•'),
        (0xb7, false) => Some('•'),
        _ if low != code => symbol_font(low),
        _ => char::from_u32(code).filter(|c| !c.is_control()),
    }
}

/// The address in `HYPERLINK "http://x" \o "tip"`, `INCLUDEPICTURE "..."` and the like.
pub fn address_in(instruction: &str) -> Option<String> {
    let instruction = instruction.trim();
    let (verb, rest) = instruction.split_once(char::is_whitespace)?;
    let links =
        ["HYPERLINK", "INCLUDEPICTURE", "INCLUDETEXT", "LINK", "DDE", "DDEAUTO", "IMPORT", "RD"];
    if !links.iter().any(|known| verb.eq_ignore_ascii_case(known)) {
        return None;
    }
    let rest = rest.trim();
    if rest.starts_with("\\l") {
        return None;
    }
    let address = if matches!(verb.to_ascii_uppercase().as_str(), "LINK" | "DDE" | "DDEAUTO") {
        rest
    } else if let Some(quoted) = rest.strip_prefix('"') {
        quoted.split('"').next()?
    } else {
        rest.split_whitespace().next()?
    };
    Some(address.replace("\\\\", "\\")).filter(|address| !address.is_empty())
}
