//! From a plan to the set of matching documents of a segment. Every node becomes a bit set that
//! is part of the set it is asked among, so an AND narrows as it goes; leaves that are not
//! under a NOT leave scores and the fields they were found in behind.

use super::bits::Bits;
use super::columns;
use super::cut::Texts;
use super::error::IndexError;
use super::plan::{Column, Fields, Plan, Predicate};
use super::scan::Stop;
use super::snapshot::{Segment, Snapshot};
use super::unit::{Field, Unit};
use crate::text::needle::Needle;
use crate::text::phrase::{Phrase, Span, near};
use std::collections::HashMap;

/// What positive leaves leave behind, by document of the segment.
pub(super) struct Traces {
    pub(super) scores: Vec<f32>,
    /// Bits of [`Fields`].
    pub(super) fields: Vec<u8>,
}

impl Traces {
    pub(super) fn new() -> Traces {
        Traces { scores: Vec::new(), fields: Vec::new() }
    }

    fn reset(&mut self, documents: usize) {
        self.scores.clear();
        self.scores.resize(documents, 0.0);
        self.fields.clear();
        self.fields.resize(documents, 0);
    }
}

pub(super) struct Eval<'a> {
    snapshot: &'a Snapshot,
    stop: Stop<'a>,
    /// How much a phrase weighs in a field; rare ones weigh more.
    weights: HashMap<(*const Phrase, Field), f32>,
}

/// A hit in a name says more than one in a text.
fn boost(field: Field) -> f32 {
    if field == Field::Name { 1.5 } else { 1.0 }
}

impl<'a> Eval<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, stop: Stop<'a>) -> Self {
        Eval { snapshot, stop, weights: HashMap::new() }
    }

    /// The documents of a segment that match; `traces` are those of this segment afterwards.
    pub(super) fn run(
        &mut self,
        segment: &Segment,
        plan: &Plan,
        traces: &mut Traces,
    ) -> Result<Bits, IndexError> {
        traces.reset(segment.documents() as usize);
        self.node(segment, plan, &segment.alive, &mut Some(traces))
    }

    fn node(
        &mut self,
        segment: &Segment,
        plan: &Plan,
        among: &Bits,
        traces: &mut Option<&mut Traces>,
    ) -> Result<Bits, IndexError> {
        self.stop.check()?;
        match plan {
            Plan::All => Ok(among.clone()),
            Plan::None => Ok(Bits::none_like(among)),
            Plan::And(parts) => {
                let mut parts: Vec<&Plan> = parts.iter().collect();
                parts.sort_by_key(|part| cost(part));
                let mut bits = among.clone();
                for part in parts {
                    if bits.is_empty() {
                        break;
                    }
                    bits = self.node(segment, part, &bits, traces)?;
                }
                Ok(bits)
            }
            Plan::Or(parts) => {
                let mut bits = Bits::none_like(among);
                for part in parts {
                    bits.or(&self.node(segment, part, among, traces)?);
                }
                Ok(bits)
            }
            Plan::Not(part) => {
                let mut bits = among.clone();
                bits.minus(&self.node(segment, part, among, &mut None)?);
                Ok(bits)
            }
            Plan::Text { fields, needle } => self.text(segment, *fields, needle, among, traces),
            Plan::Near { fields, left, right, within } => {
                self.near(segment, *fields, (left, right), *within, among, traces)
            }
            Plan::Columns(predicate) => holds(segment, predicate, among),
            Plan::Units(units) => members(segment, units, among),
        }
    }

    fn text(
        &mut self,
        segment: &Segment,
        fields: Fields,
        needle: &Needle,
        among: &Bits,
        traces: &mut Option<&mut Traces>,
    ) -> Result<Bits, IndexError> {
        let mut bits = Bits::none_like(among);
        for field in fields.iter() {
            let texts = Texts::of(self.snapshot, segment, field)?;
            for phrase in needle.phrases() {
                let Some(traces) = traces else {
                    texts.documents(phrase, among, self.stop, &mut |doc, _| {
                        bits.insert(doc);
                    })?;
                    continue;
                };
                let weight = self.weight(phrase, field)?;
                let norms = self.snapshot.norms(field)?;
                let lengths = segment.lengths(field)?;
                let of_cut = self.snapshot.norms_of_cut(segment, field)?;
                let mask = Fields::one(field).bits();
                // Documents mostly come in the order of their numbers, and few of them are cut.
                let mut next = 0;
                texts.documents(phrase, among, self.stop, &mut |doc, freq| {
                    bits.insert(doc);
                    let freq = freq as f32;
                    let is_next = of_cut.get(next).is_none_or(|(head, _)| doc <= *head)
                        && (next == 0 || of_cut[next - 1].0 < doc);
                    if !is_next {
                        next = of_cut.partition_point(|(head, _)| *head < doc);
                    }
                    let norm = match of_cut.get(next) {
                        Some((head, norm)) if *head == doc => *norm,
                        _ => norms.by_step[usize::from(lengths.fieldnorm_id(doc))],
                    };
                    traces.scores[doc as usize] += weight * freq / (freq + norm);
                    traces.fields[doc as usize] |= mask;
                })?;
            }
        }
        Ok(bits)
    }

    fn weight(&mut self, phrase: &Phrase, field: Field) -> Result<f32, IndexError> {
        let key = (std::ptr::from_ref(phrase), field);
        if let Some(weight) = self.weights.get(&key) {
            return Ok(*weight);
        }
        let all = self.snapshot.documents() as f32;
        // What stands for many terms is taken for common.
        let mut rarest = all / 20.0;
        for term in phrase.slots.iter().filter_map(|slot| slot.what.term()) {
            let mut count = 0.0;
            for segment in &self.snapshot.segments {
                let info = segment.index(field)?.terms().get(term);
                let info = info.map_err(IndexError::io("searched"))?;
                count += info.map_or(0.0, |info| info.doc_freq as f32);
            }
            rarest = rarest.min(count);
        }
        let weight = boost(field) * 2.2 * (1.0 + (all - rarest + 0.5) / (rarest + 0.5)).ln();
        self.weights.insert(key, weight);
        Ok(weight)
    }

    fn near(
        &mut self,
        segment: &Segment,
        fields: Fields,
        sides: (&[Needle], &[Needle]),
        within: u32,
        among: &Bits,
        traces: &mut Option<&mut Traces>,
    ) -> Result<Bits, IndexError> {
        let mut bits = Bits::none_like(among);
        for field in fields.iter() {
            let texts = Texts::of(self.snapshot, segment, field)?;
            let mut both = among.clone();
            for side in [sides.0, sides.1] {
                let mut own = Bits::none_like(among);
                for phrase in side.iter().flat_map(Needle::phrases) {
                    texts.documents(phrase, &both, self.stop, &mut |doc, _| {
                        own.insert(doc);
                    })?;
                }
                both.and(&own);
            }
            for part in parts(&both, NEAR_AT_ONCE) {
                let left = self.spans(&texts, sides.0, &part)?;
                let right = self.spans(&texts, sides.1, &part)?;
                for (doc, freq) in meetings(&left, &right, within) {
                    bits.insert(doc);
                    if let Some(traces) = traces {
                        traces.scores[doc as usize] += freq / (freq + 1.2) * 4.0;
                        traces.fields[doc as usize] |= Fields::one(field).bits();
                    }
                }
            }
        }
        Ok(bits)
    }

    fn spans(
        &self,
        texts: &Texts,
        needles: &[Needle],
        among: &Bits,
    ) -> Result<Vec<(u32, Span)>, IndexError> {
        let mut found = Vec::new();
        for phrase in needles.iter().flat_map(Needle::phrases) {
            texts.places(phrase, among, self.stop, &mut |doc, spans| {
                found.extend(spans.iter().map(|span| (doc, *span)));
            })?;
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

/// Documents whose places are held in memory at once.
const NEAR_AT_ONCE: usize = 4096;

fn parts(bits: &Bits, at_once: usize) -> Vec<Bits> {
    let mut parts = Vec::new();
    for (i, doc) in bits.iter().enumerate() {
        if i % at_once == 0 {
            parts.push(Bits::none_like(bits));
        }
        if let Some(part) = parts.last_mut() {
            part.insert(doc);
        }
    }
    parts
}

/// Documents in which a place of one list is near to one of the other, and how many are.
fn meetings(left: &[(u32, Span)], right: &[(u32, Span)], within: u32) -> Vec<(u32, f32)> {
    let longest = right.iter().map(|(_, span)| span.last - span.first).max().unwrap_or(0);
    let mut met: Vec<(u32, f32)> = Vec::new();
    for (doc, span) in left {
        let earliest = span.first.saturating_sub(within.saturating_add(longest));
        let latest = span.last.saturating_add(within);
        let from = right.partition_point(|other| (other.0, other.1.first) < (*doc, earliest));
        let mut others =
            right[from..].iter().take_while(|other| other.0 == *doc && other.1.first <= latest);
        if others.any(|other| near(*span, other.1, within)) {
            match met.last_mut() {
                Some(last) if last.0 == *doc => last.1 += 1.0,
                _ => met.push((*doc, 1.0)),
            }
        }
    }
    met
}

/// In which order the parts of an AND are worked: what is cheap narrows for what is dear.
fn cost(plan: &Plan) -> u32 {
    match plan {
        Plan::None => 0,
        Plan::Units(_) => 1,
        Plan::Columns(_) => 2,
        Plan::All => 3,
        Plan::Text { needle, .. } => {
            let slots = needle.phrases().iter().map(|phrase| phrase.slots.len()).max();
            let expands = |phrase: &Phrase| phrase.slots.iter().any(|s| s.what.term().is_none());
            let dear = needle.phrases().iter().any(expands);
            if dear { 30 } else { 12 - (slots.unwrap_or(0).min(4) as u32) }
        }
        Plan::And(parts) => parts.iter().map(cost).min().unwrap_or(3) + 8,
        Plan::Or(parts) => parts.iter().map(cost).max().unwrap_or(0) + 8,
        Plan::Not(part) => cost(part) + 20,
        Plan::Near { .. } => 60,
    }
}

fn members(segment: &Segment, units: &[Unit], among: &Bits) -> Result<Bits, IndexError> {
    let numbers = segment.columns.units(&segment.reader)?;
    let number = |doc: &u32| numbers.get(*doc as usize);
    let mut bits = Bits::none_like(among);
    let mut rest = segment.columns.places(&segment.reader)?;
    for unit in units {
        // Both lists are sorted; the next one is usually close.
        let near = rest.len().min(64);
        let skip = match rest[..near].iter().position(|doc| number(doc) >= unit.raw()) {
            Some(skip) => skip,
            None => near + rest[near..].partition_point(|doc| number(doc) < unit.raw()),
        };
        rest = &rest[skip..];
        for doc in rest.iter().take_while(|doc| number(doc) == unit.raw()) {
            if among.contains(*doc) {
                bits.insert(*doc);
            }
        }
    }
    Ok(bits)
}

fn holds(segment: &Segment, predicate: &Predicate, among: &Bits) -> Result<Bits, IndexError> {
    let (columns, reader) = (&segment.columns, &segment.reader);
    Ok(match predicate {
        Predicate::In(column, wanted) => {
            let mut wanted = wanted.clone();
            wanted.sort_unstable();
            let is_wanted = |value: &u64| wanted.binary_search(value).is_ok();
            match (column, columns.single(reader, *column)?) {
                (_, Some(values)) => Bits::of(among, |doc| is_wanted(&values.get(doc as usize))),
                (Column::Source, _) => {
                    let lists = columns.sources(reader)?;
                    Bits::of(among, |doc| lists.of(doc).any(|value| is_wanted(&value)))
                }
                (Column::Recipient, _) => {
                    let lists = columns.recipients(reader)?;
                    Bits::of(among, |doc| lists.of(doc).any(|value| is_wanted(&value)))
                }
                _ => {
                    let units = columns.units(reader)?;
                    Bits::of(among, |doc| is_wanted(&columns::kind(units.get(doc as usize))))
                }
            }
        }
        Predicate::Range { column, from, to } => {
            let range = *from..=*to;
            match (column, columns.single(reader, *column)?) {
                (_, Some(values)) => {
                    Bits::of(among, |doc| range.contains(&values.get(doc as usize)))
                }
                (Column::Source, _) => {
                    let lists = columns.sources(reader)?;
                    Bits::of(among, |doc| lists.of(doc).any(|value| range.contains(&value)))
                }
                (Column::Recipient, _) => {
                    let lists = columns.recipients(reader)?;
                    Bits::of(among, |doc| lists.of(doc).any(|value| range.contains(&value)))
                }
                _ => {
                    let units = columns.units(reader)?;
                    Bits::of(among, |doc| range.contains(&columns::kind(units.get(doc as usize))))
                }
            }
        }
        Predicate::Clock { exports, from, until } => {
            let clocks = columns.clocks(reader)?;
            let inside = |doc: u32| {
                clocks.get(doc as usize).is_some_and(|clock| *from <= clock && clock < *until)
            };
            match (exports, columns.single(reader, Column::Export)?) {
                (Some(wanted), Some(own)) => {
                    let mut wanted = wanted.clone();
                    wanted.sort_unstable();
                    Bits::of(among, |doc| {
                        inside(doc) && wanted.binary_search(&own.get(doc as usize)).is_ok()
                    })
                }
                _ => Bits::of(among, inside),
            }
        }
        Predicate::Undated => {
            let clocks = columns.clocks(reader)?;
            Bits::of(among, |doc| clocks.get(doc as usize).is_none())
        }
        Predicate::Flags(wanted) => {
            let flags = columns.flags(reader)?;
            Bits::of(among, |doc| flags.get(doc as usize) & wanted == *wanted)
        }
    })
}
