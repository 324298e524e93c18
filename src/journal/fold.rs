//! From operations to state. Pure: the same set of operations gives the same state, in whatever
//! order they came.

use super::operation::{Action, OperationId, Target};
use crate::model::Sha256;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What the live operations add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Marks that are on, by target.
    pub marks: BTreeMap<Target, BTreeSet<String>>,
    /// Zones that are set: offset in seconds by export.
    pub zones: BTreeMap<Sha256, i32>,
    /// Notes by the operation that made them: the operations whose text stands.
    pub notes: BTreeMap<OperationId, BTreeSet<OperationId>>,
    /// Saved searches by the operation that saved them: name and query.
    pub searches: BTreeMap<OperationId, (String, String)>,
}

/// Takes operations in the order of Lamport time, writer, id.
#[derive(Debug, Default)]
pub struct Fold {
    operations: Vec<(OperationId, Action)>,
}

impl Fold {
    pub fn push(&mut self, id: OperationId, action: Action) {
        self.operations.push((id, action));
    }

    /// Ids of the operations that no live operation revokes. An operation can only revoke one
    /// that came before it, so one pass from the end decides.
    fn live(&self) -> HashSet<OperationId> {
        let mut revoked = HashSet::new();
        let mut live = HashSet::new();
        for (id, action) in self.operations.iter().rev() {
            if revoked.contains(id) {
                continue;
            }
            live.insert(*id);
            if let Action::Revoke { operation } = action {
                revoked.insert(*operation);
            }
        }
        live
    }

    /// The state. The last live operation on a thing decides.
    pub fn state(&self) -> State {
        let live = self.live();
        let mut state = State::default();
        let mut replaced: HashSet<OperationId> = HashSet::new();
        for (id, action) in &self.operations {
            if !live.contains(id) {
                continue;
            }
            match action {
                Action::Mark { name, on, targets } => {
                    for target in targets {
                        let marks = state.marks.entry(*target).or_default();
                        if *on {
                            marks.insert(name.clone());
                        } else {
                            marks.remove(name);
                        }
                    }
                }
                Action::Zone { export, offset: Some(offset), .. } => {
                    state.zones.insert(*export, *offset);
                }
                Action::Zone { export, offset: None, .. } => {
                    state.zones.remove(export);
                }
                Action::NoteText { note, over, .. } => {
                    state.notes.entry(note.unwrap_or(*id)).or_default().insert(*id);
                    replaced.extend(over);
                }
                Action::NoteDelete { over, .. } => replaced.extend(over),
                Action::SearchSave { name, query } => {
                    state.searches.insert(*id, (name.clone(), query.clone()));
                }
                Action::SearchDrop { search } => {
                    state.searches.remove(search);
                }
                Action::Revoke { .. } => {}
            }
        }
        for texts in state.notes.values_mut() {
            texts.retain(|text| !replaced.contains(text));
        }
        state.notes.retain(|_, texts| !texts.is_empty());
        state.marks.retain(|_, marks| !marks.is_empty());
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u8) -> OperationId {
        Sha256([n; 32])
    }

    fn mark(name: &str, on: bool, target: u8) -> Action {
        Action::Mark { name: name.into(), on, targets: vec![Target::Document(id(target))] }
    }

    fn fold(operations: &[(u8, Action)]) -> State {
        let mut fold = Fold::default();
        for (n, action) in operations {
            fold.push(id(*n), action.clone());
        }
        fold.state()
    }

    #[test]
    fn undo_and_redo() {
        let one = fold(&[(1, mark("read", true, 9))]);
        let undone = fold(&[(1, mark("read", true, 9)), (2, Action::Revoke { operation: id(1) })]);
        assert_eq!(undone, State::default());
        let redone = fold(&[
            (1, mark("read", true, 9)),
            (2, Action::Revoke { operation: id(1) }),
            (3, Action::Revoke { operation: id(2) }),
        ]);
        assert_eq!(redone, one);
    }

    fn text(note: Option<u8>, over: &[u8]) -> Action {
        Action::NoteText {
            note: note.map(id),
            over: over.iter().copied().map(id).collect(),
            text: String::new(),
            references: Vec::new(),
        }
    }

    #[track_caller]
    fn check_notes(operations: &[(u8, Action)], expected: &[u8]) {
        let state = fold(operations);
        let texts: Vec<OperationId> =
            state.notes.get(&id(1)).into_iter().flatten().copied().collect();
        let expected: Vec<OperationId> = expected.iter().copied().map(id).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn the_last_text_of_a_note_stands_and_concurrent_ones_both() {
        let first = (1, text(None, &[]));
        let second = (2, text(Some(1), &[1]));
        check_notes(std::slice::from_ref(&first), &[1]);
        check_notes(&[first.clone(), second.clone()], &[2]);
        // Two people wrote over the same text, and a third over both.
        let beside = (3, text(Some(1), &[1]));
        let both = (4, text(Some(1), &[2, 3]));
        check_notes(&[first.clone(), second.clone(), beside.clone()], &[2, 3]);
        check_notes(&[first.clone(), second.clone(), beside.clone(), both], &[4]);
        // What is taken away is what was seen; undoing brings back what was there.
        let delete = (5, Action::NoteDelete { note: id(1), over: vec![id(2)] });
        check_notes(&[first.clone(), second.clone(), delete.clone()], &[]);
        check_notes(&[first.clone(), second.clone(), beside, delete.clone()], &[3]);
        let undo = (6, Action::Revoke { operation: id(5) });
        check_notes(&[first, second, delete, undo], &[2]);
    }

    proptest! {
        /// To revoke the last operation is to never have made it.
        #[test]
        fn apply_then_undo_is_identity(ops in prop::collection::vec((0..4u8, any::<bool>(), 0..3u8), 0..30)) {
            let mut operations: Vec<(u8, Action)> = ops
                .iter()
                .enumerate()
                .map(|(n, (name, on, target))| (n as u8, mark(["read", "starred", "tag:a", "tag:b"][*name as usize], *on, *target)))
                .collect();
            let before = fold(&operations);
            operations.push((200, mark("read", true, 1)));
            operations.push((201, Action::Revoke { operation: id(200) }));
            prop_assert_eq!(fold(&operations), before);
        }
    }
}
