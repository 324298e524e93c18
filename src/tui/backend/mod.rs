//! Cells to bytes, few of them: people read over slow lines.
//!
//! The stock backend sends a cursor position before every wide character (68 kB for a screen of
//! Chinese that has 18 kB of text), both colours when one changes, and cursor commands for frames
//! in which nothing changed. This one knows where the cursor is after a wide character, sends
//! what differs, brackets a frame as one synchronized update, and writes once per frame.
//!
//! It is also the last line of defence: a control character that came this far is not sent.

mod pen;
#[cfg(test)]
mod tests;

use self::pen::{PLAIN, Pen};
use super::shown::{Shown, is_blank, is_unseen};
use crate::text::width;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use std::io::{self, Write};

/// Bytes that are gathered before they are written.
const BUFFER: usize = 64 * 1024;

pub struct LeanBackend<W: Write> {
    out: W,
    buffer: Vec<u8>,
    size: Size,
    /// Where the terminal's cursor is, as far as that is sure.
    at: Option<(u16, u16)>,
    pen: Pen,
    is_cursor_shown: Option<bool>,
    /// Where the cursor shall be after the frame.
    rest_at: Option<(u16, u16)>,
    /// Bytes sent so far.
    sent: u64,
    /// The terminal knows how to erase some cells (ECH).
    erases: bool,
    shown: Shown,
}

impl<W: Write> LeanBackend<W> {
    pub fn new(out: W, width: u16, height: u16) -> Self {
        LeanBackend {
            out,
            buffer: Vec::with_capacity(BUFFER),
            size: Size { width, height },
            at: None,
            pen: PLAIN,
            is_cursor_shown: None,
            rest_at: None,
            sent: 0,
            erases: true,
            shown: Shown::new(width, height),
        }
    }

    /// For a terminal that can not erase some cells by one command: a VT100 and what is no better.
    pub fn without_erasing(mut self) -> Self {
        self.erases = false;
        self
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.size = Size { width, height };
        self.shown = Shown::new(width, height);
        self.forget();
    }

    /// Somebody else wrote to the terminal: nothing is known about it any more.
    pub fn forget(&mut self) {
        self.at = None;
        self.shown.forget();
        self.is_cursor_shown = None;
        self.buffer.extend_from_slice(b"\x1b[0m");
        self.pen = PLAIN;
    }

    /// Where the bytes go.
    #[cfg(test)]
    pub fn out_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// Bytes sent to the terminal so far.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// Bytes that are no part of the picture: the clipboard, a title.
    pub fn send(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Ends a frame: what was drawn goes out as one update. Gives its bytes.
    pub fn end_frame(&mut self) -> io::Result<usize> {
        if !self.buffer.is_empty() {
            let body = std::mem::replace(&mut self.buffer, Vec::with_capacity(BUFFER));
            self.buffer.extend_from_slice(b"\x1b[?2026h");
            // A visible cursor that runs over the screen flickers where updates are not synchronized.
            if self.is_cursor_shown != Some(false) {
                self.buffer.extend_from_slice(b"\x1b[?25l");
                self.is_cursor_shown = Some(false);
            }
            self.buffer.extend_from_slice(&body);
        }
        let begun = !self.buffer.is_empty();
        match self.rest_at {
            Some((x, y)) => {
                if self.at != Some((x, y)) {
                    self.go(x, y);
                }
                if self.is_cursor_shown != Some(true) {
                    self.buffer.extend_from_slice(b"\x1b[?25h");
                    self.is_cursor_shown = Some(true);
                }
            }
            None if self.is_cursor_shown != Some(false) => {
                self.buffer.extend_from_slice(b"\x1b[?25l");
                self.is_cursor_shown = Some(false);
            }
            None => {}
        }
        if begun {
            self.buffer.extend_from_slice(b"\x1b[?2026l");
        }
        self.write_out()
    }

    fn write_out(&mut self) -> io::Result<usize> {
        let bytes = self.buffer.len();
        if bytes == 0 {
            return Ok(0);
        }
        self.sent += bytes as u64;
        let result = self.out.write_all(&self.buffer).and_then(|()| self.out.flush());
        self.buffer.clear();
        result.map(|()| bytes)
    }

    fn go(&mut self, x: u16, y: u16) {
        match self.at {
            Some((from, row)) if row == y && x > from && x - from < 1000 => match x - from {
                1 => self.buffer.extend_from_slice(b"\x1b[C"),
                step => self.number(b"\x1b[", step, b"C"),
            },
            Some((_, row)) if row.checked_add(1) == Some(y) && x == 0 => {
                self.buffer.extend_from_slice(b"\r\n");
            }
            _ => {
                self.number(b"\x1b[", y + 1, b";");
                self.number(b"", x + 1, b"H");
            }
        }
        self.at = Some((x, y));
    }

    /// Writes cells that are blank, or erases them where that is shorter.
    fn blank(&mut self, (x, y): (u16, u16), cells: u16) {
        // An erased stretch leaves the cursor at its start, so what follows costs a step.
        const WORTH: u16 = 10;
        if cells == 0 {
            return;
        }
        if self.at != Some((x, y)) {
            self.go(x, y);
        }
        if self.erases && cells >= WORTH {
            // Terminals do not agree on the colours of what is erased, but for none.
            self.dip(PLAIN);
            self.number(b"\x1b[", cells, b"X");
            return;
        }
        if !is_unseen(self.pen.bg, self.pen.modifier) {
            self.dip(PLAIN);
        }
        self.buffer.extend(std::iter::repeat_n(b' ', usize::from(cells)));
        let next = x + cells;
        self.at = (next < self.size.width).then_some((next, y));
    }

    /// Writes the blank that a wide character left.
    fn space(&mut self, x: u16, y: u16, cell: &Cell) {
        if self.at != Some((x, y)) {
            self.go(x, y);
        }
        self.dip(Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier });
        self.buffer.push(b' ');
        self.at = (x + 1 < self.size.width).then_some((x + 1, y));
    }

    /// Goes on to a column by writing again what stands there, where that is no longer than a step.
    fn bridge(&mut self, x: u16, y: u16) {
        // A step takes three bytes, or four.
        const LONGEST: u16 = 4;
        let Some((from, row)) = self.at.filter(|(from, row)| *row == y && *from < x) else {
            return;
        };
        if x - from > LONGEST {
            return;
        }
        let room = if x - from == 1 { 3 } else { 4 };
        let pen = self.pen;
        let looks_so = |cell: &Cell| {
            let own = Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
            let is_unseen = is_blank(cell) && is_unseen(pen.bg, pen.modifier);
            is_sure(cell.symbol()) && (own == pen || is_unseen)
        };
        let Some(cells) = self.shown.cells(from, x, row) else { return };
        let bytes: usize = cells.iter().map(|cell| cell.symbol().len()).sum();
        if bytes <= room && cells.iter().all(|cell| looks_so(cell)) {
            for cell in cells {
                self.buffer.extend_from_slice(cell.symbol().as_bytes());
            }
            self.at = Some((x, y));
        }
    }

    fn number(&mut self, head: &[u8], number: u16, tail: &[u8]) {
        self.buffer.extend_from_slice(head);
        self.buffer.extend_from_slice(number.to_string().as_bytes());
        self.buffer.extend_from_slice(tail);
    }

    fn dip(&mut self, pen: Pen) {
        pen.take_over_from(self.pen, &mut self.buffer);
        self.pen = pen;
    }
}

/// Whether every terminal agrees on the width of this: otherwise the cursor is placed anew.
fn is_sure(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return false };
    matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}'
        | '\u{2010}'..='\u{2027}' | '\u{2400}'..='\u{2421}' | '\u{2500}'..='\u{25ff}'
        | '\u{2e80}'..='\u{2fd5}' | '\u{3000}'..='\u{3029}' | '\u{3030}'..='\u{303e}'
        | '\u{3041}'..='\u{3096}' | '\u{309b}'..='\u{30ff}' | '\u{3105}'..='\u{312f}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9ffc}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{fa6d}' | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}')
}

impl<W: Write> Backend for LeanBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        // Blank cells side by side: where they begin, and how many.
        let mut blanks: Option<((u16, u16), u16)> = None;
        for (x, y, cell) in content {
            if is_blank(cell) {
                // All of a wide character goes, or terminals keep a half without the other.
                let wide = self.shown.width_at(x, y);
                blanks = match blanks {
                    // What is blank already and stands between is none the worse for it.
                    Some(((from, row), cells))
                        if row == y && self.shown.is_blank(from + cells, x, y) =>
                    {
                        Some(((from, row), x - from + wide))
                    }
                    before => {
                        before.into_iter().for_each(|(at, cells)| self.blank(at, cells));
                        Some(((x, y), wide))
                    }
                };
                if let Some(left) = self.shown.put(x, y, cell)
                    && let Some((at, cells)) = blanks.take()
                {
                    self.blank(at, cells - 1);
                    self.space(x + 1, y, &left);
                }
                continue;
            }
            if let Some((at, cells)) = blanks.take() {
                self.blank(at, cells);
            }
            self.bridge(x, y);
            let left = self.shown.put(x, y, cell);
            let symbol = match cell.symbol() {
                "" => " ",
                symbol if symbol.contains(char::is_control) => "\u{fffd}",
                symbol => symbol,
            };
            if self.at != Some((x, y)) {
                self.go(x, y);
            }
            self.dip(Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier });
            self.buffer.extend_from_slice(symbol.as_bytes());
            let next = x.saturating_add(u16::try_from(width::cluster(symbol)).unwrap_or(1));
            // At the right edge the cursor hangs; where it is then, terminals see differently.
            self.at = (is_sure(symbol) && next < self.size.width).then_some((next, y));
            if let Some(left) = left {
                self.space(next, y, &left);
            }
        }
        if let Some((at, cells)) = blanks {
            self.blank(at, cells);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.rest_at = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        let (x, y) = self.at.unwrap_or((0, 0));
        Ok(Position { x, y })
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        self.rest_at = Some((x, y));
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.dip(PLAIN);
        self.buffer.extend_from_slice(b"\x1b[2J");
        self.shown.clear();
        self.at = None;
        Ok(())
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        if clear_type == ClearType::All {
            return self.clear();
        }
        let code: &[u8] = match clear_type {
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            _ => b"\x1b[K",
        };
        self.dip(PLAIN);
        self.shown.forget();
        self.buffer.extend_from_slice(code);
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
