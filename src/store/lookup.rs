//! What fields of a query are looked up in: names, paths, accounts, headers, zones. Each walks
//! one small table, or one column of a large one, once.

use super::{Store, StoreError, Unit};
use crate::model::{
    ConversationId, DocumentId, MessageId, ParticipantId, State, VariantKind, time,
};
use rusqlite::OptionalExtension;

/// An account with all its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: ParticipantId,
    /// Handle, name as shown, and values of attributes; none of them empty.
    pub names: Vec<String>,
}

/// The clock of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportZone {
    /// Row id of the export.
    pub export: u64,
    /// Seconds east of UTC that its naive stamps are read with.
    pub offset: i32,
    pub messages: u64,
}

impl Store {
    fn strings(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// `sql` takes the ids as a JSON list.
    fn numbers(&self, sql: &str, ids: &[i64]) -> Result<Vec<i64>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows =
            statement.query_map([serde_json::Value::from(ids).to_string()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Formats that documents of this case have.
    pub fn formats(&self) -> Result<Vec<String>, StoreError> {
        self.strings("SELECT DISTINCT format FROM document ORDER BY format")
    }

    /// Platforms that messages of this case come from.
    pub fn platforms(&self) -> Result<Vec<String>, StoreError> {
        self.strings("SELECT DISTINCT platform FROM conversation ORDER BY platform")
    }

    /// Languages of documents and texts, without the undetermined.
    pub fn languages(&self) -> Result<Vec<String>, StoreError> {
        self.strings(
            "SELECT language FROM document WHERE language <> ''
             UNION SELECT language FROM variant WHERE language <> '' ORDER BY 1",
        )
    }

    /// Tags that documents and messages have, their own or those of highlights in them.
    pub fn tags(&self) -> Result<Vec<String>, StoreError> {
        self.strings(
            "SELECT substr(name, 5) FROM mark WHERE name LIKE 'tag:%'
             UNION SELECT t.value FROM anchor a, json_each(a.body, '$.tags') t
                WHERE a.body <> '' AND a.unit IS NOT NULL ORDER BY 1",
        )
    }

    /// Documents and messages that have a tag, their own or that of a highlight in them; sorted.
    pub fn tagged(&self, tag: &str) -> Result<Vec<Unit>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT unit FROM mark WHERE name = 'tag:' || ?1
             UNION SELECT a.unit FROM anchor a, json_each(a.body, '$.tags') t
                WHERE a.body <> '' AND a.unit IS NOT NULL AND t.value = ?1 ORDER BY 1",
        )?;
        let rows = statement.query_map([tag], |row| row.get(0).map(Unit::from_number))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every place: its document and its path.
    pub fn each_path(&self, mut each: impl FnMut(DocumentId, &str)) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached("SELECT document, path FROM place")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let path = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            each(DocumentId(row.get(0)?), path);
        }
        Ok(())
    }

    /// Row ids of the exports that these documents are, sorted.
    pub fn exports_of(&self, documents: &[DocumentId]) -> Result<Vec<u64>, StoreError> {
        let ids: Vec<i64> = documents.iter().map(|id| id.0).collect();
        let exports = self.numbers(
            "SELECT id FROM export WHERE document IN (SELECT value FROM json_each(?1)) ORDER BY id",
            &ids,
        )?;
        Ok(exports.into_iter().map(i64::unsigned_abs).collect())
    }

    /// Messages that lie in one of these exports but were first found in another.
    pub fn messages_also_in(&self, exports: &[u64]) -> Result<Vec<MessageId>, StoreError> {
        let ids: Vec<i64> = exports.iter().map(|id| *id as i64).collect();
        let found = self.numbers(
            "SELECT DISTINCT message FROM message_place WHERE export IN (SELECT value FROM json_each(?1)) ORDER BY 1",
            &ids,
        )?;
        Ok(found.into_iter().map(MessageId).collect())
    }

    /// All accounts with all their names.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, handle, name, attributes FROM participant")?;
        let mut rows = statement.query([])?;
        let mut accounts = Vec::new();
        while let Some(row) = rows.next()? {
            let attributes: String = row.get(3)?;
            let attributes: Vec<(String, String)> = serde_json::from_str(&attributes)
                .map_err(|error| StoreError::Damaged(format!("attributes: {error}")))?;
            let mut names = vec![row.get(1)?, row.get(2)?];
            names.extend(attributes.into_iter().map(|(_, value)| value));
            names.retain(|name: &String| !name.is_empty());
            accounts.push(Account { id: ParticipantId(row.get(0)?), names });
        }
        Ok(accounts)
    }

    /// Conversations that one of these accounts is a member of or wrote in, sorted.
    pub fn conversations_of(
        &self,
        accounts: &[ParticipantId],
    ) -> Result<Vec<ConversationId>, StoreError> {
        let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect();
        let found = self.numbers(
            "SELECT DISTINCT conversation FROM member WHERE participant IN (SELECT value FROM json_each(?1)) ORDER BY 1",
            &ids,
        )?;
        Ok(found.into_iter().map(ConversationId).collect())
    }

    /// Every conversation with its title and its key on the platform; the title is empty where
    /// the platform gives none.
    pub fn conversation_names(&self) -> Result<Vec<(ConversationId, String, String)>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, title, key FROM conversation ORDER BY id")?;
        let rows = statement
            .query_map([], |row| Ok((ConversationId(row.get(0)?), row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Groups and channels with their titles and keys.
    pub fn rooms(&self) -> Result<Vec<(ConversationId, String, String)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, title, key FROM conversation WHERE kind IN ('group', 'channel')
             ORDER BY id",
        )?;
        let rows = statement
            .query_map([], |row| Ok((ConversationId(row.get(0)?), row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Metadata of every document that states a sender or a receiver.
    pub fn each_mail(
        &self,
        mut each: impl FnMut(DocumentId, &[(String, String)]),
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            r#"SELECT id, metadata FROM document
               WHERE instr(metadata, '["from"') OR instr(metadata, '["to"')
                  OR instr(metadata, '["cc"') OR instr(metadata, '["bcc"')"#,
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            let metadata: Vec<(String, String)> = serde_json::from_str(text)
                .map_err(|error| StoreError::Damaged(format!("metadata: {error}")))?;
            each(DocumentId(row.get(0)?), &metadata);
        }
        Ok(())
    }

    /// The clocks of all exports.
    pub fn export_zones(&self) -> Result<Vec<ExportZone>, StoreError> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, zone, messages FROM export ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            Ok(ExportZone {
                export: row.get::<_, i64>(0)?.unsigned_abs(),
                offset: row.get(1)?,
                messages: row.get::<_, i64>(2)?.unsigned_abs(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Documents that have a text of this kind, sorted.
    pub fn documents_with(&self, kind: VariantKind) -> Result<Vec<DocumentId>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT DISTINCT document FROM variant WHERE kind = ?1 ORDER BY 1")?;
        let rows = statement.query_map([kind.name()], |row| row.get(0).map(DocumentId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// What a search shows of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMessage {
    pub conversation: ConversationId,
    /// Name as shown, or the handle; `None` for the platform itself.
    pub sender: Option<String>,
    /// Platform and handle of the sender.
    pub account: Option<(String, String)>,
    /// RFC 3339 with the offset that is stated, set or assumed.
    pub time: Option<String>,
    pub text: String,
    /// Names of its marks.
    pub marks: Vec<String>,
}

impl Store {
    pub fn message_text(&self, id: MessageId) -> Result<String, StoreError> {
        self.conn
            .prepare_cached("SELECT text FROM message WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?
            .ok_or_else(|| StoreError::NoSuchItem(id.to_string()))
    }

    pub fn found_message(&self, id: MessageId) -> Result<FoundMessage, StoreError> {
        self.conn
            .prepare_cached(
                "SELECT m.conversation, m.text, m.clock, coalesce(m.zone, e.zone),
                    coalesce(nullif(p.name, ''), p.handle),
                    (SELECT group_concat(k.name, char(10)) FROM mark k WHERE k.unit = m.id * 2 + 1),
                    p.platform, p.handle
                 FROM message m JOIN export e ON e.id = m.export
                 LEFT JOIN participant p ON p.id = m.sender WHERE m.id = ?1",
            )?
            .query_row([id.0], |row| {
                let (clock, offset): (Option<i64>, i32) = (row.get(2)?, row.get(3)?);
                Ok(FoundMessage {
                    conversation: ConversationId(row.get(0)?),
                    text: row.get(1)?,
                    time: clock.map(|clock| time::clock_text_at(clock, offset)),
                    sender: row.get(4)?,
                    account: row
                        .get::<_, Option<String>>(6)?
                        .map(|platform| Ok::<_, rusqlite::Error>((platform, row.get(7)?)))
                        .transpose()?,
                    marks: row
                        .get::<_, Option<String>>(5)?
                        .map(|names| names.lines().map(str::to_owned).collect())
                        .unwrap_or_default(),
                })
            })
            .optional()?
            .ok_or_else(|| StoreError::NoSuchItem(id.to_string()))
    }

    /// Documents in a state.
    pub fn count_in_state(&self, state: State) -> Result<u64, StoreError> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM document WHERE state = ?1 AND state <> 'read'")?
            .query_row([state.name()], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}
