//! What was deleted and is still named: a note that names an entity does so after somebody deleted
//! it, and whoever reads the note must be told whom it meant.

use super::{Case, CaseError};
use crate::journal::{self, Deed};
use crate::model::entity::Entity;
use crate::model::gone::{Deletion, Gone};
use crate::model::{ItemId, Sha256};
use crate::store::StoreError;

impl Case {
    /// Entities that somebody deleted, by number, as they were when that was done. What never came
    /// to be, because its making was undone, is none of them.
    pub fn deleted_entities(&self) -> Result<Vec<Entity>, CaseError> {
        let mut deleted = Vec::new();
        for (id, operation) in self.store.deleted_entities()? {
            let Some((fields, author, changed)) = journal::deleted_entity(&self.store, operation)?
            else {
                continue;
            };
            let mut participants = Vec::new();
            for account in &fields.accounts {
                let found = self.store.find_account(&account.platform, &account.handle)?;
                if let Some(ItemId::Participant(id)) = found {
                    participants.push(id);
                }
            }
            let merged = Vec::new();
            deleted.push(Entity { id, operation, fields, participants, merged, author, changed });
        }
        Ok(deleted)
    }

    /// Whether a note, an anchor or an entity was in this case and is no more.
    pub fn was_deleted(&self, item: ItemId) -> Result<bool, CaseError> {
        let (made, is_there) = match item {
            ItemId::Note(id) => {
                (self.store.note_operation(id), !self.store.note_texts(id)?.is_empty())
            }
            ItemId::Anchor(id) => {
                (self.store.anchor_operation(id), self.store.anchor(id)?.is_some())
            }
            ItemId::Entity(id) => {
                (self.store.entity_operation(id), self.store.entity_row(id)?.is_some())
            }
            _ => return Ok(false),
        };
        match made {
            Ok(_) => Ok(!is_there),
            Err(StoreError::NoSuchItem(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Who deleted what an operation made, or undid the making of it, and when.
    pub fn gone(&self, made: &Sha256) -> Result<Gone, CaseError> {
        let deletions = journal::deeds(&self.store, *made)?.into_iter();
        let deletions = deletions.filter(|deed| deed.body.action.deletes());
        let undoings = journal::undoings(&self.store, *made)?;
        let mut acts: Vec<(Deed, bool)> = deletions.map(|deed| (deed, false)).collect();
        acts.extend(undoings.into_iter().map(|deed| (deed, true)));
        acts.retain(|(deed, _)| deed.is_live);
        acts.sort_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
        let deletion = |(deed, is_undoing): (Deed, bool)| {
            let by = self.signed_name(&deed.body.author, &deed.body.key)?;
            Ok(Deletion { by, wall: deed.body.wall, is_undoing })
        };
        Ok(Gone { acts: acts.into_iter().map(deletion).collect::<Result<_, CaseError>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::{put_text, with_documents};
    use crate::case::{Access, Author, NewEntity};
    use crate::model::anchor::{Anchor, At};
    use crate::model::entity::EntityField;
    use crate::model::{AnchorId, DocumentId, EntityId};

    #[test]
    fn who_was_deleted_keeps_the_last_name() {
        let (_dir, case) = with_documents(&[1]);
        let new = |name: &str| NewEntity { name: name.to_owned(), ..NewEntity::default() };
        let (lin, _) = case.add_entity(&new("林")).unwrap();
        case.add_entity(&new("mara")).unwrap();
        case.set_entity(lin, EntityField::Name { name: "林墨".to_owned(), why: String::new() })
            .unwrap();
        let deleted = |case: &Case| -> Vec<(EntityId, String)> {
            let all = case.deleted_entities().unwrap().into_iter();
            all.map(|entity| (entity.id, entity.fields.name)).collect()
        };
        assert_eq!(deleted(&case), []);
        assert!(!case.was_deleted(ItemId::Entity(lin)).unwrap());
        case.drop_entity(lin).unwrap();
        assert_eq!(deleted(&case), [(lin, "林墨".to_owned())]);
        assert!(case.was_deleted(ItemId::Entity(lin)).unwrap());
        assert!(!case.was_deleted(ItemId::Entity(EntityId(99))).unwrap());
        case.undo().unwrap();
        assert_eq!(deleted(&case), []);
    }

    #[test]
    fn who_deleted_what_is_cited_is_known() {
        let (_dir, case) = with_documents(&[1]);
        put_text(&case, DocumentId(1), "30万先付");
        let at = At { item: DocumentId(1).into(), variant: None, start: 0, end: 2 };
        let passage = Anchor::Passage(Box::new(case.passage(at).unwrap()));
        let (cited, _) = case.add_anchor(passage, "payment", "").unwrap();
        let new = NewEntity { name: "林".to_owned(), ..NewEntity::default() };
        let (lin, _) = case.add_entity(&new).unwrap();
        case.set_attribute(lin, "role", "sales", &[cited]).unwrap();
        let gone = || {
            let attribute = case.dossier(lin).unwrap().attributes.remove(0);
            let gone = attribute.dropped.into_iter();
            gone.map(|(id, gone)| (id, gone.acts.into_iter().map(|own| own.by).collect()))
                .collect::<Vec<(AnchorId, Vec<String>)>>()
        };
        assert_eq!(gone(), []);
        let mara = Case::open(case.folder(), Access::Write).unwrap();
        mara.set_author(Author::with_key("mara", [8; 32])).unwrap();
        mara.drop_anchor(cited).unwrap();
        assert_eq!(gone(), [(cited, vec!["mara".to_owned()])]);
        mara.undo().unwrap();
        assert_eq!(gone(), []);
    }
}
