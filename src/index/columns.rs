//! The columns of a segment, as vectors: read once when first asked for, because counting
//! facets reads several of them for every hit.

use super::error::IndexError;
use super::plan::Column;
use super::schema;
use super::unit::Unit;
use std::sync::OnceLock;
use tantivy::SegmentReader;
use tantivy::columnar::{Cardinality, Column as Stored, ColumnIndex};

/// Values of a column that are read at once.
const BLOCK: u32 = 1 << 16;

/// A value per document, as narrow as the largest one allows: a desk holds these as long as it is
/// open, and nearly all of them are small numbers.
pub(super) enum Values {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
    Eight(Vec<u64>),
}

impl Values {
    /// Room for so many values, none of which is above `most`.
    fn up_to(most: u64, documents: usize) -> Values {
        match most {
            0..=0xff => Values::One(Vec::with_capacity(documents)),
            0x100..=0xffff => Values::Two(Vec::with_capacity(documents)),
            0x1_0000..=0xffff_ffff => Values::Four(Vec::with_capacity(documents)),
            _ => Values::Eight(Vec::with_capacity(documents)),
        }
    }

    fn push(&mut self, value: u64) {
        // None is above what its vector holds: that was chosen by the largest one.
        match self {
            Values::One(values) => values.push(value as u8),
            Values::Two(values) => values.push(value as u16),
            Values::Four(values) => values.push(value as u32),
            Values::Eight(values) => values.push(value),
        }
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

/// The unit of each document.
pub(super) enum Units {
    /// See [`Unit::short`].
    Short(Vec<u32>),
    Long(Values),
}

impl Units {
    /// The raw unit.
    pub(super) fn get(&self, at: usize) -> u64 {
        match self {
            Units::Short(units) => Unit::from_short(units[at]).raw(),
            Units::Long(units) => units.get(at),
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
    /// Of so many documents, with readings from the first of `span` to the last.
    fn within(span: (i64, i64), documents: usize) -> Clocks {
        let (base, last) = span;
        // Wraps only where the readings lie further apart than any number says, and then back.
        let most = (last.wrapping_sub(base) as u64).saturating_add(1);
        let seconds = Values::up_to(most, documents);
        Clocks { seconds, base, years: Vec::with_capacity(documents) }
    }

    fn push(&mut self, seconds: Option<i64>, year: i16) {
        let after = |seconds: i64| (seconds.wrapping_sub(self.base) as u64).saturating_add(1);
        self.seconds.push(seconds.map_or(0, after));
        self.years.push(year);
    }

    /// Seconds since 1970 on the clock of the evidence.
    pub(super) fn get(&self, at: usize) -> Option<i64> {
        let after = self.seconds.get(at).checked_sub(1)?;
        Some(self.base.wrapping_add(after as i64))
    }
}

#[derive(Default)]
pub(super) struct Columns {
    units: OnceLock<Units>,
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

    pub(super) fn units(&self, segment: &SegmentReader) -> Result<&Units, IndexError> {
        once(&self.units, || units(segment))
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
    let mut values = Values::up_to(most_of(&column), segment.max_doc() as usize);
    each_first(&column, segment.max_doc(), |value| values.push(value.unwrap_or(0)));
    Ok(values)
}

fn units(segment: &SegmentReader) -> tantivy::Result<Units> {
    let column = segment.fast_fields().u64(schema::UNIT)?;
    let mut units = Vec::with_capacity(segment.max_doc() as usize);
    each_first(&column, segment.max_doc(), |unit| {
        units.extend(Unit::from_raw(unit.unwrap_or(0)).short());
    });
    Ok(match units.len() == segment.max_doc() as usize {
        true => Units::Short(units),
        false => Units::Long(values(segment, schema::UNIT)?),
    })
}

/// At least the largest value.
fn most_of(column: &Stored<u64>) -> u64 {
    if column.values.num_vals() == 0 { 0 } else { column.max_value() }
}

/// Calls `take` with the first value of each document, in their order. Asking document by document takes
/// several times as long, and reading all at once a vector of them, whose room the allocator keeps.
fn each_first<T>(column: &Stored<T>, documents: u32, mut take: impl FnMut(Option<T>))
where
    T: PartialOrd + Copy + Default + std::fmt::Debug + Send + Sync + 'static,
{
    let blocks = (0..documents).step_by(BLOCK as usize);
    let blocks = blocks.map(|begin| begin..documents.min(begin.saturating_add(BLOCK)));
    let mut values: Vec<T> = Vec::new();
    let (mut every, mut docs, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for block in blocks {
        values.clear();
        match &column.index {
            ColumnIndex::Full => {
                values.resize(block.len(), T::default());
                column.values.get_range(block.start.into(), &mut values);
                values.iter().for_each(|value| take(Some(*value)));
            }
            ColumnIndex::Optional(index) => {
                // Block by block; going through the documents that have one selects each anew.
                every.clear();
                every.extend(block.clone());
                docs.clear();
                rows.clear();
                index.rank_if_exists_batch(&every, &mut docs, &mut rows);
                // The rows of documents that follow each other do so too.
                values.resize(rows.len(), T::default());
                if let Some(first) = rows.first() {
                    column.values.get_range((*first).into(), &mut values);
                }
                let mut known = docs.iter().zip(&values).peekable();
                for doc in block {
                    take(known.next_if(|(of, _)| **of == doc).map(|(_, value)| *value));
                }
            }
            ColumnIndex::Empty { .. } | ColumnIndex::Multivalued(_) => {
                block.for_each(|doc| take(column.first(doc)));
            }
        }
    }
}

fn lists(segment: &SegmentReader, name: &str) -> tantivy::Result<Lists> {
    let column = segment.fast_fields().u64(name)?;
    if column.get_cardinality() == Cardinality::Full {
        // One value each, as nearly always: no need to ask document by document.
        return Ok(Lists { starts: None, values: values(segment, name)? });
    }
    let mut starts = Vec::with_capacity(segment.max_doc() as usize + 1);
    let mut values = Values::up_to(most_of(&column), column.values.num_vals() as usize);
    let mut end = 0;
    starts.push(end);
    for doc in 0..segment.max_doc() {
        for value in column.values_for_doc(doc) {
            values.push(value);
            end += 1;
        }
        starts.push(end);
    }
    Ok(Lists { starts: Some(starts), values })
}

fn clocks(segment: &SegmentReader) -> tantivy::Result<Clocks> {
    let column = segment.fast_fields().i64(schema::CLOCK)?;
    let span = match column.values.num_vals() {
        0 => (0, 0),
        _ => (column.min_value(), column.max_value()),
    };
    let mut clocks = Clocks::within(span, segment.max_doc() as usize);
    let mut years = Years::default();
    each_first(&column, segment.max_doc(), |seconds| {
        clocks.push(seconds, seconds.map_or(i16::MIN, |seconds| years.of(seconds)));
    });
    Ok(clocks)
}

/// Years of readings. They come in order of messages, so the year is nearly always that of the one
/// before.
#[derive(Default)]
struct Years {
    span: std::ops::Range<i64>,
    year: i16,
}

impl Years {
    fn of(&mut self, seconds: i64) -> i16 {
        if !self.span.contains(&seconds) {
            (self.span, self.year) = year(seconds);
        }
        self.year
    }
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
            let given = [0, most, most / 2];
            let mut values = Values::up_to(most, given.len());
            given.iter().for_each(|value| values.push(*value));
            assert_eq!([0, 1, 2].map(|at| values.get(at)), given);
        }
        for given in [
            vec![None, Some(0), Some(-5)],
            vec![Some(1_600_000_000), None, Some(1_600_000_000 + 90_000)],
            vec![Some(i64::MAX), Some(i64::MAX - 1), None],
            vec![None],
        ] {
            let known = || given.iter().flatten().copied();
            let span = (known().min().unwrap_or(0), known().max().unwrap_or(0));
            let mut clocks = Clocks::within(span, given.len());
            given.iter().for_each(|seconds| clocks.push(*seconds, 0));
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
