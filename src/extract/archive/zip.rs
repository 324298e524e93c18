//! Zip archives, read by their central directory; where that is missing or broken, `zip_recover`
//! takes the members that are there.

use super::budget::Budget;
use super::names::Names;
use super::{member, utc, zip_recover};
use crate::extract::record::Child;
use crate::extract::{Input, Out, Stop};
use crate::model::State;
use encoding_rs::{BIG5, EUC_KR, GB18030, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
use std::collections::HashSet;
use std::io::{self, Read, Seek};
use zip::read::{Config, OwnedZipFileEntry, ZipFileEntry, ZipReadOptions};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ExtraField, ZipArchive};

/// Bit 11 of the flags: name and comment are UTF-8.
const UTF8_FLAG: u16 = 1 << 11;
/// Longest target of a symbolic link that a warning shows, in bytes.
const LONGEST_LINK: u64 = 4096;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let len = input.len();
    let passwords = input.passwords;
    let head = beginning(input);
    if ZipArchive::new(input.reader()?).is_ok_and(|zip| is_of_a_member(&zip, head)) {
        let why = "the file is cut off: the directory at its end is that of a member";
        return zip_recover::extract(input, out, why);
    }
    match directory(input, out, len, passwords)? {
        Ok(()) => Ok(()),
        Err(ZipError::UnsupportedArchive(why)) if why.contains("multi-disk") => {
            Err(Stop::Unsupported(
                "one part of a zip archive in several parts; join the parts first".to_owned(),
            ))
        }
        Err(error) => zip_recover::extract(input, out, &in_words(&error)),
    }
}

/// Documents of iWork: what lies in them as files (a preview, pictures, sometimes an index as XML)
/// is read, and the documents themselves are listed as what they are.
pub fn extract_iwork(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    extract(input, out)?;
    Err(Stop::Unsupported(
        "an iWork document: the files in it are listed, its own text is not read yet; save it as \
         PDF or DOCX with the program that made it and add the copy"
            .to_owned(),
    ))
}

/// What is wrong with a directory, for somebody who does not know the format.
fn in_words(error: &ZipError) -> String {
    let text = error.to_string();
    // The library names the record that ends the directory.
    match text.contains("EOC") || text.contains("end of central directory") {
        true => "the file is cut off: it lacks the directory at its end".to_owned(),
        false => text,
    }
}

/// Whether a directory that was found is that of a member, which lies uncompressed in an archive
/// whose own directory is cut off. A program in front of an archive does not begin as a member does.
pub fn is_of_a_member<R: Read + Seek>(archive: &ZipArchive<R>, head: [u8; 4]) -> bool {
    head == *b"PK\x03\x04" && archive.offset() > 0
}

/// The first bytes of a file, as far as there are any.
pub fn beginning(input: &Input) -> [u8; 4] {
    input.head().first_chunk().copied().unwrap_or_default()
}

/// Reads by the central directory. The inner error says why that cannot be done; nothing was
/// written to `out` then.
fn directory(
    input: &mut Input,
    out: &mut Out,
    len: u64,
    passwords: &[String],
) -> Result<Result<(), ZipError>, Stop> {
    let mut archive = match ZipIterable::try_new(input.reader()?, Config::default()) {
        Ok(archive) => archive,
        Err(error) => return Ok(Err(error)),
    };
    if archive.is_empty() {
        return Err(Stop::Empty("an archive without members".to_owned()));
    }
    let (names, overlapping) = match survey(&mut archive, out.limits().children) {
        Ok(survey) => survey,
        Err(error) => return Ok(Err(error)),
    };
    let files = match archive.files() {
        Ok(files) => files,
        Err(error) => return Ok(Err(error)),
    };
    let tries = passwords.iter().flat_map(|password| in_bytes(password)).collect();
    let budget = Budget::new(len);
    let mut state = Members { names, passwords: passwords.len(), tries, good: None, budget };
    let mut ordinal = 0;
    while let Some(entry) = files.next() {
        let entry = entry.map_err(Stop::failed)?;
        if !entry.is_dir() || entry.size() > 0 {
            let overlaps = overlapping.contains(&ordinal);
            state.one(entry, ordinal, overlaps, files.reader_mut(), out)?;
            state.budget.check()?;
        }
        ordinal += 1;
    }
    Ok(Ok(()))
}

/// One pass over the directory: the names, and the members whose bytes belong to another member
/// too (so that a small file could unpack to a huge one).
fn survey<R: Read + Seek>(
    archive: &mut ZipIterable<R>,
    most: u64,
) -> Result<(Names, HashSet<u64>), ZipError> {
    let mut names = Names::default();
    let mut extents: Vec<(u64, u64, u64)> = Vec::new();
    for (ordinal, entry) in (0..most).zip(archive.files()?) {
        let entry = entry?;
        names.see(entry.name_raw());
        let fixed = 30 + entry.name_raw().len() as u64;
        let end =
            entry.header_start().saturating_add(fixed).saturating_add(entry.compressed_size());
        extents.push((entry.header_start(), ordinal, end));
    }
    extents.sort_unstable();
    let mut overlapping = HashSet::new();
    let mut reached = 0;
    for (start, ordinal, end) in extents {
        // The name in the directory may be longer than the one in front of the data (a Unicode
        // path); what matters is data that is used twice.
        if start < reached {
            overlapping.insert(ordinal);
        } else {
            reached = end;
        }
    }
    Ok((names, overlapping))
}

/// A password in the bytes that a packer may have made of it: nothing says which, and the old
/// cipher takes the bytes of the code page of the machine.
fn in_bytes(password: &str) -> Vec<Vec<u8>> {
    let mut all = vec![password.as_bytes().to_vec()];
    if !password.is_ascii() {
        for encoding in [GB18030, BIG5, SHIFT_JIS, EUC_KR, WINDOWS_1251, WINDOWS_1252] {
            let (bytes, _, has_lost) = encoding.encode(password);
            if !has_lost && !all.contains(&bytes.to_vec()) {
                all.push(bytes.into_owned());
            }
        }
    }
    all
}

struct Members {
    names: Names,
    /// How many were given.
    passwords: usize,
    tries: Vec<Vec<u8>>,
    /// Which of the tries fitted last.
    good: Option<usize>,
    budget: Budget,
}

impl Members {
    fn one<R: Read + Seek>(
        &mut self,
        entry: ZipFileEntry<'static>,
        ordinal: u64,
        overlaps: bool,
        reader: &mut R,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let raw = entry.name_raw().to_vec();
        let decoded = self.names.decode(&raw, entry.flags().as_u16() & UTF8_FLAG != 0);
        let mut child = member(decoded, &raw, ordinal, Some(entry.size()), out)?;
        child.modified = entry.last_modified().and_then(dos_time);
        if overlaps {
            let why = "its bytes belong to another member too, a trick of zip bombs";
            return out.unreadable_child(child, State::OverLimit, why);
        }
        if !is_supported(entry.compression()) {
            let why = format!("packed with a method that is not read: {}", entry.compression());
            return out.unreadable_child(child, State::Unsupported, why);
        }
        if entry.encrypted() {
            return self.encrypted(entry, child, reader, out);
        }
        let packed = entry.compressed_size();
        let is_link = entry.is_symlink();
        let mut file = match entry.with_reader(reader, ZipReadOptions::default()) {
            Ok(file) => file,
            Err(error) => return out.unreadable_child(child, State::Failed, error.to_string()),
        };
        if is_link {
            let mut target = Vec::new();
            // A link that cannot be read is still worth its warning.
            let _ = (&mut file).take(LONGEST_LINK).read_to_end(&mut target);
            let target = String::from_utf8_lossy(&target).into_owned();
            return out
                .warn(format!("{} is a symbolic link to {target}; not followed", child.name));
        }
        child.modified = stated_time(file.extra_data_fields()).or(child.modified);
        out.child(child, &mut self.budget.member(file, Some(packed)))
    }

    /// Tries the passwords, the one that fitted last first.
    fn encrypted<R: Read + Seek>(
        &mut self,
        entry: ZipFileEntry<'static>,
        mut child: Child,
        reader: &mut R,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let packed = entry.compressed_size();
        let entry = OwnedZipFileEntry::from(entry);
        let mut broken = None;
        for at in self.good.into_iter().chain(0..self.tries.len()) {
            let options = ZipReadOptions::new().password(Some(&self.tries[at]));
            // The check value of the old cipher is one byte: of 256 wrong passwords one passes.
            // Only the checksum at the end of the member tells.
            match entry.as_ref().with_reader(&mut *reader, options.clone()) {
                Ok(file) => {
                    let mut trial = self.budget.member(file, Some(packed));
                    if let Err(error) = io::copy(&mut trial, &mut io::sink()) {
                        broken = Some(error);
                        continue;
                    }
                }
                Err(ZipError::InvalidPassword) => continue,
                Err(error) => {
                    return out.unreadable_child(child, State::Failed, error.to_string());
                }
            }
            let file = match entry.as_ref().with_reader(&mut *reader, options) {
                Ok(file) => file,
                Err(error) => return out.unreadable_child(child, State::Failed, error.to_string()),
            };
            self.good = Some(at);
            child.modified = stated_time(file.extra_data_fields()).or(child.modified);
            return out.child(child, &mut self.budget.member(file, Some(packed)));
        }
        let stop = broken.as_ref().and_then(|error| error.get_ref()?.downcast_ref::<Stop>());
        if let Some(stop) = stop {
            return out.unreadable_child(child, stop.state(), stop.to_string());
        }
        let why = match self.passwords {
            0 => "encrypted; give its password with --passwords FILE".to_owned(),
            count => format!("encrypted; none of the {count} passwords given fits"),
        };
        out.unreadable_child(child, State::Encrypted, why)
    }
}

fn is_supported(method: CompressionMethod) -> bool {
    matches!(
        method,
        CompressionMethod::Stored
            | CompressionMethod::Deflated
            | CompressionMethod::Deflate64
            | CompressionMethod::Bzip2
            | CompressionMethod::Lzma
            | CompressionMethod::Zstd
            | CompressionMethod::Xz
    )
}

/// The clock of the machine that packed it, in its unknown zone.
fn dos_time(time: zip::DateTime) -> Option<String> {
    // 1980-01-01 00:00 is the zero of the format and means "unset".
    let unset = (time.year(), time.month(), time.day(), time.hour()) == (1980, 1, 1, 0);
    (time.is_valid() && !unset).then(|| {
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    })
}

/// The time in UTC that some packers store beside the naive one.
fn stated_time<'a>(mut fields: impl Iterator<Item = &'a ExtraField>) -> Option<String> {
    fields.find_map(|field| match field {
        ExtraField::ExtendedTimestamp(time) => utc(i64::from(time.mod_time()?)),
        _ => None,
    })
}
