//! Chats, written: the messages of one export with its accounts and conversations, and their
//! removal.

use super::again::{Changed, Former};
use super::counts::Counts;
use super::identity::{MessageIdentity, kind_number, message_digest, short_digest};
use super::message_places::with_or_without_file;
use super::{Store, StoreError, UNSETTLED, Unit, raw_time};
use crate::model::view::SYSTEM_ACCOUNTS;
use crate::model::{ConversationKind, DocumentId, Media, MessageId, MessageKind, Stamp, Zone};
use rusqlite::{OptionalExtension, params};
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

impl NewMessage {
    /// Where its record lies, as that is stored: position, first byte, bytes.
    pub(super) fn record(&self) -> (i64, Option<i64>, Option<i64>) {
        let span = self.span.map(|(start, end)| (start as i64, end.saturating_sub(start) as i64));
        (self.ordinal as i64, span.map(|(start, _)| start), span.map(|(_, len)| len))
    }
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
    /// Of a further place: the kind that the message has there, where its first place has another
    /// (`message_places.rs`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
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
    /// What it had before.
    former: Former,
    /// Messages that say something else than they did.
    changed: Vec<MessageId>,
}

impl<'a> ExportWriter<'a> {
    /// `newest_first`: the file runs from the newest message to the oldest. `former`: what the same
    /// export had when it was read before.
    pub fn new(
        store: &'a Store,
        new: &super::NewExport,
        newest_first: bool,
        former: Former,
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
            former,
            changed: Vec::new(),
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
                    title = CASE WHEN title IN ('', key) AND ?5 <> '' THEN ?5 ELSE title END
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
        // Every workspace has those in whose name the platform speaks.
        let of_system: Vec<i64> = SYSTEM_ACCOUNTS
            .iter()
            .filter(|(platform, _)| *platform == self.platform)
            .filter_map(|(_, handle)| self.participants.get(*handle).copied())
            .collect();
        let mut accounts: Vec<i64> = self.participants.values().chain(members).copied().collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts.retain(|account| !of_system.contains(account));
        let accounts =
            serde_json::to_string(&accounts).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let known: Option<String> = self
            .store
            .conn
            .prepare_cached(
                "SELECT scope FROM conversation c WHERE platform = ?1 AND key = ?2
                    AND (scope = ?3 OR EXISTS (
                        SELECT 1 FROM member m JOIN participant p ON p.id = m.participant
                        WHERE m.conversation = c.id AND p.is_bot = 0
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
        let platform = self.platform.clone();
        let digest_of = |kind| {
            message_digest(&MessageIdentity {
                platform: &platform,
                conversation: &new.conversation,
                sender: new.sender.as_deref(),
                kind,
                raw_time: &new.raw_time,
                native: new.native.as_deref(),
                text: text_as_found,
            })
        };
        let digest = digest_of(kind);
        let short = short_digest(&digest);
        let before = self.former.equal(short);
        if let Some(before) = before.filter(|before| before.is_elsewhere) {
            return self.store.put_back(before.id, self.export, kind, new);
        }
        let changed = match before {
            Some(_) => None,
            None => self.former.changed(new),
        };
        let twin = match before {
            Some(_) => None,
            None => self.twin(short, conversation, sender, kind, new)?,
        };
        if let Some(twin) = twin {
            if let Some(changed) = &changed {
                self.store.said_otherwise(changed, twin, short)?;
            }
            return self.store.add_message_place(twin, self.export, new, None);
        }
        if before.is_none()
            && self.platform != UNSETTLED
            && new.native.is_some()
            && let Some(other) = with_or_without_file(kind, text_as_found)
            && let Some(twin) =
                self.twin(short_digest(&digest_of(other)), conversation, sender, other, new)?
        {
            if let Some(changed) = &changed {
                self.store.said_otherwise(changed, twin, short)?;
            }
            self.store.also_named(twin, &digest)?;
            return self.store.add_message_place(twin, self.export, new, Some(kind));
        }
        if let Some(stamp) = new.time {
            self.previous = stamp.instant(self.zone);
        }
        let rank = if self.newest_first { -(new.ordinal as i64) } else { new.ordinal as i64 };
        let mut extra = new.extra.clone();
        let resolved = before.and_then(|before| self.former.resolved(before.id, &new.text));
        if resolved.is_some() {
            extra.unresolved = Some(new.text.clone());
        }
        let known = changed.as_ref().and_then(Changed::own_number);
        let number = before.map(|before| before.id).or(known);
        let extra = (extra != Extra::default())
            .then(|| serde_json::to_string(&extra))
            .transpose()
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        let (ordinal, start, len) = new.record();
        self.store
            .conn
            .prepare_cached(
                "INSERT INTO message (digest, conversation, export, ordinal, span_start, span_len,
                    sender, kind, clock, zone, sort, rank, raw_time, text, native, extra, id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            )?
            .execute(params![
                short,
                conversation,
                self.export,
                ordinal,
                start,
                len,
                sender,
                kind_number(kind),
                clock,
                new.time.and_then(|stamp| match stamp.zone {
                    Zone::Stated(offset) => Some(offset),
                    Zone::Naive => None,
                }),
                self.previous,
                rank,
                raw_time::pack(&new.raw_time, clock, new.native.as_deref()),
                resolved.as_ref().unwrap_or(&new.text),
                new.native,
                extra,
                number.or_else(|| self.store.fresh_message()),
            ])?;
        let id = self.store.conn.last_insert_rowid();
        if let Some(changed) = changed.filter(|_| known.is_some()) {
            self.store.said_otherwise(&changed, id, short)?;
            self.changed.push(MessageId(id));
        }
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
        let mut statement = self.store.conn.prepare_cached(
            "SELECT id, raw_time, clock FROM message m
                 WHERE digest = ?1 AND export <> ?2 AND conversation = ?3
                    AND sender IS ?4 AND kind = ?5 AND native IS ?6
                    AND (text = ?7 OR extra ->> 'unresolved' = ?7)
                    AND NOT EXISTS (SELECT 1 FROM message_place p
                                    WHERE p.message = m.id AND p.export = ?2)
                 ORDER BY id",
        )?;
        let mut rows = statement.query(params![
            short,
            self.export,
            conversation,
            sender,
            kind_number(kind),
            new.native,
            text
        ])?;
        while let Some(row) = rows.next()? {
            let raw = raw_time::unpack(row.get(1)?, row.get(2)?, new.native.as_deref());
            if raw == new.raw_time {
                return Ok(Some(row.get(0)?));
            }
        }
        Ok(None)
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

    /// Writes the blocks and counts. Must be called. Gives the messages of before that say something
    /// else now, or are gone.
    pub fn finish(mut self) -> Result<Vec<MessageId>, StoreError> {
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
        self.changed.extend(self.store.forget(self.former)?);
        Ok(self.changed)
    }
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
        let touched = self.take_export_away(export)?;
        touched.into_iter().try_for_each(|conversation| self.recount(conversation))
    }

    /// Takes an export away and the messages that lie nowhere else. Gives the conversations that
    /// have to be counted again.
    pub(super) fn take_export_away(&self, export: i64) -> Result<Vec<i64>, StoreError> {
        self.drop_message_places(export)?;
        let touched: Vec<i64> = {
            let sql = "SELECT conversation FROM block WHERE export = ?1";
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map([export], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        let ids: Vec<i64> = {
            let mut statement =
                self.conn.prepare_cached("SELECT id FROM message WHERE export = ?1")?;
            let rows = statement.query_map([export], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for id in ids {
            if !self.take_next_place(id)? {
                self.conn.prepare_cached("DELETE FROM message WHERE id = ?1")?.execute([id])?;
            }
            self.log_change(Unit::Message(MessageId(id)))?;
        }
        self.conn.prepare_cached("DELETE FROM block WHERE export = ?1")?.execute([export])?;
        self.conn.prepare_cached("DELETE FROM export WHERE id = ?1")?.execute([export])?;
        Ok(touched)
    }
}
