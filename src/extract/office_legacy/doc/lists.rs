//! List definitions and the styles that use them, put into the counters that `.docx` uses.

use super::super::{int, short};
use super::fib::{Fib, Table};
use super::properties::modifiers;
use crate::extract::ooxml::Numbering;
use std::collections::HashMap;

pub fn read(table: &[u8], fib: &Fib) -> Numbering {
    let mut numbering = Numbering::default();
    if fib.is_old() {
        return numbering;
    }
    definitions(table, fib, &mut numbering);
    uses(table, fib, &mut numbering);
    styles(table, fib, &mut numbering);
    numbering
}

fn definitions(table: &[u8], fib: &Fib, numbering: &mut Numbering) -> Option<()> {
    let (offset, length) = fib.place(Table::Lists)?;
    let bytes = table.get(offset as usize..)?;
    let count = usize::from(short(bytes, 0)?);
    // The levels of all lists stand behind the list of lists.
    let mut at = length as usize;
    for list in 0..count {
        let head = bytes.get(2 + 28 * list..2 + 28 * (list + 1))?;
        let id = int(head, 0)?.to_string();
        let levels = if head[26] & 1 != 0 { 1 } else { 9 };
        for level in 0..levels {
            let (format, text, start, size) = self::level(bytes.get(at..)?)?;
            numbering.define_level(&id, level, &format, &text, start);
            at += size;
        }
    }
    Some(())
}

/// Format, text, first number and size in bytes of a level.
fn level(bytes: &[u8]) -> Option<(String, String, u32, usize)> {
    let start = int(bytes, 0)?;
    let format = bytes.get(4)?.to_string();
    let skip = usize::from(*bytes.get(24)?) + usize::from(*bytes.get(25)?);
    let at = 28 + skip;
    let count = usize::from(short(bytes, at)?);
    let raw = bytes.get(at + 2..at + 2 + 2 * count)?;
    let mut text = String::new();
    for unit in raw.as_chunks::<2>().0 {
        match u16::from_le_bytes(*unit) {
            place @ 0..=8 => text.push_str(&format!("%{}", place + 1)),
            other => text.push(char::from_u32(u32::from(other)).unwrap_or('•')),
        }
    }
    Some((format, text, start, at + 2 + 2 * count))
}

fn uses(table: &[u8], fib: &Fib, numbering: &mut Numbering) -> Option<()> {
    let bytes = fib.table(table, Table::ListUses)?;
    let count = int(bytes, 0)? as usize;
    let mut at = 4 + 16 * count;
    for list in 0..count.min(u16::MAX.into()) {
        let Some(head) = bytes.get(4 + 16 * list..4 + 16 * (list + 1)) else { break };
        let definition = int(head, 0)?.to_string();
        let mut overrides = HashMap::new();
        at += 4;
        for _ in 0..head[12] {
            let (Some(start), Some(flags)) = (int(bytes, at), int(bytes, at + 4)) else { break };
            at += 8;
            if flags & 0x10 != 0 {
                overrides.insert((flags & 0xf) as usize, start);
            }
            if flags & 0x20 != 0 {
                let Some((_, _, first, size)) = bytes.get(at..).and_then(level) else { break };
                overrides.insert((flags & 0xf) as usize, first);
                at += size;
            }
        }
        numbering.define_list(&(list + 1).to_string(), &definition, overrides);
    }
    Some(())
}

fn styles(table: &[u8], fib: &Fib, numbering: &mut Numbering) -> Option<()> {
    let bytes = fib.table(table, Table::Styles)?;
    let head = usize::from(short(bytes, 0)?);
    let count = short(bytes, 2)?;
    let base_size = usize::from(short(bytes, 4)?);
    let mut at = 2 + head;
    for style in 0..count {
        let size = usize::from(short(bytes, at)?);
        let Some(body) = bytes.get(at + 2..at + 2 + size) else { break };
        at += 2 + size;
        let _ = paragraph_style(body, base_size, style, numbering);
    }
    Some(())
}

fn paragraph_style(
    body: &[u8],
    base_size: usize,
    style: u16,
    numbering: &mut Numbering,
) -> Option<()> {
    let kind = short(body, 2)?;
    if kind & 0xf != 1 {
        return None;
    }
    let name = usize::from(short(body, base_size)?);
    let mut at = base_size + 2 + 2 * name + 2;
    let size = usize::from(short(body, at)?);
    at += 2;
    let properties = body.get(at + 2..at + size)?;
    let (mut list, mut level) = (None, 0);
    for (code, operand) in modifiers(properties) {
        match code {
            0x460b => list = short(operand, 0),
            0x260a => level = usize::from(operand.first().copied().unwrap_or(0)),
            _ => {}
        }
    }
    let list = list.map(|list| list.to_string());
    numbering.define_style(&style.to_string(), list, level, &(kind >> 4).to_string());
    Some(())
}
