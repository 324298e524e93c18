//! What `verify` and `reindex` make of an index that is behind, not there, damaged or being written;
//! what the next `add` makes of a file that was.

use crate::ingest::Bench;
use crate::program::{casebook, ended};
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

#[test]
fn a_file_at_rest_takes_the_place_of_what_stood_for_it() {
    let bench = Bench::new();
    bench.write("a.txt", "付款三十万\n".repeat(1 << 16));
    let mut file = fs::File::options().append(true).open(bench.leak().join("a.txt")).unwrap();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Relaxed) {
                file.write_all(b"\n").unwrap();
            }
        });
        bench.add();
        is_over.store(true, Relaxed);
    });
    assert_eq!(bench.states(), [("a.txt".to_owned(), State::Failed)]);
    bench.add();
    assert_eq!(bench.states(), [("a.txt".to_owned(), State::Read)]);
    let status = bench.case.status().unwrap();
    assert_eq!((status.unreadable, status.places, status.missing), (0, 1, 0));
    check(&bench, "verify", 0, "nothing is wrong\n");
}
