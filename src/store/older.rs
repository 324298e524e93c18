//! A case file of an older version: copied, then brought to the tables of today.

use super::schema::{APPLICATION_ID, MIGRATIONS, VERSION};
use super::{Store, StoreError};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

/// Pages that are copied between two looks at who watches.
const PAGES: i32 = 1024;
/// How long a copy waits for somebody who writes, and between two looks at whether to stop.
const PAUSE: Duration = Duration::from_millis(20);

/// What has to be done to a case before it can be worked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upkeep {
    /// The file is of schema `found`: it is copied to `copy` first.
    Copy { found: i64, copy: PathBuf },
    /// Its tables are brought to those of today.
    Tables,
    /// What people did is read from the journal again.
    Journal,
}

/// Who hears of it, and who can stop it.
pub struct Watch<'a> {
    /// Once it is set, what runs is taken back.
    pub stop: Arc<AtomicBool>,
    /// Called before each work is begun and while it goes on: what is done, of how much (0: not
    /// known).
    pub tell: &'a dyn Fn(&Upkeep, u64, u64),
}

impl Watch<'_> {
    /// Nobody hears of it.
    pub fn nobody() -> Watch<'static> {
        Watch { stop: Arc::default(), tell: &|_, _, _| {} }
    }

    fn go_on(&self) -> Result<(), StoreError> {
        if self.stop.load(Relaxed) { Err(StoreError::Stopped) } else { Ok(()) }
    }
}

impl Store {
    /// Brings a file of schema `found` to that of today, after a copy. Stopped or failed it is as
    /// it was; the copy of one that was stopped goes.
    pub(super) fn bring_up(&self, found: i64, watch: &Watch<'_>) -> Result<(), StoreError> {
        let copy = self.path.with_extension(format!("db.before-{VERSION}"));
        let result = self.copied_and_migrated(found, &copy, watch);
        if matches!(result, Err(StoreError::Stopped)) {
            let _ = std::fs::remove_file(&copy);
        }
        result
    }

    fn copied_and_migrated(
        &self,
        found: i64,
        copy: &Path,
        watch: &Watch<'_>,
    ) -> Result<(), StoreError> {
        let what = Upkeep::Copy { found, copy: copy.to_owned() };
        (watch.tell)(&what, 0, 0);
        self.backup(copy, |done, total| {
            (watch.tell)(&what, done, total);
            watch.go_on()
        })?;
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        // Somebody else may have been quicker.
        let found = self.conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let migrated = interruptible(&self.conn, watch, || migrate(&self.conn, found, watch));
        if migrated.is_err() {
            self.rollback();
            return migrated;
        }
        Ok(self.conn.execute_batch("COMMIT")?)
    }

    /// A consistent copy of the case file, also while others read and write it. `step` hears how
    /// many pages are copied, of how many, and can end it.
    pub fn backup(
        &self,
        to: &Path,
        mut step: impl FnMut(u64, u64) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut target = Connection::open(to)?;
        let backup = Backup::new(&self.conn, &mut target)?;
        loop {
            let result = backup.step(PAGES)?;
            let now = backup.progress();
            let total = u64::from(now.pagecount.unsigned_abs());
            step(total.saturating_sub(u64::from(now.remaining.unsigned_abs())), total)?;
            match result {
                StepResult::Done => return Ok(()),
                StepResult::More => {}
                // Somebody writes.
                _ => std::thread::sleep(PAUSE),
            }
        }
    }
}

/// Makes the tables of schema `from` those of today, in the transaction of the caller.
pub(super) fn migrate(conn: &Connection, from: i64, watch: &Watch<'_>) -> Result<(), StoreError> {
    let done =
        usize::try_from(from).map_err(|_| StoreError::Damaged(format!("schema version {from}")))?;
    let scripts = MIGRATIONS.get(done..).unwrap_or_default();
    for (at, script) in scripts.iter().enumerate() {
        (watch.tell)(&Upkeep::Tables, at as u64, scripts.len() as u64);
        watch.go_on()?;
        conn.execute_batch(script)?;
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}

/// Runs statements that end when somebody stops them, also in the middle of one.
fn interruptible(
    conn: &Connection,
    watch: &Watch<'_>,
    work: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let handle = conn.get_interrupt_handle();
    let (stop, done) = (&watch.stop, &AtomicBool::new(false));
    let result = std::thread::scope(|scope| {
        let watcher = scope.spawn(move || {
            while !done.load(Relaxed) {
                if stop.load(Relaxed) {
                    handle.interrupt();
                }
                std::thread::park_timeout(PAUSE);
            }
        });
        // The watcher ends even when `work` panics, or the scope would wait for ever.
        let _end = End { done, watcher: watcher.thread().clone() };
        work()
    });
    match result {
        // SQLite calls it an interruption.
        Err(_) if watch.stop.load(Relaxed) => Err(StoreError::Stopped),
        result => result,
    }
}

struct End<'a> {
    done: &'a AtomicBool,
    watcher: std::thread::Thread,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.done.store(true, Relaxed);
        self.watcher.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Access;
    use std::cell::RefCell;

    /// A case of the schema before this one.
    fn old() -> (tempfile::TempDir, PathBuf) {
        of_schema(MIGRATIONS.len() - 1)
    }

    fn of_schema(before: usize) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("case.db");
        let conn = Connection::open(&path).unwrap();
        crate::store::seals::add_checksum(&conn).unwrap();
        for script in &MIGRATIONS[..before] {
            conn.execute_batch(script).unwrap();
        }
        conn.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        conn.pragma_update(None, "user_version", before as i64).unwrap();
        (folder, path)
    }

    fn version(path: &Path) -> i64 {
        let conn = Connection::open(path).unwrap();
        conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_older_case_is_copied_and_brought_up_and_it_is_told() {
        let (folder, path) = old();
        let copy = path.with_extension(format!("db.before-{VERSION}"));
        let told = RefCell::new(Vec::new());
        let tell = |what: &Upkeep, _: u64, _: u64| told.borrow_mut().push(what.clone());
        let watch = Watch { stop: Arc::default(), tell: &tell };
        drop(Store::open_watched(folder.path(), Access::Read, &watch).unwrap());
        let mut told = told.take();
        told.dedup();
        let found = VERSION - 1;
        assert_eq!(told, [Upkeep::Copy { found, copy: copy.clone() }, Upkeep::Tables]);
        assert_eq!((version(&path), version(&copy)), (VERSION, found));
    }

    #[test]
    fn who_wrote_in_an_older_journal_is_known() {
        let (folder, path) = of_schema(17);
        let conn = Connection::open(&path).unwrap();
        let bodies = [
            r#"{"key":"ab","author":"lin"}"#,
            r#"{"key":"ab","author":"lin","lamport":2}"#,
            r#"{"key":"cd","author":"lin"}"#,
            "{", // damaged
            "{}",
        ];
        for (number, body) in (0_u8..).zip(bodies) {
            conn.execute(
                "INSERT INTO operation (id, lamport, writer, body, signature)
                 VALUES (?1, ?2, ?3, ?4, x'')",
                (vec![number; 32], number, vec![0; 16], body),
            )
            .unwrap();
        }
        drop(conn);
        let store = Store::open(folder.path(), Access::Read).unwrap();
        let known = [("ab", "lin"), ("cd", "lin")].map(|(key, name)| (key.into(), name.into()));
        assert_eq!(store.journal_authors().unwrap(), known.into());
    }

    #[test]
    fn one_that_is_stopped_is_as_it_was() {
        let check = |when: fn(&Upkeep) -> bool| {
            let (folder, path) = old();
            let stop = Arc::new(AtomicBool::new(false));
            let tell = |what: &Upkeep, _: u64, _: u64| stop.store(when(what), Relaxed);
            let watch = Watch { stop: Arc::clone(&stop), tell: &tell };
            let stopped = Store::open_watched(folder.path(), Access::Write, &watch);
            assert!(matches!(stopped, Err(StoreError::Stopped)));
            assert_eq!(version(&path), VERSION - 1);
            assert!(!path.with_extension(format!("db.before-{VERSION}")).exists());
            drop(Store::open(folder.path(), Access::Write).unwrap());
            assert_eq!(version(&path), VERSION);
        };
        check(|what| matches!(what, Upkeep::Copy { .. }));
        check(|what| *what == Upkeep::Tables);
    }
}
