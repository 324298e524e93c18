//! The law of `verify`: whatever a person can see of a case is not changed unnoticed. In every column
//! of every table one value is made another one, and `verify` must say so, without the originals.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not seen as tests")]

use crate::ingest::{Bench, options};
use casebook::case::{Access, Author, Case, CaseError, Damage, EntityKind, NewEntity};
use casebook::ingest::AddOptions;
use casebook::model::DocumentId;
use casebook::model::anchor::{Anchor, At};
use casebook::model::note::Draft;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::fs;
use std::io::Write;
use std::path::Path;

/// What may change unnoticed, and why. A name with a `.` is a column, one without it a whole table.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("seal.seq", "says when rows are to be sealed anew; the rows are compared all the same"),
    ("change", "what the index has yet to follow; the index is compared with the case"),
    ("sqlite_sequence", "the next number that is given"),
    ("sqlite_stat1", "what the planner of queries reckons with"),
    ("asked", "a register: what was typed"),
    ("draft", "a register: changes with every key"),
    ("place_left", "a register: where somebody left off"),
    ("author", "a register of who read what"),
    ("seen_message", "a register of what was on a screen"),
    ("seen_text", "a register of what was on a screen"),
];

const CHAT: &str = r#"{"name": "青河", "type": "private_group", "id": 1, "messages": [
    {"id": 1, "type": "message", "date": "2022-03-05T12:00:00", "from": "lin", "from_id": "user1", "text": "付款到了"},
    {"id": 2, "type": "message", "date": "2022-03-05T12:01:00", "edited": "2022-03-05T12:02:00", "from": "mara",
     "from_id": "user2", "reply_to_message_id": 1, "forwarded_from": "zhou", "text": "收到，30万"},
    {"id": 3, "type": "message", "date": "2022-03-06T09:00:00", "from": "mara", "from_id": "user2", "photo": "a.jpg", "text": ""}]}"#;

/// A case with something in as many tables as can be.
fn bench() -> Bench {
    let bench = Bench::new();
    let mail =
        "From: lin@example.org\nDate: Sat, 5 Mar 2022 12:00:00 +0800\nSubject: 青河\n\n付款30万\n";
    bench.write("a.eml", mail);
    bench.write("b.bin", b"\x00\x01\x02\xff\xfe\x00");
    bench.write("chat/result.json", CHAT);
    // The same messages lie in a second export, less one.
    let rest = CHAT.replace("付款到了", "付款没到");
    bench.write("old/result.json", rest);
    bench.write("latin.txt", b"Gr\xf6\xdfe der Wale: \xfcberm\xe4\xdfig\n");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("内/签收.txt", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all("签收三十万\n".as_bytes()).unwrap();
    bench.write("a.zip", zip.finish().unwrap().into_inner());
    #[cfg(unix)]
    std::os::unix::fs::symlink("/nowhere", bench.leak().join("link")).unwrap();
    let origin = "who gave it: nobody".to_owned();
    bench.add_with(&AddOptions { origin, exclude: vec!["*.tmp".to_owned()], ..options() });

    let case = &bench.case;
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    let chat = case.conversations(0..1).unwrap()[0].id;
    let messages = case.messages(chat, 0..9).unwrap();
    case.mark(&[messages[0].id.into(), messages[1].id.into()], "read", true).unwrap();
    case.mark(&[DocumentId(1).into()], "tag:付款", true).unwrap();
    case.mark(&[DocumentId(2).into()], "starred", true).unwrap();
    case.undo().unwrap();
    let variant = case.document(DocumentId(1)).unwrap().variants[0].id;
    let at = At { item: DocumentId(1).into(), variant: Some(variant), start: 0, end: 6 };
    let passage = case.passage(at).unwrap();
    let (anchor, _) = case.add_anchor(Anchor::Passage(Box::new(passage)), "", "").unwrap();
    let text = format!("付款 [[{anchor}]] und [[D2]]");
    case.save_note(&Draft { text, ..Draft::default() }).unwrap();
    let entity = NewEntity {
        kind: EntityKind::Person,
        name: "林".to_owned(),
        aliases: vec!["lin".to_owned()],
        participants: vec![casebook::model::ParticipantId(1)],
    };
    case.add_entity(&entity).unwrap();
    case.save_search("money", "付款 OR 转账").unwrap();
    let export = messages[0].places[0].document;
    case.set_zone(export, Some(8 * 3600), "said so").unwrap();
    bench
}

/// What `verify` says of the case without looking at originals.
fn damage(folder: &Path) -> Result<Vec<Damage>, CaseError> {
    let case = Case::open(folder, Access::Read)?;
    let mut damage = case.check_database()?;
    damage.extend(case.check_journal()?.1);
    damage.extend(case.check_stored(&mut |_| true)?.1);
    damage.extend(case.check_index()?.0);
    Ok(damage)
}

/// Another value of the same kind.
fn other(value: Value) -> Option<Value> {
    Some(match value {
        Value::Null => return None,
        Value::Integer(number @ 0..=1) => Value::Integer(number ^ 1),
        Value::Integer(number) => Value::Integer(number + 1_000_003),
        Value::Real(number) => Value::Real(number + 1.0),
        Value::Text(text) => {
            // Of the last character that is no bracket and no quote another one, so that JSON stays JSON.
            let at = text.char_indices().rfind(|(_, c)| c.is_alphanumeric());
            match at {
                None => Value::Text(format!("{text}x")),
                Some((at, char)) => {
                    let next = if char == '1' { '2' } else { '1' };
                    Value::Text(format!("{}{next}{}", &text[..at], &text[at + char.len_utf8()..]))
                }
            }
        }
        Value::Blob(mut bytes) => {
            *bytes.last_mut()? ^= 1;
            Value::Blob(bytes)
        }
    })
}

/// The case file for a hand that knows no rules.
fn open(folder: &Path) -> Connection {
    let db = Connection::open(folder.join("case.db")).unwrap();
    db.pragma_update(None, "foreign_keys", false).unwrap();
    db
}

fn names(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn no_column_that_can_be_seen_changes_unnoticed() {
    let bench = bench();
    let folder = bench.case.folder().to_owned();
    drop(bench.case);
    assert_eq!(damage(&folder).unwrap(), [], "the case is whole");
    let whole = fs::read(folder.join("case.db")).unwrap();
    let db = open(&folder);
    let tables = names(&db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    let columns: Vec<(String, String)> = tables
        .iter()
        .flat_map(|table| {
            let sql = format!("SELECT name FROM pragma_table_info('{table}')");
            names(&db, &sql).into_iter().map(|column| (table.clone(), column))
        })
        .collect();
    drop(db);
    let is_excepted = |table: &str, column: &str| {
        let whole = format!("{table}.{column}");
        EXCEPTIONS.iter().any(|(name, _)| *name == table || *name == whole)
    };
    let (mut changed, mut unnoticed, mut without) = (0, Vec::new(), Vec::new());
    for (table, column) in columns.iter().filter(|(table, column)| !is_excepted(table, column)) {
        let db = open(&folder);
        let quoted = format!("\"{column}\"");
        let sql =
            format!("SELECT {quoted} FROM {table} WHERE {quoted} IS NOT NULL ORDER BY 1 DESC");
        let values: Vec<Value> = {
            let mut statement = db.prepare(&sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        // The first one that may be changed: a key may be another row's.
        let done = values.iter().any(|value| {
            let Some(other) = other(value.clone()) else { return false };
            let sql = format!("UPDATE {table} SET {quoted} = ?2 WHERE {quoted} = ?1");
            db.execute(&sql, (value, &other)).is_ok_and(|rows| rows > 0)
        });
        drop(db);
        if !done {
            without.push(format!("{table}.{column}"));
            continue;
        }
        changed += 1;
        match damage(&folder) {
            Ok(found) if found.is_empty() => unnoticed.push(format!("{table}.{column}")),
            Ok(_) => {}
            // Too damaged to be opened or walked: it is said, with what to do.
            Err(error) => assert!(error.is_damage(), "{table}.{column}: {error}"),
        }
        fs::write(folder.join("case.db"), &whole).unwrap();
        for rest in ["case.db-wal", "case.db-shm"] {
            let _ = fs::remove_file(folder.join(rest));
        }
    }
    println!("{changed} columns were changed; nothing to change in {without:?}");
    assert_eq!(unnoticed, Vec::<String>::new());
    assert!(changed > 120, "{changed}");
    // An exception of something that is not there says nothing.
    for (name, why) in EXCEPTIONS {
        let is_there = |(table, column): &(String, String)| {
            *name == table || *name == format!("{table}.{column}")
        };
        let is_optional = name.starts_with("sqlite_");
        assert!(is_optional || columns.iter().any(is_there), "{name}: {why}");
    }
}

#[test]
fn a_row_that_is_gone_is_missed() {
    let bench = bench();
    let folder = bench.case.folder().to_owned();
    drop(bench.case);
    let whole = fs::read(folder.join("case.db")).unwrap();
    for table in
        ["skipped", "member", "block", "message", "participant", "place", "note", "operation"]
    {
        let db = open(&folder);
        let key = match table {
            "skipped" => "path",
            "member" | "block" => "conversation",
            _ => "id",
        };
        let sql = format!("DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})");
        assert!(db.execute(&sql, []).unwrap() > 0, "{table}");
        drop(db);
        let found = damage(&folder).unwrap();
        assert!(!found.is_empty(), "{table}");
        fs::write(folder.join("case.db"), &whole).unwrap();
        for rest in ["case.db-wal", "case.db-shm"] {
            let _ = fs::remove_file(folder.join(rest));
        }
    }
}

#[test]
fn numbers_that_were_swapped_are_named() {
    let bench = bench();
    let again = |text: &str| Draft { text: text.to_owned(), ..Draft::default() };
    bench.case.save_note(&again("more")).unwrap();
    let folder = bench.case.folder().to_owned();
    drop(bench.case);
    assert_eq!(damage(&folder).unwrap(), []);
    open(&folder)
        .execute_batch(
            "UPDATE note SET id = 999 WHERE id = 1;
             UPDATE note_text SET note = 999 WHERE note = 1; UPDATE link SET note = 999 WHERE note = 1;
             UPDATE note SET id = 1 WHERE id = 2;
             UPDATE note_text SET note = 1 WHERE note = 2; UPDATE link SET note = 1 WHERE note = 2;
             UPDATE note SET id = 2 WHERE id = 999;
             UPDATE note_text SET note = 2 WHERE note = 999; UPDATE link SET note = 2 WHERE note = 999;
             UPDATE sqlite_sequence SET seq = 2 WHERE name = 'note'",
        )
        .unwrap();
    let found: Vec<String> =
        damage(&folder).unwrap().into_iter().map(|d| format!("{} {}", d.name, d.problem)).collect();
    let expected = "is a number that was given to another one";
    assert_eq!(found, [format!("N1 {expected}"), format!("N2 {expected}")]);
}

#[test]
fn a_setting_that_was_changed_is_named() {
    let bench = bench();
    bench.case.status().unwrap();
    let folder = bench.case.folder().to_owned();
    drop(bench.case);
    let whole = fs::read(folder.join("case.db")).unwrap();
    let keys = names(&open(&folder), "SELECT key FROM setting ORDER BY key");
    assert!(keys.len() > 3 && keys.iter().any(|key| key == "id"), "{keys:?}");
    for key in keys {
        let changed = open(&folder)
            .execute("UPDATE setting SET value = value || '1' WHERE key = ?1", [&key])
            .unwrap();
        assert_eq!(changed, 1);
        let named = format!("the setting {key}");
        match damage(&folder) {
            // What can be made again is made again when the case is opened.
            Ok(found) if key == "journal_is_projected" => assert_eq!(found, []),
            Ok(found) => assert!(found.iter().any(|d| d.name == named), "{key}: {found:?}"),
            Err(error) => assert!(error.is_damage(), "{key}: {error}"),
        }
        fs::write(folder.join("case.db"), &whole).unwrap();
        for rest in ["case.db-wal", "case.db-shm"] {
            let _ = fs::remove_file(folder.join(rest));
        }
    }
}
