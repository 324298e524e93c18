//! Writes readings in walk order, one file of the source with all its members at a time.

use super::MOST_DEPTH;
use super::copies::Copied;
use super::options::Kept;
use super::progress::Progress;
use super::reader::{Done, Job};
use super::schedule::{Order, Schedule};
use crate::case::CaseError;
use crate::case::intake::{FileState, Found, Intake};
use crate::extract::ChildRole;
use crate::model::{DocumentId, SourceId, State};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A transaction is committed after this time or number of documents, whichever comes first.
const COMMIT_EVERY: Duration = Duration::from_millis(1500);
const COMMIT_AFTER: u32 = 2000;

pub struct Writer<'a> {
    pub intake: &'a Intake<'a>,
    pub schedule: &'a Schedule,
    pub source: SourceId,
    pub known: &'a Mutex<HashMap<[u8; 32], State>>,
    pub before: &'a HashMap<Vec<u8>, FileState>,
    pub progress: &'a Progress,
    /// Called after each commit.
    pub committed: &'a dyn Fn() -> Result<(), CaseError>,
    pub tree: Tally,
    /// What older readers read is read again: it is written over only by what is no worse.
    pub reread: bool,
    pub kept: &'a RefCell<Vec<Kept>>,
}

/// What became of one file of the source with its members.
#[derive(Default)]
pub struct Tally {
    most_copies: u64,
    read: Cell<u64>,
    copied: Cell<u64>,
    is_cut: Cell<bool>,
}

/// How many more copies there may be for each document that was read.
const COPIES_EACH: u64 = 4;

impl Tally {
    pub fn new(most_copies: u64) -> Tally {
        Tally { most_copies, ..Tally::default() }
    }

    fn begin(&self) {
        self.read.set(0);
        self.copied.set(0);
        self.is_cut.set(false);
    }

    fn room(&self) -> u64 {
        (self.most_copies + COPIES_EACH * self.read.get()).saturating_sub(self.copied.get())
    }
}

impl Writer<'_> {
    /// Writes all jobs. `Ok(false)` when it was stopped; what was complete is committed.
    pub fn run(&self, jobs: &[Job]) -> Result<bool, CaseError> {
        self.intake.begin()?;
        let mut since = Instant::now();
        let mut pending = 0;
        for (at, job) in jobs.iter().enumerate() {
            let order = vec![u32::try_from(at).unwrap_or(u32::MAX)];
            let written = self.file(&order, job);
            match written {
                Ok(Some(count)) => pending += count,
                Ok(None) => {
                    self.intake.commit()?;
                    return Ok(false);
                }
                Err(error) => {
                    self.intake.rollback();
                    return Err(error);
                }
            }
            self.progress.file_done(job.entry.size);
            let is_due = pending >= COMMIT_AFTER || since.elapsed() >= COMMIT_EVERY;
            if is_due || self.intake.is_awaited() {
                self.intake.commit()?;
                (self.committed)()?;
                self.intake.begin()?;
                since = Instant::now();
                pending = 0;
            }
        }
        self.intake.commit()?;
        (self.committed)()?;
        Ok(true)
    }

    /// One file with all its members; `None`, and nothing of it is written, when everything was
    /// stopped meanwhile.
    fn file(&self, order: &Order, job: &Job) -> Result<Option<u32>, CaseError> {
        let Some(done) = self.schedule.take(order) else { return Ok(None) };
        // Between members it can stop. Within a savepoint SQLite copies each page before its first
        // change, which files without members need not pay for.
        if done.members.is_empty() {
            return self.write(order, job, done);
        }
        self.intake.begin_tree()?;
        let written = self.write(order, job, done)?;
        match written {
            Some(_) => self.intake.keep_tree()?,
            None => self.intake.undo_tree()?,
        }
        Ok(written)
    }

    /// What was read of one file and of what is in it; `None` when it was stopped in between.
    fn write(&self, order: &Order, job: &Job, done: Done) -> Result<Option<u32>, CaseError> {
        if let Some(copy) = &job.copy {
            return self.copied(order, job, copy, done);
        }
        let entry = &job.entry;
        let claim = job.claim.as_ref().map(serde_json::to_string).transpose();
        let claim = claim.map_err(|e| CaseError::Worker(e.to_string()))?;
        let mut existing = None;
        if let Some(before) = self.before.get(entry.key()) {
            let document = self.intake.find(&done.key)?;
            existing = match document {
                Some(document) if document == before.document => Some(before.place),
                // It may have held these bytes before.
                Some(document) => self.intake.file_place(self.source, entry.key(), document)?,
                None => None,
            };
            if existing != Some(before.place) {
                self.intake.gone(before.place)?;
            }
            if let Some(place) = existing {
                self.intake.seen_again(place, entry.mtime, claim.as_deref())?;
            }
        }
        let found = Found {
            source: self.source,
            parent: None,
            ordinal: 0,
            path: &entry.path,
            raw: entry.raw.as_deref(),
            role: "",
            modified: None,
            mtime: Some(entry.mtime),
            claim: claim.as_deref(),
        };
        let anew = job.force || existing.is_some();
        self.with_members(order, done, &found, existing, anew)
    }

    /// What lies in the source no more, read from its copy in the case. Its place stays marked.
    fn copied(
        &self,
        order: &Order,
        job: &Job,
        copy: &Copied,
        done: Done,
    ) -> Result<Option<u32>, CaseError> {
        let path = job.entry.path.clone();
        if done.key != copy.content.0 {
            self.schedule.drop_below(order);
            let unread = done.reading.map(|reading| reading.outcome.reason);
            let why = match unread.filter(|why| !done.has_bytes && !why.is_empty()) {
                Some(why) => format!("failed: its copy in the case {why}"),
                None => "failed: its copy in the case has other bytes".to_owned(),
            };
            self.intake.keep(copy.document, &why)?;
            self.kept.borrow_mut().push(Kept { document: copy.document, path, why });
            return Ok(Some(1));
        }
        let found = Found {
            source: self.source,
            parent: None,
            ordinal: 0,
            path: &path,
            raw: job.entry.raw.as_deref(),
            role: "",
            modified: None,
            mtime: Some(job.entry.mtime),
            claim: None,
        };
        let written = self.with_members(order, done, &found, Some(copy.place), true)?;
        if copy.missing {
            // What came out of it is as little there as it is.
            self.intake.gone(copy.place)?;
        }
        Ok(written)
    }

    /// A file of the source and all that is in it.
    fn with_members(
        &self,
        order: &Order,
        done: Done,
        found: &Found,
        existing: Option<i64>,
        anew: bool,
    ) -> Result<Option<u32>, CaseError> {
        self.tree.begin();
        let key = done.key;
        let written = self.node(order, done, found, existing, anew)?;
        if self.tree.is_cut.get()
            && let Some(document) = self.intake.find(&key)?
        {
            let reason = format!(
                "equal containers in it multiply: {} further places of their members are listed, \
                 the others are not; each content is read once",
                self.tree.copied.get()
            );
            self.intake.over_limit(document, &reason)?;
            self.progress.over_limit(document);
        }
        Ok(written)
    }

    /// Gives a further place of a known container its members.
    fn copy_members(
        &self,
        document: DocumentId,
        place: i64,
        depth: u32,
        room: u64,
    ) -> Result<(), CaseError> {
        let mut left = room;
        let is_whole = self.intake.copy_members(document, place, depth, &mut left)?;
        self.tree.copied.set(self.tree.copied.get() + (room - left));
        self.tree.is_cut.set(self.tree.is_cut.get() || !is_whole);
        Ok(())
    }

    /// One document with all its members. `existing` is its place when the case has that.
    fn node(
        &self,
        order: &Order,
        done: Done,
        found: &Found,
        existing: Option<i64>,
        anew: bool,
    ) -> Result<Option<u32>, CaseError> {
        let left = MOST_DEPTH.saturating_sub(order.len() as u32 - 1);
        let twin = self.intake.find(&done.key)?;
        let reading = match (done.reading, twin) {
            (Some(reading), None) => reading,
            // Unreadable before, or told to: written over, whatever it holds now.
            (Some(reading), Some(_)) if anew || self.was_unreadable(&done.key) => reading,
            // Read twice at the same time, or known from the start.
            (reading, Some(twin)) => {
                if reading.is_some() {
                    self.schedule.drop_below(order);
                }
                if existing.is_none() {
                    let place = self.intake.place(twin, found)?;
                    // A copy of a file has what the file has.
                    let room = if order.len() == 1 { u64::MAX } else { self.tree.room() };
                    self.copy_members(twin, place, left, room)?;
                }
                return Ok(Some(1));
            }
            (None, None) => {
                return Err(CaseError::Worker("a known document is gone".to_owned()));
            }
        };
        if let Some(twin) = twin {
            if self.reread {
                let members = done.members.len() as u64;
                if let Some(why) = self.intake.would_lose(twin, &reading, members)? {
                    self.schedule.drop_below(order);
                    self.keep(twin, found, existing, left, why)?;
                    return Ok(Some(1));
                }
            }
            self.intake.drop_members(twin)?;
        }
        let document =
            self.intake.document(done.key, done.has_bytes, done.size, &reading, found)?;
        self.tree.read.set(self.tree.read.get() + 1);
        let state = reading.outcome.state;
        self.progress.document_done(document, reading.messages(), state.is_unreadable());
        drop(reading);
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(done.key, state);
        let place = match existing {
            Some(place) => place,
            None => self.intake.place(document, found)?,
        };
        let mut written = 1;
        for (at, (child, claim)) in done.members.iter().enumerate() {
            let mut order = order.clone();
            order.push(u32::try_from(at).unwrap_or(u32::MAX));
            let Some(done) = self.schedule.take(&order) else { return Ok(None) };
            let claim = claim.as_ref().map(serde_json::to_string).transpose();
            let claim = claim.map_err(|e| CaseError::Worker(e.to_string()))?;
            let path = format!("{}!{}", found.path, child.name);
            let member = Found {
                source: self.source,
                parent: Some(place),
                ordinal: child.ordinal,
                path: &path,
                raw: child.raw_name.as_deref(),
                role: role_name(child.role),
                modified: child.modified.as_deref(),
                mtime: None,
                claim: claim.as_deref(),
            };
            if self.reread && !done.has_bytes && self.keep_member(&done, &member)? {
                self.schedule.drop_below(&order);
                continue;
            }
            match self.node(&order, done, &member, None, anew)? {
                Some(count) => written += count,
                None => return Ok(None),
            }
        }
        if twin.is_some() {
            self.copy_to_other_places(document, place, left)?;
        }
        Ok(Some(written))
    }

    /// A document stays as older readers read it, with all that came out of it.
    fn keep(
        &self,
        document: DocumentId,
        found: &Found,
        existing: Option<i64>,
        depth: u32,
        why: String,
    ) -> Result<(), CaseError> {
        if existing.is_none() && !self.restore(document, found)? {
            let place = self.intake.place(document, found)?;
            self.copy_members(document, place, depth, self.tree.room())?;
        }
        self.intake.keep(document, &why)?;
        let path = found.path.to_owned();
        self.kept.borrow_mut().push(Kept { document, path, why });
        Ok(())
    }

    /// A member whose bytes do not come out of its container any more stays as it was; `false` when
    /// they never did.
    fn keep_member(&self, done: &Done, found: &Found) -> Result<bool, CaseError> {
        let (Some(reading), Some(parent)) = (&done.reading, found.parent) else { return Ok(false) };
        let former = self.intake.former_member(parent, found.ordinal, found.path)?;
        let Some(former) = former.filter(|former| former.has_bytes) else { return Ok(false) };
        if !self.restore(former.document, found)? {
            return Ok(false);
        }
        let why = format!("it does not come out of its file: {}", reading.outcome.reason);
        self.intake.keep(former.document, &why)?;
        let path = found.path.to_owned();
        self.kept.borrow_mut().push(Kept { document: former.document, path, why });
        Ok(true)
    }

    fn restore(&self, document: DocumentId, found: &Found) -> Result<bool, CaseError> {
        let Some(parent) = found.parent else { return Ok(false) };
        Ok(self.intake.restore_member(document, found.source, parent)?.is_some())
    }

    fn was_unreadable(&self, key: &[u8; 32]) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).is_some_and(|state| state.is_unreadable())
    }

    fn copy_to_other_places(
        &self,
        document: DocumentId,
        place: i64,
        depth: u32,
    ) -> Result<(), CaseError> {
        for other in self.intake.places_of(document)? {
            if other != place {
                self.copy_members(document, other, depth, self.tree.room())?;
            }
        }
        Ok(())
    }
}

fn role_name(role: ChildRole) -> &'static str {
    match role {
        ChildRole::Member => "member",
        ChildRole::Attachment => "attachment",
        ChildRole::Embedded => "embedded",
        ChildRole::Mail => "mail",
        ChildRole::Content => "content",
    }
}
