//! Searching a case: a query becomes a plan for the index (`compile.rs`, `fields.rs`, `people.rs`), its hits
//! become rows with snippets (`rows.rs`, `texts.rs`), and a look beside it says what nearly
//! would have been found (`near.rs`). Entities are in `who.rs`, all that names one in `mentions.rs`.

mod called;
mod compile;
mod fields;
mod mentions;
mod names;
mod near;
mod people;
mod rows;
mod texts;
mod who;

pub(in crate::case) use compile::{needle, side};
pub use names::Names;

use super::note_search::asks_for_notes;
use super::people::Owners;
use super::{Case, CaseError};
use crate::index::{Facets as IndexFacets, Fields, Index, IndexError, Order, Page, Plan, Unit};
use crate::model::view::{
    Facets, SearchOptions, SearchResult, SearchSort, export_names, has_twins,
};
use crate::model::{ConversationId, DocumentId, ItemId, MessageId, SourceId, State};
use crate::query::{self, Query};
use crate::text::needle::Needle;
use compile::{Compiled, Wanted, compile};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// How far a search is that has to read texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Documents and messages that were read, and all that have to be.
    pub read: u64,
    pub of: u64,
    /// What was found in them: those that fit, or places.
    pub found: u64,
}

/// What conversations are called, as far as it was asked, with the names of those who own accounts.
struct Titles {
    owners: Owners,
    known: HashMap<ConversationId, String>,
    /// Short names of the exports of a conversation; none where no two cover the same time.
    exports: HashMap<ConversationId, Vec<(DocumentId, String)>>,
}

/// Texts between two reports.
const STEP: u64 = 16;

impl From<IndexError> for CaseError {
    fn from(error: IndexError) -> CaseError {
        match error {
            IndexError::Cancelled => CaseError::Cancelled,
            IndexError::DiskFull => CaseError::disk_full(),
            IndexError::Busy => CaseError::Store(crate::store::StoreError::Busy),
            IndexError::Failed { doing, source } => {
                CaseError::Index(format!("the search index could not be {doing}: {source}"))
            }
            error => CaseError::Index(error.to_string()),
        }
    }
}

impl Case {
    /// Searches. Counts are exact whatever part of the hits is asked for. `cancel` may be set
    /// from another thread; the search then ends with [`CaseError::Cancelled`].
    ///
    /// # Errors
    /// [`CaseError::Query`] for what this case cannot answer (a name that nobody bears).
    pub fn search(
        &self,
        query: &Query,
        options: &SearchOptions,
        cancel: &AtomicBool,
    ) -> Result<SearchResult, CaseError> {
        self.search_watched(query, options, cancel, &|_| {})
    }

    /// The same; `watch` is told again and again how far the reading of texts is, where texts have
    /// to be read.
    ///
    /// # Errors
    /// As [`Case::search`].
    pub fn search_watched(
        &self,
        query: &Query,
        options: &SearchOptions,
        cancel: &AtomicBool,
        watch: &dyn Fn(Reading),
    ) -> Result<SearchResult, CaseError> {
        if asks_for_notes(query) {
            return self.search_notes(query, options);
        }
        let index = match self.index() {
            // Nothing was added yet, so there is no index, and nothing to find.
            Err(CaseError::Index(_)) if self.store.last_change()? == 0 => {
                let remarks = self.unfinished()?.into_iter().collect();
                return Ok(SearchResult { remarks, ..SearchResult::default() });
            }
            index => index?,
        };
        let names = Names::load(&self.index_folder())?;
        let compiled = self.compile_watched(query, index, &names, cancel, watch)?;
        let page = Page {
            order: match options.sort {
                SearchSort::Relevance => Order::Score,
                SearchSort::Date => Order::Oldest,
                SearchSort::DateDescending => Order::Newest,
            },
            offset: usize::try_from(options.range.start).unwrap_or(usize::MAX),
            limit: usize::try_from(options.range.end.saturating_sub(options.range.start))
                .unwrap_or(usize::MAX),
            facets: options.facets,
        };
        let (found, all) = index.find(&compiled.plan, page, cancel)?;
        let mut titles = self.titles()?;
        let wanted: &[Wanted] = if options.snippets { &compiled.wanted } else { &[] };
        let mut rows = || {
            let mut hits = Vec::with_capacity(found.hits.len());
            for hit in &found.hits {
                if cancel.load(Relaxed) {
                    return Err(CaseError::Cancelled);
                }
                hits.push(self.hit(hit, wanted, options.snippets, &mut titles)?);
            }
            Ok::<_, CaseError>(hits)
        };
        let (hits, occurrences) = match (options.occurrences, countable(&compiled.wanted)) {
            (None, _) => (rows()?, None),
            // The postings are read while the texts of the rows are.
            (Some(counting), Some(_)) if found.total > counting.known => (rows()?, None),
            (Some(_), Some(needles)) => std::thread::scope(|threads| {
                let counting = threads.spawn(|| all.occurrences(&needles, cancel));
                let hits = rows()?;
                match counting.join() {
                    Ok(count) => Ok::<_, CaseError>((hits, Some(count?))),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            })?,
            (Some(counting), None) => {
                let hits = rows()?;
                let may_read = found.total <= counting.read;
                (hits, self.read_occurrences(&compiled, index, may_read, cancel, watch)?)
            }
        };
        let facets = match options.facets {
            true => self.facets(found.facets, &names, &mut titles)?,
            false => Facets::default(),
        };
        Ok(SearchResult {
            total: found.total,
            documents: found.documents,
            messages: found.messages,
            notes: if options.facets { self.count_notes(query)? } else { 0 },
            occurrences,
            hits,
            facets,
            remarks: self.remarks(query, compiled, index)?,
        })
    }

    fn search_notes(
        &self,
        query: &Query,
        options: &SearchOptions,
    ) -> Result<SearchResult, CaseError> {
        let mut hits = self.find_notes(query)?;
        if options.sort == SearchSort::Date {
            hits.reverse();
        }
        let total = hits.len() as u64;
        let occurrences = hits.iter().map(|hit| hit.occurrences).sum();
        let at = |row: u64| usize::try_from(row.min(total)).unwrap_or(usize::MAX);
        hits.truncate(at(options.range.end));
        hits.drain(..at(options.range.start).min(hits.len()));
        Ok(SearchResult {
            total,
            notes: total,
            occurrences: options.occurrences.map(|_| occurrences),
            hits,
            ..SearchResult::default()
        })
    }

    /// How many documents and messages a query finds.
    pub fn count_found(&self, query: &Query, cancel: &AtomicBool) -> Result<u64, CaseError> {
        if self.store.last_change()? == 0 {
            return Ok(0);
        }
        let index = self.index()?;
        let names = Names::load(&self.index_folder())?;
        let plan = self.compile(query, index, &names, cancel)?.plan;
        Ok(index.count(&plan, cancel)?)
    }

    /// Everything that a query finds, in order of numbers.
    pub(in crate::case) fn found_units(
        &self,
        query: &Query,
        cancel: &AtomicBool,
    ) -> Result<Vec<ItemId>, CaseError> {
        let index = self.index()?;
        let names = Names::load(&self.index_folder())?;
        let plan = self.compile(query, index, &names, cancel)?.plan;
        Ok(index.units(&plan, cancel)?.into_iter().map(Unit::item).collect())
    }

    /// Hits `rows` of a query in an order, without anything about them.
    pub(super) fn found_items(
        &self,
        query: &Query,
        order: Order,
        rows: std::ops::Range<u64>,
        cancel: &AtomicBool,
    ) -> Result<Vec<ItemId>, CaseError> {
        let index = self.index()?;
        let names = Names::load(&self.index_folder())?;
        let plan = self.compile(query, index, &names, cancel)?.plan;
        let number = |row| usize::try_from(row).unwrap_or(usize::MAX);
        let page = Page {
            order,
            offset: number(rows.start),
            limit: number(rows.end - rows.start),
            facets: false,
        };
        let found = index.search(&plan, page, cancel)?;
        Ok(found.hits.iter().map(|hit| hit.unit.item()).collect())
    }

    /// The index, showing what was committed last.
    fn index(&self) -> Result<&Index, CaseError> {
        if let Some(index) = self.index.get() {
            if index.change_seq() < self.store.last_change()? {
                index.reload()?;
            }
            return Ok(index);
        }
        let index = Index::open(&self.index_folder())?;
        Ok(self.index.get_or_init(|| index))
    }

    fn compile(
        &self,
        query: &Query,
        index: &Index,
        names: &Names,
        cancel: &AtomicBool,
    ) -> Result<Compiled, CaseError> {
        self.compile_watched(query, index, names, cancel, &|_| {})
    }

    fn compile_watched(
        &self,
        query: &Query,
        index: &Index,
        names: &Names,
        cancel: &AtomicBool,
        watch: &dyn Fn(Reading),
    ) -> Result<Compiled, CaseError> {
        compile(&self.store, names, query, &mut |regex, fields, candidates| {
            let units = index.units(candidates, cancel)?;
            self.scan(regex, fields, units, cancel, watch)
        })
    }

    /// Those of `units` in whose texts a regular expression fits somewhere. Names are no texts.
    fn scan(
        &self,
        regex: &query::Regex,
        fields: Fields,
        units: Vec<Unit>,
        cancel: &AtomicBool,
        watch: &dyn Fn(Reading),
    ) -> Result<Plan, CaseError> {
        // The parser compiled it already; it cannot fail here.
        let machine = regex.compile().map_err(|error| CaseError::Index(error.to_string()))?;
        let mut fitting = Vec::new();
        let of = units.len() as u64;
        for (read, unit) in (0..).zip(units) {
            if cancel.load(Relaxed) {
                return Err(CaseError::Cancelled);
            }
            if read % STEP == 0 {
                watch(Reading { read, of, found: fitting.len() as u64 });
            }
            if self.any_text(unit, fields, |text| machine.is_match(text))? {
                fitting.push(unit);
            }
        }
        Ok(Plan::units(fitting))
    }

    /// Places in texts that fit, over all hits, by reading every hit, if that is allowed: for what
    /// the postings do not know.
    fn read_occurrences(
        &self,
        compiled: &Compiled,
        index: &Index,
        may_read: bool,
        cancel: &AtomicBool,
        watch: &dyn Fn(Reading),
    ) -> Result<Option<u64>, CaseError> {
        let mut count = 0;
        if !may_read {
            return Ok(None);
        }
        let units = index.units(&compiled.plan, cancel)?;
        let of = units.len() as u64;
        for (read, unit) in (0..).zip(units) {
            if cancel.load(Relaxed) {
                return Err(CaseError::Cancelled);
            }
            if read % STEP == 0 {
                watch(Reading { read, of, found: count });
            }
            count += self.occurrences_in(unit, &compiled.wanted)?;
        }
        Ok(Some(count))
    }

    fn facets(
        &self,
        found: IndexFacets,
        names: &Names,
        titles: &mut Titles,
    ) -> Result<Facets, CaseError> {
        /// Conversations that are named; a longer list is for a search in it, not for a reader.
        const MOST: usize = 200;
        let named = |list: Vec<(u64, u64)>| -> Vec<(String, u64)> {
            let name = |number| names.name(number).unwrap_or("?").to_owned();
            list.into_iter().map(|(number, count)| (name(number), count)).collect()
        };
        let mut conversations = Vec::new();
        for (id, count) in found.conversations.into_iter().take(MOST) {
            let id = ConversationId(i64::try_from(id).unwrap_or(i64::MAX));
            match self.title(id, titles) {
                Ok(title) => conversations.push((id, title, count)),
                // It was removed, and its messages have not left the index yet.
                Err(error) if error.is_no_such_item() => {}
                Err(error) => return Err(error),
            }
        }
        let mut years: Vec<(i32, u64)> = found
            .years
            .into_iter()
            .map(|(year, count)| (i32::try_from(year).unwrap_or(i32::MAX), count))
            .collect();
        if found.undated > 0 {
            years.push((0, found.undated));
        }
        let source = |id| SourceId(i64::try_from(id).unwrap_or(i64::MAX));
        Ok(Facets {
            formats: named(found.types),
            languages: named(found.langs),
            sources: found.sources.into_iter().map(|(id, count)| (source(id), count)).collect(),
            conversations,
            years,
        })
    }

    /// What an answer in words cannot know: what has no text, what could not be read.
    fn remarks(
        &self,
        query: &Query,
        compiled: Compiled,
        index: &Index,
    ) -> Result<Vec<String>, CaseError> {
        let mut remarks = query.doubts();
        remarks.extend(compiled.remarks);
        let behind = self.store.last_change()?.saturating_sub(index.change_seq());
        if behind > 0 {
            remarks.push(format!("the index is {behind} changes behind the case"));
        }
        remarks.extend(self.unfinished()?);
        if compiled.wanted.is_empty() {
            return Ok(remarks);
        }
        let blank = self.store.count_in_state(State::NoText)?;
        let mut unreadable = 0;
        for state in State::ALL.into_iter().filter(|state| state.is_unreadable()) {
            unreadable += self.store.count_in_state(state)?;
        }
        let documents = |count: u64| match count {
            1 => "1 document".to_owned(),
            count => format!("{count} documents"),
        };
        if blank > 0 {
            remarks.push(format!("{} without text cannot be found by words", documents(blank)));
        }
        if unreadable > 0 {
            remarks.push(format!("{} could not be read", documents(unreadable)));
        }
        Ok(remarks)
    }

    /// Sources of which not everything is in the case.
    fn unfinished(&self) -> Result<Option<String>, CaseError> {
        let sources = self.store.unfinished_sources()?;
        let names: Vec<String> = sources.iter().map(SourceId::to_string).collect();
        Ok((!names.is_empty()).then(|| {
            let names = names.join(", ");
            format!("the last `add` of {names} did not come to its end: there is more to search")
        }))
    }

    /// A conversation's title, looked up once.
    fn title(&self, id: ConversationId, titles: &mut Titles) -> Result<String, CaseError> {
        if let Some(title) = titles.known.get(&id) {
            return Ok(title.clone());
        }
        let title = self.store.conversation_title_by(id, |members| titles.owners.put(members))?;
        titles.known.insert(id, title.clone());
        Ok(title)
    }

    /// The exports that hold a message, where others may hold it as well.
    fn exports_of(
        &self,
        message: MessageId,
        conversation: ConversationId,
        titles: &mut Titles,
    ) -> Result<Vec<(DocumentId, String)>, CaseError> {
        let exports = match titles.exports.entry(conversation) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let blocks = self.store.blocks(conversation)?;
                let has_twins = has_twins(&blocks);
                new.insert(if has_twins { export_names(&blocks) } else { Vec::new() })
            }
        };
        if exports.is_empty() {
            return Ok(Vec::new());
        }
        let holding = self.store.exports_of_message(message)?;
        Ok(exports.iter().filter(|(id, _)| holding.contains(id)).cloned().collect())
    }

    fn titles(&self) -> Result<Titles, CaseError> {
        Ok(Titles { owners: self.owners()?, known: HashMap::new(), exports: HashMap::new() })
    }
}

/// What is wanted, when the postings know how often it stands anywhere.
fn countable(wanted: &[Wanted]) -> Option<Vec<(Fields, &Needle)>> {
    wanted
        .iter()
        .map(|wanted| match wanted {
            Wanted::Needle(fields, needle) if !needle.has_loose_ends() => Some((*fields, needle)),
            _ => None,
        })
        .collect()
}
