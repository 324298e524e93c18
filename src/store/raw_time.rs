//! The stamp of a message as the file has it. Nearly always it is the reading of the clock in one
//! of a few ways of writing it, or the message's own identifier: then only which is stored, a
//! letter behind a mark, and the very characters are written again from the other columns.

use crate::model::time::clock_text;

/// Stands before a letter; a stamp that begins with it is stored behind `=`.
const MARK: char = '\u{1}';
const NATIVE: char = 'n';
const AS_IT_IS: char = '=';

/// Writes the reading of a clock in one way.
type Way = fn(&Parts) -> String;

/// How stamps are written. Appended to, never changed: the letters are stored.
const WAYS: [(char, Way); 8] = [
    ('a', |p| format!("{}-{}-{} {}", p.year, p.month, p.day, p.time)),
    ('b', |p| format!("{}-{}-{}T{}", p.year, p.month, p.day, p.time)),
    ('c', |p| format!("{}-{}-{}T{}Z", p.year, p.month, p.day, p.time)),
    ('d', |p| format!("{}/{}/{}, {}", p.day, p.month, p.year, p.time)),
    ('e', |p| format!("{}/{}/{}, {}", p.day, p.month, p.year, p.minute())),
    ('f', |p| format!("{}-{}-{} {}", p.year, p.month, p.day, p.minute())),
    ('g', |p| p.clock.to_string()),
    ('h', |p| format!("{}-{}-{}T{}.000Z", p.year, p.month, p.day, p.time)),
];

/// A reading of a clock, in pieces.
struct Parts<'a> {
    clock: i64,
    year: &'a str,
    month: &'a str,
    day: &'a str,
    time: &'a str,
}

impl Parts<'_> {
    /// Hours and minutes.
    fn minute(&self) -> &str {
        &self.time[..5]
    }
}

/// A reading of the clock in one of the ways; `None` where the calendar is not the usual one.
fn written(clock: i64, way: impl Fn(&Parts) -> String) -> Option<String> {
    let text = clock_text(clock);
    let (date, time) = text.split_once('T')?;
    let mut fields = date.split('-');
    let (year, month, day) = (fields.next()?, fields.next()?, fields.next()?);
    let usual = year.len() == 4 && time.len() == 8 && time.is_ascii() && fields.next().is_none();
    usual.then(|| way(&Parts { clock, year, month, day, time }))
}

/// What is stored for a stamp, beside the reading of its clock and the message's identifier.
pub(super) fn pack(raw: &str, clock: Option<i64>, native: Option<&str>) -> String {
    let short = |letter: char| String::from_iter([MARK, letter]);
    if native == Some(raw) && !raw.is_empty() {
        return short(NATIVE);
    }
    let is_so =
        |way: Way| clock.and_then(|clock| written(clock, way)).is_some_and(|text| text == raw);
    match WAYS.iter().find(|(_, way)| is_so(*way)) {
        Some((letter, _)) => short(*letter),
        None if raw.starts_with(MARK) => format!("{MARK}{AS_IT_IS}{raw}"),
        None => raw.to_owned(),
    }
}

/// The stamp again. What is not understood comes as it is stored; then the digest of the message
/// does not fit, and `verify` says so.
pub(super) fn unpack(stored: String, clock: Option<i64>, native: Option<&str>) -> String {
    let Some(rest) = stored.strip_prefix(MARK) else { return stored };
    let mut chars = rest.chars();
    let made = match chars.next() {
        Some(AS_IT_IS) => Some(chars.as_str().to_owned()),
        Some(NATIVE) => native.map(str::to_owned),
        Some(letter) => WAYS
            .iter()
            .find(|(known, _)| *known == letter)
            .and_then(|(_, way)| written(clock?, way)),
        None => None,
    };
    made.unwrap_or(stored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(raw: &str, clock: Option<i64>, native: Option<&str>, expected: &str) {
        let stored = pack(raw, clock, native);
        assert_eq!(stored.replace(MARK, "*"), expected, "{raw:?}");
        assert_eq!(unpack(stored, clock, native), raw);
    }

    #[test]
    fn usual_ways_of_writing_a_stamp() {
        let at = Some(1_646_484_060); // 2022-03-05T12:41:00
        check("2022-03-05 12:41:00", at, None, "*a");
        check("2022-03-05T12:41:00", at, Some("7"), "*b");
        check("05/03/2022, 12:41", at, None, "*e");
        check("1646484060", at, None, "*g");
        check("1646484060.000200", at, Some("1646484060.000200"), "*n");
        check("5/3/22, 12:41", at, None, "5/3/22, 12:41");
        check("2022-03-05 12:41:01", at, None, "2022-03-05 12:41:01");
        check("2022-03-05 12:41:00", None, None, "2022-03-05 12:41:00");
        check("", at, Some(""), "");
        check("\u{1}a", at, None, "*=*a");
        check("\u{1}", None, None, "*=*");
    }

    proptest! {
        #[test]
        fn every_stamp_comes_back(
            raw in "\\PC{0,12}|\u{1}[a-h=n]?.{0,3}",
            clock in proptest::option::of(any::<i64>()),
            native in proptest::option::of("[a-z]{0,3}"),
        ) {
            let native = native.as_deref();
            prop_assert_eq!(unpack(pack(&raw, clock, native), clock, native), raw);
        }

        #[test]
        fn every_reading_of_the_clock_comes_back(clock in -80_000_000_000i64..260_000_000_000, way in 0..WAYS.len()) {
            if let Some(raw) = written(clock, WAYS[way].1) {
                let stored = pack(&raw, Some(clock), None);
                prop_assert_eq!(stored.chars().count(), 2);
                prop_assert_eq!(unpack(stored, Some(clock), None), raw);
            }
        }
    }
}
