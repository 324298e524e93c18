//! What a thing is: the fold of the live operations on it. Pure; the same for one thing that is
//! folded again and for all of them in a rebuild.

use super::noted::{self, Noted};
use super::operation::{Action, Body, OperationId};
use super::revoke::Undoing;
use super::said::{Said, disagreed, lay};
use crate::model::disagreed::Slot;
use crate::model::entity::{Attribute, EntityField, EntityFields};
use crate::model::finding::{NoteField, NoteFields, NoteKind};
use crate::model::review::{Reviewed, Signer};
use crate::model::{AccountKey, Anchor};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The state of a thing. Operations are applied in the order of the fold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thing {
    pub note: Option<NoteThing>,
    pub anchor: Option<AnchorThing>,
    pub entity: Option<EntityThing>,
    /// Name and query of a saved search.
    pub search: Option<(String, String)>,
    /// Offset in seconds, where the thing is an export.
    pub zone: Option<i32>,
    tags: BTreeSet<String>,
    is_dropped: bool,
    /// Operations on it, but for those that deleted it, in the order of the fold, with the key that
    /// signed each.
    hands: Vec<(OperationId, Box<str>)>,
    /// Operations that cite it, in the order of the fold.
    citings: Vec<OperationId>,
    /// Those that deleted it, in the order of the fold.
    deletions: Vec<Deletion>,
    /// Undoings of what made it that have no effect.
    undoings: Vec<Undoing>,
    /// Who acted on it last, and when by their clock; claims.
    pub author: String,
    pub wall: i64,
}

/// An operation that deleted a thing, with what whoever wrote it knew of the thing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Deletion {
    id: OperationId,
    knew: BTreeSet<OperationId>,
    /// What cites it is among these.
    cited: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteThing {
    /// Operations whose text stands.
    pub texts: BTreeSet<OperationId>,
    replaced: BTreeSet<OperationId>,
    /// What a new one was made as, until its kind was set.
    kind: NoteKind,
    /// The last that each person said of each sentence, by how many came before.
    reviews: BTreeMap<ReviewKey, (usize, Reviewed)>,
    /// Reviews so far, those that were replaced too.
    reviewed: usize,
    writers: Vec<Signer>,
    /// When an anchor was cited first, by how many citations came before.
    cited: BTreeMap<OperationId, usize>,
    /// Citations so far, those that say something else of an anchor too.
    citing: usize,
    /// What stands of each field, in the order of the fold.
    said: BTreeMap<Slot, Vec<Said<NoteField>>>,
}

/// Sentence, role and name as they were typed, and the key that signed.
type ReviewKey = (String, String, String, String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorThing {
    pub anchor: Anchor,
    pub meaning: String,
    pub comment: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityThing {
    fields: EntityFields,
    aliases: BTreeSet<String>,
    accounts: BTreeSet<AccountKey>,
    attributes: BTreeMap<(String, String), Vec<OperationId>>,
    /// What was said of its attributes, also what was taken away.
    noted: Vec<Noted>,
    /// What stands of each field, in the order of the fold.
    said: BTreeMap<Slot, Vec<Said<EntityField>>>,
}

impl Thing {
    /// Whether there is such a thing now.
    pub fn is_there(&self) -> bool {
        if !self.deletions.is_empty() && self.unknown().next().is_none() {
            return false;
        }
        let has_text = self.note.as_ref().is_some_and(|note| !note.texts.is_empty());
        let is_made = self.anchor.is_some() || self.search.is_some() || self.entity.is_some();
        has_text || self.zone.is_some() || (is_made && !self.is_dropped)
    }

    /// Operations on it that nobody who deleted it knew of: one that has such is kept.
    fn unknown(&self) -> impl Iterator<Item = OperationId> + '_ {
        let is_known =
            |hand: &OperationId| self.deletions.iter().any(|deletion| deletion.knew.contains(hand));
        let is_cited_unknown = |citing: &OperationId| {
            self.deletions.iter().all(|own| own.cited && !own.knew.contains(citing))
        };
        let hands = self.hands.iter().map(|(id, _)| *id).filter(move |hand| !is_known(hand));
        hands.chain(self.citings.iter().copied().filter(is_cited_unknown))
    }

    /// Whether somebody deleted it or undid the making of it, with an effect or without.
    pub(super) fn was_parted_with(&self) -> bool {
        !self.deletions.is_empty() || !self.undoings.is_empty()
    }

    /// The operations that deleted it, those that undid the making of it, and those that these did not
    /// know of, where it stands in spite of the former because of the latter.
    pub(super) fn kept(&self) -> Option<[Vec<OperationId>; 3]> {
        if !self.is_there() {
            return None;
        }
        let mut unknown = self.hands.iter().filter(|(id, key)| {
            let is_deleted_with = self.deletions.iter().any(|own| own.knew.contains(id));
            (!self.deletions.is_empty() && !is_deleted_with)
                || self.undoings.iter().any(|undoing| undoing.is_unknown(*id, key))
        });
        let mut unknown: Vec<OperationId> = unknown.by_ref().map(|(id, _)| *id).collect();
        unknown.extend(self.citings.iter().filter(|id| {
            let is_known = |own: &Deletion| !own.cited || own.knew.contains(id);
            (!self.deletions.is_empty() && !self.deletions.iter().any(is_known))
                || self.undoings.iter().any(|undoing| undoing.lacks_citing(**id))
        }));
        let deleted: Vec<OperationId> = self.deletions.iter().map(|own| own.id).collect();
        let undone: Vec<OperationId> = self.undoings.iter().map(|own| own.id).collect();
        // What stays with another thing has nothing to say itself.
        let is_kept = !deleted.is_empty() || (!undone.is_empty() && !unknown.is_empty());
        is_kept.then_some([deleted, undone, unknown])
    }

    /// The fields of a note, with its tags.
    pub fn note_fields(&self) -> Option<NoteFields> {
        let note = self.note.as_ref()?;
        Some(NoteFields { tags: self.tags(), ..note.fields() })
    }

    /// The fields of an entity as they are its own, without what was merged into it.
    pub fn entity_fields(&self) -> Option<EntityFields> {
        let entity = self.entity.as_ref()?;
        let mut fields = entity.fields.clone();
        fields.aliases =
            entity.aliases.iter().filter(|name| **name != fields.name).cloned().collect();
        fields.accounts = entity.accounts.iter().cloned().collect();
        fields.attributes = entity
            .attributes
            .iter()
            .map(|((key, value), anchors)| Attribute {
                key: key.clone(),
                value: value.clone(),
                anchors: anchors.clone(),
            })
            .collect();
        fields.tags = self.tags();
        let said = entity.said.iter();
        fields.disagreed = said.filter_map(|(slot, said)| disagreed(*slot, said)).collect();
        fields.disagreed.extend(noted::disagreed(&entity.noted));
        Some(fields)
    }

    /// Operations on a field that stand.
    pub(super) fn standing(&self, slot: Slot) -> Vec<OperationId> {
        let of_entity = self.entity.as_ref().and_then(|entity| entity.said.get(&slot));
        match self.note.as_ref().and_then(|note| note.said.get(&slot)) {
            Some(said) => said.iter().map(|own| own.id).collect(),
            None => of_entity.into_iter().flatten().map(|own| own.id).collect(),
        }
    }

    /// The same for each citation of a note, by the anchor.
    pub(super) fn citations_standing(&self) -> HashMap<OperationId, Vec<OperationId>> {
        let said = self.note.iter().flat_map(|note| &note.said);
        let of_anchor = |(slot, said): (&Slot, &Vec<Said<NoteField>>)| match slot {
            Slot::Citation(anchor) => Some((*anchor, said.iter().map(|own| own.id).collect())),
            _ => None,
        };
        said.filter_map(of_anchor).collect()
    }

    /// What was said of the attribute of an entity with this key.
    pub(super) fn noted(&self, key: &str) -> Vec<OperationId> {
        let noted = self.entity.iter().flat_map(|entity| &entity.noted);
        noted.filter(|own| own.attribute.key == key).map(|own| own.id).collect()
    }

    pub fn tags(&self) -> Vec<String> {
        self.tags.iter().cloned().collect()
    }

    /// Notes that the operation `id` cites it.
    pub fn cite(&mut self, id: OperationId) {
        self.citings.push(id);
    }

    /// Lays the operation `id` over `thing`, which it has a part in; of undoings those that have no
    /// effect.
    pub fn apply(&mut self, thing: OperationId, id: OperationId, body: &Body) {
        match &body.action {
            Action::AnchorDrop { knew: Some(knew), cited, .. } => {
                let knew = knew.iter().copied().collect();
                self.deletions.push(Deletion { id, knew, cited: *cited });
                return;
            }
            Action::NoteDelete { knew: Some(knew), .. }
            | Action::EntityDrop { knew: Some(knew), .. } => {
                let knew = knew.iter().copied().collect();
                self.deletions.push(Deletion { id, knew, cited: false });
                return;
            }
            Action::EntityDrop { over: Some(over), .. } => {
                // What was merged into it before is not among them, and was no reason to keep it.
                let hands = self.hands.iter().map(|(id, _)| *id);
                let knew = over.iter().copied().chain(hands).collect();
                self.deletions.push(Deletion { id, knew, cited: false });
                return;
            }
            Action::NoteDelete { .. } | Action::AnchorDrop { .. } | Action::EntityDrop { .. } => {}
            Action::Revoke { .. } => {
                self.undoings.extend(Undoing::of(id, body));
                return;
            }
            _ => self.hands.push((id, body.key.as_str().into())),
        }
        self.author.clone_from(&body.author);
        self.wall = body.wall;
        match &body.action {
            Action::NoteText { over, kind, note, .. } => {
                let own = self.note.get_or_insert_default();
                if note.is_none() {
                    own.kind = *kind;
                }
                own.replaced.extend(over);
                own.texts.insert(id);
                own.settle();
            }
            Action::NoteDelete { over, .. } => {
                let own = self.note.get_or_insert_default();
                own.replaced.extend(over);
                own.settle();
            }
            Action::NoteSet { set, over, .. } => {
                self.note.get_or_insert_default().set(set, over.as_deref(), id, body);
            }
            Action::Anchor { anchor, meaning, comment } => {
                self.anchor = Some(AnchorThing {
                    anchor: anchor.clone(),
                    meaning: meaning.clone(),
                    comment: comment.clone(),
                });
            }
            Action::AnchorSet { meaning, comment, .. } => {
                if let Some(own) = &mut self.anchor {
                    own.meaning.clone_from(meaning);
                    own.comment.clone_from(comment);
                }
            }
            Action::AnchorCount { count, .. } => {
                if let Some(AnchorThing { anchor: Anchor::Count(known), .. }) = &mut self.anchor
                    && known.is_again(count)
                {
                    known.clone_from(count);
                }
            }
            Action::Keep { deleted, .. } => {
                self.deletions.retain(|own| !deleted.contains(&own.id));
                self.undoings.retain(|own| !deleted.contains(&own.id));
            }
            Action::AnchorDrop { .. } | Action::EntityDrop { .. } | Action::SearchDrop { .. } => {
                self.is_dropped = true;
            }
            Action::SearchSave { name, query } => self.search = Some((name.clone(), query.clone())),
            Action::Zone { offset, .. } | Action::Zones { offset, .. } => self.zone = *offset,
            Action::Tag { name, on: true, .. } => {
                self.tags.insert(name.clone());
            }
            Action::Tag { name, on: false, .. } => {
                self.tags.remove(name);
            }
            Action::EntitySplit { from, aliases, accounts, .. } if *from == thing => {
                if let Some(own) = &mut self.entity {
                    own.aliases.retain(|name| !aliases.contains(name));
                    own.accounts.retain(|account| !accounts.contains(account));
                }
            }
            Action::Entity { kind, name, aliases, accounts }
            | Action::EntitySplit { kind, name, aliases, accounts, .. } => {
                let own = self.entity.get_or_insert_default();
                own.fields.kind = *kind;
                own.fields.name.clone_from(name);
                own.aliases.extend(aliases.iter().cloned());
                own.accounts.extend(accounts.iter().cloned());
            }
            Action::EntitySet { set, over, .. } => {
                if let Some(own) = &mut self.entity {
                    own.set(set);
                    own.noted.extend(Noted::of(set, over.as_deref(), id, body));
                    if let Some(slot) = set.slot() {
                        let said = own.said.entry(slot).or_default();
                        lay(said, set, over.as_deref(), id, body);
                    }
                }
            }
            Action::EntityMerge { entity, into, over, .. } if *entity == thing => {
                if let Some(own) = &mut self.entity {
                    let set = EntityField::Merged(*into);
                    own.set(&set);
                    let said = own.said.entry(Slot::Merged).or_default();
                    lay(said, &set, over.as_deref(), id, body);
                }
            }
            Action::EntityMerge { .. } | Action::Mark { .. } | Action::Revoke { .. } => {}
        }
    }
}

impl NoteThing {
    /// A text that was replaced does not stand, in whatever order the two came.
    fn settle(&mut self) {
        self.texts.retain(|text| !self.replaced.contains(text));
    }

    fn set(&mut self, set: &NoteField, over: Option<&[OperationId]>, id: OperationId, by: &Body) {
        let writer = Signer::new(&by.author, &by.key);
        if let NoteField::Review(review) = set {
            // The same person says something else of the same sentence now. A name is typed by
            // anybody: nobody takes back what another key said.
            let key = (&review.sentence, &review.role, &review.by, &by.key);
            let key = (key.0.clone(), key.1.clone(), key.2.clone(), key.3.clone());
            let reviewed = Reviewed {
                review: review.clone(),
                taken_in_by: by.author.clone(),
                key: by.key.clone(),
                wall: by.wall,
                shown: String::new(),
            };
            self.reviews.insert(key, (self.reviewed, reviewed));
            self.reviewed += 1;
            return;
        }
        // Which question it answers is how notes are arranged, and nothing that is claimed.
        if !matches!(set, NoteField::Question(_))
            && let Err(at) = self.writers.binary_search(&writer)
        {
            self.writers.insert(at, writer);
        }
        match set {
            NoteField::Cite(citation) => {
                self.cited.entry(citation.anchor).or_insert(self.citing);
                self.citing += 1;
            }
            NoteField::Uncite(anchor) => drop(self.cited.remove(anchor)),
            _ => {}
        }
        let Some(slot) = set.slot() else { return };
        lay(self.said.entry(slot).or_default(), set, over, id, by);
    }

    fn fields(&self) -> NoteFields {
        let mut reviews: Vec<&(usize, Reviewed)> = self.reviews.values().collect();
        reviews.sort_by_key(|(at, _)| *at);
        let mut fields = NoteFields {
            kind: self.kind,
            reviews: reviews.into_iter().map(|(_, review)| review.clone()).collect(),
            writers: self.writers.clone(),
            ..NoteFields::default()
        };
        for (slot, said) in &self.said {
            let Some(last) = said.last() else { continue };
            match &last.saying.set {
                NoteField::Kind(kind) => fields.kind = *kind,
                NoteField::Standing(standing) => fields.standing = *standing,
                NoteField::Confidence(confidence) => fields.confidence = *confidence,
                NoteField::Likelihood(likelihood) => fields.likelihood = *likelihood,
                NoteField::When(when) => fields.when.clone_from(when),
                NoteField::Question(question) => fields.question = *question,
                NoteField::Cite(citation) => fields.citations.push(*citation),
                NoteField::Uncite(_) | NoteField::Review(_) => {}
            }
            fields.disagreed.extend(disagreed(*slot, said));
        }
        // In the order in which they were cited first: to grade one again moves it nowhere.
        fields.citations.sort_by_key(|own| self.cited.get(&own.anchor));
        fields
    }
}

impl EntityThing {
    fn set(&mut self, set: &EntityField) {
        match set {
            EntityField::Kind(kind) => self.fields.kind = *kind,
            EntityField::Name { name, why } => {
                let before = std::mem::replace(&mut self.fields.name, name.clone());
                if before != *name {
                    self.aliases.insert(before.clone());
                    self.fields.renamed.insert(0, (before, why.clone()));
                }
            }
            EntityField::Description(text) => self.fields.description.clone_from(text),
            EntityField::Alias { name, on: true } => {
                self.aliases.insert(name.clone());
            }
            EntityField::Alias { name, on: false } => {
                self.aliases.remove(name);
            }
            EntityField::Attribute { attribute, on } => {
                let key = (attribute.key.clone(), attribute.value.clone());
                match on {
                    true => drop(self.attributes.insert(key, attribute.anchors.clone())),
                    false => drop(self.attributes.remove(&key)),
                }
            }
            EntityField::Account { account, on: true } => {
                self.accounts.insert(account.clone());
            }
            EntityField::Account { account, on: false } => {
                self.accounts.remove(account);
            }
            EntityField::Watched(watched) => self.fields.watched = *watched,
            EntityField::Merged(into) => self.fields.into = *into,
        }
    }
}

/// Where each entity belongs in the end: its root, by following what it was merged into. A circle
/// (two people merged each into the other's) ends at its smallest member.
pub fn roots(
    into: &BTreeMap<OperationId, Option<OperationId>>,
) -> BTreeMap<OperationId, OperationId> {
    let mut roots = BTreeMap::new();
    for start in into.keys() {
        let mut seen = vec![*start];
        let mut at = *start;
        let root = loop {
            match into.get(&at).copied().flatten().filter(|next| into.contains_key(next)) {
                None => break at,
                Some(next) => match seen.iter().position(|known| *known == next) {
                    Some(from) => break seen[from..].iter().copied().min().unwrap_or(next),
                    None => {
                        seen.push(next);
                        at = next;
                    }
                },
            }
        };
        roots.insert(*start, root);
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Sha256;

    fn id(n: u8) -> OperationId {
        Sha256([n; 32])
    }

    #[test]
    fn merged_entities_have_one_root_also_in_a_circle() {
        let check = |edges: &[(u8, Option<u8>)], expected: &[(u8, u8)]| {
            let into = edges.iter().map(|(a, b)| (id(*a), b.map(id))).collect();
            let expected = expected.iter().map(|(a, b)| (id(*a), id(*b))).collect();
            assert_eq!(roots(&into), expected);
        };
        check(&[(1, Some(2)), (2, Some(3)), (3, None)], &[(1, 3), (2, 3), (3, 3)]);
        check(&[(1, Some(9))], &[(1, 1)]);
        check(&[(5, Some(7)), (7, Some(5)), (6, Some(7))], &[(5, 5), (6, 5), (7, 5)]);
        check(&[(4, Some(4))], &[(4, 4)]);
    }
}
