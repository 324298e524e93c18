use super::*;
use crate::case::Author;
use crate::case::testing::{draft, with_documents};
use crate::model::anchor::{Anchor, At};
use crate::model::finding::{Citation, Grade, NoteField, Standing};
use crate::model::note::Draft;
use crate::model::review::Review;
use crate::model::{AnchorId, DocumentId, ItemId};

fn write(case: &Case, kind: NoteKind, text: &str) -> NoteId {
    case.save_note(&Draft { kind, ..draft(text) }).unwrap().0.unwrap()
}

fn anchor(case: &Case, document: i64) -> AnchorId {
    let at = At { item: DocumentId(document).into(), variant: None, start: 0, end: 0 };
    let passage = case.passage(at).unwrap();
    case.add_anchor(Anchor::Passage(Box::new(passage)), "", "").unwrap().0
}

fn operation(case: &Case, id: NoteId) -> Sha256 {
    case.operation_of(ItemId::Note(id)).unwrap()
}

fn set(case: &Case, id: NoteId, field: NoteField) {
    case.set_note(id, field).unwrap();
}

/// Numbers in the order of the list, with `-` before what stands under a question.
fn listed(case: &Case, filter: NoteFilter) -> Vec<String> {
    let entries = case.note_entries(filter).unwrap();
    let id = |entry: &NoteEntry| entry.row.id.map_or("draft".to_owned(), |id| id.to_string());
    entries
        .iter()
        .map(|entry| format!("{}{}", if entry.is_answer { "-" } else { "" }, id(entry)))
        .collect()
}

#[test]
fn the_list_is_cut_to_what_a_note_says() {
    let (_dir, case) = with_documents(&[1]);
    write(&case, NoteKind::Note, "Reading log\nthe ＬＥＤＧＥＲ of 青河");
    let asked = write(&case, NoteKind::Question, "Who pays?");
    let finding = write(&case, NoteKind::Finding, "[[D1]] pays, says the ledger");
    set(&case, finding, NoteField::Question(Some(operation(&case, asked))));
    case.tag(&[ItemId::Note(asked)], "urgent", true).unwrap();
    case.save_draft(&Draft { sitting: Some(3), ..draft("half a ledger") }).unwrap();
    let check = |wanted: &str, expected: &[&str]| {
        let filter = NoteFilter { wanted: wanted.to_owned(), ..NoteFilter::default() };
        assert_eq!(listed(&case, filter), expected, "{wanted}");
    };
    // In the text too, however it is written; what answers to a question that is left out stays.
    check("ledger", &["N3", "N1", "draft"]);
    check("青河", &["N1"]);
    // As a title is read: D1 is the number of 1.txt.
    check("1.TXT pays", &["N3"]);
    check("pays", &["N2", "-N3"]);
    check("urgent", &["N2"]);
    check("nowhere", &[]);
    let filter = NoteFilter {
        kind: Some(NoteKind::Finding),
        wanted: "ledger".to_owned(),
        ..NoteFilter::default()
    };
    assert_eq!(filter.words(), "findings · ~ledger");
    assert_eq!(listed(&case, filter), ["N3"]);
}

#[test]
fn a_note_has_one_title_in_all_lists() {
    let (_dir, case) = with_documents(&[1]);
    write(&case, NoteKind::Event, "[[D1]]\nthe ledger is written anew");
    let title = "the ledger is written anew";
    assert_eq!(case.notes(0..9).unwrap()[0].title, title);
    assert_eq!(case.note_entries(NoteFilter::default()).unwrap()[0].row.title, title);
    let event = NoteField::When(Some("2022-03".parse().unwrap()));
    set(&case, NoteId(1), event);
    assert_eq!(case.events().unwrap()[0].title, title);
}

#[test]
fn the_list_is_grouped_and_can_be_cut() {
    let (_dir, case) = with_documents(&[1]);
    let log = write(&case, NoteKind::Note, "reading log");
    let finding = write(&case, NoteKind::Finding, "# 青河 pays through 川江");
    let asked = write(&case, NoteKind::Question, "Who pays?");
    let loose = write(&case, NoteKind::Finding, "Wei has two accounts");
    let late = write(&case, NoteKind::Event, "the contract ends");
    let early = write(&case, NoteKind::Event, "the contract begins");
    case.save_draft(&Draft { sitting: Some(3), ..draft("half a") }).unwrap();
    set(&case, finding, NoteField::Question(Some(operation(&case, asked))));
    set(&case, finding, NoteField::Standing(Standing::Disputed));
    set(&case, late, NoteField::When(Some("2022".parse().unwrap())));
    set(&case, early, NoteField::When(Some("2021-03?".parse().unwrap())));
    assert_eq!(
        listed(&case, NoteFilter::default()),
        ["N3", "-N2", "N4", "N6", "N5", "N1", "draft"]
    );
    assert_eq!((log, loose), (NoteId(1), NoteId(4)));
    let kind = NoteFilter { kind: Some(NoteKind::Finding), ..NoteFilter::default() };
    assert_eq!(listed(&case, kind.clone()), ["N2", "N4"]);
    let standing = NoteFilter { standing: Some(Standing::Disputed), ..NoteFilter::default() };
    assert_eq!(listed(&case, standing), ["N2"]);
    let (total, rows) = case.note_page(NoteFilter::default(), 1..3).unwrap();
    assert_eq!((total, rows.len(), rows[0].row.id), (7, 2, Some(finding)));
    let view = case.note_view(finding).unwrap();
    assert_eq!(view.question, Some((asked, "Who pays?".to_owned())));
    let view = case.note_view(asked).unwrap();
    assert_eq!(view.answers.iter().map(|entry| entry.row.id).collect::<Vec<_>>(), [Some(finding)]);
    let events: Vec<NoteId> = case.events().unwrap().iter().map(|event| event.id).collect();
    assert_eq!(events, [early, late]);
    // A note becomes a finding and back.
    set(&case, log, NoteField::Kind(NoteKind::Finding));
    assert_eq!(listed(&case, kind.clone()), ["N1", "N2", "N4"]);
    case.undo().unwrap();
    assert_eq!(listed(&case, kind), ["N2", "N4"]);
}

#[test]
fn what_is_cited_for_and_against_stands_in_the_list() {
    let (_dir, case) = with_documents(&[1, 2]);
    let (first, second) = (anchor(&case, 1), anchor(&case, 2));
    let id = write(&case, NoteKind::Finding, &format!("it is so [[{first}]] and not [[{second}]]"));
    let against = Citation {
        anchor: case.operation_of(ItemId::Anchor(second)).unwrap(),
        stance: Stance::Contradicts,
        grade: "C3".parse::<Grade>().unwrap(),
    };
    set(&case, id, NoteField::Cite(against));
    let entry = case.note_entries(NoteFilter::default()).unwrap().remove(0);
    assert_eq!(entry.cited_words('-'), "+1 -1");
    assert!(entry.is_unchecked());
    let cited = case.note(id).unwrap().citations;
    assert_eq!(cited[0].place, "D1 · 1.txt");
    assert_eq!(cited[1].citation.grade.to_string(), "C3");
    // Which one it was is said, also where it is taken back.
    let context = Citation { stance: Stance::Context, ..against };
    let said = case.set_note(id, NoteField::Cite(context)).unwrap().words;
    assert!(said.contains("A2") && !said.contains("a citation"), "{said}");
    assert_eq!(case.undo().unwrap().words, said);
    case.drop_anchor(first).unwrap();
    let entry = case.note_entries(NoteFilter::default()).unwrap().remove(0);
    assert_eq!(entry.cited.iter().map(|cited| cited.is_gone).collect::<Vec<_>>(), [true, false]);
    assert_eq!(case.note(id).unwrap().citations[0].line, None);
}

fn claim(id: i64, kind: NoteKind, question: i64, when: &str) -> NoteEntry {
    let draft = Draft { kind, ..Draft::default() };
    NoteEntry {
        question: Some(NoteId(question)),
        when: (!when.is_empty()).then(|| when.parse().unwrap()),
        ..NoteEntry::plain(NoteRow {
            id: Some(NoteId(id)),
            draft: None,
            ..super::super::notes::row_of(draft)
        })
    }
}

fn citing(entry: NoteEntry, stance: Stance, clock: Option<i64>) -> NoteEntry {
    let cited = CitedAs {
        anchor: AnchorId(7),
        operation: Sha256([7; 32]),
        stance,
        is_count: false,
        is_gone: false,
        clock,
    };
    NoteEntry { cited: vec![cited], ..entry }
}

#[track_caller]
fn check_conflicts(entries: Vec<NoteEntry>, expected: &[&[Conflict]]) {
    let mut all = entries.into_iter().map(|entry| (entry.row.id.unwrap(), entry)).collect();
    find_conflicts(&mut all);
    let found: Vec<Vec<Conflict>> = all.into_values().map(|entry| entry.conflicts).collect();
    assert_eq!(found, expected);
}

#[test]
fn conflicts_are_found() {
    use NoteKind::{Event, Finding, Note};
    let other =
        |note, when: &str| Conflict::OtherTime { note: NoteId(note), when: when.parse().unwrap() };
    check_conflicts(
        vec![claim(1, Event, 9, "2021-03?"), claim(2, Finding, 9, "2021-05..2022")],
        &[&[other(2, "2021-05..2022")], &[other(1, "2021-03?")]],
    );
    // They overlap, answer to other questions, have no date, or claim nothing.
    check_conflicts(vec![claim(1, Event, 9, "2021"), claim(2, Event, 9, "2021-05")], &[&[], &[]]);
    check_conflicts(vec![claim(1, Event, 8, "2021"), claim(2, Event, 9, "2022")], &[&[], &[]]);
    check_conflicts(vec![claim(1, Event, 9, "2021"), claim(2, Event, 9, "")], &[&[], &[]]);
    check_conflicts(vec![claim(1, Event, 9, "2021"), claim(2, Note, 9, "2022")], &[&[], &[]]);
    let stance = |note| Conflict::OtherStance { note: NoteId(note), anchor: AnchorId(7) };
    let both = |first, second| {
        vec![
            citing(claim(1, Finding, 8, ""), first, None),
            citing(claim(2, Finding, 9, ""), second, None),
        ]
    };
    check_conflicts(both(Stance::Supports, Stance::Contradicts), &[&[stance(2)], &[stance(1)]]);
    check_conflicts(both(Stance::Supports, Stance::Supports), &[&[], &[]]);
    check_conflicts(both(Stance::Supports, Stance::Context), &[&[], &[]]);
    // 2022-03-05T00:00Z
    let clock = 1_646_438_400;
    let event = |when, stance| vec![citing(claim(1, Event, 9, when), stance, Some(clock))];
    let evidence = Conflict::EarlierEvidence { anchor: AnchorId(7), clock };
    // What is older than the event cannot tell that it happened; what is younger looks back.
    check_conflicts(event("2022-06", Stance::Supports), &[&[evidence]]);
    check_conflicts(event("2021-03", Stance::Supports), &[&[]]);
    check_conflicts(event("2022-03", Stance::Supports), &[&[]]);
    check_conflicts(event("2022-04?", Stance::Supports), &[&[]]);
    check_conflicts(event("2022-06", Stance::Context), &[&[]]);
}

#[test]
fn a_course_of_events_is_no_conflict_and_nothing_is_with_what_was_refuted() {
    use NoteKind::{Event, Finding};
    let other =
        |note, when: &str| Conflict::OtherTime { note: NoteId(note), when: when.parse().unwrap() };
    let events = || vec![claim(1, Event, 9, "2021-03"), claim(2, Event, 9, "2021-06")];
    check_conflicts(events(), &[&[], &[]]);
    let on = |stance| events().into_iter().map(|event| citing(event, stance, None)).collect();
    check_conflicts(on(Stance::Supports), &[&[other(2, "2021-06")], &[other(1, "2021-03")]]);
    check_conflicts(on(Stance::Context), &[&[], &[]]);
    // A month in doubt may be the next one.
    let dated = |when| vec![claim(1, Finding, 9, when), claim(2, Event, 9, "2021-04")];
    check_conflicts(dated("2021-03"), &[&[other(2, "2021-04")], &[other(1, "2021-03")]]);
    check_conflicts(dated("2021-03~"), &[&[], &[]]);
    let refuted = |entry: NoteEntry| NoteEntry {
        row: NoteRow { standing: Standing::Refuted, ..entry.row.clone() },
        ..entry
    };
    let [finding, event] = dated("2021-03").try_into().unwrap();
    check_conflicts(vec![refuted(finding), event], &[&[], &[]]);
    check_conflicts(
        vec![
            refuted(citing(claim(1, Finding, 8, ""), Stance::Supports, None)),
            citing(claim(2, Finding, 9, ""), Stance::Contradicts, None),
        ],
        &[&[], &[]],
    );
}

/// As somebody fills it in and takes it in, with a key of their own.
fn review(case: &Case, id: NoteId, role: &str, by: &str, basis: Option<Basis>) {
    let key = by.bytes().fold(9, u8::wrapping_add);
    case.set_author(Author::with_key(by, [key; 32])).unwrap();
    let review = Review {
        sentence: "it is so".to_owned(),
        role: role.to_owned(),
        by: by.to_owned(),
        verdict: "agreed".to_owned(),
        comment: String::new(),
        basis,
        claims: Some(1),
        references: Vec::new(),
    };
    set(case, id, NoteField::Review(review));
    case.set_author(Author::with_key("lin", [7; 32])).unwrap();
}

#[test]
fn only_another_than_the_author_has_checked_it() {
    let (_dir, case) = with_documents(&[1]);
    let id = write(&case, NoteKind::Finding, "it is so");
    let basis = Some(case.note(id).unwrap().basis());
    let is_checked = || case.note_entries(NoteFilter::default()).unwrap()[0].is_checked();
    review(&case, id, "checker", "ＬＩＮ", basis);
    assert!(!is_checked(), "its author is no second person, however the name is typed");
    review(&case, id, "lawyer", "tao", basis);
    assert!(!is_checked(), "a lawyer looks at something else");
    review(&case, id, "checker", "mei", None);
    assert!(!is_checked(), "nobody knows what she checked");
    let bea = Review {
        sentence: "it is so".to_owned(),
        role: "checker".to_owned(),
        by: "bea".to_owned(),
        verdict: "ok".to_owned(),
        comment: String::new(),
        basis,
        claims: Some(1),
        references: Vec::new(),
    };
    case.set_author(Author::with_key("bea", [7; 32])).unwrap();
    set(&case, id, NoteField::Review(bea.clone()));
    assert!(!is_checked(), "it is the author's key, whatever the name");
    review(&case, id, "checker", "tao", basis);
    assert!(is_checked());
    assert!(
        case.note_entries(NoteFilter { unchecked: true, ..NoteFilter::default() })
            .unwrap()
            .is_empty()
    );
    let objections = || case.note_entries(NoteFilter::default()).unwrap().remove(0).objections();
    assert_eq!(objections(), [""; 0]);
    let bea = Review { by: "mei".to_owned(), verdict: "WRONG".to_owned(), ..bea };
    set(&case, id, NoteField::Review(bea));
    assert!(!is_checked(), "somebody objects");
    assert!(objections()[0].starts_with("objected by mei"), "{:?}", objections());
    assert!(objections()[0].ends_with(": WRONG"), "{:?}", objections());
    case.undo().unwrap();
    assert!(is_checked());
    case.set_author(Author::with_key("mo", [7; 32])).unwrap();
    set(&case, id, NoteField::Confidence(None));
    assert!(is_checked(), "the same key as before");
    case.set_author(Author::with_key("tao t.", ["tao".bytes().fold(9, u8::wrapping_add); 32]))
        .unwrap();
    set(&case, id, NoteField::Confidence(None));
    assert!(!is_checked(), "whoever says where it stands has a part in it");
}

#[test]
fn a_check_ends_with_what_it_checked() {
    let (_dir, case) = with_documents(&[1, 2]);
    let (first, second) = (anchor(&case, 1), anchor(&case, 2));
    let id = write(&case, NoteKind::Finding, &format!("it is so [[{first}]]"));
    set(&case, id, NoteField::Standing(Standing::Supported));
    review(&case, id, "checker", "tao", Some(case.note(id).unwrap().basis()));
    let check = |expected: &[&str]| {
        let entry = case.note_entries(NoteFilter::default()).unwrap().remove(0);
        assert_eq!(entry.reviews[0].changed.as_deref(), Some(expected));
        assert_eq!(entry.is_checked(), expected.is_empty());
        assert_eq!(case.note(id).unwrap().reviews(), entry.reviews, "the page says the same");
    };
    check(&[]);
    set(&case, id, NoteField::Standing(Standing::Disputed));
    check(&["standing"]);
    case.undo().unwrap();
    check(&[]);
    let said = |anchor, stance| {
        let anchor = case.operation_of(ItemId::Anchor(anchor)).unwrap();
        NoteField::Cite(Citation { stance, ..Citation::of(anchor) })
    };
    set(&case, id, said(second, Stance::Contradicts));
    check(&["citations"]);
    case.undo().unwrap();
    // That it supports is what a citation in the text says by itself.
    set(&case, id, said(first, Stance::Supports));
    check(&[]);
    case.drop_anchor(first).unwrap();
    check(&["citations"]);
    let draft = case.edit_note(Some(id), None).unwrap();
    case.save_note(&Draft { text: "it is not so".to_owned(), ..draft }).unwrap();
    check(&["text", "citations"]);
    set(&case, id, NoteField::Likelihood(Some(crate::case::Likelihood::Likely)));
    check(&["text", "standing", "citations"]);
    let words = case.note(id).unwrap().reviews()[0].words();
    assert!(words.starts_with("checked by tao on 2"), "{words}");
    assert!(words.ends_with(", changed since: text / standing / citations"), "{words}");
}

#[test]
fn what_claims_nothing_is_not_supported() {
    let (_dir, case) = with_documents(&[1]);
    let made = anchor(&case, 1);
    let id = write(&case, NoteKind::Note, &format!("see [[{made}]]"));
    let said = |stance, grade: &str| {
        let anchor = case.operation_of(ItemId::Anchor(made)).unwrap();
        let grade = grade.parse::<Grade>().unwrap();
        case.check_field(id, &NoteField::Cite(Citation { anchor, stance, grade })).is_ok()
    };
    assert!(!said(Stance::Contradicts, "") && !said(Stance::Supports, ""));
    assert!(said(Stance::Supports, "B2"), "a source has its grade wherever it is cited");
    set(&case, id, NoteField::Kind(NoteKind::Event));
    assert!(said(Stance::Contradicts, "") && said(Stance::Supports, ""));
}

#[test]
fn tags_are_counted_on_evidence_and_on_what_was_made() {
    let (_dir, case) = with_documents(&[1, 2]);
    let items = [ItemId::Document(DocumentId(1)), ItemId::Document(DocumentId(2))];
    let id = write(&case, NoteKind::Finding, "it is so");
    case.tag(&items, "#money/advance", true).unwrap();
    case.tag(&[ItemId::Note(id)], "money/advance", true).unwrap();
    let made = anchor(&case, 1);
    case.tag(&[ItemId::Anchor(made)], "合同", true).unwrap();
    let counts: Vec<_> = case.tag_counts().unwrap();
    let counts: Vec<_> =
        counts.iter().map(|tag| (tag.name.as_str(), tag.evidence, tag.things)).collect();
    assert_eq!(counts, [("money/advance", 2, 1), ("合同", 1, 1)]);
    assert_eq!(case.count_tagged(&items, "money/advance").unwrap(), 2);
    assert_eq!(case.count_tagged(&[ItemId::Note(id)], "money/advance").unwrap(), 1);
    assert!(case.tag(&[items[0], ItemId::Note(id)], "x", true).is_err(), "two operations at once");
    assert!(case.tag(&items, "a:b", true).is_err());
    assert_eq!(case.undo().unwrap().words, "tagged 1 thing #合同");
    assert_eq!(case.tag_counts().unwrap().len(), 1);
    case.tag(&items, "money/advance", false).unwrap();
    assert_eq!(case.tag_counts().unwrap()[0].evidence, 0);
}

#[test]
fn everybody_is_counted_by_what_they_read() {
    use crate::case::{Author, Sight};
    use crate::model::VariantKind;
    let (_dir, case) = with_documents(&[1, 2, 3]);
    let document = |id| ItemId::Document(DocumentId(id));
    case.mark(&[document(1), document(2)], "read", true).unwrap();
    case.see(&[Sight::Text(DocumentId(1), VariantKind::Original, (0, 10))]).unwrap();
    let other = case.another().unwrap();
    // Another opening: the handles of one share their author.
    let other = Case::open(other.folder(), crate::case::Access::Write).unwrap();
    other.set_author(Author::with_key("mara", [8; 32])).unwrap();
    other.mark(&[document(2), document(3)], "read", true).unwrap();
    other.mark(&[document(3)], "read", false).unwrap();
    let read = || {
        let mut people: Vec<(String, u64)> = case
            .coverage_by_person()
            .unwrap()
            .into_iter()
            .map(|person| (person.author, person.read))
            .collect();
        people.sort();
        people
    };
    assert_eq!(read(), [("lin".to_owned(), 2), ("mara".to_owned(), 1)]);
    case.undo().unwrap();
    assert_eq!(read(), [("mara".to_owned(), 1)]);
    case.redo().unwrap();
    assert_eq!(read().len(), 2);
}

#[test]
fn what_a_claim_names_of_the_evidence_it_cites() {
    let (_dir, case) = with_documents(&[1, 2]);
    let cited = |id: NoteId| {
        let all = case.note_entries(NoteFilter::default()).unwrap();
        let entry = all.into_iter().find(|entry| entry.row.id == Some(id)).unwrap();
        let named = case.note(id).unwrap().citations;
        let named: Vec<String> = named.iter().map(|own| own.names()).collect();
        (entry.cited_words('-'), named.join(" "))
    };
    let check = |id: NoteId, words: &str, named: &str| {
        assert_eq!(cited(id), (words.to_owned(), named.to_owned()));
    };
    let rewrite = |id: NoteId, text: &str| {
        let over = case.note(id).unwrap().texts.iter().map(|own| own.operation).collect();
        case.save_note(&Draft { note: Some(id), over, ..draft(text) }).unwrap();
    };
    let claim = write(&case, NoteKind::Finding, "[[D2]] says so, and [[D1]], and [[D2]] again");
    check(claim, "+2 -0", "A1 A2");
    // It is one act with the text.
    assert_eq!(case.undo().unwrap().note, Some(claim));
    assert_eq!(case.anchors(0..9).unwrap().len(), 0);
    case.redo().unwrap();
    // An anchor that is there already is taken; a note claims nothing until it is made to.
    let note = write(&case, NoteKind::Note, "of [[D2]] [[D9]]");
    check(note, "+0 -0", "");
    set(&case, note, NoteField::Kind(NoteKind::Event));
    check(note, "+1 -0", "A1");
    // What is named no more is cited no more, but for what somebody graded.
    let graded = Citation {
        grade: "B2".parse().unwrap(),
        ..Citation::of(case.operation_of(ItemId::Anchor(AnchorId(1))).unwrap())
    };
    case.cite(claim, &[(AnchorId(1), graded)]).unwrap();
    rewrite(claim, "nothing says so");
    check(claim, "+1 -0", "A1");
    rewrite(note, "of [[D1]]");
    check(note, "+1 -0", "A2");
    // Taken off by hand it stays so.
    let second = case.operation_of(ItemId::Anchor(AnchorId(2))).unwrap();
    set(&case, note, NoteField::Uncite(second));
    rewrite(note, "of [[D1]], perhaps");
    check(note, "+0 -0", "");
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}
