//! The index as a whole: what goes in is found, exactly.

use super::*;
use crate::model::{DocumentId, MessageId, Wrap};
use crate::text::needle::Needle;
use std::path::Path;
use std::sync::atomic::AtomicBool;

pub(super) static GO_ON: AtomicBool = AtomicBool::new(false);

pub(super) fn document(id: i64) -> Unit {
    Unit::document(DocumentId(id))
}

pub(super) fn message(id: i64) -> Unit {
    Unit::message(MessageId(id))
}

pub(super) fn piece(field: Field, text: &str) -> Piece<'_> {
    Piece { field, wrap: Wrap::Flow, text }
}

/// An index over these units; every text is flowing original text.
pub(super) fn index_of(folder: &Path, texts: &[(Unit, &str)]) -> Index {
    index_cut(folder, texts, usize::MAX)
}

/// The same, with no more than so many bytes of text in one document of the engine.
pub(super) fn index_cut(folder: &Path, texts: &[(Unit, &str)], most: usize) -> Index {
    let mut writer = Writer::create(folder).unwrap();
    writer.most = most;
    for (unit, text) in texts {
        writer.put(&IndexUnit::new(*unit), [piece(Field::Original, text)]).unwrap();
    }
    writer.commit(1).unwrap();
    writer.finish().unwrap();
    Index::open(folder).unwrap()
}

pub(super) fn literal(text: &str) -> Plan {
    Plan::text(Needle::literal(text).unwrap())
}

fn items(units: &[Unit]) -> String {
    units.iter().map(|unit| unit.item().to_string()).collect::<Vec<_>>().join(" ")
}

fn check(index: &Index, plan: &Plan, expected: &str) {
    let units = index.units(plan, &GO_ON).unwrap();
    assert_eq!(items(&units), expected, "{plan:?}");
    let hits = index.search(plan, Page::top(100), &GO_ON).unwrap();
    assert_eq!(hits.total as usize, units.len());
    assert_eq!(hits.hits.len(), units.len());
}

fn sample(folder: &Path) -> Index {
    let texts = [
        (document(1), "安洵信息技术有限公司 第1期"),
        (document(2), "公司法，第12期；安询信息 v2.0 (a.b@c.example)"),
        (document(3), "Pay the payment in\n2 weeks; exam-\nple code"),
        (message(1), "公"),
        (message(2), "司公 2 v2.01"),
        (message(3), "國際公\n司 names"),
        (message(4), "한국\n사람, name?!"),
    ];
    index_of(folder, &texts)
}

#[test]
fn literals_find_exactly_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let index = sample(folder.path());
    for (text, expected) in [
        ("公司", "D1 D2 M3"),
        ("公", "D1 D2 M1 M2 M3"),
        ("司", "D1 D2 M2 M3"),
        ("公 2", "M2"),
        ("公2", ""),
        ("有限公司", "D1"),
        ("第1期", "D1"),
        ("第", "D1 D2"),
        ("期；安", "D2"),
        ("期安", ""),
        ("v2.0", "D2"),
        ("v2", "D2 M2"),
        ("a.b@c.example", "D2"),
        ("A.B@C", "D2"),
        ("a b", ""),
        ("国际", "M3"),
        ("國際公司", "M3"),
        ("example", "D2 D3"),
        ("example code", "D3"),
        ("in 2 weeks;", "D3"),
        ("weeks", "D3"),
        ("week", ""),
        ("한국사람", "M4"),
        ("한국 사람", "M4"),
        ("?!", "M4"),
        ("name?", "M4"),
        ("nothing", ""),
    ] {
        check(&index, &literal(text), expected);
    }
}

#[test]
fn prefixes_misspellings_and_nearness() {
    let folder = tempfile::tempdir().unwrap();
    let index = sample(folder.path());
    let text = |needle: Option<Needle>| Plan::text(needle.unwrap());
    check(&index, &text(Needle::prefix("pay")), "D3");
    check(&index, &text(Needle::prefix("the paym")), "D3");
    check(&index, &text(Needle::prefix("v2")), "D2 M2");
    check(&index, &text(Needle::fuzzy("name", 1)), "M3 M4");
    check(&index, &text(Needle::fuzzy("nme", 1)), "M4");
    check(&index, &text(Needle::fuzzy("安洵信息", 1)), "D1 D2");
    check(&index, &text(Needle::fuzzy("安洵", 1)), "D1 D2");
    let near = |a: &str, b: &str, within| {
        let side = |text| vec![Needle::literal(text).unwrap()];
        Plan::Near { fields: Fields::ALL, left: side(a), right: side(b), within }
    };
    check(&index, &near("安", "技术", 4), "D1");
    check(&index, &near("技术", "安", 4), "D1");
    check(&index, &near("安", "技术", 3), "");
    check(&index, &near("pay", "payment", 2), "D3");
    check(&index, &near("pay", "payment", 1), "");
    check(&index, &near("公", "公", 5), "");
    check(&index, &near("example", "code", 1), "D3");
}

#[test]
fn sets_combine() {
    let folder = tempfile::tempdir().unwrap();
    let index = sample(folder.path());
    let not = |plan| Plan::Not(Box::new(plan));
    check(&index, &Plan::All, "D1 D2 D3 M1 M2 M3 M4");
    check(&index, &Plan::None, "");
    check(&index, &not(literal("公")), "D3 M4");
    check(&index, &Plan::And(vec![literal("公司"), not(literal("安"))]), "M3");
    check(&index, &Plan::Or(vec![literal("pay"), literal("names")]), "D3 M3");
    check(&index, &Plan::And(vec![]), "D1 D2 D3 M1 M2 M3 M4");
    check(&index, &Plan::Or(vec![]), "");
    let units = Plan::units(vec![message(3), document(2), message(9), document(2)]);
    check(&index, &units, "D2 M3");
    check(&index, &Plan::And(vec![units, not(literal("names"))]), "D2");
}

#[test]
fn variants_are_fields_of_one_unit() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path()).unwrap();
    let pieces = [
        piece(Field::Original, "合同"),
        piece(Field::Original, " \u{200b} "),
        piece(Field::Original, "金额"),
        piece(Field::Translation, "contract amount"),
        piece(Field::Name, "leak/合同.docx"),
    ];
    writer.put(&IndexUnit::new(document(1)), pieces).unwrap();
    writer.put(&IndexUnit::new(document(2)), [piece(Field::Ocr, "合同")]).unwrap();
    writer.commit(1).unwrap();
    let index = Index::open(folder.path()).unwrap();
    check(&index, &Plan::And(vec![literal("金额"), literal("contract")]), "D1");
    check(&index, &literal("合同金额"), "");
    check(&index, &literal("合同 金额"), "");
    let only = |field, text: &str| Plan::Text {
        fields: Fields::one(field),
        needle: Needle::literal(text).unwrap(),
    };
    check(&index, &only(Field::Ocr, "合同"), "D2");
    check(&index, &only(Field::Name, "合同.docx"), "D1");
    let hits = index.search(&literal("合同"), Page::top(10), &GO_ON).unwrap();
    let found = |unit| hits.hits.iter().find(|hit| hit.unit == unit).unwrap().fields;
    assert_eq!(found(document(1)), Fields::one(Field::Original).with(Field::Name));
    assert_eq!(found(document(2)), Fields::one(Field::Ocr));
}

#[test]
fn replaced_and_deleted_units_are_gone_and_the_commit_says_how_far_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let index = sample(folder.path());
    assert_eq!(index.change_seq(), 1);
    let mut writer = Writer::open(folder.path()).unwrap();
    assert_eq!(writer.change_seq(), 1);
    assert!(matches!(Writer::open(folder.path()), Err(IndexError::Busy)));
    assert!(matches!(Writer::create(folder.path()), Err(IndexError::Busy)));
    writer.put(&IndexUnit::new(document(1)), [piece(Field::Original, "新公司")]).unwrap();
    writer.put(&IndexUnit::new(message(9)), [piece(Field::Original, "新")]).unwrap();
    writer.put(&IndexUnit::new(message(9)), [piece(Field::Original, "公司")]).unwrap();
    writer.delete(document(2));
    writer.delete(message(77));
    writer.commit(42).unwrap();
    writer.put(&IndexUnit::new(message(10)), [piece(Field::Original, "公司")]).unwrap();
    drop(writer);
    check(&index, &literal("公司"), "D1 D2 M3");
    index.reload().unwrap();
    assert_eq!(index.change_seq(), 42);
    check(&index, &literal("公司"), "D1 M3 M9");
    check(&index, &literal("有限公司"), "");
    check(&index, &Plan::Not(Box::new(literal("公"))), "D3 M4");
    assert_eq!(Writer::open(folder.path()).unwrap().change_seq(), 42);
    // The columns that were read before the change are those of the units that are left.
    let counts = index.search(&Plan::All, Page::top(0), &GO_ON).unwrap();
    assert_eq!((counts.total, counts.documents, counts.messages), (7, 2, 5));
}

fn dated(unit: Unit, conversation: u64, sources: &[u64], clock: Option<i64>) -> IndexUnit {
    IndexUnit {
        conversation,
        sources: sources.to_vec(),
        clock,
        type_id: u64::from(unit.is_message()) + 1,
        lang_id: 3,
        export: conversation * 10,
        sender: 5,
        recipients: vec![6, 7],
        size: 100 * conversation,
        flags: flag::CHILD * conversation,
        ..IndexUnit::new(unit)
    }
}

fn facet_sample(folder: &Path) -> Index {
    let day = 86_400;
    let units = [
        dated(document(1), 0, &[1, 2], None),
        dated(document(2), 0, &[2], Some(-day)),
        dated(message(1), 1, &[1], Some(0)),
        dated(message(2), 1, &[1], Some(10 * day)),
        dated(message(3), 2, &[2], Some(400 * day)),
    ];
    let mut writer = Writer::create(folder).unwrap();
    for unit in &units {
        writer.put(unit, [piece(Field::Original, "公司")]).unwrap();
        // Several segments, as after several sittings.
        writer.commit(1).unwrap();
    }
    Index::open(folder).unwrap()
}

#[test]
fn counts_and_facets_are_exact() {
    let folder = tempfile::tempdir().unwrap();
    let index = facet_sample(folder.path());
    let hits = index.search(&literal("公司"), Page::top(2), &GO_ON).unwrap();
    assert_eq!((hits.total, hits.documents, hits.messages, hits.hits.len()), (5, 2, 3, 2));
    let facets = Facets {
        types: vec![(2, 3), (1, 2)],
        langs: vec![(3, 5)],
        sources: vec![(1, 3), (2, 3)],
        conversations: vec![(1, 2), (2, 1)],
        years: vec![(1969, 1), (1970, 2), (1971, 1)],
        undated: 1,
    };
    assert_eq!(hits.facets, facets);
    let none = index.search(&literal("無"), Page::top(2), &GO_ON).unwrap();
    assert_eq!(none, Hits::default());
}

#[test]
fn columns_select() {
    let folder = tempfile::tempdir().unwrap();
    let index = facet_sample(folder.path());
    let columns = |predicate, expected| check(&index, &Plan::Columns(predicate), expected);
    columns(Predicate::In(Column::Kind, vec![1]), "M1 M2 M3");
    columns(Predicate::In(Column::Type, vec![1]), "D1 D2");
    columns(Predicate::In(Column::Source, vec![9, 2]), "D1 D2 M3");
    columns(Predicate::In(Column::Recipient, vec![7]), "D1 D2 M1 M2 M3");
    columns(Predicate::In(Column::Conversation, vec![2, 1]), "M1 M2 M3");
    columns(Predicate::Range { column: Column::Size, from: 1, to: 150 }, "M1 M2");
    columns(Predicate::Range { column: Column::Kind, from: 0, to: 0 }, "D1 D2");
    columns(Predicate::Undated, "D1");
    columns(Predicate::Flags(flag::CHILD), "M1 M2");
    let clock = |exports: Option<Vec<u64>>, from, until| Predicate::Clock { exports, from, until };
    columns(clock(None, 0, 86_400), "M1");
    columns(clock(None, i64::MIN, 0), "D2");
    columns(clock(None, i64::MIN, i64::MAX), "D2 M1 M2 M3");
    columns(clock(Some(vec![10]), i64::MIN, i64::MAX), "M1 M2");
}

#[test]
fn every_hit_can_be_reached_in_every_order() {
    let folder = tempfile::tempdir().unwrap();
    let index = facet_sample(folder.path());
    let page = |order, offset, limit| {
        let hits =
            index.search(&Plan::All, Page { order, offset, limit, facets: false }, &GO_ON).unwrap();
        items(&hits.hits.iter().map(|hit| hit.unit).collect::<Vec<_>>())
    };
    assert_eq!(page(Order::Newest, 0, usize::MAX), "M3 M2 M1 D2 D1");
    assert_eq!(page(Order::Oldest, 0, usize::MAX), "D2 M1 M2 M3 D1");
    assert_eq!(page(Order::Number, 0, usize::MAX), "D1 D2 M1 M2 M3");
    assert_eq!(page(Order::Score, 0, 3), "D1 D2 M1");
    assert_eq!(page(Order::Number, 3, 1), "M2");
    assert_eq!(page(Order::Oldest, 4, 10), "D1");
    assert_eq!(page(Order::Oldest, 5, 10), "");
}

#[test]
fn better_matches_come_first() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("公司 {}", "other words here ".repeat(200));
    let texts = [(message(1), long.as_str()), (message(2), "公司"), (message(3), "公司公司公司")];
    let index = index_of(folder.path(), &texts);
    let hits = index.search(&literal("公司"), Page::top(10), &GO_ON).unwrap();
    let order: Vec<Unit> = hits.hits.iter().map(|hit| hit.unit).collect();
    assert_eq!(items(&order), "M3 M2 M1");
}

#[test]
fn cancelling_stops() {
    let folder = tempfile::tempdir().unwrap();
    let index = sample(folder.path());
    let stopped = index.search(&literal("公"), Page::top(1), &AtomicBool::new(true));
    assert!(matches!(stopped, Err(IndexError::Cancelled)));
}

#[test]
fn what_is_not_an_index_of_ours_wants_to_be_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let wants = |result: Result<Index, IndexError>| result.is_err_and(|e| e.wants_rebuild());
    assert!(wants(Index::open(&folder.path().join("missing"))));
    assert!(wants(Index::open(folder.path())));
    std::fs::write(folder.path().join("meta.json"), "{}").unwrap();
    assert!(wants(Index::open(folder.path())));
    assert!(Writer::open(folder.path()).is_err_and(|e| e.wants_rebuild()));
    // Made anew over the rubbish.
    let index = sample(folder.path());
    check(&index, &literal("公司"), "D1 D2 M3");
    let meta = folder.path().join("meta.json");
    let text = std::fs::read_to_string(&meta).unwrap();
    std::fs::write(&meta, text.replace("casebook ", "casebook 0")).unwrap();
    let error = Index::open(folder.path()).err().unwrap();
    assert!(error.wants_rebuild() && error.to_string().contains("version"), "{error}");
    drop(index);
    let index = sample(folder.path());
    let segment = std::fs::read_dir(folder.path())
        .unwrap()
        .find_map(|entry| {
            Some(entry.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "idx"))
        })
        .unwrap();
    std::fs::remove_file(segment).unwrap();
    drop(index);
    assert!(wants(Index::open(folder.path())));
}

#[test]
fn one_flipped_byte_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    drop(sample(folder.path()));
    assert_eq!(verify(folder.path()).unwrap(), Vec::<std::path::PathBuf>::new());
    let mut files = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".lock") {
            continue;
        }
        files += 1;
        let good = std::fs::read(&path).unwrap();
        let step = (good.len() / 40).max(1);
        for at in (0..good.len()).step_by(step).chain(good.len().saturating_sub(120)..good.len()) {
            let mut bad = good.clone();
            bad[at] ^= 1;
            std::fs::write(&path, &bad).unwrap();
            let damaged = verify(folder.path()).unwrap();
            assert_eq!(
                damaged,
                std::slice::from_ref(&path),
                "byte {at} of {} in {name}",
                good.len()
            );
            // Whatever a search does on such a file, it does not end the program.
            if let Ok(index) = Index::open(folder.path()) {
                let _found_or_not = index.units(&literal("公司"), &GO_ON);
            }
        }
        std::fs::write(&path, &good).unwrap();
    }
    assert!(files > 5);
}

/// What was deleted is written before the commit that tells of it; a kill between the two leaves it.
#[test]
fn what_a_killed_writer_left_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path()).unwrap();
    for number in 1..=40 {
        writer.put(&IndexUnit::new(document(number)), [piece(Field::Original, "公司")]).unwrap();
    }
    writer.commit(1).unwrap();
    drop(writer);
    let before: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(".json"))
        .map(|path| (std::fs::read(&path).unwrap(), path))
        .collect();
    let delete = || {
        let mut writer = Writer::open(folder.path())?;
        (1..=3).for_each(|number| writer.delete(document(number)));
        writer.commit(2)
    };
    delete().unwrap();
    for (content, path) in before {
        std::fs::write(path, content).unwrap();
    }
    assert_eq!(Index::open(folder.path()).unwrap().change_seq(), 1, "as if it was killed");
    delete().unwrap();
    let index = Index::open(folder.path()).unwrap();
    assert_eq!((index.change_seq(), index.count(&literal("公司"), &GO_ON).unwrap()), (2, 37));
    assert_eq!(verify(folder.path()).unwrap(), Vec::<std::path::PathBuf>::new());
}

#[cfg(unix)]
#[test]
fn reading_creates_no_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    drop(sample(folder.path()));
    let list = || {
        let mut names: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name(), entry.metadata().unwrap().modified().unwrap()))
            .collect();
        names.sort();
        names
    };
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "lock") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let before = list();
    let mode = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path(), permissions).unwrap();
    };
    mode(0o555);
    let index = Index::open(folder.path()).unwrap();
    check(&index, &literal("公司"), "D1 D2 M3");
    index.reload().unwrap();
    assert!(verify(folder.path()).unwrap().is_empty());
    let after = list();
    mode(0o755);
    assert_eq!(before, after);
}

#[test]
fn near_misses_are_counted_by_what_stands_there() {
    let folder = tempfile::tempdir().unwrap();
    let texts = [
        (message(1), "安询信息"),
        (message(2), "安询，安询信息，安洶信息"),
        (message(3), "安洵信息 女洵信息 安洵言息"),
        (message(4), "安，洵信息 安x信息 安洵信"),
    ];
    let index = index_of(folder.path(), &texts);
    let later = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let near = |text: &str| {
        let misses = index.near_misses(text, Fields::TEXTS, 9, later, &GO_ON).unwrap();
        assert!(misses.complete);
        let shown = misses.found.iter().map(|miss| format!("{} {}", miss.text, miss.units));
        shown.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(near("安洵信息"), "安询信息 2, 女洵信息 1, 安汹信息 1, 安洵言息 1");
    assert_eq!(near("安洵"), "安询 2, 女洵 1, 安汹 1");
    assert_eq!(near("x"), "");
    assert_eq!(near("安"), "");
    let none = index.near_misses(
        "安洵",
        Fields::ALL,
        9,
        std::time::Instant::now() - std::time::Duration::from_secs(1),
        &GO_ON,
    );
    assert!(!none.unwrap().complete);
}

#[test]
fn a_finished_index_is_joined_and_leaves_no_rubbish() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path()).unwrap();
    for id in 1..=6 {
        writer.put(&IndexUnit::new(message(id)), [piece(Field::Original, "公司")]).unwrap();
        writer.commit(id as u64).unwrap();
    }
    writer.finish().unwrap();
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(index.change_seq(), 6);
    check(&index, &literal("公司"), "M1 M2 M3 M4 M5 M6");
    let parts = std::fs::read_dir(folder.path()).unwrap().filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|extension| extension == "idx")
    });
    assert_eq!(parts.count(), 1);
    assert_eq!(verify(folder.path()).unwrap(), Vec::<std::path::PathBuf>::new());
}
