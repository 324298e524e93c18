//! Where the windows stand that lie over the desk, and what the mouse does there.

use super::App;
use super::layers::{self, Layer};
use super::layout::Area;
use super::line::{Line, Role};
use super::reader::compose::{self, Hits};
use crate::text::wrap::Measure;

/// Cells of most windows.
const WIDE: u16 = 72;
/// Cells of a question, and of the text in it.
const QUESTION: u16 = 60;
const ASKED: usize = 56;
/// Rows of a screen from which on a window need not take all of it.
const TALL: u16 = 36;
/// Cells of something to be read.
const REPORT: u16 = 76;

/// A framed window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub outer: Area,
    /// What is inside of the frame.
    pub inner: Area,
    /// Rows of what can be chosen in it; empty where nothing can.
    pub list: Area,
    /// Number of the first one that is shown.
    pub top: usize,
}

impl Window {
    /// A window in the middle of a screen, with room for `rows` as far as there is.
    fn new((width, height): (u16, u16), wide: u16, rows: usize) -> Window {
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2);
        let (wide, high) = (wide.min(width), rows.clamp(3, (height * 4 / 5).max(3)).min(height));
        let outer =
            Area { x: (width - wide) / 2, y: (height - high) / 3, width: wide, height: high };
        Window { outer, inner: outer, list: Area::default(), top: 0 }.fitted()
    }

    /// A window to be read, which leaves of a low screen only the hints.
    fn tall(size: (u16, u16), wide: u16, rows: usize) -> Window {
        let (width, height) = size;
        if height >= TALL {
            return Window::new(size, wide, rows);
        }
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2);
        let (wide, high) = (wide.min(width), rows.min(height.saturating_sub(2)).max(3).min(height));
        let outer = Area { x: (width - wide) / 2, y: 0, width: wide, height: high };
        Window { outer, ..Window::new(size, wide, 1) }.fitted()
    }

    /// The inside, of the frame as it is.
    fn fitted(self) -> Window {
        let outer = self.outer;
        let inner = if outer.width < 4 || outer.height < 3 {
            outer
        } else {
            Area {
                x: outer.x + 1,
                y: outer.y + 1,
                width: outer.width - 2,
                height: outer.height - 2,
            }
        };
        Window { inner, ..self }
    }

    /// With a list below `skip` rows, scrolled so far that `cursor` is seen.
    fn with_list(mut self, skip: usize, cursor: usize) -> Window {
        let skip = u16::try_from(skip).unwrap_or(u16::MAX).min(self.inner.height);
        self.list = Area { y: self.inner.y + skip, height: self.inner.height - skip, ..self.inner };
        self.top = (cursor + 1).saturating_sub(usize::from(self.list.height).max(1));
        self
    }
}

/// Sentences in rows of `cells`.
pub fn wrapped(lines: &[String], cells: usize) -> Vec<Line> {
    let rows = |line: &String| {
        compose::rows(line, Measure::text(cells), Hits::default(), Role::Text, usize::MAX).0
    };
    lines.iter().flat_map(rows).collect()
}

impl App {
    /// The window of a layer on a screen of this size; none for those that are typed in the hint
    /// line.
    pub fn window(&self, layer: &Layer, size: (u16, u16)) -> Option<Window> {
        Some(match layer {
            Layer::Help { filter, contexts, .. } => {
                let lines = self.help_lines(filter.text(), contexts, self.help_cells());
                Window::tall(size, layers::HELP, lines.len() + 1)
            }
            Layer::Palette { input, cursor, contexts } => {
                let found = self.palette(input.text(), contexts).len().max(1);
                Window::new(size, WIDE, found + 1).with_list(1, *cursor)
            }
            Layer::Figures { input, cursor } => {
                let (head, found) =
                    (self.figure_lines().len(), self.figure_values(input.text()).len());
                Window::new(size, WIDE, head + found + 2).with_list(head + 1, *cursor)
            }
            Layer::Choice { choice, input, cursor } => {
                let found = self.picks(choice, input.text()).len().max(1);
                Window::new(size, WIDE, found + 1).with_list(1, *cursor)
            }
            Layer::Report { lines, .. } => {
                let cells = usize::from(size.0.min(REPORT)).saturating_sub(4).max(1);
                Window::new(size, REPORT, wrapped(lines, cells).len())
            }
            Layer::Confirm { lines, .. } => {
                Window::new(size, QUESTION, wrapped(lines, ASKED).len() + 2)
            }
            Layer::Filter { .. } | Layer::Prompt { .. } => return None,
        })
    }

    /// A click while something lies over the desk: it takes what is under it, or closes the window
    /// that it is beside.
    pub(in crate::app) fn click_layer(&mut self, x: u16, y: u16) {
        let Some(layer) = self.layers.last() else { return };
        let Some(window) = self.window(layer, self.size) else { return };
        if !window.outer.contains(x, y) {
            return self.close_layer();
        }
        let is_question = matches!(layer, Layer::Confirm { .. });
        if is_question && y + 1 == window.inner.bottom() {
            let column = usize::from(x.saturating_sub(window.inner.x + 1));
            if let Some(command) = self.answer_at(column) {
                (command.run)(self);
            }
            return;
        }
        if !window.list.contains(x, y) {
            return;
        }
        let row = window.top + usize::from(y - window.list.y);
        let is_there = match layer {
            Layer::Palette { input, contexts, .. } => {
                row < self.palette(input.text(), contexts).len()
            }
            Layer::Figures { input, .. } => row < self.figure_values(input.text()).len(),
            Layer::Choice { choice, input, .. } => row < self.picks(choice, input.text()).len(),
            _ => false,
        };
        if !is_there {
            return;
        }
        match self.layers.last_mut() {
            Some(Layer::Palette { cursor, .. }) => {
                *cursor = row;
                self.run_from_palette();
            }
            Some(Layer::Figures { cursor, .. }) => {
                *cursor = row;
                self.take_figure();
            }
            Some(Layer::Choice { cursor, .. }) => {
                *cursor = row;
                self.take_pick();
            }
            _ => {}
        }
    }

    /// The answers below a question: `enter yes   esc no`.
    pub fn answers_line(&self) -> Line {
        let mut line = Line::new();
        for hint in self.hints() {
            line.push(format!("{} ", hint.key), Role::Key);
            line.push(format!("{}   ", hint.words), Role::Text);
        }
        line
    }

    fn answer_at(&self, column: usize) -> Option<&'static super::commands::Command> {
        let mut end = 0;
        self.hints().into_iter().find_map(|hint| {
            end += crate::text::width::of(&hint.key) + crate::text::width::of(&hint.words) + 4;
            (column + 3 < end).then_some(hint.command)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn windows_stay_on_the_screen(
            width in 1_u16..250,
            height in 1_u16..100,
            rows in 0_usize..300,
            cursor in 0_usize..300,
        ) {
            let window = Window::new((width, height), WIDE, rows).with_list(1, cursor);
            prop_assert!(window.outer.right() <= width && window.outer.bottom() <= height);
            prop_assert!(window.list.bottom() <= window.inner.bottom());
            if window.list.height > 0 {
                let row = cursor - window.top.min(cursor);
                prop_assert!(row < usize::from(window.list.height), "the cursor is seen");
            }
        }
    }
}
