//! Pictures have no text until OCR; what they have is metadata: when, where, with what, by whom.

mod exif;
mod jpeg;
mod png;
mod xmp;

use super::{Input, Key, Out, Stop, encoding};
use std::io::BufReader;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    if let Ok(size) = imagesize::reader_size(BufReader::new(input.reader()?)) {
        out.meta(Key::Width, &size.width.to_string())?;
        out.meta(Key::Height, &size.height.to_string())?;
    }
    exif::read(input, out)?;
    match input.head() {
        [0x89, b'P', b'N', b'G', ..] => png::read(input, out)?,
        [0xff, 0xd8, ..] => jpeg::read(input, out)?,
        _ => {}
    }
    out.page_without_text("")
}

/// Text in metadata: of no stated encoding, padded with NUL.
fn metadata_text(bytes: &[u8]) -> String {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
    encoding::decode(&bytes[..end], None).text
}

#[cfg(test)]
mod tests;
