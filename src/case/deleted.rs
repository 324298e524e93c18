//! What was deleted and is still named: a note that names an entity does so after somebody deleted
//! it, and whoever reads the note must be told whom it meant.

use super::{Case, CaseError};
use crate::journal;
use crate::model::ItemId;
use crate::model::entity::Entity;
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::NewEntity;
    use crate::case::testing::with_documents;
    use crate::model::EntityId;
    use crate::model::entity::EntityField;

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
}
