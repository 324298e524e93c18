//! What several options of one command do is done together: when one of them is wrong, the journal
//! is what it was before.

use crate::desk::demo;
use crate::program::{self, casebook};
use std::path::Path;

fn done(folder: &Path, arguments: &[&str]) -> String {
    program::done(&mut casebook(folder, arguments))
}

/// Every operation as it is stored, and everything that was made of them.
fn journal(folder: &Path) -> String {
    done(folder, &["journal", "demo.case"]) + &done(folder, &["dump", "demo.case"])
}

#[test]
fn a_command_that_fails_leaves_the_journal_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    demo(folder);
    done(folder, &["note", "demo.case", "--text", "a note, and a claim"]);
    done(folder, &["note", "demo.case", "--kind", "finding", "--text", "it is so", "--cite", "D1"]);
    done(folder, &["entity", "demo.case", "--name", "林墨", "--alias", "Lin Mo"]);
    done(folder, &["note", "demo.case", "--text", "- an item, soon gone"]);
    done(folder, &["note", "demo.case", "N3", "--delete"]);
    let before = journal(folder);
    let graded = ["note", "demo.case", "N1"];
    let gone = ["note", "demo.case", "N3"];
    let note = ["note", "demo.case", "--text", "new", "--kind", "finding", "--cite", "D1"];
    let change = ["note", "demo.case", "N1", "--text", "changed", "--kind", "event"];
    let make = ["entity", "demo.case", "--name", "韩处", "--alias", "Han"];
    let rename = ["entity", "demo.case", "E1", "--name", "另一个", "--why", "x"];
    let wrong: [(&[&str], &[&str]); 30] = [
        (&note, &["--cite", "D999999"]),
        (&note, &["--cite", "A99"]),
        (&note, &["--cite", "nonsense"]),
        (&note, &["--cite", "D1:words that stand nowhere in it"]),
        (&note, &["--cite", "search:("]),
        (&note, &["--against", "M999999"]),
        (&note, &["--context", "N1"]),
        (&note, &["--question", "N1"]),
        (&note, &["--question", "N99"]),
        (&note, &["--when", "someday"]),
        (&note, &["--grade", "Z9"]),
        (&note, &["--confidence", "huge"]),
        (&note, &["--likelihood", "perhaps"]),
        (&note, &["--tag", "a:b"]),
        (&note, &["--cite", "search: "]),
        (&change, &["--standing", "supported"]),
        (&change, &["--likelihood", "likely"]),
        (&change, &["--untag", "nosuch"]),
        (&change, &["--delete"]),
        (&graded, &["--grade", "B2"]),
        (&graded, &["--text", " "]),
        (&gone, &["--delete"]),
        (&gone, &["--kind", "finding"]),
        (&gone, &["--text", "again"]),
        (&change, &["--cite", "search:付款", "--against", "A99"]),
        (&make, &["--account", "nobody-of-this-name"]),
        (&make, &["--attribute", "says nothing"]),
        (&make, &["--attribute", "role=sales", "--cite", "A99"]),
        (&rename, &["--merge-into", "E99"]),
        (&rename, &["--tag", "a:b"]),
    ];
    for (what, options) in wrong {
        let arguments = [what, options].concat();
        let output = casebook(folder, &arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?} is taken");
        assert_eq!(journal(folder), before, "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?} says that something was done");
    }
    // What was said to be wrong was the reason: without it each of them is done.
    for arguments in [&note[..], &change, &make, &rename] {
        done(folder, arguments);
    }
    assert_ne!(journal(folder), before);
}

#[test]
fn what_a_note_names_and_the_case_has_not_stops_no_export() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    demo(folder);
    let text = "an E1 visa on A4 paper, M9999, as [[D1]] says; see [[M99999]] and [[A88]]";
    done(folder, &["note", "demo.case", "--kind", "finding", "--text", text]);
    for format in ["md", "html", "docx", "csv", "json"] {
        let file = format!("report.{format}");
        // It is written, and whoever exports is told that something in it shows nothing.
        let output = casebook(folder, ["export", "demo.case", "-o", &file]).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("! N1 names [[M99999]], which the case has not"), "{said}");
        assert!(said.contains("! N1 names [[A88]], which the case has not"), "{said}");
        assert!(!said.contains("E1") && !said.contains("A4]]"), "{said}");
        done(folder, &["verify", "demo.case", "--report", &file]);
    }
    let report = std::fs::read_to_string(folder.join("report.md")).unwrap();
    let whole = "an E1 visa on A4 paper, M9999, as 00_说明.txt[^1] says; \
                 see M99999 (not in this case) and A88 (not in this case)";
    assert!(report.contains(whole), "{report}");
    assert!(report.contains("N1 names A88, which is not in this case"), "{report}");
    done(folder, &["notes", "demo.case", "-o", "notes"]);
    let notes = std::fs::read_dir(folder.join("notes")).unwrap().next().unwrap().unwrap();
    let note = std::fs::read_to_string(notes.path()).unwrap();
    assert!(
        note.contains("an E1 visa on A4 paper, M9999, as [[D1]] says; see [[M?99999]]"),
        "{note}"
    );
    // A note that cites nothing can be exported alone, and no name is cut in two by its title.
    let long = format!("{}陈远洲付款", "字".repeat(98));
    done(folder, &["note", "demo.case", "--text", &long]);
    std::fs::write(folder.join("p.toml"), "mask.literals = ['陈远洲']").unwrap();
    for format in ["md", "html", "docx", "csv", "json"] {
        let file = format!("plain.{format}");
        let arguments = ["export", "demo.case", "-o", &file, "--notes", "N2", "--redact", "p.toml"];
        done(folder, &arguments);
    }
    let plain = std::fs::read_to_string(folder.join("plain.md")).unwrap();
    assert!(plain.contains("字▇▇") && !plain.contains('陈'), "{plain}");
    let export = ["export", "demo.case", "-o", "x.md", "--redact", " "];
    let output = casebook(folder, export).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("--redact names no profile"), "{error}");
}
