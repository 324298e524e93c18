//! When things happened and who spoke: days, months, sessions, accounts. Plain rows.

use super::board::EventRow;
use super::view::{DocumentRow, Participant};
use super::{ConversationId, ParticipantId};
use serde::{Deserialize, Serialize};

/// The day and month of what has no date.
pub const UNDATED: i32 = i32::MIN;

/// The day of a reading of the clock, in days since 1970-01-01.
pub fn day_of(clock: i64) -> i32 {
    i32::try_from(clock.div_euclid(86_400)).unwrap_or(UNDATED)
}

/// The month of a reading of the clock: year * 12 + month from 0; [`UNDATED`] beyond the calendar.
pub fn month_of(clock: i64) -> i32 {
    match jiff::Timestamp::from_second(clock) {
        Ok(moment) => {
            let date = moment.to_zoned(jiff::tz::TimeZone::UTC).date();
            i32::from(date.year()) * 12 + i32::from(date.month()) - 1
        }
        Err(_) => UNDATED,
    }
}

/// `2022-03`, or `undated`.
pub fn month_text(month: i32) -> String {
    if month == UNDATED {
        return "undated".to_owned();
    }
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

/// A day as a date, where the calendar reaches.
pub fn day_date(day: i32) -> Option<jiff::civil::Date> {
    let second = i64::from(day).checked_mul(86_400)?;
    let moment = jiff::Timestamp::from_second(second).ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// `2022-03-05`, or `undated`.
pub fn day_text(day: i32) -> String {
    match day_date(day) {
        Some(date) => date.to_string(),
        None if day == UNDATED => "undated".to_owned(),
        None => format!("day {day}"),
    }
}

/// A stretch of talk: a gap of some hours opens a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Position of its first message.
    pub start: u64,
    pub messages: u64,
    /// Seconds of UTC of its first and last message, by which they are sorted. What has no date
    /// stands with the message before it.
    pub first: i64,
    pub last: i64,
}

impl Session {
    /// Position after its last message.
    pub fn end(&self) -> u64 {
        self.start + self.messages
    }
}

/// Seconds without a message after which talk is another session.
pub const SESSION_GAP: i64 = 3 * 3600;

/// Talk that knows no such gap is cut where a day begins, once it has so many messages.
const LONG: u64 = 100;

/// Cuts a conversation into sessions, message by message.
#[derive(Debug)]
pub struct Sessions {
    /// Seconds east of UTC, for where days begin.
    zone: i64,
    position: u64,
    done: Vec<Session>,
}

impl Sessions {
    pub fn new(zone: i32) -> Self {
        Sessions { zone: i64::from(zone), position: 0, done: Vec::new() }
    }

    /// The next message, by the instant that it is sorted by.
    pub fn push(&mut self, instant: i64) {
        let day = |instant: i64| (instant.saturating_add(self.zone)).div_euclid(86_400);
        let start = self.position;
        self.position += 1;
        match self.done.last_mut() {
            Some(last)
                if instant.saturating_sub(last.last) < SESSION_GAP
                    && (last.messages < LONG || day(last.last) == day(instant)) =>
            {
                last.messages += 1;
                last.last = last.last.max(instant);
            }
            _ => self.done.push(Session { start, messages: 1, first: instant, last: instant }),
        }
    }

    pub fn finish(self) -> Vec<Session> {
        self.done
    }
}

/// What the list says of a session beside its span.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SessionRow {
    /// Which one, from 0.
    pub number: u64,
    /// Clock readings of its first and last message, RFC 3339.
    pub first: Option<String>,
    pub last: Option<String>,
    /// The first words that somebody says in it.
    pub words: String,
    pub unread: u64,
    /// Messages that have nothing to read in them.
    pub blank: u64,
    /// Messages that the running query finds; `None` where that is not known.
    pub hits: Option<u64>,
}

/// A day of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRow {
    /// Days since 1970-01-01 on the clocks of the evidence, or [`UNDATED`].
    pub day: i32,
    pub documents: u64,
    pub messages: u64,
}

/// What is of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub row: DayRow,
    /// Conversations with messages of that day, the busiest first.
    pub conversations: Vec<DayConversation>,
    /// The first documents of that day; `row` counts all.
    pub documents: Vec<DocumentRow>,
    /// What says the dates of all documents of that day: (source of the date, documents).
    pub provenance: Vec<(String, u64)>,
    /// Events that are of that day, or may be.
    pub events: Vec<EventRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayConversation {
    pub id: ConversationId,
    pub title: String,
    pub platform: String,
    pub messages: u64,
}

/// One line of the list of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    pub account: Participant,
    pub conversations: u64,
    /// Clock readings of the first and last dated message, RFC 3339 without offset.
    pub first: Option<String>,
    pub last: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountSort {
    /// Most messages first.
    #[default]
    Messages,
    Name,
    /// First seen first; undated last.
    First,
    /// Last seen first; undated last.
    Last,
}

/// All that is known about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub row: AccountRow,
    pub is_bot: bool,
    /// Other names and attributes: `name`, `email`, `phone`, `remark`.
    pub attributes: Vec<(String, String)>,
    pub conversations: Vec<AccountConversation>,
    /// Messages by month in order: (see [`month_of`], messages).
    pub months: Vec<(i32, u64)>,
}

/// A conversation that an account takes part in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountConversation {
    pub id: ConversationId,
    pub title: String,
    /// Messages of the account, and of everybody.
    pub own: u64,
    pub messages: u64,
    pub first: Option<String>,
    pub last: Option<String>,
}

/// An account's id, where it has one.
impl AccountRow {
    pub fn id(&self) -> ParticipantId {
        self.account.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_of_clocks() {
        assert_eq!((day_of(0), day_of(-1), day_of(86_400)), (0, -1, 1));
        assert_eq!(month_text(month_of(1_646_480_460)), "2022-03");
        assert_eq!(day_text(day_of(1_646_480_460)), "2022-03-05");
        assert_eq!((month_of(i64::MAX), day_of(i64::MAX)), (UNDATED, UNDATED));
        assert_eq!(day_text(UNDATED), "undated");
    }

    #[track_caller]
    fn check(instants: &[i64], expected: &[(u64, u64)]) {
        let mut sessions = Sessions::new(8 * 3600);
        instants.iter().for_each(|instant| sessions.push(*instant));
        let found: Vec<(u64, u64)> =
            sessions.finish().iter().map(|session| (session.start, session.messages)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_gap_opens_a_session() {
        let hour = 3600;
        check(&[], &[]);
        check(&[0, hour, 3 * hour, 7 * hour], &[(0, 3), (3, 1)]);
        // Several clocks in one conversation: time may seem to run backwards.
        check(&[10 * hour, 9 * hour, 11 * hour], &[(0, 3)]);
        check(&[i64::MIN / 4, i64::MIN / 4, 0], &[(0, 2), (2, 1)]);
    }

    #[test]
    fn endless_talk_is_cut_by_days() {
        // A message every ten minutes; days begin at 16:00 UTC.
        let instants: Vec<i64> = (0..1000).map(|n| n * 600).collect();
        check(
            &instants,
            &[(0, 240), (240, 144), (384, 144), (528, 144), (672, 144), (816, 144), (960, 40)],
        );
    }
}
