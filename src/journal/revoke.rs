//! Undoing without reading the whole journal: what an operation touched is noted, so its undoing
//! folds these marks again and nothing else. That this gives what a rebuild gives is a property
//! test in `case::work`.
//!
//! Nobody undoes what somebody else did, and nobody takes others' work away with what they made
//! themselves: the undoing of what made a note, an anchor or an entity has no effect (it is *void*)
//! while an operation on that thing is in force which it did not know of.

use super::error::JournalError;
use super::log;
use super::operation::{Action, Body, OperationId, citing};
use super::references::parse;
use crate::model::Sha256;
use crate::store::{Act, Store, StoreError, Unit};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// An operation that revokes another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Undoing {
    pub id: OperationId,
    /// What comes or goes with it.
    pub things: Vec<OperationId>,
    /// Operations on these that were known; `None` where that was not noted.
    knew: Option<BTreeSet<OperationId>>,
    /// What cites them is among these.
    cited: bool,
    key: String,
}

impl Undoing {
    /// `None` for what undoes nothing.
    pub fn of(id: OperationId, body: &Body) -> Option<Undoing> {
        let Action::Revoke { knew, cited, .. } = &body.action else { return None };
        let things = body.action.things(id);
        let knew = knew.as_ref().map(|knew| knew.iter().copied().collect());
        Some(Undoing { id, things, knew, cited: *cited, key: body.key.clone() })
    }

    /// Whether it did not know that an operation cites one of its things.
    pub fn lacks_citing(&self, citing: OperationId) -> bool {
        self.cited && self.knew.as_ref().is_some_and(|knew| !knew.contains(&citing))
    }

    /// Whether it did not know of an operation on one of its things that this key signed.
    pub fn is_unknown(&self, hand: OperationId, key: &str) -> bool {
        self.knew.as_ref().map_or(key != self.key, |knew| !knew.contains(&hand))
    }

    /// Whether an operation on one of its things keeps it from having an effect.
    pub fn lacks(&self, hand: OperationId, body: &Body) -> bool {
        match &body.action {
            Action::Revoke { .. } => false,
            action if action.deletes() => false,
            // Somebody saw it and said that the thing stays.
            Action::Keep { deleted, .. } if deleted.contains(&self.id) => true,
            _ => self.is_unknown(hand, &body.key),
        }
    }
}

/// Which operations are in force. One is when no operation of its author after it that is in force
/// and not void revokes it.
#[derive(Default)]
pub struct Force {
    known: Known,
    /// The same as if no undoing were void: what those are asked for, so that there is no circle.
    plain: Known,
    void: Known,
}

type Known = HashMap<[u8; 32], bool>;

impl Force {
    /// Whether the operation `id`, which the case has, is in force.
    pub fn is_in_force(&mut self, store: &Store, id: OperationId) -> Result<bool, StoreError> {
        store.act(&id.0)?.map_or(Ok(false), |act| self.is_live(store, &act))
    }

    pub(super) fn is_live(&mut self, store: &Store, act: &Act) -> Result<bool, StoreError> {
        let Force { known, plain, void } = self;
        walk(store, act, known, &mut |act| Ok(!is_void(store, act, plain, void)?))
    }

    /// Whether an undoing has no effect because of what it did not know of.
    pub fn is_void(&mut self, store: &Store, act: &Act) -> Result<bool, StoreError> {
        is_void(store, act, &mut self.plain, &mut self.void)
    }
}

/// Whether an operation is in force, where only those revocations count of which `counts` says so.
fn walk(
    store: &Store,
    act: &Act,
    known: &mut Known,
    counts: &mut dyn FnMut(&Act) -> Result<bool, StoreError>,
) -> Result<bool, StoreError> {
    if let Some(known) = known.get(&act.id) {
        return Ok(*known);
    }
    // Chains of undo and redo may be long, so this walks them with its own stack. What is
    // asked first stands at the bottom; a revocation only counts after what it revokes.
    let mut asked = vec![*act];
    while let Some(last) = asked.last().copied() {
        let mut is_revoked = false;
        let mut open = Vec::new();
        for revocation in store.revocations_of(&last.id)? {
            if revocation <= last || !counts(&revocation)? {
                continue;
            }
            match known.get(&revocation.id) {
                Some(is_live) => is_revoked |= is_live,
                None => open.push(revocation),
            }
        }
        if is_revoked || open.is_empty() {
            known.insert(last.id, !is_revoked);
            asked.pop();
        } else {
            asked.extend(open);
        }
    }
    Ok(known.get(&act.id).copied().unwrap_or(false))
}

fn is_void(
    store: &Store,
    act: &Act,
    plain: &mut Known,
    void: &mut Known,
) -> Result<bool, StoreError> {
    if let Some(known) = void.get(&act.id) {
        return Ok(*known);
    }
    let damaged = |error: JournalError| StoreError::Damaged(error.to_string());
    let body = store.operation(&act.id)?.map(|stored| parse(&stored)).transpose();
    let body = body.map_err(damaged)?;
    // What undoes what somebody else did is nothing that could be kept from it.
    let revoked = act.revokes.map(|id| store.key_of(&id)).transpose()?.flatten();
    let body = body.filter(|body| revoked.as_ref() == Some(&body.key));
    let undoing = body.and_then(|body| Undoing::of(Sha256(act.id), &body));
    let mut is_void = false;
    for thing in undoing.iter().flat_map(|undoing| &undoing.things) {
        for (hand, stored) in store.hands(thing)? {
            let lacks = |body: Body| {
                undoing.as_ref().is_some_and(|own| own.lacks(Sha256(stored.id), &body))
            };
            // Undoings are not read: they keep nothing, and may be many.
            is_void |= hand.revokes.is_none()
                && parse(&stored).map(lacks).map_err(damaged)?
                && walk(store, &hand, plain, &mut |_| Ok(true))?;
        }
        for (hand, stored) in store.hands(&citing(*thing))? {
            is_void |= undoing.as_ref().is_some_and(|own| own.lacks_citing(Sha256(stored.id)))
                && walk(store, &hand, plain, &mut |_| Ok(true))?;
        }
    }
    void.insert(act.id, is_void);
    Ok(is_void)
}

/// For each operation of an act, what the act made that comes or goes with it: what it has a part in,
/// and where that is named by something else that the act made, that too.
pub(super) fn made(
    store: &Store,
    act: &[OperationId],
) -> Result<Vec<Vec<OperationId>>, JournalError> {
    let mut actions = Vec::with_capacity(act.len());
    for id in act {
        actions.push(log::body(store, *id)?.map(|body| (*id, body.action)));
    }
    let makes = |(_, action): &&(OperationId, Action)| {
        action.makes_note_or_entity() || matches!(action, Action::Anchor { .. })
    };
    let made: HashSet<OperationId> =
        actions.iter().flatten().filter(makes).map(|(id, _)| *id).collect();
    let parts = |id: OperationId, action: &Action| -> Vec<OperationId> {
        action.things(id).into_iter().filter(|thing| made.contains(thing)).collect()
    };
    let mut with: BTreeMap<OperationId, BTreeSet<OperationId>> = BTreeMap::new();
    for (id, action) in actions.iter().flatten() {
        for thing in parts(*id, action) {
            for named in action.names().into_iter().filter(|named| made.contains(named)) {
                with.entry(named).or_default().insert(thing);
            }
        }
    }
    let of = |own: &Option<(OperationId, Action)>| {
        let mut open = own.as_ref().map_or_else(Vec::new, |(id, action)| parts(*id, action));
        let mut found = BTreeSet::new();
        while let Some(thing) = open.pop() {
            if found.insert(thing) {
                open.extend(with.get(&thing).into_iter().flatten());
            }
        }
        found.into_iter().collect()
    };
    Ok(actions.iter().map(of).collect())
}

/// The operation that a chain of undoing and redoing is about in the end.
pub(super) fn base(store: &Store, id: OperationId) -> Result<OperationId, JournalError> {
    let mut id = id;
    while let Some(revokes) = store.act(&id.0)?.and_then(|act| act.revokes) {
        id = Sha256(revokes);
    }
    Ok(id)
}

/// Folds marks again.
pub(super) fn fold_marks(
    store: &Store,
    marks: &BTreeSet<(Unit, String)>,
) -> Result<(), JournalError> {
    let mut force = Force::default();
    for (unit, name) in marks {
        let on = is_on(store, &mut force, *unit, name)?;
        store.set_mark(*unit, name, on)?;
    }
    Ok(())
}

/// The last operation in force on a mark decides.
fn is_on(store: &Store, force: &mut Force, unit: Unit, name: &str) -> Result<bool, StoreError> {
    for touch in store.touches(unit, name)? {
        if force.is_live(store, &touch.act)? {
            return Ok(touch.is_on);
        }
    }
    Ok(false)
}
