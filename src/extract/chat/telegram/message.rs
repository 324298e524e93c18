//! One message of a Telegram export.

use super::super::json::{list, number, scalar, some, str, text};
use super::super::stamp;
use super::Reading;
use super::words::{COMMON, TOLD, media_kind};
use crate::extract::record::Message;
use crate::extract::{Out, Stop};
use crate::model::{Media, MessageKind, Stamp, Zone};
use serde_json::Value;

/// Handle of the account that wrote it. Before 2021 ids were plain numbers.
pub(super) fn sender(value: &Value) -> Option<String> {
    for (id, name) in [("from_id", "from"), ("actor_id", "actor")] {
        match value.get(id) {
            Some(Value::String(handle)) if !handle.is_empty() => {
                let plain = handle.bytes().all(|b| b.is_ascii_digit());
                return Some(if plain { format!("user{handle}") } else { handle.clone() });
            }
            Some(Value::Number(number)) => return Some(format!("user{number}")),
            _ => {}
        }
        if let Some(name) = some(value, name) {
            return Some(name);
        }
    }
    None
}

/// In the place of a name that the export does not give.
const NO_NAME: &str = "(deleted account)";

/// Seconds that two stamps of one instant may differ where one was rounded to the minute.
const ROUNDED: i64 = 60;
/// Zones that are no whole hours from UTC, in minutes.
const ODD: [i64; 13] = [-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825];

/// The offset of a zone that this many seconds ahead of UTC can be; `None` where two stamps simply
/// disagree.
fn offset_of(ahead: i64) -> Option<i32> {
    let hours = (-12..=14).map(|hour| hour * 60);
    let minutes = hours.chain(ODD);
    let found = minutes.map(|minutes| minutes * 60).find(|own| (own - ahead).abs() <= ROUNDED)?;
    i32::try_from(found).ok()
}

impl Reading {
    /// When it was written; what it shows of the clock of the export is counted.
    fn time(&mut self, value: &Value) -> Option<Stamp> {
        let local = stamp::iso(str(value, "date"));
        let instant = some(value, "date_unixtime").and_then(|unix| stamp::epoch(&unix));
        match (instant, local) {
            (Some(instant), local) => {
                self.clock.instants += 1;
                if let Some(local) = local.filter(|local| local.zone == Zone::Naive)
                    && let Some(offset) = offset_of(local.clock - instant.instant(0))
                {
                    *self.clock.offsets.entry(offset).or_default() += 1;
                }
                Some(instant)
            }
            (None, Some(local)) => {
                self.clock.local += u64::from(local.zone == Zone::Naive);
                Some(local)
            }
            (None, None) => None,
        }
    }

    pub(super) fn message(
        &mut self,
        value: &Value,
        span: Option<(u64, u64)>,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let mut message = Message::new(&self.key, self.ordinal);
        self.ordinal += 1;
        message.sender = sender(value);
        if let Some(handle) = &message.sender {
            let name = some(value, "from").or_else(|| some(value, "actor")).unwrap_or_default();
            let name = if name == *handle { String::new() } else { name };
            self.roster.account(out, handle, &name)?;
        }
        message.native_id = some(value, "id");
        message.time = self.time(value);
        message.raw_time = some(value, "date").unwrap_or_else(|| text(value, "date_unixtime"));
        message.span = span;
        message.text = flat_text(value);
        message.reply_to = reply(value);
        if let Some(to) = &message.reply_to
            && self.topics.contains(to)
        {
            message.thread = Some(to.clone());
        }
        message.edited = some(value, "edited")
            .or_else(|| some(value, "edited_unixtime"))
            // Old exports write the epoch for "never", as the clock of the export shows it.
            .filter(|at| !is_never(at));
        for key in ["forwarded_from", "saved_from"] {
            if let Some(from) = value.get(key) {
                let id = some(value, &format!("{key}_id")).unwrap_or_default();
                let name = Some(scalar(Some(from))).filter(|name| !name.is_empty());
                // A deleted account has no name any more.
                let name = name.unwrap_or_else(|| format!("{NO_NAME} {id}").trim_end().to_owned());
                message.forwarded_from.get_or_insert(name);
            }
        }
        for reaction in list(value, "reactions") {
            let what = some(reaction, "emoji").or_else(|| some(reaction, "document_id"));
            let count = number(reaction, "count").unwrap_or(1);
            let what = what.unwrap_or_else(|| text(reaction, "type"));
            message.reactions.push((what, u32::try_from(count).unwrap_or(u32::MAX)));
        }
        if str(value, "type") == "service" || value.get("action").is_some() {
            self.service(value, &mut message);
        } else {
            media(value, &mut message);
            message.kind = match () {
                () if !message.media.is_empty() => MessageKind::Media,
                () if message.text.trim().is_empty() => MessageKind::Empty,
                () => MessageKind::Text,
            };
            self.aside(value, &message.raw_time, out)?;
        }
        out.message(message)
    }

    /// What happened, as a line that a person can read: `remove members: Tomáš Dvořák`.
    fn service(&mut self, value: &Value, message: &mut Message) {
        message.kind = MessageKind::System;
        let action = str(value, "action");
        if action == "topic_created"
            && let Some(id) = &message.native_id
        {
            self.topics.insert(id.clone());
        }
        let mut said = action.replace('_', " ");
        let mut details = Vec::new();
        for (key, inner) in value.as_object().into_iter().flatten() {
            if COMMON.contains(&key.as_str()) {
                continue;
            }
            let detail = match inner {
                Value::Array(items) if items.iter().any(Value::is_object) => {
                    let text = entities(Some(inner));
                    if text.is_empty() { flatten(inner, 0) } else { text }
                }
                Value::Array(items) => {
                    let items: Vec<String> = items
                        .iter()
                        .map(|item| scalar(Some(item)))
                        .map(
                            |item| {
                                if item.is_empty() { "deleted account".to_owned() } else { item }
                            },
                        )
                        .collect();
                    items.join(", ")
                }
                Value::Bool(true) => key.replace('_', " "),
                Value::Object(_) => flatten(inner, 0),
                other => scalar(Some(other)),
            };
            if detail.is_empty() {
                continue;
            }
            let detail = match key.as_str() {
                "members" | "title" | "inviter" | "new_title" => detail,
                _ if inner.is_boolean() => detail,
                // What is pinned, as its own id says it: nothing answers there.
                "message_id" => format!("message {detail}"),
                key => format!("{} {detail}", key.replace('_', " ")),
            };
            details.push(detail);
        }
        if !details.is_empty() {
            said.push_str(": ");
            said.push_str(&details.join("; "));
        }
        if !message.text.is_empty() {
            said.push_str(": ");
            said.push_str(&message.text);
        }
        message.text = said;
    }

    /// What belongs to a message but was not said by its sender's keyboard: the signature of a
    /// channel's author, who made a song, a bot's buttons, and whatever a newer export has more.
    /// Goes to the remainder, so that it is found.
    fn aside(&mut self, value: &Value, at: &str, out: &mut Out) -> Result<(), Stop> {
        for (key, inner) in value.as_object().into_iter().flatten() {
            if COMMON.contains(&key.as_str()) || TOLD.contains(&key.as_str()) {
                continue;
            }
            let said = if inner.is_object() || inner.is_array() {
                flatten(inner, 0)
            } else {
                inner.as_str().unwrap_or_default().to_owned()
            };
            if !said.is_empty() {
                self.rest.line(out, &format!("{at}\t{key}\t{said}"))?;
            }
        }
        for button in list(value, "inline_bot_buttons").iter().filter_map(Value::as_array).flatten()
        {
            let said = [text(button, "text"), text(button, "data")].join("\t");
            self.rest.line(out, &format!("{at}\tbutton\t{}", said.trim_end()))?;
        }
        Ok(())
    }
}

fn reply(value: &Value) -> Option<String> {
    let id = some(value, "reply_to_message_id")?;
    // An answer across chats names the other one.
    Some(match some(value, "reply_to_peer_id") {
        Some(peer) => format!("{peer}/{id}"),
        None => id,
    })
}

/// `text` is a string or a list of strings and entities; newer exports repeat it as
/// `text_entities`.
fn flat_text(value: &Value) -> String {
    let text = entities(value.get("text"));
    if text.is_empty() { entities(value.get("text_entities")) } else { text }
}

fn entities(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(part @ Value::Object(_)) => match part.get("text") {
            // No known version writes such a thing here; what it says is not lost all the same.
            None => flatten(part, 0),
            said => entities(said),
        },
        Some(Value::Array(parts)) => {
            let mut out = String::new();
            for part in parts {
                match part {
                    Value::String(_) | Value::Number(_) => out.push_str(&scalar(Some(part))),
                    other => {
                        let shown = entities(other.get("text"));
                        out.push_str(&shown);
                        let href = str(other, "href");
                        if !href.is_empty() && href != shown {
                            out.push_str(" (");
                            out.push_str(href);
                            out.push(')');
                        }
                    }
                }
            }
            out
        }
        _ => String::new(),
    }
}

/// Scalars of a small object, in its order.
fn flatten(value: &Value, depth: u32) -> String {
    match value {
        Value::Object(map) if depth < 8 => {
            let parts: Vec<String> = map
                .values()
                .map(|inner| flatten(inner, depth + 1))
                .filter(|part| !part.is_empty())
                .collect();
            parts.join(" ")
        }
        Value::Array(list) if depth < 8 => {
            let parts: Vec<String> = list.iter().map(|inner| flatten(inner, depth + 1)).collect();
            parts.join(" ")
        }
        other => scalar(Some(other)),
    }
}

/// Whether a stamp is that of the epoch, which a clock west of Greenwich shows a day earlier.
fn is_never(at: &str) -> bool {
    const DAY: i64 = 86_400;
    let stamp = stamp::iso(at).or_else(|| stamp::epoch(at));
    stamp.is_some_and(|stamp| stamp.clock.abs() <= DAY)
}

/// The path of a file, or the sentence that stands in its place.
fn file(said: &str) -> (String, String) {
    let note = ["(File ", "(Photo "].iter().find_map(|begin| said.rfind(begin));
    match note {
        Some(at) if said.ends_with(')') => (said[..at].trim().to_owned(), said[at..].to_owned()),
        _ => (said.to_owned(), String::new()),
    }
}

fn media(value: &Value, message: &mut Message) {
    let kind = str(value, "media_type");
    for key in ["photo", "file"] {
        let Some(said) = some(value, key) else { continue };
        let (path, note) = file(&said);
        let name = if path.is_empty() { str(value, "file_name").to_owned() } else { path };
        let size = if key == "photo" { "photo_file_size" } else { "file_size" };
        message.media.push(Media {
            kind: if key == "photo" { "photo" } else { media_kind(kind) }.to_owned(),
            name,
            mime: str(value, "mime_type").to_owned(),
            size: number(value, size),
            note,
        });
    }
    if message.media.is_empty() && !kind.is_empty() {
        let media = Media { kind: media_kind(kind).to_owned(), ..Media::default() };
        message.media.push(Media { name: str(value, "file_name").to_owned(), ..media });
    }
    if let Some(emoji) = some(value, "sticker_emoji") {
        say(&mut message.text, &emoji);
    }
    let mut special = |kind: &str, said: String| {
        say(&mut message.text, &said);
        message.media.push(Media { kind: kind.to_owned(), ..Media::default() });
    };
    if let Some(contact) = value.get("contact_information") {
        special("contact", flatten(contact, 0));
    }
    // A venue may have no point, and a point no place.
    let place = value.get("location_information");
    let venue = [text(value, "place_name"), text(value, "address")].join(" ");
    if place.is_some() || !venue.trim().is_empty() {
        let place = place.unwrap_or(&Value::Null);
        let point = [text(place, "latitude"), text(place, "longitude")];
        let point =
            if point.iter().all(String::is_empty) { String::new() } else { point.join(", ") };
        special("location", format!("{} {point}", venue.trim()).trim().to_owned());
    }
    if let Some(poll) = value.get("poll") {
        let mut said = entities(poll.get("question"));
        for answer in list(poll, "answers") {
            let words = entities(answer.get("text"));
            said.push_str(&format!("\n- {words} ({})", text(answer, "voters")));
        }
        special("poll", said);
    }
    for (key, kind) in [
        ("game_title", "game"),
        ("invoice_information", "invoice"),
        ("todo_list", "list"),
        ("paid_media", "paid"),
    ] {
        if let Some(inner) = value.get(key) {
            special(kind, flatten(inner, 0));
        }
    }
}

fn say(text: &mut String, more: &str) {
    if more.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(more);
}
