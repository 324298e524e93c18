//! What a bundle takes away from a case, by its title: a number alone says nothing of it once it is
//! gone.

use super::summary::{TITLE, first_line};
use crate::case::notes::anchor_line;
use crate::case::{Case, CaseError};
use crate::journal::{Action, Incoming, OperationId, deeds, log, references};
use crate::model::ItemId;
use crate::model::entity::EntityField;
use crate::model::handover::Lost;
use std::collections::HashSet;

impl Case {
    /// Things that `new`, which is in the journal now, deleted or took tags off.
    pub(super) fn taken_away(&self, new: &[&Incoming]) -> Result<Vec<Lost>, CaseError> {
        let own: HashSet<OperationId> = new.iter().map(|incoming| incoming.id()).collect();
        let mut force = log::Force::default();
        let mut lost = Vec::new();
        for incoming in new {
            let (things, tag) = match &incoming.body.action {
                Action::NoteDelete { note: thing, .. }
                | Action::EntityDrop { entity: thing, .. }
                | Action::AnchorDrop { anchor: thing, .. } => (vec![*thing], None),
                Action::Tag { name, on: false, things } => (things.clone(), Some(name.clone())),
                _ => continue,
            };
            if !force.is_in_force(&self.store, incoming.id())? {
                continue;
            }
            let by = self.signed_name(&incoming.body.author, &incoming.body.key)?;
            // What came with the bundle was nobody's here.
            for thing in things.into_iter().filter(|thing| !own.contains(thing)) {
                let Some(item) = self.item_made_by(&thing)? else { continue };
                if tag.is_none() && self.is_there(item)? {
                    continue;
                }
                let title = self.title_of(&thing)?;
                let gone = Lost { item: item.to_string(), title, tag: tag.clone(), by: by.clone() };
                if !lost.contains(&gone) {
                    lost.push(gone);
                }
            }
        }
        Ok(lost)
    }

    /// What an operation made, as this case numbers it, whether it is there or not.
    pub(super) fn item_made_by(&self, thing: &OperationId) -> Result<Option<ItemId>, CaseError> {
        Ok(match (self.store.find_note(thing)?, self.store.find_entity(thing)?) {
            (Some(id), _) => Some(ItemId::Note(id)),
            (None, Some(id)) => Some(ItemId::Entity(id)),
            (None, None) => self.store.find_anchor(thing)?.map(ItemId::Anchor),
        })
    }

    pub(super) fn is_there(&self, item: ItemId) -> Result<bool, CaseError> {
        Ok(match item {
            ItemId::Note(id) => !self.store.note_texts(id)?.is_empty(),
            ItemId::Entity(id) => self.own_name(id)?.is_some(),
            ItemId::Anchor(id) => self.store.anchor(id)?.is_some(),
            _ => true,
        })
    }

    /// What a thing was called last, whether it is there or not: the first line of a note, the name of
    /// an entity, what an anchor marks.
    pub(super) fn title_of(&self, thing: &OperationId) -> Result<String, CaseError> {
        let mut title = String::new();
        for deed in deeds(&self.store, *thing)?.into_iter().rev().filter(|deed| deed.is_live) {
            title = match &deed.body.action {
                Action::NoteText { text, references, .. } => {
                    let text = references::render_note(&self.store, text, references)?;
                    self.readable(&first_line(&text))?
                }
                Action::Entity { name, .. }
                | Action::EntitySet { set: EntityField::Name { name, .. }, .. } => name.clone(),
                Action::EntitySplit { name, .. } if deed.id == *thing => name.clone(),
                Action::Anchor { anchor, .. } => anchor_line(anchor),
                _ => continue,
            };
            break;
        }
        let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(line.trim_start_matches(['#', ' ']).chars().take(TITLE).collect())
    }
}
