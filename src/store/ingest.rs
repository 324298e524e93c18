//! What an `add` writes of documents. Everything here runs inside a transaction of the caller.

use super::check::Facts;
use super::texts::{Chunks, pack_parts};
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

/// Where a document was found.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    pub source: SourceId,
    /// Row id of the container's place, for members.
    pub parent: Option<i64>,
    /// Position in the container.
    pub ordinal: u64,
    /// As it is shown; the bytes of it where they are not just that.
    pub path: &'a str,
    pub raw: Option<&'a [u8]>,
    /// `member`, `attachment`, ...; empty for files.
    pub role: &'a str,
    /// RFC 3339.
    pub modified: Option<&'a str>,
    /// Nanoseconds since the epoch; files only.
    pub mtime: Option<i64>,
    /// JSON of the claim, for parts of a chat package.
    pub claim: Option<&'a str>,
}

/// One text of it.
pub struct NewText<'a> {
    pub kind: VariantKind,
    pub language: &'a str,
    pub tool: &'a str,
    pub encoding: &'a str,
    pub bytes: u64,
    pub lines: u64,
    pub sha256: Sha256,
    pub parts: &'a [Part],
    pub chunks: &'a Chunks,
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
    /// The document with this key, when the case has it.
    pub fn find_document(&self, key: &[u8; 32]) -> Result<Option<DocumentId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT id FROM document WHERE key = ?1")?
            .query_row([key.as_slice()], |row| row.get(0).map(DocumentId))
            .optional()?)
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
        new.chunks.each(|start, line, data| {
            statement.execute(params![variant, start as i64, line as i64, data])?;
            Ok(())
        })
    }

    /// Writes a place and gives its row id. The unit is indexed again, because its path is.
    pub fn put_place(&self, document: DocumentId, found: &Found) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO place (document, source, parent, ordinal, path, raw, role, modified,
                    mtime, claim) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                document.0,
                found.source.0,
                found.parent,
                found.ordinal as i64,
                found.path,
                found.raw,
                found.role,
                found.modified,
                found.mtime,
                found.claim,
            ])?;
        let id = self.settle_place(self.conn.last_insert_rowid())?;
        self.log_change(Unit::Document(document))?;
        Ok(id)
    }

    /// Row ids of all places of a document.
    pub fn place_ids(&self, document: DocumentId) -> Result<Vec<i64>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT id FROM place WHERE document = ?1 ORDER BY id")?;
        let rows = statement.query_map([document.0], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
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
}

pub(super) fn state(name: &str) -> Result<State, StoreError> {
    State::from_name(name).ok_or_else(|| StoreError::Damaged(format!("state {name:?}")))
}
