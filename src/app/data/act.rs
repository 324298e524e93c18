//! What is written to the case.

use crate::app::anchoring::ColumnFigure;
use crate::app::naming::EntityAct;
use crate::app::selection::Selected;
use crate::case::{Draft, NoteField, Sight};
use crate::model::{AnchorId, DocumentId, ItemId, NoteId, Sha256};
use crate::text::tally::grouped;
use std::sync::Arc;

/// Something that is written to the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Mark {
        items: Arc<[ItemId]>,
        mark: Mark,
        on: bool,
    },
    /// Keeps a note as it was written, and forgets its draft.
    Note(Draft),
    DeleteNote(NoteId),
    /// Several of them.
    DeleteNotes(Arc<[NoteId]>),
    /// What a note is, or where it stands, from now on.
    SetNote {
        note: NoteId,
        set: NoteField,
    },
    /// Tags evidence, or what analysts made.
    Tag {
        items: Arc<[ItemId]>,
        name: String,
        on: bool,
    },
    Entity(EntityAct),
    /// Highlights what is selected.
    Highlight {
        selected: Selected,
        meaning: String,
        comment: String,
        tags: Vec<String>,
    },
    /// Makes an anchor of what a note shall cite, unless there is one.
    Cite(Citing),
    /// What an anchor means from now on, with all its tags.
    SetAnchor {
        id: AnchorId,
        meaning: String,
        comment: String,
        tags: Vec<String>,
    },
    DropAnchor(AnchorId),
    /// What somebody deleted who did not know what was done to it stays.
    Keep(ItemId),
    /// Counts a number again whose evidence changed.
    CountAgain(AnchorId),
    /// The zone that an export is read in: seconds east of UTC, `None` for what was found.
    Zone {
        export: DocumentId,
        offset: Option<i32>,
    },
    /// The same for all that are like it and wait for one.
    ZoneAlike {
        like: DocumentId,
        offset: i32,
    },
    SaveSearch {
        name: String,
        query: String,
    },
    /// By the operation that saved it.
    DropSearch(Sha256),
    /// A query was used. No operation of the journal.
    Remember(String),
    /// Keeps what is being written. No operation of the journal.
    Draft(Draft),
    DropDraft(Draft),
    Undo,
    Redo,
    /// What stood on the screen long enough to be read.
    See(Arc<[Sight]>),
    /// Where one is, to come back to: JSON.
    Leave(String),
}

impl Act {
    /// What it would do, for whoever has to hear that it was not done: `M12 as starred`. Empty
    /// where the reason says enough.
    pub fn words(&self) -> String {
        let of = |items: &[ItemId]| match items {
            [] => "nothing".to_owned(),
            [one] => one.to_string(),
            [first, rest @ ..] => format!("{first} and {} more", grouped(rest.len() as u64)),
        };
        match self {
            Act::Mark { items, mark, on } => {
                let not = if *on { "" } else { "not " };
                format!("{} as {not}{}", of(items), mark.name())
            }
            Act::Tag { items, name, on: true } => format!("#{name} on {}", of(items)),
            Act::Tag { items, name, on: false } => format!("#{name} off {}", of(items)),
            Act::Note(draft) => match draft.note {
                Some(id) => format!("the text of {id}"),
                None => "the new note".to_owned(),
            },
            Act::DeleteNote(id) => format!("{id} deleted"),
            Act::DeleteNotes(ids) => {
                let items: Vec<ItemId> = ids.iter().map(|id| ItemId::Note(*id)).collect();
                format!("{} deleted", of(&items))
            }
            Act::SetNote { note, .. } => format!("a change of {note}"),
            Act::Entity(_) => "who is who".to_owned(),
            Act::Highlight { meaning, .. } => format!("the highlight {meaning}"),
            Act::Cite(_) => "a citation".to_owned(),
            Act::SetAnchor { id, .. } => format!("a change of {id}"),
            Act::DropAnchor(id) => format!("{id} dropped"),
            Act::Keep(item) => format!("{item} kept"),
            Act::CountAgain(id) => format!("{id} counted again"),
            Act::Zone { export, .. } => format!("the zone of {export}"),
            Act::ZoneAlike { like, .. } => format!("the zone of {like} and those like it"),
            Act::SaveSearch { name, .. } => format!("the worklist {name}"),
            Act::DropSearch(_) => "a worklist dropped".to_owned(),
            Act::Remember(_)
            | Act::Draft(_)
            | Act::DropDraft(_)
            | Act::Undo
            | Act::Redo
            | Act::See(_)
            | Act::Leave(_) => String::new(),
        }
    }

    /// It stands in the journal, and can be undone.
    pub fn is_noted(&self) -> bool {
        !matches!(
            self,
            Act::Undo
                | Act::Redo
                | Act::Draft(_)
                | Act::DropDraft(_)
                | Act::Remember(_)
                | Act::See(_)
                | Act::Leave(_)
        )
    }
}

/// What is cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Citing {
    Selected(Selected),
    /// How much a query finds.
    Search(String),
    Column(Box<ColumnFigure>),
}

/// The marks that have a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Read,
    Irrelevant,
    Starred,
}

impl Mark {
    /// As the journal writes it.
    pub fn name(self) -> &'static str {
        match self {
            Mark::Read => "read",
            Mark::Irrelevant => "irrelevant",
            Mark::Starred => "starred",
        }
    }
}

/// A mark that has a key, or a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    Mark(Mark),
    Tag(String),
}

/// What a bulk act would mark or tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub items: Arc<[ItemId]>,
    pub label: Label,
    pub of: String,
    pub documents: u64,
    pub messages: u64,
    /// Of them, carry it already.
    pub marked: u64,
}
