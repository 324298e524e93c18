//! `add`: files become evidence.

use super::args;
use super::error::{Code, Failure};
use super::out::{self, Out, Style};
use super::{anchors, counted, grouped, progress, quoted, write};
use crate::case::{Case, Older};
use crate::ingest::{self, AddOptions, AddReport, Kept, Progress};
use serde::Serialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// `add --json`.
#[derive(Debug, Serialize)]
struct Added {
    case: String,
    /// Files of the sources.
    files: u64,
    /// Of them: known and unchanged.
    unchanged: u64,
    /// Known files that are not there any more, or hold other bytes.
    missing: u64,
    /// Files that were read again from their copies in the case, not being where they were.
    copies: u64,
    /// Entries that are no files, or excluded.
    skipped: u64,
    /// Patterns of `--exclude` that nothing fitted.
    idle_excludes: Vec<String>,
    /// Documents written, members of containers included.
    documents: u64,
    /// Records of messages in them. A message that stands in several exports is one message of the
    /// case and several records.
    messages: u64,
    /// Of the documents written.
    unreadable: u64,
    /// Documents of which the case keeps what an older reader read, because reading them again
    /// failed.
    kept: Vec<KeptDocument>,
    /// Documents that an older version of the readers read, and that were not read again.
    older_readers: u64,
    /// Of them: read again, and no better for it.
    older_tried: u64,
    /// Of them: the original is gone, changed or away, and the case has no copy.
    older_lost: u64,
    /// Sources whose folder or file is not there: they were left as they are.
    unreached_sources: Vec<String>,
    /// It was stopped before the end; the same command goes on.
    stopped: bool,
    /// What the reading processes were locked down with.
    protection: String,
}

#[derive(Debug, Serialize)]
struct KeptDocument {
    id: String,
    path: String,
    why: String,
}

impl From<Kept> for KeptDocument {
    fn from(Kept { document, path, why }: Kept) -> Self {
        KeptDocument { id: document.to_string(), path, why }
    }
}

/// How far long work steps back: far enough for a search on the desk to take hardly longer beside it.
const NICENESS: i32 = 19;

/// Lets whoever looks at the case meanwhile go first, for this process and its workers. It costs
/// nothing where nobody else wants the processor.
pub(super) fn step_back() {
    // Where that is refused, the work is done all the same.
    #[cfg(unix)]
    let _ = rustix::process::nice(NICENESS);
}

pub fn add(args: &args::Add, out: &mut Out<'_>) -> Result<Code, Failure> {
    step_back();
    let mut options = options()?;
    options.exclude = args.exclude.clone();
    options.copy = args.copy;
    options.retry = args.retry;
    options.reread = args.reread;
    options.as_before = args.paths.is_empty();
    options.origin = args.origin.clone().unwrap_or_default();
    options.passwords = args.passwords.as_deref().map(passwords).transpose()?.unwrap_or_default();
    let case = write(&args.at.case)?;
    let (paths, lost) = match args.paths.is_empty() {
        true => sources(&case)?,
        false => (args.paths.clone(), Vec::new()),
    };
    // What is not there any more can be read again from copies.
    let from_copies = args.reread && case.originals().is_dir();
    let lost_names = || lost.iter().map(|(name, _)| name.clone());
    if paths.is_empty() && !lost.is_empty() && !from_copies {
        let names: Vec<String> = lost_names().collect();
        let what = format!("no source of the case is where it was: {}", names.join(", "));
        return Err(Failure::new(what).hint(RELINK));
    }
    let paths = match from_copies {
        true => paths.into_iter().chain(lost.iter().map(|(_, path)| path.clone())).collect(),
        false => paths,
    };
    let (report, code) = run(&case, &paths, &options)?;
    let older = case.read_by_older()?;
    let code = match code {
        Code::Done if !lost.is_empty() && (!from_copies || older.documents > 0) => Code::Incomplete,
        code => code,
    };
    if args.json {
        out.json(&Added {
            case: case.name(),
            files: report.files,
            unchanged: report.unchanged,
            missing: report.missing,
            copies: report.copies,
            skipped: report.skipped,
            idle_excludes: report.idle_excludes,
            documents: report.documents,
            messages: report.messages,
            unreadable: report.unreadable,
            kept: report.kept.into_iter().map(KeptDocument::from).collect(),
            older_readers: older.documents,
            older_tried: older.tried,
            older_lost: older.lost,
            unreached_sources: lost_names().collect(),
            stopped: report.stopped,
            protection: report.protection,
        })?;
    } else {
        print(&report, &args.at.case, out)?;
        for source in lost_names() {
            out.say_in(Style::Warn, "! ")?;
            let left = match from_copies {
                true => "nothing but copies of its files in the case was read",
                false => "was left as it is",
            };
            out.line_of(Style::Plain, &format!("{source} is not there: {left}; {RELINK}"))?;
            out.say("\n")?;
        }
        print_again(&report, older, args, out)?;
        if args.reread && !report.stopped {
            anchors::print_not_holding(&case, out)?;
        }
    }
    Ok(code)
}

/// What to do where a source is not where it was.
const RELINK: &str = "say where it lies now: casebook relink CASE S1 PATH";

/// What a source of the case that does not lie there any more is called, and where it lay.
type LostSource = (String, PathBuf);

/// Where the sources of a case lie, and the names of those that lie there no more.
fn sources(case: &Case) -> Result<(Vec<PathBuf>, Vec<LostSource>), Failure> {
    let (mut there, mut lost) = (Vec::new(), Vec::new());
    for source in case.status()?.sources {
        match Path::new(&source.path).exists() {
            true => there.push(source.path.into()),
            false => lost.push((format!("{} {}", source.id, source.path), source.path.into())),
        }
    }
    Ok((there, lost))
}

/// What became of documents that older readers read.
fn print_again(
    report: &AddReport,
    older: Older,
    args: &args::Add,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    for Kept { document, path, why } in &report.kept {
        out.say_in(Style::Warn, "kept       ")?;
        let what =
            format!("{document} {path}: what an older reader read stays; read again it is {why}");
        out.line_of(Style::Plain, &what)?;
        out.say("\n")?;
    }
    if older.documents == 0 || report.stopped {
        return Ok(());
    }
    out.say_in(Style::Warn, "! ")?;
    out.line_of(Style::Plain, &older_words(older, &args.at.case))?;
    Ok(out.say("\n")?)
}

/// That documents were read by an older version, and what can be done about it.
pub fn older_words(older: Older, case: &Path) -> String {
    let documents = counted(older.documents, "document was", "documents were");
    let mut words = vec![format!("{documents} read by older readers")];
    if older.tried > 0 {
        let tried = grouped(older.tried);
        words.push(format!(
            "{tried} came out no better when read again (what is locked needs --passwords FILE)"
        ));
    }
    if older.lost > 0 {
        let lost = grouped(older.lost);
        words.push(format!(
            "{lost} cannot be read again: the original is not where it was or has changed, and the \
             case has no copy"
        ));
    }
    if older.again() > 0 {
        let which = if words.len() > 1 { "the others" } else { "them" };
        words.push(format!("to read {which} again: casebook add {} --reread", quoted(case)));
    }
    words.join("; ")
}

/// The defaults, with this program as the worker.
pub fn options() -> Result<AddOptions, Failure> {
    AddOptions::new().map_err(|error| {
        Failure::new(format!("the system does not say where this program lies: {error}"))
    })
}

/// Ingests with a progress bar. Ctrl-C stops it cleanly, a second one at once.
pub fn run(
    case: &Case,
    paths: &[PathBuf],
    options: &AddOptions,
) -> Result<(AddReport, Code), Failure> {
    let cancel = interrupt()?;
    let shown = Progress::default();
    let report = progress::beside(&shown, || ingest::add(case, paths, options, &shown, &cancel))?;
    let code = match &report {
        report if report.stopped => Code::Interrupted,
        report if report.unreadable > 0 => Code::Incomplete,
        report if !report.kept.is_empty() => Code::Incomplete,
        _ => Code::Done,
    };
    Ok((report, code))
}

/// A flag that Ctrl-C, a hang-up and a request to end set; a second Ctrl-C ends the program.
pub fn interrupt() -> Result<Arc<AtomicBool>, Failure> {
    let flag = Arc::new(AtomicBool::new(false));
    listen(&flag)?;
    Ok(flag)
}

/// The same for a flag that is there already.
pub fn listen(flag: &Arc<AtomicBool>) -> Result<(), Failure> {
    let second = i32::from(Code::Interrupted as u8);
    // Registered before what sets the flag, so that the first one does not end it.
    signal_hook::flag::register_conditional_shutdown(
        signal_hook::consts::SIGINT,
        second,
        Arc::clone(flag),
    )
    .map_err(no_signals)?;
    set_by_signals(flag)
}

/// The same for work that has copies of evidence in a temporary folder: it is never ended before
/// it has taken them away.
pub fn interrupt_tidily() -> Result<Arc<AtomicBool>, Failure> {
    let flag = Arc::default();
    set_by_signals(&flag)?;
    Ok(flag)
}

fn set_by_signals(flag: &Arc<AtomicBool>) -> Result<(), Failure> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    signal_hook::flag::register(SIGINT, Arc::clone(flag)).map_err(no_signals)?;
    signal_hook::flag::register(SIGTERM, Arc::clone(flag)).map_err(no_signals)?;
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGHUP, Arc::clone(flag))
        .map_err(no_signals)?;
    Ok(())
}

fn no_signals(error: std::io::Error) -> Failure {
    Failure::new(format!("cannot listen for Ctrl-C: {error}"))
}

/// One password a line; line ends do not belong to them, blanks do. A line that is not UTF-8 is
/// every word that it can be in one of the encodings that are used for such files.
pub fn passwords(path: &Path) -> Result<Vec<String>, Failure> {
    let bytes = crate::files::read_at_most(path, MOST_PASSWORDS)
        .map_err(|error| Failure::io("read the passwords in", path, &error))?;
    // Notepad's "Unicode", and its mark before UTF-8.
    let bytes = match encoding_rs::Encoding::for_bom(&bytes) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned().into_bytes()
        }
        None => bytes,
    };
    let (mut passwords, mut known) = (Vec::new(), HashSet::new());
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        let words = match std::str::from_utf8(line) {
            Ok(word) => vec![word.to_owned()],
            Err(_) => WORDS
                .iter()
                .filter_map(|encoding| {
                    encoding.decode_without_bom_handling_and_without_replacement(line)
                })
                .map(|word| word.into_owned())
                .collect(),
        };
        for word in words {
            if known.insert(word.clone()) {
                passwords.push(word);
            }
        }
    }
    Ok(passwords)
}

/// Bytes of a file of passwords: each is tried on each locked file.
const MOST_PASSWORDS: u64 = 16 << 20;

/// Encodings of lines that are not UTF-8, the likeliest first.
const WORDS: [&encoding_rs::Encoding; 6] = [
    encoding_rs::GB18030,
    encoding_rs::BIG5,
    encoding_rs::SHIFT_JIS,
    encoding_rs::EUC_KR,
    encoding_rs::WINDOWS_1251,
    encoding_rs::WINDOWS_1252,
];

fn print(report: &AddReport, case: &Path, out: &mut Out<'_>) -> Result<(), Failure> {
    let mut parts = vec![format!(
        "{}, {} unchanged",
        counted(report.files, "file", "files"),
        grouped(report.unchanged)
    )];
    if report.copies > 0 {
        parts.push(format!("{} read from copies in the case", grouped(report.copies)));
    }
    parts.push(counted(report.documents, "document written", "documents written"));
    if report.messages > 0 {
        parts.push(counted(report.messages, "message record", "message records"));
    }
    if report.skipped > 0 {
        parts.push(format!("{} left alone", grouped(report.skipped)));
    }
    if report.missing > 0 {
        parts.push(format!("{} not found any more", grouped(report.missing)));
    }
    out.say(&format!("{}\n", parts.join(", ")))?;
    for pattern in &report.idle_excludes {
        out.say_in(Style::Warn, "! ")?;
        let where_it_fits = "patterns fit names, or paths from the folder that was added on";
        out.line_of(Style::Plain, &format!("--exclude {pattern} fitted nothing; {where_it_fits}"))?;
        out.say("\n")?;
    }
    let case = quoted(case);
    if report.unreadable > 0 {
        let what = counted(report.unreadable, "document", "documents");
        out.say_in(Style::Warn, &format!("{what} could not be read"))?;
        out.line_of(Style::Plain, &format!(": casebook documents {case} --unreadable"))?;
        out.say("\n")?;
    }
    if report.stopped {
        out::remark("stopped; what was read is kept. The same command goes on from here");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_lines() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), " a b \r\n\n密码\n").unwrap();
        assert_eq!(passwords(file.path()).unwrap(), [" a b ", "密码"]);
        assert!(passwords(Path::new("/does/not/exist")).is_err());
        // 绝密2023 in GBK.
        std::fs::write(file.path(), b"one\n\xbe\xf8\xc3\xdc2023\none\n").unwrap();
        assert_eq!(passwords(file.path()).unwrap()[..2], ["one", "绝密2023"]);
        std::fs::write(file.path(), b"\xff\xfe\xc6\x5b\x01\x78\r\0\n\0a\0").unwrap();
        assert_eq!(passwords(file.path()).unwrap(), ["密码", "a"]);
    }
}
