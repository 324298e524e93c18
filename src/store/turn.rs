//! Whose turn it is to write.
//!
//! SQLite lets in whoever asks at the right moment. An `add` writes all the time and asks again
//! as soon as it has committed, so that a person at the desk, who waits for it with pauses, would
//! wait until it ends. Whoever has to wait therefore holds a lock file meanwhile, and who writes
//! much looks at it, commits and gives way.

use super::{Store, StoreError};
use std::cell::Cell;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long one waits for another one who waits already.
const QUEUE: Duration = Duration::from_secs(10);
/// How long is given way to one who waits. It may have been stopped meanwhile.
const MOST: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(2);

/// The lock file of a case; `None` where none can be made.
fn open(database: &Path) -> Option<File> {
    let path = database.with_file_name("turn.lock");
    File::options().create(true).truncate(false).write(true).open(path).ok()
}

/// A place in the queue, held until this is dropped.
struct Turn {
    _lock: File,
}

impl Turn {
    fn take(database: &Path) -> Option<Turn> {
        let lock = open(database)?;
        let until = Instant::now() + QUEUE;
        loop {
            match lock.try_lock() {
                Ok(()) => return Some(Turn { _lock: lock }),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(PAUSE);
                }
                // Then one asks without a place, as everybody did before.
                Err(_) => return None,
            }
        }
    }
}

/// Tells one who writes much whether somebody waits.
#[derive(Debug, Default)]
pub struct Awaited {
    lock: Option<File>,
    /// Way was given to whoever waits, and not taken.
    is_in_vain: Cell<bool>,
}

impl Awaited {
    pub fn of(store: &Store) -> Awaited {
        Awaited { lock: open(&store.path), is_in_vain: Cell::new(false) }
    }

    pub fn is_so(&self) -> bool {
        let Some(lock) = &self.lock else { return false };
        let is_free = lock.try_lock().is_ok();
        if is_free {
            let _ = lock.unlock();
            self.is_in_vain.set(false);
        }
        !is_free && !self.is_in_vain.get()
    }

    /// Waits until who waited has begun. Belongs between two transactions.
    pub fn give_way(&self) {
        let until = Instant::now() + MOST;
        while self.is_so() {
            if Instant::now() > until {
                self.is_in_vain.set(true);
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl Store {
    /// Begins a transaction that lasts until [`Store::commit`] or [`Store::rollback`].
    ///
    /// # Errors
    /// Somebody else writes, and does not end in time.
    pub fn begin(&self) -> Result<(), StoreError> {
        let begin = || Ok(self.conn.execute_batch("BEGIN IMMEDIATE")?);
        self.conn.busy_timeout(Duration::ZERO)?;
        let at_once = begin();
        self.conn.busy_timeout(self.patience)?;
        match at_once {
            Err(StoreError::Busy) => {
                let _turn = Turn::take(&self.path);
                begin()
            }
            done => done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Access;
    use std::sync::Mutex;

    #[test]
    fn who_waits_comes_before_who_wrote_last() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let busy = Store::create(&path).unwrap();
        let awaited = Awaited::of(&busy);
        let order = Mutex::new(Vec::new());
        busy.begin().unwrap();
        assert!(!awaited.is_so());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let patient = Store::open(&path, Access::Write).unwrap();
                patient.begin().unwrap();
                order.lock().unwrap().push("who waited");
                patient.commit().unwrap();
            });
            while !awaited.is_so() {
                std::thread::sleep(PAUSE);
            }
            busy.commit().unwrap();
            awaited.give_way();
            busy.begin().unwrap();
            order.lock().unwrap().push("who wrote");
            busy.commit().unwrap();
        });
        assert_eq!(*order.lock().unwrap(), ["who waited", "who wrote"]);
    }
}
