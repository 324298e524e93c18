//! The clocks of exports: what tells them, and setting them.

use super::{Acted, Case, CaseError};
use crate::journal::Action;
use crate::model::DocumentId;
use crate::model::clock::{ExportClock, zone_text};

impl Case {
    /// The clock of a chat export, with the hours at which people wrote by it.
    ///
    /// # Errors
    /// The document is not in the case or no export.
    pub fn export_clock(&self, export: DocumentId) -> Result<ExportClock, CaseError> {
        Ok(self.store.export_clock(export)?)
    }

    /// Sets the zone that naive stamps of an export are read with, as an offset from UTC in
    /// seconds; `None` goes back to what the importer found.
    ///
    /// # Errors
    /// The document is not in the case; a read-only case.
    pub fn set_zone(
        &self,
        export: DocumentId,
        offset: Option<i32>,
        why: &str,
    ) -> Result<Acted, CaseError> {
        let key = self.store.document_key(export)?;
        let action = Action::Zone { export: key, offset, why: why.to_owned() };
        let mut acted = self.act(action)?.1;
        if let Some(offset) = offset {
            acted.words = format!("the clock of {export} is read as {}", zone_text(offset));
        }
        Ok(acted)
    }
}
