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
    /// Things that `new`, which is in the journal now, deleted or took tags off, or of which it undid
    /// something.
    pub(super) fn taken_away(&self, new: &[&Incoming]) -> Result<Vec<Lost>, CaseError> {
        let own: HashSet<OperationId> = new.iter().map(|incoming| incoming.id()).collect();
        let mut force = log::Force::default();
        let mut lost = Vec::new();
        for incoming in new {
            let (mut tag, mut undone) = (None, None);
            let things = match &incoming.body.action {
                Action::NoteDelete { note: thing, .. }
                | Action::EntityDrop { entity: thing, .. }
                | Action::AnchorDrop { anchor: thing, .. } => vec![*thing],
                Action::Tag { name, on: false, things } => {
                    tag = Some(name.clone());
                    things.clone()
                }
                // What was done and undone in the bundle is nothing to tell.
                Action::Revoke { operation, .. } if !own.contains(operation) => {
                    let Some((base, action)) = log::meaning(&self.store, *operation)? else {
                        continue;
                    };
                    // Done again after all.
                    if own.contains(&base) || force.is_in_force(&self.store, base)? {
                        continue;
                    }
                    undone = Some(action.words_of_it());
                    action.things(base)
                }
                _ => continue,
            };
            if !force.is_in_force(&self.store, incoming.id())? {
                continue;
            }
            let by = self.signed_name(&incoming.body.author, &incoming.body.key)?;
            // What came with the bundle was nobody's here.
            for thing in things.into_iter().filter(|thing| !own.contains(thing)) {
                let Some(item) = self.item_made_by(&thing)? else { continue };
                let is_there = self.is_there(item)?;
                if tag.is_none() && undone.is_none() && is_there {
                    continue;
                }
                let gone = Lost {
                    item: item.to_string(),
                    title: self.title_of(&thing)?,
                    tag: tag.clone(),
                    undone: undone.clone(),
                    is_there,
                    by: by.clone(),
                };
                if !lost.contains(&gone) {
                    lost.push(gone);
                }
            }
        }
        // Of what is gone it is enough that it is.
        let mut gone: HashSet<(String, String)> = HashSet::new();
        lost.retain(|own| {
            own.is_there || own.undone.is_none() || gone.insert((own.item.clone(), own.by.clone()))
        });
        Ok(lost)
    }

    /// What an operation made, as this case numbers it, whether it is there or not.
    pub(in crate::case) fn item_made_by(
        &self,
        thing: &OperationId,
    ) -> Result<Option<ItemId>, CaseError> {
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
    pub(in crate::case) fn title_of(&self, thing: &OperationId) -> Result<String, CaseError> {
        let mut title = String::new();
        let (live, undone): (Vec<_>, Vec<_>) =
            deeds(&self.store, *thing)?.into_iter().partition(|deed| deed.is_live);
        for deed in live.into_iter().rev().chain(undone.into_iter().rev()) {
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
