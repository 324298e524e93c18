//! What is done with a table: cells, sorting, filters, figures of a column.

use crate::app::App;
use crate::app::data::Purpose;
use crate::app::history::Open;
use crate::app::input::Input;
use crate::app::layers::{Layer, Prompt};
use crate::app::line::{Line, Role};
use crate::app::overview::{count, number};
use crate::app::reader::grid::Grid;
use crate::app::reader::{Reader, sum_words};
use crate::app::view::Pane;
use crate::case::{ColumnValue, Condition, Extreme, Figures, TableView};

impl App {
    /// The grid that has the keys.
    pub fn grid(&self) -> Option<&Grid> {
        let is_reading = matches!(self.focus, Pane::Reader | Pane::Preview);
        match &self.reader {
            Reader::Text(text) if is_reading => text.grid(),
            _ => None,
        }
    }

    pub(in crate::app) fn grid_mut(&mut self) -> Option<&mut Grid> {
        match &mut self.reader {
            Reader::Text(text) => text.grid_mut(),
            _ => None,
        }
    }

    pub(in crate::app) fn has_table(&self) -> bool {
        matches!(&self.reader, Reader::Text(text) if text.has_table())
    }

    /// Text is read, and a table stands where one is.
    pub(in crate::app) fn is_at_table(&self) -> bool {
        matches!(&self.reader, Reader::Text(text)
            if text.grid().is_none() && text.table_on_screen().is_some())
    }

    /// What the key of tables does here, for the hint line.
    pub(in crate::app) fn grid_hint(&self, _: &str) -> String {
        match (self.grid().is_some(), self.is_at_table()) {
            (true, _) => "as text".to_owned(),
            (false, true) => "as table".to_owned(),
            (false, false) => String::new(),
        }
    }

    pub(in crate::app) fn toggle_grid(&mut self) {
        for purpose in [Purpose::Table, Purpose::Order, Purpose::Figures] {
            self.asked.remove(&purpose);
        }
        if let Reader::Text(text) = &mut self.reader
            && !text.toggle_grid()
        {
            self.say("there is no table on this screen", false);
        }
        self.moved();
    }

    pub(in crate::app) fn step_column(&mut self, by: i64) {
        if let Some(grid) = self.grid_mut() {
            grid.step_column(by);
        }
        self.moved();
    }

    pub(in crate::app) fn sort_column(&mut self) {
        let Some(grid) = self.grid_mut() else { return };
        let column = grid.column;
        let sort = match grid.view().sort {
            Some((sorted, false)) if sorted == column => Some((column, true)),
            Some((sorted, true)) if sorted == column => None,
            _ => Some((column, false)),
        };
        let view = TableView { sort, ..grid.view().clone() };
        self.view_table(view);
    }

    /// How the table in the reader is sorted and cut, to come back to it.
    pub(in crate::app) fn table_view_left(&self) -> Option<TableView> {
        // Also before it was seen so once more.
        let is_open = |id| self.open == Some(Open::Document(id));
        if let Some((_, view)) = self.table_left.as_ref().filter(|(id, _)| is_open(*id)) {
            return Some(view.clone());
        }
        let Reader::Text(text) = &self.reader else { return None };
        let grid = text.grid().filter(|_| is_open(text.document.row.id))?;
        Some(grid.view()).filter(|view| !view.is_plain()).cloned()
    }

    /// Sorts and cuts the table in the reader as it was when one left it, once it is there.
    pub(in crate::app) fn view_table_as_left(&mut self) {
        let Some((id, _)) = &self.table_left else { return };
        let is_there = self.open == Some(Open::Document(*id)) && self.goal.is_none();
        if is_there
            && let Some((_, view)) = self.table_left.take()
            && let Some(grid) = self.grid_mut()
            && *grid.view() != view
        {
            self.view_table(view);
        }
    }

    fn view_table(&mut self, view: TableView) {
        self.asked.remove(&Purpose::Order);
        self.asked.remove(&Purpose::Table);
        self.cancel(Purpose::Order);
        if let Some(grid) = self.grid_mut() {
            grid.set_view(view);
        }
    }

    pub(in crate::app) fn is_sorting(&self) -> bool {
        self.grid().is_some_and(Grid::is_sorting)
    }

    pub(in crate::app) fn stop_sorting(&mut self) {
        self.cancel(Purpose::Order);
        self.asked.remove(&Purpose::Order);
        if let Some(grid) = self.grid_mut() {
            grid.keep_view();
        }
        self.say("stopped: the rows stand as before", false);
    }

    /// Whether the table is cut or sorted, or shows a sum.
    pub(in crate::app) fn is_cut_table(&self) -> bool {
        self.grid().is_some_and(|grid| !grid.view().is_plain() || grid.pinned().is_some())
    }

    pub(in crate::app) fn show_all_rows(&mut self) {
        self.view_table(TableView::default());
        if let Some(grid) = self.grid_mut() {
            grid.pin(None);
        }
    }

    pub(in crate::app) fn set_header(&mut self) {
        self.asked.remove(&Purpose::Table);
        let Some(grid) = self.grid_mut() else { return };
        let here = grid.current().map(|row| row.start);
        grid.set_header();
        let words = match grid.header() {
            Some(row) if Some(row.start) == here => "this row names the columns now",
            Some(_) => "the row that named the columns does so again",
            None => "no row names the columns; H on a row that does, or at once to take it back",
        };
        self.say(words, false);
    }

    pub(in crate::app) fn start_column_filter(&mut self) {
        let Some(grid) = self.grid() else { return };
        let (column, before) = (grid.column, grid.view().clone());
        let typed = before.conditions.iter().find(|condition| condition.column == column);
        let input = Input::new(typed.map_or("", |condition| &condition.typed));
        self.layers.push(Layer::Prompt { what: Prompt::Column { column, before }, input });
    }

    /// Cuts the table by what is typed for a column.
    pub(in crate::app) fn filter_column(&mut self, column: usize, typed: &str) {
        let Some(grid) = self.grid_mut() else { return };
        let mut view = grid.view().clone();
        view.conditions.retain(|condition| condition.column != column);
        if !typed.trim().is_empty() {
            view.conditions.push(Condition { column, typed: typed.trim().to_owned() });
        }
        if view != *grid.view() {
            self.view_table(view);
        }
    }

    /// Keeps what was typed for a column. What compares amounts with something that is none is an
    /// error there; elsewhere it may be words that stand so in a cell.
    pub(in crate::app) fn accept_column(&mut self, column: usize, typed: &str, before: TableView) {
        let doubt = Condition { column, typed: typed.to_owned() }.doubt();
        match doubt.filter(|_| self.grid().is_some_and(|grid| grid.is_numeric(column))) {
            Some(doubt) => {
                self.put_back_view(before);
                self.say(doubt, true);
            }
            None => self.moved(),
        }
    }

    pub(in crate::app) fn put_back_view(&mut self, before: TableView) {
        self.view_table(before);
    }

    pub(in crate::app) fn show_figures(&mut self) {
        self.asked.remove(&Purpose::Figures);
        let Some(grid) = self.grid_mut() else { return };
        let column = grid.column;
        grid.pin(Some(column));
        self.layers.push(Layer::Figures { input: Input::default(), cursor: 0 });
    }

    /// Values of the column whose figures are shown that contain what was typed, in one of the
    /// ways in which they are written.
    pub fn figure_values(&self, typed: &str) -> Vec<ColumnValue> {
        let needle = typed.trim().to_lowercase();
        let figures = self.grid().and_then(Grid::figures);
        let values = figures.iter().flat_map(|figures| &figures.values);
        let has = |spelling: &String| spelling.to_lowercase().contains(&needle);
        values
            .filter(|value| needle.is_empty() || value.spellings.iter().any(has))
            .cloned()
            .collect()
    }

    /// Only rows with the value under the cursor.
    pub(in crate::app) fn take_figure(&mut self) {
        let Some(Layer::Figures { input, cursor }) = self.layers.pop() else { return };
        let value = self.figure_values(input.text()).into_iter().nth(cursor);
        let column = self.grid().and_then(Grid::pinned);
        if let (Some(value), Some(column)) = (value, column) {
            self.filter_column(column, &value.typed());
        }
    }

    /// What the figures say above the list of values.
    pub fn figure_lines(&self) -> Vec<Line> {
        let Some(grid) = self.grid() else { return Vec::new() };
        let Some(figures) = grid.figures() else {
            return vec![Line::of("counting …", Role::Dim)];
        };
        figure_lines(grid, figures)
    }
}

fn figure_lines(grid: &Grid, figures: &Figures) -> Vec<Line> {
    let filled = figures.rows - figures.empty;
    let mut line = Line::text(count(figures.rows, "row", "rows"));
    let cut = if figures.conditions.is_empty() { "" } else { " (filtered)" };
    line.push(cut, Role::Warn);
    line.push(
        format!(
            " · {} filled · {}{} different · {}",
            number(filled),
            number(figures.distinct),
            if figures.has_more { "+" } else { "" },
            count(figures.numbers, "amount", "amounts"),
        ),
        Role::Dim,
    );
    if figures.dates > 0 {
        line.push(format!(" · {}", count(figures.dates, "date", "dates")), Role::Dim);
    }
    let mut lines = vec![line];
    if let (Some(earliest), Some(latest)) = (&figures.earliest, &figures.latest) {
        lines.push(Line::of(format!("from {earliest} to {latest}"), Role::Dim));
        let words = filled.saturating_sub(figures.numbers + figures.dates);
        if figures.numbers == 0 && words > 0 {
            let rest = count(words, "cell is", "cells are");
            lines.push(Line::of(format!("{rest} no date"), Role::Warn));
        }
    }
    if figures.numbers > 0 {
        lines.push(Line::of(sum_words(figures), Role::Head));
        let is_of_one_kind = figures.is_of_one_kind();
        if figures.units.len() > 1 {
            for unit in figures.units.iter().take(6) {
                let (name, sum) = (unit.name(), unit.sum.words(&unit.unit));
                let words = format!("  {name}: {sum} in {}", number(unit.amounts));
                lines.push(Line::of(words, Role::Dim));
                if !is_of_one_kind && unit.amounts > 1 {
                    let words = format!("    from {} to {}", unit.least, unit.greatest);
                    lines.push(Line::of(words, Role::Dim));
                }
            }
        }
        if is_of_one_kind {
            let ends = [Extreme::Least, Extreme::Greatest].map(|which| figures.extreme(which));
            lines.push(Line::of(format!("from {} to {}", ends[0], ends[1]), Role::Dim));
        }
        if filled > figures.numbers {
            let rest = count(filled - figures.numbers, "cell is", "cells are");
            lines.push(Line::of(format!("{rest} no amount and not in the sum"), Role::Warn));
        }
        let name = grid.column_name(figures.column);
        if let Some(unit) = ["万元", "亿元", "千元", "万", "亿"].iter().find(|unit| {
            name.contains(&format!("({unit})")) || name.contains(&format!("（{unit}）"))
        }) {
            lines.push(Line::of(format!("the column counts in {unit}: see its name"), Role::Warn));
        }
    }
    lines
}
