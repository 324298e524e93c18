//! Searching units whose text lies in several documents of the engine (see `put`).
//!
//! The head of a cut unit is one of the documents of its segment and stands for it in every set;
//! the other parts are in no set and may lie in any segment. Positions go on from part to part, so
//! the positions of a term in the unit are those in its parts, one list behind the other: what is
//! found in them is what would be found if the unit were whole.

use super::bits::Bits;
use super::error::IndexError;
use super::put::part as part_number;
use super::scan::{self, Stop};
use super::schema;
use super::snapshot::{Segment, Snapshot};
use super::terms::expand;
use super::unit::Field;
use crate::text::phrase::{Finder, Phrase, Span, What};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tantivy::columnar::ColumnIndex;
use tantivy::postings::{Postings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{InvertedIndexReader, SegmentReader};

/// A unit in several documents.
pub(super) struct Cut {
    /// Its first one, in the segment that this is kept with.
    pub(super) head: u32,
    /// All of them in order, the first one too: segment and document.
    pub(super) parts: Vec<(usize, u32)>,
}

/// Documents of a segment that are parts: document, unit, number of the part.
fn parts_of(segment: &SegmentReader) -> tantivy::Result<Vec<(u32, u64, u64)>> {
    let columns = segment.fast_fields();
    let Some(part) = columns.column_opt::<u64>(schema::PART)? else { return Ok(Vec::new()) };
    let documents: Vec<u32> = match &part.index {
        ColumnIndex::Optional(index) => index.iter_non_null_docs().collect(),
        _ => (0..segment.max_doc()).collect(),
    };
    let unit = columns.u64(schema::UNIT)?;
    let known = |doc: u32| Some((doc, unit.first(doc)?, part.first(doc)?));
    Ok(documents.into_iter().filter_map(known).collect())
}

/// Finds the cut units of all segments: each is given to the segment of its head, and the other
/// parts are taken out of what is alive.
///
/// # Errors
/// [`IndexError::Unusable`] when a part is missing.
pub(super) fn gather(segments: &mut [Segment]) -> Result<(), IndexError> {
    let mut units: BTreeMap<u64, Vec<(u64, usize, u32)>> = BTreeMap::new();
    for (at, segment) in segments.iter_mut().enumerate() {
        for (doc, unit, part) in parts_of(&segment.reader).map_err(IndexError::failed("read"))? {
            if segment.alive.contains(doc) {
                units.entry(unit).or_default().push((part, at, doc));
            }
            segment.has_parts = true;
            if part != part_number(0, false) {
                segment.alive.remove(doc);
            }
        }
    }
    for mut parts in units.into_values() {
        parts.sort_unstable();
        let last = parts.len() as u64 - 1;
        let expected = (0..=last).map(|number| part_number(number, number == last));
        if parts.iter().map(|part| part.0).ne(expected) {
            return Err(IndexError::Unusable("a text in it is not whole".into()));
        }
        let (_, home, head) = parts[0];
        let parts = parts.into_iter().map(|(_, segment, doc)| (segment, doc)).collect();
        segments[home].cut.push(Cut { head, parts });
    }
    for segment in segments {
        segment.cut.sort_unstable_by_key(|cut| cut.head);
    }
    Ok(())
}

/// The texts of one field of the units of a segment, whole and cut ones.
pub(super) struct Texts<'a> {
    snapshot: &'a Snapshot,
    segment: &'a Segment,
    field: Field,
    index: Arc<InvertedIndexReader>,
}

/// The parts of some cut units in one segment, and the head of each.
struct Parts {
    index: Arc<InvertedIndexReader>,
    among: Bits,
    heads: HashMap<u32, u32>,
}

impl<'a> Texts<'a> {
    pub(super) fn of(
        snapshot: &'a Snapshot,
        segment: &'a Segment,
        field: Field,
    ) -> Result<Self, IndexError> {
        Ok(Texts { snapshot, segment, field, index: segment.index(field)? })
    }

    /// Nothing stands in this field, of no unit.
    pub(super) fn is_empty(&self) -> bool {
        self.index.terms().num_terms() == 0 && self.segment.cut.is_empty()
    }

    /// Those of a set that are in one document.
    fn whole<'b>(&self, among: &'b Bits) -> Cow<'b, Bits> {
        let mut whole = Cow::Borrowed(among);
        for cut in &self.segment.cut {
            whole.to_mut().remove(cut.head);
        }
        whole
    }

    fn cut(&self, among: &Bits) -> impl Iterator<Item = &'a Cut> {
        self.segment.cut.iter().filter(|cut| among.contains(cut.head))
    }

    fn index_of(&self, segment: usize) -> Result<Arc<InvertedIndexReader>, IndexError> {
        self.snapshot.segments[segment].index(self.field)
    }

    /// Where the parts of the cut units of a set lie.
    fn parts(&self, among: &Bits) -> Result<Vec<Parts>, IndexError> {
        let mut found: BTreeMap<usize, HashMap<u32, u32>> = BTreeMap::new();
        for cut in self.cut(among) {
            for (segment, doc) in &cut.parts {
                found.entry(*segment).or_default().insert(*doc, cut.head);
            }
        }
        let mut parts = Vec::with_capacity(found.len());
        for (segment, heads) in found {
            let mut among = Bits::none_like(&self.snapshot.segments[segment].alive);
            heads.keys().for_each(|doc| among.insert(*doc));
            parts.push(Parts { index: self.index_of(segment)?, among, heads });
        }
        parts.retain(|parts| parts.index.terms().num_terms() > 0);
        Ok(parts)
    }

    /// Calls `hit` with each unit of `among` that has the phrase, and with how often. A unit comes
    /// once for each term that the phrase stands for; `hit` adds up.
    pub(super) fn documents(
        &self,
        phrase: &Phrase,
        among: &Bits,
        stop: Stop,
        hit: &mut dyn FnMut(u32, u32),
    ) -> Result<(), IndexError> {
        scan::documents(&self.index, phrase, &self.whole(among), stop, hit)?;
        if phrase.slots.len() > 1 {
            return self.places_in_cut(phrase, among, stop, &mut |head, spans| {
                hit(head, u32::try_from(spans.len()).unwrap_or(u32::MAX));
            });
        }
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        for Parts { index, among, heads } in self.parts(among)? {
            scan::documents(&index, phrase, &among, stop, &mut |doc, freq| {
                let count = counts.entry(heads[&doc]).or_default();
                *count = count.saturating_add(freq);
            })?;
        }
        counts.into_iter().for_each(|(head, freq)| hit(head, freq));
        Ok(())
    }

    /// Calls `hit` with each unit of `among` that has the phrase, once, and with all its places.
    pub(super) fn places(
        &self,
        phrase: &Phrase,
        among: &Bits,
        stop: Stop,
        hit: &mut dyn FnMut(u32, &[Span]),
    ) -> Result<(), IndexError> {
        scan::places(&self.index, phrase, &self.whole(among), stop, hit)?;
        self.places_in_cut(phrase, among, stop, hit)
    }

    /// Calls `hit` with the units of `among` that have a term; with some more than once.
    pub(super) fn of_term(
        &self,
        term: &str,
        among: &Bits,
        hit: &mut dyn FnMut(u32),
    ) -> Result<(), IndexError> {
        scan::of_term(&self.index, term, &self.whole(among), hit)?;
        for Parts { index, among, heads } in self.parts(among)? {
            scan::of_term(&index, term, &among, &mut |doc| hit(heads[&doc]))?;
        }
        Ok(())
    }

    /// Calls `hit` with each term that `what` means, each unit of `among` that has it, and the
    /// positions there: of a cut unit part by part.
    pub(super) fn by_term(
        &self,
        what: &What,
        among: &Bits,
        stop: Stop,
        hit: &mut dyn FnMut(&str, u32, &[u32]),
    ) -> Result<(), IndexError> {
        scan::by_term(&self.index, what, &self.whole(among), stop, hit)?;
        for Parts { index, among, heads } in self.parts(among)? {
            scan::by_term(&index, what, &among, stop, &mut |term, doc, positions| {
                hit(term, heads[&doc], positions);
            })?;
        }
        Ok(())
    }

    fn places_in_cut(
        &self,
        phrase: &Phrase,
        among: &Bits,
        stop: Stop,
        hit: &mut dyn FnMut(u32, &[Span]),
    ) -> Result<(), IndexError> {
        let mut terms: HashMap<usize, Terms> = HashMap::new();
        for (segment, _) in self.cut(among).flat_map(|cut| &cut.parts) {
            if !terms.contains_key(segment) {
                terms.insert(*segment, Terms::of(self.index_of(*segment)?, phrase)?);
            }
        }
        let mut finder = Finder::new(phrase);
        for cut in self.cut(among) {
            stop.check()?;
            let parts = || cut.parts.iter().map(|(segment, doc)| (&terms[segment], *doc));
            if !may_have(phrase, &parts)? {
                continue;
            }
            for (slot, list) in finder.lists.iter_mut().enumerate() {
                list.positions.clear();
                list.joins.clear();
                for (terms, doc) in parts() {
                    terms.positions(&terms.slots[slot], doc, &mut list.positions)?;
                    terms.positions(&terms.joins[slot], doc, &mut list.joins)?;
                }
                if phrase.slots[slot].what.term().is_none() {
                    list.positions.sort_unstable();
                    list.positions.dedup();
                }
            }
            finder.find(phrase);
            if !finder.found.is_empty() {
                hit(cut.head, &finder.found);
            }
        }
        Ok(())
    }
}

/// Whether every place of a phrase has a term in some part.
fn may_have<'t, I: Iterator<Item = (&'t Terms, u32)>>(
    phrase: &Phrase,
    parts: &impl Fn() -> I,
) -> Result<bool, IndexError> {
    for slot in 0..phrase.slots.len() {
        let mut has = false;
        for (terms, doc) in parts() {
            has = has || terms.have(slot, doc)?;
        }
        if !has {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a phrase means in one segment: for each place the terms that may stand there, and the
/// one that marks the second half of a broken word.
struct Terms {
    index: Arc<InvertedIndexReader>,
    slots: Vec<Vec<TermInfo>>,
    joins: Vec<Vec<TermInfo>>,
}

impl Terms {
    fn of(index: Arc<InvertedIndexReader>, phrase: &Phrase) -> Result<Terms, IndexError> {
        let failed = || IndexError::io("searched");
        let count = phrase.slots.len();
        let (mut slots, mut joins) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        if index.terms().num_terms() > 0 {
            for (at, slot) in phrase.slots.iter().enumerate() {
                expand(&index, &slot.what, &mut |_, info| slots[at].push(info.clone()))
                    .map_err(failed())?;
                if let Some(join) = slot.what.joined() {
                    joins[at].extend(index.terms().get(join).map_err(failed())?);
                }
            }
        }
        Ok(Terms { index, slots, joins })
    }

    fn have(&self, slot: usize, doc: u32) -> Result<bool, IndexError> {
        for info in &self.slots[slot] {
            let option = IndexRecordOption::Basic;
            let postings = self.index.read_postings_from_terminfo(info, option);
            let mut postings = postings.map_err(IndexError::io("searched"))?;
            if scan::seek(&mut postings, doc) == doc {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn positions(
        &self,
        infos: &[TermInfo],
        doc: u32,
        into: &mut Vec<u32>,
    ) -> Result<(), IndexError> {
        for info in infos {
            let option = IndexRecordOption::WithFreqsAndPositions;
            let postings = self.index.read_postings_from_terminfo(info, option);
            let mut postings = postings.map_err(IndexError::io("searched"))?;
            if scan::seek(&mut postings, doc) == doc {
                postings.append_positions_with_offset(0, into);
            }
        }
        Ok(())
    }
}
