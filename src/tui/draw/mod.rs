//! Drawing: a pure reading of the state. Nothing here decides anything.

mod panes;
pub mod popups;
pub mod put;

use super::editor;
use super::theme::Theme;
use crate::app::App;
use crate::app::layout::{Area, Layout};
use crate::app::line::{Line, Role};
use crate::app::view::{Pane, View};
use crate::text::width;
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
        Layout::new(width, height, app.view, app.focus)
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
        let head = panes::head(*pane, app);
        let room = Area { x: area.x + 1, y: heads, width: area.width.saturating_sub(2), height: 1 };
        let mut line = Line::of(" ", Role::Text);
        line.spans.extend(head.spans);
        if line.width() + 1 > usize::from(room.width) {
            line.fit(usize::from(room.width));
        }
        line.push(" ", Role::Text);
        // The pane that has the keys says so.
        let ground = if *pane == app.focus { theme.style(Role::Here) } else { Style::new() };
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
        Line::of("/", Role::Key)
            .and(" search  ", Role::Text)
            .and(":", Role::Key)
            .and(" command  ", Role::Text)
            .and("?", Role::Key)
            .and(" keys", Role::Text)
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
    let summary = app.search.summary();
    let room = usize::from(area.right().saturating_sub(x));
    let wide = summary.width().min(room / 2);
    let (text, column) = app.search.input.view(room.saturating_sub(wide + 2).max(1));
    put::text(buffer, x, area.y, area.right(), &text, Style::new());
    let wide = u16::try_from(wide).unwrap_or(0);
    let right = Area { x: area.right().saturating_sub(wide + 1), width: wide, ..area };
    put::line(buffer, right, area.y, &summary, theme, Style::new());
    let column = u16::try_from(column).unwrap_or(0);
    app.search.is_typing.then_some((x + column, area.y))
}

fn hint(buffer: &mut Buffer, layout: &Layout, app: &App, theme: Theme) {
    let Some(area) = layout.hint else { return };
    let cells = usize::from(area.width).saturating_sub(1);
    let area = Area { x: area.x + u16::from(layout.is_framed), ..area };
    if let Some(notice) = &app.notice {
        let role = if notice.is_bad { Role::Bad } else { Role::Head };
        put::line(buffer, area, area.y, &Line::of(&notice.text, role), theme, Style::new());
        return;
    }
    let mut line = Line::new();
    if let Some(awaited) = app.awaited {
        line.push(awaited.begun(), Role::Key);
        line.push(" … a letter", Role::Text);
    }
    if !app.pending.is_empty() {
        line.push(crate::app::key::short(&app.pending), Role::Key);
        line.push(" …", Role::Text);
    }
    // Where the keys are listed is said whatever else there is no room for.
    let (hints, help): (Vec<_>, Vec<_>) =
        app.hints().into_iter().partition(|(_, hint)| hint != "keys");
    let wide = |(key, hint): &(String, String)| width::of(key) + width::of(hint) + 4;
    let mut room = cells.saturating_sub(line.width() + help.iter().map(wide).sum::<usize>());
    let mut fits = |hint: &(String, String)| {
        let left = room.checked_sub(wide(hint));
        room = left.unwrap_or(0);
        left.is_some()
    };
    let hints: Vec<_> = hints.into_iter().take_while(|hint| fits(hint)).chain(help).collect();
    for (key, hint) in hints {
        if !line.spans.is_empty() {
            line.push(" · ", Role::Rule);
        }
        line.push(key, Role::Key);
        line.push(format!(" {hint}"), Role::Text);
    }
    put::line(buffer, area, area.y, &line, theme, Style::new());
}

/// Whether a pane has the keys.
fn has_focus(app: &App, pane: Pane) -> bool {
    app.focus == pane && app.layers.is_empty() && !app.search.is_typing
}
