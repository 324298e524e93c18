//! Rows of documents and all that is known about one.

use super::ingest::state;
use super::texts::digest;
use super::{Store, StoreError, Unit};
use crate::model::view::{Document, DocumentRow, Place};
use crate::model::{ConversationId, DocumentId, SourceId, time};
use rusqlite::{Params, Row};
use std::ffi::OsString;
use std::path::PathBuf;

const ROW: &str = "SELECT d.id AS id, d.key AS key, d.has_bytes AS has_bytes, d.size AS size,
    d.format AS format, d.state AS state, d.reason AS reason, d.warnings AS warnings, d.language AS language,
    d.clock AS clock, d.zone AS zone, d.date_source AS date_source, f.path AS path,
    (SELECT q.document FROM place q WHERE q.id = f.parent) AS parent,
    (SELECT count(*) FROM place p WHERE p.document = d.id) AS places,
    (SELECT count(*) FROM place m WHERE m.parent = f.id) AS children,
    (SELECT messages FROM export e WHERE e.document = d.id) AS messages
    FROM document d";

/// The row id of the place that a document is called by, as SQL: of those that are not gone a file
/// of its own before a member of a container, then the first one. `document` is the document's row
/// id; `conditions` on the place `p` begin with ` AND ` each.
pub(super) fn main_place(document: &str, conditions: &str) -> String {
    // Each step ends at the first place that fits, in the order of the index: nothing is sorted.
    let first = |of: &str| {
        format!("(SELECT min(p.id) FROM place p WHERE p.document = {document}{of}{conditions})")
    };
    let steps = [" AND p.parent IS NULL AND p.missing = 0", " AND p.missing = 0", ""];
    format!("coalesce({})", steps.map(first).join(", "))
}

impl Store {
    /// One line of the list, called as in the main place of the document.
    pub fn document_row(&self, id: DocumentId) -> Result<DocumentRow, StoreError> {
        let main = main_place("?1", "");
        self.row_at(id, &format!("{ROW} JOIN place f ON f.id = {main} WHERE d.id = ?1"), [id.0])
    }

    /// One line of the list, called as in this place of the document (its row id).
    pub fn document_row_in(&self, id: DocumentId, place: i64) -> Result<DocumentRow, StoreError> {
        let sql = format!("{ROW} JOIN place f ON f.document = d.id WHERE d.id = ?1 AND f.id = ?2");
        self.row_at(id, &sql, [id.0, place])
    }

    fn row_at(
        &self,
        id: DocumentId,
        sql: &str,
        values: impl Params,
    ) -> Result<DocumentRow, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let row = rows.next()?.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let mut document = document_row(row)?;
        drop(rows);
        self.add_document_marks(&mut document)?;
        Ok(document)
    }

    fn add_document_marks(&self, row: &mut DocumentRow) -> Result<(), StoreError> {
        for name in self.marks_of(Unit::Document(row.id))? {
            match name.as_str() {
                "read" => row.read = true,
                "starred" => row.starred = true,
                "irrelevant" => row.irrelevant = true,
                name => row.tags.extend(name.strip_prefix("tag:").map(str::to_owned)),
            }
        }
        Ok(())
    }

    pub fn document(&self, id: DocumentId) -> Result<Document, StoreError> {
        let row = self.document_row(id)?;
        let (metadata, blank): (String, String) = self
            .conn
            .prepare_cached("SELECT metadata, blank_pages FROM document WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let conversations = {
            let mut statement = self.conn.prepare_cached(
                "SELECT b.conversation FROM block b JOIN export e ON e.id = b.export
                 WHERE e.document = ?1 ORDER BY b.conversation",
            )?;
            let rows = statement.query_map([id.0], |row| row.get(0).map(ConversationId))?;
            rows.collect::<Result<_, _>>()?
        };
        let mut places = self.places(id)?;
        places.sort_by_key(|place| (place.missing, place.parent.is_some()));
        Ok(Document {
            places,
            metadata: list(&metadata)?,
            pages_without_text: list(&blank)?,
            variants: self.variants(id)?,
            children: self.children(id)?,
            conversations,
            page_set: self.page_set(&row)?,
            row,
        })
    }

    /// What came out of a document, called as in the first place there, at most 10,000.
    fn children(&self, id: DocumentId) -> Result<Vec<DocumentRow>, StoreError> {
        let inside = "p.parent IN (SELECT q.id FROM place q WHERE q.document = ?1)";
        let main = main_place("d.id", &format!(" AND {inside}"));
        let sql = format!(
            "{ROW} JOIN place f ON f.id = {main} WHERE d.id IN (
                SELECT p.document FROM place q JOIN place p ON p.parent = q.id WHERE q.document = ?1)
             ORDER BY d.id LIMIT 10000"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        let mut children = Vec::new();
        while let Some(row) = rows.next()? {
            children.push(document_row(row)?);
        }
        drop(rows);
        for child in &mut children {
            self.add_document_marks(child)?;
        }
        Ok(children)
    }

    /// What the extractor had to remark on a document.
    pub fn warnings(&self, id: DocumentId) -> Result<Vec<String>, StoreError> {
        let warnings: String = self
            .conn
            .prepare_cached("SELECT warnings FROM document WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))?;
        list(&warnings)
    }

    /// Whether a file of its own lay at a path of a source at the last add.
    pub fn lies_at(&self, source: SourceId, path: &str) -> Result<bool, StoreError> {
        let lies = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM place
                 WHERE source = ?1 AND path = ?2 AND parent IS NULL AND missing = 0)",
            )?
            .query_row((source.0, path), |row| row.get(0))?;
        Ok(lies)
    }

    /// All places of a document, the first one first.
    pub fn places(&self, id: DocumentId) -> Result<Vec<Place>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT p.source, p.path, p.parent, p.modified, p.mtime, p.missing, s.path, s.is_file,
                (SELECT q.document FROM place q WHERE q.id = p.parent)
             FROM place p JOIN source s ON s.id = p.source WHERE p.document = ?1 ORDER BY p.id",
        )?;
        let rows = statement.query_map([id.0], |row| {
            let path: String = row.get(1)?;
            let mtime: Option<i64> = row.get(4)?;
            let stated: Option<String> = row.get(3)?;
            let root = path_from_bytes(row.get(6)?);
            let is_file: bool = row.get(7)?;
            let outer = path.split('!').next().unwrap_or_default();
            let file = if is_file { root } else { root.join(outer) };
            Ok(Place {
                source: SourceId(row.get(0)?),
                file: file.to_string_lossy().into_owned(),
                parent: row.get::<_, Option<i64>>(8)?.map(DocumentId),
                modified: stated.or_else(|| {
                    mtime.map(|nanos| time::clock_text_at(nanos.div_euclid(1_000_000_000), 0))
                }),
                missing: row.get(5)?,
                path,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How to get at the bytes of a document again: for every step from the outermost file
    /// inwards the document, its path or member name, its ordinal in the container before it.
    pub fn chain(&self, id: DocumentId) -> Result<Vec<ChainLink>, StoreError> {
        let first: Option<i64> = self
            .conn
            .prepare_cached(&format!("SELECT {}", main_place("?1", "")))?
            .query_row([id.0], |row| row.get(0))?;
        let mut place = first.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let mut chain = Vec::new();
        loop {
            let (document, parent, ordinal, path, raw, source, is_file) = self
                .conn
                .prepare_cached(
                    "SELECT p.document, p.parent, p.ordinal, p.path, p.raw, s.path, s.is_file
                     FROM place p JOIN source s ON s.id = p.source WHERE p.id = ?1",
                )?
                .query_row([place], |row| {
                    Ok((
                        row.get::<_, i64>(0)?,
                        row.get::<_, Option<i64>>(1)?,
                        row.get::<_, i64>(2)?,
                        row.get::<_, String>(3)?,
                        row.get::<_, Option<Vec<u8>>>(4)?,
                        row.get::<_, Vec<u8>>(5)?,
                        row.get::<_, bool>(6)?,
                    ))
                })?;
            let file = match (parent, is_file) {
                (Some(_), _) => None,
                (None, true) => Some(path_from_bytes(source)),
                (None, false) => {
                    let relative = raw.map_or_else(|| PathBuf::from(&path), path_from_bytes);
                    Some(path_from_bytes(source).join(relative))
                }
            };
            chain.push(ChainLink {
                document: DocumentId(document),
                ordinal: ordinal.unsigned_abs(),
                path,
                file,
            });
            match parent {
                Some(parent) => place = parent,
                None => break,
            }
        }
        chain.reverse();
        Ok(chain)
    }

    /// Documents whose numbers lie after `after`, at most `most`: for walks over all of them.
    pub fn document_ids(&self, after: i64, most: u64) -> Result<Vec<DocumentId>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id FROM document WHERE id > ?1 ORDER BY id LIMIT ?2")?;
        let rows = statement.query_map((after, most as i64), |row| row.get(0).map(DocumentId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// One step on the way from a file on disk to a document inside of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    pub document: DocumentId,
    /// Position in the container of the step before.
    pub ordinal: u64,
    pub path: String,
    /// Set on the first step only.
    pub file: Option<PathBuf>,
}

fn list<T: serde::de::DeserializeOwned>(json: &str) -> Result<Vec<T>, StoreError> {
    if json.is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(json).map_err(|error| StoreError::Damaged(error.to_string()))
}

#[cfg(unix)]
pub fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
pub fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(OsString::from(String::from_utf8_lossy(&bytes).into_owned()))
}

fn document_row(row: &Row) -> Result<DocumentRow, StoreError> {
    let path: String = row.get("path")?;
    let clock: Option<i64> = row.get("clock")?;
    let zone: Option<i32> = row.get("zone")?;
    let has_bytes: bool = row.get("has_bytes")?;
    Ok(DocumentRow {
        id: DocumentId(row.get("id")?),
        name: path.rsplit(['/', '!']).next().unwrap_or(&path).to_owned(),
        format: row.get("format")?,
        size: row.get::<_, i64>("size")?.unsigned_abs(),
        state: state(&row.get::<_, String>("state")?)?,
        reason: row.get("reason")?,
        warnings: list(&row.get::<_, String>("warnings")?)?,
        sha256: if has_bytes { Some(digest(row.get("key")?)?) } else { None },
        language: row.get("language")?,
        date: clock.map(|clock| match zone {
            Some(offset) => time::clock_text_at(clock, offset),
            None => time::clock_text(clock),
        }),
        date_source: row.get("date_source")?,
        parent: row.get::<_, Option<i64>>("parent")?.map(DocumentId),
        places: row.get::<_, i64>("places")?.unsigned_abs(),
        children: row.get::<_, i64>("children")?.unsigned_abs(),
        messages: row.get::<_, Option<i64>>("messages")?.unwrap_or(0).unsigned_abs(),
        path,
        read: false,
        starred: false,
        irrelevant: false,
        tags: Vec::new(),
    })
}
