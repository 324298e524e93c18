//! What lies over the desk.

use super::put;
use crate::app::choice::Take;
use crate::app::input::Input;
use crate::app::layers::{self, Layer};
use crate::app::layout::{Area, Layout};
use crate::app::line::{Line, Role};
use crate::app::overview;
use crate::app::popup::{Window, wrapped};
use crate::app::view::{Pane, View};
use crate::app::{App, help};
use crate::text::{sanitise, width};
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::style::Style;

/// Draws the layer; gives the place of the cursor.
pub fn draw(
    buffer: &mut Buffer,
    layer: &Layer,
    app: &App,
    layout: &Layout,
    theme: Theme,
) -> Option<(u16, u16)> {
    let size = (buffer.area().width, buffer.area().height);
    let window = app.window(layer, size);
    match layer {
        Layer::Help { filter, top, contexts } => {
            let lines = app.help_lines(filter.text(), contexts, app.help_cells());
            let inner = frame(buffer, window?, "KEYS", theme);
            let shown = Area { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
            for (y, line) in (shown.y..shown.bottom()).zip(lines.iter().skip(*top)) {
                put::line(buffer, shown, y, line, theme, Style::new());
            }
            input(buffer, inner, "filter: ", filter, theme)
        }
        Layer::Palette { input: typed, cursor, contexts } => {
            let found = app.palette(typed.text(), contexts);
            let Window { list, top, .. } = window?;
            let inner = frame(buffer, window?, "COMMAND", theme);
            if found.is_empty() {
                none(buffer, list, &layers::no_command(typed.text()), theme);
            }
            let shown = found.iter().enumerate().skip(top);
            for (y, (number, command)) in (list.y..list.bottom()).zip(shown) {
                let is_here = command.is_in(contexts);
                let can_run = is_here && app.may_run(command);
                let role = if can_run { Role::Text } else { Role::Dim };
                let keys = help::keys_of(command, &app.keymap);
                let room = usize::from(inner.width).saturating_sub(width::of(&keys) + 3);
                let mut line = Line::text(if number == *cursor { "▸" } else { " " });
                line.push(width::pad(command.name, 20), role);
                // What it does, or why not here.
                let elsewhere = (!is_here).then(|| format!("acts {}", command.places()));
                let words = match (&elsewhere, app.hindrance(command)) {
                    (Some(places), _) => places,
                    (None, Some("")) => "means nothing here",
                    (None, Some(why)) => why,
                    (None, None) => command.doc,
                };
                line.push(words, Role::Dim);
                line.fit(room);
                line.push(" ", Role::Text);
                line.push(keys, Role::Key);
                let ground = if number == *cursor { theme.cursor(true) } else { Style::new() };
                if number == *cursor {
                    put::ground(buffer, inner, y, ground);
                }
                put::line(buffer, inner, y, &line, theme, ground);
            }
            input(buffer, inner, ": ", typed, theme)
        }
        Layer::Figures { input: typed, cursor } => {
            let head = app.figure_lines();
            let found = app.figure_values(typed.text());
            let title = match app.grid().and_then(|grid| Some((grid, grid.pinned()?))) {
                Some((grid, column)) => sanitise::line(&grid.column_name(column)).into_owned(),
                None => "COLUMN".to_owned(),
            };
            let Window { list, top, .. } = window?;
            let inner = frame(buffer, window?, &title, theme);
            for (y, line) in (inner.y..inner.bottom()).zip(&head) {
                put::line(buffer, inner, y, line, theme, Style::new());
            }
            let skip = u16::try_from(head.len()).unwrap_or(0).min(inner.height);
            let rest = Area { y: inner.y + skip, height: inner.height - skip, ..inner };
            let shown = found.iter().enumerate().skip(top);
            for (y, (number, value)) in (list.y..list.bottom()).zip(shown) {
                let mut line = Line::text(if number == *cursor { "▸" } else { " " });
                line.push(width::pad_start(&overview::number(value.rows), 9), Role::Dim);
                line.push("  ", Role::Text);
                line.push(value.text(), Role::Text);
                if value.spellings.len() > 1 {
                    let many = value.spellings.len() as u64;
                    line.push(format!("  {} spellings", overview::number(many)), Role::Dim);
                }
                line.fit(usize::from(rest.width));
                let ground = if number == *cursor { theme.cursor(true) } else { Style::new() };
                if number == *cursor {
                    put::ground(buffer, rest, y, ground);
                }
                put::line(buffer, rest, y, &line, theme, ground);
            }
            input(buffer, rest, "values: ", typed, theme)
        }
        Layer::Choice { choice, input: typed, cursor } => {
            let found = app.picks(choice, typed.text());
            let inner = frame(buffer, window?, &choice.title(), theme);
            let labels = found.iter().map(|pick| width::of(&sanitise::line(&pick.label)));
            let wide = labels.max().unwrap_or(0).clamp(8, 30);
            let lines = found.iter().map(|pick| {
                let mut line = Line::of(if pick.is_now { "● " } else { "  " }, Role::Here);
                let role = if pick.take == Take::Nothing { Role::Bad } else { Role::Text };
                line.push(width::pad(&sanitise::line(&pick.label), wide), role);
                line.and("  ", Role::Text).and(&pick.about, Role::Dim)
            });
            choices(buffer, window?, lines, *cursor, theme);
            if found.is_empty() {
                none(buffer, window?.list, &app.no_pick(choice, typed.text()), theme);
            }
            input(buffer, inner, choice.label(), typed, theme)
        }
        Layer::Report { title, lines, top } => {
            let inner = frame(buffer, window?, title, theme);
            let shown = wrapped(lines, usize::from(inner.width).saturating_sub(2).max(1));
            let area = Area { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner };
            for (y, line) in (inner.y..inner.bottom()).zip(shown.iter().skip(*top)) {
                put::line(buffer, area, y, line, theme, Style::new());
            }
            None
        }
        Layer::Confirm { lines, .. } => {
            let inner = frame(buffer, window?, "SURE?", theme);
            let room = usize::from(inner.width).saturating_sub(2).max(1);
            let mut shown: Vec<Line> = wrapped(lines, room);
            shown.push(Line::new());
            shown.push(app.answers_line());
            let area = Area { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner };
            for (y, line) in (inner.y..inner.bottom()).zip(&shown) {
                put::line(buffer, area, y, line, theme, Style::new());
            }
            None
        }
        Layer::Filter { input: typed, .. } | Layer::Prompt { input: typed, .. } => {
            // In the hint line: the list that it cuts stays in sight.
            let area = layout.hint.or_else(|| layout.pane(Pane::List))?;
            let row = Area { height: 1, ..area };
            suggestions(buffer, app, row, theme);
            put::clear(buffer, row);
            let label = match layer {
                Layer::Prompt { what, .. } => app.prompt_label(what),
                _ => match app.view {
                    View::Entities => "name contains: ".to_owned(),
                    View::Chats => "title or participant contains: ".to_owned(),
                    View::Timeline => "day or event contains: ".to_owned(),
                    _ => "path contains, or lang:zh: ".to_owned(),
                },
            };
            input(
                buffer,
                Area { x: row.x + 1, width: row.width.saturating_sub(1), ..row },
                &label,
                typed,
                theme,
            )
        }
    }
}

/// Suggestions that are shown at once.
const SUGGESTED: usize = 8;

/// What completes the line that is typed, above it.
fn suggestions(buffer: &mut Buffer, app: &App, row: Area, theme: Theme) {
    let all: Vec<String> = app.suggestions().into_iter().map(|(shown, _)| shown).collect();
    let cursor = app.suggested();
    let words = app.prompt_words();
    list_above(buffer, row, &words, &all, cursor, theme);
}

/// A framed list above `row`, at its left, as far as there is room.
pub fn list_above(
    buffer: &mut Buffer,
    row: Area,
    title: &str,
    all: &[String],
    cursor: Option<usize>,
    theme: Theme,
) {
    let shown = all.len().min(SUGGESTED).min(usize::from(row.y).saturating_sub(3));
    if shown == 0 {
        return;
    }
    let top = cursor.map_or(0, |at| (at + 1).saturating_sub(shown)).min(all.len() - shown);
    let lines = &all[top..top + shown];
    let wide = lines.iter().map(|line| width::of(line)).max().unwrap_or(0).max(width::of(title));
    let wide = u16::try_from(wide + 6).unwrap_or(u16::MAX).min(row.width);
    let high = u16::try_from(shown + 2).unwrap_or(u16::MAX);
    let outer = Area { x: row.x, y: row.y - high, width: wide, height: high };
    let inner = frame_around(buffer, outer, title, theme);
    let area = Area { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner };
    for (number, (y, text)) in (inner.y..inner.bottom()).zip(lines).enumerate() {
        let is_here = cursor == Some(top + number);
        let ground = if is_here { theme.cursor(true) } else { Style::new() };
        if is_here {
            put::ground(buffer, inner, y, ground);
        }
        let room = usize::from(area.width);
        put::line(buffer, area, y, &Line::text(width::clip(text, room)), theme, ground);
    }
}

/// A framed list at the caret: below it where there is more room, else above.
pub fn list_at(
    buffer: &mut Buffer,
    pane: Area,
    (x, y): (u16, u16),
    lines: &[String],
    cursor: usize,
    theme: Theme,
) {
    let (below, above) = (pane.bottom().saturating_sub(y + 1), y.saturating_sub(pane.y));
    let room = usize::from(below.max(above)).saturating_sub(2);
    let shown = lines.len().min(SUGGESTED).min(room);
    if shown == 0 {
        return;
    }
    let wide = lines.iter().map(|line| width::of(line)).max().unwrap_or(0) + 4;
    let wide = u16::try_from(wide).unwrap_or(u16::MAX).min(pane.width);
    let high = u16::try_from(shown + 2).unwrap_or(u16::MAX);
    let outer = Area {
        x: x.min(pane.right().saturating_sub(wide)).max(pane.x),
        y: if below >= above { y + 1 } else { y.saturating_sub(high) },
        width: wide,
        height: high,
    };
    let top = (cursor + 1).saturating_sub(shown).min(lines.len() - shown);
    let inner = frame_around(buffer, outer, "", theme);
    let area = Area { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner };
    let shown = lines.iter().enumerate().skip(top);
    for (y, (number, text)) in (inner.y..inner.bottom()).zip(shown) {
        let is_here = number == cursor;
        let ground = if is_here { theme.cursor(true) } else { Style::new() };
        if is_here {
            put::ground(buffer, inner, y, ground);
        }
        let text = width::clip(text, usize::from(area.width));
        put::line(buffer, area, y, &Line::text(text), theme, ground);
    }
}

/// What may follow on the first key of a sequence: above the hint line, at the right, where it
/// hides least.
pub fn following(buffer: &mut Buffer, app: &App, layout: &Layout, theme: Theme) {
    let lines = help::following(app);
    let wide = lines.iter().map(Line::width).max().unwrap_or(0) + 4;
    let bounds = *buffer.area();
    let bottom = layout.foot.or(layout.hint.map(|hint| hint.y)).unwrap_or(bounds.height);
    let wide = u16::try_from(wide).unwrap_or(u16::MAX).min(bounds.width);
    let high = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(bottom);
    if lines.is_empty() || wide < 8 || high < 3 {
        return;
    }
    let right = bounds.width - u16::from(layout.is_framed && bounds.width > wide);
    let outer = Area { x: right - wide, y: bottom - high, width: wide, height: high };
    let keys = format!("{} …", crate::app::key::short(&app.pending));
    let inner = frame_around(buffer, outer, &keys, theme);
    let area = Area { x: inner.x + 1, width: inner.width.saturating_sub(1), ..inner };
    let room = usize::from(inner.height);
    let hidden = lines.len().saturating_sub(room);
    let mut shown: Vec<Line> = lines.into_iter().take(room).collect();
    if let (true, Some(last)) = (hidden > 0, shown.last_mut()) {
        *last = help::more(app, hidden + 1);
    }
    for (y, line) in (inner.y..inner.bottom()).zip(&shown) {
        put::line(buffer, area, y, line, theme, Style::new());
    }
}

/// What is said where there is nothing to choose.
fn none(buffer: &mut Buffer, list: Area, words: &str, theme: Theme) {
    let mut line = Line::of(" ", Role::Text).and(words, Role::Dim);
    line.fit(usize::from(list.width));
    if list.height > 0 {
        put::line(buffer, list, list.y, &line, theme, Style::new());
    }
}

/// What there is to choose, below the line that is typed into, with the cursor in sight.
fn choices(
    buffer: &mut Buffer,
    window: Window,
    lines: impl Iterator<Item = Line>,
    cursor: usize,
    theme: Theme,
) {
    let Window { inner, list, top, .. } = window;
    for (y, (number, row)) in (list.y..list.bottom()).zip(lines.enumerate().skip(top)) {
        let mut line = Line::text(if number == cursor { "▸" } else { " " });
        line.spans.extend(row.spans);
        line.fit(usize::from(inner.width));
        let ground = if number == cursor { theme.cursor(true) } else { Style::new() };
        if number == cursor {
            put::ground(buffer, inner, y, ground);
        }
        put::line(buffer, inner, y, &line, theme, ground);
    }
}

/// The frame of a window; gives its inside.
fn frame(buffer: &mut Buffer, window: Window, title: &str, theme: Theme) -> Area {
    frame_around(buffer, window.outer, title, theme)
}

/// A frame around `outer`; gives its inside.
fn frame_around(buffer: &mut Buffer, outer: Area, title: &str, theme: Theme) -> Area {
    let (wide, high) = (outer.width, outer.height);
    put::clear(buffer, outer);
    if wide < 4 || high < 3 {
        return outer;
    }
    let style = theme.frame();
    for y in outer.y..outer.bottom() {
        for x in [outer.x, outer.right() - 1] {
            buffer[(x, y)].set_symbol("│").set_style(style);
        }
    }
    super::rule(buffer, outer.y, outer.x, wide, "┌", "┐", style);
    super::rule(buffer, outer.bottom() - 1, outer.x, wide, "└", "┘", style);
    if title.is_empty() {
        return Area { x: outer.x + 1, y: outer.y + 1, width: wide - 2, height: high - 2 };
    }
    let head = format!(" {} ", width::clip(title, usize::from(wide).saturating_sub(6)));
    put::text(buffer, outer.x + 2, outer.y, outer.right() - 1, &head, theme.style(Role::Head));
    Area { x: outer.x + 1, y: outer.y + 1, width: wide - 2, height: high - 2 }
}

fn input(
    buffer: &mut Buffer,
    area: Area,
    label: &str,
    input: &Input,
    theme: Theme,
) -> Option<(u16, u16)> {
    if area.height == 0 || area.width == 0 {
        return None;
    }
    let x = put::text(buffer, area.x, area.y, area.right(), label, theme.style(Role::Key));
    let (text, column) = input.view(usize::from(area.right().saturating_sub(x)).max(1));
    put::text(buffer, x, area.y, area.right(), &text, Style::new());
    let column = u16::try_from(column).unwrap_or(0);
    Some(((x + column).min(area.right().saturating_sub(1)), area.y))
}
