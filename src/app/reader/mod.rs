//! What is read: the text of a document or the messages of a conversation.
//!
//! Both are a run of *blocks* (stretches of text, messages) that have a height in rows only once
//! they are wrapped at the reader's width. A position is therefore a block and a row in it, never
//! a row number of the whole: finding the last screen of the longest text costs one screen.

pub(in crate::app) mod caret;
pub mod chat;
mod chat_heads;
mod chat_rows;
mod chat_select;
pub mod compose;
pub mod grid;
pub mod senders;
#[cfg(test)]
mod tests;
pub mod text;

use super::data::{Around, Request};
use super::line::Line;
use super::pages::PageReader;
use chat::ChatReader;
pub use grid::sum_words;
use serde::{Deserialize, Serialize};
pub use text::Step;
use text::TextReader;
pub use text::{sheets, variant_name};

/// The row at the top of the reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Anchor {
    /// Byte offset of a stretch of text; position of a message.
    pub block: u64,
    /// Row in that block.
    pub row: usize,
}

/// Where the reader shall stand once the data is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Goal {
    Start,
    End,
    /// A byte offset, or a message's position: shown with something before it.
    At(u64),
    /// Exactly as it was: with the cursor of a conversation, the column of a grid, or one more
    /// than the byte offset in a text that was gone to.
    Anchor(Anchor, u64),
}

/// A run of blocks, of which some stretch is at hand.
pub trait Blocks {
    /// Rows of a block, at least 1.
    fn height(&self, block: u64) -> usize;
    /// The block after it; `None` at the end of all or of what is at hand.
    fn next(&self, block: u64) -> Option<u64>;
    fn prev(&self, block: u64) -> Option<u64>;
}

/// `rows` further down, with the number of rows that were there to go.
pub fn forward(blocks: &impl Blocks, from: Anchor, rows: usize) -> (Anchor, usize) {
    let Anchor { mut block, mut row } = from;
    let mut left = rows;
    loop {
        let below = blocks.height(block).saturating_sub(row + 1);
        if left <= below {
            return (Anchor { block, row: row + left }, rows);
        }
        match blocks.next(block) {
            Some(next) => {
                left -= below + 1;
                (block, row) = (next, 0);
            }
            None => return (Anchor { block, row: row + below }, rows - (left - below)),
        }
    }
}

/// `rows` further up, with the number of rows that were there to go.
pub fn back(blocks: &impl Blocks, from: Anchor, rows: usize) -> (Anchor, usize) {
    let Anchor { mut block, mut row } = from;
    let mut left = rows;
    loop {
        if left <= row {
            return (Anchor { block, row: row - left }, rows);
        }
        match blocks.prev(block) {
            Some(prev) => {
                left -= row + 1;
                (block, row) = (prev, blocks.height(prev).saturating_sub(1));
            }
            None => return (Anchor { block, row: 0 }, rows - (left - row)),
        }
    }
}

/// The same place, moved up where rows would stay empty below the end.
pub fn settle(blocks: &impl Blocks, from: Anchor, height: usize) -> Anchor {
    let (_, below) = forward(blocks, from, height.saturating_sub(1));
    back(blocks, from, height.saturating_sub(1) - below).0
}

/// The lines of a screen that begins at `from`, block by block.
fn screen(
    blocks: &impl Blocks,
    from: Anchor,
    height: usize,
    lines_of: impl Fn(u64) -> Vec<Line>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut block, mut skip) = (Some(from.block), from.row);
    while let Some(at) = block
        && lines.len() < height
    {
        let rows = lines_of(at);
        lines.extend(rows.into_iter().skip(skip));
        skip = 0;
        block = blocks.next(at);
    }
    lines.truncate(height);
    lines
}

/// What the reader holds.
#[derive(Clone, Debug, Default)]
pub enum Reader {
    #[default]
    Empty,
    Text(Box<TextReader>),
    Chat(Box<ChatReader>),
    Page(Box<PageReader>),
}

impl Reader {
    pub fn is_page(&self) -> bool {
        matches!(self, Reader::Page(_))
    }

    pub fn title(&self) -> Line {
        match self {
            Reader::Empty => Line::new(),
            Reader::Text(text) => text.title(),
            Reader::Chat(chat) => chat.title(),
            Reader::Page(page) => page.title(),
        }
    }

    pub fn lines(&self) -> Vec<Line> {
        match self {
            Reader::Empty => Vec::new(),
            Reader::Text(text) => text.lines(),
            Reader::Chat(chat) => chat.lines(),
            Reader::Page(page) => page.links.lines.clone(),
        }
    }

    pub fn resize(&mut self, width: usize, height: usize) {
        match self {
            Reader::Empty => {}
            Reader::Text(text) => text.resize(width, height),
            Reader::Chat(chat) => chat.resize(width, height),
            Reader::Page(page) => page.resize(width, height),
        }
    }

    /// The words that what is marked was searched by.
    pub fn set_query(&mut self, query: &str) {
        match self {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => text.set_query(query),
            Reader::Chat(chat) => chat.set_query(query),
        }
    }

    /// Lines down, or up when negative.
    pub fn step(&mut self, by: i64) {
        match self {
            Reader::Empty => {}
            Reader::Text(text) => text.step(by),
            Reader::Chat(chat) => chat.step(by),
            Reader::Page(page) => page.links.step(by, page.height),
        }
    }

    /// Rows down, or up when negative, as the wheel and the page keys do.
    pub fn scroll(&mut self, by: i64) {
        match self {
            Reader::Empty => {}
            Reader::Text(text) => text.scroll(by),
            Reader::Chat(chat) => chat.scroll(by),
            Reader::Page(page) => page.scroll(by),
        }
    }

    pub fn go(&mut self, goal: Goal) {
        match self {
            Reader::Empty => {}
            Reader::Text(text) => text.go(goal),
            Reader::Chat(chat) => chat.go(goal),
            Reader::Page(page) => page.go(goal),
        }
    }

    /// Whether it is on its way to where it shall stand.
    pub fn is_going(&self) -> bool {
        match self {
            Reader::Empty | Reader::Page(_) => false,
            Reader::Text(text) => text.is_going(),
            Reader::Chat(chat) => chat.is_going(),
        }
    }

    /// What it waited for does not come: it stays where it is.
    pub fn give_up(&mut self) {
        match self {
            Reader::Empty | Reader::Page(_) => {}
            Reader::Text(text) => text.give_up(),
            Reader::Chat(chat) => chat.give_up(),
        }
    }

    pub fn height(&self) -> usize {
        match self {
            Reader::Empty => 1,
            Reader::Text(text) => text.height,
            Reader::Chat(chat) => chat.height,
            Reader::Page(page) => page.height,
        }
    }

    /// What brings what is shown once more, as it is in the case now.
    pub fn again(&self, query: &str) -> Option<Request> {
        match self {
            // The row of a document comes with the margin; its text does not change.
            Reader::Empty | Reader::Text(_) => None,
            Reader::Page(page) => Some(match page.export() {
                Some(export) => Request::Preview(export.form.clone()),
                None => Request::Page(page.id()),
            }),
            Reader::Chat(chat) => Some(Request::Conversation {
                id: chat.row.id,
                at: Around::Range(chat.window()),
                query: query.to_owned(),
            }),
        }
    }

    /// Where it stands, to come back to.
    pub fn place(&self) -> Option<Goal> {
        match self {
            Reader::Empty => None,
            Reader::Text(text) => Some(text.place()),
            Reader::Chat(chat) => Some(chat.place()),
            Reader::Page(page) => Some(page.place()),
        }
    }
}
