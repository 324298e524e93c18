//! Further places of messages: the exports besides the first that hold one, and what each of them
//! says of its files. The export of one phone has them, that of the other left them out.

use super::exports::{Extra, NewMessage};
use super::messages::place_from;
use super::{Store, StoreError, Unit};
use crate::model::view::MessagePlace;
use crate::model::{Media, MessageId};
use rusqlite::{OptionalExtension, params};

/// The files of a message by what all of its places say, in their order: each once, and what was left
/// out only where no place has any.
pub(super) fn of_all_places(media: Vec<Media>) -> Vec<Media> {
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

fn from_json(text: Option<String>) -> Result<Vec<Media>, StoreError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    serde_json::from_str(&text).map_err(|error| StoreError::Damaged(format!("message: {error}")))
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

impl Store {
    /// Adds a place to a message that another export has too.
    pub(super) fn add_message_place(
        &self,
        id: i64,
        export: i64,
        new: &NewMessage,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO message_place (message, export, ordinal, span_start, span_len, media)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                id,
                export,
                new.ordinal as i64,
                new.span.map(|(start, _)| start as i64),
                new.span.map(|(start, end)| end.saturating_sub(start) as i64),
                to_json(&new.extra.media)?,
            ])?;
        // Names of files are searched.
        match new.extra.media.is_empty() {
            true => Ok(()),
            false => self.log_change(Unit::Message(MessageId(id))),
        }
    }

    /// The places of a message besides the first, and the files that each of them names.
    pub(super) fn further_places(
        &self,
        message: i64,
    ) -> Result<Vec<(MessagePlace, Vec<Media>)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT e.document AS document, p.ordinal AS ordinal, p.span_start AS span_start,
                p.span_len AS span_len, p.media AS media
             FROM message_place p JOIN export e ON e.id = p.export WHERE p.message = ?1",
        )?;
        let mut rows = statement.query([message])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            places.push((place_from(row)?, from_json(row.get("media")?)?));
        }
        Ok(places)
    }

    /// Makes the first place of `gone` a further one of `id`, which may be the same message.
    pub(super) fn keep_first_place(&self, id: i64, gone: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO message_place
                    (message, export, ordinal, span_start, span_len, media)
                 SELECT ?1, export, ordinal, span_start, span_len, coalesce(extra -> '$.media', '[]')
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
                "SELECT export, ordinal, media FROM message_place WHERE message = ?1
                 ORDER BY export, ordinal LIMIT 1",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((export, ordinal, media)) = next else { return Ok(false) };
        self.move_sort(id, export)?;
        // What an older version wrote does not say: it keeps what the message has.
        if media.is_some() {
            self.set_media(id, &from_json(media)?)?;
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
        let with_files: Vec<i64> = {
            let mut statement = self.conn.prepare_cached(
                "SELECT message FROM message_place WHERE export = ?1 AND media <> '[]'",
            )?;
            let rows = statement.query_map([export], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        self.conn
            .prepare_cached("DELETE FROM message_place WHERE export = ?1")?
            .execute([export])?;
        for id in with_files {
            self.log_change(Unit::Message(MessageId(id)))?;
        }
        Ok(())
    }

    /// Sets the files that the first place of a message names.
    pub(super) fn set_media(&self, id: i64, media: &[Media]) -> Result<(), StoreError> {
        let extra: Option<String> = self
            .conn
            .prepare_cached("SELECT extra FROM message WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        let before: Extra = match &extra {
            Some(text) => serde_json::from_str(text)
                .map_err(|error| StoreError::Damaged(format!("message: {error}")))?,
            None => Extra::default(),
        };
        if before.media == media {
            return Ok(());
        }
        let after = Extra { media: media.to_vec(), ..before };
        let extra = (after != Extra::default()).then(|| to_json(&after)).transpose()?;
        self.conn
            .prepare_cached("UPDATE message SET extra = ?2 WHERE id = ?1")?
            .execute(params![id, extra])?;
        Ok(())
    }
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
            let all = of_all_places(media.collect());
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
}
