//! The texts of a unit, cut as the index cuts them, and where in them stands what was asked for.

use super::compile::Wanted;
use crate::case::{Case, CaseError, units};
use crate::index::{Field, Fields, Unit};
use crate::model::document::Part;
use crate::model::view::Variant;
use crate::model::{DocumentId, ItemId, Wrap};
use crate::store::{Store, StoreError};
use crate::text::highlight::Marked;
use std::ops::Range;

/// Where a wanted thing stands: in which part of a text, and its bytes in the whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub part: usize,
    pub range: Range<u64>,
}

/// One text of a unit.
pub struct UnitText {
    pub field: Field,
    pub text: String,
    /// In order, not overlapping; what lies outside of parts is not searched.
    pub parts: Vec<Part>,
}

impl UnitText {
    /// Every place of what is wanted, in order, each once.
    pub fn find(&self, wanted: &[Wanted]) -> Vec<Found> {
        let here: Vec<&Wanted> =
            wanted.iter().filter(|wanted| wanted.fields().contains(self.field)).collect();
        let mut found = Vec::new();
        if here.is_empty() {
            return found;
        }
        let distances = here.iter().any(|wanted| matches!(wanted, Wanted::Near { .. }));
        for (number, part) in self.parts.iter().enumerate() {
            let Some(text) = self.slice(part.start..part.end) else { continue };
            let needles = here.iter().flat_map(|wanted| wanted.needles());
            let marked = match distances {
                true => Marked::whole(text, part.wrap, needles),
                false => Marked::new(text, part.wrap, needles),
            };
            for wanted in &here {
                let ranges = match wanted {
                    Wanted::Needle(_, needle) => marked.find(needle),
                    Wanted::Near { left, right, within, .. } => {
                        marked.find_near(left, right, *within)
                    }
                    Wanted::Regex(..) => continue,
                };
                found.extend(ranges.into_iter().map(|range| Found {
                    part: number,
                    range: part.start + range.start as u64..part.start + range.end as u64,
                }));
            }
        }
        for wanted in here {
            // An expression may run over the borders of parts.
            let Wanted::Regex(_, regex) = wanted else { continue };
            let Ok(machine) = regex.compile() else { continue };
            found.extend(machine.find_iter(&self.text).map(|hit| {
                let start = hit.start() as u64;
                let part = self.parts.partition_point(|part| part.end <= start);
                Found { part, range: start..hit.end() as u64 }
            }));
        }
        found.sort_by_key(|found| (found.range.start, found.range.end));
        found.dedup_by(|a, b| a.range == b.range);
        found
    }

    pub fn slice(&self, range: Range<u64>) -> Option<&str> {
        self.text.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
    }
}

/// A variant with all its text.
fn whole_text(store: &Store, variant: Variant) -> Result<UnitText, CaseError> {
    let mut text = String::new();
    store.each_chunk(variant.id, |chunk| {
        text.push_str(&chunk.text);
        Ok::<_, CaseError>(())
    })?;
    let parts = match variant.parts.is_empty() {
        true => vec![Part::whole(&text, Wrap::Flow)],
        false => variant.parts,
    };
    Ok(UnitText { field: variant.kind.into(), text, parts })
}

impl Case {
    /// The texts of a unit in these fields, the original first. Names are not among them.
    pub(super) fn unit_texts(
        &self,
        unit: Unit,
        fields: Fields,
    ) -> Result<Vec<UnitText>, CaseError> {
        match unit.item() {
            ItemId::Message(id) => {
                if !fields.contains(Field::Original) {
                    return Ok(Vec::new());
                }
                let text = match self.store.message_text(id) {
                    // It was removed, and has not left the index yet.
                    Err(StoreError::NoSuchItem(_)) => return Ok(Vec::new()),
                    text => text?,
                };
                let parts = vec![Part::whole(&text, Wrap::Lines)];
                Ok(vec![UnitText { field: Field::Original, text, parts }])
            }
            ItemId::Document(id) => self.document_texts(id, fields),
            _ => Ok(Vec::new()),
        }
    }

    fn document_texts(&self, id: DocumentId, fields: Fields) -> Result<Vec<UnitText>, CaseError> {
        let mut texts = Vec::new();
        for variant in self.store.variants(id)? {
            if fields.contains(variant.kind.into()) {
                texts.push(whole_text(&self.store, variant)?);
            }
        }
        Ok(texts)
    }

    /// Whether a text of the unit in these fields fits.
    pub(super) fn any_text(
        &self,
        unit: Unit,
        fields: Fields,
        fits: impl Fn(&str) -> bool,
    ) -> Result<bool, CaseError> {
        Ok(self.unit_texts(unit, fields)?.iter().any(|text| fits(&text.text)))
    }

    /// How often what is wanted stands in the texts of a unit; in its names, when only they have it.
    pub(super) fn occurrences_in(&self, unit: Unit, wanted: &[Wanted]) -> Result<u64, CaseError> {
        let fields = fields_of(wanted);
        let texts = self.unit_texts(unit, fields)?;
        let mut count: u64 = texts.iter().map(|text| text.find(wanted).len() as u64).sum();
        if count == 0 && fields.contains(Field::Name) {
            for (_, name) in units::names(&self.store, unit)? {
                let parts = vec![Part::whole(&name, Wrap::Lines)];
                count +=
                    UnitText { field: Field::Name, text: name, parts }.find(wanted).len() as u64;
            }
        }
        Ok(count)
    }
}

/// All fields that something is wanted in.
pub(super) fn fields_of(wanted: &[Wanted]) -> Fields {
    let mut all = Fields::NONE;
    for field in wanted.iter().flat_map(|wanted| wanted.fields().iter()) {
        all = all.with(field);
    }
    all
}
