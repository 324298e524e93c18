//! Who is who in the sample leak, found out by hand: names in several scripts, accounts on several
//! platforms, a nickname that means two people.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not seen as tests")]

use crate::ingest::{add_path, options};
use crate::program::casebook;
use crate::sample::root;
use casebook::case::{
    Author, Case, CaseError, ConversationFilter, Counting, EntityField, EntityKind, Listed,
    NewEntity, SearchOptions, SearchResult,
};
use casebook::model::reference::AccountKey;
use casebook::model::{EntityId, ItemId, ParticipantId};
use casebook::query::Query;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

fn demo() -> (tempfile::TempDir, Case) {
    let dir = tempfile::tempdir().unwrap();
    let case = Case::create(&dir.path().join("demo.case")).unwrap();
    add_path(&case, &root(), &options());
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    (dir, case)
}

fn search(case: &Case, query: &str) -> Result<SearchResult, CaseError> {
    let options = SearchOptions {
        range: 0..u64::MAX,
        snippets: false,
        occurrences: Some(Counting::ALL),
        ..SearchOptions::default()
    };
    case.search(&Query::parse(query).unwrap(), &options, &AtomicBool::new(false))
}

fn found(case: &Case, query: &str) -> BTreeSet<ItemId> {
    let result = search(case, query).unwrap_or_else(|error| panic!("{query}: {error}"));
    assert_eq!(result.total, result.hits.len() as u64, "{query}");
    result.hits.iter().map(|hit| hit.item).collect()
}

/// Both find the same, and something.
#[track_caller]
fn same(case: &Case, query: &str, other: &str) {
    let (one, two) = (found(case, query), found(case, other));
    let differ: Vec<_> = one.symmetric_difference(&two).collect();
    assert!(differ.is_empty(), "{query} and {other}: {differ:?}");
    assert!(!one.is_empty(), "{query} finds nothing");
}

#[track_caller]
fn refused(case: &Case, query: &str, message: &str, fix: Option<&str>) {
    match search(case, query) {
        Err(CaseError::Query(error)) => {
            assert!(error.to_string().contains(message), "{query}: {error}");
            assert_eq!(error.fix.map(|fix| fix.query).as_deref(), fix, "{query}");
        }
        other => panic!("{query} is answered: {:?}", other.map(|found| found.total)),
    }
}

fn accounts(case: &Case, handles: &[&str]) -> Vec<ParticipantId> {
    handles.iter().map(|handle| case.account_meant(handle).unwrap()).collect()
}

fn make(case: &Case, kind: EntityKind, names: &[&str], handles: &[&str]) -> EntityId {
    let new = NewEntity {
        kind,
        name: names[0].to_owned(),
        aliases: names[1..].iter().map(|name| (*name).to_owned()).collect(),
        participants: accounts(case, handles),
    };
    case.add_entity(&new).unwrap().0
}

/// The dossier counts what an OR of the names finds, and what each name, month and conversation
/// in it leads to.
#[track_caller]
fn check_mentions(case: &Case, id: EntityId, names: &str) {
    let or = search(case, names).unwrap();
    assert_eq!(search(case, &format!("entity:{id}")).unwrap().occurrences, or.occurrences);
    let mentions = case.mentions(id, &AtomicBool::new(false)).unwrap();
    assert_eq!(
        (mentions.total, mentions.documents, mentions.messages),
        (or.total, or.documents, or.messages)
    );
    let dated: u64 = mentions.dates.iter().map(|(_, found)| found).sum();
    assert_eq!(dated + mentions.undated, or.total);
    let count = |query: String| found(case, &query).len() as u64;
    for (date, expected) in &mentions.dates {
        assert_eq!(count(format!("({names}) date:{date}")), *expected, "{date}");
    }
    for (name, expected) in &mentions.names {
        assert_eq!(count(format!("\"{name}\"")), *expected, "{name}");
    }
    for (conversation, _, expected) in &mentions.conversations {
        assert_eq!(count(format!("({names}) in:{conversation}")), *expected, "{conversation}");
    }
    let newest: Vec<ItemId> = mentions.recent.iter().map(|hit| hit.item).collect();
    assert!(!newest.is_empty() && newest.iter().all(|item| found(case, names).contains(item)));
}

#[test]
fn the_people_of_the_sample() {
    let (_dir, case) = demo();
    refused(&case, "entity:E1", "has no entities yet", None);
    let shen = make(
        &case,
        EntityKind::Person,
        &["沈若岚", "Shen Ruolan", "若岚"],
        &["wxid_q7m2kd81xv3b22"],
    );
    let mo = make(&case, EntityKind::Person, &["林墨", "小林"], &["wxid_k2v6r1o9sb3n44"]);
    let jiahe = make(&case, EntityKind::Person, &["林嘉禾", "小林"], &["wxid_7tj5d2s0ux9a33"]);
    let shell = make(&case, EntityKind::Organisation, &["川江", "Chuanjiang"], &[]);

    let gu = make(&case, EntityKind::Person, &["顾一鸣", "yiming"], &["blue_kettle"]);

    // Whoever wrote a hit is named, and a conversation without a title is called by its people.
    let written = search(&case, "from:wxid_q7m2kd81xv3b22").unwrap();
    assert!(!written.hits.is_empty());
    for hit in &written.hits {
        let owner = hit.owner.as_ref().map(|owner| (owner.id, owner.name.as_str()));
        assert_eq!(owner, Some((shen, "沈若岚")), "{:?}", hit.item);
        assert!(!hit.path.contains("wxid_q7m2kd81xv3b22"), "{}", hit.path);
    }
    let (_, rows) = case.conversations_listed(&ConversationFilter::default(), 0..u64::MAX).unwrap();
    assert!(rows.iter().any(|row| row.title.contains("沈若岚")));

    // The list finds by the names that it shows, and by the handle.
    let listed = |wanted: &str| {
        let filter = ConversationFilter { wanted: wanted.to_owned(), ..Default::default() };
        let (_, rows) = case.conversations_listed(&filter, 0..u64::MAX).unwrap();
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let by_handle = listed("wxid_q7m2kd81xv3b22");
    assert!(!by_handle.is_empty());
    let by_name = listed("沈若岚");
    assert!(by_handle.iter().all(|id| by_name.contains(id)), "{by_handle:?} {by_name:?}");

    // All names, in both scripts, exactly as an OR of them.
    let names = "顾一鸣 OR yiming";
    assert!(found(&case, "顾一鸣").len() < found(&case, names).len());
    assert!(found(&case, "yiming").len() < found(&case, names).len());
    same(&case, &format!("entity:{gu}"), names);
    same(&case, "entity:Yiming", names);
    check_mentions(&case, gu, names);
    let names = "沈若岚 OR \"Shen Ruolan\" OR 若岚";
    same(&case, &format!("entity:{shen}"), names);
    same(&case, "entity:\"shen ruolan\"", names);
    same(&case, "entity:沈若岚 付款", &format!("({names}) 付款"));
    same(&case, "川江 -entity:沈若岚", &format!("川江 -({names})"));

    // Accounts: what they wrote, by number and by any name of their owner.
    same(&case, &format!("from:{shen} kind:message"), "from:wxid_q7m2kd81xv3b22");
    // Mails have no accounts: the header says who.
    same(&case, &format!("from:{shen} kind:document"), "from:shen.rl kind:document");
    same(&case, "from:\"Shen Ruolan\" kind:message", "from:wxid_q7m2kd81xv3b22");
    same(&case, &format!("with:{mo} kind:message"), "with:wxid_k2v6r1o9sb3n44 kind:message");
    let contract = make(&case, EntityKind::Identifier, &["QH-2022-010"], &[]);
    refused(&case, &format!("from:{contract}"), "owns no account", None);
    let elsewhere = make(&case, EntityKind::Person, &["云帆"], &[]);
    let account = AccountKey { platform: "wechat".to_owned(), handle: "wxid_z".to_owned() };
    case.set_entity(elsewhere, EntityField::Account { account, on: true }).unwrap();
    let words = "owns wechat wxid_z, which is not in this case, and no mail";
    refused(&case, &format!("from:{elsewhere}"), words, None);

    // A nickname of two people finds both, and says so.
    let both = search(&case, "entity:小林").unwrap();
    assert_eq!(found(&case, "entity:小林"), found(&case, "林墨 OR 林嘉禾 OR 小林"));
    assert!(both.remarks.iter().any(|remark| remark.contains("小林 may be")), "{:?}", both.remarks);
    let dossier = case.dossier(mo).unwrap();
    assert_eq!(dossier.row.shared[0].name, "小林");
    assert_eq!(dossier.row.shared[0].others[0].id, jiahe);
    assert!(case.entity_meant("小林").is_err());

    // Wrong names have the nearest one beside them, at their place.
    refused(
        &case,
        "付款 entity:\"Shen Ruolang\"",
        "no entity",
        Some("付款 entity:\"Shen Ruolan\""),
    );
    refused(&case, "entity:E99", "no entity", None);
    refused(&case, "watch:yes", "is watched", None);

    // What is watched: its names or its accounts.
    case.watch_entity(shell, true).unwrap();
    same(&case, "watch:yes", "川江 OR Chuanjiang");
    case.watch_entity(mo, true).unwrap();
    let names_of_both = "川江 OR Chuanjiang OR 林墨 OR 小林";
    let wanted = format!("{names_of_both} OR from:{mo} OR from:{shell}");
    same(&case, "watch:yes", &wanted);
    same(&case, &format!("watch:{mo}"), &format!("林墨 OR 小林 OR from:{mo}"));
    let read: Vec<ItemId> = found(&case, "watch:yes").into_iter().take(5).collect();
    case.mark(&read, "read", true).unwrap();
    assert_eq!(found(&case, "is:unread watch:yes").len() + 5, found(&case, &wanted).len());
    same(&case, "mentions:organisation", "川江 OR Chuanjiang");
    same(&case, &format!("mentions:{shen}"), names);

    // Merged, one is both; taken apart, each is itself again.
    let lan = make(&case, EntityKind::Person, &["Lan S."], &[]);
    let before = found(&case, &format!("entity:{shen}"));
    case.merge_into(lan, shen, "the same telephone in chat and mail").unwrap();
    same(&case, &format!("entity:{shen}"), &format!("{names} OR \"Lan S.\""));
    same(&case, &format!("entity:{lan}"), &format!("entity:{shen}"));
    let history = case.dossier(shen).unwrap().history;
    assert!(history[0].words.contains("merged") && history[0].why.contains("telephone"));
    case.undo().unwrap();
    assert_eq!(found(&case, &format!("entity:{shen}")), before);
    assert!(case.dossier(lan).unwrap().history.iter().any(|change| change.is_undone));
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

#[test]
fn the_list_tells_people_from_accounts() {
    let (_dir, case) = demo();
    let total = case.participants(0..1000).unwrap().len() as u64;
    let (count, rows) = case.people(Default::default(), "", 0..1000).unwrap();
    assert_eq!((count, rows.len() as u64), (total, total), "accounts alone, without a heading");
    let shen = make(&case, EntityKind::Person, &["沈若岚"], &["wxid_q7m2kd81xv3b22"]);
    let (count, rows) = case.people(Default::default(), "", 0..1000).unwrap();
    assert_eq!((count, rows.len() as u64), (total + 2, total + 2), "one more, and a heading");
    let (who, _) = case.who(Default::default(), "", 0..0).unwrap();
    assert_eq!((who.rows, who.entities, who.accounts), (total + 2, 1, total));
    let Listed::Entity(row) = &rows[0] else { panic!("the entity comes first") };
    let Listed::Account { row: account, owner } = &rows[1] else { panic!("then its account") };
    assert_eq!((*owner, row.messages), (Some(shen), account.account.messages));
    assert_eq!((&row.first, &row.last), (&account.first, &account.last));
    assert!(matches!(rows[2], Listed::Rest(rest) if rest == total - 1));
    // Any stretch of the list is that stretch of the whole.
    for range in [0..1, 1..4, 2..3, 3..7, 5..5, total..total + 9] {
        let (count, part) = case.people(Default::default(), "", range.clone()).unwrap();
        let at = |row: u64| usize::try_from(row.min(count)).unwrap();
        assert_eq!(part, rows[at(range.start)..at(range.end)], "{range:?}");
    }
    // By what stands in a name, a handle, or a tag.
    let wanted = |text: &str| case.people(Default::default(), text, 0..1000).unwrap().1;
    assert_eq!(wanted("若岚").len(), 2);
    assert_eq!(wanted("Q7M2KD81").len(), 2, "the entity by its account");
    case.tag_entity(shen, "#seller", true).unwrap();
    assert_eq!(wanted("seller").len(), 2);
    assert!(wanted("nobody at all").is_empty());
}

#[test]
fn who_is_present_in_a_text() {
    let (_dir, case) = demo();
    let mo = make(&case, EntityKind::Person, &["林墨", "小林"], &["wxid_k2v6r1o9sb3n44"]);
    let jiahe = make(&case, EntityKind::Person, &["林嘉禾", "小林"], &[]);
    let never = AtomicBool::new(false);
    let mut checked = 0;
    for item in found(&case, "小林 OR 林墨 OR 林嘉禾") {
        let (variant, text) = match item {
            ItemId::Document(id) => {
                let variant = case.document(id).unwrap().variants.remove(0);
                let text = case.text(&variant, 0..variant.bytes).unwrap().text;
                (Some(variant), text)
            }
            ItemId::Message(id) => (None, case.message(id).unwrap().text),
            other => panic!("{other}"),
        };
        let (present, is_cut) = case.present(item, variant.as_ref(), 0, &never).unwrap();
        assert!(!is_cut);
        let nickname = text.matches("小林").count() as u64;
        for (id, name) in [(mo, "林墨"), (jiahe, "林嘉禾")] {
            let own = text.matches(name).count() as u64;
            let one = present.iter().find(|one| one.entity.id == id);
            let occurrences = one.map_or(0, |one| one.occurrences);
            assert_eq!(occurrences, own + nickname, "{item} {name}");
            if let Some(one) = one.filter(|_| occurrences > 0) {
                let is_nickname_alone = own == 0 && !one.wrote;
                assert_eq!(!one.or_else.is_empty(), is_nickname_alone, "{item} {name}");
                let first = usize::try_from(one.first.unwrap()).unwrap();
                assert!(text[first..].starts_with(name) || text[first..].starts_with("小林"));
                checked += 1;
            }
        }
    }
    assert!(checked > 10, "{checked}");
    let (people, _) = case
        .present(
            ItemId::Conversation(
                case.account(accounts(&case, &["wxid_k2v6r1o9sb3n44"])[0]).unwrap().conversations
                    [0]
                .id,
            ),
            None,
            0,
            &never,
        )
        .unwrap();
    assert!(people.iter().any(|one| one.entity.id == mo && one.wrote));
}

#[test]
fn parts_that_came_by_a_merge_are_taken_away_and_split_off() {
    let (_dir, case) = demo();
    let handles = ["wxid_k2v6r1o9sb3n44", "wxid_7tj5d2s0ux9a33"];
    let mo = make(&case, EntityKind::Person, &["林墨", "小林"], &handles[..1]);
    let other = make(&case, EntityKind::Person, &["阿林", "林嘉禾"], &handles[1..]);
    case.merge_into(other, mo, "both are called 小林").unwrap();
    case.tag_entity(other, "x", true).unwrap();
    let names = |id| {
        let entity = case.entity(id).unwrap();
        entity.names().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names(mo), ["林墨", "小林", "林嘉禾", "阿林"]);
    assert!(case.take_alias(mo, "阿林").is_err(), "it is what was merged");
    assert!(case.take_alias(mo, "林墨").is_err(), "it is the name");
    case.take_alias(mo, "林嘉禾").unwrap();
    assert_eq!(names(mo), ["林墨", "小林", "阿林"]);
    case.undo().unwrap();
    // An alias and the account of what was merged become a third one.
    let new = NewEntity {
        name: "林嘉禾".to_owned(),
        participants: accounts(&case, &handles[1..]),
        ..NewEntity::default()
    };
    let (third, _) = case.split_off(mo, &new, "the address in contract 009").unwrap();
    assert_eq!(
        (names(third), names(mo)),
        (vec!["林嘉禾".to_owned()], vec!["林墨".to_owned(), "小林".to_owned(), "阿林".to_owned()])
    );
    assert_eq!(case.entity(third).unwrap().participants, accounts(&case, &handles[1..]));
    assert_eq!(case.entity(mo).unwrap().participants, accounts(&case, &handles[..1]));
    // What was merged as a whole is only taken apart.
    let whole = NewEntity { name: "阿林".to_owned(), ..NewEntity::default() };
    assert_eq!(case.split_off(mo, &whole, "").unwrap().0, other);
    assert_eq!(names(mo), ["林墨", "小林"]);
    assert!(
        case.split_off(mo, &NewEntity { name: "新".to_owned(), ..NewEntity::default() }, "")
            .is_err()
    );
    let rename =
        EntityField::Name { name: "林墨 (JS0031)".to_owned(), why: "staff list".to_owned() };
    case.set_entity(mo, rename).unwrap();
    assert!(names(mo).contains(&"林墨".to_owned()), "the name of before stays one");
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

#[test]
fn the_command_line_makes_changes_and_shows_entities() {
    let (dir, case) = demo();
    let folder = case.folder().to_owned();
    drop(case);
    let run = |line: &[&str]| {
        let mut command = casebook(dir.path(), &line[..1]);
        let output = command.arg(&folder).args(&line[1..]).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
    };
    let json = |line: &[&str]| -> serde_json::Value {
        let (code, out, err) = run(line);
        assert_eq!(code, 0, "{line:?}: {err}");
        serde_json::from_str(&out).unwrap()
    };
    let new = ["entity", "--name", "林墨", "--alias", "小林", "--account", "wxid_k2v6r1o9sb3n44"];
    let made = json(&[&new[..], &["--watch", "--tag", "js", "--json"]].concat());
    assert_eq!(
        (&made["id"], &made["kind"], &made["watched"]),
        (&"E1".into(), &"person".into(), &true.into())
    );
    assert_eq!(made["accounts"][0]["owner"]["id"], "E1");
    let other = json(&["entity", "--name", "林嘉禾", "--alias", "小林", "--json"]);
    assert_eq!(other["shared"][0]["others"][0]["id"], "E1");
    // A name that means two is not guessed at.
    let (code, _, error) = run(&["entity", "小林", "--watch"]);
    assert_eq!(code, 1);
    assert!(error.contains("小林 may be E1, E2"), "{error}");
    let (code, _, error) = run(&["entity", "--alias", "x"]);
    assert_eq!(code, 2);
    assert!(error.contains("hint: casebook entity CASE --name NAME"), "{error}");
    json(&[
        "entity",
        "林嘉禾",
        "--attribute",
        "职务 = 川江",
        "--kind",
        "organisation",
        "--name",
        "林嘉禾（川江）",
        "--why",
        "contract 009",
        "--json",
    ]);
    // Who owns no account has one line, in the list and of its own.
    let list = run(&["entities"]).1;
    let line = list.lines().find(|line| line.starts_with("E2 ")).unwrap();
    assert!(line.contains("named "), "{line}");
    assert_eq!(run(&["show", "E2"]).1.lines().next(), Some(line));
    let shown = json(&["show", "E2", "--json"]);
    assert_eq!(
        (&shown["name"], &shown["kind"]),
        (&"林嘉禾（川江）".into(), &"organisation".into())
    );
    assert_eq!(shown["attributes"][0]["value"], "川江");
    assert!(
        shown["history"].as_array().unwrap().iter().any(|change| change["why"] == "contract 009")
    );
    let found = json(&["search", "entity:E2", "--limit", "0", "--json"]);
    assert_eq!(shown["mentions"]["total"], found["total"]);
    json(&["entity", "E2", "--merge-into", "E1", "--why", "one nickname", "--json"]);
    assert_eq!(json(&["entities", "--json"])["entities"].as_array().unwrap().len(), 1);
    let apart = json(&["entity", "E2", "--unmerge", "--why", "two telephones", "--json"]);
    assert_eq!(apart["merged"].as_array().unwrap().len(), 0);
    let split = json(&["entity", "E1", "--split", "--alias", "小林", "--json"]);
    assert_eq!((&split["id"], &split["name"]), (&"E3".into(), &"小林".into()));
    assert_eq!(run(&["entity", "E3", "--delete"]).0, 0);
    let all = json(&["entities", "--accounts", "--json"]);
    assert_eq!(all["entities"].as_array().unwrap().len(), 2);
    assert!(all["accounts"].as_array().unwrap().iter().all(|account| account["owner"].is_null()));
    let account = all["entities"][0]["accounts"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(json(&["show", &account, "--json"])["owner"]["id"], "E1");
    assert_eq!(run(&["verify"]).0, 0, "nothing is damaged");
}
