//! Where somebody left off, and what others did meanwhile.

use super::{Case, CaseError};
use crate::journal;
use crate::model::Sha256;
use crate::model::work::Pulse;
use std::path::PathBuf;
use std::time::Duration;

/// How often a case is looked at for changes of others: not more often than this.
const BEAT: Duration = Duration::from_secs(1);

/// Looks after which the case has come to rest, though its index lacks something: nobody may be
/// making it.
const MOST_BEATS: u32 = 20;

impl Case {
    /// Where this person left off, as it was handed to [`Case::leave_place`].
    ///
    /// # Errors
    /// The case or the file of settings cannot be read.
    pub fn place_left(&self) -> Result<Option<String>, CaseError> {
        if self.can_write() {
            return self
                .with_journal(|journal, case| Ok(case.store.place_left(&journal.owner())?));
        }
        let Some(path) = self.state_file() else { return Ok(None) };
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(CaseError::io(&path, error)),
        }
    }

    /// Keeps where this person is: in the case, or in the state folder of the account when the
    /// case cannot be written.
    pub fn leave_place(&self, place: &str) -> Result<(), CaseError> {
        if self.can_write() {
            return self.with_journal(|journal, case| {
                Ok(case.store.leave_place(&journal.owner(), place)?)
            });
        }
        let Some(path) = self.state_file() else { return Ok(()) };
        let write = || {
            let folder = path.parent().unwrap_or(&path);
            std::fs::create_dir_all(folder)?;
            crate::files::replace(&path, place.as_bytes())
        };
        write().map_err(|error| CaseError::io(&path, error))
    }

    /// The file outside of a case that cannot be written.
    fn state_file(&self) -> Option<PathBuf> {
        let dirs = directories::ProjectDirs::from("", "", "casebook")?;
        let folder = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        let name = Sha256::of(self.folder.as_os_str().as_encoded_bytes()).to_string();
        Some(folder.join(format!("{}.place.json", &name[..16])))
    }

    /// What is in the case, as numbers that change with it.
    pub fn pulse(&self) -> Result<Pulse, CaseError> {
        Ok(Pulse { evidence: self.store.last_change()?, journal: journal::clock(&self.store)? })
    }

    /// Waits until the case is not as it was at `since`; `None` when `sleep` says that nobody
    /// waits any more. Looks once a second at a number that SQLite keeps in memory, and at the
    /// case only when that changed. With `is_settling`, it is over as well after a second in which
    /// nothing changed and the index has all that did; that is not waited for for ever.
    pub fn changed(
        &self,
        since: Pulse,
        is_settling: bool,
        mut sleep: impl FnMut(Duration) -> bool,
    ) -> Result<Option<Pulse>, CaseError> {
        let (mut version, mut beats) = (None, 0);
        while !sleep(BEAT) {
            self.check_presence()?;
            let now = self.version()?;
            if version != Some(now) {
                version = Some(now);
                let pulse = self.pulse()?;
                if pulse != since {
                    return Ok(Some(pulse));
                }
            }
            beats += 1;
            if is_settling && (beats >= MOST_BEATS || self.index_is_current().unwrap_or(true)) {
                return Ok(Some(since));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Access, Author};

    #[test]
    fn another_opening_is_noticed_and_only_then() {
        let dir = tempfile::tempdir().unwrap();
        let here = Case::create(&dir.path().join("a.case")).unwrap();
        let there = Case::open(here.folder(), Access::Write).unwrap();
        there.set_author(Author::with_key("mara", [8; 32])).unwrap();
        let since = here.pulse().unwrap();
        let mut slept = 0;
        let beats = |most: u32, slept: &mut u32, act: &dyn Fn()| {
            *slept += 1;
            if *slept == 3 {
                act();
            }
            *slept > most
        };
        let found = here.changed(since, false, |_| beats(5, &mut slept, &|| ())).unwrap();
        assert_eq!((found, slept), (None, 6));
        let mut slept = 0;
        let act = || drop(there.mark(&[], "read", true).unwrap());
        let found = here.changed(since, false, |_| beats(5, &mut slept, &act)).unwrap();
        assert_eq!((found.map(|pulse| pulse.journal), slept), (Some(1), 3));
        assert_eq!(here.changed(found.unwrap(), true, |_| false).unwrap(), found);
    }

    #[test]
    fn everybody_comes_back_to_his_own_place() {
        let dir = tempfile::tempdir().unwrap();
        let here = Case::create(&dir.path().join("a.case")).unwrap();
        here.set_author(Author::with_key("lin", [7; 32])).unwrap();
        let there = Case::open(here.folder(), Access::Write).unwrap();
        there.set_author(Author::with_key("mara", [8; 32])).unwrap();
        assert_eq!(here.place_left().unwrap(), None);
        here.leave_place("one").unwrap();
        here.leave_place("two").unwrap();
        there.leave_place("three").unwrap();
        assert_eq!(here.place_left().unwrap().as_deref(), Some("two"));
        assert_eq!(there.place_left().unwrap().as_deref(), Some("three"));
    }
}
