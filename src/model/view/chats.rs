//! Conversations and messages.

use crate::model::dossier::Called;
use crate::model::{
    ConversationId, ConversationKind, DocumentId, Media, MessageId, MessageKind, ParticipantId,
};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationRow {
    pub id: ConversationId,
    pub platform: String,
    pub key: String,
    pub kind: ConversationKind,
    /// Title, or the names of the accounts.
    pub title: String,
    /// In a list where another one of its platform is called so too: where its export lies.
    pub apart: String,
    pub messages: u64,
    /// Its accounts, the busiest first, those last that never wrote in it.
    pub accounts: Vec<Participant>,
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
#[derive(Clone, Debug, PartialEq, Eq)]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub id: ParticipantId,
    pub platform: String,
    pub handle: String,
    pub name: String,
    pub messages: u64,
    /// The entity that owns it, where that was looked up: its number and name.
    pub owner: Option<Called>,
}

impl ConversationRow {
    /// The accounts that count as taking part: those that wrote in it.
    pub fn participants(&self) -> impl Iterator<Item = &Participant> {
        self.accounts.iter().filter(|account| account.wrote())
    }
}

impl Participant {
    /// Whether it counts as a participant: it is the sender of a message, and is not the account
    /// in whose name the platform itself speaks.
    pub fn wrote(&self) -> bool {
        let of_system = SYSTEM_ACCOUNTS.contains(&(self.platform.as_str(), self.handle.as_str()));
        self.messages > 0 && !of_system
    }
}

/// Accounts in whose name a platform speaks, as platform and handle: Slackbot, and the service
/// notifications of Telegram.
pub const SYSTEM_ACCOUNTS: [(&str, &str); 2] = [("slack", "USLACKBOT"), ("telegram", "user777000")];

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagePlace {
    pub document: DocumentId,
    /// Position in that file, from 0.
    pub ordinal: u64,
    /// Byte range of the record in the original, where the format has one.
    pub span: Option<(u64, u64)>,
}
