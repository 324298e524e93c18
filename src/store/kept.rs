//! Counts of the evidence that whole tables have to be read for, kept in one row with the state of
//! the evidence that they are of.
//!
//! Evidence changes only while an `add` of a source runs, or when a source is removed. What is
//! kept counts as long as all sources are those of then, each with its last `add` at an end; while
//! one runs, everything is counted anew. So nothing has to be told to forget, and what an older
//! version left is not trusted for longer than the same rule says.

use super::{Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The row of the settings that keeps them.
const KEY: &str = "counts";

/// What only `add` and the removal of a source change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    /// Documents by the name of their state.
    pub states: Vec<(String, u64)>,
    pub places: u64,
    /// Documents that came out of another one.
    pub children: u64,
    /// Of the originals.
    pub bytes: u64,
    pub distinct_messages: u64,
    pub pages_without_text: u64,
    /// Documents all of whose places are missing.
    pub missing: u64,
    /// The most frequent first.
    pub formats: Vec<(String, u64)>,
    pub languages: Vec<(String, u64)>,
    /// Documents by month: `2022-03`.
    pub months: Vec<(String, u64)>,
    /// Documents by the version of the readers that read them; those that none could read not.
    pub versions: Vec<(String, u64)>,
    /// Places by the row of their source.
    pub places_of: BTreeMap<i64, u64>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// The state of the evidence.
    of: String,
    counts: Counted,
}

impl Store {
    /// The counts, as they are kept or counted anew and kept.
    pub(super) fn counted(&self) -> Result<Counted, StoreError> {
        let Some(state) = self.evidence_state()? else { return self.count_evidence() };
        let kept: Option<Kept> =
            self.setting(KEY)?.and_then(|text| serde_json::from_str(&text).ok());
        if let Some(kept) = kept.filter(|kept| kept.of == state) {
            #[cfg(debug_assertions)]
            self.check_kept(&kept)?;
            return Ok(kept.counts);
        }
        let counts = self.count_evidence()?;
        if self.can_write() && self.conn.is_autocommit() {
            let kept = Kept { of: state, counts: counts.clone() };
            let kept = serde_json::to_string(&kept)
                .map_err(|error| StoreError::Damaged(format!("counts: {error}")))?;
            match self.set_setting(KEY, &kept) {
                // Somebody else writes: whoever counts next may keep it.
                Ok(()) | Err(StoreError::Busy) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(counts)
    }

    /// Every test that looks at a case twice looks at this too.
    #[cfg(debug_assertions)]
    fn check_kept(&self, kept: &Kept) -> Result<(), StoreError> {
        let now = self.count_evidence()?;
        let is_still = self.evidence_state()?.as_ref() == Some(&kept.of);
        assert!(!is_still || now == kept.counts, "kept: {:?}\nnow: {now:?}", kept.counts);
        Ok(())
    }

    /// What changes with every change of the evidence; `None` while it is being changed, or where
    /// an `add` did not come to its end.
    pub(super) fn evidence_state(&self) -> Result<Option<String>, StoreError> {
        let mut state = self.last_change()?.to_string();
        let mut statement =
            self.conn.prepare_cached("SELECT id, finished FROM source ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, finished): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
            let Some(finished) = finished else { return Ok(None) };
            state.push_str(&format!(" {id}@{finished}"));
        }
        Ok(Some(state))
    }

    /// Places by the row of their source.
    pub(super) fn places_of_sources(&self) -> Result<BTreeMap<i64, u64>, StoreError> {
        let mut places =
            self.conn.prepare_cached("SELECT source, count(*) FROM place GROUP BY source")?;
        let places =
            places.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        Ok(places.collect::<Result<_, _>>()?)
    }

    fn count_evidence(&self) -> Result<Counted, StoreError> {
        Ok(Counted {
            states: self.counts("SELECT state, count(*) FROM document GROUP BY state")?,
            places: self.count("SELECT count(*) FROM place")?,
            children: self.count(
                "SELECT count(DISTINCT document) FROM place WHERE parent IS NOT NULL",
            )?,
            bytes: self.count("SELECT coalesce(sum(size), 0) FROM document WHERE has_bytes")?,
            distinct_messages: self.count("SELECT count(DISTINCT digest) FROM message")?,
            pages_without_text: self.count(
                "SELECT coalesce(sum(json_array_length(blank_pages)), 0) FROM document
                 WHERE blank_pages <> '' AND state <> 'no_text'",
            )?,
            missing: self.count(
                "SELECT count(*) FROM (SELECT document FROM place GROUP BY document
                 HAVING min(missing) = 1)",
            )?,
            formats: self.counts(
                "SELECT format, count(*) AS n FROM document GROUP BY format ORDER BY n DESC, format",
            )?,
            languages: self.counts(
                "SELECT language, count(*) AS n FROM document WHERE state = 'read'
                 GROUP BY language ORDER BY n DESC, language",
            )?,
            months: self.counts(
                "SELECT coalesce(strftime('%Y-%m', clock, 'unixepoch'), 'undated'), count(*)
                 FROM document WHERE clock IS NOT NULL GROUP BY 1",
            )?,
            versions: self.counts(
                "SELECT CAST(extractor AS TEXT), count(*) FROM document WHERE extractor > 0
                 GROUP BY extractor ORDER BY extractor",
            )?,
            places_of: self.places_of_sources()?,
        })
    }
}
