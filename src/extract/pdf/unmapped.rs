//! Fonts of which the file does not say what characters their glyphs are.
//!
//! A font without `ToUnicode` is read by its encoding, by a predefined CMap, or by the tables of
//! the embedded font program (ISO 32000-1, 9.10.2); the parser does that. What it leaves:
//!
//! - Glyphs that are named by numbers (`/a101`, `/C101`, `/G65`), as dvips and makers of bitmap
//!   fonts do, are dropped. The numbers are codes of characters.
//! - Glyphs of composite fonts that have nothing but numbers are taken for the characters with
//!   these numbers: text that nobody wrote. Most TrueType fonts begin with the glyphs of the
//!   Macintosh in its order, which tells letters and digits; all others are lost, and said to be.
//!
//! - Names of several characters (`/f_f_i`) count as the first of them, and of the encoding inside a
//!   font program it has a part.
//! - A `ToUnicode` that is not written line by line is not understood ([`said`]).
//!
//! Such fonts are given a `ToUnicode` in an update behind the end of the file, so that all ways
//! through the parser agree.

mod glyphs;
mod said;

use super::objects::{Dictionary, dictionary, resolve};
use super::quiet;
use super::update::{self, New};
use encoding_rs::{GBK, MACINTOSH, WINDOWS_1252};
use pdf_oxide::PdfDocument;
use pdf_oxide::fonts::{Encoding, FontInfo, MappingProvenance};
use pdf_oxide::object::{Object, ObjectRef};
use std::collections::{BTreeMap, HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

/// Pages whose fonts are looked at.
const MOST_PAGES: usize = 2000;
/// How often a form or a picture is looked at for its fonts, and how deep in others.
const MOST_LOOKS: usize = 20_000;
const DEEPEST_FORM: usize = 4;
/// Pages that are read to see what the glyphs of a font would be.
const SAMPLE: usize = 3;
/// Glyphs below which a sample says nothing.
const ENOUGH: usize = 12;

/// Characters by the codes of a font; a code that is not in it is lost.
type Map = BTreeMap<u16, String>;

/// A font that gets a map.
pub struct Unmapped {
    at: ObjectRef,
    font: Dictionary,
    /// Bytes of a code.
    width: usize,
    map: Map,
}

/// The fonts that need a map, of the pages from the first on.
pub fn fonts(document: &PdfDocument, pages: usize) -> Vec<Unmapped> {
    let mut seen: HashMap<ObjectRef, Option<Composite>> = HashMap::new();
    let mut forms = Forms::default();
    let mut found = Vec::new();
    for page in 0..pages.min(MOST_PAGES) {
        let Some(Ok(Object::Dictionary(own))) = quiet(|| document.get_page(page)) else { continue };
        let mut fonts = Vec::new();
        named_fonts(document, &own, &mut forms, &mut fonts, 0);
        for at in fonts {
            let known = seen.entry(at).or_insert_with(|| {
                let Some(Object::Dictionary(font)) = resolve(document, &Object::Reference(at))
                else {
                    return None;
                };
                if font.contains_key("ToUnicode") {
                    found.extend(said_anew(document, at, font));
                    return None;
                }
                if let Some(map) = by_names(document, &font) {
                    found.push(Unmapped { at, font, width: 1, map });
                    return None;
                }
                Composite::of(document, font)
            });
            if let Some(known) = known
                && known.pages.len() < SAMPLE
            {
                known.pages.push(page);
            }
        }
    }
    let mut composite: Vec<_> =
        seen.into_iter().filter_map(|(at, font)| Some((at, font?))).collect();
    composite.sort_by_key(|(at, _)| (at.id, at.r#gen));
    for (at, font) in composite {
        if let Some(map) = font.map(document) {
            found.push(Unmapped { at, font: font.font, width: 2, map });
        }
    }
    found
}

/// What is drawn on pages beside their own content.
#[derive(Default)]
struct Forms {
    /// What is no form (`None`), and what the others name: many pages draw the same.
    known: HashMap<ObjectRef, Option<Dictionary>>,
    /// Those of the page that is looked at: a form may name itself.
    of_page: HashSet<ObjectRef>,
    looks: usize,
}

/// The fonts that a page names, and the forms that are drawn on it (ISO 32000-1, 8.10).
fn named_fonts(
    document: &PdfDocument,
    within: &Dictionary,
    forms: &mut Forms,
    fonts: &mut Vec<ObjectRef>,
    depth: usize,
) {
    if depth == 0 {
        forms.of_page.clear();
    }
    let Some(resources) = dictionary(document, within, "Resources") else { return };
    let references = |key: &str| -> Vec<ObjectRef> {
        let named = dictionary(document, &resources, key).unwrap_or_default();
        let references = named.into_values().filter_map(|object| match object {
            Object::Reference(at) => Some(at),
            _ => None,
        });
        references.collect()
    };
    fonts.extend(references("Font"));
    if depth == DEEPEST_FORM {
        return;
    }
    for at in references("XObject") {
        forms.looks += 1;
        if forms.looks > MOST_LOOKS || !forms.of_page.insert(at) {
            continue;
        }
        let form = forms.known.entry(at).or_insert_with(|| {
            match resolve(document, &Object::Reference(at)) {
                Some(Object::Stream { dict, .. }) if name(&dict, "Subtype") == "Form" => Some(dict),
                _ => None,
            }
        });
        if let Some(form) = form.clone() {
            named_fonts(document, &form, forms, fonts, depth + 1);
        }
    }
}

/// The file with maps for these fonts.
pub fn mended(document: &PdfDocument, bytes: &[u8], fonts: &[Unmapped]) -> Option<Vec<u8>> {
    let Object::Dictionary(trailer) = document.trailer() else { return None };
    let mut new = Vec::new();
    for (number, Unmapped { at, font, width, map }) in (update::free_number(trailer)..).zip(fonts) {
        let text = to_unicode(*width, map);
        let body = format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()).into_bytes();
        new.push(New { number, generation: 0, body });
        let mut font = font.clone();
        let map = ObjectRef { id: number, r#gen: 0 };
        font.insert("ToUnicode".to_owned(), Object::Reference(map));
        new.push(New { number: at.id, generation: at.r#gen, body: update::written(&font) });
    }
    Some(update::updated(trailer, bytes, &new, ""))
}

/// A map as a CMap (ISO 32000-1, 9.10.3). One that has nothing would count as none.
fn to_unicode(width: usize, map: &Map) -> String {
    let mut lines: Vec<String> = map
        .iter()
        .map(|(code, text)| {
            let units: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
            format!("<{code:0digits$X}> <{units}>\n", digits = width * 2)
        })
        .collect();
    if lines.is_empty() {
        lines.push(format!("<{:0digits$X}> <FFFD>\n", 0, digits = width * 2));
    }
    let blocks: String = lines
        .chunks(100)
        .map(|chunk| format!("{} beginbfchar\n{}endbfchar\n", chunk.len(), chunk.concat()))
        .collect();
    let most = "F".repeat(width * 2);
    let least = "0".repeat(width * 2);
    format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CMapName /Casebook def\n/CMapType 2 def\n\
         1 begincodespacerange\n<{least}> <{most}>\nendcodespacerange\n\
         {blocks}endcmap\nend\nend"
    )
}

fn name<'a>(font: &'a Dictionary, key: &str) -> &'a str {
    match font.get(key) {
        Some(Object::Name(name)) => name,
        _ => "",
    }
}

/// A font whose own map the parser does not understand.
fn said_anew(document: &PdfDocument, at: ObjectRef, font: Dictionary) -> Option<Unmapped> {
    let said = said::of(document, &font)?;
    let info = read(document, &font)?;
    let parsed = info.to_unicode.as_ref().and_then(|map| map.get());
    let is_misread = said::is_misread(&said, parsed.as_deref());
    is_misread.then_some(Unmapped { at, font, width: said.width, map: said.map })
}

/// The characters of a simple font as far as the parser does not understand the names of its glyphs.
fn by_names(document: &PdfDocument, font: &Dictionary) -> Option<Map> {
    // In Dingbats `a1` is a name like any other.
    if name(font, "Subtype") == "Type0" || name(font, "BaseFont").contains("Dingbat") {
        return None;
    }
    let encoding = dictionary(document, font, "Encoding");
    let differences = match encoding.and_then(|own| resolve(document, own.get("Differences")?)) {
        Some(Object::Array(differences)) => differences,
        _ => Vec::new(),
    };
    if let Some(map) = numbered_names(&differences) {
        return Some(map);
    }
    let mut map = glyphs::by_name(document, font, &differences);
    if map.is_empty() {
        return None;
    }
    let info = read(document, font)?;
    map.retain(|code, text| {
        let parsed = info.char_to_unicode(u32::from(*code)).unwrap_or_default();
        !parsed.nfkc().eq(text.nfkc())
    });
    (!map.is_empty()).then_some(map)
}

/// The characters where most glyphs are named by numbers.
fn numbered_names(differences: &[Object]) -> Option<Map> {
    let names = differences.iter().filter_map(|item| match item {
        Object::Name(name) => Some(name.as_str()),
        _ => None,
    });
    let radix = radix_of_c(names);
    let mut map = Map::new();
    let mut others = 0;
    let mut code = 0u16;
    for item in differences {
        match item {
            Object::Integer(first) => code = u16::try_from(*first).unwrap_or(0),
            Object::Name(name) => {
                match numbered(name, radix) {
                    Some(text) => drop(map.insert(code, text)),
                    None if name == ".notdef" => {}
                    None => others += 1,
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    (map.len() > others * 3).then_some(map)
}

/// What numbers behind a `C` are written in: `/C4b` is hexadecimal, and so is then `/C41`.
fn radix_of_c<'a>(names: impl Iterator<Item = &'a str>) -> u32 {
    let mut radix = 10;
    for digits in names.filter_map(|name| name.strip_prefix(['C', 'c'])) {
        match digits.len() {
            2 if digits.bytes().all(|byte| byte.is_ascii_digit()) => {}
            2 if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => radix = 16,
            _ => return 10,
        }
    }
    radix
}

/// What a glyph is that has a number for a name.
fn numbered(name: &str, radix_of_c: u32) -> Option<String> {
    let (prefix, digits) = name.split_at_checked(1)?;
    let is_all = |is: fn(&u8) -> bool| digits.bytes().all(|byte| is(&byte));
    let code = match prefix {
        "c" | "C" if radix_of_c == 16 => u32::from_str_radix(digits, 16).ok()?,
        "a" | "A" | "c" | "C" if (1..=3).contains(&digits.len()) && is_all(u8::is_ascii_digit) => {
            digits.parse().ok()?
        }
        "G" if digits.len() == 2 && is_all(u8::is_ascii_hexdigit) => {
            u32::from_str_radix(digits, 16).ok()?
        }
        "g" if digits.len() == 4 && is_all(u8::is_ascii_hexdigit) => {
            return char::from_u32(u32::from_str_radix(digits, 16).ok()?)
                .filter(|c| !c.is_control())
                .map(String::from);
        }
        _ => return None,
    };
    match u8::try_from(code).ok()? {
        // The ligatures of TeX's text fonts.
        11 if prefix == "a" => Some("ff".to_owned()),
        12 if prefix == "a" => Some("fi".to_owned()),
        13 if prefix == "a" => Some("fl".to_owned()),
        14 if prefix == "a" => Some("ffi".to_owned()),
        15 if prefix == "a" => Some("ffl".to_owned()),
        byte @ (0x20..=0x7e | 0x80..) => {
            let bytes = [byte];
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
            text.chars().all(|c| !c.is_control()).then(|| text.into_owned())
        }
        _ => None,
    }
}

fn read(document: &PdfDocument, font: &Dictionary) -> Option<FontInfo> {
    let font = Object::Dictionary(font.clone());
    quiet(|| FontInfo::from_dict(&font, document)).and_then(Result::ok)
}

/// A composite font with numbers of glyphs and no way from them to characters.
struct Composite {
    font: Dictionary,
    /// The first pages that name it.
    pages: Vec<usize>,
}

impl Composite {
    fn of(document: &PdfDocument, font: Dictionary) -> Option<Composite> {
        if name(&font, "Subtype") != "Type0" {
            return None;
        }
        let info = read(document, &font)?;
        let is_numbers = matches!(info.encoding, Encoding::Identity)
            && info.best_mapping_provenance() == MappingProvenance::Fallback;
        is_numbers.then(|| Composite { font, pages: Vec::new() })
    }

    /// The map that it needs; none where the numbers are characters, as some programs have it.
    fn map(&self, document: &PdfDocument) -> Option<Map> {
        let own = name(&self.font, "BaseFont");
        let numbers: Vec<u16> = self
            .pages
            .iter()
            .filter_map(|page| quiet(|| document.extract_spans(*page)).and_then(Result::ok))
            .flatten()
            .filter(|span| span.font_name == own)
            .flat_map(|span| span.text.encode_utf16().collect::<Vec<_>>())
            .filter(|number| {
                char::from_u32(u32::from(*number)) != Some(char::REPLACEMENT_CHARACTER)
            })
            .collect();
        let direct: String = char::decode_utf16(numbers.iter().copied()).flatten().collect();
        if direct.chars().count() < ENOUGH || is_language(&direct) {
            return None;
        }
        let order = macintosh();
        let shown = |number: &u16| order.get(number).map(String::as_str);
        let by_order: String = numbers.iter().filter_map(shown).collect();
        let is_known = by_order.chars().count() * 2 >= numbers.len() && is_language(&by_order);
        Some(if is_known { order } else { Map::new() })
    }
}

/// The glyphs that TrueType fonts begin with, by their numbers (the standard order of Macintosh
/// glyphs: Apple, TrueType Reference Manual, `post`).
fn macintosh() -> Map {
    const LAST: &str = "ŁłŠšŽž¦ÐðÝýÞþ−×¹²³½¼¾₣ĞğİŞşĆćČčđ";
    let mut map = Map::new();
    map.extend((3..=97).zip(' '..='~').map(|(number, c)| (number, c.to_string())));
    map.extend((98..).zip(0x80..=0xffu8).map(|(number, byte)| {
        (number, MACINTOSH.decode_without_bom_handling(&[byte]).0.into_owned())
    }));
    map.extend((226..).zip(LAST.chars()).map(|(number, c)| (number, c.to_string())));
    map
}

/// Whether characters are such as people write: numbers, common Han, kana and Hangul, or letters
/// of an alphabet in such shares as words of Europe have. A text whose letters are all shifted by
/// some places is none.
fn is_language(text: &str) -> bool {
    let (mut all, mut digits, mut letters, mut others) = (0usize, 0usize, 0usize, 0usize);
    let (mut vowels, mut frequent, mut rare, mut strange) = (0usize, 0usize, 0usize, 0usize);
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        all += 1;
        match c.to_ascii_lowercase() {
            letter @ 'a'..='z' => {
                letters += 1;
                vowels += usize::from("aeiouy".contains(letter));
                frequent += usize::from("etaoinsrl".contains(letter));
                rare += usize::from("jkqwxz".contains(letter));
            }
            '0'..='9' => digits += 1,
            '.' | ',' | '-' | '(' | ')' | ':' | ';' | '\'' | '"' | '/' | '!' | '?' | '%' | '&' => {}
            '\u{c0}'..='\u{17f}' | '、' | '。' | '\u{2010}'..='\u{2026}' => {}
            '\u{ff01}'..='\u{ff5e}' => {}
            '\u{370}'..='\u{4ff}' | '\u{5d0}'..='\u{64a}' | '\u{e01}'..='\u{e4e}'
                if c.is_lowercase() || !c.is_uppercase() =>
            {
                others += 1;
            }
            '\u{3041}'..='\u{30ff}' => others += 1,
            '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' if is_common(c) => others += 1,
            _ => strange += 1,
        }
    }
    let has_words = letters < ENOUGH
        || vowels * 5 >= letters
            && vowels * 5 <= letters * 3
            && frequent * 2 >= letters
            && rare * 8 <= letters;
    let is_written = (letters + others) * 10 >= all * 6 || digits * 10 >= all * 8;
    // The more letters there are of which shares can be told, the less else there may be.
    let most_strange = if others > letters { all / 5 } else { all / 25 };
    is_written && has_words && strange <= most_strange
}

/// Characters of the first national standards, which nearly all texts keep to.
fn is_common(c: char) -> bool {
    let mut buffer = [0; 4];
    let text = &*c.encode_utf8(&mut buffer);
    let plain = |encoding: &'static encoding_rs::Encoding, first: u8, last: u8| {
        let (bytes, _, failed) = encoding.encode(text);
        !failed
            && bytes.first().is_some_and(|lead| (first..=last).contains(lead))
            && bytes.get(1).is_some_and(|trail| *trail >= 0xa1)
    };
    plain(GBK, 0xb0, 0xf7)
        || plain(encoding_rs::BIG5, 0xa4, 0xc6)
        || plain(encoding_rs::EUC_KR, 0xb0, 0xc8)
}

#[cfg(test)]
mod tests;
