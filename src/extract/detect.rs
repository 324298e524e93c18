//! Which format a file is: by its content, with its name as a hint where contents tie.
//!
//! Own looks come first, because the formats that matter most in leaks (mail, tables, chats,
//! office files in containers) have no signature; the `file-format` crate names the rest.

mod magic;
mod mail;
mod markup;
mod ole;
mod tabular;
mod text;
mod zip;

pub(super) use text::is_table_rule;

use super::encoding;
use super::format::BINARY;
use super::{Input, Stop};

/// The id of the format ([`super::format::FORMATS`]).
///
/// # Errors
/// The file could not be read.
pub fn detect(input: &mut Input) -> Result<&'static str, Stop> {
    if input.is_empty() {
        return Ok("empty");
    }
    match magic::signature(input.head()) {
        Some("zip") => return zip::kind(input),
        Some("ole") => return ole::kind(input),
        Some(id) => return Ok(id),
        None => {}
    }
    // A program that unpacks itself is read as what it unpacks.
    if let Some(id) = super::archive::behind_program(input)? {
        return Ok(id);
    }
    let whole = input.len() <= input.head().len() as u64;
    if encoding::is_text(input.head(), whole) {
        return Ok(text::kind(input, whole));
    }
    let found = file_format::FileFormat::from_reader(input.reader()?)?;
    Ok(magic::named(found).unwrap_or(BINARY))
}

/// Whether the first bytes prove a format, and one that is no text.
pub(super) fn has_signature(head: &[u8]) -> bool {
    magic::signature(head).is_some()
}

/// The last extension of a name, in lower case, without the dot; empty where there is none.
fn extension(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 10 => {
            extension.to_ascii_lowercase()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
