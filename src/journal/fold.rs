//! From operations to state. Pure: the same set of operations gives the same state, in whatever
//! order they came.

use super::operation::{Action, Body, OperationId, Target};
use super::thing::Thing;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What the live operations add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Marks that are on, by target.
    pub marks: BTreeMap<Target, BTreeSet<String>>,
    /// What analysts made and is there, by the operation that made it; exports with a zone that is
    /// set, by content.
    pub things: BTreeMap<OperationId, Thing>,
}

/// Takes operations in the order of Lamport time, writer, id.
#[derive(Debug, Default)]
pub struct Fold {
    operations: Vec<(OperationId, Body)>,
}

impl Fold {
    pub fn push(&mut self, id: OperationId, body: Body) {
        self.operations.push((id, body));
    }

    /// Ids of the operations that no live operation revokes. An operation can only revoke one
    /// that came before it, so one pass from the end decides.
    fn live(&self) -> HashSet<OperationId> {
        let mut revoked = HashSet::new();
        let mut live = HashSet::new();
        for (id, body) in self.operations.iter().rev() {
            if revoked.contains(id) {
                continue;
            }
            live.insert(*id);
            if let Action::Revoke { operation } = &body.action {
                revoked.insert(*operation);
            }
        }
        live
    }

    /// The state. The last live operation on a mark or field decides.
    pub fn state(&self) -> State {
        let live = self.live();
        let mut state = State::default();
        for (id, body) in &self.operations {
            if !live.contains(id) {
                continue;
            }
            if let Action::Mark { name, on, targets } = &body.action {
                for target in targets {
                    let marks = state.marks.entry(*target).or_default();
                    if *on {
                        marks.insert(name.clone());
                    } else {
                        marks.remove(name);
                    }
                }
            }
            for thing in body.action.things(*id) {
                state.things.entry(thing).or_default().apply(thing, *id, body);
            }
        }
        state.things.retain(|_, thing| thing.is_there());
        state.marks.retain(|_, marks| !marks.is_empty());
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Sha256;
    use crate::model::finding::NoteKind;
    use ed25519_dalek::SigningKey;
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
            let key = SigningKey::from_bytes(&[7; 32]);
            let lamport = u64::from(*n);
            fold.push(id(*n), Body::new([1; 16], vec![], lamport, 0, "lin", &key, action.clone()));
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
            kind: NoteKind::Note,
        }
    }

    #[track_caller]
    fn check_notes(operations: &[(u8, Action)], expected: &[u8]) {
        let state = fold(operations);
        let note = state.things.get(&id(1)).and_then(|thing| thing.note.as_ref());
        let texts: Vec<OperationId> =
            note.map_or(Vec::new(), |note| note.texts.iter().copied().collect());
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
