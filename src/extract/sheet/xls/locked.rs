//! Workbooks locked with a password: the data of the records is under RC4 or XOR, their heads are
//! not, and a few records are never locked.

use super::super::biff::{record, short};
use crate::extract::office::lock::streams::{Lock, Xor};
use crate::extract::office::lock::{opened, unknown};
use crate::extract::{Out, Stop};

/// The record that says how the ones behind it are locked.
const FILE_PASS: u16 = 0x2f;
/// Records that stay in clear: beginnings, who has the file open, what the lock is.
const CLEAR: &[u16] = &[0x09, 0x209, 0x409, 0x809, FILE_PASS, 0xe1, 0x194, 0x195, 0x196, 0x138];
/// A sheet's name is locked, its place in the file is not.
const SHEET: u16 = 0x85;
/// The key stream begins anew after so many bytes of the file.
const BLOCK: usize = 1024;
/// The record stands before these many others.
const MOST_BEFORE: usize = 16;

/// The workbook in clear; as it is where it is not locked.
pub fn unlock(mut bytes: Vec<u8>, passwords: &[String], out: &mut Out) -> Result<Vec<u8>, Stop> {
    let mut at = 0;
    for _ in 0..MOST_BEFORE {
        let Some(found) = record(&bytes, at) else { break };
        if found.number != FILE_PASS {
            at = found.end;
            continue;
        }
        let (data, end) = (found.data, found.end);
        // BIFF 5 and earlier know XOR alone and do not say so.
        let old = data.len() == 4;
        if old || short(data, 0) == Some(0) {
            let at = if old { 0 } else { 2 };
            let word = |at: usize| short(data, at).unwrap_or(0);
            let xor = Xor::open(word(at), word(at + 2), passwords)?;
            each(&mut bytes, end, |data, offset, _| xor.apply(data, offset));
        } else if short(data, 0) == Some(1) {
            let lock = Lock::open(&data[2..], passwords)?;
            let mut stream = Stream { lock, block: u32::MAX, key: Vec::new() };
            each(&mut bytes, end, |data, offset, clear| {
                stream.apply(&mut data[clear..], offset + clear)
            });
        } else {
            return Err(unknown(format_args!("kind {}", short(data, 0).unwrap_or(0))));
        }
        opened(out)?;
        break;
    }
    Ok(bytes)
}

/// Visits the data of the locked records from this place on, with its place in the stream and how
/// much of it is in clear.
fn each(bytes: &mut [u8], from: usize, mut visit: impl FnMut(&mut [u8], usize, usize)) {
    let mut at = from;
    while let Some((number, end)) = record(bytes, at).map(|found| (found.number, found.end)) {
        if !CLEAR.contains(&number) {
            let clear = if number == SHEET { 4.min(end - at - 4) } else { 0 };
            visit(&mut bytes[at + 4..end], at + 4, clear);
        }
        at = end;
    }
}

/// The key stream by places of the file.
struct Stream {
    lock: Lock,
    block: u32,
    key: Vec<u8>,
}

impl Stream {
    fn apply(&mut self, data: &mut [u8], offset: usize) {
        for (at, byte) in data.iter_mut().enumerate() {
            let place = offset + at;
            let block = (place / BLOCK) as u32;
            if block != self.block {
                self.block = block;
                self.key = vec![0; BLOCK];
                self.lock.cipher(block).apply(&mut self.key);
            }
            *byte ^= self.key[place % BLOCK];
        }
    }
}
