//! Taking back what was done in an earlier sitting: the journal keeps it all, so an author's last
//! act that is still in force is found in it.

use super::error::JournalError;
use super::operation::{Action, Body, OperationId, hex};
use super::projection::{is_projected, project};
use super::revoke::Force;
use crate::model::Sha256;
use crate::store::Store;

/// The operations of the last act of an author (by public key) of which something is in force and no
/// undoing, in their order; none where there is no such act. What was undone and done again is in
/// force.
pub(super) fn last_act(store: &Store, owner: &[u8; 32]) -> Result<Vec<OperationId>, JournalError> {
    if !is_projected(store)? {
        // A case of before it was noted which operation revokes which.
        store.transaction(|| project(store))?;
    }
    let mut force = Force::default();
    let mut found: Vec<OperationId> = Vec::new();
    // What the act began with, and when.
    let mut began: Option<(OperationId, u64)> = None;
    // The key stands in the body of every operation that it signed.
    store.operations_backwards(&hex(owner), |stored| {
        let id = Sha256(stored.id);
        if began.is_some_and(|(_, lamport)| stored.lamport < lamport) {
            return Ok::<_, JournalError>(false);
        }
        let body = Body::parse(&stored).map_err(|problem| JournalError::Bad { id, problem })?;
        let own = body.act.unwrap_or(id);
        if body.key == hex(owner)
            && began.is_none_or(|(first, _)| first == own)
            && !matches!(body.action, Action::Revoke { .. })
            && let Some(act) = store.act(&stored.id)?
            && force.is_live(store, &act)?
        {
            let first = store.operation(&own.0)?;
            began = Some((own, first.map_or(stored.lamport, |first| first.lamport)));
            found.push(id);
        }
        Ok(true)
    })?;
    found.reverse();
    Ok(found)
}
