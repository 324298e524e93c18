//! 7z archives. Members share compressed blocks, so they are read block by block in order.

use super::budget::Budget;
use super::names::Decoded;
use super::stub::{self, Behind};
use super::{member, utc};
use crate::extract::{Input, Out, Stop};
use crate::model::State;
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};
use std::io::{self, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most memory in KiB for one dictionary or model.
const MEMORY_KIB: usize = 512 * 1024;
/// Between 1601, where Windows begins to count, and 1970.
const EPOCH_SECONDS: i64 = 11_644_473_600;
/// The attribute of a Unix mode in the upper half, and the mode of a symbolic link there.
const UNIX_MODE: u32 = 0x8000;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let len = input.len();
    let passwords = input.passwords;
    let start = stub::sevenz_start(input)?;
    let file = &mut Behind::new(input.reader()?, start)?;
    let (archive, mut password) = open(file, passwords)?;
    if archive.files.is_empty() {
        return Err(Stop::Empty("an archive without members".to_owned()));
    }
    let mut budget = Budget::new(len);
    for (ordinal, entry) in (0..).zip(&archive.files) {
        if !entry.has_stream() && !entry.is_directory() {
            let child = child(entry, ordinal, out)?;
            out.child(child, &mut io::empty())?;
        }
    }
    for block in 0..archive.blocks.len() {
        let first = archive.stream_map.block_first_file_index.get(block).copied().unwrap_or(0);
        if archive.is_file_encrypted(first)
            && !passwords.is_empty()
            && let Some(found) = fitting(&archive, block, first, passwords, file, &mut budget)
        {
            password = found;
        }
        one_block(&archive, block, first, &password, file, &mut budget, out)?;
        budget.check()?;
    }
    Ok(())
}

/// Opens the archive with the first password that fits where its directory is encrypted.
fn open<R: Read + Seek>(file: &mut R, passwords: &[String]) -> Result<(Archive, Password), Stop> {
    let none = std::iter::once(Password::empty());
    for password in none.chain(passwords.iter().map(|password| Password::new(password))) {
        // A panic while reading a directory leaves nothing behind that is used again.
        let archive = catch_unwind(AssertUnwindSafe(|| {
            Archive::read_with_memory_limit(file, &password, MEMORY_KIB)
        }));
        match archive {
            Ok(Ok(archive)) => return Ok((archive, password)),
            Ok(Err(Error::PasswordRequired | Error::MaybeBadPassword(_))) => {}
            // A wrong password can look like a broken directory.
            Ok(Err(_)) | Err(_) if !password.as_slice().is_empty() => {}
            Ok(Err(error)) => return Err(Stop::Failed(plain(&error))),
            Err(_) => return Err(Stop::Failed("the archive's directory is broken".to_owned())),
        }
    }
    Err(Stop::Encrypted(if passwords.is_empty() {
        "encrypted, names included; give its password with --passwords FILE".to_owned()
    } else {
        format!("encrypted, names included; none of the {} passwords given fits", passwords.len())
    }))
}

/// The password that unpacks the first member of a block with the right checksum.
fn fitting<R: Read + Seek>(
    archive: &Archive,
    block: usize,
    first: usize,
    passwords: &[String],
    file: &mut R,
    budget: &mut Budget,
) -> Option<Password> {
    passwords.iter().map(|password| Password::new(password)).find(|password| {
        let mut fits = false;
        // As above: what panicked is dropped.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            let decoder =
                BlockDecoder::new_with_memory_limit(1, MEMORY_KIB, block, archive, password, file);
            decoder.for_each_entries(&mut |entry, reader| {
                debug_assert!(first < archive.files.len());
                let mut trial = budget.member(reader, None);
                fits = entry.size() > 0 && io::copy(&mut trial, &mut io::sink()).is_ok();
                Ok(entry.size() == 0)
            })
        }));
        fits
    })
}

fn one_block<R: Read + Seek>(
    archive: &Archive,
    block: usize,
    first: usize,
    password: &Password,
    file: &mut R,
    budget: &mut Budget,
    out: &mut Out,
) -> Result<(), Stop> {
    let mut at = first;
    let mut end = first;
    let mut stop = None;
    let bombs = budget.bombs();
    let result = catch_unwind(AssertUnwindSafe(|| {
        let decoder =
            BlockDecoder::new_with_memory_limit(1, MEMORY_KIB, block, archive, password, file);
        end = first + decoder.entry_count();
        decoder.for_each_entries(&mut |entry, reader| {
            let ordinal = at as u64;
            at += 1;
            if !entry.has_stream() {
                return Ok(true);
            }
            let written = child(entry, ordinal, out)
                .and_then(|child| out.child(child, &mut budget.member(reader, None)))
                .and_then(|()| budget.check());
            if let Err(why) = written {
                stop = Some(why);
                return Ok(false);
            }
            // The library would unpack what was left of it to reach the next member.
            Ok(budget.bombs() == bombs)
        })
    }));
    if let Some(stop) = stop {
        return Err(stop);
    }
    let (state, why) = match result {
        Ok(Ok(true)) => return Ok(()),
        Ok(Ok(false)) => (State::OverLimit, "packed behind a member that is a bomb".to_owned()),
        Ok(Err(Error::PasswordRequired)) => {
            let why = "encrypted; give its password with --passwords FILE";
            (State::Encrypted, why.to_owned())
        }
        Ok(Err(_)) | Err(_) if archive.is_file_encrypted(first) => {
            (State::Encrypted, "encrypted; none of the passwords given fits".to_owned())
        }
        Ok(Err(error @ (Error::UnsupportedCompressionMethod(_) | Error::Unsupported(_)))) => {
            (State::Unsupported, plain(&error))
        }
        Ok(Err(error @ Error::MaxMemLimited { .. })) => (State::OverLimit, plain(&error)),
        Ok(Err(error)) => (State::Failed, plain(&error)),
        Err(_) => (State::Failed, "the decompressor gave up on broken data".to_owned()),
    };
    for (ordinal, entry) in (0..).zip(&archive.files).take(end).skip(at) {
        if entry.has_stream() {
            let child = child(entry, ordinal, out)?;
            out.unreadable_child(child, state, why.clone())?;
        }
    }
    Ok(())
}

fn child(entry: &ArchiveEntry, ordinal: u64, out: &mut Out) -> Result<crate::extract::Child, Stop> {
    let name = entry.name();
    let attributes = entry.windows_attributes();
    if attributes & UNIX_MODE != 0 && (attributes >> 16) & 0o170_000 == 0o120_000 {
        out.warn(format!("{name} is a symbolic link; its target stands as its text"))?;
    }
    let decoded = Decoded { name: name.to_owned(), guessed: false };
    let mut child = member(decoded, name.as_bytes(), ordinal, Some(entry.size()), out)?;
    if entry.has_last_modified_date {
        let ticks = u64::from(entry.last_modified_date()) / 10_000_000;
        child.modified = i64::try_from(ticks).ok().and_then(|seconds| utc(seconds - EPOCH_SECONDS));
    }
    Ok(child)
}

/// The library's errors as a sentence; its `Display` is its `Debug`.
fn plain(error: &Error) -> String {
    match error {
        Error::Io(error, _) | Error::MaybeBadPassword(error) => error.to_string(),
        Error::Other(why) | Error::Unsupported(why) => why.to_string(),
        Error::UnsupportedCompressionMethod(method) => {
            format!("packed with a method that is not read: {method}")
        }
        Error::MaxMemLimited { .. } => "unpacking it takes more memory than is allowed".to_owned(),
        Error::ChecksumVerificationFailed | Error::NextHeaderCrcMismatch => {
            "a checksum does not fit: the archive is damaged".to_owned()
        }
        other => format!("not a readable 7z archive: {other:?}"),
    }
}
