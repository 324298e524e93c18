//! A table as a grid: a window of its rows, a cell that the cursor is on, an order, figures of
//! columns. The table may have a million rows; only those around the screen are at hand.

mod columns;
mod cursor;
mod rows;
mod select;
mod window;

pub use rows::sum_words;

use crate::case::{Figures, RowOrder, TableRow, TableView};
use crate::model::document::{Part, table_name};
use crate::text::{day, quantity};
use select::Block;

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
