//! Searching a case: a query becomes a plan for the index; its hits become rows with snippets.

mod compile;
mod fields;
mod names;

pub use compile::{Compiled, Wanted, compile};
pub use names::Names;
