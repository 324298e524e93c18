//! Highlights, citations and numbers, through the production loop.

use super::check::{at, check_shows};
use super::stage::{Played, play};
use crate::app::pages::PageId;
use crate::app::reader::Reader;
use crate::app::view::{Pane, View};
use crate::model::AnchorId;
use crate::tui::theme::Theme;

/// What the note says that is being written.
#[track_caller]
fn check_note(keys: &str, expected: &str) -> Played {
    let played = at(keys);
    let row = format!("│ {:<29}│", expected.trim_end());
    assert!(played.screen.contains(&row), "{keys}: {expected}\n{}", played.screen);
    played
}

const DOCUMENT: &str = "1 j enter ";

#[test]
fn a_selection_is_highlighted_listed_changed_dropped_and_undone() {
    let made = format!("{DOCUMENT} v l l l l m \"付款: the first #apt\" enter ");
    check_shows(
        &made,
        &[
            "A1 means 付款 · u undoes it",
            "1 highlight",
            "A1 ◆付款: the first #apt ",
            "   “青河网络安”",
        ],
        &[],
    );
    let undone = format!("{made} u");
    check_shows(&undone, &["undone"], &["◆付款"]);
    check_shows(&format!("{undone} ctrl-r"), &["◆付款: the first #apt"], &[]);
    // From the margin it is changed and dropped.
    check_shows(
        &format!("{made} tab e backspace backspace \"d\" enter"),
        &["◆付款: the first #ad"],
        &["#apt"],
    );
    check_shows(&format!("{made} tab D"), &["A1 is dropped"], &["◆付款"]);
    // On its own page too, which is left; where something stands on it, that is asked first.
    check_shows(&format!("{made} : \"A1\" enter D"), &["A1 is dropped"], &["there is no A1"]);
    let cited = format!("{made} 2 enter j m \"x\" enter : \"A2\" enter D");
    check_shows(&cited, &["Delete A2, on which N2, E1 stand?"], &["is dropped"]);
    check_shows(&format!("{cited} y"), &["A2 is dropped"], &["there is no A2"]);
    check_shows(&format!("{cited} esc"), &[], &["is dropped"]);
    // The look is another one where it stands, in every theme.
    for theme in Theme::ALL {
        let before = play(120, 40, theme, "1 j enter");
        let after = play(120, 40, theme, &format!("{made} g g"));
        assert_ne!(before.styles, after.styles, "{theme:?}");
    }
}

#[test]
fn meanings_of_before_complete_the_line() {
    check_shows("2 enter j m", &["used before", "payment", "付款"], &[]);
    check_shows("2 enter j m down down enter", &["A1 means 付款", "◆付款"], &[]);
    check_shows("2 enter j m \"pay\" tab \" #a\" tab enter", &["◆payment #apt"], &[]);
    check_shows("2 enter j m esc", &[], &["A1 means"]);
}

#[test]
fn messages_and_cells_are_highlighted() {
    check_shows("2 enter j m \"x\" enter", &["A1 means x", "不要在群里说。 ◆x"], &[]);
    check_shows("2 enter V j j m \"x\" enter", &["A1 to A3 mean x"], &[]);
    check_shows("1 enter j m \"x\" enter", &["A1 means x", "A1 ◆x ", "   “QH-2022-010”"], &[]);
    // A rectangle of cells: one anchor for every row.
    check_shows(
        "1 enter v j l m \"x\" enter",
        &["A1 to A2 mean x", "A1 ◆x ", "   “QH-2022-007 青"],
        &[],
    );
    check_shows("1 enter v j l y", &["copied"], &[]);
    // The cell that is highlighted is meant again.
    check_shows("1 enter j m \"x\" enter m backspace \"y\" enter", &["A1 means y now"], &["A2"]);
}

#[test]
fn what_is_read_is_cited_in_the_open_note_or_begins_a_finding() {
    let played = check_note("2 enter j c", "[[A1]] ");
    assert!(played.screen.contains("a new finding"), "{}", played.screen);
    check_note("2 enter j c \"he pays \" shift-tab j c", "[[A1]] he pays [[A2]]");
    check_note("2 enter j w \"see \" shift-tab v l c", "[[M2]] see [[A1]]");
    check_note("1 enter j l c", "[[A1]] ");
    // A highlight of the margin is cited as it stands.
    check_note("2 enter j m \"x\" enter tab c", "[[A1]] ");
    check_shows("2 enter j c \"pays\" esc", &["N3 is kept"], &[]);
}

#[test]
fn numbers_and_absences_are_cited() {
    let count = |keys: &str| {
        let played = at(&format!("{keys} esc : \"A1\" enter"));
        assert!(
            matches!(&played.app.reader, Reader::Page(page) if page.id() == PageId::Anchor(AnchorId(1))),
            "{}",
            played.screen
        );
        played.screen
    };
    let absence = count("/ \"zzz\" enter C");
    for words in ["0 hits for zzz in 14 messages and 8 documents", "holds: counted again"] {
        assert!(absence.contains(words), "{absence}");
    }
    // What stands on the overview: a type, a year, a month of it.
    for (keys, query) in [
        ("j c", "0 hits for type:pdf"),
        ("tab c enter", "0 hits for date:2021 "),
        ("tab c \"11\" enter", "0 hits for date:2021-11"),
        ("/ \"青河\" tab j c", "0 hits for "),
        ("5 j c", "0 hits for date:2022-03-05"),
        ("5 j C", "0 hits for date:2022-03-05"),
        ("j C", "0 hits for type:pdf"),
        ("tab C \"11\" enter", "0 hits for date:2021-11"),
        ("1 C", "0 hits for kind:document"),
        ("2 c", "0 hits for in:C1"),
    ] {
        let screen = count(keys);
        assert!(screen.contains(query), "{keys}: {query}\n{screen}");
    }
    check_shows("1 enter l l C", &["金额", "sum", "greatest"], &[]);
    check_shows("4 G c", &["nothing that can be cited"], &[]);
    // What is sought in the reader: in a conversation a query counts it.
    let screen = count("2 enter \\ \"zzz\" enter C");
    assert!(screen.contains("0 hits for (zzz) in:C1"), "{screen}");
    check_shows(
        "1 j enter \\ \"zzz\" enter C",
        &["is no number that a query finds again"],
        &["kind:document"],
    );
}

#[test]
fn the_figure_that_is_shown_as_chosen_is_cited() {
    let figures = "1 enter l l =";
    check_shows(&format!("{figures} ctrl-t \"rows =\""), &["rows ==叁拾万"], &[]);
    check_shows(&format!("{figures} ctrl-t \"rows =\" enter"), &["Rows 金额 ==叁拾万"], &[]);
    check_shows(&format!("{figures} ctrl-t \"le\" enter"), &["Least 金额"], &[]);
    check_shows(&format!("{figures} ctrl-t enter"), &["Sum 金额"], &[]);
    // Another value than the one of the list.
    check_shows("1 enter l l C \"rows =川江\" enter", &["Rows 金额 =川江"], &[]);
    check_shows("1 enter l l C \"rows =\" enter", &["say which value"], &["A1"]);
    check_shows("1 enter l l C \"rubbish\" enter", &["a figure is sum, rows"], &["A1"]);
}

#[test]
fn an_anchor_is_gone_to() {
    let made = format!("{DOCUMENT} v l l l l m \"x\" enter ");
    let played = at(&format!("{made} 2 : \"A1\" enter"));
    assert_eq!((played.app.view, played.app.focus), (View::Notes, Pane::Reader));
    for words in ["A1 highlight", "“青河网络”", "holds: the quote stands", "where it stands"]
    {
        let words = words.trim_matches(['“', '”']);
        assert!(played.screen.contains(words), "{words}\n{}", played.screen);
    }
    let played = at(&format!("{made} 2 : \"A1\" enter enter"));
    assert_eq!((played.app.view, played.app.focus), (View::Documents, Pane::Reader));
    let played = at(&format!("{made} tab enter"));
    assert_eq!((played.app.view, played.app.focus), (View::Documents, Pane::Reader));
    // To its page from the text, and from the margin.
    check_shows(&format!("{made} g a"), &["A1 highlight"], &[]);
    check_shows(&format!("{made} tab g a"), &["A1 highlight"], &[]);
    let played = at("2 enter j m \"x\" enter g g tab j enter");
    assert!(
        matches!(&played.app.reader, Reader::Chat(chat) if chat.cursor == 1),
        "{}",
        played.screen
    );
    check_shows("1 enter", &["named by", "N1 supported finding 青河 pa…"], &[]);
}
