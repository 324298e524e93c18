//! What is done with whole sources: remove, relink; and the way back to the original of a document.

use super::{Case, CaseError, intake, originals};
use crate::extract::format::READERS;
use crate::model::view::{Older, SourceRow};
use crate::model::{DocumentId, Sha256, SourceId};
use crate::store::{ChainLink, StoreError, path_from_bytes};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// What goes with a source: what lies in no other one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    pub documents: u64,
    pub messages: u64,
}

/// Where the files of a source were looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relinked {
    /// Files that the case knows of the source.
    pub files: u64,
    /// Of them: not there, or not a file of the same size.
    pub missing: u64,
}

impl Case {
    pub fn sources(&self) -> Result<Vec<SourceRow>, CaseError> {
        Ok(self.store.sources()?)
    }

    /// The source that a person names: `S1`, or the path it was added from.
    pub fn find_source(&self, name: &str) -> Result<SourceRow, CaseError> {
        let sources = self.store.sources()?;
        let id = name.parse::<SourceId>().ok();
        let absolute = std::path::absolute(name).ok();
        let same = |path: &Path, source: &SourceRow| Path::new(&source.path) == path;
        sources
            .into_iter()
            .find(|source| {
                Some(source.id) == id
                    || same(Path::new(name), source)
                    || absolute.as_deref().is_some_and(|path| same(path, source))
            })
            .ok_or_else(|| StoreError::NoSuchItem(format!("source {name:?}")).into())
    }

    /// What the last `add` of the source at a path left out, and whether it copied the originals.
    pub fn source_options(&self, path: &Path) -> Result<Option<(Vec<String>, bool)>, CaseError> {
        Ok(self.store.source_options(path.as_os_str().as_encoded_bytes())?)
    }

    /// Documents that an older version of the readers read, and what becomes of them.
    pub fn read_by_older(&self) -> Result<Older, CaseError> {
        self.older(self.store.read_by_older(READERS)?)
    }

    /// The same where it is known how many they are.
    pub(super) fn older(&self, documents: u64) -> Result<Older, CaseError> {
        if documents == 0 {
            return Ok(Older::default());
        }
        let away: Vec<SourceId> = self
            .store
            .sources()?
            .iter()
            .filter(|source| !Path::new(&source.path).exists())
            .map(|source| source.id)
            .collect();
        let copies = self.originals();
        let has_copies = copies.is_dir();
        let has_copy =
            |digest: &Sha256| has_copies && originals::path_of(&copies, digest).is_file();
        let lost = self.store.older_and_lost(READERS, &away, &has_copy)?;
        let tried = self.store.older_with_warning(READERS, intake::again::KEPT)?;
        let tried = tried.iter().filter(|document| !lost.contains(document)).count() as u64;
        Ok(Older { documents, tried, lost: lost.len() as u64 })
    }

    /// What [`Case::remove_source`] would take away. Changes nothing.
    pub fn would_remove(&self, source: SourceId) -> Result<Removed, CaseError> {
        let _intake = self.intake()?;
        self.store.begin()?;
        let removed = self.store.remove_source(source);
        self.store.rollback();
        let (documents, messages) = removed?;
        Ok(Removed { documents, messages })
    }

    /// Removes a source with all that lies in no other one, and copies of its originals. The index
    /// follows, for whoever has the case open.
    pub fn remove_source(&self, source: SourceId) -> Result<Removed, CaseError> {
        let intake = self.intake()?;
        intake.check_unaltered(false)?;
        intake.check_unaltered(true)?;
        let before = self.store.document_keys()?;
        let (documents, messages) = self.store.transaction(|| {
            let removed = self.store.remove_source(source)?;
            self.project_journal()?;
            self.store.seal()?;
            Ok::<_, CaseError>(removed)
        })?;
        let after = self.store.document_keys()?;
        let gone = before.into_keys().filter(|key| !after.contains_key(key));
        for key in gone {
            let copy = originals::path_of(&self.originals(), &Sha256(key));
            match std::fs::remove_file(&copy) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(CaseError::io(&copy, error));
                }
                _ => {}
            }
        }
        self.catch_up(&AtomicBool::new(false))?;
        Ok(Removed { documents, messages })
    }

    /// Says that a source lies at `path` now, and looks which of its files are there.
    pub fn relink_source(&self, source: SourceId, path: &Path) -> Result<Relinked, CaseError> {
        let intake = self.intake()?;
        intake.check_unaltered(false)?;
        let path = path.canonicalize().map_err(|e| CaseError::io(path, e))?;
        let files = self.store.files_of(source)?;
        let is_file = path.is_file();
        let there = |name: &Vec<u8>| -> bool {
            let relative = path_from_bytes(name.clone());
            let file: PathBuf = if is_file { path.clone() } else { path.join(relative) };
            file.is_file()
        };
        let missing = files.keys().filter(|name| !there(name)).count();
        // A wrong folder must not take the place of the right one.
        if missing == files.len() && missing > 0 {
            let path = path.display();
            let why = format!(
                "none of the {missing} files of {source} is in {path}; nothing was changed"
            );
            return Err(CaseError::Refused(why));
        }
        self.store.transaction(|| {
            self.store.move_source(source, path.as_os_str().as_encoded_bytes())?;
            Ok::<_, CaseError>(self.store.seal()?)
        })?;
        let missing = missing as u64;
        Ok(Relinked { files: files.len() as u64, missing })
    }

    /// How to get at the bytes of a document: for every step from the outermost file inwards the
    /// document, its path or member name, and its ordinal in the container before it.
    pub fn chain(&self, id: DocumentId) -> Result<Vec<ChainLink>, CaseError> {
        Ok(self.store.chain(id)?)
    }

    /// The file that holds the outermost bytes of a chain: the original where it lies, else the
    /// copy in the case. `None` when there is neither.
    pub fn outermost(&self, link: &ChainLink) -> Result<Option<PathBuf>, CaseError> {
        if let Some(file) = link.file.as_ref().filter(|file| file.is_file()) {
            return Ok(Some(file.clone()));
        }
        let row = self.store.document_row(link.document)?;
        let copy = row.sha256.map(|digest| originals::path_of(&self.originals(), &digest));
        Ok(copy.filter(|copy| copy.is_file()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::{add_document, put_text};
    use crate::case::{Access, Author, SearchOptions};
    use crate::query::Query;

    /// Two sources with a document each that says the same, open twice.
    fn opened_twice() -> (tempfile::TempDir, Case, Case) {
        let dir = tempfile::tempdir().unwrap();
        let case = Case::create(&dir.path().join("a.case")).unwrap();
        case.set_author(Author::with_key("lin", [7; 32])).unwrap();
        for key in [1, 2] {
            let folder = dir.path().join(key.to_string());
            std::fs::create_dir(&folder).unwrap();
            let id = add_document(&case, &folder, key);
            put_text(&case, id, "转账记录");
        }
        case.catch_up(&AtomicBool::new(false)).unwrap();
        let there = Case::open(case.folder(), Access::Write).unwrap();
        (dir, case, there)
    }

    #[track_caller]
    fn check_paths(case: &Case, expected: &[&str]) {
        let query = Query::parse("转账").unwrap();
        let found = case.search(&query, &SearchOptions::default(), &AtomicBool::new(false));
        let found = found.unwrap();
        let mut paths: Vec<&str> = found.hits.iter().map(|hit| hit.path.as_str()).collect();
        paths.sort_unstable();
        assert_eq!(paths, expected);
        assert_eq!(found.total, expected.len() as u64);
    }

    #[test]
    fn whoever_has_the_case_open_finds_what_is_left_after_a_removal() {
        let (_dir, case, there) = opened_twice();
        check_paths(&there, &["1.txt", "2.txt"]);
        let removed = case.remove_source(SourceId(2)).unwrap();
        assert_eq!(removed.documents, 1);
        check_paths(&there, &["1.txt"]);
        assert!(there.index_is_current().unwrap());
    }

    #[test]
    fn what_has_not_left_the_index_yet_has_a_row_that_says_so() {
        let (_dir, case, there) = opened_twice();
        check_paths(&there, &["1.txt", "2.txt"]);
        case.store.transaction(|| case.store.remove_source(SourceId(2))).unwrap();
        check_paths(&there, &["1.txt", "not in the case any more"]);
        case.catch_up(&AtomicBool::new(false)).unwrap();
        check_paths(&there, &["1.txt"]);
    }
}
