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
    /// What stands there of each unit, the most frequent first.
    pub units: Vec<UnitFigures>,
    pub dates: u64,
    pub earliest: Option<Day>,
    pub latest: Option<Day>,
    /// Different values; there may be more when `has_more`.
    pub distinct: u64,
    pub has_more: bool,
    /// The most frequent values.
    pub values: Vec<ColumnValue>,
}

/// The amounts of one unit in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitFigures {
    /// `CNY`, `bytes`; empty for bare numbers.
    pub unit: String,
    pub amounts: u64,
    pub sum: Sum,
    pub least: Quantity,
    pub greatest: Quantity,
}

impl UnitFigures {
    fn of(quantity: &Quantity) -> UnitFigures {
        UnitFigures {
            unit: quantity.unit.clone(),
            amounts: 0,
            sum: Sum::default(),
            least: quantity.clone(),
            greatest: quantity.clone(),
        }
    }

    fn take(&mut self, quantity: Quantity) {
        self.amounts += 1;
        self.sum.add(&quantity);
        if quantity.compare(&self.least).is_lt() {
            self.least = quantity;
        } else if quantity.compare(&self.greatest).is_gt() {
            self.greatest = quantity;
        }
    }

    /// `without unit` for bare numbers.
    pub fn name(&self) -> &str {
        if self.unit.is_empty() { "without unit" } else { &self.unit }
    }
}

/// One end of the amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    Least,
    Greatest,
}

impl Extreme {
    fn of(self, figures: &UnitFigures) -> &Quantity {
        match self {
            Extreme::Least => &figures.least,
            Extreme::Greatest => &figures.greatest,
        }
    }
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
        figures.units.sort_by_key(|unit| std::cmp::Reverse(unit.amounts));
        figures.values = ColumnValue::grouped(values);
        figures.distinct = figures.values.len() as u64;
        figures.values.truncate(MOST_SHOWN);
        Ok(figures)
    }
}

impl Figures {
    /// Bare numbers among amounts of one unit are taken for the same, and it is said; not beside sizes
    /// and shares, where a bare number is something else. The bare ones come first.
    fn bare_and_other(&self) -> Option<(&UnitFigures, &UnitFigures)> {
        let [first, second] = self.units.as_slice() else { return None };
        let (bare, other) = match (first.unit.is_empty(), second.unit.is_empty()) {
            (true, false) => (first, second),
            (false, true) => (second, first),
            _ => return None,
        };
        (!matches!(other.unit.as_str(), "bytes" | "%")).then_some((bare, other))
    }

    /// Whether its amounts can be added and compared with each other.
    pub fn is_of_one_kind(&self) -> bool {
        self.units.len() == 1 || self.bare_and_other().is_some()
    }

    /// `7,694,300 CNY (1 without unit)`
    fn joined_sum(&self) -> Option<String> {
        let (bare, other) = self.bare_and_other()?;
        let mut all = bare.sum.clone();
        all.join(&other.sum);
        Some(format!("{} ({} without unit)", all.words(&other.unit), grouped(bare.amounts)))
    }

    /// All sums, as they are shown and cited: `12,800 CNY`; of several units each with how many amounts
    /// it stands on: `12,800 CNY (3) + 500 USD (2) + 7 without unit (1)`. Empty where there is no amount.
    pub fn sum(&self) -> String {
        self.joined_sum().unwrap_or_else(|| self.sums(usize::MAX))
    }

    /// The same with no more than so many units, and how many others there are.
    pub fn sum_clipped(&self, most: usize) -> String {
        self.joined_sum().unwrap_or_else(|| self.sums(most))
    }

    fn sums(&self, most: usize) -> String {
        if let [only] = self.units.as_slice() {
            return only.sum.words(&only.unit);
        }
        let words = |unit: &UnitFigures| {
            let bare = if unit.unit.is_empty() { " without unit" } else { "" };
            format!("{}{bare} ({})", unit.sum.words(&unit.unit), grouped(unit.amounts))
        };
        let mut all: Vec<String> = self.units.iter().take(most).map(words).collect();
        match self.units.len().saturating_sub(most) {
            0 => {}
            more => all.push(counted(more as u64, "other unit", "other units")),
        }
        all.join(" + ")
    }

    /// How sums were cited once: without how many amounts each stands on, and bare numbers apart.
    pub fn sum_of_before(&self) -> String {
        let sums = self.units.iter().map(|unit| match (unit.sum.total(), unit.unit.as_str()) {
            (Some(total), "") => total.to_string(),
            (Some(total), unit) => format!("{total} {unit}"),
            (None, unit) => format!("too large a sum {unit}"),
        });
        sums.collect::<Vec<_>>().join(" + ")
    }

    /// The least or the greatest amount, as it is shown and cited; where amounts of several units stand
    /// that cannot be compared, that of each: `3,500 CNY; 40 without unit`. Empty where there is none.
    pub fn extreme(&self, which: Extreme) -> String {
        if self.is_of_one_kind() {
            return self.extreme_of_before(which);
        }
        let words = |unit: &UnitFigures| {
            let bare = if unit.unit.is_empty() { " without unit" } else { "" };
            format!("{}{bare}", which.of(unit))
        };
        self.units.iter().map(words).collect::<Vec<_>>().join("; ")
    }

    /// How extremes were cited once: as if all units were one.
    pub fn extreme_of_before(&self, which: Extreme) -> String {
        let all = self.units.iter().map(|unit| which.of(unit));
        let found = match which {
            Extreme::Least => all.reduce(|a, b| if b.compare(a).is_lt() { b } else { a }),
            Extreme::Greatest => all.reduce(|a, b| if b.compare(a).is_gt() { b } else { a }),
        };
        found.map(Quantity::to_string).unwrap_or_default()
    }

    fn take(&mut self, quantity: Quantity) {
        self.numbers += 1;
        let at = self.units.iter().position(|known| known.unit == quantity.unit);
        let at = at.unwrap_or_else(|| {
            self.units.push(UnitFigures::of(&quantity));
            self.units.len() - 1
        });
        self.units[at].take(quantity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures_of(cells: &[&str]) -> Figures {
        let mut figures = Figures::default();
        cells.iter().for_each(|cell| figures.take(quantity::read(cell).unwrap()));
        figures.units.sort_by_key(|unit| std::cmp::Reverse(unit.amounts));
        figures
    }

    #[test]
    fn extremes_are_those_of_each_unit_where_units_cannot_be_compared() {
        let check = |cells: &[&str], least: &str, greatest: &str, before: &str| {
            let figures = figures_of(cells);
            assert_eq!(figures.extreme(Extreme::Least), least);
            assert_eq!(figures.extreme(Extreme::Greatest), greatest);
            let of_before =
                [Extreme::Least, Extreme::Greatest].map(|e| figures.extreme_of_before(e));
            assert_eq!(of_before.join(" to "), before);
        };
        check(&[], "", "", " to ");
        check(&["1GB", "2TB", "3 KB"], "3,000 bytes", "2,000,000,000,000 bytes", {
            "3,000 bytes to 2,000,000,000,000 bytes"
        });
        check(&["-5", "3", "7元"], "-5", "7 CNY", "-5 to 7 CNY");
        check(
            &["40", "12 KB", "1 MB"],
            "12,000 bytes; 40 without unit",
            "1,000,000 bytes; 40 without unit",
            "40 to 1,000,000 bytes",
        );
        check(
            &["500 USD", "300 USD", "3000元"],
            "300 USD; 3,000 CNY",
            "500 USD; 3,000 CNY",
            "300 USD to 3,000 CNY",
        );
    }

    #[test]
    fn sums_of_several_units_are_one_line_with_how_many_each_stands_on() {
        let check = |cells: &[&str], sum: &str, clipped: &str, before: &str| {
            let figures = figures_of(cells);
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
