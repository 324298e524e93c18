//! From operations to state. Pure: the same set of operations gives the same state, in whatever
//! order they came.

use super::operation::{Action, Body, OperationId, Target};
use super::revoke::Undoing;
use super::thing::Thing;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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

    /// Ids of the operations that no live operation of the same author revokes, but for those `void`.
    /// An operation can only revoke one that came before it, so one pass from the end decides.
    fn live(&self, void: &HashSet<OperationId>) -> HashSet<OperationId> {
        let mut revoked: HashSet<(OperationId, &str)> = HashSet::new();
        let mut live = HashSet::new();
        for (id, body) in self.operations.iter().rev() {
            if revoked.contains(&(*id, &body.key)) {
                continue;
            }
            live.insert(*id);
            if let Action::Revoke { operation, .. } = &body.action
                && !void.contains(id)
            {
                revoked.insert((*operation, &body.key));
            }
        }
        live
    }

    /// Undoings of what their author did that have no effect, because of what they did not know of.
    fn void(&self) -> HashSet<OperationId> {
        let mut undone: HashMap<OperationId, &str> = HashMap::new();
        for (_, body) in &self.operations {
            if let Action::Revoke { operation, .. } = &body.action {
                undone.insert(*operation, "");
            }
        }
        for (id, body) in &self.operations {
            if let Some(key) = undone.get_mut(id) {
                *key = &body.key;
            }
        }
        let own = |(id, body): &(OperationId, Body)| match &body.action {
            Action::Revoke { operation, .. }
                if undone.get(operation) == Some(&body.key.as_str()) =>
            {
                Some((*id, Undoing::of(*id, body)?))
            }
            _ => None,
        };
        let undoings: Vec<(OperationId, Undoing)> =
            self.operations.iter().filter_map(own).collect();
        let mut hands: HashMap<OperationId, Vec<(OperationId, &Body)>> = HashMap::new();
        for thing in undoings.iter().flat_map(|(_, undoing)| &undoing.things) {
            hands.entry(*thing).or_default();
        }
        let live = self.live(&HashSet::new());
        let mut citings: HashMap<OperationId, Vec<OperationId>> = HashMap::new();
        for (id, body) in self.operations.iter().filter(|(id, _)| live.contains(id)) {
            for anchor in body.cites().into_iter().filter(|anchor| hands.contains_key(anchor)) {
                citings.entry(anchor).or_default().push(*id);
            }
            for thing in body.action.things(*id) {
                if let Some(hands) = hands.get_mut(&thing) {
                    hands.push((*id, body));
                }
            }
        }
        let is_void = |undoing: &Undoing| {
            let hands = undoing.things.iter().filter_map(|thing| hands.get(thing)).flatten();
            let citings = undoing.things.iter().filter_map(|thing| citings.get(thing)).flatten();
            hands.into_iter().any(|(id, body)| undoing.lacks(*id, body))
                || citings.into_iter().any(|id| undoing.lacks_citing(*id))
        };
        undoings.iter().filter(|(_, undoing)| is_void(undoing)).map(|(id, _)| *id).collect()
    }

    /// The state. The last live operation on a mark or field decides.
    pub fn state(&self) -> State {
        let void = self.void();
        let live = self.live(&void);
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
            if matches!(body.action, Action::Revoke { .. }) && !void.contains(id) {
                continue;
            }
            for thing in body.action.things(*id) {
                state.things.entry(thing).or_default().apply(thing, *id, body);
            }
            for anchor in body.cites() {
                state.things.entry(anchor).or_default().cite(*id);
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

    fn undo(operation: u8) -> Action {
        Action::Revoke { operation: id(operation), made: Vec::new(), knew: None, cited: false }
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
        let undone = fold(&[(1, mark("read", true, 9)), (2, undo(1))]);
        assert_eq!(undone, State::default());
        let redone = fold(&[(1, mark("read", true, 9)), (2, undo(1)), (3, undo(2))]);
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
        let delete = (5, Action::NoteDelete { note: id(1), over: vec![id(2)], knew: None });
        check_notes(&[first.clone(), second.clone(), delete.clone()], &[]);
        check_notes(&[first.clone(), second.clone(), beside, delete.clone()], &[3]);
        let undo = (6, undo(5));
        check_notes(&[first, second, delete, undo], &[2]);
    }

    #[test]
    fn the_last_zone_in_force_decides() {
        let zone = |offset| Action::Zone { export: id(9), offset, why: String::new() };
        let check = |operations: &[(u8, Action)], expected: Option<i32>| {
            let state = fold(operations);
            assert_eq!(state.things.get(&id(9)).and_then(|thing| thing.zone), expected);
        };
        let all =
            Action::Zones { exports: vec![id(8), id(9)], offset: Some(2), why: String::new() };
        let revoke = (3, undo(2));
        check(&[(1, zone(Some(1))), (2, all.clone())], Some(2));
        check(&[(1, zone(Some(1))), (2, zone(None))], None);
        check(&[(1, zone(Some(1))), (2, all), revoke], Some(1));
    }

    #[test]
    fn who_says_something_else_of_a_sentence_takes_back_what_they_said() {
        use crate::model::finding::NoteField;
        use crate::model::review::Review;
        let review = |by: &str, verdict: &str| Action::NoteSet {
            note: id(1),
            over: None,
            set: NoteField::Review(Review {
                sentence: "it is so".to_owned(),
                role: "checker".to_owned(),
                by: by.to_owned(),
                verdict: verdict.to_owned(),
                comment: String::new(),
                basis: None,
                claims: None,
                references: Vec::new(),
            }),
        };
        let state = fold(&[
            (1, text(None, &[])),
            (2, review("tao", "agreed")),
            (3, review("mei", "agreed")),
            (4, review("tao", "rejected")),
        ]);
        let fields = state.things[&id(1)].note_fields().unwrap();
        let said: Vec<_> = fields
            .reviews
            .iter()
            .map(|own| (own.review.by.as_str(), own.review.verdict.as_str()))
            .collect();
        assert_eq!(said, [("mei", "agreed"), ("tao", "rejected")]);
    }

    #[test]
    fn what_was_said_of_a_field_at_the_same_time_stands_until_somebody_sets_it_anew() {
        use crate::model::finding::{NoteField, Standing};
        type Said<'a> = (u8, u8, &'a str, Standing, Option<&'a [u8]>);
        let state = |said: &[Said<'_>], undone: Option<u8>| {
            let mut fold = Fold::default();
            let mut push = |n: u8, writer: u8, author: &str, action: Action| {
                let key = SigningKey::from_bytes(&[writer; 32]);
                let body = Body::new([writer; 16], vec![], n.into(), 0, author, &key, action);
                fold.push(id(n), body);
            };
            push(1, 1, "lin", text(None, &[]));
            for (n, writer, author, standing, over) in said {
                let over = over.map(|over| over.iter().copied().map(id).collect());
                let set = NoteField::Standing(*standing);
                push(*n, *writer, author, Action::NoteSet { note: id(1), set, over });
            }
            if let Some(operation) = undone {
                // Nobody undoes what somebody else did.
                let (_, writer, author, ..) = said[usize::from(operation) - 2];
                push(99, writer, author, undo(operation));
            }
            let fields = fold.state().things[&id(1)].note_fields().unwrap();
            fields.standing_words()
        };
        let (yes, no) = (Standing::Supported, Standing::Refuted);
        let ours = (2, 1, "lin", yes, Some(&[][..]));
        let theirs = (3, 2, "mara", no, Some(&[][..]));
        let both = "disagreed: supported (lin) / refuted (mara)";
        assert_eq!(state(&[ours, theirs], None), both);
        assert_eq!(state(&[ours, (3, 2, "mara", yes, Some(&[]))], None), "supported");
        // Whoever knew of the other's word replaces it; undoing that brings both back.
        let anew = (4, 1, "lin", Standing::Disputed, Some(&[2, 3][..]));
        assert_eq!(state(&[ours, theirs, anew], None), "disputed");
        assert_eq!(state(&[ours, theirs, anew], Some(4)), both);
        assert_eq!(state(&[ours, theirs], Some(3)), "supported");
        // A sitting that undoes, says something else and redoes has one opinion.
        assert_eq!(state(&[ours, (3, 1, "lin", no, Some(&[]))], None), "refuted");
        // Operations of before this was noted: the last one decides.
        assert_eq!(state(&[ours, (3, 2, "mara", no, None)], None), "refuted");
    }

    #[test]
    fn what_undid_the_making_of_a_thing_had_to_know_what_others_did_to_it() {
        use crate::model::finding::NoteField;
        let (made, said) = (id(1), NoteField::Kind(NoteKind::Finding));
        let note = (1, 7, text(None, &[]));
        let theirs = (2, 8, Action::NoteSet { note: made, set: said.clone(), over: None });
        let own = (2, 7, Action::NoteSet { note: made, set: said, over: None });
        let revoke = |operation: u8, knew: Option<&[u8]>| {
            let knew = knew.map(|knew| knew.iter().copied().map(id).collect());
            Action::Revoke { operation: id(operation), made: vec![made], knew, cited: false }
        };
        let check = |operations: &[(u8, u8, Action)], expected: Option<Option<usize>>| {
            let mut fold = Fold::default();
            for (n, writer, action) in operations {
                let key = SigningKey::from_bytes(&[*writer; 32]);
                let body =
                    Body::new([*writer; 16], vec![], u64::from(*n), 0, "x", &key, action.clone());
                fold.push(id(*n), body);
            }
            let state = fold.state();
            let found = state.things.get(&made).map(|thing| thing.kept().map(|kept| kept[2].len()));
            assert_eq!(found, expected, "{operations:?}");
        };
        let undone = |knew| (3, 7, revoke(1, knew));
        check(&[note.clone(), theirs.clone(), undone(Some(&[1]))], Some(Some(1)));
        check(&[note.clone(), theirs.clone(), undone(Some(&[1, 2]))], None);
        // Whose text would have come back stands all the same.
        let later = (2, 8, text(Some(1), &[1]));
        check(&[note.clone(), later, undone(Some(&[1]))], Some(Some(1)));
        // Of before it was noted what was known: what others did was not.
        check(&[note.clone(), theirs.clone(), undone(None)], Some(Some(1)));
        check(&[note.clone(), own.clone(), undone(None)], None);
        check(&[note.clone(), own, undone(Some(&[1]))], Some(Some(1)));
        // What they did was taken back; the undoing was.
        let back = (4, 8, undo(2));
        check(&[note.clone(), theirs.clone(), undone(Some(&[1])), back], None);
        let again = (4, 7, undo(3));
        check(&[note.clone(), theirs.clone(), undone(Some(&[1, 2])), again], Some(None));
        // A deletion that knew it all.
        let knew = Some(vec![id(1), id(2)]);
        let delete = (4, 8, Action::NoteDelete { note: made, over: vec![id(1)], knew });
        check(&[note.clone(), theirs.clone(), undone(Some(&[1])), delete], None);
        // Who said that it stays.
        let keep = (4, 8, Action::Keep { thing: made, deleted: vec![id(3)] });
        check(&[note.clone(), theirs.clone(), undone(Some(&[1])), keep], Some(None));
        // Somebody else's key undoes nothing.
        check(&[note.clone(), (2, 8, revoke(1, Some(&[1])))], Some(None));
        check(&[note, theirs, (3, 7, revoke(2, None))], Some(None));
    }

    #[test]
    fn who_deletes_what_is_cited_had_to_know_of_that() {
        use crate::model::anchor::{Anchor, Count, Counted};
        use crate::model::finding::{Citation, NoteField};
        let of = Counted::Search {
            query: String::new(),
            references: Vec::new(),
            normal: String::new(),
            variants: Vec::new(),
        };
        let (number, ids) = (String::new(), id(0));
        let (documents, messages, no_text, unreadable) = (0, 0, 0, 0);
        let count = Count { of, number, ids, documents, messages, no_text, unreadable };
        let anchor = Action::Anchor {
            anchor: Anchor::Count(Box::new(count)),
            meaning: String::new(),
            comment: String::new(),
        };
        let cite = |gone: bool| {
            let set = NoteField::Cite(Citation::of(id(1)));
            (Action::NoteSet { note: id(2), set, over: None }, gone)
        };
        let drop = |knew: &[u8], cited| {
            let knew = Some(knew.iter().copied().map(id).collect());
            (Action::AnchorDrop { anchor: id(1), knew, cited }, false)
        };
        let check = |said: &[(Action, bool)], is_there: bool| {
            let mut fold = Fold::default();
            let made = [(anchor.clone(), false), (text(None, &[]), false)];
            for (n, (action, gone)) in (1..).zip(made.iter().chain(said)) {
                let key = SigningKey::from_bytes(&[7; 32]);
                let lamport = u64::from(n);
                let mut body = Body::new([1; 16], vec![], lamport, 0, "lin", &key, action.clone());
                body.gone.extend(gone.then_some(id(1)));
                fold.push(id(n), body);
            }
            assert_eq!(fold.state().things.contains_key(&id(1)), is_there, "{said:?}");
        };
        check(&[cite(false), drop(&[1, 3], true)], false);
        check(&[cite(false), drop(&[1], true)], true);
        check(&[drop(&[1], true), cite(false)], true);
        // Of before it was asked for; written by whoever saw that it is gone; taken back.
        check(&[cite(false), drop(&[1], false)], false);
        check(&[drop(&[1], true), cite(true)], false);
        check(&[cite(false), drop(&[1], true), (undo(3), false)], false);
        check(&[cite(false), drop(&[1], true), drop(&[1, 3], true)], false);
    }

    #[test]
    fn what_is_split_off_takes_its_names_and_accounts_along() {
        use crate::model::AccountKey;
        use crate::model::entity::EntityKind;
        let account =
            |handle: &str| AccountKey { platform: "wechat".to_owned(), handle: handle.to_owned() };
        let state = fold(&[
            (
                1,
                Action::Entity {
                    kind: EntityKind::Person,
                    name: "lin".to_owned(),
                    aliases: vec!["a".to_owned(), "b".to_owned()],
                    accounts: vec![account("one"), account("two")],
                },
            ),
            (
                2,
                Action::EntitySplit {
                    from: id(1),
                    kind: EntityKind::Person,
                    name: "mara".to_owned(),
                    aliases: vec!["b".to_owned()],
                    accounts: vec![account("two")],
                    why: String::new(),
                },
            ),
        ]);
        let check = |thing: u8, aliases: &[&str], handle: &str| {
            let fields = state.things[&id(thing)].entity_fields().unwrap();
            assert_eq!(fields.aliases, aliases);
            assert_eq!(fields.accounts, [account(handle)]);
        };
        check(1, &["a"], "one");
        check(2, &["b"], "two");
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
            operations.push((201, undo(200)));
            prop_assert_eq!(fold(&operations), before);
        }
    }
}
