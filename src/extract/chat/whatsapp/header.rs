//! The head of a WhatsApp line: `[2/19/24, 8:05:00 AM] ` or `19.02.24, 08:05 - `, in any locale.

use super::locale::{JOINTS, digit, half, hour_of_day, is_mark, is_space};

/// What all lines of one file have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Style {
    pub(super) bracket: bool,
    /// A colon ends the stamp, as iPhones wrote it until 2018, or nothing but a blank.
    pub(super) colon: bool,
    /// The time stands before the date, as in what is copied from a browser.
    pub(super) time_first: bool,
    /// What stands between the fields of the date; `年` stands for 年月日.
    pub(super) separator: char,
    /// A comma (of any script) or a word between date and time.
    pub(super) comma: bool,
    pub(super) seconds: bool,
    /// The first field has four digits.
    pub(super) year_first: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) style: Style,
    /// The three fields of the date as they stand, and how many digits each has.
    pub(super) date: [u16; 3],
    pub(super) widths: [u8; 3],
    /// Hour of the day, 0 to 23.
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    /// AM or PM in capital Latin letters, as in the United States.
    pub(super) capital_half: bool,
    /// Byte range of the stamp in the line.
    pub(super) stamp: (usize, usize),
    /// Where the rest of the line begins.
    pub(super) body: usize,
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip(&mut self, test: impl Fn(char) -> bool) -> bool {
        let from = self.at;
        while self.peek().is_some_and(&test) {
            self.bump();
        }
        self.at > from
    }

    fn blank(&mut self) -> bool {
        self.skip(|c| is_mark(c) || is_space(c))
    }

    /// A number of at most four digits of any script, with the count of its digits.
    fn number(&mut self) -> Option<(u16, u8)> {
        let mut value = 0u16;
        let mut width = 0;
        while let Some(d) = self.peek().and_then(digit) {
            if width == 4 {
                return None;
            }
            value = value * 10 + u16::from(d);
            width += 1;
            self.bump();
        }
        (width > 0).then_some((value, width))
    }

    /// Takes a unit that stands apart from its number, with the blanks around it.
    fn unit(&mut self, unit: &str) -> bool {
        let back = self.at;
        if self.blank() && self.text[self.at..].starts_with(unit) {
            self.at += unit.len();
            if unit == "s" || self.blank() {
                return true;
            }
        }
        self.at = back;
        false
    }

    /// Text up to the next digit, at most 24 characters.
    fn gap(&mut self) -> Option<&'a str> {
        let from = self.at;
        for _ in 0..24 {
            match self.peek() {
                Some(c) if digit(c).is_some() => return Some(&self.text[from..self.at]),
                Some(_) => self.bump(),
                None => return None,
            };
        }
        None
    }
}

/// The head of a line, or `None` when the line goes on with the message before.
pub(super) fn parse(line: &str) -> Option<Header> {
    let mut cursor = Cursor { text: line, at: 0 };
    cursor.skip(is_mark);
    let bracket = cursor.peek() == Some('[');
    if bracket {
        cursor.bump();
        cursor.skip(is_mark);
    }
    let begin = cursor.at;
    let (first, first_width) = cursor.number()?;
    if cursor.peek() == Some(':') {
        return time_first(cursor, line, bracket, begin, first);
    }
    cursor.skip(is_mark);
    let separator = cursor.bump().filter(|c| matches!(c, '/' | '.' | '-' | '年'))?;
    let next = if separator == '年' { '月' } else { separator };
    let spaced = cursor.blank();
    let (second, second_width) = cursor.number()?;
    cursor.skip(is_mark);
    if cursor.bump()? != next {
        return None;
    }
    cursor.blank();
    let (third, third_width) = cursor.number()?;
    let gap = cursor.gap()?;
    let dotted = spaced && gap.starts_with('.');
    let gap = gap.strip_prefix('日').unwrap_or(gap).trim_start_matches('.');
    let bare = gap.trim_matches(|c| is_mark(c) || is_space(c) || matches!(c, ',' | '،' | '、'));
    let mut comma = gap.contains([',', '،', '、']);
    let mut before = None;
    if !JOINTS.contains(&bare) {
        before = Some(half(bare)?);
    } else if bare.is_empty() {
        if gap.is_empty() && separator != '年' {
            return None;
        }
    } else {
        comma = true;
    }
    let (hour, hour_width) = cursor.number()?;
    // `08 h 05 min 12 s`, as Canadians write it in French.
    let in_words = cursor.unit("h");
    let colon = match in_words {
        true => 'h',
        false => cursor.bump().filter(|c| matches!(c, ':' | '.' | '：' | 'h'))?,
    };
    let (minute, minute_width) = cursor.number()?;
    let mut seconds = None;
    if in_words && cursor.unit("min") {
        seconds = Some(cursor.number()?.0);
        cursor.unit("s");
    }
    if cursor.peek() == Some(colon) {
        let back = cursor.at;
        cursor.bump();
        match cursor.number() {
            Some((value, 2)) => seconds = Some(value),
            _ => cursor.at = back,
        }
    }
    if hour_width > 2 || minute_width != 2 || minute > 59 || seconds.is_some_and(|s| s > 60) {
        return None;
    }
    let old_ios = match seconds {
        Some(_) if !bracket && first_width < 4 => {
            colon_tail(line, cursor.at).or_else(|| bare_tail(line, cursor.at).filter(|_| dotted))
        }
        _ => None,
    };
    let (word, stamp_end, body) = old_ios.or_else(|| tail(line, cursor.at, bracket))?;
    // Bulgarian writes "hours" behind the time.
    let after = if matches!(word, "" | "ч." | "ч") { None } else { Some(half(word)?) };
    let half = before.or(after);
    let widths = [first_width, second_width, third_width];
    if !is_date(widths) {
        return None;
    }
    Some(Header {
        style: Style {
            bracket,
            colon: old_ios.is_some(),
            time_first: false,
            separator,
            comma,
            seconds: seconds.is_some(),
            year_first: first_width == 4,
        },
        date: [first, second, third],
        widths,
        hour: hour_of_day(hour, half)?,
        minute: u8::try_from(minute).ok()?,
        second: u8::try_from(seconds.unwrap_or(0).min(59)).ok()?,
        capital_half: matches!(word.trim(), "AM" | "PM"),
        stamp: (begin, stamp_end),
        body,
    })
}

/// As many digits as the fields of a date can have.
fn is_date(widths: [u8; 3]) -> bool {
    let years = widths.iter().filter(|width| **width == 4).count();
    years <= 1 && widths[1] <= 2 && !widths.contains(&3)
}

/// `[8:05 AM, 2/19/2024] `: messages copied from WhatsApp's window in a browser; Vietnamese phones
/// put the time first as well. The cursor stands behind the hour.
fn time_first(
    mut cursor: Cursor,
    line: &str,
    bracket: bool,
    begin: usize,
    hour: u16,
) -> Option<Header> {
    cursor.bump();
    let (minute, 2) = cursor.number()? else { return None };
    let mut seconds = None;
    if cursor.peek() == Some(':') {
        cursor.bump();
        seconds = Some(cursor.number()?.0);
    }
    let gap = cursor.gap()?;
    let word = gap.split([',', '،', '、']).next()?;
    if word == gap || minute > 59 || seconds.is_some_and(|s| s > 60) {
        return None;
    }
    let word = word.trim_matches(|c| is_mark(c) || is_space(c));
    let half = if word.is_empty() { None } else { Some(half(word)?) };
    let (first, first_width) = cursor.number()?;
    let separator = cursor.bump().filter(|c| matches!(c, '/' | '.' | '-'))?;
    cursor.blank();
    let (second, second_width) = cursor.number()?;
    (cursor.bump()? == separator).then_some(())?;
    cursor.blank();
    let (third, third_width) = cursor.number()?;
    if cursor.peek() == Some('.') {
        cursor.bump();
    }
    let widths = [first_width, second_width, third_width];
    let (rest, stamp_end, body) = tail(line, cursor.at, bracket)?;
    if !rest.is_empty() || !is_date(widths) {
        return None;
    }
    Some(Header {
        style: Style {
            bracket,
            colon: false,
            time_first: true,
            separator,
            comma: true,
            seconds: seconds.is_some(),
            year_first: first_width == 4,
        },
        date: [first, second, third],
        widths,
        hour: hour_of_day(hour, half)?,
        minute: u8::try_from(minute).ok()?,
        second: u8::try_from(seconds.unwrap_or(0).min(59)).ok()?,
        capital_half: matches!(word, "AM" | "PM"),
        stamp: (begin, stamp_end),
        body,
    })
}

/// `19/02/17, 8:05:00 AM: `: what follows the time of an old iPhone's line. A name must stand
/// behind it, or any line of a log would do.
fn colon_tail(line: &str, at: usize) -> Option<(&str, usize, usize)> {
    let rest = &line[at..];
    let end = rest.char_indices().take(10).find(|(_, c)| *c == ':')?.0;
    let word = rest[..end].trim_matches(|c| is_mark(c) || is_space(c));
    if !word.is_empty() {
        half(word)?;
    }
    let body = rest[end + 1..].strip_prefix(' ')?;
    body.contains(": ").then_some((word, at + end, at + end + 2))
}

/// `13. 6. 2018. 21:25:15 a: m`: the name follows the time. Only where the date is written as no
/// log writes it.
fn bare_tail(line: &str, at: usize) -> Option<(&str, usize, usize)> {
    let body = line[at..].strip_prefix(' ')?;
    body.contains(": ").then_some(("", at, at + 1))
}

/// What follows the time: perhaps a half of the day, then the end of the head. Returns the word,
/// the end of the stamp and the beginning of the rest.
fn tail(line: &str, at: usize, bracket: bool) -> Option<(&str, usize, usize)> {
    let rest = &line[at..];
    let trimmed = |word: &str| {
        let kept = word.trim_end_matches(|c| is_mark(c) || is_space(c)).len();
        let skipped = word.len() - word.trim_start_matches(|c| is_mark(c) || is_space(c)).len();
        (skipped.min(kept), kept)
    };
    if bracket {
        let end = rest.char_indices().take(24).find(|(_, c)| *c == ']')?.0;
        let (from, to) = trimmed(&rest[..end]);
        let body = at + end + 1;
        let space = line[body..].chars().next().filter(|c| is_space(*c));
        return Some((&rest[from..to], at + to, body + space.map_or(0, char::len_utf8)));
    }
    let mut before = ' ';
    for (index, c) in rest.char_indices().take(24) {
        let after = rest[index + c.len_utf8()..].chars().next();
        if matches!(c, '-' | '–')
            && is_space(before)
            && index > 0
            && after.is_some_and(|c| is_space(c) || is_mark(c))
        {
            let (from, to) = trimmed(&rest[..index]);
            let body = at + index + c.len_utf8();
            let space = line[body..].chars().next().filter(|c| is_space(*c));
            return Some((&rest[from..to], at + to, body + space.map_or(0, char::len_utf8)));
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The date's fields, hour, minute and second, the stamp and the rest.
    type Expected<'a> = ([u16; 3], u8, u8, u8, &'a str, &'a str);

    fn check(line: &str, expected: Option<Expected>) {
        let found = parse(line).map(|h| {
            (h.date, h.hour, h.minute, h.second, &line[h.stamp.0..h.stamp.1], &line[h.body..])
        });
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn heads_of_many_locales() {
        check(
            "[2/19/24, 8:05:00\u{202f}AM] M: x",
            Some(([2, 19, 24], 8, 5, 0, "2/19/24, 8:05:00\u{202f}AM", "M: x")),
        );
        check(
            "\u{200e}[19.02.24, 20:05:01] M: x",
            Some(([19, 2, 24], 20, 5, 1, "19.02.24, 20:05:01", "M: x")),
        );
        check("19.02.24, 08:05 - M: x", Some(([19, 2, 24], 8, 5, 0, "19.02.24, 08:05", "M: x")));
        check(
            "19/2/24, 11:05\u{a0}p.\u{a0}m. - M: x",
            Some(([19, 2, 24], 23, 5, 0, "19/2/24, 11:05\u{a0}p.\u{a0}m.", "M: x")),
        );
        check(
            "06/20/2020, 00:08 a. m. - x",
            Some(([6, 20, 2020], 0, 8, 0, "06/20/2020, 00:08 a. m.", "x")),
        );
        check(
            "[2024/2/19 下午11:05:00] 林: x",
            Some(([2024, 2, 19], 23, 5, 0, "2024/2/19 下午11:05:00", "林: x")),
        );
        check(
            "2024/2/19 凌晨12:05 - 林: x",
            Some(([2024, 2, 19], 0, 5, 0, "2024/2/19 凌晨12:05", "林: x")),
        );
        check(
            "19/02/17, 08:05:12: M: x",
            Some(([19, 2, 17], 8, 5, 12, "19/02/17, 08:05:12", "M: x")),
        );
        check(
            "19/02/17, 8:05:12 PM: M: x",
            Some(([19, 2, 17], 20, 5, 12, "19/02/17, 8:05:12 PM", "M: x")),
        );
        check(
            "19.02.17 20.05.12: M: x",
            Some(([19, 2, 17], 20, 5, 12, "19.02.17 20.05.12", "M: x")),
        );
        check(
            "13. 6. 2018. 21:25:15 M: x",
            Some(([13, 6, 2018], 21, 25, 15, "13. 6. 2018. 21:25:15", "M: x")),
        );
        check("2024년", None);
        check(
            "2024-02-19 20 h 05 - M: x",
            Some(([2024, 2, 19], 20, 5, 0, "2024-02-19 20 h 05", "M: x")),
        );
        check(
            "[2024-02-19 08 h 05 min 12 s] M: x",
            Some(([2024, 2, 19], 8, 5, 12, "2024-02-19 08 h 05 min 12 s", "M: x")),
        );
        check(
            "2024. 2. 19. 오후 1:05 - 김: x",
            Some(([2024, 2, 19], 13, 5, 0, "2024. 2. 19. 오후 1:05", "김: x")),
        );
        check(
            "19/02/2024 à 08:05 - M: x",
            Some(([19, 2, 2024], 8, 5, 0, "19/02/2024 à 08:05", "M: x")),
        );
        check(
            "19.2.2024 klo 8.05 - M: x",
            Some(([19, 2, 2024], 8, 5, 0, "19.2.2024 klo 8.05", "M: x")),
        );
        check(
            "19.02.24 г., 8:05 - M: x",
            Some(([19, 2, 24], 8, 5, 0, "19.02.24 г., 8:05", "M: x")),
        );
        check(
            "19.02.24 г., 08:05 ч. - M: x",
            Some(([19, 2, 24], 8, 5, 0, "19.02.24 г., 08:05 ч.", "M: x")),
        );
        check(
            "[8:05 PM, 2/19/2024] M: x",
            Some(([2, 19, 2024], 20, 5, 0, "8:05 PM, 2/19/2024", "M: x")),
        );
        check(
            "08:05, 19/02/2024 - M: x",
            Some(([19, 2, 2024], 8, 5, 0, "08:05, 19/02/2024", "M: x")),
        );
        check(
            "[08:05, 19. 2. 2024.] M: x",
            Some(([19, 2, 2024], 8, 5, 0, "08:05, 19. 2. 2024.", "M: x")),
        );
        check(
            "19.02.24 г., в 8:05 - M: x",
            Some(([19, 2, 24], 8, 5, 0, "19.02.24 г., в 8:05", "M: x")),
        );
        check(
            "١٩\u{200f}/٢\u{200f}/٢٠٢٤، ٨:٠٥ م - M: x",
            Some(([19, 2, 2024], 20, 5, 0, "١٩\u{200f}/٢\u{200f}/٢٠٢٤، ٨:٠٥ م", "M: x")),
        );
        check(
            "2024年2月19日 8:05 - M: x",
            Some(([2024, 2, 19], 8, 5, 0, "2024年2月19日 8:05", "M: x")),
        );
    }

    #[test]
    fn other_lines_go_on_with_the_message() {
        for line in [
            "",
            "just text",
            "12/25 is a date",
            "1.2.3.4 - GET /",
            "[note] x",
            "2024-02-19T08:05:00Z - x",
            "08:05 - x",
            "08:05, 3 - x",
            "[08:05] M: 1/2/3",
            "12:30 lunch, 1/2/24 - x",
            "2024-02-19 08:05:00,123 - root - INFO - x",
            "19/02/24, 08:05: x",
            "19/02/24, 08:05: M: x",
            "19/02/24, 08:05:12: only a line of a log",
            "2024-02-19 08:05:12: M: x",
            "13.6.2018 21:25:15 M: x",
            "13. 6. 2018. 21:25:15 only a line",
            "[19/02/24, 08:65] x",
            "12345/1/1, 08:05 - x",
            "2024/2024/1, 08:05 - x",
            "19/02/24, 25:05 - x",
        ] {
            check(line, None);
        }
    }
}
