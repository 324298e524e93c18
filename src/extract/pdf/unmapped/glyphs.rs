//! Names of glyphs as text, and which glyphs the program of a font has for which codes.

use super::Map;
use crate::extract::pdf::objects::{Dictionary, dictionary, resolve};
use crate::extract::pdf::quiet;
use pdf_oxide::PdfDocument;
use pdf_oxide::fonts::CharacterMapper;
use pdf_oxide::object::Object;
use ttf_parser::{Face, cff};
use unicode_normalization::UnicodeNormalization;

/// Bytes of a font program of Type 1 in which its encoding stands.
const MOST_HEAD: usize = 64 * 1024;

/// A name by the rules of Adobe's list: what stands behind a dot is how it looks, parts between
/// low lines are characters of their own (`f_f_i.alt`). Ligatures are written out.
pub fn text(name: &str) -> Option<String> {
    let base = name.split('.').next().filter(|base| !base.is_empty())?;
    let mapper = CharacterMapper::new();
    base.split('_').map(|part| numbered(part).or_else(|| mapper.map_glyph_name(part))).try_fold(
        String::new(),
        |mut all, part| {
            for c in part?.chars() {
                match c {
                    '\u{fb00}'..='\u{fb06}' => all.extend(c.nfkc()),
                    _ => all.push(c),
                }
            }
            Some(all)
        },
    )
}

/// `uni0041`, `uni00660069`, `u1F600`.
fn numbered(name: &str) -> Option<String> {
    let character = |digits: &str| {
        let number = u32::from_str_radix(digits, 16).ok();
        number.and_then(char::from_u32).filter(|c| !c.is_control())
    };
    let digits = name.strip_prefix("uni").unwrap_or(name.strip_prefix('u')?);
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    if name.starts_with("uni") && digits.len().is_multiple_of(4) && !digits.is_empty() {
        return (0..digits.len()).step_by(4).map(|at| character(&digits[at..at + 4])).collect();
    }
    (4..=6).contains(&digits.len()).then(|| character(digits).map(String::from))?
}

/// What the codes of a simple font are by names that the parser reads wrongly: of several
/// characters, which it takes for the first of them, and those that only the program of the font
/// has, where the file says no encoding.
pub fn by_name(document: &PdfDocument, font: &Dictionary, differences: &[Object]) -> Map {
    let mut map = Map::new();
    let is_type1 = matches!(font.get("Subtype"), Some(Object::Name(name)) if matches!(name.as_str(), "Type1" | "MMType1"));
    let says_base = match font.get("Encoding").and_then(|encoding| resolve(document, encoding)) {
        Some(Object::Name(_)) => true,
        Some(Object::Dictionary(encoding)) => encoding.contains_key("BaseEncoding"),
        _ => false,
    };
    if is_type1 && !says_base {
        map = inner(document, font).unwrap_or_default();
    }
    let mut code = 0u16;
    for item in differences {
        match item {
            Object::Integer(first) => code = u16::try_from(*first).unwrap_or(0),
            Object::Name(name) => {
                map.remove(&code);
                let is_several = name.contains('_') || name.starts_with("uni") && name.len() > 7;
                if is_several && let Some(text) = text(name) {
                    map.insert(code, text);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    map
}

/// The encoding in the program of a font.
fn inner(document: &PdfDocument, font: &Dictionary) -> Option<Map> {
    let descriptor = dictionary(document, font, "FontDescriptor")?;
    let program = |key: &str| {
        let stream = resolve(document, descriptor.get(key)?)?;
        quiet(|| stream.decode_stream_data()).and_then(Result::ok)
    };
    if let Some(bytes) = program("FontFile3") {
        let wrapped = bytes.starts_with(b"OTTO").then(|| Face::parse(&bytes, 0).ok()).flatten();
        let table = match wrapped {
            Some(face) => face.tables().cff?,
            None => cff::Table::parse(&bytes)?,
        };
        let named = |code: u8| text(table.glyph_name(table.glyph_index(code)?)?);
        return Some((0..=255).filter_map(|code| Some((u16::from(code), named(code)?))).collect());
    }
    Some(type1(&program("FontFile")?))
}

/// `dup 174 /ff put`, as the encoding of a program of Type 1 is written (Adobe Type 1 Font Format,
/// 2.2).
fn type1(program: &[u8]) -> Map {
    let head = String::from_utf8_lossy(&program[..program.len().min(MOST_HEAD)]).replace('/', " /");
    let Some((_, encoding)) = head.split_once("/Encoding") else { return Map::new() };
    let mut words = encoding.split_ascii_whitespace();
    let mut map = Map::new();
    while let Some(word) = words.next() {
        match word {
            "def" | "readonly" | "currentfile" => break,
            "dup" => {
                let code = words.next().and_then(|code| match code.strip_prefix("8#") {
                    Some(octal) => u16::from_str_radix(octal, 8).ok(),
                    None => code.parse().ok(),
                });
                let name = words.next().and_then(|name| name.strip_prefix('/'));
                if let (Some(code @ 0..=255), Some(text)) = (code, name.and_then(text)) {
                    map.insert(code, text);
                }
            }
            _ => {}
        }
    }
    map
}
