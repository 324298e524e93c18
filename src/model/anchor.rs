//! Anchors: places in evidence that can be checked again.

use super::{Sha256, VariantKind};
use serde::{Deserialize, Serialize};

/// A place in the text of a document or message, with enough to find it in another copy of the
/// case, and to see when it moved or broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// SHA-256 of the file that holds the text.
    pub content: Sha256,
    /// The containers it came out of, outermost first; empty for a plain file.
    pub containers: Vec<Sha256>,
    /// Ordinal of the message inside its export, from 0; `None` for the text of a document.
    pub message: Option<u64>,
    pub variant: VariantKind,
    /// Which extractor made the text, with its version: `pdf 1`.
    pub extractor: String,
    /// SHA-256 of the whole extracted text.
    pub text: Sha256,
    /// Byte range in the extracted text.
    pub start: u64,
    pub end: u64,
    /// The native way to say it: page, sheet and cell, line, message time.
    pub locator: String,
    pub quote: String,
    pub before: String,
    pub after: String,
}
