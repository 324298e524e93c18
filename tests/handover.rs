//! Two analysts with the real binary: cases that were ingested apart, bundles handed over by file,
//! refusals, what stands on the terminal, and two people at one case.

use crate::ingest::{Bench, add_path, options};
use crate::program::{self, casebook};
use casebook::case::{Access, Author, Case, Draft};
use casebook::model::{DocumentId, ItemId};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CHAT: &str = "| Time | From | To | Message |\n|---|---|---|---|\n\
    | 2022-03-05 08:01:11 | wxid_fict00000001 | wxid_fict00000002 | 合同 已签 |\n\
    | 2022-03-05 08:01:11 | wxid_fict00000001 | wxid_fict00000002 | 合同 已签 |\n\
    | 2022-03-05 08:09:12 | wxid_fict00000002 | wxid_fict00000001 | 收到 30万 |\n";

/// The binary as somebody runs it; their key lies in a folder of their own beside the case.
fn command(who: &str, arguments: &[&Path]) -> Command {
    let folder = arguments[1].parent().unwrap();
    let mut command = casebook(folder, arguments);
    command.env("CASEBOOK_CONFIG", folder.join("people").join(who)).env("CASEBOOK_AUTHOR", who);
    command
}

fn run(who: &str, arguments: &[&Path]) -> Output {
    command(who, arguments).output().unwrap()
}

#[track_caller]
fn done(who: &str, arguments: &[&Path]) -> String {
    program::done(&mut command(who, arguments))
}

#[track_caller]
fn refused(who: &str, arguments: &[&Path], expected: &str) {
    let output = run(who, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && error.contains(expected), "{arguments:?}: {error}");
}

fn p(text: &str) -> &Path {
    Path::new(text)
}

/// A leak in two folders, so that it can be added in either order.
fn leak() -> Bench {
    let bench = Bench::new();
    bench.write("one/chat.md", CHAT);
    bench.write("one/a.txt", "青河那边的付款下周，30万先付。");
    bench.write("two/b.txt", "second \u{1b}[2J file");
    bench.write("two/c.txt", "third");
    bench
}

fn ingest(bench: &Bench, name: &str, folders: &[&str]) -> PathBuf {
    let folder = bench.dir.path().join(name);
    let case = Case::create(&folder).unwrap();
    for part in folders {
        add_path(&case, &bench.leak().join(part), &options());
    }
    folder
}

/// Somebody's work in a case: marks on documents and messages, notes, what names what.
fn work(folder: &Path, author: (&str, u8), text: &str) {
    let case = Case::open(folder, Access::Write).unwrap();
    case.set_author(Author::with_key(author.0, [author.1; 32])).unwrap();
    let messages = case.conversations(0..1).unwrap()[0].id;
    let messages = case.messages(messages, 0..9).unwrap();
    let first: Vec<ItemId> = messages[1..].iter().map(|message| message.id.into()).collect();
    case.mark(&first, "tag:\u{1b}]52;c;x\u{7}apt", true).unwrap();
    case.mark(&[DocumentId(1).into(), DocumentId(2).into()], "read", true).unwrap();
    case.undo().unwrap();
    let name = format!("{text}: [[{}]] in [[D1]], see [[D2]]", messages[1].id);
    case.save_note(&Draft { text: name, ..Draft::default() }).unwrap();
    case.set_zone(messages[0].places[0].document, Some(8 * 3600), "said so").unwrap();
}

#[test]
fn cases_that_were_ingested_apart_come_to_the_same() {
    let bench = leak();
    let lin = ingest(&bench, "lin.case", &["one", "two"]);
    let mara = ingest(&bench, "mara.case", &["two", "one"]);
    let dump = |case: &Path| done("lin", &[p("dump"), case]);
    assert_eq!(dump(&lin), dump(&mara), "the same evidence whatever its numbers");
    work(&lin, ("lin", 7), "付款");
    work(&mara, ("mara", 8), "合同");
    let file = |name: &str| bench.dir.path().join(name);
    done("lin", &[p("bundle"), &lin, p("-o"), &file("lin.bundle")]);
    done("mara", &[p("bundle"), &mara, p("-o"), &file("mara.bundle")]);
    refused("mara", &[p("bundle"), &mara, p("-o"), &file("mara.bundle")], "exists already");
    let dry = done("lin", &[p("merge"), &lin, &file("mara.bundle"), p("--dry-run")]);
    assert!(dry.contains("mara") && dry.contains("nothing signed with this key"), "{dry}");
    assert!(dry.contains("1  note written"), "{dry}");
    assert!(!dry.contains('\u{1b}') && dry.contains("␛]52"), "{dry:?}");
    refused("lin", &[p("merge"), &lin, &file("mara.bundle")], "--yes");
    assert_ne!(dump(&lin), dump(&mara));
    done("lin", &[p("merge"), &lin, &file("mara.bundle"), p("--yes")]);
    done("mara", &[p("merge"), &mara, &file("lin.bundle"), p("--yes")]);
    let whole = dump(&lin);
    assert_eq!(whole, dump(&mara));
    assert!(!whole.contains('\u{1b}'));
    let again = done("lin", &[p("merge"), &lin, &file("mara.bundle"), p("--yes")]);
    assert!(again.contains("nothing is new"), "{again}");
    for case in [&lin, &mara] {
        let case = Case::open(case, Access::Read).unwrap();
        assert_eq!(case.check_journal().unwrap().1, []);
        assert_eq!(case.note_count().unwrap(), 2);
    }
    // Evidence that comes later: what was said of it waits.
    let late = ingest(&bench, "late.case", &["two"]);
    let taken = done("tom", &[p("merge"), &late, &file("lin.bundle"), p("--yes")]);
    assert!(taken.contains("that this case has not"), "{taken}");
    done("tom", &[p("merge"), &late, &file("mara.bundle"), p("--yes")]);
    assert!(done("tom", &[p("status"), &late]).contains("take effect when it is added"));
    add_path(&Case::open(&late, Access::Write).unwrap(), &bench.leak().join("one"), &options());
    assert_eq!(dump(&late), whole);
    assert!(!done("tom", &[p("status"), &late]).contains("take effect"));
}

#[test]
fn a_broken_bundle_is_refused_with_its_place_and_changes_nothing() {
    let bench = leak();
    let lin = ingest(&bench, "lin.case", &["one", "two"]);
    let mara = ingest(&bench, "mara.case", &["two", "one"]);
    work(&lin, ("lin", 7), "付款");
    let file = bench.dir.path().join("lin.bundle");
    done("lin", &[p("bundle"), &lin, p("-o"), &file]);
    let good = fs::read_to_string(&file).unwrap();
    let before = done("mara", &[p("dump"), &mara]);
    for (bad, place) in [
        (good.replace("付款", "付钱"), "line 5: its text was changed"),
        (good.replace("\"on\":true", "\"on\":false"), "line 2: its text was changed"),
        (good.lines().take(4).collect::<Vec<_>>().join("\n"), "a part of it is missing"),
        ("PK\u{3}\u{4}".to_owned(), "is not a bundle"),
    ] {
        fs::write(&file, bad).unwrap();
        refused("mara", &[p("merge"), &mara, &file, p("--yes")], place);
        assert_eq!(done("mara", &[p("dump"), &mara]), before);
    }
}

#[test]
fn work_leaves_as_open_formats() {
    let bench = leak();
    let lin = ingest(&bench, "lin.case", &["one", "two"]);
    work(&lin, ("l\u{1b}[2Jin", 7), "../付款 \u{1b}[2J");
    let journal = done("lin", &[p("journal"), &lin]);
    let lines: Vec<serde_json::Value> =
        journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[1]["in_force"], false, "it was undone");
    assert_eq!(lines[0]["author"], "l\u{1b}[2Jin");
    assert!(!journal.contains('\u{1b}'));
    let folder = bench.dir.path().join("notes");
    done("lin", &[p("notes"), &lin, p("-o"), &folder]);
    let names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["N1-付款-2J-M2-in-D1-see-D2.md"]);
    let note = fs::read_to_string(folder.join(&names[0])).unwrap();
    assert!(note.starts_with("---\nnote: \"N1\"\n") && !note.contains('\u{1b}'), "{note}");
    refused("lin", &[p("notes"), &lin, p("-o"), &folder], "is not empty");
}

/// Makes a key; answers its file and its public half.
fn key(folder: &Path, name: &str) -> (PathBuf, String) {
    let file = folder.join(name);
    let said = program::done(casebook(folder, ["key", "-o"]).arg(&file));
    let recipient = said.lines().next().unwrap().to_owned();
    assert!(recipient.starts_with("age1"), "{recipient}");
    (file, recipient)
}

#[test]
fn a_bundle_may_be_encrypted() {
    let bench = leak();
    let lin = ingest(&bench, "lin.case", &["one", "two"]);
    let mara = ingest(&bench, "mara.case", &["one", "two"]);
    work(&mara, ("mara", 8), "付款");
    let file = |name: &str| bench.dir.path().join(name);
    let bundle = file("work.age");
    let ((lins, to_lin), (other, _)) =
        (key(bench.dir.path(), "lin"), key(bench.dir.path(), "other"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&lins).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "a key is for its owner alone");
    }
    let write = [p("bundle"), &mara, p("-o"), &bundle, p("--encrypt")];
    refused("mara", &[&write[..], &[p("x")]].concat(), "is no recipient");
    assert!(!bundle.exists(), "nothing is left of what failed");
    done("mara", &[&write[..], &[p(&to_lin)]].concat());
    let sealed = fs::read(&bundle).unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("casebook_bundle"));
    let take = |bundle: &Path, identity: &[&Path]| -> Vec<PathBuf> {
        [&[p("merge"), &lin, bundle, p("--yes")], identity]
            .concat()
            .iter()
            .map(|word| word.to_path_buf())
            .collect()
    };
    let refuse = |bundle: &Path, identity: &[&Path], why: &str| {
        let words = take(bundle, identity);
        refused("lin", &words.iter().map(PathBuf::as_path).collect::<Vec<_>>(), why);
    };
    refuse(&bundle, &[], "--identity");
    refuse(&bundle, &[p("--identity"), &other], "not to the key");
    refuse(&bundle, &[p("--identity"), &bundle], "holds no key");
    // A byte that changed on the way, and an end that never came.
    let changed = file("changed.age");
    let mut bytes = sealed.clone();
    let last = bytes.len() - 20;
    bytes[last] ^= 1;
    fs::write(&changed, &bytes).unwrap();
    refuse(&changed, &[p("--identity"), &lins], "changed on its way");
    fs::write(&changed, &sealed[..sealed.len() - 30]).unwrap();
    refuse(&changed, &[p("--identity"), &lins], "changed on its way");
    assert_eq!(Case::open(&lin, Access::Read).unwrap().note_count().unwrap(), 0);
    let words = take(&bundle, &[p("--identity"), &lins]);
    done("lin", &words.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    assert_eq!(Case::open(&lin, Access::Read).unwrap().note_count().unwrap(), 1);
}

#[cfg(unix)]
#[test]
fn who_has_the_case_open_sees_what_is_taken_in() {
    use crate::desk::{Desk, demo, has_mark};
    let folder = tempfile::tempdir().unwrap();
    let here = demo(folder.path());
    let there = folder.path().join("there");
    fs::create_dir(&there).unwrap();
    let there = demo(&there);
    // The other copy did little, so what comes is older than what is here.
    let case = Case::open(&there, Access::Write).unwrap();
    case.set_author(Author::with_key("mara", [8; 32])).unwrap();
    case.mark(&[DocumentId(3).into()], "starred", true).unwrap();
    drop(case);
    let bundle = folder.path().join("work.bundle");
    done("mara", &[p("bundle"), &there, p("-o"), &bundle]);
    let case = Case::open(&here, Access::Write).unwrap();
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    (0..3).for_each(|_| drop(case.mark(&[DocumentId(9).into()], "read", true).unwrap()));
    drop(case);
    let mut desk = Desk::open(&here);
    desk.wait_for("needs a decision");
    desk.press("1jj");
    desk.wait_for("DOCUMENTS 3/");
    desk.wait("no star yet", |screen| !has_mark(screen, "★"));
    done("lin", &[p("merge"), &here, &bundle, p("--yes")]);
    desk.wait("the star", |screen| has_mark(screen, "★"));
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}
