//! Timestamps of exports. Strict: what is not wholly a date and a time is `None`.

use crate::model::{Stamp, Zone};

/// Seconds since 1970 on a clock that shows this; `None` when there is no such moment.
pub(super) fn clock(
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
) -> Option<i64> {
    // A leap second is shown by some clocks; it is the last moment before the next minute.
    let second = second.min(if second == 60 { 59 } else { second });
    let moment = jiff::civil::DateTime::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        i8::try_from(second).ok()?,
        0,
    )
    .ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// Year first, then month and day (`-`, `/`, `.` or 年月日), then a time of day, then perhaps a
/// fraction and an offset: `2024-02-19T08:05:00.123Z`, `2024/2/19 8:05`, `2024年2月19日 08:05:00`.
pub(super) fn iso(text: &str) -> Option<Stamp> {
    let mut rest = Rest(text.trim().as_bytes());
    let year = rest.number(4, 4)?;
    let cjk = rest.take("年".as_bytes());
    let separator = if cjk { b'-' } else { rest.one_of(b"-/.")? };
    let month = rest.number(1, 2)?;
    if cjk {
        if !rest.take("月".as_bytes()) {
            return None;
        }
    } else if rest.one_of(&[separator]).is_none() {
        return None;
    }
    let day = rest.number(1, 2)?;
    if cjk && !rest.take("日".as_bytes()) {
        return None;
    }
    let spaced = rest.take(b"T") | rest.take(b",") | rest.spaces();
    if !spaced && !cjk {
        return None;
    }
    let hour = rest.number(1, 2)?;
    rest.one_of(b":")?;
    let minute = rest.number(2, 2)?;
    let mut second = 0;
    let mut nanos = 0;
    if rest.one_of(b":").is_some() {
        second = rest.number(2, 2)?;
        if rest.one_of(b".,").is_some() {
            nanos = rest.fraction()?;
        }
    }
    rest.spaces();
    let offset = rest.offset()?;
    if !rest.0.is_empty() {
        return None;
    }
    let clock = clock(year, month, day, hour, minute, second)?;
    Some(Stamp { clock, nanos, zone: offset.map_or(Zone::Naive, Zone::Stated) })
}

/// Seconds since 1970, UTC, perhaps with a fraction: `1736554746.482349`; thirteen digits are
/// milliseconds.
pub(super) fn epoch(text: &str) -> Option<Stamp> {
    if text.len() == 13 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (seconds, millis) = text.split_at(10);
        return Some(Stamp::utc(seconds.parse().ok()?, millis.parse::<u32>().ok()? * 1_000_000));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || whole.len() > 11 || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nanos = if fraction.is_empty() { 0 } else { Rest(fraction.as_bytes()).fraction()? };
    Some(Stamp::utc(whole.parse().ok()?, nanos))
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some(digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0')))
    }

    /// A fraction of a second as nanoseconds; digits beyond the ninth are read and dropped.
    fn fraction(&mut self) -> Option<u32> {
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        if count == 0 {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        let value = digits.iter().take(9).fold(0, |v, digit| v * 10 + u32::from(digit - b'0'));
        Some(value * 10u32.pow(9 - count.min(9) as u32))
    }

    fn one_of(&mut self, set: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !set.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, what: &[u8]) -> bool {
        match self.0.strip_prefix(what) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn spaces(&mut self) -> bool {
        let mut any = false;
        while self.take(b" ") || self.take("\u{a0}".as_bytes()) || self.take("\u{3000}".as_bytes())
        {
            any = true;
        }
        any
    }

    /// `Some(None)` when there is no offset, `None` when what stands there is not one.
    fn offset(&mut self) -> Option<Option<i32>> {
        if self.0.is_empty() {
            return Some(None);
        }
        let utc = self.take(b"Z") || self.take(b"z") || self.take(b"UTC") || self.take(b"GMT");
        if utc && self.0.is_empty() {
            return Some(Some(0));
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.number(1, 2)?;
        let minutes = if self.take(b":") {
            self.number(2, 2)?
        } else if self.0.is_empty() {
            0
        } else {
            self.number(2, 2)?
        };
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        (hours <= 18 && minutes < 60).then_some(Some(sign * seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(clock: i64) -> Option<Stamp> {
        Some(Stamp::naive(clock))
    }

    #[test]
    fn iso_stamps() {
        let check = |text: &str, expected: Option<Stamp>| assert_eq!(iso(text), expected, "{text}");
        check("2024-02-19 08:05:00", naive(1_708_329_900));
        check("2024-02-19T08:05:00", naive(1_708_329_900));
        check("2024/2/19 8:05", naive(1_708_329_900));
        check("2024年2月19日 08:05:00", naive(1_708_329_900));
        check("2024年2月19日08:05:00", naive(1_708_329_900));
        check("2024-02-19T08:05:00Z", Some(Stamp::utc(1_708_329_900, 0)));
        check("2024-02-19T08:05:00.287Z", Some(Stamp::utc(1_708_329_900, 287_000_000)));
        check(
            "2024-02-19T16:05:00+08:00",
            Some(Stamp { clock: 1_708_358_700, nanos: 0, zone: Zone::Stated(28_800) }),
        );
        check(
            "2021-04-06T00:40:15.382810",
            Some(Stamp { clock: 1_617_669_615, nanos: 382_810_000, zone: Zone::Naive }),
        );
        for bad in [
            "",
            "2024-02-19",
            "2024-02-30 08:05:00",
            "2024-02-19 25:00",
            "02-19 08:05:00",
            "08:05:00",
            "2024-02-19 08:05:00 x",
            "2024-02-19x08:05",
            "20240219 080500",
            "2024-02/19 08:05",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn epochs() {
        assert_eq!(epoch("1708329900.000100"), Some(Stamp::utc(1_708_329_900, 100_000)));
        assert_eq!(epoch("1708329900"), Some(Stamp::utc(1_708_329_900, 0)));
        assert_eq!(epoch("1708329900287"), Some(Stamp::utc(1_708_329_900, 287_000_000)));
        assert_eq!(epoch("x"), None);
        assert_eq!(epoch("123456789012"), None);
    }
}
