//! One operation: its body as canonical JSON, its id (the SHA-256 of that), its signature.

use crate::model::Sha256;
use crate::store::StoredOperation;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

pub use super::action::{Action, citing};
pub use crate::model::{Reference, Target};

/// SHA-256 of the body.
pub type OperationId = Sha256;

/// What is hashed and signed. The order of the fields is the canonical one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Version of this format.
    pub v: u32,
    /// 32 hexadecimal digits: a fresh one for each opening of the case.
    pub writer: String,
    /// What was known when it was written; sorted.
    pub parents: Vec<OperationId>,
    /// One more than the highest of the parents.
    pub lamport: u64,
    /// UTC milliseconds on the author's machine; a claim.
    pub wall: i64,
    /// The author's name; a claim.
    pub author: String,
    /// The author's public key, hexadecimal.
    pub key: String,
    /// The first operation of the act that it is a part of, where that took several: they are undone
    /// together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<OperationId>,
    /// Anchors that it cites though somebody had deleted them: to write on in a note that names one
    /// brings none back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<OperationId>,
    pub action: Action,
}

/// Why a stored operation is not what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadOperation {
    #[error("its text is not an operation: {0}")]
    Malformed(String),
    #[error("its text was changed: the hash does not fit")]
    Hash,
    #[error("its signature does not fit")]
    Signature,
    #[error("its columns say something else than its text")]
    Columns,
    #[error("it has the version {0}, which this program does not know")]
    Version(u32),
}

pub(super) const VERSION: u32 = 1;

impl Body {
    pub fn new(
        writer: [u8; 16],
        mut parents: Vec<OperationId>,
        lamport: u64,
        wall: i64,
        author: &str,
        key: &SigningKey,
        action: Action,
    ) -> Body {
        parents.sort();
        parents.dedup();
        Body {
            v: VERSION,
            writer: hex(&writer),
            parents,
            lamport,
            wall,
            author: author.to_owned(),
            key: hex(key.verifying_key().as_bytes()),
            act: None,
            gone: Vec::new(),
            action,
        }
    }

    /// Anchors that a note or an entity stands on by it: whoever deletes one must have known of that.
    pub fn cites(&self) -> Vec<OperationId> {
        let mut cited = self.action.cites();
        cited.retain(|anchor| !self.gone.contains(anchor));
        cited
    }

    /// The operation as it is stored.
    ///
    /// # Errors
    /// Serialising failed, which no body made here does.
    pub fn sign(&self, key: &SigningKey) -> Result<StoredOperation, BadOperation> {
        let body =
            serde_json::to_string(self).map_err(|e| BadOperation::Malformed(e.to_string()))?;
        let id = Sha256::of(body.as_bytes());
        let signature = key.sign(&id.0).to_bytes().to_vec();
        let writer = unhex(&self.writer)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| BadOperation::Malformed("writer".to_owned()))?;
        Ok(StoredOperation { id: id.0, lamport: self.lamport, writer, body, signature })
    }

    /// Reads and checks a stored operation: hash, signature, columns.
    pub fn check(stored: &StoredOperation) -> Result<Body, BadOperation> {
        if Sha256::of(stored.body.as_bytes()).0 != stored.id {
            return Err(BadOperation::Hash);
        }
        let body = Body::parse(stored)?;
        body.check_signature(stored)?;
        if body.lamport != stored.lamport || body.writer != hex(&stored.writer) {
            return Err(BadOperation::Columns);
        }
        Ok(body)
    }

    /// Checks the signature alone.
    pub(super) fn check_signature(&self, stored: &StoredOperation) -> Result<(), BadOperation> {
        let key = unhex(&self.key)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .ok_or(BadOperation::Signature)?;
        let signature =
            Signature::from_slice(&stored.signature).map_err(|_| BadOperation::Signature)?;
        key.verify_strict(&stored.id, &signature).map_err(|_| BadOperation::Signature)
    }

    /// Reads a stored operation without checking it: what the fold does on each open.
    pub fn parse(stored: &StoredOperation) -> Result<Body, BadOperation> {
        let body: Body = serde_json::from_str(&stored.body)
            .map_err(|error| BadOperation::Malformed(error.to_string()))?;
        if body.v != VERSION { Err(BadOperation::Version(body.v)) } else { Ok(body) }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Only what [`hex`] writes.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if !text.bytes().all(is_digit) || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_operation_is_found_out() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let action = Action::Mark {
            name: "read".into(),
            on: true,
            targets: vec![Target::Document(Sha256([1; 32]))],
        };
        let body = Body::new([2; 16], vec![], 1, 0, "lin", &key, action);
        let good = body.sign(&key).unwrap();
        assert_eq!(Body::check(&good).unwrap(), body);

        let check = |change: &dyn Fn(&mut StoredOperation), expected| {
            let mut bad = good.clone();
            change(&mut bad);
            assert_eq!(Body::check(&bad).unwrap_err(), expected);
        };
        check(&|op| op.body = op.body.replace("lin", "tom"), BadOperation::Hash);
        check(&|op| op.signature[5] ^= 1, BadOperation::Signature);
        check(&|op| op.lamport = 2, BadOperation::Columns);
        check(&|op| op.writer[0] ^= 1, BadOperation::Columns);
        // Somebody else signs it and puts a hash that fits.
        let forger = SigningKey::from_bytes(&[8; 32]);
        let forged = body.sign(&forger).unwrap();
        assert_eq!(Body::check(&forged).unwrap_err(), BadOperation::Signature);
    }
}
