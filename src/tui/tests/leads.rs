//! What is named on the screen is a link, and one comes back to where one was.

use super::check::{at, check_shows, drive, reopened};
use super::fake_journal::Journal;
use super::stage::{Played, events, play, play_events};
use crate::app::App;
use crate::app::data::{Act, Answer, Purpose, Request};
use crate::app::event::{Effect, Event};
use crate::app::layers::Layer;
use crate::app::pages::{Page, PageId};
use crate::app::reader::Reader;
use crate::app::reader::grid::Grid;
use crate::app::view::{Pane, View};
use crate::case::{Draft, NoteFilter, Pulse, TableView};
use crate::model::kept::Kept;
use crate::model::{DocumentId, ItemId, NoteId};
use crate::tui::theme::Theme;
use std::sync::Mutex;

fn narrow(keys: &str) -> Played {
    play(80, 24, Theme::Dark, keys)
}

fn opened(played: &Played) -> Option<DocumentId> {
    match &played.app.reader {
        Reader::Text(text) => Some(text.document.row.id),
        _ => None,
    }
}

#[test]
fn one_comes_back_from_a_note_to_the_row() {
    for (keys, pane) in [
        ("1 j w esc", Pane::List),
        ("1 j w \"x\" esc", Pane::List),
        ("1 j c esc", Pane::List),
        ("2 w esc", Pane::List),
        ("3 j w \"x\" esc", Pane::List),
        ("1 j enter w esc", Pane::Reader),
        ("2 enter j c esc", Pane::Reader),
        ("/ \"青河\" enter j w esc", Pane::Results),
        ("4 j e esc", Pane::List),
    ] {
        for played in [narrow(keys), at(keys)] {
            assert_eq!(played.app.focus, pane, "{keys}\n{}", played.screen);
        }
    }
    assert_eq!(narrow("1 j w esc").app.documents.cursor, 1);
}

#[test]
fn one_comes_back_from_the_margin_to_where_one_was() {
    for (keys, pane) in [
        ("1 j i i", Pane::List),
        ("1 j i esc", Pane::List),
        ("2 i i", Pane::List),
        ("2 enter i i", Pane::Reader),
        ("2 enter i esc", Pane::Reader),
    ] {
        let played = narrow(keys);
        assert_eq!(played.app.focus, pane, "{keys}\n{}", played.screen);
    }
    let says = |keys: &str, words: &str| {
        let screen = narrow(keys).screen;
        assert!(screen.contains(words), "{keys}\n{screen}");
    };
    says("2 enter i", "esc back to the chat");
    says("1 j enter i", "esc back to the text");
    says("1 j i", "esc back to the list");
}

#[test]
fn what_is_inside_is_named_and_opened() {
    let archive = narrow("1 j j j j enter");
    assert!(archive.screen.contains("holds D6"), "{}", archive.screen);
    assert!(archive.screen.contains("enter open D6"), "{}", archive.screen);
    assert_eq!(opened(&narrow("1 j j j j enter enter")), Some(DocumentId(6)));
    check_shows("1 j enter enter", &["this leads nowhere: nothing is inside of it"], &["answer"]);
}

#[test]
fn keys_after_a_key_that_begins_nothing_here_do_nothing() {
    let starred = |keys: &str| match at(keys).app.reader {
        Reader::Chat(chat) => chat.current().unwrap().starred,
        _ => panic!("a conversation is read"),
    };
    assert!(starred("2 enter s"));
    assert!(!starred("2 enter = s"));
    assert!(starred("2 enter = s s"), "the next one is a key by itself");
    assert!(starred("2 enter = esc s"));
    check_shows("2 enter =", &["= begins nothing here"], &[]);
    check_shows("2 enter = s", &["= s means nothing here"], &[]);
}

#[test]
fn days_are_gone_to_from_wherever_they_are_shown() {
    let day = |keys: &str| at(keys).app.days.cursor;
    assert_eq!(day("5 j enter g d \"2022-03-07\" enter"), day("5 g d \"2022-03-07\" enter"));
    assert_ne!(day("5 g d \"2022-03-07\" enter"), 1);
    check_shows("2 enter h g d \"2022-03-07\" enter", &["▸08:00"], &[]);
    check_shows("1 g d", &["the timeline and a conversation that is open have days"], &[]);
}

#[test]
fn where_nothing_can_be_chosen_that_is_said() {
    check_shows(": \"zzzz\"", &["no command has this in its name"], &[]);
    check_shows(": \"D17\"", &["enter goes to D17"], &[]);
    check_shows("g # \"zzzz\"", &["nothing here is called zzzz"], &[]);
}

#[test]
fn what_is_so_already_is_no_act() {
    // It answers nothing, and still answers nothing.
    check_shows("4 G k = q \"none\" enter", &["it is so already: none"], &["undoes it"]);
    check_shows("4 j = s \"supp\" enter", &["it is so already: supported"], &["undoes it"]);
}

#[test]
fn an_event_without_a_date_says_how_it_gets_one() {
    let journal = Mutex::new(Journal::default());
    let mut app = reopened(&journal);
    for event in events("4 j j j j") {
        drive(&mut app, event, &journal);
    }
    drive(&mut app, Event::Rested, &journal);
    let is_offered = |app: &App| app.hints().iter().any(|hint| hint.command.name == "set-date");
    assert!(!is_offered(&app), "it has one");
    let id = app.notes.current().and_then(|entry| entry.row.id).unwrap();
    let answer = super::fake::answer(Request::Page(PageId::Note(id)), &journal).unwrap();
    let Answer::Page(mut page, made) = answer else { panic!("a page is answered") };
    let Page::Note(note) = page.as_mut() else { panic!("it is a note") };
    note.view.note.fields.when = None;
    app.handle(Event::Answer(Purpose::Reader, Box::new(Ok(Ok(Answer::Page(page, made))))));
    assert!(is_offered(&app));
}

#[test]
fn what_another_window_writes_is_said_before_it_is_written_on() {
    let journal = Mutex::new(Journal::default());
    let mut app = reopened(&journal);
    for event in events("4 G k") {
        drive(&mut app, event, &journal);
    }
    drive(&mut app, Event::Rested, &journal);
    let note = |app: &mut App| {
        let effects = app.handle(events("e").remove(0));
        effects.into_iter().find_map(|effect| match effect {
            Effect::Ask(Purpose::Edit, Request::EditNote { note, sitting, .. }) => {
                Some((note, sitting))
            }
            _ => None,
        })
    };
    let (note, _) = note(&mut app).expect("it is asked for");
    let draft = Draft { note, sitting: Some(99), is_elsewhere: true, ..Draft::default() };
    let answer = |app: &mut App, draft: &Draft| {
        let answer = Answer::EditNote(Box::new(draft.clone()));
        app.handle(Event::Answer(Purpose::Edit, Box::new(Ok(Ok(answer)))))
    };
    answer(&mut app, &draft);
    assert!(app.writing.is_none());
    let Some(Layer::Confirm { lines, .. }) = app.layers.last() else { panic!("it is asked") };
    assert!(lines[0].contains("in another window"), "{lines:?}");
    // Whoever wants to writes on it.
    app.handle(events("enter").remove(0));
    answer(&mut app, &draft);
    let own = app.writing.as_ref().map(|writing| writing.draft.sitting);
    assert_eq!(own, Some(None), "what is kept there is not written over");
    assert_eq!(note, Some(NoteId(1)));
}

#[test]
fn a_draft_that_nobody_writes_any_more_is_opened_at_once() {
    // It was left long ago: no window is asked about.
    let listed = at("4 G");
    assert!(listed.screen.contains("not finished"), "{}", listed.screen);
    assert!(!listed.screen.contains("another window"), "{}", listed.screen);
    check_shows("4 G e", &["✎ a new note", "esc keep and close"], &["Open it here"]);
}

#[test]
fn what_was_deleted_and_stands_is_kept_by_a_key() {
    let journal = Mutex::new(Journal::default());
    let mut app = reopened(&journal);
    for event in events("4 j") {
        drive(&mut app, event, &journal);
    }
    drive(&mut app, Event::Rested, &journal);
    let id = app.notes.current().and_then(|entry| entry.row.id).unwrap();
    let keeps = |app: &mut App| {
        let effects = app.handle(events("K").remove(0));
        let is_keep = |effect: &Effect| {
            let act = Act::Keep(ItemId::Note(id));
            matches!(effect, Effect::Ask(Purpose::Act, Request::Act(own)) if *own == act)
        };
        effects.iter().any(is_keep)
    };
    assert!(!keeps(&mut app), "nobody deleted it");
    let request = Request::Notes { filter: NoteFilter::default(), range: 0..20 };
    let answer = super::fake::answer(request, &journal).unwrap();
    let Answer::Notes { filter, range, total, mut rows } = answer else { panic!("it is a list") };
    for row in &mut rows {
        row.kept = (row.row.id == Some(id)).then(Kept::default);
    }
    let answer = Answer::Notes { filter, range, total, rows };
    app.handle(Event::Answer(Purpose::List, Box::new(Ok(Ok(answer)))));
    assert!(keeps(&mut app));
    check_shows("4 j K", &["nothing here was deleted"], &[]);
}

fn grid(played: &Played) -> &Grid {
    match &played.app.reader {
        Reader::Text(text) => text.grid().unwrap(),
        _ => panic!("a table is read"),
    }
}

#[test]
fn no_column_stays_hidden_that_there_is_room_for() {
    assert!(grid(&play(30, 12, Theme::Dark, "1 enter l l")).left > 0);
    let mut script = events("1 enter l l");
    script.push(Event::Resize(120, 40));
    let wide = play_events(30, 12, Theme::Dark, script);
    assert_eq!((grid(&wide).left, grid(&wide).column), (0, 2), "{}", wide.screen);
}

#[test]
fn a_table_is_sorted_and_cut_as_one_left_it() {
    let journal = Mutex::new(Journal::default());
    // The order itself is never answered: what was asked for is what counts.
    let serve = |app: &mut App, mut effects: Vec<Effect>| {
        while let Some(effect) = effects.pop() {
            if let Effect::Ask(purpose, request) = effect
                && purpose != Purpose::Order
            {
                let answer = super::fake::answer(request, &journal);
                effects.extend(app.handle(Event::Answer(purpose, Box::new(Ok(answer)))));
            }
        }
    };
    let press = |app: &mut App, keys: &str| {
        for event in events(keys) {
            let effects = app.handle(event);
            serve(app, effects);
        }
    };
    let view = |app: &App| -> Option<TableView> {
        let Reader::Text(text) = &app.reader else { return None };
        text.grid().map(|grid| grid.view().clone())
    };
    let mut app = App::new("qinghe", 120, 40);
    press(&mut app, "1 enter l S");
    let sorted = view(&app).unwrap();
    assert_eq!(sorted.sort, Some((1, false)));
    press(&mut app, "2 ctrl-o");
    assert_eq!(view(&app).as_ref(), Some(&sorted));
    press(&mut app, "2 1");
    assert_eq!(view(&app).as_ref(), Some(&sorted));
    let effects = app.handle(Event::Terminate);
    serve(&mut app, effects);
    let mut again = App::new("qinghe", 120, 40);
    again.keep_up(Pulse::default(), true, true);
    let effects = again.begin();
    serve(&mut again, effects);
    assert_eq!(view(&again).as_ref(), Some(&sorted));
    // What is opened anew stands as it is.
    press(&mut again, "2 : \"D1\" enter");
    assert!(view(&again).is_some_and(|view| view.is_plain()));
}

#[test]
fn what_is_written_already_is_not_written_again_by_reading_it() {
    let written = at("4 X enter");
    assert!(written.screen.contains("written: "), "{}", written.screen);
    let links = match &written.app.reader {
        Reader::Page(page) => &page.links,
        _ => panic!("a report is read"),
    };
    assert!(links.lines[links.cursor].plain().contains("write it again"), "{}", written.screen);
    check_shows("4 X enter G enter", &["this line leads nowhere"], &["Replace it?"]);
}

#[test]
fn a_number_that_does_not_exist_leads_nowhere() {
    let read = "2 enter G";
    for named in ["D99", "M99", "C99", "P99", "N99", "A99", "E77"] {
        let played = at(&format!("{read} : \"{named}\" enter"));
        assert_eq!((played.app.view, played.app.focus), (View::Chats, Pane::Reader), "{named}");
        assert!(
            matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 13),
            "{named}\n{}",
            played.screen
        );
        assert!(played.screen.contains(&format!("there is no {named} in this case")), "{named}");
    }
    // The way back is what it was.
    let back = at(&format!("{read} : \"E77\" enter ctrl-o"));
    assert_eq!((back.app.view, back.app.focus), (View::Chats, Pane::List), "{}", back.screen);
    let there = at(&format!("{read} : \"D2\" enter"));
    assert_eq!(opened(&there), Some(DocumentId(2)), "{}", there.screen);
}
