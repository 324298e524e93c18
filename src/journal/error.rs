//! Why the journal could not be read or written.

use super::operation::BadOperation;
use crate::model::Sha256;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("operation {}: {problem}", short(.id))]
    Bad { id: Sha256, problem: BadOperation },
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("there is nothing to redo")]
    NothingToRedo,
    #[error("it was undone or done again in another window")]
    Elsewhere,
    #[error("no random numbers: {0}")]
    Random(String),
    #[error("cancelled")]
    Cancelled,
}

pub(super) fn short(id: &Sha256) -> String {
    id.to_string()[..12].to_owned()
}
