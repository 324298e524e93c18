//! What the screen asks of the case and what comes back. The screen never calls the case itself:
//! these requests go to job threads that own their handle of it (see [`super::worker`]).
//!
//! Every request is bounded: lists and conversations are asked for by the range of rows around
//! the screen, texts by a window of bytes.

use super::anchoring::{Anchored, ColumnFigure};
use super::exporting::{Ended, Form};
use super::made::Made;
use super::naming::{Done, EntityAct, Known, Use};
use super::outside::Copied;
use super::pages::{Page, PageId};
use super::quote::Quote;
use super::selection::Selected;
use crate::case::{
    AccountSort, Acted, AnchorView, Condition, ConversationRow, Document, DocumentEntry,
    DocumentFilter, Draft, Figures, Hold, Listed, Mentions, MergePreview, Message, NearMiss,
    NoteEntry, NoteField, NoteFilter, PersonCoverage, Present, Progress, Pulse, RowOrder, Scope,
    SearchOptions, SearchResult, Session, SessionRow, Sight, Slice, Status, TableRow, TableView,
    TagCount, TimelineRow, Variant, Walk, Worklist,
};
use crate::model::document::Part;
use crate::model::{
    AnchorId, ConversationId, DocumentId, EntityId, ItemId, MessageId, NoteId, Sha256, VariantKind,
};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// What a job is for: one running and one waiting for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    Status,
    /// Rows of a list.
    List,
    /// The text or messages in the reader.
    Reader,
    /// Occurrences in what the reader shows.
    Occurrences,
    /// Anchors in what the reader shows.
    Anchors,
    /// Names of watched entities in what the reader shows.
    Watched,
    /// Whether an anchor holds.
    Hold,
    /// What highlights meant before.
    Meanings,
    /// What is known about what the cursor is on.
    Margin,
    /// Where the names of an entity stand.
    Mentions,
    /// What is asked on the way to saying who is who.
    Naming,
    /// Entities in what is read.
    Present,
    Search,
    NearMisses,
    /// Where a link leads.
    Locate,
    /// How the open conversation is cut into sessions.
    Sessions,
    /// What the list says of the sessions on the screen.
    SessionRows,
    /// Where a line of a text begins.
    Line,
    /// Where in the list what is open stands.
    Row,
    /// A note to be written over.
    Edit,
    /// What a note that is written names.
    About,
    /// What `[[` completes.
    Complete,
    /// Saved searches with what is unread in them.
    Worklists,
    /// Queries of before.
    Queries,
    /// What is to be copied.
    Quote,
    /// An original for another program.
    Original,
    /// Rows of a table.
    Table,
    /// The order of a table's rows.
    Order,
    /// What stands in a column of a table.
    Figures,
    /// Something that is written. Never replaced and never cancelled (see [`super::work`]).
    Act,
    /// How much a bulk act is about.
    Count,
    /// Where the next unread thing is.
    Unread,
    /// How much is marked.
    Progress,
    /// What others change. Runs all the time.
    Watch,
    /// Where one left off.
    Resume,
    /// Whether citations hold.
    Holds,
    /// Every tag with how much carries it.
    Tags,
    /// Questions that a note may answer.
    Questions,
    /// Who saw and read how much.
    Readers,
    /// A report that is written.
    Export,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Status,
    Documents {
        filter: DocumentFilter,
        range: Range<u64>,
    },
    Conversations {
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
    /// What a bulk act would mark or tag.
    Count {
        scope: Scope,
        label: Label,
        /// The scope in words, for the question.
        of: String,
    },
    /// The next row of a list after `from` that waits to be read.
    Unread {
        walk: Walk,
        from: Option<u64>,
    },
    Progress,
}

/// Something that is written to the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Mark {
        items: Arc<[ItemId]>,
        mark: Mark,
        on: bool,
    },
    /// Keeps a note as it was written, and forgets its draft.
    Note(Draft),
    DeleteNote(NoteId),
    /// What a note is, or where it stands, from now on.
    SetNote {
        note: NoteId,
        set: NoteField,
    },
    /// Tags evidence, or what analysts made.
    Tag {
        items: Arc<[ItemId]>,
        name: String,
        on: bool,
    },
    Entity(EntityAct),
    /// Highlights what is selected.
    Highlight {
        selected: Selected,
        meaning: String,
        comment: String,
        tags: Vec<String>,
    },
    /// Makes an anchor of what a note shall cite, unless there is one.
    Cite(Citing),
    /// What an anchor means from now on, with all its tags.
    SetAnchor {
        id: AnchorId,
        meaning: String,
        comment: String,
        tags: Vec<String>,
    },
    DropAnchor(AnchorId),
    /// The zone that an export is read in: seconds east of UTC, `None` for what was found.
    Zone {
        export: DocumentId,
        offset: Option<i32>,
    },
    /// The same for all that are like it and wait for one.
    ZoneAlike {
        like: DocumentId,
        offset: i32,
    },
    SaveSearch {
        name: String,
        query: String,
    },
    /// By the operation that saved it.
    DropSearch(Sha256),
    /// A query was used. No operation of the journal.
    Remember(String),
    /// Keeps what is being written. No operation of the journal.
    Draft(Draft),
    DropDraft(Draft),
    /// So many operations: those of one act, as they are known when its turn comes.
    Undo(u32),
    Redo(u32),
    /// What stood on the screen long enough to be read.
    See(Arc<[Sight]>),
    /// Where one is, to come back to: JSON.
    Leave(String),
}

/// What is cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Citing {
    Selected(Selected),
    /// How much a query finds.
    Search(String),
    Column(Box<ColumnFigure>),
}

/// The marks that have a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Read,
    Irrelevant,
    Starred,
}

impl Mark {
    /// As the journal writes it.
    pub fn name(self) -> &'static str {
        match self {
            Mark::Read => "read",
            Mark::Irrelevant => "irrelevant",
            Mark::Starred => "starred",
        }
    }
}

/// A mark that has a key, or a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    Mark(Mark),
    Tag(String),
}

/// What a bulk act would mark or tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub items: Arc<[ItemId]>,
    pub label: Label,
    pub of: String,
    pub documents: u64,
    pub messages: u64,
    /// Of them, carry it already.
    pub marked: u64,
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

#[derive(Clone, Debug)]
pub enum Answer {
    Status(Box<Status>),
    Documents {
        filter: DocumentFilter,
        range: Range<u64>,
        total: u64,
        rows: Vec<DocumentEntry>,
    },
    Conversations {
        range: Range<u64>,
        total: u64,
        rows: Vec<ConversationRow>,
    },
    People {
        sort: AccountSort,
        wanted: String,
        range: Range<u64>,
        total: u64,
        rows: Vec<Listed>,
    },
    Notes {
        filter: NoteFilter,
        range: Range<u64>,
        total: u64,
        rows: Vec<NoteEntry>,
    },
    Holds(Vec<(AnchorId, Hold)>),
    Tags(Vec<TagCount>),
    Questions(Vec<NoteEntry>),
    Readers(Vec<PersonCoverage>),
    Days(Vec<TimelineRow>),
    Page(Box<Page>, Box<Made>),
    Exported {
        form: Form,
        path: PathBuf,
        ended: Ended,
    },
    Mentions {
        id: EntityId,
        found: Box<Mentions>,
    },
    Present {
        item: ItemId,
        found: Vec<Present>,
        is_cut: bool,
    },
    Said {
        selected: Selected,
        text: String,
        purpose: Use,
    },
    KnownEntities(Vec<Known>),
    MergePreview {
        id: EntityId,
        into: EntityId,
        why: String,
        preview: Box<MergePreview>,
    },
    /// Something was done to this entity.
    Named {
        act: EntityAct,
        done: Done,
    },
    EditNote(Box<Draft>),
    Worklists(Vec<Worklist>),
    Queries(Vec<String>),
    Sessions {
        id: ConversationId,
        sessions: Arc<[Session]>,
    },
    SessionRows {
        id: ConversationId,
        query: String,
        rows: Vec<SessionRow>,
    },
    Document {
        document: Box<Document>,
        variant: usize,
        slice: Option<Slice>,
    },
    Text {
        id: DocumentId,
        slice: Slice,
    },
    Anchors {
        id: DocumentId,
        anchors: Vec<AnchorView>,
    },
    Passage {
        id: AnchorId,
        at: Option<crate::case::At>,
        position: Option<(ConversationId, u64)>,
    },
    Hold {
        id: AnchorId,
        hold: crate::case::Hold,
    },
    Meanings {
        meanings: Vec<String>,
        tags: Vec<String>,
    },
    About(Vec<(ItemId, String)>),
    Completions {
        typed: String,
        found: Vec<(ItemId, String)>,
    },
    Conversation {
        row: Box<ConversationRow>,
        range: Range<u64>,
        messages: Vec<Marked>,
    },
    Occurrences {
        id: DocumentId,
        variant: i64,
        query: String,
        found: Occurrences,
    },
    Watched {
        id: DocumentId,
        variant: i64,
        found: Vec<(u64, u64)>,
    },
    Line {
        id: DocumentId,
        offset: u64,
    },
    RowOf {
        filter: DocumentFilter,
        id: DocumentId,
        row: Option<u64>,
    },
    Table {
        id: DocumentId,
        table: u64,
        rows: Box<Rows>,
    },
    Order {
        id: DocumentId,
        table: u64,
        view: TableView,
        order: RowOrder,
    },
    Quote(Quote),
    Original(Copied),
    Figures {
        id: DocumentId,
        table: u64,
        figures: Box<Figures>,
    },
    NextMessage {
        id: ConversationId,
        query: String,
        next: Option<NextHit>,
        total: u64,
    },
    Search {
        query: String,
        range: Range<u64>,
        result: Box<SearchResult>,
    },
    NearMisses {
        query: String,
        misses: Vec<NearMiss>,
    },
    Details(Box<Details>, Box<Made>),
    Located {
        id: MessageId,
        conversation: ConversationId,
        position: u64,
    },
    Media {
        name: String,
        size: Option<u64>,
        /// With its own size.
        document: Option<(DocumentId, u64)>,
    },
    LocatedClock {
        id: ConversationId,
        position: u64,
        /// What was wanted.
        clock: Range<i64>,
        /// The day of the message that was found (`2022-03-05`), if there is one there or later.
        found: Option<String>,
    },
    /// Lines to be read, and how many there are in all.
    Skipped {
        lines: Vec<String>,
        total: u64,
    },
    Acted {
        act: Act,
        acted: Acted,
    },
    Anchored {
        act: Act,
        done: Anchored,
    },
    NoteKept(Box<Kept>),
    /// A draft, as one of this opening of the case.
    DraftKept {
        draft: Draft,
        sitting: i64,
    },
    Noted,
    Changed(Pulse),
    Resume(Option<String>),
    Counted(Counted),
    Unread {
        walk: Walk,
        at: Option<(u64, ItemId)>,
    },
    Progress(Progress),
}

/// What became of a note that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub draft: Draft,
    /// Its number, unless there is none (any more).
    pub note: Option<NoteId>,
    /// The act, if there was one.
    pub acted: Option<Acted>,
}

/// Byte ranges in a text, sorted, not overlapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Occurrences {
    pub ranges: Vec<(u64, u64)>,
    /// There are more: only the first ones are here.
    pub is_cut: bool,
}

/// Rows of a table, as they were asked for.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Rows of the whole table.
    pub total: u64,
    /// The first rows of the table, whatever was asked for: one of them may name the columns.
    pub head: Vec<TableRow>,
    /// Place of the first row of `rows` in the order; its number where there is none.
    pub first: u64,
    pub rows: Vec<TableRow>,
    pub order: Option<RowOrder>,
    /// Place of the row that was asked for by its offset; `None` when it is filtered out.
    pub found: Option<u64>,
}

/// A message of a conversation that a query finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextHit {
    pub position: u64,
    /// Its number among all that are found, from 1, where that is known.
    pub number: Option<u64>,
}

/// A message with the byte ranges in its text that the running query finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    pub message: Message,
    pub marks: Vec<(usize, usize)>,
    /// Where names of watched entities stand in its text.
    pub watched: Vec<(u64, u64)>,
    /// In it, in the order of its text.
    pub anchors: Vec<AnchorView>,
}

impl Marked {
    /// Where its anchors stand in its text: sorted, not overlapping.
    pub fn anchored(&self) -> Vec<(u64, u64)> {
        let mut ranges = Vec::new();
        for at in self.anchors.iter().filter_map(|view| view.at) {
            crate::case::add_range(&mut ranges, (at.start, at.end));
        }
        ranges
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Details {
    Document(Document),
    Conversation(ConversationRow),
    Message(Message, ConversationRow),
}

impl Details {
    pub fn item(&self) -> ItemId {
        match self {
            Details::Document(document) => document.row.id.into(),
            Details::Conversation(row) => ItemId::Conversation(row.id),
            Details::Message(message, _) => message.id.into(),
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub message: String,
    /// Byte range in the query that is wrong.
    pub span: Option<(usize, usize)>,
    /// What to type instead.
    pub suggestion: Option<String>,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Failure { message: message.into(), span: None, suggestion: None }
    }
}

/// Bytes of text that the reader holds around its position.
pub const TEXT_WINDOW: u64 = 192 * 1024;

/// Messages or rows that are asked for at once are whole groups of this many.
pub const GROUP: u64 = 200;

/// Rows at the top of a table among which the names of its columns are looked for.
pub const HEAD_ROWS: u64 = 12;

/// Rows of a table that are asked for around one.
pub const TABLE_ROWS: u64 = 256;

/// Whole groups that cover `from..to` with a group to spare on either side.
pub fn groups(from: u64, to: u64) -> Range<u64> {
    let start = (from / GROUP).saturating_sub(1) * GROUP;
    start..(to / GROUP + 2) * GROUP
}
