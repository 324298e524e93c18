//! How far an `add` is. Written by its threads, read by whoever shows it.

use crate::model::DocumentId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// Shared counters of one `add`.
#[derive(Debug, Default)]
pub struct Progress {
    files: AtomicU64,
    files_total: AtomicU64,
    bytes: AtomicU64,
    bytes_total: AtomicU64,
    documents: AtomicU64,
    messages: AtomicU64,
    unreadable: AtomicU64,
    /// Messages of each document written, and whether it was unreadable: what lies in two places
    /// and could not be read is read twice, and counts once.
    written: Mutex<HashMap<DocumentId, (u64, bool)>>,
    current: Mutex<String>,
    phase: Mutex<&'static str>,
}

/// The counters at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Files of the source that are done, unchanged ones included.
    pub files: u64,
    pub files_total: u64,
    pub bytes: u64,
    pub bytes_total: u64,
    /// Documents written, members of containers included.
    pub documents: u64,
    pub messages: u64,
    pub unreadable: u64,
    /// Path of the file that was begun last.
    pub current: String,
    /// `listing`, `reading`, `indexing`.
    pub phase: &'static str,
}

impl Progress {
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            files: self.files.load(Relaxed),
            files_total: self.files_total.load(Relaxed),
            bytes: self.bytes.load(Relaxed),
            bytes_total: self.bytes_total.load(Relaxed),
            documents: self.documents.load(Relaxed),
            messages: self.messages.load(Relaxed),
            unreadable: self.unreadable.load(Relaxed),
            current: self.current.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            phase: *self.phase.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    pub(super) fn total(&self, files: u64, bytes: u64) {
        self.files_total.fetch_add(files, Relaxed);
        self.bytes_total.fetch_add(bytes, Relaxed);
    }

    pub(super) fn file_done(&self, bytes: u64) {
        self.files.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
    }

    pub(super) fn document_done(&self, id: DocumentId, messages: u64, unreadable: bool) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        match written.insert(id, (messages, unreadable)) {
            Some((messages, unreadable)) => {
                self.messages.fetch_sub(messages, Relaxed);
                self.unreadable.fetch_sub(u64::from(unreadable), Relaxed);
            }
            None => {
                self.documents.fetch_add(1, Relaxed);
            }
        }
        self.messages.fetch_add(messages, Relaxed);
        self.unreadable.fetch_add(u64::from(unreadable), Relaxed);
    }

    /// A document that was written turns out to be over a limit.
    pub(super) fn over_limit(&self, id: DocumentId) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, unreadable)) = written.get_mut(&id)
            && !std::mem::replace(unreadable, true)
        {
            self.unreadable.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn current(&self, path: &str) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.clear();
        current.push_str(path);
    }

    pub(super) fn phase(&self, phase: &'static str) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }
}
