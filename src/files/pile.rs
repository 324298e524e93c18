//! Byte strings between their making and their being written where they belong: in memory while
//! they are few, in one unlinked temporary file beyond that, whatever one file of a leak holds.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// A pile stays in memory up to this size, in bytes.
const IN_MEMORY: u64 = 4 << 20;

/// Byte strings in the order in which they came.
pub struct Pile {
    folder: PathBuf,
    held: Vec<Vec<u8>>,
    /// All of them, once they are too many, and the length of each.
    file: Option<(File, Vec<usize>)>,
    bytes: u64,
}

impl Pile {
    /// `folder`: where a temporary file may be made.
    pub fn new(folder: &Path) -> Pile {
        Pile { folder: folder.to_owned(), held: Vec::new(), file: None, bytes: 0 }
    }

    /// Bytes of all of them.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// # Errors
    /// The disk does not take it.
    pub fn push(&mut self, string: Vec<u8>) -> io::Result<()> {
        self.bytes += string.len() as u64;
        if self.file.is_none() {
            self.held.push(string);
            if self.bytes <= IN_MEMORY {
                return Ok(());
            }
            let mut file = tempfile::tempfile_in(&self.folder)?;
            let held = std::mem::take(&mut self.held);
            held.iter().try_for_each(|string| file.write_all(string))?;
            self.file = Some((file, held.iter().map(Vec::len).collect()));
        } else if let Some((file, lengths)) = &mut self.file {
            file.write_all(&string)?;
            lengths.push(string.len());
        }
        Ok(())
    }

    /// All of them, in order. Nothing may be pushed afterwards.
    ///
    /// # Errors
    /// Those of `each`; `failed` says what it means that the temporary file cannot be read.
    pub fn each<E>(
        &self,
        failed: impl Fn(io::Error) -> E,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some((mut file, lengths)) = self.file.as_ref().map(|(file, lens)| (file, lens)) else {
            return self.held.iter().try_for_each(|string| each(string));
        };
        file.rewind().map_err(&failed)?;
        let mut string = Vec::new();
        for length in lengths {
            string.resize(*length, 0);
            file.read_exact(&mut string).map_err(&failed)?;
            each(&string)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_come_back_in_order_however_many() {
        let dir = tempfile::tempdir().unwrap();
        for count in [0, 1, 3, 9, 40] {
            let mut pile = Pile::new(dir.path());
            let string = |at: usize| vec![at as u8; at * 123_457 % 700_001];
            (0..count).for_each(|at| pile.push(string(at)).unwrap());
            assert_eq!(pile.file.is_some(), pile.bytes() > IN_MEMORY, "{count}");
            for _ in 0..2 {
                let mut found = Vec::new();
                let each = |string: &[u8]| {
                    found.push(string.to_vec());
                    Ok(())
                };
                pile.each(|error| error, each).unwrap();
                assert!(found == (0..count).map(string).collect::<Vec<_>>(), "{count}");
            }
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing has a name");
    }
}
