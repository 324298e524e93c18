//! Sessions of a conversation: where talk stops for hours and begins again.

use super::identity::kind_from;
use super::{Store, StoreError};
use crate::model::activity::{Session, SessionRow, Sessions};
use crate::model::{ConversationId, MessageId, MessageKind, time};
use rusqlite::OptionalExtension;

/// Messages between two looks at whether anybody still waits.
const STRETCH: u64 = 16 * 1024;

/// Messages that are looked through for the first words of a session.
const OPENING: i64 = 40;

impl Store {
    /// Cuts a conversation into sessions. Reads the order of its messages and nothing else of
    /// them; `go_on` is asked now and then and ends it with what was found so far.
    pub fn sessions(
        &self,
        conversation: ConversationId,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Vec<Session>, StoreError> {
        let zone: Option<i32> = self
            .conn
            .prepare_cached(
                "SELECT e.zone FROM block b JOIN export e ON e.id = b.export
                 WHERE b.conversation = ?1 ORDER BY b.messages DESC LIMIT 1",
            )?
            .query_row([conversation.0], |row| row.get(0))
            .optional()?;
        let mut sessions = Sessions::new(zone.unwrap_or(0));
        let mut statement = self.conn.prepare_cached(
            "SELECT sort FROM message WHERE conversation = ?1 ORDER BY sort, rank, id",
        )?;
        let mut rows = statement.query([conversation.0])?;
        let mut count = 0_u64;
        while let Some(row) = rows.next()? {
            sessions.push(row.get(0)?);
            count += 1;
            if count.is_multiple_of(STRETCH) && !go_on() {
                break;
            }
        }
        Ok(sessions.finish())
    }

    /// What the list says of a session. `hits` are the instants of messages that were found,
    /// sorted; `None` where they are not known.
    pub fn session_row(
        &self,
        conversation: ConversationId,
        number: u64,
        session: &Session,
        hits: Option<&[i64]>,
    ) -> Result<SessionRow, StoreError> {
        let span = (conversation.0, session.first, session.last);
        let clock = |order: &str| -> Result<Option<String>, StoreError> {
            let row: Option<(i64, i32)> = self
                .conn
                .prepare_cached(&format!(
                    "SELECT m.clock, coalesce(m.zone, e.zone) FROM message m
                     JOIN export e ON e.id = m.export
                     WHERE m.conversation = ?1 AND m.sort BETWEEN ?2 AND ?3 AND m.clock IS NOT NULL
                     ORDER BY m.sort {order}, m.rank {order}, m.id {order} LIMIT 1"
                ))?
                .query_row(span, |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            Ok(row.map(|(clock, offset)| time::clock_text_at(clock, offset)))
        };
        let read: i64 = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM message m WHERE m.conversation = ?1
                    AND m.sort BETWEEN ?2 AND ?3 AND EXISTS
                    (SELECT 1 FROM mark k WHERE k.name = 'read' AND k.unit = m.id * 2 + 1)",
            )?
            .query_row(span, |row| row.get(0))?;
        let blank: i64 = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM message m WHERE m.conversation = ?1
                    AND m.sort BETWEEN ?2 AND ?3 AND m.text = ''",
            )?
            .query_row(span, |row| row.get(0))?;
        let hits = hits.map(|hits| {
            let from = hits.partition_point(|instant| *instant < session.first);
            let to = hits.partition_point(|instant| *instant <= session.last);
            (to - from) as u64
        });
        Ok(SessionRow {
            number,
            first: clock("ASC")?,
            last: clock("DESC")?,
            words: self.first_words(conversation, session)?,
            unread: session.messages.saturating_sub(read.unsigned_abs()),
            blank: blank.unsigned_abs(),
            hits,
        })
    }

    /// The first text that a person says, or what stands there when nobody says anything.
    fn first_words(
        &self,
        conversation: ConversationId,
        session: &Session,
    ) -> Result<String, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT kind, substr(text, 1, 160), extra IS NOT NULL FROM message
             WHERE conversation = ?1 AND sort BETWEEN ?2 AND ?3
             ORDER BY sort, rank, id LIMIT ?4",
        )?;
        let mut rows = statement.query((conversation.0, session.first, session.last, OPENING))?;
        let mut second = String::new();
        while let Some(row) = rows.next()? {
            let text: String = row.get(1)?;
            if text.trim().is_empty() {
                continue;
            }
            match kind_from(row.get(0)?) {
                MessageKind::Text | MessageKind::Media => return Ok(text),
                _ if second.is_empty() => second = text,
                _ => {}
            }
        }
        Ok(second)
    }

    /// Instants by which these messages are sorted, for those of one conversation.
    pub fn instants_of(
        &self,
        conversation: ConversationId,
        messages: &[MessageId],
    ) -> Result<Vec<i64>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT sort FROM message WHERE id = ?1 AND conversation = ?2")?;
        let mut instants = Vec::with_capacity(messages.len());
        for id in messages {
            let instant: Option<i64> =
                statement.query_row((id.0, conversation.0), |row| row.get(0)).optional()?;
            instants.extend(instant);
        }
        instants.sort_unstable();
        Ok(instants)
    }
}
