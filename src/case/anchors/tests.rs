//! Anchors in small cases.

use super::*;
use crate::case::testing::{put_text, with_documents};
use crate::case::{TableColumn, TableView};
use crate::model::anchor::{Count, Figure, Hold};
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);

/// A passage of `quote` in `text`, as it is kept, and whether it holds where the document's
/// text is `now`.
fn hold(text: &str, quote: &str, now: &str) -> (Hold, Option<String>) {
    let (_before_dir, before) = with_documents(&[1]);
    put_text(&before, DocumentId(1), text);
    let start = text.find(quote).unwrap() as u64;
    let variant = before.document(DocumentId(1)).unwrap().variants.remove(0);
    let at = At {
        item: DocumentId(1).into(),
        variant: Some(variant.id),
        start,
        end: start + quote.len() as u64,
    };
    let passage = before.passage(at).unwrap();
    assert_eq!(passage.quote, quote);
    let (_dir, after) = with_documents(&[1]);
    put_text(&after, DocumentId(1), now);
    let anchor = Anchor::Passage(Box::new(passage));
    let (id, _) = after.add_anchor(anchor.clone(), "payment", "").unwrap();
    let at = after.anchor(id).unwrap().at;
    let variant = after.document(DocumentId(1)).unwrap().variants.remove(0);
    let found = at.map(|at| after.text(&variant, at.start..at.end).unwrap().text);
    (after.hold(&anchor, &NEVER).unwrap(), found)
}

#[test]
fn a_passage_holds_moves_or_breaks_and_never_points_elsewhere() {
    let text = "甲方付款三十万。乙方付款三十万。";
    let (held, found) = hold(text, "乙方付款", text);
    assert_eq!((held, found.as_deref()), (Hold::Holds, Some("乙方付款")));
    // Made anew, and the same here.
    let (held, found) = hold(text, "乙方付款", &format!("{text}附件：发票。"));
    assert_eq!((held, found.as_deref()), (Hold::Holds, Some("乙方付款")));
    let far = format!("{}{text}", "第一页\n".repeat(30_000));
    let (held, found) = hold(text, "乙方付款", &far);
    assert_eq!(found.as_deref(), Some("乙方付款"));
    assert!(matches!(held, Hold::Moved { start, .. } if start > 300_000), "{held:?}");
    // The quote stands twice: only what stands around it tells which is meant.
    let (held, found) = hold(text, "三十万", &format!("序\n{text}"));
    let moved = matches!(held, Hold::Moved { start, .. } if start == 4 + 12);
    assert!(moved && found.is_some(), "{held:?}");
    let (held, found) = hold(text, "三十万", "三十万元整，三十万元整");
    assert!(matches!(&held, Hold::Broken { why } if why.contains("2 places")), "{held:?}");
    assert_eq!(found, None);
    let (held, _) = hold(text, "乙方付款", "甲方付款");
    assert!(matches!(held, Hold::Broken { .. }), "{held:?}");
}

#[test]
fn a_quote_over_the_border_of_two_chunks_is_found() {
    // A chunk has 128 KiB.
    let text = format!("{}青河局付款", "字".repeat(43_690));
    let (held, found) = hold(&text, "青河局付款", &text);
    assert_eq!((held, found.as_deref()), (Hold::Holds, Some("青河局付款")));
    let (held, found) = hold("青河局付款", "青河局付款", &text);
    assert_eq!(found.as_deref(), Some("青河局付款"));
    assert!(matches!(held, Hold::Moved { .. }), "{held:?}");
}

#[test]
fn evidence_that_the_case_lacks_is_absent_until_it_comes() {
    let (_dir, case) = with_documents(&[1]);
    put_text(&case, DocumentId(1), "付款");
    let variant = case.document(DocumentId(1)).unwrap().variants.remove(0);
    let at = At { item: DocumentId(1).into(), variant: Some(variant.id), start: 0, end: 3 };
    let anchor = Anchor::Passage(Box::new(case.passage(at).unwrap()));
    let (dir, other) = with_documents(&[2]);
    let (id, _) = other.add_anchor(anchor.clone(), "", "").unwrap();
    assert_eq!(other.hold(&anchor, &NEVER).unwrap(), Hold::Absent);
    let came = crate::case::testing::add_document(&other, dir.path(), 1);
    put_text(&other, came, "付款");
    other.project_journal().unwrap();
    assert_eq!(other.anchor(id).unwrap().at.map(|at| at.item), Some(came.into()));
    assert_eq!(other.hold(&anchor, &NEVER).unwrap(), Hold::Holds);
}

#[test]
fn an_absence_says_no_more_than_what_was_searched() {
    let (dir, case) = with_documents(&[1]);
    put_text(&case, DocumentId(1), "付款");
    case.reindex(&NEVER).unwrap();
    let count = case.count_search("交付验收报告书", &NEVER).unwrap();
    assert_eq!((count.number.as_str(), count.documents), ("0", 1));
    let anchor = Anchor::Count(Box::new(count));
    assert_eq!(case.hold(&anchor, &NEVER).unwrap(), Hold::Holds);
    // Another case, in which as little is found, in more.
    let (_dir, other) = with_documents(&[2, 3]);
    other.reindex(&NEVER).unwrap();
    let now = |case: &Case| match case.hold(&anchor, &NEVER).unwrap() {
        Hold::OtherBasis { now } => now,
        hold => panic!("{hold:?}"),
    };
    let expected = "still 0, now in 0 messages and 2 documents";
    assert!(now(&other).starts_with(expected), "{}", now(&other));
    // Evidence that comes later.
    crate::case::testing::add_document(&case, dir.path(), 7);
    case.reindex(&NEVER).unwrap();
    assert!(now(&case).starts_with(expected), "{}", now(&case));
}

#[test]
fn highlights_are_changed_tagged_dropped_and_undone() {
    let (_dir, case) = with_documents(&[1]);
    put_text(&case, DocumentId(1), "甲方付款");
    let variant = case.document(DocumentId(1)).unwrap().variants.remove(0);
    let at = At { item: DocumentId(1).into(), variant: Some(variant.id), start: 6, end: 12 };
    let anchor = Anchor::Passage(Box::new(case.passage(at).unwrap()));
    let (id, acted) = case.add_anchor(anchor, "payment", "by whom?").unwrap();
    assert_eq!(acted.words, "highlighted as payment");
    case.set_anchor(id, "bribe", "").unwrap();
    case.tag_things(&[ItemId::Anchor(id)], "money/cash", true).unwrap();
    let view = case.anchors_in(DocumentId(1).into()).unwrap().remove(0);
    assert_eq!(
        (view.meaning.as_str(), view.tags.as_slice()),
        ("bribe", ["money/cash".to_owned()].as_slice())
    );
    case.drop_anchor(id).unwrap();
    assert!(case.anchors_in(DocumentId(1).into()).unwrap().is_empty());
    for _ in 0..3 {
        case.undo().unwrap();
    }
    let view = case.anchor(id).unwrap();
    assert_eq!(
        (view.meaning.as_str(), view.comment.as_str(), view.tags.len()),
        ("payment", "by whom?", 0)
    );
    case.undo().unwrap();
    assert_eq!(case.anchor_count().unwrap(), 0);
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

#[test]
fn a_number_that_is_the_same_in_other_evidence_is_counted_again() {
    let (dir, case) = with_documents(&[1]);
    case.reindex(&NEVER).unwrap();
    let count = |query: &str| {
        let count = case.count_search(query, &NEVER).unwrap();
        case.add_anchor(Anchor::Count(Box::new(count)), "", "").unwrap().0
    };
    let (absent, all) = (count("付款"), count("kind:document"));
    let hold = |id| case.hold(&case.anchor(id).unwrap().anchor, &NEVER).unwrap();
    let refused = |id| match case.count_again(id, &NEVER) {
        Err(CaseError::Refused(words)) => words,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(absent), "A1 holds: it was counted in the evidence of now");
    crate::case::testing::add_document(&case, dir.path(), 7);
    case.reindex(&NEVER).unwrap();
    assert!(matches!(hold(absent), Hold::OtherBasis { .. }));
    let acted = case.count_again(absent, &NEVER).unwrap();
    assert_eq!(acted.words, "counted 0 again");
    assert_eq!(hold(absent), Hold::Holds);
    let words = |id| match case.anchor(id).unwrap().anchor {
        Anchor::Count(count) => count.words(),
        anchor => panic!("{anchor:?}"),
    };
    let expected = "0 hits for 付款 in 0 messages and 2 documents";
    assert!(words(absent).starts_with(expected), "{}", words(absent));
    // Another number is another claim.
    assert!(refused(all).starts_with("A2 is 2 now and was 1: "), "{}", refused(all));
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
    case.undo().unwrap();
    assert!(matches!(hold(absent), Hold::OtherBasis { .. }));
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

/// What a count says is written as people write numbers, what it is compared by as it is.
#[test]
fn numbers_of_counts_have_thousands_set_apart() {
    let (_dir, case) = with_documents(&[1]);
    case.reindex(&NEVER).unwrap();
    let mut count = case.count_search("付款", &NEVER).unwrap();
    for (number, expected) in [("1", "1 hit for "), ("999", "999 hits"), ("1259", "1,259 hits")] {
        count.number = number.to_owned();
        assert!(count.words().starts_with(expected), "{}", count.words());
    }
    let hold = case.hold(&Anchor::Count(Box::new(count)), &NEVER).unwrap();
    assert_eq!(hold, Hold::Changed { now: "0".to_owned() });
}

/// Bare numbers among amounts of one unit are summed with them, as the grid does; sums that were
/// cited when they were still written apart hold.
#[test]
fn a_sum_over_bare_numbers_and_one_unit_is_the_one_that_is_shown() {
    let (_dir, case) = with_documents(&[1]);
    let text = "客户\t金额\n川江\t5.9万元\n青河\t1000\n云帆\t2000\n";
    crate::case::testing::put_sheet(&case, DocumentId(1), "付款", text);
    let variant = case.document(DocumentId(1)).unwrap().variants.remove(0);
    let view = TableView { header: Some(0), ..TableView::default() };
    let of = TableColumn { variant: &variant, table: &variant.parts[0], view: &view, column: 1 };
    let sum = |figure| case.count_column(DocumentId(1), &of, ("金额", &[]), figure, &NEVER);
    let mut count = sum(Figure::Sum).unwrap();
    assert_eq!(count.number, "62,000 CNY (2 without unit)");
    assert!(count.words().starts_with("62,000 CNY (2 without unit): sum of 金额 in "));
    let hold = |count: &Count| case.hold(&Anchor::Count(Box::new(count.clone())), &NEVER).unwrap();
    assert_eq!(hold(&count), Hold::Holds);
    count.number = "3,000 + 59,000 CNY".to_owned();
    assert_eq!(hold(&count), Hold::Holds);
    count.number = "3,000 + 59,001 CNY".to_owned();
    assert_eq!(hold(&count), Hold::Changed { now: "62,000 CNY (2 without unit)".to_owned() });
}

/// Sums of several units are one citation, which says of each how many amounts it stands on.
#[test]
fn sums_of_several_units_are_cited_together() {
    let (_dir, case) = with_documents(&[1]);
    let text = "客户\t数量\n川江\t5万元\n青河\t3元\n云帆\t2 TB\n";
    crate::case::testing::put_sheet(&case, DocumentId(1), "数据", text);
    let variant = case.document(DocumentId(1)).unwrap().variants.remove(0);
    let view = TableView { header: Some(0), ..TableView::default() };
    let of = TableColumn { variant: &variant, table: &variant.parts[0], view: &view, column: 1 };
    let named: (&str, &[String]) = ("数量", &[]);
    let mut count = case.count_column(DocumentId(1), &of, named, Figure::Sum, &NEVER).unwrap();
    assert_eq!(count.number, "50,003 CNY (2) + 2,000,000,000,000 bytes (1)");
    let hold = |count: &Count| case.hold(&Anchor::Count(Box::new(count.clone())), &NEVER).unwrap();
    assert_eq!(hold(&count), Hold::Holds);
    // As it was written once.
    count.number = "50,003 CNY + 2,000,000,000,000 bytes".to_owned();
    assert_eq!(hold(&count), Hold::Holds);
    count.number = "50,003 CNY (1) + 2,000,000,000,000 bytes (2)".to_owned();
    let now = "50,003 CNY (2) + 2,000,000,000,000 bytes (1)".to_owned();
    assert_eq!(hold(&count), Hold::Changed { now });
}

/// Whoever signs an anchor may say of its place what they like: what is shown is where it stands.
#[test]
fn a_place_that_is_not_so_is_told_and_the_one_of_the_case_is_shown() {
    let (_dir, case) = with_documents(&[1, 2]);
    put_text(&case, DocumentId(1), "甲方付款三十万。\n乙方付款三十万。");
    let variant = case.document(DocumentId(1)).unwrap().variants.remove(0);
    let at = At { item: DocumentId(1).into(), variant: Some(variant.id), start: 25, end: 37 };
    let truth = case.passage(at).unwrap();
    assert_eq!((truth.path.as_str(), truth.locator.as_str()), ("1.txt", "line 2"));
    let check = |change: &dyn Fn(&mut Passage), expected: &str| {
        let mut said = truth.clone();
        change(&mut said);
        let (id, _) = case.add_anchor(Anchor::Passage(Box::new(said.clone())), "", "").unwrap();
        let view = case.anchor(id).unwrap();
        assert_eq!(view.anchor, Anchor::Passage(Box::new(truth.clone())), "what is shown");
        match case.hold(view.signed(), &NEVER).unwrap() {
            Hold::Holds => assert_eq!(expected, "", "{said:?}"),
            Hold::Misplaced { why } => assert!(why.contains(expected), "{why}"),
            other => panic!("{other:?}"),
        }
    };
    check(&|_| {}, "");
    check(&|said| said.path = "板/董事会决议.docx".to_owned(), "in 1.txt");
    check(&|said| said.path = "2.txt".to_owned(), "in 1.txt");
    check(&|said| said.path = "leak/1.txt".to_owned(), "");
    check(&|said| said.containers = vec![Sha256([2; 32])], "");
    check(&|said| said.locator = "page 12, signed by lin".to_owned(), "at “line 2”");
    check(&|said| said.content = Sha256([2; 32]), "other containers or bytes");
    check(&|said| said.variant = VariantKind::Translation, "is of “original”");
    check(&|said| said.before = "从未有人说：".to_owned(), "other words stand around");
    check(&|said| said.after = "（草稿，未签）".to_owned(), "other words stand around");
    check(&|said| said.before.clear(), "");
}
