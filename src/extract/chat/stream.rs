//! How the streamed reading of JSON ends, the same for every importer.

use super::rest::Rest;
use super::scan::{Broken, Scan};
use super::torn;
use crate::extract::{Out, Stop};
use std::io::{Read, Seek};

/// As much of a file as is read to see its first record.
pub(super) const PROBE: u64 = 4 << 20;

/// Bytes of a record without end that are kept as text.
const MOST_TAIL: u64 = 1 << 20;

/// Why a reading stopped.
#[derive(Debug)]
pub(super) enum Ended {
    Broken(Broken),
    Stop(Stop),
}

impl From<Broken> for Ended {
    fn from(broken: Broken) -> Self {
        Ended::Broken(broken)
    }
}

impl From<Stop> for Ended {
    fn from(stop: Stop) -> Self {
        Ended::Stop(stop)
    }
}

/// Behind a document of a file: goes on to the next one, which begins with this bracket, where
/// files were joined. What stands between is kept as text. `false` at the end of the file.
pub(super) fn another<R: Read + Seek>(
    bracket: u8,
    scan: &mut Scan<R>,
    rest: &mut Rest,
    out: &mut Out,
) -> Result<bool, Ended> {
    loop {
        while scan.take(b',')? {}
        match scan.token()? {
            None => return Ok(false),
            Some(byte) if byte == bracket => return Ok(true),
            Some(_) => {}
        }
        let start = scan.position();
        scan.pass(|byte| byte == bracket)?;
        let end = scan.position();
        let most = (end - start).min(MOST_TAIL);
        if torn::is_bare(&scan.bytes_from(start, most)?) && most == end - start {
            scan.seek(end)?;
            continue;
        }
        out.warn(format!("bytes {start} to {end} belong to no message; they are kept as text"))?;
        rest.stretch(out, scan, start, end)?;
    }
}

/// Writes the remainder and turns the end into what the document is told by. What was read of an
/// export that was cut off is worth as much as the whole of a shorter one: the cut is a warning,
/// and the record that it went through stays as text.
pub(super) fn conclude<R: Read + Seek>(
    ended: Result<(), Ended>,
    scan: &mut Scan<R>,
    rest: &mut Rest,
    out: &mut Out,
) -> Result<(), Stop> {
    match ended {
        Ok(()) => rest.finish(out),
        Err(Ended::Broken(broken @ Broken::Open(_))) => {
            out.warn(format!("{broken}; all that stands there was read"))?;
            rest.finish(out)
        }
        Err(Ended::Broken(Broken::Truncated(start))) => {
            let tail = scan.text_from(start, MOST_TAIL)?;
            out.warn(format!("{}; what stands before it was read", Broken::Truncated(start)))?;
            if !tail.trim().is_empty() {
                rest.line(out, tail.trim())?;
            }
            rest.finish(out)
        }
        Err(Ended::Broken(broken)) => {
            rest.finish(out)?;
            Err(broken.into())
        }
        Err(Ended::Stop(stop)) => Err(stop),
    }
}
