//! The search index: tantivy, and the only place that knows it.
//!
//! It is derived from the database and can be deleted at any time. One tantivy document stands
//! for one *unit* (a case document or a message), and several for one with very much text; the tokens are ours (`text::token`), the
//! stored postings are tantivy's, and so are segments, deletes, merges and commits. The
//! evaluation of a query is ours again: every node of a [`Plan`] becomes a bit set over a
//! segment, so that counts and facets are exact in one pass and phrases can know the borders
//! between runs.

mod analyzer;
mod bits;
mod collect;
mod columns;
mod cut;
mod directory;
mod error;
mod eval;
pub mod hits;
mod joining;
mod near_miss;
mod occurrences;
mod packed;
pub mod plan;
mod put;
mod reader;
mod scan;
mod schema;
mod snapshot;
mod terms;
pub mod unit;
mod writer;

pub use directory::is_absent;
pub use error::IndexError;
pub use hits::{Facets, Hit, Hits, Order, Page};
pub use near_miss::{NearMiss, NearMisses};
pub use plan::{Column, Fields, Plan, Predicate};
pub use put::Put;
pub use reader::{Found, Index, verify};
pub use unit::{Field, IndexUnit, Piece, Unit, flag};
pub use writer::{Writer, is_being_written};

#[cfg(test)]
mod tests;

#[cfg(test)]
mod oracle;

#[cfg(test)]
mod cut_tests;
