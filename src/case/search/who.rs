//! Entities in a query: where their names stand, what their accounts wrote.
//!
//! - `entity:E9`, `entity:"name"`: any of its names, each as a phrase. Where several are called so,
//!   all of them.
//! - `mentions:E9` is the same; `mentions:organisation` are the names of all entities of a kind.
//! - `watch:E9`, `watch:yes` (all that are watched): its names, or what its accounts wrote.
//! - `from:`, `to:`, `with:` know the entity that owns an account by all its names.

use super::called::{Name, best};
use super::compile::unanswerable;
use crate::case::{Case, CaseError, entities};
use crate::model::entity::{Entity, EntityKind};
use crate::model::{EntityId, ParticipantId};
use crate::query::error::nearest;
use crate::query::{Field, Filter, Span, Value};
use crate::store::Store;
use crate::text::needle::Needle;
use crate::text::normal::folded;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// What a field asks for by entities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    pub needles: Vec<Needle>,
    /// What these wrote is asked for too.
    pub writers: Vec<Entity>,
}

/// Whether a field is about entities, and so about words in texts.
pub fn is_of_entities(field: Field) -> bool {
    matches!(field, Field::Entity | Field::Mentions | Field::Watch)
}

/// Entities of a case, read when the first field asks for them.
pub(super) struct Who<'a> {
    store: &'a Store,
    query: &'a str,
    all: OnceCell<Vec<Entity>>,
}

impl<'a> Who<'a> {
    pub fn new(store: &'a Store, query: &'a str) -> Self {
        Who { store, query, all: OnceCell::new() }
    }

    pub fn all(&self) -> Result<&[Entity], CaseError> {
        if let Some(all) = self.all.get() {
            return Ok(all);
        }
        let all = entities::all(self.store)?;
        Ok(self.all.get_or_init(|| all))
    }

    /// What a field of entities asks for; remarks are what the reader of the answer should know.
    pub fn asked(
        &self,
        filter: &Filter,
        span: Span,
        remarks: &mut Vec<String>,
    ) -> Result<Asked, CaseError> {
        let mut asked = Asked::default();
        for value in &filter.values {
            let (name, typed) = match value {
                Value::Text(text) => (Name::Text(folded(text)), text),
                Value::Pattern(text) => (Name::Pattern(folded(text)), text),
                _ => continue,
            };
            let found = self.meant(filter.field, &name, typed, span, remarks)?;
            for entity in found {
                // A name in signs that nobody can search for is none.
                for needle in entity.names().filter_map(Needle::literal) {
                    if !asked.needles.contains(&needle) {
                        asked.needles.push(needle);
                    }
                }
                if filter.field == Field::Watch {
                    asked.writers.push(entity.clone());
                }
            }
        }
        Ok(asked)
    }

    fn meant(
        &self,
        field: Field,
        name: &Name,
        typed: &str,
        span: Span,
        remarks: &mut Vec<String>,
    ) -> Result<Vec<&Entity>, CaseError> {
        let all = self.all()?;
        if all.is_empty() {
            let why = "this case has no entities yet".to_owned();
            return Err(unanswerable(self.query, span, why).into());
        }
        if field == Field::Watch && name.is("yes") {
            let watched: Vec<&Entity> = all.iter().filter(|entity| entity.fields.watched).collect();
            if watched.is_empty() {
                let why = "no entity of this case is watched".to_owned();
                return Err(unanswerable(self.query, span, why).into());
            }
            return Ok(watched);
        }
        if field == Field::Mentions
            && let Some(kind) = EntityKind::ALL.into_iter().find(|kind| name.is(kind.word()))
        {
            let of_kind: Vec<&Entity> =
                all.iter().filter(|entity| entity.fields.kind == kind).collect();
            if of_kind.is_empty() {
                let why = format!("this case has no entity of the kind {}", kind.word());
                return Err(unanswerable(self.query, span, why).into());
            }
            return Ok(of_kind);
        }
        let found = self.called(name, typed)?;
        if found.is_empty() {
            return Err(self.nobody(field, typed, span, all));
        }
        if let ([entity], Ok(id)) = (found.as_slice(), typed.parse::<EntityId>())
            && entity.id != id
        {
            note(remarks, format!("{id} was merged into {} {}", entity.id, entity.fields.name));
        }
        if found.len() > 1 {
            let who: Vec<String> = found
                .iter()
                .map(|entity| format!("{} {}", entity.id, entity.fields.name))
                .collect();
            note(remarks, format!("{typed} may be {}: all of them are searched", who.join(", ")));
        }
        if field == Field::Watch {
            for entity in found.iter().filter(|entity| !entity.fields.watched) {
                note(remarks, format!("{} {} is not watched", entity.id, entity.fields.name));
            }
        }
        Ok(found)
    }

    fn nobody(&self, field: Field, typed: &str, span: Span, all: &[Entity]) -> CaseError {
        let error =
            unanswerable(self.query, span, format!("no entity of this case is called {typed:?}"));
        let names: Vec<&str> = all.iter().flat_map(Entity::names).collect();
        let ids: Vec<String> = all.iter().map(|entity| entity.id.to_string()).collect();
        let mut known: Vec<&str> = names;
        match field {
            Field::Watch => known.push("yes"),
            Field::Mentions => known.extend(EntityKind::ALL.map(EntityKind::word)),
            _ => {}
        }
        if typed.parse::<EntityId>().is_ok() {
            known = ids.iter().map(String::as_str).collect();
        }
        let part = self.query.get(span.start..span.end).unwrap_or_default();
        match nearest(typed, known) {
            Some(near) if part.contains(typed) => {
                let near = match near.chars().all(char::is_alphanumeric) {
                    true => near.to_owned(),
                    false => crate::query::print::quoted(near),
                };
                // What stands in quotes already gets no second pair.
                let quoted = format!("\"{typed}\"");
                let from = if part.contains(&quoted) { &quoted } else { typed };
                error.replace(span, "did you mean", &part.replacen(from, &near, 1)).into()
            }
            _ => error.into(),
        }
    }

    /// Entities by number or name: those that are called exactly so, else those in whose names it
    /// stands.
    pub fn called(&self, name: &Name, typed: &str) -> Result<Vec<&Entity>, CaseError> {
        let all = self.all()?;
        if let Ok(id) = typed.parse::<EntityId>() {
            let is_it = |entity: &&Entity| entity.id == id || entity.merged.contains(&id);
            return Ok(all.iter().filter(is_it).collect());
        }
        let named = all.iter().map(|entity| (entity.id, entity.names()));
        let found = best(name, named);
        Ok(all.iter().filter(|entity| found.contains(&entity.id)).collect())
    }

    /// All names of the owners of accounts.
    pub fn owners(&self) -> Result<BTreeMap<ParticipantId, Vec<&str>>, CaseError> {
        let mut names: BTreeMap<ParticipantId, Vec<&str>> = BTreeMap::new();
        for entity in self.all()? {
            for account in &entity.participants {
                names.entry(*account).or_default().extend(entity.names());
            }
        }
        Ok(names)
    }
}

fn note(remarks: &mut Vec<String>, remark: String) {
    if !remarks.contains(&remark) {
        remarks.push(remark);
    }
}

impl Case {
    /// The names that a field of a query looks for in texts, so that a reader can mark them; none
    /// where it looks for none, or cannot be answered.
    pub fn names_sought(&self, filter: &Filter) -> Vec<Needle> {
        if !is_of_entities(filter.field) {
            return Vec::new();
        }
        let asked = Who::new(&self.store, "").asked(filter, Span::default(), &mut Vec::new());
        asked.map_or(Vec::new(), |asked| asked.needles)
    }
}
