//! Who answers the screen's requests: a job thread's own handle of the case.

use super::data::{Answer, Around, At, Details, Failure, GROUP, Marked, Request, TEXT_WINDOW, groups};
use crate::case::{Case, CaseError, ConversationRow};
use crate::jobs::Cancel;
use crate::model::{ConversationId, ItemId};
use std::ops::Range;

/// Answers one request. Every request reads a bounded amount.
pub fn answer(case: &Case, request: Request, cancel: &Cancel) -> Result<Answer, Failure> {
    let _ = cancel;
    Ok(match request {
        Request::Status => Answer::Status(Box::new(case.status()?)),
        Request::Documents { filter, range } => {
            let total = case.document_count(&filter)?;
            let rows = case.documents(&filter, range.clone())?;
            Answer::Documents { filter, range, total, rows }
        }
        Request::Conversations { range } => {
            let total = case.conversation_count()?;
            let rows = case.conversations(range.clone())?;
            Answer::Conversations { range, total, rows }
        }
        Request::Document { id, at } => {
            let document = Box::new(case.document(id)?);
            let slice = match document.variants.first() {
                Some(variant) => {
                    let around = match at {
                        At::Offset(offset) => offset.min(variant.bytes),
                        At::End => variant.bytes,
                    };
                    let start = around.saturating_sub(TEXT_WINDOW / 2);
                    Some(case.text(variant, start..(start + TEXT_WINDOW).min(variant.bytes))?)
                }
                None => None,
            };
            Answer::Document { document, slice }
        }
        Request::Text { id, variant, range } => Answer::Text { id, slice: case.text(&variant, range)? },
        Request::Conversation { id, at, query } => {
            let row = Box::new(case.conversation(id)?);
            let range = match at {
                Around::Range(range) => range,
                Around::End => groups(row.messages.saturating_sub(1), row.messages.saturating_sub(1)),
            };
            let messages = messages(case, id, &range, &query)?;
            Answer::Conversation { row, range, messages }
        }
        Request::Details(item) => Answer::Details(Box::new(details(case, item)?)),
        Request::Locate(id) => {
            let (conversation, position) = case.message_position(id)?;
            Answer::Located { id, conversation, position }
        }
        _ => return Err(Failure::new("not yet")),
    })
}

/// Messages of a range with one more before it, so that the first one's day and sender can be
/// compared.
fn messages(
    case: &Case,
    id: ConversationId,
    range: &Range<u64>,
    query: &str,
) -> Result<Vec<Marked>, Failure> {
    let range = range.start.saturating_sub(1)..range.end.min(range.start + 8 * GROUP);
    let rows = case.messages(id, range)?;
    let _ = query;
    Ok(rows.into_iter().map(|message| Marked { marks: Vec::new(), message }).collect())
}

fn details(case: &Case, item: ItemId) -> Result<Details, Failure> {
    let conversation = |id| -> Result<ConversationRow, Failure> { Ok(case.conversation(id)?) };
    Ok(match item {
        ItemId::Document(id) => Details::Document(case.document(id)?),
        ItemId::Conversation(id) => Details::Conversation(conversation(id)?),
        ItemId::Message(id) => {
            let message = case.message(id)?;
            let row = conversation(message.conversation)?;
            Details::Message(message, row)
        }
        ItemId::Participant(_) | ItemId::Source(_) => {
            return Err(Failure::new(format!("{item} has no page of its own")));
        }
    })
}

impl From<CaseError> for Failure {
    fn from(error: CaseError) -> Self {
        match error.hint() {
            Some(hint) => Failure::new(format!("{error} ({hint})")),
            None => Failure::new(error.to_string()),
        }
    }
}
