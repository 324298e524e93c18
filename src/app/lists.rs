//! Rows of the list of documents. Those of the other lists are in `rows`.

use super::line::{Line, Role};
use super::overview::{bytes, count, number};
use super::signs::{self, Signs};
use crate::case::{DocumentEntry, DocumentFilter, DocumentRow, DocumentSort, Lacking, Shape};
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

/// Cells of the columns that come when there is room for them: language, date, size.
const COLUMNS: [(usize, usize); 3] = [(72, 4), (58, 11), (50, 9)];

/// What a path begins with in the folder or container of an entry; `None` for other entries.
pub fn folder_path(entry: &DocumentEntry) -> Option<String> {
    let Shape::Folder { path, .. } = &entry.shape else { return None };
    // A member of a container is named `container!member`: the first document in it tells.
    let separator = entry.row.path.get(path.len()..).and_then(|rest| rest.chars().next());
    Some(format!("{path}{}", separator.unwrap_or('/')))
}

/// A row of the list. In a tree, depth is shown by an indent, and names stand without folders.
pub fn entry(entry: &DocumentEntry, filter: &DocumentFilter, cells: usize) -> Line {
    let indent = " ".repeat(entry.depth.min(cells / 4));
    match &entry.shape {
        Shape::Folder { path, documents } => {
            let name = path.rsplit(['/', '!']).next().unwrap_or(path);
            let tail = number(*documents);
            let mut line = Line::text(indent);
            let room = cells.saturating_sub(line.width() + tail.len() + 2);
            line.push(width::clip_middle(&sanitise::line(name), room), Role::Head);
            line.push("/", Role::Dim);
            line.fit(cells.saturating_sub(tail.len()));
            line.push(tail, Role::Dim);
            line
        }
        Shape::Pages(pages) => {
            let name = page_set_name(&entry.row.name);
            let name = format!("{name} · {}", count(pages.len() as u64, "page", "pages"));
            document(&entry.row, &name, &indent, filter, cells)
        }
        Shape::Document => document(&entry.row, &entry.row.name, &indent, filter, cells),
    }
}

/// What the names of a page set have in common: `UUID_3_12.png` without the numbers.
fn page_set_name(name: &str) -> &str {
    let mut parts = name.rsplitn(3, '_');
    parts.nth(2).unwrap_or(name)
}

fn document(
    row: &DocumentRow,
    name: &str,
    indent: &str,
    filter: &DocumentFilter,
    cells: usize,
) -> Line {
    let is_tree = filter.tree;
    let (state, state_role) = state(row);
    let signs = Signs::from(row);
    let mut line = Line::text(indent);
    if row.parent.is_some() && !is_tree {
        line.push("└ ", Role::Rule);
    }
    let day = || row.date.as_deref().and_then(|date| date.get(..10)).unwrap_or("").to_owned();
    let columns: Vec<usize> =
        COLUMNS.iter().map(|(least, wide)| if cells >= *least { *wide } else { 0 }).collect();
    let extra: usize = columns.iter().sum();
    // Types are a column of their own where there are columns; where there are none, what the
    // list is sorted by is seen.
    let format = width::clip(&row.format, 8);
    let format = match filter.sort {
        _ if extra > 0 && cells >= COLUMNS[1].0 => width::pad(&format, 8),
        DocumentSort::Date => day(),
        _ if extra > 0 => width::pad(&format, 8),
        DocumentSort::Size => bytes(row.size),
        _ => format,
    };
    let tail = width::of(&format) + 3 + signs::CELLS + extra;
    let room = cells.saturating_sub(line.width() + tail);
    let name = width::clip_middle(&sanitise::line(name), room);
    line.push(&name, if signs.is_done() { Role::Dim } else { Role::Text });
    // Where there is room, the folder says which of two files with one name this is.
    let left = room.saturating_sub(width::of(&name));
    let folder = row.path.strip_suffix(&row.name).unwrap_or("").trim_end_matches(['/', '!']);
    if left > 8 && !folder.is_empty() && row.parent.is_none() && !is_tree {
        line.push("  ", Role::Text);
        line.push(width::clip_start(&sanitise::line(folder), left - 2), Role::Dim);
    }
    line.fit(cells.saturating_sub(tail));
    let values = [row.language.clone(), day(), bytes(row.size)];
    for (value, wide) in values.iter().zip(&columns) {
        if *wide > 0 {
            line.push(" ", Role::Text);
            line.push(width::pad_start(&sanitise::line(value), wide - 1), Role::Dim);
        }
    }
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
    match filter.lacking {
        Some(Lacking::PageText) => words.push("pages without text".to_owned()),
        Some(Lacking::Zone) => words.push("zone assumed".to_owned()),
        Some(Lacking::File) => words.push("file not found".to_owned()),
        None => {}
    }
    if let Some(parent) = filter.parent {
        words.push(format!("in {parent}"));
    }
    if filter.tree {
        words.push("tree".to_owned());
    } else if filter.sort != DocumentSort::default() || filter.descending {
        let order = if filter.descending { " ▾" } else { "" };
        words.push(format!("by {}{order}", sort_name(filter.sort)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocumentId;

    fn row(path: &str) -> DocumentRow {
        DocumentRow {
            id: DocumentId(1),
            path: path.to_owned(),
            name: path.rsplit(['/', '!']).next().unwrap().to_owned(),
            format: "xlsx".to_owned(),
            size: 2048,
            state: State::Read,
            reason: String::new(),
            sha256: None,
            language: "zh".to_owned(),
            date: Some("2022-04-11T10:00:00".to_owned()),
            date_source: "modified".to_owned(),
            parent: None,
            places: 1,
            children: 0,
            messages: 0,
            read: false,
            starred: false,
            irrelevant: false,
            tags: Vec::new(),
        }
    }

    #[test]
    fn folders_and_containers_are_opened_by_what_lies_in_them() {
        let check = |folder: &str, first: &str, expected: &str| {
            let shape = Shape::Folder { path: folder.to_owned(), documents: 1 };
            let entry = DocumentEntry { row: row(first), depth: 0, shape };
            assert_eq!(folder_path(&entry).as_deref(), Some(expected));
        };
        check("sales", "sales/a.xlsx", "sales/");
        // A container that does not fit the filter itself is a folder of what does.
        check("old.zip", "old.zip!a.xlsx", "old.zip!");
        check("old.zip!in", "old.zip!in/a.xlsx", "old.zip!in/");
        check("odd!", "odd!/a.xlsx", "odd!/");
        assert_eq!(folder_path(&DocumentEntry::from(row("a.xlsx"))), None);
    }

    #[test]
    fn what_the_list_is_sorted_by_is_seen_where_it_is_narrow() {
        let shown = |sort, cells| {
            let filter = DocumentFilter { sort, ..DocumentFilter::default() };
            entry(&DocumentEntry::from(row("a.xlsx")), &filter, cells).plain()
        };
        for cells in [30, 54, 60, 90] {
            assert!(shown(DocumentSort::Date, cells).contains("2022-04-11"), "{cells}");
            assert!(shown(DocumentSort::Size, cells).contains("2.0 KB"), "{cells}");
        }
        assert!(shown(DocumentSort::Path, 30).contains("xlsx"));
        assert!(shown(DocumentSort::Date, 60).contains("xlsx"), "there is room for both");
    }
}
