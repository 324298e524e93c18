//! A streaming reader of JSON that knows where it is.
//!
//! Chat exports are large (hundreds of megabytes), broken (Telegram writes `\x0C`, killed exports
//! end in mid-air) and sometimes no JSON at all but many values in a row. So this reader only
//! finds where values begin and end, without recursion and in bounded memory; a single record is
//! then parsed by serde_json.

use crate::extract::Stop;
use serde_json::Value;
use std::io::{self, Read, Seek, SeekFrom};

/// A record larger than this is not a message.
const MOST_RECORD: usize = 32 << 20;

/// Why the reading of JSON ended early; positions are bytes of the file.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the file ends in the middle of a record that begins at byte {0}")]
    Truncated(u64),
    #[error("unexpected {found:?} at byte {at}")]
    Syntax { at: u64, found: char },
    #[error("the record at byte {0} is larger than 32 MiB")]
    TooLarge(u64),
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Stop::failed(broken)
    }
}

/// The bytes of one value as they stand in the file.
pub(super) struct Raw {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) bytes: Vec<u8>,
}

impl Raw {
    pub(super) fn span(&self) -> Option<(u64, u64)> {
        Some((self.start, self.end))
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
/// strings, halves of surrogate pairs, bytes that are not UTF-8.
fn repaired(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len() + 16);
    let mut in_string = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                in_string = !in_string;
                out.push(c);
            }
            '\\' if in_string => {
                let rest = &text[at + 1..];
                let taken = escape(rest, &mut out);
                for _ in 0..taken {
                    chars.next();
                }
            }
            c if in_string && (c as u32) < 0x20 => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out
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

/// Reads values one after the other.
pub(super) struct Scan<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    /// Position in the file of the buffer's first byte.
    base: u64,
}

impl<R: Read> Scan<R> {
    pub(super) fn new(reader: R) -> Self {
        Scan { reader, buffer: vec![0; 128 * 1024], at: 0, end: 0, base: 0 }
    }

    /// Byte of the file that comes next.
    pub(super) fn position(&self) -> u64 {
        self.base + self.at as u64
    }

    fn fill(&mut self) -> io::Result<bool> {
        if self.at < self.end {
            return Ok(true);
        }
        self.base += self.end as u64;
        self.at = 0;
        self.end = 0;
        loop {
            match self.reader.read(&mut self.buffer) {
                Ok(count) => {
                    self.end = count;
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The next byte that is no white space (nor a byte order mark), not taken.
    pub(super) fn token(&mut self) -> Result<Option<u8>, Broken> {
        while self.fill()? {
            match self.buffer[self.at] {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                0xef | 0xbb | 0xbf if self.position() < 3 => self.at += 1,
                byte => return Ok(Some(byte)),
            }
        }
        Ok(None)
    }

    /// Takes the next token if it is this one.
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, Broken> {
        if self.token()? == Some(byte) {
            self.at += 1;
            return Ok(true);
        }
        Ok(false)
    }

    /// Inside an object: the next key, its colon taken; `None` at the end of the object.
    pub(super) fn key(&mut self) -> Result<Option<String>, Broken> {
        while self.take(b',')? {}
        let at = self.position();
        match self.token()? {
            Some(b'}') => {
                self.at += 1;
                Ok(None)
            }
            Some(b'"') => {
                let raw = self.value()?;
                if !self.take(b':')? {
                    return Err(self.unexpected(at));
                }
                let key = raw.parse().ok().and_then(|v| v.as_str().map(str::to_owned));
                Ok(Some(key.unwrap_or_default()))
            }
            None => Err(Broken::Truncated(at)),
            Some(_) => Err(self.unexpected(at)),
        }
    }

    /// Inside an array: whether there is another element; takes the comma or the end.
    pub(super) fn element(&mut self) -> Result<bool, Broken> {
        while self.take(b',')? {}
        match self.token()? {
            Some(b']') => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => Ok(true),
            None => Err(Broken::Truncated(self.position())),
        }
    }

    fn unexpected(&mut self, at: u64) -> Broken {
        match self.token() {
            Ok(Some(byte)) => Broken::Syntax { at: self.position(), found: char::from(byte) },
            Ok(None) => Broken::Truncated(at),
            Err(broken) => broken,
        }
    }

    /// The next value with its bytes.
    pub(super) fn value(&mut self) -> Result<Raw, Broken> {
        let mut bytes = Vec::new();
        let (start, end) = self.walk(Some(&mut bytes))?;
        Ok(Raw { start, end, bytes })
    }

    /// Passes over the next value, whatever its size.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        self.walk(None).map(|_| ())
    }

    fn walk(&mut self, mut keep: Option<&mut Vec<u8>>) -> Result<(u64, u64), Broken> {
        let first = self.token()?;
        let start = self.position();
        let Some(first) = first else { return Err(Broken::Truncated(start)) };
        if matches!(first, b'}' | b']' | b',' | b':') {
            return Err(Broken::Syntax { at: start, found: char::from(first) });
        }
        let scalar = !matches!(first, b'{' | b'[' | b'"');
        let mut depth = 0u64;
        let mut in_string = false;
        let mut escaped = false;
        loop {
            if !self.fill()? {
                if scalar {
                    return Ok((start, self.position()));
                }
                return Err(Broken::Truncated(start));
            }
            let from = self.at;
            let mut done = false;
            while self.at < self.end {
                let byte = self.buffer[self.at];
                if in_string {
                    if escaped {
                        escaped = false;
                    } else if byte == b'\\' {
                        escaped = true;
                    } else if byte == b'"' {
                        in_string = false;
                        done = depth == 0;
                    }
                } else if scalar {
                    if matches!(
                        byte,
                        b',' | b']'
                            | b'}'
                            | b' '
                            | b'\t'
                            | b'\r'
                            | b'\n'
                            | b':'
                            | b'{'
                            | b'['
                            | b'"'
                    ) {
                        break;
                    }
                } else {
                    match byte {
                        b'"' => in_string = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => {
                            depth = depth.saturating_sub(1);
                            done = depth == 0;
                        }
                        _ => {}
                    }
                }
                self.at += 1;
                if done {
                    break;
                }
            }
            if let Some(bytes) = keep.as_deref_mut() {
                if bytes.len() + self.at - from > MOST_RECORD {
                    return Err(Broken::TooLarge(start));
                }
                bytes.extend_from_slice(&self.buffer[from..self.at]);
            }
            if done || (scalar && self.at < self.end) {
                return Ok((start, self.position()));
            }
        }
    }
}

impl<R: Read + Seek> Scan<R> {
    /// Goes on reading at this byte of the file.
    pub(super) fn seek(&mut self, to: u64) -> Result<(), Broken> {
        self.reader.seek(SeekFrom::Start(to))?;
        self.base = to;
        self.at = 0;
        self.end = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn values_in_a_row_with_their_places() {
        let text = "\u{feff} {\"a\": \"}\\\"\"}\n, [1,{\"b\":2}] \"x\" 12";
        let mut scan = Scan::new(text.as_bytes());
        let mut found = Vec::new();
        loop {
            while scan.take(b',').unwrap() {}
            if scan.token().unwrap().is_none() {
                break;
            }
            let raw = scan.value().unwrap();
            assert_eq!(&text.as_bytes()[raw.start as usize..raw.end as usize], &raw.bytes[..]);
            found.push(raw.parse().unwrap());
        }
        assert_eq!(found, [json!({"a": "}\""}), json!([1, {"b": 2}]), json!("x"), json!(12)]);
    }

    #[test]
    fn damaged_strings_are_repaired() {
        let check = |text: &str, expected: &str| {
            let raw = Scan::new(text.as_bytes()).value().unwrap();
            assert_eq!(raw.parse(), Ok(json!(expected)), "{text}");
        };
        check(r#""form\x0CFEED""#, "form\u{c}FEED");
        check(r#""a\\x0C""#, "a\\x0C");
        check(r#""a\qb\uzz\x""#, "a\\qb\\uzz\\x");
        check("\"tab\there\"", "tab\there");
        check(r#""\ud83d\ude42 \ud83d! \ude42""#, "\u{1f642} \u{fffd}! \u{fffd}");
        check(r#""中\ud83d文\x41""#, "中\u{fffd}文A");
    }

    #[test]
    fn ends_and_errors_are_told() {
        for text in ["{\"a\": [1, 2", "\"abc", "{\"a\"", "[\"\\"] {
            assert!(
                matches!(Scan::new(text.as_bytes()).value(), Err(Broken::Truncated(0))),
                "{text}"
            );
        }
        for text in ["", "  "] {
            assert!(Scan::new(text.as_bytes()).value().is_err());
        }
        assert!(matches!(Scan::new("}".as_bytes()).value(), Err(Broken::Syntax { at: 0, .. })));
        let deep = "[".repeat(1_000_000);
        assert!(matches!(Scan::new(deep.as_bytes()).value(), Err(Broken::Truncated(0))));
    }

    proptest! {
        #[test]
        fn any_string_survives(texts in prop::collection::vec(any::<String>(), 0..5)) {
            let mut file = Vec::new();
            for text in &texts {
                serde_json::to_writer_pretty(&mut file, &json!({ "t": text })).unwrap();
            }
            let mut scan = Scan::new(&file[..]);
            for text in &texts {
                prop_assert_eq!(scan.value().unwrap().parse().unwrap(), json!({ "t": text }));
            }
            prop_assert!(scan.token().unwrap().is_none());
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut scan = Scan::new(&bytes[..]);
            for _ in 0..bytes.len() + 1 {
                match scan.value() {
                    Ok(raw) => { let _ = raw.parse(); }
                    Err(_) => break,
                }
            }
        }
    }
}
