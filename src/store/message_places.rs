//! Further places of messages: the exports besides the first that hold one, and what each of them
//! says of it beside its text. The export of one phone has the files that another left out, and a later
//! one has reactions that were not there before.
//!
//! What names a message has its kind in it (`identity.rs`), and a file makes a message one of media.
//! One that has a number of its own, and is the same but for a file that one export does not have, is
//! one message all the same: that place says of which kind it is there, and the message is found by
//! both names.

use super::exports::{Extra, NewMessage};
use super::identity::{kind_from, kind_number, short_digest};
use super::messages::place_from;
use super::{Store, StoreError, Unit};
use crate::model::view::MessagePlace;
use crate::model::{Media, MessageId, MessageKind, Sha256};
use rusqlite::{OptionalExtension, params};

/// The kind of a message that has a file, where it is without one, and the other way round.
pub(super) fn with_or_without_file(kind: MessageKind, text: &str) -> Option<MessageKind> {
    match kind {
        MessageKind::Text | MessageKind::Empty => Some(MessageKind::Media),
        MessageKind::Media if text.trim().is_empty() => Some(MessageKind::Empty),
        MessageKind::Media => Some(MessageKind::Text),
        _ => None,
    }
}

/// A message has a file where one of its places has.
pub(super) fn kind_of_all_places<'a>(
    first: MessageKind,
    mut further: impl Iterator<Item = Option<&'a str>>,
) -> MessageKind {
    let has_file = further.any(|kind| kind == Some(MessageKind::Media.name()));
    if has_file { MessageKind::Media } else { first }
}

/// What all of its places say of a message, in their order: every file, and of what can be one only
/// the first that is told; the most reactions.
pub(super) fn of_all_places(first: Extra, further: impl Iterator<Item = Extra>) -> Extra {
    let mut all = first;
    for own in further {
        all.media.extend(own.media);
        all.reply_to = all.reply_to.or(own.reply_to);
        all.quote = all.quote.or(own.quote);
        all.thread = all.thread.or(own.thread);
        all.edited = all.edited.or(own.edited);
        all.forwarded_from = all.forwarded_from.or(own.forwarded_from);
        let count = |extra: &[(String, u32)]| extra.iter().map(|own| u64::from(own.1)).sum::<u64>();
        if count(&own.reactions) > count(&all.reactions) {
            all.reactions = own.reactions;
        }
    }
    all.media = each_file(all.media);
    all
}

/// Each file once, and what was left out only where no place has any.
fn each_file(media: Vec<Media>) -> Vec<Media> {
    let is_named = |own: &Media| !own.name.is_empty();
    let has_named = media.iter().any(is_named);
    let mut all: Vec<Media> = Vec::new();
    for own in media {
        let is_known = |known: &Media| known.name == own.name && (is_named(known) || *known == own);
        if !(has_named && !is_named(&own) || all.iter().any(is_known)) {
            all.push(own);
        }
    }
    all
}

fn from_json(text: Option<&str>) -> Result<Extra, StoreError> {
    let Some(text) = text else { return Ok(Extra::default()) };
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(format!("message: {error}")))
}

fn to_json(extra: &Extra) -> Result<String, StoreError> {
    serde_json::to_string(extra).map_err(|error| StoreError::Damaged(error.to_string()))
}

impl Store {
    /// Adds a place to a message that another export has too. `kind`: where it is of another one.
    pub(super) fn add_message_place(
        &self,
        id: i64,
        export: i64,
        new: &NewMessage,
        kind: Option<MessageKind>,
    ) -> Result<(), StoreError> {
        let kind = kind.map(|kind| kind.name().to_owned());
        let extra = Extra { kind, ..of_place(&new.extra) };
        let (ordinal, start, len) = new.record();
        self.conn
            .prepare_cached(
                "INSERT INTO message_place (message, export, ordinal, span_start, span_len, extra)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![id, export, ordinal, start, len, to_json(&extra)?])?;
        // Names in it are searched.
        match extra == Extra::default() {
            true => Ok(()),
            false => self.log_change(Unit::Message(MessageId(id))),
        }
    }

    /// What names a message as a place of it has it.
    pub(super) fn digest_of_place(&self, id: i64, kind: &str) -> Result<i64, StoreError> {
        let kind = MessageKind::from_name(kind)
            .ok_or_else(|| StoreError::Damaged(format!("message: no kind {kind:?}")))?;
        Ok(short_digest(&self.digest_as_kind(id, kind)?))
    }

    /// Notes that the journal may name a message by this as well.
    pub(super) fn also_named(&self, id: i64, digest: &Sha256) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO former_digest (digest, message, whole) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![short_digest(digest), id, digest.0.as_slice()])?;
        Ok(())
    }

    /// Makes a message what it is in the place that becomes its first one; the others, which have a
    /// file or have none, say so.
    pub(super) fn set_kind(&self, id: i64, kind: MessageKind) -> Result<(), StoreError> {
        let (before, digest): (i64, i64) = self
            .conn
            .prepare_cached("SELECT kind, digest FROM message WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let before = kind_from(before);
        if before == kind {
            return Ok(());
        }
        self.also_named(id, &self.digest_as_kind(id, before)?)?;
        let now = short_digest(&self.digest_as_kind(id, kind)?);
        self.conn
            .prepare_cached("UPDATE message SET kind = ?2, digest = ?3 WHERE id = ?1")?
            .execute(params![id, kind_number(kind), now])?;
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO seen_message (digest, variant, author)
                 SELECT ?2, variant, author FROM seen_message WHERE digest = ?1",
            )?
            .execute([digest, now])?;
        self.conn
            .prepare_cached(
                "UPDATE message_place SET extra = CASE extra ->> 'kind'
                    WHEN ?2 THEN json_remove(extra, '$.kind')
                    ELSE json_set(coalesce(extra, '{}'), '$.kind', coalesce(extra ->> 'kind', ?3))
                 END WHERE message = ?1",
            )?
            .execute(params![id, kind.name(), before.name()])?;
        Ok(())
    }

    /// The places of a message besides the first, and what each of them says of it.
    pub(super) fn further_places(
        &self,
        message: i64,
    ) -> Result<Vec<(MessagePlace, Extra)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.document AS document, p.ordinal AS ordinal, p.span_start AS span_start,
                p.span_len AS span_len, p.extra AS extra
             FROM message_place p JOIN export e ON e.id = p.export WHERE p.message = ?1",
        )?;
        let mut rows = statement.query([message])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let extra: Option<String> = row.get("extra")?;
            places.push((place_from(row)?, from_json(extra.as_deref())?));
        }
        Ok(places)
    }

    /// Makes the first place of `gone` a further one of `id`, which may be the same message.
    pub(super) fn keep_first_place(&self, id: i64, gone: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO message_place
                    (message, export, ordinal, span_start, span_len, extra)
                 SELECT ?1, export, ordinal, span_start, span_len,
                    json_remove(coalesce(extra, '{}'), '$.unresolved')
                 FROM message WHERE id = ?2",
            )?
            .execute([id, gone])?;
        Ok(())
    }

    /// Makes the next place of a message its first one; `false` when there is none.
    pub(super) fn take_next_place(&self, id: i64) -> Result<bool, StoreError> {
        let next: Option<(i64, i64, Option<String>)> = self
            .conn
            .prepare_cached(
                "SELECT export, ordinal, extra FROM message_place WHERE message = ?1
                 ORDER BY export, ordinal LIMIT 1",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((export, ordinal, extra)) = next else { return Ok(false) };
        self.move_sort(id, export)?;
        let kind = from_json(extra.as_deref())?.kind;
        if let Some(kind) = kind.and_then(|kind| MessageKind::from_name(&kind)) {
            self.set_kind(id, kind)?;
        }
        // What an older version wrote does not say: it keeps what the message has.
        if extra.is_some() {
            self.set_extra(id, &from_json(extra.as_deref())?)?;
        }
        self.conn
            .prepare_cached(
                "UPDATE message SET (export, ordinal, span_start, span_len) =
                    (SELECT export, ordinal, span_start, span_len FROM message_place
                     WHERE message = ?1 AND export = ?2 AND ordinal = ?3)
                 WHERE id = ?1",
            )?
            .execute([id, export, ordinal])?;
        self.conn
            .prepare_cached(
                "DELETE FROM message_place WHERE message = ?1 AND export = ?2 AND ordinal = ?3",
            )?
            .execute([id, export, ordinal])?;
        Ok(true)
    }

    /// Takes away the places that are no first ones and lie in an export.
    pub(super) fn drop_message_places(&self, export: i64) -> Result<(), StoreError> {
        let with_names: Vec<i64> = {
            let mut statement = self.conn.prepare_cached(
                "SELECT message FROM message_place WHERE export = ?1 AND extra <> '{}'",
            )?;
            let rows = statement.query_map([export], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        self.conn
            .prepare_cached("DELETE FROM message_place WHERE export = ?1")?
            .execute([export])?;
        for id in with_names {
            self.log_change(Unit::Message(MessageId(id)))?;
        }
        Ok(())
    }

    /// Sets what the first place of a message says of it.
    pub(super) fn set_extra(&self, id: i64, extra: &Extra) -> Result<(), StoreError> {
        let before: Option<String> = self
            .conn
            .prepare_cached("SELECT extra FROM message WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        // That belongs to the text, which is the same in all places.
        let unresolved = from_json(before.as_deref())?.unresolved;
        let after = Extra { unresolved, ..of_place(extra) };
        let after = (after != Extra::default()).then(|| to_json(&after)).transpose()?;
        self.conn
            .prepare_cached("UPDATE message SET extra = ?2 WHERE id = ?1")?
            .execute(params![id, after])?;
        Ok(())
    }
}

/// The part that is of a place.
fn of_place(extra: &Extra) -> Extra {
    Extra { unresolved: None, kind: None, ..extra.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_all_places_count_once() {
        let check = |names: &[&str], expected: &[&str]| {
            let media = names.iter().map(|name| match name.strip_prefix('-') {
                Some(note) => Media { note: note.to_owned(), ..Media::default() },
                None => Media { name: name.to_string(), ..Media::default() },
            });
            let all = each_file(media.collect());
            let all: Vec<&str> = all
                .iter()
                .map(|own| if own.name.is_empty() { &own.note } else { &own.name }.as_str())
                .collect();
            assert_eq!(all, expected, "{names:?}");
        };
        check(&[], &[]);
        check(&["-omitted", "a.jpg"], &["a.jpg"]);
        check(&["a.jpg", "-omitted", "b.jpg", "a.jpg"], &["a.jpg", "b.jpg"]);
        check(&["-omitted", "-omitted", "-too large"], &["omitted", "too large"]);
    }

    #[test]
    fn what_a_later_export_says_counts_too() {
        let mut later = Extra { quote: Some("q".to_owned()), ..Extra::default() };
        later.forwarded_from = Some("Tao".to_owned());
        later.reactions = vec![("+".to_owned(), 2)];
        let first = Extra { reactions: vec![("+".to_owned(), 1)], ..Extra::default() };
        let mut last = later.clone();
        last.forwarded_from = Some("another".to_owned());
        last.reactions.clear();
        for further in [vec![later.clone(), last.clone()], vec![later.clone()]] {
            assert_eq!(of_all_places(first.clone(), further.into_iter()), later);
        }
    }
}
