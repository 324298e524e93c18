//! What an `add` writes. Everything here runs inside a transaction of the caller.

use super::check::Facts;
use super::texts::{StoredChunk, pack_parts};
use super::{Store, StoreError, Unit};
use crate::model::document::Part;
use crate::model::{DocumentId, Sha256, SourceId, Stamp, State, VariantKind, Zone};
use rusqlite::{OptionalExtension, params};
use std::collections::HashMap;

/// A document as ingest knows it.
#[derive(Clone, Debug)]
pub struct NewDocument<'a> {
    /// SHA-256 of its bytes, or the stand-in for a member without bytes.
    pub key: [u8; 32],
    pub has_bytes: bool,
    pub size: u64,
    pub format: &'a str,
    pub extractor: u32,
    pub state: State,
    pub reason: &'a str,
    pub language: &'a str,
    pub date: Option<Stamp>,
    pub date_source: &'a str,
    pub blank_pages: &'a [String],
    pub warnings: &'a [String],
    pub metadata: &'a [(String, String)],
}

/// Where it lies.
#[derive(Clone, Debug)]
pub struct NewPlace<'a> {
    pub document: DocumentId,
    pub source: SourceId,
    /// Row id of the container's place.
    pub parent: Option<i64>,
    pub ordinal: u64,
    pub path: &'a str,
    pub raw: Option<&'a [u8]>,
    pub role: &'a str,
    pub modified: Option<&'a str>,
    pub mtime: Option<i64>,
    pub claim: Option<&'a str>,
}

/// One text of it.
#[derive(Clone, Debug)]
pub struct NewText<'a> {
    pub kind: VariantKind,
    pub language: &'a str,
    pub tool: &'a str,
    pub encoding: &'a str,
    pub bytes: u64,
    pub lines: u64,
    pub sha256: Sha256,
    pub parts: &'a [Part],
    pub chunks: &'a [StoredChunk],
}

/// Head of a chat export.
#[derive(Clone, Debug)]
pub struct NewExport<'a> {
    pub document: DocumentId,
    pub platform: &'a str,
    pub importer: &'a str,
    pub package: Option<&'a str>,
    /// Where the package lies in the case; empty when the file belongs to none.
    pub scope: &'a str,
    pub zone: i32,
    pub zone_status: &'a str,
    pub zone_why: &'a str,
    pub assumptions: &'a [String],
    pub messages: u64,
}

/// What the case knows about a file of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    pub place: i64,
    /// As it is shown.
    pub path: String,
    pub document: DocumentId,
    pub size: u64,
    pub mtime: i64,
    pub state: State,
    pub claim: Option<String>,
    pub missing: bool,
}

/// Places whose containers are being opened anew.
pub(super) const FREED: &str = "CREATE TEMP TABLE IF NOT EXISTS freed (
        source INTEGER, path TEXT, ordinal INTEGER, id INTEGER, document INTEGER, parent INTEGER,
        raw BLOB, role TEXT, modified TEXT, mtime INTEGER, missing INTEGER, claim TEXT,
        PRIMARY KEY (source, path, ordinal)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS temp.freed_parent ON freed (parent);
    CREATE INDEX IF NOT EXISTS temp.freed_document ON freed (document)";

/// Seconds on its clock, and the offset where it is stated.
pub(super) fn columns(date: Option<Stamp>) -> (Option<i64>, Option<i32>) {
    match date {
        Some(Stamp { clock, zone: Zone::Stated(offset), .. }) => (Some(clock), Some(offset)),
        Some(Stamp { clock, zone: Zone::Naive, .. }) => (Some(clock), None),
        None => (None, None),
    }
}

pub(super) fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

impl Store {
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
        let known: Option<i64> = self
            .conn
            .prepare_cached("SELECT id FROM source WHERE path = ?1")?
            .query_row([path], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
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

    /// The document with this key, when the case has it.
    pub fn find_document(&self, key: &[u8; 32]) -> Result<Option<DocumentId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT id FROM document WHERE key = ?1")?
            .query_row([key.as_slice()], |row| row.get(0).map(DocumentId))
            .optional()?)
    }

    /// State of a document and the version of the extractor that read it.
    pub fn document_state(&self, id: DocumentId) -> Result<(State, u32, String), StoreError> {
        let (name, version, format) = self
            .conn
            .prepare_cached("SELECT state, extractor, format FROM document WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
        Ok((state(&name)?, version, format))
    }

    /// Writes a document; one with the same key is written over (a retry), keeping its number.
    pub fn put_document(&self, new: &NewDocument) -> Result<DocumentId, StoreError> {
        let known = self.find_document(&new.key)?;
        if let Some(id) = known {
            self.drop_content_of(id)?;
        }
        let (clock, zone) = columns(new.date);
        let facts = Facts::of(new, "")?;
        self.conn
            .prepare_cached(
                "INSERT INTO document (id, key, has_bytes, size, format, extractor, state, reason,
                    language, clock, zone, date_source, blank_pages, warnings, metadata)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
                 ON CONFLICT (id) DO UPDATE SET format = ?5, extractor = ?6, state = ?7,
                    reason = ?8, language = ?9, clock = ?10, zone = ?11, date_source = ?12,
                    blank_pages = ?13, warnings = ?14, metadata = ?15",
            )?
            .execute(params![
                known.map(|id| id.0),
                new.key.as_slice(),
                new.has_bytes,
                new.size as i64,
                facts.format,
                new.extractor,
                facts.state,
                facts.reason,
                new.language,
                clock,
                zone,
                new.date_source,
                facts.blank_pages,
                facts.warnings,
                facts.metadata,
            ])?;
        let id = known.unwrap_or_else(|| DocumentId(self.conn.last_insert_rowid()));
        self.log_change(Unit::Document(id))?;
        Ok(id)
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

    pub fn put_text(&self, document: DocumentId, new: &NewText) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO variant (document, kind, language, tool, encoding, bytes, lines,
                    sha256, parts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                document.0,
                new.kind.name(),
                new.language,
                new.tool,
                new.encoding,
                new.bytes as i64,
                new.lines as i64,
                new.sha256.0.as_slice(),
                pack_parts(new.parts)?,
            ])?;
        let variant = self.conn.last_insert_rowid();
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO chunk (variant, start, line, data) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for chunk in new.chunks {
            statement.execute(params![
                variant,
                chunk.start as i64,
                chunk.line as i64,
                chunk.data
            ])?;
        }
        Ok(())
    }

    /// Writes a place and gives its row id. The unit is indexed again, because its path is.
    pub fn put_place(&self, new: &NewPlace) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO place (document, source, parent, ordinal, path, raw, role, modified,
                    mtime, claim) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                new.document.0,
                new.source.0,
                new.parent,
                new.ordinal as i64,
                new.path,
                new.raw,
                new.role,
                new.modified,
                new.mtime,
                new.claim,
            ])?;
        let id = self.settle_place(self.conn.last_insert_rowid())?;
        self.log_change(Unit::Document(new.document))?;
        Ok(id)
    }

    /// Gives a place that was just written the number that it had before its container was opened
    /// anew: the first place of a document, by which it is called, stays the same.
    fn settle_place(&self, id: i64) -> Result<i64, StoreError> {
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

    /// Row ids of all places of a document.
    pub fn place_ids(&self, document: DocumentId) -> Result<Vec<i64>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT id FROM place WHERE document = ?1 ORDER BY id")?;
        let rows = statement.query_map([document.0], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

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

    /// Keys of all documents with their state.
    pub fn document_keys(&self) -> Result<HashMap<[u8; 32], State>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT key, state FROM document")?;
        let mut rows = statement.query([])?;
        let mut keys = HashMap::new();
        while let Some(row) = rows.next()? {
            keys.insert(super::texts::digest(row.get(0)?)?.0, state(&row.get::<_, String>(1)?)?);
        }
        Ok(keys)
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

    /// Puts a document that was written into another state.
    pub fn set_state(&self, id: DocumentId, state: State, reason: &str) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE document SET state = ?2, reason = ?3 WHERE id = ?1")?
            .execute((id.0, state.name(), reason))?;
        self.log_change(Unit::Document(id))
    }

    /// A file was seen again: unchanged bytes under a new time, or found again after it was missing.
    pub fn touch_place(
        &self,
        place: i64,
        mtime: i64,
        claim: Option<&str>,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE place SET mtime = ?2, claim = ?3 WHERE id = ?1")?
            .execute((place, mtime, claim))?;
        self.set_missing(place, false)
    }

    /// Marks a file and what came out of it as not found (or found with other bytes).
    pub fn set_missing(&self, place: i64, missing: bool) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "WITH RECURSIVE inside (id) AS (
                    SELECT ?1 UNION ALL SELECT p.id FROM place p JOIN inside i ON p.parent = i.id)
                 UPDATE place SET missing = ?2 WHERE id IN inside AND missing <> ?2",
            )?
            .execute((place, missing))?;
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

    /// Says that a source lies elsewhere now.
    pub fn move_source(&self, source: SourceId, path: &[u8]) -> Result<(), StoreError> {
        self.conn.execute("UPDATE source SET path = ?2 WHERE id = ?1", (source.0, path))?;
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
}

pub(super) fn state(name: &str) -> Result<State, StoreError> {
    State::from_name(name).ok_or_else(|| StoreError::Damaged(format!("state {name:?}")))
}
