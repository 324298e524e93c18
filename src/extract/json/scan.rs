//! Reads JSON as a stream of events, without recursion and without holding it: a hundred thousand
//! levels cost a hundred thousand bytes, a string of a gigabyte costs a buffer.
//!
//! It is lenient where programs are: several values in a row (JSON lines, concatenated JSON),
//! trailing commas, `NaN`.

use crate::extract::Stop;
use std::io::BufRead;

/// What stands in a JSON text, in order.
pub enum Event<'a> {
    /// A value begins at the outermost level.
    Document,
    Open(Kind),
    Close(Kind),
    Key(&'a str),
    /// A piece of a string; more may follow.
    Piece(&'a str),
    /// The string that came in pieces is over.
    EndString,
    /// A number, `true`, `false` or `null`, as it is written.
    Scalar(&'a str),
    Comma,
    /// White space between all this.
    Space(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Object,
    Array,
}

/// Why scanning ended early.
#[derive(Debug)]
pub enum Trouble {
    /// The text is over and the value is not.
    CutOff,
    /// No JSON, from this byte on (counted in UTF-8).
    Wrong(u64),
    Stop(Stop),
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        Trouble::Stop(stop)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Trouble::Stop(error.into())
    }
}

/// Strings are handed on when they are longer than this.
const PIECE: usize = 8 * 1024;

/// Keys longer than this are cut.
const LONGEST_KEY: usize = 4 * 1024;

pub struct Scanner<R> {
    from: R,
    /// Bytes consumed.
    at: u64,
    stack: Vec<Kind>,
    /// Values completed at the outermost level.
    pub documents: u64,
    /// The greatest depth seen.
    pub deepest: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Expect {
    Value,
    /// After `[` or a comma in an array.
    ValueOrClose,
    KeyOrClose,
    CommaOrClose,
}

impl<R: BufRead> Scanner<R> {
    pub fn new(from: R) -> Self {
        Scanner { from, at: 0, stack: Vec::new(), documents: 0, deepest: 0 }
    }

    /// What is left of the text after trouble.
    pub fn into_rest(self) -> R {
        self.from
    }

    fn peek(&mut self) -> Result<Option<u8>, Trouble> {
        loop {
            match self.from.fill_buf() {
                Ok(buffer) => return Ok(buffer.first().copied()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn bump(&mut self) {
        self.from.consume(1);
        self.at += 1;
    }

    fn peek_solid(
        &mut self,
        sink: &mut dyn FnMut(Event) -> Result<(), Stop>,
    ) -> Result<Option<u8>, Trouble> {
        loop {
            let Some(first) = self.peek()? else { return Ok(None) };
            let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            if !is_space(&first) {
                return Ok(Some(first));
            }
            let buffer = self.from.fill_buf()?;
            let count = buffer.iter().take_while(|byte| is_space(byte)).count();
            // White space is ASCII.
            sink(Event::Space(std::str::from_utf8(&buffer[..count]).unwrap_or(" ")))?;
            self.from.consume(count);
            self.at += count as u64;
        }
    }

    /// Scans to the end of the text.
    pub fn run(&mut self, sink: &mut dyn FnMut(Event) -> Result<(), Stop>) -> Result<(), Trouble> {
        let mut expect = Expect::Value;
        loop {
            let Some(byte) = self.peek_solid(sink)? else {
                return if self.stack.is_empty() { Ok(()) } else { Err(Trouble::CutOff) };
            };
            match (expect, byte) {
                (Expect::Value | Expect::ValueOrClose, b'{' | b'[') => {
                    self.begin(sink)?;
                    let kind = if byte == b'{' { Kind::Object } else { Kind::Array };
                    self.bump();
                    self.stack.push(kind);
                    self.deepest = self.deepest.max(self.stack.len());
                    sink(Event::Open(kind))?;
                    expect = match kind {
                        Kind::Object => Expect::KeyOrClose,
                        Kind::Array => Expect::ValueOrClose,
                    };
                }
                (Expect::ValueOrClose | Expect::CommaOrClose, b']') => {
                    expect = self.close(Kind::Array, sink)?;
                }
                (Expect::KeyOrClose | Expect::CommaOrClose, b'}') => {
                    expect = self.close(Kind::Object, sink)?;
                }
                (Expect::Value | Expect::ValueOrClose, b'"') => {
                    self.begin(sink)?;
                    self.bump();
                    self.string(&mut |piece| sink(Event::Piece(piece)))?;
                    sink(Event::EndString)?;
                    expect = self.after_value();
                }
                (Expect::Value | Expect::ValueOrClose, _) => {
                    self.begin(sink)?;
                    let word = self.scalar()?;
                    sink(Event::Scalar(&word))?;
                    expect = self.after_value();
                }
                (Expect::KeyOrClose, b'"') => {
                    self.bump();
                    let mut key = String::new();
                    self.string(&mut |piece| {
                        if key.len() < LONGEST_KEY {
                            key.push_str(piece);
                        }
                        Ok(())
                    })?;
                    match self.peek_solid(&mut |_| Ok(()))? {
                        Some(b':') => self.bump(),
                        Some(_) => return Err(Trouble::Wrong(self.at)),
                        None => return Err(Trouble::CutOff),
                    }
                    sink(Event::Key(&key))?;
                    expect = Expect::Value;
                }
                (Expect::CommaOrClose, b',') => {
                    self.bump();
                    sink(Event::Comma)?;
                    expect = match self.stack.last() {
                        Some(Kind::Object) => Expect::KeyOrClose,
                        Some(Kind::Array) => Expect::ValueOrClose,
                        // A comma between documents: half of an array that was cut in the middle.
                        None => Expect::Value,
                    };
                }
                (Expect::KeyOrClose | Expect::CommaOrClose, _) => {
                    return Err(Trouble::Wrong(self.at));
                }
            }
        }
    }

    fn begin(&mut self, sink: &mut dyn FnMut(Event) -> Result<(), Stop>) -> Result<(), Trouble> {
        if self.stack.is_empty() {
            sink(Event::Document)?;
        }
        Ok(())
    }

    fn after_value(&mut self) -> Expect {
        if self.stack.is_empty() {
            self.documents += 1;
            Expect::Value
        } else {
            Expect::CommaOrClose
        }
    }

    fn close(
        &mut self,
        kind: Kind,
        sink: &mut dyn FnMut(Event) -> Result<(), Stop>,
    ) -> Result<Expect, Trouble> {
        if self.stack.last() != Some(&kind) {
            return Err(Trouble::Wrong(self.at));
        }
        self.bump();
        self.stack.pop();
        sink(Event::Close(kind))?;
        Ok(self.after_value())
    }

    /// The inside of a string, up to and with its closing quote.
    fn string(&mut self, sink: &mut dyn FnMut(&str) -> Result<(), Stop>) -> Result<(), Trouble> {
        let mut text = Vec::new();
        // The first half of a surrogate pair.
        let mut half: Option<u16> = None;
        loop {
            let Some(byte) = self.peek()? else {
                hand_on(&mut text, true, sink)?;
                return Err(Trouble::CutOff);
            };
            if byte == b'\\' {
                self.bump();
                let escape = self.peek()?.ok_or(Trouble::CutOff)?;
                self.bump();
                if escape == b'u' {
                    let unit = self.four_digits()?;
                    half = join(half, unit, &mut text);
                    continue;
                }
                flush_half(&mut half, &mut text);
                text.push(match escape {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'b' => 8,
                    b'f' => 12,
                    other => other,
                });
                continue;
            }
            flush_half(&mut half, &mut text);
            if byte == b'"' {
                self.bump();
                hand_on(&mut text, true, sink)?;
                return Ok(());
            }
            // As much as there is without anything special.
            let buffer = self.from.fill_buf()?;
            let end = buffer.iter().position(|byte| matches!(byte, b'"' | b'\\'));
            let end = end.unwrap_or(buffer.len()).min(PIECE);
            text.extend_from_slice(&buffer[..end]);
            self.from.consume(end);
            self.at += end as u64;
            if text.len() >= PIECE {
                hand_on(&mut text, false, sink)?;
            }
        }
    }

    fn four_digits(&mut self) -> Result<u16, Trouble> {
        let mut unit = 0u16;
        for _ in 0..4 {
            let byte = self.peek()?.ok_or(Trouble::CutOff)?;
            let digit = char::from(byte).to_digit(16).ok_or(Trouble::Wrong(self.at))?;
            self.bump();
            unit = unit << 4 | u16::try_from(digit).unwrap_or(0);
        }
        Ok(unit)
    }

    fn scalar(&mut self) -> Result<String, Trouble> {
        let start = self.at;
        let mut word = String::new();
        while let Some(byte @ (b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.')) =
            self.peek()?
        {
            self.bump();
            word.push(char::from(byte));
            if word.len() > 400 {
                return Err(Trouble::Wrong(start));
            }
        }
        let is_known = matches!(
            word.as_str(),
            "true"
                | "false"
                | "null"
                | "NaN"
                | "Infinity"
                | "-Infinity"
                | "undefined"
                | "None"
                | "True"
                | "False"
        );
        if is_known || is_number(&word) {
            Ok(word)
        } else if self.peek()?.is_none() && !word.is_empty() && !self.stack.is_empty() {
            Err(Trouble::CutOff)
        } else {
            Err(Trouble::Wrong(start))
        }
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    digits.starts_with(|c: char| c.is_ascii_digit()) && word.parse::<f64>().is_ok()
}

/// Adds a UTF-16 unit; the answer is a half that waits for its other half.
fn join(half: Option<u16>, unit: u16, text: &mut Vec<u8>) -> Option<u16> {
    let mut first = half;
    if let Some(high) = half {
        if let Some(Ok(char)) = char::decode_utf16([high, unit]).next() {
            push(char, text);
            return None;
        }
        flush_half(&mut first, text);
    }
    match char::from_u32(u32::from(unit)) {
        Some(char) => {
            push(char, text);
            None
        }
        None if unit < 0xdc00 => Some(unit),
        None => {
            push('\u{fffd}', text);
            None
        }
    }
}

fn flush_half(half: &mut Option<u16>, text: &mut Vec<u8>) {
    if half.take().is_some() {
        push('\u{fffd}', text);
    }
}

fn push(char: char, text: &mut Vec<u8>) {
    text.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Hands on what is complete; a character that is cut at the end waits unless this is the end.
fn hand_on(
    text: &mut Vec<u8>,
    last: bool,
    sink: &mut dyn FnMut(&str) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let good = match std::str::from_utf8(text) {
        Ok(all) => all.len(),
        Err(error) if !last && error.error_len().is_none() => error.valid_up_to(),
        Err(_) => {
            // Only a text that was not UTF-8 to begin with.
            let piece = String::from_utf8_lossy(text).into_owned();
            text.clear();
            return sink(&piece);
        }
    };
    if good > 0 {
        sink(std::str::from_utf8(&text[..good]).unwrap_or_default())?;
        text.drain(..good);
    }
    Ok(())
}
