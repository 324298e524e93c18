//! How evidence and things that analysts made are named in every copy of a case: by content, by
//! platform and handle, by the operation that made them; never by the short numbers of one case.

use super::Sha256;
use serde::{Deserialize, Serialize};

/// A piece of evidence, named by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Document(Sha256),
    /// SHA-256 over what the message says (`store::message_digest`), and which of the identical
    /// ones of the case it is, from 0.
    Message(Sha256, u64),
}

/// An account, in every copy of a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountKey {
    pub platform: String,
    pub handle: String,
}

/// What a short number names, in every copy of a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    Evidence(Target),
    Conversation {
        platform: String,
        key: String,
    },
    Account {
        platform: String,
        handle: String,
    },
    /// By the operation that made it, as the next ones.
    Note(Sha256),
    Anchor(Sha256),
    Entity(Sha256),
}

/// The short numbers of a text and what they name.
pub type References = Vec<(String, Reference)>;
