//! A plain folder of originals, without a case: files are found by their hash, containers are
//! opened and texts extracted again in locked-down workers, as `reopen.rs` and `verify.rs` do it
//! for a case. Names that a message takes from another file of its package: `names.rs`.

mod names;

pub use names::Named;

use super::hash::hash;
use super::reader::open_regular;
use super::walk::walk;
use crate::case::CaseError;
use crate::extract::chat::package::{self, Claim};
use crate::extract::pool::{Pool, PoolConfig, Task};
use crate::extract::{ChildRole, Record, Stop};
use crate::model::{Sha256, State};
use sha2::Digest;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// All files of a folder by what is in them.
pub struct Folder {
    files: HashMap<Sha256, Found>,
    /// Where they lie in the folder.
    paths: HashSet<String>,
    /// Records of chats that were cut out of their files, by the byte that they began at.
    cuts: HashMap<u64, Vec<Found>>,
    /// (path, reason) of what could not be looked at.
    pub skipped: Vec<(String, String)>,
    pool: Pool,
    passwords: Vec<String>,
    /// What was read last: footnotes of one file follow each other.
    last: Option<(Sha256, Reread)>,
    /// Names that accounts have in this folder (no hash) and in its containers, each when it was
    /// first asked for.
    names: HashMap<(Option<Sha256>, names::Breadth), names::Names>,
    /// Parts of packages in walk order: (hash, claim).
    parts: Vec<(Sha256, Claim)>,
}

/// A file of the folder.
#[derive(Clone, Debug)]
struct Found {
    file: PathBuf,
    /// In the folder.
    path: String,
    claim: Option<Claim>,
}

/// What an export says of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub text: String,
    /// Handle; `None` for the platform itself.
    pub sender: Option<String>,
    /// The timestamp exactly as it stands in the file.
    pub raw_time: String,
}

/// What reading a file again gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reread {
    /// The text of a document.
    pub text: Option<String>,
    /// The messages of a chat export, by their position in the file.
    pub messages: HashMap<u64, Told>,
    /// Other files of its package name the accounts that its messages mention.
    pub is_part: bool,
    /// What the file is called in the folder; empty for what lies in a container.
    pub found_as: String,
}

/// Why a file could not be read again.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    #[error("no file in the folder has this SHA-256")]
    Missing,
    #[error("it is not in its container: {0}")]
    NotInside(String),
    #[error("it could not be read: {0}")]
    Unreadable(String),
    /// The file is there.
    #[error("it is locked: give its password with --passwords FILE")]
    Locked,
    #[error("what it lies in is locked: give its password with --passwords FILE")]
    LockedInside,
    #[error(transparent)]
    Case(#[from] CaseError),
}

impl Folder {
    /// Hashes every file below `root`. `worker` is the program that opens containers; `progress`
    /// gets what is being hashed, how many files are done, and of how many.
    ///
    /// # Errors
    /// The folder cannot be listed, no worker can be started, or it was stopped.
    pub fn open(
        root: &Path,
        worker: &Path,
        passwords: &[String],
        progress: &dyn Fn(&str, u64, u64),
        cancel: &Arc<AtomicBool>,
    ) -> Result<Folder, CaseError> {
        // Nothing is left out, and no folder of a case is avoided: evidence may lie anywhere.
        let walk = walk(root, &|_| false, Path::new("")).map_err(|e| CaseError::io(root, e))?;
        let mut config = PoolConfig::new(worker.to_owned(), 1);
        config.cancel = Arc::clone(cancel);
        let pool = Pool::new(config).map_err(|e| CaseError::Worker(e.to_string()))?;
        let paths: Vec<&str> = walk.entries.iter().map(|entry| entry.path.as_str()).collect();
        let claims = package::claim(&paths);
        let mut folder = Folder {
            files: HashMap::new(),
            paths: HashSet::new(),
            cuts: HashMap::new(),
            skipped: walk.skipped,
            pool,
            passwords: passwords.to_vec(),
            last: None,
            names: HashMap::new(),
            parts: Vec::new(),
        };
        let all = walk.entries.len() as u64;
        for (at, (entry, claim)) in walk.entries.into_iter().zip(claims).enumerate() {
            if cancel.load(Relaxed) {
                return Err(CaseError::Cancelled);
            }
            progress(&entry.path, at as u64, all);
            match open_regular(&entry.file).and_then(|mut file| hash(&mut file)) {
                Ok((digest, _)) => {
                    folder.parts.extend(claim.clone().map(|claim| (digest, claim)));
                    folder.paths.insert(entry.path.clone());
                    let found = Found { file: entry.file, path: entry.path, claim };
                    if let Some(start) = cut_at(&found.path) {
                        folder.cuts.entry(start).or_default().push(found.clone());
                    }
                    folder.files.entry(digest).or_insert(found);
                }
                Err(error) => folder.skipped.push((entry.path, error.to_string())),
            }
        }
        Ok(folder)
    }

    /// Whether a file lies there, whatever is in it; of a member, what it lies in.
    pub fn has(&self, path: &str) -> bool {
        let file = path.split('!').next().unwrap_or(path);
        self.paths.contains(file)
    }

    /// Number of different files.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// Reads a file again. `containers` are the hashes of what it lies in, outermost first; `path`
    /// is where it lay in the leak, a hint for the extractor.
    ///
    /// # Errors
    /// It is not there, not in its container any more, or does not extract.
    pub fn reread(
        &mut self,
        content: &Sha256,
        containers: &[Sha256],
        path: &str,
    ) -> Result<&Reread, NotRead> {
        if self.last.as_ref().is_none_or(|(known, _)| known != content) {
            let Inside { file, claim, name, found_as } = self.bytes(content, containers, path)?;
            let task = self.task(file, &name, claim);
            let reread = Reread { found_as, ..extract(&self.pool, task)? };
            self.last = Some((*content, reread));
        }
        match &self.last {
            Some((_, reread)) => Ok(reread),
            None => Err(NotRead::Missing),
        }
    }

    /// Bytes of records that were cut out of files and began in them at this byte: what each is called
    /// in the folder, and what it says. Those of another length are of another record.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn cut(&self, start: u64, end: u64) -> Result<Vec<(String, Vec<u8>)>, CaseError> {
        let mut cuts = Vec::new();
        for found in self.cuts.get(&start).into_iter().flatten() {
            let io = |error: std::io::Error| CaseError::io(&found.file, error);
            let file = open_regular(&found.file).map_err(io)?;
            let length = end.saturating_sub(start);
            if file.metadata().map_err(io)?.len() != length || length > LONGEST_CUT {
                continue;
            }
            let mut bytes = Vec::new();
            file.take(length).read_to_end(&mut bytes).map_err(io)?;
            cuts.push((found.path.clone(), bytes));
        }
        Ok(cuts)
    }

    fn task(&self, file: File, path: &str, claim: Option<Claim>) -> Task {
        Task {
            file,
            name: path.rsplit(['/', '!']).next().unwrap_or(path).to_owned(),
            path: path.to_owned(),
            claim,
            passwords: self.passwords.clone(),
        }
    }

    /// The bytes with this hash, from the folder itself or out of its containers.
    fn bytes(
        &self,
        content: &Sha256,
        containers: &[Sha256],
        path: &str,
    ) -> Result<Inside, NotRead> {
        let open = |wanted: &Sha256| -> Result<Option<(File, Option<Claim>)>, NotRead> {
            let Some(Found { file: path, claim, .. }) = self.files.get(wanted) else {
                return Ok(None);
            };
            let mut file = open_regular(path).map_err(|e| CaseError::io(path, e))?;
            // What was hashed a while ago may be another file by now.
            let (digest, _) = hash(&mut file).map_err(|e| CaseError::io(path, e))?;
            Ok((digest == *wanted).then_some((file, claim.clone())))
        };
        if let Some((file, claim)) = open(content)? {
            let found_as = self.files.get(content).map(|found| found.path.clone());
            let found_as = found_as.unwrap_or_default();
            return Ok(Inside { file, claim, name: path.to_owned(), found_as });
        }
        let Some((outermost, inner)) = containers.split_first() else {
            return Err(NotRead::Missing);
        };
        let Some((mut file, _)) = open(outermost)? else { return Err(NotRead::Missing) };
        let mut claim = None;
        let mut name = path.split('!').next().unwrap_or_default().to_owned();
        for wanted in inner.iter().chain([content]) {
            let found = member(&self.pool, self.task(file, &name, claim), wanted)?;
            (file, claim, name) = (found.file, found.claim, found.name);
        }
        Ok(Inside { file, claim, name, found_as: String::new() })
    }
}

/// Bytes of a record that is looked through.
const LONGEST_CUT: u64 = 64 << 20;

/// The byte that a record began at in its file, when this is one that was cut out:
/// `004-chat.record-at-8122.html`.
fn cut_at(path: &str) -> Option<u64> {
    let (_, rest) = path.rsplit_once(".record-at-")?;
    rest.split('.').next()?.parse().ok()
}

/// Parts of packages of chats are told by the names around them: JSON files all of them.
fn may_be_claimed(path: &str) -> bool {
    path.to_lowercase().ends_with(".json")
}

/// A member of a container.
struct Inside {
    file: File,
    claim: Option<Claim>,
    name: String,
    found_as: String,
}

/// The member with this hash, in a file without a name. What is damaged counts by what could be
/// unpacked of it, as it does when it is taken into a case.
fn member(pool: &Pool, task: Task, wanted: &Sha256) -> Result<Inside, NotRead> {
    let no = |error: &dyn std::fmt::Display| NotRead::NotInside(error.to_string());
    let mut target = tempfile::tempfile().map_err(|error| no(&error))?;
    let mut digest = sha2::Sha256::new();
    let (mut found, mut trouble) = (None, None);
    // Names of members, to know parts of a package.
    let mut names: Vec<String> = Vec::new();
    let mut is_member = false;
    let mut is_locked = false;
    let run = pool.run(task, &mut |record| {
        let step = match record {
            Record::ChildStart(child) => {
                is_member = child.role == ChildRole::Member;
                names.push(child.name);
                match found {
                    Some(_) => Ok(()),
                    None => {
                        digest = sha2::Sha256::new();
                        target.set_len(0).and_then(|()| target.seek(SeekFrom::Start(0)).map(|_| ()))
                    }
                }
            }
            Record::ChildBytes(bytes) if found.is_none() => {
                digest.update(&bytes);
                target.write_all(&bytes)
            }
            Record::ChildEnd(end) if found.is_none() => {
                is_locked |= matches!(end, Err((State::Encrypted, _)));
                let is_it = Sha256(digest.clone().finalize().into()) == *wanted;
                let at = names.len().saturating_sub(1);
                let is_read = matches!(end, Ok(()) | Err((State::Failed, _)));
                found = (is_it && is_read).then_some((at, is_member));
                Ok(())
            }
            _ => Ok(()),
        };
        let needs_more = found.is_none_or(|(at, is_member)| {
            is_member && names.get(at).is_some_and(|name| may_be_claimed(name))
        });
        match step {
            Ok(()) if needs_more => Ok(()),
            // The rest of the container is of no interest.
            Ok(()) => Err(Stop::Gone),
            Err(error) => {
                trouble = Some(error.to_string());
                Err(Stop::Gone)
            }
        }
    });
    if let Some(trouble) = trouble {
        return Err(NotRead::NotInside(trouble));
    }
    let Some((at, is_member)) = found else {
        return Err(match run {
            Ok(outcome) if is_locked || outcome.state == State::Encrypted => NotRead::LockedInside,
            Ok(outcome) if outcome.reason.is_empty() => no(&"the container has no such member"),
            Ok(outcome) => NotRead::NotInside(outcome.reason),
            Err(stop) => no(&stop),
        });
    };
    target.rewind().map_err(|error| no(&error))?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let claim = match is_member {
        true => package::claim(&names).into_iter().nth(at).flatten(),
        false => None,
    };
    let name = names.get(at).copied().unwrap_or_default().to_owned();
    Ok(Inside { file: target, claim, name, found_as: String::new() })
}

fn extract(pool: &Pool, task: Task) -> Result<Reread, NotRead> {
    let mut reread = Reread::default();
    let outcome = pool
        .run(task, &mut |record| {
            match record {
                Record::Text(text) => reread.text.get_or_insert_default().push_str(&text),
                Record::Export(export) => reread.is_part = names::are_elsewhere(&export),
                Record::Message(message) => {
                    let (text, sender, raw_time) = (message.text, message.sender, message.raw_time);
                    reread.messages.insert(message.ordinal, Told { text, sender, raw_time });
                }
                _ => {}
            }
            Ok(())
        })
        .map_err(|stop| NotRead::Unreadable(stop.to_string()))?;
    // What could be read of a damaged file is what a case has of it too.
    let is_something = reread.text.is_some() || !reread.messages.is_empty();
    match outcome.state {
        State::Encrypted if !is_something => Err(NotRead::Locked),
        state if state.is_unreadable() && !is_something => Err(NotRead::Unreadable(outcome.reason)),
        _ => Ok(reread),
    }
}
