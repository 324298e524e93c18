//! Workers: that they are locked down, and that a worker that crashes, hangs or lies costs
//! exactly one file.
#![allow(clippy::unwrap_used, reason = "helpers of tests are not seen as tests")]

use casebook::extract::pool::{Pool, PoolConfig, Task};
use casebook::extract::{Limits, Outcome, Record, Stop};
use casebook::model::State;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const CASEBOOK: &str = env!("CARGO_BIN_EXE_casebook");

#[test]
fn a_locked_down_process_gets_nothing() {
    let output = Command::new(CASEBOOK).args(["--worker", "--self-test"]).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{lines}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!lines.contains("ALLOWED"), "{lines}");
    let denied = lines.lines().filter(|line| line.starts_with("denied")).count();
    assert!(denied >= 13, "{lines}");
    // It may not write to files, and tells what it tried in one all the same.
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut to_a_file = Command::new(CASEBOOK);
    to_a_file.args(["--worker", "--self-test"]).stdout(file.reopen().unwrap());
    assert!(to_a_file.status().unwrap().success());
    let told = std::fs::read_to_string(file.path()).unwrap();
    assert_eq!(told.lines().count(), lines.lines().count(), "{told}");
    assert_eq!(told.lines().filter(|line| line.starts_with("denied")).count(), denied);
}

fn config(worker: impl Into<PathBuf>) -> PoolConfig {
    PoolConfig::new(worker.into(), 2)
}

fn task(name: &str, bytes: &[u8]) -> Task {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    Task { file, name: name.to_owned(), path: name.to_owned(), claim: None, passwords: Vec::new() }
}

fn read(pool: &Pool, name: &str, bytes: &[u8]) -> (Vec<Record>, Outcome) {
    let mut records = Vec::new();
    let outcome = pool.run(task(name, bytes), &mut |record| {
        records.push(record);
        Ok(())
    });
    (records, outcome.unwrap())
}

fn text(records: &[Record]) -> String {
    let texts = records.iter().map(|record| match record {
        Record::Text(text) => text.as_str(),
        _ => "",
    });
    texts.collect()
}

/// Ids of the worker processes that this program started with this binary.
fn workers(program: &str) -> Vec<u32> {
    let parent = format!("PPid:\t{}\n", std::process::id());
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|id| {
            let read = |what| std::fs::read_to_string(format!("/proc/{id}/{what}"));
            read("status").is_ok_and(|status| status.contains(&parent))
                && read("cmdline").is_ok_and(|line| line.contains(program))
        })
        .collect()
}

#[test]
fn real_workers_read_from_several_threads_and_leave_nothing_behind() {
    // A name of its own, so that workers of other tests are not counted.
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("casebook-counted");
    std::os::unix::fs::symlink(CASEBOOK, &program).unwrap();
    let name = program.to_str().unwrap();
    let pool = Pool::new(config(&program)).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let pool = &pool;
            scope.spawn(move || {
                for number in 0..50 {
                    let words = format!("文件 {thread} {number}\n");
                    let (records, outcome) = read(pool, "a.txt", words.as_bytes());
                    assert_eq!(outcome.state, State::Read, "{outcome:?}");
                    assert!(matches!(&records[0], Record::Format { id, .. } if id == "txt"));
                    assert_eq!(text(&records), words);
                }
            });
        }
    });
    // The threads that used the workers are gone; the workers must not be.
    let alive = workers(name);
    assert!((1..=2).contains(&alive.len()), "{alive:?}");
    assert_eq!(read(&pool, "b.txt", b"still here").1.state, State::Read);
    if cfg!(target_os = "linux") {
        assert!(pool.protection().confines(), "{}", pool.protection());
        for id in workers(name) {
            let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
            assert!(status.contains("NoNewPrivs:\t1"), "{status}");
            assert!(status.contains("Seccomp:\t2"), "{status}");
        }
    }
    drop(pool);
    assert_eq!(workers(name), Vec::<u32>::new());
}

#[test]
fn hostile_files_cost_themselves_alone() {
    let pool = Pool::new(config(CASEBOOK)).unwrap();
    let deep = |open: &str, close: &str| {
        format!("{}bottom{}", open.repeat(100_000), close.repeat(100_000)).into_bytes()
    };
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let laughs =
        format!("<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY l0 \"lol\">{laughs}]><l>&l9;</l>");
    let files: Vec<(&str, Vec<u8>, State)> = vec![
        ("deep.html", deep("<div><b>", "</b></div>"), State::Read),
        (
            "deep.json",
            deep("[", "]").into_iter().filter(u8::is_ascii_punctuation).collect(),
            State::OverLimit,
        ),
        (
            "deep.xml",
            [b"<?xml version=\"1.0\"?>".to_vec(), deep("<a>", "</a>")].concat(),
            State::Read,
        ),
        ("laughs.xml", laughs.into_bytes(), State::Read),
        ("quotes.html", b"<a href=\"".repeat(50_000), State::Read),
        ("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), State::NoText),
        (
            "cut.pdf",
            b"%PDF-1.7\n1 0 obj\n<< /Length 99999999999 >>\nstream\n".to_vec(),
            State::Failed,
        ),
        ("noise.docx", (0..5000u32).map(|n| ((n * n) >> 3) as u8).collect(), State::Unsupported),
        ("zeros.txt", vec![0; 1 << 20], State::Unsupported),
    ];
    for (name, bytes, state) in files {
        let (records, outcome) = read(&pool, name, &bytes);
        assert_eq!(outcome.state, state, "{name} {outcome:?}");
        assert!(text(&records).len() < 2_000_000, "{name}");
        assert_eq!(read(&pool, "a.txt", b"fine").1.state, State::Read);
    }
}

#[test]
fn something_that_is_no_worker_is_refused_at_once() {
    assert!(Pool::new(config("/nonexistent/casebook")).is_err());
    assert!(Pool::new(config("/bin/true")).is_err());
}

/// A shell script in the place of a worker: it says hello, takes one request, and does `what`
/// with descriptor 0 as its socket.
fn impostor(folder: &Path, what: &str) -> PathBuf {
    let path = folder.join("impostor");
    let script = format!(
        "#!/bin/sh\nprintf '\\004\\000\\000\\000\\001\\001\\001\\001' >&0\nhead -c 20 >/dev/null\n{what}\n"
    );
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// `Record::Format` for txt, `Record::Text("hi")`, `Record::ChildStart` of a member `x`.
const FORMAT: &str = "printf '\\006\\000\\000\\000\\000\\003txt\\001' >&0";
const TEXT: &str = "printf '\\004\\000\\000\\000\\003\\002hi' >&0";
const CHILD: &str = "printf '\\010\\000\\000\\000\\007\\001x\\000\\000\\000\\000\\000' >&0";

fn check_impostor(what: &[&str], state: State, reason: &str, records_kept: usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(impostor(folder.path(), &what.join("\n")));
    config.limits = Limits { seconds: 1, ..Limits::default() };
    let pool = Pool::new(config).unwrap();
    let (records, outcome) = read(&pool, "a.txt", b"x");
    assert_eq!((outcome.state, outcome.reason.as_str()), (state, reason), "{what:?}");
    assert_eq!(records.len(), records_kept, "{what:?} {records:?}");
}

#[test]
fn a_crash_is_named_and_what_came_before_it_is_kept() {
    let crash = "kill -SEGV $$";
    let reason = "its parser crashed (memory fault)";
    check_impostor(&[crash], State::Failed, reason, 0);
    check_impostor(&[FORMAT, crash], State::Failed, reason, 1);
    check_impostor(&[FORMAT, TEXT, crash], State::Failed, reason, 2);
    // The end of the member is added.
    check_impostor(&[FORMAT, CHILD, crash], State::Failed, reason, 3);
    check_impostor(&["exit 3"], State::Failed, "its parser ended the program (code 3)", 0);
    let aborts = "echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$";
    let reason = "its parser needs more than the 2048 MiB of memory it may use";
    check_impostor(&[aborts], State::OverLimit, reason, 0);
}

#[test]
fn a_hang_ends_after_its_time() {
    let reason = "its parser did not finish within 1 seconds";
    let start = Instant::now();
    check_impostor(&[FORMAT, TEXT, "exec sleep 600"], State::OverLimit, reason, 2);
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn lies_are_not_believed() {
    let lie = |what: &[&str], reason: &str| {
        let reason = format!("its worker gave a wrong answer ({reason})");
        check_impostor(what, State::Failed, &reason, what.len().saturating_sub(1).min(2));
    };
    lie(&[TEXT], "it did not begin with the format");
    lie(&[FORMAT, FORMAT], "a format that does not exist");
    lie(&["printf '\\377\\377\\377\\377' >&0"], "a frame of 4294967295 bytes");
    check_impostor(
        &[FORMAT, TEXT, CHILD, TEXT],
        State::Failed,
        "its worker gave a wrong answer (a member was not ended)",
        4,
    );
}

#[test]
fn a_running_file_can_be_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(impostor(folder.path(), "exec sleep 600"));
    let cancel = config.cancel.clone();
    let pool = Pool::new(config).unwrap();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| pool.run(task("a.txt", b"x"), &mut |_| Ok(())));
        cancel.store(true, Ordering::Relaxed);
        assert_eq!(running.join().unwrap(), Err(Stop::Gone));
    });
}

#[test]
fn the_callers_own_trouble_is_handed_back() {
    let pool = Pool::new(config(CASEBOOK)).unwrap();
    let result = pool.run(task("a.txt", b"x"), &mut |_| Err(Stop::failed("disk full")));
    assert_eq!(result, Err(Stop::failed("disk full")));
    assert_eq!(read(&pool, "a.txt", b"x").1.state, State::Read);
}
