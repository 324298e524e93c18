//! Word and PowerPoint before 2007, read from their own structures.
//!
//! The library at hand (office_oxide, which pdf_oxide brings) finds 80 % of the text of `.doc` and half of that of
//! `.ppt`; leaks are full of both. Excel of that time is in `sheet/xls.rs`.

mod doc;
mod ppt;
#[cfg(test)]
mod tests;

pub use doc::doc;
pub use ppt::ppt;

/// Little-endian numbers at an offset; `None` past the end.
fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn int(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// `bytes[at..at + len]`, if it is all there.
fn slice(bytes: &[u8], at: u32, len: u32) -> Option<&[u8]> {
    let at = usize::try_from(at).ok()?;
    bytes.get(at..at.checked_add(usize::try_from(len).ok()?)?)
}
