//! The bytes of a document again: its original, or what its containers hold, opened one inside
//! the other in locked-down workers.

use super::hash::hash;
use crate::case::{Case, CaseError};
use crate::extract::pool::{Pool, PoolConfig, Task};
use crate::extract::{Record, Stop};
use crate::model::{DocumentId, Sha256};
use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

/// The bytes of a document, and whether they are what the case knows.
pub struct Original {
    /// Open at its start.
    pub file: File,
    /// Bytes.
    pub size: u64,
    pub sha256: Sha256,
}

/// Why there is no original.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    #[error("{0} is not where it was, and there is no copy of it in the case")]
    Missing(String),
    #[error("{path} changed: it is {found} now, and was {known}")]
    Changed { path: String, found: Sha256, known: Sha256 },
    #[error("{path} is not in its container any more: {why}")]
    NotInside { path: String, why: String },
    #[error("{0} never could be had: {1}")]
    NoBytes(String, String),
    #[error(transparent)]
    Case(#[from] CaseError),
}

/// Gets the bytes of a document. `worker` is the program that opens containers; `passwords`
/// are tried on encrypted ones.
pub fn original(
    case: &Case,
    id: DocumentId,
    worker: &Path,
    passwords: &[String],
) -> Result<Original, Lost> {
    let row = case.document_row(id)?;
    let Some(known) = row.sha256 else {
        return Err(Lost::NoBytes(row.path, row.reason));
    };
    let chain = case.chain(id)?;
    let Some((outermost, members)) = chain.split_first() else {
        return Err(Lost::Missing(row.path));
    };
    let path = case.outermost(outermost)?.ok_or_else(|| Lost::Missing(outermost.path.clone()))?;
    let mut file = File::open(&path).map_err(|e| CaseError::io(&path, e))?;
    let mut name = outermost.path.clone();
    let pool = match members.is_empty() {
        true => None,
        false => Some(
            Pool::new(PoolConfig::new(worker.to_owned(), 1))
                .map_err(|e| CaseError::Worker(e.to_string()))?,
        ),
    };
    for member in members {
        let Some(pool) = &pool else { break };
        let task = Task {
            file,
            name: last_part(&name).to_owned(),
            path: name.clone(),
            claim: None,
            passwords: passwords.to_vec(),
        };
        file = member_of(pool, task, member.ordinal)
            .map_err(|why| Lost::NotInside { path: member.path.clone(), why })?;
        name = member.path.clone();
    }
    let (sha256, size) = hash(&mut file).map_err(|e| CaseError::io(&path, e))?;
    if sha256 != known {
        return Err(Lost::Changed { path: row.path, found: sha256, known });
    }
    Ok(Original { file, size, sha256 })
}

/// The child with this ordinal, in a file without a name.
fn member_of(pool: &Pool, task: Task, ordinal: u64) -> Result<File, String> {
    let mut target = tempfile::tempfile().map_err(|error| error.to_string())?;
    let (mut inside, mut ended) = (false, None);
    let mut trouble = None;
    let run = pool.run(task, &mut |record| {
        match record {
            Record::ChildStart(child) => inside = child.ordinal == ordinal,
            Record::ChildBytes(bytes) if inside => {
                if let Err(error) = target.write_all(&bytes) {
                    trouble = Some(error.to_string());
                    return Err(Stop::Gone);
                }
            }
            Record::ChildEnd(end) if inside => {
                ended = Some(end);
                // The rest of the container is of no interest.
                return Err(Stop::Gone);
            }
            _ => {}
        }
        Ok(())
    });
    if let Some(trouble) = trouble {
        return Err(trouble);
    }
    match (ended, run) {
        (Some(Ok(())), _) => {}
        (Some(Err((_, reason))), _) => return Err(reason),
        (None, Ok(outcome)) if outcome.reason.is_empty() => {
            return Err("the container has no such member".to_owned());
        }
        (None, Ok(outcome)) => return Err(outcome.reason),
        (None, Err(stop)) => return Err(stop.to_string()),
    }
    target.rewind().map_err(|error| error.to_string())?;
    Ok(target)
}

fn last_part(path: &str) -> &str {
    path.rsplit(['/', '!']).next().unwrap_or(path)
}
