//! Whether the case that is open is still the one that lies under its path. A program that removes
//! or replaces the folder (a sync, a restore of a backup) leaves an open handle with a file that
//! nobody will ever find: what is written there is lost.

use super::{Case, CaseError};
use std::path::Path;

/// What tells one file from another that bears the same name: device and number on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity(u64, u64);

impl Identity {
    /// Of `case.db` in this folder; `None` where that cannot be said.
    #[cfg(unix)]
    pub(super) fn of(folder: &Path) -> std::io::Result<Option<Identity>> {
        use std::os::unix::fs::MetadataExt;
        let file = std::fs::metadata(folder.join("case.db"))?;
        Ok(Some(Identity(file.dev(), file.ino())))
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &Path) -> std::io::Result<Option<Identity>> {
        Ok(None)
    }
}

impl Case {
    /// Whether what is written now is found again under the path of the case.
    ///
    /// # Errors
    /// [`CaseError::Gone`] when `case.db` there is another file than the one that is open, or none.
    pub fn check_presence(&self) -> Result<(), CaseError> {
        let is_gone = match Identity::of(&self.folder) {
            Ok(now) => self.identity.is_some() && now != self.identity,
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        };
        if is_gone { Err(CaseError::Gone(self.folder.clone())) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Access;

    #[cfg(unix)]
    #[test]
    fn a_folder_that_was_removed_or_replaced_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let (path, aside) = (dir.path().join("a.case"), dir.path().join("aside"));
        let case = Case::create(&path).unwrap();
        let other = case.another().unwrap();
        let is_gone = |case: &Case| matches!(case.check_presence(), Err(CaseError::Gone(_)));
        assert!(!is_gone(&case) && !is_gone(&other));
        std::fs::rename(&path, &aside).unwrap();
        assert!(is_gone(&case) && is_gone(&other), "no file lies there");
        let new = Case::create(&path).unwrap();
        assert!(is_gone(&case) && !is_gone(&new), "another one does");
        drop(new);
        std::fs::remove_dir_all(&path).unwrap();
        std::fs::rename(&aside, &path).unwrap();
        assert!(!is_gone(&case), "it is back");
        assert!(!is_gone(&Case::open(&path, Access::Write).unwrap()));
        // Who waits for changes of others hears of it too.
        std::fs::remove_dir_all(&path).unwrap();
        let waited = case.changed(case.pulse().unwrap(), false, |_| false);
        assert!(matches!(waited, Err(CaseError::Gone(_))), "{waited:?}");
    }
}
