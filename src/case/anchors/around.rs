//! What stands around a quote: kept beside it, so that it is found again in a text that was made anew,
//! and shown with it, as the case has it.

use crate::case::{Case, CaseError};
use crate::model::ItemId;
use crate::model::anchor::At;
use crate::model::view::Variant;
use std::ops::Range;

/// Bytes of what stands around a quote that are kept on either side.
const CONTEXT: u64 = 96;

impl Case {
    /// What stands before and behind a range; nothing around what is marked as such.
    pub(super) fn around(&self, at: At) -> Result<(String, String), CaseError> {
        match (at.item, at.variant) {
            (ItemId::Message(id), _) => {
                Ok(around(&self.store.message_text(id)?, &(at.start..at.end)))
            }
            (ItemId::Document(id), Some(variant)) => match self.variant(id, variant)? {
                Some(variant) => self.around_in(&variant, &(at.start..at.end)),
                None => Ok(<(String, String)>::default()),
            },
            _ => Ok(<(String, String)>::default()),
        }
    }

    pub(super) fn around_in(
        &self,
        variant: &Variant,
        range: &Range<u64>,
    ) -> Result<(String, String), CaseError> {
        // Read once: most stand in one chunk with what is around them.
        let whole = range.start.saturating_sub(CONTEXT)..range.end.saturating_add(CONTEXT);
        let slice = self.text(variant, whole)?;
        let start = range.start.saturating_sub(slice.start);
        Ok(around(&slice.text, &(start..range.end.saturating_sub(slice.start))))
    }
}

/// The same in a text that is at hand.
pub(super) fn around(text: &str, range: &Range<u64>) -> (String, String) {
    let part = |from: u64, to: u64| cut(text, from, to).unwrap_or_default().to_owned();
    (
        part(range.start.saturating_sub(CONTEXT), range.start),
        part(range.end, range.end.saturating_add(CONTEXT)),
    )
}

/// A range of a text with all of the characters at its ends; `None` where it does not lie in it.
pub(super) fn cut(text: &str, from: u64, to: u64) -> Option<&str> {
    let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    let (mut from, mut to) = (index(from), index(to).min(text.len()));
    while from > 0 && from < text.len() && !text.is_char_boundary(from) {
        from -= 1;
    }
    while to < text.len() && !text.is_char_boundary(to) {
        to += 1;
    }
    text.get(from..to)
}
