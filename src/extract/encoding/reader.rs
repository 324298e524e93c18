//! The text of a file of any size, in bounded memory.

use super::{Charset, Decoder, Guess, Survey};
use crate::extract::{Input, Out, Stop};
use std::fs::File;
use std::io::{self, BufRead, Read, Seek};

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// Reads a file as UTF-8, whatever it is written in. What is large is read twice: once to learn
/// the encoding, once for its text.
pub struct TextReader<'a> {
    file: &'a mut File,
    decoder: Decoder,
    guess: Guess,
    raw: Vec<u8>,
    text: String,
    /// Bytes of `text` that are used up.
    used: usize,
    ended: bool,
}

impl<'a> TextReader<'a> {
    /// `declared` as in [`super::decode`].
    ///
    /// # Errors
    /// Reading failed.
    pub fn open(input: &'a mut Input, declared: Option<&str>) -> Result<Self, Stop> {
        let mut raw = vec![0; PIECE];
        let guess = match declared {
            None if input.head_is_all() => input.guess().clone(),
            _ if input.head_is_all() => super::guess(input.head(), declared),
            _ => {
                let mut survey = Survey::new();
                let file = input.reader()?;
                loop {
                    let count = read_some(file, &mut raw)?;
                    if count == 0 {
                        break;
                    }
                    survey.feed(&raw[..count]);
                }
                survey.finish(declared)
            }
        };
        let decoder = Decoder::new(&guess);
        let file = input.reader()?;
        Ok(TextReader { file, decoder, guess, raw, text: String::new(), used: 0, ended: false })
    }

    pub fn charset(&self) -> Charset {
        self.guess.charset
    }

    /// Begins anew at the start of the text.
    ///
    /// # Errors
    /// Seeking failed.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.file.rewind()?;
        self.decoder = Decoder::new(&self.guess);
        self.text.clear();
        self.used = 0;
        self.ended = false;
        Ok(())
    }

    /// The file itself, at its start.
    ///
    /// # Errors
    /// Seeking failed.
    pub fn into_file(self) -> io::Result<&'a mut File> {
        self.file.rewind()?;
        Ok(self.file)
    }

    /// Says the encoding; before the text.
    ///
    /// # Errors
    /// The sink of `out` failed.
    pub fn announce(&self, out: &mut Out) -> Result<(), Stop> {
        out.encoding(&self.guess.charset.name())
    }

    /// Says what was guessed and what was lost; after the text.
    ///
    /// # Errors
    /// The sink of `out` failed.
    pub fn conclude(&self, out: &mut Out) -> Result<(), Stop> {
        self.warnings().try_for_each(|warning| out.warn(warning))
    }

    /// What was guessed and what was lost so far.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        self.guess.warnings.iter().cloned().chain(self.decoder.warning())
    }

    /// The next piece of text; `None` at the end.
    ///
    /// # Errors
    /// Reading failed.
    pub fn piece(&mut self) -> io::Result<Option<&str>> {
        while self.used == self.text.len() && !self.ended {
            self.more()?;
        }
        let start = std::mem::replace(&mut self.used, self.text.len());
        Ok(if start == self.text.len() { None } else { Some(&self.text[start..]) })
    }

    fn more(&mut self) -> io::Result<()> {
        let count = read_some(self.file, &mut self.raw)?;
        self.ended = count == 0;
        self.text.clear();
        self.used = 0;
        self.decoder.decode(&self.raw[..count], self.ended, &mut self.text);
        Ok(())
    }
}

impl Read for TextReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let count = available.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for TextReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.used == self.text.len() && !self.ended {
            self.more()?;
        }
        Ok(&self.text.as_bytes()[self.used..])
    }

    fn consume(&mut self, count: usize) {
        self.used = (self.used + count).min(self.text.len());
    }
}

fn read_some(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
