//! Entities: whom and what the analyst knows by name. There are hundreds of them, not millions:
//! all are read at once, with what was merged into each.

use super::{Acted, Case, CaseError};
use crate::journal::{Action, thing};
use crate::model::disagreed::Slot;
use crate::model::entity::{Entity, EntityField, EntityFields, EntityKind};
use crate::model::{AccountKey, EntityId, ItemId, ParticipantId, Sha256};
use crate::store::{Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// What a new entity is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewEntity {
    pub kind: EntityKind,
    /// The canonical name.
    pub name: String,
    pub aliases: Vec<String>,
    /// Accounts that it owns.
    pub participants: Vec<ParticipantId>,
}

/// An entity as it stands alone, without what was merged into it.
pub(super) struct Own {
    pub id: EntityId,
    pub operation: Sha256,
    pub fields: EntityFields,
    author: String,
    changed: i64,
}

/// Every entity for itself, by number.
pub(super) fn own(store: &Store) -> Result<Vec<Own>, CaseError> {
    let mut all = Vec::new();
    for (id, operation, row) in store.entities()? {
        let fields: EntityFields = serde_json::from_str(&row.body)
            .map_err(|error| StoreError::Damaged(format!("{id}: {error}")))?;
        all.push(Own { id, operation, fields, author: row.author, changed: row.wall });
    }
    Ok(all)
}

/// All entities that stand for themselves, by number, each with what was merged into it.
pub(super) fn all(store: &Store) -> Result<Vec<Entity>, CaseError> {
    let all = own(store)?;
    let into = all.iter().map(|own| (own.operation, own.fields.into)).collect();
    let roots = thing::roots(&into);
    let mut entities: BTreeMap<Sha256, Entity> = BTreeMap::new();
    for own in all.iter().filter(|own| roots.get(&own.operation) == Some(&own.operation)) {
        let entity = Entity {
            id: own.id,
            operation: own.operation,
            fields: own.fields.clone(),
            participants: Vec::new(),
            merged: Vec::new(),
            author: own.author.clone(),
            changed: own.changed,
        };
        entities.insert(own.operation, entity);
    }
    for own in &all {
        let root = roots.get(&own.operation).filter(|root| **root != own.operation);
        let Some(entity) = root.and_then(|root| entities.get_mut(root)) else { continue };
        entity.merged.push(own.id);
        if own.changed > entity.changed {
            entity.changed = own.changed;
            entity.author.clone_from(&own.author);
        }
        join(&mut entity.fields, &own.fields);
    }
    disagreed_merges(&all, &roots, &mut entities);
    let mut entities: Vec<Entity> = entities.into_values().collect();
    for entity in &mut entities {
        entity.merged.sort_unstable();
        for account in &entity.fields.accounts {
            let found = store.find_account(&account.platform, &account.handle)?;
            if let Some(ItemId::Participant(id)) = found {
                entity.participants.push(id);
            }
        }
    }
    entities.sort_by_key(|entity| entity.id);
    Ok(entities)
}

/// What was merged into different entities at the same time is disagreed on in all of them, until
/// somebody says anew what it is.
fn disagreed_merges(
    all: &[Own],
    roots: &BTreeMap<Sha256, Sha256>,
    entities: &mut BTreeMap<Sha256, Entity>,
) {
    for entity in entities.values_mut() {
        entity.fields.disagreed.retain(|own| own.slot != Slot::Merged);
    }
    let called = |id: &Sha256| {
        let own = all.iter().find(|own| own.operation == *id)?;
        Some(format!("{} {}", own.id, own.fields.name))
    };
    for own in all {
        let Some(known) = own.fields.disagreed.iter().find(|known| known.slot == Slot::Merged)
        else {
            continue;
        };
        let mut disagreed = known.clone();
        disagreed.item = called(&own.operation);
        let mut concerned: BTreeSet<&Sha256> = roots.get(&own.operation).into_iter().collect();
        for said in &mut disagreed.said {
            if let EntityField::Merged(Some(into)) = &said.set {
                said.item = called(into).map(|name| format!("into {name}"));
                concerned.extend(roots.get(into));
            }
        }
        for root in concerned {
            if let Some(entity) = entities.get_mut(root) {
                entity.fields.disagreed.push(disagreed.clone());
            }
        }
    }
}

impl Case {
    /// The same, with whoever said what of them as they are shown.
    pub(super) fn all_entities(&self) -> Result<Vec<Entity>, CaseError> {
        let mut entities = all(&self.store)?;
        let disagreed = entities.iter_mut().flat_map(|entity| &mut entity.fields.disagreed);
        for own in disagreed.flat_map(|own| &mut own.said) {
            own.shown = self.signed_name(&own.by.name, &own.by.key)?;
        }
        for entity in &mut entities {
            self.name_kept(entity.fields.kept.as_mut())?;
        }
        Ok(entities)
    }

    /// All entities that stand for themselves, by number, each with what was merged into it.
    pub fn entities(&self) -> Result<Vec<Entity>, CaseError> {
        let mut entities = self.all_entities()?;
        for entity in &mut entities {
            let mut things = vec![entity.operation];
            for id in &entity.merged {
                things.push(self.store.entity_operation(*id)?);
            }
            entity.author = self.last_hand(&things, std::mem::take(&mut entity.author))?;
        }
        Ok(entities)
    }

    /// An entity, or the one that it was merged into.
    pub fn entity(&self, id: EntityId) -> Result<Entity, CaseError> {
        self.entities()?
            .into_iter()
            .find(|entity| entity.id == id || entity.merged.contains(&id))
            .ok_or_else(|| StoreError::NoSuchItem(id.to_string()).into())
    }

    pub fn add_entity(&self, new: &NewEntity) -> Result<(EntityId, Acted), CaseError> {
        let (operation, acted) = self.act(Action::Entity {
            kind: new.kind,
            name: named(&new.name)?,
            aliases: new.aliases.clone(),
            accounts: self.accounts_of(&new.participants)?,
        })?;
        Ok((self.store.entity_of(&operation)?, acted))
    }

    /// Sets a field of an entity.
    pub fn set_entity(&self, id: EntityId, set: EntityField) -> Result<Acted, CaseError> {
        if let EntityField::Name { name, .. } | EntityField::Alias { name, .. } = &set {
            named(name)?;
        }
        let entity = self.store.entity_operation(id)?;
        Ok(self.act(Action::EntitySet { entity, set, over: None })?.1)
    }

    /// Gives an account to an entity, or takes it away.
    pub fn own_account(
        &self,
        id: EntityId,
        participant: ParticipantId,
        on: bool,
    ) -> Result<Acted, CaseError> {
        let account = self.accounts_of(&[participant])?.remove(0);
        self.set_entity(id, EntityField::Account { account, on })
    }

    /// Says that `id` is `into`; with `None`, that it is one of its own after all.
    pub fn merge_entity(
        &self,
        id: EntityId,
        into: Option<EntityId>,
        why: &str,
    ) -> Result<Acted, CaseError> {
        if into == Some(id) {
            return Err(CaseError::Refused(format!("{id} is {id} already")));
        }
        let entity = self.store.entity_operation(id)?;
        let into = into.map(|into| self.store.entity_operation(into)).transpose()?;
        Ok(self.act(Action::EntityMerge { entity, into, why: why.to_owned(), over: None })?.1)
    }

    /// Makes an entity of its own of some names and accounts of another one.
    pub fn split_entity(
        &self,
        from: EntityId,
        new: &NewEntity,
        why: &str,
    ) -> Result<(EntityId, Acted), CaseError> {
        let (operation, acted) = self.act(Action::EntitySplit {
            from: self.store.entity_operation(from)?,
            kind: new.kind,
            name: named(&new.name)?,
            aliases: new.aliases.clone(),
            accounts: self.accounts_of(&new.participants)?,
            why: why.to_owned(),
        })?;
        Ok((self.store.entity_of(&operation)?, acted))
    }

    pub fn drop_entity(&self, id: EntityId) -> Result<Acted, CaseError> {
        let entity = self.store.entity_operation(id)?;
        Ok(self.act(Action::EntityDrop { entity, over: None, knew: None })?.1)
    }

    /// Says that of an entity and of what was merged into it (with the operations that made them)
    /// those stay that somebody deleted.
    pub(super) fn keep_parts(
        &self,
        item: ItemId,
        parts: &[(EntityId, Sha256)],
    ) -> Result<Acted, CaseError> {
        let all = own(&self.store)?;
        self.together(|| {
            let mut acted: Option<Acted> = None;
            for (id, thing) in parts {
                let kept = all.iter().find(|own| own.id == *id);
                let Some(kept) = kept.and_then(|own| own.fields.kept.as_ref()) else { continue };
                let deleted = kept.operations();
                let next = self.act(Action::Keep { thing: *thing, deleted })?.1;
                let before = acted.map_or(next.before, |first| first.before);
                acted = Some(Acted { before, ..next });
            }
            acted.ok_or_else(|| CaseError::Refused(format!("nobody deleted {item}")))
        })
    }

    pub(super) fn accounts_of(
        &self,
        participants: &[ParticipantId],
    ) -> Result<Vec<AccountKey>, CaseError> {
        let mut accounts = Vec::with_capacity(participants.len());
        for id in participants {
            let (platform, handle) = self
                .store
                .account_key(*id)?
                .ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
            accounts.push(AccountKey { platform, handle });
        }
        Ok(accounts)
    }
}

/// A name that can be one.
pub(super) fn named(name: &str) -> Result<String, CaseError> {
    match name.trim() {
        "" => Err(CaseError::Refused("an entity has a name".to_owned())),
        name => Ok(name.to_owned()),
    }
}

/// Adds what was merged to what an entity is.
fn join(fields: &mut EntityFields, other: &EntityFields) {
    fields.aliases.push(other.name.clone());
    fields.aliases.extend(other.aliases.iter().cloned());
    fields.aliases.sort();
    fields.aliases.dedup();
    fields.aliases.retain(|name| *name != fields.name);
    fields.accounts.extend(other.accounts.iter().cloned());
    fields.accounts.sort();
    fields.accounts.dedup();
    fields.attributes.extend(other.attributes.iter().cloned());
    fields.attributes.sort();
    fields.attributes.dedup();
    fields.tags.extend(other.tags.iter().cloned());
    fields.tags.sort();
    fields.tags.dedup();
    fields.watched |= other.watched;
    if fields.kept.is_none() {
        fields.kept.clone_from(&other.kept);
    }
    if fields.description.is_empty() {
        fields.description.clone_from(&other.description);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::with_documents;
    use crate::case::{Access, Author, NoteField, Standing};
    use crate::journal;
    use crate::model::note::Draft;

    fn person(name: &str, aliases: &[&str]) -> NewEntity {
        NewEntity {
            name: name.to_owned(),
            aliases: aliases.iter().map(|name| (*name).to_owned()).collect(),
            ..NewEntity::default()
        }
    }

    fn names(case: &Case, id: EntityId) -> Vec<String> {
        case.entity(id).unwrap().names().map(str::to_owned).collect()
    }

    #[test]
    fn entities_are_renamed_merged_split_and_undone() {
        let (_dir, case) = with_documents(&[1]);
        let (wang, _) = case.add_entity(&person("王某", &["老王"])).unwrap();
        let (handle, _) = case.add_entity(&person("lin_w", &[])).unwrap();
        let name = EntityField::Name { name: "王林".to_owned(), why: "contract D3".to_owned() };
        case.set_entity(wang, name).unwrap();
        assert_eq!(names(&case, wang), ["王林", "王某", "老王"]);
        assert_eq!(case.entity(wang).unwrap().fields.renamed[0].1, "contract D3");
        case.merge_entity(handle, Some(wang), "same phone").unwrap();
        assert_eq!(names(&case, handle), ["王林", "lin_w", "王某", "老王"]);
        assert_eq!(case.entities().unwrap().len(), 1);
        let (other, _) = case.split_entity(wang, &person("老王", &["老王"]), "two people").unwrap();
        assert_eq!(names(&case, wang), ["王林", "lin_w", "王某"]);
        assert_eq!(names(&case, other), ["老王"]);
        case.undo().unwrap();
        case.undo().unwrap();
        assert_eq!(names(&case, handle), ["lin_w"]);
        case.drop_entity(wang).unwrap();
        assert!(case.entity(wang).is_err());
        case.undo().unwrap();
        assert_eq!(names(&case, wang), ["王林", "王某", "老王"]);
        assert!(case.add_entity(&person("  ", &[])).is_err());
        assert!(case.merge_entity(wang, Some(wang), "").is_err());
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }

    #[test]
    fn what_was_split_off_and_undone_comes_back_on_both_sides_when_somebody_acts_on_it() {
        let (_dir, case) = with_documents(&[1]);
        let (wang, _) = case.add_entity(&person("王林", &["老王", "王某"])).unwrap();
        let other = Case::open(case.folder(), Access::Write).unwrap();
        other.set_author(Author::with_key("mara", [8; 32])).unwrap();
        let (split, _) = other.split_entity(wang, &person("老王", &["老王"]), "").unwrap();
        other.undo().unwrap();
        assert_eq!(names(&case, wang), ["王林", "王某", "老王"]);
        case.set_entity(split, EntityField::Alias { name: "王五".to_owned(), on: true }).unwrap();
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
        assert_eq!(names(&case, split), ["老王", "王五"]);
        assert_eq!(names(&case, wang), ["王林", "王某"]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

        /// However two people make, change, undo and redo things, the tables say what a rebuild
        /// would say.
        #[test]
        fn things_are_folded_again_as_a_rebuild_folds_them(
            acts in proptest::collection::vec((0..2_usize, 0..12_u8, 0..4_i64, 0..4_i64), 1..40),
        ) {
            let (_dir, first) = with_documents(&[1]);
            let second = Case::open(first.folder(), Access::Write).unwrap();
            second.set_author(Author::with_key("mara", [8; 32])).unwrap();
            for (who, act, one, two) in acts {
                let case = [&first, &second][who];
                let (entity, other) = (EntityId(one + 1), EntityId(two + 1));
                let note = crate::model::NoteId(one + 1);
                let name = ["甲", "乙", "丙", "丁"][two as usize].to_owned();
                // What is not there, or nothing left to undo, is no failure here.
                match act {
                    0 => drop(case.add_entity(&person(&name, &["别名"]))),
                    1 => drop(case.set_entity(entity, EntityField::Name { name, why: String::new() })),
                    2 => drop(case.set_entity(entity, EntityField::Alias { name, on: one % 2 == 0 })),
                    3 => drop(case.merge_entity(entity, Some(other), "")),
                    4 => drop(case.split_entity(entity, &person(&name, &["别名"]), "")),
                    5 => drop(case.drop_entity(entity)),
                    6 => drop(case.save_note(&Draft { text: format!("{name} E1 N1 {entity}"), ..Draft::default() })),
                    7 => drop(case.set_note(note, NoteField::Standing(Standing::ALL[two as usize]))),
                    8 => drop(case.tag_things(&[ItemId::Entity(entity), ItemId::Note(note)], "x/y", two % 2 == 0)),
                    9 => drop(case.delete_note(note)),
                    10 => drop(case.undo()),
                    _ => drop(case.redo()),
                }
                let (_, damage) = first.check_journal().unwrap();
                proptest::prop_assert_eq!(damage, Vec::new());
            }
            let shown = |case: &Case| (case.entities().unwrap(), case.notes(0..100).unwrap());
            let before = shown(&first);
            journal::project(&first.store).unwrap();
            proptest::prop_assert_eq!(shown(&first), before);
        }
    }
}
