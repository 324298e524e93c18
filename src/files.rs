//! Files that appear under their names only when they are complete: written beside their place,
//! with the rights of any file that the user makes and not for the user's eyes alone, as a
//! temporary one would be.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

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

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

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
