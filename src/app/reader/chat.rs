//! A conversation, dense: one row per message where it fits, a head for every session, a rule for
//! every day, no repeated sender within a minute, a run of messages without anything folded into
//! one row.

use super::chat_rows::FOLD;
use super::chat_select::Selecting;
use super::senders::Senders;
use super::{Anchor, Blocks, Goal, back, forward, screen, settle};
use crate::app::data::{GROUP, Marked, groups};
use crate::app::line::{Line, Role};
use crate::case::{ConversationRow, Message, Session, export_names, has_twins};
use crate::model::{DocumentId, MessageId, MessageKind};
use crate::text::{sanitise, width};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct ChatReader {
    pub row: ConversationRow,
    pub(super) senders: Senders,
    /// Positions that are at hand; `messages` may hold one more before them.
    window: Range<u64>,
    messages: Vec<Marked>,
    pub anchor: Anchor,
    /// Position of the message that the cursor is on.
    pub cursor: u64,
    goal: Option<Goal>,
    /// Number of the occurrence that was gone to, where it is known, and how many there are.
    pub found: Option<(Option<u64>, u64)>,
    /// What is marked.
    pub(super) query: String,
    /// What is marked in the messages at hand: other words may be searched since they came.
    pub marked_by: String,
    /// Its exports cover the same time: what is said in one may be said in another as well.
    pub(super) has_twins: bool,
    /// What its exports are called.
    pub(super) exports: Vec<(DocumentId, String)>,
    /// The selection that is being made.
    pub(super) selecting: Option<Selecting>,
    /// What was gone to before the sessions were known, and where that led: their heads take rows.
    pub(super) reached: Option<(Goal, Anchor, u64)>,
    /// How it is cut into sessions; empty before that is known.
    pub(super) sessions: Arc<[Session]>,
    /// Stamps are shown as they stand in the file.
    pub(super) is_raw: bool,
    /// Long messages that are shown as a whole.
    pub(super) unfolded: HashSet<MessageId>,
    pub(super) width: usize,
    pub height: usize,
}

impl ChatReader {
    /// The conversation as the case has it now: somebody may own an account of it since.
    pub fn set_row(&mut self, row: ConversationRow) {
        if row.accounts != self.row.accounts {
            self.senders = Senders::new(&row.accounts);
        }
        self.row = row;
        self.has_twins = has_twins(&self.row.blocks);
        self.exports = export_names(&self.row.blocks);
    }

    pub fn new(
        row: ConversationRow,
        window: Range<u64>,
        messages: Vec<Marked>,
        goal: Goal,
    ) -> Self {
        let mut chat = ChatReader {
            senders: Senders::new(&row.accounts),
            row,
            window: 0..0,
            messages: Vec::new(),
            anchor: Anchor::default(),
            cursor: 0,
            goal: Some(goal),
            found: None,
            query: String::new(),
            marked_by: String::new(),
            has_twins: false,
            exports: Vec::new(),
            selecting: None,
            reached: None,
            sessions: Arc::default(),
            is_raw: false,
            unfolded: HashSet::new(),
            width: 0,
            height: 1,
        };
        chat.has_twins = has_twins(&chat.row.blocks);
        chat.exports = export_names(&chat.row.blocks);
        chat.keep(window, messages);
        chat
    }

    /// Another window has come.
    pub fn set_messages(&mut self, window: Range<u64>, messages: Vec<Marked>) {
        self.keep(window, messages);
        self.reach_goal();
    }

    fn keep(&mut self, window: Range<u64>, messages: Vec<Marked>) {
        let end = messages.last().map_or(window.start, |last| last.message.position + 1);
        self.window = window.start..end.min(window.end).max(window.start);
        self.messages = messages;
    }

    pub fn get(&self, position: u64) -> Option<&Marked> {
        let first = self.messages.first()?.message.position;
        let at = usize::try_from(position.checked_sub(first)?).ok()?;
        self.messages.get(at)
    }

    /// The message that the cursor is on.
    pub fn current(&self) -> Option<&Message> {
        self.get(self.cursor).map(|marked| &marked.message)
    }

    /// The messages that the row under the cursor stands for: more than one where it is a fold.
    pub fn under_cursor(&self) -> Vec<&Message> {
        let mut end = self.cursor + 1;
        while self.is_at_hand(end) && self.is_in_fold(end) {
            end += 1;
        }
        let messages = (self.cursor..end).filter_map(|at| self.get(at));
        messages.map(|marked| &marked.message).collect()
    }

    /// Messages whose last row is on the screen, with the cells of their text.
    pub fn on_screen(&self) -> Vec<(MessageId, usize)> {
        let mut shown = Vec::new();
        let mut block = Some(self.anchor.block).filter(|block| self.is_at_hand(*block));
        let mut rows = 0;
        let mut above = self.anchor.row;
        while let Some(at) = block {
            rows += self.height(at).saturating_sub(above);
            above = 0;
            if rows > self.height {
                break;
            }
            block = self.next(at);
            // A fold stands for all its messages.
            for position in at..block.unwrap_or(at + 1) {
                if let Some(marked) = self.get(position) {
                    let text = &marked.message.text;
                    shown.push((marked.message.id, width::of(&sanitise::line(text))));
                }
            }
        }
        shown
    }

    pub(super) fn messages(&self) -> &[Marked] {
        &self.messages
    }

    /// Messages that are at hand, to show at once what is about to be written.
    pub fn messages_mut(&mut self) -> impl Iterator<Item = &mut Message> {
        self.messages.iter_mut().map(|marked| &mut marked.message)
    }

    /// Positions that are at hand, with room for messages that came since.
    pub fn window(&self) -> Range<u64> {
        let end = self.window.end;
        self.window.start..if end > self.last() { end + GROUP } else { end }
    }

    fn last(&self) -> u64 {
        self.row.messages.saturating_sub(1)
    }

    pub(super) fn is_at_hand(&self, position: u64) -> bool {
        self.window.contains(&position)
    }

    pub fn resize(&mut self, width: usize, height: usize) {
        if (width, height) == (self.width, self.height) {
            return;
        }
        (self.width, self.height) = (width.max(1), height.max(1));
        if self.goal.is_some() {
            self.reach_goal();
        } else if self.is_at_hand(self.anchor.block) {
            // Where one stands follows from the sizes of before, and stays.
            self.reached = None;
            self.anchor.row = self.anchor.row.min(self.height(self.anchor.block) - 1);
            self.anchor = settle(self, self.anchor, self.height);
            self.show_cursor();
        }
    }

    pub fn go(&mut self, goal: Goal) {
        self.goal = Some(goal);
        self.reach_goal();
    }

    /// Whether it is on its way somewhere that is not at hand, or has no size yet.
    pub fn is_going(&self) -> bool {
        // In a conversation without messages there is nowhere to go.
        self.goal.is_some() && self.row.messages > 0
    }

    pub fn give_up(&mut self) {
        self.goal = None;
    }

    /// Position where the cursor is or will be.
    pub fn heading(&self) -> u64 {
        match self.goal {
            Some(Goal::Start) => 0,
            Some(Goal::End) => self.last(),
            Some(Goal::At(position) | Goal::Anchor(_, position)) => position.min(self.last()),
            None => self.cursor,
        }
    }

    /// Where it stands or is about to, to come back to.
    pub fn place(&self) -> Goal {
        self.goal.unwrap_or(Goal::Anchor(self.anchor, self.cursor))
    }

    /// Positions that should be asked for, when what is shown (or shall be) is not all at hand.
    pub fn wanted(&self) -> Option<Range<u64>> {
        let around = match self.goal {
            Some(Goal::Start) => 0,
            Some(Goal::End) => self.last(),
            Some(Goal::At(position)) => position.min(self.last()),
            Some(Goal::Anchor(anchor, _)) => anchor.block.min(self.last()),
            None => {
                let (bottom, _) = forward(self, self.anchor, self.height);
                let spare = GROUP / 4;
                let is_short_above =
                    self.window.start > 0 && self.anchor.block < self.window.start + spare;
                let is_short_below =
                    self.window.end <= self.last() && bottom.block + spare > self.window.end;
                if !is_short_above && !is_short_below {
                    return None;
                }
                self.anchor.block
            }
        };
        Some(groups(around, around + self.height as u64))
    }

    fn reach_goal(&mut self) {
        let Some(goal) = self.goal else { return };
        if self.width == 0 {
            return;
        }
        let position = match goal {
            Goal::Start => 0,
            Goal::End => self.last(),
            Goal::At(position) => position.min(self.last()),
            Goal::Anchor(anchor, _) => anchor.block.min(self.last()),
        };
        if !self.is_at_hand(position) {
            return;
        }
        self.goal = None;
        let block = self.head_of(position);
        self.cursor = block;
        match goal {
            Goal::Anchor(anchor, cursor) => {
                self.anchor = Anchor { block, row: anchor.row.min(self.height(block) - 1) };
                self.cursor = if self.is_at_hand(cursor) { self.head_of(cursor) } else { block };
            }
            Goal::At(_) if !self.is_seen(block) => {
                self.anchor = back(self, Anchor { block, row: 0 }, self.height / 3).0;
            }
            Goal::At(_) => {}
            Goal::Start | Goal::End => self.anchor = Anchor { block, row: 0 },
        }
        self.leave_text();
        self.anchor = settle(self, self.anchor, self.height);
        self.show_cursor();
        self.reached = self.sessions.is_empty().then_some((goal, self.anchor, self.cursor));
    }

    fn is_seen(&self, block: u64) -> bool {
        self.is_at_hand(self.anchor.block) && {
            let (bottom, _) = forward(self, self.anchor, self.height.saturating_sub(1));
            self.anchor.block <= block && block < bottom.block
        }
    }

    /// Scrolls so that the message under the cursor is seen, from its start where it is too long.
    pub(super) fn show_cursor(&mut self) {
        let start = Anchor { block: self.cursor, row: 0 };
        let end = Anchor { block: self.cursor, row: self.height(self.cursor) - 1 };
        if start < self.anchor {
            self.anchor = start;
            return;
        }
        let least = back(self, end, self.height.saturating_sub(1)).0;
        if self.anchor < least {
            self.anchor = least.min(start);
        }
    }

    /// The cursor to the next messages, or back when negative; a message that is longer than the
    /// screen is scrolled through first.
    pub fn step(&mut self, by: i64) {
        if self.move_caret(by) {
            return;
        }
        for _ in 0..by.unsigned_abs() {
            if by > 0 {
                let (bottom, _) = forward(self, self.anchor, self.height.saturating_sub(1));
                let rest = self.height(self.cursor) - 1;
                if bottom.block == self.cursor && bottom.row < rest {
                    self.anchor = forward(self, self.anchor, 1).0;
                } else if let Some(next) = self.next(self.cursor) {
                    self.cursor = next;
                    self.show_cursor();
                }
            } else if self.anchor.block == self.cursor && self.anchor.row > 0 {
                self.anchor.row -= 1;
            } else if let Some(before) = self.prev(self.cursor) {
                self.cursor = before;
                let end = Anchor { block: before, row: self.height(before) - 1 };
                let start = Anchor { block: before, row: 0 };
                if start < self.anchor {
                    let least = back(self, end, self.height.saturating_sub(1)).0;
                    self.anchor = least.max(start);
                }
            }
        }
    }

    /// Scrolls and takes the cursor along.
    pub fn scroll(&mut self, by: i64) {
        if self.move_caret(by) {
            return;
        }
        let rows = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        let before = self.anchor;
        let moved =
            if by >= 0 { forward(self, before, rows).0 } else { back(self, before, rows).0 };
        self.anchor = settle(self, moved, self.height);
        if self.anchor == before {
            // Nothing left to scroll: the cursor goes the rest of the way.
            self.cursor =
                if by >= 0 { forward(self, before, self.height).0.block } else { before.block };
            return;
        }
        let (bottom, _) = forward(self, self.anchor, self.height.saturating_sub(1));
        let first = match self.next(self.anchor.block) {
            Some(next) if self.anchor.row > 0 && next <= bottom.block => next,
            _ => self.anchor.block,
        };
        self.cursor = self.cursor.clamp(first, bottom.block.max(first));
    }

    /// To the first message of the next day, or of this or the one before.
    pub fn next_day(&mut self, is_backwards: bool) {
        let mut at = self.cursor;
        let step = |at| if is_backwards { self.prev(at) } else { self.next(at) };
        while let Some(next) = step(at) {
            at = next;
            if self.begins_day(at) {
                break;
            }
        }
        self.go(Goal::At(at));
    }

    /// Shows all of a long message under the cursor, or folds it again.
    pub fn unfold(&mut self) {
        let Some(id) = self.current().map(|message| message.id) else { return };
        if !self.unfolded.remove(&id) {
            self.unfolded.insert(id);
        }
        self.anchor.row = self.anchor.row.min(self.height(self.anchor.block) - 1);
        self.anchor = settle(self, self.anchor, self.height);
    }

    pub fn is_folded(&self) -> bool {
        self.current().is_some_and(|message| {
            let (_, left) = self.text_rows(self.cursor, FOLD);
            left > 0 || self.unfolded.contains(&message.id)
        })
    }

    /// What `kind` of message has nothing to read in it.
    pub(super) fn is_blank(message: &Message) -> bool {
        message.text.trim().is_empty()
            && message.media.is_empty()
            && message.quote.is_none()
            && matches!(message.kind, MessageKind::Empty | MessageKind::Text | MessageKind::Media)
    }

    pub(super) fn begins_day(&self, position: u64) -> bool {
        let day = |position| self.get(position).map(|marked| day_of(&marked.message));
        position == 0 || day(position) != day(position - 1)
    }

    /// Whether this message is folded into the row of the one before. A fold never goes over the
    /// border of a group, day or session, so that it is the same through any window.
    pub(super) fn is_in_fold(&self, position: u64) -> bool {
        let blank = |position| self.get(position).is_some_and(|m| Self::is_blank(&m.message));
        !position.is_multiple_of(GROUP)
            && blank(position)
            && blank(position - 1)
            && !self.has_head(position)
    }

    fn head_of(&self, position: u64) -> u64 {
        let mut at = position;
        while at > self.window.start && self.is_in_fold(at) {
            at -= 1;
        }
        at
    }

    /// Whether it is known that nothing in it is found: it was looked for, or all of it is here.
    pub fn has_no_hits(&self) -> bool {
        match self.found {
            Some((_, total)) => total == 0,
            None => {
                self.window == (0..self.row.messages)
                    && self.messages.iter().all(|marked| marked.marks.is_empty())
            }
        }
    }

    /// The words that what is marked was searched by: the title tells them.
    pub fn set_query(&mut self, query: &str) {
        if self.query != query {
            query.clone_into(&mut self.query);
        }
    }

    /// Something is marked in the messages at hand.
    pub(super) fn is_marked(&self) -> bool {
        self.messages.iter().any(|marked| !marked.marks.is_empty())
    }

    /// Where one is among the messages that are found: `3/17`.
    pub fn found_words(&self) -> String {
        match self.found {
            Some((Some(number), total)) => format!("{number}/{total}"),
            Some((None, 0)) => "nothing".to_owned(),
            Some((None, total)) => format!("{total} hits"),
            None => String::new(),
        }
    }

    pub fn title(&self) -> Line {
        let mut line = Line::of(self.row.id.to_string(), Role::Dim);
        self.title_parts(&mut line);
        line
    }

    pub fn lines(&self) -> Vec<Line> {
        if !self.is_at_hand(self.anchor.block) {
            return Vec::new();
        }
        screen(self, self.anchor, self.height, |block| self.block_lines(block))
    }
}

impl Blocks for ChatReader {
    fn height(&self, block: u64) -> usize {
        self.block_lines(block).len().max(1)
    }

    fn next(&self, block: u64) -> Option<u64> {
        let mut next = block + 1;
        while self.is_at_hand(next) && self.is_in_fold(next) {
            next += 1;
        }
        self.is_at_hand(next).then_some(next)
    }

    fn prev(&self, block: u64) -> Option<u64> {
        let before = block.checked_sub(1).filter(|before| self.is_at_hand(*before))?;
        Some(self.head_of(before))
    }
}

/// The day on the clock of the export: `2022-03-05`.
pub(super) fn day_of(message: &Message) -> &str {
    message.time.as_deref().and_then(|time| time.get(..10)).unwrap_or("")
}

/// The minute on the clock of the export: `12:41`.
pub(super) fn minute_of(message: &Message) -> &str {
    message.time.as_deref().and_then(|time| time.get(11..16)).unwrap_or("")
}
