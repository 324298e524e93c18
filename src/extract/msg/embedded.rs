//! A message inside a message becomes a file of its own, with all its properties.

use super::store::Store;
use crate::extract::Stop;
use cfb::CompoundFile;
use std::io::{Cursor, Read, Seek, Write};
use std::time::SystemTime;

/// Most objects that are copied.
const MOST_OBJECTS: usize = 100_000;

/// Copies a storage into a new compound file. The result depends on the storage alone, so that
/// its hash is the same every time.
pub fn copy<R: Read + Seek>(
    store: &mut Store<R>,
    folder: &str,
    is_message: bool,
) -> Result<Vec<u8>, Stop> {
    let entries: Vec<(String, bool)> = store
        .file
        .walk_storage(folder)
        .map_err(Stop::failed)?
        .skip(1)
        .take(MOST_OBJECTS)
        .map(|entry| (entry.path().to_string_lossy().into_owned(), entry.is_stream()))
        .collect();
    let mut new = CompoundFile::create(Cursor::new(Vec::new())).map_err(Stop::failed)?;
    // The names of named properties are kept once, in the outermost message.
    let mut shared = Vec::new();
    if is_message && store.has_storage("/__nameid_version1.0") {
        let walk = store.file.walk_storage("/__nameid_version1.0").map_err(Stop::failed)?;
        shared.extend(
            walk.take(MOST_OBJECTS)
                .map(|entry| (entry.path().to_string_lossy().into_owned(), entry.is_stream())),
        );
    }
    for (path, is_stream) in &shared {
        copy_one(store, &mut new, path, path, *is_stream, false)?;
    }
    for (path, is_stream) in &entries {
        let Some(inside) = path.strip_prefix(folder) else { continue };
        let is_header = is_message && inside == "/__properties_version1.0";
        copy_one(store, &mut new, path, inside, *is_stream, is_header)?;
    }
    new.set_created_time("/", SystemTime::UNIX_EPOCH).map_err(Stop::failed)?;
    new.set_modified_time("/", SystemTime::UNIX_EPOCH).map_err(Stop::failed)?;
    new.flush().map_err(Stop::failed)?;
    Ok(new.into_inner().into_inner())
}

fn copy_one<R: Read + Seek>(
    store: &mut Store<R>,
    new: &mut CompoundFile<Cursor<Vec<u8>>>,
    from: &str,
    to: &str,
    is_stream: bool,
    is_header: bool,
) -> Result<(), Stop> {
    if !is_stream {
        new.create_storage(to).map_err(Stop::failed)?;
        new.set_created_time(to, SystemTime::UNIX_EPOCH).map_err(Stop::failed)?;
        return new.set_modified_time(to, SystemTime::UNIX_EPOCH).map_err(Stop::failed);
    }
    let mut bytes = store.read(from).map_err(Stop::failed)?;
    if is_header && bytes.len() >= 24 {
        // A message of its own has eight reserved bytes more in front of its properties.
        bytes.splice(24..24, [0; 8]);
    }
    let mut stream = new.create_stream(to).map_err(Stop::failed)?;
    stream.write_all(&bytes).map_err(Stop::failed)
}
