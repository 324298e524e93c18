//! The dates of the evidence: days with their counts, and what is of one day.

use super::{Store, StoreError};
use crate::model::activity::{Day, DayConversation, DayRow, UNDATED};
use crate::model::view::DocumentRow;
use crate::model::{ConversationId, DocumentId};
use std::collections::BTreeMap;

/// Documents of a day that are listed; all are counted.
const MOST: i64 = 500;

/// First and last second of a day on the clock.
fn seconds(day: i32) -> (i64, i64) {
    let start = i64::from(day) * 86_400;
    (start, start + 86_399)
}

impl Store {
    /// Messages by day, over all conversations, in order; undated ones first.
    pub(super) fn days_of_messages(&self) -> Result<Vec<(i32, u64)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT day, sum(messages) FROM conversation_day GROUP BY day ORDER BY day",
        )?;
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All days that something is of, in order; what has no date last.
    pub fn days(&self) -> Result<Vec<DayRow>, StoreError> {
        let mut days: BTreeMap<i32, (u64, u64)> = BTreeMap::new();
        for (day, messages) in self.days_of_messages()? {
            days.entry(day).or_default().1 += messages;
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT (clock - (clock % 86400 + 86400) % 86400) / 86400 AS day, count(*)
             FROM document GROUP BY day",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let day = row.get::<_, Option<i64>>(0)?.map(i32::try_from);
            let day = day.and_then(Result::ok).unwrap_or(UNDATED);
            days.entry(day).or_default().0 += row.get::<_, i64>(1)?.unsigned_abs();
        }
        let undated = days.remove(&UNDATED);
        let row = |(day, (documents, messages))| DayRow { day, documents, messages };
        let undated = undated.map(|counts| (UNDATED, counts));
        Ok(days.into_iter().chain(undated).map(row).collect())
    }

    /// What is of one day, or of none.
    pub fn day(&self, day: i32) -> Result<Day, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT d.conversation, d.messages, c.platform FROM conversation_day d
             JOIN conversation c ON c.id = d.conversation
             WHERE d.day = ?1 ORDER BY d.messages DESC, d.conversation",
        )?;
        let rows = statement.query_map([day], |row| {
            Ok(DayConversation {
                id: ConversationId(row.get(0)?),
                title: String::new(),
                messages: row.get::<_, i64>(1)?.unsigned_abs(),
                platform: row.get(2)?,
            })
        })?;
        let mut conversations: Vec<DayConversation> = rows.collect::<Result<_, _>>()?;
        for conversation in &mut conversations {
            conversation.title = self.conversation_title(conversation.id)?;
        }
        let provenance = self.dates_of(day)?;
        Ok(Day {
            row: DayRow {
                day,
                documents: provenance.iter().map(|(_, count)| count).sum(),
                messages: conversations.iter().map(|conversation| conversation.messages).sum(),
            },
            conversations,
            documents: self.documents_of(day)?,
            provenance,
            events: Vec::new(),
        })
    }

    /// What says the dates of the documents of a day, the most frequent first.
    fn dates_of(&self, day: i32) -> Result<Vec<(String, u64)>, StoreError> {
        let (first, last) = seconds(day);
        let mut statement = self.conn.prepare_cached(if day == UNDATED {
            "SELECT date_source, count(*) AS n FROM document WHERE clock IS NULL AND ?1 < ?2
             GROUP BY 1 ORDER BY n DESC, 1"
        } else {
            "SELECT date_source, count(*) AS n FROM document WHERE clock BETWEEN ?1 AND ?2
             GROUP BY 1 ORDER BY n DESC, 1"
        })?;
        let rows = statement.query_map((first, last), |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn documents_of(&self, day: i32) -> Result<Vec<DocumentRow>, StoreError> {
        let (first, last) = seconds(day);
        let mut statement = self.conn.prepare_cached(if day == UNDATED {
            "SELECT id FROM document WHERE clock IS NULL AND ?1 < ?2 ORDER BY id LIMIT ?3"
        } else {
            "SELECT id FROM document WHERE clock BETWEEN ?1 AND ?2 ORDER BY clock, id LIMIT ?3"
        })?;
        let ids: Vec<i64> = statement
            .query_map((first, last, MOST), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        ids.into_iter().map(|id| self.document_row(DocumentId(id))).collect()
    }

    /// Position of the first message of a conversation whose clock shows `clock` or later: the
    /// one where a day begins, whatever zones its exports have.
    pub fn position_of_clock(
        &self,
        conversation: ConversationId,
        clock: i64,
    ) -> Result<u64, StoreError> {
        // No clock is further from UTC than this, so nothing before it can show the time.
        const FURTHEST: i64 = 15 * 3600;
        let from = clock.saturating_sub(FURTHEST);
        let skip = self.position_at(conversation, from)?;
        let mut statement = self.conn.prepare_cached(
            "SELECT clock FROM message WHERE conversation = ?1 AND sort >= ?2
             ORDER BY sort, rank, id",
        )?;
        let mut rows = statement.query((conversation.0, from))?;
        let mut position = skip;
        while let Some(row) = rows.next()? {
            if row.get::<_, Option<i64>>(0)?.is_some_and(|shown| shown >= clock) {
                return Ok(position);
            }
            position += 1;
        }
        Ok(position.saturating_sub(1))
    }
}
