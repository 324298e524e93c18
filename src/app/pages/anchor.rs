//! An anchor: what it says, where it stands, what vouches for it, and whether it still holds.

use crate::app::line::{Line, Role};
use crate::app::made::meaning_words;
use crate::app::margin::Column;
use crate::app::overview::{count, number};
use crate::app::reader::compose::{self, Hits};
use crate::app::target::Target;
use crate::case::{Anchor, AnchorView, Count, Counted, Hold, Passage, wall_text};
use crate::model::anchor::shown;
use crate::model::{Sha256, VariantKind};
use crate::text::wrap::Measure;

/// An anchor as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorPage {
    pub view: AnchorView,
    /// The query of a number, with the short numbers of this case.
    pub query: Option<String>,
    /// Whether it holds, once that was looked up.
    pub hold: Option<Hold>,
}

/// What kind of anchor it is.
fn kind(view: &AnchorView) -> &'static str {
    match (&view.anchor, view.meaning.is_empty()) {
        (Anchor::Passage(_), false) => "highlight",
        (Anchor::Passage(_), true) => "citation",
        (Anchor::Count(_), _) => "number",
    }
}

pub fn title(page: &AnchorPage) -> Line {
    let line = Line::of(page.view.id.to_string(), Role::Dim).and(" ", Role::Text);
    line.and(kind(&page.view), Role::Head)
}

pub fn lines(page: &AnchorPage, cells: usize) -> Vec<Line> {
    let view = &page.view;
    let mut lines = Vec::new();
    let words = meaning_words(view);
    if !words.is_empty() {
        wrapped(&mut lines, &format!("◆ {words}"), Role::Head, cells);
        lines.push(Line::new());
    }
    match &view.anchor {
        Anchor::Passage(passage) => quote(&mut lines, passage, cells),
        Anchor::Count(count) => wrapped(&mut lines, &count.words(), Role::Text, cells),
    }
    lines.push(Line::new());
    match &view.anchor {
        Anchor::Passage(passage) => {
            lines.push(Line::of("where it stands", Role::Dim));
            let mut to = Vec::new();
            wrapped(&mut to, &place(passage), Role::Link, cells);
            lines.extend(to.into_iter().enumerate().map(|(number, line)| match number {
                0 => line.to(Target::Passage(view.id)),
                _ => line,
            }));
        }
        Anchor::Count(number) => counted(&mut lines, number, page.query.as_deref(), cells),
    }
    lines.push(Line::new());
    let (words, role) = hold_words(page.hold.as_ref(), &view.anchor);
    wrapped(&mut lines, &words, role, cells);
    if let Some(kept) = &view.kept {
        wrapped(&mut lines, &format!("! {}", kept.words()), Role::Warn, cells);
    }
    lines
}

fn wrapped(lines: &mut Vec<Line>, text: &str, role: Role, cells: usize) {
    let measure = Measure::text(cells.saturating_sub(1).max(4));
    lines.extend(compose::rows(text, measure, Hits::default(), role, 400).0);
}

/// The quote with a little of what stands around it.
fn quote(lines: &mut Vec<Line>, passage: &Passage, cells: usize) {
    if passage.quote.is_empty() {
        return wrapped(lines, &passage.path, Role::Text, cells);
    }
    let whole = format!("{}{}{}", passage.before, passage.quote, passage.after);
    let start = passage.before.len() as u64;
    let ranges = [(start, start + passage.quote.len() as u64)];
    let hits = Hits { marked: &ranges, ..Hits::default() };
    let measure = Measure::text(cells.saturating_sub(1).max(4));
    let (rows, left) = compose::rows(&whole, measure, hits, Role::Dim, 400);
    lines.extend(rows);
    if left > 0 {
        lines.push(Line::of(format!("… {} more bytes", number(left as u64)), Role::Dim));
    }
}

fn place(passage: &Passage) -> String {
    match passage.locator.as_str() {
        "" => passage.path.clone(),
        locator => format!("{}, {locator}", passage.path),
    }
}

fn counted(lines: &mut Vec<Line>, count: &Count, query: Option<&str>, cells: usize) {
    match &count.of {
        Counted::Search { normal, variants, .. } => {
            let query = query.unwrap_or_default();
            lines.push(Line::of("the query", Role::Dim));
            let mut to = Vec::new();
            wrapped(&mut to, query, Role::Link, cells);
            if let Some(first) = to.first_mut() {
                *first = std::mem::take(first).to(Target::Search(query.to_owned()));
            }
            lines.extend(to);
            if normal != query {
                lines.push(Line::of("searched as", Role::Dim));
                wrapped(lines, normal, Role::Text, cells);
            }
            let kinds: Vec<&str> = variants.iter().map(|kind| VariantKind::name(*kind)).collect();
            lines.push(Line::of("texts that were searched", Role::Dim));
            wrapped(lines, &kinds.join(", "), Role::Text, cells);
        }
        Counted::Column { path, sheet, .. } => {
            lines.push(Line::of("the column", Role::Dim));
            let sheet = if sheet.is_empty() { String::new() } else { format!(", sheet {sheet}") };
            wrapped(lines, &format!("{path}{sheet}"), Role::Text, cells);
            for asked in count.of.conditions() {
                wrapped(lines, &format!("of rows where {asked}"), Role::Text, cells);
            }
        }
    }
}

/// Whether it holds, in a sentence.
pub fn hold_words(hold: Option<&Hold>, anchor: &Anchor) -> (String, Role) {
    let Some(hold) = hold else { return ("checking whether it holds …".to_owned(), Role::Dim) };
    match (hold, anchor) {
        (Hold::Holds, Anchor::Passage(_)) => {
            ("holds: the quote stands at its place in the stored text".to_owned(), Role::Here)
        }
        (Hold::Holds, Anchor::Count(_)) => {
            ("holds: counted again, the same over the same evidence".to_owned(), Role::Here)
        }
        (Hold::Moved { start, end }, _) => (
            format!(
                "moved: the text was made anew, the quote stands at bytes {start}-{end} of it now"
            ),
            Role::Warn,
        ),
        (Hold::Changed { now }, _) => (format!("changed: it is {} now", shown(now)), Role::Warn),
        (Hold::OtherBasis { now }, _) => (format!("other basis: {now}"), Role::Warn),
        (Hold::Misplaced { why }, _) => (format!("misplaced: {why}"), Role::Bad),
        (Hold::Broken { why }, _) => (format!("broken: {why}"), Role::Bad),
        (Hold::Absent, _) => {
            ("absent: this case has not the evidence that it points at".to_owned(), Role::Warn)
        }
    }
}

pub fn margin(page: &AnchorPage, cells: usize) -> Vec<Line> {
    let view = &page.view;
    let mut column = Column::new(cells);
    column.say("by", &view.author);
    column.say("made", &format!("{} UTC", wall_text(view.wall)));
    let hash = |column: &mut Column, name: &str, digest: &Sha256| {
        column.head(name);
        column.say("", &digest.to_string());
    };
    match &view.anchor {
        Anchor::Passage(passage) => {
            hash(&mut column, "sha256 of the file", &passage.content);
            column.say("lies at", &passage.path);
            for container in &passage.containers {
                hash(&mut column, "inside of", container);
            }
            if let Some(record) = passage.record {
                column.say("record", &number(record.ordinal + 1));
                if let Some((start, end)) = record.span {
                    column.say("its bytes", &format!("{start}-{end}"));
                }
            }
            if !passage.quote.is_empty() {
                hash(&mut column, "sha256 of the text", &passage.text);
                column.say("text", passage.variant.name());
                column.say("made by", &passage.extractor);
                column.say("bytes", &format!("{}-{}", passage.start, passage.end));
            }
        }
        Anchor::Count(counted) => {
            hash(&mut column, "sha256 over what it stands on", &counted.ids);
            column.head("over");
            column.say("", &count(counted.documents, "document", "documents"));
            column.say("", &count(counted.messages, "message", "messages"));
            if counted.no_text > 0 {
                column.say("◌ no text:", &number(counted.no_text));
            }
            if counted.unreadable > 0 {
                column.say("! unreadable:", &number(counted.unreadable));
            }
        }
    }
    column.head("its name in other copies");
    column.say("", &view.operation.to_string()[..12]);
    column.lines
}
