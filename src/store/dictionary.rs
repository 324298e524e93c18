//! The dictionary of a case: what its texts have in common. Most texts are a few kilobytes and
//! have their words, headers and phrases from each other and not from themselves: packed against
//! a dictionary they take two thirds of the room, and every one is still unpacked alone.
//!
//! A case learns its dictionary once, from the first texts that come: stretches of them that say
//! often what others say (what zstd's own tool calls fast cover, but without tables of
//! frequencies, which do not pay here). What is packed with it begins with the number of the
//! dictionary where a frame of zstd has its magic number; what is not stays readable beside it.

use super::{Store, StoreError};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use zstd::zstd_safe::CParameter;

/// Bytes of text that a dictionary is learnt from: enough to know the words, and soon seen.
const ENOUGH: i64 = 16 << 20;
/// Bytes of a dictionary. Half of it costs 4 % of the size of the texts, the double saves 2 %, and
/// whoever shows a snippet loads all of it.
const SIZE: usize = 1 << 20;
/// Level of what is packed without a dictionary: 6 costs a third more time than 3 and saves a tenth of
/// the size; texts are written once.
pub(super) const LEVEL: i32 = 6;
/// With the dictionary: the search of level 5, a table with room for every place of the dictionary
/// (which the levels leave to ten times as much text), and matches of at least two Han characters.
/// Takes three quarters of the time of level 6, and 0.2 to 0.5 % less room.
const LEVEL_BESIDE: i32 = 5;
const TABLE: CParameter = CParameter::HashLog(20);
const SHORTEST: CParameter = CParameter::MinMatch(6);
/// Level of the dictionary itself, which is packed once in the life of a case.
const STORED: i32 = 12;
/// Bytes of the largest packed thing; more would not have been written by us.
const MOST_UNPACKED: u64 = 64 << 20;

/// What every frame of zstd begins with.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The number of the dictionary of a case: anything but the first byte of [`MAGIC`].
const FIRST: u8 = 1;

struct Dictionary {
    id: u8,
    data: Vec<u8>,
}

/// What an `add` packs texts with: its readers share it, and it is filled once the case has
/// learnt a dictionary.
#[derive(Clone, Default)]
pub struct Packing(Arc<OnceLock<Arc<Dictionary>>>);

impl Packing {
    /// Packs a few kilobytes.
    pub(super) fn pack(&self, data: &[u8]) -> Result<Vec<u8>, StoreError> {
        // Asked once: it may come while this runs.
        pack(data, self.0.get())
    }
}

fn pack(data: &[u8], dictionary: Option<&Arc<Dictionary>>) -> Result<Vec<u8>, StoreError> {
    thread_local! {
        /// Making one costs more than packing a text.
        static PACKER: RefCell<Option<Packer>> = const { RefCell::new(None) };
    }
    let packed = PACKER
        .with_borrow_mut(|packer| {
            let packer = match packer {
                Some(packer) if packer.is_for(dictionary) => packer,
                _ => packer.insert(Packer::new(dictionary)?),
            };
            packer.zstd.compress(data)
        })
        .map_err(|e| StoreError::io("compress text", e))?;
    Ok(match dictionary {
        Some(dictionary) => [&[dictionary.id], &packed[MAGIC.len()..]].concat(),
        None => packed,
    })
}

/// Packs without a dictionary what is no text.
pub fn compress(data: &[u8], level: i32) -> Result<Vec<u8>, StoreError> {
    thread_local! {
        static PLAIN: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    }
    PLAIN
        .with_borrow_mut(|plain| {
            let plain = match plain {
                Some(plain) => plain,
                None => plain.insert(zstd::bulk::Compressor::new(level)?),
            };
            plain.set_compression_level(level)?;
            plain.compress(data)
        })
        .map_err(|e| StoreError::io("compress", e))
}

/// A dictionary as it was learnt. Older cases have it unpacked: text never begins like a frame.
fn content(stored: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    if stored.starts_with(&MAGIC) { decompress(&stored) } else { Ok(stored) }
}

/// A compressor with what it was made for.
struct Packer {
    dictionary: Option<Arc<Dictionary>>,
    zstd: zstd::bulk::Compressor<'static>,
}

impl Packer {
    fn new(dictionary: Option<&Arc<Dictionary>>) -> std::io::Result<Packer> {
        let zstd = match dictionary {
            Some(dictionary) => {
                let mut zstd =
                    zstd::bulk::Compressor::with_dictionary(LEVEL_BESIDE, &dictionary.data)?;
                zstd.set_parameter(TABLE)?;
                zstd.set_parameter(SHORTEST)?;
                zstd
            }
            None => zstd::bulk::Compressor::new(LEVEL)?,
        };
        Ok(Packer { dictionary: dictionary.cloned(), zstd })
    }

    fn is_for(&self, dictionary: Option<&Arc<Dictionary>>) -> bool {
        match (&self.dictionary, dictionary) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        }
    }
}

/// Unpacks what needs no dictionary.
pub fn decompress(data: &[u8]) -> Result<Vec<u8>, StoreError> {
    thread_local! {
        static PLAIN: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
    }
    PLAIN.with_borrow_mut(|plain| {
        let plain = match plain {
            Some(plain) => plain,
            None => plain.insert(zstd::bulk::Decompressor::new().map_err(does_not_unpack)?),
        };
        unpack(data, plain)
    })
}

fn unpack(
    data: &[u8],
    with: &mut zstd::bulk::Decompressor<'static>,
) -> Result<Vec<u8>, StoreError> {
    let size = zstd::zstd_safe::get_frame_content_size(data)
        .ok()
        .flatten()
        .filter(|size| *size <= MOST_UNPACKED)
        .ok_or_else(|| StoreError::Damaged("a stored text has a bad frame".to_owned()))?;
    with.decompress(data, size as usize).map_err(does_not_unpack)
}

fn does_not_unpack(error: std::io::Error) -> StoreError {
    StoreError::Damaged(format!("a stored text does not unpack: {error}"))
}

/// What a connection unpacks with, by dictionary.
pub(super) type Unpackers = RefCell<HashMap<u8, zstd::bulk::Decompressor<'static>>>;

impl Store {
    /// Unpacks a stored text, with the dictionary it was packed with.
    pub(super) fn unpack(&self, data: &[u8]) -> Result<Vec<u8>, StoreError> {
        let Some((&id, rest)) = data.split_first().filter(|(id, _)| **id != MAGIC[0]) else {
            return decompress(data);
        };
        let mut unpackers = self.unpackers.borrow_mut();
        let with = match unpackers.entry(id) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => {
                let dictionary = self.dictionary(id)?;
                let with = zstd::bulk::Decompressor::with_dictionary(&dictionary);
                new.insert(with.map_err(does_not_unpack)?)
            }
        };
        unpack(&[&MAGIC[..], rest].concat(), with)
    }

    fn dictionary(&self, id: u8) -> Result<Vec<u8>, StoreError> {
        use rusqlite::OptionalExtension;
        self.conn
            .prepare_cached("SELECT data FROM dictionary WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?
            .ok_or_else(|| StoreError::Damaged(format!("dictionary {id} is missing")))
            .and_then(content)
    }

    /// What new texts of this case are to be packed with.
    pub fn packing(&self) -> Result<Packing, StoreError> {
        use rusqlite::OptionalExtension;
        let packing = Packing::default();
        let known = self
            .conn
            .query_row("SELECT id, data FROM dictionary LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        if let Some((id, data)) = known {
            let known = Dictionary { id, data: content(data)? };
            let _never_set_before = packing.0.set(Arc::new(known));
        }
        Ok(packing)
    }

    /// Learns the dictionary of the case once there is enough text to learn from, and packs anew
    /// what is stored by then. Runs in a transaction of its own; `packing` has the dictionary only
    /// when that is committed.
    pub fn learn(&self, packing: &Packing) -> Result<(), StoreError> {
        self.learn_from(packing, ENOUGH, SIZE)
    }

    fn learn_from(&self, packing: &Packing, enough: i64, size: usize) -> Result<(), StoreError> {
        if packing.0.get().is_some() {
            return Ok(());
        }
        let bytes: i64 =
            self.conn.query_row("SELECT coalesce(sum(bytes), 0) FROM variant", [], |r| r.get(0))?;
        if bytes < enough {
            return Ok(());
        }
        // Of a case that has much already, a part that is spread over all of it.
        let every = bytes / enough;
        let mut samples = Vec::new();
        {
            let mut statement =
                self.conn.prepare("SELECT data FROM chunk WHERE id % ?1 = 0 ORDER BY id")?;
            let mut rows = statement.query([every])?;
            while let Some(row) = rows.next()? {
                let text =
                    self.unpack(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)?;
                samples.extend_from_slice(&text);
            }
        }
        let learnt = learn(&samples, size);
        drop(samples);
        let learnt = Arc::new(Dictionary { id: FIRST, data: learnt });
        self.transaction(|| self.adopt(&learnt, every == 1))?;
        let _never_set_before = packing.0.set(learnt);
        Ok(())
    }

    fn adopt(&self, dictionary: &Arc<Dictionary>, pack_anew: bool) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO dictionary (id, data) VALUES (?1, ?2)",
            (dictionary.id, compress(&dictionary.data, STORED)?),
        )?;
        if !pack_anew {
            return Ok(());
        }
        let mut chunks: Vec<(i64, i64, i64, i64, Vec<u8>)> = Vec::new();
        {
            let mut statement = self
                .conn
                .prepare("SELECT id, variant, start, line, data FROM chunk ORDER BY id")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let text =
                    self.unpack(row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?)?;
                chunks.push((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    pack(&text, Some(dictionary))?,
                ));
            }
        }
        // Written again in order, so that the pages that become free are whole.
        self.conn.execute("DELETE FROM chunk", [])?;
        let mut statement = self.conn.prepare(
            "INSERT INTO chunk (id, variant, start, line, data) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for chunk in chunks {
            statement.execute(chunk)?;
        }
        Ok(())
    }
}

/// Bytes that make a stretch of text worth having: shorter ones are found everywhere.
const GRAM: usize = 8;
/// Bytes of a stretch that goes into a dictionary.
const STRETCH: usize = 128;
const HASH_BITS: u32 = 20;

/// The stretches of `samples`, from all over it, that have most of what stands there most often,
/// each thing once; the best ones at the end, where they are cheapest to point to.
fn learn(samples: &[u8], size: usize) -> Vec<u8> {
    let hash = |at: usize| {
        let mut gram = [0; GRAM];
        gram.copy_from_slice(&samples[at..at + GRAM]);
        (u64::from_le_bytes(gram).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - HASH_BITS)) as usize
    };
    let grams = samples.len().saturating_sub(GRAM);
    let mut counts = vec![0u32; 1 << HASH_BITS];
    (0..grams).for_each(|at| counts[hash(at)] += 1);
    // One stretch out of each part of the samples, so that all kinds of texts have theirs.
    let part = (grams * STRETCH / size).max(STRETCH);
    let mut inside = vec![0u16; 1 << HASH_BITS];
    let mut chosen: Vec<(u64, usize)> = Vec::new();
    for from in (0..grams).step_by(part) {
        let to = (from + part).min(grams);
        let (mut begin, mut score, mut best) = (from, 0u64, (0, from));
        for at in from..to {
            let own = hash(at);
            score += if inside[own] == 0 { u64::from(counts[own]) } else { 0 };
            inside[own] += 1;
            if at - begin > STRETCH - GRAM {
                let gone = hash(begin);
                inside[gone] -= 1;
                score -= if inside[gone] == 0 { u64::from(counts[gone]) } else { 0 };
                begin += 1;
            }
            best = best.max((score, begin));
        }
        (begin..to).for_each(|at| inside[hash(at)] = 0);
        (best.1..(best.1 + STRETCH - GRAM).min(grams)).for_each(|at| counts[hash(at)] = 0);
        // Nothing in it stands anywhere else.
        if best.0 > STRETCH as u64 {
            chosen.push(best);
        }
    }
    chosen.sort_unstable();
    let stretch = |(_, at): &(u64, usize)| &samples[*at..(*at + STRETCH).min(samples.len())];
    let all: Vec<u8> = chosen.iter().flat_map(stretch).copied().collect();
    all[all.len().saturating_sub(size)..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentId, Sha256, VariantKind};
    use crate::store::{Access, Compressor, NewText};

    /// Words of one vocabulary in another order each time.
    fn text(n: usize) -> String {
        let mut state = n as u64;
        let mut word = |_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let number = (state >> 33) % 800 + 1;
            format!("{:x} ", number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24)
        };
        (0..300).map(&mut word).collect()
    }

    fn put(store: &Store, document: i64, packing: &Packing, texts: std::ops::Range<usize>) -> i64 {
        let mut compressor = Compressor::new(packing.clone(), &std::env::temp_dir());
        texts.for_each(|n| compressor.push(&text(n)).unwrap());
        let (chunks, bytes, lines, sha256) = compressor.finish().unwrap();
        let new = NewText {
            kind: VariantKind::Original,
            language: "",
            tool: "",
            encoding: "",
            bytes,
            lines,
            sha256,
            parts: &[],
            chunks: &chunks,
        };
        store.put_text(DocumentId(document), &new).unwrap();
        chunks.bytes() as i64
    }

    fn read(store: &Store, document: i64) -> Sha256 {
        let variant = &store.variants(DocumentId(document)).unwrap()[0];
        let mut all = String::new();
        let each = |chunk: crate::model::view::Slice| {
            all.push_str(&chunk.text);
            Ok::<_, StoreError>(())
        };
        store.each_chunk(variant.id, each).unwrap();
        assert_eq!(Sha256::of(all.as_bytes()), variant.sha256);
        variant.sha256
    }

    #[test]
    fn a_case_learns_once_and_everything_stays_readable() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path()).unwrap();
        let packing = store.packing().unwrap();
        let learn = || store.learn_from(&packing, 200_000, 40_000).unwrap();
        put(&store, 1, &packing, 0..10);
        learn();
        assert!(packing.0.get().is_none(), "too little to learn from");
        put(&store, 2, &packing, 0..90);
        let before = [read(&store, 1), read(&store, 2)];
        let plain = put(&store, 3, &packing, 700..701);
        learn();
        assert!(packing.0.get().is_some());
        let packed = put(&store, 4, &packing, 700..701);
        assert!(packed * 4 < plain * 3, "{packed} {plain}");
        // With the dictionary from the case, as another program has it.
        let other = Store::open(folder.path(), Access::Read).unwrap();
        assert_eq!([read(&other, 1), read(&other, 2)], before);
        assert_eq!(read(&other, 3), read(&other, 4));
        let again = other.packing().unwrap();
        assert_eq!(again.0.get().unwrap().data, packing.0.get().unwrap().data);
    }

    #[test]
    fn a_damaged_or_missing_dictionary_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path()).unwrap();
        for bytes in [&[FIRST, 0, 0][..], &[9], &[], &MAGIC, &MAGIC[..2]] {
            assert!(matches!(store.unpack(bytes), Err(StoreError::Damaged(_))), "{bytes:?}");
        }
    }

    #[test]
    fn what_nothing_is_learnt_from() {
        for samples in [&[][..], &[7; 3], &[7; 100], &[0; 100_000]] {
            let _does_not_panic = learn(samples, 512);
        }
    }
}
