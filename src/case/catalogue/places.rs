//! Places in the order of their paths, with the folders and containers that they lie in.

use super::cut::NONE;
use crate::store::PageName;
use crate::text::natural::add_path_key;
use crate::text::normal::folded;
use std::collections::HashMap;

/// Places as they were written, one after the other.
#[derive(Default)]
pub(super) struct RawPlaces {
    ids: Vec<i64>,
    documents: Vec<u32>,
    are_members: Vec<bool>,
    are_missing: Vec<bool>,
    paths: Texts,
}

/// Many texts in one.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }
}

impl RawPlaces {
    /// `id` is a row id, `document` its place among the documents.
    pub fn push(&mut self, id: i64, document: u32, is_member: bool, is_missing: bool, path: &str) {
        self.ids.push(id);
        self.documents.push(document);
        self.are_members.push(is_member);
        self.are_missing.push(is_missing);
        self.paths.push(path);
    }
}

#[derive(Default)]
pub(in crate::case) struct Places {
    /// Row ids.
    pub ids: Vec<i64>,
    pub documents: Vec<u32>,
    /// What they are sorted by: the same for places that are called the same.
    pub ranks: Vec<u32>,
    are_members: Vec<bool>,
    are_missing: Vec<bool>,
    /// The folder or container that each lies in; [`NONE`] at the top.
    pub folders_of: Vec<u32>,
    pub folders: Folders,
    /// Places that are containers, in order, with the folder that they are.
    containers: Vec<(u32, u32)>,
    /// Places of pages, in order.
    pub pages: Vec<Page>,
    /// Paths in the normal form, each with [`END`] behind it.
    called: String,
    called_ends: Vec<usize>,
}

/// Stands in no text in normal form.
const END: char = '\n';

/// Folders, and containers that something came out of.
#[derive(Default)]
pub(in crate::case) struct Folders {
    /// The one that each lies in; [`NONE`] at the top.
    pub parents: Vec<u32>,
    paths: Texts,
}

impl Folders {
    pub fn path(&self, folder: u32) -> &str {
        self.paths.get(folder as usize)
    }

    fn add(&mut self, parent: u32, path: &str) -> u32 {
        self.parents.push(parent);
        self.paths.push(path);
        u32::try_from(self.parents.len() - 1).unwrap_or(NONE)
    }
}

/// A page of a work.
#[derive(Clone, Copy, Debug)]
pub(in crate::case) struct Page {
    pub place: u32,
    /// Number of the work.
    pub work: u32,
    /// Where it stands among the other pages.
    pub number: (u32, u32),
}

/// Ends of the steps of a path, the name itself apart: of its folders, and of its containers.
fn steps(path: &str, is_member: bool) -> impl Iterator<Item = usize> {
    path.char_indices()
        .filter(move |(_, c)| *c == '/' || (is_member && *c == '!'))
        .map(|(at, _)| at)
}

/// A folder or document whose path what comes next may begin with.
struct Open {
    /// Bytes of its path.
    end: usize,
    /// [`NONE`] for a document that nothing came out of so far.
    folder: u32,
}

impl Places {
    pub(super) fn new(raw: RawPlaces) -> Places {
        let (order, ranks) = order(&raw);
        let mut places = Places { ranks, ..Places::default() };
        let mut works: HashMap<(&str, Option<u32>), u32> = HashMap::new();
        let mut open: Vec<Open> = Vec::new();
        let mut before = "";
        for (at, own) in (0..).zip(&order) {
            let own = *own as usize;
            let (path, is_member) = (raw.paths.get(own), raw.are_members[own]);
            places.ids.push(raw.ids[own]);
            places.documents.push(raw.documents[own]);
            places.are_members.push(is_member);
            places.are_missing.push(raw.are_missing[own]);
            let ends: Vec<usize> = steps(path, is_member).collect();
            let common = before.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
            let is_same = |(open, end): &(&Open, &usize)| open.end == **end && **end <= common;
            open.truncate(open.iter().zip(&ends).take_while(is_same).count());
            let mut parent = NONE;
            for (step, end) in ends.iter().enumerate() {
                match open.get_mut(step) {
                    Some(known) if known.folder != NONE => parent = known.folder,
                    Some(container) => {
                        container.folder = places.folders.add(parent, &path[..*end]);
                        parent = container.folder;
                        places.add_container(at, parent, &order, &raw);
                    }
                    None => {
                        parent = places.folders.add(parent, &path[..*end]);
                        open.push(Open { end: *end, folder: parent });
                    }
                }
            }
            places.folders_of.push(parent);
            open.push(Open { end: path.len(), folder: NONE });
            if let Some(page) = PageName::parse(path) {
                let next = u32::try_from(works.len()).unwrap_or(NONE);
                let work = *works.entry(page.work()).or_insert(next);
                places.pages.push(Page { place: at, work, number: page.number });
            }
            places.add_called(path);
            before = path;
        }
        places.containers.sort_unstable();
        places.called.shrink_to_fit();
        places
    }

    /// The main places of documents, by their row ids, without their paths.
    pub(super) fn main_ones(main: &[Option<i64>]) -> Places {
        let known = (0..).zip(main).filter_map(|(document, id)| Some(((*id)?, document)));
        let (ids, documents) = known.unzip();
        Places { ids, documents, ..Places::default() }
    }

    /// The container, or several that are called the same, stands right before its first member.
    fn add_container(&mut self, member: u32, folder: u32, order: &[u32], raw: &RawPlaces) {
        let path = self.folders.path(folder).to_owned();
        for place in (0..member).rev() {
            if raw.paths.get(order[place as usize] as usize) != path {
                break;
            }
            self.containers.push((place, folder));
        }
    }

    fn add_called(&mut self, path: &str) {
        if is_plain(path) {
            let from = self.called.len();
            self.called.push_str(path);
            self.called[from..].make_ascii_lowercase();
        } else {
            self.called.push_str(&folded(path));
        }
        self.called_ends.push(self.called.len());
        self.called.push(END);
    }

    pub fn len(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(NONE)
    }

    /// Calls `take` for every place in whose path `wanted` stands: both in the normal form.
    pub fn each_called(&self, wanted: &str, take: &mut impl FnMut(u32)) {
        let (mut from, mut place) = (0, 0);
        while let Some(found) = self.called.get(from..).and_then(|rest| rest.find(wanted)) {
            place += self.called_ends[place..].partition_point(|end| *end <= from + found);
            let Some(end) = self.called_ends.get(place) else { return };
            take(u32::try_from(place).unwrap_or(NONE));
            from = end + END.len_utf8();
        }
    }

    pub fn standing(&self, place: u32) -> (bool, bool, i64) {
        let at = place as usize;
        standing(self.are_missing[at], self.are_members[at], self.ids[at])
    }

    /// The page that lies at a place.
    pub fn page(&self, place: u32) -> Option<Page> {
        let at = self.pages.binary_search_by_key(&place, |page| page.place).ok()?;
        Some(self.pages[at])
    }

    /// The folder that a place is: of a container with something in it.
    pub fn folder_of_container(&self, place: u32) -> Option<u32> {
        let at = self.containers.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        Some(self.containers[at].1)
    }

    /// Of each of so many documents whether one of its files was found at the last `add`.
    pub fn found(&self, documents: usize) -> Vec<bool> {
        let mut found = vec![false; documents];
        for (document, is_missing) in self.documents.iter().zip(&self.are_missing) {
            found[*document as usize] |= !is_missing;
        }
        found
    }
}

/// Which place of a document it is called by: the least one. A file of its own comes before a member
/// of a container, as long as it is there.
pub(super) fn standing(is_missing: bool, is_member: bool, id: i64) -> (bool, bool, i64) {
    (is_missing, is_member && !is_missing, id)
}

/// Whether the normal form is the lower case: of ASCII with single blanks inside.
fn is_plain(path: &str) -> bool {
    let mut before = b' ';
    let is_plain = path.bytes().all(|byte| {
        let is_single = byte == b' ' && before != b' ';
        before = byte;
        is_single || byte.is_ascii_graphic()
    });
    is_plain && before != b' '
}

/// Places in the order of their paths, and the rank of each in it.
fn order(raw: &RawPlaces) -> (Vec<u32>, Vec<u32>) {
    let (mut keys, mut ends) = (Vec::with_capacity(raw.paths.text.len() * 2), Vec::new());
    for (at, is_member) in raw.are_members.iter().enumerate() {
        add_path_key(&mut keys, raw.paths.get(at), *is_member);
        ends.push(keys.len());
    }
    let key = |place: u32| {
        let at = place as usize;
        &keys[at.checked_sub(1).map_or(0, |before| ends[before])..ends[at]]
    };
    let mut order: Vec<u32> = (0..u32::try_from(raw.ids.len()).unwrap_or(NONE)).collect();
    // Stable: what is called the same stays in the order in which it was written.
    order.sort_by(|one, other| key(*one).cmp(key(*other)));
    let mut rank = 0;
    let ranks = order.iter().enumerate().map(|(at, place)| {
        if at > 0 && key(order[at - 1]) != key(*place) {
            rank += 1;
        }
        rank
    });
    let ranks = ranks.collect();
    (order, ranks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn places_of(paths: &[String]) -> Places {
        let mut raw = RawPlaces::default();
        for (at, path) in (0..).zip(paths) {
            raw.push(at.into(), at, path.contains('!'), false, path);
        }
        Places::new(raw)
    }

    fn key(path: &str) -> Vec<u8> {
        let mut key = Vec::new();
        add_path_key(&mut key, path, path.contains('!'));
        key
    }

    const PATH: &str = "[aB/!._ 0-3销銷ＡéŸ\u{3000}\t]{1,10}";

    proptest! {
        #[test]
        fn a_place_is_called_what_stands_in_its_normal_form(
            paths in prop::collection::vec(PATH, 1..20),
            wanted in "[ab/. 0-3销a]{1,2}",
        ) {
            let (places, wanted) = (places_of(&paths), folded(&wanted));
            prop_assume!(!wanted.is_empty());
            let mut found = Vec::new();
            places.each_called(&wanted, &mut |place| found.push(place));
            let is_called = |place: &u32| {
                folded(&paths[places.documents[*place as usize] as usize]).contains(&wanted)
            };
            let expected: Vec<u32> = (0..places.len()).filter(is_called).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn places_stand_in_the_order_of_their_paths_in_their_folders(
            paths in prop::collection::vec(PATH, 1..20),
        ) {
            let places = places_of(&paths);
            let path = |place: u32| &*paths[places.documents[place as usize] as usize];
            for place in 0..places.len() {
                let (own, folder) = (path(place), places.folders_of[place as usize]);
                if place > 0 {
                    let before = path(place - 1);
                    prop_assert!(key(before) <= key(own));
                    let ranks = (places.ranks[place as usize - 1], places.ranks[place as usize]);
                    prop_assert_eq!(ranks.0 == ranks.1, key(before) == key(own));
                    prop_assert!(ranks.0 <= ranks.1);
                }
                let last = steps(own, own.contains('!')).last();
                let expected = last.map(|end| &own[..end]);
                prop_assert_eq!((folder != NONE).then(|| places.folders.path(folder)), expected);
            }
        }
    }
}
