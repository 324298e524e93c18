//! Word documents locked with a password: the streams are under RC4 in blocks of 512 bytes, what is
//! needed to open them stands in clear.

use super::super::{int, short};
use crate::extract::Stop;
use crate::extract::office::lock::streams;
use crate::extract::office::lock::unknown;
use crate::extract::office::ole::Ole;

/// What opens the streams of a document.
pub struct Lock {
    streams: streams::Lock,
    /// Bytes in clear at the start of the table stream: the description of the lock.
    pub header: usize,
}

/// Bytes in clear at the start of the main stream.
const CLEAR: usize = 68;
const BLOCK: usize = 512;

impl Lock {
    /// Opens a whole stream behind what stands in clear at its start.
    pub fn open(&self, bytes: &mut [u8], clear: usize) {
        let clear = bytes[..clear.min(bytes.len())].to_vec();
        self.streams.stream(bytes, BLOCK);
        bytes[..clear.len()].copy_from_slice(&clear);
    }
}

/// Opens the main stream where it is locked; `None` where it is not.
pub fn unlock(main: &mut [u8], ole: &mut Ole, passwords: &[String]) -> Result<Option<Lock>, Stop> {
    let flags = short(main, 0x0a).unwrap_or(0);
    if flags & 0x100 == 0 {
        return Ok(None);
    }
    if flags & 0x8000 != 0 || short(main, 2).unwrap_or(0) < 0xa0 {
        return Err(unknown("XOR of Word"));
    }
    let table = if flags & 0x200 != 0 { "/1Table" } else { "/0Table" };
    let header = int(main, 0x0e).unwrap_or(0) as usize;
    let table = ole.stream(table).unwrap_or_default();
    let about = table.get(..header.min(table.len())).unwrap_or_default();
    let lock = Lock { streams: streams::Lock::open(about, passwords)?, header };
    lock.open(main, CLEAR);
    Ok(Some(lock))
}
