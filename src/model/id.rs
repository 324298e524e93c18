//! Ids. Short numbers (`D17`) are for people and hold inside one case; SHA-256 is for evidence
//! and holds everywhere.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! short_id {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                number_after(text, $letter).map($name).ok_or_else(|| BadId(text.to_owned()))
            }
        }
    };
}

short_id!(
    /// A document: one content, whatever number of places it lies in.
    DocumentId, "D");
short_id!(
    /// A message, kept once over all exports it was found in.
    MessageId, "M");
short_id!(
    /// A conversation: a pair, group or channel of one platform.
    ConversationId, "C");
short_id!(
    /// A participant: an account on a platform, not a person.
    ParticipantId, "P");
short_id!(
    /// A note. Numbered by this case in the order in which it came to know them.
    NoteId, "N");
short_id!(
    /// An anchor: a place in evidence or a number over it that an analyst marked or cited. Numbered
    /// by this case as notes are.
    AnchorId, "A");
short_id!(
    /// An entity. Numbered by this case as notes are.
    EntityId, "E");
short_id!(
    /// A source: a folder or file that was added to the case.
    SourceId, "S");

fn number_after(text: &str, letter: &str) -> Option<i64> {
    let head = text.get(..1)?;
    if !head.eq_ignore_ascii_case(letter) {
        return None;
    }
    let digits = &text[1..];
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|n| *n > 0)
}

/// Text that is not a short number of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an id like D17, M2041, C3, P5, N4, A7, E9 or S1")]
pub struct BadId(pub String);

/// Anything that a short number can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ItemId {
    Document(DocumentId),
    Message(MessageId),
    Conversation(ConversationId),
    Participant(ParticipantId),
    Note(NoteId),
    Anchor(AnchorId),
    Entity(EntityId),
    Source(SourceId),
}

impl From<DocumentId> for ItemId {
    fn from(id: DocumentId) -> ItemId {
        ItemId::Document(id)
    }
}

impl From<MessageId> for ItemId {
    fn from(id: MessageId) -> ItemId {
        ItemId::Message(id)
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ItemId::Document(id) => id.fmt(f),
            ItemId::Message(id) => id.fmt(f),
            ItemId::Conversation(id) => id.fmt(f),
            ItemId::Participant(id) => id.fmt(f),
            ItemId::Note(id) => id.fmt(f),
            ItemId::Anchor(id) => id.fmt(f),
            ItemId::Entity(id) => id.fmt(f),
            ItemId::Source(id) => id.fmt(f),
        }
    }
}

impl FromStr for ItemId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId(text.to_owned());
        match text.bytes().next().ok_or_else(bad)?.to_ascii_uppercase() {
            b'D' => text.parse().map(ItemId::Document),
            b'M' => text.parse().map(ItemId::Message),
            b'C' => text.parse().map(ItemId::Conversation),
            b'P' => text.parse().map(ItemId::Participant),
            b'N' => text.parse().map(ItemId::Note),
            b'A' => text.parse().map(ItemId::Anchor),
            b'E' => text.parse().map(ItemId::Entity),
            b'S' => text.parse().map(ItemId::Source),
            _ => Err(bad()),
        }
    }
}

/// SHA-256 of bytes. Written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256(pub [u8; 32]);

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest;
        Sha256(sha2::Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sha256 {
    type Err = BadDigest;
    fn from_str(text: &str) -> Result<Self, BadDigest> {
        let bad = || BadDigest(text.to_owned());
        if text.len() != 64 || !text.is_ascii() {
            return Err(bad());
        }
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| bad())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| bad())?;
        }
        Ok(Sha256(digest))
    }
}

/// Text that is not a SHA-256 in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a SHA-256 (64 hexadecimal digits)")]
pub struct BadDigest(pub String);

impl Serialize for Sha256 {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// `a note`, `an event`.
pub fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_round_trip() {
        for text in ["D17", "M2041", "C3", "P5", "N4", "A7", "E9", "S1"] {
            assert_eq!(text.parse::<ItemId>().unwrap().to_string(), text);
        }
        assert_eq!("d17".parse::<DocumentId>(), Ok(DocumentId(17)));
        for text in ["", "D", "D0", "D-1", "D+1", "17", "X1", "D1x", "文1"] {
            assert!(text.parse::<ItemId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn digest_round_trips() {
        let digest = Sha256::of(b"abc");
        assert_eq!(
            digest.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert!("ba78".parse::<Sha256>().is_err());
        assert!("é".repeat(32).parse::<Sha256>().is_err());
    }
}
