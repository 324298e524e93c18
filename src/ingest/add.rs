//! One `add`: what has to be done, the threads that do it, stop and resume.

use super::copies;
use super::progress::Progress;
use super::reader::{Job, Readers};
use super::schedule::Schedule;
use super::walk::{self, Entry, Walk};
use super::writer::{Tally, Writer};
use crate::case::intake::{FileState, Intake};
use crate::case::{Case, CaseError};
use crate::extract::Limits;
use crate::extract::chat::package::{self, Claim};
use crate::extract::pool::{Pool, PoolConfig};
use crate::model::{DocumentId, SourceId, State};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How an `add` is done.
#[derive(Clone, Debug)]
pub struct AddOptions {
    /// Globs of paths to leave out, relative to the source: `*` and `?` stay in one folder,
    /// `**` crosses folders; a glob without `/` is compared with the last part of the path.
    pub exclude: Vec<String>,
    /// Keep copies of the originals in the case.
    pub copy: bool,
    /// Tried on encrypted files, in order, also on those that the case has. Never stored.
    pub passwords: Vec<String>,
    /// Read unreadable documents again.
    pub retry: bool,
    /// Read again what older readers read.
    pub reread: bool,
    /// Leave out what the last `add` of each source left out, and copy originals where it did, beside
    /// what is said here.
    pub as_before: bool,
    /// Who gave it, when, how.
    pub origin: String,
    /// The `casebook` binary, started as worker.
    pub worker: PathBuf,
    /// Files that are read at the same time; 0 for one a core.
    pub workers: usize,
    pub limits: Limits,
    /// A container that lies in several places has its members in all of them. In one file they
    /// may lie in this many places beside the first, and some more for each document that was
    /// read: equal zips in equal zips multiply without end.
    pub most_copies: u64,
}

impl AddOptions {
    /// Defaults, with the running program as worker.
    ///
    /// # Errors
    /// The system does not say where the running program lies.
    pub fn new() -> std::io::Result<Self> {
        Ok(AddOptions {
            exclude: Vec::new(),
            copy: false,
            passwords: Vec::new(),
            retry: false,
            reread: false,
            as_before: false,
            origin: String::new(),
            worker: std::env::current_exe()?,
            workers: 0,
            limits: Limits::default(),
            most_copies: 100_000,
        })
    }
}

/// What an `add` did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddReport {
    /// Files of the source.
    pub files: u64,
    /// Of them: known and unchanged.
    pub unchanged: u64,
    /// Known files that are not there any more, or hold other bytes.
    pub missing: u64,
    /// Files that were read again from their copies in the case, not being where they were.
    pub copies: u64,
    /// Entries that are no files, or excluded.
    pub skipped: u64,
    /// Patterns of `--exclude` that nothing fitted.
    pub idle_excludes: Vec<String>,
    /// Documents written, members included.
    pub documents: u64,
    pub messages: u64,
    /// Of the documents written.
    pub unreadable: u64,
    /// Documents of which the case keeps what an older reader read, because reading them again
    /// failed.
    pub kept: Vec<Kept>,
    /// It was stopped before the end; the next `add` goes on.
    pub stopped: bool,
    /// Layers of the sandbox that the workers had, in words.
    pub protection: String,
}

/// A document that was read again in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub document: DocumentId,
    /// Where it was read.
    pub path: String,
    pub why: String,
}

/// Room that must be left on the disk of the case, in bytes.
const LEAST_ROOM: u64 = 32 << 20;

/// Ingests files and folders. May be stopped at any time through `cancel`, and be called again
/// with the same paths: what is done is not done again. With [`AddOptions::reread`] a path that is
/// a source of the case may be away: what the case has copies of is read.
///
/// # Errors
/// A path that does not exist, another `add` at work, a full disk, a worker that cannot be
/// started. The case is intact after any of them; what was committed stays.
pub fn add(
    case: &Case,
    paths: &[PathBuf],
    options: &AddOptions,
    progress: &Progress,
    cancel: &Arc<AtomicBool>,
) -> Result<AddReport, CaseError> {
    let intake = case.intake()?;
    let scratch = case.scratch()?;
    let workers = match options.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        some => some,
    };
    let mut config = PoolConfig::new(options.worker.clone(), workers);
    config.limits = options.limits;
    config.cancel = Arc::clone(cancel);
    let pool = Pool::new(config).map_err(|e| CaseError::Worker(e.to_string()))?;
    let mut report = AddReport { protection: pool.protection().to_string(), ..Default::default() };

    progress.phase("listing");
    let mut used = HashSet::new();
    let mut sources = Vec::new();
    for path in paths {
        let root = match path.canonicalize() {
            Ok(root) => root,
            Err(error) => match case.find_source(&path.to_string_lossy()) {
                Ok(source) if options.reread => {
                    sources.push(Given::Away(source.id, path.clone()));
                    continue;
                }
                _ => return Err(CaseError::io(path, error)),
            },
        };
        if case.folder().canonicalize().is_ok_and(|own| root.starts_with(own)) {
            let why = format!("{} is the case itself, and no evidence", path.display());
            return Err(CaseError::Refused(why));
        }
        let options = match options.as_before {
            true => as_before(case, &root, options)?,
            false => options.clone(),
        };
        let exclude = globs(&options.exclude)?;
        // Each is asked, so that each is known to have been of use.
        let leave_out = |path: &str| exclude.iter().filter(|glob| glob.matches(path)).count() > 0;
        let listed =
            walk::walk(&root, &leave_out, case.folder()).map_err(|e| CaseError::io(&root, e))?;
        let fitted = exclude.iter().filter(|glob| glob.fitted.get()).map(|glob| &glob.text);
        used.extend(fitted.cloned());
        progress.total(listed.entries.len() as u64, listed.bytes);
        sources.push(Given::There(root, Box::new(listed), options));
    }
    let idle = options.exclude.iter().filter(|text| !used.contains(*text));
    report.idle_excludes = idle.cloned().collect();
    progress.phase("reading");
    let work = |wake: &(dyn Fn() + Sync)| {
        for source in sources {
            let own = match &source {
                Given::There(_, _, own) => own,
                Given::Away(..) => options,
            };
            let one = One {
                case,
                intake: &intake,
                options: own,
                pool: &pool,
                progress,
                cancel,
                workers,
                scratch: &scratch,
                wake,
            };
            let is_finished = match &source {
                Given::There(root, listed, _) => one.source(root, listed, &mut report)?,
                Given::Away(id, root) => one.away(*id, root, &mut report)?,
            };
            if !is_finished {
                report.stopped = true;
                break;
            }
        }
        progress.phase("indexing");
        Ok(())
    };
    let outcome = if case.stands_alone() {
        // Nobody may follow on a handle of their own meanwhile.
        work(&|| {}).and_then(|()| match case.catch_up(cancel) {
            // What is missing is replayed from the change log at the next search.
            Ok(_) | Err(CaseError::Cancelled) => Ok(()),
            Err(error) => Err(error),
        })
    } else {
        case.indexer()?.run_beside(cancel, work)
    };
    let done = progress.snapshot();
    report.stopped |= cancel.load(Relaxed);
    report.documents = done.documents;
    report.messages = done.messages;
    report.unreadable = done.unreadable;
    outcome.map(|()| report)
}

/// `options`, with what the last `add` of a source said.
fn as_before(case: &Case, root: &Path, options: &AddOptions) -> Result<AddOptions, CaseError> {
    let mut options = options.clone();
    if let Some((exclude, copied)) = case.source_options(root)? {
        for glob in exclude {
            if !options.exclude.contains(&glob) {
                options.exclude.push(glob);
            }
        }
        options.copy |= copied;
    }
    Ok(options)
}

/// What an `add` was given.
enum Given {
    /// What lies there, and how it is added.
    There(PathBuf, Box<Walk>, AddOptions),
    /// A source of the case that does not lie there any more.
    Away(SourceId, PathBuf),
}

struct One<'a> {
    case: &'a Case,
    intake: &'a Intake<'a>,
    options: &'a AddOptions,
    pool: &'a Pool,
    progress: &'a Progress,
    cancel: &'a Arc<AtomicBool>,
    /// Files that are read at the same time.
    workers: usize,
    /// Folder for temporary files.
    scratch: &'a Path,
    wake: &'a (dyn Fn() + Sync),
}

impl One<'_> {
    /// One source; `Ok(false)` when it was stopped.
    fn source(
        &self,
        root: &Path,
        listed: &Walk,
        report: &mut AddReport,
    ) -> Result<bool, CaseError> {
        let options = self.options;
        let is_file = root.is_file();
        let source =
            self.intake.source(root, is_file, &options.origin, &options.exclude, options.copy)?;
        self.intake.mend_files(source)?;
        let before = self.intake.files_of(source)?;
        report.files += listed.entries.len() as u64;
        report.skipped += listed.skipped.len() as u64;
        let seen: HashSet<&[u8]> = listed.entries.iter().map(Entry::key).collect();
        // The same file, its name read in another way.
        let renamed = listed
            .entries
            .iter()
            .filter_map(|entry| Some((before.get(entry.key())?, entry)))
            .filter(|(state, entry)| state.path != entry.path);
        let jobs = self.plan(source, listed, &before, report)?;

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
    fn away(
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

struct Glob {
    /// As it was typed.
    text: String,
    pattern: regex::Regex,
    whole_path: bool,
    fitted: Cell<bool>,
}

impl Glob {
    fn matches(&self, path: &str) -> bool {
        let name = if self.whole_path { path } else { path.rsplit('/').next().unwrap_or(path) };
        let fits = self.pattern.is_match(name);
        self.fitted.set(self.fitted.get() || fits);
        fits
    }
}

fn globs(patterns: &[String]) -> Result<Vec<Glob>, CaseError> {
    patterns
        .iter()
        .map(|text| {
            let inside = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
            if inside.is_empty() || inside.starts_with('/') {
                let why =
                    "a pattern is a name (*.tmp) or a path inside of what is added (mail/old/**)";
                return Err(CaseError::Refused(format!(
                    "--exclude {text:?} can fit nothing: {why}"
                )));
            }
            let mut source = String::from("(?s)^");
            let mut chars = inside.chars().peekable();
            while let Some(c) = chars.next() {
                match c {
                    '*' if chars.peek() == Some(&'*') => {
                        chars.next();
                        source.push_str(".*");
                    }
                    '*' => source.push_str("[^/]*"),
                    '?' => source.push_str("[^/]"),
                    c => source.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
                }
            }
            source.push('$');
            let pattern = regex::Regex::new(&source)
                .map_err(|error| CaseError::Worker(format!("--exclude {text:?}: {error}")))?;
            let whole_path = inside.contains('/');
            Ok(Glob { text: text.clone(), pattern, whole_path, fitted: Cell::new(false) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excludes() {
        let check = |glob: &str, path: &str, expected: bool| {
            let globs = globs(&[glob.to_owned()]).unwrap();
            assert_eq!(globs[0].matches(path), expected, "{glob} on {path}");
        };
        check("*.tmp", "a/b/c.tmp", true);
        check("*.tmp", "a/b.tmp/c", false);
        check("a/*.txt", "a/x.txt", true);
        check("a/*.txt", "a/b/x.txt", false);
        check("a/**", "a/b/x.txt", true);
        check("扫描?.png", "dir/扫描1.png", true);
        check(".git/", ".git", true);
        check("a+b", "aab", false);
        check("./a/*.txt", "a/x.txt", true);
        for nothing in ["", "/", "./", "/abs/path"] {
            assert!(globs(&[nothing.to_owned()]).is_err(), "{nothing}");
        }
    }
}
