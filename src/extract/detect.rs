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
    let whole = input.head_is_all();
    if magic::is_netpbm(input.head()) {
        return Ok("image");
    }
    let is_text = encoding::is_text(input.head(), whole);
    // Light pictures and silence are bytes of some encoding too. What texts never have near their
    // beginning says that the signature is meant.
    let start = &input.head()[..input.head().len().min(NEAR)];
    let has_nul = start.contains(&0) && encoding::guess_wide(input.head()).is_none();
    if is_text && !has_nul {
        return Ok(text::kind(input, whole));
    }
    let found = file_format::FileFormat::from_reader(input.reader()?)?;
    if is_text && !magic::is_no_text(found) {
        return Ok(text::kind(input, whole));
    }
    Ok(magic::named(found).unwrap_or(BINARY))
}

/// Bytes in which the head of a picture, a sound or a program has its numbers.
const NEAR: usize = 512;

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
