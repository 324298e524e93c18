//! The timeline: events of the analysts, and between them the dates of the evidence itself: of what
//! the report cites, or of everything in the case, a row for each day.
//!
//! Dates are those of the clocks of the evidence. What says the date of a document stands beside it:
//! a file may be touched long after it was written.

use super::Gatherer;
use crate::case::CaseError;
use crate::export::report::{Block, Entry, Kind, Run, Sentence};
use crate::model::activity::{UNDATED, day_date, day_text};
use crate::model::{ItemId, Sha256};
use crate::text::tally::counted;

pub const INTRO: &str = "Events are what the authors hold to have happened. Between them stand the dates of the evidence itself, \
     by its own clocks; a date says when something was written, sent or saved, not that it is true.";

/// Characters of a message that are shown beside its date.
const WORDS: usize = 80;

/// Something of the evidence with a date.
struct Dated {
    /// Seconds on the clock of the evidence; `None` without a date.
    clock: Option<i64>,
    /// The date as it is shown.
    date: String,
    words: String,
    footnotes: Vec<usize>,
}

/// Begin and end of an event, as seconds on the clock of the evidence.
type Span = Option<(i64, i64)>;

impl Gatherer<'_> {
    /// Events in the order of their dates, evidence between them, what has no date last.
    pub(super) fn timeline(
        &self,
        events: Vec<(Span, Entry)>,
        is_all: bool,
    ) -> Result<Vec<Entry>, CaseError> {
        let mut rows = self.cited()?;
        if is_all {
            rows.extend(self.days()?);
        }
        // On one day its count, then what is cited of it, then events.
        rows.sort_by_key(|row| (row.clock.is_none(), row.clock, !row.footnotes.is_empty()));
        let mut events: Vec<(Span, Entry)> = events;
        events.sort_by_key(|(span, entry)| (span.is_none(), *span, number(&entry.id)));
        let mut timeline = Vec::new();
        let mut rows = rows.into_iter().peekable();
        let mut between = Vec::new();
        for (span, event) in events {
            let is_before = |row: &Dated| match (row.clock, span) {
                (Some(clock), Some((first, _))) => clock <= first,
                (Some(_), None) => true,
                (None, _) => false,
            };
            while let Some(row) = rows.next_if(is_before) {
                between.push(row);
            }
            stretch(std::mem::take(&mut between), &mut timeline);
            timeline.push(event);
        }
        let (dated, undated): (Vec<Dated>, Vec<Dated>) = rows.partition(|row| row.clock.is_some());
        stretch(dated, &mut timeline);
        stretch(undated, &mut timeline);
        Ok(timeline)
    }

    /// Documents and messages that footnotes point into, each once.
    fn cited(&self) -> Result<Vec<Dated>, CaseError> {
        let mut items = self.stands_in.clone();
        items.sort_unstable();
        items.dedup();
        let mut rows = Vec::new();
        for same in items.chunk_by(|a, b| a.0 == b.0) {
            let (date, words) = match same[0].0 {
                ItemId::Document(id) => {
                    let row = self.case.document_row(id)?;
                    let says = match (row.date.is_some(), row.date_source.as_str()) {
                        (true, source) if !source.is_empty() => format!(" ({source})"),
                        _ => String::new(),
                    };
                    (row.date, format!("{}{says}", row.path))
                }
                ItemId::Message(id) => {
                    let message = self.case.message(id)?;
                    let zone = message.zone_status.name();
                    let text: Vec<&str> = message.text.split_whitespace().collect();
                    let text = clipped(&text.join(" "));
                    let sender = match self.owner_of(&message) {
                        Some(name) => format!("{name} ({})", message.sender_name),
                        None => message.sender_name.clone(),
                    };
                    (message.time, format!("{sender}: “{text}” (message, zone {zone})"))
                }
                _ => continue,
            };
            rows.push(Dated {
                clock: date.as_deref().and_then(clock_of),
                date: date.unwrap_or_else(|| "not known".to_owned()),
                words,
                footnotes: same.iter().map(|(_, number)| *number).collect(),
            });
        }
        Ok(rows)
    }

    /// What is of each day, in numbers.
    fn days(&self) -> Result<Vec<Dated>, CaseError> {
        let days = self.case.days()?.into_iter().map(|day| Dated {
            clock: (day.day != UNDATED).then(|| i64::from(day.day) * 86_400),
            date: match day_date(day.day) {
                Some(_) => day_text(day.day),
                None => "not known".to_owned(),
            },
            words: format!(
                "{} and {} in the case",
                counted(day.documents, "document", "documents"),
                counted(day.messages, "message", "messages")
            ),
            footnotes: Vec::new(),
        });
        Ok(days.collect())
    }
}

/// Of `N12` 12: events of one date stand in the order in which they were written.
fn number(id: &str) -> u64 {
    id.trim_start_matches(char::is_alphabetic).parse().unwrap_or(u64::MAX)
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(WORDS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// What a clock showed, whatever its zone: `2022-03-05T12:41:00+08:00`.
fn clock_of(date: &str) -> Option<i64> {
    let moment: jiff::civil::DateTime = match date.get(..19) {
        Some(moment) => moment.parse().ok()?,
        None => date.get(..10)?.parse::<jiff::civil::Date>().ok()?.into(),
    };
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// Rows as one entry with a table; no rows as none.
fn stretch(rows: Vec<Dated>, timeline: &mut Vec<Entry>) {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
    let day = |row: &Dated| row.date.get(..10).unwrap_or(&row.date).to_owned();
    let title = match (first.clock.is_some(), day(first), day(last)) {
        (false, ..) => "Evidence without a date".to_owned(),
        (true, first, last) if first == last => format!("Evidence of {first}"),
        (true, first, last) => format!("Evidence of {first} to {last}"),
    };
    let id = format!("T{}", timeline.iter().filter(|e| e.kind == Kind::Evidence).count() + 1);
    let plain = |text: &str| vec![Sentence { runs: vec![Run::plain(text)], ..Sentence::default() }];
    let mut table = vec![vec![plain("Date"), plain("Evidence")]];
    for (at, row) in rows.iter().enumerate() {
        let mut runs = vec![Run::plain(row.words.as_str())];
        runs.extend(row.footnotes.iter().map(|number| Run::footnote(*number)));
        let claims = !row.footnotes.is_empty();
        let sentence = Sentence { id: format!("{id}/{}", at + 1), claims, runs };
        table.push(vec![plain(&shown(&row.date)), vec![sentence]]);
    }
    timeline.push(Entry {
        id,
        thing: Sha256([0; 32]),
        kind: Kind::Evidence,
        title,
        authors: Vec::new(),
        text_authors: Vec::new(),
        facts: Vec::new(),
        texts: vec![vec![Block::Table(table)]],
        is_headline: false,
        evidence: Vec::new(),
        related: Vec::new(),
        reviews: Vec::new(),
        basis: None,
    });
}

/// `2022-03-05 12:41:00 +08:00`
fn shown(date: &str) -> String {
    match (date.get(..10), date.get(11..19), date.get(19..)) {
        (Some(day), Some(time), Some(zone)) => format!("{day} {time} {zone}").trim_end().to_owned(),
        _ => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_the_clock_showed_them() {
        let at = |date: &str| clock_of(date).map(crate::model::time::clock_text);
        assert_eq!(at("2022-03-05T12:41:00+08:00"), at("2022-03-05T12:41:00"));
        assert_eq!(clock_of("1970-01-02"), Some(86_400));
        assert_eq!(clock_of("2022"), None);
        assert_eq!(shown("2022-03-05T12:41:00+08:00"), "2022-03-05 12:41:00 +08:00");
        assert_eq!(shown("2022-03-05"), "2022-03-05");
    }
}
