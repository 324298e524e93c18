//! A note: where it stands, its texts, and what it cites.

use super::field;
use crate::case::{Case, Cited, Hold, Lost, NoteFields, NoteKind, Stance, note_title};
use crate::cli::anchors;
use crate::cli::error::Failure;
use crate::cli::out::{Out, Style};
use crate::cli::{findings, json_note};
use crate::model::disagreed::Slot;
use crate::model::{AnchorId, NoteId};
use crate::text::width;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

/// Where a note stands, all its texts (the latest first), what it cites and whether that holds.
pub(super) fn note(
    case: &Case,
    id: NoteId,
    is_json: bool,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    let view = case.note_view(id)?;
    let mut holds = Vec::with_capacity(view.note.citations.len());
    let mut lost = HashMap::new();
    for cited in &view.note.citations {
        holds.push(match &cited.line {
            Some(_) => {
                let view = case.anchor(cited.id)?;
                lost.extend(anchors::lost(case, &view.anchor)?.map(|own| (cited.id, own)));
                Some(case.hold(view.signed(), &AtomicBool::new(false))?)
            }
            None => None,
        });
    }
    if is_json {
        let unheld: Result<Vec<_>, Failure> =
            view.answers.iter().map(|answer| findings::unheld_by(answer, case)).collect();
        return out.json(&json_note::Note::new(view, holds, unheld?));
    }
    out.say_in(Style::Strong, &id.to_string())?;
    let fields = &view.note.fields;
    let standing = match fields.kind {
        NoteKind::Finding => format!(", {}", fields.standing_words()),
        _ => String::new(),
    };
    out.line_of(Style::Plain, &format!("  {}{standing}", fields.kind.word()))?;
    out.say("\n")?;
    field(out, "likelihood", &fields.likelihood.map_or_else(String::new, |known| known.words()))?;
    field(out, "confidence", fields.confidence.map_or("", |known| known.word()))?;
    if let Some(when) = &fields.when {
        field(out, "when", when.text())?;
    }
    if let Some((question, asks)) = &view.question {
        field(out, "answers", &format!("{question} {asks}"))?;
    }
    if let Some(kept) = &fields.kept {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Warn, &kept.words())?;
        out.say("\n")?;
    }
    for own in fields.disagreed.iter().filter(|own| own.slot != Slot::Standing) {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Warn, &format!("{} {}", own.about(), own.words()))?;
        out.say("\n")?;
    }
    let tags: Vec<String> = fields.tags.iter().map(|tag| format!("#{tag}")).collect();
    field(out, "tags", &tags.join(" "))?;
    for conflict in &view.conflicts {
        out.say_in(Style::Warn, &format!("! {}\n", conflict.words()))?;
    }
    for (number, text) in view.note.texts.iter().enumerate() {
        let when = crate::case::wall_text(text.wall);
        out.line_of(Style::Dim, &format!("── {} {when} UTC", text.by))?;
        out.say(if number == 0 { "\n" } else { "  (written at the same time)\n" })?;
        // Byte for byte it is what was typed, with the brackets.
        match out.is_exact() {
            true => out.block_of(&text.text)?,
            false => out.block_of(&view.note.as_read(&text.text).0)?,
        }
        out.say("\n")?;
    }
    citations(fields, &view.note.citations, &holds, &lost, out)?;
    for answer in &view.answers {
        let id = answer.row.id.map_or_else(String::new, |id| id.to_string());
        field(out, "answered by", &format!("{id} {}", note_title(&answer.row)))?;
    }
    for review in view.note.reviews() {
        field(out, "review", &review.said_of_it())?;
    }
    Ok(())
}

fn citations(
    fields: &NoteFields,
    citations: &[Cited],
    holds: &[Option<Hold>],
    lost: &HashMap<AnchorId, Lost>,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    for stance in Stance::ALL.iter().copied().map(Some).chain([None]) {
        for (cited, hold) in citations.iter().zip(holds) {
            let agreed = (!fields.is_disputed(cited)).then_some(cited.citation.stance);
            if agreed != stance {
                continue;
            }
            // Only what claims something is supported.
            let is_claim = fields.kind.claims();
            let word = stance.map_or("disagreed", Stance::word);
            let verb = if is_claim { word } else { "cites" };
            out.say_in(Style::Dim, &width::column(verb, 12))?;
            out.say_in(Style::Strong, &cited.names())?;
            out.line_of(Style::Plain, &format!(" {}", cited.line_or_gone()))?;
            out.line_of(Style::Dim, &format!("  {} {}", cited.place, cited.grades()))?;
            match hold {
                Some(Hold::Holds) => out.say_in(Style::Dim, " holds")?,
                Some(Hold::Changed { now }) => {
                    out.line_of(Style::Warn, &format!(" is now {now}"))?
                }
                Some(Hold::OtherBasis { now }) => {
                    out.line_of(Style::Warn, &format!(" other basis: {now}"))?
                }
                Some(Hold::Broken { why }) => {
                    out.line_of(Style::Warn, &format!(" broken: {why}"))?
                }
                Some(Hold::Misplaced { why }) => {
                    out.line_of(Style::Warn, &format!(" misplaced: {why}"))?
                }
                Some(hold) => out.say_in(Style::Warn, &format!(" {}", hold.word()))?,
                None => {}
            }
            if let Some(lost) = lost.get(&cited.id) {
                out.say_in(Style::Warn, &format!(", original: {}", lost.words()))?;
            }
            if let Some(kept) = &cited.kept {
                out.line_of(Style::Warn, &format!("  ! {}", kept.words()))?;
            }
            out.say("\n")?;
        }
    }
    Ok(())
}
