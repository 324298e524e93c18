//! Exact decimal numbers, for amounts that are added up.

use std::cmp::Ordering;
use std::fmt;

/// An exact decimal number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The digits without the point.
    digits: u128,
    /// How many of them stand behind the point; 0 when the last one is 0.
    places: u32,
}

impl Decimal {
    pub fn from_int(value: u128) -> Decimal {
        Decimal { digits: value, places: 0 }
    }

    pub(super) fn new(mut digits: u128, mut places: u32) -> Decimal {
        while places > 0 && digits.is_multiple_of(10) {
            digits /= 10;
            places -= 1;
        }
        Decimal { digits, places }
    }

    /// Times a power of ten; `None` when it does not fit.
    pub fn shifted(self, power: u32) -> Option<Decimal> {
        if power <= self.places {
            return Some(Decimal::new(self.digits, self.places - power));
        }
        let factor = 10u128.checked_pow(power - self.places)?;
        Some(Decimal { digits: self.digits.checked_mul(factor)?, places: 0 })
    }

    /// Divided by a power of ten.
    pub(super) fn lowered(self, power: u32) -> Decimal {
        Decimal::new(self.digits, self.places + power)
    }

    /// The sum; `None` when it does not fit.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        let places = self.places.max(other.places);
        let at = |d: Decimal| d.digits.checked_mul(10u128.checked_pow(places - d.places)?);
        Some(Decimal::new(at(self)?.checked_add(at(other)?)?, places))
    }

    /// The difference to a number that is not greater; `None` when it is, or does not fit.
    pub fn minus(self, other: Decimal) -> Option<Decimal> {
        let places = self.places.max(other.places);
        let at = |d: Decimal| d.digits.checked_mul(10u128.checked_pow(places - d.places)?);
        Some(Decimal::new(at(self)?.checked_sub(at(other)?)?, places))
    }

    /// The value when it is a whole number.
    pub fn to_int(self) -> Option<u128> {
        (self.places == 0).then_some(self.digits)
    }

    /// The nearest floating-point value, for ranges and sums that need not be exact.
    pub fn to_f64(self) -> f64 {
        self.digits as f64 / 10f64.powi(i32::try_from(self.places).unwrap_or(i32::MAX))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let whole = |d: &Decimal| d.digits / 10u128.saturating_pow(d.places);
        let rest = |d: &Decimal| {
            let rest = d.digits % 10u128.saturating_pow(d.places);
            format!("{rest:0>width$}", width = d.places as usize)
        };
        // Fractions without their last zeros are in the order of their texts.
        whole(self).cmp(&whole(other)).then_with(|| match (self.places, other.places) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Less,
            (_, 0) => Ordering::Greater,
            _ => rest(self).cmp(&rest(other)),
        })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.places as usize;
        if places == 0 {
            return write!(f, "{}", self.digits);
        }
        let text = format!("{:0>width$}", self.digits, width = places + 1);
        let (whole, rest) = text.split_at(text.len() - places);
        write!(f, "{whole}.{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_values() {
        let values = ["0", "0.05", "0.5", "0.51", "1", "1.5", "9万", "一亿"];
        let values: Vec<Decimal> =
            values.iter().map(|text| crate::text::numeral::parse(text).unwrap()).collect();
        assert!(values.windows(2).all(|two| two[0] < two[1]));
    }
}
