//! Opening, reading, tables and lists: what is done with what the cursor is on.

use super::Context::*;
use super::{Command, MOVES, command};
use crate::app::App;
use crate::app::act::spots::Awaited;
use crate::app::layers::Numbered;
use crate::app::reader::Step;
use crate::app::settled::Needs;

pub(super) const COMMANDS: &[Command] = &[
    command("open", "Open what the cursor is on", &[List, Results], &["enter"], App::open_current)
        .hint("open")
        .about(App::open_hint)
        .when(App::can_open, "there is nothing here to open"),
    command("follow", "Follow the line under the cursor", &[Links], &["enter"], App::follow_link)
        .hint("follow")
        .about(App::follow_hint)
        .when(App::has_link, "this line leads nowhere"),
    command(
        "follow-message",
        "Open what is inside of it or was sent along, what it answers, all of it, what it names: D17",
        &[Reader],
        &["enter"],
        App::follow_here,
    )
    .hint("follow")
    .about(App::lead_hint)
    .when(App::can_follow_here, "nothing here leads on")
    .unless_here(App::why_no_lead),
    command(
        "highlight",
        "Highlight the selection, the cell or the message: meaning, comment, tags; or change it",
        &[Select, Reader, Grid],
        &["m"],
        App::highlight,
    )
    .needs(Needs::Hits)
    .hint("highlight")
    .about(App::highlight_hint)
    .when(App::is_open, "nothing is open in the reader")
    .writes(),
    command(
        "cite",
        "Cite what the cursor is on in the open note, or in a new finding: text, cell, count, hit",
        &[Select, Reader, Grid, Links, Results, List],
        &["c"],
        App::cite,
    )
    .hint("cite")
    .when(App::can_cite, "this is nothing that can be cited: no text, and no query")
    .writes(),
    command(
        "cite-count",
        "Cite the number that is shown: results of the search, also none; a figure of the column",
        &[Reader, Grid, Links, Results, List],
        &["C"],
        App::cite_count,
    )
    .writes(),
    command(
        "anchor-page",
        "What is known about the highlight or citation here: hash, whether it holds, who cites it",
        &[Reader, Links],
        &["g a"],
        App::open_anchor_page,
    )
    .when(App::has_anchor, "nothing is highlighted or cited here"),
    command(
        "copy-selection",
        "Copy what is selected, or the cell",
        &[Select, Grid],
        &["y"],
        App::copy_selection,
    )
    .hint("copy"),
    command(
        "copy-citation",
        "Copy it with where it stands: item, file, place, SHA-256",
        &[Select, Grid],
        &["Y"],
        App::copy_citation,
    )
    .hint("with place"),
    command(
        "copy-item",
        "Copy what it is and where it stands: file, record, SHA-256",
        &[Reader, List, Results],
        &["Y"],
        App::copy_citation,
    ),
    command("begin-here", "The selection begins here", &[Select], &["v"], App::restart_selection)
        .hint("begin here"),
    command(
        "toggle-lines",
        "Whole lines or characters; whole messages or text in one",
        &[Select],
        &["V"],
        App::toggle_lines,
    )
    .hint("lines or messages"),
    command("other-end", "To the other end of the selection", &[Select], &["o"], App::swap_ends),
    command("stop-selecting", "Select nothing", &[Select], &["esc"], App::stop_selecting)
        .at_once()
        .hint("stop"),
    command("caret-left", "One character left", &[Select], &["h", "left"], |app| {
        app.step_caret(Step::Left)
    })
    .when(App::has_caret, "whole messages are selected: V selects the text of one"),
    command("caret-right", "One character right", &[Select], &["l", "right"], |app| {
        app.step_caret(Step::Right)
    })
    .when(App::has_caret, "whole messages are selected: V selects the text of one"),
    command("word-left", "To the word before", &[Select], &["b"], |app| {
        app.step_caret(Step::WordLeft)
    })
    .when(App::has_caret, "whole messages are selected: V selects the text of one"),
    command("word-right", "To the next word", &[Select], &["w", "e"], |app| {
        app.step_caret(Step::WordRight)
    })
    .when(App::has_caret, "whole messages are selected: V selects the text of one"),
    command("line-start", "To the start of the line", &[Select], &["^"], |app| {
        app.step_caret(Step::LineStart)
    })
    .when(App::has_caret, "whole messages are selected: V selects the text of one"),
    command("line-end", "To the end of the line", &[Select], &["$"], |app| {
        app.step_caret(Step::LineEnd)
    })
    .when(App::has_caret, "whole messages are selected: V selects the text of one"),
    command("select", "Select text from here", &[Reader], &["v"], |app| app.start_selecting(false))
        // From the occurrence that one stands on.
        .needs(Needs::Hits)
        .hint("select")
        .when(App::is_open, "nothing is open in the reader"),
    command("select-lines", "Select lines, or whole messages", &[Reader], &["V"], |app| {
        app.start_selecting(true)
    })
    .needs(Needs::Hits)
    .when(App::is_open, "nothing is open in the reader"),
    command(
        "select-rows",
        "Select rows of the list from here",
        &[List, Results],
        &["v"],
        App::select_rows,
    )
    .when(App::can_select_rows, "rows are selected in the lists of documents and results"),
    command("stop-rows", "Select no rows", &[Rows], &["esc", "v"], App::stop_rows)
        .at_once()
        .hint("stop"),
    command("cell-left", "To the cell on the left", &[Grid], &["h", "left"], |app| {
        app.step_column(-1)
    })
    .needs(Needs::Shown),
    command("cell-right", "To the cell on the right", &[Grid], &["l", "right"], |app| {
        app.step_column(1)
    })
    .needs(Needs::Shown),
    command("first-column", "To the first column", &[Grid], &["^"], |app| {
        app.step_column(-1_000_000)
    })
    .needs(Needs::Shown),
    command("last-column", "To the last column", &[Grid], &["$"], |app| app.step_column(1_000_000))
        .needs(Needs::Shown),
    command(
        "sort-column",
        "Sort by this column: least first, greatest first, as it stands",
        &[Grid],
        &["S"],
        App::sort_column,
    )
    .needs(Needs::Shown)
    .hint("sort"),
    command(
        "stop-sorting",
        "Stop a sort or filter that is still being made",
        &[Grid],
        &["esc"],
        App::stop_sorting,
    )
    .at_once()
    .when(App::is_sorting, "nothing is being sorted or filtered"),
    command(
        "filter-column",
        "Only rows whose cell in this column says something",
        &[Grid],
        &["f"],
        App::start_column_filter,
    )
    .needs(Needs::Shown)
    .hint("filter"),
    command(
        "show-figures",
        "Sum, extremes and most frequent values of this column",
        &[Grid],
        &["="],
        App::show_figures,
    )
    .hint("sum, frequency"),
    command(
        "show-all-rows",
        "All rows as they stand, without sum",
        &[Grid],
        &["a"],
        App::show_all_rows,
    )
    .needs(Needs::Shown)
    .hint("all rows")
    .when(App::is_cut_table, "all rows are shown as they stand, without a sum"),
    command(
        "set-header",
        "This row names the columns, or none does",
        &[Grid],
        &["H"],
        App::set_header,
    )
    .needs(Needs::Shown),
    command(
        "toggle-grid",
        "Show a table as a grid, or as text",
        &[Reader],
        &["T"],
        App::toggle_grid,
    )
    .needs(Needs::Shown)
    .hint("table or text")
    .about(App::grid_hint)
    .when(App::has_table, "there is no table in this document"),
    command("next-hit", "Go to the next occurrence", &[Reader], &["n"], |app| app.next_hit(false))
        .needs(Needs::Hits)
        .hint("next hit")
        .about(App::next_hit_hint)
        .when(App::has_query, "no occurrence is marked: / searches everything, \\ in what is read"),
    command("previous-hit", "Go to the occurrence before", &[Reader], &["N"], |app| {
        app.next_hit(true)
    })
    .needs(Needs::Hits)
    .when(App::has_query, "no occurrence is marked: / searches everything, \\ in what is read"),
    command("next-part", "Go to the next page, sheet or day", &[Reader], &["]"], |app| {
        app.next_part(false)
    })
    .hint("next")
    .about(App::part_hint)
    .when(App::has_parts, "this text has neither pages nor sheets"),
    command("previous-part", "Go to the page, sheet or day before", &[Reader], &["["], |app| {
        app.next_part(true)
    })
    .when(App::has_parts, "this text has neither pages nor sheets"),
    command("next-session", "Go to the next session", &[Reader], &["}"], |app| {
        app.next_session(false)
    })
    .when(App::is_chat, "this is no conversation"),
    command(
        "previous-session",
        "Go to the start of the session, or the one before",
        &[Reader],
        &["{"],
        |app| app.next_session(true),
    )
    .when(App::is_chat, "this is no conversation"),
    command(
        "raw-times",
        "Stamps as they stand in the file, or times",
        &[Reader],
        &["R"],
        App::toggle_raw,
    )
    .needs(Needs::Shown)
    .when(App::is_chat, "this is no conversation"),
    command("find", "Search in this document or conversation", &[Reader], &["\\"], App::start_find)
        .hint("find here")
        .when(App::can_find, "there is nothing to search in here"),
    command("clear-find", "Mark again what the search found", &[Reader], &["|"], App::clear_find)
        .hint("marks off")
        .when(|app| app.find.is_some(), "nothing is searched for in what is read"),
    command(
        "go-to",
        "Go to a line, message, sheet, cell or percentage",
        &[Reader],
        &["g l"],
        |app| app.start_go_to(Numbered::Line),
    )
    .when(App::is_open, "nothing is open in the reader"),
    command("go-to-page", "Go to a page, slide or sheet", &[Reader, List], &["g p"], |app| {
        app.start_go_to(Numbered::Page)
    })
    .when(App::can_go_to_page, "this text has neither pages nor sheets: g l goes to a line")
    .unless_here(App::why_no_pages),
    command("go-to-date", "Go to a date in a conversation", &[Reader], &["g d"], |app| {
        app.start_go_to(Numbered::Date)
    })
    .when(App::is_chat, "this is no conversation: g l goes to a line"),
    command(
        "follow-reference",
        "Follow a short number that the text names: D17, M2041",
        &[Select, Grid],
        &["enter"],
        App::follow_reference,
    )
    .when(App::has_reference, "no short number such as D17 or M2041 is named here")
    .alone(),
    command(
        "open-outside",
        "Open a read-only copy of the original in another program",
        &[Reader, List],
        &["O"],
        App::open_outside,
    )
    .when(App::has_document, "no document is here")
    .alone(),
    command("next-text", "Read another text: OCR, translation", &[Reader], &["t"], |app| {
        app.next_variant()
    })
    .hint("other text")
    .when(App::has_variants, "there is no other text of this: neither OCR nor translation"),
    command("set-mark", "Name this place by a letter", &[Reader, List], &["`"], |app| {
        app.await_mark(Awaited::SetMark)
    }),
    command("go-to-mark", "Go to a place that was named", MOVES, &["'"], |app| {
        app.await_mark(Awaited::GoToMark)
    })
    .at_once(),
    command(
        "filter",
        "Show only what contains what is typed: a path, a name, a day; notes of a kind or with a word",
        &[List],
        &["f"],
        App::start_filter,
    )
    .needs(Needs::Shown)
    .hint("filter")
    .when(
        |app| app.can_filter() || app.is_notes(),
        "this list cannot be filtered; / searches everything",
    ),
    command("sort", "Sort by the next of its columns", &[List], &["S"], App::next_sort)
        .needs(Needs::Shown)
        .hint("sort")
        .when(App::can_sort, "this list has one order"),
    command(
        "reverse-sort",
        "Turn the order of the documents around",
        &[List],
        &["R"],
        App::reverse_sort,
    )
    .needs(Needs::Shown)
    .when(App::is_documents, "this is for the list of documents"),
    command(
        "toggle-tree",
        "Folders with what is in them, page sets as one; or a flat list",
        &[List],
        &["T"],
        App::toggle_tree,
    )
    .hint("tree")
    .when(App::is_documents, "this is for the list of documents"),
    command(
        "sort-results",
        "Sort by relevance, oldest, newest",
        &[Results],
        &["S"],
        App::next_result_sort,
    )
    .at_once()
    .hint("sort"),
    command("next-day", "To the next day", &[Links], &["]"], |app| app.next_day_page(false))
        .hint("next day")
        .when(App::is_in_day, "this is for a day of the timeline"),
    command("previous-day", "To the day before", &[Links], &["["], |app| app.next_day_page(true))
        .when(App::is_in_day, "this is for a day of the timeline"),
    command("next-month", "To the next month", &[List], &["]"], |app| app.next_month(false))
        .hint("next month")
        .when(App::is_timeline, "this is for the days of the timeline"),
    command("previous-month", "To the month before", &[List], &["["], |app| app.next_month(true))
        .when(App::is_timeline, "this is for the days of the timeline"),
    command("go-to-day", "Go to a day, month or year", &[List, Links], &["g d"], |app| {
        app.start_go_to(Numbered::Date)
    })
    .hint("go to a day")
    .about(App::day_hint)
    .when(App::can_go_to_day, "the timeline and a conversation that is open have days to go to"),
    command("show-all", "Show all of the list again", &[List], &["a"], App::clear_filter)
        .hint("show all")
        .when(App::is_filtered, "all of the list is shown"),
];
