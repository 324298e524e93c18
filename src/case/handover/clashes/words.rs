//! What each side did, in a word or two.

use crate::case::{Case, CaseError};
use crate::journal::{Action, Deed, OperationId};
use crate::model::ItemId;
use crate::model::disagreed::{Said, Slot};
use crate::model::entity::EntityField;
use crate::model::finding::NoteField;

impl Case {
    /// An entity as this case numbers and names it.
    pub(in crate::case::handover) fn called(
        &self,
        entity: &OperationId,
    ) -> Result<String, CaseError> {
        match self.store.find_entity(entity)? {
            Some(id) => Ok(format!("{id} {}", self.title_of(entity)?)),
            None => Ok(entity.to_string()),
        }
    }

    pub(super) fn field_name(&self, field: &NoteField) -> Result<String, CaseError> {
        Ok(match field.slot() {
            Some(Slot::Citation(anchor)) => self.citation_name(&anchor)?,
            Some(slot) => slot.name().to_owned(),
            None => "review".to_owned(),
        })
    }

    pub(in crate::case::handover) fn citation_name(
        &self,
        anchor: &OperationId,
    ) -> Result<String, CaseError> {
        let id = self.store.find_anchor(anchor)?;
        let name = id.map_or_else(|| anchor.to_string(), |id| ItemId::Anchor(id).to_string());
        Ok(format!("citation {name}"))
    }

    /// What somebody did with a thing that the other side deleted.
    pub(super) fn said_of_it(&self, thing: OperationId, deed: &Deed) -> Result<String, CaseError> {
        let action = &deed.body.action;
        let of = action.things(deed.id);
        Ok(match action {
            Action::Revoke { .. } => "took it back".to_owned(),
            action if action.deletes() => "deleted it".to_owned(),
            Action::EntityMerge { into: Some(_), .. } => self.said(deed)?,
            _ if of.contains(&thing) => action.words_of_it(),
            // A note that names it.
            _ => {
                let note = match of.first() {
                    Some(made) => match self.item_made_by(made)? {
                        Some(id) => Some(format!("{id} {}", self.title_of(made)?)),
                        None => None,
                    },
                    None => None,
                };
                let note = note.unwrap_or_else(|| "a note".to_owned());
                match action {
                    _ if deed.body.cites().contains(&thing) => format!("cited it in {note}"),
                    Action::NoteSet { set: NoteField::Question(_), .. } => {
                        format!("answered it by {note}")
                    }
                    _ => format!("named it in {note}"),
                }
            }
        })
    }

    /// What somebody said, in a word or two.
    pub(super) fn said(&self, deed: &Deed) -> Result<String, CaseError> {
        Ok(match &deed.body.action {
            Action::NoteSet { set: NoteField::Question(Some(question)), .. } => {
                match self.store.find_note(question)? {
                    Some(id) => format!("{id} {}", self.title_of(question)?),
                    None => question.to_string(),
                }
            }
            Action::NoteSet { set, .. } => set.value(),
            Action::Tag { on: true, .. } => "put on".to_owned(),
            Action::Tag { on: false, .. } => "taken off".to_owned(),
            Action::EntitySet { set: EntityField::Alias { on: true, .. }, .. } => {
                "added".to_owned()
            }
            Action::EntitySet { set: EntityField::Alias { on: false, .. }, .. } => {
                "taken away".to_owned()
            }
            Action::EntitySet { set: EntityField::Attribute { on: false, .. }, .. } => {
                "taken away".to_owned()
            }
            Action::EntitySet { entity, set: EntityField::Account { on: true, .. }, .. } => {
                format!("given to {}", self.called(entity)?)
            }
            Action::EntitySet { entity, set: EntityField::Account { on: false, .. }, .. } => {
                format!("taken from {}", self.called(entity)?)
            }
            Action::EntitySet { set, .. } => set.value(),
            Action::EntitySplit { name, .. } => format!("split off {name}"),
            Action::Entity { .. } => format!("given to {}", self.called(&deed.id)?),
            Action::EntityMerge { entity, into: Some(into), .. } => {
                format!("{} into {}", self.called(entity)?, self.called(into)?)
            }
            Action::EntityMerge { entity, into: None, .. } => {
                format!("{} by itself", self.called(entity)?)
            }
            action => action.words(),
        })
    }
}
