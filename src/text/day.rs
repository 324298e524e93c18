//! Dates as they stand in the cells of tables: `2022-03-05`, `2022/3/5`, `2022.03.05`,
//! `2022年3月5日`, `二〇二二年三月`, `5 Mar 2022`, `05.03.2022`, with or without a time of day.
//!
//! A cell that says more than one date, or a date that may be read in two ways (`03/05/2022`), is
//! none. Nothing is said of zones: cells of a column are compared as they stand.

use super::numeral;
use std::cmp::Ordering;

/// A date, as exactly as it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    /// 0 where it is not given, and so below.
    month: u8,
    day: u8,
    /// Seconds of the day, from 1.
    time: u32,
}

/// Bytes of the longest date that is read.
const LONGEST: usize = 64;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The date that a cell is.
pub fn read(cell: &str) -> Option<Day> {
    let cell = cell.trim();
    if cell.len() > LONGEST {
        return None;
    }
    let text = cell.to_lowercase();
    let (date, time) = split_time(&text)?;
    let day = han(date).or_else(|| digits(date)).or_else(|| words(date))?;
    match time {
        "" => Some(day),
        _ if day.day == 0 => None,
        time => Some(Day { time: clock(time)? + 1, ..day }),
    }
}

/// Whether a time of day stands anywhere in a cell: `上午08:05`, `[19.02.24 08:05:00]`.
pub fn tells_time(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        let is_digit =
            |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        *byte == b':'
            && is_digit(at.checked_sub(1))
            && is_digit(Some(at + 1))
            && is_digit(Some(at + 2))
    })
}

impl Day {
    fn new(year: u32, month: u32, day: u32) -> Option<Day> {
        let year = u16::try_from(year).ok().filter(|year| (1000..=9999).contains(year))?;
        let month = u8::try_from(month).ok().filter(|month| *month <= 12)?;
        let most = match month {
            0 => 0,
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let day = u8::try_from(day).ok().filter(|day| *day <= most)?;
        Some(Day { year, month, day, time: 0 })
    }

    /// Against what somebody typed: only as exactly as that is given, so that `2022-03-05` is
    /// equal to `2022-03` and not greater.
    pub fn compare(&self, typed: &Day) -> Ordering {
        let seen = |own: u32, typed: u32| if typed == 0 { 0 } else { own };
        let own = Day {
            year: self.year,
            month: seen(self.month.into(), typed.month.into()) as u8,
            day: seen(self.day.into(), typed.day.into()) as u8,
            time: seen(self.time, typed.time),
        };
        own.cmp(typed)
    }

    /// Number in whose order dates stand.
    pub fn rank(&self) -> u64 {
        (u64::from(self.year) << 32)
            | (u64::from(self.month) << 24)
            | (u64::from(self.day) << 17)
            | u64::from(self.time)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        if let Some(seconds) = self.time.checked_sub(1) {
            write!(f, " {:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
            if seconds % 60 > 0 {
                write!(f, ":{:02}", seconds % 60)?;
            }
        }
        Ok(())
    }
}

/// The date and the time of day, which begins before the first colon.
fn split_time(text: &str) -> Option<(&str, &str)> {
    let Some(colon) = text.find([':', '：', '时', '點', '点']) else { return Some((text, "")) };
    let before = &text[..colon];
    let hour = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let date = hour.trim_end();
    let date = date.strip_suffix('t').filter(|_| hour.ends_with('t')).unwrap_or(date);
    (date.len() < before.len()).then_some((date, text[hour.len()..].trim()))
}

/// Seconds of the day.
fn clock(text: &str) -> Option<u32> {
    let text = text.trim_end_matches('z');
    let (text, pm) = match text.strip_suffix("pm").or_else(|| text.strip_suffix("p.m.")) {
        Some(text) => (text, Some(true)),
        None => match text.strip_suffix("am").or_else(|| text.strip_suffix("a.m.")) {
            Some(text) => (text, Some(false)),
            None => (text, None),
        },
    };
    // An offset or a fraction says nothing that the order of a column needs.
    let end = text.find(['+', '-', '−', '.', ',']).unwrap_or(text.len());
    let text = text[..end].trim().trim_end_matches(['分', '秒']);
    let mut fields = [0; 3];
    let mut count = 0;
    for field in text.split([':', '：', '时', '點', '点', '分']) {
        if field.is_empty() && count > 0 {
            continue;
        }
        *fields.get_mut(count)? = number(field, 2)?;
        count += 1;
    }
    let [mut hour, minute, second] = fields;
    match pm {
        Some(true) if hour < 12 => hour += 12,
        Some(false) if hour == 12 => hour = 0,
        _ => {}
    }
    (hour < 24 && minute < 60 && second <= 60).then_some(hour * 3600 + minute * 60 + second.min(59))
}

/// A number of at most `most` digits.
fn number(text: &str, most: usize) -> Option<u32> {
    let is_one = !text.is_empty() && text.len() <= most;
    (is_one && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// `2022年3月5日`, also in Han numerals and without the day or the month.
fn han(text: &str) -> Option<Day> {
    let (year, rest) = text.split_once('年')?;
    let year = number(year.trim(), 4).or_else(|| spelled(year.trim()))?;
    let (month, rest) = match rest.trim() {
        "" => (0, ""),
        rest => rest.split_once('月').map(|(month, rest)| (part(month), rest.trim()))?,
    };
    let day = match rest {
        "" => 0,
        rest => part(rest.strip_suffix(['日', '号', '號']).unwrap_or(rest)),
    };
    // What cannot be read is no month or day, not none given.
    Day::new(year, month, day)
}

fn part(text: &str) -> u32 {
    let text = text.trim();
    let spelled = || match text.chars().count() {
        1..=3 => u32::try_from(numeral::parse(text)?.to_int()?).ok(),
        _ => None,
    };
    number(text, 2).or_else(spelled).filter(|value| *value > 0).unwrap_or(u32::MAX)
}

/// `二〇二二`
fn spelled(text: &str) -> Option<u32> {
    let digit = |c| "〇一二三四五六七八九".chars().position(|digit| digit == c);
    let digits: Option<Vec<usize>> =
        text.chars().map(|c| if matches!(c, '零' | '○') { Some(0) } else { digit(c) }).collect();
    let digits = digits.filter(|digits| digits.len() == 4)?;
    digits.iter().try_fold(0, |year, digit| Some(year * 10 + u32::try_from(*digit).ok()?))
}

/// `2022-03-05`, `2022/3`, `05.03.2022`
fn digits(text: &str) -> Option<Day> {
    let fields: Vec<&str> = text.split(['-', '/', '.']).map(str::trim).collect();
    let signs: Vec<char> = text.chars().filter(|c| ['-', '/', '.'].contains(c)).collect();
    if signs.windows(2).any(|pair| pair[0] != pair[1]) {
        return None;
    }
    let given = |text: &str| number(text, 2).filter(|value| *value > 0);
    match fields.as_slice() {
        [year, month, day] if year.len() == 4 => {
            Day::new(number(year, 4)?, given(month)?, given(day)?)
        }
        // A bare number with a point is an amount.
        [year, month] if year.len() == 4 && signs[0] != '.' && month.len() <= 2 => {
            Day::new(number(year, 4)?, given(month)?, 0)
        }
        [first, second, year] if year.len() == 4 => {
            let (first, second, year) = (given(first)?, given(second)?, number(year, 4)?);
            match (first, second) {
                // The point is written where the day comes first.
                _ if signs[0] == '.' || first > 12 => Day::new(year, second, first),
                _ if second > 12 || first == second => Day::new(year, first, second),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `5 Mar 2022`, `March 5, 2022`, `Mar 2022`, with or without the day of the week.
fn words(text: &str) -> Option<Day> {
    let (mut year, mut month, mut day) = (None, None, None);
    for word in text.split([' ', ',', '-', '/', '.']).filter(|word| !word.is_empty()) {
        let of = MONTHS.iter().position(|name| word.len() >= 3 && name.starts_with(word));
        let of = of.and_then(|at| u32::try_from(at + 1).ok());
        if of.is_some() && month.is_none() {
            month = of;
        } else if let (4, Some(value), None) = (word.len(), number(word, 4), year) {
            year = Some(value);
        } else if let (Some(value), None) = (number(ordinal(word), 2).filter(|v| *v > 0), day) {
            day = Some(value);
        } else if !is_weekday(word) {
            return None;
        }
    }
    Day::new(year?, month?, day.unwrap_or(0))
}

fn ordinal(word: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: &str) {
        assert_eq!(read(cell).map_or_else(String::new, |day| day.to_string()), expected, "{cell}");
    }

    #[test]
    fn dates_of_cells() {
        check("2022-03-05", "2022-03-05");
        check(" 2022/3/5 ", "2022-03-05");
        check("2022.03.05", "2022-03-05");
        check("2022年3月5日", "2022-03-05");
        check("2022年 4月", "2022-04");
        check("2022年", "2022");
        check("二〇二二年十二月三十一日", "2022-12-31");
        check("2022-03", "2022-03");
        check("2022-03-05 08:01", "2022-03-05 08:01");
        check("2022-03-05T08:01:09+08:00", "2022-03-05 08:01:09");
        check("2022-03-05T08:01:09.125-05:00", "2022-03-05 08:01:09");
        check("2022-03-05 08:01 -0500", "2022-03-05 08:01");
        check("2022/3/5 8:01:09", "2022-03-05 08:01:09");
        check("2022年3月5日 8时30分", "2022-03-05 08:30");
        check("3/25/2022 1:05 PM", "2022-03-25 13:05");
        check("05.03.2022", "2022-03-05");
        check("25/12/2021", "2021-12-25");
        check("5 Mar 2022", "2022-03-05");
        check("Sat, March 5th, 2022", "2022-03-05");
        check("Sep-2021", "2021-09");
    }

    #[test]
    fn what_is_no_date() {
        for cell in [
            "",
            "x",
            "2022",
            "2022.03",
            "3.14",
            "03/05/2022",
            "2022-13-01",
            "2022-02-30",
            "2022-3-0",
            "192.0.2.1",
            "12:30",
            "2022-03-05 到 2022-04-01",
            "2022年13月",
            "2022年x月",
            "HT-2022-014",
            "2022-03-05 25:00",
            "2022-0305",
            "12.5.1",
            "May",
            "1/2",
            "2022-03 08:00",
            "mayor 2022",
        ] {
            check(cell, "");
        }
    }

    #[test]
    fn times_in_cells() {
        for cell in ["08:05", "上午08:05", "[19.02.24 08:05:00] mara:", "2024-02-19 8:05"] {
            assert!(tells_time(cell), "{cell}");
        }
        for cell in ["", ":", "日期", "a:b", "1:2", "客户：", "8:"] {
            assert!(!tells_time(cell), "{cell}");
        }
    }

    #[test]
    fn typed_dates_say_as_much_as_they_say() {
        let day = |text| read(text).unwrap();
        assert_eq!(day("2022-03-05 08:00").compare(&day("2022-03")), Ordering::Equal);
        assert_eq!(day("2022-04-01").compare(&day("2022-03")), Ordering::Greater);
        assert_eq!(day("2022年3月").compare(&day("2022-03-05")), Ordering::Less);
        assert!(day("2022年4月").rank() < day("2022/4/1").rank());
        assert!(day("2022/4/1").rank() < day("2022-04-01 00:00").rank());
        assert!(day("2022/7/9").rank() < day("2022-07-27").rank());
    }
}
