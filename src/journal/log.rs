//! The journal over the store: appending, undo and redo, projection.

use super::author::Author;
use super::earlier;
use super::fold::{Fold, State};
use super::locate;
use super::operation::{Action, BadOperation, Body, OperationId, Reference, Target, citing};
use super::references;
use super::revoke;
pub use super::revoke::Force;
use super::things;
use crate::model::disagreed::Slot;
use crate::model::entity::EntityField;
use crate::model::{Anchor, Sha256, time};
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
    #[error("it was undone or done again in another window")]
    Elsewhere,
    #[error("no random numbers: {0}")]
    Random(String),
    #[error("cancelled")]
    Cancelled,
}

pub(super) fn short(id: &Sha256) -> String {
    id.to_string()[..12].to_owned()
}

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
    /// UTC milliseconds on this machine.
    now: fn() -> i64,
}

/// What a writer can undo and do again.
#[derive(Clone, Debug)]
pub struct Acts {
    undo: Vec<Vec<OperationId>>,
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
        Ok(Journal { author, writer, undo: Vec::new(), redo: Vec::new(), open: None, now })
    }

    pub fn author_name(&self) -> &str {
        &self.author.name
    }

    /// What of this writer can be undone and done again.
    pub fn acts(&self) -> Acts {
        Acts { undo: self.undo.clone(), redo: self.redo.clone() }
    }

    /// Goes back to what could be undone before: what came since was not kept.
    pub fn forget(&mut self, before: Acts) {
        (self.undo, self.redo) = (before.undo, before.redo);
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
            None => earlier::last_act(store, &self.owner())?,
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

/// What has to be folded again.
#[derive(Default)]
pub(super) struct Touched {
    pub marks: BTreeSet<(Unit, String)>,
    pub things: BTreeSet<OperationId>,
}

/// Notes an operation for those that undo it, and what it touches as far as the case has it; of
/// marks on what it has not, how many wait for it. `units` are the targets where they are known.
pub(super) fn note(
    store: &Store,
    stored: &StoredOperation,
    body: &Body,
    units: Option<&[Unit]>,
    touched: &mut Touched,
) -> Result<(), StoreError> {
    let action = &body.action;
    let revokes = match action {
        Action::Revoke { operation, .. } => Some(&operation.0),
        _ => None,
    };
    let act = store.log_act(&stored.id, stored.lamport, &stored.writer, revokes)?;
    let things = action.things(Sha256(stored.id));
    for thing in &things {
        store.log_hand(thing, act)?;
    }
    touched.things.extend(things);
    for anchor in body.cites() {
        store.log_hand(&citing(anchor), act)?;
    }
    touched.things.extend(things::cited_and_parted_with(store, body)?);
    let mut waiting = 0;
    if let Action::Mark { name, on, targets } = action {
        for (number, target) in targets.iter().enumerate() {
            let known = units.and_then(|units| units.get(number)).copied();
            match known.map_or_else(|| unit_of(store, target), |unit| Ok(Some(unit)))? {
                Some(unit) => {
                    store.log_touch(unit, name, act, *on)?;
                    touched.marks.insert((unit, name.clone()));
                }
                None => waiting += 1,
            }
        }
    } else {
        waiting = missing(store, action)?;
    }
    store.log_waiting(act, waiting)
}

/// Documents, messages, conversations, accounts, exports and texts that an action is about or names,
/// and the case has not.
pub(super) fn missing(store: &Store, action: &Action) -> Result<u64, StoreError> {
    let mut missing = 0;
    match action {
        Action::Mark { targets, .. } => {
            for target in targets {
                missing += u64::from(unit_of(store, target)?.is_none());
            }
        }
        Action::Zone { export, .. } => {
            missing += u64::from(store.find_document(&export.0)?.is_none());
        }
        Action::Anchor { anchor: Anchor::Passage(passage), .. } => {
            missing += u64::from(!locate::has_text(store, passage)?);
        }
        Action::NoteText { references, .. } => {
            let evidence = references.iter().map(|(_, reference)| reference).filter(|own| {
                matches!(
                    own,
                    Reference::Evidence(_)
                        | Reference::Conversation { .. }
                        | Reference::Account { .. }
                )
            });
            for reference in evidence {
                missing += u64::from(references::item_of(store, reference)?.is_none());
            }
        }
        action => {
            for account in action.accounts_given() {
                let found = store.find_account(&account.platform, &account.handle)?;
                missing += u64::from(found.is_none());
            }
        }
    }
    Ok(missing)
}

/// What `operation`, which was just revoked, had a part in.
pub(super) fn touched_by(
    store: &Store,
    operation: OperationId,
    touched: &mut Touched,
) -> Result<(), JournalError> {
    let base = revoke::base(store, operation)?;
    let Some(body) = body(store, base)? else { return Ok(()) };
    match &body.action {
        Action::Mark { .. } => {
            if let Some(act) = store.act(&base.0)? {
                touched.marks.extend(store.touched_by(act.seq)?);
            }
        }
        _ => {
            touched.things.extend(body.action.things(base));
            touched.things.extend(things::cited_and_parted_with(store, &body)?);
        }
    }
    Ok(())
}

/// Projects anew what was touched, and nothing else.
pub(super) fn fold_again(store: &Store, mut touched: Touched) -> Result<(), JournalError> {
    // What was done to a thing may be what an undoing did not know of: all that comes or goes with
    // that is another now.
    for thing in &touched.things.clone() {
        for revoked in store.revoked_with(thing)? {
            touched_by(store, Sha256(revoked), &mut touched)?;
        }
    }
    revoke::fold_marks(store, &touched.marks)?;
    things::lay(store, &touched.things)
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

/// Operations in force that name evidence that the case has not, and how much of it.
pub fn waiting(store: &Store) -> Result<Vec<(OperationId, u64)>, JournalError> {
    let mut force = Force::default();
    let mut waiting = Vec::new();
    for (act, missing) in store.waiting()? {
        if force.is_live(store, &act)? {
            waiting.push((Sha256(act.id), missing));
        }
    }
    Ok(waiting)
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

/// Setting of a case in which every operation is noted and laid out.
const PROJECTED: &str = "journal_is_projected";

/// Its value where this version did it: since `2`, citations stand in the order in which they were
/// made; since `3`, an entity knows what was merged into it; since `4`, an undoing has a hand in what
/// it takes away, and none in what others did; since `5`, who puts a note under a question does not
/// write it; since `6`, who cites an anchor has a hand in that.
const PROJECTION: &str = "6";

/// Whether the tables say what this version makes of the journal.
pub(super) fn is_projected(store: &Store) -> Result<bool, StoreError> {
    Ok(store.setting(PROJECTED)?.as_deref() == Some(PROJECTION))
}

/// Makes the projection anew where an older version made it.
pub fn bring_up(store: &Store) -> Result<(), JournalError> {
    store.transaction(|| match is_projected(store)? {
        true => Ok(()),
        false => project(store),
    })
}

/// Whether an older version made the projection.
pub fn is_behind(store: &Store) -> Result<bool, StoreError> {
    Ok(!is_projected(store)? && store.operation_count()? > 0)
}

/// Settings: the operations that nothing follows; the highest Lamport time; merges so far.
pub(super) const HEADS: &str = "journal_heads";
pub(super) const LAMPORT: &str = "journal_lamport";
pub(super) const MERGES: &str = "journal_merges";

/// A number that grows with every operation and with every merge.
pub fn clock(store: &Store) -> Result<u64, StoreError> {
    let (lamport, merges) = ages(store)?;
    Ok(lamport + merges)
}

/// The highest Lamport time, and how often operations of others came in, which may be older.
pub fn ages(store: &Store) -> Result<(u64, u64), StoreError> {
    Ok((number(store, LAMPORT)?, number(store, MERGES)?))
}

fn number(store: &Store, setting: &str) -> Result<u64, StoreError> {
    Ok(store.setting(setting)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// The operations that nothing follows, and the highest Lamport time.
pub(super) fn clock_parts(store: &Store) -> Result<(Vec<OperationId>, u64), StoreError> {
    let heads = store.setting(HEADS)?.unwrap_or_default();
    let heads = heads.split_whitespace().filter_map(|text| text.parse().ok()).collect();
    Ok((heads, number(store, LAMPORT)?))
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
        note(store, &stored, &body, None, &mut Touched::default())?;
        fold.push(id, body);
        Ok::<_, JournalError>(())
    })?;
    store.set_setting(PROJECTED, PROJECTION)?;
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

pub fn unit_of(store: &Store, target: &Target) -> Result<Option<Unit>, StoreError> {
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
