//! The list of documents as a tree: folders, what is in them, what came out of containers below
//! these, the images of one page set as one entry.
//!
//! The order of the whole tree is made once for a filter (every path is read and compared) and
//! kept until the evidence changes; a screen then asks for some entries of it.

use super::{Case, CaseError};
use crate::model::DocumentId;
use crate::model::view::{DocumentEntry, DocumentFilter, Shape};
use crate::store::{ListedPath, PageName};
use std::cmp::Ordering;
use std::ops::Range;

/// The order of a tree.
pub(super) struct Tree {
    filter: DocumentFilter,
    /// The last change of the evidence that it knows.
    change: u64,
    entries: Vec<Entry>,
    /// Documents of page sets, in the order of their pages.
    sets: Vec<Vec<DocumentId>>,
}

#[derive(Clone, Copy)]
struct Entry {
    /// The document; of a folder the first one in it, of a set its first page.
    id: DocumentId,
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

impl Case {
    /// Entries `range` of the list of documents, and how many there are: a tree when the filter
    /// says so, otherwise a document each.
    pub fn document_entries(
        &self,
        filter: &DocumentFilter,
        range: Range<u64>,
    ) -> Result<(u64, Vec<DocumentEntry>), CaseError> {
        if !filter.tree {
            let total = self.document_count(filter)?;
            let rows = self.documents(filter, range)?;
            return Ok((total, rows.into_iter().map(DocumentEntry::from).collect()));
        }
        self.with_tree(filter, |tree| {
            let total = tree.entries.len();
            let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(total);
            let shown = &tree.entries[at(range.start)..at(range.end).max(at(range.start))];
            let mut entries = Vec::with_capacity(shown.len());
            for entry in shown {
                let row = self.document_row(entry.id)?;
                let shape = match entry.kind {
                    Kind::Document => Shape::Document,
                    Kind::Folder(end, documents) => Shape::Folder {
                        path: row.path.get(..end as usize).unwrap_or_default().to_owned(),
                        documents: documents.into(),
                    },
                    Kind::Pages(set) => {
                        let pages = tree.sets.get(set as usize).cloned().unwrap_or_default();
                        Shape::Pages(pages)
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
            let ids = self.store.filtered_ids(filter, range.start, range.end - range.start)?;
            return Ok(ids.into_iter().map(|id| vec![id]).collect());
        }
        self.with_tree(filter, |tree| {
            let total = tree.entries.len();
            let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(total);
            let shown = &tree.entries[at(range.start)..at(range.end).max(at(range.start))];
            let documents = |entry: &Entry| match entry.kind {
                Kind::Document => vec![entry.id],
                Kind::Folder(..) => Vec::new(),
                Kind::Pages(set) => tree.sets.get(set as usize).cloned().unwrap_or_default(),
            };
            Ok(shown.iter().map(documents).collect())
        })
    }

    /// The entry of a document in the list; `None` when the filter leaves it out.
    pub fn entry_position(
        &self,
        filter: &DocumentFilter,
        id: DocumentId,
    ) -> Result<Option<u64>, CaseError> {
        if !filter.tree {
            return self.document_position(filter, id);
        }
        self.with_tree(filter, |tree| {
            let holds = |entry: &Entry| match entry.kind {
                Kind::Document => entry.id == id,
                Kind::Folder(..) => false,
                Kind::Pages(set) => {
                    tree.sets.get(set as usize).is_some_and(|pages| pages.contains(&id))
                }
            };
            Ok(tree.entries.iter().position(holds).map(|at| at as u64))
        })
    }

    fn with_tree<T>(
        &self,
        filter: &DocumentFilter,
        read: impl FnOnce(&Tree) -> Result<T, CaseError>,
    ) -> Result<T, CaseError> {
        let change = self.store.last_change()?;
        let kept = self.tree.take().filter(|tree| tree.filter == *filter && tree.change == change);
        let tree = match kept {
            Some(tree) => tree,
            None => Tree::new(filter.clone(), change, self.store.listed_paths(filter)?),
        };
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

/// Step by step: what lies in a folder stands together, whatever its name begins with.
fn compare(a: &ListedPath, b: &ListedPath) -> Ordering {
    fn key(path: &ListedPath) -> impl Iterator<Item = u8> {
        path.path.bytes().map(|byte| match byte {
            b'/' => 0,
            b'!' if path.is_member => 0,
            byte => byte,
        })
    }
    key(a).cmp(key(b)).then(a.id.0.cmp(&b.id.0))
}

impl Tree {
    fn new(filter: DocumentFilter, change: u64, mut paths: Vec<ListedPath>) -> Tree {
        paths.sort_by(compare);
        let mut tree = Tree { filter, change, entries: Vec::new(), sets: Vec::new() };
        // Folders and containers that are open: the end of their path, and their entry where they
        // have a count.
        let mut open: Vec<(String, Option<usize>)> = Vec::new();
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
                tree.entries.push(Entry { id: path.id, depth, kind });
                open.push((path.path[..*end].to_owned(), Some(at)));
            }
            let pages = set_of(&paths[next..]);
            let depth = u16::try_from(open.len()).unwrap_or(u16::MAX);
            let count = pages.len().max(1);
            for at in open.iter().filter_map(|(_, at)| *at) {
                if let Kind::Folder(_, documents) = &mut tree.entries[at].kind {
                    *documents += u32::try_from(count).unwrap_or(0);
                }
            }
            if pages.len() > 1 {
                let kind = Kind::Pages(u32::try_from(tree.sets.len()).unwrap_or(u32::MAX));
                tree.entries.push(Entry { id: pages[0], depth, kind });
                tree.sets.push(pages);
            } else {
                tree.entries.push(Entry { id: path.id, depth, kind: Kind::Document });
                // What comes out of it stands below it.
                open.push((path.path.clone(), None));
            }
            next += count;
        }
        tree
    }
}

/// Documents of the page set that begins here, by their pages.
fn set_of(paths: &[ListedPath]) -> Vec<DocumentId> {
    let Some(first) = PageName::parse(&paths[0].path) else { return Vec::new() };
    let mut pages: Vec<(u32, DocumentId)> = paths
        .iter()
        .map_while(|path| {
            let page = PageName::parse(&path.path)?;
            let is_same = page.prefix == first.prefix && page.total == first.total;
            is_same.then_some((page.number, path.id))
        })
        .collect();
    pages.sort_unstable();
    pages.into_iter().map(|(_, id)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_containers_and_page_sets() {
        let paths = [
            ("b/zip.zip", false),
            ("a/x_10_3.png", false),
            ("a/x_2_3.png", false),
            ("a/x_1_3.png", false),
            ("a b.txt", false),
            ("b/zip.zip!in/y.txt", true),
            ("b/zip.zip 2", false),
            ("b/zip.zip!z.txt", true),
            ("top!.txt", false),
        ];
        let listed = paths.iter().enumerate().map(|(number, (path, is_member))| ListedPath {
            id: DocumentId(number as i64 + 1),
            path: (*path).to_owned(),
            is_member: *is_member,
        });
        let tree = Tree::new(DocumentFilter::default(), 0, listed.collect());
        let shown: Vec<String> = tree
            .entries
            .iter()
            .map(|entry| {
                let path = paths[entry.id.0 as usize - 1].0;
                let what = match entry.kind {
                    Kind::Document => path.to_owned(),
                    Kind::Folder(end, documents) => {
                        format!("[{} {documents}]", &path[..end as usize])
                    }
                    Kind::Pages(set) => format!("{} pages", tree.sets[set as usize].len()),
                };
                format!("{}{what}", " ".repeat(entry.depth.into()))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "[a 3]",
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
        assert_eq!(tree.sets, [vec![DocumentId(4), DocumentId(3), DocumentId(2)]]);
    }
}
