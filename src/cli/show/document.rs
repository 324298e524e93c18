//! A document: what is known about it, and its text or what lies in its file.

use super::{field, made};
use crate::case::{Case, Document, Variant, part_name};
use crate::cli::args;
use crate::cli::error::Failure;
use crate::cli::lists::state_words;
use crate::cli::out::{Out, Style};
use crate::cli::{add, bytes, grouped, json};
use crate::ingest;
use crate::model::{DocumentId, VariantKind};

/// Bytes of text that are asked for at once.
const STRETCH: u64 = 1 << 20;

pub(super) fn document(
    case: &Case,
    id: DocumentId,
    args: &args::Show,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    if args.file {
        return file(case, id, args, out);
    }
    let document = case.document(id)?;
    let wanted = args.variant.as_deref().and_then(VariantKind::from_name);
    let variant = match wanted {
        Some(kind) => {
            let found = document.variants.iter().find(|variant| variant.kind == kind);
            if found.is_none() {
                let known: Vec<&str> = document.variants.iter().map(|v| v.kind.name()).collect();
                let known = match known.is_empty() {
                    true => format!("{id} has no text"),
                    false => format!("{id} has: {}", known.join(", ")),
                };
                return Err(Failure::new(format!("{id} has no text of the kind {}", kind.name()))
                    .hint(known));
            }
            found
        }
        None => document.variants.first(),
    }
    .cloned();
    if args.json {
        let mut text = String::new();
        if let Some(variant) = &variant {
            each_stretch(case, variant, |stretch| {
                text.push_str(stretch);
                Ok(())
            })?;
        }
        let shown = json::Document::new(document, variant.as_ref(), text);
        return out.json(&made::with(case, id.into(), shown)?);
    }
    document_head(&document, out)?;
    made::lines(case, id.into(), &document.row.tags, out)?;
    match &variant {
        Some(variant) => {
            let shown = format!("{} text, {}", variant.kind.name(), bytes(variant.bytes));
            out.say_in(Style::Dim, &format!("── {shown} {}\n", "─".repeat(40)))?;
            let mut ends_line = true;
            print_text(case, variant, out, &mut ends_line)?;
            if !ends_line {
                out.say("\n")?;
            }
        }
        None => out.say_in(Style::Dim, &format!("── {}\n", no_text(&document)))?,
    }
    Ok(())
}

/// What lies in the original, as an editor shows it.
fn file(case: &Case, id: DocumentId, args: &args::Show, out: &mut Out<'_>) -> Result<(), Failure> {
    let worker = add::options()?.worker;
    let passwords = match &args.passwords {
        Some(path) => add::passwords(path)?,
        None => Vec::new(),
    };
    let document = case.document(id)?;
    if args.json {
        let mut text = String::new();
        let plain = ingest::plain_text(case, id, &worker, &passwords, |piece| {
            text.push_str(piece);
            Ok::<_, Failure>(())
        })?;
        let mut shown = json::Document::new(document, None, text);
        shown.file_encoding = Some(plain.encoding);
        shown.warnings.extend(plain.warnings);
        return out.json(&shown);
    }
    let size = bytes(document.row.size);
    let mut is_begun = false;
    let mut ends_line = true;
    let plain = ingest::plain_text(case, id, &worker, &passwords, |piece| {
        if !std::mem::replace(&mut is_begun, true) {
            document_head(&document, out)?;
            out.say_in(Style::Dim, &format!("── the file itself, {size} {}\n", "─".repeat(40)))?;
        }
        out.block_of(piece)?;
        if !piece.is_empty() {
            ends_line = piece.ends_with('\n');
        }
        Ok::<_, Failure>(())
    })?;
    if !ends_line {
        out.say("\n")?;
    }
    out.say_in(Style::Dim, &format!("── {}\n", plain.encoding))?;
    for warning in &plain.warnings {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Warn, warning)?;
        out.say("\n")?;
    }
    Ok(())
}

fn no_text(document: &Document) -> &'static str {
    match document.row.messages {
        0 => "no text",
        _ => "a chat export: its messages are in its conversations",
    }
}

fn each_stretch(
    case: &Case,
    variant: &Variant,
    mut each: impl FnMut(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut at = 0;
    while at < variant.bytes {
        let slice = case.text(variant, at..at + STRETCH)?;
        // `at` stands at a character, so the stretch begins there. An empty one would not end.
        if slice.text.is_empty() {
            break;
        }
        each(&slice.text)?;
        at = slice.start + slice.text.len() as u64;
    }
    Ok(())
}

/// The text with a line before every part that has a name.
fn print_text(
    case: &Case,
    variant: &Variant,
    out: &mut Out<'_>,
    ends_line: &mut bool,
) -> Result<(), Failure> {
    let mut parts = variant
        .parts
        .iter()
        .filter(|part| !part_name(part.kind, &part.label).is_empty())
        .peekable();
    let mut at = 0u64;
    each_stretch(case, variant, |stretch| {
        let mut rest = stretch;
        loop {
            let next = parts.peek().filter(|part| part.start < at + rest.len() as u64);
            let Some(part) = next else { break };
            let cut = usize::try_from(part.start.saturating_sub(at)).unwrap_or(0);
            let (before, after) = rest.split_at_checked(cut).unwrap_or(("", rest));
            out.block_of(before)?;
            if !before.is_empty() {
                *ends_line = before.ends_with('\n');
            }
            if !*ends_line {
                out.say("\n")?;
            }
            let hidden = if part.hidden { " (hidden)" } else { "" };
            let name = format!("[{}{hidden}]", part_name(part.kind, &part.label));
            out.line_of(Style::Dim, &name)?;
            out.say("\n")?;
            *ends_line = true;
            at += before.len() as u64;
            rest = after;
            parts.next();
        }
        out.block_of(rest)?;
        at += rest.len() as u64;
        if !rest.is_empty() {
            *ends_line = rest.ends_with('\n');
        }
        Ok(())
    })
}

fn document_head(document: &Document, out: &mut Out<'_>) -> Result<(), Failure> {
    let row = &document.row;
    out.say_in(Style::Strong, &row.id.to_string())?;
    out.say("  ")?;
    out.line_of(Style::Strong, &row.path)?;
    out.say("\n")?;
    field(out, "type", &row.format)?;
    field(out, "size", &format!("{} bytes", grouped(row.size)))?;
    field(out, "sha256", &row.sha256.map_or_else(String::new, |digest| digest.to_string()))?;
    let state = match row.reason.is_empty() {
        true => state_words(row.state).to_owned(),
        false => format!("{}: {}", state_words(row.state), row.reason),
    };
    field(out, "state", &state)?;
    field(out, "language", &row.language)?;
    if let Some(date) = &row.date {
        field(out, "date", &format!("{date} ({})", row.date_source))?;
    }
    for place in &document.places {
        let missing = if place.missing { "  (not found at the last add)" } else { "" };
        field(out, "place", &format!("{} {}{missing}", place.source, place.path))?;
    }
    if let Some(parent) = row.parent {
        field(out, "out of", &parent.to_string())?;
    }
    for (key, value) in &document.metadata {
        field(out, &key.replace('_', " "), value)?;
    }
    for warning in &row.warnings {
        field(out, "warning", warning)?;
    }
    if !document.pages_without_text.is_empty() {
        field(out, "pages without text", &document.pages_without_text.join(", "))?;
    }
    let ids = |ids: Vec<String>| ids.join(" ");
    field(
        out,
        "conversations",
        &ids(document.conversations.iter().map(ToString::to_string).collect()),
    )?;
    field(
        out,
        "other pages",
        &ids(document.page_set.iter().map(|page| page.id.to_string()).collect()),
    )?;
    for child in &document.children {
        field(out, "inside", &format!("{} {}", child.id, child.name))?;
    }
    let other = document.variants.iter().skip(1).map(|variant| variant.kind.name().to_owned());
    field(out, "other texts", &ids(other.collect()))
}
