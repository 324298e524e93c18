//! What comes out of a container while it is read, kept on the side.

use super::spool::{Spool, Spooled};
use crate::case::CaseError;
use crate::extract::record::Child;
use crate::extract::{Outcome, Record};
use crate::model::{Sha256, State};
use sha2::Digest;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Children of one container, kept until they are extracted themselves.
pub(super) struct Children {
    spool: Arc<Spool>,
    current: Option<(Child, sha2::Sha256, u64)>,
    pub(super) done: Vec<Unpacked>,
    scratch: PathBuf,
}

/// A child of which there are bytes.
pub(super) struct Unpacked {
    pub(super) child: Child,
    pub(super) key: Sha256,
    pub(super) bytes: Spooled,
    /// Why they are not all of it.
    pub(super) broken: Option<String>,
}

/// Says of what was read of a damaged child that it is not all.
pub(super) fn mark_broken(outcome: &mut Outcome, reason: &str) {
    if !outcome.state.is_unreadable() {
        outcome.state = State::Failed;
        outcome.reason = format!("{reason}; what could be unpacked was read");
    }
}

impl Children {
    pub(super) fn new(scratch: &Path) -> Self {
        Children {
            spool: Spool::new(scratch),
            current: None,
            done: Vec::new(),
            scratch: scratch.to_owned(),
        }
    }

    pub(super) fn take(&mut self, record: Record) -> Result<(), CaseError> {
        match record {
            Record::ChildStart(child) => {
                self.current = Some((child, sha2::Sha256::new(), self.spool.len()));
            }
            Record::ChildBytes(bytes) => {
                if let Some((_, hash, _)) = &mut self.current {
                    hash.update(&bytes);
                }
                self.spool.append(&bytes).map_err(|e| CaseError::io(&self.scratch, e))?;
            }
            Record::ChildEnd(end) => {
                let Some((child, hash, start)) = self.current.take() else { return Ok(()) };
                let broken = match end {
                    Ok(()) => None,
                    Err((State::Failed, reason)) if self.spool.len() > start => Some(reason),
                    Err(_) => return Ok(()),
                };
                let (key, bytes) = (Sha256(hash.finalize().into()), self.spool.since(start));
                self.done.push(Unpacked { child, key, bytes, broken });
            }
            _ => {}
        }
        Ok(())
    }
}
