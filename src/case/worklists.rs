//! Saved searches as lists of work: what each still has to be read. And the queries that were
//! typed, so that one need not type them again.

use super::{Acted, Case, CaseError};
use crate::journal::{Action, OperationId};
use crate::model::note::{SavedSearch, Worklist};
use crate::query::Query;
use std::sync::atomic::AtomicBool;

impl Case {
    /// Saved searches by name, with what they find and what of it is unread. One that this case
    /// cannot answer (any more) has no counts.
    pub fn worklists(&self, cancel: &AtomicBool) -> Result<Vec<Worklist>, CaseError> {
        self.store
            .saved_searches()?
            .into_iter()
            .map(|saved| {
                let counts = match self.work_in(&saved, cancel) {
                    Ok(counts) => Some(counts),
                    Err(CaseError::Cancelled) => return Err(CaseError::Cancelled),
                    Err(_) => None,
                };
                Ok(Worklist { saved, counts })
            })
            .collect()
    }

    fn work_in(&self, saved: &SavedSearch, cancel: &AtomicBool) -> Result<(u64, u64), CaseError> {
        let parse = |query: &str| Query::parse(query).map_err(CaseError::from);
        let total = self.count_found(&parse(&saved.query)?, cancel)?;
        let unread = match total {
            0 => 0,
            _ => self.count_found(&parse(&unread(&saved.query))?, cancel)?,
        };
        Ok((total, unread))
    }

    pub fn save_search(&self, name: &str, query: &str) -> Result<Acted, CaseError> {
        Ok(self.act(Action::SearchSave { name: name.to_owned(), query: query.to_owned() })?.1)
    }

    pub fn drop_search(&self, search: OperationId) -> Result<Acted, CaseError> {
        Ok(self.act(Action::SearchDrop { search })?.1)
    }

    /// Keeps a query that was used.
    pub fn remember_query(&self, query: &str) -> Result<(), CaseError> {
        let used = jiff::Timestamp::now().as_millisecond();
        Ok(self.store.remember_query(query, used)?)
    }

    /// Queries that were used in this case, the last one first.
    pub fn queries(&self) -> Result<Vec<String>, CaseError> {
        Ok(self.store.queries()?)
    }
}

/// The query for what a query finds and nobody has read.
pub fn unread(query: &str) -> String {
    format!("({query}) is:unread")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Author;

    #[test]
    fn searches_are_saved_dropped_and_undone() {
        let dir = tempfile::tempdir().unwrap();
        let case = Case::create(&dir.path().join("a.case")).unwrap();
        case.set_author(Author::with_key("lin", [7; 32])).unwrap();
        let names = || -> Vec<String> {
            let never = AtomicBool::new(false);
            case.worklists(&never).unwrap().into_iter().map(|list| list.saved.name).collect()
        };
        case.save_search("money", "付款 OR 转账").unwrap();
        case.save_search("broken", "is:failed").unwrap();
        assert_eq!(names(), ["broken", "money"]);
        let never = AtomicBool::new(false);
        let first = case.worklists(&never).unwrap()[0].saved.operation;
        case.drop_search(first).unwrap();
        assert_eq!(names(), ["money"]);
        case.undo().unwrap();
        assert_eq!(names(), ["broken", "money"]);
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }

    #[test]
    fn the_last_query_comes_first_and_once() {
        let dir = tempfile::tempdir().unwrap();
        let case = Case::create(&dir.path().join("a.case")).unwrap();
        for (query, used) in [("one", 1), ("two", 2), ("one", 3)] {
            case.store.remember_query(query, used).unwrap();
        }
        assert_eq!(case.queries().unwrap(), ["one", "two"]);
    }
}
