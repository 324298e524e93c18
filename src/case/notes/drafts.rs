//! What is being written and is no note yet: one's own alone, and kept when the desk ends.

use crate::case::{Case, CaseError};
use crate::model::note::{Draft, NoteRow};

impl Case {
    /// Keeps what is being written; gives the opening of the case that it is kept as written in.
    pub fn save_draft(&self, draft: &Draft) -> Result<i64, CaseError> {
        let saved = jiff::Timestamp::now().as_millisecond();
        let draft = Draft { saved, ..draft.clone() };
        self.with_journal(|journal, case| {
            let sitting = draft.sitting.unwrap_or_else(|| journal.sitting());
            case.sittings.hold(sitting);
            case.store.save_draft(&journal.owner(), sitting, &draft)?;
            Ok(sitting)
        })
    }

    /// What this account was writing and did not finish, the latest first.
    pub fn drafts(&self) -> Result<Vec<Draft>, CaseError> {
        if !self.can_write() {
            return Ok(Vec::new());
        }
        let drafts = self.with_journal(|journal, case| {
            let mut drafts = case.store.drafts(&journal.owner())?;
            for draft in &mut drafts {
                let elsewhere = |sitting| case.sittings.is_elsewhere(sitting);
                draft.is_elsewhere = draft.sitting.is_some_and(elsewhere);
            }
            Ok(drafts)
        });
        match drafts {
            // Who has no key has written nothing yet; the first act says what is wrong.
            Err(CaseError::Journal(_)) => Ok(Vec::new()),
            drafts => drafts,
        }
    }

    pub fn drop_draft(&self, draft: &Draft) -> Result<(), CaseError> {
        self.with_journal(|journal, case| {
            let sitting = draft.sitting.unwrap_or_else(|| journal.sitting());
            let owner = journal.owner();
            case.store.drop_draft(&owner, sitting, draft.note)?;
            let left = case.store.drafts(&owner)?;
            if !left.iter().any(|left| left.sitting == Some(sitting)) {
                case.sittings.release(sitting);
            }
            Ok(())
        })
    }
}

pub(in crate::case) fn row_of(draft: Draft) -> NoteRow {
    NoteRow {
        id: draft.note,
        draft: draft.sitting,
        title: draft.title().to_owned(),
        kind: draft.kind,
        standing: Default::default(),
        author: String::new(),
        changed: draft.saved,
        texts: 1,
        is_elsewhere: draft.is_elsewhere,
    }
}
