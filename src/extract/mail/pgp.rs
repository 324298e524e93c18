//! Encrypted mail: what can be said about it is said, the header stays readable.

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
    let is_envelope =
        |kind: &str| matches!(kind, "application/pkcs7-mime" | "application/x-pkcs7-mime");
    let kind = root.kind.token("smime-type").unwrap_or_default();
    (is_envelope(&root.kind.value)
        && matches!(kind.as_str(), "enveloped-data" | "authenveloped-data"))
    .then_some(SMIME)
}

/// Whether a text is nothing but a PGP message.
pub fn is_message(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("-----BEGIN PGP MESSAGE-----") && text.ends_with("-----END PGP MESSAGE-----")
}
