//! Signing what leaves a case and is no operation, with the key of whoever works here.

use super::{Case, CaseError};
use crate::journal::bundle;
use crate::model::Sha256;

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
