//! What the short numbers in a text name. A text is written with the numbers of this case
//! (`D17`); the operation carries what they name by content, so that another copy of the case shows
//! its own numbers.

use super::log::{JournalError, target_of, unit_of};
use super::operation::{Action, Body, OperationId, Reference};
use crate::model::note::short_numbers;
use crate::model::{ItemId, Sha256};
use crate::store::{Store, StoreError, StoredOperation, Unit};
use std::collections::BTreeMap;

/// What short numbers in `text` name, each once. Numbers that this case does not have name
/// nothing. What an earlier text (`over`) names and this case has not is kept with its stand-in.
pub fn references(
    store: &Store,
    text: &str,
    over: &[OperationId],
) -> Result<Vec<(String, Reference)>, JournalError> {
    let mut found: Vec<(String, Reference)> = Vec::new();
    for (range, item) in short_numbers(text) {
        let token = &text[range];
        if found.iter().any(|(known, _)| known == token) {
            continue;
        }
        if let Some(reference) = reference_of(store, item)? {
            found.push((token.to_owned(), reference));
        }
    }
    for operation in over {
        let Some(stored) = store.operation(&operation.0)? else { continue };
        let Action::NoteText { references, .. } = parse(&stored)?.action else { continue };
        for (token, reference) in references {
            let shown = token_of(store, &token, &reference)?;
            if shown.contains('?')
                && text.contains(&shown)
                && !found.iter().any(|(known, _)| *known == shown)
            {
                found.push((shown, reference));
            }
        }
    }
    Ok(found)
}

fn reference_of(store: &Store, item: ItemId) -> Result<Option<Reference>, StoreError> {
    let evidence = |unit| match target_of(store, unit) {
        Ok(target) => Ok(Some(Reference::Evidence(target))),
        Err(StoreError::NoSuchItem(_)) => Ok(None),
        Err(error) => Err(error),
    };
    match item {
        ItemId::Document(id) => evidence(Unit::Document(id)),
        ItemId::Message(id) => evidence(Unit::Message(id)),
        ItemId::Conversation(id) => {
            let known = store.conversation_key(id)?;
            Ok(known.map(|(platform, key)| Reference::Conversation { platform, key }))
        }
        ItemId::Participant(id) => {
            let known = store.account_key(id)?;
            Ok(known.map(|(platform, handle)| Reference::Account { platform, handle }))
        }
        ItemId::Note(id) => known(store.note_operation(id), Reference::Note),
        ItemId::Anchor(id) => known(store.anchor_operation(id), Reference::Anchor),
        ItemId::Entity(id) => known(store.entity_operation(id), Reference::Entity),
        ItemId::Source(_) => Ok(None),
    }
}

/// A thing of this case, by the operation that made it.
fn known(
    operation: Result<OperationId, StoreError>,
    reference: fn(OperationId) -> Reference,
) -> Result<Option<Reference>, StoreError> {
    match operation {
        Ok(operation) => Ok(Some(reference(operation))),
        Err(StoreError::NoSuchItem(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a reference names in this case.
pub fn item_of(store: &Store, reference: &Reference) -> Result<Option<ItemId>, StoreError> {
    match reference {
        Reference::Evidence(target) => Ok(unit_of(store, target)?.map(Unit::item)),
        Reference::Conversation { platform, key } => store.find_conversation(platform, key),
        Reference::Account { platform, handle } => store.find_account(platform, handle),
        Reference::Note(operation) => Ok(store.find_note(operation)?.map(ItemId::Note)),
        Reference::Anchor(operation) => Ok(store.find_anchor(operation)?.map(ItemId::Anchor)),
        Reference::Entity(operation) => Ok(store.find_entity(operation)?.map(ItemId::Entity)),
    }
}

/// The short number of a reference in this case; a stand-in that is none (`D?9c1f2a07`) where it
/// has none, because the number that was written may be another thing here.
fn token_of(store: &Store, token: &str, reference: &Reference) -> Result<String, StoreError> {
    if let Some(item) = item_of(store, reference)? {
        return Ok(item.to_string());
    }
    let letter = token.chars().next().unwrap_or('?');
    let json =
        serde_json::to_string(reference).map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(format!("{letter}?{}", &Sha256::of(json.as_bytes()).to_string()[..8]))
}

/// A text with the numbers of this case.
pub fn render(
    store: &Store,
    text: &str,
    references: &[(String, Reference)],
) -> Result<String, StoreError> {
    let mut tokens: BTreeMap<&str, String> = BTreeMap::new();
    for (token, reference) in references {
        tokens.insert(token, token_of(store, token, reference)?);
    }
    let mut places: Vec<(usize, &str)> = Vec::new();
    for token in tokens.keys().filter(|token| token.contains('?')) {
        places.extend(text.match_indices(token));
    }
    for (range, _) in short_numbers(text) {
        if let Some((token, _)) = tokens.get_key_value(&text[range.clone()]) {
            places.push((range.start, token));
        }
    }
    places.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, token) in places {
        if at < done {
            continue;
        }
        out.push_str(&text[done..at]);
        out.push_str(tokens.get(token).map_or(token, String::as_str));
        done = at + token.len();
    }
    out.push_str(&text[done..]);
    Ok(out)
}

pub(super) fn parse(stored: &StoredOperation) -> Result<Body, JournalError> {
    let id = Sha256(stored.id);
    Body::parse(stored).map_err(|problem| JournalError::Bad { id, problem })
}
