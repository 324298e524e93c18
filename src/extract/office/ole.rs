//! OLE containers: streams by path, the properties every such file has, and what is embedded.

use super::children::embedded;
use crate::extract::{Out, Stop};
use cfb::CompoundFile;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Most bytes that a cut file is made longer by.
const MOST_MISSING: usize = 64 << 20;

/// Bytes of the container as far as its table of sectors says, where they are more than it has.
fn size_by_table(bytes: &[u8]) -> Option<usize> {
    let int = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..at + 4)?.first_chunk()?));
    let sector = 1usize << u32::from(*bytes.get(30)?).clamp(7, 16);
    let mut last = 0;
    for (nth, place) in (76..512).step_by(4).enumerate() {
        let Some(at) = (int(place)? as usize).checked_add(1)?.checked_mul(sector) else { break };
        for entry in 0..sector / 4 {
            // Free ones are all ones.
            if int(at + 4 * entry).is_some_and(|next| next != u32::MAX) {
                last = nth * (sector / 4) + entry + 1;
            }
        }
    }
    Some((last + 1) * sector).filter(|size| *size > bytes.len())
}

/// An open container, whole in memory.
pub struct Ole {
    file: CompoundFile<Cursor<Vec<u8>>>,
}

impl Ole {
    pub fn open(bytes: Vec<u8>) -> Result<Self, Stop> {
        let mut bytes = bytes;
        // A file that was cut: what it still holds can be read when the rest is there as zeros.
        if let Some(size) = size_by_table(&bytes).filter(|size| size - bytes.len() < MOST_MISSING) {
            bytes.resize(size, 0);
        }
        // The library is not known to panic, but it walks chains that the file makes up.
        catch_unwind(AssertUnwindSafe(|| CompoundFile::open(Cursor::new(bytes))))
            .map_err(|_| Stop::failed("the OLE container is damaged"))?
            .map(|file| Ole { file })
            .map_err(|error| Stop::Failed(format!("the OLE container is damaged: {error}")))
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

    /// Sends the two property streams as metadata.
    pub fn properties(&mut self, out: &mut Out) -> Result<(), Stop> {
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
            } else {
                let bytes = self.read(&path)?;
                let mut stream = copy.create_stream(&target).ok()?;
                std::io::Write::write_all(&mut stream, &bytes).ok()?;
            }
        }
        copy.flush().ok()?;
        Some(copy.into_inner().into_inner())
    }
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
