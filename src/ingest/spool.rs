//! The bytes of children between their coming out of a container and their own reading: in memory
//! while a container is small, in one unlinked temporary file beyond that, so that a container of
//! a hundred thousand members costs one open file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A container's spool stays in memory up to this size, in bytes.
const IN_MEMORY: usize = 1 << 20;

/// Bytes of the children of one container, one after the other.
pub struct Spool {
    inner: Mutex<Inner>,
    folder: PathBuf,
}

struct Inner {
    memory: Vec<u8>,
    file: Option<File>,
    len: u64,
}

/// The bytes of one child.
#[derive(Clone)]
pub struct Spooled {
    spool: Arc<Spool>,
    start: u64,
    pub len: u64,
}

impl Spool {
    /// `folder`: where a temporary file may be made.
    pub fn new(folder: &Path) -> Arc<Spool> {
        let inner = Mutex::new(Inner { memory: Vec::new(), file: None, len: 0 });
        Arc::new(Spool { inner, folder: folder.to_owned() })
    }

    /// Bytes so far.
    pub fn len(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).len
    }

    pub fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.file.is_none() && inner.memory.len() + bytes.len() > IN_MEMORY {
            let mut file = tempfile::tempfile_in(&self.folder)?;
            file.write_all(&inner.memory)?;
            inner.memory = Vec::new();
            inner.file = Some(file);
        }
        match &mut inner.file {
            Some(file) => {
                file.seek(SeekFrom::End(0))?;
                file.write_all(bytes)?;
            }
            None => inner.memory.extend_from_slice(bytes),
        }
        inner.len += bytes.len() as u64;
        Ok(())
    }

    /// The bytes from `start` to the end.
    pub fn since(self: &Arc<Self>, start: u64) -> Spooled {
        Spooled { spool: Arc::clone(self), start, len: self.len() - start }
    }
}

impl Spooled {
    /// The bytes as an open file of their own.
    pub fn open(&self) -> io::Result<File> {
        let mut target = anonymous_file(&self.spool.folder, self.len)?;
        let mut at = self.start;
        let end = self.start + self.len;
        let mut buffer = [0; 32 * 1024];
        while at < end {
            let want = usize::try_from(end - at).unwrap_or(usize::MAX).min(buffer.len());
            self.read_at(at, &mut buffer[..want])?;
            target.write_all(&buffer[..want])?;
            at += want as u64;
        }
        target.rewind()?;
        Ok(target)
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let mut inner = self.spool.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut inner.file {
            Some(file) => {
                file.seek(SeekFrom::Start(at))?;
                file.read_exact(into)
            }
            None => {
                let start = usize::try_from(at).map_err(io::Error::other)?;
                let bytes = inner
                    .memory
                    .get(start..start + into.len())
                    .ok_or_else(|| io::Error::other("spool range"))?;
                into.copy_from_slice(bytes);
                Ok(())
            }
        }
    }
}

/// Small ones in memory where the system has that, large ones on disk.
fn anonymous_file(folder: &Path, len: u64) -> io::Result<File> {
    #[cfg(target_os = "linux")]
    if len <= 8 << 20 {
        use rustix::fs::{MemfdFlags, memfd_create};
        return Ok(File::from(memfd_create("casebook-member", MemfdFlags::CLOEXEC)?));
    }
    let _ = len;
    tempfile::tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_come_back_as_they_went_in() {
        let dir = tempfile::tempdir().unwrap();
        let spool = Spool::new(dir.path());
        let sizes = [0, 5, 700_000, 600_000, 3, 2_000_000];
        let mut children = Vec::new();
        for (at, size) in sizes.into_iter().enumerate() {
            let start = spool.len();
            let bytes: Vec<u8> = (0..size).map(|i| (i * 7 + at) as u8).collect();
            for piece in bytes.chunks(65_536) {
                spool.append(piece).unwrap();
            }
            children.push((spool.since(start), bytes));
        }
        for (child, bytes) in children {
            let mut read = Vec::new();
            child.open().unwrap().read_to_end(&mut read).unwrap();
            assert!(read == bytes, "{} bytes", bytes.len());
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing has a name");
    }
}
