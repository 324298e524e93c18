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
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

#[derive(Clone, Debug)]
pub(super) struct Folder {
    inner: MmapDirectory,
    path: PathBuf,
    writable: bool,
    full: Full,
}

/// The system said that there is no room on the disk. The engine tells of that in its log only: its
/// errors say that a thread has ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Full(Arc<AtomicBool>);

impl Full {
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Relaxed)
    }

    fn note<T>(&self, done: io::Result<T>) -> io::Result<T> {
        if done.as_ref().is_err_and(files::is_no_room) {
            self.0.store(true, Relaxed);
        }
        done
    }
}

/// A file that is being written.
struct Watched<W> {
    inner: W,
    full: Full,
}

impl<W: io::Write> io::Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.full.note(self.inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.full.note(self.inner.flush())
    }
}

impl<W: TerminatingWrite> TerminatingWrite for Watched<W> {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.full.note(self.inner.terminate_ref(token))
    }
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
        Ok(Folder { inner, path: path.to_owned(), writable, full: Full::default() })
    }

    pub(super) fn full(&self) -> Full {
        self.full.clone()
    }

    /// Opens a new file, over one that a killed writer has left. What was deleted from a segment
    /// goes into a file that is named by how many things were done so far: the next writer comes
    /// to the same name.
    fn open_new(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let is_left =
            |error: &OpenWriteError| matches!(error, OpenWriteError::FileAlreadyExists(_));
        match self.inner.open_write(path) {
            Err(error) if is_left(&error) && path.extension().is_some_and(|kind| kind == "del") => {
                std::fs::remove_file(self.path.join(path))
                    .map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
                self.inner.open_write(path)
            }
            Err(OpenWriteError::IoError { io_error, filepath }) => {
                let _noted = self.full.note::<()>(Err(io_error.kind().into()));
                Err(OpenWriteError::IoError { io_error, filepath })
            }
            opened => opened,
        }
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

/// There is no index in a folder, or only what a writer that came not far left of one.
pub fn is_absent(folder: &Path) -> bool {
    !folder.join(META[0]).exists()
}

/// Before the sum of the sums.
const CHECK: &str = "check ";

/// What the file of sums says: sums of the content, under one of themselves. Older versions wrote
/// one or two sums and nothing above.
fn sums(of: &[String]) -> String {
    let sums = of.join("\n");
    format!("{CHECK}{}\n{sums}", digest(sums.as_bytes()))
}

/// The sums in a file of sums; `None` when it is not what was written.
fn read_sums(text: &str) -> Option<Vec<&str>> {
    if let Some((check, sums)) = text.strip_prefix(CHECK).and_then(|rest| rest.split_once('\n')) {
        return (check == digest(sums.as_bytes())).then(|| sums.split('\n').collect());
    }
    let sums: Vec<&str> = text.split('\n').collect();
    let is_sum = |sum: &&str| sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit());
    (sums.len() <= 2 && sums.iter().all(is_sum)).then_some(sums)
}

/// The small files whose content is not what was written last, and files of sums that are not.
pub(super) fn damaged_metas(folder: &Path) -> Vec<PathBuf> {
    let damaged = |file: PathBuf| {
        let (Ok(content), Some(beside)) = (std::fs::read(&file), sums_of(&file)) else {
            return Some(file);
        };
        // Without its sums nothing is known of the file itself.
        let Ok(sums) = std::fs::read_to_string(&beside) else { return Some(file) };
        match read_sums(&sums) {
            Some(sums) => (!sums.contains(&digest(&content).as_str())).then_some(file),
            None => Some(beside),
        }
    };
    META.iter().filter_map(|name| damaged(folder.join(name))).collect()
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
        let inner = Watched { inner: self.open_new(path)?, full: self.full() };
        let inner: WritePtr = io::BufWriter::new(Box::new(inner));
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
        if let Some(sums_file) = sums_of(path) {
            // Both sums stand there while the content changes, so that a kill between the two
            // writes is not taken for damage.
            let mut both = vec![digest(data)];
            both.extend(std::fs::read(self.path.join(path)).ok().map(|old| digest(&old)));
            let sums = sums(&both);
            self.full.note(files::replace(&self.path.join(sums_file), sums.as_bytes()))?;
        }
        self.full.note(files::replace(&self.path.join(path), data))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.full.note(self.inner.sync_directory())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_older_versions_are_read_and_others_are_not() {
        let (one, two) = (digest(b"one"), digest(b"two"));
        let check = |text: &str, expected: Option<usize>| {
            assert_eq!(read_sums(text).map(|sums| sums.len()), expected, "{text}");
        };
        check(&one, Some(1));
        check(&format!("{one}\n{two}"), Some(2));
        check(&sums(std::slice::from_ref(&one)), Some(1));
        check(&sums(&[one.clone(), two.clone()]), Some(2));
        check("", None);
        check(&format!("{one}\n{two}\n{one}"), None);
        check(&format!("chess {one}\n{two}"), None);
        check(&sums(&[one.clone(), two.clone()]).replace(&two, &one), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_noticed() {
        use std::io::Write;
        let check = |path: &str, expected: bool| {
            let inner = std::fs::File::options().write(true).open(path).unwrap();
            let mut file = Watched { inner, full: Full::default() };
            assert_eq!((file.write(b"text").is_err(), file.full.is_set()), (expected, expected));
        };
        check("/dev/full", true);
        check("/dev/null", false);
    }
}
