//! What an analyst does in a case. Every act is an operation in the journal; nothing here touches
//! evidence.

use super::{Case, CaseError};
use crate::journal::log::{self, target_of};
use crate::journal::{Action, Author, Journal, JournalError, OperationId};
use crate::model::{DocumentId, ItemId};
use crate::store::{StoreError, Unit};

impl From<JournalError> for CaseError {
    fn from(error: JournalError) -> CaseError {
        match error {
            JournalError::Store(error) => CaseError::Store(error),
            error => CaseError::Journal(error.to_string()),
        }
    }
}

impl Case {
    /// Says who works here. Without it, it is the author of this account on this machine.
    pub fn set_author(&self, author: Author) -> Result<(), CaseError> {
        *self.journal.borrow_mut() = Some(Journal::new(author)?);
        Ok(())
    }

    /// Sets or clears a mark (`read`, `irrelevant`, `starred`, `tag:NAME`) on documents and
    /// messages, as one operation.
    ///
    /// # Errors
    /// An item that is neither a document nor a message, or is not in the case; a read-only case.
    pub fn mark(&self, items: &[ItemId], name: &str, on: bool) -> Result<OperationId, CaseError> {
        let mut targets = Vec::with_capacity(items.len());
        for item in items {
            let unit = match item {
                ItemId::Document(id) => Unit::Document(*id),
                ItemId::Message(id) => Unit::Message(*id),
                other => return Err(StoreError::NoSuchItem(format!("unit {other}")).into()),
            };
            targets.push(target_of(&self.store, unit)?);
        }
        self.act(Action::Mark { name: name.to_owned(), on, targets })
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
    ) -> Result<OperationId, CaseError> {
        let export = self.store.document_key(export)?;
        self.act(Action::Zone { export, offset, why: why.to_owned() })
    }

    /// Undoes the last act of this opening of the case that is not undone yet.
    pub fn undo(&self) -> Result<OperationId, CaseError> {
        self.with_journal(|journal, case| Ok(journal.undo(&case.store)?))
    }

    /// Does again what was undone last.
    pub fn redo(&self) -> Result<OperationId, CaseError> {
        self.with_journal(|journal, case| Ok(journal.redo(&case.store)?))
    }

    fn act(&self, action: Action) -> Result<OperationId, CaseError> {
        self.with_journal(|journal, case| Ok(journal.act(&case.store, action)?))
    }

    fn with_journal<T>(
        &self,
        work: impl FnOnce(&mut Journal, &Case) -> Result<T, CaseError>,
    ) -> Result<T, CaseError> {
        if !self.can_write() {
            return Err(StoreError::ReadOnly.into());
        }
        let mut journal = self.journal.borrow_mut();
        if journal.is_none() {
            let author = Author::of_this_account()
                .map_err(|error| CaseError::Journal(format!("no key to sign with: {error}")))?;
            *journal = Some(Journal::new(author)?);
        }
        match journal.as_mut() {
            Some(journal) => work(journal, self),
            None => Err(CaseError::Journal("no author".to_owned())),
        }
    }

    /// Lays the journal over evidence that came after it was written.
    pub(super) fn project_journal(&self) -> Result<(), CaseError> {
        if self.store.operation_count()? > 0 {
            log::project(&self.store)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Access;
    use crate::case::intake::{Found, Reading};
    use crate::extract::Outcome;
    use crate::model::State;

    fn with_two_documents() -> (tempfile::TempDir, Case) {
        let dir = tempfile::tempdir().unwrap();
        let case = Case::create(&dir.path().join("a.case")).unwrap();
        let intake = case.intake().unwrap();
        let source = intake.source(dir.path(), false, "", &[], false).unwrap();
        for n in 1..=2 {
            let outcome = Outcome { state: State::Empty, reason: String::new() };
            let reading = Reading::unread(outcome);
            let path = format!("{n}.txt");
            let found = Found {
                source,
                parent: None,
                ordinal: 0,
                path: &path,
                raw: None,
                role: "",
                modified: None,
                mtime: Some(0),
                claim: None,
            };
            let id = intake.document([n; 32], true, 0, &reading, &found).unwrap();
            intake.place(id, &found).unwrap();
        }
        drop(intake);
        case.set_author(Author::with_key("lin", [7; 32])).unwrap();
        (dir, case)
    }

    #[test]
    fn marks_are_undone_and_redone() {
        let (_dir, case) = with_two_documents();
        let both = [ItemId::Document(DocumentId(1)), ItemId::Document(DocumentId(2))];
        let read = || -> Vec<bool> {
            both.iter()
                .map(|item| match item {
                    ItemId::Document(id) => case.document_row(*id).unwrap().read,
                    _ => false,
                })
                .collect()
        };
        case.mark(&both, "read", true).unwrap();
        case.mark(&both[..1], "read", false).unwrap();
        assert_eq!(read(), [false, true]);
        case.undo().unwrap();
        assert_eq!(read(), [true, true]);
        case.undo().unwrap();
        assert_eq!(read(), [false, false]);
        assert!(case.undo().is_err());
        case.redo().unwrap();
        case.redo().unwrap();
        assert_eq!(read(), [false, true]);
        assert!(case.redo().is_err());
        assert_eq!(case.check_journal().unwrap(), (6, Vec::new()));
    }

    #[test]
    fn a_projection_that_differs_is_found() {
        let (_dir, case) = with_two_documents();
        case.mark(&[ItemId::Document(DocumentId(1))], "tag:x", true).unwrap();
        case.store.set_mark(Unit::Document(DocumentId(2)), "read", true).unwrap();
        let (_, damage) = case.check_journal().unwrap();
        assert_eq!(damage.len(), 1, "{damage:?}");
        assert!(damage[0].problem.contains("D2"), "{damage:?}");
    }

    #[test]
    fn a_read_only_case_refuses() {
        let (_dir, case) = with_two_documents();
        let reader = Case::open(case.folder(), Access::Read).unwrap();
        assert!(reader.mark(&[ItemId::Document(DocumentId(1))], "read", true).is_err());
    }
}
