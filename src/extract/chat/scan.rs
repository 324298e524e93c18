//! A streaming reader of JSON that knows where it is.
//!
//! Chat exports are large (hundreds of megabytes), broken (Telegram writes `\x0C`, killed exports
//! end in mid-air) and sometimes no JSON at all but many values in a row. So this reader only
//! finds where values begin and end, without recursion and in bounded memory; a single record is
//! then parsed by serde_json.

use super::raw::Raw;
use super::source::Source;
use crate::extract::{Input, Out, Stop};
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
    #[error("the file ends at byte {0}, before what began was closed")]
    Open(u64),
    #[error("unexpected {found:?} at byte {at}")]
    Syntax { at: u64, found: char },
    #[error("the record at byte {0} is larger than any message")]
    TooLarge(u64),
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Stop::failed(broken)
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
    /// Positions are those of the file, not of its text in UTF-8.
    exact: bool,
}

impl<'a> Scan<Source<'a>> {
    /// Reads a file from its start, whatever it is written in.
    pub(super) fn open(input: &'a mut Input) -> Result<Self, Stop> {
        let source = Source::open(input)?;
        let exact = source.is_plain();
        Ok(Scan { exact, ..Scan::new(source) })
    }

    /// Says the encoding where it is not UTF-8.
    pub(super) fn announce(&self, out: &mut Out) -> Result<(), Stop> {
        self.reader.announce(out)
    }
}

impl<R: Read> Scan<R> {
    pub(super) fn new(reader: R) -> Self {
        Scan { reader, buffer: vec![0; 128 * 1024], at: 0, end: 0, base: 0, exact: true }
    }

    /// Byte of the file that comes next.
    pub(super) fn position(&self) -> u64 {
        self.base + self.at as u64
    }

    /// Whether positions are those of the file, not of its text in UTF-8.
    pub(super) fn is_exact(&self) -> bool {
        self.exact
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

    /// The next byte that is no white space (nor a byte order mark), not taken. Marks stand also
    /// between values, where files were joined.
    pub(super) fn token(&mut self) -> Result<Option<u8>, Broken> {
        const MARK: &[u8] = "\u{feff}".as_bytes();
        while self.fill()? {
            match self.buffer[self.at] {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                0xef | 0xbb | 0xbf if self.position() < 3 => self.at += 1,
                0xef if self.buffer[self.at..self.end].starts_with(MARK) => self.at += MARK.len(),
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
            Some(b'"' | b'\'') => {
                let raw = self.value()?;
                if !self.take(b':')? {
                    return Err(self.unexpected(at));
                }
                let key = raw.parse().ok().and_then(|v| v.as_str().map(str::to_owned));
                Ok(Some(key.unwrap_or_default()))
            }
            None => Err(Broken::Open(at)),
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
            None => Err(Broken::Open(self.position())),
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
        self.value_within(MOST_RECORD)
    }

    /// The next value, if it has no more bytes than this.
    pub(super) fn value_within(&mut self, most: usize) -> Result<Raw, Broken> {
        let mut bytes = Vec::new();
        let (start, end) = self.walk(Some(&mut bytes), most)?;
        Ok(Raw { start, end, bytes, exact: self.exact })
    }

    /// After a byte that belongs nowhere: goes to the next beginning of an object. Returns where
    /// that is, `None` at the end of the file.
    pub(super) fn recover(&mut self) -> Result<Option<u64>, Broken> {
        self.pass(|byte| byte == b'{')
    }

    /// Goes to the next byte of this kind, whatever stands before it. Returns where that is, `None`
    /// at the end of the file.
    pub(super) fn pass(&mut self, wanted: impl Fn(u8) -> bool) -> Result<Option<u64>, Broken> {
        while let Some(byte) = self.token()? {
            if wanted(byte) {
                return Ok(Some(self.position()));
            }
            self.at += 1;
        }
        Ok(None)
    }

    /// Passes over the next value, whatever its size.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        self.walk(None, usize::MAX).map(|_| ())
    }

    fn walk(&mut self, mut keep: Option<&mut Vec<u8>>, most: usize) -> Result<(u64, u64), Broken> {
        let first = self.token()?;
        let start = self.position();
        let Some(first) = first else { return Err(Broken::Truncated(start)) };
        if matches!(first, b'}' | b']' | b',' | b':') {
            return Err(Broken::Syntax { at: start, found: char::from(first) });
        }
        let scalar = !matches!(first, b'{' | b'[' | b'"' | b'\'');
        let mut depth = 0u64;
        // Single quotes are what a program wrote that printed its values instead of their JSON.
        let mut quote = None;
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
                if quote.is_some() {
                    if escaped {
                        escaped = false;
                    } else if byte == b'\\' {
                        escaped = true;
                    } else if quote == Some(byte) {
                        quote = None;
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
                        b'"' | b'\'' => quote = Some(byte),
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
                if bytes.len() + self.at - from > most {
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

    /// What stands from this byte on, at most so many bytes of it; `seek` goes on reading.
    pub(super) fn bytes_from(&mut self, start: u64, most: u64) -> Result<Vec<u8>, Broken> {
        let mut bytes = Vec::new();
        self.reader.seek(SeekFrom::Start(start))?;
        (&mut self.reader).take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The same as text.
    pub(super) fn text_from(&mut self, start: u64, most: u64) -> Result<String, Broken> {
        Ok(String::from_utf8_lossy(&self.bytes_from(start, most)?).into_owned())
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
