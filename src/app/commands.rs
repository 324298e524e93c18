//! Every command there is: the one table that dispatch, hint line, help and palette read.

use super::App;
use super::act::spots::Awaited;
use super::choice::Choice as Choose;
use super::data::Mark;
use super::reader::Step;
use crate::case::{NoteKind, Stance};
use Context::*;

/// Where a command means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    List,
    Reader,
    /// Something is being selected.
    Select,
    /// Rows of a list are being selected.
    Rows,
    /// A table in the reader.
    Grid,
    /// Lines beside: margin, overview, facets.
    Links,
    Results,
    /// The search line.
    Typing,
    Help,
    Palette,
    Filter,
    /// Figures of a column.
    Figures,
    /// On a note, wherever it is shown.
    Note,
    /// A list to choose from.
    Pick,
    /// A line that is typed while reading.
    Prompt,
    Confirm,
    Report,
    /// While a report is written.
    Export,
    /// Where a note is written.
    Editor,
    /// What completes a reference in a note.
    Complete,
    Anywhere,
}

impl Context {
    /// Characters go into a line there, so they are no keys.
    pub fn is_typed_into(&self) -> bool {
        matches!(
            self,
            Typing | Help | Palette | Filter | Editor | Complete | Prompt | Figures | Pick
        )
    }

    pub fn title(self) -> &'static str {
        match self {
            List => "in the list",
            Reader => "while reading",
            Select => "while selecting",
            Rows => "while selecting rows",
            Grid => "in a table",
            Figures => "in the figures of a column",
            Pick => "while choosing",
            Links => "on lines that lead somewhere",
            Results => "in the results",
            Typing => "in the search line",
            Help => "in this help",
            Palette => "in the palette",
            Filter => "in the filter",
            Note => "on a note",
            Prompt => "in the line that is typed",
            Confirm => "in the question",
            Report => "in the report",
            Export => "while a report is written",
            Editor => "in the note",
            Complete => "in a reference that is typed",
            Anywhere => "everywhere",
        }
    }
}

pub struct Command {
    /// Verb and object, as it stands in the palette and in `keys.toml`.
    pub name: &'static str,
    /// One line for the help.
    pub doc: &'static str,
    /// A word for the hint line; empty where it is not worth the room.
    pub hint: &'static str,
    pub contexts: &'static [Context],
    pub keys: &'static [&'static str],
    /// What stands in the hint line instead, when that depends on where one is.
    pub about: Option<fn(&App, &str) -> String>,
    /// Not offered where the case cannot be written.
    pub writes: bool,
    /// Whether it means something now.
    pub when: fn(&App) -> bool,
    /// Why it means nothing, where it does not.
    pub unless: &'static str,
    pub run: fn(&mut App),
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn command(
    name: &'static str,
    doc: &'static str,
    contexts: &'static [Context],
    keys: &'static [&'static str],
    run: fn(&mut App),
) -> Command {
    Command {
        name,
        doc,
        hint: "",
        contexts,
        keys,
        about: None,
        writes: false,
        when: |_| true,
        unless: "",
        run,
    }
}

impl Command {
    const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    const fn about(mut self, about: fn(&App, &str) -> String) -> Self {
        self.about = Some(about);
        self
    }

    const fn writes(mut self) -> Self {
        self.writes = true;
        self
    }

    /// `unless` is what is said when it means nothing now.
    const fn when(mut self, when: fn(&App) -> bool, unless: &'static str) -> Self {
        self.when = when;
        self.unless = unless;
        self
    }
}

/// Where something can be marked.
const MARKED: &[Context] = &[List, Reader, Results];

const MOVES: &[Context] = &[List, Reader, Links, Results];

/// In the order of the hint line and the help.
pub const COMMANDS: &[Command] = &[
    // Deeper and back.
    command("open", "Open what the cursor is on", &[List, Results], &["enter"], App::open_current)
        .hint("open")
        .when(App::can_open, "there is nothing here to open"),
    command("follow", "Follow the line under the cursor", &[Links], &["enter"], App::follow_link)
        .hint("follow")
        .about(App::follow_hint)
        .when(App::has_link, "this line leads nowhere"),
    command(
        "follow-message",
        "Open its file, what it answers, all of it; or what a text names: D17, M2041",
        &[Reader],
        &["enter"],
        App::follow_here,
    )
    .hint("follow")
    .when(App::can_follow_here, "there is nothing to follow: no file that was sent along, no answer, no short number"),
    command(
        "highlight",
        "Highlight the selection, the cell or the message: meaning, comment, tags; or change it",
        &[Select, Reader, Grid],
        &["m"],
        App::highlight,
    )
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
        "Copy where the document or message stands: file, record, SHA-256",
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
        .hint("stop"),
    command("caret-left", "One character left", &[Select], &["h", "left"], |app| {
        app.step_caret(Step::Left)
    }),
    command("caret-right", "One character right", &[Select], &["l", "right"], |app| {
        app.step_caret(Step::Right)
    }),
    command("word-left", "To the word before", &[Select], &["b"], |app| {
        app.step_caret(Step::WordLeft)
    }),
    command("word-right", "To the next word", &[Select], &["w", "e"], |app| {
        app.step_caret(Step::WordRight)
    }),
    command("line-start", "To the start of the line", &[Select], &["^"], |app| {
        app.step_caret(Step::LineStart)
    }),
    command("line-end", "To the end of the line", &[Select], &["$"], |app| {
        app.step_caret(Step::LineEnd)
    }),
    command("select", "Select text from here", &[Reader], &["v"], |app| app.start_selecting(false))
        .hint("select")
        .when(App::is_open, "nothing is open in the reader"),
    command("select-lines", "Select lines, or whole messages", &[Reader], &["V"], |app| {
        app.start_selecting(true)
    })
    .when(App::is_open, "nothing is open in the reader"),
    command(
        "select-rows",
        "Select rows of the list from here",
        &[List, Results],
        &["v"],
        App::select_rows,
    )
    .when(App::can_select_rows, "rows are selected in the lists of documents and results"),
    command("stop-rows", "Select no rows", &[Rows], &["esc", "v"], App::stop_rows).hint("stop"),
    command("cell-left", "To the cell on the left", &[Grid], &["h", "left"], |app| {
        app.step_column(-1)
    }),
    command("cell-right", "To the cell on the right", &[Grid], &["l", "right"], |app| {
        app.step_column(1)
    }),
    command("first-column", "To the first column", &[Grid], &["^"], |app| {
        app.step_column(-1_000_000)
    }),
    command("last-column", "To the last column", &[Grid], &["$"], |app| app.step_column(1_000_000)),
    command(
        "sort-column",
        "Sort by this column: least first, greatest first, as it stands",
        &[Grid],
        &["S"],
        App::sort_column,
    )
    .hint("sort"),
    command("stop-sorting", "Stop sorting or filtering", &[Grid], &["esc"], App::stop_sorting)
        .when(App::is_sorting, "nothing is being sorted or filtered"),
    command(
        "filter-column",
        "Only rows whose cell in this column says something",
        &[Grid],
        &["f"],
        App::start_column_filter,
    )
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
    .hint("all rows")
    .when(App::is_cut_table, "all rows are shown as they stand, without a sum"),
    command(
        "set-header",
        "This row names the columns, or none does",
        &[Grid],
        &["H"],
        App::set_header,
    ),
    command(
        "toggle-grid",
        "Show a table as a grid, or as text",
        &[Reader],
        &["T"],
        App::toggle_grid,
    )
    .hint("table or text")
    .when(App::has_table, "there is no table in this document"),
    command("next-hit", "Go to the next occurrence", &[Reader], &["n"], |app| app.next_hit(false))
        .hint("next hit")
        .when(App::has_query, "no occurrence is marked: / searches everything, \\ in what is read"),
    command("previous-hit", "Go to the occurrence before", &[Reader], &["N"], |app| {
        app.next_hit(true)
    })
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
    .when(App::is_chat, "this is no conversation"),
    command("find", "Search in this document or conversation", &[Reader], &["\\"], App::start_find)
        .hint("find here")
        .when(App::can_find, "there is nothing to search in here"),
    command("clear-find", "Mark again what the search found", &[Reader], &[], App::clear_find)
        .when(|app| app.find.is_some(), "nothing is searched for in what is read"),
    command(
        "go-to",
        "Go to a line, page, sheet or percentage",
        &[Reader],
        &["g l", "g p", "g d"],
        App::start_go_to,
    )
    .when(App::is_open, "nothing is open in the reader"),
    command(
        "follow-reference",
        "Follow a short number that the text names: D17, M2041",
        &[Select, Grid],
        &["enter"],
        App::follow_reference,
    )
    .when(App::has_reference, "no short number such as D17 or M2041 is named here"),
    command(
        "open-outside",
        "Open a read-only copy of the original in another program",
        &[Reader, List],
        &["O"],
        App::open_outside,
    )
    .when(App::has_document, "no document is here"),
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
    }),
    command(
        "filter",
        "Show only what contains what is typed: a path, a name; only notes of a kind",
        &[List],
        &["f"],
        App::start_filter,
    )
    .hint("filter")
    .when(|app| app.can_filter() || app.is_notes(), "this list cannot be filtered; / searches everything"),
    command("sort", "Sort by the next of its columns", &[List], &["S"], App::next_sort)
        .hint("sort")
        .when(App::can_sort, "this list has one order"),
    command("reverse-sort", "Turn the order around", &[List], &["R"], App::reverse_sort)
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
    .hint("sort"),
    command("next-month", "To the next month", &[List], &["]"], |app| app.next_month(false))
        .hint("next month")
        .when(App::is_timeline, "this is for the days of the timeline"),
    command("previous-month", "To the month before", &[List], &["["], |app| app.next_month(true))
        .when(App::is_timeline, "this is for the days of the timeline"),
    command("go-to-day", "Go to a day, month or year", &[List], &["g d"], App::start_go_to)
        .hint("go to a day")
        .when(App::is_timeline, "this is for the days of the timeline"),
    command("show-all", "Show all of the list again", &[List], &["a"], App::clear_filter)
        .hint("show all")
        .when(App::is_filtered, "all of the list is shown"),
    // What a note is and where it stands.
    command(
        "set-standing",
        "Open, supported, disputed or refuted",
        &[Note],
        &["= s"],
        |app| app.choose_of_note(Choose::Standing),
    )
    .hint("standing")
    .when(App::is_on_finding, "only findings have a standing")
    .writes(),
    command(
        "set-likelihood",
        "How likely it is, in words with their range",
        &[Note],
        &["= l"],
        |app| app.choose_of_note(Choose::Likelihood),
    )
    .when(App::is_on_claim, "only findings and events have this")
    .writes(),
    command(
        "set-confidence",
        "How well founded the judgement is: low, moderate, high",
        &[Note],
        &["= c"],
        |app| app.choose_of_note(Choose::Confidence),
    )
    .when(App::is_on_claim, "only findings and events have this")
    .writes(),
    command(
        "set-question",
        "The question that it answers; findings with other dates that answer it too are marked ≠",
        &[Note],
        &["= q"],
        |app| app.choose_of_note(Choose::Question),
    )
    .when(App::can_answer, "a question answers no question")
    .writes(),
    command(
        "set-date",
        "When it was: 2021, 2021-03?, 2020..2021~; events stand in the timeline, ≠ marks evidence that is older",
        &[Note],
        &["= d"],
        |app| app.choose_of_note(Choose::When),
    )
    .when(App::is_on_claim, "only findings and events have this")
    .writes(),
    command(
        "set-note-kind",
        "Make it a note, a finding, a question or an event",
        &[Note],
        &["= k"],
        |app| app.choose_of_note(Choose::Kind),
    )
    .hint("kind")
    .when(App::is_on_note, "no note is here")
    .writes(),
    command("cite-for", "The citation under the cursor speaks for it", &[Note], &["+"], |app| {
        app.set_stance(Stance::Supports)
    })
    .hint("for")
    .when(App::is_on_evidence, "the cursor is on no citation of a claim")
    .writes(),
    command("cite-against", "The citation speaks against it", &[Note], &["-"], |app| {
        app.set_stance(Stance::Contradicts)
    })
    .hint("against")
    .when(App::is_on_evidence, "the cursor is on no citation of a claim")
    .writes(),
    command("set-stance", "What the citation does: for, against, context", &[Note], &["= t"], |app| {
        app.choose_stance()
    })
    .when(App::is_on_evidence, "the cursor is on no citation of a claim")
    .writes(),
    command("set-grade", "Admiralty grade of the citation: B2", &[Note], &["= g"], |app| {
        app.choose_grade()
    })
    .hint("grade")
    .when(App::is_on_citation, "the cursor is on no citation of a note")
    .writes(),
    command(
        "edit",
        "Change the query, the note, or what a highlight means",
        &[List, Results, Links],
        &["e"],
        App::edit_here,
    )
    .hint("edit")
    .when(App::can_edit, "nothing here can be changed"),
    command(
        "delete",
        "Delete the note, draft, worklist, highlight or entity; what the cursor is on in a dossier",
        &[List, Links],
        &["D"],
        App::delete_here,
    )
    .hint("delete")
    .when(App::can_delete, "nothing here can be deleted: evidence stays")
    .writes(),
    command(
        "write-note",
        "Write a note that names what the cursor is on, or name it in the open one",
        &[Anywhere],
        &["w"],
        App::write_note,
    )
    .hint("write")
    .writes(),
    command(
        "write-finding",
        "Write a finding that names what the cursor is on",
        &[Anywhere],
        &["W f"],
        |app| app.write_as(NoteKind::Finding),
    )
    .writes(),
    command(
        "write-question",
        "Write a question that findings will answer",
        &[Anywhere],
        &["W q"],
        |app| app.write_as(NoteKind::Question),
    )
    .writes(),
    command(
        "write-event",
        "Write an event: what happened, dated with = d, in the timeline",
        &[Anywhere],
        &["W e"],
        |app| app.write_as(NoteKind::Event),
    )
    .writes(),
    command(
        "export",
        "Show how a report of notes, findings, timeline or entities reads, and write it",
        &[Anywhere],
        &["X"],
        App::start_export,
    )
    .hint("export")
    .about(App::export_hint),
    command("stop-export", "Write no report after all", &[Export], &["esc"], App::stop_export)
        .hint("stop"),
    // Who is who.
    command(
        "new-entity",
        "Make an entity of what is selected, of the account here, or of a name",
        &[Anywhere],
        &["E n"],
        App::new_entity,
    )
    .writes(),
    command(
        "name-entity",
        "Make an entity of a name alone",
        &[Anywhere],
        &["E N"],
        App::name_entity,
    )
    .writes(),
    command(
        "add-name",
        "Another name of an entity: what is selected, or what is typed",
        &[Anywhere],
        &["E a"],
        App::add_name,
    )
    .when(App::can_name, "nothing is selected, and no entity is here: v selects a name")
    .writes(),
    command(
        "say-of-entity",
        "Say something of an entity; what is selected shows it",
        &[Anywhere],
        &["E s"],
        App::say_of_entity,
    )
    .when(App::can_name, "nothing is selected, and no entity is here: v selects a name")
    .writes(),
    command(
        "give-account",
        "Give this account to an entity, or an account to this entity",
        &[Anywhere],
        &["E p"],
        App::give_account,
    )
    .when(App::has_entity_or_account, "neither an entity nor an account is here")
    .writes(),
    command("rename-entity", "Rename it, and say why", &[Anywhere], &["E r"], App::rename_entity)
        .when(App::has_entity, "no entity is here")
        .writes(),
    command(
        "set-entity-kind",
        "Person, organisation, place and so on",
        &[Anywhere],
        &["E k"],
        App::set_entity_kind,
    )
    .when(App::has_entity, "no entity is here")
    .writes(),
    command("describe-entity", "Describe it", &[Anywhere], &["E d"], App::describe_entity)
        .when(App::has_entity, "no entity is here")
        .writes(),
    command("tag-entity", "Tag it, or take a tag off", &[Anywhere], &["E t"], App::tag_entity)
        .when(App::has_entity, "no entity is here")
        .writes(),
    command(
        "watch-entity",
        "Watch it, or no more: watch:yes finds where it is named and what it wrote",
        &[Anywhere],
        &["E w"],
        App::watch_entity,
    )
    .hint("watch")
    .when(App::has_entity, "no entity is here")
    .writes(),
    command(
        "merge-entity",
        "Say that it is another one; what that changes is shown first",
        &[Anywhere],
        &["E m"],
        App::merge_entity,
    )
    .hint("merge")
    .when(App::has_entity, "no entity is here")
    .writes(),
    command(
        "split-entity",
        "Make an entity of its own of the name or account under the cursor; take a merge apart",
        &[Links],
        &["E x"],
        App::split_entity,
    )
    .when(App::can_split, "the cursor is on no name, account or merge of an entity")
    .writes(),
    // The note that is being written.
    command(
        "finish-note",
        "Keep what was written and close it",
        &[Editor],
        &["esc", "ctrl-s"],
        App::finish_note,
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
    // Marks.
    command("mark-read", "Mark as read, or not read", MARKED, &["space"], |app| {
        app.mark_here(Mark::Read)
    })
    .hint("read")
    .about(App::mark_hint)
    .when(App::can_mark, "documents and messages are marked; neither is here")
    .writes(),
    command("mark-irrelevant", "Put aside as irrelevant, or back", MARKED, &["x"], |app| {
        app.mark_here(Mark::Irrelevant)
    })
    .hint("irrelevant")
    .when(App::can_mark, "documents and messages are marked; neither is here")
    .writes(),
    command("mark-starred", "Star, or take the star off", MARKED, &["s"], |app| {
        app.mark_here(Mark::Starred)
    })
    .hint("star")
    .when(App::can_mark, "documents and messages are marked; neither is here")
    .writes(),
    command(
        "next-unread",
        "Go to the next message, document or hit that is not read",
        MARKED,
        &["U"],
        App::next_unread,
    )
    .hint("next unread")
    .when(App::can_seek_unread, "documents and messages are read or unread; none are here"),
    command(
        "mark-all-read",
        "Mark all of this list, result or conversation as read",
        MARKED,
        &["M space"],
        |app| app.mark_all(Mark::Read),
    )
    .when(App::can_mark_all, "nothing here can be marked all at once")
    .writes(),
    command(
        "mark-all-irrelevant",
        "Put all of this list, result or conversation aside",
        MARKED,
        &["M x"],
        |app| app.mark_all(Mark::Irrelevant),
    )
    .when(App::can_mark_all, "nothing here can be marked all at once")
    .writes(),
    command(
        "mark-all-starred",
        "Star all of this list, result or conversation",
        MARKED,
        &["M s"],
        |app| app.mark_all(Mark::Starred),
    )
    .when(App::can_mark_all, "nothing here can be marked all at once")
    .writes(),
    command(
        "tag",
        "Tag what the cursor is on or what is selected, or take a tag off: who/lin",
        &[List, Reader, Results, Links],
        &["#"],
        App::tag_here,
    )
    .hint("tag")
    .when(App::can_tag, "nothing here can be tagged")
    .writes(),
    command(
        "tag-all",
        "Tag all of this list, result or conversation, after a count",
        MARKED,
        &["M #"],
        App::tag_all,
    )
    .when(App::can_mark_all, "nothing here can be marked all at once")
    .writes(),
    command("tags", "Every tag with its counts, to search for", &[Anywhere], &["g #"], |app| {
        app.open_choice(Choose::Tags)
    }),
    // Moving.
    command("down", "Down one line, row or message", MOVES, &["j", "down"], |app| app.step(1)),
    command("up", "Up one line, row or message", MOVES, &["k", "up"], |app| app.step(-1)),
    command("half-page-down", "Down half a screen", MOVES, &["ctrl-d"], |app| app.page(1, 2)),
    command("half-page-up", "Up half a screen", MOVES, &["ctrl-u"], |app| app.page(-1, 2)),
    command("page-down", "Down a screen", MOVES, &["pagedown", "ctrl-f"], |app| app.page(1, 1)),
    command("page-up", "Up a screen", MOVES, &["pageup", "ctrl-b"], |app| app.page(-1, 1)),
    command("start", "To the start", MOVES, &["g g", "home"], App::go_start),
    command("end", "To the end", MOVES, &["G", "end", "g e"], App::go_end),
    command("next-column", "To the next column", MOVES, &["tab"], |app| app.next_pane(1))
        .hint("next column"),
    command("previous-column", "To the column before", MOVES, &["shift-tab"], |app| {
        app.next_pane(-1)
    }),
    command(
        "leave",
        "Out of this column; out of the results, back to where one was",
        MOVES,
        &["esc"],
        App::leave,
    ),
    command("column-right", "To the column on the right", MOVES, &["l", "right"], |app| {
        app.side_pane(1)
    }),
    command("column-left", "To the column on the left", MOVES, &["h", "left"], |app| {
        app.side_pane(-1)
    }),
    // The search line.
    command("start-reading", "Go to the results", &[Typing], &["enter"], App::stop_typing)
        .hint("to the results"),
    command(
        "stop-typing",
        "Close the search line",
        &[Typing],
        &["esc", "ctrl-c"],
        App::cancel_typing,
    )
    .hint("close"),
    command(
        "next-result",
        "Down one result while typing, or the query after",
        &[Typing],
        &["down", "ctrl-n"],
        App::down_while_typing,
    )
    .hint("next result"),
    command(
        "previous-result",
        "Up one result while typing; in an empty line, the query before",
        &[Typing],
        &["up", "ctrl-p"],
        App::up_while_typing,
    ),
    command("recall-query", "Bring back the query before", &[Typing], &["ctrl-r"], |app| {
        app.recall(false)
    })
    .hint("query before"),
    command(
        "save-search",
        "Save the query as a worklist",
        &[Typing, Results, Links],
        &["ctrl-s"],
        App::start_saving_search,
    )
    .hint("save")
    .when(App::can_save_search, "there is no search to save"),
    command("to-facets", "To the facets", &[Typing], &["tab"], App::focus_facets).hint("narrow"),
    command(
        "take-suggestion",
        "Take the suggested query",
        &[Typing],
        &["ctrl-y"],
        App::take_suggestion,
    )
    .hint("take the suggestion")
    .when(App::has_suggestion, "no other query is suggested"),
    // What lies over the desk.
    command("close-help", "Close the help", &[Help], &["esc", "enter", "ctrl-c"], App::close_layer)
        .hint("close"),
    command("help-down", "Down", &[Help], &["down", "ctrl-n"], |app| app.scroll_layer(1))
        .hint("more"),
    command("help-up", "Up", &[Help], &["up", "ctrl-p"], |app| app.scroll_layer(-1)),
    command("help-page-down", "Down a screen", &[Help], &["pagedown", "ctrl-d"], |app| {
        app.scroll_layer(10)
    }),
    command("help-page-up", "Up a screen", &[Help], &["pageup", "ctrl-u"], |app| {
        app.scroll_layer(-10)
    }),
    command("run", "Run the command", &[Palette], &["enter"], App::run_from_palette).hint("run"),
    command("palette-down", "Down", &[Palette], &["down", "ctrl-n", "tab"], |app| {
        app.scroll_layer(1)
    })
    .hint("next"),
    command("palette-up", "Up", &[Palette], &["up", "ctrl-p", "shift-tab"], |app| {
        app.scroll_layer(-1)
    }),
    command("close-palette", "Close the palette", &[Palette], &["esc", "ctrl-c"], App::close_layer)
        .hint("close"),
    command(
        "close-report",
        "Close it",
        &[Report],
        &["esc", "enter", "q", "ctrl-c"],
        App::close_layer,
    )
    .hint("close"),
    command("report-down", "Down", &[Report], &["j", "down"], |app| app.scroll_layer(1))
        .hint("next"),
    command("report-up", "Up", &[Report], &["k", "up"], |app| app.scroll_layer(-1)),
    command("confirm", "Do it", &[Confirm], &["enter", "y"], App::confirm).hint("yes"),
    command("refuse", "Leave it", &[Confirm], &["esc", "n", "q", "ctrl-c"], App::close_layer)
        .hint("no"),
    command("keep-filter", "Keep the filter", &[Filter], &["enter"], App::close_layer).hint("keep"),
    command("drop-filter", "Drop the filter", &[Filter], &["esc", "ctrl-c"], App::drop_filter)
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
    .hint("close"),
    command("choose", "Take this one", &[Pick], &["enter"], App::take_pick).hint("take"),
    command("choice-down", "Down", &[Pick], &["down", "ctrl-n", "tab"], |app| app.scroll_layer(1))
        .hint("next"),
    command("choice-up", "Up", &[Pick], &["up", "ctrl-p", "shift-tab"], |app| app.scroll_layer(-1)),
    command("choose-none", "Choose none", &[Pick], &["esc", "ctrl-c"], App::close_layer)
        .hint("back"),
    command("accept", "Take what is typed", &[Prompt], &["enter"], App::accept_prompt).hint("take"),
    command("dismiss", "Go back to before", &[Prompt], &["esc", "ctrl-c"], App::drop_prompt)
        .hint("back"),
    command(
        "find-next",
        "Go to the next occurrence or suggestion while typing",
        &[Prompt],
        &["down", "ctrl-n"],
        |app| app.next_while_typing(false),
    )
    .hint("next")
    .when(App::has_next_while_typing, "there is nothing to go to"),
    command(
        "find-previous",
        "Go to the occurrence or suggestion before while typing",
        &[Prompt],
        &["up", "ctrl-p"],
        |app| app.next_while_typing(true),
    )
    .when(App::has_next_while_typing, "there is nothing to go to"),
    command("complete", "Take the suggestion into the line", &[Prompt], &["tab"], App::complete)
        .hint("complete")
        .when(App::has_suggestions, "nothing is suggested"),
    // Everywhere.
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
        app.visit(super::View::Overview)
    }),
    command("documents", "The documents", &[Anywhere], &["1"], |app| {
        app.visit(super::View::Documents)
    }),
    command("chats", "The conversations", &[Anywhere], &["2"], |app| app.visit(super::View::Chats)),
    command("entities", "Who is who: entities and accounts", &[Anywhere], &["3"], |app| {
        app.visit(super::View::Entities)
    }),
    command("notes", "What was written down", &[Anywhere], &["4"], |app| {
        app.visit(super::View::Notes)
    }),
    command("timeline", "The dates of the evidence", &[Anywhere], &["5"], |app| {
        app.visit(super::View::Timeline)
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
    .when(App::can_toggle_margin, "the margin is in sight, or this section has none"),
    command(
        "copy-id",
        "Copy the short number of what the cursor is on",
        &[Anywhere],
        &["y"],
        App::copy_id,
    ),
    command("clear-marks", "Mark no occurrences any more", &[Anywhere], &[], App::clear_marks)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::sequence;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_say_what_they_do() {
        let mut names = HashSet::new();
        for command in COMMANDS {
            assert!(names.insert(command.name), "{} stands twice", command.name);
            assert!(
                command.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{}",
                command.name
            );
            assert!(!command.doc.is_empty() && !command.doc.ends_with('.'), "{}", command.name);
            assert!(!command.contexts.is_empty(), "{}", command.name);
        }
    }

    #[test]
    fn keys_can_be_pressed_and_mean_one_thing() {
        let mut taken = HashSet::new();
        for command in COMMANDS {
            for keys in command.keys {
                let keys = sequence(keys).unwrap();
                for context in command.contexts {
                    assert!(
                        taken.insert((keys.clone(), *context)),
                        "{keys:?} twice in {context:?}"
                    );
                }
                let is_tab = |key: &crate::app::key::Key| key.to_string() == "ctrl-i";
                assert!(!keys.iter().any(is_tab), "ctrl-i is tab on most terminals");
            }
        }
        // No sequence hides behind a shorter one.
        for (keys, context) in &taken {
            for length in 1..keys.len() {
                assert!(!taken.contains(&(keys[..length].to_vec(), *context)), "{keys:?}");
            }
        }
    }

    #[test]
    fn typing_contexts_bind_no_characters() {
        for command in COMMANDS {
            if command.contexts.iter().any(Context::is_typed_into) {
                for keys in command.keys {
                    assert_eq!(sequence(keys).unwrap()[0].typed(), None, "{}", command.name);
                }
            }
        }
    }
}
