//! Counts of the whole case.

use super::documents::path_from_bytes;
use super::ingest::state;
use super::{Store, StoreError};
use crate::model::activity::{UNDATED, month_of, month_text};
use crate::model::view::{SkippedRow, SourceRow, Status};
use crate::model::{SourceId, State, time};
use std::collections::BTreeMap;

impl Store {
    fn count(&self, sql: &str) -> Result<u64, StoreError> {
        let count: i64 = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    fn counts(&self, sql: &str) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All that SQL can count; the caller adds what the index and the folder know.
    pub fn status(&self) -> Result<Status, StoreError> {
        let by_state = self.counts("SELECT state, count(*) FROM document GROUP BY state")?;
        let by_state: BTreeMap<State, u64> = by_state
            .into_iter()
            .map(|(name, count)| Ok((state(&name)?, count)))
            .collect::<Result<_, StoreError>>()?;
        let states: Vec<(State, u64)> = State::ALL
            .into_iter()
            .map(|state| (state, by_state.get(&state).copied().unwrap_or(0)))
            .collect();
        let of = |wanted: fn(State) -> bool| {
            states.iter().filter(|(state, _)| wanted(*state)).map(|(_, n)| n).sum()
        };
        Ok(Status {
            documents: states.iter().map(|(_, count)| count).sum(),
            places: self.count("SELECT count(*) FROM place")?,
            children: self.count(
                "SELECT count(DISTINCT document) FROM place WHERE parent IS NOT NULL",
            )?,
            bytes: self.count("SELECT coalesce(sum(size), 0) FROM document WHERE has_bytes")?,
            messages: self.count("SELECT coalesce(sum(messages), 0) FROM conversation_day")?,
            distinct_messages: self.count("SELECT count(DISTINCT digest) FROM message")?,
            message_records: self.count("SELECT coalesce(sum(messages), 0) FROM export")?,
            conversations: self.count("SELECT count(*) FROM conversation")?,
            participants: self.count("SELECT count(*) FROM participant")?,
            exports: self.count("SELECT count(*) FROM export")?,
            unreadable: of(State::is_unreadable),
            no_text: of(|state| state == State::NoText),
            pages_without_text: self.count(
                "SELECT coalesce(sum(json_array_length(blank_pages)), 0) FROM document
                 WHERE blank_pages <> '' AND state <> 'no_text'",
            )?,
            skipped: self.skipped_count()?,
            missing: self.count(
                "SELECT count(*) FROM (SELECT document FROM place GROUP BY document
                 HAVING min(missing) = 1)",
            )?,
            zones_assumed: self.count("SELECT count(*) FROM export WHERE zone_status = 'assumed'")?,
            states,
            formats: self.counts(
                "SELECT format, count(*) AS n FROM document GROUP BY format ORDER BY n DESC, format",
            )?,
            languages: self.counts(
                "SELECT language, count(*) AS n FROM document WHERE state = 'read'
                 GROUP BY language ORDER BY n DESC, language",
            )?,
            months: self.months()?,
            sources: self.sources()?,
            read: self.count_marked("read")?,
            starred: self.count_marked("starred")?,
            irrelevant: self.count_marked("irrelevant")?,
            coverage: self.coverage()?,
            index_is_current: false,
            remarks: Vec::new(),
        })
    }

    fn months(&self) -> Result<Vec<(String, u64, u64)>, StoreError> {
        let documents = self.counts(
            "SELECT coalesce(strftime('%Y-%m', clock, 'unixepoch'), 'undated'), count(*)
             FROM document WHERE clock IS NOT NULL GROUP BY 1",
        )?;
        let mut months: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for (month, count) in documents {
            months.entry(month).or_default().0 += count;
        }
        for (day, count) in self.days_of_messages()? {
            if day != UNDATED {
                let month = month_text(month_of(i64::from(day) * 86_400));
                months.entry(month).or_default().1 += count;
            }
        }
        Ok(months.into_iter().map(|(month, (d, m))| (month, d, m)).collect())
    }

    pub fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT s.id, s.path, s.origin, s.added, s.finished IS NULL,
                (SELECT count(*) FROM place p WHERE p.source = s.id)
             FROM source s ORDER BY s.id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(SourceRow {
                id: SourceId(row.get(0)?),
                path: path_from_bytes(row.get(1)?).to_string_lossy().into_owned(),
                origin: row.get(2)?,
                added: time::clock_text_at(row.get::<_, i64>(3)?.div_euclid(1000), 0),
                places: row.get::<_, i64>(5)?.unsigned_abs(),
                incomplete: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn skipped_count(&self) -> Result<u64, StoreError> {
        self.count("SELECT count(*) FROM skipped")
    }

    /// Entries that were left alone, at most so many.
    pub fn skipped(&self, most: u64) -> Result<Vec<SkippedRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT source, path, reason FROM skipped ORDER BY source, path LIMIT ?1",
        )?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = statement.query_map([most], |row| {
            let source = SourceId(row.get(0)?);
            Ok(SkippedRow { source, path: row.get(1)?, reason: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
