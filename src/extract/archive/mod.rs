//! Archives and compressed files: their members become documents of their own.
//!
//! Nothing is ever written to a file system: a member is a stream of bytes with a name, and what
//! is no regular file (links, devices) is a warning. Members are streamed, never held as a whole.

mod budget;
mod cut;
mod names;
mod sevenz;
mod sparse;
mod stream;
mod stub;
mod tar;
mod zip;
mod zip_recover;

pub use names::{Names, clean as clean_name};
pub use sevenz::extract as extract_7z;
pub use stream::{extract_bz2, extract_gz, extract_lzma, extract_xz, extract_zst};
pub use stub::behind_program;
pub use tar::extract as extract_tar;
pub use zip::{
    beginning as beginning_of_zip, extract as extract_zip, extract_iwork,
    is_of_a_member as zip_is_of_a_member,
};

use super::record::{Child, ChildRole};
use super::{Out, Stop};
use names::Decoded;

/// A member as people see it; names that point out of the archive are warned about.
fn member(
    decoded: Decoded,
    raw: &[u8],
    ordinal: u64,
    claimed_size: Option<u64>,
    out: &mut Out,
) -> Result<Child, Stop> {
    let (name, escapes) = names::clean(&decoded.name, ordinal);
    if escapes {
        out.warn(format!(
            "member {ordinal} claims a place outside of the archive: {}",
            decoded.name
        ))?;
    }
    let keep_raw = decoded.guessed || escapes;
    Ok(Child {
        name,
        raw_name: keep_raw.then(|| raw.to_vec()),
        ordinal,
        role: ChildRole::Member,
        modified: None,
        claimed_size,
    })
}

/// Seconds since the epoch as RFC 3339 in UTC; `None` for the epoch itself, which means "unset".
fn utc(seconds: i64) -> Option<String> {
    let stamp = jiff::Timestamp::from_second(seconds).ok()?;
    (seconds != 0).then(|| stamp.to_string())
}

#[cfg(test)]
mod tests;
