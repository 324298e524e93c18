//! Chats: exports, conversations, participants, messages. Writing first, reading below.

use super::counts::Counts;
use super::{Store, StoreError, Unit};
use crate::model::activity::SESSION_GAP;
use crate::model::view::{Block, ConversationRow, Message, MessagePlace, Participant, ZoneStatus};
use crate::model::{
    ConversationId, ConversationKind, DocumentId, Media, MessageId, MessageKind, ParticipantId,
    Sha256, Stamp, Zone, time,
};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A message as ingest knows it.
#[derive(Clone, Debug, Default)]
pub struct NewMessage {
    pub conversation: String,
    pub ordinal: u64,
    pub native: Option<String>,
    pub sender: Option<String>,
    pub kind: Option<MessageKind>,
    pub raw_time: String,
    pub time: Option<Stamp>,
    pub text: String,
    pub span: Option<(u64, u64)>,
    pub extra: Extra,
}

/// What few messages have; stored as JSON, absent when there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extra {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<(String, u32)>,
    /// The text as the file has it, where names of accounts were put into it from another file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unresolved: Option<String>,
}

/// Sort key of messages before the first date of their file.
const BEFORE_ALL: i64 = i64::MIN / 4;
/// Units in one entry of the change log.
const CHANGE_RANGE: i64 = 4096;

/// Writes the messages of one export. Lives as long as the transaction.
pub struct ExportWriter<'a> {
    store: &'a Store,
    export: i64,
    platform: String,
    scope: String,
    zone: i32,
    newest_first: bool,
    participants: HashMap<String, i64>,
    conversations: HashMap<String, i64>,
    blocks: HashMap<i64, (Option<i64>, Option<i64>, i64)>,
    previous: i64,
    fresh: Option<(i64, i64)>,
    counts: Counts,
}

impl<'a> ExportWriter<'a> {
    /// `newest_first`: the file runs from the newest message to the oldest.
    pub fn new(
        store: &'a Store,
        new: &super::NewExport,
        newest_first: bool,
    ) -> Result<Self, StoreError> {
        store
            .conn
            .prepare_cached(
                "INSERT INTO export (document, platform, importer, package, zone, zone_status,
                    zone_why, assumptions, messages, found_zone, found_status)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?5, ?6)",
            )?
            .execute(params![
                new.document.0,
                new.platform,
                new.importer,
                new.package,
                new.zone,
                new.zone_status,
                new.zone_why,
                serde_json::to_string(new.assumptions)
                    .map_err(|error| StoreError::Damaged(error.to_string()))?,
                new.messages as i64,
            ])?;
        Ok(ExportWriter {
            store,
            export: store.conn.last_insert_rowid(),
            platform: new.platform.to_owned(),
            scope: new.scope.to_owned(),
            zone: new.zone,
            newest_first,
            participants: HashMap::new(),
            conversations: HashMap::new(),
            blocks: HashMap::new(),
            previous: BEFORE_ALL,
            fresh: None,
            counts: Counts::default(),
        })
    }

    /// Registers an account; a name that is known already is kept, an unknown one filled in.
    pub fn participant(
        &mut self,
        handle: &str,
        name: &str,
        is_bot: bool,
        attributes: &[(String, String)],
    ) -> Result<i64, StoreError> {
        if name.is_empty()
            && attributes.is_empty()
            && let Some(id) = self.participants.get(handle)
        {
            return Ok(*id);
        }
        let attributes = if attributes.is_empty() {
            "[]".to_owned()
        } else {
            serde_json::to_string(attributes).map_err(|e| StoreError::Damaged(e.to_string()))?
        };
        let id = self
            .store
            .conn
            .prepare_cached(
                "INSERT INTO participant (platform, handle, name, is_bot, attributes)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (platform, handle) DO UPDATE SET
                    name = CASE WHEN name IN ('', handle) AND ?3 <> '' THEN ?3 ELSE name END,
                    is_bot = max(is_bot, ?4),
                    attributes = CASE
                        WHEN attributes = '[]' AND ?5 <> '[]' THEN ?5
                        -- A name that another export knows the account by is one more of its names.
                        WHEN ?3 NOT IN ('', handle, name) AND name NOT IN ('', handle)
                            AND NOT instr(attributes, json_array('name', ?3))
                        THEN json_insert(attributes, '$[#]', json_array('name', ?3))
                        ELSE attributes END
                 RETURNING id",
            )?
            .query_row(params![self.platform, handle, name, is_bot, attributes], |row| {
                row.get(0)
            })?;
        self.participants.insert(handle.to_owned(), id);
        Ok(id)
    }

    /// Registers a conversation; what is known already is kept, what is missing filled in.
    pub fn conversation(
        &mut self,
        key: &str,
        kind: ConversationKind,
        title: &str,
        members: &[String],
    ) -> Result<i64, StoreError> {
        let members = members
            .iter()
            .map(|handle| self.participant(handle, "", false, &[]))
            .collect::<Result<Vec<i64>, _>>()?;
        let scope = self.scope_of(key, &members)?;
        let id: i64 = self
            .store
            .conn
            .prepare_cached(
                "INSERT INTO conversation (platform, key, scope, kind, title)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (platform, key, scope) DO UPDATE SET
                    kind = CASE WHEN kind = 'unknown' THEN ?4 ELSE kind END,
                    title = CASE WHEN title = '' THEN ?5 ELSE title END
                 RETURNING id",
            )?
            .query_row(params![self.platform, key, scope, kind.name(), title], |row| row.get(0))?;
        self.conversations.insert(key.to_owned(), id);
        for member in members {
            self.add_member(id, member)?;
        }
        Ok(id)
    }

    /// The scope that a conversation of this export has. `#general` of two packages is two
    /// conversations, unless an account of this export is a member of the other one: then both
    /// packages come from the same workspace, exported twice.
    fn scope_of(&self, key: &str, members: &[i64]) -> Result<String, StoreError> {
        if self.scope.is_empty() {
            return Ok(String::new());
        }
        let mut accounts: Vec<i64> = self.participants.values().chain(members).copied().collect();
        accounts.sort_unstable();
        accounts.dedup();
        let accounts =
            serde_json::to_string(&accounts).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let known: Option<String> = self
            .store
            .conn
            .prepare_cached(
                "SELECT scope FROM conversation c WHERE platform = ?1 AND key = ?2
                    AND (scope = ?3 OR EXISTS (
                        SELECT 1 FROM member m JOIN participant p ON p.id = m.participant
                        WHERE m.conversation = c.id AND p.is_bot = 0 AND p.handle <> 'USLACKBOT'
                            AND p.id IN (SELECT value FROM json_each(?4))))
                 ORDER BY scope <> ?3, id LIMIT 1",
            )?
            .query_row(params![self.platform, key, self.scope, accounts], |row| row.get(0))
            .optional()?;
        Ok(known.unwrap_or_else(|| self.scope.clone()))
    }

    fn add_member(&self, conversation: i64, participant: i64) -> Result<(), StoreError> {
        self.store
            .conn
            .prepare_cached(
                "INSERT OR IGNORE INTO member (conversation, participant) VALUES (?1, ?2)",
            )?
            .execute([conversation, participant])?;
        Ok(())
    }

    /// Writes one message, or adds a place to one that another export gave already: messages of
    /// several exports are matched as multisets, those inside one file never.
    pub fn message(&mut self, new: &NewMessage) -> Result<(), StoreError> {
        let conversation = match self.conversations.get(&new.conversation) {
            Some(id) => *id,
            None => self.conversation(&new.conversation, ConversationKind::Unknown, "", &[])?,
        };
        let sender = match &new.sender {
            Some(handle) => {
                let known = self.participants.get(handle.as_str()).copied();
                let id = match known {
                    Some(id) => id,
                    None => self.participant(handle, "", false, &[])?,
                };
                self.add_member(conversation, id)?;
                Some(id)
            }
            None => None,
        };
        let kind = new.kind.unwrap_or(MessageKind::Text);
        let clock = new.time.map(|stamp| stamp.clock);
        let block = self.blocks.entry(conversation).or_default();
        block.2 += 1;
        if let Some(clock) = clock {
            block.0 = Some(block.0.map_or(clock, |first| first.min(clock)));
            block.1 = Some(block.1.map_or(clock, |last| last.max(clock)));
        }
        let text_as_found = new.extra.unresolved.as_deref().unwrap_or(&new.text);
        let digest = message_digest(&MessageIdentity {
            platform: &self.platform,
            conversation: &new.conversation,
            sender: new.sender.as_deref(),
            kind,
            raw_time: &new.raw_time,
            native: new.native.as_deref(),
            text: text_as_found,
        });
        let short = short_digest(&digest);
        if let Some(twin) = self.twin(short, conversation, sender, kind, new)? {
            self.store
                .conn
                .prepare_cached(
                    "INSERT INTO message_place (message, export, ordinal, span_start, span_len)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    twin,
                    self.export,
                    new.ordinal as i64,
                    new.span.map(|(start, _)| start as i64),
                    new.span.map(|(start, end)| end.saturating_sub(start) as i64),
                ])?;
            return Ok(());
        }
        if let Some(stamp) = new.time {
            self.previous = stamp.instant(self.zone);
        }
        let rank = if self.newest_first { -(new.ordinal as i64) } else { new.ordinal as i64 };
        let extra = (new.extra != Extra::default())
            .then(|| serde_json::to_string(&new.extra))
            .transpose()
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        self.store
            .conn
            .prepare_cached(
                "INSERT INTO message (digest, conversation, export, ordinal, span_start, span_len,
                    sender, kind, clock, zone, sort, rank, raw_time, text, native, extra)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            )?
            .execute(params![
                short,
                conversation,
                self.export,
                new.ordinal as i64,
                new.span.map(|(start, _)| start as i64),
                new.span.map(|(start, end)| end.saturating_sub(start) as i64),
                sender,
                kind_number(kind),
                clock,
                new.time.and_then(|stamp| match stamp.zone {
                    Zone::Stated(offset) => Some(offset),
                    Zone::Naive => None,
                }),
                self.previous,
                rank,
                new.raw_time,
                new.text,
                new.native,
                extra,
            ])?;
        let id = self.store.conn.last_insert_rowid();
        self.counts.add(conversation, sender, clock);
        self.note_change(id)
    }

    fn twin(
        &self,
        short: i64,
        conversation: i64,
        sender: Option<i64>,
        kind: MessageKind,
        new: &NewMessage,
    ) -> Result<Option<i64>, StoreError> {
        let text = new.extra.unresolved.as_deref().unwrap_or(&new.text);
        Ok(self
            .store
            .conn
            .prepare_cached(
                "SELECT id FROM message m WHERE digest = ?1 AND export <> ?2 AND conversation = ?3
                    AND sender IS ?4 AND kind = ?5 AND raw_time = ?6 AND native IS ?7
                    AND (text = ?8 OR extra ->> 'unresolved' = ?8)
                    AND NOT EXISTS (SELECT 1 FROM message_place p
                                    WHERE p.message = m.id AND p.export = ?2)
                 ORDER BY id LIMIT 1",
            )?
            .query_row(
                params![
                    short,
                    self.export,
                    conversation,
                    sender,
                    kind_number(kind),
                    new.raw_time,
                    new.native,
                    text
                ],
                |row| row.get(0),
            )
            .optional()?)
    }

    fn note_change(&mut self, id: i64) -> Result<(), StoreError> {
        self.fresh = match self.fresh {
            Some((first, last)) if last + 1 == id && id - first < CHANGE_RANGE => Some((first, id)),
            Some(done) => {
                self.log(done)?;
                Some((id, id))
            }
            None => Some((id, id)),
        };
        Ok(())
    }

    fn log(&self, (first, last): (i64, i64)) -> Result<(), StoreError> {
        self.store.log_changes(Unit::Message(MessageId(first)), Unit::Message(MessageId(last)))
    }

    /// Writes the blocks and counts. Must be called.
    pub fn finish(mut self) -> Result<(), StoreError> {
        std::mem::take(&mut self.counts).write(self.store)?;
        if let Some(range) = self.fresh.take() {
            self.log(range)?;
        }
        let mut blocks: Vec<_> = self.blocks.iter().collect();
        blocks.sort();
        for (conversation, (first, last, messages)) in blocks {
            self.store
                .conn
                .prepare_cached(
                    "INSERT OR REPLACE INTO block (export, conversation, first, last, messages)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![self.export, conversation, first, last, messages])?;
        }
        Ok(())
    }
}

/// What makes a message the same in two exports, and names it in the journal.
#[derive(Clone, Copy, Debug)]
pub struct MessageIdentity<'a> {
    pub platform: &'a str,
    pub conversation: &'a str,
    pub sender: Option<&'a str>,
    pub kind: MessageKind,
    pub raw_time: &'a str,
    pub native: Option<&'a str>,
    pub text: &'a str,
}

/// SHA-256 over the fields, each with its length before it.
pub fn message_digest(identity: &MessageIdentity) -> Sha256 {
    use sha2::Digest;
    let mut hash = sha2::Sha256::new();
    let fields = [
        Some(identity.platform),
        Some(identity.conversation),
        identity.sender,
        Some(identity.kind.name()),
        Some(identity.raw_time),
        identity.native,
        Some(identity.text),
    ];
    for field in fields {
        // Length + 1, so that an absent field differs from an empty one.
        let length = field.map_or(0, |text| text.len() as u64 + 1);
        hash.update(length.to_be_bytes());
        hash.update(field.unwrap_or_default());
    }
    Sha256(hash.finalize().into())
}

/// The number that [`Extracted`](super::Extracted) sums up over the messages of an export.
pub fn message_digest_sum(identity: &MessageIdentity) -> i64 {
    short_digest(&message_digest(identity))
}

pub(super) fn short_digest(digest: &Sha256) -> i64 {
    let mut first = [0; 8];
    first.copy_from_slice(&digest.0[..8]);
    i64::from_be_bytes(first)
}

fn kind_number(kind: MessageKind) -> i64 {
    MessageKind::ALL.iter().position(|known| *known == kind).unwrap_or(0) as i64
}

pub(super) fn kind_from(number: i64) -> MessageKind {
    usize::try_from(number)
        .ok()
        .and_then(|at| MessageKind::ALL.get(at).copied())
        .unwrap_or(MessageKind::Text)
}

impl Store {
    /// Drops the export of a document and the messages that lie nowhere else.
    pub(super) fn drop_export_of(&self, document: DocumentId) -> Result<(), StoreError> {
        let export: Option<i64> = self
            .conn
            .prepare_cached("SELECT id FROM export WHERE document = ?1")?
            .query_row([document.0], |row| row.get(0))
            .optional()?;
        let Some(export) = export else { return Ok(()) };
        self.conn.execute("DELETE FROM message_place WHERE export = ?1", [export])?;
        let touched: Vec<i64> = {
            let sql = "SELECT conversation FROM block WHERE export = ?1";
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map([export], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        let ids: Vec<i64> = {
            let mut statement = self.conn.prepare("SELECT id FROM message WHERE export = ?1")?;
            let rows = statement.query_map([export], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for id in ids {
            let promoted = self
                .conn
                .prepare_cached(
                    "UPDATE message SET (export, ordinal, span_start, span_len) =
                        (SELECT export, ordinal, span_start, span_len FROM message_place
                         WHERE message = ?1 ORDER BY export, ordinal LIMIT 1)
                     WHERE id = ?1 AND EXISTS (SELECT 1 FROM message_place WHERE message = ?1)",
                )?
                .execute([id])?;
            if promoted > 0 {
                self.conn
                    .prepare_cached(
                        "DELETE FROM message_place WHERE (message, export, ordinal) =
                            (SELECT id, export, ordinal FROM message WHERE id = ?1)",
                    )?
                    .execute([id])?;
            } else {
                self.conn.prepare_cached("DELETE FROM message WHERE id = ?1")?.execute([id])?;
            }
            self.log_change(Unit::Message(MessageId(id)))?;
        }
        self.conn.execute("DELETE FROM block WHERE export = ?1", [export])?;
        self.conn.execute("DELETE FROM export WHERE id = ?1", [export])?;
        touched.into_iter().try_for_each(|conversation| self.recount(conversation))
    }

    /// Number of conversations.
    pub fn conversation_count(&self) -> Result<u64, StoreError> {
        let count: i64 =
            self.conn.query_row("SELECT count(*) FROM conversation", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Conversations, the one with most messages first.
    pub fn conversations(&self, skip: u64, most: u64) -> Result<Vec<ConversationRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT c.id FROM conversation c LEFT JOIN conversation_day d ON d.conversation = c.id
             GROUP BY c.id ORDER BY total(d.messages) DESC, c.id LIMIT ?2 OFFSET ?1",
        )?;
        let ids: Vec<i64> = statement
            .query_map((skip as i64, most as i64), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        ids.into_iter().map(|id| self.conversation(ConversationId(id))).collect()
    }

    pub fn conversation(&self, id: ConversationId) -> Result<ConversationRow, StoreError> {
        let head = self
            .conn
            .prepare_cached("SELECT platform, key, kind, title FROM conversation WHERE id = ?1")?
            .query_row([id.0], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, String>(3)?,
                ))
            })
            .optional()?
            .ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let (platform, key, kind, title) = head;
        let participants = self.members(id)?;
        let messages: i64 = self
            .conn
            .prepare_cached(
                "SELECT coalesce(sum(messages), 0) FROM conversation_day WHERE conversation = ?1",
            )?
            .query_row([id.0], |row| row.get(0))?;
        let done = self.done_in(id)?;
        let blocks = self.blocks(id)?;
        let first = blocks.iter().filter_map(|b| b.first.clone()).min();
        let last = blocks.iter().filter_map(|b| b.last.clone()).max();
        let title = if title.is_empty() { title_of(&participants, &key) } else { title };
        Ok(ConversationRow {
            id,
            platform,
            key,
            kind: ConversationKind::from_name(&kind).unwrap_or(ConversationKind::Unknown),
            title,
            messages: messages.unsigned_abs(),
            participants,
            first,
            last,
            unread: messages.unsigned_abs().saturating_sub(done),
            seen: self.seen_in(id)?,
            gaps: self.gaps(id)?,
            blocks,
        })
    }

    /// The title of a conversation, or the names of its participants.
    pub fn conversation_title(&self, id: ConversationId) -> Result<String, StoreError> {
        let (key, title): (String, String) = self
            .conn
            .prepare_cached("SELECT key, title FROM conversation WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        Ok(if title.is_empty() { title_of(&self.members(id)?, &key) } else { title })
    }

    /// Accounts that take part in a conversation, by number of messages.
    fn members(&self, id: ConversationId) -> Result<Vec<Participant>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT p.id, p.platform, p.handle, p.name,
                (SELECT coalesce(sum(v.messages), 0) FROM voice v
                 WHERE v.conversation = ?1 AND v.participant = p.id) AS n
             FROM member k JOIN participant p ON p.id = k.participant
             WHERE k.conversation = ?1 ORDER BY n DESC, p.id",
        )?;
        let rows = statement.query_map([id.0], participant_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All accounts, the one with most messages first.
    pub fn participants(&self, skip: u64, most: u64) -> Result<Vec<Participant>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT p.id, p.platform, p.handle, p.name,
                (SELECT coalesce(sum(v.messages), 0) FROM voice v WHERE v.participant = p.id) AS n
             FROM participant p ORDER BY n DESC, p.id LIMIT ?2 OFFSET ?1",
        )?;
        let rows = statement.query_map((skip as i64, most as i64), participant_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn blocks(&self, id: ConversationId) -> Result<Vec<Block>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.document, b.first, b.last, b.messages, e.zone, e.zone_status, e.zone_why
             FROM block b JOIN export e ON e.id = b.export
             WHERE b.conversation = ?1 ORDER BY b.first, b.export",
        )?;
        let rows = statement.query_map([id.0], |row| {
            Ok(Block {
                document: DocumentId(row.get(0)?),
                first: row.get::<_, Option<i64>>(1)?.map(time::clock_text),
                last: row.get::<_, Option<i64>>(2)?.map(time::clock_text),
                messages: row.get::<_, i64>(3)?.unsigned_abs(),
                zone: row.get(4)?,
                zone_status: zone_status(&row.get::<_, String>(5)?),
                zone_why: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Stretches of time that no export of a conversation covers, each as the clock readings of
    /// the last message before it and the first one after it. The files of one package are one
    /// export.
    fn gaps(&self, id: ConversationId) -> Result<Vec<(String, String)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT min(b.first) AS first, max(b.last) FROM block b JOIN export e ON e.id = b.export
             WHERE b.conversation = ?1 AND b.first IS NOT NULL
             GROUP BY coalesce(e.package, e.id) ORDER BY first",
        )?;
        let rows = statement
            .query_map([id.0], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        let mut gaps = Vec::new();
        let mut covered: Option<i64> = None;
        for row in rows {
            let (first, last) = row?;
            match covered {
                Some(end) if first.saturating_sub(end) >= SESSION_GAP => {
                    gaps.push((time::clock_text(end), time::clock_text(first)));
                }
                _ => {}
            }
            covered = Some(covered.map_or(last, |end| end.max(last)));
        }
        Ok(gaps)
    }

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

    /// SHA-256 that names a message by what it says, and which of the identical ones it is.
    pub fn message_key(&self, id: MessageId) -> Result<(Sha256, u64), StoreError> {
        let row = self
            .conn
            .prepare_cached(
                "SELECT c.platform, c.key, p.handle, m.kind, m.raw_time, m.native,
                    coalesce(m.extra ->> 'unresolved', m.text), m.digest
                 FROM message m JOIN conversation c ON c.id = m.conversation
                 LEFT JOIN participant p ON p.id = m.sender WHERE m.id = ?1",
            )?
            .query_row([id.0], |row| {
                let digest = message_digest(&MessageIdentity {
                    platform: &row.get::<_, String>(0)?,
                    conversation: &row.get::<_, String>(1)?,
                    sender: row.get::<_, Option<String>>(2)?.as_deref(),
                    kind: kind_from(row.get(3)?),
                    raw_time: &row.get::<_, String>(4)?,
                    native: row.get::<_, Option<String>>(5)?.as_deref(),
                    text: &row.get::<_, String>(6)?,
                });
                Ok((digest, row.get::<_, i64>(7)?))
            })
            .optional()?
            .ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let nth: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM message WHERE digest = ?1 AND id < ?2")?
            .query_row((row.1, id.0), |row| row.get(0))?;
        Ok((row.0, nth.unsigned_abs()))
    }

    /// The message with this key, when the case has it.
    pub fn find_message(&self, digest: &Sha256, nth: u64) -> Result<Option<MessageId>, StoreError> {
        let candidates: Vec<i64> = {
            let mut statement =
                self.conn.prepare_cached("SELECT id FROM message WHERE digest = ?1 ORDER BY id")?;
            let rows = statement.query_map([short_digest(digest)], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        let mut seen = 0;
        for id in candidates {
            if self.message_key(MessageId(id))?.0 == *digest {
                if seen == nth {
                    return Ok(Some(MessageId(id)));
                }
                seen += 1;
            }
        }
        Ok(None)
    }

    fn message_from(&self, row: &Row, position: u64) -> Result<Message, StoreError> {
        let clock: Option<i64> = row.get("clock")?;
        let stated: Option<i32> = row.get("zone")?;
        let export_zone: i32 = row.get("export_zone")?;
        let offset = stated.unwrap_or(export_zone);
        let extra: Extra =
            match row.get_ref("extra")?.as_str_or_null().map_err(rusqlite::Error::from)? {
                Some(text) => serde_json::from_str(text)
                    .map_err(|error| StoreError::Damaged(format!("message: {error}")))?,
                None => Extra::default(),
            };
        let conversation = ConversationId(row.get("conversation")?);
        let reply_id = match &extra.reply_to {
            Some(native) => self.by_native(conversation, native)?,
            None => None,
        };
        let handle: Option<String> = row.get("handle")?;
        let name: Option<String> = row.get("name")?;
        let id: i64 = row.get("id")?;
        let mut places = vec![place_from(row)?];
        places.extend(self.further_places(id)?);
        Ok(Message {
            id: MessageId(id),
            conversation,
            position,
            kind: kind_from(row.get("kind")?),
            sender_name: name
                .filter(|name| !name.is_empty())
                .or_else(|| handle.clone())
                .unwrap_or_default(),
            sender: handle,
            sender_id: row.get::<_, Option<i64>>("sender")?.map(ParticipantId),
            raw_time: row.get("raw_time")?,
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
            places,
            read: false,
            starred: false,
            irrelevant: false,
            tags: Vec::new(),
        })
    }

    fn further_places(&self, message: i64) -> Result<Vec<MessagePlace>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.document AS document, p.ordinal AS ordinal, p.span_start AS span_start,
                p.span_len AS span_len
             FROM message_place p JOIN export e ON e.id = p.export WHERE p.message = ?1",
        )?;
        let rows = statement.query_map([message], place_from)?;
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

const MESSAGE_COLUMNS: &str =
    "SELECT m.id AS id, m.conversation AS conversation, m.sender AS sender,
    m.kind AS kind, m.clock AS clock, m.zone AS zone, m.raw_time AS raw_time, m.text AS text,
    m.extra AS extra, m.ordinal AS ordinal, m.span_start AS span_start, m.span_len AS span_len,
    e.document AS document, e.zone AS export_zone, e.zone_status AS zone_status,
    p.handle AS handle, p.name AS name
    FROM message m JOIN export e ON e.id = m.export LEFT JOIN participant p ON p.id = m.sender";

fn place_from(row: &Row) -> rusqlite::Result<MessagePlace> {
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

fn participant_row(row: &Row) -> rusqlite::Result<Participant> {
    Ok(Participant {
        id: ParticipantId(row.get(0)?),
        platform: row.get(1)?,
        handle: row.get(2)?,
        name: row.get(3)?,
        messages: row.get::<_, i64>(4)?.unsigned_abs(),
    })
}

fn zone_status(name: &str) -> ZoneStatus {
    match name {
        "stated" => ZoneStatus::Stated,
        "inferred" => ZoneStatus::Inferred,
        "set" => ZoneStatus::Set,
        _ => ZoneStatus::Assumed,
    }
}

/// Names of the participants, or the key where nobody is known.
fn title_of(participants: &[Participant], key: &str) -> String {
    if participants.is_empty() {
        return key.replace('\u{1f}', " ↔ ");
    }
    let names: Vec<&str> = participants
        .iter()
        .take(4)
        .map(|p| if p.name.is_empty() { p.handle.as_str() } else { p.name.as_str() })
        .collect();
    let more = participants.len().saturating_sub(4);
    let joined = names.join(" ↔ ");
    if more > 0 { format!("{joined} +{more}") } else { joined }
}
