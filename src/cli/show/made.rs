//! What analysts made of a document or a message, as the margin of the desk says it.

use super::field;
use crate::app::made::{self, line_of, meaning_words};
use crate::case::Case;
use crate::cli::error::Failure;
use crate::cli::out::Out;
use crate::model::ItemId;
use serde::Serialize;

/// Something in JSON with what analysts made of it.
#[derive(Debug, Serialize)]
pub(super) struct With<T> {
    #[serde(flatten)]
    of: T,
    /// Highlights and citations in it, in the order of its text: A7.
    anchors: Vec<String>,
    /// Notes that name it or cite an anchor in it.
    notes: Vec<String>,
    /// Entities of which an attribute stands on it.
    entities: Vec<String>,
}

/// Entities of which an attribute stands on an anchor in `item`.
fn entities(case: &Case, made: &made::Made) -> Result<Vec<ItemId>, Failure> {
    let mut entities = Vec::new();
    for view in &made.anchors {
        let citing = case.citing(view.id)?.into_iter();
        entities.extend(citing.filter(|item| matches!(item, ItemId::Entity(_))));
    }
    entities.sort_unstable();
    entities.dedup();
    Ok(entities)
}

pub(super) fn with<T>(case: &Case, item: ItemId, of: T) -> Result<With<T>, Failure> {
    let made = made::made(case, item)?;
    let notes = case.notes_naming(item)?;
    Ok(With {
        of,
        anchors: made.anchors.iter().map(|view| view.id.to_string()).collect(),
        notes: notes.iter().map(ToString::to_string).collect(),
        entities: entities(case, &made)?.iter().map(ToString::to_string).collect(),
    })
}

/// Its tags, what is highlighted and cited in it, and what names it, a line each.
pub(super) fn lines(
    case: &Case,
    item: ItemId,
    tags: &[String],
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    let tags: Vec<String> = tags.iter().map(|tag| format!("#{tag}")).collect();
    field(out, "tags", &tags.join(" "))?;
    let made = made::made(case, item)?;
    for view in &made.anchors {
        let what = if view.meaning.is_empty() { "citation" } else { "highlight" };
        let words = format!("{} {} {}", view.id, meaning_words(view), line_of(view));
        field(out, what, &words.split_whitespace().collect::<Vec<_>>().join(" "))?;
    }
    for note in &made.notes {
        let title = note.title.trim_start_matches(['#', ' ']);
        field(out, "named by", &format!("{} {}{title}", note.id, note.what()))?;
    }
    let more = made.all_notes - made.notes.len();
    if more > 0 {
        field(out, "named by", &format!("{more} more notes"))?;
    }
    for entity in entities(case, &made)? {
        field(out, "shows", &format!("{entity} {}", case.line_about(entity)?))?;
    }
    Ok(())
}
