//! Whether a copy of an original may be given away: its bytes are looked through, and all that the
//! case found in it and in what it contains. A PDF hides its text from whoever looks at its bytes,
//! and an image from everybody.

use super::ExportError;
use super::error::EXHIBITS;
use super::exhibits::Copy;
use super::mask::Mask;
use super::scan::{self, Seen};
use crate::case::Case;
use crate::files;
use crate::model::view::Document;
use crate::model::{DocumentId, State};
use std::collections::HashSet;

/// Bytes of a text that are looked at together, and bytes that two stretches share.
const STRETCH: u64 = 1 << 20;
const OVERLAP: u64 = 4 << 10;
/// Messages that are looked at together.
const AT_ONCE: u64 = 512;

/// Why a copy must be withheld, if so: in words that do not say what is protected.
///
/// # Errors
/// The copy or the case cannot be read.
pub fn screen(case: &Case, mask: &Mask, copy: &Copy<'_>) -> Result<Option<String>, ExportError> {
    if mask.is_empty() {
        return Ok(None);
    }
    let bytes = match files::read_at_most(copy.file, scan::MOST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            return Ok(Some(format!("nobody can look through it for protected names: {error}")));
        }
        Err(error) => return Err(ExportError::io(copy.file, error)),
    };
    let mut all = scan::scan(&format!("{EXHIBITS}{}", copy.name), &bytes, mask);
    drop(bytes);
    if copy.is_whole {
        match case.document_with(&copy.content)? {
            Some(id) => texts(case, mask, id, &mut all)?,
            None => all.closed.push(copy.name.to_owned()),
        }
    }
    Ok(match (all.left.len(), all.closed.first()) {
        (0, None) => None,
        (0, Some(part)) => {
            let part = mask.apply(part).unwrap_or_else(|| part.clone());
            Some(format!("nobody can look through it for protected names: {part}"))
        }
        (1, _) => Some("it holds a protected name".to_owned()),
        (places, _) => Some(format!("it holds protected names in {places} places")),
    })
}

/// Looks through what the case knows of a document and of all that came out of it.
fn texts(case: &Case, mask: &Mask, id: DocumentId, all: &mut Seen) -> Result<(), ExportError> {
    let mut open = vec![id];
    let mut seen = HashSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let document = case.document(id)?;
        open.extend(document.children.iter().map(|child| child.id));
        let name = &document.row.path;
        let mut look = |text: &str| {
            let found = scan::scan(&format!("{id} "), text.as_bytes(), mask);
            all.left.extend(found.left);
        };
        // Of the path only the name is the document's own.
        look(&document.row.name);
        for (key, value) in &document.metadata {
            look(key);
            look(value);
        }
        for variant in &document.variants {
            let mut at = 0;
            while at < variant.bytes {
                let slice = case.text(variant, at..at + STRETCH)?;
                if slice.text.is_empty() {
                    break;
                }
                look(&slice.text);
                let end = slice.start + slice.text.len() as u64;
                // Names that stand over the border are in the next stretch.
                at = if end >= variant.bytes { end } else { end - OVERLAP };
            }
        }
        messages(case, &document, &mut look)?;
        if let Some(why) = closed(&document) {
            all.closed.push(format!("{name}, {why}"));
        }
    }
    Ok(())
}

/// Looks at the messages that an export holds.
fn messages(
    case: &Case,
    document: &Document,
    look: &mut dyn FnMut(&str),
) -> Result<(), ExportError> {
    for conversation in &document.conversations {
        let count = case.conversation(*conversation)?.messages;
        let mut from = 0;
        while from < count {
            for message in case.messages(*conversation, from..from + AT_ONCE)? {
                if message.places.iter().all(|place| place.document != document.row.id) {
                    continue;
                }
                look(&message.text);
                look(&message.sender_name);
                message.sender.as_deref().into_iter().for_each(&mut *look);
                message.quote.as_deref().into_iter().for_each(&mut *look);
            }
            from += AT_ONCE;
        }
    }
    Ok(())
}

/// Why nobody can tell what a document shows.
fn closed(document: &Document) -> Option<&'static str> {
    let has_text = !document.variants.is_empty();
    match document.row.state {
        State::NoText if !has_text => Some("which is an image without text"),
        State::Encrypted => Some("which is encrypted"),
        state if state.is_unreadable() => Some("which could not be read"),
        _ if !document.pages_without_text.is_empty() && !has_other_text(document) => {
            Some("which has pages without text")
        }
        _ => None,
    }
}

/// Somebody else's reading of its pages.
fn has_other_text(document: &Document) -> bool {
    document.variants.iter().any(|variant| variant.kind == crate::model::VariantKind::Ocr)
}
