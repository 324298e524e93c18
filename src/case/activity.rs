//! Who spoke and when: accounts, sessions, days.

use super::{Case, CaseError};
use crate::model::activity::{Account, Day, DayRow, Session, SessionRow};
use crate::model::{ConversationId, DocumentId, ItemId, MessageId, ParticipantId};
use crate::query::Query;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Hits whose place in a conversation is looked up; of more it is not known which session they
/// are in.
const MOST_HITS: u64 = 20_000;

impl Case {
    pub fn account(&self, id: ParticipantId) -> Result<Account, CaseError> {
        let mut account = self.store.account(id)?;
        let owners = self.owners()?;
        owners.put(std::slice::from_mut(&mut account.row.account));
        for part in &mut account.conversations {
            self.title_by(part.id, &mut part.title, &owners)?;
        }
        Ok(account)
    }

    /// All days that something is of, in order; what has no date last.
    pub fn days(&self) -> Result<Vec<DayRow>, CaseError> {
        Ok(self.store.days()?)
    }

    pub fn day(&self, day: i32) -> Result<Day, CaseError> {
        let mut of = self.store.day(day)?;
        let owners = self.owners()?;
        for part in &mut of.conversations {
            self.title_by(part.id, &mut part.title, &owners)?;
        }
        of.events = self.events()?;
        of.events.retain(|event| (event.days().0..=event.days().1).contains(&day));
        Ok(of)
    }

    /// A conversation cut into sessions.
    ///
    /// # Errors
    /// [`CaseError::Cancelled`] when `cancel` was set meanwhile.
    pub fn sessions(
        &self,
        id: ConversationId,
        cancel: &AtomicBool,
    ) -> Result<Vec<Session>, CaseError> {
        let sessions = self.store.sessions(id, &|| !cancel.load(Relaxed))?;
        if cancel.load(Relaxed) { Err(CaseError::Cancelled) } else { Ok(sessions) }
    }

    /// What the list says of `sessions`, of which the first is number `first`. With a query, each
    /// says how many of its messages it finds.
    pub fn session_rows(
        &self,
        id: ConversationId,
        first: u64,
        sessions: &[Session],
        query: Option<&Query>,
        cancel: &AtomicBool,
    ) -> Result<Vec<SessionRow>, CaseError> {
        let hits = match query {
            Some(query) => self.hit_instants(id, query, cancel)?,
            None => None,
        };
        (first..)
            .zip(sessions)
            .map(|(number, session)| {
                if cancel.load(Relaxed) {
                    return Err(CaseError::Cancelled);
                }
                Ok(self.store.session_row(id, number, session, hits.as_deref())?)
            })
            .collect()
    }

    /// Instants of the messages of a conversation that a query finds, sorted; `None` for too many.
    fn hit_instants(
        &self,
        id: ConversationId,
        query: &Query,
        cancel: &AtomicBool,
    ) -> Result<Option<Vec<i64>>, CaseError> {
        let Ok(here) = Query::parse(&format!("({}) in:{id} kind:message", query.text())) else {
            return Ok(None);
        };
        if self.count_found(&here, cancel)? > MOST_HITS {
            return Ok(None);
        }
        let found = self.found_units(&here, cancel)?;
        let messages: Vec<MessageId> = found
            .into_iter()
            .filter_map(|item| match item {
                ItemId::Message(id) => Some(id),
                _ => None,
            })
            .collect();
        Ok(Some(self.store.instants_of(id, &messages)?))
    }

    /// The document that a message sent along by this name, when it is in the case, and its size in
    /// bytes: another one than the export states (`size`) tells that it may be another file.
    pub fn media_document(
        &self,
        message: MessageId,
        name: &str,
        size: Option<u64>,
    ) -> Result<Option<(DocumentId, u64)>, CaseError> {
        Ok(self.store.media_document(message, name, size)?)
    }

    /// Position of the first message of a conversation whose clock shows `clock` (seconds since
    /// 1970-01-01 on the clock of the evidence) or later.
    pub fn position_of_clock(&self, id: ConversationId, clock: i64) -> Result<u64, CaseError> {
        Ok(self.store.position_of_clock(id, clock)?)
    }
}
