//! What can be followed: everything that is named on the screen leads somewhere.

use super::pages::PageId;
use super::view::View;
use crate::case::DocumentFilter;
use crate::model::{
    AnchorId, ConversationId, DocumentId, ItemId, MessageId, ParticipantId, Sha256,
};

/// A place that a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A section, as one left it.
    Section(View),
    /// The list of documents, cut and sorted.
    Documents(DocumentFilter),
    Document {
        id: DocumentId,
        /// Byte offset in the text of its first variant.
        at: Option<u64>,
    },
    /// One of the texts of a document, by its row id.
    Text {
        id: DocumentId,
        variant: i64,
    },
    Conversation {
        id: ConversationId,
        /// Position of a message, from 0; `None` for where it was left, or its start.
        position: Option<u64>,
    },
    /// Where a day begins in a conversation, on the clock of the evidence.
    ConversationDay {
        id: ConversationId,
        /// Days since 1970-01-01.
        day: i32,
    },
    /// An account, a note, a day.
    Page(PageId),
    /// A message, in its conversation.
    Message(MessageId),
    /// What a message sent along, by the name and the bytes that its export says.
    Media {
        message: MessageId,
        name: String,
        size: Option<u64>,
    },
    /// Where an anchor stands; its page, where it stands nowhere.
    Passage(AnchorId),
    /// What somebody named by its number: the case may not have it.
    Named(ItemId),
    Search(String),
    /// The zone that an export is read in, to be set after a question; `None` for what was found.
    Zone {
        export: DocumentId,
        /// Seconds east of UTC.
        offset: Option<i32>,
    },
    /// The zone of an export, for all that are like it and wait for one.
    ZoneAlike {
        like: DocumentId,
        offset: i32,
    },
    /// Entries of folders and archives that were left alone, with the reasons.
    Skipped,
    /// A saved search: what is unread in it.
    Worklist {
        /// The operation that saved it.
        search: Sha256,
        query: String,
    },
    /// The running query, narrowed by `field:value`.
    Narrow(String),
    /// All values of a facet, or only the first of them again.
    Facet(&'static str),
    /// A near miss: the query with `from` replaced by `to`.
    Replace {
        from: String,
        to: String,
    },
    /// An account that nobody owns: whose it is shall be said.
    Owner(ParticipantId),
    /// Something of the export that is on the screen.
    Export(Change),
}

/// What is changed of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    What,
    Format,
    Profile,
    File,
    /// Nothing more: it is written.
    Write,
}
