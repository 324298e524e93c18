//! Which drafts are being written on at this moment, in whatever window.
//!
//! Whoever writes one holds a lock file that is named after the sitting the draft is kept under.
//! The system gives it up when the program ends, however it ends: a draft whose lock is free was
//! left behind, and the next one who asks for it writes on. The file goes with the draft.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often one asks again for a lock that is taken, and how long one waits before it: whoever
/// only looks whether it is free has it for less than that.
const TRIES: usize = 5;
const PAUSE: Duration = Duration::from_millis(2);

/// The locks of one opening of a case.
#[derive(Debug)]
pub(super) struct Sittings {
    /// Where the lock files lie; `None` where nobody else can have the case open.
    folder: Option<PathBuf>,
    /// By sitting. `None` for one that another window writes under as well.
    held: Mutex<HashMap<i64, Option<File>>>,
}

impl Sittings {
    pub fn new(folder: Option<PathBuf>) -> Sittings {
        Sittings { folder, held: Mutex::default() }
    }

    fn held(&self) -> MutexGuard<'_, HashMap<i64, Option<File>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, sitting: i64) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("draft-{:016x}.lock", sitting.cast_unsigned())))
    }

    /// From now on a draft of this sitting is written on here. Where no lock can be had it is not
    /// known elsewhere.
    pub fn hold(&self, sitting: i64) {
        let Some(path) = self.path(sitting) else { return };
        self.held().entry(sitting).or_insert_with(|| {
            let folder = path.parent()?;
            std::fs::create_dir_all(folder).ok()?;
            let file = File::options().create(true).truncate(false).write(true).open(&path).ok()?;
            for _ in 0..TRIES {
                match file.try_lock() {
                    Ok(()) => return Some(file),
                    Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                    Err(TryLockError::Error(_)) => return None,
                }
            }
            None
        });
    }

    /// Whether another window writes on drafts of this sitting now.
    pub fn is_elsewhere(&self, sitting: i64) -> bool {
        let Some(path) = self.path(sitting) else { return false };
        if self.held().get(&sitting).is_some_and(Option::is_some) {
            return false;
        }
        match File::open(path) {
            Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
            // One that cannot be looked at is another account's: to be asked about.
            Err(error) => error.kind() == std::io::ErrorKind::PermissionDenied,
        }
    }

    /// The last draft of this sitting is gone.
    pub fn release(&self, sitting: i64) {
        let Some(path) = self.path(sitting) else { return };
        let held = self.held().remove(&sitting).flatten();
        let own = held.or_else(|| File::open(&path).ok().filter(|file| file.try_lock().is_ok()));
        if own.is_some() {
            // It is in nobody's way where it stays.
            let _ = std::fs::remove_file(path);
        }
    }
}
