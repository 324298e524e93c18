//! `show`: one document, message, conversation or note as text. Entities and accounts are in
//! `entities.rs`.

mod document;

use super::args;
use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::{anchors, grouped, json_chat, json_note, read};
use crate::case::{Case, Cited, Hold, Message, NoteKind, Stance, note_title};
use crate::model::disagreed::Slot;
use crate::model::{ConversationId, ItemId, MessageId, MessageKind, NoteId};
use std::sync::atomic::AtomicBool;

/// Messages that are asked for at once.
const PAGE: u64 = 1000;

pub fn show(args: &args::Show, out: &mut Out<'_>) -> Result<Code, Failure> {
    let item: ItemId = args.item.parse().map_err(|error| {
        Failure::usage(format!("{error}"))
            .hint("`casebook documents CASE` and `casebook conversations CASE` list the ids")
    })?;
    if args.file && !matches!(item, ItemId::Document(_)) {
        return Err(Failure::usage(format!("{item} is not a file")).hint(
            "--file shows what lies in the file of a document, as in: show CASE D17 --file",
        ));
    }
    if args.raw {
        out.be_exact()?;
    }
    let case = read(&args.at.case)?;
    match item {
        ItemId::Document(id) => document::document(&case, id, args, out)?,
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

pub(super) fn field(out: &mut Out<'_>, name: &str, value: &str) -> Result<(), Failure> {
    if !value.is_empty() {
        out.line_of(Style::Dim, &format!("{name:<18}"))?;
        out.line_of(Style::Plain, value)?;
        out.say("\n")?;
    }
    Ok(())
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
