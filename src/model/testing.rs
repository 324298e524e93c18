//! Rows of a case for tests: nothing is said of them but what the test says.

use super::view::{DocumentRow, Message, SetPage, ZoneStatus};
use super::{ConversationId, DocumentId, MessageId, MessageKind, State};

/// A document that was read.
pub fn document_row(id: i64, path: &str) -> DocumentRow {
    DocumentRow {
        id: DocumentId(id),
        path: path.to_owned(),
        name: path.rsplit(['/', '!']).next().unwrap_or_default().to_owned(),
        format: String::new(),
        size: 0,
        state: State::Read,
        reason: String::new(),
        warnings: Vec::new(),
        sha256: None,
        language: String::new(),
        date: None,
        date_source: String::new(),
        parent: None,
        places: 1,
        children: 0,
        messages: 0,
        read: false,
        starred: false,
        irrelevant: false,
        tags: Vec::new(),
    }
}

/// A page of a set that was read.
pub fn set_page(id: i64) -> SetPage {
    SetPage {
        id: DocumentId(id),
        state: State::Read,
        read: false,
        starred: false,
        irrelevant: false,
        tags: Vec::new(),
    }
}

/// A message of `C1`, by its position there.
pub fn message(position: u64, text: &str) -> Message {
    Message {
        id: MessageId(position as i64 + 1),
        conversation: ConversationId(1),
        position,
        kind: if text.is_empty() { MessageKind::Empty } else { MessageKind::Text },
        sender: None,
        sender_id: None,
        sender_name: String::new(),
        raw_time: String::new(),
        time: None,
        instant: None,
        zone_status: ZoneStatus::Stated,
        text: text.to_owned(),
        media: Vec::new(),
        reply_to: None,
        reply_id: None,
        quote: None,
        thread: None,
        edited: None,
        forwarded_from: None,
        reactions: Vec::new(),
        versions: Vec::new(),
        places: Vec::new(),
        read: false,
        starred: false,
        irrelevant: false,
        tags: Vec::new(),
    }
}
