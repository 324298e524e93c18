//! Work that is handed to another copy of the case, and what taking it in changes.

use super::{AnchorId, EntityId, ItemId, NoteId, Sha256};
use serde::Serialize;

/// A bundle that was written. Names in it are claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Handed {
    pub case: String,
    pub author: String,
    /// Of the key that signed it.
    pub fingerprint: String,
    pub operations: u64,
    /// Operations that its first ones follow, and that it does not hold.
    pub needs: u64,
}

/// What a bundle changed in a case, or would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// Of the bundle: the case it comes from, who made it and when, what it was cut off before.
    /// All of them claims.
    pub case: String,
    pub author: String,
    pub fingerprint: String,
    pub made: String,
    pub since: Option<String>,
    /// Operations that the case had already, and that it had not.
    pub known: u64,
    pub new: u64,
    pub people: Vec<Person>,
    /// Notes of which more than one text stands now, because two wrote at the same time.
    pub both: Vec<(NoteId, String)>,
    /// Notes, highlights and entities that it brings.
    pub brought: Vec<Brought>,
    /// What it changes of notes, entities and anchors that the case has; what both sides changed at the
    /// same time is told apart.
    pub changed: Vec<Changed>,
    /// What both sides changed at the same time, and of which one stands.
    pub clashes: Vec<Clash>,
    /// What takes effect when the evidence is added that it is about.
    pub waiting: Vec<Waiting>,
    /// What this case had and has no more.
    pub lost: Vec<Lost>,
}

/// A note, a highlight or an entity that the case had not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Brought {
    /// `N3`, as this case numbers it from then on.
    pub item: String,
    /// First line of the note, name of the entity, what is highlighted.
    pub title: String,
    /// Who made it; a claim.
    pub by: String,
}

impl Brought {
    /// `N4 “The clause was hidden”: new; by bela`
    pub fn words(&self) -> String {
        format!("{} “{}”: new; by {}", self.item, self.title, self.by)
    }
}

/// A thing of this case that the bundle changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// `N3`, as this case numbers it.
    pub item: String,
    /// What it was called before.
    pub title: String,
    pub changes: Vec<Change>,
    /// Whose acts these are; claims.
    pub by: String,
}

/// A field of it; what was not said is empty, what is there and has no value says `yes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `status`, `text`, `alias 老王`, `tag t/one`, `citation A7`
    pub field: String,
    pub before: String,
    pub after: String,
}

impl Changed {
    /// `N1 "Anna's sure": status supported -> refuted; text changed; by bela`
    pub fn words(&self) -> String {
        let changes: Vec<String> = self.changes.iter().map(Change::words).collect();
        format!("{} “{}”: {}; by {}", self.item, self.title, changes.join("; "), self.by)
    }
}

impl Change {
    fn words(&self) -> String {
        let Change { field, before, after } = self;
        match (before.as_str(), after.as_str()) {
            ("", "yes") => format!("{field} added"),
            ("yes", "") => format!("{field} taken away"),
            (before, after) if before == after => format!("{field} changed"),
            ("", after) => format!("{field} {after}"),
            (before, "") => format!("{field} {before} -> none"),
            (before, after) if field == "text" => format!("text “{before}” -> “{after}”"),
            (before, after) if field == "name" => format!("renamed {before} -> {after}"),
            (before, after) => format!("{field} {before} -> {after}"),
        }
    }
}

/// A thing of this case that the bundle deleted, or took a tag off; or of which it undid something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// `N3`, as this case numbers it.
    pub item: String,
    /// First line of the note, name of the entity, what the anchor marks.
    pub title: String,
    /// The tag that was taken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// What was undone: `wrote a finding`, `called a finding refuted`. Without this and a tag, the thing
    /// was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone: Option<String>,
    /// Whether the thing is in the case all the same.
    pub is_there: bool,
    /// Whose act it is; a claim.
    pub by: String,
}

impl Lost {
    /// `N3 The clause was hidden: deleted by bela`, `N3 The clause was hidden: undone by bela (called
    /// it refuted)`
    pub fn words(&self) -> String {
        let Lost { item, title, tag, undone, is_there, by } = self;
        match (tag, undone) {
            (Some(tag), _) => format!("{item} {title}: #{tag} taken off by {by}"),
            (None, Some(undone)) if *is_there => {
                format!("{item} {title}: undone by {by} ({undone})")
            }
            (None, Some(_)) => format!("{item} {title}: undone by {by}"),
            (None, None) => format!("{item} {title}: deleted by {by}"),
        }
    }
}

/// What a clash is about where one side deleted a thing and the other did something with it.
pub const DELETION: &str = "deletion";

/// The same where one side undid the making of it.
pub const UNDOING: &str = "undoing";

/// A field of a note or an entity that was changed here and in the bundle, neither knowing of the
/// other; one that one side deleted, or took back having made, and the other changed (`deletion`,
/// `undoing`); an account that both gave to
/// different entities; entities that each merged into the other's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// The note, else the entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<NoteId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityId>,
    /// An anchor, where it is neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<AnchorId>,
    /// First line of the note, name of the entity, what the anchor marks.
    pub title: String,
    /// `status`, `confidence`, `citation A7`, `name`, `account wxid_a`, `merged into`, `deletion`
    pub field: String,
    /// What this case says, and what the bundle says.
    pub ours: String,
    pub theirs: String,
    /// Whose word theirs is; a claim.
    pub by: String,
    /// What holds when both are in the journal.
    pub stands: String,
}

impl Clash {
    pub fn item(&self) -> Option<ItemId> {
        let made = self.note.map(ItemId::Note).or(self.entity.map(ItemId::Entity));
        made.or(self.anchor.map(ItemId::Anchor))
    }

    /// `N3 The clause: status changed on both sides, here: open, by bela: refuted; what stands: ...`
    pub fn words(&self) -> String {
        let item = self.item().map_or_else(String::new, |item| item.to_string());
        let happened = match self.field.as_str() {
            DELETION => "one deleted it while the other did something with it".to_owned(),
            UNDOING => "one undid it while the other did something with it".to_owned(),
            field => format!("{field} changed on both sides"),
        };
        let Clash { title, ours, theirs, by, stands, .. } = self;
        format!(
            "{item} {title}: {happened}, here: {ours}, by {by}: {theirs}; what stands: {stands}"
        )
    }
}

/// What one person's operations in a bundle come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// A claim; the key is who it is.
    pub name: String,
    pub fingerprint: String,
    /// Nothing of this key was in the case before.
    pub is_new: bool,
    /// Keys that others in the case have under the same name.
    pub namesakes: Vec<String>,
    pub operations: u64,
    /// What was done and how often: `notes written`, 3.
    pub did: Vec<(String, u64)>,
}

/// An operation that names evidence that the case has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    pub operation: Sha256,
    pub author: String,
    /// What it does: `marked 3 messages as read`.
    pub words: String,
    /// What it quotes, and the path of its file, as far as it says so.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Documents, messages or exports that are not there.
    pub missing: u64,
}

/// An operation as a program outside reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub id: Sha256,
    /// Order of the fold: this, then the writer, then the id.
    pub lamport: u64,
    /// An opening of a case.
    pub writer: String,
    /// RFC 3339, UTC; a claim, as the name.
    pub time: String,
    pub author: String,
    /// The name as it is shown: with the key where several use it.
    pub by: String,
    pub fingerprint: String,
    pub key: String,
    pub parents: Vec<Sha256>,
    /// Nobody undid it, or that was undone again.
    pub in_force: bool,
    pub words: String,
    pub action: serde_json::Value,
}

/// A key as people compare it: `9c1f-2a07-8812-ab3e`, the first 8 bytes of its SHA-256.
pub fn fingerprint(key: &[u8]) -> String {
    let hash = Sha256::of(key).to_string();
    let groups: Vec<&str> = (0..4).map(|group| &hash[group * 4..group * 4 + 4]).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_four_groups() {
        assert_eq!(fingerprint(b"abc"), "ba78-16bf-8f01-cfea");
    }
}
