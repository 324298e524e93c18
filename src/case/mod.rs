//! The one door to a case: open, read, search, change, verify.
//!
//! A [`Case`] belongs to one thread; [`Case::another`] opens the same case for another one.

pub use crate::model::view;
pub use view::*;
