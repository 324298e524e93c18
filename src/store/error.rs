//! What can go wrong with a case file, in words that help.

use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{0} is not a case: there is no case.db in it")]
    NotACase(PathBuf),
    #[error("{0} exists already")]
    Exists(PathBuf),
    #[error("{path} is not a Casebook file")]
    Foreign { path: PathBuf },
    #[error(
        "{path} was made by a newer version of Casebook (schema {found}, this one knows {known})"
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error(
        "{path} was made by an older version of Casebook (schema {found}, this one reads {known}) and lies on a read-only medium"
    )]
    Older { path: PathBuf, found: i64, known: i64 },
    #[error("the case is open read-only")]
    ReadOnly,
    #[error(
        "the case was not closed cleanly and lies on a read-only medium: copy it to a writable folder and open it there once"
    )]
    UnfinishedReadOnly,
    #[error("another process is writing to the case")]
    Busy,
    #[error(
        "another program has this case open, and it lies on a network file system, where only one can"
    )]
    Held,
    #[error("the disk is full")]
    DiskFull,
    /// A quota, a limit on the size of files, or a failing disk: SQLite does not say which.
    #[error("the disk does not take what is written to the case file")]
    NotWritten,
    /// Somebody stopped it; nothing was changed.
    #[error("stopped")]
    Stopped,
    #[error("there is no {0} in this case")]
    NoSuchItem(String),
    #[error("the case file is damaged: {0}")]
    Damaged(String),
    #[error("case file: {0}")]
    Sqlite(rusqlite::Error),
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
}

impl StoreError {
    pub(crate) fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        if crate::files::is_no_room(&source) {
            return StoreError::DiskFull;
        }
        StoreError::Io { what: what.into(), source }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::DiskFull) => StoreError::DiskFull,
            Some(ErrorCode::SystemIoFailure) => io_failure(error),
            Some(ErrorCode::ReadOnly) => StoreError::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Damaged(error.to_string())
            }
            _ if is_damage(&error) => StoreError::Damaged(error.to_string()),
            _ => StoreError::Sqlite(error),
        }
    }
}

/// What SQLite calls a disk I/O error. It has a word of its own for a full disk, but not where the
/// memory that the processes at a case share does not grow any more, and none for other limits.
fn io_failure(error: rusqlite::Error) -> StoreError {
    use rusqlite::ffi;
    match error.sqlite_error().map(|error| error.extended_code) {
        Some(ffi::SQLITE_IOERR_SHMSIZE) => StoreError::DiskFull,
        Some(ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_TRUNCATE | ffi::SQLITE_IOERR_FSYNC) => {
            StoreError::NotWritten
        }
        _ => StoreError::Sqlite(error),
    }
}

/// What the schema of a whole case rules out: values of a kind that a column never holds, rows
/// that are always there, tables and columns that are.
fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error;
    let text = match error {
        Error::InvalidColumnType(..)
        | Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::Utf8Error(..)
        | Error::QueryReturnedNoRows => return true,
        Error::SqliteFailure(_, Some(text)) | Error::SqlInputError { msg: text, .. } => text,
        _ => return false,
    };
    let missing = [
        "no such table",
        "no such column",
        "malformed",
        "no such index",
        "unsupported file format",
    ];
    missing.iter().any(|words| text.contains(words))
}
