//! Office Open XML: Word, PowerPoint and Excel since 2007, in both its strict and its
//! transitional form, zipped or flat.

mod docx;
mod drawing;
mod numbering;
mod package;
mod pptx;
mod properties;
#[cfg(test)]
mod tests;
mod word;

pub use docx::{docx, flat_opc, wordml, write_links};
pub use drawing::lines as drawing_lines;
pub use numbering::Numbering;
pub use package::{Package, Relation};
pub use pptx::pptx;
pub use properties::{key as property_key, properties};
pub use word::{address_in, symbol_char};

use super::{Input, Stop};

/// First bytes of an OLE container: an OOXML name on it means encryption or an older format.
pub(super) fn refuse_ole(input: &Input) -> Result<(), Stop> {
    if input.head().starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Stop::failed("an OLE container under the name of a newer document"));
    }
    Ok(())
}
