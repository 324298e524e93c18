//! What is shown of entities: lines of the list, all that is known about one, where its names
//! stand.

use super::activity::{AccountConversation, AccountRow};
use super::entity::{Entity, EntityKind};
use super::gone::Gone;
use super::reference::AccountKey;
use super::view::Hit;
use super::{AnchorId, ConversationId, EntityId, ItemId, NoteId};
use serde::Serialize;

/// An entity with what its accounts come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityRow {
    pub entity: Entity,
    /// Messages that its accounts wrote.
    pub messages: u64,
    /// Conversations that one of its accounts takes part in.
    pub conversations: u64,
    /// Clock readings of the first and last dated message, RFC 3339 without offset.
    pub first: Option<String>,
    pub last: Option<String>,
    /// Names that another entity bears too, and who else.
    pub shared: Vec<SharedName>,
}

/// How often the names of an entity stand in the evidence, and the first and the last time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Documents and messages.
    pub units: u64,
    /// Clock readings, RFC 3339 without offset; of what has a date.
    pub first: Option<String>,
    pub last: Option<String>,
}

/// A name that means several, or an account that several own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedName {
    /// `account wxid_a` for an account.
    pub name: String,
    /// The others that bear it, with their canonical names.
    pub others: Vec<Called>,
    pub account: Option<AccountKey>,
}

impl SharedName {
    pub fn is_account(&self) -> bool {
        self.account.is_some()
    }
}

/// An entity and its canonical name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Called {
    pub id: EntityId,
    pub name: String,
}

/// How much the list of who is who has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// Entries, with the one that parts accounts that nobody owns from the rest.
    pub rows: u64,
    pub entities: u64,
    /// Accounts, below the entities that own them or alone. One that two own counts once.
    pub accounts: u64,
}

/// An entry of the list of who is who: entities with their accounts below them, then the accounts
/// that nobody owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    Entity(Box<EntityRow>),
    Account {
        row: AccountRow,
        /// The entity above.
        owner: Option<EntityId>,
    },
    /// So many accounts that no entity owns follow.
    Rest(u64),
}

/// All that is known about an entity but where its names stand, which takes a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dossier {
    pub row: EntityRow,
    /// Its accounts, the busiest first.
    pub accounts: Vec<AccountRow>,
    /// Accounts that it owns and this case does not have.
    pub absent: Vec<AccountKey>,
    pub attributes: Vec<AttributeView>,
    /// What was merged into it.
    pub merged: Vec<Called>,
    /// Where its accounts take part, where they said most first.
    pub conversations: Vec<AccountConversation>,
    /// Notes that name it, what was merged into it or one of its accounts, with their beginnings.
    pub notes: Vec<(NoteId, String)>,
    /// Who did what to it, the latest first.
    pub history: Vec<Change>,
    /// Once they were searched for.
    pub mentions: Option<Mentions>,
}

/// Something that is said of an entity and what shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeView {
    pub key: String,
    pub value: String,
    /// Anchors, what they quote, and the document or message that they stand in.
    pub citations: Vec<(AnchorId, String, Option<ItemId>)>,
    /// Anchors that were cited for it and that are gone, with who deleted them.
    pub dropped: Vec<(AnchorId, Gone)>,
}

/// An act on an entity or on one that was merged into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// A claim.
    pub author: String,
    /// UTC milliseconds; a claim.
    pub wall: i64,
    pub words: String,
    pub why: String,
    /// Somebody took it back.
    pub is_undone: bool,
}

/// Where the names of an entity stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Documents and messages that have any of them; exact.
    pub total: u64,
    pub documents: u64,
    pub messages: u64,
    /// Each name and the documents and messages that have it.
    pub names: Vec<(String, u64)>,
    /// `2022-03` and how many are of it, in order; years where there are very many months.
    pub dates: Vec<(String, u64)>,
    pub undated: u64,
    /// The newest ones.
    pub recent: Vec<Hit>,
    /// The documents that say it most.
    pub found: Vec<Hit>,
    /// Conversations with their titles, the one with most first.
    pub conversations: Vec<(ConversationId, String, u64)>,
}

/// An entity whose name stands in what is read, or whose account wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    pub entity: Called,
    pub kind: EntityKind,
    pub is_watched: bool,
    /// Its account wrote the message, or takes part in the conversation.
    pub wrote: bool,
    /// How often its names stand there.
    pub occurrences: u64,
    /// The first of them: byte offset in the text that was looked at.
    pub first: Option<u64>,
    /// Others that bear the only names of it that stand there.
    pub or_else: Vec<Called>,
}

/// What merging an entity into another one changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergePreview {
    pub from: String,
    pub into: String,
    /// Names, accounts, attributes, tags that the other one gets.
    pub names: Vec<String>,
    pub accounts: Vec<String>,
    pub attributes: Vec<String>,
    pub tags: Vec<String>,
    /// Notes that name it and lead to the other one then.
    pub notes: u64,
    /// Documents and messages with a name of the other one, now and then.
    pub found: (u64, u64),
    /// Both have accounts that wrote in the same conversation: two people may be one too many.
    pub together: Vec<String>,
}
