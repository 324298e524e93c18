//! Entities: persons, organisations, places and the like that analysts know by name, and the
//! accounts that they own.

use super::disagreed::{Disagreed, Said, Slot};
use super::id::with_article;
use super::kept::Kept;
use super::reference::AccountKey;
use super::{EntityId, ParticipantId, Sha256};
use crate::text::normal::folded;
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    #[default]
    Person,
    Organisation,
    Place,
    /// An account that is not one of the evidence's participants.
    Account,
    /// A street, mail, network or wallet address.
    Address,
    Number,
    Identifier,
}

impl EntityKind {
    pub const ALL: [EntityKind; 7] = [
        EntityKind::Person,
        EntityKind::Organisation,
        EntityKind::Place,
        EntityKind::Account,
        EntityKind::Address,
        EntityKind::Number,
        EntityKind::Identifier,
    ];

    pub fn word(self) -> &'static str {
        match self {
            EntityKind::Person => "person",
            EntityKind::Organisation => "organisation",
            EntityKind::Place => "place",
            EntityKind::Account => "account",
            EntityKind::Address => "address",
            EntityKind::Number => "number",
            EntityKind::Identifier => "identifier",
        }
    }

    pub fn from_word(word: &str) -> Option<EntityKind> {
        EntityKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Something that is said of an entity: `role = deputy manager`, with the anchors that show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Attribute {
    pub key: String,
    pub value: String,
    /// Operations that made the anchors.
    pub anchors: Vec<Sha256>,
}

/// What an entity is, as the journal adds it up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityFields {
    pub kind: EntityKind,
    /// The canonical name.
    pub name: String,
    pub description: String,
    /// Other names, in any script; sorted, without the canonical one.
    pub aliases: Vec<String>,
    /// Sorted.
    pub attributes: Vec<Attribute>,
    /// Accounts that it owns; sorted.
    pub accounts: Vec<AccountKey>,
    /// Sorted.
    pub tags: Vec<String>,
    /// `watch:yes` finds where its names stand and what its accounts wrote.
    pub watched: bool,
    /// It is another name of this one: the operation that made that.
    pub into: Option<Sha256>,
    /// Names that it had before, with the reason of the renaming; the latest first.
    pub renamed: Vec<(String, String)>,
    /// Fields that several people set at the same time, each otherwise: until somebody sets one anew
    /// all that was said stands beside the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disagreed: Vec<Disagreed<EntityField>>,
    /// Somebody deleted it, or what was merged into it, and it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// Characters of a description that stand in a line.
const LINE: usize = 300;

/// A field of an entity and what it says from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityField {
    Kind(EntityKind),
    /// The name of before stays as an alias.
    Name {
        name: String,
        why: String,
    },
    Description(String),
    Alias {
        name: String,
        on: bool,
    },
    /// By key and value: anchors of an attribute that is set again are those of the last one.
    Attribute {
        attribute: Attribute,
        on: bool,
    },
    Account {
        account: AccountKey,
        on: bool,
    },
    Watched(bool),
    /// The entity that it is another name of. Set by a merge alone, and said here where several merged
    /// it at the same time.
    Merged(Option<Sha256>),
}

impl Said for EntityField {
    fn value(&self) -> String {
        let is_on = |on: bool| if on { "yes" } else { "no" }.to_owned();
        match self {
            EntityField::Kind(kind) => kind.word().to_owned(),
            EntityField::Name { name, .. } => name.clone(),
            EntityField::Description(text) if text.trim().is_empty() => "none".to_owned(),
            EntityField::Description(text) => {
                let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
                match line.char_indices().nth(LINE) {
                    Some((at, _)) => format!("{}…", &line[..at]),
                    None => line,
                }
            }
            EntityField::Attribute { on: true, attribute } => attribute.value.clone(),
            EntityField::Merged(None) => "by itself".to_owned(),
            EntityField::Merged(Some(into)) => {
                format!("into {}", into.to_string().get(..8).unwrap_or_default())
            }
            EntityField::Alias { on, .. }
            | EntityField::Account { on, .. }
            | EntityField::Attribute { on, .. }
            | EntityField::Watched(on) => is_on(*on),
        }
    }

    fn key(&self) -> Option<&str> {
        match self {
            EntityField::Attribute { attribute, .. } => Some(&attribute.key),
            _ => None,
        }
    }
}

impl Attribute {
    /// A thing has one of these: more than one value cannot be right.
    pub fn is_single(&self) -> bool {
        let key = folded(&self.key);
        let mut words = key.split(|c: char| !c.is_alphanumeric());
        words.any(|word| SINGLE.contains(&word))
            || SINGLE.iter().any(|single| !single.is_ascii() && key.contains(&folded(single)))
    }
}

/// What a thing has one of, by words of its key.
const SINGLE: [&str; 16] = [
    "born",
    "birth",
    "birthday",
    "birthdate",
    "died",
    "death",
    "sex",
    "gender",
    "founded",
    "dissolved",
    "出生",
    "生日",
    "去世",
    "性别",
    "成立",
    "身份证",
];

impl EntityField {
    /// Which field it sets; none for what adds to others.
    pub fn slot(&self) -> Option<Slot> {
        match self {
            EntityField::Kind(_) => Some(Slot::Kind),
            EntityField::Name { .. } => Some(Slot::Name),
            EntityField::Description(_) => Some(Slot::Description),
            EntityField::Merged(_) => Some(Slot::Merged),
            _ => None,
        }
    }

    /// What it is about: `name`, `alias 老王`, `account wxid_a`.
    pub fn about(&self) -> String {
        match self {
            EntityField::Alias { name, .. } => format!("alias {name}"),
            EntityField::Account { account, .. } => format!("account {}", account.handle),
            EntityField::Attribute { attribute, .. } => attribute.key.clone(),
            EntityField::Watched(_) => "watched".to_owned(),
            own => own.slot().map_or("", Slot::name).to_owned(),
        }
    }

    /// What setting it is, in words.
    pub fn words(&self) -> String {
        match self {
            EntityField::Kind(kind) => format!("made an entity {}", with_article(kind.word())),
            EntityField::Name { name, .. } => format!("renamed an entity to {name}"),
            EntityField::Description(_) => "described an entity".to_owned(),
            EntityField::Alias { name, on: true } => format!("added the alias {name}"),
            EntityField::Alias { name, on: false } => format!("took the alias {name} away"),
            EntityField::Attribute { attribute, on: true } => format!("noted a {}", attribute.key),
            EntityField::Attribute { attribute, on: false } => {
                format!("took a {} away", attribute.key)
            }
            EntityField::Account { account, on: true } => {
                format!("gave the account {} to an entity", account.handle)
            }
            EntityField::Account { account, on: false } => {
                format!("took the account {} from an entity", account.handle)
            }
            EntityField::Merged(Some(_)) => "merged an entity".to_owned(),
            EntityField::Merged(None) => "took a merge apart".to_owned(),
            EntityField::Watched(true) => "watched an entity".to_owned(),
            EntityField::Watched(false) => "stopped watching an entity".to_owned(),
        }
    }
}

/// An entity of this case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    pub id: EntityId,
    /// The operation that made it.
    pub operation: Sha256,
    /// With all that was merged into it.
    pub fields: EntityFields,
    /// Its accounts as far as this case has them.
    pub participants: Vec<ParticipantId>,
    /// Entities that were merged into it.
    pub merged: Vec<EntityId>,
    pub author: String,
    /// UTC milliseconds of the last change; a claim.
    pub changed: i64,
}

impl Entity {
    /// The canonical name, then the others.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.fields.name.as_str())
            .chain(self.fields.aliases.iter().map(String::as_str))
    }
}
