//! Who and what was already announced: accounts and conversations go out once.

use crate::extract::record::{Conversation, Participant};
use crate::extract::{Out, Stop};
use crate::model::{ConversationKind, Sha256};
use std::collections::{HashMap, HashSet};

/// The key of a pair that has no id of its own.
pub(super) fn pair_key(one: &str, other: &str) -> String {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    format!("{first}\u{1f}{second}")
}

/// Bytes of a key that is all handles. It stands in every message.
const LONGEST_KEY: usize = 4000;

/// The key of a group that has no id and no name of its own: all who write in it, in order. Of very
/// many the first ones, and a hash of all.
pub(super) fn group_key<S: AsRef<str>>(handles: &[S]) -> String {
    let handles: Vec<&str> = handles.iter().map(AsRef::as_ref).collect();
    let key = handles.join("\u{1f}");
    if key.len() <= LONGEST_KEY {
        return key;
    }
    let beginning = &key[..key.floor_char_boundary(LONGEST_KEY / 20)];
    let beginning = beginning.rsplit_once('\u{1f}').map_or(beginning, |(whole, _)| whole);
    let hash = Sha256::of(key.as_bytes()).to_string();
    format!("{beginning}\u{1f}… {}", &hash[..16])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_large_groups_are_short_and_differ() {
        assert_eq!(group_key(&["lin", "mara", "青河"]), "lin\u{1f}mara\u{1f}青河");
        let many = |count: usize| -> Vec<String> {
            (0..count).map(|number| format!("账号{number:06}")).collect()
        };
        let (one, other) = (group_key(&many(30_000)), group_key(&many(30_001)));
        assert!(one != other && one.len() < 300, "{one}");
        assert!(one.starts_with("账号000000\u{1f}账号000001\u{1f}"), "{one}");
        assert!(group_key(&["长".repeat(5000)]).len() < 300);
    }
}
