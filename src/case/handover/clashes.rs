//! What was changed on both sides of a merge without one knowing of the other. What they said of a
//! field stands side by side, in every copy the same, until somebody has looked and sets it anew.

use crate::case::{Case, CaseError};
use crate::journal::{Action, Deed, Incoming, OperationId, deeds, log};
use crate::model::disagreed::Slot;
use crate::model::finding::NoteField;
use crate::model::handover::Clash;
use crate::model::{ItemId, NoteId};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A field of which both sides said something, with the two that said it last.
struct Both {
    note: OperationId,
    field: String,
    ours: Deed,
    theirs: Deed,
    /// The fold has theirs behind ours.
    theirs_last: bool,
}

impl Case {
    /// Notes of which both sides changed the same field, or that one deleted while the other wrote
    /// in it. `new` is in the journal by now. Texts are told apart: both of them stand.
    pub(super) fn clashes(&self, new: &[&Incoming]) -> Result<Vec<Clash>, CaseError> {
        let own: HashSet<OperationId> = new.iter().map(|incoming| incoming.id()).collect();
        let notes: BTreeSet<OperationId> = new
            .iter()
            .filter_map(|incoming| match &incoming.body.action {
                Action::NoteSet { note, .. } | Action::NoteDelete { note, .. } => Some(*note),
                Action::NoteText { note, .. } => *note,
                _ => None,
            })
            // A note that came with the bundle was nobody's here.
            .filter(|note| !own.contains(note))
            .collect();
        let mut both = Vec::new();
        for note in notes {
            self.both_said(note, &own, &mut both)?;
        }
        let Some(least) = both.iter().map(|both| both.ours.body.lamport).min() else {
            return Ok(Vec::new());
        };
        let known = self.known_to(new, &own, least)?;
        both.retain(|both| !known.contains(&both.ours.id));
        both.into_iter().filter_map(|both| self.clash(&both).transpose()).collect()
    }

    /// What both sides said of a note, by field.
    fn both_said(
        &self,
        note: OperationId,
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        type Last = Option<(usize, Deed)>;
        let mut fields: BTreeMap<String, (Last, Last)> = BTreeMap::new();
        let (mut deleted, mut changed): ((Last, Last), (Last, Last)) = Default::default();
        for (at, deed) in deeds(&self.store, note)?.into_iter().enumerate() {
            if !deed.is_live {
                continue;
            }
            let said = Some((at, deed.clone()));
            let set = |place: &mut (Last, Last)| match own.contains(&deed.id) {
                true => place.1 = said.clone(),
                false => place.0 = said.clone(),
            };
            match &deed.body.action {
                Action::NoteSet { set: NoteField::Review(_), .. } => {}
                Action::NoteSet { set: field, .. } => {
                    set(fields.entry(self.field_name(field)?).or_default());
                    set(&mut changed);
                }
                Action::NoteText { note: Some(_), .. } => set(&mut changed),
                Action::NoteDelete { .. } => set(&mut deleted),
                _ => {}
            }
        }
        let mut add = |field: String, ours: Last, theirs: Last| {
            if let (Some((at, ours)), Some((their, theirs))) = (ours, theirs) {
                both.push(Both { note, field, ours, theirs, theirs_last: at < their });
            }
        };
        for (field, (ours, theirs)) in fields {
            add(field, ours, theirs);
        }
        // Who deletes it twice agrees.
        match (deleted, changed) {
            ((None, Some(theirs)), (Some(ours), _)) => {
                add("deletion".to_owned(), Some(ours), Some(theirs));
            }
            ((Some(ours), None), (_, Some(theirs))) => {
                add("deletion".to_owned(), Some(ours), Some(theirs));
            }
            _ => {}
        }
        Ok(())
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
        let (ours, theirs) = (self.said(&both.ours)?, self.said(&both.theirs)?);
        let Some(note) = self.store.find_note(&both.note)?.filter(|_| ours != theirs) else {
            return Ok(None);
        };
        let texts = self.store.note_texts(note)?;
        let line = texts
            .first()
            .and_then(|text| text.text.lines().find(|line| !line.trim().is_empty()).map(str::trim));
        let stands = match both.field.as_str() {
            "deletion" if texts.is_empty() => "it is deleted".to_owned(),
            "deletion" => "it is kept".to_owned(),
            _ if self.is_disagreed(note, &both.theirs)? => {
                "both, until somebody sets it anew".to_owned()
            }
            _ if both.theirs_last => theirs.clone(),
            _ => ours.clone(),
        };
        let title = line.unwrap_or_default().chars().take(super::summary::TITLE).collect();
        let theirs_body = &both.theirs.body;
        let by = self.signed_name(&theirs_body.author, &theirs_body.key)?;
        let field = both.field.clone();
        Ok(Some(Clash { note, title, field, ours, theirs, by, stands }))
    }

    /// Whether what was set stands beside something else.
    fn is_disagreed(&self, note: NoteId, deed: &Deed) -> Result<bool, CaseError> {
        let slot = match &deed.body.action {
            Action::NoteSet { set, .. } => set.slot(),
            _ => None,
        };
        let fields = self.note_fields(note)?;
        Ok(slot.is_some_and(|slot| fields.disagreed(slot).is_some()))
    }

    fn field_name(&self, field: &NoteField) -> Result<String, CaseError> {
        Ok(match field.slot() {
            Some(Slot::Citation(anchor)) => self.citation_name(&anchor)?,
            Some(slot) => slot.name().to_owned(),
            None => "review".to_owned(),
        })
    }

    fn citation_name(&self, anchor: &OperationId) -> Result<String, CaseError> {
        let id = self.store.find_anchor(anchor)?;
        let name = id.map_or_else(|| anchor.to_string(), |id| ItemId::Anchor(id).to_string());
        Ok(format!("citation {name}"))
    }

    /// What somebody said, in a word or two.
    fn said(&self, deed: &Deed) -> Result<String, CaseError> {
        Ok(match &deed.body.action {
            Action::NoteSet { set: NoteField::Question(Some(question)), .. } => {
                match self.store.find_note(question)? {
                    Some(id) => id.to_string(),
                    None => question.to_string(),
                }
            }
            Action::NoteSet { set, .. } => set.value(),
            Action::NoteDelete { .. } => "deleted it".to_owned(),
            action => action.words(),
        })
    }
}
