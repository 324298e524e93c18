//! The last look at what was written: is a protected name still in it, anywhere?
//!
//! It shares nothing with the redaction but the comparison of names: it knows no report, only
//! bytes. Containers are opened, markup is taken apart and put together, escapes are undone.

use super::mask::Mask;
use std::io::{Cursor, Read};

/// A protected name that is still there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// `report.docx!word/document.xml`
    pub place: String,
    /// The name as the profile has it.
    pub name: String,
    /// The text where it stands, shortened.
    pub text: String,
}

/// Containers inside of containers are opened down to this depth.
const DEPTH: usize = 6;
/// Bytes of one member that are looked at: more is no report and no record of a chat.
const MOST: u64 = 512 << 20;

/// Looks at a file: its name and all that is in it.
pub fn scan(name: &str, bytes: &[u8], mask: &Mask) -> Vec<Left> {
    let mut left = Vec::new();
    look(&format!("{name} (the name)"), name, mask, &mut left);
    inside(name, bytes, mask, DEPTH, &mut left);
    left.dedup_by(|a, b| a.place == b.place && a.name == b.name);
    left
}

fn inside(place: &str, bytes: &[u8], mask: &Mask, depth: usize, left: &mut Vec<Left>) {
    if bytes.starts_with(b"PK\x03\x04")
        && depth > 0
        && let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(bytes))
    {
        for at in 0..zip.len() {
            let Ok(mut file) = zip.by_index(at) else { continue };
            let name = String::from_utf8_lossy(file.name_raw()).into_owned();
            let place = format!("{place}!{name}");
            look(&format!("{place} (the name)"), &name, mask, left);
            look(&format!("{place} (the comment)"), file.comment(), mask, left);
            let mut content = Vec::new();
            if file.by_ref().take(MOST).read_to_end(&mut content).is_ok() {
                inside(&place, &content, mask, depth - 1, left);
            }
        }
        look(
            &format!("{place} (the comment)"),
            &String::from_utf8_lossy(zip.comment()),
            mask,
            left,
        );
        return;
    }
    for text in texts(bytes) {
        for view in views(&text) {
            look(place, &view, mask, left);
        }
    }
}

fn look(place: &str, text: &str, mask: &Mask, left: &mut Vec<Left>) {
    for found in mask.find(text) {
        let name = &found.protected.name;
        if left.iter().any(|known| known.place == place && known.name == *name) {
            continue;
        }
        let before = text[..found.range.start].char_indices().rev().nth(20).map_or(0, |(at, _)| at);
        let after = text[found.range.end..].char_indices().nth(20);
        let after = after.map_or(text.len(), |(at, _)| found.range.end + at);
        left.push(Left {
            place: place.to_owned(),
            name: name.clone(),
            text: text[before..after].to_owned(),
        });
    }
}

/// Bytes as the texts that they may be.
fn texts(bytes: &[u8]) -> Vec<String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => vec![text.to_owned()],
        Err(_) => {
            // Something binary, or a record of a leak in an encoding of its own.
            let encodings = [
                encoding_rs::UTF_8,
                encoding_rs::GB18030,
                encoding_rs::BIG5,
                encoding_rs::UTF_16LE,
                encoding_rs::UTF_16BE,
            ];
            encodings
                .map(|encoding| encoding.decode_without_bom_handling(bytes).0.into_owned())
                .to_vec()
        }
    }
}

/// What a text says to whoever reads it in its own way: as it stands, its markup put together, its
/// attributes, its escapes undone.
fn views(text: &str) -> Vec<String> {
    let mut views = Vec::new();
    match text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        true => {
            let taken = take_apart(text);
            views.push(taken.joined);
            views.push(taken.apart);
            views.extend(taken.attributes);
        }
        false => {
            views.push(text.to_owned());
            // Markdown: escapes undone, signs of emphasis between the letters of a name gone.
            views.push(text.replace(['\\', '*', '~', '`'], ""));
            views.push(entities(text));
        }
    }
    let unescaped: Vec<String> = views.iter().filter_map(|view| unescape(view)).collect();
    views.extend(unescaped);
    views
}

/// Markup without its tags.
struct TakenApart {
    /// What stands in one paragraph, put together.
    joined: String,
    /// Every tag is a border.
    apart: String,
    /// Values of attributes, comments, instructions.
    attributes: Vec<String>,
}

/// Elements that are a part of a word's line.
const INLINE: [&str; 18] = [
    "span", "strong", "em", "s", "code", "a", "sup", "sub", "b", "i", "u", "small", "mark", "font",
    "del", "ins", "r", "t",
];
/// Elements of Word that stand inside of a paragraph and say nothing.
const SILENT: [&str; 22] = [
    "rPr",
    "rStyle",
    "rFonts",
    "bookmarkStart",
    "bookmarkEnd",
    "footnoteReference",
    "footnoteRef",
    "sz",
    "szCs",
    "color",
    "strike",
    "fldChar",
    "fldSimple",
    "instrText",
    "lang",
    "vertAlign",
    "hyperlink",
    "proofErr",
    "lastRenderedPageBreak",
    "rPh",
    "phoneticPr",
    "smartTag",
];

fn take_apart(text: &str) -> TakenApart {
    // Between paragraphs stands what no name goes across.
    const BORDER: char = '\u{1a}';
    let mut taken =
        TakenApart { joined: String::new(), apart: String::new(), attributes: Vec::new() };
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        let plain = entities(before);
        taken.joined.push_str(&plain);
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
            taken.attributes.extend(values(inner));
        }
        if !INLINE.contains(&local) && !SILENT.contains(&local) {
            taken.joined.push(BORDER);
        }
        taken.apart.push(BORDER);
        rest = after;
    }
    let plain = entities(rest);
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
        values.push(entities(inner));
    }
    let mut rest = inner;
    while let Some(at) = rest.find(['"', '\'']) {
        let quote = if rest[at..].starts_with('"') { '"' } else { '\'' };
        let from = &rest[at + 1..];
        let end = from.find(quote).unwrap_or(from.len());
        values.push(entities(&from[..end]));
        rest = from.get(end + 1..).unwrap_or_default();
    }
    values
}

/// Character references of XML and the few named ones that are written here, undone.
pub fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest[1..].split_once(';').filter(|(name, _)| name.len() <= 10);
        let c = reference.and_then(|(name, _)| reference_of(name));
        match (reference, c) {
            (Some((_, after)), Some(c)) => {
                out.push(c);
                rest = after;
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference_of(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

/// Escapes of JSON undone, wherever they stand; `None` without any.
fn unescape(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut buffer = [0; 2];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            units.extend_from_slice(c.encode_utf16(&mut buffer));
            continue;
        }
        match chars.next() {
            Some('u') => {
                let hex: String = chars.clone().take(4).collect();
                match u16::from_str_radix(&hex, 16) {
                    Ok(unit) if hex.len() == 4 => {
                        units.push(unit);
                        chars.nth(3);
                    }
                    _ => units.extend("u".encode_utf16()),
                }
            }
            Some('n' | 'r' | 't') => units.push(u16::from(b'\n')),
            Some(other) => units.extend_from_slice(other.encode_utf16(&mut buffer)),
            None => {}
        }
    }
    Some(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::mask::Protected;
    use std::io::Write;

    fn mask() -> Mask {
        Mask::new(
            ["沈若岚", "wxid_q7", "Anna Petrova"]
                .map(|name| Protected { name: name.to_owned(), instead: "▇▇▇".to_owned() }),
        )
    }

    fn zipped(parts: &[(&str, &[u8])], comment: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.set_comment(comment).unwrap();
        zip.finish().unwrap().into_inner()
    }

    /// Places where something is left.
    #[track_caller]
    fn check(name: &str, bytes: &[u8], expected: &[&str]) {
        let left = scan(name, bytes, &mask());
        let places: Vec<&str> = left.iter().map(|left| left.place.as_str()).collect();
        assert_eq!(places, expected, "{left:?}");
    }

    #[test]
    fn planted_names_are_found_in_texts() {
        check("a.md", "付给沈若岚三十万".as_bytes(), &["a.md"]);
        check("a.md", "付给沈若嵐、ＷＸＩＤ＿ｑ７".as_bytes(), &["a.md", "a.md"]);
        check("a.md", "沈**若**岚".as_bytes(), &["a.md"]);
        check("a.md", r"wxid\_q7".as_bytes(), &["a.md"]);
        check("a.json", br#"{"a":"\u6c88\u82e5\u5c9a"}"#, &["a.json"]);
        check("a.csv", "a,\"Anna\nPetrova\"".as_bytes(), &["a.csv"]);
        check("沈若岚.txt", b"nothing", &["沈若岚.txt (the name)"]);
        check("a.md", "沈若，岚 wxid_q72 Anna".as_bytes(), &[]);
    }

    #[test]
    fn planted_names_are_found_in_markup() {
        check("a.html", "<p>沈<b>若</b><span>岚</span></p>".as_bytes(), &["a.html"]);
        check("a.html", "<p title=\"沈若岚\">x</p>".as_bytes(), &["a.html"]);
        check(
            "a.html",
            b"<p data-x='{&quot;a&quot;:&quot;\\u6c88\\u82e5\\u5c9a&quot;}'>x</p>",
            &["a.html"],
        );
        check("a.html", b"<p>&#x6c88;&#33509;&#23706;</p>", &["a.html"]);
        check("a.html", "<p><!-- 沈若岚 --></p>".as_bytes(), &["a.html"]);
        check("a.html", "<p>沈若</p><p>岚</p>".as_bytes(), &[]);
        check("a.html", "<td>Anna</td><td>x</td>".as_bytes(), &[]);
        check("a.html", "<a title=\"a>b\" href=\"#wxid_q7\">x</a>".as_bytes(), &["a.html"]);
    }

    #[test]
    fn planted_names_are_found_in_containers() {
        let core = "<cp:x><dc:creator>沈若岚</dc:creator></cp:x>".as_bytes();
        check("a.docx", &zipped(&[("docProps/core.xml", core)], ""), &["a.docx!docProps/core.xml"]);
        let runs = "<w:p><w:r><w:t>沈</w:t></w:r><w:bookmarkStart w:id=\"1\"/><w:r><w:rPr><w:b/></w:rPr><w:t>若岚</w:t></w:r></w:p>";
        check(
            "a.docx",
            &zipped(&[("word/document.xml", runs.as_bytes())], ""),
            &["a.docx!word/document.xml"],
        );
        let inner = zipped(&[("wxid_q7.txt", b"x")], "");
        check("a.zip", &zipped(&[("b.zip", &inner)], ""), &["a.zip!b.zip!wxid_q7.txt (the name)"]);
        check("a.zip", &zipped(&[("b.txt", b"x")], "Anna Petrova"), &["a.zip (the comment)"]);
    }

    #[test]
    fn planted_names_are_found_in_other_encodings() {
        let gbk = encoding_rs::GB18030.encode("沈若岚付款").0;
        check("a.bin", &gbk, &["a.bin"]);
        let wide: Vec<u8> =
            "\u{6c88}若岚\u{d6}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check("a.bin", &wide, &["a.bin"]);
    }
}
