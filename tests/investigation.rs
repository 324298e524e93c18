//! A whole investigation of the demo case: by keys from the first search to a finding that cites a
//! quote, a number and an absence; then reports that prove themselves, and a colleague with an
//! ingest of her own who disagrees.

use crate::desk::{Desk, demo};
use crate::program::{self, casebook};
use std::path::Path;

/// Runs a verb as the person whose settings lie beside the case.
#[track_caller]
fn done(case: &Path, args: &[&str]) -> String {
    program::done(&mut casebook(case.parent().unwrap(), args))
}

/// Finds, highlights, cites, writes, grades, tags and undoes.
fn investigate(case: &Path) {
    let mut desk = Desk::open(case);
    desk.wait_for("needs a decision");
    desk.press("/");
    desk.wait_for("NARROW");
    desk.press("川江 付款");
    desk.wait_for(" found (");
    desk.press("\r");
    desk.wait_for("enter open");
    desk.press("\r");
    desk.wait_for("软件采购及服务合同");
    // The occurrence that is meant is known.
    desk.wait_for(" · 1/3");
    desk.press("m");
    desk.wait_for("highlight (meaning");
    desk.press("payment: 谁付? #money/cash\r");
    desk.wait("it is highlighted", |screen| !screen.contains("highlight (meaning"));
    desk.press("c");
    desk.wait_for("[[A2]]");
    desk.press("川江替青河付款。");
    desk.wait_for("川江替青河付款。");
    // An absence and a number, while the note stays open.
    desk.press("\t/");
    desk.wait_for("NARROW");
    desk.press("\x15绝无此词");
    desk.wait_for("nothing found");
    desk.press("\rC");
    // Each time one is in the note again, where it stands.
    desk.wait_for("A3 0 hits for 绝无此词 in 1,259 messages");
    desk.wait_for("[[A3]]");
    desk.press("\t/");
    desk.wait_for("NARROW");
    desk.press("\x15川江");
    desk.wait_for(" found (");
    desk.press("\rC");
    desk.wait_for("A4 36 hits for 川江");
    desk.wait_for("[[A3]][[A4]]");
    desk.press("\x1b");
    desk.wait_for("N1 is kept");
    desk.press("4");
    // It is written before the list has it.
    desk.wait_for("N1 · open");
    desk.wait_for("▸NOTES 1/1");
    desk.press("=s");
    desk.wait_for("WHERE IT STANDS");
    desk.press("\x1b[B\r");
    desk.wait_for("finding · supported");
    desk.press("#");
    desk.wait_for("─ TAG ─");
    desk.press("who/pays\r");
    desk.wait_for("tags       #who/pays");
    desk.press("u");
    desk.wait("the tag is gone", |screen| !screen.contains("tags       #who/pays"));
    export(&mut desk, &case.with_file_name("desk.docx"));
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

/// Looks at a report of everything, and has it written to a file that does not exist yet.
fn export(desk: &mut Desk, file: &Path) {
    desk.press("X");
    desk.wait_for("write it");
    desk.wait_for("川江替青河付款。");
    desk.press("k\r");
    desk.wait_for("write to (.md");
    desk.press(&format!("\x15{}\r", file.display()));
    desk.wait("the report that goes there", |screen| {
        screen.contains("desk.docx") && screen.contains("2 entries, 2 claims, 3 footnotes")
    });
    assert!(!file.exists(), "nothing is written before it was looked at");
    desk.press("j\r");
    desk.wait_for("write it again");
    assert!(file.exists());
}

#[test]
fn from_the_first_search_to_a_report_and_a_disagreement() {
    let mine = tempfile::tempdir().unwrap();
    let case = demo(mine.path());
    investigate(&case);
    done(&case, &["note", "demo.case", "N1", "--cite", "A2", "--grade", "B2"]);
    let shown = done(&case, &["show", "demo.case", "N1"]);
    for part in ["supported", "B2", "0 hits for 绝无此词", "36 hits for 川江"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("who/pays"), "{shown}");
    let checked = done(&case, &["verify", "--report", "desk.docx", "demo.case"]);
    assert!(checked.contains("none fails"), "{checked}");
    for format in ["md", "html", "docx", "csv", "json"] {
        let report = format!("report.{format}");
        let exhibits = format!("exhibits-{format}");
        done(&case, &["export", "demo.case", "-o", &report, "--exhibits", &exhibits]);
        let checked = done(&case, &["verify", "--report", &report, "demo.case"]);
        assert!(checked.contains("none fails"), "{report}: {checked}");
    }
    // A colleague who ingested the same files for herself.
    let hers = tempfile::tempdir().unwrap();
    let other = demo(hers.path());
    done(&case, &["bundle", "demo.case", "-o", "work.bundle"]);
    let bundle = mine.path().join("work.bundle");
    done(&other, &["merge", "demo.case", bundle.to_str().unwrap(), "--yes"]);
    done(&case, &["note", "demo.case", "N1", "--text", "[[A2]] 川江替青河付款，三十万。"]);
    done(&other, &["note", "demo.case", "N1", "--text", "[[A2]] 付款方不是青河。"]);
    done(&other, &["bundle", "demo.case", "-o", "back.bundle"]);
    let back = hers.path().join("back.bundle");
    let merged = done(&case, &["merge", "demo.case", back.to_str().unwrap(), "--yes"]);
    assert!(merged.contains("both texts are kept"), "{merged}");
    let shown = done(&case, &["show", "demo.case", "N1"]);
    assert!(shown.contains("三十万") && shown.contains("付款方不是青河"), "{shown}");
    assert!(done(&case, &["verify", "demo.case"]).contains("nothing is wrong"));
}
