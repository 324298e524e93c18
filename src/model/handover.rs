//! Work that is handed to another copy of the case, and what taking it in changes.

use super::{EntityId, ItemId, NoteId, Sha256};
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
    /// What both sides changed at the same time, and of which one stands.
    pub clashes: Vec<Clash>,
    /// What takes effect when the evidence is added that it is about.
    pub waiting: Vec<Waiting>,
}

/// A field of a note or an entity that was changed here and in the bundle, neither knowing of the
/// other; one that one side deleted and the other changed (`deletion`); an account that both gave to
/// different entities; entities that each merged into the other's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// The note, else the entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<NoteId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityId>,
    /// First line of the note, name of the entity; empty when it is deleted.
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
        self.note.map(ItemId::Note).or(self.entity.map(ItemId::Entity))
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
