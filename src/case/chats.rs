//! The list of conversations: cut to what is typed, sorted, and those of one name told apart.

use super::people::Owners;
use super::{Case, CaseError};
use crate::model::ConversationId;
use crate::model::view::{ConversationFilter, ConversationRow, ConversationSort};
use crate::store::ConversationHead;
use crate::text::normal::folded;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

/// Conversations of one name that are told apart: their paths are looked up one by one.
const MOST_ALIKE: usize = 300;

impl Case {
    /// Conversations `range` of those that a filter leaves, in its order, and how many it leaves.
    pub fn conversations_listed(
        &self,
        filter: &ConversationFilter,
        range: Range<u64>,
    ) -> Result<(u64, Vec<ConversationRow>), CaseError> {
        let all = self.store.conversation_heads()?;
        let owners = self.owners()?;
        let wanted = folded(&filter.wanted);
        let kept: Vec<&ConversationHead> = match wanted.is_empty() {
            true => all.iter().collect(),
            false => {
                // By what the list shows, which is who owns an account, and by what it is called.
                let people = self
                    .store
                    .names_of_members(|platform, handle| owners.name(platform, handle))?;
                let says = |name: &str| folded(name).contains(&wanted);
                let is_called = |head: &&ConversationHead| {
                    says(&head.title)
                        || says(&head.platform)
                        || people.get(&head.id).is_some_and(|names| says(names))
                };
                all.iter().filter(is_called).collect()
            }
        };
        let kept = self.sorted(kept, filter.sort, &owners)?;
        let total = kept.len();
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(total);
        let shown = &kept[at(range.start)..at(range.end).max(at(range.start))];
        let mut named: HashMap<(&str, &str), Vec<ConversationId>> = HashMap::new();
        for head in all.iter().filter(|head| !head.title.is_empty()) {
            named.entry((&head.platform, &head.title)).or_default().push(head.id);
        }
        let mut apart = HashMap::new();
        let mut rows = Vec::with_capacity(shown.len());
        for head in shown {
            let mut row = self.store.conversation(head.id)?;
            self.name_people(&mut row, &owners)?;
            let alike = named.get(&(head.platform.as_str(), head.title.as_str()));
            if let Some(alike) = alike.filter(|alike| (2..=MOST_ALIKE).contains(&alike.len())) {
                if !apart.contains_key(&head.id) {
                    apart.extend(self.apart(alike)?);
                }
                row.apart = apart.remove(&head.id).unwrap_or_default();
            }
            rows.push(row);
        }
        Ok((total as u64, rows))
    }

    fn sorted<'a>(
        &self,
        mut heads: Vec<&'a ConversationHead>,
        sort: ConversationSort,
        owners: &Owners,
    ) -> Result<Vec<&'a ConversationHead>, CaseError> {
        match sort {
            ConversationSort::Messages => {
                heads.sort_by_key(|head| (Reverse(head.messages), head.id));
            }
            ConversationSort::Last => {
                heads.sort_by_key(|head| (Reverse(head.last), head.id));
            }
            ConversationSort::Unread => heads
                .sort_by_key(|head| (Reverse(head.messages.saturating_sub(head.done)), head.id)),
            ConversationSort::Title => {
                // Where the platform gives none, the people in it.
                let mut titled = Vec::with_capacity(heads.len());
                for head in heads {
                    let title = match head.title.is_empty() {
                        true => self
                            .store
                            .conversation_title_by(head.id, |members| owners.put(members))?,
                        false => head.title.clone(),
                    };
                    titled.push((folded(&title), head));
                }
                titled.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.id.cmp(&b.1.id)));
                return Ok(titled.into_iter().map(|(_, head)| head).collect());
            }
        }
        Ok(heads)
    }

    /// What tells conversations of one name apart: where their exports lie.
    fn apart(&self, ids: &[ConversationId]) -> Result<Vec<(ConversationId, String)>, CaseError> {
        let mut paths = Vec::with_capacity(ids.len());
        for id in ids {
            paths.push(self.store.path_of_conversation(*id)?);
        }
        let words = told_apart(&paths);
        Ok(ids.iter().copied().zip(words).collect())
    }
}

/// Of each path the steps that no other one has there, without those that all of them share;
/// empty where two are the same.
fn told_apart(paths: &[String]) -> Vec<String> {
    let steps: Vec<Vec<&str>> = paths.iter().map(|path| path.split(['/', '!']).collect()).collect();
    let shared = (0..).find(|at| {
        let mut here = steps.iter().map(|steps| steps.get(*at));
        let first = here.next().flatten();
        first.is_none() || here.any(|step| step != first)
    });
    let shared = shared.unwrap_or(0);
    let head = |number: usize, many: usize| {
        let steps: &[&str] = &steps[number];
        &steps[shared.min(steps.len())..(shared + many).min(steps.len())]
    };
    let words = |number: usize| {
        let longest = steps[number].len().saturating_sub(shared);
        let is_alone = |many: &usize| {
            (0..steps.len())
                .all(|other| other == number || head(other, *many) != head(number, *many))
        };
        (1..=longest).find(is_alone).map_or_else(String::new, |many| head(number, many).join("/"))
    };
    (0..steps.len()).map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(paths: &[&str], expected: &[&str]) {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(told_apart(&paths), expected);
    }

    #[test]
    fn conversations_of_one_name_are_told_apart_by_where_they_lie() {
        check(
            &["chats/ws-a/general/2022-01-01.json", "chats/ws-b/general/2022-01-01.json"],
            &["ws-a", "ws-b"],
        );
        check(
            &["chats/a.zip!general/1.json", "chats/b.zip!general/1.json", "c/general/1.json"],
            &["chats/a.zip", "chats/b.zip", "c"],
        );
        // One file may hold several; a folder and what lies in it.
        check(&["a/result.json", "a/result.json", "b/result.json"], &["", "", "b"]);
        check(&["a", "a/b"], &["", "b"]);
    }
}
