//! What a case answers with: plain rows, ready to be shown. Nothing here knows SQL or the index.
//!
//! Texts in these rows are evidence as it is stored: whoever shows them sends them through
//! `text::sanitise`.

mod chats;
mod documents;
mod search;

pub use chats::{
    BETWEEN_ACCOUNTS, Block, ConversationFilter, ConversationRow, ConversationSort, Message,
    MessagePlace, Participant, SYSTEM_ACCOUNTS, ZoneStatus, export_names, has_twins,
};
pub use documents::{
    Document, DocumentEntry, DocumentFilter, DocumentRow, DocumentSort, Lacking, NO_LANGUAGE,
    Place, SetPage, Shape, Slice, Variant, part_name,
};
pub use search::{
    Counting, Facets, Hit, NearMiss, NearMisses, SearchOptions, SearchResult, SearchSort, Snippet,
};

use super::work::Coverage;
use super::{SourceId, State};
use serde::Serialize;

/// Counts of the whole case. Every number is exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Distinct contents.
    pub documents: u64,
    /// Places where they lie, members of containers included.
    pub places: u64,
    /// Documents that came out of another one.
    pub children: u64,
    /// Bytes of all documents.
    pub bytes: u64,
    /// Message records; identical ones inside one file all count.
    pub messages: u64,
    /// Message records that differ in anything.
    pub distinct_messages: u64,
    /// Message records as they stand in all exports: one that several exports hold counts in each.
    pub message_records: u64,
    pub conversations: u64,
    /// Accounts that wrote or are named as a sender, see [`Participant::wrote`].
    pub participants: u64,
    /// Accounts that are known from anything else: silent members, the platform's own.
    pub silent: u64,
    /// Documents that messages come from.
    pub exports: u64,
    /// Of them: those that another state says more of, by that. A damaged file gives the messages
    /// that can be read; one that is only in part a chat is read as a document as well.
    pub exports_apart: Vec<(State, u64)>,
    /// Failed, encrypted, over a limit or unsupported.
    pub unreadable: u64,
    /// Documents that have something to see but no text.
    pub no_text: u64,
    /// Pages without text inside documents that have some.
    pub pages_without_text: u64,
    /// Documents that were read with a warning: something in them is cut, damaged or doubtful.
    pub warned: u64,
    /// Directory entries that are no files (links, devices ...) and were left alone.
    pub skipped: u64,
    /// Documents whose files were not found at the last `add`.
    pub missing: u64,
    pub older: Older,
    /// Exports whose time zone is assumed.
    pub zones_assumed: u64,
    /// Documents by state, in the order of [`State::ALL`].
    pub states: Vec<(State, u64)>,
    /// Documents by format, most frequent first.
    pub formats: Vec<(String, u64)>,
    /// Documents by language of their text, most frequent first; `""` is undetermined.
    pub languages: Vec<(String, u64)>,
    /// Dated documents and messages by month (`2022-03`), in order.
    pub months: Vec<(String, u64, u64)>,
    pub sources: Vec<SourceRow>,
    /// Units marked as read.
    pub read: u64,
    pub starred: u64,
    pub irrelevant: u64,
    /// What stood on a screen long enough to be read.
    pub coverage: Vec<Coverage>,
    /// The index has all of it.
    pub index_is_current: bool,
    /// Where the case lies, in words, when that limits something (read-only, network).
    pub remarks: Vec<String>,
}

impl Status {
    /// Exports that the list of exports does not have, and where they are: `1 failed`.
    pub fn exports_apart_words(&self) -> Vec<String> {
        let words = self.exports_apart.iter().map(|(state, many)| match state {
            State::Read => format!("{many} read as text too"),
            State::Export | State::NoText | State::Empty => format!("{many} without messages"),
            State::OverLimit => format!("{many} over a limit"),
            State::Failed | State::Encrypted | State::Unsupported => {
                format!("{many} {}", state.name())
            }
        });
        words.collect()
    }
}

/// Documents that an older version of the readers read: this program may get more out of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Older {
    pub documents: u64,
    /// Of them: read again, and no better for it. What is locked needs its password.
    pub tried: u64,
    /// Of them: not to be had any more. The original is gone, changed or away, and the case has no
    /// copy.
    pub lost: u64,
}

impl Older {
    /// Those that can be read again.
    pub fn again(&self) -> u64 {
        self.documents.saturating_sub(self.tried + self.lost)
    }
}

/// An entry of a folder or archive that was left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedRow {
    pub source: SourceId,
    pub path: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    pub id: SourceId,
    pub path: String,
    pub origin: String,
    /// RFC 3339, UTC.
    pub added: String,
    pub places: u64,
    /// The last `add` did not come to its end.
    pub incomplete: bool,
}

/// What a damaged or changed thing is, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// `original`, `text`, `operation`, `index`, `database`.
    pub what: &'static str,
    pub name: String,
    pub problem: String,
}
