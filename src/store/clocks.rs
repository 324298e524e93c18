//! The clock of an export and the hours at which people wrote by it.

use super::conversations::zone_status;
use super::documents::main_place;
use super::{Store, StoreError};
use crate::model::DocumentId;
use crate::model::clock::{ExportClock, QUARTERS};
use rusqlite::OptionalExtension;

impl Store {
    pub fn export_clock(&self, id: DocumentId) -> Result<ExportClock, StoreError> {
        let found: Option<(i64, ExportClock)> = self
            .conn
            .prepare_cached(&format!(
                "SELECT e.id, e.platform, e.zone, e.zone_status, e.zone_why, e.found_zone,
                    e.found_status, (SELECT path FROM place WHERE id = {})
                 FROM export e WHERE e.document = ?1",
                main_place("?1", "")
            ))?
            .query_row([id.0], |row| {
                let status: String = row.get(3)?;
                let found: String = row.get(6)?;
                let clock = ExportClock {
                    id,
                    path: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
                    platform: row.get(1)?,
                    zone: row.get(2)?,
                    status: zone_status(&status),
                    why: row.get(4)?,
                    found: (row.get(5)?, zone_status(&found)),
                    quarters: vec![0; QUARTERS],
                    stated: 0,
                    undated: 0,
                    alike: 0,
                };
                Ok((row.get(0)?, clock))
            })
            .optional()?;
        let (export, mut clock) = found.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        // By its conversations: messages have no index by export.
        let mut statement = self.conn.prepare_cached(
            "SELECT m.zone IS NOT NULL, ((m.clock % 86400) + 86400) % 86400 / 900, count(*)
             FROM block b CROSS JOIN message m
                ON m.conversation = b.conversation AND m.export = b.export
             WHERE b.export = ?1 GROUP BY 1, 2",
        )?;
        let mut rows = statement.query([export])?;
        while let Some(row) = rows.next()? {
            let (is_stated, quarter): (bool, Option<i64>) = (row.get(0)?, row.get(1)?);
            let messages = row.get::<_, i64>(2)?.unsigned_abs();
            let slot = quarter.and_then(|quarter| usize::try_from(quarter).ok());
            match slot.and_then(|slot| clock.quarters.get_mut(slot)) {
                _ if is_stated => clock.stated += messages,
                Some(slot) => *slot += messages,
                None => clock.undated += messages,
            }
        }
        clock.alike = self.exports_alike(id)?.len() as u64;
        Ok(clock)
    }

    /// Other exports of the same platform and source as this one whose zone is only assumed.
    pub fn exports_alike(&self, id: DocumentId) -> Result<Vec<DocumentId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.document FROM export e JOIN export own ON own.document = ?1
             WHERE e.zone_status = 'assumed' AND e.platform = own.platform AND e.id <> own.id
               AND (SELECT p.source FROM place p WHERE p.document = e.document ORDER BY p.id LIMIT 1)
                 = (SELECT p.source FROM place p WHERE p.document = ?1 ORDER BY p.id LIMIT 1)
             ORDER BY e.document",
        )?;
        let rows = statement.query_map([id.0], |row| row.get(0).map(DocumentId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
