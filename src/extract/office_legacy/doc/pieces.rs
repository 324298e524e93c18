//! Where the characters lie: from positions in the text to bytes in the file.

use super::super::{int, short};
use super::fib::{Fib, Table};
use crate::extract::office::codepage;

/// A run of characters that lie together.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// First and one past the last character position.
    start: u32,
    end: u32,
    /// Byte offset of the first character.
    offset: u32,
    /// Bytes a character takes.
    width: u32,
}

/// A character of the text and the byte offset where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub character: char,
    pub offset: u32,
}

pub struct Pieces {
    pieces: Vec<Piece>,
    page: u32,
    /// Characters of two bytes are of this code page and no UTF-16.
    double: Option<u32>,
}

impl Pieces {
    pub fn read(main: &[u8], table: &[u8], fib: &Fib) -> Self {
        let mut pieces = Vec::new();
        if !fib.is_old() || fib.is_complex() {
            pieces = fib.table(table, Table::Pieces).map(|clx| parse(clx, fib)).unwrap_or_default();
        }
        let page = fib.page();
        if pieces.is_empty() {
            let width = if fib.is_wide() { 2 } else { 1 };
            let end = fib.text.1.min(u32::try_from(main.len()).unwrap_or(u32::MAX));
            let count = end.saturating_sub(fib.text.0) / width;
            pieces.push(Piece { start: 0, end: count, offset: fib.text.0, width });
        }
        let double = (fib.is_old() && fib.is_wide()).then(|| fib.double_page(main)).flatten();
        Pieces { pieces, page, double }
    }

    /// The characters of a range of positions. Two-byte characters of a code page take two
    /// positions and give one.
    pub fn characters(&self, main: &[u8], start: u32, end: u32) -> Vec<Placed> {
        let mut all = Vec::new();
        for piece in &self.pieces {
            let (from, to) = (piece.start.max(start), piece.end.min(end));
            if from >= to {
                continue;
            }
            let offset =
                piece.offset.saturating_add((from - piece.start).saturating_mul(piece.width));
            let length = (to - from).saturating_mul(piece.width);
            let begin = (offset as usize).min(main.len());
            let stop = (offset as usize).saturating_add(length as usize).min(main.len());
            let bytes = &main[begin..stop];
            match (piece.width, self.double) {
                (2, Some(page)) => double(bytes, offset, page, &mut all),
                (2, None) => wide(bytes, offset, &mut all),
                _ => narrow(bytes, offset, self.page, &mut all),
            }
        }
        all
    }
}

fn wide(bytes: &[u8], offset: u32, all: &mut Vec<Placed>) {
    let units = bytes.as_chunks::<2>().0.iter().map(|p| u16::from_le_bytes(*p));
    let mut at = offset;
    for decoded in char::decode_utf16(units) {
        let character = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
        all.push(Placed { character, offset: at });
        at = at.saturating_add(2 * character.len_utf16() as u32);
    }
}

/// Characters of East Asia with their second byte first; others have only that one, and a mark of
/// their font in the other.
fn double(bytes: &[u8], offset: u32, page: u32, all: &mut Vec<Placed>) {
    const FIRST_LEAD: u8 = 0x30;
    for (at, [second, first]) in bytes.as_chunks::<2>().0.iter().enumerate() {
        let place = offset.saturating_add(2 * at as u32);
        let decoded = if *first >= FIRST_LEAD {
            codepage::decode(&[*first, *second], page)
        } else {
            codepage::decode(&[*second], 1252)
        };
        for character in decoded.chars() {
            all.push(Placed { character, offset: place });
        }
    }
}

fn narrow(bytes: &[u8], offset: u32, page: u32, all: &mut Vec<Placed>) {
    let double = matches!(page, 932 | 936 | 949 | 950);
    let mut at = 0;
    while at < bytes.len() {
        let lead = bytes[at] >= 0x81 && double && at + 1 < bytes.len();
        let length = if lead { 2 } else { 1 };
        let place = offset.saturating_add(at as u32);
        if bytes[at] < 0x80 {
            all.push(Placed { character: char::from(bytes[at]), offset: place });
        } else {
            for character in codepage::decode(&bytes[at..at + length], page).chars() {
                all.push(Placed { character, offset: place });
            }
        }
        at += length;
    }
}

fn parse(clx: &[u8], fib: &Fib) -> Vec<Piece> {
    let mut at = 0;
    while clx.get(at) == Some(&1) {
        at += 3 + usize::from(short(clx, at + 1).unwrap_or(0));
    }
    if clx.get(at) != Some(&2) {
        return Vec::new();
    }
    let length = int(clx, at + 1).unwrap_or(0) as usize;
    let rest = clx.get(at + 5..).unwrap_or_default();
    let plc = &rest[..length.min(rest.len())];
    let count = plc.len().saturating_sub(4) / 12;
    (0..count)
        .filter_map(|piece| {
            let raw = int(plc, 4 * (count + 1) + 8 * piece + 2)?;
            let (offset, width) = if fib.is_old() {
                (raw, if fib.is_wide() { 2 } else { 1 })
            } else if raw & 0x4000_0000 != 0 {
                ((raw & 0x3fff_ffff) / 2, 1)
            } else {
                (raw & 0x3fff_ffff, 2)
            };
            let (start, end) = (int(plc, 4 * piece)?, int(plc, 4 * piece + 4)?);
            (start < end).then_some(Piece { start, end, offset, width })
        })
        .collect()
}
