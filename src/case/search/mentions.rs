//! Where the names of an entity stand: all of it counted exactly, and grouped as a reader wants it.

use super::Titles;
use super::compile::{Compiled, Wanted};
use super::names::Names;
use crate::case::{Case, CaseError};
use crate::index::{
    Column, Fields, Hit as IndexHit, Index, IndexError, Order, Page, Plan, Predicate,
};
use crate::model::activity::month_of;
use crate::model::dossier::{Mentions, Named};
use crate::model::time::clock_text;
use crate::model::view::Hit;
use crate::model::{ConversationId, EntityId};
use crate::query::Query;
use crate::text::needle::Needle;
use std::sync::atomic::AtomicBool;

/// Hits that a dossier shows of each sort.
const SHOWN: usize = 10;
/// Conversations that it lists.
const CONVERSATIONS: usize = 20;
/// Hits whose clocks are looked at to know the months.
const DATED: usize = 20_000;
/// Months that are counted one by one; over a longer time it is years.
const MONTHS: i32 = 120;

impl Case {
    /// Where the names of an entity stand: what `entity:E9` finds.
    ///
    /// # Errors
    /// [`CaseError::Cancelled`] when `cancel` was set meanwhile.
    pub fn mentions(&self, id: EntityId, cancel: &AtomicBool) -> Result<Mentions, CaseError> {
        let entity = self.entity(id)?;
        let index = match self.index() {
            Err(CaseError::Index(_)) if self.store.last_change()? == 0 => {
                return Ok(Mentions::default());
            }
            index => index?,
        };
        let names = Names::load(&self.index_folder())?;
        let query = Query::parse(&format!("entity:{}", entity.id))?;
        let Compiled { plan, wanted, .. } = self.compile(&query, index, &names, cancel)?;
        let page = |order, limit| Page { order, offset: 0, limit, facets: true };
        let all = index.search(&plan, page(Order::Newest, DATED), cancel)?;
        let mut mentions = Mentions {
            total: all.total,
            documents: all.documents,
            messages: all.messages,
            ..Mentions::default()
        };
        for name in entity.names() {
            let found = match Needle::literal(name) {
                Some(needle) => index.count(&in_texts(needle), cancel)?,
                None => 0,
            };
            mentions.names.push((name.to_owned(), found));
        }
        let mut titles = self.titles()?;
        let dated = all.hits.iter().filter(|hit| hit.clock.is_some()).take(SHOWN);
        mentions.recent = self.shown(dated, &wanted, &mut titles)?;
        let documents =
            Plan::And(vec![plan.clone(), Plan::Columns(Predicate::In(Column::Kind, vec![0]))]);
        let best = index.search(&documents, page(Order::Score, SHOWN), cancel)?;
        mentions.found = self.shown(best.hits.iter(), &wanted, &mut titles)?;
        for (conversation, count) in all.facets.conversations.into_iter().take(CONVERSATIONS) {
            let id = ConversationId(i64::try_from(conversation).unwrap_or(i64::MAX));
            mentions.conversations.push((id, self.title(id, &mut titles)?, count));
        }
        let count = |date: &str| self.count_dated(&plan, date, index, &names, cancel);
        mentions.undated = count("none")?;
        let years: Vec<i64> = all.facets.years.iter().map(|(year, _)| *year).collect();
        for date in spans(&all.hits, all.total, &years) {
            let found = count(&date)?;
            if found > 0 {
                mentions.dates.push((date, found));
            }
        }
        Ok(mentions)
    }

    /// The same as a list shows it of who owns no account.
    ///
    /// # Errors
    /// As for [`Case::mentions`].
    pub fn named(&self, id: EntityId, cancel: &AtomicBool) -> Result<Named, CaseError> {
        let index = match self.index() {
            Err(CaseError::Index(_)) if self.store.last_change()? == 0 => {
                return Ok(Named::default());
            }
            index => index?,
        };
        let names = Names::load(&self.index_folder())?;
        let query = Query::parse(&format!("entity:{id}"))?;
        let plan = self.compile(&query, index, &names, cancel)?.plan;
        let end = |order| {
            let page = Page { order, offset: 0, limit: 1, facets: false };
            index.search(&plan, page, cancel)
        };
        let (oldest, newest) = (end(Order::Oldest)?, end(Order::Newest)?);
        let clock = |hits: &[IndexHit]| hits.first().and_then(|hit| hit.clock).map(clock_text);
        Ok(Named { units: newest.total, first: clock(&oldest.hits), last: clock(&newest.hits) })
    }

    fn shown<'h>(
        &self,
        hits: impl Iterator<Item = &'h IndexHit>,
        wanted: &[Wanted],
        titles: &mut Titles,
    ) -> Result<Vec<Hit>, CaseError> {
        hits.map(|hit| self.hit(hit, wanted, true, titles)).collect()
    }

    /// How many of what a plan finds are of a date as a query says it, so that the number is that
    /// of the search that it leads to.
    fn count_dated(
        &self,
        plan: &Plan,
        date: &str,
        index: &Index,
        names: &Names,
        cancel: &AtomicBool,
    ) -> Result<u64, CaseError> {
        let query = Query::parse(&format!("date:{date}"))?;
        let dated = self.compile(&query, index, names, cancel)?.plan;
        Ok(index.count(&Plan::And(vec![plan.clone(), dated]), cancel)?)
    }

    /// How many documents and messages have any of these names in a text.
    pub(in crate::case) fn count_names(
        &self,
        names: &[&str],
        cancel: &AtomicBool,
    ) -> Result<u64, CaseError> {
        let index = match self.index() {
            Err(CaseError::Index(_)) if self.store.last_change()? == 0 => return Ok(0),
            index => index?,
        };
        let plans = names.iter().filter_map(|name| Needle::literal(name)).map(in_texts).collect();
        let found: Result<u64, IndexError> = index.count(&Plan::Or(plans), cancel);
        Ok(found?)
    }
}

fn in_texts(needle: Needle) -> Plan {
    Plan::Text { fields: Fields::TEXTS, needle }
}

/// The months that hits may be of, or the years where there are too many months or hits. One more
/// at either end: a date is read on one clock for all.
fn spans(hits: &[IndexHit], total: u64, years: &[i64]) -> Vec<String> {
    let (Some(first), Some(last)) = (years.iter().min(), years.iter().max()) else {
        return Vec::new();
    };
    let clocks: Vec<i32> = hits.iter().filter_map(|hit| hit.clock).map(month_of).collect();
    let is_all = total <= hits.len() as u64;
    if let (true, Some(from), Some(to)) = (is_all, clocks.iter().min(), clocks.iter().max())
        && to.saturating_sub(*from) <= MONTHS
    {
        return (from - 1..=to + 1).map(crate::model::activity::month_text).collect();
    }
    // Years that nothing is of are left out, however far one wrong date lies off.
    let mut near: Vec<i64> = years.iter().flat_map(|year| [year - 1, *year, year + 1]).collect();
    near.retain(|year| (first - 1..=last + 1).contains(year) && (1..=9999).contains(year));
    near.sort_unstable();
    near.dedup();
    near.iter().map(|year| format!("{year:04}")).collect()
}
