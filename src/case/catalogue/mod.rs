//! All documents and their places in memory, with what lists are cut and sorted by: a list is
//! another one with every key of a filter that is typed, and SQL would read and compare every path
//! for each.
//!
//! It is made once, in some tenths of a second for 100,000 documents, at some 130 bytes for each
//! (most of it its path), and kept until the evidence changes. All handles of one opening share it,
//! and the lists that were asked for last.
//!
//! - `places` paths in their order, the folders that they lie in · `cut` what a filter leaves of them
//! - `numbers` all of them by their numbers, without the rest of it
//! - `flat` a list of documents, page sets as one · `tree` the same as a tree

mod cut;
mod flat;
mod numbers;
mod places;
mod tree;

use super::{Case, CaseError};
use crate::model::view::{DocumentFilter, DocumentSort, Lacking, NO_LANGUAGE};
use crate::model::{DocumentId, State};
use crate::store::{EvidenceState, Store};
use crate::text::normal::folded;
use cut::Cut;
use flat::Flat;
use places::{Places, RawPlaces};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
pub(super) use tree::Kind;
use tree::Tree;

/// Lists that are kept: of a list in two shapes, and with and without folded folders.
const KEPT: usize = 4;

/// What the handles of one opening keep of the list of documents.
#[derive(Default)]
pub(super) struct Lists {
    /// All documents by their numbers.
    numbers: Mutex<Option<Arc<List>>>,
    others: Mutex<Others>,
}

/// What is made from the catalogue.
#[derive(Default)]
struct Others {
    catalogue: Option<Arc<Catalogue>>,
    /// The one that was asked for last is the last.
    lists: VecDeque<(Wanted, Arc<List>)>,
}

/// What a list is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    filter: DocumentFilter,
    grouping: Grouping,
    /// Of the filter: what depends on decisions, too.
    lacking_zone: Vec<DocumentId>,
}

/// Whether the pages of a set are one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grouping {
    PageSets,
    EachPage,
}

/// A list of documents as it was asked for.
pub(super) struct List {
    pub catalogue: Arc<Catalogue>,
    pub shape: Shape,
}

pub(super) enum Shape {
    Flat(Flat),
    Tree(Tree),
}

impl List {
    pub fn total(&self) -> u64 {
        match &self.shape {
            Shape::Flat(flat) => flat.len() as u64,
            Shape::Tree(tree) => tree.shown.len() as u64,
        }
    }

    /// Documents that the rows stand for, each once.
    pub fn documents(&self) -> u64 {
        match &self.shape {
            Shape::Flat(flat) => (flat.len() + flat.sets.first.len()) as u64,
            Shape::Tree(tree) => tree.documents,
        }
    }

    /// The documents that rows `range` stand for; none for a folder.
    pub fn documents_of(&self, range: Range<u64>) -> Vec<Vec<DocumentId>> {
        let ids = |documents: Vec<u32>| -> Vec<DocumentId> {
            documents.into_iter().map(|document| self.catalogue.id(document)).collect()
        };
        match &self.shape {
            Shape::Flat(flat) => {
                flat.rows(range).iter().map(|row| ids(flat.sets.pages_of(row.0))).collect()
            }
            Shape::Tree(tree) => {
                let places = &self.catalogue.places;
                tree.rows(range).map(|entry| ids(tree.documents_of(places, entry))).collect()
            }
        }
    }
}

/// All documents by their numbers, and all places by their paths. One is called by its place in
/// these orders.
pub(super) struct Catalogue {
    of: EvidenceState,
    made: Made,
    documents: Documents,
    pub places: Places,
}

/// When something was made, and how long that took.
#[derive(Clone, Copy, Debug)]
struct Made {
    at: Instant,
    took: Duration,
}

impl Made {
    fn since(begun: Instant) -> Made {
        Made { at: Instant::now(), took: begun.elapsed() }
    }
}

/// What is made sooner is made anew at every change.
const SOON: Duration = Duration::from_millis(20);
/// While an `add` runs the evidence changes all the time: what takes long to make stays for as many
/// times as long, so that reading does not wait for lists.
const STAYS: u32 = 10;

#[derive(Default)]
struct Documents {
    ids: Vec<DocumentId>,
    /// Bytes.
    sizes: Vec<u64>,
    /// Best dates; [`UNDATED`] where there is none.
    clocks: Vec<i64>,
    formats: Words,
    languages: Words,
    states: Vec<State>,
    lack_page_text: Vec<bool>,
    are_warned: Vec<bool>,
}

const UNDATED: i64 = i64::MAX;

/// A word of each document out of a few: numbers, which are sorted as the words are.
#[derive(Default)]
struct Words {
    of: Vec<u16>,
    names: Vec<String>,
}

impl Words {
    /// `numbered`: words as they came, `numbers` what each was given then.
    fn new(mut of: Vec<u16>, numbers: HashMap<String, u16>) -> Words {
        let mut names: Vec<(String, u16)> = numbers.into_iter().collect();
        names.sort_unstable();
        let mut rank = vec![0; names.len()];
        for (at, (_, number)) in (0..).zip(&names) {
            if let Some(rank) = rank.get_mut(usize::from(*number)) {
                *rank = at;
            }
        }
        for number in &mut of {
            *number = rank.get(usize::from(*number)).copied().unwrap_or(*number);
        }
        Words { of, names: names.into_iter().map(|(name, _)| name).collect() }
    }

    /// The number of a word that some document has.
    fn number(&self, name: &str) -> Option<u16> {
        let at = self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
        u16::try_from(at).ok()
    }

    /// Numbers of the languages that were asked for.
    fn languages(&self, wanted: &str) -> Vec<u16> {
        if wanted.eq_ignore_ascii_case(NO_LANGUAGE) {
            return self.number("").into_iter().collect();
        }
        let wanted = wanted.to_lowercase();
        let is = |fits: &dyn Fn(&str) -> bool| -> Vec<u16> {
            let fitting = (0..)
                .zip(&self.names)
                .filter(|(_, name)| !name.is_empty() && fits(&name.to_lowercase()));
            fitting.map(|(at, _)| at).collect()
        };
        match is(&|name| name == wanted) {
            none if none.is_empty() => is(&|name| name.starts_with(&wanted)),
            found => found,
        }
    }
}

/// The number of a word, the next one where it is new.
fn numbered(numbers: &mut HashMap<String, u16>, word: &str) -> u16 {
    match numbers.get(word) {
        Some(number) => *number,
        None => {
            // There are some hundred formats, and fewer languages.
            let number = u16::try_from(numbers.len()).unwrap_or(u16::MAX);
            numbers.insert(word.to_owned(), number);
            number
        }
    }
}

impl Documents {
    fn read(store: &Store) -> Result<Documents, CaseError> {
        let mut documents = Documents::default();
        let (mut formats, mut languages) = (HashMap::new(), HashMap::new());
        let (mut of_format, mut of_language) = (Vec::new(), Vec::new());
        store.each_listed_document(|document| {
            documents.ids.push(document.id);
            documents.sizes.push(document.size);
            documents.clocks.push(document.clock.unwrap_or(UNDATED));
            of_format.push(numbered(&mut formats, document.format));
            of_language.push(numbered(&mut languages, document.language));
            documents.states.push(document.state);
            documents.lack_page_text.push(document.lacks_page_text);
            documents.are_warned.push(document.is_warned);
        })?;
        documents.formats = Words::new(of_format, formats);
        documents.languages = Words::new(of_language, languages);
        Ok(documents)
    }

    fn at(&self, id: DocumentId) -> Option<u32> {
        self.ids.binary_search(&id).ok().and_then(|at| u32::try_from(at).ok())
    }
}

impl Catalogue {
    fn read(store: &Store) -> Result<Catalogue, CaseError> {
        // Asked for first: what changes meanwhile makes it out of date.
        let of = store.state_of_evidence()?;
        let begun = Instant::now();
        let documents = Documents::read(store)?;
        let mut raw = RawPlaces::default();
        store.each_listed_place(|place| {
            // What came in between is not in it.
            if let Some(document) = documents.at(place.document) {
                raw.push(place.id, document, place.is_member, place.is_missing, place.path);
            }
        })?;
        let places = Places::new(raw);
        Ok(Catalogue { of, made: Made::since(begun), places, documents })
    }

    /// Whether it is that of the evidence as it is now, or new enough while that changes.
    fn is_current(&self, now: &EvidenceState) -> bool {
        let Made { at, took } = self.made;
        self.of == *now || now.is_changing() && took > SOON && at.elapsed() < took * STAYS
    }

    pub fn id(&self, document: u32) -> DocumentId {
        self.documents.ids[document as usize]
    }

    pub fn at(&self, id: DocumentId) -> Option<u32> {
        self.documents.at(id)
    }

    /// Places and documents that pass a filter.
    fn cut(&self, store: &Store, wanted: &Wanted) -> Result<Cut, CaseError> {
        let filter = &wanted.filter;
        let format = filter.format.as_ref().map(|format| self.documents.formats.number(format));
        let languages =
            filter.language.as_ref().map(|wanted| self.documents.languages.languages(wanted));
        let inside = filter.parent.map(|parent| store.places_out_of(parent)).transpose()?;
        let found = match filter.lacking {
            Some(Lacking::File) => self.places.found(self.documents.ids.len()),
            _ => Vec::new(),
        };
        let documents = &self.documents;
        let passes = |document: u32| {
            let at = document as usize;
            let lacks = || match filter.lacking {
                None => true,
                Some(Lacking::PageText) => documents.lack_page_text[at],
                Some(Lacking::Assurance) => documents.are_warned[at],
                Some(Lacking::Zone) => {
                    wanted.lacking_zone.binary_search(&documents.ids[at]).is_ok()
                }
                Some(Lacking::File) => !found[at],
            };
            filter.state.is_none_or(|state| documents.states[at] == state)
                && (!filter.unreadable || documents.states[at].is_unreadable())
                && format.is_none_or(|format| format == Some(documents.formats.of[at]))
                && (languages.as_ref())
                    .is_none_or(|languages| languages.contains(&documents.languages.of[at]))
                && lacks()
        };
        let is_inside = |id: i64| inside.as_ref().is_none_or(|ids| ids.binary_search(&id).is_ok());
        Ok(Cut::new(&self.places, documents.ids.len(), &folded(&filter.path), |place| {
            passes(self.places.documents[place as usize])
                && is_inside(self.places.ids[place as usize])
        }))
    }

    /// Sorts documents, each with the place that it is called by. Ties are broken by number.
    fn sort(&self, rows: &mut [(u32, u32)], sort: DocumentSort, descending: bool) {
        let Documents { sizes, clocks, .. } = &self.documents;
        let (formats, languages) = (&self.documents.formats.of, &self.documents.languages.of);
        // No language is the first of them in order; it stands last in either direction.
        let none = self.documents.languages.number("");
        let language = |row: &(u32, u32)| languages[row.0 as usize];
        let at = |row: &(u32, u32)| row.0 as usize;
        match (sort, descending) {
            (DocumentSort::Number, false) => {}
            (DocumentSort::Number, true) => rows.reverse(),
            (DocumentSort::Path, false) => {
                rows.sort_by_key(|row| self.places.ranks[row.1 as usize])
            }
            (DocumentSort::Path, true) => {
                rows.sort_by_key(|row| std::cmp::Reverse(self.places.ranks[row.1 as usize]));
            }
            (DocumentSort::Format, false) => {
                rows.sort_by_key(|row| (formats[at(row)], self.places.ranks[row.1 as usize]));
            }
            (DocumentSort::Format, true) => rows.sort_by_key(|row| {
                (std::cmp::Reverse(formats[at(row)]), self.places.ranks[row.1 as usize])
            }),
            (DocumentSort::Language, false) => rows.sort_by_key(|row| {
                let own = language(row);
                (Some(own) == none, own, self.places.ranks[row.1 as usize])
            }),
            (DocumentSort::Language, true) => rows.sort_by_key(|row| {
                let own = language(row);
                (Some(own) == none, std::cmp::Reverse(own), self.places.ranks[row.1 as usize])
            }),
            (DocumentSort::Date, false) => rows.sort_by_key(|row| clocks[at(row)]),
            // What has no date comes last in either direction.
            (DocumentSort::Date, true) => rows.sort_by_key(|row| {
                let clock = clocks[at(row)];
                (clock == UNDATED, std::cmp::Reverse(clock))
            }),
            (DocumentSort::Size, false) => rows.sort_by_key(|row| sizes[at(row)]),
            (DocumentSort::Size, true) => {
                rows.sort_by_key(|row| std::cmp::Reverse(sizes[at(row)]));
            }
        }
    }
}

impl Others {
    /// The catalogue of the evidence of now. What was made from an older one is dropped.
    fn catalogue(&mut self, store: &Store) -> Result<Arc<Catalogue>, CaseError> {
        let state = store.state_of_evidence()?;
        let known = self.catalogue.take().filter(|known| known.is_current(&state));
        let catalogue = match known {
            Some(known) => known,
            None => {
                self.lists.clear();
                Arc::new(Catalogue::read(store)?)
            }
        };
        self.catalogue = Some(catalogue.clone());
        Ok(catalogue)
    }
}

impl Case {
    /// The list that a filter asks for, made or as it is kept. Who asks while another thread makes it
    /// waits for that.
    pub(super) fn list_of(
        &self,
        filter: &DocumentFilter,
        grouping: Grouping,
    ) -> Result<Arc<List>, CaseError> {
        if *filter == DocumentFilter::default() && grouping == Grouping::PageSets {
            return self.list_by_numbers();
        }
        let lacking_zone = match filter.lacking {
            Some(Lacking::Zone) => self.store.of_assumed_zone()?,
            _ => Vec::new(),
        };
        let wanted = Wanted { filter: filter.clone(), grouping, lacking_zone };
        let mut others = locked(&self.lists.others);
        let catalogue = others.catalogue(&self.store)?;
        if let Some(at) = others.lists.iter().position(|(known, _)| *known == wanted)
            && let Some((_, list)) = others.lists.remove(at)
        {
            others.lists.push_back((wanted, list.clone()));
            return Ok(list);
        }
        let cut = catalogue.cut(&self.store, &wanted)?;
        let shape = if filter.tree {
            Shape::Tree(Tree::new(&catalogue.places, &cut, &filter.folded))
        } else {
            Shape::Flat(Flat::new(&catalogue, cut, filter, grouping))
        };
        let list = Arc::new(List { catalogue, shape });
        if others.lists.len() == KEPT {
            others.lists.pop_front();
        }
        others.lists.push_back((wanted, list.clone()));
        Ok(list)
    }

    fn list_by_numbers(&self) -> Result<Arc<List>, CaseError> {
        let mut kept = locked(&self.lists.numbers);
        let state = self.store.state_of_evidence()?;
        if let Some(list) = kept.as_ref().filter(|list| list.catalogue.is_current(&state)) {
            return Ok(list.clone());
        }
        let list = Arc::new(List::by_numbers(&self.store, state)?);
        *kept = Some(list.clone());
        Ok(list)
    }

    /// Makes what lists are sorted and filtered by, so that the first one need not wait for it.
    pub fn prepare_lists(&self) -> Result<(), CaseError> {
        locked(&self.lists.others).catalogue(&self.store)?;
        Ok(())
    }
}

/// What a panic left is whole, or not there.
fn locked<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documents with these paths, formats, sizes, dates and languages, numbered from 0.
    fn catalogue(listed: &[(&str, u16, u64, Option<i64>, &str)]) -> Catalogue {
        let mut raw = RawPlaces::default();
        let mut documents = Documents::default();
        let (mut languages, mut of_language) = (HashMap::new(), Vec::new());
        for (at, (path, format, size, clock, language)) in (0..).zip(listed) {
            raw.push(i64::from(at), at, false, false, path);
            documents.ids.push(DocumentId(at.into()));
            documents.formats.of.push(*format);
            of_language.push(numbered(&mut languages, language));
            documents.sizes.push(*size);
            documents.clocks.push(clock.unwrap_or(UNDATED));
        }
        documents.languages = Words::new(of_language, languages);
        let made = Made::since(Instant::now());
        Catalogue { of: EvidenceState::default(), made, documents, places: Places::new(raw) }
    }

    #[test]
    fn what_takes_long_stays_a_while_when_the_evidence_changes_all_the_time() {
        let mut made = catalogue(&[("a", 0, 1, None, "")]);
        let (same, now) = (made.of.clone(), EvidenceState::changing(7));
        made.made = Made { at: Instant::now(), took: Duration::from_secs(3600) };
        assert!(made.is_current(&same) && made.is_current(&now));
        assert!(!made.is_current(&EvidenceState::settled(7)), "nothing comes after it");
        made.made.took = SOON;
        assert!(!made.is_current(&now));
    }

    #[test]
    fn every_order_breaks_ties_by_number_and_puts_what_has_no_date_last() {
        let catalogue = catalogue(&[
            ("b/page 10.png", 1, 5, Some(20), ""),
            ("b/page 2.png", 0, 5, None, "zh"),
            ("a.txt", 1, 9, Some(10), "en"),
            ("b/page 2.png", 1, 1, None, "zh"),
            ("b c.txt", 0, 9, Some(20), "en"),
        ]);
        let check = |sort, descending, expected: [u32; 5]| {
            let places = &catalogue.places;
            let cut = Cut::new(places, 5, "", |_| true);
            let mut rows: Vec<(u32, u32)> = (0..).zip(cut.main).collect();
            catalogue.sort(&mut rows, sort, descending);
            let found: Vec<u32> = rows.into_iter().map(|row| row.0).collect();
            assert_eq!(found, expected, "{sort:?}, descending: {descending}");
        };
        check(DocumentSort::Number, false, [0, 1, 2, 3, 4]);
        check(DocumentSort::Number, true, [4, 3, 2, 1, 0]);
        check(DocumentSort::Path, false, [2, 1, 3, 0, 4]);
        check(DocumentSort::Path, true, [4, 0, 1, 3, 2]);
        check(DocumentSort::Format, false, [1, 4, 2, 3, 0]);
        check(DocumentSort::Format, true, [2, 3, 0, 1, 4]);
        check(DocumentSort::Date, false, [2, 0, 4, 1, 3]);
        check(DocumentSort::Date, true, [0, 4, 2, 1, 3]);
        check(DocumentSort::Size, false, [3, 0, 1, 2, 4]);
        check(DocumentSort::Size, true, [2, 4, 0, 1, 3]);
        check(DocumentSort::Language, false, [2, 4, 1, 3, 0]);
        check(DocumentSort::Language, true, [1, 3, 2, 4, 0]);
    }

    #[test]
    fn a_language_is_asked_for_by_its_name_or_its_beginning() {
        let catalogue = catalogue(&[
            ("a", 0, 1, None, "zh-hant"),
            ("b", 0, 1, None, ""),
            ("c", 0, 1, None, "zh"),
            ("d", 0, 1, None, "en"),
        ]);
        let check = |wanted: &str, expected: &[&str]| {
            let languages = &catalogue.documents.languages;
            let found = languages.languages(wanted).into_iter();
            let found: Vec<&str> =
                found.map(|at| languages.names[usize::from(at)].as_str()).collect();
            assert_eq!(found, expected, "{wanted}");
        };
        check("zh", &["zh"]);
        check("ZH", &["zh"]);
        check("z", &["zh", "zh-hant"]);
        check("none", &[""]);
        check("n", &[]);
        check("ru", &[]);
    }
}
