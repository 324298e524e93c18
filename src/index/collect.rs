//! One pass over what matches: counts, facets and the page of hits.

use super::bits::Bits;
use super::error::IndexError;
use super::eval::Traces;
use super::hits::{Facets, Hit, Hits, Order, Page};
use super::plan::{Column, Fields};
use super::snapshot::Segment;
use super::unit::Unit;
use std::collections::HashMap;

/// Counts by id. Ids of the database are small; a large one costs a hash table.
#[derive(Default)]
struct Counter {
    small: Vec<u64>,
    large: HashMap<u64, u64>,
}

const SMALL: u64 = 1 << 20;

impl Counter {
    #[inline]
    fn add(&mut self, id: u64) {
        match self.small.get_mut(id as usize) {
            Some(count) => *count += 1,
            None if id < SMALL => {
                let len = (id as usize + 1).next_power_of_two();
                self.small.resize(len, 0);
                self.small[id as usize] = 1;
            }
            None => *self.large.entry(id).or_default() += 1,
        }
    }

    /// Most frequent first, ties by id; without id 0.
    fn ranked(self) -> Vec<(u64, u64)> {
        let small = self.small.into_iter().enumerate().map(|(id, count)| (id as u64, count));
        let mut counts: Vec<_> =
            small.chain(self.large).filter(|(id, count)| *id != 0 && *count != 0).collect();
        counts.sort_unstable_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        counts
    }
}

#[derive(Default)]
struct FacetCounter {
    types: Counter,
    langs: Counter,
    sources: Counter,
    conversations: Counter,
    /// Years from -9999 on.
    years: Vec<u64>,
    undated: u64,
}

impl FacetCounter {
    fn segment(&mut self, segment: &Segment, bits: &Bits) -> Result<(), IndexError> {
        let (columns, reader) = (&segment.columns, &segment.reader);
        let clocks = columns.clocks(reader)?;
        let single = |column| {
            columns
                .single(reader, column)?
                .ok_or_else(|| IndexError::Unusable("a column is missing".into()))
        };
        let (types, langs) = (single(Column::Type)?, single(Column::Lang)?);
        let conversations = single(Column::Conversation)?;
        let sources = columns.sources(reader)?;
        self.years.resize(2 * usize::from(FIRST_YEAR.unsigned_abs()) + 1, 0);
        for doc in bits.iter() {
            let at = doc as usize;
            self.types.add(types.get(at));
            self.langs.add(langs.get(at));
            self.conversations.add(conversations.get(at));
            for source in sources.of(doc) {
                self.sources.add(source);
            }
            match usize::try_from(i32::from(clocks.years[at]) - i32::from(FIRST_YEAR)) {
                Ok(year) => self.years[year] += 1,
                Err(_) => self.undated += u64::from(clocks.get(at).is_none()),
            }
        }
        Ok(())
    }

    fn finish(self) -> Facets {
        let years = self.years.into_iter().zip(i64::from(FIRST_YEAR)..);
        Facets {
            types: self.types.ranked(),
            langs: self.langs.ranked(),
            sources: self.sources.ranked(),
            conversations: self.conversations.ranked(),
            years: years.filter(|(count, _)| *count > 0).map(|(n, year)| (year, n)).collect(),
            undated: self.undated,
        }
    }
}

pub(super) struct Collector {
    page: Page,
    hits: Hits,
    facets: FacetCounter,
    best: Vec<Candidate>,
    /// What ranks below this cannot come on the page.
    least: u64,
}

struct Candidate {
    rank: u64,
    hit: Hit,
}

impl Candidate {
    fn key(&self) -> (std::cmp::Reverse<u64>, Unit) {
        (std::cmp::Reverse(self.rank), self.hit.unit)
    }
}

const FIRST_YEAR: i16 = -9_999;

impl Collector {
    pub(super) fn new(page: Page) -> Collector {
        Collector {
            page,
            hits: Hits::default(),
            facets: FacetCounter::default(),
            best: Vec::new(),
            least: 0,
        }
    }

    pub(super) fn segment(
        &mut self,
        segment: &Segment,
        bits: &Bits,
        traces: &Traces,
    ) -> Result<(), IndexError> {
        let (columns, reader) = (&segment.columns, &segment.reader);
        let total = bits.count();
        if total == 0 {
            return Ok(());
        }
        if self.page.facets {
            self.facets.segment(segment, bits)?;
        }
        let units = columns.units(reader)?;
        let by_clock = matches!(self.page.order, Order::Newest | Order::Oldest);
        let clocks = by_clock.then(|| columns.clocks(reader)).transpose()?;
        self.hits.total += total;
        let wanted = self.page.limit > 0;
        for doc in bits.iter() {
            let at = doc as usize;
            let unit = Unit::from_raw(units.get(at));
            self.hits.messages += u64::from(unit.is_message());
            if wanted {
                let score = traces.scores[at];
                let clock = clocks.and_then(|clocks| clocks.get(at));
                let rank = rank(self.page.order, score, clock);
                if rank >= self.least {
                    let fields = Fields::from_bits(traces.fields[at]);
                    self.offer(Candidate { rank, hit: Hit { unit, score, clock, fields } });
                }
            }
        }
        Ok(())
    }

    fn offer(&mut self, candidate: Candidate) {
        self.best.push(candidate);
        let most = self.page.offset.saturating_add(self.page.limit);
        if self.best.len() >= most.saturating_mul(2).max(1024) {
            self.cut(most);
        }
    }

    fn cut(&mut self, most: usize) {
        if most == 0 || self.best.len() <= most {
            return;
        }
        self.best.select_nth_unstable_by_key(most - 1, Candidate::key);
        self.least = self.best[most - 1].rank;
        self.best.truncate(most);
    }

    pub(super) fn finish(mut self) -> Hits {
        self.cut(self.page.offset.saturating_add(self.page.limit));
        self.best.sort_unstable_by_key(Candidate::key);
        let page = self.best.into_iter().skip(self.page.offset).take(self.page.limit);
        Hits {
            documents: self.hits.total - self.hits.messages,
            facets: self.facets.finish(),
            hits: page.map(|candidate| candidate.hit).collect(),
            ..self.hits
        }
    }
}

/// Higher comes first.
fn rank(order: Order, score: f32, clock: Option<i64>) -> u64 {
    // Shifted so that order is kept; one is left free for what has no clock.
    let shifted = |clock: i64| (clock as u64 ^ 1 << 63).max(1);
    match order {
        // Scores are not negative, so their bits are in order.
        Order::Score => u64::from(score.max(0.0).to_bits()),
        Order::Newest => clock.map_or(0, shifted),
        Order::Oldest => clock.map_or(0, |clock| u64::MAX - shifted(clock) + 1),
        Order::Number => 0,
    }
}
