//! How a failure reads: `error: what failed`, `caused by: ...`, `hint: the next thing to type`.

use crate::case::{CaseError, io_hint};
use crate::files::in_words;
use crate::ingest::Lost;
use crate::text::sanitise;
use std::error::Error;
use std::io;
use std::path::Path;

/// The exit codes. Stable; the help of the program lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Code {
    Done = 0,
    Failed = 1,
    /// The command line or the query was wrong.
    Usage = 2,
    /// Finished, but something could not be read.
    Incomplete = 3,
    /// Somebody else is writing to the case.
    Busy = 4,
    /// The case is damaged: `verify` found it, or another verb could not go on.
    Damaged = 5,
    Interrupted = 130,
}

/// Why a verb did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub what: String,
    /// Outermost first.
    pub causes: Vec<String>,
    pub hint: Option<String>,
    pub code: Code,
}

impl Failure {
    pub fn new(what: impl Into<String>) -> Failure {
        Failure { what: what.into(), causes: Vec::new(), hint: None, code: Code::Failed }
    }

    pub fn usage(what: impl Into<String>) -> Failure {
        Failure { code: Code::Usage, ..Failure::new(what) }
    }

    /// An operation on a file failed.
    pub fn io(verb: &str, path: &Path, error: &io::Error) -> Failure {
        let failure = Failure::new(format!("cannot {verb} {}", path.display())).because(error);
        match io_hint(error) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// A file that must not be there could not be made.
    pub fn creating(path: &Path, error: &io::Error) -> Failure {
        if error.kind() == io::ErrorKind::AlreadyExists {
            let what = format!("{} exists already", path.display());
            return Failure::new(what).hint("choose another name");
        }
        if error.kind() == io::ErrorKind::NotFound {
            let failure = Failure::io("create", path, error);
            return failure.hint("its folder must be there: make it with mkdir -p");
        }
        Failure::io("create", path, error)
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    fn because(mut self, error: &(dyn Error + 'static)) -> Failure {
        let mut next = Some(error);
        while let Some(error) = next {
            let text = match error.downcast_ref::<io::Error>() {
                Some(error) => in_words(error),
                None => error.to_string(),
            };
            // Wrappers repeat what they wrap.
            if !self.what.ends_with(&text) && self.causes.last() != Some(&text) {
                self.causes.push(text);
            }
            next = error.source();
        }
        self
    }

    /// The lines for standard error. What came from evidence cannot act on the terminal.
    pub fn render(&self, colour: bool) -> String {
        let label = |label: &str, code: &str| match colour {
            true => format!("\u{1b}[1;{code}m{label}:\u{1b}[0m"),
            false => format!("{label}:"),
        };
        let mut lines = format!("{} {}\n", label("error", "31"), sanitise::block(&self.what));
        for cause in &self.causes {
            lines += &format!("{} {}\n", label("caused by", "33"), sanitise::block(cause));
        }
        if let Some(hint) = &self.hint {
            lines += &format!("{} {}\n", label("hint", "36"), sanitise::block(hint));
        }
        lines
    }
}

impl From<CaseError> for Failure {
    fn from(error: CaseError) -> Failure {
        let code = match &error {
            CaseError::Query(_) => Code::Usage,
            CaseError::Cancelled => Code::Interrupted,
            error if error.is_busy() => Code::Busy,
            error if error.is_damage() => Code::Damaged,
            _ => Code::Failed,
        };
        let what = match &error {
            CaseError::Query(query) => return query_failure(query),
            error => error.to_string(),
        };
        let hint = error.hint();
        if let CaseError::Output(error) = error {
            return error.into();
        }
        let failure = Failure { what, causes: Vec::new(), hint, code };
        match error.source() {
            Some(source) => failure.because(source),
            None => failure,
        }
    }
}

fn query_failure(error: &crate::query::QueryError) -> Failure {
    let (line, column, width) = error.excerpt();
    let place = format!("{}\n  {line}\n  {}{}", error.kind, " ".repeat(column), "^".repeat(width));
    let hint = error.fix.as_ref().map(|fix| format!("{}  {}", fix.what, fix.query));
    Failure { hint, ..Failure::usage(place) }
}

impl From<Lost> for Failure {
    fn from(error: Lost) -> Failure {
        let hint = match &error {
            Lost::Missing(_) => "say where it lies now: casebook relink CASE S1 PATH".to_owned(),
            Lost::Changed { .. } => "casebook verify CASE lists everything that changed".to_owned(),
            Lost::NotInside { is_locked: true, .. } => {
                "its password opens it: --passwords FILE".to_owned()
            }
            Lost::NotInside { .. } => {
                "casebook verify CASE says whether its container changed".to_owned()
            }
            Lost::NoText { id, .. } => format!("copy it out: casebook extract CASE {id} -o FILE"),
            Lost::NoBytes(..) | Lost::Unread { .. } | Lost::Case(_) => String::new(),
        };
        match error {
            Lost::Case(error) => error.into(),
            error if hint.is_empty() => Failure::new(error.to_string()),
            error => Failure::new(error.to_string()).hint(hint),
        }
    }
}

impl From<crate::query::QueryError> for Failure {
    fn from(error: crate::query::QueryError) -> Failure {
        query_failure(&error)
    }
}

/// Output could not be written. That the reader went away (`| head`) is success.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure { code: Code::Done, ..Failure::new("the reader went away") };
        }
        Failure::new("cannot write the output").because(&error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        io::Error::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    fn shown(failure: impl Into<Failure>) -> String {
        let failure: Failure = failure.into();
        format!("{}exit {}", failure.render(false), failure.code as u8)
    }

    #[test]
    fn failures_say_what_why_and_what_next() {
        insta::assert_snapshot!(shown(CaseError::AddRunning), @r#"
        error: another `add` is running on this case
        hint: wait for it, or stop it with Ctrl-C
        exit 4
        "#);
        insta::assert_snapshot!(shown(CaseError::Exists("x.case".into())), @r#"
        error: x.case exists and is not empty
        hint: choose another name, or open it with `casebook open x.case`
        exit 1
        "#);
        insta::assert_snapshot!(shown(CaseError::io(Path::new("/a\u{1b}[2J"), io::ErrorKind::PermissionDenied.into())), @r#"
        error: /a␛[2J: permission denied
        hint: ask who owns it for the right to read it, or work on a copy
        exit 1
        "#);
        let nowhere = std::fs::File::open("/nowhere/at all").unwrap_err();
        insta::assert_snapshot!(shown(CaseError::io(Path::new("nowhere"), nowhere)), @r#"
        error: nowhere: No such file or directory
        hint: look how it is spelt; a path without / in front begins at the folder you are in
        exit 1
        "#);
        insta::assert_snapshot!(shown(Failure::creating(Path::new("/nowhere/x"), &io::ErrorKind::NotFound.into())), @r#"
        error: cannot create /nowhere/x
        caused by: No such file or directory
        hint: its folder must be there: make it with mkdir -p
        exit 1
        "#);
        insta::assert_snapshot!(shown(Query::parse("合同 form:lin").unwrap_err()), @r#"
        error: there is no field "form"
          合同 form:lin
               ^^^^
        hint: did you mean  合同 from:lin
        exit 2
        "#);
        insta::assert_snapshot!(shown(io::Error::from(io::ErrorKind::StorageFull)), @r#"
        error: cannot write the output
        caused by: no storage space
        exit 1
        "#);
        let gone: Failure = io::Error::from(io::ErrorKind::BrokenPipe).into();
        assert_eq!(gone.code, Code::Done);
    }
}
