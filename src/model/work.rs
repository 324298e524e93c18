//! The analyst's work as screens hand it over: acts and what they are about, how much is marked
//! and seen.

use super::view::{DocumentFilter, SearchSort};
use super::{ConversationId, DocumentId, ItemId, MessageId, NoteId, VariantKind};
use crate::text::tally::{counted, grouped};
use serde::Serialize;
use std::ops::Range;

/// An act of an analyst that was written to the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acted {
    /// What it was about in the end: `marked 3 messages as read`, also for its undoing.
    pub words: String,
    /// The journal's clock before and after. Between the acts of one desk nobody else acted when
    /// `before` is the `after` of the act before it.
    pub before: u64,
    pub after: u64,
    /// The clock of an export is another one now, so that much stands in another order.
    pub is_clock: bool,
    /// The note that an undoing or redoing wrote, deleted or brought back.
    pub note: Option<NoteId>,
}

impl Acted {
    /// With another operation of the same act after it.
    pub fn and(self, next: Acted) -> Acted {
        Acted { before: self.before, ..next }
    }
}

/// What is in a case, as numbers that change with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Grows with every change of the evidence.
    pub evidence: u64,
    /// The journal's clock.
    pub journal: u64,
}

/// How much of one kind of text was seen, by anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    pub variant: VariantKind,
    pub messages: u64,
    /// Documents of which somebody saw all.
    pub documents: u64,
    /// Documents of which somebody saw some.
    pub partly: u64,
}

impl Coverage {
    /// `original: 12 messages, 3 documents, 1 in part`
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        if self.messages > 0 {
            parts.push(counted(self.messages, "message", "messages"));
        }
        if self.documents > 0 {
            parts.push(counted(self.documents, "document", "documents"));
        }
        if self.partly > 0 {
            parts.push(format!("{} in part", grouped(self.partly)));
        }
        format!("{}: {}", self.variant.name(), parts.join(", "))
    }
}

/// How much one person saw of one kind of text, and marked as read of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonCoverage {
    /// A claim; the key below counts.
    pub author: String,
    /// The first digits of the public key.
    pub key: String,
    /// Documents and messages that are read now because this person said so.
    pub read: u64,
    /// What stood on this person's screen long enough to be read.
    pub seen: Vec<Coverage>,
}

/// Something that stood on the screen long enough to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    Message(MessageId, VariantKind),
    /// Bytes of a text of a document.
    Text(DocumentId, VariantKind, (u64, u64)),
}

/// How much is marked and seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub read: u64,
    pub starred: u64,
    pub irrelevant: u64,
    pub coverage: Vec<Coverage>,
    /// The journal's clock when this was counted.
    pub clock: u64,
}

/// A set of documents and messages, as somebody means it at the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Items(Vec<ItemId>),
    /// The documents of a list.
    Documents(DocumentFilter),
    /// Messages of a conversation at these positions.
    Messages(ConversationId, Range<u64>),
    /// Everything that a query finds.
    Found(String),
    /// Some rows of a list.
    Rows(Walk, Range<u64>),
}

/// A list that one goes on in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walk {
    Documents(DocumentFilter),
    Messages(ConversationId),
    Found(String, SearchSort),
}

/// The next thing in a list that nobody has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextUnread {
    /// Where it stands in the list, once these folders of it are unfolded.
    pub row: u64,
    pub unfolded: Vec<String>,
    pub item: ItemId,
    /// Nothing came after where one was: it is the first one from the start.
    pub is_from_start: bool,
}

/// Adds a range to sorted ranges that do not touch.
pub fn add_range(ranges: &mut Vec<(u64, u64)>, (from, to): (u64, u64)) {
    if from >= to {
        return;
    }
    let first = ranges.partition_point(|range| range.1 < from);
    let last = ranges.partition_point(|range| range.0 <= to);
    let mut joined = (from, to);
    for range in &ranges[first..last] {
        joined = (joined.0.min(range.0), joined.1.max(range.1));
    }
    ranges.splice(first..last, [joined]);
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn ranges_hold_exactly_what_was_added(added in proptest::collection::vec((0..60_u64, 0..12_u64), 0..12)) {
            let mut ranges = Vec::new();
            let mut bytes = std::collections::BTreeSet::new();
            for (from, length) in added {
                add_range(&mut ranges, (from, from + length));
                bytes.extend(from..from + length);
            }
            let held: std::collections::BTreeSet<u64> =
                ranges.iter().flat_map(|(from, to)| *from..*to).collect();
            proptest::prop_assert_eq!(held, bytes);
            proptest::prop_assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }
}
