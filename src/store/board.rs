//! All notes with what they cite, for the screens that show how they hang together; tags and how
//! much carries them.

use super::notes::{TITLE, note_row};
use super::texts::digest;
use super::{Store, StoreError};
use crate::model::board::TagCount;
use crate::model::note::NoteRow;
use crate::model::review::Signer;
use crate::model::{AnchorId, NoteId, Sha256};

/// A note without its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteHead {
    pub row: NoteRow,
    pub operation: Sha256,
    /// Operations whose texts stand.
    pub texts: Vec<Sha256>,
    /// The key of the author of the row, hexadecimal.
    pub key: String,
    /// Whoever wrote one of them.
    pub authors: Vec<Signer>,
    /// JSON of model::finding::NoteFields.
    pub fields: String,
}

/// An anchor that a note names or says something of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedAnchor {
    pub note: NoteId,
    pub anchor: AnchorId,
    pub operation: Sha256,
    pub is_there: bool,
    pub is_count: bool,
    /// When its evidence is of: seconds on the clock of the evidence.
    pub clock: Option<i64>,
    /// Where it stands: unit, text, first and last byte.
    pub place: Option<[i64; 4]>,
}

impl Store {
    /// All notes, by number.
    pub fn note_heads(&self) -> Result<Vec<NoteHead>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            // With max() SQLite takes the other columns from the row that has it.
            "SELECT t.note, substr(t.text, 1, ?1), t.author, max(t.wall), count(*), n.kind,
                coalesce(n.fields ->> 'standing', 'open'), n.operation, n.fields,
                json_group_array(json_object('name', t.author,
                    'key', coalesce(o.body ->> '$.key', ''))),
                json_group_array(lower(hex(t.operation))), coalesce(o.body ->> '$.key', '')
             FROM note_text t JOIN note n ON n.id = t.note
             LEFT JOIN operation o ON o.id = t.operation WHERE n.fields <> ''
             GROUP BY t.note ORDER BY t.note",
        )?;
        let mut rows = statement.query([TITLE])?;
        let mut heads = Vec::new();
        while let Some(row) = rows.next()? {
            heads.push(NoteHead {
                row: note_row(row)?,
                operation: digest(row.get(7)?)?,
                fields: row.get(8)?,
                key: row.get(11)?,
                authors: serde_json::from_str(&row.get::<_, String>(9)?)
                    .map_err(|error| StoreError::Damaged(error.to_string()))?,
                texts: serde_json::from_str(&row.get::<_, String>(10)?)
                    .map_err(|error| StoreError::Damaged(error.to_string()))?,
            });
        }
        Ok(heads)
    }

    /// Anchors that notes name, by note and number.
    pub fn linked_anchors(&self) -> Result<Vec<LinkedAnchor>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT l.note, a.id, a.operation, a.body <> '',
                CASE WHEN a.body = '' THEN 0
                    ELSE json_type(a.body, '$.anchor.count') IS NOT NULL END,
                CASE a.unit % 2
                    WHEN 1 THEN (SELECT clock FROM message WHERE id = a.unit / 2)
                    WHEN 0 THEN (SELECT clock FROM document WHERE id = a.unit / 2) END,
                a.unit, coalesce(a.variant, 0), coalesce(a.first, 0), coalesce(a.last, 0)
             FROM anchor a JOIN link l ON l.item = 'A' || a.id ORDER BY l.note, a.id",
        )?;
        let mut rows = statement.query([])?;
        let mut linked = Vec::new();
        while let Some(row) = rows.next()? {
            linked.push(LinkedAnchor {
                note: NoteId(row.get(0)?),
                anchor: AnchorId(row.get(1)?),
                operation: digest(row.get(2)?)?,
                is_there: row.get(3)?,
                is_count: row.get(4)?,
                clock: row.get(5)?,
                place: match row.get::<_, Option<i64>>(6)? {
                    Some(unit) => Some([unit, row.get(7)?, row.get(8)?, row.get(9)?]),
                    None => None,
                },
            });
        }
        Ok(linked)
    }

    /// Texts of all notes, by note, the latest of each first: for a search in memory.
    pub fn all_note_texts(&self) -> Result<Vec<(NoteId, String)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT note, text FROM note_text ORDER BY note, wall DESC, operation",
        )?;
        let rows = statement.query_map([], |row| Ok((NoteId(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every tag with how much carries it, by name. What a highlight is tagged with, the document or
    /// message is that it stands in.
    pub fn tag_counts(&self) -> Result<Vec<TagCount>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT name, sum(evidence), sum(things) FROM (
                SELECT substr(name, 5) AS name, count(*) AS evidence, 0 AS things FROM mark
                    WHERE name LIKE 'tag:%' GROUP BY name
                UNION ALL SELECT t.value, count(DISTINCT a.unit), 0
                    FROM anchor a, json_each(a.body, '$.tags') t
                    WHERE a.body <> '' AND a.unit IS NOT NULL AND NOT EXISTS
                        (SELECT 1 FROM mark m WHERE m.name = 'tag:' || t.value AND m.unit = a.unit)
                    GROUP BY t.value
                UNION ALL SELECT t.value, 0, count(*) FROM note n, json_each(n.fields, '$.tags') t
                    WHERE n.fields <> '' GROUP BY t.value
                UNION ALL SELECT t.value, 0, count(*) FROM anchor a, json_each(a.body, '$.tags') t
                    WHERE a.body <> '' GROUP BY t.value
                UNION ALL SELECT t.value, 0, count(*) FROM entity e, json_each(e.fields, '$.tags') t
                    WHERE e.fields <> '' GROUP BY t.value)
             GROUP BY name ORDER BY name",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(TagCount {
                name: row.get(0)?,
                evidence: row.get::<_, i64>(1)?.unsigned_abs(),
                things: row.get::<_, i64>(2)?.unsigned_abs(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
