//! One source of an `add`: what of it has to be read, and the threads that read and write it.

use super::copies;
use super::options::{AddOptions, AddReport, Kept};
use super::progress::Progress;
use super::reader::{Job, Readers};
use super::schedule::Schedule;
use super::walk::{Entry, Walk};
use super::writer::{Tally, Writer};
use crate::case::intake::{FileState, Intake};
use crate::case::{Case, CaseError};
use crate::extract::chat::package::{self, Claim};
use crate::extract::pool::Pool;
use crate::model::{SourceId, State};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Room that must be left on the disk of the case, in bytes.
const LEAST_ROOM: u64 = 32 << 20;

/// What one source is added with.
pub(super) struct One<'a> {
    pub case: &'a Case,
    pub intake: &'a Intake<'a>,
    pub options: &'a AddOptions,
    pub pool: &'a Pool,
    pub progress: &'a Progress,
    pub cancel: &'a Arc<AtomicBool>,
    /// Files that are read at the same time.
    pub workers: usize,
    /// Folder for temporary files.
    pub scratch: &'a Path,
    pub wake: &'a (dyn Fn() + Sync),
}

impl One<'_> {
    /// One source; `Ok(false)` when it was stopped.
    pub fn source(
        &self,
        root: &Path,
        listed: &Walk,
        report: &mut AddReport,
    ) -> Result<bool, CaseError> {
        let options = self.options;
        let is_file = root.is_file();
        self.intake.check_unaltered(false)?;
        let begin =
            || self.intake.source(root, is_file, &options.origin, &options.exclude, options.copy);
        let source = match self.intake.source_at(root)? {
            Some(known) => known,
            None => {
                self.intake.check_unaltered(true)?;
                begin()?
            }
        };
        self.intake.mend_files(source)?;
        let before = self.intake.files_of(source)?;
        report.files += listed.entries.len() as u64;
        report.skipped += listed.skipped.len() as u64;
        let seen: HashSet<&[u8]> = listed.entries.iter().map(Entry::key).collect();
        // The same file, its name read in another way.
        let mut renamed = listed
            .entries
            .iter()
            .filter_map(|entry| Some((before.get(entry.key())?, entry)))
            .filter(|(state, entry)| state.path != entry.path)
            .peekable();
        let jobs = self.plan(source, listed, &before, report)?;
        if !jobs.is_empty() || renamed.peek().is_some() {
            self.intake.check_unaltered(true)?;
        }
        // Not before it is known that it may go on.
        begin()?;

        self.intake.begin()?;
        for (state, entry) in renamed {
            self.intake.renamed(state.place, &entry.path)?;
        }
        for (key, state) in &before {
            if !seen.contains(key.as_slice()) && !state.missing {
                self.intake.gone(state.place)?;
                report.missing += 1;
            }
        }
        self.intake.commit()?;
        self.finish(root, source, &jobs, &before, Some(&listed.skipped), report)
    }

    /// A source that is away: what older readers read of it is read again from copies in the case.
    pub fn away(
        &self,
        source: SourceId,
        root: &Path,
        report: &mut AddReport,
    ) -> Result<bool, CaseError> {
        let jobs = copies::jobs(self.case, self.intake.files_read_by_older(source)?, true)?;
        if jobs.is_empty() {
            return Ok(true);
        }
        let bytes = jobs.iter().map(|job| job.entry.size).sum();
        self.progress.total(jobs.len() as u64, bytes);
        report.copies += jobs.len() as u64;
        self.intake.check_unaltered(false)?;
        self.intake.check_unaltered(true)?;
        self.intake.reopen_source(source)?;
        self.finish(root, source, &jobs, &HashMap::new(), None, report)
    }

    fn finish(
        &self,
        root: &Path,
        source: SourceId,
        jobs: &[Job],
        before: &HashMap<Vec<u8>, FileState>,
        skipped: Option<&[(String, String)]>,
        report: &mut AddReport,
    ) -> Result<bool, CaseError> {
        let finished = jobs.is_empty() || {
            let known = Mutex::new(self.intake.known()?);
            let kept = RefCell::default();
            if self.options.reread {
                self.intake.begin_again()?;
            }
            let written = self.read_and_write(root, source, jobs, before, &known, &kept);
            if self.options.reread {
                self.intake.end_again()?;
            }
            report.kept.extend(kept.into_inner());
            written?
        };
        if finished {
            self.intake.finish_source(source, skipped)?;
            (self.wake)();
        }
        Ok(finished)
    }

    /// Which files have to be read.
    fn plan(
        &self,
        source: SourceId,
        listed: &Walk,
        before: &HashMap<Vec<u8>, FileState>,
        report: &mut AddReport,
    ) -> Result<Vec<Job>, CaseError> {
        // With passwords those that had none are tried again unasked.
        let states: &[State] = match (self.options.retry, self.options.passwords.is_empty()) {
            (true, _) => &State::UNREADABLE,
            (false, false) => &[State::Encrypted],
            (false, true) => &[],
        };
        let mut again: HashSet<Vec<u8>> =
            self.intake.files_with(source, states)?.into_iter().collect();
        let older = match self.options.reread {
            true => self.intake.files_read_by_older(source)?,
            false => Vec::new(),
        };
        again.extend(older.iter().filter(|file| !file.missing).map(|file| file.key.clone()));
        let claims = {
            let paths: Vec<&str> = listed.entries.iter().map(|e| e.path.as_str()).collect();
            package::claim(&paths)
        };
        let mut jobs = Vec::new();
        // Files that are what they were.
        let mut there = HashSet::new();
        for (entry, claim) in listed.entries.iter().zip(claims) {
            let known = before.get(entry.key());
            let same_claim = known.is_none_or(|known| known.claim == claim_text(claim.as_ref()));
            let force = again.contains(entry.key()) || !same_claim;
            let unchanged = known.is_some_and(|known| {
                known.size == entry.size && known.mtime == entry.mtime && !known.missing
            });
            if let Some(known) = known.filter(|_| unchanged) {
                there.insert(known.place);
            }
            if unchanged && !force {
                report.unchanged += 1;
                self.progress.file_done(entry.size);
            } else {
                jobs.push(Job { entry: entry.clone(), claim, force, copy: None });
            }
        }
        let gone = older.into_iter().filter(|file| !there.contains(&file.place)).collect();
        let copies = copies::jobs(self.case, gone, false)?;
        self.progress.total(copies.len() as u64, copies.iter().map(|copy| copy.entry.size).sum());
        report.copies += copies.len() as u64;
        jobs.extend(copies);
        Ok(jobs)
    }

    fn read_and_write(
        &self,
        root: &Path,
        source: SourceId,
        jobs: &[Job],
        before: &HashMap<Vec<u8>, FileState>,
        known: &Mutex<HashMap<[u8; 32], State>>,
        kept: &RefCell<Vec<Kept>>,
    ) -> Result<bool, CaseError> {
        let schedule = Schedule::new(u32::try_from(jobs.len()).unwrap_or(u32::MAX));
        let fatal = Mutex::new(None);
        let over = AtomicBool::new(false);
        let packing = self.intake.packing()?;
        let readers = Readers {
            pool: self.pool,
            schedule: &schedule,
            jobs,
            root,
            known,
            again: Mutex::default(),
            retry: self.options.retry,
            passwords: &self.options.passwords,
            scratch: self.scratch,
            originals: self.options.copy.then(|| self.case.originals()),
            progress: self.progress,
            packing: &packing,
            fatal: &fatal,
        };
        let committed = || {
            self.intake.learn(&packing)?;
            (self.wake)();
            self.check_room()
        };
        let writer = Writer {
            intake: self.intake,
            schedule: &schedule,
            source,
            known,
            before,
            progress: self.progress,
            committed: &committed,
            reread: self.options.reread,
            kept,
            tree: Tally::new(self.options.most_copies),
        };
        let written = std::thread::scope(|scope| {
            for _ in 0..self.workers {
                scope.spawn(|| readers.run());
            }
            // Somebody has to wake the writer when the user stops it.
            scope.spawn(|| {
                while !over.load(Relaxed) {
                    if self.cancel.load(Relaxed) {
                        schedule.stop();
                        break;
                    }
                    std::thread::park_timeout(Duration::from_millis(50));
                }
            });
            let written = writer.run(jobs);
            over.store(true, Relaxed);
            schedule.stop();
            written
        });
        match fatal.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(CaseError::Cancelled) | None => written,
            Some(error) => Err(error),
        }
    }

    /// Stops before the disk is so full that nothing works any more.
    fn check_room(&self) -> Result<(), CaseError> {
        #[cfg(unix)]
        if let Ok(stat) = rustix::fs::statvfs(self.case.folder())
            && stat.f_bavail.saturating_mul(stat.f_frsize) < LEAST_ROOM
        {
            return Err(CaseError::disk_full());
        }
        Ok(())
    }
}

fn claim_text(claim: Option<&Claim>) -> Option<String> {
    claim.and_then(|claim| serde_json::to_string(claim).ok())
}
