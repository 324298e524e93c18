//! Rows of the list of documents. Those of the other lists are in `rows`.

use super::line::{Line, Role};
use super::overview::{bytes, count, number};
use super::signs::{self, Signs};
use crate::case::{DocumentEntry, DocumentFilter, DocumentRow, DocumentSort, Lacking, Shape};
use crate::text::{sanitise, width};
use std::borrow::Cow;

/// A row of the list. In a tree, depth is shown by an indent, and names stand without folders.
pub fn entry(entry: &DocumentEntry, filter: &DocumentFilter, cells: usize) -> Line {
    let indent = " ".repeat(entry.depth.min(cells / 4));
    match &entry.shape {
        Shape::Folder { path, documents } => {
            let name = path.rsplit(['/', '!']).next().unwrap_or(path);
            let tail = number(*documents);
            let mut line = Line::text(indent);
            if filter.folded.contains(path) {
                line.push("▹ ", Role::Key);
            }
            let room = cells.saturating_sub(line.width() + tail.len() + 2);
            line.push(width::clip_middle(&sanitise::line(name), room), Role::Head);
            line.push("/", Role::Dim);
            line.fit(cells.saturating_sub(tail.len()));
            line.push(tail, Role::Dim);
            line
        }
        Shape::Pages(pages) => {
            let name = page_set_name(&entry.row.name);
            let many = count(pages.len() as u64, "page", "pages");
            let name = format!("{name} · {many}{}", signs::of_pages(pages));
            document(&entry.row, &name, &indent, filter, cells)
        }
        Shape::Document => document(&entry.row, &entry.row.name, &indent, filter, cells),
    }
}

/// What the names of a page set have in common: `UUID_3_12.png` and `UUID_7.png` without the
/// numbers.
fn page_set_name(name: &str) -> &str {
    let without = |name: &'_ str| {
        let (head, number) = name.rsplit_once('_')?;
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && !head.is_empty()).then_some(head.len())
    };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let Some(one) = without(stem) else { return name };
    &stem[..without(&stem[..one]).unwrap_or(one)]
}

/// A column beside the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Language,
    /// `2022-04-11`, or `2022-04` where there is little room.
    Date {
        is_short: bool,
    },
    Size,
    /// In so many cells.
    Type {
        cells: usize,
    },
}

/// Cells of a size: `1023 KB`.
const SIZE: usize = 7;

/// Cells of a type, and where there is room for little else.
const TYPE: usize = 8;
const MIDDLE_TYPE: usize = 6;
const SHORT_TYPE: usize = 4;

impl Column {
    fn value(self, row: &DocumentRow) -> String {
        let day = || row.date.as_deref().and_then(|date| date.get(..10)).unwrap_or("");
        match self {
            Column::Language => width::pad_start(&sanitise::line(&row.language), 3),
            Column::Date { is_short: false } => width::pad_start(day(), 10),
            Column::Date { is_short: true } => width::pad_start(day().get(..7).unwrap_or(""), 7),
            Column::Size => width::pad_start(&bytes(row.size), SIZE),
            Column::Type { cells } => width::pad(&width::clip(&row.format, cells), cells),
        }
    }

    /// Cells that it takes at most, with the gap before it.
    fn most(self) -> usize {
        1 + match self {
            Column::Language => 3,
            Column::Date { is_short: false } => 10,
            Column::Date { is_short: true } => 7,
            Column::Size => SIZE,
            Column::Type { cells } => cells,
        }
    }

    /// Cells of a row below which it is not worth its place, unless the list is sorted by it.
    fn least(self) -> usize {
        match self {
            Column::Language => 56,
            Column::Date { .. } => 56,
            Column::Size => 50,
            Column::Type { .. } => 56,
        }
    }
}

/// The columns of a row, from left to right: the same for every row. The name gets at least half of
/// the row; of the rest what the list is sorted by comes first, and what does not fit is left out.
fn columns(sort: DocumentSort, cells: usize) -> Vec<Column> {
    let mut room = cells.saturating_sub(cells / 2 + ALWAYS);
    let of_type = Column::Type {
        cells: match cells {
            0..COLUMNS => SHORT_TYPE,
            COLUMNS..ALL_COLUMNS => MIDDLE_TYPE,
            _ => TYPE,
        },
    };
    let [whole, short] = [false, true].map(|is_short| Column::Date { is_short });
    let others = of_type.most() + Column::Size.most() + Column::Language.most();
    // A month leaves room for all the others where a day does not.
    let is_month =
        sort != DocumentSort::Date && whole.most() + others > room && short.most() + others <= room;
    let date = if whole.most() <= room && !is_month { whole } else { short };
    let first = match sort {
        DocumentSort::Date => date,
        DocumentSort::Size => Column::Size,
        DocumentSort::Language => Column::Language,
        DocumentSort::Number | DocumentSort::Path | DocumentSort::Format => of_type,
    };
    let mut shown = Vec::new();
    for column in [first, of_type, date, Column::Size, Column::Language] {
        let has_place = cells >= column.least() || column == first;
        if has_place && column.most() <= room && !shown.contains(&column) {
            room -= column.most();
            shown.push(column);
        }
    }
    let order = |column: &Column| match column {
        Column::Language => 0,
        Column::Date { .. } => 1,
        Column::Size => 2,
        Column::Type { .. } => 3,
    };
    shown.sort_by_key(order);
    shown
}

/// Cells from which on there is room for longer names of types.
const COLUMNS: usize = 60;

/// Cells from which on all of them fit beside a name, each as wide as it can be.
const ALL_COLUMNS: usize = 72;

/// Cells of a row that every row has: a gap, its state, its signs.
const ALWAYS: usize = 2 + signs::CELLS;

/// Containers that a document lies in.
fn containers(row: &DocumentRow) -> usize {
    match row.parent {
        Some(_) => row.path.matches('!').count().max(1),
        None => 0,
    }
}

/// `旧资料.zip!口述.txt`: a member with the container that it lies in.
fn with_container<'a>(row: &'a DocumentRow, name: &'a str) -> Cow<'a, str> {
    let Some((before, _)) = row.path.strip_suffix(&row.name).unwrap_or("").rsplit_once('!') else {
        return name.into();
    };
    let container = before.rsplit(['/', '!']).next().unwrap_or(before);
    format!("{container}!{name}").into()
}

/// In how many places a document lies, if in several: in words where there is room for them.
fn places_words(places: u64, cells: usize) -> String {
    match places {
        0 | 1 => String::new(),
        _ if cells > 24 => format!("  {} places", number(places)),
        _ => format!(" ×{}", number(places)),
    }
}

fn document(
    row: &DocumentRow,
    name: &str,
    indent: &str,
    filter: &DocumentFilter,
    cells: usize,
) -> Line {
    let is_tree = filter.tree;
    let (state, state_role) = signs::state(row.state);
    let signs = Signs::from(row);
    let mut line = Line::text(indent);
    let mut shown = Cow::Borrowed(name);
    if row.parent.is_some() && !is_tree {
        // Its container stands above it in the order of numbers, if nothing is left out.
        match *filter == DocumentFilter::default() {
            true => {
                let depth = containers(row).min(cells / 8);
                line.push(format!("{}└ ", "  ".repeat(depth.saturating_sub(1))), Role::Rule);
            }
            false => shown = with_container(row, name),
        }
    }
    let shown = sanitise::line(&shown);
    let columns = columns(filter.sort, cells);
    let tail = ALWAYS + columns.iter().map(|column| column.most()).sum::<usize>();
    let room = cells.saturating_sub(line.width() + tail);
    let places = places_words(row.places, room.saturating_sub(width::of(&shown)));
    let name = width::clip_middle(&shown, room.saturating_sub(width::of(&places)));
    line.push(&name, if signs.is_done() { Role::Dim } else { Role::Text });
    // Where there is room, the folder says which of two files with one name this is, and whether
    // it is the only place.
    let left = room.saturating_sub(width::of(&name) + width::of(&places));
    line.push(places, Role::Dim);
    let folder = row.path.strip_suffix(&row.name).unwrap_or("").trim_end_matches(['/', '!']);
    if left > 8 && !folder.is_empty() && row.parent.is_none() && !is_tree {
        line.push("  ", Role::Text);
        line.push(width::clip_start(&sanitise::line(folder), left - 2), Role::Dim);
    }
    line.fit(cells.saturating_sub(tail));
    for column in columns {
        line.push(" ", Role::Text);
        line.push(column.value(row), Role::Dim);
    }
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
    if let Some(language) = &filter.language {
        words.push(format!("{LANGUAGE}{language}"));
    }
    if let Some(state) = filter.state {
        words.push(state.name().replace('_', " "));
    }
    if filter.unreadable {
        words.push("unreadable".to_owned());
    }
    match filter.lacking {
        Some(Lacking::PageText) => words.push("pages without text".to_owned()),
        Some(Lacking::Assurance) => words.push("read with a warning".to_owned()),
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

/// What stands before a language in the filter of the list, as in a query.
const LANGUAGE: &str = "lang:";

/// What is typed to cut the list so: a part of the path, and `lang:zh`.
pub fn filter_text(filter: &DocumentFilter) -> String {
    match &filter.language {
        None => filter.path.clone(),
        Some(language) => format!("{LANGUAGE}{language} {}", filter.path).trim_end().to_owned(),
    }
}

/// The same filter with what was typed.
pub fn with_typed(filter: &DocumentFilter, typed: &str) -> DocumentFilter {
    let language = |word: &str| word.strip_prefix(LANGUAGE).map(str::to_owned);
    let words = || typed.split_whitespace();
    let (path, language) = match words().find_map(language) {
        None => (typed.to_owned(), None),
        Some(found) => {
            let rest: Vec<&str> = words().filter(|word| language(word).is_none()).collect();
            (rest.join(" "), Some(found).filter(|language| !language.is_empty()))
        }
    };
    DocumentFilter { path, language, ..filter.clone() }
}

pub fn sort_name(sort: DocumentSort) -> &'static str {
    match sort {
        DocumentSort::Number => "number",
        DocumentSort::Path => "path",
        DocumentSort::Format => "type",
        DocumentSort::Date => "date",
        DocumentSort::Size => "size",
        DocumentSort::Language => "language",
    }
}

/// The next way to sort; sizes and dates begin with the largest and newest.
pub fn next_sort(filter: &mut DocumentFilter) {
    filter.sort = match filter.sort {
        DocumentSort::Number => DocumentSort::Path,
        DocumentSort::Path => DocumentSort::Format,
        DocumentSort::Format => DocumentSort::Date,
        DocumentSort::Date => DocumentSort::Size,
        DocumentSort::Size => DocumentSort::Language,
        DocumentSort::Language => DocumentSort::Number,
    };
    filter.descending = matches!(filter.sort, DocumentSort::Date | DocumentSort::Size);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DocumentId, testing};

    fn row(path: &str) -> DocumentRow {
        DocumentRow {
            format: "xlsx".to_owned(),
            size: 2048,
            language: "zh".to_owned(),
            date: Some("2022-04-11T10:00:00".to_owned()),
            date_source: "modified".to_owned(),
            ..testing::document_row(1, path)
        }
    }

    #[test]
    fn a_folded_folder_says_so() {
        let shape = Shape::Folder { path: "sales".to_owned(), documents: 12 };
        let entry = DocumentEntry { row: row("sales/a.xlsx"), depth: 1, shape };
        let check = |folded: &[&str], expected: &str| {
            let folded = folded.iter().map(|path| (*path).to_owned()).collect();
            let filter = DocumentFilter { tree: true, folded, ..DocumentFilter::default() };
            assert_eq!(super::entry(&entry, &filter, 20).plain(), expected);
        };
        check(&[], " sales/           12");
        check(&["sales"], " ▹ sales/         12");
        check(&["sales/old"], " sales/           12");
    }

    #[test]
    fn depth_is_shown_where_containers_stand_above_and_their_names_where_they_do_not() {
        let check = |path: &str, sort, expected: &str| {
            let member = DocumentRow { parent: Some(DocumentId(9)), ..row(path) };
            let filter = DocumentFilter { sort, ..DocumentFilter::default() };
            let shown = entry(&DocumentEntry::from(member), &filter, 60).plain();
            assert!(shown.starts_with(expected), "{shown}");
        };
        check("a/old.zip!told.txt", DocumentSort::Number, "└ told.txt ");
        check("a/old.zip!in.zip!told.txt", DocumentSort::Number, "  └ told.txt ");
        check("a/old.zip!in.zip!told.txt", DocumentSort::Size, "in.zip!told.txt ");
        check("a/old.zip!dir/told.txt", DocumentSort::Date, "old.zip!told.txt ");
    }

    #[test]
    fn several_places_are_said() {
        let check = |places, cells, expected: &str| {
            let row = DocumentRow { places, ..row("sales/ledger.xlsx") };
            let filter = DocumentFilter::default();
            let shown = entry(&DocumentEntry::from(row), &filter, cells).plain();
            assert!(shown.starts_with(expected), "{shown}");
        };
        check(1, 80, "ledger.xlsx  sales ");
        check(2, 80, "ledger.xlsx  2 places  sales ");
        check(3, 36, "ledger.xlsx ×3 ");
        for cells in 12..40 {
            let row = DocumentRow { places: 3, ..row("a long name of a ledger.xlsx") };
            let line = entry(&DocumentEntry::from(row), &DocumentFilter::default(), cells);
            assert!(line.plain().contains(" ×3 "), "{}", line.plain());
        }
    }

    #[test]
    fn the_name_has_half_of_the_row_whatever_the_list_is_sorted_by() {
        let name = "x".repeat(90);
        for sort in [
            DocumentSort::Number,
            DocumentSort::Path,
            DocumentSort::Format,
            DocumentSort::Date,
            DocumentSort::Size,
            DocumentSort::Language,
        ] {
            let filter = DocumentFilter { sort, ..DocumentFilter::default() };
            for cells in 20..150 {
                let line = entry(&DocumentEntry::from(row(&name)), &filter, cells);
                let shown = line.plain().matches(['x', '…']).count();
                // The type ends with an x as well.
                assert!(shown >= cells / 2 && line.width() == cells, "{cells}: {}", line.plain());
            }
        }
    }

    #[test]
    fn columns_stand_below_each_other_whatever_the_name() {
        let names =
            ["a.pdf", "一份名字很长的合同台账_2022_最终版.xlsx", "noend", "x.jpeg", "信.eml"];
        let formats = ["pdf", "xlsx", "png", "jpeg", "eml"];
        for cells in [22, 26, 28, 40, 50, 60, 80, 120] {
            let starts = names.iter().zip(formats).map(|(name, format)| {
                let row =
                    DocumentRow { format: format.to_owned(), ..testing::document_row(1, name) };
                let plain = document(&row, name, "", &DocumentFilter::default(), cells).plain();
                assert_eq!(width::of(&plain), cells, "{plain}");
                width::of(&plain[..plain.rfind(format).unwrap()])
            });
            let starts: Vec<usize> = starts.collect();
            assert!(starts.iter().all(|start| *start == starts[0]), "{starts:?} in {cells}");
        }
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
        for cells in [26, 40, 68] {
            assert!(shown(DocumentSort::Language, cells).contains(" zh "), "{cells}");
        }
        assert!(shown(DocumentSort::Date, 28).contains(" 2022-04 "));
        assert!(shown(DocumentSort::Path, 30).contains("xlsx"));
        assert!(shown(DocumentSort::Date, 60).contains("xlsx"), "there is room for both");
    }

    #[test]
    fn a_wide_list_has_all_columns_however_it_is_sorted() {
        for sort in [DocumentSort::Number, DocumentSort::Size, DocumentSort::Language] {
            let filter = DocumentFilter { sort, ..DocumentFilter::default() };
            for cells in [57, 68, 84] {
                let shown = entry(&DocumentEntry::from(row("a.xlsx")), &filter, cells).plain();
                let end = shown.strip_prefix("a.xlsx").unwrap_or_default();
                let columns: Vec<&str> = end.split_whitespace().collect();
                let date = if cells == 57 { "2022-04" } else { "2022-04-11" };
                assert_eq!(columns, ["zh", date, "2.0", "KB", "xlsx"], "{shown}");
            }
        }
    }

    #[test]
    fn a_language_is_typed_into_the_filter() {
        let check = |typed: &str, path: &str, language: Option<&str>| {
            let filter = with_typed(&DocumentFilter::default(), typed);
            let found = (filter.path.as_str(), filter.language.as_deref());
            assert_eq!(found, (path, language), "{typed}");
            let again = with_typed(&DocumentFilter::default(), &filter_text(&filter));
            assert_eq!(again, filter, "{typed}");
        };
        check("合同 a", "合同 a", None);
        check(" 合同 ", " 合同 ", None);
        check("lang:zh", "", Some("zh"));
        check("2022 lang:none 合同", "2022 合同", Some("none"));
        check("lang:", "", None);
        check("slang:zh", "slang:zh", None);
    }
}
