//! A note: what it says, with what it names as links, and what they name.

use super::finding::{self, Holds};
use super::target_of;
use crate::app::line::{Line, Role};
use crate::app::margin::Column;
use crate::app::reader::compose::{self, Hits};
use crate::case::{Note, NoteText, NoteView, wall_text};
use crate::model::ItemId;
use crate::text::wrap::Measure;
use crate::text::{sanitise, width};

pub fn lines(view: &NoteView, cells: usize) -> Vec<Line> {
    let note = &view.note;
    let mut lines = finding::head(view, cells);
    if note.texts.len() > 1 {
        lines.push(Line::of(
            format!("≠ {} texts were written at the same time: both are kept", note.texts.len()),
            Role::Warn,
        ));
        lines.push(Line::of("  editing puts them together", Role::Dim));
        lines.push(Line::new());
    }
    for (number, text) in note.texts.iter().enumerate() {
        if note.texts.len() > 1 {
            if number > 0 {
                lines.push(Line::new());
            }
            lines.push(rule(text, cells));
        }
        body(&mut lines, note, &text.text, cells);
    }
    lines.extend(finding::gathered(view, cells));
    lines
}

fn rule(text: &NoteText, cells: usize) -> Line {
    let mut line = Line::of("── ", Role::Rule);
    line.push(&text.by, Role::Head);
    line.push(format!(" {} ", wall_text(text.wall)), Role::Dim);
    let rest = cells.saturating_sub(line.width() + 1);
    line.and("─".repeat(rest), Role::Rule)
}

/// The text wrapped; a row that names something leads to the first it names.
fn body(lines: &mut Vec<Line>, note: &Note, text: &str, cells: usize) {
    let (text, known) = note.as_read(text);
    let ranges: Vec<(u64, u64)> =
        known.iter().map(|(range, _)| (range.start as u64, range.end as u64)).collect();
    let measure = Measure::text(cells.saturating_sub(1).max(4));
    let hits = Hits { ranges: &ranges, ..Hits::default() };
    for (range, mut line) in compose::ranged_rows(&text, measure, hits, Role::Text) {
        for span in &mut line.spans {
            span.recast(Role::Hit, Role::Link);
        }
        let first =
            known.iter().find(|(named, _)| named.start < range.end && range.start < named.end);
        let target = first.and_then(|(_, item)| target_of(*item));
        line.about = first.map(|(_, item)| *item);
        // What leads nowhere can still be graded, tagged and named.
        line.is_stop = line.about.is_some();
        lines.push(match target {
            Some(target) => line.to(target),
            None => line,
        });
    }
}

pub fn margin(view: &NoteView, holds: &Holds, cells: usize) -> Vec<Line> {
    let note = &view.note;
    let mut column = Column::new(cells);
    finding::evidence(&mut column, view, holds);
    if !column.lines.is_empty() {
        column.lines.push(Line::new());
    }
    for text in &note.texts {
        column.say("by", &text.by);
        column.say("written", &format!("{} UTC", wall_text(text.wall)));
    }
    // Anchors stand above, with what they do for it.
    let is_named = |(item, _): &&(ItemId, String)| !matches!(item, ItemId::Anchor(_));
    if note.references.iter().any(|named| is_named(&named)) {
        column.head("it names");
    }
    for (item, about) in note.references.iter().filter(is_named) {
        let Some(target) = target_of(*item) else { continue };
        let id = item.to_string();
        let mut line = Line::of(&id, Role::Link).and(" ", Role::Text);
        let room = cells.saturating_sub(width::of(&id) + 2);
        line.push(width::clip(&sanitise::line(about), room), Role::Text);
        column.lines.push(line.to(target));
    }
    column.head("its name in other copies");
    column.say("", &note.operation.to_string()[..12]);
    column.lines
}
