//! Chats over several files, read by the real workers.

use crate::ingest::{Bench, add_path, options};
use crate::program::verified;
use crate::reread::{again, make_older};
use casebook::case::{Case, ConversationRow, Hit, SearchOptions};
use casebook::model::{ConversationId, ItemId, MessageId, MessageKind};
use casebook::query::Query;
use std::sync::atomic::AtomicBool;

/// A table of messages between two accounts, by day of the month.
fn table(one: &str, other: &str, days: std::ops::Range<u32>) -> String {
    let mut file = String::from("| Time | From | To | Message |\n|---|---|---|---|\n");
    for day in days {
        let (from, to) = if day % 2 == 0 { (one, other) } else { (other, one) };
        file.push_str(&format!("| 2021-03-{day:02} 02:00:00 | {from} | {to} | 消息 {day} |\n"));
    }
    file
}

fn dump(case: &Case) -> String {
    let mut bytes = Vec::new();
    case.dump(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn assert_sound(case: &Case) {
    assert_eq!(verified(case, &[]).damage, Vec::new());
}

/// Accounts as `platform handle messages`.
fn accounts(case: &Case) -> Vec<String> {
    let mut all: Vec<String> = case
        .participants(0..100)
        .unwrap()
        .iter()
        .map(|account| format!("{} {} {}", account.platform, account.handle, account.messages))
        .collect();
    all.sort();
    all
}

fn hits(case: &Case, query: &str) -> Vec<Hit> {
    let found = case.search(
        &query.parse::<Query>().unwrap(),
        &SearchOptions::default(),
        &AtomicBool::new(false),
    );
    found.unwrap().hits
}

const ONE: &str = "wxid_fict0a0001";

#[test]
fn an_alias_is_one_account_in_all_files() {
    // Aliases alone beside a file that says whose they are; in another folder, by a shared account;
    // and messages that two of the files hold.
    let files = [
        ("0/1.md", table(ONE, "mara_alias", 1..9)),
        ("0/2.md", table("zhaoX88", "mara_alias", 1..9)),
        ("0/3.md", table("zhaoX88", "mara_alias", 5..12)),
        ("1/4.md", table("blue_kettle", "zhaoX88", 1..3)),
        ("2/5.md", table("ann@example.org", "lin@example.org", 1..3)),
    ];
    let expected = [
        "table ann@example.org 1",
        "table lin@example.org 1",
        "wechat blue_kettle 1",
        "wechat mara_alias 10",
        "wechat wxid_fict0a0001 4",
        "wechat zhaoX88 6",
    ];
    let mut dumps = Vec::new();
    // In the order of their names, and one add after the other in three orders.
    for order in [vec![0, 1, 2, 3, 4], vec![4, 3, 2, 1, 0], vec![2, 0, 4, 1, 3]] {
        let bench = Bench::new();
        for at in &order {
            let (path, text) = &files[*at];
            bench.write(path, text);
            if !dumps.is_empty() {
                bench.add();
            }
        }
        bench.add();
        assert_eq!(accounts(&bench.case), expected, "{order:?}");
        assert_eq!(bench.case.conversations(0..10).unwrap().len(), 4);
        assert_eq!(bench.case.status().unwrap().messages, 8 + 11 + 2 + 2, "{order:?}");
        assert_sound(&bench.case);
        let report = bench.add();
        assert_eq!((report.unchanged, report.documents), (5, 0));
        dumps.push(dump(&bench.case));
    }
    assert_eq!(dumps[0], dumps[1]);
    assert_eq!(dumps[0], dumps[2]);
}

#[test]
fn what_was_done_before_an_alias_was_known_is_kept() {
    let bench = Bench::new();
    bench.write("0/2.md", table("zhaoX88", "mara_alias", 1..3));
    bench.add();
    assert_eq!(accounts(&bench.case)[0], "table mara_alias 1");
    bench.case.mark(&[ItemId::Message(MessageId(2))], "read", true).unwrap();
    bench.write("0/1.md", table(ONE, "mara_alias", 1..3));
    bench.add();
    assert_eq!(accounts(&bench.case)[0], "wechat mara_alias 2");
    let read = |case: &Case| {
        let messages = case.messages(ConversationId(1), 0..10).unwrap();
        messages.iter().map(|message| message.read).collect::<Vec<_>>()
    };
    assert_eq!(read(&bench.case), [false, true]);
    assert_sound(&bench.case);
}

/// The export of one phone left the files out, that of the other has them. Whichever is read first.
#[test]
fn files_that_one_of_two_exports_names_are_kept() {
    let without = "[19/02/24, 08:05:00] Bob: hi there\n\
                   [19/02/24, 08:05:01] Mara: \u{200e}image omitted\n\
                   [19/02/24, 08:05:02] Bob: ok then\n";
    let with = without.replace("image omitted", "<attached: IMG-1.jpg>");
    let name = "WhatsApp Chat with Mara.txt";
    for (one, other) in [(without, with.as_str()), (with.as_str(), without)] {
        let bench = Bench::new();
        for (folder, text) in [("one", one), ("other", other)] {
            let folder = bench.dir.path().join(folder);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join(name), text).unwrap();
            if text == with {
                std::fs::write(folder.join("IMG-1.jpg"), "no picture").unwrap();
            }
            add_path(&bench.case, &folder, &options());
        }
        let media = |case: &Case| -> Vec<(String, usize)> {
            let messages = case.messages(ConversationId(1), 0..10).unwrap();
            assert_eq!(messages.len(), 3);
            let own = |own: &casebook::model::Media| (own.name.clone(), messages[1].places.len());
            messages[1].media.iter().map(own).collect()
        };
        let check = |expected: (&str, usize), found: usize| {
            assert_eq!(media(&bench.case), [(expected.0.to_owned(), expected.1)]);
            assert_eq!(hits(&bench.case, "meta:IMG kind:message").len(), found);
            assert_sound(&bench.case);
        };
        check(("IMG-1.jpg", 2), 1);
        let message = bench.case.messages(ConversationId(1), 1..2).unwrap()[0].id;
        let file = bench.case.media_document(message, "IMG-1.jpg", None).unwrap();
        assert!(file.is_some(), "beside the export that names it");
        make_older(&bench.case);
        bench.add_with(&again());
        for folder in ["one", "other"] {
            add_path(&bench.case, &bench.dir.path().join(folder), &again());
        }
        check(("IMG-1.jpg", 2), 1);
        // What goes with its export is named by nothing that is left.
        let source = bench.case.find_source("S1").unwrap().id;
        bench.case.remove_source(source).unwrap();
        if other == with {
            check(("IMG-1.jpg", 1), 1);
        } else {
            check(("", 1), 0);
        }
    }
}

/// A message with a number of its own is one, though one export of it has no file; whichever is read
/// first, and whatever is read again or taken away.
#[test]
fn a_message_whose_file_one_of_two_exports_lacks_is_one() {
    let message = |id: u32, text: &str, more: &str| {
        format!(
            r#"{{"id":{id},"type":"message","date":"2024-02-19T16:05:0{id}","date_unixtime":"170832990{id}","from":"Mara","from_id":"user1","text":"{text}"{more}}}"#
        )
    };
    let photo = r#","photo":"photos/photo_1.jpg","width":9,"height":9"#;
    let of = |photo: &str| {
        telegram(
            &[message(1, "看这个", photo), message(2, "", photo), message(3, "ok", "")].join(","),
        )
    };
    let (without, with) = (of(""), of(photo));
    for (one, other) in [(&without, &with), (&with, &without)] {
        let bench = Bench::new();
        for (folder, text) in [("one", one), ("other", other)] {
            let folder = bench.dir.path().join(folder);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("result.json"), text).unwrap();
            add_path(&bench.case, &folder, &options());
        }
        let case = &bench.case;
        let check = |kind: MessageKind, places: usize| {
            let messages = case.messages(ConversationId(1), 0..10).unwrap();
            let kinds: Vec<_> = messages.iter().map(|m| (m.kind, m.places.len())).collect();
            let blank = match kind {
                MessageKind::Media => kind,
                _ => MessageKind::Empty,
            };
            let text = (MessageKind::Text, places);
            assert_eq!(kinds, [(kind, places), (blank, places), text], "{one}");
            assert!(messages.iter().all(|message| message.versions.is_empty()));
            let found = hits(case, "has:attachment kind:message").len();
            assert_eq!(found, if kind == MessageKind::Media { 2 } else { 0 });
            assert_sound(case);
        };
        check(MessageKind::Media, 2);
        // What is named by what it is in one export is found by what it is in both.
        let first = case.messages(ConversationId(1), 0..1).unwrap()[0].id;
        case.mark(&[first.into()], "starred", true).unwrap();
        make_older(case);
        for folder in ["other", "one"] {
            add_path(case, &bench.dir.path().join(folder), &again());
            check(MessageKind::Media, 2);
        }
        let source = case.find_source("S1").unwrap().id;
        case.remove_source(source).unwrap();
        check(if other == &with { MessageKind::Media } else { MessageKind::Text }, 1);
        let first = case.messages(ConversationId(1), 0..1).unwrap();
        assert!(first[0].starred, "{one}");
        assert_eq!(case.check_journal().unwrap().1, Vec::new());
    }
}

#[test]
fn groups_are_called_by_their_ids() {
    let bench = Bench::new();
    bench.write(
        "1.md",
        "| Time | From | To | Message |\n|---|---|---|---|\n\
         | 2021-03-01 02:00:00 | wxid_fict0a0001 | 7012345@chatroom | 群里好 |\n\
         | 2021-03-01 02:01:00 | wxid_123 | 7012345@chatroom | 早 |\n\
         | 2021-03-01 02:02:00 | wxid_123 | wxid_fict0a0001 | 私下 |\n",
    );
    bench.add();
    let chats = bench.case.conversations(0..10).unwrap();
    assert_eq!(chats[0].title, "7012345@chatroom");
    assert_eq!(accounts(&bench.case), ["wechat wxid_123 2", "wechat wxid_fict0a0001 1"]);
    for query in ["to:7012345@chatroom", "with:7012345", "in:7012345@chatroom", "in:7012345"] {
        assert_eq!(hits(&bench.case, query).len(), 2, "{query}");
    }
    assert_eq!(hits(&bench.case, "to:wxid_fict0a0001").len(), 2);
}

fn telegram(messages: &str) -> String {
    format!(r#"{{"name":"Ops","type":"private_supergroup","id":7,"messages":[{messages}]}}"#)
}

#[test]
fn who_was_forwarded_is_found() {
    let bench = Bench::new();
    bench.write(
        "result.json",
        telegram(
            r#"{"id":1,"type":"message","date":"2024-02-19T16:05:00","date_unixtime":"1708329901","from":"Mara","from_id":"user1","text":"look","forwarded_from":"Zed Fict"},
            {"id":2,"type":"message","date":"2024-02-19T16:06:00","date_unixtime":"1708329961","from":"Mara","from_id":"user1","text":"own"}"#,
        ),
    );
    bench.add();
    // As any name: by its field, and a search of texts says so.
    let found = hits(&bench.case, "meta:Zed");
    let locators: Vec<_> = found.iter().map(|hit| hit.locator.as_str()).collect();
    assert_eq!(locators, ["forwarded from"]);
}

#[test]
fn versions_of_an_edited_message_know_each_other() {
    let message = |id: u32, text: &str| {
        format!(
            r#"{{"id":{id},"type":"message","date":"2024-02-19T16:05:00","date_unixtime":"1708329901","from":"Mara","from_id":"user1","text":"{text}"}}"#
        )
    };
    let bench = Bench::new();
    bench.write("a/result.json", telegram(&[message(1, "before"), message(2, "same")].join(",")));
    bench.write("b/result.json", telegram(&[message(1, "after"), message(2, "same")].join(",")));
    bench.add();
    let messages = bench.case.messages(ConversationId(1), 0..10).unwrap();
    let said: Vec<_> = messages.iter().map(|m| (m.text.as_str(), m.versions.len())).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    for message in &messages {
        match message.text.as_str() {
            "same" => assert_eq!((message.versions.len(), message.places.len()), (0, 2)),
            _ => {
                let other = bench.case.message(message.versions[0]).unwrap();
                assert_eq!(other.versions, [message.id]);
                assert_ne!(other.text, message.text);
            }
        }
    }
    add_path(&bench.case, &bench.leak(), &options());
    assert_sound(&bench.case);
}

#[test]
fn who_wrote_nothing_is_an_account_and_no_participant() {
    let bench = Bench::new();
    let message = |id: u32, from: &str| {
        format!(
            r#"{{"id": {id}, "type": "message", "date": "2024-02-19T08:05:0{id}",
                "from": "{from}", "from_id": "{from}", "text": "好"}}"#
        )
    };
    let chat = |id: u32, messages: &[String]| {
        format!(
            r#"{{"id": {id}, "type": "personal_chat", "name": "Lin", "messages": [{}]}}"#,
            messages.join(",")
        )
    };
    bench.write(
        "result.json",
        format!(
            r#"{{"personal_information": {{"user_id": 1, "first_name": "Mara"}},
                "chats": {{"list": [{}, {}]}}}}"#,
            // Nobody answers in the first; the second is what the platform says.
            chat(2, &[message(1, "user1"), message(2, "user1")]),
            chat(777_000, &[message(3, "user777000")]),
        ),
    );
    bench.add();
    let expected = ["telegram user1 2", "telegram user2 0", "telegram user777000 1"];
    assert_eq!(accounts(&bench.case), expected);
    let status = bench.case.status().unwrap();
    assert_eq!((status.participants, status.silent, status.messages), (1, 2, 3));
    let rows = bench.case.conversations(0..10).unwrap();
    let counts = |row: &ConversationRow| (row.participants().count(), row.accounts.len());
    assert_eq!(rows.iter().map(counts).collect::<Vec<_>>(), [(1, 2), (0, 2)]);
    assert_eq!(hits(&bench.case, "with:user2").len(), 2, "who is silent is still found");
}
