//! The columns.

use super::{has_focus, put};
use crate::app::layout::Area;
use crate::app::line::{Line, Links, Role};
use crate::app::listing::Listing;
use crate::app::paged::Paged;
use crate::app::reader::compose::Hits;
use crate::app::reader::{Reader, compose};
use crate::app::upkeep::CATCHING_UP;
use crate::app::view::Pane;
use crate::app::{App, line, lists, overview, rows, search, sessions};
use crate::model::State;
use crate::text::width;
use crate::text::wrap::Measure;
use crate::tui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::style::Style;
use std::ops::Range;

/// A list that is not of documents.
fn other_list(buffer: &mut Buffer, area: Area, app: &App, theme: Theme, focus: bool) {
    let height = u16::try_from(app.listing().rows()).unwrap_or(1);
    let look = Look { theme, has_focus: focus, height };
    match (app.listing(), &app.sessions) {
        (Listing::Parts, _) => {
            let Some(parts) = &app.parts else { return };
            let (cursor, top, total) = (parts.cursor, parts.top, parts.total());
            let selected = app.selected_rows().unwrap_or_default();
            let shown = Shown { cursor, top, total, selected };
            entries(buffer, area, shown, look, |number, cells| {
                Some(vec![parts.line(number, app.marked_ranges(), cells)?])
            });
        }
        (Listing::Sessions, Some(sessions)) => {
            let (cursor, top, total) = (sessions.cursor, sessions.top, sessions.total());
            let shown = Shown { cursor, top, total, selected: 0..0 };
            entries(buffer, area, shown, look, |number, cells| {
                let (session, row) = sessions.get(number)?;
                Some(sessions::lines(session, row, cells).to_vec())
            });
        }
        (Listing::People, _) => {
            list(buffer, area, &app.people, &(0..0), look, |entry, cells| {
                rows::listed(entry, &app.named, cells)
            });
            let none = match app.people_filter.as_str() {
                "" if !app.can_write => "nobody spoke in this case",
                "" => "nobody spoke in this case; E N makes an entity",
                _ => "nobody is called so: a shows all",
            };
            empty(buffer, area, &app.people, theme, none);
        }
        (Listing::Notes, _) => {
            let selected = app.selected_rows().unwrap_or_default();
            list(buffer, area, &app.notes, &selected, look, |entry, cells| {
                rows::note(entry, &app.holds, cells)
            });
            let words = match app.note_filter.is_all() {
                true if !app.can_write => "no notes in this case",
                true => "no notes yet: w writes one, W f a finding",
                false => "no such notes: a shows all",
            };
            empty(buffer, area, &app.notes, theme, words);
        }
        (Listing::Days, _) => {
            let most = app.busiest_day;
            list(buffer, area, &app.days, &(0..0), look, |row, cells| {
                rows::timeline(row, most, cells)
            });
            let none = match app.day_filter.as_str() {
                "" => "nothing here has a date",
                _ => "no day and no event says this: a shows all",
            };
            empty(buffer, area, &app.days, theme, none);
        }
        _ => {
            list(buffer, area, &app.chats, &(0..0), look, rows::conversation);
            let none = match app.chat_filter.wanted.as_str() {
                "" => "no conversations in this case",
                _ => "no conversation and nobody in one is called so: a shows all",
            };
            empty(buffer, area, &app.chats, theme, none);
        }
    }
}

pub fn draw(buffer: &mut Buffer, pane: Pane, area: Area, app: &App, theme: Theme) {
    if area.width == 0 || area.height == 0 {
        return;
    }
    let focus = has_focus(app, pane);
    match pane {
        Pane::List if app.listing() != Listing::Documents => {
            other_list(buffer, area, app, theme, focus);
        }
        Pane::List => {
            let selected = app.selected_rows().unwrap_or_default();
            list(
                buffer,
                area,
                &app.documents,
                &selected,
                Look { theme, has_focus: focus, height: 1 },
                |row, cells| vec![lists::entry(row, &app.filter, cells)],
            );
            empty(buffer, area, &app.documents, theme, "no documents here: a shows all");
        }
        Pane::Results => results(buffer, area, app, theme),
        Pane::Reader | Pane::Preview => reader(buffer, area, app, theme),
        Pane::Margin => links(buffer, area, &app.margin, theme, focus),
        Pane::Facets => links(buffer, area, &app.search.facets, theme, focus),
        Pane::Counts => links(buffer, area, &app.overview[0], theme, focus),
        Pane::Activity => links(buffer, area, &app.overview[1], theme, focus),
        Pane::Todo => links(buffer, area, &app.overview[2], theme, focus),
    }
}

/// How a list looks.
#[derive(Clone, Copy)]
struct Look {
    theme: Theme,
    has_focus: bool,
    /// Rows of the screen that each of its rows takes.
    height: u16,
}

/// Rows with a cursor.
fn list<T>(
    buffer: &mut Buffer,
    area: Area,
    rows: &Paged<T>,
    selected: &Range<u64>,
    look: Look,
    lines: impl Fn(&T, usize) -> Vec<Line>,
) {
    let total = rows.total().unwrap_or(0);
    let shown = Shown { cursor: rows.cursor, top: rows.top, total, selected: selected.clone() };
    entries(buffer, area, shown, look, |at, cells| rows.get(at).map(|row| lines(row, cells)));
}

/// Which part of a list is shown.
struct Shown {
    cursor: u64,
    top: u64,
    total: u64,
    selected: Range<u64>,
}

fn entries(
    buffer: &mut Buffer,
    area: Area,
    shown: Shown,
    look: Look,
    lines: impl Fn(u64, usize) -> Option<Vec<Line>>,
) {
    let Look { theme, has_focus, height } = look;
    let text = Area { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    // What is cut at the foot of the column shows as much as there is room for.
    for number in 0..area.height.div_ceil(height) {
        let at = shown.top + u64::from(number);
        if at >= shown.total {
            break;
        }
        let y = area.y + number * height;
        let is_here = at == shown.cursor;
        let is_selected = shown.selected.contains(&at);
        let ground = match (is_here, is_selected) {
            (true, _) => theme.cursor(has_focus),
            (false, true) => theme.style(Role::Selected),
            (false, false) => Style::new(),
        };
        let shown =
            lines(at, usize::from(text.width)).unwrap_or_else(|| vec![Line::of("…", Role::Dim)]);
        for (y, line) in (y..(y + height).min(area.bottom())).zip(&shown) {
            if is_here || is_selected {
                put::ground(buffer, area, y, ground);
            }
            put::line(buffer, text, y, line, theme, ground);
        }
        if is_here {
            let role = if has_focus { Role::Here } else { Role::Dim };
            put::text(buffer, area.x, y, area.right(), "▸", ground.patch(theme.style(role)));
        }
    }
}

fn empty<T>(buffer: &mut Buffer, area: Area, rows: &Paged<T>, theme: Theme, text: &str) {
    let text = match rows.total() {
        Some(0) => text,
        None => "…",
        Some(_) => return,
    };
    said(buffer, area, text, theme);
}

/// A word where there is nothing to show.
fn said(buffer: &mut Buffer, area: Area, text: &str, theme: Theme) {
    let measure = Measure::text(usize::from(indented(area).width).max(1));
    let rows = compose::rows(text, measure, Hits::default(), Role::Dim, usize::MAX).0;
    rows_of(buffer, area, rows.into_iter(), theme);
}

fn indented(area: Area) -> Area {
    Area { x: area.x + 1, width: area.width.saturating_sub(1), ..area }
}

fn results(buffer: &mut Buffer, area: Area, app: &App, theme: Theme) {
    let focus = has_focus(app, Pane::Results) || app.search.is_typing;
    if app.search.is_blank() {
        return advice(buffer, area, theme);
    }
    if app.search.awaits_index() {
        let words = format!("{CATCHING_UP}: what is found comes when that is done");
        return said(buffer, area, &words, theme);
    }
    if let Some(failure) = &app.search.failure {
        return wrong_query(buffer, area, app, failure, theme);
    }
    let height = u16::try_from(search::ROWS).unwrap_or(1);
    let selected = app.selected_rows().unwrap_or_default();
    list(
        buffer,
        area,
        &app.search.results,
        &selected,
        Look { theme, has_focus: focus, height },
        |hit, cells| search::result_lines(hit, cells).to_vec(),
    );
    if app.is_catching_up() {
        let words = format!("nothing so far: {CATCHING_UP}, and then this is searched again");
        return empty(buffer, area, &app.search.results, theme, &words);
    }
    empty(buffer, area, &app.search.results, theme, "nothing in the case says this");
    if app.search.is_without_hits() {
        let misses = app.search.miss_words();
        let lines = misses.map(|(word, why)| Line::of(word, Role::Text).and(why, Role::Dim));
        let there = if app.search.is_typing { "to-facets" } else { "column-left" };
        let key = app.first_key(there);
        let way = Line::of(format!("near misses ({key}, then enter takes one):"), Role::Dim);
        let below = Area { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
        let mut lines = lines.peekable();
        let head = lines.peek().is_some().then_some(way);
        let hint = app
            .status
            .as_ref()
            .and_then(|status| search::language_hint(&app.search.query, &status.languages));
        let cells = usize::from(indented(below).width).max(1);
        let hint = hint.map_or_else(Vec::new, |hint| {
            compose::rows(&hint, Measure::text(cells), Hits::default(), Role::Text, usize::MAX).0
        });
        // What could not be searched is said beside the results, where there is room for that.
        let remarks = match app.layout.pane(Pane::Facets) {
            Some(_) => Vec::new(),
            None => app.search.remarks(cells),
        };
        let lines = hint.into_iter().chain(head).chain(lines).chain(remarks);
        rows_of(buffer, below, lines, theme);
    }
}

/// Lines from the top of a column, one cell from its edge.
fn rows_of(buffer: &mut Buffer, area: Area, lines: impl Iterator<Item = Line>, theme: Theme) {
    let area = indented(area);
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        put::line(buffer, area, y, &line, theme, Style::new());
    }
}

/// What can be typed, for somebody who has not typed yet.
fn advice(buffer: &mut Buffer, area: Area, theme: Theme) {
    const ROWS: [(&str, &str); 9] = [
        ("付款 转账", "both, anywhere in a document or message"),
        ("\"advance payment\"", "these words in a row"),
        ("青河 OR 清河", "one or the other"),
        ("payment -invoice", "without a word"),
        ("pay*", "words that begin so"),
        ("from:lin date:2022-03", "who and when"),
        ("kind:document type:pdf", "what kind of thing"),
        ("is:failed", "what could not be read"),
        ("/QH-\\d+/", "a regular expression"),
    ];
    const QUERY: usize = 24;
    let area = indented(area);
    let longest = ROWS.iter().map(|(_, meaning)| width::of(meaning)).max().unwrap_or(0);
    let is_wide = QUERY + longest <= usize::from(area.width);
    let lines = ROWS.iter().flat_map(|(query, meaning)| match is_wide {
        true => vec![Line::of(width::pad(query, QUERY), Role::Key).and(meaning, Role::Dim)],
        false => vec![Line::of(query, Role::Key), Line::of(format!("  {meaning}"), Role::Dim)],
    });
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        put::line(buffer, area, y, &line, theme, Style::new());
    }
}

fn wrong_query(
    buffer: &mut Buffer,
    area: Area,
    app: &App,
    failure: &crate::app::data::Failure,
    theme: Theme,
) {
    let area = indented(area);
    let query = &app.search.query;
    let mut lines = vec![Line::of(query, Role::Text)];
    if let Some((start, end)) = failure.span {
        let before = query.get(..start).unwrap_or("");
        let wrong = query.get(start..end).unwrap_or("");
        let shown = |text: &str| width::of(&crate::text::sanitise::line(text));
        let carets = "^".repeat(shown(wrong).max(1));
        lines.push(Line::text(" ".repeat(shown(before))).and(carets, Role::Bad));
    }
    // What is allowed instead stands at its end.
    let measure = Measure::text(usize::from(area.width).max(1));
    let hits = Hits::default();
    lines.extend(compose::rows(&failure.message, measure, hits, Role::Bad, usize::MAX).0);
    if let Some(better) = &failure.suggestion {
        let takes = format!("  ({} takes it)", app.first_key("take-suggestion"));
        lines.push(Line::of("try ", Role::Dim).and(better, Role::Key).and(takes, Role::Dim));
    }
    for (y, line) in (area.y..area.bottom()).zip(&lines) {
        put::line(buffer, area, y, line, theme, Style::new());
    }
}

fn reader(buffer: &mut Buffer, area: Area, app: &App, theme: Theme) {
    if let Some(words) = app.awaits() {
        return rows_of(buffer, area, [Line::of(words, Role::Dim)].into_iter(), theme);
    }
    if let Reader::Page(page) = &app.reader {
        return links(buffer, area, &page.links, theme, has_focus(app, Pane::Reader));
    }
    let lines = app.reader.lines();
    if lines.is_empty() {
        let cells = usize::from(indented(area).width);
        return rows_of(buffer, area, nothing_to_read(app, cells).into_iter(), theme);
    }
    let spot = match &app.reader {
        Reader::Text(text) if !text.is_selecting() => text.spot_row(),
        _ => None,
    };
    for (row, (y, line)) in (area.y..area.bottom()).zip(&lines).enumerate() {
        let mut ground = Style::new();
        if spot == Some(row) {
            ground = theme.cursor(matches!(app.focus, Pane::Reader | Pane::Preview));
            put::ground(buffer, area, y, ground);
        }
        put::line(buffer, area, y, line, theme, ground);
    }
}

/// Why there is nothing in the reader, in rows of so many cells.
fn nothing_to_read(app: &App, cells: usize) -> Vec<Line> {
    let Reader::Text(text) = &app.reader else { return Vec::new() };
    let row = &text.document.row;
    let mut lines = Vec::new();
    let mut say = |text: &str, role| {
        let measure = Measure::text(cells.max(1));
        lines.extend(compose::rows(text, measure, Hits::default(), role, usize::MAX).0);
    };
    say(&crate::text::sanitise::line(&row.name), Role::Head);
    let role = if row.state.is_unreadable() { Role::Bad } else { Role::Dim };
    match (row.state, row.reason.as_str()) {
        (State::Read | State::Export, "") => {}
        (_, "") => say(overview::state_words(row.state, 1), role),
        (_, reason) => say(reason, role),
    }
    let children = text.document.children.len() as u64;
    if children > 0 {
        let count = overview::count(children, "document", "documents");
        say(&format!("{count} came out of it: see the margin (tab)"), Role::Dim);
    }
    if !text.document.conversations.is_empty() {
        let count = overview::count(row.messages, "message", "messages");
        say(&format!("{count}: see the margin (tab), or 2 for the chats"), Role::Dim);
    }
    lines
}

fn links(buffer: &mut Buffer, area: Area, links: &Links, theme: Theme, has_focus: bool) {
    let text = indented(area);
    for (number, line) in
        links.lines.iter().enumerate().skip(links.top).take(usize::from(area.height))
    {
        let y = area.y + u16::try_from(number - links.top).unwrap_or(0);
        let is_here = has_focus && number == links.cursor && line.is_stop;
        let ground = if is_here { theme.cursor(true) } else { Style::new() };
        if is_here {
            put::ground(buffer, area, y, ground);
            put::text(buffer, area.x, y, area.right(), "▸", ground.patch(theme.style(Role::Here)));
        }
        let line = line::spread(line, usize::from(text.width).saturating_sub(1));
        put::line(buffer, text, y, &line, theme, ground);
    }
}
