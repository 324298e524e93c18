//! What people said of the sentences of a note, one word after another.

use super::{Case, CaseError};
use crate::journal::{Action, deeds, references};
use crate::model::NoteId;
use crate::model::finding::NoteField;
use crate::model::review::Review;

impl Case {
    /// What a key said of a note, also what it said otherwise since; in the order in which it did,
    /// without what was undone.
    ///
    /// # Errors
    /// There is no such note.
    pub fn reviews_by(&self, note: NoteId, key: &str) -> Result<Vec<Review>, CaseError> {
        let note = self.store.note_operation(note)?;
        let said = deeds(&self.store, note)?.into_iter().filter(|deed| deed.is_live);
        let said = said.filter(|deed| deed.body.key == key);
        said.filter_map(|deed| match deed.body.action {
            Action::NoteSet { set: NoteField::Review(review), .. } => Some(review),
            _ => None,
        })
        .map(|review| {
            let Review { sentence, references, .. } = &review;
            let sentence = references::render_sentence(&self.store, sentence, references)?;
            // As it comes out of a sheet.
            Ok(Review { sentence, references: Vec::new(), ..review })
        })
        .collect()
    }
}
