//! Is a stored journal whole, and do the tables that screens read say what it says?

use super::error::{JournalError, short};
use super::fold::Fold;
use super::operation::{Action, BadOperation, Body, citing};
use super::projection::{expected_marks, is_projected, missing};
use super::things;
use super::unit::unit_of;
use crate::model::Sha256;
use crate::store::{Store, TouchRow, Unit};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What is wrong with a stored journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Operation {
        id: Sha256,
        problem: BadOperation,
    },
    /// A parent that the case does not have.
    Orphan {
        id: Sha256,
        parent: Sha256,
    },
    /// Its Lamport time is not after that of its parents.
    Order {
        id: Sha256,
    },
    /// The tables that screens read differ from a rebuild.
    Projection {
        thing: String,
        expected: String,
        found: String,
    },
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::Operation { problem, .. } => problem.fmt(f),
            Problem::Orphan { parent, .. } => {
                write!(f, "it follows operation {}, which is not there", short(parent))
            }
            Problem::Order { .. } => f.write_str("it claims to be older than what it follows"),
            Problem::Projection { thing, expected, found } => {
                write!(f, "{thing} is shown as {found}, the journal says {expected}")
            }
        }
    }
}

/// Checks every operation, the order of the DAG, and that the projection equals a rebuild.
pub fn check(store: &Store) -> Result<Vec<Problem>, JournalError> {
    let mut problems = Vec::new();
    let mut fold = Fold::default();
    let mut touches: BTreeSet<TouchRow> = BTreeSet::new();
    let mut waiting: BTreeSet<(Sha256, u64)> = BTreeSet::new();
    let mut hands: BTreeSet<(Sha256, [u8; 32])> = BTreeSet::new();
    let mut lamports: HashMap<Sha256, u64> = HashMap::new();
    let mut parents: Vec<(Sha256, u64, Vec<Sha256>)> = Vec::new();
    let mut acts = BTreeSet::new();
    let mut authors = BTreeSet::new();
    store.each_operation(|stored| {
        let id = Sha256(stored.id);
        match Body::check(&stored) {
            Ok(body) => {
                lamports.insert(id, body.lamport);
                parents.push((id, body.lamport, body.parents.clone()));
                authors.insert((body.key.clone(), body.author.clone()));
                let things = body.action.things(id).into_iter();
                let cited = body.cites().into_iter().map(citing);
                hands.extend(things.chain(cited).map(|thing| (thing, id.0)));
                let revokes = match &body.action {
                    Action::Revoke { operation, .. } => Some(operation.0),
                    _ => None,
                };
                acts.insert((id.0, stored.lamport, stored.writer, revokes));
                let missing = missing(store, &body.action)?;
                waiting.extend((missing > 0).then_some((id, missing)));
                if let Action::Mark { name, on, targets } = &body.action {
                    for target in targets {
                        let unit = unit_of(store, target)?;
                        touches.extend(unit.map(|unit| (unit, name.clone(), id.0, *on)));
                    }
                }
                fold.push(id, body);
            }
            Err(problem) => problems.push(Problem::Operation { id, problem }),
        }
        Ok::<_, JournalError>(())
    })?;
    let bad: HashSet<Sha256> = problems
        .iter()
        .filter_map(|problem| match problem {
            Problem::Operation { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    for (id, lamport, follows) in parents {
        for parent in follows {
            match lamports.get(&parent) {
                Some(before) if *before >= lamport => problems.push(Problem::Order { id }),
                None if !bad.contains(&parent) => problems.push(Problem::Orphan { id, parent }),
                _ => {}
            }
        }
    }
    check_authors(store, &authors, bad.is_empty(), &mut problems)?;
    let state = fold.state();
    let expected = expected_marks(store, &state)?;
    let found: BTreeSet<(Unit, String)> = store.all_marks()?.into_iter().collect();
    for (unit, name) in expected.symmetric_difference(&found) {
        let on =
            |set: &BTreeSet<_>| if set.contains(&(*unit, name.clone())) { "on" } else { "off" };
        problems.push(Problem::Projection {
            thing: format!("the mark {name:?} of {}", unit.item()),
            expected: on(&expected).to_owned(),
            found: on(&found).to_owned(),
        });
    }
    if is_projected(store)? {
        check_acts(store, &acts, &mut problems)?;
        check_touches(store, &touches, &mut problems)?;
        check_hands(store, &hands, &mut problems)?;
        check_waiting(store, &waiting, &mut problems)?;
    }
    for (document, key, status) in store.exports()? {
        if status == "set" && !state.things.contains_key(&key) {
            problems.push(Problem::Projection {
                thing: format!("the zone of {document}"),
                expected: "as it was found".to_owned(),
                found: format!("zone {}", store.zone(document)?),
            });
        }
    }
    for (thing, expected, found) in things::differences(store, &state)? {
        problems.push(Problem::Projection { thing, expected, found });
    }
    Ok(problems)
}

/// Checks what tells names apart: who signed, and as whom. Nobody knows who signed what is bad.
fn check_authors(
    store: &Store,
    expected: &BTreeSet<(String, String)>,
    all_are_good: bool,
    problems: &mut Vec<Problem>,
) -> Result<(), JournalError> {
    let found = store.journal_authors()?;
    for author in expected.symmetric_difference(&found) {
        let is_expected = expected.contains(author);
        if is_expected || all_are_good {
            let is = |is_there| if is_there { "noted" } else { "not noted" }.to_owned();
            let (key, name) = author;
            problems.push(Problem::Projection {
                thing: format!("that {} signed as {name:?}", key.get(..8).unwrap_or(key)),
                expected: is(is_expected),
                found: is(!is_expected),
            });
        }
    }
    Ok(())
}

/// Checks what is told of operations whose evidence is not there.
fn check_waiting(
    store: &Store,
    expected: &BTreeSet<(Sha256, u64)>,
    problems: &mut Vec<Problem>,
) -> Result<(), JournalError> {
    let found = store.waiting()?.into_iter().map(|(act, missing)| (Sha256(act.id), missing));
    let found: BTreeSet<_> = found.collect();
    for (id, missing) in expected.symmetric_difference(&found) {
        let is = |set: &BTreeSet<_>| {
            let is_in = set.contains(&(*id, *missing));
            format!("{}{missing} pieces of evidence missing", if is_in { "" } else { "not " })
        };
        problems.push(Problem::Projection {
            thing: format!("operation {}", short(id)),
            expected: is(expected),
            found: is(&found),
        });
    }
    Ok(())
}

/// An operation with its Lamport time, its writer, and what it revokes.
type ActRow = ([u8; 32], u64, [u8; 16], Option<[u8; 32]>);

/// Checks what undoing looks at instead of the operations.
fn check_acts(
    store: &Store,
    expected: &BTreeSet<ActRow>,
    problems: &mut Vec<Problem>,
) -> Result<(), JournalError> {
    let found = store.acts()?.into_iter().map(|act| (act.id, act.lamport, act.writer, act.revokes));
    let found: BTreeSet<ActRow> = found.collect();
    for act in expected.symmetric_difference(&found) {
        let is = |set: &BTreeSet<_>| {
            let (_, lamport, _, revokes) = act;
            match (set.contains(act), revokes) {
                (false, _) => "another one".to_owned(),
                (true, None) => format!("number {lamport}"),
                (true, Some(id)) => format!("number {lamport}, undoing {}", short(&Sha256(*id))),
            }
        };
        problems.push(Problem::Projection {
            thing: format!("operation {}", short(&Sha256(act.0))),
            expected: is(expected),
            found: is(&found),
        });
    }
    Ok(())
}

/// Checks what makes folding a thing again quick: who has a hand in it.
fn check_hands(
    store: &Store,
    expected: &BTreeSet<(Sha256, [u8; 32])>,
    problems: &mut Vec<Problem>,
) -> Result<(), JournalError> {
    let found = store.all_hands()?;
    for hand in expected.symmetric_difference(&found) {
        let is =
            |set: &BTreeSet<_>| if set.contains(hand) { "noted" } else { "not noted" }.to_owned();
        let (thing, id) = hand;
        problems.push(Problem::Projection {
            thing: format!("the hand of operation {} in {}", short(&Sha256(*id)), short(thing)),
            expected: is(expected),
            found: is(&found),
        });
    }
    Ok(())
}

/// Checks what makes undoing and counting quick: the notes of what was touched, the tally.
fn check_touches(
    store: &Store,
    expected: &BTreeSet<TouchRow>,
    problems: &mut Vec<Problem>,
) -> Result<(), JournalError> {
    let found: BTreeSet<_> = store.all_touches()?.into_iter().collect();
    for touch in expected.symmetric_difference(&found) {
        let is =
            |set: &BTreeSet<_>| if set.contains(touch) { "noted" } else { "not noted" }.to_owned();
        let (unit, name, id, _) = touch;
        problems.push(Problem::Projection {
            thing: format!("operation {} on {name:?} of {}", short(&Sha256(*id)), unit.item()),
            expected: is(expected),
            found: is(&found),
        });
    }
    let (expected, found) = (store.count_done()?, store.done()?);
    if expected != found {
        problems.push(Problem::Projection {
            thing: "the number of messages that are done, by conversation,".to_owned(),
            expected: format!("{expected:?}"),
            found: format!("{found:?}"),
        });
    }
    Ok(())
}
