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
            references: Vec::new(),
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

#[test]
fn what_two_say_differently_of_an_entity_is_announced_and_stays_visible() {
    let ours = Copy::new(&[1, 2], ("mara", 8));
    let make = |name: &str| {
        let new = NewEntity { name: name.to_owned(), ..NewEntity::default() };
        ours.case.add_entity(&new).unwrap().0
    };
    let (one, two, three) = (make("甲"), make("乙"), make("丙"));
    let (gone, kept) = (make("丁"), make("戊"));
    let theirs = ours.fork(("lin", 7));
    let account = AccountKey { platform: "wechat".to_owned(), handle: "wxid_a".to_owned() };
    let set = |copy: &Copy, id, field| drop(copy.case.set_entity(id, field).unwrap());
    let name = |name: &str| EntityField::Name { name: name.to_owned(), why: String::new() };
    let owns = EntityField::Account { account, on: true };
    let described = |text: &str| EntityField::Description(text.to_owned());
    set(&ours, one, name("甲一"));
    set(&theirs, one, name("甲二"));
    set(&ours, one, described("a driver"));
    set(&theirs, one, described("a clerk"));
    set(&ours, one, EntityField::Kind(EntityKind::Organisation));
    set(&theirs, one, EntityField::Kind(EntityKind::Organisation));
    set(&ours, one, owns.clone());
    set(&theirs, gone, owns);
    ours.case.merge_entity(two, Some(three), "").unwrap();
    theirs.case.merge_entity(three, Some(two), "").unwrap();
    ours.case.drop_entity(kept).unwrap();
    set(&theirs, kept, name("戊五"));
    let (here, there) = (ours.bundle(""), theirs.bundle(""));
    let announced = |copy: &Copy, bundle: &[u8]| -> Vec<String> {
        let bundle = copy.case.read_bundle(bundle).unwrap();
        let would = copy.case.would_merge(&bundle).unwrap();
        let merged = copy.case.merge(&bundle).unwrap();
        assert_eq!(would.clashes, merged.clashes);
        let clashes = merged.clashes.iter();
        let mut all: Vec<String> = clashes
            .map(|own| {
                let item = own.item().unwrap();
                format!("{item} {}: {} / {} = {}", own.field, own.ours, own.theirs, own.stands)
            })
            .collect();
        all.sort();
        all
    };
    let at_ours = announced(&ours, &there);
    let at_theirs = announced(&theirs, &here);
    assert_eq!(ours.dump(), theirs.dump());
    let has = |all: &[String], beginning: &str| {
        assert!(all.iter().any(|line| line.starts_with(beginning)), "{beginning}: {all:#?}");
    };
    has(&at_ours, "E1 name: 甲一 / 甲二 = both, until");
    has(&at_theirs, "E1 name: 甲二 / 甲一 = both, until");
    has(&at_ours, "E1 description: a driver / a clerk = both, until");
    has(&at_ours, "E5 deletion: deleted it / renamed it to 戊五 = it is kept");
    has(&at_theirs, "E5 deletion: renamed it to 戊五 / deleted it = it is kept");
    has(&at_ours, "E1 owner of the account wxid_a: given to E1 ");
    has(&at_ours, "E3 merged into: E2 乙 into E3 丙 / E3 丙 into E2 乙 = they are one, called E");
    has(&at_theirs, "E2 merged into: E3 丙 into E2 乙 / E2 乙 into E3 丙 = they are one, called E");
    assert_eq!((at_ours.len(), at_theirs.len()), (5, 5), "{at_ours:#?} {at_theirs:#?}");
    let told = |copy: &Copy| -> Vec<String> {
        let fields = copy.case.entity(one).unwrap().fields;
        fields.disagreed.iter().map(|own| format!("{} {}", own.about(), own.words())).collect()
    };
    for copy in [&ours, &theirs] {
        copy.whole();
        let told = told(copy);
        let either = |told: &str, about: &str, one: &str, other: &str| {
            told == format!("{about} disagreed: {one} / {other}")
                || told == format!("{about} disagreed: {other} / {one}")
        };
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(either(&told[0], "name", "甲一 (mara)", "甲二 (lin)"), "{told:?}");
        assert!(either(&told[1], "description", "a driver (mara)", "a clerk (lin)"), "{told:?}");
        let shared = copy.case.dossier(one).unwrap().row.shared;
        assert_eq!((shared[0].name.as_str(), shared[0].others[0].id), ("account wxid_a", gone));
        assert_eq!(copy.case.entity(kept).unwrap().fields.name, "戊五");
    }
    // Whoever knows of both decides, and whoever knows of all of it can delete it.
    set(&theirs, one, name("甲二"));
    theirs.case.drop_entity(kept).unwrap();
    let merged = ours.take(&theirs.bundle(""));
    assert_eq!(merged.clashes, []);
    assert_eq!(told(&ours).len(), 1);
    assert!(ours.case.entity(kept).is_err());
    theirs.case.undo().unwrap();
    ours.take(&theirs.bundle(""));
    assert_eq!(ours.case.entity(kept).unwrap().fields.name, "戊五");
    ours.whole();
}

#[test]
fn a_citation_that_two_disagree_on_counts_on_neither_side() {
    let ours = Copy::new(&[1, 2], ("mara", 8));
    let at = At { item: ours.documents(1)[0], variant: None, start: 0, end: 0 };
    let passage = Anchor::Passage(Box::new(ours.case.passage(at).unwrap()));
    let (id, _) = ours.case.add_anchor(passage, "", "").unwrap();
    let note = finding(&ours, &format!("付款 [[{id}]]"));
    let theirs = ours.fork(("lin", 7));
    let anchor = ours.case.operation_of(ItemId::Anchor(id)).unwrap();
    let cite = |copy: &Copy, stance, grade: &str| {
        let set = NoteField::Cite(Citation { anchor, stance, grade: grade.parse().unwrap() });
        copy.case.set_note(note, set).unwrap();
    };
    let counted = |copy: &Copy| {
        let all = copy.case.note_entries(NoteFilter::default()).unwrap();
        all.iter().find(|entry| entry.row.id == Some(note)).unwrap().cited_words('-')
    };
    // Of its grade alone they may say what they like.
    cite(&ours, Stance::Supports, "B2");
    cite(&theirs, Stance::Supports, "A1");
    ours.take(&theirs.bundle(""));
    assert_eq!(counted(&ours), "+1 -0");
    theirs.take(&ours.bundle(""));
    cite(&ours, Stance::Supports, "B2");
    cite(&theirs, Stance::Contradicts, "B2");
    ours.take(&theirs.bundle(""));
    assert_eq!(counted(&ours), "+0 -0 ?1");
    let view = ours.case.note(note).unwrap();
    assert!(view.fields.is_disputed(&view.citations[0]));
    // Whoever says it anew settles it.
    cite(&ours, Stance::Contradicts, "B2");
    assert_eq!(counted(&ours), "+0 -1");
}

#[test]
fn one_passage_that_two_marked_and_graded_counts_once() {
    let ours = Copy::new(&[1, 2], ("mara", 8));
    let note = finding(&ours, "付款");
    let theirs = ours.fork(("lin", 7));
    let cite = |copy: &Copy, item: ItemId, stance, grade: &str| -> AnchorId {
        let at = At { item, variant: None, start: 0, end: 0 };
        let passage = Anchor::Passage(Box::new(copy.case.passage(at).unwrap()));
        let (id, _) = copy.case.add_anchor(passage, "", "").unwrap();
        let anchor = copy.case.operation_of(ItemId::Anchor(id)).unwrap();
        let set = NoteField::Cite(Citation { anchor, stance, grade: grade.parse().unwrap() });
        copy.case.set_note(note, set).unwrap();
        id
    };
    let documents = ours.documents(3);
    cite(&ours, documents[0], Stance::Supports, "B2");
    cite(&ours, documents[1], Stance::Supports, "");
    cite(&theirs, documents[0], Stance::Supports, "A1");
    cite(&theirs, documents[1], Stance::Contradicts, "");
    let (here, there) = (ours.bundle(""), theirs.bundle(""));
    ours.take(&there);
    theirs.take(&here);
    for copy in [&ours, &theirs] {
        copy.whole();
        let note = copy.case.note(note).unwrap();
        let mut told: Vec<String> = note
            .citations
            .iter()
            .map(|own| {
                format!("{} {} {}", own.citation.stance.word(), own.grades(), own.also.len())
            })
            .collect();
        told.sort();
        let graded = &told[2];
        assert!(
            ["supports A1 / B2 1", "supports B2 / A1 1"].contains(&graded.as_str()),
            "{told:?}"
        );
        assert_eq!((told[0].as_str(), told.len()), ("contradicts  0", 3), "{told:?}");
        let all = copy.case.note_entries(NoteFilter::default()).unwrap();
        let entry = all.iter().find(|entry| entry.row.id == Some(note.id)).unwrap();
        assert_eq!(entry.cited_words('-'), "+2 -1");
        let both = note.citations.iter().find(|own| !own.also.is_empty()).unwrap();
        for id in [both.id, both.also[0].0] {
            let said = Citation { grade: "D4".parse().unwrap(), ..both.citation };
            assert_eq!(copy.case.cite(note.id, &[(id, said)]).unwrap().len(), 2);
            let again = copy.case.note(note.id).unwrap();
            let graded = again.citations.iter().find(|own| !own.also.is_empty()).unwrap();
            assert_eq!((graded.grades().as_str(), again.fields.disagreed.len()), ("D4", 0));
            copy.case.undo().unwrap();
        }
        // Whoever grades it now grades it, and takes that back as one.
        let grade = "C3".parse().unwrap();
        let set = NoteField::Cite(Citation { grade, ..both.citation });
        let acted = copy.case.set_note_as_one(note.id, set).unwrap();
        assert_eq!(acted.after - acted.before, 2);
        let graded = || {
            let citations = copy.case.note(note.id).unwrap().citations;
            citations.iter().find(|own| !own.also.is_empty()).unwrap().grades()
        };
        assert_eq!(graded(), "C3");
        copy.case.undo().unwrap();
        copy.case.undo().unwrap();
        assert_eq!(graded(), both.grades());
    }
}

#[test]
fn citations_stand_in_the_order_in_which_they_were_made() {
    let copy = Copy::new(&[1, 2, 3, 4, 5], ("mara", 8));
    let note = finding(&copy, "付款");
    let mut made = Vec::new();
    for item in copy.documents(31).into_iter().rev() {
        let at = At { item, variant: None, start: 0, end: 0 };
        let passage = Anchor::Passage(Box::new(copy.case.passage(at).unwrap()));
        let (id, _) = copy.case.add_anchor(passage, "", "").unwrap();
        made.push((id, copy.case.operation_of(ItemId::Anchor(id)).unwrap()));
    }
    // Not in the order of the anchors.
    made.rotate_left(2);
    let cite = |anchor, grade: &str| {
        let grade = grade.parse().unwrap();
        let set = NoteField::Cite(Citation { anchor, stance: Stance::Supports, grade });
        copy.case.set_note(note, set).unwrap();
    };
    made.iter().for_each(|(_, anchor)| cite(*anchor, ""));
    let check = |expected: &[AnchorId]| {
        let cited: Vec<AnchorId> =
            copy.case.note(note).unwrap().citations.iter().map(|own| own.id).collect();
        assert_eq!(cited, expected);
        let all = copy.case.note_entries(NoteFilter::default()).unwrap();
        let listed: Vec<AnchorId> = all[0].cited.iter().map(|own| own.anchor).collect();
        assert_eq!(listed, expected);
        copy.whole();
    };
    let mut expected: Vec<AnchorId> = made.iter().map(|(id, _)| *id).collect();
    check(&expected);
    // To grade one again moves it nowhere; to cite it anew does.
    cite(made[1].1, "B2");
    check(&expected);
    copy.case.set_note(note, NoteField::Uncite(made[1].1)).unwrap();
    cite(made[1].1, "B2");
    let again = expected.remove(1);
    expected.push(again);
    check(&expected);
}

#[test]
fn what_two_people_merged_into_different_entities_is_disagreed_until_somebody_settles_it() {
    let ours = Copy::new(&[1, 2], ("mara", 8));
    let made = |name: &str| {
        let new = NewEntity { name: name.to_owned(), ..NewEntity::default() };
        ours.case.add_entity(&new).unwrap().0
    };
    let (_, second, third, fourth) = (made("甲"), made("乙"), made("丙"), made("丁"));
    let theirs = ours.fork(("lin", 7));
    ours.case.merge_into(second, third, "same phone").unwrap();
    theirs.case.merge_into(second, fourth, "same desk").unwrap();
    let (here, there) = (ours.bundle(""), theirs.bundle(""));
    let merged = ours.take(&there);
    let stands: Vec<&str> = merged.clashes.iter().map(|own| own.stands.as_str()).collect();
    assert_eq!(stands, ["both, until somebody sets it anew"]);
    theirs.take(&here);
    assert_eq!(ours.dump(), theirs.dump());
    let told = |copy: &Copy, id| -> Vec<String> {
        let fields = copy.case.entity(id).unwrap().fields;
        fields.disagreed.iter().map(|own| format!("{} {}", own.about(), own.words())).collect()
    };
    for copy in [&ours, &theirs] {
        copy.whole();
        // It is one of the two for now, and both say so.
        let root = copy.case.entity(second).unwrap().id;
        assert!([third, fourth].contains(&root));
        let all = told(copy, third);
        assert_eq!(all, told(copy, fourth));
        let parts = ["into E3 丙 (mara)", "into E4 丁 (lin)"];
        let sides = [parts.join(" / "), [parts[1], parts[0]].join(" / ")];
        let expected = sides.map(|both| format!("merging of E2 乙 disagreed: {both}"));
        assert!(all.len() == 1 && expected.contains(&all[0]), "{all:?}");
    }
    // Whoever knows of both decides.
    theirs.case.merge_into(second, third, "asked").unwrap();
    assert_eq!(told(&theirs, third), Vec::<String>::new());
    assert_eq!(theirs.case.entity(second).unwrap().id, third);
    theirs.case.undo().unwrap();
    assert_eq!(told(&theirs, third).len(), 1);
    ours.case.merge_entity(second, None, "two people after all").unwrap();
    assert_eq!(ours.case.entity(second).unwrap().id, second);
    theirs.take(&ours.bundle(""));
    ours.take(&theirs.bundle(""));
    for copy in [&ours, &theirs] {
        for id in [second, third, fourth] {
            assert_eq!(told(copy, id), Vec::<String>::new());
        }
        copy.whole();
    }
    assert_eq!(ours.dump(), theirs.dump());
}

/// What a bundle changes is named before it is taken in, with what was said before.
#[test]
fn what_a_bundle_changes_is_told_with_before_and_after() {
    let anna = Copy::new(&[1, 2], ("anna", 8));
    let sure = finding(&anna, "Anna is sure.");
    let made = |name: &str| {
        let new = NewEntity { name: name.to_owned(), ..NewEntity::default() };
        anna.case.add_entity(&new).unwrap().0
    };
    let (one, two) = (made("甲"), made("乙"));
    anna.case.set_note(sure, NoteField::Standing(Standing::Supported)).unwrap();
    anna.case.tag_things(&[ItemId::Note(sure)], "who/a", true).unwrap();
    let bela = anna.fork(("bela", 7));
    bela.case.set_note(sure, NoteField::Standing(Standing::Refuted)).unwrap();
    bela.write(Some(sure), "Bela is not.");
    bela.case.tag_things(&[ItemId::Note(sure)], "who/b", true).unwrap();
    let name = EntityField::Name { name: "甲一".to_owned(), why: String::new() };
    bela.case.set_entity(one, name).unwrap();
    bela.case.merge_into(two, one, "").unwrap();
    finding(&bela, "And this is new.");
    let gone = finding(&bela, "Nobody hears of this.");
    bela.case.delete_note(gone).unwrap();
    let merged = anna.take(&bela.bundle(""));
    let told: Vec<String> = merged.changed.iter().map(|own| own.words()).collect();
    assert_eq!(
        told,
        [
            "N1 “Anna is sure.”: status supported -> refuted; tag who/b added; \
             text “Anna is sure.” -> “Bela is not.”; by bela",
            "E1 “甲”: alias 甲 added; renamed 甲 -> 甲一; by bela",
            "E2 “乙”: merged into E1 甲一; by bela",
        ]
    );
    let brought: Vec<String> = merged.brought.iter().map(|own| own.words()).collect();
    assert_eq!(brought, ["N2 “And this is new.”: new; by bela"]);
    // Nothing is new any more.
    let merged = anna.take(&bela.bundle(""));
    assert!(merged.changed.is_empty() && merged.brought.is_empty());
    // One takes a tag off and the other, who has it, puts it on.
    anna.case.tag_things(&[ItemId::Note(sure)], "who/a", false).unwrap();
    bela.case.tag_things(&[ItemId::Note(sure)], "who/a", true).unwrap();
    let told: Vec<String> =
        anna.take(&bela.bundle("")).clashes.iter().map(|own| own.words()).collect();
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert!(
        one.contains("tag who/a changed on both sides, here: taken off, by bela: put on"),
        "{one}"
    );
}

#[test]
fn an_attribute_that_two_replaced_at_the_same_time_is_disagreed_on() {
    let ours = Copy::new(&[1], ("mara", 8));
    let new = NewEntity { name: "林".to_owned(), ..NewEntity::default() };
    let (entity, _) = ours.case.add_entity(&new).unwrap();
    ours.case.set_attribute(entity, "rank", "captain", &[]).unwrap();
    let theirs = ours.fork(("lin", 7));
    for (copy, rank) in [(&ours, "major"), (&theirs, "colonel")] {
        copy.case.set_attribute(entity, "rank", rank, &[]).unwrap();
        copy.case.take_attribute(entity, "rank", "captain").unwrap();
        // Of these there may be many.
        copy.case.set_attribute(entity, "phone", rank, &[]).unwrap();
    }
    ours.case.set_attribute(entity, "born", "1970", &[]).unwrap();
    theirs.case.set_attribute(entity, "born", "1975", &[]).unwrap();
    let said = |copy: &Copy| -> Vec<String> {
        copy.whole();
        let fields = copy.case.entity(entity).unwrap().fields;
        let all = fields.disagreed.iter().map(|own| {
            let mut said: Vec<String> = own.sayings().collect();
            said.sort();
            format!("{}: {}", own.about(), said.join(" / "))
        });
        all.collect()
    };
    let both = ["born: 1970 (mara) / 1975 (lin)", "rank: colonel (lin) / major (mara)"];
    let merged = ours.take(&theirs.bundle(""));
    let told: Vec<&str> = merged.clashes.iter().map(|clash| clash.field.as_str()).collect();
    assert_eq!(told, ["born", "phone", "rank"]);
    theirs.take(&ours.bundle(""));
    assert_eq!((said(&ours), said(&theirs)), (both.map(str::to_owned).into(), said(&ours)));
    assert_eq!(ours.dump(), theirs.dump());
    // Who takes one away settles it, and who says something of it anew.
    ours.case.take_attribute(entity, "born", "1975").unwrap();
    theirs.case.set_attribute(entity, "rank", "general", &[]).unwrap();
    assert_eq!((said(&ours), said(&theirs)), (vec![both[1].to_owned()], vec![both[0].to_owned()]));
    ours.take(&theirs.bundle(""));
    assert_eq!(said(&ours), Vec::<String>::new());
    ours.case.undo().unwrap();
    assert_eq!(said(&ours), [both[0]]);
}

#[test]
fn what_was_checked_names_things_by_the_numbers_of_each_copy() {
    let ours = Copy::new(&[1], ("mara", 8));
    for text in ["one", "two"] {
        ours.write(None, text);
    }
    let note = finding(&ours, "As [[N2]] says, and N1 in its own words.");
    let theirs = Copy::new(&[1], ("lin", 7));
    theirs.write(None, "another");
    theirs.take(&ours.bundle(""));
    let said = |copy: &Copy| -> Vec<String> {
        let entries = copy.case.note_entries(NoteFilter::default()).unwrap().into_iter();
        let ids: Vec<NoteId> = entries.filter_map(|entry| entry.row.id).collect();
        let reviews = ids.iter().flat_map(|id| copy.case.note_fields(*id).unwrap().reviews);
        reviews.map(|own| own.review.sentence).collect()
    };
    let review = NoteField::Review(crate::model::review::Review {
        sentence: "As N2 says, and N1 in its own words.".to_owned(),
        role: "checker".to_owned(),
        by: "mara".to_owned(),
        verdict: "agreed".to_owned(),
        comment: String::new(),
        basis: None,
        claims: None,
        references: Vec::new(),
    });
    ours.case.set_notes(vec![(note, review)], &mut |_| true).unwrap();
    theirs.take(&ours.bundle(""));
    assert_eq!(said(&ours), ["As N2 says, and N1 in its own words."]);
    assert_eq!(said(&theirs), ["As N3 says, and N1 in its own words."]);
    theirs.whole();
}
