//! Anchors: places in evidence and numbers over it that an analyst marked or cited.
//!
//! Here they are made, listed and changed; `around.rs` reads what stands around a quote, `claimed.rs`
//! compares words for places, `counting.rs` makes numbers, `holding.rs` says whether anchors still
//! hold, `placed.rs` where they stand, whatever they say of that themselves.

mod around;
mod claimed;
mod counting;
mod holding;
mod placed;
#[cfg(test)]
mod tests;

pub use claimed::{PLATFORM, is_end, names_writer};
pub use counting::TableColumn;

use super::{Acted, Case, CaseError};
use crate::journal::Action;
use crate::journal::row::AnchorRow;
use crate::journal::target_of;
use crate::model::anchor::{Anchor, AnchorView, At, Passage, Record};
use crate::model::view::Message;
use crate::model::{AnchorId, ConversationId, DocumentId, ItemId, MessageId, Sha256, VariantKind};
use crate::store::{StoreError, StoredAnchor, Unit};
use around::{around, cut};
use std::ops::Range;

/// Bytes that one anchor may quote: more is no quote but a copy.
pub const LONGEST_QUOTE: u64 = 64 * 1024;

impl Case {
    /// What is to be kept of a range of a text, or (an empty range without a text) of a document or
    /// a whole message as such.
    ///
    /// # Errors
    /// The range is longer than [`LONGEST_QUOTE`] or does not lie in the text.
    pub fn passage(&self, at: At) -> Result<Passage, CaseError> {
        if at.end.saturating_sub(at.start) > LONGEST_QUOTE {
            return Err(CaseError::Refused(format!(
                "a quote has at most {LONGEST_QUOTE} bytes: select less"
            )));
        }
        match at.item {
            ItemId::Document(id) => self.passage_of_document(id, at),
            ItemId::Message(id) => self.passage_of_message(&self.message(id)?, at),
            item => Err(CaseError::Refused(format!("{item} has no text to point at"))),
        }
    }

    fn passage_of_document(&self, id: DocumentId, at: At) -> Result<Passage, CaseError> {
        let (content, containers, path) = self.file_of(id)?;
        let mut passage = Passage {
            target: target_of(&self.store, Unit::Document(id))?,
            content,
            containers,
            path,
            record: None,
            variant: VariantKind::Original,
            extractor: String::new(),
            text: Sha256([0; 32]),
            start: 0,
            end: 0,
            locator: String::new(),
            quote: String::new(),
            before: String::new(),
            after: String::new(),
        };
        let Some(variant) = at.variant else { return Ok(passage) };
        let gone = || CaseError::Refused("this text is not in the case any more".to_owned());
        let variant = self.variant(id, variant)?.ok_or_else(gone)?;
        let quote = self.text(&variant, at.start..at.end)?;
        if quote.start != at.start || quote.text.len() as u64 != at.end.saturating_sub(at.start) {
            return Err(CaseError::Refused("the text changed under the selection".to_owned()));
        }
        (passage.before, passage.after) = self.around_in(&variant, &(at.start..at.end))?;
        passage.variant = variant.kind;
        passage.extractor = variant.tool.clone();
        passage.text = variant.sha256;
        (passage.start, passage.end) = (at.start, at.end);
        passage.locator = self.place_in(&variant, &(at.start..at.end))?;
        passage.quote = quote.text;
        Ok(passage)
    }

    fn passage_of_message(&self, message: &Message, at: At) -> Result<Passage, CaseError> {
        let place = message.places.first();
        let place = place.ok_or_else(|| StoreError::NoSuchItem(message.id.to_string()))?;
        let (content, containers, path) = self.file_of(place.document)?;
        let text = self.store.message_text(message.id)?;
        let end = if at.start == at.end { text.len() as u64 } else { at.end };
        let quote = cut(&text, at.start, end).filter(|quote| quote.len() as u64 == end - at.start);
        let (before, after) = around(&text, &(at.start..end));
        Ok(Passage {
            target: target_of(&self.store, Unit::Message(message.id))?,
            content,
            containers,
            path,
            record: Some(Record { ordinal: place.ordinal, span: place.span }),
            variant: VariantKind::Original,
            extractor: self.store.importer_of(place.document)?,
            text: Sha256::of(text.as_bytes()),
            start: at.start,
            end,
            locator: self.place_of_message(message)?,
            quote: quote.map(str::to_owned).ok_or_else(|| {
                CaseError::Refused("the text changed under the selection".to_owned())
            })?,
            before,
            after,
        })
    }

    /// SHA-256 of a document's bytes, those of the containers around it, and its path.
    pub(in crate::case) fn file_of(
        &self,
        id: DocumentId,
    ) -> Result<(Sha256, Vec<Sha256>, String), CaseError> {
        let row = self.document_row(id)?;
        let mut keys = Vec::new();
        for link in self.store.chain(id)? {
            keys.push(self.store.document_key(link.document)?);
        }
        keys.pop();
        Ok((self.store.document_key(id)?, keys, row.path))
    }

    /// Makes an anchor. With a meaning it is a highlight.
    pub fn add_anchor(
        &self,
        anchor: Anchor,
        meaning: &str,
        comment: &str,
    ) -> Result<(AnchorId, Acted), CaseError> {
        let action =
            Action::Anchor { anchor, meaning: meaning.to_owned(), comment: comment.to_owned() };
        let (operation, acted) = self.act(action)?;
        Ok((self.store.anchor_of(&operation)?, acted))
    }

    pub fn anchor(&self, id: AnchorId) -> Result<AnchorView, CaseError> {
        let stored = self.store.anchor(id)?;
        self.view_of(stored.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?)
    }

    /// The anchor that an operation made, when it is there.
    pub fn anchor_by(&self, operation: &Sha256) -> Result<Option<AnchorView>, CaseError> {
        let Some(id) = self.store.find_anchor(operation)? else { return Ok(None) };
        self.store.anchor(id)?.map(|stored| self.view_of(stored)).transpose()
    }

    /// Anchors in a document or a message, in the order of its text.
    pub fn anchors_in(&self, item: ItemId) -> Result<Vec<AnchorView>, CaseError> {
        let unit = match item {
            ItemId::Document(id) => Unit::Document(id),
            ItemId::Message(id) => Unit::Message(id),
            _ => return Ok(Vec::new()),
        };
        self.store.anchors_in(unit)?.into_iter().map(|stored| self.view_of(stored)).collect()
    }

    /// The first `most` anchors in messages of a conversation, in their order.
    pub fn anchors_of_conversation(
        &self,
        id: ConversationId,
        most: u64,
    ) -> Result<Vec<AnchorView>, CaseError> {
        self.store
            .anchors_of_conversation(id, most)?
            .into_iter()
            .map(|stored| self.view_of(stored))
            .collect()
    }

    /// Anchors in any of these messages.
    pub fn anchors_of_messages(&self, ids: &[MessageId]) -> Result<Vec<AnchorView>, CaseError> {
        self.store
            .anchors_of_messages(ids)?
            .into_iter()
            .map(|stored| self.view_of(stored))
            .collect()
    }

    /// Anchors `range`, by number.
    pub fn anchors(&self, range: Range<u64>) -> Result<Vec<AnchorView>, CaseError> {
        let most = range.end.saturating_sub(range.start);
        self.store
            .anchors(range.start, most)?
            .into_iter()
            .map(|stored| self.view_of(stored))
            .collect()
    }

    pub(super) fn view_of(&self, stored: StoredAnchor) -> Result<AnchorView, CaseError> {
        let row: AnchorRow = serde_json::from_str(&stored.row.body)
            .map_err(|error| StoreError::Damaged(format!("{}: {error}", stored.id)))?;
        let mut kept = row.kept;
        self.name_kept(kept.as_mut())?;
        let anchor = self.numbered_here(row.anchor)?;
        let here = self.placed_here(&anchor, stored.at)?;
        let (anchor, claim) = match here {
            Some(here) if here != anchor => (here, Some(Box::new(anchor))),
            _ => (anchor, None),
        };
        Ok(AnchorView {
            id: stored.id,
            operation: stored.operation,
            anchor,
            claim,
            meaning: row.meaning,
            comment: row.comment,
            tags: row.tags,
            kept,
            at: stored.at,
            author: self.last_hand(&[stored.operation], stored.row.author)?,
            wall: stored.row.wall,
        })
    }

    /// The anchor that stands exactly there already.
    pub fn anchor_at(&self, at: At) -> Result<Option<AnchorView>, CaseError> {
        let whole = at.start == at.end;
        let anchors = self.anchors_in(at.item)?;
        Ok(anchors.into_iter().find(|view| match (&view.anchor, view.at) {
            (Anchor::Passage(passage), Some(there)) if whole && at.variant.is_none() => {
                // A document as such, or all of a message.
                there.variant.is_none()
                    && there.start == 0
                    && passage.before.is_empty()
                    && passage.after.is_empty()
            }
            (_, Some(there)) => there == at,
            _ => false,
        }))
    }

    pub fn anchor_count(&self) -> Result<u64, CaseError> {
        Ok(self.store.anchor_count()?)
    }

    /// What an anchor means from now on.
    pub fn set_anchor(
        &self,
        id: AnchorId,
        meaning: &str,
        comment: &str,
    ) -> Result<Acted, CaseError> {
        let anchor = self.store.anchor_operation(id)?;
        let (meaning, comment) = (meaning.to_owned(), comment.to_owned());
        Ok(self.act(Action::AnchorSet { anchor, meaning, comment })?.1)
    }

    /// Notes that name an anchor, and entities of which an attribute stands on it.
    pub fn citing(&self, id: AnchorId) -> Result<Vec<ItemId>, CaseError> {
        let notes = self.store.notes_naming(ItemId::Anchor(id))?.into_iter().map(ItemId::Note);
        let entities = self.store.entities_citing(&self.store.anchor_operation(id)?)?;
        Ok(notes.chain(entities.into_iter().map(ItemId::Entity)).collect())
    }

    /// Drops an anchor. Notes that cite it say that it is gone.
    pub fn drop_anchor(&self, id: AnchorId) -> Result<Acted, CaseError> {
        let anchor = self.store.anchor_operation(id)?;
        Ok(self.act(Action::AnchorDrop { anchor, knew: None, cited: false })?.1)
    }

    /// Tags notes, anchors and entities, or takes a tag off; evidence is tagged by
    /// [`Case::mark`].
    pub fn tag_things(&self, items: &[ItemId], name: &str, on: bool) -> Result<Acted, CaseError> {
        let things = items.iter().map(|item| self.operation_of(*item)).collect::<Result<_, _>>()?;
        Ok(self.act(Action::Tag { name: name.to_owned(), on, things })?.1)
    }

    /// The operation that made a note, an anchor or an entity.
    pub fn operation_of(&self, item: ItemId) -> Result<Sha256, CaseError> {
        Ok(match item {
            ItemId::Note(id) => self.store.note_operation(id)?,
            ItemId::Anchor(id) => self.store.anchor_operation(id)?,
            ItemId::Entity(id) => self.store.entity_operation(id)?,
            item => return Err(CaseError::Refused(format!("{item} is evidence, nobody made it"))),
        })
    }
}
