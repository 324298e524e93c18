//! What the cells of a column must say for a row to be shown or counted.

use super::rows::cell;
use super::value::Value;
use crate::text::day::{self, Day};
use crate::text::normal::{Mode, normalize};
use crate::text::quantity::{self, Quantity};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What a cell must say: `川江`, `!川江`, `=95%`, `>300000`, `<=30万`, `>=2022-03`, `=` for nothing.
/// `=3000` is an amount in whatever unit, `==3000` one without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// From 0.
    pub column: usize,
    pub typed: String,
}

/// What the order of a cell and a number must be.
type Is = fn(Ordering) -> bool;

pub(super) enum Test {
    Contains(String, bool),
    /// This value; an amount in any unit, where that is said.
    Is(Value, bool),
    Number(Quantity, Is),
    Day(Day, Is),
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

    /// What it asks of a cell, in words: `contains 川江`, `is 95%`, `is empty`, `>30万`.
    pub fn words(&self) -> String {
        let typed = self.typed.trim();
        match self.compile() {
            Test::Number(..) | Test::Day(..) => typed.to_owned(),
            Test::Is(..) => match typed.trim_start_matches('=').trim() {
                "" => "is empty".to_owned(),
                value => format!("is {value}"),
            },
            Test::Contains(_, true) => format!("contains {typed}"),
            Test::Contains(_, false) => {
                format!("does not contain {}", typed.trim_start_matches('!').trim())
            }
        }
    }

    pub(super) fn compile(&self) -> Test {
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

impl Test {
    pub(super) fn holds(&self, cell: &str) -> bool {
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

pub(super) fn compile(conditions: &[Condition]) -> Vec<(usize, Test)> {
    conditions.iter().map(|condition| (condition.column, condition.compile())).collect()
}

pub(super) fn all_hold(tests: &[(usize, Test)], line: &str) -> bool {
    tests.iter().all(|(column, test)| test.holds(cell(line, *column)))
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
}
