//! The table of formats: adding one touches its own file and one line here.

use super::{Input, Out, Stop};

/// Coarse kinds for lists and facets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Text,
    Document,
    Sheet,
    Slides,
    Mail,
    Archive,
    Image,
    Audio,
    Video,
    Program,
    Data,
}

/// One format.
pub struct Format {
    /// Stable short name, used in the database, in JSON and in `type:` queries: `docx`.
    pub id: &'static str,
    pub family: Family,
    pub mime: &'static str,
    /// Raise it when the extractor's output changes.
    pub version: u32,
    /// `None`: known, but not read; such files are listed as unsupported (or without text).
    pub extract: Option<fn(&mut Input, &mut Out) -> Result<(), Stop>>,
}

/// All formats, in no particular order; `detect` names them by id.
pub static FORMATS: &[Format] = &[
    // text
    row("txt", Family::Text, "text/plain", Some(super::text::extract)),
];

const fn row(
    id: &'static str,
    family: Family,
    mime: &'static str,
    extract: Option<fn(&mut Input, &mut Out) -> Result<(), Stop>>,
) -> Format {
    Format { id, family, mime, version: 1, extract }
}

/// The format with this id.
pub fn find(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id)
}
