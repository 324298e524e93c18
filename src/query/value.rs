//! Values that are measured: sizes, dates and amounts of money, with comparisons and ranges.

use std::fmt;

/// Which values of an ordered kind are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds<T> {
    Exactly(T),
    Above(T),
    AtLeast(T),
    Below(T),
    AtMost(T),
    /// Both ends belong to it.
    Between(T, T),
}

impl<T: fmt::Display> fmt::Display for Bounds<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bounds::Exactly(value) => write!(f, "={value}"),
            Bounds::Above(value) => write!(f, ">{value}"),
            Bounds::AtLeast(value) => write!(f, ">={value}"),
            Bounds::Below(value) => write!(f, "<{value}"),
            Bounds::AtMost(value) => write!(f, "<={value}"),
            Bounds::Between(from, to) => write!(f, "{from}..{to}"),
        }
    }
}

impl Bounds<u64> {
    /// Smallest and greatest number that fits, both included; `None` where no number can.
    pub fn interval(self) -> Option<(u64, u64)> {
        match self {
            Bounds::Exactly(value) => Some((value, value)),
            Bounds::Above(value) => Some((value.checked_add(1)?, u64::MAX)),
            Bounds::AtLeast(value) => Some((value, u64::MAX)),
            Bounds::Below(value) => Some((0, value.checked_sub(1)?)),
            Bounds::AtMost(value) => Some((0, value)),
            Bounds::Between(from, to) => Some((from, to)),
        }
    }
}

/// Why a measured value could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    /// It is not written like one.
    Form,
    /// The end lies before the beginning.
    Inverted,
    /// A rounded size without a comparison would fit next to nothing.
    Inexact,
}

/// Splits comparisons and ranges off and reads the bare values with `read`. `text` is narrow
/// (full-width forms replaced).
fn bounds<T: Copy>(
    text: &str,
    read: impl Fn(&str) -> Option<T>,
    in_order: impl Fn(T, T) -> bool,
) -> Result<Bounds<T>, Bad> {
    let form = |text: &str| read(text).ok_or(Bad::Form);
    for (sign, make) in [
        (">=", Bounds::AtLeast as fn(T) -> Bounds<T>),
        ("≥", Bounds::AtLeast),
        ("<=", Bounds::AtMost),
        ("≤", Bounds::AtMost),
        (">", Bounds::Above),
        ("<", Bounds::Below),
        ("=", Bounds::Exactly),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            return form(rest).map(make);
        }
    }
    match text.split_once("..") {
        None => form(text).map(Bounds::Exactly),
        Some(("", "")) => Err(Bad::Form),
        Some((from, "")) => form(from).map(Bounds::AtLeast),
        Some(("", to)) => form(to).map(Bounds::AtMost),
        Some((from, to)) => {
            let (from, to) = (form(from)?, form(to)?);
            if in_order(from, to) { Ok(Bounds::Between(from, to)) } else { Err(Bad::Inverted) }
        }
    }
}

/// A number without sign as hundredths: `1,234.5` is 123,450. At most two decimals count, more
/// are refused; grouping commas are allowed.
fn hundredths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = whole.replace(',', "");
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(&digits) || !all_digits(fraction) || fraction.len() > 2 || whole.starts_with(',')
    {
        return None;
    }
    let fraction: u64 = format!("{fraction:0<2}").parse().ok()?;
    digits.parse::<u64>().ok()?.checked_mul(100)?.checked_add(fraction)
}

// ---- sizes -----------------------------------------------------------------------------------

/// Units of sizes, by powers of 1024 as `ls -h` and `du -h` show them.
const SIZES: [(&str, u64); 4] = [("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)];

/// Reads `>1M`, `10K..2M`, `=0`, `4096`.
pub(super) fn size(text: &str) -> Result<Bounds<u64>, Bad> {
    let bounds = bounds(text, bytes, |from, to| from <= to)?;
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    match bounds {
        Bounds::Exactly(_) if !plain && !text.starts_with('=') => Err(Bad::Inexact),
        bounds => Ok(bounds),
    }
}

fn bytes(text: &str) -> Option<u64> {
    let upper = text.to_ascii_uppercase();
    let number = upper.strip_suffix("IB").or(upper.strip_suffix('B')).unwrap_or(&upper);
    for (unit, factor) in SIZES {
        if let Some(number) = number.strip_suffix(unit) {
            return Some(hundredths(number)?.checked_mul(factor)? / 100);
        }
    }
    let number = if upper.ends_with("IB") { return None } else { number };
    number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse().ok())?
}

/// Writes bytes so that [`size`] reads the same number: the largest unit that loses nothing.
pub(super) struct Size(pub u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match SIZES.iter().find(|(_, factor)| self.0 != 0 && self.0.is_multiple_of(*factor)) {
            Some((unit, factor)) => write!(f, "{}{unit}", self.0 / factor),
            None => write!(f, "{}", self.0),
        }
    }
}

// ---- dates -----------------------------------------------------------------------------------

/// A year, a month of a year, or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// 1000-9999.
    pub year: i16,
    pub month: Option<i8>,
    /// Only with a month.
    pub day: Option<i8>,
}

impl PartialDate {
    /// `None` for what is not in the calendar, and for years outside 1000-9999.
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Option<PartialDate> {
        let whole = month.is_some() || day.is_none();
        let date = PartialDate { year, month, day };
        (whole && (1000..=9999).contains(&year) && date.first().is_some()).then_some(date)
    }

    fn first(self) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()
    }

    /// First second of it, counted from 1970-01-01 00:00:00 on the same clock.
    pub fn start(self) -> i64 {
        self.first().map_or(i64::MIN, seconds)
    }

    /// First second after it, on the same clock.
    pub fn end(self) -> i64 {
        let next = match (self.month, self.day) {
            (None, _) => self.year.checked_add(1).and_then(|year| PartialDate::civil(year, 1)),
            (Some(12), None) => {
                self.year.checked_add(1).and_then(|year| PartialDate::civil(year, 1))
            }
            (Some(month), None) => PartialDate::civil(self.year, month + 1),
            (Some(_), Some(_)) => self.first().and_then(|date| date.tomorrow().ok()),
        };
        next.map_or(i64::MAX, seconds)
    }

    fn civil(year: i16, month: i8) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(year, month, 1).ok()
    }
}

fn seconds(date: jiff::civil::Date) -> i64 {
    const DAY: i64 = 86_400;
    let epoch = jiff::civil::date(1970, 1, 1);
    // Days between two civil dates cannot fail: both are in range and no zone takes part.
    date.since((jiff::Unit::Day, epoch)).map_or(i64::MIN, |span| i64::from(span.get_days()) * DAY)
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        self.month.map_or(Ok(()), |month| write!(f, "-{month:02}"))?;
        self.day.map_or(Ok(()), |day| write!(f, "-{day:02}"))
    }
}

/// What `date:` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateValue {
    /// Units without any date.
    None,
    Within(Bounds<PartialDate>),
}

impl DateValue {
    /// The wanted times as a half-open range in seconds since 1970-01-01 00:00:00 on the clock of
    /// the reader (`i64::MIN`, `i64::MAX`: no bound); `None` for undated units.
    pub fn clock(self) -> Option<(i64, i64)> {
        let DateValue::Within(bounds) = self else { return None };
        Some(match bounds {
            Bounds::Exactly(date) => (date.start(), date.end()),
            Bounds::Above(date) => (date.end(), i64::MAX),
            Bounds::AtLeast(date) => (date.start(), i64::MAX),
            Bounds::Below(date) => (i64::MIN, date.start()),
            Bounds::AtMost(date) => (i64::MIN, date.end()),
            Bounds::Between(from, to) => (from.start(), to.end()),
        })
    }
}

impl fmt::Display for DateValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateValue::None => f.write_str("none"),
            DateValue::Within(Bounds::Exactly(date)) => date.fmt(f),
            DateValue::Within(bounds) => bounds.fmt(f),
        }
    }
}

/// Reads `2022`, `2022-03`, `2022-03-05`, `2022/3/5`, `2022年3月5日`, comparisons, ranges, `none`.
pub(super) fn date(text: &str) -> Result<DateValue, Bad> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(DateValue::None);
    }
    bounds(text, partial_date, |from, to| from.start() < to.end()).map(DateValue::Within)
}

fn partial_date(text: &str) -> Option<PartialDate> {
    let plain = text.replace(['年', '月'], "-").replace('日', "").replace('/', "-");
    let plain = if text.ends_with(['年', '月']) { plain.trim_end_matches('-') } else { &plain };
    let mut parts = plain.split('-');
    let mut number = |digits: std::ops::RangeInclusive<usize>| -> Option<Option<i16>> {
        let Some(part) = parts.next() else { return Some(None) };
        let fits = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if fits { Some(Some(part.parse().ok()?)) } else { None }
    };
    let year = number(4..=4)??;
    let small = |number: Option<i16>| number.and_then(|number| i8::try_from(number).ok());
    let (month, day) = (small(number(1..=2)?), small(number(1..=2)?));
    if parts.next().is_some() { None } else { PartialDate::new(year, month, day) }
}

// ---- amounts ---------------------------------------------------------------------------------

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// In hundredths of the currency's unit.
    pub hundredths: u64,
    /// ISO 4217 code; `None` for any currency.
    pub currency: Option<&'static str>,
}

/// Ways to write a currency before or after a number. `¥` is taken for the yuan: the evidence
/// that this is made for is Chinese.
const CURRENCIES: [(&str, &str); 19] = [
    ("CNY", "CNY"),
    ("RMB", "CNY"),
    ("人民币", "CNY"),
    ("¥", "CNY"),
    ("￥", "CNY"),
    ("美元", "USD"),
    ("USD", "USD"),
    ("$", "USD"),
    ("欧元", "EUR"),
    ("EUR", "EUR"),
    ("€", "EUR"),
    ("GBP", "GBP"),
    ("£", "GBP"),
    ("港币", "HKD"),
    ("HKD", "HKD"),
    ("JPY", "JPY"),
    ("RUB", "RUB"),
    ("BTC", "BTC"),
    ("元", "CNY"),
];

/// Units of numbers; longer ones first. Not `m`: it is a thousandth as often as a million.
const NUMBERS: [(&str, u64); 9] = [
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("十万", 100_000),
    ("亿", 100_000_000),
    ("万", 10_000),
    ("千", 1_000),
    ("K", 1_000),
    ("M", 1_000_000),
    ("BN", 1_000_000_000),
];

/// Reads `>=100万`, `10万..50万`, `$5,000`, `20M USD` without the space.
pub(super) fn amount(text: &str) -> Result<Bounds<Amount>, Bad> {
    bounds(text, one_amount, |from, to| {
        from.hundredths <= to.hundredths && from.currency == to.currency
    })
}

fn one_amount(text: &str) -> Option<Amount> {
    let upper = text.to_uppercase();
    let (number, currency) = CURRENCIES
        .iter()
        .find_map(|(word, code)| {
            let rest = upper.strip_prefix(word).or_else(|| upper.strip_suffix(word))?;
            Some((rest, Some(*code)))
        })
        .unwrap_or((&upper, None));
    let (number, factor) = NUMBERS
        .iter()
        .find_map(|(unit, factor)| Some((number.strip_suffix(unit)?, *factor)))
        .unwrap_or((number, 1));
    Some(Amount { hundredths: hundredths(number)?.checked_mul(factor)?, currency })
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.hundredths / 100, self.hundredths % 100);
        match fraction {
            0 => write!(f, "{whole}")?,
            _ => write!(f, "{whole}.{fraction:02}")?,
        }
        f.write_str(self.currency.unwrap_or_default())
    }
}
