//! Page sets in a list of documents that is no tree: one row each, where their first page would
//! stand.
//!
//! Which there are is found once for a filter and kept until the evidence changes.

use super::{Case, CaseError};
use crate::model::DocumentId;
use crate::model::view::{DocumentEntry, DocumentFilter, DocumentRow};
use crate::store::{LeftOut, PageName, PagePlace};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

/// The page sets that a filter leaves.
pub(super) struct PageSets {
    /// Without the order.
    filter: DocumentFilter,
    /// The last change of the evidence that they know.
    change: u64,
    /// Pages in their order, by the document whose row stands for them.
    of: HashMap<DocumentId, Vec<DocumentId>>,
    /// The document whose row stands for a page that has none.
    first: HashMap<DocumentId, DocumentId>,
    left_out: LeftOut,
}

impl PageSets {
    fn new(filter: DocumentFilter, change: u64, places: &[PagePlace]) -> PageSets {
        let mut works: BTreeMap<_, Vec<((u32, u32), &PagePlace)>> = BTreeMap::new();
        for place in places {
            if let Some(page) = PageName::parse(&place.path) {
                works.entry(page.work()).or_default().push((page.number, place));
            }
        }
        let (mut of, mut first) = (HashMap::new(), HashMap::new());
        for pages in works.values_mut() {
            pages.sort_by_key(|(number, place)| (*number, place.id));
            // A document is listed once: of a copy of the whole set nothing is left to stand here.
            let mut own =
                pages.iter().filter(|(_, place)| place.is_main).map(|(_, place)| place.id);
            let Some(head) = own.next() else { continue };
            let others: HashSet<DocumentId> = own.filter(|id| *id != head).collect();
            let mut all: Vec<DocumentId> = pages.iter().map(|(_, place)| place.id).collect();
            all.dedup();
            if all.len() > 1 {
                of.insert(head, all);
                first.extend(others.into_iter().map(|id| (id, head)));
            }
        }
        let left_out = LeftOut::new(first.keys().copied());
        PageSets { filter, change, of, first, left_out }
    }
}

impl Case {
    /// Of every page of a set that a filter leaves all pages of that set, in their order.
    pub fn page_sets(
        &self,
        filter: &DocumentFilter,
    ) -> Result<HashMap<DocumentId, Vec<DocumentId>>, CaseError> {
        self.with_page_sets(filter, |sets| {
            let mut found = sets.of.clone();
            let others = sets.first.iter();
            found.extend(others.filter_map(|(id, head)| Some((*id, sets.of.get(head)?.clone()))));
            Ok(found)
        })
    }

    pub(super) fn flat_entries(
        &self,
        filter: &DocumentFilter,
        range: Range<u64>,
    ) -> Result<(u64, Vec<DocumentEntry>), CaseError> {
        self.with_page_sets(filter, |sets| {
            let total = self.store.document_count(filter, &sets.left_out)?;
            let many = range.end.saturating_sub(range.start);
            let rows = self.store.documents(filter, &sets.left_out, range.start, many)?;
            let entry = |row: DocumentRow| match sets.of.get(&row.id) {
                Some(pages) => self.page_set_entry(row, pages.clone(), 0),
                None => Ok(row.into()),
            };
            Ok((total, rows.into_iter().map(entry).collect::<Result<_, _>>()?))
        })
    }

    pub(super) fn documents_of_flat(
        &self,
        filter: &DocumentFilter,
        range: Range<u64>,
    ) -> Result<Vec<Vec<DocumentId>>, CaseError> {
        self.with_page_sets(filter, |sets| {
            let many = range.end.saturating_sub(range.start);
            let ids = self.store.filtered_ids(filter, &sets.left_out, range.start, many)?;
            let documents = |id: DocumentId| sets.of.get(&id).cloned().unwrap_or_else(|| vec![id]);
            Ok(ids.into_iter().map(documents).collect())
        })
    }

    pub(super) fn flat_position(
        &self,
        filter: &DocumentFilter,
        id: DocumentId,
    ) -> Result<Option<u64>, CaseError> {
        self.with_page_sets(filter, |sets| {
            let shown = sets.first.get(&id).copied().unwrap_or(id);
            Ok(self.store.document_position(filter, &sets.left_out, shown)?)
        })
    }

    /// A page set as an entry of a list.
    pub(super) fn page_set_entry(
        &self,
        row: DocumentRow,
        mut pages: Vec<DocumentId>,
        depth: usize,
    ) -> Result<DocumentEntry, CaseError> {
        // An empty page may come several times.
        let mut known = HashSet::new();
        pages.retain(|page| known.insert(*page));
        let pages = pages.into_iter().map(|page| self.store.set_page(page));
        Ok(DocumentEntry::of_pages(row, pages.collect::<Result<_, _>>()?, depth))
    }

    fn with_page_sets<T>(
        &self,
        filter: &DocumentFilter,
        read: impl FnOnce(&PageSets) -> Result<T, CaseError>,
    ) -> Result<T, CaseError> {
        let change = self.store.last_change()?;
        let plain = DocumentFilter {
            sort: Default::default(),
            descending: false,
            folded: Vec::new(),
            tree: false,
            ..filter.clone()
        };
        let kept = self.page_sets.take();
        let kept = kept.filter(|sets| sets.filter == plain && sets.change == change);
        let sets = match kept {
            Some(sets) => sets,
            None => {
                let places = self.store.page_places(&plain)?;
                PageSets::new(plain, change, &places)
            }
        };
        let answer = read(&sets);
        self.page_sets.replace(Some(sets));
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::{add_place, with_documents};
    use crate::case::{DocumentSort, Walk};
    use crate::model::ItemId;
    use crate::model::view::Shape;
    use std::sync::atomic::AtomicBool;

    /// A file, ten pages of a work, another file.
    fn scanned() -> (tempfile::TempDir, Case, Vec<DocumentId>) {
        let (dir, case) = with_documents(&[1]);
        let pages = (1..=10).map(|page| {
            let path = format!("scan/work_{page}_10.png");
            add_place(&case, dir.path(), 1 + page, &path)
        });
        let pages = pages.collect();
        add_place(&case, dir.path(), 12, "scan/z.txt");
        (dir, case, pages)
    }

    #[test]
    fn a_flat_list_shows_a_page_set_as_one_row() {
        let (_dir, case, pages) = scanned();
        for sort in [DocumentSort::Number, DocumentSort::Path, DocumentSort::Size] {
            let filter = DocumentFilter { sort, ..DocumentFilter::default() };
            let (total, entries) = case.document_entries(&filter, 0..20).unwrap();
            assert_eq!((total, entries.len()), (3, 3), "{sort:?}");
            assert!(matches!(&entries[1].shape, Shape::Pages(_)));
            assert_eq!(entries[1].documents(), pages);
            assert_eq!(entries[1].row.id, pages[0]);
            for page in &pages {
                assert_eq!(case.entry_position(&filter, *page).unwrap(), Some(1), "{page}");
            }
            let of_rows = case.documents_of_entries(&filter, 1..9).unwrap();
            assert_eq!((of_rows.len(), &of_rows[0]), (2, &pages));
            assert_eq!(case.entry_position(&filter, of_rows[1][0]).unwrap(), Some(2));
        }
        // One that only some of its pages pass, and one of which one page is left.
        let some = DocumentFilter { path: "work_1".to_owned(), ..DocumentFilter::default() };
        let (total, entries) = case.document_entries(&some, 0..20).unwrap();
        assert_eq!((total, entries[0].documents()), (1, vec![pages[0], pages[9]]));
        let one = DocumentFilter { path: "work_7".to_owned(), ..DocumentFilter::default() };
        let (_, entries) = case.document_entries(&one, 0..20).unwrap();
        assert_eq!((entries.len(), &entries[0].shape), (1, &Shape::Document));
        // Whoever counts documents counts each.
        assert_eq!(case.document_count(&DocumentFilter::default()).unwrap(), 12);
    }

    #[test]
    fn its_marks_are_those_of_all_its_pages() {
        let (_dir, case, pages) = scanned();
        let items = |pages: &[DocumentId]| -> Vec<ItemId> {
            pages.iter().map(|page| ItemId::Document(*page)).collect()
        };
        for tree in [false, true] {
            let filter = DocumentFilter { tree, ..DocumentFilter::default() };
            let row = || {
                let (_, entries) = case.document_entries(&filter, 0..20).unwrap();
                let set = entries.into_iter().find(|it| matches!(it.shape, Shape::Pages(_)));
                set.unwrap().row
            };
            case.mark(&items(&pages[..9]), "read", true).unwrap();
            case.mark(&items(&pages[3..4]), "starred", true).unwrap();
            assert_eq!((row().read, row().starred), (false, true));
            case.mark(&items(&pages[9..]), "read", true).unwrap();
            assert!(row().read);
            case.mark(&items(&pages), "read", false).unwrap();
            case.mark(&items(&pages), "starred", false).unwrap();
        }
    }

    #[test]
    fn the_next_unread_one_is_found_in_a_set_and_in_a_folded_folder() {
        let (_dir, case, pages) = scanned();
        let no = AtomicBool::new(false);
        let next = |filter: &DocumentFilter, from, here: Option<DocumentId>| {
            let walk = Walk::Documents(filter.clone());
            let next = case.next_unread(&walk, Some(from), here.map(ItemId::Document), &no);
            let next = next.unwrap().unwrap();
            (next.row, next.item, next.unfolded, next.is_from_start)
        };
        let flat = DocumentFilter::default();
        case.mark(&[ItemId::Document(pages[4])], "read", true).unwrap();
        let page = |at: usize| ItemId::Document(pages[at]);
        assert_eq!(next(&flat, 1, Some(pages[3])), (1, page(5), Vec::new(), false));
        assert_eq!(next(&flat, 0, None), (1, page(0), Vec::new(), false));
        // 1.txt, scan/ and nothing of what is in it.
        let folded = vec!["scan".to_owned()];
        let tree = DocumentFilter { tree: true, folded: folded.clone(), ..flat.clone() };
        let (total, entries) = case.document_entries(&tree, 0..9).unwrap();
        assert_eq!(total, 2, "{entries:?}");
        let at = |path: &str| {
            let is_it = |it: &DocumentEntry| it.row.path == path && it.document().is_some();
            entries.iter().position(is_it)
        };
        let folder = 1 - at("1.txt").unwrap() as u64;
        assert_eq!(next(&tree, folder, None).1, page(0));
        assert_eq!(next(&tree, folder, None).2, folded);
        let (row, ..) = next(&tree, folder, None);
        let open = DocumentFilter { folded: Vec::new(), ..tree.clone() };
        let (_, entries) = case.document_entries(&open, row..row + 1).unwrap();
        assert_eq!(entries[0].row.id, pages[0]);
        // What is read in it is passed over, and it stays folded.
        case.mark(&pages.iter().map(|id| ItemId::Document(*id)).collect::<Vec<_>>(), "read", true)
            .unwrap();
        let last = case.documents(&flat, 11..12).unwrap()[0].id;
        case.mark(&[ItemId::Document(last)], "read", true).unwrap();
        let (row, _, unfolded, _) = next(&tree, folder, None);
        assert_eq!((row, unfolded), (1 - folder, Vec::new()));
    }

    /// Sets of these places: document, path, whether it is the main one. Each set by its first.
    #[track_caller]
    fn check(places: &[(i64, &str, bool)], expected: &[(i64, &[i64])], left_out: &[i64]) {
        let places: Vec<PagePlace> = places
            .iter()
            .map(|(id, path, is_main)| PagePlace {
                id: DocumentId(*id),
                path: (*path).to_owned(),
                is_main: *is_main,
            })
            .collect();
        let sets = PageSets::new(DocumentFilter::default(), 0, &places);
        let mut found: Vec<(i64, Vec<i64>)> =
            sets.of.iter().map(|(id, pages)| (id.0, pages.iter().map(|p| p.0).collect())).collect();
        found.sort();
        let expected: Vec<(i64, Vec<i64>)> =
            expected.iter().map(|(id, pages)| (*id, pages.to_vec())).collect();
        assert_eq!(found, expected);
        let mut left: Vec<i64> = sets.first.keys().map(|id| id.0).collect();
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
