//! Keys of a search: the line, facets, worklists, what is wrong with a query.

use super::check::{at, check_place, check_shows, drive, reopened};
use super::fake_journal::Journal;
use super::stage::{events, play_events};
use crate::app::data::{Answer, Failure, Purpose};
use crate::app::event::{Effect, Event};
use crate::app::view::{Pane, View};
use crate::case::{Facets, Pulse, SearchResult};
use crate::model::DocumentId;
use crate::tui::theme::Theme;
use std::sync::Mutex;

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
fn the_values_of_a_facet_that_have_no_room_are_shown_by_a_key() {
    let journal = Mutex::new(Journal::default());
    let mut app = reopened(&journal);
    for event in events("/ \"青河\" tab") {
        drive(&mut app, event, &journal);
    }
    let (query, range) = ("青河".to_owned(), 0..1);
    let formats: Vec<_> = (0..14).map(|number| (format!("t{number}"), 20 - number)).collect();
    let facets = Facets { formats, ..Facets::default() };
    let result = SearchResult { facets, ..SearchResult::default() };
    app.search.renew();
    let answer = Answer::Search { query, range, result: Box::new(result) };
    drive(&mut app, Event::Answer(Purpose::Search, Box::new(Ok(Ok(answer)))), &journal);
    let mut press = |keys: &str| {
        for event in events(keys) {
            drive(&mut app, event, &journal);
        }
        let lines: Vec<String> = app.search.facets.lines.iter().map(|line| line.plain()).collect();
        (lines[app.search.facets.cursor].clone(), lines.len(), app.focus)
    };
    let few = press("g g j j j j j j j j");
    assert_eq!((few.0.as_str(), few.2), ("… 6 more", Pane::Facets));
    for (open, close) in [("enter", "enter"), ("l", "h")] {
        assert_eq!(press(open), ("t812".to_owned(), few.1 + 6, Pane::Facets), "{open}");
        assert_eq!(press("j j j j j j").0, "… the first 8 only");
        assert_eq!(press(close), few, "{close}");
    }
    // Elsewhere the key goes to the column on the right.
    assert_eq!(press("k l").2, Pane::Results);
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
fn results_stay_when_their_marks_go() {
    let played = at("/ \"付款\" enter |");
    assert_eq!((played.app.marking(), played.app.search.query.as_str()), ("", "付款"));
    assert!(played.screen.contains(" found"), "{}", played.screen);
    // The next question is marked again.
    let played = at("/ \"付款\" enter | / \"青河\" enter");
    assert_eq!(played.app.marking(), "青河");
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
