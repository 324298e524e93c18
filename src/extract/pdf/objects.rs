//! Small readings of PDF objects: strings, dates, dictionaries behind references.

use super::quiet;
use crate::extract::encoding;
use pdf_oxide::PdfDocument;
use pdf_oxide::object::Object;
use std::collections::HashMap;

pub type Dictionary = HashMap<String, Object>;

/// The object behind a reference, or the object itself.
pub fn resolve(document: &PdfDocument, object: &Object) -> Option<Object> {
    quiet(|| document.resolve_object(object)).and_then(Result::ok)
}

/// The dictionary at a key, of a stream too.
pub fn dictionary(document: &PdfDocument, within: &Dictionary, key: &str) -> Option<Dictionary> {
    match resolve(document, within.get(key)?)? {
        Object::Dictionary(dict) | Object::Stream { dict, .. } => Some(dict),
        _ => None,
    }
}

/// The text at a key: a string, a name, or the content of a stream.
pub fn text(document: &PdfDocument, within: &Dictionary, key: &str) -> Option<String> {
    match resolve(document, within.get(key)?)? {
        Object::String(bytes) => Some(text_string(&bytes)),
        Object::Name(name) => Some(name),
        stream @ Object::Stream { .. } => {
            let bytes = quiet(|| stream.decode_stream_data()).and_then(Result::ok)?;
            Some(text_string(&bytes))
        }
        Object::Array(items) => {
            let texts: Vec<String> = items
                .iter()
                .filter_map(|item| match resolve(document, item)? {
                    Object::String(bytes) => Some(text_string(&bytes)),
                    Object::Name(name) => Some(name),
                    _ => None,
                })
                .collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        _ => None,
    }
}

/// A text string: by its mark, else UTF-8, else the encoding that it looks like. The standard
/// says Latin there, but programs write what their system speaks.
pub fn text_string(bytes: &[u8]) -> String {
    let text = if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned()
    } else if bytes.is_ascii() {
        bytes.iter().map(|&b| char::from(b)).collect()
    } else {
        encoding::decode(bytes, None).text
    };
    // Escape sequences inside UTF-16 strings name a language.
    let mut plain = String::with_capacity(text.len());
    let mut in_language = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => in_language = !in_language,
            '\0' => {}
            _ if in_language => {}
            '\r' => plain.push('\n'),
            _ => plain.push(c),
        }
    }
    plain
}

/// `D:20240102030405+08'00'` as RFC 3339; as it stands where it is not of that form.
pub fn date(raw: &str) -> String {
    let digits = raw.trim().trim_start_matches("D:");
    let part = |from: usize, to: usize| {
        digits.get(from..to).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))
    };
    let Some(year) = part(0, 4) else { return raw.to_owned() };
    let month = part(4, 6).unwrap_or("01");
    let day = part(6, 8).unwrap_or("01");
    let Some(hour) = part(8, 10) else { return format!("{year}-{month}-{day}") };
    let minute = part(10, 12).unwrap_or("00");
    let second = part(12, 14).unwrap_or("00");
    let zone: String = digits.get(14..).unwrap_or("").chars().filter(|&c| c != '\'').collect();
    let zone = match zone.as_bytes() {
        [b'Z', ..] => "Z".to_owned(),
        [b'+' | b'-', rest @ ..] if rest.len() >= 4 && zone.is_ascii() => {
            format!("{}:{}", &zone[..3], &zone[3..5])
        }
        [b'+' | b'-', rest @ ..] if rest.len() >= 2 && zone.is_ascii() => {
            format!("{}:00", &zone[..3])
        }
        _ => String::new(),
    };
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}{zone}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_rfc_3339() {
        let check = |raw: &str, expected: &str| assert_eq!(date(raw), expected);
        check("D:20240102030405+08'00'", "2024-01-02T03:04:05+08:00");
        check("D:20240102030405Z", "2024-01-02T03:04:05Z");
        check("D:20240102", "2024-01-02");
        check("20240102030405", "2024-01-02T03:04:05");
        check("yesterday", "yesterday");
        check("D:2024é", "2024-01-01");
    }

    #[test]
    fn strings_by_their_mark() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(text_string(bytes), expected);
        check(b"\xfe\xff\x4e\x2d\x65\x87", "中文");
        check(b"\xef\xbb\xbf\xe4\xb8\xad", "中");
        check(b"plain\rtext", "plain\ntext");
    }
}
