//! Evidence as operations name it, by content, and the rows that it has in this case.

use super::operation::Target;
use crate::store::{Store, StoreError, Unit};

/// What the case has of it, if it has it.
pub fn unit_of(store: &Store, target: &Target) -> Result<Option<Unit>, StoreError> {
    Ok(match target {
        Target::Document(key) => store.find_document(&key.0)?.map(Unit::Document),
        Target::Message(digest, nth) => store.find_message(digest, *nth)?.map(Unit::Message),
    })
}

/// How the journal names a unit of this case.
pub fn target_of(store: &Store, unit: Unit) -> Result<Target, StoreError> {
    Ok(match unit {
        Unit::Document(id) => Target::Document(store.document_key(id)?),
        Unit::Message(id) => {
            let (digest, nth) = store.message_key(id)?;
            Target::Message(digest, nth)
        }
    })
}
