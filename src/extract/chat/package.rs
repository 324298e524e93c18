//! Which files of a folder or archive belong together as one chat export, judged by names alone.
//!
//! A claim is a suggestion: the importer still looks at the content before it takes the file. It
//! carries what the file cannot say about itself: the root of its package (accounts and
//! conversations of one package are joined by it), its role there, and the conversation that the
//! folder's name stands for. Every file is then read alone, in its own worker; a part that comes
//! later (`users.json`) is joined in the case.
//!
//! A package that is to be added is one more function in [`RULES`]: it sees the listing by
//! folder, so sets that are told by a file's name in its folder (`messages.html`,
//! `messages2.html`; `message_1.json` in a thread's folder below `messages/inbox`;
//! `Google Chat/Groups/DM x/messages.json` with its `group_info.json`) need nothing new: the
//! folder is the conversation, the file's name the role.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a file is inside a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The importer that made the claim.
    pub importer: String,
    /// Root of the package, relative to the source or container; empty when that is the root.
    pub root: String,
    /// What the file is there, in the importer's own words: `users`, `channels`, `day`.
    pub role: String,
    /// The conversation it belongs to, where its path says so: the channel's folder name.
    pub conversation: Option<String>,
}

/// A listing by folder; files keep their place in the list they came from.
struct Listing<'a> {
    /// Folder to (file name, index of the path).
    folders: BTreeMap<&'a str, Vec<(&'a str, usize)>>,
}

impl<'a> Listing<'a> {
    fn new(paths: &[&'a str]) -> Self {
        let mut folders: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
        for (at, path) in paths.iter().enumerate() {
            let (folder, name) = split(path);
            folders.entry(folder).or_default().push((name, at));
        }
        Listing { folders }
    }
}

/// Folder and name of a path; the folder of a file at the root is empty.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// One kind of package: writes claims for the files it knows by their place.
type Rule = fn(&Listing, &mut dyn FnMut(usize, Claim));

/// All kinds of packages; the first that claims a file has it.
const RULES: &[Rule] = &[slack];

/// Claims for the files of one source or container. `paths` are relative to it, `/` between
/// folders; the answer has one entry for each, in the same order.
pub fn claim(paths: &[&str]) -> Vec<Option<Claim>> {
    let listing = Listing::new(paths);
    let mut claims = vec![None; paths.len()];
    for rule in RULES {
        rule(&listing, &mut |at, claim| {
            claims[at].get_or_insert(claim);
        });
    }
    claims
}

/// Files at the root of a Slack export that say who and where.
const SLACK_INDEX: &[(&str, &str)] = &[
    ("users.json", "users"),
    ("org_users.json", "users"),
    ("channels.json", "channels"),
    ("groups.json", "groups"),
    ("dms.json", "dms"),
    ("mpims.json", "mpims"),
];

/// A Slack export: folders named like channels that hold `YYYY-MM-DD.json`, and the index files
/// beside those folders. A part of an export (one channel's folder) is claimed as well.
fn slack(listing: &Listing, claim: &mut dyn FnMut(usize, Claim)) {
    let made = |root: &str, role: &str, conversation: Option<&str>| Claim {
        importer: super::slack::ID.to_owned(),
        root: root.to_owned(),
        role: role.to_owned(),
        conversation: conversation.map(str::to_owned),
    };
    let mut roots = BTreeSet::new();
    for (folder, files) in &listing.folders {
        if folder.is_empty() {
            continue;
        }
        let (root, channel) = split(folder);
        for (name, at) in files.iter().filter(|(name, _)| is_day(name)) {
            roots.insert(root);
            claim(*at, made(root, "day", Some(channel)));
            debug_assert!(name.ends_with(".json"));
        }
    }
    for (folder, files) in &listing.folders {
        let index = |name: &str| SLACK_INDEX.iter().find(|(index, _)| *index == name);
        // Beside folders of days one index file is enough; alone (the rest comes later) two are.
        let count = files.iter().filter(|(name, _)| index(name).is_some()).count();
        if !roots.contains(folder) && count < 2 {
            continue;
        }
        for (name, at) in files {
            if let Some((_, role)) = index(name) {
                claim(*at, made(folder, role, None));
            }
        }
    }
}

/// `2024-02-19.json`.
fn is_day(name: &str) -> bool {
    let Some(day) = name.strip_suffix(".json") else { return false };
    day.len() == 10
        && day.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Claims as `role root conversation`, `-` where there is none.
    fn claims(paths: &[&str]) -> Vec<String> {
        claim(paths)
            .into_iter()
            .map(|claim| match claim {
                Some(c) => {
                    assert_eq!(c.importer, "slack-export");
                    format!("{} {:?} {}", c.role, c.root, c.conversation.unwrap_or_default())
                }
                None => "-".to_owned(),
            })
            .collect()
    }

    #[test]
    fn a_slack_export_is_claimed_as_one_package() {
        let paths = [
            "users.json",
            "channels.json",
            "dms.json",
            "integration_logs.json",
            "general/2024-02-19.json",
            "D0FICT1/2024-02-19.json",
            "general/notes.txt",
        ];
        let expected = [
            "users \"\" ",
            "channels \"\" ",
            "dms \"\" ",
            "-",
            "day \"\" general",
            "day \"\" D0FICT1",
            "-",
        ];
        assert_eq!(claims(&paths), expected);
    }

    #[test]
    fn two_workspaces_are_two_packages() {
        let paths = [
            "a/w1/users.json",
            "a/w1/general/2024-02-19.json",
            "a/w2/general/2024-02-19.json",
            "a/w2/channels.json",
        ];
        let expected = [
            "users \"a/w1\" ",
            "day \"a/w1\" general",
            "day \"a/w2\" general",
            "channels \"a/w2\" ",
        ];
        assert_eq!(claims(&paths), expected);
    }

    #[test]
    fn names_that_only_look_alike_are_left_alone() {
        let paths = [
            "users.json",
            "2024-02-19.json",
            "data/users.json",
            "chats/2024-2-19.json",
            "logs/2024-02-19.jsonl",
            "rooms/2024-02-19-general.json",
            "x/day.json",
        ];
        assert!(claim(&paths).iter().all(Option::is_none));
        assert!(claim(&[]).is_empty());
    }

    #[test]
    fn parts_that_come_alone_are_claimed() {
        assert_eq!(claims(&["w/general/2024-02-19.json"]), ["day \"w\" general"]);
        assert_eq!(
            claims(&["w/users.json", "w/channels.json"]),
            ["users \"w\" ", "channels \"w\" "]
        );
    }
}
