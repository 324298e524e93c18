//! Bytes become text, metadata, children and messages.
//!
//! Everything in this folder but `pool.rs` runs in a worker process that has locked itself down
//! (`sandbox.rs`): it sees one open file, its name as a hint, and writes [`Record`]s. It can open
//! nothing else. So an extractor is a plain function `fn(&mut Input, &mut Out) -> Result<(), Stop>`
//! and the table of formats ([`format::FORMATS`]) is the only place that knows them all.
//!
//! Rules for extractors:
//!
//! - What could be read before trouble came is written out, then the trouble is returned: partial
//!   text plus a reason beats no text.
//! - Trouble that costs only a part (one sheet, one broken attachment) is a [`Out::warn`], not a [`Stop`].
//! - Never allocate by a number that stands in the file; never recurse by the depth of the file
//!   without a limit ([`Limits::nesting`]).
//! - Text goes out in reading order, in parts ([`Out::part`]); invisible but present text (hidden
//!   sheets, comments, speaker notes, deleted text) is evidence and goes out too, in its own part.
//! - Raw syntax (tags and heads of HTML, the quotes of csv, keys and braces of a JSON that is a chat)
//!   is no text: `show --file` has it, and no search finds it.

pub mod chat;
#[doc(hidden)]
pub mod collect;
pub mod detect;
pub mod format;
pub mod input;
pub mod out;
pub mod pool;
pub mod read;
pub mod record;
pub mod sandbox;
mod wire;
pub mod worker;

// One file per family of formats.
pub mod archive;
pub mod card;
pub mod csv;
pub mod encoding;
pub mod epub;
pub mod html;
pub mod image;
pub mod json;
pub mod mail;
pub mod mbox;
pub mod msg;
pub mod odf;
mod office;
pub mod office_legacy;
pub mod ooxml;
pub mod pdf;
pub mod pst;
pub mod rtf;
pub mod sheet;
pub mod text;
pub mod xml;

pub use format::{Family, Format};
pub use input::{Input, Limits};
pub use out::{Out, Stop};
pub use record::{Child, ChildRole, Key, Outcome, Record};
