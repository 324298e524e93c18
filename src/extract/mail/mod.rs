//! Mail: one message is one document. Its header lines and its text are the document's text,
//! attachments and messages inside it are documents of their own.
//!
//! `mime` finds the parts, `body` reads those that are text, this file writes them out.

pub mod body;
pub mod charset;
mod cms;
mod emlx;
pub mod header;
pub mod markup;
pub mod meta;
pub mod mime;
mod names;
mod params;
mod secret;
pub mod transfer;

pub use emlx::extract as extract_emlx;

use super::record::{Child, ChildRole};
use super::{Input, Out, Stop, html};
use crate::model::{PartKind, Wrap};
use mime::Tree;
use std::ops::Range;

/// Header fields that stand in front of the text; all others follow it.
const SHOWN: [&str; 7] = ["Subject", "From", "To", "Cc", "Bcc", "Reply-To", "Date"];
/// Starts of texts around parts that programs write for readers without MIME.
const BOILERPLATE: [&str; 5] = [
    "This is a multi-part message in MIME",
    "This is a multipart message in MIME",
    "This is a MIME",
    "This message is in MIME",
    "This is a cryptographically signed message in MIME",
];
/// Parts of one message that are looked at.
const MOST_PARTS: usize = 100_000;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let bytes = input.bytes()?;
    message(&bytes, input.limits.nesting, out)
}

/// Writes one message that is in memory.
pub fn message(bytes: &[u8], nesting: u32, out: &mut Out) -> Result<(), Stop> {
    // Line ends of the old Macintosh: no structure would be seen.
    let converted;
    let bytes = if bytes.contains(&b'\r') && !bytes.contains(&b'\n') {
        converted = bytes.iter().map(|&b| if b == b'\r' { b'\n' } else { b }).collect::<Vec<u8>>();
        &converted
    } else {
        bytes
    };
    let tree = mime::parse(bytes, nesting, MOST_PARTS);
    let Some(root) = tree.parts.first() else { return Err(Stop::failed("no message in it")) };
    let fallback = body::fallback(&tree, bytes);
    let fallback = fallback.as_deref();
    meta::write(&root.headers, fallback, out)?;
    for trouble in &tree.troubles {
        out.warn(trouble.clone())?;
    }
    out.part(PartKind::MailHeader, Wrap::Lines)?;
    for name in SHOWN {
        for field in &root.headers.fields {
            if field.name.eq_ignore_ascii_case(name.as_bytes()) {
                write_field(field, fallback, out)?;
            }
        }
    }
    let mut texts = body::choose(&tree, bytes, fallback);
    let mut secret = secret::of_parts(&tree);
    let (files, is_pgp) = write_texts(&tree, bytes, &mut texts, fallback, out)?;
    write_rest(&tree, bytes, fallback, out)?;
    if let Some(why) = write_attachments(&tree, bytes, &texts, files, fallback, out)? {
        secret.get_or_insert(why);
    }
    match secret.or(is_pgp.then_some(secret::INLINE)) {
        Some(why) => Err(Stop::Encrypted(why.to_owned())),
        None => Ok(()),
    }
}

fn write_field(field: &header::Field, fallback: Option<&str>, out: &mut Out) -> Result<(), Stop> {
    let value = header::decode(field.value, fallback);
    if field.name.is_empty() {
        return out.line(&value);
    }
    let name = String::from_utf8_lossy(field.name);
    out.line(&format!("{name}: {value}"))
}

/// Writes the body; returns files found in it, and whether all of it is a PGP message.
fn write_texts(
    tree: &Tree,
    bytes: &[u8],
    texts: &mut body::Body,
    fallback: Option<&str>,
    out: &mut Out,
) -> Result<(Vec<transfer::Uuencoded>, bool), Stop> {
    let mut files = Vec::new();
    let mut encoding = None;
    let mut open = None;
    let mut is_pgp = false;
    let mut all = String::new();
    for at in texts.read.clone() {
        let mut text = texts.text(at, tree, bytes, fallback);
        files.append(&mut text.files);
        for warning in text.warnings {
            out.warn(warning)?;
        }
        if encoding.is_none() && !text.text.is_ascii() {
            out.encoding(&text.encoding)?;
            encoding = Some(text.encoding);
        }
        if text.text.trim().is_empty() {
            continue;
        }
        is_pgp |= secret::is_message(&text.text);
        if let Some(page) = &text.page {
            html::write(page, out)?;
            open = None;
        } else {
            if open == Some(text.wrap) {
                out.text("\n")?;
            } else {
                out.part(PartKind::Body, text.wrap)?;
                open = Some(text.wrap);
            }
            out.text(&text.text)?;
            if !text.text.ends_with('\n') {
                out.text("\n")?;
            }
        }
        if !texts.same.is_empty() {
            all.push_str(&text.text);
        }
    }
    for at in texts.same.clone() {
        if let Some(page) = texts.text(at, tree, bytes, fallback).page {
            markup::write_rest(&page, &all, out)?;
        }
    }
    Ok((files, is_pgp))
}

/// Writes what no mail program shows: text around the parts, and all other header fields.
fn write_rest(
    tree: &Tree,
    bytes: &[u8],
    fallback: Option<&str>,
    out: &mut Out,
) -> Result<(), Stop> {
    let around = |range: &Range<usize>| -> Option<String> {
        let raw = &bytes[range.clone()];
        let text = charset::decode(raw, None, fallback).text;
        let shown = text.trim();
        let known = BOILERPLATE.iter().any(|start| shown.starts_with(start)) && shown.len() < 400;
        (!shown.is_empty() && !known).then(|| shown.to_owned())
    };
    let around: Vec<String> =
        tree.parts.iter().flat_map(|part| &part.around).filter_map(around).collect();
    if !around.is_empty() {
        out.hidden_part(PartKind::Body, "between the parts", Wrap::Flow)?;
        for text in around {
            out.line(&text)?;
            out.line("")?;
        }
    }
    let root = &tree.parts[0].headers;
    let others: Vec<_> = root
        .fields
        .iter()
        .filter(|field| !SHOWN.iter().any(|name| field.name.eq_ignore_ascii_case(name.as_bytes())))
        .collect();
    if others.is_empty() && root.envelope.is_empty() {
        return Ok(());
    }
    out.labelled_part(PartKind::MailHeader, "all other fields", Wrap::Lines)?;
    for line in &root.envelope {
        out.line(&charset::decode(line, None, fallback).text)?;
    }
    for field in others {
        write_field(field, fallback, out)?;
    }
    Ok(())
}

/// Writes all other parts; returns why, when the message as a whole turns out to be encrypted.
fn write_attachments(
    tree: &Tree,
    bytes: &[u8],
    texts: &body::Body,
    files: Vec<transfer::Uuencoded>,
    fallback: Option<&str>,
    out: &mut Out,
) -> Result<Option<&'static str>, Stop> {
    let mut ordinal = 0;
    let mut secret = None;
    for (at, part) in tree.parts.iter().enumerate() {
        if part.is_container || texts.read.binary_search(&at).is_ok() || texts.same.contains(&at) {
            continue;
        }
        let content = body::bytes_of(part, bytes);
        // The empty part that some programs put beside an attachment.
        if content.is_empty()
            && part.disposition.value.is_empty()
            && part.kind.value == "text/plain"
        {
            continue;
        }
        let (name, raw_name) = names::of_part(part, &content, ordinal, fallback);
        let child = attachment(name, raw_name, ordinal, content.len());
        out.child(child, &mut content.as_slice())?;
        ordinal += 1;
        if secret::is_envelope(&part.kind.value) {
            match secret::opened(&content) {
                Ok(Some(message)) => {
                    let name = "signed message.eml".to_owned();
                    let child = attachment(name, None, ordinal, message.len());
                    out.child(child, &mut message.as_slice())?;
                    ordinal += 1;
                }
                Ok(None) => {}
                Err(why) if at == 0 => secret = Some(why),
                Err(_) => {}
            }
        }
    }
    for file in files {
        let (name, raw_name) = names::of_raw(&file.name, ordinal, fallback);
        let child = attachment(name, raw_name, ordinal, file.bytes.len());
        out.child(child, &mut file.bytes.as_slice())?;
        ordinal += 1;
    }
    Ok(secret)
}

fn attachment(name: String, raw_name: Option<Vec<u8>>, ordinal: u64, size: usize) -> Child {
    Child {
        name,
        raw_name,
        ordinal,
        role: ChildRole::Attachment,
        modified: None,
        claimed_size: Some(size as u64),
    }
}

#[cfg(test)]
pub mod tests;
