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

    /// Sets the zone of all exports of the same platform and source as this one whose zone is only
    /// assumed, as one act.
    ///
    /// # Errors
    /// There are none; a read-only case.
    pub fn set_zone_alike(&self, like: DocumentId, offset: i32) -> Result<Acted, CaseError> {
        let alike = self.store.exports_alike(like)?;
        if alike.is_empty() {
            return Err(CaseError::Refused("no other export waits for its zone".to_owned()));
        }
        let exports =
            alike.iter().map(|id| self.store.document_key(*id)).collect::<Result<Vec<_>, _>>()?;
        let action = Action::Zones { exports, offset: Some(offset), why: String::new() };
        Ok(self.act(action)?.1)
    }
}
