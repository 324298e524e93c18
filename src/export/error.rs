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
        let (name, form) = (&left.name, &left.form);
        text.push_str(&format!("\n  {}: {name:?}", left.place));
        match &left.carrier {
            Some(carrier) => text.push_str(&format!(", written as {carrier:?},")),
            None if form != name => text.push_str(&format!(", written {form:?},")),
            None => {}
        }
        text.push_str(&format!(" in {:?}", left.text));
        if !left.at.is_empty() {
            text.push_str(&format!(": {}", some(&left.at)));
        }
    }
    if all.len() > NAMED {
        text.push_str(&format!("\n  ... and {} more", all.len() - NAMED));
    }
    text
}

/// The first few of them.
fn some(all: &[String]) -> String {
    let named = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > NAMED { format!("{named} and {} more", all.len() - NAMED) } else { named }
}

/// What to do about what is left.
fn mend(all: &[scan::Left]) -> String {
    let mut entries: Vec<String> = Vec::new();
    for at in all.iter().flat_map(|left| &left.at).filter(|at| !at.starts_with("footnote")) {
        let entry = at.split(" (").next().unwrap_or(at).to_owned();
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    let whence = match entries.is_empty() {
        true => "cite something else".to_owned(),
        false => format!("take it out of {}", some(&entries)),
    };
    // What says it in letters of its own is protected as it is written.
    let mut spellings: Vec<&str> = Vec::new();
    for left in all {
        let spelling = match &left.carrier {
            Some(carrier) => carrier.as_str(),
            None if left.form != left.name => left.form.as_str(),
            None => continue,
        };
        if !spellings.contains(&spelling) {
            spellings.push(spelling);
        }
    }
    match spellings.as_slice() {
        [] => format!("{whence}: it stands there in an address, an escape or the like"),
        [one] => format!("{whence}, or protect this spelling too: mask.literals = [{one:?}]"),
        some => {
            let some: Vec<String> = some.iter().take(NAMED).map(|own| format!("{own:?}")).collect();
            format!(
                "{whence}, or protect these spellings too: mask.literals = [{}]",
                some.join(", ")
            )
        }
    }
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
            ExportError::Left(left) => mend(left),
            ExportError::Profile(_) => {
                "a profile has [mask] and [pseudonym], each with entities, kinds, tags and literals"
                    .to_owned()
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
