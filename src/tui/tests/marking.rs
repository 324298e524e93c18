//! Marks, tags and zones: set on one or many, taken back, made by others.

use super::check::{at, check_place, check_shows, drive, reopened};
use super::fake_journal::Journal;
use super::stage::{Played, events};
use crate::app::App;
use crate::app::data::{Act, Answer, Mark, Purpose, Request};
use crate::app::event::Event;
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::case::{Pulse, ZoneStatus};
use crate::model::{DocumentId, ItemId};
use crate::tui::theme::Theme;
use std::sync::Mutex;

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
