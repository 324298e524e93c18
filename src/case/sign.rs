//! Signing what leaves a case and is no operation, with the key of whoever works here.

use super::{Case, CaseError};
use crate::journal::{bundle, log};
use crate::model::Sha256;
use std::collections::{BTreeMap, BTreeSet};

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

impl Case {
    /// A name as it is shown: with the first digits of the key where the case knows several keys
    /// under it, so that nobody passes for somebody else.
    pub fn signed_name(&self, name: &str, key: &str) -> Result<String, CaseError> {
        let now = log::clock(&self.store)?;
        let mut known = self.namesakes.borrow_mut();
        if known.as_ref().is_none_or(|(then, _)| *then != now) {
            let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for (key, name) in self.store.journal_authors()? {
                keys.entry(name).or_default().insert(key);
            }
            let several = keys.into_iter().filter(|(_, keys)| keys.len() > 1);
            *known = Some((now, several.map(|(name, _)| name).collect()));
        }
        let is_shared = known.as_ref().is_some_and(|(_, names)| names.contains(name));
        Ok(match key.get(..8).filter(|_| is_shared) {
            Some(digits) => format!("{name} ({digits})"),
            None => name.to_owned(),
        })
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
