//! A text that is written: what its keys do, and the part of it that is on the screen. Its lines,
//! its caret and its history are tui-textarea's ([`buffer`]). It moves by grapheme cluster
//! ([`places`]), wraps as the readers do, and shows what the screen has room for ([`rows`]).
//!
//! What gets into it is safe to print: pasted evidence may hold anything, so what cannot be shown
//! as itself becomes a visible mark.

mod buffer;
mod places;
mod rows;
#[cfg(test)]
mod tests;

use super::key::{Code, Key};
use super::reader::{Anchor, back, caret, forward, settle};
use crate::text::{sanitise, wrap};
use buffer::{Buffer, Run};
use places::Place;
use rows::number;

#[derive(Clone, Debug)]
pub struct TextArea {
    buffer: Buffer,
    /// The column that the caret keeps while it goes up and down.
    column: Option<usize>,
    /// The first row on the screen: a line of the buffer, and a row of it.
    top: Anchor,
    width: usize,
    height: usize,
}

/// A text as it may be printed: lines end with `\n`, what acts on a terminal is a mark.
fn safe(text: &str) -> String {
    let line = |line: &str| {
        let parts: Vec<_> = line.split('\t').map(sanitise::line).collect();
        parts.join("\t")
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

impl TextArea {
    /// A text with the caret at its end.
    pub fn new(text: &str) -> Self {
        let top = Anchor { block: 0, row: 0 };
        TextArea { buffer: Buffer::new(&safe(text)), column: None, top, width: 1, height: 1 }
    }

    pub fn text(&self) -> String {
        self.buffer.text()
    }

    /// Byte offset of the caret.
    pub fn caret(&self) -> usize {
        self.buffer.offset(self.buffer.caret())
    }

    /// The line that the caret is in, before and after it.
    pub fn line(&self) -> (&str, &str) {
        let caret = self.buffer.caret();
        self.buffer.line(caret.line).split_at(caret.at)
    }

    // ---- changing ------------------------------------------------------------------------------

    /// Writes a text at the caret, over what is selected.
    pub fn insert(&mut self, text: &str) {
        let is_typed = text.chars().count() == 1;
        let is_blank = text.chars().all(char::is_whitespace);
        let run = is_typed.then_some(if is_blank { Run::Blank } else { Run::Word });
        // What is typed onto a character is one with it; alone it would have to be a mark.
        let here = self.buffer.caret();
        let before = self.buffer.before(here);
        let base = self.buffer.line(here.line).get(before.at..here.at).unwrap_or("");
        let fits = |whole: String| sanitise::line(&whole) == whole;
        // A joiner stands before what it joins, which is typed next: one more of the same for now.
        let next = match text {
            "\u{200c}" | "\u{200d}" => base.chars().next_back().map(String::from),
            _ => None,
        };
        let whole = format!("{base}{text}{}", next.unwrap_or_default());
        match is_typed && before.line == here.line && fits(whole) {
            true => self.buffer.insert(text, run),
            false => self.buffer.insert(&safe(text), run),
        };
        self.show_caret();
    }

    /// The whole text becomes another one, as one step.
    pub fn rewrite(&mut self, text: &str) {
        self.buffer.rewrite(&safe(text));
        self.show_caret();
    }

    /// Replaces what stands in the line before the caret from byte `start` on.
    pub fn complete(&mut self, start: usize, with: &str) {
        let caret = self.buffer.caret();
        if start <= caret.at && self.buffer.line(caret.line).is_char_boundary(start) {
            self.buffer.go(caret, false);
            self.buffer.go(Place { at: start, ..caret }, true);
            self.buffer.insert(with, None);
            self.show_caret();
        }
    }

    fn erase(&mut self, to: Place, run: Option<Run>) -> bool {
        let is_changed = self.buffer.erase(to, run);
        self.show_caret();
        is_changed
    }

    /// Takes the last step back. `false` when there is none.
    pub fn undo(&mut self) -> bool {
        let is_changed = self.buffer.undo();
        self.show_caret();
        is_changed
    }

    pub fn redo(&mut self) -> bool {
        let is_changed = self.buffer.redo();
        self.show_caret();
        is_changed
    }

    /// What a key that is no command does. `true` when the text is another one.
    pub fn key(&mut self, key: Key) -> bool {
        if let Some(c) = key.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        let far = key.ctrl || key.alt;
        let buffer = &mut self.buffer;
        let caret = buffer.caret();
        match (key.code, far) {
            (Code::Enter, _) | (Code::Char('m' | 'j'), true) => {
                self.insert("\n");
                self.buffer.rest();
                true
            }
            (Code::Backspace, false) | (Code::Char('h'), true) => {
                let to = buffer.before(caret);
                self.erase(to, Some(Run::Erased))
            }
            (Code::Delete, false) => {
                let to = buffer.after(caret);
                self.erase(to, None)
            }
            (Code::Char('d'), true) if key.ctrl => {
                let to = buffer.after(caret);
                self.erase(to, None)
            }
            (Code::Backspace, true) | (Code::Char('w'), true) => {
                let to = buffer.word_before(caret);
                self.erase(to, None)
            }
            (Code::Delete | Code::Char('d'), true) => {
                let to = buffer.word_after(caret);
                self.erase(to, None)
            }
            (Code::Char('k'), true) => {
                // The rest of the line, or its end where there is no rest.
                let end = buffer.line_end(caret);
                let end = if end == caret { buffer.after(caret) } else { end };
                let is_changed = buffer.cut(end);
                self.show_caret();
                is_changed
            }
            (Code::Char('x'), true) => {
                let is_changed = buffer.cut(caret);
                self.show_caret();
                is_changed
            }
            (Code::Char('y'), true) => {
                let is_changed = buffer.yank();
                self.show_caret();
                is_changed
            }
            _ => {
                self.walk(key);
                false
            }
        }
    }

    /// Whether a letter that is held with ctrl or alt means something here; all other keys do or are
    /// pressed by habit.
    pub fn knows(&self, key: Key) -> bool {
        match key.code {
            Code::Char(c) if key.ctrl => "mjhdwkxypnvbfa".contains(c),
            Code::Char(c) if key.alt => "mjhwdkxypnvbfa".contains(c),
            _ => true,
        }
    }

    // ---- moving --------------------------------------------------------------------------------

    fn walk(&mut self, key: Key) {
        let is_far = key.ctrl || key.alt;
        let page = i64::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1);
        let rows = match key.code {
            Code::Up => -1,
            Code::Down => 1,
            Code::PageUp => -page,
            Code::PageDown => page,
            Code::Char('p') if is_far => -1,
            Code::Char('n') if is_far => 1,
            Code::Char('v') if key.ctrl => page,
            Code::Char('v') if key.alt => -page,
            _ => 0,
        };
        let buffer = &self.buffer;
        let caret = buffer.caret();
        let to = match key.code {
            Code::Left if is_far => buffer.word_before(caret),
            Code::Right if is_far => buffer.word_after(caret),
            Code::Left => buffer.before(caret),
            Code::Right => buffer.after(caret),
            Code::Home if is_far => Place::default(),
            Code::End if is_far => buffer.end(),
            Code::Home => buffer.line_start(caret),
            Code::End => buffer.line_end(caret),
            Code::Char('b') if key.ctrl => buffer.before(caret),
            Code::Char('f') if key.ctrl => buffer.after(caret),
            Code::Char('b') if key.alt => buffer.word_before(caret),
            Code::Char('f') if key.alt => buffer.word_after(caret),
            Code::Char('a') if is_far => buffer.line_start(caret),
            _ if rows != 0 => return self.step(rows, key.shift),
            _ => return,
        };
        self.buffer.go(to, key.shift);
        self.show_caret();
    }

    /// Rows down, or up when negative; beyond the first and the last one, to their ends.
    fn step(&mut self, by: i64, is_selecting: bool) {
        let caret = self.buffer.caret();
        let here = self.anchor_of(caret);
        let (row, line) = (self.row(here), self.line_of(here));
        let column =
            self.column.unwrap_or_else(|| caret::column(line, row, self.measure(), caret.at));
        let rows = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        let (there, gone) = if by > 0 { forward(self, here, rows) } else { back(self, here, rows) };
        let to = match gone {
            0 if by > 0 => self.buffer.end(),
            0 => Place::default(),
            _ => self.at_column(there, column),
        };
        self.buffer.go(to, is_selecting);
        self.show_caret();
        self.column = Some(column);
    }

    /// The place in a row where a column is, or where the row ends.
    fn at_column(&self, anchor: Anchor, column: usize) -> Place {
        let (row, text, line) = (self.row(anchor), self.line_of(anchor), number(anchor.block));
        let mut cells = 0;
        let mut last = row.start;
        for piece in wrap::row_pieces(text, row.clone(), self.measure()) {
            if cells + piece.width > column {
                return Place { line, at: piece.start };
            }
            last = piece.start;
            cells += piece.width;
        }
        // The end of a row that goes on in the next one is the start of that one.
        let is_last = row.end == text.len() && !self.buffer.goes_on(line);
        Place { line, at: if is_last { row.end } else { last } }
    }

    /// To the place of a cell of the pane.
    pub fn point(&mut self, x: usize, y: usize) {
        let (there, gone) = forward(self, self.top, y);
        if gone == y {
            self.buffer.go(self.at_column(there, x), false);
            self.show_caret();
        }
    }

    /// Rows down, or up when negative; the caret comes along where it would be out of sight.
    pub fn scroll(&mut self, by: i64) {
        let rows = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        let moved = if by > 0 { forward(self, self.top, rows) } else { back(self, self.top, rows) };
        self.top = settle(self, moved.0, self.height);
        let here = self.anchor_of(self.buffer.caret());
        let (bottom, _) = forward(self, self.top, self.height.saturating_sub(1));
        if here < self.top || bottom < here {
            let to = if here < self.top { self.top } else { bottom };
            self.buffer.go(self.at_column(to, 0), false);
            self.show_caret();
        }
    }
}
