//! What is read again: a message or a member that comes out as it did before keeps its number, and
//! with it all that was marked, cited and written on it.
//!
//! A message is the same when it says the same (`identity.rs`). One whose record lies where it
//! lay, and which says something else now, is that message still: the journal finds it by what it
//! said before. Numbers of messages that are gone are not given to others while the `add` runs.

use super::exports::NewMessage;
use super::ingest::json;
use super::members::FREED;
use super::{Store, StoreError, UNSETTLED, Unit};
use crate::model::{DocumentId, MessageId, MessageKind, Sha256, SourceId, State};
use rusqlite::{OptionalExtension, params};
use std::collections::HashMap;

/// What a document gave when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holdings {
    pub state: State,
    /// Bytes of its text.
    pub text: u64,
    pub messages: u64,
    /// Places directly in it, at one place of its own.
    pub members: u64,
}

/// A member that a container had before it was opened anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormerMember {
    pub document: DocumentId,
    /// Its bytes were had.
    pub has_bytes: bool,
}

/// Messages of an export that is about to be written anew.
#[derive(Debug, Default)]
pub struct Former {
    /// Those that come again as they were, by digest; of equal ones the first last.
    equal: HashMap<i64, Vec<Old>>,
    /// The others, by where their record lies.
    other: HashMap<Record, Changed>,
    /// Texts that names of accounts were put into, by number: as the file has it, as it is shown.
    resolved: HashMap<i64, (String, String)>,
    /// The zone that a person set.
    zone: Option<i32>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Old {
    pub id: i64,
    /// It lies in another export too, and was not taken away.
    pub is_elsewhere: bool,
}

/// Where a record lies in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Record {
    /// First byte.
    At(i64),
    /// Position, where bytes say nothing.
    Nth(i64),
}

/// A message that does not come again as it was.
#[derive(Debug)]
pub(super) struct Changed {
    old: Old,
    digest: i64,
    whole: Sha256,
    clock: Option<i64>,
    sender: Option<String>,
    native: Option<String>,
}

impl Changed {
    /// The number that is free for it.
    pub(super) fn own_number(&self) -> Option<i64> {
        (!self.old.is_elsewhere).then_some(self.old.id)
    }
}

impl Record {
    fn of(span: Option<i64>, ordinal: i64) -> Record {
        span.map_or(Record::Nth(ordinal), Record::At)
    }
}

impl Former {
    /// The zone that a person gave the export, in seconds east of UTC.
    pub fn zone(&self) -> Option<i32> {
        self.zone
    }

    /// The message that this one is.
    pub(super) fn equal(&mut self, digest: i64) -> Option<Old> {
        self.equal.get_mut(&digest)?.pop()
    }

    /// The message whose record this was when it said something else.
    pub(super) fn changed(&mut self, new: &NewMessage) -> Option<Changed> {
        let (ordinal, start, _) = new.record();
        let at = Record::of(start, ordinal);
        let known = self.other.get(&at)?;
        let clock = new.time.map(|stamp| stamp.clock);
        let is_it = match (&known.native, &new.native) {
            (Some(one), Some(other)) => one == other,
            _ => clock.is_some() && known.clock == clock || known.sender == new.sender,
        };
        if is_it { self.other.remove(&at) } else { None }
    }

    /// The text that this message was shown with, if it stands in the file as it did.
    pub(super) fn resolved(&mut self, id: i64, found: &str) -> Option<String> {
        let (unresolved, shown) = self.resolved.remove(&id)?;
        (unresolved == found).then_some(shown)
    }
}

impl Store {
    /// Makes it quick to find the messages of an export, while many are written anew.
    pub fn begin_again(&self) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(
            "CREATE INDEX IF NOT EXISTS message_export ON message (export);
             CREATE INDEX IF NOT EXISTS message_place_export ON message_place (export);",
        )?)
    }

    /// Takes back what [`Store::begin_again`] made.
    pub fn end_again(&self) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(
            "DROP INDEX IF EXISTS message_export; DROP INDEX IF EXISTS message_place_export;",
        )?)
    }

    /// What a document gave when it was read last.
    pub fn holdings(&self, id: DocumentId) -> Result<Holdings, StoreError> {
        let (state, text, messages, members) = self
            .conn
            .prepare_cached(
                "SELECT d.state,
                    (SELECT coalesce(max(bytes), 0) FROM variant v
                     WHERE v.document = d.id AND v.kind = 'original'),
                    (SELECT coalesce(max(messages), 0) FROM export e WHERE e.document = d.id),
                    (SELECT coalesce(max(n), 0) FROM (
                        SELECT count(*) AS n FROM place m JOIN place p ON p.id = m.parent
                        WHERE p.document = d.id GROUP BY p.id))
                 FROM document d WHERE d.id = ?1",
            )?
            .query_row([id.0], |row| {
                Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
        let count = i64::unsigned_abs;
        Ok(Holdings {
            state: super::ingest::state(&state)?,
            text: count(text),
            messages: count(messages),
            members: count(members),
        })
    }

    /// Puts a sentence among what is to be said of a document, in the place of one that begins like
    /// it.
    pub fn remark(&self, id: DocumentId, beginning: &str, rest: &str) -> Result<(), StoreError> {
        let mut warnings = self.warnings(id)?;
        warnings.retain(|known| !known.starts_with(beginning));
        warnings.push(format!("{beginning}{rest}"));
        self.conn
            .prepare_cached("UPDATE document SET warnings = ?2 WHERE id = ?1")?
            .execute((id.0, json(&warnings)?))?;
        self.log_change(Unit::Document(id))
    }

    /// The platform of the export that a document is.
    pub fn export_platform(&self, id: DocumentId) -> Result<Option<String>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT platform FROM export WHERE document = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?)
    }

    /// Takes the export of a document away to be written anew. `wanted`: how many messages there
    /// are in the new reading, by digest.
    pub fn detach_export(
        &self,
        document: DocumentId,
        mut wanted: HashMap<i64, u32>,
    ) -> Result<Former, StoreError> {
        let mut former = Former::default();
        let found: Option<(i64, Option<i32>)> = self
            .conn
            .prepare_cached(
                "SELECT id, iif(zone_status = 'set', zone, NULL) FROM export WHERE document = ?1",
            )?
            .query_row([document.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((export, zone)) = found else { return Ok(former) };
        former.zone = zone;
        let highest: i64 = self
            .conn
            .prepare_cached("SELECT coalesce(max(id), 0) FROM message")?
            .query_row([], |row| row.get(0))?;
        self.highest_message.set(self.highest_message.get().max(highest));
        let mut changed = Vec::new();
        {
            let mut statement = self.conn.prepare_cached(
                "SELECT m.id, m.digest, m.ordinal, m.span_start, m.clock, p.handle, m.native,
                    m.extra ->> 'unresolved', iif(m.extra IS NULL, '', m.text),
                    EXISTS (SELECT 1 FROM message_place q
                            WHERE q.message = m.id AND q.export <> m.export)
                 FROM message m LEFT JOIN participant p ON p.id = m.sender
                 WHERE m.export = ?1 ORDER BY m.id",
            )?;
            let mut rows = statement.query([export])?;
            while let Some(row) = rows.next()? {
                let (id, digest) = (row.get(0)?, row.get(1)?);
                let old = Old { id, is_elsewhere: row.get(9)? };
                match wanted.get_mut(&digest).filter(|left| **left > 0) {
                    Some(left) => {
                        *left -= 1;
                        former.equal.entry(digest).or_default().push(old);
                        if let Some(unresolved) = row.get(7)? {
                            former.resolved.insert(id, (unresolved, row.get(8)?));
                        }
                    }
                    None => {
                        let at = Record::of(row.get(3)?, row.get(2)?);
                        let whole = Sha256([0; 32]);
                        let (clock, sender, native) = (row.get(4)?, row.get(5)?, row.get(6)?);
                        changed.push((at, Changed { old, digest, whole, clock, sender, native }));
                    }
                }
            }
        }
        for equal in former.equal.values_mut() {
            equal.reverse();
        }
        for (at, mut message) in changed {
            message.whole = self.spell_out_former(message.old.id)?;
            former.other.insert(at, message);
        }
        let conversations = self.take_export_away(export)?;
        self.stale_counts.borrow_mut().extend(conversations);
        Ok(former)
    }

    /// What names a message that is about to say something else. What it was called before is kept
    /// in full, because it cannot be told from what it says any more.
    fn spell_out_former(&self, id: i64) -> Result<Sha256, StoreError> {
        let unsettled = self.digest_as(MessageId(id), Some(UNSETTLED))?;
        if let Some((unsettled, _)) = unsettled {
            self.conn
                .prepare_cached(
                    "UPDATE former_digest SET whole = ?2 WHERE message = ?1 AND whole IS NULL",
                )?
                .execute(params![id, unsettled.0.as_slice()])?;
        }
        Ok(self.message_key(MessageId(id))?.0)
    }

    /// Forgets what is known of messages that did not come again, and gives their numbers.
    pub fn forget(&self, former: Former) -> Result<Vec<MessageId>, StoreError> {
        let mut gone = Vec::new();
        let equal = former.equal.into_values().flatten();
        for old in equal.chain(former.other.into_values().map(|changed| changed.old)) {
            if old.is_elsewhere {
                continue;
            }
            let unit = Unit::Message(MessageId(old.id)).number();
            self.conn.prepare_cached("DELETE FROM mark WHERE unit = ?1")?.execute([unit])?;
            self.conn
                .prepare_cached("DELETE FROM former_digest WHERE message = ?1")?
                .execute([old.id])?;
            gone.push(MessageId(old.id));
        }
        Ok(gone)
    }

    /// A number for a message that is new, where numbers became free; else SQLite gives one.
    pub(super) fn fresh_message(&self) -> Option<i64> {
        let highest = self.highest_message.get();
        (highest > 0).then(|| {
            self.highest_message.set(highest + 1);
            highest + 1
        })
    }

    /// A message that lay first in an export, and stayed because it lies in another one too, lies
    /// first in that export again.
    pub(super) fn put_back(
        &self,
        id: i64,
        export: i64,
        kind: MessageKind,
        new: &NewMessage,
    ) -> Result<(), StoreError> {
        self.keep_first_place(id, id)?;
        self.set_kind(id, kind)?;
        self.set_extra(id, &new.extra)?;
        self.move_sort(id, export)?;
        let (ordinal, start, len) = new.record();
        self.conn
            .prepare_cached(
                "UPDATE message SET export = ?2, ordinal = ?3, span_start = ?4, span_len = ?5
                 WHERE id = ?1",
            )?
            .execute(params![id, export, ordinal, start, len])?;
        self.log_change(Unit::Message(MessageId(id)))
    }

    /// Puts a message whose stamp is naive where the clock of another export says.
    pub(super) fn move_sort(&self, id: i64, export: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE message SET sort = sort
                    + (SELECT zone FROM export e WHERE e.id = message.export)
                    - (SELECT zone FROM export e WHERE e.id = ?2)
                 WHERE id = ?1 AND zone IS NULL AND sort > ?3",
            )?
            .execute([id, export, i64::MIN / 8])?;
        Ok(())
    }

    /// Notes that the message `id` (with `digest`) said something else before. What is told of
    /// both gives the number that it had.
    pub(super) fn said_otherwise(
        &self,
        before: &Changed,
        id: i64,
        digest: i64,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO former_digest (digest, message, whole) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![before.digest, id, before.whole.0.as_slice()])?;
        self.conn
            .prepare_cached("UPDATE OR IGNORE former_digest SET message = ?2 WHERE message = ?1")?
            .execute([before.old.id, id])?;
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO seen_message (digest, variant, author)
                 SELECT ?2, variant, author FROM seen_message WHERE digest = ?1",
            )?
            .execute([before.digest, digest])?;
        Ok(())
    }

    /// Counts conversations again that messages were taken from.
    pub fn recount_stale(&self) -> Result<(), StoreError> {
        let stale = std::mem::take(&mut *self.stale_counts.borrow_mut());
        stale.into_iter().try_for_each(|conversation| self.recount(conversation))
    }

    /// The member that lay at a position of a container before that was opened anew.
    pub fn former_member(
        &self,
        parent: i64,
        ordinal: u64,
        path: &str,
    ) -> Result<Option<FormerMember>, StoreError> {
        if !self.opened_anew.get() {
            return Ok(None);
        }
        self.conn.execute_batch(FREED)?;
        Ok(self
            .conn
            .prepare_cached(
                "SELECT d.id, d.has_bytes FROM temp.freed f JOIN document d ON d.id = f.document
                 WHERE f.parent = ?1 AND f.ordinal = ?2 AND f.path = ?3",
            )?
            .query_row(params![parent, ordinal as i64, path], |row| {
                Ok(FormerMember { document: DocumentId(row.get(0)?), has_bytes: row.get(1)? })
            })
            .optional()?)
    }

    /// Gives a document the place that it had in a container before that was opened anew, with all
    /// that was in it. `None` when it lay nowhere in what was opened.
    pub fn restore_member(
        &self,
        document: DocumentId,
        source: SourceId,
        parent: i64,
    ) -> Result<Option<i64>, StoreError> {
        if !self.opened_anew.get() {
            return Ok(None);
        }
        self.conn.execute_batch(FREED)?;
        let before: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT f.id FROM temp.freed f WHERE f.document = ?1 AND f.source = ?2
                    AND NOT EXISTS (SELECT 1 FROM place WHERE id = f.id)
                 ORDER BY f.parent <> ?3, f.id LIMIT 1",
            )?
            .query_row(params![document.0, source.0, parent], |row| row.get(0))
            .optional()?;
        before.map(|before| self.restore(before, parent)).transpose()
    }

    fn restore(&self, before: i64, parent: i64) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO place (id, document, source, parent, ordinal, path, raw, role,
                    modified, mtime, missing, claim)
                 SELECT iif(EXISTS (SELECT 1 FROM place WHERE id = f.id), NULL, f.id), f.document,
                    f.source, ?2, f.ordinal, f.path, f.raw, f.role, f.modified, f.mtime, f.missing,
                    f.claim
                 FROM temp.freed f WHERE f.id = ?1",
            )?
            .execute([before, parent])?;
        let place = self.conn.last_insert_rowid();
        let document: i64 = self
            .conn
            .prepare_cached("SELECT document FROM place WHERE id = ?1")?
            .query_row([place], |row| row.get(0))?;
        self.log_change(Unit::Document(DocumentId(document)))?;
        let members: Vec<i64> = {
            let sql = "SELECT id FROM temp.freed WHERE parent = ?1 ORDER BY ordinal, id";
            let mut statement = self.conn.prepare_cached(sql)?;
            let rows = statement.query_map([before], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        for member in members {
            self.restore(member, place)?;
        }
        Ok(place)
    }
}
