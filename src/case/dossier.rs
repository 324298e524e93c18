//! All that a case knows about an entity, what a merge would change, and which entities are
//! present in what somebody reads.

use super::people::{Bearers, called};
use super::{Case, CaseError, entities};
use crate::journal::{self, Action, Deed};
use crate::model::activity::{AccountConversation, AccountRow};
use crate::model::dossier::{AttributeView, Called, Change, Dossier, MergePreview, Present};
use crate::model::entity::{Attribute, Entity, EntityField};
use crate::model::gone::Gone;
use crate::model::view::Variant;
use crate::model::{
    Anchor, AnchorId, ConversationId, EntityId, ItemId, NoteId, ParticipantId, Sha256, Wrap,
};
use crate::text::highlight::Marked;
use crate::text::needle::Needle;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Bytes of a text in which names are looked for beside the reader.
pub const MOST_READ: u64 = 2 << 20;

/// Characters of a quote in a line.
const QUOTE: usize = 120;

impl Case {
    /// All that is known about an entity but where its names stand ([`Case::mentions`]).
    pub fn dossier(&self, id: EntityId) -> Result<Dossier, CaseError> {
        let all = entities::all(&self.store)?;
        let entity = self.entity(id)?;
        let own = entities::own(&self.store)?;
        let name_of = |id: EntityId| {
            own.iter()
                .find(|own| own.id == id)
                .map(|own| Called { id, name: own.fields.name.clone() })
        };
        let merged = entity.merged.iter().filter_map(|id| name_of(*id)).collect();
        let mut attributes = Vec::new();
        for attribute in &entity.fields.attributes {
            let mut citations = Vec::new();
            for operation in &attribute.anchors {
                let Some(view) = self.anchor_by(operation)? else { continue };
                let said = match &view.anchor {
                    Anchor::Passage(passage) if passage.quote.is_empty() => passage.path.clone(),
                    Anchor::Passage(passage) => passage.quote.chars().take(QUOTE).collect(),
                    Anchor::Count(count) => count.words(),
                };
                citations.push((view.id, said, view.at.map(|at| at.item)));
            }
            let (key, value) = (attribute.key.clone(), attribute.value.clone());
            let dropped = self.dropped_of(attribute)?;
            attributes.push(AttributeView { key, value, citations, dropped });
        }
        let mut absent = entity.fields.accounts.clone();
        let mut at = 0;
        while let Some(account) = absent.get(at) {
            match self.store.find_account(&account.platform, &account.handle)? {
                Some(_) => drop(absent.remove(at)),
                None => at += 1,
            }
        }
        let notes = self.notes_of(&entity)?;
        let history = self.history(&entity)?;
        let (row, accounts) = self.entity_row(entity, &Bearers::of(&all))?;
        let conversations = self.part_of(&accounts)?;
        Ok(Dossier {
            row,
            accounts,
            absent,
            attributes,
            merged,
            conversations,
            notes,
            history,
            mentions: None,
        })
    }

    /// Anchors that were cited for what is said of an entity and are gone, with who deleted them.
    pub fn dropped_of(&self, attribute: &Attribute) -> Result<Vec<(AnchorId, Gone)>, CaseError> {
        let mut dropped = Vec::new();
        for operation in &attribute.anchors {
            let Some(id) = self.store.find_anchor(operation)? else { continue };
            if self.was_deleted(ItemId::Anchor(id))? {
                dropped.push((id, self.gone(operation)?));
            }
        }
        Ok(dropped)
    }

    /// Where these accounts take part, each conversation once.
    fn part_of(&self, accounts: &[AccountRow]) -> Result<Vec<AccountConversation>, CaseError> {
        let mut by_id: BTreeMap<ConversationId, AccountConversation> = BTreeMap::new();
        for account in accounts {
            for part in self.store.part_in(account.account.id)? {
                match by_id.get_mut(&part.id) {
                    None => drop(by_id.insert(part.id, part)),
                    Some(known) => {
                        known.own += part.own;
                        let firsts = [known.first.take(), part.first];
                        known.first = firsts.into_iter().flatten().min();
                        known.last = known.last.take().max(part.last);
                    }
                }
            }
        }
        let mut parts: Vec<AccountConversation> = by_id.into_values().collect();
        let owners = self.owners()?;
        for part in &mut parts {
            self.title_by(part.id, &mut part.title, &owners)?;
        }
        parts.sort_by_key(|part| (std::cmp::Reverse(part.own), part.id));
        Ok(parts)
    }

    fn notes_of(&self, entity: &Entity) -> Result<Vec<(NoteId, String)>, CaseError> {
        let own = std::iter::once(&entity.id).chain(&entity.merged).map(|id| ItemId::Entity(*id));
        let accounts = entity.participants.iter().map(|id| ItemId::Participant(*id));
        let mut ids: BTreeSet<NoteId> = BTreeSet::new();
        for item in own.chain(accounts) {
            ids.extend(self.notes_naming(item)?);
        }
        ids.into_iter().map(|id| Ok((id, self.line_about(ItemId::Note(id))?))).collect()
    }

    /// Who did what to an entity and to what was merged into it, the latest first.
    /// Whoever said something of an entity, or of what was merged into it, that is in force; each once.
    pub fn writers_of(&self, entity: &Entity) -> Result<Vec<String>, CaseError> {
        let mut names = vec![entity.author.clone()];
        for id in std::iter::once(&entity.id).chain(&entity.merged) {
            for deed in journal::deeds(&self.store, self.store.entity_operation(*id)?)? {
                if deed.is_live {
                    names.push(self.signed_name(&deed.body.author, &deed.body.key)?);
                }
            }
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    fn history(&self, entity: &Entity) -> Result<Vec<Change>, CaseError> {
        let mut deeds: BTreeMap<(u64, String, Sha256), Deed> = BTreeMap::new();
        for id in std::iter::once(&entity.id).chain(&entity.merged) {
            for deed in journal::deeds(&self.store, self.store.entity_operation(*id)?)? {
                let order = (deed.body.lamport, deed.body.writer.clone(), deed.id);
                deeds.insert(order, deed);
            }
        }
        let name = |operation: &Sha256| -> Result<String, CaseError> {
            let Some(id) = self.store.find_entity(operation)? else { return Ok("?".to_owned()) };
            Ok(self.own_name(id)?.map_or(id.to_string(), |name| format!("{id} {name}")))
        };
        let mut changes = Vec::with_capacity(deeds.len());
        for deed in deeds.into_values().rev() {
            let (words, why) = match &deed.body.action {
                Action::EntityMerge { entity, into: Some(into), why, .. } => {
                    (format!("merged {} into {}", name(entity)?, name(into)?), why.clone())
                }
                Action::EntityMerge { entity, into: None, why, .. } => {
                    (format!("took the merge of {} apart", name(entity)?), why.clone())
                }
                Action::EntitySplit { from, name: new, why, .. } => {
                    (format!("split {new} off {}", name(from)?), why.clone())
                }
                Action::EntitySet { set: EntityField::Name { name, why }, .. } => {
                    (format!("renamed it to {name}"), why.clone())
                }
                action => (action.words(), String::new()),
            };
            changes.push(Change {
                author: self.signed_name(&deed.body.author, &deed.body.key)?,
                wall: deed.body.wall,
                words,
                why,
                is_undone: !deed.is_live,
            });
        }
        Ok(changes)
    }

    /// The canonical name of an entity for itself.
    pub(super) fn own_name(&self, id: EntityId) -> Result<Option<String>, CaseError> {
        let own = entities::own(&self.store)?;
        Ok(own.into_iter().find(|own| own.id == id).map(|own| own.fields.name))
    }

    /// What merging an entity into another one would change.
    pub fn merge_preview(
        &self,
        id: EntityId,
        into: EntityId,
        cancel: &AtomicBool,
    ) -> Result<MergePreview, CaseError> {
        let (from, into) = (self.entity(id)?, self.entity(into)?);
        if from.id == into.id {
            return Err(CaseError::Refused(format!("{id} is {} already", into.id)));
        }
        let (old, new) = (&from.fields, &into.fields);
        let known: BTreeSet<&str> = into.names().collect();
        let words = |entity: &Entity| format!("{} {}", entity.id, entity.fields.name);
        let names: Vec<String> =
            from.names().filter(|name| !known.contains(name)).map(str::to_owned).collect();
        let accounts = old.accounts.iter().filter(|account| !new.accounts.contains(account));
        let attributes = old.attributes.iter().filter(|known| !new.attributes.contains(known));
        let tags = old.tags.iter().filter(|tag| !new.tags.contains(tag)).cloned().collect();
        let now: Vec<&str> = into.names().collect();
        let then: Vec<&str> = into.names().chain(from.names()).collect();
        let mut together = Vec::new();
        let conversations = |ids: &[ParticipantId]| -> Result<BTreeSet<_>, CaseError> {
            Ok(self.store.conversations_of(ids)?.into_iter().collect())
        };
        let ours: BTreeSet<ConversationId> = conversations(&from.participants)?;
        for both in conversations(&into.participants)?.intersection(&ours) {
            together.push(format!("{both} {}", self.store.conversation_title(*both)?));
        }
        Ok(MergePreview {
            from: words(&from),
            into: words(&into),
            names,
            accounts: accounts
                .map(|account| format!("{} {}", account.platform, account.handle))
                .collect(),
            attributes: attributes
                .map(|known| format!("{} = {}", known.key, known.value))
                .collect(),
            tags,
            notes: self.notes_of(&from)?.len() as u64,
            found: (self.count_names(&now, cancel)?, self.count_names(&then, cancel)?),
            together,
        })
    }

    /// Entities whose names stand in a document or message, or whose account wrote it or takes
    /// part in the conversation. Of a document the given text is looked at, and of that
    /// [`MOST_READ`] bytes from `around` on where it is longer; gives whether it was.
    pub fn present(
        &self,
        item: ItemId,
        variant: Option<&Variant>,
        around: u64,
        cancel: &AtomicBool,
    ) -> Result<(Vec<Present>, bool), CaseError> {
        let all = entities::all(&self.store)?;
        if all.is_empty() {
            return Ok((Vec::new(), false));
        }
        let names = EntityNames::of(&all);
        let bearers = Bearers::of(&all);
        let mut seen = Seen::new(&all, &names, &bearers);
        let mut is_cut = false;
        match item {
            ItemId::Message(id) => {
                let message = self.message(id)?;
                seen.wrote(message.sender_id.as_slice());
                seen.look(&message.text, 0, Wrap::Lines);
            }
            ItemId::Conversation(id) => {
                let people = self.store.conversation(id)?.accounts;
                seen.wrote(&people.iter().map(|person| person.id).collect::<Vec<_>>());
            }
            ItemId::Document(_) => {
                let Some(variant) = variant else { return Ok((Vec::new(), false)) };
                is_cut = variant.bytes > MOST_READ;
                let start = match is_cut {
                    true => around.saturating_sub(MOST_READ / 2),
                    false => 0,
                };
                let slice = self.text(variant, start..(start + MOST_READ).min(variant.bytes))?;
                let end = slice.start + slice.text.len() as u64;
                if variant.parts.is_empty() {
                    seen.look(&slice.text, slice.start, Wrap::Flow);
                }
                for part in &variant.parts {
                    if cancel.load(Relaxed) {
                        return Err(CaseError::Cancelled);
                    }
                    let (from, to) = (part.start.max(slice.start), part.end.min(end));
                    let at = |offset: u64| {
                        usize::try_from(offset.saturating_sub(slice.start)).unwrap_or(usize::MAX)
                    };
                    if let Some(text) = slice.text.get(at(from)..at(to)).filter(|_| from < to) {
                        seen.look(text, from, part.wrap);
                    }
                }
            }
            _ => {}
        }
        Ok((seen.found(), is_cut))
    }
}

/// The names of all entities as what is looked for.
pub(super) struct EntityNames {
    /// Number of the entity in the list, its name, what is looked for.
    needles: Vec<(usize, String, Needle)>,
}

impl EntityNames {
    pub fn of(all: &[Entity]) -> EntityNames {
        let mut needles = Vec::new();
        for (number, entity) in all.iter().enumerate() {
            for name in entity.names() {
                if let Some(needle) = Needle::literal(name) {
                    needles.push((number, name.to_owned(), needle));
                }
            }
        }
        EntityNames { needles }
    }
}

/// What was seen of each entity.
struct Seen<'a> {
    all: &'a [Entity],
    names: &'a EntityNames,
    bearers: &'a Bearers,
    wrote: Vec<bool>,
    /// Occurrences by entity and name.
    counts: BTreeMap<(usize, &'a str), u64>,
    firsts: BTreeMap<usize, u64>,
}

impl<'a> Seen<'a> {
    fn new(all: &'a [Entity], names: &'a EntityNames, bearers: &'a Bearers) -> Self {
        let wrote = vec![false; all.len()];
        Seen { all, names, bearers, wrote, counts: BTreeMap::new(), firsts: BTreeMap::new() }
    }

    fn wrote(&mut self, accounts: &[ParticipantId]) {
        for (entity, wrote) in self.all.iter().zip(&mut self.wrote) {
            *wrote |= entity.participants.iter().any(|account| accounts.contains(account));
        }
    }

    /// Looks at a stretch of text that begins at byte `start`.
    fn look(&mut self, text: &str, start: u64, wrap: Wrap) {
        let marked = Marked::new(text, wrap, self.names.needles.iter().map(|(.., needle)| needle));
        for (number, name, needle) in &self.names.needles {
            let ranges = marked.find(needle);
            let Some(first) = ranges.first() else { continue };
            *self.counts.entry((*number, name)).or_default() += ranges.len() as u64;
            let first = start + first.start as u64;
            let known = self.firsts.entry(*number).or_insert(first);
            *known = first.min(*known);
        }
    }

    /// Who wrote it first, then who is named, the most often first.
    fn found(&self) -> Vec<Present> {
        let mut found = Vec::new();
        for (number, entity) in self.all.iter().enumerate() {
            let named: Vec<(&str, u64)> = self
                .counts
                .range((number, "")..)
                .take_while(|((at, _), _)| *at == number)
                .map(|((_, name), count)| (*name, *count))
                .collect();
            if named.is_empty() && !self.wrote[number] {
                continue;
            }
            // One name that is nobody else's tells who is meant.
            let others: Vec<Vec<Called>> =
                named.iter().map(|(name, _)| self.bearers.others(name, entity.id)).collect();
            let is_sure = self.wrote[number] || others.iter().any(Vec::is_empty);
            let mut or_else: Vec<Called> =
                if is_sure { Vec::new() } else { others.into_iter().flatten().collect() };
            or_else.sort();
            or_else.dedup();
            found.push(Present {
                entity: called(entity),
                kind: entity.fields.kind,
                is_watched: entity.fields.watched,
                wrote: self.wrote[number],
                occurrences: named.iter().map(|(_, count)| count).sum(),
                first: self.firsts.get(&number).copied(),
                or_else,
            });
        }
        found.sort_by_key(|one| (!one.wrote, std::cmp::Reverse(one.occurrences), one.entity.id));
        found
    }
}
