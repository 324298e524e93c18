//! What a cell says, however it is written.

use crate::text::decimal::Decimal;
use crate::text::normal::{Mode, normalize};
use crate::text::quantity;

/// What a cell says, however it is written: two that are equal stand in one line of the list of
/// values and are taken by one condition.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// Whether it is negative, how much, and the unit.
    Amount(bool, Decimal, String),
    /// Their normal form.
    Words(String),
}

impl Value {
    pub(super) fn of(cell: &str) -> Value {
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
    pub(super) fn is_bare(&self) -> bool {
        matches!(self, Value::Amount(_, _, unit) if unit.is_empty())
    }

    /// Parts of a whole are no amounts of anything.
    pub(super) fn without_unit(self) -> Option<Value> {
        match self {
            Value::Amount(sign, value, unit) if !unit.contains(['%', '‰']) => {
                Some(Value::Amount(sign, value, String::new()))
            }
            _ => None,
        }
    }
}
