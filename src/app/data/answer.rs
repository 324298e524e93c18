//! What comes back.

use super::act::{Act, Counted};
use crate::app::anchoring::Anchored;
use crate::app::exporting::{Ended, Form};
use crate::app::made::Made;
use crate::app::named::NameCount;
use crate::app::naming::{Done, EntityAct, Known, KnownAccount, Use};
use crate::app::outside::Copied;
use crate::app::pages::Page;
use crate::app::quote::Quote;
use crate::app::selection::Selected;
use crate::case::{
    AccountSort, Acted, AnchorView, ConversationFilter, ConversationRow, Document, DocumentEntry,
    DocumentFilter, Draft, Figures, Hold, Listed, Mentions, MergePreview, Message, NearMiss,
    NextUnread, NoteEntry, NoteFilter, PersonCoverage, Present, Progress, Pulse, RowOrder,
    SearchResult, Session, SessionRow, Slice, Status, TableRow, TableView, TagCount, TimelineRow,
    Walk, Who, Worklist,
};
use crate::model::{AnchorId, ConversationId, DocumentId, EntityId, ItemId, MessageId, NoteId};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub enum Answer {
    Status(Box<Status>),
    Documents {
        filter: DocumentFilter,
        range: Range<u64>,
        total: u64,
        /// That the rows stand for.
        documents: u64,
        rows: Vec<DocumentEntry>,
    },
    Conversations {
        filter: ConversationFilter,
        range: Range<u64>,
        total: u64,
        rows: Vec<ConversationRow>,
    },
    People {
        sort: AccountSort,
        wanted: String,
        range: Range<u64>,
        who: Who,
        rows: Vec<Listed>,
    },
    Notes {
        filter: NoteFilter,
        range: Range<u64>,
        total: u64,
        rows: Vec<NoteEntry>,
    },
    Holds(Vec<(AnchorId, Hold)>),
    NamesCounted(Vec<NameCount>),
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
    KnownAccounts(Vec<KnownAccount>),
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
        /// What is marked in them.
        query: String,
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
    HitHere {
        id: ConversationId,
        query: String,
        /// Counted from 1; `None` where the message is none of them, or they were not all counted.
        number: Option<u64>,
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
    /// The case has it.
    Found(ItemId),
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
    Prepared,
    Changed(Pulse),
    /// The case lies no more where it was opened: why nothing is kept any more.
    Gone(String),
    Resume(Option<String>),
    Counted(Counted),
    /// Notes and entities that stand on an anchor.
    Citing(AnchorId, Vec<ItemId>),
    Unread {
        walk: Walk,
        next: Option<NextUnread>,
    },
    Progress(Progress),
    Index {
        bring_up: bool,
        is_current: bool,
    },
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
    Document(Box<Document>),
    Conversation(ConversationRow),
    Message(Box<Message>, ConversationRow),
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
