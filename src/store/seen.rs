//! What stood on a screen long enough to be read. In `tally`, `seen` counts the messages of a
//! conversation that somebody saw in any text, `seen:VARIANT` those seen in that one.

use super::{Store, StoreError};
use crate::model::work::{Coverage, add_range};
use crate::model::{ConversationId, DocumentId, MessageId, VariantKind};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

impl Store {
    /// Row id of a person.
    pub fn author(&self, key: &[u8; 32], name: &str) -> Result<i64, StoreError> {
        let known = || -> Result<Option<i64>, StoreError> {
            Ok(self
                .conn
                .prepare_cached("SELECT id FROM author WHERE key = ?1")?
                .query_row([key.as_slice()], |row| row.get(0))
                .optional()?)
        };
        if let Some(id) = known()? {
            return Ok(id);
        }
        self.write(
            "INSERT OR IGNORE INTO author (key, name) VALUES (?1, ?2)",
            params![key.as_slice(), name],
        )?;
        known()?.ok_or_else(|| StoreError::Damaged("an author is gone".to_owned()))
    }

    /// Where somebody left off.
    pub fn place_left(&self, owner: &[u8; 32]) -> Result<Option<String>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT place FROM place_left WHERE owner = ?1")?
            .query_row([owner.as_slice()], |row| row.get(0))
            .optional()?)
    }

    pub fn leave_place(&self, owner: &[u8; 32], place: &str) -> Result<(), StoreError> {
        self.write(
            "INSERT OR REPLACE INTO place_left (owner, place) VALUES (?1, ?2)",
            params![owner.as_slice(), place],
        )
    }

    /// Notes that somebody saw a message. One that is not there any more is left out.
    pub fn see_message(
        &self,
        id: MessageId,
        variant: VariantKind,
        author: i64,
    ) -> Result<(), StoreError> {
        let found: Option<(i64, i64)> = self
            .conn
            .prepare_cached("SELECT digest, conversation FROM message WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((digest, conversation)) = found else { return Ok(()) };
        let (in_this, in_any): (bool, bool) = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM seen_message WHERE digest = ?1 AND variant = ?2),
                    EXISTS (SELECT 1 FROM seen_message WHERE digest = ?1)",
            )?
            .query_row((digest, variant.name()), |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO seen_message (digest, variant, author) VALUES (?1, ?2, ?3)",
            )?
            .execute((digest, variant.name(), author))?;
        if !in_this {
            self.tally(&format!("seen:{}", variant.name()), conversation, digest)?;
        }
        if !in_any {
            self.tally("seen", conversation, digest)?;
        }
        Ok(())
    }

    /// Who saw one of several identical messages saw them all.
    fn tally(&self, what: &str, conversation: i64, digest: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO tally (what, conversation, count)
                 SELECT ?1, ?2, count(*) FROM message WHERE digest = ?3
                 ON CONFLICT DO UPDATE SET count = count + excluded.count",
            )?
            .execute((what, conversation, digest))?;
        Ok(())
    }

    /// Notes that somebody saw bytes `from..to` of a text.
    pub fn see_text(
        &self,
        id: DocumentId,
        variant: VariantKind,
        (from, to): (u64, u64),
        author: i64,
    ) -> Result<(), StoreError> {
        let found: Option<(Vec<u8>, i64)> = self
            .conn
            .prepare_cached(
                "SELECT d.key, v.bytes FROM document d JOIN variant v ON v.document = d.id
                 WHERE d.id = ?1 AND v.kind = ?2",
            )?
            .query_row((id.0, variant.name()), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((key, total)) = found else { return Ok(()) };
        let before: Option<String> = self
            .conn
            .prepare_cached(
                "SELECT ranges FROM seen_text WHERE key = ?1 AND variant = ?2 AND author = ?3
                    AND total = ?4",
            )?
            .query_row((&key, variant.name(), author, total), |row| row.get(0))
            .optional()?;
        let damaged = |error: serde_json::Error| StoreError::Damaged(format!("seen: {error}"));
        let mut ranges: Vec<(u64, u64)> = match before {
            Some(text) => serde_json::from_str(&text).map_err(damaged)?,
            None => Vec::new(),
        };
        add_range(&mut ranges, (from, to.min(total.unsigned_abs())));
        let bytes: u64 = ranges.iter().map(|(from, to)| to - from).sum();
        let text = serde_json::to_string(&ranges).map_err(damaged)?;
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO seen_text (key, variant, author, ranges, bytes, total)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![key, variant.name(), author, text, bytes as i64, total])?;
        Ok(())
    }

    /// Messages of a conversation that somebody saw.
    pub fn seen_in(&self, id: ConversationId) -> Result<u64, StoreError> {
        let count: Option<i64> = self
            .conn
            .prepare_cached("SELECT count FROM tally WHERE what = 'seen' AND conversation = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        Ok(count.unwrap_or(0).unsigned_abs())
    }

    /// How much was seen, in each text that was seen at all.
    pub fn coverage(&self) -> Result<Vec<Coverage>, StoreError> {
        let mut all = Vec::new();
        for variant in VariantKind::ALL {
            let messages: i64 = self
                .conn
                .prepare_cached("SELECT coalesce(sum(count), 0) FROM tally WHERE what = ?1")?
                .query_row([format!("seen:{}", variant.name())], |row| row.get(0))?;
            let (whole, any): (i64, i64) = self
                .conn
                .prepare_cached(
                    "SELECT coalesce(sum(whole), 0), count(*) FROM (
                        SELECT max(s.bytes >= s.total) AS whole FROM seen_text s
                        WHERE s.variant = ?1 AND EXISTS (SELECT 1 FROM document d WHERE d.key = s.key)
                        GROUP BY s.key)",
                )?
                .query_row([variant.name()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            if messages > 0 || any > 0 {
                all.push(Coverage {
                    variant,
                    messages: messages.unsigned_abs(),
                    documents: whole.unsigned_abs(),
                    partly: (any - whole).unsigned_abs(),
                });
            }
        }
        Ok(all)
    }

    /// How much each person saw in each text: (key, name, coverage), by person and variant.
    pub fn coverage_by_person(&self) -> Result<Vec<(Vec<u8>, String, Coverage)>, StoreError> {
        let mut all: BTreeMap<(i64, VariantKind), Coverage> = BTreeMap::new();
        let blank = |variant| Coverage { variant, messages: 0, documents: 0, partly: 0 };
        // Who saw one of several identical messages saw them all.
        let mut statement = self.conn.prepare_cached(
            "SELECT s.author, s.variant, count(*) FROM seen_message s
             JOIN message m ON m.digest = s.digest GROUP BY s.author, s.variant",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(kind) = VariantKind::from_name(&row.get::<_, String>(1)?) else { continue };
            let own = all.entry((row.get(0)?, kind)).or_insert_with(|| blank(kind));
            own.messages = row.get::<_, i64>(2)?.unsigned_abs();
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT s.author, s.variant, sum(s.bytes >= s.total), count(*) FROM seen_text s
             WHERE EXISTS (SELECT 1 FROM document d WHERE d.key = s.key)
             GROUP BY s.author, s.variant",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(kind) = VariantKind::from_name(&row.get::<_, String>(1)?) else { continue };
            let own = all.entry((row.get(0)?, kind)).or_insert_with(|| blank(kind));
            let (whole, any): (i64, i64) = (row.get(2)?, row.get(3)?);
            own.documents = whole.unsigned_abs();
            own.partly = (any - whole).unsigned_abs();
        }
        let mut people = Vec::with_capacity(all.len());
        for ((author, _), coverage) in all {
            let (key, name) = self
                .conn
                .prepare_cached("SELECT key, name FROM author WHERE id = ?1")?
                .query_row([author], |row| Ok((row.get(0)?, row.get(1)?)))?;
            people.push((key, name, coverage));
        }
        Ok(people)
    }

    /// Counts seen messages all over again, after evidence came or went.
    pub fn count_seen(&self) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(
            "DELETE FROM tally WHERE what = 'seen' OR what LIKE 'seen:%';
             INSERT INTO tally (what, conversation, count)
                SELECT 'seen', m.conversation, count(*) FROM message m
                WHERE m.digest IN (SELECT digest FROM seen_message) GROUP BY m.conversation;
             INSERT INTO tally (what, conversation, count)
                SELECT 'seen:' || s.variant, m.conversation, count(DISTINCT m.id)
                FROM seen_message s JOIN message m ON m.digest = s.digest
                GROUP BY s.variant, m.conversation;",
        )?)
    }
}
