//! OLE containers: streams by path, the properties every such file has, and what is embedded.

use super::children::embedded;
use super::mended::mended;
use crate::extract::{Out, Stop};
use cfb::CompoundFile;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// An open container, whole in memory.
pub struct Ole {
    file: CompoundFile<Cursor<Vec<u8>>>,
    damaged: bool,
}

/// Said of every file that was put together again.
pub const MENDED: &str = "its container is damaged; what could still be found in it was read";

/// Why the library does not open a container. It is not known to panic, but it walks chains that
/// the file makes up.
pub fn refused(bytes: &[u8]) -> Option<String> {
    match catch_unwind(|| CompoundFile::open(Cursor::new(bytes)).err()) {
        Ok(error) => error.map(|error| format!("the OLE container is damaged: {error}")),
        Err(_) => Some("the OLE container is damaged".to_owned()),
    }
}

impl Ole {
    pub fn open(bytes: Vec<u8>) -> Result<Self, Stop> {
        let (bytes, damaged) = match refused(&bytes) {
            None => (bytes, false),
            Some(why) => match catch_unwind(|| mended(&bytes)).ok().flatten() {
                Some(again) => (again, true),
                None => return Err(Stop::Failed(why)),
            },
        };
        let file = CompoundFile::open(Cursor::new(bytes)).map_err(Stop::failed)?;
        Ok(Ole { file, damaged })
    }

    /// How the reading of the document in it ends: a damaged one without text is not empty.
    pub fn end(&self, result: Result<(), Stop>, out: &Out) -> Result<(), Stop> {
        match result {
            Ok(()) if self.damaged && !out.non_blank => {
                Err(Stop::failed("its container is damaged and no text was found in it"))
            }
            result => result,
        }
    }

    /// The bytes of a stream, as far as they can be read; `None` where there is none.
    pub fn stream(&mut self, path: &str) -> Option<Vec<u8>> {
        self.read(Path::new(path))
    }

    fn read(&mut self, path: &Path) -> Option<Vec<u8>> {
        if !self.file.is_stream(path) {
            return None;
        }
        catch_unwind(AssertUnwindSafe(|| {
            let mut stream = self.file.open_stream(path).ok()?;
            let mut bytes = Vec::new();
            // What could be read before an error is kept.
            let _ = stream.read_to_end(&mut bytes);
            Some(bytes)
        }))
        .ok()
        .flatten()
    }

    pub fn has(&self, path: &str) -> bool {
        self.file.exists(path)
    }

    /// Names of the entries directly below a storage.
    pub fn below(&self, storage: &Path) -> Vec<(PathBuf, bool)> {
        self.file.read_storage(storage).map_or_else(
            |_| Vec::new(),
            |entries| entries.map(|e| (e.path().to_path_buf(), e.is_storage())).collect(),
        )
    }

    /// Sends the two property streams as metadata, and says that the container is damaged.
    pub fn properties(&mut self, out: &mut Out) -> Result<(), Stop> {
        if self.damaged {
            out.warn(MENDED)?;
        }
        for (stream, document) in
            [("/\u{5}SummaryInformation", false), ("/\u{5}DocumentSummaryInformation", true)]
        {
            if let Some(bytes) = self.stream(stream) {
                for (key, value) in super::property_set::read(&bytes, document) {
                    out.meta(key, &value)?;
                }
            }
        }
        Ok(())
    }

    /// Sends every embedded object below `storage` as a child: packages as the files that they
    /// hold, other documents as OLE files of their own.
    pub fn send_embedded(&mut self, out: &mut Out, storage: &str) -> Result<(), Stop> {
        let mut at = 0;
        for (path, is_storage) in self.below(Path::new(storage)) {
            if !is_storage {
                continue;
            }
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            if !is_object(&name) {
                continue;
            }
            let mut object = None;
            if let Some(native) = self.read(&path.join("\u{1}Ole10Native")) {
                object = ole10(&native);
            }
            for (stream, file) in [("Package", "package"), ("CONTENTS", "contents")] {
                if object.is_none()
                    && let Some(bytes) = self.read(&path.join(stream))
                {
                    object = Some((format!("{name}/{file}"), bytes));
                }
            }
            if object.is_none() {
                object = self.rebuild(&path).map(|bytes| (name.clone(), bytes));
            }
            if let Some((name, bytes)) = object {
                embedded(out, &name, at, &bytes)?;
            }
            at += 1;
        }
        Ok(())
    }

    /// A storage as an OLE file of its own; `None` where it holds no document.
    fn rebuild(&mut self, storage: &Path) -> Option<Vec<u8>> {
        const DOCUMENTS: [&str; 8] = [
            "WordDocument",
            "Workbook",
            "Book",
            "PowerPoint Document",
            "VisioDocument",
            "Equation Native",
            "__properties_version1.0",
            "Quill",
        ];
        if !DOCUMENTS.iter().any(|name| self.file.exists(storage.join(name))) {
            return None;
        }
        let entries: Vec<(PathBuf, bool)> = self
            .file
            .walk_storage(storage)
            .ok()?
            .skip(1)
            .take(MOST_ENTRIES)
            .map(|e| (e.path().to_path_buf(), e.is_storage()))
            .collect();
        let mut copy = CompoundFile::create(Cursor::new(Vec::new())).ok()?;
        for (path, is_storage) in entries {
            let Ok(inside) = path.strip_prefix(storage) else { continue };
            let target = Path::new("/").join(inside);
            if is_storage {
                copy.create_storage(&target).ok()?;
                undate(&mut copy, &target)?;
            } else {
                let bytes = self.read(&path)?;
                let mut stream = copy.create_stream(&target).ok()?;
                std::io::Write::write_all(&mut stream, &bytes).ok()?;
            }
        }
        undate(&mut copy, Path::new("/"))?;
        copy.flush().ok()?;
        Some(copy.into_inner().into_inner())
    }
}

/// Takes the time of day out of a storage that was made here: the same object has to have the same
/// bytes whenever it is taken out.
fn undate(copy: &mut CompoundFile<Cursor<Vec<u8>>>, storage: &Path) -> Option<()> {
    copy.set_created_time(storage, SystemTime::UNIX_EPOCH).ok()?;
    copy.set_modified_time(storage, SystemTime::UNIX_EPOCH).ok()
}

/// Entries of one embedded document; more is no document.
const MOST_ENTRIES: usize = 4096;

/// Names that Word and Excel give to the storages of embedded objects.
fn is_object(name: &str) -> bool {
    (name.starts_with("MBD") || name.starts_with('_') || name.starts_with("LNK"))
        && !name.starts_with("_VBA")
        && !name.starts_with("_SX")
}

/// The file inside an `Ole10Native` stream, with the name it had.
pub fn ole10(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    let rest = bytes.get(4..)?;
    // Newer writers put a label, the file's path and a temporary path before the bytes.
    let packaged = (|| {
        let mut at = 2;
        let mut string = || {
            let end = rest.get(at..)?.iter().position(|&b| b == 0)?;
            let text = rest.get(at..at + end)?.to_vec();
            at += end + 1;
            Some(text)
        };
        let label = string()?;
        string()?;
        at += 4;
        let skip = u32::from_le_bytes(rest.get(at..at + 4)?.try_into().ok()?) as usize;
        at = at.checked_add(4)?.checked_add(skip)?;
        let size = u32::from_le_bytes(rest.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize;
        at += 4;
        let data = rest.get(at..at.checked_add(size)?)?;
        let name = crate::extract::encoding::decode(&label, None).text;
        let name = name.rsplit(['\\', '/']).next().unwrap_or_default().to_owned();
        Some((name, data.to_vec()))
    })();
    packaged.or_else(|| Some(("object".to_owned(), rest.to_vec()))).filter(|(_, b)| !b.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::office::testing::ole;

    #[test]
    fn an_object_has_the_same_bytes_whenever_it_is_taken_out() {
        let bytes =
            ole(&[("/ObjectPool/_1/WordDocument", b"text"), ("/ObjectPool/_1/Inner/x", b"more")]);
        let take =
            || Ole::open(bytes.clone()).unwrap().rebuild(Path::new("/ObjectPool/_1")).unwrap();
        let first = take();
        assert!(Ole::open(first.clone()).unwrap().has("/Inner/x"));
        assert!(first == take());
    }
}
