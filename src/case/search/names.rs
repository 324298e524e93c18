//! Small numbers for the formats, platforms and languages in the columns of the index.
//!
//! The index keeps numbers, the case names. The list lies in the case file and only grows, so
//! that a number means the same for as long as the index lives.

use crate::store::{Store, StoreError};
use std::collections::BTreeMap;

/// Where the list lies among the settings: a JSON list, the first name is number 1.
const SETTING: &str = "index_names";

/// Names and their numbers; 0 is no name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    names: Vec<String>,
    numbers: BTreeMap<String, u64>,
}

impl Names {
    pub fn load(store: &Store) -> Result<Names, StoreError> {
        let names: Vec<String> = match store.setting(SETTING)? {
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| StoreError::Damaged(format!("{SETTING}: {error}")))?,
            None => Vec::new(),
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

    /// The number of a name, a new one where it has none; 0 for the empty name. The caller saves.
    pub fn intern(&mut self, name: &str) -> u64 {
        if name.is_empty() {
            return 0;
        }
        if let Some(number) = self.number(name) {
            return number;
        }
        self.names.push(name.to_owned());
        let number = self.names.len() as u64;
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// Writes the list, if it grew since `before`. Belongs before the commit of an index that uses it.
    pub fn save(&self, store: &Store, before: usize) -> Result<(), StoreError> {
        if self.names.len() == before {
            return Ok(());
        }
        let text = serde_json::Value::from(self.names.clone()).to_string();
        store.set_setting(SETTING, &text)
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
    fn numbers_survive_saving() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path()).unwrap();
        let mut names = Names::load(&store).unwrap();
        assert_eq!((names.intern("pdf"), names.intern("zh"), names.intern("pdf")), (1, 2, 1));
        assert_eq!(names.intern(""), 0);
        names.save(&store, 0).unwrap();
        let again = Names::load(&store).unwrap();
        assert_eq!(again, names);
        assert_eq!(
            (again.number("zh"), again.name(2), again.name(0), again.name(3)),
            (Some(2), Some("zh"), None, None)
        );
    }
}
