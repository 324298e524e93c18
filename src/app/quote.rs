//! What is put on the clipboard: a selection read again from the case, as it is or with where it
//! stands. A citation names the quote, the item, its file with the file's SHA-256, and the place
//! in it (page and line, cell, record), so that it can be checked with nothing but the original.

use super::data::Failure;
use super::overview::{count, number};
use super::selection::{Selected, Selection};
use super::spot::column_letters;
use crate::case::{Case, Document, Message, Variant, part_name};
use crate::model::document::Part;
use crate::model::{ItemId, PartKind, Sha256, VariantKind};
use std::ops::Range;

/// Bytes that terminals take by OSC 52: many refuse more than 100,000 characters of base64.
pub const MOST_COPIED: u64 = 74_000;

/// Messages that are copied at once.
const MOST_MESSAGES: u64 = 2_000;

/// Something for the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub text: String,
    /// What was copied, for the person who asked for it.
    pub words: String,
}

pub fn quote(case: &Case, selected: &Selected, as_citation: bool) -> Result<Quote, Failure> {
    let (text, words) = match selected {
        Selected::Text(selection) => {
            let size = selection.range.end.saturating_sub(selection.range.start);
            limit(size)?;
            let (quoted, place) = match selection.item {
                ItemId::Document(id) => in_document(case, &case.document(id)?, selection)?,
                ItemId::Message(id) => {
                    let message = case.message(id)?;
                    let quoted = cut(&message.text, &selection.range)?;
                    (quoted, message_place(case, &message)?)
                }
                item => return Err(Failure::new(format!("{item} has no text"))),
            };
            let words = count(quoted.chars().count() as u64, "character", "characters");
            match as_citation {
                true => (format!("“{quoted}” — {place}"), format!("citation of {words}")),
                false => (quoted, words),
            }
        }
        Selected::Messages(id, positions) => {
            let total = positions.end.saturating_sub(positions.start);
            if total > MOST_MESSAGES {
                let most = number(MOST_MESSAGES);
                return Err(Failure::new(format!("more than {most} messages: select fewer")));
            }
            let messages = case.messages(*id, positions.clone())?;
            let mut lines = Vec::with_capacity(messages.len());
            for message in &messages {
                lines.push(match as_citation {
                    true => format!("“{}” — {}", message.text, message_place(case, message)?),
                    false => {
                        let time = message.time.as_deref().unwrap_or(&message.raw_time);
                        format!("{time} {}: {}", message.sender_name, message.text)
                    }
                });
            }
            let head = if as_citation { "citation of " } else { "" };
            let words = format!("{head}{}", count(messages.len() as u64, "message", "messages"));
            (lines.join("\n"), words)
        }
        Selected::Item(ItemId::Message(id)) => {
            let message = case.message(*id)?;
            let place = message_place(case, &message)?;
            match as_citation {
                true => (format!("“{}” — {place}", message.text), format!("citation of {id}")),
                false => (message.text, format!("text of {id}")),
            }
        }
        Selected::Item(ItemId::Document(id)) => {
            let row = case.document_row(*id)?;
            (file(&id.to_string(), &row.path, row.sha256), format!("citation of {id}"))
        }
        Selected::Item(item) => (item.to_string(), item.to_string()),
    };
    limit(text.len() as u64)?;
    Ok(Quote { text, words })
}

fn limit(size: u64) -> Result<(), Failure> {
    if size <= MOST_COPIED {
        return Ok(());
    }
    let (size, most) = (number(size), number(MOST_COPIED));
    Err(Failure::new(format!(
        "{size} bytes: a terminal's clipboard takes {most}; nothing was copied"
    )))
}

fn cut(text: &str, range: &Range<u64>) -> Result<String, Failure> {
    let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    let cut = text.get(at(range.start)..at(range.end).min(text.len()));
    cut.map(str::to_owned).ok_or_else(|| Failure::new("the text changed under the selection"))
}

/// The exact text of a selection, and where it stands in words.
fn in_document(
    case: &Case,
    document: &Document,
    selection: &Selection,
) -> Result<(String, String), Failure> {
    let variant = document.variants.iter().find(|variant| Some(variant.id) == selection.variant);
    let variant = variant.ok_or_else(|| Failure::new("this text is not in the case any more"))?;
    let slice = case.text(variant, selection.range.clone())?;
    let quoted = slice.text.replace('\u{2028}', "\n");
    let row = &document.row;
    let mut place = file(&row.id.to_string(), &row.path, None);
    let inside = place_in(case, variant, &selection.range)?;
    if !inside.is_empty() {
        place.push_str(&format!(", {inside}"));
    }
    let (start, end) = (selection.range.start, selection.range.end);
    place.push_str(&format!(", bytes {start}-{end} of its {} text", variant.kind.name()));
    if variant.kind != VariantKind::Original {
        place.push_str(&format!(" by {}", variant.tool));
    }
    place.push_str(&digest(row.sha256));
    Ok((quoted, place))
}

fn file(id: &str, path: &str, sha256: Option<Sha256>) -> String {
    format!("{id} {path}{}", digest(sha256))
}

/// The first 16 digits: enough to tell any two files of a case apart, short enough to be read.
fn digest(sha256: Option<Sha256>) -> String {
    match sha256 {
        Some(sha256) => format!(", sha256 {}…", &sha256.to_string()[..16]),
        None => String::new(),
    }
}

/// `付款!D9`, `page 3, line 120`, `lines 7-9`.
pub fn place_in(case: &Case, variant: &Variant, range: &Range<u64>) -> Result<String, Failure> {
    let after = variant.parts.partition_point(|part| part.start <= range.start);
    let part = after.checked_sub(1).map(|number| (number, &variant.parts[number]));
    if let Some((number, part)) = part
        && matches!(part.kind, PartKind::Sheet | PartKind::Table)
    {
        return cells(case, variant, (number, part), range);
    }
    let first = case.line_at(variant, range.start)? + 1;
    let last = case.line_at(variant, range.end.saturating_sub(1).max(range.start))? + 1;
    let lines =
        if first == last { format!("line {first}") } else { format!("lines {first}-{last}") };
    let name = part.map(|(_, part)| part_name(part.kind, &part.label)).unwrap_or_default();
    Ok(if name.is_empty() { lines } else { format!("{name}, {lines}") })
}

fn cells(
    case: &Case,
    variant: &Variant,
    (number, part): (usize, &Part),
    range: &Range<u64>,
) -> Result<String, Failure> {
    let address = |offset: u64| -> Result<String, Failure> {
        let row = case.table_row_at(variant, part, offset)?;
        let slice = case.table_rows(variant, part, row..row + 1)?;
        let column = slice.rows.first().map_or(0, |found| {
            let before = usize::try_from(offset.saturating_sub(found.start)).unwrap_or(0);
            found.text.get(..before).map_or(0, |before| before.matches('\t').count())
        });
        let letters = column_letters(part.origin.1.max(1) + column as u32);
        Ok(format!("{letters}{}", u64::from(part.origin.0.max(1)) + row))
    };
    let first = address(range.start)?;
    let last = address(range.end.saturating_sub(1).max(range.start))?;
    let sheet = match part.label.as_str() {
        "" if part.kind == PartKind::Sheet => String::new(),
        "" => format!("table {}!", number + 1),
        label => format!("{label}!"),
    };
    Ok(if first == last { format!("{sheet}{first}") } else { format!("{sheet}{first}:{last}") })
}

/// Who said it when and where, and in which record of which file it stands.
fn message_place(case: &Case, message: &Message) -> Result<String, Failure> {
    let conversation = case.conversation(message.conversation)?;
    let sender = match &message.sender {
        Some(handle) if *handle != message.sender_name => {
            format!("{} ({handle})", message.sender_name)
        }
        Some(handle) => handle.clone(),
        None => "the platform itself".to_owned(),
    };
    let mut place = format!(
        "{}, {sender} in {} {} ({})",
        message.id, conversation.id, conversation.title, conversation.platform
    );
    match &message.time {
        Some(time) => {
            place.push_str(&format!(", {time} (raw {:?})", message.raw_time));
        }
        None => place.push_str(", undated"),
    }
    if let Some(at) = message.places.first() {
        let row = case.document_row(at.document)?;
        let id = at.document;
        place.push_str(&format!(", {id} {} record {}", row.path, at.ordinal + 1));
        place.push_str(&digest(row.sha256));
    }
    Ok(place)
}
