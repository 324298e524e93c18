//! The clock of a chat export: what zone it is read in, and at which hours people wrote by it.

use super::DocumentId;
use super::view::ZoneStatus;

/// Messages by quarter of an hour since midnight: zones differ by as little.
pub const QUARTERS: usize = 96;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportClock {
    pub id: DocumentId,
    /// Path of the file.
    pub path: String,
    pub platform: String,
    /// Seconds east of UTC that stamps are read with which name no zone, and how that is known.
    pub zone: i32,
    pub status: ZoneStatus,
    pub why: String,
    /// What the importer found.
    pub found: (i32, ZoneStatus),
    /// Messages whose stamps name no zone, by quarter on the clock of the file.
    pub quarters: Vec<u64>,
    /// Messages whose stamps name their zone.
    pub stated: u64,
    /// Messages without a date.
    pub undated: u64,
    /// Other exports of the same platform and source whose zone is only assumed.
    pub alike: u64,
}

impl ExportClock {
    /// Messages that a zone has a meaning for.
    pub fn naive(&self) -> u64 {
        self.quarters.iter().sum()
    }

    /// Messages by hour as a clock shows them that is `ahead` seconds ahead of that of the file.
    pub fn hours(&self, ahead: i32) -> [u64; 24] {
        let mut hours = [0; 24];
        for (quarter, messages) in (0..).zip(&self.quarters) {
            let second = (quarter * 900 + i64::from(ahead)).rem_euclid(86_400);
            if let Some(hour) = hours.get_mut(usize::try_from(second / 3600).unwrap_or(0)) {
                *hour += messages;
            }
        }
        hours
    }
}

/// The nine hours in a row with the most messages: their first one, and the one after their last.
pub fn busiest(hours: &[u64; 24]) -> (usize, usize) {
    const DAY: usize = 9;
    let sum = |start: usize| (start..start + DAY).map(|hour| hours[hour % 24]).sum::<u64>();
    // Of equal ones the first.
    let start = (0..24).rev().max_by_key(|start| sum(*start)).unwrap_or(0);
    (start, (start + DAY) % 24)
}

/// `UTC+8`, `UTC-3:30`.
pub fn zone_text(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.unsigned_abs() / 60;
    match minutes % 60 {
        0 => format!("UTC{sign}{}", minutes / 60),
        rest => format!("UTC{sign}{}:{rest:02}", minutes / 60),
    }
}

#[cfg(test)]
impl ExportClock {
    /// An export whose zone is assumed to be UTC, with so many messages in each quarter of an hour.
    pub fn assumed(quarters: Vec<u64>) -> ExportClock {
        ExportClock {
            id: DocumentId(7),
            path: "chats/a.md".to_owned(),
            platform: "wechat".to_owned(),
            zone: 0,
            status: ZoneStatus::Assumed,
            why: String::new(),
            found: (0, ZoneStatus::Assumed),
            quarters,
            stated: 0,
            undated: 0,
            alike: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_working_day_from_two_to_eleven_is_one_of_ten_to_nineteen_in_china() {
        let mut quarters = vec![0; QUARTERS];
        quarters[2 * 4..11 * 4].fill(5);
        quarters[2 * 4] = 7;
        let clock = ExportClock::assumed(quarters);
        assert_eq!(busiest(&clock.hours(0)), (2, 11));
        assert_eq!(busiest(&clock.hours(8 * 3600)), (10, 19));
        assert_eq!(busiest(&clock.hours(-4 * 3600)), (22, 7));
        // Nepal: a quarter of an hour belongs to another hour.
        assert_eq!(clock.hours(5 * 3600 + 2700)[7], 7);
        assert_eq!(clock.hours(0).iter().sum::<u64>(), clock.naive());
    }

    #[test]
    fn zones_as_people_write_them() {
        let check = |offset, expected| assert_eq!(zone_text(offset), expected);
        check(0, "UTC+0");
        check(8 * 3600, "UTC+8");
        check(-12_600, "UTC-3:30");
        check(20_700, "UTC+5:45");
    }
}
