//! Accounts that each side gave to another entity, and entities that each merged the other way round.

use super::{Both, MERGED, Stands};
use crate::case::{Case, CaseError, entities};
use crate::journal::{Action, Deed, Incoming, OperationId, deeds};
use crate::model::AccountKey;
use std::collections::{BTreeSet, HashSet};

impl Case {
    /// Accounts that each side gave to another entity: both have them.
    pub(super) fn both_gave(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        let given: BTreeSet<&AccountKey> =
            new.iter().flat_map(|incoming| incoming.body.action.accounts_given()).collect();
        if given.is_empty() {
            return Ok(());
        }
        let all = entities::all(&self.store)?;
        for account in given {
            // Here and there, with the entity.
            let (mut here, mut there) = (None, None);
            let owners = all.iter().filter(|entity| entity.fields.accounts.contains(account));
            for entity in owners {
                let mut things = vec![entity.operation];
                for id in &entity.merged {
                    things.push(self.store.entity_operation(*id)?);
                }
                for thing in things {
                    for deed in deeds(&self.store, thing)?.into_iter().filter(|deed| deed.is_live) {
                        let gives = deed.body.action.accounts_given().any(|known| known == account)
                            && !matches!(&deed.body.action, Action::EntitySplit { from, .. } if *from == thing);
                        match (gives, own.contains(&deed.id)) {
                            (true, true) => there = Some((entity.operation, deed)),
                            (true, false) => here = Some((entity.operation, deed)),
                            (false, _) => {}
                        }
                    }
                }
            }
            let (Some((thing, ours)), Some((other, theirs))) = (here, there) else { continue };
            if thing != other {
                let (here, there) = (self.called(&thing)?, self.called(&other)?);
                both.push(Both {
                    thing,
                    field: format!("owner of the account {}", account.handle),
                    ours,
                    theirs,
                    stands: Stands::Words(format!("{here} and {there} both have it")),
                });
            }
        }
        Ok(())
    }

    /// Entities that each side merged the other way round.
    pub(super) fn both_merged(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        let is_merge = |deed: &Deed, thing: OperationId| {
            deed.is_live
                && matches!(&deed.body.action, Action::EntityMerge { entity, .. } if *entity == thing)
        };
        let mut done: BTreeSet<OperationId> = BTreeSet::new();
        for incoming in new {
            let Action::EntityMerge { entity, into: Some(first), .. } = &incoming.body.action
            else {
                continue;
            };
            // Along what each was merged into last, until that comes back to where it began.
            let (mut at, mut circle) = (*first, Vec::new());
            let mut seen: HashSet<OperationId> = HashSet::new();
            while at != *entity && seen.insert(at) {
                let mut merges = deeds(&self.store, at)?.into_iter();
                let last = merges.rfind(|deed| is_merge(deed, at));
                let Some(deed) = last else { break };
                let Action::EntityMerge { into: Some(into), .. } = &deed.body.action else { break };
                at = *into;
                circle.push(deed);
            }
            let is_last =
                deeds(&self.store, *entity)?.into_iter().rfind(|deed| is_merge(deed, *entity));
            let Some(theirs) = is_last.filter(|deed| deed.id == incoming.id()) else { continue };
            if at != *entity || !done.insert(*entity) {
                continue;
            }
            if let Some(ours) = circle.into_iter().find(|deed| !own.contains(&deed.id)) {
                let id = self.store.find_entity(entity)?;
                let root = entities::all(&self.store)?.into_iter().find(|known| {
                    known.operation == *entity || id.is_some_and(|id| known.merged.contains(&id))
                });
                let root = root
                    .map_or_else(String::new, |root| format!("{} {}", root.id, root.fields.name));
                let stands = Stands::Words(format!("they are one, called {root}"));
                both.push(Both { thing: *entity, field: MERGED.to_owned(), ours, theirs, stands });
            }
        }
        Ok(())
    }
}
