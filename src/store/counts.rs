//! Counts that are kept with the messages, so that no list and no timeline reads all of them:
//! messages of a conversation by day, and of an account in a conversation by month.

use super::{Store, StoreError};
use crate::model::activity::{UNDATED, day_of, month_of};
use std::collections::HashMap;

/// What an export adds to the counts, gathered while it is written.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// By conversation and day.
    days: HashMap<(i64, i32), u64>,
    /// By conversation, account and month: messages, first and last clock.
    voices: HashMap<(i64, i64, i32), Voice>,
}

#[derive(Debug, Default)]
struct Voice {
    messages: u64,
    first: Option<i64>,
    last: Option<i64>,
}

impl Counts {
    /// A message that was not there before. `clock`: seconds on the clock of the evidence.
    pub(super) fn add(&mut self, conversation: i64, sender: Option<i64>, clock: Option<i64>) {
        let day = clock.map_or(UNDATED, day_of);
        *self.days.entry((conversation, day)).or_default() += 1;
        let Some(sender) = sender else { return };
        let month = clock.map_or(UNDATED, month_of);
        let voice = self.voices.entry((conversation, sender, month)).or_default();
        voice.messages += 1;
        if let Some(clock) = clock {
            voice.first = Some(voice.first.map_or(clock, |first| first.min(clock)));
            voice.last = Some(voice.last.map_or(clock, |last| last.max(clock)));
        }
    }

    pub(super) fn write(self, store: &Store) -> Result<(), StoreError> {
        let mut statement = store.conn.prepare_cached(
            "INSERT INTO conversation_day (conversation, day, messages) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET messages = messages + ?3",
        )?;
        for ((conversation, day), messages) in self.days {
            statement.execute((conversation, day, messages as i64))?;
        }
        // The smaller of two, of which one or both may be unknown.
        let mut statement = store.conn.prepare_cached(
            "INSERT INTO voice (conversation, participant, month, messages, first, last)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET messages = messages + ?4,
                first = coalesce(min(first, ?5), first, ?5),
                last = coalesce(max(last, ?6), last, ?6)",
        )?;
        for ((conversation, sender, month), voice) in self.voices {
            let messages = voice.messages as i64;
            statement.execute((conversation, sender, month, messages, voice.first, voice.last))?;
        }
        Ok(())
    }
}

impl Store {
    /// Counts a conversation again that has lost messages.
    pub(super) fn recount(&self, conversation: i64) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM conversation_day WHERE conversation = ?1",
            "DELETE FROM voice WHERE conversation = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([conversation])?;
        }
        let mut counts = Counts::default();
        let mut statement = self
            .conn
            .prepare_cached("SELECT sender, clock FROM message WHERE conversation = ?1")?;
        let mut rows = statement.query([conversation])?;
        while let Some(row) = rows.next()? {
            counts.add(conversation, row.get(0)?, row.get(1)?);
        }
        drop(rows);
        counts.write(self)
    }
}
