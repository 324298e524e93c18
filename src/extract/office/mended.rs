//! OLE containers that are damaged, put together again from what can still be found.
//!
//! The library refuses a container in which any entry or any chain of sectors is wrong. Leaks hold
//! such files: cut downloads, carved disks, programs that wrote nonsense into unused fields.

use cfb::CompoundFile;
use std::collections::HashSet;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

/// A sound container with every stream of a damaged one, as far as each can be read; `None` where
/// not even a directory is found.
pub fn mended(bytes: &[u8]) -> Option<Vec<u8>> {
    let found = Damaged::open(bytes)?;
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).ok()?;
    let mut seen = HashSet::from([0]);
    // Streams that share sectors cannot make much of little.
    let mut left = bytes.len().saturating_mul(2);
    let mut waiting = vec![(found.number(0, CHILD)?, PathBuf::from("/"))];
    while let Some((id, folder)) = waiting.pop() {
        if (id as usize) < found.count() && seen.insert(id) {
            for side in [LEFT, RIGHT] {
                waiting.extend(found.number(id, side).map(|next| (next, folder.clone())));
            }
            let path = found.write(id, &folder, &mut file, &mut left);
            waiting.extend(path.zip(found.number(id, CHILD)).map(|(path, child)| (child, path)));
        }
    }
    // Entries that the tree does not reach any more.
    for id in 1..found.count() as u32 {
        if seen.insert(id) {
            found.write(id, Path::new("/"), &mut file, &mut left);
        }
    }
    file.flush().ok()?;
    Some(file.into_inner().into_inner())
}

const ENTRY: usize = 128;
const LEFT: usize = 68;
const RIGHT: usize = 72;
const CHILD: usize = 76;
const FIRST: usize = 116;
const SIZE: usize = 120;

struct Damaged<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// What follows each sector.
    table: Vec<u32>,
    small_table: Vec<u32>,
    /// Streams of fewer bytes lie in small sectors.
    cutoff: usize,
    small: Vec<u8>,
    directory: Vec<u8>,
}

fn int(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..at.checked_add(4)?)?.first_chunk()?))
}

fn ints(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect()
}

impl<'a> Damaged<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let shift = u32::from(*bytes.get(30)?);
        let sector = if shift == 12 { 4096 } else { 512 };
        let mut found = Damaged {
            bytes,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            cutoff: 4096,
            small: Vec::new(),
            directory: Vec::new(),
        };
        let mut places = ints(bytes.get(76..512)?);
        // Large files go on with the list of tables in sectors of their own.
        let mut more = int(bytes, 68)?;
        for _ in 0..bytes.len() / sector {
            let Some(list) = found.at(more) else { break };
            let list = ints(list);
            let (next, list) = list.split_last()?;
            places.extend(list);
            more = *next;
        }
        for place in places {
            match found.at(place) {
                Some(part) => found.table.extend(ints(part)),
                None if place < u32::MAX - 4 => {
                    let lost = found.table.len() + sector / 4;
                    found.table.resize(lost.min(bytes.len()), u32::MAX);
                }
                None => {}
            }
        }
        found.directory = found.chain(int(bytes, 48)?, usize::MAX);
        if found.directory.len() < ENTRY {
            return None;
        }
        found.small_table = ints(&found.chain(int(bytes, 60)?, usize::MAX));
        found.small = found.chain(found.number(0, FIRST)?, usize::MAX);
        Some(found)
    }

    /// One sector, as far as the file has it.
    fn at(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|part| !part.is_empty())
    }

    /// The sectors from this one on, up to a place where the chain breaks off or bites its tail.
    fn chain(&self, first: u32, most: usize) -> Vec<u8> {
        let mut all = Vec::new();
        let mut next = first;
        let mut seen = HashSet::new();
        while all.len() < most
            && seen.insert(next)
            && let Some(part) = self.at(next)
        {
            all.extend_from_slice(part);
            next = self.table.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        all.truncate(most);
        all
    }

    fn small_chain(&self, first: u32, most: usize) -> Vec<u8> {
        const SMALL: usize = 64;
        let mut all = Vec::new();
        let mut next = first as usize;
        let mut seen = HashSet::new();
        while all.len() < most
            && seen.insert(next)
            && let Some(rest) = next.checked_mul(SMALL).and_then(|at| self.small.get(at..))
        {
            all.extend_from_slice(&rest[..rest.len().min(SMALL)]);
            next = self.small_table.get(next).map_or(usize::MAX, |next| *next as usize);
        }
        all.truncate(most);
        all
    }

    fn count(&self) -> usize {
        self.directory.len() / ENTRY
    }

    fn number(&self, id: u32, field: usize) -> Option<u32> {
        int(&self.directory, (id as usize).checked_mul(ENTRY)?.checked_add(field)?)
    }

    fn name(&self, id: u32) -> Option<String> {
        let entry = self.directory.get(id as usize * ENTRY..)?.get(..64)?;
        let units = entry.as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two));
        let units: Vec<u16> = units.take_while(|unit| *unit != 0).take(31).collect();
        let name = String::from_utf16(&units).ok()?;
        (!name.is_empty() && !name.contains(['/', '\\', ':', '!'])).then_some(name)
    }

    /// Writes an entry below `folder`; gives its path where it is a folder itself.
    fn write(
        &self,
        id: u32,
        folder: &Path,
        file: &mut CompoundFile<Cursor<Vec<u8>>>,
        left: &mut usize,
    ) -> Option<PathBuf> {
        let path = folder.join(self.name(id)?);
        match self.directory.get(id as usize * ENTRY + 66)? {
            1 if !file.exists(&path) => file.create_storage(&path).ok().map(|()| path),
            2 if !file.exists(&path) => {
                let (first, size) = (self.number(id, FIRST)?, self.number(id, SIZE)? as usize);
                let most = size.min(*left);
                let bytes = match size < self.cutoff {
                    true => self.small_chain(first, most),
                    false => self.chain(first, most),
                };
                *left -= bytes.len();
                file.create_stream(&path).ok()?.write_all(&bytes).ok()?;
                None
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::ole;
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    fn sound() -> Vec<u8> {
        let large: Vec<u8> = (0..20_000u32).map(|n| n as u8).collect();
        ole(&[("/Large", &large), ("/Small", b"small"), ("/Folder/Inner", b"inner")])
    }

    fn stream(bytes: Vec<u8>, path: &str) -> Option<Vec<u8>> {
        let mut file = CompoundFile::open(Cursor::new(bytes)).ok()?;
        let mut all = Vec::new();
        file.open_stream(path).ok()?.read_to_end(&mut all).ok()?;
        Some(all)
    }

    #[test]
    fn every_stream_comes_back_from_a_container_that_is_refused() {
        let mut bytes = sound();
        let name: Vec<u8> = "Small".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let at = bytes.windows(name.len()).position(|part| part == name).unwrap();
        bytes[at + 64] = 200;
        assert!(CompoundFile::open(Cursor::new(&bytes)).is_err(), "its name is too long");
        let again = mended(&bytes).unwrap();
        for path in ["/Large", "/Small", "/Folder/Inner"] {
            assert_eq!(stream(again.clone(), path), stream(sound(), path), "{path}");
        }
        assert_eq!(mended(b"\xd0\xcf\x11\xe0"), None);
    }

    proptest! {
        #[test]
        fn damage_is_survived_and_never_makes_more(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
            let mut bytes = sound();
            let place = at.index(bytes.len());
            bytes[place] = byte;
            bytes.truncate(cut.index(bytes.len()) + 1);
            if let Some(again) = mended(&bytes) {
                prop_assert!(CompoundFile::open(Cursor::new(&again)).is_ok());
                prop_assert!(again.len() <= bytes.len() * 4 + 16_384);
            }
        }
    }
}
