//! Small numbers for the formats, platforms and languages in the columns of the index.
//!
//! The index keeps numbers, the case names. The list lies beside the index, is made with it and
//! only grows, so that a number means the same for as long as the index lives. It is not in the
//! case file, because whoever follows the change log must not wait for whoever writes evidence.

use crate::case::CaseError;
use crate::files;
use crate::model::Sha256;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

const FILE: &str = "names.json";

/// Names and their numbers; 0 is no name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    names: Vec<String>,
    numbers: BTreeMap<String, u64>,
}

/// The file: the first name is number 1.
#[derive(Serialize, Deserialize)]
struct Stored {
    names: Vec<String>,
    /// Of the names, each with a line end.
    sha256: Sha256,
}

fn digest(names: &[String]) -> Sha256 {
    Sha256::of((names.join("\n") + "\n").as_bytes())
}

impl Names {
    /// The names of the index in `folder`; none where there is no list yet.
    ///
    /// # Errors
    /// [`CaseError::Index`] for a list that is not what was written.
    pub fn load(folder: &Path) -> Result<Names, CaseError> {
        let damaged = || CaseError::Index(format!("{FILE} is not what was written"));
        let path = folder.join(FILE);
        let names = match std::fs::read(&path) {
            Ok(bytes) => {
                let stored: Stored = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
                if digest(&stored.names) != stored.sha256 {
                    return Err(damaged());
                }
                stored.names
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(CaseError::io(&path, error)),
        };
        let numbers = names.iter().zip(1..).map(|(name, number)| (name.clone(), number)).collect();
        Ok(Names { names, numbers })
    }

    /// The number of a name; `None` for one that no indexed unit has.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.numbers.get(name).copied()
    }

    /// The name of a number.
    pub fn name(&self, number: u64) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.names.get(index).map(String::as_str)
    }

    /// What stands where there is no name.
    pub const NONE: u64 = 0;

    /// The number of a name, a new one where it has none; [`Names::NONE`] for the empty name. The
    /// caller saves.
    pub fn intern(&mut self, name: &str) -> u64 {
        if name.is_empty() {
            return Names::NONE;
        }
        if let Some(number) = self.number(name) {
            return number;
        }
        self.names.push(name.to_owned());
        let number = self.names.len() as u64;
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// Writes the list. Belongs before the commit of an index that uses it.
    pub fn save(&self, folder: &Path) -> Result<(), CaseError> {
        let stored = Stored { names: self.names.clone(), sha256: digest(&self.names) };
        let path = folder.join(FILE);
        let write = || files::replace(&path, serde_json::to_string(&stored)?.as_bytes());
        write().map_err(|error| CaseError::io(&path, error))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_saving_and_damage_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let mut names = Names::load(folder.path()).unwrap();
        assert_eq!((names.intern("pdf"), names.intern("zh"), names.intern("pdf")), (1, 2, 1));
        assert_eq!(names.intern(""), 0);
        names.save(folder.path()).unwrap();
        let again = Names::load(folder.path()).unwrap();
        assert_eq!(again, names);
        assert_eq!(
            (again.number("zh"), again.name(2), again.name(0), again.name(3)),
            (Some(2), Some("zh"), None, None)
        );
        let path = folder.path().join(FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        let at = bytes.iter().position(|byte| *byte == b'p').unwrap();
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(matches!(Names::load(folder.path()), Err(CaseError::Index(_))));
    }
}
