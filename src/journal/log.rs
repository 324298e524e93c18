//! The journal over the store: appending, undo and redo, projection, check.

use super::author::Author;
use super::fold::{Fold, State};
use super::notes;
use super::operation::{Action, BadOperation, Body, OperationId, Target};
use crate::model::Sha256;
use crate::store::{Store, StoreError, Unit};
use std::collections::{BTreeSet, HashMap, HashSet};

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("operation {}: {problem}", short(.id))]
    Bad { id: Sha256, problem: BadOperation },
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("there is nothing to redo")]
    NothingToRedo,
    #[error("no random numbers: {0}")]
    Random(String),
}

fn short(id: &Sha256) -> String {
    id.to_string()[..12].to_owned()
}

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

/// The writing end: one for each opening of a case.
#[derive(Debug)]
pub struct Journal {
    author: Author,
    writer: [u8; 16],
    undo: Vec<OperationId>,
    redo: Vec<OperationId>,
}

impl Journal {
    /// A fresh writer.
    pub fn new(author: Author) -> Result<Journal, JournalError> {
        let mut writer = [0; 16];
        getrandom::fill(&mut writer).map_err(|e| JournalError::Random(e.to_string()))?;
        Ok(Journal { author, writer, undo: Vec::new(), redo: Vec::new() })
    }

    /// Public key of the author, by which drafts are told apart.
    pub fn owner(&self) -> [u8; 32] {
        *self.author.key.verifying_key().as_bytes()
    }

    /// A number for this opening of the case.
    pub fn sitting(&self) -> i64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.writer[..8]);
        i64::from_be_bytes(first)
    }

    /// Appends an operation and projects it, atomically.
    pub fn act(&mut self, store: &Store, action: Action) -> Result<OperationId, JournalError> {
        let id = self.append(store, action)?;
        self.undo.push(id);
        self.redo.clear();
        Ok(id)
    }

    /// Revokes the last operation of this writer that is not undone yet, and says which.
    pub fn undo(&mut self, store: &Store) -> Result<OperationId, JournalError> {
        let last = *self.undo.last().ok_or(JournalError::NothingToUndo)?;
        let revocation = self.append(store, Action::Revoke { operation: last })?;
        self.undo.pop();
        self.redo.push(revocation);
        Ok(last)
    }

    /// Revokes the last revocation.
    pub fn redo(&mut self, store: &Store) -> Result<OperationId, JournalError> {
        let last = *self.redo.last().ok_or(JournalError::NothingToRedo)?;
        let again = self.append(store, Action::Revoke { operation: last })?;
        self.redo.pop();
        self.undo.push(again);
        Ok(again)
    }

    fn append(&self, store: &Store, action: Action) -> Result<OperationId, JournalError> {
        store.transaction(|| {
            let (heads, lamport) = heads(store)?;
            let wall = jiff::Timestamp::now().as_millisecond();
            let body = Body::new(
                self.writer,
                heads,
                lamport + 1,
                wall,
                &self.author.name,
                &self.author.key,
                action,
            );
            let stored = body
                .sign(&self.author.key)
                .map_err(|problem| JournalError::Bad { id: Sha256([0; 32]), problem })?;
            store.append_operation(&stored)?;
            store.set_setting("journal_heads", &Sha256(stored.id).to_string())?;
            store.set_setting("journal_lamport", &(lamport + 1).to_string())?;
            match &body.action {
                // The newest operation decides, so it can be laid over what is there.
                Action::Mark { name, on, targets } => {
                    for target in targets {
                        if let Some(unit) = unit_of(store, target)? {
                            store.set_mark(unit, name, *on)?;
                        }
                    }
                }
                Action::Zone { .. } | Action::Revoke { .. } => project(store)?,
                Action::NoteText { .. }
                | Action::NoteDelete { .. }
                | Action::SearchSave { .. }
                | Action::SearchDrop { .. } => notes::lay(store, Sha256(stored.id), &body)?,
            }
            Ok(Sha256(stored.id))
        })
    }
}

/// The operations that nothing follows, and the highest Lamport time.
fn heads(store: &Store) -> Result<(Vec<OperationId>, u64), JournalError> {
    let heads = store.setting("journal_heads")?.unwrap_or_default();
    let heads = heads.split_whitespace().filter_map(|text| text.parse().ok()).collect();
    let lamport = store.setting("journal_lamport")?;
    Ok((heads, lamport.and_then(|text| text.parse().ok()).unwrap_or(0)))
}

/// The state that all operations add up to.
pub fn rebuild(store: &Store) -> Result<State, JournalError> {
    let mut fold = Fold::default();
    store.each_operation(|stored| {
        let id = Sha256(stored.id);
        let body = Body::parse(&stored).map_err(|problem| JournalError::Bad { id, problem })?;
        fold.push(id, body.action);
        Ok::<_, JournalError>(())
    })?;
    Ok(fold.state())
}

/// Makes the tables that screens read from the journal. Evidence that the case lacks is left
/// out; it is found when it arrives and this runs again.
pub fn project(store: &Store) -> Result<(), JournalError> {
    let state = rebuild(store)?;
    store.clear_marks()?;
    for (unit, name) in expected_marks(store, &state)? {
        store.set_mark(unit, &name, true)?;
    }
    for (document, key, status) in store.exports()? {
        match state.zones.get(&key) {
            Some(offset) => store.set_zone(document, *offset, "set")?,
            None if status == "set" => store.unset_zone(document)?,
            None => {}
        }
    }
    notes::project(store, &state)
}

pub(super) fn unit_of(store: &Store, target: &Target) -> Result<Option<Unit>, StoreError> {
    Ok(match target {
        Target::Document(key) => store.find_document(&key.0)?.map(Unit::Document),
        Target::Message(digest, nth) => store.find_message(digest, *nth)?.map(Unit::Message),
    })
}

/// How the journal names a unit of this case.
pub fn target_of(store: &Store, unit: Unit) -> Result<Target, StoreError> {
    Ok(match unit {
        Unit::Document(id) => Target::Document(store.document_key(id)?),
        Unit::Message(id) => {
            let (digest, nth) = store.message_key(id)?;
            Target::Message(digest, nth)
        }
    })
}

fn expected_marks(store: &Store, state: &State) -> Result<BTreeSet<(Unit, String)>, StoreError> {
    let mut expected = BTreeSet::new();
    for (target, names) in &state.marks {
        if let Some(unit) = unit_of(store, target)? {
            expected.extend(names.iter().map(|name| (unit, name.clone())));
        }
    }
    Ok(expected)
}

/// Checks every operation, the order of the DAG, and that the projection equals a rebuild.
pub fn check(store: &Store) -> Result<Vec<Problem>, JournalError> {
    let mut problems = Vec::new();
    let mut fold = Fold::default();
    let mut lamports: HashMap<Sha256, u64> = HashMap::new();
    let mut parents: Vec<(Sha256, u64, Vec<Sha256>)> = Vec::new();
    store.each_operation(|stored| {
        let id = Sha256(stored.id);
        match Body::check(&stored) {
            Ok(body) => {
                lamports.insert(id, body.lamport);
                parents.push((id, body.lamport, body.parents));
                fold.push(id, body.action);
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
    for (document, key, status) in store.exports()? {
        let expected = state.zones.get(&key).copied();
        let zone = (status == "set").then_some(store.zone(document)?);
        if expected != zone {
            problems.push(Problem::Projection {
                thing: format!("the zone of {document}"),
                expected: format!("{expected:?}"),
                found: format!("{zone:?}"),
            });
        }
    }
    for (thing, expected, found) in notes::differences(store, &state)? {
        problems.push(Problem::Projection { thing, expected, found });
    }
    Ok(problems)
}
