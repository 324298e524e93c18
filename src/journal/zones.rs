//! The clocks of exports that people set. The last operation in force on an export decides; without
//! one it is what the importer found.

use super::log::JournalError;
use super::operation::{Action, Body};
use super::revoke::Force;
use crate::model::Sha256;
use crate::store::{Store, StoreError};

/// Lays the newest operation over what is there. An export that this case lacks is left out.
pub(super) fn lay(store: &Store, export: &Sha256, offset: Option<i32>) -> Result<(), StoreError> {
    let Some(document) = store.find_document(&export.0)? else { return Ok(()) };
    match offset {
        Some(offset) => store.set_zone(document, offset, "set"),
        None => store.unset_zone(document),
    }
}

/// Lays the last operation in force over an export again.
pub(super) fn fold_again(store: &Store, export: &Sha256) -> Result<(), JournalError> {
    let mut force = Force::default();
    let mut found = None;
    // The export's hash stands in the body of every operation on it.
    store.operations_backwards(&export.to_string(), |stored| {
        let id = Sha256(stored.id);
        let body = Body::parse(&stored).map_err(|problem| JournalError::Bad { id, problem })?;
        if let Action::Zone { export: of, offset, .. } = body.action
            && of == *export
            && let Some(act) = store.act(&stored.id)?
            && force.is_live(store, &act)?
        {
            found = Some(offset);
        }
        Ok::<_, JournalError>(found.is_none())
    })?;
    Ok(lay(store, export, found.flatten())?)
}
