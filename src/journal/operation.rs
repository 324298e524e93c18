//! One operation: its body as canonical JSON, its id (the SHA-256 of that), its signature.

use crate::model::anchor::{Anchor, Count, Counted};
use crate::model::entity::{EntityField, EntityKind};
use crate::model::finding::{NoteField, NoteKind};
use crate::model::id::with_article;
use crate::model::reference::References;
use crate::model::{AccountKey, Sha256};
use crate::store::StoredOperation;
use crate::text::tally;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub use crate::model::{Reference, Target};

/// SHA-256 of the body.
pub type OperationId = Sha256;

/// What somebody decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Action {
    /// `read`, `irrelevant`, `starred`, or `tag:NAME`. A bulk act carries the set, never the query.
    Mark {
        name: String,
        on: bool,
        targets: Vec<Target>,
    },
    /// The zone that naive stamps of an export are read with: offset from UTC in seconds, `None`
    /// for what the importer found out by itself.
    Zone {
        export: Sha256,
        offset: Option<i32>,
        why: String,
    },
    /// The same for several exports at once.
    Zones {
        exports: Vec<Sha256>,
        offset: Option<i32>,
        why: String,
    },
    /// What a note says from now on. `note` is the operation that made it, `None` for a new one;
    /// `over` are the operations whose text this one replaces. A text that nobody replaced stands:
    /// two that were written at the same time both do.
    NoteText {
        note: Option<OperationId>,
        over: Vec<OperationId>,
        text: String,
        /// What the short numbers in the text name, whatever numbers another copy of the case
        /// has given.
        references: References,
        /// What a new note is.
        #[serde(default, skip_serializing_if = "is_plain")]
        kind: NoteKind,
    },
    /// What a note is and where it stands. `over` are the operations on the same field that this
    /// one replaces: what nobody replaced stands, and two that were said at the same time both do.
    /// Operations of before that was noted have none; they replace what came before them.
    NoteSet {
        note: OperationId,
        set: NoteField,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<Vec<OperationId>>,
    },
    /// Takes a note away. `knew` is all that whoever wrote it knew of the note: one that somebody
    /// else changed meanwhile stays. Without it, as older versions wrote it, the texts `over` are
    /// taken away, whatever else was said of the note.
    NoteDelete {
        note: OperationId,
        over: Vec<OperationId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        knew: Option<Vec<OperationId>>,
    },
    /// A query that somebody wants to work through, by a name.
    SearchSave {
        name: String,
        query: String,
    },
    SearchDrop {
        search: OperationId,
    },
    /// Marks a place in evidence, or a number over it. With a meaning it is a highlight.
    Anchor {
        anchor: Anchor,
        meaning: String,
        comment: String,
    },
    /// What an anchor means from now on.
    AnchorSet {
        anchor: OperationId,
        meaning: String,
        comment: String,
    },
    /// `knew` as for notes; without it, it is gone.
    AnchorDrop {
        anchor: OperationId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        knew: Option<Vec<OperationId>>,
        /// What cited it is among `knew`. Older versions did not ask for that: what cites it keeps
        /// nothing then.
        #[serde(default, skip_serializing_if = "is_false")]
        cited: bool,
    },
    /// Counts a number again in the evidence of now, where it is the same number: what it was
    /// counted in changed. Another number is another claim, and another anchor.
    AnchorCount {
        anchor: OperationId,
        count: Box<Count>,
    },
    /// Tags on notes, anchors and entities; evidence is tagged by marks.
    Tag {
        name: String,
        on: bool,
        things: Vec<OperationId>,
    },
    Entity {
        kind: EntityKind,
        name: String,
        aliases: Vec<String>,
        accounts: Vec<AccountKey>,
    },
    /// Says something of an entity. `over` are the operations on the same field that whoever wrote it
    /// knew of, as for notes.
    EntitySet {
        entity: OperationId,
        set: EntityField,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<Vec<OperationId>>,
    },
    /// Says that an entity is another one, or (`None`) that it is not after all.
    EntityMerge {
        entity: OperationId,
        into: Option<OperationId>,
        why: String,
        /// What was said of it before and known: what was said at the same time stands beside it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<Vec<OperationId>>,
    },
    /// Makes a new entity of a part of another one, which loses that part.
    EntitySplit {
        from: OperationId,
        kind: EntityKind,
        name: String,
        aliases: Vec<String>,
        accounts: Vec<AccountKey>,
        why: String,
    },
    /// `knew` as for notes. Older versions wrote `over`, which lacks what was merged into it, or
    /// neither: then it is gone.
    EntityDrop {
        entity: OperationId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<Vec<OperationId>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        knew: Option<Vec<OperationId>>,
    },
    /// Says that a thing stays which others had deleted by the operations `deleted`, not knowing what
    /// was done to it meanwhile.
    Keep {
        thing: OperationId,
        deleted: Vec<OperationId>,
    },
    /// Undoes an operation (or the undoing of one) of the same author. `made` are the notes, anchors
    /// and entities that come or go with it, and `knew` all that whoever wrote it knew of those: while
    /// somebody's operation on one of them is in force that is not among these, the undoing has no
    /// effect. Older versions wrote neither: what others did to the thing was not known then.
    Revoke {
        operation: OperationId,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        made: Vec<OperationId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        knew: Option<Vec<OperationId>>,
        /// What cited the anchors among `made` is among `knew`, as for [`Action::AnchorDrop`].
        #[serde(default, skip_serializing_if = "is_false")]
        cited: bool,
    },
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_plain(kind: &NoteKind) -> bool {
    *kind == NoteKind::Note
}

impl Action {
    /// Operations that it is about or names, all of which whoever wrote it must have known.
    pub fn names(&self) -> Vec<OperationId> {
        let mut names = match self {
            Action::NoteText { note, over, .. } => note.iter().chain(over).copied().collect(),
            Action::NoteDelete { note, over, knew } => {
                std::iter::once(note).chain(over).chain(knew.iter().flatten()).copied().collect()
            }
            Action::NoteSet { note, set, over } => {
                let other = match set {
                    NoteField::Question(question) => *question,
                    NoteField::Cite(citation) => Some(citation.anchor),
                    NoteField::Uncite(anchor) => Some(*anchor),
                    _ => None,
                };
                let over = over.iter().flatten().copied();
                std::iter::once(*note).chain(other).chain(over).collect()
            }
            Action::AnchorSet { anchor, .. } | Action::AnchorCount { anchor, .. } => vec![*anchor],
            Action::AnchorDrop { anchor, knew, .. } => {
                std::iter::once(anchor).chain(knew.iter().flatten()).copied().collect()
            }
            Action::Tag { things, .. } => things.clone(),
            Action::EntitySet { entity, set, over } => {
                let anchors = match set {
                    EntityField::Attribute { attribute, .. } => attribute.anchors.as_slice(),
                    _ => &[],
                };
                let over = over.iter().flatten();
                std::iter::once(entity).chain(anchors).chain(over).copied().collect()
            }
            Action::EntityMerge { entity, into, over, .. } => {
                let over = over.iter().flatten();
                std::iter::once(entity).chain(into).chain(over).copied().collect()
            }
            Action::EntitySplit { from, .. } => vec![*from],
            Action::EntityDrop { entity, over, knew } => {
                let known = over.iter().flatten().chain(knew.iter().flatten());
                std::iter::once(entity).chain(known).copied().collect()
            }
            Action::Keep { thing, deleted } => {
                std::iter::once(thing).chain(deleted).copied().collect()
            }
            Action::SearchDrop { search } => vec![*search],
            Action::Revoke { operation, made, knew, .. } => std::iter::once(operation)
                .chain(made)
                .chain(knew.iter().flatten())
                .copied()
                .collect(),
            Action::Mark { .. }
            | Action::Zone { .. }
            | Action::Zones { .. }
            | Action::Anchor { .. }
            | Action::Entity { .. }
            | Action::SearchSave { .. } => Vec::new(),
        };
        names.extend(self.references().iter().filter_map(|(_, reference)| match reference {
            Reference::Note(made) | Reference::Anchor(made) | Reference::Entity(made) => {
                Some(*made)
            }
            _ => None,
        }));
        names
    }

    /// What the short numbers in it name.
    fn references(&self) -> &[(String, Reference)] {
        match self {
            Action::NoteText { references, .. } => references,
            Action::NoteSet { set: NoteField::Review(review), .. } => &review.references,
            Action::Anchor { anchor: Anchor::Count(count), .. }
            | Action::AnchorCount { count, .. } => match &count.of {
                Counted::Search { references, .. } => references,
                Counted::Column { .. } => &[],
            },
            _ => &[],
        }
    }

    /// The things that it has a part in: `id` is its own, which names what it makes. An export,
    /// whose zone is set, is named by its content. An undoing has a part in what comes or goes with
    /// it: in what it undoes, if that made something.
    pub fn things(&self, id: OperationId) -> Vec<OperationId> {
        match self {
            Action::NoteText { note, .. } => vec![note.unwrap_or(id)],
            Action::NoteDelete { note, .. } | Action::NoteSet { note, .. } => vec![*note],
            Action::Anchor { .. } | Action::Entity { .. } => vec![id],
            Action::AnchorSet { anchor, .. }
            | Action::AnchorDrop { anchor, .. }
            | Action::AnchorCount { anchor, .. } => vec![*anchor],
            Action::Tag { things, .. } => things.clone(),
            Action::EntitySet { entity, .. } | Action::EntityDrop { entity, .. } => vec![*entity],
            // Whoever deletes what something was merged into takes that merge away too.
            Action::EntityMerge { entity, into, .. } => {
                let into = into.filter(|into| into != entity);
                std::iter::once(*entity).chain(into).collect()
            }
            Action::Keep { thing, .. } => vec![*thing],
            Action::EntitySplit { from, .. } => vec![*from, id],
            Action::SearchSave { .. } => vec![id],
            Action::SearchDrop { search } => vec![*search],
            Action::Zone { export, .. } => vec![*export],
            Action::Zones { exports, .. } => exports.clone(),
            Action::Revoke { operation, made, .. } => {
                let others = made.iter().filter(|thing| *thing != operation);
                std::iter::once(operation).chain(others).copied().collect()
            }
            Action::Mark { .. } => Vec::new(),
        }
    }

    /// Accounts that it gives to an entity.
    pub fn accounts_given(&self) -> impl Iterator<Item = &AccountKey> {
        let (several, one) = match self {
            Action::Entity { accounts, .. } | Action::EntitySplit { accounts, .. } => {
                (accounts.as_slice(), None)
            }
            Action::EntitySet { set: EntityField::Account { account, on: true }, .. } => {
                (&[][..], Some(account))
            }
            _ => (&[][..], None),
        };
        several.iter().chain(one)
    }

    /// Anchors that a note or an entity stands on by it, each once.
    fn cites(&self) -> Vec<OperationId> {
        match self {
            Action::NoteText { references, .. } => {
                let anchors = references.iter().filter_map(|(_, reference)| match reference {
                    Reference::Anchor(made) => Some(*made),
                    _ => None,
                });
                anchors.collect::<BTreeSet<_>>().into_iter().collect()
            }
            Action::NoteSet { set: NoteField::Cite(citation), .. } => vec![citation.anchor],
            Action::EntitySet { set: EntityField::Attribute { attribute, on: true }, .. } => {
                let anchors = attribute.anchors.iter().copied();
                anchors.collect::<BTreeSet<_>>().into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether it deletes a note, an anchor, an entity or a saved search.
    pub fn deletes(&self) -> bool {
        matches!(
            self,
            Action::NoteDelete { .. }
                | Action::EntityDrop { .. }
                | Action::AnchorDrop { .. }
                | Action::SearchDrop { .. }
        )
    }

    pub(super) fn makes_note_or_entity(&self) -> bool {
        matches!(
            self,
            Action::NoteText { note: None, .. }
                | Action::Entity { .. }
                | Action::EntitySplit { .. }
        )
    }

    /// What was done to one thing, in words: `called it refuted`, `tagged it #x`.
    pub fn words_of_it(&self) -> String {
        match self {
            Action::Tag { name, on: true, .. } => format!("tagged it #{name}"),
            Action::Tag { name, on: false, .. } => format!("took #{name} off it"),
            Action::EntityMerge { into: Some(_), .. } => "merged it or another into it".to_owned(),
            action => of_it(&action.words()),
        }
    }

    /// What was done, in words: `marked 3 messages as read`.
    pub fn words(&self) -> String {
        match self {
            Action::Mark { name, on, targets } => {
                let what = counted(targets);
                match (name.strip_prefix("tag:"), on) {
                    (Some(tag), true) => format!("tagged {what} #{tag}"),
                    (Some(tag), false) => format!("took #{tag} off {what}"),
                    (None, true) => format!("marked {what} as {name}"),
                    (None, false) => format!("marked {what} as not {name}"),
                }
            }
            Action::Zone { offset: Some(_), .. } => "set the zone of an export".to_owned(),
            Action::Zone { offset: None, .. } => "went back to the zone that was found".to_owned(),
            Action::Zones { exports, .. } => {
                format!("set the zone of {}", number(exports.len(), "export"))
            }
            Action::NoteText { note: None, kind, .. } => {
                format!("wrote {}", with_article(kind.word()))
            }
            Action::NoteText { note: Some(_), .. } => "changed a note".to_owned(),
            Action::NoteDelete { .. } => "deleted a note".to_owned(),
            Action::NoteSet { set, .. } => set.words(),
            Action::Anchor { meaning, .. } if meaning.is_empty() => "made an anchor".to_owned(),
            Action::Anchor { meaning, .. } => format!("highlighted as {meaning}"),
            Action::AnchorSet { meaning, .. } if meaning.is_empty() => {
                "changed an anchor".to_owned()
            }
            Action::AnchorSet { meaning, .. } => format!("changed a highlight to {meaning}"),
            Action::AnchorDrop { .. } => "dropped an anchor".to_owned(),
            Action::AnchorCount { count, .. } => format!("counted {} again", count.number),
            Action::Tag { name, on: true, things } => {
                format!("tagged {} #{name}", number(things.len(), "thing"))
            }
            Action::Tag { name, on: false, things } => {
                format!("took #{name} off {}", number(things.len(), "thing"))
            }
            Action::Entity { kind, name, .. } => format!("made the {} {name}", kind.word()),
            Action::EntitySet { set, .. } => set.words(),
            Action::EntityMerge { into: Some(_), .. } => "merged an entity".to_owned(),
            Action::EntityMerge { into: None, .. } => "took a merge apart".to_owned(),
            Action::EntitySplit { name, .. } => format!("split off {name}"),
            Action::EntityDrop { .. } => "deleted an entity".to_owned(),
            Action::Keep { .. } => "kept what was deleted".to_owned(),
            Action::SearchSave { name, .. } => format!("saved the search {name}"),
            Action::SearchDrop { .. } => "dropped a saved search".to_owned(),
            Action::Revoke { .. } => "undid an act".to_owned(),
        }
    }
}

/// What citing an anchor is noted under among the hands in things. Who has a hand in the anchor
/// itself is noted apart from it: an anchor is folded again without the texts of the notes that
/// name it.
pub fn citing(anchor: OperationId) -> OperationId {
    Sha256::of(&[b"cites ".as_slice(), anchor.0.as_slice()].concat())
}

/// What is said of a thing that is known by what stands around it.
fn of_it(words: &str) -> String {
    let names = [" a note", " a finding", " an event", " an entity", " an anchor", " a highlight"];
    for name in names {
        // Whole words: `a note`, not `a notebook`.
        if let Some(at) = words.find(name)
            && words[at + name.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric())
        {
            return format!("{} it{}", &words[..at], &words[at + name.len()..]);
        }
    }
    words.to_owned()
}

/// `1 thing`, `3 things`.
fn number(count: usize, one: &str) -> String {
    tally::counted(count as u64, one, &format!("{one}s"))
}

/// `2 documents and 1 message`.
fn counted(targets: &[Target]) -> String {
    let documents = targets.iter().filter(|target| matches!(target, Target::Document(_))).count();
    let counts = [(documents, "document"), (targets.len() - documents, "message")];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, one)| number(count, one))
        .collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(" and ") }
}

/// What is hashed and signed. The order of the fields is the canonical one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Version of this format.
    pub v: u32,
    /// 32 hexadecimal digits: a fresh one for each opening of the case.
    pub writer: String,
    /// What was known when it was written; sorted.
    pub parents: Vec<OperationId>,
    /// One more than the highest of the parents.
    pub lamport: u64,
    /// UTC milliseconds on the author's machine; a claim.
    pub wall: i64,
    /// The author's name; a claim.
    pub author: String,
    /// The author's public key, hexadecimal.
    pub key: String,
    /// The first operation of the act that it is a part of, where that took several: they are undone
    /// together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<OperationId>,
    /// Anchors that it cites though somebody had deleted them: to write on in a note that names one
    /// brings none back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<OperationId>,
    pub action: Action,
}

/// Why a stored operation is not what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadOperation {
    #[error("its text is not an operation: {0}")]
    Malformed(String),
    #[error("its text was changed: the hash does not fit")]
    Hash,
    #[error("its signature does not fit")]
    Signature,
    #[error("its columns say something else than its text")]
    Columns,
    #[error("it has the version {0}, which this program does not know")]
    Version(u32),
}

pub(super) const VERSION: u32 = 1;

impl Body {
    pub fn new(
        writer: [u8; 16],
        mut parents: Vec<OperationId>,
        lamport: u64,
        wall: i64,
        author: &str,
        key: &SigningKey,
        action: Action,
    ) -> Body {
        parents.sort();
        parents.dedup();
        Body {
            v: VERSION,
            writer: hex(&writer),
            parents,
            lamport,
            wall,
            author: author.to_owned(),
            key: hex(key.verifying_key().as_bytes()),
            act: None,
            gone: Vec::new(),
            action,
        }
    }

    /// Anchors that a note or an entity stands on by it: whoever deletes one must have known of that.
    pub fn cites(&self) -> Vec<OperationId> {
        let mut cited = self.action.cites();
        cited.retain(|anchor| !self.gone.contains(anchor));
        cited
    }

    /// The operation as it is stored.
    ///
    /// # Errors
    /// Serialising failed, which no body made here does.
    pub fn sign(&self, key: &SigningKey) -> Result<StoredOperation, BadOperation> {
        let body =
            serde_json::to_string(self).map_err(|e| BadOperation::Malformed(e.to_string()))?;
        let id = Sha256::of(body.as_bytes());
        let signature = key.sign(&id.0).to_bytes().to_vec();
        let writer = unhex(&self.writer)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| BadOperation::Malformed("writer".to_owned()))?;
        Ok(StoredOperation { id: id.0, lamport: self.lamport, writer, body, signature })
    }

    /// Reads and checks a stored operation: hash, signature, columns.
    pub fn check(stored: &StoredOperation) -> Result<Body, BadOperation> {
        if Sha256::of(stored.body.as_bytes()).0 != stored.id {
            return Err(BadOperation::Hash);
        }
        let body = Body::parse(stored)?;
        body.check_signature(stored)?;
        if body.lamport != stored.lamport || body.writer != hex(&stored.writer) {
            return Err(BadOperation::Columns);
        }
        Ok(body)
    }

    /// Checks the signature alone.
    pub(super) fn check_signature(&self, stored: &StoredOperation) -> Result<(), BadOperation> {
        let key = unhex(&self.key)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .ok_or(BadOperation::Signature)?;
        let signature =
            Signature::from_slice(&stored.signature).map_err(|_| BadOperation::Signature)?;
        key.verify_strict(&stored.id, &signature).map_err(|_| BadOperation::Signature)
    }

    /// Reads a stored operation without checking it: what the fold does on each open.
    pub fn parse(stored: &StoredOperation) -> Result<Body, BadOperation> {
        let body: Body = serde_json::from_str(&stored.body)
            .map_err(|error| BadOperation::Malformed(error.to_string()))?;
        if body.v != VERSION { Err(BadOperation::Version(body.v)) } else { Ok(body) }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Only what [`hex`] writes.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if !text.bytes().all(is_digit) || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_operation_is_found_out() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let action = Action::Mark {
            name: "read".into(),
            on: true,
            targets: vec![Target::Document(Sha256([1; 32]))],
        };
        let body = Body::new([2; 16], vec![], 1, 0, "lin", &key, action);
        let good = body.sign(&key).unwrap();
        assert_eq!(Body::check(&good).unwrap(), body);

        let check = |change: &dyn Fn(&mut StoredOperation), expected| {
            let mut bad = good.clone();
            change(&mut bad);
            assert_eq!(Body::check(&bad).unwrap_err(), expected);
        };
        check(&|op| op.body = op.body.replace("lin", "tom"), BadOperation::Hash);
        check(&|op| op.signature[5] ^= 1, BadOperation::Signature);
        check(&|op| op.lamport = 2, BadOperation::Columns);
        check(&|op| op.writer[0] ^= 1, BadOperation::Columns);
        // Somebody else signs it and puts a hash that fits.
        let forger = SigningKey::from_bytes(&[8; 32]);
        let forged = body.sign(&forger).unwrap();
        assert_eq!(Body::check(&forged).unwrap_err(), BadOperation::Signature);
    }
}
