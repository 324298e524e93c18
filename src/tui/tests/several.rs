//! What is done with several at once: rows of a list, whole messages.

use super::check::{at, check_shows};
use crate::app::view::View;

/// What the note says that is being written.
#[track_caller]
fn check_written(keys: &str, expected: &str) {
    let played = at(keys);
    let mut columns = played.screen.lines().flat_map(|line| line.split('│'));
    let is_it = |column: &str| column.trim() == expected.trim_end();
    assert!(columns.any(is_it), "{keys}: {expected}\n{}", played.screen);
    assert_eq!(played.app.selected_rows(), None, "{keys}: it is over");
}

#[track_caller]
fn check_copied(keys: &str, expected: &str) {
    let played = at(keys);
    assert_eq!(played.copied, [expected], "{keys}\n{}", played.screen);
}

#[test]
fn all_selected_rows_are_cited_copied_and_named() {
    check_written("1 j v j j c", "[[A1]] [[A2]] [[A3]] ");
    check_shows("1 j v j j c", &["3 passages are cited"], &[]);
    check_written("/ \"青河\" enter v j j c", "[[A1]] [[A2]] [[A3]] ");
    // Into the note that is open, and undone as one.
    check_written("1 w \"see \" shift-tab shift-tab j v j c", "[[D1]] see [[A1]] [[A2]]");
    check_copied("1 j v j j y", "D2\nD3\nD4");
    check_copied("1 j v j j Y", "cited: D2\nD3\nD4");
    check_copied("4 v j y", "N11\nN12");
    check_written("1 j v j j w", "[[D2]] [[D3]] [[D4]] ");
    check_written("1 j v j j W f", "[[D2]] [[D3]] [[D4]] ");
    check_written("4 v j w", "[[N11]] [[N12]] ");
    // One row is as the row without a selection.
    check_written("1 j v w", "[[D2]] ");
}

#[test]
fn all_selected_messages_are_marked_and_named() {
    let asked = "2 enter V j j";
    check_shows(&format!("{asked} space"), &["Mark 3 messages selected in C1 as read?"], &[]);
    check_shows(&format!("{asked} s"), &["Mark 3 messages selected in C1 as starred?"], &[]);
    check_shows(&format!("{asked} x"), &["selected in C1 as irrelevant?"], &[]);
    let done = at(&format!("{asked} s enter"));
    assert!(!done.app.is_selecting(), "it is over");
    assert_eq!(done.app.status.as_ref().map(|status| status.starred), Some(4));
    check_written(&format!("{asked} w"), "[[M1]] [[M2]] [[M3]] ");
    check_written(&format!("{asked} c"), "[[A1]] [[A2]] [[A3]] ");
    // In the text of one message it is a step of the caret.
    check_shows("2 enter j v w", &[], &["a new note"]);
    check_shows(&format!("{asked} e"), &["whole messages are selected: V selects the text"], &[]);
}

#[test]
fn several_notes_are_deleted_after_a_question() {
    let asked = "4 v j D";
    check_shows(asked, &["Delete 2 notes that are selected?", "N11 N12"], &["deleted"]);
    let rows = |keys: &str| at(keys).app.notes.total();
    let all = rows("4").unwrap();
    assert_eq!(rows(&format!("{asked} esc")), Some(all));
    assert_eq!(rows(&format!("{asked} enter")), Some(all - 2));
    check_shows(&format!("{asked} enter"), &["2 notes are deleted · u undoes it"], &[]);
    assert_eq!(rows(&format!("{asked} enter u")), Some(all));
    // A draft is none that could be brought back.
    check_shows("4 G v k D", &["Delete 1 note", "1 draft among them stay"], &[]);
    // Evidence stays.
    check_shows("1 v j D", &["nothing here can be deleted"], &[]);
}

#[test]
fn what_acts_on_one_thing_says_so_where_several_are_selected() {
    for keys in ["4 v j = s", "4 v j e", "1 v j O", "2 enter V j E p"] {
        let shown = check_shows(keys, &["this is done with one alone"], &["keep and close"]);
        assert!(shown.app.layers.is_empty(), "{keys}");
    }
    // One row is one thing.
    check_shows("4 j v = s", &["WHERE IT STANDS"], &[]);
    check_shows("4 v j : \"set-standing\" enter", &["this is done with one alone"], &[]);
}

#[test]
fn a_selection_of_rows_ends_with_its_list() {
    for keys in ["1 v j j 4", "4 v j 1", "/ \"青河\" enter v j 1", "1 v j S", "1 v j T"] {
        assert_eq!(at(keys).app.selected_rows(), None, "{keys}");
    }
    // What is reported is not what was selected elsewhere.
    let report = at("1 v j j 4 X");
    assert_eq!(report.app.view, View::Notes);
    assert!(!report.screen.contains("selected note"), "{}", report.screen);
    assert!(at("4 v j X").screen.contains("selected notes"));
    assert_eq!(at("1 v j j").app.selected_rows(), Some(0..3));
}

#[test]
fn a_hit_in_a_document_is_cited_by_where_it_is_found() {
    check_shows("/ \"青河\" enter c", &["A1 is cited: “青河”"], &[]);
    check_copied("/ \"青河\" enter Y", "cited: 青河");
}

#[test]
fn a_selection_in_a_message_says_where_it_ends() {
    let text = "2 enter v";
    check_shows(&format!("{text} j"), &["of one message is being selected: V takes whole"], &[]);
    check_shows(&format!("{text} l"), &[], &["is being selected"]);
    // Nothing stays selected that is not seen any more.
    for keys in ["}", "]", "G"] {
        let played = at(&format!("{text} l {keys}"));
        assert!(!played.app.is_selecting(), "{keys}\n{}", played.screen);
    }
    assert!(at("2 enter V }").app.is_selecting(), "whole messages go on");
}

#[test]
fn the_number_of_a_row_of_people_is_the_one_that_is_cited() {
    let cited = "esc 3 g g c";
    let named = format!("3 E N \"Lin\" enter enter {cited}");
    check_shows(&named, &["A1 is cited: 0 hits for entity:E1 "], &[]);
    let owner = format!("3 E n enter enter {cited}");
    check_shows(&owner, &["A1 is cited: 0 hits for from:E1 kind:message "], &[]);
    // A line of a dossier has the account's own.
    let account = "3 E n enter enter : \"E1\" enter j c";
    check_shows(account, &["A1 is cited: 0 hits for from:P1 kind:message "], &[]);
}

#[test]
fn an_entity_is_tagged_in_the_list() {
    let made = at("3 E N \"Lin\" enter enter esc 3 g g #");
    assert!(made.screen.contains("TAG"), "{}", made.screen);
}
