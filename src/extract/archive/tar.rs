//! Tar archives: old, ustar, GNU and pax.

use super::budget::Budget;
use super::names::Names;
use super::sparse::Layout;
use super::{member, utc};
use crate::extract::{Input, Out, Stop};
use crate::model::State;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use tar::{Archive, Entry, EntryType, Header};

const BLOCK: u64 = 512;

/// Long names and attributes before a header are looked for as far back as this.
const MOST_BEFORE: u64 = 1 << 20;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let len = input.len();
    let mut names = Names::default();
    let mut members = 0u64;
    // Trouble ends this pass early; it is reported by the second one.
    for entry in Archive::new(input.reader()?).entries_with_seek()?.map_while(Result::ok) {
        names.see(&entry.path_bytes());
        members += 1;
        if members > out.limits().children {
            break;
        }
    }
    let mut walk = Walk { names, budget: Budget::new(len), ordinal: 0 };
    let mut stretch = Stretch { start: 0, mended: Vec::new() };
    let mut checked = 0;
    while let Some(header) = walk.read(&stretch, input, out)? {
        // Every header is mended once.
        if header.end <= checked {
            return Err(walk.broken(&header.error));
        }
        checked = header.end;
        let mended = mend(input, &header).map_err(Stop::from)?;
        stretch = mended.ok_or_else(|| walk.broken(&header.error))?;
        let name = stretch.mended.rchunks(512).next().unwrap_or_default();
        walk.names.see(name.split(|byte| *byte == 0).next().unwrap_or_default());
    }
    Ok(())
}

/// Where the reading begins: at this byte, of which the first ones are replaced by these.
struct Stretch {
    start: u64,
    mended: Vec<u8>,
}

/// A header that was refused.
struct Refused {
    /// Where the last good member ended.
    member: u64,
    /// Where the header ends.
    end: u64,
    error: io::Error,
}

struct Walk {
    names: Names,
    budget: Budget,
    ordinal: u64,
}

impl Walk {
    /// Reads members up to the end, or to a header that the library refuses.
    fn read(
        &mut self,
        stretch: &Stretch,
        input: &mut Input,
        out: &mut Out,
    ) -> Result<Option<Refused>, Stop> {
        let file = input.reader()?;
        file.seek(SeekFrom::Start(stretch.start + stretch.mended.len() as u64))?;
        let count = Cell::new(0);
        let mended = Cursor::new(stretch.mended.as_slice());
        let inner = mended.chain(BufReader::new(file));
        let mut archive = Archive::new(Counted { inner, count: &count });
        let mut member = 0;
        for entry in archive.entries()? {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let (member, end) = (stretch.start + member, stretch.start + count.get());
                    return Ok(Some(Refused { member, end, error }));
                }
            };
            let size = entry.header().entry_size().unwrap_or(0);
            let blocks = size.div_ceil(BLOCK).saturating_mul(BLOCK);
            member = entry.raw_file_position().saturating_add(blocks);
            self.one(entry, out)?;
            self.budget.check()?;
            self.ordinal += 1;
        }
        if self.ordinal == 0 {
            return Err(Stop::Empty("an archive without members".to_owned()));
        }
        let mut rest = archive.into_inner();
        if has_data(&mut rest)? {
            out.warn("there is data after the end of the archive")?;
        }
        Ok(None)
    }

    fn broken(&self, error: &io::Error) -> Stop {
        Stop::Failed(match self.ordinal {
            0 => format!("not a readable tar archive: {error}"),
            members => format!("the archive breaks off after {members} members: {error}"),
        })
    }

    fn one<R: Read>(&mut self, mut entry: Entry<R>, out: &mut Out) -> Result<(), Stop> {
        let kind = entry.header().entry_type();
        if kind.is_dir() || matches!(kind, EntryType::XGlobalHeader) {
            return Ok(());
        }
        let sparse = Layout::of(&mut entry)?;
        let named = sparse.as_ref().and_then(|sparse| sparse.name.clone());
        let raw = named.unwrap_or_else(|| entry.path_bytes().into_owned());
        let decoded = self.names.decode(&raw, false);
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) {
            let what = match kind {
                EntryType::Symlink => "a symbolic link",
                EntryType::Link => "a link",
                EntryType::Char | EntryType::Block => "a device",
                EntryType::Fifo => "a pipe",
                _ => "a member of unknown kind",
            };
            let target = entry.link_name_bytes().map_or_else(String::new, |target| {
                format!(" to {}", self.names.decode(&target, false).name)
            });
            return out.warn(format!("{} is {what}{target}; not followed", decoded.name));
        }
        let size = sparse.as_ref().map_or_else(|| entry.size(), |sparse| sparse.size);
        let mut child = member(decoded, &raw, self.ordinal, Some(size), out)?;
        let modified = entry.header().mtime().ok();
        child.modified = modified.and_then(|time| utc(i64::try_from(time).ok()?));
        let Some(sparse) = sparse else {
            return out.child(child, &mut self.budget.member(entry, None));
        };
        match sparse.expand(entry) {
            Ok(holes) => out.child(child, &mut self.budget.member(holes, None)),
            Err(error) => out.unreadable_child(child, State::Failed, error.to_string()),
        }
    }
}

/// What is read of the archive, counted.
struct Counted<'a, R> {
    inner: R,
    count: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

/// The archive from a refused header on, if only its checksum is in the way: old programs of Sun
/// and HP added up signed bytes, which is another sum for a name that is not ASCII. What describes
/// the member before its header is read once more.
fn mend(input: &mut Input, refused: &Refused) -> io::Result<Option<Stretch>> {
    let Some(at) = refused.end.checked_sub(BLOCK) else { return Ok(None) };
    let Ok(file) = input.reader() else { return Ok(None) };
    let Some(mut header) = header(file, at)? else { return Ok(None) };
    let bytes = header.as_bytes();
    let fields = bytes[..148].iter().chain(&bytes[156..]);
    let sum = fields.fold(8 * 32, |sum, byte| sum + i64::from(byte.cast_signed()));
    if header.cksum().ok().map(i64::from) != Some(sum) {
        return Ok(None);
    }
    header.set_cksum();
    let before = at.checked_sub(refused.member).filter(|before| *before <= MOST_BEFORE);
    let start = match before.filter(|before| *before > 0) {
        Some(_) if describes(file, refused.member)? => refused.member,
        _ => at,
    };
    let mut mended = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(at - start).read_to_end(&mut mended)?;
    mended.extend_from_slice(header.as_bytes());
    Ok(Some(Stretch { start, mended }))
}

fn header(file: &mut File, at: u64) -> io::Result<Option<Header>> {
    let mut header = Header::new_old();
    file.seek(SeekFrom::Start(at))?;
    match file.read_exact(header.as_mut_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        result => result.map(|()| Some(header)),
    }
}

/// Whether a header stands here that says something about the member after it.
fn describes(file: &mut File, at: u64) -> io::Result<bool> {
    let Some(header) = header(file, at)? else { return Ok(false) };
    let mut right = header.clone();
    right.set_cksum();
    let kind = header.entry_type();
    Ok(header.cksum().ok() == right.cksum().ok()
        && (kind.is_gnu_longname() || kind.is_gnu_longlink() || kind.is_pax_local_extensions()))
}

/// Whether anything but zeros follows.
fn has_data(rest: &mut impl Read) -> Result<bool, Stop> {
    let mut buffer = [0; 8192];
    loop {
        match rest.read(&mut buffer)? {
            0 => return Ok(false),
            count if buffer[..count].iter().any(|&byte| byte != 0) => return Ok(true),
            _ => {}
        }
    }
}
