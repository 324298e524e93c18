//! Checking what a case has stored: the database, the texts, the messages, the journal, the
//! index. Originals are read again by `ingest::verify`, which has the workers for it.

use super::{Case, CaseError};
use crate::index::{self, IndexError};
use crate::journal;
use crate::model::view::Damage;
use crate::model::{DocumentId, MessageId, SourceId, VariantKind};
use crate::store::{SourceFile, StoreError};
use sha2::Digest;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// How much was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub texts: u64,
    pub messages: u64,
    pub operations: u64,
    pub damage: Vec<Damage>,
}

/// What a document must be when it is read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub path: String,
    /// `None` for a member whose bytes never could be had.
    pub sha256: Option<crate::model::Sha256>,
    pub state: crate::model::State,
    /// Version of the extractor that read it.
    pub extractor: u32,
    /// SHA-256 of its original text, where it has one.
    pub text: Option<crate::model::Sha256>,
    pub messages: u64,
}

impl Case {
    /// Checks everything that the case itself holds.
    pub fn verify_stored(&self, cancel: &AtomicBool) -> Result<Checked, CaseError> {
        let mut checked = Checked::default();
        for problem in self.store.integrity_check()? {
            checked.damage.push(damage("database", "case.db", problem));
        }
        self.verify_texts(&mut checked, cancel)?;
        self.verify_messages(&mut checked, cancel)?;
        checked.operations = self.store.operation_count()?;
        let problems = journal::log::check(&self.store)
            .map_err(|error| CaseError::Journal(error.to_string()))?;
        for problem in problems {
            let name = match &problem {
                journal::Problem::Operation { id, .. }
                | journal::Problem::Orphan { id, .. }
                | journal::Problem::Order { id } => id.to_string(),
                journal::Problem::Projection { thing, .. } => thing.clone(),
            };
            checked.damage.push(damage("operation", &name, problem.to_string()));
        }
        self.verify_index(&mut checked)?;
        Ok(checked)
    }

    fn verify_texts(&self, checked: &mut Checked, cancel: &AtomicBool) -> Result<(), CaseError> {
        let mut after = 0;
        loop {
            let ids = self.store.document_ids(after, 256)?;
            let Some(last) = ids.last() else { return Ok(()) };
            after = last.0;
            for id in ids {
                if cancel.load(Relaxed) {
                    return Err(CaseError::Cancelled);
                }
                let variants = match self.store.variants(id) {
                    Ok(variants) => variants,
                    Err(StoreError::Damaged(problem)) => {
                        checked.damage.push(damage("text", &id.to_string(), problem));
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                };
                for variant in variants {
                    checked.texts += 1;
                    let name = format!("{id} {}", variant.kind.name());
                    let mut hash = sha2::Sha256::new();
                    let read = self.store.each_chunk(variant.id, |chunk| {
                        hash.update(chunk.text.as_bytes());
                        Ok::<_, StoreError>(())
                    });
                    match read {
                        Ok(()) if hash.finalize().as_slice() == variant.sha256.0 => {}
                        Ok(()) => {
                            let problem = "it is not what was stored: its hash is another one";
                            checked.damage.push(damage("text", &name, problem.to_owned()));
                        }
                        Err(StoreError::Damaged(problem)) => {
                            checked.damage.push(damage("text", &name, problem));
                        }
                        Err(error) => return Err(error.into()),
                    }
                }
            }
        }
    }

    fn verify_messages(&self, checked: &mut Checked, cancel: &AtomicBool) -> Result<(), CaseError> {
        const AT_ONCE: i64 = 4096;
        let last = self.store.last_message()?.0;
        let mut first = 1;
        while first <= last {
            if cancel.load(Relaxed) {
                return Err(CaseError::Cancelled);
            }
            let end = (first + AT_ONCE - 1).min(last);
            let (count, wrong) =
                self.store.check_messages(MessageId(first), MessageId(end))?;
            checked.messages += count;
            for id in wrong {
                let problem = "it is not what was stored: its hash is another one";
                checked.damage.push(damage("text", &id.to_string(), problem.to_owned()));
            }
            first = end + 1;
        }
        Ok(())
    }

    fn verify_index(&self, checked: &mut Checked) -> Result<(), CaseError> {
        match index::verify(&self.index_folder()) {
            Ok(files) => {
                for file in files {
                    let name = file.strip_prefix(self.folder()).unwrap_or(&file);
                    let problem = "its bytes are not what was written";
                    checked.damage.push(damage("index", &name.display().to_string(), problem.to_owned()));
                }
                if checked.damage.iter().all(|damage| damage.what != "index")
                    && !self.index_is_current()?
                {
                    let problem = "it is behind the case; `casebook reindex` brings it up";
                    checked.damage.push(damage("index", "index", problem.to_owned()));
                }
            }
            // An empty case has none yet.
            Err(error) if error.wants_rebuild() && self.store.last_change()? == 0 => {}
            Err(IndexError::Cancelled) => return Err(CaseError::Cancelled),
            Err(error) => checked.damage.push(damage("index", "index", error.to_string())),
        }
        Ok(())
    }

    /// Files of a source, in walk order.
    pub fn source_files(&self, source: SourceId) -> Result<Vec<SourceFile>, CaseError> {
        Ok(self.store.source_files(source)?)
    }

    /// What lies in the container at a place: ordinal, place and document of each member.
    pub fn members_by_ordinal(&self, place: i64) -> Result<Vec<(u64, i64, DocumentId)>, CaseError> {
        Ok(self.store.members_by_ordinal(place)?)
    }

    /// What a document must be when it is read again.
    pub fn expected(&self, id: DocumentId) -> Result<Expected, CaseError> {
        let row = self.store.document_row(id)?;
        let (state, extractor, _) = self.store.document_state(id)?;
        let mut variants = self.store.variants(id)?.into_iter();
        let original = variants.find(|variant| variant.kind == VariantKind::Original);
        Ok(Expected {
            path: row.path,
            sha256: row.sha256,
            state,
            extractor,
            text: original.map(|variant| variant.sha256),
            messages: row.messages,
        })
    }
}

fn damage(what: &'static str, name: &str, problem: String) -> Damage {
    Damage { what, name: name.to_owned(), problem }
}
