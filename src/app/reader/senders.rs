//! Short stable marks for the people in a conversation, so that a message fits into one row.

use crate::case::Participant;
use crate::model::ParticipantId;
use crate::text::{sanitise, width};
use std::collections::{HashMap, HashSet};

/// How a sender is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// One to three characters, different for each sender of the conversation.
    pub mark: String,
    /// As the export calls it.
    pub name: String,
    /// The entity that owns the account; with the mark where it owns several here; the name where
    /// nobody does.
    pub called: String,
    /// Picks one of a few looks.
    pub tone: u8,
}

/// All senders of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Senders {
    by_id: HashMap<ParticipantId, Sender>,
    /// Cells of the widest mark.
    pub mark_width: usize,
    /// Cells of the widest name.
    pub name_width: usize,
    /// Cells of the widest of what they are called.
    pub called_width: usize,
}

impl Senders {
    /// `participants` in their stable order, the busiest first.
    pub fn new(participants: &[Participant]) -> Self {
        let mut senders = Senders::default();
        let mut taken = HashSet::new();
        let owner = |one: &Participant| one.owner.as_ref().map(|owner| owner.id);
        for (number, participant) in participants.iter().enumerate() {
            let name =
                if participant.name.is_empty() { &participant.handle } else { &participant.name };
            // Handles of one platform begin alike; what differs comes first on the screen.
            let name = sanitise::line(name.strip_prefix("wxid_").unwrap_or(name)).into_owned();
            let known = participant.owner.as_ref().map(|owner| sanitise::line(&owner.name));
            let mark = mark(known.as_deref().unwrap_or(&name), number, &taken);
            taken.insert(mark.clone());
            senders.mark_width = senders.mark_width.max(width::of(&mark));
            senders.name_width = senders.name_width.max(width::of(&name));
            let called = match &participant.owner {
                None => name.clone(),
                Some(called) => {
                    let of = |one: &&Participant| owner(one) == Some(called.id);
                    let called = sanitise::line(&called.name);
                    match participants.iter().filter(of).count() {
                        1 => called.into_owned(),
                        _ => format!("{called}·{mark}"),
                    }
                }
            };
            senders.called_width = senders.called_width.max(width::of(&called));
            let tone = u8::try_from(number % 6).unwrap_or(0);
            senders.by_id.insert(participant.id, Sender { mark, name, called, tone });
        }
        senders
    }

    pub fn get(&self, id: ParticipantId) -> Option<&Sender> {
        self.by_id.get(&id)
    }
}

/// The shortest start of the name that nobody else has; a number where names do not help.
fn mark(name: &str, number: usize, taken: &HashSet<String>) -> String {
    let bare = ["user_", "@", "+"].iter().find_map(|head| name.strip_prefix(head));
    let letters: String = bare
        .unwrap_or(name)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(3)
        .collect();
    letters
        .char_indices()
        .map(|(at, c)| &letters[..at + c.len_utf8()])
        .find(|start| !taken.contains(*start))
        .map_or_else(|| (number + 1).to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Called;
    use crate::model::EntityId;

    #[test]
    fn marks_are_short_and_different() {
        let people: Vec<Participant> = ["lin", "mara", "林", "wxid_lina", "lin", "", "\x1b[0m"]
            .iter()
            .enumerate()
            .map(|(number, name)| Participant {
                id: ParticipantId(number as i64 + 1),
                platform: String::new(),
                handle: String::new(),
                name: (*name).to_owned(),
                messages: 0,
                owner: None,
            })
            .collect();
        let senders = Senders::new(&people);
        let marks: Vec<&str> =
            people.iter().map(|person| senders.get(person.id).unwrap().mark.as_str()).collect();
        assert_eq!(marks, ["l", "m", "林", "li", "lin", "6", "0"]);
        assert_eq!(senders.mark_width, 3);
    }

    #[test]
    fn an_account_is_called_by_who_owns_it() {
        let owned = |id: i64, name: &str, owner: i64, called: &str| Participant {
            id: ParticipantId(id),
            platform: String::new(),
            handle: String::new(),
            name: name.to_owned(),
            messages: 0,
            owner: Some(Called { id: EntityId(owner), name: called.to_owned() }),
        };
        let senders = Senders::new(&[
            owned(1, "wxid_lin", 7, "林墨\x1b[0m"),
            owned(2, "mara", 8, "Mara"),
            owned(3, "mara2", 8, "Mara"),
        ]);
        let called = |id| senders.get(ParticipantId(id)).unwrap().called.as_str();
        assert_eq!((called(1), called(2), called(3)), ("林墨␛[0m", "Mara·m", "Mara·ma"));
        assert_eq!(senders.get(ParticipantId(1)).unwrap().mark, "林");
        assert_eq!(senders.called_width, 8);
    }
}
