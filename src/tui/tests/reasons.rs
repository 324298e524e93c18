//! A key that can do nothing says why.

use super::check::{at, check_shows};
use super::stage::{events, play, play_app, play_events};
use crate::app::App;
use crate::app::commands::{COMMANDS, Context};
use crate::app::data::{Answer, Failure, Purpose};
use crate::app::event::Event;
use crate::app::reader::Reader;
use crate::tui::theme::Theme;

#[test]
fn what_has_a_condition_says_it_in_words() {
    let app = crate::app::App::new("qinghe", 120, 40);
    for command in COMMANDS {
        let is_met = (command.when)(&app);
        assert!(is_met || !command.unless.is_empty(), "{} can be silent", command.name);
        assert!(!command.unless.ends_with('.'), "{}", command.name);
    }
}

#[test]
fn keys_that_do_nothing_say_why() {
    let said = |keys: &str, words: &str| check_shows(keys, &[words], &[]);
    said("1 j enter n", "no occurrence is marked");
    said("2 enter enter", "this message leads nowhere");
    said("2 enter T", "there is no table in this document");
    said("1 j enter t", "there is no other text of this");
    said("1 j enter g a", "nothing is highlighted or cited here");
    said("1 a", "all of the list is shown");
    said("1 j D", "evidence stays");
    said("1 ctrl-o ctrl-o", "this is where it began");
    said("1 j enter E r", "no entity is here");
    said("4 f \"event\" enter U", "documents and messages are read or unread");
    // What is pressed by habit is no matter, nor what ends a sequence.
    assert!(at("1 left").app.notice.is_none());
    assert!(at("1 M esc").app.notice.is_none());
}

#[test]
fn letters_that_are_held_with_ctrl_are_answered_too() {
    let said = |keys: &str, words: &str| check_shows(keys, &[words], &[]);
    said("0 ctrl-v", "^v means nothing here");
    said("1 j enter ctrl-x", "^x means nothing here");
    said("4 w \"so\" ctrl-o", "^o means nothing while a note is written");
    said("/ ctrl-v", "^v means nothing in this line");
    said("1 : ctrl-v", "^v means nothing in this line");
    said("2 space ctrl-v", "^v means nothing before this is answered");
    // What an editor knows is answered by what it does.
    check_shows("4 w \"so\" ctrl-a ctrl-k", &[], &["means nothing"]);
    assert!(at("0 ctrl-left").app.notice.is_none());
}

#[test]
fn a_sequence_that_can_only_be_begun_says_so_at_once() {
    check_shows("1 j enter M", &["nothing here can be marked all at once · esc back"], &["M …"]);
    // What follows belongs to it all the same.
    let played = at("1 j j enter M space");
    assert!(!played.app.documents.rows()[2].row.read, "{}", played.screen);
    check_shows("1 M", &["M …", "Mark all of this list"], &["nothing here can be"]);
    // The words of all its rows begin below each other.
    for (width, height) in [(120, 40), (80, 24)] {
        let screen = play(width, height, Theme::Dark, "/ \"青河\" enter M").screen;
        let starts: Vec<usize> = ["Mark all", "Put all", "Star all", "Tag all"]
            .iter()
            .map(|words| {
                let line = screen.lines().find(|line| line.contains(words)).unwrap();
                crate::text::width::of(&line[..line.find(words).unwrap()])
            })
            .collect();
        assert!(starts.iter().all(|start| *start == starts[0]), "{starts:?}\n{screen}");
    }
    // Where not all of them have room, that is said.
    let screen = play(40, 7, Theme::Dark, "4 j =").screen;
    assert!(screen.contains("more: esc ?"), "{screen}");
}

#[test]
fn what_a_line_does_not_take_of_a_paste_is_said() {
    let paste = |keys: &str, text: &str| {
        let mut script = events(keys);
        script.push(Event::Paste(text.to_owned()));
        play_events(120, 40, Theme::Dark, script)
    };
    let played = paste("/", "青河\r\n付款\r\n");
    assert_eq!(played.app.search.query, "青河");
    let words = "of the 2 lines that were pasted only the first is here";
    assert!(played.screen.contains(words), "{}", played.screen);
    assert!(paste("/", "青河\n").app.notice.is_none());
    let long = paste("/", &"x".repeat(2_000));
    assert!(long.screen.contains("only the first 1,000 characters"), "{}", long.screen);
    assert!(paste("1", "青河").screen.contains("a paste goes into a line"));
}

#[test]
fn the_next_of_no_occurrence_is_answered() {
    check_shows("/ \"zz\" enter 2 enter n", &["no occurrence here"], &[]);
    check_shows("2 enter \\ \"zz\" enter n", &["no occurrence here"], &[]);
    check_shows("2 enter \\ \"zz\"", &["find here (nothing"], &["no occurrence here"]);
}

#[test]
fn the_palette_puts_last_what_cannot_be_done_and_says_why() {
    let app = at("1 :").app;
    let contexts = [Context::List, Context::Anywhere];
    let all = app.palette("", &contexts);
    let here = all.iter().filter(|command| command.is_in(&contexts));
    let can_run: Vec<bool> = here.map(|command| app.may_run(command)).collect();
    let first_not = can_run.iter().position(|can_run| !can_run).unwrap();
    assert!(can_run[first_not..].iter().all(|can_run| !can_run), "{all:?}");
    // What acts in other places stands behind all of them, and says where.
    check_shows("0 : \"next-hit\"", &["▸next-hit", "acts while reading"], &[]);
    check_shows("0 : \"next-hit\" enter", &["means nothing here: it acts while reading"], &[]);
    // Whoever asks for one finds it, with the reason.
    check_shows("1 : \"show-all\"", &["▸show-all", "all of the list is shown"], &[]);
    check_shows("1 : \"show-all\" enter", &["show-all: all of the list is shown"], &[]);
}

#[test]
fn a_tag_is_taken_off_by_a_hyphen_and_none_by_a_blank() {
    // The note carries it.
    check_shows("4 j # \"-money/advance\" enter", &["took off 1 #money/advance"], &[]);
    check_shows("1 j # \"-who/lin\"", &["#who/lin is not carried here"], &["a new tag"]);
    check_shows("4 j # \" \" enter", &["nothing was typed but a blank"], &["took off"]);
}

#[test]
fn what_could_not_be_written_is_named_where_the_cursor_went_on() {
    let mut app = at("2 enter").app;
    let press = |app: &mut App, keys: &str| {
        for event in events(keys) {
            app.handle(event);
        }
    };
    press(&mut app, "j s j");
    let failure = Failure::new("another process is writing to the case");
    app.handle(Event::Answer(Purpose::Act, Box::new(Ok(Err(failure)))));
    let said = app.notice.unwrap();
    assert!(said.is_bad);
    assert_eq!(said.text, "not done: M2 as starred · another process is writing to the case");
}

#[test]
fn a_case_that_is_gone_takes_no_acts() {
    let mut app = at("1").app;
    let gone = Answer::Gone("qinghe.case was removed or replaced".to_owned());
    app.handle(Event::Answer(Purpose::Watch, Box::new(Ok(Ok(gone)))));
    assert!(app.notice.as_ref().unwrap().is_bad);
    let played = play_app(app, Theme::Dark, events("s"));
    let screen = &played.screen;
    assert!(screen.contains("qinghe.case (moved or removed: nothing is kept)"), "{screen}");
    assert!(
        screen.contains("this case was moved, removed or replaced: nothing is kept any more"),
        "{screen}"
    );
    assert!(!played.app.documents.rows()[0].row.starred, "no star is pretended");
    // A search says it as well, and not that its index is to be made again.
    let mut app = at("/").app;
    let failure = Failure { is_gone: true, ..Failure::new("the case was moved: leave") };
    app.handle(events("x").remove(0));
    app.handle(Event::Answer(Purpose::Search, Box::new(Ok(Err(failure)))));
    assert!(app.is_gone);
    assert_eq!(app.search.summary(80).plain(), "the case was moved: leave");
}

#[test]
fn highlighting_without_a_selection_begins_one() {
    let begun = at("1 j enter m");
    assert!(begun.screen.contains("go to the end of what is meant, then m again"));
    assert!(matches!(&begun.app.reader, Reader::Text(text) if text.is_selecting()));
    check_shows("1 j enter m l l m \"x\" enter", &["A1 means x"], &[]);
    // Somebody who types on at once marks nothing as read and deletes nothing.
    check_shows("1 j enter m esc", &[], &["◆"]);
    // Where an occurrence is in sight that one is meant, not when one has read on.
    check_shows("/ \"付款\" enter j enter m \"pay\" enter", &["A1 means pay"], &[]);
}

#[test]
fn a_day_without_messages_names_the_next_one() {
    check_shows("2 enter g d \"2022-03-07\" enter", &["▸08:00"], &["nothing was said"]);
    check_shows(
        "2 enter g d \"2022-01\" enter",
        &["nothing was said on 2022-01-01; next is 2022-03-05"],
        &[],
    );
    check_shows(
        "2 enter g d \"2023-01-01\" enter",
        &["nothing was said on 2023-01-01 or later"],
        &[],
    );
    check_shows("2 enter g l", &["go to (2022-03-05, 2022-03, message 120, 50%, M12): "], &[]);
    check_shows("2 enter g d", &["go to (2022-03-05, 2022-03, 2022): "], &[]);
    check_shows("2 enter g d \"soon\" enter", &["a day is written 2022-03-05"], &[]);
    check_shows("2 enter g p", &["a conversation has no pages"], &[]);
    check_shows("1 enter g l", &["go to (D9, row 120"], &[]);
    check_shows("1 enter g p", &["go to (2, name of a sheet"], &[]);
    check_shows("1 enter g d", &["this is no conversation: g l goes to a line"], &[]);
}

#[test]
fn an_empty_search_line_shows_what_can_be_asked() {
    let words = ["WHAT CAN BE ASKED", "a regular expression"];
    check_shows("/", &words, &[]);
    check_shows("/ \"青河\" enter /", &words, &["5 found", "青河的付款到了吗"]);
    // Nothing else is asked: the results are those of before.
    check_shows("/ \"青河\" enter / esc", &["5 found", "/ 青河"], &[words[0]]);
    check_shows("/ \"青河\" enter / enter", &["5 found", "/ 青河"], &[words[0]]);
}
