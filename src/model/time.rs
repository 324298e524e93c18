//! Times. A message keeps its original timestamp string; what is computed from it says how sure
//! the zone is.

use serde::{Deserialize, Serialize};

/// What an export says about the zone of a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// The stamp says its offset from UTC, in seconds.
    Stated(i32),
    /// The stamp says nothing; it is read in the zone of its export.
    Naive,
}

/// A parsed timestamp: the reading on the clock, and what is known about where the clock stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Seconds since 1970-01-01 00:00:00 *on that clock* (so not an instant when naive; subtract
    /// the offset to get one).
    pub clock: i64,
    /// Nanoseconds within the second, 0 where the stamp has none.
    pub nanos: u32,
    pub zone: Zone,
}

impl Stamp {
    /// A stamp that is an instant, read on a UTC clock.
    pub fn utc(seconds: i64, nanos: u32) -> Self {
        Stamp { clock: seconds, nanos, zone: Zone::Stated(0) }
    }

    /// A stamp without any zone.
    pub fn naive(clock: i64) -> Self {
        Stamp { clock, nanos: 0, zone: Zone::Naive }
    }

    /// Seconds since the epoch, UTC, with `assumed` (offset in seconds) for a naive stamp.
    pub fn instant(&self, assumed: i32) -> i64 {
        match self.zone {
            Zone::Stated(offset) => self.clock - i64::from(offset),
            Zone::Naive => self.clock - i64::from(assumed),
        }
    }
}

/// A clock reading as `2022-03-05T12:41:00`; the number itself where no calendar reaches.
pub fn clock_text(clock: i64) -> String {
    match jiff::Timestamp::from_second(clock) {
        Ok(moment) => moment.to_zoned(jiff::tz::TimeZone::UTC).datetime().to_string(),
        Err(_) => clock.to_string(),
    }
}

/// A clock reading with its offset in seconds: `2022-03-05T12:41:00+08:00`.
pub fn clock_text_at(clock: i64, offset: i32) -> String {
    format!("{}{}", clock_text(clock), offset_text(offset))
}

/// An offset as `+08:00`, `Z` for zero; seconds only where there are some.
pub fn offset_text(offset: i32) -> String {
    if offset == 0 {
        return "Z".to_owned();
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes, seconds) =
        (offset.abs() / 3600, offset.abs() / 60 % 60, offset.abs() % 60);
    if seconds == 0 {
        format!("{sign}{hours:02}:{minutes:02}")
    } else {
        format!("{sign}{hours:02}:{minutes:02}:{seconds:02}")
    }
}
