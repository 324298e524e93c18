//! A list of documents that is no tree. Of a page set it shows one row, where the first page would
//! stand.

use super::cut::{Cut, NONE};
use super::{Catalogue, Grouping};
use crate::model::view::DocumentFilter;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

pub(in crate::case) struct Flat {
    /// Documents, each with the place that it is called by.
    pub(super) rows: Vec<(u32, u32)>,
    pub sets: PageSets,
}

/// The page sets that a filter leaves.
#[derive(Default)]
pub(in crate::case) struct PageSets {
    /// Pages in their order, by the document whose row stands for them.
    pub of: HashMap<u32, Vec<u32>>,
    /// The document whose row stands for a page that has none.
    pub first: HashMap<u32, u32>,
}

/// Where a page lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct PagePlace {
    pub document: u32,
    pub number: (u32, u32),
    /// A list that shows each document once calls it so.
    pub is_main: bool,
}

impl PageSets {
    pub(super) fn new(places: impl Iterator<Item = (u32, PagePlace)>) -> PageSets {
        let mut works: BTreeMap<u32, Vec<PagePlace>> = BTreeMap::new();
        for (work, place) in places {
            works.entry(work).or_default().push(place);
        }
        let mut sets = PageSets::default();
        for pages in works.values_mut() {
            pages.sort_by_key(|page| (page.number, page.document));
            // A document is listed once: of a copy of the whole set nothing is left to stand here.
            let mut own = pages.iter().filter(|page| page.is_main).map(|page| page.document);
            let Some(head) = own.next() else { continue };
            let others: HashSet<u32> = own.filter(|document| *document != head).collect();
            let mut all: Vec<u32> = pages.iter().map(|page| page.document).collect();
            all.dedup();
            if all.len() > 1 {
                sets.of.insert(head, all);
                sets.first.extend(others.into_iter().map(|document| (document, head)));
            }
        }
        sets
    }

    /// The documents that the row of one stands for.
    pub fn pages_of(&self, document: u32) -> Vec<u32> {
        self.of.get(&document).cloned().unwrap_or_else(|| vec![document])
    }
}

impl Flat {
    pub(super) fn new(
        catalogue: &Catalogue,
        cut: Cut,
        filter: &DocumentFilter,
        grouping: Grouping,
    ) -> Flat {
        let places = &catalogue.places;
        let sets = match grouping {
            Grouping::EachPage => PageSets::default(),
            Grouping::PageSets => {
                let left = places.pages.iter().filter(|page| cut.has(page.place));
                PageSets::new(left.map(|page| {
                    let document = places.documents[page.place as usize];
                    let is_main = cut.main[document as usize] == page.place;
                    (page.work, PagePlace { document, number: page.number, is_main })
                }))
            }
        };
        let rows = (0..).zip(cut.main).filter(|(document, place)| {
            *place != NONE && (sets.first.is_empty() || !sets.first.contains_key(document))
        });
        let mut rows: Vec<(u32, u32)> = rows.collect();
        catalogue.sort(&mut rows, filter.sort, filter.descending);
        Flat { rows, sets }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn rows(&self, range: Range<u64>) -> &[(u32, u32)] {
        let at = |row: u64| usize::try_from(row).unwrap_or(usize::MAX).min(self.rows.len());
        &self.rows[at(range.start)..at(range.end).max(at(range.start))]
    }

    /// The row of a document, from 0; `None` when it is not in the list.
    pub fn position(&self, document: u32) -> Option<u64> {
        let shown = self.sets.first.get(&document).copied().unwrap_or(document);
        self.rows.iter().position(|row| row.0 == shown).map(|at| at as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::PageName;

    /// Sets of these places: document, path, whether it is the main one. Each set by its first.
    #[track_caller]
    fn check(places: &[(u32, &str, bool)], expected: &[(u32, &[u32])], left_out: &[u32]) {
        let mut works = Vec::new();
        let mut page = |(document, path, is_main): &(u32, &str, bool)| {
            let name = PageName::parse(path).unwrap();
            let work = (name.work().0.to_owned(), name.work().1);
            let known = works.iter().position(|known| *known == work);
            let at = known.unwrap_or_else(|| {
                works.push(work);
                works.len() - 1
            });
            let (document, is_main) = (*document, *is_main);
            (at as u32, PagePlace { document, number: name.number, is_main })
        };
        let places: Vec<_> = places.iter().map(&mut page).collect();
        let sets = PageSets::new(places.into_iter());
        let mut found: Vec<(u32, &[u32])> =
            sets.of.iter().map(|(head, pages)| (*head, pages.as_slice())).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
        let mut left: Vec<u32> = sets.first.keys().copied().collect();
        left.sort_unstable();
        assert_eq!(left, left_out);
    }

    #[test]
    fn pages_of_one_work_are_one_row() {
        let pages =
            [(1, "s/w_1_12.png", true), (2, "s/w_10_12.png", true), (3, "s/w_2_12.png", true)];
        check(&pages, &[(1, &[1, 3, 2])], &[2, 3]);
        // Without its first page, and a page alone.
        check(&pages[1..], &[(3, &[3, 2])], &[2]);
        check(&pages[1..2], &[], &[]);
    }

    #[test]
    fn a_document_stands_in_one_row_wherever_it_lies() {
        // A copy of the whole set.
        check(
            &[
                (1, "a/w_1_2.png", true),
                (2, "a/w_2_2.png", true),
                (1, "b/w_1_2.png", false),
                (2, "b/w_2_2.png", false),
            ],
            &[(1, &[1, 2])],
            &[2],
        );
        // An empty page that two works have, and a page that is a file of its own.
        check(
            &[
                (1, "a/w_1_2.png", true),
                (2, "a/w_2_2.png", true),
                (3, "b/v_1_3.png", true),
                (2, "b/v_2_3.png", false),
                (4, "b/v_3_3.png", false),
            ],
            &[(1, &[1, 2]), (3, &[3, 2, 4])],
            &[2],
        );
    }
}
