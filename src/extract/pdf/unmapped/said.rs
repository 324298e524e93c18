//! What a `ToUnicode` says, read as the program of tokens that it is (ISO 32000-1, 9.10.3).
//!
//! The parser reads these maps line by line and takes one range of a line. Programs write them in
//! one line, with the line ends of the Macintosh, with lists over many lines, with brackets in
//! their names: of such a map it has nothing, or a part.

use super::Map;
use super::glyphs;
use crate::extract::pdf::objects::{Dictionary, resolve};
use crate::extract::pdf::quiet;
use pdf_oxide::PdfDocument;
use pdf_oxide::fonts::CMap;
use pdf_oxide::object::Object;

/// A map as the file has it.
#[derive(Debug, Default)]
pub struct Said {
    /// Bytes of the widest code.
    pub width: usize,
    pub map: Map,
}

/// The map of a font; none where it builds on another one, or has longer codes.
pub fn of(document: &PdfDocument, font: &Dictionary) -> Option<Said> {
    let stream = resolve(document, font.get("ToUnicode")?)?;
    let Object::Stream { .. } = stream else { return None };
    let bytes = quiet(|| stream.decode_stream_data()).and_then(Result::ok)?;
    read(&bytes)
}

/// Whether the parser takes a code for something else than the file says.
pub fn is_misread(said: &Said, parsed: Option<&CMap>) -> bool {
    said.map.iter().any(|(code, text)| {
        let is_text =
            text.chars().any(|c| !c.is_control() && !matches!(c, '\u{fffd}'..='\u{ffff}'));
        is_text && parsed.and_then(|map| map.get(&u32::from(*code))).as_deref() != Some(text)
    })
}

#[derive(Debug, PartialEq)]
enum Token<'a> {
    Hex(Vec<u8>),
    Name(&'a [u8]),
    Open,
    Close,
    Word(&'a [u8]),
}

fn read(bytes: &[u8]) -> Option<Said> {
    let mut said = Said::default();
    let mut tokens = Tokens { bytes, at: 0 };
    while let Some(token) = tokens.next() {
        let Token::Word(word) = token else { continue };
        match word {
            b"usecmap" => return None,
            b"begincodespacerange" => {
                while let Some(Token::Hex(code)) = tokens.next() {
                    said.width = said.width.max(code.len());
                }
            }
            b"beginbfchar" => {
                while let Some(Token::Hex(code)) = tokens.next() {
                    let text = match tokens.next() {
                        Some(Token::Hex(units)) => utf16(&units),
                        Some(Token::Name(name)) => std::str::from_utf8(name)
                            .ok()
                            .and_then(glyphs::text)
                            .unwrap_or_default(),
                        _ => break,
                    };
                    said.insert(number(&code)?, text)?;
                }
            }
            b"beginbfrange" => {
                while let Some(Token::Hex(first)) = tokens.next() {
                    let Some(Token::Hex(last)) = tokens.next() else { break };
                    let (first, last) = (number(&first)?, number(&last)?);
                    match tokens.next() {
                        Some(Token::Hex(units)) => {
                            for code in first..=last {
                                said.insert(code, utf16(&after(&units, code - first)))?;
                            }
                        }
                        Some(Token::Open) => {
                            let mut code = first;
                            while let Some(Token::Hex(units)) = tokens.next() {
                                if code <= last {
                                    said.insert(code, utf16(&units))?;
                                }
                                code = code.checked_add(1)?;
                            }
                        }
                        _ => break,
                    }
                }
            }
            _ => {}
        }
    }
    said.width = said.width.clamp(1, 2);
    Some(said)
}

impl Said {
    /// Maps with codes of more than two bytes are left to the parser.
    fn insert(&mut self, code: u32, text: String) -> Option<()> {
        let code = u16::try_from(code).ok()?;
        if !text.is_empty() {
            self.map.insert(code, text);
        }
        Some(())
    }
}

fn number(code: &[u8]) -> Option<u32> {
    match code.len() {
        1..=4 => Some(code.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte))),
        _ => None,
    }
}

/// The units that stand so many places behind these: the last one counts.
fn after(units: &[u8], places: u32) -> Vec<u8> {
    let mut units = units.to_vec();
    let mut places = places;
    for byte in units.iter_mut().rev().take(2) {
        let sum = u32::from(*byte) + places;
        *byte = sum.to_le_bytes()[0];
        places = sum >> 8;
    }
    units
}

/// UTF-16; one byte is one character, and three are the number of one.
fn utf16(bytes: &[u8]) -> String {
    match bytes {
        [one] => char::from(*one).to_string(),
        [a, b, c] => char::from_u32(u32::from_be_bytes([0, *a, *b, *c]))
            .map(String::from)
            .unwrap_or_default(),
        _ => {
            let units = bytes.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
    }
}

struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    fn while_some(&mut self, is: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = rest.iter().position(|byte| !is(*byte)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    /// A string in round brackets, which may have others in it.
    fn skip_string(&mut self) {
        let mut depth = 0usize;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' if depth <= 1 => return,
                b')' => depth -= 1,
                _ => {}
            }
        }
    }
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let is_regular = |byte: u8| !is_blank(byte) && !b"<>[](){}/%".contains(&byte);
        loop {
            self.while_some(is_blank);
            match *self.bytes.get(self.at)? {
                b'%' => drop(self.while_some(|byte| byte != b'\n' && byte != b'\r')),
                b'(' => self.skip_string(),
                b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.at += 2,
                b'<' => {
                    self.at += 1;
                    let inside = self.while_some(|byte| byte != b'>');
                    self.at += 1;
                    let digits: Vec<u8> = inside
                        .iter()
                        .filter_map(|byte| char::from(*byte).to_digit(16))
                        .filter_map(|digit| u8::try_from(digit).ok())
                        .collect();
                    // A last digit alone has a zero behind it.
                    let pair = |two: &[u8]| two[0] << 4 | two.get(1).copied().unwrap_or(0);
                    return Some(Token::Hex(digits.chunks(2).map(pair).collect()));
                }
                b'/' => {
                    self.at += 1;
                    return Some(Token::Name(self.while_some(is_regular)));
                }
                b'[' => {
                    self.at += 1;
                    return Some(Token::Open);
                }
                b']' => {
                    self.at += 1;
                    return Some(Token::Close);
                }
                b'>' | b')' | b'{' | b'}' => self.at += 1,
                _ => return Some(Token::Word(self.while_some(is_regular))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cmap: &str, width: usize, expected: &[(u16, &str)]) {
        let said = read(cmap.as_bytes()).unwrap();
        let map: Vec<(u16, &str)> = said.map.iter().map(|(code, text)| (*code, &**text)).collect();
        assert_eq!((said.width, map.as_slice()), (width, expected), "{cmap}");
    }

    #[test]
    fn maps_are_read_in_any_arrangement() {
        let expected = [(0x41, "开"), (0x42, "票"), (0x43, "ffi"), (0x44, "𠮷")];
        check(
            "1 begincodespacerange <00><FF> endcodespacerange 2 beginbfrange <41><41><5F00> <42><44>\n\
             [<7968>\r<0066 00660069>\n<D842DFB7>] endbfrange",
            1,
            &expected,
        );
        check(
            "/CIDSystemInfo <</Ordering (UC>)(]) /Registry (a\\)b)>> def /CMapName /Adobe-UC> def\r\
             1 begincodespacerange\r<00><FF>\rendcodespacerange\r4 beginbfchar\r<41><5F00>\r<42><7968>\r\
             <43><006600660069>\r<44><020BB7>\rendbfchar",
            1,
            &expected,
        );
        check(
            "begincodespacerange<0000><FFFF>endcodespacerange beginbfrange<00fe><0101><00fe><0200><0200>\
             <0041>endbfrange beginbfchar<0300>/f_i endbfchar % beginbfchar <0001> <0041>\n",
            2,
            &[(0xfe, "þ"), (0xff, "ÿ"), (0x100, "Ā"), (0x101, "ā"), (0x200, "A"), (0x300, "fi")],
        );
    }

    #[test]
    fn what_builds_on_others_is_left_and_of_what_is_cut_the_beginning_is_read() {
        assert!(read(b"/Adobe-Japan1-UCS2 usecmap").is_none());
        assert!(read(b"beginbfchar <00010041> <0041> endbfchar").is_none());
        check("beginbfchar <0041> endbfchar", 1, &[]);
        check("beginbfchar <41> <5F00> <42> <79", 1, &[(0x41, "开"), (0x42, "y")]);
        check("beginbfrange <41> <43> [<5F00> <", 1, &[(0x41, "开")]);
        check("", 1, &[]);
    }
}
