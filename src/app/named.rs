//! How often the names of those stand in the evidence who wrote nothing of it: that is what the list of
//! who is who counts of them. It takes a search for each, so it is asked for what is shown, a few at
//! a time, and known until the evidence or the names change.

use super::App;
use super::data::{Purpose, Request};
use super::view::View;
use crate::case::{EntityRow, Listed};
use crate::model::EntityId;
use crate::model::dossier::Named;
use std::collections::HashMap;

/// Entities that are counted at once.
const AT_ONCE: usize = 8;

/// The count of one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCount {
    pub id: EntityId,
    /// The names that were looked for.
    pub names: Vec<String>,
    pub named: Named,
}

#[derive(Clone, Debug, Default)]
pub struct NameCounts(HashMap<EntityId, NameCount>);

impl NameCounts {
    /// What is known of who wrote nothing.
    pub fn of(&self, row: &EntityRow) -> Option<&Named> {
        let known = self.0.get(&row.entity.id).filter(|_| row.messages == 0)?;
        row.entity.names().eq(&known.names).then_some(&known.named)
    }
}

impl App {
    /// Asks how often those are named who are on the screen.
    pub(super) fn fetch_named(&mut self) {
        if self.view != View::Entities || self.people.is_stale() {
            return;
        }
        let shown = self.people.top..self.people.top + self.people.height;
        let rows = shown.filter_map(|at| self.people.get(at));
        let wanted = rows.filter_map(|entry| match entry {
            Listed::Entity(row) if row.messages == 0 && self.named.of(row).is_none() => {
                Some(row.entity.id)
            }
            _ => None,
        });
        let wanted: Vec<EntityId> = wanted.take(AT_ONCE).collect();
        if !wanted.is_empty() {
            self.ask(Purpose::Named, Request::NamesCounted(wanted));
        }
    }

    pub(super) fn names_counted(&mut self, counts: Vec<NameCount>) {
        self.named.0.extend(counts.into_iter().map(|count| (count.id, count)));
    }

    /// The evidence changed, or what can be searched of it.
    pub(super) fn forget_named(&mut self) {
        self.named.0.clear();
        self.asked.remove(&Purpose::Named);
    }
}
