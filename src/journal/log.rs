//! The journal over the store: appending, undo and redo.

use super::author::Author;
use super::earlier::{self, Reached};
use super::error::JournalError;
use super::heads::{HEADS, LAMPORT, clock_parts};
use super::operation::{Action, Body, OperationId};
use super::projection::{Touched, bring_up, fold_again, is_projected, note, project, touched_by};
use super::revoke;
pub use super::revoke::Force;
use super::things;
use crate::model::disagreed::Slot;
use crate::model::entity::EntityField;
use crate::model::{Sha256, time};
use crate::store::{Store, StoreError, StoredOperation, Unit};

/// The writing end: one for each opening of a case.
#[derive(Debug)]
pub struct Journal {
    author: Author,
    writer: [u8; 16],
    /// Acts, each with the operations that it took.
    undo: Vec<Vec<OperationId>>,
    redo: Vec<Vec<OperationId>>,
    /// An act of several operations is under way, and what it began with.
    open: Option<Option<OperationId>>,
    /// How far back this sitting looked for what other sittings did.
    reached: Option<Reached>,
    /// UTC milliseconds on this machine.
    now: fn() -> i64,
}

/// How far a writer had come. Of what can be undone the numbers: there may be very many acts of a
/// sitting, and what is done adds to their end.
#[derive(Clone, Debug)]
pub struct Acts {
    undo: usize,
    last: usize,
    redo: Vec<Vec<OperationId>>,
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

impl Journal {
    /// A fresh writer.
    pub fn new(author: Author) -> Result<Journal, JournalError> {
        let mut writer = [0; 16];
        getrandom::fill(&mut writer).map_err(|e| JournalError::Random(e.to_string()))?;
        let (undo, redo) = (Vec::new(), Vec::new());
        Ok(Journal { author, writer, undo, redo, open: None, reached: None, now })
    }

    pub fn author_name(&self) -> &str {
        &self.author.name
    }

    /// What of this writer can be undone and done again.
    pub fn acts(&self) -> Acts {
        let last = self.undo.last().map_or(0, Vec::len);
        Acts { undo: self.undo.len(), last, redo: self.redo.clone() }
    }

    /// Goes back to what could be undone before: what was done since was not kept. Nothing was undone
    /// since.
    pub fn forget(&mut self, before: Acts) {
        self.undo.truncate(before.undo);
        if let Some(last) = self.undo.last_mut() {
            last.truncate(before.last);
        }
        self.redo = before.redo;
    }

    /// What is done until [`Journal::end_act`] is one act. Gives whether it begins here: an act within
    /// another one is a part of that.
    pub fn begin_act(&mut self) -> bool {
        let begins = self.open.is_none();
        self.open.get_or_insert_default();
        begins
    }

    pub fn end_act(&mut self) {
        self.open = None;
    }

    /// Notes what was done.
    fn done(&mut self, id: OperationId) {
        match (&mut self.open, self.undo.last_mut()) {
            (Some(Some(_)), Some(last)) => last.push(id),
            (Some(first), _) => {
                *first = Some(id);
                self.undo.push(vec![id]);
            }
            (None, _) => self.undo.push(vec![id]),
        }
        self.redo.clear();
    }

    /// For tests: the clock of another machine.
    #[cfg(test)]
    pub fn set_clock(&mut self, now: fn() -> i64) {
        self.now = now;
    }

    pub fn author(&self) -> &Author {
        &self.author
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
        let id = self.append(store, action, None, self.open.flatten())?;
        self.done(id);
        Ok(id)
    }

    /// The same for marks on units that are known, in the order of the targets.
    pub fn mark(
        &mut self,
        store: &Store,
        action: Action,
        units: &[Unit],
    ) -> Result<OperationId, JournalError> {
        let id = self.append(store, action, Some(units), self.open.flatten())?;
        self.done(id);
        Ok(id)
    }

    /// Revokes the operations of the last act of this writer that is not undone yet, and says which
    /// of them it was about. When there is none left, it is the last one of this author that is still in force,
    /// from whatever sitting.
    pub fn undo(&mut self, store: &Store) -> Result<OperationId, JournalError> {
        let last = match self.undo.last() {
            Some(last) if !is_in_force(store, last)? => {
                self.undo.pop();
                return Err(JournalError::Elsewhere);
            }
            Some(last) => last.clone(),
            None => {
                let (owner, writer) = (self.owner(), self.writer);
                earlier::last_act(store, &owner, &writer, &mut self.reached)?
            }
        };
        let main = main_of(store, &last)?.ok_or(JournalError::NothingToUndo)?;
        let last =
            last.into_iter().map(|id| revoke::base(store, id)).collect::<Result<Vec<_>, _>>()?;
        let revocations = self.revoke(store, &last)?;
        self.undo.pop();
        self.redo.push(revocations);
        Ok(main)
    }

    /// Revokes the operations of an act, the last one first.
    fn revoke(&self, store: &Store, act: &[OperationId]) -> Result<Vec<OperationId>, JournalError> {
        store.transaction(|| {
            let mut revocations: Vec<OperationId> = Vec::new();
            let made = revoke::made(store, act)?;
            for (operation, made) in act.iter().zip(made).rev() {
                let action = things::undoing(store, *operation, made)?;
                revocations.push(self.append(store, action, None, revocations.first().copied())?);
            }
            Ok(revocations)
        })
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

    /// Revokes the last revocations, and says by which operation it did again what the act was about.
    pub fn redo(&mut self, store: &Store) -> Result<OperationId, JournalError> {
        let last = self.redo.last().ok_or(JournalError::NothingToRedo)?;
        if !is_in_force(store, last)? {
            self.redo.pop();
            return Err(JournalError::Elsewhere);
        }
        let again = self.revoke(store, last)?;
        let main = main_of(store, &again)?.ok_or(JournalError::NothingToRedo)?;
        self.redo.pop();
        self.undo.push(again);
        Ok(main)
    }

    /// Appends operations as one act, all or none, and projects once what they touch. `each` hears how many
    /// there are before each one, and says whether to go on.
    ///
    /// # Errors
    /// [`JournalError::Cancelled`]: nothing was appended.
    pub fn act_all(
        &mut self,
        store: &Store,
        actions: impl IntoIterator<Item = Action>,
        each: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Vec<OperationId>, JournalError> {
        let ids = store.transaction(|| {
            bring_up(store)?;
            let mut touched = Touched::default();
            let mut ids: Vec<OperationId> = Vec::new();
            for action in actions {
                if !each(ids.len() as u64) {
                    return Err(JournalError::Cancelled);
                }
                let act = self.open.flatten().or(ids.first().copied());
                let (stored, body) = self.put(store, action, act)?;
                note(store, &stored, &body, None, &mut touched)?;
                if let Action::Revoke { operation, .. } = body.action {
                    touched_by(store, operation, &mut touched)?;
                }
                ids.push(Sha256(stored.id));
            }
            fold_again(store, touched)?;
            Ok(ids)
        })?;
        let begins = self.begin_act();
        ids.iter().for_each(|id| self.done(*id));
        if begins {
            self.end_act();
        }
        Ok(ids)
    }

    fn append(
        &self,
        store: &Store,
        action: Action,
        units: Option<&[Unit]>,
        act: Option<OperationId>,
    ) -> Result<OperationId, JournalError> {
        store.transaction(|| {
            let (stored, body) = self.put(store, action, act)?;
            let id = Sha256(stored.id);
            if !is_projected(store)? {
                // A case of before operations were noted: this one is among them.
                project(store)?;
                return Ok(id);
            }
            let mut touched = Touched::default();
            note(store, &stored, &body, units, &mut touched)?;
            match &body.action {
                // The newest operation decides, so it can be laid over what is there.
                Action::Mark { on, .. } => {
                    for (unit, name) in &touched.marks {
                        store.set_mark(*unit, name, *on)?;
                    }
                }
                Action::Revoke { operation, .. } => {
                    touched_by(store, *operation, &mut touched)?;
                    fold_again(store, touched)?;
                }
                _ => fold_again(store, touched)?,
            }
            Ok(id)
        })
    }

    /// Puts an operation behind all others; nothing is projected.
    fn put(
        &self,
        store: &Store,
        action: Action,
        act: Option<OperationId>,
    ) -> Result<(StoredOperation, Body), JournalError> {
        let (heads, lamport) = clock_parts(store)?;
        let action = match action {
            // Without its tables nobody can tell what stands: the last one decides then.
            action if !is_projected(store)? => action,
            Action::NoteSet { note, set, over: None } => {
                let slot = set.slot();
                let over = slot.map(|slot| things::standing(store, note, slot));
                Action::NoteSet { note, set, over: over.transpose()? }
            }
            Action::EntitySet { entity, set, over: None } => {
                let slot = set.slot();
                let over = match &set {
                    EntityField::Attribute { attribute, .. } => {
                        Some(things::noted(store, entity, &attribute.key))
                    }
                    _ => slot.map(|slot| things::standing(store, entity, slot)),
                };
                Action::EntitySet { entity, set, over: over.transpose()? }
            }
            Action::EntityDrop { entity, over: None, knew: None } => {
                let knew = Some(things::hands(store, entity)?);
                Action::EntityDrop { entity, over: None, knew }
            }
            Action::AnchorDrop { anchor, knew: None, .. } => {
                let knew = Some(things::hands_and_citings(store, anchor)?);
                Action::AnchorDrop { anchor, knew, cited: true }
            }
            Action::NoteDelete { note, over, knew: None } => {
                let knew = Some(things::known_of_note(store, note, &over)?);
                Action::NoteDelete { note, over, knew }
            }
            Action::EntityMerge { entity, into, why, over: None } => {
                let over = Some(things::standing(store, entity, Slot::Merged)?);
                Action::EntityMerge { entity, into, why, over }
            }
            action => action,
        };
        let wall = (self.now)();
        let mut body = Body::new(
            self.writer,
            heads,
            lamport + 1,
            wall,
            &self.author.name,
            &self.author.key,
            action,
        );
        body.act = act;
        for anchor in body.cites() {
            if !store.is_anchor_there(&anchor)? {
                body.gone.push(anchor);
            }
        }
        let stored = body
            .sign(&self.author.key)
            .map_err(|problem| JournalError::Bad { id: Sha256([0; 32]), problem })?;
        store.append_operation(&stored)?;
        store.set_setting(HEADS, &Sha256(stored.id).to_string())?;
        store.set_setting(LAMPORT, &(lamport + 1).to_string())?;
        Ok((stored, body))
    }
}

/// An operation that the case has.
pub fn body(store: &Store, id: OperationId) -> Result<Option<Body>, JournalError> {
    store.operation(&id.0)?.as_ref().map(parse).transpose()
}

/// What a stored operation says, without checking it.
pub fn parse(stored: &StoredOperation) -> Result<Body, JournalError> {
    let id = Sha256(stored.id);
    Body::parse(stored).map_err(|problem| JournalError::Bad { id, problem })
}

/// What the operation `id` did in the end, whatever chain of undoing and redoing it stands in, and
/// the operation that did it first.
pub fn meaning(
    store: &Store,
    id: OperationId,
) -> Result<Option<(OperationId, Action)>, JournalError> {
    let base = revoke::base(store, id)?;
    Ok(body(store, base)?.map(|body| (base, body.action)))
}

/// Whether anything of an act is in force: another handle may have undone it meanwhile.
fn is_in_force(store: &Store, act: &[OperationId]) -> Result<bool, StoreError> {
    let mut force = Force::default();
    for id in act {
        if force.is_in_force(store, *id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which operation of an act it is named by: the first one that made a note or an entity, else that
/// wrote a text, else the first of all. An anchor made on the way to a note is no act to its author.
fn main_of(store: &Store, act: &[OperationId]) -> Result<Option<OperationId>, JournalError> {
    let mut main = act.first().copied();
    if act.len() < 2 {
        return Ok(main);
    }
    let mut has_text = false;
    for id in act {
        match meaning(store, *id)? {
            Some((_, action)) if action.makes_note_or_entity() => return Ok(Some(*id)),
            Some((_, Action::NoteText { .. })) if !has_text => {
                has_text = true;
                main = Some(*id);
            }
            _ => {}
        }
    }
    Ok(main)
}
