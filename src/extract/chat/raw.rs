//! The bytes of one JSON value, and the repair of what exports commonly break in it.

use serde_json::Value;

/// The bytes of one value as they stand in the file.
pub(super) struct Raw {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) bytes: Vec<u8>,
    /// Start and end are bytes of the file, not of its text in UTF-8.
    pub(super) exact: bool,
}

impl Raw {
    pub(super) fn span(&self) -> Option<(u64, u64)> {
        self.exact.then_some((self.start, self.end))
    }

    /// The value; what is commonly wrong in exports is repaired.
    pub(super) fn parse(&self) -> Result<Value, String> {
        if let Ok(value) = serde_json::from_slice(&self.bytes) {
            return Ok(value);
        }
        serde_json::from_str(&repaired(&self.bytes)).map_err(|error| error.to_string())
    }

    pub(super) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

/// Makes JSON of what nearly is: `\xHH` and other unknown escapes, raw control characters in
/// strings, halves of surrogate pairs, bytes that are not UTF-8; and what Python prints: single
/// quotes, `None`, `True`, `False`, a comma before the end of a list; and the full-width marks that
/// programs which translate files put in the place of quotation marks and commas.
fn repaired(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len() + 16);
    let mut quote = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let rest = &text[at + c.len_utf8()..];
        match (c, quote) {
            ('"' | '\'', None) => {
                quote = Some(c);
                out.push('"');
            }
            (c, Some(open)) if c == open && c != '”' => {
                quote = None;
                out.push('"');
            }
            ('“' | '”' | '„' | '＂', None) => {
                quote = Some('”');
                out.push('"');
            }
            ('“' | '”' | '＂' | '"', Some('”')) if ends_string(rest) => {
                quote = None;
                out.push('"');
            }
            ('，', None) => out.push(','),
            ('：', None) => out.push(':'),
            ('"', Some(_)) => out.push_str("\\\""),
            ('\\', Some('\'')) if rest.starts_with('\'') => {
                out.push('\'');
                chars.next();
            }
            ('\\', Some(_)) => {
                let taken = escape(rest, &mut out);
                for _ in 0..taken {
                    chars.next();
                }
            }
            (c, Some(_)) if (c as u32) < 0x20 => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            (',', None) if rest.trim_start().starts_with(['}', ']']) => {}
            (c, None) if c.is_ascii_alphabetic() => {
                let more = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                let word = &text[at..at + 1 + more];
                out.push_str(match word {
                    "None" | "undefined" | "NaN" => "null",
                    "True" => "true",
                    "False" => "false",
                    word => word,
                });
                for _ in 0..more {
                    chars.next();
                }
            }
            (c, _) => out.push(c),
        }
    }
    out
}

/// Whether what follows a mark of a translator says that a string ends there.
fn ends_string(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty()
        || rest.starts_with([':', '：', '}', ']'])
        // A comma behind it, and then the next key or value.
        || rest.strip_prefix([',', '，']).is_some_and(|rest| {
            rest.trim_start().starts_with(['"', '“', '”', '„', '＂', '}', ']', '{', '['])
        })
}

/// Writes the escape that follows a backslash in a form that JSON knows; returns how many
/// characters of `rest` it was.
fn escape(rest: &str, out: &mut String) -> usize {
    let hex = |from: usize, to: usize| {
        rest.get(from..to)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
    };
    match rest.bytes().next() {
        Some(c @ (b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')) => {
            out.push('\\');
            out.push(c as char);
            1
        }
        Some(b'x') if hex(1, 3).is_some() => {
            out.push_str("\\u00");
            out.push_str(&rest[1..3]);
            3
        }
        Some(b'U') if hex(1, 9).and_then(char::from_u32).is_some_and(|c| c >= ' ') => {
            out.extend(hex(1, 9).and_then(char::from_u32));
            9
        }
        Some(b'u') => match hex(1, 5) {
            Some(0xd800..=0xdbff) => {
                let low = (rest.get(5..7) == Some("\\u")).then(|| hex(7, 11)).flatten();
                if matches!(low, Some(0xdc00..=0xdfff)) {
                    out.push('\\');
                    out.push_str(&rest[..11]);
                    11
                } else {
                    out.push_str("\\ufffd");
                    5
                }
            }
            Some(0xdc00..=0xdfff) => {
                out.push_str("\\ufffd");
                5
            }
            Some(_) => {
                out.push('\\');
                out.push_str(&rest[..5]);
                5
            }
            None => {
                out.push_str("\\\\");
                0
            }
        },
        // An escape that nobody knows: what stands there is kept.
        _ => {
            out.push_str("\\\\");
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn damaged_strings_are_repaired() {
        let check = |text: &str, expected: &str| {
            let raw = Raw { start: 0, end: 0, bytes: text.as_bytes().to_vec(), exact: true };
            assert_eq!(raw.parse(), Ok(json!(expected)), "{text}");
        };
        check(r#""form\x0CFEED""#, "form\u{c}FEED");
        check(r#""a\\x0C""#, "a\\x0C");
        check(r#""a\qb\uzz\x""#, "a\\qb\\uzz\\x");
        check("\"tab\there\"", "tab\there");
        check(r#"'it\'s "it" \U0001f642'"#, "it's \"it\" \u{1f642}");
        check(r#""\ud83d\ude42 \ud83d! \ude42""#, "\u{1f642} \u{fffd}! \u{fffd}");
        check(r#""中\ud83d文\x41""#, "中\u{fffd}文A");
        let printed = "{'a': None, 'b': [True, 'x', False,], \"c\": 1e5,}";
        let raw = Raw { start: 0, end: 0, bytes: printed.as_bytes().to_vec(), exact: true };
        assert_eq!(raw.parse(), Ok(json!({"a": null, "b": [true, "x", false], "c": 1e5})));
    }
}
