//! How the case and a worker talk: length-prefixed postcard over the socket that the worker has
//! as its standard input.
//!
//! To the worker: one [`Request`] a file, with the open file as a descriptor beside its first
//! byte. From the worker: one [`Hello`] after its lock-down, then for each request records up to
//! and with [`Record::Done`](super::Record::Done).

use super::chat::package::Claim;
use super::input::Limits;
use super::sandbox::Protection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// What the worker is asked to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    pub name: String,
    pub path: String,
    pub claim: Option<Claim>,
    pub passwords: Vec<String>,
    pub limits: Limits,
}

/// The worker's first words.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Hello {
    pub protection: Protection,
}

/// Upper bound in bytes of one frame from a worker; a message longer than this is not believed.
pub(super) const LARGEST_FRAME: usize = 32 << 20;

/// Upper bound in bytes of one request: names, and as many passwords as somebody has.
pub(super) const LARGEST_REQUEST: usize = 8 << 20;

/// A frame: its length as four bytes, little end first, then the value.
pub(super) fn frame<T: Serialize>(value: &T, largest: usize) -> io::Result<Vec<u8>> {
    let mut bytes = postcard::to_extend(value, vec![0; 4]).map_err(bad)?;
    let length = bytes.len() - 4;
    let head = u32::try_from(length).ok().filter(|_| length <= largest);
    let head = head.ok_or_else(|| bad(format!("a record of {length} bytes")))?;
    bytes[..4].copy_from_slice(&head.to_le_bytes());
    Ok(bytes)
}

/// Collects frames and writes them in large pieces.
pub(super) struct FrameWriter<W> {
    to: W,
    waiting: Vec<u8>,
}

/// Frames are held back up to this many bytes.
const ENOUGH: usize = 64 * 1024;

impl<W: Write> FrameWriter<W> {
    pub fn new(to: W) -> Self {
        FrameWriter { to, waiting: Vec::new() }
    }

    pub fn write<T: Serialize>(&mut self, value: &T) -> io::Result<()> {
        let frame = frame(value, LARGEST_FRAME)?;
        self.waiting.extend_from_slice(&frame);
        if self.waiting.len() >= ENOUGH { self.flush() } else { Ok(()) }
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.to.write_all(&self.waiting)?;
        // One huge message must not stay allocated for the rest of the worker's life.
        if self.waiting.capacity() > 4 * ENOUGH {
            self.waiting = Vec::new();
        }
        self.waiting.clear();
        Ok(())
    }
}

/// Cuts a stream of bytes into frames.
#[derive(Default)]
pub(super) struct FrameReader {
    buffer: Vec<u8>,
    /// Bytes of `buffer` that are used up.
    used: usize,
}

impl FrameReader {
    /// The next whole frame among the bytes that are there, or `None`.
    pub fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        let rest = &self.buffer[self.used..];
        let Some((head, body)) = rest.split_first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_le_bytes(*head) as usize;
        if length > LARGEST_FRAME {
            return Err(bad(format!("a frame of {length} bytes")));
        }
        let Some(body) = body.get(..length) else { return Ok(None) };
        let value = postcard::from_bytes(body).map_err(bad)?;
        self.used += 4 + length;
        Ok(Some(value))
    }

    /// Reads once more and says how many bytes came; 0 at the end of the stream.
    pub fn fill(&mut self, from: &mut impl Read) -> io::Result<usize> {
        self.buffer.drain(..self.used);
        self.used = 0;
        if self.buffer.is_empty() && self.buffer.capacity() > 4 * ENOUGH {
            self.buffer = Vec::new();
        }
        let start = self.buffer.len();
        self.buffer.resize(start + ENOUGH, 0);
        let read = from.read(&mut self.buffer[start..]);
        self.buffer.truncate(start + read.as_ref().map_or(0, |count| *count));
        read
    }

    /// Whether bytes of an unfinished frame are left.
    pub fn is_empty(&self) -> bool {
        self.used == self.buffer.len()
    }
}

/// Bytes as one piece: serde alone would handle them one by one.
pub(super) mod bytes {
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        from.deserialize_byte_buf(Bytes)
    }
}

fn bad(error: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Record;
    use proptest::prelude::*;

    proptest! {
        /// Whatever pieces the socket delivers, the records that went in come out.
        #[test]
        fn records_survive_any_cutting(texts in prop::collection::vec(".{0,40}", 0..20), cut in 1usize..50) {
            let mut writer = FrameWriter::new(Vec::new());
            for text in &texts {
                writer.write(&Record::Warning(text.clone())).unwrap();
            }
            writer.flush().unwrap();
            let mut reader = FrameReader::default();
            let mut seen = Vec::new();
            for piece in writer.to.chunks(cut) {
                let mut piece = piece;
                while reader.fill(&mut piece).unwrap() > 0 {
                    while let Some(Record::Warning(text)) = reader.next().unwrap() {
                        seen.push(text);
                    }
                }
            }
            prop_assert_eq!(seen, texts);
            prop_assert!(reader.is_empty());
        }

        /// Nothing that a worker writes can do more than be refused.
        #[test]
        fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut reader = FrameReader::default();
            let mut from = bytes.as_slice();
            while reader.fill(&mut from).unwrap() > 0 {
                while let Ok(Some(_)) = reader.next::<Record>() {}
            }
        }
    }

    #[test]
    fn bytes_survive() {
        for size in [0, 1, 70_000] {
            let record = Record::ChildBytes(vec![7; size]);
            let mut writer = FrameWriter::new(Vec::new());
            writer.write(&record).unwrap();
            writer.flush().unwrap();
            let mut reader = FrameReader::default();
            let mut from = writer.to.as_slice();
            while reader.fill(&mut from).unwrap() > 0 {}
            assert_eq!(reader.next::<Record>().unwrap(), Some(record));
        }
    }

    #[test]
    fn a_frame_that_claims_too_much_is_refused() {
        let mut reader = FrameReader::default();
        let mut from: &[u8] = &u32::MAX.to_le_bytes();
        assert_eq!(reader.fill(&mut from).unwrap(), 4);
        assert!(reader.next::<Record>().is_err());
        let long = Record::Warning("x".repeat(LARGEST_FRAME));
        assert!(FrameWriter::new(Vec::new()).write(&long).is_err());
    }
}
