//! The JSON of notes. See `json.rs` for what all of it has in common.

use super::json_entity::{Deletion, deletions};
use crate::case::{self as view, Hold, NoteEntry, NoteKind, NoteView, Stance, note_title};
use crate::model::disagreed::Disagreed;
use crate::model::kept::Kept;
use serde::Serialize;

/// `notes`.
#[derive(Debug, Serialize)]
pub struct Notes {
    pub total: u64,
    /// Questions with what answers to them, then findings, events and notes.
    pub notes: Vec<Row>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub id: String,
    /// `note`, `finding`, `question`, `event`.
    pub kind: &'static str,
    /// `open`, `supported`, `disputed`, `refuted`; of a finding only.
    pub standing: Option<&'static str>,
    pub title: String,
    /// The question that it answers to.
    pub question: Option<String>,
    /// How many answer to it, of a question.
    pub answers: u64,
    /// As it was typed: `2021-03?`.
    pub when: Option<String>,
    /// Anchors that it cites, by what they do for it.
    pub supports: Vec<String>,
    pub contradicts: Vec<String>,
    pub context: Vec<String>,
    /// Those of which its writers say that they do different things for it.
    pub disputed: Vec<String>,
    /// Those of them that do not hold, and how: `A4 broken` (words of `casebook anchors`).
    pub unheld: Vec<String>,
    pub tags: Vec<String>,
    /// A second person has checked it as it stands.
    pub checked: bool,
    /// Reviews of it as it stands that do not affirm, in words.
    pub objections: Vec<String>,
    /// Reviews of what it was and is not any more, in words.
    pub outdated: Vec<String>,
    /// What does not go together with it, in words.
    pub conflicts: Vec<String>,
    /// Fields that its writers set at the same time to different values.
    pub disagreed: Vec<String>,
    /// Who deleted it without knowing of what, where it stands in spite of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    pub author: String,
    /// UTC milliseconds on the author's machine.
    pub changed: i64,
    /// More than one where people wrote at the same time.
    pub texts: u64,
}

impl Notes {
    /// `unheld`: of each entry what it cites that does not hold.
    pub fn new(entries: &[NoteEntry], unheld: Vec<Vec<String>>) -> Notes {
        let notes = rows(entries, unheld);
        Notes { total: notes.len() as u64, notes }
    }
}

fn rows(entries: &[NoteEntry], unheld: Vec<Vec<String>>) -> Vec<Row> {
    entries.iter().zip(unheld).map(|(entry, unheld)| Row::new(entry, unheld)).collect()
}

impl Row {
    fn new(entry: &NoteEntry, unheld: Vec<String>) -> Row {
        let cited = |stance: Stance| -> Vec<String> {
            entry.of_stance(stance).map(|cited| cited.anchor.to_string()).collect()
        };
        Row {
            id: entry.row.id.map_or_else(String::new, |id| id.to_string()),
            kind: entry.row.kind.word(),
            standing: (entry.row.kind == NoteKind::Finding).then(|| entry.row.standing.word()),
            title: note_title(&entry.row),
            question: entry.question.map(|id| id.to_string()),
            answers: entry.answers,
            when: entry.when.as_ref().map(|when| when.text().to_owned()),
            supports: cited(Stance::Supports),
            contradicts: cited(Stance::Contradicts),
            context: cited(Stance::Context),
            disputed: entry.disputed().map(|cited| cited.anchor.to_string()).collect(),
            unheld,
            tags: entry.tags.clone(),
            checked: entry.is_checked(),
            objections: entry.objections(),
            outdated: entry.outdated(),
            conflicts: entry.conflicts.iter().map(view::Conflict::words).collect(),
            disagreed: entry.disagreed.iter().map(disagreed).collect(),
            kept: entry.kept.as_ref().map(Kept::words),
            author: entry.row.author.clone(),
            changed: entry.row.changed,
            texts: entry.row.texts,
        }
    }
}

/// `status disagreed: supported (A) / refuted (B)`
fn disagreed(own: &Disagreed) -> String {
    format!("{} {}", own.about(), own.words())
}

/// `note`.
#[derive(Debug, Serialize)]
pub struct Written {
    pub id: String,
    /// What was done, an operation each.
    pub done: Vec<String>,
}

/// `show N4`.
#[derive(Debug, Serialize)]
pub struct Note {
    pub id: String,
    /// SHA-256 of the operation that made it: its name in every copy of the case.
    pub operation: String,
    pub kind: &'static str,
    /// Of a finding.
    pub standing: Option<&'static str>,
    /// How well founded a judgement is: `low`, `moderate`, `high`.
    pub confidence: Option<&'static str>,
    /// How likely the thing is, in words, with its range.
    pub likelihood: Option<Likelihood>,
    pub when: Option<When>,
    pub question: Option<String>,
    /// What answers to it, of a question.
    pub answers: Vec<Row>,
    pub tags: Vec<String>,
    pub conflicts: Vec<String>,
    /// Fields that its writers set at the same time to different values.
    pub disagreed: Vec<String>,
    /// Who deleted it without knowing of what, where it stands in spite of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// The latest first; more than one where people wrote at the same time.
    pub texts: Vec<Text>,
    /// The anchors that it cites.
    pub citations: Vec<Citation>,
    /// What second persons and lawyers said of its sentences.
    pub reviews: Vec<view::ReviewState>,
    /// What the short numbers in it name, as far as this case has it.
    pub references: Vec<Reference>,
}

#[derive(Debug, Serialize)]
pub struct Likelihood {
    pub words: &'static str,
    /// Per cent, both ends included.
    pub from: u8,
    pub to: u8,
}

#[derive(Debug, Serialize)]
pub struct When {
    /// As it was typed: `2021-03?`.
    pub typed: String,
    /// RFC 3339 without offset: on the clock of the evidence.
    pub first: String,
    pub last: String,
}

#[derive(Debug, Serialize)]
pub struct Citation {
    pub anchor: String,
    /// `supports`, `contradicts`, `context`; `disagreed` where its writers say different things.
    pub stance: &'static str,
    /// Admiralty code, `B2`; empty where nothing was said.
    pub grade: String,
    /// Other anchors at the very same place that are cited for the same, with their grades: all of
    /// them are one piece of evidence.
    pub also: Vec<Also>,
    /// The quote or the number; `null` when the anchor is gone.
    pub line: Option<String>,
    /// Who deleted it and when, where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Vec<Deletion>>,
    pub place: String,
    /// A number or an absence: what was searched.
    pub is_count: bool,
    /// Who dropped it without knowing of what, where it stands in spite of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// Whether it still says what it said: `state`, and with it where it moved to or what it is now.
    pub hold: Option<Hold>,
}

#[derive(Debug, Serialize)]
pub struct Also {
    pub anchor: String,
    pub grade: String,
}

#[derive(Debug, Serialize)]
pub struct Text {
    pub operation: String,
    pub text: String,
    pub author: String,
    /// UTC milliseconds on the author's machine.
    pub written: i64,
}

#[derive(Debug, Serialize)]
pub struct Reference {
    pub id: String,
    pub about: String,
}

impl Note {
    /// `holds` are those of its citations, in their order; `unheld`: of each answer what it cites
    /// that does not hold.
    pub fn new(view: NoteView, holds: Vec<Option<Hold>>, unheld: Vec<Vec<String>>) -> Note {
        let note = view.note;
        let reviews = note.reviews();
        let text = |text: view::NoteText| Text {
            operation: text.operation.to_string(),
            text: text.text,
            author: text.by,
            written: text.wall,
        };
        let reference =
            |(id, about): (crate::model::ItemId, String)| Reference { id: id.to_string(), about };
        let fields = note.fields;
        let citation = |(cited, hold): (view::Cited, Option<Hold>)| Citation {
            anchor: cited.id.to_string(),
            stance: match fields.is_disputed(&cited) {
                true => "disagreed",
                false => cited.citation.stance.word(),
            },
            kept: cited.kept.as_ref().map(Kept::words),
            grade: cited.citation.grade.to_string(),
            also: cited
                .also
                .iter()
                .map(|(id, own)| Also { anchor: id.to_string(), grade: own.grade.to_string() })
                .collect(),
            line: cited.line,
            deleted: cited.gone.map(deletions),
            place: cited.place,
            is_count: cited.is_count,
            hold,
        };
        let citations = note.citations.into_iter().zip(holds).map(citation).collect();
        Note {
            id: note.id.to_string(),
            operation: note.operation.to_string(),
            kind: fields.kind.word(),
            standing: (fields.kind == NoteKind::Finding).then(|| fields.standing.word()),
            confidence: fields.confidence.map(|confidence| confidence.word()),
            likelihood: fields.likelihood.map(|likelihood| Likelihood {
                words: likelihood.word(),
                from: likelihood.range().0,
                to: likelihood.range().1,
            }),
            when: fields.when.map(|when| When {
                typed: when.text().to_owned(),
                first: crate::model::time::clock_text(when.span().0),
                last: crate::model::time::clock_text(when.span().1),
            }),
            question: view.question.map(|(id, _)| id.to_string()),
            answers: rows(&view.answers, unheld),
            tags: fields.tags,
            conflicts: view.conflicts.iter().map(view::Conflict::words).collect(),
            disagreed: fields.disagreed.iter().map(disagreed).collect(),
            kept: fields.kept.as_ref().map(Kept::words),
            texts: note.texts.into_iter().map(text).collect(),
            citations,
            reviews,
            references: note.references.into_iter().map(reference).collect(),
        }
    }
}
