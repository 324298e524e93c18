//! Tables inside of texts: sheets and tables are stretches of a text with one line a row and one
//! tab between cells. Rows are read by windows; sorting, filtering and counting go over all rows
//! once, chunk by chunk, and can be cancelled.

use super::{Case, CaseError};
use crate::model::document::Part;
use crate::model::view::Variant;
use crate::text::day::{self, Day};
use crate::text::normal::{Mode, normalize};
use crate::text::numeral::Decimal;
use crate::text::quantity::{self, Quantity, Sum};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Bytes of text that a window of rows may have.
const WINDOW: u64 = 1 << 20;

/// Bytes of one row that are read for a screen.
const LONGEST_ROW: usize = 256 * 1024;

/// Different values of a column that are counted one by one.
const MOST_VALUES: usize = 300_000;

/// Most frequent values that are given.
const MOST_SHOWN: usize = 1_000;

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// From 0, in the part.
    pub number: u64,
    /// Byte offset of its first cell in the text.
    pub start: u64,
    /// Its cells with tabs between them, without the line end.
    pub text: String,
    /// Only the beginning of a very long row.
    pub is_cut: bool,
}

impl TableRow {
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.text.split('\t')
    }

    /// Byte range of a cell (from 0) in `text`.
    pub fn cell(&self, column: usize) -> Option<Range<usize>> {
        let mut start = 0;
        for (number, cell) in self.cells().enumerate() {
            if number == column {
                return Some(start..start + cell.len());
            }
            start += cell.len() + 1;
        }
        None
    }
}

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

/// What a cell must say: `川江`, `!川江`, `=95%`, `>300000`, `<=30万`, `>=2022-03`, `=` for nothing.
/// `=3000` is an amount in whatever unit, `==3000` one without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// From 0.
    pub column: usize,
    pub typed: String,
}

/// What the order of a cell and a number must be.
type Is = fn(Ordering) -> bool;

enum Test {
    Contains(String, bool),
    /// This value; an amount in any unit, where that is said.
    Is(Value, bool),
    Number(Quantity, Is),
    Day(Day, Is),
}

/// A value of a column, with all the ways in which it is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnValue {
    /// The most frequent first; never none.
    pub spellings: Vec<String>,
    pub rows: u64,
}

impl ColumnValue {
    /// As it is shown: as most of its cells write it.
    pub fn text(&self) -> &str {
        self.spellings.first().map_or("", String::as_str)
    }

    /// The condition that takes its rows and no others.
    pub fn typed(&self) -> String {
        let is_bare = Value::of(self.text()).is_bare();
        format!("{}{}", if is_bare { "==" } else { "=" }, self.text())
    }

    /// Different cells, the ones that are most often there first.
    fn grouped(cells: HashMap<Box<str>, u64>) -> Vec<ColumnValue> {
        let mut cells: Vec<(Box<str>, u64)> = cells.into_iter().collect();
        cells.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut places: HashMap<Value, usize> = HashMap::with_capacity(cells.len());
        let mut values: Vec<ColumnValue> = Vec::new();
        for (cell, rows) in cells {
            let place = *places.entry(Value::of(&cell)).or_insert(values.len());
            if place == values.len() {
                values.push(ColumnValue { spellings: Vec::new(), rows: 0 });
            }
            values[place].spellings.push(cell.into_string());
            values[place].rows += rows;
        }
        // Of equally many, in the order of their most frequent spellings.
        values.sort_by_key(|value| std::cmp::Reverse(value.rows));
        values
    }
}

impl Condition {
    /// Why a condition that compares is none: behind its sign stands no amount and no date, so
    /// that it looks for the words as they stand.
    pub fn doubt(&self) -> Option<String> {
        let typed = self.typed.trim();
        let limit = typed.strip_prefix(['>', '<', '≥', '≤'])?;
        let limit = limit.strip_prefix('=').unwrap_or(limit).trim();
        if day::read(limit).is_some() || quantity::read(limit).is_some() {
            return None;
        }
        let sign = typed[..typed.len() - limit.len()].trim_end();
        let limit = match limit {
            "" => format!("nothing stands behind {sign}"),
            limit => format!("{limit} is no amount and no date"),
        };
        Some(format!("{limit}: write >30万 or >=2022-03"))
    }

    fn compile(&self) -> Test {
        let typed = self.typed.trim();
        let numbers: [(&str, Is); 6] = [
            (">=", Ordering::is_ge),
            ("≥", Ordering::is_ge),
            ("<=", Ordering::is_le),
            ("≤", Ordering::is_le),
            (">", Ordering::is_gt),
            ("<", Ordering::is_lt),
        ];
        for (sign, test) in numbers {
            let Some(limit) = typed.strip_prefix(sign) else { continue };
            if let Some(day) = day::read(limit) {
                return Test::Day(day, test);
            }
            if let Some(number) = quantity::read(limit) {
                return Test::Number(number, test);
            }
        }
        let folded = |text: &str| normalize(text.trim(), Mode::Query).text;
        if let Some(rest) = typed.strip_prefix('=') {
            let bare = rest.strip_prefix('=').map(Value::of).filter(Value::is_bare);
            match bare {
                Some(value) => Test::Is(value, false),
                None => {
                    let value = Value::of(rest);
                    let in_any_unit = value.is_bare();
                    Test::Is(value, in_any_unit)
                }
            }
        } else if let Some(rest) = typed.strip_prefix('!').filter(|rest| !rest.is_empty()) {
            Test::Contains(folded(rest), false)
        } else {
            Test::Contains(folded(typed), true)
        }
    }
}

/// What a cell says, however it is written: two that are equal stand in one line of the list of
/// values and are taken by one condition.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Value {
    /// Whether it is negative, how much, and the unit.
    Amount(bool, Decimal, String),
    /// Their normal form.
    Words(String),
}

impl Value {
    fn of(cell: &str) -> Value {
        let cell = cell.trim();
        let folded = |text: &str| normalize(text, Mode::Query).text;
        // `000123` numbers something: as an amount it would be one with `123`.
        let is_number =
            cell.strip_prefix('0').is_some_and(|c| c.starts_with(|c: char| c.is_ascii_digit()));
        match quantity::read(cell).filter(|_| !is_number) {
            Some(amount) => Value::Amount(amount.is_negative, amount.value, folded(&amount.unit)),
            None => Value::Words(folded(cell)),
        }
    }

    /// An amount without a unit.
    fn is_bare(&self) -> bool {
        matches!(self, Value::Amount(_, _, unit) if unit.is_empty())
    }

    /// Parts of a whole are no amounts of anything.
    fn without_unit(self) -> Option<Value> {
        match self {
            Value::Amount(sign, value, unit) if !unit.contains(['%', '‰']) => {
                Some(Value::Amount(sign, value, String::new()))
            }
            _ => None,
        }
    }
}

impl Test {
    fn holds(&self, cell: &str) -> bool {
        let folded = || normalize(cell.trim(), Mode::Query).text;
        match self {
            Test::Contains(words, wanted) => folded().contains(words.as_str()) == *wanted,
            Test::Is(value, in_any_unit) => {
                let cell = Value::of(cell);
                cell == *value || *in_any_unit && cell.without_unit().is_some_and(|c| c == *value)
            }
            Test::Number(number, test) => {
                quantity::read(cell).is_some_and(|cell| test(cell.compare(number)))
            }
            Test::Day(day, test) => day::read(cell).is_some_and(|cell| test(cell.compare(day))),
        }
    }
}

/// Some rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSlice {
    /// Rows of the whole table.
    pub total: u64,
    pub rows: Vec<TableRow>,
}

/// What stands in a column, over all rows that the conditions leave. Exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub column: usize,
    pub conditions: Vec<Condition>,
    pub rows: u64,
    pub empty: u64,
    pub numbers: u64,
    /// For every unit (empty for bare numbers), most frequent first: how many, and their sum.
    pub sums: Vec<(String, u64, Sum)>,
    pub least: Option<Quantity>,
    pub greatest: Option<Quantity>,
    pub dates: u64,
    pub earliest: Option<Day>,
    pub latest: Option<Day>,
    /// Different values; there may be more when `has_more`.
    pub distinct: u64,
    pub has_more: bool,
    /// The most frequent values.
    pub values: Vec<ColumnValue>,
}

impl Case {
    /// Rows `rows` of a table, at most 1 MiB of them.
    pub fn table_rows(
        &self,
        variant: &Variant,
        table: &Part,
        rows: Range<u64>,
    ) -> Result<TableSlice, CaseError> {
        let (first, total) = self.table_lines(variant, table)?;
        let end = rows.end.min(total);
        if rows.start >= end {
            return Ok(TableSlice { total, rows: Vec::new() });
        }
        let start = match rows.start {
            0 => table.start,
            row => self.line_start(variant, first + row)?,
        };
        let slice = self.text(variant, start..table.end.min(start + WINDOW))?;
        let is_all = slice.start + slice.text.len() as u64 >= table.end;
        let mut found = Vec::new();
        let mut at = slice.start;
        for (line, number) in slice.text.split_inclusive('\n').zip(rows.start..end) {
            // The last line of a window may go on behind it.
            if line.ends_with('\n') || is_all || found.is_empty() {
                found.push(row(number, at, line));
            }
            at += line.len() as u64;
        }
        Ok(TableSlice { total, rows: found })
    }

    /// The same of a sorted or filtered table: rows at places `places` of the order.
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
        let mut chunks: Vec<crate::model::view::Slice> = Vec::new();
        let mut bytes = 0;
        for place in start..end {
            let (number, at) = (order.0.numbers[place], order.0.starts[place]);
            let holds = |chunk: &crate::model::view::Slice| {
                chunk.start <= at && at < chunk.start + chunk.text.len() as u64
            };
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
                    // It goes on in the next chunk, or ends the text.
                    let slice = self.text(variant, at..table.end.min(at + LONGEST_ROW as u64))?;
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

    /// Number of the row that holds byte `offset` of the text.
    pub fn table_row_at(
        &self,
        variant: &Variant,
        table: &Part,
        offset: u64,
    ) -> Result<u64, CaseError> {
        let first = self.line_at(variant, table.start)?;
        let line = self.line_at(variant, offset.clamp(table.start, table.end))?;
        Ok(line.saturating_sub(first))
    }

    /// Number of the first line of a table, and how many rows it has.
    fn table_lines(&self, variant: &Variant, table: &Part) -> Result<(u64, u64), CaseError> {
        let first = self.line_at(variant, table.start)?;
        if table.end <= table.start {
            return Ok((first, 0));
        }
        // The line end that closes the table begins no further row.
        let last = self.line_at(variant, table.end - 1)?;
        Ok((first, last - first + 1))
    }

    /// Calls `each` with number, byte offset and text of every row of a table.
    fn each_row(
        &self,
        variant: &Variant,
        table: &Part,
        cancel: &AtomicBool,
        mut each: impl FnMut(u64, u64, &str),
    ) -> Result<(), CaseError> {
        let mut number = 0;
        let mut begun = String::new();
        let mut at = table.start;
        while at < table.end {
            if cancel.load(Relaxed) {
                return Err(CaseError::Cancelled);
            }
            let Some(chunk) = self.store.chunk_at(variant.id, at)? else { break };
            let cut = |at: u64| usize::try_from(at.saturating_sub(chunk.start)).unwrap_or(0);
            let text = &chunk.text[..cut(table.end).min(chunk.text.len())];
            let Some(text) = text.get(cut(at)..).filter(|text| !text.is_empty()) else { break };
            for line in text.split_inclusive('\n') {
                let start = at - begun.len() as u64;
                at += line.len() as u64;
                match (line.strip_suffix('\n'), begun.is_empty()) {
                    (Some(line), true) => each(number, start, line),
                    (Some(line), false) => {
                        begun.push_str(line);
                        each(number, start, &begun);
                        begun.clear();
                    }
                    (None, _) => {
                        begun.push_str(line);
                        continue;
                    }
                }
                number += 1;
            }
        }
        if !begun.is_empty() {
            each(number, at - begun.len() as u64, &begun);
        }
        Ok(())
    }

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

    /// Counts what stands in a column.
    pub fn column_figures(
        &self,
        variant: &Variant,
        table: &Part,
        header: Option<u64>,
        column: usize,
        conditions: &[Condition],
        cancel: &AtomicBool,
    ) -> Result<Figures, CaseError> {
        let tests = compile(conditions);
        let conditions = conditions.to_vec();
        let mut figures = Figures { column, conditions, ..Figures::default() };
        let mut values: HashMap<Box<str>, u64> = HashMap::new();
        self.each_row(variant, table, cancel, |number, _, line| {
            if Some(number) == header || !all_hold(&tests, line) {
                return;
            }
            let cell = cell(line, column).trim();
            figures.rows += 1;
            if cell.is_empty() {
                figures.empty += 1;
                return;
            }
            if let Some(count) = values.get_mut(cell) {
                *count += 1;
            } else if values.len() < MOST_VALUES {
                values.insert(cell.into(), 1);
            } else {
                figures.has_more = true;
            }
            if let Some(day) = day::read(cell) {
                figures.dates += 1;
                figures.earliest = Some(figures.earliest.map_or(day, |least| least.min(day)));
                figures.latest = Some(figures.latest.map_or(day, |most| most.max(day)));
            } else if let Some(quantity) = quantity::read(cell) {
                figures.take(quantity);
            }
        })?;
        figures.sums.sort_by_key(|sum| std::cmp::Reverse(sum.1));
        figures.values = ColumnValue::grouped(values);
        figures.distinct = figures.values.len() as u64;
        figures.values.truncate(MOST_SHOWN);
        Ok(figures)
    }
}

impl Figures {
    fn take(&mut self, quantity: Quantity) {
        self.numbers += 1;
        match self.sums.iter_mut().find(|(unit, _, _)| *unit == quantity.unit) {
            Some((_, count, sum)) => {
                *count += 1;
                sum.add(&quantity);
            }
            None => {
                let mut sum = Sum::default();
                sum.add(&quantity);
                self.sums.push((quantity.unit.clone(), 1, sum));
            }
        }
        if self.least.as_ref().is_none_or(|least| quantity.compare(least).is_lt()) {
            self.least = Some(quantity.clone());
        }
        if self.greatest.as_ref().is_none_or(|greatest| quantity.compare(greatest).is_gt()) {
            self.greatest = Some(quantity);
        }
    }
}

fn row(number: u64, start: u64, line: &str) -> TableRow {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let mut end = line.len().min(LONGEST_ROW);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    TableRow { number, start, text: line[..end].to_owned(), is_cut: end < line.len() }
}

fn cell(line: &str, column: usize) -> &str {
    line.split('\t').nth(column).unwrap_or("")
}

fn compile(conditions: &[Condition]) -> Vec<(usize, Test)> {
    conditions.iter().map(|condition| (condition.column, condition.compile())).collect()
}

fn all_hold(tests: &[(usize, Test)], line: &str) -> bool {
    tests.iter().all(|(column, test)| test.holds(cell(line, *column)))
}

/// What a cell is sorted by.
enum Key {
    /// Nearest value: rows are many, and order asks for no more.
    Number(f64),
    /// [`Day::rank`].
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

    #[track_caller]
    fn check(typed: &str, cell: &str, expected: bool) {
        let condition = Condition { column: 0, typed: typed.to_owned() };
        assert_eq!(condition.compile().holds(cell), expected, "{typed} {cell}");
    }

    #[test]
    fn conditions() {
        check("川江", "青河市川江科技", true);
        check("CHUAN", "chuanjiang", true);
        check("!川江", "青河", true);
        check("!川江", "川江", false);
        check("=95%", "95%", true);
        check("=95", "95%", false);
        check("=3000", "0.3 万元", true);
        check("= 3,000 元", "0.3 万元", true);
        check("=3000 美元", "0.3 万元", false);
        check("==3000", "3,000.00", true);
        check("==3000", "0.3 万元", false);
        check("=3000", "0.3 万%", false);
        check("=12", "0012", false);
        check("=0012", "0012", true);
        check("==x", "=x", true);
        check("=", "", true);
        check("=", "x", false);
        check(">300000", "叁拾万", false);
        check(">=30万", "叁拾万", true);
        check("<30万", "12.8k", true);
        check("<30万", "川江", false);
        check("<script", "<script>", true);
        check(">=2022-03", "2022年3月5日", true);
        check(">2022-03", "2022/3/5", false);
        check("<2022/3/5", "2022-03-04 23:59", true);
        check("<2022/3/5", "30", false);
    }

    #[test]
    fn equal_values_are_one_and_their_condition_takes_them_all() {
        let cells = [
            ("10,000.00", 2),
            ("0.0001亿", 2),
            ("壹万", 1),
            ("1万", 1),
            ("1万元", 4),
            ("川江", 1),
            ("ＡＢ", 1),
            ("ab", 2),
            ("=x", 1),
            ("00123", 1),
            ("123", 1),
            ("3KG", 1),
            ("3kg", 1),
        ];
        let counted = cells.iter().map(|(cell, rows)| ((*cell).into(), *rows)).collect();
        let values = ColumnValue::grouped(counted);
        let shown: Vec<(&str, usize, u64)> =
            values.iter().map(|value| (value.text(), value.spellings.len(), value.rows)).collect();
        assert_eq!(shown[..3], [("0.0001亿", 4, 6), ("1万元", 1, 4), ("ab", 2, 3)]);
        assert_eq!(values.len(), 8);
        for value in &values {
            let condition = Condition { column: 0, typed: value.typed() };
            let test = condition.compile();
            let taken = cells.iter().filter(|(cell, _)| test.holds(cell));
            let rows: u64 = taken.map(|(_, rows)| rows).sum();
            assert_eq!(rows, value.rows, "{}", value.typed());
        }
    }

    #[test]
    fn what_compares_with_nothing_is_doubted() {
        let check = |typed: &str, expected: Option<&str>| {
            let doubt = Condition { column: 0, typed: typed.to_owned() }.doubt();
            assert_eq!(doubt.as_deref().and_then(|d| d.split(':').next()), expected, "{typed}");
        };
        check(">abc", Some("abc is no amount and no date"));
        check(">= 川江", Some("川江 is no amount and no date"));
        check(">=", Some("nothing stands behind >="));
        check("≤", Some("nothing stands behind ≤"));
        check(">30万", None);
        check("<=2022-03", None);
        check("=abc", None);
        check("abc>", None);
    }

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

    #[test]
    fn cells_know_their_bytes() {
        let row = row(0, 10, "a\t合同\t\tb\n");
        assert_eq!(row.cell(1), Some(2..8));
        assert_eq!(row.cell(2), Some(9..9));
        assert_eq!((row.cell(3), row.cell(4)), (Some(10..11), None));
    }
}
