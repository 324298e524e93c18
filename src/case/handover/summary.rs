//! What operations come to, by person.

use super::fingerprint_of;
use crate::case::{Case, CaseError};
use crate::journal::{Action, Incoming, OperationId, log};
use crate::model::NoteId;
use crate::model::handover::Person;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Characters of the first line of a note.
const TITLE: usize = 80;

/// Keys that the case knows, with the names that they were used under: (key, name).
pub(super) type People = BTreeSet<(String, String)>;

impl Case {
    /// Who is in the journal before `new` comes into it. Nothing is read when nothing is new.
    pub(super) fn people_before(&self, new: &[&Incoming]) -> Result<People, CaseError> {
        if new.is_empty() {
            return Ok(People::new());
        }
        Ok(self.store.journal_authors()?.into_iter().collect())
    }

    /// What `new`, which is in the journal now, comes to. What was undone again counts as nothing.
    pub(super) fn summary(
        &self,
        new: &[&Incoming],
        people: &People,
    ) -> Result<Vec<Person>, CaseError> {
        let own: HashSet<OperationId> = new.iter().map(|incoming| incoming.id()).collect();
        let mut found: BTreeMap<(&str, &str), (u64, BTreeMap<(u8, String), u64>)> = BTreeMap::new();
        let mut force = log::Force::default();
        for incoming in new {
            let body = &incoming.body;
            let entry = found.entry((&body.author, &body.key)).or_default();
            entry.0 += 1;
            if !force.is_in_force(&self.store, incoming.id())? {
                continue;
            }
            if let Some((rank, label, count)) = effect(&body.action, &own) {
                *entry.1.entry((rank, label)).or_default() += count;
            }
        }
        Ok(found
            .into_iter()
            .map(|((name, key), (operations, did))| Person {
                name: name.to_owned(),
                fingerprint: fingerprint_of(key),
                is_new: !people.iter().any(|(known, _)| known == key),
                namesakes: people
                    .iter()
                    .filter(|(other, called)| other != key && called == name)
                    .map(|(other, _)| fingerprint_of(other))
                    .collect(),
                operations,
                did: did.into_iter().map(|((_, label), count)| (label, count)).collect(),
            })
            .collect())
    }

    /// Notes that `new` wrote and of which more than one text stands.
    pub(super) fn both_texts(&self, new: &[&Incoming]) -> Result<Vec<(NoteId, String)>, CaseError> {
        let notes: BTreeSet<OperationId> = new
            .iter()
            .filter_map(|incoming| match &incoming.body.action {
                Action::NoteText { note, .. } => Some(note.unwrap_or(incoming.id())),
                Action::NoteDelete { note, .. } => Some(*note),
                _ => None,
            })
            .collect();
        let mut both = BTreeMap::new();
        for note in notes {
            let Some(id) = self.store.find_note(&note)? else { continue };
            let texts = self.store.note_texts(id)?;
            if texts.len() > 1 {
                let line = texts[0].text.lines().find(|line| !line.trim().is_empty());
                both.insert(id, line.unwrap_or_default().chars().take(TITLE).collect());
            }
        }
        Ok(both.into_iter().collect())
    }
}

/// What an operation is counted as: where in the list, what it is called, how many. `own` are the
/// operations that came with it: undoing one of them is nothing to tell.
fn effect(action: &Action, own: &HashSet<OperationId>) -> Option<(u8, String, u64)> {
    let plain = |rank, label: &str| Some((rank, label.to_owned(), 1));
    match action {
        Action::NoteText { note: None, .. } => plain(0, "notes written"),
        Action::NoteText { note: Some(_), .. } => plain(1, "changes of notes"),
        Action::NoteDelete { .. } => plain(2, "notes deleted"),
        Action::Mark { name, on, targets } => {
            let label = match (name.strip_prefix("tag:"), on) {
                (Some(tag), true) => format!("tagged #{tag}"),
                (Some(tag), false) => format!("#{tag} taken off"),
                (None, true) => format!("marked as {name}"),
                (None, false) => format!("marked as not {name}"),
            };
            Some((if name.starts_with("tag:") { 21 } else { 20 }, label, targets.len() as u64))
        }
        Action::Zone { .. } => plain(30, "zones of exports set"),
        Action::SearchSave { .. } => plain(40, "searches saved"),
        Action::SearchDrop { .. } => plain(41, "saved searches dropped"),
        Action::Revoke { operation } if own.contains(operation) => None,
        Action::Revoke { .. } => plain(50, "acts undone"),
    }
}
