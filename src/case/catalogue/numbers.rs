//! The list of all documents by their numbers: the first that somebody sees, and the one that is
//! read again with everything that an `add` brings. It needs less than the whole catalogue.

use super::flat::{Flat, PagePlace, PageSets};
use super::places::{Places, standing};
use super::{CaseError, Catalogue, Documents, List, Made, Shape};
use crate::store::{EvidenceState, PageName, Store};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

/// A page of a work by its number.
struct Page {
    work: u32,
    number: (u32, u32),
    document: u32,
    /// Row id of its place.
    place: i64,
}

impl List {
    pub(super) fn by_numbers(store: &Store, of: EvidenceState) -> Result<List, CaseError> {
        let begun = Instant::now();
        let ids = store.document_ids(i64::MIN, i64::MAX.unsigned_abs())?;
        let documents = Documents { ids, ..Documents::default() };
        // Of each document its main place, and what makes it that.
        let mut main = vec![None; documents.ids.len()];
        let mut works: HashMap<(String, Option<u32>), u32> = HashMap::new();
        let mut pages: Vec<Page> = Vec::new();
        store.each_listed_place(|place| {
            let Some(document) = documents.at(place.document) else { return };
            let own = standing(place.is_missing, place.is_member, place.id);
            let known = &mut main[document as usize];
            if known.is_none_or(|known| own < known) {
                *known = Some(own);
            }
            if let Some(page) = PageName::parse(place.path) {
                let (prefix, total) = page.work();
                let next = u32::try_from(works.len()).unwrap_or(u32::MAX);
                let work = *works.entry((prefix.to_owned(), total)).or_insert(next);
                pages.push(Page { work, number: page.number, document, place: place.id });
            }
        })?;
        let main: Vec<Option<i64>> = main.into_iter().map(|own| own.map(|own| own.2)).collect();
        let sets = PageSets::new(pages.into_iter().map(|page| {
            let Page { document, number, .. } = page;
            let is_main = main[document as usize] == Some(page.place);
            (page.work, PagePlace { document, number, is_main })
        }));
        let places = Places::main_ones(&main);
        let rows = (0..).zip(&places.documents).map(|(place, document)| (*document, place));
        let rows = rows.filter(|row| !sets.first.contains_key(&row.0)).collect();
        let catalogue = Arc::new(Catalogue { of, made: Made::since(begun), documents, places });
        Ok(List { catalogue, shape: Shape::Flat(Flat { rows, sets }) })
    }
}
