use super::*;
use crate::model::Sha256;
use crate::model::finding::{Citation, Confidence, Grade, NoteFields, NoteKind, Stance, Standing};

fn id(n: u8) -> Sha256 {
    Sha256([n; 32])
}

fn cite(anchor: u8, stance: Stance) -> Citation {
    Citation { anchor: id(anchor), stance, grade: Grade::default() }
}

fn finding() -> NoteFields {
    NoteFields { kind: NoteKind::Finding, standing: Standing::Supported, ..NoteFields::default() }
}

fn lin() -> [Signer; 1] {
    [Signer::new("Lin", "key of lin")]
}

fn reviewed(role: &str, by: &str, taken_in_by: &str, basis: Option<Basis>) -> Reviewed {
    let text = |text: &str| text.to_owned();
    Reviewed {
        review: Review {
            sentence: text("it is so"),
            role: text(role),
            by: text(by),
            verdict: text("agreed"),
            comment: String::new(),
            basis,
            claims: Some(1),
            references: Vec::new(),
        },
        taken_in_by: text(taken_in_by),
        shown: String::new(),
        key: format!("key of {}", taken_in_by.to_lowercase()),
        wall: 1_709_596_800_000,
    }
}

#[test]
fn what_changed_is_named() {
    let was = Basis::of([id(1)], &finding(), [cite(7, Stance::Supports)]);
    let check = |now: Basis, expected: &[&str]| assert_eq!(was.changed(&now), expected);
    check(was, &[]);
    check(Basis::of([id(2)], &finding(), [cite(7, Stance::Supports)]), &["text"]);
    let sure = NoteFields { confidence: Some(Confidence::High), ..finding() };
    check(Basis::of([id(1)], &sure, [cite(7, Stance::Supports)]), &["standing"]);
    let refuted = NoteFields { standing: Standing::Refuted, ..finding() };
    check(Basis::of([id(1)], &refuted, []), &["standing", "citations"]);
    check(Basis::of([id(1)], &finding(), [cite(7, Stance::Contradicts)]), &["citations"]);
    let tagged = NoteFields { tags: vec!["x".to_owned()], ..finding() };
    check(Basis::of([id(1)], &tagged, [cite(7, Stance::Supports)]), &[]);
    let both = [cite(7, Stance::Supports), cite(8, Stance::Context)];
    let turned = [both[1], both[0]];
    assert_eq!(
        Basis::of([id(1), id(2)], &finding(), both),
        Basis::of([id(2), id(1)], &finding(), turned)
    );
    assert_eq!(was.to_string().parse(), Ok(was));
    assert_eq!("0a 0b 0c".parse::<Basis>(), Err(BadBasis));
}

#[test]
fn a_review_says_by_whom_it_is_who_took_it_in_and_what_became_of_it() {
    let was = Basis::of([id(1)], &finding(), []);
    let now = Basis::of([id(2)], &NoteFields::default(), []);
    let check = |reviewed: &Reviewed, now: &Basis, expected: &str, is_check: bool| {
        let state = reviewed.state(now, &lin());
        assert_eq!((state.words().as_str(), state.is_check), (expected, is_check));
    };
    let said = reviewed("lawyer", "zhou", "zhou", Some(was)).state(&now, &lin()).said();
    assert_eq!(said, "lawyer zhou on 2024-03-05: agreed (changed since: text / standing)");
    let by = |by: &str, taken: &str| reviewed(CHECKER, by, taken, Some(was));
    check(&by("Wang", "ＷＡＮＧ"), &was, "checked by Wang on 2024-03-05", true);
    check(&by("Wang", "tao"), &was, "checked by Wang on 2024-03-05, taken in by tao", true);
    check(
        &by("Wang", "lin"),
        &now,
        "checked by Wang on 2024-03-05, taken in by lin, who wrote it, changed since: text / standing",
        false,
    );
    check(
        &by("ｌｉｎ", "lin"),
        &was,
        "checked by ｌｉｎ on 2024-03-05, signed by whoever wrote it",
        false,
    );
    check(&reviewed("lawyer", "zhou", "zhou", Some(was)), &was, "lawyer zhou on 2024-03-05", false);
    check(
        &reviewed(CHECKER, "Wang", "Wang", None),
        &was,
        "checked by Wang on 2024-03-05, of what exactly was not noted",
        false,
    );
}

#[test]
fn who_signs_with_the_key_of_the_author_is_the_author_whatever_the_name() {
    let was = Basis::of([id(1)], &finding(), []);
    let mut own = reviewed(CHECKER, "bea", "bea", Some(was));
    assert!(own.state(&was, &lin()).is_check);
    own.key = "key of lin".to_owned();
    let state = own.state(&was, &lin());
    assert_eq!((state.is_check, state.taken_in_by_author), (false, true));
    assert_eq!(state.said(), "checked by bea on 2024-03-05, signed by whoever wrote it: agreed");
    // Those who have told no name are told apart by their keys.
    let nobody = vec![Signer::new(UNNAMED, "key of lin")];
    let mut own = reviewed(CHECKER, UNNAMED, UNNAMED, Some(was));
    own.key = "another key".to_owned();
    assert!(own.state(&was, &nobody).is_check);
    own.key = "key of lin".to_owned();
    assert!(!own.state(&was, &nobody).is_check);
    // Whoever is named as having checked is no second person where that is an author's name; accounts
    // of two machines may have one name, and the keys tell who took it in.
    assert!(!reviewed(CHECKER, "LIN", "bea", Some(was)).state(&was, &lin()).is_check);
    let mut own = reviewed(CHECKER, "bea", "LIN", Some(was));
    own.key = "key of another lin".to_owned();
    let state = own.state(&was, &lin());
    assert_eq!((state.is_check, state.taken_in_by_author), (true, false));
    // Without a key nobody can tell.
    own.key.clear();
    assert!(!own.state(&was, &lin()).is_check);
}

#[test]
fn a_sentence_is_the_same_in_every_copy() {
    let check = |sentence: &str, expected: &str| {
        assert_eq!(without_numbers(sentence), expected);
    };
    check("as N2 and D17, M881 say", "as N# and D#, M# say");
    check("an E1 visa on A4 paper, 3D12", "an E1 visa on A4 paper, 3D12");
    check("见N2。", "见N#。");
}

#[test]
fn a_verdict_affirms_or_objects() {
    let check = |verdict: &str, expected: bool| assert_eq!(affirms(verdict), expected, "{verdict}");
    for verdict in ["ok", "OK!", "Yes, correct.", "ＯＫ", "✓", "正确，无误。", "是", "對", "agreed"]
    {
        check(verdict, true);
    }
    for verdict in [
        "WRONG, quote does not say that",
        "no",
        "ok but the sum is wrong",
        "不对",
        "不正确",
        "?",
        "",
    ] {
        check(verdict, false);
    }
    let was = Basis::of([id(1)], &finding(), []);
    let mut own = reviewed(CHECKER, "bea", "bea", Some(was));
    own.review.verdict = "WRONG".to_owned();
    let state = own.state(&was, &lin());
    assert_eq!((state.is_check, state.objects), (false, true));
    assert_eq!(state.said(), "objected by bea on 2024-03-05: WRONG");
    own.review.verdict = COMMENT.to_owned();
    own.review.comment = "see p. 3".to_owned();
    let state = own.state(&was, &lin());
    assert_eq!((state.is_check, state.objects), (false, false));
    assert_eq!(state.said(), "checker bea on 2024-03-05: comment — see p. 3");
}

#[test]
fn a_note_is_checked_when_all_that_it_claims_is_and_nobody_objects() {
    let was = Basis::of([id(1)], &finding(), []);
    let said = |sentence: &str, by: &str, verdict: &str| {
        let mut own = reviewed(CHECKER, by, by, Some(was));
        (own.review.sentence, own.review.verdict) = (sentence.to_owned(), verdict.to_owned());
        own.review.claims = Some(2);
        own.state(&was, &lin())
    };
    let check = |reviews: &[ReviewState], expected: bool| {
        assert_eq!(is_checked(reviews), expected, "{reviews:?}");
    };
    let (one, two) = (said("one", "bea", "ok"), said("two", "mei", "ok"));
    check(&[], false);
    check(std::slice::from_ref(&one), false);
    check(&[one.clone(), said("one", "mei", "ok")], false);
    check(&[one.clone(), two.clone()], true);
    check(&[one.clone(), two.clone(), said("two", "tao", "no")], false);
    // The same sentence in two copies of the case, whose numbers are others.
    let named = |text: &str| ReviewState { sentence: text.to_owned(), ..one.clone() };
    check(&[named("as N2 says"), named("as N3 says")], false);
    check(&[one, ReviewState { claims: None, ..two }], true);
}

#[test]
fn a_review_of_before_is_read_and_claims_no_more() {
    let old =
        r#"{"sentence":"it is so","role":"checker","by":"Wang","verdict":"agreed","comment":""}"#;
    let review: Review = serde_json::from_str(old).unwrap();
    assert_eq!(review.basis, None);
    assert_eq!(serde_json::to_string(&review).unwrap(), old);
    let stored: Reviewed = serde_json::from_str(old).unwrap();
    let state = stored.state(&Basis::of([], &finding(), []), &lin());
    assert!(!state.is_check && state.is_outdated());
    assert_eq!(state.words(), "checked by Wang, of what exactly was not noted");
}
