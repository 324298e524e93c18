//! What can be done everywhere.

use super::Context::*;
use super::{Command, command};
use crate::app::App;
use crate::app::settled::Needs;
use crate::app::view::View;

pub(super) const COMMANDS: &[Command] = &[
    command("search", "Search everything", &[Anywhere], &["/"], App::start_search)
        .at_once()
        .hint("search"),
    command(
        "back",
        "Back to where one was",
        &[Anywhere],
        &["ctrl-o", "<", "backspace", "alt-left"],
        App::go_back,
    )
    .at_once()
    .hint("back")
    .when(App::can_go_back, "this is where it began"),
    command("forward", "Forward again", &[Anywhere], &[">", "alt-right"], App::go_forward)
        .at_once()
        .hint("forward")
        .when(App::can_go_forward, "this is the last place that one went to"),
    command("undo", "Take the last act back", &[Anywhere], &["u"], App::undo)
        .at_once()
        .hint("undo")
        .about(App::undo_hint)
        .writes(),
    command("redo", "Do again what was taken back", &[Anywhere], &["ctrl-r"], App::redo)
        .at_once()
        .writes(),
    command("help", "Keys of where one is", &[Anywhere], &["?", "f1"], App::open_help)
        .at_once()
        .hint("keys"),
    command("palette", "Every command, by name", &[Anywhere], &[":"], App::open_palette)
        .needs(Needs::Shown)
        .hint("command"),
    command("overview", "What is here and what is wrong", &[Anywhere], &["0"], |app| {
        app.visit(View::Overview)
    })
    .at_once(),
    command("documents", "The documents", &[Anywhere], &["1"], |app| app.visit(View::Documents))
        .at_once(),
    command("chats", "The conversations", &[Anywhere], &["2"], |app| app.visit(View::Chats))
        .at_once(),
    command("entities", "Who is who: entities and accounts", &[Anywhere], &["3"], |app| {
        app.visit(View::Entities)
    })
    .at_once(),
    command("notes", "What was written down", &[Anywhere], &["4"], |app| app.visit(View::Notes))
        .at_once(),
    command("timeline", "The dates of the evidence", &[Anywhere], &["5"], |app| {
        app.visit(View::Timeline)
    })
    .at_once(),
    command(
        "zoom",
        "Give this column the whole width, or its own again",
        &[Anywhere],
        &["z"],
        App::toggle_zoom,
    )
    .at_once(),
    command(
        "show-margin",
        "Show or hide what is known about it",
        &[Anywhere],
        &["i"],
        App::toggle_margin,
    )
    .at_once()
    .hint("margin")
    .about(App::margin_hint)
    .when(App::can_toggle_margin, "this section has no margin"),
    command(
        "copy-id",
        "Copy the short number of what the cursor is on",
        &[Anywhere],
        &["y"],
        App::copy_id,
    ),
    command("clear-marks", "Mark no occurrences any more", &[Anywhere], &["|"], App::clear_marks)
        .hint("marks off")
        .about(App::marks_hint)
        .at_once()
        .when(App::has_query, "no occurrence is marked: / searches everything, \\ in what is read"),
    command(
        "refresh",
        "Read everything anew and draw the screen",
        &[Anywhere],
        &["ctrl-l", "f5"],
        App::refresh,
    )
    .at_once(),
    command(
        "suspend",
        "Stop and go back to the shell (fg continues)",
        &[Anywhere],
        &["ctrl-z"],
        App::suspend,
    )
    .at_once(),
    command("quit", "Leave the desk", &[Anywhere], &["q", "ctrl-c"], App::quit)
        .at_once()
        .hint("quit"),
];
