//! Files become evidence: walk, claim, hash, extract, store; the index follows.
//!
//! - `walk.rs` lists a source in walk order and says what was left alone.
//! - `schedule.rs` holds what waits for a worker and what waits to be written: readers take the
//!   task that comes first in walk order, so the writer is never kept waiting by a later one.
//! - `reader.rs` runs one task: hash, copy, extraction in a locked-down worker.
//! - `spool.rs` keeps the bytes of children until they are read themselves.
//! - `writer.rs` writes readings in walk order, so that the numbers of two cases made from the
//!   same folder agree whatever the timing.
//! - `reopen.rs` gets the bytes of a document again.
//! - `plain.rs` decodes one as the text that lies in its file.
//! - `children.rs` keeps what comes out of a container that is read again.
//! - `copies.rs` what is not where it was is read again from copies in the case.
//! - `folder/` reads files of a plain folder again, without a case.
//! - `verify.rs` does the reading again and compares.
//! - `source.rs` ties it together for one source: plan, threads. `add.rs` goes from source to source, with
//!   what `options.rs` says and without what `exclude.rs` leaves out.

mod add;
mod children;
mod copies;
mod exclude;
mod folder;
mod hash;
mod options;
mod plain;
mod progress;
mod reader;
mod reopen;
mod schedule;
mod source;
mod spool;
mod verify;
mod walk;
mod writer;

pub use add::add;
pub use folder::{Folder, Named, NotRead, Reread, Told};
pub use options::{AddOptions, AddReport, Kept};
pub use plain::{Plain, plain_text};
pub use progress::{Progress, Snapshot};
pub use reopen::{Lost, Original, original};
pub use verify::{Compared, ReadAgain, VerifyReport, read_again, verify};
pub use walk::Walk;

/// Containers inside containers are opened down to this depth.
pub const MOST_DEPTH: u32 = 32;
