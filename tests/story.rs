//! The sample leak becomes a case, and the case holds what `tests/data/story*.tsv` says: every
//! file, member, attachment and message, each in its state and with its author.

use crate::ingest::{add_path, options};
use crate::sample::{root, table};
use casebook::case::{
    Access, Case, ConversationFilter, ConversationRow, ConversationSort, Document, DocumentFilter,
    Hit, Message, SearchOptions,
};
use casebook::model::{ItemId, MessageKind, State};
use casebook::query::Query;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

/// The demo case, made once for all tests of this module.
pub fn demo() -> Case {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let case = Case::create(&dir.path().join("demo.case")).expect("a new case");
        let report = add_path(&case, &root(), &options());
        assert!(!report.stopped);
        dir
    });
    Case::open(&folder.path().join("demo.case"), Access::Read).expect("the demo case opens")
}

pub fn documents(case: &Case) -> Vec<Document> {
    case.documents(&DocumentFilter::default(), 0..10_000)
        .expect("the list of documents")
        .into_iter()
        .map(|row| case.document(row.id).expect("a document of the list"))
        .collect()
}

fn messages(case: &Case) -> Vec<Message> {
    case.conversations(0..1000)
        .expect("the list of conversations")
        .into_iter()
        .flat_map(|row| case.messages(row.id, 0..row.messages).expect("its messages"))
        .collect()
}

/// A path as the tables write it: the direction override visible.
pub fn shown(path: &str) -> String {
    path.replace('\u{202e}', "\\u{202e}")
}

#[test]
fn counts_are_exact() {
    let status = demo().status().expect("a status");
    let by_state = |wanted: State| -> u64 {
        status.states.iter().filter(|(state, _)| *state == wanted).map(|(_, n)| n).sum()
    };
    let mut found = BTreeMap::new();
    for (name, count) in [
        ("documents", status.documents),
        ("places", status.places),
        ("children", status.children),
        ("messages", status.messages),
        ("distinct_messages", status.distinct_messages),
        ("conversations", status.conversations),
        ("participants", status.participants),
        ("unreadable", status.unreadable),
        ("no_text", status.no_text),
        ("empty", by_state(State::Empty)),
    ] {
        found.insert(name.to_owned(), count);
    }
    let expected: BTreeMap<String, u64> = table("story.tsv")
        .iter()
        .filter(|row| row["feature"] == "ingest")
        .map(|row| (row["query"].clone(), row["total"].parse().expect("a count")))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_place_is_there_in_its_state() {
    let case = demo();
    let mut found = BTreeMap::new();
    for document in documents(&case) {
        for place in &document.places {
            let sha256 = document.row.sha256.map(|hash| hash.to_string()).unwrap_or_default();
            let reason = document.row.reason.clone();
            found.insert(shown(&place.path), (document.row.state.name(), sha256, reason));
        }
    }
    let mut wrong = Vec::new();
    for row in table("story_documents.tsv") {
        let path = shown(&row["path"]);
        let Some((state, sha256, reason)) = found.remove(&path) else {
            wrong.push(format!("{path}: missing"));
            continue;
        };
        if state != row["state"] {
            wrong.push(format!("{path}: {state} ({reason}), not {}", row["state"]));
        }
        if row["sha256"] != "-" && sha256 != row["sha256"] {
            wrong.push(format!("{path}: other bytes"));
        }
    }
    wrong.extend(found.keys().map(|path| format!("{path}: unexpected")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_conversation_holds_its_messages() {
    let case = demo();
    let rows = case.conversations(0..1000).expect("the list of conversations");
    let mut found: Vec<(String, u64, usize, usize)> = rows
        .iter()
        .map(|row| {
            let wrote = row.participants().count();
            let messages = case.messages(row.id, 0..row.messages).expect("its messages");
            let silent = |m: &&Message| {
                m.text.is_empty() && matches!(m.kind, MessageKind::Empty | MessageKind::Media)
            };
            let without_text = messages.iter().filter(silent).count();
            (row.platform.clone(), row.messages, wrote, without_text)
        })
        .collect();
    let mut expected: Vec<(String, u64, usize, usize)> = table("story_conversations.tsv")
        .iter()
        .map(|row| {
            let count = |column: &str| row[column].parse::<usize>().expect("a count");
            (
                row["platform"].clone(),
                count("messages") as u64,
                count("participants"),
                count("without_text"),
            )
        })
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    let of_kind = |kind| messages(&case).iter().filter(|m| m.kind == kind).count().to_string();
    for row in table("story.tsv").iter().filter(|row| row["feature"] == "chat") {
        match MessageKind::from_name(&row["query"]) {
            Some(kind) => assert_eq!(of_kind(kind), row["total"], "{}", row["id"]),
            None => {
                let records: usize = messages(&case).iter().map(|m| m.places.len()).sum();
                assert_eq!(
                    (row["query"].as_str(), records.to_string()),
                    ("records", row["total"].clone())
                );
            }
        }
    }
}

#[test]
fn what_the_answers_cite_was_said_there_and_then_by_them() {
    let case = demo();
    let paths: BTreeMap<i64, String> =
        documents(&case).iter().map(|d| (d.row.id.0, d.row.path.clone())).collect();
    let mut said = BTreeMap::new();
    for message in messages(&case) {
        for place in &message.places {
            let sender = message.sender.clone().unwrap_or_default();
            let key = format!("{} @ {} @ {sender}", paths[&place.document.0], message.raw_time);
            said.insert(key, message.text.clone());
        }
    }
    let mut cited = 0;
    for row in table("story.tsv") {
        for item in row["must_hit"].split(" ; ").filter(|item| item.contains(" @ ")) {
            assert!(said.get(item).is_some_and(|text| !text.is_empty()), "{}: {item}", row["id"]);
            cited += 1;
        }
    }
    assert!(cited > 30, "{cited}");
}

/// Where a hit lies, as the table writes it: paths of a document, `path @ time @ sender` of a message.
fn places_of(case: &Case, hit: &Hit, paths: &BTreeMap<i64, String>) -> Vec<String> {
    match hit.item {
        ItemId::Document(id) => {
            let document = case.document(id).expect("a hit is in the case");
            document.places.iter().map(|place| shown(&place.path)).collect()
        }
        ItemId::Message(id) => {
            let message = case.message(id).expect("a hit is in the case");
            let sender = message.sender.unwrap_or_default();
            message
                .places
                .iter()
                .map(|place| {
                    format!("{} @ {} @ {sender}", paths[&place.document.0], message.raw_time)
                })
                .collect()
        }
        other => panic!("{other} is no hit"),
    }
}

#[test]
fn searches_find_exactly_what_the_answers_say() {
    let case = demo();
    let paths: BTreeMap<i64, String> =
        documents(&case).iter().map(|d| (d.row.id.0, d.row.path.clone())).collect();
    let cancel = AtomicBool::new(false);
    let options = SearchOptions { range: 0..u64::MAX, ..SearchOptions::default() };
    let mut wrong = Vec::new();
    for row in table("story.tsv").iter().filter(|row| row["feature"] == "search") {
        let query = Query::parse(&row["query"]).expect("the queries are well formed");
        let result = case.search(&query, &options, &cancel).expect("the search runs");
        if result.total.to_string() != row["total"] || result.hits.len() as u64 != result.total {
            wrong.push(format!(
                "{}: {} found, {} hits, {} expected by {}",
                row["id"],
                result.total,
                result.hits.len(),
                row["total"],
                row["query"]
            ));
        }
        let hit: BTreeSet<String> =
            result.hits.iter().flat_map(|hit| places_of(&case, hit, &paths)).collect();
        for item in row["must_hit"].split(" ; ").filter(|item| !item.is_empty()) {
            if !hit.contains(item) {
                wrong.push(format!("{}: {item} is not hit by {}", row["id"], row["query"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn conversations_are_cut_and_sorted() {
    let case = demo();
    let listed = |wanted: &str, sort| {
        let filter = ConversationFilter { wanted: wanted.to_owned(), sort };
        let (total, rows) = case.conversations_listed(&filter, 0..1000).expect("the list");
        assert_eq!(total, rows.len() as u64);
        rows
    };
    let all = listed("", ConversationSort::Messages);
    let ids = |rows: &[ConversationRow]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(&all), ids(&case.conversations(0..1000).expect("all of them")));
    // By platform, title and who takes part, whatever the case of the letters.
    let slack = listed("SLACK", ConversationSort::Title);
    let titles: Vec<&str> = slack.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["delivery", "Lin Mo ↔ Qiu Ye", "random"]);
    let named = listed("delivery", ConversationSort::Messages);
    assert_eq!(named.len(), 1);
    let someone = &all[0].accounts[0].handle;
    let theirs = listed(someone, ConversationSort::Messages);
    assert!(theirs.iter().all(|row| row.accounts.iter().any(|p| p.handle == *someone)));
    assert!(!theirs.is_empty() && theirs.len() < all.len());
    assert!(listed("nobody is called so", ConversationSort::Last).is_empty());
    let last = listed("", ConversationSort::Last);
    assert!(last.windows(2).all(|two| two[0].last >= two[1].last));
    // A screen of it.
    let filter = ConversationFilter::default();
    let (total, part) = case.conversations_listed(&filter, 2..4).expect("a part");
    assert_eq!((total, ids(&part)), (all.len() as u64, ids(&all[2..4])));
}
