//! Office documents locked with a password, as [MS-OFFCRYPTO] describes them: packages of Office
//! 2007 and later (standard and agile), and the streams of older ones (RC4, CryptoAPI, XOR).
//!
//! Which password fitted is kept nowhere. It is no operation of the journal, because a journal is
//! handed over, and neither the word nor a hash of it (most can be guessed from one) may go with it;
//! that there was one stands in the metadata of the document. Whoever reads it anew gives the
//! passwords again, and `verify` names what it could not open without.
//!
//! A package comes out as a child document, because its bytes are those of another file; older
//! documents are unlocked stream by stream where they are read.

mod cipher;
mod package;
pub mod streams;

pub use cipher::{Hash, blowfish, cbc};

use super::children::embedded;
use super::ole::Ole;
use crate::extract::{Input, Key, Out, Stop};

/// The password that Excel itself uses for files that are only protected from changes.
const EXCEL: &str = "VelvetSweatshop";

/// An OLE container around an encrypted package.
pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let mut ole = Ole::open(input.bytes()?)?;
    ole.properties(out)?;
    let missing = || Stop::failed("its encrypted package is not complete");
    let about = ole.stream("/EncryptionInfo").ok_or_else(missing)?;
    let sealed = ole.stream("/EncryptedPackage").ok_or_else(missing)?;
    let key = first_fitting(input.passwords, |password| package::key(&about, password))?;
    opened(out)?;
    let bytes = key.open(&sealed).ok_or_else(missing)?;
    let name = match input.name {
        "" => "package",
        name => name,
    };
    embedded(out, name, 0, &bytes)
}

/// What the first password that fits gives: none, Excel's own, then those that were supplied.
/// `try_one` fails where the kind of lock is not known.
pub fn first_fitting<T>(
    passwords: &[String],
    mut try_one: impl FnMut(&str) -> Result<Option<T>, Stop>,
) -> Result<T, Stop> {
    for password in [EXCEL, ""].into_iter().chain(passwords.iter().map(String::as_str)) {
        if let Some(found) = try_one(password)? {
            return Ok(found);
        }
    }
    Err(refused(passwords))
}

/// Says in the metadata that the document was locked.
pub fn opened(out: &mut Out) -> Result<(), Stop> {
    out.meta(Key::Other("lock".to_owned()), "opened with a password")
}

/// No password fits.
pub fn refused(passwords: &[String]) -> Stop {
    Stop::Encrypted(match passwords.len() {
        0 => "encrypted with a password; give it with --passwords FILE".to_owned(),
        count => format!("encrypted with a password; none of the {count} passwords given fits"),
    })
}

/// A kind of lock that is not known here.
pub fn unknown(what: impl std::fmt::Display) -> Stop {
    Stop::Encrypted(format!(
        "encrypted in a way that is not read ({what}); open it with the program that made it, \
         save it without a password and add the copy"
    ))
}

/// The description of a lock is not all there.
fn cut() -> Stop {
    Stop::Encrypted("encrypted with a password; the description of its lock is cut".to_owned())
}

/// A password as all of these locks hash it.
fn wide(password: &str) -> Vec<u8> {
    password.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[cfg(test)]
mod tests;
