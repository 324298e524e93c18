//! Parts of an entity that came to it by a merge are those of the other one in the journal. Whoever
//! takes a part away, or splits it off, means the entity as it is shown; here it is found whose the
//! part is.

use super::entities::{NewEntity, Own, named, own};
use super::{Acted, Case, CaseError};
use crate::model::disagreed::Slot;
use crate::model::entity::{Attribute, EntityField};
use crate::model::{AccountKey, AnchorId, EntityId, ItemId, ParticipantId, tag};

impl Case {
    /// The entity itself and what was merged into it, each for itself; itself first.
    fn own_parts(&self, id: EntityId) -> Result<(EntityId, Vec<Own>), CaseError> {
        let entity = self.entity(id)?;
        let is_part = |own: &Own| own.id == entity.id || entity.merged.contains(&own.id);
        let mut parts: Vec<Own> = own(&self.store)?.into_iter().filter(is_part).collect();
        parts.sort_by_key(|own| (own.id != entity.id, own.id));
        Ok((entity.id, parts))
    }

    /// Runs an act for every part that it concerns; says what the last one was.
    fn each_part(
        &self,
        id: EntityId,
        concerns: impl Fn(&Own) -> bool,
        act: impl Fn(EntityId) -> Result<Acted, CaseError>,
    ) -> Result<Acted, CaseError> {
        let (root, parts) = self.own_parts(id)?;
        let mut done: Option<Acted> = None;
        for part in parts.iter().filter(|part| concerns(part)) {
            let next = act(part.id)?;
            done = Some(match done {
                Some(before) => before.and(next),
                None => next,
            });
        }
        done.ok_or_else(|| CaseError::Refused(format!("{root} has no such thing")))
    }

    /// Gives an entity another name.
    ///
    /// # Errors
    /// It bears that name already. That another one bears it too is no error: nicknames do.
    pub fn add_alias(&self, id: EntityId, name: &str) -> Result<Acted, CaseError> {
        let name = named(name)?;
        let entity = self.entity(id)?;
        if entity.names().any(|known| known == name) {
            return Err(CaseError::Refused(format!("{} is called {name} already", entity.id)));
        }
        self.set_entity(entity.id, EntityField::Alias { name, on: true })
    }

    /// Takes a name away from an entity.
    ///
    /// # Errors
    /// It is the canonical one, or that of what was merged into it.
    pub fn take_alias(&self, id: EntityId, name: &str) -> Result<Acted, CaseError> {
        let (root, parts) = self.own_parts(id)?;
        if let Some(part) = parts.iter().find(|part| part.fields.name == name) {
            return Err(CaseError::Refused(match part.id == root {
                true => format!("{name} is what {root} is called: rename it first"),
                false => format!("{name} is {}, which was merged into it: split that off", part.id),
            }));
        }
        let set = EntityField::Alias { name: name.to_owned(), on: false };
        self.each_part(
            id,
            |own| own.fields.aliases.iter().any(|alias| alias == name),
            |part| self.set_entity(part, set.clone()),
        )
    }

    /// Takes an account away from an entity.
    pub fn disown_account(
        &self,
        id: EntityId,
        participant: ParticipantId,
    ) -> Result<Acted, CaseError> {
        let account = self.accounts_of(&[participant])?.remove(0);
        let set = EntityField::Account { account: account.clone(), on: false };
        self.each_part(
            id,
            |own| own.fields.accounts.contains(&account),
            |part| self.set_entity(part, set.clone()),
        )
    }

    /// Says something of an entity, with the anchors that show it.
    pub fn set_attribute(
        &self,
        id: EntityId,
        key: &str,
        value: &str,
        anchors: &[AnchorId],
    ) -> Result<Acted, CaseError> {
        let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
        if key.is_empty() || value.is_empty() {
            return Err(CaseError::Refused("an attribute is written KEY = VALUE".to_owned()));
        }
        let anchors = anchors
            .iter()
            .map(|anchor| self.operation_of(ItemId::Anchor(*anchor)))
            .collect::<Result<_, _>>()?;
        let attribute = Attribute { key, value, anchors };
        self.set_entity(self.entity(id)?.id, EntityField::Attribute { attribute, on: true })
    }

    /// Says it no more.
    pub fn take_attribute(&self, id: EntityId, key: &str, value: &str) -> Result<Acted, CaseError> {
        let is_it = |known: &Attribute| known.key == key && known.value == value;
        let attribute =
            Attribute { key: key.to_owned(), value: value.to_owned(), anchors: Vec::new() };
        self.each_part(
            id,
            |own| own.fields.attributes.iter().any(is_it),
            |part| {
                let set = EntityField::Attribute { attribute: attribute.clone(), on: false };
                self.set_entity(part, set)
            },
        )
    }

    /// Watches an entity, or does not any more.
    pub fn watch_entity(&self, id: EntityId, on: bool) -> Result<Acted, CaseError> {
        let root = self.entity(id)?.id;
        self.each_part(
            id,
            |own| if on { own.id == root } else { own.fields.watched },
            |part| self.set_entity(part, EntityField::Watched(on)),
        )
    }

    /// Tags an entity, or takes a tag off it and what was merged into it.
    pub fn tag_entity(&self, id: EntityId, name: &str, on: bool) -> Result<Acted, CaseError> {
        let name = &tag::name(name).map_err(|error| CaseError::Refused(error.to_string()))?;
        let (root, parts) = self.own_parts(id)?;
        let bears = |own: &&Own| own.fields.tags.iter().any(|tag| tag == name);
        let items: Vec<ItemId> = match on {
            true => vec![ItemId::Entity(root)],
            false => parts.iter().filter(bears).map(|own| ItemId::Entity(own.id)).collect(),
        };
        if items.is_empty() {
            return Err(CaseError::Refused(format!("{root} is not tagged {name}")));
        }
        self.tag_things(&items, name, on)
    }

    /// Makes an entity of its own of some names and accounts of another one, wherever they came
    /// from. What is named is what was merged into it: then only the merge is taken apart.
    ///
    /// # Errors
    /// The other one has not these names and accounts, or would have nothing left.
    pub fn split_off(
        &self,
        from: EntityId,
        new: &NewEntity,
        why: &str,
    ) -> Result<(EntityId, Acted), CaseError> {
        let (root, parts) = self.own_parts(from)?;
        let accounts = self.accounts_of(&new.participants)?;
        let whole = |own: &&Own| {
            own.id != root
                && own.fields.name == new.name
                && new
                    .aliases
                    .iter()
                    .all(|name| *name == own.fields.name || own.fields.aliases.contains(name))
                && accounts.iter().all(|account| own.fields.accounts.contains(account))
        };
        if let Some(part) = parts.iter().find(whole) {
            return Ok((part.id, self.merge_entity(part.id, None, why)?));
        }
        let mut names = new.aliases.clone();
        if parts.iter().any(|own| own.fields.aliases.contains(&new.name)) {
            names.push(new.name.clone());
        }
        names.sort();
        names.dedup();
        self.check_split(root, &parts, &names, &accounts)?;
        let split = NewEntity { aliases: names.clone(), ..new.clone() };
        let (id, mut done) = self.split_entity(root, &split, why)?;
        for part in parts.iter().filter(|own| own.id != root) {
            for name in names.iter().filter(|name| part.fields.aliases.contains(name)) {
                let set = EntityField::Alias { name: name.clone(), on: false };
                done = done.and(self.set_entity(part.id, set)?);
            }
            for account in accounts.iter().filter(|own| part.fields.accounts.contains(own)) {
                let set = EntityField::Account { account: account.clone(), on: false };
                done = done.and(self.set_entity(part.id, set)?);
            }
        }
        Ok((id, done))
    }

    fn check_split(
        &self,
        root: EntityId,
        parts: &[Own],
        names: &[String],
        accounts: &[AccountKey],
    ) -> Result<(), CaseError> {
        for name in names {
            if let Some(part) = parts.iter().find(|own| own.fields.name == *name) {
                return Err(CaseError::Refused(match part.id == root {
                    true => format!("{name} is what {root} is called: rename it first"),
                    false => format!("{name} is {}, split that off", part.id),
                }));
            }
            if !parts.iter().any(|own| own.fields.aliases.contains(name)) {
                return Err(CaseError::Refused(format!("{root} is not called {name}")));
            }
        }
        for account in accounts {
            if !parts.iter().any(|own| own.fields.accounts.contains(account)) {
                return Err(CaseError::Refused(format!("{root} does not own {}", account.handle)));
            }
        }
        match names.is_empty() && accounts.is_empty() {
            true => Err(CaseError::Refused("a name or an account is split off".to_owned())),
            false => Ok(()),
        }
    }

    /// Says that an entity is another one, each with what was merged into it.
    ///
    /// # Errors
    /// They are the same one already.
    pub fn merge_into(&self, id: EntityId, into: EntityId, why: &str) -> Result<Acted, CaseError> {
        let (from, into) = (self.entity(id)?, self.entity(into)?);
        // One that people merged into different ones is meant itself: that settles it.
        if from.id != id && self.is_merged_twice(id)? {
            return self.merge_entity(id, Some(into.id), why);
        }
        if from.id == into.id {
            return Err(CaseError::Refused(format!("{} is {} already", id, into.id)));
        }
        self.merge_entity(from.id, Some(into.id), why)
    }

    fn is_merged_twice(&self, id: EntityId) -> Result<bool, CaseError> {
        let own = own(&self.store)?.into_iter().find(|own| own.id == id);
        Ok(own.is_some_and(|own| own.fields.disagreed.iter().any(|own| own.slot == Slot::Merged)))
    }
}
