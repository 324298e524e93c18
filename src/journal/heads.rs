//! How far the journal has come: the operations that nothing follows, the Lamport time, merges.

use super::operation::OperationId;
use crate::store::{Store, StoreError};

/// Settings: the operations that nothing follows; the highest Lamport time; merges so far.
pub(super) const HEADS: &str = "journal_heads";
pub(super) const LAMPORT: &str = "journal_lamport";
pub(super) const MERGES: &str = "journal_merges";

/// A number that grows with every operation and with every merge.
pub fn clock(store: &Store) -> Result<u64, StoreError> {
    let (lamport, merges) = ages(store)?;
    Ok(lamport + merges)
}

/// The highest Lamport time, and how often operations of others came in, which may be older.
pub(super) fn ages(store: &Store) -> Result<(u64, u64), StoreError> {
    Ok((number(store, LAMPORT)?, number(store, MERGES)?))
}

fn number(store: &Store, setting: &str) -> Result<u64, StoreError> {
    Ok(store.setting(setting)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// The operations that nothing follows, and the highest Lamport time.
pub(super) fn clock_parts(store: &Store) -> Result<(Vec<OperationId>, u64), StoreError> {
    let heads = store.setting(HEADS)?.unwrap_or_default();
    let heads = heads.split_whitespace().filter_map(|text| text.parse().ok()).collect();
    Ok((heads, number(store, LAMPORT)?))
}
