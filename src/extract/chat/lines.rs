//! A text export line by line, so that its size does not matter; every line knows its bytes.

use super::source::Source;
use crate::extract::{Input, Out, Stop};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

/// A line longer than this is cut into several; the next ones go on with the message.
const MOST_LINE: u64 = 16 << 20;

/// One line, its place in the file, without its line end.
pub(super) struct Line {
    pub(super) start: u64,
    /// Behind its line end.
    pub(super) end: u64,
    pub(super) text: String,
}

pub(super) struct Lines<R> {
    reader: R,
    ahead: VecDeque<Line>,
    at: u64,
    /// Positions are those of the file, not of its text in UTF-8.
    pub(super) exact: bool,
}

impl<'a> Lines<BufReader<Source<'a>>> {
    /// Reads a file from its start, whatever it is written in, and says the encoding.
    pub(super) fn open(input: &'a mut Input, out: &mut Out) -> Result<Self, Stop> {
        let source = Source::open(input)?;
        source.announce(out)?;
        Ok(Lines {
            exact: source.is_plain(),
            reader: BufReader::with_capacity(1 << 17, source),
            ahead: VecDeque::new(),
            at: 0,
        })
    }
}

impl<R: BufRead> Lines<R> {
    fn load(&mut self, count: usize) -> Result<(), Stop> {
        while self.ahead.len() < count {
            let mut bytes = Vec::new();
            let read = (&mut self.reader).take(MOST_LINE).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                break;
            }
            let start = self.at;
            self.at += read as u64;
            while matches!(bytes.last(), Some(b'\n' | b'\r')) {
                bytes.pop();
            }
            let mut text = String::from_utf8_lossy(&bytes).into_owned();
            if start == 0 && text.starts_with('\u{feff}') {
                text.remove(0);
            }
            self.ahead.push_back(Line { start, end: self.at, text });
        }
        Ok(())
    }

    /// The line that comes so many lines after the next one, not taken.
    pub(super) fn peek(&mut self, ahead: usize) -> Result<Option<&str>, Stop> {
        self.load(ahead + 1)?;
        Ok(self.ahead.get(ahead).map(|line| line.text.as_str()))
    }

    /// Where the next line begins.
    pub(super) fn start(&mut self) -> Result<u64, Stop> {
        self.load(1)?;
        Ok(self.ahead.front().map_or(self.at, |line| line.start))
    }

    pub(super) fn next(&mut self) -> Result<Option<Line>, Stop> {
        self.load(1)?;
        Ok(self.ahead.pop_front())
    }
}
