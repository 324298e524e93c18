//! Handing work to another copy of the case, and taking it in.
//!
//! - here: writing a bundle; reading, previewing and applying one
//! - `changed.rs`: what it changes of things that the case has, before and after
//! - `clashes.rs`: what both sides changed at the same time
//! - `lost.rs`: what the case had and has no more, by its title
//! - `summary.rs`: what operations come to, by person, for whoever decides to take them in
//! - `tests.rs`: the laws of merging

mod changed;
mod clashes;
mod lost;
mod summary;
#[cfg(test)]
mod tests;

use super::{Author, Case, CaseError, notes};
use crate::journal::bundle::{self, BundleError, Header, Incoming, Since};
use crate::journal::{self, Action, log, merge};
use crate::model::handover::{Entry, Handed, Merged, Waiting, fingerprint};
use crate::model::{Anchor, ItemId, Sha256, time};
use crate::store::{StoreError, StoredOperation};
use std::collections::HashSet;
use std::io::{Read, Write};
use std::sync::PoisonError;

/// A bundle that was read and is good in itself: every line, every signature, the trailer.
#[derive(Debug)]
pub struct Bundle {
    header: Header,
    operations: Vec<Incoming>,
}

impl Case {
    /// Writes operations of the journal as a bundle. `since` is a day or a moment in UTC
    /// (`2026-11-20`, `2026-11-20T14:30`), or the id of an operation (8 digits or more of it):
    /// then all that it did not know of; empty for everything.
    ///
    /// # Errors
    /// `since` is neither; there is no key to sign with; `into` cannot be written.
    pub fn write_bundle(&self, since: &str, into: &mut dyn Write) -> Result<Handed, CaseError> {
        let author = self.author()?;
        let cut = bundle::cut(&self.store, &self.since(since)?)?;
        let made = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let header = bundle::write(&self.store, &cut, &author, [&self.name(), since, &made], into)?;
        Ok(Handed {
            case: header.case,
            author: header.author,
            fingerprint: fingerprint_of(&header.key),
            operations: header.operations,
            needs: header.needs.len() as u64,
        })
    }

    /// Who works here.
    pub(super) fn author(&self) -> Result<Author, CaseError> {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        match journal.as_ref() {
            Some(journal) => Ok(journal.author().clone()),
            None => Author::of_this_account()
                .map_err(|error| CaseError::Journal(format!("no key to sign with: {error}"))),
        }
    }

    fn since(&self, text: &str) -> Result<Since, CaseError> {
        let bad = || CaseError::Since(text.to_owned());
        let text = text.trim();
        if text.is_empty() {
            return Ok(Since::Everything);
        }
        let moment = if text.contains('-') {
            let utc = jiff::tz::TimeZone::UTC;
            text.parse::<jiff::Timestamp>().ok().or_else(|| {
                let moment: jiff::civil::DateTime = text.parse().ok()?;
                moment.to_zoned(utc).ok().map(|moment| moment.timestamp())
            })
        } else {
            None
        };
        if let Some(moment) = moment {
            return Ok(Since::Wall(moment.as_millisecond()));
        }
        let is_id = (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        let found = if is_id { self.store.operations_like(text)? } else { Vec::new() };
        match found.as_slice() {
            [one] => Ok(Since::Operation(Sha256(*one))),
            _ => Err(bad()),
        }
    }

    /// Reads a bundle and checks all of it, without changing anything.
    ///
    /// # Errors
    /// [`CaseError::Bundle`] says what is wrong with it and in which line.
    pub fn read_bundle(&self, from: impl Read) -> Result<Bundle, CaseError> {
        let is_known = |stored: &StoredOperation| -> Result<bool, StoreError> {
            Ok(self.store.operation(&stored.id)?.as_ref() == Some(stored))
        };
        let (header, operations) = bundle::read(from, &is_known)?;
        Ok(Bundle { header, operations })
    }

    /// What taking a bundle in would change. Changes nothing.
    ///
    /// # Errors
    /// The bundle builds on operations that this case has not; a read-only case.
    pub fn would_merge(&self, bundle: &Bundle) -> Result<Merged, CaseError> {
        if !self.can_write() {
            return Err(StoreError::ReadOnly.into());
        }
        self.store.with_room(|| {
            self.store.begin()?;
            let merged = self.merge_in(bundle);
            self.store.rollback();
            self.forget_namesakes();
            merged
        })
    }

    /// Takes a bundle in, in one transaction: all of it or nothing.
    ///
    /// # Errors
    /// As for [`Case::would_merge`].
    pub fn merge(&self, bundle: &Bundle) -> Result<Merged, CaseError> {
        if !self.can_write() {
            return Err(StoreError::ReadOnly.into());
        }
        let merged = self.store.with_room(|| self.store.transaction(|| self.merge_in(bundle)));
        if merged.is_err() {
            self.forget_namesakes();
        }
        merged
    }

    fn merge_in(&self, bundle: &Bundle) -> Result<Merged, CaseError> {
        let all = bundle.operations.len();
        let new = merge::select(&self.store, &bundle.operations, bundle.header.since.as_deref())?;
        let people = self.people_before(&new)?;
        let before = self.standing_before(&new)?;
        merge::apply(&self.store, &new)?;
        let mut changed = self.changes_since(&before, &new)?;
        changed::plain(&mut changed);
        let clashes = self.clashes(&new)?;
        // What both sides changed is told there.
        for own in &mut changed {
            let is_told = |field: &str| {
                clashes.iter().any(|clash| {
                    clash.field == field
                        && clash.item().is_some_and(|item| item.to_string() == own.item)
                })
            };
            own.changes.retain(|change| !is_told(&change.field));
        }
        changed.retain(|own| !own.changes.is_empty());
        let header = &bundle.header;
        let ids: HashSet<Sha256> = new.iter().map(|incoming| incoming.id()).collect();
        Ok(Merged {
            case: header.case.clone(),
            author: header.author.clone(),
            fingerprint: fingerprint_of(&header.key),
            made: header.made.clone(),
            since: header.since.clone(),
            known: (all - new.len()) as u64,
            new: new.len() as u64,
            people: self.summary(&new, &people)?,
            both: self.both_texts(&new)?,
            brought: self.brought(&new)?,
            changed,
            clashes,
            lost: self.taken_away(&new)?,
            waiting: self.waiting_of(|id| ids.contains(id))?,
        })
    }

    /// Every operation of the journal in the order of the fold.
    pub fn each_entry<E: From<CaseError>>(
        &self,
        mut each: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut force = log::Force::default();
        let mut entry = |stored: StoredOperation| -> Result<Entry, CaseError> {
            let id = Sha256(stored.id);
            let body = log::parse(&stored)?;
            Ok(Entry {
                id,
                lamport: body.lamport,
                time: format!("{}Z", time::clock_text(body.wall.div_euclid(1000))),
                fingerprint: fingerprint_of(&body.key),
                in_force: force.is_in_force(&self.store, id)?,
                words: body.action.words(),
                action: serde_json::to_value(&body.action)
                    .map_err(|error| CaseError::Journal(error.to_string()))?,
                writer: body.writer,
                by: self.signed_name(&body.author, &body.key)?,
                author: body.author,
                key: body.key,
                parents: body.parents,
            })
        };
        let mut failed = None;
        let done = self.store.each_operation(|stored| {
            let entry = entry(stored)?;
            each(entry).map_err(|error| {
                failed = Some(error);
                CaseError::Cancelled
            })
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(done?),
        }
    }

    /// Operations in force that name evidence that this case has not.
    pub fn waiting(&self) -> Result<Vec<Waiting>, CaseError> {
        self.waiting_of(|_| true)
    }

    fn waiting_of(&self, is_wanted: impl Fn(&Sha256) -> bool) -> Result<Vec<Waiting>, CaseError> {
        let mut waiting = Vec::new();
        for (operation, missing) in journal::waiting(&self.store)? {
            if is_wanted(&operation)
                && let Some(body) = log::body(&self.store, operation)?
            {
                // What was written over, and what is gone, names nothing any more.
                let things = body.action.things(operation);
                let made = things.first().and_then(|thing| self.item_made_by(thing).transpose());
                let made = made.transpose()?;
                let stands = match (&body.action, made) {
                    (Action::NoteText { .. }, Some(ItemId::Note(id))) => {
                        let texts = self.store.note_texts(id)?;
                        texts.iter().any(|text| text.operation == operation)
                    }
                    (_, Some(item)) => self.is_there(item)?,
                    (_, None) => true,
                };
                if !stands {
                    continue;
                }
                let words = body.action.words();
                let author = self.signed_name(&body.author, &body.key)?;
                let about = match &body.action {
                    Action::Anchor { anchor: Anchor::Passage(passage), .. } => {
                        let quote = notes::anchor_line(&Anchor::Passage(passage.clone()));
                        match passage.quote.is_empty() {
                            true => quote,
                            false => format!("{quote} in {}", passage.path),
                        }
                    }
                    Action::NoteText { .. } | Action::Entity { .. } | Action::EntitySet { .. } => {
                        let title = things.first().map(|thing| self.title_of(thing)).transpose()?;
                        let number = made.map(|item| item.to_string()).unwrap_or_default();
                        format!("{number} {}", title.unwrap_or_default())
                    }
                    _ => String::new(),
                };
                waiting.push(Waiting { operation, author, words, about, missing });
            }
        }
        Ok(waiting)
    }
}

fn fingerprint_of(key: &str) -> String {
    fingerprint(&bundle::key_bytes(key))
}

impl From<BundleError> for CaseError {
    fn from(error: BundleError) -> CaseError {
        CaseError::Bundle(Box::new(error))
    }
}
