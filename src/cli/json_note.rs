//! The JSON of notes. See `json.rs` for what all of it has in common.

use crate::case as view;
use serde::Serialize;

/// `show N4`.
#[derive(Debug, Serialize)]
pub struct Note {
    pub id: String,
    /// SHA-256 of the operation that made it: its name in every copy of the case.
    pub operation: String,
    /// The latest first; more than one where people wrote at the same time.
    pub texts: Vec<Text>,
    /// What the short numbers in it name, as far as this case has it.
    pub references: Vec<Reference>,
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

impl From<view::Note> for Note {
    fn from(note: view::Note) -> Note {
        let text = |text: view::NoteText| Text {
            operation: text.operation.to_string(),
            text: text.text,
            author: text.author,
            written: text.wall,
        };
        let reference =
            |(id, about): (crate::model::ItemId, String)| Reference { id: id.to_string(), about };
        Note {
            id: note.id.to_string(),
            operation: note.operation.to_string(),
            texts: note.texts.into_iter().map(text).collect(),
            references: note.references.into_iter().map(reference).collect(),
        }
    }
}
