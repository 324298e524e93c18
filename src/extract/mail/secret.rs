//! Mail that is encrypted or wrapped into its signature: what can be said about it is said, the
//! header stays readable, and what was only signed is opened.

use super::cms::{self, Cms};
use super::mime::Tree;

pub const INLINE: &str = "its text is encrypted with PGP; decrypt it elsewhere and add the result";
const PARTS: &str = "encrypted with PGP; decrypt it elsewhere and add the result";
const SMIME: &str = "encrypted with S/MIME; decrypt it elsewhere and add the result";

/// Why the parts cannot be read, when the message is encrypted.
pub fn of_parts(tree: &Tree) -> Option<&'static str> {
    let root = tree.parts.first()?;
    if root.is("multipart/encrypted") {
        return Some(PARTS);
    }
    let kind = root.kind.token("smime-type").unwrap_or_default();
    let is_secret = matches!(kind.as_str(), "enveloped-data" | "authenveloped-data");
    (is_envelope(&root.kind.value) && is_secret).then_some(SMIME)
}

/// Whether a part is an S/MIME envelope.
pub fn is_envelope(kind: &str) -> bool {
    matches!(kind, "application/pkcs7-mime" | "application/x-pkcs7-mime")
}

/// The message inside an S/MIME envelope that only signs it, or why it cannot be had.
pub fn opened(content: &[u8]) -> Result<Option<Vec<u8>>, &'static str> {
    match cms::open(content) {
        Cms::Signed(message) if !message.is_empty() => Ok(Some(message)),
        Cms::Encrypted => Err(SMIME),
        _ => Ok(None),
    }
}

/// Whether a text is nothing but a PGP message.
pub fn is_message(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("-----BEGIN PGP MESSAGE-----") && text.ends_with("-----END PGP MESSAGE-----")
}
