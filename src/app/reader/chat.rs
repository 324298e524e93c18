//! A conversation, dense: one row per message where it fits, a rule for every day, no repeated
//! sender within a minute, a run of messages without anything folded into one row.

use super::compose::{self, Hits};
use super::senders::Senders;
use super::{Anchor, Blocks, Goal, back, forward, settle};
use crate::app::data::{GROUP, Marked, groups};
use crate::app::line::{Line, Role};
use crate::case::{ConversationRow, Message};
use crate::model::{MessageId, MessageKind};
use crate::text::width;
use crate::text::wrap::Measure;
use std::collections::HashSet;
use std::ops::Range;

/// Rows that a message takes before the rest is folded.
const FOLD: usize = 40;

/// Below this width a sender is a mark, above it a name.
const NAMES: usize = 72;

#[derive(Clone, Debug)]
pub struct ChatReader {
    pub row: ConversationRow,
    senders: Senders,
    /// Positions that are at hand; `messages` may hold one more before them.
    window: Range<u64>,
    messages: Vec<Marked>,
    pub anchor: Anchor,
    /// Position of the message that the cursor is on.
    pub cursor: u64,
    goal: Option<Goal>,
    /// Long messages that are shown as a whole.
    unfolded: HashSet<MessageId>,
    width: usize,
    pub height: usize,
}

impl ChatReader {
    pub fn new(
        row: ConversationRow,
        window: Range<u64>,
        messages: Vec<Marked>,
        goal: Goal,
    ) -> Self {
        let mut chat = ChatReader {
            senders: Senders::new(&row.participants),
            row,
            window: 0..0,
            messages: Vec::new(),
            anchor: Anchor::default(),
            cursor: 0,
            goal: Some(goal),
            unfolded: HashSet::new(),
            width: 0,
            height: 1,
        };
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

    fn get(&self, position: u64) -> Option<&Marked> {
        let first = self.messages.first()?.message.position;
        let at = usize::try_from(position.checked_sub(first)?).ok()?;
        self.messages.get(at)
    }

    /// The message that the cursor is on.
    pub fn current(&self) -> Option<&Message> {
        self.get(self.cursor).map(|marked| &marked.message)
    }

    fn last(&self) -> u64 {
        self.row.messages.saturating_sub(1)
    }

    fn is_at_hand(&self, position: u64) -> bool {
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
            self.anchor.row = self.anchor.row.min(self.height(self.anchor.block) - 1);
            self.anchor = settle(self, self.anchor, self.height);
            self.show_cursor();
        }
    }

    pub fn go(&mut self, goal: Goal) {
        self.goal = Some(goal);
        self.reach_goal();
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
        self.anchor = settle(self, self.anchor, self.height);
        self.show_cursor();
    }

    fn is_seen(&self, block: u64) -> bool {
        self.is_at_hand(self.anchor.block) && {
            let (bottom, _) = forward(self, self.anchor, self.height.saturating_sub(1));
            self.anchor.block <= block && block < bottom.block
        }
    }

    /// Scrolls so that the message under the cursor is seen, from its start where it is too long.
    fn show_cursor(&mut self) {
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
    fn is_blank(message: &Message) -> bool {
        message.text.trim().is_empty()
            && message.media.is_empty()
            && message.quote.is_none()
            && matches!(message.kind, MessageKind::Empty | MessageKind::Text | MessageKind::Media)
    }

    fn begins_day(&self, position: u64) -> bool {
        let day = |position| self.get(position).map(|marked| day_of(&marked.message));
        position == 0 || day(position) != day(position - 1)
    }

    /// Whether this message is folded into the row of the one before. A fold never goes over the
    /// border of a group or day, so that it is the same through any window.
    fn is_in_fold(&self, position: u64) -> bool {
        let blank = |position| self.get(position).is_some_and(|m| Self::is_blank(&m.message));
        !position.is_multiple_of(GROUP)
            && blank(position)
            && blank(position - 1)
            && !self.begins_day(position)
    }

    fn head_of(&self, position: u64) -> u64 {
        let mut at = position;
        while at > self.window.start && self.is_in_fold(at) {
            at -= 1;
        }
        at
    }

    pub fn title(&self) -> Line {
        let mut line = Line::of(self.row.id.to_string(), Role::Dim).and(" ", Role::Text);
        line.push(&self.row.title, Role::Head);
        let position = (self.cursor + 1).min(self.row.messages);
        line.push(format!(" · {position}/{}", self.row.messages), Role::Dim);
        line
    }

    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut block = Some(self.anchor.block).filter(|block| self.is_at_hand(*block));
        let mut skip = self.anchor.row;
        while let Some(at) = block
            && lines.len() < self.height
        {
            let mut rows = self.block_lines(at);
            lines.extend(rows.drain(skip.min(rows.len())..));
            skip = 0;
            block = self.next(at);
        }
        lines.truncate(self.height);
        lines
    }

    /// The text of a message in rows of the text column, and the bytes that are left out.
    fn text_rows(&self, position: u64, most: usize) -> (Vec<Line>, usize) {
        let Some(marked) = self.get(position) else { return (Vec::new(), 0) };
        let ranges: Vec<(u64, u64)> =
            marked.marks.iter().map(|(a, b)| (*a as u64, *b as u64)).collect();
        let here = ranges.first().copied().filter(|_| position == self.cursor);
        let role = match marked.message.kind {
            MessageKind::System | MessageKind::Deleted => Role::Dim,
            _ => Role::Text,
        };
        let text = marked.message.text.trim_end_matches(['\n', '\r']);
        let cells = self.width.saturating_sub(self.indent()).max(1);
        compose::rows(text, Measure::text(cells), Hits { ranges: &ranges, here }, role, most)
    }

    /// Cells of the sender column.
    fn sender_cells(&self) -> usize {
        match self.width {
            NAMES.. => self.senders.name_width.clamp(2, 12),
            _ => self.senders.mark_width.max(1),
        }
    }

    /// Cells before the text: cursor, time, sender. None on screens too small for that.
    fn indent(&self) -> usize {
        let cells = 1 + 5 + 1 + self.sender_cells() + 1;
        if self.width < cells + 8 { 1 } else { cells }
    }

    fn block_lines(&self, position: u64) -> Vec<Line> {
        let Some(marked) = self.get(position) else { return vec![Line::of("…", Role::Dim)] };
        let message = &marked.message;
        let mut lines = Vec::new();
        if self.begins_day(position) {
            lines.push(self.day_rule(message));
        }
        let mut body = self.body(position, message);
        if body.is_empty() {
            body.push(Line::of("▢ no text", Role::Dim));
        }
        let indent = self.indent();
        for (number, content) in body.into_iter().enumerate() {
            let is_first = number == 0;
            let mut line = if is_first && position == self.cursor {
                Line::of("▸", Role::Here)
            } else {
                Line::of(" ", Role::Text)
            };
            if is_first && indent > 1 {
                self.push_head(&mut line, position, message);
            }
            let missing = indent.saturating_sub(line.width());
            line.push(" ".repeat(missing), Role::Text);
            for span in content.spans {
                line.push(span.text(), span.role());
            }
            line.is_stop = true;
            lines.push(line);
        }
        lines
    }

    /// Time and sender, where they differ from the message before.
    fn push_head(&self, line: &mut Line, position: u64, message: &Message) {
        let minute = minute_of(message);
        let before = position.checked_sub(1).and_then(|before| self.get(before));
        let is_same = before.is_some_and(|before| {
            let before = &before.message;
            before.sender == message.sender
                && minute_of(before) == minute
                && day_of(before) == day_of(message)
                && !minute.is_empty()
        });
        if is_same && !self.begins_day(position) {
            return;
        }
        line.push(width::pad(if minute.is_empty() { "--:--" } else { minute }, 5), Role::Dim);
        line.push(" ", Role::Text);
        let cells = self.sender_cells();
        match message.sender_id.and_then(|id| self.senders.get(id)) {
            Some(sender) => {
                let shown = if self.width >= NAMES { &sender.name } else { &sender.mark };
                line.push(width::pad(shown, cells), Role::Sender(sender.tone));
            }
            None => line.push(width::pad("—", cells), Role::Dim),
        }
    }

    fn day_rule(&self, message: &Message) -> Line {
        let name = match day_of(message) {
            "" => "undated".to_owned(),
            day => match day.parse::<jiff::civil::Date>() {
                Ok(date) => format!("{} {day}", date.strftime("%a")),
                Err(_) => day.to_owned(),
            },
        };
        let mut line = Line::of("── ", Role::Rule).and(name, Role::Head).and(" ", Role::Text);
        let rest = self.width.saturating_sub(line.width());
        line.push("─".repeat(rest), Role::Rule);
        line
    }

    /// What stands in the text column.
    fn body(&self, position: u64, message: &Message) -> Vec<Line> {
        if let Some(fold) = self.fold(position) {
            return vec![fold];
        }
        let mut lines = Vec::new();
        let cells = self.width.saturating_sub(self.indent()).max(1);
        let aside = |head: &str, text: &str| {
            let text = width::clip(
                &crate::text::sanitise::line(text),
                cells.saturating_sub(width::of(head)),
            );
            Line::of(head, Role::Dim).and(text, Role::Dim)
        };
        if let Some(from) = &message.forwarded_from {
            lines.push(aside("forwarded from ", from));
        }
        match (&message.quote, &message.reply_to) {
            (Some(quote), _) => lines.push(aside("↳ ", quote)),
            (None, Some(_)) => match message.reply_id {
                Some(id) => lines.push(aside("↳ answers ", &id.to_string())),
                None => lines.push(aside("↳ answers a message that is not in the case", "")),
            },
            (None, None) => {}
        }
        for media in &message.media {
            let name = if media.name.is_empty() { &media.note } else { &media.name };
            lines.push(aside(&format!("▢ {} ", media.kind), name));
        }
        let is_whole = self.unfolded.contains(&message.id);
        let (rows, left) = self.text_rows(position, if is_whole { usize::MAX } else { FOLD });
        lines.extend(rows);
        if left > 0 {
            lines.push(Line::of(format!("▾ {left} more bytes: enter shows them"), Role::Link));
        }
        match message.kind {
            MessageKind::Deleted => lines.push(aside("✗ deleted", "")),
            MessageKind::Encrypted if message.text.is_empty() => {
                lines.push(aside("✗ encrypted", ""))
            }
            _ => {}
        }
        let mut after = String::new();
        if message.edited.is_some() {
            after.push_str(" (edited)");
        }
        for (name, count) in &message.reactions {
            after.push_str(&format!(" [{name} {count}]"));
        }
        if !after.is_empty() {
            match lines.last_mut() {
                Some(last) if last.width() + width::of(&after) <= cells => {
                    last.push(after, Role::Dim)
                }
                _ => lines.push(aside("", after.trim_start())),
            }
        }
        lines
    }

    /// The one row of a run of blank messages, when `position` begins one.
    fn fold(&self, position: u64) -> Option<Line> {
        let mut end = position + 1;
        while self.is_at_hand(end) && self.is_in_fold(end) {
            end += 1;
        }
        let count = end - position;
        if count < 2 {
            return None;
        }
        let instant = |at: u64| self.get(at).and_then(|marked| marked.message.instant);
        let mut text = format!("▢ {count} messages without text");
        if let (Some(first), Some(last)) = (instant(position), instant(end - 1)) {
            text.push_str(&match last.abs_diff(first) {
                seconds @ 0..120 => format!(" in {seconds} s"),
                seconds => format!(" in {} min", seconds / 60),
            });
        }
        Some(Line::of(text, Role::Dim))
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
fn day_of(message: &Message) -> &str {
    message.time.as_deref().and_then(|time| time.get(..10)).unwrap_or("")
}

/// The minute on the clock of the export: `12:41`.
fn minute_of(message: &Message) -> &str {
    message.time.as_deref().and_then(|time| time.get(11..16)).unwrap_or("")
}
