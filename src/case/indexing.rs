//! Keeps the index up with the database: evidence is written first, the index follows the change
//! log. Stopped at any point it goes on from its last commit; when that lies before what the log
//! still has, or the index is damaged, it is made anew.

use super::search::Names;
use super::units::{self, Prepared};
use super::{Case, CaseError};
use crate::index::{IndexError, Unit as IndexedUnit, Writer};
use crate::model::{DocumentId, MessageId};
use crate::store::{Change, Store, Unit};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Entries of the change log that are taken at once.
const CHANGES: usize = 256;
/// Entries of the change log that are gathered before any is applied.
const BATCH: usize = 64 * 1024;
/// Messages that are taken at once when all are.
const MESSAGES: i64 = 4096;
/// Bytes of text between two commits.
const COMMIT: u64 = 64 << 20;
/// The same in time, while evidence comes: nothing is found before its commit, but each makes a
/// segment, and many small ones take longer to write and to join.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is looked whether another program is done with the index.
const OTHERS: Duration = Duration::from_millis(500);

/// What an index lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// So many entries of the change log.
    Behind(u64),
    /// It has to be made anew; why, as what follows "the index": `is of an older version`.
    Whole(&'static str),
}

/// Called with what is done and of how much (0: not known).
type Tell<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Follows the change log of a case.
pub struct Indexer {
    case: Case,
}

impl Case {
    /// Where the index lies.
    pub fn index_folder(&self) -> PathBuf {
        self.index_folder.clone()
    }

    pub fn indexer(&self) -> Result<Indexer, CaseError> {
        Ok(Indexer { case: self.another()? })
    }

    /// Brings the index up to the database. `true` when there was something to do.
    pub fn catch_up(&self, cancel: &AtomicBool) -> Result<bool, CaseError> {
        self.catch_up_telling(cancel, &|_, _| {})
    }

    /// The same, and tells how far it is.
    pub fn catch_up_telling(
        &self,
        cancel: &AtomicBool,
        tell: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<bool, CaseError> {
        let mut follower = Follower::open(&self.store, &self.index_folder())?;
        follower.tell = tell;
        let worked = follower.follow(cancel)?;
        follower.settle()?;
        follower.finish(worked)?;
        Ok(worked)
    }

    /// The same beside others who may be at it: waits for those who bring the index up, by
    /// `sleep`, which says that nobody waits any more. `false` where an `add` is at work, which
    /// brings the index along itself.
    ///
    /// # Errors
    /// [`CaseError::Cancelled`] when somebody stopped it, and what keeps the index from being
    /// written.
    pub fn see_to_index(
        &self,
        cancel: &AtomicBool,
        mut sleep: impl FnMut(Duration) -> bool,
    ) -> Result<bool, CaseError> {
        loop {
            if self.index_is_current()? {
                return Ok(true);
            }
            if self.add_is_running() {
                return Ok(false);
            }
            match self.catch_up(cancel) {
                Ok(_) => {}
                Err(error) if error.is_busy() => {
                    if sleep(OTHERS) {
                        return Err(CaseError::Cancelled);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Makes the index again from the database. Gives the number of units in it.
    ///
    /// # Errors
    /// [`CaseError::AddRunning`] when somebody writes evidence: their follower has the index.
    pub fn reindex(&self, cancel: &AtomicBool) -> Result<u64, CaseError> {
        self.reindex_telling(cancel, &|_, _| {})
    }

    /// The same, and tells how far it is.
    pub fn reindex_telling(
        &self,
        cancel: &AtomicBool,
        tell: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<u64, CaseError> {
        let _intake = self.intake()?;
        let mut follower = Follower::create(&self.store, &self.index_folder())?;
        follower.tell = tell;
        let units = follower.all(cancel)?;
        follower.finish(true)?;
        Ok(units)
    }

    /// The index has everything that the database has.
    pub fn index_is_current(&self) -> Result<bool, CaseError> {
        Ok(self.index_lack()?.is_none())
    }

    /// What the index lacks of what the database has.
    pub fn index_lack(&self) -> Result<Option<Lack>, CaseError> {
        let last = self.store.last_change()?;
        let lack = match crate::index::Index::open(&self.index_folder()) {
            Ok(index) if index.change_seq() >= last => return Ok(None),
            Ok(index) if self.store.can_replay_after(index.change_seq())? => {
                Lack::Behind(last - index.change_seq())
            }
            Ok(_) => Lack::Whole("is too far behind"),
            Err(error) if error.wants_rebuild() && last == 0 => return Ok(None),
            Err(IndexError::Outdated(_)) => Lack::Whole("is of an older version"),
            Err(IndexError::Gone(_)) => Lack::Whole("is not there"),
            Err(error) if error.wants_rebuild() && !self.index_folder.exists() => {
                Lack::Whole("is not there")
            }
            Err(error) if error.wants_rebuild() => Lack::Whole("cannot be used"),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(lack))
    }
}

impl Indexer {
    /// Runs `work` while another thread follows; `work` calls its argument after each commit.
    /// The index is up to date when this returns, whatever became of `work`.
    pub fn run_beside<T>(
        self,
        cancel: &AtomicBool,
        work: impl FnOnce(&(dyn Fn() + Sync)) -> Result<T, CaseError>,
    ) -> Result<T, CaseError> {
        let bell = Bell::default();
        std::thread::scope(|scope| {
            let bell = &bell;
            let case = self.case;
            let follower = scope.spawn(move || -> Result<(), CaseError> {
                let mut follower = Follower::open(&case.store, &case.index_folder())?;
                let mut worked = false;
                loop {
                    let last = bell.wait(follower.due());
                    match follower.follow(cancel) {
                        Ok(did) => worked |= did,
                        // What is missing is replayed from the change log at the next search.
                        Err(CaseError::Cancelled) => return Ok(()),
                        Err(error) => return Err(error),
                    }
                    if last || follower.due().is_some_and(|due| due.is_zero()) {
                        follower.settle()?;
                    }
                    if last {
                        return follower.finish(worked);
                    }
                }
            });
            let result = {
                let _end = End(bell);
                work(&|| bell.ring(false))
            };
            let followed = match follower.join() {
                Ok(followed) => followed,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            let value = result?;
            followed.map(|()| value)
        })
    }
}

/// Wakes the follower. Many rings before it looks are one.
#[derive(Default)]
struct Bell {
    /// (rung, this is the last time)
    state: Mutex<(bool, bool)>,
    changed: Condvar,
}

impl Bell {
    fn ring(&self, last: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = true;
        state.1 |= last;
        self.changed.notify_one();
    }

    /// Waits for a ring, or until it is time; true for the last one.
    fn wait(&self, time: Option<Duration>) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_silent = |state: &mut (bool, bool)| !state.0 && !state.1;
        let mut state = match time {
            Some(time) => {
                let waited = self.changed.wait_timeout_while(state, time, is_silent);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => {
                let waited = self.changed.wait_while(state, is_silent);
                waited.unwrap_or_else(PoisonError::into_inner)
            }
        };
        state.0 = false;
        state.1
    }
}

/// Rings for the last time, also when the work panics.
struct End<'a>(&'a Bell);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.ring(true);
    }
}

/// What many entries of the change log come to.
#[derive(Default)]
struct Batch {
    entries: usize,
    documents: BTreeSet<DocumentId>,
    /// First and last of ranges.
    messages: Vec<(i64, i64)>,
}

impl Batch {
    fn take(&mut self, change: Change) {
        self.entries += 1;
        let mut range: Option<(i64, i64)> = None;
        for unit in change.units() {
            match unit {
                Unit::Document(id) => {
                    self.documents.insert(id);
                }
                Unit::Message(id) => range = Some((range.map_or(id.0, |(first, _)| first), id.0)),
            }
        }
        self.messages.extend(range);
    }
}

/// Ranges in order, those that touch as one, none longer than [`MESSAGES`].
fn joined(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(before) if first <= before.1 + 1 => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    let cut = |(first, last): (i64, i64)| {
        (first..=last).step_by(MESSAGES as usize).map(move |at| (at, last.min(at + MESSAGES - 1)))
    };
    joined.into_iter().flat_map(cut).collect()
}

struct Follower<'a> {
    store: &'a Store,
    folder: PathBuf,
    writer: Writer,
    names: Names,
    /// Names that are written.
    saved: usize,
    /// The change up to which it came, and when the last commit was, or this began.
    seq: u64,
    settled: Instant,
    /// Bytes since the last commit.
    pending: u64,
    /// A new index, to be filled from the tables and not from the log.
    from_nothing: bool,
    tell: Tell<'a>,
}

impl<'a> Follower<'a> {
    fn open(store: &'a Store, folder: &Path) -> Result<Self, CaseError> {
        match Writer::open(folder) {
            Ok(writer) if store.can_replay_after(writer.change_seq())? => {
                match Names::load(folder) {
                    Ok(names) => Ok(Follower::of(store, folder, writer, names, false)),
                    Err(CaseError::Index(_)) => {
                        drop(writer);
                        Follower::create(store, folder)
                    }
                    Err(error) => Err(error),
                }
            }
            Ok(writer) => {
                drop(writer);
                Follower::create(store, folder)
            }
            Err(error) if error.wants_rebuild() => Follower::create(store, folder),
            Err(IndexError::Busy) => Err(CaseError::AddRunning),
            Err(error) => Err(error.into()),
        }
    }

    fn create(store: &'a Store, folder: &Path) -> Result<Self, CaseError> {
        let writer = Writer::create(folder)?;
        Ok(Follower::of(store, folder, writer, Names::default(), true))
    }

    fn of(
        store: &'a Store,
        folder: &Path,
        writer: Writer,
        names: Names,
        from_nothing: bool,
    ) -> Self {
        // A new index has no list yet.
        let saved = if from_nothing { usize::MAX } else { names.len() };
        Follower {
            store,
            folder: folder.to_owned(),
            seq: writer.change_seq(),
            settled: Instant::now(),
            writer,
            names,
            saved,
            pending: 0,
            from_nothing,
            tell: &|_, _| {},
        }
    }

    /// How long until what came since the last commit should have one; `None` when nothing came.
    fn due(&self) -> Option<Duration> {
        let waits = self.writer.change_seq() < self.seq;
        waits.then(|| PATIENCE.saturating_sub(self.settled.elapsed()))
    }

    /// Takes everything that the log has and the index has not; much of it is committed. `true` when
    /// there was something.
    fn follow(&mut self, cancel: &AtomicBool) -> Result<bool, CaseError> {
        if std::mem::take(&mut self.from_nothing) && !self.store.can_replay_after(0)? {
            self.all(cancel)?;
            return Ok(true);
        }
        let first = self.seq;
        let mut seq = first;
        let mut worked = false;
        loop {
            // A content that lies in thousands of places is in the log as often, and is taken once.
            let mut batch = Batch::default();
            while batch.entries < BATCH {
                let changes = self.store.changes_after(seq, CHANGES)?;
                let Some(last) = changes.last() else { break };
                seq = last.seq;
                changes.into_iter().for_each(|change| batch.take(change));
            }
            if batch.entries == 0 {
                break;
            }
            worked = true;
            (self.tell)(seq.saturating_sub(first), self.store.last_change()?.saturating_sub(first));
            for id in batch.documents {
                stop(cancel)?;
                self.document(id)?;
            }
            for (first, last) in joined(batch.messages) {
                stop(cancel)?;
                self.messages(MessageId(first), MessageId(last))?;
            }
            self.seq = seq;
            if self.pending >= COMMIT {
                self.commit()?;
            }
        }
        Ok(worked)
    }

    fn document(&mut self, id: DocumentId) -> Result<(), CaseError> {
        if self.store.has_document(id)? {
            let prepared = units::document(self.store, &mut self.names, id)?;
            self.put(&prepared)
        } else {
            self.writer.delete(IndexedUnit::document(id));
            Ok(())
        }
    }

    /// Messages of a range; those that are not there any more go.
    fn messages(&mut self, first: MessageId, last: MessageId) -> Result<(), CaseError> {
        let store = self.store;
        let mut next = first.0;
        store.each_indexed_message(first, last, |message| {
            for gone in next..message.id.0 {
                self.writer.delete(IndexedUnit::message(MessageId(gone)));
            }
            next = message.id.0 + 1;
            let prepared = units::message(&mut self.names, message);
            self.put(&prepared)
        })?;
        for gone in next..=last.0 {
            self.writer.delete(IndexedUnit::message(MessageId(gone)));
        }
        Ok(())
    }

    fn put(&mut self, prepared: &Prepared) -> Result<(), CaseError> {
        self.pending += prepared.bytes();
        prepared.put(self.store, &mut self.writer)
    }

    /// Makes findable what came since the last commit, if anything did.
    fn settle(&mut self) -> Result<(), CaseError> {
        if self.due().is_some() { self.commit() } else { Ok(()) }
    }

    fn commit(&mut self) -> Result<(), CaseError> {
        // Before the commit: a number in the index must always have its name.
        if self.names.len() != self.saved {
            self.names.save(&self.folder)?;
            self.saved = self.names.len();
        }
        self.writer.commit(self.seq)?;
        self.pending = 0;
        self.settled = Instant::now();
        Ok(())
    }

    /// Everything, from the tables.
    fn all(&mut self, cancel: &AtomicBool) -> Result<u64, CaseError> {
        self.from_nothing = false;
        let seq = self.store.last_change()?;
        let last_message = self.store.last_message()?;
        // Numbers are given without holes, but for what was removed.
        let of = self.store.last_document()?.0.saturating_add(last_message.0).unsigned_abs();
        let mut units = 0;
        let mut after = 0;
        loop {
            let ids = self.store.document_ids(after, CHANGES as u64)?;
            let Some(last) = ids.last() else { break };
            after = last.0;
            for id in ids {
                stop(cancel)?;
                (self.tell)(id.0.unsigned_abs(), of);
                self.document(id)?;
                units += 1;
            }
        }
        let mut first = 1;
        while first <= last_message.0 {
            stop(cancel)?;
            (self.tell)(after.saturating_add(first).unsigned_abs(), of);
            let end = (first + MESSAGES - 1).min(last_message.0);
            let store = self.store;
            store.each_indexed_message(MessageId(first), MessageId(end), |message| {
                units += 1;
                let prepared = units::message(&mut self.names, message);
                self.put(&prepared)
            })?;
            first = end + 1;
        }
        // Changes of meanwhile come after `seq` and are applied by the next follow.
        self.seq = seq;
        self.commit()?;
        Ok(units)
    }

    /// What the index has is not needed in the log any more.
    fn finish(self, worked: bool) -> Result<(), CaseError> {
        let seq = self.writer.change_seq();
        if worked {
            self.writer.finish()?;
            match self.store.forget_changes(seq) {
                // Somebody writes; the next one forgets.
                Err(crate::store::StoreError::Busy) => {}
                result => result?,
            }
        }
        Ok(())
    }
}

fn stop(cancel: &AtomicBool) -> Result<(), CaseError> {
    if cancel.load(Relaxed) { Err(CaseError::Cancelled) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_joined_and_cut() {
        assert_eq!(joined(vec![(5, 9), (1, 2), (3, 3), (8, 12)]), [(1, 3), (5, 12)]);
        assert_eq!(joined(vec![(1, MESSAGES + 1)]), [(1, MESSAGES), (MESSAGES + 1, MESSAGES + 1)]);
        assert!(joined(Vec::new()).is_empty());
    }
}
