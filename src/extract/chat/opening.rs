//! Where the next record begins when one of them is broken.
//!
//! A quotation mark that was lost turns every string of the rest of a file inside out: the brackets
//! no longer count, and one record would take all that follow with it. But records of a list begin
//! alike, with a brace and the same key, and inside a string those marks would be escaped.

use super::raw::Raw;
use super::scan::{Broken, Scan};
use std::io::{Read, Seek};

/// A record that is broken is looked at as far as this before the next one is looked for; in bytes.
const NEAR: usize = 1 << 20;

/// How every record of a file begins: a brace and this key.
#[derive(Debug)]
pub(super) struct Opening {
    key: String,
    /// Records hold objects that may begin with the same key: those are values or stand first in
    /// a list of their own.
    nested: bool,
}

/// What stands at a place where a record was expected.
pub(super) enum Found {
    Record(Raw),
    /// Bytes that are no JSON, up to the next record or the end of the file.
    Damage(u64, u64),
}

impl Opening {
    /// By the first record of the file; `None` when it has no key.
    pub(super) fn of(record: &Raw) -> Option<Opening> {
        let text = record.text();
        let rest = text.trim_start().strip_prefix('{')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (key, _) = rest[1..].split_once(quote)?;
        (!key.is_empty() && !key.contains('\\'))
            .then(|| Opening { key: format!("{quote}{key}{quote}"), nested: false })
    }

    /// By the name of the key, in the quotation marks of JSON.
    pub(super) fn by_key(key: &str) -> Opening {
        Opening { key: format!("\"{key}\""), nested: false }
    }

    /// Where the first record of these bytes begins.
    fn find(&self, bytes: &[u8]) -> Option<usize> {
        let space = |bytes: &[u8]| bytes.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let braces = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'{');
        braces.map(|(at, _)| at).find(|at| {
            let rest = &bytes[at + 1..];
            let Some(rest) = rest[space(rest)..].strip_prefix(self.key.as_bytes()) else {
                return false;
            };
            let before = bytes[..*at].trim_ascii_end().last();
            let inner = self.nested && matches!(before, Some(b':' | b'['));
            rest.get(space(rest)) == Some(&b':') && !inner
        })
    }

    /// The next record of a list whose first one made the opening (or will make it).
    pub(super) fn element<R: Read + Seek>(
        opening: &mut Option<Opening>,
        scan: &mut Scan<R>,
    ) -> Result<Found, Broken> {
        let Some(known) = opening else {
            let raw = scan.value()?;
            *opening = Opening::of(&raw).map(|opening| Opening { nested: true, ..opening });
            return Ok(Found::Record(raw));
        };
        match known.next(scan) {
            // Between two records: what stands there belongs to none.
            Err(Broken::Syntax { at, found }) => match known.seek_in(scan, at, u64::MAX)? {
                Some(end) => Ok(Found::Damage(at, end)),
                None => Err(Broken::Syntax { at, found }),
            },
            found => found,
        }
    }

    /// The next record, or the damage that stands in its place; the reading goes on behind it.
    pub(super) fn next<R: Read + Seek>(&self, scan: &mut Scan<R>) -> Result<Found, Broken> {
        let (start, near) = match scan.value_within(NEAR) {
            Ok(raw) if raw.parse().is_ok() => return Ok(Found::Record(raw)),
            Ok(raw) => {
                let next = raw.bytes.get(1..).and_then(|bytes| self.find(bytes));
                let end = next.map_or(raw.end, |at| raw.start + 1 + at as u64);
                scan.seek(end)?;
                return Ok(Found::Damage(raw.start, end));
            }
            Err(Broken::TooLarge(start)) => (start, NEAR as u64),
            Err(Broken::Truncated(start)) => (start, u64::MAX),
            Err(other) => return Err(other),
        };
        if let Some(end) = self.seek_in(scan, start + 1, near)? {
            return Ok(Found::Damage(start, end));
        }
        // No other record is near: it may be a large one.
        scan.seek(start)?;
        match scan.value() {
            Ok(raw) => Ok(Found::Record(raw)),
            Err(broken @ (Broken::TooLarge(_) | Broken::Truncated(_))) => {
                match self.seek_in(scan, start + 1, u64::MAX)? {
                    Some(end) => Ok(Found::Damage(start, end)),
                    None => Err(broken),
                }
            }
            Err(other) => Err(other),
        }
    }

    /// Where the next record begins behind the one that begins here, or as much as is looked at.
    pub(super) fn stretch<R: Read + Seek>(
        &self,
        scan: &mut Scan<R>,
        start: u64,
    ) -> Result<u64, Broken> {
        match self.seek_in(scan, start + 1, NEAR as u64)? {
            Some(end) => Ok(end),
            None => Ok(start + scan.bytes_from(start, NEAR as u64)?.len() as u64),
        }
    }

    /// Goes to the first record behind this place, if one begins within so many bytes.
    fn seek_in<R: Read + Seek>(
        &self,
        scan: &mut Scan<R>,
        from: u64,
        within: u64,
    ) -> Result<Option<u64>, Broken> {
        // Pieces overlap by more than the beginning of a record has.
        const OVERLAP: u64 = 4096;
        let mut at = from;
        while at - from < within {
            let bytes = scan.bytes_from(at, (NEAR as u64).min(within - (at - from)))?;
            if let Some(found) = self.find(&bytes) {
                let found = at + found as u64;
                scan.seek(found)?;
                return Ok(Some(found));
            }
            if (bytes.len() as u64) <= OVERLAP {
                break;
            }
            at += bytes.len() as u64 - OVERLAP;
        }
        Ok(None)
    }
}
