//! The records of `.xlsb` parts: number, length, bytes.

use super::xlsx::{Around, Book, SheetEntry, add_lines, place};
use super::{Grid, Styles, error_text, plain_header, truth};
use crate::extract::{Out, Stop};

/// A cell whose formatted text stands in itself.
const RICH: u32 = 62;

/// Walks records; stops at the first that does not fit.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = (u32, Body<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let found = self.record();
        if found.is_none() {
            self.at = start;
        }
        found
    }
}

impl<'a> Records<'a> {
    fn record(&mut self) -> Option<(u32, Body<'a>)> {
        let mut number = 0u32;
        for shift in 0..2 {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            number |= u32::from(byte) << (8 * shift);
            if byte & 0x80 == 0 {
                break;
            }
        }
        // The number is two bytes of seven bits, though tables list it with the bit.
        let number =
            if number > 0xff { (number & 0x7f) | (number >> 8 & 0x7f) << 7 } else { number };
        let mut length = 0usize;
        for shift in 0..4 {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            length |= usize::from(byte & 0x7f) << (7 * shift);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let end = self.at.checked_add(length)?;
        let body = self.bytes.get(self.at..end)?;
        self.at = end;
        Some((number, Body { bytes: body, at: 0 }))
    }
}

fn records(bytes: &[u8]) -> Records<'_> {
    Records { bytes, at: 0 }
}

/// One record's bytes, read from the front.
struct Body<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Body<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = self.bytes.get(self.at..self.at + N)?.try_into().ok()?;
        self.at += N;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[b]| b)
    }

    fn short(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn int(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn real(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }

    fn wide(&mut self) -> Option<String> {
        let count = self.int()?;
        if count == u32::MAX {
            return Some(String::new());
        }
        let count = usize::try_from(count).ok()?.checked_mul(2)?;
        let bytes = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        let units: Vec<u16> =
            bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
        Some(String::from_utf16_lossy(&units))
    }

    /// A string with its formatting and how it is read (MS-XLSB 2.5.122, `RichStr`).
    fn rich(&mut self) -> Option<(String, String)> {
        let flags = self.byte()?;
        let text = self.wide()?;
        let mut reading = || {
            if flags & 1 != 0 {
                let runs = usize::try_from(self.int()?).ok()?;
                self.at = self.at.checked_add(runs.checked_mul(4)?)?;
            }
            if flags & 2 != 0 { self.wide() } else { None }
        };
        let reading = reading().unwrap_or_default();
        Some((text, reading))
    }
}

/// A number packed into 30 bits.
pub fn packed(raw: u32) -> f64 {
    let number = if raw & 2 != 0 {
        f64::from(raw as i32 >> 2)
    } else {
        f64::from_bits(u64::from(raw & 0xffff_fffc) << 32)
    };
    if raw & 1 != 0 { number / 100.0 } else { number }
}

pub fn workbook(bytes: &[u8], book: &mut Book) {
    for (number, mut body) in records(bytes) {
        match number {
            153 => book.styles.since_1904 = body.int().is_some_and(|flags| flags & 1 != 0),
            156 => {
                let entry = (|| {
                    let state = body.int()?;
                    body.int()?;
                    let relation = body.wide()?;
                    let name = body.wide()?;
                    Some(SheetEntry { name, hidden: state != 0, relation })
                })();
                book.sheets.extend(entry);
            }
            _ => {}
        }
    }
}

pub fn strings(bytes: &[u8], book: &mut Book) {
    for (number, mut body) in records(bytes) {
        if number == 19 {
            let (text, reading) = body.rich().unwrap_or_default();
            book.strings.push(&text);
            book.readings.of_cell(&text, &reading);
        }
    }
}

pub fn styles(bytes: &[u8], styles: &mut Styles) {
    let mut in_cells = false;
    for (number, mut body) in records(bytes) {
        match number {
            44 => {
                if let (Some(id), Some(code)) = (body.short(), body.wide()) {
                    styles.define(u32::from(id), &code);
                }
            }
            617 => in_cells = true,
            618 => in_cells = false,
            47 if in_cells => {
                body.short();
                styles.add_style(u32::from(body.short().unwrap_or(0)));
            }
            _ => {}
        }
    }
}

pub fn sheet(
    bytes: &[u8],
    book: &mut Book,
    grid: &mut Grid,
    around: &mut Around,
    out: &mut Out,
) -> Result<Option<String>, Stop> {
    let mut row = 0u32;
    let mut walk = records(bytes);
    for (number, mut body) in walk.by_ref() {
        match number {
            0 => row = body.int().unwrap_or(row),
            1..=11 | RICH => {
                let Some((column, shown)) = cell(number, &mut body, book) else { continue };
                grid.cell(out, row.saturating_add(1), column.saturating_add(1), shown)?;
            }
            494 => {
                let link = (|| {
                    let (first, _, column, _) =
                        (body.int()?, body.int()?, body.int()?, body.int()?);
                    let relation = body.wide()?;
                    let location = body.wide().unwrap_or_default();
                    let address = if relation.is_empty() { location } else { relation };
                    Some((place(first, column), address))
                })();
                around.links.extend(link.filter(|(_, address)| !address.is_empty()));
            }
            479 => {
                body.short();
                for at in 0..6 {
                    let text = body.wide().unwrap_or_default();
                    let lines = if at % 2 == 0 { &mut around.headers } else { &mut around.footers };
                    add_lines(lines, plain_header(&text));
                }
            }
            _ => {}
        }
    }
    let rest = bytes.len().saturating_sub(walk.at);
    Ok((rest > 0).then(|| format!("the last {rest} bytes are no records")))
}

fn cell(number: u32, body: &mut Body, book: &mut Book) -> Option<(u32, String)> {
    let column = body.int()?;
    let style = (body.int()? & 0x00ff_ffff) as usize;
    let shown = match number {
        2 => book.styles.show(packed(body.int()?), style),
        3 | 11 => error_text(body.byte()?).to_owned(),
        4 | 10 => truth(body.byte()? != 0).to_owned(),
        5 | 9 => book.styles.show(body.real()?, style),
        6 | 8 => body.wide()?,
        7 => book.strings.get(usize::try_from(body.int()?).ok()?).to_owned(),
        RICH => {
            let (text, reading) = body.rich()?;
            book.readings.of_cell(&text, &reading);
            text
        }
        _ => String::new(),
    };
    Some((column, shown))
}

/// Cell, author and text of each comment.
pub fn comments(bytes: &[u8]) -> Vec<(String, String, String)> {
    let mut authors = Vec::new();
    let mut comments: Vec<(String, String, String)> = Vec::new();
    for (number, mut body) in records(bytes) {
        match number {
            632 => authors.push(body.wide().unwrap_or_default()),
            635 => {
                let author = body.int().unwrap_or(u32::MAX) as usize;
                let row = body.int().unwrap_or(0);
                body.int();
                let column = body.int().unwrap_or(0);
                let author = authors.get(author).cloned().unwrap_or_default();
                comments.push((place(row, column), author, String::new()));
            }
            637 => {
                body.byte();
                if let (Some(last), Some(text)) = (comments.last_mut(), body.wide()) {
                    last.2 = text;
                }
            }
            _ => {}
        }
    }
    comments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers() {
        let check = |raw: u32, expected: f64| assert_eq!(packed(raw), expected);
        check(0x3ff0_0000, 1.0);
        check((12345 << 2) | 3, 123.45);
        check(((-7i32) << 2) as u32 | 2, -7.0);
    }

    #[test]
    fn readings_stand_behind_their_strings() {
        let wide = |text: &str| {
            let units: Vec<u16> = text.encode_utf16().collect();
            let mut bytes = (units.len() as u32).to_le_bytes().to_vec();
            bytes.extend(units.into_iter().flat_map(u16::to_le_bytes));
            bytes
        };
        let check = |parts: &[&[u8]], text: &str, reading: &str| {
            let bytes = parts.concat();
            let found = Body { bytes: &bytes, at: 0 }.rich();
            assert_eq!(found, Some((text.to_owned(), reading.to_owned())));
        };
        let (text, reading) = (wide("東京"), wide("とうきょう"));
        check(&[&[0], &text], "東京", "");
        check(&[&[2], &text, &reading, &[1, 0, 0, 0]], "東京", "とうきょう");
        check(&[&[3], &text, &[1, 0, 0, 0, 0, 0, 2, 0], &reading], "東京", "とうきょう");
        // Cut: the text stays.
        check(&[&[3], &text, &[9, 0, 0, 0]], "東京", "");
    }

    #[test]
    fn cut_records_end_the_walk() {
        assert_eq!(records(&[0x9c, 0x01, 0x10, 1, 2]).count(), 0);
        assert_eq!(records(&[0x00, 0x01, 7, 0x07]).count(), 1);
    }
}
