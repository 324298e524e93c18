//! From a typed query to hits, over a case made from files by the real workers.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not seen as tests")]

use crate::ingest::Bench;
use casebook::case::{
    Anchor, At, CaseError, Counting, Draft, Hit, SearchOptions, SearchResult, SearchSort,
};
use casebook::model::ItemId;
use casebook::query::Query;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

/// Two chat tables in two zones, documents, a copy, a broken file.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("合同/报价.txt", "乙方：星屿科技\n合同金额 30万元，编号 QH-2022-007\n");
    bench.write("合同/报价副本.txt", "乙方：星屿科技\n合同金额 30万元，编号 QH-2022-007\n");
    bench.write("notes.txt", "red payment plan for the port\nsecond line pays nothing\n");
    bench.write("扫描/误读.txt", "乙方：皇屿科技\n");
    bench.write("broken.docx", b"PK\x03\x04 this is no document");
    bench.write(
        "聊天.md",
        "| 时间 | 发送者 | 接收者 | 内容 |\n|---|---|---|---|\n\
         | 2022-03-05 12:41:00 | lin | mara | 青河那边的付款下周 |\n\
         | 2022-03-05 12:42:00 | mara | lin | 发票呢 |\n\
         | 2022-04-01 09:00:00 | lin | mara | 付款到了，二〇二二年的 |\n",
    );
    bench.add();
    bench
}

fn run(bench: &Bench, query: &str) -> Result<SearchResult, CaseError> {
    let options = SearchOptions { occurrences: Some(Counting::ALL), ..SearchOptions::default() };
    bench.case.search(&query.parse::<Query>().unwrap(), &options, &AtomicBool::new(false))
}

/// What was hit: paths of documents, texts around hits of messages.
fn names(found: &SearchResult) -> Vec<String> {
    let name = |hit: &Hit| match hit.sender {
        Some(_) => hit.snippet.text.clone(),
        None => hit.path.clone(),
    };
    let mut names: Vec<String> = found.hits.iter().map(name).collect();
    names.sort();
    names
}

#[track_caller]
fn check(bench: &Bench, query: &str, expected: &[&str]) {
    let found = run(bench, query).unwrap_or_else(|error| panic!("{query}: {error}"));
    assert_eq!(names(&found), expected, "{query}");
    assert_eq!(found.total, expected.len() as u64, "{query}");
    assert_eq!(found.total, found.documents + found.messages, "{query}");
    // Whatever was answered, what nearly would have been can be asked for.
    let query: Query = query.parse().unwrap();
    bench.case.near_misses(&query, std::time::Duration::ZERO, &AtomicBool::new(false)).unwrap();
}

/// One case for all questions that only read.
fn with_case(ask: impl FnOnce(&Bench)) {
    // A case belongs to one thread; each test opens its own handle of the same folder.
    static FOLDER: OnceLock<(tempfile::TempDir, std::path::PathBuf)> = OnceLock::new();
    let (_, folder) = FOLDER.get_or_init(|| {
        let Bench { dir, case } = bench();
        let folder = case.folder().to_owned();
        (dir, folder)
    });
    let case = casebook::case::Case::open(folder, casebook::case::Access::Read).unwrap();
    ask(&Bench { dir: tempfile::tempdir().unwrap(), case });
}

#[test]
fn words_operators_and_fields_find_what_they_say() {
    with_case(|bench| {
        check(bench, "星屿科技", &["合同/报价.txt"]);
        check(bench, "付款 -青河", &["付款到了，二〇二二年的"]);
        check(bench, "发票 OR QH-2022-007", &["发票呢", "合同/报价.txt"]);
        check(bench, "pay*", &["notes.txt"]);
        check(bench, "paymant~1", &["notes.txt"]);
        check(bench, "red NEAR/1 plan", &[]);
        check(bench, "red NEAR/2 plan", &["notes.txt"]);
        check(bench, r"/QH-\d{4}-\d+/", &["合同/报价.txt"]);
        check(bench, r"/付款/ from:lin -/到了/", &["青河那边的付款下周"]);
        check(bench, "付款 kind:document", &[]);
        check(bench, "path:扫描", &["扫描/误读.txt"]);
        check(bench, "path:*.txt kind:document 乙方", &["合同/报价.txt", "扫描/误读.txt"]);
        check(bench, "is:duplicate", &["合同/报价.txt"]);
        check(bench, "is:unreadable", &["broken.docx"]);
        check(bench, "from:mara", &["发票呢"]);
        check(bench, "to:mara 付款", &["付款到了，二〇二二年的", "青河那边的付款下周"]);
        check(bench, "with:lin date:2022-03 kind:message", &["发票呢", "青河那边的付款下周"]);
        check(bench, "date:2022-03-05..2022-03-31 发票", &["发票呢"]);
        check(bench, "in:C1 到了", &["付款到了，二〇二二年的"]);
        check(bench, "size:<30 kind:document", &["broken.docx", "扫描/误读.txt"]);
        check(bench, "variant:original 星屿", &["合同/报价.txt"]);
        check(bench, "variant:translation 星屿", &[]);
        check(bench, "kind:note 星屿", &[]);
        // What was copied over the end of a row or the border of a cell.
        check(bench, "\"星屿科技\n合同金额\"", &["合同/报价.txt"]);
        check(bench, "\"port\n second\" -付款", &["notes.txt"]);
        check(bench, "\"星屿科技\n金额\"", &[]);
        check(bench, "type:(txt docx) lang:zh", &["合同/报价.txt", "扫描/误读.txt"]);
    });
}

#[test]
fn a_tag_finds_what_lies_in_its_namespace() {
    let bench = bench();
    let found = run(&bench, "星屿科技").unwrap();
    bench.case.tag(&[found.hits[0].item], "money/advance/first", true).unwrap();
    for query in ["tag:money", "tag:money/advance", "tag:money/advance/first", "tag:mon*"] {
        check(&bench, query, &["合同/报价.txt"]);
    }
    // The tag of a highlight is one of the place that it stands in, which counts once.
    let at = At { item: found.hits[0].item, variant: None, start: 0, end: 0 };
    for tag in ["contract", "money/advance/first"] {
        let passage = Anchor::Passage(Box::new(bench.case.passage(at).unwrap()));
        let (anchor, _) = bench.case.add_anchor(passage, "payment", "").unwrap();
        bench.case.tag(&[ItemId::Anchor(anchor)], tag, true).unwrap();
        check(&bench, &format!("tag:{tag}"), &["合同/报价.txt"]);
        let counts = bench.case.tag_counts().unwrap();
        let of = counts.iter().find(|own| own.name == tag).unwrap();
        assert_eq!((of.evidence, of.things), (1, 1), "{tag}");
    }
    let draft = Draft { text: "a note".to_owned(), ..Draft::default() };
    let note = bench.case.save_note(&draft).unwrap().0.unwrap();
    bench.case.tag(&[ItemId::Note(note)], "who/lin", true).unwrap();
    for (query, message) in [
        ("tag:mone", "nothing in this case is tagged \"mone\""),
        (
            "tag:who",
            "no document or message is tagged \"who\"; 1 of what analysts made is: \
             `kind:note tag:` finds notes",
        ),
    ] {
        let Err(CaseError::Query(error)) = run(&bench, query) else { panic!("{query}") };
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn what_cannot_be_answered_is_an_error_with_a_place() {
    with_case(|bench| {
        for (query, message) in [
            ("付款 from:lim", "no account is called, and no mail is from, \"lim\""),
            ("tag:secret", "nothing in this case is tagged yet"),
            ("entity:E9", "this case has no entities yet"),
            ("type:dokx", "there is no format, family of formats or platform \"dokx\""),
            ("in:C99", "no conversation of this case is called \"C99\""),
        ] {
            let Err(CaseError::Query(error)) = run(bench, query) else { panic!("{query}") };
            assert_eq!(error.to_string(), message);
            assert!(!error.render().is_empty());
        }
        let Err(CaseError::Query(error)) = run(bench, "付款 from:lim") else { panic!() };
        assert_eq!(error.fix.unwrap().query, "付款 from:lin");
    });
}

#[test]
fn hits_say_where_and_how_often() {
    with_case(|bench| {
        let found = run(bench, "乙方").unwrap();
        assert_eq!(found.occurrences, Some(2));
        for hit in &found.hits {
            assert_eq!(hit.ranges, [(0, 6)]);
            assert_eq!(&hit.snippet.text[hit.snippet.marks[0].0..hit.snippet.marks[0].1], "乙方");
        }
        check(bench, "notes", &[]);
        let found = run(bench, "meta:notes").unwrap();
        assert_eq!((found.hits[0].locator.as_str(), found.hits[0].ranges.len()), ("path", 0));
        let options = SearchOptions {
            sort: SearchSort::DateDescending,
            range: 0..1,
            ..SearchOptions::default()
        };
        let query: Query = "付款".parse().unwrap();
        let found = bench.case.search(&query, &options, &AtomicBool::new(false)).unwrap();
        assert_eq!((found.total, found.hits.len()), (2, 1));
        assert_eq!(found.hits[0].snippet.text, "付款到了，二〇二二年的");
        assert_eq!(found.facets.years, [(2022, 2)]);
        assert!(found.remarks.iter().any(|remark| remark.contains("could not be read")));
    });
}

#[test]
fn near_misses_say_what_they_would_add() {
    with_case(|bench| {
        let near = |query: &str| {
            let query: Query = query.parse().unwrap();
            let long = std::time::Duration::from_secs(60);
            let near = bench.case.near_misses(&query, long, &AtomicBool::new(false)).unwrap();
            assert!(near.complete);
            near.found.into_iter().map(|miss| (miss.to, miss.units)).collect::<Vec<_>>()
        };
        assert!(near("星屿科技").contains(&("皇屿科技".to_owned(), 1)), "{:?}", near("星屿科技"));
        let beside = near("2022年 NEAR/30 付款");
        assert!(beside.contains(&("二〇二二年".to_owned(), 1)), "{beside:?}");
        assert!(near("三十万元").contains(&("30万元".to_owned(), 1)), "{:?}", near("三十万元"));
        let closed = near("\"星 屿科技\"");
        assert!(closed.contains(&("星屿科技".to_owned(), 1)), "{closed:?}");
        assert!(near("2022年").contains(&("二〇二二年".to_owned(), 1)), "{:?}", near("2022年"));
    });
}

#[test]
fn a_search_can_be_stopped() {
    with_case(|bench| {
        let query: Query = "/付款/".parse().unwrap();
        let stopped = AtomicBool::new(true);
        let found = bench.case.search(&query, &SearchOptions::default(), &stopped);
        assert!(matches!(found, Err(CaseError::Cancelled)));
    });
}

/// Each is of one language or of none, whatever else is asked.
#[test]
fn what_has_no_language_is_the_rest() {
    with_case(|bench| {
        for query in ["kind:document", "kind:message", "付款 OR red", "-path:扫描"] {
            let query: Query = query.parse().unwrap();
            let options = SearchOptions { facets: true, ..SearchOptions::default() };
            let all = bench.case.search(&query, &options, &AtomicBool::new(false)).unwrap();
            let known = all.facets.languages.iter().filter(|(language, _)| !language.is_empty());
            let mut found = 0;
            for (language, count) in known {
                let of = run(bench, &format!("({query}) lang:{language}")).unwrap().total;
                assert_eq!(of, *count, "{query} {language}");
                found += of;
            }
            let none = run(bench, &format!("({query}) lang:none")).unwrap().total;
            assert_eq!(found + none, all.total, "{query}");
            let others = run(bench, &format!("({query}) -lang:NONE")).unwrap().total;
            assert_eq!(others, found, "{query}");
        }
        check(bench, "kind:document lang:none", &["broken.docx", "聊天.md"]);
    });
}
