//! Spreadsheets: one line a row, one tab between cells, numbers as they look on the sheet.

mod biff;
mod grid;
mod header;
mod spreadsheetml;
mod styles;
#[cfg(test)]
mod tests;
mod xls;
mod xlsb;
mod xlsx;

pub use grid::Grid;
pub use header::plain_header;
pub use spreadsheetml::spreadsheetml;
pub use styles::Styles;
pub use xls::xls;
pub use xlsx::xlsx;

use super::office::story::write_lines;
use super::{Out, Stop};
use crate::model::PartKind;
use crate::model::document::SHEET_NAMES;

/// The names of all sheets, after the sheets: they are text that people search for. A workbook
/// with nothing but the names that programs give (`Sheet1`, `Лист1`) stays empty.
pub fn write_sheet_names(out: &mut Out, names: &[String]) -> Result<(), Stop> {
    let given = |name: &str| {
        let word = name.trim_end_matches(|c: char| c.is_ascii_digit());
        word.len() < name.len() && word.trim_end().chars().all(char::is_alphabetic)
    };
    if names.is_empty() || (!out.non_blank && names.iter().all(|name| given(name))) {
        return Ok(());
    }
    write_lines(out, PartKind::Body, SHEET_NAMES, names)
}

/// `B7` from row and column, both from 1.
pub fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column;
    while left > 0 {
        letters.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    letters.reverse();
    format!("{}{row}", String::from_utf8_lossy(&letters))
}

/// Row and column, both from 1, of `B7` or `$B$7`.
pub fn parse_cell(name: &str) -> Option<(u32, u32)> {
    let (mut row, mut column) = (0u32, 0u32);
    for byte in name.bytes() {
        match byte {
            b'$' => {}
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                let digit = u32::from(byte.to_ascii_uppercase() - b'A') + 1;
                column = column.checked_mul(26)?.checked_add(digit)?;
            }
            b'0'..=b'9' => {
                row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
            }
            _ => return None,
        }
    }
    (row > 0 && column > 0).then_some((row, column))
}

/// Text of an error cell by its code.
pub fn error_text(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}

pub fn truth(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}
