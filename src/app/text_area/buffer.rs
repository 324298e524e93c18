//! What is written, as tui-textarea keeps it: lines, caret, selection, what was cut, history.
//! It moves by `char` and counts one step of history for each of its edits; places at the border
//! of a cluster, and steps as people mean them, are what this adds.
//!
//! Nothing of it is drawn: it would wrap and draw the whole text, where the screen needs forty
//! rows. It measures the whole text after each edit all the same: a key takes 0.7 ms in a note of
//! 100 KB, 9 ms in one of 1 MB, 85 ms in one of 10 MB, undoing a word as much for each character;
//! a paste of 10 MB takes 0.12 s (one core, optimised). And it jumps to the first 65,536 lines and
//! columns only: a longer line is kept as several (see [`GOES_ON`]), a line further down is
//! reached in steps.

use super::places::Place;
use crate::app::reader::caret;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;
use tui_textarea::{CursorMove, DataCursor, TextArea};

/// Edits that can be undone: a character that is typed is one, a paste as well.
const EDITS: usize = 10_000;

/// Bytes of changes that are kept for it. One more, and the history begins anew.
const BYTES: usize = 64 << 20;

/// Ends a line of the buffer that goes on in the next one. No text has it: what is written comes
/// through `safe`.
const GOES_ON: char = '\0';

/// Bytes of a line of the buffer above which it is cut, and how long its parts become. Two lines
/// that are joined stay in reach of a jump.
const LONGEST: usize = 24 * 1024;
const PART: usize = 8 * 1024;

/// Changes of which one goes on with the one before, as one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    Word,
    Blank,
    Erased,
}

impl Run {
    /// A word and the blanks behind it are one step; so is what was erased key by key.
    fn goes_on_with(self, next: Run) -> bool {
        self == next || (self == Run::Word && next == Run::Blank)
    }
}

/// What one undo takes back.
#[derive(Clone, Debug)]
struct Step {
    edits: usize,
    bytes: usize,
    before: DataCursor,
    after: DataCursor,
}

#[derive(Clone, Debug)]
pub struct Buffer {
    inner: TextArea<'static>,
    done: VecDeque<Step>,
    undone: Vec<Step>,
    /// What the last change was, as long as the next one may go on with it.
    run: Option<Run>,
}

impl Buffer {
    /// A text that is safe to show, with the caret at its end.
    pub fn new(text: &str) -> Self {
        let lines = broken(text).split('\n').map(str::to_owned).collect();
        let mut inner = TextArea::new(lines);
        inner.set_max_histories(EDITS + 1);
        inner.move_cursor(CursorMove::Bottom);
        inner.move_cursor(CursorMove::End);
        Buffer { inner, done: VecDeque::new(), undone: Vec::new(), run: None }
    }

    // ---- reading -------------------------------------------------------------------------------

    pub fn text(&self) -> String {
        let mut text = String::new();
        for (number, line) in self.inner.lines().iter().enumerate() {
            text.push_str(self.line(number));
            if !line.ends_with(GOES_ON) && number + 1 < self.lines() {
                text.push('\n');
            }
        }
        text
    }

    /// Lines of the buffer; at least one.
    pub fn lines(&self) -> usize {
        self.inner.lines().len()
    }

    /// A line of the buffer without its end; empty beyond the last one.
    pub fn line(&self, number: usize) -> &str {
        let line = self.inner.lines().get(number).map_or("", String::as_str);
        line.strip_suffix(GOES_ON).unwrap_or(line)
    }

    /// Whether a line of the buffer is only a part of a line of the text, and not its last one.
    pub fn goes_on(&self, number: usize) -> bool {
        self.inner.lines().get(number).is_some_and(|line| line.ends_with(GOES_ON))
    }

    /// Bytes of the text before a place.
    pub fn offset(&self, place: Place) -> usize {
        let before =
            (0..place.line).map(|line| self.line(line).len() + usize::from(!self.goes_on(line)));
        before.sum::<usize>() + place.at
    }

    fn place_of(&self, cursor: DataCursor) -> Place {
        let line = self.line(cursor.0);
        let at = line.char_indices().nth(cursor.1).map_or(line.len(), |(at, _)| at);
        Place { line: cursor.0, at }
    }

    pub fn caret(&self) -> Place {
        self.place_of(self.inner.cursor())
    }

    /// What is selected, if anything.
    pub fn selected(&self) -> Option<Range<Place>> {
        let (from, to) = self.inner.selection_range().filter(|(from, to)| from != to)?;
        Some(self.place_of(from.into())..self.place_of(to.into()))
    }

    pub fn end(&self) -> Place {
        let line = self.lines() - 1;
        Place { line, at: self.line(line).len() }
    }

    /// The place itself, or the start of the next line of the buffer where that is the same place.
    pub(super) fn settled(&self, place: Place) -> Place {
        match place.at >= self.line(place.line).len() && self.goes_on(place.line) {
            true => Place { line: place.line + 1, at: 0 },
            false => place,
        }
    }

    // ---- moving --------------------------------------------------------------------------------

    /// Moves the caret; what is selected grows or shrinks with it, or is let go.
    pub fn go(&mut self, to: Place, is_selecting: bool) {
        match is_selecting {
            true if !self.inner.is_selecting() => self.inner.start_selection(),
            true => {}
            false => self.inner.cancel_selection(),
        }
        self.run = None;
        let to = self.settled(to);
        let column = self.line(to.line).get(..to.at).map_or(0, |head| head.chars().count());
        self.jump(DataCursor(to.line, column));
    }

    fn jump(&mut self, to: DataCursor) {
        if let (Ok(line), Ok(column)) = (u16::try_from(to.0), u16::try_from(to.1)) {
            return self.inner.move_cursor(CursorMove::Jump(line, column));
        }
        // Beyond what can be jumped to: from where it is nearest.
        let here = to.0.abs_diff(self.inner.cursor().0);
        if self.lines() - to.0 < here {
            self.inner.move_cursor(CursorMove::Bottom);
        } else if to.0 - usize::from(u16::MAX) < here {
            self.inner.move_cursor(CursorMove::Jump(u16::MAX, 0));
        }
        self.inner.move_cursor(CursorMove::Head);
        let by = if self.inner.cursor().0 < to.0 { CursorMove::Down } else { CursorMove::Up };
        for _ in 0..to.0.abs_diff(self.inner.cursor().0) {
            self.inner.move_cursor(by);
        }
        let columns = self.line(to.0).chars().count();
        let (by, steps) = match to.1 < columns / 2 {
            true => (CursorMove::Forward, to.1),
            false => (CursorMove::Back, columns.saturating_sub(to.1)),
        };
        if by == CursorMove::Back {
            self.inner.move_cursor(CursorMove::End);
            if self.goes_on(to.0) {
                self.inner.move_cursor(CursorMove::Back);
            }
        }
        for _ in 0..steps {
            self.inner.move_cursor(by);
        }
    }

    // ---- changing ------------------------------------------------------------------------------

    /// The next change is a step of its own.
    pub fn rest(&mut self) {
        self.run = None;
    }

    /// Writes a safe text at the caret, over what is selected. `false` when that changes nothing.
    pub fn insert(&mut self, text: &str, run: Option<Run>) -> bool {
        let before = self.inner.cursor();
        self.change(before, run, |inner| inner.insert_str(broken(text).as_ref()), text.len())
    }

    /// Removes what is selected, or all from the caret to a place.
    pub fn erase(&mut self, to: Place, run: Option<Run>) -> bool {
        let before = self.select_to(to);
        self.change(before, run, |inner| inner.insert_str(""), 0)
    }

    /// The same, and keeps it for [`Buffer::yank`].
    pub fn cut(&mut self, to: Place) -> bool {
        let before = self.select_to(to);
        self.change(before, None, TextArea::cut, 0)
    }

    /// Writes what was cut last.
    pub fn yank(&mut self) -> bool {
        let text = self.inner.yank_text();
        let before = self.inner.cursor();
        self.change(before, None, |inner| inner.insert_str(&text), text.len())
    }

    /// The whole text becomes another one.
    pub fn rewrite(&mut self, text: &str) -> bool {
        let before = self.inner.cursor();
        self.go(Place::default(), false);
        self.go(self.end(), true);
        self.change(before, None, |inner| inner.insert_str(broken(text).as_ref()), text.len())
    }

    /// Selects from the caret to a place where nothing is selected; gives where the caret was.
    fn select_to(&mut self, to: Place) -> DataCursor {
        let (before, run) = (self.inner.cursor(), self.run);
        if self.selected().is_none() {
            self.inner.cancel_selection();
            self.go(to, true);
            self.run = run;
        } else {
            self.run = None;
        }
        before
    }

    /// One change: what is selected goes, and `written` bytes come.
    fn change(
        &mut self,
        before: DataCursor,
        run: Option<Run>,
        edit: impl FnOnce(&mut TextArea<'static>) -> bool,
        written: usize,
    ) -> bool {
        let selected = self.selected();
        let from = selected.as_ref().map_or(self.caret(), |range| range.start);
        let removed = selected.map_or(0, |range| self.offset(range.end) - self.offset(range.start));
        if removed + written == 0 {
            self.inner.cancel_selection();
            return false;
        }
        let is_typed_over = removed > 0 && written > 0;
        let goes_on = match (self.run, run) {
            (Some(last), Some(next)) => last.goes_on_with(next) && !is_typed_over,
            _ => false,
        };
        let kept: usize = self.done.iter().map(|step| step.bytes).sum();
        if kept + removed + written > BYTES {
            self.inner.set_max_histories(EDITS + 1);
            self.done.clear();
        }
        self.undone.clear();
        edit(&mut self.inner);
        let edits = usize::from(removed > 0) + usize::from(written > 0) + self.cut_long(from.line);
        let (bytes, after) = (removed + written, self.inner.cursor());
        match self.done.back_mut().filter(|_| goes_on) {
            Some(last) => {
                *last =
                    Step { edits: last.edits + edits, bytes: last.bytes + bytes, after, ..*last };
            }
            None => self.done.push_back(Step { edits, bytes, before, after }),
        }
        while self.done.iter().map(|step| step.edits).sum::<usize>() > EDITS {
            self.done.pop_front();
        }
        self.run = run;
        true
    }

    /// Cuts lines that a change has made too long, from `line` to that of the caret. Gives the
    /// number of edits that it took.
    fn cut_long(&mut self, line: usize) -> usize {
        let mut caret = self.settled(self.caret());
        let (mut line, mut edits) = (line, 0);
        while line <= caret.line {
            if self.line(line).len() > LONGEST {
                let at = border(self.line(line), PART);
                self.go(Place { line, at }, false);
                self.inner.insert_str(format!("{GOES_ON}\n"));
                edits += 1;
                match caret.line > line {
                    true => caret.line += 1,
                    false if caret.at >= at => caret = Place { line: line + 1, at: caret.at - at },
                    false => {}
                }
            }
            line += 1;
        }
        self.go(caret, false);
        edits
    }

    /// Takes the last step back. `false` when there is none.
    pub fn undo(&mut self) -> bool {
        let Some(step) = self.done.pop_back() else { return false };
        for _ in 0..step.edits {
            self.inner.undo();
        }
        self.jump(step.before);
        self.run = None;
        self.undone.push(step);
        true
    }

    pub fn redo(&mut self) -> bool {
        let Some(step) = self.undone.pop() else { return false };
        for _ in 0..step.edits {
            self.inner.redo();
        }
        self.jump(step.after);
        self.run = None;
        self.done.push_back(step);
        true
    }
}

/// A text whose lines are all within reach.
fn broken(text: &str) -> Cow<'_, str> {
    if text.split('\n').all(|line| line.len() <= LONGEST) {
        return Cow::Borrowed(text);
    }
    let mut lines = String::with_capacity(text.len() + text.len() / PART * 2);
    for (number, mut line) in text.split('\n').enumerate() {
        if number > 0 {
            lines.push('\n');
        }
        while line.len() > LONGEST {
            let (part, rest) = line.split_at(border(line, PART));
            lines.push_str(part);
            lines.push(GOES_ON);
            lines.push('\n');
            line = rest;
        }
        lines.push_str(line);
    }
    Cow::Owned(lines)
}

/// The last border of clusters before a byte of a line.
fn border(line: &str, at: usize) -> usize {
    let at = line.floor_char_boundary(at);
    match caret::before(line, at) {
        0 => at,
        border => border,
    }
}
