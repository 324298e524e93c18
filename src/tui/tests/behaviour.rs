//! What keys do, through the production loop.

use super::fake::Journal;
use super::stage::{Played, events, play, play_app, play_events};
use crate::app::App;
use crate::app::data::{Act, Answer, Failure, Mark, Purpose, Request};
use crate::app::event::{Effect, Event};
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::case::{Pulse, ZoneStatus};
use crate::model::{DocumentId, ItemId};
use crate::tui::theme::Theme;
use proptest::prelude::*;
use std::sync::Mutex;
use std::time::Duration;

pub(super) fn at(keys: &str) -> Played {
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
fn a_zone_is_set_from_the_overview_and_taken_back() {
    // The second line that waits for a decision: the first is what could not be read.
    let way = "tab tab j enter";
    let played = check_place(way, View::Documents, Pane::List);
    assert!(played.screen.contains("1/1 zone assumed"), "{}", played.screen);
    assert!(played.screen.contains("mostly 02-11"), "{}", played.screen);
    let zone = |played: &Played| match &played.app.reader {
        Reader::Page(page) => match &page.page {
            crate::app::pages::Page::Clock(clock, _) => Some((clock.zone, clock.status)),
            _ => None,
        },
        _ => None,
    };
    // The cursor stands on the zone that it is read in.
    let way = format!("{way} enter j enter");
    let asked = at(&way);
    assert!(asked.screen.contains("Read the clock of D8 as UTC+1?"), "{}", asked.screen);
    assert_eq!(zone(&at(&format!("{way} esc"))), Some((0, ZoneStatus::Assumed)));
    let set = at(&format!("{way} enter"));
    assert_eq!(zone(&set), Some((3600, ZoneStatus::Set)), "{}", set.screen);
    assert_eq!(set.app.status.as_ref().unwrap().zones_assumed, 0);
    let undone = at(&format!("{way} enter u"));
    assert_eq!(zone(&undone), Some((0, ZoneStatus::Assumed)), "{}", undone.screen);
    assert_eq!(undone.app.status.as_ref().unwrap().zones_assumed, 1);
}

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
fn rows_of_a_list_are_selected_and_marked_as_one() {
    let asked = at("1 j v j j space");
    assert!(
        asked.screen.contains("Mark 3 documents that are selected as read?"),
        "{}",
        asked.screen
    );
    assert!(asked.screen.contains("1 of them are so already."), "{}", asked.screen);
    let read = |played: &Played| -> Vec<bool> {
        played.app.documents.rows().iter().take(5).map(|entry| entry.row.read).collect()
    };
    let done = at("1 j v j j space enter");
    assert_eq!(read(&done), [false, true, true, true, false]);
    assert_eq!(done.app.selected_rows(), None, "it is over");
    assert_eq!(read(&at("1 j v j j space enter u")), [false, true, false, false, false]);
    // Upwards, and in the results.
    let asked = at("/ \"青河\" enter j j v k x");
    assert!(
        asked.screen.contains("2 messages that are selected as irrelevant?")
            || asked.screen.contains("1 document and 1 message that are selected as irrelevant?")
            || asked.screen.contains("2 documents that are selected as irrelevant?"),
        "{}",
        asked.screen
    );
    // Another list, another column, or esc: nothing is selected.
    for keys in ["1 v j esc", "1 v j tab", "1 v j f \"扫描\" enter", "1 v j 2"] {
        assert_eq!(at(keys).app.selected_rows(), None, "{keys}");
    }
}

#[test]
fn a_search_is_run_again_when_evidence_arrives() {
    let journal = Mutex::new(Journal::default());
    let mut app = reopened(&journal);
    for event in events("/ \"青河\" enter j j") {
        drive(&mut app, event, &journal);
    }
    let item = app.search.results.current().unwrap().item;
    let answer = Answer::Changed(Pulse { evidence: 7, journal: 0 });
    let effects = app.handle(Event::Answer(Purpose::Watch, Box::new(Ok(Ok(answer)))));
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Ask(Purpose::Search, request) => Some(request.clone()),
        _ => None,
    });
    let Ok(Answer::Search { query, range, mut result }) =
        super::fake::answer(asked.expect("it is asked again"), &journal)
    else {
        panic!("a search is answered");
    };
    // One more came before the one under the cursor.
    let new = crate::case::Hit { item: DocumentId(99).into(), ..result.hits[0].clone() };
    result.hits.insert(0, new);
    result.total += 1;
    let answer = Answer::Search { query, range, result };
    app.handle(Event::Answer(Purpose::Search, Box::new(Ok(Ok(answer)))));
    assert_eq!(app.search.results.cursor, 3);
    assert_eq!(app.search.results.current().unwrap().item, item, "the cursor stays on it");
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
fn notes_are_written_beside_what_is_read() {
    // The message that the cursor is on is named; the note is kept when one leaves it.
    let played = at("2 enter j w \"青河 pays 川江\"");
    assert!(played.screen.contains("✎ a new note"), "{}", played.screen);
    assert!(played.screen.contains("[[M2]] 青河 pays 川江"), "{}", played.screen);
    assert!(played.cursor.is_some());
    let played = check_place("2 enter j w \"青河 pays\" esc", View::Chats, Pane::Reader);
    assert!(played.screen.contains("N3 is kept"), "{}", played.screen);
    // Beside the open note one goes on reading, and names more.
    let played = at("2 enter j w \"and \" shift-tab j w");
    assert!(played.screen.contains("[[M2]] and [[M3]] "), "{}", played.screen);
    let played = check_place("4 w \"x\" ctrl-z esc", View::Notes, Pane::List);
    assert!(played.screen.contains("nothing was written"), "{}", played.screen);
    let played = check_place("4 G k e \"!\" esc", View::Notes, Pane::List);
    assert!(played.screen.contains("N1 is kept"), "{}", played.screen);
    // A draft of an earlier sitting is gone on with.
    let played = at("4 G enter \"tence\"");
    assert!(played.screen.contains("half a sentence"), "{}", played.screen);
    // From where there is no margin, in the section of the notes.
    let played = at("w \"0 is typed\"");
    assert!(played.screen.contains("4▸Notes"), "{}", played.screen);
    assert!(played.screen.contains("0 is typed"), "{}", played.screen);
}

#[test]
fn what_is_typed_is_a_draft_at_once_and_survives_leaving() {
    let drafts = |keys: &str| {
        let played = at(keys);
        played.screen.lines().filter(|line| line.contains("✎ ")).count()
    };
    // The desk has one draft of an earlier sitting; resting keeps another.
    assert_eq!(drafts("4"), 1);
    assert_eq!(
        drafts("4 w \"beginning\" tab tab ctrl-l"),
        3,
        "the one that is written, and its draft"
    );
    assert_eq!(drafts("4 w \"beginning\" esc"), 1);
    assert!(at("4 w \"beginning\" tab tab q").app.writing.is_none(), "leaving keeps it");
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
fn the_timeline_is_walked_by_months_and_days() {
    let day = |keys: &str| at(keys).app.days.cursor;
    // Events stand among the days: one of 2021-11, one of a day in March.
    assert_eq!((day("5 ]"), day("5 ] ["), day("5 j j [")), (1, 0, 1));
    assert_eq!(day("5 ] ]"), 6, "undated is the last");
    assert_eq!((day("5 g d \"2022-03-07\" enter"), day("5 j g d \"2022\" enter")), (4, 1));
    check_shows("5 g d \"soon\" enter", &["a day is written 2022-03-05"], &[]);
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
fn queries_of_before_come_back() {
    let query = |keys: &str| at(keys).app.search.query;
    assert_eq!(
        (query("/ up"), query("/ up up"), query("/ up up up")),
        ("older".into(), "oldest".into(), "oldest".into())
    );
    assert_eq!((query("/ up up down"), query("/ up down")), ("older".into(), String::new()));
    assert_eq!(query("/ \"青河\" enter / up"), "青河", "what was used last comes first");
    assert_eq!(query("/ \"青\" ctrl-r"), "older");
    // While there are results, up and down walk over them.
    assert_eq!(at("/ \"青河\" down down up").app.search.results.cursor, 1);
}

#[test]
fn searches_are_kept_as_worklists() {
    let save = "/ \"青河\" enter ctrl-s enter";
    check_shows(save, &["青河 is a worklist now", "worklists: unread"], &[]);
    check_shows(&format!("{save} 0"), &["worklists: unread"], &[]);
    let played = at(&format!("{save} 0 tab tab tab shift-tab"));
    assert!(played.screen.contains("青河"), "{}", played.screen);
    let work = format!("{save} h G");
    assert_eq!(at(&format!("{work} enter")).app.search.query, "(青河) is:unread");
    check_shows(&format!("{work} D"), &["the worklist is gone"], &["worklists: unread"]);
    check_shows(
        "/ \"青河\" enter ctrl-s ctrl-u \"money\" enter",
        &["money is a worklist now"],
        &[],
    );
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
fn a_document_is_searched_as_one_types() {
    let played = at("1 j enter \\ \"付款\"");
    assert!(played.screen.contains("find here (1/1): 付款"), "{}", played.screen);
    let played = at("1 j enter \\ \"pa\" enter n");
    assert!(played.screen.contains(" · 2/2"), "{}", played.screen);
    // What the search found is marked again.
    let played = at("/ \"付款\" enter j enter \\ \"pa\" esc");
    assert!(played.screen.contains("1 hit"), "{}", played.screen);
    assert_eq!(played.app.marking(), "付款");
    let played = at("2 enter \\ \"青河\" enter n");
    assert!(matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 7));
    assert!(played.screen.contains(" · 2/2"), "{}", played.screen);
}

#[test]
fn results_stay_when_their_marks_go() {
    let played = at("/ \"付款\" enter |");
    assert_eq!((played.app.marking(), played.app.search.query.as_str()), ("", "付款"));
    assert!(played.screen.contains(" found"), "{}", played.screen);
    // The next question is marked again.
    let played = at("/ \"付款\" enter | / \"青河\" enter");
    assert_eq!(played.app.marking(), "青河");
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
fn all_of_what_is_wrong_with_a_query_can_be_read() {
    let allowed: Vec<String> = (0..30).map(|number| format!("value{number}")).collect();
    let failure = Failure::new(format!("is: takes one of {}", allowed.join(", ")));
    for (width, height) in [(160, 50), (80, 24)] {
        let mut script = events("/ \"is:foo\"");
        script.push(Event::Answer(Purpose::Search, Box::new(Ok(Err(failure.clone())))));
        let played = play_events(width, height, Theme::Dark, script);
        for value in &allowed {
            assert!(played.screen.contains(value.as_str()), "{value}\n{}", played.screen);
        }
    }
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
fn the_list_shows_what_was_opened_from_elsewhere() {
    let played = at("1 f \"pdf\" enter : \"D4\" enter");
    assert_eq!(played.app.documents.cursor, 1, "{}", played.screen);
    let played = at("1 f \"pdf\" enter : \"D6\" enter");
    assert_eq!(played.app.documents.cursor, 5, "{}", played.screen);
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

#[track_caller]
pub(super) fn check_shows(keys: &str, expected: &[&str], missing: &[&str]) -> Played {
    let played = at(keys);
    let screen = &played.screen;
    for text in expected {
        assert!(screen.contains(text), "{keys}: {text:?} is missing\n{screen}");
    }
    for text in missing {
        assert!(!screen.contains(text), "{keys}: {text:?} is there\n{screen}");
    }
    played
}

#[test]
fn marks_are_set_taken_off_and_undone() {
    check_shows("1", &["space read document", "x irrelevant"], &["undone"]);
    let screen = |keys: &str| at(keys).screen;
    let has_sign = |keys: &str, sign: &str| {
        let row = screen(keys).lines().find(|line| line.contains("▸合同台账")).unwrap().to_owned();
        row.split('│').nth(1).unwrap().contains(sign)
    };
    assert!(!has_sign("1", "●") && has_sign("1 space", "●"));
    assert!(!has_sign("1 space space", "●"));
    assert!(has_sign("1 space s", "★●") && has_sign("1 space x", "✗"));
    check_shows("1 space u", &["undone: marked 1 as read", "^r does it again"], &[]);
    assert!(!has_sign("1 space u j k", "●") && has_sign("1 space u ctrl-r j k", "●"));
    check_shows("2 enter s", &["12:39★l", "space read message"], &[]);
    check_shows("2 enter space x", &["12:39✗l"], &[]);
    // A run of messages without text is one row, and one act.
    check_shows("2 enter j j j space", &["marked 3 as read", "12:44●l"], &[]);
    check_shows("/ \"青河\" enter space", &["022.xlsx · sheet 付款, row 2 ●"], &[]);
    check_shows("u", &["there is nothing to undo"], &["undo ·"]);
}

#[test]
fn many_are_marked_after_a_question() {
    let question = ["Mark 14 messages in C1 lin, mara, 川江 as read?", "enter yes", "esc no"];
    check_shows("2 space", &question, &[]);
    check_shows("2 space esc", &["2▸Chats"], &["Mark 14"]);
    check_shows("2 space y", &["marked 14 as read", "12:39●l"], &["Mark 14"]);
    check_shows("2 space y u", &["undone: marked 14 as read", "12:39 l"], &[]);
    check_shows("2 enter space M space", &["1 of them are so already"], &[]);
    check_shows("2 space y space", &["as not read?", "All of them are so now"], &[]);
    check_shows("/ \"青河\" enter M x", &["Mark 3 documents and 2 messages that 青河 finds"], &[]);
    check_shows("1 : \"all star\" enter", &["Mark 8 documents of this case as starred?"], &[]);
}

#[test]
fn the_next_unread_one_is_a_key_away() {
    // The second document is read in the case.
    assert_eq!(at("1 U").app.documents.cursor, 2);
    assert_eq!(at("1 G U").app.documents.cursor, 0);
    let cursor = |keys: &str| match at(keys).app.reader {
        Reader::Chat(chat) => chat.cursor,
        _ => u64::MAX,
    };
    assert_eq!(cursor("2 U"), 0);
    assert_eq!(cursor("2 enter space j space g g U"), 2);
    assert_eq!(at("/ \"青河\" enter U").app.search.results.cursor, 2);
    check_shows("2 enter M space y U", &["all of this is read or irrelevant"], &[]);
}

/// Hands an event to the desk and answers all that it asks. Gives back the timers that it wants.
pub(super) fn drive(app: &mut App, event: Event, journal: &Mutex<Journal>) -> Vec<Duration> {
    let mut timers = Vec::new();
    let mut effects = app.handle(event);
    while let Some(effect) = effects.pop() {
        match effect {
            Effect::Ask(purpose, request) => {
                let answer = super::fake::answer(request, journal);
                effects.extend(app.handle(Event::Answer(purpose, Box::new(Ok(answer)))));
            }
            Effect::Dwell(time) => timers.push(time),
            _ => {}
        }
    }
    timers
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

/// A desk that is told where somebody left off.
pub(super) fn reopened(journal: &Mutex<Journal>) -> App {
    reopened_at((120, 40), journal)
}

/// The same on a screen of this size.
pub(super) fn reopened_at((width, height): (u16, u16), journal: &Mutex<Journal>) -> App {
    let mut app = App::new("qinghe", width, height);
    app.keep_up(Pulse::default(), true, true);
    let mut effects = app.begin();
    while let Some(effect) = effects.pop() {
        if let Effect::Ask(purpose, request) = effect {
            let answer = super::fake::answer(request, journal);
            effects.extend(app.handle(Event::Answer(purpose, Box::new(Ok(answer)))));
        }
    }
    app
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
fn what_others_mark_appears() {
    let journal = Mutex::new(Journal::default());
    let mut app = reopened(&journal);
    let changed = |app: &mut App, evidence, clock| {
        let answer = Answer::Changed(Pulse { evidence, journal: clock });
        drive(app, Event::Answer(Purpose::Watch, Box::new(Ok(Ok(answer)))), &journal);
    };
    changed(&mut app, 1, 0);
    for event in events("1 j space") {
        drive(&mut app, event, &journal);
    }
    assert!(!app.documents.rows()[1].row.read && !app.documents.rows()[2].row.read);
    let items = vec![ItemId::Document(DocumentId(3))].into();
    let act = Act::Mark { items, mark: Mark::Read, on: true };
    super::fake::answer(Request::Act(act), &journal).unwrap();
    changed(&mut app, 1, 2);
    assert!(app.documents.rows()[2].row.read, "it is shown");
    assert_eq!((app.documents.cursor, app.status.as_ref().unwrap().read), (1, 1));
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
fn a_case_that_cannot_be_written_offers_no_marks() {
    let mut app = App::new("qinghe", 120, 40);
    app.can_write = false;
    let played = super::stage::play_app(app, Theme::Dark, events("1 space"));
    assert!(played.screen.contains("qinghe.case (read-only)"), "{}", played.screen);
    let why = "this case is read-only: mark-read cannot be done";
    assert!(played.screen.contains(why), "{}", played.screen);
    assert!(!played.screen.contains("space read"), "{}", played.screen);
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

/// What was set of notes, and which tags were given, as the keys did it.
fn set_by(keys: &str) -> String {
    at(keys).screen
}

#[test]
fn a_finding_is_graded_by_keys() {
    // The second note of the list is a finding.
    let played = at("4 j enter = s \"ref\" enter");
    assert!(played.screen.contains("called a finding refuted · u undoes it"), "{}", played.screen);
    assert!(played.screen.contains("finding · refuted"), "{}", played.screen);
    let screen = set_by("4 j enter = l \"unl\" enter = c \"high\" enter");
    assert!(screen.contains("likelihood unlikely (20-45%)"), "{screen}");
    assert!(screen.contains("confidence high"), "{screen}");
    // They are kept apart: one says nothing of the other.
    let screen = set_by("4 j enter = l \"none\" enter");
    assert!(
        !screen.contains("likelihood very") && screen.contains("confidence moderate"),
        "{screen}"
    );
    // A note becomes a finding and back; what is no claim has no standing.
    check_shows("4 G k = k \"fin\" enter", &["made a note a finding"], &[]);
    check_shows("4 G k = s", &["only findings have a standing"], &["WHERE IT STANDS"]);
    // An event is dated as vaguely as one knows.
    check_shows("4 j j j j = d \"2021-13\"", &["no date yet"], &[]);
    check_shows(
        "4 j j j j = d \"2021-03?\"",
        &["vague: 2021-03-01 00:00 to 2021-03-31 23:59"],
        &[],
    );
    check_shows("4 j j j j = d \"2021-03?\" enter", &["set the date 2021-03?"], &[]);
    check_shows("4 j j j = q \"who\" enter", &["put a note to a question"], &[]);
}

#[test]
fn citations_speak_for_and_against() {
    // In the margin of the finding, the third citation speaks against it.
    let played = at("4 j enter tab j j = g \"b2\" enter");
    assert!(played.screen.contains("graded a citation B2, it contradicts"), "{}", played.screen);
    let played = at("4 j enter tab -");
    assert!(
        played.screen.contains("for 1") && played.screen.contains("against 2"),
        "{}",
        played.screen
    );
    let played = at("4 j enter tab j j +");
    assert!(
        played.screen.contains("for 3") && played.screen.contains("against 0"),
        "{}",
        played.screen
    );
    check_shows("4 j enter tab = t \"con\" enter", &["it contradicts"], &[]);
    // Where it moved or broke is said beside it, and in the list.
    check_shows("4 j enter", &["moved in its text", "1 of 3 not as cited"], &[]);
    check_shows("4 enter tab", &["is now 2"], &[]);
}

#[test]
fn the_list_of_notes_is_cut_by_kind() {
    check_shows(
        "4 f \"event\" enter",
        &["NOTES 1/2 events", "N14", "N15"],
        &["Wei has", "Who pays? See"],
    );
    check_shows("4 f \"disp\" enter", &["NOTES 1/1 disputed"], &["N12"]);
    check_shows("4 f \"event\" enter a", &["NOTES 1/8", "N11"], &[]);
    // By a word, and then by kind as well.
    check_shows("4 f \"wei\" enter", &["NOTES 1/1 ~wei", "Wei has"], &["N14", "N15"]);
    check_shows("4 f \"wei\" enter f \"event\" enter", &["events · ~wei", "a shows all"], &[]);
    check_shows("4 f \"wei\" enter a", &["NOTES 1/8", "N11"], &[]);
    // An event of the timeline is read where it stands.
    let played = at("5");
    assert!(played.screen.contains("before the event"), "{}", played.screen);
    let played = check_place("5 enter", View::Timeline, Pane::Reader);
    assert!(played.screen.contains("the contract was signed (合同签订)"), "{}", played.screen);
}

#[test]
fn tags_are_completed_counted_and_looked_for() {
    let played = at("1 j # \"mon\" enter");
    assert!(played.screen.contains("tagged 1 #money/advance"), "{}", played.screen);
    check_shows("1 j # \"who/lin\"", &["who/lin", "a new tag"], &[]);
    check_shows("1 j # \"who/lin\" enter", &["tagged 1 #who/lin"], &[]);
    check_shows("1 j # \"a:b\" enter", &["cannot stand in a tag"], &[]);
    // A whole result says first how much it is.
    let played = at("/ \"青河\" enter M # \"mon\" enter");
    assert!(played.screen.contains("#money/advance?"), "{}", played.screen);
    let played = at("/ \"青河\" enter M # \"mon\" enter enter");
    assert!(played.screen.contains("tagged 5 #money/advance"), "{}", played.screen);
    // A note that carries it already loses it.
    check_shows("4 j # enter", &["took off 1 #money/advance"], &[]);
    let played = check_place("g # \"who\" enter", View::Search, Pane::Results);
    assert_eq!(played.app.search.query, "tag:\"who/川江\"");
}
