//! How a note looks while it is written: the text with the real cursor of the terminal at its
//! caret (input methods follow it), below it what it names, over it what `[[` offers.

use super::draw::{popups, put};
use super::theme::Theme;
use crate::app::App;
use crate::app::completion::Completion;
use crate::app::layout::Area;
use crate::app::writing::Writing;
use ratatui::buffer::Buffer;
use ratatui::style::Style;

/// Draws it; gives the place of the cursor.
pub fn draw(
    buffer: &mut Buffer,
    area: Area,
    writing: &Writing,
    theme: Theme,
) -> Option<(u16, u16)> {
    // One cell of air on the left, as everywhere.
    let text = Area { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    if text.width < 2 || text.height == 0 {
        return None;
    }
    for (y, line) in (text.y..text.bottom()).zip(writing.area.lines()) {
        put::line(buffer, text, y, &line, theme, Style::new());
    }
    let rows = writing.foot_rows(usize::from(area.height));
    let from = text.bottom().saturating_sub(u16::try_from(rows).unwrap_or(0));
    for (y, line) in (from..text.bottom()).zip(writing.foot(usize::from(text.width), rows)) {
        put::line(buffer, text, y, &line, theme, Style::new());
    }
    let (column, row) = writing.area.place();
    let place = |at: usize, from: u16| from.checked_add(u16::try_from(at).ok()?);
    let (x, y) = (place(column, text.x)?, place(row, text.y)?);
    (x < text.right() && y < text.bottom()).then_some((x, y))
}

/// Draws what `[[` offers, at the caret.
pub fn offer(buffer: &mut Buffer, area: Area, app: &App, caret: (u16, u16), theme: Theme) {
    let Some(Completion { found, cursor, .. }) = app.completion() else { return };
    let lines: Vec<String> = found
        .iter()
        .map(|(item, about)| format!("{item}  {}", crate::text::sanitise::line(about)))
        .collect();
    popups::list_at(buffer, area, caret, &lines, *cursor, theme);
}
