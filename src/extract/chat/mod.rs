//! Chat exports become messages: one file per platform, one line of [`IMPORTERS`] each.
//!
//! An export of one file is recognised by its content. An export of many files (a Slack folder)
//! is first *claimed* by the names of its files (`package.rs`), so that each of them is read with
//! the knowledge of what it is part of; names of accounts that stand in another file
//! (`users.json`) are joined by handle in the case, whenever that file arrives.

pub mod package;

use super::{Input, Out, Stop};

/// One kind of chat export.
pub struct Importer {
    /// Stable name: `telegram-json`.
    pub id: &'static str,
    /// Raise it when the importer's output changes.
    pub version: u32,
    /// Whether the file is of this kind, judged by content (and claim), never by extension alone.
    pub sniff: fn(&mut Input) -> bool,
    /// Writes export, conversations, participants and messages; a remainder that was not
    /// understood goes out as text.
    pub import: fn(&mut Input, &mut Out) -> Result<(), Stop>,
}

/// All importers, the most specific first.
pub static IMPORTERS: &[Importer] = &[];

/// Puts names into a text that mentions accounts by handle (`@U01ABC`).
pub fn resolve_mentions(text: &str, _name_of: &dyn Fn(&str) -> Option<String>) -> String {
    text.to_owned()
}
