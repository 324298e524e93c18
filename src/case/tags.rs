//! Tags: on documents and messages they are marks, on what analysts made they are the thing's own.

use super::{Acted, Case, CaseError};
use crate::journal::readers;
use crate::model::board::TagCount;
use crate::model::work::PersonCoverage;
use crate::model::{ItemId, tag};
use std::collections::BTreeMap;

impl Case {
    /// Every tag with how much carries it, by name.
    pub fn tag_counts(&self) -> Result<Vec<TagCount>, CaseError> {
        Ok(self.store.tag_counts()?)
    }

    /// Tags documents and messages, or notes, anchors and entities, as one operation; or takes the
    /// tag off them.
    ///
    /// # Errors
    /// What is no name of a tag; evidence together with what analysts made, which takes two
    /// operations; what is neither.
    pub fn tag(&self, items: &[ItemId], name: &str, on: bool) -> Result<Acted, CaseError> {
        let name = tag::name(name).map_err(|error| CaseError::Refused(error.to_string()))?;
        let made = items.iter().filter(|item| is_made(**item)).count();
        match made {
            0 => self.mark(items, &format!("tag:{name}"), on),
            made if made == items.len() => self.tag_things(items, &name, on),
            _ => Err(CaseError::Refused(
                "evidence and what analysts made are tagged one after the other".to_owned(),
            )),
        }
    }

    /// How many of these carry a tag.
    pub fn count_tagged(&self, items: &[ItemId], name: &str) -> Result<u64, CaseError> {
        let mut count = self.count_with_mark(items, &format!("tag:{name}"))?;
        for item in items {
            count += u64::from(self.tags_of(*item)?.iter().any(|own| own == name));
        }
        Ok(count)
    }

    /// Tags of something that analysts made. Evidence has them in its rows.
    fn tags_of(&self, item: ItemId) -> Result<Vec<String>, CaseError> {
        Ok(match item {
            ItemId::Note(id) => self.note_fields(id)?.tags,
            ItemId::Anchor(id) => self.anchor(id)?.tags,
            ItemId::Entity(id) => self.entity(id)?.fields.tags,
            _ => Vec::new(),
        })
    }

    /// What each person saw of each kind of text, and marked as read. It looks at all marks.
    pub fn coverage_by_person(&self) -> Result<Vec<PersonCoverage>, CaseError> {
        let mut people: BTreeMap<String, PersonCoverage> = BTreeMap::new();
        let of = |key: &str, author: String| PersonCoverage {
            author,
            key: key[..key.len().min(8)].to_owned(),
            read: 0,
            seen: Vec::new(),
        };
        for (key, author, coverage) in self.store.coverage_by_person()? {
            let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            people.entry(key.clone()).or_insert_with(|| of(&key, author)).seen.push(coverage);
        }
        for marker in readers::markers(&self.store, "read")? {
            let person = people
                .entry(marker.key.clone())
                .or_insert_with(|| of(&marker.key, marker.author.clone()));
            // The journal knows the name of today.
            person.author = marker.author;
            person.read = marker.units;
        }
        for (key, person) in &mut people {
            person.author = self.signed_name(&person.author, key)?;
        }
        Ok(people.into_values().collect())
    }
}

fn is_made(item: ItemId) -> bool {
    matches!(item, ItemId::Note(_) | ItemId::Anchor(_) | ItemId::Entity(_))
}
