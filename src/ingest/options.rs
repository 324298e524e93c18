//! What an `add` is told, and what it tells.

use crate::extract::Limits;
use crate::model::DocumentId;
use std::path::PathBuf;

/// How an `add` is done.
#[derive(Clone, Debug)]
pub struct AddOptions {
    /// Globs of paths to leave out, relative to the source: `*` and `?` stay in one folder,
    /// `**` crosses folders; a glob without `/` is compared with the last part of the path.
    pub exclude: Vec<String>,
    /// Keep copies of the originals in the case.
    pub copy: bool,
    /// Tried on encrypted files, in order, also on those that the case has. Never stored.
    pub passwords: Vec<String>,
    /// Read unreadable documents again.
    pub retry: bool,
    /// Read again what older readers read.
    pub reread: bool,
    /// Leave out what the last `add` of each source left out, and copy originals where it did, beside
    /// what is said here.
    pub as_before: bool,
    /// Who gave it, when, how.
    pub origin: String,
    /// The `casebook` binary, started as worker.
    pub worker: PathBuf,
    /// Files that are read at the same time; 0 for one a core.
    pub workers: usize,
    pub limits: Limits,
    /// A container that lies in several places has its members in all of them. In one file they
    /// may lie in this many places beside the first, and some more for each document that was
    /// read: equal zips in equal zips multiply without end.
    pub most_copies: u64,
}

impl AddOptions {
    /// Defaults, with the running program as worker.
    ///
    /// # Errors
    /// The system does not say where the running program lies.
    pub fn new() -> std::io::Result<Self> {
        Ok(AddOptions {
            exclude: Vec::new(),
            copy: false,
            passwords: Vec::new(),
            retry: false,
            reread: false,
            as_before: false,
            origin: String::new(),
            worker: std::env::current_exe()?,
            workers: 0,
            limits: Limits::default(),
            most_copies: 100_000,
        })
    }
}

/// What an `add` did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddReport {
    /// Files of the source.
    pub files: u64,
    /// Of them: known and unchanged.
    pub unchanged: u64,
    /// Known files that are not there any more, or hold other bytes.
    pub missing: u64,
    /// Files that were read again from their copies in the case, not being where they were.
    pub copies: u64,
    /// Entries that are no files, or excluded.
    pub skipped: u64,
    /// Patterns of `--exclude` that nothing fitted.
    pub idle_excludes: Vec<String>,
    /// Documents written, members included.
    pub documents: u64,
    pub messages: u64,
    /// Of the documents written.
    pub unreadable: u64,
    /// Documents of which the case keeps what an older reader read, because reading them again
    /// failed.
    pub kept: Vec<Kept>,
    /// It was stopped before the end; the next `add` goes on.
    pub stopped: bool,
    /// Layers of the sandbox that the workers had, in words.
    pub protection: String,
}

/// A document that was read again in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub document: DocumentId,
    /// Where it was read.
    pub path: String,
    pub why: String,
}
