//! What several people see differently: one name with two keys, a field that both set, numbers of
//! one case in another.

use super::*;
use crate::case::{Counted, Hold, NoteFilter};
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);

fn finding(copy: &Copy, text: &str) -> NoteId {
    let draft = Draft { kind: NoteKind::Finding, text: text.to_owned(), ..Draft::default() };
    copy.case.save_note(&draft).unwrap().0.unwrap()
}

#[test]
fn an_impostor_is_marked_wherever_an_author_is_named() {
    let real = Copy::new(&[1, 2], ("mara", 8));
    real.act(15, 1);
    let note = finding(&real, "付款");
    let key = real.case.signer().unwrap().key;
    let shown = format!("mara ({})", &key[..8]);
    // A single key under the name: nothing to tell apart.
    let row = |copy: &Copy, text: &str| {
        let all = copy.case.note_entries(NoteFilter::default()).unwrap();
        all.into_iter().find(|entry| entry.row.title == text).unwrap().row.author
    };
    assert_eq!(row(&real, "付款"), "mara");
    // Looks the same, is another key: full width, and with a joiner nobody sees.
    for (name, seed) in [("mara", 7), ("ｍａｒａ", 6), ("ma\u{200d}ra", 5)] {
        let to = real.fork(("tao", 9));
        let false_one = real.fork((name, seed));
        let item = false_one.documents(1)[0];
        let at = At { item, variant: None, start: 0, end: 0 };
        let passage = Anchor::Passage(Box::new(false_one.case.passage(at).unwrap()));
        false_one.case.add_anchor(passage, "payment", "").unwrap();
        let new = NewEntity { name: "假".to_owned(), ..NewEntity::default() };
        false_one.case.add_entity(&new).unwrap();
        finding(&false_one, "假");
        false_one.case.set_note(note, NoteField::Standing(Standing::Refuted)).unwrap();
        let review = NoteField::Review(crate::model::review::Review {
            sentence: "付款".to_owned(),
            role: "checker".to_owned(),
            by: name.to_owned(),
            verdict: "agreed".to_owned(),
            comment: String::new(),
            basis: None,
            claims: None,
        });
        false_one.case.set_note(note, review).unwrap();
        false_one.case.mark(&false_one.documents(1), "read", true).unwrap();
        let others = false_one.case.signer().unwrap().key;
        let impostor = format!("{name} ({})", &others[..8]);
        let merged = to.take(&false_one.bundle(""));
        assert!(merged.clashes.iter().all(|clash| clash.by == impostor), "{merged:?}");
        let case = &to.case;
        assert_eq!((row(&to, "付款"), row(&to, "假")), (shown.clone(), impostor.clone()));
        let listed: Vec<String> =
            case.notes(0..9).unwrap().into_iter().map(|row| row.author).collect();
        assert!(listed.contains(&shown) && listed.contains(&impostor), "{listed:?}");
        assert_eq!(case.anchors(0..9).unwrap()[0].author, impostor);
        let entities = case.entities().unwrap();
        let by: Vec<&str> = entities.iter().map(|entity| entity.author.as_str()).collect();
        assert_eq!(by, [shown.as_str(), impostor.as_str()]);
        let history = case.dossier(entities[1].id).unwrap().history;
        assert!(history.iter().all(|change| change.author == impostor), "{history:?}");
        let reviews = case.note(note).unwrap().reviews();
        assert_eq!((reviews[0].by.as_str(), reviews[0].name.as_str()), (impostor.as_str(), name));
        let people = case.coverage_by_person().unwrap();
        assert!(people.iter().any(|person| person.author == impostor), "{people:?}");
        let mut by = BTreeSet::new();
        case.each_entry::<CaseError>(|entry| {
            by.insert(entry.by);
            Ok(())
        })
        .unwrap();
        assert_eq!(by, [shown.clone(), impostor.clone()].into());
        let dump = to.dump();
        assert!(dump.contains(&shown) && dump.contains(&others[..8]), "{dump}");
    }
}

#[test]
fn what_two_set_at_the_same_time_is_shown_until_somebody_sets_it_anew() {
    let ours = Copy::new(&[1, 2], ("mara", 8));
    let note = finding(&ours, "付款");
    let at = At { item: ours.documents(1)[0], variant: None, start: 0, end: 0 };
    let passage = Anchor::Passage(Box::new(ours.case.passage(at).unwrap()));
    let (id, _) = ours.case.add_anchor(passage, "", "").unwrap();
    let anchor = ours.case.operation_of(ItemId::Anchor(id)).unwrap();
    let theirs = ours.fork(("lin", 7));
    let cite = |stance, grade: &str| {
        NoteField::Cite(Citation { anchor, stance, grade: grade.parse().unwrap() })
    };
    let set = |copy: &Copy, field| drop(copy.case.set_note(note, field).unwrap());
    set(&ours, NoteField::Standing(Standing::Supported));
    set(&ours, cite(Stance::Supports, "B2"));
    set(&ours, NoteField::Confidence(Some(crate::case::Confidence::High)));
    set(&theirs, NoteField::Standing(Standing::Refuted));
    set(&theirs, cite(Stance::Contradicts, "B2"));
    // Agreed.
    set(&theirs, NoteField::Confidence(Some(crate::case::Confidence::High)));
    let before = ours.case.note(note).unwrap().basis();
    let (here, there) = (ours.bundle(""), theirs.bundle(""));
    ours.take(&there);
    theirs.take(&here);
    assert_eq!(ours.dump(), theirs.dump());
    for copy in [&ours, &theirs] {
        copy.whole();
        let fields = copy.case.note(note).unwrap().fields;
        let told: Vec<String> = fields
            .disagreed
            .iter()
            .map(|own| format!("{}: {}", own.about(), own.words()))
            .collect();
        let either = |one: &str, other: &str, told: &str| {
            told.ends_with(&format!("disagreed: {one} / {other}"))
                || told.ends_with(&format!("disagreed: {other} / {one}"))
        };
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(either("supported (mara)", "refuted (lin)", &told[0]), "{told:?}");
        assert!(told[1].starts_with("citation A1: "), "{told:?}");
        assert!(either("supports B2 (mara)", "contradicts B2 (lin)", &told[1]), "{told:?}");
        // Any of the values finds it, and a check of before speaks of something else.
        for standing in [Standing::Supported, Standing::Refuted] {
            let filter = NoteFilter { standing: Some(standing), ..NoteFilter::default() };
            assert_eq!(copy.case.note_entries(filter).unwrap().len(), 1);
        }
    }
    assert!(before.changed(&ours.case.note(note).unwrap().basis()).contains(&"standing"));
    // To say again what stands decides it, in both copies.
    set(&theirs, NoteField::Standing(Standing::Refuted));
    ours.take(&theirs.bundle(""));
    let fields = ours.case.note(note).unwrap().fields;
    assert_eq!((fields.standing_words().as_str(), fields.disagreed.len()), ("refuted", 1));
    assert_eq!(ours.dump(), theirs.dump());
    theirs.case.undo().unwrap();
    let fields = theirs.case.note(note).unwrap().fields;
    assert_eq!(fields.disagreed.len(), 2);
    theirs.whole();
}

#[test]
fn a_number_that_was_counted_in_a_conversation_names_it_in_every_case() {
    let [one, other] = [EXPORTS[0], EXPORTS[1]];
    let from = Copy::new(&[one, other], ("lin", 7));
    from.case.reindex(&NEVER).unwrap();
    // The account is in both of them; a word that only looks like a number is a word.
    let count = from.case.count_search("in:C1 from:P1 付款", &NEVER).unwrap();
    assert_eq!(count.number, "1");
    from.case.add_anchor(Anchor::Count(Box::new(count)), "", "").unwrap();
    let word = from.case.count_search("C1", &NEVER).unwrap();
    from.case.add_anchor(Anchor::Count(Box::new(word)), "", "").unwrap();
    let query = |copy: &Copy, id: i64| match copy.case.anchor(AnchorId(id)).unwrap().anchor {
        Anchor::Count(count) => match count.of {
            Counted::Search { query, .. } => query,
            of => panic!("{of:?}"),
        },
        anchor => panic!("{anchor:?}"),
    };
    let hold = |copy: &Copy| {
        let anchor = copy.case.anchor(AnchorId(1)).unwrap().anchor;
        copy.case.hold(&anchor, &NEVER).unwrap()
    };
    // In the other order of arrival it is another number, and the same conversation.
    let to = Copy::new(&[other, one], ("mara", 8));
    to.case.reindex(&NEVER).unwrap();
    to.take(&from.bundle(""));
    assert_eq!(query(&to, 1), "in:C2 from:P1 付款");
    assert_eq!(query(&to, 2), "C1");
    assert_eq!(hold(&to), Hold::Holds);
    // What a case has not it cannot count in.
    let without = Copy::new(&[other], ("tao", 9));
    without.case.reindex(&NEVER).unwrap();
    without.take(&from.bundle(""));
    assert!(query(&without, 1).starts_with("in:C?"), "{}", query(&without, 1));
    assert_eq!(hold(&without), Hold::Absent);
    without.add(&[one]);
    without.case.reindex(&NEVER).unwrap();
    assert_eq!(query(&without, 1), "in:C2 from:P1 付款");
}
