//! From files to a case, with the real workers.

use crate::program::{PROGRAM, casebook, done, verified};
use casebook::case::{Access, Author, Case, DocumentFilter};
use casebook::extract::Limits;
use casebook::ingest::{AddOptions, AddReport, Lost, Progress, add, plain_text};
use casebook::model::{MessageId, State};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A case in a temporary folder, and how to add to it.
pub struct Bench {
    pub dir: tempfile::TempDir,
    pub case: Case,
}

impl Bench {
    pub fn new() -> Bench {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("leak")).unwrap();
        let case = Case::create(&dir.path().join("test.case")).unwrap();
        // Never the key of whoever runs the tests.
        case.set_author(Author::with_key("lin", [7; 32])).unwrap();
        Bench { dir, case }
    }

    pub fn leak(&self) -> PathBuf {
        self.dir.path().join("leak")
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.leak().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn add(&self) -> AddReport {
        self.add_with(&options())
    }

    pub fn add_with(&self, options: &AddOptions) -> AddReport {
        add_path(&self.case, &self.leak(), options)
    }

    /// (path, state) of all documents by number.
    pub fn states(&self) -> Vec<(String, State)> {
        let rows = self.case.documents(&DocumentFilter::default(), 0..10_000).unwrap();
        rows.into_iter().map(|row| (row.path, row.state)).collect()
    }

    pub fn text(&self, path: &str) -> String {
        let rows = self.case.documents(&DocumentFilter::default(), 0..10_000).unwrap();
        let row = rows.iter().find(|row| row.path == path).expect(path);
        let document = self.case.document(row.id).unwrap();
        let Some(variant) = document.variants.first() else { return String::new() };
        self.case.text(variant, 0..variant.bytes).unwrap().text
    }
}

pub fn options() -> AddOptions {
    let mut options = AddOptions::new().unwrap();
    options.worker = PROGRAM.into();
    options.workers = 2;
    options
}

pub fn add_path(case: &Case, path: &Path, options: &AddOptions) -> AddReport {
    let cancel = Arc::new(AtomicBool::new(false));
    add(case, &[path.to_owned()], options, &Progress::default(), &cancel).unwrap()
}

#[test]
fn a_second_add_does_nothing_and_changes_are_kept_apart() {
    let bench = Bench::new();
    bench.write("a/一.txt", "青河那边的付款下周");
    bench.write("b.txt", "second");
    bench.write("copy of b.txt", "second");
    bench.write("empty.txt", "");
    let report = bench.add();
    assert_eq!((report.files, report.documents, report.unchanged), (4, 3, 0));
    assert_eq!(
        bench.states(),
        [
            ("a/一.txt".to_owned(), State::Read),
            ("b.txt".to_owned(), State::Read),
            ("empty.txt".to_owned(), State::Empty),
        ]
    );
    assert_eq!(bench.text("a/一.txt"), "青河那边的付款下周");
    let status = bench.case.status().unwrap();
    assert_eq!((status.documents, status.places, status.children), (3, 4, 0));

    let report = bench.add();
    assert_eq!((report.unchanged, report.documents, report.missing), (4, 0, 0));

    bench.write("b.txt", "other bytes");
    fs::remove_file(bench.leak().join("a/一.txt")).unwrap();
    let report = bench.add();
    assert_eq!((report.unchanged, report.documents, report.missing), (2, 1, 1));
    let status = bench.case.status().unwrap();
    assert_eq!((status.documents, status.places, status.missing), (4, 5, 1));
    assert_eq!(bench.text("a/一.txt"), "青河那边的付款下周", "what was read stays");
}

#[test]
#[cfg(unix)]
fn files_are_told_apart_by_the_bytes_of_their_names() {
    use std::os::unix::ffi::OsStringExt;
    // 合同 and 协议 in GBK; names that no encoding gives.
    let gbk = [&b"\xba\xcf\xcd\xac.txt"[..], b"\xd0\xad\xd2\xe9.txt"];
    for names in [gbk, [b"\xff\xfe.t", b"\xff\xff.t"]] {
        let bench = Bench::new();
        let file = |name: &[u8]| bench.leak().join(std::ffi::OsString::from_vec(name.to_vec()));
        fs::write(file(names[0]), "one").unwrap();
        fs::write(file(names[1]), "another").unwrap();
        bench.add();
        let paths: Vec<String> = bench.states().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths.contains(&"合同.txt".to_owned()), names == gbk, "{paths:?}");
        for _ in 0..2 {
            let report = bench.add();
            assert_eq!((report.unchanged, report.documents, report.missing), (2, 0, 0));
            let status = bench.case.status().unwrap();
            assert_eq!((status.documents, status.places, status.missing), (2, 2, 0));
        }
        // Other bytes, and back: one place for each content.
        fs::write(file(names[0]), "something else").unwrap();
        assert_eq!(bench.add().documents, 1);
        fs::write(file(names[0]), "one").unwrap();
        assert_eq!(bench.add().documents, 0);
        assert_eq!(bench.add().unchanged, 2);
        let status = bench.case.status().unwrap();
        assert_eq!((status.documents, status.places, status.missing), (3, 3, 1));
    }
}

#[test]
fn a_case_opens_read_only_without_a_new_file() {
    let bench = Bench::new();
    bench.write("a.txt", "text");
    bench.add();
    let Bench { dir, case } = bench;
    let folder = case.folder().to_owned();
    drop(case);
    let list = |folder: &Path| {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = list(&folder);
    let case = Case::open(&folder, Access::Read).unwrap();
    assert_eq!(case.status().unwrap().documents, 1);
    drop(case);
    assert_eq!(list(&folder), before);
    drop(dir);
}

/// A day of a Slack channel: one message of `user` at `second`.
fn slack_day(user: &str, second: u32, text: &str) -> String {
    format!(
        r#"[{{"type":"message","user":"{user}","ts":"17083{second:05}.000100","text":"{text}"}}]"#
    )
}

#[test]
fn channels_of_two_slack_workspaces_are_kept_apart() {
    let bench = Bench::new();
    let users = |id: &str, name: &str| {
        format!(r#"[{{"id":"{id}","name":"{name}","profile":{{"real_name":"{name}"}}}}]"#)
    };
    // Two workspaces, and the first one exported again, a day later.
    for (root, user, second) in
        [("north", "U0LIN", 100), ("south", "U0MARA", 200), ("north again", "U0LIN", 300)]
    {
        bench.write(&format!("{root}/users.json"), users(user, root));
        let day = slack_day(user, second, root);
        bench.write(&format!("{root}/general/2024-02-19.json"), day);
    }
    // The same message in the export that came first.
    let twin = slack_day("U0LIN", 100, "north");
    bench.write("north again/general/2024-02-18.json", format!("{twin}\n"));
    bench.add();
    let rows = bench.case.conversations(0..10).unwrap();
    let mut found: Vec<(String, u64)> =
        rows.into_iter().map(|row| (row.title, row.messages)).collect();
    found.sort();
    assert_eq!(found, [("general".to_owned(), 1), ("general".to_owned(), 2)]);
}

/// Only one handle may be open there, so what is read is indexed afterwards, on this machine.
#[test]
fn a_case_on_a_network_file_system_is_filled_searched_and_verified() {
    let folder = tempfile::tempdir().unwrap();
    let (case, leak, cache) =
        (folder.path().join("n.case"), folder.path().join("leak"), folder.path().join("cache"));
    std::fs::create_dir(&leak).unwrap();
    std::fs::write(leak.join("a.txt"), "青河 付款").unwrap();
    std::fs::write(leak.join("b.md"), "青河").unwrap();
    let run = |arguments: &[&std::ffi::OsStr]| {
        let mut command = casebook(folder.path(), arguments);
        done(command.env("CASEBOOK_TEST_NETWORK", "1").env("XDG_CACHE_HOME", &cache))
    };
    run(&["new".as_ref(), case.as_ref()]);
    run(&["add".as_ref(), case.as_ref(), leak.as_ref()]);
    let found = run(&["search".as_ref(), case.as_ref(), "青河".as_ref(), "--json".as_ref()]);
    assert!(found.contains("\"total\":2"), "{found}");
    run(&["verify".as_ref(), case.as_ref()]);
    assert!(!case.join("index").exists() && cache.join("casebook/index").exists());
    // Another case in the same place has nothing of it.
    std::fs::remove_dir_all(&case).unwrap();
    run(&["new".as_ref(), case.as_ref()]);
    let found = run(&["search".as_ref(), case.as_ref(), "青河".as_ref(), "--json".as_ref()]);
    assert!(found.contains("\"total\":0"), "{found}");
}

/// What lies several times in a file that is opened again is opened once, and all of it is there
/// afterwards: nothing without a place, nothing in fewer places.
#[test]
fn reading_again_what_could_not_be_read_loses_no_place() {
    let pack = |files: &[(&str, &[u8])]| {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            tar.append_data(&mut header, name, *bytes).unwrap();
        }
        tar.into_inner().unwrap()
    };
    let junk = [0x13, 0x37, 0, 0xff].repeat(64);
    let inner =
        pack(&[("junk.bin", &junk), ("a.txt", "青河".as_bytes()), ("twin.txt", "青河".as_bytes())]);
    let outer = pack(&[("one.tar", &inner), ("two.tar", &inner), ("junk.bin", &junk)]);
    let bench = Bench::new();
    std::fs::write(bench.leak().join("outer.tar"), outer).unwrap();
    let case = Case::create(&bench.dir.path().join("again.case")).unwrap();
    let first = add_path(&case, &bench.leak(), &options());
    let before = case.status().unwrap();
    assert_eq!((first.documents, first.unreadable), (before.documents, before.unreadable));
    assert_eq!((before.documents, before.unreadable, before.places), (4, 1, 10));
    let again = |limits: Limits| {
        add_path(&case, &bench.leak(), &AddOptions { retry: true, limits, ..options() });
        let after = case.status().unwrap();
        assert!(after.index_is_current);
        (after.documents, after.unreadable, after.places)
    };
    let whole = (before.documents, before.unreadable, before.places);
    assert_eq!(again(Limits::default()), whole);
    // Members that do not come out any more lie nowhere, and are gone with their texts.
    let few = Limits { children: 1, ..Limits::default() };
    assert_eq!(again(few), (3, 3, 3));
    assert_eq!(again(Limits::default()), whole);
}

#[test]
fn locked_documents_open_with_passwords_and_are_not_damaged_without() {
    let bench = Bench::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/extract/locked");
    for name in ["locked.doc", "locked.odt", "locked.xls", "agile.docx"] {
        bench.write(name, fs::read(data.join(name)).unwrap());
    }
    assert_eq!(bench.add().unreadable, 4);
    let passwords = vec!["wrong".to_owned(), "开门 sesame1".to_owned()];
    // Without `retry`: who gives passwords wants them tried.
    bench.add_with(&AddOptions { passwords: passwords.clone(), ..options() });
    let rows = bench.case.documents(&DocumentFilter::default(), 0..10).unwrap();
    let states: Vec<_> = rows.iter().map(|row| (row.path.as_str(), row.state)).collect();
    let read = [
        ("agile.docx", State::Read),
        ("locked.doc", State::Read),
        ("locked.odt", State::Read),
        ("locked.xls", State::Read),
        ("agile.docx!agile.docx", State::Read),
    ];
    assert_eq!(states, read);
    let check = |passwords: &[String]| {
        let report = verified(&bench.case, passwords);
        assert_eq!(report.damage, Vec::new());
        report.unreached.len()
    };
    assert_eq!(check(&passwords), 0);
    assert_eq!(check(&[]), 5, "four documents and what lies in one of them");
}

#[test]
fn a_file_that_a_message_sent_is_told_from_others_of_its_name_by_its_size() {
    let bench = Bench::new();
    let export = r#"{"name": "g", "type": "private_group", "id": 1, "messages": [
        {"id": 1, "type": "message", "date": "2022-03-05T12:00:00", "from": "lin", "from_id": "user1",
         "file": "files/a.log", "mime_type": "text/plain", "file_size": 5, "text": "看这个"}]}"#;
    bench.write("chat/result.json", export);
    bench.write("chat/old/a.log", "旧");
    bench.write("z/a.log", "12345");
    bench.add();
    let path = |size| {
        let found = bench.case.media_document(MessageId(1), "files/a.log", size).unwrap();
        let (document, bytes) = found.unwrap();
        (bench.case.document(document).unwrap().row.path, bytes)
    };
    assert_eq!(path(Some(5)), ("z/a.log".to_owned(), 5));
    // The nearest one where nothing has that size, and the caller sees that it differs.
    assert_eq!(path(Some(7)), ("chat/old/a.log".to_owned(), 3));
    bench.write("chat/files/a.log", "at the path that is stated");
    bench.add();
    assert_eq!(path(Some(5)).0, "chat/files/a.log");
}

#[test]
fn an_open_line_at_the_end_is_a_line() {
    let bench = Bench::new();
    let long = "公司".repeat(8 * 1024);
    for (path, text) in [("closed.txt", "a\nb\nc\n"), ("open.txt", "a\nb\nc"), ("long.txt", &long)]
    {
        bench.write(path, text);
    }
    bench.add();
    let lines = |path: &str| {
        let row = bench.case.documents(&DocumentFilter::default(), 0..9).unwrap();
        let id = row.iter().find(|row| row.path == path).unwrap().id;
        bench.case.document(id).unwrap().variants[0].lines
    };
    assert_eq!(["closed.txt", "open.txt", "long.txt"].map(lines), [3, 3, 1]);
}

/// A zip of so many copies of one file.
fn zip_of(bytes: &[u8], copies: usize, ending: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for copy in 0..copies {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(format!("{copy}.{ending}"), options).unwrap();
        std::io::Write::write_all(&mut zip, bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn equal_zips_in_equal_zips_are_read_once_and_listed_within_a_limit() {
    let bench = Bench::new();
    let mut bytes = zip_of("青河".as_bytes(), 16, "txt");
    for _ in 0..6 {
        bytes = zip_of(&bytes, 16, "zip");
    }
    bench.write("a/fan.zip", &bytes);
    bench.write("b.txt", "neighbour");
    let few = AddOptions { most_copies: 300, ..options() };
    let report = bench.add_with(&few);
    // Seven zips, what is in them, the neighbour.
    assert_eq!((report.documents, report.unreadable), (9, 1));
    let status = bench.case.status().unwrap();
    assert_eq!(status.documents, 9);
    // Each zip names fifteen more; what these hold again is listed as far as there is room.
    assert_eq!(status.places, 9 + 7 * 15 + 300 + 4 * 8);
    let rows = bench.case.documents(&DocumentFilter::default(), 0..1).unwrap();
    assert_eq!((rows[0].path.as_str(), rows[0].state), ("a/fan.zip", State::OverLimit));
    assert!(rows[0].reason.contains("multiply"), "{}", rows[0].reason);
    // A copy of the file has as much, and no more.
    bench.write("c/fan.zip", &bytes);
    bench.add_with(&few);
    assert_eq!(bench.case.status().unwrap().places, 2 * status.places - 1);
}

#[test]
fn a_case_is_no_evidence_and_a_wrong_folder_no_source() {
    let bench = Bench::new();
    bench.write("a.txt", "公司");
    bench.add();
    let cancel = Arc::new(AtomicBool::new(false));
    let own = [bench.case.folder().to_owned()];
    let refused = add(&bench.case, &own, &options(), &Progress::default(), &cancel);
    assert!(refused.unwrap_err().to_string().contains("is the case itself"));
    let elsewhere = tempfile::tempdir().unwrap();
    let source = bench.case.status().unwrap().sources[0].clone();
    let wrong = bench.case.relink_source(source.id, elsewhere.path());
    assert!(wrong.unwrap_err().to_string().contains("none of the 1 files"));
    assert_eq!(bench.case.status().unwrap().sources[0].path, source.path);
}

#[test]
fn a_document_is_called_by_the_same_place_after_its_container_was_opened_anew() {
    use std::collections::BTreeSet;
    use std::io::Write;
    let bench = Bench::new();
    let plain = zip::write::SimpleFileOptions::default();
    let locked = plain.with_aes_encryption(zip::AesMode::Aes256, "开门");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, how, text) in
        [("旧/签收.txt", plain, "签收三十万\n"), ("账.txt", locked, "付款三十万给川江。\n")]
    {
        zip.start_file(name, how).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    bench.write("a.zip", zip.finish().unwrap().into_inner());
    let mut other = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    other.start_file("签收.txt", plain).unwrap();
    other.write_all("签收三十万\n".as_bytes()).unwrap();
    bench.write("b.zip", other.finish().unwrap().into_inner());
    bench.add();
    let names = || bench.states().into_iter().map(|(path, _)| path).collect::<BTreeSet<_>>();
    let before = names();
    assert!(before.contains("a.zip!旧/签收.txt"), "{before:?}");
    let passwords = vec!["开门".to_owned()];
    bench.add_with(&AddOptions { passwords, retry: true, ..options() });
    assert_eq!(names(), before);
    assert_eq!(bench.text("a.zip!账.txt"), "付款三十万给川江。\n");
}

#[test]
fn an_original_is_shown_as_it_lies_in_its_file() {
    let bench = Bench::new();
    let page = "<meta charset=gbk>\r\n<p class=\"x\">付款&nbsp;<b>30万</b></p>\r\n";
    let chat = concat!(
        r#"{"ts":"2021-04-06T00:40:15.382810","from":"a@host.example","to":"b@host.example","body":"один"}"#,
        "\n"
    );
    let (gbk, _, _) = encoding_rs::GBK.encode(page);
    bench.write("1.zip", zip_of(&zip_of(&gbk, 1, "html"), 1, "zip"));
    bench.write("2.json", chat);
    bench.write("3.csv", "姓名,金额\n\"王,强\",30\n");
    bench.write("4.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0");
    bench.add();
    let worker = Path::new(PROGRAM);
    let rows = bench.case.documents(&DocumentFilter::default(), 0..10).unwrap();
    let shown = |path: &str| {
        let id = rows.iter().find(|row| row.path == path).unwrap().id;
        let mut text = String::new();
        let plain = plain_text(&bench.case, id, worker, &[], |piece| {
            text.push_str(piece);
            Ok::<_, Lost>(())
        });
        plain.map(|plain| (text, plain.encoding))
    };
    let check = |path: &str, text: &str, encoding: &str| {
        assert_eq!(shown(path).unwrap(), (text.to_owned(), encoding.to_owned()), "{path}");
    };
    check("1.zip!0.zip!0.html", page, "GBK");
    check("2.json", chat, "UTF-8");
    check("3.csv", "姓名,金额\n\"王,强\",30\n", "UTF-8");
    for path in ["1.zip", "4.png"] {
        assert!(matches!(shown(path), Err(Lost::NoText { .. })), "{path}");
    }
    bench.write("3.csv", "姓名,金额\n\"王,强\",31\n");
    assert!(matches!(shown("3.csv"), Err(Lost::Changed { .. })));
}
