//! What is not where it was can be read again from the copies that `add --copy` made: files that are
//! gone or hold other bytes by now, and all of a source that is away.

use super::reader::Job;
use super::walk::Entry;
use crate::case::intake::OlderFile;
use crate::case::{Case, CaseError, originals};
use crate::model::{DocumentId, Sha256};

/// What a copy in the case is a copy of.
#[derive(Clone, Copy, Debug)]
pub struct Copied {
    /// Where it lay, and whether it is known to lie there no more.
    pub place: i64,
    pub missing: bool,
    pub document: DocumentId,
    /// What the copy holds if nobody altered it.
    pub content: Sha256,
}

/// The jobs for those of these files that the case has copies of. Where the source was looked
/// through, none of them lies there; one that is `away` may come back with all its files.
///
/// # Errors
/// What a file is in a package of a chat cannot be told from the case.
pub fn jobs(case: &Case, files: Vec<OlderFile>, away: bool) -> Result<Vec<Job>, CaseError> {
    let folder = case.originals();
    let mut jobs = Vec::new();
    for file in files {
        let copy = originals::path_of(&folder, &file.content);
        if !copy.is_file() {
            continue;
        }
        let claim = file.claim.as_deref().map(serde_json::from_str).transpose();
        jobs.push(Job {
            entry: Entry {
                file: copy,
                path: file.path,
                raw: file.raw,
                size: file.size,
                mtime: file.mtime,
            },
            claim: claim.map_err(|error| CaseError::Worker(error.to_string()))?,
            force: true,
            copy: Some(Copied {
                place: file.place,
                missing: file.missing || !away,
                document: file.document,
                content: file.content,
            }),
        });
    }
    Ok(jobs)
}
