//! A case whose own files are damaged: every command says what is wrong and what to do next, with an
//! exit code that scripts know; none panics, and none writes into it.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not seen as tests")]

use crate::ingest::Bench;
use crate::program::casebook;
use crate::random::Random;
use casebook::case::Draft;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A case with a little of everything.
fn make() -> (tempfile::TempDir, PathBuf) {
    let bench = Bench::new();
    bench.write("a.txt", "青河那边的付款下周，30万先付。\n".repeat(300));
    bench.write("b.eml", "From: lin@example.org\nSubject: 青河\n\n付款30万\n");
    bench.write(
        "c.json",
        r#"{"name": "g", "type": "private_group", "id": 1, "messages": [{"id": 1, "type": "message",
            "date": "2022-03-05T12:00:00", "from": "lin", "from_id": "user1", "text": "付款到了"}]}"#,
    );
    bench.add();
    bench.case.save_note(&Draft { text: "付款 [[D1]]".to_owned(), ..Draft::default() }).unwrap();
    let Bench { dir, case } = bench;
    let folder = case.folder().to_owned();
    drop(case);
    (dir, folder)
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    casebook(folder.parent().unwrap(), &arguments[..1])
        .arg(folder)
        .args(&arguments[1..])
        .output()
        .unwrap()
}

/// What reads a case.
const COMMANDS: &[&[&str]] = &[
    &["status"],
    &["documents", "--json"],
    &["conversations"],
    &["search", "付款"],
    &["show", "D1"],
    &["show", "C1"],
    &["show", "N1"],
    &["notes"],
    &["verify"],
    &["dump"],
    &["export", "--format", "md", "-o", "-"],
    &["bundle", "-o", "-"],
    &["extract", "D1", "-o", "-"],
];

/// Files and their bytes, but for what SQLite makes for a moment.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().to_owned(), fs::read(entry.path()).unwrap()))
        .filter(|(path, _)| !path.to_string_lossy().ends_with("-shm"))
        .filter(|(path, bytes)| !(path.to_string_lossy().ends_with("-wal") && bytes.is_empty()))
        .collect();
    files.sort();
    files
}

/// Runs every command on a damaged case; gives the exit codes of those that failed.
#[track_caller]
fn check(folder: &Path, what: &str) -> Vec<i32> {
    // A derived index may be brought along; the case itself is left alone.
    let index = folder.join("index");
    let kept = || {
        let mut files = files(folder);
        files.retain(|(path, _)| !path.starts_with(&index));
        files
    };
    let before = kept();
    let mut codes = Vec::new();
    for arguments in COMMANDS {
        let output = run(folder, arguments);
        let (code, said) = (output.status.code(), String::from_utf8_lossy(&output.stderr));
        let context = format!("{what}: {arguments:?} ends with {code:?}\n{said}");
        assert!(code.is_some_and(|code| (0..=5).contains(&code)), "{context}");
        assert!(!said.contains("panicked"), "{context}");
        // 3 is done, with remarks.
        if !matches!(code, Some(0 | 3)) && arguments[0] != "verify" {
            assert!(said.contains("error: ") && said.contains("\nhint: "), "{context}");
        }
        let after = kept();
        let other = after.iter().find(|file| !before.contains(file)).map(|(path, _)| path);
        assert!(before == after, "{context}something was written: {other:?}");
        codes.extend(code.filter(|code| *code != 0));
    }
    codes
}

#[test]
fn a_case_file_that_is_none_is_damage_for_every_command() {
    let (_dir, folder) = make();
    let database = folder.join("case.db");
    let whole = fs::read(&database).unwrap();
    let mut headless = whole.clone();
    headless[..64].fill(0x55);
    let text = b"not a database at all\n".repeat(100);
    for (what, bytes) in [
        ("cut in its first page", &whole[..1000]),
        ("another header", &headless),
        ("empty", &[]),
        ("a text", &text),
    ] {
        fs::write(&database, bytes).unwrap();
        let codes = check(&folder, what);
        assert_eq!(codes, vec![5; COMMANDS.len()], "{what}");
        let said = String::from_utf8(run(&folder, &["status"]).stderr).unwrap();
        for step in ["backup copy", "bundle", "add"] {
            assert!(said.contains(step), "{what}: {said}");
        }
    }
    fs::write(&database, &whole).unwrap();
    assert_eq!(check(&folder, "whole"), [0; 0]);
}

#[test]
fn a_table_that_is_gone_is_damage() {
    let (_dir, folder) = make();
    let database = folder.join("case.db");
    let whole = fs::read(&database).unwrap();
    for table in ["document", "place", "variant", "chunk", "message", "operation", "note", "source"]
    {
        let db = rusqlite::Connection::open(&database).unwrap();
        db.pragma_update(None, "foreign_keys", false).unwrap();
        db.execute_batch(&format!("DROP TABLE {table}")).unwrap();
        drop(db);
        let codes = check(&folder, table);
        assert!(codes.contains(&5), "{table}: {codes:?}");
        assert!(codes.iter().all(|code| *code == 5 || *code == 1), "{table}: {codes:?}");
        assert_eq!(run(&folder, &["verify"]).status.code(), Some(5), "{table}");
        fs::write(&database, &whole).unwrap();
    }
}

#[test]
fn bytes_changed_anywhere_cost_no_panic() {
    let (_dir, folder) = make();
    let database = folder.join("case.db");
    let whole = fs::read(&database).unwrap();
    let mut random = Random::new();
    for round in 0..12 {
        let mut bytes = whole.clone();
        let length = bytes.len() as u64;
        let what = match round % 4 {
            0 => {
                bytes.truncate(random.below(length) as usize);
                "cut"
            }
            1 => {
                for _ in 0..40 {
                    bytes[random.below(length) as usize] = random.below(256) as u8;
                }
                "random bytes"
            }
            2 => {
                let at = random.below(length) as usize;
                let end = (at + 20_000).min(bytes.len());
                bytes[at..end].fill(0);
                "a block of zeros"
            }
            _ => {
                // Heads of pages: where rows are looked up.
                for _ in 0..20 {
                    let page = random.below(length / 16_384) * 16_384;
                    bytes[(page + random.below(200)) as usize] = random.below(256) as u8;
                }
                "heads of pages"
            }
        };
        fs::write(&database, bytes).unwrap();
        check(&folder, &format!("round {round}, {what}"));
    }
}

#[test]
fn a_damaged_index_names_reindex_which_mends_it() {
    let (_dir, folder) = make();
    let index = folder.join("index");
    let count = || {
        let output = run(&folder, &["search", "付款", "--json", "--limit", "0"]);
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        answer["total"].as_u64()
    };
    let whole_count = count();
    let saved = files(&index);
    for (path, whole) in &saved {
        for (what, bytes) in [("cut", &whole[..whole.len() / 2]), ("another", &b"{}x\n".repeat(50))]
        {
            fs::remove_dir_all(&index).unwrap();
            fs::create_dir(&index).unwrap();
            saved.iter().for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
            fs::write(path, bytes).unwrap();
            let what = format!("{} {what}", path.display());
            let output = run(&folder, &["search", "付款"]);
            let said = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => {}
                Some(5) => assert!(said.contains("casebook reindex"), "{what}: {said}"),
                code => panic!("{what}: {code:?} {said}"),
            }
            check(&folder, &what);
            let mended = run(&folder, &["reindex"]);
            let said = String::from_utf8_lossy(&mended.stderr);
            assert_eq!(mended.status.code(), Some(0), "{what}: {said}");
            assert_eq!(count(), whole_count, "{what}");
        }
    }
    fs::remove_dir_all(&index).unwrap();
    fs::write(&index, "no folder").unwrap();
    check(&folder, "a file in the place of the folder");
    fs::remove_file(&index).unwrap();
    assert_eq!(run(&folder, &["search", "付款"]).status.code(), Some(0), "it is made again");
}

#[cfg(unix)]
#[test]
fn the_desk_says_it_too() {
    use crate::desk::Desk;
    let (_dir, folder) = make();
    let database = folder.join("case.db");
    let whole = fs::read(&database).unwrap();
    fs::write(&database, &whole[..1000]).unwrap();
    let mut desk = Desk::open(&folder);
    desk.wait_for("hint: put a backup copy of case.db in its place");
    assert_eq!(desk.ended(), 5);
    // Damage that shows only when something is opened.
    let mut random = Random::with(7);
    for round in 0..4 {
        let mut bytes = whole.clone();
        let length = bytes.len() as u64;
        for _ in 0..60 {
            bytes[(4096 + random.below(length - 4096)) as usize] = random.below(256) as u8;
        }
        fs::write(&database, bytes).unwrap();
        let mut desk = Desk::open(&folder);
        desk.wait("a desk or an error", |text| {
            text.contains("Overview") || text.contains("error: ")
        });
        // What an error leaves is no desk that takes keys.
        desk.press("1\r2\rq");
        let code = desk.ended();
        assert!(code <= 5, "round {round}: {code}");
    }
}

#[test]
fn a_dash_is_standard_output() {
    let (_dir, folder) = make();
    let check = |arguments: &[&str], expected: &dyn Fn(&[u8]) -> bool, beside: &str| {
        let output = run(&folder, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?} {said}");
        assert!(
            expected(&output.stdout),
            "{arguments:?} {:?}",
            String::from_utf8_lossy(&output.stdout)
        );
        assert!(said.contains(beside), "{arguments:?} {said}");
    };
    let mail = b"From: lin@example.org\nSubject: \xe9\x9d\x92\xe6\xb2\xb3\n\n\xe4\xbb\x98\xe6\xac\xbe30\xe4\xb8\x87\n";
    let hash = casebook::model::Sha256::of(mail).to_string();
    check(&["extract", "D2", "-o", "-"], &|bytes| bytes == mail, &hash);
    check(&["extract", "D2", "-o", "-", "--json"], &|bytes| bytes == mail, &hash);
    let starts = |with: &'static [u8]| move |bytes: &[u8]| bytes.starts_with(with);
    check(&["export", "--format", "md", "-o", "-"], &starts(b"# "), "sealed with the key");
    check(&["export", "--format", "docx", "-o", "-"], &starts(b"PK"), "sealed with the key");
    check(&["bundle", "-o", "-"], &|bytes| bytes.len() > 100, "signed by");
    check(&["dump", "-o", "-"], &|bytes| bytes.len() > 100, "");
    check(&["journal", "-o", "-"], &starts(b"{"), "");
    assert!(!folder.with_file_name("-").exists(), "no file has that name");
    let refused = run(&folder, &["export", "-o", "-"]);
    assert_eq!(refused.status.code(), Some(2), "which format?");
    let refused = run(&folder, &["notes", "-o", "-"]);
    assert_eq!(refused.status.code(), Some(2), "a folder of files is no stream");
    // A bundle that came through a pipe is one.
    let bundle = run(&folder, &["bundle", "-o", "-"]).stdout;
    fs::write(folder.with_file_name("piped.bundle"), bundle).unwrap();
    let merged = run(&folder, &["merge", "piped.bundle", "--yes"]);
    assert_eq!(merged.status.code(), Some(0), "{}", String::from_utf8_lossy(&merged.stderr));
}
