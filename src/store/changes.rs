//! The change log: which units the index has to take in or drop, in order.

use super::{Store, StoreError};
use crate::model::{DocumentId, ItemId, MessageId};

/// Something that is found by a search: a document or a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Document(DocumentId),
    Message(MessageId),
}

impl Unit {
    /// The number that stands for it in the change log, in marks and in the index.
    pub fn number(self) -> i64 {
        match self {
            Unit::Document(id) => id.0 << 1,
            Unit::Message(id) => id.0 << 1 | 1,
        }
    }

    pub fn from_number(number: i64) -> Unit {
        if number & 1 == 0 {
            Unit::Document(DocumentId(number >> 1))
        } else {
            Unit::Message(MessageId(number >> 1))
        }
    }

    pub fn item(self) -> ItemId {
        match self {
            Unit::Document(id) => ItemId::Document(id),
            Unit::Message(id) => ItemId::Message(id),
        }
    }
}

/// One entry of the change log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub seq: u64,
    first: i64,
    last: i64,
}

impl Change {
    /// The units it stands for.
    pub fn units(self) -> impl Iterator<Item = Unit> {
        (self.first..=self.last).step_by(2).map(Unit::from_number)
    }
}

impl Store {
    /// Notes that `unit` was added, changed or removed.
    pub fn log_change(&self, unit: Unit) -> Result<(), StoreError> {
        self.log_changes(unit, unit)
    }

    /// Notes that all units from `first` to `last`, which are of one kind, were added or changed.
    pub fn log_changes(&self, first: Unit, last: Unit) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("INSERT INTO change (first, last) VALUES (?1, ?2)")?
            .execute([first.number(), last.number()])?;
        Ok(())
    }

    /// Sequence number of the last change; 0 when there was none.
    pub fn last_change(&self) -> Result<u64, StoreError> {
        let seq: Option<i64> = self
            .conn
            .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'change'")?
            .query_row([], |row| row.get(0))
            .map(Some)
            .or_else(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => Ok(None),
                error => Err(error),
            })?;
        Ok(seq.unwrap_or(0).unsigned_abs())
    }

    /// Whether every change after `seq` is still in the log, so that a replay from there is whole.
    pub fn can_replay_after(&self, seq: u64) -> Result<bool, StoreError> {
        let first: Option<i64> = self
            .conn
            .prepare_cached("SELECT min(seq) FROM change")?
            .query_row([], |row| row.get(0))?;
        Ok(match first {
            Some(first) => seq + 1 >= first.unsigned_abs(),
            None => seq >= self.last_change()?,
        })
    }

    /// At most `most` entries after `seq`, in order.
    pub fn changes_after(&self, seq: u64, most: usize) -> Result<Vec<Change>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT seq, first, last FROM change WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let rows = statement.query_map((seq as i64, most as i64), |row| {
            let (first, last): (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok(Change { seq: row.get::<_, i64>(0)?.unsigned_abs(), first, last })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets changes up to `seq`, which the index has committed.
    pub fn forget_changes(&self, seq: u64) -> Result<(), StoreError> {
        self.conn.prepare_cached("DELETE FROM change WHERE seq <= ?1")?.execute([seq as i64])?;
        self.shrink()
    }

    /// Gives pages that became free back to the file system. Cases that were made by an older
    /// version keep theirs for what comes.
    fn shrink(&self) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare("PRAGMA incremental_vacuum")?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
        Ok(())
    }
}
