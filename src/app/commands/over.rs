//! What lies over the desk.

use super::Context::*;
use super::{Command, command};
use crate::app::App;
use crate::app::settled::Needs;

pub(super) const COMMANDS: &[Command] = &[
    command("close-help", "Close the help", &[Help], &["esc", "enter", "ctrl-c"], App::close_layer)
        .at_once()
        .hint("close"),
    command("help-down", "Down", &[Help], &["down", "ctrl-n"], |app| app.scroll_layer(1))
        .at_once()
        .hint("more"),
    command("help-up", "Up", &[Help], &["up", "ctrl-p"], |app| app.scroll_layer(-1)).at_once(),
    command("help-page-down", "Down a screen", &[Help], &["pagedown", "ctrl-d"], |app| {
        app.scroll_layer(10)
    })
    .at_once(),
    command("help-page-up", "Up a screen", &[Help], &["pageup", "ctrl-u"], |app| {
        app.scroll_layer(-10)
    })
    .at_once(),
    command("run", "Run the command", &[Palette], &["enter"], App::run_from_palette).hint("run"),
    command("palette-down", "Down", &[Palette], &["down", "ctrl-n", "tab"], |app| {
        app.scroll_layer(1)
    })
    .hint("next"),
    command("palette-up", "Up", &[Palette], &["up", "ctrl-p", "shift-tab"], |app| {
        app.scroll_layer(-1)
    }),
    command("close-palette", "Close the palette", &[Palette], &["esc", "ctrl-c"], App::close_layer)
        .at_once()
        .hint("close"),
    command(
        "close-report",
        "Close it",
        &[Report],
        &["esc", "enter", "q", "ctrl-c"],
        App::close_layer,
    )
    .at_once()
    .hint("close"),
    command("report-down", "Down", &[Report], &["j", "down"], |app| app.scroll_layer(1))
        .at_once()
        .hint("next"),
    command("report-up", "Up", &[Report], &["k", "up"], |app| app.scroll_layer(-1)).at_once(),
    command("confirm", "Do it", &[Confirm], &["enter", "y"], App::confirm).at_once().hint("yes"),
    command("refuse", "Leave it", &[Confirm], &["esc", "n", "q", "ctrl-c"], App::close_layer)
        .at_once()
        .hint("no"),
    command("keep-filter", "Keep the filter", &[Filter], &["enter"], App::close_layer)
        .at_once()
        .hint("keep"),
    command("drop-filter", "Drop the filter", &[Filter], &["esc", "ctrl-c"], App::drop_filter)
        .at_once()
        .hint("drop"),
    command("take-value", "Only rows with this value", &[Figures], &["enter"], App::take_figure)
        .hint("only these rows"),
    command("figures-down", "Down", &[Figures], &["down", "ctrl-n"], |app| app.scroll_layer(1))
        .hint("next"),
    command("figures-up", "Up", &[Figures], &["up", "ctrl-p"], |app| app.scroll_layer(-1)),
    command("figures-page-down", "Down a screen", &[Figures], &["pagedown", "ctrl-d"], |app| {
        app.scroll_layer(10)
    }),
    command("figures-page-up", "Up a screen", &[Figures], &["pageup", "ctrl-u"], |app| {
        app.scroll_layer(-10)
    }),
    command(
        "cite-figure",
        "Cite a figure of this column, or the rows with this value",
        &[Figures],
        &["ctrl-t"],
        App::cite_count,
    )
    .hint("cite")
    .writes(),
    command(
        "close-figures",
        "Close the figures; the sum stays in sight",
        &[Figures],
        &["esc", "ctrl-c"],
        App::close_layer,
    )
    .at_once()
    .hint("close"),
    command("choose", "Take this one", &[Pick], &["enter"], App::take_pick).hint("take"),
    command("choice-down", "Down", &[Pick], &["down", "ctrl-n", "tab"], |app| app.scroll_layer(1))
        .hint("next"),
    command("choice-up", "Up", &[Pick], &["up", "ctrl-p", "shift-tab"], |app| app.scroll_layer(-1)),
    command("choose-none", "Choose none", &[Pick], &["esc", "ctrl-c"], App::close_layer)
        .at_once()
        .hint("back"),
    command("accept", "Take what is typed", &[Prompt], &["enter"], App::accept_prompt)
        .needs(Needs::Shown)
        .hint("take"),
    command("dismiss", "Go back to before", &[Prompt], &["esc", "ctrl-c"], App::drop_prompt)
        .at_once()
        .hint("back"),
    command(
        "find-next",
        "Go to the next occurrence or suggestion while typing",
        &[Prompt],
        &["down", "ctrl-n"],
        |app| app.next_while_typing(false),
    )
    .needs(Needs::Hits)
    .hint("next")
    .when(App::has_next_while_typing, "there is nothing to go to"),
    command(
        "find-previous",
        "Go to the occurrence or suggestion before while typing",
        &[Prompt],
        &["up", "ctrl-p"],
        |app| app.next_while_typing(true),
    )
    .needs(Needs::Hits)
    .when(App::has_next_while_typing, "there is nothing to go to"),
    command("complete", "Take the suggestion into the line", &[Prompt], &["tab"], App::complete)
        .hint("complete")
        .when(App::has_suggestions, "nothing is suggested"),
];
