//! The columns of a segment, as plain vectors: read once when first asked for, because counting
//! facets reads several of them for every hit.

use super::error::IndexError;
use super::plan::Column;
use super::schema;
use super::unit::Unit;
use std::sync::OnceLock;
use tantivy::SegmentReader;
use tantivy::columnar::Cardinality;

/// A value per document.
type Values = Vec<u64>;

/// Several values per document.
#[derive(Default)]
pub(super) struct Lists {
    /// Where the values of each document begin; one more than documents.
    starts: Vec<u32>,
    values: Vec<u64>,
}

impl Lists {
    pub(super) fn of(&self, doc: u32) -> &[u64] {
        let (from, to) = (self.starts[doc as usize], self.starts[doc as usize + 1]);
        &self.values[from as usize..to as usize]
    }
}

/// Readings of clocks.
pub(super) struct Clocks {
    /// [`Clocks::NONE`] where there is none.
    pub(super) seconds: Vec<i64>,
    /// The year on that clock; [`i16::MIN`] where there is none or it is beyond ±9999.
    pub(super) years: Vec<i16>,
}

impl Clocks {
    pub(super) const NONE: i64 = i64::MIN;
}

#[derive(Default)]
pub(super) struct Columns {
    units: OnceLock<Values>,
    /// Units with their documents, in order of units.
    places: OnceLock<Vec<(u64, u32)>>,
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
    pub(super) fn units(&self, segment: &SegmentReader) -> Result<&[u64], IndexError> {
        once(&self.units, || values(segment, schema::UNIT)).map(Vec::as_slice)
    }

    pub(super) fn places(&self, segment: &SegmentReader) -> Result<&[(u64, u32)], IndexError> {
        let units = self.units(segment)?;
        once(&self.places, || {
            let mut places: Vec<(u64, u32)> = units.iter().copied().zip(0..).collect();
            places.sort_unstable();
            Ok(places)
        })
        .map(Vec::as_slice)
    }

    pub(super) fn flags(&self, segment: &SegmentReader) -> Result<&[u64], IndexError> {
        once(&self.flags, || values(segment, schema::FLAGS)).map(Vec::as_slice)
    }

    pub(super) fn clocks(&self, segment: &SegmentReader) -> Result<&Clocks, IndexError> {
        once(&self.clocks, || {
            let seconds = clocks(segment)?;
            let years = seconds.iter().map(|seconds| year(*seconds)).collect();
            Ok(Clocks { seconds, years })
        })
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
    ) -> Result<Option<&[u64]>, IndexError> {
        let (cell, name) = match column {
            Column::Type => (&self.types, schema::TYPE),
            Column::Lang => (&self.langs, schema::LANG),
            Column::Conversation => (&self.conversations, schema::CONVERSATION),
            Column::Sender => (&self.senders, schema::SENDER),
            Column::Export => (&self.exports, schema::EXPORT),
            Column::Size => (&self.sizes, schema::SIZE),
            Column::Kind | Column::Source | Column::Recipient => return Ok(None),
        };
        once(cell, || values(segment, name)).map(|values| Some(values.as_slice()))
    }
}

pub(super) fn kind(unit: u64) -> u64 {
    u64::from(Unit::from_raw(unit).is_message())
}

fn values(segment: &SegmentReader, name: &str) -> tantivy::Result<Values> {
    let column = segment.fast_fields().u64(name)?.first_or_default_col(0);
    let mut values = vec![0; segment.max_doc() as usize];
    column.get_range(0, &mut values);
    Ok(values)
}

fn lists(segment: &SegmentReader, name: &str) -> tantivy::Result<Lists> {
    let column = segment.fast_fields().u64(name)?;
    let documents = segment.max_doc();
    if column.get_cardinality() == Cardinality::Full {
        // One value each, as nearly always: no need to ask document by document.
        return Ok(Lists { starts: (0..=documents).collect(), values: values(segment, name)? });
    }
    let mut lists = Lists { starts: vec![0], values: Vec::new() };
    for doc in 0..documents {
        lists.values.extend(column.values_for_doc(doc));
        lists.starts.push(u32::try_from(lists.values.len()).unwrap_or(u32::MAX));
    }
    Ok(lists)
}

fn clocks(segment: &SegmentReader) -> tantivy::Result<Vec<i64>> {
    let column = segment.fast_fields().i64(schema::CLOCK)?;
    let mut seconds = vec![Clocks::NONE; segment.max_doc() as usize];
    if column.get_cardinality() == Cardinality::Full {
        column.values.get_range(0, &mut seconds);
    } else {
        for (doc, seconds) in (0..).zip(&mut seconds) {
            *seconds = column.first(doc).unwrap_or(Clocks::NONE);
        }
    }
    Ok(seconds)
}

/// The proleptic Gregorian year of a reading of a clock.
fn year(seconds: i64) -> i16 {
    // Days since 0000-03-01, in eras of 400 years (Hinnant's `civil_from_days`).
    if seconds == Clocks::NONE {
        return i16::MIN;
    }
    let days = seconds.div_euclid(86_400).saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let january_on = i64::from(day_of_year >= 306);
    let year = era.saturating_mul(400).saturating_add(year_of_era + january_on);
    i16::try_from(year).ok().filter(|year| year.abs() <= 9_999).unwrap_or(i16::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_clocks() {
        use jiff::civil::date;
        for y in [-9_999i16, -401, -1, 0, 1, 1600, 1899, 1969, 1970, 2000, 2024, 9_999] {
            for (month, day) in [(1, 1), (2, 28), (3, 1), (12, 31)] {
                let days = date(1970, 1, 1).until(date(y, month, day)).unwrap().get_days();
                for second in [0, 86_399] {
                    assert_eq!(year(i64::from(days) * 86_400 + second), y, "{y}-{month}-{day}");
                }
            }
        }
        assert_eq!(year(i64::MAX), i16::MIN);
        assert_eq!(year(i64::MIN + 1), i16::MIN);
    }
}
