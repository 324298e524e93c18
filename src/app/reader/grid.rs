//! A table as a grid: a window of its rows, a cell that the cursor is on, an order, figures of
//! columns. The table may have a million rows; only those around the screen are at hand.

use super::grid_select::Block;
use super::{Anchor, Goal};
use crate::app::data::{Purpose, Request, Rows, RowsAt, TABLE_ROWS, TableOf};
use crate::case::column_letters;
use crate::case::{Figures, RowOrder, TableRow, TableView, Variant};
use crate::model::DocumentId;
use crate::model::document::{Part, table_name};
use crate::text::{day, quantity, sanitise, width};
use std::ops::Range;

/// Rows to spare around the screen.
const SPARE: u64 = 24;

/// Cells that a column may take, unless there is room.
const WIDEST: usize = 32;

/// Bytes of a cell that are looked at for the width of its column.
const MEASURED: usize = 400;

/// Where the cursor shall stand once the rows are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Place(u64),
    End,
    /// The row, and the cell in it, that hold this byte of the text.
    Offset(u64),
    /// The row that holds this byte, and a column.
    Row(u64, usize),
    /// The row with this number in the table, and a column.
    Number(u64, usize),
}

#[derive(Clone, Debug)]
pub struct Grid {
    /// The table among the parts of the text.
    pub number: usize,
    name: String,
    pub table: Part,
    /// Rows of the whole table, once they are known.
    total: Option<u64>,
    /// The row that names the columns; the outer option: whether that is decided.
    header: Option<Option<TableRow>>,
    /// What named the columns before somebody said that no row does, until the cursor moves.
    dropped: Option<TableRow>,
    /// Place of the first row that is at hand.
    first: u64,
    rows: Vec<TableRow>,
    /// Place of the row that the cursor is on, in the order that is shown.
    pub place: u64,
    /// Column of the cell that the cursor is on, from 0.
    pub column: usize,
    pub top: u64,
    pub left: usize,
    spot: Option<Spot>,
    /// The row is only sought because the cursor was on it before the view changed.
    is_kept: bool,
    pub columns: usize,
    widths: Vec<usize>,
    /// Rows are so long that a window holds few of them: windows begin at the screen.
    is_tight: bool,
    /// Cells with something in them, and those with an amount, by column.
    filled: Vec<(u32, u32)>,
    /// What was asked for, and what is shown.
    view: TableView,
    order: Option<(TableView, RowOrder)>,
    /// The column whose figures are shown, and these.
    pinned: Option<usize>,
    figures: Option<Figures>,
    /// Where the selection of cells began.
    pub(super) block: Option<Block>,
    pub width: usize,
    pub height: usize,
}

impl Grid {
    /// Shows one of the parts of a text.
    pub fn new(
        parts: &[Part],
        number: usize,
        spot: Spot,
        (width, height): (usize, usize),
    ) -> Option<Self> {
        Some(Grid {
            number,
            name: table_name(parts, number),
            table: parts.get(number)?.clone(),
            total: None,
            header: None,
            dropped: None,
            first: 0,
            rows: Vec::new(),
            place: 0,
            column: 0,
            top: 0,
            left: 0,
            spot: Some(spot),
            is_kept: false,
            columns: 1,
            widths: Vec::new(),
            filled: Vec::new(),
            is_tight: false,
            view: TableView::default(),
            order: None,
            pinned: None,
            figures: None,
            block: None,
            width,
            height,
        })
    }

    pub fn resize(&mut self, width: usize, height: usize) {
        if width != self.width {
            // As many columns are seen as there is room for now, from the first one on.
            self.left = 0;
        }
        (self.width, self.height) = (width, height);
        self.show_cursor();
    }

    /// Rows of the list that are seen at once.
    pub fn visible(&self) -> u64 {
        // Names of the columns, the rule below them, and the foot.
        (self.height as u64).saturating_sub(3).max(1)
    }

    /// The row that names the columns.
    pub fn header(&self) -> Option<&TableRow> {
        self.header.as_ref().and_then(Option::as_ref)
    }

    fn header_number(&self) -> Option<u64> {
        self.header().map(|row| row.number)
    }

    /// Rows of the whole table without the one that names the columns.
    pub fn all(&self) -> u64 {
        self.total.unwrap_or(0).saturating_sub(u64::from(self.header().is_some()))
    }

    /// Rows of the list as it is cut now.
    pub fn count(&self) -> u64 {
        self.order.as_ref().map_or(self.all(), |(_, order)| order.len())
    }

    pub fn is_known(&self) -> bool {
        self.total.is_some()
    }

    /// The view that is shown.
    pub fn shown(&self) -> Option<&TableView> {
        self.order.as_ref().map(|(view, _)| view)
    }

    /// The view that was asked for.
    pub fn view(&self) -> &TableView {
        &self.view
    }

    /// The rows are being sorted or filtered.
    pub fn is_sorting(&self) -> bool {
        match self.shown() {
            Some(shown) => *shown != self.view,
            None => !self.view.is_plain(),
        }
    }

    pub fn figures(&self) -> Option<&Figures> {
        self.figures.as_ref().filter(|figures| {
            Some(figures.column) == self.pinned && figures.conditions == self.view.conditions
        })
    }

    pub fn pinned(&self) -> Option<usize> {
        self.pinned
    }

    /// Shows the figures of a column from now on, or no longer.
    pub fn pin(&mut self, column: Option<usize>) {
        self.pinned = column;
    }

    /// What it needs to know to show itself.
    pub fn wants(&self, id: DocumentId, variant: &Variant) -> Vec<(Purpose, Request)> {
        let mut wants = Vec::new();
        let of = || {
            let variant = super::text::without_parts(variant);
            Box::new(TableOf { id, variant, table: self.table.clone() })
        };
        if let Some(rows) = self.wanted() {
            let order = self.order.as_ref().map(|(_, order)| order.clone());
            wants.push((Purpose::Table, Request::Table { of: of(), rows, order }));
        }
        if self.is_sorting() && !self.view.is_plain() {
            let view = self.view.clone();
            wants.push((Purpose::Order, Request::Order { of: of(), view }));
        }
        if let Some(column) = self.pinned
            && self.figures().is_none()
            && self.header.is_some()
        {
            let (header, conditions) = (self.header_number(), self.view.conditions.clone());
            let request = Request::Figures { of: of(), header, column, conditions };
            wants.push((Purpose::Figures, request));
        }
        wants
    }

    /// Whether it is on its way to a row that is not at hand.
    pub fn is_going(&self) -> bool {
        self.spot.is_some()
    }

    /// Where it is on its way to, as far as that can be said of a text.
    pub fn heading(&self) -> Option<Goal> {
        match self.spot? {
            Spot::End => Some(Goal::End),
            Spot::Offset(offset) => Some(Goal::At(offset)),
            Spot::Row(block, column) => Some(Goal::Anchor(Anchor { block, row: 0 }, column as u64)),
            Spot::Place(_) | Spot::Number(..) => None,
        }
    }

    /// Whether a row is looked for by its bytes.
    pub fn is_seeking(&self) -> bool {
        !self.is_kept && matches!(self.spot, Some(Spot::Offset(_) | Spot::Row(..)))
    }

    fn wanted(&self) -> Option<RowsAt> {
        let around = |place: u64| {
            let start = match self.is_tight {
                true => place,
                false => (place / SPARE * SPARE).saturating_sub(TABLE_ROWS / 3),
            };
            RowsAt::Range(start..start + TABLE_ROWS.max(2 * self.visible()))
        };
        match self.spot {
            Some(Spot::Offset(offset) | Spot::Row(offset, _)) => Some(RowsAt::Offset(offset)),
            Some(Spot::Place(place)) => Some(around(place)),
            Some(Spot::Number(number, _)) => Some(around(match &self.order {
                Some((_, order)) => order.place_of(number).unwrap_or(0),
                None => number,
            })),
            Some(Spot::End) => Some(around(self.count().saturating_sub(1))),
            None => {
                let end = self.first + self.rows.len() as u64;
                if self.is_tight && self.first <= self.top && self.top < end {
                    return None;
                }
                let bottom = (self.top + self.visible()).min(self.count());
                let is_in = self.first <= self.top.saturating_sub(SPARE)
                    && (bottom + SPARE).min(self.count()) <= end;
                (!is_in).then(|| around(self.top))
            }
        }
    }

    /// Place in the list of a row of the table, as it stands.
    fn place_of(&self, number: u64) -> u64 {
        match self.header_number() {
            Some(header) if number > header => number - 1,
            _ => number,
        }
    }

    pub fn take_rows(&mut self, answer: Rows) {
        if answer.order != self.order.as_ref().map(|(_, order)| order.clone()) {
            return;
        }
        let is_first = self.header.is_none();
        self.total = Some(answer.total);
        if is_first {
            self.header = Some(header_of(&answer.head));
            self.view.header = self.header_number();
        }
        let header = self.header_number();
        for row in answer.head.iter().chain(&answer.rows) {
            self.measure(row);
        }
        self.first =
            if answer.order.is_some() { answer.first } else { self.place_of(answer.first) };
        self.rows = answer.rows;
        if answer.order.is_none() {
            self.rows.retain(|row| Some(row.number) != header);
        }
        let end = self.first + self.rows.len() as u64;
        self.is_tight |= end < self.count() && (self.rows.len() as u64) < TABLE_ROWS / 2;
        let found = match &answer.order {
            Some(_) => answer.found,
            None => answer.found.map(|number| self.place_of(number)),
        };
        self.reach(found);
    }

    /// The cursor goes where it was to go, if that is at hand now.
    fn reach(&mut self, found: Option<u64>) {
        let Some(spot) = self.spot else { return self.show_cursor() };
        let last = self.count().saturating_sub(1);
        let before = self.place;
        match spot {
            Spot::Place(place) => self.place = place.min(last),
            Spot::End => self.place = last,
            Spot::Number(number, _) => {
                let place = match &self.order {
                    Some((_, order)) => order.place_of(number),
                    None => Some(self.place_of(number)),
                };
                self.place = place.unwrap_or(self.place).min(last);
            }
            Spot::Offset(_) | Spot::Row(..) => match found {
                Some(place) => self.place = place.min(last),
                None => {
                    // Filtered out: one stays.
                    self.spot = None;
                    return self.show_cursor();
                }
            },
        }
        let Some(row) = self.get(self.place) else {
            // The end was not known before; now it is.
            if self.count() == 0 {
                self.spot = None;
            }
            return;
        };
        match spot {
            Spot::Offset(offset) => {
                // What stands in the row that names the columns is in one of them.
                let named = self.header().filter(|header| header.start <= offset);
                let row = if offset < row.start { named } else { Some(row) };
                if let Some(row) = row {
                    let at = usize::try_from(offset - row.start).unwrap_or(usize::MAX);
                    let before = row.text.get(..at.min(row.text.len())).unwrap_or("");
                    self.column = before.matches('\t').count();
                }
            }
            Spot::Row(_, column) | Spot::Number(_, column) => {
                self.column = column.min(self.columns.saturating_sub(1));
            }
            _ => {}
        }
        self.spot = None;
        let is_seen = self.top <= self.place && self.place < self.top + self.visible();
        if !is_seen && before.abs_diff(self.place) > self.visible() {
            self.top = self.place.saturating_sub(self.visible() / 3);
        }
        self.show_cursor();
    }

    fn measure(&mut self, row: &TableRow) {
        let is_header = Some(row.number) == self.header_number();
        for (column, cell) in row.cells().enumerate() {
            if column >= self.widths.len() {
                self.widths.push(0);
                self.filled.push((0, 0));
            }
            let mut end = cell.len().min(MEASURED);
            while !cell.is_char_boundary(end) {
                end -= 1;
            }
            let mut wide = width::of(&sanitise::line(&cell[..end]));
            if is_header {
                // Its letter stands before the name.
                wide += column_letters(self.table.origin.1 + column as u32).len() + 1;
            } else if !cell.trim().is_empty() && self.filled[column].0 < 10_000 {
                self.filled[column].0 += 1;
                self.filled[column].1 += u32::from(quantity::read(cell).is_some());
            }
            self.widths[column] = self.widths[column].max(wide);
        }
        self.columns = self.columns.max(self.widths.len());
    }

    /// Another order or other rows; the cursor stays on its row if that is still there.
    pub fn set_view(&mut self, view: TableView) {
        self.view = TableView { header: self.header_number(), ..view };
        if self.view.is_plain() && self.order.is_some() {
            let here = self.current().map(|row| row.start);
            self.order = None;
            self.restart(here);
        }
    }

    pub fn take_order(&mut self, view: TableView, order: RowOrder) {
        if view != self.view {
            return;
        }
        let here = self.current().map(|row| row.start);
        // Rows that are on their way are gone to in this order.
        let going = self.spot.filter(|_| here.is_none());
        self.order = Some((view, order));
        self.restart(here);
        self.spot = going.or(self.spot);
    }

    /// It stays as it is shown: sorting was stopped or failed.
    pub fn keep_view(&mut self) {
        let plain = TableView { header: self.header_number(), ..TableView::default() };
        self.view = self.shown().cloned().unwrap_or(plain);
    }

    fn restart(&mut self, here: Option<u64>) {
        self.block = None;
        self.rows.clear();
        self.first = 0;
        self.top = 0;
        self.place = 0;
        let column = self.column;
        self.spot = Some(here.map_or(Spot::Place(0), |offset| Spot::Row(offset, column)));
        self.is_kept = true;
    }

    pub fn take_figures(&mut self, figures: Figures) {
        self.figures = Some(figures);
    }

    /// No row names the columns from now on. Where that is so already, the one that did again, as
    /// long as the cursor was not moved, or else the row under the cursor.
    pub fn set_header(&mut self) {
        let here = self.current().cloned();
        let here_start = here.as_ref().map(|row| row.start);
        match self.header().cloned() {
            Some(header) => {
                self.header = Some(None);
                self.dropped = Some(header);
            }
            None => self.header = Some(self.dropped.take().or(here)),
        }
        self.widths.clear();
        self.filled.clear();
        self.figures = None;
        self.order = None;
        let view = self.view.clone();
        self.set_view(view);
        self.restart(here_start);
    }

    pub fn go(&mut self, spot: Spot) {
        self.dropped = None;
        self.spot = Some(spot);
        self.is_kept = false;
        // At hand already: nothing has to be asked for.
        match spot {
            Spot::Place(_) | Spot::Number(..) if self.is_known() => self.reach(None),
            Spot::End if self.is_known() => {
                let last = self.count().saturating_sub(1);
                self.spot = Some(Spot::Place(last));
                self.reach(None);
            }
            _ => {}
        }
    }

    pub fn get(&self, place: u64) -> Option<&TableRow> {
        self.rows.get(usize::try_from(place.checked_sub(self.first)?).ok()?)
    }

    pub fn current(&self) -> Option<&TableRow> {
        self.get(self.place)
    }

    /// Byte range in the text of the cell that the cursor is on.
    pub fn cell_range(&self) -> Option<Range<u64>> {
        let row = self.current()?;
        let end = row.text.len();
        let cell = row.cell(self.column).unwrap_or(end..end);
        Some(row.start + cell.start as u64..row.start + cell.end as u64)
    }

    /// What stands in the cell that the cursor is on.
    pub fn cell(&self) -> &str {
        let cell = self.current().and_then(|row| row.text.get(row.cell(self.column)?));
        cell.unwrap_or("")
    }

    /// Name of a column: what the header says, or its letters.
    pub fn column_name(&self, column: usize) -> String {
        let named = self.header().and_then(|row| row.text.get(row.cell(column)?));
        match named.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => self.letters(column),
        }
    }

    pub fn letters(&self, column: usize) -> String {
        column_letters(self.table.origin.1.max(1).saturating_add(column as u32))
    }

    /// Number of a row as the sheet counts it.
    pub fn row_number(&self, row: &TableRow) -> u64 {
        u64::from(self.table.origin.0.max(1)) + row.number
    }

    /// `D9`
    pub fn address(&self) -> String {
        let row = self.current().map_or(0, |row| self.row_number(row));
        format!("{}{row}", self.letters(self.column))
    }

    /// Name of the table before the address of a cell: `付款`, `table 3`.
    pub fn sheet(&self) -> &str {
        &self.name
    }

    /// The place in the table of a cell that is named as in a sheet, from 1.
    /// Says which there are where that is none of them.
    pub fn go_to_cell(&mut self, column: u32, row: u64) -> Option<String> {
        let (first_row, first_column) = (self.table.origin.0.max(1), self.table.origin.1.max(1));
        let number = row.saturating_sub(u64::from(first_row));
        self.go(Spot::Number(number, column.saturating_sub(first_column) as usize));
        let last_row = self.total?.max(1) + u64::from(first_row) - 1;
        let last_column = first_column + (self.columns.max(1) as u32 - 1);
        if !(u64::from(first_row)..=last_row).contains(&row) {
            return Some(format!("the rows here run from {first_row} to {last_row}"));
        }
        (!(first_column..=last_column).contains(&column)).then(|| {
            let (first, last) = (column_letters(first_column), column_letters(last_column));
            format!("the columns here run from {first} to {last}")
        })
    }

    /// Whether most of a column's cells are amounts: they stand at its right.
    pub fn is_numeric(&self, column: usize) -> bool {
        self.filled.get(column).is_some_and(|(filled, numbers)| *numbers * 2 > *filled)
    }

    pub fn step(&mut self, by: i64) {
        self.dropped = None;
        self.place = self.place.saturating_add_signed(by).min(self.count().saturating_sub(1));
        self.spot = None;
        self.show_cursor();
    }

    pub fn scroll(&mut self, by: i64) {
        let most = self.count().saturating_sub(self.visible());
        self.top = self.top.saturating_add_signed(by).min(most);
        self.step(by);
    }

    /// To the cell at a place of the pane.
    pub fn point(&mut self, x: usize, y: usize) {
        let Some(row) = (y as u64).checked_sub(2).filter(|row| *row < self.visible()) else {
            return;
        };
        let mut start = self.gutter();
        for (column, wide) in self.spans() {
            if x >= start && x <= start + wide {
                self.column = column;
            }
            start += wide + 1;
        }
        self.place = self.top + row;
        self.spot = None;
        self.show_cursor();
    }

    pub fn step_column(&mut self, by: i64) {
        let last = i64::try_from(self.columns).unwrap_or(1) - 1;
        let column =
            i64::try_from(self.column).unwrap_or(0).saturating_add(by).clamp(0, last.max(0));
        self.column = usize::try_from(column).unwrap_or(0);
        self.show_cursor();
    }

    pub(super) fn show_cursor(&mut self) {
        self.place = self.place.min(self.count().saturating_sub(1));
        let visible = self.visible();
        if self.place < self.top {
            self.top = self.place;
        } else if self.place >= self.top + visible {
            self.top = self.place + 1 - visible;
        }
        self.top = self.top.min(self.count().saturating_sub(visible));
        self.left = self.left.min(self.column);
        while self.left < self.column && !self.spans().iter().any(|span| span.0 == self.column) {
            self.left += 1;
        }
        // Nothing stays hidden on the left that there is room for.
        while self.left > 0 {
            self.left -= 1;
            if !self.shows_the_last() {
                self.left += 1;
                break;
            }
        }
    }

    /// Whether all columns from the first one that is seen are seen whole.
    fn shows_the_last(&self) -> bool {
        self.spans().last().is_some_and(|(column, wide)| {
            column + 1 == self.columns && *wide >= self.natural(*column).min(WIDEST)
        })
    }

    /// Cells that a column would take.
    fn natural(&self, column: usize) -> usize {
        self.widths.get(column).copied().unwrap_or(0).clamp(3, 4 * WIDEST)
    }

    /// Cells before the first column: the cursor and the number of the row.
    pub fn gutter(&self) -> usize {
        let most = u64::from(self.table.origin.0) + self.total.unwrap_or(0);
        most.to_string().len().max(2) + 2
    }

    /// Columns that are seen, with the cells they take. Only the last one may be cut.
    pub fn spans(&self) -> Vec<(usize, usize)> {
        let room = self.width.saturating_sub(self.gutter());
        let mut taken = 0;
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for column in self.left..self.columns {
            let wide = self.natural(column).min(WIDEST);
            if taken + wide > room {
                // What is left shows the beginning of the next one, if it is worth it.
                let rest = room.saturating_sub(taken);
                if spans.is_empty() || (rest >= 6 && column != self.column) {
                    spans.push((column, rest.max(1)));
                }
                return spans;
            }
            spans.push((column, wide));
            taken += wide + 1;
        }
        // Room that is left goes to those that want more.
        let mut rest = room.saturating_sub(taken);
        for (column, wide) in &mut spans {
            let more = self.natural(*column).saturating_sub(*wide).min(rest);
            *wide += more;
            rest -= more;
        }
        spans
    }
}

/// The row that names the columns: the first one whose cells are all words and nearly as many as
/// in the fullest row. What has a date or a time of day is a record, of a log or of a talk.
fn header_of(head: &[TableRow]) -> Option<TableRow> {
    let filled = |row: &TableRow| row.cells().filter(|cell| !cell.trim().is_empty()).count();
    let most = head.iter().map(filled).max()?;
    let names = |row: &&TableRow| {
        let is_word = |cell: &str| {
            let is_value = quantity::read(cell).is_some() || day::read(cell).is_some();
            !is_value && !day::tells_time(cell) && cell.chars().count() <= 60
        };
        filled(row) >= 2 && filled(row) * 5 >= most * 3 && row.cells().all(is_word)
    };
    let found = head.iter().find(names)?;
    // A table of one row has no names.
    (head.len() > 1).then(|| found.clone())
}
