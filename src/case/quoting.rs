//! Texts by content, for whoever checks a report that was made from another copy of the case.

use super::{Case, CaseError};
use crate::journal::locate::Locator;
use crate::journal::unit_of;
use crate::model::anchor::{At, Passage};
use crate::model::{Anchor, DocumentId, Hold, MessageId, Sha256, Target};
use crate::store::Unit;
use serde::Serialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

impl Case {
    /// The document with these bytes.
    pub fn document_with(&self, content: &Sha256) -> Result<Option<DocumentId>, CaseError> {
        match unit_of(&self.store, &Target::Document(*content))? {
            Some(Unit::Document(id)) => Ok(Some(id)),
            Some(Unit::Message(_)) | None => Ok(None),
        }
    }

    /// What stands at a byte range of the text with the hash `text`. `None` when the case has not
    /// that text, or the range does not lie in it at borders of characters.
    pub fn quoted(
        &self,
        target: &Target,
        text: &Sha256,
        range: Range<u64>,
    ) -> Result<Option<String>, CaseError> {
        match unit_of(&self.store, target)? {
            None => Ok(None),
            Some(Unit::Message(id)) => {
                let whole = self.store.message_text(id)?;
                if Sha256::of(whole.as_bytes()) != *text {
                    return Ok(None);
                }
                let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
                Ok(whole.get(index(range.start)..index(range.end)).map(str::to_owned))
            }
            Some(Unit::Document(id)) => {
                let variants = self.store.variants(id)?;
                let Some(variant) = variants.into_iter().find(|own| own.sha256 == *text) else {
                    return Ok(None);
                };
                let slice = self.text(&variant, range.clone())?;
                let whole = slice.start == range.start
                    && slice.text.len() as u64 == range.end.saturating_sub(range.start);
                Ok(whole.then_some(slice.text))
            }
        }
    }

    /// What the case knows of the file with these bytes; `None` when it has it not.
    pub fn file(&self, content: &Sha256) -> Result<Option<FileFacts>, CaseError> {
        let Some(id) = self.document_with(content)? else { return Ok(None) };
        let row = self.document_row(id)?;
        let mut places = self.store.places(id)?;
        // As a document is called: what is there, and of that a file of its own before a copy in a
        // backup.
        places.sort_by_key(|place| (place.missing, !place.missing && place.parent.is_some()));
        let places: Vec<(String, bool)> =
            places.into_iter().map(|place| (place.path, place.parent.is_some())).collect();
        let plain = places.first().filter(|(_, is_inside)| !is_inside);
        let read = match row.state.is_unreadable() {
            false => Extent::Whole,
            true if row.messages > 0 || !self.store.variants(id)?.is_empty() => Extent::Part,
            true => Extent::Nothing,
        };
        let damage = match read {
            Extent::Whole => self.store.warnings(id)?,
            Extent::Part | Extent::Nothing => vec![row.reason],
        };
        let mut lists = Vec::new();
        // Of anything else a name says nothing: it may be a member of another package's folder.
        if row.messages > 0 {
            for (list, role) in self.store.package_lists(id)? {
                let (sha256, containers, path) = self.file_of(list)?;
                lists.push(NameList { path, sha256, containers, of_accounts: role == ACCOUNTS });
            }
        }
        Ok(Some(FileFacts {
            has_bytes: row.sha256.is_some(),
            read,
            damage,
            plain: plain.map(|(path, _)| path.clone()),
            places: places.into_iter().map(|(path, _)| path).collect(),
            lists,
        }))
    }

    /// What became of the file with these bytes, where it was at none of its places at the last add.
    pub fn lost(&self, content: &Sha256) -> Result<Option<Lost>, CaseError> {
        let Some(id) = self.document_with(content)? else { return Ok(None) };
        let places = self.store.places(id)?;
        if places.is_empty() || places.iter().any(|place| !place.missing) {
            return Ok(None);
        }
        for place in places {
            let file = place.path.split('!').next().unwrap_or_default();
            if self.store.lies_at(place.source, file)? {
                return Ok(Some(Lost::Replaced));
            }
        }
        Ok(Some(Lost::Gone))
    }

    /// Reads texts by content, many of them one after the other.
    pub fn quoting(&self) -> Quoting<'_> {
        Quoting { case: self, locator: Locator::new(&self.store), records: HashMap::new() }
    }
}

/// What became of a file that is cited. Its text is in the case still, and a quote of it holds there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    Gone,
    /// Another file lies where it lay: it was changed, or the one that it lies in.
    Replaced,
}

impl Lost {
    pub fn words(self) -> &'static str {
        match self {
            Lost::Gone => "not found at its path when the case was made last",
            Lost::Replaced => "another file lies at its path now",
        }
    }
}

/// How much of a file could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    #[default]
    Whole,
    /// It is broken, locked or over a limit; what could be read of it was.
    Part,
    Nothing,
}

impl Extent {
    pub fn word(self) -> &'static str {
        match self {
            Extent::Whole => "whole",
            Extent::Part => "in part",
            Extent::Nothing => "not",
        }
    }
}

/// What is to be said of a file beside what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// `false` for a member of a container that never could be unpacked: it has no hash.
    pub has_bytes: bool,
    pub read: Extent,
    /// What could not be read of it, a sentence each.
    pub damage: Vec<String>,
    /// Where it lies as a file of its own, in no container.
    pub plain: Option<String>,
    /// All places, in the leak.
    pub places: Vec<String>,
    /// Of a part of a chat: the other files that say what its accounts and channels are called.
    pub lists: Vec<NameList>,
}

/// What the list of accounts is in a package.
const ACCOUNTS: &str = "users";

/// A file that says what accounts or channels of a chat are called, whose messages name them by ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameList {
    pub path: String,
    pub sha256: Sha256,
    /// Outermost first.
    pub containers: Vec<Sha256>,
    /// It names accounts: senders and whoever is mentioned.
    pub of_accounts: bool,
}

/// Keeps what the last texts needed.
pub struct Quoting<'a> {
    case: &'a Case,
    locator: Locator<'a>,
    /// Messages of exports by their position.
    records: HashMap<DocumentId, HashMap<u64, MessageId>>,
}

impl Quoting<'_> {
    /// As [`Case::hold`].
    pub fn hold(&mut self, anchor: &Anchor, cancel: &AtomicBool) -> Result<Hold, CaseError> {
        Ok(self.found(anchor, cancel)?.0)
    }

    /// The same, with the place of a passage where it was found.
    pub fn found(
        &mut self,
        anchor: &Anchor,
        cancel: &AtomicBool,
    ) -> Result<(Hold, Option<At>), CaseError> {
        match anchor {
            Anchor::Passage(passage) => {
                let found = self.locator.locate(passage)?;
                self.case.placed(passage, found, None)
            }
            Anchor::Count(_) => Ok((self.case.hold(anchor, cancel)?, None)),
        }
    }

    /// What is not so of what a passage says of its place, the quote aside: it may have been redacted,
    /// and `target` left out.
    pub fn misplaced(
        &mut self,
        claim: &Passage,
        target: Option<&Target>,
    ) -> Result<Option<String>, CaseError> {
        let unit = match (target, claim.record) {
            (Some(target), _) => unit_of(&self.case.store, target)?,
            (None, Some(record)) => {
                self.message(&claim.content, record.ordinal)?.map(Unit::Message)
            }
            (None, None) => None,
        };
        let (item, variant) = match unit {
            None => return Ok(None),
            Some(Unit::Message(id)) => (id.into(), None),
            Some(Unit::Document(id)) => {
                let variants = self.case.store.variants(id)?;
                match variants.into_iter().find(|own| own.sha256 == claim.text) {
                    Some(variant) => (id.into(), Some(variant.id)),
                    None => return Ok(None),
                }
            }
        };
        self.case.misplaced(claim, At { item, variant, start: claim.start, end: claim.end }, None)
    }

    /// As [`Case::quoted`].
    pub fn quoted(
        &self,
        target: &Target,
        text: &Sha256,
        range: Range<u64>,
    ) -> Result<Option<String>, CaseError> {
        self.case.quoted(target, text, range)
    }

    /// What stands at a byte range of the message that is record `ordinal` (from 0) of the export
    /// with these bytes; `None` as for [`Case::quoted`].
    pub fn record(
        &mut self,
        export: &Sha256,
        ordinal: u64,
        range: Range<u64>,
    ) -> Result<Option<String>, CaseError> {
        let Some(message) = self.message(export, ordinal)? else { return Ok(None) };
        let text = self.case.store.message_text(message)?;
        let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
        Ok(text.get(index(range.start)..index(range.end)).map(str::to_owned))
    }

    /// The message that is record `ordinal` (from 0) of the export with these bytes.
    fn message(&mut self, export: &Sha256, ordinal: u64) -> Result<Option<MessageId>, CaseError> {
        let Some(id) = self.case.document_with(export)? else { return Ok(None) };
        let records = match self.records.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let all = self.case.store.records(id)?;
                place.insert(all.into_iter().collect())
            }
        };
        Ok(records.get(&ordinal).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::testing::{add_document, add_place, with_documents};

    #[test]
    fn a_file_that_is_not_where_it_was_says_whether_another_one_is() {
        let (dir, case) = with_documents(&[1]);
        let check = |key: u8, expected: Option<Lost>| {
            assert_eq!(case.lost(&Sha256([key; 32])).unwrap(), expected, "{key}");
        };
        check(1, None);
        check(9, None);
        case.store.set_missing(1, true).unwrap();
        check(1, Some(Lost::Gone));
        add_place(&case, dir.path(), 2, "1.txt");
        check(1, Some(Lost::Replaced));
        check(2, None);
        // A copy of it is found elsewhere.
        add_place(&case, dir.path(), 1, "copy.txt");
        check(1, None);
        add_document(&case, dir.path(), 3);
        check(3, None);
    }
}
