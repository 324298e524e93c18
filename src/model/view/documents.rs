//! Documents: their list, and all that is known about one.

use crate::model::document::{Part, SHEET_NAMES};
use crate::model::{ConversationId, DocumentId, PartKind, Sha256, SourceId, State, VariantKind};
use serde::{Deserialize, Serialize};

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
    /// Only those in this language, or in those that begin so where none is called so;
    /// [`NO_LANGUAGE`] for those of which it was not determined.
    #[serde(default)]
    pub language: Option<String>,
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

/// What stands for the language of a text of which it could not be determined: in queries and in
/// filters of lists.
pub const NO_LANGUAGE: &str = "none";

/// What a document may lack though it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lacking {
    /// Some of its pages have no text.
    PageText,
    /// Assurance that all of it was read as it stands: it has warnings.
    Assurance,
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
    Language,
}

/// One line of the list of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    pub id: DocumentId,
    /// First place; members of containers as `a/b.zip!c.txt`.
    pub path: String,
    /// Last part of the path.
    pub name: String,
    /// Format id: `docx`.
    pub format: String,
    /// Bytes.
    pub size: u64,
    pub state: State,
    pub reason: String,
    /// What was cut, damaged or doubtful in it.
    pub warnings: Vec<String>,
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
    Pages(Vec<SetPage>),
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
            Shape::Pages(pages) => pages.iter().map(|page| page.id).collect(),
        }
    }

    /// A page set. `row` is that of its first page; of the marks it gets those of all pages: read
    /// or irrelevant when all are, starred when one is, every tag that one carries.
    pub fn of_pages(row: DocumentRow, pages: Vec<SetPage>, depth: usize) -> Self {
        let mut entry = DocumentEntry { row, depth, shape: Shape::Pages(pages) };
        entry.sum_up();
        entry
    }

    /// The marks of a page set once more, after those of its pages have changed.
    pub fn sum_up(&mut self) {
        let Shape::Pages(pages) = &self.shape else { return };
        self.row.read = pages.iter().all(|page| page.read);
        self.row.irrelevant = pages.iter().all(|page| page.irrelevant);
        self.row.starred = pages.iter().any(|page| page.starred);
        self.row.tags.clear();
        for tag in pages.iter().flat_map(|page| &page.tags) {
            if !self.row.tags.contains(tag) {
                self.row.tags.push(tag.clone());
            }
        }
    }
}

/// A page of a work that is a document of its own, with what is marked on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetPage {
    pub id: DocumentId,
    pub state: State,
    pub read: bool,
    pub starred: bool,
    pub irrelevant: bool,
    pub tags: Vec<String>,
}

impl From<DocumentRow> for DocumentEntry {
    fn from(row: DocumentRow) -> Self {
        DocumentEntry { row, depth: 0, shape: Shape::Document }
    }
}

/// All that is known about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub row: DocumentRow,
    pub places: Vec<Place>,
    pub metadata: Vec<(String, String)>,
    pub variants: Vec<Variant>,
    pub children: Vec<DocumentRow>,
    pub pages_without_text: Vec<String>,
    /// Conversations that this export holds messages of.
    pub conversations: Vec<ConversationId>,
    /// All pages of the page set that it is one of, in natural order.
    pub page_set: Vec<SetPage>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Row id, for `Case::text`.
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

/// A part as a person says it: `page 3`, `sheet 付款`. Empty for running text.
pub fn part_name(kind: PartKind, label: &str) -> String {
    match (kind, label) {
        (PartKind::Body, SHEET_NAMES) => "sheet names".to_owned(),
        (PartKind::Body, _) => String::new(),
        (kind, "") => kind.name().replace('_', " "),
        (kind, label) => format!("{} {label}", kind.name().replace('_', " ")),
    }
}
