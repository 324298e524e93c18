//! What the tables say of a thing, and what they shall say: the two are written from one another
//! and compared with one another in the same form.

use super::error::JournalError;
use super::locate::Locator;
use super::operation::{Action, OperationId};
use super::references::{parse, render_note};
use super::thing::Thing;
use crate::model::anchor::{Anchor, At};
use crate::model::entity::EntityFields;
use crate::model::finding::NoteFields;
use crate::model::kept::{Kept, Someone};
use crate::model::note::{NoteText, SavedSearch, named};
use crate::model::{ItemId, Sha256};
use crate::store::{MadeRow, Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An anchor as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchorRow {
    pub anchor: Anchor,
    pub meaning: String,
    pub comment: String,
    pub tags: Vec<String>,
    /// Somebody deleted it and it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// A thing in the tables. All of it is empty where it is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// JSON of the fields, with the name of the kind.
    pub note: Option<(String, String)>,
    pub texts: Vec<NoteText>,
    pub links: BTreeSet<String>,
    pub anchor: Option<MadeRow>,
    pub entity: Option<MadeRow>,
    pub search: Option<SavedSearch>,
    pub zone: Option<i32>,
}

fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

impl Row {
    /// What the tables shall say. Everything that its texts name has its number already.
    pub fn expected(store: &Store, id: OperationId, thing: &Thing) -> Result<Row, JournalError> {
        let mut row = Row::default();
        if !thing.is_there() {
            return Ok(row);
        }
        let kept = kept(store, id, thing)?;
        let made = |body: String| MadeRow { body, author: thing.author.clone(), wall: thing.wall };
        if let Some((note, fields)) = thing.note.as_ref().zip(thing.note_fields()) {
            for operation in &note.texts {
                let Some(stored) = store.operation(&operation.0)? else { continue };
                let body = parse(&stored)?;
                let Action::NoteText { text, references, .. } = &body.action else { continue };
                let text = render_note(store, text, references)?;
                row.links.extend(named(&text).into_iter().map(|(_, item)| item.to_string()));
                row.texts.push(NoteText {
                    operation: *operation,
                    text,
                    author: body.author.clone(),
                    by: String::new(),
                    key: body.key.clone(),
                    wall: body.wall,
                });
            }
            row.texts.sort_by_key(|text| (std::cmp::Reverse(text.wall), text.operation));
            for citation in &fields.citations {
                let anchor = store.find_anchor(&citation.anchor)?;
                row.links.extend(anchor.map(|anchor| ItemId::Anchor(anchor).to_string()));
            }
            let fields = NoteFields { kept: kept.clone(), ..fields };
            row.note = Some((fields.kind.word().to_owned(), json(&fields)?));
        }
        if let Some(own) = &thing.anchor {
            row.anchor = Some(made(json(&AnchorRow {
                anchor: own.anchor.clone(),
                meaning: own.meaning.clone(),
                comment: own.comment.clone(),
                tags: thing.tags(),
                kept: kept.clone(),
            })?));
        }
        if let Some(fields) = thing.entity_fields() {
            row.entity = Some(made(json(&EntityFields { kept, ..fields })?));
        }
        if let Some((name, query)) = &thing.search {
            row.search =
                Some(SavedSearch { operation: id, name: name.clone(), query: query.clone() });
        }
        row.zone = thing.zone.filter(|_| store.find_export(&id).is_ok_and(|found| found.is_some()));
        Ok(row)
    }

    /// What the tables say.
    pub fn found(store: &Store, id: OperationId) -> Result<Row, StoreError> {
        let mut row = Row::default();
        if let Some(note) = store.find_note(&id)? {
            row.texts = store.note_texts(note)?;
            row.links = store.links(note)?;
            let (kind, fields) = store.note_fields(note)?;
            row.note = (!fields.is_empty()).then_some((kind, fields));
        }
        if let Some(anchor) = store.find_anchor(&id)? {
            row.anchor = store.anchor(anchor)?.map(|stored| stored.row);
        }
        if let Some(entity) = store.find_entity(&id)? {
            row.entity = store.entity_row(entity)?;
        }
        row.search = store.saved_search(&id)?;
        if let Some((document, status)) = store.find_export(&id)?
            && status == "set"
        {
            row.zone = Some(store.zone(document)?);
        }
        Ok(row)
    }

    /// Writes it out over what is there.
    pub fn write(
        &self,
        store: &Store,
        locator: &mut Locator,
        id: OperationId,
    ) -> Result<(), StoreError> {
        if let Some(note) = store.find_note(&id)? {
            store.clear_note_texts(note)?;
            for text in &self.texts {
                store.set_note_text(note, text)?;
            }
            store.set_links(note, &self.links)?;
            let (kind, fields) = match &self.note {
                Some((kind, fields)) => (kind.as_str(), fields.as_str()),
                None => ("note", ""),
            };
            store.set_note_fields(note, kind, fields)?;
        }
        if let Some(anchor) = store.find_anchor(&id)? {
            let at = match &self.anchor {
                Some(row) => locate(locator, &row.body)?,
                None => None,
            };
            store.set_anchor(anchor, self.anchor.as_ref(), at)?;
        }
        if let Some(entity) = store.find_entity(&id)? {
            store.set_entity(entity, self.entity.as_ref())?;
        }
        match &self.search {
            Some(search) => store.save_search(search)?,
            None => store.drop_search(&id)?,
        }
        if let Some((document, status)) = store.find_export(&id)? {
            match self.zone {
                Some(zone) if status != "set" || store.zone(document)? != zone => {
                    store.set_zone(document, zone, "set")?;
                }
                None if status == "set" => store.unset_zone(document)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// In a few words, for saying what differs.
    pub fn words(&self) -> String {
        let clip = |text: &str| text.chars().take(60).collect::<String>();
        let mut words = Vec::new();
        words.extend(self.texts.iter().map(|text| format!("{:?}", clip(&text.text))));
        words.extend(self.note.iter().map(|(kind, fields)| format!("{kind} {}", clip(fields))));
        words.extend(self.links.iter().cloned());
        words.extend(self.anchor.iter().map(|row| format!("anchor {}", clip(&row.body))));
        words.extend(self.entity.iter().map(|row| format!("entity {}", clip(&row.body))));
        words.extend(self.search.iter().map(|search| format!("search {}", search.name)));
        words.extend(self.zone.iter().map(|zone| format!("zone {zone}")));
        if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
    }
}

/// Reasons that are told of what is kept.
const REASONS: usize = 3;

/// Who deleted a thing that stands or undid the making of it, and what they did not know of.
fn kept(store: &Store, made: OperationId, thing: &Thing) -> Result<Option<Kept>, JournalError> {
    let Some([deleted, undone, unknown]) = thing.kept() else { return Ok(None) };
    let mut kept = Kept::default();
    for (ids, into) in [(deleted, &mut kept.deleted), (undone, &mut kept.undone)] {
        for id in ids {
            let Some(stored) = store.operation(&id.0)? else { continue };
            let body = parse(&stored)?;
            into.push((id, Someone::new(&body.author, &body.key)));
        }
    }
    for id in unknown {
        let Some(stored) = store.operation(&id.0)? else { continue };
        let body = parse(&stored)?;
        let someone = Someone::new(&body.author, &body.key);
        let things = body.action.things(id);
        let because = match things.contains(&made) {
            true => (body.action.words_of_it(), someone),
            false => ("cited it".to_owned(), Someone { of: things.first().copied(), ..someone }),
        };
        // A text that names it and what it does there are one reason.
        if !kept.because.contains(&because) {
            kept.because.push(because);
        }
        if kept.because.len() == REASONS {
            break;
        }
    }
    Ok(Some(kept))
}

/// Where an anchor stands in this case now, from what is kept of it.
pub(super) fn locate(locator: &mut Locator, body: &str) -> Result<Option<At>, StoreError> {
    let row: AnchorRow = serde_json::from_str(body)
        .map_err(|error| StoreError::Damaged(format!("an anchor: {error}")))?;
    match row.anchor {
        Anchor::Passage(passage) => Ok(locator.locate(&passage)?.1),
        Anchor::Count(_) => Ok(None),
    }
}

/// Gives a thing its short number, when it is of a kind that has one.
pub(super) fn number(store: &Store, id: &Sha256, thing: &Thing) -> Result<(), StoreError> {
    if thing.note.is_some() {
        store.note_of(id)?;
    }
    if thing.anchor.is_some() {
        store.anchor_of(id)?;
    }
    if thing.entity.is_some() {
        store.entity_of(id)?;
    }
    Ok(())
}
