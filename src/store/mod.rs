//! The case file: SQLite, and the only place with SQL. It is the truth; the index follows it.
//!
//! - `schema.rs`: open, create; where a case may lie. `older.rs`: bring up an older one. `turn.rs`: whose turn it is to write.
//! - `ingest.rs`: what an `add` writes; `exports.rs`: of chats; `again.rs`: over what was there. `package.rs`: names that stand in
//!   another file of a package. `identity.rs`: what names a message anywhere.
//! - `dictionary.rs`: what texts are packed with. `check.rs`, `seals.rs`: is it still what was written?
//! - `documents.rs`, `conversations.rs`, `messages.rs`, `texts.rs`, `status.rs`: what screens and
//!   verbs read. `listed.rs`: what the list of documents is made of.
//! - `accounts.rs`, `sessions.rs`, `timeline.rs`: who spoke and when, from counts that `counts.rs` keeps.
//!   `kept.rs`: counts of all evidence, kept until it changes.
//! - `changes.rs`: what the index has to follow. `operations.rs`: the journal's table.
//! - `marks.rs`, `notes.rs`, `things.rs`, `entities.rs`: its projections: marks, what touched them, how much is done;
//!   texts of notes and saved searches; anchors, entities and the fields of notes. Drafts, which are none. `seen.rs`: what was seen.
//! - `board.rs`: all notes with what they cite; tags.

mod accounts;
mod again;
mod asked;
mod board;
mod changes;
mod check;
mod clocks;
mod conversations;
mod counts;
mod dictionary;
mod documents;
mod entities;
mod error;
mod exports;
mod files;
mod identity;
mod ingest;
mod kept;
mod listed;
mod lookup;
mod marks;
mod media;
mod members;
mod message_places;
mod messages;
mod notes;
mod older;
mod operations;
mod package;
mod page_name;
mod page_sets;
mod raw_time;
mod remove;
mod schema;
mod seals;
mod seen;
mod sessions;
mod settle;
mod sources;
mod status;
mod texts;
mod things;
mod timeline;
mod turn;
mod units;
mod zones;

pub use accounts::AccountSet;
pub use again::{Former, FormerMember, Holdings};
pub use board::{LinkedAnchor, NoteHead};
pub use changes::{Change, Unit};
pub use check::{Extracted, Facts, KnownFile};
pub use conversations::ConversationHead;
pub use dictionary::{Packing, compress, decompress};
pub use documents::{ChainLink, path_from_bytes};
pub use error::StoreError;
pub use exports::{ExportWriter, Extra, NewMessage};
pub use files::OlderFile;
pub use identity::{MessageIdentity, message_digest, message_digest_sum};
pub use ingest::{FileState, Found, NewDocument, NewExport, NewText};
pub use listed::{EvidenceState, ListedDocument, ListedPlace};
pub use lookup::{Account, ExportZone, FoundMessage};
pub use marks::{Act, Touch, TouchRow};
pub use older::{Upkeep, Watch};
pub use operations::StoredOperation;
pub use page_name::PageName;
pub use schema::{APPLICATION_ID, Access, Medium, VERSION, medium_of};
pub use settle::{SETTLED, UNSETTLED, WHY_SETTLED};
pub use texts::{Chunks, Compressor};
pub use things::{MadeRow, StoredAnchor, TextVersion};
pub use turn::Awaited;
pub use units::IndexedMessage;

use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// An open case file. Belongs to one thread.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    access: Access,
    /// How long another one that writes is waited for.
    patience: std::time::Duration,
    unpackers: dictionary::Unpackers,
    last_unpacked: std::cell::RefCell<Option<texts::Unpacked>>,
    /// Containers were opened anew: what numbers the places in them had is kept.
    opened_anew: std::cell::Cell<bool>,
    /// Once messages were taken away to be written anew: the highest number that one had.
    highest_message: std::cell::Cell<i64>,
    /// Conversations that messages were taken from, and that were not counted again yet.
    stale_counts: std::cell::RefCell<std::collections::BTreeSet<i64>>,
}

impl Store {
    /// Path of `case.db`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn can_write(&self) -> bool {
        self.access == Access::Write
    }

    /// Ends what [`Store::begin`] began.
    pub fn commit(&self) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch("COMMIT")?)
    }

    /// Undoes everything since [`Store::begin`]; does nothing outside of a transaction.
    pub fn rollback(&self) {
        self.stale_counts.borrow_mut().clear();
        if !self.conn.is_autocommit() {
            // Nothing can be done about a failure here, and SQLite rolls back on close as well.
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }

    /// Marks a place inside a transaction.
    pub fn savepoint(&self, name: &'static str) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(&format!("SAVEPOINT {name}"))?)
    }

    pub fn release(&self, name: &'static str) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(&format!("RELEASE {name}"))?)
    }

    /// Goes back to a savepoint and forgets it.
    pub fn rollback_to(&self, name: &'static str) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(&format!("ROLLBACK TO {name}; RELEASE {name}"))?)
    }

    /// Runs `work` in one transaction, which is undone when it fails. Inside of another one it is a
    /// part of that.
    pub fn transaction<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.conn.is_autocommit() {
            return self.part(work);
        }
        self.begin()?;
        match work() {
            Ok(value) => {
                self.commit()?;
                Ok(value)
            }
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    /// Runs `work`, which only reads, in one state of the case file, whatever others write meanwhile.
    pub fn in_one_state<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.conn.is_autocommit() {
            return work();
        }
        self.conn.execute_batch("BEGIN").map_err(StoreError::from)?;
        let done = work();
        self.rollback();
        done
    }

    /// Runs one statement that writes. By itself it would not wait in the queue of `turn.rs`.
    fn write(&self, sql: &str, params: impl rusqlite::Params) -> Result<(), StoreError> {
        self.transaction(|| {
            self.conn.prepare_cached(sql)?.execute(params)?;
            Ok(())
        })
    }

    /// Runs `work`, and goes back to where it began when it fails.
    fn part<T, E: From<StoreError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        const PART: &str = "part";
        self.savepoint(PART)?;
        match work() {
            Ok(value) => {
                self.release(PART)?;
                Ok(value)
            }
            Err(error) => {
                self.rollback_to(PART)?;
                Err(error)
            }
        }
    }

    /// A number that changes whenever another connection commits.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        Ok(self.conn.query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    /// A setting of the case, as text.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        use rusqlite::OptionalExtension;
        Ok(self
            .conn
            .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }

    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.write(
            "INSERT OR REPLACE INTO setting (key, value, checksum)
             VALUES (?1, ?2, checksum(?1, ?2))",
            [key, value],
        )
    }

    /// Whether SQLite finds its file in order, indices apart. Reads all of it.
    pub fn is_sound(&self) -> bool {
        let found = self.conn.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        found.is_ok_and(|found| found == "ok")
    }

    /// SQLite's own check of the file. Returns what it found wrong.
    pub fn integrity_check(&self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.conn.prepare("PRAGMA integrity_check(20)")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let found: Vec<String> = rows.collect::<Result<_, _>>()?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
}
