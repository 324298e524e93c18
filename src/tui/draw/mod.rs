//! Drawing: a pure reading of the state. Nothing here decides anything.

mod heads;
mod panes;
pub mod popups;
pub mod put;

use super::editor;
use super::theme::Theme;
use crate::app::App;
use crate::app::layout::{Area, Layout};
use crate::app::line::{Line, Role};
use crate::app::overview::count;
use crate::app::reader::compose::{self, Hits};
use crate::app::view::{Pane, View};
use crate::text::wrap::Measure;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;

/// Draws the whole screen.
pub fn screen(frame: &mut Frame<'_>, app: &App, theme: Theme) {
    let buffer = frame.buffer_mut();
    let (width, height) = (buffer.area().width, buffer.area().height);
    // A resize may be on its way: draw for the size that there is.
    let layout = if app.size == (width, height) {
        app.layout.clone()
    } else {
        Layout::new(width, height, app.view, app.focus, app.is_folded)
    };
    border(buffer, &layout, app, theme);
    let mut cursor = tabs(buffer, &layout, app, theme);
    for (pane, area) in &layout.panes {
        if let Some(writing) = app.writing.as_ref().filter(|_| app.editor_pane() == Some(*pane)) {
            let place = editor::draw(buffer, *area, writing, theme);
            cursor = if app.is_in_editor() { place } else { cursor };
        } else {
            panes::draw(buffer, *pane, *area, app, theme);
        }
    }
    if let Some(area) = app.editor_pane().and_then(|pane| layout.pane(pane))
        && let Some(caret) = cursor
    {
        editor::offer(buffer, area, app, caret, theme);
    }
    hint(buffer, &layout, app, theme);
    if !app.pending.is_empty() {
        popups::following(buffer, app, &layout, theme);
    }
    if let Some(layer) = app.layers.last() {
        cursor = popups::draw(buffer, layer, app, &layout, theme);
    }
    // Input methods follow the real cursor.
    if let Some((x, y)) = cursor {
        frame.set_cursor_position(Position { x, y });
    }
}

/// The frame around everything, with the names of the panes in it.
fn border(buffer: &mut Buffer, layout: &Layout, app: &App, theme: Theme) {
    let (width, height) = (buffer.area().width, buffer.area().height);
    let style = theme.frame();
    if layout.is_framed {
        let right = width - 1;
        for y in 0..height {
            for x in [0, right] {
                buffer[(x, y)].set_symbol("│").set_style(style);
            }
        }
        rule(buffer, 0, 0, width, "┌", "┐", style);
        rule(buffer, height - 1, 0, width, "└", "┘", style);
        if let Some(foot) = layout.foot {
            rule(buffer, foot, 0, width, "├", "┤", style);
        }
        let mut title = Line::of(" ", Role::Text);
        title.spans.extend(app.title(usize::from(width).saturating_sub(6)).spans);
        title.push(" ", Role::Text);
        let area = Area { x: 2, y: 0, width: width - 4, height: 1 };
        put::line(buffer, area, 0, &title, theme, Style::new());
    }
    let Some(heads) = layout.heads else { return };
    let (left, right) = if layout.is_framed { ("├", "┤") } else { ("─", "─") };
    rule(buffer, heads, 0, width, left, right, style);
    for (number, (pane, area)) in layout.panes.iter().enumerate() {
        if number > 0 && area.x > 0 {
            let x = area.x - 1;
            buffer[(x, heads)].set_symbol("┬").set_style(style);
            for y in area.y..area.bottom() {
                buffer[(x, y)].set_symbol("│").set_style(style);
            }
            if let Some(foot) = layout.foot {
                buffer[(x, foot)].set_symbol("┴").set_style(style);
            }
        }
        let head = heads::head(*pane, app);
        let room = Area { x: area.x + 1, y: heads, width: area.width.saturating_sub(2), height: 1 };
        // The pane that has the keys says so, also without colours.
        let is_here = *pane == app.focus && !app.search.is_typing;
        let mut line = Line::of(if is_here { "▸" } else { " " }, Role::Here);
        line.spans.extend(head.spans);
        if line.width() + 1 > usize::from(room.width) {
            line.fit(usize::from(room.width));
        }
        line.push(" ", Role::Text);
        let ground = if is_here { theme.style(Role::Here) } else { Style::new() };
        put::line(buffer, room, heads, &line, theme, ground);
    }
}

fn rule(buffer: &mut Buffer, y: u16, x: u16, width: u16, left: &str, right: &str, style: Style) {
    for column in x..x + width {
        let symbol = match column {
            _ if column == x => left,
            _ if column + 1 == x + width => right,
            _ => "─",
        };
        buffer[(column, y)].set_symbol(symbol).set_style(style);
    }
}

/// Sections, or the line that is typed; gives the place of the cursor in it.
fn tabs(buffer: &mut Buffer, layout: &Layout, app: &App, theme: Theme) -> Option<(u16, u16)> {
    let area = layout.tabs?;
    let cells = usize::from(area.width);
    if app.view == View::Search {
        return search_line(buffer, area, app, theme);
    }
    let line = app.tabs(cells);
    let end = put::line(buffer, area, area.y, &line, theme, Style::new());
    let right = if layout.is_framed {
        let mut line = Line::new();
        for hint in app.corner(cells) {
            line.push(if line.spans.is_empty() { "" } else { "  " }, Role::Text);
            line.push(hint.key, Role::Key);
            line.push(format!(" {}", hint.words), Role::Text);
        }
        line
    } else {
        app.title(cells.saturating_sub(line.width() + 2))
    };
    let wide = u16::try_from(right.width()).unwrap_or(u16::MAX);
    if end + wide + 2 <= area.right() {
        let area = Area { x: area.right() - wide - 1, width: wide + 1, ..area };
        put::line(buffer, area, area.y, &right, theme, Style::new());
    }
    None
}

fn search_line(buffer: &mut Buffer, area: Area, app: &App, theme: Theme) -> Option<(u16, u16)> {
    let x = put::text(buffer, area.x, area.y, area.right(), "/ ", theme.style(Role::Key));
    let room = usize::from(area.right().saturating_sub(x));
    let mut summary = app.search.summary(room / 2);
    let wide = summary.width().min(room / 2);
    summary.fit(wide);
    let (text, column) = app.search.input.view(room.saturating_sub(wide + 2).max(1));
    put::text(buffer, x, area.y, area.right(), &text, Style::new());
    let wide = u16::try_from(wide).unwrap_or(0);
    let right = Area { x: area.right().saturating_sub(wide + 1), width: wide, ..area };
    put::line(buffer, right, area.y, &summary, theme, Style::new());
    let column = u16::try_from(column).unwrap_or(0);
    app.search.is_typing.then_some((x + column, area.y))
}

/// Rows that a notice may take.
const NOTICE: usize = 4;

fn hint(buffer: &mut Buffer, layout: &Layout, app: &App, theme: Theme) {
    let Some(whole) = layout.hint else { return };
    let cells = usize::from(whole.width).saturating_sub(1);
    let inset = u16::from(layout.is_framed);
    let area = Area { x: whole.x + inset, width: whole.width.saturating_sub(inset), ..whole };
    if let Some(notice) = &app.notice {
        let role = if notice.is_bad { Role::Bad } else { Role::Head };
        // What is longer than the line goes up over what is above it.
        let measure = Measure::text(cells.max(1));
        let rows = compose::rows(&notice.text, measure, Hits::default(), role, NOTICE).0;
        for (above, row) in rows.iter().rev().enumerate() {
            let Some(y) = u16::try_from(above).ok().and_then(|above| area.y.checked_sub(above))
            else {
                return;
            };
            put::clear(buffer, Area { y, ..whole });
            put::line(buffer, area, y, row, theme, Style::new());
        }
        return;
    }
    let mut line = Line::new();
    // What the next key means is no matter of where one is then.
    let is_held = app.held_keys() > 0;
    let begun = match app.awaited {
        _ if is_held => format!("{} waiting", count(app.held_keys() as u64, "key", "keys")),
        Some(awaited) => format!("{} … a letter", awaited.begun()),
        None if !app.pending.is_empty() => format!("{} …", crate::app::key::short(&app.pending)),
        None => String::new(),
    };
    if begun.is_empty() {
        for hint in app.hint_line(cells) {
            if !line.spans.is_empty() {
                line.push(" · ", Role::Rule);
            }
            line.push(hint.key, Role::Key);
            line.push(format!(" {}", hint.words), Role::Text);
        }
    } else {
        line.push(begun, Role::Key);
        line.push(" · ", Role::Rule);
        line.push("esc", Role::Key);
        line.push(if is_held { " takes them back" } else { " back" }, Role::Text);
    }
    put::line(buffer, area, area.y, &line, theme, Style::new());
}

/// Whether a pane has the keys.
fn has_focus(app: &App, pane: Pane) -> bool {
    app.focus == pane && app.layers.is_empty() && !app.search.is_typing
}
