//! Sources: what was added to the case, and what of it was left alone. Everything here runs inside
//! a transaction of the caller.

use super::ingest::json;
use super::{Store, StoreError};
use crate::model::SourceId;
use rusqlite::{OptionalExtension, params};

impl Store {
    /// The source that was added from this path.
    pub fn source_at(&self, path: &[u8]) -> Result<Option<SourceId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT id FROM source WHERE path = ?1")?
            .query_row([path], |row| row.get(0).map(SourceId))
            .optional()?)
    }

    /// Registers a source, or finds it again: (id, known before).
    pub fn source(
        &self,
        path: &[u8],
        is_file: bool,
        origin: &str,
        excludes: &[String],
        copied: bool,
        now: i64,
    ) -> Result<(SourceId, bool), StoreError> {
        if let Some(SourceId(id)) = self.source_at(path)? {
            if !origin.is_empty() {
                self.conn.execute("UPDATE source SET origin = ?2 WHERE id = ?1", (id, origin))?;
            }
            self.conn.execute(
                "UPDATE source SET finished = NULL, excludes = ?2, copied = max(copied, ?3)
                 WHERE id = ?1",
                (id, json(excludes)?, copied),
            )?;
            return Ok((SourceId(id), true));
        }
        self.conn.execute(
            "INSERT INTO source (path, is_file, origin, excludes, copied, added)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![path, is_file, origin, json(excludes)?, copied, now],
        )?;
        Ok((SourceId(self.conn.last_insert_rowid()), false))
    }

    /// Notes that an `add` of this source came to its end.
    pub fn finish_source(&self, source: SourceId, now: i64) -> Result<(), StoreError> {
        self.conn.execute("UPDATE source SET finished = ?2 WHERE id = ?1", (source.0, now))?;
        if self.opened_anew.replace(false) {
            self.conn.execute_batch("DROP TABLE IF EXISTS temp.freed")?;
        }
        self.end_again()
    }

    /// Marks a source as not finished.
    pub fn reopen_source(&self, source: SourceId) -> Result<(), StoreError> {
        self.conn.execute("UPDATE source SET finished = NULL WHERE id = ?1", [source.0])?;
        Ok(())
    }

    /// Says that a source lies elsewhere now.
    pub fn move_source(&self, source: SourceId, path: &[u8]) -> Result<(), StoreError> {
        self.conn.execute("UPDATE source SET path = ?2 WHERE id = ?1", (source.0, path))?;
        Ok(())
    }

    /// Replaces the list of entries of a source that were left alone.
    pub fn set_skipped(
        &self,
        source: SourceId,
        entries: &[(String, String)],
    ) -> Result<(), StoreError> {
        self.conn.execute("DELETE FROM skipped WHERE source = ?1", [source.0])?;
        let mut statement = self.conn.prepare_cached(
            "INSERT OR REPLACE INTO skipped (source, path, reason) VALUES (?1, ?2, ?3)",
        )?;
        for (path, reason) in entries {
            statement.execute((source.0, path, reason))?;
        }
        Ok(())
    }
}
