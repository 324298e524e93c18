//! What stands in a column: sums, extremes, dates and its most frequent values.

use super::condition::{Condition, all_hold, compile};
use super::rows::cell;
use super::value::Value;
use crate::case::{Case, CaseError};
use crate::model::document::Part;
use crate::model::view::Variant;
use crate::text::day::{self, Day};
use crate::text::quantity::{self, Quantity, Sum};
use crate::text::tally::{counted, grouped};
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

/// Different values of a column that are counted one by one.
const MOST_VALUES: usize = 300_000;

/// Most frequent values that are given.
const MOST_SHOWN: usize = 1_000;

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

impl Case {
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
    /// The sum where bare numbers stand among amounts of one unit: they are taken for the same, and
    /// it is said. `7,694,300 CNY (1 without unit)`; `None` of other columns, and beside sizes and
    /// shares, where a bare number is something else.
    pub fn joined(&self) -> Option<String> {
        let [first, second] = self.sums.as_slice() else { return None };
        let (bare, other) = match (first.0.is_empty(), second.0.is_empty()) {
            (true, false) => (first, second),
            (false, true) => (second, first),
            _ => return None,
        };
        if matches!(other.0.as_str(), "bytes" | "%") {
            return None;
        }
        let mut all = first.2.clone();
        all.join(&second.2);
        Some(format!("{} ({} without unit)", all.words(&other.0), grouped(bare.1)))
    }

    /// All sums, as they are shown and cited: `12,800 CNY`; of several units each with how many amounts
    /// it stands on: `12,800 CNY (3) + 500 USD (2) + 7 without unit (1)`. Empty where there is no amount.
    pub fn sum(&self) -> String {
        self.joined().unwrap_or_else(|| self.units(usize::MAX))
    }

    /// The same with no more than so many units, and how many others there are.
    pub fn sum_clipped(&self, most: usize) -> String {
        self.joined().unwrap_or_else(|| self.units(most))
    }

    fn units(&self, most: usize) -> String {
        if let [(unit, _, sum)] = self.sums.as_slice() {
            return sum.words(unit);
        }
        let words = |(unit, many, sum): &(String, u64, Sum)| {
            let unit_name = if unit.is_empty() { " without unit" } else { "" };
            format!("{}{unit_name} ({})", sum.words(unit), grouped(*many))
        };
        let mut all: Vec<String> = self.sums.iter().take(most).map(words).collect();
        match self.sums.len().saturating_sub(most) {
            0 => {}
            more => all.push(counted(more as u64, "other unit", "other units")),
        }
        all.join(" + ")
    }

    /// How sums were cited once: without how many amounts each stands on, and bare numbers apart.
    pub fn sum_of_before(&self) -> String {
        let sums = self.sums.iter().map(|(unit, _, sum)| match sum.total() {
            Some(total) if unit.is_empty() => total.to_string(),
            Some(total) => format!("{total} {unit}"),
            None => format!("too large a sum {unit}"),
        });
        sums.collect::<Vec<_>>().join(" + ")
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_several_units_are_one_line_with_how_many_each_stands_on() {
        let check = |cells: &[&str], sum: &str, clipped: &str, before: &str| {
            let mut figures = Figures::default();
            cells.iter().for_each(|cell| figures.take(quantity::read(cell).unwrap()));
            figures.sums.sort_by_key(|sum| std::cmp::Reverse(sum.1));
            let said = (figures.sum(), figures.sum_clipped(2), figures.sum_of_before());
            assert_eq!(said, (sum.to_owned(), clipped.to_owned(), before.to_owned()));
        };
        check(&[], "", "", "");
        let bytes = "2,001,000,000,000 bytes";
        check(&["1GB", "2TB"], bytes, bytes, bytes);
        check(&["1万元", "5元"], "10,005 CNY", "10,005 CNY", "10,005 CNY");
        let joined = "10,005 CNY (1 without unit)";
        check(&["1万元", "5"], joined, joined, "10,000 CNY + 5");
        let apart = "1,000,000,000 bytes (1) + 5 without unit (1)";
        check(&["1GB", "5"], apart, apart, "1,000,000,000 bytes + 5");
        check(
            &["1万元", "2元", "3", "4 GB", "3元"],
            "10,005 CNY (3) + 3 without unit (1) + 4,000,000,000 bytes (1)",
            "10,005 CNY (3) + 3 without unit (1) + 1 other unit",
            "10,005 CNY + 3 + 4,000,000,000 bytes",
        );
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
}
