//! The name and key that sign: made on first use, kept in the configuration folder, never in a
//! case.

use super::operation::hex;
use crate::model::Sha256;
use crate::model::review::UNNAMED;
use ed25519_dalek::{Signer, SigningKey};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Who works here.
#[derive(Clone)]
pub struct Author {
    pub name: String,
    pub(super) key: SigningKey,
}

impl std::fmt::Debug for Author {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The key is a secret.
        f.debug_struct("Author").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Author {
    /// The author of this account on this machine. `CASEBOOK_CONFIG` names another folder.
    ///
    /// # Errors
    /// The configuration folder cannot be found or written, or the key in it is damaged.
    pub fn of_this_account() -> io::Result<Author> {
        Author::in_folder(&config_folder()?)
    }

    /// The author whose key lies in `folder`; it is made when there is none.
    pub fn in_folder(folder: &Path) -> io::Result<Author> {
        let path = folder.join("author.key");
        let name = name_told().unwrap_or_else(|| UNNAMED.to_owned());
        match fs::read(&path) {
            Ok(bytes) => {
                let bytes: [u8; 32] = bytes.try_into().map_err(|_| {
                    io::Error::new(
                        io::ErrorKind::InvalidData,
                        format!("{} is damaged: it must hold 32 bytes", path.display()),
                    )
                })?;
                Ok(Author { name, key: SigningKey::from_bytes(&bytes) })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes).map_err(io::Error::other)?;
                fs::create_dir_all(folder)?;
                let mut file = tempfile::NamedTempFile::new_in(folder)?;
                file.write_all(&bytes)?;
                match file.persist_noclobber(&path) {
                    Ok(_) => Ok(Author { name, key: SigningKey::from_bytes(&bytes) }),
                    // Another process was faster: its key counts.
                    Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                        Author::in_folder(folder)
                    }
                    Err(error) => Err(error.error),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// The public key, hexadecimal.
    pub fn public_key(&self) -> String {
        hex(self.key.verifying_key().as_bytes())
    }

    /// Signs a hash; the signature is hexadecimal.
    pub fn sign(&self, hash: &Sha256) -> String {
        hex(&self.key.sign(&hash.0).to_bytes())
    }

    /// An author with a given key, for tests and tools.
    pub fn with_key(name: &str, key: [u8; 32]) -> Author {
        Author { name: name.to_owned(), key: SigningKey::from_bytes(&key) }
    }
}

/// The name that the environment tells.
fn name_told() -> Option<String> {
    let told = ["CASEBOOK_AUTHOR", "USER"].into_iter().filter_map(|name| std::env::var(name).ok());
    told.map(|name| name.trim().to_owned()).find(|name| !name.is_empty())
}

/// Whether whoever works here has told no name and has no key yet: time to say how.
pub fn is_nameless_newcomer() -> bool {
    let has_key = config_folder().is_ok_and(|folder| folder.join("author.key").exists());
    !has_key && name_told().is_none()
}

/// Where settings and the author's key lie.
pub fn config_folder() -> io::Result<PathBuf> {
    if let Some(folder) = std::env::var_os("CASEBOOK_CONFIG") {
        return Ok(PathBuf::from(folder));
    }
    directories::ProjectDirs::from("", "", "casebook")
        .map(|dirs| dirs.config_dir().to_owned())
        .ok_or_else(|| io::Error::other("no home folder, so no place for settings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("new");
        let first = Author::in_folder(&folder).unwrap();
        let second = Author::in_folder(&folder).unwrap();
        assert_eq!(first.key.to_bytes(), second.key.to_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.join("author.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "nobody else may read it");
        }
        fs::write(folder.join("author.key"), "short").unwrap();
        assert!(Author::in_folder(&folder).is_err());
    }
}
