//! What a report would be, to be looked at before it is written.

use super::report::{Report, Unresolved};
use super::{ExportError, Options, SILENT, Written, make, markdown, mask_of, wording};
use crate::case::Case;
use crate::model::Hold;
use std::sync::atomic::AtomicBool;

/// A report that was not written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// In Markdown, line by line, without what is for programs.
    pub lines: Vec<String>,
    /// What would be written; no bytes and no exhibits yet.
    pub counted: Written,
    /// Footnotes that do not hold, by what the case calls them, and how each stands.
    pub failing: Vec<(String, String)>,
    /// Name of the profile that it was redacted with.
    pub redacted: Option<String>,
}

/// The report that [`super::write`] would write.
///
/// # Errors
/// The case or the profile cannot be read; `cancel` was set.
pub fn preview(
    case: &Case,
    options: &Options,
    cancel: &AtomicBool,
) -> Result<Preview, ExportError> {
    let (mask, whom) = mask_of(case, options)?;
    let report = make(case, options, &mask, SILENT, cancel)?.0;
    let text = markdown::write(&report);
    let is_shown = |line: &&str| !line.trim_start().starts_with(&format!("`{}", markdown::LOCATOR));
    let failing = report.footnotes.iter().filter(|footnote| footnote.hold != Hold::Holds);
    Ok(Preview {
        lines: text.lines().filter(is_shown).map(str::to_owned).collect(),
        counted: Written { whom, ..counted(&report) },
        failing: failing.map(|note| (note.id.clone(), wording::stands(note))).collect(),
        redacted: report.redacted,
    })
}

/// What is in a report.
pub(super) fn counted(report: &Report) -> Written {
    let (mut all, mut uncited) = (0, 0);
    for entry in report.entries() {
        let claims = entry.claims();
        all += claims.len();
        // What is cited for all that an entry says is cited for its sentences.
        if !claims.iter().any(|claim| claim.is_whole() && !claim.cites.is_empty()) {
            uncited += claims.iter().filter(|claim| claim.cites.is_empty()).count();
        }
    }
    Written {
        entries: report.entries().count(),
        footnotes: report.footnotes.len(),
        failing: report.footnotes.iter().filter(|note| note.fails()).count(),
        claims: all,
        uncited,
        unresolved: report.unresolved.iter().map(Unresolved::words).collect(),
        ..Written::default()
    }
}
