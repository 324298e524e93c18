//! Files of the index, packed in blocks. Most terms of a leak stand in few places, and for those
//! the engine writes whole bytes: a frequency that is nearly always 1, positions whose high bits
//! are nearly always 0. Blocks in which that is so are compressed; in the others, where it packs
//! bits, they stand as they are and are read from the mapped file without a copy.
//!
//! ```text
//! blocks                 of BLOCK bytes (the last one shorter), compressed or not
//! u32 for each block     its bytes in this file; as many as it holds when it is not compressed
//! u64                    bytes when unpacked
//! 32 bytes               BLAKE3 of everything before
//! 8 bytes                MAGIC
//! ```

use std::cell::RefCell;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::HasLen;
use tantivy::directory::{AntiCallToken, FileHandle, OwnedBytes, TerminatingWrite, WritePtr};

/// Bytes: a search unpacks one or two for each of its terms, 30 microseconds each.
const BLOCK: usize = 16 << 10;
const MAGIC: [u8; 8] = *b"casepak1";
const HASH: usize = 32;
/// Length and what follows it.
const TAIL: usize = 8 + HASH + MAGIC.len();
/// More than that saves next to nothing and costs much time.
const LEVEL: i32 = 1;
/// Unpacked blocks that a file remembers: terms that are read one after the other lie side by side.
const REMEMBERED: usize = 128;

/// The kinds of files that are packed. Not the dictionary of terms, which is read all at once.
pub(super) fn is_packed(path: &Path) -> bool {
    let packed = ["idx", "pos", "fast", "fieldnorm", "store"];
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| packed.contains(&e))
}

/// Packs what is written to it.
pub(super) struct Packer {
    inner: WritePtr,
    pending: Vec<u8>,
    sizes: Vec<u8>,
    length: u64,
    hash: blake3::Hasher,
    zstd: zstd::bulk::Compressor<'static>,
}

impl Packer {
    pub(super) fn new(inner: WritePtr) -> io::Result<Packer> {
        Ok(Packer {
            inner,
            pending: Vec::with_capacity(BLOCK),
            sizes: Vec::new(),
            length: 0,
            hash: blake3::Hasher::new(),
            zstd: zstd::bulk::Compressor::new(LEVEL)?,
        })
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.inner.write_all(bytes)
    }

    fn end_block(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let plain = std::mem::take(&mut self.pending);
        let packed = self.zstd.compress(&plain)?;
        // What saves next to nothing is not worth the time of unpacking it.
        let block = if packed.len() + plain.len() / 64 < plain.len() { &packed } else { &plain };
        self.put(block)?;
        self.sizes.extend_from_slice(&(block.len() as u32).to_le_bytes());
        self.length += plain.len() as u64;
        self.pending = plain;
        self.pending.clear();
        Ok(())
    }
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BLOCK - self.pending.len());
        self.pending.extend_from_slice(&bytes[..taken]);
        if self.pending.len() == BLOCK {
            self.end_block()?;
        }
        Ok(taken)
    }

    /// A block goes out when it is full.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for Packer {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.end_block()?;
        let sizes = std::mem::take(&mut self.sizes);
        self.put(&sizes)?;
        self.put(&self.length.to_le_bytes())?;
        self.inner.write_all(self.hash.finalize().as_bytes())?;
        self.inner.write_all(&MAGIC)?;
        self.inner.terminate_ref(token)
    }
}

/// A packed file, read as if it were not.
pub(super) struct Packed {
    inner: Arc<dyn FileHandle>,
    /// Where each block begins in the file, and where the last one ends.
    starts: Vec<usize>,
    length: usize,
    /// By number of the block modulo [`REMEMBERED`].
    remembered: Mutex<Vec<Option<(usize, OwnedBytes)>>>,
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a packed file is damaged: {why}"))
}

impl Packed {
    pub(super) fn open(inner: Arc<dyn FileHandle>) -> io::Result<Packed> {
        let all = inner.len();
        let tail_at = all.checked_sub(TAIL).ok_or_else(|| damaged("it is too short"))?;
        let tail = inner.read_bytes(tail_at..all)?;
        if tail[8 + HASH..] != MAGIC {
            return Err(damaged("its end is missing"));
        }
        let mut length = [0; 8];
        length.copy_from_slice(&tail[..8]);
        let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
        let blocks = length.div_ceil(BLOCK);
        let sizes_at = blocks.checked_mul(4).and_then(|sizes| tail_at.checked_sub(sizes));
        let sizes_at = sizes_at.ok_or_else(|| damaged("its length is wrong"))?;
        let sizes = inner.read_bytes(sizes_at..tail_at)?;
        let mut starts = Vec::with_capacity(blocks + 1);
        let mut at = 0usize;
        starts.push(at);
        for size in sizes.chunks_exact(4) {
            at = at
                .saturating_add(u32::from_le_bytes([size[0], size[1], size[2], size[3]]) as usize);
            starts.push(at);
        }
        if at != sizes_at {
            return Err(damaged("its blocks do not fit"));
        }
        Ok(Packed { inner, starts, length, remembered: Mutex::new(vec![None; REMEMBERED]) })
    }

    fn block_length(&self, block: usize) -> usize {
        BLOCK.min(self.length - block * BLOCK)
    }

    fn is_plain(&self, block: usize) -> bool {
        self.starts[block + 1] - self.starts[block] == self.block_length(block)
    }

    fn block(&self, block: usize) -> io::Result<OwnedBytes> {
        let stored = || self.inner.read_bytes(self.starts[block]..self.starts[block + 1]);
        if self.is_plain(block) {
            return stored();
        }
        let slot = block % REMEMBERED;
        let remembered = || self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, bytes)) = &remembered()[slot]
            && *known == block
        {
            return Ok(bytes.clone());
        }
        let length = self.block_length(block);
        let plain = unpack(&stored()?, length)?;
        if plain.len() != length {
            return Err(damaged("a block is too short"));
        }
        let bytes = OwnedBytes::new(plain);
        remembered()[slot] = Some((block, bytes.clone()));
        Ok(bytes)
    }
}

fn unpack(packed: &[u8], length: usize) -> io::Result<Vec<u8>> {
    thread_local! {
        static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
    }
    UNPACKER.with_borrow_mut(|unpacker| {
        let unpacker = match unpacker {
            Some(unpacker) => unpacker,
            None => unpacker.insert(zstd::bulk::Decompressor::new()?),
        };
        unpacker.decompress(packed, length).map_err(|error| damaged(&error.to_string()))
    })
}

impl HasLen for Packed {
    fn len(&self) -> usize {
        self.length
    }
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Packed({:?}, {} bytes)", self.inner, self.length)
    }
}

impl FileHandle for Packed {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.length {
            return Err(damaged("something points behind its end"));
        }
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        let (first, last) = (range.start / BLOCK, (range.end - 1) / BLOCK);
        let from = range.start % BLOCK;
        if (first..=last).all(|block| self.is_plain(block)) {
            let from = self.starts[first] + from;
            return self.inner.read_bytes(from..from + range.len());
        }
        if first == last {
            return Ok(self.block(first)?.slice(from..from + range.len()));
        }
        let mut bytes = Vec::with_capacity(range.len());
        for block in first..=last {
            let from = range.start.saturating_sub(block * BLOCK);
            let to = BLOCK.min(range.end - block * BLOCK);
            bytes.extend_from_slice(&self.block(block)?[from..to]);
        }
        Ok(OwnedBytes::new(bytes))
    }
}

/// Whether every byte of a packed file is what was written.
pub(super) fn is_whole(path: &Path) -> io::Result<bool> {
    let content = std::fs::File::open(path)?;
    let length = content.metadata()?.len();
    let Some(hashed) = length.checked_sub((HASH + MAGIC.len()) as u64) else { return Ok(false) };
    let mut hash = blake3::Hasher::new();
    let mut content = io::BufReader::new(content);
    hash.update_reader(io::Read::take(&mut content, hashed))?;
    let mut end = Vec::new();
    io::Read::read_to_end(&mut content, &mut end)?;
    Ok(end.starts_with(hash.finalize().as_bytes()) && end.ends_with(&MAGIC))
}

#[cfg(test)]
mod tests {
    use super::super::directory::Folder;
    use super::*;
    use proptest::prelude::*;
    use tantivy::Directory;

    fn written(folder: &Path, bytes: &[u8], step: usize) -> Arc<dyn FileHandle> {
        let folder = Folder::open(folder, true).unwrap();
        let mut writer = folder.open_write(Path::new("a.idx")).unwrap();
        bytes.chunks(step).for_each(|part| writer.write_all(part).unwrap());
        writer.terminate().unwrap();
        folder.get_file_handle(Path::new("a.idx")).unwrap()
    }

    /// Bytes of which some blocks pack and some do not.
    fn mixed(length: usize, seed: u64) -> Vec<u8> {
        let mut state = seed | 1;
        (0..length)
            .map(|at| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed);
                let noise = (state >> 56) as u8;
                if (at / 10_000) % 3 == 0 { noise & 3 } else { noise }
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_read_is_what_was_written(
            length in prop_oneof![0usize..100, 16_300usize..16_500, 0usize..200_000],
            seed in any::<u64>(),
            step in 1usize..40_000,
            ranges in proptest::collection::vec((0.0f64..=1.0, 0.0f64..=1.0), 12),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let bytes = mixed(length, seed);
            let handle = written(folder.path(), &bytes, step);
            prop_assert_eq!(handle.len(), length);
            for (a, b) in ranges {
                let at = |part: f64| (part * length as f64) as usize;
                let range = at(a.min(b))..at(a.max(b));
                let read = handle.read_bytes(range.clone()).unwrap();
                prop_assert_eq!(read.as_slice(), &bytes[range]);
            }
            prop_assert!(handle.read_bytes(0..length + 1).is_err());
            prop_assert!(is_whole(&folder.path().join("a.idx")).unwrap());
        }
    }

    #[test]
    fn it_is_smaller() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), &[1; 100_000], 7);
        assert!(std::fs::metadata(folder.path().join("a.idx")).unwrap().len() < 1_000);
    }

    #[test]
    fn every_flipped_byte_is_found_and_none_panics() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = mixed(60_000, 5);
        drop(written(folder.path(), &bytes, 9_999));
        let path = folder.path().join("a.idx");
        let good = std::fs::read(&path).unwrap();
        for at in (0..good.len()).step_by(97).chain(good.len() - 80..good.len()) {
            let mut bad = good.clone();
            bad[at] ^= 0x20;
            std::fs::write(&path, &bad).unwrap();
            assert!(!is_whole(&path).unwrap(), "{at}");
            let opened =
                Folder::open(folder.path(), true).unwrap().get_file_handle(Path::new("a.idx"));
            let _an_error_or_other_bytes = opened.map(|handle| handle.read_bytes(0..bytes.len()));
        }
        for length in [0, 1, 47, 48, 49, good.len() / 2, good.len() - 1] {
            std::fs::write(&path, &good[..length]).unwrap();
            assert!(!is_whole(&path).unwrap(), "{length}");
            let folder = Folder::open(folder.path(), true).unwrap();
            assert!(folder.get_file_handle(Path::new("a.idx")).is_err(), "{length}");
        }
    }
}
