//! What is given to programs outside. The original of a document: a read-only copy in a private
//! folder, under a name that cannot run; evidence is never executed, and the copy is never the
//! original. A note: a private file that comes back as its text.

use super::data::Failure;
use super::event::Outside;
use crate::case::{Case, CaseError, DocumentRow};
use crate::ingest::original;
use crate::model::DocumentId;
use std::fs::{self, File, Permissions};
use std::io;
use std::path::{Path, PathBuf};

/// A copy that was made, for the program that shall show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    pub id: DocumentId,
    /// A folder of its own that nobody else can read; removed when the desk is left.
    pub folder: PathBuf,
    pub file: PathBuf,
}

/// Formats that viewers show without running them; whatever the evidence is called, its copy is
/// called by this.
const SHOWN: [&str; 27] = [
    "pdf", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "odt", "ods", "odp", "rtf", "epub", "djvu",
    "png", "jpg", "gif", "bmp", "tiff", "webp", "heic", "mp3", "wav", "mp4", "ogg", "flac", "csv",
    "txt",
];

/// Formats that are handed over as plain text: as themselves they would be run, or would ask the
/// network for more.
const AS_TEXT: [&str; 14] = [
    "html", "svg", "xml", "json", "jsonl", "md", "log", "source", "tsv", "eml", "emlx", "mbox",
    "plist", "text",
];

/// The ending of the copy's name; `None` for what is not opened outside.
pub fn ending(row: &DocumentRow) -> Option<&'static str> {
    let format = row.format.as_str();
    match SHOWN.iter().find(|known| **known == format) {
        Some(known) => Some(known),
        None => AS_TEXT.contains(&format).then_some("txt"),
    }
}

/// Copies the original into a folder of its own.
pub fn copy(case: &Case, id: DocumentId) -> Result<Copied, Failure> {
    let row = case.document_row(id)?;
    let Some(ending) = ending(&row) else {
        return Err(Failure::new(format!("{} is not opened outside", row.format)));
    };
    let worker = std::env::current_exe().map_err(|error| Failure::new(error.to_string()))?;
    let mut original = original(case, id, &worker, &[]).map_err(|lost| {
        let failure = Failure::new(lost.to_string());
        Failure { suggestion: None, ..failure }
    })?;
    let name = format!("{id}-{}.{ending}", plain_stem(&row.name));
    place(&mut original.file, &name)
        .map(|(folder, file)| Copied { id, folder, file })
        .map_err(|error| Failure::new(format!("the copy could not be made: {error}")))
}

fn place(from: &mut File, name: &str) -> io::Result<(PathBuf, PathBuf)> {
    let folder = private_folder()?;
    let path = folder.path().join(name);
    let mut copy = File::options().write(true).create_new(true).open(&path)?;
    io::copy(from, &mut copy)?;
    let mut permissions: Permissions = copy.metadata()?.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        permissions.set_mode(0o400);
    }
    #[cfg(not(unix))]
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions)?;
    Ok((folder.keep(), path))
}

/// Lets a program write on a text, in a private file: `lend` gives it the terminal and says how it
/// ended. Whatever happens, nothing is lost: what the program wrote and cannot be taken over stays
/// where it is, and that is said.
pub fn write(
    program: &[String],
    name: &str,
    text: &str,
    lend: impl FnOnce(&Path) -> io::Result<Result<(), String>>,
) -> Outside {
    let program = program.join(" ");
    let (folder, file) = match hand_out(name, text) {
        Ok(handed) => handed,
        Err(error) => return Outside::Failed(format!("no file for the editor: {error}")),
    };
    let ended = lend(&file);
    let written = fs::read(&file);
    let is_same = written.as_ref().is_ok_and(|bytes| bytes == text.as_bytes());
    let keep = |folder: tempfile::TempDir, why: String| {
        let folder = folder.keep();
        let file = folder.join(file.file_name().unwrap_or_default());
        Outside::Failed(format!("{why}; what it wrote lies in {}", file.display()))
    };
    match (ended, written) {
        (Err(error), _) => Outside::Failed(format!("{program} did not start: {error}")),
        (Ok(Err(how)), _) if is_same => {
            Outside::Failed(format!("{program} failed ({how}): the text is as it was"))
        }
        (Ok(Err(how)), _) => keep(folder, format!("{program} failed ({how})")),
        (Ok(Ok(())), Err(error)) => {
            Outside::Failed(format!("the file is gone ({error}): the text is as it was"))
        }
        (Ok(Ok(())), Ok(bytes)) => match String::from_utf8(bytes) {
            // Some editors begin a file with a mark that says how they write.
            Ok(text) => Outside::Text(text.trim_start_matches('\u{feff}').to_owned()),
            Err(_) => keep(folder, "it is not UTF-8 any more".to_owned()),
        },
    }
}

/// A file in a folder of its own that nobody else can read.
fn hand_out(name: &str, text: &str) -> io::Result<(tempfile::TempDir, PathBuf)> {
    use std::io::Write;
    let folder = private_folder()?;
    let file = folder.path().join(format!("{}.md", plain_stem(name)));
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(&file)?.write_all(text.as_bytes())?;
    Ok((folder, file))
}

fn private_folder() -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("casebook-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(Permissions::from_mode(0o700));
    }
    builder.tempdir().map_err(|error| {
        let folder = std::env::temp_dir();
        let why = CaseError::without_path(error);
        io::Error::new(why.kind(), format!("in {}: {why}", folder.display()))
    })
}

/// The name without its ending and without anything that a shell, a file manager or a terminal
/// could read as more than a name.
fn plain_stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let plain = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '_' });
    plain.take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Seek, Write};

    #[test]
    fn names_are_only_names() {
        assert_eq!(plain_stem("合同 2022.xlsx"), "合同_2022");
        assert_eq!(plain_stem("-rf ~;$(x)\u{202e}gpj.exe"), "_rf_____x__gpj");
        assert_eq!(plain_stem("a/../../b"), "a_____");
    }

    #[cfg(unix)]
    #[test]
    fn a_note_comes_back_from_outside_and_nothing_is_lost() {
        use std::os::unix::fs::PermissionsExt;
        let program = ["ed".to_owned()];
        let run = |text: &str, work: &dyn Fn(&Path) -> io::Result<Result<(), String>>| {
            write(&program, "N4", text, |file| work(file))
        };
        let append = |file: &Path, bytes: &[u8]| {
            File::options().append(true).open(file).unwrap().write_all(bytes).unwrap();
        };
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let text = run("青河", &|file| {
            assert_eq!(file.file_name().unwrap(), "N4.md");
            assert_eq!((mode(file), mode(file.parent().unwrap())), (0o600, 0o700));
            assert_eq!(fs::read_to_string(file).unwrap(), "青河");
            append(file, " 付款\n".as_bytes());
            Ok(Ok(()))
        });
        assert_eq!(text, Outside::Text("青河 付款\n".to_owned()));
        let marked = |file: &Path| fs::write(file, "\u{feff}青河\n").map(Ok);
        assert_eq!(run("", &marked), Outside::Text("青河\n".to_owned()));
        let failed = |outside: Outside| match outside {
            Outside::Failed(why) => why,
            Outside::Text(text) => panic!("{text}"),
        };
        let why = failed(run("a", &|_| Ok(Err("exit code 1".to_owned()))));
        assert_eq!(why, "ed failed (exit code 1): the text is as it was");
        let why = failed(run("a", &|_| Err(io::ErrorKind::NotFound.into())));
        assert!(why.starts_with("ed did not start: "), "{why}");
        // What was written and cannot be taken over stays, and it is said where.
        for (bytes, end) in [(&b"b"[..], Err("signal 9".to_owned())), (&[0xff], Ok(()))] {
            let why = failed(run("a", &|file| {
                append(file, bytes);
                Ok(end.clone())
            }));
            let kept = Path::new(why.rsplit_once("lies in ").unwrap().1).to_owned();
            assert_eq!(fs::read(&kept).unwrap(), [b"a", bytes].concat());
            fs::remove_dir_all(kept.parent().unwrap()).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn copies_are_private_and_read_only() {
        use std::os::unix::fs::PermissionsExt;
        let mut source = tempfile::tempfile().unwrap();
        source.write_all(b"evidence").unwrap();
        source.rewind().unwrap();
        let (folder, file) = place(&mut source, "D1-a.pdf").unwrap();
        let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&file)), (0o700, 0o400));
        let mut text = String::new();
        File::open(&file).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "evidence");
        fs::remove_dir_all(folder).unwrap();
    }
}
