//! Places in what is written, and those around them: clusters, words, lines.

use super::buffer::Buffer;
use crate::app::reader::caret;

/// A place in the text: a line of the buffer, and bytes into it, at the border of a cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: usize,
    pub at: usize,
}

impl Buffer {
    pub fn after(&self, place: Place) -> Place {
        let line = self.line(place.line);
        match place.at < line.len() {
            true => self.settled(Place { at: caret::after(line, place.at), ..place }),
            false if place.line + 1 < self.lines() => Place { line: place.line + 1, at: 0 },
            false => place,
        }
    }

    pub fn before(&self, place: Place) -> Place {
        if place.at > 0 {
            return Place { at: caret::before(self.line(place.line), place.at), ..place };
        }
        let Some(line) = place.line.checked_sub(1) else { return place };
        let above = self.line(line);
        let at = match self.goes_on(line) {
            true => caret::before(above, above.len()),
            false => above.len(),
        };
        Place { line, at }
    }

    /// Start of the next word.
    pub fn word_after(&self, place: Place) -> Place {
        let at = caret::word_after(self.line(place.line), place.at);
        if at < self.line(place.line).len() {
            return Place { at, ..place };
        }
        let mut below = place.line + 1..self.lines();
        match below.find(|line| !self.line(*line).trim().is_empty()) {
            Some(line) => {
                let text = self.line(line);
                Place { line, at: text.len() - text.trim_start().len() }
            }
            None => self.end(),
        }
    }

    /// Start of this word, or of the one before.
    pub fn word_before(&self, place: Place) -> Place {
        let mut line = place.line;
        let mut head = &self.line(line)[..place.at];
        while head.trim().is_empty() && line > 0 {
            line -= 1;
            head = self.line(line);
        }
        Place { line, at: caret::word_before(head, head.len()) }
    }

    pub fn line_start(&self, place: Place) -> Place {
        let mut line = place.line;
        while line > 0 && self.goes_on(line - 1) {
            line -= 1;
        }
        Place { line, at: 0 }
    }

    pub fn line_end(&self, place: Place) -> Place {
        let mut line = place.line;
        while self.goes_on(line) {
            line += 1;
        }
        Place { line, at: self.line(line).len() }
    }
}
