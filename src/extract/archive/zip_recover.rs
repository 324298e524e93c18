//! Members of a zip archive whose directory is missing or broken, found by the headers that stand
//! in front of them. A download that broke off is the usual reason.

use super::budget::Budget;
use super::member;
use super::names::Names;
use crate::extract::{Input, Out, Stop};
use crate::model::State;
use flate2::bufread::DeflateDecoder;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

const LOCAL_HEADER: &[u8; 4] = b"PK\x03\x04";

/// What stands in front of a member.
struct Header {
    /// Where the data begins, in bytes from the start of the file.
    data: u64,
    flags: u16,
    method: u16,
    /// Zero when it is written after the data.
    packed: u64,
    size: u64,
    name: Vec<u8>,
}

impl Header {
    fn read(file: &mut (impl Read + Seek), at: u64) -> io::Result<Header> {
        file.seek(SeekFrom::Start(at))?;
        let mut fixed = [0; 30];
        file.read_exact(&mut fixed)?;
        let short = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
        let long = |at: usize| (u64::from(short(at + 2)) << 16) | u64::from(short(at));
        let mut name = vec![0; usize::from(short(26))];
        file.read_exact(&mut name)?;
        let data = at + 30 + name.len() as u64 + u64::from(short(28));
        Ok(Header {
            data,
            flags: short(6),
            method: short(8),
            packed: long(18),
            size: long(22),
            name,
        })
    }
}

/// Writes what can be found and ends with an error that says what is missing.
pub fn extract(input: &mut Input, out: &mut Out, why: &str) -> Result<(), Stop> {
    let len = input.len();
    let mut file = BufReader::new(input.reader()?);
    let mut names = Names::default();
    let mut headers = 0;
    let mut at = 0;
    while let Some(found) = find(&mut file, at)? {
        if let Ok(header) = Header::read(&mut file, found) {
            names.see(&header.name);
        }
        headers += 1;
        at = found + 4;
        if headers > out.limits().children {
            break;
        }
    }
    if headers == 0 {
        return Err(Stop::Failed(format!("not a readable zip archive: {why}")));
    }
    let mut budget = Budget::new(len);
    let mut ordinal = 0;
    at = 0;
    while let Some(found) = find(&mut file, at)? {
        at = found + 4;
        let Ok(header) = Header::read(&mut file, found) else { continue };
        at = at.max(one(&mut file, header, ordinal, &names, &mut budget, out)?);
        budget.check()?;
        ordinal += 1;
    }
    let found =
        if ordinal == 1 { "1 member was".to_owned() } else { format!("{ordinal} members were") };
    Err(Stop::Failed(format!(
        "the archive's directory cannot be read ({why}); {found} found without it, others may be missing"
    )))
}

/// Writes one member; returns where the search goes on.
fn one<R: Read + Seek>(
    file: &mut BufReader<R>,
    header: Header,
    ordinal: u64,
    names: &Names,
    budget: &mut Budget,
    out: &mut Out,
) -> Result<u64, Stop> {
    if header.name.ends_with(b"/") {
        return Ok(header.data);
    }
    let decoded = names.decode(&header.name, header.flags & (1 << 11) != 0);
    let size = (header.size > 0).then_some(header.size);
    let child = member(decoded, &header.name, ordinal, size, out)?;
    if header.flags & 1 != 0 {
        let why = "encrypted, in an archive whose directory cannot be read";
        out.unreadable_child(child, State::Encrypted, why)?;
        return Ok(header.data.saturating_add(header.packed));
    }
    file.seek(SeekFrom::Start(header.data))?;
    match header.method {
        0 => {
            let mut exact = Exact { inner: file.take(header.packed), left: header.packed };
            out.child(child, &mut budget.member(&mut exact, Some(header.packed)))?;
            Ok(header.data.saturating_add(header.packed))
        }
        8 => {
            let mut decoder = DeflateDecoder::new(file);
            let packed = (header.packed > 0).then_some(header.packed);
            out.child(child, &mut budget.member(&mut decoder, packed))?;
            Ok(header.data.saturating_add(decoder.total_in()))
        }
        method => {
            let why = format!("packed with method {method}, in an archive without a directory");
            out.unreadable_child(child, State::Failed, why)?;
            Ok(header.data.saturating_add(header.packed))
        }
    }
}

/// Yields exactly the bytes that were promised, or an error.
struct Exact<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Exact<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left -= count as u64;
        if count == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive breaks off"));
        }
        Ok(count)
    }
}

/// The next local header at or after this position.
fn find(file: &mut (impl Read + Seek), from: u64) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(from))?;
    let mut window = Vec::with_capacity(64 * 1024 + LOCAL_HEADER.len());
    let mut start = from;
    loop {
        let before = window.len();
        file.take(64 * 1024).read_to_end(&mut window)?;
        if window.len() == before {
            return Ok(None);
        }
        if let Some(at) = window.windows(LOCAL_HEADER.len()).position(|four| four == LOCAL_HEADER) {
            return Ok(Some(start + at as u64));
        }
        let keep = window.len().min(LOCAL_HEADER.len() - 1);
        start += (window.len() - keep) as u64;
        window.drain(..window.len() - keep);
    }
}
