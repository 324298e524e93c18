//! Anchors: places in evidence, and numbers over it, that can be checked again. A highlight is an
//! anchor with a meaning; a citation is an anchor that a note names.

use super::kept::Kept;
use super::reference::{References, Target};
use super::{AnchorId, ItemId, Sha256, VariantKind};
use crate::text::tally::grouped;
use serde::{Deserialize, Serialize};

/// A place in the text of a document or message, with enough to find it in another copy of the
/// case, or in nothing but the original file, and to see when it moved or broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The document or message that has the text.
    pub target: Target,
    /// SHA-256 of the file that holds it: the document itself, or the export of the message.
    pub content: Sha256,
    /// The containers that file came out of, outermost first; empty for a plain file.
    pub containers: Vec<Sha256>,
    /// Where the file lay in the leak, members as `a/b.zip!c.txt`. A claim: the hashes count.
    pub path: String,
    /// Which record of the export a message is; `None` for a document.
    pub record: Option<Record>,
    pub variant: VariantKind,
    /// Which extractor made the text, with its version: `pdf 1`.
    pub extractor: String,
    /// SHA-256 of the whole text that the range is in.
    pub text: Sha256,
    /// Byte range in that text. Empty for a document as such.
    pub start: u64,
    pub end: u64,
    /// The native way to say it: page, sheet and cell, line; time and sender of a message.
    pub locator: String,
    /// The bytes of the range.
    pub quote: String,
    /// A little of what stands around it.
    pub before: String,
    pub after: String,
}

/// A record of a chat export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Position in the file, from 0.
    pub ordinal: u64,
    /// Byte range in the original, where the format has one.
    pub span: Option<(u64, u64)>,
}

/// A number over evidence, or an absence: what was counted, how, and over what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    pub of: Counted,
    /// As it was shown: `41`, `7694300`.
    pub number: String,
    /// SHA-256 over what the number stands on: the sorted targets that a query found, the rows
    /// that were summed.
    pub ids: Sha256,
    /// What was searched: all documents and messages of the case then.
    pub documents: u64,
    pub messages: u64,
    /// What could not be searched of it: documents or pages without text, unreadable files.
    pub no_text: u64,
    pub unreadable: u64,
}

/// What was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Documents and messages that a query finds.
    Search {
        /// As it was typed, with the short numbers of the case that it was typed in.
        query: String,
        /// What these name.
        references: References,
        /// The normal form that was searched for.
        normal: String,
        /// Variants of texts that were searched.
        variants: Vec<VariantKind>,
    },
    /// A figure of a column of a table, over the rows that pass the conditions.
    Column {
        document: Sha256,
        /// A claim: the hash counts.
        path: String,
        variant: VariantKind,
        /// SHA-256 of the text that the table stands in.
        text: Sha256,
        /// Byte offset of the table's part in that text, and what it is called.
        table: u64,
        sheet: String,
        /// Row (from 0) that names the columns.
        header: Option<u64>,
        /// From 0, and its name.
        column: usize,
        name: String,
        /// Column (from 0) and condition as it is typed: `>30万`.
        conditions: Vec<(usize, String)>,
        /// What the columns of these are called, in their order. Older versions did not note it: it is
        /// empty then.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        named: Vec<String>,
        figure: Figure,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    Rows,
    Sum,
    Least,
    Greatest,
}

/// What an anchor points at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    Passage(Box<Passage>),
    Count(Box<Count>),
}

/// Whether an anchor still says what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Hold {
    /// Found at its place in the stored text; for a number: the same, over the same evidence, and
    /// as much was searched.
    Holds,
    /// The text was made anew and the quote with what stands around it was found elsewhere in it.
    Moved { start: u64, end: u64 },
    /// The number is another one now.
    Changed { now: String },
    /// The number is the same, but it stands on other documents or messages, or was looked for in
    /// more or fewer than there are now; `now` says in which.
    OtherBasis { now: String },
    /// Found, and at another place than it says: in another file, on another page, of somebody else.
    Misplaced { why: String },
    /// Not found any more, and why.
    Broken { why: String },
    /// The case has not this evidence (yet), or not this text of it.
    Absent,
}

impl Hold {
    /// One word for lists: `holds`, `moved`, `changed`, `other basis`, `misplaced`,
    /// `broken`, `absent`.
    pub fn word(&self) -> &'static str {
        match self {
            Hold::Holds => "holds",
            Hold::Moved { .. } => "moved",
            Hold::Changed { .. } => "changed",
            Hold::OtherBasis { .. } => "other basis",
            Hold::Misplaced { .. } => "misplaced",
            Hold::Broken { .. } => "broken",
            Hold::Absent => "absent",
        }
    }
}

/// An anchor as it stands in this case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorView {
    pub id: AnchorId,
    /// The operation that made it.
    pub operation: Sha256,
    /// Of a passage that this case has: with the file and the place that it has here.
    pub anchor: Anchor,
    /// As somebody signed it, where that says something else.
    pub claim: Option<Box<Anchor>>,
    /// Not empty for a highlight: what it means to the analyst (`payment`, `victim`).
    pub meaning: String,
    pub comment: String,
    /// Sorted.
    pub tags: Vec<String>,
    /// Somebody dropped it and it stands.
    pub kept: Option<Kept>,
    /// Where it stands in this case.
    pub at: Option<At>,
    pub author: String,
    /// UTC milliseconds; a claim.
    pub wall: i64,
}

impl AnchorView {
    /// As somebody signed it: what is to be checked.
    pub fn signed(&self) -> &Anchor {
        self.claim.as_deref().unwrap_or(&self.anchor)
    }
}

/// A range in a text of this case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    /// A document or a message.
    pub item: ItemId,
    /// Row id of the document's text; `None` for the text of a message, and for a document as such.
    pub variant: Option<i64>,
    pub start: u64,
    pub end: u64,
}
impl Count {
    /// Whether `again` counts the same thing and comes to the same number, in whatever evidence.
    pub fn is_again(&self, again: &Count) -> bool {
        let is_same = match (&self.of, &again.of) {
            (
                Counted::Search { query, references, .. },
                Counted::Search { query: other, references: others, .. },
            ) => (query, references) == (other, others),
            (one, other) => one == other,
        };
        is_same && self.number == again.number
    }

    /// Its number as people read it: `1,259`.
    pub fn shown(&self) -> String {
        shown(&self.number)
    }
}

/// A number of a count as people read it: `1,259` for `1259`; sums are written so already.
pub fn shown(number: &str) -> String {
    number.parse().map_or_else(|_| number.to_owned(), grouped)
}
