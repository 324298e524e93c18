//! What comes out of a container while it is read, kept on the side.

use super::spool::{Spool, Spooled};
use crate::case::CaseError;
use crate::extract::Record;
use crate::extract::record::Child;
use crate::model::Sha256;
use sha2::Digest;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Children of one container, kept until they are extracted themselves.
pub(super) struct Children {
    spool: Arc<Spool>,
    current: Option<(Child, sha2::Sha256, u64)>,
    /// Those that are complete, with their hash.
    pub(super) done: Vec<(Child, Sha256, Spooled)>,
    scratch: PathBuf,
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
            Record::ChildEnd(Ok(())) => {
                if let Some((child, hash, start)) = self.current.take() {
                    let key = Sha256(hash.finalize().into());
                    self.done.push((child, key, self.spool.since(start)));
                }
            }
            Record::ChildEnd(Err(_)) => self.current = None,
            _ => {}
        }
        Ok(())
    }
}
