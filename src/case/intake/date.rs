//! The best date of a document, with what says so.
//!
//! The time of the file on disk is not among the candidates: in a leak it is the time of somebody's
//! download or unpacking.

use crate::model::{Stamp, Zone};

/// Metadata keys in the order of trust: what others saw happen before what the author's program
/// wrote.
const ORDER: [&str; 5] = ["sent", "taken", "created", "modified", "printed"];

/// The best of the dates in `metadata`, or else the one that the container gives its member.
pub fn best<'a>(
    metadata: &'a [(String, String)],
    member: Option<&str>,
) -> Option<(Stamp, &'a str)> {
    for wanted in ORDER {
        let found = metadata
            .iter()
            .filter(|(key, _)| key == wanted)
            .find_map(|(key, value)| Some((parse(value)?, key.as_str())));
        if found.is_some() {
            return found;
        }
    }
    member.and_then(parse).map(|stamp| (stamp, "member"))
}

/// RFC 3339, with or without an offset, or a date alone. Years that no document can have
/// (programs write 1601, 1904 or 0000 for "not set") are refused.
pub fn parse(text: &str) -> Option<Stamp> {
    let text = text.trim();
    let (stamp, year) = if let Ok(pieces) = jiff::fmt::temporal::Pieces::parse(text) {
        let time = pieces.time().unwrap_or_default();
        let civil = pieces.date().to_datetime(time);
        let utc = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        let zone = match pieces.to_numeric_offset() {
            Some(offset) => Zone::Stated(offset.seconds()),
            None => Zone::Naive,
        };
        let clock = utc.timestamp().as_second();
        let nanos = u32::try_from(utc.timestamp().subsec_nanosecond()).unwrap_or(0);
        (Stamp { clock, nanos, zone }, civil.year())
    } else {
        return None;
    };
    (1970..=2100).contains(&year).then_some(stamp).filter(|stamp| stamp.clock > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_offsets() {
        let meta = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
        };
        let mail =
            meta(&[("created", "2020-01-01T00:00:00"), ("sent", "2022-03-05T12:41:00+08:00")]);
        let (stamp, source) = best(&mail, None).unwrap();
        assert_eq!((source, stamp.zone), ("sent", Zone::Stated(28800)));
        assert_eq!(stamp.instant(0), 1_646_455_260);
        let odd = meta(&[("created", "1601-01-01T00:00:00Z"), ("modified", "not a date")]);
        assert_eq!(best(&odd, None), None);
        let (stamp, source) = best(&odd, Some("2021-05-06T07:08:10")).unwrap();
        assert_eq!((source, stamp.zone), ("member", Zone::Naive));
        assert_eq!(parse("2022-03-05").map(|s| s.clock), Some(1_646_438_400));
    }
}
