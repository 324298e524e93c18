//! Page sets in a list of documents: one row each, where their first page would stand.

use super::catalogue::{Grouping, Shape as ListShape};
use super::{Case, CaseError};
use crate::model::DocumentId;
use crate::model::view::{DocumentEntry, DocumentFilter, DocumentRow};
use std::collections::{HashMap, HashSet};

impl Case {
    /// Of every page of a set that a filter leaves all pages of that set, in their order.
    pub fn page_sets(
        &self,
        filter: &DocumentFilter,
    ) -> Result<HashMap<DocumentId, Vec<DocumentId>>, CaseError> {
        let filter = DocumentFilter { tree: false, folded: Vec::new(), ..filter.clone() };
        let list = self.list_of(&filter, Grouping::PageSets)?;
        let ListShape::Flat(flat) = &list.shape else { return Ok(HashMap::new()) };
        let id = |document: &u32| list.catalogue.id(*document);
        let pages_of = |head: &u32| flat.sets.pages_of(*head).iter().map(id).collect();
        let heads = flat.sets.of.keys().map(|head| (id(head), pages_of(head)));
        let others = flat.sets.first.iter().map(|(page, head)| (id(page), pages_of(head)));
        Ok(heads.chain(others).collect())
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
            let documents = case.document_count(&filter).unwrap();
            assert_eq!(case.documents_listed(&filter).unwrap(), documents, "{sort:?}");
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
    fn all_documents_by_their_numbers_are_those_of_the_catalogue() {
        let (dir, case, _) = scanned();
        // A copy of a page outside of the set, one that is in two sets, and a set with one page.
        add_place(&case, dir.path(), 4, "copies/three.png");
        add_place(&case, dir.path(), 5, "scan/other_1_2.png");
        add_place(&case, dir.path(), 13, "scan/other_2_2.png");
        add_place(&case, dir.path(), 14, "scan/lone_1_3.png");
        add_place(&case, dir.path(), 13, "a/first.png");
        let plain = DocumentFilter::default();
        let turned = DocumentFilter { descending: true, ..plain.clone() };
        let (total, mut entries) = case.document_entries(&turned, 0..99).unwrap();
        entries.reverse();
        assert_eq!(case.document_entries(&plain, 0..99).unwrap(), (total, entries));
        for row in case.documents(&plain, 0..99).unwrap() {
            let position = |filter| case.entry_position(filter, row.id).unwrap().unwrap();
            assert_eq!(position(&plain), total - 1 - position(&turned), "{}", row.id);
        }
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
        let documents = case.document_count(&tree).unwrap();
        assert_eq!(case.documents_listed(&tree).unwrap(), documents, "folders are no documents");
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
}
