//! What stands of a field: the operations on it that no other replaced, more than one where people
//! set it at the same time.

use super::operation::{Body, OperationId};
use crate::model::disagreed::{Disagreed, Saying, Slot};
use crate::model::review::Signer;

/// An operation that set a field and was not replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said<T> {
    pub id: OperationId,
    writer: String,
    pub saying: Saying<T>,
}

/// Lays an operation that sets a field over what stands of it.
pub(super) fn lay<T: Clone>(
    said: &mut Vec<Said<T>>,
    set: &T,
    over: Option<&[OperationId]>,
    id: OperationId,
    by: &Body,
) {
    match over {
        Some(over) => said.retain(|own| !over.contains(&own.id)),
        None => said.clear(),
    }
    // One sitting does not disagree with itself: what it took back and did again is behind it.
    said.retain(|own| own.writer != by.writer);
    let signer = Signer::new(&by.author, &by.key);
    let saying = Saying { set: set.clone(), by: signer, shown: String::new(), item: None };
    said.push(Said { id, writer: by.writer.clone(), saying });
}

/// What does not agree of what stands of a field.
pub(super) fn disagreed<T: Clone + PartialEq>(
    slot: Slot,
    said: &[Said<T>],
) -> Option<Disagreed<T>> {
    let last = said.last()?;
    said.iter().any(|own| own.saying.set != last.saying.set).then(|| {
        let said = said.iter().map(|own| own.saying.clone()).collect();
        Disagreed { slot, said, item: None }
    })
}
