//! What notes and entities name, as footnotes.

use super::Gatherer;
use crate::case::{CaseError, FileFacts};
use crate::export::locator::{Locator, Spot};
use crate::export::prose::Becomes;
use crate::export::report::{File, Footnote, Source, Unresolved};
use crate::export::wording::BY_SEARCH;
use crate::model::anchor::{Anchor, At, Count, Counted, Passage};
use crate::model::entity::Entity;
use crate::model::reference::{Reference, References};
use crate::model::view::Message;
use crate::model::{DocumentId, Hold, ItemId, Sha256};
use std::collections::hash_map::Entry;

impl Gatherer<'_> {
    /// What a short number in the text of an entry becomes. What this case has not stops nothing: it
    /// is said there, and to whoever exports.
    pub(super) fn named(&mut self, entry: &str, name: &str) -> Result<Becomes, CaseError> {
        let becomes = match name.parse() {
            Ok(item) => self.becomes(item, name)?,
            Err(_) => None,
        };
        match becomes {
            Some(becomes) => Ok(becomes),
            None => {
                let (entry, plain) = (entry.to_owned(), name.replace('?', ""));
                let is_deleted = self.is_deleted(name)?;
                let unresolved = Unresolved { entry, name: plain, is_deleted };
                if !self.unresolved.contains(&unresolved) {
                    self.unresolved.push(unresolved);
                }
                self.absent(name)
            }
        }
    }

    fn is_deleted(&self, name: &str) -> Result<bool, CaseError> {
        name.parse::<ItemId>().map_or(Ok(false), |item| self.case.was_deleted(item))
    }

    /// What stands for a short number that this case has nothing for.
    pub(super) fn absent(&self, name: &str) -> Result<Becomes, CaseError> {
        let why = if self.is_deleted(name)? { "deleted" } else { "not in this case" };
        Ok(Becomes::Text(format!("{} ({why})", name.replace('?', ""))))
    }

    pub(super) fn becomes(
        &mut self,
        item: ItemId,
        name: &str,
    ) -> Result<Option<Becomes>, CaseError> {
        Ok(Some(match item {
            ItemId::Anchor(_) | ItemId::Message(_) => {
                return Ok(self.footnote(item)?.map(Becomes::Footnote));
            }
            // Nobody who reads the sentence knows which one D134 was.
            ItemId::Document(id) => {
                let Some(number) = self.footnote(item)? else { return Ok(None) };
                Becomes::Cited(self.file_name(id)?, number)
            }
            // A sentence reads the same whether or not what it names is in the report.
            ItemId::Note(id) if self.titles.contains_key(&id) => Becomes::Entry(name.to_owned()),
            ItemId::Note(id) => {
                return Ok(found(self.case.note(id))?.map(|_| Becomes::Text(name.to_owned())));
            }
            ItemId::Entity(id) => {
                let known = self
                    .entities
                    .iter()
                    .find(|entity| entity.id == id || entity.merged.contains(&id));
                let deleted = || self.deleted.iter().find(|entity| entity.id == id);
                return Ok(match known {
                    Some(entity) => Some(Becomes::Text(entity.fields.name.clone())),
                    // Nobody who reads the sentence knows who E9 was.
                    None => {
                        deleted().map(|own| Becomes::Text(format!("{} (deleted)", own.fields.name)))
                    }
                });
            }
            item => {
                let line = found(self.case.line_about(item))?;
                return Ok(line.map(|line| Becomes::Text(format!("{line} ({name})"))));
            }
        }))
    }

    /// The last part of the path of a document.
    pub(super) fn file_name(&self, id: DocumentId) -> Result<String, CaseError> {
        let path = self.case.document_row(id)?.path;
        Ok(path.rsplit(['/', '!']).next().unwrap_or(&path).to_owned())
    }

    /// Number of the footnote for an anchor, document or message; `None` when the case has it not.
    pub(super) fn footnote(&mut self, item: ItemId) -> Result<Option<usize>, CaseError> {
        if let Some(known) = self.by_item.get(&item) {
            return Ok(*known);
        }
        let number = self.footnotes.len() + 1;
        let made = match item {
            ItemId::Anchor(id) => match found(self.case.anchor(id))? {
                Some(view) => {
                    if let Some(at) = view.at {
                        let known = *self.by_place.entry(at).or_insert(number);
                        if known != number {
                            self.by_item.insert(item, Some(known));
                            return Ok(Some(known));
                        }
                    }
                    self.stands_in.extend(view.at.map(|at| (at.item, number)));
                    let kept = view.kept.as_ref().map(|kept| self.kept_words(kept));
                    Some((Some(view.operation), view.anchor, view.claim, kept))
                }
                None => None,
            },
            item => {
                let whole = At { item, variant: None, start: 0, end: 0 };
                // All of it, cited by an anchor, is one footnote with what a text names.
                if let Some(known) = self.case.anchor_at(whole)? {
                    let number = self.footnote(ItemId::Anchor(known.id))?;
                    self.by_item.insert(item, number);
                    return Ok(number);
                }
                let passage = found(self.case.passage(whole))?;
                self.stands_in.extend(passage.as_ref().map(|_| (item, number)));
                passage.map(|passage| (None, Anchor::Passage(Box::new(passage)), None, None))
            }
        };
        let known = match made {
            None => None,
            Some((operation, anchor, claim, kept)) => {
                let said = claim.as_deref().unwrap_or(&anchor);
                let footnote = self.make(number, item.to_string(), operation, &anchor, said)?;
                self.footnotes.push(Footnote { kept, ..footnote });
                Some(number)
            }
        };
        self.by_item.insert(item, known);
        Ok(known)
    }

    /// `said` is the anchor as somebody signed it, `anchor` with the place that it has here and with
    /// what stands around it: whoever signed it may have left that out, and a name may go on there.
    pub(super) fn make(
        &mut self,
        number: usize,
        id: String,
        operation: Option<Sha256>,
        anchor: &Anchor,
        said: &Anchor,
    ) -> Result<Footnote, CaseError> {
        let (hold, found) = self.quoting.found(said, self.cancel)?;
        // Where it stands now is what a reader is to open; where it stood is said beside it.
        let now = match (&hold, found) {
            (Hold::Moved { .. } | Hold::Misplaced { .. }, Some(at)) => Some(self.case.passage(at)?),
            _ => None,
        };
        let moved_from = match (said, &hold) {
            (Anchor::Passage(was), Hold::Moved { .. }) if now.is_some() => {
                Some(was.locator.clone())
            }
            _ => None,
        };
        let now = now.map(|now| Anchor::Passage(Box::new(now)));
        let anchor = now.as_ref().unwrap_or(anchor);
        let mut locator = Locator::new(number, operation, anchor);
        let source = match anchor {
            Anchor::Passage(passage) => {
                let (file, plain) = self.file(passage)?;
                let (path, containers) = match plain {
                    Some(path) => (path, Vec::new()),
                    None => (passage.path.clone(), passage.containers.clone()),
                };
                if let Spot::Passage(place) = &mut locator.spot {
                    place.path.clone_from(&path);
                    place.containers.clone_from(&containers);
                    place.no_bytes = file.has_no_bytes;
                    place.moved_from.clone_from(&moved_from);
                }
                Source::Passage {
                    path,
                    sha256: passage.content,
                    file,
                    containers,
                    place: passage.locator.clone(),
                    variant: passage.variant,
                    quote: passage.quote.clone(),
                    // The case does not line translations up with originals yet.
                    translation: None,
                }
            }
            Anchor::Count(count) => {
                let mut how = match &count.of {
                    // A figure of a table stands in the same file as a passage of it.
                    Counted::Column { document, path, .. } => {
                        let named = self.facts(document)?.plain.clone();
                        how(count, named.as_deref().unwrap_or(path))
                    }
                    Counted::Search { .. } => how(count, ""),
                };
                if let Counted::Search { references, .. } = &count.of {
                    how.extend(self.names_in(references));
                }
                Source::Count { said: count.words(), how, ids: count.ids }
            }
        };
        let writer = match found.map(|at| at.item) {
            Some(ItemId::Message(id)) => self.owner_of(&self.case.message(id)?),
            _ => None,
        };
        Ok(Footnote { number, id, source, hold, moved_from, writer, kept: None, locator })
    }

    /// Who owns the account that wrote a message, where that says more than the account does.
    pub(super) fn owner_of(&self, message: &Message) -> Option<String> {
        let sender = message.sender_id?;
        let owner = self.entities.iter().find(|entity| entity.participants.contains(&sender))?;
        let name = &owner.fields.name;
        (*name != message.sender_name && Some(name) != message.sender.as_ref())
            .then(|| name.clone())
    }

    /// What the case knows of the file of a passage. One that lies in the leak by itself is named by
    /// that place, and not by the one in a backup that the passage was taken from.
    fn file(&mut self, passage: &Passage) -> Result<(File, Option<String>), CaseError> {
        let lost = self.case.lost(&passage.content)?;
        let facts = self.facts(&passage.content)?;
        let plain = facts.plain.clone().filter(|_| !passage.containers.is_empty());
        let named = plain.as_deref().unwrap_or(&passage.path);
        let others = facts.places.iter().filter(|place| *place != named);
        let file = File {
            has_no_bytes: !facts.has_bytes,
            lost,
            read: facts.read,
            remarks: facts.damage.clone(),
            also_at: others.cloned().collect(),
            lists: facts.lists.clone(),
        };
        Ok((file, plain))
    }

    fn facts(&mut self, content: &Sha256) -> Result<&FileFacts, CaseError> {
        Ok(match self.files.entry(*content) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(
                self.case
                    .file(content)?
                    .unwrap_or_else(|| FileFacts { has_bytes: true, ..FileFacts::default() }),
            ),
        })
    }

    /// Names that a search was for, where it was for those of entities.
    fn names_in(&self, references: &References) -> Vec<String> {
        let named = references.iter().filter_map(|(number, reference)| match reference {
            Reference::Entity(operation) => Some((number, operation)),
            _ => None,
        });
        let each = named.filter_map(|(number, operation)| {
            let is_it = |entity: &&Entity| {
                entity.operation == *operation || entity.id.to_string() == *number
            };
            let entity = self.entities.iter().find(is_it)?;
            let names: Vec<&str> = entity.names().collect();
            Some(format!("for the names of {number}: {}", names.join("; ")))
        });
        // Short numbers are of one case: whoever has another one is told what they name.
        let others = references.iter().filter_map(|(number, reference)| match reference {
            Reference::Conversation { .. } | Reference::Account { .. } => {
                let line = self.case.line_about(number.parse().ok()?).ok()?;
                Some(format!("{number} is {line}"))
            }
            _ => None,
        });
        each.chain(others).collect()
    }
}

/// How a number was made, in the file with this path.
fn how(count: &Count, path: &str) -> Vec<String> {
    match &count.of {
        Counted::Search { query, normal, variants, .. } => {
            let variants: Vec<&str> = variants.iter().map(|variant| variant.name()).collect();
            let mut how = vec![format!("{BY_SEARCH}{query}")];
            if normal != query {
                how.push(format!("compared as {normal}"));
            }
            how.push(format!("in the texts: {}", variants.join(", ")));
            how
        }
        Counted::Column { document, sheet, name, column, .. } => {
            let mut how = vec![format!("in {path}"), format!("SHA-256 {document}")];
            let sheet = if sheet.is_empty() { String::new() } else { format!("sheet {sheet}, ") };
            how.push(format!("{sheet}column {} ({name})", column + 1));
            how.extend(count.of.conditions().iter().map(|asked| format!("where {asked}")));
            how
        }
    }
}

/// `None` for what is not in the case.
fn found<T>(result: Result<T, CaseError>) -> Result<Option<T>, CaseError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_no_such_item() => Ok(None),
        Err(error) => Err(error),
    }
}
