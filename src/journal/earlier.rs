//! Taking back what was done in an earlier sitting: the journal keeps it all, so an author's last
//! act that is still in force is found in it.

use super::log::{JournalError, is_projected, project};
use super::operation::{Action, Body, OperationId, hex};
use super::revoke::Force;
use crate::model::Sha256;
use crate::store::Store;

/// The last operation of an author (by public key) that is in force and no undoing. What was undone
/// and done again is in force.
pub(super) fn last_of(
    store: &Store,
    owner: &[u8; 32],
) -> Result<Option<OperationId>, JournalError> {
    if !is_projected(store)? {
        // A case of before it was noted which operation revokes which.
        store.transaction(|| project(store))?;
    }
    let mut force = Force::default();
    let mut found = None;
    // The key stands in the body of every operation that it signed.
    store.operations_backwards(&hex(owner), |stored| {
        let id = Sha256(stored.id);
        let body = Body::parse(&stored).map_err(|problem| JournalError::Bad { id, problem })?;
        if body.key == hex(owner)
            && !matches!(body.action, Action::Revoke { .. })
            && let Some(act) = store.act(&stored.id)?
            && force.is_live(store, &act)?
        {
            found = Some(id);
        }
        Ok::<_, JournalError>(found.is_none())
    })?;
    Ok(found)
}
