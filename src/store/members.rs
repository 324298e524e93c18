//! Members of containers: where they lie, and what happens to them when their container is opened
//! anew. Everything here runs inside a transaction of the caller.

use super::{Store, StoreError, Unit};
use crate::model::DocumentId;
use rusqlite::{OptionalExtension, params};

/// Numbers of places whose containers are being opened anew.
pub(super) const FREED: &str = "CREATE TEMP TABLE IF NOT EXISTS freed (
        source INTEGER, path TEXT, ordinal INTEGER, id INTEGER, document INTEGER, parent INTEGER,
        raw BLOB, role TEXT, modified TEXT, mtime INTEGER, missing INTEGER, claim TEXT,
        PRIMARY KEY (source, path, ordinal)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS temp.freed_parent ON freed (parent);
    CREATE INDEX IF NOT EXISTS temp.freed_document ON freed (document)";

impl Store {
    /// Members of the container that lies at a place: (place id, document), in order.
    pub fn members_at(&self, place: i64) -> Result<Vec<(i64, DocumentId)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, document FROM place WHERE parent = ?1 ORDER BY ordinal, id",
        )?;
        let rows =
            statement.query_map([place], |row| Ok((row.get(0)?, DocumentId(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Some place of a document, other than `not`, where its members are known.
    pub fn place_with_members(
        &self,
        document: DocumentId,
        not: i64,
    ) -> Result<Option<i64>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT p.id FROM place p WHERE p.document = ?1 AND p.id <> ?2
                 AND EXISTS (SELECT 1 FROM place m WHERE m.parent = p.id) ORDER BY p.id LIMIT 1",
            )?
            .query_row([document.0, not], |row| row.get(0))
            .optional()?)
    }

    /// Deletes the places of the members of a container, at all its places and at any depth.
    pub fn drop_members(&self, document: DocumentId) -> Result<(), StoreError> {
        self.opened_anew.set(true);
        self.conn.execute_batch(FREED)?;
        self.conn
            .prepare_cached(
                "WITH RECURSIVE inside (id) AS (
                    SELECT m.id FROM place m JOIN place p ON p.id = m.parent WHERE p.document = ?1
                    UNION SELECT p.id FROM place p JOIN inside i ON p.parent = i.id)
                 INSERT OR IGNORE INTO temp.freed
                 SELECT source, path, ordinal, id, document, parent, raw, role, modified, mtime,
                    missing, claim FROM place WHERE id IN inside ORDER BY id",
            )?
            .execute([document.0])?;
        self.conn
            .prepare_cached(
                "WITH RECURSIVE inside (id) AS (
                    SELECT m.id FROM place m JOIN place p ON p.id = m.parent WHERE p.document = ?1
                    UNION SELECT p.id FROM place p JOIN inside i ON p.parent = i.id)
                 DELETE FROM place WHERE id IN inside",
            )?
            .execute([document.0])?;
        Ok(())
    }

    /// Copies the members of one place of a container to another place of the same container,
    /// while there is room. Whether it copied all.
    pub fn copy_members(
        &self,
        from: i64,
        to: i64,
        depth: u32,
        room: &mut u64,
    ) -> Result<bool, StoreError> {
        if depth == 0 || from == to {
            return Ok(true);
        }
        let (source, path): (i64, String) = self
            .conn
            .prepare_cached("SELECT source, path FROM place WHERE id = ?1")?
            .query_row([to], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let old: String = self
            .conn
            .prepare_cached("SELECT path FROM place WHERE id = ?1")?
            .query_row([from], |row| row.get(0))?;
        for (member, document) in self.members_at(from)? {
            if *room == 0 {
                return Ok(false);
            }
            *room -= 1;
            self.conn
                .prepare_cached(
                    "INSERT INTO place (document, source, parent, ordinal, path, raw, role, modified, claim)
                     SELECT document, ?2, ?3, ordinal, ?4 || substr(path, ?5), raw, role, modified, claim
                     FROM place WHERE id = ?1",
                )?
                .execute(params![member, source, to, path, old.chars().count() as i64 + 1])?;
            let copy = self.settle_place(self.conn.last_insert_rowid())?;
            self.log_change(Unit::Document(document))?;
            if !self.copy_members(member, copy, depth - 1, room)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives a place that was just written the number that it had before its container was opened
    /// anew: the first place of a document, by which it is called, stays the same.
    pub(super) fn settle_place(&self, id: i64) -> Result<i64, StoreError> {
        if !self.opened_anew.get() {
            return Ok(id);
        }
        // It goes with a transaction that is rolled back.
        self.conn.execute_batch(FREED)?;
        let before: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT f.id FROM temp.freed f JOIN place p USING (source, path, ordinal)
                 WHERE p.id = ?1 AND NOT EXISTS (SELECT 1 FROM place WHERE id = f.id)",
            )?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let Some(before) = before else { return Ok(id) };
        self.conn
            .prepare_cached("UPDATE place SET id = ?2 WHERE id = ?1")?
            .execute((id, before))?;
        Ok(before)
    }
}
