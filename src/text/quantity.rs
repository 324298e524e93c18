//! Amounts as they stand in the cells of tables: a number with its sign, currency and unit.
//! `¥187.15万`, `-3,200.50元`, `(1,200)`, `6.85GB`, `95%`, `叁拾万元整`, `38条`.
//!
//! A cell that says more than one amount is none: dates, addresses and numbers of contracts are
//! left alone. Values are exact; bytes are counted in thousands (1 GB is 1,000,000,000).

use super::decimal::Decimal;
use super::numeral;
use std::cmp::Ordering;
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub is_negative: bool,
    pub value: Decimal,
    /// `CNY`, `bytes`, `%`, `条`; empty for a bare number.
    pub unit: String,
}

/// Bytes of the longest amount that is read.
const LONGEST: usize = 96;

const CURRENCIES: [(&str, &str); 44] = [
    ("人民币", "CNY"),
    ("元整", "CNY"),
    ("元人民币", "CNY"),
    ("元", "CNY"),
    ("圆整", "CNY"),
    ("圆", "CNY"),
    ("块钱", "CNY"),
    ("块", "CNY"),
    ("rmb", "CNY"),
    ("cny", "CNY"),
    ("yuan", "CNY"),
    ("¥", "CNY"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("us$", "USD"),
    ("usd", "USD"),
    ("$", "USD"),
    ("欧元", "EUR"),
    ("eur", "EUR"),
    ("€", "EUR"),
    ("港元", "HKD"),
    ("港币", "HKD"),
    ("hk$", "HKD"),
    ("hkd", "HKD"),
    ("日元", "JPY"),
    ("日圆", "JPY"),
    ("円", "JPY"),
    ("원", "KRW"),
    ("韩元", "KRW"),
    ("krw", "KRW"),
    ("₩", "KRW"),
    ("新台币", "TWD"),
    ("台币", "TWD"),
    ("nt$", "TWD"),
    ("twd", "TWD"),
    ("jpy", "JPY"),
    ("卢布", "RUB"),
    ("руб.", "RUB"),
    ("руб", "RUB"),
    ("rub", "RUB"),
    ("₽", "RUB"),
    ("英镑", "GBP"),
    ("gbp", "GBP"),
    ("£", "GBP"),
];

const BYTES: [(&str, u32); 7] =
    [("字节", 0), ("bytes", 0), ("kb", 3), ("mb", 6), ("gb", 9), ("tb", 12), ("pb", 15)];

/// Reads a text that is an amount as a whole.
pub fn read(text: &str) -> Option<Quantity> {
    let text = text.trim();
    // Most cells are words: they are told by their first character.
    if text.len() > LONGEST || !text.chars().next().is_some_and(may_begin) {
        return None;
    }
    let plain: String = text.chars().map(half_width).collect();
    let mut rest = plain.trim();
    let mut is_negative = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        // As bookkeepers write what is owed.
        inner.chars().next().filter(char::is_ascii_digit)?;
        (rest, is_negative) = (inner, true);
    }
    let mut currency = "";
    loop {
        if let Some(after) = rest.strip_prefix('-') {
            is_negative = !is_negative;
            rest = after.trim_start();
        } else if let Some(after) = rest.strip_prefix('+') {
            rest = after.trim_start();
        } else if currency.is_empty()
            && let Some((name, after)) = currency_before(rest)
        {
            (currency, rest) = (name, after.trim_start());
        } else {
            break;
        }
    }
    let is_western = rest.starts_with(|c: char| c.is_ascii_digit());
    let digits = rest.find(|c: char| !matches!(c, '0'..='9' | ',' | '.')).unwrap_or(rest.len());
    let after = rest[digits..].trim();
    // `0.3 万元` is `0.3万元`.
    let closed;
    if is_western && after.starts_with(numeral::multiplies) {
        closed = format!("{}{after}", &rest[..digits]);
        rest = &closed;
    }
    let after = rest[digits..].trim();
    if is_western && let Some((_, power)) = BYTES.iter().find(|(name, _)| same(name, after)) {
        let value = numeral::parse(&rest[..digits])?.shifted(*power)?;
        return Some(Quantity { is_negative, value, unit: "bytes".to_owned() });
    }
    let short = matches!(after, "k" | "K" | "m" | "M" | "w" | "W");
    let end = match short {
        true => rest.len(),
        false => rest.find(|c| !numeral::is_part(c)).unwrap_or(rest.len()),
    };
    let value = numeral::parse(&rest[..end])?;
    let unit = rest[end..].trim();
    let unit = match unit_of(unit) {
        Some(unit) if currency.is_empty() => unit.to_owned(),
        Some("") => currency.to_owned(),
        Some(unit) if unit == currency => currency.to_owned(),
        // `一般` is a word and not one of anything; `3条` is three of something.
        None if is_western && currency.is_empty() && is_word(unit) => unit.to_owned(),
        _ => return None,
    };
    Some(Quantity { is_negative, value, unit })
}

fn may_begin(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(half_width(c), '0'..='9' | '-' | '+' | '(' | '¥' | '$' | '€' | '£' | '₽')
        || numeral::is_part(c)
        || "人新台rRcCuUhHeEjJgGkKnNtT₩".contains(c)
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ffe5}' => '¥',
        '\u{2212}' | '\u{2013}' => '-',
        c => c,
    }
}

fn same(name: &str, text: &str) -> bool {
    name.eq_ignore_ascii_case(text)
}

fn currency_before(text: &str) -> Option<(&'static str, &str)> {
    CURRENCIES.iter().find_map(|(name, code)| {
        let head = text.get(..name.len()).filter(|head| same(name, head))?;
        Some((*code, &text[head.len()..]))
    })
}

/// What a unit is called in a sum; `None` when it is not known.
fn unit_of(text: &str) -> Option<&'static str> {
    match text {
        "" => return Some(""),
        "%" => return Some("%"),
        "‰" => return Some("‰"),
        _ => {}
    }
    CURRENCIES.iter().find(|(name, _)| same(name, text)).map(|(_, code)| *code)
}

fn is_word(text: &str) -> bool {
    text.chars().count() <= 8 && text.chars().all(char::is_alphabetic)
}

impl Quantity {
    /// The order of values, whatever their units.
    pub fn compare(&self, other: &Quantity) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.value.cmp(&other.value),
            (true, true) => other.value.cmp(&self.value),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl fmt::Display for Quantity {
    /// `-3,200.5 CNY`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative { "-" } else { "" };
        write!(f, "{sign}{}", grouped(self.value))?;
        match self.unit.as_str() {
            "" => Ok(()),
            "%" => write!(f, "%"),
            unit => write!(f, " {unit}"),
        }
    }
}

/// `1234567` as `1,234,567`.
pub fn grouped_count(count: u64) -> String {
    grouped(Decimal::from_int(u128::from(count)))
}

/// `1234567.5` as `1,234,567.5`.
pub fn grouped(value: Decimal) -> String {
    let text = value.to_string();
    let whole = text.find('.').unwrap_or(text.len());
    let mut out = String::with_capacity(text.len() * 4 / 3);
    for (at, digit) in text.char_indices() {
        if at > 0 && at < whole && (whole - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// An exact sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    up: Decimal,
    down: Decimal,
    /// It grew beyond what can be counted.
    is_over: bool,
}

impl Default for Sum {
    fn default() -> Self {
        let zero = Decimal::from_int(0);
        Sum { up: zero, down: zero, is_over: false }
    }
}

impl Sum {
    pub fn add(&mut self, quantity: &Quantity) {
        let side = if quantity.is_negative { &mut self.down } else { &mut self.up };
        match side.plus(quantity.value) {
            Some(sum) => *side = sum,
            None => self.is_over = true,
        }
    }

    /// Adds another sum.
    pub fn join(&mut self, other: &Sum) {
        match (self.up.plus(other.up), self.down.plus(other.down)) {
            (Some(up), Some(down)) => (self.up, self.down) = (up, down),
            _ => self.is_over = true,
        }
        self.is_over |= other.is_over;
    }

    /// The sum as a bare amount; `None` when it cannot be written exactly.
    pub fn total(&self) -> Option<Quantity> {
        let is_negative = self.down > self.up;
        let value = match is_negative {
            true => self.down.minus(self.up),
            false => self.up.minus(self.down),
        };
        let value = value.filter(|_| !self.is_over)?;
        Some(Quantity { is_negative, value, unit: String::new() })
    }

    /// The sum in a unit, or that it cannot be written.
    pub fn words(&self, unit: &str) -> String {
        match self.total() {
            Some(total) => Quantity { unit: unit.to_owned(), ..total }.to_string(),
            None => "too large to be written".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown = read(text).map(|quantity| quantity.to_string()).unwrap_or_default();
        assert_eq!(shown, expected, "{text:?}");
    }

    #[test]
    fn amounts_are_read_with_their_units() {
        for (text, expected) in [
            ("187.15万", "1,871,500"),
            ("叁拾万", "300,000"),
            ("叁拾万元整", "300,000 CNY"),
            ("¥187.15万", "1,871,500 CNY"),
            ("人民币 12,800 元", "12,800 CNY"),
            ("-3,200.50元", "-3,200.5 CNY"),
            ("(1,200)", "-1,200"),
            ("－１２", "-12"),
            ("$1.5m", "1,500,000 USD"),
            ("12.8k", "12,800"),
            ("6.85GB", "6,850,000,000 bytes"),
            ("120 MB", "120,000,000 bytes"),
            ("95%", "95%"),
            ("９５％", "95%"),
            ("38条", "38 条"),
            ("1亿2000万", "120,000,000"),
            ("三万五", "35,000"),
            ("3 months", "3 months"),
            ("0.3 万元", "3,000 CNY"),
            ("3 万", "30,000"),
            ("5 亿元", "500,000,000 CNY"),
            ("12 万人民币", "120,000 CNY"),
            ("3.5　万美元", "35,000 USD"),
            ("2 千元", "2,000 CNY"),
            ("100만원", "1,000,000 KRW"),
            ("NT$ 1,200", "1,200 TWD"),
            ("3 条", "3 条"),
            ("0", "0"),
            ("二〇二二", "2,022"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn other_things_are_no_amounts() {
        for text in [
            "",
            "-",
            "一般",
            "千人计划",
            "三星",
            "2022-03-05",
            "2022年4月",
            "QH-2022-010",
            "12:30",
            "192.168.1.1",
            "1,23",
            "abc",
            "a1",
            "3 + 4",
            "10.5.1",
            "(note)",
            "人",
            "USD",
            "1e5",
        ] {
            check(text, "");
        }
    }

    #[test]
    fn sums_are_exact() {
        let mut sum = Sum::default();
        for text in ["187.15万", "551万", "叁拾万", "12.8k", "-0.1", "0.2"] {
            sum.add(&read(text).unwrap());
        }
        assert_eq!(sum.total().unwrap().to_string(), "7,694,300.1");
        let mut sum = Sum::default();
        ["1", "-2.5"].iter().for_each(|text| sum.add(&read(text).unwrap()));
        assert_eq!(sum.total().unwrap().to_string(), "-1.5");
    }
}
