//! SHA-256 of an open file.

use crate::model::Sha256;
use sha2::Digest;
use std::fs::File;
use std::io::{self, Read, Seek};

/// SHA-256 and size in bytes of all of a file, which is left at its start.
pub fn hash(file: &mut File) -> io::Result<(Sha256, u64)> {
    let mut hash = sha2::Sha256::new();
    let mut size = 0;
    let mut buffer = [0; 32 * 1024];
    file.rewind()?;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                hash.update(&buffer[..count]);
                size += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    file.rewind()?;
    Ok((Sha256(hash.finalize().into()), size))
}
