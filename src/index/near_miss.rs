//! What a near miss would find: texts that stand in the evidence and differ from a Han literal
//! in one character. OCR misreads names; in one real leak the company's own name has no hit in
//! 490 scanned pages and a misreading of it has 93.

use super::bits::Bits;
use super::cut::Texts;
use super::error::IndexError;
use super::plan::Fields;
use super::reader::Index;
use super::scan::{self, Stop};
use super::snapshot::{Segment, Snapshot};
use super::terms::expand;
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

/// Characters of the longest text that near misses are looked for: names, not sentences.
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
        let likely = match chars.as_slice() {
            [first, second] => match likely(&snapshot, fields, (*first, *second), most, stop) {
                Err(IndexError::Cancelled) if !stop.is_cancelled() => {
                    return Ok(NearMisses::default());
                }
                likely => Some(likely?),
            },
            _ => None,
        };
        for segment in &snapshot.segments {
            let mut documents = HashMap::new();
            for field in fields.iter() {
                let texts = Texts::of(&snapshot, segment, field)?;
                let found = match &likely {
                    Some(likely) => listed(&texts, segment, likely, stop, &mut documents),
                    None => (needle.phrases().iter().enumerate()).try_for_each(|(hole, phrase)| {
                        variants(&texts, segment, &chars, hole, phrase, stop, &mut documents)
                    }),
                };
                match found {
                    Err(IndexError::Cancelled) if !stop.is_cancelled() => complete = false,
                    result => result?,
                }
            }
            for (text, mut own_documents) in documents.into_iter().filter(|(text, _)| *text != own)
            {
                own_documents.sort_unstable();
                own_documents.dedup();
                *counts.entry(text).or_default() += own_documents.len() as u64;
            }
            if !complete {
                break;
            }
        }
        Ok(NearMisses { found: ranked(counts, most), complete })
    }
}

/// Documents of a segment by the text that they have.
type Documents = HashMap<String, Vec<u32>>;

/// The bigrams with one of two characters that may be among the `most` frequent ones: the
/// dictionary says how many documents have a term, in how many of them it is deleted or in
/// another field as well has to be counted.
fn likely(
    snapshot: &Snapshot,
    fields: Fields,
    (first, second): (char, char),
    most: usize,
    stop: Stop,
) -> Result<Vec<String>, IndexError> {
    let mut bounds: HashMap<String, u64> = HashMap::new();
    // Of a cut unit a term is counted once for each part.
    let cut: usize = snapshot.segments.iter().map(|segment| segment.cut.len()).sum();
    for segment in &snapshot.segments {
        for field in fields.iter() {
            let index = segment.index(field)?;
            for what in [What::First(first), What::Second(second)] {
                stop.check()?;
                let both = [first, second];
                let mut found = Vec::new();
                expand(&index, &what, &mut |term, info| {
                    if !term.chars().eq(both) {
                        found.push((term.to_owned(), u64::from(info.doc_freq)));
                    }
                })
                .map_err(IndexError::io("searched"))?;
                for (term, mut documents) in found {
                    if segment.has_parts {
                        let mut units = cut as u64;
                        scan::of_term(&index, &term, &segment.alive, &mut |_| units += 1)?;
                        documents = documents.min(units);
                    }
                    *bounds.entry(term).or_default() += documents;
                }
            }
        }
    }
    let mut bounds: Vec<(String, u64)> = bounds.into_iter().collect();
    bounds.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    // Deleted documents are few: no more than a third before segments are joined.
    bounds.truncate(most.saturating_mul(4).max(16));
    Ok(bounds.into_iter().map(|bound| bound.0).collect())
}

fn listed(
    texts: &Texts,
    segment: &Segment,
    terms: &[String],
    stop: Stop,
    documents: &mut Documents,
) -> Result<(), IndexError> {
    for term in terms {
        stop.check()?;
        let own = documents.entry(term.clone()).or_default();
        texts.of_term(term, &segment.alive, &mut |doc| own.push(doc))?;
    }
    Ok(())
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
    texts: &Texts,
    segment: &Segment,
    chars: &[char],
    hole: usize,
    phrase: &Phrase,
    stop: Stop,
    documents: &mut Documents,
) -> Result<(), IndexError> {
    stop.check()?;
    if texts.is_empty() {
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
    // First all places of the phrase with the hole, then which character stands in each.
    let mut holes: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut among = Bits::none_like(&segment.alive);
    texts.places(phrase, &segment.alive, stop, &mut |doc, spans: &[Span]| {
        among.insert(doc);
        holes.insert(doc, spans.iter().map(|span| span.first + at as u32).collect());
    })?;
    if among.is_empty() {
        return Ok(());
    }
    texts.by_term(&what, &among, stop, &mut |term, doc, positions| {
        let Some(ordinals) = holes.get(&doc) else { return };
        let is_hole = |position: &u32| ordinals.binary_search(&(position >> 2)).is_ok();
        if let Some(c) = free(term).filter(|_| positions.iter().any(is_hole)) {
            documents.entry(with(c)).or_default().push(doc);
        }
    })
}
