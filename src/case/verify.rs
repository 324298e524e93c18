//! The checks that need nothing but the case: stored texts, journal, index, database. Originals
//! are `ingest::verify`'s business, because they are read in workers.

use super::{Case, CaseError};
use crate::journal::{self, Problem};
use crate::model::Sha256;
use crate::model::view::Damage;
use crate::store::{Extracted, KnownFile};
use std::collections::HashMap;

impl Case {
    /// Files that were there at the last `add`.
    pub fn known_files(&self) -> Result<Vec<KnownFile>, CaseError> {
        Ok(self.store.known_files()?)
    }

    /// Documents with bytes that are not among `reached`: `D6 a.zip!b.txt`.
    pub fn contents_beside<T>(
        &self,
        reached: &HashMap<Sha256, T>,
    ) -> Result<Vec<String>, CaseError> {
        let mut beside = Vec::new();
        self.store.each_content(|id, key, path| {
            if !reached.contains_key(&key) {
                beside.push(format!("{id} {path}"));
            }
        })?;
        Ok(beside)
    }

    /// What extraction gave for the document with these bytes.
    pub fn extracted(&self, key: &Sha256) -> Result<Option<Extracted>, CaseError> {
        Ok(self.store.extracted(key)?)
    }

    /// SQLite's own check of the case file.
    pub fn check_database(&self) -> Result<Vec<Damage>, CaseError> {
        let found = match self.store.integrity_check() {
            Ok(found) => found,
            Err(error) => vec![error.to_string()],
        };
        let damage = |name: String, problem: String| Damage { what: "database", name, problem };
        let mut found: Vec<Damage> =
            found.into_iter().map(|problem| damage("case.db".to_owned(), problem)).collect();
        // A file that is no database at all has said so.
        if found.is_empty() {
            found.extend(self.store.check_seals()?);
            let nowhere = self.store.unplaced()?;
            let problem = "lies nowhere: where it was found is not in the case any more";
            found.extend(nowhere.iter().map(|id| damage(id.to_string(), problem.to_owned())));
        }
        Ok(found)
    }

    /// Every stored text and message against its hash: (number of things, damage). `each` gets
    /// the number done so far and says whether to go on.
    pub fn check_stored(
        &self,
        each: &mut dyn FnMut(u64) -> bool,
    ) -> Result<(u64, Vec<Damage>), CaseError> {
        Ok(self.store.check_stored(each)?)
    }

    /// Every operation, the order of the journal, and its projection: (operations, damage).
    pub fn check_journal(&self) -> Result<(u64, Vec<Damage>), CaseError> {
        let count = self.store.operation_count()?;
        let problems =
            journal::check(&self.store).map_err(|error| CaseError::Journal(error.to_string()))?;
        let damage = problems
            .into_iter()
            .map(|problem| {
                let name = match &problem {
                    Problem::Operation { id, .. }
                    | Problem::Orphan { id, .. }
                    | Problem::Order { id } => format!("operation {id}"),
                    Problem::Projection { .. } => "state".to_owned(),
                };
                Damage { what: "operation", name, problem: problem.to_string() }
            })
            .collect();
        Ok((count, damage))
    }

    /// Every file of the index, and whether it has all that the database has.
    pub fn check_index(&self) -> Result<Vec<Damage>, CaseError> {
        let folder = self.index_folder();
        let whole =
            |problem: String| Damage { what: "index", name: folder.display().to_string(), problem };
        let damaged = match crate::index::verify(&folder) {
            Ok(damaged) => damaged,
            Err(error) => return Ok(vec![whole(error.to_string())]),
        };
        let mut damage: Vec<Damage> = damaged
            .into_iter()
            .map(|file| Damage {
                what: "index",
                name: file.display().to_string(),
                problem: "is not what was written; `casebook reindex` makes the index again"
                    .to_owned(),
            })
            .collect();
        if let Err(error) = super::search::Names::load(&folder) {
            damage.push(whole(error.to_string()));
        }
        if damage.is_empty() {
            match self.index_is_current() {
                Ok(true) => {}
                Ok(false) => damage.push(whole("lacks the latest changes".to_owned())),
                Err(error) => damage.push(whole(error.to_string())),
            }
        }
        if damage.is_empty() {
            let stored = self.store.unit_count()?;
            let never = std::sync::atomic::AtomicBool::new(false);
            let indexed = crate::index::Index::open(&folder)
                .and_then(|index| index.count(&crate::index::Plan::All, &never));
            match indexed {
                Ok(indexed) if indexed == stored => {}
                Ok(indexed) => {
                    damage.push(whole(format!("holds {indexed} units; the case has {stored}")))
                }
                Err(error) => damage.push(whole(error.to_string())),
            }
        }
        Ok(damage)
    }
}
