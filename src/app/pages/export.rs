//! A report before it is written: what is in it and where it goes, each line leading to its change;
//! below them how it reads. What is written is what was looked at.

use crate::app::exporting::{Draft, Form, counted};
use crate::app::line::{Line, Role};
use crate::app::margin::Column;
use crate::app::overview::{bytes, count, number};
use crate::app::pages::PageId;
use crate::app::reader::compose::{self, Hits};
use crate::app::target::{Change, Target};
use crate::export::Written;
use crate::model::AnchorId;
use crate::text::escape::typed_at_prompt;
use crate::text::wrap::Measure;
use crate::text::{sanitise, width};
use std::path::PathBuf;

/// Lines about whom a profile protects.
const MOST_SHOWN: usize = 12;

/// The page of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportPage {
    pub form: Form,
    /// `None` until it is made.
    pub draft: Option<Box<Draft>>,
    pub writing: Writing,
}

/// Where the writing of it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Writing {
    #[default]
    No,
    Running,
    Done(PathBuf, Box<Written>),
}

impl ExportPage {
    pub fn new(form: Form) -> ExportPage {
        ExportPage { form, draft: None, writing: Writing::No }
    }
}

pub fn title(page: &ExportPage) -> Line {
    Line::of("export ", Role::Dim).and(page.form.what.words(), Role::Head)
}

pub fn lines(page: &ExportPage, cells: usize) -> Vec<Line> {
    let form = &page.form;
    let mut lines = Vec::new();
    let profile = form.profile.as_ref().map_or_else(
        || "none".to_owned(),
        |path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
    );
    let path = match &page.draft {
        Some(draft) => draft.path.display().to_string(),
        None => form.file.clone(),
    };
    for (name, value, change) in [
        ("what", form.what.words(), Change::What),
        ("format", form.format.word().to_owned(), Change::Format),
        ("redaction", profile, Change::Profile),
        ("file", path, Change::File),
    ] {
        let line = Line::of(width::pad(name, 11), Role::Dim);
        let value = width::clip_start(&sanitise::line(&value), cells.saturating_sub(12));
        lines.push(line.and(value, Role::Link).to(Target::Export(change)));
    }
    lines.push(Line::new());
    lines.extend(state(page, cells));
    let Some(draft) = &page.draft else { return lines };
    let Ok(preview) = &draft.preview else { return lines };
    lines.push(Line::of("─".repeat(cells.saturating_sub(1)), Role::Rule));
    for text in preview.lines.iter().map(|line| unescaped(line)) {
        let role = match text.trim_start() {
            head if head.starts_with('#') => Role::Head,
            note if note.starts_with("[^") => Role::Key,
            _ => Role::Text,
        };
        let measure = Measure::text(cells.saturating_sub(1).max(4));
        let rows = compose::rows(&text, measure, Hits::default(), role, usize::MAX).0;
        let rows = if rows.is_empty() { vec![Line::new()] } else { rows };
        // It is read here; the line above writes it, and no slip does.
        lines.extend(rows.into_iter().map(|row| Line { is_stop: true, ..row }));
    }
    if draft.left_out > 0 {
        let more = count(draft.left_out as u64, "more line", "more lines");
        lines.push(Line::of(format!("… {more} are written and not shown here"), Role::Dim));
    }
    lines
}

/// Markdown as it reads: what is escaped there stands for itself here.
fn unescaped(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            // A line end that was meant is one here.
            None if c == '\\' => {}
            Some(next) if c == '\\' && next.is_ascii_punctuation() => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    text
}

/// What there is to do, and what one should know before.
fn state(page: &ExportPage, cells: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut say = |sign: &str, text: String, role: Role| {
        let measure = Measure::text(cells.saturating_sub(3).max(4));
        let rows = compose::rows(&text, measure, Hits::default(), role, 6).0;
        for (number, row) in rows.into_iter().enumerate() {
            let mut line = Line::of(if number == 0 { sign } else { "  " }, role);
            line.spans.extend(row.spans);
            lines.push(line);
        }
    };
    let Some(draft) = &page.draft else {
        say("… ", "it is put together, and every citation checked".to_owned(), Role::Dim);
        lines.truncate(1);
        // The cursor waits here.
        return lines.into_iter().map(|line| line.to(Target::Export(Change::Write))).collect();
    };
    let preview = match &draft.preview {
        Ok(preview) => preview,
        Err(why) => {
            say("! ", why.clone(), Role::Bad);
            return lines;
        }
    };
    if preview.counted.entries == 0 {
        say("! ", "there is nothing to report: choose something else".to_owned(), Role::Warn);
        return lines;
    }
    match &page.writing {
        Writing::No => say("  ", "write it".to_owned(), Role::Link),
        Writing::Running => say("… ", "it is being written".to_owned(), Role::Here),
        Writing::Done(..) => say("  ", "write it again".to_owned(), Role::Link),
    }
    if let Writing::Done(path, written) = &page.writing {
        let size = bytes(written.bytes as u64);
        say("✓ ", format!("written: {}, {size}", path.display()), Role::Here);
        say(
            "  ",
            format!(
                "casebook verify CASE --report {} checks it",
                typed_at_prompt(&path.to_string_lossy())
            ),
            Role::Text,
        );
    }
    if let Writing::Done(_, written) = &page.writing {
        if written.exhibits > 0 {
            let exhibits = count(written.exhibits as u64, "exhibit", "exhibits");
            say("  ", format!("{exhibits} beside it"), Role::Text);
        }
        for held in &written.withheld {
            say("! ", format!("{} is withheld: {}", held.path, held.why), Role::Warn);
        }
    }
    say("  ", counted(&preview.counted), Role::Text);
    for words in &preview.counted.unresolved {
        say("! ", words.clone(), Role::Warn);
    }
    if preview.counted.failing > 0 {
        let failing = count(preview.counted.failing as u64, "footnote does", "footnotes do");
        say("! ", format!("{failing} not hold: the report says which"), Role::Warn);
    }
    if preview.counted.uncited > 0 {
        let uncited = count(preview.counted.uncited as u64, "claim cites", "claims cite");
        say("! ", format!("{uncited} nothing"), Role::Warn);
    }
    if let Some(name) = &preview.redacted {
        let words = format!(
            "masked by the profile {name}; what is written is searched for what it protects"
        );
        say("● ", words, Role::Text);
        // A number in a profile may be somebody else in this copy of the case.
        let whom = &preview.counted.whom;
        for own in whom.iter().take(MOST_SHOWN) {
            say("  ", own.words(), Role::Dim);
        }
        if let Some(more) = whom.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            say("  ", format!("and {more} more"), Role::Dim);
        }
    }
    if let Some(why) = &draft.hindrance {
        say("! ", why.clone(), Role::Warn);
    }
    if let Some(first) = lines.first_mut() {
        *first = std::mem::take(first).to(Target::Export(Change::Write));
    }
    lines
}

/// What it does not say: which citations fail, and what a format is for.
pub fn margin(page: &ExportPage, cells: usize) -> Vec<Line> {
    let mut column = Column::new(cells);
    let about = match page.form.format {
        crate::export::Format::Markdown => "text with footnotes, for Pandoc and people",
        crate::export::Format::Html => "one file, no scripts, no links outside",
        crate::export::Format::Docx => "a document with real footnotes",
        crate::export::Format::Csv => "a row for each claim and citation",
        crate::export::Format::Json => "everything, for programs",
    };
    column.say(page.form.format.word(), about);
    let Some(Ok(preview)) = page.draft.as_ref().map(|draft| &draft.preview) else {
        return column.lines;
    };
    if !preview.failing.is_empty() {
        column.head("do not hold");
    }
    for (id, held) in preview.failing.iter().take(20) {
        let line = Line::of(id, Role::Link).and(format!(" {held}"), Role::Warn);
        column.lines.push(match id.parse::<AnchorId>() {
            Ok(id) => line.to(Target::Page(PageId::Anchor(id))),
            Err(_) => line,
        });
    }
    if preview.failing.len() > 20 {
        let more = number(preview.failing.len() as u64 - 20);
        column.lines.push(Line::of(format!("… {more} more"), Role::Dim));
    }
    column.head("with exhibits or a check sheet");
    column.say("", "casebook export CASE -o FILE --exhibits DIR --check-sheet SHEET");
    column.lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_withheld_is_listed() {
        let form = Form::new("青河");
        let preview = crate::export::Preview {
            counted: Written { entries: 1, ..Written::default() },
            ..Default::default()
        };
        let written = Written {
            exhibits: 2,
            withheld: vec![crate::export::Withheld {
                path: "归档/a\u{1b}.zip".to_owned(),
                footnotes: vec![1],
                why: "it holds a protected name".to_owned(),
            }],
            ..preview.counted.clone()
        };
        let page = ExportPage {
            draft: Some(Box::new(Draft {
                form: form.clone(),
                path: PathBuf::from("/tmp/a.md"),
                hindrance: None,
                preview: Ok(preview),
                left_out: 0,
            })),
            form,
            writing: Writing::Done(PathBuf::from("/tmp/a.md"), Box::new(written)),
        };
        let shown: Vec<String> = lines(&page, 100).iter().map(|line| line.plain()).collect();
        let has = |words: &str| shown.iter().any(|line| line.contains(words));
        assert!(has("2 exhibits beside it"), "{shown:?}");
        assert!(has("! 归档/a␛.zip is withheld: it holds a protected name"), "{shown:?}");
    }

    #[test]
    fn a_preview_reads_without_escapes() {
        let check = |line: &str, expected: &str| assert_eq!(unescaped(line), expected);
        check(r"verify -\-report \[x\] C:\dir \\", r"verify --report [x] C:\dir \");
        check("30万先付\\", "30万先付");
    }
}
