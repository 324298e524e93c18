//! Lines into cells. The only place where text is written to the buffer.

use crate::app::layout::Area;
use crate::app::line::{Line, Role};
use crate::text::width;
use crate::tui::theme::Theme;
use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use ratatui::style::Style;
use std::num::NonZeroU16;
use unicode_segmentation::UnicodeSegmentation;

/// Writes `text` from (`x`, `y`) up to column `right`; gives the column after it. Text that comes
/// here is safe already (spans are made so); what does not fit is cut at a cluster.
pub fn text(buffer: &mut Buffer, x: u16, y: u16, right: u16, text: &str, style: Style) -> u16 {
    let area = *buffer.area();
    let right = right.min(area.right());
    if y >= area.bottom() {
        return x;
    }
    let mut x = x;
    for grapheme in text.graphemes(true) {
        let wide = u16::try_from(width::cluster(grapheme)).unwrap_or(u16::MAX);
        if wide == 0 {
            continue;
        }
        if x.saturating_add(wide) > right {
            break;
        }
        let cell = &mut buffer[(x, y)];
        cell.set_symbol(grapheme).set_style(style);
        // Where ratatui reckons differently, our width counts: layout was made with it.
        if let Some(wide) = NonZeroU16::new(wide).filter(|wide| wide.get() != grapheme.cell_width())
        {
            cell.set_diff_option(CellDiffOption::ForcedWidth(wide));
        }
        for covered in x + 1..x + wide {
            let cell = &mut buffer[(covered, y)];
            cell.reset();
            cell.set_style(style);
        }
        x += wide;
        for after in x..x.saturating_add(overhang(grapheme, wide)).min(area.right()) {
            buffer[(after, y)].set_diff_option(CellDiffOption::AlwaysUpdate);
        }
    }
    x
}

/// Cells to the right of a cluster that a terminal may spoil which does not know it as one and
/// draws its parts side by side: they are sent again after it.
fn overhang(grapheme: &str, wide: u16) -> u16 {
    if grapheme.len() < 8 {
        return 0;
    }
    let apart: usize = grapheme
        .chars()
        .map(|c| match c {
            '\u{1f1e6}'..='\u{1f1ff}' => 2,
            c => width::cluster(c.encode_utf8(&mut [0; 4])),
        })
        .sum();
    u16::try_from(apart).unwrap_or(u16::MAX).saturating_sub(wide)
}

/// Writes a line into the row `y` of `area`; gives the column after it.
pub fn line(
    buffer: &mut Buffer,
    area: Area,
    y: u16,
    line: &Line,
    theme: Theme,
    ground: Style,
) -> u16 {
    let mut x = area.x;
    let cells = usize::from(area.width);
    let mut cut: Line;
    let mut line = line;
    if line.width() > cells && width::of(line.plain().trim_end()) > cells {
        // What is left out of a line is said at its end.
        cut = line.clone();
        cut.fit(cells);
        line = &cut;
    }
    for span in &line.spans {
        let style = match span.role() {
            Role::Text => ground,
            role => ground.patch(theme.style(role)),
        };
        x = text(buffer, x, y, area.right(), span.text(), style);
    }
    x
}

/// Gives the whole row of an area a ground, as the cursor's row has.
pub fn ground(buffer: &mut Buffer, area: Area, y: u16, style: Style) {
    for x in area.x..area.right().min(buffer.area().right()) {
        if y < buffer.area().bottom() {
            buffer[(x, y)].set_style(style);
        }
    }
}

/// Makes room for something that lies over the desk. A wide character that is cut by its left or
/// right edge leaves nothing of itself behind.
pub fn clear(buffer: &mut Buffer, area: Area) {
    let bounds = *buffer.area();
    for y in area.y..area.bottom().min(bounds.bottom()) {
        for x in area.x.saturating_sub(1)..area.right().min(bounds.right()) {
            let cell = &mut buffer[(x, y)];
            if x >= area.x {
                cell.reset();
            } else if cell.cell_width() > 1 {
                cell.set_symbol(" ");
                cell.set_diff_option(CellDiffOption::None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    fn row(buffer: &Buffer) -> Vec<&str> {
        buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn wide_characters_are_never_halved() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 5, 1));
        assert_eq!(text(&mut buffer, 0, 0, 5, "合同台", Style::new()), 4);
        assert_eq!(row(&buffer), ["合", " ", "同", " ", " "]);
    }

    #[test]
    fn popups_leave_no_half_characters() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        text(&mut buffer, 0, 0, 6, "合同台", Style::new());
        clear(&mut buffer, Area { x: 1, y: 0, width: 2, height: 1 });
        assert_eq!(row(&buffer), [" ", " ", " ", " ", "台", " "]);
    }

    proptest::proptest! {
        /// Layout and drawing agree on every cluster, whatever ratatui thinks of it.
        #[test]
        fn cells_follow_our_widths(written in "\\PC{0,12}") {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 60, 1));
            let safe = crate::text::sanitise::line(&written).into_owned();
            let end = text(&mut buffer, 0, 0, 60, &safe, Style::new());
            proptest::prop_assert_eq!(usize::from(end), width::of(&safe));
        }
    }
}
