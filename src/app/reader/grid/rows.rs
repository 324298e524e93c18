//! How a grid looks: names of columns, a rule, rows with aligned cells, a foot.

use super::super::compose::{self, Hits};
use super::Grid;
use crate::app::line::{Line, Role};
use crate::app::overview::{count, number};
use crate::case::{Condition, Figures, TableRow};
use crate::text::{sanitise, width};

impl Grid {
    /// Byte ranges of the cells that are on the screen. A line end goes with its last cell.
    pub fn on_screen(&self) -> Vec<(u64, u64)> {
        let columns: Vec<usize> = self.spans().into_iter().map(|(column, _)| column).collect();
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for row in (self.top..self.top + self.visible()).map_while(|place| self.get(place)) {
            let mut at = row.start;
            for (column, cell) in row.cells().enumerate() {
                let end = at + cell.len() as u64 + 1;
                if columns.contains(&column) {
                    match ranges.last_mut() {
                        Some(last) if last.1 == at => last.1 = end,
                        _ => ranges.push((at, end)),
                    }
                }
                at = end;
            }
        }
        ranges
    }

    pub fn lines(&self, hits: Hits<'_>) -> Vec<Line> {
        let spans = self.spans();
        let mut lines = vec![self.names(&spans), self.rule(&spans)];
        let rows = self.height.saturating_sub(3);
        for place in (self.top..self.count()).take(rows) {
            lines.push(match self.get(place) {
                Some(row) => self.row(row, place, &spans, hits),
                None => Line::of("  …", Role::Dim),
            });
        }
        if self.is_known() && self.count() == 0 && rows > 0 {
            let doubt = self.view().conditions.iter().find_map(Condition::doubt);
            lines.push(match doubt {
                Some(doubt) => Line::of(format!("  {}", sanitise::line(&doubt)), Role::Bad),
                None => Line::of("  no row fits: a shows all again", Role::Dim),
            });
        }
        lines.resize(self.height.saturating_sub(1).max(lines.len().min(self.height)), Line::new());
        lines.push(self.foot());
        lines.truncate(self.height);
        lines
    }

    fn names(&self, spans: &[(usize, usize)]) -> Line {
        let gutter = self.gutter();
        let mut line = Line::of(width::pad_start("#", gutter - 1), Role::Dim);
        for (column, wide) in spans {
            line.push("│", Role::Rule);
            let role = if *column == self.column { Role::Here } else { Role::Head };
            let letters = self.letters(*column);
            let name = self.column_name(*column);
            let mut cell = Line::new();
            if name != letters && *wide > letters.len() + 2 {
                cell.push(format!("{letters} "), Role::Dim);
            }
            let sort = self.view().sort.filter(|(sorted, _)| sorted == column);
            let sign = match sort {
                Some((_, true)) => "▾",
                Some((_, false)) => "▴",
                None => "",
            };
            let room = wide.saturating_sub(cell.width() + sign.chars().count());
            let name = compose::cell(&name, room, 0, Hits::default(), role);
            cell.spans.extend(name.spans);
            cell.push(sign, Role::Key);
            cell.fit(*wide);
            line.spans.extend(cell.spans);
        }
        line
    }

    fn rule(&self, spans: &[(usize, usize)]) -> Line {
        let mut text = "─".repeat(self.gutter() - 1);
        for (_, wide) in spans {
            text.push('┼');
            text.extend(std::iter::repeat_n('─', *wide));
        }
        Line::of(text, Role::Rule)
    }

    fn row(&self, row: &TableRow, place: u64, spans: &[(usize, usize)], hits: Hits<'_>) -> Line {
        let is_here = place == self.place;
        let digits = width::pad_start(&self.row_number(row).to_string(), self.gutter() - 2);
        let mut line = Line::of(digits, if is_here { Role::Here } else { Role::Dim });
        line.push(if is_here { "▸" } else { " " }, Role::Here);
        for (column, wide) in spans {
            line.push("│", Role::Between);
            let range = row.cell(*column);
            let text = range.clone().and_then(|range| row.text.get(range)).unwrap_or("");
            let base = row.start + range.map_or(0, |range| range.start as u64);
            let role = match () {
                () if is_here && *column == self.column => Role::Caret,
                () if self.is_in_block(place, *column) => Role::Selected,
                () => Role::Text,
            };
            let mut cell = compose::cell(text, *wide, base, hits, role);
            let missing = " ".repeat(wide.saturating_sub(cell.width()));
            if self.is_numeric(*column) {
                let mut padded = Line::of(&missing, role);
                padded.spans.append(&mut cell.spans);
                cell = padded;
            } else {
                cell.push(&missing, role);
            }
            line.spans.extend(cell.spans);
        }
        if row.is_cut {
            line.push(" … the row goes on", Role::Warn);
        }
        line
    }

    /// How many rows, how they are cut and sorted, and the figures of a column.
    fn foot(&self) -> Line {
        if !self.is_known() {
            return Line::of("…", Role::Dim);
        }
        let mut line = Line::new();
        match self.shown().filter(|view| !view.conditions.is_empty()) {
            Some(_) => {
                line.push(
                    format!("{} of {}", number(self.count()), count(self.all(), "row", "rows")),
                    Role::Head,
                );
            }
            None => line.push(count(self.all(), "row", "rows"), Role::Dim),
        }
        // What was left out comes first: where there is little room the rest may be cut off.
        for condition in &self.view().conditions {
            line.push(format!(" · {}", self.condition_words(condition)), Role::Key);
        }
        if let Some(column) = self.pinned() {
            line.push(format!(" · {}: ", self.column_name(column)), Role::Dim);
            match self.figures() {
                Some(figures) => line.push(sum_words(figures), Role::Head),
                None => line.push("counting …", Role::Dim),
            }
        }
        if let Some((column, descends)) = self.view().sort {
            let order = if descends { "greatest first" } else { "least first" };
            line.push(format!(" · by {} ({order})", self.column_name(column)), Role::Dim);
        }
        if self.is_sorting() {
            line.push(" · sorting … esc stops", Role::Warn);
        }
        line
    }

    /// `客户~川江`
    pub fn condition_words(&self, condition: &Condition) -> String {
        let name = self.column_name(condition.column);
        let typed = condition.typed.trim();
        let sign = if typed.starts_with(['=', '<', '>', '!', '≥', '≤']) { "" } else { "~" };
        format!("{name}{sign}{typed}")
    }
}

/// Units of which sums are shown in a line; a citation has them all.
const UNITS: usize = 4;

/// `sum 7,694,300 CNY (1 without unit)`, for every unit one.
pub fn sum_words(figures: &Figures) -> String {
    match figures.units.is_empty() {
        true => format!(
            "no amounts, {}{}",
            count(figures.distinct, "different value", "different values"),
            if figures.has_more { " or more" } else { "" }
        ),
        false => format!("sum {}", figures.sum_clipped(UNITS)),
    }
}
