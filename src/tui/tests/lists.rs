//! Lists, and the way into what they list and out of it again.

use super::behaviour::at;
use crate::app::App;
use crate::app::event::Event;
use crate::app::layers::{Layer, Yes};
use crate::app::listing::Listing;
use crate::app::view::View;
use crate::case::{Day, DayRow, DocumentRow, NoteEntry, NoteKind, NoteRow};

#[track_caller]
fn shows(keys: &str, wanted: &str) {
    let screen = at(keys).screen;
    assert!(screen.contains(wanted), "{wanted} after {keys}\n{screen}");
}

#[test]
fn the_key_of_a_section_leads_out_of_what_one_is_inside_of() {
    assert_eq!(at("2 enter").app.listing(), Listing::Sessions);
    assert_eq!(at("2 enter 2").app.listing(), Listing::Chats);
    // From elsewhere one comes back to where one was.
    assert_eq!(at("2 enter 1 2").app.listing(), Listing::Sessions);
}

#[test]
fn inside_of_a_document_the_list_shows_its_pages() {
    // Outside of it documents; inside of it its pages, and what is hit in them.
    assert_eq!(at("1 j").app.listing(), Listing::Documents);
    shows("1 j enter", " PAGES 1/3");
    shows("1 j enter ]", " PAGES 2/3");
    shows("1 j enter \\ \"转账\" enter", " 1 hit");
    // The reader follows the cursor of the list; esc leads out of it.
    let played = at("1 j enter ] esc");
    assert_eq!(played.app.parts.as_ref().map(|parts| parts.cursor), Some(1));
    shows("1 j enter esc j", "D2 白皮书_v3.pdf ● · page 2/3");
    shows("1 j enter esc j", "▸PAGES 2/3");
    let played = at("1 j enter esc j esc");
    assert_eq!(played.app.listing(), Listing::Documents);
    assert_eq!(played.app.documents.cursor, 1);
    // Keys act on the document, and not on the list that is not seen.
    shows("1 j enter esc space", "D2 白皮书_v3.pdf · page");
    shows("1 j enter esc f", "this list cannot be filtered");
    // Nothing to choose from: the list stays as it is.
    assert_eq!(at("1 enter").app.listing(), Listing::Documents);
    // Who comes back is where one was.
    assert_eq!(at("1 j enter 2 1").app.listing(), Listing::Parts);
    assert_eq!(at("1 j enter 1").app.listing(), Listing::Documents);
}

#[test]
fn who_writes_where_there_is_no_margin_comes_back() {
    shows("w", "4▸Notes");
    assert_eq!(at("w \"so many\" esc").app.view, View::Overview);
    let played = at("/ \"付款\" enter j w esc");
    assert_eq!((played.app.view, played.app.search.results.cursor), (View::Search, 1));
    // Whoever began in the section of the notes stays there.
    assert_eq!(at("4 w \"words\" esc").app.view, View::Notes);
}

#[test]
fn marks_are_named_and_taken_off() {
    shows("/ \"付款\" enter j enter", "1/1 for 付款");
    shows("/ \"付款\" enter j enter", "| marks off");
    assert_eq!(at("/ \"付款\" enter j enter |").app.marking(), "");
    // Of a search in the text first that, then the other.
    let find = "/ \"付款\" enter j enter \\ \"pa\" enter ";
    assert_eq!(at(find).app.marking(), "pa");
    assert_eq!(at(&format!("{find} |")).app.marking(), "付款");
    assert_eq!(at(&format!("{find} | |")).app.marking(), "");
}

#[test]
fn a_handle_is_offered_as_a_name_and_gives_way() {
    shows("3 E n", "name of the entity: lin");
    shows("3 E n \"陆知行\"", "name of the entity: 陆知行");
    shows("3 E n enter enter E m", "E1 is the only entity");
}

#[test]
fn a_row_that_names_columns_does_so_again() {
    let header = |keys: &str| {
        let app = at(keys).app;
        app.grid().and_then(|grid| grid.header().map(|row| row.text.clone()))
    };
    let named = header("1 enter");
    assert!(named.is_some());
    assert_eq!(header("1 enter H"), None);
    assert_eq!(header("1 enter H H"), named);
    let other = header("1 enter H j H");
    assert!(other.is_some() && other != named, "{other:?}");
}

#[test]
fn a_draft_of_another_window_is_opened_after_a_question() {
    let asks = |changed: i64| {
        let mut app = App::new("qinghe", 120, 40);
        let row = NoteRow {
            id: None,
            draft: Some(5),
            title: "half a".to_owned(),
            kind: NoteKind::Finding,
            standing: Default::default(),
            author: String::new(),
            changed,
            texts: 1,
        };
        app.view = View::Notes;
        app.focus = app.view.first_focus();
        app.notes.set(0..1, vec![NoteEntry::plain(row)], 1);
        for event in super::stage::events("e") {
            app.handle(event);
        }
        let is_asked = matches!(
            app.layers.last(),
            Some(Layer::Confirm { yes: Yes::Edit { sitting: Some(5), .. }, .. })
        );
        let _: Vec<_> = app.handle(Event::Rested);
        is_asked
    };
    let now = jiff::Timestamp::now().as_millisecond();
    assert!(asks(now - 60_000), "somebody may be at it");
    assert!(!asks(now - 86_400_000), "it was left there");
}

#[test]
fn rows_of_a_day_say_their_zone_where_they_have_several() {
    let check = |dates: [&str; 2], expected: [&str; 2]| {
        let documents = dates.map(|date| DocumentRow {
            date: Some(date.to_owned()),
            ..super::fake::document_row(0)
        });
        let row = DayRow { day: 19_058, documents: 2, messages: 0 };
        let day = Day {
            row,
            conversations: Vec::new(),
            documents: documents.to_vec(),
            provenance: Vec::new(),
            events: Vec::new(),
        };
        let lines = crate::app::pages::day::lines(&day, 60);
        for (line, expected) in lines[1..].iter().zip(expected) {
            assert!(line.plain().starts_with(expected), "{}", line.plain());
        }
    };
    let (utc, east) = ("2022-03-07T02:30:00Z", "2022-03-07T16:05:00+08:00");
    check([utc, east], ["02:30 UTC    D1 ", "16:05 +08:00 D1 "]);
    check(["2022-03-07T02:30:00", east], ["02:30 zone ? D1 ", "16:05 +08:00 D1 "]);
    check([east, east], ["16:05 D1 ", "16:05 D1 "]);
}
