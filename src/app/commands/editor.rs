//! The note that is being written.

use super::Context::*;
use super::{Command, command};
use crate::app::App;

pub(super) const COMMANDS: &[Command] = &[
    command(
        "finish-note",
        "Keep what was written and close it",
        &[Editor],
        &["esc", "ctrl-s"],
        App::leave_note,
    )
    .hint("keep and close"),
    command("look-beside", "To the next column; the note stays open", &[Editor], &["tab"], |app| {
        app.next_pane(1)
    })
    .hint("look beside"),
    command("look-before", "To the column before", &[Editor], &["shift-tab"], |app| {
        app.next_pane(-1)
    }),
    command(
        "undo-typing",
        "Take back what was typed",
        &[Editor],
        &["ctrl-z", "ctrl-u"],
        App::undo_typing,
    )
    .hint("undo"),
    command("redo-typing", "Type it again", &[Editor], &["ctrl-r"], App::redo_typing),
    command(
        "write-outside",
        "Write on in $VISUAL or $EDITOR; the text comes back when that is closed",
        &[Editor],
        &["ctrl-e"],
        App::write_outside,
    )
    .hint("editor"),
    command(
        "take-reference",
        "Write the short number of what is chosen",
        &[Complete],
        &["enter", "tab"],
        App::take_completion,
    )
    .hint("take"),
    command("next-reference", "Down", &[Complete], &["down", "ctrl-n"], |app| {
        app.step_completion(false)
    })
    .hint("next"),
    command("previous-reference", "Up", &[Complete], &["up", "ctrl-p"], |app| {
        app.step_completion(true)
    }),
    command(
        "drop-references",
        "Offer nothing more for this one",
        &[Complete],
        &["esc"],
        App::drop_completion,
    )
    .hint("go on"),
    command(
        "widen-editor",
        "The whole width, or the column",
        &[Editor],
        &["f2"],
        App::widen_editor,
    )
    .hint("wide"),
];
