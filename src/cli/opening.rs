//! Opens a case, and says before it begins what has to be done to one of an older version: a copy
//! and new tables, a new index. On a terminal with how far it is; Ctrl-C stops it, and leaves the
//! case as it was.

use super::error::{Code, Failure};
use super::{add, out, progress, quoted};
use crate::case::{Access, Case, Lack, Upkeep, Watch};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Entries of the change log that are applied in no time.
const FEW: u64 = 1000;

/// Opens a case for reading.
pub fn read(case: &Path) -> Result<Case, Failure> {
    opened(case, Access::Read)
}

/// Opens a case for writing.
pub fn write(case: &Path) -> Result<Case, Failure> {
    opened(case, Access::Write)
}

fn opened(path: &Path, access: Access) -> Result<Case, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let result = progress::steps(|show| {
        let listened = std::cell::OnceCell::new();
        let tell = |what: &Upkeep, done: u64, total: u64| {
            // Said once, and listened to from then on: nearly all cases have nothing to be done.
            listened.get_or_init(|| {
                if let Upkeep::Copy { found, copy } = what {
                    let name = copy.file_name().unwrap_or_default().to_string_lossy();
                    out::remark(&format!(
                        "this case is of an older version (schema {found}): it is brought up to \
                         this one; as it is now it stays in {name}"
                    ));
                } else if !std::io::stderr().is_terminal() {
                    out::remark(doing(what));
                }
                // Without, Ctrl-C ends the program, and SQLite takes back what was not committed.
                let _ = add::listen(&stop);
            });
            show(doing(what), done, total);
        };
        let watch = Watch { stop: Arc::clone(&stop), tell: &tell };
        Case::open_watched(path, access, &watch)
    });
    result.map_err(|error| match Failure::from(error) {
        failure if failure.code == Code::Interrupted => Failure {
            what: "stopped: the case is as it was".to_owned(),
            ..failure.hint("the same command brings it up to this version")
        },
        failure => failure,
    })
}

fn doing(what: &Upkeep) -> &'static str {
    match what {
        Upkeep::Copy { .. } => "copying the case",
        Upkeep::Tables => "bringing its tables up to this version",
        Upkeep::Journal => "reading the journal of the case anew",
    }
}

/// Opens a case for reading with its index up to date: an `add` may have been killed, or the
/// index be gone. When that cannot be done now, the answers say how far behind it is.
pub fn current(path: &Path, cancel: &AtomicBool) -> Result<Case, Failure> {
    let case = read(path)?;
    // An `add` that runs brings the index along itself.
    let lack = match case.index_lack()? {
        Some(lack) if Case::can_be_written(path) && !case.add_is_running() => lack,
        _ => return Ok(case),
    };
    // Not every file system lets two handles have it.
    drop(case);
    let caught = write(path).and_then(|writer| {
        indexing(lack, path, |tell| writer.catch_up_telling(cancel, tell).map(drop))
    });
    match caught {
        Err(failure) if failure.code != Code::Busy => Err(failure),
        _ => read(path),
    }
}

/// Work on the index, and how far it is.
pub fn indexing<T>(
    lack: Lack,
    path: &Path,
    work: impl FnOnce(&(dyn Fn(u64, u64) + Sync)) -> Result<T, crate::case::CaseError>,
) -> Result<T, Failure> {
    let (what, is_much) = match lack {
        Lack::Whole(why) => (format!("the index {why}: making it anew"), true),
        Lack::Behind(entries) => {
            ("the index is behind: bringing it up to date".to_owned(), entries > FEW)
        }
    };
    if is_much && !std::io::stderr().is_terminal() {
        out::remark(&what);
    }
    let result = progress::steps(|show| {
        show(&what, 0, 0);
        work(&|done, total| show(&what, done, total))
    });
    result.map_err(|error| match Failure::from(error) {
        failure if failure.code == Code::Interrupted => Failure {
            what: "stopped: the index is not complete; the case itself is whole".to_owned(),
            ..failure.hint(format!(
                "the next search goes on with it, or casebook reindex {}",
                quoted(path)
            ))
        },
        failure => failure,
    })
}
