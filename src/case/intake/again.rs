//! What an `add` does to documents that the case has and that are read again: nothing is lost when
//! the new reading is worse, and what stays the same keeps its number.

use super::{Intake, OlderFile, Reading};
use crate::case::CaseError;
use crate::extract;
use crate::model::{DocumentId, SourceId, State};
use crate::store::{Former, FormerMember, SETTLED, UNSETTLED, message_digest_sum};
use std::collections::HashMap;

/// How the sentence begins that says of a document that a newer reader could not read it.
pub const KEPT: &str = "what an older reader read of it is kept: read again it ";

impl Intake<'_> {
    /// Files of a source in which (at any depth) a document was read by readers older than these.
    pub fn files_read_by_older(&self, source: SourceId) -> Result<Vec<OlderFile>, CaseError> {
        Ok(self.store().files_read_by_older(source, extract::format::READERS)?)
    }

    /// Marks a source of the case as not finished.
    pub fn reopen_source(&self, source: SourceId) -> Result<(), CaseError> {
        let store = self.store();
        store.transaction(|| Ok::<_, CaseError>(store.reopen_source(source)?))
    }

    /// Makes ready for writing many exports anew.
    pub fn begin_again(&self) -> Result<(), CaseError> {
        let store = self.store();
        store.transaction(|| Ok::<_, CaseError>(store.begin_again()?))
    }

    /// Ends what [`Intake::begin_again`] began; [`Intake::finish_source`] does it too.
    pub fn end_again(&self) -> Result<(), CaseError> {
        let store = self.store();
        store.transaction(|| Ok::<_, CaseError>(store.end_again()?))
    }

    /// What would be lost of a document if a new reading with so many members took the place of
    /// what the case has: why, or `None` if it may be written.
    pub fn would_lose(
        &self,
        id: DocumentId,
        reading: &Reading,
        members: u64,
    ) -> Result<Option<String>, CaseError> {
        let outcome = &reading.outcome;
        if !outcome.state.is_unreadable() {
            return Ok(None);
        }
        let had = self.store().holdings(id)?;
        let text = reading.text.as_ref().map_or(0, |text| text.bytes);
        let is_less = text < had.text || reading.messages() < had.messages || members < had.members;
        // What was taken for a plain container, and is of a format that is known by name only, has
        // all that it had.
        let is_named = outcome.state == State::Unsupported && members > 0;
        let is_worse = is_less || !had.state.is_unreadable() && !is_named;
        let words = match outcome.reason.is_empty() {
            true => outcome.state.name().to_owned(),
            false => format!("{}: {}", outcome.state.name(), outcome.reason),
        };
        Ok(is_worse.then_some(words))
    }

    /// Says of a document that it was read again in vain.
    pub fn keep(&self, id: DocumentId, why: &str) -> Result<(), CaseError> {
        Ok(self.store().remark(id, KEPT, &format!("is {why}"))?)
    }

    /// The member that lay at a position of a container before that was opened anew.
    pub fn former_member(
        &self,
        parent: i64,
        ordinal: u64,
        path: &str,
    ) -> Result<Option<FormerMember>, CaseError> {
        Ok(self.store().former_member(parent, ordinal, path)?)
    }

    /// Gives a document the place back that it had in a container which was opened anew, with all
    /// that is in it. `None` when it had none.
    pub fn restore_member(
        &self,
        id: DocumentId,
        source: SourceId,
        parent: i64,
    ) -> Result<Option<i64>, CaseError> {
        Ok(self.store().restore_member(id, source, parent)?)
    }

    /// Takes the messages of a document away that is about to be written anew; with them the
    /// platform, where its neighbours settled that.
    pub(super) fn detach_chat(
        &self,
        id: DocumentId,
        reading: &Reading,
    ) -> Result<(Option<String>, Former), CaseError> {
        let store = self.store();
        let platform = store.export_platform(id)?.filter(|known| {
            let own = reading.chat.as_ref().map(|chat| chat.export.platform.0.as_str());
            known == SETTLED && own == Some(UNSETTLED)
        });
        let mut wanted = HashMap::new();
        reading.each_digest(platform.as_deref(), &message_digest_sum, &mut |digest| {
            *wanted.entry(digest).or_insert(0) += 1;
        })?;
        Ok((platform, store.detach_export(id, wanted)?))
    }
}
