//! Conversations, participants and blocks, read.

use super::{Store, StoreError};
use crate::model::activity::SESSION_GAP;
use crate::model::view::{BETWEEN_ACCOUNTS, Block, ConversationRow, Participant, ZoneStatus};
use crate::model::{ConversationId, ConversationKind, DocumentId, ParticipantId, time};
use rusqlite::{OptionalExtension, Row};
use std::collections::HashMap;

/// What a list of conversations is cut and sorted by.
#[derive(Clone, Debug)]
pub struct ConversationHead {
    pub id: ConversationId,
    pub platform: String,
    /// Empty where the platform gives none.
    pub title: String,
    pub messages: u64,
    /// Clock reading of the last dated message, in seconds.
    pub last: Option<i64>,
    /// Messages that are read or irrelevant.
    pub done: u64,
}

impl Store {
    /// All conversations, by number.
    pub fn conversation_heads(&self) -> Result<Vec<ConversationHead>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT c.id, c.platform, c.title,
                (SELECT total(messages) FROM conversation_day WHERE conversation = c.id),
                (SELECT max(last) FROM block WHERE conversation = c.id),
                (SELECT count FROM tally WHERE what = 'done' AND conversation = c.id)
             FROM conversation c ORDER BY c.id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(ConversationHead {
                id: ConversationId(row.get(0)?),
                platform: row.get(1)?,
                title: row.get(2)?,
                messages: row.get::<_, f64>(3)? as u64,
                last: row.get(4)?,
                done: row.get::<_, Option<i64>>(5)?.unwrap_or(0).unsigned_abs(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Handles and names of who takes part in each conversation, a line each.
    pub fn names_of_members<'a>(
        &self,
        owner: impl Fn(&str, &str) -> Option<&'a str>,
    ) -> Result<HashMap<ConversationId, String>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT k.conversation, p.handle, p.name, p.platform
             FROM member k JOIN participant p ON p.id = k.participant",
        )?;
        let mut rows = statement.query([])?;
        let mut names: HashMap<ConversationId, String> = HashMap::new();
        while let Some(row) = rows.next()? {
            let of = names.entry(ConversationId(row.get(0)?)).or_default();
            for column in [1, 2] {
                of.push_str(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?);
                of.push('\n');
            }
            let word = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
            if let Some(name) = owner(word(3)?, word(1)?) {
                of.push_str(name);
                of.push('\n');
            }
        }
        Ok(names)
    }

    /// Path of the first file that holds some of a conversation; empty where none is known.
    pub fn path_of_conversation(&self, id: ConversationId) -> Result<String, StoreError> {
        let path = self
            .conn
            .prepare_cached(
                "SELECT p.path FROM block b JOIN export e ON e.id = b.export
                 JOIN place p ON p.document = e.document
                 WHERE b.conversation = ?1 ORDER BY b.first, b.export, p.id LIMIT 1",
            )?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        Ok(path.unwrap_or_default())
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
        let accounts = self.members(id)?;
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
        let title = if title.is_empty() { title_of(&accounts, &key) } else { title };
        Ok(ConversationRow {
            id,
            platform,
            key,
            kind: ConversationKind::from_name(&kind).unwrap_or(ConversationKind::Unknown),
            title,
            apart: String::new(),
            messages: messages.unsigned_abs(),
            accounts,
            first,
            last,
            unread: messages.unsigned_abs().saturating_sub(done),
            seen: self.seen_in(id)?,
            gaps: self.gaps(id)?,
            blocks,
        })
    }

    /// The title of a conversation, or the names of its accounts.
    pub fn conversation_title(&self, id: ConversationId) -> Result<String, StoreError> {
        self.conversation_title_by(id, |_| {})
    }

    /// The same; `name` may say who owns the accounts.
    pub fn conversation_title_by(
        &self,
        id: ConversationId,
        name: impl FnOnce(&mut [Participant]),
    ) -> Result<String, StoreError> {
        let (key, title): (String, String) = self
            .conn
            .prepare_cached("SELECT key, title FROM conversation WHERE id = ?1")?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        if !title.is_empty() {
            return Ok(title);
        }
        let mut members = self.members(id)?;
        name(&mut members);
        Ok(title_of(&members, &key))
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

    pub fn blocks(&self, id: ConversationId) -> Result<Vec<Block>, StoreError> {
        let main = super::documents::main_place("e.document", "");
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT e.document, b.first, b.last, b.messages, e.zone, e.zone_status, e.zone_why,
                coalesce((SELECT f.path FROM place f WHERE f.id = {main}), '')
             FROM block b JOIN export e ON e.id = b.export
             WHERE b.conversation = ?1 ORDER BY b.first, b.export",
        ))?;
        let rows = statement.query_map([id.0], |row| {
            Ok(Block {
                document: DocumentId(row.get(0)?),
                first: row.get::<_, Option<i64>>(1)?.map(time::clock_text),
                last: row.get::<_, Option<i64>>(2)?.map(time::clock_text),
                messages: row.get::<_, i64>(3)?.unsigned_abs(),
                zone: row.get(4)?,
                zone_status: zone_status(&row.get::<_, String>(5)?),
                zone_why: row.get(6)?,
                path: row.get(7)?,
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
}

fn participant_row(row: &Row) -> rusqlite::Result<Participant> {
    Ok(Participant {
        id: ParticipantId(row.get(0)?),
        platform: row.get(1)?,
        handle: row.get(2)?,
        name: row.get(3)?,
        messages: row.get::<_, i64>(4)?.unsigned_abs(),
        owner: None,
    })
}

pub(super) fn zone_status(name: &str) -> ZoneStatus {
    match name {
        "stated" => ZoneStatus::Stated,
        "inferred" => ZoneStatus::Inferred,
        "set" => ZoneStatus::Set,
        _ => ZoneStatus::Assumed,
    }
}

/// Names of the accounts, or the key where nobody is known.
fn title_of(accounts: &[Participant], key: &str) -> String {
    if accounts.is_empty() {
        return key.replace('\u{1f}', BETWEEN_ACCOUNTS);
    }
    let names: Vec<&str> = accounts
        .iter()
        .take(4)
        .map(|p| match &p.owner {
            Some(owner) => owner.name.as_str(),
            None if p.name.is_empty() => p.handle.as_str(),
            None => p.name.as_str(),
        })
        .collect();
    let more = accounts.len().saturating_sub(4);
    let joined = names.join(BETWEEN_ACCOUNTS);
    if more > 0 { format!("{joined} +{more}") } else { joined }
}
