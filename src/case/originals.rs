//! Copies of originals, by content: `originals/9c/9c1f…`, made by `add --copy`.

use sha2::Digest;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Where the copy of a content lies.
pub fn path_of(folder: &Path, digest: &crate::model::Sha256) -> PathBuf {
    let name = digest.to_string();
    folder.join(&name[..2]).join(&name)
}

/// Hashes a file and keeps a copy of it under its hash. Gives SHA-256 and size, and leaves the
/// file at its start. The copy appears under its name only when it is complete, and read-only.
pub fn keep(folder: &Path, file: &mut File) -> io::Result<([u8; 32], u64)> {
    fs::create_dir_all(folder)?;
    let mut copy = tempfile::NamedTempFile::new_in(folder)?;
    let mut hash = sha2::Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&buffer[..count]);
        copy.write_all(&buffer[..count])?;
        size += count as u64;
    }
    file.rewind()?;
    let digest: [u8; 32] = hash.finalize().into();
    let target = path_of(folder, &crate::model::Sha256(digest));
    if !target.exists() {
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        copy.as_file().sync_all()?;
        let mut permissions = copy.as_file().metadata()?.permissions();
        permissions.set_readonly(true);
        copy.as_file().set_permissions(permissions)?;
        copy.persist(&target).map_err(|error| error.error)?;
    }
    Ok((digest, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_found_under_its_hash() {
        let dir = tempfile::tempdir().unwrap();
        let original = dir.path().join("a.txt");
        fs::write(&original, "abc").unwrap();
        let folder = dir.path().join("originals");
        for _ in 0..2 {
            let (digest, size) = keep(&folder, &mut File::open(&original).unwrap()).unwrap();
            let copy = path_of(&folder, &crate::model::Sha256(digest));
            assert_eq!((size, fs::read(copy).unwrap()), (3, b"abc".to_vec()));
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no temporary files stay");
    }
}
