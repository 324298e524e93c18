//! What is meant by "all of these", how much of it is marked, and what comes next that is not.

use super::{Case, CaseError, DocumentFilter, NextUnread, Progress, Scope, SearchSort, Walk};
use crate::index::Order;
use crate::journal;
use crate::model::{ConversationId, ItemId};
use crate::query::Query;
use crate::store::{StoreError, Unit};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Documents and messages that one act may mark. The act carries every one of them.
pub const MOST_AT_ONCE: usize = 250_000;

/// Units that are looked at in one go while going on to the next unread one.
const STEP: u64 = 500;

impl Case {
    /// How much is marked, counted anew.
    pub fn progress(&self) -> Result<Progress, CaseError> {
        Ok(Progress {
            read: self.store.count_marked("read")?,
            starred: self.store.count_marked("starred")?,
            irrelevant: self.store.count_marked("irrelevant")?,
            coverage: self.store.coverage()?,
            clock: journal::clock(&self.store)?,
        })
    }

    /// The documents and messages that a scope means now, at most [`MOST_AT_ONCE`] and one more.
    ///
    /// # Errors
    /// A query that is wrong; [`CaseError::Cancelled`].
    pub fn units(&self, scope: &Scope, cancel: &AtomicBool) -> Result<Vec<ItemId>, CaseError> {
        let most = MOST_AT_ONCE as u64 + 1;
        Ok(match scope {
            Scope::Items(items) => items.clone(),
            Scope::Documents(filter) => {
                let found = self.first_documents(filter, most)?;
                found.into_iter().map(ItemId::Document).collect()
            }
            Scope::Messages(id, range) => {
                let range = range.start..range.end.min(range.start + most);
                self.message_items(*id, range)?
            }
            Scope::Found(query) => {
                let mut found = self.found_units(&Query::parse(query)?, cancel)?;
                found.truncate(MOST_AT_ONCE + 1);
                found
            }
            Scope::Rows(walk, rows) => {
                let rows = rows.start..rows.end.min(rows.start.saturating_add(most));
                let mut found: Vec<ItemId> =
                    self.items_of_rows(walk, rows, cancel)?.into_iter().flatten().collect();
                found.truncate(MOST_AT_ONCE + 1);
                found
            }
        })
    }

    /// How many of these documents and messages carry a mark.
    pub fn count_with_mark(&self, items: &[ItemId], name: &str) -> Result<u64, CaseError> {
        let mut count = 0;
        for unit in items.iter().filter_map(unit_of) {
            count += u64::from(self.store.has_mark(unit, name)?);
        }
        Ok(count)
    }

    /// The first row after `from` (or of all, for `None`) of a list that is neither read nor
    /// irrelevant, with what stands there; it goes on from the beginning, up to `from`. Of the row
    /// `from` itself, where it stands for several, what comes after `here` is looked at first.
    ///
    /// # Errors
    /// A query that is wrong; [`CaseError::Cancelled`].
    pub fn next_unread(
        &self,
        walk: &Walk,
        from: Option<u64>,
        here: Option<ItemId>,
        cancel: &AtomicBool,
    ) -> Result<Option<NextUnread>, CaseError> {
        if let (Some(row), Some(_)) = (from, here) {
            let own = self.items_of_rows(walk, row..row + 1, cancel)?.into_iter().flatten();
            for item in own.skip_while(|item| Some(*item) != here).skip(1) {
                if self.is_unread(&item)? {
                    let unfolded = Vec::new();
                    return Ok(Some(NextUnread { row, unfolded, item, is_from_start: false }));
                }
            }
        }
        let Walk::Documents(filter) = walk else { return self.unread_after(walk, from, cancel) };
        // What is in a folded folder is unread as well.
        let unfolded = DocumentFilter { folded: Vec::new(), ..filter.clone() };
        let from = from.map(|from| self.unfolded_row(filter, from)).transpose()?;
        let Some(found) = self.unread_after(&Walk::Documents(unfolded), from, cancel)? else {
            return Ok(None);
        };
        let (row, unfolded) = self.unfolding_to(filter, found.row)?;
        Ok(Some(NextUnread { row, unfolded, ..found }))
    }

    fn unread_after(
        &self,
        walk: &Walk,
        from: Option<u64>,
        cancel: &AtomicBool,
    ) -> Result<Option<NextUnread>, CaseError> {
        let start = from.map_or(0, |from| from + 1);
        let found = |(row, item), is_from_start| {
            Some(NextUnread { row, unfolded: Vec::new(), item, is_from_start })
        };
        if let Some(after) = self.unread_in(walk, start..u64::MAX, cancel)? {
            return Ok(found(after, false));
        }
        Ok(self.unread_in(walk, 0..start, cancel)?.and_then(|before| found(before, start > 0)))
    }

    fn unread_in(
        &self,
        walk: &Walk,
        rows: Range<u64>,
        cancel: &AtomicBool,
    ) -> Result<Option<(u64, ItemId)>, CaseError> {
        let mut at = rows.start;
        while at < rows.end {
            if cancel.load(Relaxed) {
                return Err(CaseError::Cancelled);
            }
            let step = at..at.saturating_add(STEP).min(rows.end);
            let rows = self.items_of_rows(walk, step, cancel)?;
            if rows.is_empty() {
                return Ok(None);
            }
            for (row, items) in (at..).zip(&rows) {
                for item in items {
                    if self.is_unread(item)? {
                        return Ok(Some((row, *item)));
                    }
                }
            }
            at += rows.len() as u64;
        }
        Ok(None)
    }

    fn is_unread(&self, item: &ItemId) -> Result<bool, CaseError> {
        Ok(match unit_of(item) {
            Some(unit) => !self.store.is_done(unit)?,
            None => false,
        })
    }

    /// The documents or messages that rows of a list stand for: several for a page set, none for
    /// a folder.
    fn items_of_rows(
        &self,
        walk: &Walk,
        rows: Range<u64>,
        cancel: &AtomicBool,
    ) -> Result<Vec<Vec<ItemId>>, CaseError> {
        Ok(match walk {
            Walk::Documents(filter) => self
                .documents_of_entries(filter, rows)?
                .into_iter()
                .map(|ids| ids.into_iter().map(ItemId::Document).collect())
                .collect(),
            Walk::Messages(id) => alone(self.message_items(*id, rows)?),
            Walk::Found(query, sort) => {
                let order = match sort {
                    SearchSort::Relevance => Order::Score,
                    SearchSort::Date => Order::Oldest,
                    SearchSort::DateDescending => Order::Newest,
                };
                alone(self.found_items(&Query::parse(query)?, order, rows, cancel)?)
            }
        })
    }

    fn message_items(
        &self,
        id: ConversationId,
        positions: Range<u64>,
    ) -> Result<Vec<ItemId>, StoreError> {
        let most = positions.end.saturating_sub(positions.start);
        let found = self.store.message_ids(id, positions.start, most)?;
        Ok(found.into_iter().map(ItemId::Message).collect())
    }
}

/// Rows with one thing in each.
fn alone(items: Vec<ItemId>) -> Vec<Vec<ItemId>> {
    items.into_iter().map(|item| vec![item]).collect()
}

fn unit_of(item: &ItemId) -> Option<Unit> {
    match item {
        ItemId::Document(id) => Some(Unit::Document(*id)),
        ItemId::Message(id) => Some(Unit::Message(*id)),
        _ => None,
    }
}
