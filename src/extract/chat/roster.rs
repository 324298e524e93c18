//! Who and what was already announced: accounts and conversations go out once.

use crate::extract::record::{Conversation, Participant};
use crate::extract::{Out, Stop};
use crate::model::ConversationKind;
use std::collections::{HashMap, HashSet};

/// The key of a pair that has no id of its own.
pub(super) fn pair_key(one: &str, other: &str) -> String {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    format!("{first}\u{1f}{second}")
}

#[derive(Default)]
pub(super) struct Roster {
    /// Handle to the name it was last announced with.
    accounts: HashMap<String, String>,
    conversations: HashSet<String>,
}

impl Roster {
    /// Announces an account when it is new, or again when it has a new name.
    pub(super) fn account(&mut self, out: &mut Out, handle: &str, name: &str) -> Result<(), Stop> {
        self.account_with(out, handle, name, false, Vec::new)
    }

    pub(super) fn account_with(
        &mut self,
        out: &mut Out,
        handle: &str,
        name: &str,
        is_bot: bool,
        attributes: impl FnOnce() -> Vec<(String, String)>,
    ) -> Result<(), Stop> {
        match self.accounts.get(handle) {
            Some(known) if known == name || name.is_empty() => return Ok(()),
            _ => self.accounts.insert(handle.to_owned(), name.to_owned()),
        };
        out.participant(Participant {
            handle: handle.to_owned(),
            name: name.to_owned(),
            attributes: attributes(),
            is_bot,
        })
    }

    /// Announces a conversation when its key is new.
    pub(super) fn conversation(
        &mut self,
        out: &mut Out,
        key: &str,
        make: impl FnOnce() -> (ConversationKind, String, Vec<String>),
    ) -> Result<(), Stop> {
        if self.conversations.contains(key) {
            return Ok(());
        }
        self.conversations.insert(key.to_owned());
        let (kind, title, members) = make();
        out.conversation(Conversation { key: key.to_owned(), kind, title, members })
    }
}
