//! Rows of a table in another order, or fewer of them.

use super::condition::{Condition, all_hold, compile};
use super::rows::{LONGEST_ROW, TableRow, WINDOW, cell, row};
use crate::case::{Case, CaseError};
use crate::model::document::Part;
use crate::model::view::{Slice, Variant};
use crate::text::{day, quantity};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Rows in another order, or fewer of them. Cheap to hand around.
#[derive(Clone, Debug)]
pub struct RowOrder(Arc<Rows>);

#[derive(Debug)]
struct Rows {
    numbers: Vec<u32>,
    starts: Vec<u64>,
}

impl RowOrder {
    pub fn len(&self) -> u64 {
        self.0.numbers.len() as u64
    }

    pub fn is_empty(&self) -> bool {
        self.0.numbers.is_empty()
    }

    /// Numbers of the rows, in this order.
    pub fn numbers(&self) -> &[u32] {
        &self.0.numbers
    }

    /// Place of the row with this number.
    pub fn place_of(&self, number: u64) -> Option<u64> {
        let number = u32::try_from(number).ok()?;
        self.0.numbers.iter().position(|own| *own == number).map(|place| place as u64)
    }
}

impl PartialEq for RowOrder {
    /// The same answer, not an equal one.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for RowOrder {}

/// How a table is cut and sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableView {
    /// The row (from 0) that names the columns: it is no row of the list.
    pub header: Option<u64>,
    /// Column (from 0), and whether the greatest comes first.
    pub sort: Option<(usize, bool)>,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
}

impl TableView {
    /// All rows as they stand.
    pub fn is_plain(&self) -> bool {
        self.sort.is_none() && self.conditions.is_empty()
    }
}

impl Case {
    /// Sorts and filters a table. Numbers stand before dates, dates before words, and all of them
    /// before empty cells.
    pub fn table_order(
        &self,
        variant: &Variant,
        table: &Part,
        view: &TableView,
        cancel: &AtomicBool,
    ) -> Result<RowOrder, CaseError> {
        let tests = compile(&view.conditions);
        let mut rows: Vec<(Key, u32, u64)> = Vec::new();
        self.each_row(variant, table, cancel, |number, start, line| {
            let Ok(short) = u32::try_from(number) else { return };
            if Some(number) != view.header && all_hold(&tests, line) {
                let key = view.sort.map_or(Key::Empty, |(column, _)| Key::of(cell(line, column)));
                rows.push((key, short, start));
            }
        })?;
        if let Some((_, descends)) = view.sort {
            rows.sort_by(|a, b| a.0.compare(&b.0, descends));
        }
        let numbers = rows.iter().map(|row| row.1).collect();
        let starts = rows.iter().map(|row| row.2).collect();
        Ok(RowOrder(Arc::new(Rows { numbers, starts })))
    }

    /// Rows of a sorted or filtered table: those at places `places` of the order, at most 1 MiB of
    /// them.
    pub fn ordered_rows(
        &self,
        variant: &Variant,
        table: &Part,
        order: &RowOrder,
        places: Range<u64>,
    ) -> Result<Vec<TableRow>, CaseError> {
        let end = usize::try_from(places.end.min(order.len())).unwrap_or(usize::MAX);
        let start = usize::try_from(places.start).unwrap_or(usize::MAX).min(end);
        let mut rows = Vec::with_capacity(end - start);
        // Neighbours in the order often come from the same chunk.
        let mut chunks: Vec<Slice> = Vec::new();
        let mut bytes = 0;
        for place in start..end {
            let (number, at) = (order.0.numbers[place], order.0.starts[place]);
            let holds =
                |chunk: &Slice| chunk.start <= at && at < chunk.start + chunk.text.len() as u64;
            if !chunks.iter().any(holds)
                && let Some(chunk) = self.store.chunk_at(variant.id, at)?
            {
                if chunks.len() >= 16 {
                    chunks.remove(0);
                }
                chunks.push(chunk);
            }
            let chunk = chunks.iter().find(|chunk| holds(chunk));
            let from = chunk.map_or(0, |chunk| usize::try_from(at - chunk.start).unwrap_or(0));
            let rest = chunk.and_then(|chunk| chunk.text.get(from..)).unwrap_or("");
            let row = match rest.find('\n') {
                Some(end) => row(number.into(), at, &rest[..end]),
                None => {
                    // It goes on in the next chunk, or ends the text. One character more than is
                    // shown tells that it was cut.
                    let enough = at + LONGEST_ROW as u64 + 4;
                    let slice = self.text(variant, at..table.end.min(enough))?;
                    row(number.into(), at, slice.text.split('\n').next().unwrap_or(""))
                }
            };
            bytes += row.text.len() as u64;
            rows.push(row);
            if bytes > WINDOW {
                break;
            }
        }
        Ok(rows)
    }
}

/// What a cell is sorted by.
enum Key {
    /// Nearest value: rows are many, and order asks for no more.
    Number(f64),
    /// [`day::Day::rank`].
    Day(u64),
    Words(Box<str>),
    Empty,
}

/// Characters of a cell that decide its place.
const SORTED: usize = 48;

impl Key {
    fn of(cell: &str) -> Key {
        let cell = cell.trim();
        if cell.is_empty() {
            return Key::Empty;
        }
        if let Some(day) = day::read(cell) {
            return Key::Day(day.rank());
        }
        match quantity::read(cell) {
            Some(quantity) if quantity.is_negative => Key::Number(-quantity.value.to_f64()),
            Some(quantity) => Key::Number(quantity.value.to_f64()),
            None => {
                let words: String =
                    cell.chars().take(SORTED).flat_map(char::to_lowercase).collect();
                Key::Words(words.into_boxed_str())
            }
        }
    }

    fn compare(&self, other: &Key, descends: bool) -> Ordering {
        let turned = |order: Ordering| if descends { order.reverse() } else { order };
        let kind = |key: &Key| match key {
            Key::Number(_) => 0,
            Key::Day(_) => 1,
            Key::Words(_) => 2,
            Key::Empty => 3,
        };
        match (self, other) {
            (Key::Number(a), Key::Number(b)) => turned(a.total_cmp(b)),
            (Key::Day(a), Key::Day(b)) => turned(a.cmp(b)),
            (Key::Words(a), Key::Words(b)) => turned(a.cmp(b)),
            (Key::Empty, Key::Empty) => Ordering::Equal,
            // What is empty stands last in either direction.
            (Key::Empty, _) => Ordering::Greater,
            (_, Key::Empty) => Ordering::Less,
            _ => turned(kind(self).cmp(&kind(other))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_before_words_and_empty_cells_last() {
        let mut cells = ["b", "", "187.15万", "-3", "A", "12.8k"];
        cells.sort_by(|a, b| Key::of(a).compare(&Key::of(b), false));
        assert_eq!(cells, ["-3", "12.8k", "187.15万", "A", "b", ""]);
        cells.sort_by(|a, b| Key::of(a).compare(&Key::of(b), true));
        assert_eq!(cells, ["b", "A", "187.15万", "12.8k", "-3", ""]);
    }

    #[test]
    fn dates_stand_in_their_order_however_they_are_written() {
        let mut cells = [
            "2022年4月",
            "2022-11-19",
            "x",
            "2022.01.15",
            "7",
            "2022/7/27",
            "2022/7/9",
            "2022/4/21",
        ];
        cells.sort_by(|a, b| Key::of(a).compare(&Key::of(b), false));
        let order = [
            "7",
            "2022.01.15",
            "2022年4月",
            "2022/4/21",
            "2022/7/9",
            "2022/7/27",
            "2022-11-19",
            "x",
        ];
        assert_eq!(cells, order);
    }
}
