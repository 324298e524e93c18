//! A message, and a conversation with all its messages.

use super::{field, made};
use crate::case::{Case, Message};
use crate::cli::error::Failure;
use crate::cli::out::{Out, Style};
use crate::cli::{grouped, json_chat};
use crate::model::{ConversationId, MessageId, MessageKind};
use crate::text::width;

/// Messages that are asked for at once.
const PAGE: u64 = 1000;
pub(super) fn message(
    case: &Case,
    id: MessageId,
    json: bool,
    out: &mut Out<'_>,
) -> Result<(), Failure> {
    let message = case.message(id)?;
    if json {
        return out.json(&made::with(case, id.into(), json_chat::Message::from(message))?);
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
    made::lines(case, id.into(), &message.tags, out)?;
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

pub(super) fn conversation(
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
    for account in &row.accounts {
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
        let status = block.zone_status.name();
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
    out.say_in(Style::Strong, &width::column(&message.id.to_string(), 8))?;
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
