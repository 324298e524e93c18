//! What can go wrong with an index.

/// The search index could not be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is none, or it is damaged, foreign or of another version. Evidence is not touched by
    /// this: make a new one with [`super::Writer::create`] and fill it from the database.
    #[error("the search index cannot be used: {0}")]
    Unusable(String),
    /// It is whole, but was not finished or is of another version: a new one helps as well.
    #[error("the search index cannot be used: {0}")]
    Outdated(&'static str),
    /// A file was gone when it should be opened: a writer may have replaced it meanwhile. Opening
    /// tries again and reports [`IndexError::Unusable`] in the end.
    #[error("a file of the search index is gone: {0}")]
    Gone(String),
    /// Another process writes to it.
    #[error("another process is writing to the search index")]
    Busy,
    #[error("the disk is full")]
    DiskFull,
    /// The medium is read-only, and the like.
    #[error("the search index could not be {doing}")]
    Failed {
        doing: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Somebody asked it to stop.
    #[error("the search was stopped")]
    Cancelled,
}

impl IndexError {
    /// Whether a new index, filled from the database, helps.
    pub fn wants_rebuild(&self) -> bool {
        matches!(self, IndexError::Unusable(_) | IndexError::Outdated(_) | IndexError::Gone(_))
    }

    pub(super) fn failed(doing: &'static str) -> impl FnOnce(tantivy::TantivyError) -> IndexError {
        move |error| match error {
            tantivy::TantivyError::LockFailure(
                tantivy::directory::error::LockError::LockBusy,
                _,
            ) => IndexError::Busy,
            tantivy::TantivyError::OpenReadError(
                tantivy::directory::error::OpenReadError::FileDoesNotExist(path),
            ) => IndexError::Gone(path.display().to_string()),
            tantivy::TantivyError::DataCorruption(_)
            | tantivy::TantivyError::IncompatibleIndex(_)
            | tantivy::TantivyError::SchemaError(_)
            | tantivy::TantivyError::OpenReadError(
                tantivy::directory::error::OpenReadError::IncompatibleIndex(_),
            ) => IndexError::Unusable(error.to_string()),
            error => IndexError::Failed { doing, source: Box::new(error) },
        }
    }

    pub(super) fn io(doing: &'static str) -> impl FnOnce(std::io::Error) -> IndexError {
        move |error| match crate::files::is_no_room(&error) {
            true => IndexError::DiskFull,
            false => IndexError::Failed { doing, source: Box::new(error) },
        }
    }
}
