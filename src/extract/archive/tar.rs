//! Tar archives: old, ustar, GNU and pax.

use super::budget::Budget;
use super::names::Names;
use super::{member, utc};
use crate::extract::{Input, Out, Stop};
use std::fs::File;
use std::io::{BufReader, Read};
use tar::{Archive, Entry, EntryType};

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
    let mut budget = Budget::new(len);
    let mut archive = Archive::new(BufReader::new(input.reader()?));
    let mut ordinal = 0;
    for entry in archive.entries()? {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if ordinal == 0 => {
                return Err(Stop::Failed(format!("not a readable tar archive: {error}")));
            }
            Err(error) => {
                return Err(Stop::Failed(format!(
                    "the archive breaks off after {ordinal} members: {error}"
                )));
            }
        };
        one(entry, ordinal, &names, &mut budget, out)?;
        budget.check()?;
        ordinal += 1;
    }
    if ordinal == 0 {
        return Err(Stop::Empty("an archive without members".to_owned()));
    }
    let mut rest = archive.into_inner();
    if has_data(&mut rest)? {
        out.warn("there is data after the end of the archive")?;
    }
    Ok(())
}

fn one(
    entry: Entry<BufReader<&mut File>>,
    ordinal: u64,
    names: &Names,
    budget: &mut Budget,
    out: &mut Out,
) -> Result<(), Stop> {
    let kind = entry.header().entry_type();
    if kind.is_dir() || matches!(kind, EntryType::XGlobalHeader) {
        return Ok(());
    }
    let raw = entry.path_bytes().into_owned();
    let decoded = names.decode(&raw, false);
    if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) {
        let what = match kind {
            EntryType::Symlink => "a symbolic link",
            EntryType::Link => "a link",
            EntryType::Char | EntryType::Block => "a device",
            EntryType::Fifo => "a pipe",
            _ => "a member of unknown kind",
        };
        let target = entry.link_name_bytes().map_or_else(String::new, |target| {
            format!(" to {}", names.decode(&target, false).name)
        });
        return out.warn(format!("{} is {what}{target}; not followed", decoded.name));
    }
    let mut child = member(decoded, &raw, ordinal, Some(entry.size()), out)?;
    child.modified = entry.header().mtime().ok().and_then(|time| utc(i64::try_from(time).ok()?));
    out.child(child, &mut budget.member(entry, None))
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
