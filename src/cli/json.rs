//! The JSON that `--json` prints. Stable: fields may be added, none is renamed, removed or given
//! another meaning without a new major version.
//!
//! Ids are strings as people type them (`"D17"`). Byte offsets are offsets in the UTF-8 text of
//! the variant that is named beside them. Times are RFC 3339; what the evidence does not say is
//! `null` and never invented.

use crate::case as view;
use crate::model::document::Part;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// Pairs of name and count, written as an object; the order is kept.
#[derive(Clone, Debug, Default)]
pub struct Counts(pub Vec<(String, u64)>);

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, count) in &self.0 {
            map.serialize_entry(name, count)?;
        }
        map.end()
    }
}

/// `new`.
#[derive(Debug, Serialize)]
pub struct New {
    /// Absolute path of the case folder.
    pub case: String,
}

/// `status`.
#[derive(Debug, Serialize)]
pub struct Status {
    /// Name of the case.
    pub case: String,
    /// Distinct contents.
    pub documents: u64,
    /// Places where they lie, members of containers included.
    pub places: u64,
    /// Documents that came out of another one.
    pub children: u64,
    pub bytes: u64,
    /// Message records; identical ones inside one file all count.
    pub messages: u64,
    /// Message records that differ in anything.
    pub distinct_messages: u64,
    /// Message records as they stand in all exports: one that several exports hold counts in each.
    pub message_records: u64,
    pub conversations: u64,
    /// Accounts that wrote or are named as a sender; the platform's own are none.
    pub participants: u64,
    /// All other accounts: silent members, the platform's own.
    pub silent: u64,
    pub exports: u64,
    /// Failed, encrypted, over a limit or unsupported.
    pub unreadable: u64,
    /// Documents that have something to see but no text.
    pub no_text: u64,
    /// Pages without text inside documents that have some.
    pub pages_without_text: u64,
    /// Documents that were read with a warning: something in them is cut, damaged or doubtful.
    pub warned: u64,
    /// Entries that were left alone: no files, or excluded.
    pub skipped: u64,
    /// Documents whose files were not found at the last `add`.
    pub missing: u64,
    /// Exports whose time zone is assumed.
    pub zones_assumed: u64,
    /// Documents that an older version of the readers read.
    pub older_readers: u64,
    /// Of them: read again, and no better for it.
    pub older_tried: u64,
    /// Of them: the original is gone, changed or away, and the case has no copy.
    pub older_lost: u64,
    /// Units that are marked as read.
    pub read: u64,
    /// What stood on a screen long enough to be read, by variant.
    pub seen: Vec<view::Coverage>,
    /// What each person saw, by variant, and marked as read.
    pub people: Vec<view::PersonCoverage>,
    /// The index has all of it.
    pub index_is_current: bool,
    /// Documents by state; all states are there.
    pub states: Counts,
    /// Documents by format.
    pub types: Counts,
    /// Documents by language; `""` for those of which it was not determined, or that have no text.
    pub languages: Counts,
    /// Dated documents and messages by month.
    pub months: Vec<Month>,
    pub sources: Vec<Source>,
    /// Every document that could not be read, with its reason.
    pub unreadable_documents: Vec<Unreadable>,
    /// Every entry that was left alone, with its reason.
    pub left_alone: Vec<LeftAlone>,
    pub remarks: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Month {
    /// `2022-03`
    pub month: String,
    pub documents: u64,
    pub messages: u64,
}

#[derive(Debug, Serialize)]
pub struct Source {
    pub id: String,
    pub path: String,
    /// Who gave it, when, how.
    pub origin: String,
    pub added: String,
    pub places: u64,
    /// The last `add` did not come to its end.
    pub incomplete: bool,
}

#[derive(Debug, Serialize)]
pub struct Unreadable {
    pub id: String,
    pub path: String,
    pub state: &'static str,
    pub reason: String,
}

#[derive(Debug, Serialize)]
pub struct LeftAlone {
    pub source: String,
    pub path: String,
    pub reason: String,
}

impl Status {
    pub fn with_left_alone(self, rows: Vec<view::SkippedRow>) -> Status {
        let row = |row: view::SkippedRow| LeftAlone {
            source: row.source.to_string(),
            path: row.path,
            reason: row.reason,
        };
        Status { left_alone: rows.into_iter().map(row).collect(), ..self }
    }

    pub fn new(
        case: String,
        status: view::Status,
        people: Vec<view::PersonCoverage>,
        unreadable: Vec<Unreadable>,
    ) -> Status {
        let states = status.states.iter().map(|(state, n)| (state.name().to_owned(), *n));
        Status {
            case,
            documents: status.documents,
            places: status.places,
            children: status.children,
            bytes: status.bytes,
            messages: status.messages,
            distinct_messages: status.distinct_messages,
            message_records: status.message_records,
            conversations: status.conversations,
            participants: status.participants,
            silent: status.silent,
            exports: status.exports,
            unreadable: status.unreadable,
            no_text: status.no_text,
            pages_without_text: status.pages_without_text,
            warned: status.warned,
            skipped: status.skipped,
            missing: status.missing,
            zones_assumed: status.zones_assumed,
            older_readers: status.older.documents,
            older_tried: status.older.tried,
            older_lost: status.older.lost,
            read: status.read,
            seen: status.coverage,
            people,
            index_is_current: status.index_is_current,
            states: Counts(states.collect()),
            types: Counts(status.formats),
            languages: Counts(status.languages),
            months: status
                .months
                .into_iter()
                .map(|(month, documents, messages)| Month { month, documents, messages })
                .collect(),
            sources: status.sources.into_iter().map(Source::from).collect(),
            unreadable_documents: unreadable,
            left_alone: Vec::new(),
            remarks: status.remarks,
        }
    }
}

impl From<view::SourceRow> for Source {
    fn from(row: view::SourceRow) -> Source {
        Source {
            id: row.id.to_string(),
            path: row.path,
            origin: row.origin,
            added: row.added,
            places: row.places,
            incomplete: row.incomplete,
        }
    }
}

/// `documents`.
#[derive(Debug, Serialize)]
pub struct Documents {
    /// All that pass the filter.
    pub total: u64,
    pub documents: Vec<DocumentRow>,
}

/// What the list says of a document, and `show` too.
#[derive(Debug, Serialize)]
pub struct DocumentHead {
    pub id: String,
    /// First place; members of containers as `a/b.zip!c.txt`.
    pub path: String,
    #[serde(rename = "type")]
    pub format: String,
    pub size: u64,
    /// `null` for a member whose bytes could not be had.
    pub sha256: Option<String>,
    /// `read`, `export`, `no_text`, `empty`, `failed`, `encrypted`, `over_limit`, `unsupported`.
    pub state: &'static str,
    /// Why, for the states that are not fine.
    pub reason: String,
    pub language: String,
    /// Best date, and what says so.
    pub date: Option<String>,
    pub date_source: String,
    /// Messages, when it is a chat export.
    pub messages: u64,
    pub read: bool,
    pub starred: bool,
    pub irrelevant: bool,
    pub tags: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct DocumentRow {
    #[serde(flatten)]
    pub head: DocumentHead,
    /// The container it came out of.
    pub parent: Option<String>,
    /// Counts.
    pub places: u64,
    pub children: u64,
    /// What was cut, damaged or doubtful in it.
    pub warnings: Vec<String>,
    /// Of a page of a set, in the list of documents: all pages of it that the filter leaves, in
    /// their order, this one as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub page_set: Vec<String>,
}

impl From<view::DocumentRow> for DocumentHead {
    fn from(row: view::DocumentRow) -> DocumentHead {
        DocumentHead {
            id: row.id.to_string(),
            path: row.path,
            format: row.format,
            size: row.size,
            sha256: row.sha256.map(|digest| digest.to_string()),
            state: row.state.name(),
            reason: row.reason,
            language: row.language,
            date: row.date,
            date_source: row.date_source,
            messages: row.messages,
            read: row.read,
            starred: row.starred,
            irrelevant: row.irrelevant,
            tags: row.tags,
        }
    }
}

impl From<view::DocumentRow> for DocumentRow {
    fn from(row: view::DocumentRow) -> DocumentRow {
        DocumentRow {
            parent: row.parent.map(|id| id.to_string()),
            places: row.places,
            children: row.children,
            warnings: row.warnings.clone(),
            page_set: Vec::new(),
            head: row.into(),
        }
    }
}

/// `show D17`. `places` and `children` are lists here; their lengths are the counts of the list.
#[derive(Debug, Serialize)]
pub struct Document {
    pub kind: &'static str,
    #[serde(flatten)]
    pub head: DocumentHead,
    /// Which variant `text` is; `null` when there is no text.
    pub variant: Option<&'static str>,
    /// Encoding of the original, where `text` is what lies in the file itself (`show --file`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_encoding: Option<String>,
    pub text: String,
    /// The parts of `text`: pages, sheets, headers.
    pub parts: Vec<TextPart>,
    pub variants: Vec<Variant>,
    pub places: Vec<Place>,
    pub children: Vec<DocumentRow>,
    /// In the order of the file; a name may come several times.
    pub metadata: Vec<Metadata>,
    pub warnings: Vec<String>,
    pub pages_without_text: Vec<String>,
    /// Conversations that this export holds messages of.
    pub conversations: Vec<String>,
    /// Other pages of the same work, in order.
    pub page_set: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Metadata {
    pub key: String,
    pub value: String,
}

#[derive(Debug, Serialize)]
pub struct TextPart {
    pub kind: &'static str,
    /// Page number, sheet name, author of a comment.
    pub label: String,
    pub hidden: bool,
    pub start: u64,
    pub end: u64,
}

impl From<&Part> for TextPart {
    fn from(part: &Part) -> TextPart {
        TextPart {
            kind: part.kind.name(),
            label: part.label.clone(),
            hidden: part.hidden,
            start: part.start,
            end: part.end,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Variant {
    pub kind: &'static str,
    pub language: String,
    /// What made it, with its version.
    pub tool: String,
    pub encoding: String,
    pub bytes: u64,
    pub lines: u64,
    pub sha256: String,
}

#[derive(Debug, Serialize)]
pub struct Place {
    pub source: String,
    pub path: String,
    /// Absolute path of the outermost file.
    pub file: String,
    pub parent: Option<String>,
    pub modified: Option<String>,
    /// The file was not found at the last `add`.
    pub missing: bool,
}

impl Document {
    pub fn new(
        document: view::Document,
        variant: Option<&view::Variant>,
        text: String,
    ) -> Document {
        let mut row = document.row;
        Document {
            kind: "document",
            warnings: std::mem::take(&mut row.warnings),
            head: row.into(),
            variant: variant.map(|variant| variant.kind.name()),
            file_encoding: None,
            text,
            parts: variant.map_or(Vec::new(), |v| v.parts.iter().map(TextPart::from).collect()),
            variants: document
                .variants
                .iter()
                .map(|variant| Variant {
                    kind: variant.kind.name(),
                    language: variant.language.clone(),
                    tool: variant.tool.clone(),
                    encoding: variant.encoding.clone(),
                    bytes: variant.bytes,
                    lines: variant.lines,
                    sha256: variant.sha256.to_string(),
                })
                .collect(),
            places: document
                .places
                .into_iter()
                .map(|place| Place {
                    source: place.source.to_string(),
                    path: place.path,
                    file: place.file,
                    parent: place.parent.map(|id| id.to_string()),
                    modified: place.modified,
                    missing: place.missing,
                })
                .collect(),
            children: document.children.into_iter().map(DocumentRow::from).collect(),
            metadata: document
                .metadata
                .into_iter()
                .map(|(key, value)| Metadata { key, value })
                .collect(),
            pages_without_text: document.pages_without_text,
            conversations: document.conversations.iter().map(ToString::to_string).collect(),
            page_set: document.page_set.iter().map(|page| page.id.to_string()).collect(),
        }
    }
}
