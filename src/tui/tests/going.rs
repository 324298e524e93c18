//! Keys that go somewhere: back, along links, to numbers, lines, days and occurrences.

use super::check::{at, check_place, check_shows, drive, reopened};
use super::fake_journal::Journal;
use super::stage::{events, play};
use crate::app::App;
use crate::app::data::{Answer, Purpose};
use crate::app::event::Event;
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::case::Pulse;
use crate::tui::theme::Theme;
use std::sync::Mutex;

#[test]
fn back_returns_to_the_very_row() {
    let played = check_place("/ \"青河\" enter j j j enter", View::Chats, Pane::Reader);
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 1));
    let played = check_place("/ \"青河\" enter j j j enter ctrl-o", View::Search, Pane::Results);
    assert_eq!(played.app.search.results.cursor, 3);
    assert_eq!(played.app.search.query, "青河");
    let played = check_place("/ \"青河\" enter j j j enter ctrl-o > ", View::Chats, Pane::Reader);
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 1));
    let played =
        check_place("1 j j enter 2 enter ctrl-o ctrl-o ctrl-o", View::Documents, Pane::List);
    assert_eq!(played.app.documents.cursor, 2);
}

#[test]
fn links_lead_somewhere() {
    let played = check_place("tab tab enter", View::Documents, Pane::List);
    assert!(played.screen.contains("DOCUMENTS 1/1 failed"), "{}", played.screen);
    assert!(played.screen.contains("xref table is broken"), "{}", played.screen);
    let played = check_place("1 a ctrl-o", View::Overview, Pane::Counts);
    assert!(played.screen.contains("0▸Overview"));
    // From a document of the margin to the one that came out of it.
    let played = check_place("1 j j j j enter tab enter", View::Documents, Pane::Reader);
    assert!(played.screen.contains("青河项目付款三十万元"), "{}", played.screen);
    assert_eq!(played.app.documents.cursor, 5);
}

#[test]
fn every_section_leads_into_the_others() {
    // From an account's conversation, its month; from a note, a day.
    check_place("3 enter", View::Entities, Pane::Reader);
    check_place("3 enter j enter", View::Chats, Pane::Reader);
    let played = check_place("3 enter j enter ctrl-o", View::Entities, Pane::Reader);
    assert!(played.screen.contains("takes part in 1 conversation"), "{}", played.screen);
    let played = check_place("3 enter enter", View::Search, Pane::Results);
    assert_eq!(played.app.search.query, "from:wxid_lin01");
    let played = check_place("4 G k enter enter", View::Chats, Pane::Reader);
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 1));
    let played = check_place("5 j j enter j j enter", View::Chats, Pane::Reader);
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 7));
    let played = check_place(": \"P3\" enter", View::Entities, Pane::Reader);
    assert_eq!(played.app.people.cursor, 2);
}

#[test]
fn the_palette_goes_to_numbers() {
    check_place(": \"D2\" enter", View::Documents, Pane::Reader);
    let played = check_place(": \"m8\" enter", View::Chats, Pane::Reader);
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 7));
    let played = at(": \"M99\" enter");
    assert!(played.screen.contains("there is no M99"), "{}", played.screen);
}

#[test]
fn lines_pages_and_marks_are_gone_to() {
    let top = |keys: &str| match play(120, 6, Theme::Dark, keys).app.reader {
        Reader::Text(text) => text.line_at(text.top()),
        _ => u64::MAX,
    };
    assert_eq!(top("1 j enter g l \"p2\" enter"), 3);
    assert_eq!(top("1 j enter g l \"3\" enter"), 2);
    assert_eq!(top("1 j enter g l \"p2\" enter ` x g g ' x"), 3);
    let played = at("1 j enter ` x 2 ' x");
    assert_eq!((played.app.view, played.app.focus), (View::Documents, Pane::Reader));
    assert!(at("' q").screen.contains("no mark is set"));
}

#[test]
fn what_was_gone_to_is_where_one_is_though_all_of_it_is_in_sight() {
    for (keys, place) in [
        ("g p \"2\" enter", "page 2/3 · line 4/4"),
        ("g l \"p2\" enter", "page 2/3 · line 4/4"),
        ("g l \"3\" enter", "page 1/3 · line 3/4"),
        ("]", "page 2/3 · line 4/4"),
        ("] ]", "page 3/3 · line 4/4"),
        ("] ] [", "page 2/3 · line 4/4"),
        ("] ` x g g ' x", "page 2/3 · line 4/4"),
        ("] g g", "page 1/3 · line 1/4"),
        ("g p \"7\" enter", "there is no page 7 here"),
    ] {
        check_shows(&format!("1 j enter {keys}"), &[place], &[]);
    }
    // The selection begins there.
    assert_eq!(at("1 j enter ] v $ y").copied, ["第二页的内容：转账记录。"]);
    assert_eq!(at("1 j enter g l \"4\" enter V y").copied, ["第二页的内容：转账记录。"]);
    // Its line is seen as one.
    let marked = play(120, 40, Theme::Monochrome, "1 j enter ]").styles;
    assert_ne!(marked, play(120, 40, Theme::Monochrome, "1 j enter").styles);
}

#[test]
fn the_list_shows_what_was_opened_from_elsewhere() {
    let played = at("1 f \"pdf\" enter : \"D4\" enter");
    assert_eq!(played.app.documents.cursor, 1, "{}", played.screen);
    let played = at("1 f \"pdf\" enter : \"D6\" enter");
    assert_eq!(played.app.documents.cursor, 5, "{}", played.screen);
}

#[test]
fn occurrences_are_walked() {
    let here = |keys: &str| match at(keys).app.reader {
        Reader::Chat(chat) => chat.cursor,
        _ => u64::MAX,
    };
    assert_eq!(here("/ \"青河\" enter esc 2 enter g g n"), 1);
    assert_eq!(here("/ \"青河\" enter esc 2 enter g g n n"), 7);
    assert_eq!(here("/ \"青河\" enter esc 2 enter g g n n N"), 1);
    assert_eq!(here("/ \"青河\" enter esc 2 enter g g n n n"), 7, "there is none beyond");
    let played = at("/ \"payment\" enter enter n");
    assert!(played.screen.contains(" · 1/1"), "{}", played.screen);
}

#[test]
fn inside_a_conversation_are_its_sessions() {
    let session = |keys: &str| at(keys).app.sessions.map(|sessions| sessions.cursor);
    let position = |keys: &str| match at(keys).app.reader {
        Reader::Chat(chat) => chat.cursor,
        _ => u64::MAX,
    };
    assert!(at("2").screen.contains("CHATS 1/1"));
    assert!(at("2 enter").screen.contains("SESSIONS 1/4"));
    assert_eq!((session("2 enter G"), position("2 enter h j j")), (Some(3), 10));
    check_place("2 enter h j enter", View::Chats, Pane::Reader);
    assert_eq!(position("2 enter h j enter"), 7);
    let played = check_place("2 enter esc esc", View::Chats, Pane::List);
    assert!(played.screen.contains("CHATS 1/1"), "{}", played.screen);
    // Back to the very session.
    assert_eq!(session("2 enter h j j 1 ctrl-o"), Some(2));
    assert!(at("2 enter h j j 1 ctrl-o").screen.contains("SESSIONS 3/4"));
}

#[test]
fn a_conversation_can_be_walked_by_its_sessions_and_dates() {
    let position = |keys: &str| match at(keys).app.reader {
        Reader::Chat(chat) => chat.cursor,
        _ => u64::MAX,
    };
    assert_eq!((position("2 enter }"), position("2 enter } } {")), (7, 7));
    assert_eq!((position("2 enter } j {"), position("2 enter G {")), (7, 10));
    assert_eq!(position("2 enter g d \"2022-03-07\" enter"), 10);
    let played = at("2 enter g d \"2022-03-07\" enter ctrl-o");
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 0));
    // What no export covers is said where it is.
    let screen = at("2 enter").screen;
    assert!(screen.contains("no export covers 2022-03-06 09:05 to 2022-03-07 08:00"), "{screen}");
    assert!(screen.contains("UTC+8 inferred"), "{screen}");
    assert!(at("2 enter R").screen.contains("2022-03-05 12:41:40"), "the stamps of the file");
    // The file that was sent along.
    check_place("2 enter G enter", View::Documents, Pane::Reader);
}

#[test]
fn the_timeline_is_walked_by_months_and_days() {
    let day = |keys: &str| at(keys).app.days.cursor;
    // Events stand among the days: one of 2021-11, one of a day in March.
    assert_eq!((day("5 ]"), day("5 ] ["), day("5 j j [")), (1, 0, 1));
    assert_eq!(day("5 ] ]"), 6, "undated is the last");
    assert_eq!((day("5 g d \"2022-03-07\" enter"), day("5 j g d \"2022\" enter")), (4, 1));
    check_shows("5 g d \"2022-02\" enter", &["nothing is of 2022-02; next is 2022-03-05"], &[]);
    check_shows("5 g d \"2022-03-04\" enter", &["nothing is of 2022-03-04; next is 2022"], &[]);
    check_shows("5 g d \"1999\" enter", &["the days here run from"], &[]);
    check_shows("5 g d \"soon\" enter", &["a day is written 2022-03-05"], &[]);
}

#[test]
fn sessions_stay_known_when_evidence_arrives() {
    let journal = Mutex::new(Journal::default());
    let mut app = reopened(&journal);
    for event in events("2 enter h") {
        drive(&mut app, event, &journal);
    }
    let known = |app: &App| app.sessions.as_ref().and_then(|list| list.get(0)?.1.cloned());
    let before = known(&app);
    assert!(before.is_some());
    let answer = Answer::Changed(Pulse { evidence: 7, journal: 0 });
    drive(&mut app, Event::Answer(Purpose::Watch, Box::new(Ok(Ok(answer)))), &journal);
    assert_eq!(known(&app), before);
    // Also where they are cut otherwise now.
    let id = app.sessions.as_ref().unwrap().id;
    let spans = app.sessions.as_ref().unwrap().spans[..1].to_vec();
    let answer = Answer::Sessions { id, sessions: spans.into() };
    drive(&mut app, Event::Answer(Purpose::Sessions, Box::new(Ok(Ok(answer)))), &journal);
    assert_eq!(known(&app), before, "the same row is asked for once more");
}
