//! What can be done everywhere.

use super::Context::*;
use super::{Command, command};
use crate::app::App;
use crate::app::view::View;

pub(super) const COMMANDS: &[Command] = &[
    command("search", "Search everything", &[Anywhere], &["/"], App::start_search).hint("search"),
    command(
        "back",
        "Back to where one was",
        &[Anywhere],
        &["ctrl-o", "<", "backspace", "alt-left"],
        App::go_back,
    )
    .hint("back")
    .when(App::can_go_back, "this is where it began"),
    command("forward", "Forward again", &[Anywhere], &[">", "alt-right"], App::go_forward)
        .hint("forward")
        .when(App::can_go_forward, "this is the last place that one went to"),
    command("undo", "Take the last act back", &[Anywhere], &["u"], App::undo)
        .hint("undo")
        .about(App::undo_hint)
        .writes(),
    command("redo", "Do again what was taken back", &[Anywhere], &["ctrl-r"], App::redo).writes(),
    command("help", "Keys of where one is", &[Anywhere], &["?", "f1"], App::open_help).hint("keys"),
    command("palette", "Every command, by name", &[Anywhere], &[":"], App::open_palette)
        .hint("command"),
    command("overview", "What is here and what is wrong", &[Anywhere], &["0"], |app| {
        app.visit(View::Overview)
    }),
    command("documents", "The documents", &[Anywhere], &["1"], |app| app.visit(View::Documents)),
    command("chats", "The conversations", &[Anywhere], &["2"], |app| app.visit(View::Chats)),
    command("entities", "Who is who: entities and accounts", &[Anywhere], &["3"], |app| {
        app.visit(View::Entities)
    }),
    command("notes", "What was written down", &[Anywhere], &["4"], |app| app.visit(View::Notes)),
    command("timeline", "The dates of the evidence", &[Anywhere], &["5"], |app| {
        app.visit(View::Timeline)
    }),
    command(
        "zoom",
        "Give this column the whole width, or its own again",
        &[Anywhere],
        &["z"],
        App::toggle_zoom,
    ),
    command(
        "show-margin",
        "Show or hide what is known about it",
        &[Anywhere],
        &["i"],
        App::toggle_margin,
    )
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
        .when(App::has_query, "no occurrence is marked: / searches everything, \\ in what is read"),
    command(
        "refresh",
        "Read everything anew and draw the screen",
        &[Anywhere],
        &["ctrl-l", "f5"],
        App::refresh,
    ),
    command(
        "suspend",
        "Stop and go back to the shell (fg continues)",
        &[Anywhere],
        &["ctrl-z"],
        App::suspend,
    ),
    command("quit", "Leave the desk", &[Anywhere], &["q", "ctrl-c"], App::quit).hint("quit"),
];
