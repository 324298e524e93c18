//! What was changed on both sides of a merge without one knowing of the other. What they said of a
//! field stands side by side, in every copy the same, until somebody has looked and sets it anew.
//!
//! - here: which of it is a clash, and what stands then
//! - `fields.rs`: of which field both said something · `gone.rs`: what one deleted and the other stands on ·
//!   `owned.rs`: accounts that two own, merges in a circle · `words.rs`: what each did, in words

mod fields;
mod gone;
mod owned;
mod words;

use crate::case::{Case, CaseError, entities};
use crate::journal::{Action, Deed, Incoming, OperationId, log};
use crate::model::disagreed::Slot;
use crate::model::handover::{Clash, UNDOING};
use crate::model::{EntityId, NoteId};
use std::collections::{BTreeSet, HashSet};

/// What an entity is a part of.
const MERGED: &str = "merged into";

/// A field of which both sides said something, with the two that said it last.
struct Both {
    thing: OperationId,
    field: String,
    ours: Deed,
    theirs: Deed,
    stands: Stands,
}

/// What holds when both are in the journal.
enum Stands {
    /// What was said last, in the order of the fold.
    Theirs,
    Ours,
    /// A deletion, or what was done meanwhile.
    IfThere,
    /// What both said beside one another.
    Both,
    Words(String),
}

impl Case {
    /// Notes and entities of which both sides changed the same field, or that one deleted while the
    /// other changed them; accounts that both gave away. `new` is in the journal by now. Texts are
    /// told apart: both of them stand.
    pub(super) fn clashes(&self, new: &[&Incoming]) -> Result<Vec<Clash>, CaseError> {
        let own: HashSet<OperationId> = new.iter().map(|incoming| incoming.id()).collect();
        let things: BTreeSet<OperationId> = new
            .iter()
            .flat_map(|incoming| incoming.body.action.things(incoming.id()))
            // What came with the bundle was nobody's here.
            .filter(|thing| !own.contains(thing))
            .collect();
        let mut both = Vec::new();
        for thing in things {
            self.both_said(thing, &own, &mut both)?;
        }
        self.both_gave(new, &own, &mut both)?;
        self.named_and_gone(new, &own, &mut both)?;
        self.both_merged(new, &own, &mut both)?;
        let Some(least) = both.iter().map(|both| both.ours.body.lamport).min() else {
            return Ok(Vec::new());
        };
        let known = self.known_to(new, &own, least)?;
        both.retain(|both| !known.contains(&both.ours.id));
        let clashes = both.into_iter().filter_map(|both| self.clash(&both).transpose());
        let mut clashes = clashes.collect::<Result<Vec<Clash>, CaseError>>()?;
        // By the number that this case gave, not by the operation's: it reads as its lists do.
        clashes.sort_by_key(Clash::item);
        Ok(clashes)
    }

    /// Operations of this case that whoever wrote `new` knew of, as far back as `least`.
    fn known_to(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        least: u64,
    ) -> Result<HashSet<OperationId>, CaseError> {
        let parents = new.iter().flat_map(|incoming| incoming.body.parents.iter().copied());
        let mut open: Vec<OperationId> = parents.filter(|id| !own.contains(id)).collect();
        let mut known = HashSet::new();
        while let Some(id) = open.pop() {
            if !known.insert(id) {
                continue;
            }
            let Some(stored) = self.store.operation(&id.0)? else { continue };
            if stored.lamport > least {
                open.extend(log::parse(&stored)?.parents);
            }
        }
        Ok(known)
    }

    /// `None` where both say the same.
    fn clash(&self, both: &Both) -> Result<Option<Clash>, CaseError> {
        let said = |deed: &Deed| match &both.stands {
            Stands::IfThere => self.said_of_it(both.thing, deed),
            _ => self.said(deed),
        };
        let (ours, theirs) = (said(&both.ours)?, said(&both.theirs)?);
        let Some(item) = self.item_made_by(&both.thing)?.filter(|_| ours != theirs) else {
            return Ok(None);
        };
        let note = self.store.find_note(&both.thing)?;
        let entity = self.store.find_entity(&both.thing)?.filter(|_| note.is_none());
        let anchor = self.store.find_anchor(&both.thing)?;
        let anchor = anchor.filter(|_| note.is_none() && entity.is_none());
        let stands = match &both.stands {
            Stands::IfThere if !self.is_there(item)? => match both.field.as_str() {
                UNDOING => "it is undone".to_owned(),
                _ => "it is deleted".to_owned(),
            },
            Stands::IfThere => "it is kept, until somebody deletes it again".to_owned(),
            Stands::Both => "both, until somebody takes one away".to_owned(),
            Stands::Theirs | Stands::Ours if self.is_disagreed(note, entity, &both.theirs)? => {
                "both, until somebody sets it anew".to_owned()
            }
            Stands::Theirs => theirs.clone(),
            Stands::Ours => ours.clone(),
            Stands::Words(words) => words.clone(),
        };
        let title = self.title_of(&both.thing)?;
        let theirs_body = &both.theirs.body;
        let by = self.signed_name(&theirs_body.author, &theirs_body.key)?;
        let field = both.field.clone();
        Ok(Some(Clash { note, entity, anchor, title, field, ours, theirs, by, stands }))
    }

    /// Whether what was set stands beside something else.
    fn is_disagreed(
        &self,
        note: Option<NoteId>,
        entity: Option<EntityId>,
        deed: &Deed,
    ) -> Result<bool, CaseError> {
        let slot = match &deed.body.action {
            Action::NoteSet { set, .. } => set.slot(),
            Action::EntitySet { set, .. } => set.slot(),
            Action::EntityMerge { .. } => Some(Slot::Merged),
            _ => None,
        };
        let Some(slot) = slot else { return Ok(false) };
        if let Some(note) = note {
            return Ok(self.note_fields(note)?.disagreed(slot).is_some());
        }
        let own = entities::own(&self.store)?.into_iter().find(|own| Some(own.id) == entity);
        Ok(own.is_some_and(|own| own.fields.disagreed.iter().any(|own| own.slot == slot)))
    }
}
