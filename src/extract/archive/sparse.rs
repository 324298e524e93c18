//! Sparse members of pax archives, as GNU tar writes them: the holes are left out, and what the
//! archive names in their place is a file of its own (`GNUSparseFile.18633/name`).
//!
//! Three layouts exist. 0.0 and 0.1 say in the extended header where the data belong, 1.0 says it
//! in front of the data. <https://www.gnu.org/software/tar/manual/html_node/PAX-1.html>

use std::collections::VecDeque;
use std::io::{self, Read};
use tar::Entry;

/// More pieces than this are no file.
const MOST_PIECES: u64 = 1 << 20;

/// What the extended header says about a sparse member.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) name: Option<Vec<u8>>,
    /// Bytes with the holes.
    pub(super) size: u64,
    in_data: bool,
    /// Place and length of each piece; in bytes.
    pieces: VecDeque<(u64, u64)>,
}

impl Layout {
    /// `None` for a member that is not sparse, or not in these ways.
    pub(super) fn of<R: Read>(entry: &mut Entry<R>) -> io::Result<Option<Layout>> {
        let Some(extensions) = entry.pax_extensions()? else { return Ok(None) };
        let pairs = extensions.flatten().filter_map(|pair| {
            let key = pair.key().ok()?.strip_prefix("GNU.sparse.")?;
            Some((key, pair.value_bytes()))
        });
        Ok(Layout::read(pairs))
    }

    fn read<'a>(pairs: impl Iterator<Item = (&'a str, &'a [u8])>) -> Option<Layout> {
        let mut layout = Layout::default();
        let mut any = false;
        let mut offset = None;
        for (key, value) in pairs {
            any = true;
            match (key, number(value)) {
                ("name", _) => layout.name = Some(value.to_vec()),
                ("major", Some(major)) => layout.in_data = major > 0,
                ("size" | "realsize", Some(size)) => layout.size = size,
                ("offset", at) => offset = at,
                ("numbytes", Some(length)) => layout.pieces.push_back((offset.take()?, length)),
                ("map", _) => {
                    let numbers: Option<Vec<u64>> =
                        value.split(|byte| *byte == b',').map(number).collect();
                    layout.pieces = numbers?.chunks_exact(2).map(|two| (two[0], two[1])).collect();
                }
                _ => {}
            }
        }
        any.then_some(layout)
    }

    /// The member with its holes as zeros.
    ///
    /// # Errors
    /// Reading failed, or what stands before the data is no map of them.
    pub(super) fn expand<R: Read>(self, mut data: R) -> io::Result<Holes<R>> {
        let pieces = if self.in_data { map(&mut data)? } else { self.pieces };
        Ok(Holes { data, pieces, at: 0, size: self.size })
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}

/// The map before the data: a number a line, filled up to whole blocks.
fn map(data: &mut impl Read) -> io::Result<VecDeque<(u64, u64)>> {
    let bad = || io::Error::new(io::ErrorKind::InvalidData, "its map of holes is damaged");
    let mut numbers: Vec<u64> = Vec::new();
    let mut digits: Vec<u8> = Vec::new();
    let mut block = [0; 512];
    loop {
        data.read_exact(&mut block)?;
        for byte in block {
            if byte != b'\n' {
                digits.push(byte);
            } else {
                numbers.push(number(&digits).ok_or_else(bad)?);
                digits.clear();
            }
            let count = numbers.first().copied().unwrap_or(0);
            if digits.len() > 20 || count > MOST_PIECES {
                return Err(bad());
            }
            if !numbers.is_empty() && numbers.len() as u64 > count * 2 {
                return Ok(numbers[1..].chunks_exact(2).map(|two| (two[0], two[1])).collect());
            }
        }
    }
}

/// Reads pieces of data with zeros between them.
pub(super) struct Holes<R> {
    data: R,
    pieces: VecDeque<(u64, u64)>,
    at: u64,
    size: u64,
}

impl<R: Read> Read for Holes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut end = self.size;
        while let Some(&(start, length)) = self.pieces.front() {
            let behind = start.saturating_add(length);
            if self.at >= behind {
                self.pieces.pop_front();
                continue;
            }
            if self.at >= start {
                let room = usize::try_from(behind - self.at).unwrap_or(usize::MAX);
                let count = buffer.len().min(room);
                let count = self.data.read(&mut buffer[..count])?;
                if count == 0 && !buffer.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                self.at += count as u64;
                return Ok(count);
            }
            end = start.min(self.size);
            break;
        }
        let room = usize::try_from(end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let count = buffer.len().min(room);
        buffer[..count].fill(0);
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&str, &str)], data: &[u8], expected: &[u8]) {
        let pairs = pairs.iter().map(|(key, value)| (*key, value.as_bytes()));
        let layout = Layout::read(pairs).expect("a sparse member");
        let mut whole = Vec::new();
        layout.expand(data).and_then(|mut holes| holes.read_to_end(&mut whole)).expect("data");
        assert_eq!(whole, expected);
    }

    #[test]
    fn holes_become_zeros() {
        let expected = b"\0\0abc\0\0de\0";
        let map = [("size", "10"), ("map", "2,3,7,2,10,0")];
        check(&map, b"abcde", expected);
        let old = [
            ("size", "10"),
            ("offset", "2"),
            ("numbytes", "3"),
            ("offset", "7"),
            ("numbytes", "2"),
        ];
        check(&old, b"abcde", expected);
        let mut data = b"3\n2\n3\n7\n2\n10\n0\n".to_vec();
        data.resize(512, 0);
        data.extend_from_slice(b"abcde");
        check(&[("major", "1"), ("minor", "0"), ("realsize", "10")], &data, expected);
        assert_eq!(Layout::read(std::iter::empty()), None);
    }

    #[test]
    fn damage_is_an_error() {
        let check = |data: &[u8]| {
            let layout = Layout { size: 10, in_data: true, ..Layout::default() };
            let mut whole = Vec::new();
            let read = layout.expand(data).and_then(|mut holes| holes.read_to_end(&mut whole));
            assert!(read.is_err(), "{data:?}");
        };
        check(b"");
        check(&[b'x'; 512]);
        check(&[b'9'; 1024]);
        let mut cut = b"1\n2\n3\n".to_vec();
        cut.resize(512, 0);
        check(&cut);
    }
}
