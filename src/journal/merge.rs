//! Taking in what others did. Pure set union in the end: operations that the case has are left
//! alone, the others are appended, and only what they touch is folded again. That this gives what
//! a rebuild gives, in whatever order bundles come, is a property test in `case::merge`.

use super::bundle::{BundleError, Incoming, Problem};
use super::error::JournalError;
use super::heads::{HEADS, LAMPORT, MERGES, clock_parts};
use super::operation::{Action, OperationId};
use super::projection::{Touched, fold_again, is_projected, note, project, touched_by};
use crate::model::Sha256;
use crate::store::Store;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Leaves those operations of a bundle that the case does not have, in the order of the fold.
///
/// # Errors
/// What an operation follows is neither in the case nor in the bundle, or it claims another place
/// in the order than that gives it; it undoes what another key signed.
pub fn select<'a>(
    store: &Store,
    operations: &'a [Incoming],
    since: Option<&str>,
) -> Result<Vec<&'a Incoming>, BundleError> {
    let mut new: Vec<&Incoming> = Vec::new();
    for incoming in operations {
        if store.lamport_of(&incoming.stored.id)?.is_none() {
            new.push(incoming);
        }
    }
    new.sort_by_key(|incoming| order(incoming));
    let mut lamports: HashMap<OperationId, u64> = HashMap::with_capacity(new.len());
    let mut missing: BTreeSet<OperationId> = BTreeSet::new();
    // Operations of the bundle of which not all is known that they follow, at whatever distance.
    let mut partial: HashSet<OperationId> = HashSet::new();
    let known = |id: &OperationId, lamports: &HashMap<OperationId, u64>| match lamports.get(id) {
        Some(lamport) => Ok(Some(*lamport)),
        None => store.lamport_of(&id.0),
    };
    let by_id: HashMap<OperationId, &str> =
        new.iter().map(|incoming| (incoming.id(), incoming.body.key.as_str())).collect();
    let key_of = |id: OperationId| match by_id.get(&id) {
        Some(key) => Ok(Some((*key).to_owned())),
        None => store.key_of(&id.0),
    };
    for incoming in &new {
        let at = |problem| BundleError::Line { line: incoming.line, problem };
        let mut latest = 0;
        let mut is_whole = true;
        for parent in &incoming.body.parents {
            match known(parent, &lamports)? {
                Some(lamport) => latest = latest.max(lamport),
                None => {
                    is_whole = false;
                    missing.insert(*parent);
                }
            }
        }
        let is_rooted = is_whole && !incoming.body.parents.iter().any(|p| partial.contains(p));
        // In the order of the fold a parent comes first, so one that is not known yet is lacking
        // or claims to be younger than what follows it.
        if is_whole && latest.checked_add(1) != Some(incoming.body.lamport) {
            return Err(at(Problem::Limit(
                "its place in the order is not the one after what it follows",
            )));
        }
        // What it knew is all here: what it names must be among that.
        if is_rooted {
            for named in incoming.body.action.names() {
                if known(&named, &lamports)?.is_none() {
                    let words = "it names an operation that it cannot have known";
                    return Err(at(Problem::Limit(words)));
                }
            }
        }
        if let Action::Revoke { operation, .. } = &incoming.body.action
            && let Some(key) = key_of(*operation)?
            && key != incoming.body.key
        {
            return Err(at(Problem::Limit("it undoes what somebody else did")));
        }
        if !is_rooted {
            partial.insert(incoming.id());
        }
        lamports.insert(incoming.id(), incoming.body.lamport);
    }
    if missing.is_empty() {
        return Ok(new);
    }
    if let Some(late) = new.iter().find(|late| missing.contains(&late.id())) {
        let problem = Problem::Limit("it claims to be younger than what follows it");
        return Err(BundleError::Line { line: late.line, problem });
    }
    let missing = missing.into_iter().collect();
    Err(BundleError::Gap { missing, since: since.map(str::to_owned) })
}

fn order(incoming: &Incoming) -> (u64, [u8; 16], [u8; 32]) {
    (incoming.stored.lamport, incoming.stored.writer, incoming.stored.id)
}

/// Appends operations that [`select`] left, within a transaction of the caller, and folds again
/// what they touch. What became known meanwhile is left alone.
pub fn apply(store: &Store, new: &[&Incoming]) -> Result<(), JournalError> {
    if new.is_empty() {
        return Ok(());
    }
    let is_projected = is_projected(store)?;
    let (heads, mut lamport) = clock_parts(store)?;
    let mut heads: BTreeSet<OperationId> = heads.into_iter().collect();
    let mut touched = Touched::default();
    let mut revoked = Vec::new();
    for incoming in new {
        let Incoming { stored, body, .. } = incoming;
        if store.lamport_of(&stored.id)?.is_some() {
            continue;
        }
        store.append_operation(stored)?;
        note(store, stored, body, None, &mut touched)?;
        if let Action::Revoke { operation, .. } = &body.action {
            revoked.push(*operation);
        }
        for parent in &body.parents {
            heads.remove(parent);
        }
        heads.insert(Sha256(stored.id));
        lamport = lamport.max(stored.lamport);
    }
    if is_projected {
        for operation in revoked {
            touched_by(store, operation, &mut touched)?;
        }
        fold_again(store, touched)?;
    } else {
        // A case of before operations were noted.
        project(store)?;
    }
    set_clock(store, &heads, lamport)
}

fn set_clock(
    store: &Store,
    heads: &BTreeSet<OperationId>,
    lamport: u64,
) -> Result<(), JournalError> {
    let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    store.set_setting(HEADS, &heads.join(" "))?;
    store.set_setting(LAMPORT, &lamport.to_string())?;
    // What came may be older than what the case has; who looks at it shall notice all the same.
    let merges: u64 = store.setting(MERGES)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(store.set_setting(MERGES, &(merges + 1).to_string())?)
}
