//! What one deleted while another did something with it.

use super::*;

/// A change of a thing of a copy that whoever deletes it does not know of.
type Change = Box<dyn Fn(&Copy)>;

/// A copy with a finding N1, a question N2, a note N3, an anchor A1, entities E1 to E3.
fn copy() -> Copy {
    let copy = Copy::new(&[1, 2, 3], ("mara", 8));
    let draft = |kind, text: &str| Draft { kind, text: text.to_owned(), ..Draft::default() };
    copy.case.save_note(&draft(NoteKind::Finding, "The clause was hidden.")).unwrap();
    copy.case.save_note(&draft(NoteKind::Question, "Who signed?")).unwrap();
    let at = At { item: DocumentId(1).into(), variant: None, start: 0, end: 0 };
    let passage = Anchor::Passage(Box::new(copy.case.passage(at).unwrap()));
    copy.case.add_anchor(passage, "payment", "").unwrap();
    for name in ["王某", "lin_w", "老王"] {
        let new = NewEntity { name: name.to_owned(), ..NewEntity::default() };
        copy.case.add_entity(&new).unwrap();
    }
    copy.case.save_note(&draft(NoteKind::Note, "Of [[E3]]")).unwrap();
    copy
}

fn delete(copy: &Copy, item: ItemId) {
    match item {
        ItemId::Note(id) => copy.case.delete_note(id).unwrap(),
        ItemId::Entity(id) => copy.case.drop_entity(id).unwrap(),
        ItemId::Anchor(id) => copy.case.drop_anchor(id).unwrap(),
        other => panic!("{other}"),
    };
}

/// What it says of its deletion; `None` where it is gone.
fn kept(copy: &Copy, item: ItemId) -> Option<Option<String>> {
    let kept = match item {
        ItemId::Note(id) => copy.case.note(id).ok()?.fields.kept,
        ItemId::Entity(id) => {
            let all = crate::case::entities::own(&copy.case.store).unwrap();
            all.into_iter().find(|own| own.id == id)?.fields.kept
        }
        ItemId::Anchor(id) => copy.case.anchor(id).ok()?.kept,
        other => panic!("{other}"),
    };
    Some(kept.map(|kept| kept.words()))
}

/// All that can be done to a thing, with what it is.
fn changes() -> Vec<(ItemId, Change)> {
    let finding = ItemId::Note(NoteId(1));
    let mut all: Vec<(ItemId, Change)> = Vec::new();
    for change in NOTE_CHANGES {
        all.push((
            finding,
            Box::new(move |copy| {
                let anchor = copy.case.operation_of(ItemId::Anchor(AnchorId(1))).unwrap();
                let asked = copy.case.operation_of(ItemId::Note(NoteId(2))).unwrap();
                copy.case.set_note(NoteId(1), change(anchor, asked, 0x21)).unwrap();
            }),
        ));
    }
    all.push((finding, Box::new(|copy| copy.write(Some(NoteId(1)), "It was hidden twice."))));
    for change in ENTITY_CHANGES {
        all.push((
            ItemId::Entity(EntityId(1)),
            Box::new(move |copy| drop(copy.case.set_entity(EntityId(1), change(0x71)).unwrap())),
        ));
    }
    for (one, into) in [(1, 2), (2, 1)] {
        all.push((
            ItemId::Entity(EntityId(1)),
            Box::new(move |copy| {
                copy.case.merge_entity(EntityId(one), Some(EntityId(into)), "one").unwrap();
            }),
        ));
    }
    let item = ItemId::Anchor(AnchorId(1));
    all.push((
        item,
        Box::new(|copy| drop(copy.case.set_anchor(AnchorId(1), "victim", "x").unwrap())),
    ));
    // What stands on it, in all ways.
    all.push((item, Box::new(|copy| copy.write(Some(NoteId(1)), "It was so [[A1]]."))));
    all.push((
        item,
        Box::new(move |copy| {
            let anchor = copy.case.operation_of(item).unwrap();
            let said = Citation { stance: Stance::Contradicts, ..Citation::of(anchor) };
            copy.case.set_note(NoteId(1), NoteField::Cite(said)).unwrap();
        }),
    ));
    all.push((
        item,
        Box::new(move |copy| {
            let anchors = vec![copy.case.operation_of(item).unwrap()];
            let attribute = Attribute { key: "born".to_owned(), value: "1970".to_owned(), anchors };
            let set = EntityField::Attribute { attribute, on: true };
            copy.case.set_entity(EntityId(2), set).unwrap();
        }),
    ));
    for item in [finding, ItemId::Entity(EntityId(1)), item] {
        all.push((
            item,
            Box::new(move |copy| drop(copy.case.tag_things(&[item], "apt", true).unwrap())),
        ));
    }
    all
}

#[test]
fn a_deletion_that_did_not_know_of_a_change_loses_whatever_it_was() {
    for (number, (item, change)) in changes().into_iter().enumerate() {
        let about = format!("change {number} of {item}");
        let (ours, theirs) = {
            let copy = copy();
            let fork = copy.fork(("lin", 7));
            (copy, fork)
        };
        change(&ours);
        delete(&theirs, item);
        assert_eq!(kept(&theirs, item), None, "{about}");
        let (there, here) = (theirs.bundle(""), ours.bundle(""));
        for (copy, bundle, at) in [(&ours, &there, "ours"), (&theirs, &here, "theirs")] {
            let merged = copy.take(bundle);
            assert_eq!(merged.lost, [], "{about}, {at}");
            let clash = merged.clashes.iter().find(|clash| clash.item() == Some(item));
            let clash = clash.unwrap_or_else(|| panic!("{about}, {at}: {merged:?}"));
            assert_eq!(clash.stands, "it is kept, until somebody deletes it again", "{about}");
            assert!(!clash.title.trim().is_empty(), "{about}, {at}: {clash:?}");
            copy.whole();
        }
        assert_eq!(ours.dump(), theirs.dump(), "{about}");
        let words = kept(&ours, item).flatten().unwrap_or_else(|| panic!("{about}"));
        assert!(words.starts_with("deleted by lin, kept because mara "), "{about}: {words}");
        // Deleted again by whoever knows, it is gone for both.
        let settled = ours.fork(("mara", 8));
        delete(&ours, item);
        let merged = theirs.take(&ours.bundle(""));
        assert_eq!((kept(&ours, item), kept(&theirs, item)), (None, None), "{about}");
        assert!(merged.lost.iter().any(|lost| lost.item == item.to_string()), "{merged:?}");
        ours.case.undo().unwrap();
        assert_eq!(kept(&ours, item), Some(Some(words.clone())), "{about}");
        // Said to stay, it says no more.
        settled.case.keep(item).unwrap();
        assert_eq!(kept(&settled, item), Some(None), "{about}");
        settled.whole();
        settled.case.undo().unwrap();
        assert_eq!(kept(&settled, item), Some(Some(words)), "{about}");
        settled.case.redo().unwrap();
        ours.take(&settled.bundle(""));
        assert_eq!(kept(&ours, item), Some(None), "{about}");
        assert!(ours.case.keep(item).is_err(), "nobody deleted it");
        ours.whole();
    }
}

/// Takes back what made a thing, with all that its author did since.
fn undo_making(copy: &Copy, item: ItemId) {
    while kept(copy, item).is_some() {
        copy.case.undo().unwrap();
    }
}

#[test]
fn undoing_what_one_made_loses_to_what_another_did_to_it_meanwhile() {
    for (number, (item, change)) in changes().into_iter().enumerate() {
        let about = format!("change {number} of {item}");
        let theirs = copy();
        let ours = theirs.fork(("lin", 7));
        change(&ours);
        undo_making(&theirs, item);
        let (there, here) = (theirs.bundle(""), ours.bundle(""));
        for (copy, bundle, at) in [(&ours, &there, "ours"), (&theirs, &here, "theirs")] {
            let merged = copy.take(bundle);
            let is_of_it = |lost: &crate::model::handover::Lost| lost.item == item.to_string();
            assert!(!merged.lost.iter().any(is_of_it), "{about}, {at}: {merged:?}");
            let mut clashes = merged.clashes.iter();
            let clash = clashes.find(|own| own.item() == Some(item) && own.field == "undoing");
            let clash = clash.unwrap_or_else(|| panic!("{about}, {at}: {merged:?}"));
            assert_eq!(clash.stands, "it is kept, until somebody deletes it again", "{about}");
            assert!(!clash.title.trim().is_empty(), "{about}, {at}: {clash:?}");
            copy.whole();
        }
        assert_eq!(ours.dump(), theirs.dump(), "{about}");
        let words = kept(&ours, item).flatten().unwrap_or_else(|| panic!("{about}"));
        assert!(words.starts_with("undone by mara, kept because lin "), "{about}: {words}");
        // Deleted by whoever knows, it is gone for both.
        let settled = ours.fork(("lin", 7));
        delete(&ours, item);
        theirs.take(&ours.bundle(""));
        assert_eq!((kept(&ours, item), kept(&theirs, item)), (None, None), "{about}");
        ours.case.undo().unwrap();
        assert_eq!(kept(&ours, item), Some(Some(words.clone())), "{about}");
        // Said to stay, it says no more, even when what was done to it is taken back.
        settled.case.keep(item).unwrap();
        assert_eq!(kept(&settled, item), Some(None), "{about}");
        settled.whole();
        settled.case.undo().unwrap();
        assert_eq!(kept(&settled, item), Some(Some(words)), "{about}");
        settled.case.redo().unwrap();
        ours.take(&settled.bundle(""));
        assert_eq!(kept(&ours, item), Some(None), "{about}");
        ours.whole();
        // Nobody's work stands in the way any more.
        let alone = copy();
        let other = alone.fork(("lin", 7));
        change(&other);
        other.case.undo().unwrap();
        undo_making(&alone, item);
        other.take(&alone.bundle(""));
        assert_eq!(kept(&other, item), None, "{about}");
        other.whole();
    }
}

#[test]
fn what_somebody_builds_on_is_kept_and_says_where() {
    let ours = copy();
    let theirs = ours.fork(("lin", 7));
    let anchor = AnchorId(1);
    theirs.case.drop_anchor(anchor).unwrap();
    let operation = ours.case.operation_of(ItemId::Anchor(anchor)).unwrap();
    let said = Citation { stance: Stance::Contradicts, ..Citation::of(operation) };
    ours.case.set_note(NoteId(1), NoteField::Cite(said)).unwrap();
    let words = "deleted by lin, kept because mara cited it in N1";
    let happened = "one deleted it while the other did something with it";
    let merged = ours.take(&theirs.bundle(""));
    let told: Vec<String> = merged.clashes.iter().map(|clash| clash.words()).collect();
    let title = &merged.clashes[0].title;
    assert_eq!(
        told,
        [format!(
            "A1 {title}: {happened}, here: cited it in N1 The clause was hidden., by lin: deleted it; what stands: it is kept, until somebody deletes it again"
        )]
    );
    assert_eq!(kept(&ours, ItemId::Anchor(anchor)), Some(Some(words.to_owned())));
    let told: Vec<String> =
        theirs.take(&ours.bundle("")).clashes.iter().map(|clash| clash.words()).collect();
    assert!(told[0].contains("here: deleted it, by mara: cited it in N1"), "{told:?}");
    // Who takes the citing back leaves nothing that it was kept for.
    ours.case.undo().unwrap();
    assert_eq!(kept(&ours, ItemId::Anchor(anchor)), None);
    ours.whole();
    // To write on in a note that names what is deleted is no reason to keep it.
    ours.write(Some(NoteId(1)), "It was so [[A1]].");
    assert_eq!(kept(&ours, ItemId::Anchor(anchor)), None);
    ours.whole();
    theirs.take(&ours.bundle(""));
    assert_eq!((theirs.dump(), kept(&theirs, ItemId::Anchor(anchor))), (ours.dump(), None));
}

#[test]
fn what_an_act_made_together_stays_together() {
    let theirs = copy();
    // A finding that cites a new anchor, in one act.
    let made = theirs.case.together(|| {
        let at = At { item: DocumentId(2).into(), variant: None, start: 0, end: 0 };
        let passage = Anchor::Passage(Box::new(theirs.case.passage(at)?));
        let anchor = theirs.case.add_anchor(passage, "", "")?.0;
        let text = format!("So it was [[{anchor}]]");
        let draft = Draft { kind: NoteKind::Finding, text, ..Draft::default() };
        let note = theirs.case.save_note(&draft)?.0.unwrap();
        theirs.case.set_note(note, NoteField::Standing(Standing::Supported))?;
        Ok::<_, CaseError>((note, anchor))
    });
    let (note, anchor) = made.unwrap();
    let ours = theirs.fork(("lin", 7));
    ours.case.tag_things(&[ItemId::Note(note)], "apt", true).unwrap();
    theirs.case.undo().unwrap();
    assert!(theirs.case.note(note).is_err() && theirs.case.anchor(anchor).is_err());
    ours.take(&theirs.bundle(""));
    theirs.take(&ours.bundle(""));
    for copy in [&ours, &theirs] {
        let fields = copy.case.note(note).unwrap().fields;
        assert_eq!(fields.standing, Standing::Supported);
        assert_eq!(
            kept(copy, ItemId::Note(note)).unwrap().unwrap(),
            "undone by mara, kept because lin tagged it #apt"
        );
        assert_eq!(copy.case.anchor(anchor).unwrap().kept, None);
        copy.whole();
    }
    // Whoever undid it and sees now what for it stays does it again.
    theirs.case.redo().unwrap();
    assert_eq!(kept(&theirs, ItemId::Note(note)), Some(None));
    // And undoes it knowing all: it is gone with what the other did.
    theirs.case.undo().unwrap();
    assert_eq!(kept(&theirs, ItemId::Note(note)), None);
    ours.take(&theirs.bundle(""));
    assert_eq!(ours.dump(), theirs.dump());
    ours.whole();
}

#[test]
fn what_a_merge_undoes_is_named() {
    let ours = copy();
    let theirs = ours.fork(("lin", 7));
    let draft =
        |text: &str| Draft { kind: NoteKind::Finding, text: text.to_owned(), ..Draft::default() };
    theirs.case.save_note(&draft("It was so.")).unwrap();
    theirs.case.save_note(&draft("It was otherwise.")).unwrap();
    theirs.case.set_note(NoteId(4), NoteField::Standing(Standing::Refuted)).unwrap();
    ours.take(&theirs.bundle(""));
    theirs.case.undo().unwrap();
    theirs.case.undo().unwrap();
    let merged = ours.take(&theirs.bundle(""));
    let words: Vec<String> = merged.lost.iter().map(|lost| lost.words()).collect();
    assert_eq!(
        words,
        ["N4 It was so.: undone by lin (called it refuted)", "N5 It was otherwise.: undone by lin",]
    );
    let did: Vec<&str> = merged.people[0].did.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(did, ["act undone: called a finding refuted", "act undone: wrote a finding"]);
    theirs.case.redo().unwrap();
    let merged = ours.take(&theirs.bundle(""));
    assert_eq!(merged.lost, []);
    assert_eq!(merged.people[0].did, [("act done again: wrote a finding".to_owned(), 1)]);
}

#[test]
fn who_deletes_what_they_know_deletes_it() {
    for (number, (item, change)) in changes().into_iter().enumerate() {
        let (ours, theirs) = {
            let copy = copy();
            let fork = copy.fork(("lin", 7));
            (copy, fork)
        };
        change(&ours);
        theirs.take(&ours.bundle(""));
        delete(&theirs, item);
        let merged = ours.take(&theirs.bundle(""));
        assert_eq!(kept(&ours, item), None, "change {number} of {item}");
        assert_eq!((merged.clashes, merged.lost.len()), (Vec::new(), 1));
        ours.whole();
    }
}

#[test]
fn what_is_gone_is_named_by_its_title_with_what_named_it_meanwhile() {
    let ours = copy();
    let theirs = ours.fork(("lin", 7));
    let said = |merged: &Merged| -> Vec<String> {
        let clashes = merged.clashes.iter().map(crate::model::handover::Clash::words);
        clashes.chain(merged.lost.iter().map(crate::model::handover::Lost::words)).collect()
    };
    ours.case.tag_things(&[ItemId::Note(NoteId(3))], "apt", true).unwrap();
    theirs.take(&ours.bundle(""));
    ours.write(None, "What [[E1]] did");
    let asked = ours.case.operation_of(ItemId::Note(NoteId(2))).unwrap();
    ours.case.set_note(NoteId(1), NoteField::Question(Some(asked))).unwrap();
    theirs.case.drop_entity(EntityId(1)).unwrap();
    theirs.case.delete_note(NoteId(2)).unwrap();
    theirs.case.tag_things(&[ItemId::Note(NoteId(3))], "apt", false).unwrap();
    let happened = "one deleted it while the other did something with it";
    assert_eq!(
        said(&ours.take(&theirs.bundle(""))),
        [
            format!(
                "N2 Who signed?: {happened}, here: answered it by N1 The clause was hidden., by lin: deleted it; what stands: it is deleted"
            ),
            format!(
                "E1 王某: {happened}, here: named it in N4 What [[E1]] did, by lin: deleted it; what stands: it is deleted"
            ),
            "E1 王某: deleted by lin".to_owned(),
            "N2 Who signed?: deleted by lin".to_owned(),
            "N3 Of 老王 (person): #apt taken off by lin".to_owned(),
        ]
    );
    assert_eq!(
        said(&theirs.take(&ours.bundle(""))),
        [
            format!(
                "N2 Who signed?: {happened}, here: deleted it, by mara: answered it by N1 The clause was hidden.; what stands: it is deleted"
            ),
            format!(
                "E1 王某: {happened}, here: deleted it, by mara: named it in N4 What [[E1]] did; what stands: it is deleted"
            ),
        ]
    );
}

#[test]
fn what_hides_the_word_of_the_other_is_told() {
    let ours = copy();
    let theirs = ours.fork(("lin", 7));
    ours.case.set_note(NoteId(1), NoteField::Kind(NoteKind::Note)).unwrap();
    theirs.case.set_note(NoteId(1), NoteField::Standing(Standing::Refuted)).unwrap();
    let new = NewEntity { name: "乙".to_owned(), ..NewEntity::default() };
    ours.case.split_entity(EntityId(3), &new, "two").unwrap();
    theirs.case.merge_entity(EntityId(3), Some(EntityId(1)), "one").unwrap();
    let born = |value: &str| EntityField::Attribute {
        attribute: Attribute {
            key: "born".to_owned(),
            value: value.to_owned(),
            anchors: Vec::new(),
        },
        on: true,
    };
    ours.case.set_entity(EntityId(1), born("1970")).unwrap();
    theirs.case.set_entity(EntityId(1), born("1975")).unwrap();
    let told = |merged: Merged| -> BTreeSet<String> {
        merged
            .clashes
            .iter()
            .map(|own| {
                let (item, field) = (own.item().unwrap(), &own.field);
                format!("{item} {field}: {} / {} = {}", own.ours, own.theirs, own.stands)
            })
            .collect()
    };
    let (here, there) = (ours.bundle(""), theirs.bundle(""));
    let expected = [
        "E1 born: 1970 / 1975 = both, until somebody takes one away",
        "E3 merged into: split off 乙 / E3 老王 into E1 王某 = both: what was split off is not in it",
        "N1 status: note / refuted = it is a note, which shows no status",
    ];
    assert_eq!(told(ours.take(&there)), expected.map(str::to_owned).into());
    let expected = [
        "E1 born: 1975 / 1970 = both, until somebody takes one away",
        "E3 merged into: E3 老王 into E1 王某 / split off 乙 = both: what was split off is not in it",
        "N1 status: refuted / note = it is a note, which shows no status",
    ];
    assert_eq!(told(theirs.take(&here)), expected.map(str::to_owned).into());
}
