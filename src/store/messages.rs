//! Messages, read.

use super::conversations::zone_status;
use super::exports::Extra;
use super::identity::kind_from;
use super::message_places::{kind_of_all_places, of_all_places};
use super::{Store, StoreError, Unit, raw_time};
use crate::model::view::{Message, MessagePlace, ZoneStatus};
use crate::model::{ConversationId, DocumentId, MessageId, ParticipantId, time};
use rusqlite::{OptionalExtension, Row};

impl Store {
    /// Messages of a conversation in order, from position `skip`.
    pub fn messages(
        &self,
        conversation: ConversationId,
        skip: u64,
        most: u64,
    ) -> Result<Vec<Message>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "{MESSAGE_COLUMNS} WHERE m.id IN (SELECT id FROM message WHERE conversation = ?1
                ORDER BY sort, rank, id LIMIT ?3 OFFSET ?2) ORDER BY m.sort, m.rank, m.id"
        ))?;
        let mut rows = statement.query((conversation.0, skip as i64, most as i64))?;
        let mut messages = Vec::new();
        while let Some(row) = rows.next()? {
            let position = skip + messages.len() as u64;
            messages.push(self.message_from(row, position)?);
        }
        drop(rows);
        for message in &mut messages {
            self.add_marks(message)?;
        }
        Ok(messages)
    }

    /// Numbers of the messages of a conversation in order, from position `skip`.
    pub fn message_ids(
        &self,
        conversation: ConversationId,
        skip: u64,
        most: u64,
    ) -> Result<Vec<MessageId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM message WHERE conversation = ?1
             ORDER BY sort, rank, id LIMIT ?3 OFFSET ?2",
        )?;
        let bound = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let rows = statement.query_map((conversation.0, bound(skip), bound(most)), |row| {
            row.get(0).map(MessageId)
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn message(&self, id: MessageId) -> Result<Message, StoreError> {
        let position = self.message_position(id)?;
        let mut statement =
            self.conn.prepare_cached(&format!("{MESSAGE_COLUMNS} WHERE m.id = ?1"))?;
        let mut rows = statement.query([id.0])?;
        let row = rows.next()?.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let mut message = self.message_from(row, position.1)?;
        drop(rows);
        self.add_marks(&mut message)?;
        Ok(message)
    }

    /// Conversation of a message and its position in it.
    pub fn message_position(&self, id: MessageId) -> Result<(ConversationId, u64), StoreError> {
        self.conn
            .prepare_cached(
                "SELECT m.conversation, (SELECT count(*) FROM message o
                    WHERE o.conversation = m.conversation AND (o.sort, o.rank, o.id) < (m.sort, m.rank, m.id))
                 FROM message m WHERE m.id = ?1",
            )?
            .query_row([id.0], |row| {
                Ok((ConversationId(row.get(0)?), row.get::<_, i64>(1)?.unsigned_abs()))
            })
            .optional()?
            .ok_or_else(|| StoreError::NoSuchItem(id.to_string()))
    }

    /// The position of the first message at or after an instant (UTC seconds).
    pub fn position_at(
        &self,
        conversation: ConversationId,
        instant: i64,
    ) -> Result<u64, StoreError> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM message WHERE conversation = ?1 AND sort < ?2")?
            .query_row((conversation.0, instant), |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Without its place in the conversation, which has to be counted.
    pub fn message_stamp(&self, id: MessageId) -> Result<MessageStamp, StoreError> {
        let mut statement =
            self.conn.prepare_cached(&format!("{MESSAGE_COLUMNS} WHERE m.id = ?1"))?;
        let stamp = statement.query_row([id.0], |row| {
            Ok(MessageStamp {
                sender: row.get("handle")?,
                name: row.get::<_, Option<String>>("name")?.unwrap_or_default(),
                raw_time: raw_time::unpack(
                    row.get("raw_time")?,
                    row.get("clock")?,
                    row.get::<_, Option<String>>("native")?.as_deref(),
                ),
                export: DocumentId(row.get("document")?),
            })
        });
        stamp.optional()?.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))
    }

    fn message_from(&self, row: &Row, position: u64) -> Result<Message, StoreError> {
        let clock: Option<i64> = row.get("clock")?;
        let stated: Option<i32> = row.get("zone")?;
        let export_zone: i32 = row.get("export_zone")?;
        let offset = stated.unwrap_or(export_zone);
        let first: Extra =
            match row.get_ref("extra")?.as_str_or_null().map_err(rusqlite::Error::from)? {
                Some(text) => serde_json::from_str(text)
                    .map_err(|error| StoreError::Damaged(format!("message: {error}")))?,
                None => Extra::default(),
            };
        let id: i64 = row.get("id")?;
        let (further, extras): (Vec<_>, Vec<_>) = self.further_places(id)?.into_iter().unzip();
        let mut places = vec![place_from(row)?];
        places.extend(further);
        let kinds = extras.iter().map(|own: &Extra| own.kind.as_deref());
        let kind = kind_of_all_places(kind_from(row.get("kind")?), kinds);
        let extra = of_all_places(first, extras.into_iter());
        let conversation = ConversationId(row.get("conversation")?);
        let reply_id = match &extra.reply_to {
            Some(native) => self.by_native(conversation, native)?,
            None => None,
        };
        let handle: Option<String> = row.get("handle")?;
        let name: Option<String> = row.get("name")?;
        Ok(Message {
            id: MessageId(id),
            conversation,
            position,
            kind,
            sender_name: name
                .filter(|name| !name.is_empty())
                .or_else(|| handle.clone())
                .unwrap_or_default(),
            sender: handle,
            sender_id: row.get::<_, Option<i64>>("sender")?.map(ParticipantId),
            raw_time: raw_time::unpack(
                row.get("raw_time")?,
                clock,
                row.get::<_, Option<String>>("native")?.as_deref(),
            ),
            time: clock.map(|clock| time::clock_text_at(clock, offset)),
            instant: clock.map(|clock| clock - i64::from(offset)),
            zone_status: if stated.is_some() {
                ZoneStatus::Stated
            } else {
                zone_status(&row.get::<_, String>("zone_status")?)
            },
            text: row.get("text")?,
            media: extra.media,
            reply_to: extra.reply_to,
            reply_id,
            quote: extra.quote,
            thread: extra.thread,
            edited: extra.edited,
            forwarded_from: extra.forwarded_from,
            reactions: extra.reactions,
            versions: match row
                .get_ref("native")?
                .as_str_or_null()
                .map_err(rusqlite::Error::from)?
            {
                Some(native) => self.versions(conversation, native, id, row.get("digest")?)?,
                None => Vec::new(),
            },
            places,
            read: false,
            starred: false,
            irrelevant: false,
            tags: Vec::new(),
        })
    }

    /// Messages of an export by their position in it, in no order.
    pub fn records(&self, export: DocumentId) -> Result<Vec<(u64, MessageId)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT m.ordinal, m.id FROM export e JOIN block b ON b.export = e.id
                JOIN message m ON m.conversation = b.conversation AND m.export = e.id
                WHERE e.document = ?1
             UNION ALL
             SELECT p.ordinal, p.message FROM export e JOIN block b ON b.export = e.id
                JOIN message m ON m.conversation = b.conversation
                JOIN message_place p ON p.message = m.id AND p.export = e.id
                WHERE e.document = ?1",
        )?;
        let rows = statement.query_map([export.0], |row| {
            Ok((row.get::<_, i64>(0)?.unsigned_abs(), MessageId(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Documents of the exports that hold a message.
    pub fn exports_of_message(&self, id: MessageId) -> Result<Vec<DocumentId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.document FROM export e WHERE e.id IN (
                SELECT export FROM message WHERE id = ?1
                UNION SELECT export FROM message_place WHERE message = ?1)",
        )?;
        let rows = statement.query_map([id.0], |row| row.get(0).map(DocumentId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn by_native(
        &self,
        conversation: ConversationId,
        native: &str,
    ) -> Result<Option<MessageId>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT id FROM message WHERE conversation = ?1 AND native = ?2 ORDER BY id LIMIT 1",
            )?
            .query_row((conversation.0, native), |row| row.get(0).map(MessageId))
            .optional()?)
    }

    /// Messages with the same id on the platform that are not the same.
    fn versions(
        &self,
        conversation: ConversationId,
        native: &str,
        id: i64,
        digest: i64,
    ) -> Result<Vec<MessageId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM message WHERE conversation = ?1 AND native = ?2 AND id <> ?3
                AND digest <> ?4 ORDER BY id",
        )?;
        let rows = statement
            .query_map((conversation.0, native, id, digest), |row| row.get(0).map(MessageId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn add_marks(&self, message: &mut Message) -> Result<(), StoreError> {
        for name in self.marks_of(Unit::Message(message.id))? {
            match name.as_str() {
                "read" => message.read = true,
                "starred" => message.starred = true,
                "irrelevant" => message.irrelevant = true,
                name => message.tags.extend(name.strip_prefix("tag:").map(str::to_owned)),
            }
        }
        Ok(())
    }
}

/// Who wrote a message and when, as its first export says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageStamp {
    /// Handle; `None` for what the platform wrote.
    pub sender: Option<String>,
    pub name: String,
    pub raw_time: String,
    pub export: DocumentId,
}

const MESSAGE_COLUMNS: &str =
    "SELECT m.id AS id, m.conversation AS conversation, m.sender AS sender,
    m.kind AS kind, m.clock AS clock, m.zone AS zone, m.raw_time AS raw_time, m.text AS text,
    m.native AS native, m.digest AS digest, m.extra AS extra, m.ordinal AS ordinal, m.span_start AS span_start, m.span_len AS span_len,
    e.document AS document, e.zone AS export_zone, e.zone_status AS zone_status,
    p.handle AS handle, p.name AS name
    FROM message m JOIN export e ON e.id = m.export LEFT JOIN participant p ON p.id = m.sender";

pub(super) fn place_from(row: &Row) -> rusqlite::Result<MessagePlace> {
    let start: Option<i64> = row.get("span_start")?;
    let len: Option<i64> = row.get("span_len")?;
    Ok(MessagePlace {
        document: DocumentId(row.get("document")?),
        ordinal: row.get::<_, i64>("ordinal")?.unsigned_abs(),
        span: start
            .zip(len)
            .map(|(start, len)| (start.unsigned_abs(), (start + len).unsigned_abs())),
    })
}
