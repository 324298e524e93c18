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
pub use package::{Package, Relation, base64};
pub use pptx::pptx;
pub use properties::{key as property_key, properties};
pub use word::{address_in, symbol_char};

use super::{Input, Out, Stop};

/// A document in an encrypted container; a password opens it elsewhere.
pub fn encrypted(_input: &mut Input, _out: &mut Out) -> Result<(), Stop> {
    Err(Stop::Encrypted(
        "encrypted with a password; open it with the program that made it, save it without one \
         and add the copy"
            .to_owned(),
    ))
}

/// First bytes of an OLE container: an OOXML name on it means encryption or an older format.
pub(super) fn refuse_ole(input: &Input) -> Result<(), Stop> {
    if input.head().starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Stop::Encrypted("encrypted with a password".to_owned()));
    }
    Ok(())
}
