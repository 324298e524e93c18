//! What keys do, through the production loop.

use super::stage::{Played, events, play, play_events};
use crate::app::event::Event;
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::tui::theme::Theme;
use proptest::prelude::*;

fn at(keys: &str) -> Played {
    play(120, 40, Theme::Dark, keys)
}

#[track_caller]
fn check_place(keys: &str, view: View, focus: Pane) -> Played {
    let played = at(keys);
    assert_eq!((played.app.view, played.app.focus), (view, focus), "{}", played.screen);
    played
}

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
    assert!(played.screen.contains("hit 1 of 1"), "{}", played.screen);
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
    let played = check_place("4 G enter enter", View::Chats, Pane::Reader);
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 1));
    let played = check_place("5 j enter j enter", View::Chats, Pane::Reader);
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 7));
    let played = check_place(": \"P3\" enter", View::Entities, Pane::Reader);
    assert_eq!(played.app.accounts.cursor, 2);
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
fn the_palette_goes_to_numbers() {
    check_place(": \"D2\" enter", View::Documents, Pane::Reader);
    let played = check_place(": \"m8\" enter", View::Chats, Pane::Reader);
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 7));
    let played = at(": \"M99\" enter");
    assert!(played.screen.contains("there is no M99"), "{}", played.screen);
}

#[test]
fn facets_and_near_misses_change_the_query() {
    let played = check_place("/ \"青河\" tab j enter", View::Search, Pane::Results);
    assert_eq!(played.app.search.query, "青河 kind:document");
    let played = at("/ \"青河\" tab G enter");
    assert_eq!(played.app.search.query, "清河");
    let played = at("/ \"青河\" tab G enter ctrl-o");
    assert_eq!(played.app.search.query, "青河");
}

#[test]
fn a_wrong_query_can_be_mended_by_one_key() {
    let played = at("/ \"(payment\"");
    assert!(played.screen.contains("this parenthesis is never closed"), "{}", played.screen);
    let played = at("/ \"(payment\" ctrl-y");
    assert_eq!(played.app.search.query, "(payment)");
}

#[test]
fn unknown_keys_say_so_and_prefixes_show() {
    assert!(at("Z").screen.contains("Z means nothing here"));
    assert!(at("1 g").screen.contains("g …"));
    assert!(at("1 g z").screen.contains("gz means nothing here"));
}

#[test]
fn the_short_number_can_be_copied() {
    assert_eq!(at("1 j y").copied, ["D2"]);
    assert_eq!(at("2 enter j y").copied, ["M2"]);
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
        // Ours: positions, looks, clearing, the cursor, synchronized updates.
        let end = code.find(|c: char| !c.is_ascii_digit() && c != ';' && c != '?').unwrap();
        let last = code[end..].chars().next().unwrap();
        assert!("HmCJhl".contains(last), "{:?}", &code[..=end]);
        if matches!(last, 'h' | 'l') {
            assert!(["?25", "?2026"].contains(&&code[..end]), "{:?}", &code[..=end]);
        }
        rest = &code[end + 1..];
    }
}

#[test]
fn a_cursor_move_is_cheap() {
    let before = play(160, 50, Theme::Dark, "1 j j").frames.len();
    let played = play(160, 50, Theme::Dark, "1 j j k");
    let sizes = &played.frames[before..];
    assert!(sizes[0] <= 500, "{sizes:?}");
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
        keys in prop::collection::vec(0..43_usize, 1..40),
        width in 1_u16..170,
        height in 1_u16..50,
    ) {
        const POOL: [&str; 43] = [
            "j", "k", "G", "g", "enter", "esc", "tab", "shift-tab", "0", "1", "2", "3", "4", "5", "/", "青", "河",
            ":", "?", "n", "N", "]", "[", "ctrl-d", "ctrl-u", "pagedown", "pageup", "f", "s", "a",
            "e", "i", "y", "ctrl-o", ">", "ctrl-l", "down", "up", "h", "l", "ctrl-y", "(", "backspace",
        ];
        let script = keys.iter().flat_map(|key| events(POOL[*key])).collect();
        let played = play_events(width, height, Theme::Dark, script);
        prop_assert!(played.app.layout.pane(played.app.focus).is_some());
    }
}
