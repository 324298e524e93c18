//! What the screen asks of the case and what comes back. The screen never calls the case itself:
//! these requests go to job threads that own their handle of it (see [`super::worker`]).
//!
//! Every request is bounded: lists and conversations are asked for by the range of rows around
//! the screen, texts by a window of bytes.
//!
//! `request` what is asked · `act` what is written · `answer` what comes back

mod act;
mod answer;
mod request;

pub use act::{Act, Citing, Counted, Label, Mark};
pub use answer::{Answer, Details, Kept, Marked, NextHit, Occurrences, Rows};
pub use request::{Around, At, Request, RowsAt, TableOf, Which};
use std::ops::Range;

/// What a job is for: one running and one waiting for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    Status,
    /// Rows of a list.
    List,
    /// The text or messages in the reader.
    Reader,
    /// Occurrences in what the reader shows.
    Occurrences,
    /// Anchors in what the reader shows.
    Anchors,
    /// Names of watched entities in what the reader shows.
    Watched,
    /// Whether an anchor holds.
    Hold,
    /// What highlights meant before.
    Meanings,
    /// What is known about what the cursor is on.
    Margin,
    /// Where the names of an entity stand.
    Mentions,
    /// What is asked on the way to saying who is who.
    Naming,
    /// Entities in what is read.
    Present,
    Search,
    NearMisses,
    /// Where a link leads.
    Locate,
    /// How the open conversation is cut into sessions.
    Sessions,
    /// What the list says of the sessions on the screen.
    SessionRows,
    /// Where a line of a text begins.
    Line,
    /// Where in the list what is open stands.
    Row,
    /// What the list of documents is sorted and filtered by.
    Prepare,
    /// A note to be written over.
    Edit,
    /// What a note that is written names.
    About,
    /// What `[[` completes.
    Complete,
    /// Saved searches with what is unread in them.
    Worklists,
    /// Queries of before.
    Queries,
    /// What is to be copied.
    Quote,
    /// An original for another program.
    Original,
    /// Rows of a table.
    Table,
    /// The order of a table's rows.
    Order,
    /// What stands in a column of a table.
    Figures,
    /// Something that is written. Never replaced and never cancelled (see [`super::work`]).
    Act,
    /// How much a bulk act is about.
    Count,
    /// Where the next unread thing is.
    Unread,
    /// How much is marked.
    Progress,
    /// What others change. Runs all the time.
    Watch,
    /// Where one left off.
    Resume,
    /// Whether citations hold.
    Holds,
    /// How often those in the list of who is who are named who wrote nothing.
    Named,
    /// Every tag with how much carries it.
    Tags,
    /// Questions that a note may answer.
    Questions,
    /// Who saw and read how much.
    Readers,
    /// A report that is written.
    Export,
    /// Whether searches find everything, and that they do.
    Index,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub message: String,
    /// Byte range in the query that is wrong.
    pub span: Option<(usize, usize)>,
    /// What to type instead.
    pub suggestion: Option<String>,
    /// The index could not answer: later it may.
    pub is_of_index: bool,
    /// The case does not lie any more where it was opened: nothing that is asked of it is answered.
    pub is_gone: bool,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Failure {
            message: message.into(),
            span: None,
            suggestion: None,
            is_of_index: false,
            is_gone: false,
        }
    }
}

/// Bytes of text that the reader holds around its position.
pub const TEXT_WINDOW: u64 = 192 * 1024;

/// Messages or rows that are asked for at once are whole groups of this many.
pub const GROUP: u64 = 200;

/// Rows at the top of a table among which the names of its columns are looked for.
pub const HEAD_ROWS: u64 = 12;

/// Rows of a table that are asked for around one.
pub const TABLE_ROWS: u64 = 256;

/// Whole groups that cover `from..to` with a group to spare on either side.
pub fn groups(from: u64, to: u64) -> Range<u64> {
    let start = (from / GROUP).saturating_sub(1) * GROUP;
    start..(to / GROUP + 2) * GROUP
}
