//! What keys do anywhere, through the production loop: lists, settings, opening, sizes.

use super::check::{at, check_shows, drive, reopened};
use super::fake_journal::Journal;
use super::stage::{Played, events, play, play_events};
use crate::app::App;
use crate::app::data::{Answer, Purpose};
use crate::app::event::{Effect, Event};
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::case::Pulse;
use crate::tui::theme::Theme;
use proptest::prelude::*;
use std::sync::Mutex;

#[test]
fn what_was_left_alone_is_listed() {
    let lines = at("").app.overview[2].lines.clone();
    let here = lines.iter().position(|line| line.plain().contains("left alone")).unwrap();
    let steps = "j ".repeat(lines[..here].iter().filter(|line| line.is_stop).count());
    let played = at(&format!("tab tab {steps} enter"));
    assert!(played.screen.contains("LEFT ALONE"), "{}", played.screen);
    assert!(played.screen.contains("S1 link · a symbolic link"), "{}", played.screen);
    assert!(played.screen.contains("… 1 more"), "{}", played.screen);
}

#[test]
fn the_timeline_is_cut_by_what_is_typed() {
    let days = |keys: &str| at(keys).app.days.total();
    assert_eq!(days("5"), Some(7));
    assert_eq!((days("5 f \"event\" enter"), days("5 f \"合同\" enter")), (Some(2), Some(1)));
    assert_eq!(days("5 f \"2022-03 messages\" enter"), Some(4));
    assert_eq!((days("5 f \"event\" enter a"), days("5 f \"event\" esc")), (Some(7), Some(7)));
    check_shows("5 f \"zz\" enter", &["no day and no event says", "DAYS ~zz"], &[]);
}

#[test]
fn a_filter_of_the_keys_that_leaves_none_says_so() {
    check_shows("1 ? \"zzzz\"", &["no key of where you are says this"], &[]);
    check_shows("1 ? \"star\"", &["Star, or take the star off"], &["no key of where"]);
}

#[test]
fn unknown_keys_say_so_and_prefixes_show() {
    assert!(at("Z").screen.contains("Z means nothing here"));
    assert!(at("1 g").screen.contains("g …"));
    assert!(at("1 g z").screen.contains("g z means nothing here"));
}

#[test]
fn conversations_are_filtered_and_sorted() {
    check_shows("2 f \"lin\"", &["CHATS 1/1 ~lin", "lin, mara, 川江"], &[]);
    let none = "no conversation and nobody";
    check_shows("2 f \"zzz\"", &[none], &["lin, mara"]);
    check_shows("2 f \"zzz\" enter a", &["CHATS 1/1"], &[none, "~zzz"]);
    check_shows("2 f \"zzz\" esc", &["CHATS 1/1"], &[none, "~zzz"]);
    check_shows("2 S", &["CHATS 1/1 last spoken"], &[]);
    // The overview lists the busiest of all, whatever the list is cut to.
    check_shows("2 f \"zzz\" enter 0", &["lin, mara, 川江 (wechat)"], &[]);
    // Its sessions are another list.
    check_shows("2 enter h f", &["this list cannot be filtered"], &[]);
}

#[test]
fn a_pane_can_have_the_whole_width() {
    let played = at("1 enter z");
    let width = |played: &Played| played.app.layout.pane(Pane::Reader).map(|area| area.width);
    assert_eq!(width(&played), Some(118));
    assert!(played.app.layout.pane(Pane::List).is_none());
    assert_eq!(width(&at("1 enter z z")), width(&at("1 enter")));
}

#[test]
fn an_empty_list_shows_no_document() {
    let played = at("1 f \"zzz\"");
    assert!(matches!(played.app.reader, Reader::Empty), "{}", played.screen);
    let played = at("1 f \"zzz\" esc");
    assert!(matches!(played.app.reader, Reader::Text(_)), "{}", played.screen);
}

#[test]
fn nothing_that_evidence_says_acts_on_the_terminal() {
    let keys = "1 G k enter tab tab 2 enter G k k k k k / \"escape\" enter tab tab ? esc";
    let played = at(keys);
    let sent = String::from_utf8(played.sent).unwrap();
    let mut rest = sent.as_str();
    while let Some(at) = rest.find(|c: char| c.is_control() || c == '\u{202e}' || c == '\u{200b}') {
        rest = &rest[at..];
        let Some(code) = rest.strip_prefix("\x1b[") else {
            assert!(rest.starts_with("\r\n"), "{:?}", rest.chars().take(20).collect::<String>());
            rest = &rest[2..];
            continue;
        };
        // Ours: positions, looks, clearing and erasing, the cursor, synchronized updates.
        let end = code.find(|c: char| !c.is_ascii_digit() && c != ';' && c != '?').unwrap();
        let last = code[end..].chars().next().unwrap();
        assert!("HmCJXhl".contains(last), "{:?}", &code[..=end]);
        if matches!(last, 'h' | 'l') {
            assert!(["?25", "?2026"].contains(&&code[..end]), "{:?}", &code[..=end]);
        }
        rest = &code[end + 1..];
    }
}

#[test]
fn a_cursor_move_is_cheap() {
    let played = play(160, 50, Theme::Dark, "1 j j k");
    // What the last key sent, and not what came before it was there.
    let sizes = &played.frames[played.marks[3]..];
    assert!(sizes[0] <= 500, "{sizes:?}");
}

#[test]
fn the_desk_opens_where_one_left_off() {
    let journal = Mutex::new(Journal::default());
    let leave = |keys: &str| {
        let mut app = App::new("qinghe", 120, 40);
        for event in events(keys) {
            drive(&mut app, event, &journal);
        }
        drive(&mut app, Event::Terminate, &journal);
    };
    leave("1 j j j j j enter");
    let app = reopened(&journal);
    assert_eq!((app.view, app.focus, app.documents.cursor), (View::Documents, Pane::Reader, 5));
    assert!(matches!(&app.reader, Reader::Text(text) if text.document.row.id.0 == 6));
    leave("2 enter j j j");
    let app = reopened(&journal);
    assert_eq!((app.view, app.focus), (View::Chats, Pane::Reader));
    assert!(matches!(&app.reader, Reader::Chat(chat) if chat.cursor == 3));
    leave("2 enter shift-tab j j");
    let app = reopened(&journal);
    assert_eq!((app.view, app.focus), (View::Chats, Pane::List));
    let sessions = app.sessions.as_ref().map(|sessions| (sessions.id.0, sessions.cursor));
    assert_eq!(sessions, Some((1, 2)), "{:?}", app.listing());
    leave("/ \"青河\" enter j j j");
    let app = reopened(&journal);
    assert_eq!((app.view, app.search.results.cursor), (View::Search, 3));
    assert_eq!(app.search.query, "青河");
    assert!(app.search.results.current().is_some(), "it was searched again");
    // Who has gone on is not thrown back.
    let left = journal.lock().unwrap().left.clone();
    let mut app = App::new("qinghe", 120, 40);
    app.keep_up(Pulse::default(), true, true);
    app.handle(events("1").remove(0));
    app.handle(Event::Answer(Purpose::Resume, Box::new(Ok(Ok(Answer::Resume(left))))));
    assert_eq!(app.view, View::Documents);
    // What is typed before it is known where that is acts there.
    leave("1 j j j j j");
    let left = journal.lock().unwrap().left.clone();
    let mut app = App::new("qinghe", 120, 40);
    app.keep_up(Pulse::default(), true, true);
    for event in events("1 j j") {
        app.handle(event);
    }
    let left = Event::Answer(Purpose::Resume, Box::new(Ok(Ok(Answer::Resume(left)))));
    drive(&mut app, left, &journal);
    assert_eq!((app.view, app.documents.cursor), (View::Documents, 7));
    // Whoever is killed comes back to where he was a few seconds before.
    let mut app = App::new("qinghe", 120, 40);
    for event in events("1 j j enter") {
        drive(&mut app, event, &journal);
    }
    drive(&mut app, Event::Due, &journal);
    assert_eq!(reopened(&journal).documents.cursor, 2);
    // What has not changed is not written once more.
    let effects = app.handle(Event::Due);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Ask(..))), "{effects:?}");
    // What nobody understands is no place.
    journal.lock().unwrap().left = Some("{\"view\": 3}".to_owned());
    assert_eq!(reopened(&journal).view, View::Overview);
}

#[test]
fn keys_are_as_somebody_set_them() {
    let mut settings = crate::app::settings::Settings::default();
    settings.read_keys("next-unread = \"n\"\nquit = \"Q\"\nup = \"esc-x\"\n");
    let mut app = App::new("qinghe", 120, 40);
    app.configure(&settings);
    let played = super::stage::play_app(app, Theme::Dark, events(""));
    let screen = &played.screen;
    assert!(screen.contains("keys.toml line 3: \"esc-x\" is not a key"), "{screen}");
    let mut app = App::new("qinghe", 120, 40);
    app.configure(&settings);
    let played = super::stage::play_app(app, Theme::Dark, events("1 n q"));
    assert_eq!(played.app.documents.cursor, 2);
    assert!(played.screen.contains("q means nothing here"), "{}", played.screen);
    settings.read_config("colour = 1");
    let mut app = App::new("qinghe", 80, 24);
    app.configure(&settings);
    let played = super::stage::play_app(app, Theme::Dark, events(""));
    assert!(played.screen.contains("SETTINGS"), "{}", played.screen);
    assert!(played.screen.contains("config.toml line 1"), "{}", played.screen);
}

#[test]
fn any_size_can_be_drawn() {
    let mut script = events("2 enter j / \"青河\" enter");
    for size in [(1, 1), (2, 1), (3, 3), (10, 4), (60, 20), (200, 60), (80, 2), (120, 40)] {
        script.push(Event::Resize(size.0, size.1));
        script.extend(events("? esc j : esc"));
    }
    let played = play_events(120, 40, Theme::Dark, script);
    let same = play(120, 40, Theme::Dark, "2 enter j / \"青河\" enter j j j j j j j j");
    assert_eq!(played.screen, same.screen);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is pressed, the desk goes on, on any size.
    #[test]
    fn any_keys_can_be_pressed(
        keys in prop::collection::vec(0..49_usize, 1..40),
        width in 1_u16..170,
        height in 1_u16..50,
    ) {
        const POOL: [&str; 49] = [
            "j", "k", "G", "g", "enter", "esc", "tab", "shift-tab", "0", "1", "2", "3", "4", "5", "/", "青", "河",
            ":", "?", "n", "N", "]", "[", "ctrl-d", "ctrl-u", "pagedown", "pageup", "f", "s", "a",
            "e", "i", "y", "space", "x", "U", "M", "u", "ctrl-r", "ctrl-o", ">", "ctrl-l", "down", "up", "h", "l", "ctrl-y", "(", "backspace",
        ];
        let script = keys.iter().flat_map(|key| events(POOL[*key])).collect();
        let played = play_events(width, height, Theme::Dark, script);
        prop_assert!(played.app.layout.pane(played.app.focus).is_some());
    }
}
