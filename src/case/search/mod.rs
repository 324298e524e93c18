//! Searching a case: a query becomes a plan for the index; its hits become rows with snippets.

mod compile;
mod fields;
mod names;

pub use compile::{Compiled, Wanted, compile};
pub use names::Names;
impl crate::case::Case {
    pub fn search(
        &self,
        _q: &crate::query::Query,
        _o: &crate::case::SearchOptions,
        _c: &std::sync::atomic::AtomicBool,
    ) -> Result<crate::case::SearchResult, crate::case::CaseError> {
        Ok(Default::default())
    }
    pub fn near_misses(
        &self,
        _q: &crate::query::Query,
        _c: &std::sync::atomic::AtomicBool,
    ) -> Result<Vec<crate::case::NearMiss>, crate::case::CaseError> {
        Ok(Default::default())
    }
}
