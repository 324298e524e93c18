//! What operations come to, by person.

use super::fingerprint_of;
use crate::case::{Case, CaseError};
use crate::journal::{Action, Incoming, OperationId, log};
use crate::model::NoteId;
use crate::model::finding::NoteField;
use crate::model::handover::Person;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Characters of the first line of a note.
pub(super) const TITLE: usize = 80;

/// Keys that the case knows, with the names that they were used under: (key, name).
pub(super) type People = BTreeSet<(String, String)>;

/// What one act is called, and what several are.
type Label = [String; 2];

/// What somebody did: place in the list and words, and how often.
#[derive(Default)]
struct Tally {
    operations: u64,
    did: BTreeMap<(u8, Label), u64>,
}

/// The first line of a text that says something.
pub(super) fn first_line(text: &str) -> String {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned()
}

impl Case {
    /// Who is in the journal before `new` comes into it. Nothing is read when nothing is new.
    pub(super) fn people_before(&self, new: &[&Incoming]) -> Result<People, CaseError> {
        if new.is_empty() {
            return Ok(People::new());
        }
        Ok(self.store.journal_authors()?)
    }

    /// What `new`, which is in the journal now, comes to. What was undone again counts as nothing.
    pub(super) fn summary(
        &self,
        new: &[&Incoming],
        people: &People,
    ) -> Result<Vec<Person>, CaseError> {
        let own: HashSet<OperationId> = new.iter().map(|incoming| incoming.id()).collect();
        let mut found: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
        let mut force = log::Force::default();
        for incoming in new {
            let body = &incoming.body;
            let entry = found.entry((&body.author, &body.key)).or_default();
            entry.operations += 1;
            if !force.is_in_force(&self.store, incoming.id())? {
                continue;
            }
            let effect = match &body.action {
                Action::Revoke { operation, .. } if own.contains(operation) => None,
                Action::Revoke { operation, .. } => {
                    self.undone(incoming.id(), *operation, &mut force)?
                }
                action => effect(action),
            };
            if let Some((rank, label, count)) = effect {
                *entry.did.entry((rank, label)).or_default() += count;
            }
        }
        Ok(found
            .into_iter()
            .map(|((name, key), Tally { operations, did })| Person {
                name: name.to_owned(),
                fingerprint: fingerprint_of(key),
                is_new: !people.iter().any(|(known, _)| known == key),
                namesakes: people
                    .iter()
                    .filter(|(other, called)| other != key && called == name)
                    .map(|(other, _)| fingerprint_of(other))
                    .collect(),
                operations,
                did: did
                    .into_iter()
                    .map(|((_, [one, many]), count)| (if count == 1 { one } else { many }, count))
                    .collect(),
            })
            .collect())
    }

    /// What the undoing `id` of `operation` is counted as.
    fn undone(
        &self,
        id: OperationId,
        operation: OperationId,
        force: &mut log::Force,
    ) -> Result<Option<(u8, Label, u64)>, CaseError> {
        let Some((base, action)) = log::meaning(&self.store, operation)? else { return Ok(None) };
        let words = action.words();
        let act = self.store.act(&id.0)?;
        let is_void = act.map_or(Ok(false), |act| force.is_void(&self.store, &act))?;
        let [one, many] = match (is_void, force.is_in_force(&self.store, base)?) {
            (true, _) => ["act undone in vain", "acts undone in vain"],
            (false, true) => ["act done again", "acts done again"],
            (false, false) => ["act undone", "acts undone"],
        };
        Ok(Some((50, [format!("{one}: {words}"), format!("{many}: {words}")], 1)))
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
                both.insert(id, first_line(&texts[0].text).chars().take(TITLE).collect());
            }
        }
        Ok(both.into_iter().collect())
    }
}

/// What an operation is counted as: where in the list, what it is called, how many. What undoes one is
/// counted by what that did.
fn effect(action: &Action) -> Option<(u8, Label, u64)> {
    let plain = |rank, one: &str, many: &str| Some((rank, [one.to_owned(), many.to_owned()], 1));
    let same = |label: String| [label.clone(), label];
    match action {
        Action::NoteText { note: None, kind, .. } => {
            let word = kind.word();
            plain(0, &format!("{word} written"), &format!("{word}s written"))
        }
        Action::NoteText { note: Some(_), .. } => plain(1, "change of a text", "changes of texts"),
        Action::NoteSet { set: NoteField::Cite(_) | NoteField::Uncite(_), .. } => {
            plain(3, "citation graded or taken back", "citations graded or taken back")
        }
        Action::NoteSet { set: NoteField::Review(_), .. } => {
            plain(4, "sentence reviewed", "sentences reviewed")
        }
        Action::NoteSet { .. } => plain(
            2,
            "change of a finding, question or event",
            "changes of findings, questions and events",
        ),
        Action::NoteDelete { .. } => plain(5, "note deleted", "notes deleted"),
        Action::Anchor { meaning, .. } if meaning.is_empty() => {
            plain(10, "anchor made", "anchors made")
        }
        Action::Anchor { .. } => plain(11, "highlight made", "highlights made"),
        Action::AnchorSet { .. } => plain(12, "highlight changed", "highlights changed"),
        Action::AnchorCount { .. } => plain(12, "number counted again", "numbers counted again"),
        Action::AnchorDrop { .. } => {
            plain(13, "anchor or highlight dropped", "anchors and highlights dropped")
        }
        Action::Entity { .. } => plain(14, "entity made", "entities made"),
        Action::EntitySet { .. } => plain(15, "change of an entity", "changes of entities"),
        Action::EntityMerge { into: Some(_), .. } => plain(16, "entity merged", "entities merged"),
        Action::EntityMerge { into: None, .. } => {
            plain(17, "merge of entities taken back", "merges of entities taken back")
        }
        Action::EntitySplit { .. } => plain(18, "entity split", "entities split"),
        Action::EntityDrop { .. } => plain(19, "entity deleted", "entities deleted"),
        Action::Keep { .. } => {
            plain(19, "deletion settled: it stays", "deletions settled: they stay")
        }
        Action::Tag { name, on, things } => {
            let [one, many] = match on {
                true => [
                    format!("note, highlight or entity tagged #{name}"),
                    format!("notes, highlights and entities tagged #{name}"),
                ],
                false => [
                    format!("#{name} taken off a note, highlight or entity"),
                    format!("#{name} taken off notes, highlights and entities"),
                ],
            };
            Some((22, [one, many], things.len() as u64))
        }
        Action::Mark { name, on, targets } => {
            let label = match (name.strip_prefix("tag:"), on) {
                (Some(tag), true) => format!("tagged #{tag}"),
                (Some(tag), false) => format!("#{tag} taken off"),
                (None, true) => format!("marked as {name}"),
                (None, false) => format!("marked as not {name}"),
            };
            let rank = if name.starts_with("tag:") { 21 } else { 20 };
            Some((rank, same(label), targets.len() as u64))
        }
        Action::Zone { .. } => plain(30, "zone of an export set", "zones of exports set"),
        Action::Zones { exports, .. } => {
            let label = ["zone of an export set".to_owned(), "zones of exports set".to_owned()];
            Some((30, label, exports.len() as u64))
        }
        Action::SearchSave { .. } => plain(40, "search saved", "searches saved"),
        Action::SearchDrop { .. } => plain(41, "saved search dropped", "saved searches dropped"),
        Action::Revoke { .. } => None,
    }
}
