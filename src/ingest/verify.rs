//! `verify`: every original is read and hashed again, everything that can be extracted is
//! extracted again, and compared with what the case holds; then the checks of the case itself.

use super::children::{Children, Unpacked, mark_broken};
use super::hash::hash;
use super::reader::{last_part, open_regular};
use crate::case::intake::{Packer, Packing, Reading};
use crate::case::{Case, CaseError, Damage, Extracted, KnownFile, message_digest_sum};
use crate::extract::chat::package;
use crate::extract::pool::{Pool, PoolConfig, Task};
use crate::extract::{ChildRole, Record, Stop};
use crate::model::view::SourceRow;
use crate::model::{Sha256, State};

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// What was checked, and what is wrong.
#[derive(Debug, Default)]
pub struct VerifyReport {
    /// Files whose bytes were hashed.
    pub originals: u64,
    /// Documents that were extracted again and compared.
    pub extracted: u64,
    /// Documents whose bytes were not reached: their file or container is not there, or does not
    /// open (a password may be missing). `D6 a.zip!b.txt`.
    pub unreached: Vec<String>,
    /// Documents read by another version of their extractor: nothing is to be compared.
    pub other_version: u64,
    /// Stored texts and messages.
    pub stored: u64,
    pub operations: u64,
    pub damage: Vec<Damage>,
    /// What could not be looked at now, and why.
    pub remarks: Vec<String>,
    pub read: ReadAgain,
    /// It was stopped before the end.
    pub stopped: bool,
}

impl VerifyReport {
    /// Takes the answer of one check in. What is too damaged to be checked is damage.
    fn take(
        &mut self,
        what: &'static str,
        answer: Result<(u64, Vec<Damage>), CaseError>,
    ) -> Result<u64, CaseError> {
        let (count, damage) = match answer {
            Err(error) if error.is_damage() => {
                let name = "case.db".to_owned();
                (0, vec![Damage { what, name, problem: error.to_string() }])
            }
            answer => answer?,
        };
        // One row is looked at in several ways.
        for one in damage {
            let is_known = |known: &Damage| {
                (known.what, &known.name) == ("database", &one.name) && one.what == "text"
            };
            if !self.damage.iter().any(is_known) {
                self.damage.push(one);
            }
        }
        Ok(count)
    }
}

/// What became of the originals.
#[derive(Debug, Default)]
pub struct ReadAgain {
    /// Contents that were read again, with what that gave.
    pub contents: HashMap<Sha256, Compared>,
    /// Files that have other bytes now, by what they had, and lie nowhere else as they were:
    /// `D5 a/b.txt`. The case holds content that its source no longer has.
    pub replaced: BTreeMap<Sha256, String>,
}

/// What reading a content again gave, beside what the case holds of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    Same,
    /// Another version of the extractor read it: its text may well differ.
    OtherVersion,
    Differs,
}

/// Checks a case. `progress` gets what is being checked, how many are done and how many there
/// are (0 when that is not known).
///
/// # Errors
/// The case cannot be read at all, or no worker can be started. Damage is no error: it is in the
/// report.
pub fn verify(
    case: &Case,
    worker: &Path,
    passwords: &[String],
    progress: &(dyn Fn(&str, u64, u64) + Sync),
    cancel: &Arc<AtomicBool>,
) -> Result<VerifyReport, CaseError> {
    let mut report = VerifyReport::default();
    progress("database", 0, 0);
    case.check_schema()?;
    report.take("database", case.check_database().map(|damage| (0, damage)))?;
    progress("journal", 0, 0);
    report.operations = report.take("operation", case.check_journal())?;
    progress("index", 0, 0);
    let mut remark = None;
    let index = case.check_index().map(|(damage, why)| {
        remark = why;
        (0, damage)
    });
    report.take("index", index)?;
    report.remarks.extend(remark);
    let stored = case.check_stored(&mut |done| {
        progress("stored texts", done, 0);
        !cancel.load(Relaxed)
    });
    report.stored = report.take("text", stored)?;
    if !cancel.load(Relaxed) {
        let files = case.known_files()?;
        originals(case, &files, worker, passwords, progress, cancel, &mut report)?;
    }
    if !cancel.load(Relaxed) {
        report.unreached = case.contents_beside(&report.read.contents)?;
    }
    report.stopped = cancel.load(Relaxed);
    Ok(report)
}

/// Reads again those of the case's files whose contents are `files`, with all that is in them. What
/// is not in the answer was not reached.
///
/// # Errors
/// As for [`verify`].
pub fn read_again(
    case: &Case,
    files: &HashSet<Sha256>,
    worker: &Path,
    passwords: &[String],
    progress: &(dyn Fn(&str, u64, u64) + Sync),
    cancel: &Arc<AtomicBool>,
) -> Result<ReadAgain, CaseError> {
    let mut known = case.known_files()?;
    known.retain(|file| files.contains(&file.key));
    let mut report = VerifyReport::default();
    originals(case, &known, worker, passwords, progress, cancel, &mut report)?;
    match cancel.load(Relaxed) {
        true => Err(CaseError::Cancelled),
        false => Ok(report.read),
    }
}

fn originals(
    case: &Case,
    files: &[KnownFile],
    worker: &Path,
    passwords: &[String],
    progress: &(dyn Fn(&str, u64, u64) + Sync),
    cancel: &Arc<AtomicBool>,
    report: &mut VerifyReport,
) -> Result<(), CaseError> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut config = PoolConfig::new(worker.to_owned(), workers);
    config.cancel = Arc::clone(cancel);
    let pool = Pool::new(config).map_err(|e| CaseError::Worker(e.to_string()))?;
    let next = AtomicUsize::new(0);
    let found = Mutex::new((Vec::new(), 0u64, 0u64, BTreeMap::new()));
    let away: Vec<SourceRow> =
        case.sources()?.into_iter().filter(|source| !Path::new(&source.path).exists()).collect();
    let is_away = |file: &KnownFile| away.iter().any(|source| source.id == file.source);
    let seen = Mutex::new(HashMap::new());
    let take = |case: &Case| {
        let scratch = std::env::temp_dir();
        while !cancel.load(Relaxed) {
            let at = next.fetch_add(1, Relaxed);
            let Some(known) = files.get(at) else { break };
            progress(&known.path, at as u64, files.len() as u64);
            let mut check = Check {
                case,
                pool: &pool,
                is_away: is_away(known),
                passwords,
                scratch: &scratch,
                seen: &seen,
                damage: Vec::new(),
                replaced: None,
                extracted: 0,
            };
            let hashed = check.file(known)?;
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.0.extend(check.damage.into_iter().map(|damage| (at, damage)));
            found.1 += u64::from(hashed);
            found.2 += check.extracted;
            found.3.extend(check.replaced.map(|place| (known.key, place)));
        }
        Ok(())
    };
    let ended = if case.stands_alone() {
        vec![take(case)]
    } else {
        let cases = (0..workers).map(|_| case.another()).collect::<Result<Vec<_>, _>>()?;
        on_threads(cases, &take)
    };
    let (mut damage, hashed, extracted, mut replaced) =
        found.into_inner().unwrap_or_else(PoisonError::into_inner);
    damage.sort_by_key(|(at, _)| *at);
    report.damage.extend(damage.into_iter().map(|(_, damage)| damage));
    let copies = case.originals();
    let has_copy = |file: &KnownFile| crate::case::originals::path_of(&copies, &file.key).exists();
    let lacks = |source: &&SourceRow| {
        let own = files.iter().filter(|file| file.source == source.id && !file.is_missing);
        own.into_iter().any(|file| !has_copy(file))
    };
    report.remarks.extend(away.iter().filter(lacks).map(|source| {
        let (id, path) = (source.id, &source.path);
        format!("{id} {path} is not there: say where it lies now: casebook relink CASE {id} PATH")
    }));
    report.originals = hashed;
    report.extracted = extracted;
    let contents = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    // What lies elsewhere too, or in a copy, was read there.
    replaced.retain(|key, _| !contents.contains_key(key));
    let is_other = |compared: &&Compared| **compared == Compared::OtherVersion;
    report.other_version = contents.values().filter(is_other).count() as u64;
    report.read = ReadAgain { contents, replaced };
    match ended.into_iter().find_map(Result::err) {
        Some(CaseError::Cancelled) | None => Ok(()),
        Some(error) => Err(error),
    }
}

/// A thread for each handle.
fn on_threads(
    cases: Vec<Case>,
    take: &(impl Fn(&Case) -> Result<(), CaseError> + Sync),
) -> Vec<Result<(), CaseError>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            cases.into_iter().map(|case| scope.spawn(move || take(&case))).collect();
        let joined = threads.into_iter().map(|thread| {
            thread.join().unwrap_or_else(|_| {
                Err(CaseError::Worker("a checking thread ended unexpectedly".to_owned()))
            })
        });
        joined.collect()
    })
}

struct Check<'a> {
    case: &'a Case,
    pool: &'a Pool,
    /// Its source as a whole is not where it was.
    is_away: bool,
    passwords: &'a [String],
    scratch: &'a Path,
    /// Contents that were extracted again already.
    seen: &'a Mutex<HashMap<Sha256, Compared>>,
    damage: Vec<Damage>,
    /// The file, when it has other bytes now.
    replaced: Option<String>,
    extracted: u64,
}

impl Check<'_> {
    /// One file with all that is in it. `Ok(true)` when its bytes could be hashed.
    fn file(&mut self, known: &KnownFile) -> Result<bool, CaseError> {
        let copy = crate::case::originals::path_of(&self.case.originals(), &known.key);
        let candidates: Vec<PathBuf> =
            [known.file.clone(), copy].into_iter().filter(|path| path.exists()).collect();
        if candidates.is_empty() {
            // The `add` that did not find it has said so, or there is one remark for all.
            if known.is_missing || self.is_away {
                return Ok(false);
            }
            self.original(known, &known.file, "is not there, and there is no copy in the case");
            return Ok(false);
        }
        let mut good = None;
        for path in candidates {
            match open_regular(&path).and_then(|mut file| Ok((hash(&mut file)?.0, file))) {
                Ok((found, file)) if found == known.key => good = Some(good.unwrap_or(file)),
                Ok((found, _)) => {
                    if path == known.file {
                        self.replaced = Some(format!("{} {}", known.document, known.path));
                    }
                    // What an `add` has seen is the new content of the source: no damage.
                    if known.is_missing && path == known.file {
                        continue;
                    }
                    let problem = format!("has other bytes now: its SHA-256 is {found}");
                    self.original(known, &path, &problem);
                }
                Err(error) => self.original(known, &path, &format!("cannot be read: {error}")),
            }
        }
        let Some(file) = good else { return Ok(!known.is_missing) };
        let task = Task {
            file,
            name: known.path.rsplit('/').next().unwrap_or_default().to_owned(),
            path: known.path.clone(),
            claim: known.claim.as_deref().and_then(|json| serde_json::from_str(json).ok()),
            passwords: self.passwords.to_vec(),
        };
        self.content(known.key, task, &known.path, None, super::MOST_DEPTH)?;
        Ok(true)
    }

    fn original(&mut self, known: &KnownFile, path: &Path, problem: &str) {
        self.damage.push(Damage {
            what: "original",
            name: format!("{} {}", known.document, path.display()),
            problem: problem.to_owned(),
        });
    }

    /// Takes a content as read again, whatever that gives; `false` when somebody did already.
    fn is_new(&self, key: Sha256) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !seen.contains_key(&key);
        if is_new {
            seen.insert(key, Compared::Same);
        }
        is_new
    }

    fn compared(&self, key: Sha256, compared: Compared) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(key, compared);
    }

    /// Extracts one content again and compares; then what came out of it. `broken`: why it is not
    /// all of a member.
    fn content(
        &mut self,
        key: Sha256,
        task: Task,
        path: &str,
        broken: Option<&str>,
        depth: u32,
    ) -> Result<(), CaseError> {
        if !self.is_new(key) {
            return Ok(());
        }
        let stored = self.case.extracted(&key)?;
        let task = match &stored {
            // What it was read by: it may lie here under another name.
            Some(stored) => {
                let path = stored.path.rsplit('!').next().unwrap_or_default();
                Task {
                    name: last_part(path).to_owned(),
                    path: path.to_owned(),
                    claim: stored.claim.as_deref().and_then(|json| serde_json::from_str(json).ok()),
                    ..task
                }
            }
            None => task,
        };
        let passwords = task.passwords.clone();
        // What it is packed with does not matter: only its hash is looked at.
        let mut packer = Packer::new(Packing::default(), self.scratch);
        let mut children = Children::new(self.scratch);
        let mut trouble = None;
        let ended = self.pool.run(task, &mut |record| {
            let taken = match record {
                Record::ChildStart(_) | Record::ChildBytes(_) | Record::ChildEnd(_) => {
                    children.take(record)
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
        let mut outcome = match ended {
            Ok(outcome) => outcome,
            Err(Stop::Gone) => return Err(CaseError::Cancelled),
            Err(stop) => return Err(CaseError::Worker(stop.to_string())),
        };
        // Whole, the same bytes may lie elsewhere.
        let is_stored_so = |own: &Extracted| own.facts.state == State::Failed.name();
        if let Some(reason) = broken.filter(|_| stored.as_ref().is_some_and(is_stored_so)) {
            mark_broken(&mut outcome, reason);
        }
        let reading = packer.finish(outcome)?;
        if let Some(stored) = stored {
            self.extracted += 1;
            let problem = if reading.version != stored.extractor {
                self.compared(key, Compared::OtherVersion);
                None
            } else {
                difference(&reading, &stored)?
            };
            // What opened with a password then and does not open now was not reached.
            if problem.is_some() && reading.outcome.state == State::Encrypted {
                self.extracted -= 1;
                self.seen.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            } else if let Some(problem) = problem {
                self.compared(key, Compared::Differs);
                self.damage.push(Damage {
                    what: "text",
                    name: format!("{} {path}", stored.document),
                    problem: format!("extracting it again gives {problem}"),
                });
            }
        }
        if depth == 0 {
            return Ok(());
        }
        let names: Vec<&str> = children.done.iter().map(|own| own.child.name.as_str()).collect();
        let claims = if children.done.iter().any(|own| own.child.role == ChildRole::Member) {
            package::claim(&names)
        } else {
            vec![None; names.len()]
        };
        for (Unpacked { child, key, bytes, broken }, claim) in children.done.iter().zip(claims) {
            let file = bytes.open().map_err(|e| CaseError::io(self.scratch, e))?;
            let task = Task {
                file,
                name: child.name.rsplit('/').next().unwrap_or_default().to_owned(),
                path: child.name.clone(),
                claim,
                passwords: passwords.clone(),
            };
            let path = format!("{path}!{}", child.name);
            self.content(*key, task, &path, broken.as_deref(), depth - 1)?;
        }
        Ok(())
    }
}

/// What reading a document again gives that is not stored.
fn difference(reading: &Reading, stored: &Extracted) -> Result<Option<String>, CaseError> {
    if reading.text_digest() != stored.text {
        return Ok(Some("another text".to_owned()));
    }
    let platform = stored.platform.as_deref();
    if reading.message_digests(platform, &message_digest_sum)? != stored.messages {
        return Ok(Some("other messages".to_owned()));
    }
    let mut others = reading.facts()?.differences(&stored.facts);
    // Where a person set it, the journal is checked.
    let decides = |status: &str| matches!(status, "stated" | "inferred" | "assumed");
    if let (Some((offset, status)), Some((known, known_status))) = (reading.zone(), &stored.zone)
        && decides(known_status)
        && (offset, status) != (*known, known_status)
    {
        others.push("clock");
    }
    Ok((!others.is_empty()).then(|| format!("another {}", others.join(", "))))
}
