use super::*;
use crate::case::Author;
use crate::case::testing::{add_document, draft, with_documents};
use crate::journal::{Action, target_of};
use crate::model::DocumentId;
use crate::model::finding::NoteKind;
use crate::model::note::Draft;
use crate::store::Unit;

fn over(case: &Case, id: NoteId, text: &str) -> Draft {
    let texts = case.note(id).unwrap().texts;
    Draft { note: Some(id), over: texts.iter().map(|text| text.operation).collect(), ..draft(text) }
}

fn texts(case: &Case, id: NoteId) -> Vec<String> {
    case.note(id).map_or(Vec::new(), |note| note.texts.into_iter().map(|text| text.text).collect())
}

#[test]
fn a_note_is_written_changed_deleted_and_undone() {
    let (_dir, case) = with_documents(&[1]);
    assert_eq!(case.save_note(&draft(" \n")).unwrap(), (None, None), "nothing was written");
    let id = case.save_note(&draft("first, see [[D1]] and [[D9]], D1\n")).unwrap().0.unwrap();
    assert_eq!(
        case.note(id).unwrap().references,
        [(ItemId::Document(DocumentId(1)), "1.txt".to_owned())]
    );
    case.save_note(&over(&case, id, "second")).unwrap();
    assert_eq!(case.save_note(&over(&case, id, "second\n")).unwrap(), (Some(id), None));
    assert_eq!(texts(&case, id), ["second"]);
    case.undo().unwrap();
    // What the case had not when it was written is nothing, whatever comes later.
    let shown = "first, see [[D1]] and [[D?9]], D1";
    assert_eq!(texts(&case, id), [shown], "saving the same was no act");
    assert_eq!(case.save_note(&over(&case, id, shown)).unwrap(), (Some(id), None));
    case.redo().unwrap();
    assert_eq!(case.save_note(&over(&case, id, "")).unwrap().0, None);
    assert_eq!(texts(&case, id), [""; 0]);
    case.undo().unwrap();
    assert_eq!(texts(&case, id), ["second"]);
    let other = case.save_note(&draft("see [[N1]] on A4 paper, N1")).unwrap().0.unwrap();
    let references = case.note(other).unwrap().references;
    assert_eq!(references, [(ItemId::Note(id), "second".to_owned())]);
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

#[test]
fn texts_that_were_written_at_the_same_time_both_stand() {
    let (_dir, case) = with_documents(&[1]);
    let id = case.save_note(&draft("one")).unwrap().0.unwrap();
    let (mine, hers) = (over(&case, id, "mine"), over(&case, id, "hers"));
    case.save_note(&mine).unwrap();
    case.save_note(&hers).unwrap();
    let mut both = texts(&case, id);
    both.sort();
    assert_eq!(both, ["hers", "mine"]);
    assert_eq!(case.notes(0..9).unwrap()[0].texts, 2);
    case.save_note(&over(&case, id, "ours")).unwrap();
    assert_eq!(texts(&case, id), ["ours"]);
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

#[test]
fn a_note_shows_the_numbers_of_its_case() {
    let (dir, case) = with_documents(&[1, 2]);
    case.save_note(&draft("[[D2]] pays, 见[[D2]]。 [[D1]] D2 [[D7]]")).unwrap();
    let operations = case.check_journal().unwrap().0;
    let (other_dir, other) = with_documents(&[2]);
    let mut all = Vec::new();
    case.store
        .each_operation(|stored| {
            all.push(stored);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(all.len() as u64, operations);
    for stored in &all {
        other.store.append_operation(stored).unwrap();
    }
    other.project_journal().unwrap();
    let shown = texts(&other, NoteId(1)).remove(0);
    assert!(shown.starts_with("[[D1]] pays, 见[[D1]]。 [[D?"), "{shown}");
    assert!(shown.ends_with("]] D2 [[D?7]]"), "{shown}");
    assert_eq!(other.note(NoteId(1)).unwrap().references.len(), 1);
    // Written on there, it still names what that case does not have.
    other.save_note(&over(&other, NoteId(1), &format!("{shown}!"))).unwrap();
    add_document(&other, other_dir.path(), 1);
    other.project_journal().unwrap();
    assert_eq!(texts(&other, NoteId(1)), ["[[D1]] pays, 见[[D1]]。 [[D2]] D2 [[D?7]]!"]);
    drop(dir);
}

#[test]
fn what_a_bare_number_bound_stays_bound() {
    let (_dir, case) = with_documents(&[1, 2]);
    case.save_note(&draft("about visas")).unwrap();
    // As it was written before only brackets named something.
    let old = |text: &str, tokens: &[(&str, i64)]| {
        let references = tokens.iter().map(|(token, id)| {
            let target = target_of(&case.store, Unit::Document(DocumentId(*id))).unwrap();
            ((*token).to_owned(), crate::journal::operation::Reference::Evidence(target))
        });
        let (note, over, text) = (None, Vec::new(), text.to_owned());
        let references = references.collect();
        let action = Action::NoteText { note, over, text, references, kind: NoteKind::Note };
        let (made, _) = case.act(action).unwrap();
        case.store.note_of(&made).unwrap()
    };
    let id = old("D1 and [[D1]], 见D2。A4 xD2", &[("D1", 1), ("D2", 2)]);
    assert_eq!(texts(&case, id), ["[[D1]] and [[D1]], 见[[D2]]。A4 xD2"]);
    assert_eq!(case.note(id).unwrap().references.len(), 2);
    assert_eq!(case.notes_naming(DocumentId(2).into()).unwrap(), [id]);
    // Written on, it is bound as it is shown.
    let shown = texts(&case, id).remove(0);
    case.save_note(&over(&case, id, &format!("{shown}!"))).unwrap();
    assert_eq!(texts(&case, id), ["[[D1]] and [[D1]], 见[[D2]]。A4 xD2!"]);
    assert_eq!(case.notes_naming(DocumentId(2).into()).unwrap(), [id]);
    assert_eq!(case.check_journal().unwrap().1, Vec::new());
}

#[test]
fn a_question_says_what_was_searched_for_it_and_claims_nothing() {
    let (_dir, case) = with_documents(&[1]);
    let asked = Draft { kind: NoteKind::Question, ..draft("who paid?") };
    let id = case.save_note(&asked).unwrap().0.unwrap();
    let cite = |stance| {
        let said = Citation { stance, ..Citation::of(Sha256([7; 32])) };
        case.check_field(id, &NoteField::Cite(said))
    };
    cite(Stance::Context).unwrap();
    assert!(cite(Stance::Contradicts).is_err());
}

#[test]
fn many_fields_are_set_at_once_or_none_is() {
    use crate::model::review::Review;
    let (_dir, case) = with_documents(&[1]);
    let id = case.save_note(&draft("it is so")).unwrap().0.unwrap();
    let review = |nth: usize, verdict: &str| {
        let text = |text: &str| text.to_owned();
        let review = Review {
            sentence: format!("sentence {}", nth % 3),
            role: text("checker"),
            by: text("tao"),
            verdict: text(verdict),
            comment: String::new(),
            basis: None,
            claims: None,
            references: Vec::new(),
        };
        (id, NoteField::Review(review))
    };
    let sets = || (0..5).map(|nth| review(nth, &format!("verdict {nth}"))).collect();
    assert!(matches!(case.set_notes(sets(), &mut |done| done < 4), Err(CaseError::Cancelled)));
    let said = || -> Vec<String> {
        let reviews = case.note_fields(id).unwrap().reviews.into_iter();
        reviews.map(|own| format!("{} {}", own.review.sentence, own.review.verdict)).collect()
    };
    assert_eq!((said(), case.check_journal().unwrap().0), (Vec::new(), 1));
    assert_eq!(case.set_notes(sets(), &mut |_| true).unwrap(), 5);
    // The last that was said of a sentence, in the order in which it was said.
    let expected = ["sentence 2 verdict 2", "sentence 0 verdict 3", "sentence 1 verdict 4"];
    assert_eq!(said(), expected);
    assert_eq!(case.check_journal().unwrap(), (6, Vec::new()));
    // One sheet, one act.
    case.undo().unwrap();
    assert_eq!(said(), Vec::<String>::new());
    case.redo().unwrap();
    assert_eq!(said(), expected);
}

#[test]
fn drafts_are_kept_until_the_note_is() {
    let (_dir, case) = with_documents(&[1]);
    case.save_draft(&Draft { sitting: Some(5), ..draft("half a") }).unwrap();
    case.save_draft(&Draft { sitting: Some(5), ..draft("half a sentence") }).unwrap();
    let other = Draft { sitting: Some(6), ..draft("elsewhere") };
    assert_eq!(case.save_draft(&other).unwrap(), 6);
    let again = case.another().unwrap();
    again.set_author(Author::with_key("mara", [8; 32])).unwrap();
    assert!(again.drafts().unwrap().is_empty(), "they are one's own");
    again.set_author(Author::with_key("lin", [7; 32])).unwrap();
    let drafts = again.drafts().unwrap();
    let half = drafts.iter().find(|draft| draft.sitting == Some(5)).unwrap();
    assert_eq!((drafts.len(), half.text.as_str()), (2, "half a sentence"));
    let id = case.save_note(half).unwrap().0;
    let rows = case.notes(0..9).unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (row.id, row.draft, row.title.as_str())).collect();
    assert_eq!(rows, [(None, Some(6), "elsewhere"), (id, None, "half a sentence")]);
    assert_eq!(case.notes(1..9).unwrap()[0].id, id);
}

#[test]
fn a_draft_is_elsewhere_as_long_as_its_window_lives() {
    let (_dir, case) = with_documents(&[1]);
    let window = || {
        let case = Case::open(case.folder(), crate::case::Access::Write).unwrap();
        case.set_author(Author::with_key("lin", [7; 32])).unwrap();
        case
    };
    let elsewhere = |case: &Case| -> Vec<bool> {
        case.drafts().unwrap().iter().map(|draft| draft.is_elsewhere).collect()
    };
    let locks = || std::fs::read_dir(case.folder().join("tmp")).unwrap().count();
    let (first, second) = (window(), window());
    let sitting = first.save_draft(&draft("half a")).unwrap();
    assert_eq!((elsewhere(&first), elsewhere(&second)), (vec![false], vec![true]));
    assert_eq!(elsewhere(&first.another().unwrap()), [false], "one window has several handles");
    // What a window leaves behind is written on by whoever comes next, under its old name.
    drop(first);
    assert_eq!(elsewhere(&second), [false]);
    let left = second.edit_note(None, Some(sitting)).unwrap();
    assert_eq!((left.text.as_str(), left.is_elsewhere), ("half a", false));
    second.save_draft(&Draft { text: "half a sentence".to_owned(), ..left }).unwrap();
    let third = window();
    assert_eq!((elsewhere(&second), elsewhere(&third)), (vec![false], vec![true]));
    assert!(third.notes(0..9).unwrap()[0].is_elsewhere, "the list says so");
    assert_eq!(locks(), 1);
    // Once the note is kept there is no draft and no lock.
    let left = second.edit_note(None, Some(sitting)).unwrap();
    second.save_note(&left).unwrap();
    assert_eq!((elsewhere(&third), locks()), (Vec::new(), 0));
    // Nobody wrote on what was thrown away.
    third.save_draft(&Draft { sitting: Some(5), ..draft("x") }).unwrap();
    drop(third);
    second.drop_draft(&Draft { sitting: Some(5), ..Draft::default() }).unwrap();
    assert_eq!(locks(), 0);
}
