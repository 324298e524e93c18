//! Disks that take no more: where the answer goes, and where the case lies. A limit on the size of
//! files (`ulimit -f`) stands for both what is full and what is limited; it needs no disk of its own.

use crate::program::{PROGRAM, casebook, done, ended};
use crate::sample;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

/// A case with something in each list.
fn made(folder: &Path) {
    fs::create_dir(folder.join("leak")).unwrap();
    fs::write(folder.join("leak/a.txt"), "青河那边的付款下周").unwrap();
    fs::write(
        folder.join("leak/chat.md"),
        "| Time | From | To | Message |\n|---|---|---|---|\n\
         | 2022-03-05 08:00:11 | wxid_fict0lin000002 | wxid_fict0mara00001 | 合同 |\n",
    )
    .unwrap();
    let run = |arguments: &[&str]| done(&mut casebook(folder, arguments));
    run(&["new", "a.case"]);
    run(&["add", "a.case", "leak"]);
    run(&["note", "a.case", "--text", "付款", "--cite", "D1:付款"]);
    run(&["entity", "a.case", "--name", "Lin"]);
}

/// One line each; all of them answer something.
const COMMANDS: &str = "\
--help
--version
search --help
new b.case
add a.case leak
add a.case leak --json
search a.case 付款
search a.case 付款 --json
search a.case 付款 --limit 0
show a.case D1
show a.case D1 --raw
show a.case C1
show a.case N1
status a.case
status a.case --json
documents a.case
conversations a.case
conversations a.case --json
notes a.case
anchors a.case
entities a.case
entity a.case --name Mara
note a.case --text more
verify a.case
export a.case -o - --format md
export a.case -o - --format json
reindex a.case
extract a.case D1 -o -
extract a.case D1 -o b.txt
relink a.case S1 leak
bundle a.case -o -
bundle a.case -o b.bundle
merge a.case b.bundle
key -o b.key
dump a.case
journal a.case
completions bash
man
demo demo.case --no-open
remove a.case S1 --yes";

#[test]
fn an_answer_that_finds_no_room_is_an_error_and_one_that_nobody_reads_is_none() {
    let check = |stdout: fn() -> File, expected: i32| {
        let dir = tempfile::tempdir().unwrap();
        made(dir.path());
        for line in COMMANDS.lines() {
            let mut command = casebook(dir.path(), line.split(' '));
            let output = command.stdout(stdout()).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(expected), "{line}: {said}");
            assert!(!said.contains("panicked"), "{line}: {said}");
            let says_why = said.contains("error: cannot write") && said.contains("No space left");
            assert_eq!(says_why, expected == 1, "{line}: {said}");
        }
    };
    check(|| File::options().write(true).open("/dev/full").unwrap(), 1);
    // Nobody has the other end any more.
    check(|| File::from(std::os::fd::OwnedFd::from(std::io::pipe().unwrap().1)), 0);
}

#[test]
fn errors_that_nobody_can_be_told_keep_their_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let check = |line: &str, expected: i32| {
        let mut command = casebook(dir.path(), line.split(' '));
        command.stderr(File::options().write(true).open("/dev/full").unwrap());
        assert_eq!(ended(&mut command).0, expected, "{line}");
    };
    check("status none.case", 1);
    check("nosuch", 2);
    check("search a.case form:x", 2);
    // Signed as "unknown", which is remarked beside the answer.
    check("note a.case --text more", 0);
}

/// The program where no file may be larger than this.
fn limited<A: AsRef<OsStr>>(folder: &Path, most: u32, arguments: &[A]) -> Command {
    // `ulimit` counts blocks of 512 bytes in some shells and of 1024 in others.
    let mut command = casebook(folder, [] as [&str; 0]);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -f {most} && exec \"$0\" \"$@\""), PROGRAM]);
    shell.args(arguments).current_dir(folder);
    for (name, value) in command.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell.stdin(std::process::Stdio::null());
    command = shell;
    command
}

#[test]
fn a_limit_on_files_is_an_error_with_its_next_step_and_the_case_stays_whole() {
    let dir = tempfile::tempdir().unwrap();
    let leak = sample::root();
    let leak = leak.to_str().unwrap();
    done(&mut casebook(dir.path(), ["new", "whole.case"]));
    assert_eq!(ended(&mut casebook(dir.path(), ["add", "whole.case", leak])).0, 3);
    let expected = done(&mut casebook(dir.path(), ["dump", "whole.case"]));

    done(&mut casebook(dir.path(), ["new", "a.case"]));
    let mut failed = 0;
    for most in [8, 40, 100, 300, 600, 1000, 1400, 2000] {
        let (code, said) = ended(&mut limited(dir.path(), most, &["add", "a.case", leak]));
        if code != 3 {
            failed += 1;
            assert_eq!(code, 1, "{most}: {said}");
            assert!(said.contains("ulimit -f"), "{most}: {said}");
            assert!(!said.contains("panicked"), "{most}: {said}");
        }
        let verified = done(&mut casebook(dir.path(), ["verify", "a.case"]));
        assert!(verified.contains("nothing is wrong"), "{most}: {verified}");
    }
    assert!(failed >= 3, "{failed} of the limits were too small for the case");
    // 3 where something that cannot be read is among what is left to do.
    let (code, said) = ended(&mut casebook(dir.path(), ["add", "a.case", leak]));
    assert!([0, 3].contains(&code), "{said}");
    let made = done(&mut casebook(dir.path(), ["dump", "a.case"]));
    assert!(made == expected, "what was cut short becomes what was never disturbed");

    // The index is no more damaged than the case.
    let (code, said) = ended(&mut limited(dir.path(), 70, &["reindex", "a.case"]));
    assert!(code == 1 && said.contains("ulimit -f"), "{code} {said}");
    done(&mut casebook(dir.path(), ["reindex", "a.case"]));
    let verified = done(&mut casebook(dir.path(), ["verify", "a.case"]));
    assert!(verified.contains("nothing is wrong"), "{verified}");
}

#[test]
fn a_case_that_finds_no_room_at_its_making_leaves_its_place_free() {
    let dir = tempfile::tempdir().unwrap();
    let (code, said) = ended(&mut limited(dir.path(), 8, &["new", "a.case"]));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("ulimit -f"), "{said}");
    assert!(!dir.path().join("a.case").exists());
    // A kill leaves more, which is in nobody's way either.
    fs::create_dir(dir.path().join("a.case")).unwrap();
    fs::write(dir.path().join("a.case/case.db.new-journal"), "half").unwrap();
    done(&mut casebook(dir.path(), ["new", "a.case"]));
}
