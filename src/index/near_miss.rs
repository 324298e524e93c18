//! What a near miss would find: texts that stand in the evidence and differ from a Han literal
//! in one character. OCR misreads names; in one real leak the company's own name has no hit in
//! 490 scanned pages and a misreading of it has 93.

use super::bits::Bits;
use super::error::IndexError;
use super::plan::Fields;
use super::reader::Index;
use super::scan::{self, Stop};
use super::snapshot::Segment;
use super::unit::Field;
use crate::text::needle::Needle;
use crate::text::phrase::{Phrase, Span, What};
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// A text that was not asked for and stands in the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// In normal form, one character different from what was asked for.
    pub text: String,
    /// Units that have it: exact when everything was looked through, otherwise at least so many.
    pub units: u64,
}

/// What was found in the time there was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NearMisses {
    /// Most frequent first.
    pub found: Vec<NearMiss>,
    /// Everything was looked through; otherwise there may be more.
    pub complete: bool,
}

/// Longer texts are looked up in their first part only: a name is short.
const LONGEST: usize = 12;

impl Index {
    /// The texts one character different from `text` (one run of a script written without
    /// spaces, two characters or more) that stand in these fields, the `most` frequent ones,
    /// found until `deadline`.
    pub fn near_misses(
        &self,
        text: &str,
        fields: Fields,
        most: usize,
        deadline: Instant,
        cancel: &AtomicBool,
    ) -> Result<NearMisses, IndexError> {
        let chars = match Needle::gram_run(text) {
            Some(chars) if (2..=LONGEST).contains(&chars.len()) => chars,
            _ => return Ok(NearMisses { found: Vec::new(), complete: true }),
        };
        let own: String = chars.iter().collect();
        let Some(needle) = Needle::fuzzy(&own, 1) else { return Ok(NearMisses::default()) };
        let snapshot = self.snapshot();
        let stop = Stop::when(cancel).at(deadline);
        let mut counts: HashMap<String, u64> = HashMap::new();
        let mut complete = true;
        for segment in &snapshot.segments {
            let mut documents: HashMap<String, Bits> = HashMap::new();
            for field in fields.iter() {
                for (hole, phrase) in needle.phrases().iter().enumerate() {
                    match variants(segment, field, &chars, hole, phrase, stop, &mut documents) {
                        Err(IndexError::Cancelled) if !stop.is_cancelled() => complete = false,
                        result => result?,
                    }
                }
            }
            for (text, bits) in documents.into_iter().filter(|(text, _)| *text != own) {
                *counts.entry(text).or_default() += bits.count();
            }
            if !complete {
                break;
            }
        }
        Ok(NearMisses { found: ranked(counts, most), complete })
    }
}

fn ranked(counts: HashMap<String, u64>, most: usize) -> Vec<NearMiss> {
    let found = counts.into_iter().filter(|(_, units)| *units > 0);
    let mut found: Vec<NearMiss> = found.map(|(text, units)| NearMiss { text, units }).collect();
    found.sort_unstable_by(|a, b| b.units.cmp(&a.units).then_with(|| a.text.cmp(&b.text)));
    found.truncate(most);
    found
}

/// Adds the documents of each text that has another character at `hole`.
fn variants(
    segment: &Segment,
    field: Field,
    chars: &[char],
    hole: usize,
    phrase: &Phrase,
    stop: Stop,
    documents: &mut HashMap<String, Bits>,
) -> Result<(), IndexError> {
    stop.check()?;
    let index = segment.index(field)?;
    if index.terms().num_terms() == 0 {
        return Ok(());
    }
    // The bigram that has the free character and the neighbour it is looked up by.
    let (at, what) = match hole {
        0 => (0, What::Second(chars[1])),
        _ => (hole - 1, What::First(chars[hole - 1])),
    };
    let with = |c: char| {
        let mut text = chars.to_vec();
        text[hole] = c;
        text.into_iter().collect::<String>()
    };
    let free = |term: &str| if hole == 0 { term.chars().next() } else { term.chars().nth(1) };
    if chars.len() == 2 {
        // The bigram is the text.
        return scan::by_term(&index, &what, &segment.alive, stop, &mut |term, doc, _| {
            if let Some(c) = free(term) {
                let none = || Bits::none_like(&segment.alive);
                documents.entry(with(c)).or_insert_with(none).insert(doc);
            }
        });
    }
    // First all places of the phrase with the hole, then which character stands in each.
    let mut holes: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut among = Bits::none_like(&segment.alive);
    scan::places(&index, phrase, &segment.alive, stop, &mut |doc, spans: &[Span]| {
        among.insert(doc);
        holes.insert(doc, spans.iter().map(|span| span.first + at as u32).collect());
    })?;
    if among.is_empty() {
        return Ok(());
    }
    scan::by_term(&index, &what, &among, stop, &mut |term, doc, positions| {
        let Some(ordinals) = holes.get(&doc) else { return };
        let is_hole = |position: &u32| ordinals.binary_search(&(position >> 2)).is_ok();
        if let Some(c) = free(term).filter(|_| positions.iter().any(is_hole)) {
            let none = || Bits::none_like(&segment.alive);
            documents.entry(with(c)).or_insert_with(none).insert(doc);
        }
    })
}
