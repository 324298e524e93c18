//! What analysts did: operations, appended and never changed.
//!
//! An operation names evidence by content, never by row, so that it means the same in another
//! copy of the case. It says who wrote it, what it knew of (its parents: the journal is a DAG) and
//! is signed. The state of a thing is the fold of its live operations in the order of Lamport
//! time, writer and hash; wall time is shown and never used for order. To undo is to append an
//! operation that revokes another; to redo is to revoke that one.
//!
//! - `action.rs`: what an operation may do and what it names; `action_words.rs`: in words. `operation.rs`: how it is
//!   hashed, signed and checked.
//! - `author.rs`: the name and key that sign.
//! - `fold.rs`: from operations to state; pure.
//! - `thing.rs`: what a thing (anchor, note, entity, saved search, zone of an export) is; pure.
//! - `things.rs`, `row.rs`: things in the tables. `references.rs`: what short numbers in texts name.
//!   `locate.rs`: where a passage stands now.
//! - `said.rs`: what stands of a field that several set at the same time.
//! - `log.rs`: appending, undo and redo, over the store. `projection.rs`: the tables that are made from
//!   it. `heads.rs`: how far it has come. `unit.rs`: evidence by content. `check.rs`: is all that whole?
//! - `earlier.rs`: what an author did in an earlier sitting and may still take back.
//! - `revoke.rs`: what an undoing changes, without reading the whole journal. `readers.rs`: who marked what.
//! - `bundle.rs`: operations on their way to another copy of the case; `merge.rs`: taking them in.

pub mod action;
mod action_words;
pub mod author;
pub mod bundle;
mod check;
mod earlier;
mod error;
pub mod fold;
mod heads;
pub mod locate;
pub mod log;
pub mod merge;
mod noted;
pub mod operation;
mod projection;
pub mod readers;
pub mod references;
mod revoke;
pub mod row;
mod said;
pub mod thing;
mod things;
mod unit;

pub use author::Author;
pub use bundle::{BundleError, Header, Incoming, Since};
pub use check::{Problem, check};
pub use error::JournalError;
pub use fold::{Fold, State};
pub use heads::clock;
pub use log::Journal;
pub use operation::{Action, OperationId};
pub use projection::{bring_up, is_behind, project, waiting};
pub use things::{Deed, citations_standing, citings, deeds, deleted_entity, relocate, undoings};
pub use unit::{target_of, unit_of};
