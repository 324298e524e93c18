//! What stands over the messages of a conversation: heads of sessions, rules between days, time
//! that no export covers, and the title with its clock.

use super::chat::{ChatReader, day_of, minute_of};
use super::{Goal, settle};
use crate::app::line::{Line, Role};
use crate::app::margin::clock_words;
use crate::app::overview::{count, number};
use crate::case::{Message, Session, ZoneStatus};
use crate::text::{sanitise, width};
use std::sync::Arc;

/// Cells of a title that the name of the conversation may take at most.
const NAME: usize = 36;
/// Cells for what is searched.
pub(super) const QUERY: usize = 16;

impl ChatReader {
    /// It is known how the conversation is cut into sessions.
    pub fn set_sessions(&mut self, sessions: Arc<[Session]>) {
        self.sessions = sessions;
        // Where nobody moved since, one is to stand as one would with them.
        if let Some((goal, anchor, cursor)) = self.reached.take()
            && (anchor, cursor) == (self.anchor, self.cursor)
        {
            return self.go(goal);
        }
        if self.width == 0 || !self.is_at_hand(self.anchor.block) {
            return;
        }
        // Heads came where rules were; what was at the top stays there.
        self.anchor.row = self.anchor.row.min(super::Blocks::height(self, self.anchor.block) - 1);
        self.anchor = settle(self, self.anchor, self.height);
        self.show_cursor();
    }

    /// Whether its sessions are known: no conversation is without.
    pub fn has_sessions(&self) -> bool {
        !self.sessions.is_empty()
    }

    /// Number of the session that holds a position, from 0.
    pub fn session_at(&self, position: u64) -> Option<usize> {
        self.sessions.partition_point(|session| session.start <= position).checked_sub(1)
    }

    /// The session that begins here.
    fn session_from(&self, position: u64) -> Option<&Session> {
        let session = self.sessions.get(self.session_at(position)?)?;
        (session.start == position).then_some(session)
    }

    pub(super) fn begins_session(&self, position: u64) -> bool {
        self.session_from(position).is_some()
    }

    /// A head stands over this message.
    pub(super) fn has_head(&self, position: u64) -> bool {
        self.begins_day(position) || self.begins_session(position)
    }

    /// To the first message of the next session, or of this or the one before.
    pub fn next_session(&mut self, is_backwards: bool) {
        let Some(here) = self.session_at(self.cursor) else { return self.next_day(is_backwards) };
        let next = if is_backwards {
            let is_at_start = self.sessions[here].start == self.cursor;
            here.saturating_sub(usize::from(is_at_start))
        } else {
            here + 1
        };
        match self.sessions.get(next) {
            Some(session) => self.go(Goal::At(session.start)),
            None => self.go(Goal::End),
        }
    }

    /// The original stamps in the place of times, or times again.
    pub fn toggle_raw(&mut self) {
        self.is_raw = !self.is_raw;
        self.anchor.row = self.anchor.row.min(super::Blocks::height(self, self.anchor.block) - 1);
        self.anchor = settle(self, self.anchor, self.height);
        self.show_cursor();
    }

    /// What stands over a message.
    pub(super) fn heads(&self, position: u64, message: &Message) -> Vec<Line> {
        let mut lines = self.gaps(position, message);
        match self.session_from(position) {
            Some(session) => lines.push(self.session_head(session, message)),
            None if self.begins_day(position) => lines.push(self.day_rule(message)),
            None => {}
        }
        lines
    }

    /// Time before a message that no export covers: what was said then is not in the case, which
    /// is another thing than silence.
    fn gaps(&self, position: u64, message: &Message) -> Vec<Line> {
        let clock = |message: &Message| {
            message.time.as_deref().and_then(|time| time.get(..19)).map(str::to_owned)
        };
        let Some(here) = clock(message) else { return Vec::new() };
        let before = position
            .checked_sub(1)
            .and_then(|before| self.get(before))
            .and_then(|marked| clock(&marked.message));
        let is_between =
            |after: &String| *after <= here && before.as_ref().is_none_or(|before| before < after);
        let gaps = self.row.gaps.iter().filter(|(_, after)| position > 0 && is_between(after));
        gaps.map(|(from, to)| {
            let shown = |time: &str| time.get(..16).unwrap_or(time).replace('T', " ");
            let text = format!("░░ no export covers {} to {} ", shown(from), shown(to));
            let room = self.width.saturating_sub(width::of(&text));
            Line::of(text, Role::Warn).and("░".repeat(room), Role::Rule)
        })
        .collect()
    }

    /// `── Thu 2020-09-17 07:51-08:19 · 32 messages · 6 without text ──`
    fn session_head(&self, session: &Session, message: &Message) -> Line {
        let mut name = day_name(message);
        let last = session.end() - 1;
        let first = minute_of(message);
        if !first.is_empty() {
            name.push_str(&format!(" {first}"));
        }
        let is_whole = self.is_at_hand(last);
        let until = self.get(last).map(|marked| minute_of(&marked.message)).unwrap_or("");
        if is_whole && until != first && !until.is_empty() {
            name.push_str(&format!("-{until}"));
        }
        let mut about = vec![count(session.messages, "message", "messages")];
        if is_whole {
            let blank = (session.start..=last)
                .filter(|at| self.get(*at).is_some_and(|marked| Self::is_blank(&marked.message)))
                .count();
            if blank > 0 {
                about.push(format!("{} without text", number(blank as u64)));
            }
        }
        let mut line = Line::of("── ", Role::Rule).and(name, Role::Head);
        for part in about {
            if line.width() + width::of(&part) + 4 <= self.width {
                line.push(format!(" · {part}"), Role::Dim);
            }
        }
        line.push(" ", Role::Text);
        let rest = self.width.saturating_sub(line.width());
        line.and("─".repeat(rest), Role::Rule)
    }

    fn day_rule(&self, message: &Message) -> Line {
        let mut line =
            Line::of("── ", Role::Rule).and(day_name(message), Role::Head).and(" ", Role::Text);
        let rest = self.width.saturating_sub(line.width());
        line.push("─".repeat(rest), Role::Rule);
        line
    }

    /// The zone that its times are shown in and how that is known: `UTC+8 inferred`.
    fn clock(&self) -> (String, Role) {
        let blocks = &self.row.blocks;
        let Some(first) = blocks.first() else { return (String::new(), Role::Dim) };
        let is_same = blocks
            .iter()
            .all(|block| (block.zone, block.zone_status) == (first.zone, first.zone_status));
        let is_sure = blocks.iter().all(|block| block.zone_status != ZoneStatus::Assumed);
        let role = if is_sure { Role::Dim } else { Role::Warn };
        if is_same { (clock_words(first), role) } else { ("several clocks".to_owned(), role) }
    }

    pub(super) fn title_parts(&self, line: &mut Line) {
        // What frames the title takes the rest.
        let cells = self.width.saturating_sub(4);
        line.push(" ", Role::Text);
        let room = (cells * 2 / 5).clamp(12, NAME);
        line.push(width::clip(&sanitise::line(&self.row.title), room), Role::Head);
        let mut parts = Vec::new();
        let query = width::clip_middle(&sanitise::line(&self.query), QUERY);
        if self.found.is_some() {
            parts.push((format!("{} for {query}", self.found_words()), Role::Key));
        }
        let (clock, role) = self.clock();
        if !clock.is_empty() {
            parts.push((clock, role));
        }
        let position = (self.cursor + 1).min(self.row.messages);
        parts.push((format!("{}/{}", number(position), number(self.row.messages)), Role::Dim));
        if let (Some(session), true) = (self.session_at(self.cursor), self.sessions.len() > 1) {
            let all = number(self.sessions.len() as u64);
            parts.push((format!("session {}/{all}", number(session as u64 + 1)), Role::Dim));
        }
        if self.found.is_none() && self.is_marked() {
            parts.push((format!("marks {query}"), Role::Dim));
        }
        let done = self.row.messages.saturating_sub(self.row.unread);
        if let Some(percent) = (done * 100).checked_div(self.row.messages)
            && done > 0
        {
            parts.push((format!("{percent}% read"), Role::Dim));
        }
        line.push_parts(parts, cells);
    }
}

/// `Thu 2020-09-17`, or `undated`.
fn day_name(message: &Message) -> String {
    match day_of(message) {
        "" => "undated".to_owned(),
        day => match day.parse::<jiff::civil::Date>() {
            Ok(date) => format!("{} {day}", date.strftime("%a")),
            Err(_) => day.to_owned(),
        },
    }
}
