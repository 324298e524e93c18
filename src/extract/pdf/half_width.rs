//! Half-width letters and digits of Japanese fonts that are named and not embedded.
//!
//! Such fonts number their glyphs by the Adobe-Japan1 collection, which has ASCII twice. The
//! parser knows the first range and takes a number of the second for a character code: a 0 comes
//! out as `÷`.

use super::objects::{Dictionary, dictionary, resolve, text};
use super::quiet;
use pdf_oxide::PdfDocument;
use pdf_oxide::object::Object;

/// Glyph numbers of half-width space to overline.
const FIRST: u32 = 231;
const LAST: u32 = 325;

/// The page's text with such characters read as what they are.
pub fn repair(document: &PdfDocument, page: usize, text: String) -> String {
    if !text.chars().any(is_suspect) {
        return text;
    }
    let fonts = numbered_fonts(document, page);
    if fonts.is_empty() {
        return text;
    }
    let Some(Ok(spans)) = quiet(|| document.extract_spans(page)) else { return text };
    // Where other fonts have such letters too, nothing tells them apart in the text.
    let all_numbered = spans
        .iter()
        .filter(|span| span.text.chars().any(is_suspect))
        .all(|span| fonts.contains(&span.font_name));
    if all_numbered { text.chars().map(half_width).collect() } else { text }
}

fn is_suspect(c: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(c))
}

fn half_width(c: char) -> char {
    match u32::from(c) {
        291 => '¥',
        325 => '‾',
        code @ FIRST..=LAST => char::from_u32(code - FIRST + 0x20).unwrap_or(c),
        _ => c,
    }
}

/// Names of the page's fonts that have glyph numbers and no way to their characters.
fn numbered_fonts(document: &PdfDocument, page: usize) -> Vec<String> {
    let Some(Ok(Object::Dictionary(page))) = quiet(|| document.get_page(page)) else {
        return Vec::new();
    };
    let fonts = dictionary(document, &page, "Resources")
        .and_then(|resources| dictionary(document, &resources, "Font"))
        .unwrap_or_default();
    fonts
        .keys()
        .filter_map(|key| dictionary(document, &fonts, key))
        .filter(|font| !font.contains_key("ToUnicode") && is_japanese(document, font))
        .filter_map(|font| text(document, &font, "BaseFont"))
        .collect()
}

fn is_japanese(document: &PdfDocument, font: &Dictionary) -> bool {
    let Some(Object::Array(below)) = font.get("DescendantFonts").and_then(|f| resolve(document, f))
    else {
        return false;
    };
    let Some(Object::Dictionary(below)) = below.first().and_then(|f| resolve(document, f)) else {
        return false;
    };
    dictionary(document, &below, "CIDSystemInfo")
        .and_then(|info| text(document, &info, "Ordering"))
        .is_some_and(|ordering| ordering == "Japan1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_characters() {
        let check = |from: &str, expected: &str| {
            assert_eq!(from.chars().map(half_width).collect::<String>(), expected);
        };
        check("あAbstract÷øù", "あAbstract012");
        check("é", "\"");
        check("\u{123}", "¥");
        check("中文 plain", "中文 plain");
    }
}
