//! What a list of documents is made of: all of them and all their places, read in one go.

use super::ingest::state;
use super::{Store, StoreError};
use crate::model::{DocumentId, State};
use rusqlite::Row;

/// A document, as far as lists are cut and sorted by it.
#[derive(Clone, Copy, Debug)]
pub struct ListedDocument<'a> {
    pub id: DocumentId,
    pub format: &'a str,
    /// Empty where it was not determined.
    pub language: &'a str,
    pub state: State,
    /// Bytes.
    pub size: u64,
    /// Best date, in seconds on the clock of the evidence.
    pub clock: Option<i64>,
    /// Some of its pages have no text, though it has one.
    pub lacks_page_text: bool,
    /// It was read, with warnings.
    pub is_warned: bool,
}

/// Where a document stands.
#[derive(Clone, Copy, Debug)]
pub struct ListedPlace<'a> {
    /// Row id.
    pub id: i64,
    pub document: DocumentId,
    /// It came out of a container, and `!` in its path stands behind one.
    pub is_member: bool,
    /// It was not found at the last `add`.
    pub is_missing: bool,
    pub path: &'a str,
}

/// The state of the evidence: what is known of all of it counts for as long as this is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvidenceState {
    /// The last change.
    change: u64,
    /// What also tells which files were found; `None` while that may change.
    sources: Option<String>,
}

impl EvidenceState {
    /// An `add` is at work, or was stopped.
    pub fn is_changing(&self) -> bool {
        self.sources.is_none()
    }

    #[cfg(test)]
    pub fn changing(change: u64) -> EvidenceState {
        EvidenceState { change, sources: None }
    }

    #[cfg(test)]
    pub fn settled(change: u64) -> EvidenceState {
        EvidenceState { change, sources: Some("1".to_owned()) }
    }
}

impl Store {
    pub fn state_of_evidence(&self) -> Result<EvidenceState, StoreError> {
        Ok(EvidenceState { change: self.last_change()?, sources: self.evidence_state()? })
    }

    /// Calls `take` for every document, in the order of their numbers.
    pub fn each_listed_document(
        &self,
        mut take: impl FnMut(ListedDocument<'_>),
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, format, state, size, clock, blank_pages <> '', language, warnings <> ''
             FROM document
             ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let state = state(text(row, 2)?)?;
            take(ListedDocument {
                id: DocumentId(row.get(0)?),
                format: text(row, 1)?,
                language: text(row, 6)?,
                state,
                size: row.get::<_, i64>(3)?.unsigned_abs(),
                clock: row.get(4)?,
                lacks_page_text: row.get(5)? && state != State::NoText,
                is_warned: row.get(7)? && !state.is_unreadable(),
            });
        }
        Ok(())
    }

    /// Calls `take` for every place, in the order in which they were written.
    pub fn each_listed_place(
        &self,
        mut take: impl FnMut(ListedPlace<'_>),
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, document, parent IS NOT NULL, missing, path FROM place ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            take(ListedPlace {
                id: row.get(0)?,
                document: DocumentId(row.get(1)?),
                is_member: row.get(2)?,
                is_missing: row.get(3)?,
                path: text(row, 4)?,
            });
        }
        Ok(())
    }

    /// Row ids of the places that came out of a document, in their order.
    pub fn places_out_of(&self, id: DocumentId) -> Result<Vec<i64>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT p.id FROM place q JOIN place p ON p.parent = q.id WHERE q.document = ?1
             ORDER BY p.id",
        )?;
        let rows = statement.query_map([id.0], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Exports whose zone is only assumed, in the order of their numbers.
    pub fn of_assumed_zone(&self) -> Result<Vec<DocumentId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT document FROM export WHERE zone_status = 'assumed' ORDER BY document",
        )?;
        let rows = statement.query_map([], |row| row.get(0).map(DocumentId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A column that is text, without copying it.
pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, StoreError> {
    let value = row.get_ref(column)?;
    value
        .as_str()
        .map_err(|error| StoreError::Damaged(format!("a column that is no text: {error}")))
}
