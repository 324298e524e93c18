//! What a worker says about a file: a stream of records. It is the wire format between worker and
//! case (postcard, length-prefixed) and what extractor tests look at.

use crate::model::{ConversationKind, Media, MessageKind, PartKind, Platform, Stamp, State, Wrap};
use serde::{Deserialize, Serialize};

/// One thing that an extractor found out. Order matters: `Text` belongs to the `Part` before it,
/// `ChildBytes` to the `ChildStart` before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// The detected format (`Format::id`), with the version of its extractor. Always the first record.
    Format {
        id: String,
        version: u32,
    },
    /// The character encoding that text was decoded from, as encoding_rs names it (`gb18030`).
    Encoding(String),
    /// A new part of the text begins.
    Part {
        kind: PartKind,
        label: String,
        wrap: Wrap,
        hidden: bool,
        origin: (u32, u32),
    },
    /// More text of the current part. At most [`TEXT_RECORD`] bytes, cut at a character.
    Text(String),
    /// A page (or part) that has something to see but no text: counted, waits for OCR.
    PageWithoutText {
        label: String,
    },
    Meta {
        key: Key,
        value: String,
    },
    /// Something the reader of this document must know: what was guessed, lost or left out.
    Warning(String),
    ChildStart(Child),
    ChildBytes(#[serde(with = "super::wire::bytes")] Vec<u8>),
    /// The child is complete, or why its bytes are not (the rest of the file goes on).
    ChildEnd(Result<(), (State, String)>),
    /// This file is (a part of) a chat export.
    Export(Export),
    Participant(Participant),
    Conversation(Conversation),
    Message(Box<Message>),
    /// The last record.
    Done(Outcome),
    /// What the messages showed of the clock of the export that began with an [`Export`]; counts
    /// instead of what that says.
    Zone(ZoneGuess),
}

/// Upper bound in bytes of one `Text` or `ChildBytes` record.
pub const TEXT_RECORD: usize = 64 * 1024;

/// How the reading of a file ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub state: State,
    /// Why, for every state that is not fine; says what to do where something can be done.
    pub reason: String,
}

/// Metadata that investigators ask for. `Other` keeps what a format says beyond that.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    Title,
    Subject,
    Author,
    LastModifiedBy,
    Company,
    Manager,
    /// Program that wrote the file.
    Application,
    Keywords,
    Description,
    /// Dates are RFC 3339, with offset where the file states one, without where it does not.
    Created,
    Modified,
    Printed,
    /// Date of a mail as it stands in its header.
    Sent,
    From,
    To,
    Cc,
    Bcc,
    ReplyTo,
    MessageId,
    InReplyTo,
    References,
    /// Time that a camera wrote (EXIF), naive unless an offset stands beside it.
    Taken,
    /// `latitude,longitude` in decimal degrees, WGS 84.
    Place,
    Camera,
    Pages,
    Width,
    Height,
    Other(String),
}

impl Key {
    /// The stable name used in the database and in JSON.
    pub fn name(&self) -> &str {
        match self {
            Key::Title => "title",
            Key::Subject => "subject",
            Key::Author => "author",
            Key::LastModifiedBy => "last_modified_by",
            Key::Company => "company",
            Key::Manager => "manager",
            Key::Application => "application",
            Key::Keywords => "keywords",
            Key::Description => "description",
            Key::Created => "created",
            Key::Modified => "modified",
            Key::Printed => "printed",
            Key::Sent => "sent",
            Key::From => "from",
            Key::To => "to",
            Key::Cc => "cc",
            Key::Bcc => "bcc",
            Key::ReplyTo => "reply_to",
            Key::MessageId => "message_id",
            Key::InReplyTo => "in_reply_to",
            Key::References => "references",
            Key::Taken => "taken",
            Key::Place => "place",
            Key::Camera => "camera",
            Key::Pages => "pages",
            Key::Width => "width",
            Key::Height => "height",
            Key::Other(name) => name,
        }
    }
}

/// A file inside a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// Path inside the container as a person reads it (decoded, `/` between folders, no `..`).
    pub name: String,
    /// The name as bytes in the container, where it was decoded by guess or is not UTF-8.
    pub raw_name: Option<Vec<u8>>,
    /// Position in the container, from 0: with the container's hash it names the member for good.
    pub ordinal: u64,
    pub role: ChildRole,
    /// RFC 3339 without offset unless the container states one.
    pub modified: Option<String>,
    /// Size that the container claims, in bytes.
    pub claimed_size: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChildRole {
    /// A member of an archive.
    Member,
    /// An attachment of a mail or document.
    Attachment,
    /// Something embedded: an image in a document, an OLE object.
    Embedded,
    /// A message in a mailbox.
    Mail,
    /// The single stream of a compressed file.
    Content,
}

/// Head of a chat export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    pub platform: Platform,
    /// The importer (`Importer::id`), with its version.
    pub importer: String,
    pub version: u32,
    /// Set when this file is a part of a package: the package's root, relative to the source.
    pub package: Option<String>,
    /// Offset from UTC in seconds that naive stamps of this export are read with, and why.
    pub zone: ZoneGuess,
    /// What was assumed to read it: `day before month, because ...`.
    pub assumptions: Vec<String>,
}

/// What is known about the clock of an export whose stamps are naive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ZoneGuess {
    /// Every stamp states its own offset or is an instant by the format's definition.
    Stated,
    /// The format or file makes it likely; the text says why.
    Inferred { offset: i32, why: String },
    /// Nothing is known; UTC until somebody decides.
    Assumed,
}

/// An account. May come before or after the messages that name it, or from another file of the
/// same package.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Participant {
    /// What identifies the account on the platform: `wxid_x`, `U01ABC`, `user123`, `@a:server`,
    /// or the display name where the export has nothing better.
    pub handle: String,
    /// Name as shown; empty where the export has none.
    pub name: String,
    /// Other names and attributes, (key, value): `email`, `phone`, `username`, `remark`.
    pub attributes: Vec<(String, String)>,
    /// A bot or the platform itself.
    pub is_bot: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// What identifies it on the platform; the same in every export of the platform. For a pair
    /// without an id of its own: both handles, sorted, joined by `\u{1f}`.
    pub key: String,
    pub kind: ConversationKind,
    /// Name as shown; empty where there is none.
    pub title: String,
    /// Handles of the members that the export lists.
    pub members: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// [`Conversation::key`].
    pub conversation: String,
    /// Position in the file, from 0, in the order of the file.
    pub ordinal: u64,
    /// The platform's id of the message, where the export has one.
    pub native_id: Option<String>,
    /// Handle of the account that wrote it; `None` for the platform itself.
    pub sender: Option<String>,
    pub kind: MessageKind,
    /// The timestamp exactly as it stands in the file; where day and time stand apart, joined by
    /// one space.
    pub raw_time: String,
    /// `None` where the file does not give a whole date. A date is never invented.
    pub time: Option<Stamp>,
    pub text: String,
    /// `Lines` where line ends stand as the author typed them (the default for chats).
    pub wrap: Wrap,
    pub media: Vec<Media>,
    /// Native id of the message it answers.
    pub reply_to: Option<String>,
    /// What it quotes, where the export gives the quoted text itself.
    pub quote: Option<String>,
    /// Native id of the thread's first message.
    pub thread: Option<String>,
    /// The edit's timestamp as it stands in the file; empty text when it only says "edited".
    pub edited: Option<String>,
    pub forwarded_from: Option<String>,
    /// (emoji or name, count).
    pub reactions: Vec<(String, u32)>,
    /// Byte range of the record in the original file, where the format has one.
    pub span: Option<(u64, u64)>,
}

impl Message {
    /// A text message with nothing but the essentials; importers fill in the rest by
    /// struct update.
    pub fn new(conversation: &str, ordinal: u64) -> Self {
        Message {
            conversation: conversation.to_owned(),
            ordinal,
            native_id: None,
            sender: None,
            kind: MessageKind::Text,
            raw_time: String::new(),
            time: None,
            text: String::new(),
            wrap: Wrap::Lines,
            media: Vec::new(),
            reply_to: None,
            quote: None,
            thread: None,
            edited: None,
            forwarded_from: None,
            reactions: Vec::new(),
            span: None,
        }
    }
}
