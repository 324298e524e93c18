//! Runs one task: opens and hashes a file, has it read by a locked-down worker, and turns the
//! children that come out of it into tasks of their own.

use super::MOST_DEPTH;
use super::children::mark_broken;
use super::copies::Copied;
use super::hash::hash;
use super::progress::Progress;
use super::schedule::{Order, Schedule, Task};
use super::spool::{Spool, Spooled};
use super::walk::{Entry, mtime_of};
use crate::case::intake::{Packer, Packing, Reading, file_key, member_key};
use crate::case::{CaseError, originals};
use crate::extract::chat::package::{self, Claim};
use crate::extract::pool::{self, Pool};
use crate::extract::record::{Child, Outcome, Record};
use crate::extract::{ChildRole, Stop};
use crate::files;
use crate::model::State;
use sha2::Digest;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// A file that has to be read.
pub struct Job {
    pub entry: Entry,
    pub claim: Option<Claim>,
    /// Read it even when the case has it.
    pub force: bool,
    /// It is a copy in the case of what is not where it was.
    pub copy: Option<Copied>,
}

/// A file inside a container, with its bytes.
pub struct Member {
    bytes: Spooled,
    key: [u8; 32],
    name: String,
    path: String,
    claim: Option<Claim>,
    /// Why the bytes are not all of it: what there is, is read all the same.
    broken: Option<String>,
    tree: Arc<Tree>,
}

/// What all members of one file of the source share.
pub struct Tree {
    force: bool,
    expanded: AtomicU64,
    most_expanded: u64,
    /// Where each content comes first, of what is read already or waits for it. The same again
    /// further on is not read: a zip of sixteen equal zips, seven levels deep, is seven zips.
    underway: Mutex<HashMap<[u8; 32], Order>>,
}

impl Tree {
    fn new(force: bool, size: u64) -> Tree {
        Tree {
            force,
            expanded: AtomicU64::new(0),
            most_expanded: size.saturating_mul(MOST_RATIO).max(LEAST_EXPANDED),
            underway: Mutex::default(),
        }
    }

    /// The same content is read at a place that is written before this one.
    fn is_underway(&self, key: &[u8; 32], order: &Order) -> bool {
        let mut underway = self.underway.lock().unwrap_or_else(PoisonError::into_inner);
        match underway.get(key) {
            Some(first) if first < order => true,
            _ => {
                underway.insert(*key, order.clone());
                false
            }
        }
    }
}

/// How a task ended.
pub struct Done {
    pub key: [u8; 32],
    pub has_bytes: bool,
    pub size: u64,
    /// `None`: the case has this document already.
    pub reading: Option<Reading>,
    /// What came out of it, in order; member `i` is task `order + [i]`.
    pub members: Vec<(Child, Option<Claim>)>,
}

impl Done {
    pub fn weight(&self) -> u64 {
        self.reading.as_ref().map_or(64, Reading::weight) + self.members.len() as u64 * 160
    }

    fn unread(key: [u8; 32], state: State, reason: String) -> Done {
        let reading = Some(Reading::unread(Outcome { state, reason }));
        Done { key, has_bytes: false, size: 0, reading, members: Vec::new() }
    }
}

/// What readers share.
pub struct Readers<'a> {
    pub pool: &'a Pool,
    pub schedule: &'a Schedule,
    pub jobs: &'a [Job],
    pub root: &'a Path,
    /// Documents that the case has, with their state.
    pub known: &'a Mutex<HashMap<[u8; 32], State>>,
    /// Those of them that were read again because of what is in their file: once is enough,
    /// however often they lie in it.
    pub again: Mutex<HashSet<[u8; 32]>>,
    /// Read unreadable documents again.
    pub retry: bool,
    pub passwords: &'a [String],
    /// Folder for temporary files.
    pub scratch: &'a Path,
    /// Folder for copies of the originals.
    pub originals: Option<PathBuf>,
    pub progress: &'a Progress,
    /// What texts are packed with.
    pub packing: &'a Packing,
    /// Why everything has to stop.
    pub fatal: &'a Mutex<Option<CaseError>>,
}

/// A container may expand to this many times its size, and in any case to [`LEAST_EXPANDED`].
const MOST_RATIO: u64 = 200;
/// Bytes.
const LEAST_EXPANDED: u64 = 2 << 30;

impl Readers<'_> {
    /// Takes tasks until there are no more.
    pub fn run(&self) {
        while let Some((order, task)) = self.schedule.next() {
            let done = match task {
                Task::File(at) => self.file(&order, at),
                Task::Member(member) => self.member(&order, *member),
            };
            match done {
                Ok(done) => self.schedule.finish(order, done),
                Err(error) => {
                    self.fatal.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                    self.schedule.stop();
                }
            }
        }
    }

    /// Needs no reading: the case has it. With `force` only what was read again just now.
    fn is_known(&self, key: &[u8; 32], force: bool) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(state) = known.get(key) else { return false };
        let may_open = !self.passwords.is_empty() && *state == State::Encrypted;
        if force || may_open || self.retry && state.is_unreadable() {
            return !self.again.lock().unwrap_or_else(PoisonError::into_inner).insert(*key);
        }
        true
    }

    fn file(&self, order: &Order, at: u32) -> Result<Done, CaseError> {
        let job = &self.jobs[at as usize];
        self.progress.current(&job.entry.path);
        let unopened = |error: io::Error| {
            let key = file_key(self.root, job.entry.key());
            Done::unread(
                key,
                State::Failed,
                format!("cannot be opened: {}", files::in_words(&error)),
            )
        };
        let changes = || {
            let key = file_key(self.root, job.entry.key());
            let reason = "changes while it is read; add it again when it is at rest";
            Done::unread(key, State::Failed, reason.to_owned())
        };
        // A file that changes while it is hashed gets a second chance.
        for _ in 0..2 {
            let mut file = match open_regular(&job.entry.file) {
                Ok(file) => file,
                Err(error) => return Ok(unopened(error)),
            };
            let before = match file.metadata() {
                Ok(meta) => (meta.len(), mtime_of(&meta)),
                Err(error) => return Ok(unopened(error)),
            };
            let hashed = match &self.originals {
                Some(folder) if job.copy.is_none() => originals::keep(folder, &mut file),
                _ => hash(&mut file).map(|(key, size)| (key.0, size)),
            };
            let (key, size) = match hashed {
                Ok(found) => found,
                Err(error) if files::is_no_room(&error) => {
                    return Err(CaseError::io(self.scratch, error));
                }
                Err(error) => return Ok(unopened(error)),
            };
            let unchanged = |file: &File| {
                file.metadata().is_ok_and(|meta| (meta.len(), mtime_of(&meta)) == before)
            };
            if size != before.0 || !unchanged(&file) {
                continue;
            }
            if self.is_known(&key, job.force) {
                return Ok(Done { key, has_bytes: true, size, reading: None, members: vec![] });
            }
            let tree = Arc::new(Tree::new(job.force, size));
            let path = &job.entry.path;
            let task = pool::Task {
                file: file.try_clone().map_err(|e| CaseError::io(&job.entry.file, e))?,
                name: last_part(path).to_owned(),
                path: path.clone(),
                claim: job.claim.clone(),
                passwords: self.passwords.to_vec(),
            };
            let done = self.extract(order, key, size, task, &tree)?;
            if unchanged(&file) {
                return Ok(done);
            }
            self.schedule.drop_below(order);
            return Ok(changes());
        }
        Ok(changes())
    }

    fn member(&self, order: &Order, member: Member) -> Result<Done, CaseError> {
        let size = member.bytes.len;
        let file = member.bytes.open().map_err(|e| CaseError::io(self.scratch, e))?;
        let task = pool::Task {
            file,
            name: member.name,
            path: member.path,
            claim: member.claim,
            passwords: self.passwords.to_vec(),
        };
        let mut done = self.extract(order, member.key, size, task, &member.tree)?;
        if let (Some(reason), Some(reading)) = (member.broken, &mut done.reading) {
            mark_broken(&mut reading.outcome, &reason);
        }
        Ok(done)
    }

    fn extract(
        &self,
        order: &Order,
        key: [u8; 32],
        size: u64,
        task: pool::Task,
        tree: &Arc<Tree>,
    ) -> Result<Done, CaseError> {
        let mut children = Children {
            readers: self,
            order,
            container: key,
            tree,
            spool: None,
            current: None,
            members: Vec::new(),
            pending: Vec::new(),
        };
        let mut packer = Packer::new(self.packing.clone(), self.scratch);
        let mut trouble = None;
        let ended = self.pool.run(task, &mut |record| {
            let taken = match record {
                Record::ChildStart(_) | Record::ChildBytes(_) | Record::ChildEnd(_) => {
                    children.take(record)
                }
                record => packer.take(record).map_err(Trouble::Case),
            };
            taken.map_err(|error| match error {
                Trouble::Bomb(reason) => Stop::OverLimit(reason),
                Trouble::Case(error) => {
                    trouble = Some(error);
                    Stop::Gone
                }
            })
        });
        if let Some(error) = trouble {
            return Err(error);
        }
        let outcome = match ended {
            Ok(outcome) => outcome,
            Err(Stop::Gone) => return Err(CaseError::Cancelled),
            Err(Stop::OverLimit(reason)) => Outcome { state: State::OverLimit, reason },
            Err(stop) => return Err(CaseError::Worker(stop.to_string())),
        };
        let members = children.finish();
        Ok(Done { key, has_bytes: true, size, reading: Some(packer.finish(outcome)?), members })
    }
}

enum Trouble {
    /// The tree expands beyond all measure.
    Bomb(String),
    Case(CaseError),
}

/// Takes the children of one container as they come.
struct Children<'a, 'r> {
    readers: &'a Readers<'r>,
    order: &'a Order,
    container: [u8; 32],
    tree: &'a Arc<Tree>,
    spool: Option<Arc<Spool>>,
    current: Option<Current>,
    members: Vec<(Child, Option<Claim>)>,
    /// Children of archives wait until all names are known, because parts of a chat package are
    /// recognised by the names around them.
    pending: Vec<(Order, Member)>,
}

struct Current {
    child: Child,
    hash: sha2::Sha256,
    start: u64,
}

impl Children<'_, '_> {
    fn take(&mut self, record: Record) -> Result<(), Trouble> {
        match record {
            Record::ChildStart(child) => {
                let start = self.spool().len();
                self.current = Some(Current { child, hash: sha2::Sha256::new(), start });
                Ok(())
            }
            Record::ChildBytes(bytes) => {
                let expanded = self.tree.expanded.fetch_add(bytes.len() as u64, Relaxed);
                if expanded > self.tree.most_expanded {
                    return Err(Trouble::Bomb(format!(
                        "unpacks to more than {} bytes, all levels together",
                        self.tree.most_expanded
                    )));
                }
                if let Some(current) = &mut self.current {
                    current.hash.update(&bytes);
                }
                let scratch = self.readers.scratch;
                self.spool().append(&bytes).map_err(|e| Trouble::Case(CaseError::io(scratch, e)))
            }
            Record::ChildEnd(end) => {
                self.end(end);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn spool(&mut self) -> &Arc<Spool> {
        let scratch = self.readers.scratch;
        self.spool.get_or_insert_with(|| Spool::new(scratch))
    }

    fn end(&mut self, end: Result<(), (State, String)>) {
        let Some(Current { child, hash, start }) = self.current.take() else { return };
        let at = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        let mut order = self.order.clone();
        order.push(at);
        let schedule = self.readers.schedule;
        let unread = |state, reason| {
            let key = member_key(&self.container, child.ordinal);
            schedule.finish(order.clone(), Done::unread(key, state, reason));
        };
        let got_some = self.spool.as_ref().is_some_and(|spool| spool.len() > start);
        let broken = match end {
            Err((State::Failed, reason)) if got_some => Some(reason),
            Err((state, reason)) => {
                unread(state, reason);
                self.members.push((child, None));
                return;
            }
            Ok(()) => None,
        };
        match broken {
            _ if order.len() as u32 > MOST_DEPTH => unread(
                State::OverLimit,
                format!("nested deeper than {MOST_DEPTH} levels; not opened"),
            ),
            broken => {
                let bytes = self.spool().since(start);
                let key: [u8; 32] = hash.finalize().into();
                if self.readers.is_known(&key, self.tree.force)
                    || self.tree.is_underway(&key, &order)
                {
                    let done = Done {
                        key,
                        has_bytes: true,
                        size: bytes.len,
                        reading: None,
                        members: Vec::new(),
                    };
                    schedule.finish(order, done);
                } else {
                    let member = Member {
                        bytes,
                        key,
                        name: last_part(&child.name).to_owned(),
                        path: child.name.clone(),
                        claim: None,
                        broken,
                        tree: Arc::clone(self.tree),
                    };
                    if child.role == ChildRole::Member {
                        self.pending.push((order, member));
                    } else {
                        schedule.push(order, member);
                    }
                }
            }
        }
        self.members.push((child, None));
    }

    /// All names are known now: members of chat packages are claimed, all are handed on.
    fn finish(mut self) -> Vec<(Child, Option<Claim>)> {
        if !self.pending.is_empty() {
            let paths: Vec<&str> =
                self.members.iter().map(|(child, _)| child.name.as_str()).collect();
            let claims = package::claim(&paths);
            for (member, claim) in self.members.iter_mut().zip(claims) {
                member.1 = claim;
            }
        }
        for (order, mut member) in self.pending.drain(..) {
            let at = order.last().map_or(0, |at| *at as usize);
            member.claim = self.members.get(at).and_then(|(_, claim)| claim.clone());
            self.readers.schedule.push(order, member);
        }
        self.members
    }
}

pub fn last_part(path: &str) -> &str {
    path.rsplit(['/', '!']).next().unwrap_or(path)
}

/// Opens a regular file for reading. Whatever took its place since the walk (a link, a FIFO) is
/// refused without waiting for it.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no longer a regular file"));
    }
    Ok(file)
}
