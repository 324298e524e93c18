//! What leaves the case: a source with all that lies nowhere else, documents that lie nowhere any
//! more, and chats without messages. Everything here runs inside a transaction of the caller.

use super::{Store, StoreError, Unit};
use crate::model::{DocumentId, SourceId};

impl Store {
    /// Removes a source: its places, and documents and messages that lie nowhere else.
    /// Returns the number of documents and messages that went.
    pub fn remove_source(&self, source: SourceId) -> Result<(u64, u64), StoreError> {
        let conn = &self.conn;
        let touched: Vec<i64> = {
            let mut statement =
                conn.prepare("SELECT DISTINCT document FROM place WHERE source = ?1")?;
            let rows = statement.query_map([source.0], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        conn.execute("DELETE FROM place WHERE source = ?1", [source.0])?;
        conn.execute("DELETE FROM skipped WHERE source = ?1", [source.0])?;
        conn.execute("DELETE FROM source WHERE id = ?1", [source.0])?;
        let before: i64 = conn.query_row("SELECT count(*) FROM message", [], |row| row.get(0))?;
        let mut gone = 0;
        for id in touched {
            gone += u64::from(self.drop_unplaced(DocumentId(id))?);
        }
        self.drop_empty_chats()?;
        let after: i64 = conn.query_row("SELECT count(*) FROM message", [], |row| row.get(0))?;
        Ok((gone, (before - after).unsigned_abs()))
    }

    /// Takes away what stood for files that could not be read as such and are read by now, or are
    /// not there any more: without bytes of their own they are no former content.
    pub fn drop_stand_ins(&self, source: SourceId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "DELETE FROM place WHERE source = ?1 AND parent IS NULL AND missing = 1
                    AND document IN (SELECT id FROM document WHERE has_bytes = 0)",
            )?
            .execute([source.0])?;
        Ok(())
    }

    /// Removes documents that lie nowhere any more: members of a container that was opened anew
    /// and has others now. Returns their number.
    pub fn drop_all_unplaced(&self) -> Result<u64, StoreError> {
        let unplaced: Vec<i64> = {
            let mut statement = self.conn.prepare(
                "SELECT id FROM document
                 WHERE NOT EXISTS (SELECT 1 FROM place WHERE document = document.id)",
            )?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        let mut gone = 0;
        for id in unplaced {
            gone += u64::from(self.drop_unplaced(DocumentId(id))?);
        }
        if gone > 0 {
            self.drop_empty_chats()?;
        }
        Ok(gone)
    }

    /// Removes a document if it lies nowhere, and says so. It is indexed again in any case.
    fn drop_unplaced(&self, id: DocumentId) -> Result<bool, StoreError> {
        let left = self.has_document(id)?;
        if !left {
            self.drop_content_of(id)?;
            self.conn.prepare_cached("DELETE FROM document WHERE id = ?1")?.execute([id.0])?;
        }
        self.log_change(Unit::Document(id))?;
        Ok(!left)
    }

    /// Removes conversations and accounts of which no message is left.
    fn drop_empty_chats(&self) -> Result<(), StoreError> {
        self.conn.execute_batch(
            "DELETE FROM conversation WHERE id NOT IN (SELECT conversation FROM message)
                AND id NOT IN (SELECT conversation FROM block);
             DELETE FROM member WHERE conversation NOT IN (SELECT id FROM conversation);
             DELETE FROM participant WHERE id NOT IN (SELECT sender FROM message WHERE sender IS NOT NULL)
                AND id NOT IN (SELECT participant FROM member);",
        )?;
        Ok(())
    }

    /// Drops texts and messages of a document that is about to be written again or removed.
    pub(super) fn drop_content_of(&self, id: DocumentId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "DELETE FROM chunk WHERE variant IN (SELECT id FROM variant WHERE document = ?1)",
            )?
            .execute([id.0])?;
        self.conn.prepare_cached("DELETE FROM variant WHERE document = ?1")?.execute([id.0])?;
        self.drop_export_of(id)
    }
}
