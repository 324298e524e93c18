//! The compressed Rich Text of Outlook (MS-OXRTFCP) and the HTML or plain text that is hidden in
//! it (MS-OXRTFEX).

use super::pages;
use crate::extract::mail::{charset, transfer};
use crate::extract::office::codepage;

/// What the dictionary of the compression holds at the start.
const PRELOAD: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW: usize = 4096;

/// Decompresses; `None` when it is not compressed Rich Text. Broken data ends early.
pub fn decompress(data: &[u8]) -> Option<Vec<u8>> {
    let word = |at: usize| {
        let bytes = data.get(at..at + 4)?;
        Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    };
    let size = word(4)? as usize;
    let body = data.get(16..)?;
    match &data[8..12] {
        b"MELA" => return Some(body[..size.min(body.len())].to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut window = [b' '; WINDOW];
    window[..PRELOAD.len()].copy_from_slice(PRELOAD);
    let mut write = PRELOAD.len();
    let mut out = Vec::new();
    let mut put = |byte: u8, write: &mut usize, window: &mut [u8; WINDOW]| {
        out.push(byte);
        window[*write] = byte;
        *write = (*write + 1) % WINDOW;
    };
    let mut bytes = body.iter().copied();
    'all: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(byte) = bytes.next() else { break 'all };
                put(byte, &mut write, &mut window);
                continue;
            }
            let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { break 'all };
            let reference = u16::from_be_bytes([high, low]);
            let offset = usize::from(reference >> 4);
            if offset == write {
                break 'all;
            }
            for step in 0..usize::from(reference & 0xf) + 2 {
                let byte = window[(offset + step) % WINDOW];
                put(byte, &mut write, &mut window);
            }
        }
    }
    Some(out)
}

/// What Rich Text was made from.
#[derive(Debug, PartialEq, Eq)]
pub enum Source {
    Html(String),
    Plain(String),
    /// It is Rich Text by itself.
    Rich,
}

/// Takes the original out of Rich Text that Outlook wrapped around HTML or plain text.
pub fn unwrap(rtf: &[u8]) -> Source {
    let head = &rtf[..rtf.len().min(1024)];
    let has = |mark: &[u8]| head.windows(mark.len()).any(|window| window == mark);
    if has(b"\\fromhtml1") {
        return Source::Html(Reader::new(rtf).read(true));
    }
    if has(b"\\fromtext") {
        return Source::Plain(Reader::new(rtf).read(false));
    }
    Source::Rich
}

/// One level of braces.
#[derive(Clone, Copy)]
struct Group {
    /// Nothing in it is text: fonts, colours, pictures.
    skipped: bool,
    /// It holds a piece of the original HTML.
    tag: bool,
    /// `\htmlrtf`: what is only there for readers of Rich Text.
    rich_only: bool,
    /// Characters that stand for a `\u` in readers without Unicode.
    fallback: usize,
    font: i32,
}

impl Group {
    /// Whether what stands in it belongs to the original.
    fn is_text(&self) -> bool {
        !self.skipped && (self.tag || !self.rich_only)
    }
}

/// Reads the subset of Rich Text that Outlook wraps originals in.
struct Reader<'a> {
    rtf: &'a [u8],
    at: usize,
    stack: Vec<Group>,
    group: Group,
    charset: String,
    /// Character sets of fonts, by their number.
    fonts: Vec<(i32, String)>,
    /// Bytes that wait to be decoded together.
    bytes: Vec<u8>,
    out: String,
    skip: usize,
    in_fonts: bool,
}

/// Deeper braces are no mail.
const DEEPEST: usize = 10_000;

impl<'a> Reader<'a> {
    fn new(rtf: &'a [u8]) -> Self {
        let group = Group { skipped: false, tag: false, rich_only: false, fallback: 1, font: -1 };
        Reader {
            rtf,
            at: 0,
            stack: Vec::new(),
            group,
            charset: "windows-1252".to_owned(),
            fonts: Vec::new(),
            bytes: Vec::new(),
            out: String::new(),
            skip: 0,
            in_fonts: false,
        }
    }

    fn read(mut self, html: bool) -> String {
        while let Some(&byte) = self.rtf.get(self.at) {
            self.at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    if self.stack.len() < DEEPEST {
                        self.stack.push(self.group);
                    }
                    self.skip = 0;
                }
                b'}' => {
                    self.flush();
                    if let Some(group) = self.stack.pop() {
                        self.group = group;
                    }
                    self.skip = 0;
                }
                b'\\' => self.control(html),
                b'\r' | b'\n' => {}
                _ => self.byte(byte),
            }
        }
        self.flush();
        self.out
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.group.is_text() {
            self.bytes.push(byte);
        }
    }

    fn text(&mut self, text: &str) {
        if self.group.is_text() {
            self.flush();
            self.out.push_str(text);
        }
    }

    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let font = self.fonts.iter().rev().find(|(font, _)| *font == self.group.font);
        let charset = font.map_or(&self.charset, |(_, charset)| charset);
        let bytes = std::mem::take(&mut self.bytes);
        self.out.push_str(&charset::decode(&bytes, Some(charset), None).text);
    }

    fn control(&mut self, html: bool) {
        let Some(&first) = self.rtf.get(self.at) else { return };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            match first {
                b'\'' => {
                    let digits = self.rtf.get(self.at..self.at + 2);
                    if let Some(byte) = digits.and_then(transfer::hex) {
                        self.at += 2;
                        self.byte(byte);
                    }
                }
                b'*' => self.destination(html),
                b'\\' | b'{' | b'}' => self.byte(first),
                b'~' => self.text("\u{a0}"),
                b'_' => self.text("-"),
                b'\r' | b'\n' => self.text("\n"),
                _ => {}
            }
            return;
        }
        let start = self.at;
        while self.rtf.get(self.at).is_some_and(u8::is_ascii_alphabetic) {
            self.at += 1;
        }
        let word = &self.rtf[start..self.at];
        let number_start = self.at;
        if self.rtf.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        while self.rtf.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        let number: Option<i32> = std::str::from_utf8(&self.rtf[number_start..self.at])
            .ok()
            .and_then(|digits| digits.parse().ok());
        if self.rtf.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.word(word, number);
    }

    /// `\*\word`: destinations that are not known are skipped as a whole.
    fn destination(&mut self, html: bool) {
        let rest = &self.rtf[self.at..];
        if html && rest.starts_with(b"\\htmltag") {
            self.group.tag = true;
            self.group.skipped = false;
        } else {
            self.group.skipped = true;
        }
    }

    fn word(&mut self, word: &[u8], number: Option<i32>) {
        match word {
            b"fonttbl" => {
                self.group.skipped = true;
                self.in_fonts = true;
            }
            b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header" | b"footer" => {
                self.group.skipped = true;
                self.in_fonts = false;
            }
            b"ansicpg" => {
                if let Some(label) = number.and_then(|n| pages::label(u32::try_from(n).ok()?)) {
                    self.charset = label;
                }
            }
            b"f" => {
                self.flush();
                self.group.font = number.unwrap_or(-1);
            }
            b"fcharset" if self.in_fonts => {
                if let Some(label) = number
                    .and_then(|set| codepage::of_charset(u32::try_from(set).ok()?))
                    .and_then(pages::label)
                {
                    self.fonts.push((self.group.font, label));
                }
            }
            b"htmlrtf" => {
                self.flush();
                self.group.rich_only = number != Some(0);
            }
            b"par" | b"line" => self.text("\n"),
            b"tab" => self.text("\t"),
            b"lquote" => self.text("\u{2018}"),
            b"rquote" => self.text("\u{2019}"),
            b"ldblquote" => self.text("\u{201c}"),
            b"rdblquote" => self.text("\u{201d}"),
            b"bullet" => self.text("\u{2022}"),
            b"endash" => self.text("\u{2013}"),
            b"emdash" => self.text("\u{2014}"),
            b"uc" => {
                self.group.fallback = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1)
            }
            b"u" => {
                if let Some(number) = number {
                    self.unicode(number);
                    self.skip = self.group.fallback;
                }
            }
            b"bin" => {
                let length = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                self.at = self.at.saturating_add(length).min(self.rtf.len());
            }
            _ => {}
        }
    }

    /// `\u` gives UTF-16, one unit at a time and signed.
    fn unicode(&mut self, number: i32) {
        let unit = number as u16;
        if let Some(c) = char::from_u32(u32::from(unit)) {
            self.text(c.encode_utf8(&mut [0; 4]));
            return;
        }
        if (0xdc00..0xe000).contains(&unit) {
            // The second half: the first one was kept as a mark.
            if let Some(high) =
                self.out.chars().last().filter(|c| (0xf_0000..0xf_0400).contains(&(*c as u32)))
            {
                let code = 0x10000 + ((high as u32 - 0xf_0000) << 10) + u32::from(unit - 0xdc00);
                self.out.pop();
                self.text(char::from_u32(code).unwrap_or('\u{fffd}').encode_utf8(&mut [0; 4]));
            }
        } else if let Some(mark) = char::from_u32(0xf_0000 + u32::from(unit - 0xd800)) {
            self.text(mark.encode_utf8(&mut [0; 4]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_decompresses() {
        // MS-OXRTFCP 3.1.
        let data = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, b'L', b'Z', b'F', b'u', 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0,
            0x0a, 0, b'r', b'c', b'p', b'g', b'1', b'2', b'5', 0x42, b'2', 0x0a, 0xf3, b' ', b'h',
            b'e', b'l', 0x09, 0, b' ', b'b', b'w', 0x05, 0xb0, b'l', b'd', b'}', 0x0a, 0x80, 0x0f,
            0xa0,
        ];
        let text = decompress(&data).expect("compressed");
        assert_eq!(
            String::from_utf8_lossy(&text),
            "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
        );
        assert_eq!(decompress(b"short"), None);
        assert_eq!(decompress(&[0; 32]), None);
    }

    #[test]
    fn originals_are_unwrapped() {
        let check = |rtf: &str, expected: Source| {
            assert_eq!(unwrap(rtf.as_bytes()), expected, "{rtf:?}");
        };
        check(
            "{\\rtf1\\ansi\\ansicpg1252\\fromtext{\\fonttbl{\\f0 Arial;}}\\f0 one\\par two \\'e9\\{}",
            Source::Plain("one\ntwo é{".to_owned()),
        );
        check(
            "{\\rtf1\\ansi\\ansicpg936\\fromhtml1 {\\*\\htmltag19 <html>}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 \\'ba\\'cf\\htmlrtf\\par}\\htmlrtf0 {\\*\\htmltag72 </p>}}",
            Source::Html("<html><p>合</p>".to_owned()),
        );
        check(
            "{\\rtf1\\fromtext\\uc1 \\u21512?\\u-10179?\\u-8704? x}",
            Source::Plain("合😀 x".to_owned()),
        );
        check("{\\rtf1 rich}", Source::Rich);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(data in proptest::collection::vec(0u8.., 0..300)) {
            let mut compressed = vec![0; 16];
            compressed[8..12].copy_from_slice(b"LZFu");
            compressed.extend(&data);
            decompress(&compressed);
            let mut rtf = b"{\\rtf1\\fromhtml1".to_vec();
            rtf.extend(data);
            unwrap(&rtf);
        }
    }
}
