//! Things in the tables that screens read: folded again from the operations that have a hand in
//! them, without reading the whole journal.

use super::error::JournalError;
use super::fold::State;
use super::locate::Locator;
use super::operation::{Action, Body, OperationId, citing};
use super::references::parse;
use super::revoke::Force;
use super::row::{self, Row, number};
use super::thing::Thing;
use crate::model::Sha256;
use crate::model::anchor::At;
use crate::model::disagreed::Slot;
use crate::model::entity::EntityFields;
use crate::store::{Act, Store, StoreError, Unit};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A thing as the operations in force on it add up.
fn fold(store: &Store, force: &mut Force, id: OperationId) -> Result<Thing, JournalError> {
    let mut thing = Thing::default();
    for (act, stored) in store.hands(&id)? {
        let counts = act.revokes.is_none() || force.is_void(store, &act)?;
        if counts && force.is_live(store, &act)? {
            thing.apply(id, Sha256(stored.id), &parse(&stored)?);
        }
    }
    // What cites it tells only why it stands.
    if thing.was_parted_with() {
        for (act, stored) in store.hands(&citing(id))? {
            if force.is_live(store, &act)? {
                thing.cite(Sha256(stored.id));
            }
        }
    }
    Ok(thing)
}

/// The operations on a field of a note or an entity that stand and that whoever sets it anew
/// replaces.
pub(super) fn standing(
    store: &Store,
    thing: OperationId,
    slot: Slot,
) -> Result<Vec<OperationId>, JournalError> {
    Ok(fold(store, &mut Force::default(), thing)?.standing(slot))
}

/// The same for what is said of each citation of a note, by the anchor.
pub fn citations_standing(
    store: &Store,
    note: OperationId,
) -> Result<HashMap<OperationId, Vec<OperationId>>, JournalError> {
    Ok(fold(store, &mut Force::default(), note)?.citations_standing())
}

/// What was said of an attribute of an entity.
pub(super) fn noted(
    store: &Store,
    entity: OperationId,
    key: &str,
) -> Result<Vec<OperationId>, JournalError> {
    Ok(fold(store, &mut Force::default(), entity)?.noted(key))
}

/// All operations on a thing that the case knows, but for undoings.
pub(super) fn hands(store: &Store, thing: OperationId) -> Result<Vec<OperationId>, JournalError> {
    let hands = store.hands(&thing)?.into_iter().filter(|(act, _)| act.revokes.is_none());
    Ok(hands.map(|(_, stored)| Sha256(stored.id)).collect())
}

/// The same with all that cites it, where it is an anchor.
pub(super) fn hands_and_citings(
    store: &Store,
    thing: OperationId,
) -> Result<Vec<OperationId>, JournalError> {
    let mut known = hands(store, thing)?;
    known.extend(hands(store, citing(thing))?);
    known.sort_unstable();
    known.dedup();
    Ok(known)
}

/// Anchors that an operation cites and that somebody deleted or did not make after all, whether they
/// stand or not: what cites them decides that.
pub(super) fn cited_and_parted_with(
    store: &Store,
    body: &Body,
) -> Result<Vec<OperationId>, StoreError> {
    let mut found = body.cites();
    let mut failed = None;
    found.retain(|anchor| match store.is_plainly_there(anchor) {
        Ok(is_plain) => !is_plain,
        Err(error) => {
            failed = Some(error);
            false
        }
    });
    failed.map_or(Ok(found), Err)
}

/// What undoes an operation with which the things `made` come or go.
pub(super) fn undoing(
    store: &Store,
    operation: OperationId,
    made: Vec<OperationId>,
) -> Result<Action, JournalError> {
    let mut knew = BTreeSet::new();
    for thing in &made {
        knew.extend(hands_and_citings(store, *thing)?);
    }
    let cited = !made.is_empty();
    let knew = cited.then(|| knew.into_iter().collect());
    Ok(Action::Revoke { operation, made, knew, cited })
}

/// What whoever deletes a note knows of it: all but the texts that stand and are not among `over`,
/// which came while it was being emptied.
pub(super) fn known_of_note(
    store: &Store,
    note: OperationId,
    over: &[OperationId],
) -> Result<Vec<OperationId>, JournalError> {
    let thing = fold(store, &mut Force::default(), note)?;
    let is_new = |id: &OperationId| {
        thing.note.as_ref().is_some_and(|own| own.texts.contains(id)) && !over.contains(id)
    };
    Ok(hands(store, note)?.into_iter().filter(|id| !is_new(id)).collect())
}

/// What an entity was that somebody deleted, with who acted on it last and when by their clock;
/// `None` for one that is there, and where nothing that made it is in force.
pub fn deleted_entity(
    store: &Store,
    id: OperationId,
) -> Result<Option<(EntityFields, String, i64)>, JournalError> {
    let thing = fold(store, &mut Force::default(), id)?;
    if thing.is_there() {
        return Ok(None);
    }
    Ok(thing.entity_fields().map(|fields| (fields, thing.author.clone(), thing.wall)))
}

/// Something that was done to a thing.
#[derive(Clone, Debug)]
pub struct Deed {
    pub id: OperationId,
    pub body: Body,
    /// Nobody took it back.
    pub is_live: bool,
}

impl Deed {
    /// What decides which comes first: Lamport time, writer, hash.
    pub fn order(&self) -> (u64, &str, Sha256) {
        (self.body.lamport, &self.body.writer, self.id)
    }
}

/// What was done to a thing, in the order of the fold, with what was taken back.
pub fn deeds(store: &Store, thing: OperationId) -> Result<Vec<Deed>, JournalError> {
    done_to(store, thing, |act| act.revokes.is_none())
}

/// What cites an anchor, in the order of the fold, with what was taken back.
pub fn citings(store: &Store, anchor: OperationId) -> Result<Vec<Deed>, JournalError> {
    deeds(store, citing(anchor))
}

/// Undoings of what made a thing, in the order of the fold, whether they have an effect or not.
pub fn undoings(store: &Store, thing: OperationId) -> Result<Vec<Deed>, JournalError> {
    done_to(store, thing, |act| act.revokes == Some(thing.0))
}

fn done_to(
    store: &Store,
    thing: OperationId,
    is_wanted: impl Fn(&Act) -> bool,
) -> Result<Vec<Deed>, JournalError> {
    let mut force = Force::default();
    let hands = store.hands(&thing)?.into_iter().filter(|(act, _)| is_wanted(act));
    hands
        .map(|(act, stored)| {
            let is_live = force.is_live(store, &act)?;
            Ok(Deed { id: Sha256(stored.id), body: parse(&stored)?, is_live })
        })
        .collect()
}

/// Folds things again and writes them out.
pub(super) fn lay(store: &Store, ids: &BTreeSet<OperationId>) -> Result<(), JournalError> {
    let mut force = Force::default();
    let mut things = BTreeMap::new();
    for id in ids {
        things.insert(*id, fold(store, &mut force, *id)?);
    }
    write(store, &things)
}

/// Writes things out. They name each other, so all get their numbers before any is written; the
/// one that was made first gets the first.
pub(super) fn write(
    store: &Store,
    things: &BTreeMap<OperationId, Thing>,
) -> Result<(), JournalError> {
    let mut order: Vec<(u64, &OperationId)> = Vec::new();
    for id in things.keys() {
        order.push((store.operation(&id.0)?.map_or(0, |stored| stored.lamport), id));
    }
    order.sort_unstable();
    for (_, id) in &order {
        number(store, id, &things[id])?;
    }
    let mut locator = Locator::new(store);
    for (_, id) in order {
        Row::expected(store, *id, &things[id])?.write(store, &mut locator, *id)?;
    }
    Ok(())
}

/// Looks again where the anchors in documents and messages stand whose texts were written anew.
pub fn relocate(store: &Store, units: &[Unit]) -> Result<(), JournalError> {
    let mut locator = Locator::new(store);
    for unit in units {
        for stored in store.anchors_in(*unit)? {
            let at = row::locate(&mut locator, &stored.row.body)?;
            store.set_anchor(stored.id, Some(&stored.row), at)?;
        }
    }
    Ok(())
}

/// What differs between the tables and the journal: (thing, expected, found).
pub(super) fn differences(
    store: &Store,
    state: &State,
) -> Result<Vec<(String, String, String)>, JournalError> {
    let mut ids = store.things()?;
    ids.extend(state.things.keys());
    let nothing = Thing::default();
    let mut differences = Vec::new();
    let mut locator = Locator::new(store);
    for id in ids {
        let thing = state.things.get(&id).unwrap_or(&nothing);
        let (expected, found) = (Row::expected(store, id, thing)?, Row::found(store, id)?);
        if expected != found {
            differences.push((name(store, &id)?, expected.words(), found.words()));
        } else if let Some(anchor) = store.find_anchor(&id)?
            && let Some(stored) = store.anchor(anchor)?
            && let Some(at) = stored.at
            && let Some(expected) = row::locate(&mut locator, &stored.row.body)?
            && expected != at
        {
            let words = |at: At| format!("a passage at {} {}-{}", at.item, at.start, at.end);
            differences.push((anchor.to_string(), words(expected), words(at)));
        }
    }
    Ok(differences)
}

/// What a thing is called in this case.
fn name(store: &Store, id: &Sha256) -> Result<String, StoreError> {
    if let Some(note) = store.find_note(id)? {
        return Ok(note.to_string());
    }
    if let Some(anchor) = store.find_anchor(id)? {
        return Ok(anchor.to_string());
    }
    if let Some(entity) = store.find_entity(id)? {
        return Ok(entity.to_string());
    }
    Ok(match store.find_export(id)? {
        Some((document, _)) => format!("the zone of {document}"),
        None => format!("the saved search {}", super::error::short(id)),
    })
}
