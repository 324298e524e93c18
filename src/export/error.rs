//! Why there is no report, and what to do about it.

use super::{BadProfile, BadSheet, scan};
use crate::case::CaseError;
use std::path::{Path, PathBuf};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Case(#[from] CaseError),
    #[error("the profile cannot be used: {0}")]
    Profile(#[from] BadProfile),
    #[error("{0} exists already")]
    Exists(PathBuf),
    #[error("{0} is a folder")]
    IsFolder(PathBuf),
    #[error("{0} is not empty")]
    NotEmpty(PathBuf),
    #[error("there is no folder {0}")]
    NoFolder(PathBuf),
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("the report cannot be written in this format: {0}")]
    Format(String),
    #[error("{}", left(.0))]
    Left(Vec<scan::Left>),
    #[error("there is nothing to report")]
    Nothing,
}

/// Places that are named when something protected is left.
const NAMED: usize = 8;

fn left(all: &[scan::Left]) -> String {
    let mut text = "nothing was written, because a protected name would still be in it:".to_owned();
    for left in all.iter().take(NAMED) {
        text.push_str(&format!("\n  {}: {:?} in {:?}", left.place, left.name, left.text));
    }
    if all.len() > NAMED {
        text.push_str(&format!("\n  ... and {} more", all.len() - NAMED));
    }
    text
}

impl ExportError {
    pub(super) fn io(path: &Path, source: std::io::Error) -> ExportError {
        ExportError::Io { path: path.to_owned(), source: CaseError::without_path(source) }
    }

    /// The next thing to do, where there is one.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            ExportError::Case(error) => return error.hint(),
            ExportError::Exists(_) => "choose another name, or replace it with --force".to_owned(),
            ExportError::NotEmpty(_) => "choose a new folder".to_owned(),
            ExportError::NoFolder(folder) => {
                format!("make it first: mkdir -p {}", folder.display())
            }
            ExportError::Left(_) => {
                "take it out of the notes, or protect another spelling of it".to_owned()
            }
            ExportError::Nothing => {
                "write a note first, or leave --notes, --findings, --timeline and --entities out"
                    .to_owned()
            }
            _ => return None,
        })
    }
}

/// What stands before the names of exhibits in a scan.
pub(super) const EXHIBITS: &str = "exhibits/";

/// Why a sheet was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error(transparent)]
    Sheet(#[from] BadSheet),
    #[error(transparent)]
    Export(#[from] ExportError),
}
