//! Who answers the screen's requests: a job thread's own handle of the case.

use super::data::{Answer, Around, At, Details, Failure, Marked, Request, TEXT_WINDOW, groups};
use crate::case::{Case, CaseError};
use crate::jobs::Cancel;
use crate::model::ItemId;

/// Answers one request. Every request reads a bounded amount.
pub fn answer(case: &Case, request: Request, cancel: &Cancel) -> Result<Answer, Failure> {
    let _ = cancel;
    match request {
        Request::Documents { filter, range } => {
            let total = case.document_count(&filter)?;
            let rows = case.documents(&filter, range.clone())?;
            Ok(Answer::Documents { filter, range, total, rows })
        }
        Request::Conversations { range } => {
            let total = case.conversation_count()?;
            let rows = case.conversations(range.clone())?;
            Ok(Answer::Conversations { range, total, rows })
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
            Ok(Answer::Document { document, slice })
        }
        Request::Text { id, variant, range } => {
            Ok(Answer::Text { id, slice: case.text(&variant, range)? })
        }
        _ => Err(Failure::new("not yet")),
    }
}

impl From<CaseError> for Failure {
    fn from(error: CaseError) -> Self {
        match error.hint() {
            Some(hint) => Failure::new(format!("{error} ({hint})")),
            None => Failure::new(error.to_string()),
        }
    }
}
