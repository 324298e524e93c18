//! Running a phrase over the postings of one field of one segment.

use super::bits::Bits;
use super::error::IndexError;
use super::terms::expand;
use crate::text::phrase::{Finder, Phrase, Slot, Span, What};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, TERMINATED};

/// Asked again and again whether to go on.
#[derive(Clone, Copy)]
pub(super) struct Stop<'a> {
    cancel: &'a AtomicBool,
    deadline: Option<Instant>,
}

impl<'a> Stop<'a> {
    pub(super) fn when(cancel: &'a AtomicBool) -> Stop<'a> {
        Stop { cancel, deadline: None }
    }

    pub(super) fn at(self, deadline: Instant) -> Stop<'a> {
        Stop { deadline: Some(deadline), ..self }
    }

    /// Fails with [`IndexError::Cancelled`] when cancelled or late.
    pub(super) fn check(self) -> Result<(), IndexError> {
        let late = || self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if self.cancel.load(Ordering::Relaxed) || late() {
            return Err(IndexError::Cancelled);
        }
        Ok(())
    }

    pub(super) fn is_cancelled(self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

/// Documents between two questions whether to go on.
const BREATH: u32 = 1 << 12;

fn failed() -> impl FnOnce(std::io::Error) -> IndexError {
    IndexError::io("searched")
}

/// Calls `hit` with each document of `among` that has the phrase, and with how often. A document
/// comes once for each term that the phrase stands for; `hit` adds up.
pub(super) fn documents(
    index: &InvertedIndexReader,
    phrase: &Phrase,
    among: &Bits,
    stop: Stop,
    hit: &mut dyn FnMut(u32, u32),
) -> Result<(), IndexError> {
    if index.terms().num_terms() == 0 {
        return Ok(());
    }
    let [only] = phrase.slots.as_slice() else {
        return places(index, phrase, among, stop, &mut |doc, spans| {
            hit(doc, u32::try_from(spans.len()).unwrap_or(u32::MAX));
        });
    };
    let mut infos = Vec::new();
    expand(index, &only.what, &mut |_, info| infos.push(info.clone())).map_err(failed())?;
    let mut reused = None;
    for (i, info) in infos.iter().enumerate() {
        if i % 256 == 0 {
            stop.check()?;
        }
        each_document(index, info, &mut reused, |doc, freq| {
            if among.contains(doc) {
                hit(doc, freq);
            }
        })?;
    }
    Ok(())
}

/// Calls `hit` with the documents of `among` that have a term.
pub(super) fn of_term(
    index: &InvertedIndexReader,
    term: &str,
    among: &Bits,
    hit: &mut dyn FnMut(u32),
) -> Result<(), IndexError> {
    let Some(info) = index.terms().get(term).map_err(failed())? else { return Ok(()) };
    each_document(index, &info, &mut None, |doc, _| {
        if among.contains(doc) {
            hit(doc);
        }
    })
}

type Block = tantivy::postings::BlockSegmentPostings;

/// Calls `hit` with the documents and frequencies of one term.
fn each_document(
    index: &InvertedIndexReader,
    info: &TermInfo,
    reused: &mut Option<Block>,
    mut hit: impl FnMut(u32, u32),
) -> Result<(), IndexError> {
    let block = match reused {
        Some(block) => {
            index.reset_block_postings_from_terminfo(info, block).map_err(failed())?;
            block
        }
        None => reused.insert(
            index
                .read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)
                .map_err(failed())?,
        ),
    };
    loop {
        let docs = block.docs();
        if docs.is_empty() {
            return Ok(());
        }
        for (doc, freq) in docs.iter().zip(block.freqs()) {
            hit(*doc, *freq);
        }
        block.advance();
    }
}

/// What stands at one place of a phrase, document by document.
#[expect(clippy::large_enum_variant, reason = "a handful live at a time, in the innermost loop")]
enum Source {
    /// Not a single term, and none of them there.
    Nothing,
    Term(SegmentPostings),
    /// A few terms.
    Few(Vec<SegmentPostings>),
    /// Many terms: documents and positions, sorted.
    Table {
        rows: Vec<Row>,
        at: usize,
    },
}

/// A document and a position in it, as one number: sorted twice as fast as a pair.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row(u64);

impl Row {
    fn new(doc: u32, position: u32) -> Row {
        Row(u64::from(doc) << 32 | u64::from(position))
    }

    fn doc(self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn position(self) -> u32 {
        self.0 as u32
    }
}

impl Source {
    fn doc(&self) -> u32 {
        match self {
            Source::Nothing => TERMINATED,
            Source::Term(postings) => postings.doc(),
            Source::Few(few) => few.iter().map(DocSet::doc).min().unwrap_or(TERMINATED),
            Source::Table { rows, at } => rows.get(*at).map_or(TERMINATED, |row| row.doc()),
        }
    }

    fn seek(&mut self, doc: u32) -> u32 {
        match self {
            Source::Nothing => TERMINATED,
            Source::Term(postings) => seek(postings, doc),
            Source::Few(few) => {
                few.iter_mut().map(|postings| seek(postings, doc)).min().unwrap_or(TERMINATED)
            }
            Source::Table { rows, at } => {
                *at += rows[*at..].partition_point(|row| row.doc() < doc);
                self.doc()
            }
        }
    }

    /// Positions in the document it stands at.
    fn positions(&mut self, into: &mut Vec<u32>) {
        match self {
            Source::Nothing => into.clear(),
            Source::Term(postings) => postings.positions(into),
            Source::Few(few) => {
                let doc = few.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
                into.clear();
                for postings in few.iter_mut().filter(|postings| postings.doc() == doc) {
                    postings.append_positions_with_offset(0, into);
                }
                into.sort_unstable();
                into.dedup();
            }
            Source::Table { rows, at } => {
                let doc = rows[*at].doc();
                into.clear();
                let own = rows[*at..].iter().take_while(|row| row.doc() == doc);
                into.extend(own.map(|row| row.position()));
                // Two terms may stand at one place: a run of one character and a separator read
                // in two ways.
                into.dedup();
            }
        }
    }

    fn cost(&self) -> u32 {
        match self {
            Source::Nothing => 0,
            Source::Term(postings) => postings.size_hint(),
            Source::Few(few) => few.iter().map(DocSet::size_hint).sum(),
            Source::Table { rows, .. } => u32::try_from(rows.len()).unwrap_or(u32::MAX),
        }
    }
}

pub(super) fn seek(postings: &mut SegmentPostings, doc: u32) -> u32 {
    if postings.doc() < doc { postings.seek(doc) } else { postings.doc() }
}

fn open(
    index: &InvertedIndexReader,
    term: &str,
    option: IndexRecordOption,
) -> Result<Option<SegmentPostings>, IndexError> {
    let Some(info) = index.terms().get(term).map_err(failed())? else { return Ok(None) };
    index.read_postings_from_terminfo(&info, option).map(Some).map_err(failed())
}

/// Calls `hit` with each document of `among` that has the phrase, once, and with all its places.
pub(super) fn places(
    index: &InvertedIndexReader,
    phrase: &Phrase,
    among: &Bits,
    stop: Stop,
    hit: &mut dyn FnMut(u32, &[Span]),
) -> Result<(), IndexError> {
    let with_positions = IndexRecordOption::WithFreqsAndPositions;
    let mut sources = Vec::with_capacity(phrase.slots.len());
    for slot in &phrase.slots {
        sources.push(match slot.what.term() {
            Some(term) => match open(index, term, with_positions)? {
                Some(postings) => Source::Term(postings),
                None => return Ok(()),
            },
            None => Source::Nothing,
        });
    }
    let several: Vec<usize> =
        (0..sources.len()).filter(|i| phrase.slots[*i].what.term().is_none()).collect();
    let mut narrowed = None;
    for i in several {
        let what = &phrase.slots[i].what;
        let mut infos = Vec::new();
        expand(index, what, &mut |_, info| infos.push(info.clone())).map_err(failed())?;
        if infos.len() <= FEW {
            let open = |info| index.read_postings_from_terminfo(info, with_positions);
            let few: Result<Vec<_>, _> = infos.iter().map(open).collect();
            sources[i] = Source::Few(few.map_err(failed())?);
            continue;
        }
        let narrowed = match &narrowed {
            Some(narrowed) => narrowed,
            None => narrowed.insert(narrow(index, phrase, among, stop)?),
        };
        sources[i] = table(index, what, narrowed, stop)?;
    }
    let mut joins = Vec::with_capacity(sources.len());
    for slot in &phrase.slots {
        joins.push(match slot.what.joined() {
            Some(term) => open(index, &term, with_positions)?,
            None => None,
        });
    }
    let mut finder = Finder::new(phrase);
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|i| sources[*i].cost());
    let mut seen = 0;
    let mut doc = 0;
    'documents: loop {
        seen += 1;
        if seen % BREATH == 0 {
            stop.check()?;
        }
        let Some(next) = among.next(doc) else { return Ok(()) };
        doc = next;
        for i in &order {
            let at = sources[*i].seek(doc);
            if at == TERMINATED {
                return Ok(());
            }
            if at > doc {
                doc = at;
                continue 'documents;
            }
        }
        for ((source, join), list) in sources.iter_mut().zip(&mut joins).zip(&mut finder.lists) {
            source.positions(&mut list.positions);
            list.joins.clear();
            if let Some(join) = join {
                if join.doc() < doc {
                    join.seek(doc);
                }
                if join.doc() == doc {
                    join.positions(&mut list.joins);
                }
            }
        }
        finder.find(phrase);
        if !finder.found.is_empty() {
            hit(doc, &finder.found);
        }
        doc += 1;
    }
}

/// Terms that are read side by side; more of them are gathered first.
const FEW: usize = 16;

/// The documents of `among` that have the single terms of a phrase at their places.
fn narrow(
    index: &InvertedIndexReader,
    phrase: &Phrase,
    among: &Bits,
    stop: Stop,
) -> Result<Bits, IndexError> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut follows = true;
    for slot in &phrase.slots {
        let single = slot.what.term().is_some();
        if single {
            // Nothing is known about what stands between when the slot before was left out.
            let turns = if follows { slot.turns } else { ANY_TURN };
            slots.push(Slot { turns, ..slot.clone() });
        }
        follows = single;
    }
    let Some(first) = slots.first().map(|slot| slot.ordinal) else { return Ok(among.clone()) };
    for slot in &mut slots {
        slot.ordinal -= first;
    }
    let mut bits = Bits::none_like(among);
    let part = Phrase { slots, first: 0, last: 0 };
    documents(index, &part, among, stop, &mut |doc, _| bits.insert(doc))?;
    Ok(bits)
}

const ANY_TURN: u8 = 0b1111;

/// Calls `hit` with each term that `what` means, each document of `among` that has it, and the
/// positions there.
pub(super) fn by_term(
    index: &InvertedIndexReader,
    what: &What,
    among: &Bits,
    stop: Stop,
    hit: &mut dyn FnMut(&str, u32, &[u32]),
) -> Result<(), IndexError> {
    let mut infos = Vec::new();
    expand(index, what, &mut |term, info| infos.push((term.to_owned(), info.clone())))
        .map_err(failed())?;
    let mut positions = Vec::new();
    for (i, (term, info)) in infos.iter().enumerate() {
        if i % 64 == 0 {
            stop.check()?;
        }
        // Most of many terms stand in none of the documents: their positions are not even opened.
        let mut doc = first_of(index, info, among)?;
        if doc == TERMINATED {
            continue;
        }
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut postings = index.read_postings_from_terminfo(info, option).map_err(failed())?;
        seek(&mut postings, doc);
        while doc != TERMINATED {
            if among.contains(doc) {
                postings.positions(&mut positions);
                hit(term, doc, &positions);
                doc = postings.advance();
            } else {
                doc = match among.next(doc) {
                    Some(next) => postings.seek(next),
                    None => TERMINATED,
                };
            }
        }
    }
    Ok(())
}

/// The first document of `among` that has a term.
fn first_of(index: &InvertedIndexReader, info: &TermInfo, among: &Bits) -> Result<u32, IndexError> {
    let option = IndexRecordOption::Basic;
    let mut postings = index.read_postings_from_terminfo(info, option).map_err(failed())?;
    let mut doc = postings.doc();
    while doc != TERMINATED && !among.contains(doc) {
        doc = match among.next(doc) {
            Some(next) => postings.seek(next),
            None => TERMINATED,
        };
    }
    Ok(doc)
}

fn table(
    index: &InvertedIndexReader,
    what: &What,
    among: &Bits,
    stop: Stop,
) -> Result<Source, IndexError> {
    let mut rows = Vec::new();
    by_term(index, what, among, stop, &mut |_, doc, positions| {
        rows.extend(positions.iter().map(|position| Row::new(doc, *position)));
    })?;
    rows.sort_unstable();
    Ok(Source::Table { rows, at: 0 })
}
