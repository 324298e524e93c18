//! What `--json` prints is an interface: no field of any verb may disappear, move or change its
//! type unseen. The demo case is asked everything, and the shape of the answers is kept.

use crate::program::{casebook, done, ended};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Objects whose keys are data.
const COUNTS: [&str; 8] =
    ["states", "types", "languages", "reactions", "type", "lang", "source", "year"];

/// Paths of fields with the types that stand there.
#[derive(Default)]
struct Shape(BTreeMap<String, BTreeSet<&'static str>>);

impl Shape {
    fn add(&mut self, path: &str, value: &Value) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "number",
            Value::String(_) => "text",
            Value::Array(_) => "list",
            Value::Object(_) => "object",
        };
        if !path.is_empty() {
            self.0.entry(path.to_owned()).or_default().insert(kind);
        }
        match value {
            Value::Array(items) => {
                items.iter().for_each(|item| self.add(&format!("{path}[]"), item))
            }
            Value::Object(fields) => {
                let keys_are_data = COUNTS.iter().any(|name| path.rsplit('.').next() == Some(name));
                for (key, value) in fields {
                    let key = if keys_are_data { "*" } else { key };
                    let dot = if path.is_empty() { "" } else { "." };
                    self.add(&format!("{path}{dot}{key}"), value);
                }
            }
            _ => {}
        }
    }

    fn lines(&self) -> String {
        let line = |(path, kinds): (&String, &BTreeSet<&str>)| {
            format!("{path}: {}\n", kinds.iter().copied().collect::<Vec<_>>().join(" | "))
        };
        self.0.iter().map(line).collect()
    }
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    done(&mut casebook(folder, arguments))
}

/// The shape of the answers to several calls of one verb.
fn check(folder: &Path, name: &str, calls: &[&[&str]]) {
    let mut shape = Shape::default();
    for call in calls {
        let answer = run(folder, &[*call, &["--json"]].concat());
        let value =
            serde_json::from_str(&answer).unwrap_or_else(|e| panic!("{call:?}: {e}: {answer}"));
        shape.add("", &value);
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "snapshots/json" }, {
        insta::assert_snapshot!(name, shape.lines());
    });
}

#[test]
fn the_shape_of_every_answer_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let said = run(folder, &["demo", "d.case", "--no-open"]);
    let worth_trying: Vec<&str> = said.lines().filter_map(|line| line.split('\'').nth(1)).collect();
    assert!(worth_trying.len() > 4, "{said}");
    for query in worth_trying {
        let found = run(folder, &["search", "d.case", query, "--limit", "1"]);
        assert!(!found.starts_with("nothing found"), "{query}");
    }
    std::fs::create_dir(folder.join("more")).unwrap();
    std::fs::write(folder.join("more/a.txt"), "公司").unwrap();
    std::fs::write(folder.join("more/b.tmp"), "公司").unwrap();

    check(folder, "new", &[&["new", "n.case"]]);
    check(folder, "add", &[&["add", "d.case", "more", "--exclude", "*.tmp"]]);
    check(folder, "status", &[&["status", "d.case"], &["status", "n.case"]]);
    check(folder, "documents", &[&["documents", "d.case"]]);
    check(folder, "conversations", &[&["conversations", "d.case"]]);
    check(
        folder,
        "search",
        &[
            &["search", "d.case", "公司 OR payment", "--all"],
            &["search", "d.case", "信息", "--occurrences"],
            &["search", "d.case", r"/\d{4}/", "--limit", "0"],
        ],
    );
    let documents: Vec<String> = (1..=120).step_by(3).map(|n| format!("D{n}")).collect();
    let calls: Vec<[&str; 3]> =
        documents.iter().map(|id| ["show", "d.case", id.as_str()]).collect();
    let calls: Vec<&[&str]> = calls.iter().map(<[&str; 3]>::as_slice).collect();
    check(folder, "show_document", &calls);
    let messages: Vec<String> = (1..=1_200).step_by(40).map(|n| format!("M{n}")).collect();
    let calls: Vec<[&str; 3]> = messages.iter().map(|id| ["show", "d.case", id.as_str()]).collect();
    let calls: Vec<&[&str]> = calls.iter().map(<[&str; 3]>::as_slice).collect();
    check(folder, "show_message", &calls);
    check(folder, "show_conversation", &[&["show", "d.case", "C1"], &["show", "d.case", "C4"]]);
    check(folder, "extract", &[&["extract", "d.case", "D1", "-o", "out.bin"]]);
    check(folder, "reindex", &[&["reindex", "d.case"]]);
    check(folder, "verify", &[&["verify", "d.case"]]);

    std::fs::rename(folder.join("more"), folder.join("moved")).unwrap();
    let sources: Value =
        serde_json::from_str(&run(folder, &["status", "d.case", "--json"])).unwrap();
    let more = sources["sources"]
        .as_array()
        .and_then(|sources| {
            sources.iter().find(|s| s["path"].as_str().is_some_and(|p| p.ends_with("more")))
        })
        .unwrap_or_else(|| panic!("no such source in {sources}"));
    let id = more["id"].as_str().expect("ids are text");
    check(folder, "relink", &[&["relink", "d.case", id, "moved"]]);
    check(folder, "remove", &[&["remove", "d.case", id, "--yes"]]);
}

#[test]
fn shapes_are_seen_through_lists_and_counts() {
    let mut shape = Shape::default();
    shape.add(
        "",
        &serde_json::json!({"hits": [{"id": "D1"}, {"id": null, "n": 1}], "types": {"docx": 2}}),
    );
    assert_eq!(
        shape.lines(),
        "hits: list\nhits[]: object\nhits[].id: null | text\nhits[].n: number\ntypes: object\ntypes.*: number\n"
    );
}

/// Whatever a verb prints of evidence or of what somebody wrote: nothing in it acts on the
/// terminal that a pipe may end at.
#[test]
fn no_verb_lets_a_control_character_through() {
    let hostile = "付款\u{1b}]52;c;x\u{7}\u{9b}31m\u{202e}三十万\r";
    let bench = crate::ingest::Bench::new();
    bench.write("a\u{1b}[2J.txt", format!("{hostile}\n"));
    bench.write(
        "聊天.md",
        format!(
            "| 时间 | 发送者 | 接收者 | 内容 |\n|---|---|---|---|\n\
             | 2022-03-05 12:41:00 | l\u{1b}[2Jin | mara | {} |\n",
            hostile.trim_end()
        ),
    );
    bench.add();
    let run = |arguments: &[&str]| {
        let who = "l\u{1b}[2Jin";
        ended(casebook(bench.dir.path(), arguments).env("CASEBOOK_AUTHOR", who))
    };
    let acts = |text: &str| {
        text.chars()
            .any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c))
    };
    let note = format!("{hostile}\n见 [[M1]] [[D1]]");
    let make = ["note", "test.case", "--kind", "finding", "--text", &note, "--cite", "M1:三十万"];
    let (code, shown) = run(&make);
    assert_eq!((code, acts(&shown)), (0, false), "{shown:?}");
    let name = format!("名{hostile}");
    let (code, shown) =
        run(&["entity", "test.case", "--name", &name, "--alias", "b\u{1b}c", "--account", "P1"]);
    assert_eq!((code, acts(&shown)), (0, false), "{shown:?}");
    let items = ["D1", "D2", "M1", "C1", "P1", "E1", "N1", "A1"];
    for item in items {
        let (code, shown) = run(&["show", "test.case", item]);
        assert_eq!((code, acts(&shown)), (0, false), "{item}: {shown:?}");
        let (code, shown) = run(&["show", "test.case", item, "--json"]);
        assert_eq!((code, acts(&shown)), (0, false), "{item}: {shown:?}");
    }
    for (item, expected) in [("D1", "付款␛]52"), ("D2", "|---|---|---|---|\n| 2022")] {
        let (code, shown) = run(&["show", "test.case", item, "--file"]);
        assert_eq!((code, acts(&shown)), (0, false), "{item}: {shown:?}");
        assert!(shown.contains(expected), "{shown}");
    }
    let (code, shown) = run(&["show", "test.case", "M1", "--file"]);
    assert_eq!((code, shown.contains("hint: ")), (2, true), "{shown}");
    // Asked for, they are there.
    let raw = run(&["show", "test.case", "N1", "--raw"]).1;
    assert!(raw.contains(hostile) && raw.contains("见 [[M1]] [[D1]]"), "{raw}");
    assert!(run(&["show", "test.case", "N1"]).1.contains("见 M1 D1"));
    for verb in [
        "status",
        "documents",
        "conversations",
        "entities",
        "anchors",
        "notes",
        "journal",
        "dump",
        "verify",
        "reindex",
    ] {
        let (code, shown) = run(&[verb, "test.case"]);
        assert_eq!((code, acts(&shown)), (0, false), "{verb}: {shown:?}");
    }
    for arguments in [
        &["search", "test.case", "付款"][..],
        &["search", "test.case", "付\u{1b}[2J款 AND ("],
        &["show", "test.case", "D9\u{1b}[2J"],
        &["note", "test.case", "--kind", "\u{1b}[2J"],
        &["export", "test.case", "-o", "r\u{1b}[2J.md"],
        &["verify", "--report", "r\u{1b}[2J.md", "test.case"],
        &["verify", "--report", "r\u{1b}[2J.md", "--folder", "leak"],
        &["bundle", "test.case", "-o", "b\u{1b}[2J.bundle"],
        &["merge", "test.case", "b\u{1b}[2J.bundle", "--dry-run"],
        &["extract", "test.case", "D1", "-o", "e\u{1b}[2J"],
        &["relink", "test.case", "S1", "gone\u{1b}[2J"],
        &["remove", "test.case", "S1", "--yes"],
    ] {
        let shown = run(arguments).1;
        assert!(!shown.is_empty() && !acts(&shown), "{arguments:?}: {shown:?}");
    }
}
