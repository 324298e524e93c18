//! The journal over the store: appending, undo and redo, projection.

use super::author::Author;
use super::earlier;
use super::fold::{Fold, State};
use super::operation::{Action, BadOperation, Body, OperationId, Target};
use super::revoke;
use super::things;
use crate::model::{Sha256, time};
use crate::store::{Store, StoreError, StoredOperation, Unit};
use std::collections::BTreeSet;

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

pub(super) fn short(id: &Sha256) -> String {
    id.to_string()[..12].to_owned()
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

    pub fn author_name(&self) -> &str {
        &self.author.name
    }

    /// Public key of the author, by which drafts and what was seen are told apart.
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
        let id = self.append(store, action, None)?;
        self.undo.push(id);
        self.redo.clear();
        Ok(id)
    }

    /// The same for marks on units that are known, in the order of the targets.
    pub fn mark(
        &mut self,
        store: &Store,
        action: Action,
        units: &[Unit],
    ) -> Result<OperationId, JournalError> {
        let id = self.append(store, action, Some(units))?;
        self.undo.push(id);
        self.redo.clear();
        Ok(id)
    }

    /// Revokes the last operation of this writer that is not undone yet, and says which. When
    /// there is none left, it is the last one of this author that is still in force, from whatever
    /// sitting.
    pub fn undo(&mut self, store: &Store) -> Result<OperationId, JournalError> {
        let last = match self.undo.last() {
            Some(last) => *last,
            None => earlier::last_of(store, &self.owner())?.ok_or(JournalError::NothingToUndo)?,
        };
        let revocation = self.append(store, Action::Revoke { operation: last }, None)?;
        self.undo.pop();
        self.redo.push(revocation);
        Ok(last)
    }

    /// The day (UTC, by its author's clock) on which an operation was written, if that was in
    /// another sitting than this.
    pub fn day_of_another(
        &self,
        store: &Store,
        id: OperationId,
    ) -> Result<Option<String>, JournalError> {
        let Some(stored) = store.operation(&id.0)?.filter(|stored| stored.writer != self.writer)
        else {
            return Ok(None);
        };
        let body = Body::parse(&stored).map_err(|problem| JournalError::Bad { id, problem })?;
        let day = time::clock_text(body.wall.div_euclid(1000));
        Ok(Some(day.split('T').next().unwrap_or_default().to_owned()))
    }

    /// Revokes the last revocation, and says by which operation.
    pub fn redo(&mut self, store: &Store) -> Result<OperationId, JournalError> {
        let last = *self.redo.last().ok_or(JournalError::NothingToRedo)?;
        let again = self.append(store, Action::Revoke { operation: last }, None)?;
        self.redo.pop();
        self.undo.push(again);
        Ok(again)
    }

    fn append(
        &self,
        store: &Store,
        action: Action,
        units: Option<&[Unit]>,
    ) -> Result<OperationId, JournalError> {
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
            let id = Sha256(stored.id);
            if store.setting(PROJECTED)?.is_none() {
                // A case of before operations were noted: this one is among them.
                project(store)?;
                return Ok(id);
            }
            let act = note(store, &stored, &body.action)?;
            match &body.action {
                // The newest operation decides, so it can be laid over what is there.
                Action::Mark { name, on, targets } => {
                    touch(store, act, name, *on, targets, units, &mut |unit| {
                        store.set_mark(unit, name, *on)
                    })?;
                }
                Action::Revoke { operation } => unproject(store, *operation)?,
                action => things::lay(store, &action.things(id))?,
            }
            Ok(id)
        })
    }
}

/// Notes an operation for those that undo it.
fn note(store: &Store, stored: &StoredOperation, action: &Action) -> Result<i64, StoreError> {
    let revokes = match action {
        Action::Revoke { operation } => Some(&operation.0),
        _ => None,
    };
    let act = store.log_act(&stored.id, stored.lamport, &stored.writer, revokes)?;
    for thing in action.things(Sha256(stored.id)) {
        store.log_hand(&thing, act)?;
    }
    Ok(act)
}

/// Notes the units that an operation on marks touched, as far as the case has them, and hands
/// each on.
fn touch(
    store: &Store,
    act: i64,
    name: &str,
    on: bool,
    targets: &[Target],
    units: Option<&[Unit]>,
    each: &mut dyn FnMut(Unit) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for (number, target) in targets.iter().enumerate() {
        let known = units.and_then(|units| units.get(number)).copied();
        if let Some(unit) = known.map_or_else(|| unit_of(store, target), |unit| Ok(Some(unit)))? {
            store.log_touch(unit, name, act, on)?;
            each(unit)?;
        }
    }
    Ok(())
}

/// Projects anew what `operation`, which was just revoked, had a part in.
fn unproject(store: &Store, operation: OperationId) -> Result<(), JournalError> {
    let base = revoke::base(store, operation)?;
    let Some(stored) = store.operation(&base.0)? else { return Ok(()) };
    let body = Body::parse(&stored).map_err(|problem| JournalError::Bad { id: base, problem })?;
    match body.action {
        Action::Mark { .. } => revoke::fold_touched(store, base),
        action => things::lay(store, &action.things(base)),
    }
}

/// What the operation `id` did in the end, whatever chain of undoing and redoing it stands in.
pub fn meaning(store: &Store, id: OperationId) -> Result<Option<Action>, JournalError> {
    let base = revoke::base(store, id)?;
    let Some(stored) = store.operation(&base.0)? else { return Ok(None) };
    let body = Body::parse(&stored).map_err(|problem| JournalError::Bad { id: base, problem })?;
    Ok(Some(body.action))
}

/// Setting of a case in which every operation is noted.
pub(super) const PROJECTED: &str = "journal_is_projected";

/// The highest Lamport time; it grows with every operation.
pub fn clock(store: &Store) -> Result<u64, StoreError> {
    let lamport = store.setting("journal_lamport")?;
    Ok(lamport.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// The operations that nothing follows, and the highest Lamport time.
fn heads(store: &Store) -> Result<(Vec<OperationId>, u64), JournalError> {
    let heads = store.setting("journal_heads")?.unwrap_or_default();
    let heads = heads.split_whitespace().filter_map(|text| text.parse().ok()).collect();
    Ok((heads, clock(store)?))
}

/// Makes the tables that screens read from the journal. Evidence that the case lacks is left
/// out; it is found when it arrives and this runs again.
pub fn project(store: &Store) -> Result<(), JournalError> {
    store.clear_marks()?;
    store.clear_things()?;
    let mut fold = Fold::default();
    store.each_operation(|stored| {
        let id = Sha256(stored.id);
        let body = Body::parse(&stored).map_err(|problem| JournalError::Bad { id, problem })?;
        let act = note(store, &stored, &body.action)?;
        if let Action::Mark { name, on, targets } = &body.action {
            touch(store, act, name, *on, targets, None, &mut |_| Ok(()))?;
        }
        fold.push(id, body);
        Ok::<_, JournalError>(())
    })?;
    store.set_setting(PROJECTED, "1")?;
    let state = fold.state();
    for (unit, name) in expected_marks(store, &state)? {
        store.set_mark(unit, &name, true)?;
    }
    // Zones that were set and are not any more have no thing: their exports go back.
    for (document, key, status) in store.exports()? {
        if status == "set" && !state.things.contains_key(&key) {
            store.unset_zone(document)?;
        }
    }
    things::write(store, &state.things)
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

pub(super) fn expected_marks(
    store: &Store,
    state: &State,
) -> Result<BTreeSet<(Unit, String)>, StoreError> {
    let mut expected = BTreeSet::new();
    for (target, names) in &state.marks {
        if let Some(unit) = unit_of(store, target)? {
            expected.extend(names.iter().map(|name| (unit, name.clone())));
        }
    }
    Ok(expected)
}
