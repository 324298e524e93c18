//! Open, create and migrate a case file, wherever it lies.

use super::older::{Watch, migrate};
use super::{Store, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// "CsBk", so that `file` and SQLite tools can tell.
pub const APPLICATION_ID: i32 = 0x4373_426b;

/// Numbered, in order; a released one is never edited.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_case.sql"),
    include_str!("migrations/0002_marks.sql"),
    include_str!("migrations/0003_counts_and_notes.sql"),
    include_str!("migrations/0004_seen.sql"),
    include_str!("migrations/0005_place.sql"),
    include_str!("migrations/0006_asked.sql"),
    include_str!("migrations/0007_status.sql"),
    include_str!("migrations/0008_things.sql"),
    include_str!("migrations/0009_waiting.sql"),
    include_str!("migrations/0010_smaller.sql"),
    include_str!("migrations/0011_named.sql"),
    include_str!("migrations/0012_keys.sql"),
    include_str!("migrations/0013_seals.sql"),
    include_str!("migrations/0014_former.sql"),
    include_str!("migrations/0015_again.sql"),
    include_str!("migrations/0016_numbers.sql"),
    include_str!("migrations/0017_places.sql"),
    include_str!("migrations/0018_signers.sql"),
];

/// The schema version that this program writes.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// A connection is used by one thread at a time, which the compiler sees to: SQLite need not lock it
/// around every call.
const ALONE: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Changes no file in the case folder, unless an older schema has to be migrated first.
    Read,
    Write,
}

/// What the file system of a case can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// WAL, several processes at once.
    Local,
    /// Shared memory does not work: one process at a time, no WAL, index in the cache folder.
    Network,
    /// Nothing can be written: no -shm, no -wal, no lock files.
    ReadOnly,
}

/// What the file system under `folder` can do.
pub fn medium_of(folder: &Path) -> Medium {
    if !is_writable(folder) {
        return Medium::ReadOnly;
    }
    // So that tests see what happens there without one.
    #[cfg(debug_assertions)]
    if std::env::var_os("CASEBOOK_TEST_NETWORK").is_some() {
        return Medium::Network;
    }
    if is_network(folder) { Medium::Network } else { Medium::Local }
}

#[cfg(unix)]
fn is_writable(folder: &Path) -> bool {
    use rustix::fs::{Access as Want, access};
    access(folder, Want::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn is_writable(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|meta| !meta.permissions().readonly())
}

#[cfg(target_os = "linux")]
fn is_network(folder: &Path) -> bool {
    // From linux/magic.h: nfs, smb, cifs, smb2, fuse (sshfs), 9p, afs, ceph, coda.
    const NETWORK: [u64; 9] = [
        0x6969,
        0x517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x6573_5546,
        0x0102_1997,
        0x5346_414f,
        0x00c3_6400,
        0x7375_7245,
    ];
    rustix::fs::statfs(folder)
        .is_ok_and(|stat| NETWORK.contains(&(stat.f_type as u64 & 0xffff_ffff)))
}

#[cfg(not(target_os = "linux"))]
fn is_network(_: &Path) -> bool {
    false
}

/// How long a connection waits for another one to have written.
const WAIT: Duration = Duration::from_secs(10);

/// The same where another one does not let go of the case before it ends.
const WAIT_ALONE: Duration = Duration::from_secs(1);

/// KiB of pages that a connection keeps.
const CACHE: i64 = 16_000;

/// The same for each further one of the same opening: a desk has several, and the system keeps
/// the file in memory as well.
const CACHE_OF_ANOTHER: i64 = 3_000;

/// The same for as long as rows all over the case are looked at, by ids that are in no order.
const CACHE_FOR_ALL: i64 = 64_000;

/// The case file while it is made; SQLite's journal beside it has a longer name.
const HALF: &str = "case.db.new";

impl Store {
    /// Whether a file of this name is what a kill left of a case that was being made.
    pub fn is_half_made(name: &std::ffi::OsStr) -> bool {
        name.to_str().is_some_and(|name| name.starts_with(HALF))
    }

    /// Creates `case.db` in `folder`, which must exist. Half-written files are never left under
    /// that name.
    pub fn create(folder: &Path) -> Result<Store, StoreError> {
        let path = folder.join("case.db");
        if path.exists() {
            return Err(StoreError::Exists(path));
        }
        let half = folder.join(HALF);
        let _ = fs::remove_file(&half);
        {
            let conn = Connection::open(&half)?;
            conn.pragma_update(None, "page_size", 16384)?;
            // So that pages that became free can be given back (see `Store::shrink`).
            conn.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
            super::seals::add_checksum(&conn)?;
            conn.execute_batch("BEGIN IMMEDIATE")?;
            migrate(&conn, 0, &Watch::nobody())?;
            conn.execute_batch("COMMIT")?;
            conn.close().map_err(|(_, error)| error)?;
        }
        fs::rename(&half, &path).map_err(|e| StoreError::io("create case.db", e))?;
        Store::open(folder, Access::Write)
    }

    /// Opens `case.db` in `folder`. An older schema is migrated after a backup copy; a newer one
    /// is refused.
    pub fn open(folder: &Path, access: Access) -> Result<Store, StoreError> {
        Store::open_watched(folder, access, &Watch::nobody())
    }

    /// The same; what has to be done to an older case first is told, and can be stopped.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] when it was: the case is as it was.
    pub fn open_watched(
        folder: &Path,
        access: Access,
        watch: &Watch<'_>,
    ) -> Result<Store, StoreError> {
        let path = folder.join("case.db");
        if !path.is_file() {
            return Err(StoreError::NotACase(folder.to_owned()));
        }
        let medium = medium_of(folder);
        let conn = match (access, medium) {
            (Access::Write, Medium::ReadOnly) => return Err(StoreError::ReadOnly),
            (Access::Write, _) => {
                Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | ALONE)?
            }
            (Access::Read, Medium::ReadOnly) => open_immutable(&path)?,
            // A reader of a WAL database writes -shm, so it needs a writable folder anyway;
            // query_only keeps it from writing anything else.
            (Access::Read, _) => {
                let open = |flags| Connection::open_with_flags(&path, flags | ALONE);
                let conn = open(OpenFlags::SQLITE_OPEN_READ_WRITE)
                    .or_else(|_| open(OpenFlags::SQLITE_OPEN_READ_ONLY))?;
                conn.pragma_update(None, "query_only", true)?;
                conn
            }
        };
        let patience = if medium == Medium::Network { WAIT_ALONE } else { WAIT };
        conn.busy_timeout(patience)?;
        // Without this, SQLite prepares a statement anew for each value that it would have to
        // compare with the condition of a partial index.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        super::seals::add_checksum(&conn)?;
        let store = Store {
            conn,
            path,
            access,
            patience,
            unpackers: Default::default(),
            last_unpacked: Default::default(),
            opened_anew: Default::default(),
            highest_message: Default::default(),
            stale_counts: Default::default(),
        };
        match store.settle(medium, watch) {
            // Reading needs the tables of today as well.
            Err(StoreError::Older { .. }) if medium != Medium::ReadOnly => {
                drop(store);
                drop(Store::open_watched(folder, Access::Write, watch)?);
                Store::open(folder, access)
            }
            Err(StoreError::Busy) if medium == Medium::Network => Err(StoreError::Held),
            result => result.map(|()| store),
        }
    }

    /// Checks what the file is, and sets how it is worked on.
    fn settle(&self, medium: Medium, watch: &Watch<'_>) -> Result<(), StoreError> {
        if medium == Medium::Network {
            // Before anything is read: shared memory does not work there.
            self.conn.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        }
        self.check_version(watch)?;
        self.tune(medium)
    }

    fn check_version(&self, watch: &Watch<'_>) -> Result<(), StoreError> {
        let conn = &self.conn;
        let application: i32 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        if application != APPLICATION_ID {
            return Err(StoreError::Foreign { path: self.path.clone() });
        }
        let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if found > VERSION {
            return Err(StoreError::Newer { path: self.path.clone(), found, known: VERSION });
        }
        if found < VERSION {
            if self.access == Access::Read {
                return Err(StoreError::Older { path: self.path.clone(), found, known: VERSION });
            }
            self.bring_up(found, watch)?;
        }
        Ok(())
    }

    fn tune(&self, medium: Medium) -> Result<(), StoreError> {
        let conn = &self.conn;
        conn.set_prepared_statement_cache_capacity(128);
        conn.pragma_update(None, "foreign_keys", false)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        conn.pragma_update(None, "cache_size", -CACHE)?;
        if self.access == Access::Write {
            match medium {
                Medium::Network => {
                    conn.pragma_update(None, "journal_mode", "DELETE")?;
                    // Held from now on, and not only from the first act.
                    conn.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
                }
                _ => {
                    conn.pragma_update(None, "journal_mode", "WAL")?;
                    conn.pragma_update(None, "journal_size_limit", 64 << 20)?;
                }
            }
            // A commit survives the end of the process; at a power cut the last ones may be lost,
            // never the file.
            conn.pragma_update(None, "synchronous", "NORMAL")?;
        }
        Ok(())
    }

    /// Runs `work`, which looks at rows all over the case, with more of it in memory.
    pub fn with_room<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let resize = |size: i64| self.conn.pragma_update(None, "cache_size", size);
        let before = self.conn.query_row("PRAGMA cache_size", [], |row| row.get(0));
        let before = before.map_err(StoreError::from)?;
        resize(-CACHE_FOR_ALL).map_err(StoreError::from)?;
        let done = work();
        // It takes more memory then, and nothing else.
        let _ = resize(before);
        done
    }

    /// Another connection to the same case, for another thread.
    pub fn another(&self) -> Result<Store, StoreError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let store = Store::open(folder, self.access)?;
        store.conn.pragma_update(None, "cache_size", -CACHE_OF_ANOTHER)?;
        Ok(store)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if self.access == Access::Write {
            // So that a later open from a read-only medium finds everything in case.db. Others
            // may still be at work: then the last one to close does it, and nobody waits for them.
            let _ = self.conn.busy_timeout(Duration::ZERO);
            let _ = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }
}

fn open_immutable(path: &Path) -> Result<Connection, StoreError> {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    if fs::metadata(PathBuf::from(wal)).is_ok_and(|meta| meta.len() > 0) {
        return Err(StoreError::UnfinishedReadOnly);
    }
    let text = path.to_str().ok_or(StoreError::NotACase(path.to_owned()))?;
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(Connection::open_with_flags(
        format!("file:{escaped}?immutable=1"),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | ALONE,
    )?)
}

/// Tables, indexes and triggers of a case file, by name: kind and description.
fn described(conn: &Connection) -> Result<BTreeMap<String, (String, String)>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT name, type, coalesce(sql, '') FROM sqlite_master
         WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Store {
    /// Compares what the file says of its own tables with what this program makes. A reread that
    /// was killed leaves indexes, which change no answer.
    ///
    /// # Errors
    /// They are not the same, or the database cannot be read.
    pub fn check_schema(&self) -> Result<(), StoreError> {
        let fresh = Connection::open_in_memory()?;
        super::seals::add_checksum(&fresh)?;
        migrate(&fresh, 0, &Watch::nobody())?;
        let (mut own, wanted) = (described(&self.conn)?, described(&fresh)?);
        let changed = |name: &String, made: &(String, String)| own.get(name) != Some(made);
        let mut wrong: Vec<String> = (wanted.iter())
            .filter(|(name, made)| changed(name, made))
            .map(|(name, (kind, _))| format!("the {kind} {name} is not as it was made"))
            .collect();
        own.retain(|name, (kind, _)| kind != "index" && !wanted.contains_key(name));
        let strange =
            own.iter().map(|(name, (kind, _))| format!("there is a strange {kind} {name}"));
        wrong.extend(strange);
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(StoreError::Damaged(wrong.join(", "))),
        }
    }
}
