//! Records of `.xls` files (BIFF 2 to 8) and the strings in them.

use crate::extract::office::codepage;

/// One record. Its continuation records follow it as records of their own.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    pub number: u16,
    pub data: &'a [u8],
    /// Offset of the record after it.
    pub end: usize,
}

pub const CONTINUE: u16 = 0x3c;

/// The record at `at`; one that is cut comes as far as it goes.
pub fn record(bytes: &[u8], at: usize) -> Option<Record<'_>> {
    let head = bytes.get(at..at.checked_add(4)?)?;
    let number = u16::from_le_bytes([head[0], head[1]]);
    let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
    let end = (at + 4 + length).min(bytes.len());
    Some(Record { number, data: &bytes[at + 4..end], end })
}

pub fn short(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

pub fn int(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

pub fn real(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// Reads over a record and its continuations as one.
pub struct Joined<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Joined<'a> {
    /// The record at `at` with its continuations; also the offset after them.
    pub fn at(bytes: &'a [u8], at: usize) -> Option<(Self, usize)> {
        let first = record(bytes, at)?;
        let mut pieces = vec![first.data];
        let mut end = first.end;
        while let Some(next) = record(bytes, end).filter(|r| r.number == CONTINUE) {
            pieces.push(next.data);
            end = next.end;
        }
        Some((Joined { pieces, piece: 0, at: 0 }, end))
    }

    fn settle(&mut self) -> bool {
        while self.piece < self.pieces.len() && self.at >= self.pieces[self.piece].len() {
            self.piece += 1;
            self.at = 0;
        }
        self.piece < self.pieces.len()
    }

    pub fn byte(&mut self) -> Option<u8> {
        if !self.settle() {
            return None;
        }
        let byte = self.pieces[self.piece][self.at];
        self.at += 1;
        Some(byte)
    }

    pub fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub fn int(&mut self) -> Option<u32> {
        Some(u32::from(self.short()?) | u32::from(self.short()?) << 16)
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0 && self.settle() {
            let step = count.min(self.pieces[self.piece].len() - self.at);
            self.at += step;
            count -= step;
        }
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < count && self.settle() {
            let rest = &self.pieces[self.piece][self.at..];
            let step = rest.len().min(count - bytes.len());
            bytes.extend_from_slice(&rest[..step]);
            self.at += step;
        }
        bytes
    }

    /// A string of BIFF 8: length, flags, characters, formatting and phonetic data.
    pub fn string(&mut self) -> Option<String> {
        self.string_and_reading().map(|(text, _)| text)
    }

    /// A string, and how it is read: what stands above its characters.
    pub fn string_and_reading(&mut self) -> Option<(String, String)> {
        let count = usize::from(self.short()?);
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { usize::from(self.short()?) } else { 0 };
        let extra = if flags & 4 != 0 { self.int()? as usize } else { 0 };
        let text = self.chars(count, flags);
        self.skip(runs * 4);
        let reading = reading(&self.bytes(extra)).unwrap_or_default();
        Some((text, reading))
    }

    /// Characters; each continuation says anew whether they are wide.
    pub fn chars(&mut self, count: usize, flags: u8) -> String {
        let mut wide = flags & 1 != 0;
        let mut units: Vec<u16> = Vec::with_capacity(count.min(8192));
        while units.len() < count {
            if self.piece < self.pieces.len() && self.at >= self.pieces[self.piece].len() {
                if !self.settle() {
                    break;
                }
                wide = self.pieces[self.piece][self.at] & 1 != 0;
                self.at += 1;
                continue;
            }
            let unit = if wide { self.short() } else { self.byte().map(u16::from) };
            match unit {
                Some(unit) => units.push(unit),
                None => break,
            }
        }
        String::from_utf16_lossy(&units)
    }

    /// The next continuation from its beginning: texts of boxes stand in one.
    pub fn next_piece(&mut self) -> bool {
        self.piece += 1;
        self.at = 0;
        self.piece < self.pieces.len()
    }
}

/// The text of phonetic data (MS-XLS 2.5.89, `ExtRst`): a one, the size of what follows, font and
/// kind, the number of stretches, the length of the text twice, the text, and the stretches.
fn reading(data: &[u8]) -> Option<String> {
    if short(data, 0)? != 1 {
        return None;
    }
    let count = usize::from(short(data, 12)?);
    Some(codepage::utf16(data.get(14..14 + count * 2)?))
}

/// A string inside one record. `wide_count`: its length takes two bytes.
pub fn string(data: &[u8], at: usize, wide_count: bool, biff8: bool, page: u32) -> Option<String> {
    let (count, start) = if wide_count {
        (usize::from(short(data, at)?), at + 2)
    } else {
        (usize::from(*data.get(at)?), at + 1)
    };
    if !biff8 {
        let end = start.saturating_add(count).min(data.len());
        return Some(codepage::decode(data.get(start..end)?, page));
    }
    let flags = *data.get(start)?;
    let mut from = start + 1;
    from += if flags & 8 != 0 { 2 } else { 0 } + if flags & 4 != 0 { 4 } else { 0 };
    let rest = data.get(from..)?;
    Some(if flags & 1 != 0 {
        codepage::utf16(&rest[..rest.len().min(count * 2)])
    } else {
        rest[..rest.len().min(count)].iter().map(|&b| char::from(b)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(parts: &[(u16, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, data) in parts {
            bytes.extend(number.to_le_bytes());
            bytes.extend((data.len() as u16).to_le_bytes());
            bytes.extend(*data);
        }
        bytes
    }

    #[test]
    fn strings_go_on_in_continuations() {
        let bytes = records(&[(0xfc, b"\x04\x00\x00ab"), (CONTINUE, b"\x01\x2d\x4e\x87\x65")]);
        let (mut joined, end) = Joined::at(&bytes, 0).unwrap();
        assert_eq!(joined.string().as_deref(), Some("ab中文"));
        assert_eq!(end, bytes.len());
        // Cut in the middle: what is there comes out.
        let bytes = records(&[(0xfc, b"\xff\xff\x00ab")]);
        let (mut joined, _) = Joined::at(&bytes, 0).unwrap();
        assert_eq!(joined.string().as_deref(), Some("ab"));
    }

    #[test]
    fn readings_stand_behind_their_strings() {
        let mut data = vec![2, 0, 5, 30, 0, 0, 0, 0x71, 0x67, 0xac, 0x4e];
        data.extend([1, 0, 26, 0, 0, 0, 0x37, 0, 1, 0, 5, 0, 5, 0]);
        data.extend("とうきよう".encode_utf16().flat_map(u16::to_le_bytes));
        data.extend([0, 0, 0, 0, 2, 0]);
        data.extend([1, 0, 0, b'x']);
        let bytes = records(&[(0xfc, &data[..20]), (CONTINUE, &data[20..])]);
        let (mut joined, _) = Joined::at(&bytes, 0).unwrap();
        let expected = ("東京".to_owned(), "とうきよう".to_owned());
        assert_eq!(joined.string_and_reading(), Some(expected));
        assert_eq!(joined.string_and_reading(), Some(("x".to_owned(), String::new())));
        // Cut, or of another kind: no reading.
        assert_eq!(reading(&data[11..20]), None);
        assert_eq!(reading(&[2; 40]), None);
    }

    #[test]
    fn old_strings_use_the_code_page() {
        assert_eq!(string(b"\x02\xd6\xd0", 0, false, false, 936).as_deref(), Some("中"));
        assert_eq!(
            string(b"\x02\x00\x01\x2d\x4e\x87\x65", 0, true, true, 0).as_deref(),
            Some("中文")
        );
        assert_eq!(string(b"", 0, true, true, 0), None);
    }
}
