//! Moving the cursor; the search line.

use super::Context::*;
use super::{Command, MOVES, command};
use crate::app::App;
use crate::app::settled::Needs;

pub(super) const COMMANDS: &[Command] = &[
    command("down", "Down one line, row or message", MOVES, &["j", "down"], |app| app.step(1))
        .needs(Needs::Rows),
    command("up", "Up one line, row or message", MOVES, &["k", "up"], |app| app.step(-1))
        .needs(Needs::Rows),
    command("half-page-down", "Down half a screen", MOVES, &["ctrl-d"], |app| app.page(1, 2))
        .needs(Needs::Rows),
    command("half-page-up", "Up half a screen", MOVES, &["ctrl-u"], |app| app.page(-1, 2))
        .needs(Needs::Rows),
    command("page-down", "Down a screen", MOVES, &["pagedown", "ctrl-f"], |app| app.page(1, 1))
        .needs(Needs::Rows),
    command("page-up", "Up a screen", MOVES, &["pageup", "ctrl-b"], |app| app.page(-1, 1))
        .needs(Needs::Rows),
    command("start", "To the start", MOVES, &["g g", "home"], App::go_start).needs(Needs::Rows),
    command("end", "To the end", MOVES, &["G", "end", "g e"], App::go_end).needs(Needs::Rows),
    command("next-column", "To the next column", MOVES, &["tab"], |app| app.next_pane(1))
        .at_once()
        .hint("next column"),
    command("previous-column", "To the column before", MOVES, &["shift-tab"], |app| {
        app.next_pane(-1)
    })
    .at_once(),
    command(
        "leave",
        "Out of this column; out of the results, back to where one was",
        MOVES,
        &["esc"],
        App::leave,
    )
    .at_once()
    .hint("back")
    .about(App::leave_hint),
    command("column-right", "To the column on the right", MOVES, &["l", "right"], |app| {
        app.side_pane(1)
    })
    .at_once(),
    command("column-left", "To the column on the left", MOVES, &["h", "left"], |app| {
        app.side_pane(-1)
    })
    .at_once(),
    command("start-reading", "Go to the results", &[Typing], &["enter"], App::stop_typing)
        .at_once()
        .hint("to the results"),
    command(
        "stop-typing",
        "Close the search line",
        &[Typing],
        &["esc", "ctrl-c"],
        App::cancel_typing,
    )
    .at_once()
    .hint("close"),
    command(
        "next-result",
        "Down one result while typing, or the query after",
        &[Typing],
        &["down", "ctrl-n"],
        App::down_while_typing,
    )
    .needs(Needs::Rows)
    .hint("next result"),
    command(
        "previous-result",
        "Up one result while typing; in an empty line, the query before",
        &[Typing],
        &["up", "ctrl-p"],
        App::up_while_typing,
    )
    .needs(Needs::Rows),
    command("recall-query", "Bring back the query before", &[Typing], &["ctrl-r"], |app| {
        app.recall(false)
    })
    .at_once()
    .hint("query before"),
    command(
        "save-search",
        "Save the query as a worklist",
        &[Typing, Results, Links],
        &["ctrl-s"],
        App::start_saving_search,
    )
    .hint("save")
    .when(App::can_save_search, "there is no search to save")
    .writes(),
    command("to-facets", "To the facets", &[Typing], &["tab"], App::focus_facets)
        .at_once()
        .hint("narrow"),
    command(
        "take-suggestion",
        "Take the suggested query",
        &[Typing],
        &["ctrl-y"],
        App::take_suggestion,
    )
    .hint("take the suggestion")
    .when(App::has_suggestion, "no other query is suggested"),
];
