//! The middle floor of a store ([MS-PST] 2.3): a node's data as a heap of small items, B-trees in
//! it, and what is made of them: properties and tables of properties.

use super::file::{Broken, Node, Store, broken};
use crate::extract::msg::item::{Props, Value};
use crate::extract::office::codepage::utf16;
use std::collections::BTreeMap;

/// A node opened: its heap and the nodes inside it.
pub struct Heap<'a> {
    store: &'a Store,
    blocks: Vec<Vec<u8>>,
    pub inside: BTreeMap<u32, Node>,
}

/// What a heap holds at its root.
const PROPERTIES: u8 = 0xbc;
const TABLE: u8 = 0x7c;

/// Levels of a tree in a heap.
const DEEPEST: u8 = 8;
/// Rows of a table of recipients; more is hostile.
const MOST_ROWS: usize = 100_000;
/// Items that are looked at for one tree; more is a circle.
const MOST_ITEMS: u32 = 100_000;

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn int(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

impl<'a> Heap<'a> {
    pub fn open(store: &'a Store, node: &Node) -> Result<Heap<'a>, Broken> {
        let blocks = store.data(node.data)?;
        // Without its inner nodes a message still has what stands in its heap.
        let inside = store.inside(node.inside).unwrap_or_default();
        if blocks.first().and_then(|block| block.get(2)) != Some(&0xec) {
            return broken("its data are no heap");
        }
        Ok(Heap { store, blocks, inside })
    }

    fn kind(&self) -> u8 {
        self.blocks[0].get(3).copied().unwrap_or(0)
    }

    fn root(&self) -> u32 {
        int(&self.blocks[0], 4).unwrap_or(0)
    }

    /// An item of the heap; `None` where there is none.
    fn item(&self, id: u32) -> Option<&[u8]> {
        if id == 0 || id & 0x1f != 0 {
            return None;
        }
        let (index, block) = match self.store.is_large() {
            true => (id >> 5 & 0x3fff, id >> 19),
            false => (id >> 5 & 0x7ff, id >> 16),
        };
        let block = self.blocks.get(block as usize)?;
        let map = short(block, 0)?;
        let count = short(block, map)?;
        let index = (index as usize).checked_sub(1).filter(|index| *index < count)?;
        let (from, to) = (short(block, map + 4 + 2 * index)?, short(block, map + 6 + 2 * index)?);
        block.get(from..to)
    }

    /// Where a value lies that is too large for its place: in the heap or in a node inside.
    fn value(&self, id: u32) -> Result<Vec<u8>, Broken> {
        if id == 0 {
            return Ok(Vec::new());
        }
        if id & 0x1f == 0 {
            return self
                .item(id)
                .map(<[u8]>::to_vec)
                .map_or_else(|| broken("a value is missing"), Ok);
        }
        match self.inside.get(&id) {
            Some(node) => Ok(self.store.data(node.data)?.concat()),
            None => broken("a value is missing"),
        }
    }

    /// The entries of a tree in the heap: key and data one after the other.
    fn tree(&self, id: u32) -> Result<Vec<Vec<u8>>, Broken> {
        let damaged = || Broken("a tree in its heap is damaged".to_owned());
        let head = self.item(id).filter(|head| head.first() == Some(&0xb5)).ok_or_else(damaged)?;
        let (key, data, levels) = match head {
            [_, key, data, levels, ..] => (usize::from(*key), usize::from(*data), *levels),
            _ => return Err(damaged()),
        };
        let mut entries = Vec::new();
        let root = int(head, 4).unwrap_or(0);
        if root != 0 && key + data > 0 {
            let mut left = MOST_ITEMS;
            let levels = levels.min(DEEPEST);
            self.branch(root, (key, data), levels, &mut left, &mut entries).ok_or_else(damaged)?;
        }
        Ok(entries)
    }

    fn branch(
        &self,
        id: u32,
        (key, data): (usize, usize),
        level: u8,
        left: &mut u32,
        entries: &mut Vec<Vec<u8>>,
    ) -> Option<()> {
        *left = left.checked_sub(1)?;
        let item = self.item(id)?;
        if level == 0 {
            entries.extend(item.chunks_exact(key + data).map(<[u8]>::to_vec));
            return Some(());
        }
        for entry in item.chunks_exact(key + 4) {
            self.branch(int(entry, key)?, (key, data), level - 1, left, entries)?;
        }
        Some(())
    }

    /// The properties of an object. A value that is missing is left out, and named.
    pub fn props(&self) -> Result<(Props, Vec<String>), Broken> {
        if self.kind() != PROPERTIES {
            return broken("it has no properties");
        }
        let mut props = Props::default();
        let mut lost = Vec::new();
        for entry in self.tree(self.root())? {
            let (Some(id), Some(kind), Some(value)) =
                (short(&entry, 0), short(&entry, 2), int(&entry, 4))
            else {
                continue;
            };
            match self.property(kind, value) {
                Ok(Some(value)) => props.put(id as u16, value),
                Ok(None) => {}
                Err(why) => lost.push(format!("property {id:#06x}: {why}")),
            }
        }
        Ok((props, lost))
    }

    fn property(&self, kind: usize, raw: u32) -> Result<Option<Value>, Broken> {
        Ok(Some(match kind {
            0x02 => Value::Number(i64::from(raw as u16 as i16)),
            0x03 => Value::Number(i64::from(raw as i32)),
            0x0b => Value::Number(i64::from(raw & 0xff)),
            0x14 | 0x40 => {
                let bytes = self.value(raw)?;
                let Some(number) = bytes.get(..8).and_then(|b| b.try_into().ok()) else {
                    return Ok(None);
                };
                match kind {
                    0x14 => Value::Number(i64::from_le_bytes(number)),
                    _ => Value::Time(u64::from_le_bytes(number)),
                }
            }
            0x1e => Value::Ansi(self.value(raw)?),
            0x1f => Value::Unicode(utf16(&self.value(raw)?)),
            0x102 => Value::Binary(self.value(raw)?),
            // An object is named by a node inside and its size.
            0x0d => Value::Number(i64::from(int(&self.value(raw)?, 0).unwrap_or(0))),
            _ => return Ok(None),
        }))
    }

    /// The rows of a table, each as properties.
    pub fn rows(&self) -> Result<Vec<Props>, Broken> {
        let damaged = || Broken("a table is damaged".to_owned());
        let head = self.item(self.root()).filter(|_| self.kind() == TABLE).ok_or_else(damaged)?;
        let columns = usize::from(*head.get(1).ok_or_else(damaged)?);
        // Where the bits begin that say which cells there are, and where a row ends.
        let (bits, end) =
            (short(head, 6).ok_or_else(damaged)?, short(head, 8).ok_or_else(damaged)?);
        let matrix = int(head, 14).ok_or_else(damaged)?;
        if end == 0 || bits > end {
            return Err(damaged());
        }
        let columns: Vec<&[u8]> =
            head.get(22..).unwrap_or_default().chunks_exact(8).take(columns).collect();
        // Rows do not go over the ends of blocks.
        let blocks = match matrix & 0x1f {
            0 => vec![self.value(matrix)?],
            _ => match self.inside.get(&matrix) {
                Some(node) => self.store.data(node.data)?,
                None => return Err(damaged()),
            },
        };
        let count = self.tree(int(head, 10).unwrap_or(0)).map_or(MOST_ROWS, |rows| rows.len());
        let rows =
            blocks.iter().flat_map(|block| block.chunks_exact(end)).take(count.min(MOST_ROWS));
        Ok(rows.map(|row| self.row(row, bits, &columns)).collect())
    }

    fn row(&self, row: &[u8], bits: usize, columns: &[&[u8]]) -> Props {
        let mut props = Props::default();
        for column in columns {
            let (Some(kind), Some(id), Some(at)) =
                (short(column, 0), short(column, 2), short(column, 4))
            else {
                continue;
            };
            let (size, bit) = (usize::from(column[6]), usize::from(column[7]));
            let is_there =
                row.get(bits + bit / 8).is_some_and(|byte| byte & 0x80 >> (bit % 8) != 0);
            let Some(cell) = row.get(at..at + size).filter(|_| is_there) else { continue };
            let value = match (kind, size) {
                (0x14, 8) => cell.try_into().ok().map(i64::from_le_bytes).map(Value::Number),
                (0x40, 8) => cell.try_into().ok().map(u64::from_le_bytes).map(Value::Time),
                (_, 1..=4) => {
                    let mut raw = [0; 4];
                    raw[..size].copy_from_slice(cell);
                    self.property(kind, u32::from_le_bytes(raw)).ok().flatten()
                }
                _ => None,
            };
            if let Some(value) = value {
                props.put(id as u16, value);
            }
        }
        props
    }

    /// The bytes or the message that an object property names.
    pub fn object(&self, node: u32) -> Option<&Node> {
        self.inside.get(&node)
    }

    /// All bytes of a node inside.
    pub fn bytes(&self, node: &Node) -> Result<Vec<u8>, Broken> {
        Ok(self.store.data(node.data)?.concat())
    }
}
