//! When an event was, as exactly as it is known.

use serde::{Deserialize, Serialize};

/// When an event was, as exactly as it is known: `2021`, `2021-03`, `2021-03-05`,
/// `2021-03-05T12:41`, a range with `..`, uncertain with `?`, about with `~` (after EDTF,
/// ISO 8601-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct When {
    text: String,
    first: i64,
    last: i64,
}

impl When {
    /// Seconds since 1970 on the clock of the evidence: the first and the last that it may mean.
    pub fn span(&self) -> (i64, i64) {
        (self.first, self.last)
    }

    /// The same, as wide as its doubts: a month that is marked by `?` or `~` may be the one before
    /// or after it.
    pub fn reach(&self) -> (i64, i64) {
        let (from, to) = self.text.split_once("..").unwrap_or((&self.text, &self.text));
        // The year, month or day that holds a second, as exactly as a part is written.
        let unit = |part: &str, second: i64| {
            let plain = part.strip_suffix(['?', '~'])?.trim_end_matches(['?', '~']);
            span(crate::model::time::clock_text(second).get(..plain.len())?)
        };
        (
            unit(from, self.first - 1).map_or(self.first, |(first, _)| first),
            unit(to, self.last + 1).map_or(self.last, |(_, last)| last),
        )
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it names less than a day, or doubts it.
    pub fn is_vague(&self) -> bool {
        self.text.ends_with(['?', '~']) || self.last - self.first >= 86_400
    }
}

impl std::str::FromStr for When {
    type Err = BadWhen;

    fn from_str(text: &str) -> Result<When, BadWhen> {
        let text = text.trim();
        let bad = || BadWhen(text.to_owned());
        let plain = text.trim_end_matches(['?', '~']);
        let (from, to) = plain.split_once("..").unwrap_or((plain, plain));
        let (first, _) = span(from.trim_end_matches(['?', '~'])).ok_or_else(bad)?;
        let (_, last) = span(to).ok_or_else(bad)?;
        if first > last {
            return Err(bad());
        }
        Ok(When { text: text.to_owned(), first, last })
    }
}

impl TryFrom<String> for When {
    type Error = BadWhen;
    fn try_from(text: String) -> Result<When, BadWhen> {
        text.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> String {
        when.text
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no date: write 2021, 2021-03, 2021-03-05, 2021-03-05T12:41, 2020..2021, with ? or ~ behind it where in doubt"
)]
pub struct BadWhen(String);

/// First and last second of a year, month, day, minute or second.
fn span(text: &str) -> Option<(i64, i64)> {
    use jiff::civil::DateTime;
    use jiff::{Span, Zoned};
    let digits = |text: &str, length: usize| -> Option<i16> {
        (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().ok())?
    };
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map(|text| digits(text, 2)).map_or(Some(None), |m| m.map(Some))?;
    let date_of_month =
        parts.next().map(|text| digits(text, 2)).map_or(Some(None), |d| d.map(Some))?;
    if parts.next().is_some() {
        return None;
    }
    let start = jiff::civil::Date::new(
        year,
        i8::try_from(month.unwrap_or(1)).ok()?,
        i8::try_from(date_of_month.unwrap_or(1)).ok()?,
    )
    .ok()?;
    let (start, length): (DateTime, Span) = match (month, date_of_month, time) {
        (None, _, None) => (start.at(0, 0, 0, 0), Span::new().years(1)),
        (Some(_), None, None) => (start.at(0, 0, 0, 0), Span::new().months(1)),
        (_, Some(_), None) => (start.at(0, 0, 0, 0), Span::new().days(1)),
        (_, Some(_), Some(time)) => {
            let mut parts = time.split(':');
            let hour = digits(parts.next()?, 2)?;
            let minute = digits(parts.next()?, 2)?;
            let second =
                parts.next().map(|text| digits(text, 2)).map_or(Some(None), |s| s.map(Some))?;
            if parts.next().is_some() {
                return None;
            }
            let time = jiff::civil::Time::new(
                i8::try_from(hour).ok()?,
                i8::try_from(minute).ok()?,
                i8::try_from(second.unwrap_or(0)).ok()?,
                0,
            )
            .ok()?;
            let length = match second {
                Some(_) => Span::new().seconds(1),
                None => Span::new().minutes(1),
            };
            (start.to_datetime(time), length)
        }
        _ => return None,
    };
    let end = start.checked_add(length).ok()?;
    let seconds = |at: DateTime| -> Option<i64> {
        let zoned: Zoned = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(zoned.timestamp().as_second())
    };
    Some((seconds(start)?, seconds(end)? - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_when(text: &str, expected: Option<(&str, &str)>) {
        let shown = |second: i64| jiff::Timestamp::from_second(second).unwrap().to_string();
        let span = text.parse::<When>().ok().map(|when| when.span());
        let found = span.map(|(first, last)| (shown(first), shown(last)));
        let expected = expected.map(|(first, last)| (first.to_owned(), last.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn vague_dates_have_a_span() {
        check_when("2021", Some(("2021-01-01T00:00:00Z", "2021-12-31T23:59:59Z")));
        check_when("2020-02?", Some(("2020-02-01T00:00:00Z", "2020-02-29T23:59:59Z")));
        check_when("2021-03-05~", Some(("2021-03-05T00:00:00Z", "2021-03-05T23:59:59Z")));
        check_when("2021-03-05T12:41", Some(("2021-03-05T12:41:00Z", "2021-03-05T12:41:59Z")));
        check_when("2020..2021-03", Some(("2020-01-01T00:00:00Z", "2021-03-31T23:59:59Z")));
        for bad in
            ["", "21", "2021-13", "2021-02-30", "2022..2021", "March", "2021-3", "2021-03-05T25:00"]
        {
            check_when(bad, None);
        }
    }

    #[test]
    fn doubt_reaches_to_the_neighbours() {
        let check = |text: &str, same: &str| {
            let span = same.parse::<When>().unwrap().span();
            assert_eq!(text.parse::<When>().unwrap().reach(), span, "{text}");
        };
        check("2021-03", "2021-03");
        check("2021-03?", "2021-02..2021-04");
        check("2021~", "2020..2022");
        check("2021-01-01?", "2020-12-31..2021-01-02");
        check("2020..2021-03~", "2020..2021-04");
        check("2020?..2021", "2019..2021");
    }
}
