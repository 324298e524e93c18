//! DrawingML: text of shapes, charts and diagrams, wherever they stand.

use crate::extract::office::pull::{Node, Xml};

/// Lines of text in a drawing part: a chart's titles, categories and series, a diagram's nodes,
/// the shapes on a sheet. Numbers of charts repeat their sheet and are left out.
pub fn lines(text: &str, nesting: u32) -> Vec<String> {
    let mut xml = Xml::new(text, nesting);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut open = Vec::new();
    let mut before = Vec::new();
    while let Some(node) = xml.next() {
        match node {
            Node::Start(tag) => {
                match tag.name() {
                    // Numbers and formulas of series, and text that stands in the choice already.
                    "numCache" | "numLit" | "f" | "formatCode" => {
                        xml.skip();
                        continue;
                    }
                    "AlternateContent" => before.push(lines.len()),
                    "Fallback" if before.last().is_some_and(|&n| n < lines.len()) => {
                        xml.skip();
                        continue;
                    }
                    "br" => line.push('\n'),
                    "tab" => line.push('\t'),
                    _ => {}
                }
                open.push(tag.name().to_owned());
            }
            Node::Text(text) => {
                if matches!(open.last().map(String::as_str), Some("t" | "v")) {
                    line.push_str(&text);
                }
            }
            Node::End(tag) => {
                open.pop();
                if tag.name() == "AlternateContent" {
                    before.pop();
                }
                if matches!(tag.name(), "p" | "pt" | "tx" | "pt1") && !line.trim().is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
            }
        }
    }
    if !line.trim().is_empty() {
        lines.push(line);
    }
    lines
}

/// Letters of the Symbol font that are letters.
pub fn symbol_font(code: u32) -> Option<char> {
    const GREEK: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
    const SMALL: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
    match code {
        0x41..=0x5a => GREEK.chars().nth((code - 0x41) as usize),
        0x61..=0x7a => SMALL.chars().nth((code - 0x61) as usize),
        0x20..=0x3f => char::from_u32(code),
        0xa3 => Some('≤'),
        0xb3 => Some('≥'),
        0xb0 => Some('°'),
        0xb1 => Some('±'),
        0xb4 => Some('×'),
        0xb9 => Some('≠'),
        0xae => Some('→'),
        0xac => Some('←'),
        0xd6 => Some('√'),
        0xe5 => Some('∑'),
        0xa5 => Some('∞'),
        _ => None,
    }
}
