//! Reads all originals again: their hashes, what their containers hold, and whether the same
//! text comes out of them as is stored.

use super::spool::{Spool, Spooled};
use crate::case::intake::Packer;
use crate::case::{Case, CaseError, Damage};
use crate::extract::pool::{Pool, PoolConfig, Task};
use crate::extract::{Outcome, Record, Stop};
use crate::ingest::Progress;
use crate::model::{DocumentId, Sha256, State};
use crate::store::SourceFile;
use sha2::Digest;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// How originals are read again.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    /// The `casebook` binary, started as worker.
    pub worker: PathBuf,
    /// Files that are read at the same time; 0 for one a core.
    pub workers: usize,
    /// Tried on encrypted files. Without the right one an encrypted file is hashed only.
    pub passwords: Vec<String>,
}

/// What was read again, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reread {
    /// Files whose hash was computed.
    pub files: u64,
    /// Documents whose text was extracted again and compared, members included.
    pub extracted: u64,
    /// Documents that could only be hashed: a password is missing, or another version of
    /// Casebook had read them. Ids.
    pub only_hashed: Vec<DocumentId>,
    pub damage: Vec<Damage>,
}

/// Reads every original again. Changes nothing.
pub fn verify_originals(
    case: &Case,
    options: &VerifyOptions,
    progress: &Progress,
    cancel: &Arc<AtomicBool>,
) -> Result<Reread, CaseError> {
    progress.phase("listing");
    let mut files = Vec::new();
    for source in case.status()?.sources {
        files.extend(case.source_files(source.id)?);
    }
    let sizes = files.iter().map(|file| std::fs::metadata(&file.file).map_or(0, |meta| meta.len()));
    progress.total(files.len() as u64, sizes.sum());
    progress.phase("reading again");
    let workers = match options.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        some => some,
    };
    let mut config = PoolConfig::new(options.worker.clone(), workers);
    config.cancel = Arc::clone(cancel);
    let pool = Pool::new(config).map_err(|error| CaseError::Worker(error.to_string()))?;
    let (next, seen, found) = (AtomicUsize::new(0), Mutex::default(), Mutex::default());
    let readers: Vec<Result<(), CaseError>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|_| {
                let case = case.another();
                let (files, pool, next, seen, found) = (&files, &pool, &next, &seen, &found);
                scope.spawn(move || {
                    let passwords = &options.passwords;
                    let checker = Checker { case: case?, pool, passwords, seen, found };
                    while let Some(file) = files.get(next.fetch_add(1, Relaxed)) {
                        if cancel.load(Relaxed) {
                            return Err(CaseError::Cancelled);
                        }
                        progress.current(&file.path);
                        let bytes = checker.file(file)?;
                        progress.file_done(bytes);
                    }
                    Ok(())
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    readers.into_iter().collect::<Result<(), _>>()?;
    let mut found: Reread = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.only_hashed.sort_unstable();
    found.damage.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.problem.cmp(&b.problem)));
    Ok(found)
}

struct Checker<'a> {
    case: Case,
    pool: &'a Pool,
    passwords: &'a [String],
    /// Documents that were extracted already: a content needs it once.
    seen: &'a Mutex<HashSet<DocumentId>>,
    found: &'a Mutex<Reread>,
}

impl Checker<'_> {
    fn note(&self, write: impl FnOnce(&mut Reread)) {
        write(&mut self.found.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn damaged(&self, name: &str, problem: String) {
        let damage = Damage { what: "original", name: name.to_owned(), problem };
        self.note(|found| found.damage.push(damage));
    }

    /// Checks one file with all that is in it. Gives its size.
    fn file(&self, known: &SourceFile) -> Result<u64, CaseError> {
        let expected = self.case.expected(known.document)?;
        let Some(key) = expected.sha256 else { return Ok(0) };
        let copy = crate::case::originals::path_of(&self.case.originals(), &key);
        let mut readable = None;
        let mut size = 0;
        for (path, is_copy) in [(&known.file, false), (&copy, true)] {
            let mut file = match File::open(path) {
                Ok(file) => file,
                Err(_) if is_copy => continue,
                Err(error) if copy.is_file() && error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    self.damaged(&known.path, format!("cannot be opened: {error}"));
                    continue;
                }
            };
            match hash(&mut file) {
                Ok((digest, length)) => {
                    self.note(|found| found.files += 1);
                    size += length;
                    let which = if is_copy { "the copy in the case" } else { "the file" };
                    if digest == key {
                        readable = readable.or(Some(file));
                    } else {
                        let problem = format!("{which} changed: SHA-256 {digest}, was {key}");
                        self.damaged(&known.path, problem);
                    }
                }
                Err(error) => self.damaged(&known.path, format!("cannot be read: {error}")),
            }
        }
        if let Some(file) = readable {
            let claim = known.claim.as_deref().and_then(|claim| serde_json::from_str(claim).ok());
            let task = self.task(file, &known.path, claim);
            self.tree(known.place, known.document, task)?;
        }
        Ok(size)
    }

    fn task(
        &self,
        file: File,
        path: &str,
        claim: Option<crate::extract::chat::package::Claim>,
    ) -> Task {
        let name = path.rsplit(['/', '!']).next().unwrap_or(path).to_owned();
        Task { file, name, path: path.to_owned(), claim, passwords: self.passwords.to_vec() }
    }

    /// Extracts a document again, and then what came out of it; containers wait in a list and not
    /// on the stack, so that depth costs nothing.
    fn tree(&self, place: i64, document: DocumentId, task: Task) -> Result<(), CaseError> {
        let mut waiting = vec![(place, document, Bytes::Open(task))];
        while let Some((place, document, bytes)) = waiting.pop() {
            let fresh =
                self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(document);
            if !fresh {
                continue;
            }
            let task = match bytes {
                Bytes::Open(task) => task,
                Bytes::Spooled(spooled, path) => {
                    let folder = std::env::temp_dir();
                    let file = spooled.open().map_err(|e| CaseError::io(&folder, e))?;
                    self.task(file, &path, None)
                }
            };
            waiting.extend(self.extract(place, document, task)?);
        }
        Ok(())
    }

    fn extract(
        &self,
        place: i64,
        document: DocumentId,
        task: Task,
    ) -> Result<Vec<(i64, DocumentId, Bytes)>, CaseError> {
        let expected = self.case.expected(document)?;
        let members: HashMap<u64, (i64, DocumentId)> = self
            .case
            .members_by_ordinal(place)?
            .into_iter()
            .map(|(ordinal, place, document)| (ordinal, (place, document)))
            .collect();
        let mut packer = Packer::default();
        let mut children = Children::new(&members);
        let mut trouble = None;
        let ended = self.pool.run(task, &mut |record| {
            let taken = match record {
                Record::ChildStart(_) | Record::ChildBytes(_) | Record::ChildEnd(_) => {
                    children.take(record).map_err(|e| CaseError::io(&std::env::temp_dir(), e))
                }
                record => packer.take(record),
            };
            taken.map_err(|error| {
                trouble = Some(error);
                Stop::Gone
            })
        });
        if let Some(error) = trouble {
            return Err(error);
        }
        let outcome = match ended {
            Ok(outcome) => outcome,
            Err(Stop::Gone) => return Err(CaseError::Cancelled),
            Err(stop) => return Err(CaseError::Worker(stop.to_string())),
        };
        let lacks_password = outcome.state == State::Encrypted && expected.state != State::Encrypted;
        let reading = packer.finish(outcome.clone())?;
        if lacks_password || reading.version != expected.extractor {
            self.note(|found| found.only_hashed.push(document));
        } else {
            self.compare(&expected, &reading, &outcome);
        }
        self.members(&expected, children, lacks_password)
    }

    fn compare(
        &self,
        expected: &crate::case::Expected,
        reading: &crate::case::intake::Reading,
        outcome: &Outcome,
    ) {
        self.note(|found| found.extracted += 1);
        // What ran into a limit of time or memory may get further, or less far, the next time.
        let limited = [expected.state, outcome.state]
            .iter()
            .any(|state| matches!(state, State::OverLimit | State::Failed));
        if limited {
            return;
        }
        if reading.text_digest() != expected.text {
            let problem = "the text that comes out of it now is not the stored one";
            self.damaged(&expected.path, problem.to_owned());
        }
        if reading.messages() != expected.messages {
            let problem = format!(
                "{} messages come out of it now, {} are stored",
                reading.messages(),
                expected.messages
            );
            self.damaged(&expected.path, problem);
        }
    }

    /// Compares what a container holds now with what it held; gives what is to be extracted.
    fn members(
        &self,
        container: &crate::case::Expected,
        children: Children<'_>,
        lacks_password: bool,
    ) -> Result<Vec<(i64, DocumentId, Bytes)>, CaseError> {
        let mut waiting = Vec::new();
        let mut met = HashSet::new();
        for (ordinal, digest, spooled) in children.complete {
            let Some((place, document)) = children.members.get(&ordinal) else { continue };
            met.insert(ordinal);
            let expected = self.case.expected(*document)?;
            match expected.sha256 {
                Some(key) if key == digest => {
                    waiting.push((*place, *document, Bytes::Spooled(spooled, expected.path)));
                }
                Some(key) => {
                    let problem = format!("it is {digest} in its container now, was {key}");
                    self.damaged(&expected.path, problem);
                }
                None => {}
            }
        }
        let limited = matches!(container.state, State::OverLimit | State::Failed);
        for (ordinal, (_, document)) in children.members {
            if met.contains(ordinal) || lacks_password || limited {
                continue;
            }
            let expected = self.case.expected(*document)?;
            if expected.sha256.is_some() {
                let problem = format!("it is not in {} any more", container.path);
                self.damaged(&expected.path, problem);
            }
        }
        Ok(waiting)
    }
}

/// Where the bytes of a document are.
enum Bytes {
    Open(Task),
    Spooled(Spooled, String),
}

/// Takes the known members of one container as they come.
struct Children<'m> {
    members: &'m HashMap<u64, (i64, DocumentId)>,
    spool: Option<Arc<Spool>>,
    current: Option<(u64, sha2::Sha256, u64)>,
    complete: Vec<(u64, Sha256, Spooled)>,
}

impl<'m> Children<'m> {
    fn new(members: &'m HashMap<u64, (i64, DocumentId)>) -> Self {
        Children { members, spool: None, current: None, complete: Vec::new() }
    }

    fn spool(&mut self) -> Arc<Spool> {
        Arc::clone(self.spool.get_or_insert_with(|| Spool::new(Path::new(&std::env::temp_dir()))))
    }

    fn take(&mut self, record: Record) -> io::Result<()> {
        match record {
            Record::ChildStart(child) => {
                let start = self.spool().len();
                let known = self.members.contains_key(&child.ordinal);
                self.current = known.then(|| (child.ordinal, sha2::Sha256::new(), start));
            }
            Record::ChildBytes(bytes) => {
                let spool = self.spool();
                if let Some((_, hash, _)) = &mut self.current {
                    hash.update(&bytes);
                    spool.append(&bytes)?;
                }
            }
            Record::ChildEnd(end) => {
                let spool = self.spool();
                if let (Some((ordinal, hash, start)), Ok(())) = (self.current.take(), end) {
                    let digest = Sha256(hash.finalize().into());
                    self.complete.push((ordinal, digest, spool.since(start)));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// SHA-256 and length of a file, which is left at its start.
pub(super) fn hash(file: &mut File) -> io::Result<(Sha256, u64)> {
    let mut hash = sha2::Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 256 * 1024];
    file.rewind()?;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                hash.update(&buffer[..count]);
                size += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    file.rewind()?;
    Ok((Sha256(hash.finalize().into()), size))
}
