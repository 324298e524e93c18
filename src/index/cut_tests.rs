//! What is cut is searched as if it were whole, wherever it is cut and wherever its parts lie.

use super::oracle::text;
use super::tests::{GO_ON, document, literal, message, piece};
use super::*;
use crate::model::Wrap;
use crate::text::needle::Needle;
use proptest::prelude::*;
use proptest::sample::Index as Pick;
use std::path::Path;
use std::time::{Duration, Instant};

/// A unit with pieces of text.
type Texts = (Unit, Vec<(Field, Wrap, String)>);

/// How an index is made of them.
#[derive(Clone, Debug)]
struct Making {
    /// Bytes of text in a document of the engine, and documents in a segment.
    most: usize,
    in_segment: usize,
    /// Bytes of text that come at a time.
    stretch: usize,
    /// Segments are joined in the end.
    joins: bool,
}

const WHOLE: Making = Making { most: usize::MAX, in_segment: 0, stretch: usize::MAX, joins: true };

fn make(folder: &Path, units: &[Texts], how: &Making) -> Index {
    let mut writer = Writer::create(folder).unwrap();
    (writer.most, writer.in_segment) = (how.most, how.in_segment);
    for (number, (unit, pieces)) in (1..).zip(units) {
        let columns = IndexUnit {
            type_id: number % 3 + 1,
            sources: vec![1, number],
            clock: Some(number as i64 * 40_000_000),
            ..IndexUnit::new(*unit)
        };
        let mut put = writer.begin(&columns);
        for (field, wrap, text) in pieces {
            put.begin(*field, *wrap);
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let at = rest.ceil_char_boundary(how.stretch.min(rest.len()));
                put.text(&rest[..at]).unwrap();
                rest = &rest[at..];
            }
            put.end();
        }
        put.finish().unwrap();
    }
    writer.commit(1).unwrap();
    if how.joins {
        writer.finish().unwrap();
    }
    Index::open(folder).unwrap()
}

fn making() -> impl Strategy<Value = Making> {
    (
        prop_oneof![1usize..30, 60usize..260],
        prop_oneof![Just(0usize), 1usize..9],
        1usize..40,
        any::<bool>(),
    )
        .prop_map(|(most, in_segment, stretch, joins)| Making {
            most,
            in_segment,
            stretch,
            joins,
        })
}

fn pieces() -> impl Strategy<Value = Vec<(Field, Wrap, String)>> {
    let field = proptest::sample::select(&Field::ALL[..]);
    let wrap = prop_oneof![Just(Wrap::Flow), Just(Wrap::Lines)];
    let pieces = (proptest::collection::vec((field, wrap, text()), 1..6)).prop_map(|mut pieces| {
        pieces.sort_by_key(|(field, ..)| *field as u8);
        pieces
    });
    pieces.boxed()
}

/// What is looked for, made of a text of the evidence.
fn needle(text: &str, from: usize, len: usize, how: u8) -> Option<Needle> {
    let count = text.chars().count().max(1);
    let part: String = text.chars().skip(from % count).take(len).collect();
    match how % 8 {
        0 => Needle::prefix(&part),
        1 => Needle::fuzzy(part.trim(), 1),
        2 => Needle::literal("的"),
        _ => Needle::literal(&part),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, max_shrink_iters: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_cut_is_searched_as_if_it_were_whole(
        texts in proptest::collection::vec(pieces(), 4),
        how in making(),
        picks in proptest::collection::vec((any::<Pick>(), any::<Pick>(), 0usize..40, 1usize..9, any::<u8>()), 30),
    ) {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let unit = |n: i64| if n % 2 == 0 { document(n) } else { message(n) };
        let units: Vec<Texts> = (1..).map(unit).zip(texts).collect();
        let whole = make(one.path(), &units, &WHOLE);
        let cut = make(other.path(), &units, &how);
        let mut leaves: Vec<(Fields, Needle)> = Vec::new();
        for (which, piece, from, len, how) in picks {
            let pieces = &units[which.index(units.len())].1;
            let (field, _, text) = &pieces[piece.index(pieces.len())];
            let fields = if how > 200 { Fields::one(*field) } else { Fields::ALL };
            leaves.extend(needle(text, from, len, how).map(|needle| (fields, needle)));
        }
        let plan = |(fields, needle): &(Fields, Needle)| Plan::Text { fields: *fields, needle: needle.clone() };
        let mut plans: Vec<Plan> = leaves.iter().map(plan).collect();
        for (at, two) in leaves.windows(2).enumerate() {
            let (left, right) = (plan(&two[0]), plan(&two[1]));
            plans.push(match at % 3 {
                0 => Plan::And(vec![left, Plan::Not(Box::new(right))]),
                1 => Plan::And(vec![left, right]),
                _ => Plan::Near {
                    fields: Fields::ALL,
                    left: vec![two[0].1.clone()],
                    right: vec![two[1].1.clone()],
                    within: at as u32 + 1,
                },
            });
        }
        plans.extend([Plan::All, Plan::Not(Box::new(plans[0].clone())), Plan::units(vec![unit(2), unit(3), unit(9)])]);
        plans.push(Plan::Columns(Predicate::In(Column::Source, vec![2, 3])));
        for plan in &plans {
            let (mut expected, all) = whole.find(plan, Page::top(9), &GO_ON).unwrap();
            let (mut found, cut_all) = cut.find(plan, Page::top(9), &GO_ON).unwrap();
            for hits in [&mut expected, &mut found] {
                hits.hits.sort_by_key(|hit| hit.unit);
                hits.hits.iter_mut().for_each(|hit| hit.score = f32::from(hit.score > 0.0));
            }
            prop_assert_eq!(&found, &expected, "{:?} in {:?} made {:?}", plan, units, how);
            let units_found = cut.units(plan, &GO_ON).unwrap();
            prop_assert_eq!(units_found, whole.units(plan, &GO_ON).unwrap());
            for two in leaves.chunks(2).take(4) {
                let wanted: Vec<(Fields, &Needle)> = two
                    .iter()
                    .filter(|(_, needle)| !needle.has_loose_ends())
                    .map(|(fields, needle)| (*fields, needle))
                    .collect();
                let expected = all.occurrences(&wanted, &GO_ON).unwrap();
                let found = cut_all.occurrences(&wanted, &GO_ON).unwrap();
                prop_assert_eq!(found, expected, "{:?} in {:?} made {:?}", wanted, units, how);
            }
        }
        for (_, needle) in &leaves {
            let later = Instant::now() + Duration::from_secs(60);
            let near = |index: &Index| index.near_misses(needle.text(), Fields::ALL, 20, later, &GO_ON).unwrap();
            prop_assert_eq!(near(&cut), near(&whole), "{:?} in {:?} made {:?}", needle, units, how);
        }
        prop_assert!(verify(other.path()).unwrap().is_empty());
    }
}

/// A text of which every document of the engine gets a few bytes, and a small one beside it.
fn sample(folder: &Path) -> Writer {
    let mut writer = Writer::create(folder).unwrap();
    (writer.most, writer.in_segment) = (10, 3);
    let long = "安洵信息技术有限公司 the quick brown fox ".repeat(9);
    writer.put(&IndexUnit::new(document(1)), [piece(Field::Original, &long)]).unwrap();
    writer.put(&IndexUnit::new(document(2)), [piece(Field::Original, "公司")]).unwrap();
    writer.commit(1).unwrap();
    writer
}

fn count(index: &Index, text: &str) -> (u64, u64) {
    let needle = Needle::literal(text).unwrap();
    let (hits, found) = index.find(&literal(text), Page::top(9), &GO_ON).unwrap();
    (hits.total, found.occurrences(&[(Fields::ALL, &needle)], &GO_ON).unwrap())
}

#[test]
fn a_cut_unit_is_replaced_and_deleted_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = sample(folder.path());
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(count(&index, "公司"), (2, 10));
    assert_eq!(count(&index, "有限公司 the quick"), (1, 9));
    assert_eq!(index.count(&Plan::All, &GO_ON).unwrap(), 2);
    writer.put(&IndexUnit::new(document(1)), [piece(Field::Original, "brown 公司 bread")]).unwrap();
    writer.commit(2).unwrap();
    index.reload().unwrap();
    assert_eq!(
        (count(&index, "公司"), count(&index, "brown"), count(&index, "fox")),
        ((2, 2), (1, 1), (0, 0))
    );
    writer.delete(document(1));
    writer.commit(3).unwrap();
    writer.finish().unwrap();
    index.reload().unwrap();
    assert_eq!((count(&index, "公司"), count(&index, "bread")), ((1, 1), (0, 0)));
    assert_eq!(index.count(&Plan::All, &GO_ON).unwrap(), 1);
}

#[test]
fn a_cut_unit_ranks_as_if_it_were_whole() {
    let scores = |most| {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::create(folder.path()).unwrap();
        writer.most = most;
        for (id, times) in [(1, 400), (2, 3), (3, 40)] {
            let text = format!("公司 {}", "other words, here and there. ".repeat(times));
            writer.put(&IndexUnit::new(document(id)), [piece(Field::Original, &text)]).unwrap();
        }
        writer.commit(1).unwrap();
        let index = Index::open(folder.path()).unwrap();
        let mut hits = index.search(&literal("公司"), Page::top(9), &GO_ON).unwrap().hits;
        hits.sort_by_key(|hit| hit.unit);
        hits.into_iter().map(|hit| hit.score).collect::<Vec<f32>>()
    };
    let (whole, cut) = (scores(usize::MAX), scores(200));
    for (whole, cut) in whole.iter().zip(&cut) {
        assert!((whole - cut).abs() < whole * 0.1, "{whole} and {cut}");
    }
    assert!(cut[1] > cut[2] && cut[2] > cut[0], "{cut:?}");
}

#[test]
fn a_unit_of_which_a_part_is_missing_wants_a_new_index() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = sample(folder.path());
    let unit = IndexUnit::new(document(3));
    let mut put = writer.begin(&unit);
    put.begin(Field::Original, Wrap::Lines);
    put.text(&"公司 ".repeat(9)).unwrap();
    // Whoever fails here does not go on to a commit.
    drop(put);
    writer.commit(2).unwrap();
    let error = Index::open(folder.path()).err().unwrap();
    assert!(error.wants_rebuild() && error.to_string().contains("not whole"), "{error}");
}
