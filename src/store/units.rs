//! What the index takes from the case file, in the order of the change log.

use super::identity::kind_from;
use super::message_places::kind_of_all_places;
use super::{Store, StoreError};
use crate::model::{ConversationId, DocumentId, MessageId, MessageKind, ParticipantId};
use rusqlite::OptionalExtension;
use serde::Deserialize;
use std::collections::HashMap;

/// A message with what the index knows of it.
#[derive(Clone, Debug)]
pub struct IndexedMessage {
    pub id: MessageId,
    pub platform: String,
    pub conversation: ConversationId,
    pub sender: Option<ParticipantId>,
    pub kind: MessageKind,
    /// Row id of its first export, and the sources that its documents lie in.
    pub export: u64,
    pub sources: Vec<u64>,
    /// Reading of the clock, with the offset where the stamp states one, else that of the export.
    pub clock: Option<i64>,
    pub zone: Option<i32>,
    pub export_zone: i32,
    pub text: String,
    pub has_media: bool,
    /// What is searched beside its text, each with what it is: `file`, `forwarded_from`.
    pub names: Vec<(&'static str, String)>,
}

/// The part of a message's extra that is searched.
#[derive(Default, Deserialize)]
struct Searched {
    #[serde(default)]
    media: Vec<File>,
    forwarded_from: Option<String>,
    kind: Option<String>,
}

#[derive(Deserialize)]
struct File {
    name: String,
}

/// Of the places of a message besides the first.
#[derive(Default)]
struct Further {
    exports: Vec<u64>,
    searched: Vec<Searched>,
}

impl Searched {
    fn names(self) -> impl Iterator<Item = (&'static str, String)> {
        let files = self.media.into_iter().map(|file| ("file", file.name));
        let forwarded = self.forwarded_from.map(|name| ("forwarded_from", name));
        files.chain(forwarded).filter(|(_, name)| !name.is_empty())
    }
}

fn damaged(error: serde_json::Error) -> StoreError {
    StoreError::Damaged(format!("message: {error}"))
}

impl Store {
    /// The messages with numbers from `first` to `last`, in order; gaps are left out.
    pub fn each_indexed_message<E: From<StoreError>>(
        &self,
        first: MessageId,
        last: MessageId,
        mut each: impl FnMut(IndexedMessage) -> Result<(), E>,
    ) -> Result<(), E> {
        let exports = self.sources_of_exports()?;
        let mut also = self.further_places_between(first, last)?;
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT m.id, c.platform, m.conversation, m.sender, m.kind, m.export,
                    m.clock, m.zone, e.zone, m.text, m.extra
                 FROM message m JOIN export e ON e.id = m.export
                 JOIN conversation c ON c.id = m.conversation
                 WHERE m.id BETWEEN ?1 AND ?2 ORDER BY m.id",
            )
            .map_err(StoreError::from)?;
        let mut rows = statement.query((first.0, last.0)).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            let mut message = indexed_message(row).map_err(StoreError::from)??;
            let further = also.remove(&message.id).unwrap_or_default();
            let sources = std::iter::once(&message.export).chain(&further.exports);
            message.sources =
                sources.filter_map(|export| exports.get(export)).flatten().copied().collect();
            let kinds = further.searched.iter().map(|own| own.kind.as_deref());
            message.kind = kind_of_all_places(message.kind, kinds);
            for searched in further.searched {
                message.has_media |= !searched.media.is_empty();
                for name in searched.names() {
                    if !message.names.contains(&name) {
                        message.names.push(name);
                    }
                }
            }
            each(message)?;
        }
        Ok(())
    }

    /// The sources that the documents of exports lie in.
    fn sources_of_exports(&self) -> Result<HashMap<u64, Vec<u64>>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT e.id, p.source FROM export e JOIN place p ON p.document = e.document",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        let mut sources: HashMap<u64, Vec<u64>> = HashMap::new();
        for row in rows {
            let (export, source) = row?;
            sources.entry(export).or_default().push(source);
        }
        Ok(sources)
    }

    /// What messages have besides their first place.
    fn further_places_between(
        &self,
        first: MessageId,
        last: MessageId,
    ) -> Result<HashMap<MessageId, Further>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT message, export, nullif(extra, '{}') FROM message_place
             WHERE message BETWEEN ?1 AND ?2",
        )?;
        let mut rows = statement.query((first.0, last.0))?;
        let mut all: HashMap<MessageId, Further> = HashMap::new();
        while let Some(row) = rows.next()? {
            let further = all.entry(MessageId(row.get(0)?)).or_default();
            further.exports.push(row.get::<_, i64>(1)?.unsigned_abs());
            if let Some(extra) = row.get::<_, Option<String>>(2)? {
                further.searched.push(serde_json::from_str(&extra).map_err(damaged)?);
            }
        }
        Ok(all)
    }

    /// Number of the last document; 0 when there is none.
    pub fn last_document(&self) -> Result<DocumentId, StoreError> {
        let id: Option<i64> =
            self.conn.query_row("SELECT max(id) FROM document", [], |row| row.get(0))?;
        Ok(DocumentId(id.unwrap_or(0)))
    }

    /// Number of the last message; 0 when there is none.
    pub fn last_message(&self) -> Result<MessageId, StoreError> {
        let id: Option<i64> =
            self.conn.query_row("SELECT max(id) FROM message", [], |row| row.get(0))?;
        Ok(MessageId(id.unwrap_or(0)))
    }

    /// Metadata of a document: (name, value) in the order of the file.
    pub fn metadata(&self, id: DocumentId) -> Result<Vec<(String, String)>, StoreError> {
        let text: String = self
            .conn
            .prepare_cached("SELECT metadata FROM document WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))?;
        if text.is_empty() {
            return Ok(Vec::new());
        }
        serde_json::from_str(&text)
            .map_err(|error| StoreError::Damaged(format!("metadata: {error}")))
    }

    /// Reading of the clock of a document's best date; `None` too when there is no such document.
    pub fn document_clock(&self, id: DocumentId) -> Result<Option<i64>, StoreError> {
        let clock = self
            .conn
            .prepare_cached("SELECT clock FROM document WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        Ok(clock.flatten())
    }

    /// Whether a document lies anywhere. What lies nowhere is there only until the `add` that
    /// opens its container anew has come to its end.
    pub fn has_document(&self, id: DocumentId) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM place WHERE document = ?1)")?
            .query_row([id.0], |row| row.get(0))?)
    }
}

fn indexed_message(row: &rusqlite::Row) -> rusqlite::Result<Result<IndexedMessage, StoreError>> {
    let extra: Option<String> = row.get(10)?;
    let searched = match extra.as_deref().map(serde_json::from_str::<Searched>).transpose() {
        Ok(searched) => searched.unwrap_or_default(),
        Err(error) => return Ok(Err(damaged(error))),
    };
    let has_media = !searched.media.is_empty();
    let names = searched.names().collect();
    Ok(Ok(IndexedMessage {
        id: MessageId(row.get(0)?),
        platform: row.get(1)?,
        conversation: ConversationId(row.get(2)?),
        sender: row.get::<_, Option<i64>>(3)?.map(ParticipantId),
        kind: kind_from(row.get(4)?),
        export: row.get::<_, i64>(5)?.unsigned_abs(),
        sources: Vec::new(),
        clock: row.get(6)?,
        zone: row.get(7)?,
        export_zone: row.get(8)?,
        text: row.get(9)?,
        has_media,
        names,
    }))
}
