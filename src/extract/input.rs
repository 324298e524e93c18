//! The reading end of an extractor: one open file and what is known about it.

use super::chat::{decode, package::Claim};
use super::encoding::{self, Guess};
use super::out::Stop;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// How much one file may cost. All sizes in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Text of one document, messages included.
    pub text: u64,
    /// A file that has to be held in memory as a whole.
    pub whole: u64,
    /// One unpacked child.
    pub child: u64,
    /// All children of one container together.
    pub child_bytes: u64,
    /// Number of children of one container.
    pub children: u64,
    /// Depth of nesting inside one file (elements, arrays, mail parts).
    pub nesting: u32,
    /// Wall-clock seconds for one file; kept by the parent of the worker.
    pub seconds: u64,
    /// Address space of a worker.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            text: 512 << 20,
            whole: 256 << 20,
            child: 8 << 30,
            child_bytes: 64 << 30,
            children: 1_000_000,
            nesting: 256,
            seconds: 120,
            memory: 2 << 30,
        }
    }
}

/// One file, open for reading, and what is known about it.
pub struct Input<'a> {
    /// Its name (last part of its path) as a hint; may be wrong or empty.
    pub name: &'a str,
    /// Path relative to the source or container, `/` between folders; a hint.
    pub path: &'a str,
    /// Set when the file was claimed as a part of a chat package.
    pub claim: Option<&'a Claim>,
    /// Passwords to try on encrypted files.
    pub passwords: &'a [String],
    pub limits: Limits,
    file: File,
    len: u64,
    head: Vec<u8>,
    guess: OnceCell<Guess>,
    head_text: OnceCell<Option<String>>,
}

/// Bytes that detection may look at without reading the whole file.
pub const HEAD: usize = 64 * 1024;

impl<'a> Input<'a> {
    pub fn new(file: File, name: &'a str, path: &'a str, limits: Limits) -> Result<Self, Stop> {
        let mut file = file;
        let len = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        let mut head = Vec::with_capacity(HEAD.min(usize::try_from(len).unwrap_or(HEAD)));
        (&mut file).take(HEAD as u64).read_to_end(&mut head)?;
        file.rewind()?;
        Ok(Input {
            name,
            path,
            claim: None,
            passwords: &[],
            limits,
            file,
            len,
            head,
            guess: OnceCell::new(),
            head_text: OnceCell::new(),
        })
    }

    /// Size in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The first [`HEAD`] bytes.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The whole lines of [`head`](Input::head) as text, decoded once for all who ask; `None` when
    /// it is no text.
    pub fn head_text(&self) -> Option<&str> {
        self.head_text.get_or_init(|| decode::head(self)).as_deref()
    }

    /// Whether [`head`](Input::head) is all there is.
    pub fn head_is_all(&self) -> bool {
        self.len <= self.head.len() as u64
    }

    /// What [`head`](Input::head) is written in, if nothing says what it is; guessed once for all who
    /// ask.
    pub fn guess(&self) -> &Guess {
        self.guess.get_or_init(|| encoding::guess(&self.head, None))
    }

    /// The file from its start, for reading and seeking.
    pub fn reader(&mut self) -> Result<&mut File, Stop> {
        self.file.rewind()?;
        Ok(&mut self.file)
    }

    /// All bytes; refuses what is larger than [`Limits::whole`].
    pub fn bytes(&mut self) -> Result<Vec<u8>, Stop> {
        if self.len > self.limits.whole {
            return Err(Stop::OverLimit(format!(
                "{} bytes; files of this kind are read up to {} bytes",
                self.len, self.limits.whole
            )));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(self.len).unwrap_or(0));
        // One byte more than the length: a file that grows meanwhile cannot fill the memory.
        let most = self.limits.whole + 1;
        self.reader()?.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
