//! Where `-o` leads: a new file, or standard output when it is `-`. What a verb says of it goes to
//! standard error then, so that the stream is nothing but what was asked for.

use super::error::Failure;
use super::out::Out;
use crate::case::CaseError;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The rights of a file that is not for its owner alone, less what the user's mask takes away.
pub const EVERYBODY: u32 = 0o666;

/// What a stream may do when it meets a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bytes {
    /// Nothing in it acts on a terminal.
    Safe,
    /// As they are: evidence, or no text at all.
    Raw,
}

/// Whether `-o` means standard output.
pub fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Refuses to write onto a terminal what could act on it.
///
/// # Errors
/// `-o -` with raw bytes, and nothing but a terminal to take them.
pub fn refuse_terminal(path: &Path, bytes: Bytes, out: &Out<'_>) -> Result<(), Failure> {
    if is_stdout(path) && bytes == Bytes::Raw && out.is_terminal() {
        let what = "what is in a file can act on a terminal: it is not written onto one";
        return Err(Failure::usage(what).hint("name a file, or read it in a pipe: ... -o - | less"));
    }
    Ok(())
}

/// Writes a file that must not exist and is there whole or not at all, with these rights; or
/// standard output.
///
/// # Errors
/// It is there already, what writes it fails, or the disk does not take it.
pub fn write<T>(
    path: &Path,
    mode: u32,
    bytes: Bytes,
    out: &mut Out<'_>,
    write: impl FnOnce(&mut dyn Write) -> Result<T, Failure>,
) -> Result<T, Failure> {
    refuse_terminal(path, bytes, out)?;
    if is_stdout(path) {
        let done = write(out.raw())?;
        out.finish()?;
        return Ok(done);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if path.symlink_metadata().is_ok() {
        return Err(Failure::creating(path, &io::ErrorKind::AlreadyExists.into()));
    }
    let half = crate::files::beside(mode)
        .tempfile_in(folder)
        .map_err(|error| Failure::creating(path, &CaseError::without_path(error)))?;
    let mut buffered = BufWriter::new(half);
    let done = write(&mut buffered)?;
    let failed = |error: io::Error| Failure::io("write", path, &error);
    let half = buffered.into_inner().map_err(|error| failed(error.into_error()))?;
    half.as_file().sync_all().map_err(failed)?;
    half.persist_noclobber(path).map_err(|error| Failure::creating(path, &error.error))?;
    Ok(done)
}

/// From here on the verb says what it wrote: beside the stream, if that is one.
///
/// # Errors
/// What was written before does not get out.
pub fn tell(path: &Path, out: &mut Out<'_>) -> io::Result<()> {
    if is_stdout(path) {
        out.finish()?;
        *out = Out::stderr();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_is_standard_output_and_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let check = |name: &Path, streamed: &str| {
            let mut bytes = Vec::new();
            let mut out = Out::to(&mut bytes);
            let put = |into: &mut dyn Write| Ok(into.write_all(b"\x1b[2J")?);
            write(name, EVERYBODY, Bytes::Raw, &mut out, put).unwrap();
            drop(out);
            assert_eq!(String::from_utf8(bytes).unwrap(), streamed);
        };
        check(Path::new("-"), "\u{1b}[2J");
        check(&folder.path().join("-"), "");
        assert_eq!(std::fs::read(folder.path().join("-")).unwrap(), b"\x1b[2J");
        assert!(!Path::new("-").exists());
    }
}
