//! What `verify` and `reindex` make of an index that is behind, not there, damaged or being written;
//! what the next `add` makes of a file that was.

use crate::ingest::{Bench, options};
use crate::program::{casebook, ended};
use casebook::ingest::AddOptions;
use casebook::model::State;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Exit code and output of a verb on the case.
fn run(bench: &Bench, verb: &str) -> (i32, String) {
    ended(&mut casebook(bench.dir.path(), [verb, "test.case"]))
}

#[track_caller]
fn check(bench: &Bench, verb: &str, code: i32, says: &str) {
    let (found, shown) = run(bench, verb);
    assert!(found == code && shown.contains(says), "{verb}: exit {found}\n{shown}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn an_index_that_is_behind_is_no_damage() {
    let bench = Bench::new();
    let index = bench.case.folder().join("index");
    check(&bench, "verify", 0, "nothing is wrong\n");
    bench.write("a.txt", "付款三十万");
    bench.add();
    let older = bench.dir.path().join("older");
    copy(&index, &older);
    bench.write("b.txt", "付款到了");
    bench.add();
    check(&bench, "verify", 0, "nothing is wrong\n");
    // As an `add` leaves it that was stopped before its index had all.
    fs::remove_dir_all(&index).unwrap();
    copy(&older, &index);
    assert!(bench.case.is_index_behind().unwrap());
    let (damage, remark) = bench.case.check_index().unwrap();
    assert!(damage.is_empty() && remark.is_some_and(|remark| remark.contains("lacks")));
    check(&bench, "verify", 0, "nothing is wrong\n");
    assert!(!bench.case.is_index_behind().unwrap());
    fs::remove_dir_all(&index).unwrap();
    let (damage, remark) = bench.case.check_index().unwrap();
    assert!(damage.is_empty() && remark.is_some_and(|remark| remark.contains("no index")));
    check(&bench, "verify", 0, "nothing is wrong\n");
    assert!(bench.case.check_index().unwrap() == (Vec::new(), None));
    // Whoever reads meanwhile has it made beside that, unless an `add` is at it.
    fs::remove_dir_all(&index).unwrap();
    let see_to_it = || bench.case.see_to_index(&AtomicBool::new(false), |_| false).unwrap();
    let intake = bench.case.intake().unwrap();
    assert!(!see_to_it() && bench.case.is_index_behind().unwrap());
    drop(intake);
    assert!(see_to_it() && !bench.case.is_index_behind().unwrap());
    // What is damaged is told, and not made again unsaid.
    fs::write(index.join("meta.json"), "{}").unwrap();
    check(&bench, "verify", 5, "meta.json: is not what was written");
    check(&bench, "reindex", 0, "2 documents");
    check(&bench, "verify", 0, "nothing is wrong\n");
}

#[test]
fn while_an_add_runs_the_index_is_left_to_it() {
    let bench = Bench::new();
    bench.write("a.txt", "付款三十万");
    bench.add();
    let running = bench.case.intake().unwrap();
    check(&bench, "verify", 0, "an `add` is running: the index is not compared");
    check(&bench, "reindex", 4, "another `add` is running");
    drop(running);
    check(&bench, "verify", 0, "nothing is wrong\n");
}

/// Held up by passwords that do not come, it is asked what it is like.
#[cfg(target_os = "linux")]
#[test]
fn an_add_lets_others_go_first() {
    let bench = Bench::new();
    bench.write("a.txt", "one");
    let arguments = ["add", "test.case", "leak", "--passwords", "/dev/stdin"];
    let mut add = casebook(bench.dir.path(), arguments);
    let mut add = add.stdin(std::process::Stdio::piped()).spawn().unwrap();
    // proc_pid_stat(5): the niceness is the 17th field behind the name.
    let niceness = |id: u32| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        let fields = stat.rsplit(')').next().unwrap();
        fields.split_whitespace().nth(16).unwrap().parse::<i32>().unwrap()
    };
    let wanted = (niceness(std::process::id()) + 19).min(19);
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while niceness(add.id()) != wanted {
        assert!(std::time::Instant::now() < until, "it has {}", niceness(add.id()));
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(add.wait().unwrap().success());
}

#[test]
fn a_folder_that_was_moved_is_no_damage_and_a_table_that_was_changed_is() {
    let bench = Bench::new();
    bench.write("a.txt", "one");
    bench.add();
    fs::rename(bench.leak(), bench.dir.path().join("moved")).unwrap();
    check(&bench, "verify", 0, "casebook relink CASE S1 PATH");
    let file = bench.case.folder().join("case.db");
    let database = rusqlite::Connection::open(file).unwrap();
    database.execute_batch("CREATE TABLE message_of_mine (id)").unwrap();
    check(&bench, "verify", 5, "there is a strange table message_of_mine");
}

#[test]
fn patterns_that_fit_nothing_are_told() {
    let bench = Bench::new();
    bench.write("a.tmp", "one");
    let with = |pattern: &str| AddOptions {
        exclude: vec![pattern.to_owned(), "*.tmp".to_owned()],
        ..options()
    };
    assert_eq!(bench.add_with(&with("leak/a.tmp")).idle_excludes, ["leak/a.tmp"]);
    let (code, said) =
        ended(&mut casebook(bench.dir.path(), ["add", "test.case", "leak", "--exclude", "/abs"]));
    assert!(code == 1 && said.contains("a path inside of what is added"), "{said}");
}

#[test]
fn a_file_at_rest_takes_the_place_of_what_stood_for_it() {
    let bench = Bench::new();
    let grown = ["a.txt", "b.txt"].map(|name| {
        bench.write(name, "付款三十万\n".repeat(1 << 16));
        fs::File::options().append(true).open(bench.leak().join(name)).unwrap()
    });
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for mut file in grown {
            let is_over = &is_over;
            scope.spawn(move || {
                while !is_over.load(Relaxed) {
                    file.write_all(b"\n").unwrap();
                }
            });
        }
        bench.add();
        is_over.store(true, Relaxed);
    });
    let failed = |name: &str| (name.to_owned(), State::Failed);
    assert_eq!(bench.states(), [failed("a.txt"), failed("b.txt")]);
    // One was never read, and is not there any more: nothing of it is left to fail.
    fs::remove_file(bench.leak().join("b.txt")).unwrap();
    assert_eq!(bench.add().missing, 1);
    assert_eq!(bench.states(), [("a.txt".to_owned(), State::Read)]);
    let status = bench.case.status().unwrap();
    assert_eq!((status.unreadable, status.places, status.missing), (0, 1, 0));
    check(&bench, "verify", 0, "nothing is wrong\n");
}
