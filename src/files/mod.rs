//! Files of the user. What is written appears under its name only when it is complete: written
//! beside its place, with the rights of any file that the user makes and not for the user's eyes
//! alone, as a temporary one would be. What is read fits in memory, or is refused. And what waits
//! for its turn to be written, however much it is ([`Pile`]).

mod pile;

pub use pile::Pile;

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

/// Whether a disk did not take what was written: it is full, a quota is used up, or the process may
/// not write files of that size (`ulimit -f`).
pub fn is_no_room(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    // What we say of files that we do not read (below) is none of the system's.
    matches!(error.kind(), StorageFull | QuotaExceeded)
        || error.kind() == FileTooLarge && error.raw_os_error().is_some()
}

/// What an error of the system says, without its number.
pub fn in_words(error: &io::Error) -> String {
    // The kind alone says "entity".
    if error.kind() == io::ErrorKind::NotFound && error.get_ref().is_none() {
        return "No such file or directory".to_owned();
    }
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

/// Makes files (mode 0666) or folders (mode 0777), less what the user's mask takes away.
pub fn beside(#[allow(unused_variables)] mode: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".casebook-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    builder
}

/// Gives a file a new content as a whole; a kill leaves the old one.
///
/// # Errors
/// The disk does not take it.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = beside(0o666).tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Reads a file that somebody named: a device, or a slip of the finger, does not fill the memory.
///
/// # Errors
/// It cannot be read, or has more than `most` bytes.
pub fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > most {
        let what = match most >> 20 {
            0 => format!("{most} bytes"),
            large => format!("{large} MB"),
        };
        let why = format!("it has more than {what}, the most that is read");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(content)
}

/// The same of a text.
///
/// # Errors
/// As above, or it is not UTF-8.
pub fn text_at_most(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read_at_most(path, most)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_too_large_or_no_text_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, b"abc\xff").unwrap();
        assert_eq!(read_at_most(&path, 4).unwrap(), b"abc\xff");
        let error = read_at_most(&path, 3).unwrap_err();
        assert_eq!(error.to_string(), "it has more than 3 bytes, the most that is read");
        assert_eq!(text_at_most(&path, 4).unwrap_err().to_string(), "it is not UTF-8");
        let error = read_at_most(Path::new("/dev/zero"), 1 << 20).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn what_is_replaced_can_be_read_by_whom_the_mask_lets() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, ours) = (folder.path().join("plain"), folder.path().join("ours"));
        fs::write(&plain, "a").unwrap();
        replace(&ours, b"a").unwrap();
        replace(&ours, b"b").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
        assert_eq!(fs::read(&ours).unwrap(), b"b");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
