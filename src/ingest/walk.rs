//! The list of a source, in walk order: by the bytes of the names, folders among files.
//!
//! Policies: symbolic links are not followed (what they point to may lie outside of what was
//! given, or come twice); FIFOs, sockets and devices are never opened; folders that cannot be
//! read, and all of these, are listed with their reason. Names that are not UTF-8 are kept as bytes
//! and shown decoded, all names of a source judged together as those of an archive are; where no
//! encoding gives text, with a replacement character and the value of each byte that says nothing
//! (`\u{fffd}b9`).

use crate::extract::archive::Names;
use crate::files::in_words;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// A regular file of a source.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As it is opened.
    pub file: PathBuf,
    /// Relative to the source, `/` between folders; the file's name when the source is a file.
    pub path: String,
    /// The relative path as bytes, where `path` is not exactly that.
    pub raw: Option<Vec<u8>>,
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since the epoch.
    pub mtime: i64,
}

impl Entry {
    /// The relative path as the file system has it: what tells one file of a source from another.
    pub fn key(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.path.as_bytes())
    }
}

/// All of a source.
#[derive(Debug, Default)]
pub struct Walk {
    pub entries: Vec<Entry>,
    /// (path, reason) of what was left alone.
    pub skipped: Vec<(String, String)>,
    /// Bytes of all entries.
    pub bytes: u64,
}

/// Modification time in nanoseconds since the epoch.
pub fn mtime_of(meta: &Metadata) -> i64 {
    let Ok(time) = meta.modified() else { return 0 };
    match time.duration_since(std::time::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |n| -n),
    }
}

/// Lists `root`, a folder or a file. `leave_out` says which relative paths are excluded;
/// `avoid` is the case's own folder, which is never evidence.
pub fn walk(root: &Path, leave_out: &dyn Fn(&str) -> bool, avoid: &Path) -> std::io::Result<Walk> {
    let mut seen = Names::default();
    let list = list(root, leave_out, avoid, &mut |name| seen.see(name), &|name| {
        String::from_utf8_lossy(name).into_owned()
    })?;
    if seen.is_empty() {
        return Ok(list);
    }
    // Which encoding they are in is known when all of them are.
    self::list(root, leave_out, avoid, &mut |_| (), &|name| seen.decode(name, false).name)
}

fn list(
    root: &Path,
    leave_out: &dyn Fn(&str) -> bool,
    avoid: &Path,
    see: &mut dyn FnMut(&[u8]),
    decode: &dyn Fn(&[u8]) -> String,
) -> std::io::Result<Walk> {
    let meta = fs::metadata(root)?;
    let mut walk = Walk::default();
    if !meta.is_dir() {
        if !meta.is_file() {
            return Err(std::io::Error::new(
                std::io::ErrorKind::InvalidInput,
                "neither a file nor a folder",
            ));
        }
        let name = root.file_name().unwrap_or_default();
        see(bytes_of(name));
        let shown = display(Path::new(name), decode);
        walk.push(root.to_owned(), Path::new(name), shown, &meta);
        return Ok(walk);
    }
    let mut entries = WalkDir::new(root).follow_links(false).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(root);
                let path = display(path.strip_prefix(root).unwrap_or(path), decode);
                let reason = error.io_error().map_or_else(
                    || error.to_string(),
                    |io| format!("cannot be listed: {}", in_words(io)),
                );
                walk.skipped.push((path, reason));
                continue;
            }
        };
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_owned();
        if relative.as_os_str().is_empty() {
            continue;
        }
        see(bytes_of(entry.file_name()));
        let shown = display(&relative, decode);
        if leave_out(&shown) {
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            walk.skipped.push((shown, "excluded by --exclude".to_owned()));
            continue;
        }
        let kind = entry.file_type();
        if kind.is_dir() {
            if entry.path() == avoid {
                entries.skip_current_dir();
                walk.skipped.push((shown, "the folder of the case itself".to_owned()));
            }
            continue;
        }
        if let Some(reason) = not_a_file(&entry) {
            walk.skipped.push((shown, reason));
            continue;
        }
        match entry.metadata() {
            Ok(meta) => walk.push(entry.into_path(), &relative, shown, &meta),
            Err(error) => {
                let error = error.io_error().map_or_else(|| error.to_string(), in_words);
                walk.skipped.push((shown, format!("cannot be looked at: {error}")));
            }
        }
    }
    Ok(walk)
}

impl Walk {
    fn push(&mut self, file: PathBuf, relative: &Path, path: String, meta: &Metadata) {
        let raw = raw_if_needed(relative, &path);
        self.bytes += meta.len();
        self.entries.push(Entry { file, path, raw, size: meta.len(), mtime: mtime_of(meta) });
    }
}

fn not_a_file(entry: &walkdir::DirEntry) -> Option<String> {
    let kind = entry.file_type();
    if kind.is_file() {
        return None;
    }
    if kind.is_symlink() {
        let target = fs::read_link(entry.path())
            .map(|target| format!(" to {}", target.to_string_lossy()))
            .unwrap_or_default();
        return Some(format!("a symbolic link{target}; links are not followed"));
    }
    Some(special(kind).to_owned())
}

#[cfg(unix)]
fn special(kind: fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a FIFO; never opened"
    } else if kind.is_socket() {
        "a socket; never opened"
    } else if kind.is_block_device() || kind.is_char_device() {
        "a device; never opened"
    } else {
        "no regular file"
    }
}

#[cfg(not(unix))]
fn special(_: fs::FileType) -> &'static str {
    "no regular file"
}

/// `/` between folders whatever the system; what is not UTF-8 as `decode` gives it.
fn display(path: &Path, decode: &dyn Fn(&[u8]) -> String) -> String {
    let mut shown = String::new();
    for part in path {
        if !shown.is_empty() {
            shown.push('/');
        }
        let bytes = bytes_of(part);
        let decoded = match part.to_str() {
            Some(_) => None,
            None => Some(decode(bytes)).filter(|name| !name.contains(LOST)),
        };
        shown.push_str(&decoded.unwrap_or_else(|| spelled(bytes)));
    }
    shown
}

/// On other systems than Unix not those of the file system, which are not needed there.
fn bytes_of(name: &OsStr) -> &[u8] {
    name.as_encoded_bytes()
}

/// In the place of what is no text.
const LOST: char = '\u{fffd}';

/// A name as it is shown; no other name is shown so. One that is text is shown as it is, unless it
/// has the look of one that is not.
fn spelled(name: &[u8]) -> String {
    let is_digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    let looks_spelled = |text: &str| {
        text.split(LOST)
            .skip(1)
            .any(|after| after.chars().take(2).filter(|c| is_digit(*c)).count() == 2)
    };
    if let Ok(text) = std::str::from_utf8(name)
        && !looks_spelled(text)
    {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(name.len());
    let spell = |shown: &mut String, bytes: &[u8]| {
        for byte in bytes {
            shown.push_str(&format!("{LOST}{byte:02x}"));
        }
    };
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                LOST => spell(&mut shown, LOST.encode_utf8(&mut [0; 4]).as_bytes()),
                c => shown.push(c),
            }
        }
        spell(&mut shown, chunk.invalid());
    }
    shown
}

#[cfg(unix)]
fn raw_if_needed(path: &Path, shown: &str) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    let bytes = path.as_os_str().as_bytes();
    (bytes != shown.as_bytes()).then(|| bytes.to_owned())
}

#[cfg(not(unix))]
fn raw_if_needed(_: &Path, _: &str) -> Option<Vec<u8>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_listed_and_left_alone() {
        use std::os::unix::ffi::OsStringExt;
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("b/own.case")).unwrap();
        fs::write(root.join("b/own.case/case.db"), "x").unwrap();
        fs::write(root.join("b/2.txt"), "two").unwrap();
        fs::write(root.join("a.txt"), "one").unwrap();
        fs::write(root.join("skip.tmp"), "no").unwrap();
        let odd = std::ffi::OsString::from_vec(b"gbk-\xb9\xab\xcb\xbe.txt".to_vec());
        fs::write(root.join(&odd), "odd").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", root.join("link")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, root.join("pipe"), rustix::fs::Mode::RUSR).unwrap();

        let walk = walk(root, &|path| path.ends_with(".tmp"), &root.join("b/own.case")).unwrap();
        let paths: Vec<&str> = walk.entries.iter().map(|e| e.path.as_str()).collect();
        assert_eq!(paths, ["a.txt", "b/2.txt", "gbk-公司.txt"]);
        assert_eq!(walk.entries[2].raw.as_deref(), Some(&b"gbk-\xb9\xab\xcb\xbe.txt"[..]));
        let skipped: Vec<&str> = walk.skipped.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(skipped, ["b/own.case", "link", "pipe", "skip.tmp"]);
        assert!(walk.skipped[1].1.contains("/etc/passwd"));
        assert_eq!(walk.bytes, 9);
    }

    #[test]
    #[cfg(unix)]
    fn names_in_another_encoding_are_shown_decoded_and_told_apart_by_their_bytes() {
        use std::os::unix::ffi::OsStringExt;
        let dir = tempfile::tempdir().unwrap();
        let gbk =
            |name: &str| std::ffi::OsString::from_vec(encoding_rs::GBK.encode(name).0.into_owned());
        let folder = dir.path().join(gbk("客户资料"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(gbk("合同.txt")), "1").unwrap();
        fs::write(folder.join("合同.txt"), "2").unwrap();
        fs::write(dir.path().join(gbk("草稿.tmp")), "4").unwrap();

        let walk = walk(dir.path(), &|path| path == "草稿.tmp", Path::new("")).unwrap();
        let paths: Vec<&str> = walk.entries.iter().map(|e| e.path.as_str()).collect();
        assert_eq!(paths, ["客户资料/合同.txt", "客户资料/合同.txt"]);
        assert_ne!(walk.entries[0].key(), walk.entries[1].key());
        assert_eq!(walk.skipped.len(), 1);
    }

    #[test]
    fn no_two_names_are_shown_alike() {
        let check = |name: &[u8], expected: &str| assert_eq!(spelled(name), expected);
        check("台账\u{fffd}.txt".as_bytes(), "台账\u{fffd}.txt");
        check(b"a\xb9.txt", "a\u{fffd}b9.txt");
        check(b"a\xb8.txt", "a\u{fffd}b8.txt");
        // What only looks like it is spelled itself.
        check("a\u{fffd}b9.txt".as_bytes(), "a\u{fffd}ef\u{fffd}bf\u{fffd}bdb9.txt");
        check(b"\xef\xbf\xbd\xb9", "\u{fffd}ef\u{fffd}bf\u{fffd}bd\u{fffd}b9");
    }

    #[cfg(unix)]
    proptest::proptest! {
        #[test]
        fn a_name_is_known_by_how_it_is_shown(
            one in proptest::collection::vec(proptest::sample::select(&b"\xef\xbf\xbd\xb9b9ef"[..]), 0..8),
            other in proptest::collection::vec(proptest::sample::select(&b"\xef\xbf\xbd\xb9b9ef"[..]), 0..8),
        ) {
            proptest::prop_assert_eq!(spelled(&one) == spelled(&other), one == other);
        }
    }
}
