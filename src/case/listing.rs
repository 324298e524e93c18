//! The list of documents, flat or as a tree: its rows, and where in it a document stands. Which
//! rows there are, and in which order, the catalogue knows; what they say is read for the few that
//! are wanted.

use super::catalogue::{Grouping, Kind, Shape as ListShape};
use super::{Case, CaseError};
use crate::model::DocumentId;
use crate::model::view::{DocumentEntry, DocumentFilter, DocumentRow, Shape};
use std::ops::Range;

impl Case {
    /// Number of documents that pass a filter, each page of a set as one.
    pub fn document_count(&self, filter: &DocumentFilter) -> Result<u64, CaseError> {
        Ok(self.list_of(&flat(filter), Grouping::EachPage)?.total())
    }

    /// Documents that the rows of a list stand for, each once wherever it is shown.
    pub fn documents_listed(&self, filter: &DocumentFilter) -> Result<u64, CaseError> {
        Ok(self.list_of(filter, Grouping::PageSets)?.documents())
    }

    /// Documents `range` of the filtered and sorted list, each page of a set as one.
    pub fn documents(
        &self,
        filter: &DocumentFilter,
        range: Range<u64>,
    ) -> Result<Vec<DocumentRow>, CaseError> {
        let (_, entries) = self.entries(&flat(filter), Grouping::EachPage, range)?;
        Ok(entries.into_iter().map(|entry| entry.row).collect())
    }

    /// Numbers of the first `most` of these.
    pub(super) fn first_documents(
        &self,
        filter: &DocumentFilter,
        most: u64,
    ) -> Result<Vec<DocumentId>, CaseError> {
        let list = self.list_of(&flat(filter), Grouping::EachPage)?;
        Ok(list.documents_of(0..most).into_iter().flatten().collect())
    }

    /// Entries `range` of the list of documents, and how many there are: a tree when the filter
    /// says so, otherwise a document or page set each.
    pub fn document_entries(
        &self,
        filter: &DocumentFilter,
        range: Range<u64>,
    ) -> Result<(u64, Vec<DocumentEntry>), CaseError> {
        self.entries(filter, Grouping::PageSets, range)
    }

    fn entries(
        &self,
        filter: &DocumentFilter,
        grouping: Grouping,
        range: Range<u64>,
    ) -> Result<(u64, Vec<DocumentEntry>), CaseError> {
        let list = self.list_of(filter, grouping)?;
        let places = &list.catalogue.places;
        let row_at = |place: u32| {
            let document = list.catalogue.id(places.documents[place as usize]);
            Ok::<_, CaseError>(self.store.document_row_in(document, places.ids[place as usize])?)
        };
        let ids = |pages: &[u32]| pages.iter().map(|page| list.catalogue.id(*page)).collect();
        let mut entries = Vec::new();
        match &list.shape {
            ListShape::Flat(flat) => {
                for (document, place) in flat.rows(range) {
                    let row = row_at(*place)?;
                    entries.push(match flat.sets.of.get(document) {
                        Some(pages) => self.page_set_entry(row, ids(pages), 0)?,
                        None => row.into(),
                    });
                }
            }
            ListShape::Tree(tree) => {
                for entry in tree.rows(range) {
                    let (row, depth) = (row_at(entry.place)?, entry.depth.into());
                    let shape = match entry.kind {
                        Kind::Document => Shape::Document,
                        Kind::Folder { folder, documents } => Shape::Folder {
                            path: places.folders.path(folder).to_owned(),
                            documents: documents.into(),
                        },
                        Kind::Pages(set) => {
                            let pages = ids(&tree.sets[set as usize]);
                            entries.push(self.page_set_entry(row, pages, depth)?);
                            continue;
                        }
                    };
                    entries.push(DocumentEntry { row, depth, shape });
                }
            }
        }
        Ok((list.total(), entries))
    }

    /// The documents that entries `range` of the list stand for; none for a folder.
    pub(super) fn documents_of_entries(
        &self,
        filter: &DocumentFilter,
        range: Range<u64>,
    ) -> Result<Vec<Vec<DocumentId>>, CaseError> {
        Ok(self.list_of(filter, Grouping::PageSets)?.documents_of(range))
    }

    /// The first entry of a document in the list, or the folded folder that it is in; `None` when
    /// the filter leaves it out.
    pub fn entry_position(
        &self,
        filter: &DocumentFilter,
        id: DocumentId,
    ) -> Result<Option<u64>, CaseError> {
        let list = self.list_of(filter, Grouping::PageSets)?;
        let Some(document) = list.catalogue.at(id) else { return Ok(None) };
        Ok(match &list.shape {
            ListShape::Flat(flat) => flat.position(document),
            ListShape::Tree(tree) => {
                let at = tree.entry_of(&list.catalogue.places, document);
                at.map(|at| tree.row_of(at))
            }
        })
    }

    /// The entry that a row of the list is, counted as if no folder was folded.
    pub(super) fn unfolded_row(&self, filter: &DocumentFilter, row: u64) -> Result<u64, CaseError> {
        if filter.folded.is_empty() {
            return Ok(row);
        }
        let list = self.list_of(filter, Grouping::PageSets)?;
        let ListShape::Tree(tree) = &list.shape else { return Ok(row) };
        let at = usize::try_from(row).ok().and_then(|row| tree.shown.get(row));
        Ok(at.map_or(tree.entries.len() as u64, |at| u64::from(*at)))
    }

    /// The row of an entry that is counted as if no folder was folded, once it is shown: those of
    /// the folded folders that it lies in are open then, and are given as well.
    pub(super) fn unfolding_to(
        &self,
        filter: &DocumentFilter,
        entry: u64,
    ) -> Result<(u64, Vec<String>), CaseError> {
        let list = self.list_of(filter, Grouping::PageSets)?;
        let ListShape::Tree(tree) = &list.shape else { return Ok((entry, Vec::new())) };
        if filter.folded.is_empty() {
            return Ok((entry, Vec::new()));
        }
        let at = u32::try_from(entry).unwrap_or(u32::MAX);
        let folders = tree.folders_of(&list.catalogue.places, at);
        let (opened, left): (Vec<String>, Vec<String>) =
            filter.folded.iter().cloned().partition(|path| folders.contains(&path.as_str()));
        let filter = DocumentFilter { folded: left, ..filter.clone() };
        let list = self.list_of(&filter, Grouping::PageSets)?;
        let ListShape::Tree(tree) = &list.shape else { return Ok((entry, opened)) };
        Ok((tree.row_of(at), opened))
    }
}

/// The same filter over a list that is no tree.
fn flat(filter: &DocumentFilter) -> DocumentFilter {
    DocumentFilter { tree: false, folded: Vec::new(), ..filter.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::{add_place, with_documents};
    use crate::model::view::SearchOptions;
    use crate::query::Query;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn every_handle_knows_what_came_since() {
        let (dir, case) = with_documents(&[1, 2]);
        let other = case.another().unwrap();
        let check = |expected: u64| {
            for tree in [false, true] {
                let filter = DocumentFilter { tree, ..DocumentFilter::default() };
                for case in [&other, &case] {
                    assert_eq!(case.document_entries(&filter, 0..0).unwrap().0, expected);
                }
            }
        };
        check(2);
        add_place(&case, dir.path(), 3, "3.txt");
        check(3);
    }

    #[test]
    fn a_filter_knows_every_place_as_the_search_does() {
        let (dir, case) = with_documents(&[1, 2]);
        add_place(&case, dir.path(), 1, "archive/销售/one.txt");
        add_place(&case, dir.path(), 3, "销售/three.txt");
        case.catch_up(&AtomicBool::new(false)).unwrap();
        let check = |path: &str, expected: &[(i64, &str)]| {
            for tree in [false, true] {
                let filter =
                    DocumentFilter { path: path.to_owned(), tree, ..DocumentFilter::default() };
                let (_, entries) = case.document_entries(&filter, 0..20).unwrap();
                let mut found: Vec<(i64, &str)> = entries
                    .iter()
                    .filter_map(DocumentEntry::document)
                    .map(|row| (row.id.0, row.path.as_str()))
                    .collect();
                found.sort_unstable();
                assert_eq!(found, expected, "{path}, tree: {tree}");
            }
            let query = Query::parse(&format!("path:\"{path}\"")).unwrap();
            let options = SearchOptions::default();
            let result = case.search(&query, &options, &AtomicBool::new(false)).unwrap();
            assert_eq!(result.total, expected.len() as u64, "{path}");
        };
        check("1.txt", &[(1, "1.txt")]);
        check("销售", &[(1, "archive/销售/one.txt"), (3, "销售/three.txt")]);
        // Traditional characters, full width and capitals make no difference.
        check("銷售/ＯＮＥ", &[(1, "archive/销售/one.txt")]);
        check("nowhere", &[]);
    }
}
