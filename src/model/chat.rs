//! Words of chats that every floor uses.

use serde::{Deserialize, Serialize};

/// A chat platform: the stable name used in the database, in JSON and in queries
/// (`telegram`, `whatsapp`, `slack`, `wechat`, `jabber`, `rocketchat`, `matrix`).
/// `table` stands for a table of messages whose platform is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Platform(pub String);

impl Platform {
    pub fn new(name: &str) -> Self {
        Platform(name.to_owned())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Two accounts.
    Pair,
    Group,
    /// A channel: named, open to join, or broadcast.
    Channel,
    /// The export does not say.
    Unknown,
}

impl ConversationKind {
    pub fn name(self) -> &'static str {
        match self {
            ConversationKind::Pair => "pair",
            ConversationKind::Group => "group",
            ConversationKind::Channel => "channel",
            ConversationKind::Unknown => "unknown",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Pair, Self::Group, Self::Channel, Self::Unknown]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// What a message is. `System` and `Media` are used only where the export itself marks them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    Text,
    /// A picture, voice, file, sticker, contact, location, poll; it may have a caption as text. Also
    /// an empty cell in a table of WeChat, which leaves these out.
    Media,
    /// Said by the platform: joined, left, renamed, call ended.
    System,
    /// Without text, where the export does not say that there was anything else.
    Empty,
    /// Cipher text that nobody here can read.
    Encrypted,
    /// Removed by somebody; the export keeps the place.
    Deleted,
}

impl MessageKind {
    pub const ALL: [MessageKind; 6] = [
        MessageKind::Text,
        MessageKind::Media,
        MessageKind::System,
        MessageKind::Empty,
        MessageKind::Encrypted,
        MessageKind::Deleted,
    ];

    /// The stable name used in the database and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            MessageKind::Text => "text",
            MessageKind::Media => "media",
            MessageKind::System => "system",
            MessageKind::Empty => "empty",
            MessageKind::Encrypted => "encrypted",
            MessageKind::Deleted => "deleted",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        MessageKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A file that belongs to a message.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Media {
    /// Kind as the export names it, in lower case: `photo`, `voice`, `file`, `sticker`.
    pub kind: String,
    /// Path or name as the export writes it; empty where it was left out of the export.
    pub name: String,
    pub mime: String,
    /// Bytes; `None` where the export does not say.
    pub size: Option<u64>,
    /// What the export says instead of the file ("File not included ...").
    pub note: String,
}
