//! The text of an original as it lies in its file: tags, punctuation and all.
//!
//! An extractor shows what a reader of the file would see, this what somebody sees who opens it in
//! an editor. The case keeps nothing of it: it is decoded again from the original.

use super::reopen::{Lost, original};
use crate::case::Case;
use crate::extract::encoding::{TextReader, is_text};
use crate::extract::{Input, Limits};
use crate::model::{DocumentId, VariantKind};
use std::path::Path;

/// What was found out about a text while it was decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// Name of the encoding, as in the provenance of a variant.
    pub encoding: String,
    /// What was guessed against a declaration, or lost.
    pub warnings: Vec<String>,
}

/// Decodes the original of a document; `each` gets its text piece by piece, in order. `worker` and
/// `passwords` as for [`original`].
///
/// # Errors
/// There is no original ([`Lost`]), it is no text, or `each` failed.
pub fn plain_text<E: From<Lost>>(
    case: &Case,
    id: DocumentId,
    worker: &Path,
    passwords: &[String],
    mut each: impl FnMut(&str) -> Result<(), E>,
) -> Result<Plain, E> {
    let document = case.document(id).map_err(Lost::Case)?;
    // What the extractor found, unless the bytes say otherwise.
    let found = document.variants.iter().find(|variant| variant.kind == VariantKind::Original);
    let declared = found.map(|variant| variant.encoding.as_str()).filter(|name| !name.is_empty());
    let path = document.row.path;
    let file = original(case, id, worker, passwords)?.file;
    let unread = |why: String| Lost::Unread { path: path.clone(), why };
    let mut input =
        Input::new(file, "", "", Limits::default()).map_err(|stop| unread(stop.to_string()))?;
    let is_whole = input.len() <= input.head().len() as u64;
    if !is_text(input.head(), is_whole) {
        return Err(Lost::NoText { path, format: document.row.format, id }.into());
    }
    let mut text =
        TextReader::open(&mut input, declared).map_err(|stop| unread(stop.to_string()))?;
    // Both halves of a line end go out together.
    let mut held = String::new();
    while let Some(piece) = text.piece().map_err(|error| unread(error.to_string()))? {
        held.push_str(piece);
        let whole = held.len() - usize::from(held.ends_with('\r'));
        each(&held[..whole])?;
        held.drain(..whole);
    }
    each(&held)?;
    Ok(Plain { encoding: text.charset().name(), warnings: text.warnings().collect() })
}
