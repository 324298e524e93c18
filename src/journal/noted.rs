//! What is said of the attributes of an entity. Each key may have many values, and all stand; but where
//! two people replaced one value at the same time, or said what a thing has one of, whoever reads it
//! must be told that they do not agree.

use super::operation::{Body, OperationId};
use crate::model::disagreed::{Disagreed, Saying, Slot};
use crate::model::entity::{Attribute, EntityField};
use crate::model::review::Signer;
use std::collections::BTreeMap;

/// An operation that notes an attribute or takes it away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Noted {
    pub id: OperationId,
    pub attribute: Attribute,
    on: bool,
    /// What whoever wrote it knew to be said under that key; `None` where that was not noted.
    over: Option<Vec<OperationId>>,
    writer: String,
    by: Signer,
}

impl Noted {
    /// `None` for what is said of something else.
    pub fn of(
        set: &EntityField,
        over: Option<&[OperationId]>,
        id: OperationId,
        body: &Body,
    ) -> Option<Noted> {
        let EntityField::Attribute { attribute, on } = set else { return None };
        Some(Noted {
            id,
            attribute: attribute.clone(),
            on: *on,
            over: over.map(<[_]>::to_vec),
            writer: body.writer.clone(),
            by: Signer::new(&body.author, &body.key),
        })
    }

    fn knew(&self, other: &Noted) -> bool {
        self.over.as_ref().is_none_or(|over| over.contains(&other.id))
    }
}

/// Keys of which values stand that were said at the same time and do not go together, until somebody
/// who knows them says something of that key. `noted` is in the order of the fold.
pub(super) fn disagreed(noted: &[Noted]) -> Vec<Disagreed<EntityField>> {
    let mut keys: BTreeMap<&str, Vec<&Noted>> = BTreeMap::new();
    for own in noted {
        keys.entry(&own.attribute.key).or_default().push(own);
    }
    let mut found = Vec::new();
    for said in keys.into_values() {
        // The last word on each value.
        let last: BTreeMap<&str, &Noted> =
            said.iter().map(|own| (own.attribute.value.as_str(), *own)).collect();
        let standing: Vec<&Noted> = said
            .iter()
            .copied()
            .filter(|own| own.on && last[own.attribute.value.as_str()].id == own.id)
            .collect();
        let differ = |one: &Noted, other: &Noted| {
            let is_settled = said.iter().any(|own| {
                own.over
                    .as_ref()
                    .is_some_and(|over| over.contains(&one.id) && over.contains(&other.id))
            });
            one.attribute.value != other.attribute.value
                && one.writer != other.writer
                && !one.knew(other)
                && !other.knew(one)
                && !is_settled
                && (one.attribute.is_single() || both_took(&said, one, other))
        };
        let in_doubt =
            standing.iter().filter(|one| standing.iter().any(|other| differ(one, other)));
        let sayings: Vec<Saying<EntityField>> = in_doubt
            .map(|own| Saying {
                set: EntityField::Attribute { attribute: own.attribute.clone(), on: true },
                by: own.by.clone(),
                shown: String::new(),
                item: None,
            })
            .collect();
        if !sayings.is_empty() {
            found.push(Disagreed { slot: Slot::Attribute, said: sayings, item: None });
        }
    }
    found
}

/// Whether both took one value away for theirs.
fn both_took(said: &[&Noted], one: &Noted, other: &Noted) -> bool {
    let took = |own: &Noted, by: &Noted| !own.on && own.by.key == by.by.key;
    said.iter().filter(|own| took(own, one)).any(|own| {
        said.iter().any(|their| took(their, other) && own.attribute.value == their.attribute.value)
    })
}
