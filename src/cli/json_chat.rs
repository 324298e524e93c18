//! The JSON of conversations, messages and searches. See `json.rs` for what all of it has in common.

use super::json::Counts;
use crate::case as view;
use crate::model::{ItemId, Media};
use serde::Serialize;

/// `conversations`.
#[derive(Debug, Serialize)]
pub struct Conversations {
    pub total: u64,
    pub conversations: Vec<ConversationRow>,
}

#[derive(Debug, Serialize)]
pub struct ConversationRow {
    pub id: String,
    pub platform: String,
    /// What identifies it on the platform.
    pub key: String,
    /// `pair`, `group`, `channel`, `unknown`.
    pub kind: &'static str,
    /// Title, or the names of the accounts.
    pub title: String,
    /// How many.
    pub messages: u64,
    pub unread: u64,
    /// First and last reading of the clock, without offset.
    pub first: Option<String>,
    pub last: Option<String>,
    /// Accounts that wrote in it; the platform's own are none.
    pub participants: Vec<Participant>,
    /// Its other accounts: silent members, the platform's own.
    pub silent: Vec<Participant>,
    /// One for each export that has a part of it. Silence can be claimed only inside a block.
    pub blocks: Vec<Block>,
}

#[derive(Debug, Serialize)]
pub struct Participant {
    pub id: String,
    pub platform: String,
    pub handle: String,
    pub name: String,
    pub messages: u64,
}

#[derive(Debug, Serialize)]
pub struct Block {
    pub document: String,
    pub first: Option<String>,
    pub last: Option<String>,
    pub messages: u64,
    /// Offset in seconds that stamps without a zone are read with.
    pub zone: i32,
    /// `stated`, `inferred`, `assumed`, `set`.
    pub zone_status: &'static str,
    pub zone_why: String,
}

impl From<view::Participant> for Participant {
    fn from(row: view::Participant) -> Participant {
        Participant {
            id: row.id.to_string(),
            platform: row.platform,
            handle: row.handle,
            name: row.name,
            messages: row.messages,
        }
    }
}

impl From<view::ConversationRow> for ConversationRow {
    fn from(row: view::ConversationRow) -> ConversationRow {
        let (participants, silent): (Vec<_>, Vec<_>) =
            row.accounts.into_iter().partition(view::Participant::wrote);
        ConversationRow {
            id: row.id.to_string(),
            platform: row.platform,
            key: row.key,
            kind: row.kind.name(),
            title: row.title,
            messages: row.messages,
            unread: row.unread,
            first: row.first,
            last: row.last,
            participants: participants.into_iter().map(Participant::from).collect(),
            silent: silent.into_iter().map(Participant::from).collect(),
            blocks: row
                .blocks
                .into_iter()
                .map(|block| Block {
                    document: block.document.to_string(),
                    first: block.first,
                    last: block.last,
                    messages: block.messages,
                    zone: block.zone,
                    zone_status: block.zone_status.name(),
                    zone_why: block.zone_why,
                })
                .collect(),
        }
    }
}

/// `show C3`. `messages` is the list; `message_count` its length.
#[derive(Debug, Serialize)]
pub struct Conversation {
    pub kind: &'static str,
    pub id: String,
    pub platform: String,
    pub key: String,
    /// `pair`, `group`, `channel`, `unknown`.
    pub conversation_kind: &'static str,
    pub title: String,
    pub message_count: u64,
    pub unread: u64,
    pub first: Option<String>,
    pub last: Option<String>,
    pub participants: Vec<Participant>,
    pub silent: Vec<Participant>,
    pub blocks: Vec<Block>,
    pub messages: Vec<Message>,
}

impl Conversation {
    pub fn new(row: view::ConversationRow, messages: Vec<Message>) -> Conversation {
        let row = ConversationRow::from(row);
        Conversation {
            kind: "conversation",
            id: row.id,
            platform: row.platform,
            key: row.key,
            conversation_kind: row.kind,
            title: row.title,
            message_count: row.messages,
            unread: row.unread,
            first: row.first,
            last: row.last,
            participants: row.participants,
            silent: row.silent,
            blocks: row.blocks,
            messages,
        }
    }
}

/// `show M2041`, and the messages of `show C3`.
#[derive(Debug, Serialize)]
pub struct Message {
    pub kind: &'static str,
    pub id: String,
    pub conversation: String,
    /// Position in the conversation, from 0.
    pub position: u64,
    /// `text`, `media`, `system`, `empty`, `encrypted`, `deleted`.
    pub message_kind: &'static str,
    /// Handle; `null` for the platform itself.
    pub sender: Option<String>,
    pub sender_id: Option<String>,
    /// Name as shown, or the handle.
    pub sender_name: String,
    /// The timestamp exactly as it stands in the file.
    pub raw_time: String,
    /// With the offset that is stated, set or assumed; `null` where the file gives no whole date.
    pub time: Option<String>,
    pub zone_status: &'static str,
    pub text: String,
    pub media: Vec<Media>,
    pub reply_to: Option<String>,
    /// The message that `reply_to` names, when it is in the case.
    pub reply_id: Option<String>,
    pub quote: Option<String>,
    pub thread: Option<String>,
    /// When it was edited, as the file says it; `unknown time` where it only says so.
    pub edited: Option<String>,
    pub forwarded_from: Option<String>,
    pub reactions: Counts,
    /// Other messages with the same id on the platform: what it said before an edit, or says since.
    pub versions: Vec<String>,
    pub places: Vec<MessagePlace>,
    pub read: bool,
    pub starred: bool,
    pub irrelevant: bool,
    pub tags: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct MessagePlace {
    pub document: String,
    /// Position in that file, from 0.
    pub ordinal: u64,
    /// Byte range of the record in the original, where the format has one.
    pub span: Option<(u64, u64)>,
}

impl From<view::Message> for Message {
    fn from(message: view::Message) -> Message {
        let reactions = message.reactions.into_iter().map(|(name, n)| (name, u64::from(n)));
        Message {
            kind: "message",
            id: message.id.to_string(),
            conversation: message.conversation.to_string(),
            position: message.position,
            message_kind: message.kind.name(),
            sender: message.sender,
            sender_id: message.sender_id.map(|id| id.to_string()),
            sender_name: message.sender_name,
            raw_time: message.raw_time,
            time: message.time,
            zone_status: message.zone_status.name(),
            text: message.text,
            media: message.media,
            reply_to: message.reply_to,
            reply_id: message.reply_id.map(|id| id.to_string()),
            quote: message.quote,
            thread: message.thread,
            edited: message
                .edited
                .map(|when| if when.is_empty() { "unknown time".to_owned() } else { when }),
            forwarded_from: message.forwarded_from,
            reactions: Counts(reactions.collect()),
            versions: message.versions.iter().map(ToString::to_string).collect(),
            places: message
                .places
                .into_iter()
                .map(|place| MessagePlace {
                    document: place.document.to_string(),
                    ordinal: place.ordinal,
                    span: place.span,
                })
                .collect(),
            read: message.read,
            starred: message.starred,
            irrelevant: message.irrelevant,
            tags: message.tags,
        }
    }
}

/// `search`.
#[derive(Debug, Serialize)]
pub struct Search {
    /// The query in its normal form.
    pub query: String,
    /// Documents and messages that fit: exact, whatever `--limit` is.
    pub total: u64,
    pub documents: u64,
    pub messages: u64,
    /// Places in texts that fit, over all hits; `null` when they were not counted because there
    /// are very many hits and `--occurrences` was not given.
    pub occurrences: Option<u64>,
    /// The first `--limit` of them, or all.
    pub hits: Vec<Hit>,
    pub facets: Facets,
    /// Queries that are nearly this one, with what they would add.
    pub near_misses: Vec<view::NearMiss>,
    /// Nothing was left out of them for want of time.
    pub near_misses_complete: bool,
    /// What this answer cannot know.
    pub remarks: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Hit {
    pub id: String,
    /// `document`, `message` or `note`.
    pub kind: &'static str,
    /// Path of a document; for a message the title of its conversation, for a note its title.
    pub path: String,
    /// Which text: `original`, `ocr`, `translation`, `transcript`.
    pub variant: &'static str,
    /// Page, or sheet and row; empty when there is nothing to say.
    pub locator: String,
    /// A stretch of text around the first occurrence.
    pub snippet: String,
    /// Byte offset of the snippet in the variant.
    pub snippet_start: u64,
    /// Byte ranges in the snippet that are occurrences.
    pub snippet_marks: Vec<(usize, usize)>,
    /// Byte ranges of the occurrences in the text of the variant; the first 1,000 of them.
    pub ranges: Vec<(u64, u64)>,
    /// All of them.
    pub occurrences: u64,
    /// Date of a document, time of a message, last change of a note.
    pub date: Option<String>,
    /// Messages only: date again, who said it (of a note: who wrote it), and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// The entity whose account that is, with its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    pub read: bool,
}

#[derive(Debug, Serialize)]
pub struct Owner {
    pub id: String,
    pub name: String,
}

impl From<view::Hit> for Hit {
    fn from(hit: view::Hit) -> Hit {
        let message = matches!(hit.item, ItemId::Message(_));
        Hit {
            id: hit.item.to_string(),
            kind: match hit.item {
                ItemId::Message(_) => "message",
                ItemId::Note(_) => "note",
                _ => "document",
            },
            path: hit.path,
            variant: hit.variant.name(),
            locator: hit.locator,
            snippet: hit.snippet.text,
            snippet_start: hit.snippet.start,
            snippet_marks: hit.snippet.marks,
            ranges: hit.ranges,
            occurrences: hit.occurrences,
            time: hit.date.clone().filter(|_| message),
            date: hit.date,
            sender: hit.sender,
            owner: hit.owner.map(|owner| Owner { id: owner.id.to_string(), name: owner.name }),
            conversation: hit.conversation.map(|id| id.to_string()),
            read: hit.read,
        }
    }
}

/// Exact counts over all hits.
#[derive(Debug, Serialize)]
pub struct Facets {
    #[serde(rename = "type")]
    pub formats: Counts,
    pub lang: Counts,
    /// By source id.
    pub source: Counts,
    pub conversation: Vec<ConversationCount>,
    /// By year; `undated` last.
    pub year: Counts,
}

#[derive(Debug, Serialize)]
pub struct ConversationCount {
    pub id: String,
    pub title: String,
    pub count: u64,
}

impl From<view::Facets> for Facets {
    fn from(facets: view::Facets) -> Facets {
        let (dated, undated): (Vec<_>, Vec<_>) =
            facets.years.into_iter().partition(|(year, _)| *year != 0);
        let years = dated.into_iter().map(|(year, n)| (year.to_string(), n));
        let undated = undated.into_iter().map(|(_, n)| ("undated".to_owned(), n));
        Facets {
            formats: Counts(facets.formats),
            lang: Counts(facets.languages),
            source: Counts(facets.sources.into_iter().map(|(id, n)| (id.to_string(), n)).collect()),
            conversation: facets
                .conversations
                .into_iter()
                .map(|(id, title, count)| ConversationCount { id: id.to_string(), title, count })
                .collect(),
            year: Counts(years.chain(undated).collect()),
        }
    }
}

impl Search {
    pub fn new(query: String, found: view::SearchResult, near: view::NearMisses) -> Search {
        Search {
            query,
            total: found.total,
            documents: found.documents,
            messages: found.messages,
            occurrences: found.occurrences,
            hits: found.hits.into_iter().map(Hit::from).collect(),
            facets: found.facets.into(),
            near_misses: near.found,
            near_misses_complete: near.complete,
            remarks: found.remarks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentId, MessageId, NoteId};

    #[test]
    fn a_hit_says_what_it_is() {
        let check = |item: ItemId, expected: &str| {
            assert_eq!(Hit::from(view::Hit::of(item)).kind, expected);
        };
        check(DocumentId(1).into(), "document");
        check(MessageId(1).into(), "message");
        check(ItemId::Note(NoteId(1)), "note");
    }
}
