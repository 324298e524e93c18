//! Who marked what is marked now.

use super::error::JournalError;
use super::revoke::Force;
use crate::store::{Store, Unit};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many documents and messages carry a mark because a person set it and nobody undid that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The public key, hexadecimal.
    pub key: String,
    /// As of the last operation; a claim.
    pub author: String,
    pub units: u64,
}

/// Everybody who set a mark that is set now, by key. What two people marked counts for both.
pub fn markers(store: &Store, name: &str) -> Result<Vec<Marker>, JournalError> {
    let mut force = Force::default();
    let mut people: BTreeMap<String, (String, HashSet<Unit>)> = BTreeMap::new();
    let mut by_act: HashMap<i64, String> = HashMap::new();
    for (act, key, author) in store.marking_acts(name)? {
        if force.is_live(store, &act)? {
            people.entry(key.clone()).or_default().0 = author;
            by_act.insert(act.seq, key);
        }
    }
    store.each_marking(name, |unit, act| {
        let person = by_act.get(&act).and_then(|key| people.get_mut(key));
        if let Some((_, units)) = person {
            units.insert(unit);
        }
    })?;
    let marker = |(key, (author, units)): (String, (String, HashSet<Unit>))| Marker {
        key,
        author,
        units: units.len() as u64,
    };
    Ok(people.into_iter().map(marker).collect())
}
