//! Conversations and messages.

use crate::model::dossier::Called;
use crate::model::{
    ConversationId, ConversationKind, DocumentId, Media, MessageId, MessageKind, ParticipantId,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How the list of conversations is cut and sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationFilter {
    /// What stands in the title, the platform or a name of who takes part; empty for all.
    pub wanted: String,
    pub sort: ConversationSort,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConversationSort {
    /// Most messages first.
    #[default]
    Messages,
    /// Last spoken in first; undated last.
    Last,
    Title,
    /// Most unread first.
    Unread,
}

/// One line of the list of conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationRow {
    pub id: ConversationId,
    pub platform: String,
    pub key: String,
    pub kind: ConversationKind,
    /// Title, or the names of the accounts.
    pub title: String,
    /// In a list where another one of its platform is called so too: where its export lies.
    pub apart: String,
    pub messages: u64,
    /// Its accounts, the busiest first, those last that never wrote in it.
    pub accounts: Vec<Participant>,
    /// Clock readings of the first and last dated message, RFC 3339 without offset.
    pub first: Option<String>,
    pub last: Option<String>,
    /// Messages that are neither read nor irrelevant.
    pub unread: u64,
    /// Messages that stood on a screen long enough to be read, whoever sat before it.
    pub seen: u64,
    pub blocks: Vec<Block>,
    /// Time that no export covers: clock readings of the last message before and the first after.
    pub gaps: Vec<(String, String)>,
}

/// Stands between the accounts by which a conversation without a title is called.
pub const BETWEEN_ACCOUNTS: &str = " ↔ ";

/// Short names of the exports of a conversation: the name of the file, with its folder before it
/// where another one is called so too, or the whole path.
pub fn export_names(blocks: &[Block]) -> Vec<(DocumentId, String)> {
    fn tail(path: &str, steps: usize) -> &str {
        let start = path.rmatch_indices(['/', '!']).nth(steps - 1).map_or(0, |(at, _)| at + 1);
        &path[start..]
    }
    let mut exports: Vec<_> =
        blocks.iter().map(|block| (block.document, block.path.as_str())).collect();
    exports.sort_unstable();
    exports.dedup();
    let mut called: HashMap<&str, usize> = HashMap::new();
    for (_, path) in &exports {
        for steps in [1, 2] {
            *called.entry(tail(path, steps)).or_default() += 1;
        }
        // Of one without folders both are the same.
        if tail(path, 1) == tail(path, 2) {
            *called.entry(tail(path, 1)).or_default() -= 1;
        }
    }
    let named = exports.iter().map(|(id, path)| {
        let short = [1, 2].map(|steps| tail(path, steps));
        let found = short.into_iter().find(|name| called.get(name) == Some(&1));
        (*id, found.unwrap_or(path).to_owned())
    });
    named.collect()
}

/// Whether two exports of a conversation cover the same time: what is said in one may be said in
/// the other as well.
pub fn has_twins(blocks: &[Block]) -> bool {
    let clock = |time: &'_ Option<String>| Some(time.as_deref()?.get(..19)?.to_owned());
    let mut spans: Vec<_> = blocks
        .iter()
        .filter_map(|block| Some((clock(&block.first)?, clock(&block.last)?, block.document)))
        .collect();
    spans.sort_unstable();
    // What ends last of those before, and what does so of the other exports.
    let mut latest: Option<(&str, DocumentId)> = None;
    let mut other: Option<(&str, DocumentId)> = None;
    for (first, last, document) in &spans {
        let is_twin = |span: Option<(&str, DocumentId)>| {
            span.is_some_and(|(end, of)| of != *document && first.as_str() < end)
        };
        if is_twin(latest) || is_twin(other) {
            return true;
        }
        match latest {
            Some((end, of)) if of != *document => {
                if end < last.as_str() {
                    other = latest;
                    latest = Some((last, *document));
                } else {
                    other = other.max(Some((last, *document)));
                }
            }
            _ => latest = latest.max(Some((last, *document))),
        }
    }
    false
}

/// One continuous stretch of one export. Silence can be claimed only inside a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub document: DocumentId,
    /// Where the export lies, see [`DocumentRow::path`](super::DocumentRow::path).
    pub path: String,
    pub first: Option<String>,
    pub last: Option<String>,
    pub messages: u64,
    /// Offset in seconds that naive stamps are read with, and how it is known.
    pub zone: i32,
    pub zone_status: ZoneStatus,
    pub zone_why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ZoneStatus {
    Stated,
    Inferred,
    Assumed,
    /// An analyst set it; the journal says who.
    Set,
}

impl ZoneStatus {
    pub fn name(self) -> &'static str {
        match self {
            ZoneStatus::Stated => "stated",
            ZoneStatus::Inferred => "inferred",
            ZoneStatus::Assumed => "assumed",
            ZoneStatus::Set => "set",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    pub id: ParticipantId,
    pub platform: String,
    pub handle: String,
    pub name: String,
    pub messages: u64,
    /// The entity that owns it, where that was looked up: its number and name.
    pub owner: Option<Called>,
}

impl ConversationRow {
    /// The accounts that count as taking part: those that wrote in it.
    pub fn participants(&self) -> impl Iterator<Item = &Participant> {
        self.accounts.iter().filter(|account| account.wrote())
    }
}

impl Participant {
    /// Whether it counts as a participant: it is the sender of a message, and is not the account
    /// in whose name the platform itself speaks.
    pub fn wrote(&self) -> bool {
        let of_system = SYSTEM_ACCOUNTS.contains(&(self.platform.as_str(), self.handle.as_str()));
        self.messages > 0 && !of_system
    }
}

/// Accounts in whose name a platform speaks, as platform and handle: Slackbot, and the service
/// notifications of Telegram.
pub const SYSTEM_ACCOUNTS: [(&str, &str); 2] = [("slack", "USLACKBOT"), ("telegram", "user777000")];

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub conversation: ConversationId,
    /// Position in the conversation, from 0.
    pub position: u64,
    pub kind: MessageKind,
    /// Handle; `None` for the platform itself.
    pub sender: Option<String>,
    pub sender_id: Option<ParticipantId>,
    /// Name as shown, or the handle.
    pub sender_name: String,
    /// The timestamp exactly as it stands in the file.
    pub raw_time: String,
    /// RFC 3339 with the offset that is stated, set or assumed.
    pub time: Option<String>,
    /// UTC seconds of `time`.
    pub instant: Option<i64>,
    pub zone_status: ZoneStatus,
    pub text: String,
    pub media: Vec<Media>,
    pub reply_to: Option<String>,
    /// The message that `reply_to` names, when it is in the case.
    pub reply_id: Option<MessageId>,
    pub quote: Option<String>,
    pub thread: Option<String>,
    pub edited: Option<String>,
    pub forwarded_from: Option<String>,
    pub reactions: Vec<(String, u32)>,
    /// Other messages that the platform gives the same id: what this one said before it was
    /// edited, or says since.
    pub versions: Vec<MessageId>,
    pub places: Vec<MessagePlace>,
    pub read: bool,
    pub starred: bool,
    pub irrelevant: bool,
    pub tags: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagePlace {
    pub document: DocumentId,
    /// Position in that file, from 0.
    pub ordinal: u64,
    /// Byte range of the record in the original, where the format has one.
    pub span: Option<(u64, u64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(id: i64, path: &str, first: &str, last: &str) -> Block {
        let clock = |day: &str| Some(format!("2022-03-{day}T00:00:00"));
        Block {
            document: DocumentId(id),
            path: path.to_owned(),
            first: clock(first),
            last: clock(last),
            messages: 1,
            zone: 0,
            zone_status: ZoneStatus::Stated,
            zone_why: String::new(),
        }
    }

    #[test]
    fn exports_are_told_apart_by_as_little_as_does_it() {
        let check = |paths: &[&str], expected: &[&str]| {
            let blocks = (1..).zip(paths).map(|(id, path)| block(id, path, "01", "02"));
            let names = export_names(&blocks.collect::<Vec<_>>()).into_iter();
            assert_eq!(names.map(|(_, name)| name).collect::<Vec<_>>(), expected);
        };
        check(&["phones/lin.html", "mara.html"], &["lin.html", "mara.html"]);
        let same = ["lin/result.json", "old.zip!mara/result.json", "chat.txt"];
        check(&same, &["lin/result.json", "mara/result.json", "chat.txt"]);
        check(&["a/x/r.json", "b/x/r.json"], &["a/x/r.json", "b/x/r.json"]);
        check(&["r.json", "a/r.json"], &["r.json", "a/r.json"]);
        check(&["r.json"], &["r.json"]);
        // Two stretches of one export are one export.
        let twice = [block(1, "r.json", "01", "02"), block(1, "r.json", "05", "06")];
        assert_eq!(export_names(&twice), [(DocumentId(1), "r.json".to_owned())]);
    }

    #[test]
    fn exports_of_the_same_time_are_twins() {
        let check = |spans: &[(i64, &str, &str)], expected: bool| {
            let mut blocks: Vec<Block> =
                spans.iter().map(|(id, first, last)| block(*id, "", first, last)).collect();
            assert_eq!(has_twins(&blocks), expected, "{spans:?}");
            blocks.reverse();
            assert_eq!(has_twins(&blocks), expected, "{spans:?}");
        };
        check(&[(1, "01", "05"), (2, "03", "08")], true);
        check(&[(1, "01", "05"), (2, "05", "08")], false);
        check(&[(1, "01", "05"), (1, "03", "08")], false);
        check(&[(1, "01", "09"), (1, "03", "05"), (2, "08", "10")], true);
        check(&[(1, "01", "04"), (2, "04", "05"), (2, "05", "09"), (1, "08", "10")], true);
        check(&[(1, "01", "03"), (2, "03", "05"), (3, "05", "07")], false);
        check(&[], false);
    }
}
