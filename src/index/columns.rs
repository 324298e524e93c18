//! The columns of a segment, as vectors: read once when first asked for, because counting
//! facets reads several of them for every hit.

use super::error::IndexError;
use super::plan::Column;
use super::schema;
use super::unit::Unit;
use std::sync::OnceLock;
use tantivy::SegmentReader;
use tantivy::columnar::{Cardinality, Column as Stored, ColumnIndex};

/// A value per document, as narrow as the largest one allows: a desk holds these as long as it is
/// open, and nearly all of them are small numbers.
pub(super) enum Values {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
    Eight(Vec<u64>),
}

impl Values {
    fn of(values: Vec<u64>) -> Values {
        fn narrow<T: TryFrom<u64>>(values: &[u64]) -> Option<Vec<T>> {
            values.iter().map(|value| T::try_from(*value).ok()).collect()
        }
        let most = values.iter().copied().max().unwrap_or(0);
        let narrowed = match most {
            0..=0xff => narrow(&values).map(Values::One),
            0x100..=0xffff => narrow(&values).map(Values::Two),
            0x1_0000..=0xffff_ffff => narrow(&values).map(Values::Four),
            _ => None,
        };
        narrowed.unwrap_or(Values::Eight(values))
    }

    pub(super) fn get(&self, at: usize) -> u64 {
        match self {
            Values::One(values) => values[at].into(),
            Values::Two(values) => values[at].into(),
            Values::Four(values) => values[at].into(),
            Values::Eight(values) => values[at],
        }
    }
}

/// Several values per document.
pub(super) struct Lists {
    /// Where the values of each document begin, one more than documents; `None` where each has
    /// exactly one.
    starts: Option<Vec<u32>>,
    values: Values,
}

impl Lists {
    pub(super) fn of(&self, doc: u32) -> impl Iterator<Item = u64> {
        let at = doc as usize;
        let range = match &self.starts {
            Some(starts) => starts[at] as usize..starts[at + 1] as usize,
            None => at..at + 1,
        };
        range.map(|at| self.values.get(at))
    }
}

/// Readings of clocks.
pub(super) struct Clocks {
    /// Seconds after `base`, from 1; 0 where there is no reading.
    seconds: Values,
    base: i64,
    /// The year on that clock; [`i16::MIN`] where there is none or it is beyond ±9999.
    pub(super) years: Vec<i16>,
}

impl Clocks {
    fn of(seconds: &[Option<i64>]) -> Clocks {
        let base = seconds.iter().flatten().copied().min().unwrap_or(0);
        // Readings come in order of messages, so the year is nearly always that of the one before.
        let (mut span, mut last) = (0..0, i16::MIN);
        let mut year_of = |seconds: i64| {
            if !span.contains(&seconds) {
                (span, last) = year(seconds);
            }
            last
        };
        let years = seconds.iter().map(|s| s.map_or(i16::MIN, &mut year_of)).collect();
        // Wraps only where the readings lie further apart than any number says, and then back.
        let after = |seconds: i64| (seconds.wrapping_sub(base) as u64).saturating_add(1);
        let seconds = seconds.iter().map(|seconds| seconds.map_or(0, after)).collect();
        Clocks { seconds: Values::of(seconds), base, years }
    }

    /// Seconds since 1970 on the clock of the evidence.
    pub(super) fn get(&self, at: usize) -> Option<i64> {
        let after = self.seconds.get(at).checked_sub(1)?;
        Some(self.base.wrapping_add(after as i64))
    }
}

#[derive(Default)]
pub(super) struct Columns {
    units: OnceLock<Values>,
    /// Documents in order of their units.
    places: OnceLock<Vec<u32>>,
    types: OnceLock<Values>,
    langs: OnceLock<Values>,
    conversations: OnceLock<Values>,
    senders: OnceLock<Values>,
    exports: OnceLock<Values>,
    sizes: OnceLock<Values>,
    flags: OnceLock<Values>,
    sources: OnceLock<Lists>,
    recipients: OnceLock<Lists>,
    clocks: OnceLock<Clocks>,
}

fn once<T>(
    cell: &OnceLock<T>,
    make: impl FnOnce() -> tantivy::Result<T>,
) -> Result<&T, IndexError> {
    if cell.get().is_none() {
        let value = make().map_err(IndexError::failed("read"))?;
        let _someone_else_was_first = cell.set(value);
    }
    cell.get().ok_or_else(|| IndexError::Unusable("a column is missing".into()))
}

impl Columns {
    /// Reads what facets are counted in, while something else is done on another thread.
    pub(super) fn prepare_facets(&self, segment: &SegmentReader) -> Result<(), IndexError> {
        self.clocks(segment)?;
        self.sources(segment)?;
        for column in [Column::Type, Column::Lang, Column::Conversation] {
            self.single(segment, column)?;
        }
        Ok(())
    }

    /// Whether [`Columns::prepare_facets`] has nothing left to do.
    pub(super) fn has_facets(&self) -> bool {
        self.conversations.get().is_some()
    }

    pub(super) fn units(&self, segment: &SegmentReader) -> Result<&Values, IndexError> {
        once(&self.units, || values(segment, schema::UNIT))
    }

    pub(super) fn places(&self, segment: &SegmentReader) -> Result<&[u32], IndexError> {
        let units = self.units(segment)?;
        once(&self.places, || {
            let mut places: Vec<u32> = (0..segment.max_doc()).collect();
            places.sort_unstable_by_key(|doc| (units.get(*doc as usize), *doc));
            Ok(places)
        })
        .map(Vec::as_slice)
    }

    pub(super) fn flags(&self, segment: &SegmentReader) -> Result<&Values, IndexError> {
        once(&self.flags, || values(segment, schema::FLAGS))
    }

    pub(super) fn clocks(&self, segment: &SegmentReader) -> Result<&Clocks, IndexError> {
        once(&self.clocks, || clocks(segment))
    }

    pub(super) fn sources(&self, segment: &SegmentReader) -> Result<&Lists, IndexError> {
        once(&self.sources, || lists(segment, schema::SOURCE))
    }

    pub(super) fn recipients(&self, segment: &SegmentReader) -> Result<&Lists, IndexError> {
        once(&self.recipients, || lists(segment, schema::RECIPIENT))
    }

    /// A column with one value for each document; `None` for the kind and for lists.
    pub(super) fn single(
        &self,
        segment: &SegmentReader,
        column: Column,
    ) -> Result<Option<&Values>, IndexError> {
        let (cell, name) = match column {
            Column::Type => (&self.types, schema::TYPE),
            Column::Lang => (&self.langs, schema::LANG),
            Column::Conversation => (&self.conversations, schema::CONVERSATION),
            Column::Sender => (&self.senders, schema::SENDER),
            Column::Export => (&self.exports, schema::EXPORT),
            Column::Size => (&self.sizes, schema::SIZE),
            Column::Kind | Column::Source | Column::Recipient => return Ok(None),
        };
        once(cell, || values(segment, name)).map(Some)
    }
}

pub(super) fn kind(unit: u64) -> u64 {
    u64::from(Unit::from_raw(unit).is_message())
}

fn values(segment: &SegmentReader, name: &str) -> tantivy::Result<Values> {
    let column = segment.fast_fields().u64(name)?;
    Ok(Values::of(first_of_each(&column, segment.max_doc(), 0, |value| value)))
}

/// The first value of each document. Asking document by document takes several times as long.
fn first_of_each<T, U: Copy>(
    column: &Stored<T>,
    documents: u32,
    without: U,
    with: impl Fn(T) -> U,
) -> Vec<U>
where
    T: PartialOrd + Copy + Default + std::fmt::Debug + Send + Sync + 'static,
{
    let mut all = vec![T::default(); column.values.num_vals() as usize];
    column.values.get_range(0, &mut all);
    match &column.index {
        ColumnIndex::Full => all.into_iter().map(with).collect(),
        ColumnIndex::Optional(index) => {
            let mut firsts = vec![without; documents as usize];
            // Block by block; going through the documents that have one selects each anew.
            let every: Vec<u32> = (0..documents).collect();
            let (mut docs, mut rows) = (Vec::new(), Vec::new());
            index.rank_if_exists_batch(&every, &mut docs, &mut rows);
            for (doc, row) in docs.into_iter().zip(rows) {
                firsts[doc as usize] = with(all[row as usize]);
            }
            firsts
        }
        ColumnIndex::Empty { .. } | ColumnIndex::Multivalued(_) => {
            (0..documents).map(|doc| column.first(doc).map_or(without, &with)).collect()
        }
    }
}

fn lists(segment: &SegmentReader, name: &str) -> tantivy::Result<Lists> {
    let column = segment.fast_fields().u64(name)?;
    if column.get_cardinality() == Cardinality::Full {
        // One value each, as nearly always: no need to ask document by document.
        return Ok(Lists { starts: None, values: values(segment, name)? });
    }
    let (mut starts, mut values) = (vec![0], Vec::new());
    for doc in 0..segment.max_doc() {
        values.extend(column.values_for_doc(doc));
        starts.push(u32::try_from(values.len()).unwrap_or(u32::MAX));
    }
    Ok(Lists { starts: Some(starts), values: Values::of(values) })
}

fn clocks(segment: &SegmentReader) -> tantivy::Result<Clocks> {
    let column = segment.fast_fields().i64(schema::CLOCK)?;
    Ok(Clocks::of(&first_of_each(&column, segment.max_doc(), None, Some)))
}

/// The proleptic Gregorian year of a reading of a clock, and readings around it that are of the
/// same; [`i16::MIN`] when it is beyond ±9999.
fn year(seconds: i64) -> (std::ops::Range<i64>, i16) {
    // Days since 0000-03-01, in eras of 400 years (Hinnant's `civil_from_days`).
    let days = seconds.div_euclid(86_400).saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let january_on = i64::from(day_of_year >= 306);
    let year = era.saturating_mul(400).saturating_add(year_of_era + january_on);
    let year = i16::try_from(year).ok().filter(|year| year.abs() <= 9_999).unwrap_or(i16::MIN);
    // From the first of January or March until the next of them; either is one year.
    let (from, until) = if january_on == 1 { (306, 365) } else { (0, 306) };
    let at = |day: i64| (days - day_of_year + day - 719_468).saturating_mul(86_400);
    (at(from)..at(until), year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_whatever_their_width() {
        for most in [0, 1, 0xff, 0x100, 0xffff, 0x1_0000, 0xffff_ffff, 0x1_0000_0000, u64::MAX] {
            let given = vec![0, most, most / 2];
            let values = Values::of(given.clone());
            assert_eq!((0..3).map(|at| values.get(at)).collect::<Vec<_>>(), given);
        }
        for given in [
            vec![None, Some(0), Some(-5)],
            vec![Some(1_600_000_000), None, Some(1_600_000_000 + 90_000)],
            vec![Some(i64::MAX), Some(i64::MAX - 1), None],
            vec![None],
        ] {
            let clocks = Clocks::of(&given);
            assert_eq!((0..given.len()).map(|at| clocks.get(at)).collect::<Vec<_>>(), given);
        }
    }

    #[test]
    fn years_of_clocks() {
        use jiff::civil::date;
        for y in [-9_999i16, -401, -1, 0, 1, 1600, 1899, 1969, 1970, 2000, 2024, 9_999] {
            for (month, day) in [(1, 1), (2, 28), (3, 1), (12, 31)] {
                let days = date(1970, 1, 1).until(date(y, month, day)).unwrap().get_days();
                for second in [0, 86_399] {
                    let seconds = i64::from(days) * 86_400 + second;
                    let (span, of) = year(seconds);
                    assert_eq!(of, y, "{y}-{month}-{day}");
                    for end in [span.start, span.end - 1] {
                        assert_eq!(year(end).1, y, "{y}-{month}-{day}");
                    }
                }
            }
        }
        assert_eq!(year(i64::MAX).1, i16::MIN);
        assert_eq!(year(i64::MIN).1, i16::MIN);
    }
}
