//! Highlights and citations as the desk makes them, in a case made from files by the real workers.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not seen as tests")]

use crate::ingest::Bench;
use crate::program::{casebook, done};
use casebook::app::data::{Act, Answer, Citing, Failure, Request};
use casebook::app::selection::{Selected, Selection};
use casebook::app::worker;
use casebook::case::{Cited, Hold};
use casebook::jobs::Cancel;
use casebook::model::{AnchorId, ConversationId, ItemId, MessageId, NoteId};
use std::sync::atomic::AtomicBool;

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("合同.txt", "乙方：星屿科技\n合同金额 30万元，编号 QH-2022-007\n");
    bench.write("台账.csv", "客户,金额\n青河,30万\n川江,20万\n青河,5万\n");
    bench.write(
        "聊天.md",
        "| 时间 | 发送者 | 接收者 | 内容 |\n|---|---|---|---|\n\
         | 2022-03-05 12:41:00 | lin | mara | 青河那边的付款下周 |\n\
         | 2022-03-05 12:42:00 | mara | lin | 发票呢 |\n\
         | 2022-04-01 09:00:00 | lin | mara | 付款到了 |\n",
    );
    bench.add();
    bench
}

fn ask(bench: &Bench, request: Request) -> Result<Answer, Failure> {
    worker::answer(&bench.case, request, &Cancel::default())
}

/// Numbers of the anchors, lines about them, and how many operations that took.
fn act(bench: &Bench, act: Act) -> (Vec<i64>, Vec<String>, u64) {
    match ask(bench, Request::Act(act)).unwrap() {
        Answer::Anchored { done, .. } => {
            let (ids, lines) = done.anchors.into_iter().map(|(id, line)| (id.0, line)).unzip();
            (ids, lines, done.acted.map_or(0, |acted| acted.after - acted.before))
        }
        other => panic!("{other:?}"),
    }
}

fn found(bench: &Bench, query: &str) -> Vec<ItemId> {
    let options = casebook::case::SearchOptions::default();
    let found = bench.case.search(&query.parse().unwrap(), &options, &AtomicBool::new(false));
    let mut items: Vec<ItemId> = found.unwrap().hits.iter().map(|hit| hit.item).collect();
    items.sort();
    items
}

fn highlight(selected: Selected, tags: &[&str]) -> Act {
    Act::Highlight {
        selected,
        meaning: "payment".to_owned(),
        comment: String::new(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    }
}

#[test]
fn an_act_on_several_messages_is_undone_as_one() {
    let bench = bench();
    let messages = Selected::Messages(ConversationId(1), 0..3);
    let (ids, lines, _) = act(&bench, highlight(messages, &["apt", "钱"]));
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(lines[1], "“发票呢”");
    let view = bench.case.anchor(AnchorId(2)).unwrap();
    assert_eq!((view.meaning.as_str(), view.tags.len()), ("payment", 2));
    assert_eq!(bench.case.anchors_of_conversation(ConversationId(1), 9).unwrap().len(), 3);
    let message = |number| ItemId::Message(MessageId(number));
    assert_eq!(found(&bench, "has:highlight"), [message(1), message(2), message(3)]);
    ask(&bench, Request::Act(Act::Undo)).unwrap();
    assert_eq!(found(&bench, "has:highlight"), []);
    ask(&bench, Request::Act(Act::Redo)).unwrap();
    assert_eq!(bench.case.anchor(AnchorId(2)).unwrap().tags, ["apt", "钱"]);
    assert_eq!(found(&bench, "has:highlight -发票").len(), 2);
    // Changed as a whole: what is the same is no act.
    let set = |meaning: &str, tags: &[&str]| Act::SetAnchor {
        id: AnchorId(2),
        meaning: meaning.to_owned(),
        comment: String::new(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    };
    assert_eq!(act(&bench, set("payment", &["apt", "钱"])).2, 0);
    assert_eq!(act(&bench, set("asks", &["钱", "x"])).2, 3);
    assert_eq!(bench.case.anchor(AnchorId(2)).unwrap().tags, ["x", "钱"]);
}

#[test]
fn what_is_cited_twice_is_one_anchor() {
    let bench = bench();
    let message = || Act::Cite(Citing::Selected(Selected::Item(MessageId(1).into())));
    assert_eq!(act(&bench, message()), (vec![1], vec!["“青河那边的付款下周”".into()], 1));
    assert_eq!(act(&bench, message()).2, 0, "the same one");
    let part = |range| {
        let item = MessageId(1).into();
        Act::Cite(Citing::Selected(Selected::Text(Selection { item, variant: None, range })))
    };
    assert_eq!(act(&bench, part(0..6)), (vec![2], vec!["“青河”".into()], 1));
    assert_eq!(act(&bench, part(0..6)).0, [2]);
    // All of it, selected as text, is the whole message.
    assert_eq!(act(&bench, part(0..27)).0, [1]);
    let contract = found(&bench, "星屿科技")[0];
    let document = || Act::Cite(Citing::Selected(Selected::Item(contract)));
    assert_eq!(act(&bench, document()), (vec![3], vec!["合同.txt".into()], 1));
    assert_eq!(act(&bench, document()).0, [3]);
    assert_eq!(found(&bench, "has:highlight"), [], "a citation means nothing by itself");
    // Half of a character is nothing that was selected.
    assert!(ask(&bench, Request::Act(part(0..4))).is_err());
}

#[test]
fn what_is_cited_again_is_graded_and_a_cell_is_cited_whole() {
    let bench = bench();
    let note = |arguments: &[&str]| {
        let all: Vec<&str> = ["note", "test.case"].iter().chain(arguments).copied().collect();
        let (code, said) = crate::damaged::run(&bench, &all);
        assert_eq!(code, 0, "{said}");
        said
    };
    let cited = || -> Vec<String> {
        let citations = bench.case.note(NoteId(1)).unwrap().citations;
        let line = |own: &Cited| {
            let line = own.line.as_deref().unwrap();
            format!("{} {line} {}", own.citation.stance.word(), own.grades())
        };
        citations.iter().map(line).collect()
    };
    note(&["--kind", "finding", "--text", "it is so", "--cite", "M1", "--cite", "M2"]);
    note(&["N1", "--grade", "A1", "--cite", "M1"]);
    assert_eq!(cited(), ["supports “青河那边的付款下周” A1", "supports “发票呢” "]);
    note(&["N1", "--against", "M2"]);
    assert_eq!(cited()[1], "contradicts “发票呢” ");
    let query = ["--cite", "search:青河"];
    note(&["N1", query[0], query[1]]);
    note(&["N1", "--grade", "B2", query[0], query[1]]);
    assert_eq!(bench.case.anchor_count().unwrap(), 3);
    assert_eq!(cited().len(), 3);
    let table = found(&bench, "20万")[0];
    let said = note(&["N1", "--cite", &format!("{table}:5")]);
    assert!(said.contains("the whole cell is cited: \"5万\""), "{said}");
    let said = note(&["N1", "--cite", &format!("{table}:青河")]);
    assert!(said.contains("2 times: the first is cited"), "{said}");
    assert_eq!(cited()[3..], ["supports “5万” ", "supports “青河” "]);
}

#[test]
fn notes_and_numbers_are_found_and_checked() {
    let bench = bench();
    let (ids, lines, _) = act(&bench, Act::Cite(Citing::Search("付款 from:lin".into())));
    assert_eq!(ids, [1]);
    assert_eq!(lines[0], "2 hits for 付款 from:lin in 3 messages and 3 documents");
    let (_, lines, _) = act(&bench, Act::Cite(Citing::Search("转账".into())));
    assert_eq!(lines[0], "0 hits for 转账 in 3 messages and 3 documents");
    assert!(ask(&bench, Request::Act(Act::Cite(Citing::Search("(".into())))).is_err());
    act(&bench, Act::Cite(Citing::Selected(Selected::Item(MessageId(3).into()))));
    let draft = |text: &str| casebook::case::Draft { text: text.to_owned(), ..Default::default() };
    bench
        .case
        .save_note(&draft("Nobody says 转账 [[A2]], but it came [[A3]], see [[D1]]"))
        .unwrap();
    let named = [ItemId::Document(casebook::model::DocumentId(1)), MessageId(3).into()];
    assert_eq!(found(&bench, "has:note"), named);
    let Answer::Details(_, made) = ask(&bench, Request::Details(MessageId(3).into())).unwrap()
    else {
        panic!("details");
    };
    assert_eq!((made.notes.len(), made.anchors.len(), made.around.len()), (1, 1, 1));
    assert!(made.notes[0].title.starts_with("Nobody says"), "{:?}", made.notes[0]);
    bench.write("more.txt", "转账 30万");
    bench.add();
    let hold = |id| match ask(&bench, Request::Hold(AnchorId(id))).unwrap() {
        Answer::Hold { hold, .. } => hold,
        other => panic!("{other:?}"),
    };
    // The same number, in more evidence than it was counted in.
    let now = "still 2, now in 3 messages and 4 documents".to_owned();
    assert_eq!(hold(1), Hold::OtherBasis { now });
    assert_eq!(hold(2), Hold::Changed { now: "1".to_owned() });
}

/// A quote that ends inside of a cell with Chinese: its last byte begins no character.
#[test]
fn a_cell_is_named_by_its_own_address() {
    let folder = tempfile::tempdir().unwrap();
    let case = crate::desk::demo(folder.path());
    let run = |arguments: &[&str]| done(&mut casebook(folder.path(), arguments));
    let case = case.file_name().unwrap().to_str().unwrap();
    run(&["note", case, "--kind", "finding", "--text", "t", "--cite", "D14:551万"]);
    let anchors = run(&["anchors", case]);
    assert!(anchors.contains("付款!D8\n"), "{anchors}");
    // The names of the sheets stand behind the sheets, and in none of them.
    run(&["note", case, "--kind", "finding", "--text", "t", "--cite", "D14:付款"]);
    let anchors = run(&["anchors", case]);
    assert!(anchors.contains("sheet names, line 1\n"), "{anchors}");
}

/// Where something stands that the first document says.
#[track_caller]
fn check_place(bench: &Bench, quote: &str, expected: &str) {
    let case = &bench.case;
    let row = case.documents(&casebook::case::DocumentFilter::default(), 0..9).unwrap().remove(0);
    let document = case.document(row.id).unwrap();
    let variant = &document.variants[0];
    let text = case.text(variant, 0..variant.bytes).unwrap().text;
    let start = text.find(quote).expect(quote) as u64;
    let range = start..start + quote.len() as u64;
    assert_eq!(case.place_in(variant, &range).unwrap(), expected, "{quote}");
}

/// A Word document has no pages of its own: a place in it is a paragraph, counted on behind a table,
/// or a cell of a table.
#[test]
fn a_place_in_a_word_document_is_a_paragraph_or_a_cell() {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let row = |cells: [&str; 2]| {
        let cells = cells.map(|text| format!("<w:tc>{}</w:tc>", paragraph(text)));
        format!("<w:tr>{}</w:tr>", cells.concat())
    };
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{}{}<w:p/>{}<w:tbl>{}{}</w:tbl>{}{}</w:body></w:document>",
        paragraph("技术咨询合同"),
        paragraph("甲方：青河"),
        paragraph("乙方：霁石"),
        row(["项目", "金额"]),
        row(["咨询", "30万元"]),
        paragraph("付款期限"),
        paragraph("争议解决"),
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, document.as_bytes()).unwrap();
    let bench = Bench::new();
    bench.write("合同.docx", zip.finish().unwrap().into_inner());
    bench.add();
    let check = |quote: &str, expected: &str| check_place(&bench, quote, expected);
    check("技术咨询合同", "paragraph 1");
    check("乙方", "paragraph 3");
    check("甲方：青河\n乙方", "paragraphs 2-3");
    check("30万元", "table 1!B2");
    check("付款", "paragraph 4");
    check("争议", "paragraph 5");
}

#[test]
fn a_place_in_markdown_names_the_heading_above_it() {
    let bench = Bench::new();
    bench.write("a.md", "甲方\n\n# 合同\n\n付款三十万\n");
    bench.add();
    check_place(&bench, "甲方", "line 1");
    check_place(&bench, "付款", "line 5, under “合同”");
}

#[test]
fn a_text_may_name_what_the_same_command_cites() {
    let bench = bench();
    let run = |arguments: &[&str]| crate::damaged::run(&bench, arguments);
    let case = "test.case";
    let text = "付款下周 [[A1]]，合同 [[A2]]";
    let (cite, more) = ("M1:付款下周", "M3:付款");
    let said =
        run(&["note", case, "--kind", "finding", "--text", text, "--cite", cite, "--cite", more]);
    assert_eq!(said.0, 0, "{}", said.1);
    let note = bench.case.note(NoteId(1)).unwrap();
    let mut names: Vec<ItemId> = note.references.iter().map(|(item, _)| *item).collect();
    names.sort();
    assert_eq!(names, [ItemId::Anchor(AnchorId(1)), ItemId::Anchor(AnchorId(2))]);
    assert_eq!(note.citations.len(), 2);
    // One that nothing makes is a slip, and said to be one.
    let text = "see [[A3]], [[A9]]";
    let (code, said) = run(&["note", case, "N1", "--text", text, "--against", "M2"]);
    assert!(code == 0 && said.contains("; [[A9]] names nothing in this case; "), "{said}");
    assert!(!said.contains("[[A3]] names"), "{said}");
    let note = bench.case.note(NoteId(1)).unwrap();
    assert!(
        note.references.iter().any(|(item, _)| *item == ItemId::Anchor(AnchorId(3))),
        "{note:?}"
    );
    assert_eq!(bench.case.note_count().unwrap(), 1);
}

/// A quote is proved by its hashes; whoever signs an anchor may say of it what they like.
#[test]
fn an_anchor_that_names_another_writer_or_another_time_does_not_hold() {
    let bench = bench();
    let at = casebook::case::At { item: MessageId(1).into(), variant: None, start: 0, end: 0 };
    let passage = bench.case.passage(at).unwrap();
    let check = |locator: &str, holds: bool| {
        let mut said = passage.clone();
        said.locator = locator.to_owned();
        let anchor = casebook::case::Anchor::Passage(Box::new(said));
        let held = bench.case.hold(&anchor, &AtomicBool::new(false)).unwrap();
        match held {
            Hold::Holds => assert!(holds, "{locator}"),
            Hold::Misplaced { why } => {
                assert!(!holds && why.contains("of lin, 2022-03-05 12:41:00"), "{why}")
            }
            other => panic!("{locator}: {other:?}"),
        }
    };
    let truth = passage.locator.as_str();
    assert!(truth.starts_with("lin in ") && truth.contains("2022-03-05 12:41:00"), "{truth}");
    check(truth, true);
    check(&truth.replacen("lin", "boss", 1).replace("lin", "boss"), false);
    check(&truth.replace("12:41:00", "09:00:00"), false);
    check(&truth.replace("lin", "▇▇▇"), true);
    check("", true);
    // She is in the conversation, and did not write it.
    check(&truth.replacen("lin in", "mara in", 1), false);
    let view = {
        let mut said = passage.clone();
        said.locator = truth.replacen("lin in", "mara in", 1);
        said.path = "other/chat.html".to_owned();
        let anchor = casebook::case::Anchor::Passage(Box::new(said));
        let (id, _) = bench.case.add_anchor(anchor, "", "").unwrap();
        bench.case.anchor(id).unwrap()
    };
    assert_eq!(view.anchor, casebook::case::Anchor::Passage(Box::new(passage.clone())));
    let held = bench.case.hold(view.signed(), &AtomicBool::new(false)).unwrap();
    assert!(
        matches!(&held, Hold::Misplaced { why } if why.contains("other/chat.html")),
        "{held:?}"
    );
}
