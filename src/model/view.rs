//! What a case answers with: plain rows, ready to be shown. Nothing here knows SQL or the index.
//!
//! Texts in these rows are evidence as it is stored: whoever shows them sends them through
//! `text::sanitise`.

use super::document::SHEET_NAMES;
use super::work::Coverage;
use super::{
    ConversationId, ConversationKind, DocumentId, ItemId, Media, MessageId, MessageKind, PartKind,
    ParticipantId, Sha256, SourceId, State, VariantKind, document::Part,
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Counts of the whole case. Every number is exact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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
    pub participants: u64,
    pub exports: u64,
    /// Failed, encrypted, over a limit or unsupported.
    pub unreadable: u64,
    /// Documents that have something to see but no text.
    pub no_text: u64,
    /// Pages without text inside documents that have some.
    pub pages_without_text: u64,
    /// Directory entries that are no files (links, devices ...) and were left alone.
    pub skipped: u64,
    /// Documents whose files were not found at the last `add`.
    pub missing: u64,
    /// Documents that an older version of the readers read: this program may get more out of them.
    pub older_readers: u64,
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

/// An entry of a folder or archive that was left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SkippedRow {
    pub source: SourceId,
    pub path: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

/// One line of the list of documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentRow {
    pub id: DocumentId,
    /// First place; members of containers as `a/b.zip!c.txt`.
    pub path: String,
    /// Last part of the path.
    pub name: String,
    /// Format id: `docx`.
    #[serde(rename = "type")]
    pub format: String,
    /// Bytes.
    pub size: u64,
    pub state: State,
    pub reason: String,
    /// `None` for a member whose bytes could not be had.
    pub sha256: Option<Sha256>,
    pub language: String,
    /// Best date as RFC 3339 (offset only where stated), and what says so.
    pub date: Option<String>,
    pub date_source: String,
    pub parent: Option<DocumentId>,
    pub places: u64,
    pub children: u64,
    /// Messages, when it is a chat export.
    pub messages: u64,
    pub read: bool,
    pub starred: bool,
    pub irrelevant: bool,
    pub tags: Vec<String>,
}

/// One entry of the list of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentEntry {
    /// The document; of a folder the first one in it, of a page set its first page.
    pub row: DocumentRow,
    /// Folders and containers that it lies in, where they are shown.
    pub depth: usize,
    pub shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    Document,
    /// A folder, or one inside of a container.
    Folder {
        path: String,
        /// Documents in it, at any depth.
        documents: u64,
    },
    /// All pages of a set, in their order.
    Pages(Vec<DocumentId>),
}

impl DocumentEntry {
    /// The document, unless it is a folder.
    pub fn document(&self) -> Option<&DocumentRow> {
        (!matches!(self.shape, Shape::Folder { .. })).then_some(&self.row)
    }

    /// The documents that it stands for: none for a folder.
    pub fn documents(&self) -> Vec<DocumentId> {
        match &self.shape {
            Shape::Document => vec![self.row.id],
            Shape::Folder { .. } => Vec::new(),
            Shape::Pages(pages) => pages.clone(),
        }
    }
}

impl From<DocumentRow> for DocumentEntry {
    fn from(row: DocumentRow) -> Self {
        DocumentEntry { row, depth: 0, shape: Shape::Document }
    }
}

/// All that is known about a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    #[serde(flatten)]
    pub row: DocumentRow,
    pub places: Vec<Place>,
    pub metadata: Vec<(String, String)>,
    pub warnings: Vec<String>,
    pub variants: Vec<Variant>,
    pub children: Vec<DocumentRow>,
    pub pages_without_text: Vec<String>,
    /// Conversations that this export holds messages of.
    pub conversations: Vec<ConversationId>,
    /// Other pages of the same page set, in natural order.
    pub page_set: Vec<DocumentId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    pub source: SourceId,
    pub path: String,
    /// Absolute path of the outermost file.
    pub file: String,
    pub parent: Option<DocumentId>,
    /// RFC 3339, of the file or as the container states it.
    pub modified: Option<String>,
    /// The file was not found at the last `add`.
    pub missing: bool,
}

/// One text of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// Row id, for `Case::text`.
    #[serde(skip)]
    pub id: i64,
    pub kind: VariantKind,
    pub language: String,
    /// Extractor or program that made it, with its version.
    pub tool: String,
    pub encoding: String,
    /// Bytes of UTF-8.
    pub bytes: u64,
    /// An open one at the end is one.
    pub lines: u64,
    pub sha256: Sha256,
    #[serde(skip)]
    pub parts: Vec<Part>,
}

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Byte offset of `text` in the variant. At a character border.
    pub start: u64,
    /// Number of line ends before `start`.
    pub line: u64,
    pub text: String,
}

/// How the list of conversations is cut and sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// What stands in the title, the platform or a name of who takes part; empty for all.
    pub wanted: String,
    pub sort: ConversationSort,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConversationSort {
    /// Most messages first.
    #[default]
    Messages,
    /// Last spoken in first; undated last.
    Last,
    Title,
    /// Most unread first.
    Unread,
}

/// One line of the list of conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConversationRow {
    pub id: ConversationId,
    pub platform: String,
    pub key: String,
    pub kind: ConversationKind,
    /// Title, or the names of the participants.
    pub title: String,
    /// In a list where another one of its platform is called so too: where its export lies.
    #[serde(skip)]
    pub apart: String,
    pub messages: u64,
    pub participants: Vec<Participant>,
    /// Clock readings of the first and last dated message, RFC 3339 without offset.
    pub first: Option<String>,
    pub last: Option<String>,
    /// Messages that are neither read nor irrelevant.
    pub unread: u64,
    /// Messages that stood on a screen long enough to be read, whoever sat before it.
    pub seen: u64,
    pub blocks: Vec<Block>,
    /// Time that no export covers: clock readings of the last message before and the first after.
    pub gaps: Vec<(String, String)>,
}

/// One continuous stretch of one export. Silence can be claimed only inside a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Block {
    pub document: DocumentId,
    pub first: Option<String>,
    pub last: Option<String>,
    pub messages: u64,
    /// Offset in seconds that naive stamps are read with, and how it is known.
    pub zone: i32,
    pub zone_status: ZoneStatus,
    pub zone_why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneStatus {
    Stated,
    Inferred,
    Assumed,
    /// An analyst set it; the journal says who.
    Set,
}

impl ZoneStatus {
    pub fn name(self) -> &'static str {
        match self {
            ZoneStatus::Stated => "stated",
            ZoneStatus::Inferred => "inferred",
            ZoneStatus::Assumed => "assumed",
            ZoneStatus::Set => "set",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Participant {
    pub id: ParticipantId,
    pub platform: String,
    pub handle: String,
    pub name: String,
    pub messages: u64,
    /// The entity that owns it, where that was looked up: its number and name.
    #[serde(skip)]
    pub owner: Option<super::dossier::Called>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    pub id: MessageId,
    pub conversation: ConversationId,
    /// Position in the conversation, from 0.
    pub position: u64,
    pub kind: MessageKind,
    /// Handle; `None` for the platform itself.
    pub sender: Option<String>,
    pub sender_id: Option<ParticipantId>,
    /// Name as shown, or the handle.
    pub sender_name: String,
    /// The timestamp exactly as it stands in the file.
    pub raw_time: String,
    /// RFC 3339 with the offset that is stated, set or assumed.
    pub time: Option<String>,
    /// UTC seconds of `time`.
    pub instant: Option<i64>,
    pub zone_status: ZoneStatus,
    pub text: String,
    pub media: Vec<Media>,
    pub reply_to: Option<String>,
    /// The message that `reply_to` names, when it is in the case.
    pub reply_id: Option<MessageId>,
    pub quote: Option<String>,
    pub thread: Option<String>,
    pub edited: Option<String>,
    pub forwarded_from: Option<String>,
    pub reactions: Vec<(String, u32)>,
    /// Other messages that the platform gives the same id: what this one said before it was
    /// edited, or says since.
    pub versions: Vec<MessageId>,
    pub places: Vec<MessagePlace>,
    pub read: bool,
    pub starred: bool,
    pub irrelevant: bool,
    pub tags: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessagePlace {
    pub document: DocumentId,
    /// Position in that file, from 0.
    pub ordinal: u64,
    /// Byte range of the record in the original, where the format has one.
    pub span: Option<(u64, u64)>,
}

/// How the list of documents is cut and sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFilter {
    /// Part of the path of a place, compared in the normal form; empty for all. What fits is
    /// listed under its first place that does, in a tree in each of them.
    pub path: String,
    pub state: Option<State>,
    /// Only failed, encrypted, over-limit and unsupported ones.
    pub unreadable: bool,
    pub format: Option<String>,
    pub parent: Option<DocumentId>,
    /// Only those that lack something.
    #[serde(default)]
    pub lacking: Option<Lacking>,
    pub sort: DocumentSort,
    pub descending: bool,
    /// Entries are those of a tree: folders, page sets as one. The sort is by path then.
    pub tree: bool,
    /// Paths of folders of the tree in which nothing is shown.
    #[serde(default)]
    pub folded: Vec<String>,
}

/// What a document may lack though it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lacking {
    /// Some of its pages have no text.
    PageText,
    /// It is an export whose zone is only assumed.
    Zone,
    /// None of its files was found at the last `add`.
    File,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentSort {
    /// D numbers, which is walk order.
    #[default]
    Number,
    Path,
    Format,
    Date,
    Size,
}

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
    /// Count occurrences over all hits. The postings know most; for the rest (regular expressions,
    /// `NEAR`, punctuation at an end) hits are read, if there are at most so many.
    pub occurrences: Option<u64>,
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
    /// Occurrences over all hits; `None` when not asked for.
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
    pub owner: Option<super::dossier::Called>,
    pub conversation: Option<ConversationId>,
    pub read: bool,
    pub starred: bool,
    pub irrelevant: bool,
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

/// What a damaged or changed thing is, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// `original`, `text`, `operation`, `index`, `database`.
    pub what: &'static str,
    pub name: String,
    pub problem: String,
}

/// A part as a person says it: `page 3`, `sheet 付款`. Empty for running text.
pub fn part_name(kind: PartKind, label: &str) -> String {
    match (kind, label) {
        (PartKind::Body, SHEET_NAMES) => "sheet names".to_owned(),
        (PartKind::Body, _) => String::new(),
        (kind, "") => kind.name().replace('_', " "),
        (kind, label) => format!("{} {label}", kind.name().replace('_', " ")),
    }
}
