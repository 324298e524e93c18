//! Counts of the evidence that whole tables have to be read for, kept in one row with the state of
//! the evidence that they are of.
//!
//! Evidence changes only while an `add` of a source runs, or when a source is removed. What is
//! kept counts as long as all sources are those of then, each with its last `add` at an end; while
//! one runs, everything is counted anew. So nothing has to be told to forget, and what an older
//! version left is not trusted for longer than the same rule says.

use super::ingest::state;
use super::listed::text;
use super::{Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// The row of the settings that keeps them, with the version of what they count.
const KEY: &str = "counts 4";

/// What only `add` and the removal of a source change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Documents that were read with a warning.
    pub warned: u64,
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
pub(super) struct Kept {
    /// The state of the evidence.
    of: String,
    counts: Counted,
}

impl Store {
    /// The counts, as they are kept or counted anew; in the latter case with what is to be kept of
    /// them, once what is read in one state of the case is read.
    pub(super) fn counted(&self) -> Result<(Counted, Option<Kept>), StoreError> {
        let Some(state) = self.evidence_state()? else { return Ok((self.count_evidence()?, None)) };
        let kept: Option<Kept> =
            self.setting(KEY)?.and_then(|text| serde_json::from_str(&text).ok());
        if let Some(kept) = kept.filter(|kept| kept.of == state) {
            #[cfg(debug_assertions)]
            self.check_kept(&kept)?;
            return Ok((kept.counts, None));
        }
        let counts = self.count_evidence()?;
        Ok((counts.clone(), Some(Kept { of: state, counts })))
    }

    /// Keeps what was counted, where that can be done.
    pub(super) fn keep(&self, kept: &Kept) -> Result<(), StoreError> {
        if !self.can_write() || !self.conn.is_autocommit() {
            return Ok(());
        }
        let kept = serde_json::to_string(kept)
            .map_err(|error| StoreError::Damaged(format!("counts: {error}")))?;
        match self.set_setting(KEY, &kept) {
            // Somebody else writes: whoever counts next may keep it.
            Ok(()) | Err(StoreError::Busy) => Ok(()),
            Err(error) => Err(error),
        }
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

    /// Reads each table once, as far as that can be: they are large, and people wait for this.
    fn count_evidence(&self) -> Result<Counted, StoreError> {
        let mut counted = Counted {
            distinct_messages: self.count("SELECT count(DISTINCT digest) FROM message")?,
            months: self.counts(
                "SELECT coalesce(strftime('%Y-%m', clock, 'unixepoch'), 'undated'), count(*)
                 FROM document WHERE clock IS NOT NULL GROUP BY 1",
            )?,
            ..Counted::default()
        };
        self.count_kinds(&mut counted)?;
        self.count_versions(&mut counted)?;
        self.count_places(&mut counted)?;
        Ok(counted)
    }

    /// States, formats, languages and sizes, in the order of their index.
    fn count_kinds(&self, counted: &mut Counted) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT state, format, language, has_bytes, count(*), sum(size) FROM document
             GROUP BY state, format, language, has_bytes",
        )?;
        let mut rows = statement.query([])?;
        let [mut states, mut formats, mut languages] = [const { BTreeMap::new() }; 3];
        while let Some(row) = rows.next()? {
            let (state, has_bytes): (String, bool) = (row.get(0)?, row.get(3)?);
            let documents = row.get::<_, i64>(4)?.unsigned_abs();
            if has_bytes {
                counted.bytes += row.get::<_, i64>(5)?.unsigned_abs();
            }
            *languages.entry(row.get(2)?).or_default() += documents;
            *formats.entry(row.get(1)?).or_default() += documents;
            *states.entry(state).or_default() += documents;
        }
        counted.states = states.into_iter().collect();
        counted.formats = by_number(formats);
        counted.languages = by_number(languages);
        Ok(())
    }

    /// Versions of the readers, pages without text, warnings.
    fn count_versions(&self, counted: &mut Counted) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT extractor, CASE WHEN blank_pages = '' OR state = 'no_text' THEN 0
                                    ELSE json_array_length(blank_pages) END,
                    CASE WHEN warnings = '' THEN '' ELSE state END FROM document",
        )?;
        let mut rows = statement.query([])?;
        let mut versions: BTreeMap<u32, u64> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            *versions.entry(row.get(0)?).or_default() += 1;
            counted.pages_without_text += row.get::<_, i64>(1)?.unsigned_abs();
            let of_warned = text(row, 2)?;
            if !of_warned.is_empty() && !state(of_warned)?.is_unreadable() {
                counted.warned += 1;
            }
        }
        versions.remove(&0);
        counted.versions =
            versions.into_iter().map(|(version, count)| (version.to_string(), count)).collect();
        Ok(())
    }

    fn count_places(&self, counted: &mut Counted) -> Result<(), StoreError> {
        #[derive(Default)]
        struct Lies {
            inside: bool,
            somewhere: bool,
        }
        let mut statement = self
            .conn
            .prepare_cached("SELECT document, source, parent IS NOT NULL, missing FROM place")?;
        let mut rows = statement.query([])?;
        let mut documents: HashMap<i64, Lies> = HashMap::new();
        while let Some(row) = rows.next()? {
            let lies = documents.entry(row.get(0)?).or_default();
            lies.inside |= row.get::<_, bool>(2)?;
            lies.somewhere |= !row.get::<_, bool>(3)?;
            *counted.places_of.entry(row.get(1)?).or_default() += 1;
            counted.places += 1;
        }
        for lies in documents.values() {
            counted.children += u64::from(lies.inside);
            counted.missing += u64::from(!lies.somewhere);
        }
        Ok(())
    }
}

/// The most frequent first, then by name.
fn by_number(counts: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
