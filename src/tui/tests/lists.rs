//! Lists, and the way into what they list and out of it again.

use super::check::at;
use crate::app::App;
use crate::app::data::{Answer, Details, Purpose};
use crate::app::event::{Effect, Event};
use crate::app::layers::Layer;
use crate::app::listing::Listing;
use crate::app::view::{Pane, View};
use crate::case::{ConversationFilter, ConversationRow, Day, DayRow, DocumentRow, NextUnread};
use crate::model::testing::set_page;
use crate::model::{ConversationId, DocumentId};

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
fn days_are_walked_over_while_one_is_read() {
    let days = "5 f \"messages\" enter enter ";
    let check = |keys: &str, title: &str, row: u64| {
        let played = at(&format!("{days}{keys}"));
        assert_eq!(played.app.reader.title().plain(), title, "{keys}\n{}", played.screen);
        assert_eq!((played.app.focus, played.app.days.cursor), (Pane::Reader, row), "{keys}");
    };
    check("", "Sat 2022-03-05", 0);
    check("]", "Sun 2022-03-06", 1);
    check("] ] [", "Sun 2022-03-06", 1);
    check("] ] ] ]", "Tue 2022-03-08", 3);
    shows(&format!("{days}["), "nothing is of a day before this one");
    shows(&format!("{days}] ] ] ]"), "nothing is of a day after this one");
    // What has no date comes after all days; events between them are no days.
    let last = at("5 G k enter ]");
    assert_eq!(last.app.reader.title().plain(), "undated", "{}", last.screen);
    shows("5 G enter ] [", "▸Tue 2022-03-08");
    // In the list the same keys go over months, and elsewhere they mean nothing.
    shows(days, "] next day");
    shows("3 enter ]", "this is for a day of the timeline");
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
fn rows_of_a_day_say_their_zone_where_they_have_several() {
    let check = |dates: [&str; 2], expected: [&str; 2]| {
        let documents = dates.map(|date| DocumentRow {
            date: Some(date.to_owned()),
            ..super::fake_evidence::document_row(0)
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

#[test]
fn a_filter_that_is_left_leaves_the_cursor_where_it_was() {
    let check = |keys: &str, expected: u64| {
        let played = at(keys);
        let app = &played.app;
        let row = match app.view {
            View::Entities => app.people.cursor,
            View::Timeline => app.days.cursor,
            _ => app.documents.cursor,
        };
        assert_eq!(row, expected, "{keys}\n{}", played.screen);
    };
    // Taken back: where one was, also where nothing was typed.
    check("1 j j j j f \"2\" esc", 4);
    check("1 j j j j f esc", 4);
    check("1 t j j j f \"pdf\" esc", 3);
    check("3 j f \"川\" esc", 1);
    check("5 j f \"2\" esc", 1);
    check("5 j f esc", 1);
    // Everything shown again: on what the filter found, and the reader with it.
    check("1 f \"docx\" enter a", 5);
    assert_eq!(at("1 f \"docx\" enter a").app.documents.current().map(|e| e.row.id.0), Some(6));
    check("1 f \"docx\" enter a j", 6);
    let (left, all) = (at("3 f \"川\" enter").app.people, at("3 f \"川\" enter a").app.people);
    assert!(left.current().is_some() && all.cursor > 0);
    assert_eq!(left.current(), all.current());
}

#[test]
fn rows_far_down_are_gone_on_to_until_the_one_that_was_left_is_there() {
    let row = |id: i64| ConversationRow {
        id: ConversationId(id),
        ..super::fake_evidence::conversation()
    };
    let mut app = App::new("qinghe", 120, 40);
    app.view = View::Chats;
    app.focus = Pane::List;
    app.chat_filter.wanted = "x".to_owned();
    app.chats.set(0..1, vec![row(900)], 1);
    for event in super::stage::events("a") {
        app.handle(event);
    }
    for _ in 0..5 {
        let Some(range) = app.chats.wanted() else { break };
        let range = range.start..range.end.min(1_000);
        let rows = range.clone().map(|at| row(at as i64)).collect();
        let filter = ConversationFilter::default();
        let answer = Answer::Conversations { filter, range, total: 1_000, rows };
        app.handle(Event::Answer(Purpose::List, Box::new(Ok(Ok(answer)))));
    }
    assert_eq!((app.chats.cursor, app.chats.current().map(|row| row.id.0)), (900, Some(900)));
}

/// Plays keys on a case whose first three documents are the pages of one, of which the third is
/// the next unread.
fn at_set(keys: &str) -> App {
    let mut app = App::new("qinghe", 120, 40);
    let journal = std::sync::Mutex::new(super::fake_journal::Journal::default());
    let mut script = vec![Event::Rested];
    for event in super::stage::events(keys) {
        script.extend([event, Event::Rested]);
    }
    for event in script {
        let mut coming = std::collections::VecDeque::from([event]);
        while let Some(event) = coming.pop_front() {
            for effect in app.handle(event) {
                let Effect::Ask(purpose, request) = effect else { continue };
                let mut answer = super::fake::answer(request, &journal);
                let pages = || {
                    let journal = journal.lock().unwrap();
                    let page = |id| journal.mark(DocumentId(id).into(), set_page(id));
                    [1, 2, 3].map(page).to_vec()
                };
                match &mut answer {
                    Ok(Answer::Document { document, .. }) => document.page_set = pages(),
                    Ok(Answer::Details(details, _)) => {
                        if let Details::Document(document) = &mut **details {
                            document.page_set = pages();
                        }
                    }
                    Ok(Answer::Unread { next, .. }) => {
                        let (item, unfolded) = (DocumentId(3).into(), Vec::new());
                        *next = Some(NextUnread { row: 0, unfolded, item, is_from_start: false });
                    }
                    _ => {}
                }
                coming.push_back(Event::Answer(purpose, Box::new(Ok(answer))));
            }
        }
    }
    app
}

#[test]
fn the_pages_of_a_set_are_marked_each_for_itself() {
    let marked = |keys: &str| {
        let app = at_set(keys);
        let parts = app.parts.as_ref().expect("pages are listed");
        let lines: Vec<String> =
            (0..3).map(|at| parts.line(at, &[], 20).expect("a page").plain()).collect();
        (parts.head().plain(), lines)
    };
    let check = |keys: &str, head: &str, expected: [&str; 3]| {
        let (found, lines) = marked(keys);
        assert_eq!(found, head, "{keys}");
        assert_eq!(lines, expected, "{keys}");
    };
    let (one, two, three) =
        ("page 1        D1    ", "page 2        D2    ", "page 3        D3    ");
    check("1 enter esc", "PAGES 1/3", [one, two, three]);
    check("1 enter esc j space", "PAGES 2/3 ●1", [one, "page 2        D2   ●", three]);
    check("1 enter esc j x", "PAGES 2/3 ✗1", [one, "page 2        D2   ✗", three]);
    check("1 enter esc G s", "PAGES 3/3 ★1", [one, two, "page 3        D3  ★ "]);
    check("1 enter esc j space space", "PAGES 2/3", [one, two, three]);
    // What is read is marked under its page as well.
    check("1 enter space", "PAGES 1/3 ●1", ["page 1        D1   ●", two, three]);
    let read = ["page 1        D1   ●", "page 2        D2   ●", three];
    check("1 enter esc v j space enter", "PAGES 2/3 ●2", read);
    let hint = |keys: &str| {
        let words = at_set(keys).hints().into_iter().map(|hint| hint.words);
        words.into_iter().find(|words| words.starts_with("read "))
    };
    assert_eq!(hint("1 enter esc j").as_deref(), Some("read page"));
    assert_eq!(hint("1 enter esc v j").as_deref(), Some("read selection"));
    let asked = |keys: &str| match at_set(keys).layers.last() {
        Some(Layer::Confirm { lines, .. }) => lines[0].clone(),
        layer => panic!("nothing is asked: {layer:?}"),
    };
    let all = "Mark 3 documents that are the pages of this set as read?";
    assert_eq!(asked("1 enter esc M space"), all);
    assert_eq!(asked("1 enter esc v j x"), "Mark 2 documents that are selected as irrelevant?");
}

#[test]
fn from_the_pages_of_a_set_one_goes_to_an_unread_one_and_by_number() {
    let check = |keys: &str, focus: Pane, page: u64| {
        let app = at_set(keys);
        let parts = app.parts.as_ref().expect("pages are listed");
        let found = (app.listing(), app.focus, parts.cursor, parts.id.0);
        assert_eq!(found, (Listing::Parts, focus, page - 1, page as i64), "{keys}");
    };
    check("1 enter esc", Pane::List, 1);
    check("1 enter esc U", Pane::List, 3);
    check("1 enter esc g p \"2\" enter", Pane::Reader, 2);
    check("1 enter esc g p esc", Pane::List, 1);
}
