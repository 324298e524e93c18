//! Entities as screens read them: a projection of the journal.

use super::texts::digest;
use super::{MadeRow, Store, StoreError};
use crate::model::{EntityId, ItemId, Sha256};
use rusqlite::OptionalExtension;

impl Store {
    /// Writes an entity, or (`None`) that it is not there.
    pub fn set_entity(&self, id: EntityId, row: Option<&MadeRow>) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE entity SET fields = ?2, author = ?3, wall = ?4 WHERE id = ?1")?
            .execute((
                id.0,
                row.map_or("", |row| &row.body),
                row.map_or("", |row| &row.author),
                row.map_or(0, |row| row.wall),
            ))?;
        Ok(())
    }

    /// Entities that are there, by number.
    pub fn entities(&self) -> Result<Vec<(EntityId, Sha256, MadeRow)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, operation, fields, author, wall FROM entity WHERE fields <> '' ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        let mut entities = Vec::new();
        while let Some(row) = rows.next()? {
            let made = MadeRow { body: row.get(2)?, author: row.get(3)?, wall: row.get(4)? };
            entities.push((EntityId(row.get(0)?), digest(row.get(1)?)?, made));
        }
        Ok(entities)
    }

    /// Entities that are not there any more, by number, with the operations that made them.
    pub fn deleted_entities(&self) -> Result<Vec<(EntityId, Sha256)>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id, operation FROM entity WHERE fields = '' ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut deleted = Vec::new();
        while let Some(row) = rows.next()? {
            deleted.push((EntityId(row.get(0)?), digest(row.get(1)?)?));
        }
        Ok(deleted)
    }

    /// One entity that is there.
    pub fn entity_row(&self, id: EntityId) -> Result<Option<MadeRow>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT fields, author, wall FROM entity WHERE id = ?1 AND fields <> ''",
            )?
            .query_row([id.0], |row| {
                Ok(MadeRow { body: row.get(0)?, author: row.get(1)?, wall: row.get(2)? })
            })
            .optional()?)
    }

    /// The number of an entity; it gets one when it has none.
    pub fn entity_of(&self, operation: &Sha256) -> Result<EntityId, StoreError> {
        self.number("entity", operation).map(EntityId)
    }

    pub fn find_entity(&self, operation: &Sha256) -> Result<Option<EntityId>, StoreError> {
        Ok(self.known("entity", operation)?.map(EntityId))
    }

    /// The operation that made an entity, also of one that is deleted.
    pub fn entity_operation(&self, id: EntityId) -> Result<Sha256, StoreError> {
        self.operation_of("entity", id.0, ItemId::Entity(id))
    }

    /// Entities of which an attribute stands on an anchor.
    pub fn entities_citing(&self, anchor: &Sha256) -> Result<Vec<EntityId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT e.id FROM entity e, json_each(e.fields, '$.attributes') own,
                json_each(own.value, '$.anchors') cited
             WHERE e.fields <> '' AND cited.value = ?1 ORDER BY e.id",
        )?;
        let rows = statement.query_map([anchor.to_string()], |row| row.get(0))?;
        Ok(rows.map(|id| id.map(EntityId)).collect::<Result<_, _>>()?)
    }
}
