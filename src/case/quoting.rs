//! Texts by content, for whoever checks a report that was made from another copy of the case.

use super::{Case, CaseError};
use crate::journal::log::unit_of;
use crate::model::view::MessagePlace;
use crate::model::{DocumentId, Sha256, Target};
use crate::store::Unit;
use std::ops::Range;

/// Messages that are read at once.
const AT_ONCE: u64 = 512;

impl Case {
    /// The document with these bytes.
    pub fn document_with(&self, content: &Sha256) -> Result<Option<DocumentId>, CaseError> {
        match unit_of(&self.store, &Target::Document(*content))? {
            Some(Unit::Document(id)) => Ok(Some(id)),
            Some(Unit::Message(_)) | None => Ok(None),
        }
    }

    /// What stands at a byte range of the text with the hash `text`. `None` when the case has not
    /// that text, or the range does not lie in it at borders of characters.
    pub fn quoted(
        &self,
        target: &Target,
        text: &Sha256,
        range: Range<u64>,
    ) -> Result<Option<String>, CaseError> {
        match unit_of(&self.store, target)? {
            None => Ok(None),
            Some(Unit::Message(id)) => {
                let whole = self.store.message_text(id)?;
                if Sha256::of(whole.as_bytes()) != *text {
                    return Ok(None);
                }
                let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
                Ok(whole.get(index(range.start)..index(range.end)).map(str::to_owned))
            }
            Some(Unit::Document(id)) => {
                let variants = self.store.variants(id)?;
                let Some(variant) = variants.into_iter().find(|own| own.sha256 == *text) else {
                    return Ok(None);
                };
                let slice = self.text(&variant, range.clone())?;
                let whole = slice.start == range.start
                    && slice.text.len() as u64 == range.end.saturating_sub(range.start);
                Ok(whole.then_some(slice.text))
            }
        }
    }

    /// What stands at a byte range of the message that is record `ordinal` (from 0) of the export
    /// with these bytes; `None` as for [`Case::quoted`].
    pub fn quoted_record(
        &self,
        export: &Sha256,
        ordinal: u64,
        range: Range<u64>,
    ) -> Result<Option<String>, CaseError> {
        let Some(id) = self.document_with(export)? else { return Ok(None) };
        let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
        for conversation in self.document(id)?.conversations {
            let all = self.conversation(conversation)?.messages;
            let mut from = 0;
            while from < all {
                let messages = self.messages(conversation, from..from + AT_ONCE)?;
                from += AT_ONCE;
                let is_it = |place: &MessagePlace| place.document == id && place.ordinal == ordinal;
                if let Some(found) = messages.iter().find(|own| own.places.iter().any(is_it)) {
                    return Ok(found
                        .text
                        .get(index(range.start)..index(range.end))
                        .map(str::to_owned));
                }
            }
        }
        Ok(None)
    }
}
