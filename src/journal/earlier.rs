//! Taking back what was done in an earlier sitting: the journal keeps it all, so an author's last
//! act that is still in force is found in it.

use super::error::JournalError;
use super::heads::ages;
use super::operation::{Body, OperationId, hex};
use super::projection::{is_projected, project};
use super::revoke::Force;
use crate::model::Sha256;
use crate::store::Store;

/// How far back a sitting has looked: whoever takes back one act after the other does not read
/// again what they took back already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reached {
    /// Lamport time of the last operation of the act that was found: nothing of this author that came
    /// after it is in force, but for what this sitting did.
    lamport: u64,
    /// The journal as it was then.
    ages: (u64, u64),
}

impl Reached {
    /// Where to begin: all the way up where others have written since, or this author elsewhere.
    fn from(known: Option<Reached>, store: &Store, writer: &[u8; 16]) -> Result<u64, JournalError> {
        let Some(known) = known else { return Ok(u64::MAX) };
        let is_same =
            ages(store)?.1 == known.ages.1 && !store.has_others_after(known.ages.0, writer)?;
        Ok(if is_same { known.lamport } else { u64::MAX })
    }
}

/// The operations of the last act of an author (by public key) of which something is in force and no
/// undoing, in their order; none where there is no such act. What was undone and done again is in
/// force. All that `writer` did in this sitting is taken back by now.
pub(super) fn last_act(
    store: &Store,
    owner: &[u8; 32],
    writer: &[u8; 16],
    reached: &mut Option<Reached>,
) -> Result<Vec<OperationId>, JournalError> {
    if !is_projected(store)? {
        // A case of before it was noted which operation revokes which.
        store.transaction(|| project(store))?;
    }
    let from = Reached::from(*reached, store, writer)?;
    let mut force = Force::default();
    let mut found: Vec<OperationId> = Vec::new();
    let mut last = 0;
    // What the act began with, and when.
    let mut began: Option<(OperationId, u64)> = None;
    // The key stands in the body of every operation that it signed.
    store.operations_backwards(&hex(owner), from, |stored| {
        let id = Sha256(stored.id);
        if began.is_some_and(|(_, lamport)| stored.lamport < lamport) {
            return Ok::<_, JournalError>(false);
        }
        // Most that is passed was taken back: what that is about is not read.
        let act = store.act(&stored.id)?.filter(|act| act.revokes.is_none());
        let Some(act) = act else { return Ok(true) };
        if !force.is_live(store, &act)? {
            return Ok(true);
        }
        let body = Body::parse(&stored).map_err(|problem| JournalError::Bad { id, problem })?;
        let own = body.act.unwrap_or(id);
        if body.key == hex(owner) && began.is_none_or(|(first, _)| first == own) {
            if found.is_empty() {
                last = stored.lamport;
            }
            let first = store.operation(&own.0)?;
            began = Some((own, first.map_or(stored.lamport, |first| first.lamport)));
            found.push(id);
        }
        Ok(true)
    })?;
    found.reverse();
    *reached = Some(Reached { lamport: last, ages: ages(store)? });
    Ok(found)
}
