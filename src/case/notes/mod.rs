//! Notes of a case, as they are read; `writing.rs` writes them, `drafts.rs` keeps what is none yet. How
//! they hang together is in `board.rs`.

mod drafts;
#[cfg(test)]
mod tests;
mod writing;

pub(super) use drafts::row_of;

use super::{Case, CaseError};
use crate::journal::references;
use crate::model::anchor::{AnchorView, At};
use crate::model::disagreed::Slot;
use crate::model::finding::{Citation, Cited, NoteField, NoteFields, Stance};
use crate::model::kept::Kept;
use crate::model::note::{Note, NoteRow, NoteText, named};
use crate::model::review::Review;
use crate::model::{Anchor, AnchorId, ItemId, NoteId, Sha256, time};
use crate::store::StoreError;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Characters of a line about something that a note names.
const LINE: usize = 200;

impl Case {
    /// Notes and one's own drafts.
    pub fn note_count(&self) -> Result<u64, CaseError> {
        Ok(self.store.note_count()? + self.drafts()?.len() as u64)
    }

    /// Rows `range` of one's own drafts and then all notes, what was changed last first.
    pub fn notes(&self, range: Range<u64>) -> Result<Vec<NoteRow>, CaseError> {
        let drafts = self.drafts()?;
        let count = drafts.len() as u64;
        let start = usize::try_from(range.start).unwrap_or(usize::MAX);
        let most = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
        let mut rows: Vec<NoteRow> =
            drafts.into_iter().skip(start).take(most).map(row_of).collect();
        let left = (most - rows.len()) as u64;
        for (row, key) in self.store.notes(range.start.saturating_sub(count), left)? {
            rows.push(NoteRow { author: self.signed_name(&row.author, &key)?, ..row });
        }
        Ok(rows)
    }

    pub fn note(&self, id: NoteId) -> Result<Note, CaseError> {
        let mut texts = self.store.note_texts(id)?;
        for text in &mut texts {
            text.by = self.signed_name(&text.author, &text.key)?;
        }
        if texts.is_empty() {
            return Err(StoreError::NoSuchItem(id.to_string()).into());
        }
        let mut references: Vec<(ItemId, String)> = Vec::new();
        for (_, item) in texts.iter().flat_map(|text| named(&text.text)) {
            if references.iter().any(|(known, _)| *known == item) {
                continue;
            }
            match self.line_about(item) {
                Ok(line) => references.push((item, line)),
                Err(CaseError::Store(StoreError::NoSuchItem(_))) => {}
                Err(error) => return Err(error),
            }
        }
        let fields = self.note_fields(id)?;
        let citations = self.citations(&texts, &fields)?;
        Ok(Note {
            id,
            operation: self.store.note_operation(id)?,
            texts,
            references,
            fields,
            citations,
        })
    }

    /// What a note is and where it stands, beside its text.
    pub fn note_fields(&self, id: NoteId) -> Result<NoteFields, CaseError> {
        let mut fields: NoteFields = match self.store.note_fields(id)?.1.as_str() {
            "" => return Ok(NoteFields::default()),
            json => serde_json::from_str(json)
                .map_err(|error| StoreError::Damaged(format!("{id}: {error}")))?,
        };
        self.name_writers(&mut fields)?;
        Ok(fields)
    }

    /// Puts in what people and things are called in this case, which the fields name by key and
    /// operation.
    pub(super) fn name_writers(&self, fields: &mut NoteFields) -> Result<(), CaseError> {
        for review in &mut fields.reviews {
            review.shown = self.signed_name(&review.taken_in_by, &review.key)?;
            let Review { sentence, references, .. } = &mut review.review;
            if !references.is_empty() {
                *sentence = references::render_sentence(&self.store, sentence, references)?;
            }
        }
        self.name_kept(fields.kept.as_mut())?;
        for disagreed in &mut fields.disagreed {
            if let Slot::Citation(anchor) = disagreed.slot {
                disagreed.item = self.store.find_anchor(&anchor)?.map(|id| id.to_string());
            }
            for own in &mut disagreed.said {
                own.shown = self.signed_name(&own.by.name, &own.by.key)?;
                if let NoteField::Question(Some(question)) = &own.set {
                    own.item = match self.store.find_note(question)? {
                        Some(id) => Some(format!("{id} {}", self.title_of(question)?)),
                        None => None,
                    };
                }
            }
        }
        Ok(())
    }

    /// The same for why something stands that was deleted.
    pub(super) fn name_kept(&self, kept: Option<&mut Kept>) -> Result<(), CaseError> {
        for own in kept.into_iter().flat_map(Kept::people_mut) {
            own.shown = self.signed_name(&own.by.name, &own.by.key)?;
            if let Some(thing) = own.of {
                own.item = self.item_made_by(&thing)?.map(|item| item.to_string());
            }
        }
        Ok(())
    }

    /// What a note cites: the anchors that its texts name, in their order, then those that only
    /// something was said of.
    fn citations(&self, texts: &[NoteText], fields: &NoteFields) -> Result<Vec<Cited>, CaseError> {
        let mut anchors: Vec<(Sha256, AnchorId)> = Vec::new();
        for (_, item) in texts.iter().flat_map(|text| named(&text.text)) {
            let ItemId::Anchor(id) = item else { continue };
            match self.store.anchor_operation(id) {
                Ok(operation) => anchors.push((operation, id)),
                Err(StoreError::NoSuchItem(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for citation in &fields.citations {
            let id = self.store.find_anchor(&citation.anchor)?;
            anchors.extend(id.map(|id| (citation.anchor, id)));
        }
        let mut cited: Vec<Cited> = Vec::new();
        let mut known: HashSet<AnchorId> = HashSet::new();
        // Where something is cited for what: there it counts once, whoever marked it.
        let mut by_place: HashMap<(At, Stance), usize> = HashMap::new();
        for (operation, id) in anchors {
            if !known.insert(id) {
                continue;
            }
            let said = fields.citations.iter().find(|known| known.anchor == operation);
            let citation = said.copied().unwrap_or(Citation::of(operation));
            let view = match self.anchor(id) {
                Ok(view) => Some(view),
                Err(CaseError::Store(StoreError::NoSuchItem(_))) => None,
                Err(error) => return Err(error),
            };
            if let Some(at) = view.as_ref().and_then(|view| view.at) {
                match by_place.entry((at, citation.stance)) {
                    Entry::Occupied(first) => {
                        cited[*first.get()].also.push((id, citation));
                        continue;
                    }
                    Entry::Vacant(place) => drop(place.insert(cited.len())),
                }
            }
            cited.push(Cited {
                id,
                citation,
                line: view.as_ref().map(|view| anchor_line(&view.anchor)),
                gone: view.is_none().then(|| self.gone(&operation)).transpose()?,
                place: view.as_ref().map_or_else(String::new, anchor_place),
                is_count: view.as_ref().is_some_and(|view| matches!(view.anchor, Anchor::Count(_))),
                kept: view.and_then(|view| view.kept),
                also: Vec::new(),
            });
        }
        Ok(cited)
    }

    /// What of a text in double brackets names nothing in this case: `[[A9]]`.
    pub fn naming_nothing(&self, text: &str) -> Result<Vec<String>, CaseError> {
        let found = references::of_note(&self.store, text, &[])?;
        let named = named(text).into_iter().map(|(range, _)| format!("[[{}]]", &text[range]));
        Ok(named.filter(|token| found.iter().all(|(known, _)| known != token)).collect())
    }

    /// The anchor that is just this one, where a note cites it.
    pub fn note_citing(&self, id: NoteId, anchor: &Anchor) -> Result<Option<AnchorId>, CaseError> {
        for cited in self.note(id)?.citations.iter().filter(|cited| cited.line.is_some()) {
            if self.anchor(cited.id)?.anchor == *anchor {
                return Ok(Some(cited.id));
            }
        }
        Ok(None)
    }

    /// Notes that name something or cite an anchor in it.
    pub fn notes_naming(&self, item: ItemId) -> Result<Vec<NoteId>, CaseError> {
        Ok(self.store.notes_naming(item)?)
    }

    /// One line that says what something is.
    pub fn line_about(&self, item: ItemId) -> Result<String, CaseError> {
        let clip = |text: &str| text.chars().take(LINE).collect::<String>();
        Ok(match item {
            ItemId::Document(id) => self.store.document_row(id)?.name,
            ItemId::Message(id) => {
                let message = self.store.found_message(id)?;
                let when = message.time.as_deref().and_then(|time| time.get(..16));
                let when = when.unwrap_or("undated").replace('T', " ");
                let who = message.sender.unwrap_or_default();
                clip(&format!("{when} {who}: {}", message.text))
            }
            ItemId::Conversation(id) => self.store.conversation_title(id)?,
            ItemId::Participant(id) => {
                let account = self.store.account(id)?.row.account;
                match account.name.as_str() {
                    "" => account.handle,
                    name if name == account.handle => account.handle,
                    name => format!("{name} ({})", account.handle),
                }
            }
            ItemId::Note(id) => clip(&self.readable(&self.first_line_of(id)?)?),
            ItemId::Anchor(id) => anchor_line(&self.anchor(id)?.anchor),
            ItemId::Entity(id) => {
                let fields = self.entity(id)?.fields;
                format!("{} ({})", fields.name, fields.kind.word())
            }
            ItemId::Source(_) => return Err(StoreError::NoSuchItem(item.to_string()).into()),
        })
    }
}

/// The quote or number of an anchor in a line.
pub(in crate::case) fn anchor_line(anchor: &Anchor) -> String {
    match anchor {
        Anchor::Passage(passage) if passage.quote.is_empty() => passage.path.clone(),
        Anchor::Passage(passage) => {
            let quote: String = passage.quote.chars().take(LINE).collect();
            format!("“{}”", quote.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        Anchor::Count(count) => count.words(),
    }
}

/// Where a quote stands, in this case and in the leak.
fn anchor_place(view: &AnchorView) -> String {
    let Anchor::Passage(passage) = &view.anchor else { return String::new() };
    let item = view.at.map(|at| at.item.to_string());
    let name = passage.path.rsplit(['/', '!']).next().map(str::to_owned);
    // Of a message its time and sender say more than the name of the export.
    let name = if passage.record.is_some() { None } else { name };
    let locator = Some(passage.locator.clone());
    let parts = [item, name, locator].into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

/// When something was written, as it is shown: `2022-03-05 12:41`, UTC.
pub fn wall_text(wall: i64) -> String {
    time::clock_text(wall.div_euclid(1000)).chars().take(16).collect::<String>().replace('T', " ")
}
