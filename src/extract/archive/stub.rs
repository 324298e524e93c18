//! Archives behind a program that unpacks them: the file begins as a program, and what matters
//! lies behind it.

use crate::extract::{Input, Stop};
use std::io::{self, Read, Seek, SeekFrom};

/// How programs begin: for DOS and Windows, for Linux, scripts.
const PROGRAMS: [&[u8]; 3] = [b"MZ", b"\x7fELF", b"#!"];
const SEVENZ: &[u8] = &[b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c];
/// Bytes of the header of a 7z archive.
const SEVENZ_HEAD: usize = 32;
/// A program that unpacks is not longer than this.
const MOST_STUB: u64 = 8 << 20;
/// The record that ends a zip archive, with the longest comment.
const ZIP_END: u64 = 22 + 0xffff;

/// The archive that a program carries: `zip` or `7z`.
///
/// # Errors
/// The file could not be read.
pub fn behind_program(input: &mut Input) -> Result<Option<&'static str>, Stop> {
    if !is_program(input) {
        return Ok(None);
    }
    Ok(match () {
        () if ends_as_zip(input)? => Some("zip"),
        () if sevenz_start(input)? > 0 => Some("7z"),
        () => None,
    })
}

fn is_program(input: &Input) -> bool {
    PROGRAMS.iter().any(|program| input.head().starts_with(program))
}

/// Whether the directory of a zip archive ends this file, and lies in it.
fn ends_as_zip(input: &mut Input) -> Result<bool, Stop> {
    let len = input.len();
    let from = len.saturating_sub(ZIP_END);
    let reader = input.reader()?;
    reader.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    reader.take(ZIP_END).read_to_end(&mut tail)?;
    let number = |at: usize, bytes: usize| -> u64 {
        tail[at..at + bytes].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    };
    let ends = tail.windows(22).enumerate().rev().any(|(at, end)| {
        let comment = number(at + 20, 2);
        end.starts_with(b"PK\x05\x06")
            && at as u64 + 22 + comment == tail.len() as u64
            && number(at + 10, 2) > 0
            && number(at + 12, 4) <= from + at as u64
    });
    Ok(ends)
}

/// Where a 7z archive begins in a program; 0 in any other file.
///
/// # Errors
/// The file could not be read.
pub fn sevenz_start(input: &mut Input) -> Result<u64, Stop> {
    if !is_program(input) {
        return Ok(0);
    }
    let len = input.len();
    let mut bytes = Vec::new();
    input.reader()?.take(MOST_STUB).read_to_end(&mut bytes)?;
    // The program knows the signature too: only one with a header behind it is an archive.
    let start = bytes.windows(SEVENZ_HEAD).enumerate().find(|(at, head)| {
        if !head.starts_with(SEVENZ) {
            return false;
        }
        let number = |from: usize, count: usize| -> u64 {
            head[from..from + count].iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        };
        let end = (*at as u64 + SEVENZ_HEAD as u64)
            .saturating_add(number(12, 8))
            .saturating_add(number(20, 8));
        number(8, 4) == u64::from(crc32(&head[12..])) && end <= len
    });
    Ok(start.map_or(0, |(at, _)| at as u64))
}

/// The checksum of zip and 7z, of a few bytes.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = !0u32;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(sum & 1));
        }
    }
    !sum
}

/// A file from some byte on.
pub struct Behind<R> {
    inner: R,
    start: u64,
}

impl<R: Seek> Behind<R> {
    /// # Errors
    /// It could not be sought.
    pub fn new(mut inner: R, start: u64) -> io::Result<Behind<R>> {
        inner.seek(SeekFrom::Start(start))?;
        Ok(Behind { inner, start })
    }
}

impl<R: Read> Read for Behind<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.read(into)
    }
}

impl<R: Seek> Seek for Behind<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => SeekFrom::Start(self.start.saturating_add(at)),
            other => other,
        };
        let at = self.inner.seek(to)?;
        at.checked_sub(self.start)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "before the archive"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_rest_of_a_file_is_a_file() {
        let mut file = Behind::new(io::Cursor::new(b"stubarchive".to_vec()), 4).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "archive");
        assert_eq!(file.seek(SeekFrom::Start(2)).unwrap(), 2);
        assert_eq!(file.seek(SeekFrom::End(-1)).unwrap(), 6);
        assert!(file.seek(SeekFrom::End(-9)).is_err());
    }
}
