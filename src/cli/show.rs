//! `show`: one document, message, conversation or note as text. Entities and accounts are in
//! `entities.rs`.

use super::args;
use super::error::{Code, Failure};
use super::lists::state_words;
use super::out::{Out, Style};
use super::{anchors, bytes, grouped, json, json_chat, json_note, read};
use crate::case::{
    Case, Cited, Document, Hold, Message, NoteKind, Stance, Variant, note_title, part_name,
};
use crate::model::disagreed::Slot;
use crate::model::{
    ConversationId, DocumentId, ItemId, MessageId, MessageKind, NoteId, VariantKind,
};
use std::sync::atomic::AtomicBool;

/// Messages that are asked for at once.
const PAGE: u64 = 1000;
/// Bytes of text that are asked for at once.
const STRETCH: u64 = 1 << 20;

pub fn show(args: &args::Show, out: &mut Out<'_>) -> Result<Code, Failure> {
    let item: ItemId = args.item.parse().map_err(|error| {
        Failure::usage(format!("{error}"))
            .hint("`casebook documents CASE` and `casebook conversations CASE` list the ids")
    })?;
    if args.raw {
        out.be_exact()?;
    }
    let case = read(&args.at.case)?;
    match item {
        ItemId::Document(id) => document(&case, id, args, out)?,
        ItemId::Message(id) => message(&case, id, args.json, out)?,
        ItemId::Conversation(id) => conversation(&case, id, args.json, out)?,
        ItemId::Note(id) => note(&case, id, args.json, out)?,
        ItemId::Anchor(id) => anchors::show(&case, id, args.json, out)?,
        ItemId::Entity(id) => super::entities::show(&case, id, args.json, out)?,
        ItemId::Participant(id) => super::entities::show_account(&case, id, args.json, out)?,
        ItemId::Source(_) => {
            return Err(Failure::usage(format!("{item} is not something to read"))
                .hint("show takes D17, M2041, C3, E9, P5, N4 or A7"));
        }
    }
    Ok(Code::Done)
}

/// Where a note stands, all its texts (the latest first), what it cites and whether that holds.
fn note(case: &Case, id: NoteId, is_json: bool, out: &mut Out<'_>) -> Result<(), Failure> {
    let view = case.note_view(id)?;
    let mut holds = Vec::with_capacity(view.note.citations.len());
    for cited in &view.note.citations {
        holds.push(match &cited.line {
            Some(_) => Some(case.hold(&case.anchor(cited.id)?.anchor, &AtomicBool::new(false))?),
            None => None,
        });
    }
    if is_json {
        return out.json(&json_note::Note::new(view, holds));
    }
    out.say_in(Style::Strong, &id.to_string())?;
    let fields = &view.note.fields;
    let standing = match fields.kind {
        NoteKind::Finding => format!(", {}", fields.standing_words()),
        _ => String::new(),
    };
    out.line_of(Style::Plain, &format!("  {}{standing}", fields.kind.word()))?;
    out.say("\n")?;
    field(out, "likelihood", &fields.likelihood.map_or_else(String::new, |known| known.words()))?;
    field(out, "confidence", fields.confidence.map_or("", |known| known.word()))?;
    if let Some(when) = &fields.when {
        field(out, "when", when.text())?;
    }
    if let Some((question, asks)) = &view.question {
        field(out, "answers", &format!("{question} {asks}"))?;
    }
    for own in fields.disagreed.iter().filter(|own| own.slot != Slot::Standing) {
        out.say_in(Style::Warn, "! ")?;
        out.line_of(Style::Warn, &format!("{} {}", own.about(), own.words()))?;
        out.say("\n")?;
    }
    let tags: Vec<String> = fields.tags.iter().map(|tag| format!("#{tag}")).collect();
    field(out, "tags", &tags.join(" "))?;
    for conflict in &view.conflicts {
        out.say_in(Style::Warn, &format!("! {}\n", conflict.words()))?;
    }
    for (number, text) in view.note.texts.iter().enumerate() {
        let when = crate::case::wall_text(text.wall);
        out.line_of(Style::Dim, &format!("── {} {when} UTC", text.by))?;
        out.say(if number == 0 { "\n" } else { "  (written at the same time)\n" })?;
        out.block_of(&text.text)?;
        out.say("\n")?;
    }
    citations(fields.kind, &view.note.citations, &holds, out)?;
    for answer in &view.answers {
        let id = answer.row.id.map_or_else(String::new, |id| id.to_string());
        field(out, "answered by", &format!("{id} {}", note_title(&answer.row)))?;
    }
    for review in view.note.reviews() {
        field(out, "review", &review.said())?;
    }
    Ok(())
}

fn citations(
    kind: NoteKind,
    citations: &[Cited],
    holds: &[Option<Hold>],
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    for stance in Stance::ALL {
        for (cited, hold) in citations.iter().zip(holds) {
            if cited.citation.stance != *stance {
                continue;
            }
            // Only what claims something is supported.
            let is_claim = kind.claims();
            let verb = if is_claim { stance.word() } else { "cites" };
            out.say_in(Style::Dim, &format!("{verb:<12}"))?;
            out.say_in(Style::Strong, &cited.names())?;
            out.line_of(
                Style::Plain,
                &format!(" {}", cited.line.as_deref().unwrap_or("(dropped)")),
            )?;
            out.line_of(Style::Dim, &format!("  {} {}", cited.place, cited.grades()))?;
            match hold {
                Some(Hold::Holds) => out.say_in(Style::Dim, " holds")?,
                Some(Hold::Changed { now }) => {
                    out.line_of(Style::Warn, &format!(" is now {now}"))?
                }
                Some(Hold::OtherBasis { now }) => {
                    out.line_of(Style::Warn, &format!(" other basis: {now}"))?
                }
                Some(Hold::Broken { why }) => {
                    out.line_of(Style::Warn, &format!(" broken: {why}"))?
                }
                Some(hold) => out.say_in(Style::Warn, &format!(" {}", hold.word()))?,
                None => {}
            }
            out.say("\n")?;
        }
    }
    Ok(())
}

fn document(
    case: &Case,
    id: DocumentId,
    args: &args::Show,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
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
        return out.json(&json::Document::new(document, variant.as_ref(), text));
    }
    document_head(&document, out)?;
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

pub(super) fn field(out: &mut Out<'_>, name: &str, value: &str) -> Result<(), Failure> {
    if !value.is_empty() {
        out.line_of(Style::Dim, &format!("{name:<18}"))?;
        out.line_of(Style::Plain, value)?;
        out.say("\n")?;
    }
    Ok(())
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
    for warning in &document.warnings {
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
    field(out, "other pages", &ids(document.page_set.iter().map(ToString::to_string).collect()))?;
    for child in &document.children {
        field(out, "inside", &format!("{} {}", child.id, child.name))?;
    }
    let other = document.variants.iter().skip(1).map(|variant| variant.kind.name().to_owned());
    field(out, "other texts", &ids(other.collect()))
}

fn message(case: &Case, id: MessageId, json: bool, out: &mut Out<'_>) -> Result<(), Failure> {
    let message = case.message(id)?;
    if json {
        return out.json(&json_chat::Message::from(message));
    }
    out.say_in(Style::Strong, &id.to_string())?;
    out.say("\n")?;
    let title = case.conversation(message.conversation)?.title;
    field(out, "conversation", &format!("{} {title}", message.conversation))?;
    field(out, "sender", &sender(&message))?;
    field(out, "time", message.time.as_deref().unwrap_or("unknown"))?;
    field(out, "as it stands", &message.raw_time)?;
    for place in &message.places {
        field(out, "place", &format!("{} record {}", place.document, place.ordinal + 1))?;
    }
    if let Some(reply) = message.reply_id {
        field(out, "answers", &reply.to_string())?;
    }
    field(out, "forwarded from", message.forwarded_from.as_deref().unwrap_or_default())?;
    field(out, "quotes", message.quote.as_deref().unwrap_or_default())?;
    if let Some(edited) = &message.edited {
        field(out, "edited", if edited.is_empty() { "yes" } else { edited })?;
    }
    for version in &message.versions {
        field(out, "other version", &version.to_string())?;
    }
    for media in &message.media {
        field(out, "file", format!("{} {} {}", media.kind, media.name, media.note).trim())?;
    }
    out.say("\n")?;
    out.block_of(&message.text)?;
    Ok(out.say("\n")?)
}

fn sender(message: &Message) -> String {
    match &message.sender {
        None => "(the platform)".to_owned(),
        Some(handle) if *handle == message.sender_name => handle.clone(),
        Some(handle) => format!("{} ({handle})", message.sender_name),
    }
}

fn conversation(
    case: &Case,
    id: ConversationId,
    json: bool,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    let row = case.conversation(id)?;
    if json {
        let mut messages = Vec::new();
        for begin in (0..row.messages).step_by(PAGE as usize) {
            let page = case.messages(id, begin..begin + PAGE)?;
            messages.extend(page.into_iter().map(json_chat::Message::from));
        }
        return out.json(&json_chat::Conversation::new(row, messages));
    }
    out.say_in(Style::Strong, &id.to_string())?;
    out.say("  ")?;
    out.line_of(Style::Strong, &row.title)?;
    out.say("\n")?;
    field(out, "platform", &format!("{}, {}", row.platform, row.kind.name()))?;
    for account in &row.participants {
        let name = if account.name.is_empty() { "" } else { &account.handle };
        let shown = if account.name.is_empty() { &account.handle } else { &account.name };
        field(
            out,
            "account",
            format!("{} {shown} {name}  {}", account.id, grouped(account.messages)).trim(),
        )?;
    }
    for block in &row.blocks {
        let day = |time: &Option<String>| time.clone().unwrap_or_else(|| "?".to_owned());
        let zone = crate::model::time::offset_text(block.zone);
        let zone = if zone == "Z" { "" } else { &zone };
        let why =
            if block.zone_why.is_empty() { String::new() } else { format!(": {}", block.zone_why) };
        let status = format!("{:?}", block.zone_status).to_lowercase();
        field(
            out,
            "block",
            &format!(
                "{} {} – {}, {} messages, UTC{zone} {status}{why}",
                block.document,
                day(&block.first),
                day(&block.last),
                grouped(block.messages)
            ),
        )?;
    }
    out.say("\n")?;
    for begin in (0..row.messages).step_by(PAGE as usize) {
        for message in case.messages(id, begin..begin + PAGE)? {
            message_line(&message, out)?;
        }
    }
    Ok(())
}

/// `M2041  2022-03-05 12:41:00  lin  text`; further lines of a text are indented.
fn message_line(message: &Message, out: &mut Out<'_>) -> Result<(), Failure> {
    out.say_in(Style::Strong, &format!("{:<8}", message.id.to_string()))?;
    let time = match &message.time {
        Some(time) => time.chars().take(19).collect::<String>().replace('T', " "),
        None => message.raw_time.clone(),
    };
    out.line_of(Style::Dim, &format!("{time:<19}  "))?;
    let name = if message.sender.is_none() { "*" } else { &message.sender_name };
    out.line_of(Style::Plain, name)?;
    out.say("  ")?;
    if message.kind != MessageKind::Text {
        let files: Vec<&str> = message.media.iter().map(|media| media.name.as_str()).collect();
        let what = format!(
            "[{}{}{}] ",
            message.kind.name(),
            if files.is_empty() { "" } else { " " },
            files.join(" ")
        );
        out.line_of(Style::Dim, &what)?;
    }
    let mut lines = message.text.split('\n');
    out.line_of(Style::Plain, lines.next().unwrap_or_default())?;
    for line in lines {
        out.say("\n        ")?;
        out.line_of(Style::Plain, line)?;
    }
    Ok(out.say("\n")?)
}
