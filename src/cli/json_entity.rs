//! The JSON of entities and accounts. See `json.rs` for what all of it has in common.

use super::json::Counts;
use crate::case as view;
use crate::case::Called;
use crate::model::gone::Gone;
use crate::model::kept::Kept;
use serde::Serialize;

/// `entities`.
#[derive(Debug, Serialize)]
pub struct Entities {
    pub entities: Vec<Entity>,
    /// Accounts that no entity owns; with `--accounts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Vec<Account>>,
}

/// An entity with all that was merged into it.
#[derive(Debug, Serialize)]
pub struct Entity {
    pub id: String,
    /// SHA-256 of the operation that made it: its name in every copy of the case.
    pub operation: String,
    pub kind: &'static str,
    pub name: String,
    pub aliases: Vec<String>,
    pub description: String,
    pub tags: Vec<String>,
    pub watched: bool,
    pub merged: Vec<String>,
    pub accounts: Vec<Account>,
    /// Messages that its accounts wrote.
    pub messages: u64,
    pub conversations: u64,
    /// First and last reading of the clock, without offset.
    pub first: Option<String>,
    pub last: Option<String>,
    /// In `entities`, of who owns no account: in how many documents and messages a name of it stands,
    /// with the first and the last reading of the clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named: Option<crate::model::dossier::Named>,
    /// Names that other entities bear too, and accounts (`account wxid_a`) that others own too.
    pub shared: Vec<Shared>,
    /// Fields that several set at the same time to different values.
    pub disagreed: Vec<String>,
    /// Who deleted it without knowing of what, where it stands in spite of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// Who changed it last: a claim.
    pub author: String,
    /// UTC milliseconds on that author's machine.
    pub changed: i64,
}

#[derive(Debug, Serialize)]
pub struct Shared {
    pub name: String,
    pub others: Vec<Named>,
}

#[derive(Debug, Serialize)]
pub struct Named {
    pub id: String,
    pub name: String,
}

#[derive(Debug, Serialize)]
pub struct Account {
    pub id: String,
    pub platform: String,
    pub handle: String,
    pub name: String,
    pub messages: u64,
    pub conversations: u64,
    /// First and last reading of the clock, without offset.
    pub first: Option<String>,
    pub last: Option<String>,
    /// The entity that owns it.
    pub owner: Option<Named>,
}

/// `show P5`.
#[derive(Debug, Serialize)]
pub struct AccountDossier {
    #[serde(flatten)]
    pub account: Account,
    pub is_bot: bool,
    /// What the exports say: pairs of name and value.
    pub attributes: Vec<(String, String)>,
    /// Messages by month; `undated` for those without a date.
    pub months: Counts,
    pub takes_part: Vec<Part>,
}

/// A conversation that accounts take part in.
#[derive(Debug, Serialize)]
pub struct Part {
    pub id: String,
    pub title: String,
    /// Messages of these accounts, and of everybody.
    pub own: u64,
    pub messages: u64,
    pub first: Option<String>,
    pub last: Option<String>,
}

/// `show E9`.
#[derive(Debug, Serialize)]
pub struct Dossier {
    #[serde(flatten)]
    pub entity: Entity,
    pub attributes: Vec<Attribute>,
    /// Accounts that it owns and this case does not have, as `platform handle`.
    pub absent: Vec<String>,
    pub takes_part: Vec<Part>,
    pub mentions: Mentions,
    /// Notes that name it.
    pub notes: Vec<Note>,
    /// The latest first.
    pub history: Vec<Change>,
}

#[derive(Debug, Serialize)]
pub struct Attribute {
    pub key: String,
    pub value: String,
    pub anchors: Vec<Citation>,
    /// Anchors that were cited for it and are gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
    /// Who deleted each of these and when.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deleted: Vec<Deleted>,
}

/// An anchor that is gone.
#[derive(Debug, Serialize)]
pub struct Deleted {
    pub anchor: String,
    pub by: Vec<Deletion>,
}

/// Who deleted something.
#[derive(Debug, Serialize)]
pub struct Deletion {
    pub author: String,
    /// UTC milliseconds on the author's machine.
    pub at: i64,
    /// They took back having made it.
    pub undone: bool,
}

pub fn deletions(gone: Gone) -> Vec<Deletion> {
    let acts = gone.acts.into_iter();
    acts.map(|own| Deletion { author: own.by, at: own.wall, undone: own.is_undoing }).collect()
}

#[derive(Debug, Serialize)]
pub struct Citation {
    pub id: String,
    pub quote: String,
    /// The document or message that it stands in.
    pub item: Option<String>,
}

/// Where its names stand; the counts are exact.
#[derive(Debug, Serialize)]
pub struct Mentions {
    pub total: u64,
    pub documents: u64,
    pub messages: u64,
    /// Documents and messages that have each name.
    pub names: Counts,
    /// By month (or year, over a long time), in order.
    pub dates: Counts,
    pub undated: u64,
    /// By conversation.
    pub conversations: Counts,
}

#[derive(Debug, Serialize)]
pub struct Note {
    pub id: String,
    pub about: String,
}

#[derive(Debug, Serialize)]
pub struct Change {
    pub author: String,
    /// UTC milliseconds on the author's machine.
    pub at: i64,
    pub what: String,
    pub why: String,
    pub undone: bool,
}

fn named(called: Called) -> Named {
    Named { id: called.id.to_string(), name: called.name }
}

impl From<view::AccountRow> for Account {
    fn from(row: view::AccountRow) -> Account {
        Account {
            id: row.id().to_string(),
            platform: row.account.platform,
            handle: row.account.handle,
            name: row.account.name,
            messages: row.account.messages,
            conversations: row.conversations,
            first: row.first,
            last: row.last,
            owner: row.account.owner.map(named),
        }
    }
}

impl From<view::AccountConversation> for Part {
    fn from(part: view::AccountConversation) -> Part {
        Part {
            id: part.id.to_string(),
            title: part.title,
            own: part.own,
            messages: part.messages,
            first: part.first,
            last: part.last,
        }
    }
}

impl From<view::Account> for AccountDossier {
    fn from(account: view::Account) -> AccountDossier {
        let months = account.months.into_iter();
        AccountDossier {
            account: account.row.into(),
            is_bot: account.is_bot,
            attributes: account.attributes,
            months: Counts(months.map(|(month, n)| (view::month_text(month), n)).collect()),
            takes_part: account.conversations.into_iter().map(Part::from).collect(),
        }
    }
}

impl Entity {
    pub fn new(row: view::EntityRow, accounts: Vec<view::AccountRow>) -> Entity {
        let entity = row.entity;
        Entity {
            id: entity.id.to_string(),
            operation: entity.operation.to_string(),
            kind: entity.fields.kind.word(),
            name: entity.fields.name,
            aliases: entity.fields.aliases,
            description: entity.fields.description,
            tags: entity.fields.tags,
            watched: entity.fields.watched,
            merged: entity.merged.iter().map(ToString::to_string).collect(),
            accounts: accounts.into_iter().map(Account::from).collect(),
            messages: row.messages,
            conversations: row.conversations,
            first: row.first,
            last: row.last,
            named: None,
            shared: row
                .shared
                .into_iter()
                .map(|shared| Shared {
                    name: shared.name,
                    others: shared.others.into_iter().map(named).collect(),
                })
                .collect(),
            disagreed: entity
                .fields
                .disagreed
                .iter()
                .map(|own| format!("{} {}", own.about(), own.words()))
                .collect(),
            kept: entity.fields.kept.as_ref().map(Kept::words),
            author: entity.author,
            changed: entity.changed,
        }
    }
}

impl Dossier {
    pub fn new(dossier: view::Dossier, mentions: view::Mentions) -> Dossier {
        let attribute = |known: view::AttributeView| Attribute {
            key: known.key,
            value: known.value,
            anchors: known
                .citations
                .into_iter()
                .map(|(id, quote, item)| Citation {
                    id: id.to_string(),
                    quote,
                    item: item.map(|item| item.to_string()),
                })
                .collect(),
            dropped: known.dropped.iter().map(|(id, _)| id.to_string()).collect(),
            deleted: known
                .dropped
                .into_iter()
                .map(|(id, gone)| Deleted { anchor: id.to_string(), by: deletions(gone) })
                .collect(),
        };
        let change = |change: view::Change| Change {
            author: change.author,
            at: change.wall,
            what: change.words,
            why: change.why,
            undone: change.is_undone,
        };
        let conversations = mentions.conversations.into_iter();
        Dossier {
            entity: Entity::new(dossier.row, dossier.accounts),
            attributes: dossier.attributes.into_iter().map(attribute).collect(),
            absent: dossier
                .absent
                .iter()
                .map(|account| format!("{} {}", account.platform, account.handle))
                .collect(),
            takes_part: dossier.conversations.into_iter().map(Part::from).collect(),
            mentions: Mentions {
                total: mentions.total,
                documents: mentions.documents,
                messages: mentions.messages,
                names: Counts(mentions.names),
                dates: Counts(mentions.dates),
                undated: mentions.undated,
                conversations: Counts(
                    conversations.map(|(id, _, count)| (id.to_string(), count)).collect(),
                ),
            },
            notes: dossier
                .notes
                .into_iter()
                .map(|(id, about)| Note { id: id.to_string(), about })
                .collect(),
            history: dossier.history.into_iter().map(change).collect(),
        }
    }
}
