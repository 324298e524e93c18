//! Entities with what shows them.

use super::{Gatherer, names};
use crate::case::CaseError;
use crate::export::prose::{self, Becomes};
use crate::export::report::{Entry, Fact, Kind};
use crate::export::wording::{CITES_NOTHING, dropped_for};
use crate::model::entity::Entity;
use crate::model::{Anchor, ItemId};
use crate::text::tally::counted;

impl Gatherer<'_> {
    pub(super) fn entity(&mut self, entity: &Entity) -> Result<Entry, CaseError> {
        (self.progress)("footnotes", self.footnotes.len() as u64, 0);
        let fields = &entity.fields;
        let id = entity.id.to_string();
        let mut facts = vec![Fact::new("kind", fields.kind.word())];
        facts.extend(fields.kept.as_ref().map(|kept| self.kept(kept)));
        for own in &fields.disagreed {
            let said = if self.names_people { own.words() } else { own.values() };
            facts.push(Fact::new(&own.about(), said));
        }
        if !fields.aliases.is_empty() {
            facts.push(Fact::new("also known as", fields.aliases.join("; ")));
        }
        for account in &fields.accounts {
            let said = match self.account(entity, &account.handle)? {
                Some(said) => said,
                None => format!("{} ({}), not in this case", account.handle, account.platform),
            };
            facts.push(Fact::new("account", said));
        }
        for attribute in &fields.attributes {
            let mut fact = Fact::new(&attribute.key, attribute.value.as_str());
            for anchor in &attribute.anchors {
                if let Some(view) = self.case.anchor_by(anchor)?
                    && let Some(number) = self.footnote(ItemId::Anchor(view.id))?
                {
                    fact.cites.push(number);
                }
            }
            let mut said = Vec::new();
            if fact.cites.is_empty() {
                said.push(CITES_NOTHING.to_owned());
            }
            for (id, gone) in self.case.dropped_of(attribute)? {
                said.push(dropped_for(id, &self.gone_words(&gone)));
            }
            if !said.is_empty() {
                fact.value = format!("{} ({})", fact.value, said.join("; "));
            }
            facts.push(fact);
        }
        facts.push(self.named_in(entity)?);
        if !fields.tags.is_empty() {
            facts.push(Fact::new("tags", fields.tags.join(", ")));
        }
        let mut error = None;
        let text = prose::read(&fields.description, &id, false, &mut |name| {
            self.named(&id, name).unwrap_or_else(|failed| {
                error.get_or_insert(failed);
                Becomes::Text(name.to_owned())
            })
        });
        if let Some(error) = error {
            return Err(error);
        }
        let naming = self.case.notes_naming(ItemId::Entity(entity.id))?;
        let related = naming.into_iter().filter(|note| self.titles.contains_key(note));
        Ok(Entry {
            id,
            thing: entity.operation,
            kind: Kind::Entity,
            title: fields.name.clone(),
            authors: names(self.case.writers_of(entity)?.iter().map(String::as_str)),
            text_authors: Vec::new(),
            facts,
            texts: if text.is_empty() { Vec::new() } else { vec![text] },
            is_headline: false,
            evidence: Vec::new(),
            related: related.map(|note| note.to_string()).collect(),
            reviews: Vec::new(),
            basis: None,
        })
    }

    /// How often its names stand in the evidence, as a number that can be counted again.
    fn named_in(&mut self, entity: &Entity) -> Result<Fact, CaseError> {
        let count = match self.case.count_search(&format!("entity:{}", entity.id), self.cancel) {
            Ok(count) => count,
            // The rest of the report stands without it.
            Err(CaseError::Index(why)) => {
                return Ok(Fact::new("named in", format!("could not be counted: {why}")));
            }
            Err(error) => return Err(error),
        };
        let units =
            if count.number == "1" { "document or message" } else { "documents and messages" };
        let mut fact = Fact::new("named in", format!("{} {units}", count.shown()));
        let number = self.footnotes.len() + 1;
        let anchor = Anchor::Count(Box::new(count));
        let footnote = self.make(number, entity.id.to_string(), None, &anchor, &anchor)?;
        self.footnotes.push(footnote);
        fact.cites.push(number);
        Ok(fact)
    }

    /// `wxid_a “Lan S.” (wechat): 301 messages, 2020-01-05 to 2022-10-11`.
    fn account(&self, entity: &Entity, handle: &str) -> Result<Option<String>, CaseError> {
        for id in &entity.participants {
            let account = self.case.account(*id)?.row;
            if account.account.handle != handle {
                continue;
            }
            let own = &account.account;
            let mut said = own.handle.clone();
            if !own.name.is_empty() && own.name != own.handle {
                said.push_str(&format!(" “{}”", own.name));
            }
            said.push_str(&format!(
                " ({}): {}",
                own.platform,
                counted(own.messages, "message", "messages")
            ));
            if let (Some(first), Some(last)) = (&account.first, &account.last) {
                let day = |text: &str| text.get(..10).unwrap_or(text).to_owned();
                said.push_str(&format!(", {} to {}", day(first), day(last)));
            }
            return Ok(Some(said));
        }
        Ok(None)
    }
}
