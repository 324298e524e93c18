//! A text that is written: its caret, what is selected, undo, and the part of it that is on the
//! screen. It moves by grapheme cluster, wraps as the readers do, and costs what the screen and
//! the change cost, however long the text is.
//!
//! What gets into it is safe to print: pasted evidence may hold anything, so what cannot be shown
//! as itself becomes a visible mark.

use super::key::{Code, Key};
use super::line::{Line, Role};
use super::reader::compose::{self, Hits};
use super::reader::{Anchor, Blocks, back, caret, forward, settle};
use crate::text::sanitise::{self, Kind};
use crate::text::wrap::{self, Measure};
use std::collections::VecDeque;
use std::ops::Range;

/// Steps that can be undone, and bytes that are kept for it.
const STEPS: usize = 1_000;
const BYTES: usize = 16 << 20;

#[derive(Clone, Debug, Default)]
pub struct TextArea {
    text: String,
    /// A byte offset, at the border of a cluster.
    caret: usize,
    /// Where the selection began.
    mark: Option<usize>,
    /// The column that the caret keeps while it goes up and down.
    column: Option<usize>,
    /// The first row on the screen.
    top: Anchor,
    done: VecDeque<Change>,
    undone: Vec<Change>,
    /// What is typed next belongs to the last change.
    is_going_on: bool,
    /// What was cut last.
    killed: String,
    width: usize,
    height: usize,
}

/// A part of the text that became another one.
#[derive(Clone, Debug)]
struct Change {
    at: usize,
    removed: String,
    inserted: String,
    /// The caret before it.
    caret: usize,
}

impl Change {
    fn bytes(&self) -> usize {
        self.removed.len() + self.inserted.len()
    }
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
        let text = safe(text);
        TextArea { caret: text.len(), text, width: 1, height: 1, ..TextArea::default() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Byte offset of the caret.
    pub fn caret(&self) -> usize {
        self.caret
    }

    // ---- changing ------------------------------------------------------------------------------

    /// Replaces `range`, as one step that can be undone, and puts the caret behind it.
    fn replace(&mut self, range: Range<usize>, with: &str) {
        let change = Change {
            at: range.start,
            removed: self.text[range.clone()].to_owned(),
            inserted: with.to_owned(),
            caret: self.caret,
        };
        self.text.replace_range(range, with);
        self.caret = change.at + with.len();
        (self.mark, self.column) = (None, None);
        self.undone.clear();
        match self.done.back_mut().filter(|_| self.is_going_on) {
            Some(last) if change.removed.is_empty() && follows(last, &change) => {
                last.inserted.push_str(&change.inserted);
            }
            Some(last)
                if change.inserted.is_empty()
                    && last.inserted.is_empty()
                    && change.at + change.removed.len() == last.at =>
            {
                last.removed.insert_str(0, &change.removed);
                last.at = change.at;
            }
            _ => self.done.push_back(change),
        }
        self.is_going_on = true;
        let mut bytes: usize = self.done.iter().map(Change::bytes).sum();
        while self.done.len() > STEPS || (bytes > BYTES && self.done.len() > 1) {
            bytes -= self.done.pop_front().map_or(0, |oldest| oldest.bytes());
        }
        self.show_caret();
    }

    /// Writes a text at the caret, over what is selected.
    pub fn insert(&mut self, text: &str) {
        let range = self.selected().unwrap_or(self.caret..self.caret);
        let is_typed = text.chars().count() == 1;
        self.is_going_on &= is_typed && range.is_empty();
        self.replace(range, &safe(text));
        self.is_going_on &= is_typed;
    }

    /// The whole text becomes another one, as one step.
    pub fn rewrite(&mut self, text: &str) {
        self.is_going_on = false;
        self.replace(0..self.text.len(), &safe(text));
        self.is_going_on = false;
    }

    /// Replaces what stands before the caret from `start` on.
    pub fn complete(&mut self, start: usize, with: &str) {
        let start = start.min(self.caret);
        if self.text.is_char_boundary(start) {
            self.is_going_on = false;
            self.replace(start..self.caret, with);
            self.is_going_on = false;
        }
    }

    fn remove(&mut self, to: usize) -> bool {
        let range = self.selected().unwrap_or_else(|| self.caret.min(to)..self.caret.max(to));
        if range.is_empty() {
            return false;
        }
        self.is_going_on &= self.text[range.clone()].chars().count() == 1;
        self.replace(range, "");
        true
    }

    /// Takes the last step back. `false` when there is none.
    pub fn undo(&mut self) -> bool {
        let Some(change) = self.done.pop_back() else { return false };
        self.text.replace_range(change.at..change.at + change.inserted.len(), &change.removed);
        self.caret = change.caret.min(self.text.len());
        self.undone.push(change);
        self.rest();
        true
    }

    pub fn redo(&mut self) -> bool {
        let Some(change) = self.undone.pop() else { return false };
        self.text.replace_range(change.at..change.at + change.removed.len(), &change.inserted);
        self.caret = change.at + change.inserted.len();
        self.done.push_back(change);
        self.rest();
        true
    }

    /// Nothing is being typed or selected any more.
    fn rest(&mut self) {
        (self.mark, self.column, self.is_going_on) = (None, None, false);
        self.show_caret();
    }

    /// What a key that is no command does. `true` when the text is another one.
    pub fn key(&mut self, key: Key) -> bool {
        if let Some(c) = key.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        let far = key.ctrl || key.alt;
        match (key.code, far) {
            (Code::Enter, _) | (Code::Char('m' | 'j'), true) => {
                self.insert("\n");
                self.is_going_on = false;
                true
            }
            (Code::Backspace, false) | (Code::Char('h'), true) => {
                self.remove(caret::before(&self.text, self.caret))
            }
            (Code::Delete, false) => self.remove(caret::after(&self.text, self.caret)),
            (Code::Char('d'), true) if key.ctrl => {
                self.remove(caret::after(&self.text, self.caret))
            }
            (Code::Backspace, true) | (Code::Char('w'), true) => {
                self.remove(caret::word_before(&self.text, self.caret))
            }
            (Code::Delete | Code::Char('d'), true) => {
                self.remove(caret::word_after(&self.text, self.caret))
            }
            (Code::Char('k'), true) => self.kill(),
            (Code::Char('x'), true) => self.cut(),
            (Code::Char('y'), true) => {
                let killed = self.killed.clone();
                self.insert(&killed);
                !killed.is_empty()
            }
            _ => {
                self.walk(key);
                false
            }
        }
    }

    /// Cuts the rest of the line, or its end where there is no rest.
    fn kill(&mut self) -> bool {
        let end = caret::line(&self.text, self.caret).end;
        let end = if end == self.caret { caret::after(&self.text, self.caret) } else { end };
        let range = self.selected().unwrap_or(self.caret..end);
        self.killed = self.text[range].to_owned();
        self.is_going_on = false;
        self.remove(end)
    }

    fn cut(&mut self) -> bool {
        let Some(range) = self.selected() else { return false };
        self.killed = self.text[range.clone()].to_owned();
        self.is_going_on = false;
        self.replace(range, "");
        true
    }

    // ---- moving --------------------------------------------------------------------------------

    /// What is selected, if anything.
    pub fn selected(&self) -> Option<Range<usize>> {
        let mark = self.mark.filter(|mark| *mark != self.caret)?;
        Some(mark.min(self.caret)..mark.max(self.caret))
    }

    fn walk(&mut self, key: Key) {
        let is_far = key.ctrl || key.alt;
        let by_letter = |letter: char| is_far && key.code == Code::Char(letter);
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
        let text = &self.text;
        let line = || caret::line(text, self.caret);
        let to = match key.code {
            Code::Left if is_far => caret::word_before(text, self.caret),
            Code::Right if is_far => caret::word_after(text, self.caret),
            Code::Left => caret::before(text, self.caret),
            Code::Right => caret::after(text, self.caret),
            Code::Home if is_far => 0,
            Code::End if is_far => text.len(),
            Code::Home => line().start,
            Code::End => line().end,
            Code::Char('b') if key.ctrl => caret::before(text, self.caret),
            Code::Char('f') if key.ctrl => caret::after(text, self.caret),
            Code::Char('b') if key.alt => caret::word_before(text, self.caret),
            Code::Char('f') if key.alt => caret::word_after(text, self.caret),
            _ if by_letter('a') => line().start,
            _ if rows != 0 => self.caret,
            _ => return,
        };
        self.mark = match (key.shift, self.mark) {
            (true, None) => Some(self.caret),
            (true, mark) => mark,
            (false, _) => None,
        };
        self.is_going_on = false;
        if rows == 0 {
            (self.caret, self.column) = (to, None);
        } else {
            self.step(rows);
        }
        self.show_caret();
    }

    /// Rows down, or up when negative; beyond the first and the last one, to their ends.
    fn step(&mut self, by: i64) {
        let here = self.anchor_of(self.caret);
        let (range, _) = self.row(here);
        let measure = self.measure();
        let column =
            self.column.unwrap_or_else(|| caret::column(&self.text, range, measure, self.caret));
        let rows = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        let (there, gone) = if by > 0 { forward(self, here, rows) } else { back(self, here, rows) };
        self.caret = match gone {
            0 if by > 0 => self.text.len(),
            0 => 0,
            _ => self.at_column(there, column),
        };
        self.column = Some(column);
    }

    /// The byte offset in a row where a column is, or where the row ends.
    fn at_column(&self, anchor: Anchor, column: usize) -> usize {
        let (row, is_last) = self.row(anchor);
        let mut cells = 0;
        let mut last = row.start;
        for piece in wrap::row_pieces(&self.text, row.clone(), self.measure()) {
            if piece.kind == Kind::LineEnd || cells + piece.width > column {
                return piece.start;
            }
            last = piece.start;
            cells += piece.width;
        }
        // The end of a row that goes on in the next one is the start of that one.
        if is_last { row.end } else { last }
    }

    /// To the place of a cell of the pane.
    pub fn point(&mut self, x: usize, y: usize) {
        let (there, gone) = forward(self, self.top, y);
        if gone == y {
            self.caret = self.at_column(there, x);
            self.rest();
        }
    }

    /// Rows down, or up when negative; the caret comes along where it would be out of sight.
    pub fn scroll(&mut self, by: i64) {
        let rows = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        let moved = if by > 0 { forward(self, self.top, rows) } else { back(self, self.top, rows) };
        self.top = settle(self, moved.0, self.height);
        let here = self.anchor_of(self.caret);
        let (bottom, _) = forward(self, self.top, self.height.saturating_sub(1));
        if here < self.top || bottom < here {
            let to = if here < self.top { self.top } else { bottom };
            self.caret = self.at_column(to, 0);
            self.rest();
        }
    }

    // ---- rows ----------------------------------------------------------------------------------

    pub fn resize(&mut self, width: usize, height: usize) {
        if (width, height) != (self.width, self.height) {
            (self.width, self.height) = (width.max(1), height.max(1));
            self.top = Anchor { row: 0, ..self.top };
            self.show_caret();
        }
    }

    fn measure(&self) -> Measure {
        // The caret behind the last character has a cell of its own.
        Measure::text(self.width.saturating_sub(1).max(1))
    }

    /// Where the stretch of text begins that holds the caret at `offset`.
    fn block_of(&self, offset: usize) -> usize {
        let is_behind = offset == self.text.len() && !self.text.ends_with('\n');
        let mut at = if is_behind { offset.saturating_sub(1) } else { offset };
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        wrap::segment_start(&self.text, 0, at)
    }

    fn block_range(&self, block: u64) -> Range<usize> {
        let start = usize::try_from(block).unwrap_or(usize::MAX).min(self.text.len());
        start..wrap::segment_end(&self.text, 0, start)
    }

    fn rows(&self, block: u64) -> wrap::Rows<'_> {
        wrap::rows(&self.text, self.block_range(block), self.measure())
    }

    fn anchor_of(&self, offset: usize) -> Anchor {
        let block = self.block_of(offset) as u64;
        let row = self.rows(block).take_while(|row| row.range.end <= offset).count();
        Anchor { block, row: row.min(self.height(block).saturating_sub(1)) }
    }

    /// Bytes of a row, and whether it is the last one of its line.
    fn row(&self, anchor: Anchor) -> (Range<usize>, bool) {
        let end = self.block_range(anchor.block).end;
        let row = self.rows(anchor.block).nth(anchor.row).map_or(end..end, |row| row.range);
        let is_last = row.end == self.text.len();
        (row, is_last)
    }

    fn show_caret(&mut self) {
        // What was the top may be no start of a stretch any more.
        let top = usize::try_from(self.top.block).unwrap_or(0).min(self.text.len());
        if self.block_of(top) != top {
            self.top = Anchor { block: self.block_of(top) as u64, row: 0 };
        }
        self.top.row = self.top.row.min(self.height(self.top.block).saturating_sub(1));
        let here = self.anchor_of(self.caret);
        if here < self.top {
            self.top = here;
        } else {
            let least = back(self, here, self.height.saturating_sub(1)).0;
            self.top = self.top.max(least);
        }
        self.top = settle(self, self.top, self.height);
    }

    /// The rows that are on the screen.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::with_capacity(self.height);
        let selected = self.selected().map(|range| (range.start as u64, range.end as u64));
        let hits = Hits { selected, ..Hits::default() };
        let mut block = Some(self.top.block);
        let mut skip = self.top.row;
        while let Some(at) = block
            && lines.len() < self.height
        {
            let rows = self.rows(at).skip(skip).take(self.height - lines.len());
            lines.extend(
                rows.map(|row| compose::row(&self.text, &row, self.measure(), 0, hits, Role::Text)),
            );
            skip = 0;
            block = self.next(at);
        }
        lines
    }

    /// Column and row of the caret in the pane.
    pub fn place(&self) -> (usize, usize) {
        let here = self.anchor_of(self.caret);
        let (row, _) = self.row(here);
        let column = caret::column(&self.text, row, self.measure(), self.caret);
        let mut anchor = self.top;
        let mut rows = 0;
        while anchor < here && rows < self.height {
            anchor = forward(self, anchor, 1).0;
            rows += 1;
        }
        (column.min(self.width.saturating_sub(1)), rows)
    }
}

/// Whether what is typed goes on with the last change: a word and the spaces behind it.
fn follows(last: &Change, change: &Change) -> bool {
    let is_blank = |text: &str| text.chars().all(char::is_whitespace);
    last.removed.is_empty()
        && last.at + last.inserted.len() == change.at
        && (!last.inserted.ends_with(char::is_whitespace) || is_blank(&change.inserted))
}

impl Blocks for TextArea {
    fn height(&self, block: u64) -> usize {
        self.rows(block).count().max(1)
    }

    fn next(&self, block: u64) -> Option<u64> {
        let range = self.block_range(block);
        let is_end = range.end == self.text.len();
        let has_more = !is_end || (self.text.ends_with('\n') && !range.is_empty());
        has_more.then_some(range.end as u64)
    }

    fn prev(&self, block: u64) -> Option<u64> {
        let mut before = usize::try_from(block).ok()?.checked_sub(1)?;
        while !self.text.is_char_boundary(before) {
            before -= 1;
        }
        Some(wrap::segment_start(&self.text, 0, before) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn area(text: &str, width: usize, height: usize) -> TextArea {
        let mut area = TextArea::new(text);
        area.resize(width, height);
        area
    }

    fn press(area: &mut TextArea, keys: &str) {
        for key in keys.split_whitespace() {
            area.key(key.parse().unwrap());
        }
    }

    /// The text after some keys, with `|` where the caret is.
    #[track_caller]
    fn check(start: &str, keys: &str, expected: &str) {
        let mut area = area(start, 12, 4);
        press(&mut area, keys);
        let mut text = area.text().to_owned();
        text.insert(area.caret(), '|');
        assert_eq!(text, expected, "{start:?} {keys}");
    }

    #[test]
    fn it_is_written_moved_over_and_deleted_by_clusters() {
        check("合同", "台 账 left backspace", "合同|账");
        check("青河\n付款", "up end 的 enter x", "青河的\nx|\n付款");
        let family = "a👨\u{200d}👩\u{200d}👧";
        check(family, "backspace", "a|");
        check(family, "left left right b", "ab|👨\u{200d}👩\u{200d}👧");
        check("e\u{301}x", "left backspace", "|x");
        check("e\u{301}x", "home delete", "|x");
        check("🇨🇳🇷🇺", "left backspace", "|🇷🇺");
        check("one two", "ctrl-w", "one |");
        check("one two", "alt-b alt-d", "one |");
        check("one\ntwo", "up home ctrl-k ctrl-k ctrl-y", "\n|two");
        check("one two", "home shift-right shift-right x", "x|e two");
        check("one two", "ctrl-home ctrl-right shift-end ctrl-x home ctrl-y", "two|one ");
        check("青河", "shift-left backspace", "青|");
    }

    #[test]
    fn up_and_down_keep_the_column() {
        check("abcdef\nx\nabcdef", "up up up down down y", "abcdef\nx\nabcdefy|");
        check("付款方式\nab\n付款方式", "left up up x", "付款方x|式\nab\n付款方式");
        // A wrapped line is several rows.
        check("付款方式另行约定", "up x", "付款方x|式另行约定");
        check("ab", "up x", "x|ab");
        check("ab", "home down x", "abx|");
    }

    #[test]
    fn what_is_pasted_is_shown_and_undone() {
        let mut area = area("a", 20, 4);
        area.insert("\x1b]52;c;aGk=\x07\u{202e}b\r\n\tc");
        let pasted = "a␛]52;c;aGk=␇⟨U+202E⟩b\n\tc";
        assert_eq!(area.text(), pasted);
        assert!(area.undo());
        assert_eq!(area.text(), "a");
        assert!(area.redo() && !area.redo());
        assert_eq!(area.text(), pasted);
    }

    #[test]
    fn typing_is_undone_word_by_word() {
        let mut area = area("", 20, 4);
        press(&mut area, "o n e space t w o enter 青 河");
        let mut texts = Vec::new();
        while area.undo() {
            texts.push(area.text().to_owned());
        }
        assert_eq!(texts, ["one two\n", "one ", ""]);
        while area.redo() {}
        assert_eq!(area.text(), "one two\n青河");
        press(&mut area, "backspace backspace");
        area.undo();
        assert_eq!(area.text(), "one two\n青河");
    }

    #[test]
    fn the_caret_has_a_cell_and_is_seen() {
        // Five cells of text hold two wide characters; the third stands in the next row.
        let place = |text: &str| area(text, 6, 4).place();
        assert_eq!(place("青河"), (4, 0));
        assert_eq!(place("青河付"), (2, 1));
        assert_eq!(place("abcde"), (5, 0));
        assert_eq!(place("abcdef"), (1, 1));
        assert_eq!(place("ab\n"), (0, 1));
        assert_eq!(place(""), (0, 0));
        assert_eq!(place("👨\u{200d}👩\u{200d}👧"), (2, 0));
        assert_eq!(place("1\n2\n3\n4\n5"), (1, 3));
        let mut many = area("1\n2\n3\n4\n5", 6, 4);
        press(&mut many, "ctrl-home");
        assert_eq!((many.place(), many.lines()[0].plain()), ((0, 0), "1".to_owned()));
        many.scroll(9);
        assert_eq!((many.place(), many.lines()[0].plain()), ((0, 0), "2".to_owned()));
        many.point(0, 2);
        assert_eq!(many.caret(), 6);
    }

    #[test]
    fn a_long_text_is_as_near_as_a_short_one() {
        let line = "青河那边的付款下周，30万先付，剩下的走川江。".repeat(3);
        let many = vec![line.as_str(); 6_000].join("\n");
        for text in [many.clone(), many.replace('\n', "")] {
            let mut area = area("x", 40, 20);
            area.insert(&text);
            assert_eq!(area.lines().len(), 20);
            press(&mut area, "y ctrl-home z pagedown up");
            assert!(area.text().starts_with("zx青") && area.text().ends_with("。y"));
            assert!(area.undo() && area.undo() && area.undo());
            assert_eq!(area.text(), "x");
        }
    }

    proptest! {
        /// Whatever is pressed: the caret is in the text and on the screen, nothing is wider than
        /// the pane, and undoing everything gives what there was.
        #[test]
        fn the_caret_stays_inside(
            start in "[ab合\u{301}\u{200d}👩\n ，\t]{0,40}",
            keys in prop::collection::vec(0..20_usize, 0..40),
            width in 2_usize..14,
            height in 1_usize..5,
        ) {
            const POOL: [&str; 20] = [
                "left", "right", "up", "down", "home", "end", "pageup", "pagedown", "backspace",
                "delete", "合", "x", "enter", "space", "ctrl-w", "ctrl-k", "ctrl-y",
                "shift-right", "shift-up", "ctrl-right",
            ];
            let mut area = area(&start, width, height);
            let before = area.text().to_owned();
            for key in keys {
                area.key(POOL[key].parse().unwrap());
                prop_assert!(area.text().is_char_boundary(area.caret()));
                let (x, y) = area.place();
                prop_assert!(x < width && y < height, "{:?} at {:?}", area, (x, y));
                let lines = area.lines();
                prop_assert!(lines.len() <= height && y < lines.len());
                for line in &lines {
                    prop_assert!(line.width() <= width);
                }
            }
            while area.undo() {}
            prop_assert_eq!(area.text(), before);
        }
    }
}
