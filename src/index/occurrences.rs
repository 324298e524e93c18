//! How often needles stand in what was found, from the postings: no text is read.

use super::cut::Texts;
use super::error::IndexError;
use super::plan::Fields;
use super::reader::Found;
use super::scan::Stop;
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
            let of = |field: Field| -> Vec<&Phrase> {
                let here = wanted.iter().filter(|(fields, _)| fields.contains(field));
                here.flat_map(|(_, needle)| needle.phrases()).collect()
            };
            let mut count = 0;
            for (segment, among) in self.snapshot.segments.iter().zip(&self.bits) {
                let mut among = among.clone();
                let mut in_texts = super::bits::Bits::none_like(&among);
                let texts = Field::ALL.into_iter().filter(|field| *field != Field::Name);
                for field in texts {
                    let texts = Texts::of(&self.snapshot, segment, field)?;
                    count += in_field(&texts, of(field), &among, stop, &mut |doc| {
                        in_texts.insert(doc);
                    })?;
                }
                among.minus(&in_texts);
                let names = Texts::of(&self.snapshot, segment, Field::Name)?;
                count += in_field(&names, of(Field::Name), &among, stop, &mut |_| {})?;
            }
            Ok(count)
        })
    }
}

/// Places in one field; `found` gets the documents.
fn in_field(
    texts: &Texts,
    phrases: Vec<&Phrase>,
    among: &super::bits::Bits,
    stop: Stop,
    found: &mut dyn FnMut(u32),
) -> Result<u64, IndexError> {
    if phrases.is_empty() || among.is_empty() || texts.is_empty() {
        return Ok(0);
    }
    if let [only] = phrases.as_slice() {
        let mut count = 0;
        texts.places(only, among, stop, &mut |doc, spans| {
            count += spans.len() as u64;
            found(doc);
        })?;
        return Ok(count);
    }
    let mut places: Vec<(u32, Span)> = Vec::new();
    for phrase in phrases {
        texts.places(phrase, among, stop, &mut |doc, spans| {
            places.extend(spans.iter().map(|span| (doc, *span)));
            found(doc);
        })?;
    }
    places.sort_unstable();
    places.dedup();
    Ok(places.len() as u64)
}
