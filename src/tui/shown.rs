//! What the terminal shows, cell by cell, as far as that is known: so that cells which did not
//! change are written again where that is shorter than stepping over them.

use crate::text::width;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

pub(super) struct Shown {
    width: u16,
    cells: Vec<Known>,
}

#[derive(Clone)]
enum Known {
    /// Whatever somebody else left there.
    Nothing,
    Cell(Cell),
    /// The right half of a wide character.
    Covered,
}

impl Shown {
    pub(super) fn new(width: u16, height: u16) -> Shown {
        let cells = usize::from(width) * usize::from(height);
        Shown { width, cells: vec![Known::Nothing; cells] }
    }

    fn at(&self, x: u16, y: u16) -> Option<usize> {
        let at = usize::from(y) * usize::from(self.width) + usize::from(x);
        (x < self.width && at < self.cells.len()).then_some(at)
    }

    /// The whole screen was erased.
    pub(super) fn clear(&mut self) {
        self.cells.fill(Known::Cell(Cell::default()));
    }

    pub(super) fn forget(&mut self) {
        self.cells.fill(Known::Nothing);
    }

    /// Cells of the character that stands at a place; 1 where nothing is known.
    pub(super) fn width_at(&self, x: u16, y: u16) -> u16 {
        match self.at(x, y).map(|at| &self.cells[at]) {
            Some(Known::Cell(cell)) => {
                u16::try_from(width::cluster(cell.symbol()).max(1)).unwrap_or(1)
            }
            _ => 1,
        }
    }

    /// A cell was written. Of a wide character that is written over in part a blank is left behind
    /// it; where its ground is not that of the cell, terminals do not agree on which of the two it
    /// has, and it is given to be written too. So it is where its second half is a letter of its own.
    pub(super) fn put(&mut self, x: u16, y: u16, cell: &Cell) -> Option<Cell> {
        let at = self.at(x, y)?;
        let mut left = None;
        if matches!(self.cells[at], Known::Covered) && x > 0 {
            self.cells[at - 1] = Known::Nothing;
        }
        let wide = u16::try_from(width::cluster(cell.symbol()).max(1)).unwrap_or(1);
        let after = x.saturating_add(wide);
        if let Some(end) = self.at(after, y)
            && matches!(self.cells[end], Known::Covered)
        {
            let before = match &self.cells[end - 1] {
                Known::Cell(before) => Some(before.clone()),
                _ => None,
            };
            self.cells[end] = before.map_or(Known::Nothing, |mut blank| {
                let is_one_glyph = is_one_glyph(blank.symbol());
                blank.set_symbol(" ");
                let is_same = (is_unseen(blank.bg, blank.modifier)
                    && is_unseen(cell.bg, cell.modifier))
                    || (blank.bg, blank.modifier) == (cell.bg, cell.modifier);
                left = (!is_same || !is_one_glyph).then(|| blank.clone());
                Known::Cell(blank)
            });
        }
        for covered in x + 1..after {
            if let Some(covered) = self.at(covered, y) {
                self.cells[covered] = Known::Covered;
            }
        }
        self.cells[at] = Known::Cell(cell.clone());
        left
    }

    /// Whether nothing but the ground of the terminal is seen in columns `from..to` of a row.
    pub(super) fn is_blank(&self, from: u16, to: u16, y: u16) -> bool {
        (from..to).all(|x| match self.at(x, y).map(|at| &self.cells[at]) {
            Some(Known::Cell(cell)) => is_blank(cell),
            _ => false,
        })
    }

    /// The cells that stand in columns `from..to` of a row, if they are known and whole.
    pub(super) fn cells(&self, from: u16, to: u16, y: u16) -> Option<Vec<&Cell>> {
        let mut found = Vec::new();
        let mut x = from;
        while x < to {
            let Known::Cell(cell) = &self.cells[self.at(x, y)?] else { return None };
            found.push(cell);
            x += u16::try_from(width::cluster(cell.symbol()).max(1)).ok()?;
        }
        (x == to).then_some(found)
    }
}

/// Whether a terminal takes both halves of a character for one: Thai คำ is two letters side by side.
fn is_one_glyph(symbol: &str) -> bool {
    let mut first = [0; 4];
    let first = symbol.chars().next().map(|c| &*c.encode_utf8(&mut first));
    first.is_some_and(|first| width::cluster(first) == width::cluster(symbol))
}

/// Nothing is seen in this cell but the ground of the terminal.
pub(super) fn is_blank(cell: &Cell) -> bool {
    matches!(cell.symbol(), "" | " ") && is_unseen(cell.bg, cell.modifier)
}

/// A blank looks like any other with such a pen, whatever the colour of its letters.
pub(super) fn is_unseen(bg: Color, modifier: Modifier) -> bool {
    let seen = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
    bg == Color::Reset && !modifier.intersects(seen)
}
