//! One `add`: its sources one by one, the index beside them, stop and resume.

use super::exclude::globs;
use super::options::{AddOptions, AddReport};
use super::progress::Progress;
use super::source::One;
use super::walk::{self, Walk};
use crate::case::{Case, CaseError};
use crate::extract::pool::{Pool, PoolConfig};
use crate::model::SourceId;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

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
