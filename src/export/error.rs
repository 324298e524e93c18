//! Why there is no report, and what to do about it.

use super::inert::one_line;
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
    #[error("nothing was written, because the name {name} says a protected name: {protected}")]
    Name { name: String, protected: String, option: &'static str },
    #[error("there is nothing to report")]
    Nothing,
}

/// Places that are named when something protected is left.
const NAMED: usize = 8;

fn left(all: &[scan::Left]) -> String {
    let mut text = "nothing was written, because a protected name would still be in it:".to_owned();
    for left in all.iter().take(NAMED) {
        let (name, form) = (&left.name, &left.form);
        text.push_str(&format!("\n  {}: {}", shown(&left.place), quoted(name)));
        match &left.carrier {
            Some(carrier) => text.push_str(&format!(", written as {},", quoted(carrier))),
            None if form != name => text.push_str(&format!(", written {},", quoted(form))),
            None => {}
        }
        text.push_str(&format!(" in {}", quoted(&left.text)));
        if !left.at.is_empty() {
            text.push_str(&format!(": {}", some(&left.at)));
        }
    }
    if all.len() > NAMED {
        text.push_str(&format!("\n  ... and {} more", all.len() - NAMED));
    }
    text
}

/// A text of a report as people can read it: what nobody sees is a mark.
fn shown(text: &str) -> String {
    // Between paragraphs and cells the last look puts a sign of its own.
    one_line(&text.replace(scan::BORDER, "\n")).into_owned()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text))
}

/// A text as a profile has it, in TOML: what nobody sees is an escape.
fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        let mut bytes = [0; 4];
        let own: &str = c.encode_utf8(&mut bytes);
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            c if one_line(own) == own => literal.push(c),
            c if u32::from(c) <= 0xffff => literal.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => literal.push_str(&format!("\\U{:08X}", u32::from(c))),
        }
    }
    literal.push('"');
    literal
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
        // It goes over the border of a cell or paragraph: no text has it in one piece.
        if spelling.contains(scan::BORDER) {
            continue;
        }
        if !spellings.contains(&spelling) {
            spellings.push(spelling);
        }
    }
    match spellings.as_slice() {
        [] => format!("{whence}: it stands there in an address, an escape or the like"),
        [one] => {
            format!("{whence}, or protect this spelling too: mask.literals = [{}]", literal(one))
        }
        some => {
            let some: Vec<String> = some.iter().take(NAMED).map(|own| literal(own)).collect();
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
            ExportError::Name { option, .. } => {
                format!("whoever gets the report sees it: give another name to {option}")
            }
            ExportError::Profile(_) => {
                "a profile has name and key, then [mask] and [pseudonym], each with entities, kinds, tags and \
                 literals; the README has one"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_shown_and_spelled_as_a_profile_has_it() {
        let left = scan::Left {
            place: "a.docx!word/document.xml".to_owned(),
            name: "沈若岚".to_owned(),
            form: "沈\u{200b}若\"岚".to_owned(),
            carrier: None,
            text: format!("付款{}沈\u{200b}若\"岚\u{1b}[2J", scan::BORDER),
            at: vec!["N4 (finding)".to_owned()],
        };
        let error = ExportError::Left(vec![left]);
        let words = error.to_string();
        assert!(words.contains("付款⏎沈⟨U+200B⟩若\"岚␛[2J"), "{words}");
        assert!(!words.contains("\\u{"), "{words}");
        let hint = error.hint().unwrap();
        let toml = hint.split_once("too: ").unwrap().1;
        assert_eq!(toml, "mask.literals = [\"沈\\u200B若\\\"岚\"]");
        let profile: toml::Table = toml::from_str(toml).unwrap();
        assert_eq!(profile["mask"]["literals"][0].as_str(), Some("沈\u{200b}若\"岚"));
    }
}
