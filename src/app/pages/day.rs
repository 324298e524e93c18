//! A day of the timeline: who spoke, which documents are of it, and what says so.

use crate::app::line::{Line, Role};
use crate::app::margin::Column;
use crate::app::overview::{count, number};
use crate::app::pages::PageId;
use crate::app::target::Target;
use crate::case::{Day, DocumentRow, EventRow, UNDATED, day_date, day_text};
use crate::text::{sanitise, width};

/// `Sat 2022-03-05`, or `undated`.
pub fn name(day: i32) -> String {
    match day_date(day) {
        Some(date) => format!("{} {date}", date.strftime("%a")),
        None => day_text(day),
    }
}

pub fn title(day: &Day) -> Line {
    Line::of(name(day.row.day), Role::Head)
}

/// The value of `date:` that finds the day.
fn when(day: i32) -> String {
    if day == UNDATED { "none".to_owned() } else { day_text(day) }
}

/// `◷ N7 2021-03? the contract begins`: an event that is of the day, or may be.
fn event_line(event: &EventRow, cells: usize) -> Line {
    let mut line = Line::of("◷ ", Role::Here).and(event.id.to_string(), Role::Link);
    line.push(format!(" {} ", event.when.text()), Role::Head);
    if !event.conflicts.is_empty() {
        line.push("≠ ", Role::Warn);
    }
    let room = cells.saturating_sub(line.width() + 1);
    line.push(width::clip(&sanitise::line(&event.title), room), Role::Text);
    line.to(Target::Page(PageId::Note(event.id)))
}

/// The offset that the date of a document states: `+08:00`, `Z`; empty where it states none.
fn zone_of(document: &DocumentRow) -> &str {
    document.date.as_deref().and_then(|date| date.get(19..)).unwrap_or("")
}

pub fn lines(day: &Day, cells: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let row = &day.row;
    let (vague, dated): (Vec<&EventRow>, Vec<&EventRow>) =
        day.events.iter().partition(|event| event.when.is_vague());
    for (name, events) in [("events", dated), ("may be of this day", vague)] {
        if events.is_empty() {
            continue;
        }
        lines.push(Line::of(name, Role::Dim));
        lines.extend(events.into_iter().map(|event| event_line(event, cells)));
        lines.push(Line::new());
    }
    if row.messages > 0 {
        let many = day.conversations.len() as u64;
        let head = format!(
            "{} in {}",
            count(row.messages, "message", "messages"),
            count(many, "conversation", "conversations")
        );
        let to = Target::Search(format!("kind:message date:{}", when(row.day)));
        lines.push(Line::of(head, Role::Link).to(to));
        for conversation in &day.conversations {
            let tail = format!("{:>8}", number(conversation.messages));
            let id = format!("{} ", conversation.id);
            let room = cells.saturating_sub(width::of(&id) + tail.len() + 1);
            let title = format!("{} ({})", conversation.title, conversation.platform);
            let title = width::clip(&sanitise::line(&title), room);
            let line = Line::of(id, Role::Dim)
                .and(width::pad(&title, room), Role::Link)
                .and(tail, Role::Text);
            lines.push(line.to(if row.day == UNDATED {
                Target::Conversation { id: conversation.id, position: Some(0) }
            } else {
                Target::ConversationDay { id: conversation.id, day: row.day }
            }));
        }
        lines.push(Line::new());
    }
    if row.documents > 0 {
        let to = Target::Search(format!("kind:document date:{}", when(row.day)));
        let head = count(row.documents, "document", "documents");
        lines.push(Line::of(head, Role::Link).to(to.clone()));
        let is_one_zone = day
            .documents
            .iter()
            .all(|document| zone_of(document) == day.documents.first().map_or("", zone_of));
        for document in &day.documents {
            let clock = document.date.as_deref().and_then(|date| date.get(11..16)).unwrap_or("");
            let source = width::clip(&document.date_source, 14);
            // They stand in the order of their clocks, which need not be that of time.
            let zone = match zone_of(document) {
                _ if is_one_zone => String::new(),
                "Z" | "+00:00" => format!("{:<7}", "UTC"),
                "" => format!("{:<7}", "zone ?"),
                zone => format!("{zone:<7}"),
            };
            let head = format!("{clock:<5} {zone}{} ", document.id);
            let room = cells.saturating_sub(width::of(&head) + width::of(&source) + 2);
            let name = width::clip_middle(&sanitise::line(&document.name), room);
            let line = Line::of(head, Role::Dim)
                .and(width::pad(&name, room), Role::Link)
                .and(format!(" {source}"), Role::Dim);
            lines.push(line.to(Target::Document { id: document.id, at: None }));
        }
        let left = row.documents.saturating_sub(day.documents.len() as u64);
        if left > 0 {
            lines.push(Line::of(format!("… {} more", number(left)), Role::Link).to(to));
        }
    }
    lines
}

pub fn margin(day: &Day, cells: usize) -> Vec<Line> {
    let mut column = Column::new(cells);
    if !day.provenance.is_empty() {
        column.head("what says the dates");
        for (source, documents) in &day.provenance {
            let source = if source.is_empty() { "nothing" } else { source };
            column.say(source, &count(*documents, "document", "documents"));
        }
    }
    column.head("on which clock");
    column.say("", "messages by the clock of their export, documents by their best date; neither is UTC unless its margin says so");
    column.lines
}
