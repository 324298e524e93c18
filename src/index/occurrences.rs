//! How often needles stand in what was found, from the postings: no text is read.

use super::error::IndexError;
use super::plan::Fields;
use super::reader::Found;
use super::scan::{self, Stop};
use super::snapshot::Segment;
use super::unit::Field;
use crate::text::needle::Needle;
use crate::text::phrase::{Phrase, Span};
use std::sync::atomic::AtomicBool;

impl Found {
    /// Places of the needles in the units that were found, each place once however many
    /// needles stand there. Names count where the texts of a unit have none of the needles.
    ///
    /// Exact for needles that [`begin and end in words`](Needle::has_loose_ends); the others are
    /// an error of the caller.
    pub fn occurrences(
        &self,
        wanted: &[(Fields, &Needle)],
        cancel: &AtomicBool,
    ) -> Result<u64, IndexError> {
        debug_assert!(wanted.iter().all(|(_, needle)| !needle.has_loose_ends()));
        super::reader::guarded(|| {
            let stop = Stop::when(cancel);
            let mut count = 0;
            for (segment, among) in self.snapshot.segments.iter().zip(&self.bits) {
                let mut among = among.clone();
                let mut in_texts = super::bits::Bits::none_like(&among);
                let texts = Field::ALL.into_iter().filter(|field| *field != Field::Name);
                for field in texts {
                    count += in_field(segment, field, wanted, &among, stop, &mut |doc| {
                        in_texts.insert(doc);
                    })?;
                }
                among.minus(&in_texts);
                count += in_field(segment, Field::Name, wanted, &among, stop, &mut |_| {})?;
            }
            Ok(count)
        })
    }
}

/// Places in one field; `found` gets the documents.
fn in_field(
    segment: &Segment,
    field: Field,
    wanted: &[(Fields, &Needle)],
    among: &super::bits::Bits,
    stop: Stop,
    found: &mut dyn FnMut(u32),
) -> Result<u64, IndexError> {
    let phrases: Vec<&Phrase> = wanted
        .iter()
        .filter(|(fields, _)| fields.contains(field))
        .flat_map(|(_, needle)| needle.phrases())
        .collect();
    if phrases.is_empty() || among.is_empty() {
        return Ok(0);
    }
    let index = segment.index(field)?;
    if index.terms().num_terms() == 0 {
        return Ok(0);
    }
    if let [only] = phrases.as_slice() {
        let mut count = 0;
        scan::places(&index, only, among, stop, &mut |doc, spans| {
            count += spans.len() as u64;
            found(doc);
        })?;
        return Ok(count);
    }
    let mut places: Vec<(u32, Span)> = Vec::new();
    for phrase in phrases {
        scan::places(&index, phrase, among, stop, &mut |doc, spans| {
            places.extend(spans.iter().map(|span| (doc, *span)));
            found(doc);
        })?;
    }
    places.sort_unstable();
    places.dedup();
    Ok(places.len() as u64)
}
