//! What stands above the characters of words (furigana, phonetic guides): the text keeps its words
//! in one piece, and the readings follow in a part of their own.

use crate::extract::html::Aside;
use crate::extract::{Out, Stop};
use crate::model::PartKind;
use std::ops::Range;

/// Words with their readings, in the order of the text.
#[derive(Default)]
pub struct Readings {
    lines: Aside,
    /// Word, reading and where the word ends in its paragraph: what follows there at once is
    /// another character of the same word.
    open: Option<(String, String, usize)>,
}

impl Readings {
    /// A word that stands at `place` in its paragraph, and what stands above it.
    pub fn add(&mut self, word: &str, reading: &str, place: Range<usize>) {
        let reading = reading.trim();
        if reading.is_empty() {
            return;
        }
        if let Some((whole, above, end)) = &mut self.open
            && *end == place.start
            && !word.is_empty()
        {
            whole.push_str(word);
            above.push_str(reading);
            *end = place.end;
            return;
        }
        self.close();
        self.open = Some((word.to_owned(), reading.to_owned(), place.end));
    }

    /// A whole text and how it is read, as cells of tables have it.
    pub fn of_cell(&mut self, text: &str, reading: &str) {
        self.add(text, reading, 0..text.len());
        self.close();
    }

    /// The paragraph has ended.
    pub fn close(&mut self) {
        if let Some((word, reading, _)) = self.open.take() {
            self.lines.push(format!("{} {reading}", word.trim()).trim());
        }
    }

    /// # Errors
    /// The limits or the sink of `out`.
    pub fn write(&mut self, out: &mut Out) -> Result<(), Stop> {
        self.close();
        self.lines.write(PartKind::Comment, "readings", out)
    }
}
