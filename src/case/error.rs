//! What can go wrong with a case, and what to do about it.

use crate::journal::bundle::{BundleError, Problem};
use crate::journal::operation::BadOperation;
use crate::store::StoreError;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error("{0} exists and is not empty")]
    Exists(PathBuf),
    #[error("{path}: {}", crate::files::in_words(source))]
    Io { path: PathBuf, source: std::io::Error },
    #[error("another `add` is running on this case")]
    AddRunning,
    #[error(transparent)]
    Query(#[from] crate::query::QueryError),
    #[error("the index of this case cannot be used: {0}")]
    Index(String),
    #[error("the journal of this case is damaged: {0}")]
    Journal(String),
    #[error("the bundle cannot be taken in: {0}")]
    Bundle(Box<BundleError>),
    #[error("{0:?} is no day, no moment and no operation of this case")]
    Since(String),
    #[error("the reading of files cannot go on: {0}")]
    Worker(String),
    /// What was asked cannot be done, in words for the person who asked.
    #[error("{0}")]
    Refused(String),
    /// What is open is not what lies there: removed, moved away, or replaced by another copy.
    #[error(
        "the case does not lie any more where it was opened ({0} was moved, removed or replaced): \
         nothing is kept any more"
    )]
    Gone(PathBuf),
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("there is nothing to do again")]
    NothingToRedo,
    /// Another handle of the same author did it; the next one is the act before.
    #[error("your other window did that already; once more takes the act before it")]
    TurnedElsewhere,
    #[error("the output cannot be written: {0}")]
    Output(std::io::Error),
    #[error("stopped")]
    Cancelled,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CaseError {
    pub fn io(path: &Path, source: std::io::Error) -> Self {
        if crate::files::is_no_room(&source) {
            return CaseError::Store(StoreError::DiskFull);
        }
        CaseError::Io { path: path.to_owned(), source: CaseError::without_path(source) }
    }

    /// The error of a file that was to be made beside its place, without the temporary name that
    /// it had there: nobody has heard of that.
    pub fn without_path(error: std::io::Error) -> std::io::Error {
        match error.raw_os_error() {
            // The name is in its words, and no part of it gives them without.
            None if error.to_string().contains(" at path ") => error.kind().into(),
            _ => error,
        }
    }

    /// Somebody else is writing to the case; later it may work.
    pub fn is_busy(&self) -> bool {
        matches!(self, CaseError::AddRunning | CaseError::Store(StoreError::Busy))
    }

    /// The case itself is not what was written: no other command and no later time helps.
    pub fn is_damage(&self) -> bool {
        let store = |error: &StoreError| {
            matches!(error, StoreError::Damaged(_) | StoreError::Foreign { .. })
        };
        match self {
            CaseError::Index(_) | CaseError::Journal(_) => true,
            CaseError::Store(error) => store(error),
            _ => false,
        }
    }

    /// What was asked for is not in the case.
    pub fn is_no_such_item(&self) -> bool {
        matches!(self, CaseError::Store(StoreError::NoSuchItem(_)))
    }

    /// SQLite finds its file out of order.
    pub fn unsound() -> Self {
        CaseError::Store(StoreError::Damaged("its pages do not fit together".to_owned()))
    }

    pub fn disk_full() -> Self {
        CaseError::Store(StoreError::DiskFull)
    }

    /// The next thing to do, where there is one.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            CaseError::Exists(path) => {
                format!("choose another name, or open it with `casebook open {}`", path.display())
            }
            CaseError::Io { source, .. } => return io_hint(source).map(str::to_owned),
            CaseError::Gone(_) => "leave, look where it lies now, and open it there".to_owned(),
            CaseError::AddRunning => "wait for it, or stop it with Ctrl-C".to_owned(),
            CaseError::Index(_) => "make it again with `casebook reindex CASE`".to_owned(),
            CaseError::Since(_) => {
                "write 2026-11-20, 2026-11-20T14:30 (UTC), or the first 8 digits of an operation"
                    .to_owned()
            }
            CaseError::Bundle(error) => bundle_hint(error)?.to_owned(),
            CaseError::Journal(_) => format!("`casebook verify CASE` says where; {RESCUE}"),
            CaseError::Store(StoreError::NotACase(path)) => {
                format!("make one with `casebook new {}`", path.display())
            }
            CaseError::Store(StoreError::NoSuchItem(_)) => {
                "`casebook status CASE` says what is in it; documents, conversations, notes, anchors \
                 and entities list it"
                    .to_owned()
            }
            CaseError::Store(StoreError::Newer { .. }) => "use a newer Casebook".to_owned(),
            CaseError::Store(StoreError::Older { .. }) => {
                "copy it to a writable folder and open it there once".to_owned()
            }
            CaseError::Store(StoreError::Busy) => "try again in a moment".to_owned(),
            CaseError::Store(StoreError::Held) => "close it there first".to_owned(),
            CaseError::Store(StoreError::DiskFull) => {
                "make room on the disk, or lift what limits it (quota, `ulimit -f`); what was \
                 written before is kept"
                    .to_owned()
            }
            CaseError::Store(StoreError::NotWritten) => {
                "lift the limit (quota, `ulimit -f`) if there is one, else look whether the disk \
                 fails; what was written before is kept"
                    .to_owned()
            }
            CaseError::Store(StoreError::ReadOnly) => {
                "copy the case to a writable folder to work on it".to_owned()
            }
            CaseError::Store(StoreError::Damaged(_) | StoreError::Foreign { .. }) => {
                RESCUE.to_owned()
            }
            _ => return None,
        })
    }
}

/// What to do about a damaged case file. The originals are not in it, and what people wrote may be
/// saved on its own.
const RESCUE: &str = "put a backup copy of case.db in its place; without one save your work with \
    `casebook bundle CASE -o work.bundle` if that can still be read, make a new case, `add` the files \
    again and `merge` the bundle";

/// What to look at where a path that somebody typed leads nowhere.
pub fn io_hint(error: &std::io::Error) -> Option<&'static str> {
    use std::io::ErrorKind::{InvalidFilename, NotADirectory, NotFound, PermissionDenied};
    Some(match error.kind() {
        NotFound => {
            "look how it is spelt; a path without / in front begins at the folder you are in"
        }
        NotADirectory => "a part of this path is a file, and nothing lies in it",
        PermissionDenied => "ask who owns it for the right to read it, or work on a copy",
        InvalidFilename => "choose a shorter name",
        _ => return None,
    })
}

fn bundle_hint(error: &BundleError) -> Option<&'static str> {
    Some(match error {
        BundleError::NotABundle => "one is written by `casebook bundle CASE -o work.bundle`",
        BundleError::Newer(_) | BundleError::Line { problem: Problem::Unknown, .. } => {
            "use a newer Casebook"
        }
        BundleError::Line { problem: Problem::Operation(BadOperation::Version(_)), .. } => {
            "use a newer Casebook"
        }
        BundleError::Line { .. } | BundleError::Cut(_) => {
            "nothing was changed; ask for it again, and compare its SHA-256 with the sender's"
        }
        BundleError::Gap { since: Some(_), .. } => {
            "nothing was changed; take in the bundles before it first, or ask for one without --since"
        }
        BundleError::Gap { .. } => {
            "nothing was changed; take in an earlier bundle first, or one of the whole journal: casebook bundle CASE -o all.bundle"
        }
        BundleError::TooLarge => "ask for it in parts: casebook bundle CASE --since DAY",
        BundleError::Io(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_made_is_named_by_its_place() {
        let folder = Path::new("/nowhere/at/all");
        let error = tempfile::NamedTempFile::new_in(folder).unwrap_err();
        assert!(error.to_string().contains(".tmp"), "{error}");
        let error = CaseError::io(folder, error).to_string();
        assert!(error.starts_with("/nowhere/at/all: "), "{error}");
        assert!(!error.contains(".tmp"), "{error}");
    }
}
