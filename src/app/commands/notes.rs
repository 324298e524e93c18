//! What a note is, where it stands, and writing one.

use super::Context::*;
use super::{Command, command};
use crate::app::App;
use crate::app::choice::Choice as Choose;
use crate::case::{NoteKind, Stance};

pub(super) const COMMANDS: &[Command] = &[
    command(
        "set-standing",
        "Open, supported, disputed or refuted",
        &[Note],
        &["= s"],
        |app| app.choose_of_note(Choose::Standing),
    )
    .hint("standing")
    .when(App::is_on_finding, "only findings have a standing")
    .writes()
    .alone(),
    command(
        "set-likelihood",
        "How likely it is, in words with their range",
        &[Note],
        &["= l"],
        |app| app.choose_of_note(Choose::Likelihood),
    )
    .when(App::is_on_claim, "only findings and events have this")
    .writes()
    .alone(),
    command(
        "set-confidence",
        "How well founded the judgement is: low, moderate, high",
        &[Note],
        &["= c"],
        |app| app.choose_of_note(Choose::Confidence),
    )
    .when(App::is_on_claim, "only findings and events have this")
    .writes()
    .alone(),
    command(
        "set-question",
        "The question that it answers; findings with other dates that answer it too are marked ≠",
        &[Note],
        &["= q"],
        |app| app.choose_of_note(Choose::Question),
    )
    .when(App::can_answer, "a question answers no question")
    .writes()
    .alone(),
    command(
        "set-date",
        "When it was: 2021, 2021-03?, 2020..2021~; events stand in the timeline, ≠ marks evidence that is older",
        &[Note],
        &["= d"],
        |app| app.choose_of_note(Choose::When),
    )
    .hint("date")
    .about(App::date_hint)
    .when(App::is_on_claim, "only findings and events have this")
    .writes()
    .alone(),
    command(
        "set-note-kind",
        "Make it a note, a finding, a question or an event",
        &[Note],
        &["= k"],
        |app| app.choose_of_note(Choose::Kind),
    )
    .hint("kind")
    .when(App::is_on_note, "no note is here")
    .writes()
    .alone(),
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
        "count-again",
        "Count the cited number again, where it was counted in other evidence and is the same",
        &[Note],
        &["= n"],
        App::recount,
    )
    .when(App::is_on_count, "the cursor is on no cited number of a note")
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
        "keep",
        "Keep what somebody deleted without knowing what others did to it; D deletes it again",
        &[List, Links],
        &["K"],
        App::keep_here,
    )
    .when(App::can_keep, "nothing here was deleted")
    .writes()
    .alone(),
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
    command("stop-export", "Write no report after all", &[Export], &["esc"], App::stop_export).at_once()
        .hint("stop"),
];
