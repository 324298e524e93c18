//! What was changed on both sides of a merge without one knowing of the other. What they said of a
//! field stands side by side, in every copy the same, until somebody has looked and sets it anew.

use crate::case::{Case, CaseError, entities};
use crate::journal::{Action, Deed, Incoming, OperationId, citings, deeds, log, undoings};
use crate::model::disagreed::{Said, Slot};
use crate::model::entity::EntityField;
use crate::model::finding::{NoteField, NoteKind};
use crate::model::handover::{Clash, DELETION, UNDOING};
use crate::model::{AccountKey, EntityId, ItemId, NoteId, Reference};
use std::collections::{BTreeMap, BTreeSet, HashSet};

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

/// What is gone by an operation, where nobody did anything with it meanwhile: what it deletes, or what
/// was made by the operation that it undoes.
fn gone_by(id: OperationId, action: &Action) -> Vec<OperationId> {
    match action {
        Action::Revoke { operation, .. } => vec![*operation],
        action if action.deletes() => action.things(id),
        _ => Vec::new(),
    }
}

/// What a clash is about where this is how one side parted with a thing.
fn going(deed: &Deed) -> String {
    let is_undoing = matches!(deed.body.action, Action::Revoke { .. });
    if is_undoing { UNDOING } else { DELETION }.to_owned()
}

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

/// Whether a note's text names a thing, or the note is put to it as to its question. What cites an
/// anchor is told by the journal.
fn names(action: &Action, thing: OperationId) -> bool {
    match action {
        Action::NoteText { references, .. } => references.iter().any(|(_, reference)| {
            matches!(
                reference,
                Reference::Note(made) | Reference::Entity(made) if *made == thing
            )
        }),
        Action::NoteSet { set: NoteField::Question(question), .. } => *question == Some(thing),
        _ => false,
    }
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

    /// What both sides said of a note or an entity, by field.
    fn both_said(
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

    /// What one side deleted and the other named in a note, or put a note to as to its question.
    fn named_and_gone(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        let mut force = log::Force::default();
        let mut pairs: BTreeMap<(OperationId, OperationId), (Deed, Deed)> = BTreeMap::new();
        for incoming in new {
            if !force.is_in_force(&self.store, incoming.id())? {
                continue;
            }
            let theirs = Deed { id: incoming.id(), body: incoming.body.clone(), is_live: true };
            let gone = gone_by(theirs.id, &theirs.body.action);
            if !gone.is_empty() {
                for thing in gone {
                    let Some(item) = self.item_made_by(&thing)? else { continue };
                    if let ItemId::Anchor(_) = item {
                        if own.contains(&thing) {
                            continue;
                        }
                        for ours in citings(&self.store, thing)? {
                            if ours.is_live && !own.contains(&ours.id) {
                                let by = ours.body.action.things(ours.id);
                                let by = by.first().copied().unwrap_or(ours.id);
                                pairs.insert((thing, by), (ours, theirs.clone()));
                            }
                        }
                        continue;
                    }
                    if own.contains(&thing) || self.is_there(item)? {
                        continue;
                    }
                    let mut naming = self.store.notes_naming(item)?;
                    if let ItemId::Note(_) = item {
                        naming.extend(self.notes_put_to(thing)?);
                    }
                    for note in naming {
                        let made = self.store.note_operation(note)?;
                        let naming = deeds(&self.store, made)?
                            .into_iter()
                            .rfind(|deed| deed.is_live && names(&deed.body.action, thing));
                        if let Some(ours) = naming.filter(|deed| !own.contains(&deed.id)) {
                            pairs.insert((thing, made), (ours, theirs.clone()));
                        }
                    }
                }
                continue;
            }
            let (Action::NoteText { .. } | Action::NoteSet { .. } | Action::EntitySet { .. }) =
                &theirs.body.action
            else {
                continue;
            };
            let cited = theirs.body.cites();
            for thing in theirs.body.action.names() {
                let is_cited = cited.contains(&thing);
                if own.contains(&thing) || !(is_cited || names(&theirs.body.action, thing)) {
                    continue;
                }
                let Some(item) = self.item_made_by(&thing)? else { continue };
                let note = theirs.body.action.things(theirs.id);
                if (!is_cited && self.is_there(item)?) || note.contains(&thing) {
                    continue;
                }
                let deletion = deeds(&self.store, thing)?
                    .into_iter()
                    .chain(undoings(&self.store, thing)?)
                    .rfind(|deed| deed.is_live && gone_by(deed.id, &deed.body.action) == [thing]);
                if let Some(ours) = deletion.filter(|deed| !own.contains(&deed.id)) {
                    let note = note.first().copied().unwrap_or(theirs.id);
                    pairs.insert((thing, note), (ours, theirs.clone()));
                }
            }
        }
        for ((thing, _), (ours, theirs)) in pairs {
            let is_gone_here = !gone_by(ours.id, &ours.body.action).is_empty();
            let field = going(if is_gone_here { &ours } else { &theirs });
            both.push(Both { thing, field, ours, theirs, stands: Stands::IfThere });
        }
        Ok(())
    }

    /// Notes that answer to a question, whether it is there or not.
    fn notes_put_to(&self, question: OperationId) -> Result<Vec<NoteId>, CaseError> {
        let mut put = Vec::new();
        for head in self.store.note_heads()? {
            let Some(id) = head.row.id else { continue };
            if self.note_fields(id)?.question == Some(question) {
                put.push(id);
            }
        }
        Ok(put)
    }

    /// Accounts that each side gave to another entity: both have them.
    fn both_gave(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        let given: BTreeSet<&AccountKey> =
            new.iter().flat_map(|incoming| incoming.body.action.accounts_given()).collect();
        if given.is_empty() {
            return Ok(());
        }
        let all = entities::all(&self.store)?;
        for account in given {
            // Here and there, with the entity.
            let (mut here, mut there) = (None, None);
            let owners = all.iter().filter(|entity| entity.fields.accounts.contains(account));
            for entity in owners {
                let mut things = vec![entity.operation];
                for id in &entity.merged {
                    things.push(self.store.entity_operation(*id)?);
                }
                for thing in things {
                    for deed in deeds(&self.store, thing)?.into_iter().filter(|deed| deed.is_live) {
                        let gives = deed.body.action.accounts_given().any(|known| known == account)
                            && !matches!(&deed.body.action, Action::EntitySplit { from, .. } if *from == thing);
                        match (gives, own.contains(&deed.id)) {
                            (true, true) => there = Some((entity.operation, deed)),
                            (true, false) => here = Some((entity.operation, deed)),
                            (false, _) => {}
                        }
                    }
                }
            }
            let (Some((thing, ours)), Some((other, theirs))) = (here, there) else { continue };
            if thing != other {
                let (here, there) = (self.called(&thing)?, self.called(&other)?);
                both.push(Both {
                    thing,
                    field: format!("owner of the account {}", account.handle),
                    ours,
                    theirs,
                    stands: Stands::Words(format!("{here} and {there} both have it")),
                });
            }
        }
        Ok(())
    }

    /// Entities that each side merged the other way round.
    fn both_merged(
        &self,
        new: &[&Incoming],
        own: &HashSet<OperationId>,
        both: &mut Vec<Both>,
    ) -> Result<(), CaseError> {
        let is_merge = |deed: &Deed, thing: OperationId| {
            deed.is_live
                && matches!(&deed.body.action, Action::EntityMerge { entity, .. } if *entity == thing)
        };
        let mut done: BTreeSet<OperationId> = BTreeSet::new();
        for incoming in new {
            let Action::EntityMerge { entity, into: Some(first), .. } = &incoming.body.action
            else {
                continue;
            };
            // Along what each was merged into last, until that comes back to where it began.
            let (mut at, mut circle) = (*first, Vec::new());
            let mut seen: HashSet<OperationId> = HashSet::new();
            while at != *entity && seen.insert(at) {
                let mut merges = deeds(&self.store, at)?.into_iter();
                let last = merges.rfind(|deed| is_merge(deed, at));
                let Some(deed) = last else { break };
                let Action::EntityMerge { into: Some(into), .. } = &deed.body.action else { break };
                at = *into;
                circle.push(deed);
            }
            let is_last =
                deeds(&self.store, *entity)?.into_iter().rfind(|deed| is_merge(deed, *entity));
            let Some(theirs) = is_last.filter(|deed| deed.id == incoming.id()) else { continue };
            if at != *entity || !done.insert(*entity) {
                continue;
            }
            if let Some(ours) = circle.into_iter().find(|deed| !own.contains(&deed.id)) {
                let id = self.store.find_entity(entity)?;
                let root = entities::all(&self.store)?.into_iter().find(|known| {
                    known.operation == *entity || id.is_some_and(|id| known.merged.contains(&id))
                });
                let root = root
                    .map_or_else(String::new, |root| format!("{} {}", root.id, root.fields.name));
                let stands = Stands::Words(format!("they are one, called {root}"));
                both.push(Both { thing: *entity, field: MERGED.to_owned(), ours, theirs, stands });
            }
        }
        Ok(())
    }

    /// An entity as this case numbers and names it.
    pub(super) fn called(&self, entity: &OperationId) -> Result<String, CaseError> {
        match self.store.find_entity(entity)? {
            Some(id) => Ok(format!("{id} {}", self.title_of(entity)?)),
            None => Ok(entity.to_string()),
        }
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

    fn field_name(&self, field: &NoteField) -> Result<String, CaseError> {
        Ok(match field.slot() {
            Some(Slot::Citation(anchor)) => self.citation_name(&anchor)?,
            Some(slot) => slot.name().to_owned(),
            None => "review".to_owned(),
        })
    }

    pub(super) fn citation_name(&self, anchor: &OperationId) -> Result<String, CaseError> {
        let id = self.store.find_anchor(anchor)?;
        let name = id.map_or_else(|| anchor.to_string(), |id| ItemId::Anchor(id).to_string());
        Ok(format!("citation {name}"))
    }

    /// What somebody did with a thing that the other side deleted.
    fn said_of_it(&self, thing: OperationId, deed: &Deed) -> Result<String, CaseError> {
        let action = &deed.body.action;
        let of = action.things(deed.id);
        Ok(match action {
            Action::Revoke { .. } => "took it back".to_owned(),
            action if action.deletes() => "deleted it".to_owned(),
            Action::EntityMerge { into: Some(_), .. } => self.said(deed)?,
            _ if of.contains(&thing) => action.words_of_it(),
            // A note that names it.
            _ => {
                let note = match of.first() {
                    Some(made) => match self.item_made_by(made)? {
                        Some(id) => Some(format!("{id} {}", self.title_of(made)?)),
                        None => None,
                    },
                    None => None,
                };
                let note = note.unwrap_or_else(|| "a note".to_owned());
                match action {
                    _ if deed.body.cites().contains(&thing) => format!("cited it in {note}"),
                    Action::NoteSet { set: NoteField::Question(_), .. } => {
                        format!("answered it by {note}")
                    }
                    _ => format!("named it in {note}"),
                }
            }
        })
    }

    /// What somebody said, in a word or two.
    fn said(&self, deed: &Deed) -> Result<String, CaseError> {
        Ok(match &deed.body.action {
            Action::NoteSet { set: NoteField::Question(Some(question)), .. } => {
                match self.store.find_note(question)? {
                    Some(id) => format!("{id} {}", self.title_of(question)?),
                    None => question.to_string(),
                }
            }
            Action::NoteSet { set, .. } => set.value(),
            Action::Tag { on: true, .. } => "put on".to_owned(),
            Action::Tag { on: false, .. } => "taken off".to_owned(),
            Action::EntitySet { set: EntityField::Alias { on: true, .. }, .. } => {
                "added".to_owned()
            }
            Action::EntitySet { set: EntityField::Alias { on: false, .. }, .. } => {
                "taken away".to_owned()
            }
            Action::EntitySet { set: EntityField::Attribute { on: false, .. }, .. } => {
                "taken away".to_owned()
            }
            Action::EntitySet { entity, set: EntityField::Account { on: true, .. }, .. } => {
                format!("given to {}", self.called(entity)?)
            }
            Action::EntitySet { entity, set: EntityField::Account { on: false, .. }, .. } => {
                format!("taken from {}", self.called(entity)?)
            }
            Action::EntitySet { set, .. } => set.value(),
            Action::EntitySplit { name, .. } => format!("split off {name}"),
            Action::Entity { .. } => format!("given to {}", self.called(&deed.id)?),
            Action::EntityMerge { entity, into: Some(into), .. } => {
                format!("{} into {}", self.called(entity)?, self.called(into)?)
            }
            Action::EntityMerge { entity, into: None, .. } => {
                format!("{} by itself", self.called(entity)?)
            }
            action => action.words(),
        })
    }
}
