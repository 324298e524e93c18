//! Fields of a note or an entity of which both sides said something, and what one changed while the
//! other deleted it.

use super::gone::{going, gone_by};
use super::{Both, MERGED, Stands};
use crate::case::{Case, CaseError};
use crate::journal::{Action, Deed, OperationId, deeds, undoings};
use crate::model::disagreed::Slot;
use crate::model::entity::EntityField;
use crate::model::finding::{NoteField, NoteKind};
use crate::model::handover::{DELETION, UNDOING};
use std::collections::{BTreeMap, HashSet};

/// Fields that a finding alone shows.
const OF_FINDINGS: [Slot; 3] = [Slot::Standing, Slot::Confidence, Slot::Likelihood];

/// Whether what was said of an attribute stands when another value of it is taken away.
fn is_in_place_of(said: &Deed, taken: &EntityField) -> bool {
    let EntityField::Attribute { attribute: taken, on: false } = taken else { return false };
    match &said.body.action {
        Action::EntitySet { set: EntityField::Attribute { attribute, on: true }, .. } => {
            attribute.value != taken.value
        }
        _ => false,
    }
}

impl Case {
    /// What both sides said of a note or an entity, by field.
    pub(super) fn both_said(
        &self,
        thing: OperationId,
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        type Last = Option<(usize, Deed)>;
        let mut fields: BTreeMap<String, (Last, Last)> = BTreeMap::new();
        let (mut deleted, mut changed): ((Last, Last), (Last, Last)) = Default::default();
        let mut split: (Last, Last) = Default::default();
        let undone = undoings(&self.store, thing)?;
        for (at, deed) in deeds(&self.store, thing)?.into_iter().chain(undone).enumerate() {
            if !deed.is_live {
                continue;
            }
            let said = Some((at, deed.clone()));
            let set = |place: &mut (Last, Last)| match own.contains(&deed.id) {
                true => place.1 = said.clone(),
                false => place.0 = said.clone(),
            };
            match &deed.body.action {
                Action::NoteSet { set: NoteField::Review(_), .. } => set(&mut changed),
                Action::NoteSet { set: field, .. } => {
                    set(fields.entry(self.field_name(field)?).or_default());
                    set(&mut changed);
                }
                Action::EntitySet { set: field, .. } => {
                    let place = fields.entry(field.about()).or_default();
                    let before = if own.contains(&deed.id) { &place.1 } else { &place.0 };
                    // Whoever takes a value away for another one says that one.
                    if !before.as_ref().is_some_and(|(_, said)| is_in_place_of(said, field)) {
                        set(place);
                    }
                    set(&mut changed);
                }
                Action::EntitySplit { from, .. } if *from == thing => {
                    set(&mut split);
                    set(&mut changed);
                }
                Action::EntityMerge { entity, .. } if *entity == thing => {
                    set(fields.entry(MERGED.to_owned()).or_default());
                    set(&mut changed);
                }
                Action::Tag { name, .. } => {
                    set(fields.entry(format!("tag {name}")).or_default());
                    set(&mut changed);
                }
                action if !gone_by(deed.id, action).is_empty() => set(&mut deleted),
                // What made it was known to both.
                _ if deed.id == thing => {}
                _ => set(&mut changed),
            }
        }
        let merged = fields.get(MERGED).cloned().unwrap_or_default();
        let shown = match self.store.find_note(&thing)? {
            Some(note) => self.note_fields(note)?.kind,
            None => NoteKind::Finding,
        };
        let is_beside = |ours: &Deed, theirs: &Deed| {
            let value = |deed: &Deed| match &deed.body.action {
                Action::EntitySet {
                    set: EntityField::Attribute { attribute, on: true }, ..
                } => Some(attribute.value.clone()),
                _ => None,
            };
            value(ours).zip(value(theirs)).is_some_and(|(ours, theirs)| ours != theirs)
        };
        let mut add = |field: String, ours: Last, theirs: Last| {
            if let (Some((at, ours)), Some((their, theirs))) = (ours, theirs) {
                let stands = match field.as_str() {
                    DELETION | UNDOING => Stands::IfThere,
                    _ if is_beside(&ours, &theirs) => Stands::Both,
                    _ if at < their => Stands::Theirs,
                    _ => Stands::Ours,
                };
                both.push(Both { thing, field, ours, theirs, stands });
            }
        };
        let kind = fields.get(Slot::Kind.name()).cloned().unwrap_or_default();
        let of_findings: Vec<(&str, (Last, Last))> = OF_FINDINGS
            .iter()
            .filter_map(|slot| Some((slot.name(), fields.get(slot.name())?.clone())))
            .collect();
        for (field, (ours, theirs)) in fields {
            add(field, ours, theirs);
        }
        // Who deletes it twice agrees.
        match (deleted, changed) {
            ((None, Some(theirs)), (Some(ours), _)) => {
                add(going(&theirs.1), Some(ours), Some(theirs));
            }
            ((Some(ours), None), (_, Some(theirs))) => {
                add(going(&ours.1), Some(ours), Some(theirs));
            }
            _ => {}
        }
        let mut beside = |field: &str, ours: Last, theirs: Last, words: String| {
            if let (Some((_, ours)), Some((_, theirs))) = (ours, theirs) {
                let stands = Stands::Words(words);
                both.push(Both { thing, field: field.to_owned(), ours, theirs, stands });
            }
        };
        let apart = || "both: what was split off is not in it".to_owned();
        beside(MERGED, merged.0, split.1, apart());
        beside(MERGED, split.0, merged.1, apart());
        // What only a finding shows is not seen any more where somebody made it something else.
        if !shown.claims() {
            for (field, (ours, theirs)) in of_findings {
                let hidden = || format!("it is a {}, which shows no {field}", shown.word());
                beside(field, kind.0.clone(), theirs, hidden());
                beside(field, ours, kind.1.clone(), hidden());
            }
        }
        Ok(())
    }
}
