//! The desk is closed and opened again: all that somebody left is there.

use super::check::{drive, reopened, reopened_at};
use super::fake_journal::Journal;
use super::stage::events;
use crate::app::App;
use crate::app::event::Event;
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::case::{AccountSort, ConversationSort};
use std::sync::Mutex;

/// The desk as somebody left it after `keys`, and as it is when it is opened again.
fn left(keys: &str) -> (App, App) {
    let journal = Mutex::new(Journal::default());
    let mut app = App::new("qinghe", 120, 40);
    for event in events(keys) {
        drive(&mut app, event, &journal);
        drive(&mut app, Event::Rested, &journal);
    }
    drive(&mut app, Event::Terminate, &journal);
    let again = reopened(&journal);
    assert_eq!((again.view, again.focus), (app.view, app.focus), "{keys}");
    (app, again)
}

#[test]
fn lists_are_cut_and_sorted_as_they_were() {
    let (_, app) = left("2 f \"lin\" enter S");
    assert_eq!((app.view, app.chat_filter.wanted.as_str()), (View::Chats, "lin"));
    assert_eq!(app.chat_filter.sort, ConversationSort::Last);
    assert_eq!(app.chats.total(), Some(1));
    let (_, app) = left("2 f \"nobody\" enter");
    assert_eq!(app.chats.total(), Some(0), "what was left out is left out");
    let (_, app) = left("3 f \"mar\" enter S");
    assert_eq!((app.people_filter.as_str(), app.people_sort), ("mar", AccountSort::Name));
    let (before, app) = left("4 f \"finding\" enter");
    assert!(!app.note_filter.is_all());
    assert_eq!(app.note_filter, before.note_filter);
    let (_, app) = left("5 f \"2022-03-07\" enter");
    assert_eq!((app.day_filter.as_str(), app.days.total()), ("2022-03-07", Some(1)));
    // Also those of sections that one is not in.
    let (_, app) = left("2 f \"lin\" enter 1 f \"扫描\" enter 5");
    assert_eq!((app.chat_filter.wanted.as_str(), app.filter.path.as_str()), ("lin", "扫描"));
}

#[test]
fn back_leads_to_the_list_as_it_was_cut() {
    let (_, mut app) = left("2 f \"lin\" enter enter h h a");
    assert_eq!(app.chat_filter.wanted, "");
    for event in events("ctrl-o") {
        app.handle(event);
    }
    assert_eq!(app.chat_filter.wanted, "lin");
}

#[test]
fn what_is_searched_in_a_text_or_chat_is_marked_where_one_stood() {
    let query = |app: &App| app.marking().to_owned();
    let (before, app) = left("2 enter \\ \"青河\" enter n");
    assert_eq!((query(&app), query(&before)), ("青河".to_owned(), "青河".to_owned()));
    let found = |app: &App| match &app.reader {
        Reader::Chat(chat) => (chat.cursor, chat.found),
        _ => panic!("a conversation is read"),
    };
    assert!(matches!(found(&before), (_, Some((Some(2), 2)))), "{:?}", found(&before));
    assert_eq!(found(&app), found(&before));
    // Beside the one that one stood on, only how many there are.
    let (before, app) = left("2 enter \\ \"青河\" enter j");
    assert_eq!(found(&app), (found(&before).0, Some((None, 2))));
    // Nobody asked how many there are.
    let (_, app) = left("2 enter j");
    assert_eq!(found(&app).1, None);
    let (before, app) = left("1 j enter \\ \"转账\" enter");
    assert_eq!(query(&app), "转账");
    let title = |app: &App| app.reader.title().plain();
    assert!(title(&before).contains("1/1"), "{}", title(&before));
    assert_eq!(title(&app), title(&before));
}

#[test]
fn the_cursor_of_the_margin_is_where_it_was() {
    let margin = |app: &App| (app.margin.cursor, app.margin.top);
    for keys in [
        // Beside a message, a conversation, a document, a note.
        "2 enter j tab j j",
        "2 tab tab j",
        "1 G enter tab j",
        "1 G tab tab j",
        "4 j enter tab j",
    ] {
        let (before, app) = left(keys);
        assert_eq!(app.focus, Pane::Margin, "{keys}");
        assert!(margin(&before).0 > 0, "{keys}");
        assert_eq!(margin(&app), margin(&before), "{keys}");
        let said =
            |app: &App| [0, app.margin.cursor].map(|number| app.margin.lines[number].plain());
        assert_eq!(said(&app), said(&before), "{keys}: it is about the same");
        // One comes back to the same column.
        let pane = |mut app: App| {
            for event in events("esc") {
                app.handle(event);
            }
            app.focus
        };
        assert_eq!(pane(app), pane(before), "{keys}");
    }
    // Where there is no room for it beside the text it comes with the keys.
    let journal = Mutex::new(Journal::default());
    let mut app = App::new("qinghe", 80, 24);
    for event in events("2 enter j i j j") {
        drive(&mut app, event, &journal);
        drive(&mut app, Event::Rested, &journal);
    }
    drive(&mut app, Event::Terminate, &journal);
    let mut again = reopened_at((80, 24), &journal);
    assert_eq!((again.focus, margin(&again)), (Pane::Margin, margin(&app)));
    // Whoever goes on is not brought back.
    let stop = again.margin.cursor;
    for event in events("k") {
        drive(&mut again, event, &journal);
    }
    assert!(again.margin.cursor < stop);
}
