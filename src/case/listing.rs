//! The list of documents as a tree: folders, what is in them, what came out of containers below
//! these, the images of one page set as one entry. What lies in several places stands in each.
//!
//! The order of the whole tree is made once for a filter (every path is read and compared) and
//! kept until the evidence changes; a screen then asks for some entries of it.

use super::{Case, CaseError};
use crate::model::DocumentId;
use crate::model::view::{DocumentEntry, DocumentFilter, Shape};
use crate::store::{ListedPath, PageName};
use crate::text::natural::path_key;
use std::collections::HashSet;
use std::ops::Range;

/// The order of a tree.
pub(super) struct Tree {
    /// What passes it is in the tree, whatever is folded.
    filter: DocumentFilter,
    /// The last change of the evidence that it knows.
    change: u64,
    entries: Vec<Entry>,
    /// Documents of page sets, in the order of their pages.
    sets: Vec<Vec<DocumentId>>,
    /// Places of folders among the entries, with their paths.
    folders: Vec<(usize, String)>,
    /// Folders in which nothing is shown, and the entries that then are.
    folded: Vec<String>,
    shown: Vec<usize>,
}

#[derive(Clone, Copy)]
struct Entry {
    /// The document; of a folder the first one in it, of a set its first page.
    id: DocumentId,
    /// Row id of the place of it that stands here.
    place: i64,
    depth: u16,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Document,
    /// Bytes of the first document's path that name it, and documents in it.
    Folder(u32, u32),
    /// Number of the set.
    Pages(u32),
}

/// An entry with a count, and which of several places of a document it has counted.
type Counted = (usize, HashSet<DocumentId>);

impl Case {
    /// Entries `range` of the list of documents, and how many there are: a tree when the filter
    /// says so, otherwise a document or page set each.
    pub fn document_entries(
        &self,
        filter: &DocumentFilter,
        range: Range<u64>,
    ) -> Result<(u64, Vec<DocumentEntry>), CaseError> {
        if !filter.tree {
            return self.flat_entries(filter, range);
        }
        self.with_tree(filter, |tree| {
            let total = tree.shown.len();
            let mut entries = Vec::new();
            for entry in tree.rows(range) {
                let row = self.store.document_row_in(entry.id, entry.place)?;
                let shape = match entry.kind {
                    Kind::Document => Shape::Document,
                    Kind::Folder(end, documents) => Shape::Folder {
                        path: row.path.get(..end as usize).unwrap_or_default().to_owned(),
                        documents: documents.into(),
                    },
                    Kind::Pages(set) => {
                        let pages = tree.sets.get(set as usize).cloned().unwrap_or_default();
                        entries.push(self.page_set_entry(row, pages, entry.depth.into())?);
                        continue;
                    }
                };
                entries.push(DocumentEntry { row, depth: entry.depth.into(), shape });
            }
            Ok((total as u64, entries))
        })
    }

    /// The documents that entries `range` of the list stand for; none for a folder.
    pub(super) fn documents_of_entries(
        &self,
        filter: &DocumentFilter,
        range: Range<u64>,
    ) -> Result<Vec<Vec<DocumentId>>, CaseError> {
        if !filter.tree {
            return self.documents_of_flat(filter, range);
        }
        self.with_tree(filter, |tree| {
            let documents = |entry: &Entry| match entry.kind {
                Kind::Document => vec![entry.id],
                Kind::Folder(..) => Vec::new(),
                Kind::Pages(set) => tree.sets.get(set as usize).cloned().unwrap_or_default(),
            };
            Ok(tree.rows(range).map(documents).collect())
        })
    }

    /// The first entry of a document in the list, or the folded folder that it is in; `None` when
    /// the filter leaves it out.
    pub fn entry_position(
        &self,
        filter: &DocumentFilter,
        id: DocumentId,
    ) -> Result<Option<u64>, CaseError> {
        if !filter.tree {
            return self.flat_position(filter, id);
        }
        self.with_tree(filter, |tree| {
            let holds = |entry: &Entry| match entry.kind {
                Kind::Document => entry.id == id,
                Kind::Folder(..) => false,
                Kind::Pages(set) => {
                    tree.sets.get(set as usize).is_some_and(|pages| pages.contains(&id))
                }
            };
            let at = tree.entries.iter().position(holds);
            // What is not shown is in the folder that is shown last before it.
            Ok(at.map(|at| tree.shown.partition_point(|shown| *shown <= at).max(1) as u64 - 1))
        })
    }

    /// The entry that a row of the list is, counted as if no folder was folded.
    pub(super) fn unfolded_row(&self, filter: &DocumentFilter, row: u64) -> Result<u64, CaseError> {
        if filter.folded.is_empty() {
            return Ok(row);
        }
        self.with_tree(filter, |tree| {
            let at = usize::try_from(row).ok().and_then(|row| tree.shown.get(row));
            Ok(at.copied().unwrap_or(tree.entries.len()) as u64)
        })
    }

    /// The row of an entry that is counted as if no folder was folded, once it is shown: those of
    /// the folded folders that it lies in are open then, and are given as well.
    pub(super) fn unfolding_to(
        &self,
        filter: &DocumentFilter,
        entry: u64,
    ) -> Result<(u64, Vec<String>), CaseError> {
        if filter.folded.is_empty() {
            return Ok((entry, Vec::new()));
        }
        let at = usize::try_from(entry).unwrap_or(usize::MAX);
        let opened = self.with_tree(filter, |tree| {
            // The folders that an entry is in stand before it, each the last one of its depth.
            let mut depth = tree.entries.get(at).map_or(0, |entry| entry.depth);
            let mut opened = Vec::new();
            for (folder, path) in tree.folders.iter().rev().filter(|(folder, _)| *folder < at) {
                if tree.entries[*folder].depth < depth {
                    depth = tree.entries[*folder].depth;
                    if filter.folded.contains(path) {
                        opened.push(path.clone());
                    }
                }
            }
            Ok(opened)
        })?;
        let left = filter.folded.iter().filter(|path| !opened.contains(path)).cloned().collect();
        let filter = DocumentFilter { folded: left, ..filter.clone() };
        let row = self.with_tree(&filter, |tree| {
            Ok(tree.shown.partition_point(|shown| *shown < at) as u64)
        })?;
        Ok((row, opened))
    }

    fn with_tree<T>(
        &self,
        filter: &DocumentFilter,
        read: impl FnOnce(&Tree) -> Result<T, CaseError>,
    ) -> Result<T, CaseError> {
        let change = self.store.last_change()?;
        let unfolded = DocumentFilter { folded: Vec::new(), ..filter.clone() };
        let kept = self.tree.take().filter(|tree| tree.filter == unfolded && tree.change == change);
        let mut tree = match kept {
            Some(tree) => tree,
            None => Tree::new(unfolded, change, self.store.listed_paths(filter)?),
        };
        if tree.folded != filter.folded {
            tree.fold(&filter.folded);
        }
        let answer = read(&tree);
        self.tree.replace(Some(tree));
        answer
    }
}

/// Ends of the steps of a path, the name itself apart: of its folders, and of its containers.
fn steps(path: &str, is_member: bool) -> impl Iterator<Item = usize> {
    path.char_indices()
        .filter(move |(_, c)| *c == '/' || (is_member && *c == '!'))
        .map(|(at, _)| at)
}

impl Tree {
    fn new(filter: DocumentFilter, change: u64, mut paths: Vec<ListedPath>) -> Tree {
        paths.sort_by_cached_key(|path| (path_key(&path.path, path.is_member), path.place));
        let several = in_several_places(&paths);
        let mut tree = Tree {
            filter,
            change,
            entries: Vec::new(),
            sets: Vec::new(),
            folders: Vec::new(),
            folded: Vec::new(),
            shown: Vec::new(),
        };
        // Folders and containers that are open: their path, and their entry where they have a
        // count, with what of it was counted already and may come again.
        let mut open: Vec<(String, Option<Counted>)> = Vec::new();
        let mut next = 0;
        while next < paths.len() {
            let path = &paths[next];
            let ends: Vec<usize> = steps(&path.path, path.is_member).collect();
            let same = open
                .iter()
                .zip(&ends)
                .take_while(|((name, _), end)| path.path[..**end] == **name)
                .count();
            open.truncate(same);
            for end in &ends[same..] {
                let depth = u16::try_from(open.len()).unwrap_or(u16::MAX);
                let at = tree.entries.len();
                let kind = Kind::Folder(u32::try_from(*end).unwrap_or(u32::MAX), 0);
                tree.entries.push(Entry { id: path.id, place: path.place, depth, kind });
                tree.folders.push((at, path.path[..*end].to_owned()));
                open.push((path.path[..*end].to_owned(), Some((at, HashSet::new()))));
            }
            let pages = set_of(&paths[next..]);
            let depth = u16::try_from(open.len()).unwrap_or(u16::MAX);
            let count = pages.len().max(1);
            for (at, counted) in open.iter_mut().filter_map(|(_, folder)| folder.as_mut()) {
                let is_new =
                    |path: &&ListedPath| !several.contains(&path.id) || counted.insert(path.id);
                let new = paths[next..next + count].iter().filter(is_new).count();
                if let Kind::Folder(_, documents) = &mut tree.entries[*at].kind {
                    *documents += u32::try_from(new).unwrap_or(0);
                }
            }
            let (id, place) = (path.id, path.place);
            if pages.len() > 1 {
                let kind = Kind::Pages(u32::try_from(tree.sets.len()).unwrap_or(u32::MAX));
                tree.entries.push(Entry { id: pages[0].0, place: pages[0].1, depth, kind });
                tree.sets.push(pages.into_iter().map(|(id, _)| id).collect());
            } else {
                tree.entries.push(Entry { id, place, depth, kind: Kind::Document });
                // What comes out of it stands below it.
                open.push((path.path.clone(), None));
            }
            next += count;
        }
        tree.fold(&[]);
        tree
    }

    /// Entries `range` of those that are shown.
    fn rows(&self, range: Range<u64>) -> impl Iterator<Item = &Entry> {
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(self.shown.len());
        let shown = &self.shown[at(range.start)..at(range.end).max(at(range.start))];
        shown.iter().map(|entry| &self.entries[*entry])
    }

    /// Shows nothing of what is in these folders from now on.
    fn fold(&mut self, folded: &[String]) {
        self.folded = folded.to_vec();
        self.shown.clear();
        let closed: HashSet<&str> = folded.iter().map(String::as_str).collect();
        let mut folders = self.folders.iter().peekable();
        // Depth of the closed folder that one is in.
        let mut below: Option<u16> = None;
        for (at, entry) in self.entries.iter().enumerate() {
            let path = folders.next_if(|(folder, _)| *folder == at).map(|(_, path)| path.as_str());
            if below.is_some_and(|depth| entry.depth > depth) {
                continue;
            }
            below = path.filter(|path| closed.contains(path)).map(|_| entry.depth);
            self.shown.push(at);
        }
    }
}

/// Documents that come more than once.
fn in_several_places(paths: &[ListedPath]) -> HashSet<DocumentId> {
    // There are few: a set of all would take far more than what it is made for.
    let mut ids: Vec<i64> = paths.iter().map(|path| path.id.0).collect();
    ids.sort_unstable();
    let again = ids.windows(2).filter(|pair| pair[0] == pair[1]);
    again.map(|pair| DocumentId(pair[0])).collect()
}

/// Documents of the page set that begins here, by their pages, with their places.
fn set_of(paths: &[ListedPath]) -> Vec<(DocumentId, i64)> {
    let Some(first) = PageName::parse(&paths[0].path) else { return Vec::new() };
    let mut pages: Vec<((u32, u32), DocumentId, i64)> = paths
        .iter()
        .map_while(|path| {
            let page = PageName::parse(&path.path)?;
            page.is_with(&first).then_some((page.number, path.id, path.place))
        })
        .collect();
    pages.sort_unstable();
    pages.into_iter().map(|(_, id, place)| (id, place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::{add_place, with_documents};
    use crate::model::view::SearchOptions;
    use crate::query::Query;
    use std::sync::atomic::AtomicBool;

    /// Entries of the tree of these places: number of the document, path, whether it is a member.
    fn shown(places: Vec<(i64, &str, bool)>) -> (Tree, Vec<String>) {
        let listed = places.iter().enumerate().map(|(place, (id, path, is_member))| ListedPath {
            id: DocumentId(*id),
            place: place as i64,
            path: (*path).to_owned(),
            is_member: *is_member,
        });
        let tree = Tree::new(DocumentFilter::default(), 0, listed.collect());
        let line = |entry: &Entry| {
            let path = places[entry.place as usize].1;
            let what = match entry.kind {
                Kind::Document => path.to_owned(),
                Kind::Folder(end, documents) => format!("[{} {documents}]", &path[..end as usize]),
                Kind::Pages(set) => format!("{} pages", tree.sets[set as usize].len()),
            };
            format!("{}{what}", " ".repeat(entry.depth.into()))
        };
        let lines = tree.entries.iter().map(line).collect();
        (tree, lines)
    }

    #[test]
    fn what_is_in_a_folded_folder_is_not_shown() {
        let places = vec![
            (1, "a/b/one.txt", false),
            (2, "a/two.txt", false),
            (3, "c/three.txt", false),
            (4, "d.txt", false),
        ];
        let (mut tree, lines) = shown(places);
        let mut check = |folded: &[&str], expected: &[&str]| {
            tree.fold(&folded.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
            let left: Vec<&str> = tree.shown.iter().map(|at| lines[*at].trim()).collect();
            assert_eq!(left, expected, "{folded:?}");
        };
        let all = ["[a 2]", "[a/b 1]", "a/b/one.txt", "a/two.txt", "[c 1]", "c/three.txt", "d.txt"];
        check(&[], &all);
        check(&["a"], &["[a 2]", "[c 1]", "c/three.txt", "d.txt"]);
        check(&["a/b"], &["[a 2]", "[a/b 1]", "a/two.txt", "[c 1]", "c/three.txt", "d.txt"]);
        check(&["c", "a/b"], &["[a 2]", "[a/b 1]", "a/two.txt", "[c 1]", "d.txt"]);
        check(&["b", "d.txt"], &all);
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

    #[test]
    fn what_lies_in_several_places_stands_in_each_and_counts_once() {
        let places = vec![
            (1, "archive/old.zip", false),
            (2, "archive/old.zip!ledger.xlsx", true),
            (3, "archive/readme.txt", false),
            (2, "sales/ledger.xlsx", false),
            (2, "sales/copy/ledger.xlsx", false),
        ];
        let expected = [
            "[archive 3]",
            " archive/old.zip",
            "  archive/old.zip!ledger.xlsx",
            " archive/readme.txt",
            "[sales 1]",
            " [sales/copy 1]",
            "  sales/copy/ledger.xlsx",
            " sales/ledger.xlsx",
        ];
        assert_eq!(shown(places).1, expected);
    }

    #[test]
    fn folders_containers_and_page_sets() {
        let paths = [
            ("b/zip.zip", false),
            ("a/x_10_3.png", false),
            ("a/x_2_3.png", false),
            ("a/x_1_3.png", false),
            ("a/5f0c2b6e-91d4-4c7a-8a3e-0d1b7e44c2a9_0.png", false),
            ("a/5f0c2b6e-91d4-4c7a-8a3e-0d1b7e44c2a9_10.png", false),
            ("a/5f0c2b6e-91d4-4c7a-8a3e-0d1b7e44c2a9_2.png", false),
            ("a b.txt", false),
            ("b/zip.zip!in/y.txt", true),
            ("b/zip.zip 2", false),
            ("b/zip.zip!z.txt", true),
            ("top!.txt", false),
        ];
        let numbered = (1..).zip(paths).map(|(number, (path, member))| (number, path, member));
        let (tree, shown) = shown(numbered.collect());
        assert_eq!(
            shown,
            [
                "[a 6]",
                " 3 pages",
                " 3 pages",
                "a b.txt",
                "[b 4]",
                " b/zip.zip",
                "  [b/zip.zip!in 1]",
                "   b/zip.zip!in/y.txt",
                "  b/zip.zip!z.txt",
                " b/zip.zip 2",
                "top!.txt",
            ]
        );
        let sets = [[5, 7, 6], [4, 3, 2]].map(|set| set.map(DocumentId).to_vec());
        assert_eq!(tree.sets, sets);
    }
}
