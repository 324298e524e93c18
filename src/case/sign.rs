//! Signing what leaves a case and is no operation, with the key of whoever works here.

use super::{Case, CaseError};
use crate::journal::operation::Body;
use crate::journal::{bundle, deeds};
use crate::model::Sha256;
use crate::text::normal::{Mode, normalize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

pub use bundle::{is_signed, key_bytes};

/// Who signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    pub name: String,
    /// Public key (Ed25519), hexadecimal.
    pub key: String,
}

/// A signature with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub by: Signer,
    /// Hexadecimal.
    pub signature: String,
}

/// Keys by the names that they write under.
#[derive(Default)]
pub(super) struct Namesakes {
    /// Pairs of key and name that the journal had.
    authors: u64,
    keys: BTreeMap<String, BTreeSet<String>>,
}

/// What is the same of two names that a reader takes for one.
fn folded(name: &str) -> String {
    normalize(name.trim(), Mode::Query).text
}

impl Case {
    /// A name as it is shown: with the first digits of the key where the case knows several keys
    /// under it, so that nobody passes for somebody else. Names that look alike are one.
    pub fn signed_name(&self, name: &str, key: &str) -> Result<String, CaseError> {
        Ok(match key.get(..8) {
            Some(digits) if self.is_shared(name)? => format!("{name} ({digits})"),
            _ => name.to_owned(),
        })
    }

    /// Several keys write under this name.
    fn is_shared(&self, name: &str) -> Result<bool, CaseError> {
        let authors = self.store.journal_author_count()?;
        let mut known = self.namesakes.lock().unwrap_or_else(PoisonError::into_inner);
        if known.authors != authors {
            *known = Namesakes { authors, ..Namesakes::default() };
            for (key, name) in self.store.journal_authors()? {
                known.keys.entry(folded(&name)).or_default().insert(key);
            }
        }
        Ok(known.keys.get(&folded(name)).is_some_and(|keys| keys.len() > 1))
    }

    /// To be called when operations that were appended are not there after all: as many others may
    /// come.
    pub(super) fn forget_namesakes(&self) {
        *self.namesakes.lock().unwrap_or_else(PoisonError::into_inner) = Namesakes::default();
    }

    /// Whoever acted last on one of these things, as it is shown; `author` is the name alone.
    pub(super) fn last_hand(&self, things: &[Sha256], author: String) -> Result<String, CaseError> {
        if author.is_empty() || !self.is_shared(&author)? {
            return Ok(author);
        }
        let mut last: Option<Body> = None;
        for thing in things {
            let mut acts = deeds(&self.store, *thing)?.into_iter();
            let of = acts.rfind(|deed| deed.is_live && deed.body.author == author);
            let body = of.map(|deed| deed.body);
            if body.as_ref().map(|body| body.wall) > last.as_ref().map(|body| body.wall) {
                last = body;
            }
        }
        match last {
            Some(body) => self.signed_name(&author, &body.key),
            None => Ok(author),
        }
    }

    /// Who would sign here.
    ///
    /// # Errors
    /// There is no key, and none can be made.
    pub fn signer(&self) -> Result<Signer, CaseError> {
        let author = self.author()?;
        Ok(Signer { key: author.public_key(), name: author.name })
    }

    /// Signs a hash. Whoever makes it sees to it that it is the hash of nothing else that is signed:
    /// an operation or a bundle.
    ///
    /// # Errors
    /// As for [`Case::signer`].
    pub fn sign(&self, hash: &Sha256) -> Result<Signed, CaseError> {
        let author = self.author()?;
        let by = Signer { key: author.public_key(), name: author.name.clone() };
        Ok(Signed { by, signature: author.sign(hash) })
    }

    /// Everybody who wrote in the journal: public key, and a name that it was used under.
    pub fn writers(&self) -> Result<Vec<Signer>, CaseError> {
        let authors = self.store.journal_authors()?;
        Ok(authors.into_iter().map(|(key, name)| Signer { name, key }).collect())
    }
}
