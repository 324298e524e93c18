//! Files of a source, each known by the bytes of its path: two names that are shown alike are two
//! files.

use super::ingest::{FileState, state};
use super::{Store, StoreError, Unit};
use crate::model::{DocumentId, Sha256, SourceId, State};
use rusqlite::{OptionalExtension, params};
use std::collections::{HashMap, HashSet};

/// A file of a source, with a content that it has or had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OlderFile {
    /// The bytes of its path.
    pub key: Vec<u8>,
    pub place: i64,
    /// As it is shown, and the bytes where that is not exactly those.
    pub path: String,
    pub raw: Option<Vec<u8>>,
    pub document: DocumentId,
    pub content: Sha256,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since the epoch.
    pub mtime: i64,
    /// JSON.
    pub claim: Option<String>,
    /// Not found, or with other bytes, at the last `add`.
    pub missing: bool,
}

/// The bytes of a file's path, of the table `p`.
const KEY: &str = "coalesce(p.raw, CAST(p.path AS BLOB))";

impl Store {
    /// All files that the case knows of a source, by the bytes of their paths. A file that held
    /// several contents comes with the one that is there, else with the last one.
    pub fn files_of(&self, source: SourceId) -> Result<HashMap<Vec<u8>, FileState>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {KEY}, p.path, p.id, p.document, d.size, p.mtime, d.state, p.claim, p.missing
             FROM place p JOIN document d ON d.id = p.document
             WHERE p.source = ?1 AND p.parent IS NULL ORDER BY p.missing DESC, p.id",
        ))?;
        let mut rows = statement.query([source.0])?;
        let mut files = HashMap::new();
        while let Some(row) = rows.next()? {
            files.insert(
                row.get(0)?,
                FileState {
                    path: row.get(1)?,
                    place: row.get(2)?,
                    document: DocumentId(row.get(3)?),
                    size: row.get::<_, i64>(4)?.unsigned_abs(),
                    mtime: row.get::<_, Option<i64>>(5)?.unwrap_or(i64::MIN),
                    state: state(&row.get::<_, String>(6)?)?,
                    claim: row.get(7)?,
                    missing: row.get(8)?,
                },
            );
        }
        Ok(files)
    }

    /// The place of a file of a source, by the bytes of its path, with these contents.
    pub fn file_place(
        &self,
        source: SourceId,
        key: &[u8],
        document: DocumentId,
    ) -> Result<Option<i64>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT p.id FROM place p WHERE p.document = ?3 AND p.source = ?1
                    AND p.parent IS NULL AND {KEY} = ?2 ORDER BY p.missing, p.id LIMIT 1"
            ))?
            .query_row(params![source.0, key, document.0], |row| row.get(0))
            .optional()?)
    }

    /// Byte paths of the files of a source in which, at any depth, a document is in one of these
    /// states.
    pub fn files_with(
        &self,
        source: SourceId,
        states: &[State],
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let names: Vec<String> = states.iter().map(|state| format!("'{}'", state.name())).collect();
        let mut statement = self.conn.prepare_cached(&format!(
            "WITH RECURSIVE up (id) AS (
                SELECT p.id FROM place p JOIN document d ON d.id = p.document
                WHERE p.source = ?1 AND d.state IN ({})
                UNION SELECT p.parent FROM place p JOIN up u ON p.id = u.id
                WHERE p.parent IS NOT NULL)
             SELECT {KEY} FROM place p WHERE p.id IN up AND p.parent IS NULL ORDER BY p.path",
            names.join(", ")
        ))?;
        let rows = statement.query_map([source.0], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The files of a source in which, at any depth, a document was read by readers older than
    /// `version`, also those that are not there any more.
    pub fn files_read_by_older(
        &self,
        source: SourceId,
        version: u32,
    ) -> Result<Vec<OlderFile>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "WITH RECURSIVE up (id) AS (
                SELECT p.id FROM place p JOIN document d ON d.id = p.document
                WHERE p.source = ?1 AND d.extractor BETWEEN 1 AND ?2 - 1
                UNION SELECT p.parent FROM place p JOIN up u ON p.id = u.id
                WHERE p.parent IS NOT NULL)
             SELECT {KEY}, p.id, p.path, p.raw, p.document, d.key, d.size, p.mtime, p.claim, p.missing
             FROM place p JOIN document d ON d.id = p.document
             WHERE p.id IN up AND p.parent IS NULL ORDER BY p.path, p.id"
        ))?;
        let rows = statement.query_map((source.0, version), |row| {
            Ok(OlderFile {
                key: row.get(0)?,
                place: row.get(1)?,
                path: row.get(2)?,
                raw: row.get(3)?,
                document: DocumentId(row.get(4)?),
                content: Sha256(row.get(5)?),
                size: row.get::<_, i64>(6)?.unsigned_abs(),
                mtime: row.get::<_, Option<i64>>(7)?.unwrap_or(i64::MIN),
                claim: row.get(8)?,
                missing: row.get(9)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Numbers of documents that were read by readers older than `version`, of which nothing is to
    /// be had any more: wherever they lay, the file is missing or in one of the sources that are
    /// `away`, and `has_copy` knows none.
    pub fn older_and_lost(
        &self,
        version: u32,
        away: &[SourceId],
        has_copy: &dyn Fn(&Sha256) -> bool,
    ) -> Result<HashSet<DocumentId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT p.id, d.key FROM place p JOIN document d ON d.id = p.document
             WHERE p.parent IS NULL AND (p.missing OR p.source IN (SELECT value FROM json_each(?1)))",
        )?;
        let away: Vec<i64> = away.iter().map(|source| source.0).collect();
        let mut rows = statement.query([format!("{away:?}")])?;
        let (mut places, mut documents) = (HashSet::new(), HashSet::new());
        while let Some(row) = rows.next()? {
            if !has_copy(&Sha256(row.get(1)?)) {
                for (place, document) in self.inside(row.get(0)?)? {
                    places.insert(place);
                    documents.insert(document);
                }
            }
        }
        let mut lost = HashSet::new();
        for document in documents {
            let version_of: u32 = self
                .conn
                .prepare_cached("SELECT extractor FROM document WHERE id = ?1")?
                .query_row([document.0], |row| row.get(0))?;
            let is_older = (1..version).contains(&version_of);
            if is_older && self.place_ids(document)?.iter().all(|place| places.contains(place)) {
                lost.insert(document);
            }
        }
        Ok(lost)
    }

    /// Numbers of documents that were read by readers older than `version` and have a warning that
    /// begins so, or lie in nothing but such documents: these are not opened again.
    pub fn older_with_warning(
        &self,
        version: u32,
        beginning: &str,
    ) -> Result<Vec<DocumentId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "WITH RECURSIVE warned (id) AS (
                SELECT id FROM document d WHERE extractor BETWEEN 1 AND ?1 - 1 AND warnings <> ''
                    AND EXISTS (SELECT 1 FROM json_each(d.warnings) w
                                WHERE substr(w.value, 1, length(?2)) = ?2)),
             inside (place, document) AS (
                SELECT p.id, p.document FROM warned w JOIN place p ON p.document = w.id
                UNION SELECT p.id, p.document FROM inside i JOIN place p ON p.parent = i.place)
             SELECT d.id FROM document d
             WHERE d.id IN (SELECT document FROM inside) AND d.extractor BETWEEN 1 AND ?1 - 1
                AND NOT EXISTS (SELECT 1 FROM place p WHERE p.document = d.id
                                AND p.id NOT IN (SELECT place FROM inside))
             ORDER BY d.id",
        )?;
        let rows = statement.query_map((version, beginning), |row| Ok(DocumentId(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Number of documents that were read by readers older than `version`. What nothing could read
    /// has no version.
    pub fn read_by_older(&self, version: u32) -> Result<u64, StoreError> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM document WHERE extractor BETWEEN 1 AND ?1 - 1")?
            .query_row([version], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// What the last `add` of a source left out, and whether it kept copies.
    pub fn source_options(&self, path: &[u8]) -> Result<Option<(Vec<String>, bool)>, StoreError> {
        let found: Option<(String, bool)> = self
            .conn
            .prepare_cached("SELECT excludes, copied FROM source WHERE path = ?1")?
            .query_row([path], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        found
            .map(|(excludes, copied)| {
                let excludes = serde_json::from_str(&excludes)
                    .map_err(|error| StoreError::Damaged(format!("a source: {error}")))?;
                Ok((excludes, copied))
            })
            .transpose()
    }

    /// Takes back the second and further places of one file with the same contents. Files whose
    /// names are shown alike were once taken for one file that changed, at every `add` anew.
    pub fn mend_files(&self, source: SourceId) -> Result<(), StoreError> {
        let twice: Vec<(i64, i64)> = {
            let mut statement = self.conn.prepare_cached(&format!(
                "SELECT id, document FROM (
                    SELECT p.id AS id, p.document AS document, row_number() OVER (
                        PARTITION BY {KEY}, p.document ORDER BY p.missing, p.id) AS nth
                    FROM place p WHERE p.source = ?1 AND p.parent IS NULL)
                 WHERE nth > 1 ORDER BY id"
            ))?;
            let rows = statement.query_map([source.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for (place, document) in twice {
            let inside = self.inside(place)?;
            for (place, document) in inside {
                self.conn.prepare_cached("DELETE FROM place WHERE id = ?1")?.execute([place])?;
                self.log_change(Unit::Document(document))?;
            }
            self.log_change(Unit::Document(DocumentId(document)))?;
        }
        Ok(())
    }

    /// Shows a file, and what came out of it, under another path.
    pub fn rename_place(&self, place: i64, path: &str) -> Result<(), StoreError> {
        let old: String = self
            .conn
            .prepare_cached("SELECT path FROM place WHERE id = ?1")?
            .query_row([place], |row| row.get(0))?;
        let rest = old.chars().count() as i64 + 1;
        for (place, document) in self.inside(place)? {
            self.conn
                .prepare_cached("UPDATE place SET path = ?2 || substr(path, ?3) WHERE id = ?1")?
                .execute(params![place, path, rest])?;
            self.log_change(Unit::Document(document))?;
        }
        Ok(())
    }

    /// A place and those of what came out of it, at any depth, with their documents.
    fn inside(&self, place: i64) -> Result<Vec<(i64, DocumentId)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "WITH RECURSIVE inside (id) AS (
                SELECT ?1 UNION ALL SELECT p.id FROM place p JOIN inside i ON p.parent = i.id)
             SELECT p.id, p.document FROM place p WHERE p.id IN inside ORDER BY p.id",
        )?;
        let rows =
            statement.query_map([place], |row| Ok((row.get(0)?, DocumentId(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Found, NewDocument};

    fn document(store: &Store, key: u8) -> DocumentId {
        let new = NewDocument {
            key: [key; 32],
            has_bytes: true,
            size: 1,
            format: "txt",
            extractor: 1,
            state: State::Read,
            reason: "",
            language: "",
            date: None,
            date_source: "",
            blank_pages: &[],
            warnings: &[],
            metadata: &[],
        };
        store.put_document(&new).unwrap()
    }

    fn place(
        store: &Store,
        document: DocumentId,
        parent: Option<i64>,
        path: &str,
        raw: &[u8],
    ) -> i64 {
        let found = Found {
            source: SourceId(1),
            parent,
            ordinal: 0,
            path,
            raw: (!raw.is_empty()).then_some(raw),
            role: "",
            modified: None,
            mtime: Some(0),
            claim: None,
        };
        store.put_place(document, &found).unwrap()
    }

    #[test]
    fn files_that_were_taken_for_one_are_told_apart_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path()).unwrap();
        store.source(b"/leak", false, "", &[], false, 0).unwrap();
        let (one, two) = (document(&store, 1), document(&store, 2));
        let source = SourceId(1);
        // What two adds once made of the files \xfe and \xff.
        let first = place(&store, one, None, "\u{fffd}", b"\xfe");
        let second = place(&store, two, None, "\u{fffd}", b"\xff");
        store.set_missing(second, true).unwrap();
        let again = place(&store, one, None, "\u{fffd}", b"\xfe");
        place(&store, document(&store, 3), Some(again), "\u{fffd}!x", b"");

        store.mend_files(source).unwrap();
        let files = store.files_of(source).unwrap();
        assert_eq!(files.len(), 2);
        assert_eq!((files[&b"\xfe"[..]].place, files[&b"\xff"[..]].place), (first, second));
        assert_eq!(store.place_ids(one).unwrap(), [first]);
        assert!(store.members_at(again).unwrap().is_empty());
        assert_eq!(store.file_place(source, b"\xff", two).unwrap(), Some(second));
        assert_eq!(store.file_place(source, b"\xff", one).unwrap(), None);
    }

    #[test]
    fn what_is_there_comes_before_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path()).unwrap();
        store.source(b"/leak", false, "", &[], false, 0).unwrap();
        let (one, two) = (document(&store, 1), document(&store, 2));
        let old = place(&store, one, None, "合同.zip", b"");
        let member = place(&store, two, Some(old), "合同.zip!a", b"");
        let new = place(&store, two, None, "合同.zip", b"");
        store.set_missing(new, true).unwrap();
        let files = store.files_of(SourceId(1)).unwrap();
        assert_eq!(files["合同.zip".as_bytes()].place, old);

        store.rename_place(old, "b.zip").unwrap();
        let path = |place: i64| -> String {
            let sql = "SELECT path FROM place WHERE id = ?1";
            store.conn.query_row(sql, [place], |row| row.get(0)).unwrap()
        };
        assert_eq!((path(old), path(member)), ("b.zip".to_owned(), "b.zip!a".to_owned()));
    }
}
