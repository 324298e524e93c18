//! The original of a document for a program outside: a read-only copy in a private folder, under
//! a name that cannot run. Evidence is never executed, and the copy is never the original.

use super::data::Failure;
use crate::case::{Case, DocumentRow};
use crate::ingest::original;
use crate::model::DocumentId;
use std::fs::{self, File, Permissions};
use std::io;
use std::path::PathBuf;

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
    let mut builder = tempfile::Builder::new();
    builder.prefix("casebook-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(Permissions::from_mode(0o700));
    }
    let folder = builder.tempdir()?;
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
