//! What is asked.

use super::act::{Act, Label};
use crate::app::exporting::Form;
use crate::app::naming::Use;
use crate::app::pages::PageId;
use crate::app::selection::Selected;
use crate::case::{
    AccountSort, Condition, ConversationFilter, DocumentFilter, NoteFilter, Pulse, RowOrder, Scope,
    SearchOptions, Session, TableView, Variant, Walk,
};
use crate::model::document::Part;
use crate::model::{
    AnchorId, ConversationId, DocumentId, EntityId, ItemId, MessageId, NoteId, VariantKind,
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Status,
    Documents {
        filter: DocumentFilter,
        range: Range<u64>,
    },
    /// What documents are sorted and filtered by is made, before somebody does.
    PrepareLists,
    Conversations {
        filter: ConversationFilter,
        range: Range<u64>,
    },
    /// Entities and accounts in whose names `wanted` stands.
    People {
        sort: AccountSort,
        wanted: String,
        range: Range<u64>,
    },
    /// One's drafts and all notes.
    Notes {
        filter: NoteFilter,
        range: Range<u64>,
    },
    /// Whether these anchors hold now.
    Holds(Vec<AnchorId>),
    Tags,
    Questions,
    Readers,
    /// All days of the timeline, and events among them.
    Days,
    Page(PageId),
    /// How a report would read.
    Preview(Form),
    /// Writes a report; over what stands there with `force`.
    Export {
        form: Form,
        force: bool,
    },
    Mentions(EntityId),
    /// How often the names of these stand in the evidence.
    NamesCounted(Vec<EntityId>),
    /// Entities in a document, message or conversation. Of a long text, around an offset.
    Present {
        item: ItemId,
        /// Row id of the document's text.
        variant: Option<i64>,
        around: u64,
    },
    /// What is selected, for what shall be done with it.
    Said {
        selected: Selected,
        purpose: Use,
    },
    /// All entities by their names.
    KnownEntities,
    /// All accounts, with the entities that own them.
    KnownAccounts,
    /// What a merge would change.
    MergePreview {
        id: EntityId,
        into: EntityId,
        why: String,
    },
    Worklists,
    Queries,
    /// The text of a note to write over, or a draft that was left in an earlier sitting.
    EditNote {
        note: Option<NoteId>,
        sitting: Option<i64>,
        /// Also where another window writes on it: that has been said.
        anyway: bool,
    },
    Sessions(ConversationId),
    SessionRows {
        id: ConversationId,
        /// Number of the first one.
        first: u64,
        sessions: Vec<Session>,
        /// Hits of this are counted.
        query: String,
    },
    /// A document with a window of its text.
    Document {
        id: DocumentId,
        at: At,
        which: Which,
    },
    /// Anchors in a document.
    Anchors(DocumentId),
    /// Where an anchor stands now.
    Passage(AnchorId),
    /// Whether an anchor holds.
    Hold(AnchorId),
    /// Meanings and tags that highlights had before.
    Meanings,
    /// A line about each of these.
    About(Vec<ItemId>),
    /// What begins or is called like what was typed.
    Complete(String),
    /// Another window of a text.
    Text {
        id: DocumentId,
        /// Without its parts.
        variant: Variant,
        range: Range<u64>,
    },
    /// A conversation with the messages around a position.
    Conversation {
        id: ConversationId,
        at: Around,
        /// Occurrences of this are marked.
        query: String,
    },
    /// All occurrences in a text of a document (bounded), as byte ranges of that text.
    Occurrences {
        id: DocumentId,
        /// Row id of the text.
        variant: i64,
        query: String,
    },
    /// Names of watched entities in a part of a text.
    Watched {
        id: DocumentId,
        /// Row id of the text.
        variant: i64,
        range: Range<u64>,
    },
    /// Where a line (from 0) of a text begins.
    Line {
        id: DocumentId,
        /// Without its parts.
        variant: Variant,
        line: u64,
    },
    /// Rows of a table inside of a text.
    Table {
        of: Box<TableOf>,
        rows: RowsAt,
        order: Option<RowOrder>,
    },
    /// A table sorted and filtered.
    Order {
        of: Box<TableOf>,
        view: TableView,
    },
    /// What stands in a column of a table, over the rows that `conditions` leave.
    Figures {
        of: Box<TableOf>,
        header: Option<u64>,
        column: usize,
        conditions: Vec<Condition>,
    },
    /// A copy of an original, for another program.
    Original(DocumentId),
    /// Something for the clipboard, with where it stands.
    Quote {
        selected: Selected,
        as_citation: bool,
    },
    /// The row of a document in the filtered and sorted list.
    RowOf {
        filter: DocumentFilter,
        id: DocumentId,
    },
    /// The next message of a conversation that the query finds.
    NextMessage {
        id: ConversationId,
        query: String,
        from: u64,
        is_backwards: bool,
        /// The message at `from` counts too.
        is_inclusive: bool,
    },
    /// Which occurrence a message is, and how many there are.
    HitHere {
        id: ConversationId,
        query: String,
        position: u64,
    },
    Search {
        query: String,
        options: SearchOptions,
    },
    NearMisses {
        query: String,
    },
    /// All that is known about an item.
    Details(ItemId),
    Locate(MessageId),
    /// Whether the case has what was named by its number.
    Named(ItemId),
    /// What was left alone, as far as a person reads on.
    Skipped,
    /// The document that a message sent along by this name.
    Media {
        message: MessageId,
        name: String,
        /// Bytes, as the export says.
        size: Option<u64>,
    },
    /// The first message of a conversation whose clock shows this or later.
    LocateClock {
        id: ConversationId,
        /// Seconds since 1970-01-01 on the clock of the evidence: the first message there or later.
        clock: Range<i64>,
    },
    Act(Act),
    /// Waits for changes of others.
    Watch {
        since: Pulse,
        is_settling: bool,
    },
    Resume,
    /// What stands on an anchor that shall be dropped.
    Citing(AnchorId),
    /// What a bulk act would mark or tag.
    Count {
        scope: Scope,
        label: Label,
        /// The scope in words, for the question.
        of: String,
    },
    /// The next row of a list after `from` that waits to be read; of the row itself what comes
    /// after `here`, which is one of the pages that it stands for.
    Unread {
        walk: Walk,
        from: Option<u64>,
        here: Option<ItemId>,
    },
    Progress,
    /// Whether the index has everything that is in the case; with `bring_up` after it was brought
    /// up to it.
    Index {
        bring_up: bool,
    },
}

/// Which text of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Which {
    /// The original, where there is one.
    #[default]
    First,
    Kind(VariantKind),
    /// The one with this row id.
    Id(i64),
}

impl Which {
    /// Its place among the texts of a document; the first one when there is no such text.
    pub fn of(self, variants: &[Variant]) -> usize {
        let found = match self {
            Which::First => None,
            Which::Kind(kind) => variants.iter().position(|variant| variant.kind == kind),
            Which::Id(id) => variants.iter().position(|variant| variant.id == id),
        };
        found.unwrap_or(0)
    }
}

/// Where in a text to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Offset(u64),
    End,
}

/// A table inside of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOf {
    pub id: DocumentId,
    /// Without its parts.
    pub variant: Variant,
    pub table: Part,
}

/// Which rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowsAt {
    /// Places in the order that is shown.
    Range(Range<u64>),
    /// Around the row that holds this byte of the text.
    Offset(u64),
}

/// Which messages of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Around {
    /// Whole groups of positions.
    Range(Range<u64>),
    End,
}
