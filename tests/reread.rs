//! `add --reread`: what an older version read is read again, and what stays the same keeps its
//! number, its marks and its anchors.

use crate::ingest::{Bench, add_path, options};
use crate::program::{casebook, ended, verified};
use crate::random::Random;
use casebook::case::Draft;
use casebook::case::{Access, Anchor, At, Author, Case, DocumentFilter, Hold, SearchOptions};
use casebook::export::{self, Format, Options, recheck};
use casebook::ingest::{AddOptions, AddReport};
use casebook::model::document::Part;
use casebook::model::finding::NoteKind;
use casebook::model::{AnchorId, DocumentId, ItemId, MessageId, State, VariantKind, Wrap};
use casebook::query::Query;
use casebook::store::{
    self, Compressor, MessageIdentity, NewText, Packing, Store, message_digest_sum,
};
use rusqlite::Connection;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub fn again() -> AddOptions {
    AddOptions { reread: true, ..options() }
}

/// What the case keeps of its evidence.
const FORGET: &str = "DELETE FROM seal; DELETE FROM setting WHERE key LIKE 'counts%';";

fn database(case: &Case) -> Connection {
    let db = Connection::open(case.folder().join("case.db")).unwrap();
    db.busy_timeout(Duration::from_secs(10)).unwrap();
    db
}

/// As if an older version had read everything.
pub fn make_older(case: &Case) {
    let db = database(case);
    db.execute_batch(&format!("UPDATE document SET extractor = 2 WHERE extractor > 0; {FORGET}"))
        .unwrap();
}

/// As if an older version had read this text in a document.
fn give_older_text(case: &Case, id: DocumentId, text: &str) {
    let db = database(case);
    db.execute_batch(&format!(
        "DELETE FROM chunk WHERE variant IN (SELECT id FROM variant WHERE document = {id});
         DELETE FROM variant WHERE document = {id};
         UPDATE document SET extractor = 2 WHERE id = {id};
         {FORGET}",
        id = id.0
    ))
    .unwrap();
    drop(db);
    let mut packed = Compressor::new(Packing::default(), &std::env::temp_dir());
    packed.push(text).unwrap();
    let (chunks, bytes, lines, sha256) = packed.finish().unwrap();
    let new = NewText {
        kind: VariantKind::Original,
        language: "",
        tool: "txt 2",
        encoding: "utf-8",
        bytes,
        lines,
        sha256,
        parts: &[Part::whole(text, Wrap::Flow)],
        chunks: &chunks,
    };
    let folder = case.folder().to_owned();
    Store::open(&folder, store::Access::Write).unwrap().put_text(id, &new).unwrap();
}

fn no_damage(case: &Case) {
    let report = verified(case, &[]);
    assert_eq!(report.damage, Vec::new());
    assert_eq!(report.other_version, 0);
}

fn hits(case: &Case, query: &str) -> u64 {
    let query = query.parse::<Query>().unwrap();
    case.search(&query, &SearchOptions::default(), &AtomicBool::new(false)).unwrap().total
}

fn document(case: &Case, path: &str) -> DocumentId {
    let rows = case.documents(&DocumentFilter::default(), 0..1000).unwrap();
    rows.iter().find(|row| row.path == path).expect(path).id
}

/// Cites `quote` in the text of a document or message as it is stored.
fn cite(case: &Case, item: ItemId, quote: &str) -> AnchorId {
    let (variant, text) = match item {
        ItemId::Document(id) => {
            let variant = case.document(id).unwrap().variants.remove(0);
            (Some(variant.id), case.text(&variant, 0..variant.bytes).unwrap().text)
        }
        ItemId::Message(id) => (None, case.message(id).unwrap().text),
        other => panic!("{other}"),
    };
    let start = text.find(quote).unwrap() as u64;
    let at = At { item, variant, start, end: start + quote.len() as u64 };
    let passage = case.passage(at).unwrap();
    case.add_anchor(Anchor::Passage(Box::new(passage)), "payment", "").unwrap().0
}

fn hold(case: &Case, id: AnchorId) -> Hold {
    case.hold(&case.anchor(id).unwrap().anchor, &AtomicBool::new(false)).unwrap()
}

/// What stands where the case says that an anchor is.
fn found(case: &Case, id: AnchorId) -> Option<String> {
    let at = case.anchor(id).unwrap().at?;
    let text = match at.item {
        ItemId::Document(id) => {
            let variants = case.document(id).unwrap().variants;
            let variant = variants.iter().find(|own| Some(own.id) == at.variant)?;
            case.text(variant, 0..variant.bytes).unwrap().text
        }
        ItemId::Message(id) => case.message(id).unwrap().text,
        other => panic!("{other}"),
    };
    Some(text[at.start as usize..at.end as usize].to_owned())
}

#[test]
fn anchors_are_found_again_in_the_new_text_or_said_to_be_broken() {
    let bench = Bench::new();
    bench.write("a.txt", "甲方：青河公司\n甲方付款三十万。乙方付款三十万。\n");
    bench.write("b.txt", "第二份合同，付款五十万。\n");
    bench.write("c.txt", "没有变的一页。\n");
    bench.add();
    let [a, b, c] = ["a.txt", "b.txt", "c.txt"].map(|path| document(&bench.case, path));
    give_older_text(&bench.case, a, "甲方付款三十万。乙方付款三十万。\n");
    give_older_text(&bench.case, b, "第二份合同，付欵五十万。\n");
    let case = &bench.case;
    case.reindex(&AtomicBool::new(false)).unwrap();
    let moved = cite(case, a.into(), "乙方付款");
    let by_context = cite(case, a.into(), "三十万");
    let broken = cite(case, b.into(), "付欵五十万");
    let holds = cite(case, c.into(), "没有变");
    case.mark(&[a.into(), b.into()], "starred", true).unwrap();
    assert_eq!(case.status().unwrap().older.documents, 2);
    assert_eq!(hits(case, "青河公司"), 0);

    // Without being told to, nothing is read again.
    assert_eq!(bench.add().unchanged, 3);
    assert_eq!(case.status().unwrap().older.documents, 2);
    let report = bench.add_with(&again());
    assert_eq!((report.documents, report.unchanged, report.kept.len()), (2, 1, 0));
    assert_eq!(case.status().unwrap().older.documents, 0);
    assert_eq!(bench.add_with(&again()).documents, 0);

    assert_eq!([a, b, c], ["a.txt", "b.txt", "c.txt"].map(|path| document(case, path)));
    assert!(case.document_row(a).unwrap().starred && case.document_row(b).unwrap().starred);
    assert_eq!((hits(case, "青河公司"), hits(case, "付欵")), (1, 0));
    let at = "甲方：青河公司\n".len() as u64;
    let expected = Hold::Moved { start: at + 24, end: at + 36 };
    assert_eq!((hold(case, moved), found(case, moved).as_deref()), (expected, Some("乙方付款")));
    let expected = Hold::Moved { start: at + 12, end: at + 21 };
    assert_eq!(hold(case, by_context), expected);
    assert_eq!(found(case, by_context).as_deref(), Some("三十万"));
    assert!(matches!(hold(case, broken), Hold::Broken { .. }), "{:?}", hold(case, broken));
    assert_eq!(found(case, broken), None);
    assert_eq!((hold(case, holds), found(case, holds).as_deref()), (Hold::Holds, Some("没有变")));
    no_damage(case);
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
    a_report_says_where_it_stands_now(&bench, moved);
}

/// A footnote of what moved names the place that it has now, and the one that it had.
fn a_report_says_where_it_stands_now(bench: &Bench, moved: AnchorId) {
    let case = &bench.case;
    let kind = NoteKind::Finding;
    let draft = Draft { text: format!("They paid. [[{moved}]]"), kind, ..Draft::default() };
    case.save_note(&draft).unwrap();
    let file = bench.dir.path().join("report.md");
    let options = Options::new(Format::Markdown, "2024-03-05".to_owned());
    let originals = |_: &casebook::model::Sha256| Err(String::new());
    let never = AtomicBool::new(false);
    export::write(case, &options, &file, &originals, export::SILENT, &never).unwrap();
    let report = std::fs::read_to_string(&file).unwrap();
    assert!(report.contains("    place: `line 2`\n"), "{report}");
    let words = "at line 1 then; the quote stands at line 2 now";
    assert_eq!(report.matches(words).count(), 2, "beside the claim and in its footnote: {report}");
    assert!(report.contains("The one footnote held on"), "{report}");
    // What the footnote gives a program is where it stands now too.
    let read = recheck::read(report.as_bytes()).unwrap();
    let locator = read.notes[0].locator.as_ref().unwrap();
    let export::Spot::Passage(place) = &locator.spot else { panic!("{locator:?}") };
    assert_eq!((place.locator.as_str(), place.moved_from.as_deref()), ("line 2", Some("line 1")));
    let verdict = recheck::in_case(&read.notes[0], &mut case.quoting(), &never).unwrap();
    assert_eq!(verdict, recheck::Verdict::Holds);
}

/// The command says what was read by older readers, reads it again without a path, and says which
/// citations moved.
#[test]
fn the_command_says_what_is_old_and_what_became_of_citations() {
    let bench = Bench::new();
    bench.write("a.txt", "甲方：青河公司\n甲方付款三十万。\n");
    bench.write("cache/b.tmp", "excluded");
    bench.add_with(&AddOptions { exclude: vec!["*.tmp".to_owned()], ..options() });
    let a = document(&bench.case, "a.txt");
    give_older_text(&bench.case, a, "甲方付款三十万。\n");
    bench.case.reindex(&AtomicBool::new(false)).unwrap();
    cite(&bench.case, a.into(), "付款三十万");
    let folder = bench.case.folder().to_owned();
    let run = |arguments: &[&str]| ended(casebook(bench.dir.path(), arguments).arg(&folder));
    let hint = "1 document was read by older readers; to read them again: casebook add ";
    for verb in ["status", "verify"] {
        let (code, said) = run(&[verb]);
        assert!(code == 0 && said.contains(hint) && said.contains("--reread"), "{said}");
    }
    let (code, said) = run(&["add", "--reread"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 file, 0 unchanged, 1 document written"), "{said}");
    assert!(said.contains("moved        A1: ") && said.contains("now at bytes"), "{said}");
    let (_, said) = run(&["verify"]);
    assert!(said.contains("moved") && !said.contains("older readers"), "{said}");
    // Whoever claims something by it is told, and so is who reads the report.
    let (code, said) = ended(casebook(bench.dir.path(), ["note"]).arg(&folder).args([
        "--kind",
        "finding",
        "--cite",
        "A1",
        "--text",
        "They paid.",
    ]));
    assert_eq!(code, 0, "{said}");
    let (_, said) = run(&["notes"]);
    assert!(said.contains("! A1 moved"), "{said}");
    let (_, said) = run(&["notes", "--json"]);
    assert!(said.contains("\"A1 moved\""), "{said}");
    for format in ["md", "html"] {
        let file = bench.dir.path().join(format!("report.{format}"));
        let (code, said) =
            ended(casebook(bench.dir.path(), ["export"]).arg(&folder).arg("-o").arg(&file));
        assert!([0, 3].contains(&code), "{said}");
        let report = std::fs::read_to_string(&file).unwrap();
        assert!(report.contains("! moved: the text was made anew"), "{report}");
    }
    // A source that is not there any more is left as it is, and named.
    std::fs::rename(bench.leak(), bench.dir.path().join("elsewhere")).unwrap();
    let (code, said) = run(&["add", "--reread"]);
    assert!(code == 1 && said.contains("casebook relink CASE S1 PATH"), "{said}");
}

/// Documents that need a password, and a container with a member that needs one.
fn locked(bench: &Bench) -> Vec<String> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/extract/locked");
    bench.write("agile.docx", std::fs::read(data.join("agile.docx")).unwrap());
    let plain = zip::write::SimpleFileOptions::default();
    let locked = plain.with_aes_encryption(zip::AesMode::Aes256, "开门 sesame1");
    let mut inner = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    inner.start_file("里/深.txt", plain).unwrap();
    inner.write_all("深处的付款\n".as_bytes()).unwrap();
    let inner = inner.finish().unwrap().into_inner();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let members: [(&str, _, &[u8]); 3] = [
        ("签收.txt", plain, "签收三十万\n".as_bytes()),
        ("账.txt", locked, "付款三十万给川江。\n".as_bytes()),
        ("内.zip", locked, &inner),
    ];
    for (name, how, bytes) in members {
        zip.start_file(name, how).unwrap();
        zip.write_all(bytes).unwrap();
    }
    bench.write("a.zip", zip.finish().unwrap().into_inner());
    vec!["开门 sesame1".to_owned()]
}

#[test]
fn a_text_is_kept_where_reading_again_fails() {
    let bench = Bench::new();
    let passwords = locked(&bench);
    bench.add_with(&AddOptions { passwords: passwords.clone(), ..options() });
    let case = &bench.case;
    let before = bench.states();
    assert!(before.iter().all(|(_, state)| *state == State::Read), "{before:?}");
    let deep = document(case, "a.zip!内.zip!里/深.txt");
    let anchor = cite(case, deep.into(), "付款");
    make_older(case);
    let documents = case.status().unwrap().older.documents;

    let kept = |report: &AddReport| -> Vec<String> {
        report.kept.iter().map(|kept| kept.path.clone()).collect()
    };
    let report = bench.add_with(&again());
    let expected = ["a.zip!内.zip", "a.zip!账.txt", "agile.docx"];
    let mut paths = kept(&report);
    paths.sort();
    assert_eq!(paths, expected);
    assert!(report.kept.iter().all(|kept| kept.why.contains("password")), "{:?}", report.kept);
    // The zip and its open member are new; what was locked is as it was, at its place.
    assert_eq!(bench.states(), before);
    let status = case.status().unwrap();
    assert_eq!((status.older.documents, status.places), (documents - 2, before.len() as u64));
    assert_eq!(bench.text("a.zip!账.txt"), "付款三十万给川江。\n");
    assert_eq!((hold(case, anchor), found(case, anchor).as_deref()), (Hold::Holds, Some("付款")));
    let warnings = case.document(document(case, "a.zip!账.txt")).unwrap().row.warnings;
    assert!(warnings[0].starts_with("what an older reader read of it is kept"), "{warnings:?}");
    // Again, and once more, it says so once.
    assert_eq!(kept(&bench.add_with(&again())).len(), 3);
    // What lies in what stays locked is no reason to try once more.
    let older = case.status().unwrap().older;
    assert_eq!((older.tried, older.again()), (older.documents, 0), "{older:?}");
    let warnings = case.document(document(case, "agile.docx")).unwrap().row.warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");

    let report = bench.add_with(&AddOptions { passwords, ..again() });
    assert_eq!(kept(&report), Vec::<String>::new());
    assert_eq!((case.status().unwrap().older.documents, bench.states()), (0, before));
    let warnings = case.document(document(case, "agile.docx")).unwrap().row.warnings;
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!((hold(case, anchor), found(case, anchor).as_deref()), (Hold::Holds, Some("付款")));
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

fn telegram(messages: &[(u32, &str)]) -> String {
    let messages: Vec<String> = messages
        .iter()
        .map(|(id, text)| {
            format!(
                r#"{{"id": {id}, "type": "message", "date": "2022-03-05T12:00:{id:02}",
                    "date_unixtime": "16464528{id:02}", "from": "lin", "from_id": "user1",
                    "text": "{text}"}}"#
            )
        })
        .collect();
    format!(
        r#"{{"name": "青河", "type": "private_group", "id": 1, "messages": [{}]}}"#,
        messages.join(",")
    )
}

/// Tables of which neighbours say the platform, exports that share messages, a package whose names
/// stand in another file, archives, mail, copies.
fn leak(bench: &Bench, files: u32) {
    let table = |one: &str, other: &str, days: std::ops::Range<u32>| {
        let mut file = String::from("| Time | From | To | Message |\n|---|---|---|---|\n");
        for day in days {
            let (from, to) = if day % 2 == 0 { (one, other) } else { (other, one) };
            file.push_str(&format!(
                "| 2021-03-{day:02} 02:00:00 | {from} | {to} | 消息 {} |\n",
                day / 3
            ));
        }
        file
    };
    bench.write("chat/0/1.md", table("wxid_fict0a0001", "mara_alias", 1..9));
    bench.write("chat/0/2.md", table("zhaoX88", "mara_alias", 1..9));
    bench.write("chat/0/3.md", table("zhaoX88", "mara_alias", 5..12));
    bench.write("chat/1/4.md", table("blue_kettle", "zhaoX88", 1..3));
    bench.write("tg/1/result.json", telegram(&[(1, "一"), (2, "付款"), (3, "二")]));
    bench.write("tg/2/result.json", telegram(&[(2, "付款"), (3, "二"), (4, "三")]));
    bench.write(
        "slack/users.json",
        r#"[{"id":"U0LIN","name":"lin","profile":{"real_name":"林"}},
            {"id":"U0MARA","name":"mara","profile":{"real_name":"马拉"}}]"#,
    );
    for day in 1..4 {
        bench.write(
            &format!("slack/general/2024-02-{:02}.json", 18 + day),
            format!(
                r#"[{{"type":"message","user":"U0LIN","ts":"17083{day}0000.000100","text":"<@U0MARA> 付款 {day}"}}]"#
            ),
        );
    }
    bench.write(
        "mail.eml",
        "From: a@example.org\nTo: b@example.org\nSubject: payment\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nsee\n\
         --x\nContent-Type: text/plain; name=a.txt\n\
         Content-Disposition: attachment; filename=a.txt\n\nattached\n--x--\n",
    );
    let options = zip::write::SimpleFileOptions::default();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["里/一.txt", "里/二.txt"] {
        zip.start_file(name, options).unwrap();
        zip.write_all(format!("{name} 的付款").as_bytes()).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    bench.write("z/a.zip", &zip);
    bench.write("z/b.zip", &zip);
    for n in 0..files {
        bench.write(&format!("f/{n}.txt"), format!("合同 {n} 付款"));
    }
}

/// Everything that a person knows of the evidence, number by number, and what was done to it.
fn all(case: &Case) -> String {
    let mut bytes = Vec::new();
    case.dump(&mut bytes).unwrap();
    let mut out = String::from_utf8(bytes).unwrap();
    let db = database(case);
    for sql in [
        "SELECT 'D', d.id, d.key, d.format, d.state, d.warnings, d.clock, v.sha256, v.bytes
         FROM document d LEFT JOIN variant v ON v.document = d.id ORDER BY d.id",
        "SELECT 'place', p.id, p.document, p.parent, p.ordinal, p.path, p.role, p.missing
         FROM place p ORDER BY p.id",
        "SELECT 'M', m.id, m.digest, m.conversation, e.document, m.ordinal, m.sender, m.sort, m.rank,
            m.raw_time, m.text, m.extra
         FROM message m JOIN export e ON e.id = m.export ORDER BY m.id",
        "SELECT 'also', q.message, e.document, q.ordinal FROM message_place q
         JOIN export e ON e.id = q.export ORDER BY 2, 3, 4",
        "SELECT 'E', document, platform, zone, zone_status, assumptions, messages FROM export
         ORDER BY document",
        "SELECT 'C', id, platform, key, scope, kind, title FROM conversation ORDER BY id",
        "SELECT 'P', id, platform, handle, name FROM participant ORDER BY id",
        "SELECT 'member', conversation, participant FROM member ORDER BY 2, 3",
        "SELECT 'day', conversation, day, messages FROM conversation_day ORDER BY 2, 3",
        "SELECT 'voice', conversation, participant, month, messages, first, last FROM voice
         ORDER BY 2, 3, 4",
        "SELECT 'mark', unit, name FROM mark ORDER BY 2, 3",
        "SELECT 'tally', what, conversation, count FROM tally WHERE count > 0 ORDER BY 2, 3",
        "SELECT 'anchor', id, unit, first, last FROM anchor ORDER BY id",
    ] {
        let mut statement = db.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cell = |at| format!("{:?}", row.get_ref(at).unwrap());
            let cells: Vec<String> = (0..columns).map(cell).collect();
            out.push_str(&cells.join(" "));
            out.push('\n');
        }
    }
    out
}

/// Marks, anchors and a zone on what is in the leak.
fn work(case: &Case) {
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    let of = |id: i64| ItemId::Message(MessageId(id));
    let messages = case.status().unwrap().messages as i64;
    case.mark(&(1..=messages).step_by(2).map(of).collect::<Vec<_>>(), "read", true).unwrap();
    case.mark(&[of(1), of(messages)], "starred", true).unwrap();
    for id in 1..=messages {
        let text = case.message(MessageId(id)).unwrap().text;
        cite(
            case,
            of(id),
            text.get(text.floor_char_boundary(4)..)
                .filter(|rest| !rest.is_empty())
                .unwrap_or(&text),
        );
    }
    for path in ["z/a.zip!里/二.txt", "f/0.txt", "mail.eml!a.txt"] {
        cite(
            case,
            document(case, path).into(),
            if path == "mail.eml!a.txt" { "attached" } else { "付款" },
        );
    }
    let table = document(case, "chat/0/2.md");
    case.set_zone(table, Some(8 * 3600), "the office").unwrap();
}

fn differences(one: &str, other: &str) -> String {
    let ours: std::collections::HashSet<&str> = one.lines().collect();
    let theirs: std::collections::HashSet<&str> = other.lines().collect();
    let mut out = String::new();
    for (sign, lines, known) in [("-", one, &theirs), ("+", other, &ours)] {
        for line in lines.lines().filter(|line| !known.contains(line)).take(12) {
            out.push_str(&format!("{sign} {line}\n"));
        }
    }
    out
}

#[test]
fn what_reads_the_same_keeps_every_number_mark_and_place() {
    let bench = Bench::new();
    leak(&bench, 3);
    bench.add();
    work(&bench.case);
    let before = all(&bench.case);
    make_older(&bench.case);
    let report = bench.add_with(&again());
    assert_eq!((report.unchanged, report.kept.len()), (0, 0));
    let after = all(&bench.case);
    assert!(before == after, "{}", differences(&before, &after));
    let status = bench.case.status().unwrap();
    assert!(
        status.older.documents == 0 && status.index_is_current && !status.sources[0].incomplete
    );
    assert_eq!(hits(&bench.case, "付款 kind:message"), 4);
    no_damage(&bench.case);
    assert_eq!(bench.case.check_journal().unwrap().1, Vec::new());
}

#[test]
fn a_message_that_says_something_else_now_is_that_message_still() {
    let bench = Bench::new();
    let case = &bench.case;
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
    bench.write(
        "result.json",
        telegram(&[(1, "好的，付款三十万"), (2, "好"), (3, "好"), (4, "收到")]),
    );
    bench.write("z.json", telegram(&[(9, "以后")]));
    bench.add();
    // An older reader read the first one otherwise, and one that there never was in the last's place.
    let db = database(case);
    for (id, native, text, clock) in [(1, "1", "付款三十万", 0), (4, "44", "收到？", 500)] {
        let raw: String = db
            .query_row("SELECT raw_time FROM message WHERE id = ?1", [id], |row| row.get(0))
            .unwrap();
        let digest = message_digest_sum(&MessageIdentity {
            platform: "telegram",
            conversation: &case.conversations(0..1).unwrap()[0].key,
            sender: Some("user1"),
            kind: case.message(MessageId(id)).unwrap().kind,
            raw_time: &case.message(MessageId(id)).unwrap().raw_time,
            native: Some(native),
            text,
        });
        db.execute(
            "UPDATE message SET text = ?2, native = ?3, digest = ?4, clock = clock + ?5, raw_time = ?6
             WHERE id = ?1",
            rusqlite::params![id, text, native, digest, clock, raw],
        )
        .unwrap();
    }
    drop(db);
    make_older(case);
    case.reindex(&AtomicBool::new(false)).unwrap();
    let of = |id| ItemId::Message(MessageId(id));
    let moved = cite(case, of(1), "三十万");
    let gone = cite(case, of(4), "收到");
    let same = cite(case, of(3), "好");
    case.mark(&[of(1), of(3), of(4)], "starred", true).unwrap();
    bench.add_with(&again());
    let messages = case.messages(casebook::model::ConversationId(1), 0..9).unwrap();
    let said: Vec<(i64, &str, bool)> = messages
        .iter()
        .map(|message| (message.id.0, message.text.as_str(), message.starred))
        .collect();
    // The one that there never was is gone with its number, and nobody gets that.
    let expected = [
        (1, "好的，付款三十万", true),
        (2, "好", false),
        (3, "好", true),
        (6, "收到", false),
        (5, "以后", false),
    ];
    assert_eq!(said, expected);
    assert!(matches!(hold(case, moved), Hold::Moved { .. }), "{:?}", hold(case, moved));
    assert_eq!(found(case, moved).as_deref(), Some("三十万"));
    assert_eq!((hold(case, gone), found(case, gone)), (Hold::Absent, None));
    assert_eq!((hold(case, same), found(case, same).as_deref()), (Hold::Holds, Some("好")));
    assert_eq!((hits(case, "付款三十万"), hits(case, "收到")), (1, 1));
    no_damage(case);
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

/// Killed at any moment, reading again loses nothing, and the next time it comes to its end.
#[test]
fn killed_while_reading_again() {
    let bench = Bench::new();
    leak(&bench, 400);
    bench.add();
    work(&bench.case);
    let expected = all(&bench.case);
    make_older(&bench.case);
    let folder = bench.case.folder().to_owned();
    drop(bench.case);
    let mut random = Random::new();
    let mut kills = 0;
    for round in 0..60 {
        let mut child = casebook(bench.dir.path(), ["add", "--reread"])
            .arg(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(20 + random.below(20 * (round + 1))));
        let is_done = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        kills += u32::from(!is_done);
        let case = Case::open(&folder, Access::Read).unwrap();
        // At no moment an anchor points to something else than its quote, and no text is missing.
        for id in (1..).map(AnchorId).take_while(|id| case.anchor(*id).is_ok()) {
            let Anchor::Passage(passage) = case.anchor(id).unwrap().anchor else { panic!("{id}") };
            if let Some(found) = found(&case, id) {
                assert_eq!(found, passage.quote, "{id}");
            }
        }
        assert_eq!(case.status().unwrap().no_text, 0);
        if is_done {
            break;
        }
    }
    assert!(kills > 3, "{kills} kills");
    let case = Case::open(&folder, Access::Write).unwrap();
    assert!(!add_path(&case, &bench.dir.path().join("leak"), &again()).stopped);
    let after = all(&case);
    assert!(after == expected, "{}", differences(&expected, &after));
    no_damage(&case);
}

/// What the source has no more is read again from the copies in the case, and keeps what it had.
#[test]
fn what_is_gone_or_changed_is_read_again_from_its_copy() {
    let bench = Bench::new();
    bench.write("a.txt", "甲方：青河公司\n甲方付款三十万。\n");
    bench.write("b.txt", "第二份合同，付款五十万。\n");
    bench.write("c.txt", "没有变的一页。\n");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("里.txt", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all("包里的付款\n".as_bytes()).unwrap();
    bench.write("d.zip", zip.finish().unwrap().into_inner());
    bench.add_with(&AddOptions { copy: true, ..options() });
    let case = &bench.case;
    let [a, b, inner] = ["a.txt", "b.txt", "d.zip!里.txt"].map(|path| document(case, path));
    make_older(case);
    give_older_text(case, a, "甲方付款三十万。\n");
    case.reindex(&AtomicBool::new(false)).unwrap();
    let anchor = cite(case, a.into(), "付款三十万");
    std::fs::remove_file(bench.leak().join("a.txt")).unwrap();
    std::fs::remove_file(bench.leak().join("d.zip")).unwrap();
    bench.write("b.txt", "别的合同。\n");

    let report = bench.add_with(&again());
    assert_eq!((report.copies, report.missing, report.kept.len()), (3, 2, 0));
    assert_eq!(case.status().unwrap().older.documents, 0);
    assert_eq!([a, b, inner], ["a.txt", "b.txt", "d.zip!里.txt"].map(|path| document(case, path)));
    assert_eq!((hits(case, "青河公司"), hits(case, "五十万"), hits(case, "包里")), (1, 1, 1));
    assert_eq!(found(case, anchor).as_deref(), Some("付款三十万"));
    // It is as little there as it was: a, the old b, the archive and what is in it.
    assert_eq!(case.status().unwrap().missing, 4);
    assert_eq!(bench.add_with(&again()).copies, 0);

    // All of the source is away. The new b was never copied.
    make_older(case);
    let away = bench.dir.path().join("away");
    std::fs::rename(bench.leak(), &away).unwrap();
    assert_eq!(case.status().unwrap().older.lost, 1);
    let folder = case.folder().to_owned();
    let (code, said) = ended(casebook(bench.dir.path(), ["add", "--reread"]).arg(&folder));
    assert!(code == 3 && said.contains("4 read from copies in the case"), "{code} {said}");
    assert!(said.contains("1 cannot be read again"), "{said}");
    let status = case.status().unwrap();
    assert_eq!((status.older.documents, status.older.again(), status.missing), (1, 0, 4));
    std::fs::rename(&away, bench.leak()).unwrap();
    bench.add_with(&again());
    no_damage(case);
}

/// Nobody is told for ever to do what cannot be done.
/// Before documents of iWork had a name of their own they were zip archives.
#[test]
fn a_container_that_got_a_name_of_its_own_is_written_anew_once() {
    let bench = Bench::new();
    let plain = zip::write::SimpleFileOptions::default();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in [("Index/Document.iwa", "\0"), ("附注.txt", "付款三十万\n")] {
        zip.start_file(name, plain).unwrap();
        zip.write_all(bytes.as_bytes()).unwrap();
    }
    bench.write("合同.pages", zip.finish().unwrap().into_inner());
    bench.add();
    let case = &bench.case;
    let states = bench.states();
    assert!(states.contains(&("合同.pages".to_owned(), State::Unsupported)), "{states:?}");
    make_older(case);
    let path = "(SELECT document FROM place WHERE path = '合同.pages')";
    database(case)
        .execute_batch(&format!(
            "UPDATE document SET format = 'zip', state = 'read', reason = '' WHERE id = {path};
             {FORGET}"
        ))
        .unwrap();
    let report = bench.add_with(&again());
    assert_eq!((report.kept.len(), case.status().unwrap().older.documents), (0, 0), "{report:?}");
    assert_eq!(bench.states(), states);
    assert_eq!(bench.add_with(&again()).documents, 0);
    no_damage(case);
}

#[test]
fn what_cannot_be_read_again_is_counted_and_is_no_hint() {
    let bench = Bench::new();
    bench.write("a.txt", "甲方付款三十万。\n");
    bench.write("b.txt", "第二份合同。\n");
    bench.write("c.txt", "第三份合同。\n");
    bench.add();
    let case = &bench.case;
    make_older(case);
    let folder = case.folder().to_owned();
    let run = |arguments: &[&str]| ended(casebook(bench.dir.path(), arguments).arg(&folder)).1;
    std::fs::remove_file(bench.leak().join("a.txt")).unwrap();
    bench.write("b.txt", "别的合同。\n");
    bench.add();
    let said = run(&["status"]);
    let lost = "3 documents were read by older readers; 2 cannot be read again: the original is";
    assert!(said.contains(lost), "{said}");
    assert!(said.contains("to read the others again: casebook add "), "{said}");
    let said = run(&["add", "--reread"]);
    let lost = "2 documents were read by older readers; 2 cannot be read again";
    assert!(said.contains(lost) && !said.contains("casebook add"), "{said}");
    for verb in ["status", "verify"] {
        let said = run(&[verb]);
        assert!(said.contains(lost) && !said.contains("--reread"), "{said}");
    }
    // Back again, it can be had.
    bench.write("a.txt", "甲方付款三十万。\n");
    bench.add();
    assert!(run(&["status"]).contains("to read the others again"));
    let report = bench.add_with(&again());
    assert_eq!((report.documents, case.status().unwrap().older.documents), (1, 1));
}

#[test]
fn a_copy_that_was_altered_is_not_read_for_what_it_was() {
    let bench = Bench::new();
    bench.write("a.txt", "甲方付款三十万。\n");
    bench.add_with(&AddOptions { copy: true, ..options() });
    let case = &bench.case;
    make_older(case);
    let id = document(case, "a.txt");
    let name = case.document_row(id).unwrap().sha256.unwrap().to_string();
    let copy = case.originals().join(&name[..2]).join(&name);
    std::fs::remove_file(&copy).unwrap();
    std::fs::write(&copy, "甲方付款九十万。\n").unwrap();
    std::fs::rename(bench.leak(), bench.dir.path().join("away")).unwrap();
    let report = bench.add_with(&again());
    assert!(report.kept[0].why.contains("other bytes"), "{:?}", report.kept);
    assert_eq!(bench.text("a.txt"), "甲方付款三十万。\n");
    assert_eq!(hits(case, "九十万"), 0);
    let older = case.status().unwrap().older;
    assert_eq!((older.documents, older.tried, older.again()), (1, 1, 0));
}
