//! Counts of the whole case.

use super::documents::path_from_bytes;
use super::ingest::state;
use super::kept::Counted;
use super::{Store, StoreError};
use crate::model::activity::{UNDATED, month_of, month_text};
use crate::model::view::{Older, SYSTEM_ACCOUNTS, SkippedRow, SourceRow, Status};
use crate::model::{SourceId, State, time};
use std::collections::BTreeMap;

impl Store {
    pub(super) fn count(&self, sql: &str) -> Result<u64, StoreError> {
        let count: i64 = self.conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    pub(super) fn counts(&self, sql: &str) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All that SQL can count; the caller adds what the index and the folder know. `readers`: the
    /// version of the readers of this program.
    pub fn status(&self, readers: u32) -> Result<Status, StoreError> {
        // An `add` may commit between two of the counts: they are of one moment.
        let (status, fresh) = self.in_one_state(|| {
            let (counted, fresh) = self.counted()?;
            Ok::<_, StoreError>((self.status_of(counted, readers)?, fresh))
        })?;
        fresh.map_or(Ok(()), |kept| self.keep(&kept))?;
        Ok(status)
    }

    fn status_of(&self, counted: Counted, readers: u32) -> Result<Status, StoreError> {
        let older = counted
            .versions
            .iter()
            .filter(|(version, _)| version.parse::<u32>().is_ok_and(|version| version < readers));
        let by_state: BTreeMap<State, u64> = counted
            .states
            .iter()
            .map(|(name, count)| Ok((state(name)?, *count)))
            .collect::<Result<_, StoreError>>()?;
        let states: Vec<(State, u64)> = State::ALL
            .into_iter()
            .map(|state| (state, by_state.get(&state).copied().unwrap_or(0)))
            .collect();
        let of = |wanted: fn(State) -> bool| {
            states.iter().filter(|(state, _)| wanted(*state)).map(|(_, n)| n).sum()
        };
        let participants = self.participant_count()?;
        Ok(Status {
            documents: states.iter().map(|(_, count)| count).sum(),
            places: counted.places,
            children: counted.children,
            bytes: counted.bytes,
            messages: self.count("SELECT coalesce(sum(messages), 0) FROM conversation_day")?,
            distinct_messages: counted.distinct_messages,
            message_records: self.count("SELECT coalesce(sum(messages), 0) FROM export")?,
            conversations: self.count("SELECT count(*) FROM conversation")?,
            participants,
            silent: self.count("SELECT count(*) FROM participant")?.saturating_sub(participants),
            exports: self.count("SELECT count(*) FROM export")?,
            exports_apart: self.exports_apart()?,
            unreadable: of(State::is_unreadable),
            no_text: of(|state| state == State::NoText),
            pages_without_text: counted.pages_without_text,
            warned: counted.warned,
            skipped: self.skipped_count()?,
            missing: counted.missing,
            older: Older { documents: older.map(|(_, count)| count).sum(), ..Older::default() },
            zones_assumed: self
                .count("SELECT count(*) FROM export WHERE zone_status = 'assumed'")?,
            states,
            formats: counted.formats,
            languages: counted.languages,
            months: self.months(counted.months)?,
            sources: self.sources_with(&counted.places_of)?,
            read: self.count_marked("read")?,
            starred: self.count_marked("starred")?,
            irrelevant: self.count_marked("irrelevant")?,
            coverage: self.coverage()?,
            index_is_current: false,
            remarks: Vec::new(),
        })
    }

    /// Exports that are listed by another state.
    fn exports_apart(&self) -> Result<Vec<(State, u64)>, StoreError> {
        let counted = self.counts(
            "SELECT d.state, count(*) FROM export e JOIN document d ON d.id = e.document
             WHERE d.state <> 'export' GROUP BY d.state",
        )?;
        counted.iter().map(|(name, count)| Ok((state(name)?, *count))).collect()
    }

    /// Accounts that wrote, without those in whose name a platform speaks.
    fn participant_count(&self) -> Result<u64, StoreError> {
        let mut count = self.count(
            "SELECT count(*) FROM participant p
             WHERE EXISTS (SELECT 1 FROM voice v WHERE v.participant = p.id)",
        )?;
        for account in SYSTEM_ACCOUNTS {
            let spoke: bool = self
                .conn
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM participant p JOIN voice v ON v.participant = p.id
                     WHERE p.platform = ?1 AND p.handle = ?2)",
                )?
                .query_row(account, |row| row.get(0))?;
            count = count.saturating_sub(u64::from(spoke));
        }
        Ok(count)
    }

    /// Documents and messages by month. Those of messages move with the zones.
    fn months(&self, documents: Vec<(String, u64)>) -> Result<Vec<(String, u64, u64)>, StoreError> {
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
        self.sources_with(&self.places_of_sources()?)
    }

    /// Sources, each with its places by the row of it.
    fn sources_with(&self, places: &BTreeMap<i64, u64>) -> Result<Vec<SourceRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, path, origin, added, finished IS NULL FROM source ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            let id = row.get(0)?;
            Ok(SourceRow {
                id: SourceId(id),
                path: path_from_bytes(row.get(1)?).to_string_lossy().into_owned(),
                origin: row.get(2)?,
                added: time::clock_text_at(row.get::<_, i64>(3)?.div_euclid(1000), 0),
                places: places.get(&id).copied().unwrap_or(0),
                incomplete: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sources whose last `add` has not come to its end.
    pub fn unfinished_sources(&self) -> Result<Vec<SourceId>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT id FROM source WHERE finished IS NULL ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok(SourceId(row.get(0)?)))?;
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
