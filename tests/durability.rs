//! Nothing is lost: killed at any moment, interrupted, tampered with.

use crate::ingest::{Bench, add_path, options};
use crate::program::{casebook, ended, verified};
use crate::random::Random;
use casebook::case::{Access, Case, CaseError, DocumentFilter, SearchOptions};
use casebook::ingest::{Progress, add};
use casebook::query::Query;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// All that a case holds, in an order that depends on nothing but the evidence.
fn dump(case: &Case) -> String {
    let mut out = String::new();
    let status = case.status().unwrap();
    writeln!(out, "{:?} {:?} {:?}", status.states, status.formats, status.months).unwrap();
    writeln!(out, "{} places {} skipped", status.places, status.skipped).unwrap();
    for row in case.documents(&DocumentFilter::default(), 0..1_000_000).unwrap() {
        let document = case.document(row.id).unwrap();
        let texts: Vec<_> = document.variants.iter().map(|v| (v.sha256, v.bytes)).collect();
        let places: Vec<_> = document.places.iter().map(|p| &p.path).collect();
        writeln!(out, "{} {:?} {:?} {:?}", row.id, row.state, places, texts).unwrap();
    }
    for row in case.conversations(0..10_000).unwrap() {
        writeln!(out, "{} {} {} {}", row.id, row.platform, row.key, row.messages).unwrap();
        for message in case.messages(row.id, 0..1_000_000).unwrap() {
            writeln!(
                out,
                "{} {} {:?} {} {:?}",
                message.id, message.raw_time, message.sender, message.text, message.places
            )
            .unwrap();
        }
    }
    out
}

/// What the index finds.
fn found(case: &Case) -> Vec<u64> {
    ["合同", "payment", "is:child", "kind:message", "needle7*"]
        .into_iter()
        .map(|query| {
            let query = Query::parse(query).unwrap();
            let never = AtomicBool::new(false);
            case.search(&query, &SearchOptions::default(), &never).unwrap().total
        })
        .collect()
}

fn no_damage(case: &Case) {
    let report = verified(case, &[]);
    assert!(report.damage.is_empty(), "{:#?}", report.damage);
}

/// A leak with many small files, some mails with attachments and some chats.
fn make_leak(bench: &Bench, files: u32) {
    for n in 0..files {
        let folder = n % 17;
        let (name, text) = match n % 50 {
            0 => (
                format!("{folder}/chat{n}.md"),
                format!(
                    "| Time | From | To | Message |\n|---|---|---|---|\n\
                     | 2022-03-05 08:0{}:11 | wxid_fict{n:08} | wxid_fict00000001 | 合同 {n} |\n\
                     | 2022-03-05 08:09:12 | wxid_fict00000001 | wxid_fict{n:08} | 收到 |\n",
                    n % 7
                ),
            ),
            1 => (
                format!("{folder}/mail{n}.eml"),
                format!(
                    "From: a@example.com\nTo: b@example.com\nSubject: payment {n}\nMIME-Version: 1.0\n\
                     Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nsee {n}\n\
                     --x\nContent-Type: text/plain; name=a{n}.txt\n\
                     Content-Disposition: attachment; filename=a{n}.txt\n\nattached needle{n}\n--x--\n"
                ),
            ),
            2 => (format!("{folder}/twin{n}.txt"), "the same everywhere".to_owned()),
            _ => (format!("{folder}/note{n}.txt"), format!("note {n} 合同编号 QH-{n} needle{n}")),
        };
        bench.write(&name, text);
    }
}

fn start_add(case: &Path, leak: &Path) -> Child {
    casebook(case.parent().unwrap(), ["add", "--json"])
        .arg(case)
        .arg(leak)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Names and sizes of the files of the index: it changes when a commit or a merge is under way.
fn index_files(case: &Path) -> Vec<(std::ffi::OsString, u64)> {
    let Ok(entries) = fs::read_dir(case.join("index")) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| (entry.file_name(), entry.metadata().map_or(0, |meta| meta.len())))
        .collect();
    files.sort();
    files
}

#[test]
fn killed_at_any_moment_and_added_again() {
    const FILES: u32 = 2000;
    let whole = Bench::new();
    make_leak(&whole, FILES);
    let begun = Instant::now();
    add_path(&whole.case, &whole.leak(), &options());
    let takes = begun.elapsed();
    let expected = (dump(&whole.case), found(&whole.case));

    let mut random = Random::new();
    let (mut kills, mut in_commit) = (0, 0);
    let mut round = 0;
    while kills < 20 || in_commit < 5 {
        round += 1;
        let path = whole.dir.path().join(format!("killed{round}.case"));
        drop(Case::create(&path).unwrap());
        // Several kills in the life of one case, then an undisturbed end.
        for _ in 0..5 {
            let mut child = start_add(&path, &whole.leak());
            let at_commit = random.below(2) == 0;
            let deadline = Instant::now()
                + takes.mul_f64(random.below(400) as f64 / 1000.0)
                + Duration::from_millis(5);
            let before = index_files(&path);
            let mut reached = false;
            let finished = loop {
                if child.try_wait().unwrap().is_some() {
                    break true;
                }
                if at_commit && Instant::now() > deadline && index_files(&path) != before {
                    reached = true;
                    break false;
                }
                if !at_commit && Instant::now() > deadline {
                    break false;
                }
                std::thread::sleep(Duration::from_micros(300));
            };
            if finished {
                break;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            in_commit += u32::from(reached);
        }
        let case = Case::open(&path, Access::Write).unwrap();
        let report = add_path(&case, &whole.leak(), &options());
        assert!(!report.stopped);
        assert!(dump(&case) == expected.0, "the dump differs in round {round}");
        assert_eq!(found(&case), expected.1);
        no_damage(&case);
    }
}

#[test]
fn stopped_and_resumed() {
    let bench = Bench::new();
    make_leak(&bench, 300);
    let cancel = Arc::new(AtomicBool::new(false));
    let progress = Arc::new(Progress::default());
    let watcher = {
        let (cancel, progress) = (Arc::clone(&cancel), Arc::clone(&progress));
        std::thread::spawn(move || {
            while progress.snapshot().documents < 20 {
                std::thread::sleep(Duration::from_millis(1));
            }
            cancel.store(true, std::sync::atomic::Ordering::Relaxed);
        })
    };
    let report = add(&bench.case, &[bench.leak()], &options(), &progress, &cancel).unwrap();
    watcher.join().unwrap();
    assert!(report.stopped);
    assert!(bench.case.status().unwrap().sources[0].incomplete);
    bench.add();
    let other = Bench::new();
    make_leak(&other, 300);
    other.add();
    assert!(dump(&bench.case) == dump(&other.case), "a resumed case is like any other");
    assert!(!bench.case.status().unwrap().sources[0].incomplete);
}

#[test]
fn one_add_at_a_time() {
    let bench = Bench::new();
    bench.write("a.txt", "text");
    let other = bench.case.another().unwrap();
    let intake = other.intake().unwrap();
    let error = add(
        &bench.case,
        &[bench.leak()],
        &options(),
        &Progress::default(),
        &Arc::new(AtomicBool::new(false)),
    )
    .unwrap_err();
    assert!(matches!(error, CaseError::AddRunning), "{error}");
    drop(intake);
    assert_eq!(bench.add().documents, 1);
}

#[test]
fn a_flipped_byte_is_found_and_named() {
    let bench = Bench::new();
    make_leak(&bench, 60);
    bench.write("long.txt", "青河那边的付款下周，30万先付。\n".repeat(400));
    bench.add();
    let case = bench.case.another().unwrap();
    case.set_author(casebook::case::Author::with_key("lin", [7; 32])).unwrap();
    let id = case.documents(&DocumentFilter::default(), 0..1).unwrap()[0].id;
    case.mark(&[id.into()], "starred", true).unwrap();
    drop(case);
    no_damage(&bench.case);
    let folder = bench.case.folder().to_owned();
    let leak = bench.leak();
    drop(bench.case);

    let check = |what: &str, name: &str| {
        let case = Case::open(&folder, Access::Read).unwrap();
        let report = verified(&case, &[]);
        assert!(
            report.damage.iter().any(|d| d.what == what && d.name.contains(name)),
            "{what} {name}: {:#?}",
            report.damage
        );
    };
    let flip = |path: &Path, at: usize| {
        let mut bytes = fs::read(path).unwrap();
        bytes[at] ^= 1;
        fs::write(path, bytes).unwrap();
    };

    let original = leak.join("long.txt");
    flip(&original, 40);
    check("original", "long.txt");
    flip(&original, 40);

    let largest = fs::read_dir(folder.join("index"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .max_by_key(|entry| entry.metadata().unwrap().len())
        .unwrap();
    let middle = largest.metadata().unwrap().len() as usize / 2;
    flip(&largest.path(), middle);
    check("index", largest.file_name().to_str().unwrap());
    flip(&largest.path(), middle);

    let database = folder.join("case.db");
    let bytes = fs::read(&database).unwrap();
    let position = |needle: &[u8]| bytes.windows(needle.len()).position(|w| w == needle).unwrap();
    // The magic number of the zstd frame with the text, and a byte of what is packed in it.
    let frames: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, window)| *window == [0x28, 0xb5, 0x2f, 0xfd])
        .map(|(at, _)| at)
        .collect();
    assert!(!frames.is_empty());
    flip(&database, frames[frames.len() / 2] + 12);
    check("text", "");
    flip(&database, frames[frames.len() / 2] + 12);

    flip(&database, position(b"\"do\":\"mark\"") + 8);
    check("operation", "");
    flip(&database, position(b"\"do\":\"mark\"") + 8);
    let case = Case::open(&folder, Access::Read).unwrap();
    no_damage(&case);
}

/// What was altered between two `add`s is not sealed by the second one.
#[test]
fn an_altered_case_takes_nothing_in() {
    for (statement, expected) in [
        ("UPDATE participant SET name = 'Somebody' WHERE id = 1", "table participant"),
        (
            "UPDATE document SET size = size + 1 WHERE id = 1",
            "is not what was written (table document)",
        ),
        ("UPDATE source SET origin = 'nobody'", "is not what was written (table source)"),
        ("DELETE FROM place WHERE id = 2", "table place"),
    ] {
        let bench = Bench::new();
        bench.write("a.txt", "付款三十万");
        bench.write("b.txt", "second");
        bench.write(
            "c.md",
            "| Time | From | To | Message |\n|---|---|---|---|\n\
                             | 2021-03-01 02:00:00 | lin | mara | 消息 |\n",
        );
        bench.add();
        bench.add();
        let db = rusqlite::Connection::open(bench.case.folder().join("case.db")).unwrap();
        db.execute_batch(statement).unwrap();
        drop(db);
        bench.write("d.txt", "new");
        let before = dump(&bench.case);
        let (code, said) = ended(&mut casebook(bench.dir.path(), ["add", "test.case", "leak"]));
        assert!(code == 5 && said.contains(expected), "{statement}: {said}");
        assert!(dump(&bench.case) == before, "{statement}");
        let remove = ["remove", "test.case", "S1", "--yes"];
        let (code, said) = ended(&mut casebook(bench.dir.path(), remove));
        assert_eq!(code, 5, "{statement}: {said}");
        let (code, said) = ended(&mut casebook(bench.dir.path(), ["verify", "test.case"]));
        assert!(code == 5 && said.contains(expected), "{statement}: {said}");
    }
}

#[test]
fn facts_of_a_document_that_were_changed_in_the_case_are_found() {
    let bench = Bench::new();
    bench.write(
        "a.eml",
        "From: lin@example.org\nDate: Sat, 5 Mar 2022 12:00:00 +0800\nSubject: 青河\n\n付款\n",
    );
    bench.write("b.bin", b"\x00\x01\x02\xff\xfe\x00");
    bench.write(
        "c.json",
        r#"{"name": "g", "type": "private_group", "id": 1, "messages": [{"id": 1, "type": "message",
            "date": "2022-03-05T12:00:00", "date_unixtime": "1646452800", "from": "lin",
            "from_id": "user1", "text": "付款到了"}]}"#,
    );
    bench.add();
    let damage = |statement: &str| {
        let db = rusqlite::Connection::open(bench.case.folder().join("case.db")).unwrap();
        db.execute_batch("BEGIN").unwrap();
        assert_eq!(db.execute(statement, []).unwrap(), 1, "{statement}");
        db.execute_batch("COMMIT").unwrap();
        let report = verified(&bench.case, &[]);
        let damage =
            report.damage.iter().map(|damage| format!("{} {}", damage.name, damage.problem));
        damage.collect::<Vec<_>>().join("; ")
    };
    for (statement, expected) in [
        ("UPDATE document SET size = size WHERE id = 1", ""),
        (
            "UPDATE document SET metadata = replace(metadata, 'lin@', 'mara@') WHERE id = 1",
            "D1 a.eml extracting it again gives another metadata",
        ),
        (
            "UPDATE document SET state = 'failed' WHERE id = 2",
            "D2 b.bin extracting it again gives another state",
        ),
        (
            "UPDATE export SET zone = 28800, zone_status = 'inferred'",
            "D3 c.json extracting it again gives another clock",
        ),
        ("UPDATE document SET clock = clock + 86400 WHERE id = 1", "another date, metadata"),
        ("DELETE FROM place WHERE document = 2", "D2 lies nowhere"),
    ] {
        let found = damage(statement);
        assert!(found.contains(expected), "{statement}: {found:?}");
        assert_eq!(found.is_empty(), expected.is_empty(), "{statement}: {found:?}");
    }
}
