//! A list of documents as a tree: folders, what is in them, what came out of containers below
//! these, the images of one page set as one entry. What lies in several places stands in each.

use super::cut::{Cut, NONE};
use super::places::{Page, Places};
use std::collections::HashSet;
use std::ops::Range;

pub(in crate::case) struct Tree {
    /// Documents that are shown in one place at least.
    pub documents: u64,
    pub entries: Vec<Entry>,
    /// Documents of page sets, in the order of their pages.
    pub sets: Vec<Vec<u32>>,
    /// Entries that are shown: of folders that are folded nothing in them.
    pub shown: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::case) struct Entry {
    /// The place that stands here; of a folder the first one in it, of a set that of a page.
    pub place: u32,
    pub depth: u16,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::case) enum Kind {
    Document,
    Folder {
        folder: u32,
        /// In it, at any depth.
        documents: u32,
    },
    /// Number of the set.
    Pages(u32),
}

/// A folder or container that one is in while the tree is made.
struct Open {
    /// [`NONE`] for a document that nothing came out of.
    folder: u32,
    /// Entry of a folder that is counted, with those of several places that it has counted.
    counted: Option<(usize, HashSet<u32>)>,
}

impl Tree {
    pub(super) fn new(places: &Places, cut: &Cut, folded: &[String]) -> Tree {
        let documents = cut.main.iter().filter(|place| **place != NONE).count() as u64;
        // A list is kept for as long as the desk is open, and several of them are: grown as it comes,
        // each would take up to twice its room.
        let entries = Vec::with_capacity(cut.places.len() + places.folders.parents.len());
        let (sets, shown) = (Vec::new(), Vec::with_capacity(entries.capacity()));
        let mut tree = Tree { entries, sets, shown, documents };
        let several = in_several(places, cut);
        let (mut open, mut chain): (Vec<Open>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut next = 0;
        while let Some(place) = cut.places.get(next).copied() {
            chain.clear();
            let mut folder = places.folders_of[place as usize];
            while folder != NONE {
                chain.push(folder);
                folder = places.folders.parents[folder as usize];
            }
            chain.reverse();
            let is_same = |(open, folder): &(&Open, &u32)| open.folder == **folder;
            let same = open.iter().zip(&chain).take_while(is_same).count();
            open.truncate(same);
            for folder in &chain[same..] {
                let at = tree.entries.len();
                let kind = Kind::Folder { folder: *folder, documents: 0 };
                tree.entries.push(Entry { place, depth: depth(&open), kind });
                open.push(Open { folder: *folder, counted: Some((at, HashSet::new())) });
            }
            let mut set = set_of(places, &cut.places[next..]);
            let count = set.len().max(1);
            for (at, counted) in open.iter_mut().filter_map(|folder| folder.counted.as_mut()) {
                let is_new = |place: &&u32| {
                    let document = places.documents[**place as usize];
                    !several[document as usize] || counted.insert(document)
                };
                let new = cut.places[next..next + count].iter().filter(is_new).count();
                if let Kind::Folder { documents, .. } = &mut tree.entries[*at].kind {
                    *documents += u32::try_from(new).unwrap_or(0);
                }
            }
            let depth = depth(&open);
            if set.len() > 1 {
                let kind = Kind::Pages(u32::try_from(tree.sets.len()).unwrap_or(NONE));
                let of = |page: &Page| (page.number, places.documents[page.place as usize]);
                set.sort_unstable_by_key(|page| (of(page), page.place));
                tree.entries.push(Entry { place: set[0].place, depth, kind });
                tree.sets.push(set.iter().map(|page| of(page).1).collect());
            } else {
                tree.entries.push(Entry { place, depth, kind: Kind::Document });
                // What comes out of it stands below it.
                let folder = places.folder_of_container(place).unwrap_or(NONE);
                open.push(Open { folder, counted: None });
            }
            next += count;
        }
        tree.entries.shrink_to_fit();
        tree.fold(places, folded);
        tree.shown.shrink_to_fit();
        tree
    }

    /// Entries `range` of those that are shown.
    pub fn rows(&self, range: Range<u64>) -> impl Iterator<Item = &Entry> {
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(self.shown.len());
        let shown = &self.shown[at(range.start)..at(range.end).max(at(range.start))];
        shown.iter().map(|entry| &self.entries[*entry as usize])
    }

    /// The documents that an entry stands for; none for a folder.
    pub fn documents_of(&self, places: &Places, entry: &Entry) -> Vec<u32> {
        match entry.kind {
            Kind::Document => vec![places.documents[entry.place as usize]],
            Kind::Folder { .. } => Vec::new(),
            Kind::Pages(set) => self.sets[set as usize].clone(),
        }
    }

    /// The first entry of a document.
    pub fn entry_of(&self, places: &Places, document: u32) -> Option<u32> {
        let is_it = |entry: &Entry| match entry.kind {
            Kind::Document => places.documents[entry.place as usize] == document,
            Kind::Folder { .. } => false,
            Kind::Pages(set) => self.sets[set as usize].contains(&document),
        };
        self.entries.iter().position(is_it).and_then(|at| u32::try_from(at).ok())
    }

    /// The row that shows an entry: of one that is not shown, that of the folded folder it is in.
    pub fn row_of(&self, entry: u32) -> u64 {
        // What is not shown is in the folder that is shown last before it.
        self.shown.partition_point(|shown| *shown <= entry).max(1) as u64 - 1
    }

    /// Paths of the folders that an entry is in.
    pub fn folders_of<'a>(&self, places: &'a Places, entry: u32) -> Vec<&'a str> {
        let at = (entry as usize).min(self.entries.len());
        // They stand before it, each the last one of its depth.
        let mut depth = self.entries.get(at).map_or(0, |entry| entry.depth);
        let mut folders = Vec::new();
        for before in self.entries[..at].iter().rev() {
            if let Kind::Folder { folder, .. } = before.kind
                && before.depth < depth
            {
                depth = before.depth;
                folders.push(places.folders.path(folder));
            }
        }
        folders
    }

    /// Shows nothing of what is in these folders.
    fn fold(&mut self, places: &Places, folded: &[String]) {
        let closed: HashSet<&str> = folded.iter().map(String::as_str).collect();
        // Depth of the closed folder that one is in.
        let mut below: Option<u16> = None;
        for (at, entry) in (0..).zip(&self.entries) {
            if below.is_some_and(|depth| entry.depth > depth) {
                continue;
            }
            let is_closed = match entry.kind {
                Kind::Folder { folder, .. } => {
                    !closed.is_empty() && closed.contains(places.folders.path(folder))
                }
                _ => false,
            };
            below = is_closed.then_some(entry.depth);
            self.shown.push(at);
        }
    }
}

fn depth(open: &[Open]) -> u16 {
    u16::try_from(open.len()).unwrap_or(u16::MAX)
}

/// Documents that come more than once.
fn in_several(places: &Places, cut: &Cut) -> Vec<bool> {
    let mut times = vec![0_u8; cut.main.len()];
    for place in &cut.places {
        let times = &mut times[places.documents[*place as usize] as usize];
        *times = times.saturating_add(1);
    }
    times.into_iter().map(|times| times > 1).collect()
}

/// Pages of the set that begins here: they stand one after the other.
fn set_of(places: &Places, left: &[u32]) -> Vec<Page> {
    let Some(first) = places.page(left[0]) else { return Vec::new() };
    let pages = left.iter().map_while(|place| places.page(*place));
    pages.take_while(|page| page.work == first.work).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::catalogue::places::RawPlaces;

    fn places_of(listed: &[(u32, &str, bool)]) -> Places {
        let mut raw = RawPlaces::default();
        for (at, (document, path, is_member)) in (0..).zip(listed) {
            raw.push(at, *document, *is_member, false, path);
        }
        Places::new(raw)
    }

    fn tree_of(places: &Places, wanted: &str, folded: &[&str]) -> Tree {
        let documents = places.documents.iter().max().map_or(0, |most| *most as usize + 1);
        let folded: Vec<String> = folded.iter().map(|path| (*path).to_owned()).collect();
        Tree::new(places, &Cut::new(places, documents, wanted, |_| true), &folded)
    }

    /// What is shown of the tree of these places: document, path, whether it is a member.
    fn lines(listed: &[(u32, &str, bool)], wanted: &str, folded: &[&str]) -> Vec<String> {
        let places = places_of(listed);
        let tree = tree_of(&places, wanted, folded);
        let line = |entry: &Entry| {
            let what = match entry.kind {
                Kind::Document => {
                    let at = usize::try_from(places.ids[entry.place as usize]).unwrap();
                    listed[at].1.to_owned()
                }
                Kind::Folder { folder, documents } => {
                    format!("[{} {documents}]", places.folders.path(folder))
                }
                Kind::Pages(set) => format!("{} pages", tree.sets[set as usize].len()),
            };
            format!("{}{what}", " ".repeat(entry.depth.into()))
        };
        tree.rows(0..u64::MAX).map(line).collect()
    }

    #[test]
    fn what_is_in_a_folded_folder_is_not_shown() {
        let places = vec![
            (1, "a/b/one.txt", false),
            (2, "a/two.txt", false),
            (3, "c/three.txt", false),
            (4, "d.txt", false),
        ];
        let check = |folded: &[&str], expected: &[&str]| {
            let left = lines(&places, "", folded);
            let left: Vec<&str> = left.iter().map(|line| line.trim()).collect();
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
        assert_eq!(lines(&places, "", &[]), expected);
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
        let listed: Vec<(u32, &str, bool)> = numbered.collect();
        assert_eq!(
            lines(&listed, "", &[]),
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
        let tree = tree_of(&places_of(&listed), "", &[]);
        assert_eq!(tree.sets, [[5, 7, 6], [4, 3, 2]]);
    }

    #[test]
    fn a_filter_leaves_folders_for_what_it_leaves() {
        let listed = [
            (0, "a/Box.zip", false),
            (1, "a/Box.zip!in/one.txt", true),
            (2, "a/Box.zip!two.txt", true),
            (3, "b/x_1_3.png", false),
            (4, "b/x_2_3.png", false),
            (5, "b/x_3_3.png", false),
            (6, "b/x_3_3.png.txt", false),
        ];
        let check = |wanted: &str, expected: &[&str]| {
            assert_eq!(lines(&listed, wanted, &[]), expected, "{wanted}");
        };
        check("one", &["[a 1]", " [a/Box.zip 1]", "  [a/Box.zip!in 1]", "   a/Box.zip!in/one.txt"]);
        check("two", &["[a 1]", " [a/Box.zip 1]", "  a/Box.zip!two.txt"]);
        check(
            "box.zip",
            &[
                "[a 3]",
                " a/Box.zip",
                "  [a/Box.zip!in 1]",
                "   a/Box.zip!in/one.txt",
                "  a/Box.zip!two.txt",
            ],
        );
        // What lies between two pages and is left out parts them not.
        check("_3.png", &["[b 4]", " 3 pages", " b/x_3_3.png.txt"]);
        check("x_2", &["[b 1]", " b/x_2_3.png"]);
        check("png.", &["[b 1]", " b/x_3_3.png.txt"]);
        check("c", &[]);
    }
}
