//! The tables that screens read, made from the journal: all of them anew, or what an operation touched.

use super::error::JournalError;
use super::fold::{Fold, State};
use super::log::body;
use super::operation::{Action, Body, OperationId, Reference, citing};
use super::revoke::{self, Force};
use super::unit::unit_of;
use super::{locate, references, things};
use crate::model::{Anchor, Sha256};
use crate::store::{Store, StoreError, StoredOperation, Unit};
use std::collections::BTreeSet;

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
