//! Writing a note, through the production loop: the text, references, the editor outside.

use super::behaviour::{at, check_shows};
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
    check_shows("4 w \"[[zzz\" enter \"x\"", &[], &["D1  合同"]);
}

#[test]
fn what_a_note_names_stands_below_it() {
    check_shows("2 enter j c", &["[[A1]]", "A1 about A1"], &[]);
    check_shows("4 w \"[[D1]] and [[M2]], P3\"", &["D1 about D1", "M2 about M2"], &["P3 about P3"]);
    check_shows("4 w \"[[D1]]\" backspace", &[], &["D1 about D1"]);
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
