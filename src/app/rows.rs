//! Rows of the lists of conversations, accounts, notes and days.

use super::line::{Line, Role};
use super::named::NameCounts;
use super::overview::{count, number};
use super::pages::{account, day};
use crate::app::pages::finding::{self, Holds};
use crate::case::{
    AccountRow, AccountSort, CitedAs, ConversationRow, ConversationSort, DayRow, EntityRow,
    EventRow, Hold, Listed, NoteEntry, NoteKind, TimelineRow, day_text, note_title, wall_text,
};
use crate::model::dossier::{Named, SharedName};
use crate::text::normal::folded;
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

fn dim(parts: impl IntoIterator<Item = String>) -> impl Iterator<Item = (String, Role)> {
    parts.into_iter().map(|part| (part, Role::Dim))
}

/// `2020-09–2021-03`, `2020-03–09`, `2020-09`, or `undated`.
fn period(first: &Option<String>, last: &Option<String>) -> String {
    let month = |time: &Option<String>| time.as_deref().and_then(|t| t.get(..7)).map(str::to_owned);
    match (month(first), month(last)) {
        (Some(first), Some(last)) if first != last => match last.split_once('-') {
            Some((year, month)) if first.starts_with(year) => format!("{first}–{month}"),
            _ => format!("{first}–{last}"),
        },
        (Some(first), _) => first,
        (None, _) => "undated".to_owned(),
    }
}

/// Cells that say which of several conversations of one name it is.
const APART: usize = 24;

pub fn conversation_sort(sort: ConversationSort) -> &'static str {
    match sort {
        ConversationSort::Messages => "by messages",
        ConversationSort::Last => "last spoken in first",
        ConversationSort::Title => "by title",
        ConversationSort::Unread => "most unread first",
    }
}

/// A conversation: who, how much, when, in how many pieces, what is unread.
pub fn conversation(row: &ConversationRow, cells: usize) -> Vec<Line> {
    let mark = if row.unread == 0 && row.messages > 0 { "●" } else { " " };
    let head = with_tail(Line::text(&row.title), &number(row.messages), mark, cells);
    let mut about = Line::of(format!("  {} {}", row.id, row.platform), Role::Dim);
    let mut parts = Vec::new();
    if !row.apart.is_empty() {
        parts.push(width::clip_middle(&sanitise::line(&row.apart), APART));
    }
    // Who takes part stands in the title, unless there is a better one or they are too many.
    let people = row.participants().count() as u64;
    if row.accounts.len() > 2 && people > 0 {
        parts.push(format!("{} people", number(people)));
    }
    parts.push(period(&row.first, &row.last));
    if row.unread > 0 && row.unread < row.messages {
        parts.push(format!("{} unread", number(row.unread)));
    }
    if row.seen > 0 && row.messages > 0 {
        // All is said only of all.
        parts.push(format!("{}% seen", (row.seen * 100 / row.messages).clamp(1, 100)));
    }
    if row.blocks.len() > 1 {
        parts.push(count(row.blocks.len() as u64, "block", "blocks"));
    }
    about.push_parts(dim(parts), cells);
    about.fit(cells);
    vec![head, about]
}

/// An entry of who is who: an entity, an account below it, or one that nobody owns.
pub fn listed(entry: &Listed, named: &NameCounts, cells: usize) -> Vec<Line> {
    match entry {
        Listed::Entity(row) => entity(row, named.of(row), cells),
        Listed::Account { row, owner } => account(row, owner.is_some(), cells),
        Listed::Rest(count) => {
            let of = super::overview::count(*count, "unowned account", "unowned accounts");
            let mut line = Line::of(format!("── {of} "), Role::Dim);
            line.push("─".repeat(cells.saturating_sub(line.width())), Role::Rule);
            vec![Line::new(), line]
        }
    }
}

/// `named`: where its names stand, of who wrote nothing.
fn entity(row: &EntityRow, named: Option<&Named>, cells: usize) -> Vec<Line> {
    let fields = &row.entity.fields;
    let mut head = Line::of(&fields.name, Role::Head);
    for alias in &fields.aliases {
        head.push(format!("  {alias}"), Role::Dim);
    }
    let wrote = if row.messages > 0 { number(row.messages) } else { String::new() };
    let head = with_tail(head, &wrote, if fields.watched { "◉" } else { " " }, cells);
    let mut about = Line::of(format!("  {} {}", row.entity.id, fields.kind.word()), Role::Dim);
    if row.shared.iter().any(|shared| !shared.is_account()) {
        about.push(" · ≠ shares a name", Role::Warn);
    }
    if row.shared.iter().any(SharedName::is_account) {
        about.push(" · ≠ shares an account", Role::Warn);
    }
    if fields.kept.is_some() {
        about.push(" · ≠ deleted", Role::Warn);
    }
    if !fields.disagreed.is_empty() {
        about.push(" · ≠ disagreed", Role::Warn);
    }
    let mut parts = Vec::new();
    parts.extend(named.map(|named| format!("named {}", number(named.units))));
    let (first, last) = named.map_or((&row.first, &row.last), |own| (&own.first, &own.last));
    if first.is_some() {
        parts.push(period(first, last));
    }
    if row.conversations > 0 {
        parts.push(count(row.conversations, "chat", "chats"));
    }
    parts.extend(fields.tags.iter().map(|tag| format!("#{tag}")));
    about.push_parts(dim(parts), cells);
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
    let mut about = Line::of(format!("{indent}  {} {}", row.id(), row.account.platform), Role::Dim);
    let chats = count(row.conversations, "chat", "chats");
    about.push_parts(dim([period(&row.first, &row.last), chats]), cells);
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

/// A note: what it says, what it is and where it stands, what a reader must be told of it.
pub fn note(entry: &NoteEntry, holds: &Holds, cells: usize) -> Vec<Line> {
    let row = &entry.row;
    let title = sanitise::line(&note_title(row)).into_owned();
    let title = if title.is_empty() { "(nothing yet)" } else { &title };
    let indent = if entry.is_answer { "  " } else { "" };
    let mut head = Line::text(indent);
    match row.draft {
        Some(_) => head.push("✎ ", Role::Warn),
        None => {
            head.push(finding::sign(row.kind), Role::Here);
            head.push(" ", Role::Text);
        }
    }
    head.push(title, Role::Text);
    head.fit(cells);
    let mut about = Line::of(format!("{indent}  "), Role::Dim);
    if let Some(id) = row.id {
        about.push(id.to_string(), Role::Dim);
    }
    let mut say = |text: String, role| {
        if !about.plain().trim().is_empty() {
            about.push(" · ", Role::Dim);
        }
        about.push(text, role);
    };
    match (row.draft, row.kind) {
        (Some(_), _) if row.is_elsewhere => say("open in another window".to_owned(), Role::Warn),
        (Some(_), _) => say("not finished".to_owned(), Role::Warn),
        (None, NoteKind::Note) => say(row.author.clone(), Role::Dim),
        (None, NoteKind::Question) => say(count(entry.answers, "answer", "answers"), Role::Dim),
        (None, NoteKind::Finding) => match entry.standing_disagreed() {
            // Both words are seen however narrow the list is; who said which stands in the note.
            Some(own) => say(format!("≠{}", own.choices().replace(" / ", "/")), Role::Warn),
            None => say(row.standing.word().to_owned(), Role::Head),
        },
        (None, NoteKind::Event) => {
            let when = entry.when.as_ref().map_or("no date", |when| when.text());
            say(when.to_owned(), Role::Head);
        }
    }
    // What a reader must be told stands before what is only counted.
    let is_off = |cited: &&CitedAs| {
        cited.is_gone || holds.get(&cited.anchor).is_some_and(|hold| *hold != Hold::Holds)
    };
    let off = entry.cited.iter().filter(is_off).count();
    if off > 0 {
        say(format!("!{off}"), Role::Bad);
    }
    if row.texts > 1 {
        say(format!("≠ {} texts", row.texts), Role::Warn);
    }
    if let Some(kept) = &entry.kept {
        say(format!("≠ {}", sanitise::line(&kept.words())), Role::Warn);
    }
    for words in entry.disagreements() {
        say(format!("≠ {words}"), Role::Warn);
    }
    if !entry.conflicts.is_empty() {
        say(format!("≠{}", entry.conflicts.len()), Role::Warn);
    }
    // What a draft cites is known once it is kept.
    if entry.is_claim() && row.draft.is_none() {
        match entry.cited.is_empty() {
            true => say("uncited".to_owned(), Role::Warn),
            false => say(finding::for_and_against(entry), Role::Text),
        }
    }
    let searched = entry.cited.iter().filter(|cited| cited.is_count).count() as u64;
    if row.kind == NoteKind::Question && searched > 0 {
        say(format!("{} searched", number(searched)), Role::Dim);
    }
    if let Some(words) = entry.objections().pop() {
        say(sanitise::line(&words).into_owned(), Role::Warn);
    } else if entry.is_unchecked() {
        match entry.outdated().pop() {
            Some(words) => say(sanitise::line(&words).into_owned(), Role::Warn),
            None if entry.cited.is_empty() => {}
            None => say("unchecked".to_owned(), Role::Dim),
        }
    }
    for tag in &entry.tags {
        say(format!("#{tag}"), Role::Dim);
    }
    if row.kind == NoteKind::Note || row.draft.is_some() {
        say(wall_text(row.changed), Role::Dim);
    }
    about.fit(cells);
    vec![head, about]
}

/// Whether a row of the timeline says all these words: a part of its date, of what happened, or
/// what it is (`event`, `messages`, `documents`).
pub fn timeline_says(row: &TimelineRow, words: &str) -> bool {
    let said = match row {
        TimelineRow::Day(row) => {
            let kind = |amount: u64, kind| if amount > 0 { kind } else { "" };
            let (messages, documents) =
                (kind(row.messages, "messages"), kind(row.documents, "documents"));
            format!("{} {messages} {documents}", day::name(row.day))
        }
        TimelineRow::Event(event) => {
            format!("event {} {}", event.when.text(), sanitise::line(&event.title))
        }
    };
    let said = folded(&said);
    folded(words).split_whitespace().all(|word| said.contains(word))
}

/// A row of the timeline.
pub fn timeline(row: &TimelineRow, most: u64, cells: usize) -> Vec<Line> {
    match row {
        TimelineRow::Day(row) => day(row, most, cells),
        TimelineRow::Event(event) => vec![event_line(event, cells)],
    }
}

/// An event where its time begins; a vague one says so.
fn event_line(event: &EventRow, cells: usize) -> Line {
    let mut line = Line::of("◷ ", Role::Here);
    line.push(event.when.text(), Role::Head);
    line.push(if event.when.is_vague() { " ~ " } else { " " }, Role::Dim);
    if !event.conflicts.is_empty() {
        line.push("≠ ", Role::Warn);
    }
    line.push(sanitise::line(&event.title), Role::Text);
    line.fit(cells);
    line
}

/// Cells from which on a day has its day of the week.
const WEEKDAYS: usize = 34;

/// Cells that are left to what is counted of a day: `123 m 12 d`.
const COUNTS: usize = 7;

/// A day with a bar for how much is of it.
pub fn day(row: &DayRow, most: u64, cells: usize) -> Vec<Line> {
    let counted = |unit: &str, is_whole: bool| {
        let parts = [(row.messages, "m"), (if is_whole { row.documents } else { 0 }, "d")];
        let parts = parts.iter().filter(|(amount, _)| *amount > 0);
        let words: Vec<String> =
            parts.map(|(amount, kind)| format!("{}{unit}{kind}", number(*amount))).collect();
        words.join(" ")
    };
    // Where there is no room the day of the week goes, then what is counted, never a part of the
    // date. Names and bars are as wide in every row, so that they can be compared.
    let is_wide = cells >= WEEKDAYS;
    let day = if is_wide { day::name(row.day) } else { day_text(row.day) };
    let named = if is_wide { 15 } else { 11 };
    let shown = [
        (day, counted(" ", true)),
        (day_text(row.day), counted(" ", true)),
        (day_text(row.day), counted("", true)),
        (day_text(row.day), counted("", row.messages == 0)),
    ];
    let fits =
        |(name, counts): &&(String, String)| width::of(name) + width::of(counts) + 3 <= cells;
    let (name, counts) = match shown.iter().find(fits) {
        Some(shown) => shown.clone(),
        None => (day_text(row.day), String::new()),
    };
    let bar = cells.saturating_sub(named + COUNTS + 4).min(12);
    let left = |counts: &String| cells.saturating_sub(named + width::of(counts) + 4);
    // Units close up before a bar is left out.
    let counts = match counted("", true) {
        short if left(&counts) < bar && left(&short) >= bar => short,
        _ => counts,
    };
    let mut line =
        Line::text(width::pad(&name, named.min(cells.saturating_sub(width::of(&counts) + 3))));
    if left(&counts) >= bar {
        line.push(super::overview::bar(row.messages + row.documents, most, bar), Role::Bar);
    }
    vec![with_tail(line, &counts, "", cells)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_days_can_be_compared() {
        for cells in [25, 26, 30, 36, 38, 60] {
            let bar = |messages, documents| {
                let row = DayRow { day: 19_056, messages, documents };
                let line = day(&row, 20, cells).remove(0).plain();
                let bar = line.chars().filter(|c| ('▉'..='▏').contains(c) || *c == '█');
                (line.chars().position(|c| c == '█'), bar.count())
            };
            let (start, most) = bar(20, 0);
            assert!(most >= 3 && start.is_some(), "{cells}");
            assert_eq!(bar(12, 8), (start, most), "as many messages and documents: {cells}");
            assert_eq!(bar(19, 1), (start, most), "{cells}");
        }
    }

    #[test]
    fn of_a_day_the_date_is_never_cut() {
        let row = DayRow { day: 19_056, messages: 12_345, documents: 1_234 };
        for cells in 14..60 {
            let shown = day(&row, 20_000, cells).remove(0).plain();
            assert!(shown.contains("2022-03-05"), "{cells}: {shown}");
            assert!(width::of(&shown) <= cells + 1, "{cells}: {shown}");
        }
        assert!(day(&row, 20_000, 27)[0].plain().contains("12,345m 1,234d"));
        assert!(day(&row, 20_000, 40)[0].plain().contains("Sat 2022-03-05"));
    }
}
