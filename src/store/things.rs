//! Projections of what analysts made: who has a hand in a thing, and anchors and the fields of
//! notes as screens read them. What operations mean is `journal/`'s business.

use super::marks::{ACT, act_row};
use super::texts::digest;
use super::{Act, Store, StoreError, StoredOperation, Unit};
use crate::model::anchor::At;
use crate::model::{
    AnchorId, ConversationId, DocumentId, ItemId, MessageId, NoteId, Sha256, VariantKind,
};
use rusqlite::{OptionalExtension, Row, params};
use std::collections::BTreeSet;

/// What is kept of an anchor or an entity, as JSON; who acted on it last and when, claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeRow {
    pub body: String,
    pub author: String,
    pub wall: i64,
}

/// An anchor as it stands in this case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnchor {
    pub id: AnchorId,
    pub operation: Sha256,
    pub row: MadeRow,
    pub at: Option<At>,
}

/// A text of a document, without its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextVersion {
    pub id: i64,
    pub kind: VariantKind,
    pub tool: String,
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
}

const ANCHOR: &str =
    "SELECT id, operation, body, author, wall, unit, variant, first, last FROM anchor";

impl Store {
    /// Notes that an operation has a part in a thing.
    pub fn log_hand(&self, thing: &Sha256, act: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("INSERT OR IGNORE INTO hand (thing, act) VALUES (?1, ?2)")?
            .execute(params![thing.0.as_slice(), act])?;
        Ok(())
    }

    /// The operations that have a part in a thing, in the order of the fold.
    pub fn hands(&self, thing: &Sha256) -> Result<Vec<(Act, StoredOperation)>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "{ACT}, o.body, o.signature FROM hand h JOIN act a ON a.seq = h.act
             JOIN operation o ON o.id = a.id
             WHERE h.thing = ?1 ORDER BY a.lamport, a.writer, a.id"
        ))?;
        let mut rows = statement.query([thing.0.as_slice()])?;
        let mut hands = Vec::new();
        while let Some(row) = rows.next()? {
            let act = act_row(row)??;
            let stored = StoredOperation {
                id: act.id,
                lamport: act.lamport,
                writer: act.writer,
                body: row.get(5)?,
                signature: row.get(6)?,
            };
            hands.push((act, stored));
        }
        Ok(hands)
    }

    /// Operations that were undone by what has a hand in a thing.
    pub fn revoked_with(&self, thing: &Sha256) -> Result<Vec<[u8; 32]>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT a.revokes FROM hand h JOIN act a ON a.seq = h.act
             WHERE h.thing = ?1 AND a.revokes IS NOT NULL",
        )?;
        let mut rows = statement.query([thing.0.as_slice()])?;
        let mut revoked = Vec::new();
        while let Some(row) = rows.next()? {
            revoked.push(digest(row.get(0)?)?.0);
        }
        Ok(revoked)
    }

    /// All hands: (thing, id of the operation), sorted. For comparing with a rebuild.
    pub fn all_hands(&self) -> Result<BTreeSet<(Sha256, [u8; 32])>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT h.thing, a.id FROM hand h JOIN act a ON a.seq = h.act")?;
        let mut rows = statement.query([])?;
        let mut hands = BTreeSet::new();
        while let Some(row) = rows.next()? {
            hands.insert((digest(row.get(0)?)?, digest(row.get(1)?)?.0));
        }
        Ok(hands)
    }

    /// Forgets who has a hand in what, and all things but their numbers.
    pub fn clear_things(&self) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(
            "DELETE FROM hand; DELETE FROM note_text; DELETE FROM link; DELETE FROM saved_search;
             UPDATE note SET fields = '', kind = 'note';
             UPDATE anchor SET body = '', unit = NULL, variant = NULL, first = NULL, last = NULL;
             UPDATE entity SET fields = '';",
        )?)
    }

    /// The operations that made what the tables show now.
    pub fn things(&self) -> Result<BTreeSet<Sha256>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT operation FROM note WHERE fields <> ''
             UNION SELECT n.operation FROM note_text t JOIN note n ON n.id = t.note
             UNION SELECT operation FROM anchor WHERE body <> ''
             UNION SELECT operation FROM entity WHERE fields <> ''
             UNION SELECT operation FROM saved_search",
        )?;
        let mut rows = statement.query([])?;
        let mut things = BTreeSet::new();
        while let Some(row) = rows.next()? {
            things.insert(digest(row.get(0)?)?);
        }
        Ok(things)
    }

    /// Kind of a note and JSON of its fields; the latter is empty when it is not there.
    pub fn note_fields(&self, note: NoteId) -> Result<(String, String), StoreError> {
        let fields = self
            .conn
            .prepare_cached("SELECT kind, fields FROM note WHERE id = ?1")?
            .query_row([note.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(fields.unwrap_or_default())
    }

    pub fn set_note_fields(
        &self,
        note: NoteId,
        kind: &str,
        fields: &str,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE note SET kind = ?2, fields = ?3 WHERE id = ?1")?
            .execute((note.0, kind, fields))?;
        Ok(())
    }

    /// Sets what a note names.
    pub fn set_links(&self, note: NoteId, items: &BTreeSet<String>) -> Result<(), StoreError> {
        self.conn.prepare_cached("DELETE FROM link WHERE note = ?1")?.execute([note.0])?;
        let mut insert =
            self.conn.prepare_cached("INSERT INTO link (note, item) VALUES (?1, ?2)")?;
        for item in items {
            insert.execute((note.0, item))?;
        }
        Ok(())
    }

    /// What a note names.
    pub fn links(&self, note: NoteId) -> Result<BTreeSet<String>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT item FROM link WHERE note = ?1")?;
        let rows = statement.query_map([note.0], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes that name something, or an anchor in it.
    pub fn notes_naming(&self, item: ItemId) -> Result<Vec<NoteId>, StoreError> {
        let unit = match item {
            ItemId::Document(id) => Some(Unit::Document(id).number()),
            ItemId::Message(id) => Some(Unit::Message(id).number()),
            _ => None,
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT note FROM link WHERE item = ?1
             UNION SELECT l.note FROM anchor a JOIN link l ON l.item = 'A' || a.id WHERE a.unit = ?2
             ORDER BY 1",
        )?;
        let rows = statement.query_map(params![item.to_string(), unit], |row| row.get(0))?;
        Ok(rows.map(|id| id.map(NoteId)).collect::<Result<_, _>>()?)
    }

    /// The number of an anchor; it gets one when it has none.
    pub fn anchor_of(&self, operation: &Sha256) -> Result<AnchorId, StoreError> {
        self.number("anchor", operation).map(AnchorId)
    }

    pub fn find_anchor(&self, operation: &Sha256) -> Result<Option<AnchorId>, StoreError> {
        Ok(self.known("anchor", operation)?.map(AnchorId))
    }

    pub(super) fn known(
        &self,
        table: &'static str,
        operation: &Sha256,
    ) -> Result<Option<i64>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(&format!("SELECT id FROM {table} WHERE operation = ?1"))?
            .query_row([operation.0.as_slice()], |row| row.get(0))
            .optional()?)
    }

    pub(super) fn number(
        &self,
        table: &'static str,
        operation: &Sha256,
    ) -> Result<i64, StoreError> {
        if let Some(known) = self.known(table, operation)? {
            return Ok(known);
        }
        self.give_number(table, operation)
    }

    /// Gives the next number of a table to what an operation made, and seals that it has it.
    pub(super) fn give_number(&self, table: &str, operation: &Sha256) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached(&format!("INSERT INTO {table} (operation) VALUES (?1)"))?
            .execute([operation.0.as_slice()])?;
        let id = self.conn.last_insert_rowid();
        self.conn
            .prepare_cached(&format!(
                "UPDATE {table} SET checksum = checksum(id, operation) WHERE id = ?1"
            ))?
            .execute([id])?;
        Ok(id)
    }

    /// Writes an anchor, or (`None`) that it is not there.
    pub fn set_anchor(
        &self,
        id: AnchorId,
        row: Option<&MadeRow>,
        at: Option<At>,
    ) -> Result<(), StoreError> {
        let unit = at.and_then(|at| match at.item {
            ItemId::Document(id) => Some(Unit::Document(id).number()),
            ItemId::Message(id) => Some(Unit::Message(id).number()),
            _ => None,
        });
        self.conn
            .prepare_cached(
                "UPDATE anchor SET body = ?2, author = ?3, wall = ?4, unit = ?5, variant = ?6,
                    first = ?7, last = ?8 WHERE id = ?1",
            )?
            .execute(params![
                id.0,
                row.map_or("", |row| &row.body),
                row.map_or("", |row| &row.author),
                row.map_or(0, |row| row.wall),
                unit,
                at.and_then(|at| at.variant),
                at.map(|at| at.start as i64),
                at.map(|at| at.end as i64),
            ])?;
        Ok(())
    }

    /// An anchor that is there.
    pub fn anchor(&self, id: AnchorId) -> Result<Option<StoredAnchor>, StoreError> {
        self.conn
            .prepare_cached(&format!("{ANCHOR} WHERE id = ?1 AND body <> ''"))?
            .query_row([id.0], anchor_row)
            .optional()?
            .transpose()
    }

    /// Whether an anchor is in this case and nobody dropped it.
    pub fn is_anchor_there(&self, operation: &Sha256) -> Result<bool, StoreError> {
        let found = self
            .conn
            .prepare_cached("SELECT 1 FROM anchor WHERE operation = ?1 AND body <> ''")?
            .query_row([operation.0.as_slice()], |_| Ok(()))
            .optional()?;
        Ok(found.is_some())
    }

    /// The same, and nobody ever dropped it or undid the making of it either.
    pub fn is_plainly_there(&self, operation: &Sha256) -> Result<bool, StoreError> {
        let found = self
            .conn
            .prepare_cached(
                "SELECT 1 FROM anchor WHERE operation = ?1 AND body <> ''
                    AND json_extract(body, '$.kept') IS NULL
                    AND NOT EXISTS (SELECT 1 FROM hand h JOIN act a ON a.seq = h.act
                        WHERE h.thing = ?1 AND a.revokes IS NOT NULL)",
            )?
            .query_row([operation.0.as_slice()], |_| Ok(()))
            .optional()?;
        Ok(found.is_some())
    }

    /// The operation that made an anchor, also of one that is dropped.
    pub fn anchor_operation(&self, id: AnchorId) -> Result<Sha256, StoreError> {
        self.operation_of("anchor", id.0, ItemId::Anchor(id))
    }

    pub(super) fn operation_of(
        &self,
        table: &'static str,
        id: i64,
        item: ItemId,
    ) -> Result<Sha256, StoreError> {
        let operation: Option<Vec<u8>> = self
            .conn
            .prepare_cached(&format!("SELECT operation FROM {table} WHERE id = ?1"))?
            .query_row([id], |row| row.get(0))
            .optional()?;
        digest(operation.ok_or_else(|| StoreError::NoSuchItem(item.to_string()))?)
    }

    /// Anchors in a document or message, in the order of its text.
    pub fn anchors_in(&self, unit: Unit) -> Result<Vec<StoredAnchor>, StoreError> {
        self.anchor_rows(
            &format!("{ANCHOR} WHERE unit = ?1 AND body <> '' ORDER BY first, last, id"),
            [unit.number()],
        )
    }

    /// The first anchors in messages of a conversation, in their order.
    pub fn anchors_of_conversation(
        &self,
        id: ConversationId,
        most: u64,
    ) -> Result<Vec<StoredAnchor>, StoreError> {
        self.anchor_rows(
            &format!(
                "{ANCHOR} WHERE body <> '' AND unit % 2 = 1
                 AND (SELECT conversation FROM message m WHERE m.id = unit / 2) = ?1
                 ORDER BY (SELECT sort FROM message m WHERE m.id = unit / 2),
                     (SELECT rank FROM message m WHERE m.id = unit / 2), first, last, id
                 LIMIT ?2"
            ),
            (id.0, most as i64),
        )
    }

    /// Anchors in any of these messages.
    pub fn anchors_of_messages(&self, ids: &[MessageId]) -> Result<Vec<StoredAnchor>, StoreError> {
        let units: Vec<i64> = ids.iter().map(|id| Unit::Message(*id).number()).collect();
        self.anchor_rows(
            &format!(
                "{ANCHOR} WHERE unit IN (SELECT value FROM json_each(?1)) AND body <> ''
                 ORDER BY unit, first, last, id"
            ),
            [serde_json::Value::from(units).to_string()],
        )
    }

    /// All anchors, by number.
    pub fn anchors(&self, skip: u64, most: u64) -> Result<Vec<StoredAnchor>, StoreError> {
        self.anchor_rows(
            &format!("{ANCHOR} WHERE body <> '' ORDER BY id LIMIT ?2 OFFSET ?1"),
            (skip as i64, most.min(i64::MAX as u64) as i64),
        )
    }

    pub fn anchor_count(&self) -> Result<u64, StoreError> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM anchor WHERE body <> ''")?
            .query_row([], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Documents and messages in which something is highlighted, sorted by number. What was only
    /// cited has no meaning of its own.
    pub fn highlighted_units(&self) -> Result<Vec<Unit>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT unit FROM anchor WHERE unit IS NOT NULL AND body <> ''
             AND json_extract(body, '$.meaning') <> '' ORDER BY unit",
        )?;
        let rows = statement.query_map([], |row| row.get(0).map(Unit::from_number))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Documents and messages that a note names, itself or an anchor in it, sorted by number.
    pub fn noted_units(&self) -> Result<Vec<Unit>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT CAST(substr(item, 2) AS INTEGER) * 2 + (substr(item, 1, 1) = 'M')
                FROM link WHERE substr(item, 1, 1) IN ('D', 'M')
             UNION SELECT a.unit FROM anchor a JOIN link l ON l.item = 'A' || a.id
                WHERE a.unit IS NOT NULL
             ORDER BY 1",
        )?;
        let rows = statement.query_map([], |row| row.get(0).map(Unit::from_number))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn anchor_rows(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<StoredAnchor>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(values, anchor_row)?;
        rows.collect::<Result<Vec<_>, _>>()?.into_iter().collect()
    }

    /// Texts of a document without their parts, in the order of [`Store::variants`].
    pub fn text_versions(&self, document: DocumentId) -> Result<Vec<TextVersion>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, kind, tool, sha256, bytes FROM variant WHERE document = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([document.0])?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            let kind: String = row.get(1)?;
            versions.push(TextVersion {
                id: row.get(0)?,
                kind: VariantKind::from_name(&kind)
                    .ok_or_else(|| StoreError::Damaged(format!("variant kind {kind:?}")))?,
                tool: row.get(2)?,
                sha256: digest(row.get(3)?)?,
                size: row.get::<_, i64>(4)?.unsigned_abs(),
            });
        }
        Ok(versions)
    }

    /// Kinds of the texts that documents of this case have.
    pub fn variant_kinds(&self) -> Result<Vec<VariantKind>, StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT DISTINCT kind FROM variant")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let kinds = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(kinds.iter().filter_map(|kind| VariantKind::from_name(kind)).collect())
    }

    /// First 8 bytes of what names each of these messages, in no order.
    pub fn message_digests(&self, ids: &[MessageId]) -> Result<Vec<i64>, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut statement = self.conn.prepare_cached(
            "SELECT m.digest FROM json_each(?1) j JOIN message m ON m.id = j.value",
        )?;
        let rows =
            statement.query_map([serde_json::Value::from(ids).to_string()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The importer of an export, with its version: `markdown_table 2`.
    pub fn importer_of(&self, document: DocumentId) -> Result<String, StoreError> {
        let found: Option<String> = self
            .conn
            .prepare_cached(
                "SELECT e.importer || ' ' || d.extractor FROM export e
                 JOIN document d ON d.id = e.document WHERE d.id = ?1",
            )?
            .query_row([document.0], |row| row.get(0))
            .optional()?;
        Ok(found.unwrap_or_default())
    }
}

fn anchor_row(row: &Row) -> rusqlite::Result<Result<StoredAnchor, StoreError>> {
    let operation: Vec<u8> = row.get(1)?;
    let unit: Option<i64> = row.get(5)?;
    let range: Option<(i64, i64)> = row.get::<_, Option<i64>>(7)?.zip(row.get(8)?);
    let at = match unit.zip(range) {
        Some((unit, (start, end))) => Some(At {
            item: Unit::from_number(unit).item(),
            variant: row.get(6)?,
            start: start.unsigned_abs(),
            end: end.unsigned_abs(),
        }),
        None => None,
    };
    let made = MadeRow { body: row.get(2)?, author: row.get(3)?, wall: row.get(4)? };
    let id = AnchorId(row.get(0)?);
    Ok(digest(operation).map(|operation| StoredAnchor { id, operation, row: made, at }))
}
