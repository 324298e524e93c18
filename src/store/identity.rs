//! What names a message: the same in two exports, in the journal and in the index, whatever its
//! number in this case.

use super::{Store, StoreError, UNSETTLED, raw_time};
use crate::model::{MessageId, MessageKind, Sha256};
use rusqlite::{OptionalExtension, Row};

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

pub(super) fn kind_number(kind: MessageKind) -> i64 {
    MessageKind::ALL.iter().position(|known| *known == kind).unwrap_or(0) as i64
}

pub(super) fn kind_from(number: i64) -> MessageKind {
    usize::try_from(number)
        .ok()
        .and_then(|at| MessageKind::ALL.get(at).copied())
        .unwrap_or(MessageKind::Text)
}

const IDENTITY: &str = "SELECT c.platform, c.key, p.handle, m.kind, m.raw_time, m.native,
        coalesce(m.extra ->> 'unresolved', m.text), m.digest, m.clock
     FROM message m JOIN conversation c ON c.id = m.conversation
     LEFT JOIN participant p ON p.id = m.sender";

/// `platform`, `kind`: as if it were from there, and of that.
fn digest_of(
    row: &Row,
    platform: Option<&str>,
    kind: Option<MessageKind>,
) -> rusqlite::Result<Sha256> {
    let native = row.get::<_, Option<String>>(5)?;
    let own: String = row.get(0)?;
    Ok(message_digest(&MessageIdentity {
        platform: platform.unwrap_or(&own),
        conversation: &row.get::<_, String>(1)?,
        sender: row.get::<_, Option<String>>(2)?.as_deref(),
        kind: kind.unwrap_or(kind_from(row.get(3)?)),
        raw_time: &raw_time::unpack(row.get(4)?, row.get(8)?, native.as_deref()),
        native: native.as_deref(),
        text: &row.get::<_, String>(6)?,
    }))
}

impl Store {
    /// What names each message, in no order.
    pub fn each_message_digest(&self, mut each: impl FnMut(Sha256)) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(IDENTITY)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(digest_of(row, None, None)?);
        }
        Ok(())
    }

    /// SHA-256 that names a message by what it says, and which of the identical ones it is.
    pub fn message_key(&self, id: MessageId) -> Result<(Sha256, u64), StoreError> {
        let row =
            self.digest_as(id, None)?.ok_or_else(|| StoreError::NoSuchItem(id.to_string()))?;
        let nth: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM message WHERE digest = ?1 AND id < ?2")?
            .query_row((row.1, id.0), |row| row.get(0))?;
        Ok((row.0, nth.unsigned_abs()))
    }

    /// What names a message (as if it were from `platform`, if given), and its stored digest.
    pub(super) fn digest_as(
        &self,
        id: MessageId,
        platform: Option<&str>,
    ) -> Result<Option<(Sha256, i64)>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(&format!("{IDENTITY} WHERE m.id = ?1"))?
            .query_row([id.0], |row| Ok((digest_of(row, platform, None)?, row.get(7)?)))
            .optional()?)
    }

    /// What would name a message if it were of another kind.
    pub(super) fn digest_as_kind(&self, id: i64, kind: MessageKind) -> Result<Sha256, StoreError> {
        Ok(self
            .conn
            .prepare_cached(&format!("{IDENTITY} WHERE m.id = ?1"))?
            .query_row([id], |row| digest_of(row, None, Some(kind)))?)
    }

    /// The message with this key, when the case has it.
    pub fn find_message(&self, digest: &Sha256, nth: u64) -> Result<Option<MessageId>, StoreError> {
        let candidates: Vec<(i64, bool, Option<Vec<u8>>)> = {
            let mut statement = self.conn.prepare_cached(
                "SELECT id, 0, NULL FROM message WHERE digest = ?1
                 UNION ALL SELECT message, 1, whole FROM former_digest WHERE digest = ?1
                 ORDER BY 2, 1",
            )?;
            let rows = statement.query_map([short_digest(digest)], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        let mut seen = 0;
        for (id, is_former, whole) in candidates {
            let is_it = match whole {
                Some(whole) => whole == digest.0,
                None => {
                    let platform = is_former.then_some(UNSETTLED);
                    let named = self.digest_as(MessageId(id), platform)?;
                    named.is_some_and(|(named, _)| named == *digest)
                }
            };
            if is_it {
                if seen == nth {
                    return Ok(Some(MessageId(id)));
                }
                seen += 1;
            }
        }
        Ok(None)
    }
}
