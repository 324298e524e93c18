//! Keys of whoever reads: texts, tables, what is selected and copied, what counts as seen.

use super::check::{at, drive};
use super::fake_journal::Journal;
use super::stage::{events, play, play_app};
use crate::app::App;
use crate::app::event::Event;
use crate::app::reader::Reader;
use crate::tui::theme::Theme;
use std::sync::Mutex;
use std::time::Duration;

#[test]
fn a_document_is_searched_as_one_types() {
    let played = at("1 j enter \\ \"付款\"");
    assert!(played.screen.contains("find here (1/1): 付款"), "{}", played.screen);
    let played = at("1 j enter \\ \"pa\" enter n");
    assert!(played.screen.contains(" · 2/2"), "{}", played.screen);
    // What the search found is marked again.
    let played = at("/ \"付款\" enter j enter \\ \"pa\" esc");
    assert!(played.screen.contains("1/1 for 付款"), "{}", played.screen);
    assert_eq!(played.app.marking(), "付款");
    let played = at("2 enter \\ \"青河\" enter n");
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 7));
    assert!(played.screen.contains(" · 2/2"), "{}", played.screen);
}

#[test]
fn the_margin_tells_about_the_cell() {
    let margin = |width, height, keys: &str| {
        let played = play(width, height, Theme::Dark, keys);
        played.app.margin.lines.iter().map(|line| line.plain()).collect::<Vec<_>>()
    };
    assert_eq!(margin(160, 50, "1 enter")[0], "付款!A2");
    assert_eq!(margin(160, 50, "1 enter l")[0], "付款!B2");
    assert_eq!(margin(80, 24, "1 enter l i")[0], "付款!B2");
    assert!(margin(160, 50, "1")[0].starts_with("D1 "), "in the list one is on a document");
}

#[test]
fn a_table_is_a_grid() {
    let cell = |keys: &str| {
        let played = at(keys);
        let grid = played.app.grid().map(|grid| (grid.address(), grid.cell().to_owned()));
        grid.unwrap_or_default()
    };
    assert_eq!(cell("1 enter"), ("A2".to_owned(), "QH-2022-007".to_owned()));
    assert_eq!(cell("1 enter j l l"), ("C3".to_owned(), "叁拾万".to_owned()));
    assert_eq!(cell("1 enter $ G k"), ("C2".to_owned(), "187.15万".to_owned()));
    assert_eq!(cell("1 enter g l \"b3\" enter"), ("B3".to_owned(), "川江科技".to_owned()));
    // An occurrence is gone to by its cell.
    assert_eq!(cell("/ \"川江\" enter enter"), ("B3".to_owned(), "川江科技".to_owned()));
    let played = at("1 enter j T");
    assert!(played.app.grid().is_none() && played.screen.contains("QH-2022-010 │ 川江科技"));
    assert_eq!(cell("1 enter j T T").0, "A2", "the text was seen from its start");
    let played = at("1 enter S");
    assert!(played.screen.contains("sorts no tables"), "{}", played.screen);
    assert!(played.app.grid().is_some_and(|grid| !grid.is_sorting()));
}

#[test]
fn what_is_selected_is_copied_exactly() {
    assert_eq!(at("1 j enter v l l y").copied, ["青河网"]);
    assert_eq!(at("1 j enter v w w w w v l y").copied, ["安全"], "v begins anew");
    assert_eq!(at("1 j enter v j j j $ v b y").copied, ["advance."]);
    assert_eq!(at("1 j enter v j j V y").copied.len(), 1);
    let lines = &at("1 j enter V j j y").copied[0];
    assert!(lines.starts_with("青河网络") && lines.ends_with("另行约定。\n"), "{lines:?}");
    assert_eq!(at("/ \"付款\" enter j enter v y").copied, ["付款"], "the occurrence");
    assert_eq!(at("1 j enter v G o y").copied.len(), 1);
    assert_eq!(at("1 enter j l y Y").copied, ["川江科技", "cited: 川江科技"]);
    assert_eq!(at("1 j Y").copied, ["cited: D2"]);
    assert_eq!(at("2 enter j V j j y").copied, ["messages 1..6"], "a fold is one row");
    assert_eq!(at("2 enter j v l l y").copied, ["青河那"]);
    assert_eq!(at("2 enter j v l l esc y").copied, ["M2"]);
}

#[test]
fn originals_are_shown_outside_only_after_a_question() {
    let mut app = crate::app::App::new("qinghe", 120, 40);
    assert!(at("1 j O").screen.contains("no display here"), "tests have no program for it");
    app.opener = Some(vec!["show".to_owned()]);
    let played = play_app(app, Theme::Dark, events("1 j O"));
    assert!(played.screen.contains("Open D2 (pdf, 1.9 KB) with show?"), "{}", played.screen);
    let mut app = crate::app::App::new("qinghe", 120, 40);
    app.opener = Some(vec!["show".to_owned()]);
    let played = play_app(app, Theme::Dark, events("1 j O enter"));
    assert!(played.copied[0].starts_with("show ") && played.copied[0].ends_with("D2.pdf"));
    let mut app = crate::app::App::new("qinghe", 120, 40);
    app.opener = Some(vec!["show".to_owned()]);
    let played = play_app(app, Theme::Dark, events("1 j j j j O"));
    assert!(played.copied.is_empty() && played.screen.contains("zip is not opened outside"));
}

#[test]
fn the_margin_tells_about_the_cell_and_where_it_came_from() {
    let screen = at("1 enter j l l").screen;
    for words in ["付款!C3", "= 300,000", "source S1", "/evidence/青河", "added 2024-02-20"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
}

#[test]
fn the_short_number_can_be_copied() {
    assert_eq!(at("1 j y").copied, ["D2"]);
    assert_eq!(at("2 enter j y").copied, ["M2"]);
}

#[test]
fn seen_is_what_stood_long_enough() {
    let journal = Mutex::new(Journal::default());
    let mut app = App::new("qinghe", 120, 40);
    let press = |app: &mut App, keys: &str| {
        let mut timers = Vec::new();
        for event in events(keys) {
            timers.extend(drive(app, event, &journal));
        }
        timers
    };
    let seen = || journal.lock().unwrap().seen.len();
    // However many keys are pressed: who does not wait sees nothing.
    let timers = press(&mut app, "2 enter G g g 0");
    assert!(timers.iter().all(|time| *time == Duration::from_secs(1)), "{timers:?}");
    assert_eq!(seen(), 0);
    press(&mut app, "2 enter");
    // Fourteen short messages need more than the second that every screen needs.
    let more = drive(&mut app, Event::Dwelt, &journal);
    assert!(more.len() == 1 && more[0] < Duration::from_secs(4), "{more:?}");
    assert!(drive(&mut app, Event::Dwelt, &journal).is_empty());
    assert_eq!(seen(), 0, "gathered, not written yet");
    press(&mut app, "0");
    assert_eq!(seen(), 14, "the overview counts it");
    drive(&mut app, Event::Terminate, &journal);
    assert_eq!(seen(), 14);
    // Once is enough.
    press(&mut app, "2");
    drive(&mut app, Event::Dwelt, &journal);
    drive(&mut app, Event::Terminate, &journal);
    assert_eq!(seen(), 14);
    // What lies over it hides it.
    press(&mut app, "1 j ?");
    assert!(drive(&mut app, Event::Dwelt, &journal).is_empty());
    press(&mut app, "esc");
    drive(&mut app, Event::Dwelt, &journal);
    drive(&mut app, Event::Dwelt, &journal);
    drive(&mut app, Event::Terminate, &journal);
    assert_eq!(journal.lock().unwrap().seen.len(), 15);
}
