//! What was changed on both sides of a merge without one knowing of the other. What they said of a
//! field stands side by side, in every copy the same, until somebody has looked and sets it anew.

use crate::case::{Case, CaseError, entities};
use crate::journal::{Action, Deed, Incoming, OperationId, deeds, log};
use crate::model::disagreed::{Said, Slot};
use crate::model::entity::EntityField;
use crate::model::finding::NoteField;
use crate::model::handover::Clash;
use crate::model::{AccountKey, EntityId, ItemId, NoteId};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What one side deleted and the other changed.
const DELETION: &str = "deletion";

/// What an entity is a part of.
const MERGED: &str = "merged into";

/// Accounts that an operation gives to an entity.
fn accounts_given(action: &Action) -> impl Iterator<Item = &AccountKey> {
    let (several, one) = match action {
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

/// A field of which both sides said something, with the two that said it last.
struct Both {
    thing: OperationId,
    field: String,
    ours: Deed,
    theirs: Deed,
    stands: Stands,
}

/// What holds when both are in the journal.
enum Stands {
    /// What was said last, in the order of the fold.
    Theirs,
    Ours,
    /// A deletion, or what was written meanwhile.
    IfThere,
    Words(String),
}

/// A note or an entity that an operation is about and did not make.
fn subject(action: &Action) -> Option<OperationId> {
    match action {
        Action::NoteSet { note, .. } | Action::NoteDelete { note, .. } => Some(*note),
        Action::NoteText { note, .. } => *note,
        Action::EntitySet { entity, .. }
        | Action::EntityMerge { entity, .. }
        | Action::EntityDrop { entity, .. } => Some(*entity),
        Action::EntitySplit { from, .. } => Some(*from),
        _ => None,
    }
}

impl Case {
    /// Notes and entities of which both sides changed the same field, or that one deleted while the
    /// other changed them; accounts that both gave away. `new` is in the journal by now. Texts are
    /// told apart: both of them stand.
    pub(super) fn clashes(&self, new: &[&Incoming]) -> Result<Vec<Clash>, CaseError> {
        let own: HashSet<OperationId> = new.iter().map(|incoming| incoming.id()).collect();
        let things: BTreeSet<OperationId> = new
            .iter()
            .filter_map(|incoming| subject(&incoming.body.action))
            // What came with the bundle was nobody's here.
            .filter(|thing| !own.contains(thing))
            .collect();
        let mut both = Vec::new();
        for thing in things {
            self.both_said(thing, &own, &mut both)?;
        }
        self.both_gave(new, &own, &mut both)?;
        self.both_merged(new, &own, &mut both)?;
        let Some(least) = both.iter().map(|both| both.ours.body.lamport).min() else {
            return Ok(Vec::new());
        };
        let known = self.known_to(new, &own, least)?;
        both.retain(|both| !known.contains(&both.ours.id));
        both.into_iter().filter_map(|both| self.clash(&both).transpose()).collect()
    }

    /// What both sides said of a note or an entity, by field.
    fn both_said(
        &self,
        thing: OperationId,
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        type Last = Option<(usize, Deed)>;
        let mut fields: BTreeMap<String, (Last, Last)> = BTreeMap::new();
        let (mut deleted, mut changed): ((Last, Last), (Last, Last)) = Default::default();
        for (at, deed) in deeds(&self.store, thing)?.into_iter().enumerate() {
            if !deed.is_live {
                continue;
            }
            let said = Some((at, deed.clone()));
            let set = |place: &mut (Last, Last)| match own.contains(&deed.id) {
                true => place.1 = said.clone(),
                false => place.0 = said.clone(),
            };
            match &deed.body.action {
                Action::NoteSet { set: NoteField::Review(_), .. } => {}
                Action::NoteSet { set: field, .. } => {
                    set(fields.entry(self.field_name(field)?).or_default());
                    set(&mut changed);
                }
                Action::EntitySet { set: field, .. } => {
                    set(fields.entry(field.about()).or_default());
                    set(&mut changed);
                }
                Action::EntityMerge { entity, .. } if *entity == thing => {
                    set(fields.entry(MERGED.to_owned()).or_default());
                    set(&mut changed);
                }
                Action::NoteText { note: Some(_), .. } | Action::EntitySplit { .. } => {
                    set(&mut changed);
                }
                Action::NoteDelete { .. } | Action::EntityDrop { .. } => set(&mut deleted),
                _ => {}
            }
        }
        let mut add = |field: String, ours: Last, theirs: Last| {
            if let (Some((at, ours)), Some((their, theirs))) = (ours, theirs) {
                let stands = match field.as_str() {
                    DELETION => Stands::IfThere,
                    _ if at < their => Stands::Theirs,
                    _ => Stands::Ours,
                };
                both.push(Both { thing, field, ours, theirs, stands });
            }
        };
        for (field, (ours, theirs)) in fields {
            add(field, ours, theirs);
        }
        // Who deletes it twice agrees.
        match (deleted, changed) {
            ((None, Some(theirs)), (Some(ours), _)) => {
                add(DELETION.to_owned(), Some(ours), Some(theirs));
            }
            ((Some(ours), None), (_, Some(theirs))) => {
                add(DELETION.to_owned(), Some(ours), Some(theirs));
            }
            _ => {}
        }
        Ok(())
    }

    /// Accounts that each side gave to another entity: both have them.
    fn both_gave(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        let given: BTreeSet<&AccountKey> =
            new.iter().flat_map(|incoming| accounts_given(&incoming.body.action)).collect();
        if given.is_empty() {
            return Ok(());
        }
        let all = entities::all(&self.store)?;
        for account in given {
            // Here and there, with the entity.
            let (mut here, mut there) = (None, None);
            let owners = all.iter().filter(|entity| entity.fields.accounts.contains(account));
            for entity in owners {
                let mut things = vec![entity.operation];
                for id in &entity.merged {
                    things.push(self.store.entity_operation(*id)?);
                }
                for thing in things {
                    for deed in deeds(&self.store, thing)?.into_iter().filter(|deed| deed.is_live) {
                        let gives = accounts_given(&deed.body.action).any(|known| known == account)
                            && !matches!(&deed.body.action, Action::EntitySplit { from, .. } if *from == thing);
                        match (gives, own.contains(&deed.id)) {
                            (true, true) => there = Some((entity.operation, deed)),
                            (true, false) => here = Some((entity.operation, deed)),
                            (false, _) => {}
                        }
                    }
                }
            }
            let (Some((thing, ours)), Some((other, theirs))) = (here, there) else { continue };
            if thing != other {
                let (here, there) = (self.called(&thing)?, self.called(&other)?);
                both.push(Both {
                    thing,
                    field: format!("owner of the account {}", account.handle),
                    ours,
                    theirs,
                    stands: Stands::Words(format!("{here} and {there} both have it")),
                });
            }
        }
        Ok(())
    }

    /// Entities that each side merged the other way round.
    fn both_merged(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        let is_merge = |deed: &Deed, thing: OperationId| {
            deed.is_live
                && matches!(&deed.body.action, Action::EntityMerge { entity, .. } if *entity == thing)
        };
        let mut done: BTreeSet<OperationId> = BTreeSet::new();
        for incoming in new {
            let Action::EntityMerge { entity, into: Some(first), .. } = &incoming.body.action
            else {
                continue;
            };
            // Along what each was merged into last, until that comes back to where it began.
            let (mut at, mut circle) = (*first, Vec::new());
            let mut seen: HashSet<OperationId> = HashSet::new();
            while at != *entity && seen.insert(at) {
                let mut merges = deeds(&self.store, at)?.into_iter();
                let last = merges.rfind(|deed| is_merge(deed, at));
                let Some(deed) = last else { break };
                let Action::EntityMerge { into: Some(into), .. } = &deed.body.action else { break };
                at = *into;
                circle.push(deed);
            }
            let is_last =
                deeds(&self.store, *entity)?.into_iter().rfind(|deed| is_merge(deed, *entity));
            let Some(theirs) = is_last.filter(|deed| deed.id == incoming.id()) else { continue };
            if at != *entity || !done.insert(*entity) {
                continue;
            }
            if let Some(ours) = circle.into_iter().find(|deed| !own.contains(&deed.id)) {
                let id = self.store.find_entity(entity)?;
                let root = entities::all(&self.store)?.into_iter().find(|known| {
                    known.operation == *entity || id.is_some_and(|id| known.merged.contains(&id))
                });
                let root = root.map_or_else(String::new, |root| root.id.to_string());
                let stands = Stands::Words(format!("they are one, called {root}"));
                both.push(Both { thing: *entity, field: MERGED.to_owned(), ours, theirs, stands });
            }
        }
        Ok(())
    }

    /// An entity as this case numbers it.
    fn called(&self, entity: &OperationId) -> Result<String, CaseError> {
        let id = self.store.find_entity(entity)?;
        Ok(id.map_or_else(|| entity.to_string(), |id| id.to_string()))
    }

    /// Operations of this case that whoever wrote `new` knew of, as far back as `least`.
    fn known_to(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        least: u64,
    ) -> Result<HashSet<OperationId>, CaseError> {
        let parents = new.iter().flat_map(|incoming| incoming.body.parents.iter().copied());
        let mut open: Vec<OperationId> = parents.filter(|id| !own.contains(id)).collect();
        let mut known = HashSet::new();
        while let Some(id) = open.pop() {
            if !known.insert(id) {
                continue;
            }
            let Some(stored) = self.store.operation(&id.0)? else { continue };
            if stored.lamport > least {
                open.extend(log::parse(&stored)?.parents);
            }
        }
        Ok(known)
    }

    /// `None` where both say the same.
    fn clash(&self, both: &Both) -> Result<Option<Clash>, CaseError> {
        let (ours, theirs) = (self.said(&both.ours)?, self.said(&both.theirs)?);
        let (note, entity) =
            (self.store.find_note(&both.thing)?, self.store.find_entity(&both.thing)?);
        if ours == theirs || (note.is_none() && entity.is_none()) {
            return Ok(None);
        }
        let line = match (note, entity) {
            (Some(note), _) => {
                let texts = self.store.note_texts(note)?.into_iter();
                let lines = texts.map(|text| super::summary::first_line(&text.text)).next();
                lines.map(|line| if line.is_empty() { " ".to_owned() } else { line })
            }
            (None, Some(entity)) => self.own_name(entity)?,
            (None, None) => None,
        };
        let stands = match &both.stands {
            Stands::IfThere if line.is_none() => "it is deleted".to_owned(),
            Stands::IfThere => "it is kept".to_owned(),
            Stands::Theirs | Stands::Ours if self.is_disagreed(note, entity, &both.theirs)? => {
                "both, until somebody sets it anew".to_owned()
            }
            Stands::Theirs => theirs.clone(),
            Stands::Ours => ours.clone(),
            Stands::Words(words) => words.clone(),
        };
        let title = line.unwrap_or_default().trim().chars().take(super::summary::TITLE).collect();
        let theirs_body = &both.theirs.body;
        let by = self.signed_name(&theirs_body.author, &theirs_body.key)?;
        let field = both.field.clone();
        let entity = entity.filter(|_| note.is_none());
        Ok(Some(Clash { note, entity, title, field, ours, theirs, by, stands }))
    }

    /// Whether what was set stands beside something else.
    fn is_disagreed(
        &self,
        note: Option<NoteId>,
        entity: Option<EntityId>,
        deed: &Deed,
    ) -> Result<bool, CaseError> {
        let slot = match &deed.body.action {
            Action::NoteSet { set, .. } => set.slot(),
            Action::EntitySet { set, .. } => set.slot(),
            Action::EntityMerge { .. } => Some(Slot::Merged),
            _ => None,
        };
        let Some(slot) = slot else { return Ok(false) };
        if let Some(note) = note {
            return Ok(self.note_fields(note)?.disagreed(slot).is_some());
        }
        let own = entities::own(&self.store)?.into_iter().find(|own| Some(own.id) == entity);
        Ok(own.is_some_and(|own| own.fields.disagreed.iter().any(|own| own.slot == slot)))
    }

    fn field_name(&self, field: &NoteField) -> Result<String, CaseError> {
        Ok(match field.slot() {
            Some(Slot::Citation(anchor)) => self.citation_name(&anchor)?,
            Some(slot) => slot.name().to_owned(),
            None => "review".to_owned(),
        })
    }

    fn citation_name(&self, anchor: &OperationId) -> Result<String, CaseError> {
        let id = self.store.find_anchor(anchor)?;
        let name = id.map_or_else(|| anchor.to_string(), |id| ItemId::Anchor(id).to_string());
        Ok(format!("citation {name}"))
    }

    /// What somebody said, in a word or two.
    fn said(&self, deed: &Deed) -> Result<String, CaseError> {
        Ok(match &deed.body.action {
            Action::NoteSet { set: NoteField::Question(Some(question)), .. } => {
                match self.store.find_note(question)? {
                    Some(id) => id.to_string(),
                    None => question.to_string(),
                }
            }
            Action::NoteSet { set, .. } => set.value(),
            Action::EntitySet { entity, set: EntityField::Account { on: true, .. }, .. } => {
                format!("given to {}", self.called(entity)?)
            }
            Action::EntitySet { entity, set: EntityField::Account { on: false, .. }, .. } => {
                format!("taken from {}", self.called(entity)?)
            }
            Action::EntitySet { set, .. } => set.value(),
            Action::Entity { .. } | Action::EntitySplit { .. } => {
                format!("given to {}", self.called(&deed.id)?)
            }
            Action::EntityMerge { entity, into: Some(into), .. } => {
                format!("{} into {}", self.called(entity)?, self.called(into)?)
            }
            Action::EntityMerge { entity, into: None, .. } => {
                format!("{} by itself", self.called(entity)?)
            }
            Action::NoteDelete { .. } | Action::EntityDrop { .. } => "deleted it".to_owned(),
            action => action.words(),
        })
    }
}
