//! What a sheet holds beside its cells: notes, boxes, headers, links.

use super::super::biff::{Joined, int, record, short};
use super::super::xlsx::place;
use crate::extract::office::codepage;
use crate::extract::office::story::{write_comment, write_lines};
use crate::extract::{Out, Stop};
use crate::model::PartKind;
use std::collections::HashMap;

/// Texts of a sheet that are no cells.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) headers: Vec<String>,
    pub(super) footers: Vec<String>,
    pub(super) boxes: Vec<String>,
    /// Cell, author, object, text.
    pub(super) notes: Vec<(String, String, u16, String)>,
    /// Object id → text of its box.
    texts: HashMap<u16, String>,
    pub(super) object: Option<u16>,
}

impl Beside {
    /// Reads the text of a box; returns the offset after it.
    pub(super) fn text_box(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some((mut joined, end)) = Joined::at(bytes, at) else { return bytes.len() };
        let count = record(bytes, at).and_then(|r| short(r.data, 10)).unwrap_or(0);
        if count > 0 && joined.next_piece() {
            let flags = joined.byte().unwrap_or(0);
            let text = joined.chars(usize::from(count), flags);
            match self.object.take() {
                Some(object) => {
                    self.texts.insert(object, text);
                }
                None => self.boxes.push(text),
            }
        }
        end
    }

    pub(super) fn write(mut self, out: &mut Out, sheet: &str) -> Result<(), Stop> {
        for (cell, author, object, text) in std::mem::take(&mut self.notes) {
            let text =
                if text.is_empty() { self.texts.remove(&object).unwrap_or_default() } else { text };
            write_comment(out, &author, &format!("{sheet}!{cell}"), &text)?;
        }
        let mut texts: Vec<(u16, String)> = self.texts.into_iter().collect();
        texts.sort();
        self.boxes.extend(texts.into_iter().map(|(_, text)| text));
        for (kind, lines) in [
            (PartKind::TextBox, self.boxes),
            (PartKind::Header, self.headers),
            (PartKind::Footer, self.footers),
        ] {
            if lines.iter().any(|line| !line.trim().is_empty()) {
                write_lines(out, kind, sheet, &lines)?;
            }
        }
        Ok(())
    }
}

pub(super) fn object_id(data: &[u8]) -> Option<u16> {
    (short(data, 0) == Some(0x15)).then(|| short(data, 6)).flatten()
}

/// Cell and address of a link.
pub(super) fn hyperlink(data: &[u8]) -> Option<(String, String)> {
    let cell = place(u32::from(short(data, 0)?), u32::from(short(data, 4)?));
    let flags = int(data, 28)?;
    let mut at = 32;
    let wide = |at: &mut usize| {
        let size = (int(data, *at)? as usize).checked_mul(2)?;
        let start = *at + 4;
        let text = codepage::utf16(data.get(start..start.checked_add(size)?)?);
        *at = start + size;
        Some(text.trim_end_matches('\0').to_owned())
    };
    if flags & 0x14 == 0x14 {
        wide(&mut at)?;
    }
    if flags & 0x80 != 0 {
        wide(&mut at)?;
    }
    let mut address = String::new();
    if flags & 0x101 == 0x101 {
        address = wide(&mut at)?;
    } else if flags & 1 != 0 {
        let moniker = data.get(at..at + 16)?;
        at += 16;
        if moniker.starts_with(&[0xe0, 0xc9, 0xea, 0x79]) {
            let size = int(data, at)? as usize;
            let raw = data.get(at + 4..(at + 4).checked_add(size)?)?;
            let text = codepage::utf16(raw);
            address = text.split('\0').next().unwrap_or_default().to_owned();
            at += 4 + size;
        } else if moniker.starts_with(&[3, 3, 0, 0]) {
            let size = int(data, at + 2)? as usize;
            let raw = data.get(at + 6..(at + 6).checked_add(size)?)?;
            address = codepage::decode(raw, 1252).trim_end_matches('\0').to_owned();
            at = at + 6 + size + 24;
            let more = int(data, at)? as usize;
            if more > 6 {
                let raw = data.get(at + 10..(at + 4).checked_add(more)?)?;
                address = codepage::utf16(raw);
            }
            at += 4 + more;
        }
    }
    if flags & 8 != 0
        && let Some(location) = wide(&mut at)
    {
        address = format!("{address}#{location}");
    }
    Some((cell, address)).filter(|(_, address)| !address.is_empty())
}
