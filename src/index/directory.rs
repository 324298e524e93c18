//! The folder of an index as tantivy sees it, with four differences to tantivy's own: a reader
//! creates no file (so a case on a read-only medium opens); the small files without a
//! checksum of their own get one beside them, so that `verify` finds a flipped byte in them too;
//! the large ones are packed (see `packed`); and who may read the case may read all of them.

use super::error::IndexError;
use super::packed;
use crate::files;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

#[derive(Clone, Debug)]
pub(super) struct Folder {
    inner: MmapDirectory,
    path: PathBuf,
    writable: bool,
}

/// The small files that are replaced as a whole and have no checksum inside.
const META: [&str; 2] = ["meta.json", ".managed.json"];

const LOCK_TRIES: u32 = 25;
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

impl Folder {
    /// The folder must exist.
    pub(super) fn open(path: &Path, writable: bool) -> Result<Folder, IndexError> {
        if !path.join("meta.json").is_file() && !writable {
            return Err(IndexError::Unusable(format!("there is none in {}", path.display())));
        }
        let inner = MmapDirectory::open(path)
            .map_err(|error| IndexError::Failed { doing: "opened", source: Box::new(error) })?;
        Ok(Folder { inner, path: path.to_owned(), writable })
    }

    fn refuse(&self) -> io::Error {
        io::Error::new(io::ErrorKind::PermissionDenied, "the index is open for reading only")
    }
}

fn sums_of(file: &Path) -> Option<PathBuf> {
    let name = file.file_name()?.to_str()?;
    META.contains(&name).then(|| file.with_file_name(format!("{name}.sum")))
}

fn digest(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}

/// The small files whose content is not what was written last.
pub(super) fn damaged_metas(folder: &Path) -> Vec<PathBuf> {
    let is_damaged = |file: &PathBuf| {
        let (Ok(content), Some(sums)) = (std::fs::read(file), sums_of(file)) else { return true };
        let sums = std::fs::read_to_string(sums).unwrap_or_default();
        !sums.lines().any(|sum| sum == digest(&content))
    };
    META.iter().map(|name| folder.join(name)).filter(is_damaged).collect()
}

impl Directory for Folder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let handle = self.inner.get_file_handle(path)?;
        if !packed::is_packed(path) {
            return Ok(handle);
        }
        match packed::Packed::open(handle) {
            Ok(packed) => Ok(Arc::new(packed)),
            Err(error) => Err(OpenReadError::wrap_io_error(error, path.to_owned())),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        if !self.writable {
            let io_error = Arc::new(self.refuse());
            return Err(DeleteError::IoError { io_error, filepath: path.to_owned() });
        }
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        if !self.writable {
            return Err(OpenWriteError::wrap_io_error(self.refuse(), path.to_owned()));
        }
        let inner = self.inner.open_write(path)?;
        if !packed::is_packed(path) {
            return Ok(inner);
        }
        match packed::Packer::new(inner) {
            Ok(packer) => Ok(io::BufWriter::new(Box::new(packer))),
            Err(error) => Err(OpenWriteError::wrap_io_error(error, path.to_owned())),
        }
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if !self.writable {
            return Err(self.refuse());
        }
        if let Some(sums) = sums_of(path) {
            // Both sums stand there while the content changes, so that a kill between the two
            // writes is not taken for damage.
            let mut both = digest(data);
            if let Ok(old) = std::fs::read(self.path.join(path)) {
                both = format!("{both}\n{}", digest(&old));
            }
            files::replace(&self.path.join(sums), both.as_bytes())?;
        }
        files::replace(&self.path.join(path), data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        // The lock keeps a writer from deleting files while a reader opens them. A reader may
        // have no right to make the lock file; it opens again when a file is gone.
        if !self.writable {
            return Ok(DirectoryLock::from(Box::new(())));
        }
        // A process that is just being started holds every lock of its parent for a moment, also
        // one that the parent has given up meanwhile: so a taken lock is asked for again.
        for _ in 0..LOCK_TRIES {
            match self.inner.acquire_lock(lock) {
                Err(LockError::LockBusy) => std::thread::sleep(LOCK_PAUSE),
                done => return done,
            }
        }
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        // Readers reload by hand.
        Ok(WatchHandle::empty())
    }
}
