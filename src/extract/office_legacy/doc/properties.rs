//! Properties of paragraphs and characters: what belongs to a table or list, what was deleted.

use super::super::{int, short};
use super::fib::{Fib, Table};

/// What is of interest about a paragraph.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Paragraph {
    pub style: u16,
    pub in_table: bool,
    /// The mark that ends a row.
    pub row_end: bool,
    /// Nesting of tables, from 1 in an outer table.
    pub depth: u32,
    /// An inner cell ends here.
    pub inner_cell: bool,
    pub inner_row: bool,
    pub list: Option<u16>,
    pub level: Option<u8>,
}

/// What is of interest about a run of characters.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct Run {
    pub deleted: bool,
    pub reviser: u16,
    /// A character of a symbol font that the run stands for.
    pub symbol: Option<u16>,
}

/// Ranges of byte offsets with their properties, in order.
pub struct Ranges<T>(Vec<(u32, u32, T)>);

impl<T> Ranges<T> {
    pub fn at(&self, offset: u32) -> Option<&T> {
        let after = self.0.partition_point(|(start, _, _)| *start <= offset);
        let (_, end, value) = self.0.get(after.checked_sub(1)?)?;
        (offset < *end).then_some(value)
    }
}

/// Properties that differ from a style's are kept for at most this many runs.
const MOST: usize = 4_000_000;

pub fn paragraphs(main: &[u8], table: &[u8], fib: &Fib) -> Ranges<Paragraph> {
    let mut ranges = Vec::new();
    for page in pages(main, table, fib, Table::ParagraphPages) {
        let count = usize::from(page[511]);
        for run in 0..count {
            let place = 4 * (count + 1) + 13 * run;
            let (Some(start), Some(end), Some(&word)) =
                (int(page, 4 * run), int(page, 4 * run + 4), page.get(place))
            else {
                break;
            };
            let mut paragraph = Paragraph::default();
            let at = 2 * usize::from(word);
            if at > 0
                && let Some(&size) = page.get(at)
            {
                let (from, size) = if size == 0 {
                    (at + 2, 2 * usize::from(page.get(at + 1).copied().unwrap_or(0)))
                } else {
                    (at + 1, 2 * usize::from(size) - 1)
                };
                let bytes = page.get(from..(from + size).min(512)).unwrap_or_default();
                paragraph.style = short(bytes, 0).unwrap_or(0);
                paragraph.apply(bytes.get(2..).unwrap_or_default());
            }
            ranges.push((start, end, paragraph));
        }
        if ranges.len() > MOST {
            break;
        }
    }
    ranges.sort_by_key(|(start, _, _)| *start);
    Ranges(ranges)
}

pub fn runs(main: &[u8], table: &[u8], fib: &Fib) -> Ranges<Run> {
    let mut ranges = Vec::new();
    for page in pages(main, table, fib, Table::CharacterPages) {
        let count = usize::from(page[511]);
        for run in 0..count {
            let (Some(start), Some(end), Some(&word)) =
                (int(page, 4 * run), int(page, 4 * run + 4), page.get(4 * (count + 1) + run))
            else {
                break;
            };
            let at = 2 * usize::from(word);
            if at == 0 {
                continue;
            }
            let size = usize::from(page.get(at).copied().unwrap_or(0));
            let properties =
                Run::of(page.get(at + 1..(at + 1 + size).min(512)).unwrap_or_default());
            if properties != Run::default() {
                ranges.push((start, end, properties));
            }
        }
        if ranges.len() > MOST {
            break;
        }
    }
    ranges.sort_by_key(|(start, _, _)| *start);
    Ranges(ranges)
}

/// The formatted pages of 512 bytes that a table lists.
fn pages<'a>(
    main: &'a [u8],
    table: &'a [u8],
    fib: &Fib,
    kind: Table,
) -> impl Iterator<Item = &'a [u8]> {
    let plc = fib.table(table, kind).unwrap_or_default();
    let count = plc.len().saturating_sub(4) / 8;
    (0..count).filter_map(move |at| {
        let page = int(plc, 4 * (count + 1) + 4 * at)? & 0x003f_ffff;
        let start = usize::try_from(page).ok()?.checked_mul(512)?;
        main.get(start..start.checked_add(512)?)
    })
}

impl Paragraph {
    pub fn apply(&mut self, properties: &[u8]) {
        for (code, operand) in modifiers(properties) {
            let value = operand.first().copied().unwrap_or(0);
            match code {
                0x2416 => self.in_table = value != 0,
                0x2417 => self.row_end = value != 0,
                0x244b => self.inner_cell = value != 0,
                0x244c => self.inner_row = value != 0,
                0x6649 => self.depth = int(operand, 0).unwrap_or(0),
                0x460b => self.list = short(operand, 0),
                0x260a => self.level = Some(value),
                _ => {}
            }
        }
    }
}

impl Run {
    fn of(properties: &[u8]) -> Self {
        let mut run = Run::default();
        for (code, operand) in modifiers(properties) {
            match code {
                0x0800 => run.deleted = operand.first() == Some(&1),
                0x4863 => run.reviser = short(operand, 0).unwrap_or(0),
                0x6a09 => run.symbol = short(operand, 2),
                _ => {}
            }
        }
        run
    }
}

/// Walks property modifiers: code and operand.
pub fn modifiers(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let code = short(bytes, at)?;
        at += 2;
        let size = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ => match code {
                // The definition of a table counts its length in two bytes, and one too many.
                0xd608 => {
                    let size = usize::from(short(bytes, at)?).saturating_sub(1);
                    at += 2;
                    size
                }
                _ => {
                    let size = usize::from(*bytes.get(at)?);
                    at += 1;
                    if code == 0xc615 && size == 255 {
                        let deleted = usize::from(*bytes.get(at)?);
                        let added = usize::from(*bytes.get(at + 1 + 4 * deleted)?);
                        2 + 4 * deleted + 3 * added
                    } else {
                        size
                    }
                }
            },
        };
        let operand = bytes.get(at..at.checked_add(size)?)?;
        at += size;
        Some((code, operand))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_have_sizes_of_their_own() {
        let bytes =
            [0x16, 0x24, 1, 0x0b, 0x46, 3, 0, 0x0a, 0x26, 2, 0x08, 0xd6, 3, 0, 9, 9, 0x17, 0x24, 1];
        let mut paragraph = Paragraph::default();
        paragraph.apply(&bytes);
        assert_eq!(
            paragraph,
            Paragraph {
                in_table: true,
                row_end: true,
                list: Some(3),
                level: Some(2),
                ..Paragraph::default()
            }
        );
        assert_eq!(modifiers(&[0x16]).count(), 0);
    }
}
