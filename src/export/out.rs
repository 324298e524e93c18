//! Files and folders that appear under their names only when they are complete.

use super::ExportError;
use crate::files::beside;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where something goes, checked before any work is done.
///
/// # Errors
/// It exists (a file may be replaced with `force`), or its folder does not.
pub fn check_file(path: &Path, force: bool) -> Result<(), ExportError> {
    let folder = folder_of(path);
    if !folder.is_dir() {
        return Err(ExportError::NoFolder(folder));
    }
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => Err(ExportError::IsFolder(path.to_owned())),
        Ok(_) if !force => Err(ExportError::Exists(path.to_owned())),
        _ => Ok(()),
    }
}

/// A folder must not exist, or be empty.
///
/// # Errors
/// It holds something, or the folder that it is to stand in does not exist.
pub fn check_folder(path: &Path) -> Result<(), ExportError> {
    let parent = folder_of(path);
    if !parent.is_dir() {
        return Err(ExportError::NoFolder(parent));
    }
    match fs::read_dir(path) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(ExportError::NotEmpty(path.to_owned())),
            None => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(ExportError::io(path, error)),
    }
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Bytes beside their place; dropped without [`Pending::keep`], they are gone.
pub struct Pending {
    file: tempfile::NamedTempFile,
    target: PathBuf,
    force: bool,
}

impl Pending {
    /// Writes the bytes beside `target`.
    ///
    /// # Errors
    /// The disk does not take them.
    pub fn write(target: &Path, bytes: &[u8], force: bool) -> Result<Pending, ExportError> {
        let failed = |error| ExportError::io(target, error);
        let mut file = beside(0o666).tempfile_in(folder_of(target)).map_err(failed)?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
        Ok(Pending { file, target: target.to_owned(), force })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// Somebody else took the name meanwhile, or the disk refuses.
    pub fn keep(self) -> Result<(), ExportError> {
        let target = &self.target;
        let kept = match self.force {
            true => self.file.persist(target).map_err(|error| error.error),
            false => self.file.persist_noclobber(target).map_err(|error| error.error),
        };
        match kept {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(ExportError::Exists(target.clone()))
            }
            Err(error) => Err(ExportError::io(target, error)),
        }
    }
}

/// A folder beside its place; dropped without [`PendingFolder::keep`], it is gone.
pub struct PendingFolder {
    folder: tempfile::TempDir,
    target: PathBuf,
}

impl PendingFolder {
    /// # Errors
    /// The disk does not take it.
    pub fn new(target: &Path) -> Result<PendingFolder, ExportError> {
        let folder = beside(0o777)
            .tempdir_in(folder_of(target))
            .map_err(|error| ExportError::io(target, error))?;
        Ok(PendingFolder { folder, target: target.to_owned() })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A new file in it.
    ///
    /// # Errors
    /// The disk does not take it.
    pub fn create(&self, name: &str) -> Result<File, ExportError> {
        let path = self.folder.path().join(name);
        File::create_new(&path).map_err(|error| ExportError::io(&self.target.join(name), error))
    }

    /// Gives the folder its name.
    ///
    /// # Errors
    /// Somebody put something there meanwhile, or the disk refuses.
    pub fn keep(self) -> Result<(), ExportError> {
        let failed = |error| ExportError::io(&self.target, error);
        // An empty folder may stand there.
        if self.target.exists() {
            fs::remove_dir(&self.target).map_err(failed)?;
        }
        fs::rename(self.folder.path(), &self.target).map_err(failed)?;
        // Nothing is left to be removed.
        let _ = self.folder.keep();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("报告.md");
        drop(Pending::write(&target, b"half", false).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left behind");
        Pending::write(&target, b"one", false).unwrap().keep().unwrap();
        assert!(matches!(check_file(&target, false), Err(ExportError::Exists(_))));
        let second = Pending::write(&target, b"two", false).unwrap().keep();
        assert!(matches!(second, Err(ExportError::Exists(_))));
        assert_eq!(fs::read(&target).unwrap(), b"one");
        Pending::write(&target, b"two", true).unwrap().keep().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"two");
        assert!(matches!(check_file(dir.path(), true), Err(ExportError::IsFolder(_))));
        assert!(matches!(
            check_file(&dir.path().join("no/x"), true),
            Err(ExportError::NoFolder(_))
        ));
    }

    #[test]
    fn a_folder_is_never_written_into() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("exhibits");
        fs::create_dir(&target).unwrap();
        check_folder(&target).unwrap();
        let pending = PendingFolder::new(&target).unwrap();
        pending.create("1").unwrap().write_all(b"x").unwrap();
        pending.keep().unwrap();
        assert_eq!(fs::read(target.join("1")).unwrap(), b"x");
        assert!(matches!(check_folder(&target), Err(ExportError::NotEmpty(_))));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
