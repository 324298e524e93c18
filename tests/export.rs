//! A small investigation of the sample becomes reports in every format, which prove themselves
//! against the case and against nothing but the originals.

use crate::ingest::Bench;
use crate::program::{PROGRAM, casebook, ended};
use crate::sample::root;
use casebook::case::{Access, Author, Case, DocumentFilter, Draft, NewEntity};
use casebook::export::recheck::{self, Reread, Verdict};
use casebook::export::{self, ExportError, Format, Options, Profile};
use casebook::ingest::{self, Folder};
use casebook::model::anchor::{Anchor, At};
use casebook::model::entity::{Attribute, EntityField, EntityKind};
use casebook::model::finding::{
    Citation, Confidence, Likelihood, NoteField, NoteKind, Stance, Standing,
};
use casebook::model::{AnchorId, ItemId, NoteId, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const SHEN: &str = "沈若岚";
const HANDLE: &str = "wxid_q7m2kd81xv3b22";

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(target).unwrap(),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

fn never() -> AtomicBool {
    AtomicBool::new(false)
}

/// Chats, archives and contracts of the sample, and what lin found in them.
struct Work {
    bench: Bench,
    finding: NoteId,
}

impl Work {
    fn new() -> Work {
        let bench = Bench::new();
        for part in ["聊天/微信", "聊天/slack", "归档", "销售/合同"] {
            copy(&root().join(part), &bench.leak().join(part));
        }
        bench.add();
        let case = &bench.case;
        case.set_author(Author::with_key("lin", [7; 32])).unwrap();
        let said = message(case, "报价单发您了，218万");
        let contract = passage(case, "销售/合同/合同_QH-2022-010_川江_技术咨询.docx", "技术咨询");
        let nested = passage(case, "归档/备份_2022.zip!备份/旧资料.zip!旧资料/口述.txt", "");
        let pdf = passage(case, "销售/合同/验收报告_007.pdf", "95");
        let hostile = passage(case, "归档/usb/README_usb.txt", "");
        let absence = case.count_search("\"从来没有人说过的话\"", &never()).unwrap();
        let absence = case.add_anchor(Anchor::Count(Box::new(absence)), "", "").unwrap().0;
        let question = note(case, NoteKind::Question, "Where did the money go?");
        let finding = note(
            case,
            NoteKind::Finding,
            &format!(
                "# 218万 went to 川江\n\n{SHEN}报过218万。[[{said}]] The contract calls it *技术咨询* [[{contract}]]. \
                 沈**若**岚 knew; see [[{question}]]. 没有人反对。[[{absence}]]"
            ),
        );
        let set = |field| drop(case.set_note(finding, field).unwrap());
        set(NoteField::Standing(Standing::Supported));
        set(NoteField::Confidence(Some(Confidence::Moderate)));
        set(NoteField::Likelihood(Some(Likelihood::VeryLikely)));
        set(NoteField::Question(Some(case.operation_of(ItemId::Note(question)).unwrap())));
        let cite = |anchor: AnchorId, stance, grade: &str| {
            let anchor = case.operation_of(ItemId::Anchor(anchor)).unwrap();
            set(NoteField::Cite(Citation { anchor, stance, grade: grade.parse().unwrap() }));
        };
        cite(said, Stance::Supports, "B2");
        cite(pdf, Stance::Contradicts, "A3");
        cite(nested, Stance::Context, "");
        let event = note(case, NoteKind::Event, &format!("The archive was packed. [[{hostile}]]"));
        case.set_note(event, NoteField::When(Some("2022-12?".parse().unwrap()))).unwrap();
        let account = case
            .participants(0..1_000)
            .unwrap()
            .into_iter()
            .find(|account| account.handle == HANDLE)
            .unwrap();
        let new = NewEntity {
            kind: EntityKind::Person,
            name: SHEN.to_owned(),
            aliases: vec!["Shen Ruolan".to_owned()],
            participants: vec![account.id],
        };
        let entity = case.add_entity(&new).unwrap().0;
        let anchors = vec![case.operation_of(ItemId::Anchor(said)).unwrap()];
        let attribute = Attribute { key: "role".to_owned(), value: "sales".to_owned(), anchors };
        case.set_entity(entity, EntityField::Attribute { attribute, on: true }).unwrap();
        Work { bench, finding }
    }

    fn case(&self) -> &Case {
        &self.bench.case
    }

    fn out(&self, name: &str) -> PathBuf {
        self.bench.dir.path().join(name)
    }

    fn write(&self, options: &Options, name: &str) -> Result<Vec<u8>, ExportError> {
        let originals = |content: &Sha256| {
            let id = self.case().document_with(content).unwrap().unwrap();
            let original = ingest::original(self.case(), id, Path::new(PROGRAM), &[]);
            original.map(|original| original.file).map_err(|error| error.to_string())
        };
        let path = self.out(name);
        export::write(self.case(), options, &path, &originals, export::SILENT, &never())?;
        Ok(fs::read(path).unwrap())
    }
}

fn note(case: &Case, kind: NoteKind, text: &str) -> NoteId {
    let draft = Draft { text: text.to_owned(), kind, ..Draft::default() };
    case.save_note(&draft).unwrap().0.unwrap()
}

fn message(case: &Case, text: &str) -> AnchorId {
    let rows = case.conversations(0..100).unwrap();
    let all = rows.iter().flat_map(|row| case.messages(row.id, 0..row.messages).unwrap());
    let found = all.into_iter().find(|message| message.text.contains(text)).expect(text);
    let start = found.text.find(text).unwrap() as u64;
    let end = start + text.len() as u64;
    let at = At { item: found.id.into(), variant: None, start, end };
    let passage = case.passage(at).unwrap();
    case.add_anchor(Anchor::Passage(Box::new(passage)), "payment", "").unwrap().0
}

/// A quote of a document, or all of its text.
fn passage(case: &Case, path: &str, quote: &str) -> AnchorId {
    let rows = case.documents(&DocumentFilter::default(), 0..1_000).unwrap();
    let row = rows.iter().find(|row| row.path == path).expect(path);
    let document = case.document(row.id).unwrap();
    let variant = &document.variants[0];
    let text = case.text(variant, 0..variant.bytes).unwrap().text;
    let start = text.find(quote).expect(quote) as u64;
    let end = if quote.is_empty() { variant.bytes } else { start + quote.len() as u64 };
    let at = At { item: row.id.into(), variant: Some(variant.id), start, end };
    let passage = case.passage(at).unwrap();
    case.add_anchor(Anchor::Passage(Box::new(passage)), "", "").unwrap().0
}

const FORMATS: [(Format, &str); 5] = [
    (Format::Markdown, "md"),
    (Format::Html, "html"),
    (Format::Docx, "docx"),
    (Format::Csv, "csv"),
    (Format::Json, "json"),
];

fn options(format: Format) -> Options {
    Options::new(format, "2024-03-05".to_owned())
}

fn words(verdicts: &[Verdict]) -> Vec<&str> {
    verdicts.iter().map(Verdict::word).collect()
}

fn in_case(report: &[u8], case: &Case) -> Vec<Verdict> {
    let notes = recheck::read(report).unwrap().notes;
    let mut quoting = case.quoting();
    notes.iter().map(|noted| recheck::in_case(noted, &mut quoting, &never()).unwrap()).collect()
}

fn in_folder(report: &[u8], folder: &Path) -> Vec<Verdict> {
    let cancel = Arc::new(AtomicBool::new(false));
    let mut folder = Folder::open(folder, Path::new(PROGRAM), &[], &|_, _, _| {}, &cancel).unwrap();
    let notes = recheck::read(report).unwrap().notes;
    notes
        .iter()
        .map(|noted| {
            recheck::in_originals(noted, &mut |place| {
                let missing = |error: ingest::NotRead| Verdict::Missing { why: error.to_string() };
                let read = folder
                    .reread(&place.content, &place.containers, &place.path)
                    .map_err(missing)?;
                let text = match place.record {
                    Some(record) => read.messages[&record.ordinal].text.clone(),
                    None => read.text.clone().unwrap(),
                };
                Ok(Reread::Text(text))
            })
        })
        .collect()
}

#[test]
fn every_format_proves_itself() {
    let work = Work::new();
    let holds = ["holds"; 7];
    for (format, name) in FORMATS {
        let report = work.write(&options(format), &format!("report.{name}")).unwrap();
        assert!(recheck::read(&report).unwrap().sealed.holds(), "{name}");
        let case = in_case(&report, work.case());
        assert_eq!(words(&case), holds, "{name} {case:?}");
        let folder = in_folder(&report, &work.bench.leak());
        assert_eq!(
            words(&folder),
            ["holds", "holds", "not checked", "holds", "holds", "holds", "not checked"],
            "{name} {folder:?}"
        );
        // The same work gives the same bytes.
        assert_eq!(work.write(&options(format), &format!("again.{name}")).unwrap(), report);
        assert!(matches!(
            work.write(&options(format), &format!("again.{name}")),
            Err(ExportError::Exists(_))
        ));
    }
    let text = String::from_utf8(fs::read(work.out("report.md")).unwrap()).unwrap();
    // Hashes and the seal over them, and where extraction puts a line, are not what this is about.
    let (text, seal) = text.split_once("\n## Seal\n").unwrap();
    assert!(seal.starts_with("\nSealed by lin with the key "), "{seal}");
    let hidden = regex::Regex::new("[0-9a-f]{64}").unwrap();
    let text = hidden.replace_all(text, "HASH");
    let hidden = regex::Regex::new(r#"(line |"start":|"end":)\d+"#).unwrap();
    insta::assert_snapshot!(hidden.replace_all(&text, "${1}N"));
}

#[test]
fn what_is_changed_afterwards_is_found_out() {
    let work = Work::new();
    let report = work.write(&options(Format::Html), "report.html").unwrap();
    // An original that changed, and one that went.
    let leak = work.bench.leak();
    let contract = leak.join("销售/合同/合同_QH-2022-010_川江_技术咨询.docx");
    let mut bytes = fs::read(&contract).unwrap();
    bytes.push(0);
    fs::write(&contract, bytes).unwrap();
    fs::remove_file(leak.join("归档/备份_2022.zip")).unwrap();
    assert_eq!(
        words(&in_folder(&report, &leak)),
        ["holds", "missing", "not checked", "holds", "missing", "holds", "not checked"]
    );
    // A report in which somebody changed a quote.
    let text = String::from_utf8(report).unwrap();
    let forged = text.replace("<blockquote>技术咨询</blockquote>", "<blockquote>行贿</blockquote>");
    assert_ne!(forged, text);
    assert_eq!(
        words(&in_case(forged.as_bytes(), work.case())),
        ["holds", "broken", "holds", "holds", "holds", "holds", "holds"]
    );
    // A number that is another one by now.
    work.bench.write("neu.txt", "从来没有人说过的话");
    work.bench.add();
    let verdicts = in_case(text.as_bytes(), work.case());
    assert_eq!(verdicts[2], Verdict::Changed { now: "1".to_owned() });
}

/// All that a reader or a program finds in a file, by other means than the export's own look.
fn everything_in(bytes: &[u8]) -> String {
    let mut all = String::from_utf8_lossy(bytes).into_owned();
    if let Ok(mut zip) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) {
        for at in 0..zip.len() {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut zip.by_index(at).unwrap(), &mut text).unwrap();
            all.push_str(&text);
        }
    }
    let tags = regex::Regex::new("<[^>]*>").unwrap();
    let plain = tags.replace_all(&all, "").replace(['\\', '*'], "");
    all + &plain
}

#[test]
fn a_redacted_report_names_nobody_and_still_proves_itself() {
    let work = Work::new();
    let toml = "name = 'press'\nkey = 'k'\npseudonym.kinds = ['person']\nmask.literals = ['川江']";
    let profile = Profile::parse(toml).unwrap();
    let mut pseudonyms = Vec::new();
    for (format, name) in FORMATS {
        let mut options = options(format);
        options.profile = Some(profile.clone());
        options.sheet = Some(work.out(&format!("sheet-{name}.csv")));
        let report = work.write(&options, &format!("redacted.{name}")).unwrap();
        let sheet = fs::read(options.sheet.unwrap()).unwrap();
        let all = everything_in(&report) + &everything_in(&sheet);
        for protected in [SHEN, HANDLE, "Shen Ruolan", "川江"] {
            assert!(!all.contains(protected), "{protected} in {name}");
        }
        // A hash over a short text would give the masked name away to whoever tries some.
        let whole = Sha256::of("报价单发您了，218万，含三年服务".as_bytes()).to_string();
        assert!(!all.contains(&whole), "{name}");
        let folder = in_folder(&report, &work.bench.leak());
        assert!(!folder.iter().any(Verdict::fails), "{name} {folder:?}");
        let at = all.find("person-").unwrap();
        pseudonyms.push(all[at..at + 12].to_owned());
        assert!(recheck::read(&report).unwrap().sealed.holds(), "{name}");
        let case = in_case(&report, work.case());
        assert!(case.iter().all(|verdict| *verdict == Verdict::Holds), "{name} {case:?}");
    }
    pseudonyms.dedup();
    assert_eq!(pseudonyms.len(), 1, "the same in every export: {pseudonyms:?}");
}

#[test]
fn exhibits_that_name_somebody_are_withheld_one_by_one() {
    let work = Work::new();
    let mut options = options(Format::Markdown);
    options.exhibits = Some(work.out("exhibits"));
    work.write(&options, "open.md").unwrap();
    let rows = |folder: &str| -> Vec<csv::StringRecord> {
        let index = fs::read(work.out(folder).join("index.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(index.as_slice());
        let headers = reader.headers().unwrap().clone();
        assert_eq!((&headers[1], &headers[12], &headers[13]), ("file", "withheld", "role"));
        reader.records().map(Result::unwrap).collect()
    };
    let copies = |folder: &str| {
        let mut names = Vec::new();
        for line in fs::read_to_string(work.out(folder).join("SHA256SUMS")).unwrap().lines() {
            let (digest, name) = line.split_once("  ").unwrap();
            let bytes = fs::read(work.out(folder).join(name)).unwrap();
            assert_eq!(Sha256::of(&bytes).to_string(), digest);
            names.push(name.to_owned());
        }
        // The index and the sums are the only files beside.
        assert_eq!(fs::read_dir(work.out(folder)).unwrap().count(), names.len() + 2);
        names
    };
    let all = copies("exhibits");
    assert_eq!((rows("exhibits").len(), all.len()), (5, 5));
    // In the text of a docx, which its bytes hide; in the name of a file; in a record of a chat.
    let toml = "mask.literals = ['技术咨询', '验收报告', '三年服务']";
    options.exhibits = Some(work.out("redacted"));
    options.profile = Some(Profile::parse(toml).unwrap());
    let report = work.write(&options, "redacted.md").unwrap();
    let given = copies("redacted");
    assert_eq!(given.len(), 2, "{given:?}");
    let withheld: Vec<csv::StringRecord> =
        rows("redacted").into_iter().filter(|row| !row[12].is_empty()).collect();
    assert_eq!(withheld.len(), 3);
    assert!(withheld.iter().all(|row| row[1].is_empty() && row[12].contains("protected")));
    let text = String::from_utf8(report).unwrap();
    assert!(text.contains("3 of 5 exhibits could not be given with this report"), "{text}");
    for entry in walkdir::WalkDir::new(work.out("redacted")) {
        let entry = entry.unwrap();
        let bytes =
            if entry.file_type().is_file() { fs::read(entry.path()).unwrap() } else { Vec::new() };
        let all = entry.file_name().to_string_lossy().into_owned() + &everything_in(&bytes);
        for name in ["技术咨询", "验收报告", "三年服务"] {
            assert!(!all.contains(name), "{name} in {}", entry.path().display());
        }
    }
    // An original that is gone stops nothing either.
    fs::remove_file(work.bench.leak().join("归档/usb/README_usb.txt")).unwrap();
    options.exhibits = Some(work.out("gone"));
    options.profile = None;
    work.write(&options, "gone.md").unwrap();
    assert_eq!(copies("gone").len(), 4);
}

/// A record of Slack names people by ids. What calls them by name goes along: with nothing but the
/// exhibits whoever checks the report sees who was mentioned.
#[test]
fn exhibits_prove_who_is_mentioned() {
    let work = Work::new();
    let case = work.case();
    let rows = case.conversations(0..100).unwrap();
    let mut all = rows.iter().flat_map(|row| case.messages(row.id, 0..row.messages).unwrap());
    let joined = all.find(|message| message.text.ends_with("has joined the channel")).unwrap();
    let end = joined.text.len() as u64;
    let at = At { item: joined.id.into(), variant: None, start: 0, end };
    let passage = Anchor::Passage(Box::new(case.passage(at).unwrap()));
    let anchor = case.add_anchor(passage, "", "").unwrap().0;
    let id = note(case, NoteKind::Finding, &format!("Somebody joined. [[{anchor}]]"));
    let mut options = options(Format::Markdown);
    options.parts.notes = Some(vec![id]);
    options.exhibits = Some(work.out("exhibits"));
    let report = String::from_utf8(work.write(&options, "joined.md").unwrap()).unwrap();
    let index = fs::read(work.out("exhibits").join("index.csv")).unwrap();
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(index.as_slice()).records().map(Result::unwrap).collect();
    let json = |row: &csv::StringRecord| -> serde_json::Value {
        let bytes = fs::read(work.out("exhibits").join(&row[1])).unwrap();
        assert_eq!(Sha256::of(&bytes).to_string(), row[2]);
        serde_json::from_slice(&bytes).unwrap()
    };
    let roles: Vec<(&str, &str)> =
        rows.iter().map(|row| (row[4].rsplit('/').next().unwrap(), &row[13])).collect();
    let lists = ["channels.json", "dms.json", "users.json"].map(|name| (name, "names"));
    assert_eq!(roles[0], ("2022-03-16.json", "cited"));
    assert_eq!(roles[1..], lists);
    assert!(rows.iter().all(|row| &row[9] == "1"), "each is for the footnote");
    let record = json(&rows[0]);
    let text = record["text"].as_str().unwrap();
    let mentioned = text.strip_prefix("<@").unwrap().split_once('>').unwrap().0;
    let users = json(rows.last().unwrap());
    let user = users.as_array().unwrap().iter().find(|own| own["id"] == mentioned).unwrap();
    let called = ["real_name", "display_name"].map(|key| user["profile"][key].as_str().unwrap());
    let names = called.map(|name| text.replace(&format!("<@{mentioned}>"), &format!("@{name}")));
    assert!(names.contains(&joined.text), "{} is none of {names:?}", joined.text);
    // The footnote says by which file.
    let hash = &rows.last().unwrap()[5];
    assert!(report.contains(&format!("users.json, SHA-256 {hash}")), "{report}");
}

/// The name of a file is seen by whoever gets it.
#[test]
fn a_file_is_not_called_by_a_protected_name() {
    let work = Work::new();
    let before = fs::read_dir(work.bench.dir.path()).unwrap().count();
    for format in FORMATS {
        let mut options = options(format.0);
        options.profile = Some(Profile::parse("mask.literals = ['川江']").unwrap());
        let error = work.write(&options, &format!("川江.{}", format.1)).unwrap_err();
        assert!(error.to_string().contains("protected name: 川江"), "{error}");
        assert!(error.hint().unwrap().contains("another name to -o"), "{error}");
        options.sheet = Some(work.out("x-川-江.csv"));
        let error = work.write(&options, &format!("r.{}", format.1)).unwrap_err();
        assert!(error.hint().unwrap().contains("--check-sheet"), "{error}");
    }
    assert_eq!(fs::read_dir(work.bench.dir.path()).unwrap().count(), before);
}

/// Whoever reads a note must know whom it meant, also when somebody deleted the entity; a redaction
/// masks that name as any other.
#[test]
fn a_deleted_entity_keeps_its_name() {
    let work = Work::new();
    let case = work.case();
    let new =
        NewEntity { kind: EntityKind::Person, name: "韩锐".to_owned(), ..NewEntity::default() };
    let entity = case.add_entity(&new).unwrap().0;
    note(case, NoteKind::Finding, &format!("[[{entity}]] signed it. He did so twice."));
    case.drop_entity(entity).unwrap();
    for (format, name) in FORMATS {
        let report = work.write(&options(format), &format!("open.{name}")).unwrap();
        let said = everything_in(&report);
        assert!(said.contains("韩锐 (deleted) signed it."), "{name}: {said}");
        assert!(!said.contains("not in this case"), "{name}");
        let mut options = options(format);
        options.profile = Some(Profile::parse("mask.kinds = ['person']").unwrap());
        let report = work.write(&options, &format!("masked.{name}")).unwrap();
        assert!(!everything_in(&report).contains("韩锐"), "{name}");
    }
}

/// What two people said of one citation at the same time, and a citation that one deleted while the
/// other worked on it.
#[test]
fn what_two_people_did_to_a_citation_is_said() {
    let work = Work::new();
    let case = work.case();
    let folder = work.out("theirs.case");
    copy(case.folder(), &folder);
    let theirs = Case::open(&folder, Access::Write).unwrap();
    theirs.set_author(Author::with_key("mara", [8; 32])).unwrap();
    let cited = case.note(work.finding).unwrap().citations;
    let of = |anchor: AnchorId| case.operation_of(ItemId::Anchor(anchor)).unwrap();
    let (said, absence) = (cited[0].id, cited.iter().find(|cited| cited.is_count).unwrap().id);
    for (case, stance) in [(case, Stance::Supports), (&theirs, Stance::Contradicts)] {
        let grade = "C3".parse().unwrap();
        let cite = NoteField::Cite(Citation { anchor: of(said), stance, grade });
        case.set_note(work.finding, cite).unwrap();
    }
    case.set_anchor(absence, "silence", "").unwrap();
    theirs.drop_anchor(absence).unwrap();
    let mut bundle = Vec::new();
    theirs.write_bundle("", &mut bundle).unwrap();
    case.merge(&case.read_bundle(bundle.as_slice()).unwrap()).unwrap();
    let note = case.note(work.finding).unwrap();
    let kept = note.citations.iter().find(|cited| cited.id == absence).unwrap().kept.clone();
    let kept = kept.unwrap().words();
    assert!(kept.starts_with("deleted by mara, kept because lin"), "{kept}");
    for (format, name) in FORMATS {
        let report = work.write(&options(format), &format!("two.{name}")).unwrap();
        let said = everything_in(&report);
        let disagreed = match format {
            Format::Markdown | Format::Html | Format::Docx => "What its authors disagree on",
            Format::Csv | Format::Json => "disagreed",
        };
        assert!(said.contains(disagreed), "{name}: {said}");
        assert!(said.contains(&kept), "{name}: {said}");
        assert!(recheck::read(&report).unwrap().sealed.holds(), "{name}");
        let hidden = Options { authors: false, ..options(format) };
        let report = work.write(&hidden, &format!("unsaid.{name}")).unwrap();
        assert!(!everything_in(&report).contains("deleted by mara"), "{name}");
    }
    case.keep(ItemId::Anchor(absence)).unwrap();
    assert_eq!(case.anchor(absence).unwrap().kept, None);
}

/// What spoke against a finding does not leave its report without a trace.
#[test]
fn a_citation_that_was_deleted_is_told() {
    let work = Work::new();
    let case = work.case();
    let cited = case.note(work.finding).unwrap().citations;
    let against = cited.iter().find(|own| own.citation.stance == Stance::Contradicts).unwrap().id;
    case.drop_anchor(against).unwrap();
    for (format, name) in FORMATS {
        let report = work.write(&options(format), &format!("dropped.{name}")).unwrap();
        let said = everything_in(&report);
        let expected = format!("what was cited against it ({against}) was deleted by lin on ");
        // A table has a row for what is cited, and none for what is not any more.
        assert!(said.contains(&expected) || format == Format::Csv, "{name}: {said}");
        assert!(recheck::read(&report).unwrap().sealed.holds(), "{name}");
        let hidden = Options { authors: false, ..options(format) };
        let report = work.write(&hidden, &format!("nobody.{name}")).unwrap();
        assert!(!everything_in(&report).contains("deleted by lin"), "{name}");
    }
}

/// Nor does what was cited for something that is said of an entity.
#[test]
fn a_citation_of_an_attribute_that_was_deleted_is_told() {
    let work = Work::new();
    let case = work.case();
    let shen = case.entity_meant(SHEN).unwrap().id;
    let role = |case: &Case| case.dossier(shen).unwrap().attributes.remove(0);
    let cited = role(case).citations[0].0;
    case.drop_anchor(cited).unwrap();
    let gone: Vec<_> =
        role(case).dropped.into_iter().map(|(id, gone)| (id, gone.words())).collect();
    let [(id, words)] = gone.as_slice() else { panic!("{gone:?}") };
    assert_eq!((role(case).citations, *id), (Vec::new(), cited));
    assert!(words.starts_with("deleted by lin on 20"), "{words}");
    let expected = format!("sales (cites nothing; what was cited for it ({cited}) was {words})");
    for (format, name) in FORMATS {
        let report = work.write(&options(format), &format!("role.{name}")).unwrap();
        let said = everything_in(&report);
        // A table has rows of what is cited alone.
        assert!(said.contains(&expected) || format == Format::Csv, "{name}: {said}");
    }
    case.undo().unwrap();
    assert_eq!(role(case).dropped, Vec::new());
}

/// What is looked at before it is written is what is written: words of what was deleted, names that
/// are read down a column, whatever else a profile masks.
#[test]
fn the_preview_reads_as_the_file() {
    let work = Work::new();
    let case = work.case();
    let table = "| who | paid |\n|---|---|\n| 沈若 | 1 |\n| 岚 said | 2 |\n| HAN | 3 |";
    note(case, NoteKind::Finding, &format!("# A table\n\n{table}"));
    let shen = case.entity_meant(SHEN).unwrap().id;
    let cited = case.dossier(shen).unwrap().attributes.remove(0).citations[0].0;
    case.drop_anchor(cited).unwrap();
    let profile = Profile::parse(&format!("mask.literals = ['{SHEN}']")).unwrap();
    for profile in [None, Some(profile)] {
        let is_masked = profile.is_some();
        let options = Options { profile, ..options(Format::Markdown) };
        let preview = export::preview(case, &options, &never()).unwrap();
        let name = format!("previewed-{is_masked}.md");
        let written = String::from_utf8(work.write(&options, &name).unwrap()).unwrap();
        let is_shown = |line: &&str| !line.trim_start().starts_with("`casebook-locator");
        let (shown, _) = written.split_once("\n## Seal\n").unwrap();
        let shown: Vec<&str> = shown.lines().filter(is_shown).collect();
        assert_eq!(preview.lines, shown);
        let text = preview.lines.join("\n");
        let deleted = format!("what was cited for it ({cited}) was deleted by lin");
        assert!(text.contains(&deleted), "{text}");
        assert_eq!(text.contains("沈若"), !is_masked, "{text}");
    }
}

/// A report that cannot be redacted leaves nothing on the disk.
#[test]
fn a_report_that_would_name_somebody_is_not_written() {
    let work = Work::new();
    // The redaction sees no name in an address; the last look does.
    note(work.case(), NoteKind::Finding, "see http://a.example/%E5%B7%9D%E6%B1%9F");
    let mut before: Vec<_> = fs::read_dir(work.bench.dir.path()).unwrap().collect();
    before.retain(Result::is_ok);
    for (format, name) in FORMATS {
        let mut options = options(format);
        options.profile = Some(Profile::parse("mask.literals = ['川江']").unwrap());
        options.exhibits = Some(work.out("exhibits"));
        options.sheet = Some(work.out("sheet.csv"));
        let error = work.write(&options, &format!("report.{name}")).unwrap_err();
        let ExportError::Left(left) = &error else { panic!("{error}") };
        assert!(left.iter().any(|left| left.place.starts_with("report.")), "{left:?}");
        assert!(left.iter().any(|left| left.place.starts_with("sheet.csv")), "{left:?}");
        // It says where to look and what to do.
        let words = format!("{error}\nhint: {}", error.hint().unwrap());
        assert!(words.contains(": N4 (finding)"), "{words}");
        let carrier = "%E5%B7%9D%E6%B1%9F";
        let hint = format!(
            "take it out of N4, or protect this spelling too: mask.literals = [{carrier:?}]"
        );
        assert!(words.contains(&hint), "{words}");
        let after = fs::read_dir(work.bench.dir.path()).unwrap().count();
        assert_eq!(after, before.len(), "nothing is left behind: {name}");
    }
    // What the hint says is what helps.
    for (format, name) in FORMATS {
        let mut options = options(format);
        let toml = "mask.literals = ['川江', '%E5%B7%9D%E6%B1%9F']";
        options.profile = Some(Profile::parse(toml).unwrap());
        work.write(&options, &format!("report.{name}")).unwrap();
    }
}

#[test]
fn the_timeline_stands_among_the_dates_of_the_evidence() {
    let work = Work::new();
    let mut options = options(Format::Markdown);
    options.parts.timeline = true;
    let only_events = String::from_utf8(work.write(&options, "events.md").unwrap()).unwrap();
    assert!(only_events.contains("Evidence without a date"), "{only_events}");
    assert!(!only_events.contains("218万"), "what findings cite is not chosen");
    options.parts.timeline = false;
    let report = String::from_utf8(work.write(&options, "cited.md").unwrap()).unwrap();
    let place = |what: &str| report.find(what).unwrap_or_else(|| panic!("{what}: {report}"));
    let timeline = place("## Timeline");
    let (chat, event) = (place("报价单发您了，218万，"), place("The archive was packed"));
    assert!(timeline < chat && chat < event, "{report}");
    options.all_dates = true;
    let all = String::from_utf8(work.write(&options, "all.md").unwrap()).unwrap();
    assert!(all.matches("messages in the case").count() > 20, "{all}");
    let verdicts = in_case(report.as_bytes(), work.case());
    assert!(!verdicts.iter().any(Verdict::fails), "{verdicts:?}");
}

#[test]
fn a_check_sheet_comes_back_into_the_journal() {
    let work = Work::new();
    let mut options = options(Format::Docx);
    options.sheet = Some(work.out("sheet.csv"));
    work.write(&options, "report.docx").unwrap();
    let sheet = fs::read(work.out("sheet.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(sheet.as_slice());
    let mut filled = csv::Writer::from_writer(Vec::new());
    let headers = reader.headers().unwrap().clone();
    filled.write_record(&headers).unwrap();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    for record in reader.records() {
        let mut row: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        if row[0] == format!("{}/1", work.finding) {
            row[column("checker")] = "tao".to_owned();
            row[column("checker_verdict")] = "agreed".to_owned();
        }
        if row[0] == format!("{}/2", work.finding) {
            row[column("checker")] = "Lin".to_owned();
            row[column("checker_verdict")] = "agreed".to_owned();
        }
        filled.write_record(row).unwrap();
    }
    let filled = filled.into_inner().unwrap();
    let check = || export::check(work.case(), &filled, None, export::SILENT, &never()).unwrap();
    let checked = check();
    assert_eq!((checked.taken.len(), checked.refused.len()), (1, 1));
    assert!(checked.refused[0].why.contains("somebody else"), "{:?}", checked.refused);
    let reviews = work.case().note(work.finding).unwrap().fields.reviews;
    assert_eq!((reviews.len(), reviews[0].review.by.as_str()), (1, "tao"));
    let written = |name: &str| {
        let options = Options { force: true, ..options.clone() };
        let report = work.write(&options, name).unwrap();
        [report, fs::read(work.out("sheet.csv")).unwrap()].map(|bytes| everything_in(&bytes))
    };
    // It was lin who took it in, and who wrote it: whoever reads it shall know.
    for text in written("report.docx") {
        assert!(text.contains("checked by tao on 2"), "{text}");
        assert!(text.contains(", taken in by lin, who wrote it: agreed"), "{text}");
    }
    let again = check();
    assert_eq!((again.taken.len(), again.known), (0, 1));
    // With her own key it is her review, and that is the one that is said.
    let tao = || work.case().set_author(Author::with_key("tao", [9; 32])).unwrap();
    tao();
    let theirs = check();
    let [(place, review)] = theirs.taken.as_slice() else { panic!("{theirs:?}") };
    assert_eq!(place.claim, format!("{}/1", work.finding));
    assert!(review.is_check && !review.taken_in_by_author, "{review:?}");
    work.case().set_author(Author::with_key("lin", [7; 32])).unwrap();
    work.case().set_note(work.finding, NoteField::Standing(Standing::Disputed)).unwrap();
    for text in written("report.docx") {
        assert!(text.contains("who wrote it: agreed (changed since: standing)"), "{text}");
    }
    // Who says how it stands is named as an author of it, and no second person any more.
    tao();
    work.case().set_note(work.finding, NoteField::Standing(Standing::Refuted)).unwrap();
    for text in written("report.docx") {
        assert!(text.contains("lin, tao"), "{text}");
    }
    let refused = check().refused;
    let whys: Vec<&str> = refused.iter().map(|own| own.why.as_str()).collect();
    assert!(whys[0].starts_with("tao said how it stands"), "{whys:?}");
}

#[test]
fn the_command_line_says_what_holds() {
    let work = Work::new();
    let Work { bench, finding } = work;
    let (leak, folder) = (bench.leak(), bench.case.folder().to_owned());
    let Bench { dir, case } = bench;
    drop(case);
    // The key that wrote in the case.
    let config = dir.path().join("config");
    fs::create_dir(&config).unwrap();
    fs::write(config.join("author.key"), [7; 32]).unwrap();
    let run =
        |arguments: &[&str]| ended(casebook(dir.path(), arguments).env("CASEBOOK_AUTHOR", "lin"));
    let case = folder.to_str().unwrap();
    let (code, shown) =
        run(&["export", case, "-o", "report.docx", "--findings", "--title", "青河"]);
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("2 entries") && shown.contains("5 footnotes"), "{shown}");
    let (code, shown) = run(&["export", case, "-o", "report.docx"]);
    assert_eq!((code, shown.contains("--force")), (1, true), "{shown}");
    let (code, shown) = run(&["verify", "--report", "report.docx", case]);
    assert_eq!((code, shown.contains("none fails")), (0, true), "{shown}");
    assert!(shown.contains("writes in this case as lin"), "{shown}");
    // Somebody else seals in the name of lin.
    fs::write(config.join("author.key"), [9; 32]).unwrap();
    let (_, shown) = run(&["export", case, "-o", "forged.md"]);
    assert!(shown.contains("sealed with the key"), "{shown}");
    let (code, shown) = run(&["verify", "--report", "forged.md", case]);
    let why = "lin writes in this case with another key";
    assert_eq!((code, shown.contains(why)), (5, true), "{shown}");
    // A word that no footnote is about.
    let report = fs::read_to_string(dir.path().join("forged.md")).unwrap();
    let changed = report.replacen("- status: supported", "- status: refuted", 1);
    assert_ne!(report, changed);
    fs::write(dir.path().join("changed.md"), changed).unwrap();
    let leak_path = leak.to_str().unwrap();
    let (code, shown) = run(&["verify", "--report", "changed.md", "--folder", leak_path]);
    let told = shown.contains(&format!("{finding} was changed after it was sealed"));
    assert_eq!((code, told), (5, true), "{shown}");
    let leak = leak.to_str().unwrap();
    let (code, shown) = run(&["verify", "--report", "report.docx", "--folder", leak]);
    assert_eq!((code, shown.contains("1 not checked")), (0, true), "{shown}");
    fs::remove_file(Path::new(leak).join("销售/合同/验收报告_007.pdf")).unwrap();
    let (code, shown) = run(&["verify", "--report", "report.docx", "--folder", leak, "--json"]);
    assert_eq!(code, 5, "{shown}");
    let json: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((&json["failing"], &json["holds"]), (&1.into(), &false.into()));
    assert_eq!(run(&["verify"]).0, 2);
    assert_eq!(run(&["export", case, "-o", "x.pdf"]).0, 2);
}

#[test]
fn what_does_not_go_together_stands_in_the_entry() {
    let work = Work::new();
    let case = work.case();
    let question = note(case, NoteKind::Question, "When was it paid?");
    let asked = case.operation_of(ItemId::Note(question)).unwrap();
    let claims = ["2021-03?", "2021-05..2022"].map(|when| {
        let claim = note(case, NoteKind::Finding, &format!("It was paid in {when}."));
        case.set_note(claim, NoteField::Question(Some(asked))).unwrap();
        case.set_note(claim, NoteField::When(Some(when.parse().unwrap()))).unwrap();
        claim
    });
    for (format, name) in FORMATS.into_iter().filter(|(format, _)| *format != Format::Csv) {
        let report = work.write(&options(format), &format!("conflict.{name}")).unwrap();
        let said = everything_in(&report);
        for other in claims {
            let words = format!("{other} answers the same question with 2021-0");
            assert!(said.contains(&words), "{name}: {words}");
        }
    }
}

#[test]
fn what_a_text_names_and_nothing_shows_is_marked_and_listed() {
    let work = Work::new();
    let id = note(work.case(), NoteKind::Finding, "Paid twice [[A99]], says [[M424242]].");
    for (format, name) in FORMATS.into_iter().filter(|(format, _)| *format != Format::Csv) {
        let report = work.write(&options(format), &format!("unresolved.{name}")).unwrap();
        let said = everything_in(&report);
        for named in ["A99", "M424242"] {
            assert!(said.contains(&format!("{named} (not in this case)")), "{name}: {named}");
            let limit = format!("{id} names {named}, which is not in this case");
            assert!(said.contains(&limit), "{name}: {limit}");
        }
    }
}

#[test]
fn texts_that_were_written_at_the_same_time_say_by_whom() {
    let work = Work::new();
    let case = work.case();
    let id = note(case, NoteKind::Note, "first");
    let over = vec![case.note(id).unwrap().texts[0].operation];
    for (author, seed, text) in [("lin", 7, "It was lin."), ("mara", 8, "It was mara.")] {
        case.set_author(Author::with_key(author, [seed; 32])).unwrap();
        let draft =
            Draft { note: Some(id), over: over.clone(), text: text.to_owned(), ..Draft::default() };
        case.save_note(&draft).unwrap();
    }
    for (format, name) in FORMATS.into_iter().filter(|(format, _)| *format != Format::Csv) {
        let report = work.write(&options(format), &format!("both.{name}")).unwrap();
        let said = everything_in(&report);
        for author in ["lin", "mara"] {
            let words = match format {
                Format::Json => author.to_owned(),
                _ => format!("written at the same time by {author}:"),
            };
            assert!(said.contains(&words), "{name}: {words}");
        }
        let hidden = Options { authors: false, ..options(format) };
        let report = work.write(&hidden, &format!("nobody.{name}")).unwrap();
        assert!(!everything_in(&report).contains("same time by"), "{name}");
    }
}
