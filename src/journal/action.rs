//! What an operation may do, what it is about and what it names.

use super::operation::OperationId;
use crate::model::anchor::{Anchor, Count, Counted};
use crate::model::entity::{EntityField, EntityKind};
use crate::model::finding::{NoteField, NoteKind};
use crate::model::reference::References;
use crate::model::{AccountKey, Reference, Sha256, Target};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    pub(super) fn cites(&self) -> Vec<OperationId> {
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
}

/// What citing an anchor is noted under among the hands in things. Who has a hand in the anchor
/// itself is noted apart from it: an anchor is folded again without the texts of the notes that
/// name it.
pub fn citing(anchor: OperationId) -> OperationId {
    Sha256::of(&[b"cites ".as_slice(), anchor.0.as_slice()].concat())
}
