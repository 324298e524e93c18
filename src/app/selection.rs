//! What is selected, exactly: which bytes of which text, or which messages. What is copied, cited
//! and highlighted is made from this and from the stored text, never from the screen.

use crate::model::{ConversationId, DocumentId, ItemId, VariantKind};
use std::ops::Range;

/// A stretch of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// A document or a message.
    pub item: ItemId,
    /// Row id of the document's text; `None` for the text of a message.
    pub variant: Option<i64>,
    /// Bytes of that text, at character borders, not empty.
    pub range: Range<u64>,
}

/// What is copied or cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected {
    Text(Selection),
    /// Cells of a table: one stretch of its text for every row.
    Cells(Vec<Selection>),
    /// Whole messages of a conversation, by their positions.
    Messages(ConversationId, Range<u64>),
    /// A document or message as such.
    Item(ItemId),
    /// The first place in a text of a document where a search finds something.
    Hit {
        id: DocumentId,
        kind: VariantKind,
        /// Bytes of that text, not empty.
        range: Range<u64>,
    },
    /// Each by itself.
    Several(Vec<Selected>),
}

impl Selected {
    /// What it is, or what it stands in, where that is one thing.
    pub fn item(&self) -> Option<ItemId> {
        match self {
            Selected::Text(selection) => Some(selection.item),
            Selected::Item(item) => Some(*item),
            Selected::Hit { id, .. } => Some((*id).into()),
            Selected::Cells(_) | Selected::Messages(..) | Selected::Several(_) => None,
        }
    }
}

/// The two ends of a selection while it is being made, in bytes of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caret {
    /// Where it began: start of the character there.
    pub anchor: u64,
    /// Where the caret is: start of the character under it, which is selected too.
    pub at: u64,
    /// Whole lines.
    pub by_line: bool,
    /// The column that it keeps while it goes up and down.
    pub column: Option<usize>,
}

impl Caret {
    pub fn new(at: u64) -> Self {
        Caret { anchor: at, at, by_line: false, column: None }
    }

    /// First and last character, by their starts.
    pub fn ends(&self) -> (u64, u64) {
        (self.anchor.min(self.at), self.anchor.max(self.at))
    }

    pub fn swap(&mut self) {
        std::mem::swap(&mut self.anchor, &mut self.at);
        self.column = None;
    }
}
