//! What the mouse does. Everything works without it.

use super::check::at;
use super::stage::{Played, events, play_events};
use crate::app::event::Event;
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::tui::theme::Theme;

/// Clicks on the first cell of `text`, as the screen shows it after `keys`, so many times.
fn click(keys: &str, text: &str, times: usize) -> Played {
    let before = at(keys);
    let (y, line) = before
        .screen
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(text))
        .unwrap_or_else(|| panic!("{keys}: no {text:?}\n{}", before.screen));
    let x = crate::text::width::of(&line[..line.find(text).unwrap()]);
    let event = || Event::Click { x: x as u16, y: y as u16 };
    let mut script = events(keys);
    script.extend((0..times).map(|_| event()));
    play_events(120, 40, Theme::Dark, script)
}

#[track_caller]
fn check_place(played: &Played, view: View, focus: Pane) {
    assert_eq!((played.app.view, played.app.focus), (view, focus), "{}", played.screen);
}

#[test]
fn the_mouse_selects() {
    let mut script = events("1 j enter");
    let area = at("1 j enter").app.layout.pane(Pane::Reader).unwrap();
    script.push(Event::Click { x: area.x + 4, y: area.y + 1 });
    script.push(Event::Drag { x: area.x + 7, y: area.y + 1 });
    script.extend(events("y"));
    let played = play_events(120, 40, Theme::Dark, script);
    assert_eq!(played.copied, ["网络"], "{}", played.screen);
}

#[test]
fn a_click_goes_there_and_a_second_one_opens() {
    let once = click("1", "白皮书_v3.pdf", 1);
    check_place(&once, View::Documents, Pane::List);
    assert_eq!(once.app.documents.cursor, 1);
    check_place(&click("1", "白皮书_v3.pdf", 2), View::Documents, Pane::Reader);
    // Results and lines that lead somewhere likewise.
    check_place(&click("/ \"青河\" enter", "青河的付款到了吗", 1), View::Search, Pane::Results);
    check_place(&click("/ \"青河\" enter", "青河的付款到了吗", 2), View::Chats, Pane::Reader);
    check_place(&click("", "8 documents in", 1), View::Documents, Pane::List);
}

#[test]
fn sections_hints_and_corners_can_be_clicked() {
    check_place(&click("", "2 Chats", 1), View::Chats, Pane::List);
    assert!(click("1", "space read document", 1).app.documents.rows()[0].row.read);
    assert!(click("1", "? keys", 1).screen.contains("─ KEYS ─"));
    assert!(click("1", ": command", 1).screen.contains("─ COMMAND ─"));
    let typing = click("1", "/ search", 1);
    assert!(typing.app.search.is_typing, "{}", typing.screen);
    // A notice stands where hints stand: it is put away, and no hint is clicked through it.
    let away = click("1 j \"%\"", "% means nothing here", 1);
    assert!(away.app.notice.is_none() && !away.app.documents.rows()[0].row.read);
}

#[test]
fn windows_can_be_clicked() {
    let chosen = click("1 : \"timel\"", "timeline ", 1);
    check_place(&chosen, View::Timeline, Pane::List);
    let asked = "2 enter M space";
    assert!(click(asked, "enter yes", 1).app.layers.is_empty());
    assert!(click(asked, "enter yes", 1).screen.contains("as read · u undoes it"));
    let refused = click(asked, "esc no", 1);
    assert!(refused.app.layers.is_empty() && !refused.screen.contains("undoes"));
    // Inside of a window nothing is closed by a click beside what can be chosen; beside it, it is.
    assert!(click("1 ?", "─ KEYS ─", 1).screen.contains("─ KEYS ─"));
    assert!(!click("1 ?", "1▸Documents", 1).screen.contains("─ KEYS ─"));
}

#[test]
fn the_wheel_moves_what_is_under_it() {
    let turn = |keys: &str, pane: Pane, by: i64| {
        let area = at(keys).app.layout.pane(pane).unwrap();
        let mut script = events(keys);
        script.push(Event::Wheel { x: area.x + 1, y: area.y + 1, by });
        play_events(120, 8, Theme::Dark, script)
    };
    assert_eq!(turn("1", Pane::List, 3).app.documents.cursor, 3);
    let read = turn("1 j", Pane::Reader, 3);
    check_place(&read, View::Documents, Pane::List);
    assert!(matches!(&read.app.reader, Reader::Text(text) if text.top() > 0), "{}", read.screen);
    // What lies over the desk takes it.
    let covered = turn("1 ?", Pane::List, 3);
    assert_eq!(covered.app.documents.cursor, 0);
}
