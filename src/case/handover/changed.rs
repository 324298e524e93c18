//! What a bundle changes of the notes, entities and anchors that a case has: each by its name, what was
//! said of it before and what is said of it then.

use super::summary::first_line;
use crate::case::{Case, CaseError, entities};
use crate::journal::row::AnchorRow;
use crate::journal::{Action, Incoming, OperationId, log};
use crate::model::ItemId;
use crate::model::disagreed::{Said, Slot};
use crate::model::finding::{NoteField, NoteFields};
use crate::model::handover::{Brought, Change, Changed};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What is said of a thing, by field: what is there or not says `yes`.
type Fields = BTreeMap<String, String>;

/// Things as they stand, by the operation that made them.
pub(super) type Standing = HashMap<OperationId, (String, Fields)>;

/// What is there, of fields that have no value of their own.
const THERE: &str = "yes";

/// Characters of a text that are told.
const WORDS: usize = 60;

impl Case {
    /// How the things of this case stand that `new`, which is not in the journal yet, changes.
    pub(super) fn standing_before(&self, new: &[&Incoming]) -> Result<Standing, CaseError> {
        let own: HashSet<OperationId> = new.iter().map(|incoming| incoming.id()).collect();
        let mut standing = Standing::new();
        for incoming in new {
            for thing in self.touched(incoming)? {
                // What comes with the bundle is nobody's here.
                if own.contains(&thing) || standing.contains_key(&thing) {
                    continue;
                }
                if let Some(fields) = self.fields_of(&thing)? {
                    standing.insert(thing, (self.title_of(&thing)?, fields));
                }
            }
        }
        Ok(standing)
    }

    /// What `new`, which is in the journal now, brings and what is there. Citations go with the notes
    /// that cite.
    pub(super) fn brought(&self, new: &[&Incoming]) -> Result<Vec<Brought>, CaseError> {
        let mut brought = Vec::new();
        for incoming in new {
            let makes = match &incoming.body.action {
                Action::NoteText { note, .. } => note.is_none(),
                Action::Anchor { meaning, .. } => !meaning.is_empty(),
                Action::Entity { .. } | Action::EntitySplit { .. } => true,
                _ => false,
            };
            let thing = incoming.id();
            if !makes || self.fields_of(&thing)?.is_none() {
                continue;
            }
            let Some(item) = self.item_made_by(&thing)? else { continue };
            let title = self.title_of(&thing)?;
            let by = self.signed_name(&incoming.body.author, &incoming.body.key)?;
            brought.push((item, Brought { item: item.to_string(), title, by }));
        }
        brought.sort_by_key(|(item, _)| *item);
        Ok(brought.into_iter().map(|(_, brought)| brought).collect())
    }

    fn touched(&self, incoming: &Incoming) -> Result<Vec<OperationId>, CaseError> {
        let action = &incoming.body.action;
        let mut things = action.things(incoming.id());
        if let Action::Revoke { operation, .. } = action
            && let Some((base, undone)) = log::meaning(&self.store, *operation)?
        {
            things.extend(undone.things(base));
        }
        Ok(things)
    }

    /// What became of things that stood so; `new` is in the journal now. What is gone is told elsewhere.
    pub(super) fn changes_since(
        &self,
        before: &Standing,
        new: &[&Incoming],
    ) -> Result<Vec<Changed>, CaseError> {
        let mut by: HashMap<OperationId, Vec<String>> = HashMap::new();
        for incoming in new {
            let name = self.signed_name(&incoming.body.author, &incoming.body.key)?;
            for thing in self.touched(incoming)? {
                let names = by.entry(thing).or_default();
                if !names.contains(&name) {
                    names.push(name.clone());
                }
            }
        }
        let mut changed = Vec::new();
        for (thing, (title, was)) in before {
            let (Some(item), Some(is)) = (self.item_made_by(thing)?, self.fields_of(thing)?) else {
                continue;
            };
            let mut fields: Vec<&String> = was.keys().chain(is.keys()).collect();
            fields.sort_unstable();
            fields.dedup();
            let of = |fields: &Fields, field: &str| fields.get(field).cloned().unwrap_or_default();
            let changes: Vec<Change> = fields
                .into_iter()
                .map(|field| Change {
                    field: field.clone(),
                    before: of(was, field),
                    after: of(&is, field),
                })
                .filter(|change| change.before != change.after)
                .collect();
            if !changes.is_empty() {
                let by = by.remove(thing).unwrap_or_default().join(", ");
                changed.push((
                    item,
                    Changed { item: item.to_string(), title: title.clone(), changes, by },
                ));
            }
        }
        changed.sort_by_key(|(item, _)| *item);
        Ok(changed.into_iter().map(|(_, changed)| changed).collect())
    }

    /// What is said of a note, an entity or an anchor; `None` when it is not there.
    fn fields_of(&self, thing: &OperationId) -> Result<Option<Fields>, CaseError> {
        let Some(item) = self.item_made_by(thing)? else { return Ok(None) };
        let mut fields = Fields::new();
        let mut say = |field: &str, value: String| drop(fields.insert(field.to_owned(), value));
        match item {
            ItemId::Note(id) => {
                let texts = self.store.note_texts(id)?;
                if texts.is_empty() {
                    return Ok(None);
                }
                let each = texts.iter().map(|own| self.readable(&first_line(&own.text)));
                let each = each.collect::<Result<Vec<_>, _>>()?;
                let begins: Vec<String> = each.iter().map(|line| begin(line)).collect();
                let operations: Vec<String> =
                    texts.iter().map(|own| own.operation.to_string()).collect();
                // Two texts may begin alike.
                say("text", format!("{}{MARK}{}", begins.join(" / "), operations.join(" ")));
                let own = self.note_fields(id)?;
                self.say_note(&own, &mut say)?;
            }
            ItemId::Entity(id) => {
                let Some(own) = entities::own(&self.store)?.into_iter().find(|own| own.id == id)
                else {
                    return Ok(None);
                };
                let own = own.fields;
                let said = |slot: Slot, agreed: &str| {
                    let disagreed = own.disagreed.iter().find(|own| own.slot == slot);
                    disagreed.map_or_else(|| agreed.to_owned(), |own| own.words())
                };
                say("name", said(Slot::Name, &own.name));
                say("kind", said(Slot::Kind, own.kind.word()));
                say("description", begin(&said(Slot::Description, &own.description)));
                for alias in &own.aliases {
                    say(&format!("alias {alias}"), THERE.to_owned());
                }
                for attribute in &own.attributes {
                    let field = format!("{} = {}", attribute.key, begin(&attribute.value));
                    say(&field, THERE.to_owned());
                }
                for account in &own.accounts {
                    say(&format!("account {}", account.handle), THERE.to_owned());
                }
                for tag in &own.tags {
                    say(&format!("tag {tag}"), THERE.to_owned());
                }
                if own.watched {
                    say("watched", THERE.to_owned());
                }
                if let Some(into) = own.into {
                    say("merged into", self.called(&into)?);
                }
            }
            ItemId::Anchor(id) => {
                let Some(stored) = self.store.anchor(id)? else { return Ok(None) };
                let row: AnchorRow = serde_json::from_str(&stored.row.body)
                    .map_err(|error| crate::store::StoreError::Damaged(format!("{id}: {error}")))?;
                say("meaning", row.meaning);
                say("comment", begin(&row.comment));
                for tag in &row.tags {
                    say(&format!("tag {tag}"), THERE.to_owned());
                }
                if let crate::model::Anchor::Count(count) = &row.anchor {
                    say(
                        "count",
                        format!(
                            "{} in {} documents and {} messages",
                            count.number, count.documents, count.messages
                        ),
                    );
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(fields))
    }

    fn say_note(
        &self,
        own: &NoteFields,
        say: &mut impl FnMut(&str, String),
    ) -> Result<(), CaseError> {
        let said = |slot: Slot, agreed: String| match own.disagreed(slot) {
            Some(own) => own.words(),
            None => agreed,
        };
        say("kind", said(Slot::Kind, own.kind.word().to_owned()));
        if own.kind == crate::model::finding::NoteKind::Finding {
            say("status", said(Slot::Standing, own.standing.word().to_owned()));
        }
        let fields = [
            NoteField::Confidence(own.confidence),
            NoteField::Likelihood(own.likelihood),
            NoteField::When(own.when.clone()),
        ];
        for field in fields {
            let Some(slot) = field.slot() else { continue };
            let value = match field.value() {
                none if none == "none" => String::new(),
                value => value,
            };
            say(slot.name(), said(slot, value));
        }
        let question = match own.question {
            Some(question) => match self.store.find_note(&question)? {
                Some(id) => format!("{id} {}", self.title_of(&question)?),
                None => "one that is not here".to_owned(),
            },
            None => String::new(),
        };
        say(Slot::Question.name(), said(Slot::Question, question));
        for citation in &own.citations {
            let slot = Slot::Citation(citation.anchor);
            let value = NoteField::Cite(*citation).value();
            say(&self.citation_name(&citation.anchor)?, said(slot, value));
        }
        for tag in &own.tags {
            say(&format!("tag {tag}"), THERE.to_owned());
        }
        if !own.reviews.is_empty() {
            say("reviews", own.reviews.len().to_string());
        }
        Ok(())
    }
}

/// Between what a text begins with and the operations that wrote it.
const MARK: char = '\u{1f}';

fn begin(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(WORDS) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// Without what tells texts apart that begin alike.
pub(super) fn plain(changed: &mut [Changed]) {
    for change in changed.iter_mut().flat_map(|own| &mut own.changes) {
        for side in [&mut change.before, &mut change.after] {
            side.truncate(side.find(MARK).unwrap_or(side.len()));
        }
    }
}
