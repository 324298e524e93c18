//! Any JSON as readable lines: a line for each value with its key, indented by depth. JSON lines
//! and concatenated JSON are several documents in one file; notebooks are read as their cells.

mod notebook;
mod scan;

pub use notebook::extract as notebook;
pub use scan::{Event, Kind, Scanner, Trouble};

use super::encoding::TextReader;
use super::{Input, Out, Stop};
use crate::model::{PartKind, Wrap};
use std::io::BufRead;

/// What the beginning of a text is, as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    One,
    /// Several values one after the other.
    Many,
    Not,
}

/// Judges the head of a text; `whole` says that there is no more.
pub fn shape(head: &str, whole: bool) -> Shape {
    let mut scanner = Scanner::new(head.as_bytes());
    let mut begun = 0u64;
    let result = scanner.run(&mut |event| {
        begun += u64::from(matches!(event, Event::Document));
        Ok(())
    });
    match result {
        Err(Trouble::CutOff) if begun > 1 => Shape::Many,
        Err(Trouble::CutOff) => Shape::One,
        // The cut may look like an error: in the middle of a number between two documents.
        Err(Trouble::Wrong(at)) if !whole && at + 64 > head.len() as u64 => {
            if begun > 1 {
                Shape::Many
            } else {
                Shape::One
            }
        }
        Err(_) => Shape::Not,
        Ok(()) if begun > 1 => Shape::Many,
        Ok(()) if begun == 1 => Shape::One,
        Ok(()) => Shape::Not,
    }
}

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let nesting = usize::try_from(input.limits.nesting).unwrap_or(usize::MAX);
    let mut text = TextReader::open(input, None)?;
    text.announce(out)?;
    out.part(PartKind::Body, Wrap::Lines)?;
    let mut lines = Lines {
        out,
        depth: 0,
        open_line: false,
        dash: false,
        in_string: false,
        in_array: false,
        stack: Vec::new(),
    };
    let mut scanner = Scanner::new(&mut text);
    let result = scanner.run(&mut |event| lines.take(event));
    let deepest = scanner.deepest;
    lines.end_line()?;
    match result {
        Ok(()) => {}
        Err(Trouble::Stop(stop)) => return Err(stop),
        Err(Trouble::CutOff) => out.warn("the JSON is cut off in the middle")?,
        Err(Trouble::Wrong(at)) => {
            out.warn(format!("no valid JSON from byte {at} on; the rest is shown as it stands"))?;
            copy_rest(scanner.into_rest(), out)?;
        }
    }
    text.conclude(out)?;
    if deepest > nesting {
        return Err(Stop::OverLimit(format!(
            "nests {deepest} levels deep; below {nesting} its structure is not shown"
        )));
    }
    Ok(())
}

/// Writes text that is no JSON as it is.
fn copy_rest(mut rest: impl BufRead, out: &mut Out) -> Result<(), Stop> {
    let mut buffer = vec![0; 16 * 1024];
    let mut kept = 0;
    loop {
        let count = rest.read(&mut buffer[kept..])?;
        let all = &buffer[..kept + count];
        let good = match std::str::from_utf8(all) {
            Ok(_) => all.len(),
            // A character that was cut by the buffer.
            Err(error) => error.valid_up_to(),
        };
        out.text(std::str::from_utf8(&all[..good]).unwrap_or_default())?;
        let end = all.len();
        buffer.copy_within(good..end, 0);
        kept = end - good;
        if count == 0 || kept > 8 {
            return Ok(());
        }
    }
}

/// Deeper levels are not indented further.
const INDENT: usize = 16;

struct Lines<'a, 'b> {
    out: &'a mut Out<'b>,
    depth: usize,
    /// Something stands on the current line.
    open_line: bool,
    /// Namely the dash of an array's value and nothing else.
    dash: bool,
    /// Namely the beginning of a string.
    in_string: bool,
    in_array: bool,
    /// `in_array` of the levels above.
    stack: Vec<bool>,
}

impl Lines<'_, '_> {
    fn take(&mut self, event: Event) -> Result<(), Stop> {
        match event {
            Event::Document => self.end_line(),
            Event::Open(kind) => {
                self.mark()?;
                if !self.dash {
                    self.end_line()?;
                }
                self.stack.push(self.in_array);
                self.in_array = kind == Kind::Array;
                self.depth += 1;
                Ok(())
            }
            Event::Close(_) => {
                self.end_line()?;
                self.in_array = self.stack.pop().unwrap_or(false);
                self.depth = self.depth.saturating_sub(1);
                Ok(())
            }
            Event::Key(key) => {
                // The first key of an object in an array stands beside its dash.
                if std::mem::take(&mut self.dash) {
                    self.out.text(" ")?;
                } else {
                    self.end_line()?;
                    self.indent()?;
                }
                self.out.text(key)?;
                self.out.text(":")?;
                self.open_line = true;
                Ok(())
            }
            Event::Piece(piece) => {
                if !piece.is_empty() {
                    self.mark()?;
                    self.value(piece)?;
                    self.in_string = true;
                }
                Ok(())
            }
            Event::EndString => {
                self.in_string = false;
                self.end_line()
            }
            Event::Scalar(word) => {
                self.mark()?;
                self.value(word)?;
                self.end_line()
            }
        }
    }

    /// In an array every value begins on a line of its own.
    fn mark(&mut self) -> Result<(), Stop> {
        if self.in_array && !self.open_line {
            self.indent()?;
            self.out.text("-")?;
            self.open_line = true;
            self.dash = true;
        }
        Ok(())
    }

    fn value(&mut self, text: &str) -> Result<(), Stop> {
        if self.open_line && !self.in_string {
            self.out.text(" ")?;
        }
        self.dash = false;
        self.open_line = true;
        self.out.text(text)
    }

    fn indent(&mut self) -> Result<(), Stop> {
        let depth = self.depth.saturating_sub(1).min(INDENT);
        self.out.text(&"  ".repeat(depth))
    }

    fn end_line(&mut self) -> Result<(), Stop> {
        self.dash = false;
        if std::mem::take(&mut self.open_line) {
            self.out.text("\n")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
