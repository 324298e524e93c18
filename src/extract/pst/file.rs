//! The lower floor of a store ([MS-PST] 2.2): two B-trees of pages, one from nodes to blocks, one
//! from blocks to bytes; blocks that list other blocks; nodes inside nodes.
//!
//! Read leniently: checksums and figures that nothing depends on are not looked at, because the
//! stores of leaks were cut, carved and converted.

use super::cipher::Cipher;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::rc::Rc;

/// Why something could not be read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(pub String);

pub fn broken<T>(why: impl Into<String>) -> Result<T, Broken> {
    Err(Broken(why.into()))
}

/// How the numbers of a store are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Outlook 97 to 2002: four bytes.
    Ansi,
    /// Eight bytes, pages of 512 bytes.
    Unicode,
    /// Stores of accounts since Outlook 2013: pages of 4096 bytes, packed blocks.
    Large,
}

/// A node: its number, its data, the nodes inside it, the folder it lies in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Node {
    pub id: u32,
    pub data: u64,
    pub inside: u64,
    pub parent: u32,
}

pub struct Store {
    file: RefCell<File>,
    kind: Kind,
    cipher: Cipher,
    nodes: u64,
    blocks: u64,
    /// Pages that were read, because every look-up begins at the same ones.
    pages: RefCell<HashMap<u64, Rc<Vec<u8>>>>,
    /// Most bytes of one value.
    most: usize,
}

/// Levels of a tree; more is a circle.
const DEEPEST: u8 = 16;
const MOST_PAGES: usize = 8192;
/// Nodes inside one node; more is hostile.
const MOST_INSIDE: usize = 1 << 20;

fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
    let bytes = bytes.get(at..at + width).unwrap_or_default();
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl Store {
    pub fn open(mut file: File, most: u64) -> Result<Store, Broken> {
        let mut head = vec![0; 564];
        file.rewind().and_then(|()| file.read_exact(&mut head[..])).or_else(|_| broken("cut"))?;
        if !head.starts_with(b"!BDN") {
            return broken("not a store of Outlook");
        }
        let kind = match number(&head, 10, 2) {
            14 | 15 => Kind::Ansi,
            36.. => Kind::Large,
            _ => Kind::Unicode,
        };
        let (nodes, blocks, cipher) = match kind {
            Kind::Ansi => (number(&head, 188, 4), number(&head, 196, 4), head[461]),
            _ => (number(&head, 224, 8), number(&head, 240, 8), head[513]),
        };
        Ok(Store {
            file: RefCell::new(file),
            kind,
            cipher: Cipher::of(cipher),
            nodes,
            blocks,
            pages: RefCell::default(),
            most: usize::try_from(most).unwrap_or(usize::MAX),
        })
    }

    /// Heaps of large stores count further in one block.
    pub fn is_large(&self) -> bool {
        self.kind == Kind::Large
    }

    /// Bytes of a number.
    pub fn width(&self) -> usize {
        if self.kind == Kind::Ansi { 4 } else { 8 }
    }

    fn read(&self, at: u64, length: usize) -> Result<Vec<u8>, Broken> {
        let mut file = self.file.borrow_mut();
        let mut bytes = vec![0; length];
        let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut bytes));
        read.or_else(|_| broken("a part of the file is missing"))?;
        Ok(bytes)
    }

    fn page(&self, at: u64) -> Result<Rc<Vec<u8>>, Broken> {
        if let Some(page) = self.pages.borrow().get(&at) {
            return Ok(page.clone());
        }
        let page = Rc::new(self.read(at, if self.is_large() { 4096 } else { 512 })?);
        let mut pages = self.pages.borrow_mut();
        if pages.len() >= MOST_PAGES {
            pages.clear();
        }
        pages.insert(at, page.clone());
        Ok(page)
    }

    /// Number of entries of a tree's page, bytes of one, level of the page.
    fn shape(&self, page: &[u8]) -> (usize, usize, u8) {
        let at = match self.kind {
            Kind::Ansi => 496,
            Kind::Unicode => 488,
            Kind::Large => 4056,
        };
        match self.kind {
            Kind::Large => (number(page, at, 2) as usize, page[at + 4].into(), page[at + 5]),
            _ => (page[at].into(), page[at + 2].into(), page[at + 3]),
        }
    }

    fn entries<'p>(&self, page: &'p [u8]) -> Result<(Vec<&'p [u8]>, u8), Broken> {
        let (count, size, level) = self.shape(page);
        if size < 3 * self.width() || level > DEEPEST {
            return broken("a page of its index is damaged");
        }
        Ok((page.chunks_exact(size).take(count).collect(), level))
    }

    /// Visits all leaves of a tree, in order, each page once. What is broken is left out and counted.
    fn leaves(&self, at: u64, seen: &mut HashSet<u64>, visit: &mut dyn FnMut(&[u8])) -> u64 {
        if !seen.insert(at) {
            return 1;
        }
        let Ok(page) = self.page(at) else { return 1 };
        let Ok((entries, level)) = self.entries(&page) else { return 1 };
        if level == 0 {
            entries.iter().for_each(|entry| visit(entry));
            return 0;
        }
        let width = self.width();
        entries.iter().map(|e| self.leaves(number(e, 2 * width, width), seen, visit)).sum()
    }

    /// All nodes of the store, and how many pages of their index could not be read.
    pub fn nodes(&self) -> (Vec<Node>, u64) {
        let width = self.width();
        let mut nodes = Vec::new();
        let lost = self.leaves(self.nodes, &mut HashSet::new(), &mut |entry| {
            nodes.push(Node {
                id: number(entry, 0, 4) as u32,
                data: number(entry, width, width),
                inside: number(entry, 2 * width, width),
                parent: number(entry, 3 * width, 4) as u32,
            });
        });
        (nodes, lost)
    }

    /// Where a block lies, its bytes on disk and unpacked.
    fn find(&self, block: u64) -> Result<(u64, usize, usize), Broken> {
        let width = self.width();
        let wanted = block & !1;
        let mut at = self.blocks;
        for _ in 0..=DEEPEST {
            let page = self.page(at)?;
            let (entries, level) = self.entries(&page)?;
            let key = |entry: &[u8]| number(entry, 0, width) & !1;
            if level == 0 {
                let Some(entry) = entries.iter().find(|entry| key(entry) == wanted) else { break };
                let size = |at: usize| number(entry, 2 * width + at, 2) as usize;
                let unpacked = if self.is_large() { size(2) } else { size(0) };
                return Ok((number(entry, width, width), size(0), unpacked));
            }
            let Some(entry) = entries.iter().rev().find(|entry| key(entry) <= wanted) else {
                break;
            };
            at = number(entry, 2 * width, width);
        }
        broken("a block that is referred to is missing")
    }

    /// The bytes of one block in clear.
    fn block(&self, block: u64) -> Result<Vec<u8>, Broken> {
        let (at, size, unpacked) = self.find(block)?;
        let mut bytes = self.read(at, size)?;
        // Lists of blocks are never hidden.
        let is_list = block & 2 != 0;
        if self.is_large() && unpacked > 0 && unpacked != size {
            let mut plain = Vec::with_capacity(unpacked);
            let unpack = flate2::read::ZlibDecoder::new(&bytes[..]).take(1 << 20);
            { unpack }.read_to_end(&mut plain).or_else(|_| broken("a packed block is damaged"))?;
            bytes = plain;
        }
        if !is_list {
            self.cipher.open(&mut bytes, block as u32);
        }
        Ok(bytes)
    }

    /// The data of a node, block by block.
    pub fn data(&self, block: u64) -> Result<Vec<Vec<u8>>, Broken> {
        let mut found = Vec::new();
        let mut left = self.most;
        self.gather(block, 2, &mut left, &mut found)?;
        Ok(found)
    }

    fn gather(
        &self,
        block: u64,
        deep: u8,
        left: &mut usize,
        found: &mut Vec<Vec<u8>>,
    ) -> Result<(), Broken> {
        if block == 0 {
            return Ok(());
        }
        let bytes = self.block(block)?;
        if block & 2 == 0 {
            let Some(rest) = left.checked_sub(bytes.len()) else {
                return broken(format!("it has more than {} bytes", self.most));
            };
            *left = rest;
            found.push(bytes);
            return Ok(());
        }
        if bytes.first() != Some(&1) || deep == 0 {
            return broken("a list of blocks is damaged");
        }
        let count = number(&bytes, 2, 2) as usize;
        let listed = bytes.get(8..).unwrap_or_default().chunks_exact(self.width()).take(count);
        for entry in listed {
            self.gather(number(entry, 0, self.width()), deep - 1, left, found)?;
        }
        Ok(())
    }

    /// The nodes inside of a node, by their numbers.
    pub fn inside(&self, block: u64) -> Result<BTreeMap<u32, Node>, Broken> {
        let mut found = BTreeMap::new();
        if block != 0 {
            self.gather_inside(block, 2, &mut found)?;
        }
        Ok(found)
    }

    fn gather_inside(
        &self,
        block: u64,
        deep: u8,
        found: &mut BTreeMap<u32, Node>,
    ) -> Result<(), Broken> {
        let bytes = self.block(block)?;
        if bytes.first() != Some(&2) || deep == 0 || found.len() > MOST_INSIDE {
            return broken("a list of inner nodes is damaged");
        }
        let width = self.width();
        let (level, count) = (bytes.get(1).copied().unwrap_or(0), number(&bytes, 2, 2) as usize);
        let rest = bytes.get(if width == 4 { 4 } else { 8 }..).unwrap_or_default();
        if level > 0 {
            for entry in rest.chunks_exact(2 * width).take(count) {
                self.gather_inside(number(entry, width, width), deep - 1, found)?;
            }
            return Ok(());
        }
        for entry in rest.chunks_exact(3 * width).take(count) {
            let id = number(entry, 0, 4) as u32;
            let (data, inside) = (number(entry, width, width), number(entry, 2 * width, width));
            found.insert(id, Node { id, data, inside, parent: 0 });
        }
        Ok(())
    }
}
