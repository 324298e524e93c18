//! Plain data that every floor may use: ids, documents, messages, anchors. No behaviour beyond
//! parsing and printing of the short numbers that people type.

pub mod activity;
pub mod anchor;
pub mod board;
pub mod chat;
pub mod clock;
pub mod disagreed;
pub mod document;
pub mod dossier;
pub mod entity;
pub mod finding;
pub mod gone;
pub mod handover;
pub mod id;
pub mod kept;
pub mod note;
pub mod reference;
pub mod review;
pub mod tag;
#[cfg(test)]
pub mod testing;
pub mod time;
pub mod view;
pub mod work;

pub use anchor::{Anchor, Count, Hold, Passage};
pub use chat::{ConversationKind, Media, MessageKind, Platform};
pub use document::{PartKind, State, VariantKind, Wrap};
pub use id::{
    AnchorId, ConversationId, DocumentId, EntityId, ItemId, MessageId, NoteId, ParticipantId,
    Sha256, SourceId,
};
pub use reference::{AccountKey, Reference, Target};
pub use time::{Stamp, Zone};
