//! Writing a note, through the production loop: the text, references, the editor outside.

use super::check::{at, check_shows};
use super::stage::{Played, events, play_app};
use crate::app::App;
use crate::app::event::Event;
use crate::tui::theme::Theme;

/// With an editor outside that is called so.
fn with_editor(editor: Option<&str>, keys: &str) -> Played {
    let mut app = App::new("qinghe", 120, 40);
    app.editor = editor.map(|name| vec![name.to_owned(), "-w".to_owned()]);
    play_app(app, Theme::Dark, events(keys))
}

#[test]
fn references_are_completed_as_they_are_typed() {
    check_shows("4 w \"see [[\"", &["D1  合同台账2022.xlsx", "P3  川江"], &[]);
    check_shows("4 w \"see [[川\"", &["P3  川江"], &["D1  合同"]);
    check_shows(
        "4 w \"see [[川\" enter \" pays\"",
        &["see [[P3]] pays", "P3 about P3"],
        &["P3  川江"],
    );
    check_shows("4 w \"[[\" down enter", &["[[M2]]"], &[]);
    check_shows("4 w \"[[\" up tab", &["[[P3]]"], &[]);
    // Who wants none goes on; the line end is a line end again.
    check_shows("4 w \"[[\" esc enter \"x\"", &["[["], &["D1  合同"]);
    // Nothing is offered, and `esc` is meant for that all the same: the note stays open.
    check_shows("4 w \"[[zzz\" esc \" xx\"", &["[[zzz xx"], &["is kept"]);
    check_shows("4 w \"[[zzz\" esc esc", &["is kept"], &[]);
    check_shows("4 w \"[[zzz\" enter \"x\"", &[], &["D1  合同"]);
}

#[test]
fn what_a_note_names_stands_below_it() {
    check_shows("2 enter j c", &["[[A1]]", "A1 about A1"], &[]);
    check_shows("4 w \"[[D1]] and [[M2]], P3\"", &["D1 about D1", "M2 about M2"], &["P3 about P3"]);
    check_shows("4 w \"[[D1]]\" backspace", &[], &["D1 about D1"]);
}

#[test]
fn each_citation_from_the_results_goes_to_the_note() {
    let first = "/ \"付款\" enter c \"typed\"";
    check_shows(first, &["[[A1]] typed"], &[]);
    // The results of another search, while the note is open.
    check_shows(&format!("{first} tab / \"川江\" enter j c \"more\""), &["typed", "more"], &[]);
}

#[test]
fn the_editor_outside_gets_the_text_and_gives_it_back() {
    let played = with_editor(Some("ed"), "4 w \"青河\" ctrl-e");
    assert!(played.screen.contains("青河 ed"), "{}", played.screen);
    assert!(played.screen.contains("the text is taken over · ^z undoes it"), "{}", played.screen);
    let played = with_editor(Some("ed"), "4 w \"青河\" ctrl-e ctrl-z");
    assert!(!played.screen.contains("青河 ed"), "{}", played.screen);
    for (editor, words) in [
        (Some("none"), "none -w did not start"),
        (Some("false"), "false -w failed (exit code 1): the text is as it was"),
        (None, "set VISUAL or EDITOR"),
    ] {
        let played = with_editor(editor, "4 w \"青河\" ctrl-e");
        assert!(played.screen.contains(words), "{}", played.screen);
        assert!(played.screen.contains("│ 青河"), "{}", played.screen);
        assert!(played.cursor.is_some());
    }
}

#[test]
fn a_megabyte_is_pasted_and_written_on() {
    let text = "青河那边的付款下周，30万先付，剩下的走川江。\n".repeat(16_000);
    assert!(text.len() > 1 << 20);
    let mut script = events("4 w \"a\"");
    script.push(Event::Paste(text));
    script.extend(events("\"end\" ctrl-home \"start \" ctrl-end"));
    let played = play_app(App::new("qinghe", 120, 40), Theme::Dark, script);
    assert!(played.screen.contains("│ end"), "{}", played.screen);
    let most = played.frames.iter().max().unwrap();
    assert!(*most < 16_000, "a frame of {most} bytes");
}

#[test]
fn the_real_cursor_stands_at_the_caret() {
    let cursor = |keys: &str| at(keys).cursor.unwrap();
    let (x, y) = cursor("4 w");
    assert_eq!(cursor("4 w \"青河\""), (x + 4, y));
    assert_eq!(cursor("4 w \"青河\" left"), (x + 2, y));
    assert_eq!(cursor("4 w \"青河\" enter"), (x, y + 1));
    // A cluster of several characters is one.
    let mut script = events("4 w");
    script.push(Event::Paste("👨\u{200d}👩\u{200d}👧e\u{301}".to_owned()));
    let played = play_app(App::new("qinghe", 120, 40), Theme::Dark, script);
    assert_eq!(played.cursor, Some((x + 3, y)));
}

/// Rows of the list of notes that are drafts.
fn drafts(keys: &str) -> Vec<String> {
    let played = at(keys);
    let rows = played.app.notes.rows().iter().filter(|entry| entry.row.draft.is_some());
    rows.map(|entry| entry.row.title.clone()).collect()
}

#[test]
fn a_draft_is_listed_as_soon_as_it_is_kept() {
    assert_eq!(drafts("4 w \"beginning\""), ["half a sen", "beginning"]);
    assert_eq!(drafts("4 w \"beginning\" backspace"), ["half a sen", "beginnin"]);
    // Also where it is written beside something else.
    assert_eq!(drafts("4 1 w \"beginning\" tab 4"), ["half a sen", "[[D1]] beginning"]);
}

#[test]
fn a_draft_that_is_being_written_is_not_opened_twice() {
    let way = "4 w \"beginning\" tab tab G enter \" of it\"";
    check_shows(way, &["│ beginning of it  ", "▸✎ beginning of it"], &[]);
    assert_eq!(drafts(way), ["half a sen", "beginning of it"]);
    assert!(at("4 w \"beginning\" tab tab G enter").screen.contains("a note is being written"));
    assert!(at("4 w \"beginning\" tab tab G D").screen.contains("it is being written"));
    // Of a note that is there likewise.
    let played = at("4 G k e \"!\" tab tab e");
    assert!(played.screen.contains("a note is being written"), "{}", played.screen);
    // That of an earlier sitting is another one: what is written is kept first.
    check_shows(
        "4 w \"beginning\" tab tab G k enter \"tence\"",
        &["│ half a sentence  ", "· beginning", "✎ half a sentence"],
        &["✎ beginning"],
    );
}

#[test]
fn an_event_says_that_it_has_no_date_and_takes_one_at_once() {
    let way = "4 W e \"signed\" esc";
    check_shows(way, &["N3 is kept and has no date: = d gives it one · u undoes it"], &[]);
    let played = check_shows(&format!("{way} = d"), &["2021-03-05T12:41"], &[]);
    assert_eq!(played.app.notes.current().unwrap().row.id, Some(crate::model::NoteId(3)));
    // Written beside a document it is gone to with the section of the notes.
    let beside = "4 1 j enter W e \"signed\" esc";
    check_shows(beside, &["N3 is kept and has no date: 4, then = d, gives it one"], &[]);
    let played = at(&format!("{beside} 4"));
    assert_eq!(played.app.notes.current().unwrap().row.id, Some(crate::model::NoteId(3)));
    check_shows("4 W f \"x\" esc", &["N3 is kept · u undoes it"], &["no date"]);
}

#[test]
fn the_cursor_goes_to_the_note_that_an_undoing_brings_back() {
    let here = |keys: &str| at(keys).app.notes.current().and_then(|entry| entry.row.id);
    let before = here("4 g g j");
    assert!(before.is_some());
    assert_ne!(here("4 g g j D"), before);
    assert_eq!(here("4 g g j D u"), before);
}
