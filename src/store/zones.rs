//! The hours of all exports of one source together: files that are too small to tell their clock
//! by themselves tell it when they are read as one.

use super::{Store, StoreError};
use crate::model::{DocumentId, SourceId};
use rusqlite::params;

/// How every reason begins that was found over a whole source; what was found so is found anew
/// whenever the source grows.
const TOGETHER: &str = "over all its source: ";

impl Store {
    /// Messages with a naive stamp by hour of the clock, over all exports of a platform in a
    /// source.
    pub fn naive_hours(&self, source: SourceId, platform: &str) -> Result<[u32; 24], StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT ((m.clock % 86400) + 86400) % 86400 / 3600, count(*)
             FROM conversation c JOIN message m ON m.conversation = c.id
             WHERE c.platform = ?2 AND m.zone IS NULL AND m.clock IS NOT NULL
               AND m.export IN (SELECT e.id FROM export e JOIN place p ON p.document = e.document
                                WHERE p.source = ?1)
             GROUP BY 1",
        )?;
        let mut hours = [0; 24];
        let mut rows = statement.query(params![source.0, platform])?;
        while let Some(row) = rows.next()? {
            let (hour, count): (i64, i64) = (row.get(0)?, row.get(1)?);
            if let Some(slot) = usize::try_from(hour).ok().and_then(|hour| hours.get_mut(hour)) {
                *slot = u32::try_from(count).unwrap_or(u32::MAX);
            }
        }
        Ok(hours)
    }

    /// Exports of a platform in a source that do not tell their clock by themselves.
    pub fn exports_without_clock(
        &self,
        source: SourceId,
        platform: &str,
    ) -> Result<Vec<DocumentId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.document FROM export e
             WHERE e.platform = ?2 AND (e.found_status = 'assumed' OR instr(e.zone_why, ?3) = 1)
               AND EXISTS (SELECT 1 FROM place p WHERE p.document = e.document AND p.source = ?1)
             ORDER BY e.document",
        )?;
        let rows = statement
            .query_map(params![source.0, platform, TOGETHER], |row| row.get(0).map(DocumentId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes what the hours of its whole source say of an export's clock (offset in seconds and
    /// why), or that they say nothing. A zone that a person set stays.
    pub fn set_found_zone(
        &self,
        export: DocumentId,
        found: Option<(i32, &str)>,
    ) -> Result<(), StoreError> {
        let (offset, status, why) = match found {
            Some((offset, why)) => (offset, "inferred", format!("{TOGETHER}{why}")),
            None => (0, "assumed", String::new()),
        };
        let known: (i32, String, String, String) = self
            .conn
            .prepare_cached(
                "SELECT found_zone, found_status, zone_why, zone_status FROM export
                 WHERE document = ?1",
            )?
            .query_row([export.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
        if (known.0, known.1.as_str(), &known.2) == (offset, status, &why) {
            return Ok(());
        }
        self.conn
            .prepare_cached(
                "UPDATE export SET found_zone = ?2, found_status = ?3, zone_why = ?4
                 WHERE document = ?1",
            )?
            .execute(params![export.0, offset, status, why])?;
        match known.3.as_str() {
            "assumed" | "inferred" => self.set_zone(export, offset, status),
            _ => Ok(()),
        }
    }
}
