//! What is put on the clipboard: a selection read again from the case, as it is or with where it
//! stands. A citation names the quote, the item, its file with the file's SHA-256, and the place
//! in it (page and line, cell, record), so that it can be checked with nothing but the original.

use super::anchoring::passage_of_hit;
use super::data::Failure;
use super::overview::{count, number};
use super::selection::{Selected, Selection};
use crate::case::{Case, Document, Message, Participant};
use crate::model::{ItemId, Sha256, VariantKind};
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
        Selected::Cells(rows) => {
            limit(rows.iter().map(|row| row.range.end.saturating_sub(row.range.start)).sum())?;
            let mut lines = Vec::with_capacity(rows.len());
            for row in rows {
                let ItemId::Document(id) = row.item else { continue };
                let (quoted, place) = in_document(case, &case.document(id)?, row)?;
                lines.push(match as_citation {
                    true => format!("“{quoted}” — {place}"),
                    false => quoted,
                });
            }
            let head = if as_citation { "citation of " } else { "" };
            (lines.join("\n"), format!("{head}{}", count(rows.len() as u64, "row", "rows")))
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
        Selected::Item(item) => (named(case, *item)?, format!("citation of {item}")),
        Selected::Hit { id, kind, range } => {
            let passage = Selected::Text(passage_of_hit(case, *id, *kind, range)?);
            return quote(case, &passage, as_citation);
        }
        Selected::Several(all) => {
            let mut lines = Vec::with_capacity(all.len());
            for one in all {
                lines.push(quote(case, one, as_citation)?.text);
            }
            let head = if as_citation { "citation of " } else { "" };
            (lines.join("\n"), format!("{head}{}", count(all.len() as u64, "row", "rows")))
        }
    };
    limit(text.len() as u64)?;
    Ok(Quote { text, words })
}

/// What is no passage of a text: a conversation with the files it stands in, who is who, a note.
fn named(case: &Case, item: ItemId) -> Result<String, Failure> {
    Ok(match item {
        ItemId::Conversation(id) => {
            let row = case.conversation(id)?;
            let mut text = format!(
                "{id} {} ({} {}, {}{})",
                row.title,
                row.platform,
                row.kind.name(),
                count(row.messages, "message", "messages"),
                span(&row.first, &row.last)
            );
            for block in &row.blocks {
                let export = case.document_row(block.document)?;
                let file = file(&export.id.to_string(), &export.path, export.sha256);
                text.push_str(&format!(", in {file}"));
            }
            text
        }
        ItemId::Participant(id) => {
            let row = case.account(id)?.row;
            let Participant { platform, handle, name, messages, .. } = &row.account;
            let messages = count(*messages, "message", "messages");
            let span = span(&row.first, &row.last);
            format!("{id} {name} ({handle} on {platform}, {messages}{span})")
        }
        ItemId::Entity(id) => {
            let entity = case.entity(id)?;
            let names: Vec<&str> = entity.names().collect();
            format!("{} {} ({})", entity.id, names.join(", "), entity.fields.kind.word())
        }
        ItemId::Note(id) => {
            let view = case.note_view(id)?;
            let text = view.note.texts.first();
            let title = text.map_or("", |text| text.text.lines().next().unwrap_or(""));
            let author = text.map_or("", |text| text.by.as_str());
            let kind = view.note.fields.kind.word();
            format!("{id} “{}” ({kind} by {author})", title.trim_start_matches(['#', ' ']))
        }
        item => item.to_string(),
    })
}

/// `, 2022-03-05 to 2022-03-08`, as far as it is known.
fn span(first: &Option<String>, last: &Option<String>) -> String {
    let day =
        |time: &Option<String>| time.as_deref().and_then(|time| time.get(..10)).map(str::to_owned);
    match (day(first), day(last)) {
        (Some(first), Some(last)) if first == last => format!(", {first}"),
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    }
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
    let inside = case.place_in(variant, &selection.range)?;
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

/// All of it: it is compared with what `sha256sum` says of a file, by whoever gets it.
fn digest(sha256: Option<Sha256>) -> String {
    match sha256 {
        Some(sha256) => format!(", sha256 {sha256}"),
        None => String::new(),
    }
}

/// Who said it when and where, and in which record of which file it stands.
fn message_place(case: &Case, message: &Message) -> Result<String, Failure> {
    let mut place = format!("{}, {}", message.id, case.place_of_message(message)?);
    if let Some(at) = message.places.first() {
        let row = case.document_row(at.document)?;
        let id = at.document;
        place.push_str(&format!(" of {id} {}", row.path));
        place.push_str(&digest(row.sha256));
    }
    Ok(place)
}
