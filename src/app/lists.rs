//! Rows of the list of documents. Those of the other lists are in `rows`.

use super::line::{Line, Role};
use super::signs::{self, Signs};
use crate::case::{DocumentFilter, DocumentRow, DocumentSort};
use crate::model::State;
use crate::text::{sanitise, width};

/// What the state of a document is, where there is more to say than that it was read.
fn state(row: &DocumentRow) -> (&'static str, Role) {
    match row.state {
        state if state.is_unreadable() => ("!", Role::Bad),
        State::NoText => ("◌", Role::Warn),
        State::Empty => ("∅", Role::Dim),
        _ => (" ", Role::Text),
    }
}

pub fn document(row: &DocumentRow, cells: usize) -> Line {
    let (state, state_role) = state(row);
    let signs = Signs::from(row);
    let mut line = Line::new();
    if row.parent.is_some() {
        line.push("└ ", Role::Rule);
    }
    let format = width::clip(&row.format, 8);
    let tail = width::of(&format) + 3 + signs::CELLS;
    let room = cells.saturating_sub(line.width() + tail);
    let name = width::clip_middle(&sanitise::line(&row.name), room);
    line.push(&name, if signs.is_done() { Role::Dim } else { Role::Text });
    // Where there is room, the folder says which of two files with one name this is.
    let left = room.saturating_sub(width::of(&name));
    let folder = row.path.strip_suffix(&row.name).unwrap_or("").trim_end_matches(['/', '!']);
    if left > 8 && !folder.is_empty() && row.parent.is_none() {
        line.push("  ", Role::Text);
        line.push(width::clip_start(&sanitise::line(folder), left - 2), Role::Dim);
    }
    line.fit(cells.saturating_sub(tail));
    line.push(" ", Role::Text);
    line.push(format, Role::Dim);
    line.push(" ", Role::Text);
    line.push(state, state_role);
    signs.push(&mut line);
    line
}

/// What the list of documents shows, in words; empty for all of them.
pub fn filter_words(filter: &DocumentFilter) -> String {
    let mut words = Vec::new();
    if !filter.path.is_empty() {
        words.push(format!("~{}", filter.path));
    }
    if let Some(format) = &filter.format {
        words.push(format.clone());
    }
    if let Some(state) = filter.state {
        words.push(state.name().replace('_', " "));
    }
    if filter.unreadable {
        words.push("unreadable".to_owned());
    }
    if let Some(parent) = filter.parent {
        words.push(format!("in {parent}"));
    }
    if filter.sort != DocumentSort::default() {
        words.push(format!("by {}", sort_name(filter.sort)));
    }
    words.join(" · ")
}

pub fn sort_name(sort: DocumentSort) -> &'static str {
    match sort {
        DocumentSort::Number => "number",
        DocumentSort::Path => "path",
        DocumentSort::Format => "type",
        DocumentSort::Date => "date",
        DocumentSort::Size => "size",
    }
}

/// The next way to sort; sizes and dates begin with the largest and newest.
pub fn next_sort(filter: &mut DocumentFilter) {
    filter.sort = match filter.sort {
        DocumentSort::Number => DocumentSort::Path,
        DocumentSort::Path => DocumentSort::Format,
        DocumentSort::Format => DocumentSort::Date,
        DocumentSort::Date => DocumentSort::Size,
        DocumentSort::Size => DocumentSort::Number,
    };
    filter.descending = matches!(filter.sort, DocumentSort::Date | DocumentSort::Size);
}
