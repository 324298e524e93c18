//! Names of attachments.

use super::header::{self, Headers};
use super::mime::Part;
use crate::extract::archive::clean_name;

/// Extensions for parts without a name.
const EXTENSIONS: [(&str, &str); 24] = [
    ("message/rfc822", "eml"),
    ("text/plain", "txt"),
    ("text/html", "html"),
    ("text/calendar", "ics"),
    ("text/csv", "csv"),
    ("text/xml", "xml"),
    ("text/rtf", "rtf"),
    ("text/vcard", "vcf"),
    ("text/x-vcard", "vcf"),
    ("text/directory", "vcf"),
    ("image/jpeg", "jpg"),
    ("image/pjpeg", "jpg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/bmp", "bmp"),
    ("image/tiff", "tiff"),
    ("application/pdf", "pdf"),
    ("application/zip", "zip"),
    ("application/rtf", "rtf"),
    ("application/msword", "doc"),
    ("application/pgp-signature", "asc"),
    ("application/pgp-encrypted", "asc"),
    ("application/pkcs7-signature", "p7s"),
    ("application/pkcs7-mime", "p7m"),
];

/// The name of a part, and its raw bytes where it was decoded by guess.
pub fn of_part(
    part: &Part,
    content: &[u8],
    ordinal: u64,
    fallback: Option<&str>,
) -> (String, Option<Vec<u8>>) {
    let stated = part
        .disposition
        .text("filename", fallback)
        .or_else(|| part.kind.text("name", fallback))
        .or_else(|| part.disposition.text("name", fallback))
        .filter(|(name, _)| !name.trim().is_empty());
    if let Some((name, raw)) = stated {
        return finish(&name, raw, ordinal);
    }
    let kind = part.kind.value.as_str();
    let is_message = matches!(kind, "message/rfc822" | "message/global" | "message/news");
    if is_message && let Some(subject) = subject(content) {
        return finish(&format!("{}.eml", subject.replace(['/', '\\'], "_")), None, ordinal);
    }
    if let Some(location) = part.headers.get("Content-Location") {
        let location = header::decode(location, fallback);
        let last = location.split(['?', '#']).next().unwrap_or("").rsplit('/').next().unwrap_or("");
        if !last.trim().is_empty() {
            return finish(last.trim(), None, ordinal);
        }
    }
    let extension =
        EXTENSIONS.iter().find(|(known, _)| *known == kind).map(|(_, extension)| *extension);
    let extension = if is_message { "eml" } else { extension.unwrap_or("bin") };
    (format!("part-{ordinal}.{extension}"), None)
}

/// A name given as bytes.
pub fn of_raw(raw: &[u8], ordinal: u64, fallback: Option<&str>) -> (String, Option<Vec<u8>>) {
    let guessed = std::str::from_utf8(raw).is_err();
    finish(&header::decode(raw, fallback), guessed.then(|| raw.to_vec()), ordinal)
}

/// The subject of a message inside a message.
fn subject(content: &[u8]) -> Option<String> {
    let (headers, _) = Headers::of_message(content);
    let subject = header::decode(headers.get("Subject")?, None);
    let subject: String = subject.chars().filter(|c| !c.is_control()).take(120).collect();
    let subject = subject.trim();
    (!subject.is_empty()).then(|| subject.to_owned())
}

/// An attachment has a name, not a path: what senders put in front of it is cut off.
fn finish(name: &str, raw: Option<Vec<u8>>, ordinal: u64) -> (String, Option<Vec<u8>>) {
    let (clean, escapes) = clean_name(name, ordinal);
    let last = clean.rsplit('/').next().unwrap_or(&clean).trim().to_owned();
    let changed = escapes || last.len() < name.trim().len();
    (last, raw.or_else(|| changed.then(|| name.as_bytes().to_vec())))
}
