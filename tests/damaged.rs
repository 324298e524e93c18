//! Reports on files that are damaged, locked or lie in several places: they prove themselves all the
//! same, and say what a reader must know of the file.

use crate::ingest::{Bench, options};
use crate::program::{PROGRAM, casebook, ended};
use crate::sample::root;
use casebook::case::{Author, DocumentFilter, Draft};
use casebook::ingest::{self, AddOptions, Lost};
use casebook::model::anchor::{Anchor, At};
use casebook::model::finding::NoteKind;
use std::fs;
use std::io::Write;

const CONTRACT: &str = "销售/合同/合同_QH-2022-010_川江_技术咨询.docx";

/// Cites the first words of each of these files, or the file as such, in one note.
fn cite(bench: &Bench, paths: &[&str]) {
    let case = &bench.case;
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    let rows = case.documents(&DocumentFilter::default(), 0..1_000).unwrap();
    let mut text = "# 证据\n\n".to_owned();
    for path in paths {
        let row = rows.iter().find(|row| row.path == *path).expect(path);
        let document = case.document(row.id).unwrap();
        let at = match document.variants.first() {
            None => At { item: row.id.into(), variant: None, start: 0, end: 0 },
            Some(variant) => {
                let all = case.text(variant, 0..variant.bytes.min(2_000)).unwrap().text;
                let start = all.find(|c: char| !c.is_whitespace()).unwrap();
                let length: usize = all[start..].chars().take(12).map(char::len_utf8).sum();
                let (start, end) = (start as u64, (start + length) as u64);
                At { item: row.id.into(), variant: Some(variant.id), start, end }
            }
        };
        let passage = case.passage(at).unwrap();
        let (id, _) = case.add_anchor(Anchor::Passage(Box::new(passage)), "", "").unwrap();
        text.push_str(&format!("见{path} [[{id}]]。\n\n"));
    }
    let draft = Draft { text, kind: NoteKind::Note, ..Draft::default() };
    case.save_note(&draft).unwrap();
}

/// Exit code and output of the program.
pub fn run(bench: &Bench, arguments: &[&str]) -> (i32, String) {
    let config = bench.dir.path().join("config");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("author.key"), [7; 32]).unwrap();
    ended(casebook(bench.dir.path(), arguments).env("CASEBOOK_AUTHOR", "lin"))
}

/// Writes the report as Markdown and checks it; gives the report and what is said of it.
fn report(bench: &Bench, against: &[&str]) -> (String, i32, String) {
    let (code, shown) = run(bench, &["export", "test.case", "-o", "report.md", "--force"]);
    assert_eq!(code, 0, "{shown}");
    let (code, shown) = run(bench, &[&["verify", "--report", "report.md"], against].concat());
    (fs::read_to_string(bench.dir.path().join("report.md")).unwrap(), code, shown)
}

/// The first part of a file of the sample.
fn cut(path: &str, percent: usize) -> Vec<u8> {
    let mut bytes = fs::read(root().join(path)).unwrap();
    bytes.truncate(bytes.len() * percent / 100);
    bytes
}

#[test]
fn what_was_read_of_damaged_files_proves_itself() {
    let bench = Bench::new();
    let contract = cut(CONTRACT, 60);
    let letter = cut("销售/合同/验收报告_007.pdf", 80);
    bench.write("合同.docx", &contract);
    bench.write("验收.pdf", &letter);
    let deep = |depth: usize| "[".repeat(depth) + "\"付款三十万\"" + &"]".repeat(depth);
    bench.write("deep.json", deep(3_000));
    // The same in a container, one member of which is cut itself.
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("内/合同.docx", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(&cut(CONTRACT, 70)).unwrap();
    let plain =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("尾.txt", plain).unwrap();
    zip.write_all("最后一行\n".repeat(400).as_bytes()).unwrap();
    let whole = zip.finish().unwrap().into_inner();
    let end = whole.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    bench.write("备份.zip", &whole[..end - 2_000]);
    bench.add();
    let paths = ["合同.docx", "验收.pdf", "deep.json"];
    let states = bench.states();
    let members = states.iter().map(|(path, _)| path.as_str()).filter(|path| path.contains('!'));
    let all: Vec<&str> = paths.into_iter().chain(members).collect();
    cite(&bench, &all);
    let (text, code, shown) = report(&bench, &["--folder", "leak"]);
    assert_eq!((code, shown.contains("none fails")), (0, true), "{all:?}\n{shown}");
    assert!(text.contains("read: **only in part: the file is cut"), "{text}");
    assert!(text.contains("read: with a remark: the file is cut: its end is missing"), "{text}");
    assert!(text.contains("nests 3000 levels deep"), "{text}");
    assert_eq!(report(&bench, &["test.case"]).1, 0);
}

/// Copied out and verified it is what could be unpacked of it; passwords are spoken of where something
/// is locked.
#[test]
fn a_member_of_a_cut_archive_is_what_could_be_unpacked_of_it() {
    let bench = Bench::new();
    let plain = zip::write::SimpleFileOptions::default();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut random = crate::random::Random::with(7);
    let text: String = (0..20_000).map(|_| format!("{} ", random.below(1_000_000))).collect();
    zip.start_file("尾.txt", plain).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    let mut whole = zip.finish().unwrap().into_inner();
    whole.truncate(whole.len() / 2);
    bench.write("cut.zip", whole);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("账.txt", plain.with_aes_encryption(zip::AesMode::Aes256, "开门")).unwrap();
    zip.write_all("付款三十万给川江。\n".as_bytes()).unwrap();
    bench.write("locked.zip", zip.finish().unwrap().into_inner());
    bench.add_with(&AddOptions { passwords: vec!["开门".to_owned()], ..options() });
    let rows = bench.case.documents(&DocumentFilter::default(), 0..9).unwrap();
    let id = |path: &str| rows.iter().find(|row| row.path == path).expect(path).id.to_string();
    let (code, said) = run(&bench, &["extract", "test.case", &id("cut.zip!尾.txt"), "-o", "out"]);
    assert_eq!(code, 0, "{said}");
    let read = fs::read_to_string(bench.dir.path().join("out")).unwrap();
    assert!(read.len() > text.len() / 4 && text.starts_with(&read), "{} bytes", read.len());
    let (_, said) = run(&bench, &["verify", "test.case"]);
    assert!(said.contains("nothing is wrong"), "{said}");
    let unreached: Vec<_> = said.lines().filter(|line| line.contains(".zip!")).collect();
    assert!(unreached.len() == 1 && unreached[0].contains("locked.zip!"), "{said}");
    let locked = id("locked.zip!账.txt");
    let (code, said) = run(&bench, &["extract", "test.case", &locked, "-o", "other"]);
    assert!(code == 1 && said.contains("hint: its password opens it"), "{said}");
    // Of a file that was cut further the rest is not there any more, and no password brings it back.
    let mut less = fs::read(bench.leak().join("cut.zip")).unwrap();
    less.truncate(less.len() / 2);
    bench.write("cut.zip", less);
    let cut = id("cut.zip!尾.txt");
    let (code, said) = run(&bench, &["extract", "test.case", &cut, "-o", "third"]);
    assert!(code == 1 && !said.contains("password"), "{said}");
}

#[test]
fn a_locked_file_has_its_hash_or_says_that_it_has_none() {
    let bench = Bench::new();
    let secret = "付款三十万给川江。\n";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let locked =
        zip::write::SimpleFileOptions::default().with_aes_encryption(zip::AesMode::Aes256, "开门");
    zip.start_file("账.txt", locked).unwrap();
    zip.write_all(secret.as_bytes()).unwrap();
    bench.write("locked.zip", zip.finish().unwrap().into_inner());
    fs::write(bench.dir.path().join("passwords"), "开门\n").unwrap();
    bench.add();
    cite(&bench, &["locked.zip!账.txt"]);
    let (text, code, shown) = report(&bench, &["--folder", "leak"]);
    assert!(text.contains("SHA-256: **none: the file could not be opened"), "{text}");
    assert_eq!((code, shown.contains("1 not checked")), (0, true), "{shown}");
    assert_eq!(report(&bench, &["test.case"]).1, 0);
    // Opened, it has a hash, which a password finds again.
    let passwords = vec!["开门".to_owned()];
    bench.add_with(&AddOptions { passwords, retry: true, ..options() });
    let number = bench.case.note_count().unwrap();
    assert_eq!(number, 1);
    cite(&bench, &["locked.zip!账.txt"]);
    let id = format!("N{}", number + 1);
    let (code, shown) = run(&bench, &["export", "test.case", "-o", "open.md", "--notes", &id]);
    assert_eq!(code, 0, "{shown}");
    let text = fs::read_to_string(bench.dir.path().join("open.md")).unwrap();
    let hash = casebook::model::Sha256::of(secret.as_bytes()).to_string();
    assert!(text.contains(&format!("SHA-256: `{hash}`")), "{text}");
    let verify = ["verify", "--report", "open.md", "--folder", "leak"];
    let (code, shown) = run(&bench, &verify);
    let told = shown.contains("is locked: give its password with --passwords FILE");
    assert_eq!((code, told), (0, true), "{shown}");
    let (code, shown) = run(&bench, &[&verify[..], &["--passwords", "passwords"]].concat());
    assert_eq!((code, shown.contains("holds")), (0, true), "{shown}");
    assert!(!shown.contains("not checked"), "{shown}");
}

#[test]
fn a_file_is_named_by_where_it_lies_in_no_container() {
    let bench = Bench::new();
    let text = "签收三十万\n";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("旧/签收.txt", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    // The backup is met first.
    bench.write("a/备份.zip", zip.finish().unwrap().into_inner());
    bench.write("b/签收.txt", text);
    bench.write("c/签收_副本.txt", text);
    bench.add();
    cite(&bench, &["b/签收.txt"]);
    let (text, code, shown) = report(&bench, &["--folder", "leak"]);
    assert_eq!(code, 0, "{shown}");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert!(lines.contains(&"file: `b/签收.txt`"), "{text}");
    let also = "the same file: lies at c/签收_副本.txt; a/备份.zip!旧/签收.txt too";
    assert!(lines.contains(&also), "{text}");
}

/// A Slack export: who `U0LIN` is stands in the list of accounts, who `U0MARA` is only in the
/// profile that a message of another day carries.
fn slack() -> Vec<(&'static str, String)> {
    let user = |id: &str, name: &str| {
        format!(r#"[{{"id":"{id}","name":"x","profile":{{"real_name":"{name}"}}}}]"#)
    };
    let day = |second: u32, more: &str, text: &str| {
        format!(
            r#"[{{"type":"message","user":"U0MARA","ts":"17083{second:05}.000100",{more}"text":"{text}"}}]"#
        )
    };
    vec![
        ("users.json", user("U0LIN", "林知遥")),
        ("general/2024-02-19.json", day(100, "", "请 <@U0LIN> 付给 <@U0MARA> 三十万")),
        ("general/2024-02-20.json", day(200, r#""user_profile":{"real_name":"玛拉"},"#, "好的")),
    ]
}

#[test]
fn a_slack_message_with_mentions_is_checked_with_the_files_that_name_the_accounts() {
    for zipped in [false, true] {
        let bench = Bench::new();
        match zipped {
            false => {
                for (path, text) in slack() {
                    bench.write(&format!("slack/{path}"), text);
                }
            }
            true => {
                let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
                for (path, text) in slack() {
                    zip.start_file(path, zip::write::SimpleFileOptions::default()).unwrap();
                    zip.write_all(text.as_bytes()).unwrap();
                }
                bench.write("slack.zip", zip.finish().unwrap().into_inner());
            }
        }
        bench.add();
        let id = (1..=2)
            .map(|number| format!("M{number}"))
            .find(|id| run(&bench, &["show", "test.case", id]).1.contains("三十万"))
            .unwrap();
        let cited = format!("{id}:林知遥 付给 @玛拉");
        let make = ["note", "test.case", "--kind", "finding", "--text", "付款", "--cite", &cited];
        let (code, shown) = run(&bench, &make);
        assert_eq!(code, 0, "{shown}");
        let (text, code, shown) = report(&bench, &["--folder", "leak"]);
        assert!(text.contains("林知遥 付给 @玛拉"), "{text}");
        assert_eq!((code, shown.contains("none fails")), (0, true), "{zipped} {shown}");
        if !zipped {
            // Without those files nothing is proved, and nothing is said to be false.
            let names = bench.leak().join("slack/users.json");
            let list = fs::read(&names).unwrap();
            fs::remove_file(&names).unwrap();
            let (_, code, shown) = report(&bench, &["--folder", "leak"]);
            assert_eq!((code, shown.contains("missing")), (5, true), "{shown}");
            assert!(shown.contains("that users.json of its package names"), "{shown}");
            fs::write(&names, list).unwrap();
            // A name that the files do not give is no name.
            let forged = text.replace("林知遥", "陆知行");
            fs::write(bench.dir.path().join("forged.md"), forged).unwrap();
            let verify = ["verify", "--report", "forged.md", "--folder", "leak"];
            let (code, shown) = run(&bench, &verify);
            assert_eq!((code, shown.contains("broken")), (5, true), "{shown}");
        }
    }
}

/// The citation goes on standing on what was read; that the source has something else now is said
/// before and after that is added.
#[test]
fn a_cited_original_that_changed_is_said_to_be_changed() {
    for copies in [false, true] {
        let bench = Bench::new();
        bench.write("合同.txt", "合同金额 30万元\n");
        bench.add_with(&AddOptions { copy: copies, ..options() });
        cite(&bench, &["合同.txt"]);
        bench.write("合同.txt", "合同金额 90万元，改过\n");
        for added in [false, true] {
            if added {
                bench.add();
            }
            let (code, shown) = run(&bench, &["verify", "test.case"]);
            let changed = "in D1 合同.txt: the file has other bytes now, and the citation stands on \
                           content that the source no longer has";
            assert_eq!(shown.contains(changed), !copies, "{shown}");
            assert_eq!(shown.contains("1 verified against the original"), copies, "{shown}");
            // A change that was taken in is no damage; one that nobody has seen is.
            assert_eq!(code, if added { 0 } else { 5 }, "{shown}");
            assert!(added || shown.contains("has other bytes now: its SHA-256 is"), "{shown}");
        }
    }
}

#[test]
fn a_member_is_known_by_its_bytes_and_not_by_where_it_stands_alone() {
    let bench = Bench::new();
    let packed = |middle: &str| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in [("a.txt", "first"), ("b.txt", middle), ("c.txt", "third")] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    bench.write("m.zip", packed("second"));
    bench.add();
    let rows = bench.case.documents(&DocumentFilter::default(), 0..9).unwrap();
    let said = |path: &str| -> Result<String, Lost> {
        let id = rows.iter().find(|row| row.path == path).unwrap().id;
        let mut original = ingest::original(&bench.case, id, std::path::Path::new(PROGRAM), &[])?;
        let mut text = String::new();
        std::io::Read::read_to_string(&mut original.file, &mut text).unwrap();
        Ok(text)
    };
    // Some formats count what they hold more than once, pictures apart from objects; others are
    // counted otherwise by another version.
    for ordinal in ["ordinal", "0", "ordinal + 1"] {
        let db = rusqlite::Connection::open(bench.case.folder().join("case.db")).unwrap();
        let statement = format!("UPDATE place SET ordinal = {ordinal} WHERE parent IS NOT NULL");
        assert_eq!(db.execute(&statement, []).unwrap(), 3);
        for (path, text) in
            [("m.zip!a.txt", "first"), ("m.zip!b.txt", "second"), ("m.zip!c.txt", "third")]
        {
            assert_eq!(said(path).unwrap(), text, "{path} {ordinal}");
        }
    }
    // What was altered is the archive: it is that which is accused, and what did not change is given.
    bench.write("m.zip", packed("altered"));
    assert_eq!(said("m.zip!c.txt").unwrap(), "third");
    match said("m.zip!b.txt") {
        Err(Lost::Changed { path, .. }) => assert_eq!(path, "m.zip"),
        other => panic!("{other:?}"),
    }
}
