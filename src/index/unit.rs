//! What is indexed: one unit per case document and per message.

use crate::model::{DocumentId, ItemId, MessageId, VariantKind, Wrap};

/// The key of a unit in the index: the kind in bit 62, the row id below. Documents sort
/// before messages, each in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit(u64);

const MESSAGE: u64 = 1 << 62;

/// The kind in the short form.
const SHORT_MESSAGE: u32 = 1 << 31;

impl Unit {
    pub fn document(id: DocumentId) -> Unit {
        Unit(id.0.unsigned_abs() & (MESSAGE - 1))
    }

    pub fn message(id: MessageId) -> Unit {
        Unit(MESSAGE | (id.0.unsigned_abs() & (MESSAGE - 1)))
    }

    pub fn is_message(self) -> bool {
        self.0 & MESSAGE != 0
    }

    /// `D17` or `M2041`.
    pub fn item(self) -> ItemId {
        let id = i64::try_from(self.0 & (MESSAGE - 1)).unwrap_or(i64::MAX);
        if self.is_message() {
            ItemId::Message(MessageId(id))
        } else {
            ItemId::Document(DocumentId(id))
        }
    }

    /// The same in half of the bits, the kind in the topmost; `None` where the row id is too large.
    pub(super) fn short(self) -> Option<u32> {
        let id = u32::try_from(self.0 & !MESSAGE).ok().filter(|id| *id < SHORT_MESSAGE)?;
        Some(id | if self.is_message() { SHORT_MESSAGE } else { 0 })
    }

    pub(super) fn from_short(short: u32) -> Unit {
        let id = u64::from(short & !SHORT_MESSAGE);
        Unit(id | if short & SHORT_MESSAGE == 0 { 0 } else { MESSAGE })
    }

    pub(super) fn raw(self) -> u64 {
        self.0
    }

    pub(super) fn from_raw(raw: u64) -> Unit {
        Unit(raw)
    }
}

/// Where a text of a unit is searched: its variants, and its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Field {
    Original = 0,
    Ocr = 1,
    Translation = 2,
    Transcript = 3,
    /// Paths, title, author, subject: metadata that should be found by its words.
    Name = 4,
}

impl Field {
    pub const ALL: [Field; 5] =
        [Field::Original, Field::Ocr, Field::Translation, Field::Transcript, Field::Name];

    /// The stable name used in the index and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Field::Original => "original",
            Field::Ocr => "ocr",
            Field::Translation => "translation",
            Field::Transcript => "transcript",
            Field::Name => "name",
        }
    }

    pub fn variant(self) -> Option<VariantKind> {
        match self {
            Field::Original => Some(VariantKind::Original),
            Field::Ocr => Some(VariantKind::Ocr),
            Field::Translation => Some(VariantKind::Translation),
            Field::Transcript => Some(VariantKind::Transcript),
            Field::Name => None,
        }
    }
}

impl From<VariantKind> for Field {
    fn from(kind: VariantKind) -> Field {
        match kind {
            VariantKind::Original => Field::Original,
            VariantKind::Ocr => Field::Ocr,
            VariantKind::Translation => Field::Translation,
            VariantKind::Transcript => Field::Transcript,
        }
    }
}

/// Bits of [`IndexUnit::flags`]. The meaning is the caller's; these are the ones the query
/// language knows.
pub mod flag {
    use crate::model::{MessageKind, State};

    /// A document that came out of another.
    pub const CHILD: u64 = 1;
    /// More than one place.
    pub const DUPLICATE: u64 = 1 << 1;
    /// A document with children, a message with a file.
    pub const ATTACHMENT: u64 = 1 << 2;
    pub const TRANSLATION: u64 = 1 << 3;
    pub const OCR: u64 = 1 << 4;
    pub const TRANSCRIPT: u64 = 1 << 5;

    /// The state of a document.
    pub const fn state(state: State) -> u64 {
        1 << (16 + state as u32)
    }

    /// The kind of a message.
    pub const fn message(kind: MessageKind) -> u64 {
        1 << (32 + kind as u32)
    }
}

/// The columns of one unit. Ids are those of the database; they are kept small by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexUnit {
    pub unit: Unit,
    /// Id of the file type (documents) or of the platform (messages); 0 for none.
    pub type_id: u64,
    /// Id of the main language; 0 where it is not known.
    pub lang_id: u64,
    /// The sources its places lie in.
    pub sources: Vec<u64>,
    /// 0 for none.
    pub conversation: u64,
    /// Participant that sent it; 0 for none.
    pub sender: u64,
    pub recipients: Vec<u64>,
    /// Export that its clock belongs to; 0 for none.
    pub export: u64,
    /// Seconds since 1970-01-01 00:00:00 on the clock of the export (or of the document's best
    /// date); `None` when undated.
    pub clock: Option<i64>,
    /// Bytes of the content or of the text of the message.
    pub size: u64,
    /// Bits of [`flag`].
    pub flags: u64,
}

impl IndexUnit {
    /// A unit without any column.
    pub fn new(unit: Unit) -> IndexUnit {
        IndexUnit {
            unit,
            type_id: 0,
            lang_id: 0,
            sources: Vec::new(),
            conversation: 0,
            sender: 0,
            recipients: Vec::new(),
            export: 0,
            clock: None,
            size: 0,
            flags: 0,
        }
    }
}

/// A stretch of text: a part of a document, a whole message, one name. Nothing is found across
/// the border between two pieces.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    pub field: Field,
    pub wrap: Wrap,
    pub text: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_form_is_the_unit_or_none() {
        for id in [0, 1, 0x7fff_ffff, 0x8000_0000, i64::MAX >> 1] {
            for unit in [Unit::document(DocumentId(id)), Unit::message(MessageId(id))] {
                let short = unit.short();
                assert_eq!(short.is_some(), id < 0x8000_0000, "{id}");
                assert!(short.is_none_or(|short| Unit::from_short(short) == unit), "{id}");
            }
        }
    }
}
