//! Rows of the lists of conversations, accounts, notes and days.

use super::line::{Line, Role};
use super::overview::{count, number};
use super::pages::{account, day};
use crate::case::{
    AccountRow, AccountSort, ConversationRow, DayRow, EntityRow, Listed, NoteRow, wall_text,
};
use crate::text::{sanitise, width};

/// A line with `tail` at its right end.
fn with_tail(mut line: Line, tail: &str, mark: &str, cells: usize) -> Line {
    let wide = width::of(tail) + 3;
    line.fit(cells.saturating_sub(wide));
    line.push(" ", Role::Text);
    line.push(tail, Role::Dim);
    line.push(" ", Role::Text);
    line.push(mark, Role::Dim);
    line
}

/// `2020-09–2021-03`, `2020-09`, or nothing.
fn period(first: &Option<String>, last: &Option<String>) -> String {
    let month = |time: &Option<String>| time.as_deref().and_then(|t| t.get(..7)).map(str::to_owned);
    match (month(first), month(last)) {
        (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
        (Some(first), _) => first,
        (None, _) => "undated".to_owned(),
    }
}

/// A conversation: who, how much, when, in how many pieces, what is unread.
pub fn conversation(row: &ConversationRow, cells: usize) -> Vec<Line> {
    let mark = if row.unread == 0 && row.messages > 0 { "●" } else { " " };
    let head = with_tail(Line::text(&row.title), &number(row.messages), mark, cells);
    let mut about = Line::of(format!("  {} {}", row.id, row.platform), Role::Dim);
    let mut parts = Vec::new();
    // Who takes part stands in the title, unless there is a better one or they are too many.
    if row.participants.len() > 2 {
        parts.push(format!("{} people", number(row.participants.len() as u64)));
    }
    parts.push(period(&row.first, &row.last));
    if row.blocks.len() > 1 {
        parts.push(count(row.blocks.len() as u64, "block", "blocks"));
    }
    if row.unread > 0 && row.unread < row.messages {
        parts.push(format!("{} unread", number(row.unread)));
    }
    if row.seen > 0 && row.messages > 0 {
        // All is said only of all.
        parts.push(format!("{}% seen", (row.seen * 100 / row.messages).clamp(1, 100)));
    }
    for part in parts {
        about.push(format!(" · {part}"), Role::Dim);
    }
    about.fit(cells);
    vec![head, about]
}

/// An entry of who is who: an entity, an account below it, or one that nobody owns.
pub fn listed(entry: &Listed, cells: usize) -> Vec<Line> {
    match entry {
        Listed::Entity(row) => entity(row, cells),
        Listed::Account { row, owner } => account(row, owner.is_some(), cells),
        Listed::Rest(count) => {
            let of = super::overview::count(*count, "unowned account", "unowned accounts");
            let mut line = Line::of(format!("── {of} "), Role::Dim);
            line.push("─".repeat(cells.saturating_sub(line.width())), Role::Rule);
            vec![Line::new(), line]
        }
    }
}

fn entity(row: &EntityRow, cells: usize) -> Vec<Line> {
    let fields = &row.entity.fields;
    let mut head = Line::of(&fields.name, Role::Head);
    for alias in &fields.aliases {
        head.push(format!("  {alias}"), Role::Dim);
    }
    let wrote = if row.messages > 0 { number(row.messages) } else { String::new() };
    let head = with_tail(head, &wrote, if fields.watched { "◉" } else { " " }, cells);
    let mut about = Line::of(format!("  {} {}", row.entity.id, fields.kind.word()), Role::Dim);
    if !row.shared.is_empty() {
        about.push(" · ≠ shares a name", Role::Warn);
    }
    let mut parts = Vec::new();
    if row.first.is_some() {
        parts.push(period(&row.first, &row.last));
    }
    if row.conversations > 0 {
        parts.push(count(row.conversations, "chat", "chats"));
    }
    parts.extend(fields.tags.iter().map(|tag| format!("#{tag}")));
    for part in parts {
        about.push(format!(" · {part}"), Role::Dim);
    }
    about.fit(cells);
    vec![head, about]
}

/// `is_owned`: it stands below the entity that owns it.
fn account(row: &AccountRow, is_owned: bool, cells: usize) -> Vec<Line> {
    let name = account::name(row);
    let indent = if is_owned { "  " } else { "" };
    let mut head = Line::text(format!("{indent}{name}"));
    if name != row.account.handle {
        head.push(format!("  {}", row.account.handle), Role::Dim);
    }
    let head = with_tail(head, &number(row.account.messages), " ", cells);
    let mut about = Line::of(
        format!(
            "{indent}  {} {} · {} · {}",
            row.id(),
            period(&row.first, &row.last),
            count(row.conversations, "chat", "chats"),
            row.account.platform,
        ),
        Role::Dim,
    );
    about.fit(cells);
    vec![head, about]
}

pub fn account_sort(sort: AccountSort) -> &'static str {
    match sort {
        AccountSort::Messages => "by messages",
        AccountSort::Name => "by name",
        AccountSort::First => "first seen first",
        AccountSort::Last => "last seen first",
    }
}

pub fn note(row: &NoteRow, cells: usize) -> Vec<Line> {
    let title = sanitise::line(row.title.trim()).into_owned();
    let title =
        if title.is_empty() { "(nothing yet)" } else { title.trim_start_matches(['#', ' ']) };
    let mut head = match row.draft {
        Some(_) => Line::of("✎ ", Role::Warn).and(title, Role::Text),
        None => Line::text(title),
    };
    head.fit(cells);
    let mut about = Line::of("  ", Role::Dim);
    if let Some(id) = row.id {
        about.push(format!("{id} · "), Role::Dim);
    }
    match row.draft {
        Some(_) => about.push("not finished · ", Role::Warn),
        None => about.push(format!("{} · ", row.author), Role::Dim),
    }
    about.push(wall_text(row.changed), Role::Dim);
    if row.texts > 1 {
        about.push(format!(" · ≠ {} texts", row.texts), Role::Warn);
    }
    about.fit(cells);
    vec![head, about]
}

/// A day with a bar for how much is of it.
pub fn day(row: &DayRow, most: u64, cells: usize) -> Vec<Line> {
    let mut counts = String::new();
    if row.messages > 0 {
        counts.push_str(&format!("{} m", number(row.messages)));
    }
    if row.documents > 0 {
        let gap = if counts.is_empty() { "" } else { " " };
        counts.push_str(&format!("{gap}{} d", number(row.documents)));
    }
    let mut line = Line::text(width::pad(&day::name(row.day), 15));
    let room = cells.saturating_sub(line.width() + width::of(&counts) + 4);
    line.push(super::overview::bar(row.messages + row.documents, most, room.min(12)), Role::Bar);
    vec![with_tail(line, &counts, "", cells)]
}
