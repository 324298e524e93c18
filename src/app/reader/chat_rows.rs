//! The rows of a conversation: how one message looks.

use super::chat::{ChatReader, day_of, minute_of};
use super::compose::{self, Hits};
use crate::app::line::{Line, Role};
use crate::app::signs::Signs;
use crate::case::Message;
use crate::model::{DocumentId, MessageKind};
use crate::text::wrap::Measure;
use crate::text::{sanitise, width};

/// Rows that a message takes before the rest is folded.
pub const FOLD: usize = 40;

/// Cells of a stamp as it stands in the file: `2022-03-05 12:41:03`.
const RAW: usize = 19;

/// Cells of the widest sender.
const NAME: usize = 12;

/// Below this width a sender is a mark.
const NAMES: usize = 72;

/// Cells of names that are shown from there on; longer ones only where there is more room.
const SHORT: usize = 8;

/// Width from which on a sender is a name, however long.
const LONG_NAMES: usize = 96;

/// Cells of the name of an export beside a message.
const EXPORT: usize = 20;

impl ChatReader {
    /// The text of a message in rows of the text column, and the bytes that are left out.
    pub(super) fn text_rows(&self, position: u64, most: usize) -> (Vec<Line>, usize) {
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
        let selected = self.selected_text(position);
        let hits = Hits {
            ranges: &ranges,
            here,
            caret: selected.as_ref().map(|(_, caret)| *caret),
            selected: selected.map(|(range, _)| (range.start, range.end)),
            marked: &marked.anchored(),
            watched: &marked.watched,
            passage: None,
        };
        compose::rows(text, Measure::text(cells), hits, role, most)
    }

    /// Cells of the sender column.
    pub(super) fn sender_cells(&self) -> usize {
        match self.names_senders() {
            true => self.name_cells().clamp(2, NAME),
            false => self.senders.mark_width.max(1),
        }
    }

    /// Cells of the longest name of a sender.
    fn name_cells(&self) -> usize {
        if self.is_raw { self.senders.name_width } else { self.senders.called_width }
    }

    /// A sender is a name; a mark where the text would get too little beside it.
    fn names_senders(&self) -> bool {
        match self.width {
            LONG_NAMES.. => true,
            NAMES.. => self.name_cells() <= SHORT,
            _ => false,
        }
    }

    /// Cells of the time column.
    fn time_cells(&self) -> usize {
        if self.is_raw { RAW } else { 5 }
    }

    /// Cells before the text: cursor, time, sender. None on screens too small for that.
    pub(super) fn indent(&self) -> usize {
        let cells = 1 + self.time_cells() + 1 + self.sender_cells() + 1;
        if self.width < cells + 8 { 1 } else { cells }
    }

    pub(super) fn block_lines(&self, position: u64) -> Vec<Line> {
        let Some(marked) = self.get(position) else { return vec![Line::of("…", Role::Dim)] };
        let message = &marked.message;
        let mut lines = Vec::new();
        lines.extend(self.heads(position, message));
        let body = self.body(position, message);
        let indent = self.indent();
        let is_selected =
            self.selected_messages().is_some_and(|selected| selected.contains(&position));
        for (number, content) in body.into_iter().enumerate() {
            let is_first = number == 0;
            let mut line = if is_first && position == self.cursor {
                Line::of("▸", Role::Here)
            } else if is_selected {
                Line::of("┃", Role::Here)
            } else {
                Line::of(" ", Role::Text)
            };
            if is_first && indent > 1 {
                self.push_head(&mut line, position, message);
            }
            let sign = Signs::from(message).one();
            if is_first && sign.0 != " " {
                self.push_sign(&mut line, sign);
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

    /// The mark of a message, in the cell between time and sender; where there is none of these,
    /// in the first one.
    fn push_sign(&self, line: &mut Line, (sign, role): (&str, Role)) {
        let column = if self.indent() > 1 { 1 + self.time_cells() } else { 0 };
        let before = std::mem::take(line);
        let mut cells = 0;
        for span in before.spans {
            let start = cells;
            cells += span.width();
            let text = span.text();
            if (start..cells).contains(&column) && (column > 0 || span.role() != Role::Here) {
                // What stands there is blank: everything before and after it is one cell wide.
                let at = text.char_indices().nth(column - start).map_or(0, |(at, _)| at);
                line.push(&text[..at], span.role());
                line.push(sign, role);
                line.push(text[at..].get(1..).unwrap_or(""), span.role());
            } else {
                line.push(text, span.role());
            }
        }
        if cells <= column {
            line.push(" ".repeat(column - cells), Role::Text);
            line.push(sign, role);
        }
    }

    /// Time and sender, where they differ from the message before.
    pub(super) fn push_head(&self, line: &mut Line, position: u64, message: &Message) {
        let minute = minute_of(message);
        let before = position.checked_sub(1).and_then(|before| self.get(before));
        let is_same = before.is_some_and(|before| {
            let before = &before.message;
            before.sender == message.sender
                && minute_of(before) == minute
                && day_of(before) == day_of(message)
                && !minute.is_empty()
        });
        if is_same && !self.has_head(position) && !self.is_raw {
            return;
        }
        let time = match (self.is_raw, minute) {
            (true, _) if message.raw_time.is_empty() => "no stamp",
            (true, _) => &message.raw_time,
            (false, "") => "--:--",
            (false, minute) => minute,
        };
        let time = width::clip(&sanitise::line(time), self.time_cells());
        line.push(width::pad(&time, self.time_cells()), Role::Dim);
        line.push(" ", Role::Text);
        let cells = self.sender_cells();
        match message.sender_id.and_then(|id| self.senders.get(id)) {
            Some(sender) => {
                // Beside raw stamps stands what the export says.
                let shown = match (self.names_senders(), self.is_raw) {
                    (false, _) => &sender.mark,
                    (true, true) => &sender.name,
                    (true, false) => &sender.called,
                };
                line.push(width::pad(shown, cells), Role::Sender(sender.tone));
            }
            None => line.push(width::pad("—", cells), Role::Dim),
        }
    }

    /// Whether each message says which exports hold it.
    pub fn names_exports(&self) -> bool {
        self.has_twins
    }

    /// What stands in the text column.
    pub(super) fn body(&self, position: u64, message: &Message) -> Vec<Line> {
        if let Some(fold) = self.fold(position) {
            return vec![fold];
        }
        let mut lines = Vec::new();
        let cells = self.width.saturating_sub(self.indent()).max(1);
        let aside = |head: &str, text: &str| {
            let text = width::clip(&sanitise::line(text), cells.saturating_sub(width::of(head)));
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
        // Before what stands beside it: the name of an export is no text of a message.
        if lines.is_empty() {
            lines.push(Line::of("▢ no text", Role::Dim));
        }
        let mut after = String::new();
        if message.edited.is_some() {
            after.push_str(" (edited)");
        }
        for meaning in self.meanings(position) {
            after.push_str(&format!(" ◆{meaning}"));
        }
        if self.has_twins {
            let left = lines.last().map_or(0, |last| cells.saturating_sub(last.width()));
            let left = left.saturating_sub(width::of(&after));
            after.push_str(&self.export_words(message, left));
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

    /// The exports that hold a message, by their names where there is room for them: ` D59
    /// lin.html`, ` D59 D61`, ` D59 +2 exports`. Of several the numbers do where rows are short:
    /// the margin says what they are called, and most rows say the same.
    fn export_words(&self, message: &Message, left: usize) -> String {
        let mut documents: Vec<_> = message.places.iter().map(|place| place.document).collect();
        documents.dedup();
        let words = |name: &dyn Fn(DocumentId) -> String| match documents.as_slice() {
            [] => String::new(),
            [one] => name(*one),
            [first, second] => name(*first) + &name(*second),
            [first, others @ ..] => format!("{} +{} exports", name(*first), others.len()),
        };
        let named = words(&|id| {
            let export = self.exports.iter().find(|(export, _)| *export == id);
            let called = export.map_or("", |(_, called)| called);
            format!(" {id} {}", width::clip_start(&sanitise::line(called), EXPORT))
        });
        let may_name = documents.len() == 1 || self.width >= LONG_NAMES;
        if may_name && width::of(&named) <= left { named } else { words(&|id| format!(" {id}")) }
    }

    /// The one row of a run of blank messages, when `position` begins one.
    pub(super) fn fold(&self, position: u64) -> Option<Line> {
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
            let within = match last.abs_diff(first) {
                seconds @ 0..120 => format!(" in {seconds} s"),
                seconds => format!(" in {} min", seconds / 60),
            };
            // A number that is cut says something else.
            if width::of(&text) + width::of(&within) <= self.width.saturating_sub(self.indent()) {
                text.push_str(&within);
            }
        }
        Some(Line::of(text, Role::Dim))
    }
}
