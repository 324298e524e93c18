//! What a search is asked for and answers.

use crate::model::dossier::Called;
use crate::model::{ConversationId, DocumentId, ItemId, SourceId, VariantKind};
use serde::Serialize;
use std::ops::Range;

/// What a search is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    pub sort: SearchSort,
    /// Which hits of the sorted list are wanted.
    pub range: Range<u64>,
    /// Count facets.
    pub facets: bool,
    /// Make snippets and byte ranges for the hits in `range`.
    pub snippets: bool,
    /// Count occurrences over all hits.
    pub occurrences: Option<Counting>,
}

/// In how many hits occurrences are counted, at most; `u64::MAX` for however many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// Where the postings know them: that of hundreds of thousands takes longer than to find them.
    pub known: u64,
    /// For the rest (regular expressions, `NEAR`, punctuation at an end) hits are read.
    pub read: u64,
}

impl Counting {
    /// In all hits.
    pub const ALL: Counting = Counting { known: u64::MAX, read: u64::MAX };
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            sort: SearchSort::Relevance,
            range: 0..50,
            facets: true,
            snippets: true,
            occurrences: None,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchSort {
    #[default]
    Relevance,
    /// Oldest first; undated last.
    Date,
    /// Newest first; undated last.
    DateDescending,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchResult {
    /// Units: documents and messages. Exact.
    pub total: u64,
    pub documents: u64,
    pub messages: u64,
    /// Notes that it finds too, counted with the facets; all of `total` for `kind:note`.
    pub notes: u64,
    /// Occurrences over all hits; `None` when not asked for, or not of so many.
    pub occurrences: Option<u64>,
    pub hits: Vec<Hit>,
    pub facets: Facets,
    /// What this answer cannot know: `32 pages have no text`, `the index is 12 changes behind`.
    pub remarks: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub item: ItemId,
    /// Path of a document; for a message the title of its conversation.
    pub path: String,
    pub variant: VariantKind,
    /// Where in a document: page, sheet and row; empty when there is nothing to say.
    pub locator: String,
    pub snippet: Snippet,
    /// Byte ranges of the occurrences in the text of the variant; the first 1,000 of them.
    pub ranges: Vec<(u64, u64)>,
    /// All occurrences in this unit.
    pub occurrences: u64,
    pub date: Option<String>,
    pub sender: Option<String>,
    /// The entity whose account sent it.
    pub owner: Option<Called>,
    pub conversation: Option<ConversationId>,
    /// Of a message of a time that several exports cover: those that hold it, by their short names.
    pub exports: Vec<(DocumentId, String)>,
    pub read: bool,
    pub starred: bool,
    pub irrelevant: bool,
}

impl Hit {
    /// Of this item, with nothing said of it yet.
    pub fn of(item: ItemId) -> Hit {
        Hit {
            item,
            path: String::new(),
            variant: VariantKind::Original,
            locator: String::new(),
            snippet: Snippet::default(),
            ranges: Vec::new(),
            occurrences: 0,
            date: None,
            sender: None,
            owner: None,
            conversation: None,
            exports: Vec::new(),
            read: false,
            starred: false,
            irrelevant: false,
        }
    }
}

/// A stretch of text around the first occurrence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    pub text: String,
    /// Byte offset of `text` in the variant.
    pub start: u64,
    /// Byte ranges in `text` that are occurrences.
    pub marks: Vec<(usize, usize)>,
}

/// Exact counts over all hits; each list most frequent first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    pub formats: Vec<(String, u64)>,
    pub languages: Vec<(String, u64)>,
    pub sources: Vec<(SourceId, u64)>,
    pub conversations: Vec<(ConversationId, String, u64)>,
    /// In order of years; 0 is undated.
    pub years: Vec<(i32, u64)>,
}

/// A query that is nearly the one asked, with the number of units that it would add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NearMiss {
    /// What was typed and would be replaced.
    pub from: String,
    pub to: String,
    /// `traditional`, `full width`, `Han digits`, `one character`.
    pub why: &'static str,
    pub units: u64,
}

/// The near misses that were found in the time there was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NearMisses {
    /// Those that would add most first.
    pub found: Vec<NearMiss>,
    /// Nothing was left out for want of time.
    pub complete: bool,
}
