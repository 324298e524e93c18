//! The journal's table, and the zones that it sets. What operations mean is `journal/`'s business.

use super::texts::digest;
use super::{Store, StoreError};
use crate::model::{DocumentId, Sha256};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeSet;

/// An operation as it is stored: the body is what is hashed and signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOperation {
    pub id: [u8; 32],
    pub lamport: u64,
    pub writer: [u8; 16],
    pub body: String,
    pub signature: Vec<u8>,
}

impl Store {
    pub fn append_operation(&self, op: &StoredOperation) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO operation (id, lamport, writer, body, signature)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                op.id.as_slice(),
                op.lamport as i64,
                op.writer.as_slice(),
                op.body,
                op.signature
            ])?;
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO signer
                 SELECT ?1 ->> '$.key', ?1 ->> '$.author' WHERE json_valid(?1)",
            )?
            .execute([&op.body])?;
        Ok(())
    }

    pub fn operation(&self, id: &[u8; 32]) -> Result<Option<StoredOperation>, StoreError> {
        self.conn
            .prepare_cached(
                "SELECT id, lamport, writer, body, signature FROM operation WHERE id = ?1",
            )?
            .query_row([id.as_slice()], operation_row)
            .optional()?
            .transpose()
    }

    /// Operations whose id begins with these hexadecimal digits, at most two.
    pub fn operations_like(&self, digits: &str) -> Result<Vec<[u8; 32]>, StoreError> {
        let bound = |fill: &str| format!("{digits}{}", fill.repeat(64 - digits.len().min(64)));
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM operation WHERE id BETWEEN unhex(?1) AND unhex(?2) LIMIT 2",
        )?;
        let mut rows = statement.query((bound("0"), bound("f")))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(digest(row.get(0)?)?.0);
        }
        Ok(found)
    }

    /// Who wrote in the journal: (public key in hexadecimal digits, name), each once.
    pub fn journal_authors(&self) -> Result<BTreeSet<(String, String)>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT key, name FROM signer")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many these are. None ever goes.
    pub fn journal_author_count(&self) -> Result<u64, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT count(*) FROM signer")?;
        Ok(statement.query_row([], |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// The public key that signed an operation that the case has, in hexadecimal digits.
    pub fn key_of(&self, id: &[u8; 32]) -> Result<Option<String>, StoreError> {
        let key: Option<Option<String>> = self
            .conn
            .prepare_cached("SELECT body ->> '$.key' FROM operation WHERE id = ?1")?
            .query_row([id.as_slice()], |row| row.get(0))
            .optional()?;
        Ok(key.flatten())
    }

    /// Lamport time of an operation that the case has.
    pub fn lamport_of(&self, id: &[u8; 32]) -> Result<Option<u64>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT lamport FROM operation WHERE id = ?1")?
            .query_row([id.as_slice()], |row| row.get::<_, i64>(0))
            .optional()?
            .map(i64::unsigned_abs))
    }

    /// All operations in the order of the fold: Lamport time, writer, id.
    pub fn each_operation<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(StoredOperation) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT id, lamport, writer, body, signature FROM operation
                 ORDER BY lamport, writer, id",
            )
            .map_err(StoreError::from)?;
        let mut rows = statement.query([]).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            each(operation_row(row).map_err(StoreError::from)??)?;
        }
        Ok(())
    }

    /// Operations whose body says `part`, the last in the order of the fold first, from those of this
    /// Lamport time on, until `each` has seen enough and says `false`.
    pub fn operations_backwards<E: From<StoreError>>(
        &self,
        part: &str,
        from: u64,
        mut each: impl FnMut(StoredOperation) -> Result<bool, E>,
    ) -> Result<(), E> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT id, lamport, writer, body, signature FROM operation
                 WHERE lamport <= ?2 AND instr(body, ?1) > 0
                 ORDER BY lamport DESC, writer DESC, id DESC",
            )
            .map_err(StoreError::from)?;
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        let mut rows = statement.query((part, from)).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            if !each(operation_row(row).map_err(StoreError::from)??)? {
                break;
            }
        }
        Ok(())
    }

    /// Whether somebody else than this writer appended an operation of a later Lamport time.
    pub fn has_others_after(&self, lamport: u64, writer: &[u8; 16]) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM operation WHERE lamport > ?1 AND writer <> ?2)",
            )?
            .query_row((lamport as i64, writer.as_slice()), |row| row.get(0))?)
    }

    pub fn operation_count(&self) -> Result<u64, StoreError> {
        let count: i64 =
            self.conn.query_row("SELECT count(*) FROM operation", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Documents that are exports: (document, key, status of the zone).
    pub fn exports(&self) -> Result<Vec<(DocumentId, Sha256, String)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.document, d.key, e.zone_status FROM export e
             JOIN document d ON d.id = e.document ORDER BY e.id",
        )?;
        let mut rows = statement.query([])?;
        let mut exports = Vec::new();
        while let Some(row) = rows.next()? {
            exports.push((DocumentId(row.get(0)?), digest(row.get(1)?)?, row.get(2)?));
        }
        Ok(exports)
    }

    /// The export with these bytes and the status of its zone, when the case has it.
    pub fn find_export(&self, key: &Sha256) -> Result<Option<(DocumentId, String)>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT e.document, e.zone_status FROM document d JOIN export e ON e.document = d.id
                 WHERE d.key = ?1",
            )?
            .query_row([key.0.as_slice()], |row| Ok((DocumentId(row.get(0)?), row.get(1)?)))
            .optional()?)
    }

    /// Offset in seconds that naive stamps of an export are read with.
    pub fn zone(&self, document: DocumentId) -> Result<i32, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT zone FROM export WHERE document = ?1")?
            .query_row([document.0], |row| row.get(0))?)
    }

    /// Key of a document: the SHA-256 of its bytes, or the stand-in.
    pub fn document_key(&self, id: DocumentId) -> Result<Sha256, StoreError> {
        let key: Option<Vec<u8>> = self
            .conn
            .prepare_cached("SELECT key FROM document WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        digest(key.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?)
    }

    /// Sets the zone that naive stamps of an export are read with (offset in seconds), and sorts
    /// its messages anew.
    pub fn set_zone(
        &self,
        document: DocumentId,
        offset: i32,
        status: &str,
    ) -> Result<(), StoreError> {
        if self.zone(document)? != offset {
            self.conn.execute(
                "UPDATE message SET sort = sort + (SELECT e.zone FROM export e WHERE e.document = ?1) - ?2
                 WHERE zone IS NULL AND sort > ?3
                   AND export = (SELECT id FROM export WHERE document = ?1)",
                params![document.0, offset, i64::MIN / 8],
            )?;
        }
        self.conn.execute(
            "UPDATE export SET zone = ?2, zone_status = ?3 WHERE document = ?1",
            params![document.0, offset, status],
        )?;
        Ok(())
    }

    /// Goes back to the zone that the importer found.
    pub fn unset_zone(&self, document: DocumentId) -> Result<(), StoreError> {
        let (offset, status): (i32, String) = self.conn.query_row(
            "SELECT found_zone, found_status FROM export WHERE document = ?1",
            [document.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        self.set_zone(document, offset, &status)
    }
}

fn operation_row(row: &rusqlite::Row) -> rusqlite::Result<Result<StoredOperation, StoreError>> {
    let id: Vec<u8> = row.get(0)?;
    let writer: Vec<u8> = row.get(2)?;
    let (lamport, body, signature) = (row.get::<_, i64>(1)?, row.get(3)?, row.get(4)?);
    let bad = || StoreError::Damaged("an operation has an id of the wrong length".to_owned());
    Ok((|| {
        Ok(StoredOperation {
            id: id.try_into().map_err(|_| bad())?,
            lamport: lamport.unsigned_abs(),
            writer: writer.try_into().map_err(|_| bad())?,
            body,
            signature,
        })
    })())
}
