//! Tables of a text, shown as grids.

use super::super::grid::{Grid, Spot};
use super::super::{Anchor, Goal, forward};
use super::TextReader;
use crate::model::PartKind;
use crate::model::document::Part;

impl TextReader {
    pub fn grid(&self) -> Option<&Grid> {
        self.grid.as_deref()
    }

    pub fn grid_mut(&mut self) -> Option<&mut Grid> {
        self.grid.as_deref_mut()
    }

    /// The table that holds `offset`, by its number among the parts.
    pub(super) fn table_at(&self, offset: u64) -> Option<usize> {
        let after = self.parts().partition_point(|part| part.start <= offset);
        let number = after.checked_sub(1)?;
        let is_table = matches!(self.parts()[number].kind, PartKind::Sheet | PartKind::Table);
        is_table.then_some(number)
    }

    pub fn has_table(&self) -> bool {
        let is_table = |part: &Part| matches!(part.kind, PartKind::Sheet | PartKind::Table);
        self.grid.is_some() || self.parts().iter().any(is_table)
    }

    /// From the text to a grid of the table that one stands in, else of the next on the screen, else
    /// of the first there, or back. `false` when there is no table.
    pub fn toggle_grid(&mut self) -> bool {
        let top = self.top();
        self.caret = None;
        if self.grid.take().is_some() {
            self.as_grid = false;
            self.go(Goal::Anchor(Anchor { block: top, row: 0 }, 0));
            return true;
        }
        let Some(offset) = self.table_on_screen() else { return false };
        self.as_grid = true;
        self.goes_to_grid(Goal::Anchor(Anchor { block: offset, row: 0 }, 0))
    }

    /// Where the table stands that one sees first: the one that one stands in, else the next on the
    /// screen, else the first there.
    pub fn table_on_screen(&self) -> Option<u64> {
        let top = self.top();
        let bottom = self.offset_of(forward(self, self.anchor, self.height).0);
        let on_screen = top..=bottom;
        // The occurrence or line that was gone to need not be at the top.
        let gone_to = [self.here.map(|(start, _)| start), self.spot];
        let mut gone_to = gone_to.into_iter().flatten().filter(|offset| on_screen.contains(offset));
        let stands = gone_to.next().unwrap_or(top);
        match self.table_at(stands) {
            Some(_) => Some(stands),
            None => {
                let starts = self.parts().iter().map(|part| part.start);
                let tables = |offset: &u64| self.table_at(*offset).is_some();
                let starts = starts.filter(|start| on_screen.contains(start)).filter(tables);
                let above = self.table_at(top).map(|_| top);
                starts.clone().find(|start| *start >= stands).or(above).or(starts.min())
            }
        }
    }

    /// Goes there in a grid, if what stands there is shown as one.
    pub(super) fn goes_to_grid(&mut self, goal: Goal) -> bool {
        if !self.as_grid {
            return false;
        }
        let spot = match goal {
            Goal::Start => Spot::Place(0),
            Goal::End => Spot::End,
            Goal::At(offset) => Spot::Offset(offset),
            Goal::Anchor(anchor, column) => {
                Spot::Row(anchor.block, usize::try_from(column).unwrap_or(0))
            }
        };
        let offset = match (goal, &self.grid) {
            (Goal::Start | Goal::End, Some(grid)) => grid.table.start,
            (Goal::Start, None) => 0,
            (Goal::End, None) => self.total(),
            (Goal::At(offset), _) => offset,
            (Goal::Anchor(anchor, _), _) => anchor.block,
        };
        let here = if matches!(goal, Goal::At(_)) { self.hit_at(offset) } else { None };
        match self.table_at(offset) {
            Some(number) => self.open_table(number, spot),
            None => {
                self.grid = None;
                return false;
            }
        }
        self.here = match goal {
            // Whoever goes elsewhere stands on no occurrence any more.
            Goal::Start | Goal::End => None,
            _ => here.or(self.here),
        };
        self.sought = match goal {
            Goal::At(offset) => Some(offset).filter(|_| self.hits.is_none()),
            _ => None,
        };
        self.goal = None;
        true
    }

    /// Shows a table as a grid.
    pub fn open_table(&mut self, number: usize, spot: Spot) {
        match &mut self.grid {
            Some(grid) if grid.number == number => grid.go(spot),
            _ => {
                let size = (self.width, self.height);
                let Some(grid) = Grid::new(self.parts(), number, spot, size) else { return };
                self.as_grid = true;
                self.grid = Some(Box::new(grid));
            }
        }
    }
}
