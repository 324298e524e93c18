//! What one side deleted, or did not make after all, and the other stands on.

use super::{Both, Stands};
use crate::case::{Case, CaseError};
use crate::journal::{Action, Deed, Incoming, OperationId, citings, deeds, log, undoings};
use crate::model::finding::NoteField;
use crate::model::handover::{DELETION, UNDOING};
use crate::model::{ItemId, NoteId, Reference};
use std::collections::{BTreeMap, HashSet};

/// What is gone by an operation, where nobody did anything with it meanwhile: what it deletes, or what
/// was made by the operation that it undoes.
pub(super) fn gone_by(id: OperationId, action: &Action) -> Vec<OperationId> {
    match action {
        Action::Revoke { operation, .. } => vec![*operation],
        action if action.deletes() => action.things(id),
        _ => Vec::new(),
    }
}

/// What a clash is about where this is how one side parted with a thing.
pub(super) fn going(deed: &Deed) -> String {
    let is_undoing = matches!(deed.body.action, Action::Revoke { .. });
    if is_undoing { UNDOING } else { DELETION }.to_owned()
}

/// Whether a note's text names a thing, or the note is put to it as to its question. What cites an
/// anchor is told by the journal.
fn names(action: &Action, thing: OperationId) -> bool {
    match action {
        Action::NoteText { references, .. } => references.iter().any(|(_, reference)| {
            matches!(
                reference,
                Reference::Note(made) | Reference::Entity(made) if *made == thing
            )
        }),
        Action::NoteSet { set: NoteField::Question(question), .. } => *question == Some(thing),
        _ => false,
    }
}

impl Case {
    /// What one side deleted and the other named in a note, or put a note to as to its question.
    pub(super) fn named_and_gone(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        let mut force = log::Force::default();
        let mut pairs: BTreeMap<(OperationId, OperationId), (Deed, Deed)> = BTreeMap::new();
        for incoming in new {
            if !force.is_in_force(&self.store, incoming.id())? {
                continue;
            }
            let theirs = Deed { id: incoming.id(), body: incoming.body.clone(), is_live: true };
            let gone = gone_by(theirs.id, &theirs.body.action);
            if !gone.is_empty() {
                for thing in gone {
                    let Some(item) = self.item_made_by(&thing)? else { continue };
                    if let ItemId::Anchor(_) = item {
                        if own.contains(&thing) {
                            continue;
                        }
                        for ours in citings(&self.store, thing)? {
                            if ours.is_live && !own.contains(&ours.id) {
                                let by = ours.body.action.things(ours.id);
                                let by = by.first().copied().unwrap_or(ours.id);
                                pairs.insert((thing, by), (ours, theirs.clone()));
                            }
                        }
                        continue;
                    }
                    if own.contains(&thing) || self.is_there(item)? {
                        continue;
                    }
                    let mut naming = self.store.notes_naming(item)?;
                    if let ItemId::Note(_) = item {
                        naming.extend(self.notes_put_to(thing)?);
                    }
                    for note in naming {
                        let made = self.store.note_operation(note)?;
                        let naming = deeds(&self.store, made)?
                            .into_iter()
                            .rfind(|deed| deed.is_live && names(&deed.body.action, thing));
                        if let Some(ours) = naming.filter(|deed| !own.contains(&deed.id)) {
                            pairs.insert((thing, made), (ours, theirs.clone()));
                        }
                    }
                }
                continue;
            }
            let (Action::NoteText { .. } | Action::NoteSet { .. } | Action::EntitySet { .. }) =
                &theirs.body.action
            else {
                continue;
            };
            let cited = theirs.body.cites();
            for thing in theirs.body.action.names() {
                let is_cited = cited.contains(&thing);
                if own.contains(&thing) || !(is_cited || names(&theirs.body.action, thing)) {
                    continue;
                }
                let Some(item) = self.item_made_by(&thing)? else { continue };
                let note = theirs.body.action.things(theirs.id);
                if (!is_cited && self.is_there(item)?) || note.contains(&thing) {
                    continue;
                }
                let deletion = deeds(&self.store, thing)?
                    .into_iter()
                    .chain(undoings(&self.store, thing)?)
                    .rfind(|deed| deed.is_live && gone_by(deed.id, &deed.body.action) == [thing]);
                if let Some(ours) = deletion.filter(|deed| !own.contains(&deed.id)) {
                    let note = note.first().copied().unwrap_or(theirs.id);
                    pairs.insert((thing, note), (ours, theirs.clone()));
                }
            }
        }
        for ((thing, _), (ours, theirs)) in pairs {
            let is_gone_here = !gone_by(ours.id, &ours.body.action).is_empty();
            let field = going(if is_gone_here { &ours } else { &theirs });
            both.push(Both { thing, field, ours, theirs, stands: Stands::IfThere });
        }
        Ok(())
    }

    /// Notes that answer to a question, whether it is there or not.
    fn notes_put_to(&self, question: OperationId) -> Result<Vec<NoteId>, CaseError> {
        let mut put = Vec::new();
        for head in self.store.note_heads()? {
            let Some(id) = head.row.id else { continue };
            if self.note_fields(id)?.question == Some(question) {
                put.push(id);
            }
        }
        Ok(put)
    }
}
