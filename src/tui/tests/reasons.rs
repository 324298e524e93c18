//! A key that can do nothing says why.

use super::check::{at, check_shows};
use crate::app::commands::COMMANDS;
use crate::app::reader::Reader;

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
