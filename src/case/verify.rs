//! The checks that need nothing but the case: stored texts, journal, index, database. Originals
//! are `ingest::verify`'s business, because they are read in workers.

use super::search::Names;
use super::{Case, CaseError};
use crate::index::{self, IndexError};
use crate::journal::{self, Problem};
use crate::model::Sha256;
use crate::model::view::Damage;
use crate::store::{Extracted, KnownFile};
use std::collections::HashMap;
use std::path::Path;

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

    /// Whether the tables are those that this program makes: everything else is read by them.
    ///
    /// # Errors
    /// They are not.
    pub fn check_schema(&self) -> Result<(), CaseError> {
        Ok(self.store.check_schema()?)
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

    /// The index is behind or not there, and nothing in it is damaged: to catch up is all it takes.
    pub fn is_index_behind(&self) -> Result<bool, CaseError> {
        let folder = self.index_folder();
        match self.index_is_current() {
            Ok(false) => {}
            // What is the matter with it is told by those who look at each file.
            Ok(true) | Err(CaseError::Index(_)) => return Ok(false),
            Err(error) => return Err(error),
        }
        Ok(index::is_absent(&folder)
            || match index::verify(&folder) {
                Ok(damaged) => damaged.is_empty() && Names::load(&folder).is_ok(),
                Err(error) => matches!(error, IndexError::Outdated(_)),
            })
    }

    /// Every file of the index, and whether it has all that the database has: what is damaged, and
    /// why it could not be compared.
    pub fn check_index(&self) -> Result<(Vec<Damage>, Option<String>), CaseError> {
        let remark = |remark: &str| Ok((Vec::new(), Some(remark.to_owned())));
        if self.add_is_running() {
            return remark("an `add` is running: the index is not compared");
        }
        let folder = self.index_folder();
        let is_behind = self.is_index_behind()?;
        let damage = if is_behind { Vec::new() } else { self.index_damage(&folder)? };
        // Who began meanwhile replaces files under the eyes of whoever reads them.
        if (is_behind || !damage.is_empty()) && (self.add_is_running() || is_busy(&folder)) {
            return remark("somebody else is writing to the index: it is not compared");
        }
        if !is_behind {
            return Ok((damage, None));
        }
        match index::is_absent(&folder) {
            true => remark("there is no index, and none can be made here: nothing is found"),
            false => remark("the index lacks the latest changes and cannot be brought up here"),
        }
    }

    fn index_damage(&self, folder: &Path) -> Result<Vec<Damage>, CaseError> {
        let whole =
            |problem: String| Damage { what: "index", name: folder.display().to_string(), problem };
        let stored = self.store.unit_count()?;
        // Nobody has looked for anything yet.
        if stored == 0 && index::is_absent(folder) {
            return Ok(Vec::new());
        }
        let damaged = match index::verify(folder) {
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
        if let Err(error) = Names::load(folder) {
            damage.push(whole(error.to_string()));
        }
        if damage.is_empty() {
            let never = std::sync::atomic::AtomicBool::new(false);
            let indexed =
                index::Index::open(folder).and_then(|index| index.count(&index::Plan::All, &never));
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

fn is_busy(folder: &Path) -> bool {
    // Where nothing can be written nobody does.
    Case::can_be_written(folder) && index::is_being_written(folder)
}
