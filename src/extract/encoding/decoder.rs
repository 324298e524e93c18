//! Decodes piece by piece and counts what was lost.

use super::line::{Line, kind_of};
use super::{Charset, Guess, dos, euc_tw, hz, johab, pages, utf7};
use crate::text::tally::counted;
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A decoder for one text, fed with its bytes in order.
pub struct Decoder {
    how: How,
    /// Bytes of the mark that are still to be skipped.
    mark: usize,
    /// Bytes that stand for no character.
    lost: u64,
    /// Characters that nobody writes: controls of C1 and those of no meaning.
    odd: u64,
    /// The set, where such characters say that it is the wrong one: not in Unicode.
    doubtful: Option<String>,
}

enum How {
    Known(encoding_rs::Decoder),
    /// By its number.
    Dos(u32),
    Page(pages::Page),
    /// An unfinished character of four bytes.
    Long {
        unit: fn([u8; 4]) -> u32,
        rest: Vec<u8>,
    },
    /// An unfinished line, and how lines are read.
    Lines {
        read: Lines,
        rest: Vec<u8>,
    },
}

#[derive(Clone, Copy)]
enum Lines {
    /// UTF-8, or this where a line is not.
    Mixed(&'static Encoding),
    Hz,
    Korean,
    Chinese,
    Taiwan,
    Johab,
    Utf7,
}

impl Lines {
    fn decode(self, bytes: &[u8], text: &mut String) -> u64 {
        match self {
            Lines::Mixed(other) => line(bytes, other, text),
            Lines::Hz => {
                text.push_str(&hz::decode(bytes));
                0
            }
            Lines::Korean => {
                text.push_str(&hz::korean(bytes));
                0
            }
            Lines::Chinese => hz::chinese(bytes, text),
            Lines::Taiwan => euc_tw::decode(bytes, text),
            Lines::Johab => johab::decode(bytes, text),
            Lines::Utf7 => {
                let (read, lost) = utf7::decode(bytes);
                text.push_str(&read);
                lost
            }
        }
    }
}

/// A line is cut here when it has no end.
const LONGEST_LINE: usize = 1 << 20;

impl Decoder {
    pub fn new(guess: &Guess) -> Self {
        let how = match guess.charset {
            Charset::Known(encoding) => How::Known(encoding.new_decoder_without_bom_handling()),
            Charset::Utf32Le => How::Long { unit: u32::from_le_bytes, rest: Vec::new() },
            Charset::Utf32Be => How::Long { unit: u32::from_be_bytes, rest: Vec::new() },
            Charset::Mixed(other) => How::Lines { read: Lines::Mixed(other), rest: Vec::new() },
            Charset::Hz => How::Lines { read: Lines::Hz, rest: Vec::new() },
            Charset::Iso2022Kr => How::Lines { read: Lines::Korean, rest: Vec::new() },
            Charset::EucTw => How::Lines { read: Lines::Taiwan, rest: Vec::new() },
            Charset::Iso2022Cn => How::Lines { read: Lines::Chinese, rest: Vec::new() },
            Charset::Johab => How::Lines { read: Lines::Johab, rest: Vec::new() },
            Charset::Utf7 => How::Lines { read: Lines::Utf7, rest: Vec::new() },
            Charset::Dos(page) => How::Dos(page),
            Charset::Page(page) => How::Page(page),
        };
        let is_unicode = match guess.charset {
            Charset::Known(known) => [UTF_8, UTF_16LE, UTF_16BE].contains(&known),
            Charset::Utf32Le | Charset::Utf32Be | Charset::Utf7 => true,
            _ => false,
        };
        let doubtful = (!is_unicode).then(|| guess.charset.name());
        Decoder { how, mark: guess.mark, lost: 0, odd: 0, doubtful }
    }

    /// Appends the text of the next bytes to `text`; `last` when there are no more.
    pub fn decode(&mut self, bytes: &[u8], last: bool, text: &mut String) {
        let from = text.len();
        self.decode_some(bytes, last, text);
        if self.doubtful.is_some() {
            self.odd += text[from..].chars().filter(|c| is_odd(*c)).count() as u64;
        }
    }

    fn decode_some(&mut self, bytes: &[u8], last: bool, text: &mut String) {
        let skip = self.mark.min(bytes.len());
        self.mark -= skip;
        let bytes = &bytes[skip..];
        match &mut self.how {
            How::Known(decoder) => self.lost += run(decoder, bytes, last, text),
            How::Dos(page) => text.push_str(&dos::decode(bytes, *page).unwrap_or_default()),
            How::Page(page) => text.push_str(&page.decode(bytes)),
            How::Long { unit, rest } => {
                rest.extend_from_slice(bytes);
                let whole = rest.len() - rest.len() % 4;
                for four in rest[..whole].chunks_exact(4) {
                    let char = char::from_u32(unit([four[0], four[1], four[2], four[3]]));
                    self.lost += if char.is_none() { 4 } else { 0 };
                    text.push(char.unwrap_or('\u{fffd}'));
                }
                rest.drain(..whole);
                if last && !rest.is_empty() {
                    self.lost += rest.len() as u64;
                    text.push('\u{fffd}');
                    rest.clear();
                }
            }
            How::Lines { read, rest } => {
                rest.extend_from_slice(bytes);
                let mut start = 0;
                while let Some(length) = rest[start..].iter().position(|byte| *byte == b'\n') {
                    let end = start + length + 1;
                    self.lost += read.decode(&rest[start..end], text);
                    start = end;
                }
                if last || rest.len() - start > LONGEST_LINE {
                    self.lost += read.decode(&rest[start..], text);
                    start = rest.len();
                }
                rest.drain(..start);
            }
        }
    }

    /// What to say about lost bytes, after the end.
    pub fn warning(&self) -> Option<String> {
        match self.lost {
            0 if self.odd > 0 => self.doubtful.as_ref().map(|name| {
                format!(
                    "{}: the text is probably not {name} and is not read rightly",
                    counted(
                        self.odd,
                        "character is a control or has no meaning",
                        "characters are controls or have no meaning",
                    )
                )
            }),
            0 => None,
            1 => Some("1 byte could not be decoded and is shown as \u{fffd}".to_owned()),
            lost => Some(format!("{lost} bytes could not be decoded and are shown as \u{fffd}")),
        }
    }
}

/// Controls of C1 (but the line end of mainframes) and characters of private use.
fn is_odd(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

fn line(line: &[u8], other: &'static Encoding, text: &mut String) -> u64 {
    let encoding = match kind_of(line) {
        Line::Foreign => other,
        Line::Ascii | Line::Utf8 { .. } => UTF_8,
    };
    run(&mut encoding.new_decoder_without_bom_handling(), line, true, text)
}

/// Decodes and says how many bytes were replaced.
fn run(decoder: &mut encoding_rs::Decoder, bytes: &[u8], last: bool, text: &mut String) -> u64 {
    let mut rest = bytes;
    let mut lost = 0;
    loop {
        // Enough for most; the loop goes on where it is not.
        let room = decoder.max_utf8_buffer_length_without_replacement(rest.len());
        text.reserve(room.unwrap_or(rest.len()).min(rest.len().saturating_mul(3) + 16));
        let (result, read) = decoder.decode_to_string_without_replacement(rest, text, last);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => return lost,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, _) => {
                lost += u64::from(bad);
                text.push('\u{fffd}');
            }
        }
    }
}
