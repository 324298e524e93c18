//! What stands beside is about what the cursor is on, and keys act on what is shown.

use super::check::{at, check_shows, drive, reopened, reopened_at};
use super::fake_journal::Journal;
use super::stage::{events, play};
use crate::app::App;
use crate::app::data::{Purpose, Request};
use crate::app::event::{Effect, Event};
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::tui::theme::Theme;
use std::sync::Mutex;

#[test]
fn a_search_without_hits_shows_no_document() {
    let found = at("/ \"青河\"");
    assert!(matches!(found.app.reader, Reader::Text(_)));
    let nothing = at("/ \"青河x\"");
    assert!(matches!(nothing.app.reader, Reader::Empty), "{}", nothing.screen);
    // Also where there is room for one column: what nearly would have been found is said there.
    let narrow = play(80, 24, Theme::Dark, "/ \"青河x\"").screen;
    for words in ["nothing in the case says this", "near misses (tab", "清河x 2 (one character)"]
    {
        assert!(narrow.contains(words), "{words}\n{narrow}");
    }
    assert!(narrow.contains("! 1 page has no text"), "{narrow}");
    let wide = play(160, 50, Theme::Dark, "/ \"青河x\"").screen;
    assert_eq!(wide.matches("! 1 page has no text").count(), 1, "{wide}");
    check_shows("/ \"青河x\" tab enter", &["/ 清河x"], &[]);
    // A query that cannot be searched for finds nothing either.
    assert!(matches!(at("/ \"青河\" down \"(\"").app.reader, Reader::Empty));
}

#[test]
fn a_result_is_opened_by_a_key_only() {
    // The third result is a message: looking at it opens nothing, wherever one came from.
    for keys in [
        "/ \"青河\" enter enter ctrl-o j j j",
        "/ \"川江\" enter ctrl-s enter h G enter G k",
        "1 j enter tab ctrl-o / \"青河\" enter j j j",
    ] {
        let played = at(keys);
        assert_eq!(played.app.view, View::Search, "{keys}\n{}", played.screen);
    }
    assert_eq!(at("/ \"青河\" enter j j j enter").app.view, View::Chats);
    // What was opened by its number stays what was asked for.
    assert_eq!(at(": \"M8\" enter").app.view, View::Chats);
}

#[test]
fn no_key_acts_on_a_result_of_an_older_query() {
    let journal = Mutex::new(Journal::default());
    let mut app = reopened(&journal);
    for event in events("/ \"青河\" enter") {
        drive(&mut app, event, &journal);
    }
    assert!(app.search.current().is_some());
    // Another query is typed, and not answered yet: the rows of before are still shown.
    for event in events("e \"x\" enter space x s enter Y y c") {
        for effect in app.handle(event) {
            let is_harmless = match &effect {
                Effect::Ask(purpose, request) => !matches!(
                    (purpose, request),
                    (Purpose::Reader | Purpose::Locate | Purpose::Quote, _)
                        | (
                            _,
                            Request::Act(
                                crate::app::data::Act::Mark { .. } | crate::app::data::Act::Cite(_)
                            )
                        )
                ),
                Effect::Copy(_) => false,
                _ => true,
            };
            assert!(is_harmless, "{effect:?}");
        }
    }
    assert!(app.search.results.rows().len() > 1, "they are shown");
    assert_eq!(app.focus, Pane::Results);
}

#[test]
fn the_margin_that_is_opened_is_about_what_the_cursor_is_on() {
    // No rest comes between the keys: the margin is asked for what the cursor is on by then.
    let journal = Mutex::new(Journal::default());
    let mut app = App::new("qinghe", 80, 24);
    for event in events("2 enter") {
        drive(&mut app, event, &journal);
    }
    drive(&mut app, Event::Rested, &journal);
    for event in events("j i") {
        drive(&mut app, event, &journal);
    }
    assert_eq!(app.focus, Pane::Margin);
    let lines: Vec<String> = app.margin.lines.iter().map(|line| line.plain()).collect();
    assert!(lines.iter().any(|line| line.starts_with("M2 ")), "{lines:?}");
}

#[test]
fn the_margin_is_put_away_where_there_is_room_for_it() {
    let panes = |keys: &str| {
        let played = play(160, 50, Theme::Dark, keys);
        let panes = played.app.layout.panes.iter();
        (panes.map(|(pane, _)| *pane).collect::<Vec<_>>(), played.app.focus)
    };
    let all = vec![Pane::List, Pane::Reader, Pane::Margin];
    assert_eq!(panes("1 i"), (vec![Pane::List, Pane::Reader], Pane::List));
    assert_eq!(panes("1 i i"), (all.clone(), Pane::List));
    assert_eq!(panes("1 tab tab i"), (vec![Pane::List, Pane::Reader], Pane::Reader));
    // It comes with the keys, and in every section it is put away.
    assert_eq!(panes("1 i tab tab"), (all, Pane::Margin));
    assert_eq!(panes("1 i 2").0, [Pane::List, Pane::Reader]);
    let is_hinted = |keys: &str| {
        let played = play(160, 50, Theme::Dark, keys);
        played.app.hints().iter().any(|hint| hint.command.name == "show-margin")
    };
    assert!(is_hinted("1 i") && !is_hinted("1"), "only where it is out of sight");
}

#[test]
fn the_margin_of_a_new_note_is_about_nothing_else() {
    // The document of before is named in what the reader and the margin would show.
    for keys in ["1 j enter 4 W f \"x\"", "1 j enter 0 W f \"x\"", "4 j enter h W f \"x\""] {
        check_shows(keys, &["a finding that is not kept "], &["白皮书", "sha256", "against"]);
    }
    check_shows("4 W e", &["It has no date until"], &[]);
    // Of a note that is there, what is known of it stands there.
    check_shows("4 j enter h e", &["against"], &["not kept yet"]);
}

#[test]
fn a_note_that_is_deleted_leaves_the_list() {
    let played = at("4 G k enter D");
    assert_eq!(played.app.focus, Pane::List, "{}", played.screen);
    assert!(played.screen.contains("N1 is deleted"), "{}", played.screen);
}

#[test]
fn a_next_occurrence_is_offered_where_there_is_one() {
    check_shows("/ \"青河\" enter esc 2 enter", &["n next hit"], &[]);
    check_shows("/ \"pays\" enter esc 2 enter", &[], &["next hit"]);
    check_shows("/ \"付款\" enter j enter", &["n next hit"], &[]);
    check_shows("/ \"发票呢\" enter esc 1 j enter", &[], &["next hit"]);
}

#[test]
fn what_has_no_text_is_cited_by_its_name() {
    for (keys, cited) in [
        ("2 Y", "cited: C1"),
        ("3 Y", "cited: P1"),
        ("4 j Y", "cited: N12"),
        ("1 j Y", "cited: D2"),
    ] {
        assert_eq!(at(keys).copied, [cited], "{keys}");
    }
    check_shows("5 j Y", &["nothing here can be cited"], &[]);
    // What is not in sight is not copied.
    let played = check_shows("1 j enter 0 y", &["nothing with a number is here"], &[]);
    assert!(played.copied.is_empty());
}

#[test]
fn the_desk_opens_at_the_very_row_that_one_left() {
    let size = (120, 12);
    for keys in ["2 enter G k k", "2 enter j j j j j j j ctrl-d k k", "2 enter G h k", "2 enter G"]
    {
        let journal = Mutex::new(Journal::default());
        let mut app = App::new("qinghe", size.0, size.1);
        for event in events(keys) {
            drive(&mut app, event, &journal);
        }
        drive(&mut app, Event::Rested, &journal);
        drive(&mut app, Event::Terminate, &journal);
        let place = |app: &App| match &app.reader {
            Reader::Chat(chat) => {
                (chat.anchor, chat.cursor, app.sessions.as_ref().map(|s| s.cursor))
            }
            _ => panic!("a conversation was read"),
        };
        let again = reopened_at(size, &journal);
        assert_eq!(place(&again), place(&app), "{keys}");
        let wanted = match again.focus {
            Pane::List => "C1 ".to_owned(),
            _ => format!("M{} ", place(&app).1 + 1),
        };
        let lines: Vec<String> = again.margin.lines.iter().map(|line| line.plain()).collect();
        assert!(lines[0].starts_with(&wanted), "{keys}: {wanted} {lines:?}");
    }
}

#[test]
fn reasons_are_wrapped() {
    // Long enough for two rows of the narrowest screen.
    let played = play(40, 12, Theme::Dark, "1 j j j enter");
    assert!(played.screen.contains("xref table is broken"), "{}", played.screen);
    assert!(played.screen.contains("\n transit\n"), "{}", played.screen);
}

#[test]
fn the_line_of_a_search_that_was_not_typed_into_leads_back() {
    // Another search was closed before.
    let before = "2 / \"青河\" enter esc";
    assert_eq!(at(before).app.view, View::Chats);
    let played = at(&format!("{before} / esc"));
    assert_eq!((played.app.view, played.app.focus), (View::Chats, Pane::List));
    assert_eq!(at(&format!("{before} / enter")).app.view, View::Chats);
    // Who typed something, or stood in the results, stays there.
    assert_eq!(at(&format!("{before} / \"付款\" esc")).app.view, View::Search);
    assert_eq!(at("/ \"青河\" enter / esc").app.view, View::Search);
}

#[test]
fn what_is_shown_beside_the_results_is_opened() {
    let chat = at("/ \"青河\" enter j j j tab enter");
    assert_eq!((chat.app.view, chat.app.focus), (View::Chats, Pane::Reader), "{}", chat.screen);
    assert!(matches!(&chat.app.reader, Reader::Chat(chat) if chat.cursor == 1));
    let text = at("/ \"报价单\" enter tab enter");
    assert_eq!((text.app.view, text.app.focus), (View::Documents, Pane::Reader));
}
