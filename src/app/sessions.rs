//! The sessions of the open conversation, as the list column shows them.

use super::line::{Line, Role};
use super::overview::{count, number};
use super::paged::top_for;
use super::pages::day;
use super::reader::Goal;
use crate::case::{Session, SessionRow, day_of};
use crate::model::ConversationId;
use crate::text::{sanitise, width};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Rows around the screen that are asked for with it.
const SPARE: u64 = 10;

/// Rows that one session takes.
pub const ROWS: usize = 2;

#[derive(Clone, Debug)]
pub struct SessionList {
    pub id: ConversationId,
    pub spans: Arc<[Session]>,
    /// What is known of them, by number.
    rows: HashMap<u64, SessionRow>,
    /// What the rows say hits of.
    pub query: String,
    pub cursor: u64,
    pub top: u64,
    pub height: u64,
}

impl SessionList {
    pub fn new(id: ConversationId, spans: Arc<[Session]>) -> Self {
        SessionList {
            id,
            spans,
            rows: HashMap::new(),
            query: String::new(),
            cursor: 0,
            top: 0,
            height: 1,
        }
    }

    pub fn total(&self) -> u64 {
        self.spans.len() as u64
    }

    pub fn get(&self, number: u64) -> Option<(&Session, Option<&SessionRow>)> {
        let span = self.spans.get(usize::try_from(number).ok()?)?;
        Some((span, self.rows.get(&number)))
    }

    /// The session that holds a position.
    pub fn at(&self, position: u64) -> u64 {
        let after = self.spans.partition_point(|session| session.start <= position);
        after.saturating_sub(1) as u64
    }

    /// The session in which somebody goes to a place.
    pub fn of_goal(&self, goal: Goal) -> u64 {
        match goal {
            Goal::Start => 0,
            Goal::End => self.total().saturating_sub(1),
            Goal::At(position) | Goal::Anchor(_, position) => self.at(position),
        }
    }

    /// Position where the session under the cursor begins.
    pub fn start(&self) -> Option<u64> {
        self.spans.get(usize::try_from(self.cursor).ok()?).map(|session| session.start)
    }

    /// Sessions that are shown and not known.
    pub fn wanted(&self) -> Option<Range<u64>> {
        let shown = self.top..(self.top + self.height).min(self.total());
        let missing = shown.clone().find(|number| !self.rows.contains_key(number))?;
        let end = shown.end.saturating_add(SPARE).min(self.total());
        Some(missing.saturating_sub(if missing == shown.start { SPARE } else { 0 })..end)
    }

    pub fn set(&mut self, rows: Vec<SessionRow>) {
        self.rows.extend(rows.into_iter().map(|row| (row.number, row)));
    }

    /// What the rows say may be so no more.
    pub fn forget(&mut self, query: &str) {
        self.rows.clear();
        query.clone_into(&mut self.query);
    }

    pub fn go(&mut self, number: u64) {
        self.cursor = number.min(self.total().saturating_sub(1));
        self.top = top_for(self.cursor, self.top, self.height, Some(self.total()));
    }

    pub fn resize(&mut self, height: usize) {
        self.height = (height as u64 / ROWS as u64).max(1);
        self.go(self.cursor);
    }
}

/// The two rows of a session.
pub fn lines(session: &Session, row: Option<&SessionRow>, cells: usize) -> [Line; ROWS] {
    let mut head = Line::new();
    let time = |time: &Option<String>| {
        time.as_deref().and_then(|time| time.get(11..16)).unwrap_or("").to_owned()
    };
    let mut tail = number(session.messages);
    let mut mark = " ";
    let mut words = Line::of("  …", Role::Dim);
    match row {
        Some(row) => {
            let first = row.first.as_deref().and_then(|time| time.get(..10));
            head.push(first.unwrap_or("undated"), Role::Text);
            if row.unread == 0 {
                mark = "●";
            } else if row.unread < session.messages {
                tail = format!("{} of {tail}", number(row.unread));
            }
            words = Line::of("  ", Role::Text);
            if let Some(hits) = row.hits.filter(|hits| *hits > 0) {
                words.push(count(hits, "hit", "hits"), Role::Hit);
                words.push(" ", Role::Text);
            }
            let shown = sanitise::line(row.words.trim()).into_owned();
            if shown.is_empty() {
                words.push(
                    format!("▢ {} without text", count(row.blank, "message", "messages")),
                    Role::Dim,
                );
            } else {
                words.push(width::clip(&shown, cells), Role::Dim);
            }
        }
        None => head.push(day::name(day_of(session.first)), Role::Dim),
    }
    let room = cells.saturating_sub(width::of(&tail) + 3);
    if let Some(row) = row.filter(|row| row.first.is_some()) {
        head.push(format!(" {}", time(&row.first)), Role::Dim);
        if head.width() + 6 <= room && time(&row.first) != time(&row.last) {
            head.push(format!("-{}", time(&row.last)), Role::Dim);
        }
    }
    head.fit(room);
    head.push(" ", Role::Text);
    head.push(tail, Role::Count);
    head.push(" ", Role::Text);
    head.push(mark, Role::Dim);
    words.fit(cells);
    [head, words]
}
