//! Undoing without reading the whole journal: what an operation touched is noted, so its undoing
//! folds these marks again and nothing else. That this gives what a rebuild gives is a property
//! test in `case::work`.

use super::log::JournalError;
use super::operation::OperationId;
use crate::model::Sha256;
use crate::store::{Act, Store, StoreError, Unit};
use std::collections::{BTreeSet, HashMap};

/// Which operations are in force. One is when no operation after it that is in force revokes it.
#[derive(Default)]
pub struct Force {
    known: HashMap<[u8; 32], bool>,
}

impl Force {
    /// Whether the operation `id`, which the case has, is in force.
    pub fn is_in_force(&mut self, store: &Store, id: OperationId) -> Result<bool, StoreError> {
        store.act(&id.0)?.map_or(Ok(false), |act| self.is_live(store, &act))
    }

    pub(super) fn is_live(&mut self, store: &Store, act: &Act) -> Result<bool, StoreError> {
        if let Some(known) = self.known.get(&act.id) {
            return Ok(*known);
        }
        // Chains of undo and redo may be long, so this walks them with its own stack. What is
        // asked first stands at the bottom; a revocation only counts after what it revokes.
        let mut asked = vec![*act];
        while let Some(last) = asked.last().copied() {
            let mut is_revoked = false;
            let mut open = Vec::new();
            for revocation in store.revocations_of(&last.id)? {
                if revocation <= last {
                    continue;
                }
                match self.known.get(&revocation.id) {
                    Some(is_live) => is_revoked |= is_live,
                    None => open.push(revocation),
                }
            }
            if is_revoked || open.is_empty() {
                self.known.insert(last.id, !is_revoked);
                asked.pop();
            } else {
                asked.extend(open);
            }
        }
        Ok(self.known.get(&act.id).copied().unwrap_or(false))
    }
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
