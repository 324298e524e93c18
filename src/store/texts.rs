//! Texts of documents, in compressed chunks.

use super::dictionary::{LEVEL, Packing, compress, decompress};
use super::{Store, StoreError};
use crate::files::Pile;
use crate::model::document::Part;
use crate::model::view::{Slice, Variant};
use crate::model::{DocumentId, Sha256, VariantKind};
use sha2::Digest;
use std::path::Path;

/// Bytes of text in one chunk (the last one of a text may be shorter). With the dictionary of the
/// case larger ones save nothing, and a snippet unpacks a whole one.
const CHUNK: usize = 16 * 1024;

/// The compressed stretches of a text.
pub struct Chunks {
    /// First byte and line of each.
    starts: Vec<(u64, u64)>,
    data: Pile,
}

impl Chunks {
    /// Bytes that they take.
    pub fn bytes(&self) -> u64 {
        self.data.bytes()
    }

    /// Calls `each` with the first byte, the first line and the data of each.
    pub(super) fn each(
        &self,
        mut each: impl FnMut(u64, u64, &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut starts = self.starts.iter();
        let failed = |error| StoreError::io("read packed text again", error);
        self.data.each(failed, |data| match starts.next() {
            Some((start, line)) => each(*start, *line, data),
            None => Ok(()),
        })
    }
}

/// A stretch of text and what it was unpacked from.
pub(super) struct Unpacked {
    packed: Vec<u8>,
    text: String,
}

/// Takes text as it comes and makes chunks of it.
pub struct Compressor {
    pending: String,
    hash: sha2::Sha256,
    bytes: u64,
    lines: u64,
    /// The last line has no end yet.
    is_open: bool,
    chunks: Chunks,
    packing: Packing,
}

impl Compressor {
    /// `scratch`: where what is too much for memory may wait.
    pub fn new(packing: Packing, scratch: &Path) -> Self {
        Compressor {
            pending: String::new(),
            hash: sha2::Sha256::new(),
            bytes: 0,
            lines: 0,
            is_open: false,
            chunks: Chunks { starts: Vec::new(), data: Pile::new(scratch) },
            packing,
        }
    }

    /// Bytes taken so far.
    pub fn bytes(&self) -> u64 {
        self.bytes + self.pending.len() as u64
    }

    pub fn push(&mut self, text: &str) -> Result<(), StoreError> {
        self.pending.push_str(text);
        while self.pending.len() >= CHUNK {
            let mut end = CHUNK;
            while !self.pending.is_char_boundary(end) {
                end -= 1;
            }
            let rest = self.pending.split_off(end);
            self.cut()?;
            self.pending = rest;
        }
        Ok(())
    }

    fn cut(&mut self) -> Result<(), StoreError> {
        let text = self.pending.as_bytes();
        self.hash.update(text);
        let data = self.packing.pack(text)?;
        self.chunks.starts.push((self.bytes, self.lines));
        self.chunks.data.push(data).map_err(|error| StoreError::io("keep packed text", error))?;
        self.bytes += text.len() as u64;
        self.is_open = !text.ends_with(b"\n");
        self.lines += text.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.pending.clear();
        Ok(())
    }

    /// The chunks, and bytes, lines (the last one may be open) and SHA-256 of the whole text.
    pub fn finish(mut self) -> Result<(Chunks, u64, u64, Sha256), StoreError> {
        if !self.pending.is_empty() {
            self.cut()?;
        }
        self.lines += u64::from(self.is_open);
        let digest = Sha256(self.hash.finalize().into());
        Ok((self.chunks, self.bytes, self.lines, digest))
    }
}

/// Stands before parts that are not compressed; a frame of zstd begins with something else.
const PLAIN: u8 = 0;
/// Bytes of parts that are not worth packing.
const SMALL: usize = 24;

pub(super) fn pack_parts(parts: &[Part]) -> Result<Vec<u8>, StoreError> {
    let plain = postcard::to_stdvec(parts)
        .map_err(|error| StoreError::Damaged(format!("parts of a text: {error}")))?;
    // Most texts have one part, and a frame around nothing is longer than that.
    let packed = if plain.len() < SMALL { Vec::new() } else { compress(&plain, LEVEL)? };
    let is_packed = !packed.is_empty() && packed.len() <= plain.len();
    Ok(if is_packed { packed } else { [&[PLAIN], &plain[..]].concat() })
}

fn unpack_parts(data: &[u8]) -> Result<Vec<Part>, StoreError> {
    let damaged = |error| StoreError::Damaged(format!("parts of a text: {error}"));
    match data.split_first() {
        Some((&PLAIN, plain)) => postcard::from_bytes(plain).map_err(damaged),
        _ => postcard::from_bytes(&decompress(data)?).map_err(damaged),
    }
}

impl Store {
    /// Texts of a document, the original first.
    pub fn variants(&self, document: DocumentId) -> Result<Vec<Variant>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, kind, language, tool, encoding, bytes, lines, sha256, parts
             FROM variant WHERE document = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([document.0])?;
        let mut variants = Vec::new();
        while let Some(row) = rows.next()? {
            let kind: String = row.get(1)?;
            variants.push(Variant {
                id: row.get(0)?,
                kind: VariantKind::from_name(&kind)
                    .ok_or_else(|| StoreError::Damaged(format!("variant kind {kind:?}")))?,
                language: row.get(2)?,
                tool: row.get(3)?,
                encoding: row.get(4)?,
                bytes: row.get::<_, i64>(5)?.unsigned_abs(),
                lines: row.get::<_, i64>(6)?.unsigned_abs(),
                sha256: digest(row.get(7)?)?,
                parts: unpack_parts(row.get_ref(8)?.as_blob().map_err(rusqlite::Error::from)?)?,
            });
        }
        Ok(variants)
    }

    /// The stored chunk of a text that holds byte `offset`; the last one when it lies behind the
    /// end; `None` for an empty text.
    pub fn chunk_at(&self, variant: i64, offset: u64) -> Result<Option<Slice>, StoreError> {
        self.chunk_by(
            "SELECT start, line, data FROM chunk WHERE variant = ?1 AND start <= ?2
             ORDER BY start DESC LIMIT 1",
            variant,
            offset,
        )
    }

    /// The chunk that holds line `line` (from 0): the last one that begins at or before it.
    pub fn chunk_at_line(&self, variant: i64, line: u64) -> Result<Option<Slice>, StoreError> {
        self.chunk_by(
            "SELECT start, line, data FROM chunk WHERE variant = ?1 AND line <= ?2
             ORDER BY start DESC LIMIT 1",
            variant,
            line,
        )
    }

    fn chunk_by(&self, sql: &str, variant: i64, at: u64) -> Result<Option<Slice>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query((variant, at as i64))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let (start, line): (i64, i64) = (row.get(0)?, row.get(1)?);
        let text = self.unpacked(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?)?;
        Ok(Some(Slice { start: start.unsigned_abs(), line: line.unsigned_abs(), text }))
    }

    /// A stretch of text as it was before it was packed. The last one is kept: around a quote the same
    /// one is asked for again and again.
    fn unpacked(&self, packed: &[u8]) -> Result<String, StoreError> {
        let mut last = self.last_unpacked.borrow_mut();
        if let Some(last) = last.as_ref().filter(|last| last.packed == packed) {
            return Ok(last.text.clone());
        }
        let text = String::from_utf8(self.unpack(packed)?)
            .map_err(|_| StoreError::Damaged("a stored text is not UTF-8".to_owned()))?;
        *last = Some(Unpacked { packed: packed.to_vec(), text: text.clone() });
        Ok(text)
    }

    /// All chunks of a text, in order; stops when `each` says so.
    pub fn each_chunk<E: From<StoreError>>(
        &self,
        variant: i64,
        mut each: impl FnMut(Slice) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut next = Some(0);
        while let Some(offset) = next {
            let Some(chunk) = self.chunk_at(variant, offset)? else { break };
            let end = chunk.start + chunk.text.len() as u64;
            next = (chunk.start == offset && !chunk.text.is_empty()).then_some(end);
            if next.is_some() {
                each(chunk)?;
            }
        }
        Ok(())
    }
}

pub(super) fn digest(bytes: Vec<u8>) -> Result<Sha256, StoreError> {
    <[u8; 32]>::try_from(bytes)
        .map(Sha256)
        .map_err(|_| StoreError::Damaged("a digest has the wrong length".to_owned()))
}
