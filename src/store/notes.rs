//! Projections of notes and saved searches, and drafts. What operations mean is `journal/`'s
//! business.

use super::texts::digest;
use super::{SETTLED, Store, StoreError, UNSETTLED};
use crate::model::finding::{NoteKind, Standing};
use crate::model::note::{Draft, NoteRow, NoteText, SavedSearch, title_line};
use crate::model::{ConversationId, ItemId, NoteId, ParticipantId, Sha256};
use rusqlite::{OptionalExtension, Row, params};

/// Characters of a note that make its title.
pub(super) const TITLE: i64 = 240;

impl Store {
    /// The note that an operation made; it gets a number when it has none.
    pub fn note_of(&self, operation: &Sha256) -> Result<NoteId, StoreError> {
        match self.find_note(operation)? {
            Some(known) => Ok(known),
            None => Ok(NoteId(self.give_number("note", operation)?)),
        }
    }

    /// The note that an operation made, when this case knows it.
    pub fn find_note(&self, operation: &Sha256) -> Result<Option<NoteId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT id FROM note WHERE operation = ?1")?
            .query_row([operation.0.as_slice()], |row| row.get(0).map(NoteId))
            .optional()?)
    }

    /// The operation that made a note, also of one that is deleted.
    pub fn note_operation(&self, note: NoteId) -> Result<Sha256, StoreError> {
        let operation: Option<Vec<u8>> = self
            .conn
            .prepare_cached("SELECT operation FROM note WHERE id = ?1")?
            .query_row([note.0], |row| row.get(0))
            .optional()?;
        digest(operation.ok_or_else(|| StoreError::NoSuchItem(note.to_string()))?)
    }

    pub fn set_note_text(&self, note: NoteId, text: &NoteText) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO note_text (operation, note, text, author, wall)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                text.operation.0.as_slice(),
                note.0,
                text.text,
                text.author,
                text.wall
            ])?;
        Ok(())
    }

    pub fn clear_note_texts(&self, note: NoteId) -> Result<(), StoreError> {
        self.conn.prepare_cached("DELETE FROM note_text WHERE note = ?1")?.execute([note.0])?;
        Ok(())
    }

    /// What a note says, the latest first. Nothing for one that is deleted.
    pub fn note_texts(&self, note: NoteId) -> Result<Vec<NoteText>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT t.note, t.operation, t.text, t.author, t.wall,
                coalesce((SELECT o.body ->> '$.key' FROM operation o WHERE o.id = t.operation), '')
             FROM note_text t WHERE t.note = ?1 ORDER BY t.wall DESC, t.operation",
        )?;
        let mut rows = statement.query([note.0])?;
        let mut texts = Vec::new();
        while let Some(row) = rows.next()? {
            texts.push(note_text(row)?);
        }
        Ok(texts)
    }

    /// Notes, the one that was changed last first, each with the key of its author.
    pub fn notes(&self, skip: u64, most: u64) -> Result<Vec<(NoteRow, String)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            // With max() SQLite takes the other columns from the row that has it.
            "SELECT t.note, substr(t.text, 1, ?3), t.author, max(t.wall), count(*), n.kind,
                coalesce(n.fields ->> 'standing', 'open'), coalesce(o.body ->> '$.key', '')
             FROM note_text t JOIN note n ON n.id = t.note
             LEFT JOIN operation o ON o.id = t.operation
             GROUP BY t.note ORDER BY max(t.wall) DESC, t.note DESC LIMIT ?2 OFFSET ?1",
        )?;
        let rows = statement.query_map((skip as i64, most as i64, TITLE), |row| {
            Ok((note_row(row)?, row.get(7)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn note_count(&self) -> Result<u64, StoreError> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(DISTINCT note) FROM note_text")?
            .query_row([], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    pub fn save_search(&self, search: &SavedSearch) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO saved_search (operation, name, query) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![search.operation.0.as_slice(), search.name, search.query])?;
        Ok(())
    }

    pub fn drop_search(&self, operation: &Sha256) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM saved_search WHERE operation = ?1")?
            .execute([operation.0.as_slice()])?;
        Ok(())
    }

    pub fn saved_search(&self, operation: &Sha256) -> Result<Option<SavedSearch>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT name, query FROM saved_search WHERE operation = ?1")?
            .query_row([operation.0.as_slice()], |row| {
                Ok(SavedSearch { operation: *operation, name: row.get(0)?, query: row.get(1)? })
            })
            .optional()?)
    }

    /// Saved searches by name.
    pub fn saved_searches(&self) -> Result<Vec<SavedSearch>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT operation, name, query FROM saved_search ORDER BY name, operation",
        )?;
        let mut rows = statement.query([])?;
        let mut searches = Vec::new();
        while let Some(row) = rows.next()? {
            searches.push(SavedSearch {
                operation: digest(row.get(0)?)?,
                name: row.get(1)?,
                query: row.get(2)?,
            });
        }
        Ok(searches)
    }

    /// Keeps what is being written. `sitting` is the opening of the case that it is written in.
    pub fn save_draft(
        &self,
        owner: &[u8; 32],
        sitting: i64,
        draft: &Draft,
    ) -> Result<(), StoreError> {
        let over = serde_json::to_string(&draft.over)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        let note = draft.note.map_or(0, |note| note.0);
        self.write(
            "INSERT OR REPLACE INTO draft (owner, sitting, note, over, text, saved, kind)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                owner.as_slice(),
                sitting,
                note,
                over,
                draft.text,
                draft.saved,
                draft.kind.word()
            ],
        )
    }

    pub fn drop_draft(
        &self,
        owner: &[u8; 32],
        sitting: i64,
        note: Option<NoteId>,
    ) -> Result<(), StoreError> {
        self.write(
            "DELETE FROM draft WHERE owner = ?1 AND sitting = ?2 AND note = ?3",
            params![owner.as_slice(), sitting, note.map_or(0, |note| note.0)],
        )
    }

    /// What somebody was writing and did not finish, the latest first.
    pub fn drafts(&self, owner: &[u8; 32]) -> Result<Vec<Draft>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT sitting, note, over, text, saved, kind FROM draft WHERE owner = ?1
             ORDER BY saved DESC, sitting, note",
        )?;
        let mut rows = statement.query([owner.as_slice()])?;
        let mut drafts = Vec::new();
        while let Some(row) = rows.next()? {
            let over: String = row.get(2)?;
            drafts.push(Draft {
                sitting: Some(row.get(0)?),
                note: Some(row.get(1)?).filter(|note| *note != 0).map(NoteId),
                over: serde_json::from_str(&over)
                    .map_err(|error| StoreError::Damaged(format!("draft: {error}")))?,
                text: row.get(3)?,
                kind: NoteKind::from_word(&row.get::<_, String>(5)?).unwrap_or_default(),
                saved: row.get(4)?,
                is_elsewhere: false,
            });
        }
        Ok(drafts)
    }

    /// Platform and key of a conversation: what names it in every copy of a case.
    pub fn conversation_key(
        &self,
        id: ConversationId,
    ) -> Result<Option<(String, String)>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT platform, key FROM conversation WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    pub fn find_conversation(
        &self,
        platform: &str,
        key: &str,
    ) -> Result<Option<ItemId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT id FROM conversation WHERE platform IN (?1, ?3) AND key = ?2
                 ORDER BY platform <> ?1, id LIMIT 1",
            )?
            .query_row([platform, key, now_called(platform)], |row| {
                row.get(0).map(ConversationId).map(ItemId::Conversation)
            })
            .optional()?)
    }

    /// Platform and handle of an account.
    pub fn account_key(&self, id: ParticipantId) -> Result<Option<(String, String)>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT platform, handle FROM participant WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    pub fn find_account(&self, platform: &str, handle: &str) -> Result<Option<ItemId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT id FROM participant WHERE platform IN (?1, ?3) AND handle = ?2
                 ORDER BY platform <> ?1 LIMIT 1",
            )?
            .query_row([platform, handle, now_called(platform)], |row| {
                row.get(0).map(ParticipantId).map(ItemId::Participant)
            })
            .optional()?)
    }
}

/// What was noted before a platform was settled still names the one that was not.
fn now_called(platform: &str) -> &str {
    if platform == UNSETTLED { SETTLED } else { platform }
}

/// A row of a list of notes: number, text, author, wall, texts, kind and standing, in this order.
pub(super) fn note_row(row: &Row) -> rusqlite::Result<NoteRow> {
    let text: String = row.get(1)?;
    Ok(NoteRow {
        id: Some(NoteId(row.get(0)?)),
        draft: None,
        title: title_line(&text).to_owned(),
        kind: NoteKind::from_word(&row.get::<_, String>(5)?).unwrap_or_default(),
        standing: Standing::from_word(&row.get::<_, String>(6)?).unwrap_or_default(),
        author: row.get(2)?,
        changed: row.get(3)?,
        texts: row.get::<_, i64>(4)?.unsigned_abs(),
        is_elsewhere: false,
    })
}

fn note_text(row: &Row) -> Result<NoteText, StoreError> {
    Ok(NoteText {
        operation: digest(row.get(1)?)?,
        text: row.get(2)?,
        author: row.get(3)?,
        by: String::new(),
        wall: row.get(4)?,
        key: row.get(5)?,
    })
}
