//! What the short numbers in a text name. A text is written with the numbers of this case; the
//! operation carries what they name by content, so that another copy of the case shows its own
//! numbers.
//!
//! In a note a number in double brackets names something, `[[D17]]`, and is carried with them; in a
//! query a bare one does. Operations of before this was so carry bare numbers of notes too: what
//! they bound stays bound, and is shown in brackets.

use super::error::JournalError;
use super::operation::{Action, Body, OperationId, Reference};
use super::unit::{target_of, unit_of};
use crate::model::note::{bracketed, named, short_numbers};
use crate::model::reference::References;
use crate::model::{ItemId, Sha256};
use crate::store::{Store, StoreError, StoredOperation, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What short numbers in a query name, each once. Numbers that this case does not have name
/// nothing.
pub fn of_query(store: &Store, query: &str) -> Result<References, StoreError> {
    let mut found = References::new();
    for (range, item) in short_numbers(query) {
        if is_value(query, range.start) {
            add(store, &mut found, &query[range], item)?;
        }
    }
    Ok(found)
}

/// Whether what begins there is said of a field, `in:C3`: a word `A4` alone is looked for as it
/// stands, in every case the same.
fn is_value(query: &str, start: usize) -> bool {
    let says = |before: &str| before.ends_with([':', '：']);
    let before = query[..start].trim_end_matches('"');
    // `in:(C1 C2)`
    let group = before.rfind(['(', '（']).filter(|at| !before[*at..].contains([')', '）']));
    says(before) || group.is_some_and(|at| says(&before[..at]))
}

fn add(store: &Store, found: &mut References, token: &str, item: ItemId) -> Result<(), StoreError> {
    if found.iter().all(|(known, _)| known != token)
        && let Some(reference) = reference_of(store, item)?
    {
        found.push((token.to_owned(), reference));
    }
    Ok(())
}

/// What the text of a note names, each once, as `[[D17]]`. What an earlier text (`over`) names and
/// this case has not is kept with its stand-in.
pub fn of_note(
    store: &Store,
    text: &str,
    over: &[OperationId],
) -> Result<References, JournalError> {
    let mut found = References::new();
    for (range, item) in named(text) {
        add(store, &mut found, &in_brackets(&text[range]), item)?;
    }
    for operation in over {
        let Some(stored) = store.operation(&operation.0)? else { continue };
        let Action::NoteText { references, .. } = parse(&stored)?.action else { continue };
        for (token, reference) in references {
            let shown = in_brackets(&token_of(store, &token, &reference)?);
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
    let letter = token.trim_start_matches('[').chars().next().unwrap_or('?');
    let json =
        serde_json::to_string(reference).map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(format!("{letter}?{}", &Sha256::of(json.as_bytes()).to_string()[..8]))
}

fn in_brackets(token: &str) -> String {
    format!("[[{token}]]")
}

/// By what is written, the numbers of this case.
fn tokens<'a>(
    store: &Store,
    references: &'a [(String, Reference)],
) -> Result<BTreeMap<&'a str, String>, StoreError> {
    let mut tokens = BTreeMap::new();
    for (token, reference) in references {
        tokens.insert(token.as_str(), token_of(store, token, reference)?);
    }
    Ok(tokens)
}

/// A query with the numbers of this case.
pub fn render_query(
    store: &Store,
    query: &str,
    references: &[(String, Reference)],
) -> Result<String, StoreError> {
    let tokens = tokens(store, references)?;
    let mut places: Vec<(Range<usize>, String)> = Vec::new();
    let numbers = short_numbers(query).into_iter().map(|(range, _)| range);
    let stand_ins = tokens.keys().filter(|token| token.contains('?')).flat_map(|token| {
        query.match_indices(token).map(|(at, _)| at..at + token.len()).collect::<Vec<_>>()
    });
    for range in numbers.chain(stand_ins) {
        if is_value(query, range.start)
            && let Some(shown) = tokens.get(&query[range.clone()])
        {
            places.push((range, shown.clone()));
        }
    }
    Ok(replaced(query, places))
}

/// What of a note a sentence names that stands in it, by the short numbers that a report shows in
/// the place of those in brackets. `texts` are those of the note.
pub fn of_sentence<'a>(
    store: &Store,
    sentence: &str,
    texts: impl Iterator<Item = &'a str>,
) -> Result<References, StoreError> {
    let bound: BTreeSet<ItemId> =
        texts.flat_map(named).map(|(_, item)| item).filter(|item| stands_in(*item)).collect();
    let mut found = References::new();
    for (range, item) in short_numbers(sentence) {
        if bound.contains(&item) {
            add(store, &mut found, &sentence[range], item)?;
        }
    }
    Ok(found)
}

/// What is evidence or a person stands in a sentence by its name.
fn stands_in(item: ItemId) -> bool {
    !matches!(item, ItemId::Anchor(_) | ItemId::Entity(_))
}

/// A sentence with the numbers of this case.
pub fn render_sentence(
    store: &Store,
    sentence: &str,
    references: &[(String, Reference)],
) -> Result<String, StoreError> {
    let tokens = tokens(store, references)?;
    let numbers = short_numbers(sentence).into_iter();
    let places = numbers.filter_map(|(range, _)| {
        let shown = tokens.get(&sentence[range.clone()])?;
        Some((range, shown.clone()))
    });
    Ok(replaced(sentence, places.collect()))
}

/// What a query names, by the numbers of this case.
pub fn rendered(
    store: &Store,
    references: &[(String, Reference)],
) -> Result<References, StoreError> {
    references
        .iter()
        .map(|(token, reference)| Ok((token_of(store, token, reference)?, reference.clone())))
        .collect()
}

/// Whether a query names something that this case has not: it cannot be answered here.
pub fn names_absent(store: &Store, references: &[(String, Reference)]) -> Result<bool, StoreError> {
    for (_, reference) in references {
        if item_of(store, reference)?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The text of a note with the numbers of this case. A number in brackets that was nothing when it
/// was written (`[[M9999]]`) is shown as what it is, `[[M?9999]]`: it may be something else here.
pub fn render_note(
    store: &Store,
    text: &str,
    references: &[(String, Reference)],
) -> Result<String, StoreError> {
    let tokens = tokens(store, references)?;
    let mut places: Vec<(Range<usize>, String)> = Vec::new();
    for (range, item) in bracketed(text) {
        let inner = &text[range.clone()];
        let shown = tokens.get(in_brackets(inner).as_str()).or_else(|| tokens.get(inner));
        match (shown, item) {
            (Some(shown), _) => places.push((range, shown.clone())),
            (None, Some(_)) => places.push((range, format!("{}?{}", &inner[..1], &inner[1..]))),
            (None, None) => {}
        }
    }
    // What was bound without brackets.
    let is_inside = |at: usize, places: &[(Range<usize>, String)]| {
        places.iter().any(|(range, _)| range.contains(&at))
    };
    let mut bare: Vec<(Range<usize>, String)> = Vec::new();
    let stand_ins = tokens.keys().filter(|token| token.contains('?') && !token.starts_with('['));
    for token in stand_ins {
        bare.extend(
            text.match_indices(token).map(|(at, _)| (at..at + token.len(), (*token).to_owned())),
        );
    }
    bare.extend(
        short_numbers(text).into_iter().map(|(range, _)| (range.clone(), text[range].to_owned())),
    );
    for (range, token) in bare {
        if let Some(shown) = tokens.get(token.as_str())
            && !is_inside(range.start, &places)
        {
            places.push((range, in_brackets(shown)));
        }
    }
    Ok(replaced(text, places))
}

/// The text with something else at these places.
fn replaced(text: &str, mut places: Vec<(Range<usize>, String)>) -> String {
    places.sort_unstable_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, shown) in places {
        if range.start < done {
            continue;
        }
        out.push_str(&text[done..range.start]);
        out.push_str(&shown);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

pub(super) fn parse(stored: &StoredOperation) -> Result<Body, JournalError> {
    let id = Sha256(stored.id);
    Body::parse(stored).map_err(|problem| JournalError::Bad { id, problem })
}
