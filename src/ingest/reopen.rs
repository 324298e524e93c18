//! The bytes of a document again: its original, or what its containers hold, opened one inside
//! the other in locked-down workers.

use super::hash::hash;
use crate::case::{Case, CaseError};
use crate::extract::pool::{Pool, PoolConfig, Task};
use crate::extract::{Record, Stop};
use crate::model::{DocumentId, Sha256, State};
use sha2::Digest;
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
    #[error("{path} cannot be had out of its container: {why}")]
    NotInside { path: String, why: String, is_locked: bool },
    #[error("{0} never could be had: {1}")]
    NoBytes(String, String),
    #[error("{path} could not be read: {why}")]
    Unread { path: String, why: String },
    #[error("{path} is no text but {format}: there is nothing to show as it lies in the file")]
    NoText { id: DocumentId, path: String, format: String },
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
    let not_inside = |path: &str, Closed { why, is_locked }: Closed| {
        let path = path.to_owned();
        Lost::NotInside { path, why, is_locked }
    };
    for member in members {
        let Some(pool) = &pool else { break };
        let Some(content) = case.document_row(member.document)?.sha256 else {
            return Err(not_inside(&member.path, Closed::because("it never could be had")));
        };
        let container = Container { file, name: &name, pool, passwords };
        let found = container
            .member(member.ordinal, &content)
            .map_err(|why| not_inside(&member.path, why))?;
        file = match found {
            Found::Member(file) => file,
            Found::Nothing(why) => {
                // Nobody altered what stands in a file that is what it was.
                let known = case.document_row(outermost.document)?.sha256;
                let opened = File::open(&path).and_then(|mut file| hash(&mut file));
                let (found, _) = opened.map_err(|e| CaseError::io(&path, e))?;
                return Err(match known.filter(|known| *known != found) {
                    Some(known) => Lost::Changed { path: outermost.path.clone(), found, known },
                    None => not_inside(&member.path, Closed::because(why)),
                });
            }
        };
        name = member.path.clone();
    }
    let (sha256, size) = hash(&mut file).map_err(|e| CaseError::io(&path, e))?;
    if sha256 != known {
        return Err(Lost::Changed { path: row.path, found: sha256, known });
    }
    Ok(Original { file, size, sha256 })
}

/// A file that holds others.
struct Container<'a> {
    file: File,
    name: &'a str,
    pool: &'a Pool,
    passwords: &'a [String],
}

/// What a container gave.
enum Found {
    /// A file without a name, open at its start.
    Member(File),
    /// It holds nothing with these bytes.
    Nothing(String),
}

/// Why a container gave nothing.
struct Closed {
    why: String,
    /// A password opens it, or the member.
    is_locked: bool,
}

impl Closed {
    fn because(why: impl std::fmt::Display) -> Closed {
        Closed { why: why.to_string(), is_locked: false }
    }

    fn of(state: State, why: impl std::fmt::Display) -> Closed {
        Closed { why: why.to_string(), is_locked: state == State::Encrypted }
    }
}

/// Which of the children of a container are kept.
#[derive(Clone, Copy)]
enum Wanted {
    /// Those with this ordinal: some formats number what they hold more than once.
    Ordinal(u64),
    /// The one that comes so many children after the first.
    Nth(usize),
}

impl Container<'_> {
    /// The child with these bytes. One with this ordinal is looked at first; where none of them has
    /// the bytes, the one that has them wherever it stands.
    ///
    /// # Errors
    /// The container does not open, or the child does not come out of it, and why.
    fn member(&self, ordinal: u64, content: &Sha256) -> Result<Found, Closed> {
        let mut elsewhere = None;
        let first = self.pass(Wanted::Ordinal(ordinal), content, &mut elsewhere)?;
        match (first, elsewhere) {
            (Found::Nothing(_), Some(nth)) => self.pass(Wanted::Nth(nth), content, &mut elsewhere),
            (found, _) => Ok(found),
        }
    }

    /// Reads the container until a wanted child has these bytes; `elsewhere` becomes the place of
    /// another one that has them.
    fn pass(
        &self,
        wanted: Wanted,
        content: &Sha256,
        elsewhere: &mut Option<usize>,
    ) -> Result<Found, Closed> {
        let said = |error: std::io::Error| Closed::because(error);
        let task = Task {
            file: self.file.try_clone().map_err(said)?,
            name: last_part(self.name).to_owned(),
            path: self.name.to_owned(),
            claim: None,
            passwords: self.passwords.to_vec(),
        };
        let mut target = tempfile::tempfile().map_err(said)?;
        let (mut nth, mut inside) = (0, false);
        let (mut hashed, mut is_there) = (sha2::Sha256::new(), false);
        let (mut trouble, mut broken) = (None, None);
        let run = self.pool.run(task, &mut |record| {
            let kept = match record {
                Record::ChildStart(child) => {
                    inside = match wanted {
                        Wanted::Ordinal(ordinal) => child.ordinal == ordinal,
                        Wanted::Nth(place) => nth == place,
                    };
                    nth += 1;
                    hashed = sha2::Sha256::new();
                    match inside {
                        true => target.rewind().and_then(|()| target.set_len(0)),
                        false => Ok(()),
                    }
                }
                Record::ChildBytes(bytes) => {
                    hashed.update(&bytes);
                    if inside { target.write_all(&bytes) } else { Ok(()) }
                }
                Record::ChildEnd(end) => {
                    let key = Sha256(std::mem::take(&mut hashed).finalize().into());
                    // What is damaged counts by what could be unpacked of it, as it does when it is
                    // taken into a case.
                    let is_had = matches!(end, Ok(()) | Err((State::Failed, _)));
                    if is_had && key == *content && inside {
                        is_there = true;
                        // The rest of the container is of no interest.
                        return Err(Stop::Gone);
                    }
                    if is_had && key == *content {
                        elsewhere.get_or_insert(nth - 1);
                    }
                    if let (Err((state, reason)), true) = (end, inside) {
                        broken = Some(Closed::of(state, reason));
                    }
                    Ok(())
                }
                _ => Ok(()),
            };
            kept.map_err(|error| {
                trouble = Some(error.to_string());
                Stop::Gone
            })
        });
        if let Some(trouble) = trouble {
            return Err(Closed::because(trouble));
        }
        if is_there {
            target.rewind().map_err(said)?;
            return Ok(Found::Member(target));
        }
        match (broken, run) {
            (_, Ok(_)) if elsewhere.is_some() => Ok(Found::Nothing(String::new())),
            (Some(closed), _) => Err(closed),
            (None, Ok(outcome)) if outcome.reason.is_empty() => {
                Ok(Found::Nothing("the container holds no member with these bytes".to_owned()))
            }
            (None, Ok(outcome)) => Err(Closed::of(outcome.state, outcome.reason)),
            (None, Err(stop)) => Err(Closed::of(stop.state(), stop)),
        }
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit(['/', '!']).next().unwrap_or(path)
}
