//! Reports from the desk: what is exported and where to, how it would read, and the writing of it.

use super::data::Failure;
use super::overview::count;
use crate::case::{Case, NoteFilter};
use crate::export::{self, ExportError, Format, Options, Parts, Preview, Profile, Written};
use crate::jobs::Cancel;
use crate::model::NoteId;
use crate::model::Sha256;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Lines of a preview that the screen keeps.
const SHOWN: usize = 5_000;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub what: What,
    pub format: Format,
    /// What masks names in it: a file.
    pub profile: Option<PathBuf>,
    /// As it was typed.
    pub file: String,
}

/// What is in a report, by the words of `casebook export`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum What {
    #[default]
    Everything,
    Findings,
    Timeline,
    Entities,
    /// Notes that the list shows, or rows of it.
    Listed(NoteFilter, Option<Range<u64>>),
    Notes(Vec<NoteId>),
}

impl What {
    pub fn words(&self) -> String {
        match self {
            What::Everything => "everything".to_owned(),
            What::Findings => "findings".to_owned(),
            What::Timeline => "timeline".to_owned(),
            What::Entities => "entities".to_owned(),
            What::Listed(_, None) => "listed notes".to_owned(),
            What::Listed(_, Some(rows)) => match rows.end - rows.start {
                1 => "the selected note".to_owned(),
                many => format!("{many} selected notes"),
            },
            What::Notes(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        }
    }

    /// The same in the name of a file.
    fn stem(&self) -> String {
        match self {
            What::Everything => "report".to_owned(),
            What::Listed(..) => "notes".to_owned(),
            What::Notes(ids) if ids.len() > 3 => "notes".to_owned(),
            other => other.words().replace(',', "-"),
        }
    }

    /// `N1,N3`, as `casebook export --notes` takes it.
    pub fn typed(text: &str) -> Option<What> {
        let ids: Result<Vec<NoteId>, _> =
            text.split([',', ' ', '，']).filter(|id| !id.is_empty()).map(str::parse).collect();
        ids.ok().filter(|ids| !ids.is_empty()).map(What::Notes)
    }
}

impl Form {
    pub fn new(case: &str) -> Form {
        let mut form = Form {
            what: What::default(),
            format: Format::Html,
            profile: None,
            file: String::new(),
        };
        form.file = form.name(case);
        form
    }

    /// The name that nobody has chosen.
    fn name(&self, case: &str) -> String {
        format!("{case}-{}.{}", self.what.stem(), self.format.word())
    }

    /// The same of something else; a name that nobody chose says so.
    pub fn of(&self, what: What, case: &str) -> Form {
        let is_own = self.file != self.name(case);
        let mut form = Form { what, ..self.clone() };
        if !is_own {
            form.file = form.name(case);
        }
        form
    }

    /// The same in another format; the name of the file ends so.
    pub fn written_as(&self, format: Format) -> Form {
        let mut file = PathBuf::from(&self.file);
        if Format::of(&file).is_some() {
            file.set_extension(format.word());
        }
        Form { format, file: file.to_string_lossy().into_owned(), ..self.clone() }
    }

    /// The same in another file, whose name may say the format.
    pub fn into_file(&self, file: &str) -> Form {
        let format = Format::of(Path::new(file)).unwrap_or(self.format);
        Form { file: file.to_owned(), format, ..self.clone() }
    }

    /// The file from the root on, with `~` as the shell reads it.
    pub fn path(&self) -> PathBuf {
        let typed = Path::new(&self.file);
        let path = match (typed.strip_prefix("~"), std::env::home_dir()) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => typed.to_owned(),
        };
        std::path::absolute(&path).unwrap_or(path)
    }

    fn options(&self, case: &Case, force: bool) -> Result<Options, Failure> {
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut options = Options::new(self.format, today.to_string());
        let notes = match &self.what {
            What::Listed(filter, rows) => {
                let rows = rows.clone().unwrap_or(0..u64::MAX);
                let (_, entries) = case.note_page(filter.clone(), rows)?;
                Some(entries.into_iter().filter_map(|entry| entry.row.id).collect())
            }
            What::Notes(ids) => Some(ids.clone()),
            _ => None,
        };
        options.parts = Parts {
            notes,
            findings: self.what == What::Findings,
            timeline: self.what == What::Timeline,
            entities: self.what == What::Entities,
        };
        if let Some(path) = &self.profile {
            let text = crate::files::text_at_most(path, Profile::MOST)
                .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            options.profile = Some(Profile::parse(&text).map_err(ExportError::from)?);
        }
        options.force = force;
        Ok(options)
    }
}

/// A report that was not written yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub form: Form,
    pub path: PathBuf,
    /// Why it could not be written there as things are.
    pub hindrance: Option<String>,
    /// How it would read, as far as the screen shows it, or why there is none.
    pub preview: Result<Preview, String>,
    /// Lines of it that are not shown.
    pub left_out: usize,
}

/// How the report would read.
pub fn draft(case: &Case, form: &Form, cancel: &Cancel) -> Result<Draft, Failure> {
    let made = form
        .options(case, false)
        .and_then(|options| export::preview(case, &options, cancel.flag()).map_err(Failure::from));
    if cancel.is_set() {
        return Err(Failure::new("stopped"));
    }
    let path = form.path();
    let hindrance = match export::check_output(&path) {
        Ok(()) => None,
        Err(ExportError::Exists(_)) => Some("it exists: whether to replace it is asked".to_owned()),
        Err(error) => Some(error.to_string()),
    };
    let mut preview = made.map_err(|failure| failure.message);
    let mut left_out = 0;
    if let Ok(preview) = &mut preview {
        left_out = preview.lines.len().saturating_sub(SHOWN);
        preview.lines.truncate(SHOWN);
    }
    Ok(Draft { form: form.clone(), path, hindrance, preview, left_out })
}

/// What became of a report that was to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    Written(Written),
    /// A file of so many bytes stands there, and nobody said that it may go.
    Exists(u64),
    /// Nothing was written: why, and what to do.
    Failed(Vec<String>),
}

/// Writes the report. Everything appears at the end, or nothing.
pub fn write(case: &Case, form: &Form, force: bool, cancel: &Cancel) -> Result<Ended, Failure> {
    let options = form.options(case, force)?;
    let path = form.path();
    // No exhibits are copied from the desk.
    let originals = |_: &Sha256| -> Result<File, String> { Err("it was not asked for".to_owned()) };
    Ok(match export::write(case, &options, &path, &originals, export::SILENT, cancel.flag()) {
        Ok(written) => Ended::Written(written),
        Err(ExportError::Exists(path)) => {
            Ended::Exists(std::fs::metadata(path).map_or(0, |meta| meta.len()))
        }
        Err(_) if cancel.is_set() => return Err(Failure::new("stopped: nothing was written")),
        Err(error) => {
            let mut lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
            lines.extend(error.hint());
            Ended::Failed(lines)
        }
    })
}

/// `12 entries, 30 claims, 41 footnotes`
pub fn counted(written: &Written) -> String {
    [
        count(written.entries as u64, "entry", "entries"),
        count(written.claims as u64, "claim", "claims"),
        count(written.footnotes as u64, "footnote", "footnotes"),
    ]
    .join(", ")
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Failure {
        let hint = error.hint().map_or_else(String::new, |hint| format!(" ({hint})"));
        Failure::new(format!("{error}{hint}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_file_follows_until_somebody_chose_one() {
        let form = Form::new("青河");
        assert_eq!(form.file, "青河-report.html");
        let form = form.of(What::Findings, "青河");
        assert_eq!(form.file, "青河-findings.html");
        let form = form.written_as(Format::Docx);
        assert_eq!((form.file.as_str(), form.format), ("青河-findings.docx", Format::Docx));
        let form = form.into_file("/tmp/给魏.md");
        assert_eq!(form.format, Format::Markdown);
        assert_eq!(form.of(What::Timeline, "青河").file, "/tmp/给魏.md");
        // A name that says no format keeps the one that was chosen.
        let form = form.into_file("out.v2");
        assert_eq!(
            (form.format, form.written_as(Format::Csv).file),
            (Format::Markdown, "out.v2".to_owned())
        );
    }

    #[test]
    fn notes_are_typed_as_on_the_command_line() {
        let ids = |text: &str| What::typed(text).map(|what| what.words());
        assert_eq!(ids("N1,N3").as_deref(), Some("N1,N3"));
        assert_eq!(ids(" N12， N4 ").as_deref(), Some("N12,N4"));
        for wrong in ["", "N", "D4", "N1,x"] {
            assert_eq!(ids(wrong), None, "{wrong}");
        }
    }
}
