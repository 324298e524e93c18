//! Notes and saved searches: laying operations over their tables, and what the short numbers in a
//! note name.
//!
//! A note is written with the numbers of this case (`D17`); the operation carries what they name
//! by content, so that another copy of the case shows its own numbers.

use super::fold::State;
use super::log::{JournalError, target_of, unit_of};
use super::operation::{Action, Body, OperationId, Reference};
use crate::model::note::{NoteText, SavedSearch, short_numbers};
use crate::model::{ItemId, NoteId, Sha256};
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
        ItemId::Note(id) => match store.note_operation(id) {
            Ok(operation) => Ok(Some(Reference::Note(operation))),
            Err(StoreError::NoSuchItem(_)) => Ok(None),
            Err(error) => Err(error),
        },
        ItemId::Source(_) => Ok(None),
    }
}

/// What a reference names in this case.
fn item_of(store: &Store, reference: &Reference) -> Result<Option<ItemId>, StoreError> {
    match reference {
        Reference::Evidence(target) => Ok(unit_of(store, target)?.map(Unit::item)),
        Reference::Conversation { platform, key } => store.find_conversation(platform, key),
        Reference::Account { platform, handle } => store.find_account(platform, handle),
        Reference::Note(operation) => Ok(store.find_note(operation)?.map(ItemId::Note)),
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
fn render(
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

fn parse(stored: &StoredOperation) -> Result<Body, JournalError> {
    let id = Sha256(stored.id);
    Body::parse(stored).map_err(|problem| JournalError::Bad { id, problem })
}

/// Lays an operation, the newest of all, over the tables.
pub(super) fn lay(store: &Store, id: OperationId, body: &Body) -> Result<(), JournalError> {
    match &body.action {
        Action::NoteText { note, over, text, references } => {
            for operation in over {
                store.drop_note_text(operation)?;
            }
            let note = store.note_of(&note.unwrap_or(id))?;
            store.set_note_text(note, &shown(store, id, body, text, references)?)?;
        }
        Action::NoteDelete { over, .. } => {
            for operation in over {
                store.drop_note_text(operation)?;
            }
        }
        Action::SearchSave { name, query } => store.save_search(&SavedSearch {
            operation: id,
            name: name.clone(),
            query: query.clone(),
        })?,
        Action::SearchDrop { search } => store.drop_search(search)?,
        Action::Mark { .. } | Action::Zone { .. } | Action::Revoke { .. } => {}
    }
    Ok(())
}

fn shown(
    store: &Store,
    operation: OperationId,
    body: &Body,
    text: &str,
    references: &[(String, Reference)],
) -> Result<NoteText, JournalError> {
    Ok(NoteText {
        operation,
        text: render(store, text, references)?,
        author: body.author.clone(),
        wall: body.wall,
    })
}

/// What the tables shall hold.
struct Expected {
    texts: Vec<(NoteId, NoteText)>,
    searches: Vec<SavedSearch>,
}

/// Gives numbers to the notes that have none, the one that was made first first. Notes name each
/// other, so this comes before any is written out.
fn number(store: &Store, state: &State) -> Result<(), JournalError> {
    let mut first: Vec<(u64, OperationId)> = Vec::new();
    for note in state.notes.keys() {
        let lamport = store.operation(&note.0)?.map_or(u64::MAX, |stored| stored.lamport);
        first.push((lamport, *note));
    }
    first.sort_unstable();
    for (_, note) in &first {
        store.note_of(note)?;
    }
    Ok(())
}

/// What the tables shall hold by `state`.
fn expected(store: &Store, state: &State) -> Result<Expected, JournalError> {
    let mut texts = Vec::new();
    for (note, operations) in &state.notes {
        let id = store.find_note(note)?.unwrap_or(NoteId(0));
        for operation in operations {
            let Some(stored) = store.operation(&operation.0)? else { continue };
            let body = parse(&stored)?;
            if let Action::NoteText { text, references, .. } = &body.action {
                texts.push((id, shown(store, *operation, &body, text, references)?));
            }
        }
    }
    texts.sort_by(|(a, x), (b, y)| (a, -x.wall, x.operation).cmp(&(b, -y.wall, y.operation)));
    let mut searches: Vec<SavedSearch> = state
        .searches
        .iter()
        .map(|(operation, (name, query))| SavedSearch {
            operation: *operation,
            name: name.clone(),
            query: query.clone(),
        })
        .collect();
    searches.sort_by(|a, b| (&a.name, a.operation).cmp(&(&b.name, b.operation)));
    Ok(Expected { texts, searches })
}

/// Makes the tables anew.
pub(super) fn project(store: &Store, state: &State) -> Result<(), JournalError> {
    number(store, state)?;
    let expected = expected(store, state)?;
    for (_, text) in store.all_note_texts()? {
        store.drop_note_text(&text.operation)?;
    }
    for (note, text) in &expected.texts {
        store.set_note_text(*note, text)?;
    }
    for search in store.saved_searches()? {
        store.drop_search(&search.operation)?;
    }
    for search in &expected.searches {
        store.save_search(search)?;
    }
    Ok(())
}

/// What differs between the tables and the journal: (thing, expected, found).
pub(super) fn differences(
    store: &Store,
    state: &State,
) -> Result<Vec<(String, String, String)>, JournalError> {
    let expected = expected(store, state)?;
    let found = store.all_note_texts()?;
    let say = |text: Option<&NoteText>| match text {
        Some(text) => format!("{:?}", text.text.chars().take(40).collect::<String>()),
        None => "nothing".to_owned(),
    };
    let mut differences = Vec::new();
    let key = |(note, text): &(NoteId, NoteText)| (*note, text.operation);
    let all: BTreeMap<_, _> =
        expected.texts.iter().chain(&found).map(|row| (key(row), ())).collect();
    for (note, operation) in all.keys() {
        let of = |rows: &[(NoteId, NoteText)]| {
            rows.iter().find(|row| key(row) == (*note, *operation)).map(|(_, text)| text.clone())
        };
        let (expected, found) = (of(&expected.texts), of(&found));
        if expected != found {
            differences.push((note.to_string(), say(expected.as_ref()), say(found.as_ref())));
        }
    }
    let found = store.saved_searches()?;
    if found != expected.searches {
        let names = |rows: &[SavedSearch]| {
            format!("{:?}", rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>())
        };
        differences.push((
            "the list of saved searches".to_owned(),
            names(&expected.searches),
            names(&found),
        ));
    }
    Ok(differences)
}
